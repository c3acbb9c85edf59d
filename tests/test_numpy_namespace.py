"""``import jittape.numpy as np``: programs that make arrays of differentiated numbers mean what they mean with plain NumPy."""

import inspect

import numpy
import pytest
from numpy_meaning import assert_means_the_same
from sampling import some

import jittape as jt
import jittape.numpy

X = numpy.array([1.5, 2.0, 0.3])


def filled_in_a_loop(np, x):
    z = np.zeros(4)
    z[0] = 1.0
    for k in range(1, 4):
        z[k] = z[k - 1] * x[k - 1]
    return z


def filled_by_slices(np, x):
    z = np.empty((2, 3))
    z[0], z[1, :2], z[1, 2] = x * 2.0, x[0], 5.0
    return z


def written_to_a_copy(np, x):
    z = np.copy(numpy.arange(3.0))
    z[1:] += x[:2]
    return z


def diagonal_of(np, x):
    z = np.eye(3)
    z[np.arange(3), np.arange(3)] = x
    return np.linalg.inv(z)


PROGRAMS = {
    "filled in a loop": filled_in_a_loop,
    "filled by slices": filled_by_slices,
    "written to a copy": written_to_a_copy,
    "an index array": diagonal_of,
    "array": lambda np, x: np.array([x[0], 1.0, x[2] ** 2]),
    "array of lists": lambda np, x: np.array([[x[0], 2], [x[1], x[2]]]),
    "array of vectors": lambda np, x: np.array([x, [1.0, 2.0, 3.0]]),
    "array of an array": lambda np, x: np.array(x) * 2.0,
    "array with axes": lambda np, x: np.array(x, ndmin=3),
    "array of float32": lambda np, x: np.array([x[0], x[1]], dtype=np.float32),
    "array of integers": lambda np, x: np.array([1, 2, 3]) * x,
    "array of unequal lists": lambda np, x: np.array([[x[0]], [x[1], x[2]]]),
    "asarray": lambda np, x: np.asarray([x[0], x[1]]) + np.asarray(x)[:2],
    "ascontiguousarray": lambda np, x: np.ascontiguousarray(np.outer(x, x).T).reshape(-1),
    "asfortranarray": lambda np, x: np.asfortranarray(np.outer(x, x + 1.0)).reshape(-1, order="A"),
    "full": lambda np, x: np.full((2, 2), x[0]) * np.full(2, 3.0),
    "full of a vector": lambda np, x: np.full((2, 3), x),
    "full of a list": lambda np, x: np.full((2, 2), [x[0], 1.0]),
    "fromiter": lambda np, x: np.fromiter((v * v for v in x), float, 2),
    "fromfunction": lambda np, x: np.fromfunction(lambda i, j: i + j, (2, 3)) * x,
    "r_": lambda np, x: np.r_[x, 1.0, x[0] * 2.0, 0:3, [x[1], 2.0]],
    "r_ with axes": lambda np, x: np.r_["0,2", x, [1.0, 2.0, 3.0]],
    "c_": lambda np, x: np.c_[x, x**2, np.ones(3)],
    "vectorize": lambda np, x: np.vectorize(lambda t, s: t * t if t > 1 else t + s)(x, 0.5),
    "vectorize, two results": lambda np, x: np.vectorize(lambda t: (t * t, 3.0 * t))(x),
    "linspace": lambda np, x: np.linspace(x[0], 4.0, 5) * np.linspace(0.0, 1.0, 5),
    "zeros_like": lambda np, x: np.zeros_like(x) + x,
    "block": lambda np, x: np.block([[np.outer(x, x), np.ones((3, 1))], [x, 2.0]]),
    "names that are not listed": lambda np, x: np.sum(np.where(np.isnan(x), np.nan, x) * np.pi, dtype=np.float64),
}


@pytest.mark.sampled(12)
@pytest.mark.parametrize("name", PROGRAMS)
def test_programs(name):
    program = PROGRAMS[name]
    assert_means_the_same(lambda x: program(jittape.numpy, x), X, lambda x: program(numpy, x), name)


def test_every_mode():
    def number(x):
        values = [PROGRAMS[name](jittape.numpy, x) for name in ("filled in a loop", "array of lists", "r_", "vectorize")]
        return sum(numpy.sum(numpy.sin(v)) for v in values)

    gradient = jt.grad(number)(X)
    steps = [(number(X + e) - number(X - e)) / 2e-6 for e in 1e-6 * numpy.eye(3)]
    numpy.testing.assert_allclose(gradient, steps, rtol=1e-6)
    for found in (jt.jacfwd(number)(X), jt.compile(jt.grad(number))(X), jt.vmap(jt.grad(number))(numpy.stack([X, X]))[1]):
        numpy.testing.assert_allclose(found, gradient, rtol=1e-12)
    numpy.testing.assert_allclose(jt.compile(number)(X), number(X), rtol=1e-12)
    numpy.testing.assert_allclose(jt.hvp(number, X, X), jt.jacfwd(jt.grad(number))(X) @ X, rtol=1e-10)


def test_outside_transforms_arrays_are_numpys():
    for name in some(sorted(PROGRAMS), 10):
        if "unequal" not in name:
            found = PROGRAMS[name](jittape.numpy, X)
            assert not isinstance(found, jt.Tensor), name


def test_tensors_are_joined_to_tensors():
    t = jt.tensor([1.0, 2.0], requires_grad=True)
    joined = jittape.numpy.array([t[0], 3.0, t[1]])
    assert type(joined) is jt.Tensor and joined.requires_grad and joined.tolist() == [1.0, 3.0, 2.0]


def test_names():
    assert {"sin", "absolute", "quantile", "array", "zeros", "r_", "concatenate"} <= set(dir(jittape.numpy))
    assert jittape.numpy.linalg is numpy.linalg and jittape.numpy.newaxis is None
    assert inspect.signature(jittape.numpy.array).parameters.keys() >= {"dtype", "copy", "ndmin"}
    assert jittape.numpy.array.__doc__ == numpy.array.__doc__
    with pytest.raises(AttributeError, match="no attribute 'sine'"):
        jittape.numpy.sine
    seen = []
    jt.grad(lambda x: seen.append(x.__array_namespace__()) or x.sum())(X)
    assert seen == [jittape.numpy]


def test_errors_of_numpy_name_the_namespace():
    with pytest.raises(RuntimeError, match="import jittape.numpy as np|np.stack in place of np.array"):  # by NumPy
        jt.grad(lambda x: numpy.array([x[0], 1.0]).sum())(X)
