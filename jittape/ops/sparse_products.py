"""Products and systems of sparse matrices: the numbers that a matrix stores are an operand, where they stand is constant.

With ``A`` the matrix, ``y = A x`` has the adjoints ``A^T y_bar`` of x and ``y_bar[row] * x[column]`` of the number that stands
there; ``A y = b`` has ``A^-T y_bar`` of b, and minus that at the row times ``y[column]``.
"""

import numpy as np
import scipy.sparse
import scipy.sparse.linalg

from ..errors import SingularError
from .declare_structured import structured
from .sums import sum


class Pattern:
    """Where the numbers of a sparse matrix stand, row by row; compared by identity.

    Parameters
    ----------
    indices, indptr : ndarray
        As those of SciPy's ``csr_array``.
    shape : tuple of int
    """

    def __init__(self, indices, indptr, shape):
        self.indices, self.indptr, self.shape = np.array(indices), np.array(indptr), tuple(shape)
        self.rows = np.repeat(np.arange(self.shape[0]), np.diff(self.indptr))

    def matrix(self, data, transposed):
        """The matrix with some numbers."""
        found = scipy.sparse.csr_array((data, self.indices, self.indptr), shape=self.shape)
        return found.T if transposed else found

    def at_places(self, by_row, by_column, transposed):
        """For each place the product of what stands at its row and at its column."""
        rows, columns = (self.indices, self.rows) if transposed else (self.rows, self.indices)
        found = by_row[rows] * by_column[columns]
        return sum(found, (1,)) if found.ndim == 2 else found


# --- products -----------------------------------------------------------------------------------------------------------------


@structured(arity=2, multilinear=True, grad_name="SparseProductBackward0")
def sparse_product_values(data, x, pattern, transposed):
    """A sparse matrix times a vector or a matrix."""
    return np.asarray(pattern.matrix(data, transposed) @ x)


@sparse_product_values.pullback_of(0)
def sparse_product_pullback_data(y_bar, y, data, x, pattern, transposed):
    return pattern.at_places(y_bar, x, transposed)


@sparse_product_values.pullback_of(1)
def sparse_product_pullback_x(y_bar, y, data, x, pattern, transposed):
    return sparse_product_values.apply(data, y_bar, pattern, not transposed)


@sparse_product_values.pushforward_of(0)
def sparse_product_pushforward_data(data_dot, y, data, x, pattern, transposed):
    return sparse_product_values.apply(data_dot, x, pattern, transposed)


@sparse_product_values.pushforward_of(1)
def sparse_product_pushforward_x(x_dot, y, data, x, pattern, transposed):
    return sparse_product_values.apply(data, x_dot, pattern, transposed)


# --- systems ------------------------------------------------------------------------------------------------------------------


@structured(arity=2, linear_in=(1,), holomorphic=True, grad_name="SparseSolveBackward0")
def sparse_solve_values(data, b, pattern, transposed):
    """The x with ``A x = b``, by SuperLU."""
    try:
        return scipy.sparse.linalg.splu(pattern.matrix(data, transposed).tocsc()).solve(b)
    except RuntimeError as error:
        raise SingularError(f"scipy.sparse.linalg.spsolve: {error}: got a matrix that has no inverse") from None


@sparse_solve_values.pullback_of(0)
def sparse_solve_pullback_data(y_bar, y, data, b, pattern, transposed):
    return -pattern.at_places(sparse_solve_values.apply(data, y_bar, pattern, not transposed), y, transposed)


@sparse_solve_values.pullback_of(1)
def sparse_solve_pullback_b(y_bar, y, data, b, pattern, transposed):
    return sparse_solve_values.apply(data, y_bar, pattern, not transposed)


@sparse_solve_values.pushforward_of(0)
def sparse_solve_pushforward_data(data_dot, y, data, b, pattern, transposed):
    return -sparse_solve_values.apply(data, sparse_product_values.apply(data_dot, y, pattern, transposed), pattern, transposed)


@sparse_solve_values.pushforward_of(1)
def sparse_solve_pushforward_b(b_dot, y, data, b, pattern, transposed):
    return sparse_solve_values.apply(data, b_dot, pattern, transposed)
