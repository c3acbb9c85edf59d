"""Calling a module with other tensors in the places of its parameters and buffers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..ops.split_and_stack import stack
from ..tensors.tensor import Tensor
from .module import Module

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any


def functional_call(
    module: Module,
    parameter_and_buffer_dicts: Mapping[str, Tensor] | Sequence[Mapping[str, Tensor]],
    args: Any = None,
    kwargs: dict[str, Any] | None = None,
    *,
    tie_weights: bool = True,
    strict: bool = False,
) -> Any:
    """Call a module as a function of its parameters and buffers.

    Parameters
    ----------
    module : Module
        What is called; it is as it was afterwards, whatever happens.
    parameter_and_buffer_dicts : mapping of str to Tensor, or sequence of such
        By the names of `Module.named_parameters` and `Module.named_buffers`; those that are left out are the module's own.
    args : object or tuple, optional
        Positional arguments of the call; anything but a tuple is the only one.
    kwargs : dict, optional
        Keyword arguments of the call.
    tie_weights : bool, optional
        Whether a tensor that the module has under several names is replaced under all of them.
    strict : bool, optional
        Raise when names are missing or unknown.

    Returns
    -------
    object
        What the module returned.

    Raises
    ------
    TypeError
        If the tensors do not come by name.
    ValueError
        If one of several is no mapping, a name comes twice, or two values for tensors that are tied.
    RuntimeError
        If `strict` is set and the names are not those of the module.

    Examples
    --------
    >>> import jittape as jt
    >>> layer = jt.nn.Linear(2, 1)
    >>> given = {"weight": jt.tensor([[1.0, 2.0]]), "bias": jt.tensor([3.0])}
    >>> jt.func.functional_call(layer, given, jt.ones(2))
    tensor([6.])
    """
    given = _merged(parameter_and_buffer_dicts)
    places = _places(module, given, tie_weights, strict)
    args = () if args is None else args if isinstance(args, tuple) else (args,)
    before = [(owner, name, vars(owner).get(name)) for owner, name, _ in places]
    try:
        for owner, name, value in places:
            object.__setattr__(owner, name, value)
        return module(*args, **(kwargs or {}))
    finally:
        for owner, name, value in before:
            object.__setattr__(owner, name, value)


def _merged(dicts):
    """One mapping of several."""
    if hasattr(dicts, "keys"):
        return dict(dicts)
    if not isinstance(dicts, (tuple, list)) or not all(hasattr(d, "keys") for d in dicts):
        what = ValueError if isinstance(dicts, (tuple, list)) else TypeError
        raise what(f"Expected all elements of parameter_and_buffer_dicts to be dictionaries: got {dicts!r}")
    found = {}
    for each in dicts:
        for key, value in each.items():
            if key in found:
                raise ValueError(f"{key} appears in multiple dictionaries; behavior of functional call is ambiguous")
            found[key] = value
    return found


def _places(module, given, tie_weights, strict):
    """Module, attribute and value for every tensor that is replaced."""
    own = {**dict(module.named_parameters(remove_duplicate=False)), **dict(module.named_buffers(remove_duplicate=False))}
    unknown, missing = [k for k in given if k not in own], [k for k in own if k not in given]
    if strict and (unknown or missing):
        pairs = (("Unexpected", unknown), ("Missing", missing))
        listed = [f"{what} key(s): {', '.join(map(repr, keys))}." for what, keys in pairs if keys]
        raise RuntimeError(f"Error(s) in functional_call for {type(module).__name__}:\n\t" + "\n\t".join(listed))
    given = values = {k: v for k, v in given.items() if k in own}
    if tie_weights:
        by_tensor = {}
        for name, value in given.items():
            if by_tensor.setdefault(id(own[name]), value) is not value:
                raise ValueError(f"functional_call got multiple values for keys that are tied: {name!r} and another name of it")
        values = {name: by_tensor[id(tensor)] for name, tensor in own.items() if id(tensor) in by_tensor}
    return [(*_owner(module, name), value) for name, value in values.items()]


def _owner(module, name):
    """The module below that has a tensor, and the attribute."""
    path, _, attribute = name.rpartition(".")
    return module.get_submodule(path), attribute


def stack_module_state(models: Sequence[Module]) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Stack the parameters and the buffers of several models of one kind.

    Parameters
    ----------
    models : sequence of Module
        Of one class and of equal shapes, all in training or all in evaluation mode.

    Returns
    -------
    params : dict of str to Tensor
        The parameters with the models along a first axis: leaves that require grad where those do.
    buffers : dict of str to Tensor
        The buffers, stacked likewise.

    Raises
    ------
    RuntimeError
        If there are no models, or they differ.
    """
    models = list(models)
    if not models:
        raise RuntimeError("stack_module_state: Expected at least one model, got 0.")
    if len({m.training for m in models}) > 1:
        raise RuntimeError("stack_module_state: Expected all models to have the same training/eval mode.")
    if len({type(m) for m in models}) > 1:
        raise RuntimeError("stack_module_state: Expected all models to be of the same class.")
    params = _stacked([dict(m.named_parameters()) for m in models])
    return params, _stacked([dict(m.named_buffers()) for m in models])


def _stacked(states):
    found = {}
    for name, first in states[0].items():
        whole = stack([state[name].detach() for state in states])
        found[name] = whole.requires_grad_() if first.requires_grad else whole
    return found
