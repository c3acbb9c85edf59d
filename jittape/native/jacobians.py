"""Jacobians of compiled functions: by columns, several tangents at a time, or by rows from one recorded tape."""

from llvmlite import ir
from numba import types
from numba.core import errors
from numba.extending import intrinsic, overload

from .arrays import array_of
from .cells import cell_access, cell_size, sweep
from .compilation import derivative, only_compiled, public
from .forward import counter, dual_inputs, tangent_of
from .numbers import Active, call_function, cell_of, is_number
from .inputs import common_number, count_of, inputs_for, kind_of_arguments, lifted_type, runner, split_tuple
from .outputs import settled
from .reverse import on_an_arena
from .statements import WORD, adjoints_of
from .wide import new_array, node_of, primal_of

WIDTH = 4  # tangents side by side: one vector register


@intrinsic
def one_result(typingctx, y):
    """The number of outputs of a function that returns a number or an array."""
    if not is_number(y) and not isinstance(y, types.Array):
        raise errors.TypingError(f"the Jacobian of a function that returns {y}: expected a number or an array")

    def codegen(context, builder, signature, args):
        return count_of(context, builder, signature.args[0], args[0])

    return types.int64(y), codegen


# --- columns ------------------------------------------------------------------------------------------------------------


@only_compiled
def write_columns(matrix, y, first, width, kind):
    """Tangents of the outputs into columns of the Jacobian."""


@overload(write_columns)
def on_columns(matrix, y, first, width, kind):
    if is_number(y):

        def number(matrix, y, first, width, kind):
            for lane in range(min(width, matrix.shape[1] - first)):
                matrix[0, first + lane] = tangent_of(y, lane, kind)

        return number

    def array(matrix, y, first, width, kind):
        k = 0
        for element in y.flat:
            for lane in range(min(width, matrix.shape[1] - first)):
                matrix[k, first + lane] = tangent_of(element, lane, kind)
            k += 1

    return array


def forward_jacobian(function, argnums, keep, width=WIDTH):
    """The dispatcher of the Jacobian, computed column by column."""
    _, lift, kind_of = dual_inputs(argnums, width)
    run, count, split = runner(function), counter(argnums), splitter(argnums)

    def jacobian(*args):
        kind, n = kind_of(args), count(args)
        y = run(lift(args, 0), kind)
        matrix = new_array((one_result(y), n), primal_of(kind, kind))
        write_columns(matrix, y, 0, width, kind)
        for first in range(width, n, width):
            write_columns(matrix, run(lift(args, first), kind), first, width, kind)
        return split(matrix, y, args)

    return derivative(jacobian, keep)


# --- rows ---------------------------------------------------------------------------------------------------------------


@only_compiled
def node_number(y, k, kind):
    """The node of one output."""


@overload(node_number)
def on_node(y, k, kind):
    if is_number(y):
        return lambda y, k, kind: node_of(y, kind)
    return lambda y, k, kind: node_of(y.flat[k], kind)


@only_compiled
def write_row(matrix, k, node, adjoints, header, kind):
    """One row of the Jacobian: a sweep from one output."""


@overload(write_row)
def on_row(matrix, k, node, adjoints, header, kind):
    load, store, zero = cell_access(cell_of(kind.base))

    def row(matrix, k, node, adjoints, header, kind):
        if node == 0:
            return
        store(adjoints, node & 0xFFFFFFFF, 1.0)
        sweep(header, adjoints, kind)
        for j in range(matrix.shape[1]):
            matrix[k, j] = load(adjoints, 1 + j)
            store(adjoints, 1 + j, zero())

    return row


def reverse_jacobian(function, argnums, keep):
    """The dispatcher of the Jacobian, computed row by row from one tape."""
    lift, _ = inputs_for(argnums)
    run, count, split = runner(function), counter(argnums), splitter(argnums)

    def record_and_sweep(header, args):
        kind = kind_of_arguments(args)
        y = settled(run(lift(args, header, kind), kind))
        matrix = new_array((one_result(y), count(args)), primal_of(kind, kind))
        adjoints = adjoints_of(header, cell_size(kind))
        for k in range(matrix.shape[0]):
            write_row(matrix, k, node_number(y, k, kind), adjoints, header, kind)
        return split(matrix, y, args)

    return public(on_an_arena(record_and_sweep), keep)


# --- shapes -------------------------------------------------------------------------------------------------------------


@only_compiled
def part_of(matrix, y, x, first):
    """The columns that belong to one argument, with the dimensions of the result and of the argument."""


@overload(part_of)
def on_part(matrix, y, x, first):
    if is_number(y) and is_number(x):
        return lambda matrix, y, x, first: matrix[0, first]
    if is_number(x):
        return lambda matrix, y, x, first: matrix[:, first].copy().reshape(y.shape)
    if is_number(y):
        return lambda matrix, y, x, first: matrix[0, first : first + x.size].copy().reshape(x.shape)
    return lambda matrix, y, x, first: matrix[:, first : first + x.size].copy().reshape(y.shape + x.shape)


def splitter(argnums):
    """An intrinsic that cuts a Jacobian into one part an argument."""
    single = len(argnums) == 1

    @intrinsic
    def split(typingctx, matrix, y, args):
        kind = Active(common_number(typingctx, args.types) or types.float64)
        dims = y.ndim if isinstance(y, types.Array) else 0
        kinds = []
        for k in argnums:
            ty = args.types[k]
            if isinstance(ty, types.BaseTuple) or lifted_type(ty, kind) is None:
                raise errors.TypingError(f"the Jacobian by argument {k} of type {ty}: expected a float or an array of floats")
            total = dims + (ty.ndim if isinstance(ty, types.Array) else 0)
            kinds.append(array_of(matrix.dtype, total) if total else matrix.dtype)
        result = kinds[0] if single else types.Tuple(kinds)

        def codegen(context, builder, signature, given):
            parts, first = {}, ir.Constant(WORD, 0)
            for k, (ty, value) in enumerate(split_tuple(builder, signature.args[2], given[2])):
                if k in argnums:
                    to = kinds[argnums.index(k)]
                    operands = (signature.args[0], signature.args[1], ty, types.int64)
                    parts[k] = call_function(context, builder, part_of, operands, (*given[:2], value, first), to)
                    first = builder.add(first, count_of(context, builder, ty, value))
            parts = [parts[k] for k in argnums]
            return parts[0] if single else context.make_tuple(builder, result, parts)

        return result(matrix, y, args), codegen

    return split
