"""A layer of a network, ``x @ weight.T + bias``, in one row: BLAS adds the product to the bias where it lies."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ShapeError
from ..numba_backend.decorators import helper
from ..kernels.loops import clear_if
from ..memory.words import i64_at
from ..numba_backend.pointers import pointer_to_array
from .arguments import as_tensor_argument
from .blas import PLAIN, TURNED, blas_block, blas_kind, gemm
from .products import matmul
from .copies_and_joins import convert
from .shape_functions import broadcast_to, reshape, t
from .declare_structured import structured
from .einsum_terms import LETTERS
from .jacobian_patterns import broadcast_pattern, by_letters
from .shape_rules import linear_map
from .operation_table import common_dtype
from .view_rules import sum_to

if TYPE_CHECKING:
    from ..tensors.tensor import Tensor
    from ..typing import TensorLike


@structured(arity=3, multilinear=True, uses=(2, 1, 0), grad_name="AddmmBackward0")
def linear_values(x, weight, bias):
    """Products with the rows of a matrix, and a bias."""
    return x @ weight.T + bias


linear_values.shaped(linear_map)


@linear_values.patterned
def linear_pattern(k, shapes, constants):
    examples = LETTERS[: len(shapes[0]) - 1]
    if k == 2:
        return broadcast_pattern(shapes[2], (*shapes[0][:-1], *shapes[2]))
    return by_letters(k, (examples + "i", "oi"), examples + "o", shapes[:2], constants)


@linear_values.pullback_of(0)
def linear_pullback_x(y_bar, y, x, weight, bias):
    return matmul(y_bar, weight)


@linear_values.pullback_of(1)
def linear_pullback_weight(y_bar, y, x, weight, bias):
    n, (outputs, inputs) = math.prod(x.shape[:-1]), weight.shape
    return matmul(t(reshape(y_bar, (n, outputs))), reshape(x, (n, inputs)))


@linear_values.pullback_of(2)
def linear_pullback_bias(y_bar, y, x, weight, bias):
    return sum_to(y_bar, bias.shape)


@linear_values.pushforward_of(0)
def linear_pushforward_x(x_dot, y, x, weight, bias):
    return matmul(x_dot, t(weight))


@linear_values.pushforward_of(1)
def linear_pushforward_weight(w_dot, y, x, weight, bias):
    return matmul(x, t(w_dot))


@linear_values.pushforward_of(2)
def linear_pushforward_bias(b_dot, y, x, weight, bias):
    return broadcast_to(b_dot, tuple(y.shape))


@linear_values.exampled
def _linear_examples():
    for n in ((4,), (), (2, 3), (0,), (60,)):
        yield from (([(*n, i), (o, i), (o,)], ()) for i, o in ((3, 2), (1, 1), (0, 2), (3, 0), (70, 50)))


@linear_values.planned
def _plan(layouts):
    x, (outputs, inputs) = layouts[0].shape, layouts[1].shape
    n = math.prod(x[:-1])
    return (*x[:-1], outputs), (n, inputs, outputs, blas_block(), 0, 0)


# BLAS is slower with the weight turned: 27 us for (256 x 64) (64 x 32), 20 with a copy that is not, the copy included.
# Large weights cost more to copy than that, and low batches do not pay for it.
TALL, SMALL = 64, 16384


# --- kernels ----------------------------------------------------------------------------------------------------
# What BLAS sees by columns: y is outputs x n, x is inputs x n, the weight inputs x outputs.


@helper
def _by_turned_weight(block, kind, outputs, n, inputs, w, copy, x, out):
    """``out += x @ w.T``, the weight turned first; the caller holds the memory of the copy."""
    turned = pointer_to_array(copy)
    for i in range(inputs):
        for j in range(outputs):
            turned[i * outputs + j] = w[j * inputs + i]
    gemm(block, kind, PLAIN, PLAIN, outputs, n, inputs, copy.ctypes.data, outputs, x, inputs, True, out)


@linear_values.kernel_of("forward")
def _forward(at):
    kind = blas_kind(at)

    def kernel(params, out, x0, x1, x2):
        p = i64_at(params, 4)
        n, inputs, outputs = p[0], p[1], p[2]
        o, bias = at(out, n * outputs), at(x2, outputs)
        for k in range(n):
            for j in range(outputs):
                o[k * outputs + j] = bias[j]
        if n >= TALL and 0 < inputs * outputs <= SMALL:
            copy = np.empty(inputs * outputs, o.dtype)
            _by_turned_weight(p[3], kind, outputs, n, inputs, at(x1, inputs * outputs), copy, x0, out)
        elif n * inputs * outputs:
            gemm(p[3], kind, TURNED, PLAIN, outputs, n, inputs, x1, inputs, x0, inputs, True, out)

    return kernel


@linear_values.kernel_of("reverse", 0)
def _reverse_x(at):
    kind = blas_kind(at)

    def kernel(params, x_bar, y_bar, y, x0, x1, fresh):
        p = i64_at(params, 4)
        n, inputs, outputs = p[0], p[1], p[2]
        if n * inputs * outputs:
            gemm(p[3], kind, PLAIN, PLAIN, inputs, n, outputs, x1, inputs, y_bar, outputs, fresh == 0, x_bar)
        else:
            clear_if(fresh, at(x_bar, n * inputs), 0, n * inputs)

    return kernel


@linear_values.kernel_of("reverse", 1)
def _reverse_weight(at):
    kind = blas_kind(at)

    def kernel(params, w_bar, y_bar, y, x0, x1, fresh):
        p = i64_at(params, 4)
        n, inputs, outputs = p[0], p[1], p[2]
        if n * inputs * outputs:
            gemm(p[3], kind, PLAIN, TURNED, inputs, outputs, n, x0, inputs, y_bar, outputs, fresh == 0, w_bar)
        else:
            clear_if(fresh, at(w_bar, inputs * outputs), 0, inputs * outputs)

    return kernel


@linear_values.kernel_of("reverse", 2)
def _reverse_bias(at):
    def kernel(params, b_bar, y_bar, y, x0, x1, fresh):
        p = i64_at(params, 3)
        n, outputs = p[0], p[2]
        o, s = at(b_bar, outputs), at(y_bar, n * outputs)
        clear_if(fresh, o, 0, outputs)
        fours = n // 4 * 4
        for k in range(0, fours, 4):  # 0.8 us in place of 2.4 for 256 x 32
            block = s[k * outputs : (k + 4) * outputs]
            for j in range(outputs):
                o[j] += (block[j] + block[j + outputs]) + (block[j + 2 * outputs] + block[j + 3 * outputs])
        for k in range(fours, n):
            for j in range(outputs):
                o[j] += s[k * outputs + j]

    return kernel


@linear_values.kernel_of("tangent", 0)
def _tangent_x(at):
    kind = blas_kind(at)

    def kernel(params, y_dot, x_dot, y, x0, x1, x2):
        p = i64_at(params, 4)
        n, inputs, outputs = p[0], p[1], p[2]
        if n * inputs * outputs:
            gemm(p[3], kind, TURNED, PLAIN, outputs, n, inputs, x1, inputs, x_dot, inputs, True, y_dot)

    return kernel


@linear_values.kernel_of("tangent", 1)
def _tangent_weight(at):
    kind = blas_kind(at)

    def kernel(params, y_dot, w_dot, y, x0, x1, x2):
        p = i64_at(params, 4)
        n, inputs, outputs = p[0], p[1], p[2]
        if n * inputs * outputs:
            gemm(p[3], kind, TURNED, PLAIN, outputs, n, inputs, w_dot, inputs, x0, inputs, True, y_dot)

    return kernel


@linear_values.kernel_of("tangent", 2)
def _tangent_bias(at):
    def kernel(params, y_dot, b_dot, y, x0, x1, x2):
        p = i64_at(params, 3)
        n, outputs = p[0], p[2]
        o, d = at(y_dot, n * outputs), at(b_dot, outputs)
        for k in range(n):
            for j in range(outputs):
                o[k * outputs + j] += d[j]

    return kernel


def linear(input: TensorLike, weight: TensorLike, bias: TensorLike | None = None) -> Tensor:
    """Affine map of the last axis: ``input @ weight.T + bias``, as one row of the tape.

    Parameters
    ----------
    input : Tensor or ndarray, shape (..., n)
        Values.
    weight : Tensor or ndarray, shape (m, n)
        The matrix.
    bias : Tensor or ndarray, shape (m,), optional
        Added to every row.

    Returns
    -------
    Tensor, shape (..., m)
        The result.

    Raises
    ------
    ShapeError
        If the shapes do not fit.
    """
    if bias is not None:
        found = linear_values.quick((input, weight, bias), ())
        if found is not None:
            return found
    operands = [as_tensor_argument(v, "linear") for v in (input, weight, bias) if v is not None]
    x, w = operands[0], operands[1]
    if x.ndim == 0 or w.ndim not in (1, 2) or x.shape[-1] != w.shape[-1]:
        raise ShapeError(
            f"mat1 and mat2 shapes cannot be multiplied: got an input of shape {list(x.shape)} and a weight of shape "
            f"{list(w.shape)}, expected an input of shape [..., {w.shape[-1] if w.ndim else '?'}]"
        )
    if any(v.dtype is not x.dtype for v in operands):
        dtype = common_dtype(operands)
        operands = [convert(v, dtype) for v in operands]
    if bias is None:
        return matmul(operands[0], t(operands[1]))
    if w.ndim == 1 or tuple(operands[2].shape) != (w.shape[0],):
        return matmul(operands[0], t(operands[1])) + operands[2]
    return linear_values.apply(*operands)
