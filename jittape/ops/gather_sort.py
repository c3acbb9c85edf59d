"""Selecting elements: gather, take, sort and their like."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..memory.layouts import broadcast_shapes
from ..tensors.tensor import Tensor, wrap
from .arguments import as_tensor_argument, one_axis, spellings
from .choosing import where
from .indexing import grid_of
from .reductions import ValuesIndices, pick
from .copies_and_joins import gather_flat, scatter_add
from .shape_functions import reshape
from .memory_order import along_axis
from .keywords import accepting
from .operation_names import public

if TYPE_CHECKING:
    from typing import SupportsIndex

    from ..typing import Number, TensorLike


@public(out="one")
@spellings
@accepting("sparse_grad")
def gather(input: TensorLike, dim: SupportsIndex, index: TensorLike) -> Tensor:
    """Elements at indexed positions along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int
        The axis.
    index : Tensor or ndarray of int
        Positions along the axis, with as many axes as `input`.

    Returns
    -------
    Tensor
        Of the shape of `index`.

    Raises
    ------
    RuntimeError
        If the numbers of axes differ, or an index is out of range.
    """
    x = as_tensor_argument(input, "gather")
    indices = np.asarray(index._value() if isinstance(index, Tensor) else index)
    axis = one_axis(dim, x.ndim)
    if indices.ndim != x.ndim:
        raise RuntimeError(
            f"Index tensor must have the same number of dimensions as input tensor: got {indices.ndim} and {x.ndim}"
        )
    key = list(np.indices(indices.shape, sparse=True)) if x.ndim else []
    n = x.shape[axis] if x.ndim else 1
    if indices.size and (indices.min() < 0 or indices.max() >= n):
        raise RuntimeError(f"index {int(indices.max())} is out of bounds for dimension {axis} with size {n}")
    if x.ndim:
        key[axis] = indices
    return gather_flat(x, grid_of(tuple(x.shape))[tuple(key)])


def _numpy_take_along_axis(arr, indices, axis=-1):
    if axis is None and np.ndim(indices) != 1:
        raise ValueError("when axis=None, `indices` must have a single dimension.")
    return take_along_dim(arr, indices, axis)


@public(numpy={np.take_along_axis: _numpy_take_along_axis}, out="one")
def take_along_dim(
    input: TensorLike, indices: TensorLike, dim: SupportsIndex | None = None, axis: SupportsIndex | None = None
) -> Tensor:
    """Elements at indexed positions along an axis; the index is broadcast against the other axes.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    indices : Tensor or ndarray of int
        Positions.
    dim, axis : int, optional
        The axis; by default positions count in the flat order of all elements.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """
    x = as_tensor_argument(input, "take_along_dim")
    indices = np.asarray(indices._value() if isinstance(indices, Tensor) else indices)
    dim = axis if dim is None else dim
    if dim is None:
        return gather_flat(reshape(x, -1), np.take(np.arange(x.numel()), indices.reshape(-1)))  # checks them
    return gather_flat(x, np.take_along_axis(grid_of(tuple(x.shape)), indices, one_axis(dim, x.ndim)))


@public(out="one")
def index_select(input: TensorLike, dim: SupportsIndex, index: TensorLike) -> Tensor:
    """Slices along an axis, by a vector of indices.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int
        The axis.
    index : Tensor or ndarray of int
        The slices.

    Returns
    -------
    Tensor
        With as many slices as `index` has elements.

    Raises
    ------
    IndexError
        If `index` is not a vector, or an index is out of range.
    """
    x = as_tensor_argument(input, "index_select")
    indices = np.asarray(index._value() if isinstance(index, Tensor) else index)
    if indices.ndim > 1:
        raise IndexError("index_select(): Index is supposed to be a vector")
    return gather_flat(x, np.take(grid_of(tuple(x.shape)), indices.reshape(-1), one_axis(dim, x.ndim)))


def _numpy_take(a, indices, axis=None, out=None, mode="raise"):
    indices = np.asarray(indices._value() if isinstance(indices, Tensor) else indices)
    return gather_flat(a, np.take(grid_of(tuple(a.shape)), indices, axis, mode=mode))


@public(numpy={np.take: _numpy_take}, keywords="indices=index")
def take(input: TensorLike, index: TensorLike, axis: SupportsIndex | None = None, dim: SupportsIndex | None = None) -> Tensor:
    """Elements at flat positions, or slices along an axis as in NumPy.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    index : Tensor or ndarray of int
        Positions.
    axis, dim : int, optional
        The axis; by default positions count in the flat order of all elements.

    Returns
    -------
    Tensor
        Of the shape of `index`, in the place of the axis.
    """
    x = as_tensor_argument(input, "take")
    indices = np.asarray(index._value() if isinstance(index, Tensor) else index)
    return gather_flat(x, np.take(grid_of(tuple(x.shape)), indices, axis if dim is None else dim))


@public(in_place=True)
def masked_fill(input: TensorLike, mask: TensorLike, value: TensorLike) -> Tensor:
    """Values with another one where a mask is true.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    mask : Tensor or ndarray of bool
        Of a shape that broadcasts.
    value : float or Tensor of one element
        The other value.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """
    return where(mask, value, as_tensor_argument(input, "masked_fill"))


@public(out="one")
def masked_select(input: TensorLike, mask: TensorLike) -> Tensor:
    """Elements where a mask is true, as a vector.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    mask : Tensor or ndarray of bool
        Of a shape that broadcasts.

    Returns
    -------
    Tensor, shape (n,)
        The elements.
    """
    x = as_tensor_argument(input, "masked_select")
    mask = np.asarray(mask._value() if isinstance(mask, Tensor) else mask)
    shape = broadcast_shapes(tuple(x.shape), mask.shape)
    positions = np.broadcast_to(grid_of(tuple(x.shape)), shape)[np.broadcast_to(mask, shape)]
    return gather_flat(x, positions)


def _numpy_sort(a, axis=-1, kind=None, order=None, stable=None):
    return _sorted(reshape(a, -1), 0) if axis is None else along_axis(_sorted, a, axis)


def _sorted(x, axis):
    return sort(x, axis).values


@public(numpy={np.sort: _numpy_sort}, out="several")
@spellings
def sort(input: TensorLike, dim: SupportsIndex = -1, descending: bool = False, stable: bool = False) -> ValuesIndices:
    """Elements in order along an axis, with their positions before.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis.
    descending : bool, optional
        Largest first.
    stable : bool, optional
        Accepted for compatibility with PyTorch: equal elements keep their order in any case.

    Returns
    -------
    tuple of (Tensor, Tensor of int64)
        ``values`` and ``indices``.
    """
    x = as_tensor_argument(input, "sort")
    if x.ndim == 0:
        return ValuesIndices((reshape(x, ()), wrap(np.zeros((), np.int64))))
    order = argsort(x, dim, descending)._value()
    return pick(x, order, one_axis(dim, x.ndim), True)


def _numpy_argsort(a, axis=-1, kind=None, order=None, *, stable=None):
    return wrap(np.asarray(np.argsort(a._value(), axis, kind="stable" if stable else kind, order=order)))


@public(numpy={np.argsort: _numpy_argsort})
@spellings
def argsort(input: TensorLike, dim: SupportsIndex = -1, descending: bool = False, stable: bool = False) -> Tensor:
    """Positions that put the elements along an axis in order.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis.
    descending : bool, optional
        Largest first.
    stable : bool, optional
        Accepted for compatibility with PyTorch: equal elements keep their order in any case.

    Returns
    -------
    Tensor of int64
        Of the shape of `input`.
    """
    x = as_tensor_argument(input, "argsort")
    array = x._value()
    if array.ndim == 0:
        return wrap(np.zeros((), np.int64))
    axis = one_axis(dim, array.ndim)
    if descending:
        order = np.flip(array.shape[axis] - 1 - np.argsort(np.flip(array, axis), axis, kind="stable"), axis)
        return wrap(np.ascontiguousarray(order))
    return wrap(np.argsort(array, axis, kind="stable"))


@public(out="several")
@spellings
def topk(
    input: TensorLike, k: SupportsIndex, dim: SupportsIndex = -1, largest: bool = True, sorted: bool = True
) -> ValuesIndices:
    """Largest or smallest elements of an axis, with their positions.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    k : int
        Number of elements.
    dim : int, optional
        The axis.
    largest : bool, optional
        False for the smallest ones.
    sorted : bool, optional
        Accepted for compatibility with PyTorch: elements are in order in any case.

    Returns
    -------
    tuple of (Tensor, Tensor of int64)
        ``values`` and ``indices``.
    """
    x = as_tensor_argument(input, "topk")
    axis = one_axis(dim, x.ndim)
    order = np.take(argsort(x, axis, largest)._value(), range(k), axis)
    return pick(x, order, axis, True)


@public(in_place=True, out="one")
def index_add(input: TensorLike, dim: SupportsIndex, index: TensorLike, source: TensorLike, alpha: Number = 1) -> Tensor:
    """Slices added at indexed positions along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int
        The axis.
    index : Tensor or ndarray of int
        The position of each slice.
    source : Tensor or ndarray
        Slices along the same axis.
    alpha : float, optional
        Factor of the slices.

    Returns
    -------
    Tensor
        A new tensor, of the shape of `input`.
    """
    x = as_tensor_argument(input, "index_add")
    indices = np.asarray(index._value() if isinstance(index, Tensor) else index)
    positions = np.take(grid_of(tuple(x.shape)), indices, one_axis(dim, x.ndim))
    return x + scatter_add(source * alpha if alpha != 1 else source, positions, tuple(x.shape))
