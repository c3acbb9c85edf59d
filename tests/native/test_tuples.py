"""Tuples, named or not, whose members differ in what is differentiated, and numbers that may be None."""

import collections

import numpy as np
import pytest
from numba import njit, typed

from .differences import check, noting

pytestmark = pytest.mark.sampled(0.5, of="module")

X = np.array([1.5, 2.0, 3.0])
P = collections.namedtuple("P", "a b")

PROGRAMS = []
program = noting(PROGRAMS, X)


@program()
@njit
def tuple_hetero(x):
    t = (x[0] * x[1], 3, x, "a")
    return t[0] * t[1] + t[2][0]


@program()
@njit
def tuple_merge(x):
    if x[0] > 1.0:
        t = (x[0] * x[1], 1.0)
    else:
        t = (2.0, x[2] * x[1])
    return t[0] * t[1] + x[2]


@program()
@njit
def named_merge(x):
    if x[0] > 1.0:
        t = P(x[0] * x[1], 1.0)
    else:
        t = P(2.0, x[2])
    return t.a * t.b


@program()
@njit
def named_loop(x):
    t = P(0.0, 1.0)
    for v in x:
        t = P(t.a + v * v, t.b * v)
    return t.a * t.b


@program()
@njit
def tuple_loop(x):
    a = (1.0, 0.0)
    for v in x:
        a = (a[0] * v, a[1] + v)
    return a[0] * a[1]


@program()
@njit
def equal_tuple_runtime(x):
    t = (x[0] * x[1], x[1], x[2])
    s = 0.0
    for i in range(3):
        s += t[i] * t[2 - i]
    return s


@program()
@njit
def equal_tuple_forms(x):
    t = (x[0] * x[1], x[1] * x[2], x[2] + x[0])
    s = 0.0
    for i in range(3):
        s += t[i] * (i + 1)
    for v in t:
        s += v * v
    return s


@program()
@njit
def equal_tuple_mixed(x):
    t = (x[0] * x[1], 1.0, x[2])
    s = 0.0
    for i in range(3):
        s += t[i] * (i + 1)
    for v in t:
        s += v * v
    return s


@program()
@njit
def tuple_unpack_loop(x):
    a, b = x[0], x[1]
    for i in range(4):
        a, b = b, a * b
    return a + b


@program()
@njit
def typed_list_of_named(x):
    kept = typed.List()
    kept.append(P(x[0] * x[1], 1.0))
    kept.append(P(0.5, x[2]))
    s = 0.0
    for p in kept:
        s += p.a * p.b
    return s


@program()
@njit
def list_of_named(x):
    kept = [P(x[0] * x[1], 1.0), P(0.5, x[2])]
    kept.append(P(1.0, 2.0))
    s = 0.0
    for p in kept:
        s += p.a * p.b
    return s


@program()
@njit
def tuple_concat(x):
    t = (x[0], 1.0) + (x[1] * x[2],)
    return t[0] * t[2] + t[1]


@program(X, P(2.0, 3.0))
@njit
def named_arg_merge(x, p):
    best = p
    if x[0] > 1.0:
        best = P(x[0] * x[1], 1.0)
    return best.a * best.b + p.a * x[2]


@program(X, P(2.0, np.ones(3)))
@njit
def named_arg_hetero(x, p):
    return p.a * x[2] + np.sum(p.b * x)


@njit
def named_active_(p):
    q = P(p.a * 2.0, p.b)
    if p.a > 1.0:
        q = P(p.a * p.b[0], p.b * p.a)
    return q.a * np.sum(q.b)


@program()
@njit
def named_active(x):
    return named_active_(P(x[0], x))


@njit
def step(state, dt):
    return P(state.a + dt * state.b, state.b - dt * state.a)


@program()
@njit
def named_state(x):
    s = P(x[0], 0.0)
    for i in range(5):
        s = step(s, 0.1)
    return s.a * s.b


@njit
def fact_named(s, n):
    if n == 0:
        return s
    return fact_named(P(s.a * s.b, s.b + 1.0), n - 1)


@program()
@njit
def rec_named(x):
    r = fact_named(P(x[0], x[1]), 3)
    return r.a * r.b


@njit
def maybe(x):
    if x > 10.0:
        return None
    return x * x


@program()
@njit
def optional_val(x):
    v = None
    if x[0] > 1.0:
        v = x[0] * x[1]
    if v is None:
        return 0.0
    return v * x[2]


@program()
@njit
def optional_ret(x):
    r = maybe(x[0])
    if r is not None:
        return r * x[1]
    return x[2]


@program()
@njit
def opt_loop(x):
    best = None
    for v in x:
        w = v * x[0]
        if best is None or w > best:
            best = w
    if best is None:
        return 0.0
    return best * best


@njit
def opt_default(x, scale=None):
    if scale is None:
        return x * x
    return x * scale


@program()
@njit
def opt_arg(x):
    return opt_default(x[0]) + opt_default(x[1], x[2]) + opt_default(x[2], None)


@program(X, None)
@njit
def opt_arg_py(x, s=None):
    if s is None:
        return x[0] * x[1]
    return x[0] * s


@njit
def thrower(v):
    if v > 1.0:
        raise ValueError("big")
    return v * v


@program()
@njit
def exc_in_callee(x):
    try:
        r = thrower(x[0])
    except Exception:
        r = x[1] * x[2]
    return r


@program()
@njit
def try_except(x):
    s = 0.0
    try:
        s = x[0] * x[1]
        if s < 0.0:
            raise ValueError("neg")
    except Exception:
        s = x[2]
    return s * x[0]


@program()
@njit
def try_raised(x):
    s = x[0]
    try:
        s = x[0] * x[1]
        if s > 0.0:
            raise ValueError("pos")
        s = 0.0
    except Exception:
        s = s * x[2]
    finally:
        s = s * 2.0
    return s * x[0]


@pytest.mark.parametrize("function, args", PROGRAMS)
def test_program(function, args):
    check(function, *args, forward=True)
