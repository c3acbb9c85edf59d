"""Joining and splitting arrays: concatenate and the like, differences, repetition."""

import numpy as np
from numba import literal_unroll, types
from numba.extending import intrinsic, overload_method

from ...ops import compositions, shape_functions, split_and_stack
from ..numbers.array_types import DifferentialArray, array_of, element_type, is_array, is_differential
from ..compat import TypingError
from ..compilation.compile_cached import inside
from ..numbers.complex_numbers import is_complex, part_of
from .array_constructors import kind_for
from .passive_results import primals
from ..numbers.number_types import constant, depth_of, stored
from .array_reductions import product, reduction
from .native_kernels import complex_kernel, native_kernel, originals
from ..numbers.operation_rules import result_type
from ..numbers.number_parts import converted_array, new_array, zero_of, zero_function


@intrinsic
def retyped(typingctx, x):
    """An array of differential numbers that one of Numba's own functions made, with its proper type."""
    if not isinstance(x, types.Array) or is_array(x):
        return None
    result = array_of(x.dtype, x.ndim, x.layout)

    def codegen(context, builder, signature, args):
        context.nrt.incref(builder, result, args[0])
        return args[0]

    return result(x), codegen


@intrinsic
def zero_of_all(typingctx, arrays):
    """A passive zero of the type that can store the elements of all arrays in a tuple."""
    ty = stored(result_type(typingctx, [types.unliteral(element_type(a)) for a in arrays.types]))

    def codegen(context, builder, signature, args):
        return constant(context, builder, ty, 0.0)

    return ty(arrays), codegen


def _any_differential(arrays):
    if isinstance(arrays, types.BaseTuple):
        return any(depth_of(element_type(a)) for a in arrays.types)
    return isinstance(arrays, (types.List,)) and depth_of(element_type(arrays.dtype)) > 0


@inside
def _end_to_end(arrays):
    """Vectors of any floats joined end to end."""
    length = 0
    for a in literal_unroll(arrays):
        length += a.size
    out, k = new_array(length, zero_of_all(arrays)), 0
    for a in literal_unroll(arrays):
        for element in a.flat:
            out[k] = element
            k += 1
    return out


def _are_vectors(arrays):
    return isinstance(arrays, types.BaseTuple) and all(isinstance(a, types.Array) and a.ndim == 1 for a in arrays.types)


def joining(declared, ends=False):
    """Declare a function of a tuple of arrays; with `ends`, vectors are joined end to end."""
    original = originals(declared)[0]

    def on_arrays(arrays):
        if not _any_differential(arrays):
            return lambda arrays: original(arrays)
        if ends and _are_vectors(arrays):
            return lambda arrays: _end_to_end(arrays)
        return lambda arrays: retyped(original(arrays))

    native_kernel(declared, on_arrays)


joining(split_and_stack.cat, ends=True)
joining(split_and_stack.hstack, ends=True)
for _declared in (split_and_stack.vstack, split_and_stack.stack, np.column_stack):
    joining(_declared)


@reduction(shape_functions.diag, of_complex=True)
def diag_of(x):
    return lambda x: retyped(np.diag(x))


@reduction(compositions.diff, of_complex=True)
def diff_of(x):
    def diff(x):
        out = new_array(max(len(x) - 1, 0), zero_of(x, x))
        for k in range(len(out)):
            out[k] = x[k + 1] - x[k]
        return out

    return diff if x.ndim == 1 else None


@reduction(compositions.trapezoid, of_complex=True)
def trapezoid_of(x):
    def trapezoid(x):
        total = zero_of(x, x)
        for k in range(len(x) - 1):
            total = total + 0.5 * (x[k] + x[k + 1])
        return total

    return trapezoid if x.ndim == 1 else None


def repeat_of(x, repeats):
    if not is_differential(x) or not isinstance(repeats, types.Integer):
        return None

    def each(x, repeats):
        out, k = new_array(x.size * repeats, zero_of(x, x)), 0
        for element in x.flat:
            for _ in range(repeats):
                out[k] = element
                k += 1
        return out

    return each


native_kernel(shape_functions.repeat, repeat_of)
complex_kernel(shape_functions.repeat)(repeat_of)


@product(np.cross)
def cross_of(x, z):
    if x.ndim != 1 or z.ndim != 1:
        return None

    def vectors(x, z):
        if len(x) != 3 or len(z) != 3:
            raise ValueError("np.cross: expected two vectors of 3 elements")
        out = new_array(3, zero_of(x, z))
        for k in range(3):
            i, j = (k + 1) % 3, (k + 2) % 3
            out[k] = x[i] * z[j] - x[j] * z[i]
        return out

    return vectors


@overload_method(DifferentialArray, "astype")
def on_astype(x, dtype):
    ty = kind_for(part_of(x.dtype), dtype)
    if is_complex(x.dtype) and not is_complex(ty):
        raise TypingError("astype: got complex numbers and a real dtype; take x.real, x.imag or np.abs(x)")
    if ty is None:
        return lambda x, dtype: primals(x).astype(dtype)  # as `int` of a number: integers have no derivatives
    zero = zero_function(ty)
    return (lambda x, dtype: x.copy()) if ty == x.dtype else (lambda x, dtype: converted_array(x, zero()))
