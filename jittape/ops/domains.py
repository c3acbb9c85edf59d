"""Where operations are defined: what tests sample their arguments from."""

from typing import NamedTuple

import numpy as np


class Domain(NamedTuple):
    """An interval of arguments, and a distance to keep from points where the derivative jumps."""

    low: float
    high: float
    kinks: tuple = ()
    margin: float = 0.05

    def sample(self, rng, shape):
        """Random arguments inside the domain, away from its kinks."""
        x = rng.uniform(self.low, self.high, shape)
        for kink in self.kinks:
            near = np.abs(x - kink) < self.margin
            x = np.where(near, kink + np.where(x < kink, -1.0, 1.0) * (self.margin + np.abs(x - kink)), x)
        return x


REAL = Domain(-2.5, 2.5)
POSITIVE = Domain(0.2, 3.0)
NONZERO = Domain(-2.5, 2.5, kinks=(0.0,), margin=0.3)
UNIT = Domain(-0.9, 0.9)
ABOVE_ONE = Domain(1.1, 4.0)
ABOVE_MINUS_ONE = Domain(-0.8, 3.0)
NO_INTEGERS = Domain(-2.4, 2.4, kinks=tuple(k / 2 for k in range(-5, 6)))
