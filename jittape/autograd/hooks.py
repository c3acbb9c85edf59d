"""Hooks on gradients, and the methods of Tensor that start sweeps."""

from __future__ import annotations

import itertools
import weakref
from typing import TYPE_CHECKING

from ..tensors.tensor import Tensor, extras_of
from .backward_and_grad import backward

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from ..typing import TensorLike

_numbers = itertools.count()


class RemovableHandle:
    """What registering a hook returns: ``remove()`` takes the hook away, as does leaving a ``with`` block."""

    __slots__ = ("_hooks", "_number")

    def __init__(self, hooks: dict[int, Any], number: int) -> None:
        self._hooks, self._number = hooks, number

    def remove(self) -> None:
        """Take the hook away; again does nothing."""
        self._hooks.pop(self._number, None)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.remove()


def register_hook(self: Tensor, hook: Callable[[Tensor], Tensor | None]) -> RemovableHandle:
    """Call a function with the gradient of this tensor during every sweep; what it returns, if not None, replaces it.

    Returns
    -------
    RemovableHandle
    """
    if not self.requires_grad:
        raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
    extras = extras_of(self)
    number = next(_numbers)
    extras.hooks[number] = hook
    if not self.is_leaf:
        observed = self._tape.observed
        observed[:] = [r for r in observed if r() is not None and r() is not self]
        observed.append(weakref.ref(self))
    return RemovableHandle(extras.hooks, number)


def backward_method(
    self: Tensor, gradient: TensorLike | None = None, retain_graph: bool | None = None, create_graph: bool = False,
    inputs: Tensor | Sequence[Tensor] | None = None,
) -> None:
    """Add the gradients of this tensor to the ``.grad`` of the leaves; see `jittape.autograd.backward`."""
    backward(self, gradient, retain_graph, create_graph, inputs)


backward_method.__name__, backward_method.__qualname__ = "backward", "Tensor.backward"
Tensor.register_hook = register_hook
Tensor.backward = backward_method
