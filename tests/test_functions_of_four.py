"""Functions of ``scipy.special`` of four numbers, and Lambert's function: derivatives against differences of SciPy's values."""

import mpmath
import numpy as np
import pytest
import scipy.special as theirs

import jittape as jt
from jittape.scipy import special

X = np.array([0.3, -0.2, 0.55])
CONSTANTS = {"hyp2f1": (np.array([0.5, 1.0, 2.0]), 1.5, 2.5), "eval_jacobi": (np.array([0.0, 1.0, 3.0]), 0.5, 1.5)}


@pytest.mark.parametrize("name", CONSTANTS)
def test_derivatives_by_the_last_argument(name):
    ours, constants, step = getattr(special, name), CONSTANTS[name], 1e-5

    def total(x):
        return np.sum(ours(*constants, x) * x)

    def elements(x):
        return getattr(theirs, name)(*constants, x) * x

    gradient = jt.grad(total)
    np.testing.assert_allclose(gradient(X), (elements(X + step) - elements(X - step)) / (2 * step), rtol=1e-8, atol=1e-9)
    second = (gradient(X + step) - gradient(X - step)) / (2 * step)
    np.testing.assert_allclose(jt.hvp(total, X, np.ones(3)), second, rtol=1e-7, atol=1e-8)
    assert total(X) == elements(X).sum()


def test_constants_that_need_derivatives_are_refused():
    with pytest.raises(NotImplementedError, match=r"hyp2f1: no derivative by argument 1 is known"):
        jt.grad(lambda b: theirs.hyp2f1(0.5, b, 2.5, 0.3))(1.5)


def test_the_faddeeva_function_and_voigts_profile():
    """Against differences near 0, and against its differential equation in higher precision far from it."""
    z, step = np.array([1 + 2j, -0.5j, 0.3 + 0j]), 1e-6
    slope = jt.jvp(special.wofz, (z,), (np.ones(3) + 0j,))[1]
    np.testing.assert_allclose(slope, (theirs.wofz(z + step) - theirs.wofz(z - step)) / (2 * step), rtol=1e-8)
    with mpmath.workdps(60):
        for far in (19.0 + 3j, 21.0 + 0j, 3 + 40j, 1e5 + 1j):
            w = mpmath.exp(-(mpmath.mpc(far) ** 2)) * mpmath.erfc(-1j * mpmath.mpc(far))
            exact = complex(2j / mpmath.sqrt(mpmath.pi) - 2 * mpmath.mpc(far) * w)
            assert abs(jt.grad(special.wofz, holomorphic=True)(far) - exact) <= 2e-13 * abs(exact)
    point, step = np.array([0.7, 0.4, 0.9]), 1e-4

    def profile(p):
        return special.voigt_profile(p[0], p[1], p[2])

    gradient = [(profile(point + step * e) - profile(point - step * e)) / (2 * step) for e in np.eye(3)]
    hessian = [(jt.grad(profile)(point + step * e) - jt.grad(profile)(point - step * e)) / (2 * step) for e in np.eye(3)]
    np.testing.assert_allclose(jt.grad(profile)(point), gradient, rtol=1e-6)
    np.testing.assert_allclose(jt.hessian(profile)(point), hessian, rtol=1e-6, atol=1e-9)
    assert profile(point) == theirs.voigt_profile(*point)


def test_lamberts_function():
    z, step = np.array([1 + 2j, -0.5j, 0.3 + 0j]), 1e-6
    for k in (0, -1, 1):
        slope = jt.jvp(lambda z: special.lambertw(z, k), (z,), (np.ones(3) + 0j,))[1]
        np.testing.assert_allclose(slope, (theirs.lambertw(z + step, k) - theirs.lambertw(z - step, k)) / (2 * step), rtol=1e-7)
    assert jt.grad(lambda x: special.lambertw(x).real)(0.0) == 1.0
    tensor = jt.tensor(z, requires_grad=True)
    assert jt.autograd.gradcheck(special.lambertw, (tensor,)) and jt.autograd.gradgradcheck(special.lambertw, (tensor,))
