"""The same programs under NUMBA_DISABLE_JIT=1: the engine and the kernels run as plain Python, and agree."""

import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest

import jittape

PROGRAM = """
import warnings
warnings.simplefilter("error", RuntimeWarning)
import numpy as np
import jittape as jt
from jittape.autograd.sweeps_across_tapes import tangent_of

answers = []


def note(*values):
    for v in values:
        v = v.detach().numpy() if isinstance(v, jt.Tensor) else v
        v = np.array(v)
        answers.append((1e-6 if v.dtype == np.float32 else 1e-12, *v.ravel().tolist()))


def leaf(values, **kw):
    return jt.tensor(values, requires_grad=True, **kw)


def test_elementwise_and_broadcasting():
    x, w = leaf([0.3, -0.7, 1.2]), leaf([[0.1, 0.2, 0.3], [0.4, -0.5, 0.6]])
    y = jt.tanh(w * x) + 2.0 - 1.0 / jt.exp(x)
    note(y, *jt.autograd.grad(y.sum(), (x, w)))


def test_programs_and_lanes():
    def function(x):
        y = x.clone()
        y[1:] += jt.tanh(x[:-1])
        a, b = y[0], y[1]
        for _ in range(6):
            a, b = a * 0.9 + jt.sin(b), b - a
        return (jt.where(y > 0, y, -y) * y).sum() + (jt.outer(y, x) @ x).mean() + a * b

    compiled = jt.compile(jt.value_and_grad(function))
    for start in (0.3, -0.2):
        note(*compiled(np.linspace(start, 1.0, 5)))
    note(jt.vmap(jt.grad(function), chunk=2)(np.linspace(0.1, 1.0, 15).reshape(3, 5)))


def test_views_and_writes_in_place():
    x = leaf([0.3, -0.7, 1.2, 0.1])
    y = x * 1.5
    y[1:] = y[:-1] * x[1:]
    y[0] += 3.0
    z = y.reshape(2, 2).T
    loss = (z * z).sum() + z[0, 1]
    y[2] = 100.0
    (g,) = jt.autograd.grad(loss, x, retain_graph=True)
    note(loss, y, g)
    y[:2].sum().backward()
    note(x.grad, y)


def test_reductions_and_products():
    a, b = leaf(np.arange(6.0).reshape(2, 3) / 7), leaf(np.arange(12.0).reshape(3, 4) / 11 - 0.4)
    c = a @ b
    loss = c.sum(0).prod() + jt.amax(c) + c.mean() + jt.logsumexp(c, 1).sum() + jt.cat([a, a * 2.0]).sum()
    note(loss, *jt.autograd.grad(loss, (a, b)))


def test_higher_derivatives():
    x = leaf([0.3, -0.7, 1.2])
    y = (jt.sin(x) * x[0] + x ** 3).sum()
    (g,) = jt.autograd.grad(y, x, create_graph=True)
    (h,) = jt.autograd.grad((g * g).sum(), x)
    note(g, h)


def test_tangents():
    x = leaf([0.3, -0.7, 1.2])
    y = x * 2.0
    y[1] = x[0] * x[2]
    z = (jt.exp(y) * x).sum()
    note(*tangent_of([z, y], [x], [np.array([1.0, -2.0, 0.5])]))


def test_compaction_hooks_and_memory_of_numpy():
    x, memory = leaf([1.0, 2.0]), np.array([3.0, -4.0])
    kept = [(jt.square(x) * float(k)).sum() for k in range(10)]
    kept[3].register_hook(lambda g: g * 2.0)
    [x * 1.0 for _ in range(50)]
    tape = kept[0]._tape
    rows = len(tape)
    tape.compact()
    assert len(tape) < rows
    kept[3].backward()
    note(x.grad)
    s = jt.from_numpy(memory)
    z = (x * s).sum()
    memory[0] = 30.0
    try:
        z.backward()
        raise AssertionError("a change of memory was not seen")
    except jt.errors.VersionError:
        note(1.0)
    (x * s).sum().backward()
    note(x.grad)


def test_single_precision_empty_and_large():
    f = leaf([0.5, 0.25], dtype=jt.float32)
    jt.exp(f).sum().backward()
    e = leaf(np.zeros((0, 3)))
    (e * 2.0).sum().backward()
    n = leaf(np.linspace(0.0, 1.0, 2500).reshape(50, 50))
    (n.T * n + n[:, :1]).sum().backward()
    note(f.grad, e.grad, n.grad)


def test_transforms():
    x, v = np.array([0.3, 0.9, 0.5]), np.array([1.0, -2.0, 0.5])
    A = np.arange(9.0).reshape(3, 3) / 10

    def f(x):
        return np.sum(np.tanh(A @ x) ** 2 * x / (1.0 + x[1])) + np.sum(np.exp(x[1:] * x[:1]))

    def g(x):
        u = np.zeros_like(x)
        u[1:] = x[1:] * x[:-1]
        return np.sum(np.concatenate([u * u, np.sin(x)]) ** 2)

    note(jt.grad(f)(x), jt.hessian(f)(x), jt.hvp(f, x, v), jt.jacfwd(jt.grad(f))(x), jt.jvp(f, (x,), (v,))[1])
    note(jt.grad(g)(x), jt.hessian(g)(x), jt.jacfwd(g)(x), jt.jacrev(lambda x: A @ np.sin(x) * x[0])(x))


for name, test in list(globals().items()):
    if name.startswith("test_"):
        test()
for a in answers:
    print(" ".join(f"{v:.17g}" for v in a))
"""


def answers(**environment):
    path = str(pathlib.Path(jittape.__file__).parent.parent)
    env = {k: v for k, v in os.environ.items() if k != "NUMBA_DISABLE_JIT"} | {"PYTHONPATH": path} | environment
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=env, cwd=path, text=True, capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return [np.array(line.split(), float) for line in done.stdout.split("\n")[:-1]]


@pytest.fixture(scope="module")
def pairs():
    plain, jitted = answers(NUMBA_DISABLE_JIT="1"), answers()
    assert len(plain) == len(jitted) > 20
    return list(zip(plain, jitted))


def test_plain_python_gives_the_compiled_numbers(pairs):
    for plain, jitted in pairs:
        np.testing.assert_allclose(plain[1:], jitted[1:], rtol=jitted[0], atol=1e-14)


def test_the_engine_is_really_not_compiled():
    program = "import jittape as jt; from jittape.sweeps.reverse_sweep import reverse; print(type(reverse).__name__)"
    env = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(pathlib.Path(jittape.__file__).parent.parent)}
    done = subprocess.run([sys.executable, "-c", program], env=env, text=True, capture_output=True, check=True, timeout=120)
    assert done.stdout.strip() == "function"
