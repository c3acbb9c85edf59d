"""Complex numbers with derivatives and arrays of them: their parts, and functions of arrays that act on the parts.

A part of an array is a view. What is linear in an array is done to both parts, and a product of arrays is made of four real
ones, so that sums and products of matrices write the entries, and call the BLAS, that they do for real numbers.
"""

import cmath
import math

import numpy as np
from numba import types
from numba.extending import intrinsic, lower_getattr, overload_attribute, overload_method

from ...ops import matrix_functions, products, reductions, sums
from ..compat import AttributeTemplate, infer_getattr, llvm_ir as ir, populate_array, unpack_tuple
from ..compilation.compile_cached import inside, means, overloaded
from ..numbers.array_types import DifferentialArray, array_of, element_type, is_complex_array, is_differential
from ..numbers.complex_numbers import ComplexNumber, is_complex, join_complex, parts_of
from ..numbers.number_parts import converted_array, new_array, zero_of
from ..numbers.number_types import constant, is_number
from ..statement_tape.entry_writers import vector
from ..tape_memory.arenas import WORD
from .array_linalg import solve_of
from .array_reductions import dot_of, mean_of, norm_of, sum_of
from .native_kernels import complex_kernel, native_kernel

# --- parts ----------------------------------------------------------------------------------------------------------------


@infer_getattr
class PartsOfComplexNumbers(AttributeTemplate):
    """The attributes `real` and `imag`."""

    key = ComplexNumber

    def resolve_real(self, ty):
        return ty.part

    def resolve_imag(self, ty):
        return ty.part


@lower_getattr(ComplexNumber, "real")
def _real(context, builder, ty, number):
    return parts_of(context, builder, ty, number)[0]


@lower_getattr(ComplexNumber, "imag")
def _imag(context, builder, ty, number):
    return parts_of(context, builder, ty, number)[1]


def view_of_part(k):
    """An intrinsic: a view of the real (0) or imaginary parts (1) of an array."""

    @intrinsic
    def part(typingctx, x):
        result = array_of(x.dtype.part, x.ndim, "A")

        def codegen(context, builder, signature, args):
            return _view_of_part(context, builder, x, args[0], k, result)

        return result(x), codegen

    return part


real_parts, imaginary_parts = view_of_part(0), view_of_part(1)


def _view_of_part(context, builder, ty, value, k, result):
    array, view = context.make_array(ty)(context, builder, value), context.make_array(result)(context, builder)
    part = context.get_data_type(result.dtype)
    data = builder.gep(builder.bitcast(array.data, part.as_pointer()), [ir.Constant(WORD, k)])
    shape, strides = unpack_tuple(builder, array.shape), unpack_tuple(builder, array.strides)
    size = ir.Constant(WORD, context.get_abi_sizeof(part))
    populate_array(view, data, shape, strides, size, array.meminfo, array.parent)
    context.nrt.incref(builder, result, view._getvalue())
    return view._getvalue()


@overload_attribute(DifferentialArray, "real")
def real_of_array(x):
    return (lambda x: real_parts(x)) if is_complex_array(x) else lambda x: x


@overload_attribute(DifferentialArray, "imag")
def imag_of_array(x):
    return (lambda x: imaginary_parts(x)) if is_complex_array(x) else lambda x: np.zeros(x.shape)


@overload_method(ComplexNumber, "conjugate")
@overload_method(ComplexNumber, "conj")
@overload_method(DifferentialArray, "conjugate")
@overload_method(DifferentialArray, "conj")
def conjugate(x):
    return lambda x: np.conjugate(x)


def _real_of(val):
    return (lambda val: val.real) if is_differential(val) else lambda val: np.real(val)


def _imag_of(val):
    return (lambda val: val.imag) if is_differential(val) else lambda val: np.imag(val)


for _function, _meaning in ((np.real, _real_of), (np.imag, _imag_of)):  # attributes of Tensors, no declarations
    native_kernel(_function, _meaning)
    complex_kernel(_function)(_meaning)


# --- angles ---------------------------------------------------------------------------------------------------------------


@means(np.angle)
def angle_of(z, deg=False):
    if isinstance(z, ComplexNumber):
        return lambda z, deg=False: math.atan2(z.imag, z.real) * (180.0 / math.pi if deg else 1.0)


@means(cmath.phase)
def phase_of(z):
    if isinstance(z, ComplexNumber):
        return lambda z: math.atan2(z.imag, z.real)


@means(cmath.polar)
def polar_of(z):
    if isinstance(z, ComplexNumber):
        return lambda z: (abs(z), math.atan2(z.imag, z.real))


@means(cmath.rect)
def rectangular(r, phi):
    if is_number(r) and is_number(phi):
        return lambda r, phi: complex(r * math.cos(phi), r * math.sin(phi))


# --- arrays ---------------------------------------------------------------------------------------------------------------


@inside
def joined_parts(real, imag, like):
    """The array of complex numbers with these parts, of the type of `like`."""
    out = new_array(real.shape, like)
    out.real[...] = real
    out.imag[...] = imag
    return out


@overloaded
def combined(real, imag):
    """A complex number, or an array of complex numbers, of both parts."""
    if isinstance(real, types.Array):
        return lambda real, imag: joined_parts(real, imag, complex_zero(real, imag))
    return lambda real, imag: complex(real, imag)


@intrinsic
def complex_zero(typingctx, x, z):
    """A passive zero of the complex type whose parts can hold elements of two real arrays."""
    ty = join_complex(typingctx, element_type(x), element_type(z))

    def codegen(context, builder, signature, args):
        return constant(context, builder, ty, 0.0)

    return ty(x, z), codegen


@complex_kernel(sums.sum)
def complex_sum(x, axis=None):
    if axis is None or isinstance(axis, (types.Omitted, types.NoneType)):
        return lambda x, axis=None: combined(sum_of(x.real), sum_of(x.imag))
    return lambda x, axis=None: combined(sum_of(x.real, axis), sum_of(x.imag, axis))


@complex_kernel(sums.mean)
def complex_mean(x, axis=None):
    if axis is None or isinstance(axis, (types.Omitted, types.NoneType)):
        return lambda x, axis=None: combined(mean_of(x.real), mean_of(x.imag))
    return lambda x, axis=None: combined(mean_of(x.real, axis), mean_of(x.imag, axis))


@complex_kernel(products.dot)
def complex_dot(x, z):
    if not isinstance(x, types.Array) or not isinstance(z, types.Array):
        return lambda x, z: x * z
    if not is_complex(x.dtype):
        return lambda x, z: combined(dot_of(x, z.real), dot_of(x, z.imag))
    if not is_complex(z.dtype):
        return lambda x, z: combined(dot_of(x.real, z), dot_of(x.imag, z))

    def four_products(x, z):
        real = dot_of(x.real, z.real) - dot_of(x.imag, z.imag)
        return combined(real, dot_of(x.real, z.imag) + dot_of(x.imag, z.real))

    return four_products


@complex_kernel(np.vdot)
def complex_vdot(x, z):
    return lambda x, z: dot_of(vector(np.conjugate(x)), vector(z))


@complex_kernel(reductions.norm)
def complex_norm(x):
    return lambda x: norm_of(np.hypot(x.real, x.imag))


@complex_kernel(matrix_functions.solve)
def complex_solve(x, z):
    """By the real system of twice the size."""
    if not (isinstance(x, types.Array) and isinstance(z, types.Array) and x.ndim == 2 and z.ndim in (1, 2)):
        return None

    def solve(x, z):
        n, like = len(x), zero_of(x, z)
        matrix, right = new_array((2 * n, 2 * n), like.real), new_array((2 * n,) + z.shape[1:], like.real)
        for i in range(n):
            for j in range(x.shape[1]):
                element = complex(x[i, j])
                matrix[i, j] = matrix[n + i, n + j] = element.real
                matrix[n + i, j], matrix[i, n + j] = element.imag, -element.imag
        numbers = converted_array(z, like)
        right[:n], right[n:] = numbers.real, numbers.imag
        found = solve_of(matrix, right)
        return combined(found[:n], found[n:])

    return solve
