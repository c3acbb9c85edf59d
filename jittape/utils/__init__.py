"""PyTorch's namespace of what programs around a network use: checkpoints, data and shared memory."""

from . import checkpoint, data, dlpack

__all__ = ["checkpoint", "data", "dlpack"]


def __dir__():
    return __all__
