"""Normalisation over examples, groups and channels, as functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..autograd.grad_mode import no_grad
from ..errors import ShapeError
from ..ops.arguments import as_tensor_argument
from ..ops.assignment import write_together
from ..ops.arithmetic import rsqrt, square
from ..ops.shape_functions import reshape
from ..ops.sums import mean as _mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..tensors.tensor import Tensor
    from ..typing import TensorLike


def _centred(x, axes, eps):
    """The values over some axes with mean 0 and variance 1, the mean, and the variance."""
    mean = _mean(x, axes, True)
    centred = x - mean
    variance = _mean(square(centred), axes, True)
    return centred * rsqrt(variance + eps), mean, variance


def _along_channels(values, x):
    """A vector with a number for each channel, to be broadcast with the values."""
    return reshape(values, (1, -1) + (1,) * (x.ndim - 2))


def scaled(x, weight, bias):
    """Values times a weight for each channel, and a bias added."""
    if weight is not None:
        x = x * _along_channels(weight, x)
    return x if bias is None else x + _along_channels(bias, x)


def batch_norm(
    input: TensorLike,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: TensorLike | None = None,
    bias: TensorLike | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Normalise channels, over all examples and places, to mean 0 and variance 1, then scale and shift them.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, ...)
        Values.
    running_mean, running_var : Tensor, shape (channels,), or None
        What is normalised with outside of training; in training they are moved towards mean and variance of `input`, in place.
    weight, bias : Tensor or ndarray, shape (channels,), optional
        Scale and shift.
    training : bool, optional
        Whether mean and variance are those of `input`.
    momentum : float, optional
        How far the running ones are moved.
    eps : float, optional
        Added to the variance.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    ValueError
        In training, if there is one value a channel.
    RuntimeError
        If the shapes do not fit.

    References
    ----------
    Ioffe and Szegedy, "Batch normalization: accelerating deep network training by reducing internal covariate shift",
    ICML 2015.
    """
    x = as_tensor_argument(input, "batch_norm")
    for name, given in (("running_mean", running_mean), ("running_var", running_var), ("weight", weight), ("bias", bias)):
        if given is not None and np.prod(given.shape) != x.shape[1]:
            raise RuntimeError(f"{name} should contain {x.shape[1]} elements not {int(np.prod(given.shape))}")
    if not training:
        if running_mean is None or running_var is None:
            raise RuntimeError("Expected running_mean and running_var to be defined when training=False")
        factor = rsqrt(_along_channels(running_var, x) + eps)
        return scaled((x - _along_channels(running_mean, x)) * factor, weight, bias)
    n = x.numel() // max(x.shape[1], 1)
    if n == 1:
        raise ValueError(f"Expected more than 1 value per channel when training, got input size {x.shape!r}")
    y, mean, variance = _centred(x, (0, *range(2, x.ndim)), eps)
    if running_mean is not None and running_var is not None:
        _move(running_mean, mean, running_var, variance, n / (n - 1), momentum)
    return scaled(y, weight, bias)


def _move(running_mean, mean, running_var, variance, factor, momentum):
    """Move running means and variances, in place, towards means over examples of those that were found."""
    with no_grad():
        pairs = []
        for running, found, times in ((running_mean, mean, 1.0), (running_var, variance, factor)):
            towards = _mean(reshape(found.detach(), (-1, running.shape[0])), 0) * times
            pairs.append((running, running + momentum * (towards - running)))
        write_together(pairs)


def instance_norm(
    input: TensorLike,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: TensorLike | None = None,
    bias: TensorLike | None = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Normalise each channel of each example, over its places, to mean 0 and variance 1, then scale and shift it.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, ...)
        Values.
    running_mean, running_var : Tensor, shape (channels,), or None
        What is normalised with where `use_input_stats` is False; otherwise they are moved towards the means over the examples, in
        place.
    weight, bias : Tensor or ndarray, shape (channels,), optional
        Scale and shift.
    use_input_stats : bool, optional
        Whether mean and variance are those of `input`.
    momentum : float, optional
        How far the running ones are moved.
    eps : float, optional
        Added to the variance.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    ValueError
        If there is one value a channel of an example.
    RuntimeError
        If there are no running means where they are needed.
    """
    x = as_tensor_argument(input, "instance_norm")
    if not use_input_stats:
        if running_mean is None or running_var is None:
            raise RuntimeError("Expected running_mean and running_var to be defined when use_input_stats is false")
        return batch_norm(x, running_mean, running_var, weight, bias, False, momentum, eps)
    n = int(np.prod(x.shape[2:]))
    if n == 1:
        raise ValueError(f"Expected more than 1 spatial element when training, got input size {x.shape!r}")
    y, mean, variance = _centred(x, tuple(range(2, x.ndim)), eps)
    if running_mean is not None and running_var is not None:
        _move(running_mean, mean, running_var, variance, n / (n - 1), momentum)
    return scaled(y, weight, bias)


def group_norm(
    input: TensorLike, num_groups: int, weight: TensorLike | None = None, bias: TensorLike | None = None, eps: float = 1e-5
) -> Tensor:
    """Normalise groups of channels of each example to mean 0 and variance 1, then scale and shift the channels.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, ...)
        Values.
    num_groups : int
        Number of groups.
    weight, bias : Tensor or ndarray, shape (channels,), optional
        Scale and shift.
    eps : float, optional
        Added to the variance.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    RuntimeError
        If the channels cannot be divided so.

    References
    ----------
    Wu and He, "Group normalization", ECCV 2018.
    """
    x = as_tensor_argument(input, "group_norm")
    if x.ndim < 2 or num_groups <= 0 or x.shape[1] % num_groups:
        raise RuntimeError(
            f"Expected number of channels in input to be divisible by num_groups, but got input of shape {list(x.shape)} and "
            f"num_groups={num_groups}"
        )
    grouped = reshape(x, (x.shape[0], num_groups, -1))
    return scaled(reshape(_centred(grouped, (2,), eps)[0], tuple(x.shape)), weight, bias)


def rms_norm(
    input: TensorLike, normalized_shape: Sequence[int], weight: TensorLike | None = None, eps: float | None = None
) -> Tensor:
    """Divide values by the root of their mean square over the last axes, then scale them.

    Parameters
    ----------
    input : Tensor or ndarray, shape (..., *normalized_shape)
        Values.
    normalized_shape : sequence of int
        Lengths of the axes over which is normalised.
    weight : Tensor or ndarray, optional
        Scale of shape `normalized_shape`.
    eps : float, optional
        Added to the mean square; the machine's precision by default.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    ShapeError
        If the last axes have other lengths.
    """
    x, shape = as_tensor_argument(input, "rms_norm"), tuple(normalized_shape)
    if not shape or tuple(x.shape[-len(shape) :]) != shape:
        raise ShapeError(
            f"Given normalized_shape={list(shape)}, expected input with shape [*, {', '.join(map(str, shape))}], but "
            "got input of "
            f"size{list(x.shape)}"
        )
    eps = float(np.finfo(x.dtype).eps) if eps is None else eps
    y = x * rsqrt(_mean(square(x), tuple(range(-len(shape), 0)), True) + eps)
    return y if weight is None else y * weight
