"""Jacobians of compiled functions: by columns, several tangents at a time, or by rows from one recorded tape."""

from numba import types
from numba.extending import intrinsic

from ..compat import TypingError, llvm_ir as ir
from ..numbers.array_types import allocate, array_of, element_type
from ..numbers.cells import cell_access, cell_size, numeric
from ..compilation.compile_cached import (
    compiled_inside,
    derivative,
    derivative_by_types,
    inside,
    internal,
    means,
    only_compiled,
    overloaded,
)
from .forward_mode import counter, dual_inputs
from .calls_of_copies import run
from .inputs import count_of, inputs_for, kind_of_arguments, parts_count, split_tuple
from .jacobian_blocks import splitter
from ..numbers.complex_numbers import is_any_number, is_complex
from ..numbers.number_types import Dual, call, cell_of, constant, depth_of, is_number, tangents_of
from .outputs import PARTS, below, remedy, settled
from .private_arguments import private_arguments
from .reverse_mode import on_arenas, usual_or_swept
from ..loops.loop_gradients import rows_by, structured_rows
from ..loops.typed_code import Unstructured
from ..tape_memory.arenas import WORD, adjoints_of
from ..numbers.lane_numbers import WIDTH as LANES
from ..numbers.number_parts import new_array, node_of, primal_of
from ..statement_tape.statement_sweep import sweep, sweep_in_lanes

WIDTH = 4  # tangents side by side where the number of columns is not known: one vector register
WIDTHS = 1, 2, 4, 8  # 16 were 1.2 times as fast where arithmetic counts, and 2 to 3 times as slow where memory does
FEW_ROWS = 2  # outputs up to which sweeps one by one are as fast


# --- results ------------------------------------------------------------------------------------------------------------


@overloaded
def put(out, k, y):
    """Store a number; of a complex one both parts."""
    if is_complex(y):

        def parts(out, k, y):
            out[k], out[k + 1] = y.real, y.imag

        return parts

    def one(out, k, y):
        out[k] = y

    return one


@compiled_inside
def put_number(out, first, y):
    """Store one output."""
    put(out, first, y)


@compiled_inside
def put_array(out, first, y):
    """Store the elements of an output."""
    k = first
    for element in y.flat:
        put(out, k, element)
        k += parts_count(element)


def _leaves(context, builder, ty, value):
    """Types and values of the numbers and arrays in a result."""
    if not isinstance(ty, types.BaseTuple):
        return [(ty, value)]
    return [leaf for t, v in split_tuple(builder, ty, value) for leaf in _leaves(context, builder, t, v)]


def _check_result(y, whole):
    if isinstance(y, types.BaseTuple):
        for ty in y.types:
            _check_result(ty, whole)
    elif not is_any_number(element_type(y)):
        raise TypingError(f"the Jacobian of a function that returns {whole}: expected numbers and arrays{remedy(y)}")


@intrinsic
def outputs_in(typingctx, y, kind):
    """The outputs as one array: a number or an array as it is, the members of a tuple joined."""
    _check_result(y, y)
    to = array_of(kind, 1) if isinstance(y, types.BaseTuple) else y

    def codegen(context, builder, signature, args):
        if to is y:
            context.nrt.incref(builder, y, args[0])
            return args[0]
        out = allocate(context, builder, to, [count_of(context, builder, y, args[0])])
        first = ir.Constant(WORD, 0)
        for ty, value in _leaves(context, builder, y, args[0]):
            put_leaf = put_array if isinstance(ty, types.Array) else put_number
            call(context, builder, put_leaf, (to, types.int64, types.unliteral(ty)), (out, first, value))
            first = builder.add(first, count_of(context, builder, ty, value))
        return out

    return to(y, kind), codegen


@intrinsic
def count_outputs(typingctx, y):
    """How many numbers are in a result."""

    def codegen(context, builder, signature, args):
        return count_of(context, builder, signature.args[0], args[0])

    return types.int64(y), codegen


def _jacobian(result, kind, jacobian):
    return jacobian


def _jacobian_aux(result, kind, jacobian):
    return jacobian, below(result[1], kind)


ANSWERS = {False: inside(_jacobian), True: inside(_jacobian_aux)}


# --- columns ------------------------------------------------------------------------------------------------------------


@intrinsic
def put_tangents(typingctx, matrix, row, first, y, kind):
    """Store the tangents of a number in a row of the Jacobian, from one column on; those beyond the last column are left out."""

    def codegen(context, builder, signature, args):
        ty, number, base = signature.args[3], args[3], kind.base
        jacobian = context.make_array(signature.args[0])(context, builder, args[0])
        columns = builder.extract_value(jacobian.shape, 1)
        place = builder.gep(jacobian.data, [builder.add(builder.mul(args[1], columns), args[2])])
        left = builder.sub(columns, args[2])
        found = tangents_of(context, builder, ty, number) if isinstance(ty, Dual) and depth_of(ty) == kind.depth else None
        zero = constant(context, builder, base, 0.0)
        numbers = [zero if found is None else context.cast(builder, t, ty.base, base) for t in found or [zero] * kind.width]
        data = [context.get_value_as_data(builder, base, number) for number in numbers]
        whole = builder.icmp_signed(">=", left, ir.Constant(WORD, kind.width))
        with builder.if_else(whole, likely=True) as (all_fit, some_fit):
            with all_fit:
                for lane, number in enumerate(data):
                    builder.store(number, builder.gep(place, [ir.Constant(WORD, lane)]))
            with some_fit:
                for lane, number in enumerate(data[:-1]):
                    with builder.if_then(builder.icmp_signed("<", ir.Constant(WORD, lane), left)):
                        builder.store(number, builder.gep(place, [ir.Constant(WORD, lane)]))
        return context.get_dummy_value()

    return types.void(matrix, types.int64, types.int64, y, kind), codegen


@only_compiled
def write_columns(matrix, y, first, kind):
    """Write tangents of the outputs into columns of the Jacobian."""


@means(write_columns)
def on_columns(matrix, y, first, kind):
    if is_complex(y):

        def complex_number(matrix, y, first, kind):
            put_tangents(matrix, 0, first, y.real, kind)
            put_tangents(matrix, 1, first, y.imag, kind)

        return complex_number
    if is_number(y):
        return lambda matrix, y, first, kind: put_tangents(matrix, 0, first, y, kind)
    if is_complex(y.dtype):

        def complex_array(matrix, y, first, kind):
            k = 0
            for element in y.flat:
                put_tangents(matrix, k, first, element.real, kind)
                put_tangents(matrix, k + 1, first, element.imag, kind)
                k += 2

        return complex_array

    def array(matrix, y, first, kind):
        k = 0
        for element in y.flat:
            put_tangents(matrix, k, first, element, kind)
            k += 1

    return array


def width_for(columns):
    """How many tangents of a Jacobian with so many columns are computed side by side."""
    for width in WIDTHS:
        if columns <= width:
            return width
    return WIDTHS[-1]


def forward_jacobian(function, argnums, single, has_aux, keep, holomorphic=False, width=WIDTH):
    """The dispatcher of the Jacobian, computed column by column."""
    _, lift, kind_of = dual_inputs(argnums, width)
    count, split, private = counter(argnums), splitter(argnums, single, holomorphic), private_arguments(argnums)
    value_in, answer = PARTS[has_aux], ANSWERS[has_aux]

    def jacobian(*args):
        kind, n = kind_of(args), count(args)
        result = run(function, lift(private(function, args), 0), kind)
        y = value_in(result)
        outputs = outputs_in(y, kind)
        matrix = new_array((count_outputs(outputs), n), primal_of(kind, kind))
        write_columns(matrix, outputs, 0, kind)
        for first in range(width, n, width):
            own = private(function, args)  # every run sees the arguments as the first did
            write_columns(matrix, outputs_in(value_in(run(function, lift(own, first), kind)), kind), first, kind)
        return answer(result, kind, split(matrix, y, args))

    return derivative(jacobian, keep, of=function)


# --- rows ---------------------------------------------------------------------------------------------------------------


@only_compiled
def node_number(y, k, kind):
    """The node of one output."""


@means(node_number)
def on_node(y, k, kind):
    if is_complex(y):
        return lambda y, k, kind: node_of(y.imag if k % 2 else y.real, kind)
    if is_complex(element_type(y)):
        return lambda y, k, kind: node_number(y.flat[k // 2], k % 2, kind)
    if is_number(y):
        return lambda y, k, kind: node_of(y, kind)
    return lambda y, k, kind: node_of(y.flat[k], kind)


@only_compiled
def write_rows(matrix, outputs, header, kind):
    """Write the rows of the Jacobian: by a sweep for each output, or for several in lanes."""


@means(write_rows)
def on_rows(matrix, outputs, header, kind):
    cell = cell_of(kind.base)
    load, store, zero = cell_access(cell)

    def one_by_one(matrix, outputs, header, kind):
        adjoints = adjoints_of(header, cell_size(kind))
        for k in range(matrix.shape[0]):
            node = node_number(outputs, k, kind) & 0xFFFFFFFF
            if node != 0:
                store(adjoints, node, 1.0)
                sweep(header, adjoints, kind)
                for j in range(matrix.shape[1]):
                    matrix[k, j] = numeric(load(adjoints, 1 + j))
                    store(adjoints, 1 + j, zero())

    if depth_of(cell):
        return one_by_one
    alone, swept = inside(one_by_one), sweep_in_lanes()

    def in_lanes(matrix, outputs, header, kind):
        if matrix.shape[0] <= FEW_ROWS:
            return alone(matrix, outputs, header, kind)
        adjoints = adjoints_of(header, 8 * LANES)
        for first in range(0, matrix.shape[0], LANES):
            n = min(LANES, matrix.shape[0] - first)
            for lane in range(n):
                node = node_number(outputs, first + lane, kind) & 0xFFFFFFFF
                if node != 0:
                    store(adjoints, LANES * node + lane, 1.0)
            swept(header, adjoints)
            for j in range(matrix.shape[1]):
                for lane in range(n):
                    matrix[first + lane, j] = numeric(load(adjoints, LANES * (1 + j) + lane))
                    store(adjoints, LANES * (1 + j) + lane, zero())

    return in_lanes


def reverse_jacobian(function, argnums, single, has_aux, keep, holomorphic=False, is_complete=True):
    """The dispatcher of the Jacobian, computed row by row; `is_complete` as for `gradients`."""
    lift, _ = inputs_for(argnums)
    count, split, private = counter(argnums), splitter(argnums, single, holomorphic), private_arguments(argnums)
    value_in, answer = PARTS[has_aux], ANSWERS[has_aux]

    def record_and_sweep(header, args):
        kind = kind_of_arguments(args)
        result = run(function, lift(private(function, args), header, kind), kind)
        y = settled(value_in(result))
        outputs = outputs_in(y, kind)
        matrix = new_array((count_outputs(outputs), count(args)), primal_of(kind, kind))
        write_rows(matrix, outputs, header, kind)
        return answer(result, kind, split(matrix, y, args))

    recorded = internal(record_and_sweep)
    swept = on_arenas(recorded)
    adjoint = adjoint_jacobian(function, argnums, has_aux, split, recorded if is_complete else None)

    def jacobian(*args):
        return swept(*args), adjoint(*args)

    def cheapest(kinds):
        try:
            structured_rows(function, kinds, argnums, has_aux)
        except Unstructured:
            return swept
        return adjoint

    return derivative_by_types(jacobian, cheapest, keep, of=function)


def adjoint_jacobian(function, argnums, has_aux, split, swept=None):
    """``(*args) -> Jacobian`` by the adjoint of the function's own statements; what is not finite as `adjoint_gradient`."""
    run, value_in, answer = rows_by(argnums, has_aux), PARTS[has_aux], ANSWERS[has_aux]
    checked = private_arguments(argnums, copies=False)

    def forward_and_back(header, args):
        result, (matrix,), is_usual = run(function, header, checked(function, args))
        return answer(result, kind_of_arguments(args), split(matrix, value_in(result), args)), is_usual

    return usual_or_swept(function, forward_and_back, swept)
