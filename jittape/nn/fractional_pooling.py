"""Maxima of windows whose places are drawn, so that results are shorter by any factor."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..ops.arguments import as_tensor_argument
from ..ops.gather_sort import gather
from ..ops.random_generators import generator
from ..ops.shape_functions import reshape, unsqueeze
from ..ops.reductions import max as largest
from ..tensors.tensor import Tensor, wrap
from .convolution_functions import lengths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..typing import Lengths, TensorLike


def _sizes(name, image, window, output_size, output_ratio):
    """The lengths of the result."""
    if (output_size is None) == (output_ratio is None):
        if output_size is None:
            raise ValueError(f"{name} requires specifying either an output_size or an output_ratio")
        raise ValueError(f"{name}: only one of output_size and output_ratio can be specified")
    axes = len(image)
    if output_ratio is not None:
        ratios = tuple(output_ratio) if isinstance(output_ratio, (tuple, list)) else (output_ratio,) * axes
        if len(ratios) != axes or not all(0.0 < r < 1.0 for r in ratios):
            raise ValueError(f"{name}: output_ratio must be between 0 and 1 (got {output_ratio})")
        found = tuple([int(n * r) for n, r in zip(image, ratios)])
    else:
        found = lengths(output_size, axes, "output_size")
    for n, m, w in zip(image, found, window):
        if m < 1 or m + w - 1 > n:
            raise RuntimeError(f"{name}(): pool size {w} and output length {m} do not fit an input of length {n}")
    return found


def _begins(samples, n, m, window):
    """Where the windows of one axis begin, a row for each sample: about evenly, and the last one at the end."""
    if m == 1:
        return np.full((samples.size, 1), n - window)
    step = (n - window) / (m - 1)
    found = np.floor((np.arange(m) + samples[:, None]) * step) - np.floor(samples[:, None] * step)
    found[:, -1] = n - window
    return found.astype(np.int64)


def _places(begins, window, image):
    """The flat places of all elements of all windows: an array of shape (samples, windows, elements of a window)."""
    found = 0
    for k, (begin, w, n) in enumerate(zip(begins, window, image)):
        shape = [len(begin), *[1] * (2 * len(image))]
        shape[1 + k], shape[1 + len(image) + k] = begin.shape[1], w
        found = found * n + (begin[:, :, None] + np.arange(w)).reshape(shape)
    return found.reshape(len(found), math.prod(found.shape[1 : 1 + len(image)]), -1)


def _pooled(name, axes, input, kernel_size, output_size, output_ratio, return_indices, samples):
    x = as_tensor_argument(input, name)
    if x.ndim not in (axes + 1, axes + 2):
        raise RuntimeError(f"{name}(): Expected {axes + 1}D or {axes + 2}D tensor, but got: {list(x.shape)}")
    window, image = lengths(kernel_size, axes, "kernel_size"), tuple(x.shape[-axes:])
    after = _sizes(name, image, window, output_size, output_ratio)
    lead = tuple(x.shape[:-axes])
    if samples is None:
        drawn = generator().random((math.prod(lead), axes))
    else:
        drawn = np.asarray(samples._value() if isinstance(samples, Tensor) else samples, float).reshape(-1, axes)
        if len(drawn) != math.prod(lead):
            raise RuntimeError(f"{name}(): expected random samples of shape {[*(lead if len(lead) == 2 else (1, *lead)), axes]}")
    # PyTorch's first sample is of the last axis of images, and of the first one of volumes
    columns = range(axes)[::-1] if axes == 2 else range(axes)
    begins = [_begins(drawn[:, c], *about) for c, about in zip(columns, zip(image, after, window))]
    places = _places(begins, window, image)
    values = reshape(gather(reshape(x, (len(places), -1)), 1, wrap(places.reshape(len(places), -1))), places.shape)
    found, where = largest(values, 2)
    y = reshape(found, (*lead, *after))
    return (y, reshape(gather(wrap(places), 2, unsqueeze(where, 2)), (*lead, *after))) if return_indices else y


def fractional_max_pool2d(
    input: TensorLike,
    kernel_size: Lengths,
    output_size: Lengths | None = None,
    output_ratio: float | Sequence[float] | None = None,
    return_indices: bool = False,
    _random_samples: TensorLike | None = None,
) -> Tensor | tuple[Tensor, Tensor]:
    """Take the largest number of each of some windows of images, whose places are drawn for every channel.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, rows, columns) or (channels, rows, columns)
        Images.
    kernel_size : int or tuple of int
        Lengths of the windows.
    output_size : int or tuple of int, optional
        Lengths of the result.
    output_ratio : float or tuple of float, optional
        Lengths of the result by those of the input, between 0 and 1, in the place of `output_size`.
    return_indices : bool, optional
        Return the flat places of the numbers as well.
    _random_samples : Tensor or ndarray, optional
        A number from 0 to 1 for each axis of each channel, where windows begin; drawn by default.

    Returns
    -------
    Tensor or tuple of Tensors
        The numbers, and their places.

    Raises
    ------
    ValueError
        If not just one of `output_size` and `output_ratio` is given, or the ratio is not between 0 and 1.
    RuntimeError
        If the input has another number of axes, or windows do not fit.

    References
    ----------
    Graham, "Fractional max-pooling", 2014.
    """
    about = output_size, output_ratio, return_indices, _random_samples
    return _pooled("fractional_max_pool2d", 2, input, kernel_size, *about)


def fractional_max_pool3d(
    input: TensorLike,
    kernel_size: Lengths,
    output_size: Lengths | None = None,
    output_ratio: float | Sequence[float] | None = None,
    return_indices: bool = False,
    _random_samples: TensorLike | None = None,
) -> Tensor | tuple[Tensor, Tensor]:
    """Take the largest number of each of some windows of volumes, whose places are drawn for every channel.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, depth, rows, columns) or (channels, depth, rows, columns)
        Volumes.
    kernel_size : int or tuple of int
        Lengths of the windows.
    output_size : int or tuple of int, optional
        Lengths of the result.
    output_ratio : float or tuple of float, optional
        Lengths of the result by those of the input, between 0 and 1, in the place of `output_size`.
    return_indices : bool, optional
        Return the flat places of the numbers as well.
    _random_samples : Tensor or ndarray, optional
        A number from 0 to 1 for each axis of each channel, where windows begin; drawn by default.

    Returns
    -------
    Tensor or tuple of Tensors
        The numbers, and their places.

    Raises
    ------
    ValueError
        If not just one of `output_size` and `output_ratio` is given, or the ratio is not between 0 and 1.
    RuntimeError
        If the input has another number of axes, or windows do not fit.

    References
    ----------
    Graham, "Fractional max-pooling", 2014.
    """
    about = output_size, output_ratio, return_indices, _random_samples
    return _pooled("fractional_max_pool3d", 3, input, kernel_size, *about)
