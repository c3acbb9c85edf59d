"""`Module`, the base class of networks.

Parameters, buffers and child modules are ordinary attributes. The instance's dictionary is the only place where they are
kept, so reading one costs what any attribute costs and there is no second register that could disagree.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ..devices import Device
from ..dtypes import as_dtype, float32, float64, is_differentiable
from ..tape.commit import assignments, commit
from ..tensors.tensor import Tensor, clear_gradient, extras_of
from .module_hooks import LOADED, LOADING, SAVED, SAVING, HookedModule, called_with_hooks
from .parameter import Parameter
from .state import load_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from typing_extensions import Self

    from ..typing import DTypeLike
    from .state import IncompatibleKeys


class Module(HookedModule):
    """Base class of networks: assign parameters and modules to attributes, and define ``forward``.

    Attributes
    ----------
    training : bool
        Whether the module is in training mode; see `train` and `eval`.

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
        return self.forward(*args, **kwargs) if self._hooks is None else called_with_hooks(self, args, kwargs)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the output; every subclass defines its own.

        Parameters
        ----------
        *args, **kwargs : object
            What the module is called with.

        Returns
        -------
        object
            What the module returns.

        Raises
        ------
        NotImplementedError
            If the subclass does not define it.
        """
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
        """Set a parameter by name.

        Parameters
        ----------
        name : str
            Name of the attribute, without dots.
        param : Parameter or None
            The parameter.

        Raises
        ------
        TypeError
            If `param` is something else, or `name` is not a string.
        KeyError
            If the name is empty or contains a dot.
        """
        self._check_name(name, "parameter")
        if param is not None and not isinstance(param, Parameter):
            kind = type(param).__name__
            raise TypeError(f"cannot assign '{kind}' object to parameter '{name}' (nn.Parameter or None required)")
        setattr(self, name, param)

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Set a tensor that belongs to the module but is not trained.

        Parameters
        ----------
        name : str
            Name of the attribute, without dots.
        tensor : Tensor or None
            The buffer.
        persistent : bool, optional
            Whether it is part of the `state_dict`.

        Raises
        ------
        TypeError
            If `tensor` is something else, or `name` is not a string.
        KeyError
            If the name is empty, contains a dot, or belongs to another attribute.
        """
        self._check_name(name, "buffer")
        if tensor is not None and not isinstance(tensor, Tensor):
            raise TypeError(f"cannot assign '{type(tensor).__name__}' object to buffer '{name}' (a Tensor or None required)")
        self._buffers = {**self._buffers, name: persistent}
        setattr(self, name, tensor)

    def add_module(self, name: str, module: Module | None) -> None:
        """Set a child module by name.

        Parameters
        ----------
        name : str
            Name of the attribute, without dots.
        module : Module or None
            The child.

        Raises
        ------
        TypeError
            If `module` is something else, or `name` is not a string.
        KeyError
            If the name is empty, contains a dot, or belongs to another attribute.
        """
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
        """Iterate over the modules among the attributes, each once.

        Yields
        ------
        tuple of (str, Module)
            Name of the attribute, and the module.
        """
        seen = set()
        for name, value in vars(self).items():
            if isinstance(value, Module) and id(value) not in seen:
                seen.add(id(value))
                yield name, value

    def children(self) -> Iterator[Module]:
        """Iterate over the modules among the attributes, each once.

        Yields
        ------
        Module
            A child.
        """
        for _, module in self.named_children():
            yield module

    def named_modules(
        self, memo: set[int] | None = None, prefix: str = "", remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Module]]:
        """Iterate over this module and all below it, parents first.

        Parameters
        ----------
        memo : set of int, optional
            Identities of modules that are left out; those found are added.
        prefix : str, optional
            Put before the names.
        remove_duplicate : bool, optional
            Whether a module that occurs several times comes once.

        Yields
        ------
        tuple of (str, Module)
            Name, joined by dots, and module.
        """
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
        """Iterate over this module and all below it, parents first, each once.

        Yields
        ------
        Module
            A module.
        """
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
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Parameter]]:
        """Iterate over the parameters.

        Parameters
        ----------
        prefix : str, optional
            Put before the names.
        recurse : bool, optional
            Whether those of the modules below are included.
        remove_duplicate : bool, optional
            Whether a parameter that occurs several times comes once.

        Yields
        ------
        tuple of (str, Parameter)
            Name, joined by dots, and parameter.
        """
        yield from self._named(_own_parameters, prefix, recurse, remove_duplicate)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """Iterate over the parameters, as optimisers take them.

        Parameters
        ----------
        recurse : bool, optional
            Whether those of the modules below are included.

        Yields
        ------
        Parameter
            Each once.
        """
        for _, parameter in self.named_parameters(recurse=recurse):
            yield parameter

    def named_buffers(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Tensor]]:
        """Iterate over the registered tensors that are not trained.

        Parameters
        ----------
        prefix : str, optional
            Put before the names.
        recurse : bool, optional
            Whether those of the modules below are included.
        remove_duplicate : bool, optional
            Whether a buffer that occurs several times comes once.

        Yields
        ------
        tuple of (str, Tensor)
            Name, joined by dots, and buffer.
        """
        yield from self._named(_own_buffers, prefix, recurse, remove_duplicate)

    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """Iterate over the registered tensors that are not trained.

        Parameters
        ----------
        recurse : bool, optional
            Whether those of the modules below are included.

        Yields
        ------
        Tensor
            Each once.
        """
        for _, buffer in self.named_buffers(recurse=recurse):
            yield buffer

    def get_submodule(self, target: str) -> Module:
        """Find a module below this one.

        Parameters
        ----------
        target : str
            Name, joined by dots; "" is this module.

        Returns
        -------
        Module
            The module of that name.

        Raises
        ------
        AttributeError
            If there is none.
        """
        module = self
        for name in target.split(".") if target else ():
            found = vars(module).get(name)
            if not isinstance(found, Module):
                raise AttributeError(f"{type(module).__name__} has no attribute `{name}` that is a module: looked for {target!r}")
            module = found
        return module

    def get_parameter(self, target: str) -> Parameter:
        """Find a parameter below this module.

        Parameters
        ----------
        target : str
            Name, joined by dots.

        Returns
        -------
        Parameter
            The parameter of that name.

        Raises
        ------
        AttributeError
            If there is none.
        """
        path, _, name = target.rpartition(".")
        module = self.get_submodule(path)
        found = getattr(module, name, None)
        if not isinstance(found, Parameter):
            what = "is not an nn.Parameter" if hasattr(module, name) else "is no attribute"
            raise AttributeError(f"{type(module).__name__}: `{name}` {what}: looked for {target!r}")
        return found

    def get_buffer(self, target: str) -> Tensor:
        """Find a buffer below this module.

        Parameters
        ----------
        target : str
            Name, joined by dots.

        Returns
        -------
        Tensor
            The buffer of that name.

        Raises
        ------
        AttributeError
            If there is none.
        """
        path, _, name = target.rpartition(".")
        module = self.get_submodule(path)
        if name not in module._buffers:
            raise AttributeError(f"{type(module).__name__}: `{name}` is not a buffer: looked for {target!r}")
        return vars(module)[name]

    # --- changing it --------------------------------------------------------------------------------------

    def apply(self, fn: Callable[[Module], Any]) -> Self:
        """Call a function with every module below this one, then with this one.

        Parameters
        ----------
        fn : callable
            Called with a module; its result is ignored.

        Returns
        -------
        Module
            This module.
        """
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    def train(self, mode: bool = True) -> Self:
        """Put this module and all below it into training or evaluation mode.

        Parameters
        ----------
        mode : bool, optional
            True for training, False for evaluation.

        Returns
        -------
        Module
            This module.

        Raises
        ------
        ValueError
            If `mode` is not a bool.
        """
        if not isinstance(mode, bool):
            raise ValueError(f"training mode is expected to be boolean: got {type(mode).__name__}")
        commit([partial(object.__setattr__, module, "training", mode) for module in self.modules()])
        return self

    def eval(self) -> Self:
        """Put this module and all below it into evaluation mode.

        Returns
        -------
        Module
            This module.
        """
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Switch the training of all parameters on or off.

        Parameters
        ----------
        requires_grad : bool, optional
            False freezes them.

        Returns
        -------
        Module
            This module.
        """
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Drop the gradients of all parameters, or set them to zero.

        Parameters
        ----------
        set_to_none : bool, optional
            Drop them, which saves time; False writes zeros into them.
        """
        for parameter in self.parameters():
            clear_gradient(parameter, set_to_none)

    def to(self, *args: Any, dtype: DTypeLike | None = None, device: str | None = None) -> Self:
        """Convert floating-point parameters and buffers to another dtype, in place.

        Parameters
        ----------
        *args : dtype, Tensor or str
            A dtype, a tensor whose dtype is taken, or a device.
        dtype : dtype, optional
            A floating-point dtype.
        device : str, optional
            Only "cpu"; accepted for compatibility with PyTorch.

        Returns
        -------
        Module
            This module.

        Raises
        ------
        TypeError
            If the dtype is not a floating-point one.
        RuntimeError
            If the device is not the CPU.
        """
        for a in args:
            if isinstance(a, (str, Device)) and not hasattr(a, "kind"):
                device = a
            elif a is not None:
                dtype = a.dtype if isinstance(a, Tensor) else a
        if device is not None and str(device).partition(":")[0] != "cpu":
            raise RuntimeError(f"got device {device!r}, expected 'cpu': jittape computes on the CPU")
        if dtype is None:
            return self
        dtype = as_dtype(dtype)
        if not is_differentiable(dtype):
            raise TypeError(f"nn.Module.to only accepts floating point dtypes, but got desired dtype={dtype}")
        changes = []
        for tensor in [*self.parameters(), *self.buffers()]:
            if is_differentiable(tensor.dtype) and tensor.dtype != dtype:
                gradient, extras = tensor.grad, extras_of(tensor)
                changes += tensor._replacing(tensor.detach().to(dtype))
                changes += assignments(extras, grad=None if gradient is None else gradient.detach().to(dtype))
        commit(changes)
        return self

    def double(self) -> Self:
        """Convert floating-point parameters and buffers to float64, in place.

        Returns
        -------
        Module
            This module.
        """
        return self.to(dtype=float64)

    def float(self) -> Self:
        """Convert floating-point parameters and buffers to float32, in place.

        Returns
        -------
        Module
            This module.
        """
        return self.to(dtype=float32)

    def cpu(self) -> Self:
        """Return the module: everything is computed on the CPU.

        Returns
        -------
        Module
            This module.
        """
        return self

    # --- state ----------------------------------------------------------------------------------------------

    def state_dict(self, prefix: str = "", keep_vars: bool = False) -> dict[str, Tensor]:
        """Parameters and persistent buffers by name.

        Parameters
        ----------
        prefix : str, optional
            Put before the names.
        keep_vars : bool, optional
            Return the parameters themselves; otherwise tensors that share their memory and do not require grad.

        Returns
        -------
        dict of str to Tensor
            What `load_state_dict` and `jt.save` take.
        """
        return self._collected({}, prefix, keep_vars)

    def _collected(self, state, prefix, keep_vars, with_hooks=True):
        """A state dict with what this module and those below it have."""
        for hook, _ in self._hooks_of(SAVING) if with_hooks else ():
            hook(self, prefix, keep_vars)
        for name, value in _own_state(self):
            state[prefix + name] = value if keep_vars else value.detach()
        for name, value in list(vars(self).items()):
            if isinstance(value, Module):
                value._collected(state, f"{prefix}{name}.", keep_vars, with_hooks)
        for hook, _ in self._hooks_of(SAVED) if with_hooks else ():
            hook(self, state, prefix, {})
        return state

    def load_state_dict(self, state_dict: Mapping[str, Tensor], strict: bool = True) -> IncompatibleKeys:
        """Copy values by name into parameters and buffers.

        Parameters
        ----------
        state_dict : mapping of str to Tensor
            As `state_dict` returns it.
        strict : bool, optional
            Raise when names are missing or left over; otherwise report them.

        Returns
        -------
        IncompatibleKeys
            With ``missing_keys`` and ``unexpected_keys``.

        Raises
        ------
        TypeError
            If `state_dict` is not a mapping.
        RuntimeError
            Naming every key that is missing, unexpected, or of another shape. Nothing has been changed then.
        """
        found = load_state(self, self._collected({}, "", True, False), *self._before_loading(state_dict, strict), strict)
        for hook, _ in self._hooks_of(LOADED):
            hook(self, found)
        return found

    def _before_loading(self, state_dict, strict):
        """The dict as hooks leave it, and what they have found: missing and unexpected names, and errors."""
        found = [], [], []
        hooks = [
            (hook, module, f"{path}." if path else "")
            for path, module in self.named_modules(remove_duplicate=False)
            for hook, _ in module._hooks_of(LOADING)
        ]
        if hooks and hasattr(state_dict, "keys"):
            for hook, module, prefix in hooks:
                own = {k: v for k, v in state_dict.items() if k.startswith(prefix)}
                hook(module, own, prefix, {}, strict, *found)
                state_dict = {k: v for k, v in state_dict.items() if not k.startswith(prefix)}
                state_dict.update({k: v for k, v in own.items() if k.startswith(prefix)})
        return state_dict, found

    # --- text -----------------------------------------------------------------------------------------------

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """
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
