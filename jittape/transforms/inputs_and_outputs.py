"""Arguments and answers of transforms: variables for what is given, and answers in the same form (float, array or Tensor)."""

import numpy as np

from ..tape.schema import GRAD
from ..tensors.row_binding import copied_leaf
from ..dtypes import as_dtype, complex64, float32, float64, get_default_dtype, is_complex, is_differentiable
from ..errors import DTypeError, ShapeError
from ..ops.copies_and_joins import clone
from ..ops.operation_table import OTHER_ARRAYS
from ..tape.storage import Storage
from ..tensors.array import Array, face_of
from ..tensors.tensor import Tensor, extras_of, result, wrap
from .pytrees import flatten, map_leaves


def leaf(array, extent, storage=None):
    """A variable on memory that Python keeps."""
    tensor = wrap(array, storage)
    extras = extras_of(tensor)
    extras.requires_grad, extras.extent = True, extent
    return tensor


def variable(value, name, state, extent):
    """A fresh variable with the value of an argument, and the Tensor that the function gets for it.

    The two are one object, except for a result that an outer program differentiates: that gets a row of its own, and the
    function gets another handle of it, so that what the function does in place does not move the variable.
    """
    if isinstance(value, Tensor):
        return _variable_of_tensor(value, name, state, extent)
    kind = type(value)
    if kind is np.ndarray and value.dtype is float64 and value.flags.c_contiguous:
        made = copied_leaf(state.tape, value, Array)  # the caller may go on writing to the array, as SciPy does
    elif kind is float:
        made = copied_leaf(state.tape, np.array(value, get_default_dtype()), Array)
    else:
        made = copied_leaf(state.tape, _float_array(value, name), Array)
    made._extras.extent = extent
    return made, made


def _variable_of_tensor(value, name, state, extent):
    _refuse_integers(value, value.dtype, name)
    if state.recorder is not None and (value.requires_grad or state.tape.keeps((value,))):
        own = clone(value)
        own._tape.flags[own._row] |= GRAD  # of a constant that a trace has met, too
        return own, result(own._tape, own._row, type(own))
    made = leaf(value._pinned(), extent, Storage(value._storage.memory, value._array))
    made.__class__ = face_of((value,))
    return made, made


def with_derivatives(args):
    """The numbers of the arguments that can be differentiated: trees with a float in them.

    The others (integers, masks, text, functions) are data. If there is nothing else, all are named, for `variable` to refuse.
    """
    found = [k for k, arg in enumerate(args) if any(map(_is_floating, flatten(arg)[0]))]
    return found or list(range(len(args)))


def _is_floating(leaf):
    if isinstance(leaf, (Tensor, np.ndarray)):
        return leaf.dtype.kind not in "iubSUV"
    return isinstance(leaf, (float, complex, np.inexact))


def _float_array(value, name):
    if not isinstance(value, (np.ndarray, np.generic, float, int, complex)) or isinstance(value, OTHER_ARRAYS):
        raise TypeError(
            f"jt.{name}: got {type(value).__name__} in an argument that is differentiated, expected floats, arrays, Tensors, or "
            "nested tuples, lists, dicts or dataclasses of them"
        )
    array = np.array(value, order="C")
    _refuse_integers(value, array.dtype, name)
    return array.astype(as_dtype(array.dtype).newbyteorder("="), copy=False)


def _refuse_integers(value, dtype, name):
    if not is_differentiable(dtype):
        number = not isinstance(value, Tensor) and np.ndim(value) == 0
        what = repr(value) if number else f"{type(value).__name__} of dtype {dtype}"
        raise DTypeError(
            f"jt.{name}: got {what}, expected floating-point numbers: derivatives with respect to integers are not defined. "
            "Write 3.0 for 3, or convert with .astype(float); leave a constant out of argnums, or pass it by keyword"
        )


def like(array, model):
    """An answer in the form in which the argument `model` came."""
    kind = type(model)
    if kind is np.ndarray:
        return array
    if kind is float or kind is complex:
        return array.item()
    if isinstance(model, Tensor):
        answer = wrap(array)
        answer.__class__ = face_of((model,))
        return answer
    return array[()] if isinstance(model, np.generic) else array


_SINGLE = float32, complex64  # Python's numbers have double precision


def plain(tensor):
    """The value of a Tensor as a number or as an array of its own."""
    if tensor.ndim == 0:
        number = Tensor.item(tensor)
        return number if tensor.dtype is float64 or tensor.dtype not in _SINGLE else tensor.dtype.type(number)
    return np.array(tensor._value(), order="K")


def plain_numbers(tree):
    """A tree with numbers and arrays of their own in the place of Tensors."""
    return map_leaves(lambda leaf: plain(leaf.detach()) if isinstance(leaf, Tensor) else leaf, tree)


def direction(value, primal, what):
    """A tangent or cotangent for a primal value: an array, or the Tensor that was given."""
    shape, dtype = tuple(primal.shape), primal.dtype
    if isinstance(value, Tensor):
        found = value
        _refuse_complex(found, dtype, what)
    elif isinstance(value, OTHER_ARRAYS):
        raise TypeError(f"{what}: got {type(value).__name__}, expected an array: pass np.asarray(x)")
    else:
        try:
            found = np.asarray(value)
        except ValueError:
            found = np.asarray(value, object)
        if found.dtype.kind not in "fiubc":
            raise TypeError(f"{what}: got {type(value).__name__}, expected numbers of shape {list(shape)}")
        _refuse_complex(found, dtype, what)
        found = np.array(found, dtype)
    if tuple(found.shape) != shape:
        raise ShapeError(f"{what}: got shape {list(found.shape)}, expected {list(shape)}, the shape of its primal value")
    return found


def _refuse_complex(found, dtype, what):
    if is_complex(found.dtype) and not is_complex(dtype):
        raise DTypeError(f"{what}: got complex numbers, expected {dtype}, the dtype of its primal value: take their real part")
