"""The rows of a listing recorded again, on an eager tape or on a trace: what sweeps need where a program is all that there is.

Rows are pure functions of their operands here, as in recorded sweeps: a view may be a copy, and a write is its storage with a
region replaced.
"""

import numpy as np

from ...kernels.kernel_table import OPERATIONS, SOURCE, VIEW_OF_STORAGE, WRITE_BESIDE, WRITE_INTO
from ...memory.layouts import LAYOUTS
from ...ops.copies_and_joins import flat_positions, gather_flat
from ...ops.declare_elementwise import Elementwise
from ...ops.recorded_masks import Mask
from ...ops.shape_functions import reshape
from ...tape.row_kinds import POOLED, is_one_of
from ...tape.schema import GRAD, IMMEDIATE
from ...tape.tape import current
from ...tensors.tensor import Tensor, wrap


def can_be_recorded(listing):
    """Whether all rows are functions of their operands: a write that derivatives do not see is not."""
    return not (listing.op == WRITE_BESIDE).any()


def record_listing(listing, inputs):
    """Record the rows of a listing.

    Parameters
    ----------
    listing : Listing
        Of a traced run; see `can_be_recorded`.
    inputs : list of Tensor
        Its inputs.

    Returns
    -------
    list of Tensor
        Its outputs.
    """
    values = dict(zip(listing.inputs, inputs))
    for row in range(len(listing)):
        if row not in values:
            values[row] = _cut_where_cut(_value(listing, row, values), listing.flags[row])
    return [values[row] for row in listing.outputs]


def _cut_where_cut(value, flags):
    return value if flags & GRAD or not value.requires_grad else value.detach()


def _value(listing, row, values):
    op = listing.op[row]
    if op == SOURCE:
        return wrap(np.array(listing.constants[row]))
    operands = [listing.immediate(row) if a == IMMEDIATE else values[a] for a in listing.operands(row)]
    if op == VIEW_OF_STORAGE:
        return gather_flat(operands[0], flat_positions(_place(listing, int(listing.arg0[row])), _place(listing, row)))
    if op == WRITE_INTO:
        return _written(listing, row, operands)
    operation, statics = OPERATIONS[op], listing.statics.get(row, ())
    if isinstance(operation, Elementwise):
        return _mask(operation, operands) if isinstance(operation, Mask) else operation.in_index_order(operands)
    return operation.apply(operands, *statics) if is_one_of(listing.flags[row], POOLED) else operation.apply(*operands, *statics)


def _place(listing, row):
    return LAYOUTS[listing.layout[row]], int(listing.offset[row])


def _mask(operation, operands):
    """A comparison: a row of a trace, numbers otherwise."""
    tape = current().recorder
    if tape is not None and tape.derivatives_are_rows and tape.keeps(operands):
        return operation.apply(*operands)
    values = [x._value() if isinstance(x, Tensor) else x for x in operands]
    dtype = next(x.dtype for x in operands if isinstance(x, Tensor))
    return wrap(operation.evaluate(values, dtype))


def _written(listing, row, operands):
    write, (head, value), statics = OPERATIONS[WRITE_INTO], operands, listing.regions[row]
    shape = listing.shape(row)
    whole = reshape(head, shape)  # the memory of a write is a vector
    return write.pushforward(0, whole, whole, operands, statics) + write.pushforward(1, value, whole, operands, statics)
