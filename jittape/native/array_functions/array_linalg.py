"""Linear algebra on arrays of differential numbers.

A solution x of ``A x = b`` satisfies ``dx = A^-1 (db - dA x)``. It therefore has the derivatives of ``A^-1 (b - A x)`` with the
inverse and x held constant, and what is recorded are two products. On bases that are differential themselves the system is
solved by elimination in their arithmetic.

Reference: M. B. Giles, Collected matrix derivative results for forward and reverse mode algorithmic differentiation, 2008,
sections 2.2.3 and 2.3.1.
"""

import numpy as np
from numba import types

from ...ops import matrix_functions, products
from ..numbers.array_types import element_type
from ..compilation.compile_cached import inside
from ..numbers.number_types import Active, depth_of
from .array_reductions import dot_of, product, reduction
from ..numbers.number_parts import new_array, node_of, number_with, zero_of
from ..statement_tape.entry_writers import values, vector

# --- a plain active base: numbers are solved by LAPACK -------------------------------------------------------------------


@inside
def with_values(x, numbers, like):
    """An array with the derivatives of `x` and other values."""
    out = new_array(x.shape, like)
    target, source, k = vector(out), vector(numbers), 0
    for element in x.flat:
        target[k] = number_with(source[k], node_of(element, like), like)
        k += 1
    return out


@inside
def solve_by_lapack(matrix, right, like):
    numbers = values(matrix, like)
    inverse, solution = np.linalg.inv(numbers), np.linalg.solve(numbers, values(right, like))
    residuals = new_array(right.shape, like)
    target, b, minus = vector(residuals), vector(right), vector(dot_of(matrix, -solution))
    for k in range(len(target)):
        target[k] = b[k] + minus[k]
    return with_values(dot_of(inverse, residuals), solution, like)


# --- any other base: elimination with row exchanges ------------------------------------------------------------------------


@inside
def eliminate(matrix, right):
    """Solve in place by elimination; `right` has a column for each right-hand side."""
    n = len(matrix)
    for k in range(n):
        best = k
        for i in range(k + 1, n):
            if abs(matrix[i, k]) > abs(matrix[best, k]):
                best = i
        if matrix[best, k] == 0.0:
            raise np.linalg.LinAlgError("Matrix is singular to machine precision.")
        if best != k:
            for j in range(n):
                matrix[k, j], matrix[best, j] = matrix[best, j], matrix[k, j]
            for j in range(right.shape[1]):
                right[k, j], right[best, j] = right[best, j], right[k, j]
        for i in range(k + 1, n):
            factor = matrix[i, k] / matrix[k, k]
            for j in range(k, n):
                matrix[i, j] = matrix[i, j] - factor * matrix[k, j]
            for j in range(right.shape[1]):
                right[i, j] = right[i, j] - factor * right[k, j]
    for j in range(right.shape[1]):
        for i in range(n - 1, -1, -1):
            total = right[i, j]
            for k in range(i + 1, n):
                total = total - matrix[i, k] * right[k, j]
            right[i, j] = total / matrix[i, i]


@inside
def as_square(x, like):
    """A copy of a square matrix as differential numbers."""
    if x.shape[0] != x.shape[1]:
        raise ValueError("Last 2 dimensions of the array must be square.")
    out = new_array(x.shape, like)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[i, j] = x[i, j]
    return out


def _by_lapack(*kinds):
    """Whether the numbers are active on plain floats."""
    return all(not depth_of(ty) or (isinstance(ty, Active) and not depth_of(ty.base)) for ty in map(element_type, kinds))


@product(matrix_functions.solve)
def solve_of(x, z):
    if not (isinstance(x, types.Array) and isinstance(z, types.Array) and x.ndim == 2 and z.ndim in (1, 2)):
        return None
    if not _by_lapack(x, z):
        return _solve_by_elimination(z.ndim)
    return lambda x, z: solve_by_lapack(x, z, zero_of(x, z))


def _solve_by_elimination(ndim):
    if ndim == 1:

        def one(x, z):
            like = zero_of(x, z)
            right = new_array((len(z), 1), like)
            for i in range(len(z)):
                right[i, 0] = z[i]
            eliminate(as_square(x, like), right)
            return right[:, 0].copy()

        return one

    def several(x, z):
        like = zero_of(x, z)
        right = new_array(z.shape, like)
        for i in range(z.shape[0]):
            for j in range(z.shape[1]):
                right[i, j] = z[i, j]
        eliminate(as_square(x, like), right)
        return right

    return several


@reduction(matrix_functions.inv, of_complex=True)
def inverse_of(x):
    def inverse(x):
        return solve_of(x, np.eye(x.shape[0]))

    return inverse


@reduction(matrix_functions.det, of_complex=True)
def determinant_of(x):
    def determinant(x):
        matrix = as_square(x, zero_of(x, x))
        result, n = zero_of(x, x) + 1.0, len(matrix)
        for k in range(n):
            i, j = pivot_of(matrix, k)
            if matrix[i, j] == 0.0:
                return result * determinant_of_zeros(matrix[k:, k:], zero_of(x, x))
            result = result * (-matrix[i, j] if (i == k) != (j == k) else matrix[i, j])
            exchange(matrix, k, i, j)
            for row in range(k + 1, n):
                factor = matrix[row, k] / matrix[k, k]
                for column in range(k + 1, n):
                    matrix[row, column] = matrix[row, column] - factor * matrix[k, column]
        return result

    return determinant


@inside
def pivot_of(matrix, k):
    """Where the largest number of a column is, from row k on; if they are all zero, one of the columns after it."""
    i = j = k
    for row in range(k, len(matrix)):
        if abs(matrix[row, k]) > abs(matrix[i, k]):
            i = row
    if matrix[i, k] == 0.0:
        for row in range(k, len(matrix)):
            for column in range(k + 1, len(matrix)):
                if abs(matrix[row, column]) > abs(matrix[i, j]):
                    i, j = row, column
    return i, j


@inside
def exchange(matrix, k, i, j):
    """Exchange row i and column j with those of number k."""
    for column in range(len(matrix) if i != k else 0):
        matrix[k, column], matrix[i, column] = matrix[i, column], matrix[k, column]
    for row in range(len(matrix) if j != k else 0):
        matrix[row, k], matrix[row, j] = matrix[row, j], matrix[row, k]


@inside
def determinant_of_zeros(x, like):
    """The determinant of a matrix whose numbers are zero: from the third derivative of three rows on it is zero."""
    if len(x) == 1:
        return like + x[0, 0]
    if len(x) == 2:
        return like + (x[0, 0] * x[1, 1] - x[0, 1] * x[1, 0])
    return like + 0.0


@reduction(products.trace, of_complex=True)
def trace_of(x):
    def trace(x):
        total = zero_of(x, x)
        for k in range(min(x.shape[0], x.shape[1])):
            total = total + x[k, k]
        return total

    return trace
