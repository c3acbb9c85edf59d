"""PyTorch's windows for signals, and tensors of one number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..dtypes import as_dtype, get_default_dtype
from .creation import leaf_of
from .declared_docstrings import docstring
from .keywords import accepting
from .operation_names import public

if TYPE_CHECKING:
    from ..tensors.tensor import Tensor
    from ..typing import DTypeLike, Number


def _cosines(*weights):
    """A window that is a sum of cosines of multiples of the angle."""
    return lambda length, gaps: sum(w * np.cos(2.0 * np.pi * k * np.arange(length) / gaps) for k, w in enumerate(weights))


def _triangle(length, gaps):
    return 1.0 - np.abs(2.0 * np.arange(length) / gaps - 1.0)


def _window(shape, window_length, periodic, dtype, requires_grad):
    dtype = get_default_dtype() if dtype is None else as_dtype(dtype)
    if window_length < 0:
        raise RuntimeError(f"got window_length={window_length}, expected a length that is not negative")
    gaps = window_length if periodic else window_length - 1
    values = shape(window_length, gaps) if window_length > 1 else np.ones(window_length)
    return leaf_of(np.asarray(values, dtype), requires_grad)


def _declared(name, summary, shape):
    def window(
        window_length: int, periodic: bool = True, *, dtype: DTypeLike | None = None, requires_grad: bool = False
    ) -> Tensor:
        return _window(shape, window_length, periodic, dtype, requires_grad)

    window.__name__ = window.__qualname__ = name
    window.__doc__ = docstring(summary, [*_PARAMETERS, *_OPTIONS], _RETURNS, _ERRORS)
    return public(method=False, out="")(accepting("layout", "device", "pin_memory")(window))


_PARAMETERS = [
    ("window_length", "int", "How many numbers."),
    (
        "periodic",
        "bool, optional",
        "The number behind the last one is the first, as Fourier transforms want it; else it is even.",
    ),
]
_OPTIONS = [
    ("dtype", "dtype, optional", "Of the result; the default dtype if not given."),
    ("requires_grad", "bool, optional", "Make a leaf whose gradient is wanted."),
]
_RETURNS = ("Tensor, shape (window_length,)", "The window.")
_ERRORS = [("RuntimeError", "If the length is negative.")]

hann_window = _declared("hann_window", "Hann's window, a raised cosine.", _cosines(0.5, -0.5))
bartlett_window = _declared("bartlett_window", "Bartlett's window, a triangle.", _triangle)
blackman_window = _declared("blackman_window", "Blackman's window of three cosines.", _cosines(0.42, -0.5, 0.08))


@public(method=False)
@accepting("layout", "device", "pin_memory")
def hamming_window(
    window_length: int,
    periodic: bool = True,
    alpha: float = 0.54,
    beta: float = 0.46,
    *,
    dtype: DTypeLike | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Hamming's window, ``alpha - beta * cos(...)``.

    Parameters
    ----------
    window_length : int
        How many numbers.
    periodic : bool, optional
        The number behind the last one is the first, as Fourier transforms want it; else it is even.
    alpha, beta : float, optional
        The two weights.
    dtype : dtype, optional
        Of the result; the default dtype if not given.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.

    Returns
    -------
    Tensor, shape (window_length,)
        The window.
    """
    return _window(_cosines(alpha, -beta), window_length, periodic, dtype, requires_grad)


@public(method=False)
@accepting("layout", "device", "pin_memory")
def kaiser_window(
    window_length: int, periodic: bool = True, beta: float = 12.0, *, dtype: DTypeLike | None = None, requires_grad: bool = False
) -> Tensor:
    """Kaiser's window.

    Parameters
    ----------
    window_length : int
        How many numbers.
    periodic : bool, optional
        The number behind the last one is the first, as Fourier transforms want it; else it is even.
    beta : float, optional
        How narrow it is.
    dtype : dtype, optional
        Of the result; the default dtype if not given.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.

    Returns
    -------
    Tensor, shape (window_length,)
        The window.
    """
    return _window(lambda length, gaps: np.kaiser(gaps + 1, beta)[:length], window_length, periodic, dtype, requires_grad)


@public(method=False)
@accepting("layout", "device", "pin_memory")
def scalar_tensor(s: Number, *, dtype: DTypeLike | None = None, requires_grad: bool = False) -> Tensor:
    """A tensor of one number, without axes.

    Parameters
    ----------
    s : float
        The number.
    dtype : dtype, optional
        Of the result; the default dtype if not given.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.

    Returns
    -------
    Tensor, shape ()
        The number.
    """
    return leaf_of(np.array(s, get_default_dtype() if dtype is None else as_dtype(dtype)), requires_grad)
