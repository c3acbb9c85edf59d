"""Arrays made inside a differentiated function: their elements are differential numbers from the start."""

import functools

import numpy as np
from numba import types
from numba.extending import intrinsic

from ..compat import typing_context, unpack_tuple
from ..numbers.array_types import is_array
from ..compilation.compile_cached import inside
from ..statements.function_copies import stands_for
from ..numbers.number_types import Differential, constant, depth_of, is_number, join, rebase, stored
from ..numbers.number_parts import new_array

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
            own = {float: types.float64}.get(dtype.typing_key)
        if isinstance(own, Differential):
            return own
        if not isinstance(own, types.Float):
            return None
    return kind if isinstance(kind.base, Differential) else rebase(kind, own)


def zero_function(ty):
    """An intrinsic without arguments: a passive zero of a type."""

    @intrinsic
    def zero(typingctx):
        def codegen(context, builder, signature, args):
            return constant(context, builder, ty, 0.0)

        return ty(), codegen

    return zero


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


def _declare_like(original, value):
    @stands_for(original)
    def like_for(kind):
        def on_array(x, dtype=None):
            ty = kind_for(kind, dtype if _is_given(dtype) else x) if isinstance(x, types.Array) else None
            if ty is None:
                return (lambda x, dtype=None: original(x, dtype)) if _is_given(dtype) else (lambda x, dtype=None: original(x))
            zero = zero_function(ty)
            if value == 0.0:
                return lambda x, dtype=None: new_array(x.shape, zero())
            return lambda x, dtype=None: _filled(x.shape, value, zero())

        return on_array


for _original, _value in MAKERS.items():
    _declare_maker(_original, _value)
for _original, _value in LIKE.items():
    _declare_like(_original, _value)


@stands_for(np.full)
def full_for(kind):
    def full(shape, fill_value, dtype=None):
        given = dtype if _is_given(dtype) else fill_value
        ty = given if isinstance(given, Differential) else kind_for(kind, types.unliteral(given))
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
        ty = kind_for(kind, dtype if _is_given(dtype) else x)
        if ty is None and not _is_given(dtype):
            return lambda x, fill_value, dtype=None: np.full_like(x, fill_value)
        if ty is None:
            return lambda x, fill_value, dtype=None: np.full_like(x, fill_value, dtype)
        zero = zero_function(ty)
        return lambda x, fill_value, dtype=None: _filled(x.shape, fill_value, zero())

    return full_like


@inside
def converted_array(x, zero):
    out = new_array(x.shape, zero)
    out[...] = x
    return out


def _copy(kind, x):
    """The implementation of copies: of a plain array of floats it is an array of differential numbers."""
    ty = kind_for(kind, x) if isinstance(x, types.Array) and not is_array(x) else None
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
        if is_array(x):
            return lambda x, dtype=None: x
        if isinstance(x, Differential):
            zero = zero_function(stored(x))
            return lambda x, dtype=None: _filled((), x, zero())
        if isinstance(x, (types.BaseTuple, types.List)):
            return lambda x, dtype=None: array(x, dtype)
        return (lambda x, dtype=None: np.asarray(x, dtype)) if _is_given(dtype) else (lambda x, dtype=None: np.asarray(x))

    return asarray


@stands_for(np.ascontiguousarray)
def ascontiguousarray_for(kind):
    def ascontiguousarray(x):
        if is_array(x):
            return (lambda x: x) if x.layout == "C" else (lambda x: x.copy())
        return lambda x: np.ascontiguousarray(x)

    return ascontiguousarray


def common_member(x):
    """The type that all members of a tuple of numbers of several types can be stored as; None for anything else."""
    if not isinstance(x, types.Tuple) or not len(x) or not all(map(is_number, x.types)):
        return None
    members = sorted(map(types.unliteral, x.types), key=depth_of, reverse=True)
    if not depth_of(members[0]):
        return typing_context().unify_types(*members)
    return functools.reduce(functools.partial(join, typing_context()), members)


@intrinsic
def alike(typingctx, x, zero):
    """A tuple with its members as numbers of one type."""
    result = types.UniTuple(zero, len(x))

    def codegen(context, builder, signature, args):
        members = zip(unpack_tuple(builder, args[0], len(x)), x.types)
        return context.make_tuple(builder, result, [context.cast(builder, v, ty, zero) for v, ty in members])

    return result(x, zero), codegen


@stands_for(np.array)
def array_for(kind):
    def array(x, dtype=None):
        if isinstance(x, types.Array):
            copied = inside(_copy(kind, x))
            return lambda x, dtype=None: copied(x)
        common = common_member(x)
        if common is not None:
            zero, of_one_type = zero_function(stored(common)), array_for(kind)
            return lambda x, dtype=None: of_one_type(alike(x, zero()), dtype)
        given = dtype if _is_given(dtype) else None
        inner, depth = x, 0
        while isinstance(inner, (types.List, types.UniTuple)):
            inner, depth = inner.dtype, depth + 1
        if given is None and isinstance(inner, (types.Integer, types.Boolean)):
            return lambda x, dtype=None: np.array(x)
        ty = stored(inner) if isinstance(inner, Differential) else kind_for(kind, given)
        if ty is None:
            return lambda x, dtype=None: np.array(x, dtype)
        zero = zero_function(ty)
        if isinstance(x, types.BaseTuple) and not len(x):
            return lambda x, dtype=None: new_array(0, zero())
        if depth == 1:

            def vector(x, dtype=None):
                out = new_array(len(x), zero())
                k = 0
                for element in x:
                    out[k] = element
                    k += 1
                return out

            return vector
        if depth == 2:

            def matrix(x, dtype=None):
                out = new_array((len(x), len(x[0])), zero())
                i = 0
                for row in x:
                    j = 0
                    for element in row:
                        out[i, j] = element
                        j += 1
                    i += 1
                return out

            return matrix
        return None

    return array
