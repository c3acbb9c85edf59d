"""Whole expressions as one statement: the chain rule inside an expression is applied when it is compiled.

A tree of operations is evaluated; a reverse sweep over the tree, in registers, then gives the partial with respect to each
*different* leaf. What forms would carry through every operation is computed once, and a leaf that is used three times is one
pair: a point of Burgers' equation writes 4 pairs instead of 9.
"""

from ..numbers.partial_products import ONE, Partial, moved_tangents, node_if, operand_tangents, partial_product, partial_sum
from ..numbers.number_types import Dual, depth_of, lift, make_active, make_dual, pairs_of, write_statement
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
    """The value of an expression, its active leaves, and a partial for each."""
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
    bars = _backwards(context, builder, nodes, partials, base, depth)
    return values[root], leaves, [bars[leaf] for leaf in leaves]


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
    for root, result in zip(roots, results, strict=True):
        value, leaves, bars = linearised(context, builder, root, to.base, to.depth)
        operands = [places[x] if x in places else operand_tangents(context, builder, x.type, x.value, to.base) for x in leaves]
        statements.append((bars, operands))
        values.append(value)
        places[result], result.value = len(places), lift(context, builder, to, value)
    tangents = moved_tangents(context, builder, to.base, statements)
    return [make_dual(context, builder, to, value, *own) for value, own in zip(values, tangents, strict=True)]


def _backwards(context, builder, nodes, partials, base, depth):
    """The derivatives of the root with respect to every node and leaf."""
    adjoints = {nodes[-1]: ONE}
    for node in reversed(nodes):
        for x, partial in zip(node.operands, partials[node]):
            if not _is_active(x, depth):
                continue
            own = partial_product(context, builder, base, partial, adjoints[node])
            adjoints[x] = own if x not in adjoints else partial_sum(context, builder, base, adjoints[x], own)
    return adjoints


def _statement(context, builder, value, leaves, bars, to):
    pairs = []
    for leaf, bar in zip(leaves, bars, strict=True):
        for node, factor in pairs_of(context, builder, leaf.type, leaf.value):
            inner = ONE if factor is None else Partial(context.cast(builder, factor, leaf.type.base, to.base))
            product = partial_product(context, builder, to.base, bar, inner)
            pairs.append((node_if(builder, bar.flows, node), product.value))
    return make_active(context, builder, to, value, write_statement(context, builder, to.base, pairs))
