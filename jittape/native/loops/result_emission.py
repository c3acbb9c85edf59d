"""Code that hands out what a function returns, and that takes cotangents of it."""

from numba import types

from ..compat import if_unlikely, llvm_ir as ir, loop_nest, unpack_tuple
from ..numbers.array_types import allocate, array_of
from .saved_memory import ArrayPlace
from .value_emission import NUMBER

OTHER_SHAPE = "vjp: the cotangent has another shape than the result"


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
        return cotangent == types.float64
    return isinstance(cotangent, types.Array) and (cotangent.ndim, cotangent.dtype) == (outputs.ndim, types.float64)


class ResultEmission:
    """Code for the outputs of one function.

    Parameters
    ----------
    place_of : function
        Of an array's type and value: where it lies.
    """

    def __init__(self, frame, place_of):
        self.frame, self.context, self.builder, self.place_of = frame, frame.context, frame.builder, place_of

    def value(self, outputs, ty):
        """What the function returns, as `handed_out` says; arrays are new ones."""
        if type(outputs) is tuple:
            parts = [self.value(*member) for member in zip(outputs, ty.types)]
            return self.context.make_tuple(self.builder, handed_out(outputs, ty), parts)
        if isinstance(outputs, str):
            return self.builder.load(self.frame.slots[outputs])
        to, own = handed_out(outputs, ty), self.frame.places[outputs]
        lengths = own.lengths
        found = allocate(self.context, self.builder, to, lengths, clear=False)
        data = self.context.make_array(to)(self.context, self.builder, found).data
        copy = ArrayPlace(self.context, to.dtype, data, lengths, self.frame.access((outputs, "result")))
        with loop_nest(self.builder, lengths, intp=ir.IntType(64)) as indices:
            copy.store(self.builder, indices, own.load(self.builder, indices))
        return found

    def expect_shapes(self, outputs, cotangent, given):
        """Raise if cotangents of arrays have other shapes."""
        if type(outputs) is tuple:
            for member in zip(outputs, cotangent.types, unpack_tuple(self.builder, given, len(outputs))):
                self.expect_shapes(*member)
        elif not isinstance(outputs, str):
            for own, other in zip(self.frame.places[outputs].lengths, self.place_of(cotangent, given).lengths):
                with if_unlikely(self.builder, self.builder.icmp_signed("!=", own, other)):
                    self.context.call_conv.return_user_exc(self.builder, ValueError, (OTHER_SHAPE,))

    def seed(self, outputs, cotangent, given):
        """Add cotangents to the adjoints of outputs; those of what has no derivative are nothing."""
        if type(outputs) is tuple:
            for member in zip(outputs, cotangent.types, unpack_tuple(self.builder, given, len(outputs))):
                self.seed(*member)
        elif outputs in self.frame.bars:
            self.builder.store(given, self.frame.bars[outputs])
        elif outputs in self.frame.shadows:
            shadow, source = self.frame.shadows[outputs], self.place_of(cotangent, given)
            with loop_nest(self.builder, source.lengths, intp=ir.IntType(64)) as indices:
                self.frame.add_to(shadow, shadow.pointer(self.builder, indices), source.load(self.builder, indices))

    def seed_one(self, name):
        """Let the adjoint of a number be 1."""
        self.builder.store(ir.Constant(NUMBER, 1.0), self.frame.bars[name])
