"""PyTorch's words: what introductions to autograd write."""

from __future__ import annotations

from typing import Any

import jittape as jt
from expect import assert_type
from jittape import Tensor

# a scalar, its gradient, and the gradient of that
x = jt.tensor(3.0, requires_grad=True)
y = x * x
y.backward()
assert_type(x.grad, Tensor | None)
assert x.grad is not None and x.grad.item() == 6.0
(first,) = jt.autograd.grad(x**3, x, create_graph=True)
(second,) = jt.autograd.grad(first, [x])
jt.autograd.backward([x * 2, x * 3], [jt.tensor(1.0), None])
assert y.grad_fn is not None
assert_type(y.grad_fn.name(), str)

# recording, off and on again
with jt.no_grad():
    constant = x * 2
assert_type(constant.requires_grad, bool)


@jt.no_grad()
def unrecorded(x: Tensor) -> Tensor:
    return x * 2


@jt.enable_grad()
def recorded(x: Tensor, scale: float = 2.0) -> Tensor:
    return x * scale


assert_type(unrecorded(x), Tensor)
assert_type(recorded(x, scale=3.0), Tensor)
assert_type(jt.is_grad_enabled(), bool)
with jt.set_grad_enabled(False), jt.inference_mode():
    pass


# a rule of one's own
class Cube(jt.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return x * x * x

    @staticmethod
    def backward(ctx: Any, y_bar: Tensor) -> Tensor:
        x: Tensor = ctx.saved_tensors[0]
        return 3 * x * x * y_bar


Cube.apply(x).backward()

# checks
assert_type(jt.autograd.gradcheck(jt.sin, (x,)), bool)
assert_type(jt.autograd.gradgradcheck(jt.exp, x), bool)
handle = x.register_hook(lambda gradient: None)
handle.remove()
with jt.autograd.detect_anomaly():
    (x * x).backward()

# PyTorch's functional
assert_type(jt.autograd.functional.jacobian(jt.sin, x), Any)
value, product = jt.autograd.functional.hvp(lambda x: (x**3).sum(), x, jt.tensor(1.0))

# a tape of one's own
with jt.Tape() as tape:
    z = jt.tensor([1.0], requires_grad=True) * 2
assert_type(len(tape), int)
assert_type(tape, jt.Tape)
try:
    y.backward()
except jt.errors.GraphFreedError as error:
    assert_type(str(error), str)
