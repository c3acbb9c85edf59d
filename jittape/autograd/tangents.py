"""Driving the compiled tangent sweep."""

from ..columns import FLAGS, GRAD, OP, WRITES
from ..errors import GraphFreedError
from ..optable import OPERATIONS
from ..sweeps.marking import mark
from ..sweeps.tangent import tangent
from ..sweeps.undo import undo_writes
from ..sweeps.workspace import (
    ANSWERS, BAD_OPERAND, DONE, LOWEST, MARKED, NEEDS_PYTHON, POSITION, TOP, UNCOMPILED_PARTIAL, new_adjoint,
)
from ..tape import Paused, recording, state
from ..tensor import Tensor, wrap
from .engine import Sweep
from .rows import changed_value, operand_rows


def tangent_of(outputs, inputs, tangents):
    """Directional derivatives of Tensors by one tangent sweep over the tape they lie on.

    Parameters
    ----------
    outputs, inputs : lists of Tensors
        Results, and the leaves they depend on.
    tangents : list of arrays
        The direction, an array an input.

    Returns
    -------
    list of arrays
    """
    tape = outputs[0]._tape
    sweep = Sweep(tape, [(t._row, 0.0) for t in outputs], None)
    marks = sweep.workspace.marks
    try:
        for row, _ in sweep.roots:
            marks[row] |= MARKED
        if mark(tape.header, sweep.ws, sweep.highest, len({r for r, _ in sweep.roots})) >= 0:
            raise GraphFreedError
        sweep.lowest = int(sweep.workspace.words[LOWEST])
        words = sweep.workspace.words
        words[POSITION] = words[TOP] = len(tape)
        if tape._words[WRITES]:
            undo_writes(tape.header, sweep.ws, sweep.lowest)
        for row in sweep._leaf_rows():
            for t, x_dot in zip(inputs, tangents):
                if tape.leaves[row] is t:
                    sweep.add(row, x_dot)
        _tangent_rows(sweep)
        answers = []
        for t in outputs:
            new_adjoint(tape.header, sweep.ws, t._row)
            answers.append(sweep.adjoint(t._row).copy())
        return answers
    finally:
        sweep.close(False)


def _tangent_rows(sweep):
    tape, row = sweep.tape, sweep.lowest
    while row <= sweep.highest:
        answer = tangent(tape.header, sweep.ws, row, sweep.highest)
        if answer == DONE:
            return
        row, reason = divmod(answer, ANSWERS)
        if reason == NEEDS_PYTHON:
            _push_forward_in_python(sweep, row)
            row += 1
        elif reason == UNCOMPILED_PARTIAL:
            operation = OPERATIONS[tape.columns[OP][row]]
            operation.compile_partials(tape.dtype(row))
            if hasattr(operation, "compile_tangents"):
                operation.compile_tangents(tape.dtype(row))
        else:
            raise changed_value(tape, row, int(sweep.workspace.words[BAD_OPERAND]))


def _push_forward_in_python(sweep, row):
    tape = sweep.tape
    operation, rows = OPERATIONS[tape.columns[OP][row]], operand_rows(sweep.tape, row)
    operands, y = [wrap(tape.array(a)) for a in rows], wrap(tape.array(row))
    new_adjoint(tape.header, sweep.ws, row)
    before = recording()
    state.set(Paused(tape))
    try:
        for k, a in enumerate(rows):
            x_dot = sweep.adjoint(a)
            if x_dot is not None and tape.columns[FLAGS][a] & GRAD:
                part = operation.pushforward(k, wrap(x_dot), y, operands, tape.statics.get(row, ()))
                if part is not None:
                    sweep.add(row, part._value() if isinstance(part, Tensor) else part)
    finally:
        state.set(before)
