"""Products of matrices and vectors."""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ShapeError
from ..memory.layouts import broadcast_shapes
from ..tensors.tensor import Tensor
from ..kernels.loops import clear_if
from ..memory.words import i64_at
from .arguments import as_tensor_argument
from .arithmetic import mul
from .blas import ITEM_BYTES, PLAIN, TURNED, blas_block, blas_kind, gemm
from .copies_and_joins import convert
from .einsum_terms import LETTERS
from .jacobian_patterns import by_letters
from .shape_functions import diagonal, expand, reshape, transpose, unsqueeze
from .declare_structured import structured
from .shape_rules import matrix_product
from .sums import sum as sum_, sum_values
from .keywords import stored
from .operation_names import public
from .operation_table import common_dtype, is_operand

if TYPE_CHECKING:
    from ..typing import TensorLike


@structured(arity=2, linear=True, uses=(2, 1, 0), grad_name="MmBackward0")
def matmul_values(a, b, a_turned, b_turned):
    """The product of matrices, vectors or equally long batches; either may be stored as its transpose."""
    return np.matmul(np.swapaxes(a, -2, -1) if a_turned else a, np.swapaxes(b, -2, -1) if b_turned else b)


def _product(a, b):
    return matmul_values.apply(a, b, False, False)


def _turn(x, turned):
    return transpose(x, -2, -1) if turned else x


matmul_values.shaped(matrix_product)


@matmul_values.patterned
def matmul_pattern(k, shapes, constants, a_turned, b_turned):
    a, b = shapes
    batch = LETTERS[: max(0, len(a) - 2, len(b) - 2)]
    a_term = "k" if len(a) == 1 else batch + ("ki" if a_turned else "ik")
    b_term = "k" if len(b) == 1 else batch + ("jk" if b_turned else "kj")
    out = (batch if len(a) > 1 or len(b) > 1 else "") + "i" * (len(a) > 1) + "j" * (len(b) > 1)
    return by_letters(k, (a_term, b_term), out, shapes, constants)


@matmul_values.pullback_of(0)
def matmul_pullback_a(y_bar, y, a, b, a_turned, b_turned):
    b = _turn(b, b_turned)
    if b.ndim == 1:
        return y_bar * b if a.ndim == 1 else _turn(unsqueeze(y_bar, -1) * b, a_turned)
    if a.ndim == 1:
        return _product(b, y_bar)
    return _turn(_product(y_bar, transpose(b, -2, -1)), a_turned)


@matmul_values.pullback_of(1)
def matmul_pullback_b(y_bar, y, a, b, a_turned, b_turned):
    a = _turn(a, a_turned)
    if a.ndim == 1:
        return y_bar * a if b.ndim == 1 else _turn(unsqueeze(a, -1) * y_bar, b_turned)
    if b.ndim == 1:
        return _product(transpose(a, -2, -1), y_bar)
    return _turn(_product(transpose(a, -2, -1), y_bar), b_turned)


# --- kernels: BLAS, which adds to adjoints where they lie -----------------------------------------------------


@matmul_values.exampled
def _matmul_examples():
    for a, b in (((3, 4), (4, 2)), ((60, 70), (70, 50)), ((1, 1), (1, 1)), ((3, 1), (1, 2)), ((1, 3), (3, 1))):
        yield [a, b], (False, False)
    yield [(4, 3), (4, 2)], (True, False)
    yield [(3, 4), (2, 4)], (False, True)
    yield [(4, 3), (2, 4)], (True, True)
    yield [(4,), (4,)], (False, False)
    yield [(3, 4), (4,)], (False, False)
    yield [(4, 3), (4,)], (True, False)
    yield [(3,), (3, 4)], (False, False)
    yield [(3,), (4, 3)], (False, True)
    yield [(2, 3, 4), (2, 4, 5)], (False, False)
    yield [(2, 4, 3), (2, 5, 4)], (True, True)


@matmul_values.planned
def _matmul_plan(layouts, a_turned, b_turned):
    a, b = layouts[0].shape, layouts[1].shape
    m, k = (1, a[0]) if len(a) == 1 else (a[-2:][::-1] if a_turned else a[-2:])
    n = 1 if len(b) == 1 else (b[-2] if b_turned else b[-1])
    batch = a[:-2] if len(a) > 2 else b[:-2]
    shape = batch + (() if len(a) == 1 else (m,)) + (() if len(b) == 1 else (n,))
    return shape, (math.prod(batch), m, k, n, 2 * a_turned + b_turned, blas_block())


@matmul_values.kernel_of("forward")
def _matmul_forward(at):
    kind = blas_kind(at)
    item = ITEM_BYTES[kind]

    def kernel(params, out, x0, x1):
        p = i64_at(params, 6)
        m, k, n, turned, block = p[1], p[2], p[3], p[4], p[5]
        ta, lda = (TURNED, m) if turned & 2 else (PLAIN, k)
        tb, ldb = (TURNED, k) if turned & 1 else (PLAIN, n)
        for j in range(p[0]):
            a, b, c = x0 + j * item * m * k, x1 + j * item * k * n, out + j * item * m * n
            if k == 0:
                clear_if(1, at(c, m * n), 0, m * n)
            elif m * n > 0:
                gemm(block, kind, tb, ta, n, m, k, b, ldb, a, lda, False, c)

    return kernel


@matmul_values.kernel_of("reverse", 0)
def _matmul_reverse_a(at):
    kind = blas_kind(at)
    item = ITEM_BYTES[kind]

    def kernel(params, x_bar, y_bar, y, x0, x1, fresh):
        p = i64_at(params, 6)
        m, k, n, turned, block = p[1], p[2], p[3], p[4], p[5]
        add = fresh == 0
        if m * k * n == 0:
            clear_if(fresh, at(x_bar, p[0] * m * k), 0, p[0] * m * k)
            return
        for j in range(p[0]):
            b, g, x = x1 + j * item * k * n, y_bar + j * item * m * n, x_bar + j * item * m * k
            if turned & 2:
                tb, ldb = (TURNED, k) if turned & 1 else (PLAIN, n)
                gemm(block, kind, TURNED, tb, m, k, n, g, n, b, ldb, add, x)
            else:
                tb, ldb = (PLAIN, k) if turned & 1 else (TURNED, n)
                gemm(block, kind, tb, PLAIN, k, m, n, b, ldb, g, n, add, x)

    return kernel


@matmul_values.kernel_of("reverse", 1)
def _matmul_reverse_b(at):
    kind = blas_kind(at)
    item = ITEM_BYTES[kind]

    def kernel(params, x_bar, y_bar, y, x0, x1, fresh):
        p = i64_at(params, 6)
        m, k, n, turned, block = p[1], p[2], p[3], p[4], p[5]
        add = fresh == 0
        if m * k * n == 0:
            clear_if(fresh, at(x_bar, p[0] * k * n), 0, p[0] * k * n)
            return
        for j in range(p[0]):
            a, g, x = x0 + j * item * m * k, y_bar + j * item * m * n, x_bar + j * item * k * n
            if turned & 1:
                ta, lda = (TURNED, m) if turned & 2 else (PLAIN, k)
                gemm(block, kind, ta, TURNED, k, n, m, a, lda, g, n, add, x)
            else:
                ta, lda = (PLAIN, m) if turned & 2 else (TURNED, k)
                gemm(block, kind, PLAIN, ta, n, k, m, g, n, a, lda, add, x)

    return kernel


def _matmul_in_lanes(rows, operands, statics):
    """The product for lanes, where operands differ between examples: products of numbers, summed."""
    a, b = (_as_factor(rows, x, turned, side) for x, turned, side in zip(operands, statics, (0, 1)))
    if a is None or b is None:
        return None
    (m, k, _), (_, _, n) = rows.layout(a)[0], rows.layout(b)[0]
    total = rows.add(sum_values, [rows.add(mul.operation, [a, b], (m, k, n))], (m, n), ((1,), False))
    shape, strides = rows.layout(total)
    kept = [axis for axis, x in enumerate(operands) if len(rows.layout(x)[0]) > 1]  # a vector has no axis in the result
    return rows.view(total, [shape[k] for k in kept], [strides[k] for k in kept])


def _as_factor(rows, x, turned, side):
    """An operand of a product as (rows, columns, 1) or (1, rows, columns); None for a batch."""
    shape, strides = rows.layout(x)
    if len(shape) > 2:
        return None
    if len(shape) == 1:
        shape, strides = ((1, *shape), (0, *strides)) if side == 0 else ((*shape, 1), (*strides, 0))
    elif turned:
        shape, strides = shape[::-1], strides[::-1]
    return rows.view(x, *(((*shape, 1), (*strides, 0)) if side == 0 else ((1, *shape), (0, *strides))))


matmul_values.in_lanes = _matmul_in_lanes


def _as_matrices(input, other, name):
    a, b = as_tensor_argument(input, name), as_tensor_argument(other, name, "other")
    if a.dtype is b.dtype:
        return a, b
    dtype = common_dtype([a, b])
    return convert(a, dtype), convert(b, dtype)


_AS_THEY_LIE = (False, False)  # neither is stored as its transpose: which layouts are, is known before a plan is made


def _matmul_operator(self: Tensor, other: TensorLike) -> Tensor:
    return matmul(self, other) if isinstance(other, (Tensor, np.ndarray)) or hasattr(other, "to_numpy") else NotImplemented


def _reflected_matmul(self: Tensor, other: TensorLike) -> Tensor:
    return matmul(other, self) if is_operand(other) else NotImplemented


@public(
    operation=matmul_values,
    numpy=np.matmul,
    operator=operator.matmul,
    operators={"__matmul__": _matmul_operator, "__rmatmul__": _reflected_matmul},
)
def matmul(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Matrix product, with NumPy's rules for vectors and batches.

    Parameters
    ----------
    input : Tensor or ndarray, shape (..., n, k) or (k,)
        Left factor.
    other : Tensor or ndarray, shape (..., k, m) or (k,)
        Right factor; batches broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor, shape (..., n, m)
        The product; a vector has no axis in it.

    Raises
    ------
    ShapeError
        If the inner lengths differ, or a factor has no axis.
    """
    if out is not None:
        return stored(matmul(input, other), out, "matmul")
    found = matmul_values.quick((input, other), _AS_THEY_LIE)
    if found is not None:
        return found
    a, b = _as_matrices(input, other, "matmul")
    if a.ndim == 0 or b.ndim == 0:
        raise ShapeError(f"both arguments to matmul need to be at least 1D, but they are {a.ndim}D and {b.ndim}D")
    _check_inner(a, b)
    if a.ndim > 2 or b.ndim > 2:
        return _batched(a, b)
    a_turned, b_turned = _is_turned(a), _is_turned(b)
    return matmul_values.apply(_turn(a, a_turned), _turn(b, b_turned), a_turned, b_turned)


def _is_turned(x):
    """Whether a matrix is stored as its transpose, which BLAS takes as it is."""
    if x.ndim != 2 or x._row < 0:
        return False
    layout = x._tape.layout(x._row)
    return not layout.contiguous and layout.strides == (1, layout.shape[0])


def _batched(a, b):
    """Batches of matrices, or one with a vector."""
    a2 = unsqueeze(a, 0) if a.ndim == 1 else a
    b2 = unsqueeze(b, 1) if b.ndim == 1 else b
    batch = broadcast_shapes(tuple(a2.shape[:-2]), tuple(b2.shape[:-2]))
    if b2.ndim == 2:  # one matrix on the right: one product of tall matrices
        tall = reshape(a2, (math.prod(batch) * a2.shape[-2], a2.shape[-1]))
        y = reshape(_product(tall, b2), batch + (a2.shape[-2], b2.shape[-1]))
    else:
        y = _product(expand(a2, batch + tuple(a2.shape[-2:])), expand(b2, batch + tuple(b2.shape[-2:])))
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
        raise ShapeError(f"size mismatch, got input ({a.shape[0]}), mat ({a.shape[0]}x{a.shape[1]}), vec ({b.shape[0]})")
    rows = math.prod(a.shape[:-1])
    raise ShapeError(
        f"mat1 and mat2 shapes cannot be multiplied ({rows}x{a.shape[-1]} and {inner}x{b.shape[-1]}): got shapes "
        f"{list(a.shape)} and {list(b.shape)}, expected the last axis of the first to be as long as the second to last of "
        "the second"
    )


@public(out="one")
def mm(input: TensorLike, mat2: TensorLike) -> Tensor:
    """Product of two matrices.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, k)
        Left factor.
    mat2 : Tensor or ndarray, shape (k, m)
        Right factor.

    Returns
    -------
    Tensor, shape (n, m)
        The product.

    Raises
    ------
    ShapeError
        If they are not matrices, or the inner lengths differ.
    """
    a, b = _as_matrices(input, mat2, "mm")
    if a.ndim != 2:
        raise ShapeError(f"self must be a matrix: got shape {list(a.shape)}")
    if b.ndim != 2:
        raise ShapeError(f"mat2 must be a matrix: got shape {list(b.shape)}")
    return matmul(a, b)


@public(out="one")
def mv(input: TensorLike, vec: TensorLike) -> Tensor:
    """Product of a matrix and a vector.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, k)
        The matrix.
    vec : Tensor or ndarray, shape (k,)
        The vector.

    Returns
    -------
    Tensor, shape (n,)
        The product.

    Raises
    ------
    ShapeError
        If the shapes do not fit.
    """
    a, b = _as_matrices(input, vec, "mv")
    if a.ndim != 2 or b.ndim != 1:
        raise ShapeError(f"vector + matrix @ vector expected, got {a.ndim}, {a.ndim}, {b.ndim}")
    return matmul(a, b)


@public(keywords="batch2=mat2", out="one")
def bmm(input: TensorLike, mat2: TensorLike) -> Tensor:
    """Products of the matrices of two batches.

    Parameters
    ----------
    input : Tensor or ndarray, shape (b, n, k)
        Left factors.
    mat2 : Tensor or ndarray, shape (b, k, m)
        Right factors.

    Returns
    -------
    Tensor, shape (b, n, m)
        The products.

    Raises
    ------
    ShapeError
        If the shapes do not fit.
    """
    a, b = _as_matrices(input, mat2, "bmm")
    if a.ndim != 3 or b.ndim != 3:
        raise ShapeError(f"batch1 and batch2 must be 3D tensors: got shapes {list(a.shape)} and {list(b.shape)}")
    return matmul(a, b)


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


def _numpy_trace(a, offset=0, axis1=0, axis2=1):
    return sum_(diagonal(a, offset, axis1, axis2), -1)


@public(numpy={np.dot: _numpy_dot}, keywords="tensor=other", out="one")
def dot(input: TensorLike, other: TensorLike) -> Tensor:
    """Inner product of two vectors.

    Parameters
    ----------
    input, other : Tensor or ndarray, shape (n,)
        The vectors.

    Returns
    -------
    Tensor, shape ()
        The product.

    Raises
    ------
    ShapeError
        If they are not vectors of one length.
    """
    a, b = _as_matrices(input, other, "dot")
    if a.ndim != 1 or b.ndim != 1:
        raise ShapeError(f"1D tensors expected, but got {a.ndim}D and {b.ndim}D tensors")
    return matmul(a, b)


@public(numpy={np.outer: _numpy_outer}, out="one")
def outer(input: TensorLike, vec2: TensorLike) -> Tensor:
    """Matrix of all products of elements of two vectors.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n,)
        Gives the rows.
    vec2 : Tensor or ndarray, shape (m,)
        Gives the columns.

    Returns
    -------
    Tensor, shape (n, m)
        The matrix.

    Raises
    ------
    ShapeError
        If they are not vectors.
    """
    a, b = _as_matrices(input, vec2, "outer")
    if a.ndim != 1 or b.ndim != 1:
        raise ShapeError(f"outer: Expected 1-D arguments, but got {a.ndim}D and {b.ndim}D; flatten them first")
    return unsqueeze(a, 1) * unsqueeze(b, 0)


@public(numpy={np.trace: _numpy_trace})
def trace(input: TensorLike) -> Tensor:
    """Sum of the diagonal of a matrix.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, m)
        The matrix.

    Returns
    -------
    Tensor, shape ()
        The sum.

    Raises
    ------
    ShapeError
        If it is not a matrix.
    """
    return sum_(diagonal(as_tensor_argument(input, "trace")))
