"""Functions of numbers that give several results, and operations with an array for the result, on differentiated numbers."""

import math

import numpy as np
from numba.extending import overload
from numba import types

from ...ops.declare_elementwise import Elementwise
from ...ops.operation_names import follow_declarations
from ..compilation.compile_cached import LINKED, means
from ..numbers.array_types import is_array, is_differential
from ..numbers.number_parts import cast_like, zero_of
from ..numbers.number_types import is_number
from ..numbers.operation_rules import names_of
from ..statements.function_copies import stands_for
from .passive_results import primal_number, primals


@means(divmod)
def divmod_of(x, z):
    if (is_differential(x) or is_differential(z)) and is_number(x) and is_number(z):
        return lambda x, z: (
            primals(x) // primals(z),
            cast_like(x % z, zero_of(x, z)),
        )  # as `//` of numbers, without a derivative


@means(np.divmod)
def divmod_of_arrays(x, z):
    if is_differential(x) or is_differential(z):
        return lambda x, z: (np.floor_divide(x, z), np.remainder(x, z))


@means(math.frexp)
def frexp_of(x):
    if is_differential(x) and is_number(x):

        def frexp(x):
            exponent = math.frexp(primal_number(x))[1]
            return cast_like(math.ldexp(x, -exponent), zero_of(x, x)), exponent

        return frexp


@stands_for(np.asarray_chkfinite)
def finite_for(kind):
    def finite(a):
        if not is_array(a):
            return lambda a: np.asarray_chkfinite(a)

        def checked(a):
            for element in a.flat:
                if not np.isfinite(element):
                    raise ValueError("array must not contain infs or NaNs")
            return a

        return checked

    return finite


@means(np.broadcast_arrays)
def broadcast_arrays_of(*args):
    if not any(map(is_differential, args)):
        return None
    if len(args) == 2:

        def two(*args):
            shape = np.broadcast_shapes(np.shape(args[0]), np.shape(args[1]))
            return np.broadcast_to(args[0], shape), np.broadcast_to(args[1], shape)

        return two
    if len(args) == 3:

        def three(*args):
            shape = np.broadcast_shapes(np.shape(args[0]), np.shape(args[1]), np.shape(args[2]))
            return np.broadcast_to(args[0], shape), np.broadcast_to(args[1], shape), np.broadcast_to(args[2], shape)

        return three
    return None


# --- an array for the result of an operation ----------------------------------------------------------------------------


def _writes(out, *operands):
    return isinstance(out, types.Array) and any(map(is_differential, (out, *operands)))


def _of_one(function):
    def meaning(x, out):
        if _writes(out, x):

            def write(x, out):
                out[...] = function(x)
                return out

            return write

    return meaning


def _of_two(function):
    def meaning(x, z, out):
        if _writes(out, x, z):

            def write(x, z, out):
                out[...] = function(x, z)
                return out

            return write

    return meaning


_BY_OPERANDS = {1: _of_one, 2: _of_two}


def _declare_function(function):
    """Let NumPy's functions of an elementwise operation take an array for the result, which may be one of the operands."""
    operation = getattr(function, "operation", None)
    if not isinstance(operation, Elementwise) or operation.arity not in _BY_OPERANDS:
        return
    for original in names_of(operation):
        if isinstance(original, np.ufunc):
            overload(original, jit_options=LINKED, strict=False)(_BY_OPERANDS[operation.arity](original))


follow_declarations(_declare_function)
