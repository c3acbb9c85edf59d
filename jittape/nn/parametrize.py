"""PyTorch's parametrisations: parameters of modules that are computed of others whenever they are read."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING

from ..autograd.grad_mode import no_grad
from ..tensors.tensor import Tensor
from .containers import ModuleDict
from .module import Module
from .parameter import Parameter

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["cached", "is_parametrized", "register_parametrization", "remove_parametrizations"]

_cache: ContextVar = ContextVar("jittape_parametrisations_kept", default=None)


def __dir__():
    return __all__


class ParametrizationList(Module):
    """The parametrisations of one parameter, and the tensors that it is computed of."""

    def __init__(self, modules, original, unsafe=False):
        super().__init__()
        value = original
        with no_grad():
            for module in reversed(modules):
                with suppress(NotImplementedError):  # as PyTorch: then it is computed of the value itself
                    value = module.right_inverse(value) if hasattr(module, "right_inverse") else value
        self.is_tensor = isinstance(value, Tensor)
        for name, part in [("original", value)] if self.is_tensor else [(f"original{k}", v) for k, v in enumerate(value)]:
            leaf = Parameter(part.detach(), original.requires_grad)
            setattr(self, name, leaf)
        self.ntensors = 1 if self.is_tensor else len(value)
        self.length = 0
        for module in modules:
            self.append(module)

    def append(self, module):
        """Add a parametrisation, which comes last."""
        setattr(self, str(self.length), module)
        self.length += 1

    def __len__(self):
        return self.length

    def __getitem__(self, k):
        return getattr(self, str(k))

    def forward(self):
        """Compute the parameter."""
        given = [self.original] if self.is_tensor else [getattr(self, f"original{k}") for k in range(self.ntensors)]
        value = self[0](*given)
        for k in range(1, self.length):
            value = self[k](value)
        return value


def _property(name):
    """The attribute in the place of a parameter."""

    def read(self):
        kept, parametrizations = _cache.get(), vars(self)["parametrizations"]
        if kept is None:
            return parametrizations[name]()
        if (id(self), name) not in kept:
            kept[id(self), name] = parametrizations[name]()
        return kept[id(self), name]

    def write(self, value):
        found = vars(self)["parametrizations"][name]
        with no_grad():
            for k in range(len(found) - 1, -1, -1):
                if not hasattr(found[k], "right_inverse"):
                    raise RuntimeError(
                        f"parametrization {type(found[k]).__name__} does not implement right_inverse: it cannot be assigned to"
                    )
                value = found[k].right_inverse(value)
            for part, leaf in zip([value] if found.is_tensor else value, found.parameters()):
                leaf.copy_(part)

    return property(read, write)


def register_parametrization(module: Module, tensor_name: str, parametrization: Module, *, unsafe: bool = False) -> Module:
    """Have a parameter computed by a module whenever it is read.

    Parameters
    ----------
    module : Module
        The module that has the parameter.
    tensor_name : str
        Its name.
    parametrization : Module
        Called with what the parameter was; what it returns is what is read. With a method ``right_inverse`` the parameter can be
        assigned, and starts with the value that it had.
    unsafe : bool, optional
        Skip the check that shape and dtype stay the same.

    Returns
    -------
    Module
        The module, of a class derived from its own.

    Raises
    ------
    ValueError
        If there is no such parameter, or shape or dtype change.

    Examples
    --------
    >>> import jittape as jt
    >>> class Symmetric(jt.nn.Module):
    ...     def forward(self, x):
    ...         return x.triu() + x.triu(1).T
    >>> layer = jt.nn.utils.parametrize.register_parametrization(jt.nn.Linear(3, 3), "weight", Symmetric())
    >>> jt.equal(layer.weight, layer.weight.T)
    True
    """
    parametrization.train(module.training)
    if is_parametrized(module, tensor_name):
        before, found = getattr(module, tensor_name), module.parametrizations[tensor_name]
        found.append(parametrization)
        _check(module, tensor_name, before, unsafe)
        return module
    original = vars(module).get(tensor_name)
    if not isinstance(original, Tensor):
        raise ValueError(
            f"Module '{type(module).__name__}' does not have a parameter, a buffer, or a parametrized element with name "
            f"'{tensor_name}'"
        )
    found = ParametrizationList([parametrization], original, unsafe)
    if not isinstance(vars(module).get("parametrizations"), ModuleDict):
        base = type(module)
        object.__setattr__(module, "parametrizations", ModuleDict())
        object.__setattr__(module, "__class__", type(f"Parametrized{base.__name__}", (base,), {"parametrized_class": base}))
    module.parametrizations[tensor_name] = found
    object.__delattr__(module, tensor_name)
    setattr(type(module), tensor_name, _property(tensor_name))
    _check(module, tensor_name, original, unsafe)
    return module


def _check(module, name, before, unsafe):
    with no_grad():
        after = getattr(module, name)
    if not unsafe and (tuple(after.shape) != tuple(before.shape) or after.dtype != before.dtype):
        raise ValueError(
            "Registering a parametrization may not change the shape or dtype of the tensor, unless the `unsafe` flag "
            "is enabled: "
            f"got {list(after.shape)}, {after.dtype} in the place of {list(before.shape)}, {before.dtype}"
        )


def is_parametrized(module: Module, tensor_name: str | None = None) -> bool:
    """Whether a parameter of a module is computed, or any if no name is given.

    Parameters
    ----------
    module : Module
        The module.
    tensor_name : str, optional
        Name of the parameter.

    Returns
    -------
    bool
        Whether it has parametrisations.
    """
    found = vars(module).get("parametrizations")
    if not isinstance(found, ModuleDict) or not len(found):
        return False
    return tensor_name is None or tensor_name in found


def remove_parametrizations(module: Module, tensor_name: str, leave_parametrized: bool = True) -> Module:
    """Make a parameter one again.

    Parameters
    ----------
    module : Module
        The module.
    tensor_name : str
        Name of the parameter.
    leave_parametrized : bool, optional
        Keep the value that was read last; otherwise the one that it was computed of.

    Returns
    -------
    Module
        The module, of its own class if no other parameter is computed.

    Raises
    ------
    ValueError
        If the parameter is not computed, or is computed of several that cannot be kept.
    """
    if not is_parametrized(module, tensor_name):
        raise ValueError(f"Module {module} does not have a parametrization on {tensor_name}")
    found = module.parametrizations[tensor_name]
    if not leave_parametrized and not found.is_tensor:
        raise ValueError(
            "Cannot leave unparametrized (`leave_parametrized=False`) a tensor that is parametrized in terms of several."
        )
    if leave_parametrized:
        with no_grad():
            value = getattr(module, tensor_name).detach().clone()
        value = Parameter(value, next(found.parameters()).requires_grad)
    else:
        value = found.original
    delattr(type(module), tensor_name)
    del module.parametrizations[tensor_name]
    if not len(module.parametrizations):
        object.__delattr__(module, "parametrizations")
        object.__setattr__(module, "__class__", type(module).parametrized_class)
    setattr(module, tensor_name, value)
    return module


@contextmanager
def cached() -> Iterator[None]:
    """Context manager in which every parameter is computed once.

    Yields
    ------
    None
        Nothing.
    """
    before = _cache.set({} if _cache.get() is None else _cache.get())
    try:
        yield
    finally:
        _cache.reset(before)
