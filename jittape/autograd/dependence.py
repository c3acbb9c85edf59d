"""Dependence: which leaves and rows results depend on."""

import numpy as np

from ..tensors.row_binding import row_of
from ..tape.schema import LEAF
from ..errors import GraphFreedError
from ..tape.tape import current
from ..tape.versions import stale
from .reverse_driver import Sweep


def rooted(tensor):
    """Give a Tensor that requires gradients a row that stands for its present value; False if it is a leaf on no tape."""
    tape, home = tensor._tape, current().tape
    if tape is home and not tensor.is_leaf:  # the common case
        if stale(tape.header, tensor._row):
            row_of(tape, tensor)
        return True
    home.refuse_outer_root(tensor)
    if tape is None or (tensor.is_leaf and tape is not home):
        if tensor._extras is not None and tensor._extras.requires_grad:
            return False
        row_of(home, tensor)  # a constant whose memory has a history gets a view of that
    elif not tensor.is_leaf and stale(tape.header, tensor._row):
        row_of(tape, tensor)
    return True


def leaves_of(outputs):
    """The leaves, of every tape, that gradients of Tensors would flow to.

    Raises
    ------
    GraphFreedError
        If a sweep has freed rows that they depend on.
    """
    return [leaf for leaves, _ in _generations(outputs) for leaf in leaves]


def depends_on(tensor, other):
    """Whether a Tensor is another one, or depends on it: a leaf, or a result."""
    if tensor is other:
        return True
    for leaves, tapes in _generations([tensor]):
        if any(leaf is other for leaf in leaves):
            return True
        if any(tape is other._tape and other._row in rows_under(tape, tensors) for tape, tensors in tapes):
            return True
    return False


def is_differentiated(tensor):
    """Whether a Tensor depends on a variable of a transform that is under way: on a leaf, or on a result of an outer program."""
    try:
        for leaves, tapes in _generations([tensor]):
            if any(t._extras.extent is not None and t._extras.extent.open for t in leaves):
                return True
            if any(_reach_a_variable(tape, tensors) for tape, tensors in tapes):
                return True
    except GraphFreedError:
        pass
    return False


def _reach_a_variable(tape, tensors):
    if not tape.differentiated:
        return False
    rows = set(rows_under(tape, tensors))
    return any(v._tape is tape and v._row in rows for v in tape.differentiated.values())


def _generations(outputs):
    """Leaves that Tensors depend on, and [(tape, Tensors on it)]; then the same for other tapes that these depend on."""
    queue = [t for t in outputs if t.requires_grad]
    while queue:
        tapes, leaves = {}, []
        for t in queue:
            if rooted(t):
                tapes.setdefault(id(t._tape), (t._tape, []))[1].append(t)
            else:
                leaves.append(t)
        reached = [t for tape, tensors in tapes.values() for t in _leaves_on(tape, tensors)]
        yield leaves + [t for t in reached if t.is_leaf], tapes.values()
        queue = [t for t in reached if not t.is_leaf]  # results of other tapes


def captured_leaves(outputs, tape, start):
    """The leaves that results recorded from row `start` on depend on, None if they also depend on earlier results."""
    needed = [t for t in outputs if t.requires_grad]
    leaves = leaves_of(needed)
    earlier = [t for t in needed if not rooted(t) or t._tape is not tape or not t.is_leaf and t._row < start]
    if earlier or any(not t.is_leaf for t in leaves):
        return None
    return None if needed and _reach_results_before(tape, needed, start) else leaves


def _reach_results_before(tape, tensors, start):
    marked = rows_under(tape, tensors)
    return any(row < start and not tape.flags[row] & LEAF for row in marked)


def _leaves_on(tape, tensors):
    return _after_marking(tape, tensors, lambda sweep: [tape.leaves[row] for row in sweep.workspace.leaf_rows()])


def rows_under(tape, tensors):
    """The rows of a tape that Tensors on it depend on."""

    def rows(sweep):
        return (np.flatnonzero(sweep.workspace.marks[sweep.lowest : sweep.highest + 1]) + sweep.lowest).tolist()

    return _after_marking(tape, tensors, rows)


def _after_marking(tape, tensors, answer):
    with tape.lock:
        sweep = Sweep(tape, [(t._row, None) for t in tensors], None)
    try:
        sweep.mark_roots()
        return answer(sweep)
    finally:
        try:
            sweep.close(False)
        except BaseException:  # an interrupt
            sweep.close(False)
            raise
