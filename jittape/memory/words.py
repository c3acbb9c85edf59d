"""Words: typed access to memory at addresses, for compiled code.

The tape hands addresses to compiled code instead of arrays: an integer argument costs 13 ns of a call from Python, an array
40 ns, and a kernel called by address can take nothing else.
"""

import ctypes
import threading

import numpy as np
from numba import types

from ..numba_backend.decorators import JIT, compiled, helper
from ..numba_backend.pointers import pointers_to

if JIT:
    from ..numba_backend.word_intrinsics import clear, copy, integer_of, load, load_from_column, pointer_to, store

    f64_at, f32_at, i64_at, u8_at = map(pointers_to, (types.float64, types.float32, types.int64, types.uint8))
    c128_at, c64_at = map(pointers_to, (types.complex128, types.complex64))

    word, load_i32, load_u8 = map(load, (64, 32, 8))
    set_word, set_i32, set_u8 = map(store, (64, 32, 8))
    row64, row32, row8 = map(load_from_column, (64, 32, 8))  # ``column[row]`` of a tape
    thread_ident = types.ExternalFunction("PyThread_get_thread_ident", types.uint64())

else:
    # Without compilation the same engine runs as plain Python on ctypes words and NumPy windows.
    LONGEST = 1 << 40  # elements of a window: NumPy wants the bytes of an array to fit a word
    thread_ident = threading.get_ident

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
    c128_at, c64_at = _window("<c16"), _window("<c8")

    def _load(ctype):
        size = ctypes.sizeof(ctype)
        return lambda address, index: ctype.from_address(int(address + size * index)).value

    def _load_column(ctype):
        size = ctypes.sizeof(ctype)
        return lambda tape, column, row: (
            ctype.from_address(ctypes.c_int64.from_address(int(tape + 8 * column)).value + int(size * row)).value
        )

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

    def integer_of(pointer):
        return pointer

    def pointer_to(address):
        return address


def address_of(array):
    """The address of an array's first element."""
    return array.__array_interface__["data"][0]


def _data(array):
    return array.ctypes.data


# The same in 0.16 us for 0.96, where it is asked often: once an array of a dtype and number of axes has come by, Numba
# reads the pointer of the next.
quick_address = compiled(_data)

_DATA = object.__basicsize__ // 8  # which word of an array object its pointer is: NumPy's C interface promises the first
_probe = np.zeros(1)
ARRAYS_ARE_READ = ctypes.c_int64.from_address(id(_probe) + 8 * _DATA).value == address_of(_probe)


@helper
def array_data(identity):
    """The address of the first element of the array with this `id`, for compiled code, where `ARRAYS_ARE_READ`: in a tenth of
    the time in which Python finds it."""
    return word(identity, _DATA)
