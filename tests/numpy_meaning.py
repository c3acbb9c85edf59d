"""What a program of NumPy code gives on plain arrays and on Arrays, and whether the two are the same."""

import numpy as np

import jittape as jt

STEP = 1e-6


def leaves(value):
    """The results of a program as arrays, however deep."""
    if isinstance(value, (list, tuple)):
        return [leaf for v in value for leaf in leaves(v)]
    return [value]


def weighted(found):
    """One number that depends on all results of floats."""
    total = 0.0
    for k, f in enumerate(found):
        if getattr(getattr(f, "dtype", None), "kind", "") == "f":
            total = total + (np.sum(f * np.cos(np.arange(f.size) + k).reshape(f.shape)) if f.ndim else f * np.cos(k))
        elif type(f) is float:
            total = total + f * np.cos(k)
    return total


def outcome(program, x):
    """What a program gives under a transform: its results, and a gradient that depends on all of those that are floats."""
    seen = []

    def total(x):
        found = leaves(program(x))
        seen[:] = [f.detach().numpy() if isinstance(f, jt.Tensor) else f for f in found]
        return weighted(found) + 0.0 * x.sum()

    gradient = jt.grad(total)(x.copy("K"))  # of a copy: programs that write may see the array itself, too
    return seen, gradient


def differences(program, x):
    """The gradient of what `outcome` differentiates, by differences of values."""
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[place] = STEP
        gradient[place] = (weighted(leaves(program(x + step))) - weighted(leaves(program(x - step)))) / (2 * STEP)
    return gradient


def assert_same(found, expected, note=""):
    """Results with the shapes, dtypes and values that are expected."""
    assert len(found) == len(expected), note
    for ours, theirs in zip(found, expected):
        assert np.shape(ours) == np.shape(theirs), note
        if hasattr(theirs, "dtype"):
            assert ours.dtype == theirs.dtype, note
        if isinstance(theirs, (np.ndarray, np.generic, float, int)):
            single = getattr(theirs, "dtype", None) == np.float32
            np.testing.assert_allclose(ours, theirs, rtol=1e-5 if single else 1e-12, atol=1e-6 if single else 1e-14, err_msg=note)
        else:
            assert ours == theirs, note


def assert_means_the_same(program, x, plain=None, note="", gradients=None):
    """A program gives under a transform what it gives on plain arrays, and the derivative of that; or both raise.

    Parameters
    ----------
    plain : callable, optional
        The program on plain arrays, where it is written otherwise.
    gradients : callable, optional
        What of gradients is compared; by default all.
    """
    plain = plain or program
    try:
        expected = leaves(plain(x.copy()))
    except Exception as error:
        try:
            outcome(program, x)
        except Exception:
            return
        raise AssertionError(f"{note}: NumPy raises {error!r}, the transform does not") from error
    found, gradient = outcome(program, x)
    assert_same(found, expected, note)
    kinds = [getattr(e, "dtype", None) for e in expected]
    if x.dtype == np.float64 and np.float32 not in kinds:
        compared, numeric = gradients or np.asarray, differences(plain, x)
        numeric[~np.isfinite(numeric)] = gradient[~np.isfinite(numeric)]  # at a pole
        np.testing.assert_allclose(compared(gradient), compared(numeric), rtol=1e-6, atol=1e-6, err_msg=note)
