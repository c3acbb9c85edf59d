"""Rounding and remainders."""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING

import numpy as np

from .. import mathfun
from ..tensors.tensor import Tensor
from .choosing import where
from .declare_elementwise import elementwise
from .domains import NONZERO, NO_INTEGERS, whole_quotient
from .memory_order import laid_out
from .operation_names import public

if TYPE_CHECKING:
    from typing import SupportsIndex

    from ..typing import TensorLike


@elementwise(
    numpy=np.floor, in_place=True, exact=True, domain=NO_INTEGERS, integers=True, special_points=[((1.0,), 1.0, (0.0,), (0.0,))]
)
def floor(x):
    """The largest integer not above; its derivative is 0."""
    return np.floor(x)


@floor.partials
def floor_partials(x, result):
    return (0.0,)


@elementwise(numpy=np.ceil, in_place=True, exact=True, domain=NO_INTEGERS, integers=True)
def ceil(x):
    """The smallest integer not below; its derivative is 0."""
    return np.ceil(x)


@ceil.partials
def ceil_partials(x, result):
    return (0.0,)


@elementwise(in_place=True, aliases="fix", numpy=np.trunc, exact=True, domain=NO_INTEGERS, integers=True)
def trunc(x):
    """The integer towards zero; its derivative is 0."""
    return np.trunc(x)


@trunc.partials
def trunc_partials(x, result):
    return (0.0,)


@elementwise(numpy=np.rint, public=False, exact=True, domain=NO_INTEGERS, integers=True, grad_name="RoundBackward0")
def rint(x):
    """The nearest integer, ties to even; its derivative is 0."""
    return mathfun.rint(x)


@rint.partials
def rint_partials(x, result):
    return (0.0,)


@elementwise(
    numpy=np.floor_divide,
    operator=operator.floordiv,
    in_place=True,
    exact=True,
    integers=True,
    domain=NONZERO,
    kinks=whole_quotient,
    special_points=[((1.0, 0.1), 9.0, (0.0, 0.0), (0.0,) * 3), ((-1.0, math.inf), -1.0, (0.0, 0.0), (0.0,) * 3)],
)
def floor_divide(x, y):
    """The quotient rounded down, as Python has it: of 1.0 and 0.1 it is 9, for 0.1 is a little more than a tenth."""
    if y == 0.0:
        return x / y
    r = np.fmod(x, y)
    q = (x - r) / y - (1.0 if r != 0.0 and (r < 0.0) != (y < 0.0) else 0.0)
    if q == 0.0:
        return math.copysign(0.0, x / y)
    down = np.floor(q)
    return down + 1.0 if q - down > 0.5 else down


@floor_divide.partials
def floor_divide_partials(x, y, result):
    return 0.0, 0.0


@elementwise(
    in_place=True,
    numpy=np.fmod,
    python=math.fmod,
    exact=True,
    integers=True,
    domain=NONZERO,
    kinks=whole_quotient,
    special_points=[
        ((6.0, 3.0), 0.0, (1.0, -2.0), (0.0,) * 3),
        ((-7.0, 3.0), -1.0, (1.0, 2.0), (0.0,) * 3),
        ((1.0, math.inf), 1.0, (1.0, 0.0), (0.0,) * 3),
    ],
)
def fmod(x, y):
    """The remainder with the sign of `x`."""
    return np.fmod(x, y)  # Numba has no math.fmod


@fmod.partials
def fmod_partials(x, y, result):
    return 1.0, rint((result - x) / y)  # not -trunc(x / y): a quotient just below an integer is rounded to it


@elementwise(
    in_place=True,
    numpy=np.remainder,
    operator=operator.mod,
    exact=True,
    integers=True,
    domain=NONZERO,
    kinks=whole_quotient,
    special_points=[
        ((6.0, 3.0), 0.0, (1.0, -2.0), (0.0,) * 3),
        ((-7.0, 3.0), 2.0, (1.0, 3.0), (0.0,) * 3),
        ((0.8999999999999999, 0.3), 0.29999999999999993, (1.0, -2.0), (0.0,) * 3),
    ],
)
def remainder(x, y):
    """The remainder with the sign of `y`."""
    r = np.fmod(x, y)
    return r + y if r != 0.0 and (r < 0.0) != (y < 0.0) else r


@remainder.partials
def remainder_partials(x, y, result):
    rounded = rint((result - x) / y)
    return 1.0, where(abs(y) == math.inf, where(result == x, 0.0, 1.0), rounded)


def _around(a, decimals=0, out=None):
    found = round(a, decimals=decimals)
    return found if decimals == 0 or not isinstance(a, Tensor) else laid_out(found, "A", (a,))


@public(numpy={np.round: _around, np.around: _around}, in_place=True, out="one")
def round(input: TensorLike, *, decimals: SupportsIndex = 0) -> Tensor:
    """Values rounded to the nearest integer (ties to even), or to a number of decimals; the derivative is 0.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    decimals : int, optional
        Number of digits after the point.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    if decimals == 0:
        return rint(input)
    scale = 10.0 ** abs(decimals)
    return rint(input * scale) / scale if decimals > 0 else rint(input / scale) * scale
