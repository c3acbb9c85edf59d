"""Kernels of Fourier transforms: each transform, and its transpose, by pocketfft.

With the same sign in the exponent a complex transform is its own transpose. A real one gives half of the terms; its transpose is
the way back to real numbers with the mirrored terms halved, and the other way round.
"""

import numpy as np

from ..memory.typed_values import PARTS
from ..memory.words import f64_at, i64_at
from ..numba_backend.decorators import helper
from .pocketfft import INNER, N_IN, N_OUT, OUTER, PASSES, fourier_plan, pass_of, run_pass

PLAN, CONJUGATES = 0, 1  # integers of a row
TO_HALF, TO_REAL = 0, 1  # passes of real transforms


@helper
def _room(n):
    """Memory of this call for n real numbers: threads make transforms at the same time."""
    return np.empty(n, np.float64)


@helper
def _held(room):
    """Called after the last use of memory by its address, so that it is not given back before."""
    if room.size > 0:
        room[0] = 0.0


# --- complex numbers ------------------------------------------------------------------------------------------


def complex_plan(shape, axes, sign, power):
    """The integers of a row, None if no kernel makes it."""
    name = "fft" if sign < 0 else "ifft"
    plan = fourier_plan(tuple([(name, shape, axis, shape[axis], float(shape[axis]) ** -power) for axis in axes]))
    return None if plan is None else (shape, (plan, 0, 0, 0, 0, 0))


@helper
def _transform(plan, single, item, source, out):
    for k in range(i64_at(plan, 1)[PASSES]):
        run_pass(plan, k, single, item, item, source if k == 0 else out, out)


@helper
def _size_of(about, length):
    return about[OUTER] * about[length] * about[INNER]


@helper
def _add(to, values, n):
    for k in range(n):
        to[k] += values[k]


def complex_forward(at):
    single, item = _precision(PARTS[at])

    def kernel(params, out, x0):
        _transform(i64_at(params, 1)[PLAN], single, 2 * item, x0, out)

    return kernel


def complex_reverse(at):
    single, item = _precision(PARTS[at])

    def kernel(params, x_bar, y_bar, y, x0, fresh):
        plan = i64_at(params, 1)[PLAN]
        n = _size_of(pass_of(plan, 0), N_IN)
        found = _room(2 * n if fresh == 0 else 0)
        target = x_bar if fresh != 0 else found.ctypes.data
        _transform(plan, single, 2 * item, y_bar, target)
        if fresh == 0:
            _add(at(x_bar, n), at(target, n), n)
        _held(found)

    return kernel


def _precision(at):
    """Of real numbers: whether it is single, as a number, and their size."""
    return (0, 8) if at is f64_at else (1, 4)


# --- real numbers, and half of their transforms ---------------------------------------------------------------


def half_plan(shape, axis, n, sign, power):
    """The integers of a row between n real numbers along an axis and half of their transform, None if no kernel makes it.

    `shape` is that of the real numbers.
    """
    m, factor = n // 2 + 1, float(n) ** -power
    halved = (*shape[:axis], m, *shape[axis + 1 :])
    to_half = ("rfft_n_odd" if n % 2 else "rfft_n_even", shape, axis, m, factor)
    plan = fourier_plan((to_half, ("irfft", halved, axis, n, factor)))
    return None if plan is None else (plan, int(sign > 0), 0, 0, 0, 0)


@helper
def _weigh(plan, numbers, source, factor, conjugates):
    """Multiply the terms that others mirror, and conjugate all, from the array `source` to the array `numbers`."""
    about = pass_of(plan, TO_HALF)
    n, m, inner = about[N_IN], about[N_OUT], about[INNER]
    for i in range(about[OUTER]):
        for k in range(m):
            weight = 1.0 if k == 0 or 2 * k == n else factor
            first = 2 * (i * m + k) * inner
            for j in range(first, first + 2 * inner, 2):
                numbers[j] = source[j] * weight
                numbers[j + 1] = source[j + 1] * (-weight if conjugates else weight)


@helper
def _to_real(plan, single, item, conjugates, factor, parts_at, source, out):
    """n real numbers from half of the terms, those that are mirrored multiplied by a factor."""
    weighs = conjugates or factor != 1.0
    n = 2 * _size_of(pass_of(plan, TO_HALF), N_OUT)
    weighed = _room(n if weighs else 0)
    if weighs:
        _weigh(plan, parts_at(weighed.ctypes.data, n), parts_at(source, n), factor, conjugates)
        source = weighed.ctypes.data
    run_pass(plan, TO_REAL, single, 2 * item, item, source, out)
    _held(weighed)


@helper
def _to_half(plan, single, item, conjugates, factor, parts_at, source, out):
    """Half of the terms of n real numbers, those that are mirrored multiplied by a factor."""
    run_pass(plan, TO_HALF, single, item, 2 * item, source, out)
    if conjugates or factor != 1.0:
        n = 2 * _size_of(pass_of(plan, TO_HALF), N_OUT)
        _weigh(plan, parts_at(out, n), parts_at(out, n), factor, conjugates)


def half_forward(at):
    single, item = _precision(at)

    def kernel(params, out, x0):
        p = i64_at(params, 2)
        _to_half(p[PLAN], single, item, p[CONJUGATES] != 0, 1.0, at, x0, out)

    return kernel


def half_reverse(at):
    single, item = _precision(at)

    def kernel(params, x_bar, y_bar, y, x0, fresh):
        p = i64_at(params, 2)
        plan = p[PLAN]
        n = _size_of(pass_of(plan, TO_HALF), N_IN)
        found = _room(n if fresh == 0 else 0)
        target = x_bar if fresh != 0 else found.ctypes.data
        _to_real(plan, single, item, p[CONJUGATES] == 0, 0.5, at, y_bar, target)
        if fresh == 0:
            _add(at(x_bar, n), at(target, n), n)
        _held(found)

    return kernel


def real_forward_from_half(at):
    parts_at = PARTS[at]
    single, item = _precision(parts_at)

    def kernel(params, out, x0):
        p = i64_at(params, 2)
        _to_real(p[PLAN], single, item, p[CONJUGATES] == 0, 1.0, parts_at, x0, out)

    return kernel


def real_reverse_from_half(at):
    parts_at = PARTS[at]
    single, item = _precision(parts_at)

    def kernel(params, x_bar, y_bar, y, x0, fresh):
        p = i64_at(params, 2)
        plan = p[PLAN]
        n = 2 * _size_of(pass_of(plan, TO_HALF), N_OUT)
        found = _room(n if fresh == 0 else 0)
        target = x_bar if fresh != 0 else found.ctypes.data
        _to_half(plan, single, item, p[CONJUGATES] != 0, 2.0, parts_at, y_bar, target)
        if fresh == 0:
            _add(parts_at(x_bar, n), parts_at(target, n), n)
        _held(found)

    return kernel
