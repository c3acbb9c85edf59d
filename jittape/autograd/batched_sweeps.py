"""Sweeps that carry several adjoints or tangents side by side (lanes), for Jacobians.

What a row costs besides arithmetic (marks, operands, versions, the partial itself) is paid once for all lanes.
"""

from functools import partial

import numpy as np

from ..tape.append import SMALL
from ..tape.schema import WRITES
from ..memory.pool import Buffer
from ..memory.words import quick_address
from ..kernels.services import REVERSE_LANES, ensure
from ..sweeps.workspace import LANE, LANES, add_lanes, copy_lanes, new_adjoint, take_adjoint
from .anomaly import watcher
from .dependence import rooted
from .reverse_driver import Sweep, sweep_all
from .tangent_driver import TangentSweep, tangent_of
from .gradient_requests import gradients_of
from .row_inspection import no_room

WIDEST = 64  # lanes; more were no faster
ELEMENTS = 1 << 16  # limit for the widest value, all lanes together: half a megabyte stays in the second-level cache


def width(n, tensors):
    """The number of lanes for one sweep, when n adjoints or tangents are asked for."""
    widest = max([t.numel() for t in tensors], default=1)
    return max(1, min(n, WIDEST, ELEMENTS // max(widest, 1)))


class _InLanes:
    """Methods for lanes that sweeps of both directions share."""

    def __init__(self, tape, roots, wanted, lanes):
        super().__init__(tape, roots, wanted)
        self.lanes = lanes
        self.workspace.numbers[LANES] = lanes
        self._deposits = {}

    def add_all(self, row, values):
        """Add arrays, along a first axis, to the adjoints of a row."""
        shape = (self.lanes, *self.tape.layout(row).shape)
        if values.shape != shape:
            values = np.broadcast_to(values, shape)
        values = np.ascontiguousarray(values, self.tape.dtype(row))
        if not add_lanes(self.tape.header, self.ws, row, quick_address(values)):
            raise no_room(self.tape, row)

    def each_lane(self, visit, *args):
        """Call a method that works on one lane for all of them.  Returns the answers."""
        words, answers = self.workspace.words, []
        try:
            for lane in range(self.lanes):
                words[LANE], self.deposits = lane, self._deposits.setdefault(lane, {})
                answers.append(visit(*args))
        finally:
            words[LANE] = 0
        return answers

    def all_adjoints(self, row):
        """The adjoints of a row, along a first axis, as an array of its own; None if nothing has reached it."""
        layout = self.tape.layout(row)
        if layout.contiguous:
            array = np.empty((self.lanes, *layout.shape), self.tape.dtype(row))
            return array if copy_lanes(self.tape.header, self.ws, row, quick_address(array)) else None
        if self.adjoint(row) is None:
            return None
        return np.stack(self.each_lane(lambda: self.adjoint(row).copy(order="C")))


class LaneSweep(_InLanes, Sweep):
    """A reverse sweep of several cotangents: arrays of these, and of gradients, have the lanes along their first axis."""

    def __init__(self, tape, roots, wanted, lanes):
        ensure(REVERSE_LANES)
        super().__init__(tape, roots, wanted, lanes)

    def seed(self, row, cotangent):
        if row < self.highest and self.tape._counts[WRITES]:
            rows = iter(cotangent)
            self.each_lane(lambda: self.defer(row, next(rows)))
        else:
            self.add_all(row, cotangent)

    def _pull_back_in_python(self, row):
        self.each_lane(super()._pull_back_in_python, row)

    def _take(self, row):
        layout, dtype = self.tape.layout(row), self.tape.dtype(row)
        if layout.contiguous and self.lanes * layout.size * dtype.itemsize > SMALL:
            block = take_adjoint(self.tape.header, self.ws, row)
            size = self.lanes * layout.size
            return np.asarray(Buffer(block, size, dtype)).reshape(self.lanes, *layout.shape) if block else None
        return self.all_adjoints(row)


class LaneTangents(_InLanes, TangentSweep):
    """A tangent sweep of several directions: arrays of these, and of answers, have the lanes along their first axis."""

    def seed(self, row, tangent):
        self.add_all(row, tangent)

    def remember(self, row):
        self.past[row] = self.all_adjoints(row)

    def past_tangent(self, row):
        found = self.past[row]
        return None if found is None else np.asarray(found[self.workspace.words[LANE]])

    def _push_forward_in_python(self, row):
        self.each_lane(super()._push_forward_in_python, row)

    def tangent(self, row):
        if not new_adjoint(self.tape.header, self.ws, row):
            raise no_room(self.tape, row)
        return self.all_adjoints(row)


def gradients_of_batch(roots, cotangents, wanted, free):
    """Gradients for many cotangents of each root.

    Parameters
    ----------
    roots : list of Tensors
    cotangents : list of arrays
        One a root, the batch along a first axis.
    wanted : dict of id -> Tensor
        What is differentiated.
    free : bool
        Free the rows after the last sweep.

    Returns
    -------
    dict of id -> array
        With the batch along the first axis; a Tensor that the roots do not depend on is missing.
    """
    n = len(cotangents[0])
    carried = width(n, [*roots, *wanted.values()]) if _can_share(roots, wanted) else 1
    parts, starts = [], range(0, n, carried)
    for start in starts:
        chosen = [g[start : start + carried] for g in cotangents]
        last = free and start == starts[-1]
        if carried == 1:
            found = gradients_of(roots, [g[0] for g in chosen], wanted, last, False)
            parts.append({key: np.asarray(g)[None] for key, (_, g) in found.items()})
        else:
            parts.append(_shared_sweep(roots, chosen, wanted, last))
    keys = parts[0] if parts else ()
    return {key: parts[0][key] if len(parts) == 1 else np.concatenate([part[key] for part in parts]) for key in keys}


def _can_share(roots, wanted):
    """Whether no adjoint of the sweep has to be looked at by itself: no hooks, no gradients of results."""
    if watcher() is not None or any(not t.is_leaf or t._extras.hooks for t in wanted.values()):
        return False
    return not any(root._tape is not None and is_observed(root._tape) for root in roots)


def is_observed(tape):
    """Whether a living result has hooks or retains its gradient."""
    return bool(tape.observed) and any(ref() is not None for ref in tape.observed)


def _shared_sweep(roots, cotangents, wanted, free):
    lanes = len(cotangents[0])
    found, graph_roots = [], []
    for root, g in zip(roots, cotangents):
        if rooted(root):
            graph_roots.append((root, g))
        elif id(root) in wanted:
            found.append((root, np.array(g, root.dtype)))
    if graph_roots:
        found += sweep_all(graph_roots, wanted, free, None, partial(LaneSweep, lanes=lanes))
    totals = {}
    for t, g in found:
        totals[id(t)] = totals[id(t)] + g if id(t) in totals else g
    return totals


def tangents_of_batch(outputs, inputs, tangents):
    """Directional derivatives of Tensors for many directions, along a first axis; see `tangents.tangent_of`."""
    n = len(tangents[0])
    carried, parts = width(n, [*outputs, *inputs]), []
    for start in range(0, n, carried):
        chosen = [x_dot[start : start + carried] for x_dot in tangents]
        lanes = len(chosen[0])
        parts.append(tangent_of(outputs, inputs, chosen, partial(LaneTangents, lanes=lanes), (lanes,)))
    return [part[0] if len(part) == 1 else np.concatenate(part) for part in zip(*parts)]
