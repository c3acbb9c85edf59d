"""Products of Hessians with vectors through the adjoints of loops: against differences of gradients, and with mistakes put in."""

import math

import numba
import numpy as np
import pytest

import jittape as jt
from jittape.native.compat import cpu_target
from jittape.native.loops import program_emission, saved_values, tangent_emission, value_emission

from loop_checks import check_products, products_alone
from sampling import some


@pytest.mark.parametrize("seed", some(range(3_000_000, 3_000_040), 1))
def test_products_of_random_programs(seed):
    outcome = check_products(seed)
    assert outcome in ("checked", "undefined") or "array" in outcome or "tape" in outcome


@numba.njit
def field(y, x):
    out = np.empty_like(y)
    out[0] = y[1] * x[0] ** 2
    out[1] = math.sin(y[0]) / x[1]
    return out


@numba.njit
def steps(x, n, scale):
    """Steps in new arrays, an exchange, branches, powers, loops that are left, and elements that are stored over."""
    y, u, w, s, k = np.full(2, x[0]), x * scale, x + 1.0, 1.0, 0
    for _ in range(n):
        y = y + 0.1 * field(y, x)
        for i in range(1, len(x) - 1):
            w[i] = u[i] + 0.1 * u[i - 1] * u[i + 1] * s
        u, w = w, u
        s = s * x[k] + math.sin(s) * math.exp(x[1]) * 0.3 if s < 2.0 else math.sqrt(s * s + x[1])
        k = (k + 2) % len(x)
        while s > 1.5:
            s = s * 0.2 * x[-1] ** n
            if s < -5.0:
                return s
        x[k] *= min(s, y[0], 0.9)
    return s * y[1] + np.sum(u * w) + x[k] ** 3.0


X = np.array([0.7, 0.4, 0.9, 1.2, 1.3])


def of_gradients(function, x, v, *data):
    """A product by differences of gradients."""
    gradient, h = jt.grad(function), 1e-5
    return (gradient(x + h * v, *data) - gradient(x - h * v, *data)) / (2 * h)


def test_products_with_vectors():
    v, before = np.array([1.0, -0.3, 0.0, 0.5, 2.0]), X.copy()
    assert jt.native.explain(steps, X, 4, 0.5).way == "adjoint"
    for at in (X, X[::-1], X * 0.5):
        np.testing.assert_allclose(jt.hvp(steps, at, v, 4, 0.5), of_gradients(steps, at, v, 4, 0.5), rtol=1e-6, atol=1e-7)
    np.testing.assert_array_equal(X, before)
    (gradient, product), is_usual = products_alone(steps_of_x, (0,))(X, v)
    assert is_usual
    np.testing.assert_allclose(gradient, jt.grad(steps)(X, 4, 0.5), rtol=1e-12)
    np.testing.assert_allclose(product, jt.hvp(steps, X, v, 4, 0.5), rtol=1e-12)


@pytest.mark.sampled(0)
def test_hessians():
    """Columns side by side, in one group and in two; of a matrix; what is not finite by dual numbers."""
    for x in (X, np.concatenate((X, X * 1.1))):
        columns = [of_gradients(steps, x, e, 4, 0.5) for e in np.eye(x.size)]
        np.testing.assert_allclose(jt.hessian(steps)(x, 4, 0.5), columns, rtol=1e-6, atol=1e-6)
    square = np.array([[0.7, 0.4, 0.9], [1.2, 1.3, 0.5]])
    found, expected = jt.hessian(of_matrix)(square), jt.jacfwd(jt.grad(of_matrix))(square)
    assert found.shape == (2, 3, 2, 3)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13)
    zero = np.array([0.0, 2.0, 3.0])
    np.testing.assert_allclose(jt.hessian(rooted)(zero, 2.5), jt.jacfwd(jt.grad(rooted))(zero, 2.5), rtol=1e-12)


@numba.njit
def of_matrix(A):
    total = 0.0
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            total += math.sin(A[i, j] * A[0, j]) * A[i, 1] ** 2
    return total


@numba.njit
def steps_of_x(x):
    return steps(x, 4, 0.5)


@numba.njit
def rooted(x, p):
    s = 0.0
    for i in range(len(x)):
        s += math.sqrt(x[i]) ** 4 * x[i] + p * x[i] ** p
    return s


@pytest.mark.sampled(0)
def test_what_is_not_finite_or_does_not_fit():
    """Infinite partials are left to dual numbers, which tell zeros apart; so are other types of numbers."""
    x, v = np.array([0.0, 2.0, -3.0]), np.array([0.0, 1.0, 0.5])
    x[2] = 3.0
    by_duals = jt.jvp(jt.grad(rooted), (x, 2.5), (v, 0.0))[1]
    np.testing.assert_allclose(jt.hvp(rooted, x, v, 2.5), by_duals, rtol=1e-12)
    single = jt.hvp(rooted, x[1:].astype(np.float32), v[1:].astype(np.float32), 2.5)
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, by_duals[1:], rtol=1e-5)
    np.testing.assert_allclose(jt.hvp(rooted, -x[1:], v[1:], 2), of_gradients(rooted, -x[1:], v[1:], 2), rtol=1e-8)

    with pytest.raises(ValueError, match="another shape"):
        products_alone(steps_of_x, (0,))(X, v)


def test_names_of_machine_code():
    """Of functions that are kept on disk, no two have one name: a sine and a power had, and LLVM took one for the other."""
    names, context = set(), cpu_target.typing_context
    context.refresh()
    for function in (jt.sin, jt.cos, jt.exp, jt.tanh):
        known = context.resolve_value_type(function)
        known.get_call_type(context, (numba.float64,), {})
        kept = [found for template in known.templates for found in getattr(template, "_impl_cache", {}).values()]
        names |= {code.py_func.__qualname__ for code, *_ in filter(None, kept) if code}
    assert len(names) >= 4


def without_tangents_of_partials():
    found = value_emission.Frame.moved
    return value_emission.Frame, "moved", lambda self, bar, partial, dot=None: found(self, bar, partial)


def without_restored_tangents():
    return tangent_emission.BlockTangents, "restore", lambda self, address: None


def without_restored_elements():
    return tangent_emission.BlockTangents, "restore_element", lambda self, store, address, pointer: None


def without_stored_tangents():
    return tangent_emission.BlockTangents, "store", lambda self, store, indices: None


def without_exchanged_tangents():
    def forward(self, part):
        for k in (0, 2, 3):
            slots = [self._memory_of(array)[k].held[0] for array in (part.first, part.second)]
            for address, slot in zip([self.builder.load(slot) for slot in slots], reversed(slots)):
                self.builder.store(address, slot)

    return program_emission.Emission, "_forward_exchange", forward


def with_one_place_for_all_tangents():
    found = saved_values._tangents_kept
    return saved_values, "_tangents_kept", lambda program, block: dict.fromkeys(found(program, block), 0)


MUTANTS = [
    without_tangents_of_partials,
    without_restored_tangents,
    without_restored_elements,
    without_stored_tangents,
    without_exchanged_tangents,
    with_one_place_for_all_tangents,
]


@pytest.mark.sampled(0)
@pytest.mark.parametrize("mutant", [None, *MUTANTS])
def test_a_mutant_of_tangents_is_caught(mutant, monkeypatch):
    v = np.array([1.0, -0.3, 0.0, 0.5, 2.0])
    if mutant is not None:
        monkeypatch.setattr(*mutant())
    own = numba.njit(steps.py_func)
    function = numba.njit(lambda x: own(x, 4, 0.5))
    (_, product), _ = products_alone(function, (0,))(X, v)
    is_right = np.allclose(product, of_gradients(steps, X, v, 4, 0.5), rtol=1e-6)
    assert is_right == (mutant is None)
