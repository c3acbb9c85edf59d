"""Steps of recurrent layers, by example: loops over units for forward, adjoint and tangent.

They know affine values of the gates `a`, what a GRU adds to a candidate `v`, and states and cells before and after. Functions of
gates are loops of their own, which the steps share: written into every formula they were most of the machine code.
"""

import functools

import numpy as np

from .. import mathfun
from ..mathfun.gate_functions import falling_exponential, falling_single_exponential, single_tanh
from ..memory.words import f32_at
from ..numba_backend.decorators import JIT, helper

TANH, RELU, GRU, LSTM = range(4)  # kinds of layers
WORK = 10  # numbers a unit in the memory `work` of a step


@helper
def clear_numbers(values, n):
    for k in range(n):
        values[k] = 0


@helper
def copy_numbers(out, values, n):
    for k in range(n):
        out[k] = values[k]


def gate_loops(at):
    """Loops over functions of gates: logistic, logistic with its derivative, hyperbolic tangent."""
    single = JIT and at is f32_at
    decay, tangent = (falling_single_exponential, single_tanh) if single else (falling_exponential, mathfun.tanh)
    one = np.float32(1) if single else 1.0

    @helper
    def logistic(x, out, slopes, n):
        for k in range(n):
            e = decay(x[k])
            share = one / (one + e)
            out[k] = share if x[k] >= 0 else e * share
            slopes[k] = e * share * share  # not of the result: 1 - y loses digits where y is near 1

    @helper
    def tangents(x, out, n):
        for k in range(n):
            out[k] = tangent(x[k])

    return logistic, tangents


@functools.cache
def unit_loops(at):
    """What steps of a GRU and of an LSTM compute of each unit."""
    logistic, tangents = gate_loops(at)

    @helper
    def gated(a, v, m, work):
        """Gates for reset and update, the candidate, and their derivatives, one after the other."""
        logistic(a, work, work[3 * m :], 2 * m)
        for k in range(m):
            work[5 * m + k] = a[2 * m + k] + work[k] * v[k]
        tangents(work[5 * m :], work[2 * m :], m)
        for k in range(m):
            work[5 * m + k] = 1 - work[2 * m + k] * work[2 * m + k]

    @helper
    def remembered(a, c, m, work):
        """The four gates, their derivatives, and the hyperbolic tangent of the new cell with its own, one after the other."""
        logistic(a, work, work[4 * m :], 2 * m)
        tangents(a[2 * m :], work[2 * m :], m)
        logistic(a[3 * m :], work[3 * m :], work[7 * m :], m)
        for k in range(m):
            work[6 * m + k] = 1 - work[2 * m + k] * work[2 * m + k]
        for k in range(m):
            work[9 * m + k] = work[m + k] * c[k] + work[k] * work[2 * m + k]
        tangents(work[9 * m :], work[8 * m :], m)

    return gated, remembered, tangents


def forward_step(at):
    """The step of an example."""
    gated, remembered, tangents = unit_loops(at)

    @helper
    def step(kind, a, v, h, c, new, new_cell, m, work):
        if kind == TANH:
            tangents(a, new, m)
        elif kind == RELU:
            for k in range(m):
                new[k] = 0.0 if a[k] <= 0 else a[k]
        elif kind == GRU:
            gated(a, v, m, work)
            for k in range(m):
                new[k] = work[2 * m + k] + work[m + k] * (h[k] - work[2 * m + k])
        else:
            remembered(a, c, m, work)
            for k in range(m):
                new_cell[k] = work[9 * m + k]
            for k in range(m):
                new[k] = work[3 * m + k] * work[8 * m + k]

    return step


def adjoint_step(at):
    """The adjoint of a step."""
    gated, remembered, _ = unit_loops(at)

    @helper
    def gated_adjoint(a, v, h, h_bar, a_bar, r_bar, m, work):
        gated(a, v, m, work)
        for k in range(m):
            less = (1 - work[m + k]) if a[m + k] < 0 else work[4 * m + k] / work[m + k]  # 1 - z, with all digits
            work[5 * m + k] *= h_bar[k] * less
        for k in range(m):
            a_bar[k] += work[5 * m + k] * v[k] * work[3 * m + k]
        for k in range(m):
            a_bar[m + k] += h_bar[k] * (h[k] - work[2 * m + k]) * work[4 * m + k]
        for k in range(m):
            a_bar[2 * m + k] += work[5 * m + k]
        copy_numbers(r_bar, a_bar, 2 * m)
        for k in range(m):
            r_bar[2 * m + k] += work[5 * m + k] * work[k]
        for k in range(m):
            h_bar[k] *= work[m + k]

    @helper
    def step_adjoint(kind, a, v, h, c, new, h_bar, c_bar, a_bar, r_bar, m, work):
        """Add the adjoints of affine values to `a_bar` and `r_bar`, of what the state gives; replace those of state and cell.

        What a state gives through its product is not in the adjoint of the state yet.
        """
        if kind == GRU:
            gated_adjoint(a, v, h, h_bar, a_bar, r_bar, m, work)
            return
        if kind == TANH:
            for k in range(m):
                a_bar[k] += h_bar[k] * (1 - new[k] * new[k])
        elif kind == RELU:
            for k in range(m):
                a_bar[k] += h_bar[k] if a[k] > 0 else 0.0
        else:
            remembered(a, c, m, work)
            for k in range(m):
                c_bar[k] += h_bar[k] * work[3 * m + k] * (1 - work[8 * m + k] * work[8 * m + k])
            for k in range(m):
                a_bar[k] += c_bar[k] * work[2 * m + k] * work[4 * m + k]
            for k in range(m):
                a_bar[m + k] += c_bar[k] * c[k] * work[5 * m + k]
            for k in range(m):
                a_bar[2 * m + k] += c_bar[k] * work[k] * work[6 * m + k]
            for k in range(m):
                a_bar[3 * m + k] += h_bar[k] * work[8 * m + k] * work[7 * m + k]
            for k in range(m):
                c_bar[k] *= work[m + k]
        copy_numbers(r_bar, a_bar, 4 * m if kind == LSTM else m)
        clear_numbers(h_bar, m)

    return step_adjoint


def tangent_step(at):
    """The tangent of a step."""
    gated, remembered, _ = unit_loops(at)

    @helper
    def step_tangent(kind, a, v, h, c, new, a_dot, v_dot, h_dot, c_dot, new_dot, new_cell_dot, m, work):
        if kind == TANH:
            for k in range(m):
                new_dot[k] += a_dot[k] * (1 - new[k] * new[k])
        elif kind == RELU:
            for k in range(m):
                new_dot[k] += a_dot[k] if a[k] > 0 else 0.0
        elif kind == GRU:
            gated(a, v, m, work)
            for k in range(m):
                moved = a_dot[2 * m + k] + a_dot[k] * work[3 * m + k] * v[k] + work[k] * v_dot[k]
                less = (1 - work[m + k]) if a[m + k] < 0 else work[4 * m + k] / work[m + k]
                new_dot[k] += less * work[5 * m + k] * moved
            for k in range(m):
                new_dot[k] += work[m + k] * h_dot[k] + a_dot[m + k] * work[4 * m + k] * (h[k] - work[2 * m + k])
        else:
            remembered(a, c, m, work)
            for k in range(m):
                new_cell_dot[k] += a_dot[k] * work[2 * m + k] * work[4 * m + k] + a_dot[m + k] * c[k] * work[5 * m + k]
            for k in range(m):
                new_cell_dot[k] += a_dot[2 * m + k] * work[k] * work[6 * m + k] + work[m + k] * c_dot[k]
            for k in range(m):
                slope = 1 - work[8 * m + k] * work[8 * m + k]
                new_dot[k] += a_dot[3 * m + k] * work[8 * m + k] * work[7 * m + k] + work[3 * m + k] * slope * new_cell_dot[k]

    return step_tangent
