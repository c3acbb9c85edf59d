"""Every elementwise operation of the table in a program: what replays compute is what the eager library computes."""

import numpy as np
import pytest
from test_operations import ELEMENTWISE, FUNCTIONS, sample

import jittape as jt
from jittape.ops.domains import sample_operands

LONG = 2600  # elements: more than two blocks
RUN = 10  # scalar rows: enough for a table of their own


def function_of(operation):
    return FUNCTIONS.get(operation.name) or (lambda *xs: operation.apply(*xs))


def check(function, xs, rtol=1e-12):
    """Value and all gradients, replayed and eager."""
    numbers = tuple(range(len(xs)))
    value, gradients = jt.compile(jt.value_and_grad(function, numbers))(*xs)
    expected, eager = jt.value_and_grad(function, numbers)(*xs)
    np.testing.assert_allclose(value, expected, rtol=rtol)
    for found, wanted in zip(gradients, eager):
        np.testing.assert_allclose(found, wanted, rtol=rtol, atol=rtol * (1e-300 + np.abs(wanted).max()))


def over_elementwise(test):
    return pytest.mark.parametrize("operation", ELEMENTWISE, ids=lambda o: o.name)(test)


@over_elementwise
def test_blocks(operation):
    """Partials that define what they write, values and partials at once, and sums whose cotangent is one number."""
    rng = np.random.default_rng(1)
    f, weights = function_of(operation), rng.uniform(0.5, 1.5, LONG)
    xs = sample(operation, rng, (LONG,))
    check(lambda *xs: f(*xs).sum(), xs)
    check(lambda *xs: (f(*xs) * weights).sum(), xs)


@over_elementwise
def test_partials_that_are_added(operation):
    """Every operand has contributions from elsewhere, before and after."""
    rng = np.random.default_rng(2)
    f, xs = function_of(operation), sample(operation, rng, (LONG,))
    check(lambda *xs: (f(*xs) * 2.0).sum() + sum((x * x).mean() for x in xs) + f(*xs).mean(), xs)


@over_elementwise
def test_operands_that_are_broadcast(operation):
    rng = np.random.default_rng(3)
    if operation.arity == 1:
        xs, weights = sample(operation, rng, (5, 1)), rng.uniform(0.5, 1.5, (5, 300))
        f = function_of(operation)
        check(lambda x: (f(x) * weights).sum(), xs)
        return
    shapes = [(40, 1), (1, 50), (40, 50)][: operation.arity]
    for order in (shapes, shapes[::-1]):
        xs = sample_operands(operation, rng, *order, clear=False)
        f, weights = function_of(operation), rng.uniform(0.5, 1.5, np.broadcast_shapes(*[x.shape for x in xs]))
        check(lambda *xs: (f(*xs) * weights).sum(), xs)


@over_elementwise
def test_runs_of_numbers(operation):
    rng = np.random.default_rng(4)
    f, xs = function_of(operation), sample(operation, rng, (RUN,))

    def function(*xs):
        total = 0.0
        for k in range(RUN):
            total = total + f(*[x[k] for x in xs]) * (k + 1.0)
        return total

    check(function, xs)


def test_a_number_handed_on_by_sums_is_written_out_where_more_is_added():
    x = np.random.default_rng(5).standard_normal((30, 100))
    check(lambda x: x.sum(), (x,))
    check(lambda x: x.sum() + x.mean(), (x,))
    check(lambda x: x.sum() * x.mean() + x[3].sum(), (x,))
    check(lambda x: (x + 1.0).sum() + (x.reshape(-1) + 2.0).sum(), (x,))
    check(lambda x: (x.T + x.T.sum(0)).sum() + (x @ np.ones(100)).sum(), (x,))
    check(lambda x: jt.cat([x, x * x]).sum() + np.sort(x, 0).sum(), (x,))
    check(lambda x: ((x + x.sum()) + x.mean(1, keepdims=True)).mean(), (x,))


def test_a_product_of_one_operand_is_a_square():
    compiled = jt.compile(jt.grad(lambda x: (x * x * x[0]).sum()))
    x = np.linspace(-1.0, 2.0, 50)
    np.testing.assert_allclose(compiled(x), jt.grad(lambda x: (x * x * x[0]).sum())(x), rtol=1e-14)
    listing = compiled._last.traced.listing
    names = [listing.operation(row).name for row in range(len(listing))]
    assert names.count("square") == 1 and names.count("mul") == 1
