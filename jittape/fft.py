"""PyTorch's namespace of Fourier transforms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as _np

from .dtypes import as_dtype as _as_dtype, get_default_dtype as _get_default_dtype
from .ops.creation import leaf_of as _leaf_of
from .ops.declared_docstrings import docstring as _docstring
from .ops.fourier_transforms import complex_transform as _complex, half_transform as _half, real_transform as _real
from .ops.fourier_transforms import shifted as _shifted

if TYPE_CHECKING:
    from .tensors.tensor import Tensor
    from .typing import Axes, DTypeLike, TensorLike

_SUMMARIES = {
    "fft": "Fourier transform along an axis.",
    "rfft": "Fourier transform of real numbers along an axis: the terms that are not conjugates of others.",
    "hfft": "Fourier transform of half of a signal that the conjugates of the other half mirror: real numbers.",
}
_INPUT = ("input", "Tensor or ndarray", "Values of any shape.")
_NORM = (
    "norm",
    '{"backward", "ortho", "forward"}, optional',
    "What is divided by the length: the inverse transform, both by its root, or this.",
)
_ERRORS = [("ValueError", "If a length or `norm` is none of these.")]


def _documented(function, name, parameters):
    kind = name.removeprefix("i").rstrip("2n")
    what = {"fft": "fft", "rfft": "rfft", "irfft": "rfft", "hfft": "hfft", "ihfft": "hfft"}
    base = next(k for k in ("rfft", "hfft", "fft") if k in name)
    summary = _SUMMARIES[what.get(kind, base)]
    summary = summary.replace("an axis", "axes") if name[-1] in "2n" else summary
    if name.startswith("i"):
        summary = "The inverse of " + name[1:] + "."
    function.__name__ = function.__qualname__ = name
    returns = ("Tensor", "Real numbers." if name.startswith(("irfft", "hfft")) else "Complex numbers.")
    function.__doc__ = _docstring(summary, [_INPUT, *parameters, _NORM], returns, _ERRORS)
    function.__module__ = __name__
    return function


_ONE = [("n", "int, optional", "Length: the signal is cut, or filled up with zeros."), ("dim", "int, optional", "The axis.")]
_MANY = [
    ("s", "sequence of int, optional", "Lengths: the signal is cut, or filled up with zeros."),
    ("dim", "tuple of int, optional", "The axes."),
]


def _along_one(name, transform):
    inverse = name.startswith("i")

    def function(input: TensorLike, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
        return transform(input, [n], [dim], norm, inverse, f"fft.{name}")

    return _documented(function, name, _ONE)


def _along_two(name, transform):
    inverse = name.startswith("i")

    def function(input: TensorLike, s: Axes | None = None, dim: Axes = (-2, -1), norm: str | None = None) -> Tensor:
        return transform(input, s, dim, norm, inverse, f"fft.{name}")

    return _documented(function, name, _MANY)


def _along_several(name, transform):
    inverse = name.startswith("i")

    def function(input: TensorLike, s: Axes | None = None, dim: Axes | None = None, norm: str | None = None) -> Tensor:
        return transform(input, s, dim, norm, inverse, f"fft.{name}")

    return _documented(function, name, _MANY)


fft, ifft = _along_one("fft", _complex), _along_one("ifft", _complex)
rfft, ihfft = _along_one("rfft", _half), _along_one("ihfft", _half)
irfft, hfft = _along_one("irfft", _real), _along_one("hfft", _real)
fft2, ifft2 = _along_two("fft2", _complex), _along_two("ifft2", _complex)
rfft2, ihfft2 = _along_two("rfft2", _half), _along_two("ihfft2", _half)
irfft2, hfft2 = _along_two("irfft2", _real), _along_two("hfft2", _real)
fftn, ifftn = _along_several("fftn", _complex), _along_several("ifftn", _complex)
rfftn, ihfftn = _along_several("rfftn", _half), _along_several("ihfftn", _half)
irfftn, hfftn = _along_several("irfftn", _real), _along_several("hfftn", _real)


def fftshift(input: TensorLike, dim: Axes | None = None) -> Tensor:
    """Move the term of frequency 0 to the middle.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        The axes; by default all.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    return _shifted(input, dim, 1, "fft.fftshift")


def ifftshift(input: TensorLike, dim: Axes | None = None) -> Tensor:
    """Move the term of frequency 0 from the middle to the front.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        The axes; by default all.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    return _shifted(input, dim, -1, "fft.ifftshift")


def fftfreq(n: int, d: float = 1.0, *, dtype: DTypeLike | None = None, requires_grad: bool = False) -> Tensor:
    """Compute the frequencies of the terms of `fft`, in cycles per unit of the spacing.

    Parameters
    ----------
    n : int
        Length of the signal.
    d : float, optional
        Spacing of its values.
    dtype : dtype, optional
        By default the default dtype.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.

    Returns
    -------
    Tensor
        A vector of n elements.
    """
    return _leaf_of(_np.fft.fftfreq(n, d).astype(_get_default_dtype() if dtype is None else _as_dtype(dtype)), requires_grad)


def rfftfreq(n: int, d: float = 1.0, *, dtype: DTypeLike | None = None, requires_grad: bool = False) -> Tensor:
    """Compute the frequencies of the terms of `rfft`, in cycles per unit of the spacing.

    Parameters
    ----------
    n : int
        Length of the signal.
    d : float, optional
        Spacing of its values.
    dtype : dtype, optional
        By default the default dtype.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.

    Returns
    -------
    Tensor
        A vector of ``n // 2 + 1`` elements.
    """
    return _leaf_of(_np.fft.rfftfreq(n, d).astype(_get_default_dtype() if dtype is None else _as_dtype(dtype)), requires_grad)


__all__ = []  # follows from the definitions
__all__ += [name for name in sorted(globals()) if "fft" in name and not name.startswith("_")]


def __dir__():
    return __all__
