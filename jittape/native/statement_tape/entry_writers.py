"""What array operations append to the tape: operands, sums and products as entries.

These are compiled functions on arrays of numbers of any kind; `like` is a passive zero of the kind that is recorded.
"""

import numpy as np
from numba import types
from numba.extending import intrinsic

from ..numbers.array_types import element_type, is_differential
from ..compilation.compile_cached import compiled_inside, inside, overloaded
from ..tape_memory.tape_entries import (
    FEW,
    add_product,
    close_elements,
    node_of_entry,
    open_elements,
    values_of_left,
    values_of_right,
)
from ..numbers.cells import cell_of_partial
from ..numbers.number_types import cell_of, depth_of
from ..numbers.partial_products import Partial
from .entry_operands import add_with_column, add_with_factor, tape_of
from ..numbers.number_parts import flattened, new_array, node_of, number_with, primal_of, zero_of

FEW_PRODUCTS = 32  # products of matrices with fewer products of numbers are faster as single statements


@overloaded
def vector(x):
    """All elements of an array in one dimension; a view if possible."""
    if x.ndim == 1:
        return lambda x: x
    if x.layout == "C":
        return lambda x: flattened(x)
    return lambda x: flattened(x.copy())


@intrinsic
def put_cell(typingctx, address, k, partial, like):
    """Store a number of the base of `like` as a cell, whose zero is numeric."""

    def codegen(context, builder, signature, args):
        pointer = builder.inttoptr(args[0], context.get_data_type(cell_of(like.base)).as_pointer())
        value = context.cast(builder, args[2], types.unliteral(signature.args[2]), like.base)
        builder.store(cell_of_partial(context, builder, like.base, Partial(value)), builder.gep(pointer, [args[1]]))
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, partial, like), codegen


@overloaded
def can_be_active(x, like):
    """1 for a number or array that may be on the tape of `like`, 0 for passive ones."""
    found = int(depth_of(element_type(x)) == depth_of(like))
    return lambda x, like: found


# --- sums ---------------------------------------------------------------------------------------------------------------


@inside
def sum_loop(x, like):
    total = like
    for k in range(len(x)):
        total = total + x[k]
    return total


@inside
def dot_loop(x, z, like):
    total = like
    for k in range(len(x)):
        total = total + x[k] * z[k]
    return total


@compiled_inside
def sum_statement(x, like):
    """The sum of a vector of active numbers, as one statement."""
    if len(x) < FEW:
        return sum_loop(x, like)
    total = primal_of(like, like)
    for k in range(len(x)):
        total = total + primal_of(x[k], like)
    header = tape_of(x, like)
    entry = open_elements(header, len(x), 1, 0)
    if entry != 0:
        put_cell(add_with_factor(entry, x), 0, 1.0, like)
    return number_with(total, close_elements(header, entry), like)


@compiled_inside
def dot_statement(x, z, like):
    """The inner product of two vectors, at least one of them active, as one statement."""
    if len(x) < FEW:
        return dot_loop(x, z, like)
    total = primal_of(like, like)
    for k in range(len(x)):
        total = total + primal_of(x[k], like) * primal_of(z[k], like)
    header = tape_of(x, like) | tape_of(z, like)
    left, right = can_be_active(x, like), can_be_active(z, like)
    entry = open_elements(header, len(x), left + right, 0)
    if entry != 0:
        if left:
            add_factor(entry, x, z, like)
        if right:
            add_factor(entry, z, x, like)
    return number_with(total, close_elements(header, entry), like)


@inside
def add_factor(entry, x, z, like):
    partials = add_with_column(entry, x)
    for k in range(len(z)):
        put_cell(partials, k, primal_of(z[k], like), like)


# --- products of matrices -------------------------------------------------------------------------------------------------


@compiled_inside
def values(x, like):
    """The values of an array, contiguous."""
    out = new_array(x.shape, primal_of(like, like))
    target, k = vector(out), 0
    for element in x.flat:
        target[k] = primal_of(element, like)
        k += 1
    return out


@inside
def with_own_nodes(x, like):
    """The same matrix with elements that are new statements, and therefore have consecutive nodes."""
    header = tape_of(x, like)
    out = new_array(x.shape, like)
    entry = open_elements(header, x.size, 1, 1)
    put_cell(add_with_factor(entry, x), 0, 1.0, like)
    first, target, k = close_elements(header, entry), vector(out), 0
    for element in x.flat:
        target[k] = number_with(primal_of(element, like), first + k, like)
        k += 1
    return out


@inside
def steps_of(x, like):
    """The first node of a matrix and the steps along its axes; node 0 if it is passive, -1 if the steps are not regular."""
    first = node_of(x[0, 0], like) if x.size else 0
    down = node_of(x[1, 0], like) - first if x.shape[0] > 1 else 0
    along = node_of(x[0, 1], like) - first if x.shape[1] > 1 else 0
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            node = node_of(x[i, j], like)
            if node != first + i * down + j * along or (node == 0) != (first == 0):
                return -1, 0, 0
    return first, down, along


@inside
def regular_steps(x, like):
    """As `steps_of`, for a matrix that gets nodes of its own if its steps are not regular."""
    steps = steps_of(x, like)
    return steps if steps[0] != -1 else steps_of(with_own_nodes(x, like), like)


@inside
def product_loops(x, z, like):
    out = new_array((x.shape[0], z.shape[1]), like)
    for i in range(x.shape[0]):
        for j in range(z.shape[1]):
            out[i, j] = dot_loop(x[i], z[:, j], like)
    return out


@compiled_inside
def matrix_product(x, z, like):
    """The product of two matrices, at least one of them active."""
    if x.size * z.shape[1] < FEW_PRODUCTS:
        return product_loops(x, z, like)
    out = new_array((x.shape[0], z.shape[1]), like)
    u, v = values(x, like), values(z, like)
    y = product_of_values(u, v)
    first = np.int64(0)
    header = tape_of(x, like) | tape_of(z, like)
    if header != 0 and out.size > 0:
        left, right = regular_steps(x, like), regular_steps(z, like)
        entry = add_product(header, x.shape[0], x.shape[1], z.shape[1], *left, *right)
        put_values(values_of_right(entry), v, like)
        put_values(values_of_left(entry), u, like)
        first = node_of_entry(header, entry)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = number_with(y[i, j], first + (i * out.shape[1] + j if first else 0), like)
    return out


@inside
def put_values(cells, values, like):
    if cells != 0:
        elements = vector(values)
        for k in range(len(elements)):
            put_cell(cells, k, elements[k], like)


@overloaded
def product_of_values(u, v):
    """The product of two matrices of values; by BLAS for plain numbers."""
    if not is_differential(u):
        return lambda u, v: np.dot(u, v)

    def loops(u, v):
        out = new_array((u.shape[0], v.shape[1]), zero_of(u, v))
        for i in range(u.shape[0]):
            for k in range(u.shape[1]):
                for j in range(v.shape[1]):
                    out[i, j] = out[i, j] + u[i, k] * v[k, j]
        return out

    return loops
