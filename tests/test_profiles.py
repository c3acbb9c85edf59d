"""`jt.profile`: what is counted in each way of computing, that answers are the same, and that nothing stays behind."""

import inspect
import json
import threading

import numba
import numpy as np
import pytest

import jittape as jt
from jittape.profiling.stations import STATIONS

pytestmark = pytest.mark.sampled(6, of="module")

X = np.linspace(0.1, 1.0, 50)
METHODS = [owner.__dict__[method] for owner, method, _ in STATIONS]


@pytest.fixture(autouse=True)
def nothing_is_left():
    yield
    assert [owner.__dict__[method] for owner, method, _ in STATIONS] == METHODS
    assert not getattr(jt.tape.tape.current(), "watching", False)


def energy(x):
    y = np.sin(x) * x  # two rows
    return np.sum(y[1:])


@numba.njit
def compiled_energy(x):
    total = 0.0
    for k in range(len(x)):
        total += x[k] ** 2
    return total


def profiled(call, *args):
    with jt.profile() as p:
        answer = call(*args)
    assert 0.0 < sum(w.seconds for w in p.work) + p.overhead <= p.seconds
    assert all(w.seconds >= 0.0 and w.calls > 0 for w in p.work)
    return answer, p


def counts(p):
    return {(w.phase, w.operation): w.calls for w in p.by_operation()}


def line_of(function, text):
    lines, first = inspect.getsourcelines(function)
    return next(first + k for k, line in enumerate(lines) if text in line)


def test_rows_and_sweeps():
    """Every row once in each direction, for the user's line that recorded it, with the bytes of its value."""
    jt.grad(energy)(X)  # rows of before are no part of it
    answer, p = profiled(jt.grad(energy), X)
    assert np.array_equal(answer, jt.grad(energy)(X))
    names = ["mul", "sin", "slice", "sum"]
    assert {name: counts(p).get((phase, name)) for phase in ("forward", "reverse") for name in names} == dict.fromkeys(names, 1)
    assert {phase for phase, _ in counts(p)} == {"forward", "reverse"}
    two = line_of(energy, "two rows")
    at = {w.phase: w for w in p.by_line() if w.line == two}
    assert {phase: (w.calls, w.nbytes, w.function) for phase, w in at.items()} == {
        "forward": (2, 800, "energy"),
        "reverse": (2, 800, "energy"),
    }
    assert next(w for w in p.work if w.operation == "slice").nbytes == 0  # a view
    assert p.peak_bytes >= 800


def test_backward_of_rows_recorded_before():
    x = jt.tensor(X, requires_grad=True)
    y = x.exp().sum()
    _, p = profiled(y.backward)
    assert counts(p) == {("reverse", "exp"): 1, ("reverse", "sum"): 1}
    assert np.allclose(x.grad.numpy(), np.exp(X))


def test_programs():
    """Steps are timed one by one, recorded or not, and answers are those of a run in one piece."""

    def function(x, a):
        return np.sum(np.tanh(a @ np.sin(x)) * x)

    a = np.outer(X, X)
    program = jt.compile(jt.value_and_grad(function))
    value, gradient = program(X, a)
    (again, same), p = profiled(program, X, a)
    assert again == value and np.array_equal(gradient, same)
    assert {("forward", "matmul"), ("reverse", "matmul")} <= set(counts(p))
    assert any(w.operation.startswith("loop of ") and "tanh" in w.operation for w in p.work)
    with jt.no_grad():
        assert counts(profiled(program, X, a)[1]) == counts(p)
    buffer = program.buffer(X, a)
    assert counts(profiled(buffer)[1]) == counts(p)
    traced = jt.compile(lambda x: np.sum(x) * 2.0)
    assert ("other", "trace <lambda>") in counts(profiled(traced, X)[1])


def test_checks_of_programs():
    """A nan that a step finds is found in single steps, too."""

    def root(x):
        return np.where(x > 0.0, np.sqrt(np.abs(x)), 0.0).sum()

    program, x = jt.compile(jt.grad(root)), np.array([4.0, 0.0])
    assert np.array_equal(program(x), [0.25, 0.0])
    assert np.array_equal(profiled(program, x)[0], [0.25, 0.0])
    assert np.array_equal(profiled(jt.grad(root), x)[0], [0.25, 0.0])


@pytest.mark.parametrize(
    "call, expected",
    [
        (lambda: jt.grad(compiled_energy)(X), ("both", "grad compiled_energy")),
        (lambda: jt.jacobian(compiled_energy)(X), ("both", "jacobian compiled_energy")),
        (lambda: jt.vmap(energy)(np.stack([X, X])), ("both", "vmap energy")),
        (lambda: jt.jvp(energy, (X,), (X,))[1], ("forward", "tangent sweep")),
        (lambda: jt.hvp(energy, X, X), ("forward", "tangent sweep")),
        (lambda: jt.grad(jt.grad(lambda x: x**3))(2.0), ("reverse", "recorded sweep")),
    ],
)
def test_other_ways(call, expected):
    bystander = jt.tensor(X, requires_grad=True) * 2.0  # an observed result that the functions do not depend on
    bystander.retain_grad()
    answer, p = profiled(call)
    assert np.array_equal(answer, call())
    assert expected in counts(p), p


def test_optimisers():
    model = jt.nn.Linear(3, 2)
    optimizer = jt.optim.SGD(model.parameters(), lr=0.1)
    _, p = profiled(lambda: (model(jt.ones(4, 3)).sum().backward(), optimizer.step()))
    assert counts(p)["other", "SGD.step"] == 1 and any(phase == "reverse" for phase, _ in counts(p))


def test_only_its_thread_is_measured():
    found = []
    thread = threading.Thread(target=lambda: found.append(jt.grad(energy)(X)))
    with jt.profile() as p:
        thread.start()
        thread.join()
    assert p.work == [] and np.array_equal(found[0], jt.grad(energy)(X))


def test_exceptions_and_nesting():
    with jt.profile() as outer:
        with pytest.raises(ZeroDivisionError), jt.profile() as inner:
            jt.grad(energy)(X)
            raise ZeroDivisionError
        jt.grad(energy)(X)
    assert counts(inner) == counts(outer)
    with pytest.raises(RuntimeError, match="entered a second time"), outer:
        pass
    with pytest.raises(RuntimeError, match="nothing was measured"):
        jt.profile().work
    assert "not entered" in repr(jt.profile())


def test_with_anomalies_and_hooks():
    """A profile, anomaly detection and hooks on saved values, in each other."""
    x = jt.tensor(0.0, requires_grad=True)
    with jt.profile() as p, pytest.raises(jt.errors.AnomalyError, match="SqrtBackward0"), jt.autograd.detect_anomaly():
        (x.sqrt() * 0.0).backward()
    assert ("forward", "sqrt") in counts(p)
    with jt.autograd.detect_anomaly(), pytest.raises(jt.errors.AnomalyError, match="test_with_anomalies"), jt.profile():
        (x.sqrt() * 0.0).backward()
    saved = []
    with jt.profile() as p, jt.autograd.graph.saved_tensors_hooks(lambda t: saved.append(t) or t, lambda t: t):
        (x.exp() * x).backward()
    assert saved and ("forward", "exp") in counts(p)


def test_writes_in_place():
    def written(x):
        u = jt.zeros_like(x)
        u[1:] = x[1:] * 2.0
        return (u * u).sum()

    assert counts(profiled(jt.grad(written), X)[1])["forward", "write_into"] == 1


def test_reports(tmp_path):
    def inner(x):
        return np.sin(x).sum()

    def outer(x):
        return inner(x) * 2.0

    _, p = profiled(jt.grad(outer), X)
    text = str(p)
    assert "by operation:" in text and f"test_profiles.py:{line_of(inner, 'np.sin')} inner" in text
    assert all(len(line) < 200 for line in text.splitlines())
    assert p._repr_html_().count("<table") == 2 and "<td" in p._repr_html_()
    p.to_chrome_trace(tmp_path / "chrome.json")
    events = json.loads((tmp_path / "chrome.json").read_text())["traceEvents"]
    complete = [e for e in events if e["ph"] == "X"]
    assert len(complete) == sum(w.calls for w in p.work) and all(e["dur"] >= 0.0 and e["ts"] >= 0.0 for e in complete)
    p.to_speedscope(tmp_path / "speedscope.json")
    written = json.loads((tmp_path / "speedscope.json").read_text())
    (profile,), frames = written["profiles"], [f["name"] for f in written["shared"]["frames"]]
    assert sum(profile["weights"]) == profile["endValue"] == pytest.approx(1e9 * sum(w.seconds for w in p.work), abs=1e3)
    stacks = [[frames[k].partition(" line ")[0] for k in sample] for sample in profile["samples"]]
    assert [stack[-3:] for stack in stacks if stack[-1] == "forward: sin"] == [["outer", "inner", "forward: sin"]]


def test_few_events(tmp_path):
    with jt.profile(most_events=2) as p:
        jt.grad(energy)(X)
    p.to_chrome_trace(tmp_path / "few.json")
    assert len(json.loads((tmp_path / "few.json").read_text())["traceEvents"]) == 3
    assert sum(w.calls for w in p.work) > 2


def test_bars():
    pytest.importorskip("matplotlib")
    _, p = profiled(jt.grad(energy), X)
    axes = p.plot(most=2)
    assert len(axes.get_yticklabels()) == 2 and axes.get_legend() is not None
