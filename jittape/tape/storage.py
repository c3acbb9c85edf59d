"""Memory as Python objects share it: its version, its place on a tape, and arrays on it."""

import weakref
from functools import partial

import numpy as np

from ..numba_backend.entry_points import prepare
from ..numba_backend.forks import process_lock
from ..memory.layouts import LAYOUTS, intern
from ..memory.words import address_of
from ..kernels.services import HASH, SCRATCH, ensure
from .commit import commit
from .versions import CELL_ADDRESS, CELL_BYTES, CELL_COUNTER, CELL_SCRATCH, CELL_SHARED, CELL_WORDS, set_version_in, version_in


class Memory:
    """What all aliases of a piece of memory share: its version, and whether NumPy can write to it.

    The version counter is in a cell that compiled code reads. Once an array on the memory has been handed out, NumPy can write
    to it without notice: the contents are then compared by a hash, and the counter is advanced when they have changed.
    """

    __slots__ = ("_words", "_cell", "_count", "_held", "is_shared", "links")

    def __init__(self):
        self.is_shared = False  # with NumPy arrays, or with Tensors outside the graph
        self._words = None  # made when a tape needs it; most constants never do
        self._count = 0  # until then
        self.links = None  # a list of weak references to parts of it, see `tensors/linked_copies`

    @property
    def cell(self):
        """The address of the cell."""
        if self._words is None:
            self._words = np.zeros(CELL_WORDS, np.int64)
            self._cell = address_of(self._words)
            self._words[CELL_COUNTER] = self._count
        return self._cell

    @property
    def version(self):
        """How often the memory was written to, as far as that is known."""
        return self._count if self._words is None else version_in(self._cell)

    def next_version(self):
        """The change that advances the version, for one of the contents that no tape records."""
        if self._words is None:
            return partial(setattr, self, "_count", self._count + 1)
        prepare(set_version_in)
        return partial(set_version_in, self._cell, self.version + 1)

    def replacing(self, array, values):
        """The changes that put values, broadcast, into an array on this memory, and advance its version."""
        return [partial(array.__setitem__, ..., values), self.next_version()]

    def replace(self, array, values):
        """Make those changes."""
        if self._words is None:
            array[...] = values
            self._count += 1  # no row has read the memory, so none would miss that
        else:
            commit(self.replacing(array, values))

    def share(self, array, fresh=False):
        """Declare that NumPy can write to the memory of an array; `fresh`: no row has read it, so no hash is needed yet."""
        ensure(HASH)
        self._held = held(array)
        self.is_shared = True
        cell = self.cell
        low, high = byte_bounds(array)
        self._words[[CELL_SHARED, CELL_ADDRESS, CELL_BYTES, CELL_SCRATCH]] = 1, low, high - low, SCRATCH
        if not fresh:
            set_version_in(cell, int(self._words[CELL_COUNTER]))


_making = process_lock()


class Storage:
    """A piece of memory with its place on a tape, shared by a Tensor and its views.

    ``detach`` makes another Storage on the same `Memory`, which sees changes but has no history.
    """

    __slots__ = ("_memory", "base", "tape", "number", "__weakref__")

    def __init__(self, memory=None, base=None):
        self._memory = memory  # made when it is needed; most results without gradients never do
        self.base = base  # the array that views on this memory are parts of
        self.tape = None
        self.number = -1

    @property
    def memory(self):
        """What all views and all aliases share."""
        if self._memory is None:
            with _making:  # threads may share a constant
                if self._memory is None:
                    self._memory = Memory()
        return self._memory

    @property
    def is_read(self):
        """Whether a row may have read the memory."""
        return self._memory is not None and self._memory._words is not None

    def share(self, array):
        """Declare that NumPy can write to this memory, to all of it if its extent is known."""
        self.memory.share(array if self.base is None else self.base)


def held(array):
    """What keeps the memory of an array where it is, beside a reference to the array: a weak one to the array that owns it.

    NumPy resizes no array that has a weak reference, not even with ``refcheck=False``; rows would go on reading the old memory.
    """
    while isinstance(array.base, np.ndarray):
        array = array.base
    return weakref.ref(array)


def byte_bounds(array):
    """First and one past the last address of an array."""
    low = high = address_of(array)
    for n, step in zip(array.shape, array.strides):
        if step < 0:
            low += (n - 1) * step
        else:
            high += (n - 1) * step
    return (low, high + array.itemsize) if array.size else (low, low)


def overlaps(array):
    """Whether elements of an array may share memory, as those of `numpy.broadcast_to` do."""
    reach = array.itemsize
    for step, n in sorted((abs(s), n) for n, s in zip(array.shape, array.strides) if n > 1):
        if step < reach:
            return True
        reach += step * (n - 1)
    return False


class ArrayAtAddress:
    """Array interface of memory at an address; without an owner it is valid until rows are dropped."""

    __slots__ = ("__array_interface__", "owner")

    def __init__(self, address, layout, dtype, owner=None):
        self.owner = owner
        self.__array_interface__ = {
            "data": (int(address), False),
            "shape": layout.shape,
            "typestr": dtype.str,
            "version": 3,
            "strides": tuple(s * dtype.itemsize for s in layout.strides),
        }


def array_at(address, shape, dtype):
    """A contiguous array on memory that is owned elsewhere."""
    return np.asarray(ArrayAtAddress(address, LAYOUTS[intern(shape)], dtype))
