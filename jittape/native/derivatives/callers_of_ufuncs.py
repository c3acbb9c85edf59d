"""Functions behind ``@vectorize``, differentiated when they are called from Python: as compiled functions that call them."""

import numba

from ..compat import DUFunc
from ...numba_backend.kept_with_functions import kept_by_function


def compiled_function(function):
    """A compiled function as it is; of one behind ``@vectorize`` the compiled function that calls it, always the same."""
    return _caller_of(function) if isinstance(function, DUFunc) else function


@kept_by_function
def _caller_of(ufunc):
    def caller(*args):
        return ufunc(*args)

    caller.__name__ = caller.__qualname__ = ufunc.__name__
    return numba.njit(caller)
