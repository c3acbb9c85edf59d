"""Powers, exponentials, logarithms, trigonometric and hyperbolic functions."""

import math

import numpy as np

from .. import mathfun
from ..kernels.loops import near
from .domains import ABOVE_MINUS_ONE, ABOVE_ONE, Domain, NONZERO, POSITIVE, UNIT
from .arithmetic import rsqrt, where
from .declare_elementwise import elementwise


@elementwise(ufunc=(np.power, np.float_power), domain=POSITIVE, integers=True)
def pow(x, y):
    """`x` to the power `y`; the derivative by the base is 0 where the exponent is 0."""
    return math.pow(x, y)


@pow.partials
def pow_partials(x, y, result):
    by_base = where(y == 0.0, 0.0, y * pow(x, y - 1.0))
    by_exponent = where((x == 0.0) & (y >= 0.0), 0.0, result * log(x))
    return by_base, by_exponent


# --- exponential and logarithm --------------------------------------------------------------------------


@elementwise(ufunc=np.exp)
def exp(x):
    """The exponential."""
    return mathfun.exp(x)


@exp.partials
def exp_partials(x, result):
    return (result,)


@elementwise(ufunc=np.exp2)
def exp2(x):
    """Two to a power."""
    return mathfun.exp2(x)


@exp2.partials
def exp2_partials(x, result):
    return (result * math.log(2.0),)


@elementwise(ufunc=np.expm1)
def expm1(x):
    """exp(x) - 1, exact near 0."""
    return mathfun.expm1(x)


@expm1.partials
def expm1_partials(x, result):
    return (result + 1.0,)


@elementwise(ufunc=np.log, domain=POSITIVE)
@near(mathfun.is_normal, mathfun.log_near)
def log(x):
    """The natural logarithm."""
    return mathfun.log(x)


@log.partials
def log_partials(x, result):
    return (1.0 / x,)


@elementwise(ufunc=np.log1p, domain=ABOVE_MINUS_ONE, grad_name="Log1PBackward0")
def log1p(x):
    """log(1 + x), exact near 0."""
    return mathfun.log1p(x)


@log1p.partials
def log1p_partials(x, result):
    return (1.0 / (x + 1.0),)


@elementwise(ufunc=np.log2, domain=POSITIVE)
def log2(x):
    """The logarithm to base 2."""
    return mathfun.log2(x)


@log2.partials
def log2_partials(x, result):
    return (1.0 / (x * math.log(2.0)),)


@elementwise(ufunc=np.log10, domain=POSITIVE)
def log10(x):
    """The logarithm to base 10."""
    return mathfun.log10(x)


@log10.partials
def log10_partials(x, result):
    return (1.0 / (x * math.log(10.0)),)


@elementwise(ufunc=np.logaddexp)
def logaddexp(x, y):
    """log(exp(x) + exp(y)) without overflow."""
    high, low = (x, y) if x > y else (y, x)
    if high == low:  # also infinities
        return high + math.log(2.0)
    return high + mathfun.log1p(mathfun.exp(low - high))


@logaddexp.partials
def logaddexp_partials(x, y, result):
    return exp(x - result), exp(y - result)


@elementwise()
def sigmoid(x):
    """1 / (1 + exp(-x)), the logistic function."""
    return mathfun.sigmoid(x)


@sigmoid.partials
def sigmoid_partials(x, result):
    return ((1.0 - result) * result,)


@elementwise(domain=Domain(-2.0, 2.0, kinks=(0.0,)), selects=True)
def relu(x):
    """The positive part; its derivative at 0 is 0."""
    return x if (x > 0.0 or x != x) else 0.0


@relu.partials
def relu_partials(x, result):
    return (where(result > 0.0, 1.0, 0.0),)


@elementwise(domain=POSITIVE)
def xlogy(x, y):
    """x * log(y), and 0 where x is 0 and y is not nan."""
    return 0.0 if x == 0.0 and y == y else x * mathfun.log(y)


@xlogy.partials
def xlogy_partials(x, y, result):
    return where((x == 0.0) & (y <= 0.0), 0.0, log(y)), x / y


# --- trigonometric and hyperbolic -------------------------------------------------------------------------


@elementwise(ufunc=np.sin, joint=True)
@near(mathfun.in_range, mathfun.sin_near)
def sin(x):
    """The sine; radians."""
    return mathfun.sin(x)


@sin.partials
@near(mathfun.in_range, lambda x, result: (mathfun.cos_near(x),))
def sin_partials(x, result):
    return (cos(x),)


@elementwise(ufunc=np.cos, joint=True)
@near(mathfun.in_range, mathfun.cos_near)
def cos(x):
    """The cosine; radians."""
    return mathfun.cos(x)


@cos.partials
@near(mathfun.in_range, lambda x, result: (-mathfun.sin_near(x),))
def cos_partials(x, result):
    return (-sin(x),)


@elementwise(ufunc=np.tan, domain=Domain(-1.3, 1.3))
@near(mathfun.in_range, mathfun.tan_near)
def tan(x):
    """The tangent; radians."""
    return mathfun.tan(x)


@tan.partials
def tan_partials(x, result):
    return (1.0 + result * result,)


@elementwise(ufunc=np.arcsin, domain=UNIT)
def asin(x):
    """The inverse sine, in radians."""
    return math.asin(x) if -1.0 <= x <= 1.0 else math.nan


@asin.partials
def asin_partials(x, result):
    return (rsqrt(1.0 - x * x),)


@elementwise(ufunc=np.arccos, domain=UNIT)
def acos(x):
    """The inverse cosine, in radians."""
    return math.acos(x) if -1.0 <= x <= 1.0 else math.nan


@acos.partials
def acos_partials(x, result):
    return (-rsqrt(1.0 - x * x),)


@elementwise(ufunc=np.arctan)
def atan(x):
    """The inverse tangent, in radians."""
    return math.atan(x)


@atan.partials
def atan_partials(x, result):
    return (1.0 / (1.0 + x * x),)


@elementwise(ufunc=np.arctan2, domain=NONZERO)
def atan2(y, x):
    """The angle of the point (x, y), in radians; both derivatives are 0 at the origin."""
    return math.atan2(y, x)


@atan2.partials
def atan2_partials(y, x, result):
    square_of_length = x * x + y * y
    factor = where(square_of_length == 0.0, 0.0, 1.0 / square_of_length)
    return x * factor, -y * factor


@elementwise(ufunc=np.sinh, joint=True)
def sinh(x):
    """The hyperbolic sine."""
    return mathfun.sinh(x)


@sinh.partials
def sinh_partials(x, result):
    return (cosh(x),)


@elementwise(ufunc=np.cosh)
def cosh(x):
    """The hyperbolic cosine."""
    return mathfun.cosh(x)


@cosh.partials
def cosh_partials(x, result):
    return (sinh(x),)


@elementwise(ufunc=np.tanh)
def tanh(x):
    """The hyperbolic tangent."""
    return mathfun.tanh(x)


@tanh.partials
def tanh_partials(x, result):
    return (1.0 - result * result,)


@elementwise(ufunc=np.arcsinh)
def asinh(x):
    """The inverse hyperbolic sine."""
    return math.asinh(x)


@asinh.partials
def asinh_partials(x, result):
    return (rsqrt(x * x + 1.0),)


@elementwise(ufunc=np.arccosh, domain=ABOVE_ONE)
def acosh(x):
    """The inverse hyperbolic cosine."""
    return math.acosh(x) if x >= 1.0 else math.nan


@acosh.partials
def acosh_partials(x, result):
    return (rsqrt(x * x - 1.0),)


@elementwise(ufunc=np.arctanh, domain=UNIT)
def atanh(x):
    """The inverse hyperbolic tangent."""
    return math.atanh(x)


@atanh.partials
def atanh_partials(x, result):
    return (1.0 / (1.0 - x * x),)
