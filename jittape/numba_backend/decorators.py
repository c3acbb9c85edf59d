"""Decorators of the library's own compiled functions, by who calls them: Python, compiled code, or an address.

All of them are made of ``numba.njit`` and ``numba.extending``.  What they add is the compiler that was chosen
(``compiler_choice``), the options of the library's arithmetic, and a place on disk for the machine code (``disk_cache``).
"""

import sys
from typing import NamedTuple

import numba
from numba.core.dispatcher import Dispatcher
from numba.extending import overload, register_jitable
from numba.np.ufunc.dufunc import DUFunc

from .compiler_choice import BY_ADDRESS, FROM_PYTHON, IN_CALLERS, JIT
from .disk_cache import keep_on_disk
from .fingerprint import fingerprint

# NumPy's error model: a division by zero gives inf or nan and no branch that raises.  "contract" only fuses a*b + c.
OPTIONS = {"error_model": "numpy", "fastmath": {"contract"}}


def compiled_on_disk(function, options, *extra):
    """A compiled function with these options of `compiler_choice`, kept on disk; its code depends on `extra`, too."""
    dispatcher = numba.njit(function, **(OPTIONS | options))
    keep_on_disk(dispatcher, *extra)
    return dispatcher


def compiled(function, *, nogil=False):
    """An engine function: compiled on first call for the types it is called with, kept on disk.

    With `nogil` it runs beside Python: it may touch no memory that another thread writes.
    """
    return compiled_on_disk(function, FROM_PYTHON | {"nogil": nogil}) if JIT else function


def helper(function=None, **options):
    """Decorate a function that only compiled functions call: it becomes part of them.  In Python it is what it was."""

    def decorate(function):
        if JIT and function.__closure__:
            _give_own_symbol(function)
        return register_jitable(**IN_CALLERS, **options)(function)

    return decorate if function is None else decorate(function)


def _give_own_symbol(function):
    """Name a function that a factory made by all that it is made of.

    Its symbol in machine code is its name and the types of its arguments, which the functions of a factory share. Where one was
    loaded from disk and another is compiled in this process, LLVM took one for the other: loops of float64 ran for float32.
    """
    function.__name__ = function.__qualname__ = f"{function.__name__}_{fingerprint(function)[:16]}"


def reassociated(function):
    """Decorate a helper whose sums may run in vector lanes: the loops of one short function, never a caller."""
    return helper(function, **OPTIONS | {"fastmath": {"contract", "reassoc", "nsz"}})


def helper_for(function):
    """Decorate Numba's `overload` of a Python function: what it returns is a helper."""
    return overload(function, jit_options=IN_CALLERS)


def is_jitted(value):
    """Whether a value is what `numba.njit` or `numba.vectorize` returns.

    It is a function of machine code, which ``jit(forceobj=True)`` does not make.
    """
    return isinstance(value, (Dispatcher, DUFunc)) and not value.targetoptions.get("forceobj")


def compile_for(dispatcher, signature):
    """Compile a function for its only signature, or load it from disk.

    Numba is Python code: under a debugger, coverage or a trace of `jt.compile` it takes three times as long.  So tracing is
    off meanwhile.

    Returns
    -------
    CompileResult
        Numba's account of the compiled function.
    """
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        dispatcher.compile(signature)
    finally:
        sys.settrace(tracer)
    (found,) = dispatcher.overloads.values()
    return found


class Compiled(NamedTuple):
    """A compiled function and where its machine code lies; the address is valid as long as this lives."""

    dispatcher: object
    address: int


def compile_at_address(function, signature, *extra):
    """Compile a function and give it a C interface; Python cannot call it.

    Parameters
    ----------
    function : callable
    signature : numba signature
        Types of its arguments and of its result.
    *extra
        What the machine code depends on beside the function, as strings.

    Returns
    -------
    Compiled
    """
    dispatcher = compiled_on_disk(function, BY_ADDRESS, *extra)
    found = compile_for(dispatcher, signature)
    return Compiled(dispatcher, found.library.get_pointer_to_function(found.fndesc.llvm_cfunc_wrapper_name))
