"""Views of Arrays that tapes have no layouts for: reversed slices; and arrays without axes, which are no numbers."""

import numpy as np
import pytest
from numpy_meaning import assert_means_the_same, leaves

import jittape as jt

X = np.array([1.3, 2.1, 3.4])


def reversed_written_through(x):
    y = 2 * x
    r = y[::-1]
    r[0] = 5.0
    return y


def reversed_base_written_slice_used(x):
    y = 2 * x
    r = y[::-1]
    y[0] = 5.0
    return r


def reversed_base_is_gone(x):
    y = (2 * x)[::-1]
    y[0] = 5.0
    return y


def reversed_assigned_to(x):
    y = 2 * x
    y[::-1] = x
    return y


def reversed_copied(x):
    y = 2 * x
    r = y[::-1].copy()
    r[0] = 5.0
    y[1] = 4.0
    return y + r


def reversed_read(x):
    y = 2 * x
    s = sum(v for v in y[::-1])
    y[0] = s
    return y


def reversed_rebound(x):
    y = 2 * x
    y = y[::-1]
    y += 1.0
    y[1] = x[0]
    return y


def reversed_flipped_and_scaled(x):
    y = 2 * x
    r = np.flip(y)
    r *= 2
    return y


def reversed_of_zeros(x):
    y = np.zeros_like(x)
    r = y[::-1]
    r[0] = x[0]
    return y


def reversed_assigned_to_itself(x):
    y = 2 * x
    y[:] = y[::-1]
    return y


def reversed_slice_of_a_slice(x):
    y = 2 * x
    z = y[1:]
    r = z[::-1][1:]
    r[0] = 1.0
    return y


def reversed_added_to_itself(x):
    y = 2 * x
    y[:2] = y[1::-1] + 0
    y += y[::-1]
    return y


def reversed_of_an_argument_which_is_used(x):
    x[::-1][0] = 3.0
    return x


def reversed_of_an_argument(x):
    y = x[::-1]
    y[0] = 1.0
    return y * 2.0


def reversed_not_used_any_more(x):
    y = 2 * x
    total = y[::-1].sum()
    y *= 2
    return y * total


def reversed_the_slice_alone_is_used(x):
    y = 2 * x
    r = np.flip(y)
    q = r[1:]
    q += 1.0
    return r


def reversed_argument_written(x):
    y = x[::-1] * 1.0
    x[0] = 7.0
    return x * y


def reversed_argument_written_slice_used(x):
    y = x[::-1]
    x[0] = 7.0
    return y


def reversed_argument_of_both(x):
    y = 2 * x
    y[::-1][0] = x[0]
    return x * 2


def reversed_again_and_again(x):
    y = 2 * x
    for i in range(5):
        y = y[::-1]
        y[0] += 1.0
    return y


def without_axes_of_where(x):
    v = np.where(x[0] > 0, x[0], x[1])
    w = v
    v += x[2]
    return w * 1.0


def without_axes_by_ellipsis(x):
    y = 2 * x
    v = y[1, ...]
    v += 1.0
    return y


def without_axes_reshaped(x):
    y = 2 * x
    v = y[1:2].reshape(())
    v *= 3.0
    return y


def without_axes_squeezed(x):
    y = 2 * x
    v = np.squeeze(y[:1])
    w = v
    v -= x[1]
    return y + w


def without_axes_number(x):
    s = x.sum()
    w = s
    s += x[0]
    return w * np.ones(2)


def without_axes_np_copy(x):
    v = np.copy(x[0])
    w = v
    v += 1.0
    return w * x


def without_axes_view_of_what_is_written(x):
    y = 2 * x
    v = y[1, ...]
    y[1] = 9.0
    return v * x


def without_axes_number_of_what_is_written(x):
    y = 2 * x
    v = y[1]
    y[1] = 9.0
    return v * x


def without_axes_copied(x):
    y = 2 * x
    v = y[1, ...].copy()
    w = v
    v += 1.0
    return w * y


def without_axes_result_is_a_number(x):
    v = np.where(x[0] > 0, x[0], 0.0) + 1.0
    w = v
    v += 1
    return w * x


def without_axes_view_of_a_view(x):
    y = x * 1.0
    v = y.reshape(3, 1)[1:2].squeeze()
    y += 1
    v += y[0]
    return y * v


MEAN_THE_SAME = [
    reversed_base_is_gone,
    reversed_assigned_to,
    reversed_copied,
    reversed_read,
    reversed_rebound,
    reversed_of_zeros,
    reversed_assigned_to_itself,
    reversed_added_to_itself,
    reversed_not_used_any_more,
    reversed_the_slice_alone_is_used,
    reversed_argument_written,
    reversed_argument_of_both,
    reversed_again_and_again,
    without_axes_of_where,
    without_axes_by_ellipsis,
    without_axes_reshaped,
    without_axes_squeezed,
    without_axes_number,
    without_axes_np_copy,
    without_axes_view_of_what_is_written,
    without_axes_number_of_what_is_written,
    without_axes_copied,
    without_axes_result_is_a_number,
    without_axes_view_of_a_view,
]
REFUSED = [
    reversed_written_through,
    reversed_base_written_slice_used,
    reversed_flipped_and_scaled,
    reversed_slice_of_a_slice,
    reversed_of_an_argument_which_is_used,
    reversed_argument_written_slice_used,
]


@pytest.mark.parametrize("program", MEAN_THE_SAME)
def test_values_and_derivatives(program):
    assert_means_the_same(program, X)
    for ours, theirs in zip(leaves(jt.compile(program)(X)), leaves(program(X.copy())), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-13)


@pytest.mark.parametrize("program", REFUSED)
def test_what_a_write_has_not_reached_is_not_used(program):
    for transform in (jt.grad(lambda x: program(x).sum()), jt.compile(program)):
        with pytest.raises(TypeError, match="reversed slice"):
            transform(X)
    assert np.array_equal(jt.grad(lambda x: (x[::-1] * x).sum())(X), 2 * X[::-1])


def test_an_argument_that_is_not_used_again():
    value, pull = jt.vjp(reversed_of_an_argument, X)
    np.testing.assert_array_equal(value, reversed_of_an_argument(X.copy()))
    np.testing.assert_array_equal(pull(np.array([1.0, 10.0, 100.0]))[0], [200.0, 20.0, 0.0])
