"""Functions of all parameters of a module: clip their gradients, copy them to a vector and back."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING

import numpy as np

from ..autograd.grad_mode import no_grad
from ..ops.assignment import write_together
from ..ops.choosing import clamp
from ..ops.shape_functions import reshape
from ..ops.split_and_stack import cat
from ..tensors.tensor import Tensor, wrap
from . import parametrizations, parametrize
from .spectral_norms import remove_spectral_norm, spectral_norm
from .weight_norms import remove_weight_norm, weight_norm

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "clip_grad_norm",
    "clip_grad_norm_",
    "clip_grad_value_",
    "clip_grads_with_norm_",
    "get_total_norm",
    "parameters_to_vector",
    "parametrizations",
    "parametrize",
    "remove_spectral_norm",
    "remove_weight_norm",
    "spectral_norm",
    "vector_to_parameters",
    "weight_norm",
]


def __dir__():
    return __all__


def _gradients(parameters):
    parameters = [parameters] if isinstance(parameters, Tensor) else list(parameters)
    return [p.grad for p in parameters if p.grad is not None]


def clip_grad_norm_(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """Scale all gradients together, in place, so that their norm is at most `max_norm`.

    Parameters
    ----------
    parameters : Tensor or iterable of Tensors
        Those without a gradient are skipped.
    max_norm : float
        Largest norm of all gradients taken as one vector.
    norm_type : float, optional
        Order of the norm; ``inf`` for the largest absolute value.
    error_if_nonfinite : bool, optional
        Raise, with the gradients unchanged, when the norm is nan or infinite.
    foreach : bool, optional
        Without effect; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor
        The norm before scaling.

    Raises
    ------
    RuntimeError
        If the norm is not finite and `error_if_nonfinite` is set.
    """
    gradients, norm_type = _gradients(parameters), float(norm_type)
    arrays = [g._value() for g in gradients]
    total = _norm([_norm(a.reshape(-1), norm_type) for a in arrays], norm_type)
    if error_if_nonfinite and not math.isfinite(total):
        raise RuntimeError(
            f"The total norm of order {norm_type} for gradients from `parameters` is non-finite, so it cannot be clipped. To "
            "disable this error and scale the gradients by the non-finite norm anyway, set `error_if_nonfinite=False`"
        )
    factor = float(max_norm) / (total + 1e-6)
    if not factor >= 1.0:  # nan scales too, as in PyTorch
        with no_grad():
            write_together([(g, g * factor) for g in gradients])
    return wrap(np.asarray(total, np.result_type(*arrays) if arrays else np.float64))


def clip_grad_norm(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """Scale all gradients together; the old name of `clip_grad_norm_`.

    Parameters
    ----------
    parameters : Tensor or iterable of Tensors
        Those without a gradient are skipped.
    max_norm : float
        Largest norm of all gradients taken as one vector.
    norm_type : float, optional
        Order of the norm.
    error_if_nonfinite : bool, optional
        Raise when the norm is nan or infinite.
    foreach : bool, optional
        Without effect; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor
        The norm before scaling.
    """
    text = "torch.nn.utils.clip_grad_norm is now deprecated in favor of torch.nn.utils.clip_grad_norm_."
    warnings.warn(text.replace("torch", "jittape"), FutureWarning, stacklevel=2)
    return clip_grad_norm_(parameters, max_norm, norm_type, error_if_nonfinite)


def get_total_norm(
    tensors: Tensor | Iterable[Tensor], norm_type: float = 2.0, error_if_nonfinite: bool = False, foreach: bool | None = None
) -> Tensor:
    """Compute the norm of tensors taken as one vector.

    Parameters
    ----------
    tensors : Tensor or iterable of Tensors
        Such as gradients.
    norm_type : float, optional
        Order of the norm.
    error_if_nonfinite : bool, optional
        Raise when the norm is nan or infinite.
    foreach : bool, optional
        Without effect; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor
        The norm.

    Raises
    ------
    RuntimeError
        If the norm is not finite and `error_if_nonfinite` is set.
    """
    tensors, norm_type = [tensors] if isinstance(tensors, Tensor) else list(tensors), float(norm_type)
    arrays = [t._value() for t in tensors]
    total = _norm([_norm(a.reshape(-1), norm_type) for a in arrays], norm_type)
    if error_if_nonfinite and not math.isfinite(total):
        raise RuntimeError(f"The total norm of order {norm_type} for gradients from `parameters` is non-finite: got {total}")
    return wrap(np.asarray(total, np.result_type(*arrays) if arrays else np.float64))


def clip_grads_with_norm_(
    parameters: Tensor | Iterable[Tensor], max_norm: float, total_norm: Tensor | float, foreach: bool | None = None
) -> None:
    """Scale all gradients together, in place, by a norm that is known.

    Parameters
    ----------
    parameters : Tensor or iterable of Tensors
        Those without a gradient are skipped.
    max_norm : float
        Largest norm.
    total_norm : Tensor or float
        Norm of all gradients taken as one vector, from `get_total_norm`.
    foreach : bool, optional
        Without effect; accepted for compatibility with PyTorch.
    """
    factor = float(max_norm) / (float(total_norm) + 1e-6)
    if not factor >= 1.0:
        with no_grad():
            write_together([(g, g * factor) for g in _gradients(parameters)])


def _norm(values, p):
    values = np.abs(np.asarray(values, np.float64))
    if not values.size:
        return 0.0
    if p == math.inf:
        return float(values.max())
    return float((values**p).sum() ** (1.0 / p)) if p != 2.0 else float(np.sqrt(np.square(values).sum()))


def clip_grad_value_(parameters: Tensor | Iterable[Tensor], clip_value: float, foreach: bool | None = None) -> None:
    """Clip the elements of all gradients, in place, to an interval around 0.

    Parameters
    ----------
    parameters : Tensor or iterable of Tensors
        Those without a gradient are skipped.
    clip_value : float
        Largest absolute value.
    foreach : bool, optional
        Without effect; accepted for compatibility with PyTorch.
    """
    bound = float(clip_value)
    with no_grad():
        write_together([(g, clamp(g, -bound, bound)) for g in _gradients(parameters)])


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """Join the elements of parameters into one vector.

    Parameters
    ----------
    parameters : iterable of Tensors
        At least one.

    Returns
    -------
    Tensor, shape (n,)
        All elements, in the order of the parameters; differentiable.

    Raises
    ------
    ValueError
        If there are no parameters.
    """
    parameters = list(parameters)
    if not parameters:
        raise ValueError("parameters_to_vector: got no parameters; a generator such as model.parameters() can be read once only")
    return cat([reshape(p, -1) for p in parameters])


def vector_to_parameters(vec: Tensor, parameters: Iterable[Tensor]) -> None:
    """Copy the elements of a vector into parameters, in place and without recording.

    Parameters
    ----------
    vec : Tensor, shape (n,)
        As `parameters_to_vector` returns it.
    parameters : iterable of Tensors
        With n elements together.

    Raises
    ------
    TypeError
        If `vec` is not a Tensor.
    ValueError
        If the numbers of elements differ.
    """
    if not isinstance(vec, Tensor):
        raise TypeError(f"expected a Tensor, but got: {type(vec).__name__}; make one of it with jt.tensor")
    parameters = list(parameters)
    n = sum(p.numel() for p in parameters)
    if tuple(vec.shape) != (n,):
        raise ValueError(f"vector_to_parameters: got a vector of shape {list(vec.shape)}, the parameters have {n} elements")
    with no_grad():
        values, start, pairs = vec.detach().clone(), 0, []
        for p in parameters:
            pairs.append((p, reshape(values[start : start + p.numel()], tuple(p.shape))))
            start += p.numel()
        write_together(pairs)
