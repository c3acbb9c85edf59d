"""Arguments of a call laid into one vector of numbers, and results made of another."""

from numba import types
from numba.extending import intrinsic

from ..compat import gep_inbounds, llvm_ir as ir, unpack_tuple
from ..compilation.compile_cached import inside, overloaded
from ..numbers.array_types import allocate, array_of, element_type
from ..numbers.number_parts import flattened, zero_of
from ..numbers.number_types import call_function, depth_of
from ..numbers.predicates import primal
from ..statement_tape.entry_writers import values
from ..statement_tape.python_requests import INPUTS, LENGTHS

WORD = ir.IntType(64)


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


def gatherer(like):
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


def scatterer(result):
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
def plain_numbers(x):
    """The plain numbers of a vector."""
    if depth_of(element_type(x)):
        return lambda x: plain_numbers(values(x, zero_of(x, x)))
    return lambda x: x
