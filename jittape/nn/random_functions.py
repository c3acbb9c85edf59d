"""Functions of networks that draw random numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..ops.arguments import as_tensor_argument, one_axis
from ..ops.choosing import where
from ..ops.random_generators import generator
from ..ops.softmax import softmax
from ..tensors.tensor import wrap
from .older_keywords import with_inplace

if TYPE_CHECKING:
    from typing import SupportsIndex

    from ..tensors.tensor import Tensor
    from ..typing import TensorLike

_LOWEST = -1.0507009873554804934193349852946 * 1.6732632423543772848170429916717  # the limit of `selu`


def _check_probability(p):
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")


def kept(shape, p, channels=None):
    """Which elements, or whole channels of as many axes, stay."""
    lead = len(shape) if channels is None else max(len(shape) - channels, 0)
    return generator().random((*shape[:lead], *[1] * (len(shape) - lead))) >= p


def _alpha_dropped(name, input, p, training, channels):
    _check_probability(p)
    x = as_tensor_argument(input, name)
    if not training or p == 0.0:
        return x
    stays = kept(tuple(x.shape), p, channels)
    if p == 1.0:
        return x * 0.0
    factor = 1.0 / math.sqrt((1.0 - p) * (1.0 + p * _LOWEST**2))
    return where(wrap(np.broadcast_to(stays, tuple(x.shape)).copy()), x, _LOWEST) * factor - factor * _LOWEST * p


@with_inplace
def dropout(input: TensorLike, p: float = 0.5, training: bool = True) -> Tensor:
    """Set each element to 0 with probability `p` and divide the others by ``1 - p``.

    Random numbers come from the generator that `jt.manual_seed` seeds.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    p : float, optional
        Probability between 0 and 1.
    training : bool, optional
        If False, `input` is returned unchanged.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    ValueError
        If `p` is not between 0 and 1.

    References
    ----------
    Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15, 2014.
    """
    _check_probability(p)
    x = as_tensor_argument(input, "dropout")
    if not training or p == 0.0:
        return x
    stays = kept(tuple(x.shape), p)
    return x * wrap((stays / (1.0 - p) if p < 1.0 else np.zeros(stays.shape)).astype(x.dtype))


def _dropout_of_channels(name, input, p, training, axes):
    _check_probability(p)
    x = as_tensor_argument(input, name)
    if not training or p == 0.0:
        return x
    stays = kept(tuple(x.shape), p, axes)
    return x * wrap((stays / (1.0 - p) if p < 1.0 else np.zeros(stays.shape)).astype(x.dtype))


@with_inplace
def dropout1d(input: TensorLike, p: float = 0.5, training: bool = True) -> Tensor:
    """Set whole channels of sequences to 0 with probability `p`, and divide the others by ``1 - p``.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, length) or (channels, length)
        Sequences.
    p : float, optional
        Probability between 0 and 1.
    training : bool, optional
        If False, `input` is returned unchanged.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    return _dropout_of_channels("dropout1d", input, p, training, 1)


@with_inplace
def dropout2d(input: TensorLike, p: float = 0.5, training: bool = True) -> Tensor:
    """Set whole channels of images to 0 with probability `p`, and divide the others by ``1 - p``.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, rows, columns) or (channels, rows, columns)
        Images.
    p : float, optional
        Probability between 0 and 1.
    training : bool, optional
        If False, `input` is returned unchanged.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    return _dropout_of_channels("dropout2d", input, p, training, 2)


@with_inplace
def dropout3d(input: TensorLike, p: float = 0.5, training: bool = True) -> Tensor:
    """Set whole channels of volumes to 0 with probability `p`, and divide the others by ``1 - p``.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, depth, rows, columns) or (channels, depth, rows, columns)
        Volumes.
    p : float, optional
        Probability between 0 and 1.
    training : bool, optional
        If False, `input` is returned unchanged.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    return _dropout_of_channels("dropout3d", input, p, training, 3)


@with_inplace
def alpha_dropout(input: TensorLike, p: float = 0.5, training: bool = False) -> Tensor:
    """Set each element to the limit of `selu` with probability `p`, and scale all so that mean and variance stay.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    p : float, optional
        Probability between 0 and 1.
    training : bool, optional
        If False, `input` is returned unchanged.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    References
    ----------
    Klambauer et al., "Self-normalizing neural networks", NeurIPS 2017.
    """
    return _alpha_dropped("alpha_dropout", input, p, training, None)


@with_inplace
def feature_alpha_dropout(input: TensorLike, p: float = 0.5, training: bool = False) -> Tensor:
    """Set whole channels to the limit of `selu` with probability `p`, and scale all so that mean and variance stay.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, ...)
        Values.
    p : float, optional
        Probability between 0 and 1.
    training : bool, optional
        If False, `input` is returned unchanged.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    x = as_tensor_argument(input, "feature_alpha_dropout")
    return _alpha_dropped("feature_alpha_dropout", x, p, training, max(x.ndim - 2, 0))


@with_inplace
def rrelu(input: TensorLike, lower: float = 1.0 / 8, upper: float = 1.0 / 3, training: bool = False) -> Tensor:
    """Leaky rectifier whose slope for negative values is drawn; in evaluation it is the mean.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    lower, upper : float, optional
        Between which slopes are drawn.
    training : bool, optional
        Whether they are drawn.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    x = as_tensor_argument(input, "rrelu")
    slope = generator().uniform(lower, upper, tuple(x.shape)) if training else np.full(tuple(x.shape), (lower + upper) / 2)
    return where(x >= 0.0, x, x * wrap(slope.astype(x.dtype)))


def gumbel_softmax(
    logits: TensorLike, tau: float = 1.0, hard: bool = False, eps: float = 1e-10, dim: SupportsIndex = -1
) -> Tensor:
    """Draw from categories in a way that has derivatives by their logits.

    Parameters
    ----------
    logits : Tensor or ndarray
        Logarithms of probabilities, up to a constant.
    tau : float, optional
        Temperature: the smaller, the closer to one category.
    hard : bool, optional
        Return one category as zeros and a one, with the derivatives of the soft ones.
    eps : float, optional
        Without effect; accepted for compatibility with PyTorch.
    dim : int, optional
        Axis of the categories.

    Returns
    -------
    Tensor
        Of the shape of `logits`.

    References
    ----------
    Jang, Gu and Poole, "Categorical reparameterization with Gumbel-softmax", ICLR 2017.
    """
    x = as_tensor_argument(logits, "gumbel_softmax", "logits")
    noise = wrap(generator().gumbel(size=tuple(x.shape)).astype(x.dtype))
    soft = softmax((x + noise) / tau, dim)
    if not hard:
        return soft
    axis = one_axis(dim, x.ndim)
    chosen = np.zeros(tuple(x.shape), x.dtype)
    np.put_along_axis(chosen, np.argmax(soft.detach()._value(), axis, keepdims=True), 1.0, axis)
    return wrap(chosen) - soft.detach() + soft
