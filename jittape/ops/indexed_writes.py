"""Values written to places that indices name, as PyTorch's functions do: new tensors, and methods in place."""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ShapeError
from ..tensors.tensor import Tensor, wrap
from .arguments import as_tensor_argument, one_axis
from .choosing import where
from .compositions import scattered
from .copies_and_joins import clone, gather_flat
from .copies_and_joins import scatter_add as add_at
from .indexing import grid_of
from .operation_names import public
from .reductions import amax, amin, prod
from .shape_functions import broadcast_to, reshape
from .split_and_stack import cat

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import SupportsIndex

    from ..typing import TensorLike

_REDUCTIONS = ("sum", "prod", "mean", "amax", "amin")


def _plain(index):
    """An index of tensors as one of arrays."""
    return np.asarray(index._value() if isinstance(index, Tensor) else index)


def _slices(name, input, dim, index):
    """The tensor, and the key of slices along an axis."""
    x = as_tensor_argument(input, name)
    return x, (slice(None),) * one_axis(dim, x.ndim) + (_plain(index),)


def _gathered(values, positions, counts):
    """Where the values of each element stand, in as many rows as one has; -1 where it has fewer."""
    order = np.argsort(positions, kind="stable")
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    table = np.full((int(counts.max(initial=0)), len(counts)), -1)
    at = positions[order]
    table[np.arange(len(order)) - first[at], at] = order
    return table


@public(in_place=True)
def index_fill(input: TensorLike, dim: SupportsIndex, index: TensorLike, value: TensorLike) -> Tensor:
    """Slices at indexed positions along an axis replaced by a number.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int
        The axis.
    index : Tensor or ndarray of int
        Positions along the axis.
    value : float or Tensor of one element
        The number.

    Returns
    -------
    Tensor
        A new tensor, of the shape of `input`.
    """
    x, key = _slices("index_fill", input, dim, index)
    y = clone(x)
    y[key] = value
    return y


@public(out="one", in_place=True)
def index_copy(input: TensorLike, dim: SupportsIndex, index: TensorLike, source: TensorLike) -> Tensor:
    """Slices at indexed positions along an axis replaced by others.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int
        The axis.
    index : Tensor or ndarray of int
        Positions along the axis.
    source : Tensor or ndarray
        Slices along the same axis.

    Returns
    -------
    Tensor
        A new tensor, of the shape of `input`.
    """
    x, key = _slices("index_copy", input, dim, index)
    y = clone(x)
    y[key] = as_tensor_argument(source, "index_copy", "source")
    return y


@public(in_place=True)
def index_put(input: TensorLike, indices: Sequence[TensorLike], values: TensorLike, accumulate: bool = False) -> Tensor:
    """Elements that are indexed by tensors replaced by others.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    indices : tuple of Tensor
        What stands between the brackets of an index.
    values : Tensor or ndarray
        Values that broadcast to what is indexed.
    accumulate : bool, optional
        Add the values; those for one element add up.

    Returns
    -------
    Tensor
        A new tensor, of the shape of `input`.
    """
    x, key = as_tensor_argument(input, "index_put"), tuple([_plain(i) for i in indices])
    values = as_tensor_argument(values, "index_put", "values")
    if accumulate:
        positions = grid_of(tuple(x.shape))[key]
        return x + add_at(reshape(broadcast_to(values, positions.shape), -1), positions.reshape(-1), tuple(x.shape))
    y = clone(x)
    y[key] = values
    return y


@public(in_place=True)
def put(input: TensorLike, index: TensorLike, source: TensorLike, accumulate: bool = False) -> Tensor:
    """Elements at positions in the order of all elements replaced by others.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    index : Tensor or ndarray of int
        Positions of elements, as if there were one axis.
    source : Tensor or ndarray
        As many values.
    accumulate : bool, optional
        Add the values; those for one element add up.

    Returns
    -------
    Tensor
        A new tensor, of the shape of `input`.
    """
    x = as_tensor_argument(input, "put")
    values = reshape(as_tensor_argument(source, "put", "source"), -1)
    return reshape(index_put(reshape(x, -1), (_plain(index).reshape(-1),), values, accumulate), tuple(x.shape))


@public(in_place=True)
def masked_scatter(input: TensorLike, mask: TensorLike, source: TensorLike) -> Tensor:
    """Elements where a mask holds replaced by those of another tensor, in order.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    mask : Tensor or ndarray of bool
        Of a shape that broadcasts to that of `input`.
    source : Tensor or ndarray
        At least as many elements as are replaced.

    Returns
    -------
    Tensor
        A new tensor, of the shape of `input`.

    Raises
    ------
    RuntimeError
        If there are fewer elements than places.
    """
    x, values = as_tensor_argument(input, "masked_scatter"), reshape(as_tensor_argument(source, "masked_scatter", "source"), -1)
    where_ = np.broadcast_to(_plain(mask), tuple(x.shape))
    n = int(np.count_nonzero(where_))
    if values.shape[0] < n:
        raise RuntimeError(
            f"masked_scatter: expected self and source to have enough elements: got {values.shape[0]} for {n} places"
        )
    y = clone(x)
    y[where_] = values[:n]
    return y


@public()
def select_scatter(input: TensorLike, src: TensorLike, dim: SupportsIndex, index: SupportsIndex) -> Tensor:
    """One slice along an axis replaced by another.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    src : Tensor or ndarray
        The other slice.
    dim : int
        The axis.
    index : int
        The number of the slice.

    Returns
    -------
    Tensor
        A new tensor, of the shape of `input`.
    """
    x = clone(as_tensor_argument(input, "select_scatter"))
    x[(slice(None),) * one_axis(dim, x.ndim) + (operator.index(index),)] = as_tensor_argument(src, "select_scatter", "src")
    return x


@public()
def slice_scatter(
    input: TensorLike, src: TensorLike, dim: SupportsIndex = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Tensor:
    """A range along an axis replaced by other values.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    src : Tensor or ndarray
        The other values.
    dim : int, optional
        The axis.
    start, end : int, optional
        Where the range begins and ends.
    step : int, optional
        Its step.

    Returns
    -------
    Tensor
        A new tensor, of the shape of `input`.
    """
    x = clone(as_tensor_argument(input, "slice_scatter"))
    x[(slice(None),) * one_axis(dim, x.ndim) + (slice(start, end, step),)] = as_tensor_argument(src, "slice_scatter", "src")
    return x


@public()
def diagonal_scatter(
    input: TensorLike, src: TensorLike, offset: int = 0, dim1: SupportsIndex = 0, dim2: SupportsIndex = 1
) -> Tensor:
    """The diagonal of two axes replaced by other values.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    src : Tensor or ndarray
        The other values.
    offset : int, optional
        Which diagonal.
    dim1, dim2 : int, optional
        The axes.

    Returns
    -------
    Tensor
        A new tensor, of the shape of `input`.

    Raises
    ------
    ShapeError
        If `src` has another shape than the diagonal.
    """
    x, values = as_tensor_argument(input, "diagonal_scatter"), as_tensor_argument(src, "diagonal_scatter", "src")
    places = np.diagonal(grid_of(tuple(x.shape)), offset, dim1, dim2)
    if tuple(values.shape) != places.shape:
        raise ShapeError(
            f"expected src to have a size equal to the slice of self. src size = {list(values.shape)}, slice size = "
            f"{list(places.shape)}"
        )
    return reshape(index_put(reshape(x, -1), (places.reshape(-1),), reshape(values, -1)), tuple(x.shape))


@public(in_place=True)
def scatter_reduce(
    input: TensorLike, dim: SupportsIndex, index: TensorLike, src: TensorLike, reduce: str, *, include_self: bool = True
) -> Tensor:
    """Values that come together at indexed positions along an axis, reduced.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int
        The axis.
    index : Tensor or ndarray of int
        Positions along the axis; with as many axes as `input`.
    src : Tensor or ndarray
        The values; at least of the shape of `index`.
    reduce : {"sum", "prod", "mean", "amax", "amin"}
        How.
    include_self : bool, optional
        Whether the element of `input` is one of the values.

    Returns
    -------
    Tensor
        A new tensor, of the shape of `input`.

    Raises
    ------
    RuntimeError
        If `reduce` is another word, or an index is out of range.
    """
    x, positions, values = scattered(input, dim, index, src)
    if reduce not in _REDUCTIONS:
        raise RuntimeError(f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}.")
    positions, values = positions.reshape(-1), reshape(values, -1)
    counts = np.bincount(positions, minlength=x.numel())
    hit = counts.reshape(tuple(x.shape)) > 0
    if reduce in ("sum", "mean"):
        total = add_at(values, positions, tuple(x.shape)) + (x if include_self else where(hit, 0.0, x))
        n = np.maximum(counts + include_self, 1).reshape(tuple(x.shape))
        return total if reduce == "sum" else where(hit, total / wrap(n.astype(x.dtype)), x)
    table = _gathered(values, positions, counts)
    neutral = {"prod": 1.0, "amax": -math.inf, "amin": math.inf}[reduce]
    rows = where(table >= 0, gather_flat(values, np.maximum(table, 0)), neutral)
    own = reshape(x, (1, -1))
    rows = cat([own if include_self else own * 0.0 + neutral, rows], 0) if include_self else rows
    found = reshape({"prod": prod, "amax": amax, "amin": amin}[reduce](rows, 0), tuple(x.shape))
    return where(hit, found, x)
