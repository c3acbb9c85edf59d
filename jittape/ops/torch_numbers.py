"""PyTorch's functions of numbers that are made of a line or two of others: products that are added, order, sets and counts."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ShapeError
from ..tensors.tensor import Tensor, wrap
from .arguments import as_tensor_argument, one_axis
from .choosing import where
from .compositions import diff
from .copies_and_joins import scatter_add as add_at
from .cumulative import cumsum
from .gather_sort import index_select, sort
from .operation_names import public
from .products import bmm, matmul, outer
from .reductions import norm, pick
from .shape_functions import movedim, reshape, unsqueeze
from .split_and_stack import stack, unbind
from .sums import sum as _sum
from .transcendental import logaddexp

if TYPE_CHECKING:
    from typing import SupportsIndex

    from ..typing import Number, TensorLike
    from .reductions import ValuesIndices


@public(method=False)
def cdist(x1: TensorLike, x2: TensorLike, p: float = 2.0, compute_mode: str | None = None) -> Tensor:
    """Distances of all vectors of one batch to all of another.

    Parameters
    ----------
    x1 : Tensor or ndarray, shape (..., n, m)
        Vectors.
    x2 : Tensor or ndarray, shape (..., k, m)
        Others.
    p : float, optional
        Order of the norm.
    compute_mode : str, optional
        Without effect; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor, shape (..., n, k)
        The distances.

    Raises
    ------
    ShapeError
        If vectors have different lengths.
    """
    x, y = as_tensor_argument(x1, "cdist", "x1"), as_tensor_argument(x2, "cdist", "x2")
    if x.ndim < 2 or y.ndim < 2 or x.shape[-1] != y.shape[-1]:
        raise ShapeError(
            f"X1 and X2 must have the same number of columns. X1: {x.shape[-1:]} X2: {y.shape[-1:]}: got {list(x.shape)} and "
            f"{list(y.shape)}"
        )
    return norm(unsqueeze(x, -2) - unsqueeze(y, -3), p, -1)


@public()
def dist(input: TensorLike, other: TensorLike, p: float = 2.0) -> Tensor:
    """The norm of a difference.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    other : Tensor or ndarray
        Other values.
    p : float, optional
        Order of the norm.

    Returns
    -------
    Tensor
        A number.
    """
    return norm(reshape(as_tensor_argument(input, "dist") - as_tensor_argument(other, "dist", "other"), -1), p)


def _added(name, input, product, beta, alpha):
    """``beta * input + alpha * product``, where the input is not read if `beta` is 0."""
    found = product if alpha == 1 else product * alpha
    return found if beta == 0 else found + (input if beta == 1 else as_tensor_argument(input, name) * beta)


@public(in_place=True, out="one")
def addmv(input: TensorLike, mat: TensorLike, vec: TensorLike, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
    """The product of a matrix and a vector, added to a tensor.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    mat, vec : Tensor or ndarray
        The operands of the product.
    beta : float, optional
        Factor of `input`.
    alpha : float, optional
        Factor of the product.

    Returns
    -------
    Tensor
        The sum; `input` is not read where `beta` is 0.
    """
    return _added("addmv", input, matmul(mat, vec), beta, alpha)


@public(in_place=True, out="one")
def addr(input: TensorLike, vec1: TensorLike, vec2: TensorLike, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
    """The product of two vectors, as a matrix, added to a tensor.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    vec1, vec2 : Tensor or ndarray
        The operands of the product.
    beta : float, optional
        Factor of `input`.
    alpha : float, optional
        Factor of the product.

    Returns
    -------
    Tensor
        The sum; `input` is not read where `beta` is 0.
    """
    return _added("addr", input, outer(vec1, vec2), beta, alpha)


@public(in_place=True, out="one")
def baddbmm(input: TensorLike, batch1: TensorLike, batch2: TensorLike, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
    """The product of matrices of two batches, added to a tensor.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    batch1, batch2 : Tensor or ndarray
        The operands of the product.
    beta : float, optional
        Factor of `input`.
    alpha : float, optional
        Factor of the product.

    Returns
    -------
    Tensor
        The sum; `input` is not read where `beta` is 0.
    """
    return _added("baddbmm", input, bmm(batch1, batch2), beta, alpha)


@public(in_place=True, out="one")
def addbmm(input: TensorLike, batch1: TensorLike, batch2: TensorLike, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
    """The product of matrices of two batches, summed, added to a tensor.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    batch1, batch2 : Tensor or ndarray
        The operands of the product.
    beta : float, optional
        Factor of `input`.
    alpha : float, optional
        Factor of the product.

    Returns
    -------
    Tensor
        The sum; `input` is not read where `beta` is 0.
    """
    return _added("addbmm", input, _sum(bmm(batch1, batch2), 0), beta, alpha)


@public(out="one", method=False)
def chain_matmul(*matrices: TensorLike) -> Tensor:
    """The product of several matrices.

    Parameters
    ----------
    *matrices : Tensor
        Matrices that fit each other.

    Returns
    -------
    Tensor
        A matrix.
    """
    return functools.reduce(matmul, matrices)


@public(out="one")
def logcumsumexp(input: TensorLike, dim: SupportsIndex) -> Tensor:
    """Logarithms of cumulative sums of exponentials, which do not overflow.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int
        The axis.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    x = as_tensor_argument(input, "logcumsumexp")
    axis, parts = one_axis(dim, x.ndim), []
    for part in unbind(x, axis):
        parts.append(part if not parts else logaddexp(parts[-1], part))
    return stack(parts, axis)


@public(in_place=True, out="one")
def renorm(input: TensorLike, p: float, dim: SupportsIndex, maxnorm: float) -> Tensor:
    """Slices along an axis scaled so that their norms are at most a number.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    p : float
        Order of the norm.
    dim : int
        The axis.
    maxnorm : float
        The largest norm.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    x = as_tensor_argument(input, "renorm")
    rows = reshape(movedim(x, dim, 0), (x.shape[dim], -1))
    sizes = norm(rows, p, 1, True)
    found = where(sizes > maxnorm, rows * (maxnorm / (sizes + 1e-7)), rows)
    return movedim(reshape(found, tuple(movedim(x, dim, 0).shape)), 0, dim)


@public(out="several")
def kthvalue(input: TensorLike, k: int, dim: SupportsIndex = -1, keepdim: bool = False) -> ValuesIndices:
    """The k-th smallest element along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    k : int
        Which: 1 for the smallest.
    dim : int, optional
        The axis.
    keepdim : bool, optional
        Keep the axis, with length one.

    Returns
    -------
    ValuesIndices
        The elements, and their places.

    Raises
    ------
    RuntimeError
        If there are fewer elements.
    """
    x = as_tensor_argument(input, "kthvalue")
    axis = one_axis(dim, x.ndim)
    if not 1 <= k <= (x.shape[axis] if x.ndim else 1):
        raise RuntimeError(
            f"kthvalue(): selected number k out of range for dimension {axis}: got {k} for {x.shape[axis]} elements"
        )
    order = np.take(np.argsort(x.detach()._value(), axis, kind="stable"), [k - 1], axis)
    return pick(x, order, axis, keepdim)


@public(out="several")
def mode(input: TensorLike, dim: SupportsIndex = -1, keepdim: bool = False) -> ValuesIndices:
    """The element that is there most often along an axis; the smallest of several.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis.
    keepdim : bool, optional
        Keep the axis, with length one.

    Returns
    -------
    ValuesIndices
        The elements, and their places.
    """
    x = as_tensor_argument(input, "mode")
    axis = one_axis(dim, x.ndim)
    lines = np.moveaxis(x.detach()._value(), axis, -1)
    equal = lines[..., :, None] == lines[..., None, :]
    most = equal.sum(-1)
    often = np.where(most == most.max(-1, keepdims=True), lines, lines.max() if lines.dtype.kind in "iub" else np.inf)
    value = often.min(-1, keepdims=True)
    last = lines.shape[-1] - 1 - np.argmax((lines == value)[..., ::-1], -1, keepdims=True)
    return pick(x, np.moveaxis(last, -1, axis), axis, keepdim)


@public(out="one")
def msort(input: TensorLike) -> Tensor:
    """The elements along the first axis in order of size.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    return sort(input, 0)[0]


@public(method=False)
def cumulative_trapezoid(y: TensorLike, x: TensorLike | None = None, *, dx: Number = 1.0, dim: SupportsIndex = -1) -> Tensor:
    """Integrals up to each place after the first, by the trapezoidal rule.

    Parameters
    ----------
    y : Tensor or ndarray
        Values.
    x : Tensor or ndarray, optional
        Their places.
    dx : float, optional
        The distance of neighbours where there are no places.
    dim : int, optional
        The axis.

    Returns
    -------
    Tensor
        One shorter along the axis.
    """
    y = movedim(as_tensor_argument(y, "cumulative_trapezoid", "y"), dim, -1)
    steps = dx if x is None else diff(as_tensor_argument(x, "cumulative_trapezoid", "x"))
    return movedim(cumsum((y[..., 1:] + y[..., :-1]) * 0.5 * steps, -1), -1, dim)


@public()
def unique(
    input: TensorLike,
    sorted: bool = True,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: SupportsIndex | None = None,
) -> Tensor | tuple[Tensor, ...]:
    """The different elements, in order of size.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    sorted : bool, optional
        Without effect: they are.
    return_inverse : bool, optional
        Also say which one each element is.
    return_counts : bool, optional
        Also count them.
    dim : int, optional
        Compare slices along this axis.

    Returns
    -------
    Tensor or tuple of Tensor
        The elements, and what else was asked for.
    """
    x = as_tensor_argument(input, "unique")
    values, axis = x.detach()._value(), None if dim is None else one_axis(dim, x.ndim)
    _, places, inverse, counts = np.unique(values, True, True, True, axis=axis)
    found = [reshape(x, -1)[places] if axis is None else index_select(x, axis, places)]
    found += [wrap(inverse.reshape(values.shape if axis is None else -1))] if return_inverse else []
    found += [wrap(counts)] if return_counts else []
    return found[0] if len(found) == 1 else tuple(found)


@public()
def unique_consecutive(
    input: TensorLike, return_inverse: bool = False, return_counts: bool = False, dim: SupportsIndex | None = None
) -> Tensor | tuple[Tensor, ...]:
    """Elements without those that are equal to the one before.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    return_inverse : bool, optional
        Also say which one each element is.
    return_counts : bool, optional
        Also count them.
    dim : int, optional
        Compare slices along this axis; the elements as one by default.

    Returns
    -------
    Tensor or tuple of Tensor
        The elements, and what else was asked for.
    """
    x = as_tensor_argument(input, "unique_consecutive")
    flat = reshape(x, -1) if dim is None else movedim(x, dim, 0)
    values = flat.detach()._value().reshape(flat.shape[0], -1)
    new = np.concatenate([np.ones(min(len(values), 1), bool), np.any(values[1:] != values[:-1], 1)])
    places = np.flatnonzero(new)
    found = [flat[places] if dim is None else movedim(flat[places], 0, dim)]
    inverse = np.cumsum(new) - 1
    found += [wrap(inverse.reshape(tuple(x.shape)) if dim is None else inverse)] if return_inverse else []
    found += [wrap(np.diff(np.append(places, len(values))))] if return_counts else []
    return found[0] if len(found) == 1 else tuple(found)


@public()
def bincount(input: TensorLike, weights: TensorLike | None = None, minlength: int = 0) -> Tensor:
    """How often numbers are there, or the sums of their weights.

    Parameters
    ----------
    input : Tensor or ndarray of int
        Numbers that are not negative.
    weights : Tensor or ndarray, optional
        A weight for each.
    minlength : int, optional
        The least length of the result.

    Returns
    -------
    Tensor
        A count, or sum, for each number.

    Raises
    ------
    RuntimeError
        If `input` has negative numbers, or several axes.
    """
    numbers = np.asarray(input._value() if isinstance(input, Tensor) else input)
    if numbers.ndim != 1 or (numbers.size and numbers.min() < 0):
        raise RuntimeError(f"bincount only supports 1-d non-negative integral inputs: got shape {list(numbers.shape)}")
    if weights is None:
        return wrap(np.bincount(numbers, minlength=minlength))
    length = max(int(numbers.max(initial=-1)) + 1, minlength)
    return add_at(as_tensor_argument(weights, "bincount", "weights"), numbers, (length,))


@public(out="one")
def histc(input: TensorLike, bins: int = 100, min: float = 0.0, max: float = 0.0) -> Tensor:
    """How many elements fall between edges at equal distances.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    bins : int, optional
        How many intervals.
    min, max : float, optional
        Ends of the first and the last; those of the elements if both are the same.

    Returns
    -------
    Tensor
        The counts, in the dtype of `input`.
    """
    values = as_tensor_argument(input, "histc").detach()._value()
    ends = (min, max) if min != max else (values.min(), values.max()) if values.size else (0.0, 1.0)
    return wrap(np.histogram(values, bins, ends)[0].astype(values.dtype))


@public(method=False)
def isin(elements: TensorLike, test_elements: TensorLike, *, assume_unique: bool = False, invert: bool = False) -> Tensor:
    """Which elements are among others.

    Parameters
    ----------
    elements : Tensor, ndarray or number
        The elements.
    test_elements : Tensor, ndarray or number
        The others.
    assume_unique : bool, optional
        Whether all of each are different.
    invert : bool, optional
        Which are not.

    Returns
    -------
    Tensor
        Of bool, of the shape of `elements`.
    """
    values, others = (np.asarray(v._value() if isinstance(v, Tensor) else v) for v in (elements, test_elements))
    return wrap(np.isin(values, others, assume_unique=assume_unique, invert=invert))


@public(out="one")
def isposinf(input: TensorLike) -> Tensor:
    """Which elements are plus infinity.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        Of bool, of the shape of `input`.
    """
    return wrap(np.isposinf(as_tensor_argument(input, "isposinf").detach()._value()))


@public(out="one")
def isneginf(input: TensorLike) -> Tensor:
    """Which elements are minus infinity.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        Of bool, of the shape of `input`.
    """
    return wrap(np.isneginf(as_tensor_argument(input, "isneginf").detach()._value()))


@public(out="one")
def signbit(input: TensorLike) -> Tensor:
    """Which elements are negative, or minus zero.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        Of bool, of the shape of `input`.
    """
    return wrap(np.signbit(as_tensor_argument(input, "signbit").detach()._value()))


@public()
def isreal(input: TensorLike) -> Tensor:
    """Which elements are real.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        Of bool, of the shape of `input`.
    """
    return wrap(np.isreal(as_tensor_argument(input, "isreal").detach()._value()))
