"""Discrete Fourier transforms by SciPy (pocketfft), and cosine and sine transforms.

Three operations are what all functions are made of: transforms of complex numbers along axes; of real numbers along one axis, of
which the result is the half that the other half mirrors; and back from such a half to real numbers. With the same sign in the
exponent each is the transpose of one of them, so that no rule conjugates: the transpose of a complex transform is itself, that
of a real one is the way back with the mirrored terms halved.

SciPy keeps plans, and computes with as many threads as `scipy.fft.set_workers` says.
"""

from __future__ import annotations

import functools

import numpy as np

from ..dtypes import complex_of, get_default_dtype, is_complex, is_differentiable, real_of

from ..tensors.tensor import Tensor, wrap
from .arguments import as_tensor_argument

from .copies_and_joins import convert
from .declare_structured import same_statics, structured
from .domains import COMPLEX
from .fourier_kernels import (
    complex_forward,
    complex_plan,
    complex_reverse,
    half_forward,
    half_plan,
    half_reverse,
    real_forward_from_half,
    real_reverse_from_half,
)
from .split_and_stack import roll
from .padded_regions import embed
from .shape_rules import expect, is_axis, is_shape
from .view_rules import freeze, slice_view

# The power of the length by which a transform is divided, by the name of the normalisation and whether it is the inverse one.
POWERS = {(norm, inverse): power for norm, *powers in ((None, 0, 1), ("backward", 0, 1), ("ortho", 0.5, 0.5), ("forward", 1, 0))
          for inverse, power in zip((False, True), powers)}  # fmt: skip
_FORWARD = {0: "backward", 0.5: "ortho", 1: "forward"}  # SciPy's names for the exponent with a minus
_BACKWARD = {0: "forward", 0.5: "ortho", 1: "backward"}


def transforming(x, name, *args, **options):
    """Call a function of ``scipy.fft``."""
    import scipy.fft  # when a transform is asked for: it takes as long as a tenth of the library's own import

    return getattr(scipy.fft, name)(x, *args, **options)


# --- the three operations -------------------------------------------------------------------------------------


@structured(linear=True, domain=COMPLEX, grad_name="FftC2CBackward0")
def dft_values(x, axes, sign, power):
    """The transform of complex numbers along axes."""
    if sign < 0:
        return transforming(x, "fftn", axes=axes, norm=_FORWARD[power])
    return transforming(x, "ifftn", axes=axes, norm=_BACKWARD[power])


@dft_values.pullback_of(0)
def dft_pullback(y_bar, y, x, axes, sign, power):
    return dft_values.apply(y_bar, axes, sign, power)


@dft_values.planned
def _dft_plan(layouts, axes, sign, power):
    return complex_plan(layouts[0].shape, axes, sign, power)


dft_values.kernel_of("forward")(complex_forward)
dft_values.kernel_of("reverse")(complex_reverse)


@structured(linear=True, holomorphic=False, result_dtype=complex_of, grad_name="FftR2CBackward0")
def half_dft_values(x, axis, sign, power):
    """The transform of real numbers along an axis: the terms that are not conjugates of others."""
    if sign < 0:
        return transforming(x, "rfft", axis=axis, norm=_FORWARD[power])
    return transforming(x, "ihfft", axis=axis, norm=_BACKWARD[power])


@half_dft_values.pullback_of(0)
def half_dft_pullback(y_bar, y, x, axis, sign, power):
    n = x.shape[axis]
    return real_dft_values.apply(y_bar * _mirrors(n, axis, y_bar, 0.5), axis, n, sign, power)


@half_dft_values.planned
def _half_plan(layouts, axis, sign, power):
    shape = layouts[0].shape
    integers = half_plan(shape, axis, shape[axis], sign, power)
    return None if integers is None else ((*shape[:axis], shape[axis] // 2 + 1, *shape[axis + 1 :]), integers)


half_dft_values.kernel_of("forward")(half_forward)
half_dft_values.kernel_of("reverse")(half_reverse)


@structured(linear=True, domain=COMPLEX, result_dtype=real_of, grad_name="FftC2RBackward0")
def real_dft_values(x, axis, n, sign, power):
    """The n real numbers whose transform has these terms and their conjugates."""
    if sign < 0:
        return transforming(x, "hfft", n, axis, norm=_FORWARD[power])
    return transforming(x, "irfft", n, axis, norm=_BACKWARD[power])


@real_dft_values.pullback_of(0)
def real_dft_pullback(y_bar, y, x, axis, n, sign, power):
    return half_dft_values.apply(y_bar, axis, sign, power) * _mirrors(n, axis, x, 2.0)


@real_dft_values.planned
def _real_plan(layouts, axis, n, sign, power):
    shape = (*layouts[0].shape[:axis], n, *layouts[0].shape[axis + 1 :])
    integers = half_plan(shape, axis, n, sign, power)
    return None if integers is None else (shape, integers)


real_dft_values.kernel_of("forward")(real_forward_from_half)
real_dft_values.kernel_of("reverse")(real_reverse_from_half)


def _mirrors(n, axis, like, factor):
    """A factor for terms that stand for their conjugates, too, and 1 for the others."""
    weights = np.full(n // 2 + 1, factor, real_of(like.dtype))
    weights[0] = 1.0
    if n % 2 == 0:
        weights[-1] = 1.0
    return wrap(weights.reshape((-1,) + (1,) * (like.ndim - 1 - axis)))


def _about_a_transform(shape, sign, power):
    expect(type(sign) is int and sign in (-1, 1) and power in _FORWARD, "a sign and a power of the length")


@dft_values.shaped
def _of_axes(shapes, axes, sign, power):
    (shape,) = shapes
    _about_a_transform(shape, sign, power)
    expect(type(axes) is tuple and all(is_axis(a, shape) for a in axes), "axes")
    return shape


@half_dft_values.shaped
def _halved(shapes, axis, sign, power):
    (shape,) = shapes
    _about_a_transform(shape, sign, power)
    expect(is_axis(axis, shape) and shape[axis] > 0, "an axis")
    return (*shape[:axis], shape[axis] // 2 + 1, *shape[axis + 1 :])


@real_dft_values.shaped
def _doubled(shapes, axis, n, sign, power):
    (shape,) = shapes
    _about_a_transform(shape, sign, power)
    expect(is_axis(axis, shape) and is_shape((n,)) and n // 2 + 1 == shape[axis], "an axis with half of the terms")
    return (*shape[:axis], n, *shape[axis + 1 :])


@dft_values.exampled
def _complex_examples():
    yield [(3, 4)], ((1,), -1, 0)
    yield [(3, 4)], ((0, 1), 1, 1)


@half_dft_values.exampled
def _real_examples():
    for sign in (-1, 1):
        yield [(3, 4)], (1, sign, 1)
        yield [(5, 2)], (0, sign, 0.5)


@real_dft_values.exampled
def _examples_of_halves():
    for sign in (-1, 1):
        yield [(3, 3)], (1, 4, sign, 1)
        yield [(3, 2)], (0, 5, sign, 0.5)


dft_values.lanes = half_dft_values.lanes = real_dft_values.lanes = same_statics

# --- cosine and sine transforms -------------------------------------------------------------------------------

TRANSPOSED = {1: 1, 2: 3, 3: 2, 4: 4}  # types


@structured(linear=True, grad_name="CosineTransformBackward0")
def cosine_transform_values(x, axis, name, kind, norm, orthogonalize):
    """SciPy's ``dct`` or ``dst`` of some type."""
    return transforming(x, name, kind, axis=axis, norm=norm, orthogonalize=orthogonalize)


@cosine_transform_values.pullback_of(0)
def cosine_transform_pullback(y_bar, y, x, axis, name, kind, norm, orthogonalize):
    if orthogonalize and name == "dst" and kind in (2, 3) and _scales_first_sine():
        scale = _along_axis(np.array([np.sqrt(0.5 if kind == 2 else 2.0)] + [1.0] * (x.shape[axis] - 1)), x, axis)
        y_bar = y_bar * scale if kind == 2 else y_bar
        x_bar = cosine_transform_pullback(y_bar, y, x, axis, name, kind, norm, False)
        return x_bar if kind == 2 else x_bar * scale
    before, after = (1.0, 1.0) if orthogonalize else _end_weights(name, kind, x, axis)
    return cosine_transform_values.apply(y_bar * before, axis, name, TRANSPOSED[kind], norm, orthogonalize) * after


def _end_weights(name, kind, x, axis):
    """By what the matrix of a transform, transposed, differs from that of another one: factors before and after."""
    n = x.shape[axis]
    if name == "dct" and kind == 1:
        doubled = np.full(n, 2.0)
        doubled[[0, -1]] = 1.0
        before, after = 1.0 / doubled, doubled
    else:
        before, after = np.ones(n), np.ones(n)
        end = 0 if name == "dct" else -1
        if kind == 2:
            before[end] = 2.0
        elif kind == 3:
            after[end] = 0.5
    return [_along_axis(w, x, axis) for w in (before, after)]


def _along_axis(weights, x, axis):
    """Weights of the elements along an axis, for an array with others."""
    return wrap(weights.reshape((-1,) + (1,) * (x.ndim - 1 - axis)).astype(real_of(x.dtype)))


@functools.cache
def _scales_first_sine():
    """Whether this SciPy, as 1.11 does, scales the first sine to make a transform orthogonal, and not the last one."""
    plain, scaled = (transforming(np.ones(2), "dst", 2, norm="ortho", orthogonalize=own) for own in (False, True))
    return plain[0] != scaled[0]


@cosine_transform_values.shaped
def _along(shapes, axis, name, kind, norm, orthogonalize):
    (shape,) = shapes
    expect(is_axis(axis, shape) and name in ("dct", "dst") and kind in TRANSPOSED, "an axis, a transform and its type")
    expect(norm in ("backward", "ortho", "forward") and type(orthogonalize) is bool, "a normalisation and a flag")
    return shape


@cosine_transform_values.exampled
def _cosine_examples():
    for name in ("dct", "dst"):
        for kind in TRANSPOSED:
            yield [(2, 5)], (1, name, kind, "backward", False)
            yield [(4,)], (0, name, kind, "ortho", True)


cosine_transform_values.lanes = same_statics

# --- what functions of every face are made of -------------------------------------------------------------------


def transform_operand(x, name, must_be_real=False):
    """An argument as a Tensor of floating-point or complex numbers."""
    x = as_tensor_argument(x, name)
    if must_be_real and is_complex(x.dtype):
        raise TypeError(f"{name}: got {x.dtype}, expected real numbers; of complex ones take fft")
    return x if is_differentiable(x.dtype) else convert(x, get_default_dtype())


def as_complex(x):
    """Numbers as complex ones."""
    return convert(x, complex_of(x.dtype))


def power_of(norm, inverse, name):
    """The power of the length that a normalisation means."""
    if (norm, inverse) not in POWERS:
        raise ValueError(f'{name}: Invalid norm value {norm!r}: expected None, "backward", "ortho" or "forward"')
    return POWERS[norm, inverse]


def resized(x, axis, n, name):
    """The first n elements along an axis, or all with zeros after them."""
    length = x.shape[axis]
    if n is None or n == length:
        return x
    if n < 1:
        raise ValueError(f"{name}: Invalid number of FFT data points ({n}) specified: expected at least 1")
    if n < length:
        return slice_view.apply(x, freeze((slice(None),) * axis + (slice(0, n),)))
    shape = tuple(x.shape)
    return embed(x, (*shape[:axis], n, *shape[axis + 1 :]), freeze((slice(None),) * axis + (slice(0, length),)))


def lengths_and_axes(x, s, axes, name):
    """Lengths (None: as they are) and axes counted from the front, from what functions of several axes are given."""
    if axes is None:
        axes = range(x.ndim) if s is None else range(x.ndim - len(s), x.ndim)
    axes = [int(a) for a in axes]
    if any(not -x.ndim <= a < x.ndim for a in axes):
        raise IndexError(f"{name}: got axes {axes} of an array with {x.ndim} axes")
    axes = [a % x.ndim for a in axes]
    s = [None] * len(axes) if s is None else [None if n is None or n == -1 else int(n) for n in s]
    if len(s) != len(axes):
        raise ValueError(f"{name}: Shape and axes have different lengths: got {len(s)} and {len(axes)}")
    return s, axes


def complex_transform(x, s, axes, norm, inverse, name):
    """``fftn`` and its like."""
    if isinstance(x, Tensor) and s is not None and len(s) == 1 and s[0] is None and is_complex(x.dtype):  # the usual case
        axis, axes_of = axes[0], x.ndim
        if type(axis) is int and -axes_of <= axis < axes_of:
            found = dft_values.quick((x,), ((axis % axes_of,), 1 if inverse else -1, power_of(norm, inverse, name)))
            if found is not None:
                return found
    x, power = as_complex(transform_operand(x, name)), power_of(norm, inverse, name)
    s, axes = lengths_and_axes(x, s, axes, name)
    for n, axis in zip(s, axes):
        x = resized(x, axis, n, name)
    return dft_values.apply(x, tuple(axes), 1 if inverse else -1, power) if axes else x


def half_transform(x, s, axes, norm, inverse, name):
    """``rfftn`` (`inverse` is false) and ``ihfftn``."""
    x, power = transform_operand(x, name, must_be_real=True), power_of(norm, inverse, name)
    s, axes = lengths_and_axes(x, s, axes, name)
    for n, axis in zip(s, axes):
        x = resized(x, axis, n, name)
    sign = 1 if inverse else -1
    half = half_dft_values.apply(x, axes[-1], sign, power)
    return dft_values.apply(half, tuple(axes[:-1]), sign, power) if axes[:-1] else half


def real_transform(x, s, axes, norm, inverse, name):
    """``irfftn`` (`inverse`) and ``hfftn``: to real numbers, an even number along the last axis if nothing is said."""
    x, power = as_complex(transform_operand(x, name)), power_of(norm, inverse, name)
    s, axes = lengths_and_axes(x, s, axes, name)
    last = axes[-1]
    n = 2 * (x.shape[last] - 1) if s[-1] is None else s[-1]
    if n < 1:
        raise ValueError(f"{name}: Invalid number of FFT data points ({n}) specified: expected at least 1")
    for length, axis in zip([*s[:-1], n // 2 + 1], axes):
        x = resized(x, axis, length, name)
    sign = 1 if inverse else -1
    x = dft_values.apply(x, tuple(axes[:-1]), sign, power) if axes[:-1] else x
    return real_dft_values.apply(x, last, n, sign, power)


def shifted(x, axes, direction, name):
    """The term of frequency 0 moved to the middle (`direction` is 1), or back."""
    x = as_tensor_argument(x, name)
    axes = range(x.ndim) if axes is None else [axes] if isinstance(axes, int) else axes
    axes = tuple(int(a) % x.ndim for a in axes)
    shifts = tuple(x.shape[a] // 2 if direction > 0 else -(x.shape[a] // 2) for a in axes)
    return roll(x, shifts, axes) if axes else x


def cosine_transform(x, name, kind, n, axes, norm, inverse, orthogonalize):
    """SciPy's ``dct``, ``dst`` and their inverses, along axes one after the other."""
    x, of = transform_operand(x, name), name.removeprefix("i").removesuffix("n")
    if kind not in TRANSPOSED:
        raise ValueError(f"{name}: got type={kind!r}, expected 1, 2, 3 or 4")
    norm = "backward" if norm is None else norm
    if norm not in ("backward", "ortho", "forward"):
        raise ValueError(f'{name}: Invalid norm value {norm!r}: expected None, "backward", "ortho" or "forward"')
    orthogonalize = norm == "ortho" if orthogonalize is None else bool(orthogonalize)
    if inverse:
        kind, norm = TRANSPOSED[kind], {"backward": "forward", "forward": "backward", "ortho": "ortho"}[norm]
    s, axes = lengths_and_axes(x, n, axes, name)
    for length, axis in zip(s, axes):
        x = cosine_transform_values.apply(resized(x, axis, length, name), axis, of, kind, norm, orthogonalize)
    return x
