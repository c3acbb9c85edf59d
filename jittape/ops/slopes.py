"""First derivatives that are operations of their own, so that second derivatives keep their digits.

The derivative of a formula may cancel or overflow where its limit is a plain number: that of ``1 / (1 + x * x)`` does at 1e100,
that of ``rsqrt((1 - x) * (1 + x))`` at 1e-20. Here each derivative states its own, as a product;
where it is 0, at infinity, so are the factors beside it.
"""

import math

import numpy as np

from .. import mathfun
from .choosing import where
from .complex_bodies import slope_of_acosh, slope_of_asin, slope_of_asinh, slope_of_atan, slope_of_atanh
from .declare_elementwise import elementwise
from .domains import ABOVE_ONE, UNIT

LARGE = 1e10  # the 1 beside the square of a number as large is below its last digit

PEAK_OF_NORMAL = 1.0 / math.sqrt(2.0 * math.pi)


@elementwise(public=False, oracle=lambda x: 1.0 / (1.0 + x * x), holomorphic=slope_of_atan)
def atan_slope(x):
    """``1 / (1 + x * x)``."""
    return 1.0 / (1.0 + x * x)


@atan_slope.partials
def atan_slope_partials(x, result):
    return (-2.0 * (where(result != 0.0, x, 0.0) * result) * result,)


@elementwise(public=False, oracle=lambda x: 1.0 / np.hypot(1.0, x), holomorphic=slope_of_asinh)
def asinh_slope(x):
    """``1 / sqrt(1 + x * x)``, also where the square overflows."""
    return 1.0 / abs(x) if abs(x) > LARGE else 1.0 / math.sqrt(1.0 + x * x)


@asinh_slope.partials
def asinh_slope_partials(x, result):
    return (-(where(result != 0.0, x, 0.0) * result) * result * result,)


@elementwise(
    public=False, domain=ABOVE_ONE, oracle=lambda x: 1.0 / (np.sqrt(x - 1.0) * np.sqrt(x + 1.0)), holomorphic=slope_of_acosh
)
def acosh_slope(x):
    """``1 / sqrt(x * x - 1)``, also where the square overflows; nan below 1."""
    if x > LARGE:
        return 1.0 / x
    return 1.0 / math.sqrt((x - 1.0) * (x + 1.0)) if x >= 1.0 else math.nan


@acosh_slope.partials
def acosh_slope_partials(x, result):
    return (-(where(result != 0.0, x, 0.0) * result) * result * result,)


@elementwise(public=False, domain=UNIT, oracle=lambda x: 1.0 / np.sqrt(1.0 - x * x), holomorphic=slope_of_asin)
def asin_slope(x):
    """``1 / sqrt(1 - x * x)``, nan beyond 1 and -1."""
    return 1.0 / math.sqrt((1.0 - x) * (1.0 + x)) if -1.0 <= x <= 1.0 else math.nan


@asin_slope.partials
def asin_slope_partials(x, result):
    return (x * result * result * result,)


@elementwise(public=False, domain=UNIT, oracle=lambda x: 1.0 / (1.0 - x * x), holomorphic=slope_of_atanh)
def atanh_slope(x):
    """``1 / (1 - x * x)``."""
    return 1.0 / ((1.0 - x) * (1.0 + x))


@atanh_slope.partials
def atanh_slope_partials(x, result):
    return (2.0 * x * result * result,)


@elementwise(public=False, oracle=lambda x: np.exp(-x * x))
def gaussian(x):
    """``exp(-x * x)``, with the digits of the square that a float has no room for."""
    return mathfun.gaussian(x)


@gaussian.partials
def gaussian_partials(x, result):
    return (-2.0 * where(result != 0.0, x, 0.0) * result,)


@elementwise(public=False, oracle=lambda x: PEAK_OF_NORMAL * np.exp(-0.5 * x * x))
def normal_density(x):
    """The density of the standard normal distribution."""
    return PEAK_OF_NORMAL * mathfun.half_gaussian(x)


@normal_density.partials
def normal_density_partials(x, result):
    return (-where(result != 0.0, x, 0.0) * result,)
