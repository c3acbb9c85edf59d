"""Numbers treated as NumPy's scalars: ``np.float64(x)``, ``type(x)(1.0)``, ``x.item()``, ``x.real``.

Numba's type of ``np.float64`` answers every call itself and refuses numbers that it does not know.  Copies of users'
functions see another class in its place, which is a dtype like it and converts differential numbers too.
"""

import numpy as np
from numba import types
from numba.extending import lower_builtin, models, overload_attribute, overload_method, register_model, typeof_impl

from ..compat import AbstractTemplate, AttributeTemplate, infer_getattr
from ..numbers.array_types import DifferentialArray
from ..numbers.number_types import Differential, in_precision, is_number
from ..numbers.predicates import primal_type
from .passive_results import primal_number
from ..statements.function_copies import substitute, substitute_instances


class FloatClass(types.NumberClass):
    """The type of a class of floats that differential numbers can be converted by."""


register_model(FloatClass)(models.OpaqueModel)


class FloatClassStandIn:
    """What a copy sees in the place of ``np.float64`` or ``np.float32``."""

    def __init__(self, ty):
        self.type = ty


@typeof_impl.register(FloatClassStandIn)
def _type_of_stand_in(value, context):
    return value.type


@infer_getattr
class FloatClassAttribute(AttributeTemplate):
    """Calls of a class of floats."""

    key = FloatClass

    def resolve___call__(self, of):
        class Conversion(AbstractTemplate):
            key = FloatClass

            def generic(self, args, kws):
                if kws or len(args) != 1 or not (is_number(args[0]) or isinstance(args[0], types.Boolean)):
                    return None
                return in_precision(args[0], of.dtype)(args[0])

        return types.Function(Conversion)


@lower_builtin(FloatClass, types.Any)
def _convert(context, builder, signature, args):
    return context.cast(builder, args[0], signature.args[0], signature.return_type)


class DeclaredFloat(FloatClass):
    """The type of ``types.float64`` in a copy: containers that are declared to hold it hold numbers with derivatives."""

    def __init__(self, ty, kind):
        self._plain = ty
        super().__init__(in_precision(kind, ty))

    @property
    def dtype(self):
        return self._plain


register_model(DeclaredFloat)(models.OpaqueModel)


@substitute_instances(types.Float)
def float_in_copy(ty, copies):
    """What a copy sees in the place of a type of floats that the user's function names."""
    return FloatClassStandIn(DeclaredFloat(ty, copies.kind))


def _declare_class(original, ty):
    stand_in = FloatClassStandIn(FloatClass(ty))

    @substitute(original)
    def class_for(kind):
        return stand_in


_declare_class(np.float64, types.float64)
_declare_class(np.float32, types.float32)


@infer_getattr
class DifferentialAttribute(AttributeTemplate):
    """The class of a number, by which ``type(x)(1.0)`` converts."""

    key = Differential

    def resolve___class__(self, ty):
        return FloatClass(primal_type(ty))


@overload_method(Differential, "item")
def _item(x):
    return lambda x: x


@overload_method(Differential, "conjugate")
@overload_method(Differential, "conj")
def _conjugate(x):
    return lambda x: x


@overload_attribute(DifferentialArray, "real")
@overload_attribute(Differential, "real")
def _real(x):
    return lambda x: x


@overload_attribute(Differential, "imag")
def _imag(x):
    return lambda x: 0.0


@overload_method(Differential, "__hash__")
def _hash(x):
    return lambda x: hash(primal_number(x))
