"""Entries: whole array operations on the statement tape, one entry each.

What an array operation adds to adjoints is linear in adjoints, whatever it computes, and it has one of three shapes:

* *elements*: statement k of n has one pair for each operand, and the operand's nodes are found along the array:
  ``x_bar[k] += partial[k] * y_bar[k]``. Sums and inner products are the same with one statement in place of n.
* *product*: ``A_bar += Y_bar B^T`` and ``B_bar += A^T Y_bar`` of ``Y = A B``.

* *call*: ``x_bar += pullback(x, y_bar)`` of a function that Python evaluates, of all its operands laid into one vector.

So entries contain no opcode either. The nodes of an array are mostly consecutive, so an operand is stored as a few segments
(length, first node, step), and partials that are the same for all elements are stored once: a linear stencil takes a few
hundred bytes, whatever its length.

An entry lies in the column of partials of a chunk; the indices beside it are not used. Its statements have no element in the
column of ends, which continues after the entry where it stopped before it.
"""

from ...errors import TapeMemoryError
from ...numba_backend.decorators import helper
from ...memory.words import copy, set_word, word
from .arenas import AFTER, BEFORE, CELL, COUNT, END, FIRST, LARGEST_INDEX, LAST, NEXT, PARTIAL, PREVIOUS, ROOM, USED, grow
from ..compilation.shared_code import shared_when_called

SHAPE = 5
ELEMENTS, PRODUCT, CALL = range(3)
EXTENT, SPREAD, OPERANDS, CURSOR, FIRST_OPERAND = range(6, 11)  # pairs of an operand; 0 for sums, else 1; where the entry ends
# An operand: words, segments or, if those are 0, an index a pair, then partials, one (step 0) or one a pair.
SEGMENTS, PARTIALS, STEP, FOLLOWING, OPERAND_WORDS = range(5)
SEGMENT = 3  # indices of a segment
FEW = 8  # operations on fewer elements are faster as single statements
ROWS, INNER, COLUMNS = range(6, 9)  # of a product
LEFT, RIGHT, PRODUCT_WORDS = 9, 13, 17
FACTOR_FIRST, FACTOR_ROWS, FACTOR_COLUMNS, FACTOR_VALUES = range(4)  # first node or 0, steps, values of the other factor
# Of a call: what was called, operands, where their nodes and values lie; then the words of the request (`python_requests`).
CALL_DERIVATIVE, CALL_INPUTS, CALL_NODES, CALL_VALUES, CALL_REQUEST = range(6, 11)


@helper
def _cells(header, nbytes):
    """The number of cells that so many bytes take."""
    return (nbytes + word(header, CELL) - 1) // word(header, CELL)


@helper
def _begin(header, cells, count, shape):
    """Begin an entry for `count` statements, of at most so many cells; it takes effect with `_end`."""
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


@helper
def _end(header, entry, cells):
    used = word(header, USED) + cells
    set_word(entry, AFTER, used)
    set_word(header, LAST, entry)
    set_word(header, USED, used)
    set_word(header, NEXT, word(header, NEXT) + word(entry, COUNT))
    set_word(header, END, word(header, END) - 4 * word(entry, COUNT))


@shared_when_called
def open_elements(header, extent, operands, spread):
    """Open an entry for an elementwise operation on so many elements, or, with spread 0, for a sum over them.

    Its operands are added to it (see `entry_operands`); `close_elements` appends it to the tape.

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


@shared_when_called
def close_elements(header, entry):
    """Append an entry.  Returns the node of its first statement; 0 without an entry."""
    if entry == 0:
        return 0
    _end(header, entry, _cells(header, word(entry, CURSOR) - entry))
    return node_of_entry(header, entry)


@shared_when_called
def add_product(header, rows, inner, columns, left, left_rows, left_columns, right, right_rows, right_columns):
    """Append an entry for the product of two matrices.

    Parameters
    ----------
    left, left_rows, left_columns, right, right_rows, right_columns : int
        Of the factors: the first node, 0 for one that is passive, and its steps along rows and columns.

    Returns
    -------
    int
        Its address: `node_of_entry`, `values_of_right`, `values_of_left`.
    """
    own = _cells(header, 8 * PRODUCT_WORDS)
    of_right, of_left = (inner * columns if left else 0), (rows * inner if right else 0)
    cells = own + of_right + of_left
    entry = _begin(header, cells, rows * columns, PRODUCT)
    set_word(entry, ROWS, rows)
    set_word(entry, INNER, inner)
    set_word(entry, COLUMNS, columns)
    values = entry + word(header, CELL) * own
    _set_factor(entry + 8 * LEFT, left, left_rows, left_columns, values)
    _set_factor(entry + 8 * RIGHT, right, right_rows, right_columns, values + word(header, CELL) * of_right)
    _end(header, entry, cells)
    return entry


@helper
def _set_factor(factor, first, rows, columns, values):
    set_word(factor, FACTOR_FIRST, first & 0xFFFFFFFF)
    set_word(factor, FACTOR_ROWS, rows)
    set_word(factor, FACTOR_COLUMNS, columns)
    set_word(factor, FACTOR_VALUES, values if first else 0)


@shared_when_called
def add_call(header, request, words, derivative, inputs, results):
    """Append an entry for a function that Python evaluates.

    Parameters
    ----------
    request, words : int
        The address and length of the request, which is copied.
    derivative : int
        Which derivative of the function was called; see `table_functions`.
    inputs, results : int
        How many numbers it takes and gives.

    Returns
    -------
    int
        Its address.  The nodes of the operands go to the address in the word `CALL_NODES`, their values to that in `CALL_VALUES`.
    """
    own = _cells(header, 8 * (CALL_REQUEST + words) + (4 * inputs + 7) // 8 * 8)
    cells = own + inputs
    entry = _begin(header, cells, results, CALL)
    set_word(entry, CALL_DERIVATIVE, derivative)
    set_word(entry, CALL_INPUTS, inputs)
    set_word(entry, CALL_NODES, entry + 8 * (CALL_REQUEST + words))
    set_word(entry, CALL_VALUES, entry + word(header, CELL) * own)
    copy(entry + 8 * CALL_REQUEST, request, 8 * words)
    _end(header, entry, cells)
    return entry


@helper
def node_of_entry(header, entry):
    """The node of its first statement."""
    return (header << 16) | word(entry, FIRST)


@helper
def values_of_right(entry):
    """Where the values of the right factor go, row by row; 0 where they are not asked for."""
    return word(entry + 8 * LEFT, FACTOR_VALUES)


@helper
def values_of_left(entry):
    """The same of the left factor."""
    return word(entry + 8 * RIGHT, FACTOR_VALUES)
