"""Compiled functions beside jax.jit, torch.compile, CasADi, autograd and eager torch: first call and later calls.

    python benchmarks/compiled.py [words of a problem's name] [--seconds 1.0] [--torch-compile] [--markdown]

A problem is one function in the names that the tools share; what is timed is its value and gradient. The
*first* call is that of a fresh function in a warm process (machine code of the tool itself is there); the
tools then take turns, and the minimum of the later calls counts. Answers are checked against central
differences of NumPy's values before anything is timed. torch.compile takes minutes and runs only if asked for.
"""

import os
import time
import warnings
from dataclasses import dataclass
from types import SimpleNamespace

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import numpy as np
from timing import Table, arguments, minima

import jittape as jt


@dataclass(frozen=True)
class Problem:
    """A scalar function of arrays in terms of `ops`; `skip` names tools whose first call takes minutes.

    jax.jit: 205 s for the 1000 scalar operations, on two cores.
    """

    name: str
    function: object  # function(ops, *inputs)
    inputs: tuple
    skip: tuple = ()
    batch: bool = False  # the function is of one example: timed under vmap, values only
    jacobian: bool = False  # of a batch: the derivatives of every example by its first input, not the values


# --- the problems -------------------------------------------------------------------------------------------------


def rosenbrock(ops, x):
    return ops.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def chain(ops, x):
    return ops.sum(ops.tanh(ops.sin(x) * ops.exp(-x * x) + x / (1.0 + x * x)))


def network(ops, x, y, *parameters):
    for W, b in zip(parameters[:-2:2], parameters[1:-2:2]):
        x = ops.tanh(x @ W + b)
    return ops.mean((x @ parameters[-2] + parameters[-1] - y) ** 2)


def logsumexp(ops, x):
    high = 10.0
    return ops.log(ops.sum(ops.exp(x - high))) + high


def mixture(ops, means, log_scales, weights, data):
    """The negative log-likelihood of a Gaussian mixture with diagonal covariances."""
    z = (data[:, None, :] - means) * ops.exp(-log_scales)
    log_density = -0.5 * ops.sum(z * z, axis=2) - ops.sum(log_scales, axis=1) + weights
    total = ops.log(ops.sum(ops.exp(log_density), axis=1))
    return ops.log(ops.sum(ops.exp(weights))) - ops.mean(total)


def products(ops, a, b):
    return ops.sum(ops.tanh(a @ b) @ a)


def scalar_program(ops, x):
    """1000 operations on numbers."""
    a, b, c = x[0], x[1], x[2]
    for _ in range(125):
        a, b = a * 0.9 + ops.sin(b) * c, b - a * c / (1.0 + a * a)
    return a * b + c


def lorenz(ops, x, steps=100):
    """Runge-Kutta steps, unrolled: 7100 operations."""
    a, b, c, s, r, q = (x[k] for k in range(6))
    h = 0.01

    def slope(a, b, c):
        return s * (b - a), a * (r - c) - b, a * b - q * c

    for _ in range(steps):
        k1 = slope(a, b, c)
        k2 = slope(a + 0.5 * h * k1[0], b + 0.5 * h * k1[1], c + 0.5 * h * k1[2])
        k3 = slope(a + 0.5 * h * k2[0], b + 0.5 * h * k2[1], c + 0.5 * h * k2[2])
        k4 = slope(a + h * k3[0], b + h * k3[1], c + h * k3[2])
        a, b, c = (v + h / 6 * (p + 2 * q1 + 2 * q2 + z) for v, p, q1, q2, z in zip((a, b, c), k1, k2, k3, k4))
    return a + b + c


def hundred_operations(ops, x):
    y = x
    for _ in range(25):
        y = ops.sin(y) * 0.9 + y * x - 0.1
    return y


def cross(a, b):
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def reprojection(ops, p, feature):
    """GradBench's bundle adjustment: 11 parameters of a camera, 3 of a point, a weight; two residuals."""
    r, (f, x0, y0, k1, k2) = p[:3], (p[k] for k in range(6, 11))
    d = [p[11 + k] - p[3 + k] for k in range(3)]
    angle = ops.sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2])
    axis, c, s = [r[k] / angle for k in range(3)], ops.cos(angle), ops.sin(angle)
    turned, along = cross(axis, d), (axis[0] * d[0] + axis[1] * d[1] + axis[2] * d[2]) * (1.0 - c)
    q = [d[k] * c + turned[k] * s + axis[k] * along for k in range(3)]
    u, v = q[0] / q[2], q[1] / q[2]
    square = u * u + v * v
    radial = f * (1.0 + k1 * square + k2 * square * square)
    return ops.stack([p[14] * (u * radial + x0 - feature[0]), p[14] * (v * radial + y0 - feature[1])])


def problems():
    rng = np.random.default_rng(0)
    layers = [rng.standard_normal(s) * 0.3 for s in ((8, 32), (32,), (32, 32), (32,), (32, 32), (32,), (32, 1), (1,))]
    yield from (Problem(f"Rosenbrock, {n}", rosenbrock, (rng.standard_normal(n),)) for n in (10, 100, 10_000))
    yield Problem("elementwise chain, 1e6", chain, (rng.standard_normal(1_000_000),))
    yield Problem("network 3 x 32, batch of 16", network, (rng.standard_normal((16, 8)), rng.standard_normal((16, 1)), *layers))
    yield Problem("logsumexp, 1e5", logsumexp, (rng.standard_normal(100_000),))
    mixture_inputs = tuple(rng.standard_normal(s) for s in ((10, 5), (10, 5), (10,), (1000, 5)))
    yield Problem("Gaussian mixture, 1000 x 10 x 5", mixture, mixture_inputs)
    yield Problem("products of matrices, 256", products, tuple(rng.standard_normal((256, 256)) * 0.1 for _ in range(2)))
    yield Problem("1000 scalar operations", scalar_program, (np.array([0.3, 0.2, 0.5]),), skip=("jax.jit", "torch.compile"))
    start = np.array([1.0, 1.0, 1.0, 10.0, 28.0, 8.0 / 3.0])
    yield Problem("Lorenz, 100 steps unrolled", lorenz, (start,), skip=("jax.jit", "torch.compile"))
    yield Problem("vmap of 100 operations, 1e6", hundred_operations, (rng.standard_normal(1_000_000) * 0.1,), batch=True)
    cameras = rng.standard_normal((100_000, 15)) * 0.1
    cameras[:, 13] += 5.0
    observations = (cameras, rng.standard_normal((100_000, 2)))
    yield Problem("bundle adjustment, 1e5 Jacobians", reprojection, observations, batch=True, jacobian=True)


# --- the tools: name -> problem -> function of the inputs that answers (value, gradients) ---------------------------------


def jittape_tool(problem):
    names = ("sin", "cos", "exp", "log", "tanh", "sqrt", "sum", "mean", "stack")
    ops, function = SimpleNamespace(**{name: getattr(jt, name) for name in names}), problem.function
    if problem.jacobian:
        run, out = jt.vmap(jt.jacobian(lambda *xs: function(ops, *xs)), threads=1), np.empty((100_000, 2, 15))
        return (lambda *xs: run(*xs, out=out)), lambda answer: (None, answer)
    if problem.batch:
        return jt.vmap(lambda x: function(ops, x), threads=1), lambda answer: (answer, None)
    numbers = tuple(range(len(problem.inputs)))
    return jt.compile(jt.value_and_grad(lambda *xs: function(ops, *xs), numbers), threads=1), lambda answer: answer


def jax_tool(problem):
    import jax

    jax.config.update("jax_enable_x64", True)
    ops = jax.numpy
    inputs = [ops.asarray(x) for x in problem.inputs]
    if problem.jacobian:
        run = jax.jit(jax.vmap(jax.jacrev(lambda *xs: problem.function(ops, *xs))))
        return (lambda *_: run(*inputs).block_until_ready()), lambda answer: (None, np.asarray(answer))
    if problem.batch:
        run = jax.jit(jax.vmap(lambda x: problem.function(ops, x)))
        return (lambda *_: run(*inputs).block_until_ready()), lambda answer: (np.asarray(answer), None)
    run = jax.jit(jax.value_and_grad(lambda *xs: problem.function(ops, *xs), tuple(range(len(inputs)))))
    return (lambda *_: jax.block_until_ready(run(*inputs))), lambda answer: (float(answer[0]), [np.asarray(g) for g in answer[1]])


def torch_tool(problem, compiled=False):
    import torch

    if problem.jacobian:
        return None
    torch.set_num_threads(1)
    ops = SimpleNamespace(
        sin=torch.sin,
        exp=torch.exp,
        log=torch.log,
        tanh=torch.tanh,
        mean=torch.mean,
        sum=lambda x, axis=None: torch.sum(x) if axis is None else torch.sum(x, axis),
    )
    inputs = [torch.tensor(x, requires_grad=not problem.batch) for x in problem.inputs]
    function = torch.compile(lambda *xs: problem.function(ops, *xs)) if compiled else lambda *xs: problem.function(ops, *xs)
    if problem.batch:
        return (lambda *_: function(*inputs)), lambda answer: (answer.numpy(), None)

    def run(*_):
        value = function(*inputs)
        return value, torch.autograd.grad(value, inputs)

    return run, lambda answer: (answer[0].item(), [g.numpy() for g in answer[1]])


def casadi_tool(problem):
    import casadi

    if problem.batch or any(x.ndim != 1 for x in problem.inputs) or problem.inputs[0].size > 100:
        return None
    ops = SimpleNamespace(sin=casadi.sin, exp=casadi.exp, log=casadi.log, tanh=casadi.tanh, sum=casadi.sum1)
    x = casadi.SX.sym("x", problem.inputs[0].size)
    value = problem.function(ops, x)
    run = casadi.Function("f", [x], [value, casadi.gradient(value, x)])
    buffer, call = run.buffer()
    y, g = np.zeros(1), np.zeros(problem.inputs[0].size)
    views = [memoryview(a) for a in (problem.inputs[0], y, g)]
    buffer.set_arg(0, views[0])
    buffer.set_res(0, views[1])
    buffer.set_res(1, views[2])

    def once(*_, kept=(run, buffer, views)):  # CasADi holds none of them
        call()
        return y, g

    return once, lambda answer: (float(answer[0][0]), [answer[1].copy()])


def ddx_tool(problem):
    """Symbols of scalars, compiled by LLVM: problems of few numbers."""
    import ddx

    if problem.jacobian or not problem.batch and (len(problem.inputs) > 1 or problem.inputs[0].size > 100):
        return None
    ops = SimpleNamespace(sin=ddx.sin, exp=ddx.exp, log=ddx.log, tanh=ddx.tanh, sum=np.sum)
    if problem.batch:
        model = ddx.equation(lambda: problem.function(ops, ddx.var("x"))).compile(points=problem.inputs[0].size)
        call = model.buffer(problem.inputs[0][None].copy(), want=ddx.Want.VALUE)
        return (lambda *_: call()), lambda _: (np.array(call.value), None)
    x = np.empty(problem.inputs[0].size, object)  # np.array would look into the symbols

    def symbols():
        for k in range(x.size):
            x[k] = ddx.var(f"x{k}")
        return problem.function(ops, x)

    model = ddx.equation(symbols).compile()
    call, order = model.buffer(problem.inputs[0].copy()), [int(name[1:]) for name in model.symbols]
    call.x[:] = problem.inputs[0][order]
    return (lambda *_: call()), lambda _: (float(call.value), [np.array(call.jacobian)[np.argsort(order)]])


def pytensor_tool(problem):
    import pytensor
    from pytensor import tensor as ops

    if problem.jacobian:
        return None
    if problem.batch:
        x = ops.dvector("x")  # an elementwise function of one number is one of many
        run = pytensor.function([x], problem.function(ops, x))
        return (lambda *xs: run(*xs)), lambda answer: (answer, None)
    inputs = [ops.tensor(f"x{k}", dtype="float64", shape=x.shape) for k, x in enumerate(problem.inputs)]
    value = problem.function(ops, *inputs)
    run = pytensor.function(inputs, [value, *pytensor.grad(value, inputs)])
    return (lambda *xs: run(*xs)), lambda answer: (float(answer[0]), answer[1:])


def autograd_tool(problem):
    import autograd
    import autograd.numpy as ops

    if problem.batch:
        return None
    run = autograd.value_and_grad(lambda xs: problem.function(ops, *xs))
    return (lambda *xs: run(tuple(xs))), lambda answer: (float(answer[0]), list(answer[1]))


TOOLS = {
    "jittape": jittape_tool,
    "jax.jit": jax_tool,
    "casadi": casadi_tool,
    "torch": torch_tool,
    "torch.compile": lambda problem: torch_tool(problem, True),
    "autograd": autograd_tool,
    "ddx": ddx_tool,
    "pytensor": pytensor_tool,
}


# --- checking and timing --------------------------------------------------------------------------------------------


def check(problem, value, gradients):
    """Raise unless value and gradients are those of NumPy and of central differences."""
    if problem.jacobian:
        (x, features), h = problem.inputs, 1e-6
        d = np.random.default_rng(1).standard_normal(x.shape)
        ahead, behind = (problem.function(np, (x + s * h * d).T, features.T) for s in (1, -1))
        slopes = np.einsum("nij,nj->in", gradients, d)
        np.testing.assert_allclose(slopes, (ahead - behind) / (2 * h), rtol=1e-5, atol=1e-6)
        return
    np.testing.assert_allclose(value, problem.function(np, *problem.inputs), rtol=1e-9)
    if gradients is None:
        return
    rng, h = np.random.default_rng(1), 1e-6
    for _ in range(2):
        directions = [rng.standard_normal(x.shape) for x in problem.inputs]
        ahead, behind = (problem.function(np, *[x + s * h * d for x, d in zip(problem.inputs, directions)]) for s in (1, -1))
        slope = sum(np.sum(g * d) for g, d in zip(gradients, directions))
        scale = sum(np.sum(np.abs(g * d)) for g, d in zip(gradients, directions))
        np.testing.assert_allclose(slope, (ahead - behind) / (2 * h), rtol=0, atol=1e-5 * scale)


def prepare(problem, names):
    """name -> (call, seconds of the first call), the answers checked."""
    found = {}
    for name in names:
        if name in problem.skip:
            continue
        try:
            start = time.perf_counter()
            tool = TOOLS[name](problem)
            if tool is None:
                continue
            answer = tool[0](*problem.inputs)
            first = time.perf_counter() - start
        except ImportError:
            continue
        check(problem, *tool[1](answer))
        found[name] = (tool[0], first)
    return found


def later(problem, calls):
    """name -> the call to be timed, its arguments given."""
    return {name: lambda call=call: call(*problem.inputs) for name, (call, _) in calls.items()}


def main():
    parser = arguments(__doc__)
    parser.add_argument("--torch-compile", action="store_true", help="also torch.compile, which takes minutes")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    names = [n for n in TOOLS if n != "torch.compile" or options.torch_compile]
    jt.compile(jt.value_and_grad(lambda x: (x * x).sum()))(np.ones(3))  # the machine itself is compiled once a computer
    print("first call, ms / later calls, microseconds, minimum\n")
    table = Table(["problem", *names], [36, *(20 for _ in names)], options.markdown)
    for problem in problems():
        if all(w in problem.name for w in options.words):
            calls = prepare(problem, names)
            best = minima(later(problem, calls), options.seconds)
            table.row([problem.name, *(f"{calls[n][1] * 1e3:.1f} / {best[n] * 1e6:.1f}" if n in calls else "" for n in names)])


if __name__ == "__main__":
    main()
