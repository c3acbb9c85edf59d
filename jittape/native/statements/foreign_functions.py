"""C functions that users' code calls by their address, through ctypes or cffi: nothing is known of their derivatives."""

from numba import types

from ..compat import NumbaError, TypingError, typing_context
from ..compilation.compile_cached import overloaded
from ..numbers.array_types import is_differential

NO_DERIVATIVE = (
    "a C function, called by its address, is given a differentiated number, and has no derivative. Write what it computes in "
    "Python, or call it with jt.stop_gradient(x) where no derivative is wanted"
)


def is_foreign(function):
    """Whether compiled code calls a value as a C function."""
    try:
        known = typing_context().resolve_value_type(function)
    except (NumbaError, TypeError, ValueError):  # Numba does not know it
        return False
    return isinstance(known, types.ExternalFunctionPointer)


def without_derivative(function):
    """What copies of users' functions see in the place of a C function: it takes plain numbers, as the function does.

    Numba types a call by what the arguments can be converted to, and fails without a word about the function when it makes the
    machine code.
    """

    def foreign(*args):
        if any(map(is_differential, args)):
            raise TypingError(NO_DERIVATIVE)
        return lambda *args: function(*args)

    return overloaded(foreign, getattr(function, "__name__", "foreign"))
