"""Arithmetic and choosing.

Partials take the arguments, then the result.  They run on floats inside kernels and on Tensors when a
higher derivative is recorded, so they use the functions of the table and no Python branch.
"""

import math

import numpy as np

from .. import mathfun
from .domains import NONZERO, NO_INTEGERS, POSITIVE, REAL
from .declare_elementwise import elementwise


# --- choosing -------------------------------------------------------------------------------------------


@elementwise(ufunc=np.where, exact=True, integers=True, selects=True, grad_name="WhereBackward0")
def where(condition, x, y):
    """Elements of `x` where the condition is not zero, of `y` elsewhere."""
    return x if condition else y


@where.partials
def where_partials(condition, x, y, result):
    chosen = condition != 0
    return 0.0, where(chosen, 1.0, 0.0), where(chosen, 0.0, 1.0)


# --- arithmetic -----------------------------------------------------------------------------------------


@elementwise(ufunc=np.add, exact=True, integers=True)
def add(x, y):
    """The sum of two numbers."""
    return x + y


@add.partials
def add_partials(x, y, result):
    return 1.0, 1.0


@elementwise(ufunc=np.subtract, exact=True, integers=True, grad_name="SubBackward0")
def sub(x, y):
    """The difference of two numbers."""
    return x - y


@sub.partials
def sub_partials(x, y, result):
    return 1.0, -1.0


@elementwise(ufunc=np.multiply, exact=True, integers=True, doubled="square")
def mul(x, y):
    """The product of two numbers."""
    return x * y


@mul.partials
def mul_partials(x, y, result):
    return y, x


@elementwise(ufunc=np.divide, exact=True, domain=NONZERO)
def div(x, y):
    """The quotient of two numbers."""
    return x / y


@div.partials
def div_partials(x, y, result):
    return 1.0 / y, -result / y


@elementwise(ufunc=np.negative, exact=True, integers=True)
def neg(x):
    """The number with its sign changed."""
    return -x


@neg.partials
def neg_partials(x, result):
    return (-1.0,)


@elementwise(ufunc=(np.absolute, np.fabs), exact=True, integers=True, domain=NONZERO)
def abs(x):
    """The absolute value; its derivative at 0 is 0."""
    return math.fabs(x)


@abs.partials
def abs_partials(x, result):
    return (sign(x),)


@elementwise(ufunc=np.sign, exact=True, integers=True, domain=NONZERO)
def sign(x):
    """-1, 0 or 1; its derivative is 0 everywhere."""
    if x > 0:
        return 1.0
    return -1.0 if x < 0 else x * 0.0


@sign.partials
def sign_partials(x, result):
    return (0.0,)


@elementwise(ufunc=np.square, exact=True, integers=True, grad_name="PowBackward0")
def square(x):
    """The square."""
    return x * x


@square.partials
def square_partials(x, result):
    return (2.0 * x,)


@elementwise(exact=False, grad_name="PowBackward0")
def cube(x):
    """The third power."""
    return x * x * x


@cube.partials
def cube_partials(x, result):
    return (3.0 * (x * x),)


@elementwise(grad_name="PowBackward0")
def fourth_power(x):
    """The fourth power."""
    return (x * x) * (x * x)


@fourth_power.partials
def fourth_power_partials(x, result):
    return (4.0 * (x * x * x),)


@elementwise(domain=POSITIVE, grad_name="PowBackward0")
def three_halves(x):
    """The power 3/2: a product and a root, where the general power costs a hundred times as much."""
    return math.inf if x == -math.inf else x * math.sqrt(x)


@three_halves.partials
def three_halves_partials(x, result):
    return (1.5 * sqrt(x),)


@elementwise(domain=NONZERO, grad_name="PowBackward0")
def inverse_square(x):
    """The power -2."""
    return 1.0 / (x * x)


@inverse_square.partials
def inverse_square_partials(x, result):
    return (-2.0 * result / x,)


@elementwise(ufunc=np.sqrt, exact=True, domain=POSITIVE)
def sqrt(x):
    """The square root; its derivative at 0 is inf."""
    return math.sqrt(x)


@sqrt.partials
def sqrt_partials(x, result):
    return (0.5 / result,)


@elementwise(domain=POSITIVE)
def rsqrt(x):
    """One over the square root."""
    return 1.0 / math.sqrt(x)


@rsqrt.partials
def rsqrt_partials(x, result):
    return (-0.5 * (result * result * result),)


@elementwise(ufunc=np.reciprocal, domain=NONZERO)
def reciprocal(x):
    """One over the number."""
    return 1.0 / x


@reciprocal.partials
def reciprocal_partials(x, result):
    return (-(result * result),)


@elementwise(ufunc=np.maximum, exact=True, integers=True, selects=True)
def maximum(x, y):
    """The larger of two numbers, nan if one is; at a tie each gets half of the gradient."""
    return x if (x > y or x != x) else y


@maximum.partials
def maximum_partials(x, y, result):
    tie = where(x == y, 0.5, 0.0)
    return where(x > y, 1.0, tie), where(y > x, 1.0, tie)


@elementwise(ufunc=np.minimum, exact=True, integers=True, selects=True)
def minimum(x, y):
    """The smaller of two numbers, nan if one is; at a tie each gets half of the gradient."""
    return x if (x < y or x != x) else y


@minimum.partials
def minimum_partials(x, y, result):
    tie = where(x == y, 0.5, 0.0)
    return where(x < y, 1.0, tie), where(y < x, 1.0, tie)


@elementwise(selects=True, grad_name="ClampBackward0")
def clamp_between(x, low, high):
    """`x` moved into [low, high]; the derivative at a bound is 1, and `high` wins where low > high."""
    y = low if x < low else x
    return high if y > high else y


@clamp_between.partials
def clamp_between_partials(x, low, high, result):
    crossed = low > high
    inside = (x >= low) & (x <= high)
    by_low = where((x < low) & (low <= high), 1.0, 0.0)
    by_high = where((x > high) | crossed, 1.0, 0.0)
    return where(inside, 1.0, 0.0), by_low, by_high


@elementwise(selects=True, grad_name="ClampMinBackward0")
def clamp_low(x, low):
    """The larger of `x` and a bound; the derivative at the bound is that of `x`."""
    return low if x < low else x


@clamp_low.partials
def clamp_low_partials(x, low, result):
    return where(x >= low, 1.0, 0.0), where(x < low, 1.0, 0.0)


@elementwise(selects=True, grad_name="ClampMaxBackward0")
def clamp_high(x, high):
    """The smaller of `x` and a bound; the derivative at the bound is that of `x`."""
    return high if x > high else x


@clamp_high.partials
def clamp_high_partials(x, high, result):
    return where(x <= high, 1.0, 0.0), where(x > high, 1.0, 0.0)


@elementwise(ufunc=np.floor, exact=True, domain=NO_INTEGERS, integers=True)
def floor(x):
    """The largest integer not above; its derivative is 0."""
    return np.floor(x)


@floor.partials
def floor_partials(x, result):
    return (0.0,)


@elementwise(ufunc=np.ceil, exact=True, domain=NO_INTEGERS, integers=True)
def ceil(x):
    """The smallest integer not below; its derivative is 0."""
    return np.ceil(x)


@ceil.partials
def ceil_partials(x, result):
    return (0.0,)


@elementwise(ufunc=np.trunc, exact=True, domain=NO_INTEGERS, integers=True)
def trunc(x):
    """The integer towards zero; its derivative is 0."""
    return np.trunc(x)


@trunc.partials
def trunc_partials(x, result):
    return (0.0,)


@elementwise(ufunc=np.rint, exact=True, domain=NO_INTEGERS, integers=True, grad_name="RoundBackward0")
def rint(x):
    """The nearest integer, ties to even; its derivative is 0."""
    return mathfun.rint(x)


@rint.partials
def rint_partials(x, result):
    return (0.0,)


@elementwise(ufunc=np.fmod, exact=True, integers=True, domain=NONZERO)
def fmod(x, y):
    """The remainder with the sign of `x`."""
    return np.fmod(x, y)  # Numba has no math.fmod


@fmod.partials
def fmod_partials(x, y, result):
    return 1.0, -trunc(x / y)


@elementwise(ufunc=(np.remainder, np.mod), exact=True, integers=True, domain=NONZERO)
def remainder(x, y):
    """The remainder with the sign of `y`."""
    r = np.fmod(x, y)
    return r + y if r != 0.0 and (r < 0.0) != (y < 0.0) else r


@remainder.partials
def remainder_partials(x, y, result):
    return 1.0, -floor(x / y)


@elementwise(ufunc=np.hypot, domain=NONZERO)
def hypot(x, y):
    """The length of (x, y)."""
    return math.hypot(x, y)


@hypot.partials
def hypot_partials(x, y, result):
    return x / result, y / result


_ = REAL  # the domain of declarations that name none
