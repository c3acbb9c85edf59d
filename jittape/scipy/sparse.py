"""Sparse matrices times Tensors and Arrays, and systems of them: ``scipy.sparse`` for numbers that are being differentiated.

SciPy's own matrices take plain arrays only. ``csr_array(A)`` makes of one a matrix that follows derivatives, of what it is
multiplied by and of the numbers it stores: ``csr_array((data, indices, indptr), shape=...)``.
"""

from types import SimpleNamespace as _Namespace

import numpy as np
import scipy.sparse as _theirs
import scipy.sparse.linalg as _their_linalg

from ..ops.array_protocols import holds_tensors as _holds_tensors
from ..ops.sparse_products import Pattern as _Pattern
from ..ops.sparse_products import sparse_product_values as _product, sparse_solve_values as _solve
from .following import ready as _ready

__all__ = ["csr_array", "linalg"]


class csr_array:
    """A sparse matrix, row by row, whose products and systems follow derivatives.

    Parameters
    ----------
    arg1 : sparse matrix, ndarray or tuple
        A matrix of SciPy's, a dense one, or ``(data, indices, indptr)`` as SciPy takes them; `data` may be differentiated.
    shape : tuple of int, optional
        Of the matrix; needed where it is made of data.

    Examples
    --------
    >>> import jittape as jt, numpy as np, scipy.sparse
    >>> from jittape.scipy import sparse
    >>> a = sparse.csr_array(scipy.sparse.diags_array([1.0, 2.0, 3.0]))
    >>> jt.grad(lambda x: np.sum((a @ x) ** 2))(np.ones(3))
    array([ 2.,  8., 18.])
    """

    __array_ufunc__ = None  # arrays leave products to it
    __array_priority__ = 2000

    def __init__(self, arg1, shape=None, *, transposed=False):
        self._transposed = transposed
        if isinstance(arg1, csr_array):
            self.data, self._pattern, self._transposed = arg1.data, arg1._pattern, arg1._transposed
        elif isinstance(arg1, tuple) and len(arg1) == 2 and isinstance(arg1[1], _Pattern):
            self.data, self._pattern = arg1
        elif isinstance(arg1, tuple) and len(arg1) == 3 and _holds_tensors(arg1[:1]):
            if shape is None:
                raise ValueError("csr_array: got no shape for differentiated data, expected shape=(rows, columns)")
            self.data, self._pattern = arg1[0], _Pattern(*arg1[1:], shape)
        else:
            found = _theirs.csr_array(arg1, shape=shape)
            self.data, self._pattern = found.data.copy(), _Pattern(found.indices, found.indptr, found.shape)

    @property
    def shape(self):
        """The numbers of rows and columns."""
        return self._pattern.shape[::-1] if self._transposed else self._pattern.shape

    @property
    def T(self):
        """The matrix with rows and columns exchanged."""
        return csr_array((self.data, self._pattern), transposed=not self._transposed)

    def __matmul__(self, other):
        self._must_fit(other, 1)
        if not _holds_tensors((self.data, other)):
            return self._pattern.matrix(self.data, self._transposed) @ other
        return _product.apply(*_ready(self.data, other), self._pattern, self._transposed)

    def __rmatmul__(self, other):
        turned = self.T @ (other.T if other.ndim == 2 else other)
        return turned.T if other.ndim == 2 else turned

    def dot(self, other):
        """The product with a vector or a matrix.

        Parameters
        ----------
        other : Tensor or ndarray
            The vector or matrix.

        Returns
        -------
        Tensor or ndarray
            Of as many axes.
        """
        return self @ other

    def _must_fit(self, other, axis):
        if getattr(other, "ndim", 0) not in (1, 2) or other.shape[0] != self.shape[axis]:
            raise ValueError(
                f"csr_array: got an operand of shape {getattr(other, 'shape', ())} for a matrix of shape {self.shape}, expected "
                f"a vector or a matrix of {self.shape[axis]} rows"
            )


def _spsolve(A, b):
    """Solve a sparse system, with derivatives by the right-hand side and by the numbers that the matrix stores.

    Parameters
    ----------
    A : csr_array or sparse matrix
        Square.
    b : Tensor or ndarray
        A vector or a matrix of right-hand sides.

    Returns
    -------
    Tensor or ndarray
        Of the shape of `b`.
    """
    if not isinstance(A, csr_array):
        if not _holds_tensors((b,)):
            return _their_linalg.spsolve(A, b)
        A = csr_array(A)
    A._must_fit(b, 0)
    if A.shape[0] != A.shape[1]:
        raise ValueError(f"spsolve: got a matrix of shape {A.shape}, expected a square one")
    if not _holds_tensors((A.data, b)):
        return _their_linalg.spsolve(A._pattern.matrix(A.data, A._transposed).tocsc(), np.asarray(b))
    return _solve.apply(*_ready(A.data, b), A._pattern, A._transposed)


linalg = _Namespace(spsolve=_spsolve)
