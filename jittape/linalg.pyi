# Written by tools/make_stubs.py from the declarations. Change these, then run it again.

"""PyTorch's namespace of linear algebra."""

from collections.abc import Sequence
from typing import Any, SupportsIndex, overload
from .ops.matrix_functions import SignLogabsdet
from .tensors.tensor import Tensor
from .typing import Axes, DTypeLike, Number, TensorLike

__all__ = [
    "cholesky", "cond", "cross", "det", "eig", "eigh", "eigvals", "eigvalsh", "inv", "lstsq", "matrix_exp",
    "matrix_norm", "matrix_power", "matrix_rank", "multi_dot", "norm", "pinv", "qr", "slogdet", "solve",
    "solve_triangular", "svd", "svdvals", "tensorinv", "tensorsolve", "vecdot", "vector_norm",
]

def cholesky(A: TensorLike, upper: bool = False, *, out: Tensor | None = None) -> Tensor:
    """Cholesky factor of a symmetric positive definite matrix: the lower triangle L with ``L @ L.T = A``.

    Parameters
    ----------
    A : Tensor or ndarray, shape (..., n, n)
        Square matrix, or a batch of them.
    upper : bool, optional
        Return the upper triangle U with ``U.T @ U = A``, of the upper triangle of `A`.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

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

def cond(A: TensorLike, p: Any = None, *, out: Tensor | None = None) -> Tensor:
    """Condition numbers of matrices.

    Parameters
    ----------
    A : Tensor or ndarray
        A matrix or a batch of them.
    p : {None, "fro", "nuc", inf, -inf, 1, -1, 2, -2}, optional
        Of which norm; by default the largest singular value over the smallest.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        A number for each matrix.
    """

def cross(input: TensorLike, other: TensorLike, *, dim: int = -1, out: Tensor | None = None) -> Tensor:
    """Vector products of vectors of three elements.

    Parameters
    ----------
    input, other : Tensor or ndarray
        Vectors along an axis; they are broadcast.
    dim : int, optional
        The axis.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

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

def eig(A: TensorLike, *, out: tuple[Tensor, ...] | None = None) -> Any:
    """Eigenvalues and eigenvectors of square matrices, as complex numbers.

    Parameters
    ----------
    A : Tensor or ndarray
        A matrix or a batch of them.
    out : tuple of Tensor, optional
        Where the results are written, of their shapes; they are returned.

    Returns
    -------
    (eigenvalues, eigenvectors)
        In no order; vectors are columns of length 1.
    """

def eigh(A: TensorLike, UPLO: str = 'L', *, out: tuple[Tensor, ...] | None = None) -> Any:
    """Eigenvalues and eigenvectors of symmetric or Hermitian matrices.

    Parameters
    ----------
    A : Tensor or ndarray
        A matrix or a batch of them, of which one triangle is read.
    UPLO : {"L", "U"}, optional
        Which one.
    out : tuple of Tensor, optional
        Where the results are written, of their shapes; they are returned.

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

def eigvals(A: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Eigenvalues of square matrices, as complex numbers; see `eig`.

    Parameters
    ----------
    A : Tensor or ndarray
        A matrix or a batch of them.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        The eigenvalues, in no order.
    """

def eigvalsh(A: TensorLike, UPLO: str = 'L', *, out: Tensor | None = None) -> Tensor:
    """Eigenvalues of symmetric or Hermitian matrices, in ascending order; see `eigh`.

    Parameters
    ----------
    A : Tensor or ndarray
        A matrix or a batch of them.
    UPLO : {"L", "U"}, optional
        Which triangle is read.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        The eigenvalues, along the last axis.
    """

def inv(A: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Inverse of a square matrix.

    Parameters
    ----------
    A : Tensor or ndarray, shape (..., n, n)
        Square matrix, or a batch of them.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

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

def matrix_exp(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Exponentials of square matrices.

    Parameters
    ----------
    input : Tensor or ndarray
        A matrix.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        The sum of all ``input**k / k!``.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.matrix_exp(jt.tensor([[0.0, 1.0], [0.0, 0.0]]))
    tensor([[1., 1.],
            [0., 1.]])
    """

def matrix_norm(
    A: TensorLike,
    ord: str | float = 'fro',
    dim: Sequence[int] = (-2, -1),
    keepdim: bool = False,
    *,
    dtype: DTypeLike | None = None,
    out: Tensor | None = None,
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
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        A number for each matrix.
    """

def matrix_power(A: TensorLike, n: SupportsIndex, *, out: Tensor | None = None) -> Tensor:
    """Power of a square matrix.

    Parameters
    ----------
    A : Tensor or ndarray, shape (..., n, n)
        Square matrix, or a batch of them.
    n : int
        The exponent; negative ones take the inverse.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `A`.

    Raises
    ------
    ShapeError
        If the matrix is not square.
    """

def matrix_rank(
    A: TensorLike,
    *,
    atol: float | None = None,
    rtol: float | None = None,
    out: Tensor | None = None,
) -> Any:
    """How many singular values are not 0, within rounding.

    Parameters
    ----------
    A : Tensor or ndarray
        A matrix or a batch of them.
    atol, rtol : float, optional
        Singular values below `atol`, or below `rtol` times the largest, count as 0.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor of int
        The rank; it has no derivative.
    """

def multi_dot(tensors: Sequence[TensorLike], *, out: Tensor | None = None) -> Tensor:
    """Multiply matrices in the order that takes the least work.

    Parameters
    ----------
    tensors : sequence of Tensors
        Two or more matrices; the first and the last may be vectors.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        The product.
    """

def norm(
    A: TensorLike,
    ord: str | float | None = None,
    dim: int | Sequence[int] | None = None,
    keepdim: bool = False,
    *,
    dtype: DTypeLike | None = None,
    out: Tensor | None = None,
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
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        A number for each vector or matrix.

    Raises
    ------
    RuntimeError
        If `ord` is given, and neither `dim` nor a vector or matrix.
    """

def pinv(A: TensorLike, *, rtol: float | None = None, out: Tensor | None = None) -> Tensor:
    """Pseudo-inverses of matrices.

    Parameters
    ----------
    A : Tensor or ndarray
        A matrix or a batch of them.
    rtol : float, optional
        Singular values below that times the largest count as 0.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of the transpose.
    """

def qr(A: TensorLike, mode: str = 'reduced', *, out: tuple[Tensor, ...] | None = None) -> Any:
    """Decompose matrices into one with orthonormal columns and an upper triangle.

    Parameters
    ----------
    A : Tensor or ndarray
        A matrix or a batch of them.
    mode : {"reduced", "complete"}, optional
        Whether Q has as many columns as A has at most, or is square.
    out : tuple of Tensor, optional
        Where the results are written, of their shapes; they are returned.

    Returns
    -------
    (Q, R)
        The factors.
    """

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

def solve(A: TensorLike, B: TensorLike, *, left: bool = True, out: Tensor | None = None) -> Tensor:
    """Solution of linear systems: the x of ``A @ x = B``.

    Parameters
    ----------
    A : Tensor or ndarray, shape (..., n, n)
        Square matrix, or a batch of them.
    B : Tensor or ndarray, shape (..., n) or (..., n, m)
        Right-hand sides: vectors if the shape is that of `A` without its last axis, else matrices.
    left : bool, optional
        False for the x of ``x @ A = B``.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

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

def solve_triangular(
    A: TensorLike,
    B: TensorLike,
    *,
    upper: bool,
    left: bool = True,
    unitriangular: bool = False,
    out: Tensor | None = None,
) -> Tensor:
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
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        The solution.

    Raises
    ------
    ShapeError
        If the operands are no matrices.
    """

def svd(A: TensorLike, full_matrices: bool = True, *, out: tuple[Tensor, ...] | None = None) -> Any:
    """Singular value decomposition, ``A = U @ diag(S) @ Vh``.

    Parameters
    ----------
    A : Tensor or ndarray
        A matrix or a batch of them.
    full_matrices : bool, optional
        Whether U and Vh are square.
    out : tuple of Tensor, optional
        Where the results are written, of their shapes; they are returned.

    Returns
    -------
    (U, S, Vh)
        Singular values in descending order.
    """

def svdvals(A: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Singular values, in descending order; see `svd`.

    Parameters
    ----------
    A : Tensor or ndarray
        A matrix or a batch of them.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        The singular values, along the last axis.
    """

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

def vecdot(x: TensorLike, y: TensorLike, *, dim: int = -1, out: Tensor | None = None) -> Tensor:
    """Dot products along an axis, of the conjugate of x.

    Parameters
    ----------
    x, y : Tensors
        They are broadcast.
    dim : int, optional
        The axis.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Without that axis.
    """

@overload
def vector_norm(
    input: TensorLike,
    p: Number | str = 2,
    dim: Axes | None = None,
    keepdim: bool = False,
    ord: Number | None = None,
    *,
    dtype: DTypeLike | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Vector norm of all elements, or over axes; its derivative at 0 is 0.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    p : float or "fro", optional
        Order of the norm; ``math.inf`` and ``-math.inf`` for the largest and smallest absolute value.
    dim : int or tuple of int, optional
        Axes that are reduced; by default all.
    keepdim : bool, optional
        Keep reduced axes, with length one.
    ord : float, optional
        NumPy's name of `p`.
    dtype : dtype, optional
        To which `input` is converted first.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Without the reduced axes.

    Raises
    ------
    ValueError
        If the order is another string.
    """
@overload
def vector_norm(
    a: TensorLike,
    p: Number | str = 2,
    axis: Axes | None = None,
    keepdims: bool = False,
    ord: Number | None = None,
    *,
    dtype: DTypeLike | None = None,
    out: Tensor | None = None,
) -> Tensor:
    ...
