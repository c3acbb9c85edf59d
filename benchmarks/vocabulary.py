"""Value and gradient of decompositions, special functions and log-densities, beside JAX, PyTorch and HIPS autograd.

    python benchmarks/vocabulary.py [words of a problem's name] [--seconds 1] [--markdown]

Peers that are not installed are left out, and so is what they do not have. All answers are compared before anything is timed.
"""

import fourier_and_complex as beside  # first: it limits the threads
import itertools
import types

import numpy as np
from timing import arguments, minima, ratio, Table

from jittape.scipy import special, stats

SIZES = (10**3, 10**4, 10**5, 10**6)


def module_of(np, linalg, **functions):
    """What a tool has, as a module: NumPy's functions, linear algebra, special functions and log-densities under common names."""
    tool = types.ModuleType("tool")
    tool.__dict__.update(np=np, linalg=linalg, **functions)
    return tool


def ours():
    names = "gammaln digamma erf i0e gammainc expit logsumexp ndtri".split()
    return module_of(
        np,
        np.linalg,
        **{name: getattr(special, name) for name in names},
        norm=stats.norm.logpdf,
        gamma=stats.gamma.logpdf,
        t=stats.t.logpdf,
    )


def of_jax():
    jax = beside.module("jax")
    s, d = jax.scipy.special, jax.scipy.stats
    names = "gammaln digamma erf i0e gammainc expit logsumexp ndtri".split()
    return module_of(
        jax.numpy,
        jax.numpy.linalg,
        **{name: getattr(s, name) for name in names},
        norm=d.norm.logpdf,
        gamma=d.gamma.logpdf,
        t=d.t.logpdf,
    )


def of_torch():
    torch = beside.module("torch")
    names = "gammaln digamma erf i0e gammainc expit ndtri".split()
    of, s = torch.distributions, torch.special
    return module_of(
        torch,
        torch.linalg,
        **{name: getattr(s, name) for name in names},
        logsumexp=lambda x: torch.logsumexp(x, 0),
        norm=lambda x, m, sigma: of.Normal(m, sigma, validate_args=False).log_prob(x),
        gamma=lambda x, a: of.Gamma(a, torch.ones_like(a), validate_args=False).log_prob(x),
        t=lambda x, df: of.StudentT(df, validate_args=False).log_prob(x),
    )


def of_autograd():
    numpy = beside.importlib.import_module("autograd.numpy")
    s, d = (beside.importlib.import_module(f"autograd.scipy.{name}") for name in ("special", "stats"))
    names = "gammaln digamma erf gammainc expit logsumexp".split()
    return module_of(
        numpy, numpy.linalg, **{name: getattr(s, name) for name in names}, norm=d.norm.logpdf, gamma=d.gamma.logpdf, t=d.t.logpdf
    )


TOOLS = {"jittape": ours, "compiled": ours, "jax.jit": of_jax, "torch": of_torch, "autograd": of_autograd}


# --- programs: of a tool, what is differentiated, and data --------------------------------------------------------------------


def _total(name):
    return lambda tool, x, data: tool.np.sum(getattr(tool, name)(x))


def eigh(tool, x, data):
    values, vectors = tool.linalg.eigh(x + x.T)
    return tool.np.sum(values**2) + tool.np.sum((vectors**2) @ data)


def svd(tool, x, data):
    u, s, vh = tool.linalg.svd(x, full_matrices=False)
    return tool.np.sum(s**3) + tool.np.sum((u**2) @ data)


def normal(tool, x, data):
    return tool.np.sum(tool.norm(data, x[0], tool.np.exp(x[1])))


def gammas(tool, x, data):
    return tool.np.sum(tool.gamma(x, data))


def students(tool, x, data):
    return tool.np.sum(tool.t(x, data))


def incomplete(tool, x, data):
    return tool.np.sum(tool.gammainc(data, x))


def problems():
    rng = np.random.default_rng(0)
    for n in (8, 32, 128):
        x = rng.normal(size=(n, n))
        yield f"eigh, {n} x {n}", eigh, x, np.arange(n) / n
        yield f"svd, {n} x {n}", svd, x, np.arange(n) / n
    for name in "gammaln digamma erf i0e expit logsumexp ndtri".split():
        for n in SIZES:
            yield f"{name}, {n:,} numbers", _total(name), rng.uniform(0.05, 0.95, n), None
    for n in SIZES:
        yield f"gammainc, {n:,} numbers", incomplete, rng.uniform(0.5, 4.0, n), rng.uniform(0.5, 4.0, n)
        yield f"normal log-density of 2 parameters, {n:,} numbers", normal, np.array([0.3, 0.2]), rng.normal(size=n)
        yield f"gamma log-density, {n:,} numbers", gammas, rng.uniform(0.5, 4.0, n), rng.uniform(0.5, 4.0, n)
        yield f"Student's log-density, {n:,} numbers", students, rng.normal(size=n), rng.uniform(1.0, 9.0, n)


# --- calls --------------------------------------------------------------------------------------------------------------------


def adapted(name, function, x, data):
    """A call of a tool for value and gradient, None if the tool is not there or has not the function."""
    if name in beside.PEERS and beside.module(beside.PEERS[name]) is None:
        return None
    tool = TOOLS[name]()

    def of_tool(_, x, data):
        return function(tool, x, data)

    data = np.zeros(1) if data is None else data
    try:
        calls = itertools.cycle(
            [beside.ADAPTERS[name](of_tool, x * scale, data) for scale in (1.0, 1.0 + 1e-12)]
        )  # no answer is kept
        for _ in range(2):
            next(calls)()
    except (AttributeError, NotImplementedError):
        return None
    return lambda: next(calls)()


def main():
    options = arguments(__doc__).parse_args()
    table = Table(["us", *TOOLS], [52] + [18] * len(TOOLS), options.markdown)
    for name, function, x, data in problems():
        if not all(word in name for word in options.words):
            continue
        calls = {tool: adapted(tool, function, x, data) for tool in TOOLS}
        calls = {tool: call for tool, call in calls.items() if call is not None}
        beside.must_agree(name, calls)
        best = minima(calls, options.seconds)
        table.row([name, *[ratio(best, tool) if tool in best else "" for tool in TOOLS]])


if __name__ == "__main__":
    main()
