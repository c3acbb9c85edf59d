"""Sums and products over arrays, and inner products, as loops.

Sums are added up in Numba's order, so that values agree. The order of an inner product is that of BLAS, which is nobody's, so
LLVM may choose one that is fast.
"""

import numpy as np
from numba import types

from .array_views import is_array
from .block_values import is_real
from .whole_array_reading import dtype_of

REDUCTIONS = (np.sum, np.mean, np.prod, np.dot)


class ReductionReading:
    """The part of a `TreeReader` that reads reductions."""

    def reduced(self, function, array, given, signature):
        """``array.sum()`` and the like."""
        result = types.unliteral(signature.return_type)
        if function is np.dot:
            return self.inner_product(array, self.looked_up(given.take("b").name), result)
        axis = given.take("axis")
        if function is np.mean and not is_real(dtype_of(array)):
            self.refuse(f"{function.__name__} of integers")
        if axis is not None and self.code.types[axis.name] != types.none:
            return self.along_axis(function, array, self.number(axis.name), result)
        element = dtype_of(array)
        total = self.accumulated(
            function, element if function is np.mean else result, self.lengths(array), lambda m: self.element_of(array, m)
        )
        if function is not np.mean:
            return total
        return self.of_elements(np.true_divide, (total, self.size(array)), types.float64)

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

    def inner_product(self, a, b, result):
        """``a @ b`` of two vectors, or of a matrix and a vector. Larger products are better left to BLAS."""
        if not (is_array(a) and is_array(b)) or (a.ndim, b.ndim) not in ((1, 1), (2, 1)):
            self.refuse("a product of matrices")
        (length,) = self.kept_lengths(b)
        self.expect_equal(self.kept_lengths(a)[-1], length)
        a, b = self.in_memory((a, b))

        def product(members):
            def element(inner):
                return self.of_elements(np.multiply, (self.item(a, (*members, *inner)), self.item(b, inner)), types.float64)

            return self.accumulated(np.sum, types.float64, [self.again(length)], element, in_any_order=True)

        if a.ndim == 1:
            return product(())
        found = self.made(result, self.lengths(a)[:1], False)
        self.every(self.lengths(found), lambda members: self.put(self.at(found, members), product(members)))
        return found
