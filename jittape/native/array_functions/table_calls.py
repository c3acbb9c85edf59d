"""NumPy's functions in compiled code: what the operation table knows of them is enough.

Where a function has a native kernel for the types of a call, that runs.  Everything else is evaluated by Python: all arguments are
laid into one vector, and the declaration gives value, pullback and pushforward (`table_vectors`).  A call, and its part of a sweep,
cost some 100 us beside the arithmetic.

What is known when the call is compiled (the function, which arguments are arrays, constants) is written into the machine code as a
text, because that outlives the process that compiled it.
"""

import functools
import json
from typing import NamedTuple

import numpy as np
from numba import types
from numba.extending import intrinsic, lower_builtin

from ...ops.declare_elementwise import Elementwise
from ...ops.declare_structured import Structured
from ...ops.operation_names import follow_declarations, numpy_functions_of
from ..compat import AbstractTemplate, NumbaError, fold_arguments, gep_inbounds, infer_global, llvm_ir as ir, unpack_tuple
from ..compilation.compile_cached import inside, only_compiled, overloaded
from ..numbers.array_types import allocate, array_of, element_type, is_array
from ..numbers.number_parts import flattened, new_array, zero_of
from ..numbers.number_types import Differential, call_function, call_typed, cell_of, depth_of, rebase, stored
from ..numbers.operation_rules import result_type
from ..numbers.predicates import primal, primal_type
from ..statement_tape.entry_writers import values, vector
from ..statement_tape.python_requests import INPUTS, LENGTHS, LENGTHS_COUNT, RESULTS, TEXT, TEXT_LENGTH, ask_shapes, text_address
from ..statement_tape.table_functions import ARRAY, CONSTANT, DTYPE, NUMBER, PASSIVE_ARRAY, PASSIVE_NUMBER, TUPLE, VALUE
from ..statement_tape.table_vectors import results_of
from ..statements.function_copies import SUBSTITUTES, substitute
from .native_kernels import KERNELS, native_kernel

WORD = ir.IntType(64)


# --- what is known when a call is compiled ----------------------------------------------------------------------------------


class Unfit(Exception):
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
        return [DTYPE, str(ty.dtype)]
    element = primal_type(element_type(ty))
    if not isinstance(element, (types.Float, types.Integer, types.Boolean)):
        raise Unfit(ty)
    pieces.append(Piece(path, ty))
    passive, whole = not depth_of(element_type(ty)), isinstance(ty, types.Array)
    kind = (PASSIVE_ARRAY if whole else PASSIVE_NUMBER) if passive else (ARRAY if whole else NUMBER)
    return [kind, str(element), ty.ndim if whole else 0]


def _plain(ty):
    """A type without derivatives; arrays contiguous, as they are when Python gets them."""
    if isinstance(ty, types.BaseTuple):
        return types.BaseTuple.from_types(tuple(map(_plain, ty.types)), getattr(ty, "instance_class", None))
    if is_array(ty):
        return types.Array(primal_type(ty.dtype), ty.ndim, "C")
    return primal_type(ty) if depth_of(ty) else ty


def _with_float(ty, own):
    """A number type on another kind of floats."""
    return rebase(ty, _with_float(ty.base, own)) if depth_of(ty) else own


def _result(ty, like):
    """The type of a result that has the type `ty` on plain numbers."""
    if isinstance(ty, types.BaseTuple):
        return types.Tuple([_result(t, like) for t in ty.types])
    if isinstance(ty, types.Array):
        return array_of(_result(ty.dtype, like), ty.ndim)
    if isinstance(ty, types.Float):
        return _with_float(like, ty)
    if isinstance(ty, (types.Integer, types.Boolean)):
        return types.unliteral(ty)
    raise Unfit(ty)


def _leaves(ty):
    return [leaf for t in ty.types for leaf in _leaves(t)] if isinstance(ty, types.BaseTuple) else [ty]


def has_derivatives(ty):
    """Whether a type of an argument has derivatives, in a tuple too."""
    return any(depth_of(element_type(leaf)) for leaf in _leaves(ty))


def _number_type(typingctx, pieces):
    """The number type that all pieces are converted to; the partials of the tape are float64 whatever the numbers are."""
    kinds = [types.unliteral(element_type(piece.kind)) for piece in pieces]
    found = result_type(typingctx, [ty for ty in kinds if depth_of(ty)])
    if found is None:
        raise Unfit(kinds)
    return rebase(stored(found), cell_of(stored(found).base))


# --- from arguments to a vector, and from a vector to results ------------------------------------------------------------------


@overloaded
def _put(piece, x, at):
    """Write a number, or all elements of an array, into a vector.  Returns the place after them."""
    if not isinstance(piece, types.Array):

        def number(piece, x, at):
            x[at] = piece
            return at + 1

        return number

    def array(piece, x, at):
        for element in piece.flat:
            x[at] = element
            at += 1
        return at

    return array


def _gatherer(like):
    """An intrinsic ``pieces, request -> vector`` of all pieces; it completes the request."""
    to = array_of(like, 1)

    @intrinsic
    def gather(typingctx, pieces, request):
        def codegen(context, builder, signature, args):
            kinds = signature.args[0].types
            given = list(zip(kinds, unpack_tuple(builder, args[0], len(kinds))))
            words = context.make_array(request)(context, builder, args[1]).data
            total, place = ir.Constant(WORD, 0), LENGTHS
            for ty, value in given:
                count = ir.Constant(WORD, 1)
                if isinstance(ty, types.Array):
                    array = context.make_array(ty)(context, builder, value)
                    count = array.nitems
                    for length in unpack_tuple(builder, array.shape, ty.ndim):
                        builder.store(length, gep_inbounds(builder, words, place))
                        place += 1
                total = builder.add(total, count)
            builder.store(total, gep_inbounds(builder, words, INPUTS))
            x, at = allocate(context, builder, to, [total]), ir.Constant(WORD, 0)
            for ty, value in given:
                at = call_function(context, builder, _put, (ty, to, types.int64), (value, x, at), types.int64)
            return x

        return to(pieces, request), codegen

    return gather


@intrinsic
def _converted(typingctx, number, like):
    """A number as one of the type of `like`; without derivatives if that has none."""

    def codegen(context, builder, signature, args):
        ty, value = signature.args[0], args[0]
        if not depth_of(like):
            ty, value = primal(context, builder, ty, value)
        return context.cast(builder, value, ty, like)

    return like(number, like), codegen


@inside
def _take(x, at, out, like):
    """Fill a contiguous array with the numbers of a vector from a place on."""
    target = flattened(out)
    for k in range(len(target)):
        target[k] = _converted(x[at + k], like)
    return at + len(target)


@inside
def _take_one(x, at, like):
    return _converted(x[at], like)


def _scatterer(result):
    """An intrinsic ``vector, shapes, request -> results``."""

    @intrinsic
    def scatter(typingctx, y, shapes, request):
        def codegen(context, builder, signature, args):
            lengths = context.make_array(shapes)(context, builder, args[1]).data
            return _Results(context, builder, y, args[0], lengths).built(result)

        return result(y, shapes, request), codegen

    return scatter


class _Results:
    """Generates the code that builds results from a vector of all their numbers and the lengths of their axes."""

    def __init__(self, context, builder, ty, vector, lengths):
        self._of = context, builder
        self._kind, self._vector, self._lengths = ty, vector, lengths
        self._at, self._axes = ir.Constant(WORD, 0), 0

    def built(self, ty):
        """Code of the next result."""
        context, builder = self._of
        if isinstance(ty, types.BaseTuple):
            return context.make_tuple(builder, ty, [self.built(t) for t in ty.types])
        zero = context.get_constant_null(element_type(ty))
        if not isinstance(ty, types.Array):
            kinds, given = (self._kind, types.int64, ty), (self._vector, self._at, zero)
            self._at = builder.add(self._at, ir.Constant(WORD, 1))
            return call_function(context, builder, _take_one, kinds, given, ty)
        axes = range(self._axes, self._axes + ty.ndim)
        self._axes += ty.ndim
        lengths = [builder.load(gep_inbounds(builder, self._lengths, k)) for k in axes]
        array = allocate(context, builder, ty, lengths)
        kinds, given = (self._kind, types.int64, ty, ty.dtype), (self._vector, self._at, array, zero)
        self._at = call_function(context, builder, _take, kinds, given, types.int64)
        return array


@overloaded
def _floats_of(x):
    """The plain numbers of a vector."""
    if depth_of(element_type(x)):
        return lambda x: _floats_of(values(x, zero_of(x, x)))
    return lambda x: x


@functools.cache
def _implementation(text, like, result, axes):
    """The function ``pieces -> results`` for a call."""
    address, length = text_address(text), len(text.encode())
    gather, scatter = _gatherer(like), _scatterer(result)
    result_axes = sum([getattr(leaf, "ndim", 0) for leaf in _leaves(result)])

    def run(pieces):
        request, shapes = np.empty(LENGTHS + axes, np.int64), np.empty(result_axes, np.int64)
        request[TEXT], request[TEXT_LENGTH], request[LENGTHS_COUNT] = address(), length, axes
        x = gather(pieces, request)
        numbers = _floats_of(x)
        ask_shapes(request.ctypes.data, numbers.ctypes.data, shapes.ctypes.data, len(numbers))
        y = results_of(x, request[RESULTS], request.ctypes.data, VALUE)
        return scatter(y, shapes, request)  # which is in use until here

    return overloaded(lambda pieces: run)


# --- three ways to compile a call ---------------------------------------------------------------------------------------------


def _calling(function):
    """Lowering that calls another function of compiled code with the same arguments."""

    def lower(context, builder, signature, args):
        return call_function(context, builder, function, signature.args, args, signature.return_type)

    return lower


def _resolved(typingctx, function, args, kws):
    typingctx.refresh()
    return typingctx.resolve_value_type(function).get_call_type(typingctx, args, kws)


def _without_derivatives(typingctx, original, args, kws):
    if any(map(has_derivatives, (*args, *kws.values()))):
        return None
    return _resolved(typingctx, original, args, kws), _calling(original)


def _by_kernel(typingctx, original, args, kws):
    kernel = KERNELS.get(original)
    if kernel is None:
        return None
    try:
        found = _resolved(typingctx, kernel, args, kws)
    except (NumbaError, TypeError):  # it has no loops for these types, or fewer parameters
        return None
    return None if found is None else (found, _calling(kernel))


def _by_table(typingctx, original, args, kws):
    """The result has the type that Numba gives it on plain numbers."""
    try:
        plain = _resolved(typingctx, original, tuple(map(_plain, args)), {k: _plain(v) for k, v in kws.items()})
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
    except Unfit:
        return None
    about = [original.__module__, original.__name__, positional, named, [getattr(t, "ndim", 0) for t in _leaves(result)]]
    axes = sum([getattr(piece.kind, "ndim", 0) for piece in pieces])
    run = _implementation(json.dumps(about), like, result, axes)
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
            kinds.append(to)
            given.append(context.cast(builder, value, kind, to))
        members = types.Tuple(kinds)
        return call_typed(context, builder, run, (members,), (context.make_tuple(builder, members, given),))[1]

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
            for way in (_without_derivatives, _by_kernel, _by_table):
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

    native_kernel(function, on_arrays, on_arrays)


def _declare_function(function):
    """Give NumPy's functions of a declared function a meaning in copies, where there is none yet."""
    operation = getattr(function, "operation", None)
    if isinstance(operation, Elementwise):
        return
    if isinstance(operation, Structured) and operation.loop is not None:
        _loop_along_a_vector(function, operation)
    for original in numpy_functions_of(function):
        if not isinstance(original, np.ufunc) and id(original) not in SUBSTITUTES:
            substitute(original)(lambda kind, original=original: meaning_of(original))


follow_declarations(_declare_function)
for _original in KERNELS:
    if id(_original) not in SUBSTITUTES:
        substitute(_original)(lambda kind, original=_original: meaning_of(original))
