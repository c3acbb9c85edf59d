"""NumPy's pocketfft, called by address from kernels.

NumPy (from 2.0 on) has its transforms as loops of ufuncs: C functions that keep their plans. SciPy's, which compute values where
nothing is recorded, can be called from Python only. A row that Python computes costs as much as the transform of some thousand
numbers, so kernels take the short transforms, and SciPy the long ones, with as many threads as it was told.
"""

import ctypes
import functools
import math

import numpy as np
from numba import types

from ..memory.words import address_of, f32_at, f64_at, i64_at
from ..numba_backend.decorators import JIT, helper
from ..numba_backend.word_intrinsics import call_by_address

LONGEST = 1 << 14  # numbers: from here on a row of Python's costs less than a tenth of its transform

# Words of a plan, which threads share and nobody writes to: how many passes there are, and the words of each pass.
PASSES, _FIRST_PASS = 0, 1
# Words that a loop is given, which a kernel makes for itself: a factor, and what is in each of three arrays.
_FACTOR, _ARGS, _DIMENSIONS, _STEPS, _GIVEN = 0, 1, 4, 7, 12
OUTER, N_IN, N_OUT, INNER, _SCALE, _LOOP, _TOLD, _PER_PASS = 0, 1, 2, 3, 4, 5, 7, 9
SINGLE = 1  # which of the two loops of a ufunc, and whether numbers are of single precision


class _UFunc(ctypes.Structure):
    """The beginning of ``PyUFuncObject`` of NumPy's C interface."""

    _fields_ = [
        ("references", ctypes.c_ssize_t),
        ("type", ctypes.c_void_p),
        *[(name, ctypes.c_int) for name in ("nin", "nout", "nargs", "identity")],
        ("functions", ctypes.POINTER(ctypes.c_void_p)),
        ("data", ctypes.POINTER(ctypes.c_void_p)),
        ("ntypes", ctypes.c_int),
    ]


_TYPES = {  # of the loops of the ufuncs that are used
    "fft": ["Dd->D", "Ff->F"],
    "ifft": ["Dd->D", "Ff->F"],
    "rfft_n_even": ["dd->D", "ff->F"],
    "rfft_n_odd": ["dd->D", "ff->F"],
    "irfft": ["Dd->d", "Ff->f"],
}


@functools.cache
def _loops(name):
    """Addresses of the loops of a ufunc for two dtypes, and of what they are told; None if this NumPy has not got them."""
    try:
        from numpy.fft import _pocketfft_umath as pocketfft
    except ImportError:
        return None
    ufunc = getattr(pocketfft, name, None)
    if not isinstance(ufunc, np.ufunc) or ufunc.types[:2] != _TYPES[name]:
        return None
    inside = _UFunc.from_address(id(ufunc))
    if (inside.nin, inside.nout, inside.nargs, inside.ntypes) != (ufunc.nin, ufunc.nout, ufunc.nargs, ufunc.ntypes):
        return None
    has_data = bool(inside.data)
    return [inside.functions[k] for k in range(2)] + [(inside.data[k] or 0) if has_data else 0 for k in range(2)]


_plans = {}  # kept for as long as the process: rows hold their addresses


def fourier_plan(passes):
    """The address of what kernels need to know about transforms along axes; None if they cannot make them.

    Parameters
    ----------
    passes : tuple of (name, shape, axis, length, factor)
        Each: the ufunc, the operand, along which axis, how many numbers result there, and what they are multiplied by.
    """
    if any(not 0 < math.prod(shape) <= LONGEST for _, shape, *_ in passes) or any(_loops(name) is None for name, *_ in passes):
        return None
    if passes not in _plans:
        words = np.zeros(_FIRST_PASS + _PER_PASS * len(passes), np.int64)
        words[PASSES] = len(passes)
        for k, (name, shape, axis, length, factor) in enumerate(passes):
            about = words[_FIRST_PASS + _PER_PASS * k :]
            about[:_SCALE] = math.prod(shape[:axis]), shape[axis], length, math.prod(shape[axis + 1 :])
            about[_SCALE : _SCALE + 1].view(np.float64)[0] = factor
            about[_LOOP:_PER_PASS] = _loops(name)
        _plans[passes] = words
    return address_of(_plans[passes])


if JIT:
    _call = call_by_address(types.void(*[types.int64] * 4))
else:

    def _call(address, *words):
        ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 4)(int(address))(*map(int, words))


@helper
def pass_of(plan, k):
    """The words of a pass."""
    return i64_at(plan + 8 * (_FIRST_PASS + _PER_PASS * k), _PER_PASS)


@helper
def run_pass(plan, k, single, item_in, item_out, source, out):
    """Transform along the axis of pass k; `source` may be `out` where numbers of both have one size."""
    about, words = pass_of(plan, k), np.empty(_GIVEN, np.int64)
    given = words.ctypes.data
    scale = f64_at(plan + 8 * (_FIRST_PASS + _PER_PASS * k + _SCALE), 1)[0]
    if single:
        f32_at(given + 8 * _FACTOR, 1)[0] = np.float32(scale)
    else:
        f64_at(given + 8 * _FACTOR, 1)[0] = scale
    inner = about[INNER]
    words[_ARGS + 1] = given + 8 * _FACTOR
    words[_DIMENSIONS], words[_DIMENSIONS + 1], words[_DIMENSIONS + 2] = inner, about[N_IN], about[N_OUT]
    words[_STEPS], words[_STEPS + 1], words[_STEPS + 2] = item_in, 0, item_out
    words[_STEPS + 3], words[_STEPS + 4] = inner * item_in, inner * item_out
    args, dimensions, steps = given + 8 * _ARGS, given + 8 * _DIMENSIONS, given + 8 * _STEPS
    for j in range(about[OUTER]):
        words[_ARGS] = source + j * about[N_IN] * inner * item_in
        words[_ARGS + 2] = out + j * about[N_OUT] * inner * item_out
        _call(about[_LOOP + single], args, dimensions, steps, about[_TOLD + single])
    words[_ARGS] = 0  # the memory is held until here, also where there is no transform
