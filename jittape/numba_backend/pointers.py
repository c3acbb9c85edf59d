"""Windows: values from an address on, as compiled code reads and writes them.

An array of Numba's has a length, a reference count and indices that may be negative: a kernel of four arrays was 1200 lines
of LLVM's language, and only loops over slices, whose index is known to start at 0, were made vector code.  A window is a
pointer.
"""

import operator

from numba import types
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_getattr, infer_global, signature
from numba.extending import intrinsic, lower_builtin, lower_getattr, models, register_model

from .decorators import JIT


class Window(types.Type):
    """Memory that holds values of one type; its bounds are the caller's business."""

    def __init__(self, dtype):
        self.dtype = dtype
        super().__init__(f"window({dtype})")


@register_model(Window)
class _Pointer(models.PrimitiveModel):
    def __init__(self, dmm, fe_type):
        super().__init__(dmm, fe_type, dmm.lookup(fe_type.dtype).get_data_type().as_pointer())


@infer_global(operator.getitem)
class _Read(AbstractTemplate):
    """``window[k]``, and ``window[k:n]``, a window from there on."""

    def generic(self, args, kws):
        window, index = args
        if isinstance(window, Window) and isinstance(index, types.Integer):
            return signature(window.dtype, window, types.int64)
        if isinstance(window, Window) and index == types.slice2_type:
            return signature(window, window, index)


@infer_global(operator.setitem)
class _Write(AbstractTemplate):
    def generic(self, args, kws):
        window, index, _ = args
        if isinstance(window, Window) and isinstance(index, types.Integer):
            return signature(types.none, window, types.int64, window.dtype)


@infer_getattr
class _Attributes(AttributeTemplate):
    key = Window

    def resolve_dtype(self, window):
        return types.DType(window.dtype)


@lower_builtin(operator.getitem, Window, types.Integer)
def _read(context, builder, sig, args):
    window, index = args
    return context.unpack_value(builder, sig.return_type, builder.gep(window, [index]))


@lower_builtin(operator.setitem, Window, types.Integer, types.Any)
def _write(context, builder, sig, args):
    window, index, value = args
    context.pack_value(builder, sig.args[2], value, builder.gep(window, [index]))


@lower_builtin(operator.getitem, Window, types.SliceType)
def _from_there(context, builder, sig, args):
    window, places = args
    return builder.gep(window, [context.make_helper(builder, sig.args[1], places).start])


@lower_getattr(Window, "dtype")
def _dtype(context, builder, typ, value):
    return context.get_dummy_value()


def window_of(element):
    """The compiled function that makes a window of an address; how many values there are is for Python's version only."""

    @intrinsic
    def window(typingctx, address, n):
        def codegen(context, builder, signature, args):
            return builder.inttoptr(args[0], context.get_value_type(signature.return_type))

        return Window(element)(types.int64, types.int64), codegen

    return window


if JIT:

    @intrinsic
    def on(typingctx, array):
        """An array as a window, which does not keep it alive."""

        def codegen(context, builder, signature, args):
            return context.make_array(signature.args[0])(context, builder, args[0]).data

        return Window(array.dtype)(array), codegen

else:

    def on(array):
        return array
