"""Exponentials, logarithms, trigonometric and hyperbolic functions."""

from __future__ import annotations

import math

import numpy as np

from .. import mathfun
from ..mathfun import complex_functions
from ..kernels.loops import near
from .arithmetic import reciprocal
from .domains import ABOVE_MINUS_ONE, ABOVE_ONE, Domain, NONZERO, POSITIVE, UNIT
from .choosing import maximum, where
from .complex_bodies import logistic, slope_of_logistic
from .declare_elementwise import elementwise
from .singular_points import quotient_or_zero
from .slopes import acosh_slope, asin_slope, asinh_slope, atan_slope, atanh_slope

_LOG_2 = math.log(2.0)

# --- exponential and logarithm --------------------------------------------------------------------------


@elementwise(numpy=np.exp, python=math.exp, in_place=True, holomorphic=complex_functions.exp)
def exp(x):
    """The exponential."""
    return mathfun.exp(x)


@exp.partials
def exp_partials(x, result):
    return (result,)


@elementwise(in_place=True, numpy=np.exp2, python=getattr(math, "exp2", ()), holomorphic=complex_functions.exp2)
def exp2(x):
    """Two to a power."""
    return mathfun.exp2(x)


@exp2.partials
def exp2_partials(x, result):
    return (result * _LOG_2,)


@elementwise(in_place=True, numpy=np.expm1, python=math.expm1, holomorphic=complex_functions.expm1)
def expm1(x):
    """``exp(x) - 1``, exact near 0."""
    return mathfun.expm1(x)


@expm1.partials
def expm1_partials(x, result):
    return (exp(x),)


@elementwise(numpy=np.log, python=math.log, in_place=True, domain=POSITIVE, holomorphic=complex_functions.log)
@near(mathfun.is_normal, mathfun.log_near)
def log(x):
    """The natural logarithm."""
    return mathfun.log(x)


@log.partials
def log_partials(x, result):
    return (reciprocal(x),)


@elementwise(
    in_place=True,
    numpy=np.log1p,
    python=math.log1p,
    domain=ABOVE_MINUS_ONE,
    grad_name="Log1PBackward0",
    holomorphic=complex_functions.log1p,
)
def log1p(x):
    """``log(1 + x)``, exact near 0."""
    return mathfun.log1p(x)


@log1p.partials
def log1p_partials(x, result):
    return (reciprocal(x + 1.0),)


@elementwise(in_place=True, numpy=np.log2, python=math.log2, domain=POSITIVE, holomorphic=complex_functions.log2)
def log2(x):
    """The logarithm to base 2."""
    return mathfun.log2(x)


@log2.partials
def log2_partials(x, result):
    return (reciprocal(x * _LOG_2),)


@elementwise(in_place=True, numpy=np.log10, python=math.log10, domain=POSITIVE, holomorphic=complex_functions.log10)
def log10(x):
    """The logarithm to base 10."""
    return mathfun.log10(x)


@log10.partials
def log10_partials(x, result):
    return (reciprocal(x * math.log(10.0)),)


@elementwise(
    numpy=np.logaddexp,
    special_points=[
        ((1e15, 1e15), 1e15 + 0.75, (0.5, 0.5), (0.25, -0.25, 0.25)),
        ((1e50, 1e50), 1e50, (0.5, 0.5), (0.25, -0.25, 0.25)),
        ((-math.inf, 2.0), 2.0, (0.0, 1.0), (0.0,) * 3),
        ((-math.inf, -math.inf), -math.inf, (0.0, 0.0), (0.0,) * 3),  # of two terms that are zero nothing flows
    ],
)
def logaddexp(x, y):
    """``log(exp(x) + exp(y))`` without overflow."""
    high, low = (x, y) if x > y else (y, x)
    if high == low:  # true for equal infinities, too
        return high + math.log(2.0)
    return high + mathfun.log1p(mathfun.exp(low - high))


@logaddexp.partials
def logaddexp_partials(x, y, result):
    # of the operands, not of the result, whose rounding would be all there is at 1e15
    same_infinity = (x == y) & (abs(x) == math.inf)
    difference = where(same_infinity, 0.0, x - y)
    flows = where(same_infinity & (x < 0.0), 0.0, 1.0)  # where both terms are zero, nothing
    return flows * sigmoid(difference), flows * sigmoid(-difference)


@elementwise(
    numpy=np.logaddexp2,
    special_points=[
        ((1e15, 1e15), 1e15 + 1.0, (0.5, 0.5), (0.25 * _LOG_2, -0.25 * _LOG_2, 0.25 * _LOG_2)),
        ((-math.inf, 2.0), 2.0, (0.0, 1.0), (0.0,) * 3),
        ((-math.inf, -math.inf), -math.inf, (0.0, 0.0), (0.0,) * 3),
    ],
)
def logaddexp2(x, y):
    """``log2(2**x + 2**y)`` without overflow."""
    high, low = (x, y) if x > y else (y, x)
    if high == low:
        return high + 1.0
    return high + mathfun.log1p(mathfun.exp2(low - high)) / _LOG_2


@logaddexp2.partials
def logaddexp2_partials(x, y, result):
    same_infinity = (x == y) & (abs(x) == math.inf)
    difference = where(same_infinity, 0.0, x - y) * _LOG_2
    flows = where(same_infinity & (x < 0.0), 0.0, 1.0)
    return flows * sigmoid(difference), flows * sigmoid(-difference)


@elementwise(in_place=True, oracle=lambda x: 0.5 + 0.5 * np.tanh(0.5 * x), holomorphic=logistic)
def sigmoid(x):
    """``1 / (1 + exp(-x))``, the logistic function."""
    return mathfun.sigmoid(x)


@sigmoid.partials
def sigmoid_partials(x, result):
    return (sigmoid_slope(x),)  # not (1 - result) * result, which has no digits left from x = 37 on


@elementwise(public=False, oracle=lambda x: 0.25 / np.cosh(0.5 * x) ** 2, holomorphic=slope_of_logistic)
def sigmoid_slope(x):
    """``sigmoid(x) * sigmoid(-x)``, with all digits for any x."""
    e = mathfun.exp(-abs(x))
    return e / ((1.0 + e) * (1.0 + e))


@sigmoid_slope.partials
def sigmoid_slope_partials(x, result):
    return (-result * tanh(0.5 * x),)


@elementwise(
    in_place=True,
    inplace=True,
    domain=Domain(-2.0, 2.0, kinks=(0.0,)),
    selects=True,
    oracle=lambda x: np.maximum(x, 0.0),
    special_points=[((0.0,), 0.0, (0.0,), (0.0,)), ((math.nan,), math.nan, (1.0,), (0.0,))],
)
def relu(x):
    """The positive part; its derivative at 0 is 0."""
    return x if (x > 0.0 or x != x) else 0.0


@relu.partials
def relu_partials(x, result):
    return (where(result <= 0.0, 0.0, 1.0),)


@elementwise(
    in_place=True,
    domain=POSITIVE,
    oracle=lambda x, y: np.where((x == 0) & ~np.isnan(y), 0.0, x * np.log(y)),
    special_points=[
        ((0.0, 2.0), 0.0, (math.log(2.0), 0.0), (0.0, 0.5, 0.0)),
        ((0.0, 0.0), 0.0, (-math.inf, 0.0), (0.0, math.inf, math.nan)),
    ],
)
def xlogy(x, y):
    """``x * log(y)``, and 0 where x is 0 and y is not nan."""
    return 0.0 if x == 0.0 and y == y else x * mathfun.log(y)


@xlogy.partials
def xlogy_partials(x, y, result):
    return log(y), quotient_or_zero(x, y)  # for x = 0 the value is 0 for all y


# --- trigonometric and hyperbolic -------------------------------------------------------------------------


@elementwise(numpy=(np.deg2rad, np.radians), python=math.radians, in_place=True)
def deg2rad(x):
    """An angle in radians, given in degrees."""
    return x * (math.pi / 180.0)


@deg2rad.partials
def deg2rad_partials(x, result):
    return (math.pi / 180.0,)


@elementwise(numpy=(np.rad2deg, np.degrees), python=math.degrees, in_place=True)
def rad2deg(x):
    """An angle in degrees, given in radians."""
    return x * (180.0 / math.pi)


@rad2deg.partials
def rad2deg_partials(x, result):
    return (180.0 / math.pi,)


@elementwise(numpy=np.sin, python=math.sin, in_place=True, joint=True, holomorphic=complex_functions.sin)
@near(mathfun.in_range, mathfun.sin_near)
def sin(x):
    """The sine; radians."""
    return mathfun.sin(x)


@sin.partials
@near(mathfun.in_range, lambda x, result: (mathfun.cos_near(x),))
def sin_partials(x, result):
    return (cos(x),)


@elementwise(numpy=np.cos, python=math.cos, in_place=True, joint=True, holomorphic=complex_functions.cos)
@near(mathfun.in_range, mathfun.cos_near)
def cos(x):
    """The cosine; radians."""
    return mathfun.cos(x)


@cos.partials
@near(mathfun.in_range, lambda x, result: (-mathfun.sin_near(x),))
def cos_partials(x, result):
    return (-sin(x),)


@elementwise(in_place=True, numpy=np.tan, python=math.tan, domain=Domain(-1.3, 1.3), holomorphic=complex_functions.tan)
@near(mathfun.in_range, mathfun.tan_near)
def tan(x):
    """The tangent; radians."""
    return mathfun.tan(x)


@tan.partials
def tan_partials(x, result):
    return (1.0 + result * result,)


@elementwise(in_place=True, numpy=np.arcsin, python=math.asin, aliases="arcsin", domain=UNIT, holomorphic=complex_functions.asin)
def asin(x):
    """The inverse sine, in radians."""
    return math.asin(x) if -1.0 <= x <= 1.0 else math.nan


@asin.partials
def asin_partials(x, result):
    return (asin_slope(x),)


@elementwise(in_place=True, numpy=np.arccos, python=math.acos, aliases="arccos", domain=UNIT, holomorphic=complex_functions.acos)
def acos(x):
    """The inverse cosine, in radians."""
    return math.acos(x) if -1.0 <= x <= 1.0 else math.nan


@acos.partials
def acos_partials(x, result):
    return (-asin_slope(x),)


@elementwise(in_place=True, numpy=np.arctan, python=math.atan, aliases="arctan", holomorphic=complex_functions.atan)
def atan(x):
    """The inverse tangent, in radians."""
    return math.atan(x)


@atan.partials
def atan_partials(x, result):
    return (atan_slope(x),)


@elementwise(
    in_place=True,
    numpy=np.arctan2,
    python=math.atan2,
    aliases="arctan2",
    domain=NONZERO,
    special_points=[((0.0, 0.0), 0.0, (0.0, 0.0), (math.nan,) * 3), ((1e200, 1e200), math.pi / 4, (5e-201, -5e-201), (0.0,) * 3)],
)
def atan2(y, x):
    """The angle of the point (x, y), in radians; both derivatives are 0 at the origin."""
    return math.atan2(y, x)


@atan2.partials
def atan2_partials(y, x, result):
    longer = maximum(abs(x), abs(y))  # squares of the operands may be out of range
    u, v = quotient_or_zero(x, longer), quotient_or_zero(y, longer)
    square = longer * (u * u + v * v)
    return quotient_or_zero(u, square), -quotient_or_zero(v, square)


@elementwise(in_place=True, numpy=np.sinh, python=math.sinh, joint=True, holomorphic=complex_functions.sinh)
def sinh(x):
    """The hyperbolic sine."""
    return mathfun.sinh(x)


@sinh.partials
def sinh_partials(x, result):
    return (cosh(x),)


@elementwise(in_place=True, numpy=np.cosh, python=math.cosh, holomorphic=complex_functions.cosh)
def cosh(x):
    """The hyperbolic cosine."""
    return mathfun.cosh(x)


@cosh.partials
def cosh_partials(x, result):
    return (sinh(x),)


@elementwise(numpy=np.tanh, python=math.tanh, in_place=True, holomorphic=complex_functions.tanh)
def tanh(x):
    """The hyperbolic tangent."""
    return mathfun.tanh(x)


@tanh.partials
def tanh_partials(x, result):
    return (4.0 * sigmoid_slope(2.0 * x),)


@elementwise(in_place=True, numpy=np.arcsinh, python=math.asinh, aliases="arcsinh", holomorphic=complex_functions.asinh)
def asinh(x):
    """The inverse hyperbolic sine."""
    return math.asinh(x)


@asinh.partials
def asinh_partials(x, result):
    return (asinh_slope(x),)


@elementwise(
    in_place=True, numpy=np.arccosh, python=math.acosh, aliases="arccosh", domain=ABOVE_ONE, holomorphic=complex_functions.acosh
)
def acosh(x):
    """The inverse hyperbolic cosine."""
    return math.acosh(x) if x >= 1.0 else math.nan


@acosh.partials
def acosh_partials(x, result):
    return (acosh_slope(x),)


@elementwise(
    in_place=True, numpy=np.arctanh, python=math.atanh, aliases="arctanh", domain=UNIT, holomorphic=complex_functions.atanh
)
def atanh(x):
    """The inverse hyperbolic tangent."""
    return math.atanh(x)


@atanh.partials
def atanh_partials(x, result):
    return (atanh_slope(x),)
