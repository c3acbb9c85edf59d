"""Versions: whether a value is still what it was when a row was recorded.

A storage of the tape's own counts its recorded writes. Memory that Python objects share has a *cell* with the counter; if NumPy
can write to it, a write is noticed by hashing the contents.
"""

import numpy as np

from .schema import SCRATCH_AT, SHARED, STORAGE, S_ADDRESS, S_CELL, S_DTYPE, S_KIND, S_SIZE, S_VERSION, VERSION
from ..numba_backend.entry_points import entry
from ..numba_backend.decorators import JIT, helper
from ..memory.words import i64_at, set_word, u8_at, word
from .reading import row32, row64
from ..memory.typed_values import item_size
from ..kernels.services import HASH, SCRATCH, call_service, service


def content_hash(address, nbytes, unused2, unused3, unused4, unused5, unused6, unused7, unused8):
    """A hash of the contents of memory, the version of memory that NumPy can write to.

    Each word is mixed by xor-shift and an odd multiplier that depends on its place, so that a change of sign or of order counts,
    too; the sum is vectorised.
    """
    n = nbytes // 8
    words = i64_at(address, n)
    total = nbytes
    for k in range(n):
        w = words[k]
        w = (w ^ (w >> 32)) * (k * 2654435761 * 2 + 1)
        total += w ^ (w >> 29)
    tail = u8_at(address + 8 * n, nbytes - 8 * n)
    for k in range(nbytes - 8 * n):
        total = total * 31 + tail[k]
    return total


def _content_hash_in_python(*args):
    with np.errstate(over="ignore"):  # NumPy's integers warn where compiled ones wrap around
        return int(content_hash(*args))


service(HASH)(content_hash if JIT else _content_hash_in_python)


@helper
def hash_of(scratch, address, nbytes):
    """`content_hash`, as a service: inlined wherever a version is compared it would double the engine."""
    return call_service(scratch, HASH, address, nbytes, 0, 0, 0, 0, 0, 0, 0)


@helper
def storage_version(tape, storage):
    """The version of a storage's present contents."""
    if row32(tape, S_KIND, storage) == SHARED:
        nbytes = row64(tape, S_SIZE, storage) * item_size(row32(tape, S_DTYPE, storage))
        return hash_of(word(tape, SCRATCH_AT), row64(tape, S_ADDRESS, storage), nbytes)
    cell = row64(tape, S_CELL, storage)
    return cell_version(cell) if cell != 0 else row64(tape, S_VERSION, storage)


# A cell is what Python objects on the same memory share.  Where NumPy can write to the memory, the
# counter goes up when the contents are found to have changed.
CELL_COUNTER, CELL_SHARED, CELL_HASH, CELL_ADDRESS, CELL_BYTES, CELL_SCRATCH, CELL_WORDS = range(7)


@helper
def cell_version(cell):
    if word(cell, CELL_SHARED) != 0:
        contents = hash_of(word(cell, CELL_SCRATCH), word(cell, CELL_ADDRESS), word(cell, CELL_BYTES))
        if contents != word(cell, CELL_HASH):
            set_word(cell, CELL_HASH, contents)
            set_word(cell, CELL_COUNTER, word(cell, CELL_COUNTER) + 1)
    return word(cell, CELL_COUNTER)


@helper
def set_cell_version(cell, version):
    """Set the counter of a cell after a change that is accounted for."""
    set_word(cell, CELL_COUNTER, version)
    if word(cell, CELL_SHARED) != 0:
        set_word(cell, CELL_HASH, hash_of(word(cell, CELL_SCRATCH), word(cell, CELL_ADDRESS), word(cell, CELL_BYTES)))


@entry
def version_in(cell):
    """The version of memory that Python objects share."""
    return cell_version(cell)


@entry
def set_version_in(cell, version):
    """Set it."""
    set_cell_version(cell, version)


@helper
def is_stale(tape, row):
    return storage_version(tape, row32(tape, STORAGE, row)) != row64(tape, VERSION, row)


@helper
def set_storage_version(tape, storage, version):
    cell = row64(tape, S_CELL, storage)
    if cell != 0:
        set_cell_version(cell, version)
    else:
        set_word(word(tape, S_VERSION), storage, version)


@helper
def counter(tape, storage):
    """The version counter, also of memory whose version is a hash of its contents."""
    cell = row64(tape, S_CELL, storage)
    return word(cell, 0) if cell != 0 else row64(tape, S_VERSION, storage)


@entry
def stale(tape, row):
    """Whether a row's storage has changed since the row was recorded."""
    return is_stale(tape, row)


@entry
def storage_version_now(tape, row):
    """The version of the storage of a row."""
    return storage_version(tape, row32(tape, STORAGE, row))


@entry
def _hash_at(scratch, address, nbytes):
    return hash_of(scratch, address, nbytes)


def hash_now(address, nbytes):
    """`content_hash`, from Python; the service must be there."""
    return _hash_at(SCRATCH, address, nbytes)
