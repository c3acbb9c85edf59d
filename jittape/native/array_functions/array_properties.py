"""What a function asks about an array of differentiated numbers: dtype and bytes are those of the array without derivatives."""

import numpy as np
from numba import types
from numba.extending import overload_attribute

from ..compat import AttributeTemplate, TypingError, infer_getattr
from ..compilation.compile_cached import means
from ..numbers.array_types import DifferentialArray
from ..numbers.number_types import Differentiated
from ..numbers.predicates import primal_type
from ..numbers.strides_in_bytes import bytes_of_float
from ..statements.function_copies import stands_for


@infer_getattr
class DTypeOfNumbers(AttributeTemplate):
    """The kind of a dtype of differentiated numbers; Numba knows that of its own."""

    key = types.DType

    def resolve_kind(self, ty):
        return types.StringLiteral(np.dtype(str(primal_type(ty.dtype))).kind) if isinstance(ty.dtype, Differentiated) else None


@means(np.finfo)
def finfo_of(dtype):
    if isinstance(dtype, types.DType) and isinstance(dtype.dtype, Differentiated):
        plain = np.dtype(str(primal_type(dtype.dtype)))
        return lambda dtype: np.finfo(plain)


@overload_attribute(DifferentialArray, "itemsize")
def _itemsize(x):
    count = bytes_of_float(x)
    return lambda x: count


@overload_attribute(DifferentialArray, "nbytes")
def _nbytes(x):
    count = bytes_of_float(x)
    return lambda x: count * x.size


@stands_for(np.lib.stride_tricks.as_strided)
def as_strided_for(kind):
    """Refused: types do not tell whether strides are those of plain numbers or of the array, whose elements are longer."""

    def as_strided(x, shape=None, strides=None):
        if isinstance(x, DifferentialArray):
            raise TypingError(
                "`as_strided` of differentiated numbers is not followed: its strides are bytes, and theirs are more than those "
                "of plain numbers; use np.lib.stride_tricks.sliding_window_view for windows, slices, or an index array"
            )
        return lambda x, shape=None, strides=None: np.lib.stride_tricks.as_strided(x, shape, strides)

    return as_strided
