"""Arrays that lists, dictionaries and objects among the arguments of a compiled function hold."""

import numpy as np
from numba import types
from numba.extending import intrinsic

from ..compat import llvm_ir as ir
from ..compilation.compile_cached import overloaded
from ..numbers.number_types import call_function
from .inputs import split_tuple
from .shared_memory import described, share_memory

LISTS = (types.List, types.ListType)


def members_of(ty):
    """The types of what a value of some type holds."""
    if isinstance(ty, types.BaseTuple):
        return ty.types
    if isinstance(ty, LISTS):
        return (ty.dtype,)
    if isinstance(ty, types.DictType):
        return (ty.value_type,)
    return tuple(ty.struct.values()) if isinstance(ty, types.ClassInstanceType) else ()


def holds_arrays(ty, within=()):
    """Whether a value that is no array itself may hold some; objects are asked for one of their own class once."""
    members = [member for member in members_of(ty) if not isinstance(member, types.DeferredType) and member not in within]
    return any(isinstance(member, types.Array) or holds_arrays(member, (*within, ty)) for member in members)


def holds_in_containers(ty):
    """Whether a value holds arrays in something else than tuples, whose members are arguments like others."""
    return any(map(holds_in_containers, ty.types)) if isinstance(ty, types.BaseTuple) else holds_arrays(ty)


def arrays_held(value):
    """The arrays that a value holds, as Python sees them."""
    kind = getattr(value, "_numba_type_", None)
    if isinstance(kind, types.ClassInstanceType):
        return [array for name in kind.struct if not name.startswith("_") for array in arrays_held(getattr(value, name))]
    if isinstance(kind, types.DictType):
        value = list(value.values())
    if isinstance(value, (tuple, list)) or isinstance(kind, types.ListType):
        return [array for member in value for array in arrays_held(member)]
    return [value] if isinstance(value, np.ndarray) else []


def held_memory_meets(context, builder, held, value, ty, array):
    """Code that tells whether an array shares memory with one that a value holds: a bit."""
    if isinstance(held, types.Array):  # in a container
        places = described(context, builder, held, value), described(context, builder, ty, array)
        return builder.trunc(share_memory.emit(context, builder, places), ir.IntType(1))
    if not holds_arrays(held):
        return ir.Constant(ir.IntType(1), 0)
    if isinstance(held, types.BaseTuple):
        return _in_any(context, builder, split_tuple(builder, held, value), ty, array)
    if isinstance(held, types.ClassInstanceType):
        return _in_fields(context, builder, held, value, ty, array)
    return call_function(context, builder, _meets_a_member, (held, ty), (value, array), types.boolean)


def _in_any(context, builder, members, ty, array):
    found = ir.Constant(ir.IntType(1), 0)
    for member, value in members:
        found = builder.or_(found, held_memory_meets(context, builder, member, value, ty, array))
    return found


def _in_fields(context, builder, held, value, ty, array):
    found = ir.Constant(ir.IntType(1), 0)
    for name, member in held.struct.items():
        if isinstance(member, types.Array) or member is not held and holds_arrays(member, (held,)):
            field = context.get_getattr(held, name)(context, builder, held, value, name)
            found = builder.or_(found, held_memory_meets(context, builder, member, field, ty, array))
            context.nrt.decref(builder, member, field)
    return found


@intrinsic
def _meets(typingctx, held, array):
    def codegen(context, builder, signature, given):
        (held, ty), (value, array) = signature.args, given
        return held_memory_meets(context, builder, held, value, ty, array)

    return types.boolean(held, array), codegen


@overloaded
def _meets_a_member(held, array):
    """Whether an array shares memory with one in a list, or among the values of a dictionary."""

    def in_list(held, array):
        for member in held:
            if _meets(member, array):
                return True
        return False

    def in_dictionary(held, array):
        for member in held.values():
            if _meets(member, array):
                return True
        return False

    return in_dictionary if isinstance(held, types.DictType) else in_list
