"""Calls of SciPy's functions by operations, in which no code of users runs.

Audits of traces pass them over (`programs.tracing.environment_audit`): replays call the same function on new arrays.
"""

import numpy as np

from .matrix_functions import calling_lapack


def calling_scipy(function, name, *arrays):
    """Call one of SciPy's functions on plain arrays of numbers, and raise the library's exception for LAPACK's errors."""
    for a in arrays:
        if type(a) is not np.ndarray or a.dtype.kind not in "biuf":  # a method of it might be a user's
            raise TypeError(f"{name}: got a {type(a).__name__}, expected a plain array of numbers: np.asarray makes one")
    return calling_lapack(function, name, *arrays)
