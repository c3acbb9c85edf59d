"""Methods of PyTorch's about what there is only one of here, and small conversions."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

import numpy as np

from ..dtypes import complex64, complex128
from ..tensors.tensor import Tensor
from .copies_and_joins import convert
from .creation import empty, full
from .declared_docstrings import docstring
from .indexing import grid_of
from .keywords import accepting
from .operation_names import method

if TYPE_CHECKING:
    from typing import Any

    from ..typing import DTypeLike, Number, ShapeLike


@method()
def get_device(self: Tensor) -> int:
    """The number of the device, which is -1 for the CPU.

    Returns
    -------
    int
        -1.
    """
    return -1


def _answer(name, summary):
    def never(self):
        return False

    never.__name__, never.__annotations__ = name, {"return": "builtins.bool"}
    never.__doc__ = docstring(summary, [], ("bool", "False."))
    return method()(never)


_answer("is_inference", "Whether it may not be recorded: no, what is made under `inference_mode` are ordinary tensors.")
_answer("is_pinned", "Whether it lies in memory that a GPU reads.")
_answer("is_shared", "Whether it lies in memory that processes share.")
_answer("is_conj", "Whether it stands for the conjugate of what lies in memory.")
_answer("is_neg", "Whether it stands for the negative of what lies in memory.")


@method(attribute=True)
def is_quantized(self: Tensor) -> builtins.bool:
    """Whether its numbers are quantised."""
    return False


@method(attribute=True)
def is_meta(self: Tensor) -> builtins.bool:
    """Whether it has no memory."""
    return False


@method()
def is_signed(self: Tensor) -> builtins.bool:
    """Whether its dtype has negative numbers.

    Returns
    -------
    bool
        False for bool and uint8.
    """
    return self.dtype.kind not in "bu"


@method()
def is_nonzero(self: Tensor) -> builtins.bool:
    """Whether its one element is not zero.

    Returns
    -------
    bool
        The truth of the element.

    Raises
    ------
    RuntimeError
        If there are several elements, or none.
    """
    if self.numel() != 1:
        raise RuntimeError(f"Boolean value of Tensor with {self.numel() or 'no'} values is ambiguous: expected one")
    return builtins.bool(self.item() != 0)


@method()
def is_same_size(self: Tensor, other: Tensor) -> builtins.bool:
    """Whether another tensor has the same shape.

    Parameters
    ----------
    other : Tensor
        The other tensor.

    Returns
    -------
    bool
        Whether the lengths of all axes are equal.
    """
    return tuple(self.shape) == tuple(other.shape)


def _refused(name):
    def refuse(self, memory_format=None):
        raise TypeError(f"Tensor.{name}(): there are no numbers of 16 bits here, expected .float() or .double()")

    refuse.__name__, about = name, ("memory_format", "object, optional", "Without effect.")
    refuse.__doc__ = docstring(f"Refused: nothing is computed in {name} here.", [about], ("Tensor", "Nothing."))
    refuse.__doc__ = refuse.__doc__.rstrip() + "\n\n    Raises\n    ------\n    TypeError\n        Always.\n"
    return method()(refuse)


_refused("half")
_refused("bfloat16")


@method()
@accepting("memory_format")
def cdouble(self: Tensor) -> Tensor:
    """The tensor in complex128.

    Returns
    -------
    Tensor
        The tensor itself if it has that dtype.
    """
    return convert(self, complex128)


@method()
@accepting("memory_format")
def cfloat(self: Tensor) -> Tensor:
    """The tensor in complex64.

    Returns
    -------
    Tensor
        The tensor itself if it has that dtype.
    """
    return convert(self, complex64)


@method(keywords="size=*size")
def new_empty(self: Tensor, *size: ShapeLike, dtype: DTypeLike | None = None, **options: Any) -> Tensor:
    """Make a tensor in the dtype of this one, whose elements are not set.

    Parameters
    ----------
    *size : int or sequence of int
        Lengths of the axes.
    dtype : dtype, optional
        By default that of this tensor.
    **options
        Of `jittape.empty`.

    Returns
    -------
    Tensor
        The new tensor.
    """
    return empty(*size, dtype=self.dtype if dtype is None else dtype, **options)


@method()
def new_full(self: Tensor, size: ShapeLike, fill_value: Number, *, dtype: DTypeLike | None = None, **options: Any) -> Tensor:
    """Make a tensor of one number in the dtype of this one.

    Parameters
    ----------
    size : int or sequence of int
        Lengths of the axes.
    fill_value : float
        The number.
    dtype : dtype, optional
        By default that of this tensor.
    **options
        Of `jittape.full`.

    Returns
    -------
    Tensor
        The new tensor.
    """
    return full(size, fill_value, dtype=self.dtype if dtype is None else dtype, **options)


@method()
def fill_diagonal_(self: Tensor, fill_value: Number, wrap: builtins.bool = False) -> Tensor:
    """Write one number to the diagonal of a matrix, in place.

    Parameters
    ----------
    fill_value : float
        The number.
    wrap : bool, optional
        Begin another diagonal one row below the end of one, in a tall matrix.

    Returns
    -------
    Tensor
        The tensor itself.

    Raises
    ------
    RuntimeError
        If there are fewer than two axes, or several of different lengths.
    """
    lengths = tuple(self.shape)
    if len(lengths) < 2 or (len(lengths) > 2 and len(set(lengths)) > 1):
        raise RuntimeError(f"fill_diagonal_: all dimensions of input must be of equal length: got {list(lengths)}")
    step = sum([s for s in _strides(lengths)])
    end = None if wrap or len(lengths) > 2 else lengths[1] * min(lengths)
    places = grid_of(lengths).reshape(-1)[:end:step]
    if wrap and len(lengths) == 2:
        places = grid_of(lengths).reshape(-1)[:: lengths[1] + 1]
    self[np.unravel_index(places, lengths)] = fill_value
    return self


def _strides(lengths):
    """How many elements lie between neighbours along each axis, in order of rows."""
    found = [1]
    for n in lengths[:0:-1]:
        found.insert(0, found[0] * n)
    return found
