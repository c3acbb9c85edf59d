"""Correlations of images with windows: what layers of convolution compute, and the two maps that are its derivatives.

Images ``x`` (examples, channels, rows, columns), windows ``w`` (features, channels of a group, rows, columns) and features ``y``
(examples, features, rows, columns) are bound by one trilinear form. Each of the three operations gives one of them for the other
two, so the derivatives of each are the other two, to any order.

The kernels copy the windows of an image side by side and multiply by BLAS.
"""

import functools
from typing import NamedTuple

import numpy as np

from ..kernels.loops import clear_if
from ..memory.words import address_of, i64_at
from ..numba_backend.decorators import helper
from .blas import ITEM_BYTES, PLAIN, TURNED, blas_block, blas_kind, gemm
from .declare_structured import structured
from .shape_rules import LONGEST, expect
from .static_records import static_record
from .window_copies import C, F, G, H, KH, KW, N, W, YH, YW, gather_windows, scatter_windows


@static_record
class WindowShape(NamedTuple):
    """Lengths of images, windows and features, and where windows lie: the static of all three operations."""

    examples: int
    channels: int
    rows: int
    columns: int
    features: int
    window_rows: int
    window_columns: int
    row_step: int
    column_step: int
    row_padding: int
    column_padding: int
    row_spacing: int
    column_spacing: int
    groups: int
    feature_rows: int
    feature_columns: int

    @property
    def image(self):
        return self.examples, self.channels, self.rows, self.columns

    @property
    def window(self):
        return self.features, self.channels // self.groups, self.window_rows, self.window_columns

    @property
    def feature(self):
        return self.examples, self.features, self.feature_rows, self.feature_columns


def features_along(length, window, step, padding, spacing):
    """How many windows there are along an axis."""
    return (length + 2 * padding - spacing * (window - 1) - 1) // step + 1


def window_shape(image, window, steps, paddings, spacings, groups):
    """The static for images and windows of some shapes."""
    places = [features_along(*one) for one in zip(image[2:], window[2:], steps, paddings, spacings)]
    return WindowShape(*image, window[0], *window[2:], *steps, *paddings, *spacings, groups, *places)


def _checked(shapes, s, first, second):
    """Raise unless a static describes operands of these shapes."""
    expect(type(s) is WindowShape and all(type(n) is int and 0 <= n <= LONGEST for n in s), "the shape of windows")
    expect(
        s.groups > 0 and s.row_step > 0 and s.column_step > 0 and s.row_spacing > 0 and s.column_spacing > 0,
        "steps of at least one",
    )
    expect(s.channels % s.groups == 0 == s.features % s.groups, "channels and features in equal groups")
    expect(s == window_shape(s.image, s.window, s[7:9], s[9:11], s[11:13], s.groups), "as many features as there are windows")
    expect(tuple(shapes) == (first, second), f"operands of shapes {list(first)} and {list(second)}")


@functools.lru_cache(None)  # kernels have its address; there are as many as shapes of layers
def _words(shape):
    return np.array(shape, np.int64)


def _planned_as(result):
    def plan(layouts, s):
        return getattr(s, result), (address_of(_words(s)), blas_block(), 0, 0, 0, 0)

    return plan


# --- on arrays ------------------------------------------------------------------------------------------------------


def _places(s, padded):
    """For every place in a window, the part of padded images that lies there: (groups apart, features in a row)."""
    for i in range(s.window_rows):
        for j in range(s.window_columns):
            top, left = i * s.row_spacing, j * s.column_spacing
            rows = slice(top, top + s.row_step * (s.feature_rows - 1) + 1, s.row_step)
            columns = slice(left, left + s.column_step * (s.feature_columns - 1) + 1, s.column_step)
            yield i, j, padded[:, :, rows, columns]


def _padded(s, x):
    p, q = s.row_padding, s.column_padding
    return np.pad(x, ((0, 0), (0, 0), (p, p), (q, q))) if p or q else x


def _grouped(s, values):
    """Values of examples, channels or features, and places, with the groups apart."""
    return np.reshape(values, (s.examples, s.groups, -1, s.feature_rows * s.feature_columns))


@structured(arity=2, linear=True, uses=(2, 1, 0), by_kernel=True, grad_name="ConvolutionBackward0")
def features_of_image_values(x, w, s):
    """Features of images by windows."""
    y = np.zeros((s.examples, s.groups, s.features // s.groups, s.feature_rows * s.feature_columns), np.result_type(x, w))
    for i, j, part in _places(s, _padded(s, x)) if y.size else ():
        y += w[:, :, i, j].reshape(s.groups, -1, w.shape[1]) @ _grouped(s, part)
    return y.reshape(s.feature)


@structured(arity=2, linear=True, uses=(2, 1, 0), by_kernel=True, grad_name="ConvolutionBackward0")
def image_of_features_values(y, w, s):
    """Images of features: every feature adds its windows, times itself."""
    whole = (s.examples, s.channels, s.rows + 2 * s.row_padding, s.columns + 2 * s.column_padding)
    x = np.zeros(whole, np.result_type(y, w))
    for i, j, part in _places(s, x) if y.size else ():
        part += np.reshape(np.swapaxes(w[:, :, i, j].reshape(s.groups, -1, w.shape[1]), 1, 2) @ _grouped(s, y), part.shape)
    inner = slice(s.row_padding, s.row_padding + s.rows), slice(s.column_padding, s.column_padding + s.columns)
    return np.ascontiguousarray(x[:, :, inner[0], inner[1]])


@structured(arity=2, linear=True, uses=(2, 1, 0), by_kernel=True, grad_name="ConvolutionBackward0")
def windows_of_features_values(x, y, s):
    """Windows, of images and features: the sum of all windows of the images, times their features."""
    w = np.zeros(s.window, np.result_type(x, y))
    for i, j, part in _places(s, _padded(s, x)) if y.size else ():
        products = np.sum(_grouped(s, y) @ np.swapaxes(_grouped(s, part), 2, 3), axis=0)
        w[:, :, i, j] = products.reshape(s.window[:2])
    return w


@features_of_image_values.shaped
def _features(shapes, s):
    _checked(shapes, s, s.image, s.window)
    return s.feature


@image_of_features_values.shaped
def _images(shapes, s):
    _checked(shapes, s, s.feature, s.window)
    return s.image


@windows_of_features_values.shaped
def _windows(shapes, s):
    _checked(shapes, s, s.image, s.feature)
    return s.window


features_of_image_values.planned(_planned_as("feature"))
image_of_features_values.planned(_planned_as("image"))
windows_of_features_values.planned(_planned_as("window"))


# --- rules ----------------------------------------------------------------------------------------------------------


@features_of_image_values.pullback_of(0)
def correlate_pullback_image(y_bar, y, x, w, s):
    return image_of_features_values.apply(y_bar, w, s)


@features_of_image_values.pullback_of(1)
def correlate_pullback_window(y_bar, y, x, w, s):
    return windows_of_features_values.apply(x, y_bar, s)


@image_of_features_values.pullback_of(0)
def spread_pullback_feature(x_bar, x, y, w, s):
    return features_of_image_values.apply(x_bar, w, s)


@image_of_features_values.pullback_of(1)
def spread_pullback_window(x_bar, x, y, w, s):
    return windows_of_features_values.apply(x_bar, y, s)


@windows_of_features_values.pullback_of(0)
def windows_pullback_image(w_bar, w, x, y, s):
    return image_of_features_values.apply(y, w_bar, s)


@windows_of_features_values.pullback_of(1)
def windows_pullback_feature(w_bar, w, x, y, s):
    return features_of_image_values.apply(x, w_bar, s)


def _examples_of(first, second):
    def examples():
        for image, window, steps, paddings, spacings, groups in (
            ((2, 3, 5, 6), (4, 3, 2, 3), (1, 1), (0, 0), (1, 1), 1),
            ((1, 4, 6, 5), (6, 2, 3, 2), (2, 1), (1, 2), (1, 2), 2),
            ((1, 2, 3, 3), (2, 2, 2, 2), (1, 1), (0, 0), (1, 1), 1),
            ((2, 2, 4, 3), (3, 2, 1, 1), (1, 1), (0, 0), (1, 1), 1),
            ((0, 2, 4, 3), (3, 2, 2, 2), (1, 1), (0, 0), (1, 1), 1),
        ):
            s = window_shape(image, window, steps, paddings, spacings, groups)
            yield [getattr(s, first), getattr(s, second)], (s,)

    return examples


features_of_image_values.exampled(_examples_of("image", "window"))
image_of_features_values.exampled(_examples_of("feature", "window"))
windows_of_features_values.exampled(_examples_of("image", "feature"))


# --- kernels --------------------------------------------------------------------------------------------------------


# What fills images, windows or features takes all three as addresses, and memory for the windows of one group and for their
# adjoints, turned, which the caller holds.


@helper
def _fill_features(p, block, at, kind, item, x, w, y, cols, turned, add):
    """Features, or add to them."""
    n, k, f, size = _lengths(p)
    if n * k * f * p[N] == 0:
        clear_if(0 if add else 1, at(y, p[N] * p[F] * n), 0, p[N] * p[F] * n)
        return
    for e in range(p[N] * p[G]):
        gather_windows(p, at, item, x + e * size * item, cols)
        gemm(block, kind, PLAIN, PLAIN, n, f, k, cols, n, w + e % p[G] * f * k * item, k, add, y + e * f * n * item)


@helper
def _fill_images(p, block, at, kind, item, x, w, y, cols, turned, add):
    """Images, or add to them."""
    n, k, f, size = _lengths(p)
    clear_if(0 if add else 1, at(x, p[N] * p[G] * size), 0, p[N] * p[G] * size)
    if n * k * f * p[N] == 0:
        return
    for e in range(p[N] * p[G]):
        gemm(block, kind, PLAIN, TURNED, n, k, f, y + e * f * n * item, n, w + e % p[G] * f * k * item, k, False, cols)
        scatter_windows(p, at, item, cols, x + e * size * item)


@helper
def _fill_windows(p, block, at, kind, item, x, w, y, cols, turned, add):
    """Windows, or add to them.

    The products are turned ones: BLAS takes up to half as long again, in single precision, for what has few rows. The windows of
    several images side by side, for one wide product, took half as long again, too.
    """
    n, k, f, size = _lengths(p)
    windows = at(w, p[F] * k)
    clear_if(0 if add else 1, windows, 0, p[F] * k)
    if n * k * f * p[N] == 0:
        return
    for e in range(p[N] * p[G]):
        gather_windows(p, at, item, x + e * size * item, cols)
        g = e % p[G]
        gemm(block, kind, TURNED, PLAIN, f, k, n, y + e * f * n * item, n, cols, n, e >= p[G], turned + g * f * k * item)
    found = at(turned, p[F] * k)
    for g in range(p[G]):
        for j in range(f):
            for i in range(k):
                windows[(g * f + j) * k + i] += found[(g * k + i) * f + j]


@helper
def _lengths(p):
    """Of a group: places of windows, numbers in a window, features, numbers in an image."""
    channels = p[C] // p[G]
    return p[YH] * p[YW], channels * p[KH] * p[KW], p[F] // p[G], channels * p[H] * p[W]


@helper
def _by_images_and_windows(first, second, result):
    return first, second, result


@helper
def _by_features_and_windows(first, second, result):
    return result, second, first


@helper
def _by_images_and_features(first, second, result):
    return first, result, second


def _declare_kernels(operation, ordered, fill, fill_first, fill_second):
    """Kernels of one of the operations; ``ordered(first, second, result)`` are images, windows and features."""

    def filled(at, fill):
        kind, item = blas_kind(at), ITEM_BYTES[blas_kind(at)]

        @helper
        def run(params, first, second, result, add):
            words = i64_at(params, 2)
            p, (x, w, y) = i64_at(words[0], 16), ordered(first, second, result)
            n, k, _, _ = _lengths(p)
            held = np.empty(k * (n + p[F]) + 1, at(x, 1).dtype)
            cols = held.ctypes.data
            fill(p, words[1], at, kind, item, x, w, y, cols, cols + k * n * item, add)
            held[0] = 0  # until here the memory has to be there

        return run

    @operation.kernel_of("forward")
    def _forward(at):
        run = filled(at, fill)

        def kernel(params, out, x0, x1):
            run(params, x0, x1, out, False)

        return kernel

    @operation.kernel_of("reverse", 0)
    def _reverse_first(at):
        run = filled(at, fill_first)

        def kernel(params, x_bar, y_bar, y, x0, x1, fresh):
            run(params, x_bar, x1, y_bar, fresh == 0)

        return kernel

    @operation.kernel_of("reverse", 1)
    def _reverse_second(at):
        run = filled(at, fill_second)

        def kernel(params, x_bar, y_bar, y, x0, x1, fresh):
            run(params, x0, x_bar, y_bar, fresh == 0)

        return kernel

    @operation.kernel_of("tangent", 0)
    def _tangent_first(at):
        run = filled(at, fill)

        def kernel(params, y_dot, x_dot, y, x0, x1):
            run(params, x_dot, x1, y_dot, True)

        return kernel

    @operation.kernel_of("tangent", 1)
    def _tangent_second(at):
        run = filled(at, fill)

        def kernel(params, y_dot, x_dot, y, x0, x1):
            run(params, x0, x_dot, y_dot, True)

        return kernel


_declare_kernels(features_of_image_values, _by_images_and_windows, _fill_features, _fill_images, _fill_windows)
_declare_kernels(image_of_features_values, _by_features_and_windows, _fill_images, _fill_features, _fill_windows)
_declare_kernels(windows_of_features_values, _by_images_and_features, _fill_windows, _fill_images, _fill_features)
