"""Sums of long elementwise rows: their adjoint is one number, handed on without being written out where nobody else needs it."""

import numpy as np
import pytest

import jittape as jt
from jittape.errors import VersionError
from jittape.kernels import kernel_table
from jittape.memory.words import i64_at
from jittape.ops.declare_structured import structured
from jittape.ops.operation_table import BY_NAME

N = 5000  # more than a sweep hands on as it lies
X = np.random.default_rng(3).normal(size=N)
ROW = np.random.default_rng(4).normal(size=(50, 100))

FUNCTIONS = {
    "a square": (lambda x: (x * x).sum(), lambda x: 2 * x),
    "the mean of a function": (lambda x: jt.exp(x).mean(), lambda x: np.exp(x) / N),
    "kept axes": (lambda x: (x * 3.0).sum(0, keepdim=True).sum(), lambda x: np.full(N, 3.0)),
    "both operands": (lambda x: (x + x).sum(), lambda x: np.full(N, 2.0)),
    "a partial of 1": (lambda x: (x + 1.0).sum() * 0.5, lambda x: np.full(N, 0.5)),
    "used before": (lambda x: (x * x).sum() + x.sin().sum(), lambda x: 2 * x + np.cos(x)),
    "used again": (lambda x: _twice(x * x), lambda x: 2 * x + 4 * x**3),
    "a chain": (lambda x: jt.tanh(x * x).sum(), lambda x: 2 * x / np.cosh(x * x) ** 2),
    "a view between": (lambda x: (x * x)[1:].sum(), lambda x: np.r_[0.0, 2 * x[1:]]),
    "broadcast": (lambda x: (x.reshape(50, 100) * x[:100]).sum(), lambda x: _by_row(x)),
    "a column": (lambda x: (x.reshape(50, 100) * x.reshape(50, 100)[:, :1]).sum(), lambda x: _by_column(x)),
    "selected": (lambda x: jt.where(x > 0.0, x, 0.0).sum(), lambda x: (x > 0) * 1.0),
}


def _twice(y):
    return y.sum() + (y * y).sum()


def _by_row(x):
    x_bar = np.tile(x[:100], 50)
    x_bar[:100] += x.reshape(50, 100).sum(0)
    return x_bar


def _by_column(x):
    m = x.reshape(50, 100)
    x_bar = np.repeat(m[:, :1], 100, 1)
    x_bar[:, 0] += m.sum(1)
    return x_bar.reshape(-1)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_gradients(name, dtype):
    function, expected = FUNCTIONS[name]
    x = jt.tensor(X.astype(dtype), requires_grad=True)
    loss = function(x)
    tolerance = {"rtol": 1e-12, "atol": 1e-12} if dtype is np.float64 else {"rtol": 2e-4, "atol": 2e-4}
    for times in (1, 2):  # a second sweep adds
        loss.backward(retain_graph=True)
        np.testing.assert_allclose(x.grad.numpy(), times * expected(X), **tolerance)
    (again,) = jt.autograd.grad(loss, x, create_graph=True)
    np.testing.assert_allclose(again.detach().numpy(), expected(X), **tolerance)


def test_whoever_asks_for_the_adjoint_gets_it():
    x = jt.tensor(X, requires_grad=True)
    seen = []
    y = x * x
    y.register_hook(lambda g: seen.append(g.numpy().copy()))
    y.sum().backward()
    np.testing.assert_array_equal(seen[0], np.ones(N))
    y = x * x
    y.retain_grad()
    (2.0 * y.mean()).backward()
    np.testing.assert_allclose(y.grad.numpy(), np.full(N, 2.0 / N))
    y = x * x
    y_bar, x_bar = jt.autograd.grad(y.sum(), (y, x))
    np.testing.assert_array_equal(y_bar.numpy(), np.ones(N))
    np.testing.assert_array_equal(x_bar.numpy(), 2 * X)
    np.testing.assert_allclose(x.grad.numpy(), 2 * X + 2.0 * 2 * X / N)


def test_a_hook_can_change_the_adjoint():
    x = jt.tensor(X, requires_grad=True)
    y = x * x
    y.register_hook(lambda g: g * 3.0)
    y.sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), 6 * X)


def test_writes_around_the_sum():
    x = jt.tensor(X, requires_grad=True)
    z = x.clone()
    y = z * z
    total = y.sum()
    z[:10] = 0.0
    y[5] = 7.0
    (total + y.sum() + z.sum()).backward()
    expected = 4 * X + 1.0
    expected[:10] -= 1.0
    expected[5] -= 2 * X[5]
    np.testing.assert_allclose(x.grad.numpy(), expected, rtol=1e-12)


def test_a_value_that_was_changed_is_noticed():
    x = jt.tensor(X, requires_grad=True)
    c = jt.tensor(X.copy())
    loss = (x * c).sum()
    c.add_(1.0)
    with pytest.raises(VersionError):
        loss.backward()
    assert x.grad is None


def test_several_roots_and_batches():
    x = jt.tensor(X, requires_grad=True)
    a, b = (x * x).sum(), x.exp().mean()
    jt.autograd.backward([a, b])
    np.testing.assert_allclose(x.grad.numpy(), 2 * X + np.exp(X) / N, rtol=1e-12)
    (found,) = jt.autograd.grad((x * x).sum(), x, jt.tensor([1.0, -2.0]), is_grads_batched=True)
    np.testing.assert_allclose(found.numpy(), [2 * X, -4 * X], rtol=1e-12)


# --- a fold of the test's own ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def root_mean():
    """The sum of all elements over the root of their number: neither the sum nor the mean, declared as a `Total`."""

    @structured(linear=True)
    def root_mean_values(x, axes, keepdim):
        return x.sum(axes, keepdims=keepdim) / np.sqrt(x.size)

    @root_mean_values.pullback_of(0)
    def pullback(y_bar, y, x, axes, keepdim):
        return jt.ones(x.shape, dtype=x.dtype) * (y_bar / np.sqrt(x.numel()))

    @root_mean_values.planned
    def plan(layouts, axes, keepdim):
        return (), (layouts[0].size, 0, 0, 0, 0, 0)

    @root_mean_values.kernel_of("forward")
    def forward(at):
        def root_mean_forward(params, out, x0):
            n = i64_at(params, 1)[0]
            x, total = at(x0, n), 0.0
            for k in range(n):
                total += x[k]
            at(out, 1)[0] = total / np.sqrt(n)

        return root_mean_forward

    @root_mean_values.kernel_of("reverse")
    def reverse(at):
        def root_mean_reverse(params, x_bar, y_bar, y, x0, fresh):
            n = i64_at(params, 1)[0]
            o, part = at(x_bar, n), at(y_bar, 1)[0] / np.sqrt(n)
            for k in range(n):
                o[k] = part + (o[k] if fresh == 0 else 0.0)

        return root_mean_reverse

    root_mean_values.adds_up(np.sqrt)
    yield root_mean_values
    del BY_NAME["root_mean"]


def root_mean_of(operation, x):
    return operation.apply(jt.exp(x), (0,), False)


def test_any_fold_can_be_a_total(root_mean):
    x = jt.tensor(X, requires_grad=True)
    expected = np.exp(X) / np.sqrt(N)
    for _ in range(2):  # its own kernels are there for the first sweep, services for the second
        y = root_mean_of(root_mean, x)
        (x_bar,) = jt.autograd.grad(y, x)
        np.testing.assert_allclose(y.item(), np.exp(X).sum() / np.sqrt(N), rtol=1e-12)
        np.testing.assert_allclose(x_bar.numpy(), expected, rtol=1e-14)


def test_the_adjoint_of_any_total_is_one_number(root_mean):
    """What its reverse kernel does not see: the sweep hands the number on itself."""
    x = jt.tensor(X, requires_grad=True)
    root_mean_of(root_mean, x).backward()  # everything is compiled
    address = kernel_table._table[root_mean.code, kernel_table.K_PARTIAL]
    x.grad = None
    try:
        kernel_table.set_partial(root_mean.code, 0, 0, 0)
        root_mean_of(root_mean, x).backward()
    finally:
        kernel_table.set_partial(root_mean.code, 0, 0, address)
    np.testing.assert_allclose(x.grad.numpy(), np.exp(X) / np.sqrt(N), rtol=1e-14)


def test_programs_end_regions_in_any_total(root_mean):
    compiled = jt.compile(jt.value_and_grad(lambda x: root_mean_of(root_mean, x)))
    for _ in range(2):
        value, x_bar = compiled(X)
        np.testing.assert_allclose(value, np.exp(X).sum() / np.sqrt(N), rtol=1e-12)
        np.testing.assert_allclose(x_bar, np.exp(X) / np.sqrt(N), rtol=1e-14)
