"""Programs that once answered wrongly or not at all."""

import io

import numpy as np
import pytest

import jittape as jt
from jittape.nn import functional as F

X, S = np.arange(5.0) + 1.0, np.array([1.5])


def written(x, s):
    y = jt.zeros(3)
    y[0:0] = jt.sin(s)
    return y.sum() + x.sum()


NOTHING = {
    "a product": lambda x, s: (x[0:0] * jt.exp(s)).sum() + (x * x).sum(),
    "a function": lambda x, s: jt.sin(x[0:0]).sum() + s.sum() * 0.0,
    "a broadcast sum": lambda x, s: (x[0:0, None] + jt.sin(s)).sum(),
    "a fold": lambda x, s: (x[0:0] * jt.prod(jt.tanh(s))).sum(),
    "joined": lambda x, s: jt.cat([x[0:0] * 2.0, x[0:0]]).sum() + s.sum(),
    "a write": written,
}


@pytest.mark.parametrize("name", NOTHING)
def test_adjoints_that_nothing_flows_to_are_zero(name):
    f = NOTHING[name]
    compiled = jt.compile(jt.grad(f, (0, 1)))
    call = jt.compile(jt.value_and_grad(f, (0, 1))).buffer(X, S)
    for factor in (1.0, 2.0, -1.0):
        expected = jt.grad(f, (0, 1))(factor * X, factor * S)
        call.inputs[0][...], call.inputs[1][...] = factor * X, factor * S
        call()
        for found in (compiled(factor * X, factor * S), call.grad):
            for got, right in zip(found, expected, strict=True):
                np.testing.assert_allclose(got, right, rtol=1e-14)


def paused(x, function):
    with jt.no_grad():
        w = function(x)
    return (w * function(x)).sum()


TWICE = {
    "cut off": lambda x, f: (f(x) * f(x.detach())).sum(),
    "a view": lambda x, f: (f(x) + f(x[:])).sum(),
    "another shape": lambda x, f: (f(x.reshape(-1)) * f(x)).sum(),
    "not recorded": paused,
}


@pytest.mark.parametrize("form", TWICE)
@pytest.mark.parametrize("function", [jt.sin, jt.sinh, F.softplus, F.silu, F.mish, jt.exp], ids=lambda f: f.__name__)
def test_values_of_two_rows_on_one_memory(form, function):
    x = np.linspace(-1.0, 1.0, 10)
    own = jt.grad(lambda x: TWICE[form](x, function))
    np.testing.assert_allclose(jt.compile(own)(x), own(x), rtol=1e-13)
    by_example = jt.vmap(jt.grad(lambda x: TWICE[form](x, function)))(np.stack([x, 2 * x]))
    np.testing.assert_allclose(by_example[1], jt.grad(lambda x: TWICE[form](x, function))(2 * x), rtol=1e-13)


@pytest.mark.parametrize("unused", [2.0, np.float64(2.0), np.array(2.0), np.array([2.0])], ids=repr)
def test_the_gradient_by_what_is_not_used_has_its_shape(unused):
    found = jt.compile(jt.grad(lambda x, s: (x * x).sum(), (0, 1)))(X, unused)[1]
    assert np.shape(found) == np.shape(unused) and np.all(found == 0.0)


def test_odd_numbers_of_float32_are_cleared_exactly():
    x = np.arange(5, dtype=np.float32)
    call = jt.compile(jt.value_and_grad(lambda x: x[1:4].sum())).buffer(x)
    for _ in range(3):
        call()
        np.testing.assert_array_equal(call.grad, [0, 1, 1, 1, 0])


def test_functions_of_the_table_are_the_librarys_wherever_they_are_kept():
    holder = {"act": F.silu}
    compiled = jt.compile(jt.grad(lambda x: holder["act"](x).sum()))
    compiled(X)
    jt.save(compiled, io.BytesIO())
    jt.compile(lambda x: F.silu(x).sum())(X.astype(np.float32))  # compiles another kernel of it
    compiled(X)
    assert compiled.traces == 1


@pytest.mark.parametrize(
    "shape, key, value",
    [((2, 3), Ellipsis, (1, 1, 3)), ((2, 3), 0, (1, 1)), ((2,), slice(0, 2), (1, 1)), ((2, 3), slice(0, 2), (1, 2, 1))],
)
def test_leading_ones_of_what_is_assigned_are_dropped(shape, key, value):
    expected = np.ones(shape)
    expected[key] = np.full(value, 2.0)
    for recorded in (False, True):
        y, v = jt.tensor(np.ones(shape)), jt.tensor(np.full(value, 2.0), requires_grad=recorded)
        y[key] = v
        np.testing.assert_array_equal(y.detach().numpy(), expected)
        if recorded:
            y.sum().backward()
            assert v.grad.sum().item() == np.ones(shape)[key].size


@pytest.mark.parametrize("transform", [jt.vmap, lambda f: jt.vmap(jt.grad(lambda x: f(x).sum())), jt.compile])
def test_arguments_that_are_kept_in_a_list(transform):
    """Also where the list has members from a trace before."""
    kept = []

    def doubled(x):
        kept.append(x)
        return x * 2.0

    for _ in range(2):
        with pytest.raises(jt.TraceError, match="keeps a Tensor outside"):
            transform(doubled)(np.ones((2, 2)))
