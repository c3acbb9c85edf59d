"""Gradients by the adjoint of a function's own statements, and the choice between it and the statement tape."""

import functools

from numba import types
from numba.extending import intrinsic

from ...numba_backend.kept_with_functions import kept_by_function
from ..compat import unpack_tuple
from ..statements.function_copies import finite
from .block_values import is_real
from .program_emission import Emission
from .result_emission import GivenSeeds, MovingSeed, MovingUnits, OneSeed, UnitSeeds, takes
from .result_reading import differentiated, leaves
from .saved_memory import Stack
from .saved_values import analyse
from .shared_emission import PieceEmission, piece_types
from .shared_loops import shared_loop
from .tree_reading import read_program
from .typed_code import Unstructured

DEFECT = "a defect of the passes that make adjoints of loops"
TAKEN = (types.Integer, types.Boolean)


def structured(function, argument_types, argnums, has_aux=False):
    """The tree of a function with all that emission has to know.

    With `has_aux` the function returns a pair, of which the first member is differentiated.

    Raises
    ------
    Unstructured
        If the statement tape differentiates the function.
    """
    found = _program_or_reason(function, tuple(types.unliteral(ty) for ty in argument_types), argnums, has_aux)
    if isinstance(found, str):
        raise Unstructured(found)
    return found


@kept_by_function
def _program_or_reason(function, kinds, argnums, has_aux):
    """The tree, or why there is none."""
    try:
        return _analysed(function, kinds, argnums, has_aux)
    except Unstructured as problem:
        return str(problem)  # not the exception, which holds all frames of the passes
    except Exception as problem:  # the passes failed: the tape can, so nobody has to wait; tests refuse this reason
        return f"{DEFECT}: {type(problem).__name__} {problem}"


def _analysed(function, kinds, argnums, has_aux):
    for k, ty in enumerate(kinds):
        _expect(ty, k, k in argnums)
    if len(kinds) != function.py_func.__code__.co_argcount:
        raise Unstructured("default values, or *arguments")
    program = read_program(function, kinds)
    analyse(program, argnums, has_aux)
    program.shared = shared_loop(program)
    return program


def _expect(ty, k, is_differentiated):
    element = ty.dtype if isinstance(ty, types.Array) and ty.aligned and ty.ndim else ty
    if not is_real(element) and (is_differentiated or not isinstance(element, TAKEN)):
        raise Unstructured(f"argument {k} of type {ty}")


def options_of(function):
    """Options of a user's function that hold in its adjoint."""
    chosen = {name: function.targetoptions[name] for name in ("error_model", "boundscheck") if name in function.targetoptions}
    return {**chosen, "fastmath": finite(function.targetoptions.get("fastmath", False))}


def structured_number(function, argument_types, argnums, has_aux=False):
    """The same for a function of which one number is differentiated.

    Raises
    ------
    Unstructured
        If the statement tape differentiates the function.
    """
    program = structured(function, argument_types, argnums, has_aux)
    if not is_real(differentiated(program, has_aux)[1]):
        raise Unstructured("a result that is not one number")
    return program


def structured_outputs(function, argument_types, cotangent, argnums, has_aux=False):
    """The same for a function whose outputs have a cotangent of a type.

    Raises
    ------
    Unstructured
        If the statement tape differentiates the function.
    """
    program = structured(function, argument_types, argnums, has_aux)
    if not takes(*differentiated(program, has_aux), cotangent):
        raise Unstructured(f"a cotangent of type {cotangent} for a result of type {program.returns}")
    return program


def structured_rows(function, argument_types, argnums, has_aux=False):
    """The same for a function of whose outputs there is a Jacobian.

    Raises
    ------
    Unstructured
        If the statement tape differentiates the function.
    """
    program = structured(function, argument_types, argnums, has_aux)
    for leaf in leaves(differentiated(program, has_aux)[0]):
        if not is_real(program.types[leaf] if isinstance(leaf, str) else leaf.element):
            raise Unstructured("a Jacobian of integers")
    return program


def structured_products(function, argument_types, directions, argnums):
    """The same for a function whose Hessian is multiplied with directions of these types.

    Raises
    ------
    Unstructured
        If that is computed with dual numbers.
    """
    program = structured_number(function, argument_types, argnums)
    if program.has_deviation:
        raise Unstructured("second derivatives of a standard deviation")
    for k, direction in zip(argnums, directions, strict=True):
        for ty in (argument_types[k], direction):
            if (ty.dtype if isinstance(ty, types.Array) and ty.aligned else types.unliteral(ty)) != types.float64:
                raise Unstructured(f"second derivatives of {ty}")
        if getattr(argument_types[k], "ndim", 0) != getattr(direction, "ndim", 0):
            raise Unstructured(f"a direction of type {direction}")
    return program


@functools.cache
def adjoint_by(argnums, has_aux=False, leaves_to_threads=False):
    """An intrinsic ``(function, header, args) -> (value, gradients, whether these are finite and not all zero)``."""

    @intrinsic
    def adjoint(typingctx, function, header, args):
        def seeds(dispatcher, given=None):  # Numba keeps this function, so not the program
            return OneSeed(structured_number(dispatcher, args.types, argnums, has_aux), has_aux)

        return _typed(seeds, function, header, args, leaves_to_threads=leaves_to_threads)

    return adjoint


@functools.cache
def piece_by(name, argnums, has_aux=False):
    """An intrinsic ``(function, header, numbers, args) -> (..., whether it has come to its end)``, of a piece of an adjoint."""

    @intrinsic
    def piece(typingctx, function, header, numbers, args):
        def seeds(dispatcher):
            return OneSeed(structured_number(dispatcher, args.types, argnums, has_aux), has_aux)

        own = seeds(function.dispatcher)
        result = types.Tuple([*piece_types(name, own, own.program), types.boolean])

        def codegen(context, builder, signature, given):
            own = seeds(signature.args[0].dispatcher)
            numbers, values = (unpack_tuple(builder, given[k], len(signature.args[k])) for k in (2, 3))
            stack = Stack(context, builder, given[1])
            found = PieceEmission(context, builder, own.program, values, stack, own, numbers).emit_piece(name)
            return context.make_tuple(builder, result, found)

        return result(function, types.int64, numbers, args), codegen

    return piece


@functools.cache
def pullback_by(argnums, has_aux=False):
    """An intrinsic ``(function, header, args, cotangent) -> (gradients, whether these are finite)``."""

    @intrinsic
    def pulled(typingctx, function, header, args, cotangent):
        def seeds(dispatcher, given=None):
            program = structured_outputs(dispatcher, args.types, cotangent, argnums, has_aux)
            return GivenSeeds(program, has_aux, cotangent, given)

        return _typed(seeds, function, header, args, cotangent)

    return pulled


@functools.cache
def products_by(argnums):
    """An intrinsic ``(function, header, args, directions) -> (gradients and products with Hessians, whether all is finite)``."""

    @intrinsic
    def product(typingctx, function, header, args, directions):
        def seeds(dispatcher, given=None):
            program = structured_products(dispatcher, args.types, directions.types, argnums)
            return MovingSeed(program, False, directions.types, given)

        return _typed(seeds, function, header, args, directions)

    return product


@functools.cache
def columns_by(argnums):
    """An intrinsic ``(function, header, args, first) -> (gradient and columns of the Hessian, whether all is finite)``.

    The columns, of number `first` and those after it, are the last axis, as many as `MovingUnits` has directions.
    """

    @intrinsic
    def columns(typingctx, function, header, args, first):
        def seeds(dispatcher, given=None):
            program = structured_products(dispatcher, args.types, [args.types[k] for k in argnums], argnums)
            return MovingUnits(program, False, None, given)

        return _typed(seeds, function, header, args, first)

    return columns


@functools.cache
def rows_by(argnums, has_aux=False):
    """An intrinsic ``(function, header, args) -> (value, (matrix,), whether that is finite)``, of the rows of a Jacobian."""

    @intrinsic
    def rows(typingctx, function, header, args):
        def seeds(dispatcher, given=None):
            return UnitSeeds(structured_rows(dispatcher, args.types, argnums, has_aux), has_aux)

        return _typed(seeds, function, header, args)

    return rows


def _typed(seeds, function, header, args, *more, **options):
    """What an intrinsic answers: the type of its results, and a function that generates their code."""
    program = seeds(function.dispatcher).program
    found, has_value = seeds(function.dispatcher).handed_out(program), seeds(function.dispatcher).hands_out_values
    gradients = found[has_value:]
    result = types.Tuple([*found[:has_value], types.Tuple(gradients), types.boolean])

    def codegen(context, builder, signature, given):
        own = seeds(signature.args[0].dispatcher, given[3] if more else None)
        values = unpack_tuple(builder, given[2], len(own.program.parameters))
        stack = Stack(context, builder, given[1])
        *found, is_usual = Emission(context, builder, own.program, values, stack, own, **options).emit()
        parts = [*found[:has_value], context.make_tuple(builder, types.Tuple(gradients), found[has_value:]), is_usual]
        return context.make_tuple(builder, result, parts)

    return result(function, types.int64, args, *more), codegen
