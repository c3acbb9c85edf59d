"""Where a tensor is: attributes that have one answer here."""

from __future__ import annotations

from ..devices import Device
from ..tensors.tensor import Tensor
from .operation_names import method

THE_CPU = Device("cpu")


@method(attribute=True)
def device(self: Tensor) -> Device:
    """The device of the tensor: always the CPU."""
    return THE_CPU


@method(attribute=True)
def is_cpu(self: Tensor) -> bool:
    """Whether the tensor is in the memory of the CPU: True."""
    return True


@method(attribute=True)
def is_cuda(self: Tensor) -> bool:
    """Whether the tensor is on a graphics card: False."""
    return False


@method(attribute=True)
def is_sparse(self: Tensor) -> bool:
    """Whether the tensor is sparse: False."""
    return False


@method(attribute=True)
def layout(self: Tensor) -> str:
    """How elements lie in memory: always by strides."""
    return "strided"


@method(attribute=True)
def nbytes(self: Tensor) -> int:
    """Bytes of all elements."""
    return int(self._layout.size) * self.dtype.itemsize


@method(attribute=True)
def output_nr(self: Tensor) -> int:
    """The number of this result among those of its operation: always 0, for each result has a node of its own."""
    return 0


@method()
def cuda(self: Tensor, device: object = None, non_blocking: bool = False, memory_format: object = None) -> Tensor:
    """Raise, for there is no graphics card.

    Parameters
    ----------
    device, non_blocking, memory_format : object, optional
        Without effect.

    Returns
    -------
    Tensor
        Nothing.

    Raises
    ------
    AssertionError
        Always.
    """
    raise AssertionError("jittape not compiled with CUDA enabled: it computes on the CPU; leave out .cuda()")
