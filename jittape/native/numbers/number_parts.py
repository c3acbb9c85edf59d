"""Parts of numbers, for compiled loops that run on numbers of every kind; plain numbers have node 0."""

from numba import types
from numba.extending import intrinsic

from ..compat import create_struct_proxy, llvm_ir as ir, lower_constant, populate_array, unpack_tuple
from ..compilation.compile_cached import inside
from .array_types import allocate, array_of, element_type
from .number_types import Active, Differential, Form, as_active, constant, depth_of, make_active, stored
from .chain_rule import on_base
from .complex_numbers import below
from .operation_rules import result_type
from ..tape_memory.arenas import WORD


@lower_constant(Differential)
def _constant_of_user(context, builder, ty, number):
    """A number in the user's code, where the variable that it is assigned to is declared: ``njit(locals={"s": float32})``."""
    return constant(context, builder, ty, number)


@intrinsic
def node_of(typingctx, number, like):
    """The node of a number on the tape that `like` is on; 0 for numbers of other kinds."""

    def codegen(context, builder, signature, args):
        ty = signature.args[0]
        if depth_of(ty) < depth_of(signature.args[1]) or not isinstance(ty, (Active, Form)):
            return ir.Constant(WORD, 0)
        active = as_active(context, builder, ty, args[0])
        return create_struct_proxy(Active(ty.base))(context, builder, active).node

    return types.int64(number, like), codegen


@intrinsic
def primal_of(typingctx, number, like):
    """The primal value of a number with respect to the tape that `like` is on, as a number of its base."""
    base = below(like) if depth_of(like) else like

    def codegen(context, builder, signature, args):
        ty, depth = signature.args
        if depth_of(ty) and depth_of(ty) == depth_of(depth):
            return on_base(context, builder, ty, args[0], depth.depth, base)
        return context.cast(builder, args[0], types.unliteral(ty), base)

    return base(number, like), codegen


@intrinsic
def cast_like(typingctx, number, like):
    """A number converted to the type of `like`."""

    def codegen(context, builder, signature, args):
        return context.cast(builder, args[0], types.unliteral(signature.args[0]), like)

    return like(number, like), codegen


@intrinsic
def number_with(typingctx, value, node, like):
    """The active number with a given value of the base and a given node."""
    if not isinstance(like, Active):
        return None

    def codegen(context, builder, signature, args):
        value = context.cast(builder, args[0], types.unliteral(signature.args[0]), like.base)
        return make_active(context, builder, like, value, args[1])

    return like(value, node, like), codegen


@intrinsic
def number_with_value(typingctx, value, number, like):
    """The number of the type of `like` with a value of the base, and the derivatives of another number."""

    def codegen(context, builder, signature, args):
        value = context.cast(builder, args[0], types.unliteral(signature.args[0]), like.base)
        number = context.cast(builder, args[1], types.unliteral(signature.args[1]), like)
        proxy = create_struct_proxy(like)(context, builder, number)
        proxy.value = value
        return proxy._getvalue()

    return like(value, number, like), codegen


@intrinsic
def zero_of(typingctx, x, z):
    """A passive zero of the type that a product of (elements of) two operands has."""
    kinds = [types.unliteral(element_type(ty)) for ty in (x, z)]
    ty = stored(result_type(typingctx, kinds)) if any(map(depth_of, kinds)) else typingctx.unify_types(*kinds)

    def codegen(context, builder, signature, args):
        return constant(context, builder, ty, 0.0)

    return ty(x, z), codegen


@intrinsic
def flattened(typingctx, x):
    """A contiguous array in one dimension, as a view. Numba's `reshape` is ten times as much code."""
    if not isinstance(x, types.Array) or x.layout != "C":
        return None
    result = array_of(x.dtype, 1)

    def codegen(context, builder, signature, args):
        array, view = context.make_array(x)(context, builder, args[0]), context.make_array(result)(context, builder)
        populate_array(view, array.data, [array.nitems], [array.itemsize], array.itemsize, array.meminfo, array.parent)
        context.nrt.incref(builder, result, view._getvalue())
        return view._getvalue()

    return result(x), codegen


@intrinsic
def new_array(typingctx, shape, like):
    """An array of passive zeros of the type of `like`; the shape is an integer or a tuple of them."""
    array_type = array_of(like, len(shape) if isinstance(shape, types.BaseTuple) else 1)

    def codegen(context, builder, signature, args):
        (shape, _), (ty, _) = args, signature.args
        kinds = ty.types if isinstance(ty, types.BaseTuple) else (ty,)
        lengths = unpack_tuple(builder, shape) if isinstance(ty, types.BaseTuple) else [shape]
        lengths = [context.cast(builder, n, types.unliteral(fr), types.intp) for n, fr in zip(lengths, kinds)]
        return allocate(context, builder, array_type, lengths)

    return array_type(shape, like), codegen


def zero_function(ty):
    """An intrinsic without arguments: a passive zero of a type."""

    @intrinsic
    def zero(typingctx):
        def codegen(context, builder, signature, args):
            return constant(context, builder, ty, 0.0)

        return ty(), codegen

    return zero


@inside
def converted_array(x, zero):
    """A copy of an array with elements of the type of `zero`."""
    out = new_array(x.shape, zero)
    out[...] = x
    return out
