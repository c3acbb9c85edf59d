"""NumPy's functions in compiled code: what the operation table knows of them is enough.

A call is compiled in the first of these ways that fits the types of its arguments:

* without derivatives it is NumPy's function, as Numba has it;
* with an array for the result (``out=``), it is the call without that array, whose result is written there;
* a native kernel (`native_kernels`) runs loops on differentiated numbers;
* Python evaluates the function: all arguments are laid into one vector (`argument_vectors`), and the declaration gives value,
  pullback and pushforward (`table_vectors`). That takes some 100 us for a value and 300 us for a pullback, whatever the size.

Functions whose code in Numba runs on differentiated numbers (`numbas_views`) have no other.

What is known when such a call is compiled (the function, which arguments are arrays, constants) is written into the machine code
as a text, because that outlives the process that compiled it.
"""

import functools
import inspect
import json
from typing import NamedTuple

import numpy as np
from numba import types
from numba.extending import lower_builtin

from ...ops.array_protocols import OPERANDS
from ...ops.declare_elementwise import Elementwise
from ...ops.declare_structured import Structured
from ...ops.operation_names import BY_NUMPY, follow_declarations, numpy_functions_of
from ..compat import AbstractTemplate, NumbaError, fold_arguments, infer_global
from ..compilation.compile_cached import inside, only_compiled, overloaded
from ..containers.nested_sequences import as_operand, is_sequence
from ..numbers.array_types import array_of, element_type, is_array
from ..numbers.number_parts import new_array, zero_of
from ..numbers.number_types import call_typed, cell_of, depth_of, in_precision, rebase, stored
from ..numbers.operation_rules import result_type
from ..numbers.predicates import primal_type
from ..statement_tape.entry_writers import vector
from ..statement_tape.python_requests import LENGTHS, LENGTHS_COUNT, RESULTS, TEXT, TEXT_LENGTH, ask_shapes, text_address
from ..statement_tape.table_functions import ARRAY, CONSTANT, DTYPE, NUMBER, PASSIVE_ARRAY, PASSIVE_NUMBER, TUPLE, VALUE
from ..statement_tape.table_vectors import results_of
from ..statements.function_copies import SUBSTITUTES, substitute
from ..statements.overload_copies import without_derivatives
from ..numbers.complex_numbers import complex_of, part_of
from .complex_pairs import as_pairs, from_pairs, holds_complex, in_pairs
from .argument_vectors import plain_numbers, gatherer, scatterer
from .native_kernels import KERNELS, NUMBAS_OWN, complex_kernel, native_kernel


# --- what is known when a call is compiled ----------------------------------------------------------------------------------


class NotForTheTable(Exception):
    """A type that cannot be handed to the table."""


class Piece(NamedTuple):
    """An argument, or a member of one, that is given at run time: where it stands, and its type."""

    path: tuple
    kind: types.Type


def _described(ty, path, pieces):
    """The description of an argument (`table_functions`); what is given at run time is added to the pieces."""
    if isinstance(ty, types.NoneType):
        return [CONSTANT, None]
    if isinstance(ty, types.Literal) and isinstance(ty.literal_value, (int, str)):
        return [CONSTANT, ty.literal_value]
    if isinstance(ty, types.BaseTuple):
        return [TUPLE, [_described(t, (*path, k), pieces) for k, t in enumerate(ty.types)]]
    if isinstance(ty, (types.NumberClass, types.DType)):
        return [DTYPE, str(getattr(ty, "dtype", ty))]
    element = primal_type(element_type(ty))
    if not isinstance(element, (types.Float, types.Integer, types.Boolean, types.Complex)):
        raise NotForTheTable(ty)
    pieces.append(Piece(path, ty))
    passive, whole = not depth_of(element_type(ty)), isinstance(ty, types.Array)
    kind = (PASSIVE_ARRAY if whole else PASSIVE_NUMBER) if passive else (ARRAY if whole else NUMBER)
    return [kind, str(element), (ty.ndim if whole else 0) + holds_complex(ty)]


def _result(ty, like):
    """The type of a result that has the type `ty` on plain numbers."""
    if isinstance(ty, types.Optional):  # of functions that Numba cannot see to return
        return _result(ty.type, like)
    if isinstance(ty, types.BaseTuple):
        return types.Tuple([_result(t, like) for t in ty.types])
    if isinstance(ty, types.Array):
        return array_of(_result(ty.dtype, like), ty.ndim)
    if isinstance(ty, types.Float):
        return in_precision(like, ty)
    if isinstance(ty, types.Complex):
        return complex_of(in_precision(like, part_of(ty)))
    if isinstance(ty, (types.Integer, types.Boolean)):
        return types.unliteral(ty)
    raise NotForTheTable(ty)


def _leaves(ty):
    if isinstance(ty, (types.List, types.ListType)):
        return _leaves(ty.dtype)
    return [leaf for t in ty.types for leaf in _leaves(t)] if isinstance(ty, types.BaseTuple) else [ty]


def has_derivatives(ty):
    """Whether a type of an argument has derivatives, in a tuple or list too."""
    return any(depth_of(element_type(leaf)) for leaf in _leaves(ty))


def _number_type(typingctx, pieces):
    """The number type that all pieces are converted to; the partials of the tape are float64 whatever the numbers are."""
    kinds = [part_of(types.unliteral(element_type(piece.kind))) for piece in pieces]
    found = result_type(typingctx, [ty for ty in kinds if depth_of(ty)])
    if found is None:
        raise NotForTheTable(kinds)
    return rebase(stored(found), cell_of(stored(found).base))


@functools.cache
def _implementation(text, like, result, axes):
    """The function ``pieces -> results`` for a call."""
    address, length = text_address(text), len(text.encode())
    gather, scatter = gatherer(like), scatterer(result)
    result_axes = sum([getattr(leaf, "ndim", 0) for leaf in _leaves(result)])

    def run(pieces):
        request, shapes = np.empty(LENGTHS + axes, np.int64), np.empty(result_axes, np.int64)
        request[TEXT], request[TEXT_LENGTH], request[LENGTHS_COUNT] = address(), length, axes
        x = gather(pieces, request)
        numbers = plain_numbers(x)
        ask_shapes(request.ctypes.data, numbers.ctypes.data, shapes.ctypes.data, len(numbers))
        y = results_of(x, request[RESULTS], request.ctypes.data, VALUE)
        return scatter(y, shapes, request)  # which is in use until here

    return overloaded(lambda pieces: run)


# --- ways to compile a call ---------------------------------------------------------------------------------------------


def calling(function):
    """Lowering that calls another function of compiled code with the same arguments."""

    def lower(context, builder, signature, args):
        given = list(signature.args)
        while given and isinstance(given[-1], types.Omitted):  # some of Numba's functions take the value, not this type
            given.pop()
        found = resolved(context.typing_context, function, tuple(given), {})
        args = [context.cast(builder, *x) for x in zip(args, given, found.args)]
        args += [context.get_constant_generic(builder, ty, ty.value) for ty in found.args[len(given) :]]
        context.refresh()
        called = context.get_function(context.typing_context.resolve_value_type(function), found)
        return context.cast(builder, called(builder, args), found.return_type, signature.return_type)

    return lower


def resolved(typingctx, function, args, kws):
    """The signature of a call of a function of compiled code."""
    typingctx.refresh()
    return typingctx.resolve_value_type(function).get_call_type(typingctx, args, kws)


def _without_derivatives(typingctx, original, args, kws):
    if any(map(has_derivatives, (*args, *kws.values()))):
        return None
    return resolved(typingctx, original, args, kws), calling(original)


def _tried(typingctx, function, args, kws):
    """A call of another function of compiled code; None where that has no code for these types, or fewer parameters."""
    try:
        found = resolved(typingctx, function, args, kws)
    except (NumbaError, TypeError):
        return None
    return None if found is None else (found, calling(function))


OUT = "out"


@inside
def _stored(value, out):
    out[...] = value
    return out


def _into_an_array(typingctx, original, args, kws):
    """A call with ``out=``: what Python gets are copies of arrays, so it cannot write to them."""
    names = _parameters(original)
    if OUT not in names:
        return None
    at, out = names.index(OUT), _array_to_write(original, args, kws)
    if out is None:
        return None
    function, others = meaning_of(original), {name: ty for name, ty in kws.items() if name != OUT}
    found = resolved(typingctx, function, (*args[:at], *args[at + 1 :]), others)
    if found is None:
        return None
    if found.pysig is not None and OUT in found.pysig.parameters:
        at, pysig = list(found.pysig.parameters).index(OUT), found.pysig
        folded = fold_arguments(pysig, args, kws, _given, _omitted, _given)
    elif not kws:
        folded, pysig = args, None
    elif not others:
        folded, at, pysig = (*args, out), len(args), _by_position([*names[: len(args)], OUT])
    else:
        return None
    call = calling(function)

    def lower(context, builder, signature, given):
        kinds, rest = (list(items[:at]) + list(items[at + 1 :]) for items in (signature.args, given))
        result = call(context, builder, found.return_type(*kinds), rest)
        return call_typed(context, builder, _stored, (found.return_type, out), (result, given[at]))[1]

    return out(*folded).replace(pysig=pysig), lower


def _by_position(names):
    """The signature of a function with parameters of these names."""
    return inspect.Signature([inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in names])


def _array_to_write(original, args, kws):
    """The type of the array that a call is to write its result to; None without one."""
    names = _parameters(original)
    at = names.index(OUT) if OUT in names else len(args)
    out = kws[OUT] if OUT in kws else args[at] if at < len(args) else None
    return out if isinstance(out, types.Array) else None


@functools.cache
def _parameters(original):
    """The parameters of a function of NumPy; none where NumPy does not tell."""
    try:
        return list(inspect.signature(original).parameters)
    except ValueError:
        return []


def _of_sequences(typingctx, original, args, kws):
    """A call with lists or tuples of numbers in the place of arrays: of the arrays that NumPy makes of them."""
    names = _parameters(original)
    where = [k for k, (name, ty) in enumerate(zip(names, args)) if name in OPERANDS and is_sequence(ty)]
    if not where:
        return None
    asked = [resolved(typingctx, as_operand, (ty,), {}) if k in where else None for k, ty in enumerate(args)]
    found = resolved(typingctx, meaning_of(original), tuple([a.return_type if a else ty for a, ty in zip(asked, args)]), kws)
    if found is None or found.pysig is not None and kws:
        return None
    convert, call = calling(as_operand), calling(meaning_of(original))

    def lower(context, builder, signature, given):
        arrays = [convert(context, builder, a, [x]) if a else x for a, x in zip(asked, given)]
        kinds = [a.return_type if a else ty for a, ty in zip(asked, signature.args)]
        return call(context, builder, found.return_type(*kinds), arrays)

    return found.return_type(*args), lower


def _by_kernel(typingctx, original, args, kws):
    return _tried(typingctx, KERNELS[original], args, kws) if original in KERNELS else None


def _by_table(typingctx, original, args, kws):
    """The result has the type that Numba gives it on plain numbers."""
    if original not in BY_NUMPY or _array_to_write(original, args, kws) is not None:
        return None  # what Python wrote to its copy of that array would be lost
    try:
        on_floats = [without_derivatives(ty, "C") for ty in args]  # arrays are contiguous when Python gets them
        plain = resolved(typingctx, original, tuple(on_floats), {k: without_derivatives(v, "C") for k, v in kws.items()})
    except NumbaError:
        return None
    if plain is None:
        return None
    folded = args
    if plain.pysig is not None:
        folded = fold_arguments(plain.pysig, args, kws, _given, _omitted, _given)
    pieces, positional, named = [], [], {}
    names = [None] * len(folded) if plain.pysig is None else list(plain.pysig.parameters)
    left_out = False
    try:
        for k, (name, ty) in enumerate(zip(names, folded)):
            if isinstance(ty, types.Omitted):
                left_out = True
            elif left_out:
                named[name] = _described(ty, (k,), pieces)
            else:
                positional.append(_described(ty, (k,), pieces))
        like = _number_type(typingctx, pieces)
        result = _result(plain.return_type, like)
    except NotForTheTable:
        return None
    about = [
        original.__module__,
        original.__name__,
        positional,
        named,
        [[getattr(t, "ndim", 0), holds_complex(t)] for t in _leaves(result)],
    ]
    axes = sum([getattr(piece.kind, "ndim", 0) + holds_complex(piece.kind) for piece in pieces])
    run = _implementation(json.dumps(about), like, in_pairs(result), axes)
    return result(*folded).replace(pysig=plain.pysig), _handing_over(run, pieces)


def _given(index, parameter, value):
    return value


def _omitted(index, parameter, default):
    return types.Omitted(default)


def _handing_over(run, pieces):
    """Lowering that calls ``run`` with a tuple of the arguments that are given at run time."""

    def lower(context, builder, signature, args):
        kinds, given = [], []
        for path, kind in pieces:
            value, *inner = args[path[0]], *path[1:]
            for k in inner:
                value = builder.extract_value(value, k)
            to = stored(types.unliteral(kind))
            to, value = as_pairs(context, builder, to, context.cast(builder, value, kind, to))
            kinds.append(to)
            given.append(value)
        members = types.Tuple(kinds)
        found = call_typed(context, builder, run, (members,), (context.make_tuple(builder, members, given),))[1]
        return from_pairs(context, builder, signature.return_type, found)

    return lower


@functools.cache
def meaning_of(original):
    """What copies of users' functions see in the place of a function of NumPy."""
    function = only_compiled(original)
    code = {}  # types of arguments -> lowering

    class NumpyTemplate(AbstractTemplate):
        key = function
        prefer_literal = True

        def generic(self, args, kws):
            for way in (_without_derivatives, _of_sequences, _into_an_array, _by_kernel, _by_table):
                found = way(self.context, original, args, kws)
                if found is not None:
                    signature, code[found[0].args] = found
                    return signature
            return None

    def lower(context, builder, signature, args):
        return code[signature.args](context, builder, signature, args)

    infer_global(function, types.Function(NumpyTemplate))
    lower_builtin(function, types.VarArg(types.Any))(lower)
    return function


# --- following the declarations -------------------------------------------------------------------------------------------------


def _loop_along_a_vector(function, operation):
    """The kernel of an operation that declares a loop: that of all elements as a vector."""
    loop = inside(operation.loop)

    def run(x):
        out = new_array(x.size, zero_of(x, x))
        if x.size > 0:
            loop(vector(x), out, 0, 1, x.size)
        return out

    def on_arrays(x):
        return run if is_array(x) else None

    native_kernel(function, on_arrays)
    complex_kernel(function)(lambda x: run)


def _declare_function(function):
    """Give NumPy's functions of a declared function a meaning in copies, where there is none yet."""
    operation = getattr(function, "operation", None)
    if isinstance(operation, Elementwise):
        return
    if isinstance(operation, Structured) and operation.loop is not None:
        _loop_along_a_vector(function, operation)
    for original in numpy_functions_of(function):
        if not isinstance(original, np.ufunc) and id(original) not in SUBSTITUTES and original not in NUMBAS_OWN:
            substitute(original)(lambda kind, original=original: meaning_of(original))
            SUBSTITUTED.add(original)


def _forget_function(function):
    """Let copies see NumPy's functions of a withdrawn function as they are."""
    for original in SUBSTITUTED.intersection(numpy_functions_of(function)):
        SUBSTITUTED.discard(original)
        del SUBSTITUTES[id(original)]


SUBSTITUTED = set()  # functions of NumPy
follow_declarations(_declare_function, _forget_function)
for _original in KERNELS:
    if id(_original) not in SUBSTITUTES:
        substitute(_original)(lambda kind, original=_original: meaning_of(original))
