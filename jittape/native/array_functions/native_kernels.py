"""Loops of compiled code for functions of the operation table.

A declaration of the table is enough for compiled code (`table_calls`).  A kernel is a second way to the same numbers where speed
counts: loops on differentiated numbers, chosen by the types of the arguments.  `tests/native/test_native_kernels.py` holds every
kernel against the declaration.
"""

import functools

import numpy as np
from numba import types

from ...ops.operation_names import numpy_functions_of
from ..compilation.compile_cached import overloaded
from ..numbers.array_types import element_type
from ..numbers.complex_numbers import is_complex
from ..numbers.number_types import depth_of

KERNELS = {}  # function of NumPy -> what compiled code calls
COMPLEX_KERNELS = {}  # function of NumPy -> what it means on complex numbers with derivatives
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

    @functools.wraps(meaning)
    def meaning_of_numbers(*args, **kws):
        if not _is_of_complex((*args, *kws.values())):
            return meaning(*args, **kws)
        return COMPLEX_KERNELS[names[0]](*args, **kws) if names[0] in COMPLEX_KERNELS else None

    function = overloaded(meaning_of_numbers, names[0].__name__)
    for original in names:
        KERNELS[original] = function
    return function


def _is_of_complex(kinds):
    """Whether there are complex numbers among operands, and derivatives."""
    elements = [element_type(types.unliteral(ty)) for ty in kinds]
    return any(map(is_complex, elements)) and any(map(depth_of, elements))


def complex_kernel(declared):
    """Register what a function with a native kernel means where numbers are complex; decorates a function of types."""

    def declare(meaning):
        COMPLEX_KERNELS[originals(declared)[0]] = meaning
        return meaning

    return declare


def numbas_code(*declared):
    """Register functions whose code in Numba is the kernel: it makes views, or compares and moves elements of any type."""
    for function in declared:
        NUMBAS_OWN.update(originals(function))
