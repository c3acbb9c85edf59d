"""Modules: what a network is made of.

Parameters, buffers and sub-modules are attributes, and the dictionary of the instance is the only register:
reading one costs what any attribute costs, and nothing can disagree with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..dtypes import as_dtype, float32, float64, is_float
from ..tensors.tensor import Tensor, clear_gradient
from .parameter import Parameter
from .state import load_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from typing_extensions import Self

    from ..typing import DTypeLike
    from .state import IncompatibleKeys


class Module:
    """The base of all networks: assign parameters and modules to attributes, and write ``forward``.

    Examples
    --------
    >>> import jittape as jt
    >>> class Line(jt.nn.Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.slope = jt.nn.Parameter(jt.tensor(2.0))
    ...     def forward(self, x):
    ...         return self.slope * x
    >>> line = Line()
    >>> line(jt.tensor([1.0, 2.0]))
    tensor([2., 4.], grad_fn=<MulBackward0>)
    >>> [name for name, _ in line.named_parameters()]
    ['slope']
    """

    training = True
    _buffers = {}  # name -> whether it belongs to the state; an instance that registers one has its own

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.forward(*args, **kwargs)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the module computes; every subclass writes its own."""
        raise NotImplementedError(f'Module [{type(self).__name__}] is missing the required "forward" function')

    # --- attributes -----------------------------------------------------------------------------------

    def __setattr__(self, name: str, value: Any) -> None:
        before = vars(self).get(name)
        if type(before) is Parameter and value is not None and not isinstance(value, Parameter):
            raise TypeError(
                f"cannot assign '{type(value).__name__}' as parameter '{name}' (nn.Parameter or None expected): to change its "
                f"values write module.{name}.data = ..., or copy_ under jt.no_grad()"
            )
        if name in self._buffers and value is not None and not isinstance(value, Tensor):
            raise TypeError(f"cannot assign '{type(value).__name__}' as buffer '{name}' (Tensor or None expected)")
        if isinstance(before, Module) and value is not None and not isinstance(value, Module):
            raise TypeError(f"cannot assign '{type(value).__name__}' as child module '{name}' (nn.Module or None expected)")
        object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:  # only what is not there gets here
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __delattr__(self, name: str) -> None:
        if name in self._buffers:
            self._buffers = {n: kept for n, kept in self._buffers.items() if n != name}
        object.__delattr__(self, name)

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Set a parameter, or None, by name."""
        self._check_name(name, "parameter")
        if param is not None and not isinstance(param, Parameter):
            kind = type(param).__name__
            raise TypeError(f"cannot assign '{kind}' object to parameter '{name}' (nn.Parameter or None required)")
        setattr(self, name, param)

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Set a tensor that belongs to the state and is not trained; `persistent`: it is in the `state_dict`."""
        self._check_name(name, "buffer")
        if tensor is not None and not isinstance(tensor, Tensor):
            raise TypeError(f"cannot assign '{type(tensor).__name__}' object to buffer '{name}' (a Tensor or None required)")
        self._buffers = {**self._buffers, name: persistent}
        setattr(self, name, tensor)

    def add_module(self, name: str, module: Module | None) -> None:
        """Set a sub-module, or None, by name."""
        self._check_name(name, "module")
        if module is not None and not isinstance(module, Module):
            raise TypeError(f"{type(module).__name__} is not a Module subclass: got it for the child {name!r}")
        object.__setattr__(self, name, module)

    register_module = add_module

    def _check_name(self, name, what):
        if not isinstance(name, str):
            raise TypeError(f"{what} name should be a string. Got {type(name).__name__}")
        if "." in name:
            raise KeyError(f'{what} name can\'t contain ".", got: {name!r}')
        if not name:
            raise KeyError(f'{what} name can\'t be empty string ""')
        if what != "parameter" and hasattr(self, name) and name not in vars(self):
            raise KeyError(f"attribute '{name}' already exists")

    # --- looking at it ----------------------------------------------------------------------------------

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """(name, module) of the modules among the attributes, each module once."""
        seen = set()
        for name, value in vars(self).items():
            if isinstance(value, Module) and id(value) not in seen:
                seen.add(id(value))
                yield name, value

    def children(self) -> Iterator[Module]:
        """The modules among the attributes."""
        for _, module in self.named_children():
            yield module

    def named_modules(
        self, memo: set[int] | None = None, prefix: str = "", remove_duplicate: bool = True,
    ) -> Iterator[tuple[str, Module]]:
        """(name, module) of this module and all below it, parents first; names are joined by dots."""
        memo = set() if memo is None else memo
        if id(self) in memo:
            return
        if remove_duplicate:
            memo.add(id(self))
        yield prefix, self
        for name, value in list(vars(self).items()):
            if isinstance(value, Module):
                yield from value.named_modules(memo, f"{prefix}.{name}" if prefix else name, remove_duplicate)

    def modules(self) -> Iterator[Module]:
        """This module and all below it."""
        for _, module in self.named_modules():
            yield module

    def _named(self, own, prefix, recurse, remove_duplicate):
        seen = set()
        modules = self.named_modules(None, prefix, remove_duplicate) if recurse else [(prefix, self)]
        for path, module in modules:
            for name, value in own(module):
                if remove_duplicate and id(value) in seen:
                    continue
                seen.add(id(value))
                yield f"{path}.{name}" if path else name, value

    def named_parameters(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True,
    ) -> Iterator[tuple[str, Parameter]]:
        """(name, parameter) of this module and, if `recurse`, of all below it; one that is shared comes once."""
        yield from self._named(_own_parameters, prefix, recurse, remove_duplicate)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """The parameters, as an optimiser wants them."""
        for _, parameter in self.named_parameters(recurse=recurse):
            yield parameter

    def named_buffers(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True,
    ) -> Iterator[tuple[str, Tensor]]:
        """(name, tensor) of the registered tensors that are not trained."""
        yield from self._named(_own_buffers, prefix, recurse, remove_duplicate)

    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """The registered tensors that are not trained."""
        for _, buffer in self.named_buffers(recurse=recurse):
            yield buffer

    def get_submodule(self, target: str) -> Module:
        """The module below this one by its dotted name."""
        module = self
        for name in target.split(".") if target else ():
            found = vars(module).get(name)
            if not isinstance(found, Module):
                raise AttributeError(f"{type(module).__name__} has no attribute `{name}` that is a module: looked for {target!r}")
            module = found
        return module

    # --- changing it --------------------------------------------------------------------------------------

    def apply(self, fn: Callable[[Module], Any]) -> Self:
        """Call a function with every module below this one, then with this one.  Returns the module."""
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    def train(self, mode: bool = True) -> Self:
        """Put this module and all below it into training (or, with False, evaluation) mode.  Returns the module."""
        if not isinstance(mode, bool):
            raise ValueError(f"training mode is expected to be boolean: got {type(mode).__name__}")
        for module in self.modules():
            object.__setattr__(module, "training", mode)
        return self

    def eval(self) -> Self:
        """Put this module and all below it into evaluation mode.  Returns the module."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Train all parameters, or freeze them.  Returns the module."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or set them to zero."""
        for parameter in self.parameters():
            clear_gradient(parameter, set_to_none)

    def to(self, *args: Any, dtype: DTypeLike | None = None, device: str | None = None) -> Self:
        """Convert floating-point parameters and buffers, in place, to a dtype.  Returns the module.

        A device is accepted for PyTorch's sake if it is the CPU.
        """
        for a in args:
            if isinstance(a, str) and not hasattr(a, "kind"):
                device = a
            elif a is not None:
                dtype = a.dtype if isinstance(a, Tensor) else a
        if device is not None and str(device).partition(":")[0] != "cpu":
            raise RuntimeError(f"got device {device!r}, expected 'cpu': jittape computes on the CPU")
        if dtype is None:
            return self
        dtype = as_dtype(dtype)
        if not is_float(dtype):
            raise TypeError(f"nn.Module.to only accepts floating point dtypes, but got desired dtype={dtype}")
        for tensor in [*self.parameters(), *self.buffers()]:
            if is_float(tensor.dtype) and tensor.dtype != dtype:
                gradient = tensor.grad
                tensor.grad = None
                tensor.data = tensor.detach().to(dtype)
                tensor.grad = None if gradient is None else gradient.detach().to(dtype)
        return self

    def double(self) -> Self:
        """Convert parameters and buffers to float64, in place.  Returns the module."""
        return self.to(dtype=float64)

    def float(self) -> Self:
        """Convert parameters and buffers to float32, in place.  Returns the module."""
        return self.to(dtype=float32)

    def cpu(self) -> Self:
        """The module: it is there already."""
        return self

    # --- state ----------------------------------------------------------------------------------------------

    def state_dict(self, prefix: str = "", keep_vars: bool = False) -> dict[str, Tensor]:
        """Name -> tensor, of parameters and persistent buffers; the tensors share the memory of the module."""
        state = {}
        for path, module in self.named_modules(remove_duplicate=False):
            for name, value in _own_state(module):
                key = f"{prefix}{path}.{name}" if path else f"{prefix}{name}"
                state[key] = value if keep_vars else value.detach()
        return state

    def load_state_dict(self, state_dict: Mapping[str, Tensor], strict: bool = True) -> IncompatibleKeys:
        """Copy values by name into parameters and buffers.

        Parameters
        ----------
        state_dict : mapping of name to Tensor
        strict : bool
            Raise when names are missing or left over; else report them.

        Returns
        -------
        IncompatibleKeys
            With ``missing_keys`` and ``unexpected_keys``.

        Raises
        ------
        RuntimeError
            Naming every key that is missing, unexpected, or of another shape.  Nothing has changed then.
        """
        return load_state(self, self.state_dict(keep_vars=True), state_dict, strict)

    # --- text -----------------------------------------------------------------------------------------------

    def extra_repr(self) -> str:
        """What stands in the brackets of the repr."""
        return ""

    def __repr__(self) -> str:
        lines = [f"({name}): {indented(repr(child))}" for name, child in vars(self).items() if isinstance(child, Module)]
        extra = self.extra_repr()
        name = type(self).__name__
        if not lines:
            return f"{name}({extra})"
        return f"{name}(" + "".join(f"\n  {line}" for line in ([extra] if extra else []) + lines) + "\n)"


def indented(text):
    return text.replace("\n", "\n  ")


def _own_parameters(module):
    return [(name, v) for name, v in vars(module).items() if isinstance(v, Parameter)]


def _own_buffers(module):
    return [(name, v) for name in module._buffers if (v := vars(module).get(name)) is not None]


def _own_state(module):
    kept = [(name, v) for name, v in _own_buffers(module) if module._buffers[name]]
    return _own_parameters(module) + kept
