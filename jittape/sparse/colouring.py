"""Colours: columns of one colour can be differentiated in one direction, and their entries told apart afterwards.

References: A. R. Curtis, M. J. D. Powell, J. K. Reid, On the estimation of sparse Jacobian matrices, 1974; T. F. Coleman and
J. J. Moré, Estimation of sparse Hessian matrices and graph coloring problems, 1984; A. H. Gebremedhin, F. Manne, A. Pothen, What
color is your Jacobian?, SIAM Review 47, 2005, whose algorithms the loops below are.
"""

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from ..numba_backend.decorators import compiled

MOST_PAIRS = 1e8  # of neighbours of one vertex, for which a second order is tried: a second's work
FEWEST_OF_HUBS, MOST_HUBS = 1000, 16  # neighbours of a vertex that gets a colour of its own, and how many such


@compiled
def colour_columns(order, starts, columns, column_starts, rows, colours):
    """Colour the columns of a matrix one after the other, so that no two columns of one colour have an entry in one row.

    ``columns[starts[i] : starts[i + 1]]`` are the columns of row i, ``rows[column_starts[j] : column_starts[j + 1]]`` the rows of
    column j. Returns the number of colours.
    """
    taken, n = np.full(len(colours) + 1, -1), 0
    colours[:] = -1
    for j in order:
        for a in range(column_starts[j], column_starts[j + 1]):
            i = rows[a]
            for b in range(starts[i], starts[i + 1]):
                if colours[columns[b]] >= 0:
                    taken[colours[columns[b]]] = j
        c = 0
        while taken[c] == j:
            c += 1
        colours[j] = c
        n = max(n, c + 1)
    return n


@compiled
def colour_stars(order, starts, neighbours, colours):
    """Colour the vertices of a graph so that neighbours differ, and every path over four vertices has three colours.

    An entry of a symmetric matrix can then be read in one of its two places. Returns the number of colours.
    """
    taken, n = np.full(len(colours) + 1, -1), 0
    colours[:] = -1
    for v in order:
        for a in range(starts[v], starts[v + 1]):
            w = neighbours[a]
            if colours[w] >= 0:
                taken[colours[w]] = v
            for b in range(starts[w], starts[w + 1]):
                x = neighbours[b]
                if x == v or colours[x] < 0:
                    continue
                if colours[w] < 0:
                    taken[colours[x]] = v
                    continue
                for d in range(starts[x], starts[x + 1]):
                    y = neighbours[d]
                    if y != w and colours[y] == colours[w]:
                        taken[colours[x]] = v
                        break
        c = 0
        while taken[c] == v:
            c += 1
        colours[v] = c
        n = max(n, c + 1)
    return n


@compiled
def smallest_last(starts, columns, column_starts, rows, order):
    """Order columns so that each has few neighbours among those before it: the one with the fewest is put last, and so on.

    Neighbours are counted by rows, so that one that shares two rows counts twice: of a band or a grid nothing changes.
    """
    n = len(order)
    degree, removed = _count_neighbours(starts, column_starts, rows), np.zeros(n, np.bool_)
    widest = degree.max() if n else 0
    first, following, before = np.full(widest + 1, -1), np.full(n, -1), np.full(n, -1)  # columns of a degree, as linked lists
    for j in range(n - 1, -1, -1):
        _link(j, degree[j], first, following, before)
    least = 0
    for place in range(n - 1, -1, -1):
        least = max(0, least)
        while first[least] < 0:
            least += 1
        j = first[least]
        _unlink(j, least, first, following, before)
        removed[j], order[place] = True, j
        for a in range(column_starts[j], column_starts[j + 1]):
            i = rows[a]
            for b in range(starts[i], starts[i + 1]):
                k = columns[b]
                if not removed[k]:
                    _change_degree(k, -1, degree, first, following, before)
                    least = min(least, degree[k])


@compiled
def most_incident_first(starts, columns, column_starts, rows, order):
    """Order columns so that each has as many neighbours as possible among those before it, counted as in `smallest_last`."""
    n = len(order)
    degree, placed = np.zeros(n, np.int64), np.zeros(n, np.bool_)
    widest = _count_neighbours(starts, column_starts, rows).max() if n else 0
    first, following, before = np.full(widest + 1, -1), np.full(n, -1), np.full(n, -1)
    for j in range(n - 1, -1, -1):
        _link(j, 0, first, following, before)
    most = 0
    for place in range(n):
        while first[most] < 0:
            most -= 1
        j = first[most]
        _unlink(j, most, first, following, before)
        placed[j], order[place] = True, j
        for a in range(column_starts[j], column_starts[j + 1]):
            i = rows[a]
            for b in range(starts[i], starts[i + 1]):
                k = columns[b]
                if not placed[k]:
                    _change_degree(k, 1, degree, first, following, before)
                    most = max(most, degree[k])


@compiled
def _count_neighbours(starts, column_starts, rows):
    """For each column, how many other entries the rows have in which it has one."""
    found = np.zeros(len(column_starts) - 1, np.int64)
    for j in range(len(found)):
        for a in range(column_starts[j], column_starts[j + 1]):
            found[j] += starts[rows[a] + 1] - starts[rows[a]] - 1
    return found


@compiled
def _change_degree(j, by, degree, first, following, before):
    _unlink(j, degree[j], first, following, before)
    degree[j] += by
    _link(j, degree[j], first, following, before)


@compiled
def _link(j, degree, first, following, before):
    following[j], before[j] = first[degree], -1
    if first[degree] >= 0:
        before[first[degree]] = j
    first[degree] = j


@compiled
def _unlink(j, degree, first, following, before):
    if before[j] >= 0:
        following[before[j]] = following[j]
    else:
        first[degree] = following[j]
    if following[j] >= 0:
        before[following[j]] = before[j]


def coloured_columns(pattern, ordering=None):
    """The colour of every column of a pattern, and how many there are.

    A grid takes 5 colours by incidence degree and 7 by the other orders; matrices of random entries sometimes one more.

    Parameters
    ----------
    pattern : csr_array
    ordering : {"natural", "largest first", "smallest last", "incidence degree"}, optional
        In which columns are coloured; by default in the best one of all but "largest first".
    """
    if ordering is None:
        return min(
            (coloured_columns(pattern, each) for each in ("smallest last", "incidence degree", "natural")),
            key=lambda found: found[1],
        )
    by_column = pattern.tocsc()
    sides = [a.astype(np.int64) for a in (pattern.indptr, pattern.indices, by_column.indptr, by_column.indices)]
    colours = np.empty(pattern.shape[1], np.int64)
    return colours, colour_columns(_in_order(ordering, sides), *sides, colours)


def _in_order(ordering, sides):
    """The columns in the order of that name; see `colour_columns` for the sides."""
    order = np.arange(len(sides[2]) - 1)
    if ordering == "smallest last":
        smallest_last(*sides, order)
    elif ordering == "incidence degree":
        most_incident_first(*sides, order)
    elif ordering == "largest first":
        order = np.argsort(-_count_neighbours(sides[0], *sides[2:]), kind="stable")
    return order


class Graph(NamedTuple):
    """A symmetric pattern as a graph: columns are vertices, entries beside the diagonal are edges, from both ends.

    Attributes
    ----------
    starts, neighbours : arrays
        ``neighbours[starts[v] : starts[v + 1]]`` are the neighbours of vertex v.
    twins : array
        For every edge the one in the other direction.
    places : array
        For every edge its place among the entries of the pattern.
    """

    starts: np.ndarray
    neighbours: np.ndarray
    twins: np.ndarray
    places: np.ndarray

    @property
    def size(self):
        """How many vertices there are."""
        return len(self.starts) - 1

    @property
    def degrees(self):
        """How many neighbours each vertex has."""
        return np.diff(self.starts)

    def without(self, vertices):
        """The graph without the edges of some vertices; it has no twins and places."""
        apart = np.zeros(self.size, bool)
        apart[vertices] = True
        rows = np.repeat(np.arange(self.size), self.degrees)
        kept = ~apart[rows] & ~apart[self.neighbours]
        starts = np.concatenate([[0], np.cumsum(np.bincount(rows[kept], minlength=self.size))])
        return Graph(starts, self.neighbours[kept], None, None)

    def in_order(self, ordering):
        """The vertices in an order: the largest have the most neighbours, others are as of columns."""
        if ordering == "largest first":
            return np.argsort(-self.degrees, kind="stable")
        return _in_order(ordering, (self.starts, self.neighbours) * 2)


def graph_of(pattern):
    """The graph of a symmetric pattern whose columns are in order."""
    rows = np.repeat(np.arange(pattern.shape[0]), np.diff(pattern.indptr))
    places = np.flatnonzero(rows != pattern.indices)
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows[places], minlength=pattern.shape[0]))])
    numbered = csr_array((np.arange(len(places)), pattern.indices[places], starts), pattern.shape)
    return Graph(starts, numbered.indices.astype(np.int64), numbered.tocsc().data, places)


def coloured_stars(graph, ordering=None):
    """The colour of every vertex of a graph, and how many there are; by default in the better one of two orders.

    A few vertices with very many neighbours would take nearly all of the time. They get colours of their own, as no path of two
    colours can pass such a vertex, and the others are coloured without them.
    """
    if ordering is None and np.sum(graph.degrees.astype(float) ** 2) > MOST_PAIRS:
        hubs = np.flatnonzero(graph.degrees > FEWEST_OF_HUBS)
        if 0 < len(hubs) <= MOST_HUBS:
            colours, n = coloured_stars(graph.without(hubs))
            colours[hubs] = n + np.arange(len(hubs))
            return colours, n + len(hubs)
        ordering = "largest first"
    if ordering is None:
        return min((coloured_stars(graph, each) for each in ("largest first", "smallest last")), key=lambda found: found[1])
    colours = np.empty(graph.size, np.int64)
    return colours, colour_stars(graph.in_order(ordering), graph.starts, graph.neighbours, colours)
