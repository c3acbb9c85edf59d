"""PyTorch's functions of values in order along an axis: running extremes, places between boundaries, slopes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..errors import ShapeError
from ..tensors.tensor import Tensor, wrap
from .arguments import as_tensor_argument, one_axis
from .operation_names import public
from .reductions import ValuesIndices, pick
from .shape_functions import reshape

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import SupportsIndex

    from ..typing import Number, TensorLike


def _running(input, dim, name, extreme):
    """Running extremes along an axis and where they were, of equal ones the last; a nan stays."""
    x = as_tensor_argument(input, name)
    axis = one_axis(dim, x.ndim)
    if x.ndim == 0:
        return ValuesIndices((reshape(x, ()), wrap(np.zeros((), np.int64))))
    values = x.detach()._value()
    reached = extreme.accumulate(values, axis) if values.size else values
    is_new = (values == reached) | np.isnan(values)
    places = np.arange(x.shape[axis]).reshape([-1 if k == axis else 1 for k in range(x.ndim)])
    return pick(x, np.maximum.accumulate(np.where(is_new, places, 0), axis), axis, True)


@public(out="several")
def cummax(input: TensorLike, dim: SupportsIndex) -> ValuesIndices:
    """The largest element so far along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int
        The axis.

    Returns
    -------
    ValuesIndices
        The elements, and where they are; of equal ones the last, which gets the derivative.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.cummax(jt.tensor([1.0, 3.0, 2.0]), 0).values
    tensor([1., 3., 3.])
    """
    return _running(input, dim, "cummax", np.maximum)


@public(out="several")
def cummin(input: TensorLike, dim: SupportsIndex) -> ValuesIndices:
    """The smallest element so far along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int
        The axis.

    Returns
    -------
    ValuesIndices
        The elements, and where they are; of equal ones the last, which gets the derivative.
    """
    return _running(input, dim, "cummin", np.minimum)


def _plain(value):
    return np.asarray(value.detach()._value() if isinstance(value, Tensor) else value)


def _sides(name, right, side):
    if side not in (None, "left", "right") or (right and side == "left"):
        raise RuntimeError(
            f"{name}(): got side={side!r} and right={right}, expected 'left' or 'right', and not the opposite of right"
        )
    return "right" if right or side == "right" else "left"


@public(method=False, out="one")
def searchsorted(
    sorted_sequence: TensorLike,
    input: TensorLike,
    *,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
    sorter: TensorLike | None = None,
) -> Tensor:
    """Places at which values would be put into sequences in order.

    Parameters
    ----------
    sorted_sequence : Tensor or ndarray
        In order of size along the last axis.
    input : Tensor, ndarray or number
        The values: of any shape for one sequence, otherwise with a row for each sequence.
    out_int32 : bool, optional
        Places as int32.
    right : bool, optional
        Behind elements that are equal, not before them.
    side : {"left", "right"}, optional
        The same in NumPy's words.
    sorter : Tensor or ndarray of int, optional
        Positions that put the sequences in order.

    Returns
    -------
    Tensor
        Of int64, of the shape of `input`.

    Raises
    ------
    RuntimeError
        If `side` is neither, or the opposite of `right`.
    ShapeError
        If the leading axes of several sequences are not those of `input`.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.searchsorted(jt.tensor([1.0, 3.0, 5.0]), jt.tensor([3.0, 4.0]))
    tensor([1, 2])
    """
    rows, values, side = _plain(sorted_sequence), _plain(input), _sides("searchsorted", right, side)
    order = None if sorter is None else _plain(sorter)
    if rows.ndim > 1 and rows.shape[:-1] != values.shape[:-1]:
        raise ShapeError(
            f"searchsorted: got sequences of shape {rows.shape} and values of shape {values.shape}, expected equal leading axes"
        )
    if rows.ndim == 1:
        found = np.searchsorted(rows, values, side, order)
    else:
        rows = rows if order is None else np.take_along_axis(rows, order, -1)
        found = np.empty(values.shape, np.int64)
        for k in np.ndindex(rows.shape[:-1]):
            found[k] = np.searchsorted(rows[k], values[k], side)
    return wrap(np.asarray(found, np.int32 if out_int32 else np.int64))


@public(method=False, out="one")
def bucketize(input: TensorLike, boundaries: TensorLike, *, out_int32: bool = False, right: bool = False) -> Tensor:
    """Between which boundaries values lie.

    Parameters
    ----------
    input : Tensor, ndarray or number
        Values of any shape.
    boundaries : Tensor or ndarray
        A vector in order of size.
    out_int32 : bool, optional
        Numbers of intervals as int32.
    right : bool, optional
        Whether a value that is a boundary lies behind it.

    Returns
    -------
    Tensor
        Of int64, of the shape of `input`.

    Raises
    ------
    ShapeError
        If `boundaries` is no vector.
    """
    edges = _plain(boundaries)
    if edges.ndim != 1:
        raise ShapeError(f"bucketize: got boundaries of shape {edges.shape}, expected a vector")
    return searchsorted(edges, input, out_int32=out_int32, right=right)


@public(method=False)
def gradient(
    input: TensorLike,
    *,
    spacing: Number | TensorLike | Sequence[Number | TensorLike] = 1.0,
    dim: int | Sequence[int] | None = None,
    edge_order: int = 1,
) -> list[Tensor]:
    """Slopes of the values of a function on a grid, by differences of neighbours.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    spacing : float, Tensor, or sequence of these, optional
        Distances of neighbours, or their coordinates: one for all axes, or one an axis.
    dim : int or sequence of int, optional
        The axes; all if not given.
    edge_order : {1, 2}, optional
        Order of the differences at the ends.

    Returns
    -------
    list of Tensor
        Slopes along each axis.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.gradient(jt.tensor([1.0, 4.0, 9.0]))
    [tensor([3., 4., 5.])]
    """
    x = as_tensor_argument(input, "gradient")
    axes = list(range(x.ndim)) if dim is None else [one_axis(d, x.ndim) for d in np.atleast_1d(dim).tolist()]
    steps = list(spacing) if isinstance(spacing, (list, tuple)) else [spacing] * len(axes)
    found = np.gradient(x, *steps, axis=tuple(axes), edge_order=edge_order)
    return list(found) if isinstance(found, (list, tuple)) else [found]
