"""Functions of NumPy that make arrays of numbers that count, and arrays of the elements of other arrays."""

import operator

import numpy as np
from numba import types

from .array_binding import Promise
from .array_views import Elements, Slice, is_array
from .block_values import Value
from .element_reading import ALL
from .masked_reading import MaskedReading
from .whole_array_reading import dtype_of

FLATTEN = np.ndarray.flatten.__name__  # a method alone


class ShapingReading:
    """The part of a `TreeReader` that reads such functions."""

    def shaping(self, key, first, given, result):
        """A call of one of these functions; `first` is its first argument, and `result` the type of what it returns."""
        return SHAPING[key](self, first, given, result)

    def array_of_axes(self, what, ndim):
        """An array in memory that has to have so many axes."""
        if not is_array(what) or what.ndim != ndim:
            self.refuse(f"a function of NumPy of something else than an array of {ndim} axes")
        return self.formed(what)

    def as_float(self, value):
        return value if value.type == types.float64 else self.block().value("cast", "to float64", (value,), types.float64)

    # --- numbers that count -----------------------------------------------------------------------------------------------

    def linspace(self, start, given, result):
        """``np.linspace(start, stop, num)``, as Numba computes it; fewer than two numbers are left to the tape."""
        if result.dtype != types.float64:
            self.refuse("np.linspace of other numbers than float64")
        stop, count = self.number(given.take("stop").name), given.take("num")
        start, stop = self.kept(self.as_float(start)), self.kept(self.as_float(stop))
        count = self.kept(self.as_integer(self.number(count.name)) if count else self.integer(50))
        self.guard(self.of_integers(operator.gt, self.again(count), self.integer(1)))
        span = self.of_elements(np.subtract, (self.again(stop), self.again(start)), types.float64)
        step = self.kept(self.of_elements(np.true_divide, (span, self.plus(self.again(count), -1)), types.float64))
        found = self.made(result, (self.again(count),), False)

        def write(members):
            passed = self.of_elements(np.multiply, (self.again(members[0]), self.again(step)), types.float64)
            self.put(self.at(found, members), self.of_elements(np.add, (self.again(start), passed), types.float64))

        self.every(self.lengths(found), write)
        last = self.kept(self.plus(self.again(count), -1, never_negative=True))
        self.put(self.at(found, (last,)), self.again(stop))
        return found

    def arange(self, start, given, result):
        """``np.arange(stop)`` and ``np.arange(start, stop)`` of integers."""
        stop = given.take("stop")
        start, stop = (start, self.number(stop.name)) if stop else (self.integer(0), start)
        if result.dtype != types.int64 or start.type != types.int64 or stop.type != types.int64:
            self.refuse("numbers that count and are not int64")
        start, length = self.kept(start), self.at_least(self.less(stop, start), 0)

        def element(reader, members):
            return reader.sum_of(reader.again(members[0]), reader.again(start))

        return self.lazy((length,), element, types.int64, [])

    def identity(self, length, given, result):
        """``np.eye(n)``."""
        if result.dtype != types.float64:
            self.refuse("an identity of other numbers than float64")
        length = self.kept(self.as_integer(length))
        found = self.made(result, (self.again(length), self.again(length)), True)
        one = self.constant_value(1.0, types.float64)
        self.every((self.again(length),), lambda k: self.put(self.at(found, (*k, *k)), self.again(one)))
        return found

    # --- elements of other arrays -----------------------------------------------------------------------------------------

    def outer_product(self, a, given, result):
        """All products of an element of one vector and one of another."""
        a, b = (self.array_of_axes(v, 1) for v in (a, self.looked_up(given.take("b").name)))
        column, row = self.at(a, (ALL, types.none)), self.at(b, (types.none, ALL))
        return self.elementwise(np.multiply, [column, row], result.dtype)

    def differences(self, array, given, result):
        array = self.array_of_axes(array, 1)
        later, sooner = Slice(self.integer(1), None, None), Slice(None, self.integer(-1), None)
        return self.elementwise(operator.sub, [self.at(array, (part,)) for part in (later, sooner)], result.dtype)

    def flipped(self, array, given, result):
        return self.at(self.array_of_axes(array, 1), (Slice(None, None, self.integer(-1)),))

    def trace(self, array, given, result):
        array = self.array_of_axes(array, 2)
        length = self.smaller(*self.lengths(array))
        return self.accumulated(np.sum, types.unliteral(result), [length], lambda k: self.item(array, (*k, *k)))

    def running_sums(self, array, given, result):
        array = self.array_of_axes(array, 1)
        total = self.hide(self.block().value("cast", str(result.dtype), (self.integer(0),), result.dtype))
        self.program.never_negative.discard(total)
        found = self.made(result, self.lengths(array), False)

        def write(members):
            value = self.item(array, members)
            self.set_hidden(total, self.of_elements(np.add, (self.again(total), value), result.dtype), False)
            self.put(self.at(found, members), self.again(total))

        self.every(self.lengths(found), write)
        return found

    def joined(self, arrays, given, result):
        """Vectors one after the other."""
        if type(arrays) is not tuple:
            self.refuse("a concatenation of something else than a tuple")
        arrays, ends = [self.array_of_axes(array, 1) for array in arrays], [self.kept(self.integer(0))]
        for array in arrays:
            ends.append(self.kept(self.sum_of(self.again(ends[-1]), self.lengths(array)[0], never_negative=True)))
        found = self.made(result, (self.again(ends[-1]),), False)
        for array, first in zip(arrays, ends):
            self.copy_behind(found, first, array)
        return found

    def rolled(self, array, given, result):
        """``np.roll(array, shift)`` of a vector that has elements."""
        array, shift = self.array_of_axes(array, 1), self.kept(self.as_integer(self.number(given.take("shift").name)))
        length = self.kept(self.lengths(array)[0])
        self.guard(self.of_integers(operator.gt, self.again(length), self.integer(0)))
        shift = self.kept(self.of_integers(operator.mod, self.again(shift), self.again(length), never_negative=True))
        rest = self.kept(self.of_integers(operator.sub, self.again(length), self.again(shift), never_negative=True))
        found = self.made(result, (self.again(length),), False)
        self.copy_behind(found, shift, self.at(array, (Slice(None, rest, None),)))
        self.copy_behind(found, self.kept(self.integer(0)), self.at(array, (Slice(rest, None, None),)))
        return found

    def copy_behind(self, found, first, array):
        """Copy a vector into a part of another one."""

        def write(members):
            place = self.kept(self.sum_of(self.again(first), self.again(members[0]), never_negative=True))
            self.put(self.at(found, (place,)), self.element_of(array, members))

        self.every(self.lengths(array), write)

    # --- the same elements in another shape -------------------------------------------------------------------------------

    def ravel(self, array, given, result):
        return self.same_memory(array, self.flattened(array))

    def contiguous(self, array, given, result):
        return self.same_memory(array, self.copied(array, result)) if is_array(array) else self.refuse("an array of a number")

    def flattened(self, array):
        """All elements of an array in C's order, as an array of its own."""
        array = self.formed(array)
        size = self.kept(self.size(array))
        found = self.made(types.Array(dtype_of(array), 1, "C"), (self.again(size),), False)
        lengths = self.kept_lengths(array)

        def write(members):
            place = self.kept(self.position(members, lengths))
            self.put(self.at(found, (place,)), self.item(array, members))

        self.every(self.lengths(array), write)
        return found

    def position(self, members, lengths):
        """The position of an element in C's order."""
        place = self.again(members[0])
        for member, length in zip(members[1:], lengths[1:]):
            place = self.product_of(place, self.again(length))
            place = self.sum_of(place, self.again(member), never_negative=True)
        return place

    def reshaped(self, array, given, result):
        """``array.reshape(lengths)``; what does not fit is left to the tape."""
        asked = [self.looked_up(variable.name) for variable in given.take_all()]
        asked = asked[0] if len(asked) == 1 and type(asked[0]) is tuple else asked
        lengths = [self.kept(self.as_integer(self.again(n) if isinstance(n, str) else self.block().imported(n))) for n in asked]
        size = self.kept(self.size(array))
        free = [k for k, n in enumerate(lengths) if isinstance(n, Value) and n.kind == "constant" and n.what < 0]
        if len(free) > 1 or not lengths:
            self.refuse("a shape of several unknown lengths, or none")
        for k in free:
            others = self.product_of_all(lengths[:k] + lengths[k + 1 :])
            self.guard(self.of_integers(operator.gt, others, self.integer(0)))
            others = self.product_of_all(lengths[:k] + lengths[k + 1 :])
            lengths[k] = self.kept(self.of_integers(operator.floordiv, self.again(size), others, never_negative=True))
        self.guard(self.of_integers(operator.eq, self.product_of_all(lengths), self.again(size)))
        flat = self.flattened(array)
        if len(lengths) == 1:
            return self.same_memory(array, flat)
        found = self.made(types.Array(dtype_of(array), len(lengths), "C"), [self.again(n) for n in lengths], False)

        def write(members):
            place = self.kept(self.position(members, lengths))
            self.put(self.at(found, members), self.item(flat, (place,)))

        self.every(self.lengths(found), write)
        return self.same_memory(array, found)

    def product_of_all(self, lengths):
        total = self.integer(1)
        for length in lengths:
            total = self.product_of(self.again(length), total)
        return total

    def same_memory(self, array, copy):
        """A copy in the place of a view: neither may be changed."""
        if isinstance(array, Elements) and not self.is_new(array):
            self.program.promises.append(Promise(array.array, copy.array, self.program.n_changes, self.parts))
        return copy


SHAPING = {
    np.linspace: ShapingReading.linspace,
    np.arange: ShapingReading.arange,
    np.eye: ShapingReading.identity,
    np.identity: ShapingReading.identity,
    np.outer: ShapingReading.outer_product,
    np.diff: ShapingReading.differences,
    np.roll: ShapingReading.rolled,
    np.flip: ShapingReading.flipped,
    np.trace: ShapingReading.trace,
    np.cumsum: ShapingReading.running_sums,
    np.concatenate: ShapingReading.joined,
    np.ravel: ShapingReading.ravel,
    np.clip: MaskedReading.clipped,
    np.hstack: ShapingReading.joined,
    np.ascontiguousarray: ShapingReading.contiguous,
    np.reshape: ShapingReading.reshaped,
}
