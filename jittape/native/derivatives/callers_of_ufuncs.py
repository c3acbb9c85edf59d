"""Functions behind ``@vectorize``, differentiated when they are called from Python: as compiled functions that call them."""

import numba

from ..compat import DUFunc
from ...numba_backend.kept_with_functions import kept_with


def compiled_function(function):
    """A compiled function as it is; of one behind ``@vectorize`` the compiled function that calls it, always the same."""
    if not isinstance(function, DUFunc):
        return function
    known = kept_with(function)
    if "caller" not in known:
        known["caller"] = _caller_of(function)
    return known["caller"]


def _caller_of(ufunc):
    def caller(*args):
        return ufunc(*args)

    caller.__name__ = caller.__qualname__ = ufunc.__name__
    return numba.njit(caller)
