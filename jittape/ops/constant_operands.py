"""The shortest path: operations on constants that only Python keeps, where it is told at once that nothing is recorded.

What `unrecorded_path` tells of operands in general is told here of the commonest by a look at four attributes. On ten numbers the
rest of an operation, NumPy's arithmetic and the making of the result, takes no longer than that.
"""

import numpy as np

from ..kernels.gather_scatter import run_contiguous
from ..kernels.services import SCRATCH
from ..memory.words import ARRAYS_ARE_READ
from ..tape.tape import Tape
from ..tape.storage import Storage
from ..tensors.array import Array
from ..tensors.tensor import Tensor, blank
from .quiet_numpy import restore, silence
from .unrecorded_path import FLOATS, plain_arrays

_PROMOTES_BY_DTYPE = np.lib.NumpyVersion(np.__version__) >= "2.0.0"  # a number beside an array of float32; by value before


def is_watched(state):
    """Whether operations on constants may be recorded, or are looked at, in a state that is no Tape."""
    return state.watching or state.tape.derivatives_are_rows


def arrays_of_constants(state, operands):
    """The arrays of Tensors of one dtype, if nothing would be recorded; None otherwise."""
    if state is None or type(state) is Tape or not is_watched(state):
        dtype, arrays = None, []
        for x in operands:
            if not isinstance(x, Tensor) or x._tape is not None or x._extras is not None or x._storage.tape is not None:
                break
            array = x._array
            if array.dtype is not dtype:
                if dtype is not None or array.dtype.char not in FLOATS:
                    break
                dtype = array.dtype
            arrays.append(array)
        else:
            return arrays
    plain = plain_arrays(operands)
    return None if plain is None or any([type(a) is not np.ndarray for a in plain[0]]) else plain[0]


def of_one(operation):
    """Make a function of the recording state and a Tensor: the value of an elementwise operation, None on any other path."""
    kernels = operation.plain_kernels if ARRAYS_ARE_READ else {}
    ufunc = operation.ufunc if operation.exact else None

    def value_of(state, x):
        if (
            x._extras is not None
            or x._storage.tape is not None
            or not (state is None or type(state) is Tape or not is_watched(state))
        ):
            return None
        array = x._array
        if array.dtype.char not in FLOATS:
            return None
        before = silence()
        try:
            value = run_kernel(kernels, array, array) if ufunc is None else ufunc(array)
        finally:
            restore(before)
        return None if value is None else in_face(value, array.dtype, type(x))

    return value_of


def of_two(operation):
    """Make a function of the recording state, a Tensor and a Tensor or a number, like `of_one`."""
    kernels = operation.plain_kernels if ARRAYS_ARE_READ else {}
    ufunc = operation.ufunc if operation.exact else None

    def value_of(state, x, z):
        if (
            x._extras is not None
            or x._storage.tape is not None
            or not (state is None or type(state) is Tape or not is_watched(state))
        ):
            return None
        a, kind = x._array, type(z)
        dtype = a.dtype
        if dtype.char not in FLOATS:
            return None
        if kind is type(x):
            if z._tape is not None or z._extras is not None or z._storage.tape is not None:
                return None
            z = z._array
            if z.dtype is not dtype:
                return None
        elif kind is not float and (kind is not int or ufunc is None) or not _PROMOTES_BY_DTYPE:
            return None
        before = silence()
        try:
            value = run_kernel(kernels, a, z) if ufunc is None else ufunc(a, z)
        except (ValueError, OverflowError):  # the general path raises the library's message
            return None
        finally:
            restore(before)
        return None if value is None else in_face(value, dtype, type(x))

    return value_of


def in_face(value, dtype, face):
    """A result as a Tensor or an Array; NumPy's functions make numbers of arrays without axes."""
    if type(value) is not np.ndarray:
        value = np.asarray(value, dtype)
    y = blank(Array if face is Array else Tensor)  # `wrap`, without the call
    y._tape, y._row, y._extras = None, -1, None
    y._array, y._storage = value, Storage(None, value)
    return y


def run_kernel(kernels, x, z):
    """A forward kernel of those by dtype, on contiguous arrays of one shape; None on others, and where there is none."""
    kernel, shape = kernels.get(x.dtype.char), x.shape
    if kernel is None or type(z) is not np.ndarray or z.shape != shape or not (x.flags.c_contiguous and z.flags.c_contiguous):
        return None
    out = np.empty(shape, x.dtype)
    run_contiguous(kernel, SCRATCH, x.itemsize, x.size, id(out), id(x), id(z))
    return out
