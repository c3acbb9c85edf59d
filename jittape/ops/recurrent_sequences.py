"""A layer of a recurrent network over a whole sequence, as one row of the tape.

The first operand is the input of all steps, the second a vector of the weights, biases and first states. An input that is
differentiated, too, is better put at the end of that vector (`SequenceShape.owns_input`): then one pullback gives all adjoints.

The result is a vector of states, cells of an LSTM, affine values of the gates, and of a GRU what its states add to candidates:
what adjoints read, and all of it results that have adjoints themselves.
"""

import functools
import math
from typing import NamedTuple

import numpy as np

from ..memory.words import address_of, i64_at
from ..kernels.loops import clear_if
from .blas import ITEM_BYTES, blas_block, blas_kind
from .choosing import where
from .declare_structured import structured
from .products import matmul
from .recurrent_loops import (
    EXAMPLES,
    INPUTS,
    N_WORDS,
    OWNS_INPUT,
    OWN_INPUT,
    STEPS,
    WEIGHTS_END,
    forward_loop,
    reverse_loop,
    tangent_loop,
)
from .recurrent_steps import GRU, LSTM, RELU, TANH
from .shape_functions import reshape, t
from .shape_rules import LONGEST, expect
from .split_and_stack import cat, chunk, stack
from .static_records import static_record
from .sums import sum
from ..tensors.tensor import wrap
from .transcendental import sigmoid, sigmoid_slope, tanh

KINDS = {"RNN_TANH": TANH, "RNN_RELU": RELU, "GRU": GRU, "LSTM": LSTM}
GATES_OF = (1, 1, 3, 4)


@static_record
class SequenceShape(NamedTuple):
    """What kind of layer, and the lengths of its axes: the static of the operation."""

    kind: int
    backwards: int
    owns_input: int
    steps: int
    examples: int
    inputs: int
    size: int

    @property
    def gates(self):
        """Affine values of a step of an example."""
        return GATES_OF[self.kind] * self.size

    @property
    def input(self):
        return self.steps, self.examples, self.inputs

    @property
    def parts_of_weights(self):
        """Shapes of what the second operand has, one after the other."""
        state, own = (self.examples, self.size), self.input if self.owns_input else (0,)
        shapes = [(self.gates, self.inputs), (self.gates, self.size), (self.gates,), (self.gates,), state]
        return [*shapes, state if self.kind == LSTM else (0,), own]

    @property
    def parts_of_result(self):
        """Shapes of states, cells, affine values, and what states add to candidates."""
        states = (self.steps + 1, self.examples, self.size)
        affine, added = (self.steps, self.examples, self.gates), (self.steps, self.examples, self.size)
        return [states, states if self.kind == LSTM else (0,), affine, added if self.kind == GRU else (0,)]

    def steps_in_order(self):
        """For every step: its place, and the places of the states before and after it."""
        order = range(self.steps - 1, -1, -1) if self.backwards else range(self.steps)
        return [(k, k + self.backwards, k + 1 - self.backwards) for k in order]


def _ends(shapes):
    return np.cumsum([math.prod(shape) for shape in shapes]).tolist()


def parts(vector, shapes):
    """The parts of a vector, in their shapes."""
    ends = _ends(shapes)
    return [reshape(vector[end - math.prod(shape) : end], shape) for shape, end in zip(shapes, ends)]


@functools.lru_cache(None)  # kernels have its address; there are as many as shapes of layers
def _words(s):
    weights, result = _ends(s.parts_of_weights), _ends(s.parts_of_result)
    words = np.array([*s, s.gates, 0, *weights[:-1], weights[-1], *result], np.int64)
    assert len(words) == N_WORDS
    return words


def _logistic(x):
    return 1.0 / (1.0 + np.exp(-x))


def _step(kind, a, v, h, c):
    """State and cell after a step, on arrays."""
    if kind == TANH:
        return np.tanh(a), c
    if kind == RELU:
        return np.where(a <= 0, 0, a), c
    if kind == GRU:
        r, z, n = np.split(a, 3, 1)
        n = np.tanh(n + _logistic(r) * v)
        return n + _logistic(z) * (h - n), c
    i, f, g, o = np.split(a, 4, 1)
    new = _logistic(f) * c + _logistic(i) * np.tanh(g)
    return _logistic(o) * np.tanh(new), new


@structured(arity=2, uses=(10, 11, 0), by_kernel=True, grad_name="ThnnFusedLstmCellBackward0")
def recurrent_sequence_values(x, w, s):
    """States, cells and affine values of all steps."""
    w_ih, w_hh, b_ih, b_hh, h, c, own = parts(w, s.parts_of_weights)
    y = np.zeros(_ends(s.parts_of_result)[-1], np.result_type(x, w))
    states, cells, affine, added = parts(y, s.parts_of_result)
    given = (own if s.owns_input else x) @ w_ih.T + b_ih
    first = s.steps * s.backwards
    states[first] = h
    if s.kind == LSTM:
        cells[first] = c
    for k, before, after in s.steps_in_order():
        recurrent, gated = states[before] @ w_hh.T + b_hh, 2 * s.size if s.kind == GRU else s.gates
        affine[k] = given[k]
        affine[k, :, :gated] += recurrent[:, :gated]
        if s.kind == GRU:
            added[k] = recurrent[:, gated:]
        cell = cells[before] if s.kind == LSTM else None
        states[after], cell = _step(s.kind, affine[k], added[k] if s.kind == GRU else None, states[before], cell)
        if s.kind == LSTM:
            cells[after] = cell
    return y


@recurrent_sequence_values.shaped
def _vector(shapes, s):
    expect(type(s) is SequenceShape and all(type(n) is int and 0 <= n <= LONGEST for n in s), "the shape of a sequence")
    expect(s.kind < len(GATES_OF) and s.backwards < 2 and s.owns_input < 2, "a kind of layer and a direction")
    weights = (_ends(s.parts_of_weights)[-1],)
    expect(tuple(shapes) == ((0,) if s.owns_input else s.input, weights), f"an input and {weights[0]} weights")
    return (_ends(s.parts_of_result)[-1],)


@recurrent_sequence_values.planned
def _plan(layouts, s):
    return (_ends(s.parts_of_result)[-1],), (address_of(_words(s)), blas_block(), 0, 0, 0, 0)


@recurrent_sequence_values.exampled
def _examples():
    for kind, backwards, owns_input, steps, examples in (
        *((kind, 0, 0, 2, 1) for kind in range(4)),
        (GRU, 1, 1, 2, 2),
        (LSTM, 1, 1, 2, 5),
        (LSTM, 0, 0, 1, 0),
    ):
        s = SequenceShape(kind, backwards, owns_input, steps, examples, 2, 1)
        yield [(0,) if owns_input else s.input, (_ends(s.parts_of_weights)[-1],)], (s,)


# --- rules ----------------------------------------------------------------------------------------------------------


def _adjoint_of_step(kind, a, v, h, c, new, h_bar, c_bar):
    """Adjoints of affine values, of what the state gives, of the state before (but for that), and of the cell before."""
    if kind == TANH:
        found = h_bar * (1.0 - new * new)
        return found, found, None, None
    if kind == RELU:
        found = where(a > 0, h_bar, 0.0)
        return found, found, None, None
    if kind == GRU:
        r, z, n = chunk(a, 3, 1)
        values = tanh(n + sigmoid(r) * v)
        n_bar = h_bar * sigmoid(-z) * (1.0 - values * values)
        gates = [n_bar * v * sigmoid_slope(r), h_bar * (h - values) * sigmoid_slope(z)]
        return cat([*gates, n_bar], 1), cat([*gates, n_bar * sigmoid(r)], 1), h_bar * sigmoid(z), None
    i, f, g, o = chunk(a, 4, 1)
    values, t_new = tanh(g), tanh(c[1])
    c_bar = c_bar + h_bar * sigmoid(o) * (1.0 - t_new * t_new)
    gates = [c_bar * values * sigmoid_slope(i), c_bar * c[0] * sigmoid_slope(f)]
    gates += [c_bar * sigmoid(i) * (1.0 - values * values), h_bar * t_new * sigmoid_slope(o)]
    found = cat(gates, 1)
    return found, found, None, c_bar * sigmoid(f)


def _adjoints(y_bar, y, w_hh, s):
    """Adjoints of the affine values of all steps and of what states give, and those of the first state and cell."""
    (states, cells, affine, added), bars = parts(y, s.parts_of_result), parts(y_bar, s.parts_of_result)
    given, recurrent, h_bar, c_bar = {}, {}, 0.0, 0.0
    first = s.steps * s.backwards
    for k, before, after in reversed(s.steps_in_order()):
        h_bar = h_bar + bars[0][after]
        c_bar, c = (c_bar + bars[1][after], (cells[before], cells[after])) if s.kind == LSTM else (None, None)
        v = added[k] if s.kind == GRU else None
        found = _adjoint_of_step(s.kind, affine[k], v, states[before], c, states[after], h_bar, c_bar)
        given[k], from_state, rest, c_bar = found[0] + bars[2][k], found[1], found[2], found[3]
        if s.kind == GRU:
            from_state = from_state + cat([bars[2][k][:, : 2 * s.size], bars[3][k]], 1)
        else:
            from_state = given[k]
        recurrent[k] = from_state
        h_bar = matmul(from_state, w_hh) if rest is None else matmul(from_state, w_hh) + rest
    in_order = [stack([found[k] for k in range(s.steps)]) for found in (given, recurrent)]
    return *in_order, h_bar + bars[0][first], c_bar + bars[1][first] if s.kind == LSTM else bars[1]


def _by_rows(values, n):
    return reshape(values, (math.prod(values.shape[:-1]), n))


@recurrent_sequence_values.pullback_of(0)
def recurrent_pullback_input(y_bar, y, x, w, s):
    w_ih, w_hh, *_ = parts(w, s.parts_of_weights)
    if s.owns_input:
        return x
    return matmul(_adjoints(y_bar, y, w_hh, s)[0], w_ih)


@recurrent_sequence_values.pullback_of(1)
def recurrent_pullback_weights(y_bar, y, x, w, s):
    w_ih, w_hh, *_, own = parts(w, s.parts_of_weights)
    given, recurrent, h_bar, c_bar = _adjoints(y_bar, y, w_hh, s)
    before = parts(y, s.parts_of_result)[0][s.backwards : s.backwards + s.steps]
    rows = _by_rows(given, s.gates), _by_rows(recurrent, s.gates)
    products = [matmul(t(rows[0]), _by_rows(own if s.owns_input else x, s.inputs)), matmul(t(rows[1]), _by_rows(before, s.size))]
    found = [*products, *[sum(r, 0) for r in rows], h_bar, c_bar]
    found.append(matmul(given, w_ih) if s.owns_input else own)
    return cat([reshape(part, (-1,)) for part in found], 0)


def _tangent_of_step(kind, a, v, h, c, new, a_dot, v_dot, h_dot, c_dot):
    """Tangents of the state and the cell after a step."""
    if kind == TANH:
        return a_dot * (1.0 - new * new), None
    if kind == RELU:
        return where(a > 0, a_dot, 0.0), None
    if kind == GRU:
        (r, z, n), (r_dot, z_dot, n_dot) = chunk(a, 3, 1), chunk(a_dot, 3, 1)
        values = tanh(n + sigmoid(r) * v)
        n_dot = (1.0 - values * values) * (n_dot + sigmoid_slope(r) * r_dot * v + sigmoid(r) * v_dot)
        return sigmoid(-z) * n_dot + sigmoid(z) * h_dot + sigmoid_slope(z) * z_dot * (h - values), None
    (i, f, g, o), (i_dot, f_dot, g_dot, o_dot) = chunk(a, 4, 1), chunk(a_dot, 4, 1)
    values, t_new = tanh(g), tanh(c[1])
    moved = sigmoid_slope(i) * i_dot * values + sigmoid_slope(f) * f_dot * c[0]
    c_dot = moved + sigmoid(i) * (1.0 - values * values) * g_dot + sigmoid(f) * c_dot
    return sigmoid_slope(o) * o_dot * t_new + sigmoid(o) * (1.0 - t_new * t_new) * c_dot, c_dot


def _tangents(given, recurrent, h_dot, c_dot, y, w_hh, s):
    """The tangent of the result, from those of affine values and of what states give, but for what tangents of states add."""
    states, cells, affine, added = parts(y, s.parts_of_result)
    first, gated = s.steps * s.backwards, 2 * s.size if s.kind == GRU else s.gates
    h_dots, c_dots, a_dots, v_dots = {first: h_dot}, {first: c_dot}, {}, {}
    for k, before, after in s.steps_in_order():
        moved = recurrent[k] + matmul(h_dots[before], t(w_hh))
        if s.kind == GRU:
            a_dots[k] = given[k] + cat([moved[:, :gated], moved[:, gated:] * 0.0], 1)
            v_dots[k] = moved[:, gated:]
        else:
            a_dots[k] = given[k] + moved
        c = (cells[before], cells[after]) if s.kind == LSTM else None
        values = affine[k], added[k] if s.kind == GRU else None, states[before], c, states[after]
        found = _tangent_of_step(s.kind, *values, a_dots[k], v_dots.get(k), h_dots[before], c_dots[before])
        h_dots[after], c_dots[after] = found
    places = range(s.steps + 1)
    found = [h_dots[k] for k in places] + ([c_dots[k] for k in places] if s.kind == LSTM else [])
    found += [d[k] for d in (a_dots, v_dots) if d for k in range(s.steps)]
    return cat([reshape(part, (-1,)) for part in found], 0)


@recurrent_sequence_values.pushforward_of(0)
def recurrent_pushforward_input(x_dot, y, x, w, s):
    if s.owns_input:
        return y * 0.0
    w_ih, w_hh, *_, h, c, _ = parts(w, s.parts_of_weights)
    given = matmul(x_dot, t(w_ih))
    return _tangents(given, given * 0.0, h * 0.0, c * 0.0, y, w_hh, s)


@recurrent_sequence_values.pushforward_of(1)
def recurrent_pushforward_weights(w_dot, y, x, w, s):
    w_ih, w_hh, *_, own = parts(w, s.parts_of_weights)
    ih_dot, hh_dot, b_ih, b_hh, h_dot, c_dot, own_dot = parts(w_dot, s.parts_of_weights)
    before = parts(y, s.parts_of_result)[0][s.backwards : s.backwards + s.steps]
    given = matmul(own if s.owns_input else x, t(ih_dot)) + b_ih
    given = given + matmul(own_dot, t(w_ih)) if s.owns_input else given
    return _tangents(given, matmul(before, t(hh_dot)) + b_hh, h_dot, c_dot, y, w_hh, s)


# --- kernels --------------------------------------------------------------------------------------------------------


@recurrent_sequence_values.kernel_of("forward")
def _forward(at):
    forward = forward_loop(at)

    def kernel(params, out, x0, x1):
        words = i64_at(params, 2)
        forward(i64_at(words[0], N_WORDS), words[1], x0, x1, out)

    return kernel


@recurrent_sequence_values.kernel_of("reverse", 0)
def _reverse_input(at):
    pull_back = reverse_loop(at)

    def kernel(params, x_bar, y_bar, y, x0, x1, fresh):
        words = i64_at(params, 2)
        p = i64_at(words[0], N_WORDS)
        if p[OWNS_INPUT] == 0:
            n = p[STEPS] * p[EXAMPLES] * p[INPUTS]
            clear_if(fresh, at(x_bar, n), 0, n)
            pull_back(p, words[1], x0, x1, y, y_bar, x_bar, 0)

    return kernel


@recurrent_sequence_values.kernel_of("reverse", 1)
def _reverse_weights(at):
    pull_back = reverse_loop(at)
    item = ITEM_BYTES[blas_kind(at)]

    def kernel(params, w_bar, y_bar, y, x0, x1, fresh):
        words = i64_at(params, 2)
        p = i64_at(words[0], N_WORDS)
        clear_if(fresh, at(w_bar, p[WEIGHTS_END]), 0, p[WEIGHTS_END])
        x_bar = w_bar + item * p[OWN_INPUT] if p[OWNS_INPUT] else 0
        pull_back(p, words[1], x0, x1, y, y_bar, x_bar, w_bar)

    return kernel


@recurrent_sequence_values.kernel_of("tangent", 0)
def _tangent_input(at):
    push_forward = tangent_loop(at)

    def kernel(params, y_dot, x_dot, y, x0, x1):
        words = i64_at(params, 2)
        p = i64_at(words[0], N_WORDS)
        if p[OWNS_INPUT] == 0:
            push_forward(p, words[1], x0, x1, y, x_dot, 0, y_dot)

    return kernel


@recurrent_sequence_values.kernel_of("tangent", 1)
def _tangent_weights(at):
    push_forward = tangent_loop(at)

    def kernel(params, y_dot, w_dot, y, x0, x1):
        words = i64_at(params, 2)
        push_forward(i64_at(words[0], N_WORDS), words[1], x0, x1, y, 0, w_dot, y_dot)

    return kernel


@functools.lru_cache(4096)
def sequence_shape(kind, backwards, owns_input, steps, examples, inputs, size):
    """The static of a layer; an input that needs gradients is the layer's own."""
    return SequenceShape(kind, int(backwards), int(owns_input), steps, examples, inputs, size)


def recurrent_sequence(x, weights, s):
    """States of all steps, and a tuple of the last state, and of an LSTM the last cell.

    Parameters
    ----------
    x : Tensor, shape `s.input`
        The input.
    weights : list of Tensor
        Weights of input and state, biases of both, first state, and first cell.
    s : SequenceShape
        Kind and lengths.
    """
    whole = [reshape(w, (-1,)) for w in weights]
    if s.owns_input:
        y = recurrent_sequence_values.apply(_no_input(x.dtype), cat([*whole, reshape(x, (-1,))], 0), s)
    else:
        y = recurrent_sequence_values.apply(x, cat(whole, 0), s)
    count = s.examples * s.size
    last = 0 if s.backwards else s.steps * count
    first = count - s.backwards * count
    found = [reshape(y[first : first + s.steps * count], (s.steps, s.examples, s.size))]
    cells = (s.steps + 1) * count
    starts = (last, cells + last) if s.kind == LSTM else (last,)
    return found[0], tuple([reshape(y[k : k + count], (s.examples, s.size)) for k in starts])


@functools.cache
def _no_input(dtype):
    return wrap(np.zeros(0, dtype))
