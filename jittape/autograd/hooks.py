"""Hooks on gradients, and ``Tensor.backward``."""

from __future__ import annotations

import itertools
import weakref
from typing import TYPE_CHECKING

from ..errors import GraphFreedError
from ..kernels.kernel_table import OPERATIONS
from ..tape.schema import FLAGS, FREED, LEAF, OP
from ..tensors.tensor import Tensor, extras_of
from .backward_and_grad import backward
from .grad_fn import Node, made_by
from .saved_tensor_hooks import Attended

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from ..typing import TensorLike

_numbers = itertools.count()


class RemovableHandle:
    """What registering a hook returns; removes the hook when asked, or at the end of a ``with`` block.

    Parameters
    ----------
    hooks : dict
        The hooks of a tensor.
    number : int
        The key of the hook in it.
    """

    __slots__ = ("_hooks", "_number")

    def __init__(self, hooks: dict[int, Any], number: int) -> None:
        self._hooks, self._number = hooks, number

    def remove(self) -> None:
        """Remove the hook; calling it again does nothing."""
        self._hooks.pop(self._number, None)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.remove()


def expect_gradients(tensor):
    """Raise for a tensor that no hook can be called with a gradient of."""
    if not tensor.requires_grad:
        raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")


def register_hook(self: Tensor, hook: Callable[[Tensor], Tensor | None]) -> RemovableHandle:
    """Call a function with the gradient of this tensor in every sweep.

    Parameters
    ----------
    hook : callable
        Takes the gradient as a Tensor. If it returns a Tensor, that replaces the gradient.

    Returns
    -------
    RemovableHandle
        Its ``remove()`` removes the hook.

    Raises
    ------
    RuntimeError
        If the tensor does not require grad.

    Examples
    --------
    >>> import jittape as jt
    >>> x = jt.tensor(1.0, requires_grad=True)
    >>> handle = x.register_hook(lambda gradient: 10 * gradient)
    >>> (2 * x).backward()
    >>> x.grad
    tensor(20.)
    """
    expect_gradients(self)
    extras = extras_of(self)
    number = next(_numbers)
    extras.hooks[number] = hook
    if not self.is_leaf:
        observed = self._tape.observed
        observed[:] = [r for r in observed if r() is not None and r() is not self]
        observed.append(weakref.ref(self))
        entries = self._tape.hooked.setdefault(self._row, [])
        if not any(hooks is extras.hooks for _, hooks in entries):
            entries.append((weakref.ref(self), extras.hooks))
    return RemovableHandle(extras.hooks, number)


def register_post_accumulate_grad_hook(self: Tensor, hook: Callable[[Tensor], None]) -> RemovableHandle:
    """Call a function with this leaf after every sweep that has added to its ``.grad``.

    Parameters
    ----------
    hook : callable
        Takes the leaf, whose ``.grad`` it may read and drop.

    Returns
    -------
    RemovableHandle
        Its ``remove()`` removes the hook.

    Raises
    ------
    RuntimeError
        If the tensor does not require grad, or is a result.
    """
    expect_gradients(self)
    if not self.is_leaf:
        raise RuntimeError("post accumulate grad hooks cannot be registered on non-leaf tensors")
    extras, number = extras_of(self), next(_numbers)
    extras.after = {} if extras.after is None else extras.after
    extras.after[number] = hook
    return RemovableHandle(extras.after, number)


def register_node_hook(
    self: Node, fn: Callable[[tuple[Tensor | None, ...], tuple[Tensor, ...]], tuple[Tensor | None, ...] | None]
) -> RemovableHandle:
    """Call a function with the gradients that this node hands on to its operands, and the gradient of its result.

    Parameters
    ----------
    fn : callable
        Takes a tuple of gradients of the operands, with None for those that have none, and a tuple of one gradient of the
        result; may return a tuple in the place of the first. A leaf's node has no operands: it is called with what has been
        added to ``.grad``.

    Returns
    -------
    RemovableHandle
        Its ``remove()`` removes the hook.

    Raises
    ------
    GraphFreedError
        If a sweep has freed the node.
    NotImplementedError
        For a `Function` with several outputs.

    Examples
    --------
    >>> import jittape as jt
    >>> x = jt.tensor(3.0, requires_grad=True)
    >>> y = x * 2
    >>> handle = y.grad_fn.register_hook(lambda inputs, outputs: (inputs[0] * 10, None))
    >>> y.backward()
    >>> x.grad
    tensor(20.)
    """
    tape = self._tensor._tape
    row, number = made_by(tape, self._tensor._row), next(_numbers)
    if tape.columns[FLAGS][row] & LEAF:
        return _hook_after_leaf(tape.leaves[row], fn, number)
    if tape.columns[FLAGS][row] & FREED:
        raise GraphFreedError
    statics = tape.statics.get(row)
    if hasattr(OPERATIONS[tape.columns[OP][row]], "asks_the_user") and statics[3] > 1:
        raise NotImplementedError(
            f"register_hook: got the node of {statics[0].__name__}, which has {statics[3]} outputs, expected a function of one "
            "output: register hooks of Tensors on its arguments and results"
        )
    hooks = tape.attended.setdefault(row, Attended({}, {})).hooks
    hooks[number] = fn
    return RemovableHandle(hooks, number)


def _hook_after_leaf(leaf, fn, number):
    """The hook of the node that adds to the ``.grad`` of a leaf: two hooks of the leaf, for it is called afterwards."""
    came = []

    def after(leaf):
        if came:
            fn((), (came.pop(),))

    return _HandleOfTwo({number: (register_hook(leaf, came.append), leaf.register_post_accumulate_grad_hook(after))}, number)


class _HandleOfTwo(RemovableHandle):
    """The handle of two hooks that stand for one."""

    __slots__ = ()

    def remove(self) -> None:
        for handle in self._hooks.pop(self._number, ()):
            handle.remove()


def backward_method(
    self: Tensor,
    gradient: TensorLike | None = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Tensor | Sequence[Tensor] | None = None,
) -> None:
    """Add the gradient of this tensor to the ``.grad`` of the leaves that it depends on; see `jittape.autograd.backward`.

    Parameters
    ----------
    gradient : array_like, optional
        Cotangent, of the shape of this tensor; may be left out for one element.
    retain_graph : bool, optional
        Keep the rows of the tape for another sweep; by default the value of `create_graph`.
    create_graph : bool, optional
        Record the sweep, so that the gradients can be differentiated.
    inputs : Tensor or sequence of Tensors, optional
        Only these get a ``.grad``.
    """
    backward(self, gradient, retain_graph, create_graph, inputs=inputs)


backward_method.__name__, backward_method.__qualname__ = "backward", "Tensor.backward"
register_node_hook.__name__, register_node_hook.__qualname__ = "register_hook", "Node.register_hook"
Node.register_hook = register_node_hook
Tensor.register_hook = register_hook
Tensor.register_post_accumulate_grad_hook = register_post_accumulate_grad_hook
Tensor.backward = backward_method
