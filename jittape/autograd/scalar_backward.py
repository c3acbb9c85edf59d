"""The most common sweep: from one result of one element, without observers."""

import numpy as np

from ..errors import GraphFreedError
from ..sweeps.marking import FREED_ROW, NOT_SIMPLE, begin
from ..tape.tape import current
from .found_nan import FoundNan
from .reverse_driver import Sweep
from .sweeps_across_tapes import sweep_all, sweep_carefully


def sweep_scalar(root, free, is_outer=None):
    """Sweep from one result of one element, if nothing observes adjoints.

    Parameters
    ----------
    root : Tensor
        Where the sweep starts.
    free : bool
        Free the rows.
    is_outer : callable, optional
        If it is true of a leaf that is reached, nothing is swept; the general way stays on paths to what is wanted.

    Returns
    -------
    list of (Tensor, array), or None
        Gradients; None if the general way has to be taken.
    """
    tape = root._tape
    if tape is None or tape.observed or tape.hooked or tape.attended or tape.derivatives_are_rows or current().watching:
        return None
    sweep, done, simple, has_nan = None, False, True, False  # until it is known not to be simple, there may be marks
    try:
        with tape.lock:  # another thread may be renumbering
            sweep = Sweep(tape, ((root._row, None),), None)
        sweep.lowest = begin(tape.header, sweep.ws, root._row)
        simple = sweep.lowest != NOT_SIMPLE
        if sweep.lowest == FREED_ROW:
            raise GraphFreedError
        if not simple or is_outer is not None and reaches(tape, sweep.workspace.leaf_rows(), is_outer):
            return None
        sweep.run()
        done = True
    except FoundNan:
        has_nan = True
    finally:
        try:
            if sweep is not None:
                sweep.close(free and done, swept=simple)
        except BaseException:  # an interrupt
            sweep.close(free and done, swept=simple)
            raise
    if has_nan:
        return sweep_carefully([(root, np.ones(root.shape, root.dtype))], None, free)
    if not sweep.beyond:
        return sweep.found
    return sweep.found + sweep_all(sweep.beyond, None, free, zeros_flow=True)  # which of them flow is not known any more


def reaches(tape, rows, is_outer):
    """Whether `is_outer` is true of a leaf in these rows."""
    for row in rows:  # a loop: a generator would take as long as the sweep of a small program
        if is_outer(tape.leaves[row]):
            return True
    return False
