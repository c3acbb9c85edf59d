"""The error function: a polynomial near 0, and one times exp(-x*x) for the distance from 1."""

import math

from .bits import double, elementary, like
from .exponential import exp_double


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
