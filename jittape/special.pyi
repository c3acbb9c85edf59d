# Written by tools/make_stubs.py from the declarations. Change these, then run it again.

"""PyTorch's namespace of special functions."""

from typing import SupportsIndex, overload
from .tensors.tensor import Tensor
from .typing import Axes, DTypeLike, Number, TensorLike

__all__ = [
    "airy_ai", "bessel_j0", "bessel_j1", "bessel_y0", "bessel_y1", "chebyshev_polynomial_t", "chebyshev_polynomial_u",
    "chebyshev_polynomial_v", "chebyshev_polynomial_w", "digamma", "entr", "erf", "erfc", "erfcx", "erfinv", "exp2",
    "expit", "expm1", "gammainc", "gammaincc", "gammaln", "hermite_polynomial_h", "hermite_polynomial_he", "i0", "i0e",
    "i1", "i1e", "laguerre_polynomial_l", "legendre_polynomial_p", "log1p", "log_ndtr", "log_softmax", "logit",
    "logsumexp", "modified_bessel_i0", "modified_bessel_i1", "modified_bessel_k0", "modified_bessel_k1", "multigammaln",
    "ndtr", "ndtri", "polygamma", "psi", "round", "scaled_modified_bessel_k0", "scaled_modified_bessel_k1",
    "shifted_chebyshev_polynomial_t", "shifted_chebyshev_polynomial_u", "shifted_chebyshev_polynomial_v",
    "shifted_chebyshev_polynomial_w", "sinc", "softmax", "spherical_bessel_j0", "xlog1py", "xlogy", "zeta",
]

def airy_ai(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Airy's function Ai.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def bessel_j0(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the first kind, of order 0.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def bessel_j1(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the first kind, of order 1.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def bessel_y0(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the second kind, of order 0.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def bessel_y1(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the second kind, of order 1.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def chebyshev_polynomial_t(input: TensorLike, n: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Chebyshev's polynomial of the first kind.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    n : int, Tensor or ndarray of int
        Degrees; they are broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.

    Raises
    ------
    ValueError
        If a degree is not whole.
    """

def chebyshev_polynomial_u(input: TensorLike, n: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Chebyshev's polynomial of the second kind.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    n : int, Tensor or ndarray of int
        Degrees; they are broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.

    Raises
    ------
    ValueError
        If a degree is not whole.
    """

def chebyshev_polynomial_v(input: TensorLike, n: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Chebyshev's polynomial of the third kind.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    n : int, Tensor or ndarray of int
        Degrees; they are broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.

    Raises
    ------
    ValueError
        If a degree is not whole.
    """

def chebyshev_polynomial_w(input: TensorLike, n: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Chebyshev's polynomial of the fourth kind.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    n : int, Tensor or ndarray of int
        Degrees; they are broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.

    Raises
    ------
    ValueError
        If a degree is not whole.
    """

def digamma(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The derivative of the logarithm of the gamma function; nan at the negative integers.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def entr(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """``-x * log(x)``, 0 at 0 and minus infinity below.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def erf(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The error function, 2 / sqrt(pi) times the integral of exp(-t**2) from 0 to x.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def erfc(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """``1 - erf(x)``, without its rounding errors where erf is near 1.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def erfcx(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The complementary error function times ``exp(x**2)``.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def erfinv(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the error function.

    Parameters
    ----------
    input : Tensor or ndarray
        Values from -1 to 1.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the same shape.
    """

def exp2(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Two to a power.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def expit(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """``1 / (1 + exp(-x))``, the logistic function.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def expm1(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """``exp(x) - 1``, exact near 0.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def gammainc(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The regularised lower incomplete gamma function.

    Parameters
    ----------
    input : Tensor or ndarray
        The parameter.
    other : Tensor or ndarray
        The argument; the two are broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def gammaincc(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The regularised upper incomplete gamma function.

    Parameters
    ----------
    input : Tensor or ndarray
        The parameter.
    other : Tensor or ndarray
        The argument; the two are broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def gammaln(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of the absolute value of the gamma function; inf at 0 and the negative integers.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def hermite_polynomial_h(input: TensorLike, n: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Hermite's polynomial of the physicists.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    n : int, Tensor or ndarray of int
        Degrees; they are broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.

    Raises
    ------
    ValueError
        If a degree is not whole.
    """

def hermite_polynomial_he(input: TensorLike, n: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Hermite's polynomial of the probabilists.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    n : int, Tensor or ndarray of int
        Degrees; they are broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.

    Raises
    ------
    ValueError
        If a degree is not whole.
    """

def i0(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind, of order 0.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the same shape.
    """

def i0e(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind, of order 0, times ``exp(-abs(x))``.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def i1(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind, of order 1.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def i1e(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind, of order 1, times ``exp(-abs(x))``.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def laguerre_polynomial_l(input: TensorLike, n: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Laguerre's polynomial.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    n : int, Tensor or ndarray of int
        Degrees; they are broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.

    Raises
    ------
    ValueError
        If a degree is not whole.
    """

def legendre_polynomial_p(input: TensorLike, n: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Legendre's polynomial.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    n : int, Tensor or ndarray of int
        Degrees; they are broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.

    Raises
    ------
    ValueError
        If a degree is not whole.
    """

def log1p(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """``log(1 + x)``, exact near 0.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def log_ndtr(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of the distribution function of the standard normal distribution.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

@overload
def log_softmax(input: TensorLike, dim: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
    """Logarithm of `softmax`: ``x - logsumexp(x)`` along an axis, without overflow.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis.
    dtype : dtype, optional
        Of the result.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
@overload
def log_softmax(a: TensorLike, axis: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
    ...

def logit(input: TensorLike, eps: Number | None = None, *, out: Tensor | None = None) -> Tensor:
    """Logarithm of the odds: ``log(x / (1 - x))``.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    eps : float, optional
        Clip the values to [eps, 1 - eps] first.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

@overload
def logsumexp(
    input: TensorLike,
    dim: Axes | None = None,
    keepdim: bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Logarithm of the sum of exponentials, without overflow.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        Axes that are reduced; by default all.
    keepdim : bool, optional
        Keep reduced axes, with length one.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Without the reduced axes.
    """
@overload
def logsumexp(a: TensorLike, axis: Axes | None = None, keepdims: bool = False, *, out: Tensor | None = None) -> Tensor:
    ...

def modified_bessel_i0(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind, of order 0.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def modified_bessel_i1(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind, of order 1.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def modified_bessel_k0(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the second kind, of order 0.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def modified_bessel_k1(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the second kind, of order 1.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def multigammaln(input: TensorLike, p: int, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of the multivariate gamma function.

    Parameters
    ----------
    input : Tensor or ndarray
        Values above ``(p - 1) / 2``.
    p : int
        The dimension.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the same shape.

    Raises
    ------
    RuntimeError
        If `p` is below 1.
    """

def ndtr(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The distribution function of the standard normal distribution.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def ndtri(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the distribution function of the standard normal distribution.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def polygamma(n: TensorLike, input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The derivative of order `n` of `digamma`; of an `n` that is an integer, by which it has no derivative: that is nan.

    Parameters
    ----------
    n, input : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def psi(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The derivative of the logarithm of the gamma function; nan at the negative integers.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def round(input: TensorLike, *, decimals: SupportsIndex = 0, out: Tensor | None = None) -> Tensor:
    """Values rounded to the nearest integer (ties to even), or to a number of decimals; the derivative is 0.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    decimals : int, optional
        Number of digits after the point.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def scaled_modified_bessel_k0(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the second kind, of order 0, times ``exp(x)``.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def scaled_modified_bessel_k1(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the second kind, of order 1, times ``exp(x)``.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def shifted_chebyshev_polynomial_t(input: TensorLike, n: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Chebyshev's polynomial of the first kind of ``2 * x - 1``.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    n : int, Tensor or ndarray of int
        Degrees; they are broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.

    Raises
    ------
    ValueError
        If a degree is not whole.
    """

def shifted_chebyshev_polynomial_u(input: TensorLike, n: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Chebyshev's polynomial of the second kind of ``2 * x - 1``.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    n : int, Tensor or ndarray of int
        Degrees; they are broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.

    Raises
    ------
    ValueError
        If a degree is not whole.
    """

def shifted_chebyshev_polynomial_v(input: TensorLike, n: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Chebyshev's polynomial of the third kind of ``2 * x - 1``.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    n : int, Tensor or ndarray of int
        Degrees; they are broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.

    Raises
    ------
    ValueError
        If a degree is not whole.
    """

def shifted_chebyshev_polynomial_w(input: TensorLike, n: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Chebyshev's polynomial of the fourth kind of ``2 * x - 1``.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    n : int, Tensor or ndarray of int
        Degrees; they are broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.

    Raises
    ------
    ValueError
        If a degree is not whole.
    """

def sinc(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The sine of pi x over pi x, and 1 at 0.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

@overload
def softmax(input: TensorLike, dim: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
    """Exponentials divided by their sum along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis.
    dtype : dtype, optional
        Of the result.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
@overload
def softmax(a: TensorLike, axis: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
    ...

def spherical_bessel_j0(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The spherical Bessel function of order 0.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def xlog1py(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """``input * log(1 + other)``, and 0 where `input` is 0.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    other : Tensor, ndarray or float
        Values; the two are broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def xlogy(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """``x * log(y)``, and 0 where x is 0 and y is not nan.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def zeta(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Hurwitz's zeta function, the sum of all ``(k + other)**-input``.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    other : Tensor, ndarray or float
        Values; the two are broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """
