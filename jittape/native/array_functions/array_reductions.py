"""Sums, products and extrema of arrays of differential numbers.

A sum of n active numbers is one statement with n pairs. Dual numbers are added one by one.
"""

import math
import operator

import numpy as np
from numba import types

from ...ops import comparison, products, reductions, sums
from ..numbers.array_types import element_type, is_array, is_differential
from ..compilation.compile_cached import inside, means, overloaded
from ..statements.function_copies import substitute
from ..numbers.number_types import Active, depth_of
from ..numbers.number_parts import new_array, number_with_value, primal_of, zero_of
from .native_kernels import complex_kernel, native_kernel, originals
from ..statement_tape.entry_writers import (
    dot_loop,
    dot_statement,
    matrix_product,
    product_loops,
    sum_loop,
    sum_statement,
    values,
    vector,
)


@inside
def must_fit(n, m):
    if n != m:
        raise ValueError("shapes do not fit: the last axis of the first operand and the first of the second differ")


def _is_active(*kinds):
    return any(isinstance(element_type(ty), Active) for ty in kinds)


def _no_axis(axis):
    return axis is None or isinstance(axis, (types.Omitted, types.NoneType))


# --- what copies call in the place of NumPy's functions -----------------------------------------------------------
# On plain arrays they are NumPy's functions again.


def reduction(declared, of_complex=False):
    """Declare the loops of a function of one array, which complex numbers may have too; decorates ``array -> implementation``."""
    original = originals(declared)[0]

    def declare(make):
        if of_complex:
            complex_kernel(declared)(make)
        return native_kernel(declared, lambda x: make(x) if is_array(x) else lambda x: original(x))

    return declare


def reduction_along(declared):
    """Declare the loops of a function of an array and an axis; decorates the same."""
    original = originals(declared)[0]

    def declare(make):
        def meaning(x, axis=None):
            if is_array(x):
                return make(x, axis)
            return (lambda x, axis=None: original(x)) if _no_axis(axis) else (lambda x, axis=None: original(x, axis))

        return native_kernel(declared, meaning)

    return declare


def product(declared, of_complex=False):
    """Declare the loops of a function of two operands, of complex ones too if wanted; decorates ``kinds -> implementation``."""
    original = originals(declared)[0]

    def declare(make):
        if of_complex:
            complex_kernel(declared)(make)

        def meaning(x, z):
            return make(x, z) if is_array(x) or is_array(z) else lambda x, z: original(x, z)

        return native_kernel(declared, meaning)

    return declare


@inside
def counted(axis, ndim):
    """An axis counted from the first one."""
    if axis < -ndim or axis >= ndim:
        raise ValueError("'axis' entry is out of bounds")
    return axis + ndim if axis < 0 else axis


@overloaded
def lengths_without(shape, axis):
    """The lengths of the other axes."""
    if shape.count == 1:
        return lambda shape, axis: ()

    def lengths(shape, axis):
        return shape[1:] if axis == 0 else (shape[0],) + lengths_without(shape[1:], axis - 1)

    return lengths


@reduction_along(sums.sum)
def sum_of(x, axis=None):
    add = sum_statement if _is_active(x) else sum_loop
    if _no_axis(axis):
        if x.ndim == 1:
            return lambda x, axis=None: add(x, zero_of(x, x))
        return lambda x, axis=None: add(vector(x), zero_of(x, x))
    if x.ndim == 1:

        def alone(x, axis=None):
            counted(axis, 1)
            return add(x, zero_of(x, x))

        return alone

    def along(x, axis=None):
        k, like = counted(axis, x.ndim), zero_of(x, x)
        before = after = 1
        for j in range(k):
            before *= x.shape[j]
        for j in range(k + 1, x.ndim):
            after *= x.shape[j]
        flat, out, n = vector(x), new_array(before * after, like), x.shape[k] * after
        for a in range(before):
            for b in range(after):
                out[a * after + b] = add(flat[a * n + b : (a + 1) * n : after], like)
        return out.reshape(lengths_without(x.shape, k))

    return along


@reduction_along(sums.mean)
def mean_of(x, axis=None):
    if _no_axis(axis):
        return lambda x, axis=None: np.divide(sum_of(x), x.size)  # nan for an empty array, where `/` raises
    if x.ndim == 1:

        def alone(x, axis=None):
            counted(axis, 1)
            return mean_of(x)

        return alone

    def along(x, axis=None):
        return np.divide(sum_of(x, axis), x.shape[counted(axis, x.ndim)])

    return along


@product(products.dot)
def dot_of(x, z):
    active = _is_active(x, z)
    inner, multiply = (dot_statement, matrix_product) if active else (dot_loop, product_loops)
    if not isinstance(x, types.Array) or not isinstance(z, types.Array):
        return lambda x, z: x * z
    if (x.ndim, z.ndim) == (1, 1):

        def vectors(x, z):
            must_fit(len(x), len(z))
            return inner(x, z, zero_of(x, z))

        return vectors
    if (x.ndim, z.ndim) == (2, 1):

        def matrix_vector(x, z):
            must_fit(x.shape[1], len(z))
            return vector(multiply(x, z[:, None], zero_of(x, z)))

        return matrix_vector
    if (x.ndim, z.ndim) == (1, 2):

        def vector_matrix(x, z):
            must_fit(len(x), z.shape[0])
            return vector(multiply(x[None, :], z, zero_of(x, z)))

        return vector_matrix
    if (x.ndim, z.ndim) == (2, 2):

        def matrices(x, z):
            must_fit(x.shape[1], z.shape[0])
            return multiply(x, z, zero_of(x, z))

        return matrices
    return None


@means(operator.matmul)
def on_matmul(x, z):
    if (is_differential(x) or is_differential(z)) and isinstance(x, types.Array) and isinstance(z, types.Array):
        return lambda x, z: dot_of(x, z)


substitute(np.matmul)(lambda kind: dot_of)


@product(np.vdot)
def vdot_of(x, z):
    return lambda x, z: dot_of(vector(x), vector(z))


@product(products.outer, of_complex=True)
def outer_of(x, z):
    def outer(x, z):
        return dot_of(vector(x)[:, None], vector(z)[None, :])

    return outer


@reduction(reductions.prod, of_complex=True)
def prod_of(x):
    def prod(x):
        result = zero_of(x, x) + 1.0
        for element in x.flatten():
            result = result * element
        return result

    return prod


@reduction(reductions.var)
def var_of(x):
    def var(x):
        like, n = zero_of(x, x), x.size
        u = deviations(vector(values(x, like)))
        y = np.divide(dot_of(u, u), n)
        for k in range(n):
            u[k] = u[k] * (2.0 / n)
        return number_with_value(y, dot_of(u, vector(x)), like)

    return var


@inside
def deviations(x):
    """The differences from the mean, which is exact where all numbers are equal; it may be infinite, as in the table."""
    first, u = x[0] if len(x) and np.isfinite(x[0]) else zero_of(x, x), new_array(len(x), zero_of(x, x))
    for k in range(len(x)):
        u[k] = x[k] - first
    mean = mean_of(u)
    for k in range(len(x)):
        u[k] = u[k] - mean
    return u


@reduction(reductions.norm)
def norm_of(x):
    def norm(x):
        like = zero_of(x, x)
        u = vector(values(x, like))
        y = norm_of(u)
        partials = new_array(len(u), y)
        for k in range(len(u)):
            partials[k] = partial_of_norm(u[k], y)
        return number_with_value(y, dot_of(partials, vector(x)), like)

    return norm


@overloaded
def partial_of_norm(u, y):
    """The partial for an element. At 0 it is 0, the subgradient, and has no derivative itself."""
    if depth_of(y):
        return lambda u, y: number_with_value(0.0, np.divide(u, y), y) if y == 0.0 else np.divide(u, y)
    return lambda u, y: 0.0 if y == 0.0 else u / y


@reduction(reductions.std)
def std_of(x):
    def std(x):
        like, n = zero_of(x, x), x.size
        u = deviations(vector(values(x, like)))
        y = np.divide(norm_of(u), math.sqrt(n))
        for k in range(n):
            u[k] = partial_of_norm(u[k], y * n)
        return number_with_value(y, dot_of(u, vector(x)), like)

    return std


def _extremum(better):
    def make(x):
        def extremum(x):
            u = x.flatten()
            best = place_of(u, better)
            return shared_by_ties(u, u[best])

        return extremum

    return make


@inside
def shared_by_ties(u, best):
    """The best element of a vector, with the mean of the derivatives of all that are equal to it; nans are."""
    count = 0
    for k in range(len(u)):
        count += ties(u[k], best)
    if count < 2:
        return best
    like, total = zero_of(u, u), zero_of(u, u)
    for k in range(len(u)):
        if ties(u[k], best):
            total = total + u[k] * (1.0 / count)
    return number_with_value(primal_of(best, like), total, like)


@inside
def ties(x, z):
    return x == z or (x != x and z != z)


def _place(better):
    return lambda x: lambda x: place_of(x.flatten(), better)


@inside
def place_of(u, better):
    """The index of the best element of a vector: the first of equals, the first nan if there is one."""
    if len(u) == 0:
        raise ValueError("zero-size array to reduction operation which has no identity")
    best = 0
    for k in range(len(u)):
        if u[k] != u[k]:
            return k
        if better(u[k], u[best]):
            best = k
    return best


@inside
def _larger(x, z):
    return x > z


@inside
def _smaller(x, z):
    return x < z


for _declared, _better in ((reductions.amax, _larger), (reductions.amin, _smaller)):
    reduction(_declared)(_extremum(_better))
for _declared, _better in ((comparison.argmax, _larger), (comparison.argmin, _smaller)):
    reduction(_declared)(_place(_better))
