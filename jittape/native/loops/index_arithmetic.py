"""Integers that views are made of: sums, lengths and indices from the front, in as few operations as can be.

Lengths that are equal should be the same value, so that nothing has to compare them: ``n - 1 - 1`` is ``n - 2``.
"""

import math
import operator

from numba import types

from ..compat import cpu_target
from .applied_functions import Applied


def applied_to(function, kinds):
    """A function of Numba's as it is applied to numbers of some types."""
    found = cpu_target.typing_context.resolve_value_type(function)
    return Applied.of(function, found.get_call_type(cpu_target.typing_context, tuple(kinds), {}))


class IndexArithmetic:
    """The part of a `TreeReader` that computes with integers."""

    def integer(self, number):
        return self.constant_value(number, types.int64)

    def of_integers(self, function, *operands, never_negative=False):
        """An operation on integers."""
        return self.operation(applied_to(function, [types.int64] * len(operands)), operands, never_negative)

    def as_integer(self, value):
        """An index as int64."""
        if value.type == types.int64:
            return value
        return self.block().value("cast", "index", (value,), types.int64, value.never_negative)

    def plus(self, value, number, never_negative=False):
        """The sum of a value and a number."""
        if value.kind == "constant":
            return self.integer(value.what + number)
        if is_shifted(value):
            value, number = value.operands[0], number + value.operands[1].what
        if not number:
            return value
        never_negative |= least(value) + number >= 0
        return self.of_integers(operator.add, value, self.integer(number), never_negative=never_negative)

    def sum_of(self, a, b, never_negative=False):
        """The sum of two values."""
        for value, other in ((a, b), (b, a)):
            if other.kind == "constant":
                return self.plus(value, other.what, never_negative)
        return self.of_integers(operator.add, a, b, never_negative=never_negative)

    def times(self, value, number):
        """The product of a value and a number."""
        if number == 1 or value.kind == "constant":
            return value if number == 1 else self.integer(value.what * number)
        return self.of_integers(operator.mul, value, self.integer(number), never_negative=value.never_negative and number > 0)

    def product_of(self, a, b):
        """The product of two lengths."""
        if b.kind == "constant":
            return self.times(a, b.what)
        return self.of_integers(operator.mul, a, b, never_negative=True)

    def divided(self, value, number):
        """A value that is not negative, divided by a number, without the rest; what is negative stays so, or becomes zero."""
        if value.kind == "constant":
            return self.integer(value.what // number)
        return self.of_integers(operator.floordiv, value, self.integer(number))

    def less(self, a, b):
        """``a - b``."""
        if a is b:
            return self.integer(0)
        if b.kind == "constant":
            return self.plus(a, -b.what)
        if is_shifted(b, a):
            return self.integer(-b.operands[1].what)
        return self.of_integers(operator.sub, a, b)

    def chosen(self, condition, a, b, never_negative):
        return self.block().value("choice", None, (condition, a, b), types.int64, never_negative)

    def at_least(self, value, number):
        """The larger of a value and a number."""
        if value.kind == "constant":
            return self.integer(max(value.what, number))
        if number <= 0 and value.never_negative:
            return value
        least = self.integer(number)
        return self.chosen(self.of_integers(operator.lt, value, least), least, value, number >= 0)

    def smaller(self, a, b):
        """The smaller of two values."""
        if a is b or is_shifted(a, b) and a.operands[1].what <= 0:
            return a
        if a.kind == b.kind == "constant":
            return self.integer(min(a.what, b.what))
        return self.chosen(self.of_integers(operator.lt, b, a), b, a, a.never_negative and b.never_negative)

    def from_front(self, value, length, is_inside=False):
        """An index that counts from the front; one that is inside is not negative then."""
        if value.never_negative:
            return value
        if value.kind == "constant":
            return self.plus(length, value.what)
        back = self.of_integers(operator.lt, value, self.integer(0))
        return self.chosen(back, self.sum_of(value, length), value, is_inside)


def least(value):
    """A number that an integer is not below."""
    if value.kind == "constant":
        return value.what
    if is_shifted(value):
        return least(value.operands[0]) + value.operands[1].what
    known = value.what.least() if value.kind == "counter" else None
    if known is not None:
        return known
    return 0 if value.never_negative else -math.inf


def is_shifted(value, by=None):
    """Whether a value is the sum of another (a certain one, if given) and a constant."""
    is_sum = value.kind == "operation" and value.what.function is operator.add and value.operands[1].kind == "constant"
    return is_sum and by in (None, value.operands[0])
