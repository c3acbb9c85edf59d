"""PyTorch's namespace of linear algebra."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .errors import ShapeError
from .ops.arguments import as_tensor_argument
from .ops.compositions import matrix_power
from .ops.keywords import taking_keywords
from .ops.reductions import norm as of_vectors
from .tensors.tensor import wrap
from .ops.cross_product import cross as first_axis_of_three
from .ops.matrix_functions import cholesky, det, inv, slogdet, solve
from .ops.torch_functions_of_scipy import matrix_exp

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .tensors.tensor import Tensor
    from .typing import DTypeLike, TensorLike

vector_norm = of_vectors

__all__ = [
    "cholesky",
    "cond",
    "cross",
    "det",
    "eig",
    "eigh",
    "eigvals",
    "eigvalsh",
    "inv",
    "lstsq",
    "matrix_exp",
    "matrix_norm",
    "matrix_power",
    "matrix_rank",
    "multi_dot",
    "norm",
    "pinv",
    "qr",
    "slogdet",
    "solve",
    "solve_triangular",
    "svd",
    "svdvals",
    "tensorinv",
    "tensorsolve",
    "vecdot",
    "vector_norm",
]


def __dir__():
    return __all__


def _named(out):
    """Decorator of a function that takes ``input=`` for its first parameter, as PyTorch's do, and ``out=``."""
    return lambda function: taking_keywords(function, {"input": "A", "tol": "atol", "rcond": "rtol"}, out)


@_named(out="several")
def eigh(A: TensorLike, UPLO: str = "L") -> Any:
    """Eigenvalues and eigenvectors of symmetric or Hermitian matrices.

    Parameters
    ----------
    A : Tensor or ndarray
        A matrix or a batch of them, of which one triangle is read.
    UPLO : {"L", "U"}, optional
        Which one.

    Returns
    -------
    (eigenvalues, eigenvectors)
        Eigenvalues in ascending order; vectors are columns.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.linalg.eigh(jt.tensor([[2.0, 1.0], [1.0, 2.0]])).eigenvalues
    tensor([1., 3.])
    """
    return np.linalg.eigh(_tensor(A, "eigh"), UPLO)


@_named(out="one")
def eigvalsh(A: TensorLike, UPLO: str = "L") -> Tensor:
    """Eigenvalues of symmetric or Hermitian matrices, in ascending order; see `eigh`.

    Parameters
    ----------
    A : Tensor or ndarray
        A matrix or a batch of them.
    UPLO : {"L", "U"}, optional
        Which triangle is read.

    Returns
    -------
    Tensor
        The eigenvalues, along the last axis.
    """
    return np.linalg.eigvalsh(_tensor(A, "eigvalsh"), UPLO)


@_named(out="several")
def eig(A: TensorLike) -> Any:
    """Eigenvalues and eigenvectors of square matrices, as complex numbers.

    Parameters
    ----------
    A : Tensor or ndarray
        A matrix or a batch of them.

    Returns
    -------
    (eigenvalues, eigenvectors)
        In no order; vectors are columns of length 1.
    """
    return np.linalg.eig(_complex(_tensor(A, "eig")))


@_named(out="one")
def eigvals(A: TensorLike) -> Tensor:
    """Eigenvalues of square matrices, as complex numbers; see `eig`.

    Parameters
    ----------
    A : Tensor or ndarray
        A matrix or a batch of them.

    Returns
    -------
    Tensor
        The eigenvalues, in no order.
    """
    return np.linalg.eigvals(_complex(_tensor(A, "eigvals")))


@_named(out="several")
def svd(A: TensorLike, full_matrices: bool = True) -> Any:
    """Singular value decomposition, ``A = U @ diag(S) @ Vh``.

    Parameters
    ----------
    A : Tensor or ndarray
        A matrix or a batch of them.
    full_matrices : bool, optional
        Whether U and Vh are square.

    Returns
    -------
    (U, S, Vh)
        Singular values in descending order.
    """
    return np.linalg.svd(_tensor(A, "svd"), full_matrices)


@_named(out="one")
def svdvals(A: TensorLike) -> Tensor:
    """Singular values, in descending order; see `svd`.

    Parameters
    ----------
    A : Tensor or ndarray
        A matrix or a batch of them.

    Returns
    -------
    Tensor
        The singular values, along the last axis.
    """
    return np.linalg.svd(_tensor(A, "svdvals"), compute_uv=False)


@_named(out="several")
def qr(A: TensorLike, mode: str = "reduced") -> Any:
    """Decompose matrices into one with orthonormal columns and an upper triangle.

    Parameters
    ----------
    A : Tensor or ndarray
        A matrix or a batch of them.
    mode : {"reduced", "complete"}, optional
        Whether Q has as many columns as A has at most, or is square.

    Returns
    -------
    (Q, R)
        The factors.
    """
    return np.linalg.qr(_tensor(A, "qr"), mode)


@_named(out="one")
def pinv(A: TensorLike, *, rtol: float | None = None) -> Tensor:
    """Pseudo-inverses of matrices.

    Parameters
    ----------
    A : Tensor or ndarray
        A matrix or a batch of them.
    rtol : float, optional
        Singular values below that times the largest count as 0.

    Returns
    -------
    Tensor
        Of the shape of the transpose.
    """
    A = _tensor(A, "pinv")
    return np.linalg.pinv(A, _usual_cutoff(A) if rtol is None else rtol)


def lstsq(A: TensorLike, B: TensorLike, rcond: float | None = None, *, driver: str | None = None) -> tuple[Any, ...]:
    """Solve least-squares problems: the shortest X for which ``A @ X`` is nearest to B.

    Parameters
    ----------
    A : Tensor or ndarray
        A matrix.
    B : Tensor or ndarray
        A matrix of as many rows.
    rcond : float, optional
        Singular values below that times the largest count as 0.
    driver : str, optional
        Without effect; accepted for compatibility with PyTorch.

    Returns
    -------
    (solution, residuals, rank, singular_values)
        As NumPy's.
    """
    A, B = _tensor(A, "lstsq"), _tensor(B, "lstsq", "B")
    return np.linalg.lstsq(A, B, _usual_cutoff(A) if rcond is None else rcond)


@_named(out="one")
def matrix_norm(
    A: TensorLike,
    ord: str | float = "fro",
    dim: Sequence[int] = (-2, -1),
    keepdim: bool = False,
    *,
    dtype: DTypeLike | None = None,
) -> Tensor:
    """Norms of matrices.

    Parameters
    ----------
    A : Tensor or ndarray
        A matrix or a batch of them.
    ord : {"fro", "nuc", inf, -inf, 1, -1, 2, -2}, optional
        Which norm.
    dim : pair of int, optional
        The axes of the matrices.
    keepdim : bool, optional
        Whether they stay, with length 1.
    dtype : dtype, optional
        To which the matrices are converted first.

    Returns
    -------
    Tensor
        A number for each matrix.
    """
    A = _tensor(A, "matrix_norm")
    return np.linalg.norm(A if dtype is None else A.to(dtype), ord, tuple(dim), keepdim)


@_named(out="one")
def matrix_rank(A: TensorLike, *, atol: float | None = None, rtol: float | None = None) -> Any:
    """How many singular values are not 0, within rounding.

    Parameters
    ----------
    A : Tensor or ndarray
        A matrix or a batch of them.
    atol, rtol : float, optional
        Singular values below `atol`, or below `rtol` times the largest, count as 0.

    Returns
    -------
    Tensor of int
        The rank; it has no derivative.
    """
    A = _tensor(A, "matrix_rank")
    values = np.linalg.svd(A.detach().numpy(), compute_uv=False)
    largest = values.max(-1, initial=0.0, keepdims=True)
    relative = (0.0 if atol is not None else _usual_cutoff(A)) if rtol is None else rtol
    found = np.sum(values > np.maximum(0.0 if atol is None else atol, relative * largest), -1)
    return wrap(np.asarray(found))


@_named(out="one")
def norm(
    A: TensorLike,
    ord: str | float | None = None,
    dim: int | Sequence[int] | None = None,
    keepdim: bool = False,
    *,
    dtype: DTypeLike | None = None,
) -> Tensor:
    """Norms of vectors or matrices: of a matrix, or along two axes, if `ord` is given, that of matrices.

    Parameters
    ----------
    A : Tensor or ndarray
        A vector, a matrix or a batch of them.
    ord : {"fro", "nuc"} or float, optional
        Which norm; by default the root of the sum of all squares.
    dim : int or pair of int, optional
        The axis of vectors, or the axes of matrices.
    keepdim : bool, optional
        Whether they stay, with length 1.
    dtype : dtype, optional
        To which the numbers are converted first.

    Returns
    -------
    Tensor
        A number for each vector or matrix.

    Raises
    ------
    RuntimeError
        If `ord` is given, and neither `dim` nor a vector or matrix.
    """
    A = _tensor(A, "norm")
    if ord is not None and dim is None and A.ndim not in (1, 2):
        raise RuntimeError(f"linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got {A.ndim}D.")
    A = A if dtype is None else A.to(dtype)
    return np.linalg.norm(A, ord, tuple(dim) if isinstance(dim, (list, tuple)) else dim, keepdim)


@_named(out="one")
def cond(A: TensorLike, p: Any = None) -> Tensor:
    """Condition numbers of matrices.

    Parameters
    ----------
    A : Tensor or ndarray
        A matrix or a batch of them.
    p : {None, "fro", "nuc", inf, -inf, 1, -1, 2, -2}, optional
        Of which norm; by default the largest singular value over the smallest.

    Returns
    -------
    Tensor
        A number for each matrix.
    """
    return np.linalg.cond(_tensor(A, "cond"), p)


@_named(out="one")
def multi_dot(tensors: Sequence[TensorLike]) -> Tensor:
    """Multiply matrices in the order that takes the least work.

    Parameters
    ----------
    tensors : sequence of Tensors
        Two or more matrices; the first and the last may be vectors.

    Returns
    -------
    Tensor
        The product.
    """
    return np.linalg.multi_dot([_tensor(x, "multi_dot", "tensors") for x in tensors])


def tensorsolve(A: TensorLike, B: TensorLike, dims: Sequence[int] | None = None) -> Tensor:
    """Solve ``tensordot(A, X, X.ndim) = B``.

    Parameters
    ----------
    A : Tensor or ndarray
        Its first axes are those of B; the others have as many elements.
    B : Tensor or ndarray
        The right-hand side.
    dims : sequence of int, optional
        Axes of A that are moved behind the others.

    Returns
    -------
    Tensor
        The solution.
    """
    return np.linalg.tensorsolve(_tensor(A, "tensorsolve"), _tensor(B, "tensorsolve", "B"), dims)


def tensorinv(A: TensorLike, ind: int = 2) -> Tensor:
    """Compute the inverse for `tensorsolve`.

    Parameters
    ----------
    A : Tensor or ndarray
        Its first `ind` axes have as many elements as the others.
    ind : int, optional
        How many.

    Returns
    -------
    Tensor
        With the two groups of axes exchanged.
    """
    return np.linalg.tensorinv(_tensor(A, "tensorinv"), ind)


@_named(out="one")
def cross(input: TensorLike, other: TensorLike, *, dim: int = -1) -> Tensor:
    """Vector products of vectors of three elements.

    Parameters
    ----------
    input, other : Tensor or ndarray
        Vectors along an axis; they are broadcast.
    dim : int, optional
        The axis.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """
    return first_axis_of_three(_tensor(input, "cross", "input"), _tensor(other, "cross", "other"), dim)


@_named(out="one")
def vecdot(x: TensorLike, y: TensorLike, *, dim: int = -1) -> Tensor:
    """Dot products along an axis, of the conjugate of x.

    Parameters
    ----------
    x, y : Tensors
        They are broadcast.
    dim : int, optional
        The axis.

    Returns
    -------
    Tensor
        Without that axis.
    """
    x, y = _tensor(x, "vecdot", "x"), _tensor(y, "vecdot", "y")
    return ((x.conj() if x.is_complex() else x) * y).sum(dim)


@_named(out="one")
def solve_triangular(A: TensorLike, B: TensorLike, *, upper: bool, left: bool = True, unitriangular: bool = False) -> Tensor:
    """Solve ``A @ X = B`` for triangular matrices.

    Parameters
    ----------
    A : Tensor or ndarray
        A matrix, of which one triangle is read.
    B : Tensor or ndarray
        A matrix.
    upper : bool
        Which triangle.
    left : bool, optional
        False solves ``X @ A = B``.
    unitriangular : bool, optional
        Whether the diagonal counts as ones.

    Returns
    -------
    Tensor
        The solution.

    Raises
    ------
    ShapeError
        If the operands are no matrices.
    """
    from .scipy.linalg import solve_triangular as solved

    A, B = _tensor(A, "solve_triangular"), _tensor(B, "solve_triangular", "B")
    if A.ndim != 2 or B.ndim != 2:
        raise ShapeError(f"linalg.solve_triangular: got shapes {list(A.shape)} and {list(B.shape)}, expected two matrices")
    if left:
        return solved(A, B, lower=not upper, unit_diagonal=unitriangular)
    return solved(A.T, B.T, lower=upper, unit_diagonal=unitriangular).T


def _tensor(value, name, argument="A"):
    return as_tensor_argument(value, f"linalg.{name}", argument)


def _complex(A):
    return A if A.is_complex() else A * complex(1.0)


def _usual_cutoff(A):
    """PyTorch's bound for singular values that count as 0."""
    return max(A.shape[-2:]) * float(np.finfo(A.dtype).eps)
