"""Reductions: the functions that users call."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..dtypes import as_dtype, is_differentiable
from ..errors import DTypeError
from ..tensors.tensor import Tensor, wrap
from .arguments import as_tensor_argument, axes_of, one_axis, spellings
from .choosing import maximum, minimum
from .reduction_rules import (
    amax_values,
    amin_values,
    logsumexp_values,
    median_values,
    norm_values,
    prod_values,
    std_values,
    var_values,
)
from .copies_and_joins import convert, gather_flat
from .keywords import stored
from .operation_names import public
from .shape_functions import permute, reshape, squeeze
from .singular_values import svdvals_values
from .sums import _as_summand, sum
from .axis_geometry import three_lengths

if TYPE_CHECKING:
    from ..typing import Axes, DTypeLike, Number, TensorLike


_BY_NUMPY = "input=a dim=axis =out keepdim=keepdims"


def _fold(operation, x, dim, keepdim, *statics):
    return operation.apply(x, axes_of(dim, x.ndim), bool(keepdim), *statics)


def _refuse_empty(x, function, dim):
    if x.numel() == 0 and (dim is None or any(x.shape[a] == 0 for a in axes_of(dim, x.ndim))):
        if dim is None:
            raise RuntimeError(
                f"{function}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim "
                "with the 'dim' argument."
            )
        raise IndexError(f"{function}(): Expected reduction dim {dim} to have non-zero size.")


def _extreme(operation, input, dim, keepdim, name):
    x = as_tensor_argument(input, name)
    _refuse_empty(x, name, dim)
    if not x.requires_grad and not is_differentiable(x.dtype):
        fold = np.max if operation is amax_values else np.min
        return wrap(np.asarray(fold(x._value(), axes_of(dim, x.ndim), keepdims=bool(keepdim))))
    return _fold(operation, x, dim, keepdim)


@public(operation=amax_values, numpy={np.max: _BY_NUMPY, np.amax: _BY_NUMPY, (np.maximum, "reduce"): None}, out="one")
@spellings
def amax(input: TensorLike, dim: Axes | None = None, keepdim: bool = False) -> Tensor:
    """Largest elements over axes; equal ones share the gradient.

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
    Tensor
        Without the reduced axes.

    Raises
    ------
    RuntimeError, IndexError
        If there is nothing to reduce.
    """
    return _extreme(amax_values, input, dim, keepdim, "amax")


@public(operation=amin_values, numpy={np.min: _BY_NUMPY, np.amin: _BY_NUMPY, (np.minimum, "reduce"): None}, out="one")
@spellings
def amin(input: TensorLike, dim: Axes | None = None, keepdim: bool = False) -> Tensor:
    """Smallest elements over axes; equal ones share the gradient.

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
    Tensor
        Without the reduced axes.

    Raises
    ------
    RuntimeError, IndexError
        If there is nothing to reduce.
    """
    return _extreme(amin_values, input, dim, keepdim, "amin")


class ValuesIndices(tuple[Tensor, Tensor]):
    """A pair (values, indices), as PyTorch returns from max, min, sort, median along an axis."""

    __slots__ = ()

    @property
    def values(self) -> Tensor:
        """The elements."""
        return self[0]

    @property
    def indices(self) -> Tensor:
        """Where they were along the axis."""
        return self[1]

    def __repr__(self):
        return f"(values={self[0]!r},\nindices={self[1]!r})"


def pick(x, indices, axis, keepdim):
    """Elements along an axis at indices that keep the axis, and those indices."""
    shape = tuple(x.shape)
    runs = three_lengths(shape, (axis,))
    positions = np.arange(runs[0]).reshape(-1, 1, 1) * (runs[1] * runs[2]) + np.arange(runs[2])  # of the first elements
    positions = positions.reshape(*shape[:axis], 1, *shape[axis + 1 :]) + indices * runs[2]
    if not keepdim:
        positions, indices = positions.squeeze(axis), indices.squeeze(axis)
    return ValuesIndices((gather_flat(x, positions), wrap(indices)))


def _extreme_with_index(input, dim, keepdim, name, where_):
    x = as_tensor_argument(input, name)
    if isinstance(dim, (Tensor, np.ndarray)):
        return (maximum if name == "max" else minimum)(x, dim)
    if dim is None:
        _refuse_empty(x, name, None)
        return (amax if name == "max" else amin)(x)
    if x.ndim == 0:
        return ValuesIndices((reshape(x, ()), wrap(np.zeros((), np.int64))))
    _refuse_empty(x, name, dim)
    axis = one_axis(dim, x.ndim)
    return pick(x, np.expand_dims(where_(x._value(), axis), axis), axis, keepdim)


@public()
@spellings
def max(input, dim=None, keepdim=False, *, other=None, out=None):
    """Largest element of all; along an axis with its position; of two tensors elementwise.

    Of all, equal elements share the gradient; along an axis, the element at the returned position has it.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or Tensor, optional
        The axis; by default all elements are compared. With a Tensor, elements of both are compared.
    keepdim : bool, optional
        Keep reduced axes, with length one.
    other : Tensor or ndarray, optional
        What is compared elementwise, in the place of an axis.
    out : Tensor or tuple of Tensor, optional
        Where the result is written; it is returned.

    Returns
    -------
    Tensor or tuple of (Tensor, Tensor of int64)
        The elements; along an axis, ``values`` and ``indices``.
    """
    dim = other if dim is None else dim
    value = _extreme_with_index(input, dim, keepdim, "max", np.argmax)
    return value if out is None else stored(value, out, "max")


@public()
@spellings
def min(input, dim=None, keepdim=False, *, other=None, out=None):
    """Smallest element of all; along an axis with its position; of two tensors elementwise.

    Of all, equal elements share the gradient; along an axis, the element at the returned position has it.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or Tensor, optional
        The axis; by default all elements are compared. With a Tensor, elements of both are compared.
    keepdim : bool, optional
        Keep reduced axes, with length one.
    other : Tensor or ndarray, optional
        What is compared elementwise, in the place of an axis.
    out : Tensor or tuple of Tensor, optional
        Where the result is written; it is returned.

    Returns
    -------
    Tensor or tuple of (Tensor, Tensor of int64)
        The elements; along an axis, ``values`` and ``indices``.
    """
    dim = other if dim is None else dim
    value = _extreme_with_index(input, dim, keepdim, "min", np.argmin)
    return value if out is None else stored(value, out, "min")


@public(operation=median_values)
@spellings
def median(input, dim=None, keepdim=False, *, out=None):
    """Median of all elements; along an axis with its position. Of two middle elements, the lower one.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis; by default all elements.
    keepdim : bool, optional
        Keep reduced axes, with length one.
    out : Tensor or tuple of Tensor, optional
        Where the result is written; it is returned.

    Returns
    -------
    Tensor or tuple of (Tensor, Tensor of int64)
        The median; along an axis, ``values`` and ``indices``.
    """
    if out is not None:
        return stored(median(input, dim, keepdim), out, "median")
    x = as_tensor_argument(input, "median")
    if dim is None:
        return _fold(median_values, x, None, False)
    axis = one_axis(dim, x.ndim)
    if x.ndim == 0:
        return ValuesIndices((reshape(x, ()), wrap(np.zeros((), np.int64))))
    _refuse_empty(x, "median", dim)
    array = x._value()
    middle = np.take(np.argsort(array, axis, kind="stable"), [(x.shape[axis] - 1) // 2], axis)
    missing = np.isnan(array)
    first = np.expand_dims(np.argmax(missing, axis), axis)
    return pick(x, np.where(missing.any(axis, keepdims=True), first, middle), axis, keepdim)


@public(
    operation=prod_values,
    numpy={np.prod: "input=a dim=axis dtype =out keepdim=keepdims", (np.multiply, "reduce"): None},
    out="one",
)
@spellings
def prod(input: TensorLike, dim: Axes | None = None, keepdim: bool = False, *, dtype: DTypeLike | None = None) -> Tensor:
    """Product of all elements, or over axes; derivatives are exact where elements are zero.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        Axes that are reduced; by default all.
    keepdim : bool, optional
        Keep reduced axes, with length one.
    dtype : dtype, optional
        Of the result.

    Returns
    -------
    Tensor
        Without the reduced axes.
    """
    x = _as_summand(input, "prod", dtype)
    if not is_differentiable(x.dtype):
        return wrap(np.asarray(x._value().prod(axes_of(dim, x.ndim), keepdims=bool(keepdim))))
    return _fold(prod_values, x, dim, keepdim)


def _spread_measure(operation, input, dim, unbiased, correction, keepdim, name):
    x = as_tensor_argument(input, name)
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    if not is_differentiable(x.dtype):
        raise DTypeError(f"{name} only support floating point and complex dtypes: got {x.dtype}; convert with .double()")
    if unbiased is not None:
        correction = 1 if unbiased else 0
    return _fold(operation, x, dim, keepdim, correction)


def _numpy_var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, **kwargs):
    """NumPy divides by n unless told otherwise."""
    return var(a, axis, correction=ddof, keepdim=keepdims, out=out)


def _numpy_std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, **kwargs):
    return std(a, axis, correction=ddof, keepdim=keepdims, out=out)


@public(operation=var_values, numpy={np.var: _numpy_var}, out="one")
@spellings
def var(
    input: TensorLike, dim: Axes | None = None, unbiased: bool | None = None, keepdim: bool = False, *, correction: float = 1
) -> Tensor:
    """Variance of all elements, or over axes.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        Axes that are reduced; by default all.
    unbiased : bool, optional
        True for a correction of 1, False for 0.
    keepdim : bool, optional
        Keep reduced axes, with length one.
    correction : int, optional
        Subtracted from the number of elements; NumPy's ``ddof``.

    Returns
    -------
    Tensor
        Without the reduced axes.

    Raises
    ------
    DTypeError
        If the dtype is not a floating-point one.
    """
    return _spread_measure(var_values, input, dim, unbiased, correction, keepdim, "var")


@public(operation=std_values, numpy={np.std: _numpy_std}, out="one")
@spellings
def std(
    input: TensorLike, dim: Axes | None = None, unbiased: bool | None = None, keepdim: bool = False, *, correction: float = 1
) -> Tensor:
    """Standard deviation of all elements, or over axes; its derivative is 0 where the elements are equal.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        Axes that are reduced; by default all.
    unbiased : bool, optional
        True for a correction of 1, False for 0.
    keepdim : bool, optional
        Keep reduced axes, with length one.
    correction : int, optional
        Subtracted from the number of elements; NumPy's ``ddof``.

    Returns
    -------
    Tensor
        Without the reduced axes.

    Raises
    ------
    DTypeError
        If the dtype is not a floating-point one.
    """
    return _spread_measure(std_values, input, dim, unbiased, correction, keepdim, "std")


@public(operation=logsumexp_values, out="one")
@spellings
def logsumexp(input: TensorLike, dim: Axes | None = None, keepdim: bool = False) -> Tensor:
    """Logarithm of the sum of exponentials, without overflow.

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
    Tensor
        Without the reduced axes.
    """
    x = as_tensor_argument(input, "logsumexp")
    return _fold(logsumexp_values, x if is_differentiable(x.dtype) else x.double(), dim, keepdim)


def norm_as_numpy(x, ord=None, axis=None, keepdims=False):
    """Norms of vectors and matrices, with NumPy's arguments."""
    x = x if is_differentiable(x.dtype) else x.double()
    if axis is None and ord is None:
        return norm(x, 2, None, keepdims)
    axes = tuple(range(x.ndim)) if axis is None else (axis,) if not isinstance(axis, (tuple, list)) else tuple(axis)
    if len(axes) == 2:
        return _matrix_norm(x, ord, *[one_axis(a, x.ndim) for a in axes], keepdims)
    if len(axes) != 1:
        raise ValueError("Improper number of dimensions to norm.")
    if isinstance(ord, str):
        raise ValueError(f"Invalid norm order '{ord}' for vectors")
    return norm(x, 2 if ord is None else ord, axes, keepdims)


def _matrix_norm(x, ord, rows, columns, keepdims):
    if ord in (None, "fro", "f"):
        return norm(x, 2, (rows, columns), keepdims)
    if ord in (2, -2, "nuc"):
        return _spectral_norm(x, ord, rows, columns, keepdims)
    if ord not in (1, -1, math.inf, -math.inf):
        raise TypeError(f"np.linalg.norm: got ord={ord!r} for a matrix, expected 1, -1, 2, -2, inf, -inf, 'fro', 'nuc' or None")
    summed, compared = (rows, columns) if abs(ord) == 1 else (columns, rows)
    sums = norm(x, 1, summed, True)
    found = amax(sums, compared, True) if ord > 0 else amin(sums, compared, True)
    return found if keepdims else squeeze(found, (rows, columns))


def _spectral_norm(x, ord, rows, columns, keepdims):
    others = [k for k in range(x.ndim) if k not in (rows, columns)]
    s = svdvals_values.apply(permute(x, *others, rows, columns), False)
    found = sum(s, -1) if ord == "nuc" else s[..., 0 if ord == 2 else -1]
    shape = tuple([1 if k in (rows, columns) else n for k, n in enumerate(x.shape)])
    return reshape(found, shape) if keepdims else found


@public(operation=norm_values, numpy={np.linalg.norm: norm_as_numpy}, out="one")
@spellings
def norm(
    input: TensorLike,
    p: Number | str = 2,
    dim: Axes | None = None,
    keepdim: bool = False,
    ord: Number | None = None,
    *,
    dtype: DTypeLike | None = None,
) -> Tensor:
    """Vector norm of all elements, or over axes; its derivative at 0 is 0.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    p : float or "fro", optional
        Order of the norm; ``math.inf`` and ``-math.inf`` for the largest and smallest absolute value.
    dim : int or tuple of int, optional
        Axes that are reduced; by default all.
    keepdim : bool, optional
        Keep reduced axes, with length one.
    ord : float, optional
        NumPy's name of `p`.
    dtype : dtype, optional
        To which `input` is converted first.

    Returns
    -------
    Tensor
        Without the reduced axes.

    Raises
    ------
    ValueError
        If the order is another string.
    """
    x = as_tensor_argument(input, "norm")
    x = x if dtype is None else convert(x, as_dtype(dtype))
    p = ord if ord is not None else p
    if p == "fro" or p is None:
        p = 2
    if isinstance(p, str):
        raise ValueError(f"got norm order {p!r}, expected a number, inf, -inf or 'fro'")
    return _fold(norm_values, x, dim, keepdim, float(p))
