"""What a function returns: a number, an array, or a tuple of these.

Numbers lie in variables of their own, which every way out of the function sets. A view is what it is where the function ends.
"""

from numba import types

from .array_views import Elements, LazyArray, whole
from .block_values import Value, alike
from .typed_code import Unstructured


class ResultReading:
    """The part of a `TreeReader` that reads what is returned."""

    def returned(self, name):
        """Keep what the function returns where its caller looks for it."""
        found = self.result_of(self.looked_up(name), self.program.result, self.code.returns)
        if not alike(self.known.setdefault(self.program.result, found), found):
            self.refuse("results that are not one thing")

    def result_of(self, found, name, ty):
        """What is returned, as every way of the function keeps it: numbers in variables of their own."""
        if type(found) is tuple:
            return tuple(self.result_of(m, f"{name} {k}", t) for k, (m, t) in enumerate(zip(found, ty.types)))
        if isinstance(found, LazyArray):
            return self.formed(found)
        if not isinstance(found, (str, Value)):
            return found
        value, own, ty = self.again(found), self.prefix + name, types.unliteral(ty)
        if value.type != ty:
            value = self.block().value("cast", str(ty), (value,), ty)
        self.program.types[own] = ty
        self.block().final[own] = value
        return own

    def outputs(self, found):
        """What the function returns to its caller: names of variables, arrays, and tuples of these.

        An array is one that the function has made and that nobody else has, so that its adjoint can be given from outside.
        """
        if type(found) is tuple:
            return tuple(map(self.outputs, found))
        if isinstance(found, str):
            return found
        if not isinstance(found, Elements):
            self.refuse(f"a result of type {found}")
        array = found.array
        if array.lengths is None or array.layout != "C" or not alike(found, whole(array)):
            array = self.copied(found, types.Array(array.element, found.ndim, "C")).array
        return array


def leaves(outputs):
    """The variables and arrays in what a function returns."""
    return [leaf for part in outputs for leaf in leaves(part)] if type(outputs) is tuple else [outputs]


def differentiated(program, has_aux):
    """The part of what a function returns that is differentiated, and its type.

    Raises
    ------
    Unstructured
        If the rest is not auxiliary data.
    """
    if not has_aux:
        return program.outputs, program.returns
    if type(program.outputs) is not tuple or len(program.outputs) != 2:
        raise Unstructured("a result that is not a pair of a value and auxiliary data")
    return program.outputs[0], program.returns.types[0]
