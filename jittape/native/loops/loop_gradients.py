"""Gradients by the adjoint of a function's own statements, and the choice between it and the statement tape."""

import functools

from numba import types
from numba.extending import intrinsic

from ...numba_backend.kept_with_functions import kept_by_function
from ..compat import unpack_tuple
from ..numbers.array_types import array_of
from ..statements.function_copies import finite
from .program_emission import Emission
from .result_emission import handed_out, takes
from .result_reading import differentiated
from .saved_memory import Stack
from .saved_values import analyse
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
    return program


def _expect(ty, k, is_differentiated):
    element = ty.dtype if isinstance(ty, types.Array) and ty.aligned and ty.ndim else ty
    if element != types.float64 and (is_differentiated or not isinstance(element, TAKEN)):
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
    if differentiated(program, has_aux)[1] != types.float64:
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


@functools.cache
def adjoint_by(argnums, has_aux=False):
    """An intrinsic ``(function, header, args) -> (value, gradients, whether these are finite and not all zero)``."""

    @intrinsic
    def adjoint(typingctx, function, header, args):
        program = structured_number(function.dispatcher, args.types, argnums, has_aux)
        result = types.Tuple([handed_out(program.outputs, program.returns), _gradient_types(args.types, argnums), types.boolean])

        def codegen(context, builder, signature, given):
            # Numba keeps this function, not the program
            program = structured_number(signature.args[0].dispatcher, args.types, argnums, has_aux)
            seeds = differentiated(program, has_aux)[0], None, None
            value, *found, is_usual = _emitted(context, builder, program, given, seeds)
            gradients = context.make_tuple(builder, result.types[1], found)
            return context.make_tuple(builder, result, [value, gradients, is_usual])

        return result(function, types.int64, args), codegen

    return adjoint


@functools.cache
def pullback_by(argnums, has_aux=False):
    """An intrinsic ``(function, header, args, cotangent) -> (gradients, whether these are finite)``."""

    @intrinsic
    def pulled(typingctx, function, header, args, cotangent):
        structured_outputs(function.dispatcher, args.types, cotangent, argnums, has_aux)
        result = types.Tuple([_gradient_types(args.types, argnums), types.boolean])

        def codegen(context, builder, signature, given):
            program = structured_outputs(signature.args[0].dispatcher, args.types, cotangent, argnums, has_aux)
            seeds = differentiated(program, has_aux)[0], cotangent, given[3]
            *found, is_usual = _emitted(context, builder, program, given, seeds)
            return context.make_tuple(builder, result, [context.make_tuple(builder, result.types[0], found), is_usual])

        return result(function, types.int64, args, cotangent), codegen

    return pulled


def _emitted(context, builder, program, given, seeds):
    values = unpack_tuple(builder, given[2], len(program.parameters))
    return Emission(context, builder, program, values, Stack(context, builder, given[1]), seeds).emit()


def _gradient_types(kinds, argnums):
    return types.Tuple([_gradient_type(kinds[k]) for k in argnums])


def _gradient_type(ty):
    return array_of(types.float64, ty.ndim) if isinstance(ty, types.Array) else types.float64
