"""Hooks on gradients, and the methods of Tensor that start sweeps."""

import itertools
import weakref

from ..tensors.tensor import Tensor, extras_of
from .backward_and_grad import backward

_numbers = itertools.count()


class RemovableHandle:
    """What registering a hook returns: ``remove()`` takes the hook away, as does leaving a ``with`` block."""

    __slots__ = ("_hooks", "_number")

    def __init__(self, hooks, number):
        self._hooks, self._number = hooks, number

    def remove(self):
        """Take the hook away; again does nothing."""
        self._hooks.pop(self._number, None)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.remove()


def register_hook(self, hook):
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


def backward_method(self, gradient=None, retain_graph=None, create_graph=False, inputs=None):
    """Add the gradients of this tensor to the ``.grad`` of the leaves; see `jittape.autograd.backward`."""
    backward(self, gradient, retain_graph, create_graph, inputs)


backward_method.__name__, backward_method.__qualname__ = "backward", "Tensor.backward"
Tensor.register_hook = register_hook
Tensor.backward = backward_method
