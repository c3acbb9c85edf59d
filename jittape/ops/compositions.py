"""Functions that are a line of others: no rows, kernels or rules of their own."""

import math
import numbers
import operator

import numpy as np

from ..errors import ShapeError
from ..tensors.tensor import Tensor, wrap
from .arguments import as_tensor_argument, one_axis, spellings
from .choosing import clamp, where
from .indexing import grid_of
from .products import matmul
from .copies_and_joins import clone, gather_flat, scatter_add as add_at
from .shape_functions import permute, reshape
from .split_and_stack import cat, narrow
from .matrix_functions import inv
from .operation_names import public
from .sums import sum
from .transcendental import log, log1p


# --- elementwise ------------------------------------------------------------------------------------------------


@public()
def lerp(input, end, weight):
    """input + weight (end - input)."""
    return input + weight * (end - input)


@public()
def addcmul(input, tensor1, tensor2, *, value=1):
    """input + value tensor1 tensor2."""
    product = tensor1 * tensor2
    return input + (product if value == 1 else value * product)


@public()
def addcdiv(input, tensor1, tensor2, *, value=1):
    """input + value tensor1 / tensor2."""
    quotient = tensor1 / tensor2
    return input + (quotient if value == 1 else value * quotient)


@public(operator=operator.pos)
def positive(input):
    """The tensor itself."""
    x = as_tensor_argument(input, "positive")
    if x.dtype == np.bool_:
        raise RuntimeError("The `+` operator, on a bool tensor is not supported.")
    return x


@public()
def logit(input, eps=None):
    """The logarithm of the odds x / (1 - x); with `eps`, `x` is first moved between eps and 1 - eps."""
    x = input if eps is None else clamp(input, eps, 1.0 - eps)
    return log(x) - log1p(-x)


# --- along an axis ------------------------------------------------------------------------------------------------


@public(numpy={np.diff: "input=a n dim=axis prepend append"})
@spellings
def diff(input, n=1, dim=-1, prepend=None, append=None):
    """Differences of neighbours along an axis, `n` times."""
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


@public(method=False, numpy={getattr(np, "trapezoid", None) or np.trapz: "y x dx dim=axis"})
@spellings
def trapezoid(y, x=None, *, dx=1.0, dim=-1):
    """The integral along an axis by the trapezoidal rule, at places `x` or at distances `dx`."""
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


@public()
def scatter_add(input, dim, index, src):
    """`input`, with elements of `src` added where an index of the same shape names places along an axis."""
    x, positions, values = _scattered(input, dim, index, src)
    return x + add_at(reshape(values, -1), positions.reshape(-1), tuple(x.shape))


@public()
def scatter(input, dim, index, src):
    """`input`, with elements put where an index names places along an axis; of those for one place the last counts."""
    x, positions, values = _scattered(input, dim, index, src)
    source = np.full(x.numel(), -1, np.int64)
    source[positions.reshape(-1)] = np.arange(positions.size)
    source = source.reshape(tuple(x.shape))
    if not positions.size:
        return clone(x)
    return where(source >= 0, gather_flat(reshape(values, -1), np.maximum(source, 0)), x)


def _scattered(input, dim, index, src):
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


@public(method=False, numpy={np.tensordot: "a b dims=axes"})
def tensordot(a, b, dims=2):
    """Products summed over axes: the last `dims` of `a` with the first of `b`, or two lists of axes."""
    a, b = as_tensor_argument(a, "tensordot", "a"), as_tensor_argument(b, "tensordot", "b")
    if isinstance(dims, numbers.Integral):
        left, right = list(range(a.ndim - dims, a.ndim)), list(range(dims))
    else:
        left, right = ([one_axis(d, x.ndim) for d in (axes if isinstance(axes, (list, tuple)) else [axes])]
                       for axes, x in zip(dims, (a, b)))
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


@public(numpy=np.inner)
def inner(input, other):
    """Products summed over the last axes of both."""
    a, b = as_tensor_argument(input, "inner"), as_tensor_argument(other, "inner", "other")
    return a * b if a.ndim == 0 or b.ndim == 0 else tensordot(a, b, ([-1], [-1]))


@public(numpy=np.kron)
def kron(input, other):
    """Every element of one times the whole of the other."""
    a, b = as_tensor_argument(input, "kron"), as_tensor_argument(other, "kron", "other")
    n = max(a.ndim, b.ndim)
    first, second = (1,) * (n - a.ndim) + tuple(a.shape), (1,) * (n - b.ndim) + tuple(b.shape)
    apart = [tuple(v for pair in zip(first, (1,) * n) for v in pair), tuple(v for pair in zip((1,) * n, second) for v in pair)]
    return reshape(reshape(a, apart[0]) * reshape(b, apart[1]), tuple(p * q for p, q in zip(first, second)))


@public()
def addmm(input, mat1, mat2, *, beta=1, alpha=1):
    """beta input + alpha mat1 @ mat2."""
    product = matmul(mat1, mat2)
    return (input if beta == 1 else beta * input) + (product if alpha == 1 else alpha * product)


@public(numpy=np.linalg.matrix_power)
def matrix_power(A, n):
    """A square matrix multiplied with itself; negative powers are those of the inverse."""
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
