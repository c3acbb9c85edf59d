"""One row of the reverse sweep, by kind: elementwise, structured, of many operands, write, view.

These are services, compiled once, when a sweep first meets such a row.
"""

from ..tape.append import contiguous_address, release_copy
from ..kernels.gather_scatter import ADD, GATHER, SWAP, lane, layout_word, move_values, set_operands, size_address
from ..kernels.kernel_signatures import call_partial, call_reverse
from ..memory.typed_values import fill_zero, item_size, spread
from ..tape.schema import ARG0, ARG1, ARG2, LAYOUT, OFFSET, OP, POOL_AT, SCRATCH_AT, STORAGE, S_SIZE
from ..kernels.kernel_table import DIVISOR, K_PARTIAL, K_TOTAL, K_UNIT, kernel_at, kernel_slot, service_slot
from ..numba_backend.decorators import helper
from ..memory.layouts import CONTIGUOUS, SIZE
from ..mathfun.bits import from_bits
from ..memory.pool import acquire, release
from ..memory.words import load_u8, set_word, word
from ..tape.reading import (
    dtype_of,
    flags_of,
    nary_integer,
    operand_address,
    operand_layout,
    params_address,
    row32,
    row64,
    value_address,
)
from ..kernels.services import (
    BLOCK,
    MOVE,
    PARTIAL_BLOCKS,
    REVERSE_ELEMENTWISE,
    REVERSE_NARY,
    REVERSE_STRUCTURED,
    REVERSE_VIEW,
    REVERSE_WRITE,
    SPREAD_TOTAL,
    call_service,
    has_service,
    service,
)
from ..tape.in_place import REGION_LAYOUT, REGION_OFFSET, REGION_SIZE
from ..tape.row_kinds import ELEMENTWISE_ROW, kind_of
from .marking import active_mask, changed_operand, n_operands, operand, operation, wants_gradient
from .adjoint_room import has_room
from .workspace import (
    BARS,
    DONE,
    LANE,
    LANES,
    MARKED,
    MARKS,
    SLOTS,
    TRIPLES,
    add_values,
    bar_of,
    covers_storage,
    drop_bar,
    make_bar,
    missing,
    slot_of,
    table_of,
)

DIRECT = 4096  # up to this many elements a kernel takes a whole row at once, not block by block


@helper
def heir(tape, workspace, row, active, n):
    """The operand that can take over the adjoint of a row as it is, or -1.

    Its partial is 1, it is the whole of a storage of the same layout that nothing has reached yet, and no
    other operand lies there.  Large adjoints only: this saves a pass through memory.
    """
    unit = word(operation(tape, row32(tape, OP, row)), K_UNIT) & active
    if unit == 0 or n <= DIRECT or word(workspace, SLOTS) != 0:
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


@helper
def hand_over(tape, workspace, row, a):
    """Make the adjoint of a row, which is not needed any more, that of an operand."""
    bars = word(workspace, BARS)
    mine, theirs = row32(tape, STORAGE, row), row32(tape, STORAGE, a)
    set_word(bars, theirs, word(bars, mine))
    set_word(bars, mine, 0)


@service(REVERSE_ELEMENTWISE, needs=(MOVE,))
def reverse_elementwise(tape, workspace, row, active, y_bar, dtype, spread, unused1, unused2):
    """Accumulate the adjoints of an elementwise row.  Returns DONE, or why it cannot.

    With `spread`, a block at `y_bar` is the adjoint everywhere.
    """
    op = operation(tape, row32(tape, OP, row))
    out = row32(tape, LAYOUT, row)
    table = table_of(tape)
    triples = workspace + 8 * TRIPLES
    partials, bars, fresh = triples, triples + 24, triples + 48
    for k in range(3):
        set_word(partials, k, kernel_at(op, K_PARTIAL, k, dtype))
        if active >> k & 1 and word(partials, k) == 0:
            return missing(workspace, kernel_slot(K_PARTIAL, k, dtype))
    size = size_address(table, out)
    n = word(size, 0)
    a, b, c = row32(tape, ARG0, row), row32(tape, ARG1, row), row32(tape, ARG2, row)
    x0, x1, x2 = operand_address(tape, row, a), operand_address(tape, row, b), operand_address(tape, row, c)
    l0, l1, l2 = operand_layout(tape, a), operand_layout(tape, b), operand_layout(tape, c)
    direct = spread == 0 and (n == 1 or n <= DIRECT and l0 == out and (x1 == 0 or l1 == out) and (x2 == 0 or l2 == out))
    scratch = word(tape, SCRATCH_AT)
    if not direct and not has_service(scratch, PARTIAL_BLOCKS):
        return missing(workspace, service_slot(PARTIAL_BLOCKS))
    given = heir(tape, workspace, row, active, n) if spread == 0 else -1
    if given >= 0:
        active &= ~(1 << given)
    for k in range(3):
        if not active >> k & 1:
            continue
        x = operand(tape, row, k)
        new = bar_of(tape, workspace, x) == 0
        # zeroed on the way if this row writes all of it, and no other view of the same storage
        fresh_here = new and row32(tape, LAYOUT, x) == out and covers_storage(tape, x)
        for j in range(3):
            other = operand(tape, row, j)
            if active >> j & 1 and x != other and slot_of(tape, workspace, x) == slot_of(tape, workspace, other):
                fresh_here = False
        set_word(fresh, k, 1 if fresh_here else 0)
        set_word(bars, k, make_bar(tape, workspace, x, new and not fresh_here))
    y = value_address(tape, row)
    if direct:
        for k in range(3):
            if active >> k & 1:
                if word(fresh, k) != 0:
                    fill_zero(word(bars, k), n, dtype)
                call_partial(word(partials, k), size, word(bars, k), y_bar, y, x0, x1, x2)
    else:
        set_operands(scratch, x0, l0, x1, l1, x2, l2)
        call_service(scratch, PARTIAL_BLOCKS, triples, active, dtype, table, scratch, out, y_bar, y, spread)
    if given >= 0:
        hand_over(tape, workspace, row, operand(tape, row, given))
    return DONE


@helper
def is_long_total(tape, row):
    """Whether a row adds up many elements."""
    if word(operation(tape, row32(tape, OP, row)), K_TOTAL) == 0:
        return False
    table, x = table_of(tape), row32(tape, ARG0, row)
    alone = layout_word(table, row32(tape, LAYOUT, row), SIZE) == 1
    return alone and layout_word(table, row32(tape, LAYOUT, x), SIZE) > DIRECT


@service(SPREAD_TOTAL, needs=(MOVE,))
def spread_total(tape, workspace, row, y_bar, dtype, unused0, unused1, unused2, unused3):
    """Hand the adjoint of a long total on to the operands of the elementwise row just before, if that is all it is for.

    It is one number: written out for every element and read again it costs three passes through memory.  Returns whether
    it is done.
    """
    a, table, scratch = row32(tape, ARG0, row), table_of(tape), word(tape, SCRATCH_AT)
    n = layout_word(table, row32(tape, LAYOUT, a), SIZE)
    if a != row - 1:
        return 0
    flags = flags_of(tape, a)
    if kind_of(flags) != ELEMENTWISE_ROW:
        return 0
    alone = word(workspace, LANES) == 1 and word(workspace, SLOTS) == 0 and load_u8(word(workspace, MARKS), a) == MARKED
    if not alone or bar_of(tape, workspace, a) != 0 or not covers_storage(tape, a):
        return 0
    active = active_mask(tape, workspace, a)
    if changed_operand(tape, a, active) >= 0 or not has_service(scratch, REVERSE_ELEMENTWISE):
        return 0
    if not has_room(tape, workspace, a, flags, False):
        return 0
    seed = lane(scratch, 4)
    spread(seed, min(n, BLOCK), dtype, y_bar, from_bits(word(params_address(tape, row), DIVISOR)))
    return call_service(scratch, REVERSE_ELEMENTWISE, tape, workspace, a, active, seed, dtype, 1, 0, 0) == DONE


@helper
def _pull(tape, workspace, x, kernel, params, y_bar, y, x0, x1):
    """Let the kernel of a structured row add to the adjoint of an operand, in memory of its own if that is not contiguous."""
    table, layout = table_of(tape), row32(tape, LAYOUT, x)
    if layout_word(table, layout, CONTIGUOUS) != 0:
        alone = word(workspace, LANES) == 1  # a kernel gets one lane, and would clear only that
        fresh = 1 if alone and bar_of(tape, workspace, x) == 0 and covers_storage(tape, x) else 0
        call_reverse(kernel, params, make_bar(tape, workspace, x, fresh == 0), y_bar, y, x0, x1, fresh)
        return
    dtype = dtype_of(tape, x)
    part = acquire(word(tape, POOL_AT), layout_word(table, layout, SIZE) * item_size(dtype))
    call_reverse(kernel, params, part, y_bar, y, x0, x1, 1)
    add_values(tape, workspace, x, part, dtype)
    release(word(tape, POOL_AT), part)


@service(REVERSE_STRUCTURED, needs=(MOVE,))
def reverse_structured(tape, workspace, row, active, y_bar, dtype, unused0, unused1, unused2):
    """Accumulate the adjoints of a structured row.  Returns DONE, or why it cannot."""
    op, own = operation(tape, row32(tape, OP, row)), dtype_of(tape, row32(tape, ARG0, row))
    if is_long_total(tape, row):
        scratch = word(tape, SCRATCH_AT)
        if not has_service(scratch, SPREAD_TOTAL):
            return missing(workspace, service_slot(SPREAD_TOTAL))
        if call_service(scratch, SPREAD_TOTAL, tape, workspace, row, y_bar, dtype, 0, 0, 0, 0) != 0:
            return DONE
    for k in range(3):
        if active >> k & 1 and kernel_at(op, K_PARTIAL, k, own) == 0:
            return missing(workspace, kernel_slot(K_PARTIAL, k, own))
    a, b, c = row32(tape, ARG0, row), row32(tape, ARG1, row), row32(tape, ARG2, row)
    x0 = contiguous_address(tape, a) if a >= 0 else 0
    x1 = contiguous_address(tape, b) if b >= 0 else 0
    x2 = contiguous_address(tape, c) if c >= 0 else 0
    y, params = value_address(tape, row), params_address(tape, row)
    for k in range(3):
        if not active >> k & 1:
            continue
        _pull(tape, workspace, operand(tape, row, k), kernel_at(op, K_PARTIAL, k, own), params, y_bar, y, x0, x1)
    release_copy(tape, a, x0)
    release_copy(tape, b, x1)
    release_copy(tape, c, x2)
    return DONE


@service(REVERSE_NARY, needs=(MOVE,))
def reverse_nary(tape, workspace, row, active, y_bar, dtype, unused0, unused1, unused2):
    """Accumulate the adjoints of a row of many operands.  Returns DONE, or why it cannot."""
    kernel = kernel_at(operation(tape, row32(tape, OP, row)), K_PARTIAL, 0, dtype)
    if kernel == 0:
        return missing(workspace, kernel_slot(K_PARTIAL, 0, dtype))
    y, params = value_address(tape, row), params_address(tape, row)
    for k in range(n_operands(tape, row)):
        x = operand(tape, row, k)
        if wants_gradient(tape, x) and load_u8(word(workspace, MARKS), x) & MARKED:
            first, second = nary_integer(tape, row, k, 1), nary_integer(tape, row, k, 2)
            _pull(tape, workspace, x, kernel, params, y_bar, y, first, second)
    return DONE


@helper
def exchange_region(tape, part, bar, row, dtype):
    """Exchange the region of a write row in the storage-shaped buffer at `bar` with contiguous values."""
    params = params_address(tape, row)
    region, target = word(params, REGION_LAYOUT), bar + item_size(dtype) * word(params, REGION_OFFSET)
    n, scratch = word(params, REGION_SIZE), word(tape, SCRATCH_AT)
    move_values(SWAP, dtype, part, target, table_of(tape), region, region, 0, n, scratch)


@service(REVERSE_WRITE, needs=(MOVE,))
def reverse_write(tape, workspace, row, active, y_bar, dtype, unused0, unused1, unused2):
    """Move the adjoint of the region to the value that was written; what was overwritten gets zeros."""
    params = params_address(tape, row)
    n, table = word(params, REGION_SIZE), table_of(tape)
    part = acquire(word(tape, POOL_AT), n * item_size(dtype))
    fill_zero(part, n, dtype)
    exchange_region(tape, part, y_bar, row, dtype)
    if active & 2:
        value = row32(tape, ARG1, row)
        bar, layout = make_bar(tape, workspace, value, True), row32(tape, LAYOUT, value)
        move_values(ADD, dtype, part, bar, table, layout, word(params, REGION_LAYOUT), 0, n, word(tape, SCRATCH_AT))
    release(word(tape, POOL_AT), part)
    return DONE


@service(REVERSE_VIEW, needs=(MOVE,))
def reverse_view(tape, workspace, row, active, y_bar, dtype, unused0, unused1, unused2):
    """Add the adjoint of a view that has a slot of its own to that of its base."""
    base = row32(tape, ARG0, row)
    if not load_u8(word(workspace, MARKS), base) & MARKED:
        drop_bar(tape, workspace, row)
        return DONE
    layout = row32(tape, LAYOUT, row)
    n = layout_word(table_of(tape), layout, SIZE)
    scratch, table = word(tape, SCRATCH_AT), table_of(tape)
    part = acquire(word(tape, POOL_AT), n * item_size(dtype))
    move_values(GATHER, dtype, part, bar_of(tape, workspace, row), table, layout, layout, 0, n, scratch)
    item = item_size(dtype)
    target = make_bar(tape, workspace, base, True) - item * row64(tape, OFFSET, base) + item * row64(tape, OFFSET, row)
    move_values(ADD, dtype, part, target, table, layout, layout, 0, n, scratch)
    release(word(tape, POOL_AT), part)
    if word(workspace, LANE) == word(workspace, LANES) - 1:
        drop_bar(tape, workspace, row)
    return DONE
