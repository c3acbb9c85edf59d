"""What the functions of this package are made of: the decorator, bit patterns, conversions."""

import struct

import numpy as np
from numba import types

from ..numba_backend.decorators import helper, helper_for
from ..numba_backend.word_intrinsics import bits_of_float, float_of_bits, logical_shift_right

# Options are fixed here because callees otherwise inherit those of the caller: reassociation (a user's
# fastmath=True) would delete (x + MAGIC) - MAGIC, and Python's error model turns a division into a branch.
# "contract" only fuses a*b + c.  Where an error term is computed below, products are exact or enter once,
# so results keep their bound with and without fusing.  Not inlined, a function would stop vectorisation.
elementary = helper(error_model="numpy", fastmath={"contract"}, forceinline=True)

MAGIC = 6755399441055744.0  # 1.5 * 2**52: x + MAGIC rounds x to an integer and has it in its low bits
ONE_BITS = 0x3FF0000000000000


# In Python these run as they stand; compiled code has one instruction for each.


def to_bits(x):
    """The bit pattern of a float64 as an int64."""
    return struct.unpack("<q", struct.pack("<d", x))[0]


def from_bits(n):
    """The float64 of a bit pattern, modulo 2**64."""
    return struct.unpack("<d", struct.pack("<Q", n & 0xFFFFFFFFFFFFFFFF))[0]


def shift_right(n, places):
    """Logical shift of an int64."""
    return (n & 0xFFFFFFFFFFFFFFFF) >> places


def double(x):
    """A number as a float64."""
    return float(x)


def like(x, value):
    """A float64 result, rounded to float32 where the argument `x` was one (compiled code only)."""
    return value


@helper_for(to_bits)
def _(x):
    return lambda x: bits_of_float(x)


@helper_for(from_bits)
def _(n):
    return lambda n: float_of_bits(n)


@helper_for(shift_right)
def _(n, places):
    return lambda n, places: logical_shift_right(n, places)


@helper_for(double)
def _(x):
    return lambda x: np.float64(x)


@helper_for(like)
def _(x, value):
    if x == types.float32:
        return lambda x, value: np.float32(value)
    return lambda x, value: value


@elementary
def power_of_two(shifted):
    """2**n for a `shifted` = n + MAGIC, -1022 <= n <= 1023."""
    return from_bits((to_bits(shifted) << 52) + ONE_BITS)
