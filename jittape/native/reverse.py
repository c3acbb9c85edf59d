"""Gradients of compiled functions, themselves compiled: record, sweep, collect, rewind.

``value_and_grad`` and ``vjp`` of a dispatcher are dispatchers again, so they can be called from Python and from
inside other compiled code.  A call takes an arena, runs the copy of the function on active arguments, sweeps, and
gives the arena back, also when the function raises.
"""

import functools

import numba
from llvmlite import ir
from numba import types
from numba.core import cgutils, errors
from numba.extending import intrinsic, overload, register_jitable

from .arrays import array_of
from .compilation import compiled
from .copies import copies_for
from .numbers import (
    Active, Differential, Form, as_active, call, cell_of, compile_for, constant, depth_of, is_number, join,
)
from .rules import call_function, element_type
from .statements import WORD, acquire_arena, adjoints_of, make_sweep, release_arena, reserve_inputs
from .wide import new_array, number_with, primal_of

# --- cells ----------------------------------------------------------------------------------------------------------


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
    return compiled(make_sweep(load, store, zero, _never if depth_of(cell) else _no_adjoint), stamp=str(cell))


def cell_bytes(context, cell):
    return context.get_abi_sizeof(context.get_data_type(cell))


# --- inputs -----------------------------------------------------------------------------------------------------------


def common_number(typingctx, kinds):
    """The number that all differential arguments can be converted to; None if all are plain."""
    found = None
    for ty in kinds:
        if isinstance(ty, types.BaseTuple):
            ty = common_number(typingctx, ty.types)
        else:
            ty = element_type(ty)
        if isinstance(ty, Differential):
            found = ty if found is None else join(typingctx, found, ty)
    return found


def kind_of(typingctx, kinds):
    """The active number that a function of these arguments runs on."""
    return Active(common_number(typingctx, kinds) or types.float64)


def lifted_type(ty, kind):
    """What a differentiated argument becomes; None if it cannot be differentiated."""
    if isinstance(ty, types.BaseTuple):
        inner = [lifted_type(t, kind) for t in ty.types]
        return None if None in inner else types.Tuple(inner)
    if isinstance(ty, types.Array):
        element = lifted_type(ty.dtype, kind)
        return None if element is None else array_of(element, ty.ndim)
    if isinstance(ty, Differential):
        return kind
    if isinstance(ty, types.Float):
        return Active(ty) if not depth_of(kind.base) else kind
    return None


def copied_type(ty, kind):
    """What an argument that is not differentiated becomes: functions become their copies."""
    if isinstance(ty, types.Dispatcher):
        return types.Dispatcher(copies_for(kind).of(ty.dispatcher))
    if isinstance(ty, types.BaseTuple):
        return types.Tuple([copied_type(t, kind) for t in ty.types])
    return ty


def lifted(x, header, like):
    """An argument on the tape, as input of a type."""
    raise NotImplementedError("only compiled code calls this")


@overload(lifted)
def on_lifted(x, header, like):
    if is_number(x):

        def number(x, header, like):
            first = reserve_inputs(header, 1)
            return number_with(x, (header >> 16) << 32 | first, like)

        return number

    def array(x, header, like):
        out = new_array(x.shape, like)
        first = (header >> 16) << 32 | reserve_inputs(header, x.size)
        target = out.reshape(x.size)
        k = 0
        for value in x.flat:
            target[k] = number_with(value, first + k, like)
            k += 1
        return out

    return array


def gathered(x, adjoints, first, like):
    """The adjoints of an argument, from those of inputs."""
    raise NotImplementedError("only compiled code calls this")


@overload(gathered)
def on_gathered(x, adjoints, first, like):
    load, store, zero = cell_access(cell_of(like))
    if is_number(x):

        def number(x, adjoints, first, like):
            x_bar = load(adjoints, first)
            store(adjoints, first, zero())
            return primal_of(x_bar, like)

        return number

    def array(x, adjoints, first, like):
        out = new_array(x.shape, like)
        target = out.reshape(x.size)
        for k in range(x.size):
            target[k] = load(adjoints, first + k)
            store(adjoints, first + k, zero())
        return out

    return array


# --- pieces of a gradient, by the types of its arguments ------------------------------------------------------------
# Written as generated code where a tuple of arguments of different types has to be walked.


def _split(context, builder, ty, value):
    return zip(ty.types, cgutils.unpack_tuple(builder, value, len(ty.types)))


def _lift(context, builder, ty, value, to, header):
    if isinstance(ty, types.BaseTuple):
        parts = [_lift(context, builder, t, v, o, header) for (t, v), o in zip(_split(context, builder, ty, value), to.types)]
        return context.make_tuple(builder, to, parts)
    like = element_type(to)
    zero = constant(context, builder, like, 0.0)
    return call_function(context, builder, lifted, (ty, types.int64, like), (value, header, zero), to)


def plain_type(ty, kind):
    """The type of the gradient with respect to an argument."""
    if isinstance(ty, types.BaseTuple):
        return types.Tuple([plain_type(t, kind) for t in ty.types])
    if isinstance(ty, types.Array):
        return array_of(lifted_type(ty.dtype, kind).base, ty.ndim)
    return lifted_type(ty, kind).base


def _gather(context, builder, ty, value, to, adjoints, first):
    """The gradient with respect to an argument, and the index after its last."""
    if isinstance(ty, types.BaseTuple):
        parts = []
        for (t, v), o in zip(_split(context, builder, ty, value), to.types):
            part, first = _gather(context, builder, t, v, o, adjoints, first)
            parts.append(part)
        return context.make_tuple(builder, to, parts), first
    like = element_type(to)
    zero = constant(context, builder, like, 0.0)
    kinds = (ty, types.int64, types.int64, like)
    gradient = call_function(context, builder, gathered, kinds, (value, adjoints, first, zero), to)
    count = ir.Constant(WORD, 1)
    if isinstance(ty, types.Array):
        count = context.make_array(ty)(context, builder, value).nitems
    return gradient, builder.add(first, count)


@intrinsic
def kind_of_arguments(typingctx, args):
    """A zero of the active number that a function of these arguments runs on."""
    kind = kind_of(typingctx, args.types)

    def codegen(context, builder, signature, args):
        return constant(context, builder, kind, 0.0)

    return kind(args), codegen


@intrinsic
def cell_size(typingctx, kind):
    """Bytes of a cell of the tape."""

    def codegen(context, builder, signature, args):
        data = context.get_data_type(cell_of(signature.args[0].base))
        return ir.Constant(WORD, context.get_abi_sizeof(data))

    return types.int64(kind), codegen


def sweep(header, adjoints, kind):
    """The reverse sweep of the tape for a kind of numbers."""
    raise NotImplementedError("only compiled code calls this")


@overload(sweep)
def on_sweep(header, adjoints, kind):
    reverse = sweep_for(cell_of(kind.base))
    return lambda header, adjoints, kind: reverse(header, adjoints)


@intrinsic
def below(typingctx, y, kind):
    """A result without the derivatives that this gradient is about."""
    to = _below_type(y, kind)

    def codegen(context, builder, signature, args):
        return _below(context, builder, signature.args[0], args[0], to, signature.args[1])

    return to(y, kind), codegen


def _below_type(ty, kind):
    if isinstance(ty, types.BaseTuple):
        return types.Tuple([_below_type(t, kind) for t in ty.types])
    if isinstance(ty, types.Array):
        return array_of(_below_type(ty.dtype, kind), ty.ndim) if depth_of(ty.dtype) == kind.depth else ty
    return ty.base if depth_of(ty) == kind.depth else types.unliteral(ty)


def _below(context, builder, ty, value, to, kind):
    if isinstance(ty, types.BaseTuple):
        parts = [_below(context, builder, t, v, o, kind) for (t, v), o in zip(_split(context, builder, ty, value), to.types)]
        return context.make_tuple(builder, to, parts)
    if to == ty:
        context.nrt.incref(builder, ty, value)
        return value
    if isinstance(ty, types.Array):
        zero = constant(context, builder, to.dtype, 0.0)
        return call_function(context, builder, values_of, (ty, to.dtype, kind), (value, zero, context.get_constant_null(kind)), to)
    zero = context.get_constant_null(kind)
    kinds = (types.unliteral(ty), kind)
    return call_function(context, builder, value_below, kinds, (value, zero), to)


def values_of(x, like, kind):
    """The values of an array."""
    raise NotImplementedError("only compiled code calls this")


@overload(values_of)
def on_values(x, like, kind):
    def values(x, like, kind):
        out = new_array(x.shape, like)
        target = out.reshape(x.size)
        k = 0
        for element in x.flat:
            target[k] = primal_of(element, kind)
            k += 1
        return out

    return values


def value_below(x, kind):
    """The value of a number."""
    raise NotImplementedError("only compiled code calls this")


@overload(value_below)
def on_value(x, kind):
    return lambda x, kind: primal_of(x, kind)


def inputs_for(argnums):
    """Intrinsics that put arguments on a tape, and that collect their adjoints."""
    chosen = set(argnums)

    @intrinsic
    def lift(typingctx, args, header):
        kind = kind_of(typingctx, args.types)
        kinds = []
        for k, ty in enumerate(args.types):
            to = lifted_type(ty, kind) if k in chosen else copied_type(ty, kind)
            if to is None:
                raise errors.TypingError(f"argument {k} has the type {ty}, which has no derivative; expected floats or "
                                         "arrays of floats. Leave it out of argnums, or convert it")
            kinds.append(to)
        result = types.Tuple(kinds)

        def codegen(context, builder, signature, args):
            (values, header), parts = args, []
            for k, (ty, value) in enumerate(_split(context, builder, signature.args[0], values)):
                if k in chosen:
                    parts.append(_lift(context, builder, ty, value, kinds[k], header))
                else:
                    parts.append(value)
                    context.nrt.incref(builder, ty, value)
            return context.make_tuple(builder, result, parts)

        return result(args, types.int64), codegen

    @intrinsic
    def collect(typingctx, args, adjoints):
        kind = kind_of(typingctx, args.types)
        kinds = [plain_type(args.types[k], kind) for k in argnums]
        result = types.Tuple(kinds)

        def codegen(context, builder, signature, args):
            arguments, adjoints = args
            values = list(_split(context, builder, signature.args[0], arguments))
            gradients, first = {}, ir.Constant(WORD, 1)
            for k in sorted(chosen):
                ty, value = values[k]
                to = kinds[argnums.index(k)]
                gradients[k], first = _gather(context, builder, ty, value, to, adjoints, first)
            return context.make_tuple(builder, result, [gradients[k] for k in argnums])

        return result(args, types.int64), codegen

    return lift, collect


def runner(function):
    """An intrinsic that calls the copy of a function for the kind of its arguments."""

    @intrinsic
    def run(typingctx, inputs, kind):
        copy = types.Dispatcher(copies_for(kind).of(function))
        called = copy.get_call_type(typingctx, inputs.types, {})

        def codegen(context, builder, signature, args):
            values = cgutils.unpack_tuple(builder, args[0], len(inputs.types))
            values = [context.cast(builder, v, fr, to) for v, fr, to in zip(values, inputs.types, called.args)]
            return context.get_function(copy, called)(builder, values)

        return called.return_type(inputs, kind), codegen

    return run


def guarded(inner):
    """An intrinsic that calls ``inner(header, args)`` and gives the arena back if it raises."""

    @intrinsic
    def call_inner(typingctx, header, args):
        called = types.Dispatcher(inner).get_call_type(typingctx, (header, args), {})

        def codegen(context, builder, signature, args):
            found = compile_for(inner, called.args)
            context.add_linking_libs([found.library])
            status, result = context.call_internal_no_propagate(builder, found.fndesc, called, args)
            with cgutils.if_unlikely(builder, status.is_error):
                call(context, builder, release_arena, (types.int64,), (args[0],))
                context.call_conv.return_status_propagate(builder, status)
            return result

        return called.return_type(header, args), codegen

    return call_inner


# --- gradients --------------------------------------------------------------------------------------------------------


@intrinsic
def scalar_node(typingctx, y, kind):
    """The node of a result that has to be a number."""
    if not is_number(y):
        raise errors.TypingError(f"the gradient of a function that returns {y}: expected one number. "
                                 "Use jt.jacobian or jt.vjp for results of other shapes")

    def codegen(context, builder, signature, args):
        ty = signature.args[0]
        if not isinstance(ty, (Active, Form)) or depth_of(ty) < kind.depth:
            return ir.Constant(WORD, 0)
        active = as_active(context, builder, ty, args[0])
        return cgutils.create_struct_proxy(Active(ty.base))(context, builder, active).node

    return types.int64(y, kind), codegen


def seed_one(adjoints, node, kind):
    """Let the adjoint of a statement be 1."""
    raise NotImplementedError("only compiled code calls this")


@overload(seed_one)
def on_seed(adjoints, node, kind):
    _, store, _ = cell_access(cell_of(kind.base))

    def seed(adjoints, node, kind):
        if node != 0:
            store(adjoints, node & 0xFFFFFFFF, 1.0)

    return seed


def value_and_gradients(function, argnums, keep):
    """The dispatcher that computes a value and a tuple of gradients."""
    lift, collect = inputs_for(argnums)
    run = runner(function)

    def record_and_sweep(header, args):
        kind = kind_of_arguments(args)
        y = run(lift(args, header), kind)
        node = scalar_node(y, kind)
        adjoints = adjoints_of(header, cell_size(kind))
        seed_one(adjoints, node, kind)
        sweep(header, adjoints, kind)
        return below(y, kind), collect(args, adjoints)

    inside = guarded(numba.njit(record_and_sweep))

    def value_and_grad(*args):
        header = acquire_arena(cell_size(kind_of_arguments(args)))
        result = inside(header, args)
        release_arena(header)
        return result

    return compiled(value_and_grad, keep=keep, nogil=True)


