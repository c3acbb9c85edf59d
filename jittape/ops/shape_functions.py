"""Shapes: the functions that users call."""

import numpy as np

from ..errors import ShapeError
from ..memory.layouts import broadcast_shapes
from ..tensors.tensor import Tensor
from .arguments import as_shape, as_tensor_argument, axes_of, one_axis, spellings
from .arithmetic import where
from .copies_and_joins import cat_values, clone, convert, flip_values, gather_flat
from .padded_regions import embed
from .operation_table import BY_NUMPY, common_dtype
from .view_rules import (
    alias_view, diagonal_view, expand_view, freeze, permute_view, reshape_view, select_view, slice_view, squeeze_view,
    t_view, transpose_view, unsqueeze_view,
)


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


def reshape(input, *shape):
    """The elements in another shape, as a view where possible."""
    x = as_tensor_argument(input, "reshape")
    return reshape_view.apply(x, _shape_for(x.numel(), as_shape(shape, "shape")))


def view_(self, *shape):
    """The elements in another shape, never copied; or, given a dtype, an error naming `to`."""
    target = _shape_for(self.numel(), as_shape(shape, "size"))
    value = self._value()
    if value.size and not np.may_share_memory(value, value.reshape(target)):  # NumPy had to copy
        raise ShapeError(
            "view size is not compatible with input tensor's size and stride (at least one dimension spans across two "
            "contiguous subspaces). Use .reshape(...) instead."
        )
    return reshape_view.apply(self, target)


def flatten(input, start_dim=0, end_dim=-1):
    """Some axes, by default all, joined into one."""
    x = as_tensor_argument(input, "flatten")
    if x.ndim == 0:
        return reshape(x, 1)
    a, b = one_axis(start_dim, x.ndim), one_axis(end_dim, x.ndim)
    if a > b:
        raise RuntimeError(f"flatten() has invalid args: start_dim {start_dim} comes after end_dim {end_dim}")
    joined = x.shape[a : b + 1].numel()
    return reshape(x, tuple(x.shape[:a]) + (joined,) + tuple(x.shape[b + 1 :]))


def ravel(input):
    """All axes joined into one."""
    return reshape(as_tensor_argument(input, "ravel"), -1) if np.size(input) else reshape(input, 0)


def transpose(input, dim0, dim1):
    """Two axes exchanged."""
    x = as_tensor_argument(input, "transpose")
    return transpose_view.apply(x, one_axis(dim0, x.ndim), one_axis(dim1, x.ndim)) if x.ndim else alias_view.apply(x)


def t(input):
    """The transpose of a matrix; vectors and scalars as they are."""
    x = as_tensor_argument(input, "t")
    if x.ndim > 2:
        raise ShapeError(f"t() expects a tensor with <= 2 dimensions, but self is {x.ndim}D; use permute or .mT")
    return t_view.apply(x) if x.ndim == 2 else alias_view.apply(x)


def permute(input, *dims):
    """The axes in another order."""
    x = as_tensor_argument(input, "permute")
    dims = as_shape(dims, "dims")
    if len(dims) != x.ndim:
        raise ShapeError(
            f"permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired "
            f"ordering of dimensions i.e. input.dim() = {x.ndim} is not equal to len(dims) = {len(dims)}"
        )
    axes = tuple(one_axis(d, x.ndim) for d in dims)
    if len(set(axes)) != len(axes):
        raise ShapeError("permute(): duplicate dims are not allowed.")
    return permute_view.apply(x, axes)


def _reversed_axes(self):
    """The axes in reverse order."""
    return permute(self, *range(self.ndim - 1, -1, -1)) if self.ndim != 2 else t(self)


def _matrix_transpose(self):
    """The last two axes exchanged."""
    if self.ndim < 2:
        raise ShapeError(f"tensor.mT is only supported on matrices or batches of matrices. Got {self.ndim}-D tensor.")
    return transpose(self, -2, -1)


@spellings
def unsqueeze(input, dim):
    """An axis of length one put in."""
    x = as_tensor_argument(input, "unsqueeze")
    if isinstance(dim, (tuple, list)):
        for d in sorted(one_axis(d, x.ndim + len(dim)) for d in dim):
            x = unsqueeze_view.apply(x, d)
        return x
    return unsqueeze_view.apply(x, one_axis(dim, x.ndim + 1))


@spellings
def squeeze(input, dim=None):
    """Axes of length one taken out: all, or those named that have it."""
    x = as_tensor_argument(input, "squeeze")
    axes = tuple(a for a in axes_of(dim, x.ndim) if x.ndim and x.shape[a] == 1)
    return squeeze_view.apply(x, axes) if axes else alias_view.apply(x)


def expand(input, *shape):
    """Axes of length one repeated without a copy; -1 keeps a length."""
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


def broadcast_to(input, shape):
    """As `expand`, with the shape as one argument."""
    return expand(input, tuple(shape) if isinstance(shape, (tuple, list)) else (shape,))


def broadcast_tensors(*tensors):
    """Tensors expanded to their common shape."""
    shape = ()
    for x in tensors:
        shape = broadcast_shapes(shape, tuple(np.shape(x) if not isinstance(x, Tensor) else x.shape))
    return tuple(expand(x, shape) for x in tensors)


def _list_of_tensors(tensors, function):
    if isinstance(tensors, Tensor):
        raise TypeError(f"{function}(): argument 'tensors' (position 1) must be tuple of Tensors, not Tensor")
    tensors = [as_tensor_argument(x, function, "tensors") for x in tensors]
    if not tensors:
        raise ValueError(f"{function}(): expected a non-empty list of Tensors")
    return tensors


def _same_dtype(tensors):
    dtype = common_dtype(tensors)
    return [x if x.dtype == dtype else convert(x, dtype) for x in tensors]


@spellings
def cat(tensors, dim=0):
    """Tensors joined along an axis that they have."""
    tensors = _list_of_tensors(tensors, "cat")
    shapes = [x._layout.shape for x in tensors]
    if (0,) in shapes:  # such are dropped
        tensors = [x for x, shape in zip(tensors, shapes) if shape != (0,)] or tensors[:1]
        shapes = [x._layout.shape for x in tensors]
    first = shapes[0]
    if not first:
        raise RuntimeError("zero-dimensional tensor (at position 0) cannot be concatenated; use stack")
    axis = one_axis(dim, len(first))
    for k, shape in enumerate(shapes):
        if shape != first:
            _must_fit(shape, first, axis, k)
    return cat_values.apply(_same_dtype(tensors), axis)


def _must_fit(shape, first, axis, k):
    if len(shape) != len(first):
        raise ShapeError(f"Tensors must have same number of dimensions: got {len(first)} and {len(shape)}")
    for d, (n, m) in enumerate(zip(shape, first)):
        if d != axis and n != m:
            raise ShapeError(
                f"Sizes of tensors must match except in dimension {axis}. Expected size {m} but got size {n} for tensor number "
                f"{k} in the list."
            )


@spellings
def stack(tensors, dim=0):
    """Tensors of one shape joined along a new axis."""
    tensors = _list_of_tensors(tensors, "stack")
    for k, x in enumerate(tensors):
        if x.shape != tensors[0].shape:
            raise ShapeError(
                f"stack expects each tensor to be equal size, but got {list(tensors[0].shape)} at entry 0 and "
                f"{list(x.shape)} at entry {k}"
            )
    axis = one_axis(dim, tensors[0].ndim + 1)
    return cat_values.apply([unsqueeze(x, axis) for x in _same_dtype(tensors)], axis)


@spellings
def split(tensor, split_size_or_sections, dim=0):
    """Pieces along an axis: of a length (the last may be shorter), or of given lengths."""
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


@spellings
def chunk(input, chunks, dim=0):
    """At most a number of pieces of equal length along an axis."""
    n = input.shape[one_axis(dim, input.ndim)]
    return split(input, max(1, -(-n // chunks)), dim)


@spellings
def unbind(input, dim=0):
    """The slices along an axis, as a tuple."""
    x = as_tensor_argument(input, "unbind")
    axis = one_axis(dim, x.ndim)
    return tuple(select(x, axis, k) for k in range(x.shape[axis]))


def narrow(input, dim, start, length):
    """A piece of an axis."""
    axis = one_axis(dim, input.ndim)
    n = input.shape[axis]
    start = start + n if start < 0 else start
    if start < 0 or length < 0 or start + length > n:
        raise RuntimeError(f"start ({start}) + length ({length}) exceeds dimension size ({n}).")
    return slice_view.apply(input, freeze((slice(None),) * axis + (slice(start, start + length),)))


def select(input, dim, index):
    """One slice of an axis."""
    axis = one_axis(dim, input.ndim)
    n = input.shape[axis]
    if not -n <= index < n:
        raise IndexError(f"select(): index {index} out of range for tensor of size {list(input.shape)} at dimension {axis}")
    return select_view.apply(input, freeze((slice(None),) * axis + (int(index),)))


def _grid(shape):
    return np.arange(int(np.prod(shape))).reshape(shape)


def rearrange(x, how):
    """Elements moved as a NumPy function moves a grid of their flat positions."""
    return gather_flat(x, how(_grid(tuple(x.shape))))


@spellings
def flip(input, *dim, **kwargs):
    """The order along axes reversed."""
    x = as_tensor_argument(input, "flip")
    dims = kwargs.get("dims", kwargs.get("dim", dim if len(dim) != 1 else dim[0]))
    for axis in axes_of(None if dims == () else dims, x.ndim) if x.ndim else ():
        x = flip_values.apply(x, axis)
    return x if x is not input else clone(x)


@spellings
def roll(input, shifts, dim=None):
    """Elements moved along axes, those pushed out coming in at the other end."""
    x = as_tensor_argument(input, "roll")
    if dim is None:
        return reshape(_rolled(reshape(x, -1), shifts, 0), tuple(x.shape))
    try:
        pairs = np.broadcast(shifts, dim)
    except ValueError:
        raise RuntimeError(f"shifts and dimensions must align. shifts: {shifts}, dims: {dim}") from None
    for shift, d in pairs:
        x = _rolled(x, int(shift), one_axis(int(d), x.ndim))
    return x


def _rolled(x, shift, axis):
    n = x.shape[axis] if x.ndim else 0
    first = n - shift % n if n else 0
    return cat([narrow(x, axis, first, n - first), narrow(x, axis, 0, first)], axis) if 0 < first < n else clone(x)


def _masked(x, mask):
    return where(np.broadcast_to(mask, tuple(x.shape)), x, 0)


def tril(input, diagonal=0, k=None):
    """The lower triangle of a matrix, or of each of a batch; zeros above a diagonal."""
    x = as_tensor_argument(input, "tril")
    return _masked(x, np.tri(x.shape[-2], x.shape[-1], diagonal if k is None else k, dtype=bool))


def triu(input, diagonal=0, k=None):
    """The upper triangle of a matrix, or of each of a batch; zeros below a diagonal."""
    x = as_tensor_argument(input, "triu")
    return _masked(x, ~np.tri(x.shape[-2], x.shape[-1], (diagonal if k is None else k) - 1, dtype=bool))


def diagonal(input, offset=0, dim1=0, dim2=1, axis1=None, axis2=None):
    """A diagonal of two axes, as the last axis."""
    x = as_tensor_argument(input, "diagonal")
    a = one_axis(dim1 if axis1 is None else axis1, x.ndim)
    b = one_axis(dim2 if axis2 is None else axis2, x.ndim)
    return diagonal_view.apply(x, int(offset), a, b)


def diag(input, diagonal=0, k=None):
    """The diagonal of a matrix, or a matrix with a vector on its diagonal."""
    x = as_tensor_argument(input, "diag")
    offset = int(diagonal if k is None else k)
    if x.ndim == 2:
        return diagonal_view.apply(x, offset, 0, 1)
    if x.ndim != 1:
        raise RuntimeError(f"diag(): Supports 1D or 2D tensors. Got {x.ndim}D")
    n = x.shape[0] + abs(offset)
    return embed(x, (n, n), ("diagonal", offset, 0, 1))


def contiguous(self):
    """The values in row-major order: the Tensor itself if they are."""
    layout = self._layout
    is_contiguous = layout.flags.c_contiguous if isinstance(layout, np.ndarray) else layout.contiguous
    return self if is_contiguous else clone(self)


def repeat(self, *sizes):
    """Copies side by side, a number along each axis."""
    sizes = as_shape(sizes, "repeats")
    x = self
    while x.ndim < len(sizes):
        x = unsqueeze(x, 0)
    return rearrange(x, lambda grid: np.tile(grid, sizes))


def tile(input, dims):
    """Copies side by side, as NumPy's ``tile``."""
    return rearrange(as_tensor_argument(input, "tile"), lambda grid: np.tile(grid, dims))


def movedim(input, source, destination):
    """Axes moved to other places."""
    x = as_tensor_argument(input, "movedim")
    source = [one_axis(s, x.ndim) for s in (source if isinstance(source, (tuple, list)) else [source])]
    destination = [one_axis(d, x.ndim) for d in (destination if isinstance(destination, (tuple, list)) else [destination])]
    rest = [a for a in range(x.ndim) if a not in source]
    for d, s in sorted(zip(destination, source)):
        rest.insert(d, s)
    return permute(x, *rest)


def hstack(tensors):
    """Tensors joined along the second axis, vectors along the first."""
    tensors = [reshape(x, 1) if x.ndim == 0 else x for x in _list_of_tensors(tensors, "hstack")]
    return cat(tensors, 0 if tensors[0].ndim == 1 else 1)


def vstack(tensors):
    """Tensors joined along the first axis, vectors as rows."""
    tensors = [reshape(x, 1, -1) if x.ndim < 2 else x for x in _list_of_tensors(tensors, "vstack")]
    return cat(tensors, 0)


def _register():
    for ours, theirs in (
        (reshape, np.reshape), (ravel, np.ravel), (squeeze, np.squeeze), (unsqueeze, np.expand_dims),
        (broadcast_to, np.broadcast_to), (cat, np.concatenate), (stack, np.stack), (tril, np.tril), (triu, np.triu),
        (diag, np.diag), (diagonal, np.diagonal), (roll, np.roll), (tile, np.tile), (movedim, np.moveaxis),
        (hstack, np.hstack), (vstack, np.vstack), (transpose, np.swapaxes), (flip, np.flip), (clone, np.copy),
    ):
        BY_NUMPY[theirs] = ours


_register()
