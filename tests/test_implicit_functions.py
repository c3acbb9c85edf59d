"""Implicit functions: derivatives of solutions, to second order and in both modes, whatever solver found them."""

import functools
import pickle

import numba
import numpy as np
import pytest
from scipy.optimize import brentq, minimize, root
from scipy.sparse.linalg import bicgstab, cg, gmres, lsqr

import jittape as jt

MATRIX = np.array([[3.0, 1.0], [0.5, 2.0]])


def residual(x, a, scale=1.0):
    return MATRIX @ x + 0.1 * np.sin(x) * a[2] - scale * a[:2]


def solver(a, scale=1.0):
    return root(residual, np.zeros(2), args=(a, scale), tol=1e-13)


def exact(method):
    return functools.partial(method, rtol=1e-13)


def differences(function, x, step=1e-5):
    """Derivatives by differences, the last axis along x."""
    moves = step * np.eye(x.size)
    return np.stack([(np.asarray(function(x + h)) - np.asarray(function(x - h))) / (2.0 * step) for h in moves], -1)


@pytest.mark.parametrize("linear_solver", [None, exact(gmres), exact(bicgstab)], ids=["dense", "gmres", "bicgstab"])
def test_roots(linear_solver):
    solution = jt.implicit_root(solver, residual, linear_solver)
    a = np.array([1.0, 2.0, 0.7])
    np.testing.assert_allclose(solution(a), solver(a).x)
    jacobian = jt.jacobian(solution)(a)
    np.testing.assert_allclose(jacobian, differences(solution, a), rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(jt.jacfwd(solution)(a), jacobian, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(jt.jvp(solution, (a,), (np.ones(3),))[1], jacobian.sum(1), rtol=1e-11)

    def loss(a):
        return np.sum(solution(a, 2.0) ** 3)

    hessian = jt.hessian(loss)(a)
    np.testing.assert_allclose(hessian, differences(jt.grad(loss), a), rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(jt.hvp(loss, a, np.ones(3)), hessian.sum(1), rtol=1e-9)


def test_numbers_to_third_order():
    cube_root = jt.implicit_root(lambda a: brentq(lambda x: x**3 - a, 0.0, 10.0, xtol=1e-15), lambda x, a: x**3 - a)
    assert cube_root(8.0) == pytest.approx(2.0, rel=1e-14)
    derivative = cube_root
    for expected in (1.0 / 12.0, -2.0 / 9.0 * 8.0 ** (-5 / 3), 10.0 / 27.0 * 8.0 ** (-8 / 3)):
        derivative = jt.grad(derivative)
        assert derivative(8.0) == pytest.approx(expected, rel=1e-10)
    a = jt.tensor(8.0, requires_grad=True)
    (cube_root(a) ** 2).backward()
    assert a.grad.item() == pytest.approx(1.0 / 3.0, rel=1e-12)


def objective(x, p):
    return np.sum((x - p["a"]) ** 2) + p["c"] * np.sum(x**4)


@pytest.mark.parametrize("linear_solver", [None, exact(cg)], ids=["dense", "cg"])
def test_minima(linear_solver):
    def solver(p):
        return minimize(objective, np.zeros(2), args=(p,), jac=jt.grad(objective), tol=1e-9)

    nearest = jt.implicit_minimum(solver, objective, linear_solver)
    p = {"a": np.array([1.0, 2.0]), "c": 0.1}
    found = jt.grad(lambda p: np.sum(nearest(p)))(p)
    x = nearest(p)
    curvature = 2.0 + 1.2 * x**2
    np.testing.assert_allclose(found["a"], 2.0 / curvature, rtol=1e-7)
    np.testing.assert_allclose(found["c"], -np.sum(4.0 * x**3 / curvature), rtol=1e-7)


COVARIANCE = np.array([[0.1, 0.02, 0.01], [0.02, 0.2, 0.03], [0.01, 0.03, 0.3]])


def risk(x, p):
    return 0.5 * x @ COVARIANCE @ x - p["appetite"] * (p["gains"] @ x)


def spent(x, p):
    return np.sum(x) - p["budget"]


def held(x, p):
    return x


def least_risk(p):
    constraints = [{"type": kind, "fun": fun, "args": (p,)} for kind, fun in (("eq", spent), ("ineq", held))]
    options = {"ftol": 1e-15, "maxiter": 500}
    return minimize(risk, np.ones(3) / 3, (p,), "SLSQP", jac=jt.grad(risk), constraints=constraints, options=options)


PORTFOLIO = {"appetite": 0.2, "gains": np.array([0.1, 0.05, 0.2]), "budget": 1.0}


@pytest.mark.parametrize("appetite", [0.2, 2.0], ids=["nothing active", "one share is zero"])
def test_constrained_minima(appetite):
    """Against the conditions' own linear system over the shares that are held."""
    shares, p = jt.implicit_minimum(least_risk, risk, equality=spent, inequality=held), PORTFOLIO | {"appetite": appetite}
    x = shares(p)
    some = x > 1e-9
    n = some.sum()
    system = np.block([[COVARIANCE[np.ix_(some, some)], -np.ones((n, 1))], [np.ones((1, n)), np.zeros((1, 1))]])
    inverse, found = np.zeros((4, 4)), jt.jacobian(shares)(p)
    inverse[np.ix_(np.append(some, True), np.append(some, True))] = np.linalg.inv(system)
    np.testing.assert_allclose(found["gains"], appetite * inverse[:3, :3], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(found["appetite"], inverse[:3, :3] @ p["gains"], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(found["budget"], inverse[:3, 3], rtol=1e-9, atol=1e-9)
    of_budget, of_shares = shares.multipliers(p)
    by_budget = jt.grad(lambda b: risk(shares(p | {"budget": b}), p | {"budget": b}))(1.0)
    assert by_budget == pytest.approx(of_budget[0], rel=1e-7)
    np.testing.assert_array_equal(of_shares > 0.0, ~some)


@pytest.mark.filterwarnings("ignore:jt.compile")  # what SciPy looks at, no trace could replay
def test_constrained_minima_in_every_mode():
    shares = pickle.loads(pickle.dumps(jt.implicit_minimum(least_risk, risk, equality=spent, inequality=held)))

    def first(appetite):
        return shares(PORTFOLIO | {"appetite": appetite})[0] ** 2

    slope = jt.grad(first)(0.2)
    assert jt.jvp(first, (0.2,), (1.0,))[1] == pytest.approx(slope, rel=1e-12)
    assert jt.vmap(jt.grad(first))(np.array([0.2, 2.0]))[0] == pytest.approx(slope, rel=1e-12)
    x = shares(PORTFOLIO)[0]
    assert jt.grad(jt.grad(first))(0.2) == pytest.approx(2.0 * (slope / (2.0 * x)) ** 2, rel=1e-6)  # shares are linear here
    t = jt.tensor(0.2, dtype=jt.float64, requires_grad=True)
    (shares(PORTFOLIO | {"appetite": t, "gains": jt.tensor(PORTFOLIO["gains"])})[0] ** 2).backward()
    assert t.grad.item() == pytest.approx(slope, rel=1e-12)


def test_where_a_constraint_begins_to_hold():
    nearest = jt.implicit_minimum(lambda a: max(a, 0.0), lambda x, a: (x - a) ** 2, inequality=lambda x, a: x)
    assert [jt.grad(nearest)(a) for a in (2.0, -2.0)] == [1.0, 0.0]
    with pytest.raises(jt.errors.NotSolvedError, match="inequality 0 holds with 0 and its multiplier is 0 as well"):
        jt.grad(nearest)(0.0)
    with pytest.raises(jt.errors.NotSolvedError, match="has not found a solution"):
        jt.grad(jt.implicit_minimum(lambda a: a + 1.0, lambda x, a: (x - a) ** 2, inequality=lambda x, a: x))(2.0)
    with pytest.raises(TypeError, match="got dict as inequality, expected a function"):
        jt.implicit_minimum(least_risk, risk, inequality={})


def test_numbers_beside_others_in_one_argument():
    """An argument that is a tree may have constants in it."""
    root = jt.implicit_root(lambda a, p: (p["b"] / a) ** (1 / p["n"]), lambda x, a, p: a * x ** p["n"] - p["b"])
    by_a, by_b = jt.grad(lambda a, b: root(a, {"b": b, "n": 3}), argnums=(0, 1))(2.0, 16.0)
    assert (by_a, by_b) == pytest.approx((-1.0 / 3.0, 1.0 / 24.0), rel=1e-12)


def halved(x, a):
    return 0.5 * (x + a / x)


def test_fixed_points_in_every_mode():
    square_root = jt.fixed_point(lambda a: float(np.sqrt(a)), halved)
    assert jt.grad(square_root)(4.0) == 0.25
    compiled = jt.compile(jt.grad(lambda a: square_root(a) * a))
    for a in (4.0, 9.0):
        assert compiled(a) == pytest.approx(1.5 * a**0.5, rel=1e-14)
    np.testing.assert_allclose(jt.vmap(jt.grad(square_root))(np.array([1.0, 4.0])), [0.5, 0.25], rtol=1e-14)
    square_root = pickle.loads(pickle.dumps(jt.fixed_point(np.sqrt, halved)))
    assert jt.grad(square_root)(4.0) == 0.25


@numba.njit
def bisected(a):
    low, high = 0.0, 10.0
    for _ in range(100):
        middle = 0.5 * (low + high)
        if middle**3 + middle < a:
            low = middle
        else:
            high = middle
    return low


@numba.njit
def cubic(x, a):
    return x**3 + x - a


def test_compiled_searches():
    """Bisection answers by comparisons and has no derivative of its own."""
    found = jt.implicit_root(bisected, cubic)
    assert jt.grad(found)(10.0) == pytest.approx(1.0 / 13.0, rel=1e-12)


def test_what_is_no_solution_has_no_derivative():
    wrong = jt.implicit_root(lambda a: 1.0, lambda x, a: x - a)
    assert wrong(2.0) == 1.0
    with pytest.raises(jt.errors.NotSolvedError, match=r"a step of Newton's method is 1 there, expected at most 2e-05"):
        jt.grad(wrong)(2.0)
    assert jt.grad(jt.implicit_root(lambda a: 1.0, lambda x, a: x - a, tolerance=None))(2.0) == 1.0
    with pytest.raises(jt.errors.NotSolvedError, match="the residual is 1 there"):
        jt.grad(jt.implicit_root(lambda a: 1.0, lambda x, a: x - a, exact(gmres)))(2.0)
    failing = jt.implicit_root(lambda a: root(lambda x: x**2 + 1.0, 0.5), lambda x, a: x**2 + a)
    with pytest.raises(jt.errors.NotSolvedError, match="the solver did not converge"):
        failing(1.0)
    stuck = jt.implicit_root(lambda a: a, lambda x, a: x - a, lambda operator, b: (b, 3))
    with pytest.raises(jt.errors.NotSolvedError, match="the linear solver did not converge: it answered 3"):
        jt.grad(stuck)(2.0)
    with pytest.raises(jt.errors.ShapeError, match=r"the residual has shape \[2\], expected that of the solution, \[\]"):
        jt.grad(jt.implicit_root(lambda a: a, lambda x, a: np.ones(2) * (x - a)))(2.0)
    with pytest.raises(TypeError, match="got int as residual, expected a function"):
        jt.implicit_root(solver, 3)


def test_singular_systems_are_named():
    double = jt.implicit_root(lambda a: np.zeros(2), lambda x, a: x**2 - 0.0 * a)
    with pytest.raises((jt.errors.SingularError, jt.errors.NotSolvedError)):
        jt.jacobian(double)(1.0)


def _newton(a, b):
    x = 1.0
    for _ in range(60):
        x = x - (x**3 + b * x - a) / (3.0 * x * x + b)
    return x


def _by_root(b):
    return jt.implicit_root(lambda a: _newton(a, 2.0), lambda x, a: x**3 + b * x - a)


def _by_fixed_point(b):
    return jt.fixed_point(lambda a: a / (1.0 - 0.25 * 2.0), lambda x, a: a + 0.25 * b * x)


def _by_minimum(b):
    return jt.implicit_minimum(lambda a: a * 2.0, lambda x, a: (x - a * b) ** 2)


def _by_radau(b):
    return lambda a: jt.solve_ivp(lambda t, y: -b * y, (0.0, 0.1), a * np.ones(1), method="Radau").y[0, -1]


@pytest.mark.parametrize("make", [_by_root, _by_fixed_point, _by_minimum, _by_radau], ids=lambda f: f.__name__)
def test_equations_that_close_over_what_is_differentiated_are_refused(make):
    """The solver gets plain numbers, so the derivative would be lost."""
    weight = jt.tensor(2.0, requires_grad=True)
    ways = [
        lambda: jt.grad(lambda b: make(b)(3.0))(2.0),
        lambda: jt.jvp(lambda b: make(b)(b), (2.0,), (1.0,)),
        lambda: jt.grad(make(weight))(3.0),
        lambda: make(weight * 1.0)(jt.tensor(3.0)),
    ]
    for way in ways:
        with pytest.raises(RuntimeError, match="is not among its arguments"):
            way()
    assert np.isfinite(jt.grad(make(2.0))(3.0))
    with jt.no_grad():
        make(weight)(3.0)


def test_singular_systems_by_least_squares():
    def residual(x, a):
        return np.stack([x[0] + x[1] - a, 2.0 * (x[0] + x[1] - a)])

    by_solve = jt.implicit_root(lambda a: np.full(2, 0.5 * a), residual)
    smallest = jt.implicit_root(lambda a: np.full(2, 0.5 * a), residual, lambda A, b: lsqr(A, b)[0])
    with pytest.raises(np.linalg.LinAlgError, match="Singular matrix"):
        jt.jacobian(by_solve)(4.0)
    np.testing.assert_allclose(jt.jacobian(smallest)(4.0), [0.5, 0.5], rtol=1e-12)
