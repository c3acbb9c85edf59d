"""``scipy.special`` on Tensors, on Arrays and in compiled code: one table, the declarations."""

import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest
import scipy.special
from numba import njit
from sampling import some

import jittape as jt
from jittape.numba_backend.c_symbols import bind, has_its_symbols
from jittape.ops.domains import sample_operands
from jittape.ops.operation_table import BY_NAME
from jittape.scipy import special

pytestmark = pytest.mark.sampled(3, of="module")

OPERATIONS = [o for o in BY_NAME.values() if getattr(o, "library", None) == "scipy.special" and o.oracle is not None]
BY_ARITY = {n: [o for o in OPERATIONS if o.arity == n] for n in (1, 2, 3)}
CHECKS = pathlib.Path(__file__).with_name("special_function_checks.py")
X = np.array([0.4, 1.3, 2.2])


def test_there_are_many():
    assert len(OPERATIONS) > 110 and len(special.__all__) > 140


def test_derivatives():
    names = [o.name.removeprefix("scipy_") for o in some(OPERATIONS, 8)]
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    run = subprocess.run([sys.executable, CHECKS, *names], env=environment, capture_output=True, text=True, timeout=1200)
    assert run.returncode == 0 and not run.stdout, run.stdout + run.stderr


def writing_nothing(out, k, x, z, w):
    pass


def after(before, function, arity):
    """A function for compiled code that writes the values of others, then that of one more."""
    before = njit(before)

    def of_one(out, k, x, z, w):
        before(out, k - 1, x, z, w)
        out[k] = function(x[k])

    def of_two(out, k, x, z, w):
        before(out, k - 1, x, z, w)
        out[k] = function(x[k], z[k])

    def of_three(out, k, x, z, w):
        before(out, k - 1, x, z, w)
        out[k] = function(x[k], z[k], w[k])

    return (of_one, of_two, of_three)[arity - 1]


# By eights: each function calls the one before, and Numba's compiler calls itself for each.
EIGHTS = [(arity, part) for arity, all_of_it in BY_ARITY.items() for part in range(0, len(all_of_it), 8)]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("arity, part", EIGHTS)
def test_compiled_code_calls_scipy(arity, part):
    operations, rng = BY_ARITY[arity][part : part + 8], np.random.default_rng(1)
    columns = [np.ravel(sample_operands(o, rng, (1,))) for o in operations]
    expected = [o.oracle(*xs) for o, xs in zip(operations, columns)]
    operands = np.transpose([np.resize(xs, 3) for xs in columns])
    out = np.empty(len(operations))
    values = writing_nothing
    for o in operations:
        values = after(values, o.function, arity)
    njit(values)(out, len(operations) - 1, *operands)
    np.testing.assert_allclose(out, expected, rtol=1e-13)


# --- faces and modes ----------------------------------------------------------------------------------------------------


def of_a_vector(x):
    return (scipy.special.jv(1.5, x) * scipy.special.gammainc(x, 2.0) + scipy.special.erfcx(x)).sum()


@njit
def of_a_vector_compiled(x):
    total = 0.0
    for k in range(len(x)):
        total += scipy.special.jv(1.5, x[k]) * special.gammainc(x[k], 2.0) + special.erfcx(x[k])
    return total


def differences(function, x, h=1e-5):
    return np.array([(function(x + h * e) - function(x - h * e)) / (2 * h) for e in np.eye(len(x))])


@pytest.mark.sampled(0)
def test_both_faces_and_all_modes_agree():
    gradient = jt.grad(of_a_vector)(X)
    np.testing.assert_allclose(gradient, differences(of_a_vector, X), rtol=1e-8)
    x = jt.tensor(X, requires_grad=True)
    of_a_vector(x).backward()
    np.testing.assert_array_equal(x.grad.numpy(), gradient)
    for other in (jt.compile(jt.grad(of_a_vector)), jt.grad(of_a_vector_compiled)):
        np.testing.assert_allclose(other(X), gradient, rtol=1e-13)
    hessian = jt.hessian(of_a_vector)(X)
    np.testing.assert_allclose(
        hessian, np.stack([differences(lambda x: jt.grad(of_a_vector)(x)[k], X) for k in range(3)]), rtol=1e-6, atol=1e-9
    )
    np.testing.assert_allclose(jt.hessian(of_a_vector_compiled)(X), hessian, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(jt.vmap(jt.grad(of_a_vector))(X[:, None]).ravel(), gradient, rtol=1e-13)


def test_float32_stays_float32():
    x = X.astype(np.float32)
    gradient = jt.grad(of_a_vector)(x)
    assert gradient.dtype == np.float32
    np.testing.assert_allclose(gradient, jt.grad(of_a_vector)(X), rtol=1e-5)


def test_what_is_no_tensor_is_scipys():
    assert special.gammainc is scipy.special.gammainc and type(special.jvp(1, X)) is np.ndarray
    np.testing.assert_array_equal(special.logsumexp(X), scipy.special.logsumexp(X))


NOT_UFUNCS = {
    "logsumexp": lambda s, x: s.logsumexp(x, b=np.array([1.0, -0.5, 2.0])),
    "logsumexp with a sign": lambda s, x: s.logsumexp(x, b=np.array([1.0, -9.0, 2.0]), return_sign=True)[0],
    "logsumexp along an axis": lambda s, x: s.logsumexp(np.outer(x, x), axis=1, keepdims=True)[1, 0],
    "softmax": lambda s, x: s.softmax(x)[1],
    "log_softmax": lambda s, x: s.log_softmax(np.outer(x, x), axis=0)[1, 2],
    "multigammaln": lambda s, x: s.multigammaln(x + 2.0, 3).sum(),
    "polygamma": lambda s, x: s.polygamma(2, x).sum(),
    "zeta": lambda s, x: s.zeta(3.0, x).sum(),
    "zeta by its exponent": lambda s, x: s.zeta(1.5 + x, 0.7).sum(),
    "zeta of one argument": lambda s, x: s.zeta(x + 1.5).sum(),
    "jvp": lambda s, x: s.jvp(1.5, x, 2).sum(),
    "yvp": lambda s, x: s.yvp(1.5, x).sum(),
    "ivp": lambda s, x: s.ivp(1.5, x, 3).sum(),
    "kvp": lambda s, x: s.kvp(1.5, x, 3).sum(),
    "spherical_jn": lambda s, x: s.spherical_jn(2, x, derivative=True).sum(),
    "sici": lambda s, x: (s.sici(x)[0] * s.sici(x)[1]).sum(),
    "airy": lambda s, x: (s.airy(x)[0] * s.airy(x)[3]).sum(),
    "ellipj": lambda s, x: (s.ellipj(x, 0.3 + 0.1 * x)[0] * s.ellipj(x, 0.3)[2]).sum(),
    "fdtrc": lambda s, x: s.fdtrc(3.0, 2.0 + x, x).sum(),
    "bdtr": lambda s, x: s.bdtr(2, 7, x / 4.0).sum(),
    "chdtri": lambda s, x: s.chdtri(3.0 + x, x / 4.0).sum(),
    "pdtr": lambda s, x: s.pdtr(2, x).sum(),
}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", NOT_UFUNCS)
def test_functions_that_are_lines_of_others(name):
    def function(x):
        return NOT_UFUNCS[name](special, x)

    value, gradient = jt.value_and_grad(function)(X)
    np.testing.assert_allclose(value, NOT_UFUNCS[name](scipy.special, X), rtol=1e-12)
    np.testing.assert_allclose(gradient, differences(lambda x: NOT_UFUNCS[name](scipy.special, x), X), rtol=1e-6, atol=1e-8)


def test_an_operand_without_a_derivative_is_named():
    for order in (jt.tensor(1.5, requires_grad=True), jt.tensor(X, requires_grad=True)):
        with pytest.raises(NotImplementedError, match=r"scipy\.special\.jv: no derivative by 'v' is known: .* pass v\.detach"):
            scipy.special.jv(order, jt.tensor(X))


# --- machine code on disk -------------------------------------------------------------------------------------------------


def test_machine_code_is_used_only_where_its_symbols_are_bound():
    code = b"\x7fELF jittape_of_scipy_jv\x00 jittape_of_nobody\x00"
    assert has_its_symbols(b"\x7fELF jittape_of_scipy_jv\x00") and not has_its_symbols(code)
    bind("nobody", 1)
    assert has_its_symbols(code)


PROGRAM = """
import numpy as np
import jittape as jt
{imported}
x = jt.tensor([0.4, 1.3], requires_grad=True)
scipy.special.jv(1.5, x).sum().backward()
print(*x.grad.tolist())
"""


@pytest.mark.sampled(0)
def test_another_process_loads_it(tmp_path):
    """It finds SciPy's functions at other addresses, and may not have imported `jittape.scipy`."""
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    found = set()
    for imported in (
        "import scipy.special",
        "import scipy.special, scipy.optimize, scipy.stats",
        "import jittape.scipy.special, scipy.special",
    ):
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM.format(imported=imported)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert run.returncode == 0, run.stderr
        found.add(run.stdout)
    assert len(found) == 1
