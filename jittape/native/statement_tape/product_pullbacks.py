"""The pullback of a product of matrices, in the reverse sweep over a statement tape.

BLAS multiplies what is a structural zero like any number, and mixes what is not finite with the rest of a sum. So it is used
where all adjoints of the product have got something and all numbers are finite; then its answer is that of the plain loops, to
rounding. Plain loops are as fast where one of the matrices is a vector.
"""

import numpy as np
from numba import types
from numba.extending import intrinsic

from ..compat import llvm_ir as ir, populate_array
from ...numba_backend.decorators import helper
from ...memory.pool import nrt_allocate, nrt_free
from ...memory.words import integer_of, pointer_to, set_word, word
from ..numbers.array_types import array_of
from ..numbers.cells import cell_access, numeric
from ..tape_memory.arenas import STRUCTURAL_ZERO, WORD
from ..tape_memory.tape_entries import (
    COLUMNS,
    FACTOR_COLUMNS,
    FACTOR_FIRST,
    FACTOR_ROWS,
    FACTOR_VALUES,
    FIRST,
    INNER,
    LEFT,
    RIGHT,
    ROWS,
)

FEWEST_PRODUCTS = 1000  # of numbers: a call of BLAS takes as long as some hundred
EXPONENT = 0x7FF << 52  # the bits of what is not finite


_load, _store, _ = cell_access(types.float64)


@intrinsic
def _matrix_at(typingctx, address, rows, columns):
    """The float64 matrix at an address, row by row."""
    ty = array_of(types.float64, 2)

    def codegen(context, builder, signature, args):
        array, item = context.make_array(ty)(context, builder), ir.Constant(WORD, 8)
        data = builder.inttoptr(args[0], array.data.type)
        populate_array(array, data, list(args[1:]), [builder.mul(args[2], item), item], item, meminfo=None)
        return array._getvalue()

    return ty(types.int64, types.int64, types.int64), codegen


@helper
def _all_finite(address, n):
    """Whether all of n numbers are finite; so is 0 numbers at no address."""
    other = 0
    for k in range(n if address != 0 else 0):
        other |= word(address, k) & EXPONENT == EXPONENT
    return other == 0


@helper
def _none_structural(address, n):
    structural = 0
    for k in range(n):
        structural |= word(address, k) == STRUCTURAL_ZERO
    return structural == 0


@helper
def _add_matrix(adjoints, factor, x_bar, rows, columns):
    """Add a matrix to the adjoints of a factor."""
    first, down, along = word(factor, FACTOR_FIRST), word(factor, FACTOR_ROWS), word(factor, FACTOR_COLUMNS)
    for i in range(rows):
        start = first + i * down
        if along == 1:
            for j in range(columns):
                _store(adjoints, start + j, _load(adjoints, start + j) + numeric(x_bar[i, j]))
        else:
            for j in range(columns):
                _store(adjoints, start + j * along, _load(adjoints, start + j * along) + numeric(x_bar[i, j]))


@helper
def _never(adjoints, entry):
    return False


@helper
def products_by_blas(adjoints, entry):
    """The pullback by BLAS, if it may be used: whether it was."""
    rows, inner, columns = word(entry, ROWS), word(entry, INNER), word(entry, COLUMNS)
    left, right = entry + 8 * LEFT, entry + 8 * RIGHT
    seeds, size = adjoints + 8 * word(entry, FIRST), rows * columns
    if min(rows, columns) == 1 or size * inner < FEWEST_PRODUCTS:
        return False
    if not (_none_structural(seeds, size) and _all_finite(seeds, size)):
        return False
    if not (_all_finite(word(left, FACTOR_VALUES), inner * columns) and _all_finite(word(right, FACTOR_VALUES), rows * inner)):
        return False
    room = integer_of(nrt_allocate(np.uintp(8 * inner * max(rows, columns))))
    if room == 0:
        return False
    y_bar = _matrix_at(seeds, rows, columns)
    if word(left, FACTOR_FIRST) != 0:
        x_bar = _matrix_at(room, rows, inner)
        np.dot(y_bar, _matrix_at(word(left, FACTOR_VALUES), inner, columns).T, x_bar)
        _add_matrix(adjoints, left, x_bar, rows, inner)
    if word(right, FACTOR_FIRST) != 0:
        x_bar = _matrix_at(room, inner, columns)
        np.dot(_matrix_at(word(right, FACTOR_VALUES), rows, inner).T, y_bar, x_bar)
        _add_matrix(adjoints, right, x_bar, inner, columns)
    nrt_free(pointer_to(room))
    for k in range(size):
        set_word(seeds, k, STRUCTURAL_ZERO)
    return True


def make_product(kind):
    """Make the pullback of a product of matrices: as plain loops along rows, and by BLAS for plain numbers."""
    partial_at, load, store, zero, is_zero, plus, flow, push = kind
    by_blas = products_by_blas if load is _load else _never

    @helper
    def add_along(adjoints, start, step, values, at, stride, seed, n):
        if step == 1 and stride == 1:  # only fixed steps become vector code
            for k in range(n):
                store(adjoints, start + k, plus(load(adjoints, start + k), push(partial_at(values, at + k), seed)))
            return
        for k in range(n):
            i = start + k * step
            store(adjoints, i, plus(load(adjoints, i), push(partial_at(values, at + k * stride), seed)))

    def product(adjoints, entry, cell):
        rows, inner, columns = word(entry, ROWS), word(entry, INNER), word(entry, COLUMNS)
        left, right = entry + 8 * LEFT, entry + 8 * RIGHT
        if by_blas(adjoints, entry):
            return 0
        for i in range(rows):
            for j in range(columns):
                s = word(entry, FIRST) + i * columns + j
                seed = load(adjoints, s)
                if is_zero(seed):
                    continue
                if word(left, FACTOR_FIRST) != 0:
                    start = word(left, FACTOR_FIRST) + i * word(left, FACTOR_ROWS)
                    add_along(adjoints, start, word(left, FACTOR_COLUMNS), word(left, FACTOR_VALUES), j, columns, seed, inner)
                if word(right, FACTOR_FIRST) != 0:
                    start = word(right, FACTOR_FIRST) + j * word(right, FACTOR_COLUMNS)
                    add_along(adjoints, start, word(right, FACTOR_ROWS), word(right, FACTOR_VALUES), i * inner, 1, seed, inner)
                store(adjoints, s, zero())
        return 0

    return product
