"""sinh, cosh, tanh and the logistic function, from exp in two floats."""

import math

from .bits import MAGIC, double, elementary, like, power_of_two
from .exponential import exp_parts, near_one, scale


@elementary
def quarter_exponentials(x):
    """(a, b, c) with exp(x) / 4 = a + b and exp(-x) / 4 = c, for x >= 0; half of exp can overflow.

    c is meaningless, but negligible, where exp(x) > 2**100.
    """
    n, h, low = exp_parts(711.0 if x > 711.0 else x)
    up = power_of_two((n - 2.0) + MAGIC)
    down = power_of_two((-2.0 - (100.0 if n > 100.0 else n)) + MAGIC)
    inverse = 1.0 / h
    return up * h, up * low, down * (inverse - low * (inverse * inverse))


@elementary
def sinh_near_zero(x):
    """sinh of |x| <= 1; Chebyshev interpolation, error 2**-58."""
    z = x * x
    p = 7.746188556142327e-13
    p = p * z + 1.605767934982023e-10
    p = p * z + 2.5052117698709824e-08
    p = p * z + 2.755731919136874e-06
    p = p * z + 0.00019841269841324225
    p = p * z + 0.008333333333333299
    p = p * z + 0.16666666666666666
    return x + (x * z) * p


@elementary
def sinh_double(x):
    distance = math.fabs(x)
    a, b, c = quarter_exponentials(distance)
    y = math.copysign(2.0 * (a + (b - c)), x)
    return y if distance > 1.0 else sinh_near_zero(x)


@elementary
def sinh(x):
    """The hyperbolic sine, below 1 ulp everywhere."""
    return like(x, sinh_double(double(x)))


@elementary
def cosh_double(x):
    a, b, c = quarter_exponentials(math.fabs(x))
    return 2.0 * (a + (b + c))


@elementary
def cosh(x):
    """The hyperbolic cosine, below 1 ulp everywhere."""
    return like(x, cosh_double(double(x)))


@elementary
def tanh_double(x):
    distance = math.fabs(x)
    small = distance < 0.625
    z = distance * distance
    # The rational approximation of Cephes (S. Moshier), relative error 2**-57.5.
    p = -9.64399179425052238628e-1 * z + -9.92877231001918586564e1
    p = p * z + -1.61468768441708447952e3
    q = z + 1.12811678491632931402e2
    q = q * z + 2.23548839060100448583e3
    q = q * z + 4.84406305325125486048e3
    shifted, h = near_one(44.0 if distance > 22.0 else 2.0 * distance)
    # Both arms, x + x z p / q and 1 - 2 / (exp(2 x) + 1), through one division.
    above = (distance * z) * p if small else -2.0
    below = q if small else power_of_two(shifted) * h + 1.0
    y = math.copysign((distance if small else 1.0) + above / below, x)
    return x if x != x else y


@elementary
def tanh(x):
    """The hyperbolic tangent, at most 2 ulp everywhere."""
    return like(x, tanh_double(double(x)))


@elementary
def sigmoid_double(x):
    distance = math.fabs(x)
    n, h, low = exp_parts(-(746.0 if distance > 746.0 else distance))
    e, e_low = scale(h, n), scale(low, n)
    u = 1.0 + e
    u_low = ((1.0 - u) + e) + e_low
    # First-order correction of the quotient by what the floats e and u lack.
    positive = x >= 0.0
    y = (1.0 if positive else e) / u
    y += ((0.0 if positive else e_low) - y * u_low) * (y if positive else 1.0 - y)
    return x if x != x else y


@elementary
def sigmoid(x):
    """1 / (1 + exp(-x)), the logistic function, below 1.5 ulp everywhere; subnormal results included."""
    return like(x, sigmoid_double(double(x)))
