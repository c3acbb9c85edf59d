"""Entries: whole array operations on the statement tape, one entry each.

What an array operation adds to a tape is linear in adjoints, whatever it computes, and there are two shapes of it:

* *elements*: statement k of n has one pair an operand, and the operand's nodes are found along the array:
  ``x_bar[k] += partial[k] * y_bar[k]``.  Sums and inner products are the same with one statement in the place of n.
* *product*: ``A_bar += Y_bar B^T`` and ``B_bar += A^T Y_bar`` of ``Y = A B``.

So entries hold no opcode either.  The nodes of an array are mostly consecutive, so an operand is stored as a few
segments (length, first node, step), and partials that are the same for all elements are stored once: a linear stencil
takes a few hundred bytes, of any length.

An entry lies in the column of partials of a chunk; the indices beside it are not used.  Its statements have no place in
the column of ends, which goes on after the entry where it stopped before it.
"""

from numba.extending import register_jitable

from ..errors import TapeMemoryError
from ..jit import compiled
from ..memory import set_word, word
from .arenas import AFTER, BEFORE, CELL, COUNT, END, FIRST, LARGEST_INDEX, LAST, NEXT, PARTIAL, PREVIOUS, ROOM, USED, grow

SHAPE = 5
ELEMENTS, PRODUCT = range(2)
EXTENT, SPREAD, OPERANDS, CURSOR, FIRST_OPERAND = range(6, 11)  # pairs an operand; 0 for sums, else 1; where the entry ends
# An operand: words, segments or, if those are 0, an index a pair, then partials, one (step 0) or one a pair.
SEGMENTS, PARTIALS, STEP, FOLLOWING, OPERAND_WORDS = range(5)
SEGMENT = 3  # indices of a segment
FEW = 8  # elements: fewer are faster as statements of their own
ROWS, INNER, COLUMNS = range(6, 9)  # of a product
LEFT, RIGHT, PRODUCT_WORDS = 9, 13, 17
FACTOR_FIRST, FACTOR_ROWS, FACTOR_COLUMNS, FACTOR_VALUES = range(4)  # first node or 0, steps, values of the other factor


@register_jitable
def _cells(header, nbytes):
    """So many bytes in cells."""
    return (nbytes + word(header, CELL) - 1) // word(header, CELL)


@register_jitable
def _begin(header, cells, count, shape):
    """An entry for `count` statements, of at most so many cells; it is not there before `_end`."""
    first = word(header, NEXT)
    if first + count > LARGEST_INDEX:
        raise TapeMemoryError("statements", first + count, LARGEST_INDEX)
    if word(header, USED) + cells > word(header, ROOM):
        grow(header, cells)
    entry = word(header, PARTIAL) + word(header, CELL) * word(header, USED)
    set_word(entry, PREVIOUS, word(header, LAST))
    set_word(entry, FIRST, first)
    set_word(entry, COUNT, count)
    set_word(entry, BEFORE, word(header, USED))
    set_word(entry, SHAPE, shape)
    return entry


@register_jitable
def _end(header, entry, cells):
    used = word(header, USED) + cells
    set_word(entry, AFTER, used)
    set_word(header, LAST, entry)
    set_word(header, USED, used)
    set_word(header, NEXT, word(header, NEXT) + word(entry, COUNT))
    set_word(header, END, word(header, END) - 4 * word(entry, COUNT))


@compiled
def open_elements(header, extent, operands, spread):
    """An entry for an elementwise operation on so many elements, or, with spread 0, for a sum over them.

    Its operands are added with `index_room` and `column`; `close_elements` appends it to the tape.

    Returns
    -------
    int
        Its address; 0, and nothing is recorded, without a tape or without elements.
    """
    if header == 0 or extent == 0:
        return 0
    most = 8 * (OPERAND_WORDS + 2) + extent * (4 + word(header, CELL))
    entry = _begin(header, _cells(header, 8 * FIRST_OPERAND + operands * most), extent if spread else 1, ELEMENTS)
    set_word(entry, EXTENT, extent)
    set_word(entry, SPREAD, spread)
    set_word(entry, OPERANDS, 0)
    set_word(entry, CURSOR, entry + 8 * FIRST_OPERAND)
    return entry


@register_jitable
def index_room(entry):
    """Where the segments or indices of the next operand go."""
    return word(entry, CURSOR) + 8 * OPERAND_WORDS


@register_jitable
def add_operand(entry, segments, indices, step, cell):
    """Add the operand whose segments have been written.

    Parameters
    ----------
    segments, indices : int
        How many there are; 0 segments if every pair has an index.
    step : int
        1 if every pair has a partial, 0 if one partial is that of all.
    cell : int
        Bytes of a cell.

    Returns
    -------
    int
        Where the partials go.
    """
    operand = word(entry, CURSOR)
    partials = index_room(entry) + (4 * indices + 7) // 8 * 8
    set_word(operand, SEGMENTS, segments)
    set_word(operand, PARTIALS, partials)
    set_word(operand, STEP, step)
    end = partials + cell * (word(entry, EXTENT) if step else 1)
    end = (end + 7) // 8 * 8
    set_word(operand, FOLLOWING, end)
    set_word(entry, CURSOR, end)
    set_word(entry, OPERANDS, word(entry, OPERANDS) + 1)
    return partials


@compiled
def close_elements(header, entry):
    """Append an entry.  Returns the node of its first statement; 0 without an entry."""
    if entry == 0:
        return 0
    _end(header, entry, _cells(header, word(entry, CURSOR) - entry))
    return (header << 16) | word(entry, FIRST)


@compiled
def add_product(header, shape, left, right):
    """An entry for the product of two matrices.

    Parameters
    ----------
    shape : tuple of (rows, inner, columns)
    left, right : tuple of (first node, step along rows, step along columns)
        Of the factors; node 0 for one that is passive.

    Returns
    -------
    tuple of int
        The node of its first statement, and where the values of the right and of the left factor go: all rows of the
        right one, all rows of the left one; 0 where they are not asked for.
    """
    rows, inner, columns = shape
    own = _cells(header, 8 * PRODUCT_WORDS)
    needed = (inner * columns if left[0] else 0), (rows * inner if right[0] else 0)
    cells = own + needed[0] + needed[1]
    entry = _begin(header, cells, rows * columns, PRODUCT)
    set_word(entry, ROWS, rows)
    set_word(entry, INNER, inner)
    set_word(entry, COLUMNS, columns)
    first = entry + word(header, CELL) * own
    second = first + word(header, CELL) * needed[0]
    _set_factor(entry + 8 * LEFT, left, first)
    _set_factor(entry + 8 * RIGHT, right, second)
    _end(header, entry, cells)
    return (header << 16) | word(entry, FIRST), first if left[0] else 0, second if right[0] else 0


@register_jitable
def _set_factor(factor, steps, values):
    set_word(factor, FACTOR_FIRST, steps[0] & 0xFFFFFFFF)
    set_word(factor, FACTOR_ROWS, steps[1])
    set_word(factor, FACTOR_COLUMNS, steps[2])
    set_word(factor, FACTOR_VALUES, values)
