"""What tests of worker processes send to them: functions, and what transforms make of these, importable by a new process."""

import os
from collections import Counter

import numpy as np
from numba import njit
from numba.core import event
from scipy.sparse import issparse

import jittape as jt

X = np.linspace(0.5, 1.5, 6)


class _Compilations(event.Listener):
    counts = Counter()

    def on_start(self, e):
        function = e.data["dispatcher"].py_func
        self.counts[function.__module__, function.__qualname__, str(e.data["args"])] += 1

    def on_end(self, e):
        pass


event.register("numba:compile", _Compilations())


def energy(x):
    return (jt.sin(x) * x).sum() + (x[1:] * x[:-1] ** 2).sum()


def cubes(x):
    return (x**3).sum()


def residuals(x):
    return x[1:] * x[:-1] ** 2


def eager_gradient(x):
    leaf = jt.tensor(x, requires_grad=True)
    energy(leaf).backward()
    return leaf.grad.numpy()


@njit
def native_energy(x):
    total = 0.0
    for k in range(x.size - 1):
        total += np.sin(x[k]) * x[k + 1] ** 2
    return total


@njit
def native_residuals(x):
    return x[1:] * x[:-1] ** 2


@jt.compile
def decorated(x):
    return (x**3).sum()


@jt.grad
def decorated_gradient(x):
    return (x**3).sum()


program = jt.compile(jt.value_and_grad(energy))
batched = jt.vmap(jt.grad(energy))
sparse = jt.sparse_jacobian(residuals)

MADE = {
    "eager": lambda: eager_gradient,
    "grad": lambda: jt.grad(energy),
    "value_and_grad": lambda: jt.value_and_grad(energy),
    "jacobian": lambda: jt.jacobian(residuals),
    "hessian": lambda: jt.hessian(energy),
    "hessian_diag": lambda: jt.hessian_diag(cubes),
    "sparse_jacobian": lambda: jt.sparse_jacobian(residuals),
    "sparse_hessian": lambda: jt.sparse_hessian(energy),
    "sparse_hessian of acyclic colours": lambda: jt.sparse_hessian(energy, coloring="acyclic"),
    "sparse_hessian of acyclic colours and a given pattern": lambda: jt.sparse_hessian(
        energy, pattern=jt.sparsity(energy, X, of="hessian"), coloring="acyclic"
    ),
    "sparse_jacobian of a given pattern": lambda: jt.sparse_jacobian(residuals, pattern=jt.sparsity(residuals, X)),
    "sparse_jacobian of a native function": lambda: jt.sparse_jacobian(native_residuals),
    "compile": lambda: jt.compile(energy),
    "compile of a gradient": lambda: jt.compile(jt.grad(energy)),
    "compile of a Hessian": lambda: jt.compile(jt.hessian(energy)),
    "compile of a native gradient": lambda: jt.compile(jt.grad(native_energy)),
    "compile with statics": lambda: jt.compile(jt.grad(energy), static_argnums=()),
    "vmap": lambda: jt.vmap(jt.sin),
    "compiled vmap of a gradient": lambda: jt.compile(jt.vmap(jt.grad(decorated))),
    "decorated": lambda: decorated,
    "decorated gradient": lambda: decorated_gradient,
    "of a module": lambda: program,
    "sparse, of a module": lambda: sparse,
    "native value": lambda: native_energy,
    "native grad": lambda: jt.grad(native_energy),
    "native value_and_grad": lambda: jt.value_and_grad(native_energy),
    "native jacobian": lambda: jt.jacobian(native_residuals),
    "native hessian": lambda: jt.hessian(native_energy),
    "checkpoint": lambda: jt.grad(jt.checkpoint(energy)),
}


def plain(value):
    """Answers as bytes that can be compared from process to process, with dtype and shape."""
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    if issparse(value):
        return plain((value.data, value.indices, value.indptr))
    array = np.asarray(value)
    return str(array.dtype), array.shape, array.tobytes()


def answer(function, x):
    """What a function answers, where, and how often everything has been compiled there so far."""
    return plain(function(x)), os.getpid(), dict(_Compilations.counts)


def program_gradient(x):
    """The gradient of the module's program, for `Pool.map`."""
    return program(x)[1]
