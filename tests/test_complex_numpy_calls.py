"""Every supported function of NumPy on complex Arrays: NumPy's value and its derivative, or an error; no part is dropped."""

import warnings

import numpy as np
import pytest
from numpy_calls import Out, calls_of, described
from test_numpy_calls import FUNCTIONS, SYMMETRIC, argument_of, called
from numpy_meaning import leaves
from sampling import some

import jittape as jt

STEP = 1e-6
REFUSALS = TypeError, ValueError, NotImplementedError, RuntimeError, IndexError, AttributeError
# No order, memory that was not written, text; NumPy 2.4 overwrites results of `vecmat` of complex vectors with order="F".
DIFFERENT = {"vecmat", "unique_values", "empty_like", "array_repr", "array_str", "array2string"}
PHASES = {"eig", "eigh", "svd", "qr"}  # vectors up to a phase: test_complex_linalg


def complex_argument(x):
    turn = 1.0 + 0.3j * np.cos(np.arange(x.size).reshape(x.shape))
    z = x * turn
    return z + z.conj().T if z.ndim == 2 and z.shape[0] == z.shape[1] else z


def floats(tree):
    return [np.asarray(v) for v in leaves(tree) if not isinstance(v, (str, bytes))]


def compare(function, args, kwargs):
    x = complex_argument(argument_of(function))
    program, note = called(function, args, kwargs), described(function, args, kwargs)
    try:
        expected = floats(program(x))
        ends = [floats(program(x + s * STEP * (1 - 0.7j) * x)) for s in (1, -1)]
    except Exception:  # NumPy has no such call
        return
    try:
        found, tangents = (leaves(part) for part in jt.jvp(program, (x,), ((1 - 0.7j) * x,)))
    except REFUSALS:
        return
    found = [np.asarray(v) for v in found]
    for a, b, high, low, t in zip(found, expected, *ends, tangents, strict=True):
        assert a.shape == b.shape and (a.dtype == b.dtype or b.dtype.kind not in "fc"), (note, a.dtype, b.dtype)
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-10, err_msg=note)
        if b.dtype.kind in "fc":
            np.testing.assert_allclose(
                t, (high - low) / (2 * STEP), rtol=1e-5, atol=1e-5 * (1 + np.abs(t).max(initial=0)), err_msg=note
            )


@pytest.mark.sampled(10)
@pytest.mark.parametrize("name", sorted(n for n, f in FUNCTIONS.items() if f.__name__ not in DIFFERENT | PHASES | SYMMETRIC))
def test_functions_of_numpy_on_complex_arrays(name):
    function = FUNCTIONS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", np.exceptions.ComplexWarning)
        without_out = [c for c in calls_of(function) if not any(v is Out for v in c[1].values())]
        for args, kwargs in some(without_out, 4):
            compare(function, args, kwargs)
