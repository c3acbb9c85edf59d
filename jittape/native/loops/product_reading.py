"""Products of vectors and matrices, as loops in an order that LLVM can vectorise. Large ones are better left to BLAS."""

import operator

import numpy as np
from numba import types

from .array_views import is_array

LARGEST_PRODUCT = 64**3  # multiplications in the product of two matrices


class ProductReading:
    """The part of a `TreeReader` that reads products."""

    def product(self, a, b, result):
        """``a @ b``."""
        if not (is_array(a) and is_array(b)):
            self.refuse("a product of something else than arrays")
        self.expect_doubles(a, b)
        axes = a.ndim, b.ndim
        if axes not in ((1, 1), (2, 1), (1, 2), (2, 2)):
            self.refuse(f"a product of arrays of {a.ndim} and {b.ndim} axes")
        self.expect_equal(self.kept_lengths(a)[-1], self.kept_lengths(b)[0])
        a, b = self.in_memory((a, b))
        return self.inner_products(a, b, result) if b.ndim == 1 else self.summed_rows(a, b, result)

    def inner_products(self, a, b, result):
        """The products of a vector, or of the rows of a matrix, with a vector."""

        def inner_product(members):
            def element(inner):
                return self.of_elements(np.multiply, (self.item(a, (*members, *inner)), self.item(b, inner)), types.float64)

            return self.accumulated(np.sum, types.float64, self.lengths(b), element, in_any_order=True)

        if a.ndim == 1:
            return inner_product(())
        found = self.made(result, self.lengths(a)[:1], False)
        self.every(self.lengths(found), lambda members: self.put(self.at(found, members), inner_product(members)))
        return found

    def summed_rows(self, a, b, result):
        """A row of a product is a sum of rows of a matrix.

        It is added up in a memory of its own, of which nothing that is computed later keeps what it was.
        """
        size = self.product_of(self.size(a), self.lengths(b)[1])
        self.guard(self.of_integers(operator.le, size, self.integer(LARGEST_PRODUCT)))
        row = self.made(types.Array(types.float64, 1, "C"), self.lengths(b)[1:], False)
        found = self.made(result, (*self.lengths(a)[:-1], *self.lengths(row)), False)

        def of_row(at):
            self.every(self.lengths(row), lambda j: self.put(self.at(row, j), self.constant_value(0.0, types.float64)))
            self.every(self.lengths(b), lambda k: self.put(self.at(row, k[1:]), self.added(row, a, b, at, k)))
            self.every(self.lengths(row), lambda j: self.put(self.at(found, (*at, *j)), self.item(row, j)))

        self.every(self.lengths(a)[:-1], of_row)
        return found

    def added(self, row, a, b, at, k):
        """An element of a row, and what row `k` of a matrix adds to it."""
        more = self.of_elements(np.multiply, (self.item(a, (*at, k[0])), self.item(b, k)), types.float64)
        return self.of_elements(np.add, (self.item(row, k[1:]), more), types.float64)
