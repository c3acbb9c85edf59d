"""Pooling by maxima of windows of different lengths and by norms, and responses divided by those of neighbours."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from ..ops.arguments import as_tensor_argument
from ..ops.gather_sort import gather
from ..tensors.tensor import wrap
from .padding_functions import pad
from .pooling_functions import _with_examples, avg_pooled
from .convolution_functions import lengths

if TYPE_CHECKING:
    from ..tensors.tensor import Tensor
    from ..typing import Lengths, TensorLike


def _edges(n, places):
    """Where as many windows as places begin and end."""
    return [(k * n // places, -(-(k + 1) * n // places)) for k in range(places)]


def _adaptive_maxima(name, axes, input, output_size, return_indices):
    x = _with_examples(name, as_tensor_argument(input, name), axes)
    sizes = tuple(output_size) if isinstance(output_size, (tuple, list)) else (output_size,) * axes
    if len(sizes) != axes or any(k is not None and k <= 0 for k in sizes):
        raise RuntimeError(f"{name}(): expected output_size to be an int or {axes} of them, but got {output_size!r}")
    image, values = tuple(x.shape[-axes:]), x.detach()._value()
    sizes = [n if k is None else int(k) for n, k in zip(image, sizes)]
    numbers, lead = np.arange(int(np.prod(image))).reshape(image), tuple(x.shape[:-axes])
    places = np.empty((*lead, int(np.prod(sizes))), np.int64)
    for k, window in enumerate(itertools.product(*[_edges(n, m) for n, m in zip(image, sizes)])):
        part = tuple([slice(a, b) for a, b in window])
        inside = values[(..., *part)].reshape(*lead, -1)
        places[..., k] = numbers[part].reshape(-1)[np.argmax(inside, -1)]
    y = gather(x.reshape(*lead, -1), -1, wrap(places)).reshape(*lead, *sizes)
    return (y, wrap(places.reshape(*lead, *sizes))) if return_indices else y


def adaptive_max_pool1d(input: TensorLike, output_size: Lengths, return_indices: bool = False) -> Tensor | tuple[Tensor, Tensor]:
    """Find the largest numbers of as many windows of sequences as are asked for.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, length) or (channels, length)
        Sequences.
    output_size : int
        Number of windows.
    return_indices : bool, optional
        Return the places of the numbers too.

    Returns
    -------
    Tensor or tuple of Tensor
        The numbers, and their places if asked for.
    """
    return _adaptive_maxima("adaptive_max_pool1d", 1, input, output_size, return_indices)


def adaptive_max_pool2d(input: TensorLike, output_size: Lengths, return_indices: bool = False) -> Tensor | tuple[Tensor, Tensor]:
    """Find the largest numbers of as many windows of images as are asked for.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, rows, columns) or (channels, rows, columns)
        Images.
    output_size : int or tuple of (int or None)
        Number of windows along each axis; None for that of the places.
    return_indices : bool, optional
        Return the flat places of the numbers too.

    Returns
    -------
    Tensor or tuple of Tensor
        The numbers, and their places if asked for.
    """
    return _adaptive_maxima("adaptive_max_pool2d", 2, input, output_size, return_indices)


def adaptive_max_pool3d(input: TensorLike, output_size: Lengths, return_indices: bool = False) -> Tensor | tuple[Tensor, Tensor]:
    """Find the largest numbers of as many windows of volumes as are asked for.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, depth, rows, columns) or (channels, depth, rows, columns)
        Volumes.
    output_size : int or tuple of (int or None)
        Number of windows along each axis; None for that of the places.
    return_indices : bool, optional
        Return the flat places of the numbers too.

    Returns
    -------
    Tensor or tuple of Tensor
        The numbers, and their places if asked for.
    """
    return _adaptive_maxima("adaptive_max_pool3d", 3, input, output_size, return_indices)


def _norms(name, axes, input, norm_type, kernel_size, stride, ceil_mode):
    x, n = as_tensor_argument(input, name), int(np.prod(lengths(kernel_size, axes, "kernel_size")))
    mean = avg_pooled(name, axes, x**norm_type, kernel_size, stride, 0, ceil_mode, True, None)
    return (mean.relu() * n) ** (1.0 / norm_type)


def lp_pool1d(
    input: TensorLike, norm_type: float, kernel_size: Lengths, stride: Lengths | None = None, ceil_mode: bool = False
) -> Tensor:
    """Compute norms of windows of sequences, of powers of their numbers with signs.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, length) or (channels, length)
        Sequences.
    norm_type : float
        Order of the norm.
    kernel_size : int
        Length of a window.
    stride : int, optional
        Step from window to window; that of a window by default.
    ceil_mode : bool, optional
        Whether a last window may end behind the sequence.

    Returns
    -------
    Tensor
        The norms.
    """
    return _norms("lp_pool1d", 1, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool2d(
    input: TensorLike, norm_type: float, kernel_size: Lengths, stride: Lengths | None = None, ceil_mode: bool = False
) -> Tensor:
    """Compute norms of windows of images, of powers of their numbers with signs.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, rows, columns) or (channels, rows, columns)
        Images.
    norm_type : float
        Order of the norm.
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    ceil_mode : bool, optional
        Whether last windows may end behind the image.

    Returns
    -------
    Tensor
        The norms.
    """
    return _norms("lp_pool2d", 2, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool3d(
    input: TensorLike, norm_type: float, kernel_size: Lengths, stride: Lengths | None = None, ceil_mode: bool = False
) -> Tensor:
    """Compute norms of windows of volumes, of powers of their numbers with signs.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, depth, rows, columns) or (channels, depth, rows, columns)
        Volumes.
    norm_type : float
        Order of the norm.
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    ceil_mode : bool, optional
        Whether last windows may end behind the volume.

    Returns
    -------
    Tensor
        The norms.
    """
    return _norms("lp_pool3d", 3, input, norm_type, kernel_size, stride, ceil_mode)


def local_response_norm(input: TensorLike, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> Tensor:
    """Divide numbers by a power of the mean square of neighbouring channels.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, ...)
        Values.
    size : int
        How many channels count as neighbours.
    alpha : float, optional
        Factor of the mean.
    beta : float, optional
        The exponent.
    k : float, optional
        Added to the mean.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    ValueError
        If `input` has fewer than three axes.
    """
    x = as_tensor_argument(input, "local_response_norm")
    if x.ndim < 3:
        raise ValueError(f"Expected 3D or higher dimensionality input (got {x.ndim} dimensions)")
    squares = (x * x).reshape(x.shape[0], 1, x.shape[1], -1)
    padded = pad(squares, (0, 0, size // 2, (size - 1) // 2))
    means = avg_pooled("local_response_norm", 2, padded, (size, 1), 1, 0, False, True, None).reshape(*x.shape)
    return x / (means * alpha + k) ** beta
