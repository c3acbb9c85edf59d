"""Sweeps that carry several adjoints or tangents: the same numbers as as many sweeps of one."""

import numpy as np
import pytest
from conftest import assert_close
from test_operations import numbers_like, operands_of

import jittape as jt
from jittape.autograd import batched_sweeps
from jittape.autograd.batched_sweeps import gradients_of_batch, tangents_of_batch
from jittape.autograd.sweeps_across_tapes import tangent_of
from jittape.ops import declare_structured, operation_table
from jittape.tape.tape import current


def program(x, y):
    """Every kind of row: elementwise, broadcast, views, structured, joined, written in place, Python's own."""
    u = jt.zeros(4)
    u[1:] = x * y
    u[::2] *= jt.exp(u[1::2])
    v = jt.cat([u, jt.sin(x)]) * y.sum()
    w = jt.where(v > 0.3, v, v * v) + jt.maximum(v, 0.1)
    table = w.reshape(7, 1) * x.expand(7, 3)
    return jt.matmul(table, x) + jt.cumsum(w, 0) + jt.sort(v).values + table[2, 1]


def inputs(dtype=np.float64):
    rng = np.random.default_rng(3)
    return [jt.tensor(rng.uniform(0.2, 1.0, 3).astype(dtype), requires_grad=True) for _ in range(2)]


@pytest.mark.parametrize("dtype, rtol", [(np.float64, 1e-12), (np.float32, 2e-4)])
@pytest.mark.parametrize("n", [1, 2, 5, 70])
def test_adjoints_side_by_side(dtype, rtol, n):
    x, y = inputs(dtype)
    z = program(x, y)
    seeds = np.random.default_rng(n).standard_normal((n, 7)).astype(dtype)
    found = gradients_of_batch([z], [seeds], {id(x): x, id(y): y}, False)
    for k, seed in enumerate(seeds):
        gx, gy = jt.autograd.grad(z, (x, y), seed, retain_graph=True)
        np.testing.assert_allclose(found[id(x)][k], gx.numpy(), rtol=rtol, atol=rtol)
        np.testing.assert_allclose(found[id(y)][k], gy.numpy(), rtol=rtol, atol=rtol)


@pytest.mark.parametrize("dtype, rtol", [(np.float64, 1e-12), (np.float32, 2e-4)])
@pytest.mark.parametrize("n", [1, 2, 5, 70])
def test_tangents_side_by_side(dtype, rtol, n):
    x, y = inputs(dtype)
    z = program(x, y)
    moves = [np.random.default_rng(k).standard_normal((n, 3)).astype(dtype) for k in range(2)]
    (found,) = tangents_of_batch([z], [x, y], moves)
    for k in range(n):
        (one,) = tangent_of([z], [x, y], [m[k] for m in moves])
        np.testing.assert_allclose(found[k], one, rtol=rtol, atol=rtol)


WITH_KERNELS = [o for o in operation_table.BY_NAME.values() if isinstance(o, declare_structured.Structured) and o.kernels]


@pytest.mark.parametrize("operation", WITH_KERNELS, ids=lambda o: o.name)
def test_every_kernel_serves_several_lanes(operation):
    """Their reverse kernels find adjoints that are there, lane by lane; their tangents are the transpose."""
    rng = np.random.default_rng(0)
    for shapes, statics in operation.examples():
        xs = [jt.tensor(a, requires_grad=True) for a in operands_of(operation, shapes, rng)]
        y = operation.apply(xs, *statics) if operation.arity < 0 else operation.apply(*xs, *statics)
        seeds = np.array([numbers_like(y, rng, np.float64) for _ in range(3)])
        found = gradients_of_batch([y], [seeds], {id(x): x for x in xs}, False)
        for k in range(3):
            expected = jt.autograd.grad(y, xs, seeds[k].conj(), retain_graph=True)  # PyTorch's convention: conjugates
            for x, g in zip(xs, expected):
                np.testing.assert_allclose(found[id(x)][k], g.numpy().conj(), rtol=1e-12, atol=1e-12)
        moves = [np.array([numbers_like(x, rng, np.float64) for _ in range(3)]) for x in xs]
        (y_dots,) = tangents_of_batch([y], xs, moves)
        scale = 1.0 + sum(np.abs(found[id(x)] * m).sum() for x, m in zip(xs, moves))
        for k in range(3):
            product = sum(np.sum(found[id(x)][k] * m[k]).real for x, m in zip(xs, moves))
            assert abs(product - np.sum(seeds[k] * y_dots[k]).real) <= 1e-12 * scale


def test_scalar_rows_in_several_lanes():
    x = jt.tensor([0.5, 2.0], requires_grad=True)
    a, b = x[0], x[1]
    s = jt.sin(a * b) / b + jt.where(a > b, a, b * b) - 0.25 * a
    found = gradients_of_batch([s], [np.array([1.0, 2.0, -3.0])], {id(x): x}, False)[id(x)]
    (g,) = jt.autograd.grad(s, x)
    np.testing.assert_allclose(found, np.outer([1.0, 2.0, -3.0], g.numpy()), rtol=1e-13)


def test_nothing_flows_through_what_was_not_chosen():
    """A partial of zero that means "not chosen" stops inf and nan, in every lane."""
    x = jt.tensor([1.0, 4.0], requires_grad=True)
    y = jt.where(x > 2.0, x, jt.log(x - 1.0))  # the derivative of the other branch is inf at 1
    seeds = np.array([[0.0, 1.0], [0.0, np.inf]])
    found = gradients_of_batch([y], [seeds], {id(x): x}, False)[id(x)]
    assert found[0, 1] == 1.0 and found[1, 1] == np.inf


def test_large_adjoints_lie_in_the_pool(monkeypatch):
    monkeypatch.setattr(batched_sweeps, "ELEMENTS", 1 << 30)
    x = jt.tensor(np.linspace(0.0, 1.0, 5000), requires_grad=True)
    y = jt.sin(x) * x
    seeds = np.random.default_rng(0).standard_normal((6, 5000))
    found = gradients_of_batch([y], [seeds], {id(x): x}, True)[id(x)]
    v = x.detach().numpy()
    np.testing.assert_allclose(found, seeds * (np.cos(v) * v + np.sin(v)), rtol=1e-12)


def test_strided_leaves():
    x = jt.from_numpy(np.arange(12.0).reshape(3, 4)[:, ::2] / 7).requires_grad_()
    y = jt.exp(x)
    seeds = np.random.default_rng(0).standard_normal((4, 3, 2))
    found = gradients_of_batch([y], [seeds], {id(x): x}, False)[id(x)]
    np.testing.assert_allclose(found, seeds * np.exp(x.detach().numpy()), rtol=1e-13)
    (tangents,) = tangents_of_batch([y], [x], [seeds])
    np.testing.assert_allclose(tangents, found, rtol=1e-13)


def test_a_function_of_the_users_is_called_once_a_lane():
    seen = []

    class Cube(jt.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x**3, x * 2.0

        @staticmethod
        def backward(ctx, a, b):
            seen.append(a.tolist())
            return 3.0 * ctx.saved_tensors[0] ** 2 * a + 2.0 * b

    x = jt.tensor([1.0, 2.0], requires_grad=True)
    y = jt.cat(list(Cube.apply(x * 1.0)))
    found = gradients_of_batch([y], [np.eye(4)], {id(x): x}, False)[id(x)]
    np.testing.assert_allclose(found, [[3.0, 0.0], [0.0, 12.0], [2.0, 0.0], [0.0, 2.0]])
    assert len(seen) == 4


def test_anomaly_detection_looks_at_adjoints_one_by_one():
    x = jt.tensor([1.0, 2.0], requires_grad=True)
    with jt.autograd.detect_anomaly():
        y = x * x
        (g,) = jt.autograd.grad(y, x, np.eye(2), is_grads_batched=True, retain_graph=True)
        np.testing.assert_array_equal(g.numpy(), np.diag([2.0, 4.0]))
        with pytest.raises(jt.errors.AnomalyError):
            jt.autograd.grad(y, x, np.array([[1.0, 0.0], [np.nan, 0.0]]), is_grads_batched=True)


@pytest.mark.parametrize("what", ["hook", "retained", "leaf hook", "non-leaf"])
def test_where_somebody_looks_at_adjoints_they_come_one_by_one(torch, what):
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = x * x
    if what == "hook":
        y.register_hook(lambda g: g * 2.0)
    elif what == "retained":
        y.retain_grad()
    elif what == "leaf hook":
        x.register_hook(lambda g: g * 3.0)
    z = y * x
    seeds = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 2.0]])
    wanted = (y, x) if what == "non-leaf" else (x,)
    found = torch.autograd.grad(z, wanted, seeds, is_grads_batched=True, retain_graph=True)
    for k in range(2):
        one = torch.autograd.grad(z, wanted, seeds[k], retain_graph=True)
        for a, b in zip(found, one):
            assert_close(a[k], b)


def test_batched_gradients_free_the_graph_and_refuse_what_does_not_fit(torch):
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * x
    with pytest.raises(RuntimeError):
        torch.autograd.grad(y, x, torch.ones(3, 3), is_grads_batched=True)
    (g,) = torch.autograd.grad(y, x, torch.eye(2), is_grads_batched=True)
    assert_close(g, np.diag([2.0, 4.0]))
    with pytest.raises(RuntimeError, match="second time"):
        torch.autograd.grad(y, x, torch.eye(2), is_grads_batched=True)


def test_a_failing_sweep_leaves_the_workspace_clean():
    x = jt.tensor([1.0, 2.0], requires_grad=True)
    y = jt.exp(x)
    z = y * x
    with jt.no_grad():
        y[0] = 5.0
    with pytest.raises(jt.errors.VersionError):
        gradients_of_batch([z], [np.eye(2)], {id(x): x}, False)
    with pytest.raises(jt.errors.VersionError):
        tangents_of_batch([z], [x], [np.eye(2)])
    tape = current().tape
    assert all(not w.marks.any() and not w.bars.any() and w.words[12] == 1 and w.words[13] == 0 for w in tape.workspaces)
    (g,) = jt.autograd.grad((x * x).sum(), x)
    assert g.tolist() == [2.0, 4.0]


def test_two_roots_and_other_tapes():
    x = jt.tensor([1.0, 2.0], requires_grad=True)
    with jt.Tape():
        y = x * x
    a, b = y * 3.0, jt.sin(x)
    seeds = [np.eye(2), 2.0 * np.eye(2)]
    found = gradients_of_batch([a, b], seeds, {id(x): x}, False)[id(x)]
    np.testing.assert_allclose(found, np.diag([6.0, 12.0] + 2.0 * np.cos([1.0, 2.0])), rtol=1e-13)
    first, second = tangents_of_batch([a, b], [x], [np.eye(2)])
    np.testing.assert_allclose(first, np.diag([6.0, 12.0]))
    np.testing.assert_allclose(second, np.diag(np.cos([1.0, 2.0])))
