"""Cells of a tape: the memory of one partial or adjoint, of any type of number."""

import functools

from numba import types
from numba.extending import intrinsic

from ..compat import llvm_ir as ir
from .number_types import cell_of, constant
from ..tape_memory.arenas import WORD


@functools.cache
def cell_access(cell):
    """Intrinsics that load, store and clear cells of a type at an address."""

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


@intrinsic
def cell_size(typingctx, kind):
    """The size in bytes of a cell of the tape."""

    def codegen(context, builder, signature, args):
        data = context.get_data_type(cell_of(signature.args[0].base))
        return ir.Constant(WORD, context.get_abi_sizeof(data))

    return types.int64(kind), codegen
