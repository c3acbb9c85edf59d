"""Careful sweeps: beside every adjoint or tangent they carry where it flows, so that structural zeros stay zero.

Lanes come in pairs: the first half of them holds values, the second half numbers that are not zero where something flows (see
`sweeps.flow_rows`). Rows that do more than multiply elements, or move them, are done by the rules of their declarations.
"""

import numpy as np

from ..sweeps.workspace import CAREFUL, LANE
from .node_hooks import shown_to_node
from .lane_sweeps import LaneSweep, LaneTangents


def with_flow(values, lanes, zeros_flow=False):
    """The lanes of a careful sweep for cotangents or tangents: `values`, then where they flow."""
    values = np.asarray(values)[None] if lanes is None else np.asarray(values)
    flow = np.ones(values.shape, bool) if zeros_flow else values != 0
    return np.concatenate([values, flow.astype(values.dtype)])


class _InPairs:
    """Methods for pairs of lanes that careful sweeps of both directions share."""

    def __init__(self, tape, roots, wanted, lanes=None, **options):
        self.carried, self.pairs = lanes, lanes or 1
        super().__init__(tape, roots, wanted, 2 * self.pairs, **options)
        self.ruled = self.pairs
        self.workspace.numbers[CAREFUL] = self.pairs

    def close(self, free, swept=True):
        self.workspace.numbers[CAREFUL] = 0
        super().close(free, swept)

    def in_flow(self, visit, *args):
        """Call a method with the lane of the flow in the place of that of the values."""
        words = self.workspace.words
        words[LANE] += self.pairs
        try:
            return visit(*args)
        finally:
            words[LANE] -= self.pairs

    def flow_of(self, row):
        """Where the adjoint or tangent of a row flows, None for everywhere."""
        flow = self.in_flow(self.adjoint, row) != 0
        return None if flow.all() else flow

    def add_both(self, row, part, reached, add):
        """Add a contribution and where it flows to a row."""
        add(row, part)
        self.in_flow(add, row, np.ones((), bool) if reached is None else reached)


class CarefulSweep(_InPairs, LaneSweep):
    """A reverse sweep with structural zeros; gradients that it finds are values only, unless it keeps where they flow."""

    is_careful = True

    def __init__(self, tape, roots, wanted, lanes=None, keeps_flow=False, **options):
        super().__init__(tape, roots, wanted, lanes, **options)
        self.keeps_flow = keeps_flow

    def hand_down(self, row, operation, active, rows, y_bar, y, operands, statics):
        flow = self.flow_of(row)
        if flow is not None and not flow.any() and not hasattr(operation, "asks_the_user"):
            return
        rule, add = operation.pull_back_flows, self.adder(operation)
        parts = self.pulled_back(operation, rule, active, y_bar, flow, y, operands, statics)
        for k, part, reached in shown_to_node(self, row, len(rows), parts, y_bar):
            if part is not None:
                self.add_both(rows[k], part._value(), reached, add)

    def replace(self, row, gradient):
        """Put what hooks have made of an adjoint in its place; it also flows where it was zero and is not any more."""
        super().replace(row, gradient)
        flow = self.in_flow(self.adjoint, row)
        flow[gradient != 0] = 1

    def gradient_of(self, lanes):
        if self.keeps_flow:
            return lanes
        return lanes[0, ...] if self.carried is None else lanes[: self.pairs]  # of a number, too, an array


class CarefulTangents(_InPairs, LaneTangents):
    """A tangent sweep with structural zeros; answers have values and flow along their first axis."""

    def add_terms(self, row, operation, active, x_dots, y, operands, statics):
        flows = {k: self._flow_now(a) for k, a in active.items() if k in x_dots}
        for part, reached in operation.push_forward_flows(x_dots, flows, y, operands, statics):
            if part is not None:
                self.add_both(row, part._value(), reached, self.add)

    def _flow_now(self, row):
        if row not in self.past:
            return self.flow_of(row)
        flow = self.in_flow(self.past_tangent, row) != 0
        return None if flow.all() else flow
