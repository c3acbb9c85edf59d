"""Gradients by the adjoint of a function's own statements, and the choice between it and the statement tape."""

import functools

from numba import types
from numba.extending import intrinsic

from ...numba_backend.kept_with_functions import kept_by_function
from ..compat import unpack_tuple
from ..numbers.array_types import array_of
from ..statements.function_copies import finite
from .program_emission import Emission
from .saved_memory import Stack
from .saved_values import analyse
from .tree_reading import read_program
from .typed_code import Unstructured

DEFECT = "a defect of the passes that make adjoints of loops"
TAKEN = (types.Integer, types.Boolean)


def structured(function, argument_types, argnums):
    """The tree of a function with all that emission has to know.

    Raises
    ------
    Unstructured
        If the statement tape differentiates the function.
    """
    found = _program_or_reason(function, tuple(types.unliteral(ty) for ty in argument_types), argnums)
    if isinstance(found, str):
        raise Unstructured(found)
    return found


@kept_by_function
def _program_or_reason(function, kinds, argnums):
    """The tree, or why there is none."""
    try:
        return _analysed(function, kinds, argnums)
    except Unstructured as problem:
        return str(problem)  # not the exception, which holds all frames of the passes
    except Exception as problem:  # the passes failed: the tape can, so nobody has to wait; tests refuse this reason
        return f"{DEFECT}: {type(problem).__name__} {problem}"


def _analysed(function, kinds, argnums):
    for k, ty in enumerate(kinds):
        _expect(ty, k, k in argnums)
    if len(kinds) != function.py_func.__code__.co_argcount:
        raise Unstructured("default values, or *arguments")
    program = read_program(function, kinds)
    analyse(program, argnums)
    return program


def _expect(ty, k, is_differentiated):
    element = ty.dtype if isinstance(ty, types.Array) and ty.aligned and ty.ndim else ty
    if element != types.float64 and (is_differentiated or not isinstance(element, TAKEN)):
        raise Unstructured(f"argument {k} of type {ty}")


def options_of(function):
    """Options of a user's function that hold in its adjoint."""
    chosen = {name: function.targetoptions[name] for name in ("error_model", "boundscheck") if name in function.targetoptions}
    return {**chosen, "fastmath": finite(function.targetoptions.get("fastmath", False))}


@functools.cache
def adjoint_by(argnums):
    """An intrinsic ``(function, header, args) -> (value, gradients, whether these are finite and not all zero)``."""

    @intrinsic
    def adjoint(typingctx, function, header, args):
        structured(function.dispatcher, args.types, argnums)
        gradients = types.Tuple([_gradient_type(args.types[k]) for k in argnums])
        result = types.Tuple([types.float64, gradients, types.boolean])

        def codegen(context, builder, signature, given):
            program = structured(signature.args[0].dispatcher, args.types, argnums)  # Numba keeps this function, not the program
            values = unpack_tuple(builder, given[2], len(program.parameters))
            emission = Emission(context, builder, program, values, Stack(context, builder, given[1]))
            value, found, is_usual = emission.emit()
            parts = [value, context.make_tuple(builder, gradients, found), is_usual]
            return context.make_tuple(builder, result, parts)

        return result(function, types.int64, args), codegen

    return adjoint


def _gradient_type(ty):
    return array_of(types.float64, ty.ndim) if isinstance(ty, types.Array) else types.float64
