"""Expressions of whole arrays, as loops over their elements with NumPy's meaning.

An expression is computed where it is used: stored, summed, or given a name. NumPy reads the right side of an assignment before it
writes the left one; where the two overlap, the right side is an array of its own. Lengths that have to be equal and are not,
among them a length of 1 that NumPy would repeat, are left to the tape, which knows all rules and messages.
"""

import operator

import numpy as np
from numba import types

from ..compat import cpu_target
from .applied_functions import Applied
from .array_views import Elements, LazyArray, is_array
from .block_values import Value, alike

UFUNCS = {
    operator.add: np.add,
    operator.sub: np.subtract,
    operator.mul: np.multiply,
    operator.truediv: np.true_divide,
    operator.floordiv: np.floor_divide,
    operator.mod: np.remainder,
    operator.pow: np.power,
    operator.neg: np.negative,
    operator.pos: np.positive,
    operator.lt: np.less,
    operator.le: np.less_equal,
    operator.gt: np.greater,
    operator.ge: np.greater_equal,
    operator.eq: np.equal,
    operator.ne: np.not_equal,
    operator.and_: np.bitwise_and,
    operator.or_: np.bitwise_or,
    operator.invert: np.invert,
    abs: np.absolute,
}


class WholeArrayReading:
    """The part of a `TreeReader` that reads expressions of arrays and assignments of views."""

    # --- expressions ------------------------------------------------------------------------------------------------------

    def lazy(self, lengths, element, dtype, operands):
        """An array that is computed where it is used, from some operands."""
        views = []
        for operand in operands:
            views += [operand] if isinstance(operand, Elements) else operand.views if isinstance(operand, LazyArray) else []
        moments = tuple(self.program.stores.get(view.array, 0) for view in views)
        return LazyArray(tuple(map(self.kept, lengths)), element, dtype, tuple(views), moments)

    def elementwise(self, function, operands, dtype):
        """A function applied to elements of arrays and to numbers."""
        operands = [self.kept(o) if isinstance(o, Value) else o for o in operands]
        lengths = self.common_lengths([o for o in operands if is_array(o)])

        def element(reader, members):
            return reader.of_elements(function, reader.elements_of(operands, members), dtype)

        return self.lazy(lengths, element, dtype, operands)

    def of_elements(self, function, values, dtype, in_any_order=False):
        """A function of NumPy applied to numbers, as it is applied to the elements of arrays."""
        found = cpu_target.typing_context.resolve_value_type(UFUNCS.get(function, function))
        signature = found.get_call_type(cpu_target.typing_context, tuple(v.type for v in values), {})
        applied = Applied.of(found, signature, values)._replace(in_any_order=in_any_order)
        value = self.operation(applied, tuple(values))
        return value if value.type == dtype else self.block().value("cast", str(dtype), (value,), dtype)

    def elements_of(self, operands, members):
        """An element of each operand, as values of one block: reading some may begin another, where all are read again."""
        block, found = self.block(), [self.element_of(o, members) for o in operands]
        return found if self.block() is block else [self.element_of(o, members) for o in operands]

    def element_of(self, operand, members):
        """An element of an operand: of an array that is repeated along the first axes and those of length 1, or a number."""
        if not is_array(operand):
            return self.again(operand)
        self.expect_unchanged(operand)
        own = list(members[len(members) - operand.ndim :])
        for k, length in enumerate(self.lengths(operand)):
            if is_one(length):
                own[k] = self.integer(0)
        return operand.element(self, tuple(own)) if isinstance(operand, LazyArray) else self.item(operand, tuple(own))

    def expect_unchanged(self, operand):
        if isinstance(operand, LazyArray):
            for view, moment in zip(operand.views, operand.moments):
                if self.program.stores.get(view.array, 0) != moment:
                    self.refuse("an expression of an array that is written to before it is used")

    def common_lengths(self, arrays):
        """The lengths of an expression of some arrays."""
        found = []
        for array in arrays:
            lengths = self.kept_lengths(array)
            found = [self.integer(1)] * (len(lengths) - len(found)) + found
            first = len(found) - len(lengths)
            for k, length in enumerate(lengths, first):
                if is_one(found[k]):
                    found[k] = length
                elif not is_one(length):
                    self.expect_equal(found[k], length)
        return map(self.again, found)

    def expect_equal(self, a, b):
        """Leave different lengths to the tape. They are kept, as a guard ends the block."""
        if not alike(a, b):
            self.guard(self.of_integers(operator.eq, self.again(a), self.again(b)))

    def in_memory(self, things):
        """Arrays in memory and numbers that are kept, in the place of arrays that are still to be computed and of values."""
        kept = [self.kept(t) if isinstance(t, Value) else t for t in things]
        return [self.formed(t) if isinstance(t, LazyArray) else t for t in kept]

    def formed(self, array):
        """An array in memory."""
        if isinstance(array, Elements):
            return array
        return self.copied(array, types.Array(array.dtype, array.ndim, "C"))

    # --- assignments ------------------------------------------------------------------------------------------------------

    def assign_elements(self, place, source):
        """Set all elements of a view."""
        if isinstance(source, Value):
            source = self.kept(source)
        elif not is_array(source):
            self.refuse("an assignment of something else than numbers")
        elif alike(place, source):
            return
        else:
            self.expect_fitting(place, source)
            if overlaps(place, source):
                source = self.copied(source, types.Array(dtype_of(source), source.ndim, "C"))
        self.every(self.lengths(place), lambda members: self.put(self.at(place, members), self.element_of(source, members)))

    def expect_fitting(self, place, source):
        """Leave a source that has more axes or other lengths to the tape."""
        there, given = self.kept_lengths(place), self.kept_lengths(source)
        if len(given) > len(there):
            self.refuse("an assignment of more axes")
        for a, b in zip(there[len(there) - len(given) :], given):
            if not is_one(b):
                self.expect_equal(a, b)

    def changed_in_place(self, function, place, other):
        """``place += other`` and the like."""
        self.note_change(place.array)
        self.write_without_copy(place, self.elementwise(function, (place, other), place.array.element))
        return place

    def write_without_copy(self, place, source):
        """Set elements as Numba does it where no copy is made: a source that overlaps is read while it changes."""
        self.expect_fitting(place, source)
        if overlaps(place, source):
            self.refuse("an array that is changed by another part of itself")
        self.every(self.lengths(place), lambda members: self.put(self.at(place, members), self.element_of(source, members)))


def is_one(length):
    return isinstance(length, Value) and length.kind == "constant" and length.what == 1


def dtype_of(array):
    return array.array.element if isinstance(array, Elements) else array.dtype


def overlaps(place, source):
    """Whether a source reads elements of a view in another order than the view has them."""
    views = source.views if isinstance(source, LazyArray) else (source,)
    return any(view.array is place.array and not alike(view, place) for view in views)
