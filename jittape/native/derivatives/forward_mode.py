"""Forward mode of compiled functions: Jacobian-vector products, and Jacobians a few columns at a time.

The copy of the function runs on dual numbers. Nothing is recorded, so the cost is that of the function times the number of
tangents, and memory does not grow.
"""

import functools

from numba import types
from numba.extending import intrinsic

from ..compat import TypingError, llvm_ir as ir
from ..numbers.array_types import array_of, element_type
from ..compilation.compile_cached import derivative, inside, means, only_compiled
from ..numbers.cells import is_seed, with_numeric_zero
from ..numbers.complex_numbers import below as below_type, complex_of, is_complex, part_of
from ..numbers.number_types import Dual, call_function, constant, depends_of, depth_of, is_number, make_dual, tangents_of
from .calls_of_copies import run
from .inputs import common_number, count_of, lifted_types, parts_count, plain_type, split_tuple, tuple_like, with_lifted
from .private_arguments import private_arguments
from .reached_results import note_result
from .outputs import PARTS, below, must_be_a_number
from ..tape_memory.arenas import WORD
from ..numbers.number_parts import flattened, new_array


def dual_kind(typingctx, kinds, width):
    """The dual number that a function of these arguments runs on."""
    return Dual(common_number(typingctx, kinds) or types.float64, width)


@intrinsic
def dual_with(typingctx, value, tangent, depends, like):
    """A dual number with one tangent, and whether anything flows from that."""

    def codegen(context, builder, signature, args):
        parts = [context.cast(builder, a, types.unliteral(ty), like.base) for a, ty in zip(args[:2], signature.args[:2])]
        return make_dual(context, builder, like, parts[0], parts[1:], builder.zext(args[2], WORD))

    return like(value, tangent, types.boolean, like), codegen


@intrinsic
def dual_seeded(typingctx, value, lane, like):
    """A dual number whose tangents are 0 except for 1 in one lane; all are 0 if the lane is out of range."""

    def codegen(context, builder, signature, args):
        value = context.cast(builder, args[0], types.unliteral(signature.args[0]), like.base)
        zero, one = [constant(context, builder, like.base, number) for number in (0.0, 1.0)]
        chosen = [builder.icmp_signed("==", args[1], ir.Constant(WORD, k)) for k in range(like.width)]
        bits = [builder.select(c, ir.Constant(WORD, 1 << k), ir.Constant(WORD, 0)) for k, c in enumerate(chosen)]
        depends = functools.reduce(builder.or_, bits)
        return make_dual(context, builder, like, value, [builder.select(c, one, zero) for c in chosen], depends)

    return like(value, types.int64, like), codegen


@intrinsic
def tangent_of(typingctx, number, lane, like):
    """One tangent of a number; zero if it has no tangents of this derivative."""

    def codegen(context, builder, signature, args):
        ty = signature.args[0]
        result = constant(context, builder, like.base, 0.0)
        if not isinstance(ty, Dual) or depth_of(ty) < like.depth:
            return result
        for k, tangent in enumerate(tangents_of(context, builder, ty, args[0])):
            chosen = builder.icmp_signed("==", args[1], ir.Constant(WORD, k))
            result = builder.select(chosen, context.cast(builder, tangent, ty.base, like.base), result)
        return result

    return like.base(number, types.int64, like), codegen


# --- inputs -----------------------------------------------------------------------------------------------------------


@only_compiled
def dual_of(x, x_dot, exact, like):
    """An argument with its tangent; from zeros of that nothing flows, from those that are `exact` only where they are -0.0."""


@means(dual_of)
def on_dual(x, x_dot, exact, like):
    if is_complex(x):

        def complex_number(x, x_dot, exact, like):
            return complex(dual_of(x.real, x_dot.real, exact, like.real), dual_of(x.imag, x_dot.imag, exact, like.real))

        return complex_number
    if is_number(x):
        return lambda x, x_dot, exact, like: dual_with(x, x_dot, is_seed(x_dot, exact), like)

    def array(x, x_dot, exact, like):
        if x.shape != x_dot.shape:
            raise ValueError("jvp: a tangent has another shape than its argument")
        out = new_array(x.shape, like)
        target, tangents, k = flattened(out), x_dot.flatten(), 0
        for value in x.flat:
            target[k] = dual_of(value, tangents[k], exact, like)
            k += 1
        return out

    return array


@only_compiled
def seeded(x, first, like):
    """An argument with unit tangents; `first` is the lane of its first element."""


@means(seeded)
def on_seeded(x, first, like):
    if is_complex(x):

        def complex_number(x, first, like):
            return complex(dual_seeded(x.real, first, like.real), dual_seeded(x.imag, first + 1, like.real))

        return complex_number
    if is_number(x):
        return lambda x, first, like: dual_seeded(x, first, like)

    def array(x, first, like):
        out = new_array(x.shape, like)
        target, k = flattened(out), 0
        for value in x.flat:
            target[k] = seeded(value, first, like)
            first += parts_count(like)
            k += 1
        return out

    return array


def _dual(context, builder, ty, value, tangent_ty, tangent, exact, to):
    if isinstance(ty, types.BaseTuple):
        parts = zip(split_tuple(builder, ty, value), split_tuple(builder, tangent_ty, tangent), to.types)
        return context.make_tuple(builder, to, [_dual(context, builder, *x, *d, exact, o) for x, d, o in parts])
    like = element_type(to)
    zero = constant(context, builder, like, 0.0)
    kinds = (ty, tangent_ty, types.boolean, like)
    return call_function(context, builder, dual_of, kinds, (value, tangent, exact, zero), to)


def _seeded(context, builder, ty, value, to, first):
    """The argument, and the lane after its last element."""
    if isinstance(ty, types.BaseTuple):
        parts = []
        for (t, v), o in zip(split_tuple(builder, ty, value), to.types):
            part, first = _seeded(context, builder, t, v, o, first)
            parts.append(part)
        return context.make_tuple(builder, to, parts), first
    like = element_type(to)
    zero = constant(context, builder, like, 0.0)
    part = call_function(context, builder, seeded, (ty, types.int64, like), (value, first, zero), to)
    return part, builder.add(first, count_of(context, builder, ty, value))


@functools.cache
def dual_inputs(argnums, width, exact=False):
    """Intrinsics: arguments with given tangents, arguments with unit tangents, and a zero of their kind."""
    position = {k: n for n, k in enumerate(argnums)}

    @intrinsic
    def lift(typingctx, args, tangents):
        if len(tangents.types) != len(argnums):
            raise TypingError(f"jvp: got {len(tangents.types)} tangents for {len(argnums)} arguments")
        for k, tangent in zip(argnums, tangents.types):
            if is_complex(element_type(tangent)) and not is_complex(element_type(args.types[k])):
                raise TypingError(f"jvp: a tangent has the type {tangent}, expected real numbers for argument {k}")
        result = lifted_types(args.types, position, dual_kind(typingctx, (*args.types, *tangents.types), width))

        def codegen(context, builder, signature, given):
            directions = list(split_tuple(builder, signature.args[1], given[1]))
            is_exact = context.get_constant(types.boolean, exact)

            def lifted(k, ty, value):
                return _dual(context, builder, ty, value, *directions[position[k]], is_exact, result.types[k])

            return with_lifted(context, builder, signature.args[0], given[0], result, position, lifted)

        return result(args, tangents), codegen

    @intrinsic
    def lift_units(typingctx, args, first):
        result = lifted_types(args.types, position, dual_kind(typingctx, args.types, width))

        def codegen(context, builder, signature, given):
            lane = builder.neg(given[1])

            def lifted(k, ty, value):
                nonlocal lane
                part, lane = _seeded(context, builder, ty, value, result.types[k], lane)
                return part

            return with_lifted(context, builder, signature.args[0], given[0], result, position, lifted)

        return result(args, types.int64), codegen

    @intrinsic
    def kind(typingctx, args):
        ty = dual_kind(typingctx, args.types, width)
        return ty(args), lambda context, builder, signature, given: constant(context, builder, ty, 0.0)

    return lift, lift_units, kind


@functools.cache
def counter(argnums):
    """An intrinsic that counts the numbers in the differentiated arguments."""

    @intrinsic
    def count(typingctx, args):
        def codegen(context, builder, signature, given):
            total = ir.Constant(WORD, 0)
            for k, (ty, value) in enumerate(split_tuple(builder, signature.args[0], given[0])):
                if k in argnums:
                    total = builder.add(total, count_of(context, builder, ty, value))
            return total

        return types.int64(args), codegen

    return count


# --- outputs ----------------------------------------------------------------------------------------------------------


@intrinsic
def only_tangent(typingctx, number, exact, like):
    """The tangent of a number that has one; where nothing flows zero, or if tangents are `exact` -0.0."""

    def codegen(context, builder, signature, args):
        ty, base = signature.args[0], like.base
        marked, zero = [constant(context, builder, base, number) for number in (-0.0, 0.0)]
        if not isinstance(ty, Dual) or depth_of(ty) < like.depth:
            return builder.select(args[1], marked, zero)
        tangent = context.cast(builder, tangents_of(context, builder, ty, args[0])[0], ty.base, base)
        flows = builder.icmp_unsigned("!=", depends_of(context, builder, ty, args[0]), ir.Constant(WORD, 0))
        told = builder.select(flows, with_numeric_zero(context, builder, base, tangent), marked)
        return builder.select(args[1], told, tangent)

    return like.base(number, types.boolean, like), codegen


@functools.cache
def tangents_below(exact):
    """An intrinsic ``(y, kind) -> tangent``: the tangent of a result, in the result's form."""

    @intrinsic
    def tangents(typingctx, y, kind):
        to = _tangent_type(y, kind)

        def codegen(context, builder, signature, args):
            is_exact = context.get_constant(types.boolean, exact)
            return _tangent(context, builder, signature.args[0], args[0], is_exact, to, kind)

        return to(y, kind), codegen

    return tangents


def _tangent_type(ty, kind):
    if isinstance(ty, types.BaseTuple):
        return tuple_like(ty, [_tangent_type(t, kind) for t in ty.types])
    element = element_type(ty)
    base = below_type(element) if depth_of(element) == kind.depth else kind.base
    base = complex_of(part_of(base)) if is_complex(element) else base
    return array_of(base, ty.ndim) if isinstance(ty, types.Array) else base


def _tangent(context, builder, ty, value, exact, to, kind):
    if isinstance(ty, types.BaseTuple):
        parts = zip(split_tuple(builder, ty, value), to.types)
        return context.make_tuple(builder, to, [_tangent(context, builder, t, v, exact, o, kind) for (t, v), o in parts])
    zeros = [constant(context, builder, element_type(to), 0.0), constant(context, builder, kind, 0.0)]
    kinds = (ty, types.boolean, element_type(to), kind)
    return call_function(context, builder, tangent_in, kinds, (value, exact, *zeros), to)


@only_compiled
def tangent_in(y, exact, zero, like):
    """The tangent of a number or an array."""


@means(tangent_in)
def on_tangent(y, exact, zero, like):
    if is_complex(y):
        return lambda y, exact, zero, like: complex(only_tangent(y.real, exact, like), only_tangent(y.imag, exact, like))
    if not isinstance(y, types.Array):
        return lambda y, exact, zero, like: only_tangent(y, exact, like)

    def array(y, exact, zero, like):
        out = new_array(y.shape, zero)
        target, k = flattened(out), 0
        for element in y.flat:
            target[k] = tangent_in(element, exact, zero, like)
            k += 1
        return out

    return array


def pushforward(function, argnums, has_aux, keep, exact=False):
    """The dispatcher of `pushed`."""
    return derivative(pushed(function, argnums, has_aux, exact), keep)


def pushed(function, argnums, has_aux=False, exact=False):
    """``(*primals, *tangents) -> (value, tangent)``, or with auxiliary data as third.

    With `exact` a structural zero of a tangent is -0.0, in those given and in the answer; otherwise every zero of a given one is
    structural.
    """
    lift, _, kind_of = dual_inputs(argnums, 1, exact)
    tangents, moving_part, private = tangents_below(exact), PARTS[has_aux], private_arguments(argnums)
    answer, last = _with_tangent_aux if has_aux else _with_tangent, -len(argnums)

    def jvp(*args):
        primals, directions = args[:last], args[last:]
        kind = kind_of((primals, directions))
        result = run(function, lift(private(function, primals), directions), kind)
        return answer(result, tangents(moving_part(result), kind), kind)

    return jvp


@inside
def _with_tangent(result, tangent, kind):
    return below(result, kind), tangent


@inside
def _with_tangent_aux(result, tangent, kind):
    return below(result[0], kind), tangent, below(result[1], kind)


# --- gradients by few numbers -----------------------------------------------------------------------------------------


@functools.cache
def tangents_for(argnums):
    """An intrinsic: the tangents of a number, in the order of `argnums`, with the types of those arguments."""
    order = sorted(argnums)

    @intrinsic
    def tangents(typingctx, y, kind, args):
        result = types.Tuple([plain_type(args.types[k], kind) for k in argnums])

        def codegen(context, builder, signature, given):
            ty = signature.args[0]
            if isinstance(ty, Dual) and depth_of(ty) == kind.depth:
                base, found = ty.base, tangents_of(context, builder, ty, given[0])
            else:
                base, found = kind.base, [constant(context, builder, kind.base, 0.0)] * len(argnums)
            parts = [context.cast(builder, found[order.index(k)], base, to) for k, to in zip(argnums, result.types)]
            return context.make_tuple(builder, result, parts)

        return result(y, kind, args), codegen

    return tangents


def tangent_gradient(function, argnums, value_in, answer):
    """``(*args) -> answer``: the gradient with respect to a few numbers, from one run with a tangent for each."""
    _, lift, kind_of = dual_inputs(argnums, len(argnums))
    tangents, private = tangents_for(argnums), private_arguments(argnums)

    def tangent(*args):
        kind = kind_of(args)
        result = run(function, lift(private(function, args), 0), kind)
        y = value_in(result)
        must_be_a_number(y)
        note_result(y, kind)
        return answer(below(result, kind), tangents(y, kind, args))

    return tangent
