"""`numpy.fft` on Tensors and Arrays."""

import numpy as np

from .fourier_transforms import complex_transform, half_transform, real_transform, shifted
from .numpy_shapes import as_numpy


def _along_one(theirs, transform, inverse):
    def function(a, n=None, axis=-1, norm=None, out=None):
        _must_be_none(out, theirs)
        return transform(a, [n], [axis], norm, inverse, f"numpy.fft.{theirs.__name__}")

    as_numpy(theirs)(function)


def _along_two(theirs, transform, inverse):
    def function(a, s=None, axes=(-2, -1), norm=None, out=None):
        _must_be_none(out, theirs)
        return transform(a, s, axes, norm, inverse, f"numpy.fft.{theirs.__name__}")

    as_numpy(theirs)(function)


def _along_several(theirs, transform, inverse):
    def function(a, s=None, axes=None, norm=None, out=None):
        _must_be_none(out, theirs)
        return transform(a, s, axes, norm, inverse, f"numpy.fft.{theirs.__name__}")

    as_numpy(theirs)(function)


def _must_be_none(out, theirs):
    if out is not None:
        raise TypeError(f"numpy.fft.{theirs.__name__}: got out=, expected none: a transform makes a new array")


for _declare, _kinds in (
    (_along_one, {"": "fft ifft", "half": "rfft ihfft", "real": "hfft irfft"}),
    (_along_two, {"": "fft2 ifft2", "half": "rfft2 -", "real": "- irfft2"}),
    (_along_several, {"": "fftn ifftn", "half": "rfftn -", "real": "- irfftn"}),
):
    for _kind, _names in _kinds.items():
        for _inverse, _name in enumerate(_names.split()):
            if _name != "-":
                _transform = {"": complex_transform, "half": half_transform, "real": real_transform}[_kind]
                _declare(getattr(np.fft, _name), _transform, bool(_inverse))


@as_numpy(np.fft.fftshift)
def _fftshift(x, axes=None):
    return shifted(x, axes, 1, "numpy.fft.fftshift")


@as_numpy(np.fft.ifftshift)
def _ifftshift(x, axes=None):
    return shifted(x, axes, -1, "numpy.fft.ifftshift")
