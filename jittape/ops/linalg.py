"""Products of matrices and vectors."""

import math

import numpy as np

from ..errors import ShapeError
from ..layouts import broadcast_shapes
from .arguments import as_tensor_argument
from .shape import convert, expand, reshape, transpose, unsqueeze
from .table import BY_NUMPY, common_dtype, structured


@structured(arity=2, linear=True, uses=(2, 1, 0), grad_name="MmBackward0")
def matmul_values(a, b):
    """The product of matrices, or of equally long batches of them."""
    return np.matmul(a, b)


@matmul_values.pullback_of(0)
def matmul_pullback_a(y_bar, y, a, b):
    return matmul_values.apply(y_bar, transpose(b, -2, -1))


@matmul_values.pullback_of(1)
def matmul_pullback_b(y_bar, y, a, b):
    return matmul_values.apply(transpose(a, -2, -1), y_bar)


def _as_matrices(input, other, name):
    a, b = as_tensor_argument(input, name), as_tensor_argument(other, name, "other")
    dtype = common_dtype([a, b])
    return convert(a, dtype), convert(b, dtype)


def matmul(input, other):
    """The matrix product, with NumPy's rules for vectors and batches."""
    a, b = _as_matrices(input, other, "matmul")
    if a.ndim == 0 or b.ndim == 0:
        raise ShapeError(f"both arguments to matmul need to be at least 1D, but they are {a.ndim}D and {b.ndim}D")
    _check_inner(a, b)
    a2 = unsqueeze(a, 0) if a.ndim == 1 else a
    b2 = unsqueeze(b, 1) if b.ndim == 1 else b
    batch = broadcast_shapes(tuple(a2.shape[:-2]), tuple(b2.shape[:-2]))
    if batch and b2.ndim == 2:  # one matrix on the right: one product of tall matrices
        y = reshape(matmul_values.apply(reshape(a2, (-1, a2.shape[-1])), b2), batch + (a2.shape[-2], b2.shape[-1]))
    else:
        if batch:
            a2, b2 = expand(a2, batch + tuple(a2.shape[-2:])), expand(b2, batch + tuple(b2.shape[-2:]))
        y = matmul_values.apply(a2, b2)
    if a.ndim == 1:
        y = reshape(y, tuple(y.shape[:-2]) + (y.shape[-1],))
    return reshape(y, tuple(y.shape[:-1])) if b.ndim == 1 else y


def _check_inner(a, b):
    inner = b.shape[-2] if b.ndim > 1 else b.shape[0]
    if a.shape[-1] == inner:
        return
    if a.ndim == 1 and b.ndim == 1:
        raise ShapeError(
            f"inconsistent tensor size, expected tensor [{a.shape[0]}] and src [{b.shape[0]}] to have the same number of "
            f"elements, but got {a.shape[0]} and {b.shape[0]} elements respectively"
        )
    if b.ndim == 1 and a.ndim == 2:
        raise ShapeError(
            f"size mismatch, got input ({a.shape[0]}), mat ({a.shape[0]}x{a.shape[1]}), vec ({b.shape[0]})"
        )
    rows = math.prod(a.shape[:-1])
    raise ShapeError(
        f"mat1 and mat2 shapes cannot be multiplied ({rows}x{a.shape[-1]} and {inner}x{b.shape[-1]}): got shapes "
        f"{list(a.shape)} and {list(b.shape)}, expected the last axis of the first to be as long as the second to last of "
        "the second"
    )


def mm(input, mat2):
    """The product of two matrices."""
    a, b = _as_matrices(input, mat2, "mm")
    if a.ndim != 2:
        raise ShapeError(f"self must be a matrix: got shape {list(a.shape)}")
    if b.ndim != 2:
        raise ShapeError(f"mat2 must be a matrix: got shape {list(b.shape)}")
    return matmul(a, b)


def mv(input, vec):
    """The product of a matrix and a vector."""
    a, b = _as_matrices(input, vec, "mv")
    if a.ndim != 2 or b.ndim != 1:
        raise ShapeError(f"vector + matrix @ vector expected, got {a.ndim}, {a.ndim}, {b.ndim}")
    return matmul(a, b)


def bmm(input, mat2):
    """The products of two batches of matrices."""
    a, b = _as_matrices(input, mat2, "bmm")
    if a.ndim != 3 or b.ndim != 3:
        raise ShapeError(f"batch1 and batch2 must be 3D tensors: got shapes {list(a.shape)} and {list(b.shape)}")
    return matmul(a, b)


def dot(input, other):
    """The inner product of two vectors."""
    a, b = _as_matrices(input, other, "dot")
    if a.ndim != 1 or b.ndim != 1:
        raise ShapeError(f"1D tensors expected, but got {a.ndim}D and {b.ndim}D tensors")
    return matmul(a, b)


def outer(input, vec2):
    """The matrix of all products of elements of two vectors."""
    a, b = _as_matrices(input, vec2, "outer")
    if a.ndim != 1 or b.ndim != 1:
        raise ShapeError(f"outer: Expected 1-D arguments, but got {a.ndim}D and {b.ndim}D; flatten them first")
    return unsqueeze(a, 1) * unsqueeze(b, 0)


def trace(input):
    """The sum of the diagonal of a matrix."""
    from .reductions import sum as sum_
    from .shape import diagonal

    return sum_(diagonal(as_tensor_argument(input, "trace")))


def _numpy_dot(a, b, out=None):
    a, b = as_tensor_argument(a, "dot"), as_tensor_argument(b, "dot")
    if a.ndim == 0 or b.ndim == 0:
        return a * b
    if b.ndim <= 2:
        return matmul(a, b)
    flat = reshape(transpose(b, -2, -1), (-1, b.shape[-2]))
    y = matmul(a, transpose(flat, 0, 1))
    return reshape(y, tuple(a.shape[:-1]) + tuple(b.shape[:-2]) + (b.shape[-1],))


def _numpy_outer(a, b, out=None):
    return outer(reshape(as_tensor_argument(a, "outer"), -1), reshape(as_tensor_argument(b, "outer"), -1))


BY_NUMPY.update({np.matmul: matmul, np.dot: _numpy_dot, np.outer: _numpy_outer})
