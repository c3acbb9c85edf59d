"""PyTorch's namespace of DLPack: memory that libraries share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..ops.creation import from_dlpack as from_array

if TYPE_CHECKING:
    from typing import Any

    from ..tensors.tensor import Tensor

__all__ = ["from_dlpack", "to_dlpack"]


def __dir__():
    return __all__


class _Capsule:
    """An array of which only its capsule is there."""

    def __init__(self, capsule):
        self.capsule = capsule

    def __dlpack__(self, **options):
        return self.capsule

    def __dlpack_device__(self):
        return 1, 0  # the CPU


def from_dlpack(ext_tensor: Any) -> Tensor:
    """Make a tensor on the memory of another library's array.

    Parameters
    ----------
    ext_tensor : object with ``__dlpack__``, or PyCapsule
        The array, or what its ``__dlpack__`` returned; a capsule can be taken once.

    Returns
    -------
    Tensor
        It shares the memory of the array.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.utils.dlpack.from_dlpack(jt.utils.dlpack.to_dlpack(jt.ones(2)))
    tensor([1., 1.])
    """
    return from_array(_Capsule(ext_tensor) if type(ext_tensor).__name__ == "PyCapsule" else ext_tensor)


def to_dlpack(tensor: Tensor) -> Any:
    """Make a capsule of a tensor, for another library.

    Parameters
    ----------
    tensor : Tensor
        It does not require grad.

    Returns
    -------
    PyCapsule
        What ``from_dlpack`` of other libraries takes; it shares the memory of the tensor.
    """
    return tensor.__dlpack__()
