"""The chain rule for one operation: a result, and partials for its operands, as a number with derivatives."""

from numba import types

from .complex_numbers import ComplexNumber, make_complex, part_of, parts_of
from .number_types import MOST_PAIRS, Active, Dual, as_active, depth_of, make_dual, make_form, pairs_of, value_of
from .partial_products import ONE, Partial, moved_tangents, node_if, operand_tangents, partial_product, plain_tangents


def outermost(argument_types):
    """The differential type with respect to which an operation on these numbers differentiates."""
    return max(argument_types, key=depth_of)


def kept_pairs(argument_types, depth):
    """How many pairs each operand keeps; operands with too many together become statements, the longest first."""
    pairs = [0 if depth_of(ty) < depth else getattr(ty, "pairs", 1) for ty in argument_types]
    while sum(pairs) > MOST_PAIRS:
        pairs[pairs.index(max(pairs))] = 1
    return pairs


def on_base(context, builder, ty, number, depth, base):
    """The value of an operand, as a number of the base; of complex numbers, of the complex type with such parts."""
    if isinstance(ty, ComplexNumber) and ty.depth == depth:
        parts = parts_of(context, builder, ty, number)
        return make_complex(context, builder, base, *[on_base(context, builder, ty.part, x, depth, part_of(base)) for x in parts])
    if depth_of(ty) == depth:
        ty, number = ty.base, value_of(context, builder, ty, number)
    return context.cast(builder, number, types.unliteral(ty), base)


def with_derivatives(context, builder, to, result, operands):
    """The result of an operation as a number of the type `to`: a dual number, or a form.

    Parameters
    ----------
    operands : list of (type, value, Partial)
        Those that the result has derivatives by.
    """
    return (_dual if isinstance(to, Dual) else _form)(context, builder, to, result, operands)


def _form(context, builder, to, result, operands):
    pairs = []
    kept = kept_pairs([ty for ty, _, _ in operands], outermost([ty for ty, _, _ in operands]).depth)
    for (ty, number, partial), count in zip(operands, kept):
        if getattr(ty, "pairs", 1) != count:
            ty, number = Active(ty.base), as_active(context, builder, ty, number)
        for node, factor in pairs_of(context, builder, ty, number):
            inner = ONE if factor is None else Partial(context.cast(builder, factor, ty.base, to.base))
            product = partial_product(context, builder, to.base, partial, inner)
            pairs.append((node_if(builder, partial.flows, node), product.value))
    return make_form(context, builder, to, result, pairs)


def _dual(context, builder, to, result, operands):
    tangents = [operand_tangents(context, builder, ty, number, to.base) for ty, number, _ in operands]
    partials = [partial for _, _, partial in operands]
    if to.is_plain:
        moved = plain_tangents(context, builder, to.base, partials, tangents)
    else:
        (moved,) = moved_tangents(context, builder, to.base, [(partials, tangents)])
    return make_dual(context, builder, to, result, *moved)
