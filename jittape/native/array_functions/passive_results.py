"""Functions of differential numbers whose results have no derivatives: they see the primal values."""

import functools

import numpy as np
from numba import types
from numba.extending import intrinsic

from ...autograd.nesting import nested_derivatives
from ...autograd.stop_gradient import in_compiled_code, stop_gradient
from ..compilation.compile_cached import overloaded
from ..numbers.array_types import is_differential
from ..numbers.complex_numbers import is_any_number
from ..numbers.number_types import Differentiated, depth_of
from ..numbers.predicates import primal, primal_type
from ..statements.function_copies import stands_for, substitute


@intrinsic
def primal_number(typingctx, x):
    """The plain number inside a differential one."""
    result = primal_type(x)

    def codegen(context, builder, signature, args):
        return primal(context, builder, signature.args[0], args[0])[1]

    return result(x), codegen


def _primals(x):
    """Values without derivatives, of numbers and of arrays; everything else as it is."""
    if not is_differential(x):
        return lambda x: x
    if isinstance(x, Differentiated):
        return lambda x: primal_number(x)
    dtype = np.dtype(str(primal_type(x.dtype)))

    def of_array(x):
        out = np.empty(x.shape, dtype)
        target, k = out.reshape(-1), 0
        for element in x.flat:
            target[k] = primal_number(element)
            k += 1
        return out

    return of_array


primals = overloaded(_primals, "primals")


def _alone(x):
    return primals(x)


def _copied(x):
    return primals(x).copy()  # of an array without derivatives, that is the array itself


def _each_alone(x):
    return (constant(x[0]),) + constant(x[1:])


@functools.partial(overloaded, name="stop_gradient")
def constant(x):
    return in_compiled_code(x, is_any_number(x), _alone, _alone if is_differential(x) else _copied, _each_alone)


@substitute(stop_gradient)
def stop_gradient_for(kind):
    return constant


def _depth(ty):
    if isinstance(ty, types.BaseTuple):
        return max(map(_depth, ty), default=0)
    return depth_of(ty.dtype if isinstance(ty, types.Array) else ty)


@functools.partial(overloaded, name="nested_derivatives")
def depth_inside(x):
    depth = _depth(x)
    return lambda x: depth


@substitute(nested_derivatives)
def nested_derivatives_for(kind):
    return depth_inside


@stands_for(np.searchsorted)
def searchsorted_for(kind):
    return lambda a, v, side="left": lambda a, v, side="left": np.searchsorted(primals(a), primals(v), side)


@stands_for(np.digitize)
def digitize_for(kind):
    return lambda x, bins, right=False: lambda x, bins, right=False: np.digitize(primals(x), primals(bins), right)


@stands_for(np.isclose)
def isclose_for(kind):
    def isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
        return lambda a, b, rtol=1e-05, atol=1e-08, equal_nan=False: np.isclose(
            primals(a), primals(b), primals(rtol), primals(atol), equal_nan
        )

    return isclose


@stands_for(np.array_equal)
def array_equal_for(kind):
    return lambda a1, a2: lambda a1, a2: np.array_equal(primals(a1), primals(a2))


@stands_for(np.isreal)
def isreal_for(kind):
    return lambda x: lambda x: np.isreal(primals(x))


@stands_for(np.iscomplex)
def iscomplex_for(kind):
    return lambda x: lambda x: np.iscomplex(primals(x))
