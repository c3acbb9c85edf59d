"""Whole expressions as one statement: the chain rule inside an expression is applied when it is compiled.

A tree of operations is evaluated, and then a reverse sweep over the tree, in registers, gives the partial for each
*different* leaf.  What forms would carry through every operation is computed once, and a leaf that is
used three times is one pair: a point of Burgers' equation writes 4 pairs instead of 9.
"""


from .numbers import Dual, depth_of, make_active, make_dual, pairs_of, tangents_of, write_statement
from .rules import add_numbers, on_base, times


class Leaf:
    """A number that an expression starts from."""

    def __init__(self, ty, value):
        self.type, self.value = ty, value


class Node:
    """An operation of an expression.

    Parameters
    ----------
    rule : Rule
    operands : list of Leaf and Node
    """

    def __init__(self, rule, operands):
        self.rule, self.operands = rule, operands


def _postorder(node, found):
    for operand in node.operands:
        if isinstance(operand, Node):
            _postorder(operand, found)
    found.append(node)
    return found


def _is_active(operand, depth):
    return isinstance(operand, Node) or depth_of(operand.type) == depth


def linearised(context, builder, root, base, depth):
    """The value of an expression, and its derivative by every leaf that has one; None is 1."""
    nodes = _postorder(root, [])
    values, partials = {}, {}
    for node in nodes:
        kinds = [base if isinstance(x, Node) else x.type for x in node.operands]
        own = [
            values[x] if isinstance(x, Node) else on_base(context, builder, x.type, x.value, depth, base)
            for x in node.operands
        ]
        needed = [_is_active(x, depth) for x in node.operands]
        values[node], partials[node] = node.rule.linearised(context, builder, base, kinds, own, needed)
    adjoints = _backwards(context, builder, nodes, partials, base, depth)
    return values[root], [(leaf, bar) for leaf, bar in adjoints.items() if isinstance(leaf, Leaf)]


def write_tree(context, builder, root, to):
    """The value of an expression, with its derivatives, as a number of the type `to`: Active or Dual."""
    value, leaves = linearised(context, builder, root, to.base, to.depth)
    finish = _dual if isinstance(to, Dual) else _statement
    return finish(context, builder, value, leaves, to)


def _backwards(context, builder, nodes, partials, base, depth):
    """The derivative of the root by every node and leaf."""
    adjoints = {nodes[-1]: None}  # None is 1
    for node in reversed(nodes):
        for x, partial in zip(node.operands, partials[node]):
            if not _is_active(x, depth):
                continue
            flow = times(context, builder, base, partial, adjoints[node], node.rule.operation.selects)
            adjoints[x] = flow if x not in adjoints else add_numbers(context, builder, base, adjoints[x], flow)
    return adjoints


def _statement(context, builder, value, leaves, to):
    pairs = []
    for leaf, bar in leaves:
        for node, partial in pairs_of(context, builder, leaf.type, leaf.value):
            if partial is not None:
                partial = context.cast(builder, partial, leaf.type.base, to.base)
            pairs.append((node, times(context, builder, to.base, bar, partial)))
    return make_active(context, builder, to, value, write_statement(context, builder, to.base, pairs))


def _dual(context, builder, value, leaves, to):
    tangents = None
    for leaf, bar in leaves:
        own = [context.cast(builder, d, leaf.type.base, to.base) for d in tangents_of(context, builder, leaf.type, leaf.value)]
        own = [times(context, builder, to.base, bar, d) for d in own]
        tangents = own if tangents is None else [add_numbers(context, builder, to.base, *x) for x in zip(tangents, own)]
    return make_dual(context, builder, to, value, tangents)


