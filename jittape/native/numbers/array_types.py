"""Arrays of active and dual numbers.

They are Numba's arrays with another element type: indexing, slices, views, iteration, copies and assignment are Numba's own
code, and a form that is stored becomes a statement by the cast to the element type.
"""

from numba import types
from numba.extending import lower_cast, models, overload_classmethod, register_model

from ..compat import (
    Conversion,
    NumpyErrorModel,
    TypingError,
    alloca_once_value,
    build_array,
    extents_may_overlap,
    get_array_memory_extents,
    intrin_alloc,
    llvm_ir as ir,
    loop_nest,
    memset,
    populate_array,
    prepare_argument,
    unpack_tuple,
)
from .complex_numbers import ComplexNumber
from .number_types import Differential, Differentiated
from ..tape_memory.arenas import WORD


class DifferentialArray(types.Array):
    """An array of differential numbers."""

    is_internal = True  # Numba finds whole-array expressions only of types that are

    def __init__(self, dtype, ndim, layout, readonly=False, aligned=True):
        super().__init__(dtype, ndim, layout, readonly=readonly, aligned=aligned, name=f"array({dtype}, {ndim}d, {layout})")

    def copy(self, dtype=None, ndim=None, layout=None, readonly=None):
        dtype = self.dtype if dtype is None else dtype
        ndim = self.ndim if ndim is None else ndim
        return array_of(dtype, ndim, self.layout if layout is None else layout)

    def unify(self, typingctx, other):
        if isinstance(other, DifferentialArray) and other.ndim == self.ndim and other.dtype == self.dtype:
            return array_of(self.dtype, self.ndim, self.layout if self.layout == other.layout else "A")
        return None

    def can_convert_to(self, typingctx, other):
        if isinstance(other, DifferentialArray) and other.ndim == self.ndim and other.dtype == self.dtype:
            return Conversion.safe if other.layout in ("A", self.layout) else None
        return None


register_model(DifferentialArray)(models.ArrayModel)


@overload_classmethod(DifferentialArray, "_allocate")
def _allocated(cls, size, align):
    """Allocate memory as for Numba's own arrays."""
    return lambda cls, size, align: intrin_alloc(size, align)


@lower_cast(DifferentialArray, DifferentialArray)
def _same_array(context, builder, fr, to, array):
    return array


@lower_cast(types.Array, DifferentialArray)
@lower_cast(DifferentialArray, types.Array)
def _another_array(context, builder, fr, to, array):
    """Refuse what Numba's cast of arrays would do: take the elements for those of another type."""
    raise TypingError(f"an array of {fr.dtype} cannot share memory with an array of {to.dtype}")


def array_of(dtype, ndim, layout="C"):
    """The array type for elements of a type."""
    make = DifferentialArray if isinstance(dtype, Differentiated) else types.Array
    return make(dtype, ndim, layout)


def is_array(ty):
    """Whether a type is an array of real differential numbers."""
    return isinstance(ty, DifferentialArray) and isinstance(ty.dtype, Differential)


def is_complex_array(ty):
    """Whether a type is an array of complex numbers with derivatives."""
    return isinstance(ty, DifferentialArray) and isinstance(ty.dtype, ComplexNumber)


def is_differential(ty):
    """Whether a type has derivatives: a real or complex number, or an array of them."""
    return isinstance(ty, (Differentiated, DifferentialArray))


def element_type(ty):
    """The type of one element; numbers are their own element."""
    return ty.dtype if isinstance(ty, types.Array) else ty


# --- elementwise --------------------------------------------------------------------------------------------------


def array_result(dtype, argument_types):
    """The type of an elementwise result: contiguous, with the most axes of any operand; a number if no operand has axes."""
    ndim = max(a.ndim for a in argument_types if isinstance(a, types.Array))
    return array_of(dtype, ndim) if ndim else dtype


def only_element(context, builder, ty, value):
    """The element of an array without axes; a number as it is."""
    if not isinstance(ty, types.Array):
        return value
    x = _prepared(context, builder, ty, value)
    return _load(context, builder, x, _steps(builder, x), [])


def map_elements(context, builder, signature, args, element, result=None):
    """Generate loops that apply a function to every element, with NumPy's broadcasting.

    Parameters
    ----------
    element : function of (element types, values, place)
        Returns the value of an element of the result. The place is the number of the element in C order.
    result : array, optional
        Receives the results, of the type that the signature returns; by default a new array.
    """
    inputs = [_prepared(context, builder, types.unliteral(ty), a) for ty, a in zip(signature.args, args)]
    if result is None:
        output = _new(context, builder, signature, inputs)
    else:
        output = prepare_argument(context, builder, result, signature.return_type)
        context.nrt.incref(builder, signature.return_type, result)
    elements = [element_type(ty) for ty in signature.args]
    steps = [_steps(builder, x) for x in inputs]
    errors, context.error_model = context.error_model, NumpyErrorModel(context.call_conv)  # in arrays x / 0 is inf
    with loop_nest(builder, output.shape, context.get_value_type(types.intp)) as loops:
        values, place = [], ir.Constant(WORD, 0)
        for index, length in zip(loops, output.shape):
            place = builder.add(builder.mul(place, length), index)
        for x, own in zip(inputs, steps):
            values.append(x.load_data(None) if own is None else _load(context, builder, x, own, loops))
        output.store_data(loops, element(elements, values, place))
    context.error_model = errors
    return output.return_val


MISFIT = "shapes do not fit: an operand of an in-place operation cannot be broadcast to the array that is written"


def must_fit_result(context, builder, signature, args, result):
    """Raise if operands do not broadcast to the array of the results: Numba's own loops would read beyond their ends."""
    lengths = unpack_tuple(builder, context.make_array(signature.return_type)(context, builder, result).shape)
    for ty, value in zip(signature.args, args):
        if not isinstance(ty, types.Array):
            continue
        own = unpack_tuple(builder, context.make_array(ty)(context, builder, value).shape)
        for length, expected in zip(own, lengths[len(lengths) - len(own) :]):
            misfit = [builder.icmp_signed("!=", length, other) for other in (ir.Constant(WORD, 1), expected)]
            with builder.if_then(builder.and_(*misfit), likely=False):
                context.call_conv.return_user_exc(builder, ValueError, (MISFIT,))


def is_overwritten(context, builder, kinds, x, result):
    """Whether elements of an array are overwritten before they are read, in loops that write results to another array.

    That is so if their memory overlaps and they are not the same view. Views that interleave, as ``u[::2]`` and ``u[1::2]`` do,
    count as overlapping.
    """
    both = [(ty, context.make_array(ty)(context, builder, array)) for ty, array in zip(kinds, (x, result))]
    numbers = [[unpack_tuple(builder, getattr(array, name)) for name in ("shape", "strides")] for _, array in both]
    extents = []
    for (ty, array), own in zip(both, numbers):
        extents += get_array_memory_extents(context, builder, ty, array, *own, array.data)
    overlap = extents_may_overlap(context, builder, *extents)
    if kinds[0].ndim != kinds[1].ndim:
        return overlap
    same = builder.icmp_unsigned("==", both[0][1].data, both[1][1].data)
    for one, other in zip(sum(numbers[0], []), sum(numbers[1], [])):
        same = builder.and_(same, builder.icmp_signed("==", one, other))
    return builder.and_(overlap, builder.not_(same))


def _steps(builder, x):
    """Bytes from one element to the next along every axis, 0 along axes that are repeated; None for a number.

    Numba's own loops choose the index of every operand in every iteration, which keeps them from becoming vector code.
    """
    if not hasattr(x, "strides"):
        return None
    repeated = [builder.icmp_signed("==", length, ir.Constant(WORD, 1)) for length in x.shape]
    return [builder.select(once, ir.Constant(WORD, 0), step) for once, step in zip(repeated, x.strides)]


def _load(context, builder, x, steps, loops):
    place = builder.ptrtoint(x.data, WORD)
    for index, step in zip(loops[len(loops) - len(steps) :], steps):
        place = builder.add(place, builder.mul(index, step))
    return context.unpack_value(builder, x.base_type, builder.inttoptr(place, x.data.type))


def new_result(context, builder, signature, args):
    """A new array for the results of `map_elements`."""
    inputs = [_prepared(context, builder, types.unliteral(ty), a) for ty, a in zip(signature.args, args)]
    return _new(context, builder, signature, inputs).return_val


def _prepared(context, builder, ty, value):
    if isinstance(ty, Differentiated):
        ty, value = _as_array(context, builder, ty, value)
    return prepare_argument(context, builder, value, ty)


def _new(context, builder, signature, inputs):
    kinds = [types.unliteral(ty) for ty in signature.args]
    return build_array(context, builder, signature.return_type, kinds, inputs)


def _as_array(context, builder, ty, number):
    """A number as an array without axes: Numba's loops take no numbers other than its own."""
    array_type = array_of(ty, 0)
    data = context.get_value_as_data(builder, ty, number)
    place = alloca_once_value(builder, data)
    array = context.make_array(array_type)(context, builder)
    size = ir.Constant(WORD, context.get_abi_sizeof(data.type))
    populate_array(array, place, (), (), size, meminfo=None)
    return array_type, array._getvalue()


# --- making arrays ------------------------------------------------------------------------------------------------


TOO_BIG = "an array is too big: its bytes are more than fit a 64-bit number"


def allocate(context, builder, array_type, lengths, clear=True):
    """A new contiguous array, filled with passive zeros if `clear`.

    Numba's own way goes through three compiled functions for every type of array.
    """
    array = context.make_array(array_type)(context, builder)
    element = context.get_data_type(array_type.dtype)
    step = ir.Constant(WORD, context.get_abi_sizeof(element))
    strides, too_big = [], ir.Constant(ir.IntType(1), 0)
    for length in reversed(lengths):
        strides.insert(0, step)
        product = builder.smul_with_overflow(step, length)
        step = builder.extract_value(product, 0)
        too_big = builder.or_(too_big, builder.extract_value(product, 1))
    with builder.if_then(too_big, likely=False):
        context.call_conv.return_user_exc(builder, ValueError, (TOO_BIG,))
    alignment = context.get_preferred_array_alignment(array_type.dtype)
    owner = context.nrt.meminfo_alloc_aligned(builder, step, ir.Constant(ir.IntType(32), alignment))
    data = context.nrt.meminfo_data(builder, owner)
    if clear:
        memset(builder, data, step, 0)
    size = ir.Constant(WORD, context.get_abi_sizeof(element))
    populate_array(array, builder.bitcast(data, element.as_pointer()), list(lengths), strides, size, owner)
    return array._getvalue()
