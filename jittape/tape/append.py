"""Appending rows and storages: memory for results, and the columns filled in."""

from ..kernels.gather_scatter import GATHER, layout_word, move_values
from .schema import (
    ARENA_CHUNKS,
    ARENA_END,
    ARENA_NEXT,
    ARG0,
    ARG1,
    ARG2,
    BYTES,
    BYTE_LIMIT,
    FLAGS,
    FREED,
    GRAD,
    IMM,
    IN_ARENA,
    IN_POOL,
    LAST_USE,
    LAYOUT,
    LAYOUTS_AT,
    LEAF,
    NONE,
    OFFSET,
    OP,
    PARAM,
    PARAMS,
    PARAMS_A_ROW,
    PARAM_POOL,
    POOL_AT,
    ROWS,
    ROW_LIMIT,
    SCRATCH_AT,
    STORAGE,
    STORAGES,
    SWEPT_ROWS,
    S_ADDRESS,
    S_CELL,
    S_DTYPE,
    S_HEAD,
    S_KIND,
    S_SIZE,
    S_VERSION,
    UNSWEPT,
    VERSION,
)
from ..numba_backend.decorators import helper
from ..memory.layouts import CONTIGUOUS, SIZE
from ..memory.pool import acquire, release
from ..memory.words import set_i32, set_u8, set_word, word
from .reading import dtype_of, row32, value_address
from ..memory.typed_values import fill, item_size
from .row_kinds import POOLED, is_one_of
from .versions import storage_version

CHUNK = 1 << 18  # bytes of an arena chunk: a quarter of a second-level cache
CHUNK_START = 64  # the first word of a chunk links to the one before
SMALL = 1 << 15  # results up to this many bytes lie in the arena, larger ones in pool blocks of their own


# --- memory -------------------------------------------------------------------------------------------


@helper
def bump_in(owner, next_word, end_word, chunks_word, pool, nbytes):
    """Take memory from an arena, whose words are the owner's; 0 if there is none. A cache line or more is aligned."""
    next_free = word(owner, next_word)
    if nbytes >= 64:
        next_free = (next_free + 63) // 64 * 64
    if next_free + nbytes > word(owner, end_word) or next_free == 0:
        chunk = acquire(pool, CHUNK)
        if chunk == 0:
            return 0
        set_word(chunk, 0, word(owner, chunks_word))
        set_word(owner, chunks_word, chunk)
        set_word(owner, end_word, chunk + CHUNK)
        next_free = chunk + CHUNK_START
    set_word(owner, next_word, next_free + (nbytes + 7) // 8 * 8)
    return next_free


@helper
def bump(tape, nbytes):
    """Take memory from the arena of a tape."""
    return bump_in(tape, ARENA_NEXT, ARENA_END, ARENA_CHUNKS, word(tape, POOL_AT), nbytes)


@helper
def release_chunks(pool, chunk):
    """Return a linked list of arena chunks to the pool."""
    while chunk != 0:
        before = word(chunk, 0)
        release(pool, chunk)
        chunk = before


@helper
def keep_chunks(tape, chunks):
    """Make linked chunks the oldest of the arena of a tape."""
    last = word(tape, ARENA_CHUNKS)
    if last == 0:
        set_word(tape, ARENA_CHUNKS, chunks)
        return
    while word(last, 0) != 0:
        last = word(last, 0)
    set_word(last, 0, chunks)


@helper
def new_storage(tape, size, dtype):
    """Memory for a result; its number, or -1 when there is none."""
    nbytes = size * item_size(dtype)
    if nbytes <= SMALL:
        address, kind = bump(tape, nbytes), IN_ARENA
    else:
        address, kind = acquire(word(tape, POOL_AT), nbytes), IN_POOL
    if address == 0:
        return -1
    set_word(tape, BYTES, word(tape, BYTES) + nbytes)
    return append_storage(tape, address, size, dtype, kind, 0)


@helper
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


# --- room: blocks that will be needed are taken and given back, so that they lie there ----------------------


@helper
def spare(pool, chain, nbytes):
    """Reserve one more block and chain it; -1, with those before returned, if there is none."""
    if chain < 0:
        return chain
    block = acquire(pool, nbytes)
    if block == 0:
        release_chunks(pool, chain)
        return -1
    set_word(block, 0, chain)
    return block


@helper
def value_bytes(tape, row):
    """Bytes of the value of a row, gathered."""
    size = layout_word(word(word(tape, LAYOUTS_AT), 0), row32(tape, LAYOUT, row), SIZE)
    return size * item_size(row32(tape, S_DTYPE, row32(tape, STORAGE, row)))


@helper
def is_gathered(tape, x):
    """Whether kernels get a gathered copy of an operand."""
    return layout_word(word(word(tape, LAYOUTS_AT), 0), row32(tape, LAYOUT, x), CONTIGUOUS) == 0


@helper
def copies_fit(tape, a, b, c):
    """Whether memory for gathered copies of operands is there."""
    pool, chain = word(tape, POOL_AT), 0
    for k in range(3):
        x = a if k == 0 else (b if k == 1 else c)
        if x >= 0 and is_gathered(tape, x):
            chain = spare(pool, chain, value_bytes(tape, x))
    if chain < 0:
        return False
    release_chunks(pool, chain)
    return True


# --- rows ---------------------------------------------------------------------------------------------


@helper
def is_crowded(tape):
    return word(tape, ROWS) >= word(tape, ROW_LIMIT) or word(tape, BYTES) > word(tape, BYTE_LIMIT)


@helper
def _note_use(tape, a, row):
    if a >= 0:
        set_i32(word(tape, LAST_USE), a, row)


@helper
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
    set_i32(word(tape, LAST_USE), row, row)
    if is_one_of(flags, POOLED):
        for k in range(b):
            _note_use(tape, word(word(tape, PARAM_POOL), a + k), row)
    else:
        _note_use(tape, a, row)
        _note_use(tape, b, row)
        _note_use(tape, c, row)
    if is_swept(flags):
        set_word(tape, UNSWEPT, word(tape, UNSWEPT) + 1)
    return row


@helper
def is_swept(flags):
    """Whether rows with these flags are what sweeps go through and free."""
    return flags & (GRAD | LEAF | FREED) == GRAD


@helper
def note_freed(tape, rows):
    """Count rows that have been freed."""
    set_word(tape, UNSWEPT, word(tape, UNSWEPT) - rows)
    if word(tape, UNSWEPT) == 0:
        set_word(tape, SWEPT_ROWS, word(tape, ROWS))


@helper
def set_immediate(tape, row, dtype, scalar):
    """Store a scalar operand in a row, in the dtype of the row."""
    fill(word(tape, IMM) + 8 * row, 1, dtype, scalar)


@helper
def set_params(tape, row, p0, p1, p2, p3, p4, p5):
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


@helper
def contiguous_address(tape, a):
    """An operand as contiguous values: in place, or a copy in a pool block (see `release_copy`)."""
    address, layout = value_address(tape, a), row32(tape, LAYOUT, a)
    table = word(word(tape, LAYOUTS_AT), 0)
    if layout_word(table, layout, CONTIGUOUS) != 0:
        return address
    size, dtype = layout_word(table, layout, SIZE), dtype_of(tape, a)
    copy = acquire(word(tape, POOL_AT), size * item_size(dtype))
    move_values(GATHER, dtype, copy, address, table, layout, layout, 0, size, word(tape, SCRATCH_AT))
    return copy


@helper
def release_copy(tape, a, address):
    if a >= 0 and address != value_address(tape, a):
        release(word(tape, POOL_AT), address)
