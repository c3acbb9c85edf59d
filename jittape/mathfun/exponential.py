"""exp, exp2 and expm1: exp(x) = 2**n * exp(r) with |r| <= log(2) / 2 and a polynomial for exp(r).

Polynomials interpolate at Chebyshev nodes, computed with 300 bits.
"""

import math

from .bits import MAGIC, double, elementary, like, power_of_two

INVERSE_LN2 = 1.4426950408889634
LN2_HIGH = float.fromhex("0x1.62e42fefa2000p-1")  # 40 bits, so n * LN2_HIGH is exact for |n| < 2**13
LN2_LOW = float.fromhex("0x1.9ef35793c7673p-41")


@elementary
def clamp(x, low, high):
    """`x` moved into [low, high]; nan stays nan."""
    x = low if x < low else x
    return high if x > high else x


@elementary
def reduce_by_ln2(x):
    """(n + MAGIC, n, r, c) with x = n log 2 + (r + c), r + c good to 2**-90."""
    shifted = x * INVERSE_LN2 + MAGIC
    n = shifted - MAGIC
    high = x - n * LN2_HIGH
    low = n * LN2_LOW
    r = high - low
    return shifted, n, r, (high - r) - low


@elementary
def exp_tail(r):
    """exp(r) - 1 - r for |r| <= 0.3466; error below 2**-60, before rounding.

    Pairs of terms, then pairs of pairs: a chain of eleven products took an eighth longer.
    """
    z = r * r
    w = z * z
    a = (0.008333333333326136 * r + 0.04166666666666667) * z + (0.1666666666666667 * r + 0.5)
    b = (2.7557255400206422e-06 * r + 2.4801587325547743e-05) * z + (0.00019841269874820627 * r + 0.0013888888888883748)
    c = 2.0914686968086876e-09 * z + (2.5105217004720745e-08 * r + 2.75572736431103e-07)
    return z * ((c * w + b) * w + a)


@elementary
def scale(y, n):
    """y * 2**n for -2044 <= n <= 2046 and a `y` near 1; two factors, so that subnormals are rounded only once."""
    half = n * 0.5 + MAGIC
    rest = (n - (half - MAGIC)) + MAGIC
    return (y * power_of_two(half)) * power_of_two(rest)


@elementary
def near_one(x):
    """(n + MAGIC, y) with exp(x) = 2**n * y, y near 1, below 1 ulp; |x| < 2**12."""
    shifted = x * INVERSE_LN2 + MAGIC
    n = shifted - MAGIC
    r = (x - n * LN2_HIGH) - n * LN2_LOW
    return shifted, 1.0 + (r + exp_tail(r))


@elementary
def exp_parts(x):
    """(n, h, l) with exp(x) = 2**n * (h + l), h near 1, relative error below 2**-55; |x| < 2**12."""
    _, n, r, c = reduce_by_ln2(x)
    t = r + (c + (c * r + exp_tail(r)))
    h = 1.0 + t
    return n, h, (1.0 - h) + t


@elementary
def exp_double(x):
    """exp of a float64, below 1 ulp."""
    shifted, y = near_one(clamp(x, -746.0, 710.0))
    return scale(y, shifted - MAGIC)


@elementary
def exp(x):
    """The exponential, below 1 ulp everywhere; subnormal results included."""
    return like(x, exp_double(double(x)))


@elementary
def exp2_double(x):
    x = clamp(x, -1076.0, 1024.5)
    n = (x + MAGIC) - MAGIC
    r = x - n
    p = 2.5729334365063256e-11
    p = p * r + 4.4558199665721414e-10
    p = p * r + 7.054897298424424e-09
    p = p * r + 1.017805707615539e-07
    p = p * r + 1.3215486808716708e-06
    p = p * r + 1.5252733841579287e-05
    p = p * r + 0.00015403530393370723
    p = p * r + 0.0013333558146406453
    p = p * r + 0.00961812910762848
    p = p * r + 0.055504108664821625
    p = p * r + 0.24022650695910072
    p = p * r + 0.6931471805599453
    return scale(1.0 + r * p, n)


@elementary
def exp2(x):
    """Two to a power, below 1.2 ulp everywhere; exact for integers."""
    return like(x, exp2_double(double(x)))


@elementary
def expm1_double(x):
    _, n, r, c = reduce_by_ln2(clamp(x, -40.0, 710.0))
    tail = c + (c * r + exp_tail(r))
    # Half of the result, because 2**1024 is not a float: s + e = 2**(n-1) (1 + r) - 1/2, exact for n < 54.
    power = power_of_two((n - 1.0) + MAGIC)
    base = power - 0.5
    step = power * r
    s = base + step
    y = 2.0 * (s + (((base - s) + step) + power * tail))
    return x if math.fabs(x) < 5e-17 else y  # subnormals would not survive being halved; keeps -0.0


@elementary
def expm1(x):
    """exp(x) - 1, below 1.1 ulp everywhere, also near 0."""
    return like(x, expm1_double(double(x)))
