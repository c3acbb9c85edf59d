"""Plans: a pattern, its colours, and how entries are read off the products with the directions of the colours."""

import functools

import numpy as np
from scipy.sparse import csr_array

from ..errors import ShapeError
from ..transforms.jacobians import distinct_numbers
from .colouring import coloured_columns, coloured_stars


class Plan:
    """How a sparse matrix of derivatives is computed.

    Attributes
    ----------
    pattern : csr_array of bools
        Where entries are; rows and columns are elements of outputs and inputs.
    directions : int
        The number of colours.
    along_rows : bool
        Directions are combinations of rows (cotangents of the outputs), not of columns (tangents of the inputs).
    """

    def __init__(self, pattern, colours, directions, along_rows, lines, places):
        self.pattern, self.colours, self.directions, self.along_rows = pattern, colours, directions, along_rows
        self.lines, self.places = lines, places  # of each entry: the direction it is read off, and where in its product

    @functools.cached_property
    def seeds(self):
        """The directions, one a row, and below them one of distinct numbers, whose product is known from the entries."""
        seeds = np.zeros((self.directions + 1, self.colours.size))
        seeds[self.colours, np.arange(self.colours.size)] = 1.0
        seeds[-1] = distinct_numbers(self.colours.size)
        return seeds

    def matrix(self, values):
        """The sparse matrix with these entries; it shares the positions of the pattern."""
        return csr_array((values, self.pattern.indices, self.pattern.indptr), self.pattern.shape)

    def agrees(self, values, product):
        """Whether the entries explain the product with the last direction, which has parts of all columns (or rows)."""
        matrix = self.matrix(values)
        matrix, vector = (matrix.T if self.along_rows else matrix), self.seeds[-1]
        expected, size = matrix @ vector, abs(matrix) @ vector
        with np.errstate(invalid="ignore"):
            off = np.abs(product - expected)
            return not np.any(off > np.sqrt(np.finfo(values.dtype).eps) * (size + np.abs(product)))  # not where they are nan


def jacobian_plan(pattern, mode=None):
    """A plan for a Jacobian: by columns (forward mode) or by rows (reverse mode), whichever takes fewer colours.

    Parameters
    ----------
    pattern : csr_array of bools
    mode : {"forward", "reverse", None}
    """
    turned = pattern.T.tocsr()
    fewest = [_longest(pattern), _longest(turned)]  # no colouring takes less
    sides = [False, True] if mode is None else [mode == "reverse"]
    if len(sides) == 2 and fewest[1] < fewest[0]:
        sides = [True, False]
    best = None
    for along_rows in sides:
        if best is None or fewest[along_rows] < best[1]:
            colours, n = coloured_columns(turned if along_rows else pattern)
            best = (colours, n, along_rows) if best is None or n < best[1] else best
    colours, n, along_rows = best
    rows, columns = _entries(pattern)
    lines, places = (colours[rows], columns) if along_rows else (colours[columns], rows)
    return Plan(pattern, colours, n, along_rows, lines, places)


def hessian_plan(pattern):
    """A plan for a Hessian: stars, so that an entry is read off its own column's colour or its row's."""
    colours, n = coloured_stars(pattern)
    rows, columns = _entries(pattern)
    met = np.bincount(rows * n + colours[columns], minlength=pattern.shape[0] * n)  # entries that a product adds up in one place
    own = met[rows * n + colours[columns]] == 1
    lines, places = np.where(own, colours[columns], colours[rows]), np.where(own, rows, columns)
    return Plan(pattern, colours, n, False, lines, places)


def _longest(pattern):
    return int(np.diff(pattern.indptr).max(initial=0))


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
