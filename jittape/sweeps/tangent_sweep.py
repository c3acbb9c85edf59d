"""The tangent sweep: directional derivatives of all marked rows, in the order of recording.

Tangents use the same columns as adjoints: one buffer for each storage, made when it is needed and zero at first.
"""

from ..tape.append import contiguous_address, release_copy
from ..kernels.gather_scatter import ADD, GATHER, layout_word, move_values
from ..memory.typed_values import fill_zero, item_size
from ..tape.schema import ARG0, ARG1, ARG2, LAYOUT, LEAF, OP, POOL_AT, SCRATCH_AT, STORAGE, S_DTYPE
from ..kernels.kernel_table import K_FORWARD, K_NONLINEAR, K_TANGENT, kernel_at, kernel_slot, service_slot
from ..numba_backend.entry_points import entry
from ..numba_backend.decorators import helper
from ..memory.layouts import SIZE
from ..memory.pool import acquire, release
from ..memory.words import load_u8, set_word, word
from ..tape.reading import dtype_of, flags_of, nary_integer, params_address, row32, value_address
from ..kernels.services import PARTIAL_FLOWS, PARTIAL_LANES, call_service, has_service
from ..tape.in_place import REGION_LAYOUT, REGION_SIZE
from . import lane_rows  # noqa: F401 - declares a service that this sweep calls
from ..kernels.kernel_signatures import call_forward, call_nary, call_tangent
from ..tape.row_kinds import (
    ELEMENTWISE_ROW,
    NARY_ROW,
    ON_HOST,
    READS_VALUES,
    VIEWS,
    WRITES_IN_PLACE,
    WRITE_ROW,
    is_one_of,
    kind_of,
)
from .marking import active_mask, changed_operand, n_operands, operand, operation, wants_gradient
from .row_pullbacks import exchange_region
from .adjoint_room import has_room
from .flow_rows import needs_rule
from .write_undo import redo_write
from .workspace import (
    ANSWERS,
    BAD_OPERAND,
    CAREFUL,
    CHANGED,
    DONE,
    LANE,
    LANES,
    LOWEST,
    MARKED,
    MARKS,
    NEEDS_PYTHON,
    NO_ROOM,
    OVERWRITTEN,
    POSITION,
    bar_of,
    make_bar,
    missing,
    table_of,
)


@entry
def tangent(tape, workspace, lowest, highest):
    """Compute the tangents of the marked rows from `lowest` up to `highest`, from those of the leaves.

    The writes above `lowest` must be undone; they are done again on the way. Returns what `reverse` returns.
    """
    marks = word(workspace, MARKS)
    for row in range(lowest, highest + 1):
        flags = flags_of(tape, row)
        if is_one_of(flags, WRITES_IN_PLACE) and row >= word(workspace, POSITION):
            redo_write(tape, row)
            set_word(workspace, POSITION, row + 1)
        if not load_u8(marks, row) & MARKED or flags & LEAF or is_one_of(flags, VIEWS):
            continue
        if is_one_of(flags, ON_HOST):
            return row * ANSWERS + NEEDS_PYTHON
        reason = tangent_row(tape, workspace, row, flags)
        if reason != DONE:
            return row * ANSWERS + reason
    return DONE


@helper
def tangent_write(tape, workspace, row, dtype):
    params, value = params_address(tape, row), row32(tape, ARG1, row)
    region, n = word(params, REGION_LAYOUT), word(params, REGION_SIZE)
    y_dot = make_bar(tape, workspace, row, True)
    value_dot = bar_of(tape, workspace, value) if wants_gradient(tape, value) else 0
    kept, nbytes = word(workspace, OVERWRITTEN), n * item_size(dtype)
    part = place_to_keep(tape, workspace, row, nbytes) if kept != 0 else acquire(word(tape, POOL_AT), nbytes)
    if value_dot != 0:
        layout = row32(tape, LAYOUT, value)
        move_values(GATHER, dtype, part, value_dot, table_of(tape), layout, region, 0, n, word(tape, SCRATCH_AT))
    else:
        fill_zero(part, n, dtype)
    exchange_region(tape, part, y_dot, row, dtype)
    if kept == 0:
        release(word(tape, POOL_AT), part)


@helper
def place_to_keep(tape, workspace, row, nbytes):
    """The address at which the tangent that a write overwrites is kept, for the current lane."""
    kept = word(workspace, OVERWRITTEN) + 8 * (row - word(workspace, LOWEST))
    if word(kept, 0) == 0:
        set_word(kept, 0, acquire(word(tape, POOL_AT), word(workspace, LANES) * nbytes))
    return word(kept, 0) + word(workspace, LANE) * nbytes


@entry
def release_overwritten(tape, workspace, n):
    """Release the memory that `place_to_keep` has taken."""
    kept = word(workspace, OVERWRITTEN)
    for k in range(n):
        if word(kept, k) != 0:
            release(word(tape, POOL_AT), word(kept, k))
    set_word(workspace, OVERWRITTEN, 0)


@helper
def tangent_nary(tape, workspace, row, dtype):
    """The tangent of an operation of many operands: these are linear, so it is computed as the value is."""
    kernel = kernel_at(operation(tape, row32(tape, OP, row)), K_FORWARD, 0, dtype)
    y_dot, table = make_bar(tape, workspace, row, True), table_of(tape)
    for k in range(n_operands(tape, row)):
        x = operand(tape, row, k)
        bar = bar_of(tape, workspace, x)
        if not wants_gradient(tape, x) or bar == 0:
            continue
        layout = row32(tape, LAYOUT, x)
        n = layout_word(table, layout, SIZE)
        x_dot = acquire(word(tape, POOL_AT), n * item_size(dtype))
        move_values(GATHER, dtype, x_dot, bar, table, layout, layout, 0, n, word(tape, SCRATCH_AT))
        first, second = nary_integer(tape, row, k, 1), nary_integer(tape, row, k, 2)
        call_nary(kernel, params_address(tape, row), y_dot, x_dot, first, second)
        release(word(tape, POOL_AT), x_dot)


@helper
def tangent_row(tape, workspace, row, flags):
    dtype = row32(tape, S_DTYPE, row32(tape, STORAGE, row))
    active, kind = 0, kind_of(flags)
    if not has_room(tape, workspace, row, flags, True):
        return NO_ROOM
    if is_one_of(flags, READS_VALUES):
        active = active_mask(tape, workspace, row)
        bad = changed_operand(tape, row, active)
        if bad >= 0:
            set_word(workspace, BAD_OPERAND, bad)
            return CHANGED
        for k in range(3):
            if active >> k & 1 and bar_of(tape, workspace, operand(tape, row, k)) == 0:
                active &= ~(1 << k)
        if kind == ELEMENTWISE_ROW:
            return tangent_elementwise(tape, workspace, row, active, dtype)
        if word(workspace, CAREFUL) != 0 and needs_rule(tape, row, kind, active):
            return NEEDS_PYTHON
        slot = missing_tangent(tape, row, active)
        if slot >= 0:
            return missing(workspace, slot)
    for lane in range(word(workspace, LANES)):
        set_word(workspace, LANE, lane)
        if kind == WRITE_ROW:
            tangent_write(tape, workspace, row, dtype)
        elif kind == NARY_ROW:
            tangent_nary(tape, workspace, row, dtype)
        else:
            y_dot = make_bar(tape, workspace, row, True)
            for k in range(3):
                if active >> k & 1:
                    tangent_structured(tape, workspace, row, k, y_dot, dtype)
    set_word(workspace, LANE, 0)
    return DONE


@helper
def missing_tangent(tape, row, active):
    """The slot of a tangent kernel that is not compiled, -1 if none is needed: tangents cannot be added twice."""
    op = operation(tape, row32(tape, OP, row))
    if word(op, K_NONLINEAR) != 0:
        dtype = dtype_of(tape, row32(tape, ARG0, row))
        for k in range(3):
            if active >> k & 1 and kernel_at(op, K_TANGENT, k, dtype) == 0:
                return kernel_slot(K_TANGENT, k, dtype)
    return -1


@helper
def tangent_elementwise(tape, workspace, row, active, dtype):
    """y_dot += partial k * x_dot, all lanes and operands in one call."""
    scratch = word(tape, SCRATCH_AT)
    number = PARTIAL_FLOWS if word(workspace, CAREFUL) != 0 else PARTIAL_LANES
    if not has_service(scratch, number):
        return missing(workspace, service_slot(number))
    y_dot = make_bar(tape, workspace, row, True)
    return call_service(scratch, number, tape, workspace, row, active, y_dot, dtype, 1, 0, 0)


@helper
def tangent_structured(tape, workspace, row, k, y_dot, dtype):
    """y_dot += the tangent kernel of operand k; an operation without one is linear in each operand."""
    op, x, own = operation(tape, row32(tape, OP, row)), operand(tape, row, k), dtype_of(tape, row32(tape, ARG0, row))
    kernel, forward = kernel_at(op, K_TANGENT, k, own), kernel_at(op, K_FORWARD, 0, own)
    layout, n = row32(tape, LAYOUT, x), layout_word(table_of(tape), row32(tape, LAYOUT, x), SIZE)
    x_dot = acquire(word(tape, POOL_AT), n * item_size(own))
    bar = bar_of(tape, workspace, x)
    move_values(GATHER, own, x_dot, bar, table_of(tape), layout, layout, 0, n, word(tape, SCRATCH_AT))
    a, b, c = row32(tape, ARG0, row), row32(tape, ARG1, row), row32(tape, ARG2, row)
    x0 = contiguous_address(tape, a) if a >= 0 else 0
    x1 = contiguous_address(tape, b) if b >= 0 else 0
    x2 = contiguous_address(tape, c) if c >= 0 else 0
    params, y = params_address(tape, row), value_address(tape, row)
    if kernel != 0:
        call_tangent(kernel, params, y_dot, x_dot, y, x0, x1, x2)
    else:
        out = row32(tape, LAYOUT, row)
        m = layout_word(table_of(tape), out, SIZE)
        part = acquire(word(tape, POOL_AT), m * item_size(dtype))
        call_forward(forward, params, part, x_dot if k == 0 else x0, x_dot if k == 1 else x1, x_dot if k == 2 else x2)
        move_values(ADD, dtype, part, y_dot, table_of(tape), out, out, 0, m, word(tape, SCRATCH_AT))
        release(word(tape, POOL_AT), part)
    release(word(tape, POOL_AT), x_dot)
    release_copy(tape, a, x0)
    release_copy(tape, b, x1)
    release_copy(tape, c, x2)
