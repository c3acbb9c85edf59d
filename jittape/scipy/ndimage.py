"""The functions of ``scipy.ndimage`` that have derivatives: linear filters, and interpolation at given places.

Of plain arrays they are SciPy's own. A filter is a sum over windows of the padded image, by its weights and by the image;
interpolation is followed by the image and by the places.
"""

import itertools as _itertools

import numpy as np
import scipy.ndimage as _theirs

from ..ops.array_protocols import in_dtype as _in_dtype
from ..ops.moved_elements import plain as _plain
from .following import (
    followers_of as _followers_of,
    must_be_default as _must_be_default,
    unlisted as _unlisted,
    names_of as _names_of,
)

_followed = _followers_of(_theirs)
_PADDING = {  # NumPy's words for SciPy's
    "reflect": "symmetric",
    "grid-mirror": "symmetric",
    "mirror": "reflect",
    "nearest": "edge",
    "wrap": "wrap",
    "grid-wrap": "wrap",
    "constant": "constant",
    "grid-constant": "constant",
}


def _image(name, image, output, **given):
    """An image whose derivatives are followed: of floats, since SciPy's results have the dtype of the image."""
    _must_be_default(f"scipy.ndimage.{name}", output=(output, None), **given)
    image = _unlisted(image)
    if image.dtype.kind != "f":
        raise TypeError(f"scipy.ndimage.{name}: got an image of {image.dtype}, expected floats: the result has the image's dtype")
    return image


def _one_an_axis(value, n):
    """A value, or one an axis, as a list."""
    values = [value] * n if np.ndim(value) == 0 else list(value)
    if len(values) != n:
        raise RuntimeError("sequence argument must have length equal to input rank")
    return values


def _chosen(axes, n):
    return list(range(n)) if axes is None else [k % n for k in np.atleast_1d(axes).tolist()]


# --- filters ----------------------------------------------------------------------------------------------------------------


def _padded(image, axes, sizes, origins, modes, cval):
    """The image with what windows of some sizes reach beyond its edges."""
    for axis, size, origin, mode in zip(axes, sizes, origins, modes):
        if mode not in _PADDING:
            raise RuntimeError(f"boundary mode not supported: got {mode!r}, expected one of {sorted(_PADDING)}")
        before = size // 2 + origin
        if not 0 <= before < max(size, 1):
            raise ValueError(f"invalid origin: got {origin}, expected one within a window of {size}")
        pads = [(0, 0)] * image.ndim
        pads[axis] = before, size - 1 - before
        image = np.pad(image, pads, _PADDING[mode], **({"constant_values": cval} if "constant" in mode else {}))
    return image


def _filtered(image, weights, axes, origins, modes, cval):
    padded = _padded(image, axes, weights.shape, origins, modes, cval)
    windows = np.lib.stride_tricks.sliding_window_view(padded, tuple(weights.shape), tuple(axes))
    if len(axes) == 1:
        return _in_dtype(np.matmul(windows, weights), image.dtype, "unsafe")
    return _in_dtype(np.tensordot(windows, weights, len(axes)), image.dtype, "unsafe")


def _turned_round(weights, origins):
    """The weights and origins with which a correlation is a convolution."""
    return np.flip(weights), [-o - (size % 2 == 0) for o, size in zip(origins, weights.shape)]


def _with_weights(turns, image, weights, mode, cval, origin, axes):
    weights, axes = _unlisted(weights), _chosen(axes, image.ndim)
    if weights.dtype.kind == "c":
        raise TypeError(f"scipy.ndimage: got weights of {weights.dtype}, expected real ones: filter with w.real and w.imag")
    if weights.ndim != len(axes):
        raise RuntimeError(f"weights.ndim ({weights.ndim}) must match len(axes) ({len(axes)})")
    origins, modes = _one_an_axis(origin, len(axes)), _one_an_axis(mode, len(axes))
    if turns:
        weights, origins = _turned_round(weights, origins)
    return _filtered(image, weights, axes, origins, modes, cval)


@_followed
def correlate(input, weights, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None):
    return _with_weights(False, _image("correlate", input, output), weights, mode, cval, origin, axes)


@_followed
def convolve(input, weights, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None):
    return _with_weights(True, _image("convolve", input, output), weights, mode, cval, origin, axes)


@_followed
def correlate1d(input, weights, axis=-1, output=None, mode="reflect", cval=0.0, origin=0):
    return _with_weights(False, _image("correlate1d", input, output), weights, mode, cval, origin, axis)


@_followed
def convolve1d(input, weights, axis=-1, output=None, mode="reflect", cval=0.0, origin=0):
    return _with_weights(True, _image("convolve1d", input, output), weights, mode, cval, origin, axis)


@_followed
def uniform_filter1d(input, size, axis=-1, output=None, mode="reflect", cval=0.0, origin=0):
    image = _image("uniform_filter1d", input, output)
    if size < 1:
        raise RuntimeError(f"incorrect filter size: got {size}, expected 1 or more")
    return correlate1d(image, np.full(size, 1.0 / size), axis, None, mode, cval, origin)


@_followed
def uniform_filter(input, size=3, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None):
    image = _image("uniform_filter", input, output)
    axes = _chosen(axes, image.ndim)
    several = [_one_an_axis(v, len(axes)) for v in (size, mode, origin)]
    for axis, width, ends, shift in zip(axes, *several):
        image = uniform_filter1d(image, int(width), axis, None, ends, cval, shift) if width > 1 else image
    return image * 1.0


def _gaussian_weights(sigma, order, radius):
    """The derivative of some order of a normal density at whole numbers: a polynomial times the density, whose sum is 1."""
    x = np.arange(-radius, radius + 1.0)
    density = np.exp(-0.5 / (sigma * sigma) * x**2)
    density = density / np.sum(density)
    polynomial = [1.0]
    for _ in range(order):  # (p g)' = (p' - x / sigma^2 p) g
        slopes = [k * c for k, c in enumerate(polynomial)][1:] + [0.0, 0.0]
        products = [0.0] + [-c / (sigma * sigma) for c in polynomial]
        polynomial = [a + b for a, b in zip(slopes, products)]
    factor = polynomial[0]
    for k, c in enumerate(polynomial[1:], 1):
        factor = factor + c * x**k
    return factor * density


@_followed
def gaussian_filter1d(input, sigma, axis=-1, order=0, output=None, mode="reflect", cval=0.0, truncate=4.0, *, radius=None):
    image = _image("gaussian_filter1d", input, output)
    radius = int(truncate * float(_plain(sigma)) + 0.5) if radius is None else radius
    if radius != int(radius) or radius < 0 or order < 0:
        raise ValueError(f"Radius and order must be nonnegative integers: got {radius!r} and {order!r}")
    weights = _gaussian_weights(sigma, order, int(radius))
    return correlate1d(image, np.flip(weights), axis, None, mode, cval)


@_followed
def gaussian_filter(input, sigma, order=0, output=None, mode="reflect", cval=0.0, truncate=4.0, *, radius=None, axes=None):
    image = _image("gaussian_filter", input, output)
    axes = _chosen(axes, image.ndim)
    several = [_one_an_axis(v, len(axes)) for v in (sigma, order, mode, radius)]
    for axis, width, degree, ends, reach in zip(axes, *several):
        if float(_plain(width)) > 1e-15:  # SciPy's
            image = gaussian_filter1d(image, width, axis, degree, None, ends, cval, truncate, radius=reach)
    return image * 1.0


def _along_one_and_across(name, image, axis, mode, cval, across):
    axis, modes = axis % image.ndim, _one_an_axis(mode, image.ndim)
    found = correlate1d(image, [-1.0, 0.0, 1.0], axis, None, modes[axis], cval)
    for other in range(image.ndim):
        if other != axis:
            found = correlate1d(found, across, other, None, modes[other], cval)
    return found


@_followed
def sobel(input, axis=-1, output=None, mode="reflect", cval=0.0, *, axes=None):
    return _along_one_and_across("sobel", _image("sobel", input, output, axes=(axes, None)), axis, mode, cval, [1.0, 2.0, 1.0])


@_followed
def prewitt(input, axis=-1, output=None, mode="reflect", cval=0.0, *, axes=None):
    return _along_one_and_across("prewitt", _image("prewitt", input, output, axes=(axes, None)), axis, mode, cval, [1.0] * 3)


@_followed
def laplace(input, output=None, mode="reflect", cval=0.0, *, axes=None):
    image = _image("laplace", input, output)
    axes = _chosen(axes, image.ndim)
    modes = _one_an_axis(mode, len(axes))
    return sum(correlate1d(image, [1.0, -2.0, 1.0], axis, None, ends, cval) for axis, ends in zip(axes, modes))


# --- interpolation ------------------------------------------------------------------------------------------------------------


def _inside(places, n, mode):
    """Where places lie in an image that goes on beyond its edges: the place in the image, and its slope by the place."""
    slope = np.ones(places.shape)
    outside = (places < 0) | (places > n - 1)
    if mode in ("constant", "grid-constant") or n == 0:
        return places, slope
    if mode == "nearest" or n == 1:
        return np.clip(places, 0, n - 1), np.where(outside, 0.0, slope)
    if mode == "wrap":
        return np.where(outside, np.mod(places, n - 1), places), slope
    if mode == "grid-wrap":
        return np.where(outside, np.mod(places, n), places), slope
    half, period = (0.0, 2.0 * n - 2) if mode == "mirror" else (0.5, 2.0 * n)
    found = np.mod(places + half, period) - half
    back = found > n - 1 + half
    return np.where(back, period - 2 * half - found, found), np.where(back, -1.0, slope)


def _taps(places, n, order, mode):
    """Pairs of indices and weights along an axis."""
    values = _plain(places)
    inside, slope = _inside(values, n, mode)
    if not order:
        return [(np.floor(inside + 0.5).astype(np.int64), 1.0)]
    first = np.floor(inside).astype(np.int64)
    offset = slope * (places - values) + (inside - first)  # with its derivative by the places
    return [(first, 1.0 - offset), (first + 1, offset)]


@_followed
def map_coordinates(input, coordinates, output=None, order=3, mode="constant", cval=0.0, prefilter=True):
    image, places = _image("map_coordinates", input, output), _unlisted(coordinates)
    if order not in (0, 1):
        raise NotImplementedError(
            f"scipy.ndimage.map_coordinates: got order={order}, expected 0 or 1: splines of higher order have no derivatives here"
        )
    if mode not in _PADDING:
        raise RuntimeError(f"boundary mode not supported: got {mode!r}, expected one of {sorted(_PADDING)}")
    mode = "reflect" if mode == "grid-mirror" else mode
    if places.shape[0] != image.ndim:
        raise RuntimeError(f"invalid shape for coordinate array: got {places.shape[0]} rows, expected {image.ndim}")
    total = 0.0
    for corner in _itertools.product(*[_taps(places[k], n, order, mode) for k, n in enumerate(image.shape)]):
        indices = [index for index, _ in corner]
        outside = np.any([(k < 0) | (k >= n) for k, n in zip(indices, image.shape)], axis=0)
        wrapped = [k % n if mode == "grid-wrap" else np.clip(k, 0, n - 1) for k, n in zip(indices, image.shape)]
        term = image[tuple(wrapped)]
        if mode == "grid-constant":
            term = np.where(outside, cval, term)
        for _, weight in corner:
            term = term * weight
        total = total + term
    if mode == "constant":
        values = _plain(places)
        beyond = np.any([(v < 0) | (v > n - 1) for v, n in zip(values, image.shape)], axis=0)
        total = np.where(beyond, cval, total)
    return _in_dtype(total, image.dtype, "unsafe")


@_followed
def affine_transform(
    input, matrix, offset=0.0, output_shape=None, output=None, order=3, mode="constant", cval=0.0, prefilter=True
):
    image, matrix = _image("affine_transform", input, output), _unlisted(matrix)
    n = image.ndim
    if matrix.ndim == 2 and matrix.shape[1] == n + 1:  # of homogeneous coordinates
        matrix, offset = matrix[:n, :n], matrix[:n, n]
    grid = np.indices(tuple(image.shape) if output_shape is None else output_shape, float)
    moved = np.reshape(matrix, (-1,) + (1,) * n) * grid if matrix.ndim == 1 else np.tensordot(matrix, grid, 1)
    offset = _unlisted(offset)
    places = moved + (offset if np.ndim(offset) == 0 else np.reshape(offset, (-1,) + (1,) * n))
    return map_coordinates(image, places, None, order, mode, cval, prefilter)


@_followed
def shift(input, shift, output=None, order=3, mode="constant", cval=0.0, prefilter=True):
    image, shift = _image("shift", input, output), _unlisted(shift)
    grid = np.indices(tuple(image.shape), float)
    places = grid - (shift if np.ndim(shift) == 0 else np.reshape(shift, (-1,) + (1,) * image.ndim))
    return map_coordinates(image, places, None, order, mode, cval, prefilter)


__all__ = []  # follows from the functions above
__all__.extend(_names_of(globals()))


def __dir__():
    return __all__


def __getattr__(name):
    """What is not listed is SciPy's own."""
    return getattr(_theirs, name)
