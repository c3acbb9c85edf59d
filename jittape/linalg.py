"""PyTorch's namespace of linear algebra."""

from .ops.compositions import matrix_power
from .ops.reductions import norm
from .ops.matrix_functions import cholesky, det, inv, slogdet, solve

vector_norm = norm

__all__ = ["cholesky", "det", "inv", "matrix_power", "norm", "slogdet", "solve", "vector_norm"]


def __dir__():
    return __all__
