"""Convolutions and pooling of volumes: those of images, with depths of windows in the place of channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..ops.arguments import as_tensor_argument
from ..ops.creation import zeros
from ..ops.gather_sort import index_add
from ..ops.indexing import getitem
from ..ops.shape_functions import movedim, permute, reshape, squeeze, unsqueeze
from ..tensors.tensor import wrap
from .convolution_functions import conv2d, conv_transpose2d, lengths
from .padding_functions import pad
from .pooling_functions import adapted, avg_pooled, max_pool1d, max_pool2d

if TYPE_CHECKING:
    from ..tensors.tensor import Tensor
    from ..typing import Lengths, TensorLike


def _with_examples(name, input, weight):
    x, w = as_tensor_argument(input, name), as_tensor_argument(weight, name, "weight")
    if x.ndim not in (4, 5):
        raise RuntimeError(f"Expected 4D (unbatched) or 5D (batched) input to {name}, but got input of size: {list(x.shape)}")
    if w.ndim != 5:
        raise RuntimeError(f"{name}: expected a weight of 5 axes, but got one of size {list(w.shape)}")
    return (unsqueeze(x, 0), w, True) if x.ndim == 4 else (x, w, False)


def _depths(places, window, step, spacing):
    """The depth of every number of every window: (windows, numbers)."""
    return np.arange(places)[:, None] * step + np.arange(window) * spacing


def _convolved(input, weight, bias, stride, padding, dilation, groups):
    x, w, alone = _with_examples("conv3d", input, weight)
    stride, dilation = lengths(stride, 3, "stride"), lengths(dilation, 3, "dilation")
    if padding == "same":
        total = [d * (k - 1) for d, k in zip(dilation, w.shape[2:])]
        x, padding = pad(x, [n for t in reversed(total) for n in (t // 2, t - t // 2)]), 0
    padding = lengths(0 if padding == "valid" else padding, 3, "padding")
    x = pad(x, (0, 0, 0, 0, padding[0], padding[0])) if padding[0] else x
    n, channels, depth, rows, columns = x.shape
    features, part, window = tuple(w.shape)[:3]
    places = (depth - dilation[0] * (window - 1) - 1) // stride[0] + 1
    if places < 1:
        sizes = " x ".join(str(length) for length in x.shape[2:])
        raise RuntimeError(
            f"Calculated padded input size per channel: ({sizes}). Kernel size: ({' x '.join(map(str, w.shape[2:]))}). Kernel "
            "size can't be greater than actual input size"
        )
    windows = getitem(x, (slice(None), slice(None), _depths(places, window, stride[0], dilation[0])))
    images = reshape(permute(windows, (0, 2, 1, 3, 4, 5)), (n * places, channels * window, rows, columns))
    flat = reshape(w, (features, part * window, *w.shape[3:]))
    y = conv2d(images, flat, bias, stride[1:], padding[1:], dilation[1:], groups)
    y = movedim(reshape(y, (n, places, *y.shape[1:])), 1, 2)
    return squeeze(y, 0) if alone else y


def _transposed(input, weight, bias, stride, padding, output_padding, groups, dilation):
    x, w, alone = _with_examples("conv_transpose3d", input, weight)
    stride, padding = lengths(stride, 3, "stride"), lengths(padding, 3, "padding")
    dilation, more = lengths(dilation, 3, "dilation"), lengths(output_padding, 3, "output_padding")
    n, features, depth, rows, columns = x.shape
    part, window = tuple(w.shape)[1:3]
    images = reshape(movedim(x, 2, 1), (n * depth, features, rows, columns))
    flat = reshape(w, (w.shape[0], part * window, *w.shape[3:]))
    y = conv_transpose2d(images, flat, None, stride[1:], padding[1:], more[1:], groups, dilation[1:])
    channels, image = part * groups, tuple(y.shape[2:])
    y = reshape(permute(reshape(y, (n, depth, channels, window, *image)), (0, 2, 1, 3, 4, 5)), (n, channels, -1, *image))
    whole = (depth - 1) * stride[0] + dilation[0] * (window - 1) + 1 + more[0]
    at = _depths(depth, window, stride[0], dilation[0]).reshape(-1)
    y = index_add(zeros(n, channels, whole, *image, dtype=y.dtype), 2, at, y)
    y = y[:, :, padding[0] : whole - padding[0]]
    y = y if bias is None else y + reshape(as_tensor_argument(bias, "conv_transpose3d", "bias"), (-1, 1, 1, 1))
    return squeeze(y, 0) if alone else y


def _max_pooled(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices):
    x = as_tensor_argument(input, "max_pool3d")
    if x.ndim not in (4, 5):
        raise RuntimeError(f"max_pool3d() Expected 4D or 5D input, but got input of size: {list(x.shape)}")
    window = lengths(kernel_size, 3, "kernel_size")
    step = window if stride is None or stride == () else lengths(stride, 3, "stride")
    padding, spacing = lengths(padding, 3, "padding"), lengths(dilation, 3, "dilation")
    lead, image = tuple(x.shape[:-3]), tuple(x.shape[-2:])
    flat = reshape(x, (-1, x.shape[-3], *image))
    y, at = max_pool2d(flat, window[1:], step[1:], padding[1:], spacing[1:], ceil_mode, True)
    columns = movedim(y, 1, -1)
    y, depths = max_pool1d(reshape(columns, (1, -1, x.shape[-3])), window[0], step[0], padding[0], spacing[0], ceil_mode, True)
    y = movedim(reshape(y, (*columns.shape[:-1], -1)), -1, 1)
    shape = (*lead, *y.shape[1:])
    if not return_indices:
        return reshape(y, shape)
    depths = np.moveaxis(depths.numpy().reshape(*columns.shape[:-1], -1), -1, 1)
    places = np.take_along_axis(at.numpy(), depths, 1) + depths * (image[0] * image[1])
    return reshape(y, shape), wrap(places.reshape(shape))


def conv3d(
    input: TensorLike,
    weight: TensorLike,
    bias: TensorLike | None = None,
    stride: Lengths = 1,
    padding: Lengths | str = 0,
    dilation: Lengths = 1,
    groups: int = 1,
) -> Tensor:
    """Correlate volumes with windows.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, depth, rows, columns) or (channels, depth, rows, columns)
        Volumes.
    weight : Tensor or ndarray, shape (features, channels / groups, depth, rows, columns)
        Windows.
    bias : Tensor or ndarray, shape (features,), optional
        Added to every place.
    stride : int or tuple of int, optional
        Steps from window to window.
    padding : int, tuple of int, "valid" or "same", optional
        Zeros around the volumes; "same" keeps the lengths.
    dilation : int or tuple of int, optional
        Steps from number to number of a window.
    groups : int, optional
        Groups of channels and features that are apart.

    Returns
    -------
    Tensor, shape (n, features, depth, rows, columns)
        The features.
    """
    return _convolved(input, weight, bias, stride, padding, dilation, groups)


def conv_transpose3d(
    input: TensorLike,
    weight: TensorLike,
    bias: TensorLike | None = None,
    stride: Lengths = 1,
    padding: Lengths = 0,
    output_padding: Lengths = 0,
    groups: int = 1,
    dilation: Lengths = 1,
) -> Tensor:
    """Apply the transpose of `conv3d`: every number of the input adds its window to the output.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, features, depth, rows, columns) or (features, depth, rows, columns)
        Features.
    weight : Tensor or ndarray, shape (features, channels / groups, depth, rows, columns)
        Windows.
    bias : Tensor or ndarray, shape (channels,), optional
        Added to every place.
    stride, padding, output_padding : int or tuple of int, optional
        Those of `conv3d`, and how much longer the output is than the shortest that `conv3d` takes to this input.
    groups : int, optional
        Groups of channels and features that are apart.
    dilation : int or tuple of int, optional
        Steps from number to number of a window.

    Returns
    -------
    Tensor, shape (n, channels, depth, rows, columns)
        The volumes.
    """
    return _transposed(input, weight, bias, stride, padding, output_padding, groups, dilation)


def max_pool3d(
    input: TensorLike,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    padding: Lengths = 0,
    dilation: Lengths = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Find the largest numbers of windows of volumes.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, depth, rows, columns) or (channels, depth, rows, columns)
        Volumes.
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    padding : int or tuple of int, optional
        Places without a number around the volumes.
    dilation : int or tuple of int, optional
        Steps from number to number of a window.
    ceil_mode : bool, optional
        Let last windows reach beyond the end.
    return_indices : bool, optional
        Also return where the largest are, as flat places in the volume.

    Returns
    -------
    Tensor or tuple of two Tensors
        The largest numbers, of equal ones the first; and their places.
    """
    return _max_pooled(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def avg_pool3d(
    input: TensorLike,
    kernel_size: Lengths,
    stride: Lengths | None = None,
    padding: Lengths = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """Compute means of windows of volumes.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, depth, rows, columns) or (channels, depth, rows, columns)
        Volumes.
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    padding : int or tuple of int, optional
        Zeros around the volumes.
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
    return avg_pooled("avg_pool3d", 3, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)


def adaptive_avg_pool3d(input: TensorLike, output_size: Lengths) -> Tensor:
    """Compute means of as many windows of volumes as are asked for.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, depth, rows, columns) or (channels, depth, rows, columns)
        Volumes.
    output_size : int or tuple of (int or None)
        Number of windows along each axis; None for that of the places.

    Returns
    -------
    Tensor
        The means.
    """
    return adapted("adaptive_avg_pool3d", 3, input, output_size)
