"""``print`` inside differentiated functions."""

import numpy as np
from numba import njit

import jittape as jt


@njit
def talkative(x):
    y = x * 2.0
    print("x", x[0], y)
    return y[0] * y[1]


def test_primal_values_are_printed(capfd):
    gradient = jt.grad(talkative)(np.array([1.5, 2.0]))
    np.testing.assert_array_equal(gradient, [8.0, 6.0])
    assert capfd.readouterr().out.split("\n")[0] == "x 1.5 [3. 4.]"
