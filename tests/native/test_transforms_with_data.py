"""Every transform of compiled functions, with every way to give arguments: as of the same function written in Python."""

import functools

import numpy as np
import pytest
from numba import njit

import jittape as jt

from .test_arguments import assert_same


@njit
def square(x):
    return x * x


@njit
def of_array(x, w, places, scale, flag=True, name="a", pair=(2.0, 3)):
    total = 0.0
    for k in places:
        total += x[k] ** 3 * w * scale(w)
    if flag:
        total *= pair[0]
    return total + w * w if name == "a" else total * w


@njit
def of_number(x, w, places, scale, flag=True, name="a", pair=(2.0, 3)):
    total = x * x * w
    for k in places:
        total += np.sin(x * k) * scale(w)
    if flag:
        total *= pair[0]
    return total + w * w if name == "a" else total * w


@njit
def array_and_more(x, w, places, scale, flag=True, name="a", pair=(2.0, 3)):
    return of_array(x, w, places, scale, flag, name, pair), (x[0], len(places))


@njit
def number_and_more(x, w, places, scale, flag=True, name="a", pair=(2.0, 3)):
    return of_number(x, w, places, scale, flag, name, pair), (2.0 * x, len(places))


class Model:
    """Holds a compiled function."""

    def __init__(self, function, scale):
        self.function, self.scale, self.places = function, scale, PLACES

    def __call__(self, x, w):
        return self.function(x, w, self.places, self.scale, False)

    def energy(self, x, w):
        return self(x, w)


X, W, PLACES = {"array": np.array([0.5, -1.5, 2.0]), "number": 0.7}, 1.5, np.array([0, 2, 1, 2])
V = {"array": np.array([1.0, 0.0, -2.0]), "number": 2.0}
FUNCTIONS = {
    ("array", False): of_array,
    ("number", False): of_number,
    ("array", True): array_and_more,
    ("number", True): number_and_more,
}
WAYS = {  # function, and data by position and by keyword
    "positions": lambda f, scale: (f, (PLACES, scale, False, "b", (1.5, 2)), {}),
    "defaults": lambda f, scale: (f, (PLACES, scale), {}),
    "keywords": lambda f, scale: (f, (), {"places": PLACES, "scale": scale, "name": "b"}),
    "partial": lambda f, scale: (functools.partial(f, places=PLACES, scale=scale, flag=False), (), {}),
    "lambda": lambda f, scale: (lambda x, w: f(x, w, PLACES, scale, True, "b"), (), {}),
    "method": lambda f, scale: (Model(f, scale).energy, (), {}),
    "object": lambda f, scale: (Model(f, scale), (), {}),
}


def of_function(transform, **options):
    """A transform that answers with a function."""
    return lambda f, aux, x, v, data, named: transform(f, **options, **aux)(x, W, *data, **named)


def along(f, aux, x, v, data, named):
    return jt.jvp(f, (x, W, *data), (v, 0.5, *[None] * len(data)), **aux, **named)


def pulled_back(f, aux, x, v, data, named):
    value, pull, *more = jt.vjp(f, x, W, *without_mixed(data), **aux, **named)
    x_bar, w_bar, *others = pull(1.5)
    assert others == [None] * len(without_mixed(data))
    return value, x_bar, w_bar, *more


def without_mixed(data):
    """Data without a tuple of floats and integers, which would be differentiated."""
    return data[:4]


def linearized(f, aux, x, v, data, named):
    data = without_mixed(data)
    value, push = jt.linearize(f, x, W, *data, **named)
    return value, push(v, 0.5, *[None] * len(data)), push(None, 2.0, *[None] * len(data))


TRANSFORMS = {
    "grad": of_function(jt.grad),
    "grad of both": of_function(jt.grad, argnums=(1, 0)),
    "value_and_grad": of_function(jt.value_and_grad),
    "jacobian": of_function(jt.jacobian, argnums=(0, 1)),
    "jacrev": of_function(jt.jacrev),
    "jacfwd": of_function(jt.jacfwd, argnums=1),
    "hessian": of_function(jt.hessian),
    "hessian_diag": of_function(jt.hessian_diag),
    "hvp": lambda f, aux, x, v, data, named: jt.hvp(f, x, v, W, *data, **named),
    "jvp": along,
    "vjp": pulled_back,
    "linearize": linearized,
}
WITHOUT_AUX = ("hessian_diag", "hvp", "linearize")


def cells():
    for transform in TRANSFORMS:
        for way in WAYS:
            for kind in X:
                yield transform, way, kind, False
                if transform not in WITHOUT_AUX and way in ("positions", "partial"):
                    yield transform, way, kind, True


@pytest.mark.sampled(2, most=80)
@pytest.mark.parametrize("transform, way, kind, has_aux", list(cells()))
def test_compiled_functions_are_transformed_as_others(transform, way, kind, has_aux):
    compiled = FUNCTIONS[kind, has_aux]
    aux = {"has_aux": True} if has_aux else {}
    found, expected = [
        TRANSFORMS[transform](function, aux, X[kind], V[kind], data, named)
        for function, data, named in (WAYS[way](compiled, square), WAYS[way](compiled.py_func, square))
    ]
    assert_same(found, expected)


@pytest.mark.parametrize("f", [of_number, of_number.py_func], ids=["compiled", "python"])
def test_data_has_no_derivatives(f):
    data = (PLACES, square)
    with pytest.raises(jt.errors.DTypeError, match="integers are not defined"):
        jt.jvp(f, (0.7, W, *data), (1.0, 1.0, np.zeros(4), None))
    with pytest.raises(jt.errors.DTypeError, match="integers are not defined"):
        jt.vjp(f, 3, W, *data, False, "b", (1.5, 2))
    _, push = jt.linearize(f, 0.7, W, *data)
    with pytest.raises(TypeError, match="tangent for primal 2, which is data"):
        push(1.0, 1.0, np.zeros(4), None)
    with pytest.raises(TypeError, match="3 tangents"):
        push(1.0, 1.0, None)


def test_what_is_written_to_data_later_is_not_seen():
    places = PLACES.copy()
    _, pull = jt.vjp(of_number, 0.7, W, places=places, scale=square)
    _, push = jt.linearize(of_number, 0.7, W, places=places, scale=square)
    before = pull(1.0), push(1.0, 1.0)
    places[:] = 7
    assert (pull(1.0), push(1.0, 1.0)) == before
