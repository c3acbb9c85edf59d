"""Pointers: values from an address on, as compiled code reads and writes them.

A pointer has a type and an address, and nothing else: ``p[k]`` is a value and ``p[k:]`` a pointer further on.  Numba's arrays
have a length, a reference count, strides and indices that may be negative: a kernel of four arrays was 1200 lines of LLVM's
language, and LLVM made vector code only of loops over slices, whose index is known to start at 0.

The type is declared to Numba in the usual ways (a data model, typing templates, implementations of operators).
"""

import operator

from numba import types
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_getattr, infer_global, signature
from numba.extending import intrinsic, lower_builtin, lower_getattr, models, register_model

from .decorators import JIT


class Pointer(types.Type):
    """Where values of one type lie; its bounds are the caller's business."""

    def __init__(self, dtype):
        self.dtype = dtype
        super().__init__(f"pointer({dtype})")


@register_model(Pointer)
class _PointerModel(models.PrimitiveModel):
    def __init__(self, dmm, fe_type):
        super().__init__(dmm, fe_type, dmm.lookup(fe_type.dtype).get_data_type().as_pointer())


@infer_global(operator.getitem)
class _Read(AbstractTemplate):
    """``pointer[k]``, and ``pointer[k:n]``, a pointer from there on."""

    def generic(self, args, kws):
        pointer, index = args
        if isinstance(pointer, Pointer) and isinstance(index, types.Integer):
            return signature(pointer.dtype, pointer, types.int64)
        if isinstance(pointer, Pointer) and index == types.slice2_type:
            return signature(pointer, pointer, index)


@infer_global(operator.setitem)
class _Write(AbstractTemplate):
    def generic(self, args, kws):
        pointer, index, _ = args
        if isinstance(pointer, Pointer) and isinstance(index, types.Integer):
            return signature(types.none, pointer, types.int64, pointer.dtype)


@infer_getattr
class _Attributes(AttributeTemplate):
    key = Pointer

    def resolve_dtype(self, pointer):
        return types.DType(pointer.dtype)


@lower_builtin(operator.getitem, Pointer, types.Integer)
def _read(context, builder, sig, args):
    pointer, index = args
    return context.unpack_value(builder, sig.return_type, builder.gep(pointer, [index]))


@lower_builtin(operator.setitem, Pointer, types.Integer, types.Any)
def _write(context, builder, sig, args):
    pointer, index, value = args
    context.pack_value(builder, sig.args[2], value, builder.gep(pointer, [index]))


@lower_builtin(operator.getitem, Pointer, types.SliceType)
def _from_there(context, builder, sig, args):
    pointer, places = args
    return builder.gep(pointer, [context.make_helper(builder, sig.args[1], places).start])


@lower_getattr(Pointer, "dtype")
def _dtype(context, builder, typ, value):
    return context.get_dummy_value()


def pointers_to(element):
    """The function ``(address, n)`` that makes a pointer to values of this type; `n` is used where nothing is compiled only."""

    @intrinsic
    def pointer(typingctx, address, n):
        def codegen(context, builder, signature, args):
            return builder.inttoptr(args[0], context.get_value_type(signature.return_type))

        return Pointer(element)(types.int64, types.int64), codegen

    return pointer


if JIT:

    @intrinsic
    def pointer_to_array(typingctx, array):
        """A pointer to the elements of a contiguous array, which does not keep it alive."""

        def codegen(context, builder, signature, args):
            return context.make_array(signature.args[0])(context, builder, args[0]).data

        return Pointer(array.dtype)(array), codegen

else:

    def pointer_to_array(array):
        return array
