"""The operations of the table on complex numbers with derivatives.

A holomorphic operation computes its value and its partials with the bodies that the array tape uses for complex numbers. With
p = a + ib the partial for an operand x + iy, the parts of the result have the derivatives a dx - b dy and b dx + a dy, by the
Cauchy-Riemann equations: two statements of real numbers. What depends on a number and its conjugate is written in terms of the
parts of the number.
"""

import cmath
import functools
import math
import operator

import numpy as np
from numba import types

from ..compat import unpack_tuple
from ...ops import arithmetic
from ..compilation.compile_cached import compiled_inside, inside
from .chain_rule import kept_pairs, on_base, with_derivatives
from .complex_numbers import complex_of, is_complex, make_complex, part_of, parts_of
from .number_types import Active, Dual, Form, as_active, call, call_function, compile_for, depth_of, lift, stored
from .partial_products import Partial

CMATH = {getattr(math, name): getattr(cmath, name) for name in dir(cmath) if callable(getattr(math, name, None))}


@inside
def _length(z):
    return np.hypot(z.real, z.imag)


@inside
def _direction(z):
    length = np.hypot(z.real, z.imag)
    return z / length if length > 0.0 else z * 0.0


OF_PARTS = {arithmetic.abs.operation: _length, arithmetic.sign.operation: _direction}  # operations that are not holomorphic


def takes_complex(operation):
    """Whether an operation is defined for complex numbers."""
    return operation in OF_PARTS or operation.complex_body is not None


def type_of_parts(typingctx, meaning, kinds):
    """The type of an operation that is written in terms of the parts of a complex number."""
    return stored(typingctx.resolve_value_type(meaning).get_call_type(typingctx, kinds, {}).return_type)


def lower_complex(context, builder, operation, signature, args):
    """Generate the code of an operation on complex numbers."""
    kinds, to = [types.unliteral(ty) for ty in signature.args], signature.return_type
    if operation in OF_PARTS:
        return call_function(context, builder, OF_PARTS[operation], kinds, args, to)
    base = to.part.base
    below = [complex_of(base) if is_complex(ty) else base for ty in kinds]
    values = [on_base(context, builder, ty, a, to.depth, own) for ty, a, own in zip(kinds, args, below)]
    value = _value(context, builder, operation, below, values, complex_of(base))
    needed = [depth_of(ty) == to.depth for ty in kinds]
    partials = _partials(context, builder, operation, [*below, complex_of(base)], [*values, value], needed)
    operands = [_operand(context, builder, ty, a) for ty, a in zip(kinds, args)]
    flows = [[], []]  # what the real and the imaginary part of the result have derivatives by
    for operand, partial in zip(operands, partials, strict=True):
        if partial is not None:
            for own, found in zip(flows, _parts_of_flow(context, builder, base, *operand, *partial), strict=True):
                own.extend(found)
    parts = parts_of(context, builder, complex_of(base), value)
    parts = [_part(context, builder, to.part, x, own) for x, own in zip(parts, flows, strict=True)]
    return make_complex(context, builder, to, *parts)


def _value(context, builder, operation, kinds, values, to):
    if depth_of(to):
        return call_function(context, builder, operation.function, kinds, values, to)
    body = _compiled(operation.complex_body)
    value = call(context, builder, body, kinds, values)
    return context.cast(builder, value, compile_for(body, kinds).signature.return_type, to)


def _partials(context, builder, operation, kinds, values, needed):
    """Type and value of the partial for each operand that needs one, None for others."""
    rule = _compiled(operation.complex_partials or operation.partials)
    several = call(context, builder, rule, kinds, values)
    known = compile_for(rule, kinds).signature.return_type
    found = zip(known, unpack_tuple(builder, several, len(known)), operation.constant_partials, needed, strict=True)
    return [
        ((types.float64, context.get_constant(types.float64, c)) if c is not None else (types.unliteral(ty), p)) if need else None
        for ty, p, c, need in found
    ]


@functools.cache
def _compiled(function):
    return compiled_inside(function)


def _operand(context, builder, ty, number):
    """Type and value of an operand; a real one is read by two statements, so a long form is written as one before."""
    if isinstance(ty, Form) and ty.pairs > 1:
        return Active(ty.base), as_active(context, builder, ty, number)
    return ty, number


def _parts_of_flow(context, builder, base, ty, number, kind, partial):
    """What flows from an operand to both parts of a result: (type, number, Partial) for each part of the operand."""
    if not is_complex(kind):
        along = Partial(context.cast(builder, partial, kind, base))
        if not is_complex(ty):
            return [(ty, number, along)], []
        return [[(ty.part, x, along)] for x in parts_of(context, builder, ty, number)]
    real, imag = [context.cast(builder, x, part_of(kind), base) for x in parts_of(context, builder, kind, partial)]
    along, across = Partial(real), Partial(imag)
    if not is_complex(ty):
        return [(ty, number, along)], [(ty, number, across)]
    x, y = parts_of(context, builder, ty, number)
    back = Partial(call_function(context, builder, operator.neg, (base,), (imag,), base))
    return [(ty.part, x, along), (ty.part, y, back)], [(ty.part, x, across), (ty.part, y, along)]


def _part(context, builder, to, value, flows):
    """One part of a result, as a stored number."""
    if not flows:
        return lift(context, builder, to, value)
    own = to if isinstance(to, Dual) else Form(to.base, sum(kept_pairs([ty for ty, _, _ in flows], to.depth)))
    return context.cast(builder, with_derivatives(context, builder, own, value, flows), own, to)
