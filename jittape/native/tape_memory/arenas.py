"""Arenas: the memory of statement tapes.

A statement is one scalar assignment, ``y = f(x0, x1, ...)``, stored as pairs (index of x_k, partial d y / d x_k); `tape_entries`
describes how a whole array operation is stored. Neither contains an opcode.

* An *arena* owns the memory of one tape: a header, and chunks that double in size. Growing takes the next chunk and copies
  nothing. Rewinding keeps the chunks, because touching fresh memory costs more than the arithmetic that fills it.
* A *node* is what an active number carries: 32 bits for the address of the header of its tape, 32 bits for the index of its
  statement. 0 is passive. So a number of 16 bytes identifies its tape, an array of zeros is an array of passive numbers, and
  the header of an expression is the bitwise or of those of its operands.
* Columns of a chunk: ``end`` (u32 for each statement: where its pairs end), ``index`` (u32) and ``partial`` (a cell) for each
  pair. Two pairs take 28 bytes.

Arenas are taken from one table of the process, with an atomic exchange: threads of a `prange` and of Python each get their own,
and the next call gets the one that was used last, which is still in the cache.
"""

import numpy as np
from numba import types
from numba.extending import intrinsic

from ..compat import add_symbol
from ...errors import TapeMemoryError
from ...numba_backend.decorators import compiled, helper
from ...memory.pool import nrt_allocate, nrt_free
from ...memory.words import address_of, clear, copy, integer_of, pointer_to, set_i32, set_word, word
from ..compilation.shared_code import WORD, shared, symbol

# words of a header
NEXT, USED, ROOM, END, INDEX, PARTIAL = range(6)  # next statement; pairs used and available; biased columns
CHUNK, ADJOINTS, ADJOINTS_ROOM, CELL, BYTES = range(6, 11)
LAST = 11  # address of the last entry, see `entries`
STATEMENTS, PAIRS, FILLED = 12, 13, 14  # of the last tape
PREVIOUS, FIRST, COUNT, BEFORE, AFTER = range(5)  # the first words of every entry
SEGMENTS = 15  # address of the first segment of the value stack, see `value_stack`
CHUNKS = 16  # first word of the chunk table
C_FIRST, C_ROOM, C_USED, C_NEXT, C_BIAS, C_END, C_INDEX, C_PARTIAL, C_WORDS = range(9)
MOST_CHUNKS = 40
S_NEXT, S_BYTES, S_PREVIOUS, S_TOP, S_WORDS = range(5)  # a segment: the next, its size, the one before and how far that was used
HEADER_BYTES = 8 * (CHUNKS + MOST_CHUNKS * C_WORDS)
ALIGNMENT = 1 << 16  # of headers: a node holds bits 16 to 47 of the address
SMALLEST_CHUNK = 1 << 13  # pairs; 130 KB for cells of 8 bytes: a small tape stays in the second-level cache
LARGEST_INDEX = (1 << 32) - 2
STRUCTURAL_ZERO = -(1 << 63)  # the bits of -0.0

# the table of arenas: word 0 is the limit in bytes, word 1 the bytes in use; then (taken, header) an arena
LIMIT, TOTAL, FIRST_ARENA, ARENAS = 0, 1, 2, 256
TABLE = np.zeros(FIRST_ARENA + 2 * ARENAS, np.int64)
_SYMBOL = "jittape_arena_table"
add_symbol(_SYMBOL, address_of(TABLE))


@intrinsic
def arena_table(typingctx):
    """The address of the table."""
    return types.int64(), lambda context, builder, signature, args: symbol(builder, _SYMBOL)


@intrinsic
def _exchange(typingctx, address, expected, new):
    def codegen(context, builder, signature, args):
        pointer = builder.inttoptr(args[0], WORD.as_pointer())
        return builder.extract_value(builder.cmpxchg(pointer, args[1], args[2], "acq_rel", "monotonic"), 1)

    return types.boolean(types.int64, types.int64, types.int64), codegen


@intrinsic
def _atomic_add(typingctx, address, amount):
    def codegen(context, builder, signature, args):
        return builder.atomic_rmw("add", builder.inttoptr(args[0], WORD.as_pointer()), args[1], "monotonic")

    return types.int64(types.int64, types.int64), codegen


# --- memory -------------------------------------------------------------------------------------------------


@helper
def take(header, nbytes):
    """Allocate memory for a tape, counted against the limit; 0 if there is none."""
    table = arena_table()
    before = _atomic_add(table + 8 * TOTAL, nbytes)
    limit = word(table, LIMIT)
    address = 0
    if limit <= 0 or before + nbytes <= limit:
        address = integer_of(nrt_allocate(np.uintp(nbytes)))
    if address == 0:
        _atomic_add(table + 8 * TOTAL, -nbytes)
    else:
        set_word(header, BYTES, word(header, BYTES) + nbytes)
    return address


@helper
def refuse(nbytes):
    """Raise the exception for a refused allocation of so many bytes: beyond the limit, or no memory."""
    table = arena_table()
    wanted, limit = word(table, TOTAL) + nbytes, word(table, LIMIT)
    raise TapeMemoryError("tape", wanted, limit if limit < wanted else 0)


@helper
def _give(header, address, nbytes):
    nrt_free(pointer_to(address))
    _atomic_add(arena_table() + 8 * TOTAL, -nbytes)
    set_word(header, BYTES, word(header, BYTES) - nbytes)


@helper
def free_segments(header, segment):
    """Free a segment of the value stack and those after it."""
    while segment != 0:
        following = word(segment, S_NEXT)
        _give(header, segment, word(segment, S_BYTES))
        segment = following


@helper
def chunk_at(k):
    return CHUNKS + k * C_WORDS


@helper
def _give_columns(header, c, room):
    """Free those columns of a chunk that were allocated."""
    for column, width in ((C_END, 4), (C_INDEX, 4), (C_PARTIAL, word(header, CELL))):
        address = word(header, c + column)
        if address != 0:
            _give(header, address, width * (room + 1))
            set_word(header, c + column, 0)


@helper
def _free_chunk(header, k):
    c = chunk_at(k)
    if word(header, c + C_ROOM) > 0:
        _give_columns(header, c, word(header, c + C_ROOM))
        set_word(header, c + C_ROOM, 0)


@helper
def _new_chunk(header, k, room):
    """Allocate columns for so many pairs. False, with nothing taken, if there is no memory for them.

    Each column has one element more than `room`, because a pair that is dropped is written first.
    """
    c = chunk_at(k)
    for column, width in ((C_END, 4), (C_INDEX, 4), (C_PARTIAL, word(header, CELL))):
        address = take(header, width * (room + 1))
        set_word(header, c + column, address)
        if address == 0:
            _give_columns(header, c, room)
            return False
    set_word(header, c + C_ROOM, room)
    return True


@helper
def _enter(header, k, first):
    """Continue recording in chunk k, from statement `first` on."""
    c = chunk_at(k)
    if k == 0:
        set_word(header, LAST, 0)
    set_word(header, c + C_FIRST, first)
    set_word(header, CHUNK, k)
    set_word(header, NEXT, first)
    set_word(header, USED, 0)
    set_word(header, ROOM, word(header, c + C_ROOM))
    set_word(header, END, word(header, c + C_END) - 4 * first)
    set_word(header, INDEX, word(header, c + C_INDEX))
    set_word(header, PARTIAL, word(header, c + C_PARTIAL))


@helper
def leave(header):
    """Record how far the current chunk is filled."""
    c = chunk_at(word(header, CHUNK))
    set_word(header, c + C_USED, word(header, USED))
    set_word(header, c + C_NEXT, word(header, NEXT))
    set_word(header, c + C_BIAS, word(header, END))


@shared
def grow(header, pairs):
    """Make room for a statement of so many pairs: the next chunk, twice as large.

    Raises
    ------
    TapeMemoryError
        Beyond the limit; the tape is unchanged.
    """
    leave(header)
    k, first = word(header, CHUNK) + 1, word(header, NEXT)
    if k >= MOST_CHUNKS or first > LARGEST_INDEX:
        raise TapeMemoryError("statements", first, LARGEST_INDEX)
    room = word(header, chunk_at(k) + C_ROOM)
    if room < pairs:
        _free_chunk(header, k)
        room = max(2 * word(header, chunk_at(k - 1) + C_ROOM), pairs)
        if not _new_chunk(header, k, room):
            refuse((8 + word(header, CELL)) * (room + 1))
    _enter(header, k, first)
    return 0


@shared
def append_statement(nodes, cells, pairs, cell):
    """Append one statement, from the addresses of nodes and partials.

    Returns
    -------
    int
        Its node; 0 if no operand is active.
    """
    union = 0
    for k in range(pairs):
        union |= word(nodes, k)
    if union == 0:
        return 0
    header = union >> 32 << 16
    if word(header, USED) + pairs > word(header, ROOM):
        grow(header, pairs)
    used, index = word(header, USED), word(header, INDEX)
    partials, kept = word(header, PARTIAL) + used * cell, 0
    for k in range(pairs):
        set_i32(index, used + kept, word(nodes, k))
        copy(partials + kept * cell, cells + k * cell, cell)
        kept += word(nodes, k) != 0
    statement = word(header, NEXT)
    set_i32(word(header, END), statement, used + kept)
    set_word(header, USED, used + kept)
    set_word(header, NEXT, statement + 1)
    return (header << 16) | statement


@helper
def _new_header(cell):
    """Allocate the header of an empty tape; 0 if there is no memory."""
    raw = integer_of(nrt_allocate(np.uintp(HEADER_BYTES + ALIGNMENT)))
    if raw == 0:
        return 0
    header = (raw + ALIGNMENT - 1) // ALIGNMENT * ALIGNMENT
    clear(header, HEADER_BYTES)
    set_word(header, CELL, cell)
    if not _new_chunk(header, 0, SMALLEST_CHUNK):
        nrt_free(pointer_to(raw))
        return 0
    return header


@shared
def acquire_arena(cell):
    """Take an empty tape with partials of so many bytes for exclusive use; return it with `release_arena`.

    Returns
    -------
    int
        Address of its header.
    """
    table = arena_table()
    for k in range(ARENAS):
        slot = table + 8 * (FIRST_ARENA + 2 * k)
        header = word(slot, 1)
        if word(slot, 0) != 0 or (header != 0 and word(header, CELL) != cell) or not _exchange(slot, 0, 1):
            continue
        header = word(slot, 1)
        if header == 0:
            header = _new_header(cell)
            if header == 0:
                set_word(slot, 0, 0)
                refuse((8 + cell) * (SMALLEST_CHUNK + 1))
            set_word(slot, 1, header)
        if word(header, CELL) == cell:
            _enter(header, 0, 1)
            return header
        set_word(slot, 0, 0)
    raise TapeMemoryError("arenas", ARENAS, ARENAS)


@helper
def _count(header):
    """Record how much was recorded: statements, pairs, and the bytes that they fill."""
    pairs, entry = 0, word(header, LAST)
    for k in range(word(header, CHUNK) + 1):
        pairs += word(header, chunk_at(k) + C_USED)
    statements = word(header, NEXT) - word(header, CHUNKS + C_FIRST)
    filled = 4 * (statements + pairs) + word(header, CELL) * pairs
    while entry != 0:
        filled -= 4 * (word(entry, COUNT) + word(entry, AFTER) - word(entry, BEFORE))
        entry = word(entry, PREVIOUS)
    set_word(header, STATEMENTS, statements)
    set_word(header, PAIRS, pairs)
    set_word(header, FILLED, filled)


@shared
def release_arena(header):
    """Return a tape. What it recorded is dropped; its memory is kept for the next use."""
    leave(header)
    _count(header)
    slot = arena_table() + 8 * FIRST_ARENA
    while word(slot, 1) != header:
        slot += 16
    set_word(slot, 0, 0)
    return 0


@helper
def _clear_adjoints(header):
    """Make all adjoints structural zeros: -0.0, with nothing in the other words of a cell (see `cells`)."""
    address, room, cell = word(header, ADJOINTS), word(header, ADJOINTS_ROOM), word(header, CELL)
    if cell != 8:
        clear(address, room)
    for k in range(0, room // 8, cell // 8):
        set_word(address, k, STRUCTURAL_ZERO)


@shared
def abandon_arena(header):
    """Return a tape after an exception. A sweep may have been seeded and not run, so adjoints are cleared."""
    _clear_adjoints(header)
    return release_arena(header)


@shared
def reserve_inputs(header, count):
    """Reserve indices for inputs, which are no statements: returns the first of `count`. Only before any statement."""
    first = word(header, NEXT)
    if first + count > LARGEST_INDEX:
        raise TapeMemoryError("statements", first + count, LARGEST_INDEX)
    _enter(header, 0, first + count)
    return first


@shared
def adjoints_of(header, cell):
    """The address of the adjoints, so many bytes for each statement, all structural zeros: every sweep leaves them so."""
    needed = cell * (word(header, NEXT) + 1)
    room = word(header, ADJOINTS_ROOM)
    if room < needed:
        if room > 0:
            _give(header, word(header, ADJOINTS), room)
            set_word(header, ADJOINTS_ROOM, 0)
        room = max(needed + needed // 2, 8192)
        address = take(header, room)
        if address == 0:
            refuse(room)
        set_word(header, ADJOINTS, address)
        set_word(header, ADJOINTS_ROOM, room)
        _clear_adjoints(header)
    return word(header, ADJOINTS)


@compiled
def free_arenas():
    """Free the memory of all tapes that are not in use. Returns the number of bytes."""
    table, freed = arena_table(), 0
    for k in range(ARENAS):
        slot = table + 8 * (FIRST_ARENA + 2 * k)
        header = word(slot, 1)
        if header == 0 or not _exchange(slot, 0, 1):
            continue
        set_word(header, STATEMENTS, 0)
        set_word(header, PAIRS, 0)
        set_word(header, FILLED, 0)
        before = word(header, BYTES)
        for c in range(1, MOST_CHUNKS):
            _free_chunk(header, c)
        room = word(header, ADJOINTS_ROOM)
        if room > 0:
            _give(header, word(header, ADJOINTS), room)
            set_word(header, ADJOINTS_ROOM, 0)
        free_segments(header, word(header, SEGMENTS))
        set_word(header, SEGMENTS, 0)
        freed += before - word(header, BYTES)
        set_word(slot, 0, 0)
    return freed


@compiled
def arena_words(header, which):
    """A word of a header: `STATEMENTS`, `PAIRS` or `FILLED`, the bytes that both take."""
    return word(header, which)
