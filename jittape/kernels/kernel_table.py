"""The operation table as compiled code sees it: addresses of kernels, with a row for each opcode.

The declarations of operations are in ``ops``; this is only the array that sweeps read, and the opcodes that the engine itself
needs.
"""

import itertools
from typing import NamedTuple

import numpy as np

from ..dtypes import DTYPES, DTYPE_CODES, N_DIFFERENTIABLE
from ..memory.words import address_of, word
from ..numba_backend.decorators import helper

# --- columns -----------------------------------------------------------------------------------------------


class KernelColumns(NamedTuple):
    """Where the row of an operation holds what.

    Addresses of kernels are kept by dtype: one column a differentiable dtype, and of partials and tangents so many
    for each of three operands.
    """

    forward: int
    partial: int
    tangent: int
    scalar: int  # all partials of one element in one call
    second: int  # address of the program of the partials
    uses: int  # which values the partial of each operand reads
    selects: int  # bits of the operands for which the reverse kernel itself tells structural zeros from others
    unit: int  # bits of the operands whose partial is 1: a fresh adjoint is handed over, not copied
    nonlinear: int  # a structured operation whose tangent needs a kernel of its own
    total: int  # of everything, the sum of the elements over a number: their adjoint is one number for all
    result: int  # codes of the dtypes of results, four bits for each dtype of operands
    width: int


def columns_for(n_dtypes):
    """The columns of a table for so many differentiable dtypes."""
    one, three = n_dtypes, 3 * n_dtypes
    return KernelColumns(*itertools.accumulate((one, three, three, one, one, 3, 1, 1, 1, 1, 1), initial=0))


K_FORWARD, K_PARTIAL, K_TANGENT, K_SCALAR, K_SECOND, K_USES, K_SELECTS, K_UNIT, K_NONLINEAR, K_TOTAL, K_RESULT, K_WIDTH = (
    columns_for(N_DIFFERENTIABLE)
)
DIVISOR = 5  # which integer of the row of a total has the bits of that number
USES_RESULT = 8  # bit of a `uses` mask; bits 0 to 2 are the operands

SOURCE = 0  # leaves and constants
VIEW_OF_STORAGE = 1  # a view of the newest contents of a storage
WRITE_INTO = 2  # a recorded write in place
WRITE_BESIDE = 3  # one that gradients pass by: under ``no_grad`` on a trace

_table = np.zeros((512, K_WIDTH), np.int64)
TABLE_CELL = np.array([address_of(_table)], np.int64)
TABLE_CELL_ADDRESS = address_of(TABLE_CELL)
OPERATIONS = []  # opcode -> its Operation; filled by ``ops``


@helper
def kernel_at(operation, column, k, dtype):
    """Address of a kernel in the row of an operation, of operand k where there is one an operand; 0: not compiled yet."""
    return word(operation, column + N_DIFFERENTIABLE * k + dtype)


@helper
def kernel_slot(column, k, dtype):
    """The number by which compiled code says that a kernel is missing: its column."""
    return column + N_DIFFERENTIABLE * k + dtype


@helper
def code_of_result(table, op, dtype):
    """The code of the dtype of an operation's result, whose operands have the dtype of some code."""
    return word(table + 8 * K_WIDTH * op, K_RESULT) >> 4 * dtype & 15


@helper
def service_slot(number):
    """The number by which compiled code says that a service is missing."""
    return K_WIDTH + number


PARTS = {  # first column, and of how many operands
    "forward": (K_FORWARD, 1),
    "partial": (K_PARTIAL, 3),
    "tangent": (K_TANGENT, 3),
    "scalar": (K_SCALAR, 1),
    "second": (K_SECOND, 1),
}


def part_of(slot):
    """What a slot names: (part, operand, code of the dtype), or ("service", number, None)."""
    if slot >= K_WIDTH:
        return "service", slot - K_WIDTH, None
    for part, (first, operands) in PARTS.items():
        if first <= slot < first + operands * N_DIFFERENTIABLE:
            return part, *divmod(slot - first, N_DIFFERENTIABLE)
    raise ValueError(f"got slot {slot}, expected the column of a kernel or a service")


def add_operation(operation):
    """A new opcode.  Its kernels are filled in on first use."""
    global _table
    code = len(OPERATIONS)
    if code == len(_table):
        grown = np.concatenate([_table, np.zeros_like(_table)])
        _table, TABLE_CELL[0] = grown, address_of(grown)  # at once: an interrupt between would leave the address of freed memory
    OPERATIONS.append(operation)
    set_result_dtypes(code, None)
    return code


def set_forward(code, dtype, address):
    _table[code, K_FORWARD + dtype] = address


def set_partial(code, operand, dtype, address):
    _table[code, K_PARTIAL + N_DIFFERENTIABLE * operand + dtype] = address


def set_tangent(code, operand, dtype, address):
    _table[code, K_TANGENT + N_DIFFERENTIABLE * operand + dtype] = address


def set_scalar(code, dtype, address):
    _table[code, K_SCALAR + dtype] = address


def set_second(code, dtype, address):
    """Where the program of the partials stands."""
    _table[code, K_SECOND + dtype] = address


def set_selects(code, mask):
    """For which operands a zero partial is structural; of a structured operation, where adjoints do nothing but move."""
    _table[code, K_SELECTS] = mask


def set_uses(code, masks, unit=0):
    """Which values (operands, result) the partial of each operand reads, and which partials are 1."""
    _table[code, K_UNIT] = unit
    for k, mask in enumerate(masks):
        _table[code, K_USES + k] = mask


def set_result_dtypes(code, rule):
    """A function of the dtype of the operands: that of the result; None where they are the same."""
    results = [dtype if rule is None else rule(dtype) for dtype in DTYPES[:N_DIFFERENTIABLE]]
    _table[code, K_RESULT] = sum(DTYPE_CODES[result] << 4 * k for k, result in enumerate(results))


class _Source:
    name, grad_name = "source", "AccumulateGrad"


for _ in (SOURCE, VIEW_OF_STORAGE, WRITE_INTO, WRITE_BESIDE):
    add_operation(_Source())  # ``ops`` puts its own declaration of a view and of a write here


def set_total(code):
    """Of everything, this operation is the sum of the elements over a number: the integer DIVISOR of its rows."""
    _table[code, K_TOTAL] = 1


def set_nonlinear(code):
    """The tangent of this operation is not the operation itself: sweeps wait for its kernel."""
    _table[code, K_NONLINEAR] = 1
