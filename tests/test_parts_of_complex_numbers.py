"""Real and imaginary parts, which NumPy and PyTorch have as views: writes to them, and parts that are held over writes."""

import numpy as np
import pytest

from sampling import some

import jittape as jt

X = np.array([1.0, 2.0])
pytestmark = pytest.mark.sampled(2, of="module")


def set_both(x):
    z = x * (1 + 2j)
    z.real, z.imag = x**2, 3.0 * x
    return np.sum(np.abs(z) ** 2 * x)


def set_of_a_slice(x):
    z = x * (1 + 2j)
    z[1:].real = x[0] * x[1]
    return np.sum(np.abs(z) ** 2)


def set_to_a_number(x):
    z = x * (1 + 2j)
    z.imag = 0
    return np.sum((z * z).real)


def set_of_real_numbers(x):
    y = x * 1.0
    y.real = 3.0
    return np.sum(y * x)


@pytest.mark.parametrize("function", [set_both, set_of_a_slice, set_to_a_number, set_of_real_numbers])
def test_parts_are_set_as_in_numpy(function):
    value, gradient = jt.value_and_grad(function)(X)
    assert value == pytest.approx(function(X), rel=1e-14)
    step = 1e-6
    expected = [(function(X + step * e) - function(X - step * e)) / (2 * step) for e in np.eye(2)]
    np.testing.assert_allclose(gradient, expected, rtol=1e-8)
    np.testing.assert_allclose(jt.compile(jt.grad(function))(X), gradient, rtol=1e-14)


# Writes that reach the complex numbers, and parts that were taken before them.
WRITES = {
    "element": lambda z: z.real.__setitem__(0, 5.0),
    "element of a view": lambda z: z.imag[1:].__setitem__(0, 5.0),
    "in place": lambda z: z.real.__imul__(2.0),
    "of a part of a part": lambda z: z[1:].imag[::2].__iadd__(1.0),
    "mask": lambda z: z.real.__setitem__(z.real > 1.5, 7.0),
}


def written(write, x):
    z = x * (1 + 2j)
    before, below = z.real, z[1:].imag
    number = before[1]
    write(z)
    z[0] *= x[1]
    return np.sum(np.abs(z) ** 2) + np.sum(before**3) + np.sum(below**3) + number


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_writes_to_parts_reach_the_numbers_and_parts_follow_writes(write):
    value, gradient = jt.value_and_grad(written, argnums=1)(write, X)
    assert value == pytest.approx(written(write, X), rel=1e-14)
    step = 1e-6
    expected = [(written(write, X + step * e) - written(write, X - step * e)) / (2 * step) for e in np.eye(2)]
    np.testing.assert_allclose(gradient, expected, rtol=1e-7)
    assert jt.vmap(lambda x: written(write, x))(np.stack([X, X]))[1] == pytest.approx(value, rel=1e-14)
    z, plain = jt.tensor(X * (1 + 2j)), X * (1 + 2j)
    write(z)
    write(plain)
    np.testing.assert_array_equal(z.numpy(), plain)


def aliases(lib, rng, x):
    """A random program of writes to complex numbers and their parts, the same for PyTorch and this library."""
    z = x * (1.0 + 0.5j)
    held, made = [z], 0
    for _ in range(int(rng.integers(4, 12))):
        a, b = (held[int(rng.integers(len(held)))] for _ in range(2))
        kind, k = int(rng.integers(8)), int(rng.integers(3))
        if kind < 3 and made < 6:
            views = [lib.real, lib.imag, lib.view_as_real] if a.is_complex() else [lambda a: a[:2], lambda a: a[-2:]]
            held.append(views[k % len(views)](a))
            made += 1
        elif kind == 3:
            a *= 0.5 + 0.25 * k
        elif kind == 4:
            a[k % 2] = (x * x).sum() * 0.25
        elif kind == 5:
            a += lib.sin(lib.real(b).sum())
        elif kind == 6 and not a.is_complex() and a.ndim == 2 and a.shape[1] == 2:
            held.append(lib.view_as_complex(a))
        else:
            a[:2] = a.detach()[:2].clone() * x[k]
    return sum((lib.real(a * a.conj()) * (k + 1.0)).sum() for k, a in enumerate(held)), held


@pytest.mark.parametrize("seed", some(range(60), 5))
def test_parts_alias_their_numbers_as_in_pytorch(seed):
    torch = pytest.importorskip("torch")
    found = []
    for lib in (torch, jt):
        x = lib.tensor(np.random.default_rng(seed).uniform(-1.0, 1.0, 3), requires_grad=True)
        value, held = aliases(lib, np.random.default_rng(seed), x)
        value.backward()
        found.append([value.item(), x.grad.tolist(), *[a.tolist() for a in held]])
    for theirs, ours in zip(*found, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=1e-13)


def test_arrays_of_constants_and_their_parts_share_memory():
    z = jt.tensor(X * (1 + 2j))
    part, pairs = z.real, jt.view_as_real(z)
    z.numpy()[0] = 9j
    assert part.tolist() == [0.0, 2.0]
    part.numpy()[1] = 7.0
    assert z.tolist() == [9j, 7 + 4j]
    x = jt.tensor(2.0, requires_grad=True)
    pairs[1, 0] = x * 3
    assert part.tolist() == [0.0, 6.0]
    part.sum().backward()
    assert x.grad.item() == 3.0


def test_parts_follow_steps_of_a_leaf():
    z = jt.tensor(X * (1 + 2j), requires_grad=True)
    part = z.real
    with jt.no_grad():
        z += 1.0
        part[0] = 5.0
    assert z.tolist() == [5 + 2j, 3 + 4j]
    (part**2).sum().backward()
    assert z.grad.tolist() == [10, 6]
    with pytest.raises(RuntimeError, match="leaf Variable"):
        part[0] = 1.0
    part.detach()[1] = 8.0
    assert z.tolist() == [5 + 2j, 8 + 4j]


def test_real_numbers_have_no_imaginary_part_to_set():
    x = jt.tensor(X)
    with pytest.raises(TypeError, match="does not have imaginary part to set: got float64"):
        x.imag = 1.0
    np.testing.assert_array_equal(x.numpy(), X)


def factor_of(decompose, x):
    return np.sum(np.abs(decompose(x)) ** 2)


@pytest.mark.parametrize("decompose", [lambda a: np.linalg.qr(a)[1], lambda a: np.linalg.cholesky(a @ a.conj().T + np.eye(3))])
def test_zeros_of_triangular_factors_are_structural(decompose):
    """The absolute value has no second derivative at 0, but nothing flows there: both losses are sums of squares."""
    rng = np.random.default_rng(0)
    a, v = rng.normal(size=(2, 3, 3)) + 1j * rng.normal(size=(2, 3, 3))
    np.testing.assert_allclose(jt.hvp(lambda x: factor_of(decompose, x), a, v), 2.0 * v.conj(), atol=1e-12)
    roots = jt.grad(lambda x: np.sum(np.sqrt(np.abs(decompose(x)))))(a)  # the first derivative of a root is infinite at 0
    assert np.isfinite(roots).all()
