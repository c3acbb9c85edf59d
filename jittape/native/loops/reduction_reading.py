"""Sums and products over arrays, and inner products, as loops.

Sums are added up in Numba's order, so that values agree. The order of an inner product is that of BLAS, which is nobody's, so
LLVM may choose one that is fast.
"""

import operator

import numpy as np
from numba import types

from .block_values import is_real
from .whole_array_reading import dtype_of

REDUCTIONS = (np.sum, np.mean, np.prod, np.dot, np.var, np.std, np.linalg.norm, np.any, np.all)
SCALED = 1e-280, 1e280  # squares between which a norm needs no scaling


class ReductionReading:
    """The part of a `TreeReader` that reads reductions."""

    def reduced(self, function, array, given, signature):
        """``array.sum()`` and the like."""
        result = types.unliteral(signature.return_type)
        if function is np.dot:
            return self.product(array, self.looked_up(given.take("b").name), result)
        if function in (np.any, np.all):
            return self.truth(function, array)
        if function not in (np.sum, np.prod) and not is_real(dtype_of(array)):
            self.refuse(f"{function.__name__} of integers")
        if function not in (np.sum, np.prod):
            self.expect_doubles(array)
        if function in (np.var, np.std):
            return self.spread(function, array)
        if function is np.linalg.norm:
            return self.norm(array)
        axis = given.take("axis")
        if axis is not None and self.code.types[axis.name] != types.none:
            return self.along_axis(function, array, self.number(axis.name), result)
        element = dtype_of(array)
        total = self.accumulated(
            function, element if function is np.mean else result, self.lengths(array), lambda m: self.element_of(array, m)
        )
        return self.shared(total, array) if function is np.mean else total

    def expect_doubles(self, *arrays):
        """Refuse arrays of float32, where Numba computes in steps of its own."""
        if any(dtype_of(array) == types.float32 for array in arrays):
            self.refuse("a function of NumPy that computes with arrays of float32")

    def truth(self, function, array):
        """Whether any of the elements, or all, are true."""

        def is_true(members):
            value = self.element_of(array, members)
            zero = self.block().value("cast", str(value.type), (self.integer(0),), value.type)
            return self.as_count(operator.ne, value, zero)

        count = self.accumulated(np.sum, types.int64, self.lengths(array), is_true)
        if function is np.any:
            return self.of_integers(operator.gt, count, self.integer(0))
        return self.of_integers(operator.eq, count, self.size(array))

    def shared(self, total, array):
        """A number, divided by how many elements an array has."""
        return self.of_elements(np.true_divide, (total, self.size(array)), types.float64)

    def spread(self, function, array):
        """The variance of the elements, or its root, as Numba computes it."""
        array = self.formed(array)
        total = self.accumulated(np.sum, types.float64, self.lengths(array), lambda m: self.item(array, m))
        mean = self.hide(self.shared(total, array))

        def squared(members):
            apart = self.of_elements(operator.sub, (self.item(array, members), self.again(mean)), types.float64)
            return self.of_elements(operator.mul, (apart, apart), types.float64)

        variance = self.shared(self.accumulated(np.sum, types.float64, self.lengths(array), squared), array)
        if function is np.var:
            return variance
        self.program.has_deviation = True
        return self.of_elements(operator.pow, (variance, self.constant_value(0.5, types.float64)), types.float64)

    def norm(self, array):
        """The root of the sum of squares, where that needs no scaling: else the tape has to call BLAS."""
        array = self.formed(array)

        def squared(members):
            value = self.item(array, members)
            return self.of_elements(operator.mul, (value, value), types.float64)

        total = self.hide(self.accumulated(np.sum, types.float64, self.lengths(array), squared, in_any_order=True))
        for comparison, bound in zip((operator.gt, operator.lt), SCALED):
            bound = self.constant_value(bound, types.float64)
            self.guard(self.of_elements(comparison, (self.again(total), bound), types.boolean))
        return self.of_elements(np.sqrt, (self.again(total),), types.float64)

    def accumulated(self, function, ty, lengths, element, in_any_order=False):
        """The sum or product of elements."""
        start = self.constant_value(1 if function is np.prod else 0, types.int64)
        total = self.hide(self.block().value("cast", str(ty), (start,), ty))
        self.program.never_negative.discard(total)
        combine = np.multiply if function is np.prod else np.add

        def add(members):
            value = element(members)
            self.set_hidden(total, self.of_elements(combine, (self.again(total), value), ty, in_any_order=in_any_order), False)

        self.every(lengths, add)
        return self.again(total)

    def along_axis(self, function, array, axis, result):
        """Sums along one axis."""
        lengths = list(self.kept_lengths(array))
        if axis.kind != "constant" or function is not np.sum or not isinstance(result, types.Array):
            self.refuse(f"{function.__name__} along an axis")
        k = axis.what + array.ndim * (axis.what < 0)
        if not 0 <= k < array.ndim:
            self.refuse("an axis that does not exist")
        along = lengths.pop(k)
        found = self.made(types.Array(result.dtype, result.ndim, "C"), map(self.again, lengths), False)

        def write(members):
            def element(inner):
                return self.element_of(array, (*members[:k], *inner, *members[k:]))

            self.put(self.at(found, members), self.accumulated(function, result.dtype, [self.again(along)], element))

        self.every(self.lengths(found), write)
        return found
