"""Largest elements of windows: pooling by the maximum, and the moves of values to and from the places of the maxima.

The three operations compute where the maxima are from the same operand, so the derivatives of each are the other two.
"""

import functools
from typing import NamedTuple

import numpy as np

from ..kernels.loops import clear_if
from ..memory.words import address_of, i64_at
from ..numba_backend.decorators import helper
from .declare_structured import structured
from .shape_rules import LONGEST, expect
from .static_records import static_record


@static_record
class PoolShape(NamedTuple):
    """Lengths of images and pooled images, and where windows lie."""

    images: int
    rows: int
    columns: int
    window_rows: int
    window_columns: int
    row_step: int
    column_step: int
    row_padding: int
    column_padding: int
    row_spacing: int
    column_spacing: int
    pooled_rows: int
    pooled_columns: int

    @property
    def image(self):
        return self.images, self.rows, self.columns

    @property
    def pooled(self):
        return self.images, self.pooled_rows, self.pooled_columns


def places_of_maxima(x, s):
    """The flat place in its image of the largest element of each window, the first of equal ones; nan is larger than all."""
    best, places = np.full(s.pooled, -np.inf), np.full(s.pooled, -1, np.int64)
    for i in range(s.window_rows):
        for j in range(s.window_columns):
            rows = np.arange(s.pooled_rows) * s.row_step + i * s.row_spacing - s.row_padding
            columns = np.arange(s.pooled_columns) * s.column_step + j * s.column_spacing - s.column_padding
            inside = ((rows >= 0) & (rows < s.rows))[:, None] & ((columns >= 0) & (columns < s.columns))
            here = np.clip(rows, 0, s.rows - 1)[:, None] * s.columns + np.clip(columns, 0, s.columns - 1)
            found = x.reshape(s.images, -1)[:, here]
            taken = inside & ((found > best) | (places < 0) | np.isnan(found) & ~np.isnan(best))
            best, places = np.where(taken, found, best), np.where(taken, here, places)
    return places


def _taken(v, places):
    flat = np.take_along_axis(v.reshape(len(v), -1), places.reshape(len(v), -1), 1)
    return flat.reshape(places.shape)


@structured(uses=(9, 0, 0), by_kernel=True, grad_name="MaxPool2DWithIndicesBackward0")
def window_maxima_values(x, s):
    """The largest elements of windows."""
    return _taken(x, places_of_maxima(x, s))


@structured(arity=2, linear_in=(0,), uses=(2, 0, 0), grad_name="MaxPool2DWithIndicesBackwardBackward0")
def at_maxima_values(v, x, s):
    """Elements of one array, at the places of the maxima of another."""
    return _taken(v, places_of_maxima(x, s))


@structured(arity=2, linear_in=(0,), uses=(2, 0, 0), grad_name="MaxPool2DWithIndicesBackwardBackward0")
def to_maxima_values(u, x, s):
    """Zeros with elements added at the places of the maxima of an array."""
    out = np.zeros((s.images, s.rows * s.columns), u.dtype)
    places = places_of_maxima(x, s)
    np.add.at(out, (np.arange(s.images)[:, None], places.reshape(s.images, -1)), u.reshape(s.images, -1))
    return out.reshape(s.image)


def _checked(shapes, s, *expected):
    expect(type(s) is PoolShape and all(type(n) is int and 0 <= n <= LONGEST for n in s), "the shape of windows")
    expect(min(s[3:7]) > 0 and min(s[9:11]) > 0, "windows and steps of at least one")
    for length, window, step, padding, spacing, pooled in _axes(s):
        expect(2 * padding <= window and 0 <= (pooled - 1) * step < length + padding, "windows that begin in the image")
        expect((window - 1) * spacing + 1 <= length + 2 * padding or pooled == 0, "windows that are not longer than the image")
    expect(list(shapes) == [getattr(s, name) for name in expected], "operands of these lengths")


def _axes(s):
    """Length, window, step, padding, spacing and number of windows of each axis."""
    return [tuple(s[k:13:2]) for k in (1, 2)]


@window_maxima_values.shaped
def _maxima(shapes, s):
    _checked(shapes, s, "image")
    return s.pooled


@at_maxima_values.shaped
def _at(shapes, s):
    _checked(shapes, s, "image", "image")
    return s.pooled


@to_maxima_values.shaped
def _to(shapes, s):
    _checked(shapes, s, "pooled", "image")
    return s.image


@window_maxima_values.pullback_of(0)
def maxima_pullback(y_bar, y, x, s):
    return to_maxima_values.apply(y_bar, x, s)


@window_maxima_values.pushforward_of(0)
def maxima_pushforward(x_dot, y, x, s):
    return at_maxima_values.apply(x_dot, x, s)


@at_maxima_values.pullback_of(0)
def at_maxima_pullback(y_bar, y, v, x, s):
    return to_maxima_values.apply(y_bar, x, s)


@to_maxima_values.pullback_of(0)
def to_maxima_pullback(x_bar, y, u, x, s):
    return at_maxima_values.apply(x_bar, x, s)


@at_maxima_values.pullback_of(1)
@to_maxima_values.pullback_of(1)
def places_pullback(y_bar, y, v, x, s):
    return None  # where the maxima are does not change with the values, but at kinks


@at_maxima_values.pushforward_of(1)
@to_maxima_values.pushforward_of(1)
def places_pushforward(x_dot, y, v, x, s):
    return None


def _examples_of(*names):
    def examples():
        for lengths in ((2, 5, 6, 2, 3, 2, 3, 0, 0, 1, 1, 2, 2), (1, 4, 4, 3, 2, 1, 2, 1, 1, 1, 2, 4, 2)):
            s = PoolShape(*lengths)
            yield [getattr(s, name) for name in names], (s,)

    return examples


window_maxima_values.exampled(_examples_of("image"))
at_maxima_values.exampled(_examples_of("image", "image"))
to_maxima_values.exampled(_examples_of("pooled", "image"))


# --- kernels --------------------------------------------------------------------------------------------------------

M, H, W, KH, KW, SH, SW, PH, PW, DH, DW, YH, YW = range(13)


@functools.lru_cache(None)  # kernels have its address; there are as many as shapes of layers
def _words(shape):
    return np.array(shape, np.int64)


@window_maxima_values.planned
def _plan(layouts, s):
    return s.pooled, (address_of(_words(s)), 0, 0, 0, 0, 0)


# Windows are gone through side by side, a row of them at a time and one of their numbers after the other: window by window, it
# could not be predicted which number is the largest, and that took longer than all the rest.


@helper
def _lengths(params):
    """The static as a tuple: read from memory, its numbers would be read again after every number that is written."""
    p = i64_at(i64_at(params, 1)[0], 13)
    return p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9], p[10], p[11], p[12]


@helper
def _columns_inside(p, shift):
    """From which window of a row to which one a number that is so far from the start of the first lies in the image."""
    first = (-shift + p[SW] - 1) // p[SW] if shift < 0 else 0
    last = p[YW]
    if shift + (p[YW] - 1) * p[SW] >= p[W]:
        last = (p[W] - 1 - shift) // p[SW] + 1 if shift < p[W] else 0
    return first, last


@helper
def _raise_to(out, x, start, step, first, last):
    """Raise maxima to the numbers that lie at a distance from each other; nan is larger than all."""
    for b in range(first, last):
        found = x[start + b * step]
        out[b] = found if (found > out[b]) | (found != found) else out[b]


@helper
def _raise_all(p, x, a, out):
    """The largest numbers of a row of windows."""
    for b in range(p[YW]):
        out[b] = -np.inf
    for i in range(p[KH]):
        row = a * p[SH] - p[PH] + i * p[DH]
        if row < 0 or row >= p[H]:
            continue
        for j in range(p[KW]):
            shift = j * p[DW] - p[PW]
            first, last = _columns_inside(p, shift)
            if p[SW] == 2:  # with a constant the compiler makes vectors of it
                _raise_to(out, x, row * p[W] + shift, 2, first, last)
            else:
                _raise_to(out, x, row * p[W] + shift, p[SW], first, last)


@helper
def _note_equal(places, maxima, x, start, step, first, last):
    for b in range(first, last):
        found, largest = x[start + b * step], maxima[b]
        if found == largest or (found != found and largest != largest):
            places[b] = start + b * step


@helper
def _find_all(p, x, a, maxima, places):
    """The places in an image of the largest numbers of a row of windows, the first of those that are equal."""
    for i in range(p[KH] - 1, -1, -1):
        row = a * p[SH] - p[PH] + i * p[DH]
        if row < 0 or row >= p[H]:
            continue
        for j in range(p[KW] - 1, -1, -1):
            shift = j * p[DW] - p[PW]
            first, last = _columns_inside(p, shift)
            if p[SW] == 2:
                _note_equal(places, maxima, x, row * p[W] + shift, 2, first, last)
            else:
                _note_equal(places, maxima, x, row * p[W] + shift, p[SW], first, last)


@window_maxima_values.kernel_of("forward")
def _forward(at):
    def kernel(params, out, x0):
        p = _lengths(params)
        size, n = p[H] * p[W], p[YW]
        values, y = at(x0, p[M] * size), at(out, p[M] * p[YH] * n)
        for m in range(p[M]):
            for a in range(p[YH]):
                k = (m * p[YH] + a) * n
                _raise_all(p, values[m * size : (m + 1) * size], a, y[k : k + n])

    return kernel


@window_maxima_values.kernel_of("reverse")
def _reverse(at):
    def kernel(params, x_bar, y_bar, y, x0, fresh):
        p = _lengths(params)
        size, n = p[H] * p[W], p[YW]
        count = p[M] * p[YH] * n
        values, seed, maxima, whole = at(x0, p[M] * size), at(y_bar, count), at(y, count), at(x_bar, p[M] * size)
        places = np.zeros(n, np.int32)
        clear_if(fresh, whole, 0, p[M] * size)
        for m in range(p[M]):
            to = whole[m * size : (m + 1) * size]
            for a in range(p[YH]):
                k = (m * p[YH] + a) * n
                _find_all(p, values[m * size : (m + 1) * size], a, maxima[k : k + n], places)
                for b in range(n):
                    to[places[b]] += seed[k + b]

    return kernel


@window_maxima_values.kernel_of("tangent")
def _tangent(at):
    def kernel(params, y_dot, x_dot, y, x0):
        p = _lengths(params)
        size, n = p[H] * p[W], p[YW]
        count = p[M] * p[YH] * n
        values, moved, maxima, out = at(x0, p[M] * size), at(x_dot, p[M] * size), at(y, count), at(y_dot, count)
        places = np.zeros(n, np.int32)
        for m in range(p[M]):
            part = moved[m * size : (m + 1) * size]
            for a in range(p[YH]):
                k = (m * p[YH] + a) * n
                _find_all(p, values[m * size : (m + 1) * size], a, maxima[k : k + n], places)
                for b in range(n):
                    out[k + b] += part[places[b]]

    return kernel
