"""ADBench's recurrent network: layers whose weights are diagonal."""

import numpy as np
from numba import njit

import jittape as jt


@njit(cache=True)
def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


@njit(cache=True)
def loss(main, extra, state, sequence):
    """`main` has two rows a layer, weights and biases of the four gates one after the other; `state` hidden values and cells."""
    state = state.copy()
    steps, width = sequence.shape
    total = 0.0
    for t in range(steps - 1):
        x = sequence[t] * extra[0]
        for k in range(main.shape[0] // 2):
            weight, bias = main[2 * k], main[2 * k + 1]
            hidden, cell = state[2 * k], state[2 * k + 1]
            forget = sigmoid(x * weight[:width] + bias[:width])
            taken = sigmoid(hidden * weight[width : 2 * width] + bias[width : 2 * width])
            out = sigmoid(x * weight[2 * width : 3 * width] + bias[2 * width : 3 * width])
            change = np.tanh(hidden * weight[3 * width :] + bias[3 * width :])
            state[2 * k + 1] = cell * forget + taken * change
            state[2 * k] = out * np.tanh(state[2 * k + 1])
            x = state[2 * k]
        y = x * extra[1] + extra[2]
        total += np.sum(sequence[t + 1] * (y - np.log(np.sum(np.exp(y)) + 2.0)))
    return -total / ((steps - 1) * width)


gradient = jt.grad(loss, (0, 1))


def arrays(given):
    return [np.array(given[name], float) for name in ("main_params", "extra_params", "state", "sequence")]


def of_loss(given):
    arguments = arrays(given)
    return lambda: loss(*arguments)


def of_gradient(given):
    arguments = arrays(given)
    return lambda: np.concatenate([g.ravel() for g in gradient(*arguments)])


FUNCTIONS = {"objective": {"slices": of_loss}, "jacobian": {"slices": of_gradient}}
