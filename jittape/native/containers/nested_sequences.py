"""Nested lists and tuples of numbers, and the arrays that NumPy makes of them."""

import functools

import numpy as np
from numba import types

from ..compat import typing_context
from ..compilation.compile_cached import inside, overloaded
from ..numbers.number_parts import new_array, zero_function
from ..numbers.complex_numbers import is_any_number, is_complex, join_complex
from ..numbers.number_types import depth_of, join, stored


def nested(x):
    """The depth of nested lists and tuples, and the type that all numbers in them can be stored as; None if there is none."""
    if is_any_number(x):
        return 0, types.unliteral(x)
    if isinstance(x, types.Tuple) and len(x):
        members = list(map(nested, x.types))
        if None in members or len({depth for depth, _ in members}) > 1:
            return None
        number = _common_number([number for _, number in members])
        return None if number is None else (1 + members[0][0], number)
    if not isinstance(x, (types.List, types.ListType, types.UniTuple)):
        return (1, None) if isinstance(x, types.BaseTuple) and not len(x) else None
    member = nested(x.dtype)
    return None if member is None else (1 + member[0], member[1])


def _common_number(kinds):
    kinds = sorted(kinds, key=depth_of, reverse=True)
    if not depth_of(kinds[0]):
        return typing_context().unify_types(*kinds)
    if any(map(is_complex, kinds)):
        return join_complex(typing_context(), *kinds)
    return functools.reduce(functools.partial(join, typing_context()), kinds)


@overloaded
def lengths(x):
    """The lengths of nested lists and tuples, of which the inner ones are alike."""
    if nested(x)[0] == 1:
        return lambda x: (len(x),)
    return lambda x: (len(x), *lengths(x[0]))


@overloaded
def _put(out, k, x):
    """Write a number into an element, or a list of numbers into the elements of a row."""
    if not is_any_number(x):
        return lambda out, k, x: fill(out[k], 0, x)

    def number(out, k, x):
        out[k] = x

    return number


@overloaded
def fill(out, k, x):
    """Write what is in a list or tuple into the elements or rows of an array from number k on."""
    if isinstance(x, types.Tuple) and len(x):

        def member_by_member(out, k, x):
            _put(out, k, x[0])
            fill(out, k + 1, x[1:])

        return member_by_member

    def one_after_the_other(out, k, x):
        for member in x:
            _put(out, k, member)
            k += 1

    return one_after_the_other


@inside
def filled_array(x, zero):
    """The array of what is in a list or tuple, of numbers of the type of `zero`."""
    out = new_array(lengths(x), zero)
    fill(out, 0, x)
    return out


@overloaded
def as_operand(x):
    """The array that NumPy makes of a list or tuple: of plain numbers if it has no derivatives."""
    number = nested(x)[1]
    if not depth_of(number):
        return lambda x: np.asarray(x)
    zero = zero_function(stored(number))
    return lambda x: filled_array(x, zero())


def is_sequence(ty):
    """Whether a type is that of a list or tuple of numbers, or of lists of them."""
    return isinstance(ty, (types.List, types.ListType, types.BaseTuple)) and nested(ty) is not None


def is_list(ty):
    """Whether a type is that of a list of numbers, or of lists of them."""
    return isinstance(ty, (types.List, types.ListType)) and nested(ty) is not None


def has_recorded_lists(ty):
    """Whether there are lists of numbers with derivatives in a type."""
    if isinstance(ty, types.BaseTuple):
        return any(map(has_recorded_lists, ty.types))
    return is_list(ty) and depth_of(nested(ty)[1]) > 0


@overloaded
def with_arrays(x):
    """A result with arrays in the place of lists of numbers."""
    if isinstance(x, types.BaseTuple) and len(x):
        return lambda x: (with_arrays(x[0]), *with_arrays(x[1:]))
    return (lambda x: as_operand(x)) if is_list(x) else lambda x: x
