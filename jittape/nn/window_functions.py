"""Windows as columns, and numbers put back to where the maxima of windows were found."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..ops.arguments import as_tensor_argument
from ..ops.compositions import scatter
from ..ops.creation import zeros
from ..ops.shape_functions import reshape
from ..tensors.tensor import Tensor, wrap
from .convolution_functions import conv2d, conv_transpose2d, lengths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..typing import Lengths, TensorLike


def _each_number(channels, window, dtype):
    """Windows of a convolution that takes every number of a window apart."""
    count = math.prod(window)
    return wrap(np.tile(np.eye(count, dtype=dtype).reshape(count, 1, *window), (channels, 1, 1, 1)))


def unfold(input: TensorLike, kernel_size: Lengths, dilation: Lengths = 1, padding: Lengths = 0, stride: Lengths = 1) -> Tensor:
    """Put the windows of images side by side, as columns.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, rows, columns) or (channels, rows, columns)
        Images.
    kernel_size : int or tuple of int
        Lengths of a window.
    dilation : int or tuple of int, optional
        Steps from number to number of a window.
    padding : int or tuple of int, optional
        Zeros around the images.
    stride : int or tuple of int, optional
        Steps from window to window.

    Returns
    -------
    Tensor, shape (n, channels * numbers in a window, windows)
        The windows.

    Raises
    ------
    RuntimeError
        If the input has another number of axes.
    """
    x, window = as_tensor_argument(input, "unfold"), lengths(kernel_size, 2, "kernel_size")
    if x.ndim not in (3, 4):
        raise RuntimeError(f"Expected 3D or 4D (batch mode) tensor for input, but got input of size: {list(x.shape)}")
    channels = x.shape[-3]
    y = conv2d(x, _each_number(channels, window, x.dtype), None, stride, padding, dilation, channels)
    return reshape(y, (*y.shape[:-2], -1))


def fold(
    input: TensorLike,
    output_size: Lengths,
    kernel_size: Lengths,
    dilation: Lengths = 1,
    padding: Lengths = 0,
    stride: Lengths = 1,
) -> Tensor:
    """Add windows that are columns to images: the transpose of `unfold`.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels * numbers in a window, windows), or without n
        The windows.
    output_size : int or tuple of int
        Lengths of the images.
    kernel_size : int or tuple of int
        Lengths of a window.
    dilation : int or tuple of int, optional
        Steps from number to number of a window.
    padding : int or tuple of int, optional
        Zeros that were around the images.
    stride : int or tuple of int, optional
        Steps from window to window.

    Returns
    -------
    Tensor, shape (n, channels, rows, columns)
        The images.

    Raises
    ------
    RuntimeError
        If the input has not as many windows, or numbers in them.
    """
    x, sizes = as_tensor_argument(input, "fold"), lengths(output_size, 2, "output_size")
    window, spacing = lengths(kernel_size, 2, "kernel_size"), lengths(dilation, 2, "dilation")
    around, step = lengths(padding, 2, "padding"), lengths(stride, 2, "stride")
    if x.ndim not in (2, 3):
        raise RuntimeError(f"Expected 2D or 3D (batch mode) tensor for input, but got input of size: {list(x.shape)}")
    if x.shape[-2] % math.prod(window):
        raise RuntimeError(
            "Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got "
            f"input.size(1)={x.shape[-2]} and kernel_size={window}"
        )
    spans = [n + 2 * p - d * (k - 1) - 1 for n, p, d, k in zip(sizes, around, spacing, window)]
    places = [span // s + 1 for span, s in zip(spans, step)]
    if math.prod(places) != x.shape[-1]:
        raise RuntimeError(
            f"Given output_size={sizes}, kernel_size={window}, dilation={spacing}, padding={around}, stride={step}, expected "
            "size of input's dimension 2 to match the calculated number of sliding blocks "
            f"{math.prod(places)}, but got {x.shape[-1]}"
        )
    channels, over = x.shape[-2] // math.prod(window), [span % s for span, s in zip(spans, step)]
    images = reshape(x, (*x.shape[:-1], *places))
    return conv_transpose2d(images, _each_number(channels, window, x.dtype), None, step, around, over, channels, spacing)


def _unpooled(name, axes, input, indices, kernel_size, stride, padding, output_size):
    x, at = as_tensor_argument(input, name), indices if isinstance(indices, Tensor) else wrap(np.asarray(indices))
    if tuple(at.shape) != tuple(x.shape):
        raise RuntimeError(f"Expected shape of indices to be same as that of the input tensor: got {at.shape!r} and {x.shape!r}")
    window, around = lengths(kernel_size, axes, "kernel_size"), lengths(padding, axes, "padding")
    step = window if stride is None else lengths(stride, axes, "stride")
    usual = [(n - 1) * s - 2 * p + k for n, s, p, k in zip(x.shape[-axes:], step, around, window)]
    sizes = usual if output_size is None else list(output_size)[-axes:]
    if any(not n - s < m < n + s for m, n, s in zip(sizes, usual, step)):
        raise ValueError(f"invalid output_size {sizes}: expected lengths around {usual}, less than a step away")
    lead, count = tuple(x.shape[:-axes]), math.prod(sizes)
    places = at.numpy()
    if places.size and not (0 <= places.min() and places.max() < count):
        raise RuntimeError(f"Found an invalid max index: {int(places.max())} (output volumes are of size {sizes})")
    flat, n = (math.prod(lead), -1), math.prod(lead)
    y = scatter(zeros(n, count, dtype=x.dtype), 1, reshape(at, flat), reshape(x, flat))
    return reshape(y, (*lead, *sizes))


def max_unpool1d(
    input: TensorLike,
    indices: TensorLike,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    padding: Lengths = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Put the largest numbers of windows back to where they were found.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, places) or (channels, places)
        Largest numbers of windows.
    indices : Tensor or ndarray of int
        Their flat places, as `max_pool1d` returns them.
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    padding : int or tuple of int, optional
        What has been padded.
    output_size : sequence of int, optional
        Lengths of the result; the shortest by default.

    Returns
    -------
    Tensor
        Zeros, and the numbers at their places.

    Raises
    ------
    RuntimeError
        If a place is not in the result.
    """
    return _unpooled("max_unpool1d", 1, input, indices, kernel_size, stride, padding, output_size)


def max_unpool2d(
    input: TensorLike,
    indices: TensorLike,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    padding: Lengths = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Put the largest numbers of windows back to where they were found.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, rows, columns) or (channels, rows, columns)
        Largest numbers of windows.
    indices : Tensor or ndarray of int
        Their flat places, as `max_pool2d` returns them.
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    padding : int or tuple of int, optional
        What has been padded.
    output_size : sequence of int, optional
        Lengths of the result; the shortest by default.

    Returns
    -------
    Tensor
        Zeros, and the numbers at their places.

    Raises
    ------
    RuntimeError
        If a place is not in the result.
    """
    return _unpooled("max_unpool2d", 2, input, indices, kernel_size, stride, padding, output_size)


def max_unpool3d(
    input: TensorLike,
    indices: TensorLike,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    padding: Lengths = 0,
    output_size: Sequence[int] | None = None,
) -> Tensor:
    """Put the largest numbers of windows back to where they were found.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, depth, rows, columns) or (channels, depth, rows, columns)
        Largest numbers of windows.
    indices : Tensor or ndarray of int
        Their flat places, as `max_pool3d` returns them.
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    padding : int or tuple of int, optional
        What has been padded.
    output_size : sequence of int, optional
        Lengths of the result; the shortest by default.

    Returns
    -------
    Tensor
        Zeros, and the numbers at their places.

    Raises
    ------
    RuntimeError
        If a place is not in the result.
    """
    return _unpooled("max_unpool3d", 3, input, indices, kernel_size, stride, padding, output_size)
