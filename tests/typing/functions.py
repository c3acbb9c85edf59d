"""Functions of the library: creation, elementwise, reductions, shapes, linear algebra."""

from __future__ import annotations

import math

import numpy as np

import jittape as jt
from expect import assert_type
from jittape import Tensor
from jittape.typing import TensorLike


def logistic(x: TensorLike) -> Tensor:
    return 1.0 / (1.0 + jt.exp(-jt.as_tensor(x)))


assert_type(logistic(0.5), Tensor)
assert_type(logistic(np.zeros(2)), Tensor)

# creation
assert_type(jt.tensor(1.0), Tensor)
assert_type(jt.tensor([[1, 2], [3, 4]], dtype=jt.float64), Tensor)
assert_type(jt.tensor(np.arange(3.0), requires_grad=True), Tensor)
assert_type(jt.zeros(2, 3), Tensor)
assert_type(jt.zeros((2, 3), dtype="float32"), Tensor)
assert_type(jt.full((2,), 7.0), Tensor)
assert_type(jt.arange(5), Tensor)
assert_type(jt.arange(0.0, 1.0, 0.25, dtype=np.float64), Tensor)
assert_type(jt.linspace(0.0, math.pi, 5), Tensor)
assert_type(jt.eye(3), Tensor)
assert_type(jt.zeros_like(jt.ones(2)), Tensor)
jt.manual_seed(0)
assert_type(jt.randn(2, 2), Tensor)
assert_type(jt.randint(0, 10, (3,)), Tensor)
assert_type(jt.from_numpy(np.ones(2)), Tensor)

x, A = jt.linspace(0.1, 0.9, 3), jt.eye(3) * 2.0

# elementwise
assert_type(jt.sin(x), Tensor)
assert_type(jt.atan2(x, 1.0), Tensor)
assert_type(jt.where(x > 0.5, x, 0.0), Tensor)
assert_type(jt.clamp(x, min=0.2), Tensor)
assert_type(jt.add(x, x, alpha=2), Tensor)
assert_type(jt.div(x, 2.0, rounding_mode="floor"), Tensor)
assert_type(jt.isnan(x), Tensor)

# over axes
assert_type(jt.sum(A, dim=0), Tensor)
assert_type(jt.sum(A, axis=0), Tensor)
assert_type(jt.var(A, dim=1, correction=0), Tensor)
assert_type(jt.logsumexp(A, dim=-1), Tensor)
assert_type(jt.norm(x), Tensor)
assert_type(jt.cumsum(x, 0), Tensor)
assert_type(jt.max(x), Tensor)
assert_type(jt.max(A, dim=0).values, Tensor)
assert_type(jt.max(A, x), Tensor)
assert_type(jt.topk(x, 2).indices, Tensor)
assert_type(jt.argmax(x), Tensor)
assert_type(jt.allclose(x, x), bool)
assert_type(jt.equal(x, x), bool)
assert_type(jt.numel(x), int)
assert_type(jt.nonzero(x), Tensor)
assert_type(jt.nonzero(x, as_tuple=True), tuple[Tensor, ...])

# shapes
assert_type(jt.cat([x, x]), Tensor)
assert_type(jt.stack((x, x), dim=1), Tensor)
assert_type(jt.split(x, 2), tuple[Tensor, ...])
assert_type(jt.meshgrid(x, x), tuple[Tensor, ...])
assert_type(jt.transpose(A, 0, 1), Tensor)
assert_type(jt.broadcast_to(x, (2, 3)), Tensor)
assert_type(jt.tile(x, (2, 1)), Tensor)

# linear algebra
assert_type(A @ x, Tensor)
assert_type(jt.einsum("ij,j->i", A, x), Tensor)
assert_type(jt.linalg.solve(A, x), Tensor)
assert_type(jt.linalg.slogdet(A).logabsdet, Tensor)
assert_type(jt.linalg.norm(x, 1), Tensor)
sign, size = jt.slogdet(A)
assert_type(sign, Tensor)


def first(value: Tensor | float) -> Tensor | float:
    if jt.is_tensor(value):
        return value[0]
    return value


assert_type(first(x), Tensor | float)
