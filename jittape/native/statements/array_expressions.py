"""Whole-array expressions of differential numbers: one loop, and one entry of the tape.

Numba's compiler finds trees of array operators (`arrayexpr`), but its own code for them handles only its own numbers. Here the
tree is linearised on the elements (see `expression_trees`), so ``u - 0.1*(f[1:] - f[:-1])`` runs once along the arrays and
writes a column of partials for each different array.
"""

from numba import types

from ..compat import (
    FunctionPass,
    alloca_once,
    alloca_once_value,
    gep_inbounds,
    llvm_ir as ir,
    numba_ir as code,
    register_pass,
    unpack_tuple,
)
from ...kernels.kernel_table import USES_RESULT
from ..tape_memory.arenas import WORD, append_statement
from ..numbers.array_types import element_type, is_differential, is_overwritten, map_elements, must_fit_result, new_result
from ..tape_memory.tape_entries import FEW, close_elements, open_elements
from .equal_values import EqualValues
from ..numbers.cells import cell_of_partial
from ..numbers.complex_numbers import is_complex
from ..numbers.partial_products import node_if
from ..numbers.number_types import Active, Dual, Form, as_active, call_typed, cell_of, depth_of, make_active
from ..numbers.operation_rules import RULES
from .expression_trees import Leaf, TreeNode, linearised, write_tree
from ..statement_tape.entry_operands import emit_operand, emit_tape

OPERATION = "jittape_arrayexpr"


@register_pass(mutates_CFG=False, analysis_only=False)
class ClaimArrayExpressions(FunctionPass):
    """Compiler pass that takes over the array expressions whose result has derivatives."""

    _name = "jittape_array_expressions"

    def __init__(self):
        FunctionPass.__init__(self)

    def run_pass(self, state):
        state.targetctx.special_ops[OPERATION] = lower_expression
        for block in state.func_ir.blocks.values():
            known = EqualValues(block, state.typemap, _no_rule)
            for assign in block.find_insts(code.Assign):
                value = assign.value
                if isinstance(value, code.Expr) and value.op == "arrayexpr" and _has_derivatives(state.typemap, value):
                    value.op, value.expr = OPERATION, _with_equal_operands(value.expr, known, known.position[id(assign)], {})
        return False


def _no_rule(value):
    """None for any call: nothing is known of what calls do to arrays."""


def _with_equal_operands(tree, known, at, first):
    """The tree with equal operands replaced by one variable, `first` of them."""
    if isinstance(tree, code.Var):
        return first.setdefault(known.key(tree, at), tree)
    if isinstance(tree, code.Const):
        return tree
    return tree[0], [_with_equal_operands(part, known, at, first) for part in tree[1]]


def _has_derivatives(typemap, expression):
    return is_differential(expression.ty) or any(is_differential(typemap[v.name]) for v in expression.list_vars())


def lower_expression(lowerer, expression):
    """Generate the code of an array expression."""
    names = sorted({v.name for v in expression.list_vars()})
    kinds, args = [lowerer.typeof(name) for name in names], [lowerer.loadvar(name) for name in names]
    places = {name: k for k, name in enumerate(names)}

    def tree(part):
        if isinstance(part, code.Var):
            return places[part.name]
        return part if isinstance(part, code.Const) else (part[0], [tree(p) for p in part[1]])

    return elementwise(lowerer.context, lowerer.builder, expression.ty(*kinds), args, tree(expression.expr))


def elementwise(context, builder, signature, args, tree, result=None):
    """Generate code that evaluates a tree ``(function, parts)``, of operands and constants, on all elements.

    Parameters
    ----------
    result : array, optional
        Receives the results; by default a new array.
    """
    if result is not None:
        must_fit_result(context, builder, signature, args, result)
    to = signature.return_type.dtype
    known = [element_type(ty) for ty in signature.args]
    plain = not isinstance(to, (Active, Dual)) or _has_complex(tree, known) or _is_passive(tree, known, to.depth)
    if plain or not _can_linearise(context, tree, known, to):

        def element(kinds, values, place):
            ty, value = evaluate(context, builder, tree, kinds, values)
            return context.cast(builder, value, ty, to)

        return map_elements(context, builder, signature, args, element, result)
    if isinstance(to, Dual):

        def element(kinds, values, place):
            return write_tree(context, builder, _built(context, builder, tree, kinds, values, to), to)

        return map_elements(context, builder, signature, args, element, result)
    return _recorded(context, builder, signature, args, tree, result)


def evaluate(context, builder, tree, kinds, values):
    """Type and value of a tree on one element of each operand."""
    if isinstance(tree, int):
        return kinds[tree], values[tree]
    if isinstance(tree, code.Const):
        ty = context.typing_context.resolve_value_type(tree.value)
        return ty, context.get_constant(types.unliteral(ty), tree.value)
    function, parts = tree
    known, values = zip(*[evaluate(context, builder, part, kinds, values) for part in parts])
    known = [k if isinstance(k, types.IntegerLiteral) else types.unliteral(k) for k in known]
    return call_typed(context, builder, function, known, values)


# --- linearised ---------------------------------------------------------------------------------------------------------


def _has_complex(tree, kinds):
    """Whether there are complex numbers in a tree: an operation on them writes two statements."""
    if isinstance(tree, int):
        return is_complex(kinds[tree])
    return isinstance(tree.value, complex) if isinstance(tree, code.Const) else any(_has_complex(part, kinds) for part in tree[1])


def _is_passive(tree, kinds, depth):
    if isinstance(tree, int):
        return depth_of(kinds[tree]) < depth
    return isinstance(tree, code.Const) or all(_is_passive(part, kinds, depth) for part in tree[1])


def _can_linearise(context, tree, kinds, to):
    """Whether every operation on active numbers has a rule, and all have one base."""
    if isinstance(tree, int):
        return kinds[tree].base == to.base if depth_of(kinds[tree]) == to.depth else depth_of(kinds[tree]) < to.depth
    if _is_passive(tree, kinds, to.depth):
        return True
    function, parts = tree
    rule = RULES.get(function)
    return (
        rule is not None
        and rule.joins_expressions
        and rule.operation.arity == len(parts)
        and all(_can_linearise(context, part, kinds, to) for part in parts)
    )


def _built(context, builder, tree, kinds, values, to, leaves=None):
    """The tree of an element; equal operands are one leaf."""
    leaves = {} if leaves is None else leaves
    if _is_passive(tree, kinds, to.depth):
        return Leaf(*evaluate(context, builder, tree, kinds, values))
    if isinstance(tree, int):
        return leaves.setdefault(tree, Leaf(kinds[tree], values[tree]))
    function, parts = tree
    return TreeNode(RULES[function], [_built(context, builder, part, kinds, values, to, leaves) for part in parts])


def _recorded(context, builder, signature, args, tree, result):
    """Generate the loop that writes an entry."""
    to = signature.return_type.dtype
    kinds = [types.unliteral(ty) for ty in signature.args]
    active = [k for k, ty in enumerate(kinds) if depth_of(element_type(ty)) == to.depth]
    args = list(args)
    for k in active:
        if isinstance(kinds[k], Form):
            args[k], kinds[k] = as_active(context, builder, kinds[k], args[k]), Active(kinds[k].base)
    signature = signature.return_type(*kinds)
    owned = result is None
    if owned:
        result = new_result(context, builder, signature, args)
    varying = set()
    _find_varying(tree, kinds, to.depth, False, varying)
    first, columns = _opened(context, builder, signature, args, active, varying, result, owned)
    recording = builder.icmp_unsigned("!=", first, ir.Constant(WORD, 0))

    pairs = _Pairs(context, builder, to, len(active))

    def element(elements, values, place):
        leaves = {}
        root = _built(context, builder, tree, elements, values, to, leaves)
        value, order, bars = linearised(context, builder, root, to.base, to.depth)
        partials = dict(zip(order, bars, strict=True))
        partials = [partials[leaves[k]] for k in active]
        cells = [cell_of_partial(context, builder, to.base, partial) for partial in partials]
        with builder.if_else(recording) as (together, alone):
            with together:
                for k, data, column in zip(active, cells, columns):  # a partial that does not vary is stored once
                    builder.store(data, builder.gep(column, [place]) if k in varying else column)
                node, end_together = builder.add(first, place), builder.block
            with alone:
                nodes = [context.make_helper(builder, elements[k], values[k]).node for k in active]
                nodes = [node_if(builder, partial.flows, node) for partial, node in zip(partials, nodes, strict=True)]
                own, end_alone = pairs.write(nodes, cells), builder.block
        chosen = builder.phi(WORD)
        chosen.add_incoming(node, end_together)
        chosen.add_incoming(own, end_alone)
        return make_active(context, builder, to, value, chosen)

    map_elements(context, builder, signature, args, element, result)
    if owned:
        context.nrt.decref(builder, signature.return_type, result)
    return result


class _Pairs:
    """Memory in which the pairs of a statement are collected, for one compiled function that appends them.

    With the code of appending written out in the loop, as it is for numbers, such expressions took twice as long to compile.
    """

    def __init__(self, context, builder, to, count):
        self._context, self._builder = context, builder
        data = context.get_data_type(cell_of(to.base))
        self._nodes, self._cells = alloca_once(builder, WORD, count), alloca_once(builder, data, count)
        self._about = [ir.Constant(WORD, n) for n in (count, context.get_abi_sizeof(data))]

    def write(self, nodes, cells):
        builder = self._builder
        for k, (node, data) in enumerate(zip(nodes, cells)):
            builder.store(node, gep_inbounds(builder, self._nodes, k))
            builder.store(data, gep_inbounds(builder, self._cells, k))
        addresses = [builder.ptrtoint(pointer, WORD) for pointer in (self._nodes, self._cells)]
        return append_statement.emit(self._context, builder, (*addresses, *self._about))


def _opened(context, builder, signature, args, active, varying, result, owned):
    """Open an entry for the operation: its first node, and the addresses for the partials of each operand.

    Node 0 if elements write statements of their own: that is faster for a few elements, and necessary for ``u[1:] += u[:-1]``,
    which reads numbers that it has written, whose nodes are not known before.
    """
    to = signature.return_type.dtype
    header = ir.Constant(WORD, 0)
    for k in active:
        header = builder.or_(header, emit_tape(context, builder, signature.args[k], args[k], to.depth))
    array = context.make_array(signature.return_type)(context, builder, result)
    alone = builder.icmp_unsigned("<", array.nitems, ir.Constant(WORD, FEW))
    for k in active:
        if not owned and isinstance(signature.args[k], types.Array):
            kinds = signature.args[k], signature.return_type
            alone = builder.or_(alone, is_overwritten(context, builder, kinds, args[k], result))
    header = builder.select(alone, ir.Constant(WORD, 0), header)
    counts = array.nitems, ir.Constant(WORD, len(active)), ir.Constant(WORD, 1)
    entry = open_elements.emit(context, builder, (header, *counts))
    columns, pointer = [], context.get_data_type(cell_of(to.base)).as_pointer()
    lengths = unpack_tuple(builder, array.shape, signature.return_type.ndim)
    there = builder.icmp_unsigned("!=", entry, ir.Constant(WORD, 0))
    for k in active:
        column = alloca_once_value(builder, ir.Constant(WORD, 0))
        with builder.if_then(there):
            place = emit_operand(context, builder, entry, signature.args[k], args[k], lengths, k in varying)
            builder.store(place, column)
        columns.append(builder.inttoptr(builder.load(column), pointer))
    return close_elements.emit(context, builder, (header, entry)), columns


def _varies(tree, kinds):
    """Whether the value of a tree differs between elements."""
    if isinstance(tree, int):
        return isinstance(kinds[tree], types.Array)
    return not isinstance(tree, code.Const) and any(_varies(part, kinds) for part in tree[1])


def _find_varying(tree, kinds, depth, bar_varies, found):
    """Collect the operands whose partial differs between elements."""
    if isinstance(tree, int) and bar_varies:
        found.add(tree)
    if isinstance(tree, int) or _is_passive(tree, [element_type(ty) for ty in kinds], depth):
        return
    function, parts = tree
    for part, uses in zip(parts, RULES[function].operation.uses):
        reads = [p for j, p in enumerate(parts) if uses >> j & 1] + ([tree] if uses & USES_RESULT else [])
        _find_varying(part, kinds, depth, bar_varies or any(_varies(p, kinds) for p in reads), found)
