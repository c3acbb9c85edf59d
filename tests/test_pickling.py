"""Functions made of functions travel to other processes: pickled by what they were made of."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
from numba import njit

import jittape as jt


def cube(x):
    return (x**3).sum()


def moved(x, y):
    return (x * y).sum()


@njit
def product(x):
    return x[0] * x[1] ** 2


@jt.compile
def decorated(x):
    return (x * x).sum()


@jt.grad
def decorated_gradient(x):
    return (x * x).sum()


@jt.custom_vjp
def doubled(x):
    return x * 2.0


doubled.defvjp(lambda x: (x * 2.0, None), lambda _, y_bar: (y_bar * 2.0,))


@njit
def relax(state, k, rate):
    return state - rate * state


X = np.array([1.0, 2.0])
OBJECTS = {
    "grad": (lambda: jt.grad(cube), (X,)),
    "value_and_grad": (lambda: jt.value_and_grad(cube), (X,)),
    "argnums": (lambda: jt.grad(moved, (0, 1)), (X, 3 * X)),
    "jacobian": (lambda: jt.jacobian(np.sin), (X,)),
    "jacfwd": (lambda: jt.jacfwd(np.sin), (X,)),
    "hessian": (lambda: jt.hessian(cube), (X,)),
    "hessian_diag": (lambda: jt.hessian_diag(cube), (X,)),
    "compile": (lambda: jt.compile(cube), (X,)),
    "compile of a gradient": (lambda: jt.compile(jt.grad(cube)), (X,)),
    "compile with statics": (lambda: jt.compile(lambda_free, static_argnums=1), (X, 2)),
    "vmap": (lambda: jt.vmap(cube), (np.ones((3, 2)),)),
    "vmap of a gradient": (lambda: jt.vmap(jt.grad(cube)), (np.ones((3, 2)),)),
    "checkpoint": (lambda: jt.checkpoint(cube), (X,)),
    "decorated": (lambda: decorated, (X,)),
    "decorated gradient": (lambda: decorated_gradient, (X,)),
    "custom rule": (lambda: jt.grad(doubled), (2.0,)),
    "native grad": (lambda: jt.grad(product), (X,)),
    "native value_and_grad": (lambda: jt.value_and_grad(product), (X,)),
    "native jacobian": (lambda: jt.jacobian(product), (X,)),
    "native hessian": (lambda: jt.hessian(product), (X,)),
    "native checkpointed": (lambda: jt.native.checkpointed(relax, 10), (1.0, 0.1)),
}


def lambda_free(x, n):
    return (x**n).sum()


def same(a, b):
    for left, right in zip(jt_leaves(a), jt_leaves(b), strict=True):
        np.testing.assert_array_equal(left, right)


def jt_leaves(value):
    return [x for part in value for x in jt_leaves(part)] if isinstance(value, tuple) else [value]


@pytest.mark.sampled(8)
@pytest.mark.parametrize("is_used", [False, True], ids=["fresh", "used"])
@pytest.mark.parametrize("name", OBJECTS)
def test_pickle_brings_them_back(name, is_used):
    make, args = OBJECTS[name]
    made = make()
    if is_used:
        made(*args)
    again = pickle.loads(pickle.dumps(made))
    same(again(*args), made(*args))


@pytest.mark.parametrize("name", OBJECTS)
def test_cloudpickle_brings_them_back(name):
    cloudpickle = pytest.importorskip("cloudpickle")
    make, args = OBJECTS[name]
    made = make()
    same(pickle.loads(cloudpickle.dumps(made))(*args), made(*args))


@pytest.mark.parametrize(
    "make", [jt.grad, jt.value_and_grad, jt.compile, jt.vmap, jt.hessian, jt.checkpoint], ids=lambda f: f.__name__
)
def test_cloudpickle_takes_functions_without_a_name(make):
    cloudpickle = pytest.importorskip("cloudpickle")
    scale = 3.0
    made = make(lambda x: (scale * x * x).sum())
    args = (np.ones((2, 2)),) if make is jt.vmap else (X,)
    same(pickle.loads(cloudpickle.dumps(made))(*args), made(*args))


def test_another_process_computes_the_same(tmp_path):
    (tmp_path / "work.py").write_text(
        "import numpy as np, jittape as jt\n"
        "from numba import njit\n"
        "@njit\ndef product(x):\n    return x[0] * x[1] ** 2\n"
        "@jt.compile\ndef energy(x):\n    return (x * x).sum()\n"
        "gradient, native = jt.compile(jt.grad(energy)), jt.grad(product)\n"
    )
    program = f"import sys, pickle; sys.path.insert(0, {str(tmp_path)!r}); import work, numpy as np; x = np.array([1.0, 2.0])\n"
    dump = program + "sys.stdout.buffer.write(pickle.dumps((work.energy, work.gradient, work.native)))"
    data = subprocess.run([sys.executable, "-c", dump], capture_output=True, check=True).stdout
    load = program + "print([f(x).tolist() if i else f(x) for i, f in enumerate(pickle.loads(sys.stdin.buffer.read()))])"
    answer = subprocess.run([sys.executable, "-c", load], input=data, capture_output=True, check=True).stdout
    assert answer.decode().split("\n")[-2] == "[5.0, [2.0, 4.0], [4.0, 4.0]]"
