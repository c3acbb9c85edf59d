"""Complex numbers: values as NumPy's, the conventions of every face, transforms, programs."""

import numpy as np
import pytest

import jittape as jt
from jittape.errors import DTypeError

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.sampled(4, of="module")

Z = np.array([1 + 2j, 3 - 1j, -0.5 + 0.3j])
W = np.array([0.4 - 1j, -2 + 0.5j, 1j])
X = np.array([1.5, -0.5, 0.7])


def leaves(library, dtypes=(np.complex128, np.complex128, np.float64)):
    return [library.tensor(a.astype(d), requires_grad=True) for a, d in zip((Z, W, X), dtypes)]


# --- random programs, by PyTorch ------------------------------------------------------------------------------

OF_ONE = "exp sin cos tanh sqrt log square reciprocal conj neg sigmoid sinh cosh asinh atan sgn rsqrt log1p".split()
OF_TWO = [
    lambda lib, a, b: a * b,
    lambda lib, a, b: a / (b + 3.0),
    lambda lib, a, b: a - b * (2 - 1j),
    lambda lib, a, b: lib.where(lib.abs(a) > lib.abs(b), a, b),
    lambda lib, a, b: lib.complex(a.real, b.imag),
    lambda lib, a, b: lib.polar(lib.abs(a) + 1.0, lib.angle(b)) + a,
    lambda lib, a, b: (a + 3.0) ** (0.1 * b),
    lambda lib, a, b: lib.outer(a, b) @ a * 0.1,
    lambda lib, a, b: lib.cumsum(a, 0) + b.flip(0),
    lambda lib, a, b: lib.stack([a, b])[:, 1:].mean(0).sum() * a,
    lambda lib, a, b: lib.view_as_complex(lib.view_as_real(a) * 0.5) + b,
    lambda lib, a, b: a * a.imag + b.real,
    lambda lib, a, b: lib.cat([a, b])[[4, 0, 0]],
    lambda lib, a, b: lib.einsum("i,j->i", a, b) * 0.1,
]


def program(library, seed, z, w, x):
    """A random program of complex and real tensors with a real result; the same one for either library."""
    rng = np.random.default_rng(seed)
    values = [z, w, x * (0.3 + 0.1j) + z * 0.1]
    for _ in range(6):
        a, b = (values[k] for k in rng.integers(0, len(values), 2))
        k = rng.integers(0, len(OF_ONE) + len(OF_TWO))
        made = getattr(library, OF_ONE[k])(a) if k < len(OF_ONE) else OF_TWO[k - len(OF_ONE)](library, a, b)
        values.append(made / (1.0 + library.abs(made).detach()))
    y = values[-1]
    return (library.abs(y) ** 2).sum() + (y.real * x).sum() - y.imag.sum()


@pytest.mark.sampled(0)
@pytest.mark.parametrize(
    "dtypes, seeds", [((np.complex128, np.complex128, np.float64), 12), ((np.complex64, np.complex64, np.float32), 2)]
)
def test_gradients_of_random_programs_are_torchs(dtypes, seeds):
    tolerance = 1e-10 if dtypes[2] is np.float64 else 2e-3
    for seed in range(seeds):
        ours, theirs = leaves(jt, dtypes), leaves(torch, dtypes)
        y, expected = program(jt, seed, *ours), program(torch, seed, *theirs)
        np.testing.assert_allclose(y.item(), expected.item(), rtol=tolerance, err_msg=str(seed))
        y.backward()
        expected.backward()
        for a, b in zip(ours, theirs):
            if b.grad is not None:
                g = b.grad.resolve_conj().numpy()
                assert a.grad.dtype == g.dtype
                scale = np.abs(g).max() + 1.0
                np.testing.assert_allclose(a.grad.numpy(), g, rtol=tolerance, atol=tolerance * scale, err_msg=str(seed))


# --- PyTorch's convention, wherever a gradient is seen ----------------------------------------------------------


def cotangent(library):
    return library.tensor(np.array([1 - 1j, 0.5j, 2.0]))


def seen_by_hooks(library):
    z, seen = leaves(library)[0], []
    y = z * z
    y.register_hook(lambda g: seen.append(g.detach()) or g * (1 + 1j))
    z.register_hook(lambda g: g * 1j)
    y.retain_grad()
    y.backward(cotangent(library))
    return [*seen, y.grad, z.grad]


def by_users_rule(library):
    class Cube(library.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x * x

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            return g * 3 * (x * x).conj()

    z = leaves(library)[0]
    Cube.apply(z * 1j).backward(cotangent(library))
    return [z.grad]


def of_second_order(library):
    z = leaves(library)[0]
    (g,) = library.autograd.grad((library.abs(z * z) ** 2).sum() + (z**3).real.sum(), z, create_graph=True)
    (h,) = library.autograd.grad(g, z, cotangent(library), create_graph=True)
    return [g, h, *library.autograd.grad((h * h.conj()).real.sum(), z)]


def of_a_batch(library):
    z = leaves(library)[0]
    seeds = library.stack([cotangent(library), 1j * cotangent(library)])
    return list(library.autograd.grad(library.exp(z) * 1j, z, seeds, is_grads_batched=True))


def accumulated(library):
    z, _, x = leaves(library)
    for _ in range(2):
        (z * x).backward(cotangent(library))
    return [z.grad, x.grad]


def by_functional(library):
    f, z, v = library.autograd.functional, leaves(library)[0].detach(), cotangent(library)
    return [f.vjp(library.sin, z, v)[1], f.jacobian(library.abs, z), f.jvp(library.abs, z, v)[1]]


def of_elements(library):
    z = leaves(library)[0]
    y = z.clone()
    y[0] = y[1] * 2j
    y[1:] *= z[:2]
    (y * y).backward(cotangent(library))
    return [z.grad]


WAYS = [seen_by_hooks, by_users_rule, of_second_order, of_a_batch, accumulated, by_functional, of_elements]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_gradients_are_torchs(way):
    for ours, theirs in zip(way(jt), way(torch), strict=True):
        np.testing.assert_allclose(ours.detach().numpy(), theirs.detach().resolve_conj().numpy(), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("a", [jt.float32, jt.float64, jt.complex64, jt.complex128, jt.int64])
def test_promotion_is_torchs(a):
    for b in (jt.float32, jt.complex64, jt.complex128, jt.int64):
        for ndims in ((1, 1), (1, 0), (0, 1)):
            pairs = [
                [library.ones((2,) * n).to(getattr(library, str(d))) for n, d in zip(ndims, (a, b))] for library in (jt, torch)
            ]
            found, expected = (x + y for x, y in pairs)
            assert str(found.dtype) == str(expected.dtype).removeprefix("torch."), (a, b, ndims)
    single = jt.ones(2, dtype=a) * 1j
    assert single.dtype == (jt.complex64 if a == jt.float32 or a == jt.complex64 else jt.complex128)


# --- values ---------------------------------------------------------------------------------------------------

FUNCTIONS = "exp exp2 expm1 log log1p log2 log10 sqrt sin cos tan sinh cosh tanh arcsin arccos arctan arcsinh arccosh arctanh"
PARTS = [0.0, -0.0, 1.0, -1.0, 0.5, -2.0, np.inf, -np.inf, np.nan, 1e300, -1e300, 1e-300, np.pi / 2, 710.0, 1e5, 1e-9]
SPECIAL = np.array([complex(x, y) for x in PARTS for y in PARTS])
UNSPECIFIED = {  # signs of zeros that C99 leaves open
    "exp": lambda z: np.isinf(z.real) & ~np.isfinite(z.imag),
    "exp2": lambda z: np.isinf(z.real) & ~np.isfinite(z.imag),
    "arctan": lambda z: np.isinf(z.real) & np.isnan(z.imag),
    "sin": lambda z: ~np.isfinite(z.real) & np.isinf(z.imag),
    "sinh": lambda z: np.isinf(z.real) & ~np.isfinite(z.imag),
    "log1p": lambda z: np.abs(z) < 1e-3,  # NumPy's has no digits there: test_complex_special_values asks mpmath
}


def both(z):
    return z.real, z.imag


def same_part(a, b, size):
    close = np.abs(a - b) <= 4 * np.finfo(float).eps * size
    is_zero = (a == 0) & (b == 0)
    return (a == b) & ~(is_zero & (np.signbit(a) != np.signbit(b))) | np.isnan(a) & np.isnan(b) | close & ~is_zero


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", FUNCTIONS.split() + ["reciprocal"])
def test_special_values_and_branch_cuts_are_those_of_c99(name):
    """As NumPy has them; elsewhere the error is below four units in the last place of the absolute value."""
    rng = np.random.default_rng(1)
    z = np.concatenate([SPECIAL, rng.normal(0, 3, 2000) + 1j * rng.normal(0, 3, 2000)])
    with np.errstate(all="ignore"):
        expected, found = (getattr(np, name)(x) for x in (z, jt.tensor(z, requires_grad=True)))
        found = found.detach().numpy()
        size = np.where(np.isfinite(expected), np.abs(expected), 0.0)
        parts = [(a, b, np.maximum(size, np.where(np.isfinite(b), np.abs(b), 0.0))) for a, b in zip(both(found), both(expected))]
        same = same_part(*parts[0]) & same_part(*parts[1])
    if name in UNSPECIFIED:
        same |= UNSPECIFIED[name](z)
    assert same.all(), [(z[k], found[k], expected[k]) for k in np.flatnonzero(~same)[:3]]


def test_quotients_by_zero_end_no_loop():
    a, b = np.array([1j, 2.0, 0.0, 3 + 1j]), np.array([0.0, 1j, 0.0, 2.0])
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal((jt.tensor(a, requires_grad=True) / b).detach().numpy(), a / b)
        np.testing.assert_array_equal((1.0 / jt.tensor(b, requires_grad=True)).detach().numpy()[[1, 3]], 1.0 / b[[1, 3]])
        assert np.isnan(jt.mean(jt.ones((0, 2), dtype=complex, requires_grad=True) * 1j, 0).detach().numpy()).all()


def test_powers_are_numpys():
    rng = np.random.default_rng(2)
    z = rng.normal(size=200) + 1j * rng.normal(size=200)
    for w in (0, 1, 2, -1, 7, -3, 0.5, 1.5 - 0.3j, z):
        np.testing.assert_allclose((jt.tensor(z, requires_grad=True) ** w).detach().numpy(), z**w, rtol=5e-14)
    zeros = jt.zeros(3, dtype=complex)
    np.testing.assert_array_equal((zeros ** np.array([2.0, 0.0, 0.5 + 1j])).numpy(), [0, 1, 0])


def test_numbers_come_back_as_python_has_them():
    z = jt.tensor(1 + 2j, requires_grad=True)
    assert (z * 1.0).item() == 1 + 2j == complex((z * 1.0).detach()) and type((z * 1.0).item()) is complex
    assert bool(z * 1.0) and not bool(z * 0.0) and z.is_complex() and not z.is_floating_point()
    with pytest.raises(TypeError):
        float(z.detach())
    assert jt.tensor([1j, 2.0]).dtype == jt.complex128 and jt.tensor([1j], dtype=jt.complex64).tolist() == [1j]


# --- transforms -----------------------------------------------------------------------------------------------


def loss(z):
    return np.sum(np.abs(np.sin(z) * z + np.conj(z) * 2j) ** 2)


def by_differences(function, z, step=1e-6):
    """``df/dx - 1j * df/dy`` of every entry."""
    found = np.empty_like(z)
    for k in range(z.size):
        moves = [np.where(np.arange(z.size) == k, step * unit, 0.0) for unit in (1, 1j)]
        dx, dy = ((function(z + m) - function(z - m)) / (2 * step) for m in moves)
        found[k] = dx - 1j * dy
    return found


def test_grad_is_that_of_jax_and_autograd():
    expected = by_differences(loss, Z)
    np.testing.assert_allclose(jt.grad(loss)(Z), expected, rtol=1e-7)
    np.testing.assert_allclose(jt.compile(jt.grad(loss))(Z), expected, rtol=1e-7)
    np.testing.assert_allclose(jt.grad(jt.compile(loss))(Z), expected, rtol=1e-7)
    np.testing.assert_allclose(jt.vmap(jt.grad(loss))(np.stack([Z, Z]))[1], expected, rtol=1e-7)
    value, gradient = jt.value_and_grad(lambda z: (abs(z) ** 2).real)(1 + 2j)
    assert (
        value == pytest.approx(5.0) and type(value) is float and gradient == pytest.approx(2 - 4j) and type(gradient) is complex
    )
    z = jt.tensor(Z, requires_grad=True)
    loss(z).backward()
    np.testing.assert_allclose(z.grad.numpy(), expected.conj(), rtol=1e-7)


def test_derivatives_of_holomorphic_functions():
    assert jt.grad(lambda z: z**3, holomorphic=True)(1 + 2j) == pytest.approx(3 * (1 + 2j) ** 2)
    np.testing.assert_allclose(jt.jacobian(np.sin, holomorphic=True)(Z), np.diag(np.cos(Z)), rtol=1e-13)
    np.testing.assert_allclose(jt.jacfwd(np.sin, holomorphic=True)(Z), np.diag(np.cos(Z)), rtol=1e-13)
    np.testing.assert_allclose(jt.hessian(lambda z: np.sum(z**3), holomorphic=True)(Z), np.diag(6 * Z), rtol=1e-13)


def test_jacobians_between_real_and_complex_numbers():
    np.testing.assert_allclose(jt.jacobian(lambda x: np.exp(1j * x))(X), np.diag(1j * np.exp(1j * X)), rtol=1e-13)
    np.testing.assert_allclose(jt.jacobian(np.abs)(Z), np.diag(Z.conj() / np.abs(Z)), rtol=1e-13)


def test_second_derivatives():
    np.testing.assert_allclose(
        jt.hessian(lambda x: np.sum(np.abs(np.cos(x) + 1 + 1j * np.sin(x)) ** 2))(X), np.diag(-2 * np.cos(X)), atol=1e-13
    )
    v, step = W, 1e-6
    expected = (jt.grad(loss)(Z + step * v) - jt.grad(loss)(Z - step * v)) / (2 * step)
    np.testing.assert_allclose(jt.hvp(loss, Z, v), expected, rtol=1e-6)


def test_tangents_and_cotangents():
    y, y_dot = jt.jvp(np.conj, (Z,), (W,))
    np.testing.assert_array_equal(y_dot, W.conj())
    y, pullback = jt.vjp(np.exp, Z)
    np.testing.assert_allclose(pullback(W)[0], W * np.exp(Z), rtol=1e-13)


REFUSED = {
    "grad of a complex number": lambda: jt.grad(lambda z: z * z)(1j),
    "grad by a real number": lambda: jt.grad(lambda x: x * 1j)(1.0),
    "holomorphic, of a real number": lambda: jt.grad(lambda x: x * 1j, holomorphic=True)(1.0),
    "holomorphic, real value": lambda: jt.grad(abs, holomorphic=True)(1j),
    "Jacobian": lambda: jt.jacobian(np.sin)(Z),
    "Jacobian by rows": lambda: jt.jacrev(lambda x: x * 1j)(X),
    "Jacobian by columns": lambda: jt.jacfwd(np.abs)(Z),
    "Hessian": lambda: jt.hessian(loss)(Z),
    "Hessian's diagonal": lambda: jt.hessian_diag(loss)(Z),
    "complex tangent": lambda: jt.jvp(np.sin, (X,), (Z,)),
    "complex cotangent": lambda: jt.vjp(np.sin, X)[1](Z),
}


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED)
def test_what_no_complex_number_says_is_refused(call):
    with pytest.raises(DTypeError, match="complex"):
        call()


def test_structural_zeros_meet_no_infinite_partial():
    def masked(z):
        return np.sum(np.where(np.abs(z) > 0, np.log(np.where(np.abs(z) > 0, z, 0.0)), 0.0).real)

    np.testing.assert_allclose(jt.grad(masked)(np.array([0j, 2j])), [0, 1 / 2j])
    z = jt.tensor(np.array([0j, 2j]), requires_grad=True)
    jt.where(jt.abs(z) > 0, jt.angle(z), 0.0).sum().backward()
    np.testing.assert_allclose(z.grad.numpy(), [0, -0.5])
    assert jt.grad(np.abs)(0j) == 0


def test_checks_of_gradients_take_complex_numbers():
    z = jt.tensor(Z, requires_grad=True)
    assert jt.autograd.gradcheck(lambda z: (jt.abs(z), z * z.conj() * 1j), (z,))
    assert jt.autograd.gradgradcheck(lambda z: jt.exp(z) * z.real, (z,), rtol=1e-4)
    assert jt.check_grads(lambda z: np.exp(z) * np.conj(z), Z[:2], order=1)
    assert jt.check_grads(lambda x: np.abs(np.exp(1j * x) + x), X[:2])

    @jt.custom_vjp
    def wrong(z):
        return z * z

    wrong.defvjp(lambda z: (z * z, z), lambda z, g: (2.003 * np.conj(z) * g,))
    with pytest.raises(jt.autograd.gradcheck.__globals__["GradcheckError"]):
        jt.check_grads(wrong, Z[:2], order=1, modes=["rev"])


def test_rules_of_users_have_the_convention_of_transforms():
    @jt.custom_vjp
    def cube(z):
        return z**3

    cube.defvjp(lambda z: (z**3, z), lambda z, g: (3 * z**2 * g,))
    assert jt.grad(cube, holomorphic=True)(1 + 1j) == pytest.approx(3 * (1 + 1j) ** 2)


def test_programs_read_complex_tensors_and_arrays_anew():
    captured = jt.tensor(np.array([1j, 2.0, 1.0]))
    compiled = jt.compile(lambda z: (z * captured).real.sum())
    z = jt.tensor(Z)
    compiled(z)
    with jt.no_grad():
        captured[0] = 5.0
    assert compiled(z).item() == pytest.approx((z * captured).real.sum().item())

    def filled(x):
        made = jt.numpy.zeros(2, complex)
        made[0] = x * 1j
        return np.abs(made).sum()

    assert jt.grad(filled)(3.0) == 1.0


ELSEWHERE = {
    "optimiser": lambda: jt.optim.SGD([jt.tensor(Z, requires_grad=True)], lr=0.1),
    "sparse": lambda: jt.sparse_jacobian(lambda z: z * z)(Z),
    "sparse, complex values": lambda: jt.sparse_jacobian(lambda x: x * 1j)(X),
    "initial values": lambda: jt.grad(lambda w: abs(jt.odeint(lambda t, y: w * y, np.array([1j]), np.array([0.0, 1.0]))[0, 0]))(
        2.0
    ),
    "conversion": lambda: jt.tensor(Z).double(),
    "write": lambda: jt.tensor(X).__setitem__(0, 1j),
}


@pytest.mark.parametrize("call", ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_is_for_real_numbers_only_says_so(call):
    with pytest.raises((DTypeError, ValueError, RuntimeError), match="omplex"):
        call()


def test_complex_tensors_are_printed_as_by_pytorch():
    torch = pytest.importorskip("torch")
    mixed = np.array([1 + 2j, 0.5 - 1j, -0.3j, 2 + 0j])
    many = np.arange(2000) * (0.1 - 1j)
    odd = np.array([np.nan + 1j, complex(np.inf, -2.5), 0j])
    for array in (
        mixed,
        mixed[:1] * 2,
        np.arange(20) * (1 + 1j / 7),
        many,
        odd,
        np.zeros((2, 0), complex),
        mixed[:2].astype("c8"),
    ):
        expected = repr(torch.tensor(array)).replace("torch.", "")
        if array.dtype == np.complex128 and array.size:  # PyTorch's default precision is single
            expected = expected.replace(",\n       dtype=complex128", "").replace(", dtype=complex128", "")
        elif array.size:
            expected = f"{expected[:-1]}, dtype=complex64)"
        assert repr(jt.tensor(array)) == expected
