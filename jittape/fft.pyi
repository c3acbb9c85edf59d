# Written by tools/make_stubs.py from the declarations. Change these, then run it again.

"""PyTorch's namespace of Fourier transforms."""

from .tensors.tensor import Tensor
from .typing import Axes, DTypeLike, TensorLike

__all__ = [
    "fft", "fft2", "fftfreq", "fftn", "fftshift", "hfft", "hfft2", "hfftn", "ifft", "ifft2", "ifftn", "ifftshift",
    "ihfft", "ihfft2", "ihfftn", "irfft", "irfft2", "irfftn", "rfft", "rfft2", "rfftfreq", "rfftn",
]

def fft(input: TensorLike, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """Fourier transform along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    n : int, optional
        Length: the signal is cut, or filled up with zeros.
    dim : int, optional
        The axis.
    norm : {"backward", "ortho", "forward"}, optional
        What is divided by the length: the inverse transform, both by its root, or this.

    Returns
    -------
    Tensor
        Complex numbers.

    Raises
    ------
    ValueError
        If a length or `norm` is none of these.
    """

def fft2(input: TensorLike, s: Axes | None = None, dim: Axes = (-2, -1), norm: str | None = None) -> Tensor:
    """Fourier transform along axes.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    s : sequence of int, optional
        Lengths: the signal is cut, or filled up with zeros.
    dim : tuple of int, optional
        The axes.
    norm : {"backward", "ortho", "forward"}, optional
        What is divided by the length: the inverse transform, both by its root, or this.

    Returns
    -------
    Tensor
        Complex numbers.

    Raises
    ------
    ValueError
        If a length or `norm` is none of these.
    """

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

def fftn(input: TensorLike, s: Axes | None = None, dim: Axes | None = None, norm: str | None = None) -> Tensor:
    """Fourier transform along axes.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    s : sequence of int, optional
        Lengths: the signal is cut, or filled up with zeros.
    dim : tuple of int, optional
        The axes.
    norm : {"backward", "ortho", "forward"}, optional
        What is divided by the length: the inverse transform, both by its root, or this.

    Returns
    -------
    Tensor
        Complex numbers.

    Raises
    ------
    ValueError
        If a length or `norm` is none of these.
    """

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

def hfft(input: TensorLike, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """Fourier transform of half of a signal that the conjugates of the other half mirror: real numbers.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    n : int, optional
        Length: the signal is cut, or filled up with zeros.
    dim : int, optional
        The axis.
    norm : {"backward", "ortho", "forward"}, optional
        What is divided by the length: the inverse transform, both by its root, or this.

    Returns
    -------
    Tensor
        Real numbers.

    Raises
    ------
    ValueError
        If a length or `norm` is none of these.
    """

def hfft2(input: TensorLike, s: Axes | None = None, dim: Axes = (-2, -1), norm: str | None = None) -> Tensor:
    """Fourier transform of half of a signal that the conjugates of the other half mirror: real numbers.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    s : sequence of int, optional
        Lengths: the signal is cut, or filled up with zeros.
    dim : tuple of int, optional
        The axes.
    norm : {"backward", "ortho", "forward"}, optional
        What is divided by the length: the inverse transform, both by its root, or this.

    Returns
    -------
    Tensor
        Real numbers.

    Raises
    ------
    ValueError
        If a length or `norm` is none of these.
    """

def hfftn(input: TensorLike, s: Axes | None = None, dim: Axes | None = None, norm: str | None = None) -> Tensor:
    """Fourier transform of half of a signal that the conjugates of the other half mirror: real numbers.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    s : sequence of int, optional
        Lengths: the signal is cut, or filled up with zeros.
    dim : tuple of int, optional
        The axes.
    norm : {"backward", "ortho", "forward"}, optional
        What is divided by the length: the inverse transform, both by its root, or this.

    Returns
    -------
    Tensor
        Real numbers.

    Raises
    ------
    ValueError
        If a length or `norm` is none of these.
    """

def ifft(input: TensorLike, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The inverse of fft.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    n : int, optional
        Length: the signal is cut, or filled up with zeros.
    dim : int, optional
        The axis.
    norm : {"backward", "ortho", "forward"}, optional
        What is divided by the length: the inverse transform, both by its root, or this.

    Returns
    -------
    Tensor
        Complex numbers.

    Raises
    ------
    ValueError
        If a length or `norm` is none of these.
    """

def ifft2(input: TensorLike, s: Axes | None = None, dim: Axes = (-2, -1), norm: str | None = None) -> Tensor:
    """The inverse of fft2.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    s : sequence of int, optional
        Lengths: the signal is cut, or filled up with zeros.
    dim : tuple of int, optional
        The axes.
    norm : {"backward", "ortho", "forward"}, optional
        What is divided by the length: the inverse transform, both by its root, or this.

    Returns
    -------
    Tensor
        Complex numbers.

    Raises
    ------
    ValueError
        If a length or `norm` is none of these.
    """

def ifftn(input: TensorLike, s: Axes | None = None, dim: Axes | None = None, norm: str | None = None) -> Tensor:
    """The inverse of fftn.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    s : sequence of int, optional
        Lengths: the signal is cut, or filled up with zeros.
    dim : tuple of int, optional
        The axes.
    norm : {"backward", "ortho", "forward"}, optional
        What is divided by the length: the inverse transform, both by its root, or this.

    Returns
    -------
    Tensor
        Complex numbers.

    Raises
    ------
    ValueError
        If a length or `norm` is none of these.
    """

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

def ihfft(input: TensorLike, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The inverse of hfft.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    n : int, optional
        Length: the signal is cut, or filled up with zeros.
    dim : int, optional
        The axis.
    norm : {"backward", "ortho", "forward"}, optional
        What is divided by the length: the inverse transform, both by its root, or this.

    Returns
    -------
    Tensor
        Complex numbers.

    Raises
    ------
    ValueError
        If a length or `norm` is none of these.
    """

def ihfft2(input: TensorLike, s: Axes | None = None, dim: Axes = (-2, -1), norm: str | None = None) -> Tensor:
    """The inverse of hfft2.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    s : sequence of int, optional
        Lengths: the signal is cut, or filled up with zeros.
    dim : tuple of int, optional
        The axes.
    norm : {"backward", "ortho", "forward"}, optional
        What is divided by the length: the inverse transform, both by its root, or this.

    Returns
    -------
    Tensor
        Complex numbers.

    Raises
    ------
    ValueError
        If a length or `norm` is none of these.
    """

def ihfftn(input: TensorLike, s: Axes | None = None, dim: Axes | None = None, norm: str | None = None) -> Tensor:
    """The inverse of hfftn.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    s : sequence of int, optional
        Lengths: the signal is cut, or filled up with zeros.
    dim : tuple of int, optional
        The axes.
    norm : {"backward", "ortho", "forward"}, optional
        What is divided by the length: the inverse transform, both by its root, or this.

    Returns
    -------
    Tensor
        Complex numbers.

    Raises
    ------
    ValueError
        If a length or `norm` is none of these.
    """

def irfft(input: TensorLike, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The inverse of rfft.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    n : int, optional
        Length: the signal is cut, or filled up with zeros.
    dim : int, optional
        The axis.
    norm : {"backward", "ortho", "forward"}, optional
        What is divided by the length: the inverse transform, both by its root, or this.

    Returns
    -------
    Tensor
        Real numbers.

    Raises
    ------
    ValueError
        If a length or `norm` is none of these.
    """

def irfft2(input: TensorLike, s: Axes | None = None, dim: Axes = (-2, -1), norm: str | None = None) -> Tensor:
    """The inverse of rfft2.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    s : sequence of int, optional
        Lengths: the signal is cut, or filled up with zeros.
    dim : tuple of int, optional
        The axes.
    norm : {"backward", "ortho", "forward"}, optional
        What is divided by the length: the inverse transform, both by its root, or this.

    Returns
    -------
    Tensor
        Real numbers.

    Raises
    ------
    ValueError
        If a length or `norm` is none of these.
    """

def irfftn(input: TensorLike, s: Axes | None = None, dim: Axes | None = None, norm: str | None = None) -> Tensor:
    """The inverse of rfftn.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    s : sequence of int, optional
        Lengths: the signal is cut, or filled up with zeros.
    dim : tuple of int, optional
        The axes.
    norm : {"backward", "ortho", "forward"}, optional
        What is divided by the length: the inverse transform, both by its root, or this.

    Returns
    -------
    Tensor
        Real numbers.

    Raises
    ------
    ValueError
        If a length or `norm` is none of these.
    """

def rfft(input: TensorLike, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """Fourier transform of real numbers along an axis: the terms that are not conjugates of others.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    n : int, optional
        Length: the signal is cut, or filled up with zeros.
    dim : int, optional
        The axis.
    norm : {"backward", "ortho", "forward"}, optional
        What is divided by the length: the inverse transform, both by its root, or this.

    Returns
    -------
    Tensor
        Complex numbers.

    Raises
    ------
    ValueError
        If a length or `norm` is none of these.
    """

def rfft2(input: TensorLike, s: Axes | None = None, dim: Axes = (-2, -1), norm: str | None = None) -> Tensor:
    """Fourier transform of real numbers along axes: the terms that are not conjugates of others.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    s : sequence of int, optional
        Lengths: the signal is cut, or filled up with zeros.
    dim : tuple of int, optional
        The axes.
    norm : {"backward", "ortho", "forward"}, optional
        What is divided by the length: the inverse transform, both by its root, or this.

    Returns
    -------
    Tensor
        Complex numbers.

    Raises
    ------
    ValueError
        If a length or `norm` is none of these.
    """

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

def rfftn(input: TensorLike, s: Axes | None = None, dim: Axes | None = None, norm: str | None = None) -> Tensor:
    """Fourier transform of real numbers along axes: the terms that are not conjugates of others.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    s : sequence of int, optional
        Lengths: the signal is cut, or filled up with zeros.
    dim : tuple of int, optional
        The axes.
    norm : {"backward", "ortho", "forward"}, optional
        What is divided by the length: the inverse transform, both by its root, or this.

    Returns
    -------
    Tensor
        Complex numbers.

    Raises
    ------
    ValueError
        If a length or `norm` is none of these.
    """
