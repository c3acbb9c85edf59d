"""Reading and assigning by index, and what selects elements."""

import numbers
import weakref

import numpy as np

from ..columns import LAYOUT, OFFSET, S_HEAD, S_SIZE, STORAGE, VIEW
from ..dtypes import is_float
from ..errors import LeafError, ShapeError
from ..layouts import LAYOUTS, broadcast_shapes, intern
from ..optable import OPERATIONS, WRITE_INTO
from ..writes import record_write
from ..tape import current
from ..tensor import (
    Tensor, bind, extras_of, history_of, is_leaf_that_requires_grad, place_in_storage, rebase, result, row_of, wrap,
)
from .arguments import as_tensor_argument, one_axis, spellings
from .elementwise import where
from .reductions import ValuesIndices, pick
from .shape import (
    convert, flat_positions, freeze, gather_flat, reshape, scatter_add, select_view, slice_view, sum_to,
)
from .table import BY_NUMPY, NUMBERS, user_line

# --- keys -----------------------------------------------------------------------------------------------


def _as_key(key, shape):
    """A tuple of what NumPy indexes with; Tensors in it become arrays."""
    key = key if isinstance(key, tuple) else (key,)
    return tuple(_as_index(k) for k in key)


def _as_index(k):
    if isinstance(k, Tensor):
        array = k._value()
        if is_float(array.dtype):
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
    return all(k is None or k is Ellipsis or isinstance(k, slice) or (isinstance(k, int) and not isinstance(k, bool)) for k in key)


def _check_key(key, shape):
    """PyTorch's words for an index that does not fit."""
    used = sum(k.ndim if isinstance(k, np.ndarray) and k.dtype == bool else 1
               for k in key if k is not None and k is not Ellipsis and not isinstance(k, (bool, np.bool_)))
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
    frozen, view = [], slice_view
    for k in key if type(key) is tuple else (key,):
        if type(k) is int:
            view = select_view
            frozen.append(k)
        elif type(k) is slice:
            frozen.append(("slice", k.start, k.stop, k.step))
        elif k is None or k is Ellipsis:
            frozen.append(k)
        else:
            return None
    try:
        return view.quick(self, (tuple(frozen),))
    except TypeError:  # a slice of something that cannot be a key of a dictionary
        return None


def getitem(self, key):
    """Elements by index: integers and slices make views, arrays and masks make copies, as in NumPy."""
    found = _quick_view(self, key)
    if found is not None:
        return found
    shape = tuple(self.shape)
    if not shape and key not in ((), None, Ellipsis) and isinstance(key, (int, slice)):
        raise IndexError("invalid index of a 0-dim tensor. Use `tensor.item()` to convert a 0-dim tensor to a number")
    key = _as_key(key, shape)
    _check_key(key, shape)
    if _is_basic(key):
        if any(isinstance(k, slice) and k.step is not None and k.step < 0 for k in key):
            return gather_flat(self, grid_of(shape)[key])
        selects = any(isinstance(k, int) for k in key)
        return (select_view if selects else slice_view).apply(self, freeze(key))
    return gather_flat(self, grid_of(shape)[key])


# --- assigning ----------------------------------------------------------------------------------------------


class _WriteInto:
    """A recorded write: a storage with a region replaced."""

    name, grad_name, kind, linear, arity, uses = "write_into", "CopySlices", 2, True, 2, (0, 0, 0)

    def pullback(self, k, y_bar, y, operands, statics):
        """The region goes to the value, the rest to what was there before."""
        region, offset = statics
        whole = LAYOUTS[intern(tuple(y_bar.shape))]
        positions = flat_positions((whole, 0), (LAYOUTS[region], offset))
        if k == 1:
            return sum_to(gather_flat(y_bar, positions), tuple(operands[1].shape))
        kept = np.ones(whole.size, bool)
        kept[positions.reshape(-1)] = False
        rest = where(kept.reshape(whole.shape), y_bar, 0.0)
        return reshape(rest, tuple(operands[0].shape))

    def pushforward(self, k, x_dot, y, operands, statics):
        raise AssertionError("writes have a compiled tangent")


OPERATIONS[WRITE_INTO] = _WriteInto()


def write(target, value):
    """Copy `value`, broadcast, into the memory of `target`: recorded where gradients are involved.

    Every in-place operation ends here.
    """
    if not isinstance(value, Tensor):
        value = wrap(np.asarray(value))
    tape = current().recorder
    records = tape is not None and (value.requires_grad or target.requires_grad)
    if records and is_leaf_that_requires_grad(target):
        raise LeafError(
            "a leaf Variable that requires grad is being used in an in-place operation. Do it under jt.no_grad() to change "
            "the leaf itself, or on a copy: x.clone()"
        )
    if target.dtype.kind != "f" and value.dtype.kind == "f":
        names = {"int64": "Long", "int32": "Int", "bool": "Bool"}
        raise RuntimeError(
            f"result type {'Float' if value.dtype.itemsize == 4 else 'Double'} can't be cast to the desired output type "
            f"{names.get(str(target.dtype), str(target.dtype))}"
        )
    shape, own = tuple(value.shape), tuple(target.shape)
    try:
        fits = broadcast_shapes(shape, own)
    except ShapeError:
        fits = None
    lead = shape[: max(0, len(shape) - len(own))]
    if fits != own and not (fits is not None and all(n == 1 for n in lead) and shape[len(lead) :] == own):
        if fits is None or len(shape) <= len(own):
            raise _expand_error(shape, own)
        raise ShapeError(f"output with shape {list(own)} doesn't match the broadcast shape {list(fits)}")
    if lead and len(shape) > len(own):
        value = reshape(value, shape[len(lead) :])
    if records:
        _record_write(tape, target, convert(value, target.dtype))
    else:
        array = target._pinned()
        array[...] = value._value()
        target._storage.bump()
    return target


def _expand_error(shape, own):
    lead = len(own) - len(shape)
    for k, n in enumerate(shape):
        if k + lead < 0 or (n != 1 and n != own[k + lead]):
            where_ = max(k + lead, 0)
            return ShapeError(
                f"The expanded size of the tensor ({own[where_] if own else 1}) must match the existing size ({n}) at "
                f"non-singleton dimension {where_}.  Target sizes: {list(own)}.  Tensor sizes: {list(shape)}"
            )
    return ShapeError(f"output with shape {list(own)} doesn't match the broadcast shape {list(shape)}")


def _refuse_leaf(tape, head):
    leaf = tape.leaves.get(head)
    if leaf is not None and is_leaf_that_requires_grad(leaf):
        raise LeafError(
            "a view of a leaf Variable that requires grad is being used in an in-place operation. Do it under jt.no_grad() to "
            "change the leaf itself, or on a copy: x.clone()"
        )


def _append_write(tape, target, value):
    if target._array is not None:
        number = history_of(tape, target)
        region, offset = place_in_storage(tape, number, target._array)
    else:
        row = row_of(tape, target)
        number = int(tape.columns[STORAGE][row])
        region, offset = int(tape.columns[LAYOUT][row]), int(tape.columns[OFFSET][row])
    if 0 in LAYOUTS[region].strides and any(n > 1 and s == 0 for n, s in zip(*LAYOUTS[region][:2])):
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to tensor refers to a single memory location. "
            "Please clone() the tensor before performing the operation."
        )
    head = int(tape.columns[S_HEAD][number])
    _refuse_leaf(tape, head)
    head = row_of(tape, target) if head < 0 else head
    whole = intern((int(tape.columns[S_SIZE][number]),))
    new = record_write(tape.header, WRITE_INTO, head, row_of(tape, value), region, offset, whole)
    return new, region, offset


def _record_write(tape, target, value):
    """Append the write and let the target stand for the storage after it."""
    if target._tape is not tape and target._tape is not None:
        raise RuntimeError(
            "a value of another tape is being written to in place: got a Tensor recorded on another tape or thread; "
            "write into x.clone() instead"
        )
    while True:
        tape.reserve(8)
        new, region, offset = tape.steadily(_append_write, target, value)
        if new >= 0:
            break
        tape.make_room()
    if current().watching:
        tape.traces[new] = user_line()
    _leave_hooks(tape, target)
    bind(tape, target, rebase(tape, new, region, offset))
    if target._extras is not None and target._extras.retains:
        target._extras.grad = None


def _leave_hooks(tape, target):
    """Hooks were registered on the value before the write: they stay with its row."""
    extras = target._extras
    if extras is None or not extras.hooks:
        return
    if tape.flags[target._row] & VIEW:
        raise RuntimeError(
            "a tensor with hooks that is a view, or was written to before, is being used in an in-place operation: register "
            "the hooks after the last write, or write into x.clone()"
        )
    former = result(tape, target._row)
    extras_of(former).hooks, extras.hooks = extras.hooks, {}
    extras.former = (former, extras.former)
    tape.observed.append(weakref.ref(former))


def setitem(self, key, value):
    """Assign to elements by index.  Recorded: what is overwritten is kept for the sweep."""
    if isinstance(value, Tensor) and _is_own_view(self, key, value):
        return
    if not isinstance(value, (Tensor, np.ndarray, *NUMBERS)):
        value = np.asarray(value)
    if not is_float(self.dtype) and not isinstance(value, Tensor) and np.asarray(value).dtype.kind == "f":
        value = np.asarray(value).astype(self.dtype)
    if is_leaf_that_requires_grad(self) and current().recorder is not None:
        raise LeafError("a view of a leaf Variable that requires grad is being used in an in-place operation. Assign under "
                        "jt.no_grad(), or into a copy: x.clone()")
    shape = tuple(self.shape)
    if not isinstance(value, Tensor):
        value = wrap(np.asarray(value, self.dtype))
    key = _as_key(key, shape)
    _check_key(key, shape)
    if _is_basic(key) and not any(isinstance(k, slice) and k.step is not None and k.step < 0 for k in key):
        write(_region(self, key), value)  # the row of the base is refreshed when it is used next
        return
    positions = grid_of(shape)[key]
    _assign_at(self, positions, value)


def _region(self, key):
    selects = any(isinstance(k, int) for k in key)
    return (select_view if selects else slice_view).apply(self, freeze(key))


def _assign_at(self, positions, value):
    """Assignment at flat positions: the whole is written, elements elsewhere unchanged.

    Of positions that repeat, the last one counts, as in NumPy.
    """
    tape = current().recorder
    if not (tape is not None and (value.requires_grad or self.requires_grad)):
        array = self._pinned()
        target = np.array(array, order="C").reshape(-1)
        target[positions] = value._value().astype(self.dtype)
        array[...] = target.reshape(array.shape)
        self._storage.bump()
        return
    try:
        spread = np.broadcast_to(grid_of(tuple(value.shape)), positions.shape)
    except ValueError:
        raise ShapeError(
            f"shape mismatch: value tensor of shape {list(value.shape)} cannot be broadcast to indexing result of shape "
            f"{list(positions.shape)}"
        ) from None
    source = np.full(self.numel(), -1, np.int64)
    source[positions.reshape(-1)] = spread.reshape(-1)
    chosen = (source >= 0).reshape(tuple(self.shape))
    values = gather_flat(value, np.maximum(source, 0).reshape(tuple(self.shape))) if value.numel() else self
    write(self, where(chosen, convert(values, self.dtype), self))


def _is_own_view(self, key, value):
    """Whether ``x[key] = value`` is the second half of ``x[key] += ...``: the value is already there."""
    if value._storage is not None and value._storage is self._storage:
        same = getitem(self, key)
        return same._array is not None and value._array is not None and (
            same._array.__array_interface__ == value._array.__array_interface__
        )
    tape = self._tape
    if tape is None or value._tape is not tape or value._row < 0:
        return False
    if tape.columns[STORAGE][self._row] != tape.columns[STORAGE][value._row]:
        return False
    same = getitem(self, key)
    if same._tape is not tape or tape.columns[STORAGE][same._row] != tape.columns[STORAGE][value._row]:
        return False
    return all(tape.columns[c][same._row] == tape.columns[c][value._row] for c in (LAYOUT, OFFSET))


# --- selecting ------------------------------------------------------------------------------------------------


@spellings
def gather(input, dim, index):
    """Elements along an axis, by an index of the shape of the result."""
    x = as_tensor_argument(input, "gather")
    indices = np.asarray(index._value() if isinstance(index, Tensor) else index)
    axis = one_axis(dim, x.ndim)
    if indices.ndim != x.ndim:
        raise RuntimeError(f"Index tensor must have the same number of dimensions as input tensor: got {indices.ndim} and {x.ndim}")
    key = list(np.indices(indices.shape, sparse=True)) if x.ndim else []
    n = x.shape[axis] if x.ndim else 1
    if indices.size and (indices.min() < 0 or indices.max() >= n):
        raise RuntimeError(f"index {int(indices.max())} is out of bounds for dimension {axis} with size {n}")
    if x.ndim:
        key[axis] = indices
    return gather_flat(x, grid_of(tuple(x.shape))[tuple(key)])


def take_along_dim(input, indices, dim=None, axis=None):
    """Elements along an axis, by an index that is broadcast against the other axes."""
    x = as_tensor_argument(input, "take_along_dim")
    indices = np.asarray(indices._value() if isinstance(indices, Tensor) else indices)
    dim = axis if dim is None else dim
    if dim is None:
        return gather_flat(reshape(x, -1), indices.reshape(-1))
    return gather_flat(x, np.take_along_axis(grid_of(tuple(x.shape)), indices, one_axis(dim, x.ndim)))


def index_select(input, dim, index):
    """Slices along an axis, by a vector of indices."""
    x = as_tensor_argument(input, "index_select")
    indices = np.asarray(index._value() if isinstance(index, Tensor) else index)
    if indices.ndim > 1:
        raise IndexError("index_select(): Index is supposed to be a vector")
    return gather_flat(x, np.take(grid_of(tuple(x.shape)), indices.reshape(-1), one_axis(dim, x.ndim)))


def take(input, index, axis=None, dim=None):
    """Elements at flat positions (PyTorch), or slices along an axis (NumPy)."""
    x = as_tensor_argument(input, "take")
    indices = np.asarray(index._value() if isinstance(index, Tensor) else index)
    return gather_flat(x, np.take(grid_of(tuple(x.shape)), indices, axis if dim is None else dim))


def masked_fill(input, mask, value):
    """The values, with another one where a mask is true."""
    return where(mask, value, as_tensor_argument(input, "masked_fill"))


def masked_select(input, mask):
    """The elements where a mask is true, as a vector."""
    x = as_tensor_argument(input, "masked_select")
    mask = np.asarray(mask._value() if isinstance(mask, Tensor) else mask)
    shape = broadcast_shapes(tuple(x.shape), mask.shape)
    positions = np.broadcast_to(grid_of(tuple(x.shape)), shape)[np.broadcast_to(mask, shape)]
    return gather_flat(x, positions)


@spellings
def sort(input, dim=-1, descending=False, stable=False):
    """The elements in order along an axis, with the indices they had."""
    x = as_tensor_argument(input, "sort")
    if x.ndim == 0:
        return ValuesIndices((reshape(x, ()), wrap(np.zeros((), np.int64))))
    order = argsort(x, dim, descending)._value()
    return pick(x, order, one_axis(dim, x.ndim), True)


@spellings
def argsort(input, dim=-1, descending=False, stable=False):
    """The indices that put an axis in order; equal elements keep theirs."""
    x = as_tensor_argument(input, "argsort")
    array = x._value()
    if array.ndim == 0:
        return wrap(np.zeros((), np.int64))
    axis = one_axis(dim, array.ndim)
    if descending:
        order = np.flip(array.shape[axis] - 1 - np.argsort(np.flip(array, axis), axis, kind="stable"), axis)
        return wrap(np.ascontiguousarray(order))
    return wrap(np.argsort(array, axis, kind="stable"))


@spellings
def topk(input, k, dim=-1, largest=True, sorted=True):
    """The k largest (or smallest) elements of an axis, with their indices."""
    x = as_tensor_argument(input, "topk")
    axis = one_axis(dim, x.ndim)
    order = np.take(argsort(x, axis, largest)._value(), range(k), axis)
    return pick(x, order, axis, True)


def _numpy_sort(a, axis=-1, kind=None, order=None, stable=None):
    return sort(a if axis is not None else reshape(a, -1), -1 if axis is None else axis).values


def _numpy_where(condition, x=None, y=None):
    if x is None and y is None:
        return tuple(wrap(v) for v in np.nonzero(condition._value()))
    return where(condition, x, y)


def index_add(input, dim, index, source, alpha=1):
    """Slices of `source` added to the slices of an axis that an index names."""
    x = as_tensor_argument(input, "index_add")
    indices = np.asarray(index._value() if isinstance(index, Tensor) else index)
    positions = np.take(grid_of(tuple(x.shape)), indices, one_axis(dim, x.ndim))
    return x + scatter_add(source * alpha if alpha != 1 else source, positions, tuple(x.shape))


BY_NUMPY.update({
    np.take_along_axis: take_along_dim, np.take: take, np.sort: _numpy_sort, np.argsort: argsort, np.where: _numpy_where,
})
