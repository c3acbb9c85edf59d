"""Value and gradient of programs of complex numbers and Fourier transforms, beside JAX, PyTorch and HIPS autograd.

    python benchmarks/fourier_and_complex.py [words of a problem's name] [--seconds 1] [--markdown]

Peers that are not installed are left out. Every program is written once, for a namespace of NumPy's functions; all answers are
compared before anything is timed.
"""

import importlib

import peers  # noqa: F401 - first: it limits the threads
import numba
import numpy as np
from timing import Table, arguments, minima, ratio

import jittape as jt

TOOLS = ["jittape", "compiled", "jax.jit", "torch", "autograd"]


def module(name):
    """A peer, None if it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


# --- programs ---------------------------------------------------------------------------------------------------------


def there_and_back(np, z, h):
    for _ in range(4):
        z = np.fft.ifft(np.fft.fft(z) * h)
    return np.sum(np.abs(z) ** 2 * h.real)


def products(np, z, h):
    total = z
    for _ in range(4):
        total = total @ h + z
    return np.sum(np.abs(total) ** 2)


def burgers(np, u, modes):
    for _ in range(100):
        spectrum = np.fft.rfft(u)
        slope = np.fft.irfft(1j * modes * spectrum)
        bend = np.fft.irfft(-(modes**2) * spectrum)
        u = u + 1e-6 * (0.01 * bend - u * slope)
    return np.sum(u**2)


def elementary(np, z, h):
    return np.sum(np.abs(np.exp(1j * z) * np.sqrt(z) + np.sin(z) / h) ** 2)


def problems():
    rng = np.random.default_rng(0)

    def numbers(*shape):
        return rng.normal(size=shape) + 1j * rng.normal(size=shape)

    for n in (10**3, 10**4, 10**5, 10**6):
        yield f"fft and ifft, {n:,} points", there_and_back, numbers(n), np.exp(1j * rng.normal(size=n))
    for n in (16, 64, 256):
        yield f"products of {n} x {n} matrices", products, numbers(n, n) / n, numbers(n, n) / n
    for n in (256, 4096):
        yield f"spectral Burgers, {n} points, 100 steps", burgers, np.sin(2 * np.pi * np.arange(n) / n), np.arange(n // 2 + 1.0)
    for n in (10**3, 10**5):
        yield f"elementary functions, {n:,} numbers", elementary, numbers(n), 2.0 + numbers(n) / 10


# --- tools ------------------------------------------------------------------------------------------------------------


def by_jittape(function, x, data):
    gradient = jt.value_and_grad(lambda x: function(np, x, data))
    return lambda: gradient(x)


def by_compiled(function, x, data):
    gradient = jt.compile(jt.value_and_grad(lambda x: function(np, x, data)))
    return lambda: gradient(x)


def by_jax(function, x, data):
    jax = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    gradient, x = jax.jit(jax.value_and_grad(lambda x: function(jax.numpy, x, data))), jax.numpy.asarray(x)
    return lambda: jax.block_until_ready(gradient(x))


def by_torch(function, x, data):
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    leaf, data = torch.tensor(x, requires_grad=True), torch.tensor(data)

    def call():
        leaf.grad = None
        value = function(torch, leaf, data)
        value.backward()
        return value.detach(), leaf.grad.conj().resolve_conj()  # PyTorch's convention is the conjugate

    return call


def by_autograd(function, x, data):
    autograd, namespace = importlib.import_module("autograd"), importlib.import_module("autograd.numpy")
    gradient = autograd.value_and_grad(lambda x: function(namespace, x, data))
    return lambda: gradient(x)


ADAPTERS = dict(zip(TOOLS, (by_jittape, by_compiled, by_jax, by_torch, by_autograd)))
PEERS = {"jax.jit": "jax", "torch": "torch", "autograd": "autograd"}


# --- compiled functions -----------------------------------------------------------------------------------------------


@numba.njit
def fidelity(controls):
    """How well pulses turn one qubit: a product of matrix exponentials in closed form, in a loop."""
    a, b = 1.0 + 0j, 0j
    for k in range(len(controls)):
        size = np.sqrt(controls[k] ** 2 + 0.25)
        c, s = np.cos(0.1 * size), np.sin(0.1 * size) / size
        p, q = c - 0.5j * s, -1j * controls[k] * s
        a, b = p * a + q * b, q * a + p.conjugate() * b
    return np.abs(b) ** 2


def fidelity_of_jax(x):
    jax = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    jnp = jax.numpy

    def step(state, control):
        a, b = state
        size = jnp.sqrt(control**2 + 0.25)
        c, s = jnp.cos(0.1 * size), jnp.sin(0.1 * size) / size
        p, q = c - 0.5j * s, -1j * control * s
        return (p * a + q * b, q * a + jnp.conj(p) * b), None

    def value(controls):
        (_, b), _ = jax.lax.scan(step, (1.0 + 0j, 0j), controls)
        return jnp.abs(b) ** 2

    gradient, x = jax.jit(jax.value_and_grad(value)), jnp.asarray(x)
    return lambda: jax.block_until_ready(gradient(x))


def compiled_problem():
    x = np.random.default_rng(0).normal(size=1000)
    gradient = jt.value_and_grad(fidelity)
    calls = {"jittape": lambda: gradient(x)}
    if module("jax") is not None:
        calls["jax.jit"] = fidelity_of_jax(x)
    return "compiled function: a qubit, 1000 pulses", calls


# --- the table --------------------------------------------------------------------------------------------------------


def calls_of(function, x, data):
    installed = [tool for tool in TOOLS if tool not in PEERS or module(PEERS[tool]) is not None]
    return {tool: ADAPTERS[tool](function, x, data) for tool in installed}


def must_agree(name, calls):
    answers = {tool: [np.asarray(part) for part in call()] for tool, call in calls.items()}
    value, gradient = answers["jittape"]
    for tool, (own_value, own_gradient) in answers.items():
        scale = np.abs(gradient).max()
        if not np.isclose(own_value, value, rtol=1e-9) or np.abs(own_gradient - gradient).max() > 1e-8 * scale:
            raise AssertionError(f"{name}: {tool} answers {own_value}, expected {value}")


def main():
    options = arguments(__doc__).parse_args()
    table = Table(["us", *TOOLS], [42] + [18] * len(TOOLS), options.markdown)

    def is_wanted(name):
        return all(word in name for word in options.words)

    found = [(name, calls_of(*program)) for name, *program in problems() if is_wanted(name)]
    found += [row for row in (compiled_problem(),) if is_wanted(row[0])]
    for name, calls in found:
        must_agree(name, calls)
        best = minima(calls, options.seconds)
        table.row([name, *[ratio(best, tool) for tool in TOOLS]])


if __name__ == "__main__":
    main()
