"""What array operations write to the tape: operands, sums and products as entries.

Compiled functions on arrays of numbers of any kind; `like` is a passive zero of the kind that is recorded.
"""

import numpy as np
from numba import types
from numba.extending import intrinsic

from ..memory import set_i32, set_word, word
from .arenas import END, INDEX, NEXT, PARTIAL, ROOM, USED, grow
from .arrays import element_type, is_differential
from .cells import cell_size
from .compilation import compiled_inside, inside, overloaded
from .entries import EXTENT, FEW, SEGMENT, add_operand, add_product, close_elements, index_room, open_elements
from .numbers import cell_of, depth_of, is_number
from .parts import new_array, node_of, number_with, primal_of, zero_of

FEW_PRODUCTS = 32  # of a product of matrices: fewer are faster as statements of their own
BLOCK = 16
PAIRS_A_SEGMENT = 8  # at least, on average; else every pair has an index


@overloaded
def vector(x):
    """All elements of an array in one dimension, a view where there is one."""
    if x.ndim == 1:
        return lambda x: x
    if x.layout == "C":
        return lambda x: x.reshape(x.size)
    return lambda x: x.copy().reshape(x.size)


@overloaded
def tape_of(x, like):
    """Address of the header of the tape that a number or the first active element of an array is on; 0 if all are passive."""
    if is_number(x):
        return lambda x, like: node_of(x, like) >> 32 << 16

    def first_active(x, like):
        elements = vector(x)
        for k in range(len(elements)):
            node = node_of(elements[k], like)
            if node != 0:
                return node >> 32 << 16
        return 0

    return first_active


@inside
def index_of(number, like):
    return node_of(number, like) & 0xFFFFFFFF


@inside
def segment_length(elements, k, step, like):
    """Elements from k on whose nodes are so far apart, all active or all passive.

    Blocks first: a loop that nothing leaves becomes vector code, and takes a third of the time.
    """
    start, n = index_of(elements[k], like), 1
    while step >= 0 and (start != 0 or step == 0) and k + n + BLOCK <= len(elements):
        differ = 0
        for b in range(n, n + BLOCK):
            differ |= index_of(elements[k + b], like) ^ (start + b * step)
        if differ != 0:
            break
        n += BLOCK
    while k + n < len(elements):
        node = index_of(elements[k + n], like)
        if node != start + n * step or (node == 0) != (start == 0):
            break
        n += 1
    return n


@inside
def write_segments(elements, indices, like):
    """Segments of the nodes of a vector.  Returns how many; 0 if there are too many, and indices are written instead."""
    n = len(elements)
    most = max(1, min(n // SEGMENT, n // (SEGMENT * PAIRS_A_SEGMENT) + 2))
    count = k = 0
    while k < n and count < most:
        step = index_of(elements[k + 1], like) - index_of(elements[k], like) if k + 1 < n else 0
        length = segment_length(elements, k, step, like)
        set_i32(indices, SEGMENT * count, length)
        set_i32(indices, SEGMENT * count + 1, index_of(elements[k], like))
        set_i32(indices, SEGMENT * count + 2, step)
        k, count = k + length, count + 1
    if k == n:
        return count
    for k in range(n):
        set_i32(indices, k, index_of(elements[k], like))
    return 0


@inside
def add_elements(entry, elements, step, like):
    """Add a vector with an element a pair to an entry.  Returns where the partials go."""
    segments = write_segments(elements, index_room(entry), like)
    return add_operand(entry, segments, SEGMENT * segments if segments else len(elements), step, cell_size(like))


@overloaded
def add_broadcast(entry, x, shape, step, like):
    """Add a number or an array, broadcast to a shape.  Returns where the partials go."""
    if is_number(x):

        def number(entry, x, shape, step, like):
            indices = index_room(entry)
            set_i32(indices, 0, word(entry, EXTENT))
            set_i32(indices, 1, index_of(x, like))
            set_i32(indices, 2, 0)
            return add_operand(entry, 1, SEGMENT, step, cell_size(like))

        return number

    same_dimensions = x.ndim == len(shape)

    def array(entry, x, shape, step, like):
        if same_dimensions and x.shape == shape:
            return add_elements(entry, vector(x), step, like)
        full = new_array(shape, zero_of(x, x))
        full[...] = x
        return add_elements(entry, vector(full), step, like)

    return array


@compiled_inside
def tape_of_operand(x, like):
    """`tape_of` for generated code, kept on disk."""
    return tape_of(x, like)


@compiled_inside
def add_to_entry(entry, x, shape, step, like):
    """`add_broadcast` for generated code, kept on disk."""
    return add_broadcast(entry, x, shape, step, like)


@compiled_inside
def append_statement(nodes, cells, pairs, like):
    """Append one statement, from addresses of nodes and partials.  Returns its node; 0 if all are passive."""
    union = np.int64(0)
    for k in range(pairs):
        union |= word(nodes, k)
    if union == 0:
        return 0
    header = union >> 32 << 16
    if word(header, USED) + pairs > word(header, ROOM):
        grow(header, pairs)
    used, index = word(header, USED), word(header, INDEX)
    partials, kept = word(header, PARTIAL) + used * cell_size(like), 0
    for k in range(pairs):
        partial = get_cell(cells, k, like)
        set_i32(index, used + kept, word(nodes, k))
        put_cell(partials, kept, partial, like)
        kept += word(nodes, k) != 0 and is_useful(partial)
    if kept == 0:
        return 0
    statement = word(header, NEXT)
    set_i32(word(header, END), statement, used + kept)
    set_word(header, USED, used + kept)
    set_word(header, NEXT, statement + 1)
    return (header << 16) | statement


@overloaded
def is_useful(partial):
    """Whether anything flows along a pair: a zero that is differential itself may have derivatives."""
    return (lambda partial: True) if is_differential(partial) else (lambda partial: partial != 0.0)


@intrinsic
def get_cell(typingctx, address, k, like):
    """Cell k at an address."""
    cell = cell_of(like.base)

    def codegen(context, builder, signature, args):
        pointer = builder.inttoptr(args[0], context.get_data_type(cell).as_pointer())
        return context.data_model_manager[cell].from_data(builder, builder.load(builder.gep(pointer, [args[1]])))

    return cell(types.int64, types.int64, like), codegen


@intrinsic
def put_cell(typingctx, address, k, partial, like):
    """Store a number of the base of `like` as a cell."""
    cell = cell_of(like.base)

    def codegen(context, builder, signature, args):
        pointer = builder.inttoptr(args[0], context.get_data_type(cell).as_pointer())
        value = context.cast(builder, args[2], types.unliteral(signature.args[2]), cell)
        builder.store(context.get_value_as_data(builder, cell, value), builder.gep(pointer, [args[1]]))
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, partial, like), codegen


@overloaded
def can_be_active(x, like):
    """1 for a number or an array that the tape of `like` may know, 0 for passive ones."""
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
        put_cell(add_elements(entry, x, 0, like), 0, 1.0, like)
    return number_with(total, close_elements(header, entry), like)


@compiled_inside
def dot_statement(x, z, like):
    """The inner product of two vectors of which one at least is active, as one statement."""
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
    partials = add_elements(entry, x, 1, like)
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
    """The same matrix, its elements new statements and so with consecutive nodes."""
    header = tape_of(x, like)
    out = new_array(x.shape, like)
    entry = open_elements(header, x.size, 1, 1)
    put_cell(add_elements(entry, vector(x), 0, like), 0, 1.0, like)
    first, target, k = close_elements(header, entry), vector(out), 0
    for element in x.flat:
        target[k] = number_with(primal_of(element, like), first + k, like)
        k += 1
    return out


@inside
def steps_of(x, like):
    """First node of a matrix and the steps along its axes; node 0 if it is passive, -1 if they are not regular."""
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
    """The same of a matrix that gets nodes of its own if they are not regular."""
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
    """The product of two matrices of which one at least is active."""
    if x.size * z.shape[1] < FEW_PRODUCTS:
        return product_loops(x, z, like)
    out = new_array((x.shape[0], z.shape[1]), like)
    u, v = values(x, like), values(z, like)
    y = product_of_values(u, v)
    first = np.int64(0)
    header = tape_of(x, like) | tape_of(z, like)
    if header != 0 and out.size > 0:
        left, right = regular_steps(x, like), regular_steps(z, like)
        first, right_cells, left_cells = add_product(header, (x.shape[0], x.shape[1], z.shape[1]), left, right)
        put_values(right_cells, v, like)
        put_values(left_cells, u, like)
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
    """The product of two matrices of values: by BLAS, of plain numbers."""
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
