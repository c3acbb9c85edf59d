"""Sweeps that carry several adjoints or tangents side by side (lanes).

What a row costs besides arithmetic (marks, operands, versions, the partial itself) is paid once for all lanes.
"""

import numpy as np

from ..tape.append import SMALL
from ..tape.schema import WRITES
from ..memory.words import quick_address
from ..kernels.services import REVERSE_LANES, ensure
from ..sweeps.workspace import LANE, LANES, NO_ADJOINT, NUMBERS, WITH_NAN, add_lanes, copy_lanes, new_adjoint
from .found_nan import FoundNan, has_nan
from .reverse_driver import Sweep
from .tangent_driver import TangentSweep
from .row_inspection import no_room


class _InLanes:
    """Methods for lanes that sweeps of both directions share."""

    def __init__(self, tape, roots, wanted, lanes, **options):
        super().__init__(tape, roots, wanted, **options)
        self.lanes = self.ruled = lanes  # all of them, and those on which rules work
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
        """Call a method that works on one lane, for all on which rules work.  Returns the answers."""
        return self._in_lanes(range(self.ruled), visit, args)

    def every_lane(self, visit, *args):
        """Call a method that works on one lane for all there are.  Returns the answers."""
        return self._in_lanes(range(self.lanes), visit, args)

    def _in_lanes(self, lanes, visit, args):
        words, answers = self.workspace.words, []
        try:
            for lane in lanes:
                words[LANE], self.deposits = lane, self._deposits.setdefault(lane, {})
                answers.append(visit(*args))
        finally:
            words[LANE] = 0
        return answers

    def all_adjoints(self, row):
        """The adjoints of a row, along a first axis, as an array of its own, and what `copy_lanes` answers of them."""
        layout = self.tape.layout(row)
        if layout.contiguous:
            array = np.empty((self.lanes, *layout.shape), self.tape.dtype(row))
            found = copy_lanes(self.tape.header, self.ws, row, quick_address(array))
            return (array, found) if found else (None, found)
        if self.adjoint(row) is None:
            return None, NO_ADJOINT
        array = np.stack(self.every_lane(lambda: self.adjoint(row).copy(order="C")))
        return array, WITH_NAN if has_nan(array) else NUMBERS


class LaneSweep(_InLanes, Sweep):
    """A reverse sweep of several cotangents: arrays of these, and of gradients, have the lanes along their first axis."""

    def __init__(self, tape, roots, wanted, lanes, **options):
        ensure(REVERSE_LANES)
        super().__init__(tape, roots, wanted, lanes, **options)

    def seed(self, row, cotangent):
        if row < self.highest and self.tape._counts[WRITES]:
            rows = iter(cotangent)
            self.every_lane(lambda: self.defer(row, next(rows)))
        else:
            self.add_all(row, cotangent)

    def _pull_back_in_python(self, row):
        self.each_lane(super()._pull_back_in_python, row)

    def _take(self, row):
        layout, dtype = self.tape.layout(row), self.tape.dtype(row)
        if layout.contiguous and self.lanes * layout.size * dtype.itemsize > SMALL:
            return self._take_block(row, (self.lanes, *layout.shape), self.lanes * layout.size, dtype)
        array, found = self.all_adjoints(row)
        if found == WITH_NAN and not self.is_careful:
            raise FoundNan
        return array


class LaneTangents(_InLanes, TangentSweep):
    """A tangent sweep of several directions: arrays of these, and of answers, have the lanes along their first axis."""

    def seed(self, row, tangent):
        self.add_all(row, tangent)

    def remember(self, row):
        self.past[row], _ = self.all_adjoints(row)

    def past_tangent(self, row):
        found = self.past[row]
        return None if found is None else np.asarray(found[self.workspace.words[LANE]])

    def _push_forward_in_python(self, row):
        self.each_lane(super()._push_forward_in_python, row)

    def tangent(self, row):
        if not new_adjoint(self.tape.header, self.ws, row):
            raise no_room(self.tape, row)
        return self.all_adjoints(row)[0]
