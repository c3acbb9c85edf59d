"""The pattern sweep: which elements of inputs every row depends on.

It walks the rows upwards as the recorded tangent sweep does, and carries sparse matrices of bools in the place of tangents:
a row for every element of a value, a column for every element of all inputs. Declarations say how elements of a result depend on
those of an operand, whatever the values are (`Rules.pattern`).
"""

import numpy as np
from scipy.sparse import csr_array

from ..autograd.recorded_reverse import unread
from ..autograd.recorded_tangents import RecordedTangents, carried_to
from ..autograd.row_inspection import Immediate, operands_of
from ..kernels.kernel_table import OPERATIONS
from ..ops.operation_table import raw
from ..tape.schema import GRAD, OP, VERSION
from ..tape.versions import storage_version_now
from ..tensors.tensor import result


def patterns_of(outputs, inputs):
    """Which elements of inputs outputs depend on.

    Parameters
    ----------
    outputs, inputs : lists of Tensors

    Returns
    -------
    csr_array of bools
        A row for every element of all outputs, a column for every element of all inputs.
    """
    sizes = [x.numel() for x in inputs]
    width, ends = sum(sizes), np.cumsum(sizes)
    moves = [(x, _unit_columns(end - n, end, width)) for x, n, end in zip(inputs, sizes, ends)]
    found = carried_to(outputs, moves, PatternSweep)
    blocks = [_empty(y.numel(), width) if part is None else part for y, part in zip(outputs, found)]
    return _stacked(blocks, width)


def _unit_columns(first, end, width):
    n = end - first
    return csr_array((np.ones(n, bool), np.arange(first, end), np.arange(n + 1)), (n, width))


def _empty(n, width):
    return csr_array((n, width), dtype=bool)


def _stacked(blocks, width):
    starts, total = [np.zeros(1, np.int64)], 0
    for block in blocks:
        starts.append(block.indptr[1:].astype(np.int64) + total)
        total += block.nnz
    columns = np.concatenate([block.indices for block in blocks]) if blocks else np.zeros(0, int)
    found = csr_array((np.ones(total, bool), columns, np.concatenate(starts)), (sum(b.shape[0] for b in blocks), width))
    found.sort_indices()
    return found


class PatternSweep(RecordedTangents):
    """A sweep that carries patterns; it reads no values but those of constants, and undoes no writes."""

    def _undo(self):
        """Nothing is read that a write changes."""

    def seed_of(self, pattern):
        return pattern, None

    def answer(self, row):
        return self.tangents[row]

    def _push_forward(self, row):
        tape = self.tape
        operands = operands_of(tape, row)
        active = [k for k, a in enumerate(operands) if not isinstance(a, Immediate) and a in self.tangents]
        operation = OPERATIONS[tape.columns[OP][row]]
        values, y, statics = self.arguments_of(row, operation, operands)
        constants = self._constants(operands, values)
        found = None
        for k in active:
            factors = operation.pattern(k, y, values, statics, constants)
            if factors is not None:
                part = applied(factors, self.tangents[operands[k]])
                found = part if found is None or found is part else found + part
        return found, None

    def _constants(self, operands, values):
        """The operands that do not vary, by number."""
        rows = {k: a for k, a in enumerate(operands) if not isinstance(a, Immediate)}
        return {k: np.asarray(raw(values[k])) for k, a in rows.items() if self._is_constant(a)}

    def _is_constant(self, a):
        tape = self.tape
        return not tape.flags[a] & GRAD and storage_version_now(tape.header, a) == tape.columns[VERSION][a]

    def _handle(self, row, k, a):
        """Only shapes are read, except of constants."""
        return result(self.tape, a) if self._is_constant(a) else unread(self.tape, a)


def applied(factors, pattern):
    """A pattern of an operand, carried to the result by the factors of an operation."""
    for factor in factors:
        there = np.ones(factor.columns.size, bool)
        pattern = csr_array((there, factor.columns, factor.starts), (factor.starts.size - 1, factor.width)) @ pattern
    return pattern
