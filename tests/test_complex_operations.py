"""The whole table with complex operands: right against differences, or an error that says so; never a part that is dropped."""

import warnings

import numpy as np
import pytest

import jittape as jt
from jittape.errors import DTypeError
from jittape.ops.declare_elementwise import Elementwise
from jittape.ops.declare_structured import Structured
from jittape.ops.domains import domains_of
from jittape.ops.operation_table import BY_NAME
from jittape.ops.recorded_masks import Mask

STEP = 1e-5


def complex_numbers(rng, shape):
    return rng.uniform(0.3, 1.2, shape) + 1j * rng.uniform(0.3, 1.2, shape)


def with_complex_operands(operation):
    """Pairs (function of complex arrays, arrays) that reach the operation."""
    rng = np.random.default_rng(3)
    if isinstance(operation, Elementwise):
        constants = [None if not d.values else rng.choice(d.values, 3) for d in domains_of(operation)]
        arrays = [complex_numbers(rng, 3) for c in constants if c is None]

        def of_the_others(*others):
            others = iter(others)
            return operation.apply(*[next(others) if c is None else c for c in constants])

        yield of_the_others, arrays
        return
    small = [e for e in operation.examples() if sum(int(np.prod(s)) for s in e[0]) <= 200]
    for shapes, statics in small[:2]:
        arrays = [complex_numbers(rng, s) for s in shapes]
        if operation.arity < 0:
            yield (lambda *xs: operation.apply(list(xs), *statics)), arrays
        else:
            yield (lambda *xs: operation.apply(*xs, *statics)), arrays


def value(function, arrays):
    return np.array(function(*[jt.tensor(a) for a in arrays]).numpy())


def check_adjoints(function, arrays, rng):
    """``Re(x_bar * dx)`` is the change of a loss, in a direction of both parts of every operand, by Tensors and by tangents."""
    leaves = [jt.tensor(a, requires_grad=True) for a in arrays]
    y = function(*leaves)
    expected = value(function, arrays)
    np.testing.assert_allclose(y.detach().numpy(), expected, rtol=1e-13, atol=1e-13)
    y_bar = complex_numbers(rng, y.shape)
    y_bar = y_bar if y.dtype.kind == "c" else y_bar.real
    directions = [complex_numbers(rng, a.shape) for a in arrays]
    ends = [value(function, [a + sign * STEP * d for a, d in zip(arrays, directions)]) for sign in (1, -1)]
    y_dot = (ends[0] - ends[1]) / (2 * STEP)
    gradients = jt.autograd.grad(y, leaves, y_bar, allow_unused=True)
    slope = sum(np.vdot(g.numpy(), d).real for g, d in zip(gradients, directions) if g is not None)
    assert slope == pytest.approx(np.vdot(y_bar, y_dot).real, rel=1e-6, abs=1e-8)
    found = jt.jvp(function, tuple(arrays), tuple(directions))[1]
    np.testing.assert_allclose(found, y_dot, rtol=1e-6, atol=1e-8)


def is_refused(function, arrays):
    """Whether recorded and plain calls refuse complex operands in the library's words."""
    for requires_grad in (True, False):
        try:
            function(*[jt.tensor(a, requires_grad=requires_grad) for a in arrays])
        except DTypeError as error:
            assert "complex" in str(error)
        else:
            return False
    return True


OPERATIONS = [
    o
    for o in BY_NAME.values()
    if isinstance(o, Elementwise) and not isinstance(o, Mask) or isinstance(o, Structured) and o.examples is not None
]


@pytest.mark.sampled(6)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.name)
def test_complex_operands_are_followed_or_refused(operation):
    rng, reached = np.random.default_rng(5), 0
    for function, arrays in with_complex_operands(operation):
        reached += 1
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            if not is_refused(function, arrays):
                try:
                    check_adjoints(function, arrays, rng)
                except NotImplementedError as error:  # the value alone is known
                    assert "of complex numbers the derivative is not known" in str(error)
    assert reached
