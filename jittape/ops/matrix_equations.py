"""Functions of matrices, factors and solutions of matrix equations by SciPy's LAPACK, with their derivatives.

It is imported where SciPy's linear algebra is asked for: SciPy takes long to load.

References: N. J. Higham, Functions of Matrices, 2008, theorem 3.6 (the derivative of a function of a matrix is a block of the
function of a block matrix); M. B. Giles, Collected matrix derivative results, 2008.
"""

import numpy as np
import scipy.linalg

from ..tensors.tensor import wrap
from .declare_structured import structured
from .matrix_functions import calling_lapack, turned
from .products import matmul
from .shape_functions import tril, triu
from .shape_rules import expect, square_matrices
from .split_and_stack import cat


def _each(function, *arrays):
    """A function of matrices on batches of them."""
    batch = arrays[0].shape[:-2]
    if not batch:
        return function(*arrays)
    flat = [x.reshape(-1, *x.shape[-2:]) for x in arrays]
    found = [function(*parts) for parts in zip(*flat)]
    return np.reshape(found, (*batch, *np.shape(found[0]))) if found else np.zeros(arrays[-1].shape)


# --- functions of a matrix --------------------------------------------------------------------------------------------------


def _as_operand(name, value, a):
    """The value in the dtype of the operand; raises if a real one has a complex value."""
    if np.iscomplexobj(value) and not np.iscomplexobj(a):
        raise NotImplementedError(
            f"scipy.linalg.{name}: got a real matrix with a complex result, expected a real one: give it the matrix as complex "
            "numbers, a.astype(complex)"
        )
    return value.astype(a.dtype, copy=False)


def _above(a, e):
    """The matrix ``[[a, e], [0, a]]``."""
    zeros = wrap(np.zeros(tuple(a.shape), a.dtype))
    return cat([cat([a, e], -1), cat([zeros, a], -1)], -2)


def _function_of_a_matrix(name):
    theirs = getattr(scipy.linalg, name)

    def values(a):
        return _as_operand(name, _each(lambda x: calling_lapack(theirs, f"scipy.linalg.{name}", x), a), a)

    values.__name__, values.__doc__ = f"{name}_values", f"SciPy's `{name}` of square matrices."
    operation = structured(stacks=True, holomorphic=True, grad_name="MatrixFunctionBackward0")(values)
    operation.shaped(square_matrices)

    @operation.pushforward_of(0)
    def pushforward(a_dot, y, a):
        n = a.shape[-1]
        return operation.apply(_above(a, a_dot))[..., :n, n:]

    @operation.pullback_of(0)
    def pullback(y_bar, y, a):
        return pushforward(y_bar, y, turned(a))

    return operation


FUNCTIONS_OF_MATRICES = {name: _function_of_a_matrix(name) for name in "expm logm sqrtm sinm cosm tanm sinhm coshm tanhm".split()}
matrix_exponential = FUNCTIONS_OF_MATRICES["expm"]


# --- triangular systems -------------------------------------------------------------------------------------------------------


@structured(arity=2, stacks=True, linear_in=(1,), holomorphic=True, grad_name="LinalgSolveTriangularBackward0")
def solve_triangular_values(a, b, lower, transposed, unit):
    """The x of a x = b, for one triangle of a; the other is not read."""

    def solved(a, b):
        return scipy.linalg.solve_triangular(a, b, trans=int(transposed), lower=lower, unit_diagonal=unit, check_finite=False)

    return _each(lambda a, b: calling_lapack(solved, "scipy.linalg.solve_triangular", a, b), a, b)


@solve_triangular_values.shaped
def solve_triangular_shape(shapes, *flags):
    a, b = shapes
    square_matrices([a])
    expect(len(flags) == 3 and all(type(f) is bool for f in flags), "three flags")
    expect(len(b) == len(a) and b[:-1] == a[:-1], "matrices of right-hand sides, of the batch of the systems")
    return b


def _triangle(x, lower, unit):
    return tril(x, -int(unit)) if lower else triu(x, int(unit))


@solve_triangular_values.pullback_of(0)
def solve_triangular_pullback_a(y_bar, y, a, b, lower, transposed, unit):
    b_bar = solve_triangular_values.apply(a, y_bar, lower, not transposed, unit)
    product = matmul(y, turned(b_bar)) if transposed else matmul(b_bar, turned(y))
    return -_triangle(product, lower, unit)


@solve_triangular_values.pullback_of(1)
def solve_triangular_pullback_b(y_bar, y, a, b, lower, transposed, unit):
    return solve_triangular_values.apply(a, y_bar, lower, not transposed, unit)


@solve_triangular_values.pushforward_of(0)
def solve_triangular_pushforward_a(a_dot, y, a, b, lower, transposed, unit):
    move = _triangle(a_dot, lower, unit)
    return -solve_triangular_values.apply(a, matmul(turned(move) if transposed else move, y), lower, transposed, unit)


# --- LU -------------------------------------------------------------------------------------------------------------------------


@structured(holomorphic=True, grad_name="LinalgLuFactorBackward0")
def lu_in_place_values(a):
    """Both factors of a matrix whose rows need not change places, the lower one without its diagonal of ones."""
    return calling_lapack(scipy.linalg.lu_factor, "scipy.linalg.lu_factor", a)[0]


@lu_in_place_values.shaped
def lu_in_place_shape(shapes):
    expect(len(square_matrices(shapes)) == 2, "one matrix")
    return shapes[0]


@lu_in_place_values.pushforward_of(0)
def lu_in_place_pushforward(a_dot, y, a):
    left = solve_triangular_values.apply(y, a_dot, True, False, True)
    middle = turned(solve_triangular_values.apply(y, turned(left), False, True, False))
    lower = tril(y, -1) + wrap(np.eye(y.shape[-1], dtype=y.dtype))
    return matmul(lower, tril(middle, -1)) + matmul(triu(middle), triu(y))


@lu_in_place_values.pullback_of(0)
def lu_in_place_pullback(y_bar, y, a):
    lower = tril(y, -1) + wrap(np.eye(y.shape[-1], dtype=y.dtype))
    middle = tril(matmul(turned(lower), tril(y_bar, -1)), -1) + triu(matmul(triu(y_bar), turned(triu(y))))
    left = solve_triangular_values.apply(y, middle, True, True, True)
    return turned(solve_triangular_values.apply(y, turned(left), False, False, False))


# --- Sylvester's equation -------------------------------------------------------------------------------------------------------


@structured(arity=3, linear_in=(2,), holomorphic=True, grad_name="SolveSylvesterBackward0")
def solve_sylvester_values(a, b, q):
    """The x of a x + x b = q."""
    return calling_lapack(scipy.linalg.solve_sylvester, "scipy.linalg.solve_sylvester", a, b, q)


@solve_sylvester_values.shaped
def solve_sylvester_shape(shapes):
    a, b, q = shapes
    expect(len(a) == len(b) == len(q) == 2 and a[0] == a[1] and b[0] == b[1], "two square matrices and a right-hand side")
    expect(q == (a[0], b[0]), "a right-hand side that fits")
    return q


@solve_sylvester_values.pullback_of(2)
def solve_sylvester_pullback_q(y_bar, y, a, b, q):
    return solve_sylvester_values.apply(turned(a), turned(b), y_bar)


@solve_sylvester_values.pullback_of(0)
def solve_sylvester_pullback_a(y_bar, y, a, b, q):
    return -matmul(solve_sylvester_pullback_q(y_bar, y, a, b, q), turned(y))


@solve_sylvester_values.pullback_of(1)
def solve_sylvester_pullback_b(y_bar, y, a, b, q):
    return -matmul(turned(y), solve_sylvester_pullback_q(y_bar, y, a, b, q))


@solve_sylvester_values.pushforward_of(0)
def solve_sylvester_pushforward_a(a_dot, y, a, b, q):
    return -solve_sylvester_values.apply(a, b, matmul(a_dot, y))


@solve_sylvester_values.pushforward_of(1)
def solve_sylvester_pushforward_b(b_dot, y, a, b, q):
    return -solve_sylvester_values.apply(a, b, matmul(y, b_dot))
