"""Loops of compiled code for functions of the operation table.

A declaration of the table is enough for compiled code (`table_calls`).  A kernel is a second way to the same numbers where speed
counts: loops on differentiated numbers, chosen by the types of the arguments.  `tests/native/test_native_kernels.py` holds every
kernel against the declaration.
"""

import numpy as np
from ...ops.operation_names import numpy_functions_of
from ..compilation.compile_cached import overloaded

KERNELS = {}  # function of NumPy -> what compiled code calls
NUMBAS_OWN = set()  # functions of NumPy whose code in Numba runs on differentiated numbers


def originals(function):
    """NumPy's functions that a declared function stands for; one of NumPy's, which the table does not have, stands for itself."""
    is_numpys = function.__module__.partition(".")[0] == np.__name__
    return [function] if is_numpys else numpy_functions_of(function)


def native_kernel(declared, meaning):
    """Register the loops of a declared function, or of a function of NumPy that the table does not have.

    Parameters
    ----------
    declared : callable
    meaning : function of types that returns an implementation, or None where there is none

    Returns
    -------
    callable
        What compiled code calls.
    """
    names = originals(declared)
    function = overloaded(meaning, names[0].__name__)
    for original in names:
        KERNELS[original] = function
    return function


def numbas_code(*declared):
    """Register functions whose code in Numba is the kernel: it makes views, or compares and moves elements of any type."""
    for function in declared:
        NUMBAS_OWN.update(originals(function))
