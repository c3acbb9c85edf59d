"""The machine: compiled functions that run the code of a program.

It contains no operation: kernels are called by address, so a new program requires no compilation, however long it is.
"""

from ...kernels.gather_scatter import ADD, GATHER, move_values
from ...numba_backend.entry_points import entry
from ...numba_backend.decorators import compiled, helper
from ...kernels.kernel_signatures import call_kernel, call_statement
from ...mathfun.bits import from_bits
from ...memory.words import clear, f64_at, load_i32, load_u8, set_u8, set_word, word
from ...kernels.services import LENGTH
from ...memory.typed_values import ACCUMULATOR, accumulate, holds_nan, item_size, put_total, spread
from .program_code import (
    H_COUNT,
    H_ITEMS,
    H_LAYOUTS,
    H_LOCAL,
    H_MICROS,
    H_SCRATCH,
    H_WIDEST,
    ADVANCING,
    APPLY,
    CALL,
    CHECK,
    CHUNK,
    COPY,
    DIVIDE,
    FILL_BLOCK,
    FINISH_TOTAL,
    GATHER_BLOCK,
    HOST,
    ITEM,
    LOCAL,
    MICRO,
    M_DIVISOR,
    M_KERNEL,
    M_LAYOUT,
    M_MODES,
    M_OUT,
    M_SEED,
    M_X0,
    M_X1,
    M_X2,
    M_Y,
    PAIR,
    REGION,
    RUN,
    RUN_REVERSE,
    SCATTER_BLOCK,
    SHIFT,
    STATEMENT,
    TOTAL_BLOCK,
    ZERO,
)

DONE = -1


# --- regions ------------------------------------------------------------------------------------------------


@helper
def _address(micro, k, local, advance):
    """The address of an operand of a micro for the current block."""
    mode = word(micro, M_MODES) >> 2 * k & 3
    base = word(micro, k)
    if mode == ADVANCING:
        return base + advance
    return base + local if mode == LOCAL else base


@helper
def _run_block(micro, kind, start, m, n, first, dtype, chunk, scratch, local, table):
    """Run one micro on elements `start` to ``start + m`` of n."""
    advance = start * item_size(dtype)
    out = _address(micro, M_OUT, local, advance)
    if kind == APPLY:
        call_kernel(
            word(micro, M_KERNEL),
            scratch,
            out,
            _address(micro, M_SEED, local, advance),
            _address(micro, M_Y, local, advance),
            _address(micro, M_X0, local, advance),
            _address(micro, M_X1, local, advance),
            _address(micro, M_X2, local, advance),
        )
    elif kind == FILL_BLOCK:
        if start == first:
            spread(out, m, dtype, word(micro, M_X0), 1.0)
    elif kind == GATHER_BLOCK or kind == SCATTER_BLOCK:
        mode = GATHER if kind == GATHER_BLOCK else ADD
        move_values(mode, dtype, out, word(micro, M_X0), table, word(micro, M_LAYOUT), word(micro, M_SEED), start, m, scratch)
    elif kind == TOTAL_BLOCK:
        accumulate(out + ACCUMULATOR * chunk, _address(micro, M_X0, local, advance), m, dtype)


@helper
def _run_chunks(micros, first, last, n, dtype, block, from_chunk, to_chunk, scratch, local, table):
    """Run all micros on the blocks of some chunks of a region."""
    begin, end = from_chunk * CHUNK * block, min(n, to_chunk * CHUNK * block)
    start = begin
    while start < end:
        m = min(block, n - start)
        set_word(scratch, LENGTH, m)
        chunk = start // (CHUNK * block)
        for k in range(first, last):
            micro = micros + 8 * MICRO * k
            _run_block(micro, word(micro, 0), start, m, n, begin, dtype, chunk, scratch, local, table)
        start += m


def _run_part(item, micros, from_chunk, to_chunk, scratch, local, table):
    first, last, n = word(item, 1), word(item, 2), word(item, 3)
    _run_chunks(micros, first, last, n, word(item, 4), word(item, 5), from_chunk, to_chunk, scratch, local, table)


# Some chunks of a region, beside other threads.
run_part = compiled(_run_part, nogil=True)


@compiled
def finish_totals(micros, first, last, n, chunks, fresh):
    """Add the totals of the chunks, in their order, to their targets; with `fresh` the chunks start at zero."""
    for k in range(first, last):
        micro = micros + 8 * MICRO * k
        if word(micro, 0) != FINISH_TOTAL:
            continue
        accumulators, dtype = word(micro, M_X0), word(micro, M_LAYOUT)
        if fresh != 0:
            clear(accumulators, ACCUMULATOR * chunks)
        else:
            divisor, adds = from_bits(word(micro, M_DIVISOR)), word(micro, M_SEED) != 0
            put_total(word(micro, M_OUT), accumulators, chunks, dtype, divisor, adds)


# --- runs of scalar rows --------------------------------------------------------------------------------------


@helper
def _run_statements(statements, count, memory, kernels, partials, scratch):
    """Compute the value and the partials of every statement of a scalar run.

    Partials are computed even if they are not wanted: kernels of whole arrays take 24 ns for one element, these take 10.
    """
    set_word(scratch, LENGTH, 1)
    for k in range(count):
        s = statements + 4 * STATEMENT * k
        y = memory + 8 * load_i32(s, 1)
        out = partials + 8 * load_i32(s, 5)
        x0, x1, x2 = memory + 8 * load_i32(s, 2), memory + 8 * load_i32(s, 3), memory + 8 * load_i32(s, 4)
        call_statement(word(kernels, load_i32(s, 0)), scratch, out, y, x0, x1, x2)


@helper
def _reverse_pairs(pairs, count, memory, partials):
    """Compute the adjoints of the operands of a scalar run from those of its results, without any knowledge of operations."""
    bars, p = f64_at(memory, 1 << 60), f64_at(partials, 1 << 60)
    for k in range(count):
        pair = pairs + 4 * PAIR * k
        place = load_i32(pair, 2)
        partial = p[place >> 1]
        if partial != 0.0 or place & 1 == 0:
            bars[load_i32(pair, 1)] += partial * bars[load_i32(pair, 0)]


# --- items ----------------------------------------------------------------------------------------------------


@helper
def _copy(to, source, nbytes):
    n = nbytes // 8
    for k in range(n):
        set_word(to, k, word(source, k))
    for k in range(8 * n, nbytes):
        set_u8(to, k, load_u8(source, k))


@helper
def _run_region(item, micros, scratch, local, table):
    first, last, ends = word(item, 1), word(item, 2), word(item, 7)
    n, chunks = word(item, 3), word(item, 6)
    if ends > last:
        finish_totals(micros, last, ends, n, chunks, 1)
    _run_chunks(micros, first, last, n, word(item, 4), word(item, 5), 0, chunks, scratch, local, table)
    if ends > last:
        finish_totals(micros, last, ends, n, chunks, 0)


@helper
def _run_item(item, kind, micros, scratch, local, table):
    if kind == CALL:
        call_kernel(
            word(item, 1), word(item, 2), word(item, 3), word(item, 4), word(item, 5), word(item, 6), word(item, 7), word(item, 8)
        )
    elif kind == SHIFT:
        layout, out, n = word(item, 5), word(item, 6), word(item, 7)
        move_values(word(item, 1), word(item, 2), word(item, 3), word(item, 4), table, layout, out, 0, n, scratch)
    elif kind == ZERO:
        clear(word(item, 1), word(item, 2))
    elif kind == COPY:
        _copy(word(item, 1), word(item, 2), word(item, 3))
    elif kind == RUN:
        _run_statements(word(item, 1), word(item, 2), word(item, 3), word(item, 4), word(item, 5), scratch)
    elif kind == RUN_REVERSE:
        _reverse_pairs(word(item, 1), word(item, 2), word(item, 3), word(item, 4))
    elif kind == DIVIDE:
        spread(word(item, 2), 1, word(item, 1), word(item, 3), from_bits(word(item, 4)))
    elif kind == REGION:
        _run_region(item, micros, scratch, local, table)


@helper
def _run(header, first):
    items, last, micros = word(header, H_ITEMS), word(header, H_COUNT), word(header, H_MICROS)
    scratch, local, widest = word(header, H_SCRATCH), word(header, H_LOCAL), word(header, H_WIDEST)
    table = word(word(header, H_LAYOUTS), 0)
    for k in range(first, last):
        item = items + 8 * ITEM * k
        kind = word(item, 0)
        if kind == HOST or (kind == REGION and word(item, 8) != 0 and word(item, 6) > widest):
            return k
        if kind == CHECK and holds_nan(word(item, 1), word(item, 2), word(item, 3)):
            return k
        _run_item(item, kind, micros, scratch, local, table)
    return DONE


def _run_lanes(header, advances, count, chunks):
    """Run a program once for every chunk of examples; `advances` are words of its code and how far each moves on."""
    for _ in range(chunks):
        if _run(header, 0) != DONE:
            return False
        for j in range(count):
            at = word(advances, 2 * j)
            set_word(at, 0, word(at, 0) + word(advances, 2 * j + 1))
    return True


# Run the items from `first` on, of the program whose header lies at an address. Returns the number of an item that is not the
# machine's: Python's own, a region of more than `widest` chunks, which threads share, or a check that found a nan; or DONE.
run = entry(_run)
run_lanes = compiled(_run_lanes, nogil=True)
