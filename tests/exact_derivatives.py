"""Operations in numbers of a thousand digits, and their derivatives by differences of these.

Steps are so small, beside so many digits, that differences are exact to the last digit of a float. Infinite arguments are
numbers far out of the range of floats, and zeros are approached from the sides where the operation is defined.
"""

import math

import mpmath
from mpmath import mp, mpf

DIGITS = 1700
FAR_OUT, CLOSE_BY = mpf(10) ** 900, mpf(10) ** -400
SATURATED = 10**5  # exponentials of more are far below the last of the digits, and their series take seconds
TANH_GELU, CUBIC_GELU = 2 * mpmath.sqrt(2 / mpmath.pi), mpf(0.044715)


class NotDefined(Exception):
    """The operation has no value there, or its derivatives from two sides differ."""


def positive_only(function):
    """A function that is real for positive numbers only."""

    def defined(x):
        if x <= 0:
            raise NotDefined
        return function(x)

    return defined


def sigmoid(x):
    if abs(x) > SATURATED:
        return mpf(x > 0)
    return 1 / (1 + mpmath.exp(-x)) if x > 0 else mpmath.exp(x) / (1 + mpmath.exp(x))


def softplus(x):
    return max(x, mpf(0)) + mpmath.log1p(mpmath.exp(-abs(x)))


def tanh(x):
    return (2 * sigmoid(2 * abs(x)) - 1) * mpmath.sign(x)


def power(x, y):
    if x <= 0:
        if y != int(y) or abs(y) > 100:
            raise NotDefined
        return x ** int(y)
    return mpmath.exp(y * mpmath.log(x))


EXACT = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "neg": lambda x: -x,
    "abs": abs,
    "square": lambda x: x * x,
    "cube": lambda x: x**3,
    "fourth_power": lambda x: x**4,
    "three_halves": positive_only(lambda x: x * mpmath.sqrt(x)),
    "inverse_square": lambda x: 1 / (x * x),
    "sqrt": positive_only(mpmath.sqrt),
    "rsqrt": positive_only(lambda x: 1 / mpmath.sqrt(x)),
    "reciprocal": lambda x: 1 / x,
    "hypot": lambda x, y: mpmath.sqrt(x * x + y * y),
    "atan2": lambda y, x: mpmath.atan(y / x) if x > 0 else mpmath.pi / 2 - mpmath.atan(x / y) if y > 0 else _not_defined(),
    "pow": power,
    "exp": mpmath.exp,
    "exp2": lambda x: mpmath.exp(x * mpmath.log(2)),
    "expm1": lambda x: mpmath.exp(x) - 1,
    "log": positive_only(mpmath.log),
    "log2": positive_only(lambda x: mpmath.log(x) / mpmath.log(2)),
    "log10": positive_only(mpmath.log10),
    "log1p": lambda x: positive_only(mpmath.log)(1 + x),
    "logaddexp": lambda x, y: max(x, y) + mpmath.log1p(mpmath.exp(-abs(x - y))),
    "xlogy": lambda x, y: x * positive_only(mpmath.log)(y),
    "sigmoid": sigmoid,
    "tanh": tanh,
    "atan": mpmath.atan,
    "asinh": lambda x: mpmath.log(abs(x) + mpmath.sqrt(x * x + 1)) * (1 if x > 0 else -1),
    "erf": lambda x: mpmath.erf(x) if abs(x) < 60 else mpmath.sign(x),
    "relu": lambda x: max(x, mpf(0)),
    "maximum": max,
    "minimum": min,
    "softplus": softplus,
    "logsigmoid": lambda x: -softplus(-x),
    "silu": lambda x: x * sigmoid(x),
    "gelu": lambda x: x * mpmath.erfc(-x / mpmath.sqrt(2)) / 2 if abs(x) < 60 else max(x, mpf(0)),
    "gelu_tanh": lambda x: x * sigmoid(TANH_GELU * (x + CUBIC_GELU * x**3)),
    "mish": lambda x: x * tanh(softplus(x)),
    "softsign": lambda x: x / (1 + abs(x)),
    "mse_loss": lambda x, y: (x - y) ** 2,
    "bce_with_logits": lambda z, y: (1 - y) * z + softplus(-z),
}


def _not_defined():
    raise NotDefined


def exact(x):
    """A float as a number of many digits."""
    return mpf(x) if math.isfinite(x) else FAR_OUT * (1 if x > 0 else -1)


def as_float(x):
    """The float that a derivative is, out of range and next to zero as floats are."""
    if abs(x) > mpf(10) ** 308:
        return math.inf if x > 0 else -math.inf
    return float(x)


def partial(name, point, *operands):
    """The derivative of an operation by one operand, or by two.

    Raises
    ------
    NotDefined
        If the sides differ, or there is none.
    """
    with mp.workdps(DIGITS):
        xs = [exact(x) for x in point]
        sides = [_one_sided(EXACT[name], xs, operands, side) for side in (1, -1)]
        if abs(sides[0] - sides[1]) > mpf(10) ** -12 * max(map(abs, sides)) + mpf(10) ** -330:
            raise NotDefined
        return as_float(sides[0])


def _one_sided(function, xs, operands, side):
    """Nested one-sided differences, extrapolated once."""
    if not operands:
        try:
            return function(*xs)
        except ZeroDivisionError as error:
            raise NotDefined from error
    first, *others = operands
    step = side * (abs(xs[first]) * mpf(10) ** -120 if xs[first] else CLOSE_BY)

    def moved(k):
        return _one_sided(function, [x + k * step if j == first else x for j, x in enumerate(xs)], others, side)

    return (4 * moved(1) - 3 * moved(0) - moved(2)) / (2 * step)
