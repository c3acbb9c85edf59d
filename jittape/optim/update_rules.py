"""Update rules: what a step does to one parameter, as loops over flat arrays.

A rule gets the ``length`` of a parameter, its values ``x`` and gradients ``g``, up to three arrays of state of the same
length (``a``, ``b``, ``c``), up to three numbers of state as arrays of one float64 (``n`` counts the steps, ``p``, ``q``),
and the hyperparameters ``h`` of the group, whose last is -1 to maximise and 1 to minimise.
"""

import math

import numpy as np

from ..numba_backend.entry_points import entry
from ..numba_backend.decorators import helper
from ..kernels.kernel_signatures import call_kernel
from ..kernels.loops import address_of_kernel
from ..memory.typed_values import window
from ..memory.words import f64_at, word
from ..tape.versions import CELL_COUNTER, set_cell_version

# --- the table of one optimiser: a row a parameter ----------------------------------------------------------------

KERNEL, VALUE, GRADIENT, SIZE, ARRAYS, NUMBERS, HYPER, CELLS, WIDTH = 0, 1, 2, 3, 4, 7, 10, 11, 18
MOST_HYPER = 8


@entry
def step_rows(table, n):
    """Update every parameter that has a gradient, and advance its version: a sweep that needs the old value must notice."""
    for k in range(n):
        row = table + 8 * WIDTH * k
        if word(row, GRADIENT) != 0:
            call_kernel(word(row, KERNEL), row, 0, 0, 0, 0, 0, 0)
            for c in range(CELLS, WIDTH):  # of the parameter, and of its state
                cell = word(row, c)
                if cell != 0:
                    set_cell_version(cell, word(cell, CELL_COUNTER) + 1)


class UpdateRule:
    """An update rule, compiled for each dtype on first use.

    Parameters
    ----------
    body : function of (length, x, g, a, b, c, n, p, q, h)
        The loops.
    arrays, numbers : tuple of str
        Names of the state, in the order of the body's arguments.
    """

    def __init__(self, body, arrays, numbers):
        self.body, self.arrays, self.numbers = body, arrays, numbers
        self._addresses = {}

    def address(self, dtype):
        """The address of the kernel for a dtype."""
        if dtype not in self._addresses:
            kernel = _kernel_of(helper(self.body), window(dtype))
            self._addresses[dtype] = address_of_kernel(kernel, f"{self.body.__name__}_{dtype}_update")
        return self._addresses[dtype]


def _kernel_of(body, at):
    def kernel(row, unused0, unused1, unused2, unused3, unused4, unused5):
        n = word(row, SIZE)
        x, g = at(word(row, VALUE), n), at(word(row, GRADIENT), n)
        a, b, c = at(word(row, ARRAYS), n), at(word(row, ARRAYS + 1), n), at(word(row, ARRAYS + 2), n)
        k, p, q = f64_at(word(row, NUMBERS), 1), f64_at(word(row, NUMBERS + 1), 1), f64_at(word(row, NUMBERS + 2), 1)
        body(n, x, g, a, b, c, k, p, q, f64_at(word(row, HYPER), MOST_HYPER))

    return kernel


def rule(arrays=(), numbers=()):
    """Decorator that makes an update rule of its body."""
    return lambda body: UpdateRule(body, arrays, ("step", *numbers))


# Hyperparameters come as float64.  They are converted to the dtype of the parameter: float32 arithmetic has twice
# the lanes, and what PyTorch computes in float32 is computed in float32 here.


@rule(arrays=("momentum_buffer",))
def sgd(length, x, g, a, b, c, n, p, q, h):
    """Gradient descent with momentum (Sutskever et al. 2013)."""
    real, first = x.dtype.type, n[0] == 0.0
    lr, momentum, kept, decay, sign = real(h[0]), real(h[1]), real(1.0 - h[2]), real(h[3]), real(h[5])
    if momentum == 0.0:
        for k in range(length):
            x[k] -= lr * (sign * g[k] + decay * x[k])
        return
    n[0] += 1.0  # steps of the buffer: it starts as the gradient, whenever momentum is switched on
    ahead, own = (momentum, real(1.0)) if h[4] != 0.0 else (real(1.0), real(0.0))  # Nesterov: the gradient, and the buffer ahead
    before = real(0.0) if first else momentum
    new = real(1.0) if first else kept
    for k in range(length):
        d = sign * g[k] + decay * x[k]
        a[k] = before * a[k] + new * d
        x[k] -= lr * (own * d + ahead * a[k])


@rule(arrays=("exp_avg", "exp_avg_sq", "max_exp_avg_sq"))
def adam(length, x, g, a, b, c, n, p, q, h):
    """Adam (Kingma and Ba 2015), with AMSGrad (Reddi et al. 2018) and decoupled decay (Loshchilov and Hutter 2019)."""
    real = x.dtype.type
    n[0] += 1.0
    lr, decay, decoupled, amsgrad = h[0], h[4], h[5] != 0.0, h[6] != 0.0
    new1, beta2, new2, eps, sign = real(1.0 - h[1]), real(h[2]), real(1.0 - h[2]), real(h[3]), real(h[7])
    step, root = real(lr / (1.0 - h[1] ** n[0])), real(1.0 / math.sqrt(1.0 - h[2] ** n[0]))
    shrink, added = real(1.0 - lr * decay if decoupled else 1.0), real(0.0 if decoupled else decay)
    for k in range(length):
        d = sign * g[k] + added * x[k]
        a[k] += new1 * (d - a[k])
        b[k] = beta2 * b[k] + new2 * d * d
    if amsgrad:
        for k in range(length):
            c[k] = b[k] if b[k] > c[k] or b[k] != b[k] else c[k]
            x[k] = shrink * x[k] - step * a[k] / (np.sqrt(c[k]) * root + eps)
    else:
        for k in range(length):
            x[k] = shrink * x[k] - step * a[k] / (np.sqrt(b[k]) * root + eps)


@rule(arrays=("exp_avg", "exp_inf"))
def adamax(length, x, g, a, b, c, n, p, q, h):
    """Adamax: Adam with a decaying maximum in place of the root mean square (Kingma and Ba 2015, section 7)."""
    real = x.dtype.type
    n[0] += 1.0
    new1, beta2, eps, decay, sign = real(1.0 - h[1]), real(h[2]), real(h[3]), real(h[4]), real(h[5])
    step = real(h[0] / (1.0 - h[1] ** n[0]))
    for k in range(length):
        d = sign * g[k] + decay * x[k]
        a[k] += new1 * (d - a[k])
        size, faded = abs(d) + eps, beta2 * b[k]
        b[k] = size if size > faded or size != size else faded
        x[k] -= step * a[k] / b[k]


@rule(arrays=("exp_avg", "exp_avg_sq"), numbers=("mu_product",))
def nadam(length, x, g, a, b, c, n, p, q, h):
    """Adam with Nesterov's momentum (Dozat 2016)."""
    real = x.dtype.type
    n[0] += 1.0
    lr, beta1, decay, pace, decoupled = h[0], h[1], h[4], h[5], h[6] != 0.0
    new1, beta2, new2, eps, sign = real(1.0 - beta1), real(h[2]), real(1.0 - h[2]), real(h[3]), real(h[7])
    mu = beta1 * (1.0 - 0.5 * 0.96 ** (n[0] * pace))
    mu_next = beta1 * (1.0 - 0.5 * 0.96 ** ((n[0] + 1.0) * pace))
    p[0] *= mu
    by_gradient, by_average = real(lr * (1.0 - mu) / (1.0 - p[0])), real(lr * mu_next / (1.0 - p[0] * mu_next))
    unbiased = real(1.0 / (1.0 - h[2] ** n[0]))
    shrink, added = real(1.0 - lr * decay if decoupled else 1.0), real(0.0 if decoupled else decay)
    for k in range(length):
        d = sign * g[k] + added * x[k]
        a[k] += new1 * (d - a[k])
        b[k] = beta2 * b[k] + new2 * d * d
        x[k] = shrink * x[k] - (by_gradient * d + by_average * a[k]) / (np.sqrt(b[k] * unbiased) + eps)


@rule(arrays=("exp_avg", "exp_avg_sq"))
def radam(length, x, g, a, b, c, n, p, q, h):
    """Adam whose steps are rectified while there are few squares (Liu 2020)."""
    real = x.dtype.type
    n[0] += 1.0
    lr, decay, decoupled = h[0], h[4], h[5] != 0.0
    new1, beta2, new2, eps, sign = real(1.0 - h[1]), real(h[2]), real(1.0 - h[2]), real(h[3]), real(h[6])
    unbiased1, unbiased2, power = 1.0 / (1.0 - h[1] ** n[0]), 1.0 - h[2] ** n[0], h[2] ** n[0]
    longest = 2.0 / (1.0 - h[2]) - 1.0
    length_now = longest - 2.0 * n[0] * power / unbiased2
    shrink, added = real(1.0 - lr * decay if decoupled else 1.0), real(0.0 if decoupled else decay)
    rate, rectified = real(lr * unbiased1), length_now > 5.0
    if rectified:
        part = (length_now - 4.0) * (length_now - 2.0) * longest / ((longest - 4.0) * (longest - 2.0) * length_now)
        rate = real(lr * unbiased1 * math.sqrt(part) * math.sqrt(unbiased2))
    for k in range(length):
        d = sign * g[k] + added * x[k]
        a[k] += new1 * (d - a[k])
        b[k] = beta2 * b[k] + new2 * d * d
        step = a[k] / (np.sqrt(b[k]) + eps) if rectified else a[k]
        x[k] = shrink * x[k] - rate * step


@rule(arrays=("square_avg", "momentum_buffer", "grad_avg"))
def rmsprop(length, x, g, a, b, c, n, p, q, h):
    """RMSprop (Hinton 2012, lecture 6), centred as in Graves 2013."""
    real = x.dtype.type
    n[0] += 1.0
    lr, alpha, new, eps, decay = real(h[0]), real(h[1]), real(1.0 - h[1]), real(h[2]), real(h[3])
    momentum, centred, sign = real(h[4]), h[5] != 0.0, real(h[6])
    for k in range(length):
        d = sign * g[k] + decay * x[k]
        a[k] = alpha * a[k] + new * d * d
        spread = a[k]
        if centred:
            c[k] += new * (d - c[k])
            spread -= c[k] * c[k]
        move = d / (np.sqrt(spread) + eps)
        if momentum != 0.0:
            b[k] = momentum * b[k] + move
            move = b[k]
        x[k] -= lr * move


@rule(arrays=("sum",))
def adagrad(length, x, g, a, b, c, n, p, q, h):
    """Adagrad (Duchi et al. 2011)."""
    real = x.dtype.type
    n[0] += 1.0
    lr, eps, decay, sign = real(h[0] / (1.0 + (n[0] - 1.0) * h[1])), real(h[2]), real(h[3]), real(h[4])
    for k in range(length):
        d = sign * g[k] + decay * x[k]
        a[k] += d * d
        x[k] -= lr * d / (np.sqrt(a[k]) + eps)


@rule(arrays=("square_avg", "acc_delta"))
def adadelta(length, x, g, a, b, c, n, p, q, h):
    """Adadelta (Zeiler 2012)."""
    real = x.dtype.type
    n[0] += 1.0
    lr, rho, new, eps, decay, sign = real(h[0]), real(h[1]), real(1.0 - h[1]), real(h[2]), real(h[3]), real(h[4])
    for k in range(length):
        d = sign * g[k] + decay * x[k]
        a[k] = rho * a[k] + new * d * d
        move = np.sqrt(b[k] + eps) / np.sqrt(a[k] + eps) * d
        b[k] = rho * b[k] + new * move * move
        x[k] -= lr * move


@rule(arrays=("prev", "step_size"))
def rprop(length, x, g, a, b, c, n, p, q, h):
    """Resilient propagation: only the signs of gradients count (Riedmiller and Braun 1993)."""
    real = x.dtype.type
    n[0] += 1.0
    shorter, longer, least, most, sign = real(h[0]), real(h[1]), real(h[2]), real(h[3]), real(h[4])
    for k in range(length):
        d = sign * g[k]
        agreement = d * a[k]
        factor = longer if agreement > 0.0 else (shorter if agreement < 0.0 else real(1.0))
        size = b[k] * factor
        b[k] = least if size < least else (most if size > most else size)
        d = real(0.0) if agreement < 0.0 else d
        x[k] -= b[k] if d > 0.0 else (-b[k] if d < 0.0 else d)
        a[k] = d


@rule(arrays=("ax",), numbers=("eta", "mu"))
def asgd(length, x, g, a, b, c, n, p, q, h):
    """Averaged stochastic gradient descent (Polyak and Juditsky 1992)."""
    real = x.dtype.type
    n[0] += 1.0
    lr, lambd, alpha, start = h[0], h[1], h[2], h[3]
    decay, sign, eta, mu = real(h[4]), real(h[5]), real(p[0]), real(q[0])
    shrink = real(1.0 - lambd * p[0])
    for k in range(length):
        d = sign * g[k] + decay * x[k]
        x[k] = shrink * x[k] - eta * d
        a[k] = x[k] if mu == 1.0 else a[k] + mu * (x[k] - a[k])
    p[0] = lr / (1.0 + lambd * lr * n[0]) ** alpha
    q[0] = 1.0 / max(1.0, n[0] - start)
