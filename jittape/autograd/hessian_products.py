"""Hessian-vector products in two sweeps without a recorded gradient: tangents upwards, then second order downwards."""

import numpy as np

from ..dtypes import DTYPES
from ..kernels.kernel_table import part_of
from ..tape.schema import WRITES
from ..memory.words import address_of
from ..ops.declare_elementwise import Elementwise
from ..ops.partial_programs import Untraceable, compile_seconds
from ..sweeps.tangent_sweep import release_overwritten
from ..sweeps.write_undo import redo_writes, undo_writes
from ..sweeps.workspace import OVERWRITTEN, TANGENTS
from .anomaly import watcher
from .dependence import rooted
from .scalar_backward import reaches
from .batched_sweeps import is_observed, width
from .found_nan import FoundNan
from .lane_sweeps import LaneSweep, LaneTangents


class NotCompiled(Exception):
    """A row has no compiled second order, so that the gradient has to be recorded."""


class SecondSweep(LaneSweep):
    """A reverse sweep whose first lane holds adjoints and whose others hold their tangents."""

    def __init__(self, tape, roots, lanes, tangents):
        super().__init__(tape, roots, None, lanes)
        self.workspace.numbers[TANGENTS] = tangents.ws

    def prepare(self):
        """Mark and seed; there are no observers, and the leaves are known."""
        self.mark_roots()
        if self.tape._counts[WRITES]:
            undo_writes(self.tape.header, self.ws, self.highest + 1)
        for row, seeds in self.roots:
            self.seed(row, seeds)

    def close(self, free, swept=True):
        self.workspace.numbers[TANGENTS] = 0
        super().close(free, swept)

    def compile_slot(self, operation, slot):
        part, _, dtype = part_of(slot)
        if part != "second":
            super().compile_slot(operation, slot)
        elif isinstance(operation, Elementwise):
            try:
                compile_seconds(operation, DTYPES[dtype])
            except Untraceable:
                raise NotCompiled from None
        else:  # a structured operation that is not linear
            raise NotCompiled

    def _pull_back_in_python(self, row):
        raise NotCompiled


class _Tangents(LaneTangents):
    """A tangent sweep whose tangents are kept for the sweep of second order, with those that writes overwrite."""

    overwritten = None

    def mark_roots(self):
        super().mark_roots()
        if self.tape._counts[WRITES]:
            self.overwritten = np.zeros(self.highest - self.lowest + 1, np.int64)
            self.workspace.numbers[OVERWRITTEN] = address_of(self.overwritten)

    def close(self, free, swept=True):
        if self.overwritten is not None and self.workspace.numbers[OVERWRITTEN]:
            release_overwritten(self.tape.header, self.ws, len(self.overwritten))
        super().close(free, swept)

    def _push_forward_in_python(self, row):
        raise NotCompiled


def second_order(root, inputs, directions, is_outer=None):
    """The gradient of a scalar, and its Hessian times many directions.

    Parameters
    ----------
    root : Tensor
        Of one element, requiring gradients.
    inputs : list of Tensors
        Leaves.
    directions : list of arrays
        One an input, the batch along a first axis.
    is_outer : callable, optional
        Where it holds of a leaf that the root depends on, nothing is swept.

    Returns
    -------
    list of arrays, or None
        An array an input (zeros where the root does not depend on it), the batch along the first axis; None if
        the recorded way has to be taken: other tapes, hooks, operations that Python executes or
        whose second derivative is not derived, and results that are not numbers, for it tells structural zeros.
    """
    if watcher() is not None or not rooted(root):
        return None
    tape = root._tape
    if tape.derivatives_are_rows or is_observed(tape, [root], tape.attended):
        return None
    for t in inputs:
        if not t.is_leaf or t._tape not in (None, tape) or t._extras.hooks:
            return None
    n = len(directions[0])
    carried, parts = width(n, [root, *inputs]), []
    try:
        for start in range(0, n, carried):
            parts.append(_sweep(tape, root, inputs, [d[start : start + carried] for d in directions], is_outer))
    except (NotCompiled, FoundNan):
        return None
    return parts[0] if len(parts) == 1 else [np.concatenate(column) for column in zip(*parts)]


def _sweep(tape, root, inputs, directions, is_outer):
    n = len(directions[0])
    with tape.lock:
        tangents = _Tangents(tape, [(root._row, None)], None, n)
    try:
        tangents.prepare(list(zip(inputs, directions)), _elsewhere)
        if is_outer is not None and reaches(tape, tangents.workspace.leaf_rows(), is_outer):
            raise NotCompiled
        tangents.run()
        redo_writes(tape.header, tangents.ws)  # writes above the root: the next sweep undoes them itself
        seeds = np.zeros((n + 1, *root.shape), root.dtype)
        seeds[0] = 1.0
        with tape.lock:
            sweep = SecondSweep(tape, [(root._row, seeds)], n + 1, tangents)
        try:
            sweep.prepare()
            sweep.run()
        finally:
            try:
                sweep.close(False)
            except BaseException:  # an interrupt
                sweep.close(False)
                raise
        found = {id(t): g for t, g in sweep.found}
        return [found[id(t)][1:] if id(t) in found else np.zeros((n, *t.shape), t.dtype) for t in inputs]
    finally:
        try:
            tangents.close(False)
        except BaseException:  # an interrupt
            tangents.close(False)
            raise


def _elsewhere(others, moves):
    raise NotCompiled
