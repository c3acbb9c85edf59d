"""What an adjoint is asked for: cotangents of a function's outputs, and code that hands out what the function returns."""

from numba import types

from ..compat import alloca_once_value, if_unlikely, llvm_ir as ir, loop_nest, unpack_tuple
from ..numbers.array_types import allocate, array_of
from .block_values import is_real
from .result_reading import differentiated, leaves
from .saved_memory import ArrayPlace, words
from .value_emission import NUMBER

OTHER_SHAPE = "vjp: the cotangent has another shape than the result"
OTHER_DIRECTION = "jvp: a tangent has another shape than its argument"


def handed_out(outputs, ty):
    """The type of what is handed out: that of what the function returns, with arrays that are contiguous."""
    if type(outputs) is tuple:
        return types.Tuple([handed_out(*member) for member in zip(outputs, ty.types)])
    return ty if isinstance(outputs, str) else array_of(outputs.element, outputs.ndim)


def takes(outputs, ty, cotangent):
    """Whether a cotangent has the form of what a function returns."""
    if type(outputs) is tuple:
        is_tuple = isinstance(cotangent, types.BaseTuple) and len(cotangent) == len(outputs)
        return is_tuple and all(takes(*member) for member in zip(outputs, ty.types, cotangent.types))
    if isinstance(outputs, str):
        return is_real(cotangent)
    return isinstance(cotangent, types.Array) and cotangent.ndim == outputs.ndim and is_real(cotangent.dtype)


def value_of(frame, outputs, ty):
    """What the function returns, as `handed_out` says; arrays are new ones."""
    context, builder = frame.context, frame.builder
    if type(outputs) is tuple:
        parts = [value_of(frame, *member) for member in zip(outputs, ty.types)]
        return context.make_tuple(builder, handed_out(outputs, ty), parts)
    if isinstance(outputs, str):
        return builder.load(frame.slots[outputs])
    to, own = handed_out(outputs, ty), frame.places[outputs]
    lengths = own.lengths
    found = allocate(context, builder, to, lengths, clear=False)
    data = context.make_array(to)(context, builder, found).data
    copy = ArrayPlace(context, to.dtype, data, lengths, frame.access((outputs, "result")))
    with loop_nest(builder, lengths, intp=ir.IntType(64)) as indices:
        copy.store(builder, indices, own.load(builder, indices))
    return found


class OneSeed:
    """The cotangent of one number, 1, beside which all outputs are handed out.

    Attributes
    ----------
    place_of : function
        Of an array's type and value: where it lies.
    zero_is_unusual, hands_out_values : bool
        Gradients that are zero throughout are none; what the function returns comes first of what is handed out.
    """

    lanes, directions, zero_is_unusual, hands_out_values, place_of = 1, 0, True, True, None

    def __init__(self, program, has_aux):
        self.program, self.has_aux = program, has_aux

    @property
    def outputs(self):
        """What is differentiated."""
        return differentiated(self.program, self.has_aux)[0]

    def handed_out(self, program):
        """The types of what the adjoint hands out beside whether that is usual."""
        return [handed_out(program.outputs, program.returns), *gradient_types(program)]

    def values(self, frame):
        """What the function returns, if that is handed out."""
        return [value_of(frame, self.program.outputs, self.program.returns)]

    def expect_shapes(self, frame):
        """Raise if cotangents do not fit."""

    def seed(self, frame):
        """Set the adjoints of outputs."""
        frame.set_bar(frame.bars[self.outputs], frame.steady_bar(ir.Constant(NUMBER, 1.0)))


class GivenSeeds(OneSeed):
    """Cotangents that are given. What the function returns is known to the caller.

    Parameters
    ----------
    cotangent, given : Type, LLVM value
        The cotangents in the form of what is differentiated.
    """

    zero_is_unusual = hands_out_values = False

    def __init__(self, program, has_aux, cotangent, given):
        super().__init__(program, has_aux)
        self.cotangent, self.given = cotangent, given

    def handed_out(self, program):
        return gradient_types(program)

    def values(self, frame):
        return []

    def _members(self, frame, outputs, cotangent, given):
        """Numbers and arrays with the types and values of their cotangents."""
        if type(outputs) is not tuple:
            return [(outputs, cotangent, given)]
        members = zip(outputs, cotangent.types, unpack_tuple(frame.builder, given, len(outputs)))
        return [leaf for member in members for leaf in self._members(frame, *member)]

    def expect_shapes(self, frame):
        for leaf, cotangent, given in self._members(frame, self.outputs, self.cotangent, self.given):
            if isinstance(leaf, str):
                continue
            for own, other in zip(frame.places[leaf].lengths, self.place_of(cotangent, given).lengths):
                with if_unlikely(frame.builder, frame.builder.icmp_signed("!=", own, other)):
                    frame.context.call_conv.return_user_exc(frame.builder, ValueError, (OTHER_SHAPE,))

    def seed(self, frame):
        for leaf, cotangent, given in self._members(frame, self.outputs, self.cotangent, self.given):
            if leaf in frame.bars:
                bar = frame.context.cast(frame.builder, given, cotangent, types.float64)
                frame.set_bar(frame.bars[leaf], frame.steady_bar(bar))
            elif leaf in frame.shadows:
                shadow, source = frame.shadows[leaf], self.place_of(cotangent, given)
                with loop_nest(frame.builder, source.lengths, intp=ir.IntType(64)) as indices:
                    number = source.load(frame.builder, indices)
                    number = frame.context.cast(frame.builder, number, cotangent.dtype, types.float64)
                    frame.add_to(shadow, shadow.pointers(frame.builder, indices), frame.steady_bar(number))


class MovingSeed(OneSeed):
    """The cotangent of one number, 1, while the differentiated arguments move along given directions.

    What the adjoint hands out beside the gradients are their tangents: products of the Hessian with the directions.

    Parameters
    ----------
    kinds, given : tuple of Type, LLVM value
        The directions, one for each differentiated argument.
    """

    directions, zero_is_unusual, hands_out_values = 1, False, False

    def __init__(self, program, has_aux, kinds, given):
        super().__init__(program, has_aux)
        self.kinds, self.given = kinds, given

    def handed_out(self, program):
        return gradient_types(program) * 2

    def values(self, frame):
        return []

    def direction(self, builder, k):
        """The type and the value of the direction of an argument."""
        place = self.program.argnums.index(k)
        return self.kinds[place], unpack_tuple(builder, self.given, len(self.kinds))[place]

    def dot_of(self, frame, k):
        """The tangent of an argument that is a number."""
        ty, given = self.direction(frame.builder, k)
        return frame.context.cast(frame.builder, given, ty, types.float64)

    def tangents_of(self, frame, k):
        """Where the tangents of an argument lie; None if it has none."""
        if k not in self.program.argnums:
            return None
        place = self.place_of(*self.direction(frame.builder, k))
        for own, other in zip(frame.places[self.program.parameters[k][2]].lengths, place.lengths):
            with if_unlikely(frame.builder, frame.builder.icmp_signed("!=", own, other)):
                frame.context.call_conv.return_user_exc(frame.builder, ValueError, (OTHER_DIRECTION,))
        return place


class MovingUnits(MovingSeed):
    """The same along the directions of some elements of one argument: of that of a given number, and of those after it."""

    directions = 8

    def handed_out(self, program):
        ty = program.parameters[program.argnums[0]][1]
        return [*gradient_types(program), array_of(types.float64, ty.ndim + 1)]

    def tangents_of(self, frame, k):
        if k not in self.program.argnums:
            return None
        builder, array = frame.builder, self.program.parameters[k][2]
        units = frame.stack.array(
            types.float64, frame.places[array].lengths, True, frame.access((array, "units")), self.directions
        )
        numbers, size = builder.bitcast(units.data, NUMBER.as_pointer()), units.size(builder)
        for lane in range(self.directions):
            number = builder.add(self.given, words(lane))
            with builder.if_then(builder.icmp_signed("<", number, size)):
                place = builder.add(builder.mul(number, words(self.directions)), words(lane))
                with units.access():
                    builder.store(ir.Constant(NUMBER, 1.0), builder.gep(numbers, [place]))
        return units


class UnitSeeds(OneSeed):
    """A row of the unit matrix in every lane: the cotangents of the outputs from one number on.

    Attributes
    ----------
    first : LLVM value
        The output whose adjoint is in the first lane.
    """

    lanes, first = 8, None

    def handed_out(self, program):
        return [handed_out(program.outputs, program.returns), array_of(types.float64, 2)]

    def seed(self, frame):
        builder, place = frame.builder, alloca_once_value(frame.builder, words(0))
        for leaf in leaves(self.outputs):
            if isinstance(leaf, str):
                bars = self._next(frame, place)
                if leaf in frame.bars:
                    frame.set_bar(frame.bars[leaf], bars)
                continue
            with loop_nest(builder, frame.places[leaf].lengths, intp=ir.IntType(64)) as indices:
                bars, shadow = self._next(frame, place), frame.shadows.get(leaf)
                if shadow is not None:
                    frame.add_to(shadow, shadow.pointers(builder, indices), bars)

    def _next(self, frame, place):
        """The cotangents of the output of this number."""
        builder, number = frame.builder, frame.builder.load(place)
        builder.store(builder.add(number, words(1)), place)
        lane, (bars,) = builder.sub(number, self.first), frame.no_bar
        for k in range(self.lanes):
            is_own = builder.uitofp(builder.icmp_signed("==", lane, words(k)), NUMBER)
            bars = builder.insert_element(bars, is_own, ir.Constant(ir.IntType(32), k))
        return (bars,)


def gradient_types(program):
    """The types of the gradients with respect to the differentiated arguments."""
    found = [program.parameters[k] for k in program.argnums]
    return [types.unliteral(ty) if array is None else array_of(ty.dtype, ty.ndim) for _, ty, array in found]
