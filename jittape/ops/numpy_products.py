"""NumPy's products and matrix functions that are a line or a few of its others: `numpy.vecdot`, `numpy.linalg.multi_dot`, ..."""

import math

import numpy as np

from .numpy_shapes import as_numpy
from .numpy_statistics import in_numpys_order, operand
from .operation_names import BY_NUMPY


def if_there(module, name):
    """One of NumPy's functions, in a list; an empty one where this NumPy does not have it."""
    return [getattr(module, name)] if hasattr(module, name) else []


# --- products of vectors and matrices -------------------------------------------------------------------------------------


@as_numpy(np.vdot)
def _vdot(a, b, /):
    return np.dot(np.conjugate(np.ravel(a)), np.ravel(b))


def _vecdot(x1, x2, /, *, axis=-1, keepdims=False):
    """Along one axis of both, counted from the end after broadcasting."""
    _has_axes("vecdot", (x1, 1), (x2, 1))
    a, b = (np.moveaxis(operand(x), axis, -1) for x in (x1, x2))
    if a.shape[-1] != b.shape[-1]:
        raise ValueError(f"vecdot: got vectors of {a.shape[-1]} and {b.shape[-1]} elements, expected as many")
    value = np.squeeze(np.matmul(np.expand_dims(np.conjugate(a), -2), np.expand_dims(b, -1)), (-2, -1))
    return np.expand_dims(value, axis) if keepdims else value


def _has_axes(name, *expected):
    """Raise where an operand has too few axes."""
    for x, axes in expected:
        if np.ndim(x) < axes:
            raise ValueError(f"{name}: got an operand with {np.ndim(x)} axes, expected at least {axes}")


def _matvec(x1, x2, /):
    _has_axes("matvec", (x1, 2), (x2, 1))
    return np.squeeze(np.matmul(x1, np.expand_dims(operand(x2), -1)), -1)


def _vecmat(x1, x2, /):
    _has_axes("vecmat", (x1, 1), (x2, 2))
    return np.squeeze(np.matmul(np.expand_dims(np.conjugate(operand(x1)), -2), x2), -2)


for _name, _function in (("vecdot", _vecdot), ("matvec", _matvec), ("vecmat", _vecmat)):
    for _theirs in if_there(np, _name):
        as_numpy(_theirs)(_function)


@as_numpy(np.linalg.multi_dot)
def _multi_dot(arrays, *, out=None):
    """In the order that needs the fewest multiplications."""
    np.linalg.multi_dot([np.broadcast_to(0.0, np.shape(x)) for x in arrays])  # NumPy's errors
    first, last = np.ndim(arrays[0]), np.ndim(arrays[-1])
    matrices = [operand(x) for x in arrays]
    matrices[0] = np.reshape(matrices[0], (1, -1)) if first == 1 else matrices[0]
    matrices[-1] = np.reshape(matrices[-1], (-1, 1)) if last == 1 else matrices[-1]
    value = _in_best_order(matrices, 0, len(matrices) - 1, {})[1]
    kept = [n for n, rank in zip(value.shape, (first, last)) if rank == 2]
    return value if len(kept) == 2 else np.reshape(value, kept)


def _in_best_order(matrices, i, j, costs):
    """(multiplications, product) of the matrices from i to j."""
    return _cost(matrices, i, j, costs)[0], _multiplied(matrices, i, j, costs)


def _cost(matrices, i, j, costs):
    """The fewest multiplications for the matrices from i to j, and where the last product splits them."""
    if i == j:
        return 0, i
    if (i, j) not in costs:
        rows, columns = matrices[i].shape[0], matrices[j].shape[1]
        each = [
            (_cost(matrices, i, k, costs)[0] + _cost(matrices, k + 1, j, costs)[0] + rows * matrices[k].shape[1] * columns, k)
            for k in range(i, j)
        ]
        costs[i, j] = min(each)
    return costs[i, j]


def _multiplied(matrices, i, j, costs):
    if i == j:
        return matrices[i]
    k = _cost(matrices, i, j, costs)[1]
    return np.dot(_multiplied(matrices, i, k, costs), _multiplied(matrices, k + 1, j, costs))


# --- tensors as matrices ----------------------------------------------------------------------------------------------------


@as_numpy(np.linalg.tensorsolve)
def _tensorsolve(a, b, axes=None):
    a, b = operand(a), operand(b)
    np.linalg.tensorsolve(_like_identity(a, b.ndim), np.zeros(np.shape(b)), None) if axes is None else None  # NumPy's errors
    if axes is not None:
        kept = [k for k in range(a.ndim) if k not in axes]
        a = np.transpose(a, (*kept, *axes))
    shape = a.shape[b.ndim :]
    n = math.prod(shape)
    return np.reshape(np.linalg.solve(np.reshape(a, (n, n)), np.ravel(b)), shape)


def _like_identity(a, rank):
    """An array of the shape of `a` that has an inverse, if the shape allows one."""
    rows = math.prod(a.shape[:rank])
    columns = math.prod(a.shape[rank:])
    return np.eye(rows, columns).reshape(tuple(a.shape))


@as_numpy(np.linalg.tensorinv)
def _tensorinv(a, ind=2):
    if ind <= 0:
        raise ValueError("Invalid ind argument.")
    shape = a.shape[ind:] + a.shape[:ind]
    return np.reshape(np.linalg.inv(np.reshape(a, (math.prod(a.shape[:ind]), -1))), shape)


# --- names of numpy.linalg ----------------------------------------------------------------------------------------------------


def _matrix_norm(x, /, *, keepdims=False, ord="fro"):
    value = np.linalg.norm(x, ord, (-2, -1), keepdims)
    return in_numpys_order(value, x, np.linalg.matrix_norm, keepdims=keepdims)


def _vector_norm(x, /, *, axis=None, keepdims=False, ord=2):
    """The axes joined into one."""
    x = operand(x)
    axes = range(x.ndim) if axis is None else [k % x.ndim for k in np.atleast_1d(axis).tolist()]
    others = [k for k in range(x.ndim) if k not in axes]
    joined = np.reshape(np.transpose(x, (*others, *axes)), tuple(x.shape[k] for k in others) + (-1,))
    value = np.linalg.norm(joined, ord, -1)
    return np.reshape(value, tuple(1 if k in axes else n for k, n in enumerate(x.shape))) if keepdims else value


def _svdvals(x, /):
    return np.linalg.svd(x, compute_uv=False)


def _matrix_transpose(x, /):
    if np.ndim(x) < 2:
        raise ValueError(f"Input array must be at least 2-dimensional, but it is {np.ndim(x)}")
    return np.swapaxes(x, -2, -1)


def _diagonal(x, /, *, offset=0):
    return np.diagonal(x, offset, -2, -1)


def _trace(x, /, *, offset=0, dtype=None):
    return np.trace(x, offset, -2, -1, **({} if dtype is None else {"dtype": dtype}))


def _outer(x1, x2, /):
    if np.ndim(x1) != 1 or np.ndim(x2) != 1:
        raise ValueError(f"numpy.linalg.outer: got {np.ndim(x1)} and {np.ndim(x2)} axes, expected one-dimensional arrays")
    return np.outer(x1, x2)


def _cross(x1, x2, /, *, axis=-1):
    if np.shape(x1)[axis] != 3 or np.shape(x2)[axis] != 3:
        raise ValueError(f"numpy.linalg.cross: got shapes {np.shape(x1)} and {np.shape(x2)}, expected vectors of 3 elements")
    return np.cross(x1, x2, axis=axis)


def _linalg_vecdot(x1, x2, /, *, axis=-1):
    return np.sum(np.multiply(np.conjugate(x1), x2), axis) if not hasattr(np, "vecdot") else np.vecdot(x1, x2, axis=axis)


def _matmul(x1, x2, /):
    return np.matmul(x1, x2)


def _tensordot(x1, x2, /, *, axes=2):
    return np.tensordot(x1, x2, axes)


for _name, _function in dict(
    matrix_norm=_matrix_norm,
    vector_norm=_vector_norm,
    svdvals=_svdvals,
    matrix_transpose=_matrix_transpose,
    diagonal=_diagonal,
    trace=_trace,
    outer=_outer,
    cross=_cross,
    vecdot=_linalg_vecdot,
    matmul=_matmul,
    tensordot=_tensordot,
).items():
    for _theirs in if_there(np.linalg, _name):
        if _theirs not in BY_NUMPY:
            as_numpy(_theirs)(_function)
for _theirs in if_there(np, "matrix_transpose"):
    if _theirs not in BY_NUMPY:
        as_numpy(_theirs)(_matrix_transpose)
