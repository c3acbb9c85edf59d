"""Native derivatives against differences of the function's own values."""

import numpy as np
import pytest

import jittape as jt

STEP = 1e-3  # Richardson leaves an error of STEP**4, rounding one of 1e-16 / STEP


def leaves(value):
    """The numbers and arrays in a tree of tuples."""
    if isinstance(value, tuple):
        return [leaf for member in value for leaf in leaves(member)]
    return [value]


def rebuilt(value, members):
    """A tuple with other members, named as it is."""
    return type(value)(*members) if hasattr(value, "_fields") else tuple(members)


def like(value, flat):
    """A tree of the form of `value`, with the numbers of an iterator."""
    if isinstance(value, tuple):
        return rebuilt(value, [like(member, flat) for member in value])
    if isinstance(value, np.ndarray):
        out = value.copy(order="K")
        for place in np.ndindex(value.shape):
            out[place] = next(flat)
        return out
    return type(value)(next(flat))


def flat(value):
    """All numbers of a tree, as float64."""
    parts = [np.ravel(np.asarray(leaf, dtype=np.float64)) for leaf in leaves(value)]
    return np.concatenate(parts) if parts else np.zeros(0)


def fresh(value):
    """A copy that keeps layout: programs may overwrite what they get."""
    if isinstance(value, tuple):
        return rebuilt(value, map(fresh, value))
    if isinstance(value, np.ndarray):
        if value.flags.c_contiguous or value.flags.f_contiguous:
            return value.copy(order="K")
        room = np.zeros(tuple(2 * n for n in value.shape), value.dtype)  # stays strided
        cut = room[tuple(slice(None, 2 * n, 2) for n in value.shape)]
        cut[...] = value
        return cut
    return value


def slopes(function, args, argnums, weights=None, step=STEP):
    """Derivatives of ``weights @ function(*args)`` by every number of some arguments, one flat array.

    Central differences, extrapolated once (Richardson).
    """
    chosen = tuple(args[k] for k in argnums)
    numbers = flat(chosen)

    def value(x):
        moved = like(chosen, iter(x))
        full = [fresh(a) for a in args]
        for k, a in zip(argnums, moved):
            full[k] = fresh(a)
        y = flat(function(*full))
        return y @ (np.ones(1) if weights is None else weights)

    def difference(k, h):
        up, down = numbers.copy(), numbers.copy()
        up[k] += h
        down[k] -= h
        return (value(up) - value(down)) / (2 * h)

    return np.array([(4 * difference(k, step) - difference(k, 2 * step)) / 3 for k in range(len(numbers))])


def assert_same(got, expected, tolerance=1e-7, what="derivative"):
    """Equality relative to the largest number expected."""
    got, expected = flat(got), flat(expected)
    assert got.shape == expected.shape, f"{what}: {got.shape} numbers, expected {expected.shape}"
    scale = max(1.0, np.abs(expected).max(initial=0.0))
    np.testing.assert_allclose(got, expected, rtol=0, atol=tolerance * scale, err_msg=what)


def assert_form(got, expected):
    """A tree of the form, shapes and dtypes of another."""
    assert isinstance(got, tuple) == isinstance(expected, tuple)
    if isinstance(expected, tuple):
        assert len(got) == len(expected)
        for pair in zip(got, expected):
            assert_form(*pair)
    elif isinstance(expected, np.ndarray):
        assert isinstance(got, np.ndarray) and got.shape == expected.shape and got.dtype == expected.dtype
    else:
        assert not isinstance(got, np.ndarray)


def check(function, *args, argnums=(0,), tolerance=1e-7, step=STEP, forward=False):
    """A program of one number: value and gradient are those of the function itself.  Returns the gradient."""
    value, gradient = jt.value_and_grad(function, argnums=argnums)(*[fresh(a) for a in args])
    expected = function(*[fresh(a) for a in args])
    np.testing.assert_allclose(value, expected, rtol=1e-13 if tolerance < 1e-4 else 1e-5, err_msg="value")
    assert_form(gradient, tuple(args[k] for k in argnums))
    numeric = slopes(function, args, argnums, step=step)
    assert_same(gradient, numeric, tolerance, "gradient")
    few = all(not isinstance(args[k], (tuple, np.ndarray)) for k in argnums)
    if few or forward:  # gradients by few numbers run on tangents: then this is the tape
        other = jt.jacrev if few else jt.jacfwd
        again = other(function, argnums=argnums)(*[fresh(a) for a in args])
        assert_same(again, gradient, max(tolerance * 1e-5, 1e-12), other.__name__)
    return gradient


def check_results(function, *args, tolerance=1e-7, seed=0):
    """A program of several results: cotangents and tangents, all arguments differentiated."""
    rng = np.random.default_rng(seed)
    value, pullback = jt.vjp(function, *[fresh(a) for a in args])
    expected = function(*[fresh(a) for a in args])
    assert_same(value, expected, 1e-13, "value")
    y_bar = like(expected, iter(rng.uniform(-1, 1, flat(expected).size)))
    x_bar = pullback(y_bar)
    assert_form(x_bar, args)
    everything = tuple(range(len(args)))
    assert_same(x_bar, slopes(function, args, everything, flat(y_bar)), tolerance, "pullback")
    x_dot = like(args, iter(rng.uniform(-1, 1, flat(args).size)))
    again, y_dot = jt.jvp(function, tuple(fresh(a) for a in args), x_dot)
    assert_same(again, expected, 1e-13, "value of jvp")
    assert_form(y_dot, expected)
    assert abs(flat(y_dot) @ flat(y_bar) - flat(x_dot) @ flat(x_bar)) < 1e-11 * (1 + np.abs(flat(x_bar)).sum())


def noting(programs, x):
    """A decorator that notes programs for a parametrised test: functions of its arguments, or of `x` if it has none."""

    def program(*args):
        def noted(function):
            programs.append(pytest.param(function, args or (x,), id=function.__name__))
            return function

        return noted

    return program
