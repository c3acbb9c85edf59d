"""Methods of arrays of differentiated numbers that mean functions of NumPy: calls of these, however they are compiled."""

import numpy as np
from numba import types
from numba.extending import lower_builtin

from ..compat import AbstractTemplate, AttributeTemplate, infer_getattr
from ..numbers.array_types import DifferentialArray
from . import array_joining, array_linalg, array_reductions, numbas_views, order_statistics  # noqa: F401 - declare kernels
from .native_kernels import KERNELS, NUMBAS_OWN
from .table_calls import SUBSTITUTED, calling, meaning_of, resolved

IN_PLACE = (np.ndarray.partition, np.ndarray.resize, np.ndarray.sort)  # the functions of these names make new arrays


def _meant_by(name):
    """The function of NumPy that a method means; None for methods that Numba has for elements of any type, and for attributes."""
    original, method = getattr(np, name, None), getattr(np.ndarray, name)
    if name.startswith("_") or not callable(method) or method in IN_PLACE or original in NUMBAS_OWN:
        return None
    return original if original in KERNELS or original in SUBSTITUTED else None


def _method_template(name, function):
    class MethodTemplate(AbstractTemplate):
        key = DifferentialArray, name
        prefer_literal = True

        def generic(self, args, kws):
            found = resolved(self.context, function, (self.this, *args), kws)
            if found is None:
                return None
            signature = found.return_type(*found.args[1:]).replace(recvr=self.this)
            if found.pysig is None:
                return signature
            parameters = list(found.pysig.parameters.values())[1:]
            return signature.replace(pysig=found.pysig.replace(parameters=parameters))

    lower_builtin(MethodTemplate.key, types.VarArg(types.Any))(calling(function))
    return MethodTemplate


METHODS = {name: _method_template(name, meaning_of(_meant_by(name))) for name in dir(np.ndarray) if _meant_by(name)}


@infer_getattr
class MethodsOfArrays(AttributeTemplate):
    """The methods of an array that are calls of functions."""

    key = DifferentialArray

    def generic_resolve(self, ty, name):
        return types.BoundFunction(METHODS[name], ty) if name in METHODS else None
