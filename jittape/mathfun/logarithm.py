"""log, log2, log10, log1p and softplus: x = 2**k * m with sqrt(1/2) <= m < sqrt(2).

With f = m - 1 and s = f / (2 + f), log(m) = f - f*f/2 + s * (f*f/2 + R(s*s)), the arrangement of fdlibm:
the large terms f and f*f/2 carry almost no rounding error.  R interpolates at Chebyshev nodes.
"""

import math

from .bits import double, elementary, from_bits, like, shift_right, to_bits
from .exponential import LN2_HIGH, LN2_LOW, exp_parts, scale

INVERSE_LN2_HIGH = float.fromhex("0x1.7154760000000p+0")  # 24 bits: exact times a number of 29
INVERSE_LN2_LOW = float.fromhex("0x1.4ae0bf85ddf44p-26")
INVERSE_LN10_HIGH = float.fromhex("0x1.bcb7b00000000p-2")
INVERSE_LN10_LOW = float.fromhex("0x1.526e50e32a6abp-26")
LOG10_2_HIGH = float.fromhex("0x1.34413509f4000p-2")
LOG10_2_LOW = float.fromhex("0x1.cff7988f8959bp-41")

SQRT_HALF_BITS = 0x3FE6A09E667F3BCD
MANTISSA = 0x000FFFFFFFFFFFFF
ONE_MINUS_SQRT_HALF_BITS = 0x3FF0000000000000 - SQRT_HALF_BITS
TWO_52 = 4503599627370496.0
TWO_52_BITS = 0x4330000000000000
TINY = 2.2250738585072014e-308
HIGH_HALF = -0x100000000


@elementary
def split(x):
    """(k, m) with x = 2**k * m; `x` positive and normal."""
    # Adding the distance from sqrt(1/2) to 1 carries into the exponent exactly when m >= sqrt(2).
    bits = to_bits(x) + ONE_MINUS_SQRT_HALF_BITS
    # Integer to float by bits: the instruction for it is missing before AVX-512.
    k = from_bits(shift_right(bits, 52) | TWO_52_BITS) - (TWO_52 + 1023.0)
    return k, from_bits((bits & MANTISSA) + SQRT_HALF_BITS)


@elementary
def log_terms(f):
    """(h, t) with log(1 + f) = f - (h - t), h = f*f/2; error of t below 2**-57 |f|."""
    s = f / (2.0 + f)
    z = s * s
    p = 0.146167211662876
    p = p * z + 0.15331699634642276
    p = p * z + 0.1818288978615799
    p = p * z + 0.22222211125723262
    p = p * z + 0.28571428626031065
    p = p * z + 0.3999999999989938
    p = p * z + 0.666666666666667
    h = (0.5 * f) * f
    return h, s * (h + z * p)


@elementary
def split_any(x):
    """`split` for subnormal numbers too: those are scaled by 2**54 first."""
    small = x < TINY
    bits = to_bits(x * 18014398509481984.0 if small else x) + ONE_MINUS_SQRT_HALF_BITS
    k = from_bits(shift_right(bits, 52) | TWO_52_BITS) - (TWO_52 + 1077.0 if small else TWO_52 + 1023.0)
    return k, from_bits((bits & MANTISSA) + SQRT_HALF_BITS)


@elementary
def at_the_ends(x, y):
    """A logarithm with its values at 0, below 0, at inf and nan."""
    y = x if x == math.inf else y
    y = -math.inf if x == 0.0 else y
    return y if x >= 0.0 else math.nan


@elementary
def log_double(x):
    k, m = split_any(x)
    f = m - 1.0
    h, t = log_terms(f)
    return at_the_ends(x, k * LN2_HIGH - ((h - (t + k * LN2_LOW)) - f))


@elementary
def log(x):
    """The natural logarithm, below 1 ulp everywhere; -inf at 0, nan below."""
    return like(x, log_double(double(x)))


@elementary
def is_normal(x):
    """Whether `log_near` takes a number: positive, normal and finite."""
    return TINY <= x < math.inf


@elementary
def log_near(x):
    """`log` of normal numbers: without the cases at the ends, a fifth of the time."""
    k, m = split(double(x))
    f = m - 1.0
    h, t = log_terms(f)
    return like(x, k * LN2_HIGH - ((h - (t + k * LN2_LOW)) - f))


@elementary
def log_parts(x):
    """(k, h, l) with log(x) = k log 2 + (h + l), where h has 21 trailing zero bits or more."""
    k, m = split_any(x)
    f = m - 1.0
    square, t = log_terms(f)
    h = from_bits(to_bits(f - square) & HIGH_HALF)
    return k, h, ((f - h) - square) + t


@elementary
def log2_double(x):
    k, h, low = log_parts(x)
    high = h * INVERSE_LN2_HIGH
    rest = (low + h) * INVERSE_LN2_LOW + low * INVERSE_LN2_HIGH
    w = k + high
    return at_the_ends(x, w + (((k - w) + high) + rest))


@elementary
def log2(x):
    """The logarithm to base 2, below 1 ulp everywhere; exact for powers of 2."""
    return like(x, log2_double(double(x)))


@elementary
def log10_double(x):
    k, h, low = log_parts(x)
    whole = k * LOG10_2_HIGH
    high = h * INVERSE_LN10_HIGH
    rest = (low + h) * INVERSE_LN10_LOW + (low * INVERSE_LN10_HIGH + k * LOG10_2_LOW)
    w = whole + high
    return at_the_ends(x, w + (((whole - w) + high) + rest))


@elementary
def log10(x):
    """The logarithm to base 10, below 1 ulp everywhere."""
    return like(x, log10_double(double(x)))


@elementary
def log_of_sum(u, c):
    """log(u + c) for a normal u > 0 and |c| <= ulp(u): the first order in c, the rounding error of u, is enough."""
    k, m = split(u)
    f = m - 1.0
    h, t = log_terms(f)
    return k * LN2_HIGH - ((h - (t + (c / u + k * LN2_LOW))) - f)


@elementary
def log1p_double(x):
    inside = x if x > -1.0 else 0.0
    u = 1.0 + inside
    v = u - inside
    y = log_of_sum(u, (inside - (u - v)) + (1.0 - v))
    y = x if math.fabs(x) < 5e-17 else y  # keeps -0.0 and subnormals
    y = x if x == math.inf else y
    y = -math.inf if x == -1.0 else y
    return y if x >= -1.0 else math.nan


@elementary
def log1p(x):
    """log(1 + x), below 1 ulp everywhere, also near 0; -inf at -1, nan below."""
    return like(x, log1p_double(double(x)))


@elementary
def softplus_double(x):
    distance = math.fabs(x)
    n, h, low = exp_parts(-(746.0 if distance > 746.0 else distance))
    e, e_low = scale(h, n), scale(low, n)
    u = 1.0 + e
    y = log_of_sum(u, ((1.0 - u) + e) + e_low)
    y = e if e < 5e-17 else y
    y = (x if x > 0.0 else 0.0) + y
    return x if x != x else y


@elementary
def softplus(x):
    """log(1 + exp(x)) without overflow, below 1.1 ulp everywhere."""
    return like(x, softplus_double(double(x)))
