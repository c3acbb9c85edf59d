"""The problems of `native.py` in other tools, where they are installed: name -> tool -> a call that gives value and gradient."""

import functools
import itertools
import types

import numpy as np
from numba import njit


@njit
def _rates(x, y, z, s, r, b):
    return s * (y - x), x * (r - z) - y, x * y - b * z


@njit
def _pull(x, y, z, s, r, b, dx, dy, dz, p):
    """Adjoint of the right-hand side; parameters' adjoints are added to `p`."""
    p[0] += (y - x) * dx
    p[1] += x * dy
    p[2] -= z * dz
    return -s * dx + (r - z) * dy + y * dz, s * dx - dy + x * dz, -x * dy - b * dz


@njit
def lorenz_by_hand(x, y, z, s, r, b, steps):
    """Value and gradient of the Runge-Kutta loop, with stored states and stages that are computed again."""
    h = 0.01
    path = np.empty((steps, 3))
    for n in range(steps):
        path[n, 0], path[n, 1], path[n, 2] = x, y, z
        k1 = _rates(x, y, z, s, r, b)
        k2 = _rates(x + 0.5 * h * k1[0], y + 0.5 * h * k1[1], z + 0.5 * h * k1[2], s, r, b)
        k3 = _rates(x + 0.5 * h * k2[0], y + 0.5 * h * k2[1], z + 0.5 * h * k2[2], s, r, b)
        k4 = _rates(x + h * k3[0], y + h * k3[1], z + h * k3[2], s, r, b)
        x += h / 6 * (k1[0] + 2 * k2[0] + 2 * k3[0] + k4[0])
        y += h / 6 * (k1[1] + 2 * k2[1] + 2 * k3[1] + k4[1])
        z += h / 6 * (k1[2] + 2 * k2[2] + 2 * k3[2] + k4[2])
    g, p = np.ones(3), np.zeros(3)
    for n in range(steps - 1, -1, -1):
        a, c, d = path[n, 0], path[n, 1], path[n, 2]
        k1 = _rates(a, c, d, s, r, b)
        u2 = a + 0.5 * h * k1[0], c + 0.5 * h * k1[1], d + 0.5 * h * k1[2]
        k2 = _rates(u2[0], u2[1], u2[2], s, r, b)
        u3 = a + 0.5 * h * k2[0], c + 0.5 * h * k2[1], d + 0.5 * h * k2[2]
        k3 = _rates(u3[0], u3[1], u3[2], s, r, b)
        u4 = a + h * k3[0], c + h * k3[1], d + h * k3[2]
        w = h / 6
        b4 = _pull(u4[0], u4[1], u4[2], s, r, b, w * g[0], w * g[1], w * g[2], p)
        t = 2 * w * g[0] + h * b4[0], 2 * w * g[1] + h * b4[1], 2 * w * g[2] + h * b4[2]
        b3 = _pull(u3[0], u3[1], u3[2], s, r, b, t[0], t[1], t[2], p)
        t = 2 * w * g[0] + 0.5 * h * b3[0], 2 * w * g[1] + 0.5 * h * b3[1], 2 * w * g[2] + 0.5 * h * b3[2]
        b2 = _pull(u2[0], u2[1], u2[2], s, r, b, t[0], t[1], t[2], p)
        t = w * g[0] + 0.5 * h * b2[0], w * g[1] + 0.5 * h * b2[1], w * g[2] + 0.5 * h * b2[2]
        b1 = _pull(a, c, d, s, r, b, t[0], t[1], t[2], p)
        for k in range(3):
            g[k] += b4[k] + b3[k] + b2[k] + b1[k]
    return x + y + z, (g[0], g[1], g[2], p[0], p[1], p[2])


def jax_peers():
    """JAX, compiled, on the CPU."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def lorenz(x, y, z, s, r, b, steps):
        def rates(u):
            return jnp.stack([s * (u[1] - u[0]), u[0] * (r - u[2]) - u[1], u[0] * u[1] - b * u[2]])

        def step(u, _):
            h = 0.01
            k1 = rates(u)
            k2 = rates(u + 0.5 * h * k1)
            k3 = rates(u + 0.5 * h * k2)
            k4 = rates(u + h * k3)
            return u + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4), None

        return jax.lax.scan(step, jnp.stack([x, y, z]), None, length=steps)[0].sum()

    def burgers(u0, nu, steps):
        def step(u, _):
            f = 0.05 * u * u
            return u.at[1:-1].add(-(f[1:-1] - f[:-2]) + nu * (u[2:] - 2 * u[1:-1] + u[:-2])), None

        return (jax.lax.scan(step, u0, None, length=steps)[0] ** 2).sum()

    def nbody(x, m):
        i, j = np.tril_indices(x.shape[0], -1)
        return -(m[i] * m[j] / jnp.sqrt(1e-3 + ((x[i] - x[j]) ** 2).sum(1))).sum()

    def heston(spot, v0, kappa, theta, xi, rho, z):
        dt = 1.0 / z.shape[1]

        def step(state, draws):
            x, v = state
            level = jnp.maximum(v, 0.0)
            noise = jnp.sqrt(level * dt)
            x += (0.03 - 0.5 * level) * dt + noise * draws[:, 0]
            v += kappa * (theta - level) * dt + xi * noise * (rho * draws[:, 0] + jnp.sqrt(1.0 - rho * rho) * draws[:, 1])
            return (x, v), None

        start = jnp.full(z.shape[0], jnp.log(spot)), jnp.full(z.shape[0], v0)
        (x, _), _ = jax.lax.scan(step, start, jnp.swapaxes(z, 0, 1))
        return jnp.exp(-0.03) * jnp.maximum(jnp.exp(x) - 100.0, 0.0).mean()

    def logistic(w, x, y):
        return jnp.log1p(jnp.exp(-y * (x @ w))).mean()

    def compiled(function, argnums, static=()):
        gradient = jax.jit(jax.value_and_grad(function, argnums), static_argnums=static)
        return lambda *args: jax.block_until_ready(gradient(*args))

    return {
        "lorenz": compiled(lorenz, tuple(range(6)), (6,)),
        "burgers_slices": compiled(burgers, (0, 1), (2,)),
        "nbody": compiled(nbody, (0, 1)),
        "logistic": compiled(logistic, (0,)),
        "heston": compiled(heston, tuple(range(6))),
    }


def casadi_peers():
    """CasADi's virtual machine: Lorenz as a mapped accumulation of one step."""
    import casadi

    u, p = casadi.SX.sym("u", 3), casadi.SX.sym("p", 3)
    h = 0.01

    def rates(u):
        return casadi.vertcat(p[0] * (u[1] - u[0]), u[0] * (p[1] - u[2]) - u[1], u[0] * u[1] - p[2] * u[2])

    k1 = rates(u)
    k2 = rates(u + 0.5 * h * k1)
    k3 = rates(u + 0.5 * h * k2)
    k4 = rates(u + h * k3)
    step = casadi.Function("step", [u, p], [u + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)])
    start, parameters = casadi.MX.sym("start", 3), casadi.MX.sym("parameters", 3)
    last = step.mapaccum(1000)(start, casadi.repmat(parameters, 1, 1000))[:, -1]
    total = casadi.sum1(last)
    gradient = casadi.Function("g", [start, parameters], [total, *[casadi.gradient(total, v) for v in (start, parameters)]])

    def lorenz(x, y, z, s, r, b, steps):
        value, by_start, by_parameters = gradient([x, y, z], [s, r, b])
        return float(value), (*np.asarray(by_start)[:, 0], *np.asarray(by_parameters)[:, 0])

    return {"lorenz": lorenz}


# --- the same source, on numbers that record ----------------------------------------------------------------------------


def on_other_numbers(function, math):
    """The Python function under a compiled one, with another module in the place of `math`."""
    names = {k: v.py_func if hasattr(v, "py_func") else v for k, v in function.py_func.__globals__.items()}
    return types.FunctionType(function.py_func.__code__, {**names, "math": math}, function.__name__)


def _plain(value):
    return value.tolist() if isinstance(value, np.ndarray) else value


def _variables(value, make):
    """An argument as a variable, or an array of them."""
    if not isinstance(value, np.ndarray):
        return make(float(value))
    found = np.empty(value.shape, object)
    for place in np.ndindex(value.shape):
        found[place] = make(value[place])
    return found


def xad_peers(problems):
    """XAD's tape, by overloaded operators, in Python."""
    import xad.adj_1st as xad
    import xad.math as xad_math

    def recorded(function, argnums):
        run = on_other_numbers(function, xad_math)

        def value_and_grad(*args):
            with xad.Tape() as tape:
                given = [_variables(a, xad.Real) if k in argnums else _plain(a) for k, a in enumerate(args)]
                inputs = [x for k in argnums for x in np.ravel(given[k])]
                for x in inputs:
                    tape.registerInput(x)
                tape.newRecording()
                y = run(*given)
                tape.registerOutput(y)
                y.derivative = 1.0
                tape.computeAdjoints()
                bars = iter([x.derivative for x in inputs])
                return y.value, [np.reshape([next(bars) for _ in range(np.size(args[k]))], np.shape(args[k])) for k in argnums]

        return value_and_grad

    names = "lorenz", "nbody", "kalman", "black_scholes"
    return {name: recorded(problems[name].function, problems[name].argnums) for name in names}


def ddx_peers(problems):
    """ddx, whose graph is built from the function; interpreted: compiling it took 50 s (kalman) or minutes (lorenz)."""
    import ddx

    def built(function, args, argnums):
        names = itertools.count()
        run = on_other_numbers(function, ddx)

        def model():
            return run(
                *[_variables(a, lambda _: ddx.var(f"x{next(names)}")) if k in argnums else _plain(a) for k, a in enumerate(args)]
            )

        return ddx.equation(model).buffer(np.concatenate([np.ravel(args[k]) for k in argnums]).astype(float))

    def lazily(function, argnums):
        calls = []

        def value_and_grad(*args):
            if not calls:
                calls.append(built(function, args, argnums))
            calls[0]()
            ends = np.cumsum([np.size(args[k]) for k in argnums])
            parts = np.split(np.asarray(calls[0].jacobian), ends[:-1])
            return calls[0].value, [part.reshape(np.shape(args[k])) for part, k in zip(parts, argnums)]

        return value_and_grad

    names = "lorenz", "nbody", "kalman", "black_scholes"
    return {name: lazily(problems[name].function, problems[name].argnums) for name in names}


def warp_peers():
    import native_warp

    return native_warp.PEERS


def peers(problems):
    """Problem -> tool -> call; tools that are not installed are left out."""
    found = {"lorenz": {"by hand": lorenz_by_hand}}
    tools = {
        "jax": jax_peers,
        "casadi": casadi_peers,
        "xad": functools.partial(xad_peers, problems),
        "ddx": functools.partial(ddx_peers, problems),
        "warp": warp_peers,
    }
    for tool, make in tools.items():
        try:
            calls = make()
        except ImportError:
            continue
        for problem, call in calls.items():
            found.setdefault(problem, {})[tool] = call
    return found
