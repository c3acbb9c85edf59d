"""Singular values and vectors, and what is made of them: pseudo-inverses and least squares.

Singular values that are equal have no vectors with derivatives, as with `eigenvalues`; so values, left and right vectors are rows
of their own. Vectors that complete a basis (``full_matrices=True``) may turn as they like and have none either.

References: J. Townsend, Differentiating the singular value decomposition, 2016; G. H. Golub and V. Pereyra, The differentiation
of pseudo-inverses and nonlinear least squares problems whose variables separate, 1973.
"""

from __future__ import annotations

import numpy as np

from ..dtypes import get_default_dtype, is_complex, is_differentiable, real_of
from ..errors import ShapeError
from ..tensors.tensor import Tensor, wrap
from .arguments import as_tensor_argument
from .choosing import where
from .complex_parts import conj, imag, real
from .copies_and_joins import convert
from .declare_structured import structured
from .eigenvalues import diagonal_of, inverse_gaps
from .matrix_functions import adjoint_matrix, calling_lapack, factors, turned
from .operation_names import public
from .products import matmul
from .shape_functions import reshape, unsqueeze
from .shape_rules import expect, is_number
from .split_and_stack import cat
from .sums import sum


def _matrices(shapes):
    (shape,) = shapes
    expect(len(shape) >= 2, "matrices")
    return shape


def _lengths(shapes):
    shape = _matrices(shapes)
    return (*shape[:-2], min(shape[-2:]))


def _svd(a, side):
    """One of the three factors of a reduced decomposition."""
    return factors(np.linalg.svd, "linalg.svd", a, False)[side]


# --- values and vectors -----------------------------------------------------------------------------------------------------


@structured(stacks=True, holomorphic=True, result_dtype=real_of, grad_name="LinalgSvdBackward0")
def svdvals_values(a, with_vectors):
    """The singular values, descending; LAPACK computes them otherwise if vectors are wanted, too."""
    if with_vectors:
        return _svd(a, 1)
    return calling_lapack(np.linalg.svd, "linalg.svd", a, False, False)


@svdvals_values.shaped
def svdvals_shape(shapes, with_vectors):
    expect(type(with_vectors) is bool, "a flag")
    return _lengths(shapes)


@svdvals_values.pullback_of(0)
def svdvals_pullback(y_bar, y, a, with_vectors):
    return conj(matmul(left_vectors_values.apply(a) * unsqueeze(y_bar, -2), right_vectors_values.apply(a)))


@svdvals_values.pushforward_of(0)
def svdvals_pushforward(a_dot, y, a, with_vectors):
    moved = matmul(a_dot, adjoint_matrix(right_vectors_values.apply(a)))
    return real(sum(conj(left_vectors_values.apply(a)) * moved, (-2,)))


def _gaps_of_squares(s):
    """One over ``s[j]**2 - s[i]**2``, 0 on the diagonal."""
    ones = np.eye(s.shape[-1], dtype=s.dtype)
    return inverse_gaps(s) / (unsqueeze(s, -2) + unsqueeze(s, -1) + wrap(ones))


def _beside(vectors, x):
    """What is orthogonal to the columns of `vectors`; None if that is nothing."""
    return None if vectors.shape[-1] == vectors.shape[-2] else x - matmul(vectors, matmul(adjoint_matrix(vectors), x))


@structured(stacks=True, holomorphic=True, grad_name="LinalgSvdBackward0")
def left_vectors_values(a):
    """The left singular vectors, a column each."""
    return _svd(a, 0)


left_vectors_values.shaped(lambda shapes: (*_matrices(shapes)[:-1], _lengths(shapes)[-1]))


@left_vectors_values.pullback_of(0)
def left_vectors_pullback(y_bar, y, a):
    s, right = svdvals_values.apply(a, True), right_vectors_values.apply(a)
    gradient = conj(y_bar)
    turn = matmul(adjoint_matrix(y), gradient)
    total = matmul(y, _gaps_of_squares(s) * (turn - adjoint_matrix(turn)) * unsqueeze(s, -2))
    outside = _beside(y, gradient)
    return conj(matmul(total if outside is None else total + outside / unsqueeze(s, -2), right))


@left_vectors_values.pushforward_of(0)
def left_vectors_pushforward(a_dot, y, a):
    s, right = svdvals_values.apply(a, True), right_vectors_values.apply(a)
    moved = matmul(a_dot, adjoint_matrix(right))
    scaled = matmul(adjoint_matrix(y), moved) * unsqueeze(s, -2)
    total = matmul(y, _gaps_of_squares(s) * (scaled + adjoint_matrix(scaled)))
    outside = _beside(y, moved)
    return total if outside is None else total + outside / unsqueeze(s, -2)


def _phases(turn, s, sign):
    """What complex right vectors turn by, as the left ones do not; a diagonal of imaginary numbers, 0 for real ones."""
    if not is_complex(turn.dtype):
        return 0.0
    angles = imag(diagonal_of(turn)) / s
    return unsqueeze(sign * 1j * angles, -1) * wrap(np.eye(s.shape[-1], dtype=turn.dtype))


@structured(stacks=True, holomorphic=True, grad_name="LinalgSvdBackward0")
def right_vectors_values(a):
    """The right singular vectors, a row each."""
    return _svd(a, 2)


right_vectors_values.shaped(lambda shapes: (*_lengths(shapes), _matrices(shapes)[-1]))


@right_vectors_values.pullback_of(0)
def right_vectors_pullback(y_bar, y, a):
    s, left = svdvals_values.apply(a, True), left_vectors_values.apply(a)
    gradient = turned(y_bar)  # of the vectors as columns
    turn = matmul(y, gradient)
    inner = unsqueeze(s, -1) * _gaps_of_squares(s) * (turn - adjoint_matrix(turn))
    total = matmul(inner + _phases(turn, s, -1.0), y)
    outside = _beside(adjoint_matrix(y), gradient)
    return conj(matmul(left, total if outside is None else total + adjoint_matrix(outside) / unsqueeze(s, -1)))


@right_vectors_values.pushforward_of(0)
def right_vectors_pushforward(a_dot, y, a):
    s, left = svdvals_values.apply(a, True), left_vectors_values.apply(a)
    moved = matmul(adjoint_matrix(a_dot), left)
    inner = matmul(y, moved)
    scaled = inner * unsqueeze(s, -2)
    columns = adjoint_matrix(y)
    total = matmul(columns, _gaps_of_squares(s) * (scaled + adjoint_matrix(scaled)) + _phases(inner, s, 1.0))
    outside = _beside(columns, moved)
    return adjoint_matrix(total if outside is None else total + outside / unsqueeze(s, -2))


@structured(stacks=True, grad_name="LinalgSvdBackward0")
def completing_vectors_values(a, rows):
    """The columns (or rows) by which the vectors on the longer side of a matrix become a basis."""
    u, s, vh = calling_lapack(np.linalg.svd, "linalg.svd", a)
    k = s.shape[-1]
    return vh[..., k:, :] if rows else u[..., k:]


@completing_vectors_values.shaped
def completing_vectors_shape(shapes, rows):
    expect(type(rows) is bool, "a flag")
    *batch, m, n = _matrices(shapes)
    return (*batch, n - min(m, n), n) if rows else (*batch, m, m - min(m, n))


@completing_vectors_values.pullback_of(0)
def completing_vectors_pullback(y_bar, y, a, rows):
    return _no_derivative(y_bar, a)


@completing_vectors_values.pushforward_of(0)
def completing_vectors_pushforward(a_dot, y, a, rows):
    return _no_derivative(a_dot, y)


def _no_derivative(seed, like):
    if (seed._value() != 0).any():
        raise NotImplementedError(
            "linalg.svd: got full_matrices=True and a derivative of the vectors that complete the basis, which is not defined: "
            "they may turn among themselves; pass full_matrices=False"
        )
    return wrap(np.zeros(tuple(like.shape), like.dtype))


class SvdResult(tuple):
    """A triple (U, S, Vh)."""

    __slots__ = ()
    U = property(lambda self: self[0])
    S = property(lambda self: self[1])
    Vh = property(lambda self: self[2])


def matrix_argument(value, name, argument="a"):
    """An argument as floats; raises unless it is a matrix or a batch of them."""
    x = as_tensor_argument(value, name, argument)
    if x.ndim < 2:
        raise ShapeError(f"{name}: got {argument} of shape {list(x.shape)}, expected a matrix or a batch of them")
    return x if is_differentiable(x.dtype) else convert(x, get_default_dtype())


@public(operation=svdvals_values, public=False, numpy=np.linalg.svd)
def svd(a, full_matrices=True, compute_uv=True, hermitian=False):
    """Singular value decomposition, with NumPy's arguments."""
    if hermitian:
        raise TypeError("np.linalg.svd: got hermitian=True, expected False: write np.linalg.eigh for symmetric matrices")
    x = matrix_argument(a, "linalg.svd")
    s = svdvals_values.apply(x, bool(compute_uv))
    if not compute_uv:
        return s
    u, vh = left_vectors_values.apply(x), right_vectors_values.apply(x)
    rows, columns = x.shape[-2:]
    if full_matrices and rows > columns:
        u = cat([u, completing_vectors_values.apply(x, False)], -1)
    elif full_matrices and rows < columns:
        vh = cat([vh, completing_vectors_values.apply(x, True)], -2)
    return SvdResult((u, s, vh))


# --- pseudo-inverses --------------------------------------------------------------------------------------------------------


@structured(stacks=True, holomorphic=True, grad_name="LinalgPinvBackward0")
def pinv_values(a, cutoff):
    """The pseudo-inverse; singular values below `cutoff` times the largest count as 0."""
    return calling_lapack(np.linalg.pinv, "linalg.pinv", a, cutoff)


@pinv_values.shaped
def pinv_shape(shapes, cutoff):
    expect(is_number(cutoff), "a number")
    *batch, m, n = _matrices(shapes)
    return (*batch, n, m)


def _size_squared(x):
    """The squares of absolute values."""
    return real(x * conj(x))


def _residual_maps(y, a):
    """The projections ``I - a y`` and ``I - y a``; nan where more than zeros was cut off, since the rules do not hold then."""
    rows, columns = (wrap(np.eye(n, dtype=a.dtype)) for n in a.shape[-2:])
    left = rows - matmul(a, y)
    cut, whole = (sum(_size_squared(m), (-2, -1), True) for m in (matmul(left, a), a))
    left = where(cut > float(np.finfo(a.dtype).eps) * whole, np.nan, left)
    return left, columns - matmul(y, a)


@pinv_values.pullback_of(0)
def pinv_pullback(y_bar, y, a, cutoff):
    left, right = _residual_maps(y, a)
    y_turned, y_adjoint, seed = turned(y), adjoint_matrix(y), turned(y_bar)
    through = matmul(matmul(y_turned, y_bar), y_turned)
    beside = matmul(matmul(left, seed), matmul(y, y_adjoint)) + matmul(matmul(y_adjoint, y), matmul(seed, right))
    return conj(beside) - through  # it multiplies the conjugate of the move of `a`


@pinv_values.pushforward_of(0)
def pinv_pushforward(a_dot, y, a, cutoff):
    left, right = _residual_maps(y, a)
    y_adjoint, move = adjoint_matrix(y), adjoint_matrix(a_dot)
    through = matmul(matmul(y, a_dot), y)
    beside = matmul(matmul(y, y_adjoint), matmul(move, left)) + matmul(matmul(right, move), matmul(y_adjoint, y))
    return beside - through


@public(operation=pinv_values, public=False, numpy=np.linalg.pinv)
def pinv(a, rcond=None, hermitian=False, *, rtol=None):
    """Pseudo-inverse; at matrices that have not full rank, the derivative along matrices of the same rank."""
    if hermitian:
        raise TypeError("np.linalg.pinv: got hermitian=True, expected False: it is the same for symmetric matrices")
    x = matrix_argument(a, "linalg.pinv")
    cutoff = rcond if rcond is not None else rtol if rtol is not None else 1e-15
    return pinv_values.apply(x, float(cutoff))


@structured(arity=2, linear_in=(1,), holomorphic=True, grad_name="LinalgLstsqBackward0")
def lstsq_values(a, b, cutoff):
    """The shortest of the x for which ``a x`` is nearest to the columns of b."""
    return calling_lapack(np.linalg.lstsq, "linalg.lstsq", a, b, cutoff)[0]


@lstsq_values.shaped
def lstsq_shape(shapes, cutoff):
    a, b = shapes
    expect(is_number(cutoff), "a number")
    expect(len(a) == len(b) == 2 and a[0] == b[0], "two matrices of as many rows")
    return a[1], b[1]


@lstsq_values.pullback_of(0)
def lstsq_pullback_a(y_bar, y, a, b, cutoff):
    return pinv_pullback(matmul(y_bar, turned(b)), pinv_values.apply(a, cutoff), a, cutoff)


@lstsq_values.pullback_of(1)
def lstsq_pullback_b(y_bar, y, a, b, cutoff):
    return matmul(turned(pinv_values.apply(a, cutoff)), y_bar)


@lstsq_values.pushforward_of(0)
def lstsq_pushforward_a(a_dot, y, a, b, cutoff):
    return matmul(pinv_pushforward(a_dot, pinv_values.apply(a, cutoff), a, cutoff), b)


@public(operation=lstsq_values, public=False, numpy=np.linalg.lstsq)
def lstsq(a, b, rcond=None):
    """Least squares: the solution, sums of squared residuals, the rank, and the singular values."""
    a, b = matrix_argument(a, "linalg.lstsq"), as_tensor_argument(b, "linalg.lstsq", "b")
    dtype = np.result_type(
        *[x.dtype if is_differentiable(x.dtype) else np.float64 for x in (a, b)]
    )  # that of NumPy's linear algebra
    a, b = (x if x.dtype == dtype else convert(x, dtype) for x in (a, b))
    matrix = b if b.ndim == 2 else unsqueeze(b, -1)
    if a.ndim != 2 or b.ndim not in (1, 2) or a.shape[0] != b.shape[0]:
        raise ShapeError(f"linalg.lstsq: Incompatible dimensions: got {list(a.shape)} and {list(b.shape)}, expected as many rows")
    cutoff = float(np.finfo(a.dtype).eps * max(a.shape) if rcond is None else rcond)
    x, rank = lstsq_values.apply(a, matrix, cutoff), _rank(a, matrix, cutoff)
    residuals = wrap(np.zeros(0, real_of(a.dtype)))
    if rank == a.shape[1] < a.shape[0]:
        misfit = matrix - matmul(a, x)
        residuals = sum(_size_squared(misfit), (0,))
    return reshape(x, (a.shape[1], *b.shape[1:])), residuals, rank, svdvals_values.apply(a, False)


def _rank(a: Tensor, b: Tensor, cutoff):
    return calling_lapack(np.linalg.lstsq, "linalg.lstsq", a._value(), b._value(), cutoff)[2]
