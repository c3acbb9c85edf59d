"""Complex numbers from real ones and their parts: what depends on a number and on its conjugate.

Adjoints are those of the complex-linear transpose: with ``x_bar`` the adjoint of x, a loss changes by ``Re(x_bar * dx)``. A rule
here states the adjoint for which that is true of both parts of ``dx``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..dtypes import complex_of, is_complex, is_differentiable, get_default_dtype, real_of
from ..errors import DTypeError
from ..memory.layouts import broadcast_shapes
from ..tensors.tensor import Tensor, wrap
from . import arithmetic
from .arguments import as_tensor_argument
from .assignment import write
from .choosing import where
from .complex_part_kernels import abs_forward, abs_reverse, abs_tangent, conj_forward, conj_reverse, part_forward, part_reverse
from .copies_and_joins import convert
from .declare_structured import Structured, same_statics, structured
from .domains import COMPLEX
from .operation_names import method, public
from .operation_table import common_dtype
from .parts_as_views import Part
from .shape_functions import expand, transpose
from .shape_rules import expect, same_shape
from .split_and_stack import stack
from .transcendental import cos, sin

if TYPE_CHECKING:
    from ..typing import TensorLike


class ElementByElement(Structured):
    """An operation of single elements that has no kernels of an elementwise one: operand and result are of different dtypes."""

    def flow_back(self, k, flow, y, operands, statics):
        return flow

    def flow_ahead(self, k, flow, y, operands, statics):
        return flow


def _into_complex(x):
    """A real Tensor as a complex one whose imaginary part is 0."""
    return convert(x, complex_of(x.dtype))


# --- the parts ------------------------------------------------------------------------------------------


@structured(linear=True, kind=ElementByElement, domain=COMPLEX, result_dtype=real_of, along="elements")
def real_values(x):
    """The real part."""
    return np.array(x.real)


@real_values.planned
def elements_plan(layouts):
    """For kernels that go from element to element: how many there are."""
    return layouts[0].shape, (layouts[0].size, 0, 0, 0, 0, 0)


real_values.kernel_of("forward")(part_forward(0))
real_values.kernel_of("reverse")(part_reverse(0))


@real_values.pullback_of(0)
def real_pullback(y_bar, y, x):
    return _into_complex(y_bar)


@structured(linear=True, kind=ElementByElement, domain=COMPLEX, result_dtype=real_of, along="elements")
def imag_values(x):
    """The imaginary part."""
    return np.array(x.imag)


imag_values.planned(elements_plan)
imag_values.kernel_of("forward")(part_forward(1))
imag_values.kernel_of("reverse")(part_reverse(1))


@imag_values.pullback_of(0)
def imag_pullback(y_bar, y, x):
    return complex_values.apply(_zero_like(y_bar), -y_bar)


def _zero_like(x):
    return wrap(np.zeros(tuple(x.shape), x.dtype))


@structured(linear=True, kind=ElementByElement, along="elements")
def conj_values(x):
    """The conjugate."""
    return np.conjugate(x)


def _examples():
    yield [(2, 3)], ()
    yield [()], ()


@conj_values.pullback_of(0)
def conj_pullback(y_bar, y, x):
    return conj_values.apply(y_bar)


conj_values.planned(elements_plan)
conj_values.kernel_of("forward")(conj_forward)
conj_values.kernel_of("reverse")(conj_reverse)


@structured(arity=2, kind=ElementByElement, result_dtype=complex_of, along="elements", uses=(0, 0, 0))
def complex_values(re, im):
    """The complex number with these parts."""
    z = np.empty(np.broadcast_shapes(re.shape, im.shape), complex_of(re.dtype))
    z.real, z.imag = re, im
    return z


@complex_values.pullback_of(0)
def complex_pullback_of_real(y_bar, y, re, im):
    return real_values.apply(y_bar)


@complex_values.pullback_of(1)
def complex_pullback_of_imag(y_bar, y, re, im):
    return -imag_values.apply(y_bar)


@complex_values.pushforward_of(0)
def complex_pushforward_of_real(x_dot, y, re, im):
    return _into_complex(x_dot)


@complex_values.pushforward_of(1)
def complex_pushforward_of_imag(x_dot, y, re, im):
    return complex_values.apply(_zero_like(x_dot), x_dot)


# --- absolute value, direction, angle --------------------------------------------------------------------


@structured(
    kind=ElementByElement, holomorphic=True, domain=COMPLEX, result_dtype=real_of, along="elements", grad_name="AbsBackward0"
)
def abs_of_complex(x):
    """The absolute value of complex numbers; the derivative at 0 is 0."""
    return np.abs(x)


abs_of_complex.planned(elements_plan)
abs_of_complex.kernel_of("forward")(abs_forward)
abs_of_complex.kernel_of("reverse")(abs_reverse)
abs_of_complex.kernel_of("tangent")(abs_tangent)


@abs_of_complex.pullback_of(0)
def abs_pullback(y_bar, y, x):
    return y_bar * conj_values.apply(direction_of_complex.apply(x))


@abs_of_complex.pushforward_of(0)
def abs_pushforward(x_dot, y, x):
    return real_values.apply(conj_values.apply(direction_of_complex.apply(x)) * x_dot)


def _over_length(x):
    """One over the absolute value."""
    return 1.0 / abs_of_complex.apply(x)


@structured(kind=ElementByElement, holomorphic=True, along="elements", grad_name="SgnBackward0")
def direction_of_complex(x):
    """The number over its absolute value, 0 at 0."""
    found, length = np.empty_like(x), np.abs(x)
    length = np.where(length == 0.0, 1.0, length)
    # Of the parts: NumPy's quotient of complex numbers overflows at subnormal ones. One infinite part decides.
    far = np.isinf(x.real) ^ np.isinf(x.imag)
    for part, target in ((x.real, found.real), (x.imag, found.imag)):
        target[...] = np.where(far, np.where(np.isinf(part), np.copysign(1.0, part), 0.0), part / length)
    found[x == 0.0] = 0.0  # without its sign, as in PyTorch and NumPy
    return found


@direction_of_complex.pullback_of(0)
def direction_pullback(y_bar, y, x):
    turned = complex_values.apply(_zero_like(real_values.apply(y)), imag_values.apply(y_bar * y) * _over_length(x))
    return conj_values.apply(y) * turned


@direction_of_complex.pushforward_of(0)
def direction_pushforward(x_dot, y, x):
    across = imag_values.apply(conj_values.apply(y) * x_dot) * _over_length(x)
    return y * complex_values.apply(_zero_like(across), across)


@structured(kind=ElementByElement, holomorphic=True, result_dtype=real_of, along="elements", grad_name="AngleBackward0")
def angle_of_complex(x):
    """The angle of complex numbers, in radians, from -pi to pi."""
    return np.angle(x)


@angle_of_complex.pullback_of(0)
def angle_pullback(y_bar, y, x):
    return complex_values.apply(_zero_like(y_bar), -y_bar) / x


@angle_of_complex.pushforward_of(0)
def angle_pushforward(x_dot, y, x):
    return imag_values.apply(x_dot / x)


for _operation in (real_values, imag_values, conj_values, abs_of_complex, direction_of_complex, angle_of_complex):
    _operation.shaped(same_shape)
for _operation in (real_values, imag_values, conj_values, abs_of_complex):  # those with kernels
    _operation.lanes = same_statics
    _operation.exampled(_examples)


@complex_values.shaped
def _of_parts(shapes):
    expect(len(shapes) == 2 and shapes[0] == shapes[1], "two parts of one shape")
    return shapes[0]


@arithmetic.abs.of_complex
def _abs(x):
    return abs_of_complex.apply(x)


@arithmetic.sign.of_complex
def _sign(x):
    return direction_of_complex.apply(x)


# --- functions ------------------------------------------------------------------------------------------


def _real_rejoined(part, x):
    return complex_values.apply(part, imag_values.apply(x))


def _imag_rejoined(part, x):
    return complex_values.apply(real_values.apply(x), part)


def _pairs_copy(x):
    return stack([real_values.apply(x), imag_values.apply(x)], -1)


def _pairs_view(array):
    steps = (*array.strides, array.itemsize // 2)
    return np.lib.stride_tricks.as_strided(array.real, (*array.shape, 2), steps)


def _numbers_copy(x):
    return complex_values.apply(x[..., 0], x[..., 1])


def _numbers_view(array):
    if array.strides[-1] != array.itemsize or any(s % (2 * array.itemsize) for s in array.strides[:-1]):
        return None
    return array.view(complex_of(array.dtype))[..., 0]


_REAL = Part(real_values.apply, np.real, _real_rejoined)
_IMAG = Part(imag_values.apply, np.imag, _imag_rejoined)
_PAIRS = Part(_pairs_copy, _pairs_view, lambda part, x: _numbers_copy(part))
_NUMBERS = Part(_numbers_copy, _numbers_view, lambda part, x: _pairs_copy(part))
_SET = ("z.real = value", "real", "imag")


def _needs_complex(x, name):
    if not is_complex(x.dtype):
        raise DTypeError(f"{name}: got {x.dtype}, expected complex numbers; real ones are their own real part")


@public(method=False)
def real(input: TensorLike) -> Tensor:
    """The real part; real numbers are returned as they are.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        Real, of the same precision: a view, into which one may write.
    """
    x = as_tensor_argument(input, "real")
    return _REAL.of(x) if is_complex(x.dtype) else x


@public(method=False)
def imag(input: TensorLike) -> Tensor:
    """The imaginary part.

    Parameters
    ----------
    input : Tensor or ndarray
        Complex values of any shape.

    Returns
    -------
    Tensor
        Real, of the same precision: a view, into which one may write.

    Raises
    ------
    DTypeError
        If the numbers are real.
    """
    x = as_tensor_argument(input, "imag")
    _needs_complex(x, "imag")
    return _IMAG.of(x)


@public(out="one", aliases="conj_physical")
def conj(input: TensorLike) -> Tensor:
    """The conjugate; real numbers are returned as they are.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        Of the same shape and dtype.
    """
    x = as_tensor_argument(input, "conj")
    return conj_values.apply(x) if is_complex(x.dtype) else x


@public()
def resolve_conj(input: TensorLike) -> Tensor:
    """The tensor itself: conjugates are computed at once here, where PyTorch may keep a mark.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        `input` itself.
    """
    return as_tensor_argument(input, "resolve_conj")


@public(out="one")
def angle(input: TensorLike) -> Tensor:
    """The angle of numbers in the complex plane, in radians, from -pi to pi; of real numbers 0 or pi.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        Real, of the same precision.
    """
    x = as_tensor_argument(input, "angle")
    if is_complex(x.dtype):
        return angle_of_complex.apply(x)
    if not is_differentiable(x.dtype):
        x = convert(x, get_default_dtype())
    return where(x != x, x, where(x < 0.0, math.pi, 0.0))


@public(out="one", in_place=True)
def sgn(input: TensorLike) -> Tensor:
    """The number over its absolute value, 0 at 0: of real numbers the sign.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        Of the same shape and dtype.
    """
    return arithmetic.sign(input)


def _parts(first, second, names):
    """Two real operands of one floating dtype and shape."""
    xs = [as_tensor_argument(x, names[0], name) for x, name in zip((first, second), names[1:])]
    dtype = common_dtype(xs)
    if is_complex(dtype):
        raise DTypeError(f"{names[0]}: got {dtype}, expected real numbers for {names[1]} and {names[2]}")
    dtype = dtype if is_differentiable(dtype) else get_default_dtype()
    shape = broadcast_shapes(*[tuple(x.shape) for x in xs])
    return [expand(convert(x, dtype), shape) for x in xs]


@public(out="one", method=False)
def complex(real: TensorLike, imag: TensorLike) -> Tensor:
    """Complex numbers from their real and imaginary parts.

    Parameters
    ----------
    real : Tensor, ndarray or float
        Real parts.
    imag : Tensor, ndarray or float
        Imaginary parts, of a shape that broadcasts.

    Returns
    -------
    Tensor
        Complex, of the broadcast shape.

    Raises
    ------
    DTypeError
        If a part is complex itself.

    Examples
    --------
    >>> import jittape as jt
    >>> x = jt.tensor(2.0, requires_grad=True)
    >>> jt.abs(jt.complex(x, x * 0.5) ** 2).backward()
    >>> x.grad
    tensor(5.)
    """
    return complex_values.apply(*_parts(real, imag, ("complex", "real", "imag")))


@public(out="one", method=False)
def polar(abs: TensorLike, angle: TensorLike) -> Tensor:
    """Complex numbers from absolute values and angles, ``abs * exp(1j * angle)``.

    Parameters
    ----------
    abs : Tensor, ndarray or float
        Absolute values.
    angle : Tensor, ndarray or float
        Angles in radians, of a shape that broadcasts.

    Returns
    -------
    Tensor
        Complex, of the broadcast shape.

    Raises
    ------
    DTypeError
        If an operand is complex itself.
    """
    length, turn = _parts(abs, angle, ("polar", "abs", "angle"))
    return complex_values.apply(length * cos(turn), length * sin(turn))


@public(method=False)
def view_as_real(input: TensorLike) -> Tensor:
    """Real and imaginary parts along a last axis of length two.

    Parameters
    ----------
    input : Tensor or ndarray
        Complex values of any shape.

    Returns
    -------
    Tensor
        Real, of one more axis: a view, into which one may write.

    Raises
    ------
    DTypeError
        If the numbers are real.
    """
    x = as_tensor_argument(input, "view_as_real")
    _needs_complex(x, "view_as_real")
    return _PAIRS.of(x)


@public(method=False)
def view_as_complex(input: TensorLike) -> Tensor:
    """Complex numbers from real and imaginary parts along a last axis of length two.

    Parameters
    ----------
    input : Tensor or ndarray
        Real values, whose last axis has length two.

    Returns
    -------
    Tensor
        Complex, without the last axis: a view, into which one may write.

    Raises
    ------
    RuntimeError
        If the last axis has another length.
    """
    x = as_tensor_argument(input, "view_as_complex")
    if not x.ndim or x.shape[-1] != 2:
        raise RuntimeError(
            f"Tensor must have a last dimension of size 2: got shape {list(x.shape)}, expected real and imaginary parts there"
        )
    return _NUMBERS.of(x if is_differentiable(x.dtype) else convert(x, get_default_dtype()))


def set_real(self, value):
    """``z.real = value``."""
    write(self, complex_values.apply(*_parts(value, imag_values.apply(self), _SET)) if is_complex(self.dtype) else value)


def set_imag(self, value):
    """``z.imag = value``."""
    if not is_complex(self.dtype):
        raise TypeError(f"array does not have imaginary part to set: got {self.dtype}, expected complex numbers")
    write(self, complex_values.apply(*_parts(real_values.apply(self), value, _SET)))


@method(name="real", attribute=True, setter=set_real)
def _real_attribute(self: Tensor) -> Tensor:
    """The real part; a real tensor itself."""
    return real(self)


@method(name="imag", attribute=True, setter=set_imag)
def _imag_attribute(self: Tensor) -> Tensor:
    """The imaginary part of complex numbers."""
    return imag(self)


@method(name="H", attribute=True)
def _adjoint_matrix(self: Tensor) -> Tensor:
    """The conjugate of the transposed matrix."""
    if self.ndim > 2:
        raise DTypeError(f"tensor.H is only supported on matrices (2-D tensors). Got {self.ndim}-D tensor; use .mH")
    return conj(transpose(self, 0, 1) if self.ndim == 2 else self)


@method(name="mH", attribute=True)
def _adjoint_matrices(self: Tensor) -> Tensor:
    """The conjugates of the matrices of the last two axes, transposed."""
    return conj(transpose(self, -2, -1))
