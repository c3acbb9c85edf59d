"""PyTorch's namespace of linear algebra."""

from .ops.reductions import norm
from .ops.solving import cholesky, det, inv, slogdet, solve

__all__ = ["cholesky", "det", "inv", "norm", "slogdet", "solve"]
