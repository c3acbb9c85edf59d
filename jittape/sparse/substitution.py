"""Acyclic colours of symmetric matrices, whose entries are read off one after the other.

Where the vertices of any two colours make no cycle, the entries between them are the edges of trees. A product with the direction
of one colour adds up, at a vertex, its entries to the neighbours of that colour: at a leaf of a tree that is one entry, and taken
from the other end's sum it leaves a smaller tree. A band takes half as many colours as where every entry is read directly.

References: T. F. Coleman, J.-Y. Cai, The cyclic coloring problem and estimation of sparse Hessian matrices, 1986; A. H.
Gebremedhin, A. Tarafdar, F. Manne, A. Pothen, New acyclic and star coloring algorithms with application to computing Hessians,
2007.
"""

import numpy as np

from ..numba_backend.decorators import compiled


@compiled
def colour_acyclically(order, starts, neighbours, twins, colours):
    """Colour the vertices of a graph so that neighbours differ, and every cycle has three colours.

    ``twins[a]`` is the edge to ``neighbours[a]`` as it is numbered from there. Trees of two colours are kept as sets of edges
    that are joined. Returns the number of colours.
    """
    size, n = len(colours), 0
    taken = np.full(size + 1, -1)
    parents = np.minimum(np.arange(len(neighbours)), twins)
    met_by, met_through = (
        np.full(len(neighbours), -1),
        np.full(len(neighbours), -1),
    )  # of a tree: which vertex, from which neighbour
    edge_to, edge_to_by = np.full(size + 1, -1), np.full(size + 1, -1)  # of a colour: the vertex's first edge there
    colours[:] = -1
    for v in order:
        _forbid(v, starts, neighbours, colours, parents, taken, met_by, met_through)
        c = 0
        while taken[c] == v:
            c += 1
        colours[v] = c
        n = max(n, c + 1)
        _grow_trees(v, starts, neighbours, colours, parents, edge_to, edge_to_by)
    return n


@compiled
def _forbid(v, starts, neighbours, colours, parents, taken, met_by, met_through):
    """Mark the colours of neighbours as taken, and those with which the vertex would close a cycle."""
    for a in range(starts[v], starts[v + 1]):
        if colours[neighbours[a]] >= 0:
            taken[colours[neighbours[a]]] = v
    for a in range(starts[v], starts[v + 1]):
        w = neighbours[a]
        if colours[w] < 0:
            continue
        for b in range(starts[w], starts[w + 1]):
            x = neighbours[b]
            if x == v or colours[x] < 0 or taken[colours[x]] == v:
                continue
            tree = _root(parents, b)
            if met_by[tree] == v and met_through[tree] != w:  # the vertex would close a cycle
                taken[colours[x]] = v
            met_by[tree], met_through[tree] = v, w


@compiled
def _grow_trees(v, starts, neighbours, colours, parents, edge_to, edge_to_by):
    """Join the edges to coloured neighbours with the trees that they are of now."""
    for a in range(starts[v], starts[v + 1]):
        w = neighbours[a]
        if colours[w] < 0:
            continue
        if edge_to_by[colours[w]] == v:
            _join(parents, a, edge_to[colours[w]])
        else:
            edge_to_by[colours[w]], edge_to[colours[w]] = v, a
        for b in range(starts[w], starts[w + 1]):
            if neighbours[b] != v and colours[neighbours[b]] == colours[v]:
                _join(parents, a, b)


@compiled
def _root(parents, a):
    while parents[a] != a:
        parents[a] = parents[parents[a]]
        a = parents[a]
    return a


@compiled
def _join(parents, a, b):
    parents[_root(parents, a)] = _root(parents, b)


@compiled
def leaves_first(starts, neighbours, twins, colours, n, leaves, others, which):
    """Put edges in an order in which each is that of a leaf when its turn comes: its leaf, other end, and number from there."""
    size = len(colours)
    left, places = np.zeros((size, n), np.int32), np.zeros((size, n), np.int64)  # edges to a colour, and their numbers, added up
    for v in range(size):
        for a in range(starts[v], starts[v + 1]):
            left[v, colours[neighbours[a]]] += 1
            places[v, colours[neighbours[a]]] += a
    found, done = 0, 0
    for v in range(size):
        for a in range(starts[v], starts[v + 1]):
            w = neighbours[a]
            if left[v, colours[w]] == 1 and (a < twins[a] or left[w, colours[v]] > 1):  # an edge of two leaves comes once
                leaves[found], others[found], which[found] = v, w, a
                found += 1
    while done < found:
        v, w, a = leaves[done], others[done], twins[which[done]]
        done += 1
        left[w, colours[v]] -= 1
        places[w, colours[v]] -= a
        if left[w, colours[v]] == 1:
            b = places[w, colours[v]]
            x = neighbours[b]
            if left[x, colours[w]] > 1:  # else the edge waits already, as that of the leaf at its other end
                leaves[found], others[found], which[found] = w, x, b
                found += 1


@compiled
def substitute(sums, steps, values):
    """Read entries off sums, leaves first: of each step, where the sum is, where it is taken off, and the entry's two places."""
    for k in range(len(steps)):
        entry = sums[steps[k, 0]]
        sums[steps[k, 1]] -= entry
        values[steps[k, 2]] = entry
        values[steps[k, 3]] = entry


def coloured_acyclically(graph, ordering="largest first"):
    """The colour of every vertex of a graph, and how many there are."""
    colours = np.empty(graph.size, np.int64)
    return colours, colour_acyclically(graph.in_order(ordering), graph.starts, graph.neighbours, graph.twins, colours)


def substitution_of(graph, colours, n):
    """The steps of `substitute` for products with the directions of these colours, one after the other."""
    m, size = len(graph.neighbours) // 2, graph.size
    leaves, others, which = np.empty(m, np.int64), np.empty(m, np.int64), np.empty(m, np.int64)
    leaves_first(graph.starts, graph.neighbours, graph.twins, colours, n, leaves, others, which)
    sums = colours[others] * size + leaves, colours[leaves] * size + others
    return np.stack([*sums, graph.places[which], graph.places[graph.twins[which]]], 1)
