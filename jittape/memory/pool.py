"""The pool: reusable buffers for compiled code.

It exists because fresh memory is slow: the first touch of a page costs more than the arithmetic done on it (0.1 s per 256 MB
on a virtual machine).  Blocks are powers of two, kept in one free list a size, and given back to the system only by ``trim``.
"""

import ctypes
import sys

import numpy as np
from numba import types

from ..numba_backend.decorators import JIT, compiled, helper
from ..numba_backend.entry_points import entry, prepare
from .words import integer_of, pointer_to, set_word, word

if JIT:
    nrt_allocate = types.ExternalFunction("NRT_Allocate", types.voidptr(types.uintp))
    nrt_free = types.ExternalFunction("NRT_Free", types.void(types.voidptr))
    _madvise = types.ExternalFunction("madvise", types.int32(types.voidptr, types.uintp, types.int32))

else:
    _held = {}

    def nrt_allocate(nbytes):
        block = ctypes.create_string_buffer(int(nbytes))
        _held[ctypes.addressof(block)] = block
        return ctypes.addressof(block)

    def nrt_free(address):
        del _held[address]


if JIT and sys.platform == "linux":

    @helper
    def in_huge_pages(address, nbytes):
        """Ask for pages of 2 MiB, as NumPy does for its arrays; the system may ignore it."""
        page = (address + PAGE - 1) // PAGE * PAGE
        _madvise(pointer_to(page), address + nbytes - page, MADV_HUGEPAGE)

else:

    @helper
    def in_huge_pages(address, nbytes):
        """Only Linux is asked."""


SMALLEST, LARGEST = 10, 46  # blocks of 1 KiB to 64 TiB, as powers of two
PREFIX = 64  # bytes before a block: what malloc returned, the size class, the next free block
RAW, CLASS, NEXT = -8, -7, -6  # words relative to the block
HELD = 0  # first word of the pool: bytes in free lists; then one list head a size class

COUNT = LARGEST + 2  # blocks made so far
COLOURED = 16
HUGE = 22  # from 4 MiB on: an operation on a million elements took 8 % longer in small pages
PAGE, MADV_HUGEPAGE = 4096, 14

_heads = np.zeros(LARGEST + 3, np.int64)
POOL = _heads.ctypes.data


@helper
def size_class(nbytes):
    c = SMALLEST
    while (1 << c) < nbytes:
        c += 1
    return c


@helper
def acquire(pool, nbytes):
    """A block of at least `nbytes`, aligned to 64; its contents are arbitrary."""
    c = size_class(nbytes)
    if c > LARGEST:
        return 0
    block = word(pool, 1 + c)
    if block != 0:
        set_word(pool, 1 + c, word(block, NEXT))
        set_word(pool, HELD, word(pool, HELD) - (1 << c))
        return block
    # Large blocks start at different places of a page: streams that all start at the same one hold each
    # other up, a store waiting for every load 4 KiB away.
    colour = 0
    if c >= COLOURED:
        colour = word(pool, COUNT) * 7 % 64 * PREFIX
        set_word(pool, COUNT, word(pool, COUNT) + 1)
    raw = integer_of(nrt_allocate((1 << c) + 2 * PREFIX + colour))
    if raw == 0:
        return 0
    if c >= HUGE:
        in_huge_pages(raw, 1 << c)
    block = (raw + 2 * PREFIX - 1) // PREFIX * PREFIX + colour
    set_word(block, RAW, raw)
    set_word(block, CLASS, c)
    return block


@helper
def release(pool, block):
    c = word(block, CLASS)
    set_word(block, NEXT, word(pool, 1 + c))
    set_word(pool, 1 + c, block)
    set_word(pool, HELD, word(pool, HELD) + (1 << c))


@compiled
def _trim(pool):
    for c in range(SMALLEST, LARGEST + 1):
        while word(pool, 1 + c) != 0:
            block = word(pool, 1 + c)
            set_word(pool, 1 + c, word(block, NEXT))
            nrt_free(pointer_to(word(block, RAW)))
    set_word(pool, HELD, 0)


@entry
def acquire_block(pool, nbytes):
    """As `acquire`, from Python."""
    return acquire(pool, nbytes)


@entry
def release_block(pool, block):
    """As `release`, from Python."""
    release(pool, block)


def trim():
    """Return every free block of the pool to the system. Returns the number of bytes."""
    held = int(_heads[HELD])
    _trim(POOL)
    return held


class Buffer:
    """A pool block owned by Python: it returns to the pool when the last array on it is gone."""

    __slots__ = ("address", "__array_interface__")

    def __init__(self, address, size, dtype):
        self.address = address
        self.__array_interface__ = {
            "data": (int(address), False),
            "shape": (int(size),),
            "typestr": np.dtype(dtype).str,
            "version": 3,
        }

    def __del__(self):
        # During shutdown nothing may be loaded or compiled; after an interrupt there may be no address yet.
        if release_block is not None and not sys.is_finalizing() and hasattr(self, "address"):
            release_block(POOL, self.address)

    @classmethod
    def acquire(cls, size, dtype):
        """A 1-D array of arbitrary contents on a block of the pool."""
        prepare(release_block)  # `__del__` may run while something else compiles or loads code
        dtype = np.dtype(dtype)
        address = acquire_block(POOL, max(int(size), 1) * dtype.itemsize)
        if address == 0:
            raise MemoryError(f"cannot allocate {size * dtype.itemsize} bytes")
        return np.asarray(cls(address, size, dtype))
