"""Functions that are a line of others: no rows, kernels or rules of their own."""

from __future__ import annotations

import math
import numbers
import operator
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ShapeError
from ..tensors.tensor import Tensor, wrap
from .arguments import as_tensor_argument, one_axis, spellings
from .choosing import clamp, where
from .indexing import grid_of
from .products import matmul
from .copies_and_joins import clone, gather_flat, scatter_add as add_at
from .shape_functions import broadcast_to, permute, reshape
from .split_and_stack import cat, narrow
from .matrix_functions import inv
from .operation_names import public
from .sums import sum
from .transcendental import log, log1p

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import SupportsIndex

    from ..typing import Axes, Number, TensorLike


# --- elementwise ------------------------------------------------------------------------------------------------


@public(in_place=True, out="one")
def lerp(input: TensorLike, end: TensorLike, weight: TensorLike) -> Tensor:
    """Linear interpolation: ``input + weight * (end - input)``.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    end : Tensor, ndarray or float
        Values at weight 1.
    weight : Tensor, ndarray or float
        Weights.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """
    difference = end - input
    if isinstance(weight, numbers.Number):
        return input + weight * difference if weight < 0.5 else end - (1.0 - weight) * difference
    return where(weight < 0.5, input + weight * difference, end - (1.0 - weight) * difference)  # each exact at its end


@public(in_place=True, out="one")
def addcmul(input: TensorLike, tensor1: TensorLike, tensor2: TensorLike, *, value: Number = 1) -> Tensor:
    """A multiple of a product added: ``input + value * tensor1 * tensor2``.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    tensor1, tensor2 : Tensor or ndarray
        Factors.
    value : float, optional
        Factor of the product.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """
    product = tensor1 * tensor2
    return input + (product if value == 1 else value * product)


@public(in_place=True, out="one")
def addcdiv(input: TensorLike, tensor1: TensorLike, tensor2: TensorLike, *, value: Number = 1) -> Tensor:
    """A multiple of a quotient added: ``input + value * tensor1 / tensor2``.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    tensor1, tensor2 : Tensor or ndarray
        Dividend and divisor.
    value : float, optional
        Factor of the quotient.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """
    quotient = tensor1 / tensor2
    return input + (quotient if value == 1 else value * quotient)


@public(operator=operator.pos)
def positive(input: TensorLike) -> Tensor:
    """The tensor itself: ``+x``.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        `input` itself.

    Raises
    ------
    RuntimeError
        If the dtype is bool.
    """
    x = as_tensor_argument(input, "positive")
    if x.dtype == np.bool_:
        raise RuntimeError("The `+` operator, on a bool tensor is not supported.")
    return x


@public(in_place=True, out="one")
def logit(input: TensorLike, eps: Number | None = None) -> Tensor:
    """Logarithm of the odds: ``log(x / (1 - x))``.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    eps : float, optional
        Clip the values to [eps, 1 - eps] first.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    x = input if eps is None else clamp(input, eps, 1.0 - eps)
    return log(x) - log1p(-x)


# --- along an axis ------------------------------------------------------------------------------------------------


def _numpy_diff(a, n=1, axis=-1, prepend=None, append=None):
    if n == 0:
        return a
    axis = one_axis(axis, a.ndim)
    ends = [p if p is None or isinstance(p, Tensor) else np.asarray(p) for p in (prepend, append)]
    ends = [None if p is None else _as_slice(p, tuple(a.shape), axis) for p in ends]
    return diff(a, n, axis, *ends)


def _as_slice(x, shape, axis):
    """A number as a slice of an array of a shape; arrays as they are."""
    return x if np.ndim(x) else broadcast_to(x, (*shape[:axis], 1, *shape[axis + 1 :]))


@public(numpy={np.diff: _numpy_diff})
@spellings
def diff(
    input: TensorLike,
    n: SupportsIndex = 1,
    dim: SupportsIndex = -1,
    prepend: TensorLike | None = None,
    append: TensorLike | None = None,
) -> Tensor:
    """Differences of neighbours along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    n : int, optional
        How often differences are taken.
    dim : int, optional
        The axis.
    prepend, append : Tensor or ndarray, optional
        Joined to the values before.

    Returns
    -------
    Tensor
        Shorter by `n` along the axis.

    Raises
    ------
    RuntimeError
        If there is no axis, or `n` is negative.
    """
    x = as_tensor_argument(input, "diff")
    axis = one_axis(dim, x.ndim)
    if x.ndim == 0 or n < 0:
        raise RuntimeError(f"diff expects input to be at least one-dimensional and n not negative: got {x.ndim} axes and n={n}")
    parts = [p for p in (prepend, x, append) if p is not None]
    x = cat(parts, axis) if len(parts) > 1 else x
    for _ in range(min(n, x.shape[axis])):
        m = x.shape[axis] - 1
        x = narrow(x, axis, 1, m) - narrow(x, axis, 0, m)
    return x


@public(method=False, aliases="trapz", numpy={getattr(np, "trapezoid", None) or np.trapz: "y x dx dim=axis"})
@spellings
def trapezoid(y: TensorLike, x: TensorLike | None = None, *, dx: Number = 1.0, dim: SupportsIndex = -1) -> Tensor:
    """Integral along an axis by the trapezoidal rule.

    Parameters
    ----------
    y : Tensor or ndarray
        Values of the integrand.
    x : Tensor or ndarray, optional
        Where they are taken: a vector, or the shape of `y`.
    dx : float, optional
        Distance between them, without `x`.
    dim : int, optional
        The axis.

    Returns
    -------
    Tensor
        Without the axis.
    """
    values = as_tensor_argument(y, "trapezoid", "y")
    axis = one_axis(dim, values.ndim)
    m = values.shape[axis] - 1
    if m < 1:
        return sum(values * 0.0, axis)
    heights = narrow(values, axis, 0, m) + narrow(values, axis, 1, m)
    if x is None:
        return sum(heights, axis) * (0.5 * dx)
    places = as_tensor_argument(x, "trapezoid", "x")
    if places.ndim == 1:
        places = reshape(places, (-1,) + (1,) * (values.ndim - 1 - axis))
        return sum(heights * diff(places, dim=0), axis) * 0.5
    return sum(heights * diff(places, dim=axis), axis) * 0.5


@public(in_place=True)
def scatter_add(input: TensorLike, dim: SupportsIndex, index: TensorLike, src: TensorLike) -> Tensor:
    """Values added at indexed positions along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int
        The axis.
    index : Tensor or ndarray of int
        Positions along the axis; with as many axes as `input`, none longer except this one.
    src : Tensor, ndarray or float
        What is added; at least of the shape of `index`.

    Returns
    -------
    Tensor
        A new tensor, of the shape of `input`.

    Raises
    ------
    ShapeError
        If shapes do not fit.
    RuntimeError
        If an index is out of range.

    Notes
    -----
    Where `index` names a position several times, all values count.
    """
    x, positions, values = scattered(input, dim, index, src)
    return x + add_at(reshape(values, -1), positions.reshape(-1), tuple(x.shape))


@public(in_place=True, keywords="value=src")
def scatter(input: TensorLike, dim: SupportsIndex, index: TensorLike, src: TensorLike) -> Tensor:
    """Values put at indexed positions along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int
        The axis.
    index : Tensor or ndarray of int
        Positions along the axis; with as many axes as `input`, none longer except this one.
    src : Tensor, ndarray or float
        What is put there; at least of the shape of `index`.

    Returns
    -------
    Tensor
        A new tensor, of the shape of `input`.

    Raises
    ------
    ShapeError
        If shapes do not fit.
    RuntimeError
        If an index is out of range.

    Notes
    -----
    Where `index` names a position several times, the last value counts.
    """
    x, positions, values = scattered(input, dim, index, src)
    source = np.full(x.numel(), -1, np.int64)
    source[positions.reshape(-1)] = np.arange(positions.size)
    source = source.reshape(tuple(x.shape))
    if not positions.size:
        return clone(x)
    return where(source >= 0, gather_flat(reshape(values, -1), np.maximum(source, 0)), x)


def scattered(input, dim, index, src):
    """The tensor, flat positions in it, and the values for them."""
    x = as_tensor_argument(input, "scatter")
    indices = np.asarray(index._value() if isinstance(index, Tensor) else index)
    axis = one_axis(dim, x.ndim)
    fits = indices.ndim == x.ndim and all(n <= m for k, (n, m) in enumerate(zip(indices.shape, x.shape)) if k != axis)
    if not fits:
        raise ShapeError(
            f"scatter(): got an index of shape {list(indices.shape)} for a tensor of shape {list(x.shape)}, expected as many "
            f"axes, none longer except axis {axis}"
        )
    if indices.size and (indices.min() < 0 or indices.max() >= x.shape[axis]):
        raise RuntimeError(f"index {int(indices.max())} is out of bounds for dimension {axis} with size {x.shape[axis]}")
    if isinstance(src, numbers.Number):
        values = wrap(np.full(indices.shape, src, x.dtype))
    else:
        values = as_tensor_argument(src, "scatter", "src")
        if values.ndim != indices.ndim or any(n > m for n, m in zip(indices.shape, values.shape)):
            raise ShapeError(f"scatter(): got src of shape {list(values.shape)} for an index of shape {list(indices.shape)}")
        for k, n in enumerate(indices.shape):
            values = narrow(values, k, 0, n)
    key = list(np.indices(indices.shape, sparse=True))
    key[axis] = indices
    return x, grid_of(tuple(x.shape))[tuple(key)], values


# --- products -----------------------------------------------------------------------------------------------------


@public(method=False, numpy={np.tensordot: "a b dims=axes"}, out="one")
def tensordot(a: TensorLike, b: TensorLike, dims: Axes | Sequence[Sequence[int]] = 2) -> Tensor:
    """Products summed over several axes.

    Parameters
    ----------
    a, b : Tensor or ndarray
        Factors.
    dims : int or pair of sequences of int, optional
        How many axes: the last of `a`, the first of `b`; or the axes of each.

    Returns
    -------
    Tensor
        With the other axes of `a`, then those of `b`.

    Raises
    ------
    ShapeError
        If the lengths of the axes differ.
    """
    a, b = as_tensor_argument(a, "tensordot", "a"), as_tensor_argument(b, "tensordot", "b")
    if isinstance(dims, numbers.Integral):
        left, right = list(range(a.ndim - dims, a.ndim)), list(range(dims))
    else:
        left, right = (
            [one_axis(d, x.ndim) for d in (axes if isinstance(axes, (list, tuple)) else [axes])] for axes, x in zip(dims, (a, b))
        )
    lengths = [a.shape[k] for k in left]
    if lengths != [b.shape[k] for k in right]:
        raise ShapeError(
            f"contracted dimensions need to match: got axes {left} of {list(a.shape)} and {right} of {list(b.shape)}"
        )
    free_a, free_b = ([k for k in range(x.ndim) if k not in axes] for x, axes in ((a, left), (b, right)))
    n, rows, columns = math.prod(lengths), [a.shape[k] for k in free_a], [b.shape[k] for k in free_b]
    x = reshape(permute(a, *free_a, *left), (math.prod(rows), n))
    y = reshape(permute(b, *right, *free_b), (n, math.prod(columns)))
    return reshape(matmul(x, y), (*rows, *columns))


@public(numpy=np.inner, out="one")
def inner(input: TensorLike, other: TensorLike) -> Tensor:
    """Inner products over the last axes of both.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    other : Tensor or ndarray
        The other factor.

    Returns
    -------
    Tensor
        With the other axes of both.
    """
    a, b = as_tensor_argument(input, "inner"), as_tensor_argument(other, "inner", "other")
    return a * b if a.ndim == 0 or b.ndim == 0 else tensordot(a, b, ([-1], [-1]))


@public(numpy=np.kron, out="one")
def kron(input: TensorLike, other: TensorLike) -> Tensor:
    """Kronecker product: every element of the one times the whole of the other.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    other : Tensor or ndarray
        The other factor.

    Returns
    -------
    Tensor
        Every axis as long as the product of the two lengths.
    """
    a, b = as_tensor_argument(input, "kron"), as_tensor_argument(other, "kron", "other")
    n = max(a.ndim, b.ndim)
    first, second = (1,) * (n - a.ndim) + tuple(a.shape), (1,) * (n - b.ndim) + tuple(b.shape)
    apart = [tuple(v for pair in zip(first, (1,) * n) for v in pair), tuple(v for pair in zip((1,) * n, second) for v in pair)]
    return reshape(reshape(a, apart[0]) * reshape(b, apart[1]), tuple(p * q for p, q in zip(first, second)))


@public(in_place=True, out="one")
def addmm(input: TensorLike, mat1: TensorLike, mat2: TensorLike, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
    """A matrix product added: ``beta * input + alpha * mat1 @ mat2``.

    Parameters
    ----------
    input : Tensor or ndarray
        What is added to; broadcast.
    mat1, mat2 : Tensor or ndarray
        Matrices.
    beta, alpha : float, optional
        Factors.

    Returns
    -------
    Tensor
        Matrix.
    """
    product = matmul(mat1, mat2)
    return (input if beta == 1 else beta * input) + (product if alpha == 1 else alpha * product)


@public(numpy=np.linalg.matrix_power, keywords="input=A", out="one")
def matrix_power(A: TensorLike, n: SupportsIndex) -> Tensor:
    """Power of a square matrix.

    Parameters
    ----------
    A : Tensor or ndarray, shape (..., n, n)
        Square matrix, or a batch of them.
    n : int
        The exponent; negative ones take the inverse.

    Returns
    -------
    Tensor
        Of the shape of `A`.

    Raises
    ------
    ShapeError
        If the matrix is not square.
    """
    x = as_tensor_argument(A, "linalg.matrix_power", "A")
    if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
        raise ShapeError(f"linalg.matrix_power: got a matrix of shape {list(x.shape)}, expected [..., n, n]")
    x, n = (inv(x), -n) if n < 0 else (x, n)
    power = None
    while n:
        power = (x if power is None else matmul(power, x)) if n & 1 else power
        n >>= 1
        x = matmul(x, x) if n else x
    return x * 0.0 + wrap(np.eye(x.shape[-1], dtype=x.dtype)) if power is None else power
