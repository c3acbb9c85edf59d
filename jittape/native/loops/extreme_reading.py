"""The largest and the smallest element of an array, and where it is.

Where it is has no derivative, so it is looked for in integers, and the element is read there: its adjoint is one addition. Equal
largest elements share a derivative, and nan is larger and smaller than all: both are left to the tape as the code runs.
"""

import operator

import numpy as np
from numba import types

POSITIONS = {np.argmax: operator.gt, np.argmin: operator.lt}
EXTREMES = {np.max: operator.gt, np.amax: operator.gt, np.min: operator.lt, np.amin: operator.lt, **POSITIONS}


class ExtremeReading:
    """The part of a `TreeReader` that reads `np.max` and the like."""

    def extreme(self, key, array):
        """An extreme element of an array, or its position."""
        if key in POSITIONS and array.ndim != 1:
            self.refuse(f"{key.__name__} of an array of {array.ndim} axes")
        array = self.formed(array)
        self.guard(self.of_integers(operator.gt, self.size(array), self.integer(0)))
        at = tuple(self.hide(self.integer(0)) for _ in range(array.ndim))
        equals, unordered = self.hide(self.integer(0)), self.hide(self.integer(0))

        def compare(members):
            value, best = self.item(array, members), self.item(array, at)
            better = self.of_elements(EXTREMES[key], (value, best), types.boolean)
            others = self.sum_of(self.again(equals), self.as_count(operator.eq, value, best))
            faults = self.sum_of(self.again(unordered), self.as_count(operator.ne, value, value))
            places = [self.chosen(better, self.again(m), self.again(a), True) for m, a in zip(members, at)]
            self.set_hidden(equals, self.chosen(better, self.integer(1), others, True), True)
            self.set_hidden(unordered, faults, True)
            for name, place in zip(at, places):
                self.set_hidden(name, place, True)

        self.every(self.lengths(array), compare)
        self.guard(self.of_integers(operator.eq, self.again(unordered), self.integer(0)))
        if key in POSITIONS:
            return self.again(at[0])
        self.guard(self.of_integers(operator.eq, self.again(equals), self.integer(1)))
        return self.item(array, at)

    def as_count(self, comparison, a, b):
        """1 where a comparison holds, else 0."""
        holds = self.of_elements(comparison, (a, b), types.boolean)
        return self.block().value("cast", "to int64", (holds,), types.int64, True)
