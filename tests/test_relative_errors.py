"""Relative errors of values, first and second derivatives over the whole range of floats: some units in the last place.

Differences of nearby exact values are no help where a derivative is 1e-300, so the exact ones are differences in 900 digits.
"""

import math

import mpmath
import numpy as np
import pytest
from exact_derivatives import EXACT, NotDefined
from mpmath import mp, mpf
from sampling import some
from test_special_points import reverse, reverse_over_reverse

import jittape as jt
from jittape.ops.operation_table import BY_NAME

DIGITS, STEP = 900, mpf(10) ** -200
MOST = 60  # units in the last place; beside a zero of a derivative its terms cancel


def within(low, high, function):
    """A function on an open interval."""

    def defined(x):
        if not low < x < high:
            raise NotDefined
        return function(x)

    return defined


INVERSES = {
    "asin": within(-1, 1, mpmath.asin),
    "acos": within(-1, 1, mpmath.acos),
    "atanh": within(-1, 1, mpmath.atanh),
    "acosh": within(1, math.inf, mpmath.acosh),
    "erfc": lambda x: mpmath.erfc(x) if abs(x) < 60 else mpf(0 if x > 0 else 2),
}
NAMES = """sigmoid tanh softplus logsigmoid gelu silu mish softsign erf erfc exp expm1 exp2 log log1p log2 atan asin acos asinh
acosh atanh rsqrt sqrt reciprocal""".split()
MAGNITUDES = np.array(
    [1e-300, 1e-160, 1e-100, 1e-20, 1e-9, 1e-5, 1e-3, 0.01, 0.05, 0.2, 0.4, 0.9, 0.999999, 1.0000001, 1.3, 1.7, 2.5, 4.0, 6.0]
    + [8.0, 13.0, 18.3, 20.0, 25.0, 30.0, 36.0, 37.5, 50.0, 100.0, 300.0, 370.0, 500.0, 700.0, 720.0, 1e3, 1e8, 1e17, 1e50]
    + [1e100, 1e150, 1e155, 1e200, 1e300]
)


def exact_derivatives(function, x):
    """Value, first and second derivative."""
    x = mpf(x)
    step = min(abs(x), 1) * STEP
    below, here, above = function(x - step), function(x), function(x + step)
    return here, (above - below) / (2 * step), (above - 2 * here + below) / step**2


def units_off(found, expected):
    """The distance of a float from an exact number, in units of its last place; 0 where both are out of range."""
    if abs(expected) < mpf(10) ** -306:
        return float(abs(found) > 1e-305)
    if abs(expected) > mpf(10) ** 308:
        return 0.0 if abs(found) > 1e307 else math.inf
    return float(abs(mpf(float(found)) - expected) / abs(expected)) / 2**-53 if math.isfinite(found) else math.inf


@pytest.mark.parametrize("name", NAMES)
def test_relative_errors(name):
    operation, function = BY_NAME[name], {**EXACT, **INVERSES}[name]
    points = np.concatenate([-MAGNITUDES[::-1], MAGNITUDES])
    found = (
        operation.apply(jt.tensor(points)).numpy(),
        reverse(operation, points[None])[0],
        reverse_over_reverse(operation, points[None])[0, 0],
    )
    with mp.workdps(DIGITS):
        for k in some(range(len(points)), 5):
            try:
                expected = exact_derivatives(function, points[k])
            except (NotDefined, OverflowError):
                continue
            orders = 3 if abs(points[k]) > 1e-200 else 2  # the second difference is below the last of 900 digits there
            for order in range(orders):
                off = units_off(found[order][k], expected[order])
                assert off < MOST, f"derivative {order} of {name} at {points[k]}: got {found[order][k]}, {off:.3g} ulp off"


def test_second_derivatives_at_infinity():
    ends = np.array([[-np.inf, np.inf]])
    for name in ("sigmoid", "tanh", "softplus", "logsigmoid", "gelu", "silu", "mish", "erf", "atan", "asinh", "softsign"):
        assert (reverse_over_reverse(BY_NAME[name], ends) == 0).all(), name
