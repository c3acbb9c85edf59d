"""Functions under PyTorch's names that are made of NumPy's: values and gradients against PyTorch's."""

import numpy as np
import pytest

import jittape as jt

torch = pytest.importorskip("torch")
X = np.random.default_rng(0).normal(size=(3, 4))
HOLES = X.copy()
HOLES[0, 1], HOLES[2, 3] = np.nan, np.inf
SOME = HOLES[:2]
CALLS = {
    "nan_to_num": [(HOLES[:2],), (HOLES, 1.0, 2.0, 3.0)],
    "resolve_conj": [(X + 1j,)],
    "conj_physical": [(X + 1j,)],
    "nansum": [(X,), (X, 1), (SOME, 0, True)],
    "nanmean": [(X,), (SOME, 1, True)],
    "quantile": [(X, 0.3), (X, np.array([0.1, 0.6]), 1), (X, 0.4, 0, True)],
    "nanquantile": [(SOME, 0.3), (X, np.array([0.1, 0.6]), 1)],
    "cov": [(X,), (X[0],)],
    "corrcoef": [(X,)],
    "var_mean": [(X,), (X, 1)],
    "std_mean": [(X,), (X, 0)],
    "aminmax": [(X,)],
    "frac": [(X * 3,)],
    "vdot": [(X[0], X[1]), (X[0] + 1j, X[1] * 1j)],
    "dstack": [((X, X),)],
    "column_stack": [((X[0], X[1]),)],
    "rot90": [(X,), (X, 3), (X, -2, (1, 0))],
}


def tensors(library, argument):
    if isinstance(argument, tuple) and isinstance(argument[0], np.ndarray):
        return [tensors(library, a) for a in argument]
    return library.tensor(argument) if isinstance(argument, np.ndarray) else argument


def followed(library, name, arguments):
    """Values of a function, and the gradient of the sum of their squares by the first operand."""
    arguments = [tensors(library, a) for a in arguments]
    leaf = arguments[0][0] if isinstance(arguments[0], list) else arguments[0]
    leaf.requires_grad_()
    found = getattr(library, name)(*arguments)
    found = list(found) if isinstance(found, tuple) else [found]
    sum((library.abs(y) ** 2).sum() for y in found).backward()
    return [np.asarray(y.detach().resolve_conj().numpy()) for y in found], np.asarray(leaf.grad.resolve_conj().numpy())


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", CALLS)
def test_values_and_gradients_are_torchs(name):
    for arguments in CALLS[name]:
        values, gradient = followed(jt, name, arguments)
        expected, expected_gradient = followed(torch, name, arguments)
        for a, b in zip(values, expected, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12)
        np.testing.assert_allclose(gradient, expected_gradient, rtol=1e-10, atol=1e-14)
