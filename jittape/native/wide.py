"""Statements of any length, written from loops: what sums and products of arrays are.

    place = open_statement(header, room)     # for so many pairs
    put_pair(place, k, node, partial)        # for k = 0, 1, ...
    node = close_statement(header, kept)

The parts work on numbers of every kind: plain numbers have node 0.
"""

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from .arrays import allocate, array_of, element_type
from .numbers import (
    INDEX_TYPE, Active, Differential, Form, as_active, cell_of, constant, depth_of, make_active, make_room, stored, value_of,
)
from .rules import result_type
from .statements import CELL, END, INDEX, NEXT, PARTIAL, USED, WORD


@intrinsic
def node_of(typingctx, number, like):
    """The node of a number on the tape that `like` is on; 0 for numbers of other kinds."""

    def codegen(context, builder, signature, args):
        ty = signature.args[0]
        if depth_of(ty) < depth_of(signature.args[1]) or not isinstance(ty, (Active, Form)):
            return ir.Constant(WORD, 0)
        active = as_active(context, builder, ty, args[0])
        return cgutils.create_struct_proxy(Active(ty.base))(context, builder, active).node

    return types.int64(number, like), codegen


@intrinsic
def primal_of(typingctx, number, like):
    """The value of a number below the tape that `like` is on, as a number of its base."""
    base = like.base if isinstance(like, Differential) else like

    def codegen(context, builder, signature, args):
        ty, value = signature.args[0], args[0]
        if depth_of(ty) and depth_of(ty) == depth_of(signature.args[1]):
            ty, value = ty.base, value_of(context, builder, ty, value)
        return context.cast(builder, value, types.unliteral(ty), base)

    return base(number, like), codegen


@intrinsic
def cast_like(typingctx, number, like):
    """A number as another of the type of `like`."""

    def codegen(context, builder, signature, args):
        return context.cast(builder, args[0], types.unliteral(signature.args[0]), like)

    return like(number, like), codegen


@intrinsic
def number_with(typingctx, value, node, like):
    """The active number with a value of the base and a node."""
    if not isinstance(like, Active):
        return None

    def codegen(context, builder, signature, args):
        value = context.cast(builder, args[0], types.unliteral(signature.args[0]), like.base)
        return make_active(context, builder, like, value, args[1])

    return like(value, node, like), codegen


@intrinsic
def zero_of(typingctx, x, z):
    """A passive zero of the type that products of (elements of) two operands have."""
    kinds = [types.unliteral(element_type(ty)) for ty in (x, z)]
    ty = stored(result_type(typingctx, kinds)) if any(map(depth_of, kinds)) else typingctx.unify_types(*kinds)

    def codegen(context, builder, signature, args):
        return constant(context, builder, ty, 0.0)

    return ty(x, z), codegen


@intrinsic
def new_array(typingctx, shape, like):
    """An array of passive zeros of the type of `like`; the shape is an integer or a tuple of them."""
    array_type = array_of(like, len(shape) if isinstance(shape, types.BaseTuple) else 1)

    def codegen(context, builder, signature, args):
        (shape, _), (ty, _) = args, signature.args
        kinds = ty.types if isinstance(ty, types.BaseTuple) else (ty,)
        lengths = cgutils.unpack_tuple(builder, shape) if isinstance(ty, types.BaseTuple) else [shape]
        lengths = [context.cast(builder, n, types.unliteral(fr), types.intp) for n, fr in zip(lengths, kinds)]
        return allocate(context, builder, array_type, lengths)

    return array_type(shape, like), codegen


@intrinsic
def header_at(typingctx, node):
    """The header of the tape of a node, or of the bitwise or of nodes."""

    def codegen(context, builder, signature, args):
        place = builder.and_(args[0], ir.Constant(WORD, -(1 << 32)))
        return builder.lshr(place, ir.Constant(WORD, 16))

    return types.int64(types.int64), codegen


def _words(builder, header):
    pointer = builder.inttoptr(header, WORD.as_pointer())
    return lambda k: builder.gep(pointer, [ir.Constant(WORD, k)])


@intrinsic
def open_statement(typingctx, header, pairs):
    """Make room for a statement of so many pairs.  Returns where they go: addresses of an index and of a partial.

    Loops that asked the header for them, pair by pair, took three times as long: a pair may be the header, to the
    compiler.
    """

    def codegen(context, builder, signature, args):
        make_room(context, builder, args[0], builder.inttoptr(args[0], WORD.as_pointer()), args[1])
        at = _words(builder, args[0])
        used = builder.load(at(USED))
        words = builder.inttoptr(args[0], WORD.as_pointer())
        cell = builder.load(builder.gep(words, [ir.Constant(WORD, CELL)]))
        index = builder.add(builder.load(at(INDEX)), builder.mul(used, ir.Constant(WORD, 4)))
        partial = builder.add(builder.load(at(PARTIAL)), builder.mul(used, cell))
        return context.make_tuple(builder, signature.return_type, [index, partial])

    return types.UniTuple(types.int64, 2)(types.int64, types.int64), codegen


@intrinsic
def put_pair(typingctx, place, k, node, partial):
    """Write pair k of the statement that is open."""
    cell = cell_of(partial)

    def codegen(context, builder, signature, args):
        index, partials = cgutils.unpack_tuple(builder, args[0])
        index = builder.inttoptr(index, INDEX_TYPE.as_pointer())
        partials = builder.inttoptr(partials, context.get_data_type(cell).as_pointer())
        builder.store(builder.trunc(args[2], INDEX_TYPE), builder.gep(index, [args[1]]))
        data = context.get_value_as_data(builder, cell, context.cast(builder, args[3], signature.args[3], cell))
        builder.store(data, builder.gep(partials, [args[1]]))
        return context.get_dummy_value()

    return types.void(place, types.int64, types.int64, partial), codegen


@intrinsic
def close_statement(typingctx, header, pairs):
    """Append the statement with its first so many pairs.  Returns its node, 0 if there are none."""

    def codegen(context, builder, signature, args):
        at = _words(builder, args[0])
        end, statement = builder.add(builder.load(at(USED)), args[1]), builder.load(at(NEXT))
        ends = builder.inttoptr(builder.load(at(END)), INDEX_TYPE.as_pointer())
        builder.store(builder.trunc(end, INDEX_TYPE), builder.gep(ends, [statement]))
        written = builder.icmp_unsigned("!=", args[1], ir.Constant(WORD, 0))
        builder.store(end, at(USED))
        builder.store(builder.add(statement, builder.zext(written, WORD)), at(NEXT))
        node = builder.or_(builder.shl(args[0], ir.Constant(WORD, 16)), statement)
        return builder.select(written, node, ir.Constant(WORD, 0))

    return types.int64(types.int64, types.int64), codegen
