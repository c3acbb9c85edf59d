"""Anomaly detection in every front end: the line is found, or the message says that it cannot be."""

import functools
import math

import numba
import numpy as np
import pytest

import jittape as jt
from jittape.errors import AnomalyError

X = np.array([4.0, 0.0])


def root(x):
    y = x * 1.0
    return (np.sqrt(y) * 0.0).sum()  # the line that is looked for


def root_of_tensor(x):
    y = x * 1.0
    return (jt.sqrt(y) * 0.0).sum()  # the line that is looked for


@numba.njit
def compiled_root(x):
    return np.sum(np.sqrt(x) * 0.0) + math.sqrt(x[1])


def leaf():
    return jt.tensor(X, requires_grad=True)


@functools.cache
def buffer():
    return jt.compile(jt.grad(root)).buffer(np.ones(2))


def buffered():
    buffer().inputs[0][...] = X
    buffer()()


IN_PYTHON = {
    "eager": lambda: root_of_tensor(leaf()).backward(),
    "grad": lambda: jt.grad(root)(X),
    "value_and_grad": lambda: jt.value_and_grad(root)(X),
    "vjp": lambda: jt.vjp(root, X)[1](1.0),
    "compiled gradient": lambda: jt.compile(jt.grad(root))(X),
    "compiled function": lambda: jt.compile(root_of_tensor)(leaf()).backward(),
    "compiled function in a gradient": lambda: jt.grad(jt.compile(root))(X),
    "gradients of a batch": lambda: jt.vmap(jt.grad(root))(np.stack([X, X])),
    "batch": lambda: jt.vmap(root_of_tensor)(jt.tensor(np.stack([X, X]), requires_grad=True)).sum().backward(),
    "buffers": buffered,
    "hessian product": lambda: jt.hvp(root, X, np.ones(2)),
    "gradient of a gradient": lambda: jt.grad(lambda x: jt.grad(root)(x).sum())(X),
}


@pytest.mark.parametrize("run", IN_PYTHON.values(), ids=IN_PYTHON)
def test_the_line_is_found(run):
    run_before(run)
    with jt.autograd.detect_anomaly(), pytest.raises(AnomalyError, match="the line that is looked for"):
        run()
    assert not jt.autograd.is_anomaly_enabled()


def run_before(run):
    """Programs have been made before anomaly detection is switched on; it must find the line all the same."""
    with np.errstate(all="ignore"):
        run()


COMPILED = {
    "grad": lambda: jt.grad(compiled_root)(X),
    "value_and_grad": lambda: jt.value_and_grad(compiled_root)(X),
    "jacobian": lambda: jt.jacobian(compiled_root)(X),
    "jvp": lambda: jt.jvp(compiled_root, (X,), (np.ones(2),)),
    "vjp": lambda: jt.vjp(compiled_root, X)[1](1.0),
}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("run", COMPILED.values(), ids=COMPILED)
def test_compiled_code_says_that_the_line_cannot_be_found(run):
    run()
    with jt.autograd.detect_anomaly(), pytest.raises(AnomalyError, match="compiled_root.*lines are not followed.*py_func"):
        run()


def test_a_row_that_calls_compiled_code_is_found():
    with jt.autograd.detect_anomaly(), pytest.raises(AnomalyError, match="NativeCallBackward(.|\n)*the call of compiled code"):
        y = jt.native.call(compiled_root, leaf())  # the call of compiled code
        y.backward()


def test_what_is_finite_is_answered():
    program, batch = jt.compile(jt.grad(root)), jt.vmap(jt.grad(root))
    x = np.array([1.0, 4.0])
    with jt.autograd.detect_anomaly():
        assert program(x).tolist() == [0.0, 0.0] and batch(x[None]).tolist() == [[0.0, 0.0]]
        assert jt.grad(compiled_root)(x).tolist() == [0.0, 0.25]
