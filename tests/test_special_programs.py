"""Random programs at special points: every mode finds the same derivatives.

Modes that multiply in the same order agree, nan included. Reverse and forward modes may not where a zero meets an infinity: sums
and products come in another order then, and one of them may be nan. Two different numbers are an error.
"""

import warnings

import numpy as np
import pytest
from numba import njit
from sampling import CHOICE, some
from special_programs import SpecialProgram

import jittape as jt

POINTS = 4
REVERSE = {"compiled": lambda f: jt.compile(jt.grad(f)), "by rows": jt.jacrev}
OTHERS = {"forward": jt.jacfwd}
HESSIANS = {"second order": jt.hessian, "compiled": lambda f: jt.compile(jt.hessian(f))}
BY_COLUMNS = {"forward over reverse": lambda f: jt.jacfwd(jt.grad(f)), "forward over forward": lambda f: jt.jacfwd(jt.jacfwd(f))}


def agree(found, expected, message):
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    known = ~(np.isnan(found) | np.isnan(expected))
    np.testing.assert_allclose(found[known], expected[known], rtol=1e-8, atol=1e-10, err_msg=message)


def equal(found, expected, message):
    np.testing.assert_allclose(np.asarray(found, float), expected, rtol=1e-8, atol=1e-10, err_msg=message)


def check(program, modes, reference, same):
    for x in program.points(POINTS):
        expected = reference(x)
        for name, mode in modes.items():
            same(mode(x), expected, f"{name} of {program.text} at {x}")


@pytest.fixture(autouse=True)
def infinities_are_expected():
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


def test_first_derivatives():
    for seed in some(range(200), 12):
        program = SpecialProgram(seed)
        f = program.built(lambda function: function)
        check(program, {name: mode(f) for name, mode in REVERSE.items()}, jt.grad(f), equal)
        check(program, {name: mode(f) for name, mode in OTHERS.items()}, jt.grad(f), agree)


def test_second_derivatives():
    for seed in some(range(1000, 1120), 5):
        program = SpecialProgram(seed)
        f = program.built(lambda function: function)
        check(program, {name: mode(f) for name, mode in HESSIANS.items()}, jt.jacrev(jt.grad(f)), equal)
        check(program, {name: mode(f) for name, mode in BY_COLUMNS.items()}, jt.jacrev(jt.grad(f)), agree)


def test_batches():
    for seed in some(range(2000, 2150), 8):
        program = SpecialProgram(seed)
        f = program.built(lambda function: function)
        x, gradient = np.stack(program.points(8)), jt.grad(f)
        found = jt.vmap(gradient)
        for _ in range(2):
            equal(found(x), np.stack([gradient(row) for row in x]), f"batch of {program.text}")


def test_compiled_functions():
    for seed in CHOICE.of(range(3000, 3040), 1, "compiled", most=15):  # each is compiled for four seconds
        program = SpecialProgram(seed, depth=2)
        f, g = program.built(njit), jt.grad(program.built(lambda function: function))
        check(program, {"reverse": jt.grad(f), "by rows": jt.jacrev(f)}, g, equal)
        check(program, {"by columns": jt.jacfwd(f)}, g, agree)
        check(program, {"second order": jt.hessian(f)}, jt.jacrev(g), agree)
