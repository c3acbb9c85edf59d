"""Derivatives of solutions by the equations of their tangents and cotangents, beside those of the steps."""

import numba
import numpy as np
import pytest

import jittape as jt

RATES, START, TIMES = np.array([1.0, 0.1, 1.5, 0.075]), np.array([10.0, 5.0]), np.array([0.0, 0.4, 1.1, 2.0])
WEIGHTS = np.random.default_rng(0).normal(size=(2, 4))
ARGNUMS = 0, 1, 2, 3


def predators(t, y, p):
    return [p[0] * y[0] - p[1] * y[0] * y[1], -p[2] * y[1] + p[3] * y[0] * y[1] + 0.1 * t]


@numba.njit
def compiled_predators(t, y, p):
    return np.array([p[0] * y[0] - p[1] * y[0] * y[1], -p[2] * y[1] + p[3] * y[0] * y[1] + 0.1 * t])


def at_times(p, y0, begin, times, method, sensitivity, fun=predators, tolerance=1e-9):
    about = {"rtol": tolerance, "atol": 0.01 * tolerance, "args": (p,), "sensitivity": sensitivity}
    return np.sum(WEIGHTS * jt.solve_ivp(fun, (begin, 2.0), y0, method, times, **about).y)


def at_ends(p, y0, begin, times, method, sensitivity, fun=predators, tolerance=1e-9):
    about = {"rtol": tolerance, "atol": 0.01 * tolerance, "args": (p,), "sensitivity": sensitivity}
    y = jt.solve_ivp(fun, (begin, times[-1]), y0, method, **about).y
    return WEIGHTS[:, 0] @ y[:, 0] + WEIGHTS[:, 1] @ y[:, -1]


@pytest.fixture(scope="module")
def of_steps():
    return {f: jt.grad(f, argnums=ARGNUMS)(RATES, START, 0.0, TIMES, "DOP853", "steps") for f in (at_times, at_ends)}


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "fun", [predators, pytest.param(compiled_predators, marks=pytest.mark.sampled(0))], ids=["python", "compiled"]
)
@pytest.mark.parametrize("sensitivity", ["adjoint", "forward"])
@pytest.mark.parametrize("method", ["RK45", "DOP853", "BDF", "LSODA"])
def test_gradients(method, sensitivity, fun, of_steps):
    """By rates, start, begin and times."""
    for function, expected in of_steps.items():
        found = jt.grad(function, argnums=ARGNUMS)(
            RATES, START, 0.0, TIMES, method, sensitivity, fun, 1e-7 if method == "BDF" else 1e-9
        )
        for ours, theirs in zip(found, expected):
            np.testing.assert_allclose(ours, theirs, rtol=3e-5, atol=3e-4 if method == "BDF" else 3e-5)


def test_tangents_and_second_derivatives():
    def of_rates(p, sensitivity, method="DOP853"):
        return at_times(p, START, 0.0, TIMES, method, sensitivity, tolerance=1e-6)

    direction = np.array([1.0, 0.1, -1.0, 0.1])
    tangent = jt.jvp(lambda p, y0: at_times(p, y0, 0.0, TIMES, "LSODA", None), (RATES, START), (direction, START))[1]
    expected = jt.jvp(lambda p, y0: at_times(p, y0, 0.0, TIMES, "DOP853", "steps"), (RATES, START), (direction, START))[1]
    assert tangent == pytest.approx(expected, rel=1e-6)
    expected = jt.hvp(lambda p: of_rates(p, "steps"), RATES, direction)
    for sensitivity in ("adjoint", "forward"):
        found = jt.jvp(jt.grad(lambda p: of_rates(p, sensitivity)), (RATES,), (direction,))[1]
        np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_back_in_time_and_tensors():
    def end(rate, method):
        return jt.solve_ivp(lambda t, y, k: -k * y, (2.0, 0.5), jt.tensor([2.0]).double(), method, args=(rate,), rtol=1e-8).y[
            0, -1
        ]

    for method in ("BDF", "LSODA"):
        rate = jt.tensor(0.7, dtype=jt.float64, requires_grad=True)
        end(rate, method).backward()
        assert rate.grad.item() == pytest.approx(3.0 * np.exp(1.05), rel=1e-4)


def test_messages():
    def end(rate, **options):
        return jt.solve_ivp(lambda t, y, k: -k * y, (0.0, 1.0), np.array([2.0]), args=(rate,), **options).y[0, -1]

    with pytest.raises(ValueError, match="got sensitivity='steps' for method 'BDF', expected 'adjoint' or 'forward'"):
        jt.grad(end)(0.7, method="BDF", sensitivity="steps")
    with pytest.raises(ValueError, match="got sensitivity='fast', expected one of 'steps', 'adjoint', 'forward'"):
        jt.grad(end)(0.7, sensitivity="fast")
    with pytest.raises(ValueError, match="got method 'Euler', expected one of RK23"):
        jt.grad(end)(0.7, method="Euler")
    with pytest.raises(RuntimeError, match=r"derivative would be lost. Pass it as an argument \(args=\)"):
        jt.grad(lambda k: jt.solve_ivp(lambda t, y: -k * y, (0.0, 1.0), np.array([2.0]), "BDF").y[0, -1])(0.7)


def test_a_stiff_problem():
    """Robertson's reactions, beside differences."""

    def reactions(t, y, k):
        fast, slow = k[2] * y[1] * y[2], k[0] * y[0]
        return [fast - slow, slow - fast - k[1] * y[1] ** 2, k[1] * y[1] ** 2]

    def left(logs, tolerance=1e-7):
        k, start = np.exp(logs), np.array([1.0, 0.0, 0.0])
        return jt.solve_ivp(reactions, (0.0, 40.0), start, "BDF", args=(k,), rtol=tolerance, atol=1e-4 * tolerance).y[0, -1]

    logs, h = np.log([0.04, 3e7, 1e4]), 1e-3
    expected = [(left(logs + h * e, 1e-10) - left(logs - h * e, 1e-10)) / (2.0 * h) for e in np.eye(3)]
    np.testing.assert_allclose(jt.grad(left)(logs), expected, rtol=1e-3)
