"""Masks of booleans as indices of vectors, and values that are cut off at bounds."""

import operator

import numpy as np
from numba import types

from .array_views import Slice, is_array
from .block_values import Value
from .program_parts import Branch
from .whole_array_reading import dtype_of, overlaps


class MaskedReading:
    """The part of a `TreeReader` that reads what is chosen by conditions."""

    def is_mask(self, what):
        """Whether an index is a vector of booleans."""
        return is_array(what) and what.ndim == 1 and dtype_of(what) == types.boolean

    def where_true(self, mask, write):
        """Read a loop over the elements of a mask: ``write(index, number)`` where it is true, for the number-th time."""
        count = self.hide(self.integer(0))
        self.program.never_negative.add(count)

        def visit(members):
            part = Branch(self.hide(self.item(mask, members)))
            self.parts.append(part)
            before = self.inner(part.ways[0])
            write(members, count)
            self.set_hidden(count, self.plus(self.again(count), 1, never_negative=True), True)
            self.parts, self.loops_around = before

        self.every(self.lengths(mask), visit)
        return count

    def masked(self, array, mask):
        """``array[mask]``: a new array, of which as much is used as there are elements."""
        array, mask = self.in_memory((array, mask))
        if array.ndim != 1:
            self.refuse("a mask of an array of several axes")
        self.expect_equal(self.kept_lengths(array)[0], self.kept_lengths(mask)[0])
        found = self.made(types.Array(array.array.element, 1, "C"), self.lengths(mask), False)
        count = self.where_true(mask, lambda at, number: self.put(self.at(found, (number,)), self.item(array, at)))
        return self.at(found, (Slice(None, count, None),))

    def set_masked(self, place, mask, source):
        """``array[mask] = source``."""
        source = self.kept(source) if isinstance(source, Value) else source  # what follows begins other blocks
        mask = self.formed(mask)
        if place.ndim != 1:
            self.refuse("a mask of an array of several axes")
        self.expect_equal(self.kept_lengths(place)[0], self.kept_lengths(mask)[0])
        if isinstance(source, (str, Value)):
            self.where_true(mask, lambda at, number: self.put(self.at(place, at), self.again(source)))
            return
        if not is_array(source) or source.ndim != 1:
            self.refuse("something else than numbers for the elements of a mask")
        if overlaps(place, source):
            source = self.copied(source, types.Array(dtype_of(source), 1, "C"))
        true = self.accumulated(np.sum, types.int64, self.lengths(mask), lambda at: self.as_count_of(self.item(mask, at)))
        self.expect_equal(self.kept(true), self.kept_lengths(source)[0])
        self.where_true(mask, lambda at, number: self.put(self.at(place, at), self.element_of(source, (number,))))

    def as_count_of(self, condition):
        return self.block().value("cast", "to int64", (condition,), types.int64, True)

    def clipped(self, array, given, result):
        """``np.clip``, whose derivative at a bound is that of the element."""
        bounds = [self.looked_up(v.name) if v else None for v in (given.take("a_min"), given.take("a_max"))]
        bounds = [None if isinstance(b, types.NoneType) else b for b in bounds]
        if not is_array(array) or not isinstance(result, types.Array):
            self.refuse("np.clip of numbers")
        operands = [self.kept(o) if isinstance(o, Value) else o for o in (array, *bounds) if o is not None]
        is_given, dtype = [b is not None for b in bounds], result.dtype
        lengths = self.common_lengths([o for o in operands if is_array(o)])

        def element(reader, members):
            value, *own = (reader.as_real_or(v, dtype) for v in reader.elements_of(operands, members))
            for comparison, has_bound in zip((operator.lt, operator.gt), is_given):
                if has_bound:
                    value = reader.cut_off(value, own.pop(0), comparison, dtype)
            return value

        return self.lazy(lengths, element, dtype, operands)

    def as_real_or(self, value, dtype):
        """A number of another type."""
        return value if value.type == dtype else self.block().value("cast", str(dtype), (value,), dtype)

    def cut_off(self, value, bound, comparison, dtype):
        """A value, or a bound that it is beyond; a bound that is nan is beyond everything."""
        found = value
        for operands, way in (((value, bound), comparison), ((bound, bound), operator.ne)):
            if way is operator.ne and bound.kind == "constant":
                continue
            beyond = self.of_elements(way, operands, types.boolean)
            found = self.block().value("choice", None, (beyond, bound, found), dtype)
        return found
