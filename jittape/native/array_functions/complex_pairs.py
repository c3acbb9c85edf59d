"""Complex arguments and results of calls that Python evaluates: real arrays with the two parts along a last axis."""

import numpy as np
from numba import types

from ..compilation.compile_cached import overloaded
from ..compat import unpack_tuple
from ..numbers.array_types import array_of, element_type, is_complex_array
from ..numbers.complex_numbers import is_complex, part_of
from ..numbers.number_parts import new_array, zero_of
from ..numbers.number_types import call_function, call_typed
from .complex_arrays import combined


def holds_complex(ty):
    """Whether a type is that of a complex number, or of an array of them."""
    return is_complex(types.unliteral(element_type(ty)))


@overloaded
def pairs_of(x):
    """The parts of a complex number or array, along a last axis."""
    if not isinstance(x, types.Array):

        def of_number(x):
            out = new_array((2,), zero_of(x.real, x.real))
            out[0], out[1] = x.real, x.imag
            return out

        return of_number
    if not is_complex_array(x):
        return lambda x: np.stack((x.real, x.imag), -1)

    def of_array(x):
        real, imag = x.real, x.imag
        out = new_array(x.shape + (2,), zero_of(real, real))
        out[..., 0] = real
        out[..., 1] = imag
        return out

    return of_array


@overloaded
def joined_pairs(pairs):
    """The complex number or array with these parts."""
    if pairs.ndim == 1:
        return lambda pairs: combined(pairs[0], pairs[1])
    return lambda pairs: combined(pairs[..., 0], pairs[..., 1])


def in_pairs(ty):
    """The type of the pairs of complex results; others stay as they are."""
    if isinstance(ty, types.BaseTuple):
        return types.Tuple([in_pairs(t) for t in ty.types])
    if not holds_complex(ty):
        return ty
    return array_of(part_of(element_type(ty)), getattr(ty, "ndim", 0) + 1)


def as_pairs(context, builder, ty, value):
    """Code of the pairs of an argument: their type, and their value."""
    return call_typed(context, builder, pairs_of, (ty,), (value,)) if holds_complex(ty) else (ty, value)


def from_pairs(context, builder, ty, value):
    """Code of results of a type from what `in_pairs` describes."""
    if isinstance(ty, types.BaseTuple):
        given = unpack_tuple(builder, value, len(ty.types))
        return context.make_tuple(builder, ty, [from_pairs(context, builder, *each) for each in zip(ty.types, given)])
    return call_function(context, builder, joined_pairs, (in_pairs(ty),), (value,), ty) if holds_complex(ty) else value
