"""Programs that tell structural zeros from numeric ones: compiled gradients, batches and programs from files at masks."""

import io
import time

import numpy as np
import pytest
from masked_programs import NUMBERS, VECTORS
from sampling import some

import jittape as jt
from jittape.transforms.pytrees import flatten

GRADIENTS = [p for p in [*NUMBERS, *VECTORS] if np.ndim(p.first) == np.ndim(p.x)]
CALLS = 3  # the first is answered eagerly, the second records a program, and the third replays it


def point(program):
    return np.array(program.x) if isinstance(program.x, tuple) else program.x


def through_a_file(compiled):
    file = io.BytesIO()
    jt.save(compiled, file)
    file.seek(0)
    return jt.load(file)


def loaded_gradient(function, x):
    compiled = jt.compile(jt.grad(function))
    compiled(x)
    return through_a_file(compiled)


def gradient_of_loaded(function, x):
    compiled = jt.compile(function)
    compiled(x)
    return jt.grad(through_a_file(compiled))


def buffered(function, x):
    call = loaded_gradient(function, x).buffer(x)

    def gradient(x):
        call.x[...] = x
        call()
        return np.array(call.grad)

    return gradient


MODES = {
    "compiled": lambda f, x: jt.compile(jt.grad(f)),
    "loaded": loaded_gradient,
    "gradient of loaded": gradient_of_loaded,
    "pickled": lambda f, x: through_a_file(loaded_gradient(f, x)),
}


@pytest.mark.parametrize("mode", MODES)
def test_gradients(mode):
    for program in some(GRADIENTS, 6):
        x = point(program)
        gradient = MODES[mode](program.function, x)
        for k in range(CALLS):
            found = gradient(x)
            np.testing.assert_allclose(found, program.first, rtol=1e-12, atol=1e-14, err_msg=f"{program.name}, call {k}")


def test_second_derivatives_of_a_loaded_program():
    for program in some([p for p in GRADIENTS if p.second is not None], 4):
        x = point(program)
        compiled = jt.compile(program.function)
        compiled(x)
        found = jt.hessian(through_a_file(compiled))(x)
        np.testing.assert_allclose(found, program.second, rtol=1e-12, atol=1e-14, err_msg=program.name)


def test_a_careful_program_computes_its_masks_anew():
    gradient = jt.compile(jt.grad(lambda x: np.sum(np.where(x > 0, np.sqrt(x) * np.sin(x), x * x))))
    eager = jt.grad(lambda x: np.sum(np.where(x > 0, np.sqrt(x) * np.sin(x), x * x)))
    rng = np.random.default_rng(1)
    for _ in range(6):
        x = rng.normal(size=7)
        np.testing.assert_allclose(gradient(x), eager(x), rtol=1e-14)
    assert gradient.traces == 1


def test_writes_under_no_grad_are_left_to_the_function():
    def f(x):
        z = np.sqrt(x) * 1.0
        with jt.no_grad():
            z[0] = 3.0
        return np.sum(np.where(x > 0, z, x))

    gradient, x = jt.compile(jt.grad(f)), np.array([4.0, -1.0])
    for _ in range(CALLS):
        np.testing.assert_allclose(gradient(x), jt.grad(f)(x))


def test_writes_under_no_grad_of_loaded_programs():
    def f(x):
        z = np.sqrt(x) * 1.0
        with jt.no_grad():
            z[0] = 3.0
        return np.sum(np.where(x > 0, z, x))

    x = np.array([4.0, -1.0])
    for _ in range(CALLS):
        np.testing.assert_allclose(loaded_gradient(f, np.abs(x))(x), jt.grad(f)(x))


def masked(x):
    return np.sum(np.where(x > 0, np.sqrt(x) * np.sin(x), x * x))


def swallowed(x):
    found = jt.grad(masked)(x)
    return np.where(found == found, found, 0.0)


def batch(n=200):
    x = np.random.default_rng(0).normal(size=(n, 3))
    x[::2] = np.abs(x[::2])
    return x


@pytest.mark.parametrize("function", [jt.grad(masked), jt.value_and_grad(masked), swallowed, jt.jacfwd(masked)])
def test_batches(function):
    x, batched = batch(), jt.vmap(function)
    for _ in range(2):
        found = batched(x)
        for k, row in enumerate(x):
            expected, one = function(row), [a[k] for a in found] if isinstance(found, tuple) else found[k]
            np.testing.assert_allclose(np.hstack(one), np.hstack(expected), rtol=1e-13)


def test_a_batch_with_many_masked_examples_stays_a_batch():
    x, batched, gradient = batch(1000), jt.vmap(jt.grad(masked)), jt.grad(masked)
    for _ in range(2):
        batched(x)
    start = time.process_time()
    batched(x)
    side_by_side, start = time.process_time() - start, time.process_time()
    for row in x:
        gradient(row)
    assert side_by_side < (time.process_time() - start) / 10  # a hundredth to a thousandth is what was measured


SWEEPING = {
    "hessian": jt.hessian(masked),
    "a gradient in a result": lambda x: {"twice": 2 * jt.grad(masked)(x), "more": x},
    "swallowed": swallowed,
    "value and gradient of gradients": jt.value_and_grad(lambda x: np.sum(jt.grad(masked)(x) * x)),
    "jvp": lambda x: jt.jvp(masked, (x,), (np.cos(x),)),
    "a branch": lambda x: jt.grad(masked)(x) if x[0] > 0 else x,
}


@pytest.mark.parametrize("name", SWEEPING)
def test_functions_that_sweep_inside(name):
    """Saved before any value was masked; fresh, from a file, and from the file of that one."""
    function, points = SWEEPING[name], [np.array([2.0, -1.0, 0.5]), np.array([1.0, np.nan, -0.5]), np.array([-1.0, 2.0, 0.5])]
    compiled = jt.compile(function)
    compiled(np.ones(3)), compiled(-np.ones(3))
    ways = [compiled, through_a_file(compiled), through_a_file(through_a_file(compiled))]
    for way in ways:
        for x in points * 2:
            for found, expected in zip(flatten(way(x))[0], flatten(function(x))[0], strict=True):
                np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-15)


def test_rows_of_calls_that_sweep_inside():
    """Tensors that require gradients; the program that tells zeros apart is a row as well, from a file too."""
    function, leaf = jt.grad(masked), lambda x: jt.tensor(x, requires_grad=True)
    compiled = jt.compile(lambda x: function(x))
    compiled(leaf([1.0, 2.0]))
    for way in (compiled, through_a_file(compiled)):
        for x in ([2.0, -1.0], [-3.0, 0.5], [2.0, -1.0]):
            one, other = leaf(x), leaf(x)
            found, expected = way(one), function(other)
            found.sum().backward(), expected.sum().backward()
            np.testing.assert_allclose(found.detach().numpy(), expected.detach().numpy(), rtol=1e-13)
            np.testing.assert_allclose(one.grad.numpy(), other.grad.numpy(), rtol=1e-13)
