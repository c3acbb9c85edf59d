"""Active and dual numbers: the types that compiled code runs on in the place of floats.

``Active(base)`` is a value and a node of the statement tape (see `tape_memory.arenas`). The type of an expression of active
numbers is a *form*: its value and the pairs (node, partial) of a statement that is not written yet. A form becomes a statement
when it is cast to ``Active``: stored in an array, merged with another type at the end of a branch or in a loop, passed to a
function. So ``a*b + c*d`` is one statement with four pairs, not three statements.

``Dual(base, width)`` is a value and its tangents, side by side, and a word with a bit for each tangent that is more than a
structural zero (see `partial_products`): memory that is all zero is a number without derivatives.

The base is ``float32``, ``float64`` or again one of these types, so derivatives nest: numbers of the base are constants of the
derivative outside it.
"""

import functools

from numba import types
from numba.extending import lower_cast, models, register_model

from ..compat import Conversion, LoweringError, create_struct_proxy, if_unlikely, llvm_ir as ir, unpack_tuple
from ..tape_memory.arenas import END, INDEX, NEXT, PARTIAL, ROOM, USED, WORD, grow

MOST_PAIRS = 12  # limit for a form; beyond it the longer operand becomes a statement
INDEX_TYPE = ir.IntType(32)
OF_FORMS = "a container of expressions that are not written"


class Differentiated(types.Hashable):
    """Base of the number types with derivatives, real and complex ones; `depth` counts how many are nested."""

    is_internal = True  # Numba finds whole-array expressions only of types that are


class Differential(Differentiated):
    """Base of the real number types with derivatives, which stand on another real type."""

    def __init__(self, name, base):
        self.base = base
        self.depth = depth_of(base) + 1
        super().__init__(name)

    def unify(self, typingctx, other):
        return join(typingctx, self, other)

    def can_convert_from(self, typingctx, other):
        return Conversion.safe if is_storage(self) and converts(other, self) else None


class Active(Differential):
    """A value and its node."""

    def __init__(self, base):
        super().__init__(f"Active({base})", base)


class Form(Differential):
    """A value and the pairs of a statement that is not written yet."""

    def __init__(self, base, pairs):
        self.pairs = pairs
        super().__init__(f"Form({base}, {pairs})", base)


class Dual(Differential):
    """A value and `width` tangents.

    Attributes
    ----------
    is_plain : bool
        No zeros are told apart, so what is not finite may be wrong: it is computed in another way.
    """

    def __init__(self, base, width, is_plain=False):
        self.width, self.is_plain = width, is_plain
        super().__init__(f"Dual({base}, {width}{', plain' * is_plain})", base)


def depth_of(ty):
    """How many derivatives are nested in a type; 0 for plain numbers."""
    return ty.depth if isinstance(ty, Differentiated) else 0


def is_number(ty):
    """Whether a type is a plain or a differential real number."""
    return isinstance(ty, (types.Float, types.Integer, types.Boolean, Differential))


def is_storage(ty):
    """Whether a variable can have this type whatever is assigned to it: every type but forms."""
    return not isinstance(ty, Form)


def stored(ty):
    """The type that a number has in arrays, arguments and merged variables."""
    return Active(ty.base) if isinstance(ty, Form) else ty


def rebase(ty, base):
    """The same kind of number on another base."""
    return Dual(base, ty.width, ty.is_plain) if isinstance(ty, Dual) else Active(base)


def in_precision(ty, to):
    """The type of a number after its conversion to floats of a type."""
    return rebase(stored(ty), in_precision(stored(ty).base, to)) if depth_of(ty) else to


def precision_of(ty):
    """The type of the floats that a number is made of."""
    return precision_of(ty.base) if isinstance(ty, Differential) else ty


def join(typingctx, x, y):
    """The type that can hold numbers of both types; None if there is none."""
    if x == y:
        return x
    if not is_number(x) or not is_number(y):
        return None
    if depth_of(x) < depth_of(y):
        x, y = y, x
    x, y = stored(x), stored(y)
    if depth_of(x) == depth_of(y):
        if isinstance(x, Dual) != isinstance(y, Dual) or getattr(x, "width", 0) != getattr(y, "width", 0):
            return None
        y = y.base
    base = common_base(typingctx, x.base, y)
    return None if base is None else rebase(x, base)


def common_base(typingctx, base, other):
    """The base of an operation on a number with this base and another number."""
    other = types.unliteral(other)
    if isinstance(other, types.Boolean) or base == other:
        return base
    if depth_of(base) or depth_of(other):
        return join(typingctx, base, other)
    return typingctx.unify_types(base, other)


def converts(fr, to):
    """Whether a number can be stored as a number of another type without losing derivatives."""
    if not is_number(fr) or depth_of(fr) > depth_of(to):
        return False
    if depth_of(to) == 0:
        return True
    if depth_of(fr) < depth_of(to):
        return converts(fr, to.base)
    if isinstance(to, Dual):
        return isinstance(fr, Dual) and fr.width == to.width and converts(fr.base, to.base)
    return not isinstance(fr, Dual) and converts(fr.base, to.base)


def cell_of(base):
    """What the tape stores for a number with this base: partials and adjoints are float64 for any float.

    So it is for nested numbers: ``x * n`` with an integer is float64 where x is float32, and both are on one tape.
    """
    return rebase(base, cell_of(base.base)) if depth_of(base) else types.float64


# --- representation -------------------------------------------------------------------------------------------


@register_model(Active)
class _ActiveModel(models.StructModel):
    def __init__(self, manager, ty):
        super().__init__(manager, ty, [("value", ty.base), ("node", types.int64)])


@register_model(Form)
class _FormModel(models.StructModel):
    def __init__(self, manager, ty):
        nodes = [(f"node{k}", types.int64) for k in range(ty.pairs)]
        super().__init__(manager, ty, [("value", ty.base), *nodes, *[(f"partial{k}", ty.base) for k in range(ty.pairs)]])


@register_model(Dual)
class _DualModel(models.StructModel):
    def __init__(self, manager, ty):
        super().__init__(
            manager, ty, [("value", ty.base), ("tangents", types.UniTuple(ty.base, ty.width)), ("depends", types.int64)]
        )


def value_of(context, builder, ty, number):
    """The value of a differential number, of its base type."""
    return create_struct_proxy(ty)(context, builder, number).value


def pairs_of(context, builder, ty, number):
    """The pairs (node, partial) of an active number or a form; None in place of a partial means 1."""
    proxy = create_struct_proxy(ty)(context, builder, number)
    if isinstance(ty, Active):
        return [(proxy.node, None)]
    return [(getattr(proxy, f"node{k}"), getattr(proxy, f"partial{k}")) for k in range(ty.pairs)]


def make_active(context, builder, ty, value, node=None):
    proxy = create_struct_proxy(ty)(context, builder)
    proxy.value, proxy.node = value, ir.Constant(WORD, 0) if node is None else node
    return proxy._getvalue()


def make_form(context, builder, ty, value, pairs):
    proxy = create_struct_proxy(ty)(context, builder)
    proxy.value = value
    for k, (node, partial) in enumerate(pairs):
        setattr(proxy, f"node{k}", node)
        setattr(proxy, f"partial{k}", partial)
    return proxy._getvalue()


def make_dual(context, builder, ty, value, tangents, depends):
    proxy = create_struct_proxy(ty)(context, builder)
    proxy.value, proxy.depends = value, depends
    proxy.tangents = context.make_tuple(builder, types.UniTuple(ty.base, ty.width), tangents)
    return proxy._getvalue()


def tangents_of(context, builder, ty, number):
    proxy = create_struct_proxy(ty)(context, builder, number)
    return unpack_tuple(builder, proxy.tangents)


def depends_of(context, builder, ty, number):
    return create_struct_proxy(ty)(context, builder, number).depends


def constant(context, builder, ty, number):
    """A plain constant as a number of any type; it has no derivatives."""
    if isinstance(ty, types.Complex) or isinstance(ty, Differentiated) and not isinstance(ty, Differential):
        return context.cast(builder, context.get_constant(types.float64, number), types.float64, ty)
    if depth_of(ty) == 0:
        return context.get_constant(ty, number)
    value = constant(context, builder, ty.base, number)
    return lift(context, builder, ty, value)


def lift(context, builder, ty, value):
    """A number of the base as a constant of the derivative outside it."""
    if isinstance(ty, Dual):
        return make_dual(context, builder, ty, value, [constant(context, builder, ty.base, 0.0)] * ty.width, ir.Constant(WORD, 0))
    return make_active(context, builder, ty, value)


# --- writing statements -----------------------------------------------------------------------------------------


def as_active(context, builder, ty, number):
    """An active number as it is; a form is written to the tape."""
    if isinstance(ty, Active):
        return number
    value = value_of(context, builder, ty, number)
    node = write_statement(context, builder, ty.base, pairs_of(context, builder, ty, number))
    return make_active(context, builder, Active(ty.base), value, node)


def header_of(builder, nodes):
    """The node bits that identify the tape that is recorded on, 0 if all operands are passive; and the tape's header."""
    place = builder.and_(_union(builder, nodes), ir.Constant(WORD, -(1 << 32)))
    return place, builder.lshr(place, ir.Constant(WORD, 16))


def _union(builder, nodes):
    return functools.reduce(builder.or_, nodes)


def write_statement(context, builder, base, pairs):
    """Append a statement.  Returns its node; 0 if all operands are passive."""
    nodes = [node for node, _ in pairs]
    active = builder.icmp_unsigned("!=", _union(builder, nodes), ir.Constant(WORD, 0))
    otherwise = ir.Constant(WORD, 0)
    if len(pairs) == 1 and not depth_of(base):  # y = x + 1 needs no statement: its node is that of x
        alias = builder.fcmp_ordered("==", pairs[0][1], ir.Constant(pairs[0][1].type, 1.0))
        active = builder.and_(active, builder.not_(alias))
        otherwise = builder.select(alias, nodes[0], otherwise)
    before = builder.block
    with builder.if_then(active):
        written = _append(context, builder, base, pairs, nodes)
        after = builder.block
    node = builder.phi(WORD)
    node.add_incoming(otherwise, before)
    node.add_incoming(written, after)
    return node


def _append(context, builder, base, pairs, nodes):
    place, address = header_of(builder, nodes)
    header = builder.inttoptr(address, WORD.as_pointer())

    def at(k):
        return builder.gep(header, [ir.Constant(WORD, k)])

    make_room(context, builder, address, header, ir.Constant(WORD, len(pairs)))
    used = builder.load(at(USED))
    cell = cell_of(base)
    index = builder.gep(builder.inttoptr(builder.load(at(INDEX)), INDEX_TYPE.as_pointer()), [used])
    partials = builder.inttoptr(builder.load(at(PARTIAL)), context.get_data_type(cell).as_pointer())
    partials = builder.gep(partials, [used])
    operands = [builder.trunc(node, INDEX_TYPE) for node in nodes]
    cells = [context.get_value_as_data(builder, cell, context.cast(builder, p, base, cell)) for _, p in pairs]
    if depth_of(base):
        count = _store_kept(builder, index, partials, operands, cells)
    else:
        count = _store_numbers(builder, index, partials, operands, cells)
    statement = builder.load(at(NEXT))
    ends = builder.inttoptr(builder.load(at(END)), INDEX_TYPE.as_pointer())
    end = builder.add(used, count)
    builder.store(builder.trunc(end, INDEX_TYPE), builder.gep(ends, [statement]))
    written = builder.icmp_unsigned("!=", count, ir.Constant(WORD, 0))
    builder.store(end, at(USED))
    builder.store(builder.add(statement, builder.zext(written, WORD)), at(NEXT))
    return builder.select(written, builder.or_(place, statement), ir.Constant(WORD, 0))


def _store_numbers(builder, index, partials, operands, cells):
    """Store pairs of float64 partials. Returns how many are kept.

    Usually all are: two vectors are then stored, which took 0.8 ns a pair where one after the other took 1.2.
    """
    n = len(cells)
    operands_vector, partials_vector = vector_of(builder, operands), vector_of(builder, cells)
    active = builder.icmp_unsigned("!=", operands_vector, ir.Constant(operands_vector.type, None))
    mask = builder.bitcast(active, ir.IntType(n))
    everything = builder.icmp_unsigned("==", mask, ir.Constant(mask.type, -1))
    with builder.if_else(everything, likely=True) as (all_of_them, some):
        with all_of_them:
            builder.store(operands_vector, builder.bitcast(index, operands_vector.type.as_pointer()), align=4)
            builder.store(partials_vector, builder.bitcast(partials, partials_vector.type.as_pointer()), align=8)
            block_all = builder.block
        with some:
            kept = _store_kept(builder, index, partials, operands, cells)
            block_some = builder.block
    count = builder.phi(WORD)
    count.add_incoming(ir.Constant(WORD, n), block_all)
    count.add_incoming(kept, block_some)
    return count


def vector_of(builder, elements):
    """Numbers side by side in a register."""
    vector = ir.Constant(ir.VectorType(elements[0].type, len(elements)), ir.Undefined)
    for k, element in enumerate(elements):
        vector = builder.insert_element(vector, element, ir.Constant(INDEX_TYPE, k))
    return vector


def _store_kept(builder, index, partials, operands, cells):
    """Store pairs one after the other; that of a passive operand is overwritten by the next. Returns how many are kept."""
    count = ir.Constant(WORD, 0)
    for operand, cell in zip(operands, cells, strict=True):
        builder.store(operand, builder.gep(index, [count]))
        builder.store(cell, builder.gep(partials, [count]))
        kept = builder.icmp_unsigned("!=", operand, ir.Constant(INDEX_TYPE, 0))
        count = builder.add(count, builder.zext(kept, WORD))
    return count


def make_room(context, builder, address, header, pairs):
    """Ensure that the tape can take `pairs` more pairs in one chunk."""
    used = builder.load(builder.gep(header, [ir.Constant(WORD, USED)]))
    room = builder.load(builder.gep(header, [ir.Constant(WORD, ROOM)]))
    with if_unlikely(builder, builder.icmp_unsigned(">", builder.add(used, pairs), room)):
        grow.emit(context, builder, (address, pairs))


def call(context, builder, dispatcher, argument_types, args):
    """Generate a call of a compiled function; an exception is passed on to the caller."""
    found = compile_for(dispatcher, argument_types)
    context.add_linking_libs([found.library])
    return context.call_internal(builder, found.fndesc, found.signature, args)


# --- casts ------------------------------------------------------------------------------------------------------


@lower_cast(Differential, Differential)
@lower_cast(types.Number, Differential)
@lower_cast(types.Boolean, Differential)
def _cast(context, builder, fr, to, number):
    if fr == to:
        return number
    if depth_of(fr) < depth_of(to):
        return lift(context, builder, to, context.cast(builder, number, fr, to.base))
    if isinstance(to, Dual):
        value = context.cast(builder, value_of(context, builder, fr, number), fr.base, to.base)
        tangents = [context.cast(builder, d, fr.base, to.base) for d in tangents_of(context, builder, fr, number)]
        return make_dual(context, builder, to, value, tangents, depends_of(context, builder, fr, number))
    if isinstance(to, Form):  # the element type of a typed dict, inferred from the first number stored
        raise LoweringError(OF_FORMS)
    number = as_active(context, builder, fr, number)
    proxy = create_struct_proxy(Active(fr.base))(context, builder, number)
    return make_active(context, builder, to, context.cast(builder, proxy.value, fr.base, to.base), proxy.node)


def compile_for(dispatcher, argument_types):
    """The compiled function that a dispatcher has for some types of arguments."""
    argument_types = tuple(argument_types)
    if argument_types not in dispatcher.overloads:
        dispatcher.compile(argument_types)
    found = dispatcher.overloads.get(argument_types)
    if found is None:  # found on disk by names of types, which Numba's own arrays share with ours
        names = list(map(str, argument_types))
        found = next(own for key, own in dispatcher.overloads.items() if list(map(str, key)) == names)
    return found


def call_typed(context, builder, function, argument_types, args):
    """Generate a call of what compiled code calls for a Python function. Returns the type and the value of the result."""
    typingctx = context.typing_context
    known = typingctx.resolve_value_type(function)
    signature = known.get_call_type(typingctx, argument_types, {})
    context.refresh()
    code = context.get_function(known, signature)
    args = [context.cast(builder, a, fr, to) for a, fr, to in zip(args, argument_types, signature.args)]
    return signature.return_type, code(builder, args)


def call_function(context, builder, function, argument_types, args, result):
    """As `call_typed`, with the result cast to a type."""
    ty, value = call_typed(context, builder, function, argument_types, args)
    return context.cast(builder, value, ty, result)
