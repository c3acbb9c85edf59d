"""Which of several equal elements a median, a percentile or a sort picks: the one that it picks on Arrays."""

import numpy as np
import pytest
from numba import njit

import jittape as jt

pytestmark = pytest.mark.sampled(0, of="module")


def picked(x):
    middle = np.quantile(x, np.array([0.1, 0.25, 0.5, 0.9])) * np.array([1.0, 2.0, 3.0, 4.0])
    return np.median(x) + 10.0 * np.nanmedian(x) + 20.0 * np.percentile(x, 30.0) + np.sum(middle) + 50.0 * np.sort(x)[len(x) // 2]


def test_derivatives_go_to_the_elements_that_numpy_picks():
    compiled, rng = njit(picked), np.random.default_rng(0)
    for n in (1, 2, 5, 16, 17, 30, 33, 64):
        for _ in range(5):
            x = np.round(2.0 * rng.normal(size=n)) / 2.0
            value, gradient = jt.value_and_grad(compiled)(x)
            np.testing.assert_allclose(value, picked(x), rtol=1e-12)
            np.testing.assert_allclose(gradient, jt.grad(picked)(x), rtol=1e-12, atol=1e-14)


@njit
def variance(x):
    return np.var(x)


def test_the_variance_of_infinities():
    for x in ([np.inf, np.inf, 1.0], [1.0, np.inf, np.inf], [np.nan, 1.0, 2.0], [3.0, 3.0, 3.0]):
        x = np.array(x)
        np.testing.assert_array_equal(jt.grad(variance)(x), jt.grad(lambda x: np.var(x))(x))
