"""Weights as lengths and directions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..ops.arithmetic import square
from ..ops.sums import sum as _sum
from .module import Module
from .parameter import Parameter
from .parametrize import register_parametrization

if TYPE_CHECKING:
    from ..tensors.tensor import Tensor


def norm_except(v: Tensor, dim: int | None) -> Tensor:
    """Norms of a tensor over all axes but one, which are kept with length 1; None: over all."""
    axes = tuple([k for k in range(v.ndim) if dim is None or k != dim % v.ndim])
    found = _sum(square(v), axes, True) ** 0.5
    return found.reshape(()) if dim is None else found


class _LengthAndDirection(Module):
    """The parametrisation of a weight by lengths and directions."""

    def __init__(self, dim):
        super().__init__()
        self.dim = dim

    def forward(self, lengths, directions):
        return directions * (lengths / norm_except(directions, self.dim))

    def right_inverse(self, weight):
        """Lengths and directions of a weight."""
        return norm_except(weight, self.dim), weight


def parametrized_by_norm(module: Module, name: str = "weight", dim: int = 0) -> Module:
    """Have a weight computed of lengths, ``original0``, and directions, ``original1``: PyTorch's newer ``weight_norm``.

    Parameters
    ----------
    module : Module
        The module that has the weight.
    name : str, optional
        Its name.
    dim : int, optional
        The axis along which there are several lengths.

    Returns
    -------
    Module
        The module.
    """
    return register_parametrization(module, name, _LengthAndDirection(dim), unsafe=True)


class _BeforeCall:
    """The hook that computes a weight before every call of its module."""

    def __init__(self, name, dim):
        self.name, self.dim = name, dim

    def __call__(self, module, args=()):
        lengths, directions = getattr(module, f"{self.name}_g"), getattr(module, f"{self.name}_v")
        weight = directions * (lengths / norm_except(directions, self.dim))
        object.__setattr__(module, self.name, weight)


def weight_norm(module: Module, name: str = "weight", dim: int | None = 0) -> Module:
    """Have a weight computed of lengths and directions, before every call of its module.

    Parameters
    ----------
    module : Module
        The module that has the weight; it gets parameters with ``_g``, the lengths, and ``_v``, the directions, behind its name.
    name : str, optional
        Name of the weight.
    dim : int or None, optional
        The axis along which there are several lengths; None for one length.

    Returns
    -------
    Module
        The module.

    Raises
    ------
    RuntimeError
        If the weight is computed already.

    References
    ----------
    Salimans and Kingma, "Weight normalization", NeurIPS 2016.
    """
    if f"{name}_g" in vars(module):
        raise RuntimeError(f"Cannot register two weight_norm hooks on the same parameter {name}")
    weight = vars(module)[name]
    object.__delattr__(module, name)
    setattr(module, f"{name}_g", Parameter(norm_except(weight.detach(), dim)))
    setattr(module, f"{name}_v", Parameter(weight.detach()))
    hook = _BeforeCall(name, dim)
    object.__setattr__(module, f"_{name}_norm", (hook, module.register_forward_pre_hook(hook)))
    hook(module)
    return module


def remove_weight_norm(module: Module, name: str = "weight") -> Module:
    """Make a weight with `weight_norm` a parameter again.

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
    if f"{name}_g" not in vars(module):
        raise ValueError(f"weight_norm of '{name}' not found in {module}")
    hook, handle = vars(module)[f"_{name}_norm"]
    hook(module)
    handle.remove()
    value = Parameter(vars(module)[name].detach())
    for attribute in (name, f"{name}_g", f"{name}_v", f"_{name}_norm"):
        object.__delattr__(module, attribute)
    setattr(module, name, value)
    return module
