"""Random programs of NumPy code mean under every transform what they mean on plain arrays."""

import numpy as np
import pytest
from numpy_programs import Program
from sampling import some

import jittape as jt
from jittape.tape.schema import ROWS, ROW_LIMIT
from jittape.tape.tape import current

MANY, FEW = 10_000, 300
STEP = 1e-30


def program_and_array(seed):
    x = np.random.default_rng(seed).uniform(-1, 1, (4,) if seed % 2 else (2, 3))
    return Program(seed, x), x


def check_values(program, x):
    before = x.copy()
    found, _ = jt.vjp(program.variables, x)
    expected = program.variables(x.copy())
    assert np.array_equal(x, before), "the caller's array was written to"
    for theirs, ours in zip(expected, found, strict=True):
        theirs, ours = np.asarray(theirs), np.asarray(ours)
        assert (theirs.shape, theirs.dtype) == (ours.shape, ours.dtype), str(program)
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-13, err_msg=str(program))


def check_gradient(program, x, direction):
    _, gradient = jt.value_and_grad(program.value)(x)
    expected = np.imag(program.value(x + 1j * STEP * direction)) / STEP
    np.testing.assert_allclose(np.sum(gradient * direction), expected, rtol=1e-8, atol=1e-9, err_msg=str(program))
    return gradient, expected


@pytest.mark.parametrize("block", range(10))
def test_eager(block):
    """Values, shapes and dtypes are NumPy's, and derivatives those of complex steps."""
    for seed in some(range(block * MANY // 10, (block + 1) * MANY // 10), FEW // 10):
        program, x = program_and_array(seed)
        check_values(program, x)
        check_gradient(program, x, np.random.default_rng(seed).normal(size=x.shape))


def test_under_transforms():
    """Compiled, vmapped and forward derivatives agree with those."""
    for seed in some(range(1000), 25):
        program, x = program_and_array(seed)
        direction = np.random.default_rng(seed).normal(size=x.shape)
        gradient, expected = check_gradient(program, x, direction)
        value, again = program.value(x.copy()), program.value(0.5 * x)
        compiled = jt.compile(program.value)
        np.testing.assert_allclose([compiled(x), compiled(0.5 * x)], [value, again], rtol=1e-11, err_msg=str(program))
        np.testing.assert_allclose(jt.compile(jt.grad(program.value))(x), gradient, rtol=1e-8, atol=1e-9, err_msg=str(program))
        np.testing.assert_allclose(jt.vmap(program.value)(np.stack([x, 0.5 * x])), [value, again], rtol=1e-11)
        np.testing.assert_allclose(jt.jvp(program.value, (x,), (direction,))[1], expected, rtol=1e-8, atol=1e-9)


def test_when_rows_are_dropped_at_every_statement():
    """A full tape renumbers its rows, also in the middle of a write."""
    for seed in some(range(1000), 30):
        program, x = program_and_array(seed)
        program.statements = [on_a_full_tape(s) for s in program.statements]
        check_values(program, x)
        check_gradient(program, x, np.ones(x.shape))


def on_a_full_tape(statement):
    def run(variables):
        words = current().tape._words
        words[ROW_LIMIT] = words[ROWS]
        statement(variables)

    run.__name__ = statement.__name__
    return run
