"""The short path of operations that are not recorded: outside the graph, and under ``no_grad``.

The general path (promotion of dtypes, masks that count as numbers, traces that record everything) takes ten times as long as the
arithmetic on small arrays. Here the common case is told from the others.
"""

from ..tape.tape import current
from ..tape.recording_state import recording
from ..tensors.tensor import Tensor

FLOATS = frozenset("df")  # `dtype.char` of what has derivatives


def plain_arrays(operands, masks=False, flows=True):
    """The arrays and numbers of operands, to be used at once, and their dtype.

    None if an operation on them may be a row on any tape, if there is no Tensor among them, or if they are not of one floating
    dtype.

    Parameters
    ----------
    masks : bool
        Operands may be of bools, too.
    flows : bool
        Gradients would flow through the operation.
    """
    state = recording()
    if state is None:
        state = current()
    if state.tape.derivatives_are_rows:
        return None
    records, dtype, found = flows and state.recorder is not None, None, []
    for a in operands:
        kind = type(a)
        if kind is float or kind is int:
            found.append(a)
            continue
        if not isinstance(a, Tensor) or records and a.requires_grad:
            return None
        array = plain_array(a)
        if array is None:
            return None
        own = array.dtype
        found.append(array)
        if own is not dtype:
            if masks and own.char == "?":
                continue
            if dtype is not None or own.char not in FLOATS:
                return None
            dtype = own
    return None if dtype is None else (found, dtype)


def plain_array(tensor):
    """The value of a Tensor, for immediate use; None if a trace may record operations on it."""
    array = tensor._array
    if array is None:
        tape = tensor._tape
        return None if tape.derivatives_are_rows else tape.array(tensor._row)
    storage = tensor._storage
    tape = None if storage is None else storage.tape
    return array if tape is None or not tape.derivatives_are_rows else None
