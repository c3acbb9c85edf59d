"""Elementary functions of complex numbers, with the branch cuts and special values of C99 (Annex G) and of NumPy.

They are made of real functions of the two parts. Numba's own raise where C's answer inf and nan (a quotient by zero does, and the
loop of a kernel ends there), and do not look at the signs of zeros.
"""

import math

import numpy as np
from numba import types

from ..numba_backend.decorators import helper, helper_for
from . import exponential, hyperbolic, logarithm, trigonometric
from .bits import like

LARGE = 700.0  # exp overflows from 709.8 on; the products here are made of two exponentials of a half
LOW, HIGH = 1e-30, 1e30  # of squares that are far from under- and overflow, in float32, too
SMALL, TINY_UP, TINY_BACK = 1e-30, 2.0**54, 2.0**-27
LN2 = 0.6931471805599453
INVERSE_LN2, INVERSE_LN10 = 1.4426950408889634, 0.4342944819032518


@helper
def is_finite(x):
    """Whether a real number is neither infinite nor nan."""
    return math.fabs(x) < math.inf


def over(z, divisor):
    """A number over a real one: Numba's quotient of a complex number and a real one is that of two complex numbers."""
    return z / divisor


@helper_for(over)
def _over(z, divisor):
    if isinstance(z, types.Complex):
        return lambda z, divisor: complex(z.real / divisor, z.imag / divisor)
    return lambda z, divisor: z / divisor


# --- quotients and powers -----------------------------------------------------------------------------------


@helper
def quotient(z, w):
    """``z / w`` by Smith's formula, with infinities or nan where w is 0."""
    a, b, c, d = z.real, z.imag, w.real, w.imag
    if math.fabs(c) >= math.fabs(d):
        if c == 0.0 and d == 0.0:
            size = math.fabs(c)
            return complex(a / size, b / size)
        ratio = d / c
        scale = 1.0 / (c + d * ratio)
        return complex((a + b * ratio) * scale, (b - a * ratio) * scale)
    ratio = c / d
    scale = 1.0 / (d + c * ratio)
    return complex((a * ratio + b) * scale, (b * ratio - a) * scale)


@helper
def reciprocal(z):
    """``1 / z``."""
    a, b = z.real, z.imag
    if math.fabs(b) <= math.fabs(a):
        ratio = b / a
        below = a + b * ratio
        return complex(1.0 / below, -ratio / below)
    ratio = a / b
    below = a * ratio + b
    return complex(ratio / below, -1.0 / below)


@helper
def whole_power(z, n):
    """``z ** n`` for a whole n, by squares."""
    power, found, left = z, complex(z.real * 0.0 + 1.0, z.imag * 0.0), abs(n)
    found = z if left & 1 else found
    left >>= 1
    is_one = not abs(n) & 1
    while left:
        power = power * power
        if left & 1:
            found = power if is_one else found * power
            is_one = False
        left >>= 1
    return quotient(complex(z.real * 0.0 + 1.0, z.imag * 0.0), found) if n < 0 else found


@helper
def power(z, w):
    """``z ** w``; whole powers below 100 are products."""
    if w.real == 0.0 and w.imag == 0.0:
        return complex(like(z.real, 1.0), like(z.real, 0.0))
    if z.real == 0.0 and z.imag == 0.0:
        value = 0.0 if w.real > 0.0 else math.nan
        return complex(like(z.real, value), like(z.real, value))
    if w.imag == 0.0 and math.fabs(w.real) < 100.0:
        n = int(w.real)
        if n == w.real:
            return whole_power(z, n)
    return exp(w * log(z))


@helper
def extreme_root(z):
    """The root of a number whose square overflows or loses digits."""
    a, b = z.real, z.imag
    if math.fabs(b) == math.inf:
        return parts_of(z, math.inf, b)
    if not is_finite(a):
        if a != a:
            return parts_of(z, a, a)
        return parts_of(z, a, math.copysign(b - b, b)) if a > 0.0 else parts_of(z, math.fabs(b - b), math.copysign(a, b))
    if a == 0.0 and b == 0.0:
        return parts_of(z, 0.0, b)
    # a power of four is exact: neither the largest number overflows on the way nor does the smallest lose digits
    scale, back = (TINY_UP, TINY_BACK) if math.fabs(a) + math.fabs(b) < SMALL else (0.25, 2.0)
    a, b = like(z.real, a * scale), like(z.real, b * scale)
    t = math.sqrt(0.5 * (math.fabs(a) + math.hypot(a, b)))
    other = 0.5 * math.fabs(b) / t
    if a >= 0.0:
        return parts_of(z, t * back, math.copysign(other, b) * back)
    return parts_of(z, other * back, math.copysign(t, b) * back)


@helper
def sqrt(z):
    """The root whose real part is not negative."""
    a, b = z.real, z.imag
    square = a * a + b * b
    if LOW < square < HIGH:
        t = math.sqrt(0.5 * (math.fabs(a) + math.sqrt(square)))
        return parts_of(z, t, 0.5 * b / t) if a >= 0.0 else parts_of(z, 0.5 * math.fabs(b) / t, math.copysign(t, b))
    return extreme_root(z)


# --- exponential and logarithm ------------------------------------------------------------------------------


@helper
def exp(z):
    """The exponential."""
    x, y = z.real, z.imag
    if y == 0.0:
        return complex(exponential.exp(x), y)
    if not is_finite(y):
        if x == -math.inf:
            return complex(-1.0 / x, math.copysign(1.0 / x, y))
        return complex(x, y - y) if x == math.inf else complex(y - y, y - y)
    c, s = trigonometric.cos(y), trigonometric.sin(y)
    if x > LARGE and is_finite(x):
        e = exponential.exp(x * 0.5)
        return complex(e * (e * c), e * (e * s))
    e = exponential.exp(x)
    return complex(e * c, e * s)


@helper
def exp2(z):
    """Two to a power."""
    return exp(parts_of(z, z.real * LN2, z.imag * LN2))


@helper
def expm1(z):
    """``exp(z) - 1``, exact near 0."""
    x, y = z.real, z.imag
    half = trigonometric.sin(y * 0.5)
    real = exponential.expm1(x) * trigonometric.cos(y) - 2.0 * (half * half)
    return complex(real, exponential.exp(x) * trigonometric.sin(y))


@helper
def log(z):
    """The logarithm, with a branch cut along the negative real numbers; exact near the unit circle."""
    x, y = math.fabs(z.real), math.fabs(z.imag)
    large, small = (x, y) if x > y else (y, x)
    if 0.5 < large < 2.0 and small < 2.0:
        size = 0.5 * logarithm.log1p((large - 1.0) * (large + 1.0) + small * small)
    else:
        square = x * x + y * y
        size = 0.5 * logarithm.log(square) if LOW < square < HIGH else logarithm.log(math.hypot(x, y))
        if size == math.inf and is_finite(large):
            size = logarithm.log(math.hypot(0.5 * x, 0.5 * y)) + LN2
    return complex(like(x, size), math.atan2(z.imag, z.real))


@helper
def log1p(z):
    """``log(1 + z)``, exact near 0."""
    x, y = z.real, z.imag
    if math.fabs(x) < 0.5 and math.fabs(y) < 0.5:
        return parts_of(z, 0.5 * logarithm.log1p(x * (2.0 + x) + y * y), math.atan2(y, 1.0 + x))
    return log(parts_of(z, 1.0 + x, y))


@helper
def log2(z):
    """The logarithm to base 2."""
    w = log(z)
    return parts_of(z, w.real * INVERSE_LN2, w.imag * INVERSE_LN2)


@helper
def log10(z):
    """The logarithm to base 10."""
    w = log(z)
    return parts_of(z, w.real * INVERSE_LN10, w.imag * INVERSE_LN10)


# --- hyperbolic and trigonometric ---------------------------------------------------------------------------


@helper
def hyperbolic_sine(x, y):
    """Real and imaginary part of ``sinh(x + 1j * y)``."""
    if y == 0.0:
        return hyperbolic.sinh(x), y
    if not is_finite(y):
        return (x, y - y) if x == 0.0 or math.fabs(x) == math.inf else (x - x + (y - y), y - y)
    c, s = trigonometric.cos(y), trigonometric.sin(y)
    if math.fabs(x) > LARGE and is_finite(x):
        e = exponential.exp(math.fabs(x) * 0.5)
        half = 0.5 * e
        return math.copysign(half, x) * c * e, half * s * e
    return hyperbolic.sinh(x) * c, hyperbolic.cosh(x) * s


@helper
def hyperbolic_cosine(x, y):
    """Real and imaginary part of ``cosh(x + 1j * y)``."""
    if y == 0.0:
        return hyperbolic.cosh(x), y if x != x else y * math.copysign(1.0, x)
    if not is_finite(y):
        if x == 0.0:
            return y - y, math.fabs(x)
        return (math.fabs(x), y - y) if math.fabs(x) == math.inf else (x - x + (y - y), y - y)
    c, s = trigonometric.cos(y), trigonometric.sin(y)
    if math.fabs(x) > LARGE and is_finite(x):
        e = exponential.exp(math.fabs(x) * 0.5)
        half = 0.5 * e
        return half * c * e, math.copysign(half, x) * s * e
    return hyperbolic.cosh(x) * c, hyperbolic.sinh(x) * s


@helper
def hyperbolic_tangent(x, y):
    """Real and imaginary part of ``tanh(x + 1j * y)``, by W. Kahan's formula."""
    if y == 0.0:
        return hyperbolic.tanh(x), y
    if math.fabs(x) > 22.0:
        if not is_finite(y):
            return (math.copysign(1.0, x), math.copysign(0.0, y)) if math.fabs(x) == math.inf else (y - y, y - y)
        e = exponential.exp(-2.0 * math.fabs(x))
        return math.copysign(1.0, x), 4.0 * trigonometric.sin(y) * trigonometric.cos(y) * e
    if not is_finite(y):
        return (x if x == 0.0 else y - y), y - y
    if x != x:
        return x, x
    t, s = trigonometric.tan(y), hyperbolic.sinh(x)
    beta, rho = 1.0 + t * t, math.sqrt(1.0 + s * s)
    below = 1.0 + beta * s * s
    return beta * rho * s / below, t / below


@helper
def sinh(z):
    """The hyperbolic sine."""
    a, b = hyperbolic_sine(z.real, z.imag)
    return parts_of(z, a, b)


@helper
def cosh(z):
    """The hyperbolic cosine."""
    a, b = hyperbolic_cosine(z.real, z.imag)
    return parts_of(z, a, b)


@helper
def tanh(z):
    """The hyperbolic tangent."""
    a, b = hyperbolic_tangent(z.real, z.imag)
    return parts_of(z, a, b)


@helper
def sin(z):
    """The sine, ``-1j * sinh(1j * z)``."""
    a, b = hyperbolic_sine(-z.imag, z.real)
    return parts_of(z, b, -a)


@helper
def cos(z):
    """The cosine, ``cosh(1j * z)``."""
    a, b = hyperbolic_cosine(-z.imag, z.real)
    return parts_of(z, a, b)


@helper
def tan(z):
    """The tangent, ``-1j * tanh(1j * z)``."""
    a, b = hyperbolic_tangent(-z.imag, z.real)
    return parts_of(z, b, -a)


@helper
def parts_of(z, a, b):
    """A complex number of the precision of z."""
    return complex(like(z.real, a), like(z.real, b))


# --- their inverses -----------------------------------------------------------------------------------------


@helper
def asinh(z):
    """The inverse hyperbolic sine, with branch cuts along the imaginary numbers beyond 1j and -1j."""
    if z.real != z.real and z.imag == 0.0:
        return z
    return np.arcsinh(z)


@helper
def asin(z):
    """The inverse sine, ``-1j * asinh(1j * z)``."""
    w = asinh(parts_of(z, -z.imag, z.real))
    return parts_of(z, w.imag, -w.real)


@helper
def acos(z):
    """The inverse cosine, with branch cuts along the real numbers beyond 1 and -1."""
    if z.real == 0.0 and z.imag != z.imag:
        return parts_of(z, 0.5 * math.pi, z.imag)
    return np.arccos(z)


@helper
def acosh(z):
    """The inverse hyperbolic cosine, ``1j * acos(z)`` or its negative: its real part is not negative."""
    w = acos(z)
    return parts_of(z, w.imag, -w.real) if math.copysign(1.0, z.imag) < 0.0 else parts_of(z, -w.imag, w.real)


@helper
def atanh(z):
    """The inverse hyperbolic tangent, with branch cuts along the real numbers beyond 1 and -1."""
    if z.real != z.real:
        if math.fabs(z.imag) == math.inf:
            return parts_of(z, math.copysign(0.0, z.real), math.copysign(0.5 * math.pi, z.imag))
        return parts_of(z, z.real, z.real)
    if z.imag != z.imag:
        return parts_of(z, math.copysign(0.0, z.real) if z.real == 0.0 or math.fabs(z.real) == math.inf else z.imag, z.imag)
    return np.arctanh(z)


@helper
def atan(z):
    """The inverse tangent, ``-1j * atanh(1j * z)``."""
    w = atanh(parts_of(z, -z.imag, z.real))
    return parts_of(z, w.imag, -w.real)
