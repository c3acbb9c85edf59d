"""Arrays made inside a differentiated function: their elements are differential numbers from the start."""

import functools

import numpy as np
from numba import types
from numba.extending import intrinsic

from ..compat import typing_context
from ..numbers.array_types import is_array
from ..compilation.compile_cached import inside, overloaded
from ..statements.function_copies import stands_for
from ..numbers.number_types import Differential, constant, depth_of, in_precision, is_number, join, rebase, stored
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


# --- of nested lists and tuples -------------------------------------------------------------------------------------------------


def nested(x):
    """The depth of nested lists and tuples, and the type that all numbers in them can be stored as; None if there is none."""
    if is_number(x):
        return 0, types.unliteral(x)
    if isinstance(x, types.Tuple) and len(x):
        members = list(map(nested, x.types))
        if None in members or len({depth for depth, _ in members}) > 1:
            return None
        number = _common_number([number for _, number in members])
        return None if number is None else (1 + members[0][0], number)
    if not isinstance(x, (types.List, types.ListType, types.UniTuple)):
        return (1, None) if isinstance(x, types.BaseTuple) and not len(x) else None
    member = nested(x.dtype)
    return None if member is None else (1 + member[0], member[1])


def _common_number(kinds):
    kinds = sorted(kinds, key=depth_of, reverse=True)
    if not depth_of(kinds[0]):
        return typing_context().unify_types(*kinds)
    return functools.reduce(functools.partial(join, typing_context()), kinds)


@overloaded
def _lengths(x):
    """The lengths of nested lists and tuples, of which the inner ones are alike."""
    if nested(x)[0] == 1:
        return lambda x: (len(x),)
    return lambda x: (len(x), *_lengths(x[0]))


@overloaded
def _put(out, k, x):
    """Write a number into an element, or a list of numbers into the elements of a row."""
    if not is_number(x):
        return lambda out, k, x: _fill(out[k], 0, x)

    def number(out, k, x):
        out[k] = x

    return number


@overloaded
def _fill(out, k, x):
    """Write what is in a list or tuple into the elements or rows of an array from number k on."""
    if isinstance(x, types.Tuple) and len(x):

        def member_by_member(out, k, x):
            _put(out, k, x[0])
            _fill(out, k + 1, x[1:])

        return member_by_member

    def one_after_the_other(out, k, x):
        for member in x:
            _put(out, k, member)
            k += 1

    return one_after_the_other


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
        zero = zero_function(in_precision(stored(number), ty.base) if isinstance(number, Differential) else ty)
        if isinstance(x, types.BaseTuple) and not len(x):
            return lambda x, dtype=None: new_array(0, zero())

        def filled(x, dtype=None):
            out = new_array(_lengths(x), zero())
            _fill(out, 0, x)
            return out

        return filled

    return array


def is_sequence(ty):
    """Whether a type is that of a list or tuple of numbers, or of lists of them."""
    return isinstance(ty, (types.List, types.ListType, types.BaseTuple)) and nested(ty) is not None


@overloaded
def as_operand(x):
    """The array that NumPy makes of a list or tuple: of plain numbers if it has no derivatives."""
    number = nested(x)[1]
    if not depth_of(number):
        return lambda x: np.asarray(x)
    array = array_for(stored(number))
    return lambda x: array(x)
