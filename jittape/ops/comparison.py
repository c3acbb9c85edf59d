"""Comparisons and tests: results that carry no gradient."""

import builtins

import numpy as np

from ..dtypes import float64
from ..memory.layouts import broadcast_shapes
from ..tensors.tensor import Tensor, wrap
from .arguments import as_tensor_argument, axes_of, one_axis, spellings
from .recorded_masks import recorded_mask
from .operation_table import BY_NUMPY, as_operand, common_dtype, raw, tracer
from .unrecorded_path import plain_arrays


def _comparison(name, ufunc, doc):
    def function(input, other):
        plain = plain_arrays((input, other), flows=False)
        if plain is not None and plain[1] is float64:
            try:
                return wrap(np.asarray(ufunc(*plain[0])))
            except (ValueError, TypeError):  # refused below, in our words
                pass
        found = tracer((input, other))
        if found is not None:
            return found._interpret(None, (input, other))
        operands = [as_operand(input), as_operand(other, "other")]
        mask = recorded_mask(name, operands)
        if mask is not None:
            return mask
        dtype = common_dtype(operands)
        values = [raw(x) if isinstance(x, (Tensor, np.ndarray)) else np.asarray(x, dtype) for x in operands]
        broadcast_shapes(*map(np.shape, values))
        return wrap(np.asarray(ufunc(*values)))

    function.__name__ = function.__qualname__ = name
    function.__doc__, function.__module__ = doc, "jittape"
    BY_NUMPY[ufunc] = function
    return function


def _test(name, ufunc, doc):
    def function(input):
        x = as_tensor_argument(input, name)
        mask = recorded_mask(name, (x,))
        return wrap(np.asarray(ufunc(x._value()))) if mask is None else mask

    function.__name__ = function.__qualname__ = name
    function.__doc__, function.__module__ = doc, "jittape"
    BY_NUMPY[ufunc] = function
    return function


eq = _comparison("eq", np.equal, "Whether elements are equal.")
ne = _comparison("ne", np.not_equal, "Whether elements differ.")
lt = _comparison("lt", np.less, "Whether elements of the first are smaller.")
le = _comparison("le", np.less_equal, "Whether elements of the first are not larger.")
gt = _comparison("gt", np.greater, "Whether elements of the first are larger.")
ge = _comparison("ge", np.greater_equal, "Whether elements of the first are not smaller.")
logical_and = _comparison("logical_and", np.logical_and, "Whether both are true.")
logical_or = _comparison("logical_or", np.logical_or, "Whether one is true.")
logical_xor = _comparison("logical_xor", np.logical_xor, "Whether exactly one is true.")
bitwise_and = _comparison("bitwise_and", np.bitwise_and, "Bits of both; of bools, both.")
bitwise_or = _comparison("bitwise_or", np.bitwise_or, "Bits of either; of bools, either.")
bitwise_xor = _comparison("bitwise_xor", np.bitwise_xor, "Bits of exactly one.")
logical_not = _test("logical_not", np.logical_not, "Whether elements are false.")
bitwise_not = _test("bitwise_not", np.invert, "The bits turned over; of bools, the opposite.")
isnan = _test("isnan", np.isnan, "Whether elements are not a number.")
isfinite = _test("isfinite", np.isfinite, "Whether elements are neither infinite nor nan.")
isinf = _test("isinf", np.isinf, "Whether elements are infinite.")


def _pair(input, other):
    return raw(as_operand(input)), raw(as_operand(other, "other"))


def isclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Whether elements are close: ``|input - other| <= atol + rtol * |other|``."""
    return wrap(np.asarray(np.isclose(*_pair(input, other), rtol, atol, equal_nan)))


def allclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Whether all elements are close; a bool."""
    return builtins.bool(np.allclose(*_pair(input, other), rtol, atol, equal_nan))


def equal(input, other):
    """Whether two tensors have the same shape and elements; a bool."""
    return np.array_equal(*_pair(input, other))


def _fold(name, fold, doc):
    @spellings
    def function(input, dim=None, keepdim=False):
        x = as_tensor_argument(input, name)
        axes = None if dim is None else axes_of(dim, x.ndim)
        return wrap(np.asarray(fold(x._value(), axis=axes, keepdims=keepdim)))

    function.__name__ = function.__qualname__ = name
    function.__doc__, function.__module__ = doc, "jittape"
    BY_NUMPY[fold] = function
    return function


all = _fold("all", np.all, "Whether all elements, or all along axes, are true.")
any = _fold("any", np.any, "Whether an element, or one along axes, is true.")


def _position(name, find, doc):
    @spellings
    def function(input, dim=None, keepdim=False):
        x = as_tensor_argument(input, name)
        if x.numel() == 0:
            raise IndexError(f"{name}(): Expected reduction dim to be specified for input.numel() == 0.")
        axis = None if dim is None else one_axis(dim, x.ndim)
        return wrap(np.asarray(find(x._value(), axis=axis, keepdims=keepdim)))

    function.__name__ = function.__qualname__ = name
    function.__doc__, function.__module__ = doc, "jittape"
    BY_NUMPY[find] = function
    return function


argmax = _position("argmax", np.argmax, "The flat index of the largest element, or its index along an axis.")
argmin = _position("argmin", np.argmin, "The flat index of the smallest element, or its index along an axis.")


def numel(input):
    """The number of elements."""
    return as_tensor_argument(input, "numel").numel()


def count_nonzero(input, dim=None):
    """How many elements, or how many along axes, are not zero."""
    x = as_tensor_argument(input, "count_nonzero")
    return wrap(np.asarray(np.count_nonzero(x._value(), None if dim is None else axes_of(dim, x.ndim)), np.int64))


def nonzero(input, as_tuple=False):
    """The indices of the elements that are not zero: a row an element, or with `as_tuple` a vector an axis."""
    found = np.nonzero(np.atleast_1d(as_tensor_argument(input, "nonzero")._value()))
    return tuple(wrap(k) for k in found) if as_tuple else wrap(np.stack(found, 1))


def is_tensor(value):
    """Whether a value is a Tensor."""
    return isinstance(value, Tensor)


def is_floating_point(input):
    """Whether the dtype is a floating one."""
    return input.dtype.kind == "f"


BY_NUMPY.update({np.isclose: isclose, np.allclose: allclose, np.array_equal: equal, np.size: numel,
                 np.count_nonzero: count_nonzero})
