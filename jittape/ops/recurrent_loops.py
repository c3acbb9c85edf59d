"""Loops of recurrent layers over whole sequences, for the kernels of ``recurrent_sequences``.

The products with the inputs of all steps are one product each; those with states go step by step. Adjoints go back in chunks of
steps, whose products are wide enough for BLAS and whose memory stays in the second-level cache.

``p`` are the integers of a `SequenceShape`, and behind them the places of the parts of the second operand and of the result.
"""

import functools

import numpy as np

from ..numba_backend.decorators import helper
from .blas import ITEM_BYTES, PLAIN, TURNED, blas_kind, gemm
from .recurrent_steps import GRU, LSTM, WORK, adjoint_step, clear_numbers, copy_numbers, forward_step, tangent_step

# Integers of a shape; then places: of weights and first states in the second operand, and of the parts of the result.
KIND, BACKWARDS, OWNS_INPUT, STEPS, EXAMPLES, INPUTS, SIZE = range(7)
GATES, W_IH, W_HH, B_IH, B_HH, FIRST, FIRST_CELL, OWN_INPUT, WEIGHTS_END = range(7, 16)
CELLS, AFFINE, VALUES, RESULT_END, N_WORDS = range(16, 21)

FEW = 4  # below so many examples the products with states are loops: a call of BLAS costs more
CHUNK = 512  # examples times steps whose adjoints are multiplied at once


@helper
def _add_rows(a, b, c, n, k, m):
    """``c += a @ b`` for few rows of a."""
    eights = k // 8 * 8
    for e in range(n):
        row = c[e * m : (e + 1) * m]
        for j in range(0, eights, 8):
            s, r = a[e * k + j : e * k + j + 8], b[j * m : (j + 8) * m]
            s0, s1, s2, s3, s4, s5, s6, s7 = s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]
            for i in range(m):
                first = (s0 * r[i] + s1 * r[i + m]) + (s2 * r[i + 2 * m] + s3 * r[i + 3 * m])
                second = (s4 * r[i + 4 * m] + s5 * r[i + 5 * m]) + (s6 * r[i + 6 * m] + s7 * r[i + 7 * m])
                row[i] += first + second
        for j in range(eights, k):
            s0, r = a[e * k + j], b[j * m : (j + 1) * m]
            for i in range(m):
                row[i] += s0 * r[i]


@helper
def _turn(w, out, rows, columns):
    for i in range(rows):
        for j in range(columns):
            out[j * rows + i] = w[i * columns + j]


@helper
def _add(out, values, n):
    for k in range(n):
        out[k] += values[k]


@helper
def _add_columns(out, rows, n, m):
    """Add the sums of the columns of a matrix."""
    for k in range(n):
        row = rows[k * m : (k + 1) * m]
        for j in range(m):
            out[j] += row[j]


# --- whole sequences ------------------------------------------------------------------------------------------------
# Arguments of Python's kind are addresses; `at` makes arrays of them.


@helper
def put_biases(p, weights, affine, values):
    """Add the biases to affine values of all steps."""
    gates, size = p[GATES], p[SIZE]
    given, recurrent = weights[p[B_IH] : p[B_IH] + gates], weights[p[B_HH] : p[B_HH] + gates]
    shared = 2 * size if p[KIND] == GRU else gates
    for e in range(p[STEPS] * p[EXAMPLES]):
        row = affine[e * gates : (e + 1) * gates]
        for j in range(shared):
            row[j] = given[j] + recurrent[j]
        for j in range(shared, gates):
            row[j] = given[j]
        if p[KIND] == GRU:
            copy_numbers(values[e * size : (e + 1) * size], recurrent[2 * size : gates], size)


@helper
def put_first(p, weights, y):
    """Copy the first states to where the steps look for them."""
    n = p[EXAMPLES] * p[SIZE]
    slot = n * p[STEPS] * p[BACKWARDS]
    copy_numbers(y[slot : slot + n], weights[p[FIRST] : p[FIRST] + n], n)
    if p[KIND] == LSTM:
        copy_numbers(y[p[CELLS] + slot : p[CELLS] + slot + n], weights[p[FIRST_CELL] : p[FIRST_CELL] + n], n)


# Loops of a dtype, whose window is `at`; kernels share them, so that each is compiled once.


@functools.cache
def product_loops(at):
    """Products of matrices that are added to another, by their addresses."""
    kind = blas_kind(at)

    @helper
    def add_product(block, a, b, c, n, k, m):
        """``c += a @ b``."""
        if n < FEW:
            _add_rows(at(a, n * k), at(b, k * m), at(c, n * m), n, k, m)
        elif k * m > 0:
            gemm(block, kind, PLAIN, PLAIN, m, n, k, b, m, a, k, True, c)

    @helper
    def add_turned_product(block, a, b, c, n, k, m):
        """``c += a.T @ b`` for matrices of n rows."""
        if n * k * m > 0:
            gemm(block, kind, PLAIN, TURNED, m, k, n, b, m, a, k, True, c)

    @helper
    def add_recurrent(p, block, h, turned, a, v, gathered, rows):
        """Add the products of states with the weights (turned) to affine values; a GRU keeps those of its candidate apart."""
        size, gates = p[SIZE], p[GATES]
        if p[KIND] != GRU:
            add_product(block, h, turned, a, rows, size, gates)
            return
        r, affine, values = at(gathered, rows * gates), at(a, rows * gates), at(v, rows * size)
        clear_numbers(r, rows * gates)
        add_product(block, h, turned, gathered, rows, size, gates)
        for e in range(rows):
            _add(affine[e * gates : (e + 1) * gates], r[e * gates : (e + 1) * gates], 2 * size)
            _add(values[e * size : (e + 1) * size], r[e * gates + 2 * size : (e + 1) * gates], size)

    return add_product, add_turned_product, add_recurrent


@functools.cache
def forward_loop(at):
    """The result of a sequence."""
    item, step = ITEM_BYTES[blas_kind(at)], forward_step(at)
    add_product, _, add_recurrent = product_loops(at)

    @helper
    def forward(p, block, x, w, out):
        steps, n, inputs, size, gates = p[STEPS], p[EXAMPLES], p[INPUTS], p[SIZE], p[GATES]
        weights, y = at(w, p[WEIGHTS_END]), at(out, p[RESULT_END])
        own = w + item * p[OWN_INPUT] if p[OWNS_INPUT] else x
        held = np.empty((inputs + size + n) * gates + WORK * size, y.dtype)
        turned_ih = held.ctypes.data
        turned_hh, gathered = turned_ih + item * inputs * gates, turned_ih + item * (inputs + size) * gates
        work = at(gathered + item * n * gates, WORK * size)
        _turn(weights[p[W_IH] : p[W_IH] + gates * inputs], at(turned_ih, gates * inputs), gates, inputs)
        _turn(weights[p[W_HH] : p[W_HH] + gates * size], at(turned_hh, gates * size), gates, size)
        put_biases(p, weights, y[p[AFFINE] : p[VALUES]], y[p[VALUES] : p[RESULT_END]])
        put_first(p, weights, y)
        add_product(block, own, turned_ih, out + item * p[AFFINE], steps * n, inputs, gates)
        for s in range(steps):
            t = steps - 1 - s if p[BACKWARDS] else s
            before, after = (t + p[BACKWARDS]) * n * size, (t + 1 - p[BACKWARDS]) * n * size
            a, v = p[AFFINE] + t * n * gates, p[VALUES] + t * n * size
            add_recurrent(p, block, out + item * before, turned_hh, out + item * a, out + item * v, gathered, n)
            for e in range(0, n * size, size):
                affine, value = y[a + e * gates // size : p[VALUES]], y[v + e :]
                c, new_cell = y[p[CELLS] + before + e :], y[p[CELLS] + after + e :]
                step(p[KIND], affine, value, y[before + e :], c, y[after + e :], new_cell, size, work)
        held[0] = 0  # until here the memory has to be there

    return forward


@functools.cache
def chunk_loops(at):
    """Adjoints of one step, and what those of a chunk of steps give to input and weights."""
    item, step_adjoint = ITEM_BYTES[blas_kind(at)], adjoint_step(at)
    add_product, add_turned_product, _ = product_loops(at)

    @helper
    def pull_back_step(p, y, y_bar, t, h_bar, c_bar, a_bar, r_bar, work):
        """Adjoints of the affine values of a step, from those of the states after it; these become adjoints of states before."""
        n, size, gates = p[EXAMPLES], p[SIZE], p[GATES]
        before, after = (t + p[BACKWARDS]) * n * size, (t + 1 - p[BACKWARDS]) * n * size
        a, v = p[AFFINE] + t * n * gates, p[VALUES] + t * n * size
        copy_numbers(a_bar, y_bar[a : a + n * gates], n * gates)
        _add(h_bar, y_bar[after : after + n * size], n * size)
        if p[KIND] == LSTM:
            _add(c_bar, y_bar[p[CELLS] + after : p[CELLS] + after + n * size], n * size)
        for e in range(n):
            i, g = e * size, e * gates
            if p[KIND] == GRU:
                copy_numbers(r_bar[g + 2 * size : g + gates], y_bar[v + i : v + i + size], size)
            c, new = y[p[CELLS] + before + i :], y[after + i :]
            at_gates = a_bar[g:], r_bar[g:]
            bars = h_bar[i:], c_bar[i:]
            step_adjoint(p[KIND], y[a + g :], y[v + i :], y[before + i :], c, new, *bars, *at_gates, size, work)

    @helper
    def add_chunk(p, block, x, w, h, a_bar, r_bar, first, steps, x_bar, w_bar):
        """Add what the adjoints of a chunk of steps give to those of input and weights, where these are wanted."""
        n, inputs, size, gates = p[EXAMPLES], p[INPUTS], p[SIZE], p[GATES]
        rows = steps * n
        if x_bar != 0:
            add_product(block, a_bar, w + item * p[W_IH], x_bar + item * first * n * inputs, rows, gates, inputs)
        if w_bar != 0:
            own, before = x + item * first * n * inputs, h + item * (first + p[BACKWARDS]) * n * size
            add_turned_product(block, a_bar, own, w_bar + item * p[W_IH], rows, gates, inputs)
            add_turned_product(block, r_bar, before, w_bar + item * p[W_HH], rows, gates, size)
            _add_columns(at(w_bar + item * p[B_IH], gates), at(a_bar, rows * gates), rows, gates)
            _add_columns(at(w_bar + item * p[B_HH], gates), at(r_bar, rows * gates), rows, gates)

    return pull_back_step, add_chunk


@functools.cache
def reverse_loop(at):
    """The adjoints of a sequence."""
    item, (add_product, _, _) = ITEM_BYTES[blas_kind(at)], product_loops(at)
    pull_back_step, add_chunk = chunk_loops(at)

    @helper
    def pull_back(p, block, x, w, result, y_bar, x_bar, w_bar):
        """Add to the adjoints of input and weights; an address 0 is that of one that is not wanted."""
        steps, n, size, gates = p[STEPS], p[EXAMPLES], p[SIZE], p[GATES]
        y, bars = at(result, p[RESULT_END]), at(y_bar, p[RESULT_END])
        own = w + item * p[OWN_INPUT] if p[OWNS_INPUT] else x
        chunk = min(steps, max(1, CHUNK // max(n, 1)))
        n_numbers = 2 * n * size + WORK * size + 2 * chunk * n * gates
        held = np.empty(n_numbers + 1, y.dtype)
        memory = at(held.ctypes.data, n_numbers)
        h_bar, c_bar, work = memory[: n * size], memory[n * size : 2 * n * size], memory[2 * n * size :]
        first_bar = 2 * n * size + WORK * size
        a_bars, r_bars = memory[first_bar : first_bar + chunk * n * gates], memory[first_bar + chunk * n * gates :]
        clear_numbers(memory, 2 * n * size)
        a_address = held.ctypes.data + item * first_bar
        r_address = a_address + item * chunk * n * gates
        done = 0
        while done < steps:
            length = min(chunk, steps - done)
            low = done if p[BACKWARDS] else steps - done - length
            for s in range(length):
                place = s if p[BACKWARDS] else length - 1 - s
                k = place * n * gates
                pull_back_step(p, y, bars, low + place, h_bar, c_bar, a_bars[k:], r_bars[k:], work)
                r = r_address + item * k
                add_product(block, r, w + item * p[W_HH], held.ctypes.data, n, gates, size)
            add_chunk(p, block, own, w, result, a_address, r_address, low, length, x_bar, w_bar)
            done += length
        if w_bar != 0:
            slot = steps * n * size * p[BACKWARDS]
            starts = at(w_bar, p[WEIGHTS_END])
            _add(starts[p[FIRST] :], h_bar, n * size)
            _add(starts[p[FIRST] :], bars[slot:], n * size)
            if p[KIND] == LSTM:
                _add(starts[p[FIRST_CELL] :], c_bar, n * size)
                _add(starts[p[FIRST_CELL] :], bars[p[CELLS] + slot :], n * size)
        held[0] = 0  # until here the memory has to be there

    return pull_back


@functools.cache
def tangent_loop(at):
    """The tangents of a sequence."""
    item, step_tangent = ITEM_BYTES[blas_kind(at)], tangent_step(at)
    add_product, _, add_recurrent = product_loops(at)

    @helper
    def push_forward(p, block, x, w, result, x_dot, w_dot, y_dot):
        """Add the tangent that the input brings, or that the weights bring if `w_dot` is not 0."""
        steps, n, inputs, size, gates = p[STEPS], p[EXAMPLES], p[INPUTS], p[SIZE], p[GATES]
        weights, y, rows = at(w, p[WEIGHTS_END]), at(result, p[RESULT_END]), steps * n
        held = np.zeros(p[RESULT_END] + (inputs + size + rows) * gates + WORK * size, y.dtype)
        dots, d = held.ctypes.data, at(held.ctypes.data, p[RESULT_END])
        hh = dots + item * p[RESULT_END]
        gathered = hh + item * (inputs + size) * gates
        work = at(gathered + item * rows * gates, WORK * size)
        ih = hh + item * size * gates
        if w_dot != 0:
            moves = at(w_dot, p[WEIGHTS_END])
            put_biases(p, moves, d[p[AFFINE] : p[VALUES]], d[p[VALUES] :])
            put_first(p, moves, d)
            _turn(moves[p[W_IH] : p[W_IH] + gates * inputs], at(ih, gates * inputs), gates, inputs)
            own = w + item * p[OWN_INPUT] if p[OWNS_INPUT] else x
            add_product(block, own, ih, dots + item * p[AFFINE], rows, inputs, gates)
            _turn(moves[p[W_HH] : p[W_HH] + gates * size], at(hh, gates * size), gates, size)
            before = result + item * p[BACKWARDS] * n * size
            add_recurrent(p, block, before, hh, dots + item * p[AFFINE], dots + item * p[VALUES], gathered, rows)
        moved = w_dot + item * p[OWN_INPUT] if w_dot != 0 else x_dot
        if w_dot == 0 or p[OWNS_INPUT]:
            _turn(weights[p[W_IH] : p[W_IH] + gates * inputs], at(ih, gates * inputs), gates, inputs)
            add_product(block, moved, ih, dots + item * p[AFFINE], rows, inputs, gates)
        _turn(weights[p[W_HH] : p[W_HH] + gates * size], at(hh, gates * size), gates, size)
        for s in range(steps):
            t = steps - 1 - s if p[BACKWARDS] else s
            before, after = (t + p[BACKWARDS]) * n * size, (t + 1 - p[BACKWARDS]) * n * size
            a, v = p[AFFINE] + t * n * gates, p[VALUES] + t * n * size
            add_recurrent(p, block, dots + item * before, hh, dots + item * a, dots + item * v, gathered, n)
            for e in range(n):
                i, g, c, new_cell = e * size, e * gates, p[CELLS] + before + e * size, p[CELLS] + after + e * size
                values = y[a + g :], y[v + i :], y[before + i :], y[c:], y[after + i :]
                moves = d[a + g :], d[v + i :], d[before + i :], d[c:], d[after + i :], d[new_cell:]
                step_tangent(p[KIND], *values, *moves, size, work)
        _add(at(y_dot, p[RESULT_END]), d, p[RESULT_END])
        held[0] = 0  # until here the memory has to be there

    return push_forward
