"""Functions behind ``@vectorize``, differentiated when they are called from Python: as compiled functions that call them."""

import numba

from ..compat import DUFunc


def compiled_function(function):
    """A compiled function as it is; of one behind ``@vectorize`` the compiled function that calls it, always the same."""
    if not isinstance(function, DUFunc):
        return function
    known = vars(function)
    if "_jittape_caller" not in known:
        known["_jittape_caller"] = _caller_of(function)
    return known["_jittape_caller"]


def _caller_of(ufunc):
    def caller(*args):
        return ufunc(*args)

    caller.__name__ = caller.__qualname__ = ufunc.__name__
    return numba.njit(caller)
