"""Reading the columns of a tape from compiled code.

Every function takes the address of the tape's header; `row` is a row number.
"""

from .schema import ARG0, ARG1, FLAGS, IMM, IMMEDIATE, LAYOUT, OFFSET, PARAM, PARAM_POOL, STORAGE, S_ADDRESS, S_DTYPE
from ..numba_backend.entry_points import entry
from ..numba_backend.decorators import helper
from ..memory.words import row32, row64, row8, word
from ..memory.typed_values import item_size, number_at


@helper
def flags_of(tape, row):
    return row8(tape, FLAGS, row)


@helper
def dtype_of(tape, row):
    """The code of a row's dtype."""
    return row32(tape, S_DTYPE, row32(tape, STORAGE, row))


@helper
def value_address(tape, row):
    """The address of the first element of a row's value."""
    storage = row32(tape, STORAGE, row)
    item = item_size(row32(tape, S_DTYPE, storage))
    return row64(tape, S_ADDRESS, storage) + item * row64(tape, OFFSET, row)


@helper
def operand_address(tape, row, a):
    """Address of operand `a` of a row: 0 if there is none, the row's own immediate, or a value."""
    if a >= 0:
        return value_address(tape, a)
    return word(tape, IMM) + 8 * row if a == IMMEDIATE else 0


@helper
def operand_layout(tape, a):
    return row32(tape, LAYOUT, a) if a >= 0 else 0  # layout 0 is the scalar


@helper
def params_address(tape, row):
    return word(tape, PARAM_POOL) + 8 * row64(tape, PARAM, row)


@helper
def nary_integer(tape, row, k, which):
    """Integer 1 or 2 of operand k of a row of many operands."""
    place, n = row32(tape, ARG0, row), row32(tape, ARG1, row)
    return word(word(tape, PARAM_POOL), place + which * n + k)


@entry
def read_number(tape, row):
    """The value of a floating-point row of one element; nan of a complex one."""
    return number_at(value_address(tape, row), row32(tape, S_DTYPE, row32(tape, STORAGE, row)))
