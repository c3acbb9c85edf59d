"""Many cotangents in one sweep, or in sweeps one after the other where somebody looks at adjoints."""

import numpy as np
import pytest

import jittape as jt
from jittape.autograd import batched_sweeps

X = np.array([0.5, -1.0, 2.0])


def masked(x):
    z = np.sqrt(x)
    z[x <= 0.0] = 0.0
    return np.sum(z * z[0])


def of_a_branch(x):
    return np.stack([x[0], jt.stop_gradient(x[1]), x[2] ** 2])


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("function", [jt.grad(masked), of_a_branch, lambda x: np.where(x > 0.0, x, 0.0)])
def test_sweeps_one_after_the_other_find_the_same(function, monkeypatch):
    together = jt.jacrev(function)(X)
    monkeypatch.setattr(batched_sweeps, "_can_share", lambda roots, wanted: False)
    np.testing.assert_array_equal(jt.jacrev(function)(X), together)


def test_a_sweep_that_finds_nothing_has_found_zeros():
    found = batched_sweeps._side_by_side([{}, {1: np.ones((2, 3))}, {1: np.ones((1, 3))}], [1, 2, 1])
    np.testing.assert_array_equal(found[1], [[0.0] * 3] + [[1.0] * 3] * 3)
    assert batched_sweeps._side_by_side([], []) == {}
