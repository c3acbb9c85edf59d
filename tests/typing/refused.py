"""What a checker must refuse: every line is an error, and one that is none any more is reported as a useless comment."""

from __future__ import annotations

import jittape as jt
from jittape import nn, optim

x = jt.tensor([1.0, 2.0])

x + "1"  # type: ignore[operator]
jt.sin([1.0])  # type: ignore[arg-type]
jt.sin()  # type: ignore[call-arg]
jt.sum(x, dims=0)  # type: ignore[call-overload]
jt.zeros("2")  # type: ignore[arg-type]
jt.no_such_function(x)  # type: ignore[attr-defined]
jt.binding  # type: ignore[attr-defined]
x.no_such_method()  # type: ignore[attr-defined]
x.shape = (2, 1)  # type: ignore[misc, assignment]
x.grad.tolist()  # type: ignore[union-attr]
x.backward(retain_graph="yes")  # type: ignore[arg-type]
x[1.5]  # type: ignore[index]
y: float = x * 2  # type: ignore[assignment]
jt.tensor([1.0], require_grad=True)  # type: ignore[call-arg]
jt.grad(3.0)  # type: ignore[arg-type]
jt.grad(jt.sin, argnums="x")  # type: ignore[arg-type]
jt.compile(jt.sin, static=0)  # type: ignore[call-overload]
jt.native.set_tape_limit("1 GB")  # type: ignore[arg-type]
jt.linalg.solve(jt.eye(2))  # type: ignore[call-arg]
nn.Linear(2)  # type: ignore[call-arg]
nn.Softplus(gamma=1.0)  # type: ignore[call-arg]
nn.functional.mse_loss(x)  # type: ignore[call-arg]
nn.Module().parameters().lr  # type: ignore[attr-defined]
optim.SGD(x.shape, lr=0.1)  # type: ignore[arg-type]
optim.Adam([x], learning_rate=0.1)  # type: ignore[call-arg]
optim.lr_scheduler.StepLR(nn.Identity(), 10)  # type: ignore[arg-type]
