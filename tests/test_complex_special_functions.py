"""``scipy.special`` of complex numbers: values by mpmath, derivatives by differences of values, in every mode."""

import mpmath
import numpy as np
import pytest
import scipy.special as theirs

import jittape as jt
from jittape.ops.scipy_of_complex import SLOPES
from jittape.scipy import special

Z = np.array([0.4 + 0.3j, 1.2 - 0.7j, -0.6 + 1.1j, 2.5 + 0.1j])
ONES = np.ones(4, complex)
EXACT = {
    "erf": mpmath.erf,
    "erfc": mpmath.erfc,
    "erfi": mpmath.erfi,
    "erfcx": lambda z: mpmath.exp(z * z) * mpmath.erfc(z),
    "dawsn": lambda z: mpmath.sqrt(mpmath.pi) / 2 * mpmath.exp(-z * z) * mpmath.erfi(z),
    "ndtr": lambda z: mpmath.erfc(-z / mpmath.sqrt(2)) / 2,
    "log_ndtr": lambda z: mpmath.log(mpmath.erfc(-z / mpmath.sqrt(2)) / 2),
    "exp1": mpmath.e1,
    "expi": mpmath.ei,
    "gamma": mpmath.gamma,
    "loggamma": mpmath.loggamma,
    "rgamma": mpmath.rgamma,
    "psi": mpmath.digamma,
    "spence": lambda z: mpmath.polylog(2, 1 - z),
    "wrightomega": lambda z: mpmath.lambertw(mpmath.exp(z)),  # on the principal strip
}
WITHOUT_SECOND = {"gamma", "loggamma", "rgamma"}


def derivatives(name):
    """First and second derivative of the exact function."""
    with mpmath.workdps(40):
        points = [mpmath.mpc(z) for z in Z.tolist()]
        return [np.array([complex(mpmath.diff(EXACT[name], z, order)) for z in points]) for order in (0, 1, 2)]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", SLOPES)
def test_values_and_derivatives(name):
    function = getattr(special, name)
    value, slope, bend = derivatives(name)
    np.testing.assert_allclose(jt.vjp(function, Z)[0], value, rtol=1e-12)
    np.testing.assert_allclose(function(jt.tensor(Z)).numpy(), value, rtol=1e-12)
    np.testing.assert_allclose(jt.compile(function)(Z), value, rtol=1e-12)
    np.testing.assert_allclose(jt.vmap(function)(Z), value, rtol=1e-12)
    assert np.asarray(function(jt.tensor(Z.astype(np.complex64))).numpy()).dtype == np.complex64
    if name == "psi":
        with pytest.raises(NotImplementedError, match="derivative is not known"):
            jt.jvp(function, (Z,), (ONES,))
        return
    np.testing.assert_allclose(jt.jvp(function, (Z,), (ONES,))[1], slope, rtol=1e-11)
    np.testing.assert_allclose(jt.vjp(function, Z)[1](ONES)[0], slope, rtol=1e-11)
    z = jt.tensor(Z, requires_grad=True)
    function(z).backward(jt.tensor(ONES))
    np.testing.assert_allclose(z.grad.numpy(), slope.conj(), rtol=1e-11)
    if name in WITHOUT_SECOND:
        return
    twice = jt.jvp(lambda z: jt.jvp(function, (z,), (ONES,))[1], (Z,), (ONES,))[1]
    np.testing.assert_allclose(twice, bend, rtol=1e-10)


def test_real_numbers_stay_real():
    x = jt.tensor([0.5], requires_grad=True)
    assert jt.erf(x).dtype == np.float64 and special.gamma(x).dtype == np.float64
    np.testing.assert_allclose(jt.erf(jt.tensor(Z)).numpy(), theirs.erf(Z), rtol=1e-14)
