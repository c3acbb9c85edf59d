"""Marking: which rows a root depends on, and what a sweep has to do at each."""

import numpy as np

from ..kernels.gather_scatter import layout_word
from ..tape.schema import (
    ARG0,
    ARG1,
    ARG2,
    FREED,
    GRAD,
    LAYOUT,
    LEAF,
    OP,
    OPS_AT,
    PARAM_POOL,
    ROWS,
    STORAGE,
    S_DTYPE,
    VERSION,
    WRITES,
)
from ..kernels.kernel_table import K_USES, K_WIDTH, USES_RESULT
from ..numba_backend.entry_points import entry
from ..numba_backend.decorators import helper
from ..memory.layouts import SIZE
from ..memory.words import load_i32, load_u8, set_i32, set_u8, set_word, word
from ..memory.typed_values import fill, holds_complex
from ..tape.reading import flags_of, row32, row64
from ..tape.row_kinds import POOLED, VIEWS, is_one_of
from ..tape.versions import is_stale, storage_version
from .workspace import LEAVES, LOWEST, MARKED, MARKS, N_LEAVES, PAUSE, POSITION, SLOTS, TOP, WANTED, make_bar, table_of


@helper
def operation(tape, op):
    """The address of a row of the operation table."""
    return word(word(tape, OPS_AT), 0) + 8 * K_WIDTH * op


@helper
def n_operands(tape, row):
    return row32(tape, ARG1, row) if is_one_of(flags_of(tape, row), POOLED) else 3


@helper
def operand(tape, row, k):
    """Operand k of a row: a row, or a negative number."""
    if is_one_of(flags_of(tape, row), POOLED):
        return word(tape_pool(tape), row32(tape, ARG0, row) + k)
    if k == 0:
        return row32(tape, ARG0, row)
    return row32(tape, ARG1, row) if k == 1 else row32(tape, ARG2, row)


@helper
def tape_pool(tape):
    return word(tape, PARAM_POOL)


@helper
def wants_gradient(tape, row):
    return row >= 0 and flags_of(tape, row) & GRAD != 0


@entry
def mark(tape, workspace, highest, roots):
    """`mark_rows`, from Python."""
    return mark_rows(tape, workspace, highest, roots)


@helper
def mark_rows(tape, workspace, highest, roots):
    """Mark every row that the marked roots depend on.

    Returns a row that has been freed, or -1 if there is none.
    """
    marks = word(workspace, MARKS)
    leaves, count = word(workspace, LEAVES), 0
    pending, row, freed = roots, highest, -1
    while pending > 0:
        if load_u8(marks, row) & MARKED:
            pending -= 1
            flags = flags_of(tape, row)
            if flags & FREED:
                freed = row
            elif flags & LEAF:
                set_i32(leaves, count, row)
                count += 1
            else:
                for k in range(n_operands(tape, row)):
                    a = operand(tape, row, k)
                    if wants_gradient(tape, a) and not load_u8(marks, a) & MARKED:
                        set_u8(marks, a, load_u8(marks, a) | MARKED)
                        pending += 1
        row -= 1
    set_word(workspace, N_LEAVES, count)
    set_word(workspace, LOWEST, row + 1)
    return freed


@entry
def keep_paths(tape, workspace, lowest, highest):
    """Unmark the rows that do not lead to a wanted row. Returns the number of rows left."""
    marks = word(workspace, MARKS)
    kept = 0
    for row in range(lowest, highest + 1):
        if not load_u8(marks, row) & MARKED:
            continue
        leads = load_u8(marks, row) & WANTED != 0
        if not flags_of(tape, row) & LEAF:
            for k in range(n_operands(tape, row)):
                a = operand(tape, row, k)
                if wants_gradient(tape, a) and load_u8(marks, a) & MARKED:
                    leads = True
        if leads:
            kept += 1
        else:
            set_u8(marks, row, load_u8(marks, row) & ~MARKED)
    return kept


@entry
def assign_slots(tape, workspace, lowest, highest, first):
    """Give every view whose own adjoint is asked for, and the views of it, a separate adjoint slot.

    Otherwise the adjoint of a view is a part of that of its storage, and also contains what reaches the rest of the graph
    through the base. Returns the number of slots used.
    """
    marks, slots = word(workspace, MARKS), word(workspace, SLOTS)
    count = first
    for row in range(lowest, highest + 1):
        set_i32(slots, row, row32(tape, STORAGE, row))
        if not load_u8(marks, row) & MARKED or not is_one_of(flags_of(tape, row), VIEWS):
            continue
        base = row32(tape, ARG0, row)
        if base >= lowest and load_u8(marks, base) & MARKED:
            set_i32(slots, row, load_i32(slots, base))
        if load_u8(marks, row) & (PAUSE | WANTED):
            set_i32(slots, row, count)
            count += 1
    return count


@helper
def active_mask(tape, workspace, row):
    """Bits of the operands that want an adjoint and lie on a path that was asked for."""
    mask = 0
    for k in range(3):
        a = operand(tape, row, k)
        if wants_gradient(tape, a) and load_u8(word(workspace, MARKS), a) & MARKED:
            mask |= 1 << k
    return mask


@helper
def changed_operand(tape, row, active):
    """The first value that the partials of a row need and that has changed: 0..2, 3 for its result, or -1."""
    op = operation(tape, row32(tape, OP, row))
    uses = 0
    for k in range(3):
        if active >> k & 1:
            uses |= word(op, K_USES + k)
    for k in range(3):
        a = operand(tape, row, k)
        if uses >> k & 1 and a >= 0 and storage_version(tape, row32(tape, STORAGE, a)) != row64(tape, VERSION, a):
            return k
    if uses & USES_RESULT and storage_version(tape, row32(tape, STORAGE, row)) != row64(tape, VERSION, row):
        return 3
    return -1


NOT_SIMPLE, FREED_ROW, NO_MEMORY = -2, -3, -4  # what `begin` returns instead of the lowest row


@entry
def begin(tape, workspace, root):
    """Mark and seed for the most common sweep: one root, a result of one element, whose adjoint is one.

    Returns the lowest row, FREED_ROW, NO_MEMORY, or NOT_SIMPLE if the general way is needed; nothing is marked then.
    """
    if flags_of(tape, root) & (GRAD | LEAF) != GRAD or word(tape, WRITES) != 0 or is_stale(tape, root):
        return NOT_SIMPLE
    layout, dtype = row32(tape, LAYOUT, root), row32(tape, S_DTYPE, row32(tape, STORAGE, root))
    if layout_word(table_of(tape), layout, SIZE) != 1 or holds_complex(dtype):
        return NOT_SIMPLE
    marks = word(workspace, MARKS)
    set_u8(marks, root, MARKED)
    freed = mark_rows(tape, workspace, root, np.int64(1))
    set_word(workspace, POSITION, word(tape, ROWS))
    set_word(workspace, TOP, word(tape, ROWS))
    if freed >= 0:
        return FREED_ROW
    bar = make_bar(tape, workspace, root, True)
    if bar == 0:
        return NO_MEMORY
    fill(bar, 1, dtype, 1.0)
    return word(workspace, LOWEST)
