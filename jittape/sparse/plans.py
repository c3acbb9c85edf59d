"""Plans: a pattern, its colours, and how entries are read off the products with the directions of the colours."""

import functools

import numpy as np
from scipy.sparse import csr_array

from ..errors import ShapeError
from ..transforms.jacobians import distinct_numbers
from .colouring import coloured_columns, coloured_stars, graph_of
from .substitution import coloured_acyclically, substitute, substitution_of

MOST_TRIES = 4


class Plan:
    """How a sparse matrix of derivatives is computed.

    Attributes
    ----------
    pattern : csr_array of bools
        Where entries are; rows and columns are elements of outputs and inputs.
    columns, rows : pair of the colours of all columns (or rows) and how many there are, or None
        A colour of columns is a tangent of the inputs, one of rows a cotangent of the outputs; colour -1 is in no direction.
    places : array
        Where in the products, one after the other, every entry is read off, see `read`.
    """

    closeness = 0.5  # to which power of the precision entries have to explain a product
    direct = None  # the plan for where this one is not exact enough

    def __init__(self, pattern, columns, rows, places):
        self.pattern, self.columns, self.rows, self.places = pattern, columns, rows, places

    def __getstate__(self):
        """What a pickle takes: not the directions, which are dense and follow from the colours."""
        return {name: value for name, value in vars(self).items() if name not in ("tangents", "cotangents")}

    @property
    def directions(self):
        """How many colours there are."""
        return sum(side[1] for side in (self.columns, self.rows) if side is not None)

    @functools.cached_property
    def tangents(self):
        """Directions of the inputs, one a row, and below them one of distinct numbers, whose product follows from the entries."""
        return None if self.columns is None else _seeds(*self.columns, True)

    @functools.cached_property
    def cotangents(self):
        """Directions of the outputs, one a row; below them one of distinct numbers if there are no tangents."""
        return None if self.rows is None else _seeds(*self.rows, self.columns is None)

    def read(self, by_columns, by_rows):
        """The entries, and the product with the direction of distinct numbers.

        Parameters
        ----------
        by_columns : array of shape (tangents, rows of the matrix) or None
        by_rows : array of shape (cotangents, columns of the matrix) or None
        """
        products = [p for p in (by_columns, by_rows) if p is not None]
        known = products[0].ravel() if len(products) == 1 else np.concatenate([p.ravel() for p in products])
        return known[self.places], products[0][-1]

    def matrix(self, values):
        """The sparse matrix with these entries; it shares the positions of the pattern."""
        return csr_array((values, self.pattern.indices, self.pattern.indptr), self.pattern.shape)

    def agrees(self, values, product):
        """Whether the entries explain the product with the last direction, which has parts of all columns (or rows)."""
        matrix, vector = self.matrix(values), (self.cotangents if self.columns is None else self.tangents)[-1]
        matrix = matrix.T if self.columns is None else matrix
        expected, size = matrix @ vector, abs(matrix) @ vector
        with np.errstate(invalid="ignore"):
            off = np.abs(product - expected)
            return not np.any(
                off > np.finfo(values.dtype).eps ** self.closeness * (size + np.abs(product))
            )  # not where they are nan


def _seeds(colours, number, with_distinct_numbers):
    seeds, coloured = np.zeros((number + with_distinct_numbers, colours.size)), colours >= 0
    seeds[colours[coloured], np.flatnonzero(coloured)] = 1.0
    if with_distinct_numbers:
        seeds[-1] = distinct_numbers(colours.size)
    return seeds


def jacobian_plan(pattern, mode=None):
    """A plan for a Jacobian: by columns (forward mode), by rows (reverse mode) or by both, whichever takes fewer colours.

    Parameters
    ----------
    pattern : csr_array of bools
    mode : {"forward", "reverse", None}
    """
    turned, best = pattern.T.tocsr(), None
    sides = [False, True] if mode is None else [mode == "reverse"]
    sides.sort(key=lambda turn: _longest(turned if turn else pattern))
    fewest = min(_longest(turned if turn else pattern) for turn in sides)  # no colouring of one side takes less
    if mode is None:
        best = _best_apart(best, pattern, turned, 0, fewest)
    for turn in sides:
        sought = turned if turn else pattern
        if best is None or _longest(sought) < best.directions:
            best = _fewer(best, _plan(pattern, coloured_columns(sought), None, turn))
    return best if mode is not None else _best_apart(best, pattern, turned, fewest, best.directions)


def _best_apart(best, pattern, turned, least, fewest):
    """The best plan, also of those that take long rows or columns apart and need so many directions at least."""
    for turn in (False, True):
        for columns, rows in _with_long_rows_apart(turned if turn else pattern, pattern if turn else turned, least, fewest):
            best = _fewer(best, _plan(pattern, columns, rows, turn))
    return best


def _fewer(best, plan):
    return plan if best is None or plan.directions < best.directions else best


def _plan(pattern, columns, rows, turn):
    """The plan of colours that were found for the pattern, or for its transpose."""
    if turn:
        columns, rows = rows, columns
    (i, j), (height, width) = _entries(pattern), pattern.shape
    by_columns = None if columns is None else columns[0][j] * height + i
    by_rows = None if rows is None else rows[0][i] * width + j
    if columns is None or rows is None:
        places = by_rows if columns is None else by_columns
    else:
        by_row = columns[0][j] < 0 if turn else rows[0][i] >= 0
        places = np.where(by_row, (columns[1] + 1) * height + by_rows, by_columns)
    return Plan(pattern, columns, rows, places)


def _with_long_rows_apart(pattern, turned, least, fewest):
    """Colours of columns for all rows but the longest, and colours of these: an arrow takes three.

    Yields pairs of colourings of which it is known that they take `least` directions or more, and not that they take `fewest`.
    """
    lengths = np.diff(pattern.indptr)
    for most in np.unique(lengths)[:-1][::-1][:MOST_TRIES]:
        long = lengths > most
        if not least <= most + _longest_of(turned, long) < fewest:
            continue
        columns, rows = coloured_columns(_rows_of(pattern, ~long)), coloured_columns(_rows_of(pattern, long).T.tocsr())
        yield columns, (np.where(long, rows[0], -1), rows[1])


def _rows_of(pattern, chosen):
    """The pattern with the entries of the chosen rows only."""
    lengths = np.diff(pattern.indptr)
    kept = np.repeat(chosen, lengths)
    starts = np.concatenate([[0], np.cumsum(np.where(chosen, lengths, 0))])
    return csr_array((pattern.data[kept], pattern.indices[kept], starts), pattern.shape)


class SubstitutionPlan(Plan):
    """A plan for a Hessian whose entries are read one after the other; `places` are right for those on the diagonal.

    An entry takes over the errors of those that were read before it, and their nan: where they come to something, entries are
    read by another plan.
    """

    closeness = 0.7

    def __init__(self, pattern, columns, places, steps):
        super().__init__(pattern, columns, None, places)
        self.steps = steps

    @functools.cached_property
    def direct(self):
        return hessian_plan(self.pattern)

    def read(self, by_columns, by_rows):
        sums = np.array(by_columns).ravel()
        values = sums[self.places]
        substitute(sums, self.steps, values)
        return values, by_columns[-1]

    def agrees(self, values, product):
        return bool(np.all(np.isfinite(values))) and super().agrees(values, product)


def hessian_plan(pattern, coloring="star"):
    """A plan for a Hessian, by the colours of stars or by acyclic ones.

    Parameters
    ----------
    pattern : csr_array of bools
    coloring : {"star", "acyclic"}
    """
    graph, size, (rows, columns) = graph_of(pattern), pattern.shape[0], _entries(pattern)
    if coloring == "acyclic":
        colours, n = coloured_acyclically(graph)
        return SubstitutionPlan(pattern, (colours, n), colours[columns] * size + rows, substitution_of(graph, colours, n))
    colours, n = coloured_stars(graph)
    if _longest(pattern) < n:
        colours, n = min((colours, n), coloured_columns(pattern), key=lambda found: found[1])
    met = np.bincount(rows * n + colours[columns], minlength=size * n)  # entries that a product adds up in one place
    own = met[rows * n + colours[columns]] == 1  # an entry is read off its own column's colour or its row's
    places = np.where(own, colours[columns] * size + rows, colours[rows] * size + columns)
    return Plan(pattern, (colours, n), None, places)


def _longest(pattern):
    return int(np.diff(pattern.indptr).max(initial=0))


def _longest_of(turned, chosen):
    """The most entries that the chosen columns have in one row."""
    return int(np.bincount(_entries(turned)[0][chosen[turned.indices]], minlength=1).max(initial=0))


def _entries(pattern):
    rows = np.repeat(np.arange(pattern.shape[0]), np.diff(pattern.indptr))
    return rows, pattern.indices.astype(np.int64)


def given_pattern(pattern, shape, name):
    """A pattern of the caller's as a sparse matrix of bools: entries that are stored count, whatever their values."""
    pattern = csr_array(pattern)
    if pattern.shape != shape:
        raise ShapeError(
            f"jt.{name}: got a pattern of shape {list(pattern.shape)}, expected {list(shape)}: a row for every element of the "
            "outputs, a column for every element of the inputs"
        )
    found = csr_array((np.ones(pattern.nnz, bool), pattern.indices, pattern.indptr), shape)
    found.sum_duplicates()
    found.sort_indices()
    return found


def symmetric(pattern):
    """A pattern with the mirror images of its entries."""
    found = (pattern + pattern.T).tocsr()
    found.sort_indices()
    return found
