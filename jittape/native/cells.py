"""Cells of a tape: partials and adjoints, of any number, and the sweep over them."""

import functools

from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload, register_jitable

from .compilation import compiled_inside, only_compiled
from .numbers import cell_of, constant, depth_of
from .statements import WORD, make_sweep


@functools.cache
def cell_access(cell):
    """Intrinsics that load, store and make zero cells of a type at an address."""

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
            return constant(context, builder, cell, 0.0)

        return cell(), codegen

    return load, store, zero


@register_jitable
def _no_adjoint(cell):
    return cell == 0.0


@register_jitable
def _never(cell):
    return False  # a zero value may have derivatives


@functools.cache
def sweep_for(cell):
    """The compiled reverse sweep over a tape with cells of a type."""
    load, store, zero = cell_access(cell)
    return compiled_inside(make_sweep(load, store, zero, _never if depth_of(cell) else _no_adjoint), str(cell))


@intrinsic
def cell_size(typingctx, kind):
    """Bytes of a cell of the tape."""

    def codegen(context, builder, signature, args):
        data = context.get_data_type(cell_of(signature.args[0].base))
        return ir.Constant(WORD, context.get_abi_sizeof(data))

    return types.int64(kind), codegen


@only_compiled
def sweep(header, adjoints, kind):
    """The reverse sweep of the tape for a kind of numbers."""


@overload(sweep)
def on_sweep(header, adjoints, kind):
    reverse = sweep_for(cell_of(kind.base))
    return lambda header, adjoints, kind: reverse(header, adjoints)
