"""``assert_type`` twice over: a checker compares it with the type that it has found, Python with the value."""

import types
import typing
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import assert_type as assert_type
else:

    def assert_type(value, expected):
        """Raise if a value is not of a type; checkers have a function of this name that they know."""
        if not is_of(value, expected):
            raise AssertionError(f"got {type(value).__name__}, expected {expected}")
        return value


def is_of(value: object, expected: Any) -> bool:
    """Whether a value is of a type, a union, or a tuple or list of a type."""
    origin, inner = typing.get_origin(expected), typing.get_args(expected)
    if expected is Any or expected is None:
        return expected is Any or value is None
    if origin in (typing.Union, types.UnionType):
        return any(is_of(value, each) for each in inner)
    if origin is tuple and isinstance(value, tuple) and inner[-1] is not Ellipsis:
        return len(value) == len(inner) and all(map(is_of, value, inner))
    if origin in (tuple, list):
        return isinstance(value, origin) and all(is_of(each, inner[0]) for each in value)
    return isinstance(value, origin or expected)
