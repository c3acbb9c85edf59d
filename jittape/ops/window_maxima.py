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


@structured(uses=(1, 0, 0), grad_name="MaxPool2DWithIndicesBackward0")
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


@helper
def _place(p, x, a, b):
    """The place in an image of the largest element of a window."""
    top, left = a * p[SH] - p[PH], b * p[SW] - p[PW]
    first_row = (-top + p[DH] - 1) // p[DH] if top < 0 else 0
    first_column = (-left + p[DW] - 1) // p[DW] if left < 0 else 0
    best = (top + first_row * p[DH]) * p[W] + left + first_column * p[DW]
    largest = x[best]
    for i in range(first_row, p[KH]):
        row = top + i * p[DH]
        if row >= p[H]:
            break
        for j in range(first_column, p[KW]):
            column = left + j * p[DW]
            if column >= p[W]:
                break
            found = x[row * p[W] + column]
            if found > largest or (found != found and largest == largest):
                best, largest = row * p[W] + column, found
    return best


@window_maxima_values.kernel_of("forward")
def _forward(at):
    def kernel(params, out, x0):
        p = i64_at(i64_at(params, 1)[0], 13)
        size = p[H] * p[W]
        values, y = at(x0, p[M] * size), at(out, p[M] * p[YH] * p[YW])
        for m in range(p[M]):
            x = values[m * size : (m + 1) * size]
            for a in range(p[YH]):
                for b in range(p[YW]):
                    y[(m * p[YH] + a) * p[YW] + b] = x[_place(p, x, a, b)]

    return kernel


@window_maxima_values.kernel_of("reverse")
def _reverse(at):
    def kernel(params, x_bar, y_bar, y, x0, fresh):
        p = i64_at(i64_at(params, 1)[0], 13)
        size = p[H] * p[W]
        values, seed, whole = at(x0, p[M] * size), at(y_bar, p[M] * p[YH] * p[YW]), at(x_bar, p[M] * size)
        clear_if(fresh, whole, 0, p[M] * size)
        for m in range(p[M]):
            x, to = values[m * size : (m + 1) * size], whole[m * size : (m + 1) * size]
            for a in range(p[YH]):
                for b in range(p[YW]):
                    to[_place(p, x, a, b)] += seed[(m * p[YH] + a) * p[YW] + b]

    return kernel


@window_maxima_values.kernel_of("tangent")
def _tangent(at):
    def kernel(params, y_dot, x_dot, y, x0):
        p = i64_at(i64_at(params, 1)[0], 13)
        size = p[H] * p[W]
        values, moved, out = at(x0, p[M] * size), at(x_dot, p[M] * size), at(y_dot, p[M] * p[YH] * p[YW])
        for m in range(p[M]):
            x, part = values[m * size : (m + 1) * size], moved[m * size : (m + 1) * size]
            for a in range(p[YH]):
                for b in range(p[YW]):
                    out[(m * p[YH] + a) * p[YW] + b] += part[_place(p, x, a, b)]

    return kernel
