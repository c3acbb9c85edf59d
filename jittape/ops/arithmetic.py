"""Arithmetic, powers and roots.

Partials take the arguments and the result. They run on floats inside kernels, and on Tensors when a higher derivative is
recorded; so they use the functions of the table and no Python branch.
"""

from __future__ import annotations

import builtins
import math
import operator
from typing import TYPE_CHECKING

import numpy as np

from ..mathfun import complex_functions
from ..numba_backend.decorators import helper
from ..tensors.tensor import Tensor, wrap
from .choosing import where
from .complex_bodies import inverse_square as of_square
from .complex_bodies import reciprocal_root, root_of_cube
from .domains import NONZERO, POSITIVE
from .declare_elementwise import elementwise
from .keywords import stored
from .operation_table import as_operand, common_dtype, raw
from .round_and_remainder import floor_divide, trunc
from .singular_points import quotient_or_zero

if TYPE_CHECKING:
    from ..typing import Number, TensorLike


# --- arithmetic -----------------------------------------------------------------------------------------


def _add(input: TensorLike, other: TensorLike, *, alpha: Number = 1, out: Tensor | None = None) -> Tensor:
    """The sum ``input + alpha * other``.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    other : Tensor, ndarray or float
        Values of a shape that broadcasts.
    alpha : float, optional
        Factor of `other`.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """
    return add(input, other if alpha == 1 else as_operand(other) * alpha, out=out)


def _sub(input: TensorLike, other: TensorLike, *, alpha: Number = 1, out: Tensor | None = None) -> Tensor:
    """The difference ``input - alpha * other``.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    other : Tensor, ndarray or float
        Values of a shape that broadcasts.
    alpha : float, optional
        Factor of `other`.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """
    return sub(input, other if alpha == 1 else as_operand(other) * alpha, out=out)


@elementwise(numpy=np.add, operator=operator.add, in_place=True, function=_add, exact=True, integers=True, holomorphic=True)
def add(x, y):
    """The sum of two numbers."""
    return x + y


@add.partials
def add_partials(x, y, result):
    return 1.0, 1.0


@elementwise(
    numpy=np.subtract,
    operator=operator.sub,
    aliases="subtract",
    in_place=True,
    function=_sub,
    exact=True,
    integers=True,
    grad_name="SubBackward0",
    holomorphic=True,
)
def sub(x, y):
    """The difference of two numbers."""
    return x - y


@sub.partials
def sub_partials(x, y, result):
    return 1.0, -1.0


@elementwise(
    numpy=np.multiply,
    operator=operator.mul,
    aliases="multiply",
    in_place=True,
    exact=True,
    integers=True,
    doubled="square",
    holomorphic=True,
)
def mul(x, y):
    """The product of two numbers."""
    return x * y


@mul.partials
def mul_partials(x, y, result):
    return y, x


def _div(input: TensorLike, other: TensorLike, *, rounding_mode: str | None = None, out: Tensor | None = None) -> Tensor:
    """The quotient ``input / other``, optionally rounded.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    other : Tensor, ndarray or float
        Values of a shape that broadcasts.
    rounding_mode : {None, "floor", "trunc"}, optional
        Round down, towards zero, or not at all. Rounded quotients of integers are integers.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.

    Raises
    ------
    RuntimeError
        If `rounding_mode` is something else.
    """
    if rounding_mode is None:
        return div(input, other, out=out)
    if out is not None:
        return stored(_div(input, other, rounding_mode=rounding_mode), out, "div")
    if rounding_mode not in ("floor", "trunc"):
        raise RuntimeError(f"div expected rounding_mode to be one of None, 'trunc', or 'floor' but found {rounding_mode!r}")
    if all(_kind(v) != "f" for v in (input, other)):
        operands = [as_operand(input), as_operand(other, "other")]
        a, b = (np.asarray(raw(v), common_dtype(operands)) for v in operands)
        quotient = np.floor_divide(a, b)
        if rounding_mode == "trunc":
            quotient = quotient + ((quotient * b != a) & ((a < 0) != (b < 0)))
        return wrap(np.asarray(quotient))
    return floor_divide(input, other) if rounding_mode == "floor" else trunc(div(input, other))


def _kind(value):
    return value.dtype.kind if isinstance(value, (Tensor, np.ndarray, np.generic)) else np.asarray(value).dtype.kind


@elementwise(
    numpy=np.divide,
    operator=operator.truediv,
    aliases="divide true_divide",
    in_place=True,
    function=_div,
    exact=True,
    domain=NONZERO,
    holomorphic=complex_functions.quotient,
)
def div(x, y):
    """The quotient of two numbers."""
    return x / y


@div.partials
def div_partials(x, y, result):
    return div(1.0, y), div(-result, y)


@elementwise(
    numpy=np.negative, operator=operator.neg, aliases="negative", in_place=True, exact=True, integers=True, holomorphic=True
)
def neg(x):
    """The number with its sign changed."""
    return -x


@neg.partials
def neg_partials(x, result):
    return (-1.0,)


@elementwise(
    numpy=(np.absolute, np.fabs),
    operator=operator.abs,
    python=(builtins.abs, math.fabs),
    aliases="absolute",
    in_place=True,
    exact=True,
    integers=True,
    domain=NONZERO,
    special_points=[((0.0,), 0.0, (0.0,), (0.0,)), ((math.nan,), math.nan, (0.0,), (0.0,))],
)
def abs(x):
    """The absolute value; its derivative at 0 is 0."""
    return math.fabs(x)


@abs.partials
def abs_partials(x, result):
    return (where(x > 0.0, 1.0, where(x < 0.0, -1.0, 0.0)),)  # not the sign, which is nan at nan


@elementwise(
    in_place=True,
    numpy=np.sign,
    exact=True,
    integers=True,
    domain=NONZERO,
    special_points=[((0.0,), 0.0, (0.0,), (0.0,)), ((2.0,), 1.0, (0.0,), (0.0,))],
)
def sign(x):
    """-1, 0 or 1; its derivative is 0 everywhere."""
    if x > 0:
        return 1.0
    return -1.0 if x < 0 else x * 0.0


@sign.partials
def sign_partials(x, result):
    return (0.0,)


@elementwise(numpy=np.square, in_place=True, exact=True, integers=True, grad_name="PowBackward0", holomorphic=True)
def square(x):
    """The square."""
    return x * x


@square.partials
def square_partials(x, result):
    return (2.0 * x,)


@elementwise(public=False, grad_name="PowBackward0", oracle=lambda x: np.power(x, 3), holomorphic=True)
def cube(x):
    """The third power."""
    return x * x * x


@cube.partials
def cube_partials(x, result):
    return (3.0 * (x * x),)


@elementwise(public=False, grad_name="PowBackward0", oracle=lambda x: np.power(x, 4.0), holomorphic=True)
def fourth_power(x):
    """The fourth power."""
    return (x * x) * (x * x)


@fourth_power.partials
def fourth_power_partials(x, result):
    return (4.0 * (x * x * x),)


@elementwise(public=False, domain=POSITIVE, grad_name="PowBackward0", oracle=lambda x: np.power(x, 1.5), holomorphic=root_of_cube)
def three_halves(x):
    """The power 3/2: a product and a root, where the general power costs a hundred times as much."""
    return math.inf if x == -math.inf else x * math.sqrt(x)


@three_halves.partials
def three_halves_partials(x, result):
    return (1.5 * sqrt(x),)


@elementwise(public=False, domain=NONZERO, grad_name="PowBackward0", oracle=lambda x: np.power(x, -2.0), holomorphic=of_square)
def inverse_square(x):
    """The power -2."""
    return 1.0 / (x * x)


@inverse_square.partials
def inverse_square_partials(x, result):
    return (div(-2.0 * result, x),)


@elementwise(
    numpy=np.sqrt,
    python=math.sqrt,
    in_place=True,
    exact=True,
    domain=POSITIVE,
    special_points=[((0.0,), 0.0, (math.inf,), (-math.inf,))],
    holomorphic=complex_functions.sqrt,
)
def sqrt(x):
    """The square root; its derivative at 0 is inf."""
    return math.sqrt(x)


@sqrt.partials
def sqrt_partials(x, result):
    return (div(0.5, result),)


@elementwise(in_place=True, domain=POSITIVE, oracle=lambda x: 1.0 / np.sqrt(x), holomorphic=reciprocal_root)
def rsqrt(x):
    """One over the square root."""
    return 1.0 / math.sqrt(x)


@rsqrt.partials
def rsqrt_partials(x, result):
    return (-0.5 * (result * result * result),)


@helper
def _cube_root(x):
    root = np.cbrt(x)
    if root == 0.0 or not math.fabs(root) < math.inf:
        return root
    return root - (root - x / (root * root)) / 3.0  # a step of Newton's: older Numbas compute a power, 60 ulp off


@elementwise(
    numpy=np.cbrt,
    python=getattr(math, "cbrt", ()),
    method=False,
    domain=NONZERO,
    special_points=[((0.0,), 0.0, (math.inf,), (-math.inf,)), ((-8.0,), -2.0, (1 / 12,), (1 / 144,))],
)
def cbrt(x):
    """The cube root, of negative numbers too; its derivative at 0 is inf."""
    return _cube_root(x)


@cbrt.partials
def cbrt_partials(x, result):
    return (cbrt_slope(x),)  # a quotient of the result has a derivative of nan at 0


@elementwise(public=False, domain=NONZERO, oracle=lambda x: 1.0 / (3.0 * np.cbrt(x) ** 2))
def cbrt_slope(x):
    """The derivative of the cube root."""
    root = _cube_root(x)
    return 1.0 / (3.0 * (root * root))


@cbrt_slope.partials
def cbrt_slope_partials(x, result):
    return (result / x * (-2.0 / 3.0),)


@elementwise(numpy=np.reciprocal, in_place=True, domain=NONZERO, holomorphic=complex_functions.reciprocal)
def reciprocal(x):
    """One over the number."""
    return 1.0 / x


@reciprocal.partials
def reciprocal_partials(x, result):
    return (-(result * result),)


@elementwise(
    in_place=True,
    numpy=np.hypot,
    python=math.hypot,
    domain=NONZERO,
    special_points=[((0.0, 0.0), 0.0, (0.0, 0.0), (math.nan,) * 3), ((0.0, 2.0), 2.0, (0.0, 1.0), (0.5, 0.0, 0.0))],
)
def hypot(x, y):
    """The length of (x, y); both derivatives are 0 at the origin."""
    return math.hypot(x, y)


@hypot.partials
def hypot_partials(x, y, result):
    return quotient_or_zero(x, result), quotient_or_zero(y, result)
