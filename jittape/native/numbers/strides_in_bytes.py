"""Strides of arrays of differential numbers as users count them: in bytes of the floats that the numbers stand for."""

import numpy as np
from numba import types
from numba.extending import intrinsic

from ..compat import llvm_ir as ir, unpack_tuple
from ..compilation.compile_cached import overloaded
from ..tape_memory.arenas import WORD
from .array_types import DifferentialArray
from .predicates import primal_type


def bytes_of_float(ty):
    """How many bytes an element of an array has without derivatives."""
    return np.dtype(str(primal_type(ty.dtype))).itemsize


@intrinsic
def _strides_of_floats(typingctx, x):
    result = types.UniTuple(types.intp, x.ndim)

    def codegen(context, builder, signature, args):
        times_longer = context.get_abi_sizeof(context.get_data_type(x.dtype)) // bytes_of_float(x)
        strides = unpack_tuple(builder, context.make_array(x)(context, builder, args[0]).strides, x.ndim)
        return context.make_tuple(builder, result, [builder.sdiv(step, ir.Constant(WORD, times_longer)) for step in strides])

    return result(x), codegen


@overloaded
def strides_without_derivatives(x):
    """What stands for ``x.strides`` in copies of users' functions; Numba's own functions step by those of memory."""
    if isinstance(x, DifferentialArray):
        return lambda x: _strides_of_floats(x)
    return lambda x: x.strides
