"""Riccati's algebraic equations, by SciPy, and discrete Lyapunov equations.

Their solution x is symmetric; a change of the coefficients changes it as a Lyapunov equation with the closed loop says:
``loop.T @ x_dot + x_dot @ loop = -m`` in continuous time, ``x_dot - loop.T @ x_dot @ loop = m`` in discrete time, where m is
linear in the changes. Both triangles of symmetric coefficients share an adjoint.
"""

import numpy as np
import scipy.linalg

from ..tensors.tensor import wrap
from .complex_parts import conj
from .declare_structured import structured
from .matrix_equations import solve_sylvester_values
from .matrix_functions import calling_lapack, solve_values, turned
from .products import matmul
from .shape_functions import reshape, unsqueeze
from .shape_rules import expect


def solve_discrete_lyapunov(a, q):
    """The x of ``a @ x @ a.T - x + q = 0``, of Tensors; the second matrix is that of conjugates."""
    n = a.shape[0]
    products = reshape(unsqueeze(unsqueeze(a, 1), 3) * unsqueeze(unsqueeze(conj(a), 0), 2), (n * n, n * n))
    x = solve_values.apply(wrap(np.eye(n * n, dtype=a.dtype)) - products, reshape(q, (n * n, 1)))
    return reshape(x, (n, n))


def _symmetric(x):
    return 0.5 * (x + turned(x))


def _riccati(name, gain, lyapunov, through):
    """Declare an equation: its feedback, what solves for a change of x, and what multiplies a change of the closed loop."""
    theirs = getattr(scipy.linalg, name)

    def values(arrays):
        return calling_lapack(theirs, f"scipy.linalg.{name}", *arrays)

    values.__name__, values.__doc__ = f"{name}_values", f"SciPy's `{name}` of a, b, q and r."
    operation = structured(arity=-1, grad_name="RiccatiBackward0")(values)
    operation.shaped(_shape)

    def at(y, operands):
        a, b, q, r = operands
        k = gain(y, a, b, r)
        loop = a - matmul(b, k)
        return k, loop, through(y, loop)

    def pullback(place, y_bar, y, operands):
        k, loop, p = at(y, operands)
        s = lyapunov(loop, _symmetric(y_bar))
        if place >= 2:
            return s if place == 2 else matmul(k, matmul(s, turned(k)))
        a_bar = 2.0 * matmul(p, s)
        return a_bar if place == 0 else -matmul(a_bar, turned(k))

    def pushforward_of(place):
        def pushforward(x_dot, y, *operands):
            k, loop, p = at(y, operands)
            if place >= 2:
                m = x_dot if place == 2 else matmul(turned(k), matmul(x_dot, k))
            else:
                m = 2.0 * matmul(turned(p), x_dot if place == 0 else -matmul(x_dot, k))
            return lyapunov(turned(loop), _symmetric(m))

        return pushforward

    operation.pullback_of(0)(pullback)
    for place in range(4):
        operation.pushforward_of(place)(pushforward_of(place))
    return operation


def _shape(shapes):
    a, b, q, r = shapes
    expect(all(len(s) == 2 for s in shapes) and a[0] == a[1] == b[0] and q == a and r == (b[1], b[1]), "matrices that fit")
    return a


def _continuous_gain(x, a, b, r):
    return solve_values.apply(r, matmul(turned(b), x))


def _discrete_gain(x, a, b, r):
    xb = matmul(x, b)
    return solve_values.apply(r + matmul(turned(b), xb), matmul(turned(xb), a))


def _continuous_lyapunov(loop, m):
    return solve_sylvester_values.apply(loop, turned(loop), -m)


def _itself(x, loop):
    return x


solve_continuous_are_values = _riccati("solve_continuous_are", _continuous_gain, _continuous_lyapunov, _itself)
solve_discrete_are_values = _riccati("solve_discrete_are", _discrete_gain, solve_discrete_lyapunov, matmul)
