"""What a function asks about an array of differentiated numbers: dtype and bytes are those of the array without derivatives."""

import numpy as np
from numba import types
from numba.extending import intrinsic, overload_attribute

from ..compat import AttributeTemplate, infer_getattr, llvm_ir as ir, populate_array, unpack_tuple
from ..compilation.compile_cached import means
from ..numbers.array_types import DifferentialArray, array_of, is_array
from ..numbers.number_types import Differential
from ..numbers.predicates import primal_type
from ..statements.function_copies import stands_for
from ..tape_memory.arenas import WORD


@infer_getattr
class DTypeOfNumbers(AttributeTemplate):
    """The kind of a dtype of differentiated numbers; Numba knows that of its own."""

    key = types.DType

    def resolve_kind(self, ty):
        return types.StringLiteral(np.dtype(str(primal_type(ty.dtype))).kind) if isinstance(ty.dtype, Differential) else None


@means(np.finfo)
def finfo_of(dtype):
    if isinstance(dtype, types.DType) and isinstance(dtype.dtype, Differential):
        plain = np.dtype(str(primal_type(dtype.dtype)))
        return lambda dtype: np.finfo(plain)


def _bytes_of(ty):
    """How many bytes an element has without derivatives."""
    return np.dtype(str(primal_type(ty.dtype))).itemsize


@overload_attribute(DifferentialArray, "itemsize")
def _itemsize(x):
    count = _bytes_of(x)
    return lambda x: count


@overload_attribute(DifferentialArray, "nbytes")
def _nbytes(x):
    count = _bytes_of(x)
    return lambda x: count * x.size


# --- steps in bytes ---------------------------------------------------------------------------------------------------


def _factor(context, ty):
    """How many times as long elements are in memory."""
    return ir.Constant(WORD, context.get_abi_sizeof(context.get_data_type(ty.dtype)) // _bytes_of(ty))


@overload_attribute(DifferentialArray, "strides")
def _strides(x):
    return lambda x: strides_without_derivatives(x)


@intrinsic
def strides_without_derivatives(typingctx, x):
    """The strides that an array has without derivatives."""
    result = types.UniTuple(types.intp, x.ndim)

    def codegen(context, builder, signature, args):
        strides = unpack_tuple(builder, context.make_array(x)(context, builder, args[0]).strides, x.ndim)
        return context.make_tuple(builder, result, [builder.sdiv(step, _factor(context, x)) for step in strides])

    return result(x), codegen


@intrinsic
def _view_by_strides(typingctx, x, shape, strides):
    """A view with a shape, and strides as the user counts them."""
    if not isinstance(shape, types.BaseTuple) or not isinstance(strides, types.BaseTuple) or len(shape) != len(strides):
        return None
    result = array_of(x.dtype, len(shape), "A")

    def codegen(context, builder, signature, args):
        array, view = context.make_array(x)(context, builder, args[0]), context.make_array(result)(context, builder)
        lengths, steps = [
            [context.cast(builder, n, types.unliteral(ty), types.intp) for n, ty in zip(unpack_tuple(builder, value), kinds)]
            for value, kinds in zip(args[1:], signature.args[1:])
        ]
        steps = [builder.mul(step, _factor(context, x)) for step in steps]
        populate_array(view, array.data, lengths, steps, array.itemsize, array.meminfo, array.parent)
        context.nrt.incref(builder, result, view._getvalue())
        return view._getvalue()

    return result(x, shape, strides), codegen


@stands_for(np.lib.stride_tricks.as_strided)
def as_strided_for(kind):
    def as_strided(x, shape=None, strides=None):
        if not is_array(x):
            return lambda x, shape=None, strides=None: np.lib.stride_tricks.as_strided(x, shape, strides)
        if isinstance(shape, types.BaseTuple) and isinstance(strides, types.BaseTuple):
            return lambda x, shape=None, strides=None: _view_by_strides(x, shape, strides)
        if isinstance(shape, types.BaseTuple) and len(shape) == x.ndim:
            return lambda x, shape=None, strides=None: _view_by_strides(x, shape, x.strides)
        return None

    return as_strided
