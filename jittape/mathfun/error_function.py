"""The error function: a polynomial near 0, and one times exp(-x*x) for the distance from 1; and what is made of exp(-x*x)."""

import math

from ..numba_backend.decorators import helper
from .bits import double, elementary, from_bits, like, to_bits
from .exponential import clamp, exp_double

UPPER_HALF = -(1 << 27)  # mask of the bits of a float whose square is exact
SQRT_HALF, REST_OF_SQRT_HALF = math.sqrt(0.5), -4.833646656726457e-17


@elementary
def erf_near_zero(x):
    """erf of |x| <= 1: x + x p(x*x); Chebyshev interpolation, error 2**-62."""
    z = x * x
    p = 5.957176147748911e-11
    p = p * z + -1.1372848856791674e-09
    p = p * z + 1.4659775274047436e-08
    p = p * z + -1.6350312701054695e-07
    p = p * z + 1.6461000484121368e-06
    p = p * z + -1.4925595266831182e-05
    p = p * z + 0.0001205533111164271
    p = p * z + -0.000854832698083379
    p = p * z + 0.0052239776248180145
    p = p * z + -0.026866170645076792
    p = p * z + 0.11283791670954879
    p = p * z + -0.3761263890318375
    p = p * z + 0.1283791670955126
    return x + x * p


@elementary
def erf_double(x):
    distance = math.fabs(x)
    near = 6.0 if distance > 6.0 else distance
    u = (near - 3.0) / (near + 3.0)
    # erfc(x) exp(x*x) for 1 <= x <= 6, relative error 2**-53; erfc is a fifth of erf at most
    p = 1.2801900862962662e-06
    p = p * u + 2.023603179641757e-06
    p = p * u + -8.008021319412685e-06
    p = p * u + -1.284889451252353e-05
    p = p * u + 6.406182073530546e-05
    p = p * u + 4.525472635483354e-05
    p = p * u + -0.0005970623517093284
    p = p * u + 0.0007077464443901538
    p = p * u + 0.004269136347508256
    p = p * u + -0.024392499318273194
    p = p * u + 0.07166583719774874
    p = p * u + -0.15011593650078744
    p = p * u + 0.24560380171233195
    p = p * u + -0.32623356004303716
    p = p * u + 0.17900115118138996
    far = 1.0 - p * exp_double(-near * near)
    return erf_near_zero(x) if distance < 1.0 else (x if x != x else math.copysign(far, x))


@elementary
def erf(x):
    """The error function, below 1.5 ulp everywhere."""
    return like(x, erf_double(double(x)))


@elementary
def gaussian_double(x, factor):
    """exp(-factor x x) for a factor of 1 or 0.5; rounding x x would cost as many units as its exponent says."""
    x = clamp(x, -40.0, 40.0)
    high = from_bits(to_bits(x) & UPPER_HALF)
    t = factor * (x - high) * (x + high)  # the rest of the exponent, below 3e-5
    return exp_double(-factor * (high * high)) * (1.0 - t * (1.0 - t * (0.5 - t * (1.0 / 6.0))))


@elementary
def gaussian(x):
    """exp(-x x), at most 2 ulp everywhere."""
    return like(x, gaussian_double(double(x), 1.0))


@elementary
def half_gaussian(x):
    """exp(-x x / 2), at most 2 ulp everywhere."""
    return like(x, gaussian_double(double(x), 0.5))


@helper(error_model="numpy", forceinline=True)  # nothing may be fused here: the error would be that of another product
def rest_of_product(x, y):
    """What the float x y lacks, for factors that are not huge."""
    x_high, y_high = from_bits(to_bits(x) & UPPER_HALF), from_bits(to_bits(y) & UPPER_HALF)
    x_low, y_low = x - x_high, y - y_high
    return ((x_high * y_high - x * y) + (x_high * y_low + x_low * y_high)) + x_low * y_low


@helper(error_model="numpy")
def normal_cdf(x):
    """The distribution function of the standard normal distribution, some ulp everywhere."""
    x = double(x)
    z = -x * SQRT_HALF
    y = 0.5 * math.erfc(z)
    if 1.0 < z < 40.0:  # there the rounding of z costs 2 z z ulp
        y += y * (2.0 * z + 1.0 / z) * (rest_of_product(x, SQRT_HALF) + x * REST_OF_SQRT_HALF)
    return y
