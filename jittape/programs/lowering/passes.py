"""Passes over the rows of a trace: which are needed, which are equal, and which lie on a path of derivatives.

Columns are arrays, and a pass is one compiled call, however many rows there are.
"""

import numpy as np

from ...tape.schema import GRAD, IMMEDIATE
from ...numba_backend.decorators import compiled
from ...tape.row_kinds import ON_HOST, POOLED, VIEWS, WRITES_IN_PLACE, is_one_of


@compiled
def mark_needed(arg0, arg1, arg2, flags, pool, marks):
    """Extend the marks downwards, to whatever a marked row reads."""
    for row in range(len(marks) - 1, -1, -1):
        if not marks[row]:
            continue
        if is_one_of(flags[row], POOLED):
            for k in range(arg1[row]):
                marks[pool[arg0[row] + k]] = 1
            continue
        for a in (arg0[row], arg1[row], arg2[row]):
            if a >= 0:
                marks[a] = 1


@compiled
def own_slots(arg0, flags, owner):
    """The row whose memory a row's value lies in: itself, or for a view its base."""
    for row in range(len(owner)):
        owner[row] = owner[arg0[row]] if is_one_of(flags[row], VIEWS) else row


@compiled
def _same(r, q, op, arg0, arg1, arg2, imm, layout, owner, offset, flags, about, dtype):
    if flags[r] != flags[q] or layout[r] != layout[q] or dtype[owner[r]] != dtype[owner[q]]:
        return False
    if is_one_of(flags[r], VIEWS):
        return owner[r] == owner[q] and offset[r] == offset[q]
    if op[r] != op[q] or about[r] != about[q]:
        return False
    if arg0[r] != arg0[q] or arg1[r] != arg1[q] or arg2[r] != arg2[q]:
        return False
    reads = arg0[r] == IMMEDIATE or arg1[r] == IMMEDIATE or arg2[r] == IMMEDIATE
    return not reads or imm[r] == imm[q]


@compiled
def merge_equal(op, arg0, arg1, arg2, imm, layout, owner, offset, flags, about, dtype, pool, marks, canonical, table):
    """Merge rows that compute the same: `canonical` names the row that stays, and the marks of the others are cleared.

    `about` tells apart rows that look the same (parameters); negative: never the same as another. `table` is an open hash table
    of row numbers, its length a power of two, filled with -1.
    """
    mask = len(table) - 1
    for row in range(len(marks)):
        canonical[row] = row
        if not marks[row]:
            continue
        if is_one_of(flags[row], POOLED):
            for k in range(arg1[row]):
                pool[arg0[row] + k] = canonical[pool[arg0[row] + k]]
            owner[row] = row
            continue
        if arg0[row] >= 0:
            arg0[row] = canonical[arg0[row]]
        if arg1[row] >= 0:
            arg1[row] = canonical[arg1[row]]
        if arg2[row] >= 0:
            arg2[row] = canonical[arg2[row]]
        owner[row] = owner[arg0[row]] if is_one_of(flags[row], VIEWS) else row
        if is_one_of(flags[row], WRITES_IN_PLACE | ON_HOST) or about[row] < 0:
            continue
        if is_one_of(flags[row], VIEWS):
            key = owner[row] * 1000003 + offset[row] * 31 + layout[row]
        else:
            key = ((op[row] * 1000003 + arg0[row]) * 1000003 + arg1[row]) * 31 + arg2[row] + about[row] * 7919
            if arg0[row] == IMMEDIATE or arg1[row] == IMMEDIATE:
                key ^= imm[row] >> 20
        place = (key ^ (key >> 15)) & mask
        while table[place] >= 0:
            other = table[place]
            if _same(row, other, op, arg0, arg1, arg2, imm, layout, owner, offset, flags, about, dtype):
                canonical[row] = other
                marks[row] = 0
                break
            place = (place + 1) & mask
        if canonical[row] == row:
            table[place] = row


@compiled
def mark_active(arg0, arg1, arg2, flags, pool, active):
    """Extend `active` upwards, to rows that gradients flow through and that depend on an active row."""
    for row in range(len(active)):
        if active[row] or not flags[row] & GRAD:
            continue
        if is_one_of(flags[row], POOLED):
            for k in range(arg1[row]):
                if active[pool[arg0[row] + k]]:
                    active[row] = 1
            continue
        for a in (arg0[row], arg1[row], arg2[row]):
            if a >= 0 and active[a]:
                active[row] = 1


@compiled
def keep_reached(arg0, arg1, arg2, flags, pool, active, reached):
    """Extend `reached` downwards along active rows, to those whose adjoint a sweep from the marked ones computes."""
    for row in range(len(active) - 1, -1, -1):
        if not reached[row] or not active[row]:
            reached[row] = 0
            continue
        if is_one_of(flags[row], POOLED):
            for k in range(arg1[row]):
                if active[pool[arg0[row] + k]]:
                    reached[pool[arg0[row] + k]] = 1
            continue
        for a in (arg0[row], arg1[row], arg2[row]):
            if a >= 0 and active[a]:
                reached[a] = 1


def new_table(rows):
    """An empty hash table for a number of rows."""
    return np.full(1 << max(4, int(2 * rows - 1).bit_length()), -1, np.int64)
