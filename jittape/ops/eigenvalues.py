"""Eigenvalues and eigenvectors of symmetric (Hermitian) matrices, and of others.

Where eigenvalues are equal, their vectors have no derivative: what is computed from the vectors there is infinite or nan, while
sums of the eigenvalues are right. So values and vectors are rows of their own, and vectors that nothing reads have no adjoint.
A symmetric matrix is differentiated as such: both triangles share the adjoint, whichever LAPACK reads.

Reference: M. B. Giles, Collected matrix derivative results for forward and reverse mode algorithmic differentiation, 2008.
"""

from __future__ import annotations

import numpy as np

from ..dtypes import complex_of, is_complex, real_of
from ..tensors.tensor import wrap
from .complex_parts import conj, real
from .copies_and_joins import convert
from .declare_structured import structured
from .matrix_functions import (
    adjoint_matrix,
    calling_lapack,
    factors,
    hermitian,
    inv_values,
    solve_values,
    square_argument,
    turned,
)
from .operation_names import public
from .operation_table import raw
from .products import matmul
from .shape_functions import unsqueeze
from .shape_rules import expect, square_matrices
from .sums import sum


def inverse_gaps(values):
    """One over the differences ``values[j] - values[i]``, 0 on the diagonal, which is a structural zero."""
    ones = np.eye(values.shape[-1], dtype=values.dtype)
    return wrap(1.0 - ones) / (unsqueeze(values, -2) - unsqueeze(values, -1) + wrap(ones))


def refuse_phases(turn, name):
    """Raise if a loss changes when complex vectors, columns of length 1, are multiplied by numbers of length 1.

    Parameters
    ----------
    turn : Tensor
        The products of vectors with their gradients, on the diagonal.
    name : str
        Of the decomposition.
    """
    if not is_complex(turn.dtype):
        return
    values = raw(turn)
    phases, size = np.abs(np.diagonal(values, 0, -2, -1).imag), np.abs(values).max(initial=0.0)
    if (phases > 1e3 * np.finfo(values.dtype).eps ** 0.75 * (1.0 + size)).any():
        raise NotImplementedError(
            f"{name}: got a function of complex vectors that depends on their phases, expected one of what a decomposition says: "
            "vectors are determined up to a factor of absolute value 1; use abs(v), or products such as v * v.conj()"
        )


def diagonal_of(x):
    """The diagonals of square matrices."""
    return sum(x * wrap(np.eye(x.shape[-1], dtype=x.dtype)), (-1,))


TRIANGLES = ("L", "U")


def _of_a_triangle(shapes, triangle):
    expect(type(triangle) is str and triangle in TRIANGLES, f"a triangle, one of {TRIANGLES}")
    return square_matrices(shapes)


def _a_vector(shapes, with_vectors):
    expect(type(with_vectors) is bool, "a flag")
    return square_matrices(shapes)[:-1]


class EigenPair(tuple):
    """A pair (eigenvalues, eigenvectors)."""

    __slots__ = ()
    eigenvalues = property(lambda self: self[0])
    eigenvectors = property(lambda self: self[1])


# --- of symmetric matrices --------------------------------------------------------------------------------------------------


@structured(stacks=True, holomorphic=True, result_dtype=real_of, grad_name="LinalgEighBackward0")
def eigvalsh_values(a, triangle, with_vectors):
    """The eigenvalues, ascending; LAPACK computes them otherwise if vectors are wanted, too."""
    if with_vectors:
        return factors(np.linalg.eigh, "linalg.eigh", a, triangle)[0]
    return calling_lapack(np.linalg.eigvalsh, "linalg.eigvalsh", a, triangle)


@eigvalsh_values.shaped
def eigvalsh_shape(shapes, triangle, with_vectors):
    _of_a_triangle(shapes, triangle)
    return _a_vector(shapes, with_vectors)


@eigvalsh_values.pullback_of(0)
def eigvalsh_pullback(y_bar, y, a, triangle, with_vectors):
    vectors = symmetric_vectors_values.apply(a, triangle)
    return conj(matmul(vectors * unsqueeze(y_bar, -2), adjoint_matrix(vectors)))


@eigvalsh_values.pushforward_of(0)
def eigvalsh_pushforward(a_dot, y, a, triangle, with_vectors):
    vectors = symmetric_vectors_values.apply(a, triangle)
    return real(sum(conj(vectors) * matmul(hermitian(a_dot), vectors), (-2,)))


@structured(stacks=True, holomorphic=True, grad_name="LinalgEighBackward0")
def symmetric_vectors_values(a, triangle):
    """The eigenvectors of a symmetric matrix, a column each, in the order of the eigenvalues."""
    return factors(np.linalg.eigh, "linalg.eigh", a, triangle)[1]


symmetric_vectors_values.shaped(_of_a_triangle)


@symmetric_vectors_values.pullback_of(0)
def symmetric_vectors_pullback(y_bar, y, a, triangle):
    gaps = inverse_gaps(eigvalsh_values.apply(a, triangle, True))
    turn = matmul(adjoint_matrix(y), conj(y_bar))
    refuse_phases(turn, "linalg.eigh")
    return conj(hermitian(matmul(matmul(y, gaps * turn), adjoint_matrix(y))))


@symmetric_vectors_values.pushforward_of(0)
def symmetric_vectors_pushforward(a_dot, y, a, triangle):
    gaps = inverse_gaps(eigvalsh_values.apply(a, triangle, True))
    return matmul(y, gaps * matmul(matmul(adjoint_matrix(y), hermitian(a_dot)), y))


def _triangle(UPLO):
    if UPLO.upper() not in TRIANGLES:
        raise ValueError(f"UPLO argument must be 'L' or 'U': got {UPLO!r}")
    return UPLO.upper()


@public(operation=symmetric_vectors_values, public=False, numpy=np.linalg.eigh)
def eigh(a, UPLO="L"):
    """Eigenvalues and eigenvectors of a symmetric matrix."""
    x, triangle = square_argument(a, "linalg.eigh"), _triangle(UPLO)
    return EigenPair((eigvalsh_values.apply(x, triangle, True), symmetric_vectors_values.apply(x, triangle)))


@public(operation=eigvalsh_values, public=False, numpy=np.linalg.eigvalsh)
def eigvalsh(a, UPLO="L"):
    """Eigenvalues of a symmetric matrix, ascending."""
    return eigvalsh_values.apply(square_argument(a, "linalg.eigvalsh"), _triangle(UPLO), False)


# --- of other matrices ------------------------------------------------------------------------------------------------------


class ComplexEigenvalues(NotImplementedError):
    """A real matrix whose eigenvalues are not."""


def _as_real(a, result, name):
    """What LAPACK found, if it is as real as the matrix."""
    if not np.iscomplexobj(a) and any(np.iscomplexobj(part) for part in (result if isinstance(result, tuple) else (result,))):
        raise ComplexEigenvalues(
            f"{name}: got a real matrix with complex eigenvalues in a program that was traced for real ones: convert it with "
            ".to(jt.complex128) or .astype(complex)"
        )
    return result


@structured(stacks=True, holomorphic=True, grad_name="LinalgEigBackward0")
def eigvals_values(a, with_vectors):
    """The eigenvalues of a matrix, in the order of LAPACK."""
    if with_vectors:
        return _as_real(a, factors(np.linalg.eig, "linalg.eig", a), "linalg.eig")[0]
    return _as_real(a, calling_lapack(np.linalg.eigvals, "linalg.eigvals", a), "linalg.eigvals")


eigvals_values.shaped(_a_vector)


@eigvals_values.pullback_of(0)
def eigvals_pullback(y_bar, y, a, with_vectors):
    vectors = eigenvectors_values.apply(a)
    return matmul(turned(inv_values.apply(vectors)) * unsqueeze(y_bar, -2), turned(vectors))


@eigvals_values.pushforward_of(0)
def eigvals_pushforward(a_dot, y, a, with_vectors):
    vectors = eigenvectors_values.apply(a)
    return diagonal_of(solve_values.apply(vectors, matmul(a_dot, vectors)))


@structured(stacks=True, holomorphic=True, grad_name="LinalgEigBackward0")
def eigenvectors_values(a):
    """The eigenvectors of a matrix, columns of length 1."""
    return _as_real(a, factors(np.linalg.eig, "linalg.eig", a), "linalg.eig")[1]


eigenvectors_values.shaped(square_matrices)


@eigenvectors_values.pullback_of(0)
def eigenvectors_pullback(y_bar, y, a):
    gaps = inverse_gaps(eigvals_values.apply(a, True))
    turn = conj(y) * conj(y_bar)
    beside = conj(y_bar) - y * unsqueeze(real(sum(turn, (-2,))), -2)  # the length of a vector stays 1
    refuse_phases(matmul(adjoint_matrix(y), conj(y_bar)), "linalg.eig")
    return conj(solve_values.apply(adjoint_matrix(y), matmul(conj(gaps) * matmul(adjoint_matrix(y), beside), adjoint_matrix(y))))


@eigenvectors_values.pushforward_of(0)
def eigenvectors_pushforward(a_dot, y, a):
    gaps = inverse_gaps(eigvals_values.apply(a, True))
    change = matmul(y, gaps * solve_values.apply(y, matmul(a_dot, y)))
    return change - y * unsqueeze(real(sum(conj(y) * change, (-2,))), -2)


@public(operation=eigenvectors_values, public=False, numpy=np.linalg.eig)
def eig(a):
    """Eigenvalues and eigenvectors of a matrix, complex where LAPACK finds complex ones."""
    x = square_argument(a, "linalg.eig")
    try:
        values = eigvals_values.apply(x, True)
    except ComplexEigenvalues:
        x = convert(x, complex_of(x.dtype))
        values = eigvals_values.apply(x, True)
    return EigenPair((values, eigenvectors_values.apply(x)))


@public(operation=eigvals_values, public=False, numpy=np.linalg.eigvals)
def eigvals(a):
    """Eigenvalues of a matrix, complex where LAPACK finds complex ones."""
    x = square_argument(a, "linalg.eigvals")
    try:
        return eigvals_values.apply(x, False)
    except ComplexEigenvalues:
        return eigvals_values.apply(convert(x, complex_of(x.dtype)), False)
