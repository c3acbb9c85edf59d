"""Complex numbers with derivatives: two real ones, side by side.

A complex number of the user's function is a pair of active or dual numbers in its copy, so tapes, sweeps, inputs and outputs know
real numbers only. Its parts are always stored numbers, never forms: an operation writes a statement for each part of its result.
"""

from numba import types
from numba.extending import lower_cast, models, register_model

from ..compat import Conversion, create_struct_proxy, llvm_ir as ir
from .number_types import (
    Differential,
    Differentiated,
    constant,
    converts,
    depth_of,
    in_precision,
    is_number,
    join,
    precision_of,
    rebase,
    stored,
)


class ComplexNumber(Differentiated):
    """A real and an imaginary part.

    Parameters
    ----------
    part : Active or Dual
        The type of both.
    """

    def __init__(self, part):
        self.part, self.depth = part, part.depth
        super().__init__(f"Complex({part})")

    def unify(self, typingctx, other):
        return join_complex(typingctx, self, other)

    def can_convert_from(self, typingctx, other):
        known = is_any_number(other) and depth_of(other) <= self.depth and converts(part_of(other), self.part)
        return Conversion.safe if known else None


@register_model(ComplexNumber)
class _ComplexModel(models.StructModel):
    def __init__(self, manager, ty):
        super().__init__(manager, ty, [("real", ty.part), ("imag", ty.part)])


PARTS = {types.complex64: types.float32, types.complex128: types.float64}
COMPLEX = {part: ty for ty, part in PARTS.items()}


def is_complex(ty):
    """Whether a type is a complex number, plain or with derivatives."""
    return isinstance(ty, (ComplexNumber, types.Complex))


def is_any_number(ty):
    """Whether a type is a real or complex number, plain or with derivatives."""
    return is_number(ty) or is_complex(ty)


def part_of(ty):
    """The type of the real part of a number; of real ones their own, without what only expressions have."""
    if isinstance(ty, ComplexNumber):
        return ty.part
    return PARTS[ty] if isinstance(ty, types.Complex) else stored(types.unliteral(ty))


def complex_of(part):
    """The complex type whose parts are of a type."""
    return ComplexNumber(part) if depth_of(part) else COMPLEX[part]


def below(ty):
    """The type of the value of a number without its outermost derivative."""
    return complex_of(ty.part.base) if isinstance(ty, ComplexNumber) else ty.base


def join_complex(typingctx, *kinds):
    """The complex type that can hold numbers of all types, of which one has derivatives; None if there is none."""
    if not all(map(is_any_number, kinds)):
        return None
    part, *others = map(part_of, kinds)
    for other in others:
        part = join(typingctx, part, other) if depth_of(part) or depth_of(other) else typingctx.unify_types(part, other)
        if part is None:
            return None
    return ComplexNumber(part) if depth_of(part) else None


def recorded_number(kind, ty):
    """The number with derivatives of a kind that takes the place of a plain float or complex number; None for other types."""
    if isinstance(ty, types.Complex):
        return ComplexNumber(recorded_number(kind, PARTS[ty]))
    if not isinstance(ty, types.Float):
        return None
    return kind if depth_of(kind.base) else rebase(kind, ty)


def converted(ty, to):
    """The type of a number after its conversion to a type of numbers; integers have no derivatives."""
    if is_complex(to):
        return complex_of(in_precision(part_of(ty), precision_of(part_of(to))))
    return in_precision(ty, precision_of(to)) if isinstance(to, (types.Float, Differential)) else to


def make_complex(context, builder, ty, real, imag):
    """The number of a complex type, plain or with derivatives, that has these parts."""
    proxy = create_struct_proxy(ty)(context, builder)
    proxy.real, proxy.imag = real, imag
    return proxy._getvalue()


def parts_of(context, builder, ty, number):
    """Both parts of a number of any type, of the type `part_of` says; the imaginary part of a real one is zero."""
    if not is_complex(ty):
        part = part_of(ty)
        return context.cast(builder, number, types.unliteral(ty), part), constant(context, builder, part, 0)
    proxy = create_struct_proxy(ty)(context, builder, number)
    return proxy.real, proxy.imag


@lower_cast(ComplexNumber, ComplexNumber)
@lower_cast(types.Number, ComplexNumber)
@lower_cast(types.Boolean, ComplexNumber)
@lower_cast(Differential, ComplexNumber)
def _cast(context, builder, fr, to, number):
    if fr == to:
        return number
    parts = parts_of(context, builder, fr, number)
    return make_complex(context, builder, to, *[context.cast(builder, x, part_of(fr), to.part) for x in parts])


def primal_parts(context, builder, ty, number):
    """Both parts of a number of any type without derivatives, as floats of double precision."""
    found = []
    part, parts = part_of(ty), parts_of(context, builder, ty, number)
    for x in parts:
        own = part
        while depth_of(own):
            own, x = own.base, create_struct_proxy(own)(context, builder, x).value
        found.append(context.cast(builder, x, own, types.float64))
    return found


def is_zero(context, builder, ty, number):
    """Whether a number of any type is zero."""
    nothing = [builder.fcmp_ordered("==", x, ir.Constant(x.type, 0.0)) for x in primal_parts(context, builder, ty, number)]
    return builder.and_(*nothing)
