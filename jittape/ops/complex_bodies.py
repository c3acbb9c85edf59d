"""What elementwise operations are on complex numbers, where it is neither the body for real ones nor one of `mathfun`.

A partial with a branch cut is a function of its own with that cut: ``sqrt(1 - z * z)`` is not the one of the inverse sine.
The side of a cut is the sign of a zero, which a sum with a complex one would lose (``-0.0 + 0.0`` is 0.0): numbers are added to
the real part alone.
"""

import math

from ..mathfun.complex_functions import exp, log, parts_of, power, quotient, reciprocal, sin, sqrt
from ..numba_backend.decorators import helper


def chosen(condition, x, y):
    """``x`` where the condition is not zero."""
    return x if condition != 0 else y


def inverse_square(z):
    """``1 / (z * z)``."""
    return reciprocal(z * z)


def reciprocal_root(z):
    """``1 / sqrt(z)``."""
    return reciprocal(sqrt(z))


def root_of_cube(z):
    """``z * sqrt(z)``."""
    return z * sqrt(z)


def logistic(z):
    """``1 / (1 + exp(-z))``, whose exponential does not overflow."""
    if z.real >= 0.0:
        return reciprocal(1.0 + exp(-z))
    e = exp(z)
    return quotient(e, 1.0 + e)


def times_logistic(z):
    """``z * logistic(z)``."""
    return z * logistic(z)


def sine_over_angle(z):
    """The sine of pi z over pi z, and 1 at 0."""
    u = math.pi * z
    return quotient(sin(u), u) if u != 0.0 else sin(u) + 1.0


def slope_of_logistic(z):
    """``logistic(z) * logistic(-z)``, which is even."""
    e = exp(-z if z.real >= 0.0 else z)
    return quotient(e, (1.0 + e) * (1.0 + e))


def slope_of_atan(z):
    """``1 / (1 + z * z)``."""
    return reciprocal(1.0 + z * z)


@helper
def from_one(z, sign):
    """``1 + sign * z``, for a sign of 1 or -1, with the signs of zero parts."""
    return parts_of(z, 1.0 + sign * z.real, sign * z.imag)


def slope_of_atanh(z):
    """``1 / (1 - z * z)``."""
    return reciprocal((1.0 - z) * (1.0 + z))


def slope_of_asin(z):
    """``1 / sqrt(1 - z * z)``, with the branch cuts of the inverse sine."""
    return reciprocal(sqrt(from_one(z, -1.0)) * sqrt(from_one(z, 1.0)))


def slope_of_acosh(z):
    """``1 / sqrt(z * z - 1)``, with the branch cut of the inverse hyperbolic cosine."""
    return reciprocal(sqrt(parts_of(z, z.real - 1.0, z.imag)) * sqrt(from_one(z, 1.0)))


def slope_of_asinh(z):
    """``1 / sqrt(1 + z * z)``, with the branch cuts of the inverse hyperbolic sine."""
    turned = parts_of(z, -z.imag, z.real)
    return reciprocal(sqrt(from_one(turned, -1.0)) * sqrt(from_one(turned, 1.0)))


def power_by_base(z, w):
    """``w * z ** (w - 1)``, and 0 where the exponent is 0."""
    return w * power(z, w - 1.0) if w != 0.0 else w * 0.0


def mixed_derivative_of_power(z, w):
    """``z ** (w - 1) * (1 + w * log(z))``."""
    return power(z, w - 1.0) * (1.0 + w * log(z))


def is_finite(z):
    """Whether both parts are finite, as 1.0 or 0.0."""
    return 1.0 if math.fabs(z.real) < math.inf and math.fabs(z.imag) < math.inf else 0.0


def is_infinite(z):
    """Whether a part is infinite, as 1.0 or 0.0."""
    return 1.0 if math.fabs(z.real) == math.inf or math.fabs(z.imag) == math.inf else 0.0
