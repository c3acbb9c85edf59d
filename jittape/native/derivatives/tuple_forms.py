"""Nested tuples of arguments and results: their leaves, and how both Python and compiled code put them together again.

A form is None for a leaf, and for a tuple its class and the forms of its members.
"""

import functools

from numba import types
from numba.extending import intrinsic

from .inputs import split_tuple


def form_of(value):
    """The form of a value."""
    return (type(value), tuple(map(form_of, value))) if isinstance(value, tuple) else None


def leaves_of(value):
    """The leaves of a value, from left to right."""
    return [leaf for member in value for leaf in leaves_of(member)] if isinstance(value, tuple) else [value]


def rebuilt(form, leaves):
    """The value of a form with given leaves, an iterator."""
    if form is None:
        return next(leaves)
    kind, members = form
    members = [rebuilt(member, leaves) for member in members]
    return kind(*members) if hasattr(kind, "_fields") else tuple(members)


@functools.cache
def rebuilder(form):
    """An intrinsic that makes the value of a form of a tuple of leaves."""

    @intrinsic
    def rebuild(typingctx, leaves):
        result = _type_of(form, iter(leaves.types))

        def codegen(context, builder, signature, args):
            leaves = list(split_tuple(builder, signature.args[0], args[0]))
            for ty, value in leaves:
                context.nrt.incref(builder, ty, value)
            return _value_of(context, builder, form, result, (value for _, value in leaves))

        return result(leaves), codegen

    return rebuild


def _type_of(form, leaves):
    if form is None:
        return next(leaves)
    kind, members = form
    return types.BaseTuple.from_types(tuple(_type_of(m, leaves) for m in members), kind if hasattr(kind, "_fields") else None)


def _value_of(context, builder, form, ty, leaves):
    if form is None:
        return next(leaves)
    return context.make_tuple(builder, ty, [_value_of(context, builder, m, t, leaves) for m, t in zip(form[1], ty.types)])
