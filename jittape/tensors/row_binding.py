"""Binding of Tensors to rows: the row that stands for a Tensor's present value, made if there is none."""

from ..dtypes import DTYPE_CODES
from ..errors import InternalError
from ..tape.schema import FREED, GRAD, IN_PYTHON, LEAF, S_ADDRESS, S_SIZE, SNAPSHOT
from ..memory.layouts import intern
from ..memory.words import quick_address
from ..numba_backend.forks import process_lock
from ..kernels.kernel_table import OPERATIONS, SOURCE, VIEW_OF_STORAGE
from ..tape.record import rebase_view, record_leaf, renew_leaf
from ..kernels.services import HASH, ensure, ensure_moves
from ..tape.refusals import answer
from ..tape.tape import Tape
from .tensor import Tensor, extras_of, is_leaf_that_requires_grad, result
from ..tape.versions import hash_now, stale

_binding = process_lock()  # a leaf that several threads use is bound to the tape of the first


def row_of(tape, tensor):
    """The row of a Tensor on a tape, made if there is none or if its memory has changed since.

    Leaves and constants get a source row. A view of memory that was written to becomes a view of the newest write. A result of
    another tape becomes a leaf here, from which a sweep continues on that tape.
    """
    if tensor._tape is tape:
        return _refreshed(tape, tensor)
    row = tape.captured_row(tensor)
    if row is not None:
        return row
    if tensor._tape is None:
        with _binding:
            row = _enter(tape, tensor)
            if tensor._tape is None:
                bind(tape, tensor, row)
            return row
    found = tape.foreign.get(id(tensor))
    if found is not None and not stale(tape.header, found[1]):
        return found[1]
    tensor._tape.refuse_other_tape(tensor)
    tensor._pinned()
    row = _source(tape, tensor)
    tape.foreign[id(tensor)] = tensor, row, None
    return row


def _refreshed(tape, tensor):
    row = tensor._row
    if not stale(tape.header, row):
        return row
    if tape.flags[row] & LEAF:
        tape.reserve(2)
        if tensor._tape is not tape:  # its row has just been dropped
            row = _enter(tape, tensor)
            bind(tape, tensor, row)
            return row
        row = renew_leaf(tape.header, tensor._row) if _is_its_own(tape, tensor) else -1
        if row < 0:
            tensor._pinned()
            row = _source(tape, tensor)
        else:
            row = _renewed(tape, tensor, row)
    elif _has_history(tape, tensor):
        row = _newest_view(tape, tensor)
    elif tape.flags[row] & GRAD or tensor._array is None:  # a trace has rows without gradients, too
        head = tape.heads[tape.storage_ids[row]]
        head = row if head < 0 else head
        former, row = row, rebase(tape, head, tape.layout_ids[row], tape.offsets[row])
        tape.replaced(former, row)
    else:
        row = _source(tape, tensor)
    tensor._row = row
    return row


def rows_again(tape, operands, rows):
    """The rows of operands some of which have changed since, mostly parameters after a step of an optimiser.

    The caller has reserved the rows, so nothing is renumbered meanwhile.
    """
    found = []
    for tensor, row in zip(operands, rows):
        new = renew_leaf(tape.header, row)
        if new != row:
            if new < 0 or tensor._tape is not tape or not _is_its_own(tape, tensor):
                return tape.steadily(rows_of, operands)
            tensor._row = _renewed(tape, tensor, new)
        found.append(new)
    return found


def rows_of(tape, operands):
    """The rows of several Tensors, and of arrays as constants."""
    return [row_of(tape, a) if isinstance(a, Tensor) else row_of_array(tape, a) for a in operands]


def row_of_array(tape, array):
    """The row of an array as a constant, the one that it has while its contents are the same."""
    if tape.derivatives_are_rows or not array.flags.c_contiguous:
        return tape.constant(array)
    found, row, before = tape.foreign.get(id(array), _NOT_FOREIGN)
    ensure(HASH)
    contents = hash_now(quick_address(array), array.nbytes) if array.nbytes <= SNAPSHOT else None
    if found is array and tape.layout(row).shape == array.shape and tape.dtype(row) == array.dtype:
        if contents == before and (contents is not None or not stale(tape.header, row)):
            return row
    row = tape.constant(array)
    tape.foreign[id(array)] = array, row, contents
    return row


_NOT_FOREIGN = None, -1, None


def copied_leaf(tape, array, face=Tensor):
    """A leaf with a copy of a contiguous array, in memory of the tape; transforms make one in every call.

    It needs no memory that Python keeps, and no version of such memory, which halves the cost.
    """
    ensure_moves(array.dtype)
    code, layout, address = DTYPE_CODES[array.dtype], intern(array.shape), quick_address(array)
    refused = None
    while (row := record_leaf(tape.header, SOURCE, address, code, layout)) < 0:
        refused = answer(tape, OPERATIONS[SOURCE], row, refused)
    tensor = result(tape, row, face)
    extras_of(tensor).requires_grad = True
    tape.leaves[row] = tensor
    return tensor


def retire(leaf):
    """Free a leaf that no further sweep will reach."""
    tape = leaf._tape
    if tape is not None and tape.leaves.pop(leaf._row, None) is not None:
        tape.flags[leaf._row] |= FREED


def bind(tape, tensor, row):
    """Make a row stand for a Tensor."""
    if tensor._tape is not tape:
        tensor._row = row
        tensor._tape = tape
        tape.adopt(tensor)
    tensor._row = row


def rebase(tape, head, layout, offset):
    """Append a row that views the newest contents of a storage."""
    tape.steadily(Tape.reserve, 2)  # no renumbering: `head` is a row number
    return rebase_view(tape.header, VIEW_OF_STORAGE, head, layout, offset)


def _has_history(tape, tensor):
    storage = tensor._storage
    return storage is not None and storage.tape is tape


def _enter(tape, tensor):
    storage = tensor._storage
    if storage.tape is tape and not is_leaf_that_requires_grad(tensor):
        return _newest_view(tape, tensor)
    return _source(tape, tensor)


def _newest_view(tape, tensor):
    number = tensor._storage.number
    layout, offset = place_in_storage(tape, number, tensor._array)
    return rebase(tape, tape.heads[number], layout, offset)


_ODD = (
    "a recorded write into memory with odd strides: got a Tensor on an array of strides {}, such as a field of a structured one; "
    "write into x.clone()"
)


def history_of(tape, tensor):
    """The storage number of a Tensor kept by Python whose memory is about to be written to by a recorded write.

    The whole memory is put on the tape, so that all views of it, made before or after, see the write.
    """
    storage = tensor._storage
    if storage.tape is not None and storage.tape.derivatives_are_rows and storage.tape is not tape:
        storage.tape.wait_for_its_end()
        storage = tensor._storage
    if storage.tape is None:
        base = upright(storage.base if storage.base is not None else tensor._array)
        for array in (base, tensor._array):
            if any(s % array.itemsize for s in array.strides):  # layouts on a tape cannot express that
                raise RuntimeError(_ODD.format(array.strides))
        tape.reserve(2)
        tape.source(base, IN_PYTHON, storage.memory.cell, 0)
        number = len(tape[S_ADDRESS]) - 1
        tape.cells[number] = storage.memory
        storage.tape, storage.number = tape, number
        tape.storages[number] = storage
    return storage.number


def upright(array):
    """The same memory with all axes in the direction in which addresses grow."""
    return array[
        (*[slice(None, None, -1) if s < 0 else slice(None) for s in array.strides], ...)
    ]  # of no axes: a view, no number


def place_in_storage(tape, number, array):
    """Layout and offset of an array in the memory of a storage."""
    from_start = array.__array_interface__["data"][0] - int(tape.columns[S_ADDRESS][number])
    offset = from_start // array.itemsize
    if array.size and not 0 <= offset < tape.columns[S_SIZE][number]:
        raise InternalError(f"an array of shape {array.shape} does not lie in the memory that storage {number} of the tape is")
    return intern_array(array), offset


def intern_array(array):
    return intern(array.shape, tuple(s // array.itemsize for s in array.strides))


def _is_its_own(tape, leaf):
    """Whether a leaf and its row share one memory.

    They do not if the row is a copy (of an array with negative strides), or if the leaf is a variable of a transform whose memory
    is kept by Python since a view of it was written to.
    """
    return tape.owners.get(tape.storage_ids[leaf._row]) is leaf._array


def _renewed(tape, leaf, row):
    """Note that a row that `renew_leaf` has answered is that of a leaf now."""
    before, now = tape.storage_ids[leaf._row], tape.storage_ids[row]
    for kept in (tape.owners, tape.cells):
        if before in kept:
            kept[now] = kept[before]
    tape.leaves[row] = leaf
    return row


def _source(tape, tensor):
    storage = tensor._storage
    needs = tensor.requires_grad
    tape.reserve(2)
    row = tape.source(tensor._array, IN_PYTHON, storage.memory.cell, LEAF | GRAD if needs else 0)
    tape.cells[len(tape[S_ADDRESS]) - 1] = storage.memory
    if needs:
        tape.leaves[row] = tensor
    return row
