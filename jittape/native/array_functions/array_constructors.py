"""Arrays made inside a differentiated function: their elements are differential numbers from the start."""

import numpy as np
from numba import types

from ..numbers.array_types import is_differential
from ..numbers.complex_numbers import is_complex, recorded_number
from ..compilation.compile_cached import inside
from ..containers.nested_sequences import filled_array, nested
from ..statements.function_copies import stands_for
from ..numbers.number_types import Differential, Differentiated, in_precision, precision_of, stored
from ..numbers.number_parts import converted_array, new_array, zero_function

MAKERS = {np.zeros: 0.0, np.empty: 0.0, np.ones: 1.0}
LIKE = {np.zeros_like: 0.0, np.empty_like: 0.0, np.ones_like: 1.0}


def _is_given(dtype):
    return not (dtype is None or isinstance(dtype, (types.Omitted, types.NoneType)))


def kind_for(kind, dtype):
    """The number type that takes the place of a NumPy dtype; None for dtypes that have no derivatives."""
    if not _is_given(dtype):
        own = types.float64
    else:
        own = getattr(dtype, "dtype", getattr(dtype, "key", None) and getattr(dtype, "instance_type", dtype))
        if isinstance(dtype, types.Function):
            own = {float: types.float64, complex: types.complex128}.get(dtype.typing_key)
        if isinstance(own, Differentiated):
            return own
    return recorded_number(kind, own)


@inside
def _filled(shape, fill_value, zero):
    out = new_array(shape, zero)
    out[...] = fill_value
    return out


def _declare_maker(original, value):
    @stands_for(original)
    def maker_for(kind):
        def on_shape(shape, dtype=None):
            ty = kind_for(kind, dtype)
            if ty is None:
                return lambda shape, dtype=None: original(shape, dtype)
            zero = zero_function(ty)
            if value == 0.0:
                return lambda shape, dtype=None: new_array(shape, zero())
            return lambda shape, dtype=None: _filled(shape, value, zero())

        return on_shape


@inside
def _shape_of_array(x):
    return x.shape


@inside
def _shape_of_number(x):
    """That of an array without axes."""
    return ()


def _shape_in(ty):
    """What compiled code calls for the shape of an array or of a number."""
    return _shape_of_array if isinstance(ty, types.Array) else _shape_of_number


def _declare_like(original, value):
    @stands_for(original)
    def like_for(kind):
        def on_array(x, dtype=None):
            is_known = isinstance(x, (types.Array, types.Number, Differentiated))
            ty, shape = kind_for(kind, dtype if _is_given(dtype) else x) if is_known else None, _shape_in(x)
            if ty is None:
                return (lambda x, dtype=None: original(x, dtype)) if _is_given(dtype) else (lambda x, dtype=None: original(x))
            zero = zero_function(stored(ty))
            if value == 0.0:
                return lambda x, dtype=None: new_array(shape(x), zero())
            return lambda x, dtype=None: _filled(shape(x), value, zero())

        return on_array


for _original, _value in MAKERS.items():
    _declare_maker(_original, _value)
for _original, _value in LIKE.items():
    _declare_like(_original, _value)


@stands_for(np.full)
def full_for(kind):
    def full(shape, fill_value, dtype=None):
        given = dtype if _is_given(dtype) else fill_value
        ty = given if isinstance(given, Differentiated) else kind_for(kind, types.unliteral(given))
        if ty is None and given is fill_value:
            return lambda shape, fill_value, dtype=None: np.full(shape, fill_value)
        if ty is None:
            return lambda shape, fill_value, dtype=None: np.full(shape, fill_value, dtype)
        zero = zero_function(stored(ty))
        return lambda shape, fill_value, dtype=None: _filled(shape, fill_value, zero())

    return full


@stands_for(np.full_like)
def full_like_for(kind):
    def full_like(x, fill_value, dtype=None):
        ty, shape = kind_for(kind, dtype if _is_given(dtype) else x), _shape_in(x)
        if ty is None and not _is_given(dtype):
            return lambda x, fill_value, dtype=None: np.full_like(x, fill_value)
        if ty is None:
            return lambda x, fill_value, dtype=None: np.full_like(x, fill_value, dtype)
        zero = zero_function(stored(ty))
        return lambda x, fill_value, dtype=None: _filled(shape(x), fill_value, zero())

    return full_like


def _copy(kind, x):
    """The implementation of copies: of a plain array of floats it is an array of differential numbers."""
    ty = kind_for(kind, x) if isinstance(x, types.Array) and not is_differential(x) else None
    if ty is None:
        return lambda x: x.copy()
    zero = zero_function(ty)
    return lambda x: converted_array(x, zero())


@stands_for(np.copy)
def copy_for(kind):
    return lambda x: _copy(kind, x)


@stands_for(np.asarray)
def asarray_for(kind):
    array = array_for(kind)

    def asarray(x, dtype=None):
        if is_differential(x) and isinstance(x, types.Array):
            return lambda x, dtype=None: x
        if isinstance(x, Differentiated):
            zero = zero_function(stored(x))
            return lambda x, dtype=None: _filled((), x, zero())
        if isinstance(x, (types.BaseTuple, types.List)):
            return lambda x, dtype=None: array(x, dtype)
        return (lambda x, dtype=None: np.asarray(x, dtype)) if _is_given(dtype) else (lambda x, dtype=None: np.asarray(x))

    return asarray


@stands_for(np.ascontiguousarray)
def ascontiguousarray_for(kind):
    def ascontiguousarray(x):
        if is_differential(x):
            return (lambda x: x) if x.layout == "C" else (lambda x: x.copy())
        return lambda x: np.ascontiguousarray(x)

    return ascontiguousarray


@stands_for(np.array)
def array_for(kind):
    def array(x, dtype=None):
        if isinstance(x, types.Array):
            copied = inside(_copy(kind, x))
            return lambda x, dtype=None: copied(x)
        found, given = nested(x), dtype if _is_given(dtype) else None
        if found is None or not found[0]:
            return None
        number = found[1]
        if given is None and isinstance(number, (types.Integer, types.Boolean)):
            return lambda x, dtype=None: np.array(x)
        ty = kind_for(kind, given if number is None or given is not None else number)
        if ty is None:
            return lambda x, dtype=None: np.array(x, dtype)
        if is_complex(number) and not is_complex(ty):
            return None
        has_own = isinstance(number, Differential) and not is_complex(ty)
        zero = zero_function(in_precision(stored(number), precision_of(ty)) if has_own else ty)
        if isinstance(x, types.BaseTuple) and not len(x):
            return lambda x, dtype=None: new_array(0, zero())
        return lambda x, dtype=None: filled_array(x, zero())

    return array
