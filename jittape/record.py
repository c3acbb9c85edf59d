"""Recording: compiled functions that append a row and execute it in one call from Python.

Each returns the new row, or a negative code (``columns``) and then has changed nothing.
"""

import numpy as np
from numba.extending import register_jitable

from .blocks import GATHER, SWAP, layout_word, move_values, set_operands, size_address
from .columns import (
    ARENA_CHUNKS, ARENA_END, ARENA_NEXT, ARG0, ARG1, ARG2, BYTE_LIMIT, BYTES, CROWDED, F32, F64, FLAGS, GRAD, HOST, IMM,
    IMMEDIATE, IN_ARENA, IN_POOL, IN_PYTHON, K_FORWARD, K_WIDTH, LAYOUT, LAYOUTS_AT, MISFIT, NARY, NONE, OFFSET, OP, OPS_AT,
    OUT_OF_MEMORY, PARAM, PARAM_POOL, PARAMS, PARAMS_A_ROW, POOL_AT, ROW_LIMIT, ROWS, S_ADDRESS, S_CELL, S_DTYPE, S_HEAD,
    S_KIND, S_SIZE, S_VERSION, SCRATCH_AT, SHARED, STALE, STORAGE, STORAGES, UNCOMPILED, VERSION, VIEW, WRITE, WRITES,
)
from .jit import JIT, compiled
from .kernels import call_kernel
from .layouts import CONTIGUOUS, SIZE, known_broadcast
from .memory import (
    acquire, f32_at, f64_at, i64_at, load_i32, load_u8, release, set_i32, set_u8, set_word, u8_at, word,
)
from .services import HASH, RUN_BLOCKS, call_service, has_service, service

CHUNK = 1 << 18  # bytes of an arena chunk: a quarter of a second-level cache
CHUNK_START = 64  # the first word of a chunk links to the one before
SMALL = 1 << 15  # results up to this many bytes lie in the arena, larger ones in pool blocks of their own


# --- reading the columns ----------------------------------------------------------------------------


@register_jitable
def row32(tape, column, row):
    return load_i32(word(tape, column), row)


@register_jitable
def row64(tape, column, row):
    return word(word(tape, column), row)


@register_jitable
def flags_of(tape, row):
    return load_u8(word(tape, FLAGS), row)


@register_jitable
def value_address(tape, row):
    """Where the first element of a row's value lies."""
    storage = row32(tape, STORAGE, row)
    item = item_size_of(row32(tape, S_DTYPE, storage))
    return row64(tape, S_ADDRESS, storage) + item * row64(tape, OFFSET, row)


@register_jitable
def item_size_of(dtype):
    """Bytes of an element, by dtype code (see ``columns.DTYPES``)."""
    if dtype == 0 or dtype == 2:
        return 8
    if dtype == 1 or dtype == 3:
        return 4
    return 2 if dtype == 7 else 1


def content_hash(address, nbytes, unused2, unused3, unused4, unused5, unused6, unused7, unused8):
    """A number that changes when memory does: the version of memory that NumPy can write to.

    Each word is mixed by xor-shift and an odd multiplier of its place, so that a change of sign or of
    order counts too; the sum vectorises.
    """
    n = nbytes // 8
    words = i64_at(address, n)
    total = nbytes
    for k in range(n):
        w = words[k]
        w = (w ^ (w >> 32)) * (k * 2654435761 * 2 + 1)
        total += w ^ (w >> 29)
    tail = u8_at(address + 8 * n, nbytes - 8 * n)
    for k in range(nbytes - 8 * n):
        total = total * 31 + tail[k]
    return total


def _content_hash_in_python(*args):
    with np.errstate(over="ignore"):  # NumPy's integers warn where compiled ones wrap around
        return int(content_hash(*args))


service(HASH)(content_hash if JIT else _content_hash_in_python)


@register_jitable
def hash_of(scratch, address, nbytes):
    """`content_hash`, as a service: inlined wherever a version is compared it would double the engine."""
    return call_service(scratch, HASH, address, nbytes, 0, 0, 0, 0, 0, 0, 0)


@register_jitable
def storage_version(tape, storage):
    """The version of a storage's contents now."""
    if row32(tape, S_KIND, storage) == SHARED:
        nbytes = row64(tape, S_SIZE, storage) * item_size_of(row32(tape, S_DTYPE, storage))
        return hash_of(word(tape, SCRATCH_AT), row64(tape, S_ADDRESS, storage), nbytes)
    cell = row64(tape, S_CELL, storage)
    return cell_version(cell) if cell != 0 else row64(tape, S_VERSION, storage)


# A cell is what Python objects on the same memory share.  Where NumPy can write to the memory, the
# counter goes up when the contents are found to have changed.
CELL_COUNTER, CELL_SHARED, CELL_HASH, CELL_ADDRESS, CELL_BYTES, CELL_SCRATCH, CELL_WORDS = range(7)


@register_jitable
def cell_version(cell):
    if word(cell, CELL_SHARED) != 0:
        contents = hash_of(word(cell, CELL_SCRATCH), word(cell, CELL_ADDRESS), word(cell, CELL_BYTES))
        if contents != word(cell, CELL_HASH):
            set_word(cell, CELL_HASH, contents)
            set_word(cell, CELL_COUNTER, word(cell, CELL_COUNTER) + 1)
    return word(cell, CELL_COUNTER)


@register_jitable
def set_cell_version(cell, version):
    """Set the counter after a change that is accounted for."""
    set_word(cell, CELL_COUNTER, version)
    if word(cell, CELL_SHARED) != 0:
        set_word(cell, CELL_HASH, hash_of(word(cell, CELL_SCRATCH), word(cell, CELL_ADDRESS), word(cell, CELL_BYTES)))


@compiled
def version_in(cell):
    """The version of memory that Python objects share."""
    return cell_version(cell)


@compiled
def set_version_in(cell, version):
    """Set it."""
    set_cell_version(cell, version)


@register_jitable
def is_stale(tape, row):
    return storage_version(tape, row32(tape, STORAGE, row)) != row64(tape, VERSION, row)


# --- memory -------------------------------------------------------------------------------------------


@register_jitable
def bump(tape, nbytes):
    """Room in the arena; values of a cache line and more are aligned to one."""
    next_free = word(tape, ARENA_NEXT)
    if nbytes >= 64:
        next_free = (next_free + 63) // 64 * 64
    if next_free + nbytes > word(tape, ARENA_END) or next_free == 0:
        chunk = acquire(word(tape, POOL_AT), CHUNK)
        if chunk == 0:
            return 0
        set_word(chunk, 0, word(tape, ARENA_CHUNKS))
        set_word(tape, ARENA_CHUNKS, chunk)
        set_word(tape, ARENA_END, chunk + CHUNK)
        next_free = chunk + CHUNK_START
    set_word(tape, ARENA_NEXT, next_free + (nbytes + 7) // 8 * 8)
    return next_free


@register_jitable
def release_chunks(pool, chunk):
    """Give a linked list of arena chunks back."""
    while chunk != 0:
        before = word(chunk, 0)
        release(pool, chunk)
        chunk = before


@register_jitable
def new_storage(tape, size, dtype):
    """Memory for a result; its number, or -1 when there is none."""
    nbytes = size * item_size_of(dtype)
    if nbytes <= SMALL:
        address, kind = bump(tape, nbytes), IN_ARENA
    else:
        address, kind = acquire(word(tape, POOL_AT), nbytes), IN_POOL
    if address == 0:
        return -1
    set_word(tape, BYTES, word(tape, BYTES) + nbytes)
    return append_storage(tape, address, size, dtype, kind, 0)


@register_jitable
def append_storage(tape, address, size, dtype, kind, cell):
    s = word(tape, STORAGES)
    set_word(tape, STORAGES, s + 1)
    set_word(word(tape, S_ADDRESS), s, address)
    set_word(word(tape, S_SIZE), s, size)
    set_i32(word(tape, S_DTYPE), s, dtype)
    set_i32(word(tape, S_KIND), s, kind)
    set_word(word(tape, S_VERSION), s, 0)
    set_word(word(tape, S_CELL), s, cell)
    set_i32(word(tape, S_HEAD), s, word(tape, ROWS))
    return s


# --- rows ---------------------------------------------------------------------------------------------


@register_jitable
def is_crowded(tape):
    return word(tape, ROWS) >= word(tape, ROW_LIMIT) or word(tape, BYTES) > word(tape, BYTE_LIMIT)


@register_jitable
def append_row(tape, op, a, b, c, layout, storage, offset, flags):
    row = word(tape, ROWS)
    set_word(tape, ROWS, row + 1)
    set_i32(word(tape, OP), row, op)
    set_i32(word(tape, ARG0), row, a)
    set_i32(word(tape, ARG1), row, b)
    set_i32(word(tape, ARG2), row, c)
    set_i32(word(tape, LAYOUT), row, layout)
    set_i32(word(tape, STORAGE), row, storage)
    set_word(word(tape, OFFSET), row, offset)
    set_word(word(tape, VERSION), row, storage_version(tape, storage))
    set_word(word(tape, PARAM), row, NONE)
    set_u8(word(tape, FLAGS), row, flags)
    return row


@register_jitable
def set_immediate(tape, row, dtype, scalar):
    """Keep a scalar operand in a row, in the dtype of the row."""
    address = word(tape, IMM) + 8 * row
    if dtype == F64:
        f64_at(address, 1)[0] = scalar
    else:
        f32_at(address, 1)[0] = scalar


@register_jitable
def operand_address(tape, row, a):
    """Address of operand `a` of a row: 0 if there is none, the row's own immediate, or a value."""
    if a >= 0:
        return value_address(tape, a)
    return word(tape, IMM) + 8 * row if a == IMMEDIATE else 0


@register_jitable
def operand_layout(tape, a):
    return row32(tape, LAYOUT, a) if a >= 0 else 0  # layout 0 is the scalar


@register_jitable
def forward_kernel(tape, op, dtype):
    """Address of an operation's forward kernel, 0 if it is not compiled yet."""
    return word(word(word(tape, OPS_AT), 0), K_WIDTH * op + K_FORWARD + dtype)


@register_jitable
def run_elementwise(tape, row, kernel, dtype):
    """Execute the forward kernel of an elementwise row."""
    a, b, c = row32(tape, ARG0, row), row32(tape, ARG1, row), row32(tape, ARG2, row)
    x0, x1, x2 = operand_address(tape, row, a), operand_address(tape, row, b), operand_address(tape, row, c)
    l0, l1, l2 = operand_layout(tape, a), operand_layout(tape, b), operand_layout(tape, c)
    out = row32(tape, LAYOUT, row)
    table = word(word(tape, LAYOUTS_AT), 0)
    size = size_address(table, out)
    y = value_address(tape, row)
    direct = l0 == out and (x1 == 0 or l1 == out) and (x2 == 0 or l2 == out)
    if direct or word(size, 0) == 1:
        call_kernel(kernel, size, y, 0, 0, x0, x1, x2)
    else:
        scratch = word(tape, SCRATCH_AT)
        set_operands(scratch, x0, l0, x1, l1, x2, l2)
        call_service(scratch, RUN_BLOCKS, kernel, dtype, table, scratch, out, y, 0, 0, 0)


@compiled
def _record(tape, op, a, b, c, scalar, layout):
    first = a if a >= 0 else (b if b >= 0 else c)
    dtype = row32(tape, S_DTYPE, row32(tape, STORAGE, first))
    if is_crowded(tape):
        return CROWDED
    kernel = forward_kernel(tape, op, dtype)
    if kernel == 0 or not has_service(word(tape, SCRATCH_AT), RUN_BLOCKS):
        return UNCOMPILED
    if (a >= 0 and is_stale(tape, a)) or (b >= 0 and is_stale(tape, b)) or (c >= 0 and is_stale(tape, c)):
        return STALE
    table = word(word(tape, LAYOUTS_AT), 0)
    storage = new_storage(tape, layout_word(table, layout, SIZE), dtype)
    if storage < 0:
        return OUT_OF_MEMORY
    row = append_row(tape, op, a, b, c, layout, storage, 0, GRAD)
    if a == IMMEDIATE or b == IMMEDIATE or c == IMMEDIATE:
        set_immediate(tape, row, dtype, scalar)
    run_elementwise(tape, row, kernel, dtype)
    return row


@register_jitable
def result_layout(tape, a, b):
    """The layout of an elementwise result, -1 if Python has to work it out."""
    cell = word(tape, LAYOUTS_AT)
    if row32(tape, S_DTYPE, row32(tape, STORAGE, a)) > F32:
        return -1
    if row32(tape, S_DTYPE, row32(tape, STORAGE, a)) != row32(tape, S_DTYPE, row32(tape, STORAGE, b)):
        return -1
    la, lb = row32(tape, LAYOUT, a), row32(tape, LAYOUT, b)
    if (la == lb or lb == 0) and layout_word(word(cell, 0), la, CONTIGUOUS) != 0:
        return la
    return known_broadcast(cell, la, lb)


@register_jitable
def _flows(tape, a):
    """Whether gradients flow through a row: a constant that is on the tape makes no result that needs one."""
    return flags_of(tape, a) & GRAD != 0


def _record_unary(tape, op, a):
    layout = result_layout(tape, a, a)
    if layout < 0 or not _flows(tape, a):
        return MISFIT
    return _record(tape, op, a, NONE, NONE, 0.0, layout)


def _record_binary(tape, op, a, b):
    """Two operands of one dtype, of layouts that have met before or are equal."""
    layout = result_layout(tape, a, b)
    if layout < 0 or not (_flows(tape, a) or _flows(tape, b)):
        return MISFIT
    return _record(tape, op, a, b, NONE, 0.0, layout)


def _record_scalar_right(tape, op, a, scalar):
    """A row ``op(a, scalar)`` with the scalar in the row."""
    layout = result_layout(tape, a, a)
    if layout < 0 or not _flows(tape, a):
        return MISFIT
    return _record(tape, op, a, IMMEDIATE, NONE, scalar, layout)


def _record_scalar_left(tape, op, a, scalar):
    """A row ``op(scalar, a)`` with the scalar in the row."""
    layout = result_layout(tape, a, a)
    if layout < 0 or not _flows(tape, a):
        return MISFIT
    return _record(tape, op, IMMEDIATE, a, NONE, scalar, layout)


def _record_elementwise(tape, op, a, b, c, scalar, layout):
    """The general case: operands broadcast to a given contiguous layout."""
    return _record(tape, op, a, b, c, scalar, layout)


record_unary = compiled(_record_unary)
record_binary = compiled(_record_binary)
record_scalar_right = compiled(_record_scalar_right)
record_scalar_left = compiled(_record_scalar_left)
record_elementwise = compiled(_record_elementwise)


@register_jitable
def _set_params(tape, row, p0, p1, p2, p3, p4, p5):
    first = word(tape, PARAMS)
    set_word(tape, PARAMS, first + PARAMS_A_ROW)
    params = word(tape, PARAM_POOL) + 8 * first
    set_word(params, 0, p0)
    set_word(params, 1, p1)
    set_word(params, 2, p2)
    set_word(params, 3, p3)
    set_word(params, 4, p4)
    set_word(params, 5, p5)
    set_word(word(tape, PARAM), row, first)


@register_jitable
def params_address(tape, row):
    return word(tape, PARAM_POOL) + 8 * row64(tape, PARAM, row)


@register_jitable
def contiguous_address(tape, a, dtype):
    """An operand as contiguous values: in place, or a copy in a pool block (see `release_copy`)."""
    address, layout = value_address(tape, a), row32(tape, LAYOUT, a)
    table = word(word(tape, LAYOUTS_AT), 0)
    if layout_word(table, layout, CONTIGUOUS) != 0:
        return address
    size = layout_word(table, layout, SIZE)
    copy = acquire(word(tape, POOL_AT), size * item_size_of(dtype))
    move_values(GATHER, dtype, copy, address, table, layout, layout, 0, size, word(tape, SCRATCH_AT))
    return copy


@register_jitable
def release_copy(tape, a, address):
    if a >= 0 and address != value_address(tape, a):
        release(word(tape, POOL_AT), address)


@register_jitable
def run_structured(tape, row, kernel, out):
    """Execute the forward kernel of a structured row into memory at `out`."""
    a, b, c = row32(tape, ARG0, row), row32(tape, ARG1, row), row32(tape, ARG2, row)
    dtype = row32(tape, S_DTYPE, row32(tape, STORAGE, row))
    x0 = contiguous_address(tape, a, dtype) if a >= 0 else 0
    x1 = contiguous_address(tape, b, dtype) if b >= 0 else 0
    x2 = contiguous_address(tape, c, dtype) if c >= 0 else 0
    call_kernel(kernel, params_address(tape, row), out, 0, 0, x0, x1, x2)
    release_copy(tape, a, x0)
    release_copy(tape, b, x1)
    release_copy(tape, c, x2)


@compiled
def record_structured(tape, op, a, b, c, layout, p0, p1, p2, p3, p4, p5):
    """A row whose kernel sees whole contiguous operands and six integers."""
    dtype = row32(tape, S_DTYPE, row32(tape, STORAGE, a))
    if is_crowded(tape):
        return CROWDED
    kernel = forward_kernel(tape, op, dtype)
    if kernel == 0:
        return UNCOMPILED
    if is_stale(tape, a) or (b >= 0 and is_stale(tape, b)) or (c >= 0 and is_stale(tape, c)):
        return STALE
    table = word(word(tape, LAYOUTS_AT), 0)
    storage = new_storage(tape, layout_word(table, layout, SIZE), dtype)
    if storage < 0:
        return OUT_OF_MEMORY
    row = append_row(tape, op, a, b, c, layout, storage, 0, GRAD)
    _set_params(tape, row, p0, p1, p2, p3, p4, p5)
    run_structured(tape, row, kernel, value_address(tape, row))
    return row


@compiled
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
        return UNCOMPILED
    table = word(word(tape, LAYOUTS_AT), 0)
    storage = new_storage(tape, layout_word(table, layout, SIZE), dtype)
    if storage < 0:
        return OUT_OF_MEMORY
    row = append_row(tape, op, place, n, NONE, layout, storage, 0, GRAD | NARY)
    _set_params(tape, row, p0, p1, 0, 0, 0, 0)
    out = value_address(tape, row)
    for k in range(n):
        a = word(word(tape, PARAM_POOL), place + k)
        x = contiguous_address(tape, a, dtype)
        call_kernel(kernel, params_address(tape, row), out, 0, 0, x, nary_integer(tape, row, k, 1), nary_integer(tape, row, k, 2))
        release_copy(tape, a, x)
    return row


@register_jitable
def nary_integer(tape, row, k, which):
    """Integer 1 or 2 of operand k of a row of many operands."""
    place, n = row32(tape, ARG0, row), row32(tape, ARG1, row)
    return word(word(tape, PARAM_POOL), place + which * n + k)


@compiled
def record_view(tape, op, a, layout, offset):
    """A row without a kernel: another layout on the storage of `a`, `offset` elements from its start."""
    if is_crowded(tape):
        return CROWDED
    if is_stale(tape, a):
        return STALE
    flags = flags_of(tape, a) & GRAD | VIEW
    return append_row(tape, op, a, NONE, NONE, layout, row32(tape, STORAGE, a), offset, flags)


@compiled
def rebase_view(tape, op, head, layout, offset):
    """A view on the newest contents of a storage, whatever version its last row has."""
    if is_crowded(tape):
        return CROWDED
    flags = flags_of(tape, head) & GRAD | VIEW
    return append_row(tape, op, head, NONE, NONE, layout, row32(tape, STORAGE, head), offset, flags)


@compiled
def record_source(tape, op, address, size, dtype, kind, cell, layout, offset, flags):
    """A leaf or constant: memory that the tape did not make.  Its storage is its own."""
    if is_crowded(tape):
        return CROWDED
    storage = append_storage(tape, address, size, dtype, kind, cell)
    return append_row(tape, op, NONE, NONE, NONE, layout, storage, offset, flags)


@compiled
def record_host(tape, op, a, b, c, address, size, dtype, layout, flags):
    """A row whose value Python has computed, in memory that Python owns."""
    if is_crowded(tape):
        return CROWDED
    storage = append_storage(tape, address, size, dtype, IN_PYTHON, 0)
    set_word(tape, BYTES, word(tape, BYTES) + size * item_size_of(dtype))
    return append_row(tape, op, a, b, c, layout, storage, 0, GRAD | HOST | flags)


@compiled
def append_operand(tape, row):
    """Put one row into the argument pool.  Returns its place."""
    place = word(tape, PARAMS)
    set_word(tape, PARAMS, place + 1)
    set_word(word(tape, PARAM_POOL), place, row)
    return place


# --- writes in place ------------------------------------------------------------------------------------
# A write row stands for the whole storage after the write.  Its parameters: layout and offset of the
# region, address of the saved values, elements of the region, and (for the sweep) the version before
# and after.

REGION_LAYOUT, REGION_OFFSET, SAVED, REGION_SIZE, BEFORE, AFTER = range(6)


@register_jitable
def swap_region(tape, row):
    """Exchange the region of a write row with what it saved: undoes a write, or does it again."""
    params = params_address(tape, row)
    storage = row32(tape, STORAGE, row)
    dtype = row32(tape, S_DTYPE, storage)
    address = row64(tape, S_ADDRESS, storage) + item_size_of(dtype) * word(params, REGION_OFFSET)
    table = word(word(tape, LAYOUTS_AT), 0)
    layout = word(params, REGION_LAYOUT)
    saved, n = word(params, SAVED), word(params, REGION_SIZE)
    move_values(SWAP, dtype, saved, address, table, layout, layout, 0, n, word(tape, SCRATCH_AT))


@register_jitable
def set_storage_version(tape, storage, version):
    cell = row64(tape, S_CELL, storage)
    if cell != 0:
        set_cell_version(cell, version)
    else:
        set_word(word(tape, S_VERSION), storage, version)


@compiled
def record_write(tape, op, head, value, region, offset, whole):
    """A row that copies `value`, broadcast, into a region of the storage of `head`.

    `region` is the layout of the region, `whole` the contiguous layout of the whole storage.
    """
    if is_crowded(tape):
        return CROWDED
    if is_stale(tape, value):
        return STALE
    table = word(word(tape, LAYOUTS_AT), 0)
    storage = row32(tape, STORAGE, head)
    dtype = row32(tape, S_DTYPE, storage)
    n = layout_word(table, region, SIZE)
    saved = acquire(word(tape, POOL_AT), n * item_size_of(dtype))
    if saved == 0:
        return OUT_OF_MEMORY
    scratch = word(tape, SCRATCH_AT)
    before = storage_version(tape, storage)
    # the new values first, on their own: source and target may overlap
    source = row32(tape, LAYOUT, value)
    move_values(GATHER, dtype, saved, value_address(tape, value), table, source, region, 0, n, scratch)
    address = row64(tape, S_ADDRESS, storage) + item_size_of(dtype) * offset
    move_values(SWAP, dtype, saved, address, table, region, region, 0, n, scratch)
    set_storage_version(tape, storage, counter(tape, storage) + 1)
    grad = (flags_of(tape, head) | flags_of(tape, value)) & GRAD
    row = append_row(tape, op, head, value, NONE, whole, storage, 0, grad | WRITE)
    _set_params(tape, row, region, offset, saved, n, before, row64(tape, VERSION, row))
    set_i32(word(tape, S_HEAD), storage, row)
    set_word(tape, WRITES, word(tape, WRITES) + 1)
    return row


@register_jitable
def counter(tape, storage):
    """The version counter, also of memory whose version is its contents."""
    cell = row64(tape, S_CELL, storage)
    return word(cell, 0) if cell != 0 else row64(tape, S_VERSION, storage)


@compiled
def stale(tape, row):
    """Whether a row's storage has changed since."""
    return is_stale(tape, row)


@compiled
def read_number(tape, row):
    """The value of a floating-point row of one element."""
    if row32(tape, S_DTYPE, row32(tape, STORAGE, row)) == F64:
        return f64_at(value_address(tape, row), 1)[0]
    return np.float64(f32_at(value_address(tape, row), 1)[0])


@compiled
def storage_version_now(tape, row):
    """The version of the storage of a row."""
    return storage_version(tape, row32(tape, STORAGE, row))
