"""Weights divided by their largest singular value."""

from __future__ import annotations

import numpy as np

from ..autograd.grad_mode import no_grad
from ..ops.random_tensors import randn
from ..tensors.tensor import Tensor, wrap
from .module import Module
from .parameter import Parameter
from .parametrize import register_parametrization


def _unit(v, eps):
    return v / max(float(np.linalg.norm(v)), eps)


def _as_matrix(weight, dim):
    """The weight as a matrix whose rows are along an axis."""
    return weight.movedim(dim, 0).reshape(weight.shape[dim], -1)


def _improved(matrix, u, v, times, eps):
    """Singular vectors after some steps of the power method, as arrays."""
    w = matrix.detach()._value()
    for _ in range(times):
        u = _unit(w @ v, eps)
        v = _unit(w.T @ u, eps)
    return u, v


def _replace(u, v, improved):
    with no_grad():
        u.copy_(improved[0])
        v.copy_(improved[1])


def _divided(weight, matrix, u, v):
    """The weight, of which the singular vectors are buffers that later calls change."""
    return weight / (u.clone() @ (matrix @ v.clone()))


def _axis_of(module, dim):
    """By which axis a weight is a matrix: those of transposed convolutions have their outputs along the second."""
    return (1 if type(module).__name__.startswith("ConvTranspose") else 0) if dim is None else dim


class _DividedByNorm(Module):
    """The parametrisation of a weight by another one, divided by its largest singular value."""

    def __init__(self, weight, times, dim, eps):
        super().__init__()
        if times <= 0:
            raise ValueError(f"Expected n_power_iterations to be positive, but got n_power_iterations={times}")
        self.dim, self.eps, self.n_power_iterations = dim % max(weight.ndim, 1), eps, times
        if weight.ndim > 1:
            matrix = _as_matrix(weight.detach(), self.dim)
            first = [_unit(randn(n, dtype=weight.dtype)._value(), eps) for n in matrix.shape]
            u, v = _improved(matrix, *first, 15, eps)
            self.register_buffer("_u", wrap(u))
            self.register_buffer("_v", wrap(v))

    def forward(self, weight):
        if weight.ndim == 1:
            return weight / weight.norm().clamp(self.eps)
        matrix = _as_matrix(weight, self.dim)
        if self.training:
            _replace(self._u, self._v, _improved(matrix, self._u._value(), self._v._value(), self.n_power_iterations, self.eps))
        return _divided(weight, matrix, self._u, self._v)

    def right_inverse(self, weight):
        """The weight itself."""
        return weight


def parametrized_by_largest(
    module: Module, name: str = "weight", n_power_iterations: int = 1, eps: float = 1e-12, dim: int | None = None
) -> Module:
    """Have a weight divided by its largest singular value whenever it is read: PyTorch's newer ``spectral_norm``.

    Parameters
    ----------
    module : Module
        The module that has the weight.
    name : str, optional
        Its name.
    n_power_iterations : int, optional
        Steps of the power method at each reading, in training.
    eps : float, optional
        Smallest norm that is divided by.
    dim : int, optional
        The axis of the rows; 0, or 1 for transposed convolutions.

    Returns
    -------
    Module
        The module.

    Raises
    ------
    ValueError
        If there is no such tensor, or the number of steps is not positive.
    """
    weight = vars(module).get(name)
    if not isinstance(weight, Tensor):
        raise ValueError(f"Module '{module}' has no parameter or buffer with name '{name}'")
    return register_parametrization(module, name, _DividedByNorm(weight, n_power_iterations, _axis_of(module, dim), eps))


class _DividedBeforeCall:
    """The hook that computes a weight before every call of its module."""

    def __init__(self, name, times, eps, dim):
        self.name, self.times, self.eps, self.dim = name, times, eps, dim

    def __call__(self, module, args=()):
        weight = getattr(module, f"{self.name}_orig")
        u, v = getattr(module, f"{self.name}_u"), getattr(module, f"{self.name}_v")
        matrix = _as_matrix(weight, self.dim)
        if module.training:
            # PyTorch's hook goes on from the left vector, its parametrisation from the right one: signs follow from that.
            _replace(v, u, _improved(matrix.t(), v._value(), u._value(), self.times, self.eps))
        object.__setattr__(module, self.name, _divided(weight, matrix, u, v))


def spectral_norm(
    module: Module, name: str = "weight", n_power_iterations: int = 1, eps: float = 1e-12, dim: int | None = None
) -> Module:
    """Have a weight divided by its largest singular value, before every call of its module.

    Parameters
    ----------
    module : Module
        The module that has the weight; it gets a parameter with ``_orig`` behind its name, and buffers with ``_u`` and ``_v``.
    name : str, optional
        Name of the weight.
    n_power_iterations : int, optional
        Steps of the power method at each call, in training.
    eps : float, optional
        Smallest norm that is divided by.
    dim : int, optional
        The axis of the rows; 0, or 1 for transposed convolutions.

    Returns
    -------
    Module
        The module.

    Raises
    ------
    RuntimeError
        If the weight is computed already.
    ValueError
        If the number of steps is not positive.

    References
    ----------
    Miyato et al., "Spectral normalization for generative adversarial networks", ICLR 2018.
    """
    if f"{name}_orig" in vars(module):
        raise RuntimeError(f"Cannot register two spectral_norm hooks on the same parameter {name}")
    if n_power_iterations <= 0:
        raise ValueError(f"Expected n_power_iterations to be positive, but got n_power_iterations={n_power_iterations}")
    weight, hook = vars(module)[name], _DividedBeforeCall(name, n_power_iterations, eps, _axis_of(module, dim))
    matrix = _as_matrix(weight.detach(), hook.dim)
    object.__delattr__(module, name)
    setattr(module, f"{name}_orig", Parameter(weight.detach()))
    for what, n in zip("uv", matrix.shape):
        module.register_buffer(f"{name}_{what}", wrap(_unit(randn(n, dtype=weight.dtype)._value(), eps)))
    object.__setattr__(module, name, weight.detach())
    object.__setattr__(module, f"_{name}_spectral", (hook, module.register_forward_pre_hook(hook)))
    return module


def remove_spectral_norm(module: Module, name: str = "weight") -> Module:
    """Make a weight with `spectral_norm` a parameter again.

    Parameters
    ----------
    module : Module
        The module that has the weight.
    name : str, optional
        Its name.

    Returns
    -------
    Module
        The module.

    Raises
    ------
    ValueError
        If the weight is not computed.
    """
    if f"{name}_orig" not in vars(module):
        raise ValueError(f"spectral_norm of '{name}' not found in {module}")
    hook, handle = vars(module)[f"_{name}_spectral"]
    was_training, module.training = module.training, False
    try:
        hook(module)
    finally:
        module.training = was_training
    handle.remove()
    value = Parameter(vars(module)[name].detach())
    for attribute in (name, f"{name}_orig", f"{name}_u", f"{name}_v", f"_{name}_spectral"):
        object.__delattr__(module, attribute)
    setattr(module, name, value)
    return module
