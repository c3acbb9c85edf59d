"""Pooling and interpolation as functions."""

from __future__ import annotations

import functools
import math
import warnings
from typing import TYPE_CHECKING

from ..ops.arguments import as_tensor_argument
from ..ops.shape_functions import reshape
from ..ops.weighted_places import place_weights, weighted_places_values
from ..ops.window_maxima import PoolShape, places_of_maxima, window_maxima_values
from ..tensors.tensor import wrap
from .convolution_functions import lengths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..tensors.tensor import Tensor
    from ..typing import Lengths, TensorLike


def _with_examples(name, x, axes):
    """Raise unless the input has as many axes as a batch, or an example, of such images."""
    if x.ndim not in (axes + 1, axes + 2):
        raise RuntimeError(f"{name}() Expected {axes + 1}D or {axes + 2}D input, but got input of size: {list(x.shape)}")
    return x


def _pooled_length(name, n, window, step, padding, spacing, ceil_mode):
    """How many windows there are along an axis; with `ceil_mode` one more that begins inside and ends behind."""
    if window <= 0 or step <= 0 or spacing <= 0:
        raise RuntimeError(
            f"{name}(): kernel_size, stride and dilation should be greater than zero: got {window}, {step}, {spacing}"
        )
    if not 0 <= 2 * padding <= (window - 1) * spacing + 1:
        raise RuntimeError(f"pad should be at most half of effective kernel size, but got pad={padding} and kernel_size={window}")
    room = n + 2 * padding - spacing * (window - 1) - 1
    found = (-(-room // step) if ceil_mode else room // step) + 1
    if ceil_mode and (found - 1) * step >= n + padding:
        found -= 1
    if found < 1:
        raise RuntimeError(f"{name}(): Output size is too small: an input of length {n} and windows of {window}")
    return found


# --- maxima ---------------------------------------------------------------------------------------------------------


def _max_pooled(name, axes, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices):
    x = _with_examples(name, as_tensor_argument(input, name), axes)
    window = lengths(kernel_size, axes, "kernel_size")
    step = window if stride is None or stride == () else lengths(stride, axes, "stride")
    padding, spacing = lengths(padding, axes, "padding"), lengths(dilation, axes, "dilation")
    places = [_pooled_length(name, *one, ceil_mode) for one in zip(x.shape[-axes:], window, step, padding, spacing)]
    lead, image = tuple(x.shape[:-axes]), tuple(x.shape[-axes:])
    if axes == 1:
        image, window, step, padding, spacing, places = (
            (1, *image),
            (1, *window),
            (1, *step),
            (0, *padding),
            (1, *spacing),
            (1, *places),
        )
    pairs = [n for pair in (image, window, step, padding, spacing, places) for n in pair]
    shape = PoolShape(math.prod(lead), *pairs)
    flat = reshape(x, shape.image)
    y = reshape(window_maxima_values.apply(flat, shape), (*lead, *places[-axes:]))
    if not return_indices:
        return y
    return y, wrap(places_of_maxima(flat._value(), shape).reshape(tuple(y.shape)))


def max_pool1d(
    input: TensorLike,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    padding: Lengths = 0,
    dilation: Lengths = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Find the largest numbers of windows of sequences.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, length) or (channels, length)
        Sequences.
    kernel_size : int or tuple of int
        Length of a window.
    stride : int or tuple of int, optional
        Step from window to window; that of a window by default.
    padding : int or tuple of int, optional
        Places without a number at both ends.
    dilation : int or tuple of int, optional
        Step from number to number of a window.
    ceil_mode : bool, optional
        Let a last window reach beyond the end.
    return_indices : bool, optional
        Also return where the largest are.

    Returns
    -------
    Tensor or tuple of two Tensors
        The largest numbers, of equal ones the first; and their places.
    """
    return _max_pooled("max_pool1d", 1, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool2d(
    input: TensorLike,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    padding: Lengths = 0,
    dilation: Lengths = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Find the largest numbers of windows of images.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, rows, columns) or (channels, rows, columns)
        Images.
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    padding : int or tuple of int, optional
        Places without a number around the images.
    dilation : int or tuple of int, optional
        Steps from number to number of a window.
    ceil_mode : bool, optional
        Let last windows reach beyond the end.
    return_indices : bool, optional
        Also return where the largest are, as flat places in the image.

    Returns
    -------
    Tensor or tuple of two Tensors
        The largest numbers, of equal ones the first; and their places.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.nn.functional.max_pool2d(jt.arange(16.0).reshape(1, 1, 4, 4), 2)
    tensor([[[[ 5.,  7.],
              [13., 15.]]]])
    """
    return _max_pooled("max_pool2d", 2, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


# --- means and interpolation ------------------------------------------------------------------------------------------


def along_axes(x, tables):
    """Weighted sums of places along the last axes."""
    for axis, table in zip(range(x.ndim - len(tables), x.ndim), tables):
        if table is not None:
            x = weighted_places_values.apply(x, axis, table)
    return x


def _rows(intervals, divisors):
    return tuple([(tuple(range(a, b)), (1.0 / d,) * (b - a)) for (a, b), d in zip(intervals, divisors)])


@functools.lru_cache(4096)
def _means(n, window, step, padding, places, counts_padding, is_sum):
    """The table of means of windows along an axis."""
    starts = [k * step - padding for k in range(places)]
    inside = [(max(a, 0), min(a + window, n)) for a in starts]
    whole = [min(a + window, n + padding) - a for a in starts]
    divisors = [1 if is_sum else w if counts_padding else b - a for (a, b), w in zip(inside, whole)]
    return place_weights(n, _rows(inside, divisors))


def avg_pooled(name, axes, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override):
    x = _with_examples(name, as_tensor_argument(input, name), axes)
    window = lengths(kernel_size, axes, "kernel_size")
    step = window if stride is None or stride == () else lengths(stride, axes, "stride")
    padding, tables = lengths(padding, axes, "padding"), []
    if divisor_override == 0:
        raise RuntimeError("divisor must be not zero")
    for n, w, s, p in zip(x.shape[-axes:], window, step, padding):
        places = _pooled_length(name, n, w, s, p, 1, ceil_mode)
        tables.append(_means(n, w, s, p, places, bool(count_include_pad), divisor_override is not None))
    y = along_axes(x, tables)
    return y if divisor_override is None else y / divisor_override


def avg_pool1d(
    input: TensorLike,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    padding: Lengths = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """Compute means of windows of sequences.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, length) or (channels, length)
        Sequences.
    kernel_size : int or tuple of int
        Length of a window.
    stride : int or tuple of int, optional
        Step from window to window; that of a window by default.
    padding : int or tuple of int, optional
        Zeros at both ends.
    ceil_mode : bool, optional
        Let a last window reach beyond the end.
    count_include_pad : bool, optional
        Whether the zeros count.

    Returns
    -------
    Tensor
        The means.
    """
    return avg_pooled("avg_pool1d", 1, input, kernel_size, stride, padding, ceil_mode, count_include_pad, None)


def avg_pool2d(
    input: TensorLike,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    padding: Lengths = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """Compute means of windows of images.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, rows, columns) or (channels, rows, columns)
        Images.
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    padding : int or tuple of int, optional
        Zeros around the images.
    ceil_mode : bool, optional
        Let last windows reach beyond the end.
    count_include_pad : bool, optional
        Whether the zeros count.
    divisor_override : int, optional
        What sums are divided by, in the place of the number of places.

    Returns
    -------
    Tensor
        The means.
    """
    return avg_pooled("avg_pool2d", 2, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)


@functools.lru_cache(4096)
def _adaptive(n, places):
    """The table of means of as many windows as places."""
    inside = [(k * n // places, -(-(k + 1) * n // places)) for k in range(places)]
    return place_weights(n, _rows(inside, [b - a for a, b in inside]))


def adapted(name, axes, input, output_size):
    x = _with_examples(name, as_tensor_argument(input, name), axes)
    sizes = tuple(output_size) if isinstance(output_size, (tuple, list)) else (output_size,) * axes
    if len(sizes) != axes or any(k is not None and k < 0 for k in sizes):
        raise RuntimeError(f"{name}(): expected output_size to be an int or {axes} of them, but got {output_size!r}")
    return along_axes(x, [None if k is None else _adaptive(n, int(k)) for n, k in zip(x.shape[-axes:], sizes)])


def adaptive_avg_pool1d(input: TensorLike, output_size: Lengths) -> Tensor:
    """Compute means of as many windows of sequences as are asked for.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, length) or (channels, length)
        Sequences.
    output_size : int
        Number of windows.

    Returns
    -------
    Tensor
        The means.
    """
    return adapted("adaptive_avg_pool1d", 1, input, output_size)


def adaptive_avg_pool2d(input: TensorLike, output_size: Lengths) -> Tensor:
    """Compute means of as many windows of images as are asked for.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, rows, columns) or (channels, rows, columns)
        Images.
    output_size : int or tuple of (int or None)
        Number of windows along each axis; None for that of the places.

    Returns
    -------
    Tensor
        The means.
    """
    return adapted("adaptive_avg_pool2d", 2, input, output_size)


def _cubic(t):
    """Weights of the four places around a point, of Keys' cubic with a = -0.75."""
    a = -0.75
    near = [((a + 2) * u - (a + 3)) * u * u + 1 for u in (t, 1 - t)]
    far = [((a * u - 5 * a) * u + 8 * a) * u - 4 * a for u in (t + 1, 2 - t)]
    return far[0], *near, far[1]


@functools.lru_cache(4096)
def _interpolated(n, places, scale, mode, align_corners):
    """The table of interpolation along an axis; `scale` is the step from place to place."""
    rows = []
    for k in range(places):
        if mode in ("nearest", "nearest-exact"):
            rows.append(((min(int(math.floor((k + (0.5 if mode != "nearest" else 0.0)) * scale)), n - 1),), (1.0,)))
            continue
        at = k * scale if align_corners else (k + 0.5) * scale - 0.5
        if mode == "bicubic":
            first = math.floor(at)
            around = [min(max(first + j, 0), n - 1) for j in (-1, 0, 1, 2)]
            weights = _cubic(at - first)
        else:
            at = max(at, 0.0)
            first = min(int(at), n - 1)
            around, weights = [first, min(first + 1, n - 1)], (1.0 - (at - first), at - first)
        sums = {}
        for place, weight in zip(around, weights):
            sums[place] = sums.get(place, 0.0) + weight
        rows.append((tuple(sums), tuple(sums.values())))
    return place_weights(n, tuple(rows))


_AXES_OF = {"linear": 1, "bilinear": 2, "bicubic": 2}


def interpolate(
    input: TensorLike,
    size: Lengths | None = None,
    scale_factor: float | Sequence[float] | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Tensor:
    """Make sequences or images longer or shorter.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, ...)
        Values with one or more axes of places.
    size : int or tuple of int, optional
        Lengths of the result.
    scale_factor : float or tuple of float, optional
        Factors of the lengths, in the place of `size`.
    mode : {"nearest", "nearest-exact", "linear", "bilinear", "bicubic", "area"}, optional
        How values between places are found.
    align_corners : bool, optional
        Whether the outermost places stay where they are.
    recompute_scale_factor : bool, optional
        Compute steps from the lengths, where factors are given.
    antialias : bool, optional
        Only False.

    Returns
    -------
    Tensor
        The values at the new places.

    Raises
    ------
    ValueError
        If sizes, factors and mode do not fit.
    NotImplementedError
        If the mode is another one, or `antialias` is set.
    """
    x = as_tensor_argument(input, "interpolate")
    axes = x.ndim - 2
    if antialias or mode not in ("nearest", "nearest-exact", "area", *_AXES_OF):
        raise NotImplementedError(
            f"Input Error: got mode={mode!r}, antialias={antialias} for a {x.ndim}D input, expected nearest | linear | "
            "bilinear | "
            "bicubic | area | nearest-exact, without antialias"
        )
    if axes < 1 or _AXES_OF.get(mode, axes) != axes:
        raise NotImplementedError(f"Got {x.ndim}D input, but {mode} mode needs {_AXES_OF.get(mode, 1) + 2}D input")
    if align_corners is not None and mode not in _AXES_OF:
        raise ValueError(
            "align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear"
        )
    if (size is None) == (scale_factor is None):
        raise ValueError(
            "only one of size or scale_factor should be defined" if size else "either size or scale_factor should be defined"
        )
    before = tuple(x.shape[2:])
    if size is not None:
        after, factors = lengths(size, axes, "size"), (None,) * axes
    else:
        factors = tuple(scale_factor) if isinstance(scale_factor, (tuple, list)) else (scale_factor,) * axes
        if len(factors) != axes:
            raise ValueError(
                f"Input and scale_factor must have the same number of spatial dimensions, but got {len(factors)} and {axes}"
            )
        after = tuple([int(math.floor(n * f)) for n, f in zip(before, factors)])
        factors = (None,) * axes if recompute_scale_factor or mode == "area" else factors
    if mode == "area":
        return along_axes(x, [_adaptive(n, m) for n, m in zip(before, after)])
    tables = []
    for n, m, f in zip(before, after, factors):
        scale = (n - 1) / (m - 1) if align_corners and m > 1 else 0.0 if align_corners else n / m if f is None else 1.0 / f
        tables.append(_interpolated(n, m, scale, mode, bool(align_corners)))
    return along_axes(x, tables)


def upsample(
    input: TensorLike,
    size: Lengths | None = None,
    scale_factor: float | Sequence[float] | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
) -> Tensor:
    """Make sequences or images longer; the old name of `interpolate`.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, ...)
        Values with one or more axes of places.
    size : int or tuple of int, optional
        Lengths of the result.
    scale_factor : float or tuple of float, optional
        Factors of the lengths, in the place of `size`.
    mode : str, optional
        How values between places are found.
    align_corners : bool, optional
        Whether the outermost places stay where they are.

    Returns
    -------
    Tensor
        The values at the new places.
    """
    warnings.warn("`nn.functional.upsample` is deprecated. Use `nn.functional.interpolate` instead.", UserWarning, stacklevel=2)
    return interpolate(input, size, scale_factor, mode, align_corners)
