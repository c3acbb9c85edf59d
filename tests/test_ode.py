"""Initial value problems: SciPy's solutions, and derivatives of the discrete solution by all that it depends on."""

import functools
import gc
import itertools

import numba
import numpy as np
import pytest
from scipy import integrate

import jittape as jt
from jittape.ode import initial_value_problems, recorded_solutions
from jittape.ode.explicit_steps import TABLES
from jittape.ode.step_control import step_chooser

RATES, START = np.array([1.0, 0.1, 1.5, 0.075]), np.array([10.0, 5.0])
TIMES = np.array([0.0, 0.4, 1.1, 1.3, 2.0])
TIGHT = {"rtol": 1e-11, "atol": 1e-12}


def predators(t, y, p):
    return [p[0] * y[0] - p[1] * y[0] * y[1], -p[2] * y[1] + p[3] * y[0] * y[1]]


@numba.njit
def compiled_predators(t, y, p):
    return np.array([p[0] * y[0] - p[1] * y[0] * y[1], -p[2] * y[1] + p[3] * y[0] * y[1]])


FORMS = {"list": predators, "compiled": compiled_predators}


def extended(t, state):
    """The problem together with the equations of its sensitivities by the rates and the start."""
    y, s = state[:2], state[2:].reshape(2, 6)
    by_y = np.array([[RATES[0] - RATES[1] * y[1], -RATES[1] * y[0]], [RATES[3] * y[1], -RATES[2] + RATES[3] * y[0]]])
    by_rates = np.array([[y[0], -y[0] * y[1], 0.0, 0.0], [0.0, 0.0, -y[1], y[0] * y[1]]])
    change = by_y @ s
    change[:, :4] += by_rates
    return np.concatenate([predators(t, y, RATES), change.ravel()])


@pytest.fixture(scope="module")
def sensitivities():
    """Of y at TIMES by rates and start, of shape (2, times, 6)."""
    start = np.concatenate([START, np.hstack([np.zeros((2, 4)), np.eye(2)]).ravel()])
    found = integrate.solve_ivp(extended, (0.0, 2.0), start, "DOP853", TIMES, **TIGHT)
    return np.moveaxis(found.y[2:].reshape(2, 6, len(TIMES)), 1, 2)


BOTH_FORMS = list(itertools.product(["RK23", "RK45", "DOP853"], FORMS))


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("method", "form"), [*BOTH_FORMS, ("Radau", "list")])
def test_sensitivities(method, form, sensitivities):
    tolerances = TIGHT if method in ("RK45", "DOP853") else {"rtol": 1e-7, "atol": 1e-9}

    def solution(p, y0):
        return jt.solve_ivp(FORMS[form], (0.0, 2.0), y0, method, TIMES, args=(p,), **tolerances).y

    value, pullback = jt.vjp(solution, RATES, START)
    expected = integrate.solve_ivp(predators, (0.0, 2.0), START, method, TIMES, args=(RATES,), **tolerances).y
    near = 1e-8 if method in ("RK45", "DOP853") else 2e-5
    np.testing.assert_allclose(value, expected, rtol=1e-13 if method in TABLES else 1e-6)
    weights = np.random.default_rng(0).normal(size=value.shape)
    by_rates, by_start = pullback(weights)
    found = np.concatenate([by_rates, by_start])
    np.testing.assert_allclose(found, np.einsum("yt,ytp->p", weights, sensitivities), rtol=near)
    if method == "DOP853":
        directions = np.ones(4), np.ones(2)
        np.testing.assert_allclose(jt.jvp(solution, (RATES, START), directions)[1], sensitivities.sum(-1), rtol=1e-8, atol=1e-8)


@pytest.mark.sampled(0)
def test_compiled_steps_of_radau(sensitivities):
    """By all that a solution depends on, beside the steps of Python, with checkpoints as without."""

    def solution(form, checkpoints, p, y0, t0, t1, times):
        about = {"args": (p,), "rtol": 1e-7, "atol": 1e-9, "checkpoints": checkpoints}
        return jt.solve_ivp(FORMS[form], (t0, t1), y0, "Radau", times, **about).y

    weights = np.random.default_rng(0).normal(size=(2, len(TIMES) - 1))
    found = {}
    for form, checkpoints in (("list", 0), ("compiled", 0), ("compiled", 3)):
        value, pullback = jt.vjp(functools.partial(solution, form, checkpoints), RATES, START, 0.0, 2.0, TIMES[1:])
        found[form, checkpoints] = [value, *pullback(weights)]
    expected = np.einsum("yt,ytp->p", weights, sensitivities[:, 1:])
    for form, checkpoints in found:
        for ours, theirs in zip(found[form, checkpoints], found["list", 0]):
            np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-10)
        np.testing.assert_allclose(np.concatenate(found[form, checkpoints][1:3]), expected, rtol=2e-5)


@pytest.mark.sampled(0.3)
@pytest.mark.parametrize("form", FORMS)
def test_the_gradient_is_that_of_the_discrete_solution(form):
    """With steps of one length given, differences of SciPy's coarse solution agree with it."""

    def end(rate):
        p = RATES * rate
        return jt.solve_ivp(
            FORMS[form], (0.0, 2.0), START, "RK23", args=(p,), rtol=1e3, atol=1e3, first_step=0.5, max_step=0.5
        ).y[0, -1]

    h = 1e-6
    assert jt.grad(end)(1.0) == pytest.approx((end(1.0 + h) - end(1.0 - h)) / (2.0 * h), rel=1e-8)
    at_ends = jt.value_and_grad(lambda y: jt.solve_ivp(FORMS[form], (0.0, 1.0), y, args=(RATES,)).y[1].sum())(START)
    assert at_ends[0] == pytest.approx(integrate.solve_ivp(predators, (0.0, 1.0), START, args=(RATES,)).y[1].sum(), rel=1e-13)


def decay(t, y, rate):
    return -rate * y


compiled_decay = numba.njit(decay)


@pytest.mark.sampled(0.3)
@pytest.mark.parametrize(("method", "fun"), [("Radau", decay), *itertools.product(["RK45", "DOP853"], [decay, compiled_decay])])
def test_times(method, fun):
    """Derivatives by begin, end and times in between, also backwards."""

    def at(t0, t1, times):
        return jt.solve_ivp(fun, (t0, t1), np.array([2.0]), method, times, args=(0.7,), rtol=1e-9, atol=1e-11).y[0].sum()

    for t0, t1, times in ((0.5, 2.0, np.array([1.0, 1.7])), (2.0, 0.5, np.array([1.7, 1.0]))):
        value = 2.0 * np.exp(-0.7 * (times - t0))
        found = jt.grad(at, argnums=(0, 1, 2))(t0, t1, times)
        np.testing.assert_allclose(found[0], 0.7 * value.sum(), rtol=1e-6)
        np.testing.assert_allclose(found[1], 0.0, atol=1e-6)
        np.testing.assert_allclose(found[2], -0.7 * value, rtol=1e-6)
        end = jt.grad(lambda t: jt.solve_ivp(fun, (t0, t), np.array([2.0]), method, args=(0.7,), rtol=1e-9, atol=1e-11).y[0, -1])(
            t1
        )
        assert end == pytest.approx(-1.4 * np.exp(-0.7 * (t1 - t0)), rel=1e-7)


@pytest.mark.parametrize("fun", [decay, pytest.param(compiled_decay, marks=pytest.mark.sampled(0))], ids=["python", "compiled"])
def test_second_derivatives(fun):
    def end(rate, fun):
        return jt.solve_ivp(fun, (0.0, 1.0), np.array([2.0]), "DOP853", np.array([1.0]), args=(rate,), **TIGHT).y[0, 0]

    assert jt.hessian(end)(0.7, fun) == pytest.approx(2.0 * np.exp(-0.7), rel=1e-9)


def falling(t, y, g):
    return [y[1], -g]


def on_ground(t, y, g):
    return y[0]


def at_the_top(t, y, g):
    return y[1]


on_ground.terminal, on_ground.direction = True, -1


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("method", "sensitivity"),
    [("RK45", "steps"), ("DOP853", "steps"), ("Radau", "steps")]
    + [("DOP853", "adjoint"), ("LSODA", "adjoint"), ("RK45", "forward"), ("BDF", "forward")],
)
def test_events(method, sensitivity):
    """A stone that is thrown: when it is highest and when it is back, with derivatives to second order."""

    def thrown(v, g, t_eval=None):
        start, tolerances = np.stack([0.0 * v, v]), {"rtol": 1e-9, "atol": 1e-9}
        events = [on_ground, at_the_top, lambda t, y, g: y[0] + 1.0]
        about = {"events": events, "args": (g,), "sensitivity": sensitivity}
        return jt.solve_ivp(falling, (0.0, 9.0), start, method, t_eval, **about, **tolerances)

    v, g = 12.0, 9.81
    exact = {
        "back": (lambda r: r.t_events[0][0], 2 * v / g, (2 / g, -2 * v / g**2), -2 / g**2),
        "highest": (lambda r: r.t_events[1][0], v / g, (1 / g, -v / g**2), -1 / g**2),
        "how high": (lambda r: r.y_events[1][0, 0], v**2 / (2 * g), (v / g, -(v**2) / (2 * g**2)), -v / g**2),
        "how fast": (lambda r: r.y[1, -1], -v, (-1.0, 0.0), 0.0),
    }
    for name, (read, value, gradient, mixed) in exact.items():
        found = jt.value_and_grad(lambda v, g: read(thrown(v, g)), argnums=(0, 1))(v, g)
        np.testing.assert_allclose(found[0], value, rtol=1e-9, err_msg=name)
        np.testing.assert_allclose(found[1], gradient, rtol=1e-7, atol=1e-9, err_msg=name)
        second = jt.grad(lambda g: jt.grad(lambda v: read(thrown(v, g)))(v))(g)
        np.testing.assert_allclose(second, mixed, rtol=1e-6, atol=1e-8, err_msg=name)

    def solution(v):
        found.append(thrown(v, g, np.linspace(0.0, 9.0, 10)))
        return found[-1].y[0].sum()

    found = []
    jt.grad(solution)(v)
    expected = thrown(v, g, np.linspace(0.0, 9.0, 10))
    np.testing.assert_array_equal(found[0].t, expected.t)
    assert len(expected.t) == 3 and found[0].status == expected.status == 1
    assert [len(t) for t in found[0].t_events] == [len(t) for t in expected.t_events] == [1, 1, 0]
    assert found[0].y_events[2].shape == expected.y_events[2].shape


def bounced(v, g, left, sensitivity, fun=falling):
    """Where a ball is after three bounces, each of which leaves a part of its speed, and when the last one was."""
    t, y = 0.0, np.stack([0.0 * v, v])
    for k in range(4):
        events = on_ground if k < 3 else None
        found = jt.solve_ivp(fun, (t, 9.0), y, events=events, args=(g,), sensitivity=sensitivity, rtol=1e-9, atol=1e-9)
        if k < 3:
            t, y = found.t_events[0][0], np.stack([0.0 * v, -left * found.y_events[0][0, 1]])
    return found.y[0, -1] + 0.1 * t


@numba.njit
def compiled_falling(t, y, g):
    return np.array([y[1], -g])


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    "fun", [falling, pytest.param(compiled_falling, marks=pytest.mark.sampled(0))], ids=["python", "compiled"]
)
@pytest.mark.parametrize("sensitivity", ["steps", "adjoint", "forward"])
def test_solutions_that_go_on_from_events(sensitivity, fun):
    """Beside the solution by hand, in exact arithmetic but for complex steps."""

    def by_hand(v, g, left):
        t, speed = 0.0, v
        for _ in range(3):
            t, speed = t + 2.0 * speed / g, left * speed
        return speed * (9.0 - t) - 0.5 * g * (9.0 - t) ** 2 + 0.1 * t

    point = 12.0, 9.81, 0.8
    expected = [by_hand(*(x + 1e-30j * (j == k) for j, x in enumerate(point))).imag / 1e-30 for k in range(3)]
    found = jt.value_and_grad(lambda *x: bounced(*x, sensitivity, fun), argnums=(0, 1, 2))(*point)
    assert found[0] == pytest.approx(by_hand(*point), rel=1e-8)
    np.testing.assert_allclose(found[1], expected, rtol=1e-6)
    direction = 0.3, -0.2, 0.1
    tangent = jt.jvp(lambda *x: bounced(*x, sensitivity, fun), point, direction)[1]
    assert tangent == pytest.approx(np.dot(expected, direction), rel=1e-6)


@pytest.mark.parametrize("sensitivity", ["steps", "adjoint", "forward"])
def test_events_back_in_time_and_at_once(sensitivity):
    """Decay, backwards: two events at one time, one that is at the begin, and one that never is."""

    def half(t, y, k):
        return y[0] - 4.0

    def seen(k):
        about = {"events": [half, lambda t, y, k: 2.0 * half(t, y, k), lambda t, y, k: t - 1.0, lambda t, y, k: y[0] + 1.0]}
        about |= {"args": (k,), "sensitivity": sensitivity, "rtol": 1e-9, "atol": 1e-9}
        found = jt.solve_ivp(lambda t, y, k: -k * y, (1.0, -1.0), np.array([2.0]), t_eval=np.array([0.5, -0.5]), **about)
        assert [len(t) for t in found.t_events] == [1, 1, 1, 0] and found.y.shape == (1, 2)
        return np.stack([found.t_events[0][0], found.t_events[1][0], found.t_events[2][0], found.y_events[1][0, 0]])

    k = 0.7
    np.testing.assert_allclose(seen(k), [1.0 - np.log(2.0) / k, 1.0 - np.log(2.0) / k, 1.0, 4.0], atol=1e-8)
    expected = [np.log(2.0) / k**2, np.log(2.0) / k**2, 0.0, 0.0]
    np.testing.assert_allclose(jt.jacobian(seen)(k), expected, rtol=1e-6, atol=1e-7)


def test_what_the_right_hand_side_closes_over():
    def loss(rate):
        return jt.odeint(lambda y, t: -rate * y, np.array([2.0]), np.array([0.0, 0.5, 1.0])).sum()

    assert jt.grad(loss)(0.7) == pytest.approx(-np.exp(-0.35) - 2.0 * np.exp(-0.7), rel=1e-6)
    rate = jt.tensor(0.7, dtype=jt.float64, requires_grad=True)
    jt.odeint(lambda y, t: -rate * y, jt.tensor([2.0], dtype=jt.float64), np.array([0.0, 1.0]))[-1].sum().backward()
    assert rate.grad.item() == pytest.approx(-2.0 * np.exp(-0.7), rel=1e-6)


def test_a_stiff_problem():
    """Robertson's reactions, beside differences."""

    def reactions(t, y, k):
        fast, slow = k[2] * y[1] * y[2], k[0] * y[0]
        return [fast - slow, slow - fast - k[1] * y[1] ** 2, k[1] * y[1] ** 2]

    def left(logs):
        k = np.exp(logs)
        return jt.solve_ivp(reactions, (0.0, 40.0), np.array([1.0, 0.0, 0.0]), "Radau", args=(k,), rtol=1e-7, atol=1e-11).y[0, -1]

    logs, h = np.log([0.04, 3e7, 1e4]), 1e-4
    expected = [(left(logs + h * e) - left(logs - h * e)) / (2.0 * h) for e in np.eye(3)]
    np.testing.assert_allclose(jt.grad(left)(logs), expected, rtol=1e-3)


def test_nothing_differentiated_is_scipys_own():
    found, expected = (m.solve_ivp(predators, (0.0, 2.0), START, "LSODA", args=(RATES,)) for m in (jt, integrate))
    np.testing.assert_array_equal(found.y, expected.y)
    assert type(found.y) is np.ndarray
    arguments = (lambda y, t: -y, np.array([1.0]), np.array([0.0, 1.0]))
    np.testing.assert_array_equal(jt.odeint(*arguments), integrate.odeint(*arguments))


def test_messages():
    def end(rate, **options):
        return jt.solve_ivp(decay, (0.0, 1.0), np.array([2.0]), args=(rate,), **options).y[0, -1]

    with pytest.raises(NotImplementedError, match="vectorized= is not implemented where something is differentiated"):
        jt.grad(end)(0.7, vectorized=True)
    with pytest.raises(ValueError, match="not properly sorted"):
        jt.grad(end)(0.7, t_eval=np.array([0.5, 0.2]))
    with pytest.raises(ValueError, match="not within `t_span`"):
        jt.grad(end)(0.7, t_eval=np.array([0.5, 1.2]))
    with pytest.raises(jt.TraceError, match="in jt.compile and jt.vmap pass t_eval, and no events"):
        jt.compile(jt.grad(end))(0.7)
    with pytest.raises(NotImplementedError, match="expected rtol and atol only"):
        jt.grad(lambda rate: jt.odeint(lambda y, t: -rate * y, [1.0], [0.0, 1.0], mxstep=3)[-1, 0])(0.7)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("method", TABLES)
def test_compiled_steps_are_scipys(method):
    chosen = step_chooser(compiled_predators, method)
    for (t, end), tolerance, about in (((0.0, 4.0), 1e-3, {}), ((1.0, -1.0), 1e-7, {"first_step": 0.3, "max_step": 0.5})):
        expected = integrate.solve_ivp(predators, (t, end), START, method, args=(RATES,), rtol=tolerance, atol=tolerance, **about)
        first, longest = about.get("first_step", 0.0), about.get("max_step", np.inf)
        ends, calls = chosen(START, t, end, tolerance, np.full(2, tolerance), first, longest, RATES)
        np.testing.assert_allclose(ends, expected.t, rtol=1e-8)
        assert calls == expected.nfev
    ends, _ = step_chooser(numba.njit(lambda t, y: y * y), method)(np.ones(1), 0.0, 2.0, 1e-6, np.full(1, 1e-6), 0.0, np.inf)
    assert ends[-1] < 2.0  # it grows beyond all bounds at 1


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("method", "fun"), [("DOP853", decay), ("RK45", compiled_decay), ("Radau", decay), ("LSODA", decay)])
def test_dense_output(method, fun):
    about = {"dense_output": True, "rtol": 1e-8, "atol": 1e-10}

    def at(rate, times):
        return jt.solve_ivp(fun, (0.0, 2.0), np.array([2.0]), method, args=(rate,), **about).sol(times)[0]

    times = np.array([1.7, 0.2, 1.7, 0.0])
    for t in (times, 0.9):
        value = 2.0 * np.exp(-0.7 * np.asarray(t))
        np.testing.assert_allclose(jt.jvp(at, (0.7, t), (1.0, None)), [value, -t * value], rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(jt.jvp(at, (0.7, t), (1.0, np.ones_like(t)))[1], -(t + 0.7) * value, rtol=1e-6, atol=1e-9)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("fun", [decay, pytest.param(compiled_decay, marks=pytest.mark.sampled(0))], ids=["python", "compiled"])
@pytest.mark.parametrize("method", ["DOP853", "LSODA"])
def test_batches_and_programs(method, fun):
    def loss(rate):
        return jt.solve_ivp(fun, (0.0, 2.0), np.array([2.0]), method, TIMES, args=(rate,), rtol=1e-8, atol=1e-9).y.sum()

    rates = np.array([0.7, 1.9])
    expected = [jt.grad(loss)(rate) for rate in rates]
    np.testing.assert_allclose(jt.vmap(jt.grad(loss))(rates), expected, rtol=1e-12)
    np.testing.assert_allclose(jt.grad(lambda r: jt.vmap(loss)(r).sum())(rates), expected, rtol=1e-12)
    program = jt.compile(jt.grad(loss))
    np.testing.assert_allclose([program(rate) for rate in rates], expected, rtol=1e-12)
    with pytest.raises(RuntimeError, match=r"Pass it as an argument \(args=\)"):
        jt.vmap(lambda r: jt.odeint(lambda y, t: -r * y, np.ones(1), TIMES).sum())(rates)


@pytest.mark.parametrize("method", ["RK45", "BDF"])
def test_a_solution_that_ends_early(method):
    """``1 / (1 / y0 - t)``: what there is of it has derivatives."""
    for times in (None, np.array([0.0, 0.5, 1.5])):
        found = []

        def solution(y0):
            found.append(jt.solve_ivp(lambda t, y: y * y, (0.0, 2.0), y0, method, times, rtol=1e-6))
            return found[-1].y[0]

        y, y_dot = jt.jvp(solution, (np.ones(1),), (np.ones(1),))
        assert found[0].status == -1 and len(y) == len(found[0].t) > 1
        near = slice(2) if times is not None else slice(len(y) // 10)
        np.testing.assert_allclose(y_dot[near], y[near] ** 2, rtol=1e-3)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("t_eval", [None, TIMES[1:4], TIMES], ids=["ends", "inside", "with begin and end"])
@pytest.mark.parametrize(("method", "form"), [("RK23", "list"), ("DOP853", "list"), ("RK45", "compiled"), ("Radau", "list")])
def test_checkpoints(method, form, t_eval):
    """Groups of steps that are computed again give the derivatives of all steps at once, by everything, to second order."""

    def loss(checkpoints, p, y0, begin, end):
        about = {"args": (p,), "rtol": 1e-5, "checkpoints": checkpoints}
        y = jt.solve_ivp(FORMS[form], (begin, end), y0, method, t_eval, **about).y
        return np.sum(y * y * np.arange(1.0, y.shape[1] + 1.0))

    point = RATES, START, 0.0, 2.0
    every = jt.value_and_grad(loss, argnums=(1, 2, 3, 4))
    value, gradients = every(0, *point)
    for checkpoints in (1, 3, 1000):
        again, found = every(checkpoints, *point)
        np.testing.assert_allclose(again, value, rtol=1e-12)
        for g, expected in zip(found, gradients):
            np.testing.assert_allclose(g, expected, rtol=1e-9, atol=1e-7)
    directions = np.cos(RATES)
    tangents = [jt.jvp(lambda p: loss(n, p, *point[1:]), (RATES,), (directions,))[1] for n in (0, 3)]
    np.testing.assert_allclose(tangents[1], tangents[0], rtol=1e-10)
    if method != "Radau":
        hessians = [jt.hessian(lambda p: loss(n, p, *point[1:]))(RATES) for n in (0, 3)]
        np.testing.assert_allclose(hessians[1], hessians[0], rtol=1e-9, atol=1e-9)


def test_checkpoints_keep_few_rows():
    rows = []
    for checkpoints in (0, 10):
        with jt.Tape() as tape:
            p = jt.tensor(RATES, requires_grad=True)
            y = jt.solve_ivp(predators, (0.0, 5.0), START, args=(p,), rtol=1e-8, checkpoints=checkpoints).y
            rows.append(len(tape))
            y[0, -1].backward()
    assert rows[1] < 0.1 * rows[0]


def test_long_solutions_have_checkpoints_by_default(monkeypatch):
    monkeypatch.setattr(recorded_solutions, "MOST_RECORDED", 20)
    groups = []
    group = recorded_solutions._group
    monkeypatch.setattr(recorded_solutions, "_group", lambda *args: groups.append(args[2]) or group(*args))
    jt.grad(lambda p: jt.solve_ivp(predators, (0.0, 9.0), START, args=(p,)).y[0, -1])(RATES)
    assert len(set(groups)) > 1 and len(groups) == 2 * len(set(groups))


@pytest.mark.parametrize(
    "about",
    [{"checkpoints": -1}, {"checkpoints": 2, "method": "LSODA"}, {"checkpoints": 2, "events": lambda t, y, p: y[0] - 1.0}],
)
def test_checkpoints_that_are_not_possible(about):
    with pytest.raises(ValueError, match="expected a number of groups of steps"):
        jt.grad(lambda p: jt.solve_ivp(predators, (0.0, 2.0), START, args=(p,), **about).y[0, -1])(RATES)


@pytest.mark.sampled(0)
def test_nothing_of_a_problem_stays():
    def end(rate, fun):
        return jt.solve_ivp(fun, (0.0, 1.0), np.array([2.0]), args=(rate,)).y[0, -1]

    def alive():
        gc.collect()
        return sum(type(o) is initial_value_problems._Problem for o in gc.get_objects())

    before = alive()
    for fun in (decay, compiled_decay):
        jt.grad(end)(0.7, fun)
    assert alive() <= before
