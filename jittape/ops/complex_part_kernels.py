"""Kernels of what takes complex numbers apart: real and imaginary part, conjugate, absolute value.

Factories of kernels are given the windows of the complex numbers; results are of these or of real numbers. An adjoint says that a
loss changes by ``Re(x_bar * dx)``.
"""

import math

import numpy as np

from ..memory.typed_values import PARTS
from ..memory.words import i64_at
from ..numba_backend.decorators import helper


def part_forward(part):
    """The kernel that takes the real parts, 0, or the imaginary ones, 1."""

    def forward(at):
        real_at = PARTS[at]

        def kernel(params, out, x0):
            n = i64_at(params, 1)[0]
            o, x = real_at(out, n), real_at(x0, 2 * n)
            for k in range(n):
                o[k] = x[2 * k + part]

        return kernel

    return forward


def part_reverse(part):
    """The kernel of adjoints, which follow the complex-linear transpose: those of imaginary parts change their sign."""

    def reverse(at):
        real_at = PARTS[at]

        def kernel(params, x_bar, y_bar, y, x0, fresh):
            n = i64_at(params, 1)[0]
            o, s = real_at(x_bar, 2 * n), real_at(y_bar, n)
            for k in range(n):
                bar = -s[k] if part else s[k]
                if fresh != 0:
                    o[2 * k + part], o[2 * k + 1 - part] = bar, 0.0
                else:
                    o[2 * k + part] += bar

        return kernel

    return reverse


def conj_forward(at):
    def kernel(params, out, x0):
        n = i64_at(params, 1)[0]
        o, x = at(out, n), at(x0, n)
        for k in range(n):
            o[k] = np.conjugate(x[k])

    return kernel


def conj_reverse(at):
    def kernel(params, x_bar, y_bar, y, x0, fresh):
        n = i64_at(params, 1)[0]
        o, s = at(x_bar, n), at(y_bar, n)
        for k in range(n):
            o[k] = np.conjugate(s[k]) + (o[k] if fresh == 0 else 0.0)

    return kernel


def abs_forward(at):
    real_at = PARTS[at]

    def kernel(params, out, x0):
        n = i64_at(params, 1)[0]
        o, x = real_at(out, n), real_at(x0, 2 * n)
        for k in range(n):
            o[k] = np.hypot(x[2 * k], x[2 * k + 1])

    return kernel


@helper
def _over_length(part, other, length):
    """A part of the number over its absolute value; 0 at 0, and where one part is infinite that one decides."""
    if math.fabs(length) == math.inf and math.fabs(part) != math.fabs(other):
        return math.copysign(1.0, part) if math.fabs(part) == math.inf else 0.0
    return part / length if length != 0.0 else part * 0.0


def abs_reverse(at):
    real_at = PARTS[at]

    def kernel(params, x_bar, y_bar, y, x0, fresh):
        n = i64_at(params, 1)[0]
        o, s, x, length = real_at(x_bar, 2 * n), real_at(y_bar, n), real_at(x0, 2 * n), real_at(y, n)
        for k in range(n):
            u, v = x[2 * k], x[2 * k + 1]
            by_real, by_imag = s[k] * _over_length(u, v, length[k]), -s[k] * _over_length(v, u, length[k])
            if fresh != 0:
                o[2 * k], o[2 * k + 1] = by_real, by_imag
            else:
                o[2 * k] += by_real
                o[2 * k + 1] += by_imag

    return kernel


def abs_tangent(at):
    real_at = PARTS[at]

    def kernel(params, y_dot, x_dot, y, x0):
        n = i64_at(params, 1)[0]
        o, d, x, length = real_at(y_dot, n), real_at(x_dot, 2 * n), real_at(x0, 2 * n), real_at(y, n)
        for k in range(n):
            u, v = x[2 * k], x[2 * k + 1]
            o[k] += d[2 * k] * _over_length(u, v, length[k]) + d[2 * k + 1] * _over_length(v, u, length[k])

    return kernel
