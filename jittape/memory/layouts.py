"""Layouts: interned (shape, strides) pairs, known to compiled code by a small integer.

Equal layouts have equal ids, so the common question whether two operands have the same shape is one comparison of integers.
Strides count elements. They are negative along reversed axes, so that the first element need not be the lowest in memory:
compiled loops start from the lowest one, which keeps their indices free of wrap-around.

The table has one row of ``WIDTH`` words for each layout. It may move when it grows; compiled code finds it through
``TABLE_ADDRESS``, which never moves.
"""

from typing import NamedTuple

import numpy as np

from ..errors import ShapeError
from ..numba_backend.decorators import helper
from .axis_order import axis_order
from .words import address_of, word

MAX_NDIM = 16
NDIM, SIZE, CONTIGUOUS, SPAN, DENSE, PLAIN, LOW, SHAPE, STRIDES = 0, 1, 2, 3, 4, 5, 6, 7, 7 + MAX_NDIM
WIDTH = 7 + 2 * MAX_NDIM


class Layout(NamedTuple):
    """Shape and element strides of a node.

    ``span`` is the number of elements between the lowest and one past the highest that it touches, ``low`` the place of the
    lowest from the first one: 0, or negative where axes are reversed.
    """

    shape: tuple
    strides: tuple
    size: int
    contiguous: bool
    span: int
    low: int


LAYOUTS = []  # id -> Layout
_ids = {}  # (shape, strides) -> id
_contiguous_ids = {}  # shape -> id
_broadcasts = {}  # (id, id) -> id
_published = {}  # those of them that compiled code knows
_table = _former_table = np.zeros((256, WIDTH), np.int64)
# What compiled code knows of broadcasting: a hash table of (pair of ids + 1, id of the result), open
# addressing, filled whenever Python has worked out a pair.
_pairs = np.zeros((1024, 2), np.int64)
TABLE_AT, PAIRS_AT, PAIRS_MASK = 0, 1, 2
TABLE_CELL = np.array([address_of(_table), address_of(_pairs), len(_pairs) - 1], np.int64)
TABLE_ADDRESS = address_of(TABLE_CELL)


def contiguous_strides(shape):
    """Element strides of a C-contiguous array."""
    strides, step = [], 1
    for n in reversed(shape):
        strides.append(step)
        step *= max(n, 1)
    return tuple(reversed(strides))


def intern(shape, strides=None):
    """The id of a layout.

    Strides of axes of length one have no effect and are replaced by those of a contiguous array, so that layouts which address
    the same elements in the same order compare equal.
    """
    if strides is None:
        found = _contiguous_ids.get(shape)
        if found is not None:
            return found
    canonical = contiguous_strides(shape)
    if strides is None or 0 in shape:
        strides = canonical
    else:
        strides = tuple(c if n == 1 else s for n, s, c in zip(shape, strides, canonical))
    key = (shape, strides)
    found = _ids.get(key)
    if found is None:
        plain = len(LAYOUTS) if strides == canonical else intern(shape)
        found = _ids[key] = _append(shape, strides, canonical, plain)
    if strides == canonical:
        _contiguous_ids[shape] = found
    return found


def _append(shape, strides, canonical, plain):
    global _table, _former_table
    if len(shape) > MAX_NDIM:
        raise ShapeError(f"got an array of {len(shape)} dimensions, expected at most {MAX_NDIM}")
    number = len(LAYOUTS)
    if number == len(_table):
        # The old table is kept: a thread that has released Python's lock may be reading it. An interrupt must not come between
        # the two: compiled code would read behind the end of the old table.
        grown = np.concatenate([_table, np.zeros_like(_table)])
        _former_table, _table, TABLE_CELL[TABLE_AT] = _table, grown, address_of(grown)
    size = 1
    for n in shape:
        size *= n
    span = 1 + sum((n - 1) * abs(s) for n, s in zip(shape, strides)) if size else 0
    low = sum((n - 1) * s for n, s in zip(shape, strides) if s < 0) if size else 0
    row = _table[number]
    row[[NDIM, SIZE, CONTIGUOUS, SPAN, LOW]] = len(shape), size, strides == canonical, span, low
    row[[DENSE, PLAIN]] = is_dense(shape, strides), plain  # whether it fills a piece of memory; its shape in row-major order
    row[SHAPE : SHAPE + len(shape)] = shape
    row[STRIDES : STRIDES + len(shape)] = strides
    LAYOUTS.append(Layout(shape, strides, size, strides == canonical, span, low))
    return number


def is_dense(shape, strides):
    """Whether the elements fill a piece of memory, in whichever order of axes."""
    size = 1
    for stride, n in sorted([(s, n) for n, s in zip(shape, strides) if n != 1]):
        if stride != size:
            return False
        size *= n
    return True


def broadcast(a, b):
    """The id of the contiguous layout that two layouts broadcast to.

    Compiled code knows of it only if the result of an operation on them is contiguous: where it keeps another order of axes,
    Python arranges the operands first (`axis_order`).
    """
    found = _broadcasts.get((a, b))
    if found is None:
        found = intern(broadcast_shapes(LAYOUTS[a].shape, LAYOUTS[b].shape))
        if axis_order((LAYOUTS[a][:2], LAYOUTS[b][:2])) is None:
            _publish(a, b, found)
        _broadcasts[a, b] = found  # last, so that what an interrupt has left out is done again
    return found


def _publish(a, b, result):
    """Store what two layouts broadcast to where compiled code finds it."""
    global _pairs
    _published[a, b] = result
    if 2 * len(_published) > len(_pairs):
        grown = np.zeros((4 * len(_pairs), 2), np.int64)
        for (m, n), r in _published.items():
            _put(grown, m, n, r)
        # at once: compiled code reads the table that the cell names, which nobody else holds
        _pairs, TABLE_CELL[PAIRS_AT : PAIRS_MASK + 1] = grown, (address_of(grown), len(grown) - 1)
    else:
        _put(_pairs, a, b, result)


def _put(pairs, a, b, result):
    mask, key = len(pairs) - 1, (a << 32 | b) + 1
    place = pair_hash(a, b) & mask
    while pairs[place, 0] not in (0, key):
        place = (place + 1) & mask
    pairs[place] = key, result


@helper
def pair_hash(a, b):
    """Where the search for a pair of layouts starts."""
    return a * 31 + b * 17


@helper
def known_broadcast(cell, a, b):
    """The id of what two layouts broadcast to; -1 if Python has not determined it yet."""
    pairs, mask = word(cell, PAIRS_AT), word(cell, PAIRS_MASK)
    key, place = (a << 32 | b) + 1, pair_hash(a, b) & mask
    while word(pairs, 2 * place) != key:
        if word(pairs, 2 * place) == 0:
            return -1
        place = (place + 1) & mask
    return word(pairs, 2 * place + 1)


def broadcast_shapes(a, b):
    """NumPy's broadcasting of two shapes, with PyTorch's error message."""
    if a == b:
        return a
    ndim = max(len(a), len(b))
    padded = (1,) * (ndim - len(a)) + a, (1,) * (ndim - len(b)) + b
    result = []
    for k, (m, n) in enumerate(zip(*padded)):
        if m != n and m != 1 and n != 1:
            raise ShapeError(
                f"The size of tensor a ({m}) must match the size of tensor b ({n}) at non-singleton dimension {k}: "
                f"got shapes {list(a)} and {list(b)}; lengths must be equal or one of them 1"
            )
        result.append(n if m == 1 else m)
    return tuple(result)


SCALAR = intern(())  # the first layout, so its id is 0, which compiled code uses for immediates
