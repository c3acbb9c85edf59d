"""Calls of the copy of a differentiated function, with arguments on a tape or with tangents."""

from numba import types
from numba.extending import intrinsic

from ..compat import NumbaError, fix_returning_optional, fold_arguments, if_unlikely
from ..containers.nested_sequences import has_recorded_lists, with_arrays
from ..numbers.array_types import array_of
from ..numbers.complex_numbers import recorded_number
from ..numbers.number_parts import converted_array
from ..numbers.number_types import call_function, compile_for, constant
from ..statements.function_copies import copies_for
from .inputs import split_tuple
from .numba_causes import is_of_plain_arrays


def _called(typingctx, function, kinds, kind):
    """The signature of a copy's call, and the types of the arguments as a tuple if they are not those that are given.

    Arrays of data hold plain floats, and so do those that the function computes of data, unless it has no code for that: it may
    write numbers with derivatives into them.
    """
    copy = copies_for(kind).of(function)
    try:
        return types.Dispatcher(copy).get_call_type(typingctx, kinds, {}), None
    except NumbaError as problem:
        if not is_of_plain_arrays(str(problem)):
            raise
        recording, recorded = copies_for(kind, True).of(function), tuple([_recorded_data(ty, kind) for ty in kinds])
        try:
            return types.Dispatcher(recording).get_call_type(typingctx, recorded, {}), types.Tuple(recorded)
        except NumbaError:
            pass
        raise


def _recorded_data(ty, kind):
    """The type that an array of data gets where the function writes numbers with derivatives into it."""
    element = recorded_number(kind, ty.dtype) if type(ty) is types.Array and ty.mutable else None
    return ty if element is None else array_of(element, ty.ndim)


def _recorded(context, builder, ty, inputs, to):
    """The arguments with arrays of data as arrays of numbers without derivatives."""
    parts = []
    for (own, value), wanted in zip(split_tuple(builder, ty, inputs), to.types):
        if own != wanted:
            zero = constant(context, builder, wanted.dtype, 0.0)
            value = call_function(context, builder, converted_array, (own, wanted.dtype), (value, zero), wanted)
        else:
            context.nrt.incref(builder, own, value)
        parts.append(value)
    return context.make_tuple(builder, to, parts)


@intrinsic
def run(typingctx, function, inputs, kind):
    """Call the copy of a function for a kind of numbers.

    The function is an argument: an intrinsic that has it, or its copy, as a constant would keep both, and their code, for ever.
    """
    called, recorded = _called(typingctx, function.dispatcher, inputs.types, kind)
    answered = called.return_type
    if has_recorded_lists(answered):
        answered = typingctx.resolve_value_type(with_arrays).get_call_type(typingctx, (answered,), {}).return_type

    def codegen(context, builder, signature, args):
        kinds, inputs = [signature.args[1]], [args[1]]  # what is released at the end
        if recorded is not None:
            kinds.append(recorded)
            inputs.append(_recorded(context, builder, kinds[0], inputs[0], recorded))
        values = _folded(context, builder, called, list(split_tuple(builder, kinds[-1], inputs[-1])))
        copy = copies_for(kind, recorded is not None).of(signature.args[0].dispatcher)
        found = compile_for(copy, called.args)
        context.add_linking_libs([found.library])
        status, result = context.call_internal_no_propagate(builder, found.fndesc, found.signature, values)
        with if_unlikely(builder, status.is_error):  # control does not return to the caller, so its arrays are released here
            for ty, value in zip(kinds, inputs):
                context.nrt.decref(builder, ty, value)
            context.call_conv.return_status_propagate(builder, status)
        result = fix_returning_optional(context, builder, found.signature, status, result)
        if recorded is not None:
            context.nrt.decref(builder, recorded, inputs[-1])
        return result if answered == called.return_type else _in_arrays(context, builder, called.return_type, result, answered)

    return answered(function, inputs, kind), codegen


def _in_arrays(context, builder, ty, result, to):
    """A result with arrays in the place of lists, which are released."""
    arrays = call_function(context, builder, with_arrays, (ty,), (result,), to)
    context.nrt.decref(builder, ty, result)
    return arrays


def _folded(context, builder, called, given):
    """Values of arguments as a signature takes them: with defaults, and the rest in a tuple."""

    def normal(index, parameter, pair):
        return context.cast(builder, pair[1], pair[0], called.args[index])

    def default(index, parameter, value):
        return context.get_constant_null(called.args[index])

    def rest(index, parameter, pairs):
        ty = called.args[index]
        return context.make_tuple(builder, ty, [context.cast(builder, v, fr, to) for (fr, v), to in zip(pairs, ty.types)])

    return fold_arguments(called.pysig, given, {}, normal, default, rest)
