"""Gathering of values into contiguous blocks, which is what kernels take, and scattering of adjoints back.

An operand that is contiguous and has the result's shape is passed as it lies. Any other is gathered, a block of ``BLOCK``
elements at a time, into scratch memory that stays in the first-level cache, and adjoints go back the same way. That costs one
pass through the cache, much less than a strided loop in every kernel would cost in compile time and lost vector code.
"""

from ..dtypes import N_DIFFERENTIABLE, TABLE
from ..numba_backend.entry_points import entry
from ..numba_backend.decorators import helper
from ..memory.layouts import LOW, NDIM, SHAPE, SIZE, STRIDES, WIDTH
from ..memory.words import array_data, set_word, word
from ..memory.typed_values import add_up, fill_zero, item_size, spread, window
from .kernel_signatures import call_forward, call_partial
from .services import (
    BLOCK,
    BLOCK_BYTES,
    HEADER,
    INDEX,
    LENGTH,
    MOVE,
    OPERANDS,
    PARTIAL_BLOCKS,
    RUN_BLOCKS,
    STEP,
    call_service,
    service,
)

GATHER, ADD, SWAP = range(3)
FAR = 1 << 60  # length of a window whose bounds the caller guarantees


@helper
def lane(scratch, k):
    """The address of scratch block k."""
    return scratch + 8 * HEADER + k * BLOCK_BYTES


@helper
def layout_row(table, layout):
    """The address of a row of the layout table."""
    return table + 8 * WIDTH * layout


@helper
def layout_word(table, layout, k):
    """Word k of a row of the layout table."""
    return word(table, WIDTH * layout + k)


@helper
def size_address(table, layout):
    """The address of the size of a layout: the ``params`` of a kernel."""
    return table + 8 * (WIDTH * layout + SIZE)


@helper
def _move_rows(mode, block, k, strided, offset, step, n, row_step, rows):
    """Runs of n elements, one after the other in the block, `row_step` apart in the node."""
    for _ in range(rows):
        if mode == GATHER and step == 0:
            value = strided[offset]
            for j in range(n):
                block[k + j] = value
        elif mode == GATHER:
            for j in range(n):
                block[k + j] = strided[offset + j * step]
        elif mode == ADD and step == 0:
            strided[offset] += add_up(block, k, n)
        elif mode == ADD:
            for j in range(n):
                strided[offset + j * step] += block[k + j]
        else:
            for j in range(n):
                value = strided[offset + j * step]
                strided[offset + j * step] = block[k + j]
                block[k + j] = value
        k += n
        offset += row_step


@helper
def _move(mode, block, strided, layout, out, start, m, scratch):
    """Move m elements between a contiguous block and a node broadcast to the shape of `out`; `strided` is its lowest element.

    `start` is the flat index of the first one in `out`; an odometer walks on from there, whole rows of the two innermost
    axes at a time.
    """
    index, step = scratch + 8 * INDEX, scratch + 8 * STEP
    ndim = word(out, NDIM)
    shift, rest, offset = ndim - word(layout, NDIM), start, -word(layout, LOW)
    for d in range(ndim - 1, -1, -1):
        n = word(out, SHAPE + d)
        set_word(index, d, rest % n)
        rest //= n
        own = d >= shift and word(layout, SHAPE + d - shift) != 1
        set_word(step, d, word(layout, STRIDES + d - shift) if own else 0)
        offset += word(index, d) * word(step, d)
    last = ndim - 1
    k, length, length_step, position = 0, m, 1, 0
    if last >= 0:
        length, length_step, position = word(out, SHAPE + last), word(step, last), word(index, last)
    while k < m:
        rows, row_step, n = 1, 0, min(length - position, m - k)
        if last > 0:
            row_step = word(step, last - 1)
            if n == length:
                rows = min(word(out, SHAPE + last - 1) - word(index, last - 1), (m - k) // length)
        _move_rows(mode, block, k, strided, offset, length_step, n, row_step, rows)
        k += rows * n
        if position + n < length:  # the last elements; the odometer is not needed afterwards
            return
        offset += rows * row_step - position * length_step
        position, d, moved = 0, last - 1, rows
        while d >= 0:
            set_word(index, d, word(index, d) + moved)
            if word(index, d) < word(out, SHAPE + d):
                break
            offset -= word(out, SHAPE + d) * word(step, d)
            set_word(index, d, 0)
            d, moved = d - 1, 1
            if d >= 0:
                offset += word(step, d)


def _move_service(dtype):
    at, item = window(dtype), dtype.itemsize

    def move_service(mode, unused, block, strided, layout, out, start, m, scratch):
        lowest = at(strided + item * word(layout, LOW), FAR)
        _move(mode, at(block, m), lowest, layout, out, start, m, scratch)
        return 0

    # unique: functions that share a name share a symbol, and calls have reached the wrong body
    move_service.__name__ = move_service.__qualname__ = f"move_{dtype}"
    return move_service


for _each in TABLE[:N_DIFFERENTIABLE]:
    service(MOVE + _each.code)(_move_service(_each.dtype))


@helper
def move_values(mode, dtype, block, strided, table, layout, out, start, m, scratch):
    """Move m elements between contiguous memory at `block` and a node at `strided` of some layout.

    `start` is the flat index of the first one in the layout `out`, to which the node is broadcast.
    """
    a, b = layout_row(table, layout), layout_row(table, out)
    call_service(scratch, MOVE + dtype, mode, dtype, block, strided, a, b, start, m, scratch)


@helper
def _operand_block(dtype, address, layout, out, table, start, m, n, scratch, k):
    """Address of the block of an operand: as it lies, or gathered into scratch block k."""
    if layout == out:
        return address + start * item_size(dtype)
    if layout_word(table, layout, SIZE) > 1:
        move_values(GATHER, dtype, lane(scratch, k), address, table, layout, out, start, m, scratch)
    elif start == 0:
        spread(lane(scratch, k), m, dtype, address, 1.0)
    return lane(scratch, k)


@helper
def set_operands(scratch, x0, l0, x1, l1, x2, l2):
    """Store addresses and layouts of the operands where block functions read them."""
    set_word(scratch, OPERANDS, x0)
    set_word(scratch, OPERANDS + 1, l0)
    set_word(scratch, OPERANDS + 2, x1)
    set_word(scratch, OPERANDS + 3, l1)
    set_word(scratch, OPERANDS + 4, x2)
    set_word(scratch, OPERANDS + 5, l2)


@helper
def operand_blocks(dtype, out, table, start, m, n, scratch):
    """Addresses of the blocks of all three operands, 0 where there is none."""
    a = b = c = 0
    if word(scratch, OPERANDS) != 0:
        a = _operand_block(dtype, word(scratch, OPERANDS), word(scratch, OPERANDS + 1), out, table, start, m, n, scratch, 0)
    if word(scratch, OPERANDS + 2) != 0:
        b = _operand_block(dtype, word(scratch, OPERANDS + 2), word(scratch, OPERANDS + 3), out, table, start, m, n, scratch, 1)
    if word(scratch, OPERANDS + 4) != 0:
        c = _operand_block(dtype, word(scratch, OPERANDS + 4), word(scratch, OPERANDS + 5), out, table, start, m, n, scratch, 2)
    return a, b, c


@service(RUN_BLOCKS, needs=(MOVE,))
def forward_blocks(kernel, dtype, table, scratch, out, y, unused0, unused1, unused2):
    """Run an elementwise kernel over a result of layout `out`, the operands (`set_operands`) in any layout."""
    n = layout_word(table, out, SIZE)
    start = 0
    while start < n:
        m = min(BLOCK, n - start)
        set_word(scratch, LENGTH, m)
        a, b, c = operand_blocks(dtype, out, table, start, m, n, scratch)
        call_forward(kernel, scratch, y + start * item_size(dtype), a, b, c)
        start += m
    return 0


@entry
def run_blocks(kernel, dtype, table, scratch, out, y, x0, l0, x1, l1, x2, l2):
    """`forward_blocks` on addresses and layouts, from Python; the service must be there."""
    set_operands(scratch, x0, l0, x1, l1, x2, l2)
    call_service(scratch, RUN_BLOCKS, kernel, dtype, table, scratch, out, y, 0, 0, 0)


@entry
def run_contiguous(kernel, scratch, item, n, y, a, b):
    """A forward kernel on contiguous arrays of `n` elements of `item` bytes, block by block; arrays by their `id`."""
    y, a, b = array_data(y), array_data(a), array_data(b)
    start = 0
    while start < n:
        m = min(BLOCK, n - start)
        set_word(scratch, LENGTH, m)
        ahead = start * item
        call_forward(kernel, scratch, y + ahead, a + ahead, b + ahead, 0)
        start += m


@service(PARTIAL_BLOCKS, needs=(MOVE,))
def partial_blocks(triples, active, dtype, table, scratch, out, y_bar, y, spread):
    """Accumulate the adjoints of an elementwise row, all active operands in one pass over the blocks.

    With `spread` the adjoint of the row is the same in every block, the one at `y_bar`.

    `triples` holds three words of each kind, one an operand: the partial kernel, where its adjoint lies, and
    whether that memory is to be zeroed on the way (the whole of it is then covered by this row, so zeroing
    costs a pass through the cache and not through memory).
    """
    partials, bars, fresh = triples, triples + 24, triples + 48
    n, item = layout_word(table, out, SIZE), item_size(dtype)
    start = 0
    while start < n:
        m = min(BLOCK, n - start)
        set_word(scratch, LENGTH, m)
        a, b, c = operand_blocks(dtype, out, table, start, m, n, scratch)
        seed, value = y_bar if spread != 0 else y_bar + start * item, y + start * item
        for k in range(3):
            if active >> k & 1:
                layout = word(scratch, OPERANDS + 2 * k + 1)
                direct = layout == out
                target = word(bars, k) + start * item if direct else lane(scratch, 5 + k)
                if word(fresh, k) != 0 or not direct:
                    fill_zero(target, m, dtype)
                call_partial(word(partials, k), scratch, target, seed, value, a, b, c)
                if not direct:
                    move_values(ADD, dtype, target, word(bars, k), table, layout, out, start, m, scratch)
        start += m
    return 0
