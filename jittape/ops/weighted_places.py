"""Weighted sums of places along an axis: what pooling by averages and interpolation between places come down to."""

import functools

import numpy as np

from ..kernels.loops import clear_if
from ..memory.words import address_of, f64_at, i64_at
from ..numba_backend.decorators import helper
from .declare_structured import structured
from .shape_rules import LONGEST, expect, is_axis
from .static_records import static_record


class PlaceWeights:
    """A sparse matrix by rows: every place of a result is a sum of some places, times weights.

    Parameters
    ----------
    length : int
        Places that there are.
    rows : tuple of (tuple of int, tuple of float)
        For every place of the result, places and weights.
    """

    def __init__(self, length, rows):
        self.length, self.rows = length, rows
        self.ends = np.cumsum([0, *[len(places) for places, _ in rows]])
        self.places = np.array([k for places, _ in rows for k in places], np.int64)
        self.weights = np.array([w for _, weights in rows for w in weights], np.float64)

    @functools.cached_property
    def turned(self):
        """The transpose."""
        columns = [([], []) for _ in range(self.length)]
        for row, (places, weights) in enumerate(self.rows):
            for place, weight in zip(places, weights):
                columns[place][0].append(row)
                columns[place][1].append(weight)
        return place_weights(len(self.rows), tuple([(tuple(p), tuple(w)) for p, w in columns]))

    def __repr__(self):
        return f"<weights of {self.length} places for {len(self.rows)}>"


@functools.lru_cache(None)  # kernels have addresses of what is in them; there are as many as shapes of layers
def place_weights(length, rows):
    """The `PlaceWeights` with these rows, always the same object."""
    return PlaceWeights(length, rows)


def _fields_of(weights):
    return weights.length, weights.rows


def _of_fields(length, rows):
    expect(type(length) is int and 0 <= length <= LONGEST and type(rows) is tuple, "a length, and rows of places and weights")
    for places, weights in rows:
        expect(type(places) is type(weights) is tuple and len(places) == len(weights), "as many places as weights")
        expect(all(type(k) is int and 0 <= k < length for k in places) and all(type(w) is float for w in weights), "places")
    return place_weights(length, rows)


static_record(PlaceWeights, _fields_of, _of_fields)


@structured(linear=True, grad_name="UpsampleBackward0")
def weighted_places_values(x, axis, weights):
    """Weighted sums of places along an axis."""
    x = np.moveaxis(x, axis, 0)
    y = np.zeros((len(weights.rows), *x.shape[1:]), x.dtype)
    for row, (places, factors) in enumerate(weights.rows):
        for place, factor in zip(places, factors):
            y[row] += x[place] * y.dtype.type(factor)
    return np.ascontiguousarray(np.moveaxis(y, 0, axis))


@weighted_places_values.shaped
def _of_weights(shapes, axis, weights):
    (shape,) = shapes
    expect(is_axis(axis, shape) and type(weights) is PlaceWeights and weights.length == shape[axis], "weights of its places")
    return (*shape[:axis], len(weights.rows), *shape[axis + 1 :])


@weighted_places_values.pullback_of(0)
def weighted_places_pullback(y_bar, y, x, axis, weights):
    return weighted_places_values.apply(y_bar, axis, weights.turned)


@weighted_places_values.exampled
def _weighted_examples():
    mean = place_weights(4, (((0, 1), (0.5, 0.5)), ((1, 2, 3), (0.25, 0.5, 0.25)), ((), ())))
    yield [(2, 4, 3)], (1, mean)
    yield [(4,)], (0, mean)
    yield [(3, 4)], (1, mean)


@weighted_places_values.planned
def _plan(layouts, axis, weights):
    shape = layouts[0].shape
    outer, inner = int(np.prod(shape[:axis])), int(np.prod(shape[axis + 1 :]))
    result = (*shape[:axis], len(weights.rows), *shape[axis + 1 :])
    return result, (address_of(_table(outer, inner, weights)), 0, 0, 0, 0, 0)


@functools.lru_cache(None)
def _table(outer, inner, weights):
    addresses = [address_of(a) for a in (weights.ends, weights.places, weights.weights)]
    return np.array([outer, inner, weights.length, len(weights.rows), len(weights.places), *addresses], np.int64)


OUTER, INNER, PLACES, ROWS, ENTRIES, ENDS, PLACE, WEIGHT = range(8)


@helper
def _add_sums(p, x, y):
    """Add the weighted sums of places of x to y."""
    ends, places, weights = i64_at(p[ENDS], p[ROWS] + 1), i64_at(p[PLACE], p[ENTRIES]), f64_at(p[WEIGHT], p[ENTRIES])
    inner = p[INNER]
    for a in range(p[OUTER]):
        for row in range(p[ROWS]):
            to = y[(a * p[ROWS] + row) * inner : (a * p[ROWS] + row + 1) * inner]
            for e in range(ends[row], ends[row + 1]):
                start = (a * p[PLACES] + places[e]) * inner
                for k in range(inner):
                    to[k] += weights[e] * x[start + k]


@weighted_places_values.kernel_of("forward")
def _forward(at):
    def kernel(params, out, x0):
        p = i64_at(i64_at(params, 1)[0], 8)
        x, y = at(x0, p[OUTER] * p[PLACES] * p[INNER]), at(out, p[OUTER] * p[ROWS] * p[INNER])
        clear_if(1, y, 0, p[OUTER] * p[ROWS] * p[INNER])
        _add_sums(p, x, y)

    return kernel


@weighted_places_values.kernel_of("tangent")
def _tangent(at):
    def kernel(params, y_dot, x_dot, y, x0):
        p = i64_at(i64_at(params, 1)[0], 8)
        _add_sums(p, at(x_dot, p[OUTER] * p[PLACES] * p[INNER]), at(y_dot, p[OUTER] * p[ROWS] * p[INNER]))

    return kernel


@weighted_places_values.kernel_of("reverse")
def _reverse(at):
    def kernel(params, x_bar, y_bar, y, x0, fresh):
        p = i64_at(i64_at(params, 1)[0], 8)
        x, seed = at(x_bar, p[OUTER] * p[PLACES] * p[INNER]), at(y_bar, p[OUTER] * p[ROWS] * p[INNER])
        ends, places, weights = i64_at(p[ENDS], p[ROWS] + 1), i64_at(p[PLACE], p[ENTRIES]), f64_at(p[WEIGHT], p[ENTRIES])
        inner = p[INNER]
        clear_if(fresh, x, 0, p[OUTER] * p[PLACES] * inner)
        for a in range(p[OUTER]):
            for row in range(p[ROWS]):
                start = (a * p[ROWS] + row) * inner
                for e in range(ends[row], ends[row + 1]):
                    to = x[(a * p[PLACES] + places[e]) * inner : (a * p[PLACES] + places[e] + 1) * inner]
                    for k in range(inner):
                        to[k] += weights[e] * seed[start + k]

    return kernel
