"""Raw memory for compiled code: typed windows on addresses, and a pool of reusable buffers.

The tape hands addresses to compiled code instead of arrays: an integer argument costs 13 ns of a
call from Python, an array 40 ns, and a kernel called by address can take nothing else.

The pool exists because fresh memory is slow: the first touch of a page costs more than the
arithmetic done on it (0.1 s per 256 MB on a virtual machine).  Blocks are powers of two, kept in one
free list a size, and given back to the system only by ``trim``.
"""

import ctypes
import sys
import threading

import numpy as np
from numba import types

from ..numba_backend.decorators import JIT, compiled, helper
from ..numba_backend.pointers import pointers_to

if JIT:
    from ..numba_backend.word_intrinsics import clear, copy, integer_of, load, load_from_column, pointer_to, store

    f64_at, f32_at, i64_at, u8_at = map(pointers_to, (types.float64, types.float32, types.int64, types.uint8))
    nrt_allocate = types.ExternalFunction("NRT_Allocate", types.voidptr(types.uintp))
    nrt_free = types.ExternalFunction("NRT_Free", types.void(types.voidptr))

    word, load_i32, load_u8 = map(load, (64, 32, 8))
    set_word, set_i32, set_u8 = map(store, (64, 32, 8))
    row64, row32, row8 = map(load_from_column, (64, 32, 8))  # ``column[row]`` of a tape
    thread_ident = types.ExternalFunction("PyThread_get_thread_ident", types.uint64())
    _madvise = types.ExternalFunction("madvise", types.int32(types.voidptr, types.uintp, types.int32))

else:
    # Without compilation the same engine runs as plain Python on ctypes words and NumPy windows.
    LONGEST = 1 << 40  # elements of a window: NumPy wants the bytes of an array to fit a word
    thread_ident = threading.get_ident
    _held = {}

    class _Memory:
        __slots__ = ("__array_interface__",)

    def _window(typestr):
        def at(address, n):
            memory = _Memory()
            shape = (min(int(n), LONGEST),)
            memory.__array_interface__ = {"data": (int(address), False), "shape": shape, "typestr": typestr, "version": 3}
            return np.asarray(memory)

        return at

    f64_at, f32_at, i64_at, u8_at = _window("<f8"), _window("<f4"), _window("<i8"), _window("|u1")

    def _load(ctype):
        size = ctypes.sizeof(ctype)
        return lambda address, index: ctype.from_address(int(address + size * index)).value

    def _load_column(ctype):
        size = ctypes.sizeof(ctype)
        return lambda tape, column, row: ctype.from_address(
            ctypes.c_int64.from_address(int(tape + 8 * column)).value + int(size * row)
        ).value

    row64, row32, row8 = _load_column(ctypes.c_int64), _load_column(ctypes.c_int32), _load_column(ctypes.c_uint8)

    def _store(ctype):
        size = ctypes.sizeof(ctype)

        def store(address, index, value):
            ctype.from_address(int(address + size * index)).value = int(value)

        return store

    word, load_i32, load_u8 = _load(ctypes.c_int64), _load(ctypes.c_int32), _load(ctypes.c_uint8)
    set_word, set_i32, set_u8 = _store(ctypes.c_int64), _store(ctypes.c_int32), _store(ctypes.c_uint8)

    def clear(address, nbytes):
        ctypes.memset(int(address), 0, int(nbytes))

    def copy(target, source, nbytes):
        ctypes.memmove(int(target), int(source), int(nbytes))

    def nrt_allocate(nbytes):
        block = ctypes.create_string_buffer(int(nbytes))
        _held[ctypes.addressof(block)] = block
        return ctypes.addressof(block)

    def nrt_free(address):
        del _held[address]

    def integer_of(pointer):
        return pointer

    def pointer_to(address):
        return address


if JIT and sys.platform == "linux":

    @helper
    def in_huge_pages(address, nbytes):
        """Ask for pages of 2 MiB, as NumPy does for its arrays; what comes of it is the system's business."""
        page = (address + PAGE - 1) // PAGE * PAGE
        _madvise(pointer_to(page), address + nbytes - page, MADV_HUGEPAGE)

else:

    @helper
    def in_huge_pages(address, nbytes):
        """Only Linux is asked."""


# --- the pool ---------------------------------------------------------------------------------------

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


acquire_block = compiled(lambda pool, nbytes: acquire(pool, nbytes))
release_block = compiled(lambda pool, block: release(pool, block))


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
            "data": (int(address), False), "shape": (int(size),), "typestr": np.dtype(dtype).str, "version": 3,
        }

    def __del__(self):
        if release_block is not None and not sys.is_finalizing():  # during shutdown nothing may be loaded or compiled
            release_block(POOL, self.address)

    @classmethod
    def acquire(cls, size, dtype):
        """A 1-D array of arbitrary contents on a block of the pool."""
        dtype = np.dtype(dtype)
        address = acquire_block(POOL, max(int(size), 1) * dtype.itemsize)
        if address == 0:
            raise MemoryError(f"cannot allocate {size * dtype.itemsize} bytes")
        return np.asarray(cls(address, size, dtype))


def address_of(array):
    """The address of an array's first element."""
    return array.__array_interface__["data"][0]


def _data(array):
    return array.ctypes.data


# The same in 0.16 us for 0.96, where it is asked often: once an array of a dtype and number of axes has come by, Numba
# reads the pointer of the next.
quick_address = compiled(_data)
