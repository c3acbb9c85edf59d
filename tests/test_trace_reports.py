"""`jt.explain`: why a function was traced, and what its program does."""

import numba
import numpy as np
import pytest

import jittape as jt

rate = 2.0


def with_a_branch(x):
    y = np.sin(x) * 2.0 + 1.0
    if y[0] > 1.5:
        y = y * y
    return np.sum(y)


def with_a_global(x):
    return np.sum(np.exp(x * rate))


def test_reasons(monkeypatch):
    program = jt.compile(jt.value_and_grad(with_a_branch))
    for x in (np.ones(4), -np.ones(4), np.ones(5), np.ones(5, np.float32)):
        program(x)
    report = jt.explain(program)
    assert [trace.why for trace in report.traces] == [
        "argument 0: ndarray of shape [5], float32, before ndarray of shape [5], float64",
        "argument 0: ndarray of shape [5], float64, before ndarray of shape [4], float64",
        "what it does depends on values that Python looks at (if, float, int, .item(), an index)",
        "the first call",
    ]
    assert all("if y[0] > 1.5:" in trace.guards[0] for trace in report.traces)
    squared, alone = report.traces[-1], report.traces[-2]
    assert squared.rows == alone.rows + 1 and sum(squared.loops) > sum(alone.loops) > 0
    assert "with_a_branch: 4 traces\ntraced because of argument 0" in str(report) and "if y[0] > 1.5:" in str(report)
    program = jt.compile(with_a_global)
    program(np.ones(3))
    monkeypatch.setitem(globals(), "rate", 3.0)
    assert jt.explain(program, np.ones(3)).traces[0].why == "'rate', which it reads from outside, changes"


def test_what_is_called_as_it_is():
    import time

    program = jt.compile(lambda x: np.sum(x) * time.time())
    with pytest.warns(RuntimeWarning, match="called as it is"):
        report = jt.explain(program, np.ones(3))
    assert not report.traces and "called as it is, every time: it uses time.time" in str(report)


def test_other_functions():
    assert jt.explain(numba.njit(lambda x: np.sum(x * x)), np.ones(3)).way == "adjoint"
    with pytest.raises(TypeError, match="got with_a_branch, which runs as it is and leaves rows on a tape"):
        jt.explain(with_a_branch, np.ones(3))
