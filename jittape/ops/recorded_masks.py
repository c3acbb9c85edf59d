"""Comparisons as rows: what a trace records where eager code computes an array of bools.

A mask on a tape is numbers, 0 and 1, in the dtype of what was compared: kernels know no bools, and
`where` reads numbers anyway.  No gradient flows through it.
"""

import numpy as np

from ..dtypes import get_default_dtype, is_float
from ..tape.tape import current
from .declare_elementwise import Elementwise
from .operation_table import common_dtype

MASKS = {}  # name of the comparison -> Mask


class Mask(Elementwise):
    """A comparison or test of numbers, as numbers."""

    def __init__(self, body, ufunc):
        super().__init__(body, body.__code__.co_argcount, ufunc=ufunc)
        self.partials = _no_partials[self.arity - 1]
        MASKS[self.name.removeprefix("mask_")] = self

    def apply(self, *args):
        """The mask of a trace that keeps it."""
        tape = current().recorder
        dtype = common_dtype(args)
        masked = self._record(tape, args, dtype if is_float(dtype) else get_default_dtype())
        tape.hold_mask(masked)
        return masked


def recorded_mask(name, operands):
    """The mask of operands that a trace keeps, None where there is no trace."""
    tape = current().recorder
    if tape is None or not tape.keeps(operands):
        return None
    if name.startswith("bitwise") and common_dtype(operands).kind != "b":
        return None
    return MASKS[name].apply(*operands)


def _of_one(x, result):
    return (0.0,)


def _of_two(x, y, result):
    return 0.0, 0.0


_no_partials = (_of_one, _of_two)


def mask_eq(x, y):
    """1 where equal."""
    return 1.0 if x == y else 0.0


def mask_ne(x, y):
    """1 where different."""
    return 1.0 if x != y else 0.0


def mask_lt(x, y):
    """1 where the first is smaller."""
    return 1.0 if x < y else 0.0


def mask_le(x, y):
    """1 where the first is not larger."""
    return 1.0 if x <= y else 0.0


def mask_gt(x, y):
    """1 where the first is larger."""
    return 1.0 if x > y else 0.0


def mask_ge(x, y):
    """1 where the first is not smaller."""
    return 1.0 if x >= y else 0.0


def mask_logical_and(x, y):
    """1 where both are not 0."""
    return 1.0 if x != 0.0 and y != 0.0 else 0.0


def mask_logical_or(x, y):
    """1 where one is not 0."""
    return 1.0 if x != 0.0 or y != 0.0 else 0.0


def mask_logical_xor(x, y):
    """1 where exactly one is not 0."""
    return 1.0 if (x != 0.0) != (y != 0.0) else 0.0


def mask_logical_not(x):
    """1 where 0."""
    return 1.0 if x == 0.0 else 0.0


def mask_isnan(x):
    """1 where not a number."""
    return 1.0 if x != x else 0.0


def mask_isinf(x):
    """1 where infinite."""
    return 1.0 if abs(x) == np.inf else 0.0


def mask_isfinite(x):
    """1 where neither infinite nor nan."""
    return 1.0 if abs(x) < np.inf else 0.0


for _body, _ufunc in (
    (mask_eq, np.equal), (mask_ne, np.not_equal), (mask_lt, np.less), (mask_le, np.less_equal), (mask_gt, np.greater),
    (mask_ge, np.greater_equal), (mask_logical_and, np.logical_and), (mask_logical_or, np.logical_or),
    (mask_logical_xor, np.logical_xor), (mask_logical_not, np.logical_not), (mask_isnan, np.isnan), (mask_isinf, np.isinf),
    (mask_isfinite, np.isfinite),
):
    Mask(_body, _ufunc)
for _bits, _name in (("bitwise_and", "logical_and"), ("bitwise_or", "logical_or"), ("bitwise_xor", "logical_xor"),
                     ("bitwise_not", "logical_not")):
    MASKS[_bits] = MASKS[_name]  # of bools: what `&` of floats would be, NumPy refuses
