"""How near a matrix is to one without an inverse: condition number and rank."""

from __future__ import annotations

import numpy as np

from .arguments import as_tensor_argument
from .matrix_functions import inv, square_argument
from .operation_names import public
from .reductions import norm_as_numpy
from .singular_values import matrix_argument, svdvals_values


@public(public=False, numpy=np.linalg.cond)
def cond(x, p=None):
    """Condition number: the norm of a matrix times that of its inverse."""
    if p not in (None, 2, -2):
        matrix = square_argument(x, "linalg.cond", "x")
        return norm_as_numpy(matrix, p, (-2, -1)) * norm_as_numpy(inv(matrix), p, (-2, -1))
    s = svdvals_values.apply(matrix_argument(x, "linalg.cond", "x"), False)
    return s[..., -1] / s[..., 0] if p == -2 else s[..., 0] / s[..., -1]


@public(public=False, numpy=np.linalg.matrix_rank)
def matrix_rank(A, tol=None, hermitian=False, **rtol):
    """Number of singular values that are not small; an integer, without a derivative."""
    return np.linalg.matrix_rank(as_tensor_argument(A, "linalg.matrix_rank", "A")._value(), tol, hermitian, **rtol)
