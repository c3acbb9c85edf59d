"""Reading by index."""

from __future__ import annotations

import numbers
from typing import TYPE_CHECKING

import numpy as np

from ..dtypes import is_differentiable
from ..tensors.array import Array
from ..tensors.tensor import Tensor
from .copies_and_joins import clone, gather_flat
from .memory_order import common_order, inverse_of
from .view_rules import freeze, permute_view, select_view, slice_view

if TYPE_CHECKING:
    from ..typing import Index


# --- keys -----------------------------------------------------------------------------------------------


def _as_key(key, shape):
    """A tuple of what NumPy indexes with; Tensors in it become arrays."""
    key = key if isinstance(key, tuple) else (key,)
    return tuple(_as_index(k) for k in key)


def _as_index(k):
    if isinstance(k, Tensor):
        array = k._value()
        if is_differentiable(array.dtype):
            raise IndexError(f"tensors used as indices must be long, int or bool tensors: got {array.dtype}")
        return int(array) if array.ndim == 0 and array.dtype.kind == "i" else array
    if isinstance(k, slice):
        return slice(*[None if v is None else _as_integer(v) for v in (k.start, k.stop, k.step)])
    if k is None or k is Ellipsis or isinstance(k, (bool, np.bool_, np.ndarray)):
        if isinstance(k, np.ndarray) and k.dtype.kind == "f":
            raise IndexError(f"arrays used as indices must be of integer or boolean type: got {k.dtype}")
        return k
    if isinstance(k, (numbers.Integral, np.integer)):
        return int(k)
    if isinstance(k, (list, tuple, range)):
        array = np.asarray([_as_index(v) if isinstance(v, Tensor) else v for v in k])
        if array.size and array.dtype.kind not in "iub":
            raise IndexError(f"only integers and booleans can be in an index list: got {k!r}")
        return array if array.size else array.astype(np.int64)
    raise IndexError(
        "only integers, slices (':'), ellipsis ('...'), None and long or byte Variables are valid indices (got "
        f"{type(k).__name__})"
    )


def _as_integer(v):
    return v.__index__()


def _is_basic(key):
    return all(k is None or k is Ellipsis or isinstance(k, slice) or type(k) is int for k in key)


def _is_reversed(key):
    """Whether a basic index has a negative step."""
    return any([isinstance(k, slice) and k.step is not None and k.step < 0 for k in key])


def _check_key(key, shape):
    """PyTorch's words for an index that does not fit."""
    used = sum(
        k.ndim if isinstance(k, np.ndarray) and k.dtype == bool else 1
        for k in key
        if k is not None and k is not Ellipsis and not isinstance(k, (bool, np.bool_))
    )
    if used > len(shape):
        raise IndexError(f"too many indices for tensor of dimension {len(shape)}")
    axis = 0
    for k in key:
        if k is Ellipsis:
            axis += len(shape) - used
        elif isinstance(k, np.ndarray) and k.dtype == bool:
            if tuple(k.shape) != tuple(shape[axis : axis + k.ndim]):
                raise IndexError(
                    f"The shape of the mask {list(k.shape)} at index {axis} does not match the shape of the indexed tensor "
                    f"{list(shape)} at index {axis}"
                )
            axis += k.ndim
        elif k is not None and not isinstance(k, (bool, np.bool_)):
            n = shape[axis]
            if isinstance(k, int) and not -n <= k < n:
                raise IndexError(f"index {k} is out of bounds for dimension {axis} with size {n}")
            if isinstance(k, slice) and k.step is not None and k.step == 0:
                raise ValueError("slice step cannot be zero")
            if isinstance(k, np.ndarray) and k.size and (k.min() < -n or k.max() >= n):
                bad = k.min() if k.min() < -n else k.max()
                raise IndexError(f"index {int(bad)} is out of bounds for dimension {axis} with size {n}")
            axis += 1


_grids = {}  # shape -> flat positions: indexing one of them answers any index


def grid_of(shape):
    """The flat positions of an array, in its shape; the last few are kept."""
    found = _grids.get(shape)
    if found is None:
        found = np.arange(int(np.prod(shape, dtype=np.int64))).reshape(shape)
        found.flags.writeable = False
        if len(_grids) >= 8:
            _grids.pop(next(iter(_grids)))
        _grids[shape] = found
    return found


# --- reading ----------------------------------------------------------------------------------------------


def _quick_view(self, key):
    """A view by integers and slices that this layout has seen before (and found to fit), or None."""
    if type(key) is slice:
        try:
            if key.step is not None and key.step < 0 and type(self) is not Array:
                return None
            return slice_view.quick(self, ((("slice", key.start, key.stop, key.step),),))
        except TypeError:
            return None
    frozen, view = [], slice_view
    for k in key if type(key) is tuple else (key,):
        if type(k) is int:
            view = select_view
            frozen.append(k)
        elif type(k) is slice and (k.step is None or type(self) is Array or k.step > 0):
            frozen.append(("slice", k.start, k.stop, k.step))
        elif k is None or k is Ellipsis:
            frozen.append(k)
        else:
            return None
    try:
        return view.quick(self, (tuple(frozen),))
    except TypeError:  # a slice of something that cannot be a key of a dictionary
        return None


def getitem(self: Tensor, key: Index) -> Tensor:
    """Elements by index: integers and slices make views, arrays and masks make copies, as in NumPy.

    Negative steps make views of Arrays and copies of Tensors: PyTorch's strides are never negative.
    """
    found = _quick_view(self, key)
    if found is not None:
        return found
    shape = tuple(self.shape)
    if not shape and key not in ((), None, Ellipsis) and isinstance(key, (int, slice)):
        raise IndexError("invalid index of a 0-dim tensor. Use `tensor.item()` to convert a 0-dim tensor to a number")
    key = _as_key(key, shape)
    _check_key(key, shape)
    if _is_basic(key):
        selects = any(isinstance(k, int) for k in key)
        found = (select_view if selects else slice_view).apply(self, freeze(key))
        return clone(found) if type(self) is not Array and _is_reversed(key) else found
    positions = grid_of(shape)[key]
    order = _order_of_chosen(self, key, positions) if type(self) is Array and positions.ndim > 1 else None
    if order is None:
        return gather_flat(self, positions)
    return permute_view.apply(gather_flat(self, positions.transpose(order)), inverse_of(order))


def _order_of_chosen(self, key, positions):
    """The order in memory of what arrays choose: the chosen axes are the outermost, the others lie as they did; None: row-major.

    It is what NumPy makes of positions that lie in memory as the array does.
    """
    order = common_order((self,))
    if order is not None:
        shape = tuple(self.shape)
        positions = np.empty([shape[k] for k in order], np.int8).transpose(inverse_of(order))[key]
    return common_order((positions,))
