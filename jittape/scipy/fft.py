"""The functions of ``scipy.fft`` that have derivatives: Fourier, cosine and sine transforms.

Of plain arrays they are SciPy's own. Of Tensors and Arrays `overwrite_x`, `workers` and `plan` have no effect, but for
`scipy.fft.set_workers`.
"""

import functools as _functools

import scipy.fft as _theirs

from ..ops.fourier_transforms import complex_transform as _complex, cosine_transform as _cosine, half_transform as _half
from ..ops.fourier_transforms import real_transform as _real, shifted as _shifted
from .following import in_place_of as _in_place_of


def _followed(name, function):
    function = _functools.partial(function)
    function.__module__ = __name__
    globals()[name] = _in_place_of(getattr(_theirs, name))(function)


def _of_one_axis(name, transform):
    inverse = name.startswith("i")

    def function(x, n=None, axis=-1, norm=None, overwrite_x=False, workers=None, *, plan=None):
        return transform(x, [n], [axis], norm, inverse, f"scipy.fft.{name}")

    _followed(name, function)


def _of_axes(name, transform, default):
    inverse = name.startswith("i")

    def function(x, s=None, axes=default, norm=None, overwrite_x=False, workers=None, *, plan=None):
        return transform(x, s, axes, norm, inverse, f"scipy.fft.{name}")

    _followed(name, function)


for _transform, _names in ((_complex, "fft ifft"), (_half, "rfft ihfft"), (_real, "irfft hfft")):
    for _name in _names.split():
        _of_one_axis(_name, _transform)
        _of_axes(f"{_name}2", _transform, (-2, -1))
        _of_axes(f"{_name}n", _transform, None)


def _cosine_or_sine(name):
    inverse = name.startswith("i")

    def along_one(x, type=2, n=None, axis=-1, norm=None, overwrite_x=False, workers=None, orthogonalize=None):
        return _cosine(x, name, type, [n], [axis], norm, inverse, orthogonalize)

    def along_several(x, type=2, s=None, axes=None, norm=None, overwrite_x=False, workers=None, *, orthogonalize=None):
        return _cosine(x, f"{name}n", type, s, axes, norm, inverse, orthogonalize)

    _followed(name, along_one)
    _followed(f"{name}n", along_several)


for _name in "dct idct dst idst".split():
    _cosine_or_sine(_name)
_followed("fftshift", lambda x, axes=None: _shifted(x, axes, 1, "scipy.fft.fftshift"))
_followed("ifftshift", lambda x, axes=None: _shifted(x, axes, -1, "scipy.fft.ifftshift"))

__all__ = []
__all__ += [name for name in _theirs.__all__ if name in globals()]


def __dir__():
    return __all__


def __getattr__(name):
    """What is not listed is SciPy's own."""
    return getattr(_theirs, name)
