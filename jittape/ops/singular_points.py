"""What partials are made of where a formula would give nan."""

import math

import numpy as np

from .declare_elementwise import elementwise
from .domains import NONZERO


@elementwise(
    public=False,
    oracle=lambda x, y: np.divide(x, np.where((x == 0.0) & (y == 0.0), 1.0, y)),
    domain=NONZERO,
    special_points=[
        ((0.0, 0.0), 0.0, (math.inf, math.nan), (0.0, -math.inf, math.nan)),
        ((3.0, 0.0), math.inf, (math.inf, -math.inf), (0.0, -math.inf, math.inf)),
    ],
)
def quotient_or_zero(x, y):
    """The quotient ``x / y``, and 0 for ``0 / 0``; its derivatives there are inf and nan, where a mask would make them 0."""
    return 0.0 if x == 0.0 and y == 0.0 else x / y


@quotient_or_zero.partials
def quotient_or_zero_partials(x, y, result):
    return 1.0 / y, -result / y
