# Written by tools/make_stubs.py from the declarations. Change these, then run it again.

"""PyTorch's namespace of linear algebra."""

from typing import SupportsIndex, overload
from .ops.matrix_functions import SignLogabsdet
from .tensors.tensor import Tensor
from .typing import Axes, DTypeLike, Number, TensorLike

__all__ = [
    "cholesky", "det", "inv", "matrix_power", "norm", "slogdet", "solve", "vector_norm",
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

@overload
def norm(
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
def norm(
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
