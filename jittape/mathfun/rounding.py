"""Rounding to integers."""

import math

from .bits import elementary


@elementary
def rint(x):
    """The nearest integer, ties to even; exact for every float."""
    big = 4503599627370496.0  # 2**52: from here on every float is an integer
    if not math.fabs(x) < big:
        return x
    return math.copysign((math.fabs(x) + big) - big, x)
