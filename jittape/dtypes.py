"""Dtypes: NumPy's, with PyTorch's names and PyTorch's rules of promotion."""

from __future__ import annotations

import numbers
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from typing import Any

float64 = double = np.dtype(np.float64)
float32 = float_ = np.dtype(np.float32)
complex128 = cdouble = np.dtype(np.complex128)
complex64 = cfloat = np.dtype(np.complex64)
int64 = long = np.dtype(np.int64)
int32 = int_ = np.dtype(np.int32)
int16, int8, uint8 = np.dtype(np.int16), np.dtype(np.int8), np.dtype(np.uint8)
bool_ = np.dtype(np.bool_)

DEFAULT = [float64]  # a cell: read where a call would cost too much


def get_default_dtype() -> np.dtype[Any]:
    """Return the dtype of tensors made from Python floats.

    Returns
    -------
    dtype
        Float64 unless changed by `set_default_dtype`.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.get_default_dtype()
    dtype('float64')
    """
    return DEFAULT[0]


def set_default_dtype(dtype: np.dtype[Any] | type[Any] | str) -> None:
    """Set the dtype of tensors made from Python floats.

    Parameters
    ----------
    dtype : dtype
        Float64 or float32.

    Raises
    ------
    TypeError
        If it is another dtype.
    """
    dtype = as_dtype(dtype)
    if dtype not in (float64, float32):
        raise TypeError(f"only floating-point types are supported as the default type: got {dtype}, expected float32 or float64")
    DEFAULT[0] = dtype


def as_dtype(dtype):
    """A dtype of the library, in this machine's order of bytes, from anything NumPy takes for one."""
    try:
        dtype = np.dtype(dtype)
    except TypeError as error:
        raise TypeError(f"got {dtype!r}, expected a dtype such as jt.float64, jt.float32, jt.int64 or jt.bool") from error
    if dtype.kind not in "fiubc" or dtype == np.float16 or dtype.itemsize > (16 if dtype.kind == "c" else 8):
        raise TypeError(
            f"can't convert to a tensor: got dtype {dtype}, expected a bool, integer, float32, float64, complex64 or complex128 "
            "dtype"
        )
    if dtype.kind == "u" and dtype != uint8:
        return int64
    return dtype if dtype.isnative else dtype.newbyteorder("=")


def is_differentiable(dtype):
    """Whether numbers of a dtype have derivatives: floating-point and complex ones."""
    return dtype.kind in "fc"


def is_complex(dtype):
    return dtype.kind == "c"


def real_of(dtype):
    """The dtype of the real parts of numbers; of real numbers their own."""
    return _REAL.get(dtype, dtype)


def complex_of(dtype):
    """The dtype of complex numbers whose parts have a floating-point dtype; of complex numbers their own."""
    return _COMPLEX.get(dtype, dtype)


_REAL = {complex128: float64, complex64: float32}
_COMPLEX = {real: dtype for dtype, real in _REAL.items()}


def category(dtype):
    """Order of kinds: a higher one decides the dtype of a result."""
    return {"b": 0, "u": 1, "i": 1, "f": 2, "c": 3}[dtype.kind]


def _scalar_dtype(value):
    if isinstance(value, (bool, np.bool_)):
        return bool_
    if isinstance(value, numbers.Integral):
        return int64
    return get_default_dtype() if isinstance(value, numbers.Real) else complex_of(get_default_dtype())


def _promote(a, b):
    if a is None or a == b:
        return b
    if category(a) != category(b) and not (is_differentiable(a) and is_differentiable(b)):
        return a if category(a) > category(b) else b
    return np.promote_types(a, b)


def promote_types(type1: np.dtype[Any], type2: np.dtype[Any]) -> np.dtype[Any]:
    """Return the dtype that values of two dtypes have in common.

    Parameters
    ----------
    type1, type2 : dtype
        The dtypes.

    Returns
    -------
    dtype
        The smallest to which both can be converted, in PyTorch's order of kinds: bool, integer, floating, complex.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.promote_types(jt.int64, jt.float32)
    dtype('float32')
    """
    return _promote(as_dtype(type1), as_dtype(type2))


def can_cast(from_: np.dtype[Any], to: np.dtype[Any]) -> bool:
    """Whether a dtype can be converted to another within PyTorch's rules of promotion: not to a lower kind.

    Parameters
    ----------
    from_, to : dtype
        The dtypes.

    Returns
    -------
    bool
        Whether it can.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.can_cast(jt.float64, jt.float32), jt.can_cast(jt.float32, jt.int64)
    (True, False)
    """
    before, after = as_dtype(from_), as_dtype(to)
    unsigned = before.kind == "i" and after.kind == "u"
    return category(before) <= category(after) and not unsigned


def result_dtype(arrays, scalars=()):
    """The dtype that operands have in common.

    Arrays with dimensions decide; 0-dimensional ones and Python numbers raise the result only to a
    higher kind (bool, integer, floating, complex), as in PyTorch.

    Parameters
    ----------
    arrays : sequence of (ndim, dtype)
    scalars : sequence of Python or NumPy numbers
    """
    result = None
    levels = ([d for n, d in arrays if n > 0], [d for n, d in arrays if n == 0], [_scalar_dtype(s) for s in scalars])
    for level in levels:
        common = None
        for dtype in level:
            common = _promote(common, dtype)
        if common is not None and (result is None or category(common) > category(result)):
            is_weak = result is not None and is_complex(common) and is_differentiable(result)
            result = complex_of(result) if is_weak else common  # the precision is that of the operands with more dimensions
    return result


# --- the table of dtypes on a tape -----------------------------------------------------------------------


class TapeDtype(NamedTuple):
    """A dtype that values on a tape may have.

    Attributes
    ----------
    code : int
        What compiled code knows it by.
    dtype : numpy.dtype
    item_size : int
        Bytes of an element, a power of two.
    real : numpy.dtype
        Of its real part: itself, unless it is complex.
    is_differentiable, is_complex : bool
    """

    code: int
    dtype: np.dtype
    item_size: int
    real: np.dtype
    is_differentiable: bool
    is_complex: bool


def table_of(*types):
    """The table for some dtypes: the differentiable ones come first, so that their codes count columns of kernels."""
    table = []
    for code, dtype in enumerate(map(np.dtype, types)):
        differentiable = dtype.kind in "fc"
        if differentiable and table and not table[-1].is_differentiable:
            raise ValueError(f"got {dtype} after {table[-1].dtype}, expected the differentiable dtypes first")
        table.append(TapeDtype(code, dtype, dtype.itemsize, dtype.type(0).real.dtype, differentiable, dtype.kind == "c"))
    return tuple(table)


def packed_item_sizes(table):
    """The logarithms of the item sizes, four bits each: compiled code reads one with a shift, without a branch."""
    if len(table) > 15:
        raise ValueError(f"got {len(table)} dtypes, expected at most 15: their sizes have to fit an int64")
    return sum((each.item_size.bit_length() - 1) << 4 * each.code for each in table)


TABLE = table_of(float64, float32, complex128, complex64, int64, int32, bool_, uint8, int8, int16)
DTYPES = tuple(each.dtype for each in TABLE)
DTYPE_CODES = {each.dtype: each.code for each in TABLE}
N_DIFFERENTIABLE = sum(each.is_differentiable for each in TABLE)
LARGEST_ITEM = max(each.item_size for each in TABLE)
ITEM_SIZES = packed_item_sizes(TABLE)
