"""Inverse, solution of systems, determinant and Cholesky factor of square matrices and batches of them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

from ..dtypes import get_default_dtype, is_complex, is_differentiable, real_of
from ..errors import ShapeError, SingularError
from ..memory.layouts import broadcast_shapes
from ..tensors.tensor import Tensor, wrap
from .arguments import as_tensor_argument
from .products import matmul
from .complex_parts import conj, real, sgn
from .copies_and_joins import convert
from .shape_functions import expand, reshape, transpose, tril, unsqueeze
from .split_and_stack import stack
from .declare_structured import structured
from .shape_rules import number_of_matrices, solutions, square_matrices
from .sums import sum
from .memory_order import in_rows
from .operation_names import public
from .operation_table import common_dtype
from .transcendental import log
from .triangular_factors import LowerTriangular

if TYPE_CHECKING:
    from ..typing import TensorLike


def calling_lapack(function, name, *arrays):
    """Call LAPACK through NumPy, and raise the library's exception for its errors."""
    try:
        return function(*arrays)
    except np.linalg.LinAlgError as error:
        raise SingularError(f"{name}: {error}: got a matrix that has none; check it with linalg.det") from None


class _Last(threading.local):
    """Of every factorisation the last matrices of this thread and their factors."""

    def __init__(self):
        self.found = {}


_LAST = _Last()
_LARGEST_KEPT = 1 << 23  # bytes


def factors(function, name, a, *options):
    """The factors of matrices, as tuples; they are kept until others are factorised.

    Every factor is a row of its own, and rules read the others: without this a gradient by singular vectors would cost seven
    decompositions. Whether matrices are the same is seen by their bits.
    """
    if a.nbytes > _LARGEST_KEPT:
        return tuple(calling_lapack(function, name, a, *options))
    key, bits = (function, *options), (a.shape, a.dtype, a.tobytes())
    kept = _LAST.found.get(key)
    if kept is None or kept[0] != bits:
        kept = _LAST.found[key] = bits, tuple(calling_lapack(function, name, a, *options))
    return tuple(part.copy() for part in kept[1])


def turned(x):
    """Matrices with rows and columns exchanged."""
    return transpose(x, -2, -1)


def adjoint_matrix(x):
    """The conjugates of matrices, turned."""
    return conj(turned(x))


def hermitian(x):
    """The part of matrices that is their own adjoint: of real ones the symmetric part."""
    return 0.5 * (x + adjoint_matrix(x))


@structured(stacks=True, holomorphic=True, uses=(8, 0, 0), grad_name="LinalgInvExBackward0")
def inv_values(a):
    """The inverse."""
    return calling_lapack(np.linalg.inv, "linalg.inv", a)


inv_values.shaped(square_matrices)


@inv_values.pullback_of(0)
def inv_pullback(y_bar, y, a):
    return -matmul(matmul(turned(y), y_bar), turned(y))


@inv_values.pushforward_of(0)
def inv_pushforward(a_dot, y, a):
    return -matmul(matmul(y, a_dot), y)


@structured(arity=2, stacks=True, holomorphic=True, linear_in=(1,), uses=(9, 1, 0), grad_name="LinalgSolveExBackward0")
def solve_values(a, b):
    """The x of a x = b, for matrices b of the batch of a."""
    return calling_lapack(np.linalg.solve, "linalg.solve", a, b)


solve_values.shaped(solutions)


@solve_values.pullback_of(0)
def solve_pullback_a(y_bar, y, a, b):
    return -matmul(solve_values.apply(turned(a), y_bar), turned(y))


@solve_values.pullback_of(1)
def solve_pullback_b(y_bar, y, a, b):
    return solve_values.apply(turned(a), y_bar)


@solve_values.pushforward_of(0)
def solve_pushforward_a(a_dot, y, a, b):
    return -solve_values.apply(a, matmul(a_dot, y))


_ADJUGATES = [[0.0, 0.0, 0.0, 1.0], [0.0, 0.0, -1.0, 0.0], [0.0, -1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]]  # their derivatives


@structured(
    stacks=True,
    holomorphic=True,
    uses=(9, 0, 0),
    grad_name="LinalgDetBackward0",
    special_points=[
        (([[1.0, 2.0], [2.0, 4.0]],), (), 0.0, ([[4.0, -2.0], [-2.0, 1.0]],), _ADJUGATES),
        (([[0.0, 0.0], [0.0, 0.0]],), (), 0.0, ([[0.0, 0.0], [0.0, 0.0]],), _ADJUGATES),
    ],
)
def det_values(a):
    """The determinant."""
    return np.linalg.det(a)


def _cofactors(y, a):
    """d det(a) / d a: det(a) times the transposed inverse; for singular matrices, determinants of minors."""
    if a.shape[-1] == 0:
        return a
    if (y._value() != 0).all():
        return _over_matrix(y) * turned(inv_values.apply(a))
    n = a.shape[-1]
    kept = [[k for k in range(n) if k != j] for j in range(n)]
    rows = []
    for i in range(n):
        minors = [a[..., kept[i], :][..., kept[j]] for j in range(n)]
        rows.append(stack([det_values.apply(m) * (-1.0) ** (i + j) for j, m in enumerate(minors)], -1))
    return stack(rows, -2)


def _over_matrix(y):
    return unsqueeze(unsqueeze(y, -1), -1)


det_values.shaped(number_of_matrices)


@det_values.pullback_of(0)
def det_pullback(y_bar, y, a):
    return _over_matrix(y_bar) * _cofactors(y, a)


@det_values.pushforward_of(0)
def det_pushforward(a_dot, y, a):
    return sum(a_dot * _cofactors(y, a), (-2, -1))


@structured(stacks=True, holomorphic=True, result_dtype=real_of, uses=(1, 0, 0), grad_name="LinalgSlogdetBackward0")
def logabsdet_values(a):
    """The logarithm of the size of the determinant; -inf of a singular matrix."""
    return np.linalg.slogdet(a)[1]


logabsdet_values.shaped(number_of_matrices)


@logabsdet_values.pullback_of(0)
def logabsdet_pullback(y_bar, y, a):
    return _over_matrix(y_bar) * turned(inv_values.apply(a))


@logabsdet_values.pushforward_of(0)
def logabsdet_pushforward(a_dot, y, a):
    return real(sum(a_dot * turned(inv_values.apply(a)), (-2, -1)))


@structured(kind=LowerTriangular, stacks=True, holomorphic=True, uses=(8, 0, 0), grad_name="LinalgCholeskyExBackward0")
def cholesky_values(a):
    """The lower triangle l with l @ l.H = a."""
    return calling_lapack(np.linalg.cholesky, "linalg.cholesky", a)


def _half(x):
    """The lower triangle with half the diagonal (Murray 2016, Differentiation of the Cholesky decomposition)."""
    return tril(x) - 0.5 * (diagonal_matrix(x))


def diagonal_matrix(x):
    """The diagonal of a matrix as a matrix."""
    return x * wrap(np.eye(x.shape[-1], dtype=x.dtype))


cholesky_values.shaped(square_matrices)


@cholesky_values.pullback_of(0)
def cholesky_pullback(y_bar, y, a):
    middle = _half(matmul(adjoint_matrix(y), conj(y_bar)))
    inverse = inv_values.apply(y)
    return conj(hermitian(matmul(matmul(adjoint_matrix(inverse), middle), inverse)))  # both triangles share the adjoint


@cholesky_values.pushforward_of(0)
def cholesky_pushforward(a_dot, y, a):
    inverse = inv_values.apply(y)
    return matmul(y, _half(matmul(matmul(inverse, hermitian(a_dot)), adjoint_matrix(inverse))))


# --- functions ----------------------------------------------------------------------------------------------------


def square_argument(value, name, argument="A"):
    """An argument as floats; raises unless it is a square matrix or a batch of them."""
    a = as_tensor_argument(value, name, argument)
    if a.ndim < 2 or a.shape[-1] != a.shape[-2]:
        what = "must have at least 2 dimensions" if a.ndim < 2 else "must be batches of square matrices"
        raise ShapeError(f"{name}: The input tensor {argument} {what}: got shape {list(a.shape)}, expected [..., n, n]")
    return a if is_differentiable(a.dtype) else convert(a, get_default_dtype())


@public(operation=inv_values, name="inverse", numpy=np.linalg.inv, keywords="input=A", out="one")
def inv(A: TensorLike) -> Tensor:
    """Inverse of a square matrix.

    Parameters
    ----------
    A : Tensor or ndarray, shape (..., n, n)
        Square matrix, or a batch of them.

    Returns
    -------
    Tensor
        Of the shape of `A`.

    Raises
    ------
    SingularError
        If there is no inverse.
    ShapeError
        If the matrix is not square.

    Notes
    -----
    Work is O(n**3), by LAPACK.
    """
    return inv_values.apply(square_argument(A, "linalg.inv"))


def _numpy_solve(a, b):
    a, b = square_argument(a, "solve", "a"), as_tensor_argument(b, "solve", "b")
    a, b = [x if is_differentiable(x.dtype) else convert(x, np.float64) for x in (a, b)]
    if 1 < b.ndim == a.ndim - 1 and _SOLVES_MATRICES:
        b = unsqueeze(b, 0)
    return solve(a, b)


_SOLVES_MATRICES = np.lib.NumpyVersion(np.__version__) >= "2.0.0"  # a right-hand side with several axes is no batch of vectors


@public(operation=solve_values, public=False, numpy={np.linalg.solve: _numpy_solve}, out="one")
def solve(A: TensorLike, B: TensorLike, *, left: bool = True) -> Tensor:
    """Solution of linear systems: the x of ``A @ x = B``.

    Parameters
    ----------
    A : Tensor or ndarray, shape (..., n, n)
        Square matrix, or a batch of them.
    B : Tensor or ndarray, shape (..., n) or (..., n, m)
        Right-hand sides: vectors if the shape is that of `A` without its last axis, else matrices.
    left : bool, optional
        False for the x of ``x @ A = B``.

    Returns
    -------
    Tensor
        Of the shape of `B`, with the batch axes of both.

    Raises
    ------
    ShapeError
        If a matrix is not square, or the shapes do not fit.
    SingularError
        If a matrix has no inverse.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.linalg.solve(jt.tensor([[2.0, 0.0], [0.0, 4.0]]), jt.tensor([1.0, 1.0]))
    tensor([0.5000, 0.2500])
    """
    if not left:
        turned = [transpose(as_tensor_argument(m, "linalg.solve"), -2, -1) for m in (A, B)]
        return transpose(solve(*turned), -2, -1)
    a, b = square_argument(A, "linalg.solve"), as_tensor_argument(B, "linalg.solve", "B")
    dtype = common_dtype([a, b])
    a, b = convert(a, dtype), convert(b, dtype)
    vector = b.ndim == 1 or (b.ndim == a.ndim - 1 and tuple(b.shape) == tuple(a.shape[:-1]))
    matrix = unsqueeze(b, -1) if vector else b
    if matrix.ndim < 2 or matrix.shape[-2] != a.shape[-1]:
        raise ShapeError(
            f"linalg.solve: Incompatible shapes of A and B for the equation AX = B: got {list(a.shape)} and {list(b.shape)}, "
            f"expected B of shape [{a.shape[-1]}] or [..., {a.shape[-1]}, k]"
        )
    batch = broadcast_shapes(tuple(a.shape[:-2]), tuple(matrix.shape[:-2]))
    x = solve_values.apply(_spread(a, batch), _spread(matrix, batch))
    return reshape(x, tuple(x.shape[:-1])) if vector else x


def _spread(x, batch):
    return x if tuple(x.shape[:-2]) == batch else expand(x, batch + tuple(x.shape[-2:]))


@public(operation=det_values, numpy=np.linalg.det, keywords="input=A")
def det(A: TensorLike) -> Tensor:
    """Determinant of a square matrix.

    Parameters
    ----------
    A : Tensor or ndarray, shape (..., n, n)
        Square matrix, or a batch of them.

    Returns
    -------
    Tensor, shape (...)
        The determinant.

    Raises
    ------
    ShapeError
        If the matrix is not square.

    Notes
    -----
    The derivative at a singular matrix is computed from minors.
    """
    return det_values.apply(square_argument(A, "linalg.det"))


class SignLogabsdet(tuple[Tensor, Tensor]):
    """A pair (sign, logabsdet)."""

    __slots__ = ()

    @property
    def sign(self) -> Tensor:
        """1, -1, or 0 for a singular matrix."""
        return self[0]

    @property
    def logabsdet(self) -> Tensor:
        """The logarithm of the absolute value of the determinant."""
        return self[1]


@public(operation=logabsdet_values, numpy=np.linalg.slogdet, keywords="input=A")
def slogdet(A: TensorLike) -> SignLogabsdet:
    """Sign of the determinant and logarithm of its absolute value, which neither overflow nor underflow.

    Parameters
    ----------
    A : Tensor or ndarray, shape (..., n, n)
        Square matrix, or a batch of them.

    Returns
    -------
    tuple of (Tensor, Tensor), shape (...)
        ``sign`` and ``logabsdet``.

    Raises
    ------
    ShapeError
        If the matrix is not square.
    """
    a = square_argument(A, "linalg.slogdet")
    sign = sgn(det_values.apply(a)) if is_complex(a.dtype) else wrap(np.asarray(np.linalg.slogdet(a._value())[0]))
    return SignLogabsdet((sign, logabsdet_values.apply(a)))


@public(keywords="input=A")
def logdet(A: TensorLike) -> Tensor:
    """Logarithm of the determinant; nan if that is negative.

    Parameters
    ----------
    A : Tensor or ndarray, shape (..., n, n)
        Square matrix, or a batch of them.

    Returns
    -------
    Tensor, shape (...)
        The logarithm.

    Raises
    ------
    ShapeError
        If the matrix is not square.
    """
    sign, size = slogdet(A)
    return size if (sign._value() >= 0).all() else size + log(sign)


def _numpy_cholesky(a, *, upper=False):
    return in_rows(cholesky(a, True)) if upper else cholesky(a)


@public(operation=cholesky_values, numpy={np.linalg.cholesky: _numpy_cholesky}, keywords="input=A", out="one")
def cholesky(A: TensorLike, upper: bool = False) -> Tensor:
    """Cholesky factor of a symmetric positive definite matrix: the lower triangle L with ``L @ L.T = A``.

    Parameters
    ----------
    A : Tensor or ndarray, shape (..., n, n)
        Square matrix, or a batch of them.
    upper : bool, optional
        Return the upper triangle U with ``U.T @ U = A``, of the upper triangle of `A`.

    Returns
    -------
    Tensor
        Of the shape of `A`; its lower triangle is read.

    Raises
    ------
    SingularError
        If the matrix is not positive definite.
    ShapeError
        If the matrix is not square.

    References
    ----------
    Murray, "Differentiation of the Cholesky decomposition", arXiv:1602.07527 (2016).
    """
    a = square_argument(A, "linalg.cholesky")
    factor = cholesky_values.apply(transpose(a, -2, -1) if upper else a)
    return transpose(factor, -2, -1) if upper else factor
