"""The library's functions compiled by Numba as it stands: the way back from ``pipeline``, with the same names.

Nothing here is private: options of ``numba.njit`` that leave out the wrappers nobody calls.  Numba inherits options from
callers, so some helpers are compiled twice, for callers with a wrapper and for those without.
"""

FROM_PYTHON = {"no_cfunc_wrapper": True}  # options of functions that Python calls
ENTRY = FROM_PYTHON  # of entry points
BY_ADDRESS = {"no_cpython_wrapper": True}  # of functions with a C interface
IN_CALLERS = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}  # of functions that compiled code calls
WITHOUT_WRAPPER = IN_CALLERS  # of functions that compiled code calls by address, as it calls its own

PARTS = "numba_pipeline", "pointers"  # files that decide what code looks like


def link_only(state):
    """Told of a function that is only ever linked into callers: Numba makes machine code of it like of any other."""


def link_into(state):
    """Told of a function that such functions are linked into, which Numba makes as well."""


def library_from_disk(codegen, state):
    """The library that Numba has made bytes."""
    return codegen.unserialize_library(state)


def function_of(found, name):
    """The function of Python that calls a compiled entry point: the one with Numba's wrapper.

    Parameters
    ----------
    found : CompileResult
        Numba's account of the compiled function.
    name : str
    """
    return found.entry_point
