"""Initialisation of parameters.

Every function fills a tensor in place, without recording, and returns it. Random numbers come from the generator that
`jt.manual_seed` seeds.
"""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING

import numpy as np

from ..autograd.grad_mode import no_grad
from ..ops.random_generators import drawn_from

if TYPE_CHECKING:
    from ..ops.random_generators import Generator
    from ..tensors.tensor import Tensor

__all__ = [
    "calculate_gain",
    "constant_",
    "dirac_",
    "eye_",
    "kaiming_normal_",
    "kaiming_uniform_",
    "normal_",
    "ones_",
    "orthogonal_",
    "sparse_",
    "trunc_normal_",
    "uniform_",
    "xavier_normal_",
    "xavier_uniform_",
    "zeros_",
]


def __dir__():
    return __all__


_GAINS = {
    "linear": 1.0,
    "conv1d": 1.0,
    "conv2d": 1.0,
    "conv3d": 1.0,
    "sigmoid": 1.0,
    "tanh": 5.0 / 3.0,
    "relu": math.sqrt(2.0),
    "selu": 0.75,
}


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """Factor for the standard deviation of weights that keeps the variance of activations through layers.

    Parameters
    ----------
    nonlinearity : str
        Name of the activation after the layer: "linear", "conv1d", "conv2d", "conv3d", "sigmoid", "tanh", "relu",
        "leaky_relu" or "selu".
    param : float, optional
        The negative slope of "leaky_relu", 0.01 by default.

    Returns
    -------
    float
        The recommended factor.

    Raises
    ------
    ValueError
        If the activation is not known, or the slope is not a number.
    """
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        if isinstance(slope, bool) or not isinstance(slope, (int, float)):
            raise ValueError(f"negative_slope {param} not a valid number")
        return math.sqrt(2.0 / (1.0 + slope**2))
    if nonlinearity not in _GAINS:
        raise ValueError(f"Unsupported nonlinearity {nonlinearity}: expected one of {', '.join([*_GAINS, 'leaky_relu'])}")
    return _GAINS[nonlinearity]


def _fill(tensor, values):
    with no_grad():
        return tensor.copy_(np.asarray(values, tensor.dtype))


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Fill a tensor with random numbers of the uniform distribution.

    Parameters
    ----------
    tensor : Tensor
        Filled in place.
    a, b : float, optional
        Lower and upper end of the interval.
    generator : Generator, optional
        Where numbers are drawn from; by default what `manual_seed` seeds.

    Returns
    -------
    Tensor
        `tensor` itself.
    """
    return _fill(tensor, drawn_from(generator).uniform(a, b, tuple(tensor.shape)))


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Fill a tensor with random numbers of a normal distribution.

    Parameters
    ----------
    tensor : Tensor
        Filled in place.
    mean, std : float, optional
        Mean and standard deviation.
    generator : Generator, optional
        Where numbers are drawn from; by default what `manual_seed` seeds.

    Returns
    -------
    Tensor
        `tensor` itself.
    """
    return _fill(tensor, drawn_from(generator).normal(mean, std, tuple(tensor.shape)))


def constant_(tensor: Tensor, val: float) -> Tensor:
    """Fill a tensor with one number.

    Parameters
    ----------
    tensor : Tensor
        Filled in place.
    val : float
        The number.

    Returns
    -------
    Tensor
        `tensor` itself.
    """
    return _fill(tensor, val)


def zeros_(tensor: Tensor) -> Tensor:
    """Fill a tensor with zeros.

    Parameters
    ----------
    tensor : Tensor
        Filled in place.

    Returns
    -------
    Tensor
        `tensor` itself.
    """
    return _fill(tensor, 0.0)


def ones_(tensor: Tensor) -> Tensor:
    """Fill a tensor with ones.

    Parameters
    ----------
    tensor : Tensor
        Filled in place.

    Returns
    -------
    Tensor
        `tensor` itself.
    """
    return _fill(tensor, 1.0)


def eye_(tensor: Tensor) -> Tensor:
    """Fill a matrix with ones on the diagonal and zeros elsewhere.

    Parameters
    ----------
    tensor : Tensor
        Matrix, filled in place.

    Returns
    -------
    Tensor
        `tensor` itself.

    Raises
    ------
    ValueError
        If `tensor` does not have two axes.
    """
    if tensor.ndim != 2:
        raise ValueError(f"Only tensors with 2 dimensions are supported: got shape {list(tensor.shape)}")
    return _fill(tensor, np.eye(*tensor.shape))


def _fans(tensor):
    """Number of inputs and outputs of a unit whose weights `tensor` holds."""
    if tensor.ndim < 2:
        raise ValueError(
            f"Fan in and fan out can not be computed for tensor with fewer than 2 dimensions: got shape {list(tensor.shape)}"
        )
    field = math.prod(tensor.shape[2:])
    return tensor.shape[1] * field, tensor.shape[0] * field


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Fill a weight with uniform random numbers that keep the variance forwards and backwards.

    The interval is ``gain * sqrt(6 / (fan_in + fan_out))`` to both sides of 0.

    Parameters
    ----------
    tensor : Tensor
        Weight of shape (outputs, inputs, ...), filled in place.
    gain : float, optional
        Factor for the activation, see `calculate_gain`.
    generator : Generator, optional
        Where numbers are drawn from; by default what `manual_seed` seeds.

    Returns
    -------
    Tensor
        `tensor` itself.

    References
    ----------
    Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010.
    """
    bound = gain * math.sqrt(6.0 / sum(_fans(tensor)))
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Fill a weight with normal random numbers that keep the variance forwards and backwards.

    The standard deviation is ``gain * sqrt(2 / (fan_in + fan_out))``.

    Parameters
    ----------
    tensor : Tensor
        Weight of shape (outputs, inputs, ...), filled in place.
    gain : float, optional
        Factor for the activation, see `calculate_gain`.
    generator : Generator, optional
        Where numbers are drawn from; by default what `manual_seed` seeds.

    Returns
    -------
    Tensor
        `tensor` itself.

    References
    ----------
    Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010.
    """
    return normal_(tensor, 0.0, gain * math.sqrt(2.0 / sum(_fans(tensor))), generator)


def _kaiming_deviation(tensor, a, mode, nonlinearity):
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"Mode {mode} not supported, please use one of ['fan_in', 'fan_out']")
    return calculate_gain(nonlinearity, a) / math.sqrt(_fans(tensor)[mode == "fan_out"])


def _is_empty(tensor):
    if 0 not in tensor.shape:
        return False
    warnings.warn("Initializing zero-element tensors is a no-op", UserWarning, stacklevel=3)
    return True


def kaiming_uniform_(
    tensor: Tensor, a: float = 0.0, mode: str = "fan_in", nonlinearity: str = "leaky_relu", generator: Generator | None = None
) -> Tensor:
    """Fill a weight with uniform random numbers that keep the variance through rectifiers.

    The interval is ``gain * sqrt(3 / fan)`` to both sides of 0.

    Parameters
    ----------
    tensor : Tensor
        Weight of shape (outputs, inputs, ...), filled in place.
    a : float, optional
        Negative slope of a leaky rectifier.
    mode : {"fan_in", "fan_out"}, optional
        Keep the variance of values forwards, or of adjoints backwards.
    nonlinearity : str, optional
        The activation after the layer, see `calculate_gain`.
    generator : Generator, optional
        Where numbers are drawn from; by default what `manual_seed` seeds.

    Returns
    -------
    Tensor
        `tensor` itself.

    References
    ----------
    He et al., "Delving deep into rectifiers", ICCV 2015.
    """
    if _is_empty(tensor):
        return tensor
    bound = math.sqrt(3.0) * _kaiming_deviation(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: Tensor, a: float = 0.0, mode: str = "fan_in", nonlinearity: str = "leaky_relu", generator: Generator | None = None
) -> Tensor:
    """Fill a weight with normal random numbers that keep the variance through rectifiers.

    The standard deviation is ``gain / sqrt(fan)``.

    Parameters
    ----------
    tensor : Tensor
        Weight of shape (outputs, inputs, ...), filled in place.
    a : float, optional
        Negative slope of a leaky rectifier.
    mode : {"fan_in", "fan_out"}, optional
        Keep the variance of values forwards, or of adjoints backwards.
    nonlinearity : str, optional
        The activation after the layer, see `calculate_gain`.
    generator : Generator, optional
        Where numbers are drawn from; by default what `manual_seed` seeds.

    Returns
    -------
    Tensor
        `tensor` itself.

    References
    ----------
    He et al., "Delving deep into rectifiers", ICCV 2015.
    """
    if _is_empty(tensor):
        return tensor
    return normal_(tensor, 0.0, _kaiming_deviation(tensor, a, mode, nonlinearity), generator)


def orthogonal_(tensor: Tensor, gain: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Fill a weight with a random matrix that has orthonormal rows or columns, whichever are fewer.

    Parameters
    ----------
    tensor : Tensor
        Weight with two or more axes, filled in place; all axes but the first count as columns.
    gain : float, optional
        Factor for all elements.
    generator : Generator, optional
        Where numbers are drawn from; by default what `manual_seed` seeds.

    Returns
    -------
    Tensor
        `tensor` itself.

    Raises
    ------
    ValueError
        If `tensor` has fewer than two axes.

    References
    ----------
    Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural
    networks", ICLR 2014.
    """
    if tensor.ndim < 2:
        raise ValueError(f"Only tensors with 2 or more dimensions are supported: got shape {list(tensor.shape)}")
    if not tensor.numel():
        return tensor
    rows = tensor.shape[0]
    columns = tensor.numel() // rows
    q, r = np.linalg.qr(drawn_from(generator).standard_normal((max(rows, columns), min(rows, columns))))
    q = q * np.sign(np.diagonal(r))  # without this the matrices are not uniform over all of them
    return _fill(tensor, gain * (q if rows >= columns else q.T).reshape(tuple(tensor.shape)))


def trunc_normal_(
    tensor: Tensor, mean: float = 0.0, std: float = 1.0, a: float = -2.0, b: float = 2.0, generator: Generator | None = None
) -> Tensor:
    """Fill a tensor with normal random numbers from an interval.

    Parameters
    ----------
    tensor : Tensor
        Filled in place.
    mean, std : float, optional
        Mean and standard deviation before numbers outside of the interval are left out.
    a, b : float, optional
        The interval.
    generator : Generator, optional
        Where numbers are drawn from; by default what `manual_seed` seeds.

    Returns
    -------
    Tensor
        `tensor` itself.
    """
    from scipy.special import ndtr, ndtri  # takes longer to load than all of the package

    low, high = ndtr((a - mean) / std), ndtr((b - mean) / std)
    values = ndtri(drawn_from(generator).uniform(low, high, tuple(tensor.shape))) * std + mean
    return _fill(tensor, np.clip(values, a, b))


def dirac_(tensor: Tensor, groups: int = 1) -> Tensor:
    """Fill the windows of a convolution so that it returns its input, as far as there are channels.

    Parameters
    ----------
    tensor : Tensor
        Windows with three to five axes, filled in place.
    groups : int, optional
        Groups of channels.

    Returns
    -------
    Tensor
        `tensor` itself.

    Raises
    ------
    ValueError
        If the number of axes is another one, or the groups do not divide the features.
    """
    if tensor.ndim not in (3, 4, 5):
        raise ValueError(f"Only tensors with 3, 4, or 5 dimensions are supported: got shape {list(tensor.shape)}")
    if tensor.shape[0] % groups:
        raise ValueError(f"dim 0 must be divisible by groups: got {tensor.shape[0]} and {groups}")
    values, features = np.zeros(tuple(tensor.shape)), tensor.shape[0] // groups
    centre = tuple([n // 2 for n in tensor.shape[2:]])
    for g in range(groups):
        for d in range(min(features, tensor.shape[1])):
            values[(g * features + d, d, *centre)] = 1.0
    return _fill(tensor, values)


def sparse_(tensor: Tensor, sparsity: float, std: float = 0.01, generator: Generator | None = None) -> Tensor:
    """Fill a matrix with normal random numbers, and with zeros in a fraction of every column.

    Parameters
    ----------
    tensor : Tensor
        A matrix, filled in place.
    sparsity : float
        The fraction of zeros.
    std : float, optional
        Standard deviation of the others.
    generator : Generator, optional
        Where numbers are drawn from; by default what `manual_seed` seeds.

    Returns
    -------
    Tensor
        `tensor` itself.

    Raises
    ------
    ValueError
        If `tensor` is no matrix.
    """
    if tensor.ndim != 2:
        raise ValueError(f"Only tensors with 2 dimensions are supported: got shape {list(tensor.shape)}")
    rng, (rows, columns) = drawn_from(generator), tensor.shape
    values = rng.normal(0.0, std, (rows, columns))
    for column in range(columns):
        values[rng.permutation(rows)[: math.ceil(sparsity * rows)], column] = 0.0
    return _fill(tensor, values)
