"""Joining tensors along an axis, and splitting them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ShapeError
from ..tensors.array import Array
from ..tensors.tensor import Tensor
from .arguments import as_tensor_argument, one_axis, spellings
from .copies_and_joins import cat_values, clone, convert
from .memory_order import along_axis
from .operation_names import public
from .operation_table import common_dtype
from .shape_functions import ravel, reshape, unsqueeze
from .view_rules import freeze, select_view, slice_view

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import SupportsIndex

    from ..typing import Axes, TensorLike


def _list_of_tensors(tensors, function):
    if isinstance(tensors, Tensor) and type(tensors) is not Array:  # NumPy takes an array for the sequence of its rows
        raise TypeError(f"{function}(): argument 'tensors' (position 1) must be tuple of Tensors, not Tensor")
    tensors = [as_tensor_argument(x, function, "tensors") for x in tensors]
    if not tensors:
        raise ValueError(f"{function}(): expected a non-empty list of Tensors")
    return tensors


def _same_dtype(tensors):
    dtype = common_dtype(tensors)
    return [x if x.dtype == dtype else convert(x, dtype) for x in tensors]


def _numpy_concatenate(arrays, axis=0, **kwargs):
    return cat([ravel(a) for a in arrays], 0) if axis is None else cat(arrays, axis)


@public(method=False, aliases="concatenate concat", numpy={np.concatenate: _numpy_concatenate}, out="one")
@spellings
def cat(tensors: Sequence[TensorLike], dim: SupportsIndex = 0) -> Tensor:
    """Tensors joined along an axis that they have.

    Parameters
    ----------
    tensors : sequence of Tensor or ndarray
        Of one shape but for that axis.
    dim : int, optional
        The axis.

    Returns
    -------
    Tensor
        The joined tensors.

    Raises
    ------
    RuntimeError
        If they have no axes.
    ShapeError
        If the other axes differ.
    """
    tensors = _same_dtype(_list_of_tensors(tensors, "cat"))
    shapes = [x._layout.shape for x in tensors]
    if (0,) in shapes and any(len(shape) != 1 for shape in shapes):  # beside others, empty ones are dropped
        tensors = [x for x, shape in zip(tensors, shapes) if shape != (0,)] or tensors[:1]
        shapes = [x._layout.shape for x in tensors]
    first = shapes[0]
    if not first:
        raise RuntimeError("zero-dimensional tensor (at position 0) cannot be concatenated; use stack")
    axis = one_axis(dim, len(first))
    for k, shape in enumerate(shapes):
        if shape != first:
            _must_fit(shape, first, axis, k)
    return cat_values.apply(tensors, axis)


def _must_fit(shape, first, axis, k):
    if len(shape) != len(first):
        raise ShapeError(f"Tensors must have same number of dimensions: got {len(first)} and {len(shape)}")
    for d, (n, m) in enumerate(zip(shape, first)):
        if d != axis and n != m:
            raise ShapeError(
                f"Sizes of tensors must match except in dimension {axis}. Expected size {m} but got size {n} for tensor number "
                f"{k} in the list."
            )


@public(method=False, numpy={np.stack: "tensors=arrays dim=axis"}, out="one")
@spellings
def stack(tensors: Sequence[TensorLike], dim: SupportsIndex = 0) -> Tensor:
    """Tensors of one shape joined along a new axis.

    Parameters
    ----------
    tensors : sequence of Tensor or ndarray
        Of one shape.
    dim : int, optional
        Position of the new axis.

    Returns
    -------
    Tensor
        The joined tensors.

    Raises
    ------
    ShapeError
        If the shapes differ.
    """
    tensors = _list_of_tensors(tensors, "stack")
    for k, x in enumerate(tensors):
        if x.shape != tensors[0].shape:
            raise ShapeError(
                f"stack expects each tensor to be equal size, but got {list(tensors[0].shape)} at entry 0 and "
                f"{list(x.shape)} at entry {k}"
            )
    axis = one_axis(dim, tensors[0].ndim + 1)
    return cat_values.apply([unsqueeze(x, axis) for x in _same_dtype(tensors)], axis)


@public(method=False, numpy={np.hstack: "tensors=tup =dtype =casting"}, out="one")
def hstack(tensors: Sequence[TensorLike]) -> Tensor:
    """Tensors joined along the second axis, vectors along the first.

    Parameters
    ----------
    tensors : sequence of Tensor or ndarray
        Of one shape but for that axis.

    Returns
    -------
    Tensor
        The joined tensors.
    """
    tensors = [reshape(x, 1) if x.ndim == 0 else x for x in _list_of_tensors(tensors, "hstack")]
    return cat(tensors, 0 if tensors[0].ndim == 1 else 1)


@public(method=False, numpy={np.vstack: "tensors=tup =dtype =casting"}, out="one")
def vstack(tensors: Sequence[TensorLike]) -> Tensor:
    """Tensors joined along the first axis, vectors as rows.

    Parameters
    ----------
    tensors : sequence of Tensor or ndarray
        Of one shape but for that axis.

    Returns
    -------
    Tensor
        The joined tensors.
    """
    tensors = [reshape(x, 1, -1) if x.ndim < 2 else x for x in _list_of_tensors(tensors, "vstack")]
    return cat(tensors, 0)


@public(keywords="dimension=dim")
def narrow(input: TensorLike, dim: SupportsIndex, start: SupportsIndex, length: SupportsIndex) -> Tensor:
    """A range of an axis.

    Parameters
    ----------
    input : Tensor
        Values of any shape.
    dim : int
        The axis.
    start : int
        First element; negative ones count from the end.
    length : int
        Number of elements.

    Returns
    -------
    Tensor
        A view.

    Raises
    ------
    RuntimeError
        If the range is not inside the axis.
    """
    axis = one_axis(dim, input.ndim)
    n = input.shape[axis]
    start = start + n if start < 0 else start
    if start < 0 or length < 0 or start + length > n:
        raise RuntimeError(f"start ({start}) + length ({length}) exceeds dimension size ({n}).")
    return slice_view.apply(input, freeze((slice(None),) * axis + (slice(start, start + length),)))


@public()
def select(input: TensorLike, dim: SupportsIndex, index: SupportsIndex) -> Tensor:
    """One slice of an axis.

    Parameters
    ----------
    input : Tensor
        Values of any shape.
    dim : int
        The axis.
    index : int
        The slice; negative ones count from the end.

    Returns
    -------
    Tensor
        A view, without the axis.

    Raises
    ------
    IndexError
        If there is no such slice.
    """
    axis = one_axis(dim, input.ndim)
    n = input.shape[axis]
    if not -n <= index < n:
        raise IndexError(f"select(): index {index} out of range for tensor of size {list(input.shape)} at dimension {axis}")
    return select_view.apply(input, freeze((slice(None),) * axis + (int(index),)))


def _numpy_array_split(ary, indices_or_sections, axis=0):
    n = ary.shape[axis]
    if isinstance(indices_or_sections, (int, np.integer)):
        k = int(indices_or_sections)
        lengths = [n // k + (1 if j < n % k else 0) for j in range(k)]
    else:
        ends = [0, *[slice(None, e).indices(n)[1] for e in indices_or_sections], n]
        lengths = [max(b - a, 0) for a, b in zip(ends, ends[1:])]
    return list(split(ary, lengths, axis))


def _numpy_split(ary, indices_or_sections, axis=0):
    if isinstance(indices_or_sections, (int, np.integer)) and ary.shape[axis] % indices_or_sections:
        raise ValueError("array split does not result in an equal division")
    return _numpy_array_split(ary, indices_or_sections, axis)


@public(numpy={np.split: _numpy_split, np.array_split: _numpy_array_split}, keywords="split_size=split_size_or_sections")
@spellings
def split(
    tensor: TensorLike, split_size_or_sections: SupportsIndex | Sequence[SupportsIndex], dim: SupportsIndex = 0
) -> tuple[Tensor, ...]:
    """Consecutive ranges of an axis.

    Parameters
    ----------
    tensor : Tensor or ndarray
        Values of any shape.
    split_size_or_sections : int or sequence of int
        Length of all but the last, or the length of each.
    dim : int, optional
        The axis.

    Returns
    -------
    tuple of Tensors
        Views.

    Raises
    ------
    RuntimeError
        If a length is negative, or the lengths do not add up.
    """
    x = as_tensor_argument(tensor, "split")
    axis = one_axis(dim, x.ndim)
    n = x.shape[axis]
    if isinstance(split_size_or_sections, (tuple, list)):
        lengths = list(split_size_or_sections)
        if sum(lengths) != n:
            raise RuntimeError(
                f"split_with_sizes expects split_sizes to sum exactly to {n} (input tensor's size at dimension {axis}), but "
                f"got split_sizes={lengths}"
            )
    else:
        step = split_size_or_sections
        if step <= 0 and n:
            raise RuntimeError(f"split expects split_size be non-negative, but got split_size={step}")
        lengths = [min(step, n - k) for k in range(0, n, step)] if n else [0]
    ends = np.cumsum([0, *lengths]).tolist()
    return tuple(narrow(x, axis, a, b - a) for a, b in zip(ends, ends[1:]))


@public()
@spellings
def chunk(input: TensorLike, chunks: SupportsIndex, dim: SupportsIndex = 0) -> tuple[Tensor, ...]:
    """Consecutive ranges of an axis, at most a given number of them.

    Parameters
    ----------
    input : Tensor
        Values of any shape.
    chunks : int
        Number of ranges.
    dim : int, optional
        The axis.

    Returns
    -------
    tuple of Tensors
        Views, of equal length but for the last.
    """
    n = input.shape[one_axis(dim, input.ndim)]
    return split(input, max(1, -(-n // chunks)), dim)


@public()
@spellings
def unbind(input: TensorLike, dim: SupportsIndex = 0) -> tuple[Tensor, ...]:
    """All slices along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis.

    Returns
    -------
    tuple of Tensors
        Views, without the axis.
    """
    x = as_tensor_argument(input, "unbind")
    axis = one_axis(dim, x.ndim)
    return tuple(select(x, axis, k) for k in range(x.shape[axis]))


def _numpy_roll(a, shift, axis=None):
    if axis is None:
        return reshape(roll(reshape(a, -1), shift, 0), tuple(a.shape))
    for n, k in np.broadcast(shift, axis):
        a = along_axis(functools.partial(_rolled_by, int(n)), a, int(k))
    return a


def _rolled_by(shift, x, axis):
    return roll(x, shift, axis)


@public(numpy={np.roll: _numpy_roll}, keywords="dim=dims axis=dims")
@spellings
def roll(input: TensorLike, shifts: Axes, dims: Axes | None = None) -> Tensor:
    """Elements shifted along axes, with those that leave at one end coming in at the other.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    shifts : int or sequence of int
        By how many positions.
    dims : int or sequence of int, optional
        The axes; by default the flat order of all elements.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    RuntimeError
        If shifts and axes do not correspond.
    """
    x = as_tensor_argument(input, "roll")
    if dims is None:
        return reshape(_rolled(reshape(x, -1), shifts, 0), tuple(x.shape))
    try:
        pairs = np.broadcast(shifts, dims)
    except ValueError:
        raise RuntimeError(f"shifts and dimensions must align. shifts: {shifts}, dims: {dims}") from None
    for shift, d in pairs:
        x = _rolled(x, int(shift), one_axis(int(d), x.ndim))
    return x


def _rolled(x, shift, axis):
    n = x.shape[axis] if x.ndim else 0
    first = n - shift % n if n else 0
    return cat([narrow(x, axis, first, n - first), narrow(x, axis, 0, first)], axis) if 0 < first < n else clone(x)
