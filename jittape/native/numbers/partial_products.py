"""Products of partials in which a zero wins over an infinity.

The square root at zero has an infinite partial. Where it meets a zero (the tangent in a lane that does not depend on the root,
or a partial of what is done with the root), the product counts as zero, where IEEE arithmetic gives nan.
"""

import functools
import operator


from ..compat import create_struct_proxy, llvm_ir as ir
from .number_types import INDEX_TYPE, Active, call_function, constant, depth_of, tangents_of, vector_of


def flows(context, builder, base, compute):
    """The numbers of the base (None for 1) that ``compute(times)`` returns.

    They are computed with plain products, and again with careful ones only if one of them is not finite: a selection in every
    product took three times as long.
    """
    plain, careful = products(context, builder, base)
    found = compute(plain)
    chosen = [k for k, x in enumerate(found) if x is not None]
    if not chosen:
        return found
    floats = [x for k in chosen for x in _parts(context, builder, base, found[k])[0]]
    before = builder.block
    with builder.if_then(_is_strange(builder, floats), likely=False):
        again = compute(careful)
        after = builder.block
    for k in chosen:
        found[k] = _either(builder, (found[k], before), (again[k], after))
    return found


def flows_in_lanes(context, builder, base, statements):
    """The tangents of several results: sums of partials times tangents of operands.

    One test serves all, as a value that is not finite shows in every result that depends on it. On CPUs without mask registers,
    a test for every statement took two thirds of the time of the Lorenz equations.

    Parameters
    ----------
    statements : list of (function of a product to a list of numbers, list)
        The partials of each result, and the tangents of its operands: numbers, or the position of an earlier statement. One
        statement if the base is differential.
    """
    if depth_of(base):
        ((partials, tangents),) = statements
        return [flows(context, builder, base, lambda times: _sums(context, builder, base, partials(times), tangents, times))]
    known = [[x if isinstance(x, int) else vector_of(builder, x) for x in operands] for _, operands in statements]
    inner = {x for operands in known for x in operands if isinstance(x, int)}

    def sums(times, times_vector):
        found = []
        for (partials, _), operands in zip(statements, known, strict=True):
            vectors = [found[x] if isinstance(x, int) else x for x in operands]
            found.append(_vector_sum(builder, partials(times), vectors, times_vector))
        return found

    plain, careful = products(context, builder, base)
    found, before = sums(plain, builder.fmul), builder.block
    ends = [_folded(builder, vector) for k, vector in enumerate(found) if k not in inner]
    with builder.if_then(_is_strange(builder, ends), likely=False):
        again, after = sums(careful, functools.partial(_vector_product, builder)), builder.block
    chosen = [_either(builder, (x, before), (z, after)) for x, z in zip(found, again, strict=True)]
    return [[builder.extract_element(x, ir.Constant(INDEX_TYPE, k)) for k in range(x.type.count)] for x in chosen]


def products(context, builder, base):
    """Two ways to multiply numbers of the base (None for 1): plainly, and such that a zero wins."""

    def plain(x, z):
        if x is None or z is None:
            return z if x is None else x
        if depth_of(base):
            return call_function(context, builder, operator.mul, (base, base), (x, z), base)
        return builder.fmul(x, z)

    def careful(x, z):
        product = plain(x, z)
        if x is None or z is None:
            return product
        none = builder.or_(_is_zero(context, builder, base, x), _is_zero(context, builder, base, z))
        return builder.select(none, constant(context, builder, base, 0.0), product)

    return plain, careful


def add_numbers(context, builder, base, x, y):
    """The sum of two numbers of the base."""
    if depth_of(base):
        return call_function(context, builder, operator.add, (base, base), (x, y), base)
    return builder.fadd(x, y, flags=("contract",))


def _sums(context, builder, base, factors, lists, times):
    """The sums of ``times(factor, x)`` over the lists, one for every position in them."""
    sums = None
    for factor, numbers in zip(factors, lists, strict=True):
        own = [times(factor, x) for x in numbers]
        sums = own if sums is None else [add_numbers(context, builder, base, *x) for x in zip(sums, own)]
    return sums


# --- tangents side by side in a register: left to LLVM to find, the Lorenz equations took 66 us, not 42 -----------------

REGISTER = 4  # float64 numbers; on CPUs without mask registers, masks of eight cost a third of the sweep


def _vector_sum(builder, factors, vectors, times):
    total = None
    for factor, vector in zip(factors, vectors, strict=True):
        own = times(vector_of(builder, [factor] * vector.type.count), vector)
        total = own if total is None else builder.fadd(total, own, flags=("contract",))
    return total


def _folded(builder, vector):
    """A vector of at most four lanes that is finite if all lanes of another are, and their sums."""
    while vector.type.count > REGISTER:
        half = (vector.type.count + 1) // 2
        half += -half % REGISTER
        lanes = [[*range(half)], [half + k % (vector.type.count - half) for k in range(half)]]
        parts = [ir.Constant(ir.VectorType(INDEX_TYPE, half), [ir.Constant(INDEX_TYPE, k) for k in own]) for own in lanes]
        vector = builder.fadd(*[builder.shuffle_vector(vector, vector, part) for part in parts])
    return vector


def _vector_product(builder, x, z):
    zero = ir.Constant(x.type, None)
    none = builder.or_(builder.fcmp_ordered("==", x, zero), builder.fcmp_ordered("==", z, zero))
    return builder.select(none, zero, builder.fmul(x, z))


# --- what is asked of numbers -------------------------------------------------------------------------------------------


def _parts(context, builder, base, number):
    """The floats of which a number consists, and its nodes."""
    if not depth_of(base):
        return [number], []
    proxy = create_struct_proxy(base)(context, builder, number)
    inner, nodes = [proxy.value], []
    if isinstance(base, Active):
        nodes.append(proxy.node)
    else:
        inner.extend(tangents_of(context, builder, base, number))
    floats = []
    for x in inner:
        below, nodes_below = _parts(context, builder, base.base, x)
        floats, nodes = floats + below, nodes + nodes_below
    return floats, nodes


def _is_strange(builder, floats):
    """Whether one of some floats or vectors is not finite; rarely also true if only their sum is not.

    The bits of the exponent are compared: under ``fastmath`` LLVM simplifies ``x - x`` to zero.
    """
    while len(floats) > 1:
        floats = [*map(builder.fadd, floats[0::2], floats[1::2]), *floats[len(floats) & -2 :]]
    (total,) = floats
    lanes = total.type.count if isinstance(total.type, ir.VectorType) else 0
    word, exponent = _EXPONENTS[total.type.element if lanes else total.type]
    kind = ir.VectorType(word, lanes) if lanes else word
    exponents = ir.Constant(kind, [exponent] * lanes if lanes else exponent)
    strange = builder.icmp_unsigned("==", builder.and_(builder.bitcast(total, kind), exponents), exponents)
    if not lanes:
        return strange
    mask = builder.bitcast(strange, ir.IntType(lanes))
    return builder.icmp_unsigned("!=", mask, ir.Constant(mask.type, 0))


_EXPONENTS = {ir.DoubleType(): (ir.IntType(64), 0x7FF << 52), ir.FloatType(): (ir.IntType(32), 0xFF << 23)}


def _is_zero(context, builder, base, number):
    """Whether a number is zero with all its derivatives."""
    floats, nodes = _parts(context, builder, base, number)
    tests = [builder.fcmp_ordered("==", x, ir.Constant(x.type, 0.0)) for x in floats]
    tests += [builder.icmp_unsigned("==", node, ir.Constant(node.type, 0)) for node in nodes]
    return functools.reduce(builder.and_, tests)


def _either(builder, *incoming):
    """Merge two values by the block that control came from."""
    either = builder.phi(incoming[0][0].type)
    for value, block in incoming:
        either.add_incoming(value, block)
    return either
