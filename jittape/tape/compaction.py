"""Compaction: rows, values and memory that can no longer be reached are dropped.

The tape keeps a weak reference to every Tensor it has handed out. When rows or bytes have doubled since the last time, the rows
that living Tensors depend on are marked, moved together and renumbered, and their small values move to a fresh arena. The
amortised cost is constant; graphs that are still referred to survive, others disappear, swept or not.
"""

import numpy as np

from .schema import (
    ARENA_CHUNKS,
    ARENA_END,
    ARENA_NEXT,
    ARG0,
    ARG1,
    ARG2,
    BYTES,
    FLAGS,
    FREED,
    IMM,
    IN_ARENA,
    IN_POOL,
    LAST_USE,
    LAYOUT,
    NONE,
    OFFSET,
    OP,
    PARAM,
    PARAMS,
    PARAMS_A_ROW,
    PARAM_POOL,
    POOL_AT,
    ROWS,
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
    WRITES,
)
from ..numba_backend.decorators import compiled, helper
from ..numba_backend.entry_points import entry
from ..memory.pool import release
from ..memory.words import i64_at, set_i32, set_u8, set_word, u8_at, word
from .append import bump, is_swept, keep_chunks, note_freed, release_chunks
from .reading import flags_of, params_address, row32, row64
from ..memory.typed_values import item_size
from .in_place import SAVED
from .row_kinds import ON_HOST, POOLED, WRITES_IN_PLACE, is_one_of


@compiled
def mark_living(tape, marks):
    """Extend the marks to what a marked row needs, unless it was freed, and to the writes on its storage."""
    rows, storages = word(tape, ROWS), word(tape, STORAGES)
    has_writes = word(tape, WRITES) != 0
    seen = np.zeros(storages, np.uint8)
    again = True
    while again:
        again = False
        for row in range(rows - 1, -1, -1):
            if not marks[row]:
                continue
            seen[row32(tape, STORAGE, row)] = 1
            flags = flags_of(tape, row)
            if flags & FREED:
                continue
            if is_one_of(flags, POOLED):
                first = row32(tape, ARG0, row)
                for k in range(row32(tape, ARG1, row)):
                    marks[word(word(tape, PARAM_POOL), first + k)] = 1
                continue
            for column in (ARG0, ARG1, ARG2):
                a = row32(tape, column, row)
                if a >= 0:
                    marks[a] = 1
        if has_writes:
            for row in range(rows):
                storage = row32(tape, STORAGE, row)
                needed = not flags_of(tape, row) & FREED or row32(tape, S_HEAD, storage) == row
                if is_one_of(flags_of(tape, row), WRITES_IN_PLACE) and not marks[row] and seen[storage] and needed:
                    marks[row] = 1
                    again = True


@helper
def _move_row(tape, row, to):
    for column in (OP, ARG0, ARG1, ARG2, LAYOUT, STORAGE):
        set_i32(word(tape, column), to, row32(tape, column, row))
    for column in (OFFSET, VERSION, PARAM, IMM):
        set_word(word(tape, column), to, row64(tape, column, row))
    set_u8(word(tape, FLAGS), to, flags_of(tape, row))


@helper
def _move_storage(tape, s, to):
    for column in (S_ADDRESS, S_SIZE, S_VERSION, S_CELL):
        set_word(word(tape, column), to, row64(tape, column, s))
    for column in (S_DTYPE, S_KIND, S_HEAD):
        set_i32(word(tape, column), to, row32(tape, column, s))


def new_numbers(columns, marks, storages):
    """The numbers that rows and storages are going to have, -1 for those that are dropped: all but the marked rows.

    Parameters
    ----------
    columns : dict
        Of the tape.
    marks : ndarray of uint8
    storages : int
        How many there are.

    Returns
    -------
    new_row, new_storage : ndarray of int64
    """
    kept = marks != 0
    used = np.zeros(storages, bool)
    used[columns[STORAGE][: len(marks)][kept]] = True
    return tuple(np.where(mask, np.cumsum(mask) - 1, -1) for mask in (kept, used))


@entry
def compact_rows(tape, marks_at, rows_at, storages_at, pool_at):
    """Move the marked rows together.

    The other arguments are addresses: of the marks, of the new numbers of rows and of storages (`new_numbers`), and of room for
    the parameters of all rows.
    """
    rows, storages = word(tape, ROWS), word(tape, STORAGES)
    marks, new_row, new_storage = u8_at(marks_at, rows), i64_at(rows_at, rows), i64_at(storages_at, storages)
    new_pool = i64_at(pool_at, word(tape, PARAMS))
    count, params = 0, 0
    for row in range(rows):
        flags = flags_of(tape, row)
        if not marks[row]:
            if is_one_of(flags, WRITES_IN_PLACE) and not flags & FREED:
                release(word(tape, POOL_AT), word(params_address(tape, row), SAVED))
                set_word(tape, WRITES, word(tape, WRITES) - 1)
            continue
        _move_row(tape, row, count)
        params = _move_params(tape, count, flags, new_row, new_pool, params)
        count += 1
    set_word(tape, ROWS, count)
    set_word(tape, PARAMS, params)
    for k in range(params):
        set_word(word(tape, PARAM_POOL), k, new_pool[k])
    _compact_storages(tape, new_row, new_storage, storages)
    unswept = 0
    for row in range(count):
        set_i32(word(tape, STORAGE), row, new_storage[row32(tape, STORAGE, row)])
        set_i32(word(tape, LAST_USE), row, count - 1)  # or before
        unswept += 1 if is_swept(flags_of(tape, row)) else 0
    set_word(tape, UNSWEPT, unswept)
    set_word(tape, SWEPT_ROWS, 0)
    note_freed(tape, 0)
    return 0


@helper
def _move_params(tape, row, flags, new_row, new_pool, params):
    """Renumber the operands of a moved row and move its integers to the new pool."""
    pool = word(tape, PARAM_POOL)
    if is_one_of(flags, POOLED):
        first, n = row32(tape, ARG0, row), row32(tape, ARG1, row)
        for k in range(n):
            new_pool[params + k] = new_row[word(pool, first + k)] if not flags & FREED else NONE
        set_i32(word(tape, ARG0), row, params)
        extra = 0 if is_one_of(flags, ON_HOST) else 2 * n  # two integers an operand, for its kernel
        for k in range(n, n + extra):
            new_pool[params + k] = word(pool, first + k)
        params += n + extra
        if flags & FREED:
            set_i32(word(tape, ARG1), row, 0)
    else:
        for column in (ARG0, ARG1, ARG2):
            a = row32(tape, column, row)
            if a >= 0:
                set_i32(word(tape, column), row, new_row[a])  # -1 if the operand of a freed row was dropped
    first = row64(tape, PARAM, row)
    if first >= 0:
        for k in range(PARAMS_A_ROW):
            new_pool[params + k] = word(pool, first + k)
        set_word(word(tape, PARAM), row, params)
        params += PARAMS_A_ROW
    return params


@helper
def _compact_storages(tape, new_row, new_storage, storages):
    """Renumber the storages that are left, move small values to a fresh arena, release the rest."""
    old_chunks = word(tape, ARENA_CHUNKS)
    set_word(tape, ARENA_CHUNKS, 0)
    set_word(tape, ARENA_NEXT, 0)
    set_word(tape, ARENA_END, 0)
    count, total, moving = 0, 0, True
    for s in range(storages):
        kind, address = row32(tape, S_KIND, s), row64(tape, S_ADDRESS, s)
        if new_storage[s] < 0:
            if kind == IN_POOL:
                release(word(tape, POOL_AT), address)
            continue
        nbytes = row64(tape, S_SIZE, s) * item_size(row32(tape, S_DTYPE, s))
        total += nbytes
        _move_storage(tape, s, count)
        head = row32(tape, S_HEAD, count)
        if head >= 0:
            set_i32(word(tape, S_HEAD), count, new_row[head])
        if kind == IN_ARENA:
            to = bump(tape, nbytes) if moving else 0
            if to == 0:  # no memory: the remaining values stay where they are
                moving = False
            else:
                source, target = u8_at(address, nbytes), u8_at(to, nbytes)
                for k in range(nbytes):
                    target[k] = source[k]
                set_word(word(tape, S_ADDRESS), count, to)
        count += 1
    set_word(tape, STORAGES, count)
    set_word(tape, BYTES, total)
    if moving:
        release_chunks(word(tape, POOL_AT), old_chunks)
    else:
        keep_chunks(tape, old_chunks)


@entry
def release_everything(tape):
    """Return the pool blocks that a tape holds, when it is deleted."""
    for row in range(word(tape, ROWS)):
        if is_one_of(flags_of(tape, row), WRITES_IN_PLACE) and not flags_of(tape, row) & FREED:
            release(word(tape, POOL_AT), word(params_address(tape, row), SAVED))
    for s in range(word(tape, STORAGES)):
        if row32(tape, S_KIND, s) == IN_POOL:
            release(word(tape, POOL_AT), row64(tape, S_ADDRESS, s))
    release_chunks(word(tape, POOL_AT), word(tape, ARENA_CHUNKS))
    for counter in (ROWS, STORAGES, PARAMS, WRITES, UNSWEPT, SWEPT_ROWS, ARENA_CHUNKS, ARENA_NEXT, ARENA_END):
        set_word(tape, counter, 0)
