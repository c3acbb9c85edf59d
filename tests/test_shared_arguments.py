"""Functions of arrays that write to an argument whose memory they see a second time."""

import functools

import numpy as np
import pytest

import jittape as jt
from jittape.errors import SharedMemoryError


def doubled(x, y):
    x[0] = x[0] * 2.0
    return (x * y).sum()


def reading(x, y):
    z = x * 1.0
    z[0] = 2.0
    return (x * y * z).sum()


def _ones(x):
    return np.ones_like(x)


WAYS = {
    "grad": lambda f: lambda x, y: jt.value_and_grad(f)(x, y)[0],
    "both": lambda f: lambda x, y: jt.value_and_grad(f, argnums=(0, 1))(x, y)[0],
    "data that is written to": lambda f: lambda x, y: jt.value_and_grad(f, argnums=1)(x.copy() if f is reading else x, y)[0],
    "by keyword": lambda f: lambda x, y: jt.value_and_grad(f)(x, y=y)[0],
    "jvp": lambda f: lambda x, y: jt.jvp(f, (x, y), (_ones(x), _ones(y)))[0],
    "vjp": lambda f: lambda x, y: jt.vjp(f, x, y)[0],
    "linearize": lambda f: lambda x, y: jt.linearize(f, x, y)[0],
    "compile": lambda f: jt.compile(f),
    "compiled gradient": lambda f: lambda x, y: jt.compile(jt.value_and_grad(f))(x, y)[0],
    "vmap": lambda f: lambda x, y: jt.vmap(f)(x[None], y[None])[0],
    "in a list": lambda f: lambda x, y: jt.value_and_grad(lambda p: f(*p))([x, y])[0],
    "nested": lambda f: (
        lambda x, y: jt.jvp(lambda p: jt.value_and_grad(f)(p[: x.size], p[-y.size :])[0], (_both(x, y),), (_both(x, y),))[0]
    ),
}


def _both(x, y):
    """The shortest array that has both views, as they overlap."""
    distance = (y.ctypes.data - x.ctypes.data) // x.itemsize
    return np.concatenate([x[:distance], y]) if 0 <= distance < x.size else np.concatenate([x, y])


@pytest.mark.sampled(5)
@pytest.mark.parametrize("way", WAYS)
def test_an_argument_that_is_written_to_is_no_other_argument(way):
    base = np.arange(1.0, 9.0)
    for x, y in ((base[:3], base[:3]), (base[:4], base[2:6])):
        for f in (doubled, reading):
            own = x.copy(), y.copy()
            if f is doubled:
                with pytest.raises(SharedMemoryError):
                    WAYS[way](f)(x, y)
            else:
                assert WAYS[way](f)(x, y) == f(*own)
            np.testing.assert_array_equal(base, np.arange(1.0, 9.0))
    for x, y in ((base[:3], base[3:6]), (base[0:6:2], base[1:6:2])) if way not in ("nested", "data that is written to") else ():
        assert WAYS[way](doubled)(x, y) == doubled(x.copy(), y)


TABLE = np.arange(1.0, 9.0)


class Model:
    """A function with an array."""

    def __init__(self, weights):
        self.weights = weights

    def __call__(self, x):
        x[0] = 3.0
        return (x * self.weights).sum()


def _by_global(table):
    def function(x):
        x[0] = 3.0
        return (x * TABLE[:3]).sum()

    return function


def _by_closure(table):
    def function(x):
        x[0] = 3.0
        return (x * table).sum()

    return function


def _by_default(table):
    def function(x, y=table):
        x[0] = 3.0
        return (x * y).sum()

    return function


def _by_helper(table):
    inner = _by_closure(table)
    return lambda x: inner(x) + 0.0


SEEN = {
    "global": _by_global,
    "closure": _by_closure,
    "default": _by_default,
    "helper": _by_helper,
    "attribute": Model,
    "partial": lambda table: functools.partial(lambda held, x: _by_closure(held[0])(x), [table]),
    "method": lambda table: Model(table).__call__,
}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("seen", SEEN)
def test_an_argument_that_is_written_to_is_no_array_from_outside(seen):
    table = TABLE[:3]
    for transform in (jt.value_and_grad, jt.compile):
        with pytest.raises(SharedMemoryError, match="sees from outside"):
            transform(SEEN[seen](table))(table)
        transform(SEEN[seen](table))(table.copy())


def test_a_program_is_asked_at_every_call():
    base, f = np.arange(1.0, 9.0), jt.compile(doubled)
    assert f(base[:3], base[3:6]) == doubled(base[:3].copy(), base[3:6])
    with pytest.raises(SharedMemoryError, match="jt.compile"):
        f(base[:3], base[1:4])
    rows = np.arange(12.0).reshape(4, 3)
    jt.vmap(doubled)(rows[:2], rows[2:])
    with pytest.raises(SharedMemoryError):  # only in the example in the middle
        jt.vmap(doubled)(rows[:3], rows[2::-1])


def test_a_function_of_one_argument_means_what_it_says():
    x = np.array([1.0, 2.0])
    assert jt.value_and_grad(lambda x: doubled(x, x))(x)[0] == 8.0
    assert jt.compile(lambda x: doubled(x, x))(x) == 8.0


def _with_a_rule(x, y):
    return doubled(x, y)


RULES = {"checkpoint": jt.checkpoint(doubled), "custom_vjp": jt.custom_vjp(_with_a_rule)}
RULES["custom_vjp"].defvjp(lambda x, y: (doubled(x, y), (x, y)), lambda kept, g: (g * kept[1], g * kept[0]))


@pytest.mark.parametrize("rule", RULES)
def test_functions_with_rules_of_their_own_write_to_nothing(rule):
    def of_result(x):
        z = x * 1.0
        return RULES[rule](z, x) + z.sum()

    for transform in (jt.grad, jt.compile):
        with pytest.raises(RuntimeError, match="writes to an argument"):
            transform(of_result)(np.array([1.0, 2.0]))
    assert of_result(np.array([1.0, 2.0])) == 10.0  # without a transform it is the function


def test_a_checkpoint_does_not_write_to_data():
    with pytest.raises(RuntimeError, match="writes to an argument"):
        jt.grad(lambda x: jt.checkpoint(doubled)(np.array([1.0, 2.0]), x))(np.array([1.0, 2.0]))
