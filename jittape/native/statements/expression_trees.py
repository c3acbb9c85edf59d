"""Whole expressions as one statement: the chain rule inside an expression is applied when it is compiled.

A tree of operations is evaluated; a reverse sweep over the tree, in registers, then gives the partial with respect to each
*different* leaf. What forms would carry through every operation is computed once, and a leaf that is used three times is one
pair: a point of Burgers' equation writes 4 pairs instead of 9.
"""

from ..numbers.partial_products import add_numbers, flows, flows_in_lanes
from ..numbers.number_types import Dual, constant, depth_of, make_active, make_dual, pairs_of, tangents_of, write_statement
from ..numbers.operation_rules import on_base


class Leaf:
    """A number that an expression starts from."""

    def __init__(self, ty, value):
        self.type, self.value = ty, value


class TreeNode:
    """An operation of an expression.

    Parameters
    ----------
    rule : DifferentialRule
        Of the operation.
    operands : list of Leaf and TreeNode
        What it is applied to.
    """

    def __init__(self, rule, operands):
        self.rule, self.operands = rule, operands


def _postorder(node, found):
    for operand in node.operands:
        if isinstance(operand, TreeNode):
            _postorder(operand, found)
    found.append(node)
    return found


def _is_active(operand, depth):
    return isinstance(operand, TreeNode) or depth_of(operand.type) == depth


def linearised(context, builder, root, base, depth):
    """The value of an expression, its active leaves, and their partials as a function of a product (see `partial_products`)."""
    nodes = _postorder(root, [])
    values, partials = {}, {}
    for node in nodes:
        kinds = [base if isinstance(x, TreeNode) else x.type for x in node.operands]
        own = [
            values[x] if isinstance(x, TreeNode) else on_base(context, builder, x.type, x.value, depth, base)
            for x in node.operands
        ]
        needed = [_is_active(x, depth) for x in node.operands]
        values[node], partials[node] = node.rule.linearised(context, builder, base, kinds, own, needed)
    operands = dict.fromkeys(x for node in reversed(nodes) for x in node.operands)
    leaves = [x for x in operands if isinstance(x, Leaf) and _is_active(x, depth)]

    def bars(times):
        adjoints = _backwards(context, builder, nodes, partials, base, depth, times)
        return [adjoints[leaf] for leaf in leaves]

    return values[root], leaves, bars


def write_tree(context, builder, root, to):
    """The value of an expression with its derivatives, as a number of the type `to`: Active or Dual."""
    if isinstance(to, Dual):
        return write_duals(context, builder, [root], [Leaf(to, None)], to)[0]
    return _statement(context, builder, *linearised(context, builder, root, to.base, to.depth), to)


def write_duals(context, builder, roots, results, to):
    """Consecutive expressions as dual numbers.

    Parameters
    ----------
    results : list of Leaf
        What each expression is in those after it; their values are set here. Only one if derivatives are nested.
    """
    places, statements, values = {}, [], []
    zeros = [constant(context, builder, to.base, 0.0)] * to.width
    for root, result in zip(roots, results, strict=True):
        value, leaves, bars = linearised(context, builder, root, to.base, to.depth)
        operands = [places[x] if x in places else _tangents(context, builder, x, to.base) for x in leaves]
        statements.append((bars, operands))
        values.append(value)
        places[result], result.value = len(places), make_dual(context, builder, to, value, zeros)
    tangents = flows_in_lanes(context, builder, to.base, statements)
    return [make_dual(context, builder, to, value, own) for value, own in zip(values, tangents, strict=True)]


def _tangents(context, builder, leaf, base):
    return [context.cast(builder, d, leaf.type.base, base) for d in tangents_of(context, builder, leaf.type, leaf.value)]


def _backwards(context, builder, nodes, partials, base, depth, times):
    """The derivatives of the root with respect to every node and leaf."""
    adjoints = {nodes[-1]: None}  # None is 1
    for node in reversed(nodes):
        for x, partial in zip(node.operands, partials[node]):
            if not _is_active(x, depth):
                continue
            flow = times(partial, adjoints[node])
            adjoints[x] = flow if x not in adjoints else add_numbers(context, builder, base, adjoints[x], flow)
    return adjoints


def _statement(context, builder, value, leaves, bars, to):
    pairs = [pairs_of(context, builder, leaf.type, leaf.value) for leaf in leaves]
    bases = [leaf.type.base for leaf in leaves]

    def compute(times):
        partials = []
        for bar, own, base in zip(bars(times), pairs, bases):
            inner = [None if p is None else context.cast(builder, p, base, to.base) for _, p in own]
            partials.extend(times(bar, p) for p in inner)
        return partials

    nodes = [node for own in pairs for node, _ in own]
    found = list(zip(nodes, flows(context, builder, to.base, compute), strict=True))
    return make_active(context, builder, to, value, write_statement(context, builder, to.base, found))
