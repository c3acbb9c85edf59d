"""Inputs of a differentiated function: arguments put on a tape and passed to the copy, and their adjoints collected."""

import functools

from numba import types
from numba.extending import intrinsic

from ..compat import TypingError, llvm_ir as ir, unpack_tuple
from ...memory.words import f64_at, set_word, word
from ...numba_backend.decorators import helper
from ..numbers.array_types import allocate, array_of, element_type
from ..numbers.cells import cell_access, is_structural, numeric
from ..compilation.compile_cached import compiled_inside, inside, overloaded
from ..containers.mixed_tuples import JoiningTuple
from ..containers.recorded_types import class_with_copied_methods
from ..statements.function_copies import copies_for
from ..numbers.complex_numbers import ComplexNumber, below, is_complex, part_of, recorded_number
from ..numbers.number_types import Active, Differential, Differentiated, call, cell_of, constant, join
from ..tape_memory.arenas import WORD, reserve_inputs
from ..compilation.shared_code import shared
from ..numbers.number_parts import cast_like, flattened, new_array, number_with

# --- types --------------------------------------------------------------------------------------------------------------


def common_number(typingctx, kinds):
    """The number type that all differential arguments can be converted to; None if all are plain."""
    found = None
    for ty in kinds:
        if isinstance(ty, types.BaseTuple):
            ty = common_number(typingctx, ty.types)
        else:
            ty = part_of(element_type(ty)) if is_complex(element_type(ty)) else element_type(ty)
        if isinstance(ty, Differential):
            found = ty if found is None else join(typingctx, found, ty)
    return found


def tuple_like(ty, members):
    """The type of a tuple with other members, named as `ty` is."""
    return types.BaseTuple.from_types(tuple(members), getattr(ty, "instance_class", None))


def lifted_type(ty, kind):
    """The type that a differentiated argument gets; None if it cannot be differentiated."""
    if isinstance(ty, types.BaseTuple):
        inner = [lifted_type(t, kind) for t in ty.types]
        return None if None in inner else joining_like(ty, inner)
    if isinstance(ty, types.Array):
        element = lifted_type(ty.dtype, kind)
        return None if element is None else array_of(element, ty.ndim)
    if isinstance(ty, Differentiated):
        return ComplexNumber(kind) if is_complex(ty) else kind
    return recorded_number(kind, ty)


def copied_type(ty, kind):
    """The type that an argument which is not differentiated gets: functions and methods become their copies."""
    if isinstance(ty, types.Dispatcher):
        return types.Dispatcher(copies_for(kind).of(ty.dispatcher))
    if isinstance(ty, types.BaseTuple):
        return joining_like(ty, [copied_type(t, kind) for t in ty.types])
    if isinstance(ty, types.ClassInstanceType):
        return class_with_copied_methods(ty.class_type, kind).instance_type
    return ty


def joining_like(ty, members):
    """The type that a tuple has in a copy, with other members."""
    return JoiningTuple(members, ty.instance_class) if isinstance(ty, types.BaseNamedTuple) else tuple_like(ty, members)


def plain_type(ty, kind):
    """The type of the gradient with respect to an argument."""
    if isinstance(ty, types.BaseTuple):
        return tuple_like(ty, [plain_type(t, kind) for t in ty.types])
    lifted = lifted_type(ty, kind)
    if lifted is None:  # `lifted_types` raises the explanation
        raise TypingError("no gradient")
    return array_of(below(lifted.dtype), ty.ndim) if isinstance(ty, types.Array) else below(lifted)


def lifted_types(kinds, argnums, kind):
    """The types that all arguments get: those in `argnums` differentiated, functions their copies."""
    found = []
    for k, ty in enumerate(kinds):
        to = lifted_type(ty, kind) if k in argnums else copied_type(ty, kind)
        if to is None:
            raise TypingError(
                f"argument {k} has the type {ty}, which has no derivative; expected floats, complex numbers "
                "or arrays of them. Leave it out of argnums, or convert it"
            )
        found.append(to)
    return types.Tuple(found)


def kind_of(typingctx, kinds):
    """The active number that a function of arguments of these types runs on."""
    return Active(common_number(typingctx, kinds) or types.float64)


@intrinsic
def kind_of_arguments(typingctx, args):
    """A zero of the active number that a function of these arguments runs on."""
    kind = kind_of(typingctx, args.types)

    def codegen(context, builder, signature, args):
        return constant(context, builder, kind, 0.0)

    return kind(args), codegen


# --- values, by the types of the arguments ------------------------------------------------------------------------------


@overloaded
def parts_count(like):
    """How many real numbers there are in one of the type of `like`."""
    count = 2 if is_complex(like) else 1
    return lambda like: count


@overloaded
def input_at(x, node, like):
    """A number put on the tape at a node; a complex one at two."""
    if is_complex(like):
        return lambda x, node, like: complex(number_with(x.real, node, like.real), number_with(x.imag, node + 1, like.real))
    return lambda x, node, like: number_with(x, node, like)


@compiled_inside
def lift_number(x, header, like):
    """A number put on the tape as an input."""
    return input_at(x, (header >> 16) << 32 | reserve_inputs(header, parts_count(like)), like)


@compiled_inside
def lift_array(x, header, like):
    """An array put on the tape, every element as an input."""
    out = new_array(x.shape, like)
    node = (header >> 16) << 32 | reserve_inputs(header, x.size * parts_count(like))
    target, k = flattened(out), 0
    for value in x.flat:
        target[k] = input_at(value, node, like)
        node += parts_count(like)
        k += 1
    return out


@shared
def lift_values(header, x, out, count):
    """Put float64 numbers at one address on the tape, as inputs at another address."""
    node = (header >> 16) << 32 | reserve_inputs(header, count)
    for k in range(count):
        set_word(out, 2 * k, word(x, k))
        set_word(out, 2 * k + 1, node + k)
    return 0


@shared
def gather_adjoints(adjoints, first, out, count, exact):
    """Move adjoints of float64 inputs to an address, and clear them; structural zeros become 0.0 unless they are asked for."""
    gradient, own = f64_at(out, count), f64_at(adjoints + 8 * first, count)
    nothing = -0.0 if exact else 0.0
    for k in range(count):
        gradient[k] = own[k] + nothing
        own[k] = -0.0
    return 0


@functools.cache
def gather_for(cell, exact, of_complex=False):
    """The functions that collect adjoints of a type: for a number, and for an array."""
    load, store, zero = cell_access(cell)
    finished = helper(_unchanged) if exact else numeric

    def take(adjoints, place):
        x_bar = load(adjoints, place)
        store(adjoints, place, zero())
        return x_bar

    take = inside(take)

    def gather_number(x, adjoints, first, like):
        return cast_like(finished(take(adjoints, first)), like)

    def gather_array(x, adjoints, first, like):
        out = new_array(x.shape, like)
        target = flattened(out)
        for k in range(x.size):
            target[k] = finished(take(adjoints, first + k))
        return out

    def gather_complex_number(x, adjoints, first, like):
        return cast_like(complex(finished(take(adjoints, first)), finished(negated(take(adjoints, first + 1)))), like)

    one = inside(gather_complex_number)

    def gather_complex_array(x, adjoints, first, like):
        out = new_array(x.shape, like)
        target = flattened(out)
        for k in range(x.size):
            target[k] = one(x, adjoints, first + 2 * k, like)
        return out

    if of_complex:
        return compiled_inside(gather_complex_number, f"{cell} {exact}"), compiled_inside(gather_complex_array, f"{cell} {exact}")
    return compiled_inside(gather_number, f"{cell} {exact}"), compiled_inside(gather_array, f"{cell} {exact}")


def _unchanged(x_bar):
    return x_bar


@inside
def negated(x_bar):
    """An adjoint with its sign changed; a structural zero stays one, and a numeric one does not become one."""
    return x_bar if is_structural(x_bar) else numeric(-x_bar)


# Tuples of arguments of different types are walked by generated code.


def split_tuple(builder, ty, value):
    """Types and values of the members of a tuple."""
    return zip(ty.types, unpack_tuple(builder, value, len(ty.types)))


def count_of(context, builder, ty, value):
    """How many numbers are in an argument."""
    if isinstance(ty, types.BaseTuple):
        total = ir.Constant(WORD, 0)
        for t, v in split_tuple(builder, ty, value):
            total = builder.add(total, count_of(context, builder, t, v))
        return total
    each = ir.Constant(WORD, 2 if is_complex(element_type(ty)) else 1)
    return builder.mul(context.make_array(ty)(context, builder, value).nitems, each) if isinstance(ty, types.Array) else each


def with_lifted(context, builder, ty, values, result, chosen, lifted):
    """The tuple of all arguments, the chosen ones replaced by ``lifted(k, type, value)``."""
    parts = []
    for k, (own, value) in enumerate(split_tuple(builder, ty, values)):
        if k in chosen:
            parts.append(lifted(k, own, value))
            continue
        context.nrt.incref(builder, own, value)
        parts.append(_as_copied(context, builder, own, value, result.types[k]))
    return context.make_tuple(builder, result, parts)


def _as_copied(context, builder, ty, value, to):
    """An argument without derivatives as a copy takes it: the same memory; named tuples of equal members are laid out anew."""
    if not isinstance(ty, types.BaseTuple) or ty == to:
        return value
    members = zip(split_tuple(builder, ty, value), to.types)
    return context.make_tuple(builder, to, [_as_copied(context, builder, t, v, o) for (t, v), o in members])


NUMBER = Active(types.float64)


def _address(context, builder, ty, array):
    """The address of the first element of an array."""
    return builder.ptrtoint(context.make_array(ty)(context, builder, array).data, WORD)


def _lift(context, builder, ty, value, to, header):
    if isinstance(ty, types.BaseTuple):
        parts = [_lift(context, builder, t, v, o, header) for (t, v), o in zip(split_tuple(builder, ty, value), to.types)]
        return context.make_tuple(builder, to, parts)
    if isinstance(ty, types.Array) and ty.layout == "C" and to.dtype == NUMBER and ty.dtype == types.float64:
        x = context.make_array(ty)(context, builder, value)
        array = allocate(context, builder, to, unpack_tuple(builder, x.shape), clear=False)
        addresses = _address(context, builder, ty, value), _address(context, builder, to, array)
        lift_values.emit(context, builder, (header, *addresses, x.nitems))
        return array
    like = element_type(to)
    zero = constant(context, builder, like, 0.0)
    lift = lift_array if isinstance(ty, types.Array) else lift_number
    return call(context, builder, lift, (ty, types.int64, like), (value, header, zero))


def _gather(context, builder, ty, value, to, adjoints, first, exact):
    """The gradient with respect to an argument, and the index after its last input."""
    if isinstance(ty, types.BaseTuple):
        parts = []
        for (t, v), o in zip(split_tuple(builder, ty, value), to.types):
            part, first = _gather(context, builder, t, v, o, adjoints, first, exact)
            parts.append(part)
        return context.make_tuple(builder, to, parts), first
    count = count_of(context, builder, ty, value)
    if isinstance(ty, types.Array) and to.dtype == types.float64:
        shape = unpack_tuple(builder, context.make_array(ty)(context, builder, value).shape)
        array = allocate(context, builder, to, shape, clear=False)
        gather_adjoints.emit(context, builder, (adjoints, first, _address(context, builder, to, array), count, WORD(int(exact))))
        return array, builder.add(first, count)
    like = element_type(to)
    zero = constant(context, builder, like, 0.0)
    gather = gather_for(cell_of(part_of(like)), exact, is_complex(like))[isinstance(ty, types.Array)]
    kinds = (types.unliteral(ty), types.int64, types.int64, like)
    gradient = call(context, builder, gather, kinds, (value, adjoints, first, zero))
    return gradient, builder.add(first, count)


@functools.cache
def inputs_for(argnums, exact=False):
    """Intrinsics that put arguments on a tape, and that collect their adjoints; if they are `exact`, with structural zeros."""
    chosen = set(argnums)

    @intrinsic
    def lift(typingctx, args, header, kind):
        result = lifted_types(args.types, chosen, kind)

        def codegen(context, builder, signature, args):
            values, header, _ = args

            def lifted(k, ty, value):
                return _lift(context, builder, ty, value, result.types[k], header)

            return with_lifted(context, builder, signature.args[0], values, result, chosen, lifted)

        return result(args, types.int64, kind), codegen

    @intrinsic
    def collect(typingctx, args, adjoints, kind):
        kinds = [plain_type(args.types[k], kind) for k in argnums]
        result = types.Tuple(kinds)

        def codegen(context, builder, signature, args):
            arguments, adjoints, _ = args
            values = list(split_tuple(builder, signature.args[0], arguments))
            gradients, first = {}, ir.Constant(WORD, 1)
            for k in sorted(chosen):
                ty, value = values[k]
                to = kinds[argnums.index(k)]
                gradients[k], first = _gather(context, builder, ty, value, to, adjoints, first, exact)
            return context.make_tuple(builder, result, [gradients[k] for k in argnums])

        return result(args, types.int64, kind), codegen

    return lift, collect
