"""PyTorch's namespace of what can be done with graphs: nodes, edges, and hooks on what is saved

A node is a row of a tape, seen through the Tensor that it made.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..tape.commit import commit
from ..tensors.tensor import Tensor
from .grad_fn import GradientEdge, Node, edge_of
from .hooks import RemovableHandle, expect_gradients, register_hook
from .hook_answers import after_sweep
from .saved_tensor_hooks import disable_saved_tensors_hooks, save_on_cpu, saved_tensors_hooks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

__all__ = [
    "GradientEdge",
    "Node",
    "allow_mutation_on_saved_tensors",
    "disable_saved_tensors_hooks",
    "get_gradient_edge",
    "increment_version",
    "register_multi_grad_hook",
    "save_on_cpu",
    "saved_tensors_hooks",
]


def __dir__():
    return __all__


def get_gradient_edge(tensor: Tensor) -> GradientEdge:
    """Return the edge to which the gradient of a tensor flows.

    Parameters
    ----------
    tensor : Tensor
        One that requires grad.

    Returns
    -------
    GradientEdge
        Of a node and 0; `jittape.autograd.grad` and `backward` take it in the place of the tensor.

    Raises
    ------
    RuntimeError
        If the tensor does not require grad.

    Examples
    --------
    >>> import jittape as jt
    >>> x = jt.tensor(3.0, requires_grad=True)
    >>> jt.autograd.grad(x * x, jt.autograd.graph.get_gradient_edge(x))
    (tensor(6.),)
    """
    if not tensor.requires_grad:
        raise RuntimeError("It is not possible to get the gradient edge for a Tensor that does not require gradients")
    return edge_of(tensor)


def increment_version(tensor: Tensor | Sequence[Tensor]) -> None:
    """Say that the memory of tensors was changed in a way that the library has not seen.

    Parameters
    ----------
    tensor : Tensor or sequence of Tensors
        A sweep that needs what they held when they were recorded raises.
    """
    tensors = (tensor,) if isinstance(tensor, Tensor) else tuple(tensor)
    for t in tensors:
        t._pinned()
    commit([t._storage.memory.next_version() for t in tensors])


@contextmanager
def allow_mutation_on_saved_tensors() -> Iterator[None]:
    """Context manager in which saved tensors may be changed in place.

    Recorded changes always may be: the tape keeps what they overwrite. So there is nothing to do.

    Yields
    ------
    None
        Nothing.
    """
    yield


def register_multi_grad_hook(tensors: Sequence[Tensor], fn: Callable[[Any], None], *, mode: str = "all") -> RemovableHandle:
    """Call a function with the gradients of several tensors, once in every sweep that reaches one of them.

    Parameters
    ----------
    tensors : sequence of Tensors
        Tensors that require grad.
    fn : callable
        With mode "all" called at the end of the sweep with a list of gradients, None for those that the sweep has not
        reached; with "any" called with the first gradient.
    mode : {"all", "any"}, optional
        When it is called.

    Returns
    -------
    RemovableHandle
        Its ``remove()`` removes the hook.

    Raises
    ------
    ValueError
        If the mode is something else.
    RuntimeError
        If a tensor does not require grad.
    """
    if mode not in ("all", "any"):
        raise ValueError(f"Expects mode to be one of ('all', 'any') but got {mode}")
    tensors = tuple(tensors)
    for t in tensors:
        expect_gradients(t)
    group = _SeveralGradients(len(tensors), fn, mode)
    handles = {k: register_hook(t, group.hook_of(k)) for k, t in enumerate(tensors)}
    return _Handles(handles)


class _SeveralGradients:
    """The gradients of several Tensors that a sweep has come to."""

    def __init__(self, n, function, mode):
        self.n, self.function, self.mode, self.found = n, function, mode, {}

    def hook_of(self, k):
        """The hook of one of the Tensors."""

        def hook(gradient):
            if not self.found:
                after_sweep(self.end)
                if self.mode == "any":
                    self.function(gradient)
            self.found[k] = gradient

        return hook

    def end(self):
        """Call the function at the end of a sweep."""
        found, self.found = self.found, {}
        if self.mode == "all":
            self.function([found.get(k) for k in range(self.n)])


class _Handles(RemovableHandle):
    """The handle of a hook on several Tensors."""

    __slots__ = ("_handles",)

    def __init__(self, handles):
        self._handles = handles

    def remove(self) -> None:
        for handle in self._handles.values():
            handle.remove()
