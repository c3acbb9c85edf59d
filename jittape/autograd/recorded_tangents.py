"""The recorded tangent sweep, whose tangents can be differentiated again.

The counterpart of `recorded_reverse`: it walks the rows upwards and applies the rules of operations to Tensors, so the tangents
are results on the tape themselves. Here, too, a row is a pure function of its operands.
"""

from ..tape.schema import FLAGS, LEAF, OP, WRITES
from ..ops.copies_and_joins import convert
from ..ops.flow_masks import in_dtype, in_either, spread
from ..ops.shape_functions import expand
from ..kernels.kernel_table import OPERATIONS
from ..sweeps.write_undo import redo_row, undo_writes
from ..sweeps.workspace import MARKED
from ..tape.row_kinds import WRITES_IN_PLACE, is_one_of
from ..tape.tape import current
from .dependence import rooted
from .recorded_reverse import Flowing, RecordedSweep
from .row_inspection import Immediate, operands_of


def recorded_tangents_of(outputs, inputs, tangents):
    """Directional derivatives of Tensors, recorded; see `tangents.tangent_of`.

    Parameters
    ----------
    outputs, inputs, tangents : lists of Tensors
        The inputs may also be results: their tangents then replace what they depend on.

    Returns
    -------
    list of Tensors
        None for an output that does not depend on the inputs.
    """
    found = carried_to(outputs, list(zip(inputs, tangents)), RecordedTangents)
    answers = [y_dot.seed if isinstance(y_dot, Flowing) else y_dot for y_dot in found]
    if current().tape.derivatives_are_rows:
        current().tape.note_derivatives(answers)
    return answers


def carried_to(outputs, moves, kind):
    """What a sweep of some kind carries from inputs, as pairs (input, what it has), to outputs; None where nothing arrives."""
    answers, tapes = [None] * len(outputs), {}
    for k, y in enumerate(outputs):
        if y.requires_grad and rooted(y):
            tapes.setdefault(id(y._tape), (y._tape, []))[1].append(k)
        else:
            answers[k] = next((x_dot for t, x_dot in moves if t is y), None)
    for tape, places in tapes.values():
        with tape.lock:
            sweep = kind(tape, [(outputs[k]._row, None) for k in places], None)
        try:
            sweep.prepare(moves)
            sweep.run()
            for k, (row, _) in zip(places, sweep.roots):
                if row in sweep.tangents:
                    answers[k] = sweep.answer(row)
        finally:
            try:
                sweep.close(False)
            except BaseException:  # an interrupt
                sweep.close(False)
                raise
    return answers


class RecordedTangents(RecordedSweep):
    """A tangent sweep whose tangents are Tensors."""

    def prepare(self, moves):
        """Mark the rows, undo all writes, and give the inputs their tangents."""
        self.mark_roots()
        tape = self.tape
        self.tangents, self.pending, self.undone, self.handles = {}, {}, set(), {}
        self.flows = {}
        self.has_writes = bool(tape._counts[WRITES])
        if self.has_writes:
            moves = [(t, self.as_it_is(x_dot)) for t, x_dot in moves]
            self._undo()
        self._seed(moves)

    def _undo(self):
        """Undo all writes; storages that still have some to be repeated are those in `undone`."""
        tape = self.tape
        for row in range(self.lowest, len(tape)):
            if is_one_of(tape.flags[row], WRITES_IN_PLACE):
                memory = self._memory_of(row)
                self.pending[memory] = self.pending.get(memory, 0) + 1
        self.undone = set(self.pending)
        undo_writes(tape.header, self.ws, self.lowest)

    def _seed(self, moves):
        tape = self.tape
        leaves = {row: tape.leaves[row] for row in self.workspace.leaf_rows()}
        moving = {id(t) for t, _ in moves}
        others = [t for t in leaves.values() if not t.is_leaf and id(t) not in moving]
        if others:  # results of another tape
            found = carried_to(others, moves, type(self))
            moves = moves + [(t, x_dot) for t, x_dot in zip(others, found) if x_dot is not None]
        by_leaf = {id(t): x_dot for t, x_dot in moves}
        for row, t in leaves.items():
            if id(t) in by_leaf:
                self.tangents[row], self.flows[row] = self.seed_of(by_leaf[id(t)])
        for t, x_dot in moves:
            if t._tape is tape and not tape.columns[FLAGS][t._row] & LEAF:
                self.tangents[t._row], self.flows[t._row] = self.seed_of(x_dot)

    def answer(self, row):
        """What an output is given."""
        return Flowing(self.tangents[row], self.flows[row])

    def run(self, watch=None):
        """Sweep upwards, row by row."""
        tape, marks = self.tape, self.workspace.marks
        for row in range(self.lowest, self.highest + 1):
            flags = tape.columns[FLAGS][row]
            if is_one_of(flags, WRITES_IN_PLACE) and self.pending:
                self._redo(row)
            if marks[row] & MARKED and not flags & LEAF and row not in self.tangents:
                y_dot, flow = self._push_forward(row)
                if y_dot is not None:
                    self.tangents[row], self.flows[row] = y_dot, flow

    def _redo(self, row):
        redo_row(self.tape.header, self.ws, row)
        memory = self._memory_of(row)
        self.pending[memory] -= 1
        if not self.pending[memory]:
            self.undone.discard(memory)

    def _push_forward(self, row):
        """The tangent of a row and where it flows; None if no operand has one."""
        tape = self.tape
        operands = operands_of(tape, row)
        active = [k for k, a in enumerate(operands) if not isinstance(a, Immediate) and a in self.tangents]
        if not active:
            return None, None
        operation = OPERATIONS[tape.columns[OP][row]]
        values, y, statics = self.arguments_of(row, operation, operands)
        x_dots = {k: self.tangents[operands[k]] for k in active}
        y_dot, flow, shape = None, None, tape.layout(row).shape
        for part, reached in self._terms(operation, operands, x_dots, y, values, statics):
            if part is not None:
                reached = in_dtype(spread(reached, shape), tape.dtype(row))
                flow = reached if y_dot is None else in_either(flow, reached)
                y_dot = part if y_dot is None else y_dot + part
        if y_dot is None:
            return None, None
        y_dot = y_dot if tuple(y_dot.shape) == shape else expand(y_dot, shape)
        return convert(y_dot, tape.dtype(row)), flow

    def _terms(self, operation, operands, x_dots, y, values, statics):
        """The terms that operands contribute to a tangent, and where they flow."""
        if not self.tape.records_flow:
            return ((part, None) for part in operation.push_forward(x_dots, y, values, statics))
        flows = {k: self.flows[operands[k]] for k in x_dots}
        return operation.push_forward_flows(x_dots, flows, y, values, statics)
