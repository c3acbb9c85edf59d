"""Recursive filters along the last axis: each output less the ones before it, times coefficients. The loop is SciPy's."""

import numpy as np
import scipy.signal

from .declare_structured import structured
from .matrix_functions import calling_lapack
from .products import matmul
from .shape_functions import flip, reshape
from .shape_rules import expect
from .split_and_stack import cat, stack
from .sums import sum


@structured(arity=2, linear_in=(1,), grad_name="RecursiveFilterBackward0")
def recursive_filter_values(a, x):
    """The y with ``y[n] = x[n] - a[0] y[n - 1] - a[1] y[n - 2] - ...``, along the last axis."""

    def filtered(a, x):
        return scipy.signal.lfilter(np.ones(1, a.dtype), np.concatenate([np.ones(1, a.dtype), a]), x, -1)

    return calling_lapack(filtered, "scipy.signal.lfilter", a, x)


@recursive_filter_values.shaped
def recursive_filter_shape(shapes):
    a, x = shapes
    expect(len(a) == 1 and len(x) >= 1, "a vector of coefficients, and signals along the last axis")
    return x


def _earlier(y, k):
    """The outputs k places before, 0 before the first."""
    n = y.shape[-1]
    zeros = y[..., :k] * 0.0 if k < n else y * 0.0
    return cat([zeros, y[..., : n - k]], -1) if k < n else zeros


@recursive_filter_values.pullback_of(1)
def recursive_filter_pullback_x(y_bar, y, a, x):
    return flip(recursive_filter_values.apply(a, flip(y_bar, (-1,))), (-1,))


@recursive_filter_values.pullback_of(0)
def recursive_filter_pullback_a(y_bar, y, a, x):
    x_bar = recursive_filter_pullback_x(y_bar, y, a, x)
    return stack([-sum(x_bar * _earlier(y, k + 1)) for k in range(a.shape[0])], 0)


@recursive_filter_values.pushforward_of(0)
def recursive_filter_pushforward_a(a_dot, y, a, x):
    moved = stack([_earlier(y, k + 1) for k in range(a.shape[0])], -1)
    return recursive_filter_values.apply(a, -reshape(matmul(moved, reshape(a_dot, (-1, 1))), tuple(y.shape)))
