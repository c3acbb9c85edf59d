"""Signs, exponents and neighbours of floating-point numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..tensors.tensor import Tensor, wrap
from .arguments import as_tensor_argument
from .choosing import where
from .copies_and_joins import convert
from .declare_elementwise import elementwise
from .domains import Domain, NONZERO, REAL
from .operation_names import public

if TYPE_CHECKING:
    from ..typing import TensorLike


@elementwise(
    numpy=np.copysign,
    python=math.copysign,
    in_place=True,
    exact=True,
    domain=NONZERO,
    special_points=[
        ((0.0, -1.0), -0.0, (0.0, 0.0), (0.0,) * 3),
        ((2.0, -0.0), -2.0, (-1.0, 0.0), (0.0,) * 3),
        ((-math.inf, 1.0), math.inf, (-1.0, 0.0), (0.0,) * 3),
    ],
)
def copysign(x, y):
    """The size of `x` with the sign of `y`; its derivative at 0 is 0."""
    return math.copysign(x, y)


@copysign.partials
def copysign_partials(x, y, result):
    return where(x == 0.0, 0.0, copysign(1.0, x) * copysign(1.0, y)), 0.0


@elementwise(
    in_place=True,
    numpy=np.nextafter,
    python=math.nextafter,
    exact=True,
    special_points=[((1.0, 1.0), 1.0, (1.0, 0.0), (0.0,) * 3)],
)
def nextafter(x, y):
    """The number next to `x` in the direction of `y`, which moves as `x` does."""
    return np.nextafter(x, y)


@nextafter.partials
def nextafter_partials(x, y, result):
    return 1.0, 0.0


@elementwise(numpy=np.spacing, method=False, exact=True, domain=Domain(0.3, 1.9, kinks=(0.5, 1.0)))
def spacing(x):
    """The distance to the next number away from zero, a power of two; its derivative is 0."""
    return np.spacing(x + 0.0)  # of -0.0 it is positive


@spacing.partials
def spacing_partials(x, result):
    return (0.0,)


# --- exponents ----------------------------------------------------------------------------------------------------


def _numpy_ldexp(x1, x2):
    """NumPy's result has the precision of the first operand, whatever integers the other has."""
    exponents = np.asarray(x2._value() if isinstance(x2, Tensor) else x2)
    if (exponents != np.rint(exponents)).any():
        raise TypeError(f"np.ldexp: got exponents of dtype {exponents.dtype} that are not whole, expected integers")
    x = as_tensor_argument(x1, "ldexp")
    return ldexp(x, convert(as_tensor_argument(x2, "ldexp"), x.dtype) if x.dtype.kind == "f" else x2)


@elementwise(
    numpy={np.ldexp: _numpy_ldexp},
    python=math.ldexp,
    in_place=True,
    domain=REAL,
    oracle=lambda x, n: x * 2.0**n,
    special_points=[((3.0, 1.0), 6.0, (2.0, 6.0 * math.log(2.0)), (0.0, 2.0 * math.log(2.0), 6.0 * math.log(2.0) ** 2))],
)
def ldexp(x, n):
    """``x * 2**n``, exact for an `n` that is an integer."""
    if n == np.floor(n) and abs(n) < 10000.0:  # the power by itself may be out of range
        return np.ldexp(x, int(n))
    return x * math.pow(2.0, n)


@ldexp.partials
def ldexp_partials(x, n, result):
    return ldexp(1.0, n), result * math.log(2.0)


@public(out="several", method=False, python=math.frexp)
def frexp(input: TensorLike) -> tuple[Tensor, Tensor]:
    """Mantissa and exponent of ``x = mantissa * 2**exponent`` with 0.5 <= abs(mantissa) < 1.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.

    Returns
    -------
    tuple of (Tensor, Tensor)
        The mantissa, whose derivative is ``2**-exponent``, and the exponent, of integers, which has none.
    """
    x = as_tensor_argument(input, "frexp")
    exponent = np.frexp(x._value())[1]
    return ldexp(x, -exponent.astype(x.dtype)), wrap(np.asarray(exponent))
