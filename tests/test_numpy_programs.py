"""Random programs of NumPy code mean under every transform what they mean on plain arrays."""

import numba
import numpy as np
import pytest
from numpy_programs import COMPILED_KINDS, Program
from sampling import CHOICE, some

import jittape as jt
from jittape.tape.schema import ROWS, ROW_LIMIT
from jittape.tape.tape import current

MANY, FEW = 10_000, 300
STEP = 1e-30


def program_and_array(seed):
    x = np.random.default_rng(seed).uniform(-1, 1, ((2, 3), (4,), (2, 2, 2))[seed % 3])
    x = x.astype(np.float32) if seed % 5 == 4 else x
    return Program(seed, x), x


def check_values(program, x):
    before, lie = x.copy(), []

    def variables(x):
        found = program.variables(x)
        lie[:] = map(steps, found)
        return found

    found, _ = jt.vjp(variables, x)
    expected = program.variables(x.copy())
    assert np.array_equal(x, before), "the caller's array was written to"
    assert lie == list(map(steps, expected)), str(program)
    for theirs, ours in zip(expected, found, strict=True):
        theirs, ours = np.asarray(theirs), np.asarray(ours)
        assert (theirs.shape, theirs.dtype) == (ours.shape, ours.dtype), str(program)
        rough = np.float32 in (x.dtype, theirs.dtype)
        np.testing.assert_allclose(
            ours, theirs, rtol=1e-4 if rough else 1e-12, atol=1e-5 if rough else 1e-13, err_msg=str(program)
        )


def steps(x):
    """How a variable lies in memory: the strides of axes along which it moves."""
    return [s for s, n in zip(x.strides, x.shape) if n > 1] if np.ndim(x) and x.size else []


def check_gradient(program, x, direction):
    _, gradient = jt.value_and_grad(program.value)(x)
    assert gradient.dtype == x.dtype and gradient.shape == x.shape, str(program)
    if x.dtype == np.float32:  # complex steps need double precision
        return gradient, np.sum(gradient * direction)
    expected = np.imag(program.value(x + 1j * STEP * direction)) / STEP
    np.testing.assert_allclose(np.sum(gradient * direction), expected, rtol=1e-8, atol=1e-9, err_msg=str(program))
    return gradient, expected


@pytest.mark.parametrize("block", range(10))
def test_eager(block):
    """Values, shapes and dtypes are NumPy's, and derivatives those of complex steps."""
    for seed in some(range(block * MANY // 10, (block + 1) * MANY // 10), FEW // 20):
        program, x = program_and_array(seed)
        check_values(program, x)
        check_gradient(program, x, np.random.default_rng(seed).normal(size=x.shape))


def test_under_transforms():
    """Compiled, vmapped and forward derivatives agree with those."""
    for seed in some(range(1000), 25):
        program, x = program_and_array(seed)
        direction = np.random.default_rng(seed).normal(size=x.shape)
        gradient, expected = check_gradient(program, x, direction)
        value, again = program.value(x.copy()), program.value(x * np.float32(0.5))
        close, rough = (1e-4, 1e-4) if x.dtype == np.float32 else (1e-11, 1e-8)
        compiled = jt.compile(program.value)
        np.testing.assert_allclose([compiled(x), compiled(x * np.float32(0.5))], [value, again], rtol=close, err_msg=str(program))
        again_gradient = jt.compile(jt.grad(program.value))(x)
        np.testing.assert_allclose(again_gradient, gradient, rtol=rough, atol=rough / 10, err_msg=str(program))
        batch = np.stack([x, x * np.float32(0.5)])
        np.testing.assert_allclose(jt.vmap(program.value)(batch), [value, again], rtol=close, err_msg=str(program))
        tangent = jt.jvp(program.value, (x,), (direction.astype(x.dtype),))[1]
        np.testing.assert_allclose(tangent, expected, rtol=rough, atol=rough / 10, err_msg=str(program))


def compiled_or_none(function, x):
    """A function compiled by Numba, None if it refuses it."""
    try:
        function = numba.njit(function)
        function(x)
    except (numba.core.errors.NumbaError, NotImplementedError, AssertionError):
        return None
    return function


def test_compiled_by_numba():
    """Programs of what Numba compiles have the same values and derivatives natively, and are all taken.

    Of these kinds of programs Numba compiles 9 in 10. Some few mean something else there: operations between overlapping views
    read what they have written.
    """
    seeds = CHOICE.of(range(MANY), 1, "compiled by Numba", most=100)  # each is compiled for a second and more
    followed = 0
    for seed in seeds:
        x = np.random.default_rng(seed).uniform(-1, 1, ((2, 3), (4,))[seed % 2])
        program = Program(seed, x, 6, COMPILED_KINDS)
        compiled = compiled_or_none(program.value, x.copy())
        if compiled is None or not np.allclose(compiled(x.copy()), program.value(x.copy()), 1e-10):
            continue
        followed += 1
        value, gradient = jt.value_and_grad(compiled)(x)
        direction = np.random.default_rng(seed).normal(size=x.shape)
        np.testing.assert_allclose(value, program.value(x.copy()), rtol=1e-10, atol=1e-12, err_msg=str(program))
        expected = np.imag(program.value(x + 1j * STEP * direction)) / STEP
        np.testing.assert_allclose(np.sum(gradient * direction), expected, rtol=1e-7, atol=1e-9, err_msg=str(program))
        try:
            eager = jt.grad(program.value)(x)
        except RuntimeError:  # refused in Python: NumPy does not hand np.ascontiguousarray to Arrays
            continue
        np.testing.assert_allclose(gradient, eager, rtol=1e-7, atol=1e-9, err_msg=str(program))
    assert followed > 0.7 * len(seeds) - 2


def test_when_rows_are_dropped_at_every_statement():
    """A full tape renumbers its rows, also in the middle of a write."""
    for seed in some(range(1000), 30):
        program, x = program_and_array(seed)
        program.statements = [text for statement in program.statements for text in ("fill_tape()", statement)]
        program.make_functions(fill_tape=fill_tape)
        check_values(program, x)
        check_gradient(program, x, np.ones(x.shape))


def fill_tape():
    words = current().tape._words
    words[ROW_LIMIT] = words[ROWS]
