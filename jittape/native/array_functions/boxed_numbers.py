"""Differential numbers as objects of Python: what ``print`` and ``with objmode()`` in a copy are handed.

They are what the user's function hands over there: floats and arrays of floats. An array is a copy of the values, which Python
must not write to, as what it wrote would be lost.
"""

from numba import types
from numba.extending import box

from ..numbers.array_types import DifferentialArray
from ..numbers.number_types import Differentiated, call_function
from ..numbers.predicates import primal, primal_type
from .passive_results import primals


@box(Differentiated)
def box_number(ty, number, c):
    """The value, as a float."""
    return c.box(*primal(c.context, c.builder, ty, number))


@box(DifferentialArray)
def box_array(ty, array, c):
    """The values, as an array that cannot be written to."""
    plain = types.Array(primal_type(ty.dtype), ty.ndim, "C", readonly=True)
    writable = plain.copy(readonly=False)
    values = call_function(c.context, c.builder, primals, (ty,), (array,), writable)
    c.context.nrt.decref(c.builder, ty, array)
    return c.box(plain, values)
