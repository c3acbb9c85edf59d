"""One step of a long short-term memory, from its gates and its cell: the products of all gates in one row of the tape."""

import numpy as np

from .. import mathfun
from ..kernels.loops import clear_if
from ..memory.words import i64_at
from ..numba_backend.decorators import helper
from ..numba_backend.pointers import pointer_to_array
from .arithmetic import square
from .declare_structured import structured
from .shape_rules import expect
from .split_and_stack import cat, chunk, stack
from .transcendental import sigmoid, sigmoid_slope, tanh


def _logistic(x):
    return 1.0 / (1.0 + np.exp(-x))


@structured(arity=2, uses=(3, 3, 0), by_kernel=True, grad_name="ThnnFusedLstmCellBackward0")
def memory_cell_values(gates, cell):
    """State and cell after a step, of the gates for input, forgetting, values and output, and of the cell before."""
    i, f, g, o = np.split(gates, 4, 1)
    new = _logistic(f) * cell + _logistic(i) * np.tanh(g)
    return np.stack([_logistic(o) * np.tanh(new), new])


@memory_cell_values.shaped
def _stepped(shapes):
    gates, cell = shapes
    expect(len(gates) == 2 == len(cell) and gates == (cell[0], 4 * cell[1]), "gates four times as long as cells")
    return (2, *cell)


def _parts(gates, cell):
    """Values of the gates, the hyperbolic tangent of the new cell, and the derivatives of the gates."""
    i, f, g, o = chunk(gates, 4, 1)
    slopes = [sigmoid_slope(x) for x in (i, f, o)]
    i, f, g, o = sigmoid(i), sigmoid(f), tanh(g), sigmoid(o)
    return (i, f, g, o, tanh(f * cell + i * g)), slopes


@memory_cell_values.pullback_of(0)
def memory_pullback_gates(y_bar, y, gates, cell):
    (i, _, g, o, t), (di, df, do) = _parts(gates, cell)
    new_bar = y_bar[1] + y_bar[0] * o * (1.0 - square(t))
    return cat([new_bar * g * di, new_bar * cell * df, new_bar * i * (1.0 - square(g)), y_bar[0] * t * do], 1)


@memory_cell_values.pullback_of(1)
def memory_pullback_cell(y_bar, y, gates, cell):
    (_, f, _, o, t), _ = _parts(gates, cell)
    return (y_bar[1] + y_bar[0] * o * (1.0 - square(t))) * f


@memory_cell_values.pushforward_of(0)
def memory_pushforward_gates(x_dot, y, gates, cell):
    (i, _, g, o, t), (di, df, do) = _parts(gates, cell)
    i_dot, f_dot, g_dot, o_dot = chunk(x_dot, 4, 1)
    new_dot = cell * df * f_dot + g * di * i_dot + i * (1.0 - square(g)) * g_dot
    return stack([t * do * o_dot + o * (1.0 - square(t)) * new_dot, new_dot])


@memory_cell_values.pushforward_of(1)
def memory_pushforward_cell(x_dot, y, gates, cell):
    (_, f, _, o, t), _ = _parts(gates, cell)
    return stack([o * (1.0 - square(t)) * f * x_dot, f * x_dot])


@memory_cell_values.exampled
def _examples():
    yield [(2, 12), (2, 3)], ()
    yield [(1, 4), (1, 1)], ()


@memory_cell_values.planned
def _plan(layouts):
    n, length = layouts[1].shape
    return (2, n, length), (n, length, 0, 0, 0, 0)


@memory_cell_values.kernel_of("forward")
def _forward(at):
    def kernel(params, out, x0, x1):
        p = i64_at(params, 2)
        n, m = p[0], p[1]
        gates, cells, states, news = at(x0, 4 * n * m), at(x1, n * m), at(out, n * m), at(out, 2 * n * m)[n * m : 2 * n * m]
        for r in range(n):
            x, c, h, new = (
                gates[4 * r * m : 4 * (r + 1) * m],
                cells[r * m : (r + 1) * m],
                states[r * m : n * m],
                news[r * m : n * m],
            )
            for k in range(m):
                new[k] = mathfun.sigmoid(x[m + k]) * c[k] + mathfun.sigmoid(x[k]) * mathfun.tanh(x[2 * m + k])
            for k in range(m):
                h[k] = mathfun.sigmoid(x[3 * m + k]) * mathfun.tanh(new[k])

    return kernel


# Adjoints are computed loop by loop, each with one result: then they are vector code. `work` holds six rows of numbers.


@helper
def _gate_values(x, c, m, work):
    """Values of the gates and the hyperbolic tangent of the new cell, one after the other."""
    for k in range(m):
        work[k] = mathfun.sigmoid(x[k])
    for k in range(m):
        work[m + k] = mathfun.sigmoid(x[m + k])
    for k in range(m):
        work[2 * m + k] = mathfun.tanh(x[2 * m + k])
    for k in range(m):
        work[3 * m + k] = mathfun.sigmoid(x[3 * m + k])
    for k in range(m):
        work[4 * m + k] = mathfun.tanh(work[m + k] * c[k] + work[k] * work[2 * m + k])


@helper
def _cell_adjoints(h_bar, c_bar, m, work):
    """Adjoints of the new cell, as the last of the numbers."""
    for k in range(m):
        t = work[4 * m + k]
        work[5 * m + k] = c_bar[k] + h_bar[k] * work[3 * m + k] * (1 - t * t)


@helper
def _pull_back_gates(x, c, h_bar, c_bar, b, m, memory):
    work = pointer_to_array(memory)
    _gate_values(x, c, m, work)
    _cell_adjoints(h_bar, c_bar, m, work)
    for k in range(m):
        b[k] += work[5 * m + k] * work[2 * m + k] * work[k] * mathfun.sigmoid(-x[k])  # 1 - sigmoid(x), with all digits
    for k in range(m):
        b[m + k] += work[5 * m + k] * c[k] * work[m + k] * mathfun.sigmoid(-x[m + k])
    for k in range(m):
        b[2 * m + k] += work[5 * m + k] * work[k] * (1 - work[2 * m + k] * work[2 * m + k])
    for k in range(m):
        b[3 * m + k] += h_bar[k] * work[4 * m + k] * work[3 * m + k] * mathfun.sigmoid(-x[3 * m + k])


@helper
def _pull_back_cell(x, c, h_bar, c_bar, b, m, memory):
    work = pointer_to_array(memory)
    _gate_values(x, c, m, work)
    _cell_adjoints(h_bar, c_bar, m, work)
    for k in range(m):
        b[k] += work[5 * m + k] * work[m + k]


@memory_cell_values.kernel_of("reverse", 0)
def _reverse_gates(at):
    def kernel(params, x_bar, y_bar, y, x0, x1, fresh):
        p = i64_at(params, 2)
        n, m = p[0], p[1]
        gates, cells, bars = at(x0, 4 * n * m), at(x1, n * m), at(x_bar, 4 * n * m)
        states, news = at(y_bar, n * m), at(y_bar, 2 * n * m)[n * m : 2 * n * m]
        clear_if(fresh, bars, 0, 4 * n * m)
        memory = np.empty(6 * m, gates.dtype)
        for r in range(n):
            x, c, b = gates[4 * r * m : 4 * n * m], cells[r * m : n * m], bars[4 * r * m : 4 * n * m]
            _pull_back_gates(x, c, states[r * m : n * m], news[r * m : n * m], b, m, memory)

    return kernel


@memory_cell_values.kernel_of("reverse", 1)
def _reverse_cell(at):
    def kernel(params, x_bar, y_bar, y, x0, x1, fresh):
        p = i64_at(params, 2)
        n, m = p[0], p[1]
        gates, cells, bars = at(x0, 4 * n * m), at(x1, n * m), at(x_bar, n * m)
        states, news = at(y_bar, n * m), at(y_bar, 2 * n * m)[n * m : 2 * n * m]
        clear_if(fresh, bars, 0, n * m)
        memory = np.empty(6 * m, gates.dtype)
        for r in range(n):
            x, c = gates[4 * r * m : 4 * n * m], cells[r * m : n * m]
            _pull_back_cell(x, c, states[r * m : n * m], news[r * m : n * m], bars[r * m : n * m], m, memory)

    return kernel


@helper
def _push_forward_gates(x, c, x_dot, h_dot, c_dot, m, memory):
    work = pointer_to_array(memory)
    _gate_values(x, c, m, work)
    for k in range(m):
        work[5 * m + k] = x_dot[k] * work[2 * m + k] * work[k] * mathfun.sigmoid(-x[k])
    for k in range(m):
        work[5 * m + k] += x_dot[m + k] * c[k] * work[m + k] * mathfun.sigmoid(-x[m + k])
    for k in range(m):
        work[5 * m + k] += x_dot[2 * m + k] * work[k] * (1 - work[2 * m + k] * work[2 * m + k])
    for k in range(m):
        t, o = work[4 * m + k], work[3 * m + k]
        h_dot[k] += x_dot[3 * m + k] * t * o * mathfun.sigmoid(-x[3 * m + k]) + o * (1 - t * t) * work[5 * m + k]
    for k in range(m):
        c_dot[k] += work[5 * m + k]


@helper
def _push_forward_cell(x, c, x_dot, h_dot, c_dot, m, memory):
    work = pointer_to_array(memory)
    _gate_values(x, c, m, work)
    for k in range(m):
        t = work[4 * m + k]
        h_dot[k] += work[3 * m + k] * (1 - t * t) * work[m + k] * x_dot[k]
    for k in range(m):
        c_dot[k] += work[m + k] * x_dot[k]


@memory_cell_values.kernel_of("tangent", 0)
def _tangent_gates(at):
    def kernel(params, y_dot, x_dot, y, x0, x1):
        p = i64_at(params, 2)
        n, m = p[0], p[1]
        gates, cells, moves = at(x0, 4 * n * m), at(x1, n * m), at(x_dot, 4 * n * m)
        states, news = at(y_dot, n * m), at(y_dot, 2 * n * m)[n * m : 2 * n * m]
        memory = np.empty(6 * m, gates.dtype)
        for r in range(n):
            x, c, d = gates[4 * r * m : 4 * n * m], cells[r * m : n * m], moves[4 * r * m : 4 * n * m]
            _push_forward_gates(x, c, d, states[r * m : n * m], news[r * m : n * m], m, memory)

    return kernel


@memory_cell_values.kernel_of("tangent", 1)
def _tangent_cell(at):
    def kernel(params, y_dot, x_dot, y, x0, x1):
        p = i64_at(params, 2)
        n, m = p[0], p[1]
        gates, cells, moves = at(x0, 4 * n * m), at(x1, n * m), at(x_dot, n * m)
        states, news = at(y_dot, n * m), at(y_dot, 2 * n * m)[n * m : 2 * n * m]
        memory = np.empty(6 * m, gates.dtype)
        for r in range(n):
            x, c, d = gates[4 * r * m : 4 * n * m], cells[r * m : n * m], moves[r * m : n * m]
            _push_forward_cell(x, c, d, states[r * m : n * m], news[r * m : n * m], m, memory)

    return kernel
