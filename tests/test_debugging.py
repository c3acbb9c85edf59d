"""`jt.debug` and `jt.check_value_parity`: what is wrong is found in every way of computing, what is right passes."""

import math

import numba
import numpy as np
import pytest

import jittape as jt
from jittape.errors import AnomalyError, ParityError

X = np.array([4.0, -1.0])


def logarithm(x):
    y = x * 2.0
    return (np.log(y) + y).sum()  # where the nan arises


@numba.njit
def compiled_logarithm(x):
    return np.sum(np.log(x))


RUNS = {
    "eager": lambda: logarithm(jt.tensor(X, requires_grad=True)),
    "gradient": lambda: jt.grad(logarithm)(X),
    "compiled": lambda: jt.compile(jt.grad(logarithm))(X),
    "batch": lambda: jt.vmap(jt.grad(logarithm))(X[None]),
}


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_the_first_nan_is_found(run, capsys):
    with jt.debug(), pytest.raises(AnomalyError, match="(?s)log made a nan of operands.*where the nan arises"):
        run()
    with jt.debug("print"):
        with np.errstate(all="ignore"):
            run()
    said = capsys.readouterr().err
    assert said.count("log made a nan") == 1 and "where the nan arises" in said and "sum made" not in said
    assert not jt.autograd.is_anomaly_enabled()
    with np.errstate(all="ignore"):
        run()
    assert capsys.readouterr().err == ""


def test_adjoints(capsys):
    x = jt.tensor(0.0, requires_grad=True)
    with jt.debug(nan="print"):
        (x.sqrt() * 0.0).backward()
    assert "Function 'SqrtBackward0' returned nan" in capsys.readouterr().err and math.isnan(x.grad.item())
    with jt.debug(), pytest.raises(AnomalyError, match="SqrtBackward0"):
        (x.sqrt() * 0.0).backward()


def test_compiled_code(capsys):
    with jt.debug("print"):
        assert np.isnan(jt.value_and_grad(compiled_logarithm)(X)[0])
    assert "value_and_grad of compiled_logarithm returned nan" in capsys.readouterr().err
    with jt.debug(), pytest.raises(AnomalyError, match="value_and_grad of compiled_logarithm"):
        jt.value_and_grad(compiled_logarithm)(X)


def test_what_is_finite_passes():
    with jt.debug():
        assert np.allclose(jt.grad(logarithm)(np.array([1.0, 2.0])), [3.0, 2.5])
    with pytest.raises(ValueError, match="nan='ignore', expected 'raise' or 'print'"):
        jt.debug("ignore")


def mixed(x, k):
    x[0] += 1.0  # on a copy
    return {"sorted": np.sort(x), "which": np.argmax(x), "number": x.std() * k}


def test_what_agrees():
    x = np.array([3.0, 1.0, 2.0])
    assert jt.check_value_parity(mixed, x, 2) and x[0] == 3.0
    assert jt.check_value_parity(compiled_logarithm, np.array([1.0, 2.0]))
    with np.errstate(divide="ignore"):
        assert jt.check_value_parity(lambda x: np.log(x - 2.0), np.array([2.0, 3.0]))  # infinities are equal


@pytest.mark.parametrize(
    "function, words",
    [
        (lambda x: x * 1.0 if isinstance(x, np.ndarray) else x * 1.001, r"the recorded function: result\[1\] is .*expected"),
        (lambda x: x if isinstance(x, np.ndarray) else (x,), "the recorded function returns"),
        (lambda x: x[:, None] if isinstance(x, np.ndarray) else x, r"result is float64\[2\], expected float64\[2, 1\]"),
        (lambda x: x if isinstance(x, np.ndarray) else x.astype(np.float32), "result is float32"),
    ],
)
def test_what_differs(function, words):
    with pytest.raises(ParityError, match=words):
        jt.check_value_parity(function, np.array([0.0, 1.0]))


def test_compiled_code_that_differs():
    @numba.njit
    def wraps_around(x, n):
        return x * (n + np.int8(100))  # int64 in Numba, int8 in NumPy

    with np.errstate(all="ignore"), pytest.raises(ParityError, match="without Numba"):
        jt.check_value_parity(wraps_around, 2.0, np.int8(100))
