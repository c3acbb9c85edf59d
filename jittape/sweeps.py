"""The sweeps: compiled passes over the rows of a tape.

* ``mark``: which rows a root depends on.
* ``reverse``: adjoints of all of them in one pass, seeded by any cotangents.
* ``tangent``: directional derivatives, along the recording.

No sweep contains an operation: they read the address of a kernel from the operation table and know
only operands, layouts and storages.  The adjoint of a storage is one buffer of the same geometry, so
the adjoint of a view is a view of it and costs nothing.

Everything belonging to one sweep lies in a *workspace*, so sweeps of one tape may nest (a hook may
ask for gradients).  Where Python is needed (hooks, retained gradients, operations whose body is
Python) the sweep pauses: it returns the row, and is called again from there.
"""

from typing import NamedTuple

from numba.extending import register_jitable

from .blocks import ADD, GATHER, SWAP, fill_zero, layout_word, move_values, partial_blocks, set_operands, size_address
from .columns import (
    ARG0, ARG1, ARG2, ELEMENTWISE_KIND, F64, FLAGS, FREED, GRAD, HOST, IMM, IMMEDIATE, IN_POOL, K_FORWARD, K_KIND, K_NONLINEAR, K_PARTIAL, K_SCALAR, K_SELECTS, K_TANGENT, K_UNIT, K_USES,
    K_WIDTH, LAYOUT, LAYOUTS_AT, LEAF, NARY, OFFSET, OP, OPS_AT, PARAM_POOL, POOL_AT, ROWS, S_ADDRESS, S_DTYPE, S_KIND, S_SIZE, SCRATCH_AT,
    STORAGE, STRUCTURED_KIND, USES_RESULT, VERSION, VIEW, WRITE, WRITES,
)
from .jit import compiled
from .kernels import call_kernel
from .layouts import CONTIGUOUS, SIZE
from .memory import acquire, f32_at, f64_at, load_i32, load_u8, release, set_i32, set_u8, set_word, word
from .record import (
    CHUNK, CHUNK_START, REGION_LAYOUT, REGION_OFFSET, REGION_SIZE, SAVED, SMALL, contiguous_address, counter, flags_of,
    is_stale, item_size_of, nary_integer, operand_address, operand_layout, params_address, release_chunks, release_copy, row32, row64,
    set_storage_version, storage_version, swap_region, value_address,
)

from .services import (
    MOVE, REVERSE_ELEMENTWISE, REVERSE_NARY, REVERSE_STRUCTURED, REVERSE_VIEW, REVERSE_WRITE, call_service, has_service, service,
)

# --- workspace words ------------------------------------------------------------------------------------
BARS, MARKS, LEAVES, SLOTS = 0, 1, 2, 3  # addresses of columns: adjoint of a slot, marks, leaf rows, slot of a row
N_LEAVES, POSITION, BAD_OPERAND, TOP, LOWEST = 4, 5, 6, 10, 11
W_NEXT, W_END, W_CHUNKS = 7, 8, 9  # the arena of small adjoints
TRIPLES = 16  # three words each: partial kernels, adjoint addresses, whether to zero them
WORKSPACE_WORDS = 32

MARKED, PAUSE, WANTED = 1, 2, 4  # bits of a mark

# --- what `reverse` answers -------------------------------------------------------------------------------
DONE = -1
PAUSED, NEEDS_PYTHON, CHANGED, UNCOMPILED_PARTIAL, NO_MEMORY = 0, 1, 2, 3, 4
ANSWERS = 8  # answer = row * ANSWERS + reason


@register_jitable
def table_of(tape):
    return word(word(tape, LAYOUTS_AT), 0)


@register_jitable
def operation(tape, op):
    """Address of a row of the operation table."""
    return word(word(tape, OPS_AT), 0) + 8 * K_WIDTH * op


@register_jitable
def n_operands(tape, row):
    return row32(tape, ARG1, row) if flags_of(tape, row) & NARY else 3


@register_jitable
def operand(tape, row, k):
    """Operand k of a row: a row, or a negative number."""
    if flags_of(tape, row) & NARY:
        return word(tape_pool(tape), row32(tape, ARG0, row) + k)
    if k == 0:
        return row32(tape, ARG0, row)
    return row32(tape, ARG1, row) if k == 1 else row32(tape, ARG2, row)


@register_jitable
def tape_pool(tape):
    return word(tape, PARAM_POOL)


@register_jitable
def wants_gradient(tape, row):
    return row >= 0 and flags_of(tape, row) & GRAD != 0


# --- marking ----------------------------------------------------------------------------------------------


@compiled
def mark(tape, workspace, highest, roots):
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


@compiled
def keep_paths(tape, workspace, lowest, highest):
    """Unmark the rows that do not lead to a wanted row.  Returns the number of rows left."""
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


@compiled
def assign_slots(tape, workspace, lowest, highest, first):
    """Give every view whose own adjoint is asked for, and the views of it, an adjoint slot of its own.

    Without this the adjoint of a view is a window on that of its storage and also holds what reaches
    the rest of the graph through the base.  Returns the number of slots used.
    """
    marks, slots = word(workspace, MARKS), word(workspace, SLOTS)
    count = first
    for row in range(lowest, highest + 1):
        set_i32(slots, row, row32(tape, STORAGE, row))
        if not load_u8(marks, row) & MARKED or not flags_of(tape, row) & VIEW:
            continue
        base = row32(tape, ARG0, row)
        if base >= lowest and load_u8(marks, base) & MARKED:
            set_i32(slots, row, load_i32(slots, base))
        if load_u8(marks, row) & (PAUSE | WANTED):
            set_i32(slots, row, count)
            count += 1
    return count


# --- adjoints ---------------------------------------------------------------------------------------------


@register_jitable
def slot_of(tape, workspace, row):
    slots = word(workspace, SLOTS)
    return load_i32(slots, row) if slots != 0 else row32(tape, STORAGE, row)


@register_jitable
def storage_bytes(tape, row):
    storage = row32(tape, STORAGE, row)
    return row64(tape, S_SIZE, storage) * item_size_of(row32(tape, S_DTYPE, storage))


@register_jitable
def allocate_bar(tape, workspace, nbytes):
    """Memory for an adjoint: small ones from the arena of the sweep, large ones from the pool."""
    if nbytes > SMALL:
        return acquire(word(tape, POOL_AT), nbytes)
    next_free = word(workspace, W_NEXT)
    if nbytes >= 64:
        next_free = (next_free + 63) // 64 * 64
    if next_free == 0 or next_free + nbytes > word(workspace, W_END):
        chunk = acquire(word(tape, POOL_AT), CHUNK)
        set_word(chunk, 0, word(workspace, W_CHUNKS))
        set_word(workspace, W_CHUNKS, chunk)
        set_word(workspace, W_END, chunk + CHUNK)
        next_free = chunk + CHUNK_START
    set_word(workspace, W_NEXT, next_free + (nbytes + 7) // 8 * 8)
    return next_free


@register_jitable
def bar_of(tape, workspace, row):
    """Address of the adjoint of a row, 0 if nothing has reached its storage."""
    base = word(word(workspace, BARS), slot_of(tape, workspace, row))
    if base == 0:
        return 0
    return base + item_size_of(row32(tape, S_DTYPE, row32(tape, STORAGE, row))) * row64(tape, OFFSET, row)


@register_jitable
def make_bar(tape, workspace, row, zero):
    """Address of the adjoint of a row, allocated if it is new, and zeroed if `zero`."""
    slot = slot_of(tape, workspace, row)
    bars = word(workspace, BARS)
    storage = row32(tape, STORAGE, row)
    dtype = row32(tape, S_DTYPE, storage)
    if word(bars, slot) == 0:
        set_word(bars, slot, allocate_bar(tape, workspace, storage_bytes(tape, row)))
        if zero:
            fill_zero(word(bars, slot), row64(tape, S_SIZE, storage), dtype)
    return word(bars, slot) + item_size_of(dtype) * row64(tape, OFFSET, row)


@register_jitable
def drop_bar(tape, workspace, row):
    slot = slot_of(tape, workspace, row)
    bars = word(workspace, BARS)
    if word(bars, slot) != 0 and storage_bytes(tape, row) > SMALL:
        release(word(tape, POOL_AT), word(bars, slot))
    set_word(bars, slot, 0)


@register_jitable
def covers_storage(tape, row):
    """Whether a row's layout is its whole storage, in order."""
    layout, table = row32(tape, LAYOUT, row), table_of(tape)
    size = row64(tape, S_SIZE, row32(tape, STORAGE, row))
    whole = layout_word(table, layout, CONTIGUOUS) != 0 and layout_word(table, layout, SIZE) == size
    return whole and row64(tape, OFFSET, row) == 0


# --- one row ------------------------------------------------------------------------------------------------


@register_jitable
def active_mask(tape, workspace, row):
    """Bits of the operands that want an adjoint and lie on a path that was asked for."""
    mask = 0
    for k in range(3):
        a = operand(tape, row, k)
        if wants_gradient(tape, a) and load_u8(word(workspace, MARKS), a) & MARKED:
            mask |= 1 << k
    return mask


@register_jitable
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


@register_jitable
def heir(tape, workspace, row, active, n):
    """The operand that can take over the adjoint of a row as it is, or -1.

    Its partial is 1, it is the whole of a storage of the same layout that nothing has reached yet, and no
    other operand lies there.  Large adjoints only: this saves a pass through memory.
    """
    unit = word(operation(tape, row32(tape, OP, row)), K_UNIT) & active
    if unit == 0 or n <= 4096 or word(workspace, SLOTS) != 0:
        return -1
    storage = row32(tape, STORAGE, row)
    for k in range(3):
        a = operand(tape, row, k)
        if not unit >> k & 1 or bar_of(tape, workspace, a) != 0 or not covers_storage(tape, a):
            continue
        if row32(tape, LAYOUT, a) != row32(tape, LAYOUT, row) or row64(tape, S_SIZE, storage) != n:
            continue
        alone = True
        for j in range(3):
            b = operand(tape, row, j)
            if j != k and b >= 0 and row32(tape, STORAGE, b) == row32(tape, STORAGE, a):
                alone = False
        if alone:
            return k
    return -1


@register_jitable
def hand_over(tape, workspace, row, a):
    """Let the adjoint of a row, which nobody needs any more, be that of an operand."""
    bars = word(workspace, BARS)
    mine, theirs = row32(tape, STORAGE, row), row32(tape, STORAGE, a)
    set_word(bars, theirs, word(bars, mine))
    set_word(bars, mine, 0)


@service(REVERSE_ELEMENTWISE, needs=(MOVE,))
def reverse_elementwise(tape, workspace, row, active, y_bar, dtype, unused0, unused1, unused2):
    """Accumulate the adjoints of an elementwise row.  Returns 0 if a partial is not compiled."""
    op = operation(tape, row32(tape, OP, row))
    out = row32(tape, LAYOUT, row)
    table = table_of(tape)
    triples = workspace + 8 * TRIPLES
    partials, bars, fresh = triples, triples + 24, triples + 48
    for k in range(3):
        set_word(partials, k, word(op, K_PARTIAL + 2 * k + dtype))
        if active >> k & 1 and word(partials, k) == 0:
            return 0
    size = size_address(table, out)
    n = word(size, 0)
    given = heir(tape, workspace, row, active, n)
    if given >= 0:
        active &= ~(1 << given)
    for k in range(3):
        if not active >> k & 1:
            continue
        a = operand(tape, row, k)
        new = bar_of(tape, workspace, a) == 0
        # zeroed on the way if this row writes all of it, and no other view of the same storage
        fresh_here = new and row32(tape, LAYOUT, a) == out and covers_storage(tape, a)
        for j in range(3):
            b = operand(tape, row, j)
            if active >> j & 1 and a != b and slot_of(tape, workspace, a) == slot_of(tape, workspace, b):
                fresh_here = False
        set_word(fresh, k, 1 if fresh_here else 0)
        set_word(bars, k, make_bar(tape, workspace, a, new and not fresh_here))
    a, b, c = row32(tape, ARG0, row), row32(tape, ARG1, row), row32(tape, ARG2, row)
    x0, x1, x2 = operand_address(tape, row, a), operand_address(tape, row, b), operand_address(tape, row, c)
    l0, l1, l2 = operand_layout(tape, a), operand_layout(tape, b), operand_layout(tape, c)
    y = value_address(tape, row)
    direct = l0 == out and (x1 == 0 or l1 == out) and (x2 == 0 or l2 == out)
    if n == 1 or (direct and n <= 4096):
        for k in range(3):
            if active >> k & 1:
                if word(fresh, k) != 0:
                    fill_zero(word(bars, k), n, dtype)
                call_kernel(word(partials, k), size, word(bars, k), y_bar, y, x0, x1, x2)
    else:
        set_operands(word(tape, SCRATCH_AT), x0, l0, x1, l1, x2, l2)
        partial_blocks(partials, active, fresh, dtype, table, word(tape, SCRATCH_AT), out, bars, y_bar, y)
    if given >= 0:
        hand_over(tape, workspace, row, operand(tape, row, given))
    return 1


@register_jitable
def add_values(tape, workspace, row, values, dtype):
    """Add contiguous values to the adjoint of a row."""
    bar = make_bar(tape, workspace, row, True)
    layout = row32(tape, LAYOUT, row)
    n = layout_word(table_of(tape), layout, SIZE)
    move_values(ADD, dtype, values, bar, table_of(tape), layout, layout, 0, n, word(tape, SCRATCH_AT))


@service(REVERSE_STRUCTURED, needs=(MOVE,))
def reverse_structured(tape, workspace, row, active, y_bar, dtype, unused0, unused1, unused2):
    """Accumulate the adjoints of a structured row.  Returns 0 if a kernel is not compiled."""
    op = operation(tape, row32(tape, OP, row))
    for k in range(3):
        if active >> k & 1 and word(op, K_PARTIAL + 2 * k + dtype) == 0:
            return 0
    a, b, c = row32(tape, ARG0, row), row32(tape, ARG1, row), row32(tape, ARG2, row)
    x0 = contiguous_address(tape, a, dtype) if a >= 0 else 0
    x1 = contiguous_address(tape, b, dtype) if b >= 0 else 0
    x2 = contiguous_address(tape, c, dtype) if c >= 0 else 0
    y, params, table = value_address(tape, row), params_address(tape, row), table_of(tape)
    for k in range(3):
        if not active >> k & 1:
            continue
        kernel, x = word(op, K_PARTIAL + 2 * k + dtype), operand(tape, row, k)
        layout = row32(tape, LAYOUT, x)
        if layout_word(table, layout, CONTIGUOUS) != 0:
            fresh = 1 if bar_of(tape, workspace, x) == 0 and covers_storage(tape, x) else 0
            call_kernel(kernel, params, make_bar(tape, workspace, x, fresh == 0), y_bar, y, x0, x1, fresh)
        else:
            n = layout_word(table, layout, SIZE)
            part = acquire(word(tape, POOL_AT), n * item_size_of(dtype))
            call_kernel(kernel, params, part, y_bar, y, x0, x1, 1)
            add_values(tape, workspace, x, part, dtype)
            release(word(tape, POOL_AT), part)
    release_copy(tape, a, x0)
    release_copy(tape, b, x1)
    release_copy(tape, c, x2)
    return 1


@service(REVERSE_NARY, needs=(MOVE,))
def reverse_nary(tape, workspace, row, active, y_bar, dtype, unused0, unused1, unused2):
    """Accumulate the adjoints of a row of many operands.  Returns 0 if the kernel is not compiled."""
    kernel = word(operation(tape, row32(tape, OP, row)), K_PARTIAL + dtype)
    if kernel == 0:
        return 0
    y, params, table = value_address(tape, row), params_address(tape, row), table_of(tape)
    for k in range(n_operands(tape, row)):
        x = operand(tape, row, k)
        if not wants_gradient(tape, x) or not load_u8(word(workspace, MARKS), x) & MARKED:
            continue
        n = layout_word(table, row32(tape, LAYOUT, x), SIZE)
        part = acquire(word(tape, POOL_AT), n * item_size_of(dtype))
        fill_zero(part, n, dtype)
        call_kernel(kernel, params, part, y_bar, y, nary_integer(tape, row, k, 1), nary_integer(tape, row, k, 2), 0)
        add_values(tape, workspace, x, part, dtype)
        release(word(tape, POOL_AT), part)
    return 1


@register_jitable
def exchange_region(tape, part, bar, row, dtype):
    """Exchange the region of a write row in the storage-shaped buffer at `bar` with contiguous values."""
    params = params_address(tape, row)
    region, target = word(params, REGION_LAYOUT), bar + item_size_of(dtype) * word(params, REGION_OFFSET)
    n, scratch = word(params, REGION_SIZE), word(tape, SCRATCH_AT)
    move_values(SWAP, dtype, part, target, table_of(tape), region, region, 0, n, scratch)


@service(REVERSE_WRITE, needs=(MOVE,))
def reverse_write(tape, workspace, row, active, y_bar, dtype, unused0, unused1, unused2):
    """A write: the adjoint of the region goes to the value and is then zero for what was overwritten."""
    params = params_address(tape, row)
    n, table = word(params, REGION_SIZE), table_of(tape)
    part = acquire(word(tape, POOL_AT), n * item_size_of(dtype))
    fill_zero(part, n, dtype)
    exchange_region(tape, part, y_bar, row, dtype)
    if active & 2:
        value = row32(tape, ARG1, row)
        bar, layout = make_bar(tape, workspace, value, True), row32(tape, LAYOUT, value)
        move_values(ADD, dtype, part, bar, table, layout, word(params, REGION_LAYOUT), 0, n, word(tape, SCRATCH_AT))
    release(word(tape, POOL_AT), part)
    return 1


@service(REVERSE_VIEW, needs=(MOVE,))
def reverse_view(tape, workspace, row, active, y_bar, dtype, unused0, unused1, unused2):
    """A view with an adjoint slot of its own: hand it on to the base."""
    base = row32(tape, ARG0, row)
    if not load_u8(word(workspace, MARKS), base) & MARKED:
        drop_bar(tape, workspace, row)
        return 1
    layout = row32(tape, LAYOUT, row)
    n = layout_word(table_of(tape), layout, SIZE)
    scratch, table = word(tape, SCRATCH_AT), table_of(tape)
    part = acquire(word(tape, POOL_AT), n * item_size_of(dtype))
    move_values(GATHER, dtype, part, bar_of(tape, workspace, row), table, layout, layout, 0, n, scratch)
    item = item_size_of(dtype)
    target = make_bar(tape, workspace, base, True) - item * row64(tape, OFFSET, base) + item * row64(tape, OFFSET, row)
    move_values(ADD, dtype, part, target, table, layout, layout, 0, n, scratch)
    release(word(tape, POOL_AT), part)
    drop_bar(tape, workspace, row)
    return 1


@register_jitable
def undo_write(tape, row):
    """Put back what a write row overwrote."""
    if not flags_of(tape, row) & FREED:
        swap_region(tape, row)
        storage = row32(tape, STORAGE, row)
        set_storage_version(tape, storage, counter(tape, storage) - 1)


@register_jitable
def redo_write(tape, row):
    """Write again what `undo_write` took back."""
    if not flags_of(tape, row) & FREED:
        swap_region(tape, row)
        storage = row32(tape, STORAGE, row)
        set_storage_version(tape, storage, counter(tape, storage) + 1)


@compiled
def undo_writes(tape, workspace, above):
    """Undo all recorded writes at and above a row, newest first."""
    row = word(tape, ROWS) - 1
    while row >= above:
        if flags_of(tape, row) & WRITE:
            undo_write(tape, row)
        row -= 1
    set_word(workspace, POSITION, above)
    set_word(workspace, TOP, word(tape, ROWS))


@compiled
def undo_row(tape, workspace, row):
    """Undo one recorded write."""
    undo_write(tape, row)
    set_word(workspace, POSITION, row)


@compiled
def redo_writes(tape, workspace):
    """Write again what a sweep has undone, oldest first."""
    if word(tape, WRITES) == 0:
        return
    for row in range(word(workspace, POSITION), word(workspace, TOP)):
        if flags_of(tape, row) & WRITE:
            redo_write(tape, row)
    set_word(workspace, POSITION, word(workspace, TOP))


# --- the reverse sweep ----------------------------------------------------------------------------------------


@compiled
def reverse(tape, workspace, highest, lowest):
    """Adjoints of the marked rows from `highest` down to `lowest`.

    Returns DONE, or ``row * ANSWERS + reason``: PAUSED before a row whose adjoint is complete and
    that somebody wants to see (call again with the same row), NEEDS_PYTHON at a row whose pullback is
    Python's (do it, call again with the row below), or why the sweep cannot go on.
    """
    marks, bars = word(workspace, MARKS), word(workspace, BARS)
    has_writes = word(tape, WRITES) != 0
    simple = not has_writes and word(workspace, SLOTS) == 0
    columns = columns_of(tape)
    row = highest
    while row >= lowest:
        flags = load_u8(columns.flags, row)
        if has_writes and flags & WRITE and row < word(workspace, POSITION):
            undo_write(tape, row)
            set_word(workspace, POSITION, row)
        if not load_u8(marks, row) & MARKED:
            row -= 1
            continue
        if simple and flags == GRAD and load_u8(marks, row) == MARKED:
            storage = load_i32(columns.storage, row)
            if word(columns.sizes, storage) == 1:
                y_bar = word(bars, storage)
                op = columns.operations + 8 * K_WIDTH * load_i32(columns.op, row)
                if word(op, K_KIND) == ELEMENTWISE_KIND:
                    if y_bar != 0:
                        reason = reverse_scalar(tape, workspace, columns, marks, bars, row, storage, op, y_bar)
                        if reason != DONE:
                            return row * ANSWERS + reason
                        set_word(bars, storage, 0)
                    row -= 1
                    continue
        y_bar = bar_of(tape, workspace, row)
        if y_bar != 0:
            if load_u8(marks, row) & PAUSE:
                set_u8(marks, row, load_u8(marks, row) & ~PAUSE)
                return row * ANSWERS + PAUSED
            if flags & HOST:
                return row * ANSWERS + NEEDS_PYTHON
            if not flags & LEAF:
                reason = reverse_row(tape, workspace, row, flags, y_bar)
                if reason != DONE:
                    return row * ANSWERS + reason
        if not flags & (LEAF | VIEW | WRITE):
            drop_bar(tape, workspace, row)
        row -= 1
    return DONE


class Columns(NamedTuple):
    """Addresses of the columns that scalar rows need: held in registers for a whole sweep."""

    op: int
    arg0: int
    arg1: int
    arg2: int
    immediate: int
    storage: int
    offset: int
    version: int
    flags: int
    addresses: int
    sizes: int
    dtypes: int
    kinds: int
    operations: int


@register_jitable
def columns_of(tape):
    return Columns(
        word(tape, OP), word(tape, ARG0), word(tape, ARG1), word(tape, ARG2), word(tape, IMM), word(tape, STORAGE),
        word(tape, OFFSET), word(tape, VERSION), word(tape, FLAGS), word(tape, S_ADDRESS), word(tape, S_SIZE),
        word(tape, S_DTYPE), word(tape, S_KIND), word(word(tape, OPS_AT), 0),
    )


@register_jitable
def reverse_scalar(tape, workspace, columns, marks, bars, row, storage, op, y_bar):
    """`reverse_row` for an elementwise row of one element: one kernel call, no layouts.

    Scalar programs spend their sweep here; the general way costs three times as much.
    """
    dtype = load_i32(columns.dtypes, storage)
    item = item_size_of(dtype)
    kernel = word(op, K_SCALAR + dtype)
    if kernel == 0:
        return UNCOMPILED_PARTIAL
    a, b, c = load_i32(columns.arg0, row), load_i32(columns.arg1, row), load_i32(columns.arg2, row)
    x0, pushes0 = scalar_operand(columns, marks, row, a, item)
    x1, pushes1 = scalar_operand(columns, marks, row, b, item)
    x2, pushes2 = scalar_operand(columns, marks, row, c, item)
    uses = (word(op, K_USES) if pushes0 else 0) | (word(op, K_USES + 1) if pushes1 else 0)
    uses |= word(op, K_USES + 2) if pushes2 else 0
    if uses & 1 and scalar_changed(tape, columns, a):
        set_word(workspace, BAD_OPERAND, 0)
        return CHANGED
    if uses & 2 and scalar_changed(tape, columns, b):
        set_word(workspace, BAD_OPERAND, 1)
        return CHANGED
    if uses & 4 and scalar_changed(tape, columns, c):
        set_word(workspace, BAD_OPERAND, 2)
        return CHANGED
    if uses & USES_RESULT and scalar_changed(tape, columns, row):
        set_word(workspace, BAD_OPERAND, 3)
        return CHANGED
    partials = workspace + 8 * TRIPLES
    call_kernel(kernel, 0, partials, 0, word(columns.addresses, storage), x0, x1, x2)
    selects = word(op, K_SELECTS) != 0
    if pushes0:
        push_scalar(tape, workspace, columns, bars, a, dtype, partials, y_bar, selects)
    if pushes1:
        push_scalar(tape, workspace, columns, bars, b, dtype, partials + item, y_bar, selects)
    if pushes2:
        push_scalar(tape, workspace, columns, bars, c, dtype, partials + 2 * item, y_bar, selects)
    return DONE


@register_jitable
def scalar_operand(columns, marks, row, a, item):
    """Address of an operand of one element, and whether an adjoint goes there."""
    if a >= 0:
        address = word(columns.addresses, load_i32(columns.storage, a)) + item * word(columns.offset, a)
        return address, load_u8(columns.flags, a) & GRAD != 0 and load_u8(marks, a) & MARKED != 0
    return (columns.immediate + 8 * row if a == IMMEDIATE else 0), False


@register_jitable
def scalar_changed(tape, columns, a):
    """Whether a value is not what it was: memory of the tape's own changes only by recorded writes."""
    if a < 0:  # an immediate
        return False
    storage = load_i32(columns.storage, a)
    if load_i32(columns.kinds, storage) <= IN_POOL:
        return False
    return storage_version(tape, storage) != word(columns.version, a)


@register_jitable
def push_scalar(tape, workspace, columns, bars, a, dtype, partial, y_bar, selects):
    """Add partial * y_bar to the adjoint of one element."""
    storage = load_i32(columns.storage, a)
    bar = word(bars, storage)
    if bar == 0:
        bar = word(workspace, W_NEXT)
        if word(columns.sizes, storage) == 1 and bar != 0 and bar + 8 <= word(workspace, W_END):
            set_word(workspace, W_NEXT, bar + 8)
            set_word(bar, 0, 0)
            set_word(bars, storage, bar)
        else:
            make_bar(tape, workspace, a, True)
            bar = word(bars, storage)
    if dtype == F64:
        p, g = f64_at(partial, 1)[0], f64_at(y_bar, 1)[0]
        if p != 0.0 or not selects:
            f64_at(bar + 8 * word(columns.offset, a), 1)[0] += p * g
    else:
        p32, g32 = f32_at(partial, 1)[0], f32_at(y_bar, 1)[0]
        if p32 != 0.0 or not selects:
            f32_at(bar + 4 * word(columns.offset, a), 1)[0] += p32 * g32


@register_jitable
def reverse_row(tape, workspace, row, flags, y_bar):
    """Hand the adjoint of one row on to its operands.  Returns DONE or why it cannot."""
    dtype = row32(tape, S_DTYPE, row32(tape, STORAGE, row))
    active = 0
    if flags & VIEW:
        if slot_of(tape, workspace, row) == slot_of(tape, workspace, row32(tape, ARG0, row)):
            return DONE
        number = REVERSE_VIEW
    elif flags & NARY:
        number = REVERSE_NARY
    else:
        active = active_mask(tape, workspace, row)
        if flags & WRITE:
            number = REVERSE_WRITE
        else:
            bad = changed_operand(tape, row, active)
            if bad >= 0:
                set_word(workspace, BAD_OPERAND, bad)
                return CHANGED
            kind = word(operation(tape, row32(tape, OP, row)), K_KIND)
            number = REVERSE_STRUCTURED if kind == STRUCTURED_KIND else REVERSE_ELEMENTWISE
    scratch = word(tape, SCRATCH_AT)
    if not has_service(scratch, number):
        return UNCOMPILED_PARTIAL
    done = call_service(scratch, number, tape, workspace, row, active, y_bar, dtype, 0, 0, 0)
    return DONE if done != 0 else UNCOMPILED_PARTIAL


NOT_SIMPLE, FREED_ROW = -2, -3  # what `begin` answers beside the lowest row


@compiled
def begin(tape, workspace, root):
    """Mark and seed for the usual sweep: one root, a result of one element, its adjoint one.

    Returns the lowest row, FREED_ROW, or NOT_SIMPLE if another way has to be taken; nothing is marked then.
    """
    if flags_of(tape, root) & (GRAD | LEAF) != GRAD or word(tape, WRITES) != 0 or is_stale(tape, root):
        return NOT_SIMPLE
    layout = row32(tape, LAYOUT, root)
    if layout_word(table_of(tape), layout, SIZE) != 1:
        return NOT_SIMPLE
    marks = word(workspace, MARKS)
    set_u8(marks, root, MARKED)
    freed = mark(tape, workspace, root, 1)
    set_word(workspace, POSITION, word(tape, ROWS))
    set_word(workspace, TOP, word(tape, ROWS))
    if freed >= 0:
        return FREED_ROW
    bar = make_bar(tape, workspace, root, True)
    if row32(tape, S_DTYPE, row32(tape, STORAGE, root)) == F64:
        f64_at(bar, 1)[0] = 1.0
    else:
        f32_at(bar, 1)[0] = 1.0
    return word(workspace, LOWEST)


@compiled
def copy_adjoint(tape, workspace, row, target):
    """Copy the adjoint of a contiguous row.  Returns whether there was one."""
    bar = bar_of(tape, workspace, row)
    if bar == 0:
        return False
    n = layout_word(table_of(tape), row32(tape, LAYOUT, row), SIZE)
    if row32(tape, S_DTYPE, row32(tape, STORAGE, row)) == F64:
        for k in range(n):
            set_word(target, k, word(bar, k))
    else:
        for k in range(n):
            set_i32(target, k, load_i32(bar, k))
    return True


@compiled
def drop_adjoint(tape, workspace, row):
    """Release the adjoint of a row that Python has handed on."""
    drop_bar(tape, workspace, row)


@compiled
def adjoint_address(tape, workspace, row):
    return bar_of(tape, workspace, row)


@compiled
def new_adjoint(tape, workspace, row):
    """Address of the adjoint of a row, zeros if nothing has reached it."""
    return make_bar(tape, workspace, row, True)


@compiled
def add_adjoint(tape, workspace, row, values):
    """Add contiguous values, in the dtype of the row, to its adjoint."""
    add_values(tape, workspace, row, values, row32(tape, S_DTYPE, row32(tape, STORAGE, row)))


@compiled
def take_adjoint(tape, workspace, row):
    """The pool block of a large adjoint, which then is the caller's; 0 for a small one."""
    slot = slot_of(tape, workspace, row)
    bars = word(workspace, BARS)
    block = word(bars, slot)
    if storage_bytes(tape, row) <= SMALL:
        return 0
    set_word(bars, slot, 0)
    return block


@compiled
def finish(tape, workspace, lowest, highest, free):
    """Clean the workspace after a sweep and, if asked, free the rows it went through."""
    marks = word(workspace, MARKS)
    flags = word(tape, FLAGS)
    for row in range(lowest, highest + 1):
        if load_u8(marks, row) & MARKED:
            drop_bar(tape, workspace, row)
            if free and not load_u8(flags, row) & (LEAF | FREED):
                set_u8(flags, row, load_u8(flags, row) | FREED)
                if load_u8(flags, row) & WRITE:
                    release(word(tape, POOL_AT), word(params_address(tape, row), SAVED))
                    set_word(tape, WRITES, word(tape, WRITES) - 1)
        set_u8(marks, row, 0)
    release_chunks(word(tape, POOL_AT), word(workspace, W_CHUNKS))
    set_word(workspace, W_CHUNKS, 0)
    set_word(workspace, W_NEXT, 0)
    set_word(workspace, W_END, 0)
    set_word(workspace, SLOTS, 0)


# --- the tangent sweep ------------------------------------------------------------------------------------------
# Tangents use the same columns as adjoints: one buffer a storage, made on demand and zero before.


@compiled
def tangent(tape, workspace, lowest, highest):
    """Tangents of the marked rows from `lowest` up to `highest`, those of the leaves being given.

    The writes above `lowest` must be undone; they are done again on the way.  Answers as `reverse`.
    """
    marks = word(workspace, MARKS)
    for row in range(lowest, highest + 1):
        flags = flags_of(tape, row)
        if flags & WRITE and row >= word(workspace, POSITION):
            redo_write(tape, row)
            set_word(workspace, POSITION, row + 1)
        if not load_u8(marks, row) & MARKED or flags & (LEAF | VIEW):
            continue
        if flags & HOST:
            return row * ANSWERS + NEEDS_PYTHON
        reason = tangent_row(tape, workspace, row, flags)
        if reason != DONE:
            return row * ANSWERS + reason
    return DONE


@register_jitable
def tangent_write(tape, workspace, row, dtype):
    params, value = params_address(tape, row), row32(tape, ARG1, row)
    region, n = word(params, REGION_LAYOUT), word(params, REGION_SIZE)
    y_dot = make_bar(tape, workspace, row, True)
    value_dot = bar_of(tape, workspace, value) if wants_gradient(tape, value) else 0
    part = acquire(word(tape, POOL_AT), n * item_size_of(dtype))
    if value_dot != 0:
        layout = row32(tape, LAYOUT, value)
        move_values(GATHER, dtype, part, value_dot, table_of(tape), layout, region, 0, n, word(tape, SCRATCH_AT))
    else:
        fill_zero(part, n, dtype)
    exchange_region(tape, part, y_dot, row, dtype)
    release(word(tape, POOL_AT), part)


@register_jitable
def tangent_nary(tape, workspace, row, dtype):
    """Operations of many operands are linear: their tangent is made as their value was."""
    kernel = word(operation(tape, row32(tape, OP, row)), K_FORWARD + dtype)
    y_dot, table = make_bar(tape, workspace, row, True), table_of(tape)
    for k in range(n_operands(tape, row)):
        x = operand(tape, row, k)
        bar = bar_of(tape, workspace, x)
        if not wants_gradient(tape, x) or bar == 0:
            continue
        layout = row32(tape, LAYOUT, x)
        n = layout_word(table, layout, SIZE)
        x_dot = acquire(word(tape, POOL_AT), n * item_size_of(dtype))
        move_values(GATHER, dtype, x_dot, bar, table, layout, layout, 0, n, word(tape, SCRATCH_AT))
        call_kernel(
            kernel, params_address(tape, row), y_dot, 0, 0, x_dot, nary_integer(tape, row, k, 1), nary_integer(tape, row, k, 2)
        )
        release(word(tape, POOL_AT), x_dot)


@register_jitable
def tangent_row(tape, workspace, row, flags):
    dtype = row32(tape, S_DTYPE, row32(tape, STORAGE, row))
    if flags & WRITE:
        tangent_write(tape, workspace, row, dtype)
        return DONE
    if flags & NARY:
        tangent_nary(tape, workspace, row, dtype)
        return DONE
    active = active_mask(tape, workspace, row)
    bad = changed_operand(tape, row, active)
    if bad >= 0:
        set_word(workspace, BAD_OPERAND, bad)
        return CHANGED
    op = operation(tape, row32(tape, OP, row))
    structured = word(op, K_KIND) == STRUCTURED_KIND
    y_dot = make_bar(tape, workspace, row, True)
    for k in range(3):
        if active >> k & 1:
            x = operand(tape, row, k)
            if bar_of(tape, workspace, x) == 0:
                continue
            if structured:
                done = tangent_structured(tape, workspace, row, op, k, x, y_dot, dtype)
            else:
                done = tangent_elementwise(tape, workspace, row, op, k, x, y_dot, dtype)
            if not done:
                return UNCOMPILED_PARTIAL
    return DONE


@register_jitable
def tangent_elementwise(tape, workspace, row, op, k, x, y_dot, dtype):
    """y_dot += partial k * x_dot: operands are brought to contiguous copies of the result's shape."""
    kernel = word(op, K_PARTIAL + 2 * k + dtype)
    if kernel == 0:
        return False
    out, table = row32(tape, LAYOUT, row), table_of(tape)
    size = size_address(table, out)
    n = word(size, 0)
    a, b, c = row32(tape, ARG0, row), row32(tape, ARG1, row), row32(tape, ARG2, row)
    x0, x1 = spread(tape, row, a, out, n, dtype), spread(tape, row, b, out, n, dtype)
    x2 = spread(tape, row, c, out, n, dtype)
    x_dot = acquire(word(tape, POOL_AT), n * item_size_of(dtype))
    layout, bar = row32(tape, LAYOUT, x), bar_of(tape, workspace, x)
    move_values(GATHER, dtype, x_dot, bar, table, layout, out, 0, n, word(tape, SCRATCH_AT))
    call_kernel(kernel, size, y_dot, x_dot, value_address(tape, row), x0, x1, x2)
    release(word(tape, POOL_AT), x_dot)
    for copy in (x0, x1, x2):
        if copy != 0:
            release(word(tape, POOL_AT), copy)
    return True


@register_jitable
def spread(tape, row, a, out, n, dtype):
    """A contiguous copy of an operand, broadcast to the layout `out`; 0 if there is no operand."""
    address = operand_address(tape, row, a)
    if address == 0:
        return 0
    copy = acquire(word(tape, POOL_AT), n * item_size_of(dtype))
    move_values(
        GATHER, dtype, copy, address, table_of(tape), operand_layout(tape, a), out, 0, n, word(tape, SCRATCH_AT)
    )
    return copy


@register_jitable
def tangent_structured(tape, workspace, row, op, k, x, y_dot, dtype):
    """y_dot += the tangent kernel of operand k; an operation without one is linear in each operand."""
    kernel, forward = word(op, K_TANGENT + 2 * k + dtype), word(op, K_FORWARD + dtype)
    if kernel == 0 and word(op, K_NONLINEAR) != 0:
        return False
    layout, n = row32(tape, LAYOUT, x), layout_word(table_of(tape), row32(tape, LAYOUT, x), SIZE)
    x_dot = acquire(word(tape, POOL_AT), n * item_size_of(dtype))
    bar = bar_of(tape, workspace, x)
    move_values(GATHER, dtype, x_dot, bar, table_of(tape), layout, layout, 0, n, word(tape, SCRATCH_AT))
    a, b, c = row32(tape, ARG0, row), row32(tape, ARG1, row), row32(tape, ARG2, row)
    x0 = contiguous_address(tape, a, dtype) if a >= 0 else 0
    x1 = contiguous_address(tape, b, dtype) if b >= 0 else 0
    x2 = contiguous_address(tape, c, dtype) if c >= 0 else 0
    params, y = params_address(tape, row), value_address(tape, row)
    if kernel != 0:
        call_kernel(kernel, params, y_dot, x_dot, y, x0, x1, x2)
    else:
        out = row32(tape, LAYOUT, row)
        m = layout_word(table_of(tape), out, SIZE)
        part = acquire(word(tape, POOL_AT), m * item_size_of(dtype))
        call_kernel(forward, params, part, 0, 0, x_dot if k == 0 else x0, x_dot if k == 1 else x1, x_dot if k == 2 else x2)
        move_values(ADD, dtype, part, y_dot, table_of(tape), out, out, 0, m, word(tape, SCRATCH_AT))
        release(word(tape, POOL_AT), part)
    release(word(tape, POOL_AT), x_dot)
    release_copy(tape, a, x0)
    release_copy(tape, b, x1)
    release_copy(tape, c, x2)
    return True
