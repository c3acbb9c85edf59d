"""Hooks on the values that derivatives read: what rows have saved is packed when they are recorded and unpacked by a sweep."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..kernels.kernel_table import OPERATIONS, USES_RESULT
from ..tape.recording_state import Paused, recording, state
from ..tape.row_kinds import VIEWS, WRITES_IN_PLACE, is_one_of
from ..tape.schema import FLAGS, FREED, GRAD, OP
from ..tape.tape import current
from ..tensors.tensor import Tensor, wrap
from .row_inspection import Immediate, operands_of, read_by
from .watched_blocks import WatchedBlock

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from typing_extensions import Self

RESULT = 3  # the place of a row's result among what it saves; its operands have 0 to 2
_refusal = ContextVar("jittape_saved_tensor_hooks_refused", default=None)  # the message of `disable_saved_tensors_hooks`


class saved_tensors_hooks(WatchedBlock):
    """Context manager: values that derivatives will read are passed through a pair of functions.

    Parameters
    ----------
    pack_hook : callable
        Called with each value when an operation is recorded; what it returns is kept.
    unpack_hook : callable
        Called with that when a sweep needs the value; returns a Tensor of the same shape.

    Notes
    -----
    The rows of the tape keep their values in any case, for the program may look at them: hooks can watch and change what
    derivatives read, but they save no memory; for that there is `jittape.checkpoint`.

    Examples
    --------
    >>> import jittape as jt
    >>> x = jt.tensor(3.0, requires_grad=True)
    >>> with jt.autograd.graph.saved_tensors_hooks(lambda t: t * 10, lambda t: t):
    ...     y = x.exp() + x**2
    >>> jt.autograd.grad(x.square(), x)
    (tensor(6.),)
    """

    def __init__(self, pack_hook: Callable[[Tensor], Any], unpack_hook: Callable[[Any], Tensor]) -> None:
        super().__init__(hooks=self)
        self.pack_hook, self.unpack_hook = pack_hook, unpack_hook

    def __enter__(self) -> Self:
        if _refusal.get() is not None:
            raise RuntimeError(_refusal.get())
        return super().__enter__()

    def pack_row(self, tape: Any, row: int) -> None:
        """Pack what the derivative of a new row reads.

        Parameters
        ----------
        tape : Tape
            The tape.
        row : int
            The row.
        """
        if is_one_of(tape.flags[row], VIEWS) or is_one_of(tape.flags[row], WRITES_IN_PLACE):
            return
        saved = {k: self.packed(tape.array(a)) for k, a in places_read(tape, row)}
        if saved:
            tape.attended.setdefault(row, Attended({}, {})).saved.update(saved)

    def packed(self, array: np.ndarray) -> Packed:
        """Pack a value.

        Parameters
        ----------
        array : ndarray
            The value, which is copied.

        Returns
        -------
        Packed
            What the hook made of it.
        """
        return Packed(called_plainly(self.pack_hook, wrap(np.array(array, order="C"))), self, array.shape)


class save_on_cpu(saved_tensors_hooks):
    """Context manager that keeps what derivatives read on the CPU, where it is.

    Parameters
    ----------
    pin_memory : bool, optional
        Without effect; accepted for compatibility with PyTorch.
    device_type : str, optional
        Without effect; accepted for compatibility with PyTorch.
    """

    def __init__(self, pin_memory: bool = False, device_type: str = "cuda") -> None:
        super().__init__(_itself, _itself)


def _itself(tensor):
    return tensor


class disable_saved_tensors_hooks:
    """Context manager in which `saved_tensors_hooks` may not be entered.

    Parameters
    ----------
    error_message : str
        What is raised there.
    """

    def __init__(self, error_message: str) -> None:
        self._message, self._tokens = error_message, []

    def __enter__(self) -> Self:
        self._tokens.append(_refusal.set(self._message))
        return self

    def __exit__(self, *exc_info: object) -> None:
        _refusal.reset(self._tokens.pop())


class Attended(NamedTuple):
    """What Python has to do at a row of a sweep: values that are unpacked, by place, and hooks of its node, by number."""

    saved: dict
    hooks: dict


class Packed(NamedTuple):
    """What a hook has made of a value."""

    packed: object
    hooks: saved_tensors_hooks
    shape: tuple

    def unpacked(self):
        """The value that a derivative reads."""
        found = called_plainly(self.hooks.unpack_hook, self.packed)
        if not isinstance(found, Tensor):
            raise TypeError(
                f"Output of saved tensor unpack_hook expected to be a Tensor but got result of type {type(found).__name__}"
            )
        if tuple(found.shape) != tuple(self.shape):
            raise RuntimeError(f"unpack_hook returned a Tensor of shape {list(found.shape)}, expected {list(self.shape)}")
        return found


class PackedTensors(NamedTuple):
    """What `save_for_backward` was given under hooks."""

    parts: tuple

    def unpacked(self):
        """The tensors."""
        return tuple([None if p is None else p.unpacked() for p in self.parts])


def called_plainly(hook, value):
    """What a user's hook returns; what it computes is not recorded."""
    before = recording()
    try:
        state.set(Paused(current().tape))
        return hook(value)
    finally:
        state.set(before)


def packed_now(tensors):
    """The tensors as the hooks that are in effect pack them; None if there are none."""
    found = _hooks_around.get()
    return None if found is None else PackedTensors(tuple([None if t is None else found.packed(t._value()) for t in tensors]))


# The hooks at the call of a `Function`, whose forward is not recorded.
_hooks_around = ContextVar("jittape_saved_tensor_hooks", default=None)


def calling_function(hooks):
    """Note the hooks under which a `Function` is called; returns what `reset` of the variable takes."""
    return _hooks_around.set(hooks)


def function_called(token):
    """Forget what `calling_function` has noted."""
    _hooks_around.reset(token)


def places_read(tape, row):
    """Pairs of a place and a row: operands, and the result as place 3, whose values the derivative of a row reads."""
    operands = operands_of(tape, row)
    active = [k for k, a in enumerate(operands) if not isinstance(a, Immediate) and tape.columns[FLAGS][a] & GRAD]
    mask = read_by(OPERATIONS[tape.columns[OP][row]], active)
    found = [(k, a) for k, a in enumerate(operands) if mask >> min(k, 2) & 1 and not isinstance(a, Immediate)]
    return [*found, (RESULT, row)] if mask & USES_RESULT else found


def with_unpacked(tape, row, operands, y):
    """The operands and the result of a row as Tensors, with what hooks unpack in the places that they have packed."""
    entry = tape.attended.get(row)
    if entry is None or not entry.saved:
        return operands, y
    found = {k: packed.unpacked() for k, packed in entry.saved.items()}
    return [found.get(k, x) for k, x in enumerate(operands)], found.get(RESULT, y)


def release(tape):
    """Let go of what freed rows have saved, and of their hooks."""
    for table in (tape.attended, tape.hooked):
        for row in [row for row in table if tape.columns[FLAGS][row] & FREED]:
            table.pop(row, None)
