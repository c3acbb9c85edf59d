"""Recording: compiled functions that append a row and execute it in one call from Python.

Each returns the new row, or a negative code (``columns``) and then has changed nothing.
"""

import numpy as np

from ..dtypes import N_DIFFERENTIABLE
from .append import (
    append_row,
    append_storage,
    contiguous_address,
    copies_fit,
    is_crowded,
    new_storage,
    release_copy,
    set_immediate,
    set_params,
)
from ..kernels.gather_scatter import GATHER, layout_word, move_values, set_operands, size_address
from ..kernels.kernel_signatures import call_forward, call_nary
from .schema import (
    ARG0,
    ARG1,
    ARG2,
    BYTES,
    COPIED,
    CROWDED,
    GRAD,
    IMMEDIATE,
    IN_ROWS,
    IN_PYTHON,
    LAST_USE,
    LAYOUT,
    LAYOUTS_AT,
    LEAF,
    MISFIT,
    MISSING,
    NONE,
    OFFSET,
    OP,
    OPS_AT,
    OUT_OF_MEMORY,
    OWNER,
    PARAMS,
    PARAM_POOL,
    SCRATCH_AT,
    STALE,
    STORAGE,
    SWEPT_ROWS,
    S_ADDRESS,
    S_CELL,
    S_DTYPE,
    S_KIND,
    S_SIZE,
    VERSION,
)
from ..kernels.kernel_table import K_FORWARD, K_WIDTH, kernel_at, kernel_slot, code_of_result, service_slot
from ..numba_backend.entry_points import entry
from ..numba_backend.decorators import helper
from ..memory.layouts import CONTIGUOUS, DENSE, SIZE, known_broadcast
from ..mathfun.bits import from_bits, to_bits
from ..memory.words import set_word, thread_ident, word
from .reading import (
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
from ..memory.typed_values import holds_complex, item_size
from ..kernels.services import RECORD, RUN_BLOCKS, call_service, has_service, service
from .row_kinds import ELEMENTWISE_ROW, NARY_ROW, STRUCTURED_ROW, VIEW_ROW, flags_for
from .versions import is_stale, storage_version


@helper
def is_past(tape, row):
    """Whether a row stands for contents that its memory no longer has.

    If all that used a leaf has been swept and freed, as before the next step of a training loop, its row stands for the new
    contents from now on.
    """
    if not is_stale(tape, row):
        return False
    s = row32(tape, STORAGE, row)
    used = row32(tape, LAST_USE, row) >= word(tape, SWEPT_ROWS)
    if used or flags_of(tape, row) & LEAF == 0 or row32(tape, S_KIND, s) == COPIED:
        return True
    set_word(word(tape, VERSION), row, storage_version(tape, s))
    return False


@helper
def forward_kernel(tape, op, dtype):
    """Address of an operation's forward kernel, 0 if it is not compiled yet."""
    return kernel_at(word(word(tape, OPS_AT), 0) + 8 * K_WIDTH * op, K_FORWARD, 0, dtype)


@helper
def is_direct(tape, a, b, c, out):
    """Whether the kernel can take the operands as they lie: each has the result's layout or one element."""
    l0, l1, l2 = operand_layout(tape, a), operand_layout(tape, b), operand_layout(tape, c)
    if l0 == out and (b == NONE or l1 == out) and (c == NONE or l2 == out):
        return True
    return layout_word(word(word(tape, LAYOUTS_AT), 0), out, SIZE) == 1


@helper
def run_elementwise(tape, row, kernel, dtype):
    """Execute the forward kernel of an elementwise row."""
    a, b, c = row32(tape, ARG0, row), row32(tape, ARG1, row), row32(tape, ARG2, row)
    x0, x1, x2 = operand_address(tape, row, a), operand_address(tape, row, b), operand_address(tape, row, c)
    l0, l1, l2 = operand_layout(tape, a), operand_layout(tape, b), operand_layout(tape, c)
    out = row32(tape, LAYOUT, row)
    table = word(word(tape, LAYOUTS_AT), 0)
    size = size_address(table, out)
    y = value_address(tape, row)
    if is_direct(tape, a, b, c, out):
        call_forward(kernel, size, y, x0, x1, x2)
    else:
        scratch = word(tape, SCRATCH_AT)
        set_operands(scratch, x0, l0, x1, l1, x2, l2)
        call_service(scratch, RUN_BLOCKS, kernel, dtype, table, scratch, out, y, 0, 0, 0)


@service(RECORD)
def record_service(tape, op, a, b, c, bits, layout, unused0, unused1):
    """Append and execute an elementwise row; `bits` are those of its scalar operand."""
    first = a if a >= 0 else (b if b >= 0 else c)
    dtype = row32(tape, S_DTYPE, row32(tape, STORAGE, first))
    if is_crowded(tape):
        return CROWDED
    kernel = forward_kernel(tape, op, dtype)
    if kernel == 0:
        return MISSING - kernel_slot(K_FORWARD, 0, dtype)
    if not has_service(word(tape, SCRATCH_AT), RUN_BLOCKS) and not is_direct(tape, a, b, c, layout):
        return MISSING - service_slot(RUN_BLOCKS)
    if (a >= 0 and is_past(tape, a)) or (b >= 0 and is_past(tape, b)) or (c >= 0 and is_past(tape, c)):
        return STALE
    table = word(word(tape, LAYOUTS_AT), 0)
    storage = new_storage(tape, layout_word(table, layout, SIZE), dtype)
    if storage < 0:
        return OUT_OF_MEMORY
    row = append_row(tape, op, a, b, c, layout, storage, 0, GRAD | flags_for(ELEMENTWISE_ROW))
    if a == IMMEDIATE or b == IMMEDIATE or c == IMMEDIATE:
        set_immediate(tape, row, dtype, from_bits(bits))
    run_elementwise(tape, row, kernel, dtype)
    return row


@helper
def result_layout(tape, a, b):
    """The layout of an elementwise result; -1 if Python has to determine it."""
    cell = word(tape, LAYOUTS_AT)
    # a context copied into another thread names this tape too; only the thread it belongs to may take row
    # numbers from Tensors without the lock
    if word(tape, OWNER) != np.int64(thread_ident()):
        return -1
    if row32(tape, S_DTYPE, row32(tape, STORAGE, a)) >= N_DIFFERENTIABLE:
        return -1
    if row32(tape, S_DTYPE, row32(tape, STORAGE, a)) != row32(tape, S_DTYPE, row32(tape, STORAGE, b)):
        return -1
    la, lb = row32(tape, LAYOUT, a), row32(tape, LAYOUT, b)
    if (la == lb or lb == 0) and is_kept(tape, la):
        return la
    return known_broadcast(cell, la, lb)


@helper
def is_kept(tape, layout):
    """Whether what is made of operands of a layout has that layout too.

    Kernels go through memory in its own order then, so it does not matter in which order the axes lie.
    """
    table = word(word(tape, LAYOUTS_AT), 0)
    if layout_word(table, layout, CONTIGUOUS) != 0:
        return True
    return layout_word(table, layout, DENSE) != 0 and word(tape, IN_ROWS) == 0


@helper
def scalar_layout(tape, a):
    """The layout of a result with a number beside it, which the row keeps where it is real; -1 if Python has to determine it."""
    if holds_complex(row32(tape, S_DTYPE, row32(tape, STORAGE, a))):
        return -1
    return result_layout(tape, a, a)


@helper
def _flows(tape, a):
    """Whether gradients flow through a row: a constant that is on the tape makes no result that needs one."""
    return flags_of(tape, a) & GRAD != 0


@helper
def _record(tape, op, a, b, c, bits, layout):
    return call_service(word(tape, SCRATCH_AT), RECORD, tape, op, a, b, c, bits, layout, 0, 0)


@entry
def record_unary(tape, op, a):
    layout = result_layout(tape, a, a)
    if layout < 0 or not _flows(tape, a):
        return MISFIT
    return _record(tape, op, a, NONE, NONE, 0, layout)


@entry
def record_binary(tape, op, a, b):
    """Record an operation on two operands of one dtype, whose layouts are equal or whose broadcast is known."""
    layout = result_layout(tape, a, b)
    if layout < 0 or not (_flows(tape, a) or _flows(tape, b)):
        return MISFIT
    return _record(tape, op, a, b, NONE, 0, layout)


@entry
def record_scalar_right(tape, op, a, scalar):
    """A row ``op(a, scalar)`` with the scalar in the row."""
    layout = scalar_layout(tape, a)
    if layout < 0 or not _flows(tape, a):
        return MISFIT
    return _record(tape, op, a, IMMEDIATE, NONE, to_bits(scalar), layout)


@entry
def record_scalar_left(tape, op, a, scalar):
    """A row ``op(scalar, a)`` with the scalar in the row."""
    layout = scalar_layout(tape, a)
    if layout < 0 or not _flows(tape, a):
        return MISFIT
    return _record(tape, op, IMMEDIATE, a, NONE, to_bits(scalar), layout)


@entry
def record_elementwise(tape, op, a, b, c, scalar, layout):
    """The general case: operands broadcast to a given contiguous layout."""
    return _record(tape, op, a, b, c, to_bits(scalar), layout)


@helper
def run_structured(tape, row, kernel, out):
    """Execute the forward kernel of a structured row into memory at `out`."""
    a, b, c = row32(tape, ARG0, row), row32(tape, ARG1, row), row32(tape, ARG2, row)
    x0 = contiguous_address(tape, a) if a >= 0 else 0
    x1 = contiguous_address(tape, b) if b >= 0 else 0
    x2 = contiguous_address(tape, c) if c >= 0 else 0
    call_forward(kernel, params_address(tape, row), out, x0, x1, x2)
    release_copy(tape, a, x0)
    release_copy(tape, b, x1)
    release_copy(tape, c, x2)


@helper
def differs(tape, a, dtype):
    """Whether there is an operand of another dtype."""
    return a >= 0 and row32(tape, S_DTYPE, row32(tape, STORAGE, a)) != dtype


@entry
def record_structured(tape, op, a, b, c, layout, p0, p1, p2, p3, p4, p5):
    """A row whose kernel sees whole contiguous operands, of one dtype, and six integers."""
    dtype = dtype_of(tape, a)
    if differs(tape, b, dtype) or differs(tape, c, dtype):
        return MISFIT
    if is_crowded(tape):
        return CROWDED
    kernel = forward_kernel(tape, op, dtype)
    if kernel == 0:
        return MISSING - kernel_slot(K_FORWARD, 0, dtype)
    if is_past(tape, a) or (b >= 0 and is_past(tape, b)) or (c >= 0 and is_past(tape, c)):
        return STALE
    if not copies_fit(tape, a, b, c):
        return OUT_OF_MEMORY
    table = word(word(tape, LAYOUTS_AT), 0)
    storage = new_storage(tape, layout_word(table, layout, SIZE), code_of_result(word(word(tape, OPS_AT), 0), op, dtype))
    if storage < 0:
        return OUT_OF_MEMORY
    row = append_row(tape, op, a, b, c, layout, storage, 0, GRAD | flags_for(STRUCTURED_ROW))
    set_params(tape, row, p0, p1, p2, p3, p4, p5)
    run_structured(tape, row, kernel, value_address(tape, row))
    return row


@entry
def run_unrecorded(kernel, params, out, x0, x1, x2):
    """Execute the forward kernel of a structured operation on values that lie in no tape, by their addresses."""
    call_forward(kernel, params, out, x0, x1, x2)
    return 0


@entry
def record_nary(tape, op, place, n, layout, p0, p1):
    """A row of n operands, one kernel call each.

    The parameter pool holds, from `place` on, the operands and then two integers for each of them, which
    the kernel gets as ``x1`` and ``x2``.
    """
    first = word(word(tape, PARAM_POOL), place)
    dtype = row32(tape, S_DTYPE, row32(tape, STORAGE, first))
    if is_crowded(tape):
        return CROWDED
    kernel = forward_kernel(tape, op, dtype)
    if kernel == 0:
        return MISSING - kernel_slot(K_FORWARD, 0, dtype)
    for k in range(n):
        if not copies_fit(tape, word(word(tape, PARAM_POOL), place + k), np.int64(NONE), np.int64(NONE)):
            return OUT_OF_MEMORY
    table = word(word(tape, LAYOUTS_AT), 0)
    storage = new_storage(tape, layout_word(table, layout, SIZE), dtype)
    if storage < 0:
        return OUT_OF_MEMORY
    row = append_row(tape, op, place, n, NONE, layout, storage, 0, GRAD | flags_for(NARY_ROW))
    set_params(tape, row, p0, p1, 0, 0, 0, 0)
    out = value_address(tape, row)
    for k in range(n):
        a = word(word(tape, PARAM_POOL), place + k)
        x = contiguous_address(tape, a)
        call_nary(kernel, params_address(tape, row), out, x, nary_integer(tape, row, k, 1), nary_integer(tape, row, k, 2))
        release_copy(tape, a, x)
    return row


@entry
def record_view(tape, op, a, layout, offset):
    """A row without a kernel: another layout on the storage of `a`, `offset` elements from its start."""
    if is_crowded(tape):
        return CROWDED
    if is_stale(tape, a):
        return STALE
    flags = flags_of(tape, a) & GRAD | flags_for(VIEW_ROW)
    return append_row(tape, op, a, NONE, NONE, layout, row32(tape, STORAGE, a), offset, flags)


@entry
def rebase_view(tape, op, head, layout, offset):
    """A view on the newest contents of a storage, whatever version its last row has."""
    if is_crowded(tape):
        return CROWDED
    flags = flags_of(tape, head) & GRAD | flags_for(VIEW_ROW)
    return append_row(tape, op, head, NONE, NONE, layout, row32(tape, STORAGE, head), offset, flags)


@entry
def record_source(tape, op, address, size, dtype, kind, cell, layout, offset, flags):
    """A leaf or constant: memory that the tape did not make.  Its storage is its own."""
    if is_crowded(tape):
        return CROWDED
    storage = append_storage(tape, address, size, dtype, kind, cell)
    return append_row(tape, op, NONE, NONE, NONE, layout, storage, offset, flags)


@entry
def record_leaf(tape, op, source, dtype, layout):
    """A leaf with a copy of contiguous values, in memory of the tape's own."""
    if is_crowded(tape):
        return CROWDED
    table = word(word(tape, LAYOUTS_AT), 0)
    size = layout_word(table, layout, SIZE)
    storage = new_storage(tape, size, dtype)
    if storage < 0:
        return OUT_OF_MEMORY
    row = append_row(tape, op, NONE, NONE, NONE, layout, storage, 0, LEAF | GRAD)
    copy = value_address(tape, row)
    move_values(GATHER, dtype, copy, source, table, layout, layout, 0, size, word(tape, SCRATCH_AT))
    return row


@entry
def renew_leaf(tape, row):
    """The row of a leaf whose memory has been written to since; rows recorded with the old contents keep the old row.

    Returns the row itself if it is current, STALE if it is not a leaf's or its memory is a copy.
    """
    if not is_past(tape, row):
        return row
    flags, s = flags_of(tape, row), row32(tape, STORAGE, row)
    if flags & LEAF == 0 or row32(tape, S_KIND, s) == COPIED:
        return STALE
    if is_crowded(tape):
        return CROWDED
    address, size, cell = row64(tape, S_ADDRESS, s), row64(tape, S_SIZE, s), row64(tape, S_CELL, s)
    storage = append_storage(tape, address, size, row32(tape, S_DTYPE, s), row32(tape, S_KIND, s), cell)
    op, layout, offset = row32(tape, OP, row), row32(tape, LAYOUT, row), row64(tape, OFFSET, row)
    return append_row(tape, op, NONE, NONE, NONE, layout, storage, offset, flags)


@entry
def record_host(tape, op, a, b, c, address, size, dtype, layout, kind):
    """A row whose value Python has computed, in memory that Python owns."""
    if is_crowded(tape):
        return CROWDED
    storage = append_storage(tape, address, size, dtype, IN_PYTHON, 0)
    set_word(tape, BYTES, word(tape, BYTES) + size * item_size(dtype))
    return append_row(tape, op, a, b, c, layout, storage, 0, GRAD | flags_for(kind))


@entry
def append_operand(tape, row):
    """Put one row into the argument pool.  Returns its place."""
    place = word(tape, PARAMS)
    set_word(tape, PARAMS, place + 1)
    set_word(word(tape, PARAM_POOL), place, row)
    return place
