"""Functions of shapes that users call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import math

import numpy as np

from ..errors import ShapeError
from ..memory.layouts import broadcast_shapes
from ..tensors.array import read_only, without_axes
from ..tensors.tensor import Tensor
from .arguments import as_shape, as_tensor_argument, axes_of, one_axis, spellings
from .choosing import where
from .indexing import getitem, grid_of
from .copies_and_joins import clone, copy_in_order, flip_values, gather_flat
from .memory_order import common_order, flags_of, in_rows, model_of
from .padded_regions import embed
from .keywords import accepting
from .operation_names import method, public
from .view_rules import (
    alias_view,
    diagonal_view,
    expand_view,
    permute_view,
    reshape_view,
    squeeze_view,
    t_view,
    transpose_view,
    unsqueeze_view,
)

if TYPE_CHECKING:
    from typing import SupportsIndex

    from ..typing import Axes, ShapeLike, TensorLike


def _shape_for(size, shape):
    """A shape with its -1 filled in, for a number of elements."""
    known, unknown = 1, None
    for k, n in enumerate(shape):
        if n == -1:
            if unknown is not None:
                raise ShapeError("only one dimension can be inferred")
            unknown = k
        elif n < 0:
            raise ShapeError(f"invalid shape dimension {n}: got {list(shape)}")
        else:
            known *= n
    invalid = ShapeError(f"shape '{list(shape)}' is invalid for input of size {size}")
    if unknown is not None:
        if known == 0 or size % known:
            raise invalid
        return shape[:unknown] + (size // known,) + shape[unknown + 1 :]
    if known != size:
        raise invalid
    return shape


def _numpy_reshape(a, shape_=None, order="C", *, newshape=None, copy=None, **kwargs):
    target = kwargs.get("shape", shape_ if shape_ is not None else newshape)
    found = in_order(a, target, order)
    return without_axes(copy_in_order(found, order) if copy else found)


def in_order(x, shape, order):
    """A reshaped array, its elements counted in row-major (C) or column-major (F) order, or in that of its memory (A)."""
    if order not in ("C", "F", "A"):
        raise ValueError(f"order must be one of 'C', 'F' or 'A' (got {order!r})")
    shape = tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)
    if order == "C" or order == "A" and not flags_of(x).fnc:
        return reshape(x, shape)
    return _reversed_axes(reshape(_reversed_axes(x), shape[::-1]))


@public(numpy={np.reshape: _numpy_reshape}, keywords="shape=*shape")
def reshape(input: TensorLike, *shape: ShapeLike) -> Tensor:
    """The elements in another shape, as a view where possible.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    *shape : int or sequence of int
        Lengths of the axes; one may be -1.

    Returns
    -------
    Tensor
        Of the new shape.

    Raises
    ------
    ShapeError
        If the numbers of elements differ.
    """
    x = as_tensor_argument(input, "reshape")
    return reshape_view.apply(x, _shape_for(x.numel(), as_shape(shape, "shape")))


@method(name="view")
def view_(self: Tensor, *shape: ShapeLike) -> Tensor:
    """The elements in another shape, without a copy.

    Parameters
    ----------
    *shape : int or sequence of int
        Lengths of the axes; one may be -1.

    Returns
    -------
    Tensor
        A view.

    Raises
    ------
    ShapeError
        If that needs a copy, or the numbers of elements differ.
    """
    target = _shape_for(self.numel(), as_shape(shape, "size"))
    value = self._value()
    if value.size and not np.may_share_memory(value, value.reshape(target)):  # NumPy had to copy
        raise ShapeError(
            "view size is not compatible with input tensor's size and stride (at least one dimension spans across two "
            "contiguous subspaces). Use .reshape(...) instead."
        )
    return reshape_view.apply(self, target)


@public()
def flatten(input: TensorLike, start_dim: SupportsIndex = 0, end_dim: SupportsIndex = -1) -> Tensor:
    """Consecutive axes joined into one.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    start_dim, end_dim : int, optional
        First and last of these; by default all.

    Returns
    -------
    Tensor
        A view, if possible; the Tensor itself if it is one axis.

    Raises
    ------
    RuntimeError
        If the last comes before the first.
    """
    x = as_tensor_argument(input, "flatten")
    if x.ndim == 0:
        return reshape(x, 1)
    a, b = one_axis(start_dim, x.ndim), one_axis(end_dim, x.ndim)
    if a > b:
        raise RuntimeError(f"flatten() has invalid args: start_dim {start_dim} comes after end_dim {end_dim}")
    if a == b:
        return x
    joined = math.prod(x.shape[a : b + 1])
    return reshape(x, tuple(x.shape[:a]) + (joined,) + tuple(x.shape[b + 1 :]))


def numpy_ravel(a, order="C"):
    """All axes joined into one that is contiguous in memory: a view only if the array is."""
    if order == "A":
        order = "F" if flags_of(a).fnc else "C"
    if order not in ("C", "F", "K"):
        raise ValueError(f"order must be one of 'C', 'F', 'A', or 'K' (got {order!r})")
    found = common_order((a,)) if order == "K" else tuple(range(a.ndim - 1, -1, -1)) if order == "F" else None
    x = a if found is None else permute_view.apply(a, found)
    return reshape_view.apply(in_rows(x), (a.numel(),))


@public(numpy={np.ravel: numpy_ravel})
def ravel(input: TensorLike) -> Tensor:
    """All axes joined into one.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        A view, if possible.
    """
    return numpy_ravel(as_tensor_argument(input, "ravel"))


@public(aliases="swapaxes swapdims", numpy={np.swapaxes: "input=a dim0=axis1 dim1=axis2"}, keywords="axis0=dim0 axis1=dim1")
def transpose(input: TensorLike, dim0: SupportsIndex, dim1: SupportsIndex) -> Tensor:
    """Two axes exchanged.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim0, dim1 : int
        The axes.

    Returns
    -------
    Tensor
        A view.
    """
    x = as_tensor_argument(input, "transpose")
    return transpose_view.apply(x, one_axis(dim0, x.ndim), one_axis(dim1, x.ndim)) if x.ndim else alias_view.apply(x)


@public()
def t(input: TensorLike) -> Tensor:
    """Transpose of a matrix; vectors and numbers as they are.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        A view.

    Raises
    ------
    ShapeError
        If there are more than two axes.
    """
    x = as_tensor_argument(input, "t")
    if x.ndim > 2:
        raise ShapeError(f"t() expects a tensor with <= 2 dimensions, but self is {x.ndim}D; use permute or .mT")
    return t_view.apply(x) if x.ndim == 2 else alias_view.apply(x)


def _numpy_transpose(a, axes=None):
    return permute(a, *(range(a.ndim - 1, -1, -1) if axes is None else axes))


@public(numpy={np.transpose: _numpy_transpose}, keywords="dims=*dims dim=*dims")
def permute(input: TensorLike, *dims: ShapeLike) -> Tensor:
    """The axes in another order.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    *dims : int or sequence of int
        The axes, in their new order.

    Returns
    -------
    Tensor
        A view.

    Raises
    ------
    ShapeError
        If the axes are not all named once.
    """
    x = as_tensor_argument(input, "permute")
    dims = as_shape(dims, "dims")
    if len(dims) != x.ndim:
        raise ShapeError(
            f"permute: number of dimensions in the tensor input does not match the length of the desired ordering of dimensions: "
            f"got {len(dims)} dims for a tensor of {x.ndim} axes, expected each axis once"
        )
    axes = tuple(one_axis(d, x.ndim) for d in dims)
    if len(set(axes)) != len(axes):
        raise ShapeError("permute(): duplicate dims are not allowed.")
    return permute_view.apply(x, axes)


@method(name="T", attribute=True)
def _reversed_axes(self: Tensor) -> Tensor:
    """The axes in reverse order: a view."""
    return permute(self, *range(self.ndim - 1, -1, -1)) if self.ndim != 2 else t(self)


@method(name="mT", attribute=True)
def _matrix_transpose(self: Tensor) -> Tensor:
    """The last two axes exchanged: a view."""
    if self.ndim < 2:
        raise ShapeError(f"tensor.mT is only supported on matrices or batches of matrices. Got {self.ndim}-D tensor.")
    return transpose(self, -2, -1)


@public(numpy={np.expand_dims: "input=a dim=axis"})
@spellings
def unsqueeze(input: TensorLike, dim: Axes) -> Tensor:
    """An axis of length one inserted.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int
        Position of the axis in the result.

    Returns
    -------
    Tensor
        A view.
    """
    x = as_tensor_argument(input, "unsqueeze")
    if isinstance(dim, (tuple, list)):
        for d in sorted(one_axis(d, x.ndim + len(dim)) for d in dim):
            x = unsqueeze_view.apply(x, d)
        return x
    return unsqueeze_view.apply(x, one_axis(dim, x.ndim + 1))


def _numpy_squeeze(a, axis=None):
    if axis is not None and any([a.shape[k] != 1 for k in (axis if isinstance(axis, (tuple, list)) else (axis,))]):
        raise ValueError(f"np.squeeze: got axis={axis} of shape {tuple(a.shape)}, expected axes of length one")
    return alias_view.apply(a) if axis == () else without_axes(squeeze(a, axis)) if a.ndim else a


@public(numpy={np.squeeze: _numpy_squeeze})
@spellings
def squeeze(input: TensorLike, dim: Axes | None = None) -> Tensor:
    """Axes of length one removed.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        Only these, if they have length one; by default all.

    Returns
    -------
    Tensor
        A view.
    """
    x = as_tensor_argument(input, "squeeze")
    axes = tuple(a for a in axes_of(dim, x.ndim) if x.ndim and x.shape[a] == 1)
    return squeeze_view.apply(x, axes) if axes else alias_view.apply(x)


@method(keywords="size=*shape")
def expand(input: TensorLike, *shape: ShapeLike) -> Tensor:
    """Axes of length one repeated, without a copy.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    *shape : int or sequence of int
        Lengths of the axes, new ones first; -1 keeps a length.

    Returns
    -------
    Tensor
        A view.

    Raises
    ------
    ShapeError
        If an axis of another length would have to change.
    """
    x = as_tensor_argument(input, "expand")
    target = as_shape(shape, "size")
    if len(target) < x.ndim:
        raise ShapeError(
            f"expand: the number of sizes provided ({len(target)}) must be greater or equal to the number of dimensions in "
            f"the tensor ({x.ndim})"
        )
    lead, full = len(target) - x.ndim, []
    for k, n in enumerate(target):
        own = x.shape[k - lead] if k >= lead else 1
        if n == -1 and k < lead:
            raise ShapeError(f"The expanded size of the tensor ({n}) isn't allowed in a leading, non-existing dimension {k}")
        if n not in (-1, own) and own != 1:
            raise ShapeError(
                f"The expanded size of the tensor ({n}) must match the existing size ({own}) at non-singleton dimension {k}.  "
                f"Target sizes: {list(target)}.  Tensor sizes: {list(x.shape)}"
            )
        full.append(own if n == -1 else n)
    return expand_view.apply(x, tuple(full))


@public(numpy={np.broadcast_to: "input=array shape =subok"}, keywords="size=shape")
def broadcast_to(input: TensorLike, shape: ShapeLike) -> Tensor:
    """Axes of length one repeated, without a copy; the shape is one argument.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    shape : int or sequence of int
        Lengths of the axes, new ones first; -1 keeps a length.

    Returns
    -------
    Tensor
        A view.
    """
    return read_only(expand(input, tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)))


@public(method=False)
def broadcast_tensors(*tensors: TensorLike) -> tuple[Tensor, ...]:
    """Tensors expanded to their common shape.

    Parameters
    ----------
    *tensors : Tensor or ndarray
        Of shapes that broadcast.

    Returns
    -------
    tuple of Tensors
        Views.
    """
    shape = ()
    for x in tensors:
        shape = broadcast_shapes(shape, tuple(np.shape(x) if not isinstance(x, Tensor) else x.shape))
    return tuple(expand(x, shape) for x in tensors)


def rearrange(x, how):
    """Move elements in the way in which a NumPy function moves a grid of their flat positions."""
    return gather_flat(x, how(grid_of(tuple(x.shape))))


def _rearranged(function):
    def ours(a, *args, **kwargs):
        return rearrange(a, lambda grid: function(grid, *args, **kwargs))

    return ours


def _flipped(x, axes):
    """What has some axes of a Tensor reversed: a view of an Array."""
    return getitem(x, tuple([slice(None, None, -1 if k in axes else None) for k in range(x.ndim)]))


def _numpy_flip(m, axis=None):
    return _flipped(m, () if axis == () else axes_of(axis, m.ndim))


def _numpy_fliplr(m):
    np.fliplr(model_of(m))  # what NumPy refuses
    return _flipped(m, (1,))


def _numpy_flipud(m):
    np.flipud(model_of(m))
    return _flipped(m, (0,))


def _numpy_rot90(m, k=1, axes=(0, 1)):
    np.rot90(model_of(m), k, axes)
    k, a, b = k % 4, axes[0] % m.ndim, axes[1] % m.ndim
    flips = {0: (), 1: (b,), 2: (a, b), 3: (a,)}[k]
    return transpose_view.apply(_flipped(m, flips), a, b) if k % 2 else _flipped(m, flips)


_TURNS = {np.flip: _numpy_flip, np.fliplr: _numpy_fliplr, np.flipud: _numpy_flipud, np.rot90: _numpy_rot90}


@public(numpy=_TURNS, keywords="dims=*dims dim=*dims axis=*dims a=input x=input")
def flip(input: TensorLike, *dims: ShapeLike) -> Tensor:
    """The order along axes reversed.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    *dims : int or tuple of int
        The axes; by default all.

    Returns
    -------
    Tensor
        A copy, of the shape of `input`.
    """
    x = as_tensor_argument(input, "flip")
    dims = dims if len(dims) != 1 else dims[0]
    for axis in axes_of(None if dims == () else dims, x.ndim) if x.ndim else ():
        x = flip_values.apply(x, axis)
    return x if x is not input else clone(x)


def _masked(x, mask):
    return where(np.broadcast_to(mask, tuple(x.shape)), x, 0)


def _numpy_tril(m, k=0):
    return where(np.tri(*m.shape[-2:], k=k, dtype=bool), m, 0)


@public(in_place=True, numpy={np.tril: _numpy_tril}, out="one")
def tril(input: TensorLike, diagonal: SupportsIndex = 0, k: SupportsIndex | None = None) -> Tensor:
    """Lower triangle of a matrix, with zeros above a diagonal.

    Parameters
    ----------
    input : Tensor or ndarray, shape (..., n, m)
        Matrix, or a batch of them.
    diagonal : int, optional
        Which diagonal: above the main one if positive.
    k : int, optional
        NumPy's name of `diagonal`.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    x = as_tensor_argument(input, "tril")
    return _masked(x, np.tri(x.shape[-2], x.shape[-1], diagonal if k is None else k, dtype=bool))


def _numpy_triu(m, k=0):
    return where(~np.tri(*m.shape[-2:], k=k - 1, dtype=bool), m, 0)


@public(in_place=True, numpy={np.triu: _numpy_triu}, out="one")
def triu(input: TensorLike, diagonal: SupportsIndex = 0, k: SupportsIndex | None = None) -> Tensor:
    """Upper triangle of a matrix, with zeros below a diagonal.

    Parameters
    ----------
    input : Tensor or ndarray, shape (..., n, m)
        Matrix, or a batch of them.
    diagonal : int, optional
        Which diagonal: above the main one if positive.
    k : int, optional
        NumPy's name of `diagonal`.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    x = as_tensor_argument(input, "triu")
    return _masked(x, ~np.tri(x.shape[-2], x.shape[-1], (diagonal if k is None else k) - 1, dtype=bool))


@public(numpy={np.diagonal: "input=a offset dim1=axis1 dim2=axis2"})
def diagonal(
    input: TensorLike,
    offset: SupportsIndex = 0,
    dim1: SupportsIndex = 0,
    dim2: SupportsIndex = 1,
    axis1: SupportsIndex | None = None,
    axis2: SupportsIndex | None = None,
) -> Tensor:
    """Diagonal of two axes, as the last axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    offset : int, optional
        Which diagonal: above the main one if positive.
    dim1, dim2 : int, optional
        The axes.
    axis1, axis2 : int, optional
        NumPy's names of the axes.

    Returns
    -------
    Tensor
        A view.
    """
    x = as_tensor_argument(input, "diagonal")
    a = one_axis(dim1 if axis1 is None else axis1, x.ndim)
    b = one_axis(dim2 if axis2 is None else axis2, x.ndim)
    return read_only(diagonal_view.apply(x, int(offset), a, b))


@public(numpy={np.diag: "input=v diagonal=k"}, out="one")
def diag(input: TensorLike, diagonal: SupportsIndex = 0, k: SupportsIndex | None = None) -> Tensor:
    """Diagonal of a matrix, or matrix with a given diagonal.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, m) or (n,)
        Matrix, or the diagonal.
    diagonal : int, optional
        Which diagonal: above the main one if positive.
    k : int, optional
        NumPy's name of `diagonal`.

    Returns
    -------
    Tensor
        Vector, or matrix.

    Raises
    ------
    RuntimeError
        If there are not one or two axes.
    """
    x = as_tensor_argument(input, "diag")
    offset = int(diagonal if k is None else k)
    if x.ndim == 2:
        return read_only(diagonal_view.apply(x, offset, 0, 1))
    if x.ndim != 1:
        raise RuntimeError(f"diag(): Supports 1D or 2D tensors. Got {x.ndim}D")
    n = x.shape[0] + abs(offset)
    return embed(x, (n, n), ("diagonal", offset, 0, 1))


@method()
@accepting("memory_format")
def contiguous(self: Tensor) -> Tensor:
    """The tensor with its elements in row-major order in memory.

    Returns
    -------
    Tensor
        The tensor itself if they are, else a copy.
    """
    layout = self._layout
    is_contiguous = layout.flags.c_contiguous if isinstance(layout, np.ndarray) else layout.contiguous
    return self if is_contiguous else in_rows(self)


@method(numpy={np.repeat: _rearranged(np.repeat)})
def repeat(self: Tensor, *sizes: ShapeLike) -> Tensor:
    """Copies side by side along every axis.

    Parameters
    ----------
    *sizes : int or sequence of int
        Number of copies along each axis, new ones first.

    Returns
    -------
    Tensor
        A copy.
    """
    sizes = as_shape(sizes, "repeats")
    x = self
    while x.ndim < len(sizes):
        x = unsqueeze(x, 0)
    return rearrange(x, lambda grid: np.tile(grid, sizes))


def _numpy_tile(A, reps):
    return tile(A, reps) if np.ndim(A) < np.size(reps) or np.any(np.asarray(reps) != 1) else clone(A)


@public(numpy={np.tile: _numpy_tile})
def tile(input: TensorLike, dims: Axes) -> Tensor:
    """Copies side by side, as NumPy's ``tile``.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dims : int or sequence of int
        Number of copies along the last axes, or new ones.

    Returns
    -------
    Tensor
        A copy.
    """
    return rearrange(as_tensor_argument(input, "tile"), lambda grid: np.tile(grid, dims))


def _numpy_moveaxis(a, source, destination):
    if np.size(source) != np.size(destination):
        raise ValueError("`source` and `destination` arguments must have the same number of elements")
    return movedim(a, source, destination)


@public(aliases="moveaxis", numpy={np.moveaxis: _numpy_moveaxis})
def movedim(input: TensorLike, source: Axes, destination: Axes) -> Tensor:
    """Axes moved to other positions.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    source, destination : int or sequence of int
        Positions before and after.

    Returns
    -------
    Tensor
        A view.
    """
    x = as_tensor_argument(input, "movedim")
    source = [one_axis(s, x.ndim) for s in (source if isinstance(source, (tuple, list)) else [source])]
    destination = [one_axis(d, x.ndim) for d in (destination if isinstance(destination, (tuple, list)) else [destination])]
    rest = [a for a in range(x.ndim) if a not in source]
    for d, s in sorted(zip(destination, source)):
        rest.insert(d, s)
    return permute(x, *rest)
