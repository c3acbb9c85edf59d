"""C functions that users' code calls by their address: through ctypes, cffi, or an object that tells Numba where they are.

Nothing is known of their derivatives, unless the address is that of a function of C's or SciPy's that the operation table knows.
"""

import ctypes
import functools
import math
import re
import sys

from numba import types
from numba.extending import get_cython_function_address
from numba.types import WrapperAddressProtocol

from ..compat import CFunc, NumbaError, TypingError, typing_context
from ...ops.numpy_protocols import rule_of
from ...ops.operation_names import BY_PYTHON
from ..compilation.compile_cached import overloaded
from ..numbers.array_types import is_differential

NO_DERIVATIVE = (
    "a C function, called by its address{0}, is given a differentiated number, and has no derivative. Write what it computes in "
    "Python, or call it with jt.stop_gradient(x) where no derivative is wanted"
)
OF_C = {math.gamma: "tgamma"}  # Python's function -> C's name, where C's function of Python's name is another
SPECIAL = "scipy.special.cython_special"
FUSED = re.compile(r"^__pyx_fuse_[\d_]*")  # before the name of a function that SciPy compiles for several types
OF_DOUBLES = re.compile(r'"double \([^*]*\)"')


def is_foreign(function):
    """Whether compiled code calls a value as a C function."""
    return address_of(function) is not None


def address_of(function):
    """The address of what compiled code calls as a C function; None for any other value."""
    if isinstance(function, WrapperAddressProtocol) and not isinstance(function, CFunc):
        return function.__wrapper_address__()
    if not callable(function):
        return None
    try:
        known = typing_context().resolve_value_type(function)
    except (NumbaError, TypeError, ValueError):  # Numba does not know it
        return None
    return known.get_pointer(function) if isinstance(known, types.ExternalFunctionPointer) else None


def without_derivative(function):
    """What copies of users' functions see in the place of a C function: it takes plain numbers, as the function does.

    Of a function that the operation table has it also takes differentiated ones. Numba types a call by what the arguments can be
    converted to, and fails without a word about the function when it makes the machine code.
    """
    name, ours = known_function(address_of(function))

    def foreign(*args):
        if not any(map(is_differential, args)):
            return lambda *args: function(*args)
        if ours is None:
            raise TypingError(NO_DERIVATIVE.format(name and f" ({name})"))
        return lambda *args: ours(*args)

    return overloaded(foreign, getattr(function, "__name__", "foreign"))


def known_function(address):
    """The name of the C function that has an address, "" if it is not known; and the function of the table for it, or None."""
    name, theirs = _of_libm().get(address) or _of_scipy().get(address) or ("", None)
    ours = BY_PYTHON.get(theirs) or rule_of(theirs)
    return name, ours if _is_compiled(ours) else None


def _is_compiled(function):
    """Whether compiled code knows a function of the table: some are compositions in Python."""
    try:
        return function is not None and typing_context().resolve_value_type(function) is not None
    except (NumbaError, TypeError, ValueError):
        return False


@functools.cache
def _of_libm():
    """C's functions that Python's `math` has, too: address -> name and Python's function."""
    try:
        library = ctypes.CDLL(None)
    except (OSError, TypeError):  # systems where a program has no one table of symbols
        return {}
    found = {}
    for theirs in vars(math).values():
        name = OF_C.get(theirs, theirs.__name__) if callable(theirs) else ""
        if name and hasattr(library, name):
            found[ctypes.cast(getattr(library, name), ctypes.c_void_p).value] = f"{name} of C", theirs
    return found


def _of_scipy():
    """SciPy's functions of doubles, for users who have their addresses: address -> name and the ufunc."""
    return _addresses_of_scipy() if SPECIAL in sys.modules else {}


@functools.cache
def _addresses_of_scipy():
    import scipy.special

    from ...ops import scipy_functions  # noqa: F401  declares them

    found = {}
    for name, capsule in sys.modules[SPECIAL].__pyx_capi__.items():
        word = FUSED.sub("", name)
        if OF_DOUBLES.search(repr(capsule)) and hasattr(scipy.special, word):
            found[get_cython_function_address(SPECIAL, name)] = f"scipy.special.{word}", getattr(scipy.special, word)
    return found
