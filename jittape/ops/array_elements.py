"""Numbers out of Arrays, and writes into Arrays: numbers are values, and arguments are written to on copies of their own.

A number that was read by index is a row that views the memory it was read from. It is copied when that memory is about to be
written to, so a number that is only read costs no more than a view.
"""

from weakref import ref

from ..tape.schema import LEAF
from ..tape.recording_state import state
from ..tensors.array import Array, without_axes
from ..tensors.linked_copies import enter, taken_links
from ..tensors.row_binding import rebase
from ..tensors.tensor import blank, extras_of, standing_for
from .copies_and_joins import clone, clone_values
from .indexing import getitem

MANY = 256  # numbers read out of one storage, from when on those that are gone are looked for


def element(self, key):
    """``x[key]`` of an Array: a view by slices, a copy by arrays and masks, a value where one number is read."""
    found, tape = getitem(self, key), self._tape
    if not found._layout.shape and (key is Ellipsis or type(key) is tuple and any([k is Ellipsis for k in key])):
        return without_axes(found)
    if tape is not None and found._tape is tape and tape.flags[self._row] & LEAF:  # nobody writes to a leaf
        return found
    return found if found._layout.shape else _value(found)


def _value(number):
    if number._extras is not None:
        number._extras.link = None
    if number._array is not None:
        return clone(number)
    tape = number._tape
    readers = tape.elements.setdefault(tape.storage_ids[number._row], [])
    if len(readers) >= MANY and len(readers) & (len(readers) - 1) == 0:
        readers[:] = [r for r in readers if r() is not None]
    readers.append(ref(number))
    return number


def iterate(self):
    """Along the first axis, one element after another: each is read when its turn comes."""
    if not self._layout.shape:
        raise TypeError("iteration over a 0-d array")
    return map(self.__getitem__, range(len(self)))


# --- before a write -------------------------------------------------------------------------------------------------


def prepare_write(target):
    """Let a write into the memory of an Array change what it changes in NumPy, and nothing else."""
    tape = target._tape
    if tape is None:
        return
    storage = tape.storage_ids[target._row]
    argument = tape.argument_written_in(storage) if type(target) is Array else None
    if argument is not None:
        tape.steadily(_move_to_copy, argument, storage, target)
        return
    for variable in tape.differentiated.values():
        if variable._tape is tape and tape.storage_ids[variable._row] == storage:
            extras_of(variable).is_written = True
    if storage in tape.elements:
        tape.steadily(_keep_elements, storage)


def _recorded_copy(tape, tensor):
    """A copy as a row, also under ``no_grad``: it stands for what was there."""
    before = state.get()
    try:
        state.set(tape)
        return clone_values.operation.apply(tensor)
    finally:
        state.set(before)


def _keep_elements(tape, storage):
    """Copy the numbers that were read out of a storage, for it is about to change."""
    for reader in tape.elements.pop(storage):
        number = reader()
        if number is not None and number._tape is tape and tape.storage_ids[number._row] == storage:
            number._row = _recorded_copy(tape, number)._row
            number._array = number._storage = None


def _move_to_copy(tape, argument, storage, target):
    """Give the function a copy of an argument, before it writes to it: all views of the argument are views of the copy then.

    The variable, and numbers that were read, stay where they are.
    """
    copied = _recorded_copy(tape, standing_for(tape, argument))._row
    parts = taken_links(target)
    whole = tape.layout_ids[argument], tape.offsets[argument]
    for handle in list(tape.handles):
        t = handle()
        if type(t) is not Array or t._tape is not tape or tape.storage_ids[t._row] != storage:
            continue
        if t is not target and t is not tape.leaves.get(argument) and not t._layout.shape:
            continue
        place = tape.layout_ids[t._row], tape.offsets[t._row]
        if t is tape.leaves.get(argument):
            _leave_variable(tape, argument, t)
        t._row = copied if place == whole else rebase(tape, copied, *place)
        t._array = t._storage = None
    for part in parts:
        enter(part)


def _leave_variable(tape, row, handle):
    """Make another object the variable of a transform, since the function goes on with a copy of it."""
    variable = blank(Array)
    for slot in ("_tape", "_row", "_array", "_storage", "_extras"):
        setattr(variable, slot, getattr(handle, slot))
    handle._extras.extent.moved[id(handle)] = variable
    handle._extras = None
    tape.leaves[row] = variable
    tape.adopt(variable)
