"""Checks of a listing from a file: no row may read or write outside of its memory."""

import numpy as np

from ...dtypes import N_DIFFERENTIABLE
from ...tape.schema import IMMEDIATE, NONE
from ...errors import FileError
from ...memory.layouts import LAYOUTS, broadcast_shapes
from ...ops.copies_and_joins import Positions
from ...kernels.kernel_table import SOURCE, WRITE_BESIDE, WRITE_INTO
from ...tape.row_kinds import ELEMENTWISE_ROW, ON_HOST, POOLED, ROW_KINDS, SOURCE_ROW, VIEWS, WRITES_IN_PLACE, is_one_of, kind_of

KNOWN_FLAGS = 127


def check(listing):
    """Raise FileError if a row is not consistent."""
    n = len(listing)
    for row in range(n):
        try:
            fits = _fits(listing, row)
        except (IndexError, ValueError, TypeError, RuntimeError, KeyError) as error:
            raise FileError(f"row {row} of the program does not fit ({error})") from error
        if not fits:
            raise FileError(f"row {row} of the program does not fit")
    rows = [*listing.inputs, *listing.outputs, *(g[0] for g in listing.guards)]
    if not all(isinstance(r, int) and 0 <= r < n for r in rows):
        raise FileError("inputs or outputs of the program are not rows of it")
    if any(listing.op[r] != SOURCE or is_one_of(listing.flags[r], VIEWS) for r in listing.inputs):
        raise FileError("an input of the program is computed")


def _fits(listing, row):
    flags, owner = int(listing.flags[row]), int(listing.owner[row])
    operands = listing.operands(row)
    if any(not (a == IMMEDIATE or a == NONE or 0 <= a < row) for a in operands) or flags & ~KNOWN_FLAGS:
        return False
    if kind_of(flags) >= len(ROW_KINDS) or (kind_of(flags) == SOURCE_ROW) != (listing.op[row] == SOURCE):
        return False
    if is_one_of(flags, VIEWS):
        if owner != listing.owner[operands[0]]:
            return False
    elif owner != row or not 0 <= listing.dtypes[row] < N_DIFFERENTIABLE:
        return False
    layout = LAYOUTS[listing.layout[row]]
    size = int(listing.sizes[owner])
    if listing.offset[row] < 0 or size < 0 or listing.offset[row] + layout.span > size or min(layout.strides, default=0) < 0:
        return False
    if is_one_of(flags, VIEWS):
        return True
    if listing.op[row] == SOURCE:
        known = row in listing.inputs or row in listing.constants and listing.constants[row].shape == layout.shape
        return known and size == layout.span and listing.offset[row] == 0
    if not is_one_of(flags, WRITES_IN_PLACE) and not (layout.contiguous and layout.size == size and listing.offset[row] == 0):
        return False
    return _operation_fits(listing, row, flags, operands, layout)


def _operation_fits(listing, row, flags, operands, layout):
    """Whether an operation makes, of its operands, what the row says."""
    operation = listing.operation(row)
    layouts = [LAYOUTS[listing.layout[a]] for a in operands if a >= 0]
    if any(listing.dtypes[listing.owner[a]] != listing.dtypes[row] for a in operands if a >= 0) and not is_one_of(flags, ON_HOST):
        return False
    if is_one_of(flags, WRITES_IN_PLACE):
        if listing.op[row] not in (WRITE_INTO, WRITE_BESIDE):
            return False
        region, offset = listing.regions[row]
        fits = len(operands) == 2 and listing.sizes[listing.owner[operands[0]]] == listing.sizes[row] == layout.size
        inside = offset >= 0 and offset + LAYOUTS[region].span <= layout.size
        return fits and inside and broadcast_shapes(layouts[1].shape, LAYOUTS[region].shape) == LAYOUTS[region].shape
    if is_one_of(flags, ON_HOST):  # the Python body works on arrays and checks them itself
        return not is_one_of(flags, POOLED) or operation.arity < 0
    if kind_of(flags) != operation.kind:
        return False
    if operation.kind == ELEMENTWISE_ROW:
        shape = ()
        for a in layouts:
            shape = broadcast_shapes(shape, a.shape)
        return len(operands) == operation.arity and shape == layout.shape
    statics = listing.statics.get(row, ())
    many = bool(is_one_of(flags, POOLED))
    if operation.plan is None or (operation.arity < 0) != many or not (many or len(operands) == operation.arity):
        return False
    plan = operation.plan(layouts, *statics)
    return plan is not None and tuple(plan[0]) == layout.shape and _positions_fit(statics, layouts, layout)


def _positions_fit(statics, layouts, layout):
    """Whether flat positions lie inside what is read, and inside what is added to."""
    for value in statics:
        if isinstance(value, Positions) and value.array.size:
            limit = max(layouts[0].size, layout.size)
            smaller = min(layouts[0].size, layout.size)
            low, high = int(np.min(value.array)), int(np.max(value.array))
            if low < 0 or high >= limit or value.array.size != (layout.size if layout.shape == value.array.shape else smaller):
                return False
    return True
