"""Transforms of functions by all tools in one process: value, gradient, Hessian times vector, Hessian.

    python benchmarks/transforms.py [words of a problem's name] [--seconds 0.5] [--markdown]

The tools take turns and the minimum counts, as in ``compare.py``; every answer is checked before it is timed,
against SciPy's Rosenbrock functions and NumPy's formulas of the logistic likelihood. Data that is no argument
is converted for each tool before; plain arrays go in, and what the tool answers with comes out. jax is
measured compiled (``jax.jit``) and as it is, the others as they are.

Small cases are those whose function reads at most 64 KiB: there the tool takes the time and not the arithmetic, which
is the same for all. The last lines are about them.
"""

import gc
import importlib
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import peers  # noqa: F401 - first: it limits the threads
from timing import Table, arguments, minima, ratio
from scipy.optimize import rosen, rosen_der, rosen_hess, rosen_hess_prod

SMALL = 1 << 13  # numbers: 64 KiB
BATCH = 5e-3  # seconds a turn lasts at least: an optimiser calls again and again, with its caches warm


def rosenbrock(ops, x):
    return ops.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def logistic(ops, w, features, labels):
    """Negative log likelihood, labels 0 and 1, with a normal prior."""
    z = ops.matmul(features, w)
    return ops.sum(ops.log1p(ops.exp(z)) - labels * z) + 0.5 * ops.sum(w * w)


@dataclass(frozen=True)
class Task:
    """A function, where, what of it, and the right answer."""

    name: str
    function: object
    x: np.ndarray
    v: np.ndarray
    constants: tuple
    what: str
    answer: object

    @property
    def is_small(self):
        """Whether the function reads few numbers."""
        return self.x.size + sum(c.size for c in self.constants) <= SMALL

    def check(self, found):
        """Raise unless an answer is right."""
        found = found if isinstance(found, tuple) else (found,)
        for ours, expected in zip(found, self.answer if isinstance(self.answer, tuple) else (self.answer,)):
            np.testing.assert_allclose(np.asarray(ours), expected, rtol=1e-9, atol=1e-9, err_msg=f"{self.name}, {self.what}")


def _rosenbrock_answers(x, v):
    yield from (("value and gradient", (rosen(x), rosen_der(x))), ("gradient", rosen_der(x)), ("hvp", rosen_hess_prod(x, v)))
    if len(x) <= 1000:
        yield "hessian", rosen_hess(x)


def _logistic_answers(w, v, X, labels):
    z = X @ w
    p = 1.0 / (1.0 + np.exp(-z))
    gradient, hessian = X.T @ (p - labels) + w, (X.T * (p * (1.0 - p))) @ X + np.eye(len(w))
    value = np.sum(np.log1p(np.exp(z)) - labels * z) + 0.5 * w @ w
    return (("value and gradient", (value, gradient)), ("gradient", gradient), ("hvp", hessian @ v), ("hessian", hessian))


def tasks():
    """All of them."""
    rng = np.random.default_rng(0)
    for n in (10, 100, 1000, 10_000):
        x, v = rng.uniform(-1.0, 1.0, n), rng.standard_normal(n)
        for what, answer in _rosenbrock_answers(x, v):
            yield Task(f"rosenbrock, {n}", rosenbrock, x, v, (), what, answer)
    for n in (100, 1000):
        X, labels = 0.3 * rng.standard_normal((n, 50)), rng.integers(0, 2, n).astype(float)
        w, v = 0.1 * rng.standard_normal(50), rng.standard_normal(50)
        for what, answer in _logistic_answers(w, v, X, labels):
            yield Task(f"logistic, {n} x 50", logistic, w, v, (X, labels), what, answer)


# --- the tools ------------------------------------------------------------------------------------------------


def _namespace(library, **others):
    return SimpleNamespace(sum=library.sum, exp=library.exp, log1p=library.log1p, matmul=library.matmul, **others)


def jittape_tool():
    jt = importlib.import_module("jittape")

    def prepare(task):
        constants = [jt.tensor(c) for c in task.constants]
        f, x, v = (lambda w: task.function(np, w, *constants)), task.x, task.v
        if task.what == "hvp":
            return lambda: jt.hvp(f, x, v)
        transformed = {"value and gradient": jt.value_and_grad, "gradient": jt.grad, "hessian": jt.hessian}[task.what](f)
        return lambda: transformed(x)

    return prepare


def autograd_tool():
    autograd, anp = importlib.import_module("autograd"), importlib.import_module("autograd.numpy")

    def prepare(task):
        f, x, v = (lambda w: task.function(anp, w, *task.constants)), task.x, task.v
        if task.what == "hvp":
            product = autograd.hessian_vector_product(f)
            return lambda: product(x, v)
        made = {"value and gradient": autograd.value_and_grad, "gradient": autograd.grad, "hessian": autograd.hessian}
        transformed = made[task.what](f)
        return lambda: transformed(x)

    return prepare


def torch_tool():
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    ops = _namespace(torch)

    def prepare(task):
        constants = [torch.tensor(c) for c in task.constants]
        f, x, v = (lambda w: task.function(ops, w, *constants)), torch.tensor(task.x), torch.tensor(task.v)
        if task.what == "hvp":
            gradient = torch.func.grad(f)
            return lambda: torch.func.jvp(gradient, (x,), (v,))[1].numpy()
        if task.what == "value and gradient":
            both = torch.func.grad_and_value(f)
            return lambda: tuple(t.numpy() for t in reversed(both(x)))
        transformed = {"gradient": torch.func.grad, "hessian": torch.func.hessian}[task.what](f)
        return lambda: transformed(x).numpy()

    return prepare


def jax_tool(jit):
    """Transforms of jax, compiled if asked."""
    jax = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    ops, as_asked = _namespace(jax.numpy), jax.jit if jit else lambda f: f

    def prepare(task):
        constants = [jax.numpy.asarray(c) for c in task.constants]

        def f(w):
            return task.function(ops, w, *constants)

        if task.what == "hvp":
            product = as_asked(lambda x, v: jax.jvp(jax.grad(f), (x,), (v,))[1])
            return lambda: np.asarray(product(task.x, task.v))
        made = {"value and gradient": jax.value_and_grad, "gradient": jax.grad, "hessian": jax.hessian}
        transformed = as_asked(made[task.what](f))
        return lambda: jax.tree_util.tree_map(np.asarray, transformed(task.x))

    return prepare


MAKERS = {
    "jittape": jittape_tool,
    "autograd": autograd_tool,
    "torch.func": torch_tool,
    "jax.jit": lambda: jax_tool(True),
    "jax": lambda: jax_tool(False),
}


def available():
    """Name -> ``prepare(task)`` of the tools that can be imported."""
    found = {}
    for name, make in MAKERS.items():
        try:
            found[name] = make()
        except ImportError:
            continue
    return found


def prepared(task, tools):
    """Name -> the call to be timed, its answer checked."""
    calls = {name: prepare(task) for name, prepare in tools.items()}
    for call in calls.values():
        task.check(call())
    gc.freeze()  # what all these tools have imported is not each one's garbage to look through
    return calls


def main():
    options = arguments(__doc__, "tasks", seconds=0.5).parse_args()
    tools = available()
    others = [name for name in tools if name != "jittape"]
    print("microseconds a call, minimum; in brackets the ratio to jittape (above 1: jittape is faster)\n")
    table = Table(["task", "jittape", *others], [36, 12, *(20 for _ in others)], options.markdown)
    ratios = {other: [] for other in others}
    for task in tasks():
        name = f"{task.name}: {task.what}"
        if not all(word in name for word in options.words):
            continue
        best = minima(prepared(task, tools), options.seconds, BATCH)
        table.row([name, *(ratio(best, tool) for tool in ("jittape", *others))])
        for other in others if task.is_small else ():
            ratios[other].append((best[other] / best["jittape"], name))
    for other, found in ratios.items():
        if found:
            print(f"\nsmall cases beside {other}: {min(found)[0]:.2f} ({min(found)[1]}) to {max(found)[0]:.2f} ({max(found)[1]})")


if __name__ == "__main__":
    main()
