"""The factors of a matrix into an orthogonal and an upper triangular one.

Reference: M. Seeger et al., Auto-differentiating linear algebra, 2017.
"""

from __future__ import annotations

import numpy as np

from .declare_structured import structured
from .complex_parts import conj, real
from .matrix_functions import adjoint_matrix, diagonal_matrix, factors, solve_values, turned
from .operation_names import public
from .products import matmul
from .shape_functions import tril
from .shape_rules import expect
from .singular_values import matrix_argument
from .split_and_stack import cat
from .triangular_factors import UpperTriangular


def _tall(shapes):
    (shape,) = shapes
    expect(len(shape) >= 2 and shape[-2] >= shape[-1], "matrices with at least as many rows as columns")
    return shape


def _divided(x, triangle):
    """``x @ inv(triangle)``."""
    return turned(solve_values.apply(turned(triangle), turned(x)))


def _mirrored(x):
    """The Hermitian matrix with the lower triangle of another one."""
    below = tril(x, -1)
    return below + adjoint_matrix(below) + real(diagonal_matrix(x))


def _upper_part(a_dot, orthogonal, triangle):
    """The tangent of the triangle, divided by the triangle."""
    inner = matmul(adjoint_matrix(orthogonal), _divided(a_dot, triangle))
    below, diagonal = tril(inner, -1), diagonal_matrix(inner)
    return inner - below + adjoint_matrix(below) - (diagonal - real(diagonal))  # the triangle has a real diagonal


@structured(stacks=True, holomorphic=True, grad_name="LinalgQrBackward0")
def orthogonal_factor_values(a):
    """The orthogonal factor of a matrix with at least as many rows as columns."""
    return factors(np.linalg.qr, "linalg.qr", a)[0]


orthogonal_factor_values.shaped(_tall)


@orthogonal_factor_values.pullback_of(0)
def orthogonal_factor_pullback(y_bar, y, a):
    gradient = conj(y_bar)
    beside = gradient - matmul(y, _mirrored(matmul(adjoint_matrix(gradient), y)))
    return conj(_divided(beside, adjoint_matrix(triangle_values.apply(a))))


@orthogonal_factor_values.pushforward_of(0)
def orthogonal_factor_pushforward(a_dot, y, a):
    triangle = triangle_values.apply(a)
    return _divided(a_dot, triangle) - matmul(y, _upper_part(a_dot, y, triangle))


@structured(kind=UpperTriangular, stacks=True, holomorphic=True, grad_name="LinalgQrBackward0")
def triangle_values(a):
    """The triangular factor of a matrix with at least as many rows as columns."""
    return factors(np.linalg.qr, "linalg.qr", a)[1]


triangle_values.shaped(lambda shapes: (*_tall(shapes)[:-2], shapes[0][-1], shapes[0][-1]))


@triangle_values.pullback_of(0)
def triangle_pullback(y_bar, y, a):
    mirrored = _mirrored(matmul(y, turned(y_bar)))
    return conj(_divided(matmul(orthogonal_factor_values.apply(a), mirrored), adjoint_matrix(y)))


@triangle_values.pushforward_of(0)
def triangle_pushforward(a_dot, y, a):
    return matmul(_upper_part(a_dot, orthogonal_factor_values.apply(a), y), y)


class QRResult(tuple):
    """A pair (Q, R)."""

    __slots__ = ()
    Q = property(lambda self: self[0])
    R = property(lambda self: self[1])


@public(operation=triangle_values, public=False, numpy=np.linalg.qr)
def qr(a, mode="reduced"):
    """Orthogonal and triangular factor, with NumPy's arguments."""
    x = matrix_argument(a, "linalg.qr")
    rows, columns = x.shape[-2:]
    if mode not in ("reduced", "r") and not (mode == "complete" and rows <= columns):
        raise TypeError(
            f"np.linalg.qr: got mode={mode!r}, expected 'reduced' or 'r': columns that complete a basis may turn among "
            "themselves and have no derivative"
        )
    square = x if rows >= columns else x[..., :rows]
    triangle = triangle_values.apply(square)
    if mode == "r" and rows >= columns:
        return triangle
    orthogonal = orthogonal_factor_values.apply(square)
    if rows < columns:
        triangle = cat([triangle, matmul(adjoint_matrix(orthogonal), x[..., rows:])], -1)
    return triangle if mode == "r" else QRResult((orthogonal, triangle))
