"""Names for annotations: what functions of the library take.

Only checkers and programs that annotate their own functions import this module.

Examples
--------
>>> import jittape as jt
>>> from jittape.typing import TensorLike
>>> def energy(position: TensorLike) -> jt.Tensor:
...     return jt.sum(jt.square(position))
"""

from __future__ import annotations

from collections.abc import Sequence
from types import EllipsisType
from typing import Any, SupportsIndex, TypeAlias

import numpy as np

from .tensors.tensor import Tensor

__all__ = ["Axes", "DTypeLike", "Data", "Index", "Lengths", "Number", "ShapeLike", "TensorLike"]


def __dir__() -> list[str]:
    return __all__


Number: TypeAlias = float | np.number[Any] | np.bool_  # checkers count int and bool as float
TensorLike: TypeAlias = Tensor | np.ndarray[Any, Any] | Number  # an operand: lists are refused
Data: TypeAlias = TensorLike | Sequence[Any]  # what a new Tensor is made of: numbers, nested in sequences, too
DTypeLike: TypeAlias = np.dtype[Any] | type[Any] | str
Lengths: TypeAlias = int | Sequence[int]  # one for all axes, or one each
Axes: TypeAlias = SupportsIndex | Sequence[SupportsIndex]
ShapeLike: TypeAlias = SupportsIndex | Sequence[SupportsIndex] | Tensor
Index: TypeAlias = SupportsIndex | slice | EllipsisType | None | Tensor | np.ndarray[Any, Any] | Sequence[Any] | tuple[Any, ...]
