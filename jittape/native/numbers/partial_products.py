"""Partials, products of them, and tangents that they move.

A zero is *structural* where nothing flows: the operand that `maximum` did not take, an element that nobody reads, the tangent in
a lane that does not depend on a number. It stays zero whatever it meets, infinities and nans included. Every other zero is
*numeric*, a number like any other, and times an infinite partial it is nan: the square root at zero, squared, has the derivative
1, and its norm, squared, 0, which no product of partials can know. Which of the two a zero is, is carried beside it:

* by a partial inside an expression, as the condition `Partial.flows`, which only operations that select can make false;
* by a pair of a statement: its node is 0 if nothing flows;
* by a cell of the tape: a structural zero is -0.0, the number that changes no sum, and no numeric zero is (see `cells`);
* by a dual number, as a bit a tangent (`number_types.Dual`).
"""

import functools
import operator
from typing import NamedTuple

from ..compat import create_struct_proxy, llvm_ir as ir
from ..tape_memory.arenas import WORD
from .number_types import INDEX_TYPE, Active, call_function, constant, depends_of, depth_of, tangents_of, vector_of


class Partial(NamedTuple):
    """A partial inside an expression.

    Attributes
    ----------
    value : LLVM value
        A number of the base, zero where nothing flows; None for 1.
    flows : LLVM value
        False if the partial is a structural zero; None if it never is.
    """

    value: object
    flows: object = None


ONE = Partial(None)


def partial_product(context, builder, base, x, z):
    """The product of two partials."""
    if x.value is None or z.value is None:
        return z if x.value is None else x
    value, conditions = multiplied(context, builder, base, x.value, z.value), [c for c in (x.flows, z.flows) if c is not None]
    if not conditions:
        return Partial(value)
    flows = functools.reduce(builder.and_, conditions)
    return Partial(builder.select(flows, value, constant(context, builder, base, 0.0)), flows)


def partial_sum(context, builder, base, x, z):
    """The sum of two partials."""
    one = constant(context, builder, base, 1.0)
    value = added(context, builder, base, *[one if p.value is None else p.value for p in (x, z)])
    return Partial(value, None if x.flows is None or z.flows is None else builder.or_(x.flows, z.flows))


def node_if(builder, flows, node):
    """A node, 0 if nothing flows to it."""
    return node if flows is None else builder.select(flows, node, ir.Constant(WORD, 0))


def multiplied(context, builder, base, x, z):
    """The product of two numbers of the base."""
    if depth_of(base):
        return call_function(context, builder, operator.mul, (base, base), (x, z), base)
    return builder.fmul(x, z)


def added(context, builder, base, x, z):
    """The sum of two numbers of the base."""
    if depth_of(base):
        return call_function(context, builder, operator.add, (base, base), (x, z), base)
    return builder.fadd(x, z, flags=("contract",))


# --- tangents -------------------------------------------------------------------------------------------------------------


class DualTangents(NamedTuple):
    """The tangents of a dual number: numbers of the base, and a word with a bit for each that is no structural zero."""

    numbers: object
    depends: object


def operand_tangents(context, builder, ty, number, base):
    """The tangents of an operand, as numbers of a base."""
    numbers = [context.cast(builder, d, ty.base, base) for d in tangents_of(context, builder, ty, number)]
    return DualTangents(numbers, depends_of(context, builder, ty, number))


def moved_tangents(context, builder, base, statements):
    """The tangents of several results: sums of partials times tangents of operands.

    On plain bases they are computed with plain products, and again, with structural zeros chosen in every product, only if one
    of them is not finite: choosing took three times as long. One test serves all, as a value that is not finite shows in every
    result that depends on it. On CPUs without mask registers, a test for every statement took two thirds of the time of the
    Lorenz equations.

    Parameters
    ----------
    statements : list of (list of Partial, list)
        The partials of each result, and the tangents of its operands: `DualTangents`, or the position of an earlier statement.
        One statement if the base is differential.
    """
    if depth_of(base):
        ((partials, operands),) = statements
        return [_chosen_sums(context, builder, base, partials, operands)]
    known = [
        [x if isinstance(x, int) else x._replace(numbers=vector_of(builder, x.numbers)) for x in own] for _, own in statements
    ]
    depends, reaching = [], []
    for (partials, _), operands in zip(statements, known, strict=True):
        reaching.append(
            [_reaching(builder, p, depends[x] if isinstance(x, int) else x.depends) for p, x in zip(partials, operands)]
        )
        depends.append(functools.reduce(builder.or_, reaching[-1]))

    def sums(chooses):
        found = []
        for (partials, _), operands, masks in zip(statements, known, reaching, strict=True):
            vectors = [found[x] if isinstance(x, int) else x.numbers for x in operands]
            found.append(_vector_sum(context, builder, base, partials, vectors, masks if chooses else [None] * len(masks)))
        return found

    inner = {x for operands in known for x in operands if isinstance(x, int)}
    found, before = sums(False), builder.block
    ends = [_folded(builder, vector) for k, vector in enumerate(found) if k not in inner]
    with builder.if_then(_is_strange(builder, ends), likely=False):
        again, after = sums(True), builder.block
    chosen = [_either(builder, (x, before), (z, after)) for x, z in zip(found, again, strict=True)]
    numbers = [[builder.extract_element(x, ir.Constant(INDEX_TYPE, k)) for k in range(x.type.count)] for x in chosen]
    return list(map(DualTangents, numbers, depends))


def plain_tangents(context, builder, base, partials, tangents):
    """The sums of partials times tangents of operands, whatever they are."""
    vectors = [vector_of(builder, numbers) if len(numbers) > 1 else numbers[0] for numbers, _ in tangents]
    if len(tangents[0].numbers) > 1:
        total = _vector_sum(context, builder, base, partials, vectors, [None] * len(vectors))
        sums = [builder.extract_element(total, ir.Constant(INDEX_TYPE, k)) for k in range(total.type.count)]
    else:
        products = [
            x if partial.value is None else builder.fmul(partial.value, x, flags=("contract",))
            for partial, x in zip(partials, vectors, strict=True)
        ]
        sums = [functools.reduce(lambda x, z: builder.fadd(x, z, flags=("contract",)), products)]
    return DualTangents(sums, ir.Constant(WORD, 0))


def _reaching(builder, partial, depends):
    """The tangents of an operand that a partial lets through."""
    return node_if(builder, partial.flows, depends)


def _chosen_sums(context, builder, base, partials, operands):
    """The sums, one for each tangent, on a differential base."""
    zero, sums, masks = constant(context, builder, base, 0.0), None, []
    for partial, (numbers, depends) in zip(partials, operands, strict=True):
        mask = _reaching(builder, partial, depends)
        own = []
        for k, x in enumerate(numbers):
            product = x if partial.value is None else multiplied(context, builder, base, partial.value, x)
            bit = builder.and_(mask, ir.Constant(WORD, 1 << k))
            own.append(builder.select(builder.icmp_unsigned("!=", bit, ir.Constant(WORD, 0)), product, zero))
        sums = own if sums is None else [added(context, builder, base, *x) for x in zip(sums, own)]
        masks.append(mask)
    return DualTangents(sums, functools.reduce(builder.or_, masks))


# --- tangents side by side in a register: left to LLVM to find, the Lorenz equations took 66 us, not 42 -----------------

REGISTER = 4  # float64 numbers; on CPUs without mask registers, masks of eight cost a third of the sweep


def _vector_sum(context, builder, base, partials, vectors, masks):
    total, one = None, constant(context, builder, base, 1.0)
    for partial, vector, mask in zip(partials, vectors, masks, strict=True):
        count = vector.type.count
        factors = vector_of(builder, [one if partial.value is None else partial.value] * count)
        if mask is not None:  # factors are chosen, as LLVM would share a product with the plain sums, which then are not fused
            lanes = builder.bitcast(builder.trunc(mask, ir.IntType(count)), ir.VectorType(ir.IntType(1), count))
            factors, vector = [builder.select(lanes, x, ir.Constant(x.type, None)) for x in (factors, vector)]
        own = builder.fmul(factors, vector, flags=("contract",))
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


def _is_strange(builder, vectors):
    """Whether one of some vectors is not finite; rarely also true if only their sum is not.

    The bits of the exponent are compared: under ``fastmath`` LLVM simplifies ``x - x`` to zero.
    """
    while len(vectors) > 1:
        vectors = [*map(builder.fadd, vectors[0::2], vectors[1::2]), *vectors[len(vectors) & -2 :]]
    (total,) = vectors
    word, exponent = _EXPONENTS[total.type.element]
    kind = ir.VectorType(word, total.type.count)
    exponents = ir.Constant(kind, [exponent] * total.type.count)
    strange = builder.icmp_unsigned("==", builder.and_(builder.bitcast(total, kind), exponents), exponents)
    mask = builder.bitcast(strange, ir.IntType(total.type.count))
    return builder.icmp_unsigned("!=", mask, ir.Constant(mask.type, 0))


_EXPONENTS = {ir.DoubleType(): (ir.IntType(64), 0x7FF << 52), ir.FloatType(): (ir.IntType(32), 0xFF << 23)}


def _either(builder, *incoming):
    """Merge two values by the block that control came from."""
    either = builder.phi(incoming[0][0].type)
    for value, block in incoming:
        either.add_incoming(value, block)
    return either


# --- what is asked of numbers ---------------------------------------------------------------------------------------------


def primal_float(context, builder, ty, number):
    """The plain float inside a number of any type."""
    while depth_of(ty):
        ty, number = ty.base, create_struct_proxy(ty)(context, builder, number).value
    return number


def differs_from_zero(context, builder, base, number):
    """Whether a number is not zero, or has derivatives."""
    found = builder.fcmp_unordered("!=", primal_float(context, builder, base, number), ir.Constant(_float_of(base), 0.0))
    while depth_of(base):
        proxy = create_struct_proxy(base)(context, builder, number)
        word = proxy.node if isinstance(base, Active) else proxy.depends
        found = builder.or_(found, builder.icmp_unsigned("!=", word, ir.Constant(WORD, 0)))
        base, number = base.base, proxy.value
    return found


def _float_of(base):
    while depth_of(base):
        base = base.base
    return ir.FloatType() if base.bitwidth == 32 else ir.DoubleType()
