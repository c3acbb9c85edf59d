"""Numbers treated as NumPy's scalars: ``np.float64(x)``, ``np.int64(x)``, ``type(x)(1.0)``, ``x.item()``, ``x.real``.

Numba's types of ``np.float64`` and ``np.int64`` answer every call themselves and refuse numbers that they do not know.  Copies of
users' functions see other classes in their place, which are dtypes like them and convert differential numbers too.
"""

import numpy as np
from numba import types
from numba.extending import lower_builtin, models, overload, overload_attribute, overload_method, register_model

from ..compat import AbstractTemplate, AttributeTemplate, TypingError, answers_first, infer_getattr, overload_templates
from ..numbers.array_types import DifferentialArray
from ..numbers.complex_numbers import converted, is_any_number, is_complex
from ..containers.recorded_types import recorded_type
from ..numbers.number_types import Differential, Differentiated
from ..numbers.predicates import primal, primal_type
from .passive_results import primal_number
from ..statements.overload_copies import without_derivatives
from ..statements.function_copies import TypeStandIn, substitute, substitute_instances


class ScalarClass(types.NumberClass):
    """The type of a class of NumPy's scalars that differential numbers can be converted by."""


register_model(ScalarClass)(models.OpaqueModel)


@infer_getattr
class ScalarClassAttribute(AttributeTemplate):
    """Calls of a class of scalars: conversions to integers drop derivatives, as ``int(x)`` does."""

    key = ScalarClass

    def resolve___call__(self, of):
        class Conversion(AbstractTemplate):
            key = ScalarClass

            def generic(self, args, kws):
                if kws or len(args) != 1 or not is_any_number(args[0]) or is_complex(args[0]) and not is_complex(of.dtype):
                    return None
                return converted(args[0], of.dtype)(args[0])

        return types.Function(Conversion)


@lower_builtin(ScalarClass, types.Any)
def _convert(context, builder, signature, args):
    ty, value = signature.args[0], args[0]
    if isinstance(ty, Differentiated) and not isinstance(signature.return_type, Differentiated):
        ty, value = primal(context, builder, ty, value)
    return context.cast(builder, value, ty, signature.return_type)


class DeclaredNumber(ScalarClass):
    """The type of ``types.float64`` in a copy: containers that are declared to hold it hold numbers with derivatives."""

    def __init__(self, ty, kind):
        self._plain, self.kind = ty, kind
        super().__init__(recorded_type(ty, kind))

    @property
    def dtype(self):
        return self._plain


register_model(DeclaredNumber)(models.OpaqueModel)


@answers_first
class DeclaredArray(AbstractTemplate):
    """``types.float64[:]``: containers that are declared to hold such arrays hold arrays of numbers with derivatives."""

    key = "static_getitem"

    def generic(self, args, kws):
        number, index = args
        return recorded_type(number.dtype[index], number.kind)(*args) if isinstance(number, DeclaredNumber) else None


@substitute_instances(types.Float)
@substitute_instances(types.Complex)
def number_in_copy(ty, copies):
    """What a copy sees in the place of a type of numbers that the user's function names."""
    return TypeStandIn(DeclaredNumber(ty, copies.kind))


def _declare_class(original, ty):
    stand_in = TypeStandIn(ScalarClass(ty))

    @substitute(original)
    def class_for(kind):
        return stand_in


for _name in (
    "float64",
    "float32",
    "int64",
    "int32",
    "int16",
    "int8",
    "uint64",
    "uint32",
    "uint16",
    "uint8",
    "complex128",
    "complex64",
):
    _declare_class(getattr(np, _name), getattr(types, _name))


@infer_getattr
class DifferentialAttribute(AttributeTemplate):
    """The class of a number, by which ``type(x)(1.0)`` converts."""

    key = Differential

    def resolve___class__(self, ty):
        return ScalarClass(primal_type(ty))


@overload(isinstance)
def is_instance(var, typs):
    """Numba's answer for the type that a number has without derivatives."""
    if not isinstance(var, Differentiated):
        return None
    picks = [template._overload_func for template in overload_templates(isinstance)]
    return next(pick for pick in picks if pick is not is_instance)(without_derivatives(var), typs)


@overload_method(Differential, "item")
def _item(x):
    return lambda x: x


@overload_method(Differential, "conjugate")
@overload_method(Differential, "conj")
def _conjugate(x):
    return lambda x: x


@overload_attribute(Differential, "real")
def _real(x):
    return lambda x: x


@overload_attribute(Differential, "imag")
def _imag(x):
    return lambda x: 0.0


@overload_method(Differential, "__hash__")
def _hash(x):
    return lambda x: hash(primal_number(x))


@overload_method(DifferentialArray, "view")
def _view(x, dtype):
    if getattr(dtype, "dtype", None) == primal_type(x.dtype):
        return lambda x, dtype: x
    raise TypingError("`view` of differentiated numbers as another dtype is not followed: it reads their bits; use astype")
