"""Fourier, cosine and sine transforms under the names of NumPy, SciPy and PyTorch."""

import numpy as np
import pytest
import scipy.fft
from sampling import some

import jittape as jt
import jittape.scipy.fft as ours
from jittape.errors import DTypeError
from jittape.ops import pocketfft

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.sampled(3, of="module")
RNG = np.random.default_rng(8)
REAL = RNG.normal(size=(3, 4, 5))
Z = REAL + 1j * RNG.normal(size=(3, 4, 5))
NORMS = (None, "backward", "ortho", "forward")
OF_REAL = ("rfft", "rfft2", "rfftn", "ihfft", "ihfft2", "ihfftn")


def operand(name):
    return REAL if name in OF_REAL else Z


def lengths_and_axes(name):
    if name[-1] not in "2n":
        return [(n, axis) for n in (None, 3, 4, 7) for axis in (-1, 0, 1)]
    return [(None, (-2, -1)), (None, (0, 2)), ((2, 7), (1, 0)), ((4, 3), (-1, -2)), (None, (0, 1, 2))][
        : 4 if name[-1] == "2" else 5
    ]


def cases():
    for name in jt.fft.__all__:
        if "freq" in name or "shift" in name:
            continue
        for n, axes in lengths_and_axes(name):
            for norm in NORMS:
                yield name, n, axes, norm


def follow(function, x, seed=3):
    """Value, and the gradients of a loss of it."""
    leaf = jt.tensor(x, requires_grad=True)
    y = function(leaf)
    loss(y).backward()
    return y.detach().numpy(), leaf.grad.numpy()


def loss(y):
    weights = 0.2 + 0.01 * np.arange(int(np.prod(tuple(y.shape)))).reshape(tuple(y.shape))
    weights = torch.tensor(weights) if isinstance(y, torch.Tensor) else weights
    return (abs(y) ** 2 * weights).sum() + ((y * (1 - 0.5j)).real * weights).sum()


def test_every_transform_is_torchs():
    for name, n, axes, norm in some(list(cases()), 20):
        x = operand(name)
        value, gradient = follow(lambda x: getattr(jt.fft, name)(x, n, axes, norm), x)
        leaf = torch.tensor(x, requires_grad=True)
        y = getattr(torch.fft, name)(leaf, n, axes, norm)
        loss(y).backward()
        note = f"{name} {n} {axes} {norm}"
        np.testing.assert_allclose(value, y.detach().resolve_conj().numpy(), atol=1e-12, err_msg=note)
        np.testing.assert_allclose(gradient, leaf.grad.resolve_conj().numpy(), atol=1e-11, err_msg=note)


def test_functions_of_numpy_follow_arrays():
    for name, n, axes, norm in some(list(cases()), 10):
        if not hasattr(np.fft, name):
            continue
        x, function = operand(name), getattr(np.fft, name)
        value, tangent = jt.jvp(lambda x: function(x, n, axes, norm), (x,), (x * 0.5,))
        np.testing.assert_allclose(value, function(x, n, axes, norm), atol=1e-12, err_msg=name)
        np.testing.assert_allclose(tangent, 0.5 * value, atol=1e-12, err_msg=name)


def test_functions_of_scipy_follow_arrays():
    for name, n, axes, norm in some(list(cases()), 10):
        x = operand(name)
        function, theirs = getattr(ours, name), getattr(scipy.fft, name)
        value, pullback = jt.vjp(lambda x: function(x, n, axes, norm), x)
        np.testing.assert_allclose(value, theirs(x, n, axes, norm), atol=1e-12, err_msg=name)
        assert pullback(value)[0].shape == x.shape
        np.testing.assert_array_equal(function(x, n, axes, norm), theirs(x, n, axes, norm))


@pytest.mark.parametrize("name", ["dct", "idct", "dst", "idst"])
def test_cosine_and_sine_transforms(name):
    """Values are SciPy's; the derivative of a linear function is its matrix."""
    x = REAL[0]
    for kind in (1, 2, 3, 4):
        for norm in NORMS:
            for orthogonalize in (None, True, False):
                options = {"type": kind, "norm": norm, "orthogonalize": orthogonalize}
                expected = getattr(scipy.fft, name)(x, **options)
                np.testing.assert_allclose(getattr(ours, name)(jt.tensor(x), **options).numpy(), expected, atol=1e-13)
                matrix = getattr(scipy.fft, name)(np.eye(5), axis=0, **options)
                leaf = jt.tensor(x, requires_grad=True)
                getattr(ours, name)(leaf, **options).backward(x)
                np.testing.assert_allclose(leaf.grad.numpy(), x @ matrix, atol=1e-13, err_msg=f"{options}")
    expected = getattr(scipy.fft, f"{name}n")(Z, s=(3, 6), axes=(0, 2))
    np.testing.assert_allclose(getattr(ours, f"{name}n")(jt.tensor(Z), s=(3, 6), axes=(0, 2)).numpy(), expected, atol=1e-13)


def test_shifts_and_frequencies():
    for axes in (None, 1, (0, 2)):
        for name in ("fftshift", "ifftshift"):
            expected = getattr(np.fft, name)(REAL, axes)
            np.testing.assert_array_equal(getattr(jt.fft, name)(jt.tensor(REAL), axes).numpy(), expected)
            value, tangent = jt.jvp(lambda x: getattr(np.fft, name)(x, axes), (REAL,), (REAL,))
            np.testing.assert_array_equal(tangent, expected)
    np.testing.assert_array_equal(jt.fft.fftfreq(7, 0.5).numpy(), np.fft.fftfreq(7, 0.5))
    np.testing.assert_array_equal(jt.fft.rfftfreq(8, 0.5).numpy(), np.fft.rfftfreq(8, 0.5))


def spectral_energy(x):
    return np.sum(np.abs(np.fft.ifft(np.fft.fft(x) * np.exp(-np.arange(8) * 0.1) * (1 + x))) ** 2)


def test_programs_and_second_derivatives():
    x, step = RNG.normal(size=8), 1e-6
    expected = jt.grad(spectral_energy)(x)
    for make in (lambda f: jt.compile(jt.grad(f)), lambda f: jt.grad(jt.compile(f))):
        made = make(spectral_energy)
        for _ in range(2):
            np.testing.assert_allclose(made(x), expected, rtol=1e-11)
    np.testing.assert_allclose(jt.vmap(jt.grad(spectral_energy))(np.stack([x, 2 * x]))[0], expected, rtol=1e-11)
    columns = [(jt.grad(spectral_energy)(x + step * e) - jt.grad(spectral_energy)(x - step * e)) / (2 * step) for e in np.eye(8)]
    np.testing.assert_allclose(jt.hessian(spectral_energy)(x), np.array(columns), rtol=1e-5, atol=1e-7)


def test_single_precision_stays():
    x = jt.tensor(REAL.astype(np.float32), requires_grad=True)
    y = jt.fft.rfft(x)
    assert y.dtype == jt.complex64 and jt.fft.fft(x).dtype == jt.complex64 and jt.fft.irfft(y).dtype == jt.float32
    jt.abs(y).sum().backward()
    assert x.grad.dtype == jt.float32
    assert jt.fft.fft(jt.tensor([1, 2, 3])).dtype == jt.complex128


REFUSED = {
    "real transform of complex numbers": (lambda: jt.fft.rfft(jt.tensor(Z)), TypeError, "expected real numbers"),
    "unknown norm": (lambda: jt.fft.fft(jt.tensor(Z), norm="other"), ValueError, "Invalid norm"),
    "no length": (lambda: jt.fft.fft(jt.tensor(Z), 0), ValueError, "Invalid number of FFT data points"),
    "axis": (lambda: jt.fft.fft(jt.tensor(Z), dim=5), IndexError, "got axes"),
    "lengths": (lambda: jt.fft.fftn(jt.tensor(Z), (2,), (0, 1)), ValueError, "different lengths"),
    "conversion": (lambda: jt.tensor(Z).double(), DTypeError, "write z.real"),
}


@pytest.mark.parametrize("call, error, words", REFUSED.values(), ids=REFUSED)
def test_misuse(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_threads_share_plans_that_no_transform_writes_to():
    """Threads that share a batch transform at the same time, by one plan."""
    x = RNG.normal(size=(2000, 12))

    def spectrum(v):
        return np.sum(np.abs(np.fft.rfft(v)) ** 3) + np.sum(np.fft.ifft(v * 1j).imag * np.fft.irfft(v * (1 - 2j), 12))

    jt.vmap(jt.grad(spectrum), threads=1)(x)
    before = {passes: words.copy() for passes, words in pocketfft._plans.items()}
    alone, together = (jt.vmap(jt.grad(spectrum), threads=n, chunk=500)(x) for n in (1, 4))
    np.testing.assert_array_equal(together, alone)
    assert before
    for passes, words in before.items():
        np.testing.assert_array_equal(pocketfft._plans[passes], words)
