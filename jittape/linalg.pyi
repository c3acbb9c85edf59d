# Written by tools/make_stubs.py from the declarations. Change these, then run it again.

"""PyTorch's namespace of linear algebra."""

from typing import SupportsIndex, overload
from .ops.matrix_functions import SignLogabsdet
from .tensors.tensor import Tensor
from .typing import Axes, Number, TensorLike

__all__ = [
    "cholesky", "det", "inv", "matrix_power", "norm", "slogdet", "solve", "vector_norm",
]

def cholesky(A: TensorLike) -> Tensor:
    """The lower triangle L with L @ L.T = A, for a symmetric positive definite matrix; its lower triangle is read."""

def det(A: TensorLike) -> Tensor:
    """The determinant of a square matrix, or of each of a batch."""

def inv(A: TensorLike) -> Tensor:
    """The inverse of a square matrix, or of each of a batch."""

def matrix_power(A: TensorLike, n: SupportsIndex) -> Tensor:
    """A square matrix multiplied with itself; negative powers are those of the inverse."""

@overload
def norm(
    input: TensorLike,
    p: Number | str = 2,
    dim: Axes | None = None,
    keepdim: bool = False,
    ord: Number | None = None,
) -> Tensor:
    """The p-norm of all elements, or over axes; its gradient at 0 is 0.

    ``p`` is a number, ``math.inf``, ``-math.inf`` or "fro".
    """
@overload
def norm(
    a: TensorLike,
    p: Number | str = 2,
    axis: Axes | None = None,
    keepdims: bool = False,
    ord: Number | None = None,
) -> Tensor:
    ...

def slogdet(A: TensorLike) -> SignLogabsdet:
    """Sign and logarithm of the size of the determinant: it neither over- nor underflows."""

def solve(A: TensorLike, B: TensorLike) -> Tensor:
    """The x of A x = B.

    Parameters
    ----------
    A : Tensor, (..., n, n)
    B : Tensor, (n,) or (..., n, k)

    Raises
    ------
    SingularError
        A is singular.

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
) -> Tensor:
    """The p-norm of all elements, or over axes; its gradient at 0 is 0.

    ``p`` is a number, ``math.inf``, ``-math.inf`` or "fro".
    """
@overload
def vector_norm(
    a: TensorLike,
    p: Number | str = 2,
    axis: Axes | None = None,
    keepdims: bool = False,
    ord: Number | None = None,
) -> Tensor:
    ...
