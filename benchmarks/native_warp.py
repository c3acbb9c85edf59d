"""The problems of `native.py` in Warp, on the CPU: kernels over points, pairs and paths, steps of time as launches.

A loop of steps inside one kernel would be faster and wrong: the adjoint of a dynamic loop needs the values that its
variables had, and Warp does not keep them.
"""

import numpy as np
import warp as wp

wp.config.quiet = True
wp.init()

F = wp.float64
Vector, Matrix = wp.array(dtype=F), wp.array2d(dtype=F)


@wp.kernel
def burgers_step(u: Matrix, nu: Vector, k: int):
    i = wp.tid()
    if i > 0 and i < u.shape[1] - 1:
        a, b, c = u[k, i - 1], u[k, i], u[k, i + 1]
        u[k + 1, i] = b - F(0.05) * (b * b - a * a) + nu[0] * (c - F(2.0) * b + a)
    else:
        u[k + 1, i] = u[k, i]


@wp.kernel
def sum_of_squares(u: Matrix, k: int, total: Vector):
    i = wp.tid()
    wp.atomic_add(total, 0, u[k, i] * u[k, i])


@wp.kernel
def nbody_pairs(x: Matrix, m: Vector, total: Vector):
    i, j = wp.tid()
    if j < i:
        a, b, c = x[i, 0] - x[j, 0], x[i, 1] - x[j, 1], x[i, 2] - x[j, 2]
        wp.atomic_sub(total, 0, m[i] * m[j] / wp.sqrt(F(1e-3) + a * a + b * b + c * c))


@wp.kernel
def black_scholes_options(p: Vector, strikes: Vector, times: Vector, total: Vector):
    k = wp.tid()
    v = p[1] * wp.sqrt(times[k])
    d1 = (wp.log(p[0] / strikes[k]) + (p[2] + F(0.5) * p[1] * p[1]) * times[k]) / v
    d2 = d1 - v
    discounted = strikes[k] * wp.exp(-p[2] * times[k])
    price = p[0] / (F(1.0) + wp.exp(F(-1.702) * d1)) - discounted / (F(1.0) + wp.exp(F(-1.702) * d2))
    wp.atomic_add(total, 0, price)


@wp.kernel
def heston_start(p: Vector, x: Matrix, v: Matrix):
    i = wp.tid()
    x[0, i] = wp.log(p[0])
    v[0, i] = p[1]


@wp.kernel
def heston_step(p: Vector, z: wp.array3d(dtype=F), k: int, dt: F, x: Matrix, v: Matrix):
    i = wp.tid()
    level = wp.max(v[k, i], F(0.0))
    noise = wp.sqrt(level * dt)
    other = wp.sqrt(F(1.0) - p[5] * p[5])
    x[k + 1, i] = x[k, i] + (F(0.03) - F(0.5) * level) * dt + noise * z[i, k, 0]
    v[k + 1, i] = v[k, i] + p[2] * (p[3] - level) * dt + p[4] * noise * (p[5] * z[i, k, 0] + other * z[i, k, 1])


@wp.kernel
def heston_payoff(x: Matrix, k: int, total: Vector):
    i = wp.tid()
    value = F(wp.exp(F(-0.03))) * wp.max(wp.exp(x[k, i]) - F(100.0), F(0.0))
    wp.atomic_add(total, 0, value / F(x.shape[1]))


def _differentiated(array):
    return wp.array(np.asarray(array, dtype=np.float64), dtype=F, requires_grad=True)


def _zeros(*shape):
    return wp.zeros(shape, dtype=F, requires_grad=True)


def _launch(kernel, dim, *inputs):
    wp.launch(kernel, dim=dim, inputs=list(inputs), device="cpu")


def _swept(variables, run):
    """Value and gradients of what a function launches."""
    total = _zeros(1)
    tape = wp.Tape()
    with tape:
        run(total)
    tape.backward(total)
    return total.numpy()[0], [x.grad.numpy().copy() for x in variables]


def burgers(u0, nu, steps):
    u, nu = _differentiated(np.vstack([u0, np.zeros((steps, len(u0)))])), _differentiated([nu])

    def run(total):
        for k in range(steps):
            _launch(burgers_step, len(u0), u, nu, k)
        _launch(sum_of_squares, len(u0), u, steps, total)

    value, (u_bar, nu_bar) = _swept((u, nu), run)
    return value, (u_bar[0], nu_bar[0])


def nbody(x, m):
    x, m = _differentiated(x), _differentiated(m)
    return _swept((x, m), lambda total: _launch(nbody_pairs, (len(m), len(m)), x, m, total))


def black_scholes(s, sigma, rate, strikes, times):
    p = _differentiated([s, sigma, rate])
    options = [wp.array(a, dtype=F) for a in (strikes, times)]
    value, (p_bar,) = _swept((p,), lambda total: _launch(black_scholes_options, len(strikes), p, *options, total))
    return value, p_bar


def heston(spot, v0, kappa, theta, xi, rho, z):
    p, noise = _differentiated([spot, v0, kappa, theta, xi, rho]), wp.array(z, dtype=F)
    paths, steps = z.shape[:2]
    x, v = _zeros(steps + 1, paths), _zeros(steps + 1, paths)

    def run(total):
        _launch(heston_start, paths, p, x, v)
        for k in range(steps):
            _launch(heston_step, paths, p, noise, k, 1.0 / steps, x, v)
        _launch(heston_payoff, paths, x, steps, total)

    value, (p_bar,) = _swept((p,), run)
    return value, p_bar


PEERS = {"burgers_loops": burgers, "nbody": nbody, "black_scholes": black_scholes, "heston": heston}
