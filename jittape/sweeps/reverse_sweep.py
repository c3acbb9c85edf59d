"""The reverse sweep: adjoints of all marked rows in one pass, from any cotangents.

No sweep contains an operation: it reads the address of a kernel from the operation table and knows only operands, layouts and
storages. Where Python is needed (hooks, retained gradients, operations whose body is Python) it pauses: it returns the row, and
is called again from there.
"""

from ..tape.schema import ARG0, LEAF, SCRATCH_AT, STORAGE, S_DTYPE, WRITES
from ..kernels.kernel_table import service_slot
from ..numba_backend.entry_points import entry
from ..numba_backend.decorators import helper
from ..memory.words import load_u8, set_u8, set_word, word
from ..tape.reading import row32
from ..kernels.services import PARTIAL_FLOWS, PARTIAL_LANES, REVERSE_LANES, REVERSE_SCALARS, UNDO_WRITE, call_service, has_service
from . import lane_rows, row_pullbacks, second_order_sweep, write_undo  # noqa: F401 - declare the services that this sweep calls
from ..tape.row_kinds import (
    ELEMENTWISE_ROW,
    ENDS_ADJOINT,
    ON_HOST,
    POOLED,
    READS_VALUES,
    REVERSE_SERVICES,
    VIEW_ROW,
    WRITES_IN_PLACE,
    is_one_of,
    kind_of,
    service_in,
)
from .marking import active_mask, changed_operand
from .adjoint_room import has_room
from .flow_rows import needs_rule
from .scalar_rows import columns_of, is_scalar_row
from .workspace import (
    ANSWERS,
    BAD_OPERAND,
    CAREFUL,
    CHANGED,
    DONE,
    LANES,
    MARKED,
    MARKS,
    NEEDS_PYTHON,
    NO_ROOM,
    PAUSE,
    PAUSED,
    POSITION,
    RUN_OVER,
    SLOTS,
    TANGENTS,
    bar_of,
    drop_bar,
    missing,
    slot_of,
)


@entry
def reverse(tape, workspace, highest, lowest):
    """Adjoints of the marked rows from `highest` down to `lowest`.

    Returns DONE, or ``row * ANSWERS + reason``: PAUSED before a row whose adjoint is complete and
    that is observed in Python (call again with the same row), NEEDS_PYTHON at a row whose pullback is
    Python's (do it, call again with the row below), or why the sweep cannot go on.
    """
    marks, scratch = word(workspace, MARKS), word(tape, SCRATCH_AT)
    has_writes = word(tape, WRITES) != 0
    simple = not has_writes and word(workspace, SLOTS) == 0 and word(workspace, LANES) == 1
    columns = columns_of(tape)
    row = highest
    while row >= lowest:
        flags = load_u8(columns.flags, row)
        if has_writes and is_one_of(flags, WRITES_IN_PLACE) and row < word(workspace, POSITION):
            if not has_service(scratch, UNDO_WRITE):
                return row * ANSWERS + missing(workspace, service_slot(UNDO_WRITE))
            call_service(scratch, UNDO_WRITE, tape, workspace, row, 0, 0, 0, 0, 0, 0)
        if not load_u8(marks, row) & MARKED:
            row -= 1
            continue
        if simple and is_scalar_row(columns, marks, row):
            if not has_service(scratch, REVERSE_SCALARS):
                return row * ANSWERS + missing(workspace, service_slot(REVERSE_SCALARS))
            answer = call_service(scratch, REVERSE_SCALARS, tape, workspace, row, lowest, 0, 0, 0, 0, 0)
            if answer % ANSWERS != RUN_OVER:
                return answer
            row = answer // ANSWERS - 1
            continue
        y_bar = bar_of(tape, workspace, row)
        if y_bar != 0:
            if load_u8(marks, row) & PAUSE:
                set_u8(marks, row, load_u8(marks, row) & ~PAUSE)
                return row * ANSWERS + PAUSED
            if is_one_of(flags, ON_HOST):
                return row * ANSWERS + NEEDS_PYTHON
            if not flags & LEAF:
                reason = reverse_row(tape, workspace, row, flags, y_bar)
                if reason != DONE:
                    return row * ANSWERS + reason
        if is_one_of(flags, ENDS_ADJOINT):
            drop_bar(tape, workspace, row)
        row -= 1
    return DONE


@helper
def reverse_row(tape, workspace, row, flags, y_bar):
    """Hand the adjoint of one row on to its operands.  Returns DONE or why it cannot."""
    dtype = row32(tape, S_DTYPE, row32(tape, STORAGE, row))
    kind, lanes = kind_of(flags), word(workspace, LANES)
    if kind == VIEW_ROW and slot_of(tape, workspace, row) == slot_of(tape, workspace, row32(tape, ARG0, row)):
        return DONE
    active = 0 if is_one_of(flags, POOLED) else active_mask(tape, workspace, row)
    if is_one_of(flags, READS_VALUES):
        bad = changed_operand(tape, row, active)
        if bad >= 0:
            set_word(workspace, BAD_OPERAND, bad)
            return CHANGED
    if word(workspace, CAREFUL) != 0 and needs_rule(tape, row, kind, active):
        return NEEDS_PYTHON
    number = service_in(REVERSE_SERVICES, kind)
    if kind == ELEMENTWISE_ROW and lanes > 1:
        number = PARTIAL_FLOWS if word(workspace, CAREFUL) != 0 else PARTIAL_LANES
    scratch = word(tape, SCRATCH_AT)
    if not has_service(scratch, number):
        return missing(workspace, service_slot(number))
    if not has_room(tape, workspace, row, flags, word(workspace, TANGENTS) != 0):
        return NO_ROOM
    if lanes == 1:
        return call_service(scratch, number, tape, workspace, row, active, y_bar, dtype, 0, 0, 0)
    return call_service(scratch, REVERSE_LANES, tape, workspace, row, active, y_bar, dtype, number, kind, 0)
