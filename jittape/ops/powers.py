"""Powers.

The derivative by the base is an operation of its own: at a base or an exponent of zero the formula has infinite factors,
and what a mask puts in the place of these would be a constant to the next derivative.
"""

from __future__ import annotations

import builtins
import math
import operator
from typing import TYPE_CHECKING

import numpy as np

from .. import mathfun
from ..mathfun import complex_functions
from . import complex_bodies
from ..dtypes import float64, is_differentiable
from ..tape.record import record_unary
from ..tape.recording_state import recording
from ..tensors.array import Array
from ..tensors.tensor import Tensor, result
from .arguments import as_tensor_argument
from .arithmetic import cube, fourth_power, inverse_square, reciprocal, sqrt, square, three_halves
from .choosing import where
from .copies_and_joins import convert
from .declare_elementwise import elementwise
from .domains import ABOVE_ONE, POSITIVE
from .keywords import stored
from .operation_names import public
from .operation_table import common_dtype, is_operand
from .singular_points import quotient_or_zero
from .transcendental import log

if TYPE_CHECKING:
    from ..typing import TensorLike


def _pow(input: TensorLike, exponent: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The power ``input ** exponent``.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    exponent : Tensor, ndarray or float
        Exponents, of a shape that broadcasts.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.

    Notes
    -----
    The derivative with respect to the base is 0 where the exponent is 0. Small whole and half
    exponents are products and roots, which cost a hundredth of the general power.
    """
    if out is not None:
        return stored(_pow(input, exponent), out, "pow")
    if (
        isinstance(exponent, (int, float, np.integer, np.floating))
        and isinstance(input, Tensor)
        and is_differentiable(input.dtype)
    ):
        special = POWERS.get(float(exponent))
        if special is not None and common_dtype((input, exponent)) == input.dtype:
            return special(input)
    return pow(input, exponent)


def _power_operator(self: Tensor, other: TensorLike) -> Tensor:
    kind = type(other)
    if kind is int or kind is float:
        tape, special = recording(), POWERS.get(other)
        if special is not None and tape is not None and self._tape is tape:
            row = record_unary(tape.header, special.operation.code, self._row)
            if row >= 0:
                return result(tape, row, Array if type(self) is Array else Tensor)
    return _pow(self, other) if is_operand(other) else NotImplemented


def _reflected_power(self: Tensor, other: TensorLike) -> Tensor:
    return pow(other, self) if is_operand(other) else NotImplemented


def _float_power(x, y):
    return _pow(*[convert(as_tensor_argument(a, "float_power"), float64) for a in (x, y)])


@public(in_place=True, out="one")
def float_power(input: TensorLike, exponent: TensorLike) -> Tensor:
    """Powers in double precision.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    exponent : Tensor, ndarray or float
        The exponents.

    Returns
    -------
    Tensor
        In float64.
    """
    return _float_power(input, exponent)


_SPECIAL_POWERS = [  # the mixed derivative is x**(y - 1) * (1 + y * log(x))
    ((0.0, 0.0), 1.0, (0.0, 0.0), (0.0, math.inf, 0.0)),
    ((0.0, 0.5), 0.0, (math.inf, 0.0), (-math.inf, -math.inf, 0.0)),
    ((0.0, 1.0), 0.0, (1.0, 0.0), (0.0, -math.inf, 0.0)),
    ((0.0, 1.5), 0.0, (0.0, 0.0), (math.inf, 0.0, 0.0)),
    ((0.0, 2.0), 0.0, (0.0, 0.0), (2.0, 0.0, 0.0)),
    ((0.0, 3.0), 0.0, (0.0, 0.0), (0.0, 0.0, 0.0)),
    ((3.0, 0.0), 1.0, (0.0, math.log(3.0)), (0.0, 1.0 / 3.0, math.log(3.0) ** 2)),
    ((1e-300, 0.0), 1.0, (0.0, math.log(1e-300)), (0.0, 1e300, math.log(1e-300) ** 2)),
    ((-2.0, 3.0), -8.0, (12.0, math.nan), (-12.0, math.nan, math.nan)),
    ((-2.0, 0.0), 1.0, (0.0, math.nan), (0.0, math.nan, math.nan)),
    ((math.nan, 0.0), 1.0, (0.0, math.nan), (0.0, math.nan, math.nan)),
]
POWERS = {2.0: square, 3.0: cube, 4.0: fourth_power, 0.5: sqrt, 1.5: three_halves, -1.0: reciprocal, -2.0: inverse_square}


@elementwise(
    parameters="input exponent",
    numpy={np.power: None, np.float_power: _float_power},
    operator=operator.pow,
    python=(builtins.pow, math.pow),
    in_place=True,
    function=_pow,
    operators={"__pow__": _power_operator, "__rpow__": _reflected_power},
    domain=POSITIVE,
    integers=True,
    special_points=_SPECIAL_POWERS,
    holomorphic=complex_functions.power,
)
def pow(x, y):
    """``x ** y``; the derivative with respect to the base is 0 where the exponent is 0."""
    return math.pow(x, y)


@pow.partials
def pow_partials(x, y, result):
    flat = (x == 0.0) & (y >= 0.0)
    steep = flat & (y <= 1.0)  # 0 too, but 1 / x at y = 0 and then minus infinity is its derivative by the base
    side = where(steep, where(y == 0.0, 0.0, -0.0), 1.0)
    nothing = quotient_or_zero(where(steep, x, 0.0), side)
    return power_by_base(x, y), where(flat, nothing, result * log(where(flat, 1.0, x)))


@pow.complex_partials
def complex_power_partials(x, y, result):
    nothing = (x == 0.0) & (y != 0.0)
    return power_by_base(x, y), where(nothing, 0.0, result * log(where(nothing, 1.0, x)))


@elementwise(
    public=False,
    domain=POSITIVE,
    oracle=lambda x, y: np.where(y == 0.0, 0.0, y * np.power(x, y - 1.0)),
    holomorphic=complex_bodies.power_by_base,
)
def power_by_base(x, y):
    """The derivative of a power by its base, ``y * x ** (y - 1)``, and 0 where the exponent is 0."""
    return 0.0 if y == 0.0 else y * math.pow(x, y - 1.0)


@power_by_base.partials
def power_by_base_partials(x, y, result):
    constant = y == 0.0
    by_base = where(constant, 0.0, y * power_by_base(where(constant, 1.0, x), y - 1.0))
    return by_base, mixed_derivative_of_power(x, y)


def _mixed_by_numpy(x, y):
    product = np.power(x, y - 1.0) * (1.0 + np.where((x == 0.0) & (y == 0.0), 0.0, y * np.log(x)))
    return np.where((x == 0.0) & (y > 1.0), 0.0, product)


@elementwise(public=False, domain=ABOVE_ONE, oracle=_mixed_by_numpy, holomorphic=complex_bodies.mixed_derivative_of_power)
def mixed_derivative_of_power(x, y):
    """The mixed derivative of a power, ``x ** (y - 1) * (1 + y * log(x))``."""
    if x == 0.0 and y > 1.0:
        return 0.0
    return math.pow(x, y - 1.0) * (1.0 + (y * mathfun.log(x) if x != 0.0 or y != 0.0 else 0.0))


@mixed_derivative_of_power.partials
def mixed_derivative_partials(x, y, result):
    flat = (x == 0.0) & (y > 2.0)
    base = where(flat, 1.0, x)
    power, logarithm = pow(base, y - 2.0), log(base)
    by_base = where(flat, 0.0, power * (2.0 * y - 1.0 + y * (y - 1.0) * logarithm))
    return by_base, where(flat, 0.0, base * power * logarithm * (2.0 + y * logarithm))


@mixed_derivative_of_power.complex_partials
def complex_mixed_derivative_partials(x, y, result):
    power, logarithm = pow(x, y - 2.0), log(x)
    by_base = power * (2.0 * y - 1.0 + y * (y - 1.0) * logarithm)
    return by_base, x * power * logarithm * (2.0 + y * logarithm)
