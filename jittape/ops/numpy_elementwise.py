"""NumPy's functions of single elements that are a line of others, and those that ask what an element is."""

import numpy as np

from ..dtypes import is_complex
from ..tensors.array import Array, is_number
from ..tensors.tensor import wrap
from .array_protocols import in_dtype
from .complex_parts import angle, conj, imag, real
from .copies_and_joins import clone
from .moved_elements import plain
from .numpy_products import if_there
from .numpy_shapes import as_numpy, of_values
from .operation_names import BY_NUMPY


@as_numpy(np.modf)
def _modf(x, /):
    """Fraction and whole part, both with the sign of the number."""
    whole = np.trunc(x)
    return np.where(np.isinf(plain(x)), np.copysign(np.asarray(0, x.dtype), x), x - whole), whole


@as_numpy(np.frexp)
def _frexp(x, /):
    """Fraction and exponent of two; the exponent is an integer, which has no derivative."""
    fraction, exponent = np.frexp(plain(x))
    finite = np.isfinite(fraction)
    return np.where(finite, np.ldexp(x, -np.where(finite, exponent, 0)), fraction), exponent


@as_numpy(np.fix)
def _fix(x, out=None):
    return np.trunc(x, **({} if out is None else {"out": out}))


def _itself(x, *_, **__):
    """Of real numbers: themselves."""
    return x


def _conjugate(x, /):
    if is_complex(x.dtype):
        return conj(x)
    return np.copy(x) if np.ndim(x) else x


def _real(val):
    return real(val)


def _imag(val):
    return imag(val) if is_complex(val.dtype) else np.zeros_like(plain(val))


def _angle(z, deg=False):
    """Of real numbers 0 or pi, by the sign."""
    if not is_complex(z.dtype):
        return np.angle(plain(z), deg)
    return angle(z) * (180.0 / np.pi) if deg else angle(z)


def _real_if_close(a, tol=100):
    return a


def _astype(x, dtype, /, *, copy=True, device=None):
    found = in_dtype(x, dtype, "unsafe")
    if not copy or found is not x:
        return found
    return clone(x) if type(x) is Array and is_number(x) else np.copy(x)


def _signbit(x, /):
    return wrap(np.asarray(np.signbit(plain(x))))


BY_NUMPY[np.signbit] = _signbit
BY_NUMPY[np.conjugate] = _conjugate
for _theirs, _function in ((np.real, _real), (np.imag, _imag), (np.angle, _angle), (np.real_if_close, _real_if_close)):
    as_numpy(_theirs)(_function)
for _theirs in if_there(np, "astype"):
    as_numpy(_theirs)(_astype)

# Answers about elements, shapes and dtypes, which have no derivatives.
for _theirs in (
    np.isreal,
    np.iscomplex,
    np.iscomplexobj,
    np.isneginf,
    np.isposinf,
    np.lexsort,
    np.ix_,
    np.diag_indices_from,
    np.tril_indices_from,
    np.triu_indices_from,
    np.array_repr,
    np.array_str,
    np.array2string,
    np.result_type,
    np.can_cast,
    np.common_type,
    np.min_scalar_type,
    np.einsum_path,
):
    of_values(_theirs)
