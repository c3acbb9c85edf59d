"""Comparisons and tests: results that carry no gradient."""

from __future__ import annotations

import builtins
import math
import operator
from typing import TYPE_CHECKING

import numpy as np

from ..dtypes import float64, result_dtype
from ..memory.layouts import broadcast_shapes
from ..tensors.array import face_of
from ..tensors.tensor import Tensor, wrap
from .arguments import as_tensor_argument, axes_of, one_axis, spellings
from .complex_bodies import is_finite, is_infinite
from .declared_docstrings import of_operands
from .keywords import taking_keywords
from .operation_names import Names, public
from .recorded_masks import Mask, recorded_mask
from .operation_table import as_operand, common_dtype, raw, tracer
from .unrecorded_path import plain_arrays

if TYPE_CHECKING:
    from typing import SupportsIndex, TypeGuard

    from ..typing import Axes, TensorLike


def comparison(mask=None, holomorphic=True, **names):
    """Decorator that declares a comparison of two operands, or a test of one, from its meaning for floats (1.0 or 0.0).

    Parameters
    ----------
    mask : Mask, optional
        What a trace records; by default a row of its own, made of the body. A function of bits has that of bools.
    holomorphic : bool or function of complex numbers
        What a trace records of complex numbers, if not the same.
    **names
        As `Names` takes them.

    Returns
    -------
    callable
        The decorator.
    """

    def declare(body):
        claimed = Names(body.__name__, **names)
        claimed.must_be_free()
        (ufunc,) = claimed.numpy
        row = Mask(body, ufunc, holomorphic) if mask is None else mask
        make = _of_two if body.__code__.co_argcount == 2 else _of_one
        function = make(row, ufunc, body.__name__, mask is not None)
        function.mask = row
        return claimed.enter(taking_keywords(_named(function, body.__name__, body.__doc__), {}, "one"))

    return declare


def _named(function, name, doc):
    function.__name__ = function.__qualname__ = name
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    function.__doc__, function.__module__ = of_operands(doc, names, "Tensor of bool", out=False), "jittape"
    return function


def _of_two(mask, ufunc, name, only_bools):
    def function(input, other):
        plain = plain_arrays((input, other), flows=False)
        if plain is not None and plain[1] is float64:
            try:
                return _wrapped(ufunc(*plain[0]), input, other)
            except (ValueError, TypeError):  # the library's message is raised below
                pass
        found = tracer((input, other))
        if found is not None:
            return found._interpret(None, (input, other))
        operands = [as_operand(input), as_operand(other, "other")]
        masked = recorded_mask(mask, operands, only_bools)
        if masked is not None:
            return masked
        dtype = common_dtype(operands)
        values = [raw(x) if isinstance(x, (Tensor, np.ndarray)) else np.asarray(x, dtype) for x in operands]
        broadcast_shapes(*map(np.shape, values))
        return _wrapped(ufunc(*values), input, other)

    return function


def _of_one(mask, ufunc, name, only_bools):
    def function(input):
        x = as_tensor_argument(input, name)
        masked = recorded_mask(mask, (x,), only_bools)
        return _wrapped(ufunc(x._value()), x) if masked is None else masked

    return function


def _wrapped(value, *operands):
    """A value as a constant, an Array if an operand is one."""
    made = wrap(np.asarray(value))
    made.__class__ = face_of(operands)
    return made


@comparison(numpy=np.equal, operator=operator.eq)
def eq(x, y):
    """Whether elements are equal."""
    return 1.0 if x == y else 0.0


@comparison(numpy=np.not_equal, aliases="not_equal", operator=operator.ne)
def ne(x, y):
    """Whether elements differ."""
    return 1.0 if x != y else 0.0


@comparison(numpy=np.less, aliases="less", holomorphic=False, operator=operator.lt)
def lt(x, y):
    """Whether elements of the first are smaller."""
    return 1.0 if x < y else 0.0


@comparison(numpy=np.less_equal, aliases="less_equal", holomorphic=False, operator=operator.le)
def le(x, y):
    """Whether elements of the first are not larger."""
    return 1.0 if x <= y else 0.0


@comparison(numpy=np.greater, aliases="greater", holomorphic=False, operator=operator.gt)
def gt(x, y):
    """Whether elements of the first are larger."""
    return 1.0 if x > y else 0.0


@comparison(numpy=np.greater_equal, aliases="greater_equal", holomorphic=False, operator=operator.ge)
def ge(x, y):
    """Whether elements of the first are not smaller."""
    return 1.0 if x >= y else 0.0


@comparison(numpy=np.logical_and)
def logical_and(x, y):
    """Whether both are true."""
    return 1.0 if x != 0.0 and y != 0.0 else 0.0


@comparison(numpy=np.logical_or)
def logical_or(x, y):
    """Whether one is true."""
    return 1.0 if x != 0.0 or y != 0.0 else 0.0


@comparison(numpy=np.logical_xor, method=False)
def logical_xor(x, y):
    """Whether exactly one is true."""
    return 1.0 if (x != 0.0) != (y != 0.0) else 0.0


@comparison(numpy=np.logical_not)
def logical_not(x):
    """Whether elements are false."""
    return 1.0 if x == 0.0 else 0.0


@comparison(logical_and.mask, numpy=np.bitwise_and, operator=operator.and_, public=False)
def bitwise_and(x, y):
    """Bits of both; of bools, both."""


@comparison(logical_or.mask, numpy=np.bitwise_or, operator=operator.or_, public=False)
def bitwise_or(x, y):
    """Bits of either; of bools, either."""


@comparison(logical_xor.mask, numpy=np.bitwise_xor, operator=operator.xor, public=False)
def bitwise_xor(x, y):
    """Bits of exactly one."""


@comparison(logical_not.mask, numpy=np.invert, operator=operator.invert, public=False)
def bitwise_not(x):
    """The bits turned over; of bools, the opposite."""


@comparison(numpy=np.isnan)
def isnan(x):
    """Whether elements are not a number."""
    return 1.0 if x != x else 0.0


@comparison(numpy=np.isfinite, holomorphic=is_finite)
def isfinite(x):
    """Whether elements are neither infinite nor nan."""
    return 1.0 if math.fabs(x) < math.inf else 0.0


@comparison(numpy=np.isinf, holomorphic=is_infinite)
def isinf(x):
    """Whether elements are infinite."""
    return 1.0 if math.fabs(x) == math.inf else 0.0


def _pair(input, other):
    return raw(as_operand(input)), raw(as_operand(other, "other"))


@public(numpy={np.isclose: "input=a other=b rtol atol equal_nan"})
def isclose(input: TensorLike, other: TensorLike, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> Tensor:
    """Whether elements are close: ``|input - other| <= atol + rtol * |other|``.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    other : Tensor, ndarray or float
        Values of a shape that broadcasts.
    rtol, atol : float, optional
        Relative and absolute tolerance.
    equal_nan : bool, optional
        Whether nan is close to nan.

    Returns
    -------
    Tensor of bool
        Of the broadcast shape.
    """
    return wrap(np.asarray(np.isclose(*_pair(input, other), rtol, atol, equal_nan)))


@public(numpy={np.allclose: "input=a other=b rtol atol equal_nan"})
def allclose(input: TensorLike, other: TensorLike, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> bool:
    """Whether all elements are close: ``|input - other| <= atol + rtol * |other|``.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    other : Tensor, ndarray or float
        Values of a shape that broadcasts.
    rtol, atol : float, optional
        Relative and absolute tolerance.
    equal_nan : bool, optional
        Whether nan is close to nan.

    Returns
    -------
    bool
        Whether all are.
    """
    return builtins.bool(np.allclose(*_pair(input, other), rtol, atol, equal_nan))


def _numpy_array_equal(a1, a2, equal_nan=False):
    return builtins.bool(np.array_equal(raw(a1), raw(a2), equal_nan))


@public(numpy={np.array_equal: _numpy_array_equal})
def equal(input: TensorLike, other: TensorLike) -> bool:
    """Whether two tensors have the same shape and the same elements.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    other : Tensor, ndarray or float
        Values of a shape that broadcasts.

    Returns
    -------
    bool
        Whether they do.
    """
    return np.array_equal(*_pair(input, other))


@public(numpy={np.all: "input=a dim=axis =out keepdim=keepdims"}, out="one")
@spellings
def all(input: TensorLike, dim: Axes | None = None, keepdim: bool = False) -> Tensor:
    """Whether all elements are true, or all along axes.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        Axes that are reduced; by default all.
    keepdim : bool, optional
        Keep reduced axes, with length one.

    Returns
    -------
    Tensor of bool
        Without the reduced axes.
    """
    return _folded(np.all, as_tensor_argument(input, "all"), dim, keepdim)


@public(numpy={np.any: "input=a dim=axis =out keepdim=keepdims"}, out="one")
@spellings
def any(input: TensorLike, dim: Axes | None = None, keepdim: bool = False) -> Tensor:
    """Whether any element is true, or any along axes.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        Axes that are reduced; by default all.
    keepdim : bool, optional
        Keep reduced axes, with length one.

    Returns
    -------
    Tensor of bool
        Without the reduced axes.
    """
    return _folded(np.any, as_tensor_argument(input, "any"), dim, keepdim)


def _folded(fold, x, dim, keepdim):
    return wrap(np.asarray(fold(x._value(), axis=None if dim is None else axes_of(dim, x.ndim), keepdims=keepdim)))


@public(numpy={np.argmax: "input=a dim=axis =out keepdim=keepdims"})
@spellings
def argmax(input: TensorLike, dim: SupportsIndex | None = None, keepdim: bool = False) -> Tensor:
    """Position of the largest element.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis; by default positions in the flat order of all elements.
    keepdim : bool, optional
        Keep reduced axes, with length one.

    Returns
    -------
    Tensor of int64
        Positions; of equal elements the first.

    Raises
    ------
    IndexError
        If there are no elements.
    """
    return _position(np.argmax, as_tensor_argument(input, "argmax"), dim, keepdim)


@public(numpy={np.argmin: "input=a dim=axis =out keepdim=keepdims"})
@spellings
def argmin(input: TensorLike, dim: SupportsIndex | None = None, keepdim: bool = False) -> Tensor:
    """Position of the smallest element.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis; by default positions in the flat order of all elements.
    keepdim : bool, optional
        Keep reduced axes, with length one.

    Returns
    -------
    Tensor of int64
        Positions; of equal elements the first.

    Raises
    ------
    IndexError
        If there are no elements.
    """
    return _position(np.argmin, as_tensor_argument(input, "argmin"), dim, keepdim)


def _position(find, x, dim, keepdim):
    """The positions that `find` (np.argmax or np.argmin) returns."""
    if x.numel() == 0:
        raise IndexError(f"{find.__name__}(): Expected reduction dim to be specified for input.numel() == 0.")
    axis = None if dim is None else one_axis(dim, x.ndim)
    return wrap(np.asarray(find(x._value(), axis=axis, keepdims=keepdim)))


def _numpy_size(a, axis=None):
    return a.numel() if axis is None else math.prod([a.shape[k] for k in axes_of(axis, a.ndim)] if axis != () else [])


@public(method=False, numpy={np.size: _numpy_size})
def numel(input: TensorLike) -> int:
    """Number of elements.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    int
        The product of the lengths of the axes.
    """
    return as_tensor_argument(input, "numel").numel()


def _numpy_count_nonzero(a, axis=None, *, keepdims=False):
    found = np.count_nonzero(a._value(), axis=axis, keepdims=keepdims)
    return wrap(found) if isinstance(found, np.ndarray) else found


@public(numpy={np.count_nonzero: _numpy_count_nonzero})
def count_nonzero(input: TensorLike, dim: Axes | None = None) -> Tensor:
    """Number of elements that are not zero, in all or along axes.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        Axes that are reduced; by default all.

    Returns
    -------
    Tensor of int64
        Without the reduced axes.
    """
    x = as_tensor_argument(input, "count_nonzero")
    return wrap(np.asarray(np.count_nonzero(x._value(), None if dim is None else axes_of(dim, x.ndim)), np.int64))


@public(out="one")
def nonzero(input, as_tuple=False):
    """Indices of the elements that are not zero.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    as_tuple : bool, optional
        Return a vector for each axis, as NumPy does.

    Returns
    -------
    Tensor of int64 or tuple of them
        A matrix with a row for each element; or vectors.
    """
    found = np.nonzero(np.atleast_1d(as_tensor_argument(input, "nonzero")._value()))
    return tuple(wrap(k) for k in found) if as_tuple else wrap(np.stack(found, 1))


@public(method=False, keywords="obj=value")
def is_tensor(value: object) -> TypeGuard[Tensor]:
    """Whether a value is a Tensor.

    Parameters
    ----------
    value : object
        Anything.

    Returns
    -------
    bool
        Whether it is.
    """
    return isinstance(value, Tensor)


@public()
def is_floating_point(input: TensorLike) -> bool:
    """Whether the dtype of a tensor is a floating-point one.

    Parameters
    ----------
    input : Tensor
        Anything with a dtype.

    Returns
    -------
    bool
        Whether it is.
    """
    return input.dtype.kind == "f"


@public(method=False)
def result_type(tensor1: TensorLike, tensor2: TensorLike) -> np.dtype:
    """Return the dtype that an operation on two tensors or numbers has as its result.

    Parameters
    ----------
    tensor1, tensor2 : Tensor, ndarray or number
        The operands. Numbers and tensors without axes decide only where their kind is higher.

    Returns
    -------
    dtype
        The dtype.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.result_type(jt.tensor([1, 2]), 1.0)
    dtype('float64')
    """
    operands = [a for a in (tensor1, tensor2) if hasattr(a, "dtype")]
    numbers = [a for a in (tensor1, tensor2) if not hasattr(a, "dtype")]
    return result_dtype([(a.ndim, a.dtype) for a in operands], numbers)


@public()
def is_complex(input: Tensor) -> builtins.bool:
    """Whether the dtype is one of complex numbers.

    Parameters
    ----------
    input : Tensor
        Any tensor.

    Returns
    -------
    bool
        Of the dtype, not of the values.
    """
    return input.dtype.kind == "c"
