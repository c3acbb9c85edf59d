"""Writes in place: every in-place operation ends in `write`."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

import numpy as np

from ..tape.schema import GRAD, LAYOUT, OFFSET, STORAGE, S_HEAD, S_SIZE
from ..dtypes import as_dtype, category, is_complex, is_differentiable
from ..errors import LeafError, ShapeError
from ..memory.layouts import LAYOUTS, broadcast_shapes, intern
from ..kernels.kernel_table import OPERATIONS, WRITE_BESIDE, WRITE_INTO
from ..tape.tape import current
from ..tensors.row_binding import bind, history_of, place_in_storage, rebase, row_of
from ..tensors.array import Array, is_read_only
from ..tensors.linked_copies import Link, link_of
from ..tensors.tensor import Tensor, extras_of, is_leaf_that_requires_grad, result, wrap
from ..tape.commit import commit
from ..tape.in_place import record_write
from ..tape.refusals import answer
from ..tape.row_kinds import VIEWS, is_one_of
from .array_elements import prepare_write
from .choosing import where
from .following_parts import follow, passes_on, write_through
from .indexing import _as_key, _check_key, _is_basic, getitem, grid_of
from .copies_and_joins import convert, flat_positions, gather_flat, scatter_add
from .shape_functions import expand, reshape
from .view_rules import freeze, select_view, slice_view, sum_to
from .operation_table import NUMBERS, Rules, recorder_of
from .users_lines import note_row
from .unrecorded_path import plain_arrays

if TYPE_CHECKING:
    from ..typing import Index


class _WriteInto(Rules):
    """The operation of a recorded write: a storage with a region replaced."""

    name, grad_name, kind, linear, arity, uses = "write_into", "CopySlices", 2, True, 2, (0, 0, 0)
    moves = True

    def pullback(self, k, y_bar, y, operands, statics):
        """The adjoint of the region goes to the value, the rest to the storage as it was before."""
        positions, kept = _written(tuple(y_bar.shape), *statics)
        if k == 1:
            return sum_to(gather_flat(y_bar, positions), tuple(operands[1].shape))
        return reshape(where(kept, y_bar, 0.0), tuple(operands[0].shape))

    def pushforward(self, k, x_dot, y, operands, statics):
        shape = tuple(y.shape)
        positions, kept = _written(shape, *statics)
        if k == 1:
            return scatter_add(expand(x_dot, positions.shape), positions, shape)
        return where(kept, reshape(x_dot, shape), 0.0)


def _written(shape, region, offset):
    """Flat positions of the region of a write in its storage, and a mask of the elements that it left."""
    whole = LAYOUTS[intern(shape)]
    positions = flat_positions((whole, 0), (LAYOUTS[region], offset))
    kept = np.ones(whole.size, bool)
    kept[positions.reshape(-1)] = False
    return positions, kept.reshape(shape)


class _WriteBeside(_WriteInto):
    """The operation of a write that derivatives do not see: the whole adjoint passes to the storage as it was before."""

    name = "write_beside"

    def pullback(self, k, y_bar, y, operands, statics):
        return reshape(y_bar, tuple(operands[0].shape)) if k == 0 else None

    def pushforward(self, k, x_dot, y, operands, statics):
        return reshape(x_dot, tuple(y.shape)) if k == 0 else None


OPERATIONS[WRITE_INTO], OPERATIONS[WRITE_BESIDE] = _WriteInto(), _WriteBeside()


def write(target, value):
    """Copy `value`, broadcast, into the memory of `target`: recorded where gradients are involved.

    Every in-place operation ends here.
    """
    if is_read_only(target):
        raise ValueError("assignment destination is read-only")
    if Link.exist:
        link = link_of(target)
        if link is not None and passes_on(link, target, value):
            return write_through(link, target, value, write)
        return _write_and_follow(target, value)
    return _write(target, value)


def _write_and_follow(target, value):
    _write(target, value)
    follow(target)
    return target


def _write(target, value):
    tape = target._tape
    if tape is not None and (type(target) is Array or tape.elements):
        prepare_write(target)
    reader = _reader_of(target)
    plain = plain_arrays((target, value)) if reader is None else None
    if plain is not None and target._array is not None and type(value) is not float and type(value) is not int:
        (array, source), _ = plain
        if array.shape == source.shape:
            target._storage.memory.replace(array, source)
            return target
    if not isinstance(value, Tensor):
        value = wrap(np.asarray(value))
    tape = recorder_of((value, target))
    if tape is None:  # not `or`: a tape without rows counts as false
        tape = reader
    value = _fitting(target, value, tape is not None)
    if tape is not None:
        _record_write(tape, target, convert(value, target.dtype))
    else:
        array = target._pinned()
        target._storage.memory.replace(array, value._value())
    return target


def _reader_of(target):
    """The tape whose rows have read a constant Array, None if none have.

    NumPy's code fills its arrays again: such a write is recorded, too, so that the sweep finds what the rows have read. Of
    Tensors PyTorch refuses it.
    """
    if type(target) is not Array or target._array is None or not is_differentiable(target.dtype):
        return None
    return current().recorder if target._storage.is_read else None


def write_together(pairs):
    """Copy values, broadcast, into several Tensors outside the graph: into all of them, or into none.

    None are changed if a value does not fit or an interrupt comes before the end. In a trace the writes are rows like others.

    Parameters
    ----------
    pairs : list of (Tensor, Tensor)
        Target and value. A value that is a view of a target before it in the list is read after that was written.
    """
    if any([recorder_of((value, target)) is not None or link_of(target) is not None for target, value in pairs]):
        for target, value in pairs:
            write(target, value)
        return
    changes = []
    for target, value in pairs:
        if target._tape is not None and target._tape.elements:
            prepare_write(target)
        array, value = target._pinned(), _fitting(target, value, False)
        changes += target._storage.memory.replacing(array, value._pinned())
    commit(changes)
    if Link.exist:
        for target, _ in pairs:
            follow(target)


_LETTERS = {"float64": "Double", "float32": "Float", "complex128": "ComplexDouble", "complex64": "ComplexFloat"}
_LETTERS |= {"int64": "Long", "int32": "Int", "bool": "Bool"}


def _refuse_cast(dtype, target):
    """Raise where values of a dtype lose what makes them floating-point or complex numbers in the dtype of a target."""
    if is_differentiable(dtype) and category(dtype) > category(target):
        instead = "; write its real part, or make the target complex" if is_complex(dtype) else ""
        raise RuntimeError(
            f"result type {_LETTERS[str(dtype)]} can't be cast to the desired output type "
            f"{_LETTERS.get(str(target), str(target))}{instead}"
        )


def _fitting(target, value, records):
    """The value of a write, without leading axes of length one that the target has not; raises if it does not fit."""
    if records and is_leaf_that_requires_grad(target):
        raise LeafError(
            "a leaf Variable that requires grad is being used in an in-place operation. Do it under jt.no_grad() to change "
            "the leaf itself, or on a copy: x.clone()"
        )
    _refuse_cast(value.dtype, target.dtype)
    shape, own = tuple(value.shape), tuple(target.shape)
    try:
        fits = broadcast_shapes(shape, own)
    except ShapeError:
        fits = None
    lead = shape[: max(0, len(shape) - len(own))]
    if fits is None or fits[len(lead) :] != own or any(n != 1 for n in lead):
        if fits is None or not lead:
            raise _expand_error(shape, own)
        raise ShapeError(f"output with shape {list(own)} doesn't match the broadcast shape {list(fits)}")
    return reshape(value, shape[len(lead) :]) if lead else value


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
        tape.refuse_write(number)
        region, offset = place_in_storage(tape, number, target._array)
    else:
        row = row_of(tape, target)
        number = int(tape.columns[STORAGE][row])
        tape.refuse_write(number)
        region, offset = int(tape.columns[LAYOUT][row]), int(tape.columns[OFFSET][row])
    if 0 in LAYOUTS[region].strides and any(n > 1 and s == 0 for n, s in zip(*LAYOUTS[region][:2])):
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to tensor refers to a single memory location. "
            "Please clone() the tensor before performing the operation."
        )
    head = int(tape.columns[S_HEAD][number])
    _refuse_leaf(tape, head)
    head = row_of(tape, target) if head < 0 else head
    whole, source = intern((int(tape.columns[S_SIZE][number]),)), row_of(tape, value)
    follows = tape.follows_write(target, source)
    new = record_write(tape.header, WRITE_INTO if follows else WRITE_BESIDE, head, source, region, offset, whole)
    if new >= 0 and not follows and not tape.flags[head] & GRAD:
        tape.flags[new] &= ~GRAD
    return new, region, offset


def _record_write(tape, target, value):
    """Append the write and let the target stand for the storage after it."""
    if target._tape is not tape and target._tape is not None and tape.captured_row(target) is None:
        raise RuntimeError(
            "a value of another tape is being written to in place: got a Tensor recorded on another tape or thread; "
            "write into x.clone() instead"
        )
    refused = None
    while True:
        tape.reserve(8)
        new, region, offset = tape.steadily(_append_write, target, value)
        if new >= 0:
            break
        refused = answer(tape, OPERATIONS[WRITE_INTO], new, refused)
    if current().watching:
        note_row(current(), tape, new)
    _leave_hooks(tape, target)
    former = target._row if target._tape is tape else -1
    bind(tape, target, rebase(tape, new, region, offset))
    tape.replaced(former, target._row)
    if target._extras is not None and target._extras.retains:
        target._extras.grad = None


def _leave_hooks(tape, target):
    """Leave hooks that were registered before a write with the value from before, its row."""
    extras = target._extras
    if extras is None or not extras.hooks:
        return
    if is_one_of(tape.flags[target._row], VIEWS):
        raise RuntimeError(
            "a tensor with hooks that is a view, or was written to before, is being used in an in-place operation: register "
            "the hooks after the last write, or write into x.clone()"
        )
    former = result(tape, target._row)
    extras_of(former).hooks, extras.hooks = extras.hooks, {}
    extras.former = (former, extras.former)
    tape.observed.append(weakref.ref(former))
    tape.hooked[former._row] = [
        (weakref.ref(former), h) for _, h in tape.hooked.get(former._row, ()) if h is former._extras.hooks
    ]


def _overwrite(self, value):
    """Write a value of the same shape into the memory of a Tensor, for in-place methods and operators."""
    if value._layout.shape != self._layout.shape:
        raise ShapeError(f"output with shape {list(self.shape)} doesn't match the broadcast shape {list(value.shape)}")
    return write(self, value)


Tensor._overwrite = _overwrite


def setitem(self: Tensor, key: Index, value: object) -> None:
    """Assign to elements by index; a recorded assignment keeps what it overwrites for the sweep."""
    if isinstance(value, Tensor) and _is_own_view(self, key, value):
        return
    if not isinstance(value, (Tensor, np.ndarray, *NUMBERS)):
        value = np.asarray(value)
    if not is_differentiable(self.dtype) and not isinstance(value, Tensor) and np.asarray(value).dtype.kind == "f":
        value = np.asarray(value).astype(self.dtype)
    if type(self) is not Array and is_leaf_that_requires_grad(self) and current().recorder is not None:
        raise LeafError(
            "a view of a leaf Variable that requires grad is being used in an in-place operation. Assign under "
            "jt.no_grad(), or into a copy: x.clone()"
        )
    shape = tuple(self.shape)
    if not isinstance(value, Tensor):
        array = np.asarray(value)
        if is_complex(array.dtype):
            _refuse_cast(as_dtype(array.dtype), self.dtype)
        value = wrap(np.asarray(array, self.dtype))
    elif is_complex(value.dtype):
        _refuse_cast(value.dtype, self.dtype)
    key = _as_key(key, shape)
    _check_key(key, shape)
    if _is_basic(key):
        write(_region(self, key), value)  # the row of the base is refreshed when it is used next
        return
    positions = grid_of(shape)[key]
    _assign_at(self, positions, value)


def _region(self, key):
    selects = any(isinstance(k, int) for k in key)
    return (select_view if selects else slice_view).apply(self, freeze(key))


def _assign_at(self, positions, value):
    """Assign at flat positions, by a copy of the whole with those elements replaced.

    Of positions that occur several times, the last one counts, as in NumPy.
    """
    if recorder_of((value, self)) is None:
        array = self._pinned()
        target = np.array(array, order="C").reshape(-1)
        target[positions] = value._value().astype(self.dtype)
        write(self, wrap(target.reshape(array.shape)))
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
    """Whether ``x[key] = value`` is the second half of ``x[key] += ...``, which has written the value already."""
    link = link_of(value)
    if link is not None and link_of(self) is not None and link.base is link_of(self).base:
        same = link_of(getitem(self, key))
        return same is not None and same.is_same(link)
    if value._storage is not None and value._storage is self._storage:
        same = getitem(self, key)
        return (
            same._array is not None
            and value._array is not None
            and (same._array.__array_interface__ == value._array.__array_interface__)
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
