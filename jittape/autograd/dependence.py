"""What results depend on."""

from ..binding import row_of
from ..errors import GraphFreedError
from ..sweeps.marking import mark
from ..sweeps.workspace import LOWEST, MARKED, POSITION, TOP
from ..tape import current
from ..versions import stale
from .engine import Sweep


def rooted(tensor):
    """Let a Tensor that requires gradients have a row that stands for its value now; False if it is a leaf on no tape."""
    home = current().tape
    if tensor._tape is None or (tensor.is_leaf and tensor._tape is not home):
        if tensor._extras is not None and tensor._extras.requires_grad:
            return False
        row_of(home, tensor)  # a constant whose memory has a history: a view of that
    elif not tensor.is_leaf and stale(tensor._tape.header, tensor._row):
        row_of(tensor._tape, tensor)
    return True


def leaves_of(outputs):
    """The leaves that gradients of Tensors would flow to.

    A result of another tape counts as a leaf.

    Raises
    ------
    GraphFreedError
        A sweep has freed what they depend on.
    """
    found, tapes = [], {}
    for t in outputs:
        if not t.requires_grad:
            continue
        if rooted(t):
            tapes.setdefault(id(t._tape), (t._tape, []))[1].append(t)
        else:
            found.append(t)
    for tape, tensors in tapes.values():
        found += _leaves_on(tape, tensors)
    return found


def _leaves_on(tape, tensors):
    with tape.lock:
        sweep = Sweep(tape, [(t._row, None) for t in tensors], None)
    words = sweep.workspace.words
    words[POSITION] = words[TOP] = len(tape)  # no write is undone
    try:
        rows = {row for row, _ in sweep.roots}
        sweep.workspace.marks[list(rows)] |= MARKED
        if mark(tape.header, sweep.ws, sweep.highest, len(rows)) >= 0:
            raise GraphFreedError
        sweep.lowest = int(words[LOWEST])
        return [tape.leaves[row] for row in sweep._leaf_rows()]
    finally:
        sweep.close(False)
