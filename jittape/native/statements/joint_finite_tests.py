"""Consecutive statements of dual numbers computed together, with one test for what is not finite: a pass over typed code.

Tangents are tested for values that are not finite (see `partial_products`), and a test costs as much as a few products.
Statements with nothing between them that has an effect wait for the last of them, and share one test.
"""

from ..compat import FunctionPass, numba_ir as ir, register_pass
from .equal_values import may_store
from .expression_search import OPERATION, built, size_of
from ..numbers.number_types import Dual, depth_of
from .expression_trees import Leaf, write_duals

PART = "jittape_part"
MOST_NODES = 400  # limit for one group: all its tangents wait in memory for the test


@register_pass(mutates_CFG=False, analysis_only=False)
class ComputeTogether(FunctionPass):
    """Compiler pass that gathers statements of dual numbers at the position of the last of them."""

    _name = "jittape_compute_together"

    def __init__(self):
        FunctionPass.__init__(self)

    def run_pass(self, state):
        state.targetctx.special_ops[PART] = lower_part
        for block in state.func_ir.blocks.values():
            block.body = _gathered(block.body, state.typemap)
        return True


class Group:
    """Statements that wait.

    Attributes
    ----------
    members : list of (tree, list)
        Expressions, and their leaves: the name of a variable, or the position of an earlier member.
    leaves : dict of str to Var
        Variables that are read when the members are computed, and must not be assigned before.
    """

    def __init__(self, typemap):
        self._typemap = typemap
        self.members, self.leaves, self.to, self.numbers = [], {}, None, None
        self._statements, self._places, self._targets, self._nodes = [], {}, [], 0

    def takes(self, statement):
        """Add a statement to those that wait, if possible: an expression of dual numbers, or another name for a member."""
        value = statement.value
        if isinstance(value, ir.Var) and value.name in self._places:
            if self._typemap[statement.target.name] != self.to:
                return False
            self._wait(statement, self._places[value.name])
            return True
        if not _is_dual(value) or self.to not in (None, value.ty):
            return False
        nodes = size_of(value.tree)
        if self.members and self._nodes + nodes > MOST_NODES:
            return False
        self.to, self._nodes = value.ty, self._nodes + nodes
        operands = [self._places.get(v.name, v.name) for v in value.operands]
        self.leaves.update((v.name, v) for v in value.operands if v.name not in self._places)
        self.members.append((value.tree, operands))
        self._wait(statement, len(self.members) - 1)
        return True

    def _wait(self, statement, place):
        self._statements.append(statement)
        self._targets.append((statement.target, place))
        self._places[statement.target.name] = place

    def lets_pass(self, statement):
        """Whether a statement can run before those that wait."""
        if not self.members:
            return True
        if not isinstance(statement, ir.Assign) or may_store(statement.value, lambda value: None):
            return False
        return statement.target.name not in self.leaves and not any(v.name in self._places for v in statement.list_vars())

    def finished(self):
        """The statements that compute the members and name them."""
        if len(self.members) < 2:
            return self._statements
        loc, found = self._statements[0].loc, []
        for variable, place in self._targets:
            operands = () if found else tuple(self.leaves.values())  # the first member reads all of them
            part = ir.Expr(PART, loc, group=self, place=place, operands=operands)
            found.append(ir.Assign(part, variable, loc))
        return found


def _is_dual(value):
    return isinstance(value, ir.Expr) and value.op == OPERATION and isinstance(value.ty, Dual) and not depth_of(value.ty.base)


def _gathered(body, typemap):
    found, group = [], Group(typemap)
    for statement in body:
        if isinstance(statement, ir.Assign) and group.takes(statement):
            continue
        if not group.lets_pass(statement):
            found.extend(group.finished())
            group = Group(typemap)
            if isinstance(statement, ir.Assign) and group.takes(statement):
                continue
        found.append(statement)
    return found + group.finished()


def lower_part(lowerer, expression):
    """Generate the code of a member; the first one computes all of them."""
    group, context = expression.group, lowerer.context
    if expression.operands:
        known = {name: Leaf(lowerer.typeof(name), lowerer.loadvar(name)) for name in group.leaves}
        results = [Leaf(group.to, None) for _ in group.members]
        roots = [
            built(tree, [results[x] if isinstance(x, int) else known[x] for x in operands]) for tree, operands in group.members
        ]
        group.numbers = write_duals(context, lowerer.builder, roots, results, group.to)
    return group.numbers[expression.place]
