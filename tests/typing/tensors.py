"""Tensors: operators, methods, indexing, writes in place, and NumPy's arrays beside them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

import jittape as jt
from expect import assert_type
from jittape import Size, Tensor

x = jt.tensor([1.0, 2.0, 3.0], requires_grad=True)
matrix = jt.ones(2, 3, dtype=jt.float64)
array: npt.NDArray[np.float64] = np.linspace(0.0, 1.0, 3)

# operators, with numbers and arrays on either side
assert_type(x * x, Tensor)
assert_type(2.0 * x, Tensor)
assert_type(x - 1, Tensor)
assert_type(1 - x, Tensor)
assert_type(array * x, Tensor)
assert_type(x / array, Tensor)
assert_type(matrix @ x, Tensor)
assert_type(np.ones((2, 3)) @ x, Tensor)
assert_type(-x, Tensor)
assert_type(x**2, Tensor)
assert_type(2**x, Tensor)
assert_type(x // 2, Tensor)
assert_type(x % 2, Tensor)
assert_type(abs(x), Tensor)
assert_type(x > 1.0, Tensor)
assert_type(x == 1.0, Tensor)
assert_type((x > 1.0) & (x < 3.0), Tensor)
assert_type(~(x > 1.0), Tensor)

# attributes
assert_type(x.shape, Size)
assert_type(x.shape[0], int)
assert_type(x.shape[:1], Size)
assert_type(x.ndim, int)
assert_type(x.requires_grad, bool)
assert_type(x.is_leaf, bool)
assert_type(x.grad, Tensor | None)
assert_type(matrix.T, Tensor)
assert_type(x.dtype, np.dtype[Any])
assert_type(len(x), int)
assert_type(float(x.detach()[0]), float)
assert_type([row for row in matrix], list[Tensor])

# methods, with PyTorch's and NumPy's names for what they take
assert_type(x.sin(), Tensor)
assert_type(x.sum(), Tensor)
assert_type(matrix.sum(dim=0, keepdim=True), Tensor)
assert_type(matrix.sum(axis=0, keepdims=True), Tensor)
assert_type(matrix.mean((0, 1)), Tensor)
assert_type(matrix.max(), Tensor)
values, indices = matrix.max(dim=1)
assert_type(values, Tensor)
assert_type(matrix.max(dim=1).indices, Tensor)
assert_type(matrix.sort(dim=1).values, Tensor)
assert_type(matrix.reshape(3, 2), Tensor)
assert_type(matrix.reshape((3, -1)), Tensor)
assert_type(matrix.size(), Size)
assert_type(matrix.size(0), int)
assert_type(matrix.unbind(0), tuple[Tensor, ...])
assert_type(x.numel(), int)
assert_type(x.type(), str)
assert_type(x.detach().clone().requires_grad_(), Tensor)
assert_type(x.to(jt.float32), Tensor)
assert_type(x.tolist(), Any)
numbers: npt.NDArray[np.float64] = x.detach().numpy()
assert np.asarray(x.detach()).shape == (3,)

# indexing
assert_type(x[0], Tensor)
assert_type(matrix[0, 1:], Tensor)
assert_type(matrix[..., None], Tensor)
assert_type(x[x > 1.0], Tensor)
assert_type(x[[0, 2]], Tensor)
assert_type(x[np.array([0, 2])], Tensor)

# in place
u = x.clone()
u[1:] += 0.1 * (u[1:] - u[:-1])
u[0] = 3.0
u *= 2.0
assert_type(u.add_(1.0), Tensor)
assert_type(u.mul_(u), Tensor)
assert_type(u.zero_(), Tensor)
assert_type(u, Tensor)

# sweeps
(x * x).sum().backward()
(x * x).backward(jt.ones(3), retain_graph=True)
assert x.grad is not None
assert_type(x.grad.tolist(), Any)
x.grad = None


def double(gradient: Tensor) -> Tensor:
    return 2 * gradient


with x.register_hook(double):
    x.sum().backward()
