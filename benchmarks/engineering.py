"""Sparse matrices of derivatives, and gradients through differential equations, beside tools made for them.

    python benchmarks/engineering.py [words of a problem's name] [--seconds 1] [--markdown]

Peers that are not installed are left out: CasADi (sparse Jacobians by its own colouring), JAX with diffrax, torchdiffeq.
Answers are compared before anything is timed. First calls are shown by themselves: they find patterns and colours, and
compile.
"""

import importlib
import time

import peers  # noqa: F401 - first: it limits the threads
import numpy as np
from timing import Table, arguments, minima, ratio

import jittape as jt

SIZE = 100_000
RATES, START = np.array([1.0, 0.1, 1.5, 0.075]), np.array([10.0, 5.0])
TOLERANCE = 1e-8


def module(name):
    """A peer, None if it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


# --- sparse Jacobians -------------------------------------------------------------------------------------------------


def band(x):
    return -2.0 * x[1:-1] + x[2:] + x[:-2] + 0.1 * np.exp(x[1:-1])


def grid(u):
    n = int(np.sqrt(u.size))
    v = u.reshape(n, n)
    inner = v[1:-1, 1:-1]
    return (4.0 * inner - v[:-2, 1:-1] - v[2:, 1:-1] - v[1:-1, :-2] - v[1:-1, 2:] + 0.1 * np.exp(inner)).reshape(-1)


def by_casadi(casadi, build, x):
    """CasADi's Jacobian of an expression, as a call on plain numbers."""
    symbol = casadi.MX.sym("x", x.size)
    jacobian = casadi.Function("jacobian", [symbol], [casadi.jacobian(build(casadi, symbol), symbol)])
    return lambda: jacobian(x)


def band_of_casadi(casadi, x):
    return -2.0 * x[1:-1] + x[2:] + x[:-2] + 0.1 * casadi.exp(x[1:-1])


def grid_of_casadi(casadi, x):
    n = int(np.sqrt(x.numel()))
    v = casadi.reshape(x, n, n)
    inner = v[1:-1, 1:-1]
    return casadi.vec(4.0 * inner - v[:-2, 1:-1] - v[2:, 1:-1] - v[1:-1, :-2] - v[1:-1, 2:] + 0.1 * casadi.exp(inner))


def sparse_problems():
    rng, casadi = np.random.default_rng(0), module("casadi")
    for name, function, build, x in (
        (f"tridiagonal Jacobian, {SIZE:,}", band, band_of_casadi, rng.normal(size=SIZE)),
        ("Jacobian on a grid, 300 x 300", grid, grid_of_casadi, rng.normal(size=90_000)),
    ):
        jacobian = jt.sparse_jacobian(function)
        calls = {"jittape": lambda jacobian=jacobian, x=x: jacobian(x)}
        if casadi is not None:
            calls["casadi"] = lambda build=build, x=x, made=[]: (made or made.append(by_casadi(casadi, build, x)) or made)[0]()
        yield (
            name,
            calls,
            lambda found: float(abs(found).sum()) if hasattr(found, "data") else float(np.abs(found.nonzeros()).sum()),
        )


# --- differential equations -------------------------------------------------------------------------------------------


def predators(t, y, p):
    return np.stack([p[0] * y[0] - p[1] * y[0] * y[1], -p[2] * y[1] + p[3] * y[0] * y[1]])


def compiled_predators():
    import numba

    @numba.njit
    def change(t, y, p):
        return np.array([p[0] * y[0] - p[1] * y[0] * y[1], -p[2] * y[1] + p[3] * y[0] * y[1]])

    return change


def of_jittape(fun):
    def end(p):
        return np.sum(
            jt.solve_ivp(fun, (0.0, 10.0), START, "RK45", np.array([10.0]), args=(p,), rtol=TOLERANCE, atol=TOLERANCE).y
        )

    gradient = jt.value_and_grad(end)
    return lambda: gradient(RATES)


def of_diffrax(diffrax):
    import jax

    jax.config.update("jax_enable_x64", True)
    term = diffrax.ODETerm(lambda t, y, p: jax.numpy.stack([p[0] * y[0] - p[1] * y[0] * y[1], -p[2] * y[1] + p[3] * y[0] * y[1]]))
    control = diffrax.PIDController(rtol=TOLERANCE, atol=TOLERANCE)

    def end(p):
        solver = diffrax.Dopri5()
        found = diffrax.diffeqsolve(term, solver, 0.0, 10.0, 0.01, START, args=p, stepsize_controller=control, max_steps=4096)
        return found.ys.sum()

    gradient = jax.jit(jax.value_and_grad(end))
    return lambda: [np.asarray(part) for part in jax.block_until_ready(gradient(RATES))]


def of_torchdiffeq(torchdiffeq):
    import torch

    start, times = torch.tensor(START), torch.tensor([0.0, 10.0], dtype=torch.float64)

    def call():
        p = torch.tensor(RATES, requires_grad=True)

        def fun(t, y):
            return torch.stack([p[0] * y[0] - p[1] * y[0] * y[1], -p[2] * y[1] + p[3] * y[0] * y[1]])

        value = torchdiffeq.odeint(fun, start, times, rtol=TOLERANCE, atol=TOLERANCE, method="dopri5")[-1].sum()
        value.backward()
        return value.item(), p.grad.numpy()

    return call


def equation_problems():
    calls = {"jittape": of_jittape(compiled_predators()), "jittape, Python": of_jittape(predators)}
    for name, make in (("diffrax", of_diffrax), ("torchdiffeq", of_torchdiffeq)):
        peer = module(name)
        if peer is not None:
            calls[name] = make(peer)
    yield "Lotka-Volterra, value and gradient", calls, lambda found: float(found[0] + np.sum(found[1]))


def main():
    options = arguments(__doc__, seconds=1.0).parse_args()
    names = ["jittape", "jittape, Python", "casadi", "diffrax", "torchdiffeq"]
    table = Table(["problem", *names, "first calls"], [36, 12, 20, 20, 20, 20, 60], options.markdown)
    for make in (sparse_problems, equation_problems):
        for name, calls, summary in make():
            if not all(word in name for word in options.words):
                continue
            first, answers = {}, {}
            for tool, call in calls.items():
                start = time.perf_counter()
                answers[tool] = summary(call())
                first[tool] = time.perf_counter() - start
            assert np.allclose(list(answers.values()), answers["jittape"], rtol=1e-4), (name, answers)
            best = minima(calls, options.seconds)
            cells = [ratio(best, tool) if tool in best else "" for tool in names]
            table.row([name, *cells, ", ".join(f"{tool} {seconds:.2f} s" for tool, seconds in first.items())])


if __name__ == "__main__":
    main()
