"""PyTorch's namespace of ready parametrisations."""

from .weight_norms import parametrized_by_norm as weight_norm

__all__ = ["weight_norm"]


def __dir__():
    return __all__
