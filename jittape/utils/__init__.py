"""PyTorch's namespace of what programs around a network use: checkpoints and data."""

from . import checkpoint, data

__all__ = ["checkpoint", "data"]


def __dir__():
    return __all__
