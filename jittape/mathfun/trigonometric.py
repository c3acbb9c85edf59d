"""sin, cos and tan: x = n * pi/2 + r with |r| <= pi/4, after Cody and Waite, and a polynomial of r a quadrant.

pi/2 is cut into pieces, so that n times a piece is exact for |n| < 2**25: 28, 26 and 28 bits, then 53 bits
more.  The nearest that a float64 below 2**25 comes to a multiple of pi/2 is 2**-60.5, at 45.553093477052; r is
known to 2**-110.  Beyond, the reduction needs pi to a thousand bits: there the C library takes over (glibc 2.36
is 8 ulp off at the argument nearest to a multiple of pi/2, 0x1.6ac5b262ca1ffp+849).
"""

import math

from numba import types

from ..numba_backend.decorators import helper_for
from .bits import MAGIC, double, elementary, from_bits, like, to_bits

TWO_OVER_PI = 0.6366197723675814
HALF_PI_1 = float.fromhex("0x1.921fb54000000p+0")
HALF_PI_2 = float.fromhex("0x1.10b4600000000p-30")
HALF_PI_3 = float.fromhex("0x1.1a62632000000p-54")
HALF_PI_4 = float.fromhex("0x1.145c06e0e6895p-82")
LIMIT = 33554432.0  # 2**25


@elementary
def in_range(x):
    """Whether sin_near, cos_near and tan_near may be called (nan included)."""
    return not math.fabs(x) > LIMIT


@elementary
def quadrant(x):
    """(n in the low bits, r, c) with x = n * pi/2 + (r + c)."""
    shifted = x * TWO_OVER_PI + MAGIC
    n = shifted - MAGIC
    # All terms are multiples of 2**-53 and the differences below 1 in magnitude: exact.
    high = (x - n * HALF_PI_1) - n * HALF_PI_2
    third = n * HALF_PI_3
    # Where |high| < |third| both are multiples of 2**-81 below 2**-28: the difference is exact, its error 0.
    r = high - third
    return to_bits(shifted), r, ((high - r) - third) - n * HALF_PI_4


@elementary
def sin_of_remainder(r, c):
    """sin(r + c) for |r| <= pi/4; polynomial error 2**-57."""
    z = r * r
    p = 1.591810123167728e-10
    p = p * z + -2.5051131455447428e-08
    p = p * z + 2.755731610068312e-06
    p = p * z + -0.0001984126983675497
    p = p * z + 0.008333333333330946
    p = p * z + -0.16666666666666666
    return r + ((r * z) * p + c * (1.0 - 0.5 * z))


@elementary
def cos_of_remainder(r, c):
    """cos(r + c) for |r| <= pi/4; polynomial error 2**-60."""
    z = r * r
    p = -1.1382614869434128e-11
    p = p * z + 2.087614602470193e-09
    p = p * z + -2.7557317270560385e-07
    p = p * z + 2.4801587298763433e-05
    p = p * z + -0.0013888888888887395
    p = p * z + 0.041666666666666664
    half = 0.5 * z
    w = 1.0 - half
    return w + (((1.0 - w) - half) + ((z * z) * p - r * c))


@elementary
def sin_of_turned(x, turn):
    """sin(x + turn * pi/2)."""
    n, r, c = quadrant(x)
    n += turn
    s, t = sin_of_remainder(r, c), cos_of_remainder(r, c)
    y = t if n & 1 else s
    return from_bits(to_bits(y) ^ ((n & 2) << 62))


@elementary
def tan_in_quadrant(x):
    n, r, c = quadrant(x)
    z = r * r
    # The rational approximation of Cephes (S. Moshier), relative error 2**-56.7.
    p = -1.30936939181383734205e4 * z + 1.15351664838587416140e6
    p = p * z + -1.79565251976484877988e7
    q = z + 1.36812963470692954678e4
    q = q * z + -1.32089234440210967447e6
    q = q * z + 2.50083801823357915839e7
    q = q * z + -5.38695755929454629881e7
    y = r + ((r * z) * (p / q) + (c + c * z))
    return (-1.0 if n & 1 else y) / (y if n & 1 else 1.0)  # an arm with a division would stay a branch


@elementary
def signed(x, y):
    """`y` for an odd function of `x`: it kept the sign of all but zeros."""
    return x if math.fabs(x) < 1e-8 else y


@elementary
def sin_near(x):
    """The sine where `in_range`: below 1 ulp."""
    return like(x, signed(double(x), sin_of_turned(double(x), 0)))


@elementary
def cos_near(x):
    """The cosine where `in_range`: below 1 ulp."""
    return like(x, sin_of_turned(double(x), 1))


@elementary
def tan_near(x):
    """The tangent where `in_range`: at most 2 ulp."""
    return like(x, signed(double(x), tan_in_quadrant(double(x))))


# --- every argument -----------------------------------------------------------------------------------
# math.sin would become an LLVM intrinsic, which the vectoriser runs for every element, in range or not.

_sin = types.ExternalFunction("sin", types.float64(types.float64))
_cos = types.ExternalFunction("cos", types.float64(types.float64))
_tan = types.ExternalFunction("tan", types.float64(types.float64))


def far_sin(x):
    """The C library's sine."""
    return math.sin(x) if math.isfinite(x) else math.nan


def far_cos(x):
    """The C library's cosine."""
    return math.cos(x) if math.isfinite(x) else math.nan


def far_tan(x):
    """The C library's tangent."""
    return math.tan(x) if math.isfinite(x) else math.nan


@helper_for(far_sin)
def _(x):
    return lambda x: _sin(x)


@helper_for(far_cos)
def _(x):
    return lambda x: _cos(x)


@helper_for(far_tan)
def _(x):
    return lambda x: _tan(x)


@elementary
def sin(x):
    """The sine, below 1 ulp to 2**25, beyond that the C library's; radians."""
    return sin_near(x) if in_range(x) else like(x, far_sin(double(x)))


@elementary
def cos(x):
    """The cosine, below 1 ulp to 2**25, beyond that the C library's; radians."""
    return cos_near(x) if in_range(x) else like(x, far_cos(double(x)))


@elementary
def tan(x):
    """The tangent, below 2 ulp to 2**25, beyond that the C library's; radians."""
    return tan_near(x) if in_range(x) else like(x, far_tan(double(x)))
