"""Cells of a tape: the memory of one partial or adjoint, of any type of number.

A structural zero (see `partial_products`) is -0.0: the only number that changes no sum, itself included. A numeric zero is
always 0.0, which `numeric` makes of it. Of numbers with derivatives the innermost float tells; it is the first word of a cell.
"""

import functools

from numba import types
from numba.extending import intrinsic

from ..compat import create_struct_proxy, llvm_ir as ir
from .number_types import cell_of, constant, depth_of
from .partial_products import differs_from_zero, primal_float
from ..tape_memory.arenas import WORD

SIGN = ir.Constant(WORD, 1 << 63)  # the bits of -0.0
ZERO = ir.Constant(WORD, 0)


@functools.cache
def cell_access(cell):
    """Intrinsics that load and store cells of a type at an address, and the structural zero."""

    def place(context, builder, address, k):
        return builder.gep(builder.inttoptr(address, context.get_data_type(cell).as_pointer()), [k])

    @intrinsic
    def load(typingctx, address, k):
        def codegen(context, builder, signature, args):
            data = builder.load(place(context, builder, *args))
            return context.data_model_manager[cell].from_data(builder, data)

        return cell(types.int64, types.int64), codegen

    @intrinsic
    def store(typingctx, address, k, value):
        def codegen(context, builder, signature, args):
            value = context.cast(builder, args[2], signature.args[2], cell)
            builder.store(context.get_value_as_data(builder, cell, value), place(context, builder, *args[:2]))
            return context.get_dummy_value()

        return types.void(types.int64, types.int64, value), codegen

    @intrinsic
    def zero(typingctx):
        def codegen(context, builder, signature, args):
            return constant(context, builder, cell, -0.0)

        return cell(), codegen

    return load, store, zero


@intrinsic
def is_structural(typingctx, number):
    """Whether a cell is a structural zero."""

    def codegen(context, builder, signature, args):
        plain = primal_float(context, builder, signature.args[0], args[0])
        return builder.icmp_unsigned("==", builder.bitcast(plain, WORD), SIGN)

    return types.boolean(number), codegen


@intrinsic
def numeric(typingctx, number):
    """A number with 0.0 in the place of -0.0."""

    def codegen(context, builder, signature, args):
        return with_numeric_zero(context, builder, number, args[0])

    return number(number), codegen


def with_numeric_zero(context, builder, ty, number):
    """A number with 0.0 in the place of -0.0."""
    return _with_float(context, builder, ty, number, lambda plain: builder.fadd(plain, ir.Constant(plain.type, 0.0)))


@intrinsic
def is_seed(typingctx, number, exact):
    """Whether something flows from a number that a sweep starts from.

    Nothing does from a zero without derivatives; if cotangents are `exact`, only -0.0 is such a zero.
    """

    def codegen(context, builder, signature, args):
        ty = types.unliteral(signature.args[0])
        to = ty if depth_of(ty) else types.float64
        number = args[0] if depth_of(ty) else context.cast(builder, args[0], ty, to)
        differs = differs_from_zero(context, builder, to, number)
        plain = primal_float(context, builder, to, number)
        plain = builder.fpext(plain, ir.DoubleType()) if plain.type == ir.FloatType() else plain
        is_marked = builder.icmp_unsigned("==", builder.bitcast(plain, WORD), SIGN)
        return builder.or_(differs, builder.and_(args[1], builder.not_(is_marked)))

    return types.boolean(number, types.boolean), codegen


def cell_of_partial(context, builder, base, partial):
    """A partial of an expression as the data of a cell.

    Bits are chosen, not floats: under ``fastmath`` LLVM takes it that the sign of a zero is of no interest.
    """
    cell = cell_of(base)
    value = constant(context, builder, base, 1.0) if partial.value is None else partial.value

    def marked(plain):
        bits = builder.bitcast(plain, WORD)
        bits = builder.select(builder.icmp_unsigned("==", bits, SIGN), ZERO, bits)
        return builder.bitcast(bits if partial.flows is None else builder.select(partial.flows, bits, SIGN), plain.type)

    value = _with_float(context, builder, cell, context.cast(builder, value, base, cell), marked)
    return context.get_value_as_data(builder, cell, value)


def _with_float(context, builder, ty, number, change):
    """A number with another float innermost."""
    if not depth_of(ty):
        return change(number)
    proxy = create_struct_proxy(ty)(context, builder, number)
    proxy.value = _with_float(context, builder, ty.base, proxy.value, change)
    return proxy._getvalue()


def bytes_of_cell(context, kind):
    """The size in bytes of a cell of the tape of a kind of numbers."""
    return context.get_abi_sizeof(context.get_data_type(cell_of(kind.base)))


@intrinsic
def cell_size(typingctx, kind):
    """The size in bytes of a cell of the tape."""

    def codegen(context, builder, signature, args):
        return ir.Constant(WORD, bytes_of_cell(context, signature.args[0]))

    return types.int64(kind), codegen
