"""Linear algebra on arrays of differential numbers.

A solution x of ``A x = b`` satisfies ``dx = A^-1 (db - dA x)``, so it is two layers of statements: residuals with
the pairs (b_i, 1) and (A_ij, -x_j), and x_i as a combination of the residuals with the rows of the inverse.  Both are
exact, so is the derivative, and a system of n unknowns takes 2 n statements and 2 n^2 + n pairs.  On bases that are
differential themselves the system is solved by elimination, written out in their arithmetic.

Source: M. B. Giles, Collected matrix derivative results for forward and reverse mode algorithmic
differentiation, 2008, sections 2.2.3 and 2.3.1.
"""

import math

import numpy as np
from numba import types
from numba.extending import register_jitable

from .arrays import element_type
from .numbers import Active, depth_of
from .reductions import dot_of, product, reduction
from .wide import (
    close_statement, header_at, new_array, node_of, number_with, open_statement, primal_of, put_pair, zero_of,
)

# --- a plain active base: numbers are solved by LAPACK -------------------------------------------------------------------


@register_jitable
def values(x, like):
    """The values of a matrix or vector, contiguous."""
    out = np.empty(x.shape)
    target, k = out.reshape(out.size), 0
    for element in x.flat:
        target[k] = primal_of(element, like)
        k += 1
    return out


@register_jitable
def residual(matrix, b, x, i, like):
    """``b_i - sum_j A_ij x_j`` as a statement in b and A; its value is 0 up to rounding and not used."""
    union = node_of(b[i], like)
    for j in range(len(x)):
        union |= node_of(matrix[i, j], like)
    if union == 0:
        return number_with(0.0, np.int64(0), like)
    header = header_at(union)
    place = open_statement(header, len(x) + 1)
    node = node_of(b[i], like)
    put_pair(place, 0, node, 1.0)
    kept = 0 + (node != 0)
    for j in range(len(x)):
        node = node_of(matrix[i, j], like)
        put_pair(place, kept, node, -x[j])
        kept += node != 0
    return number_with(0.0, close_statement(header, kept), like)


@register_jitable
def combination(value, row, residuals, like):
    """A number of a known value with the derivatives of ``row @ residuals``."""
    union = np.int64(0)
    for j in range(len(row)):
        union |= node_of(residuals[j], like)
    if union == 0:
        return number_with(value, np.int64(0), like)
    header = header_at(union)
    place = open_statement(header, len(row))
    kept = 0
    for j in range(len(row)):
        node = node_of(residuals[j], like)
        put_pair(place, kept, node, row[j])
        kept += node != 0
    return number_with(value, close_statement(header, kept), like)


@register_jitable
def solve_vector(matrix, b, inverse, x, like):
    out, residuals = new_array(len(x), like), new_array(len(x), like)
    for i in range(len(x)):
        residuals[i] = residual(matrix, b, x, i, like)
    for i in range(len(x)):
        out[i] = combination(x[i], inverse[i], residuals, like)
    return out


# --- any other base: elimination with row exchanges ------------------------------------------------------------------------


@register_jitable
def eliminate(matrix, right):
    """Solve in place; `right` has a column a right-hand side.  Returns the sign of the row exchanges."""
    n, sign = len(matrix), 1.0
    for k in range(n):
        best = k
        for i in range(k + 1, n):
            if abs(matrix[i, k]) > abs(matrix[best, k]):
                best = i
        if matrix[best, k] == 0.0:
            raise np.linalg.LinAlgError("Matrix is singular to machine precision.")
        if best != k:
            sign = -sign
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
    return sign


@register_jitable
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


@product(np.linalg.solve)
def solve_of(x, z):
    if not (isinstance(x, types.Array) and isinstance(z, types.Array) and x.ndim == 2 and z.ndim in (1, 2)):
        return None
    if not _by_lapack(x, z):
        return _solve_by_elimination(z.ndim)
    if z.ndim == 1:

        def one(x, z):
            like = zero_of(x, z)
            numbers = values(x, like)
            return solve_vector(x, z, np.linalg.inv(numbers), np.linalg.solve(numbers, values(z, like)), like)

        return one

    def several(x, z):
        like = zero_of(x, z)
        numbers = values(x, like)
        inverse, solutions = np.linalg.inv(numbers), np.linalg.solve(numbers, values(z, like))
        out = new_array(z.shape, like)
        for j in range(z.shape[1]):
            out[:, j] = solve_vector(x, z[:, j], inverse, solutions[:, j].copy(), like)
        return out

    return several


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


@reduction(np.linalg.inv)
def inverse_of(x):
    def inverse(x):
        return solve_of(x, np.eye(x.shape[0]))

    return inverse


@reduction(np.linalg.det)
def determinant_of(x):
    def determinant(x):
        matrix = as_square(x, zero_of(x, x))
        result = zero_of(x, x) + eliminate_only(matrix)
        for k in range(len(matrix)):
            result = result * matrix[k, k]
        return result

    return determinant


@register_jitable
def eliminate_only(matrix):
    """Upper triangle in place.  Returns the sign of the row exchanges."""
    return eliminate(matrix, matrix[:, :0].copy())


@reduction(np.linalg.norm)
def norm_of(x):
    def norm(x):
        u = x.flatten()
        return math.sqrt(dot_of(u, u))

    return norm


@reduction(np.trace)
def trace_of(x):
    def trace(x):
        total = zero_of(x, x)
        for k in range(min(x.shape[0], x.shape[1])):
            total = total + x[k, k]
        return total

    return trace


