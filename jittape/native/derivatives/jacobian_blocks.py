"""Jacobians of compiled functions, cut from one matrix of real numbers into the forms of results and arguments."""

import functools

from numba import types
from numba.extending import intrinsic

from ..compat import TypingError, llvm_ir as ir, populate_array, unpack_tuple
from ..compilation.compile_cached import inside, means, only_compiled
from ..numbers.array_types import array_of, element_type
from ..numbers.complex_numbers import complex_of, is_any_number, is_complex
from ..numbers.number_parts import cast_like, flattened, new_array
from ..numbers.number_types import Active, call_function, constant
from ..tape_memory.arenas import WORD
from .inputs import common_number, count_of, lifted_types, plain_type, split_tuple, tuple_like


@intrinsic
def as_block(typingctx, matrix, shape, like):
    """The whole Jacobian with the axes of output and argument: the same memory."""
    result = array_of(like, len(shape))

    def codegen(context, builder, signature, args):
        jacobian = context.make_array(signature.args[0])(context, builder, args[0])
        view = context.make_array(result)(context, builder)
        step, strides, lengths = jacobian.itemsize, [], unpack_tuple(builder, args[1])
        for length in reversed(lengths):
            strides.insert(0, step)
            step = builder.mul(step, length)
        populate_array(view, jacobian.data, lengths, strides, jacobian.itemsize, jacobian.meminfo, jacobian.parent)
        context.nrt.incref(builder, result, view._getvalue())
        return view._getvalue()

    return result(matrix, shape, like), codegen


@only_compiled
def block(matrix, row, column, y, x, like):
    """Derivatives of one output with respect to one argument, with the axes of both."""


@only_compiled
def only_block(matrix, row, column, y, x, like):
    """The same, where there is one output and one argument: the matrix itself, if its numbers have the right precision."""


@means(block)
def on_block(matrix, row, column, y, x, like):
    entry, rows, columns = ENTRIES[is_complex(element_type(y)), is_complex(element_type(x))]
    if is_any_number(y) and is_any_number(x):
        return lambda matrix, row, column, y, x, like: cast_like(entry(matrix, row, column), like)
    numbers = is_any_number(y), is_any_number(x)
    shape_of, rows_of, columns_of = SHAPES[numbers], SIZES[numbers[0]], SIZES[numbers[1]]

    def copied(matrix, row, column, y, x, like):
        out = new_array(shape_of(y, x), like)
        target, k = flattened(out), 0
        for i in range(rows_of(y)):
            for j in range(columns_of(x)):
                target[k + j] = cast_like(entry(matrix, row + rows * i, column + columns * j), like)
            k += columns_of(x)
        return out

    return copied


# --- entries: a complex number has two rows or columns ----------------------------------------------------------------------


def _real(matrix, i, j):
    return matrix[i, j]


def _of_complex_output(matrix, i, j):
    return complex(matrix[i, j], matrix[i + 1, j])


def _of_complex_argument(matrix, i, j):
    return complex(matrix[i, j], -matrix[i, j + 1])  # as gradients are


def _holomorphic(matrix, i, j):
    return complex(matrix[i, j], matrix[i + 1, j])


ENTRIES = {  # of a complex output, of a complex argument -> (the entry, rows, columns)
    (False, False): (inside(_real), 1, 1),
    (True, False): (inside(_of_complex_output), 2, 1),
    (False, True): (inside(_of_complex_argument), 1, 2),
    (True, True): (inside(_holomorphic), 2, 2),
}


@means(only_block)
def on_only_block(matrix, row, column, y, x, like):
    if matrix.dtype != like or (is_any_number(y) and is_any_number(x)):
        return lambda matrix, row, column, y, x, like: block(matrix, row, column, y, x, like)
    shape_of = SHAPES[is_any_number(y), is_any_number(x)]
    return lambda matrix, row, column, y, x, like: as_block(matrix, shape_of(y, x), like)


def _of_both(y, x):
    return y.shape + x.shape


def _of_output(y, x):
    return y.shape


def _of_argument(y, x):
    return x.shape


def _one(x):
    return 1


def _size(x):
    return x.size


SHAPES = {(False, False): inside(_of_both), (False, True): inside(_of_output), (True, False): inside(_of_argument)}  # numbers?
SIZES = {True: inside(_one), False: inside(_size)}


def _block_type(y, x, kind, holomorphic):
    """The type of the derivatives of one output with respect to one argument."""
    if isinstance(x, types.BaseTuple):
        return tuple_like(x, [_block_type(y, t, kind, holomorphic) for t in x.types])
    dims = sum(ty.ndim for ty in (y, x) if isinstance(ty, types.Array))
    element = element_type(plain_type(x, kind))
    complex_output, complex_argument = is_complex(element_type(y)), is_complex(element)
    if complex_output and complex_argument and not holomorphic:
        raise TypingError(
            f"the Jacobian of a function that returns {y} for a complex argument: it has two complex derivatives. Pass "
            "holomorphic=True where there is one, or write the argument as x + 1j * y of two real ones"
        )
    if holomorphic and not (complex_output and complex_argument):
        raise TypingError(
            f"the Jacobian of a function that returns {y}, with holomorphic=True: expected complex numbers for complex ones"
        )
    element = complex_of(element) if complex_output and not complex_argument else element
    return array_of(element, dims) if dims else element


@functools.cache
def splitter(argnums, single, holomorphic=False):
    """An intrinsic that splits a Jacobian into the form of the result, and within it into one part for each argument."""

    def type_of(y, args, kind):
        if isinstance(y, types.BaseTuple):
            return tuple_like(y, [type_of(t, args, kind) for t in y.types])
        blocks = [_block_type(y, args[k], kind, holomorphic) for k in argnums]
        return blocks[0] if single else types.Tuple(blocks)

    @intrinsic
    def split(typingctx, matrix, y, args):
        kind = Active(common_number(typingctx, args.types) or types.float64)
        lifted_types(args.types, argnums, kind)  # raises for arguments that have no derivative
        result = type_of(y, args.types, kind)

        def codegen(context, builder, signature, given):
            alone = len(argnums) == 1 and not any(isinstance(ty, types.BaseTuple) for ty in (y, args.types[argnums[0]]))
            cut = _Cut(context, builder, signature.args[0], given[0], alone)
            arguments = dict(enumerate(split_tuple(builder, signature.args[2], given[2])))
            return cut.rows(y, given[1], ir.Constant(WORD, 0), arguments, argnums, result, single)

        return result(matrix, y, args), codegen

    return split


class _Cut:
    """Code generation for the parts of a Jacobian; it has only one if it is `alone`."""

    def __init__(self, context, builder, matrix_type, matrix, alone):
        self.context, self.builder, self.matrix_type, self.matrix = context, builder, matrix_type, matrix
        self.alone = alone

    def rows(self, ty, value, row, arguments, argnums, to, single):
        """Split by the form of the result."""
        if isinstance(ty, types.BaseTuple):
            parts = []
            for (t, v), o in zip(split_tuple(self.builder, ty, value), to.types):
                parts.append(self.rows(t, v, row, arguments, argnums, o, single))
                row = self._after(row, t, v)
            return self.context.make_tuple(self.builder, to, parts)
        blocks, column = {}, ir.Constant(WORD, 0)
        for k in sorted(argnums):
            own = to if single else to.types[argnums.index(k)]
            blocks[k] = self.columns((ty, value), row, *arguments[k], column, own)
            column = self._after(column, *arguments[k])
        blocks = [blocks[k] for k in argnums]
        return blocks[0] if single else self.context.make_tuple(self.builder, to, blocks)

    def columns(self, output, row, ty, value, column, to):
        """Split by the form of one argument."""
        if isinstance(ty, types.BaseTuple):
            parts = []
            for (t, v), o in zip(split_tuple(self.builder, ty, value), to.types):
                parts.append(self.columns(output, row, t, v, column, o))
                column = self._after(column, t, v)
            return self.context.make_tuple(self.builder, to, parts)
        like = element_type(to)
        zero = constant(self.context, self.builder, like, 0.0)
        kinds = (self.matrix_type, types.int64, types.int64, types.unliteral(output[0]), types.unliteral(ty), like)
        values = (self.matrix, row, column, output[1], value, zero)
        return call_function(self.context, self.builder, only_block if self.alone else block, kinds, values, to)

    def _after(self, place, ty, value):
        return self.builder.add(place, count_of(self.context, self.builder, ty, value))
