"""Driver of the compiled tangent sweep."""

import numpy as np

from ..tape.schema import ARG0, FLAGS, GRAD, OP, WRITES
from ..kernels.kernel_table import OPERATIONS
from ..sweeps.tangent_sweep import tangent
from ..sweeps.write_undo import undo_writes
from ..sweeps.workspace import ANSWERS, BAD_OPERAND, DONE, MISSING_SLOT, NEEDS_PYTHON, NO_ROOM, REFUSED, new_adjoint
from ..tape.recording_state import Paused, recording, state
from ..tensors.tensor import Tensor, wrap
from .reverse_driver import Sweep, as_it_is
from .row_inspection import changed_value, no_room, operand_rows


class TangentSweep(Sweep):
    """One tangent sweep over one tape: along the recording, from the leaves to the roots."""

    def prepare(self, moves, elsewhere):
        """Mark what the roots depend on, undo the writes, and give the leaves their tangents.

        ``elsewhere(tensors, moves)`` answers the tangents of results of other tapes, which come in as leaves.
        """
        self.mark_roots()
        tape = self.tape
        moves = [(t, as_it_is(x_dot)) for t, x_dot in moves] if tape._counts[WRITES] else moves
        known, leaves = {id(t): x_dot for t, x_dot in moves}, [(row, tape.leaves[row]) for row in self.workspace.leaf_rows()]
        others = [t for _, t in leaves if not t.is_leaf and id(t) not in known]
        if others:
            known.update((id(t), x_dot) for t, x_dot in zip(others, elsewhere(others, moves)))
        if tape._counts[WRITES]:
            undo_writes(tape.header, self.ws, self.lowest)
        for row, t in leaves:
            if id(t) in known:
                self.seed(row, known[id(t)])

    def seed(self, row, tangent):
        """Start the sweep with a tangent of a leaf."""
        self.add(row, tangent)

    def run(self, watch=None):
        """Sweep up to the roots, stopping at rows whose tangent a later row asks for as it was then."""
        start = self.lowest
        for row in sorted(self._remembered()):
            self._run(start, row)
            self.remember(row)
            start = row + 1
        self._run(start, self.highest)

    def _remembered(self):
        """Operands of rows that read the past of a memory (see `differentiable.earlier`): their tangents have to be kept."""
        self.past = {}
        if not self.tape._counts[WRITES]:
            return ()
        readers = [code for code, operation in enumerate(OPERATIONS) if getattr(operation, "reads_the_past", False)]
        rows = slice(self.lowest, self.highest + 1)
        found = np.isin(self.tape.columns[OP][rows], readers) & (self.workspace.marks[rows] != 0)
        return {int(a) for a in self.tape.columns[ARG0][rows][found] if self.workspace.marks[a]}

    def remember(self, row):
        """Keep the tangent of a row as it is now."""
        found = self.adjoint(row)
        self.past[row] = None if found is None else found.copy()

    def past_tangent(self, row):
        """The tangent that `remember` kept."""
        return self.past[row]

    def _run(self, row, highest):
        """Sweep up to a row, pausing where Python is needed."""
        tape = self.tape
        while row <= highest:
            answer = tangent(tape.header, self.ws, row, highest)
            if answer == DONE:
                return
            row, reason = divmod(answer, ANSWERS)
            if reason == NEEDS_PYTHON:
                self._push_forward_in_python(row)
                row += 1
            elif reason == REFUSED:
                self.provide(row, int(self.workspace.words[MISSING_SLOT]))
            elif reason == NO_ROOM:
                raise no_room(tape, row)
            else:
                raise changed_value(tape, row, int(self.workspace.words[BAD_OPERAND]))

    def tangent(self, row):
        """The tangent of a row as an array of its own."""
        if not new_adjoint(self.tape.header, self.ws, row):
            raise no_room(self.tape, row)
        return self.adjoint(row).copy()

    def _push_forward_in_python(self, row):
        tape = self.tape
        operation, rows = OPERATIONS[tape.columns[OP][row]], operand_rows(tape, row)
        operands, y = [wrap(tape.array(a)) for a in rows], wrap(tape.array(row))
        if not new_adjoint(tape.header, self.ws, row):
            raise no_room(tape, row)
        before = recording()
        try:
            state.set(Paused(tape))
            active = {k: a for k, a in enumerate(rows) if tape.columns[FLAGS][a] & GRAD}
            tangents = {k: self.past_tangent(a) if a in self.past else self.adjoint(a) for k, a in active.items()}
            x_dots = {k: wrap(x_dot) for k, x_dot in tangents.items() if x_dot is not None}
            self.add_terms(row, operation, active, x_dots, y, operands, self.statics_of(row, operation))
        finally:
            state.set(before)

    def add_terms(self, row, operation, active, x_dots, y, operands, statics):
        """Add the terms that the rule of an operation makes of the tangents of some operands to the tangent of a row."""
        for part in operation.push_forward(x_dots, y, operands, statics):
            if part is not None:
                self.add(row, part._value() if isinstance(part, Tensor) else part)
