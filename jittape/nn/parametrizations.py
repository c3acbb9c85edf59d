"""PyTorch's namespace of ready parametrisations."""

from .orthogonal_weights import orthogonal
from .spectral_norms import parametrized_by_largest as spectral_norm
from .weight_norms import parametrized_by_norm as weight_norm

__all__ = ["orthogonal", "spectral_norm", "weight_norm"]


def __dir__():
    return __all__
