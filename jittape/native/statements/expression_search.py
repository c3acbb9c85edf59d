"""Search for expressions that become one statement each: a pass over typed code.

An expression is rooted where a number is stored, merged or used more than once. It extends down to what other statements have
computed: variables, elements of arrays, results of calls. Equal elements (``u[i]`` twice, with nothing stored in between) are
one leaf.
"""

from numba import types

from ..compat import FunctionPass, numba_ir as ir, register_pass
from ..numbers.number_types import Active, Differential, Dual, Form
from .in_place_operators import IN_PLACE_RULES
from ..numbers.operation_rules import RULES
from .expression_trees import Leaf, TreeNode, write_tree
from .equal_values import EqualValues
from .statement_writing import argument, reused, uses_of

OPERATION = "jittape_statement"
MOST_NODES = 200  # limit for one expression, to bound the time of compilation


@register_pass(mutates_CFG=False, analysis_only=False)
class FuseExpressions(FunctionPass):
    """Compiler pass that replaces the root of an expression by one operation, and removes what that absorbs."""

    _name = "jittape_fuse_expressions"

    def __init__(self):
        FunctionPass.__init__(self)

    def run_pass(self, state):
        state.targetctx.special_ops[OPERATION] = lower_statement
        self._typemap, self._calltypes = state.typemap, state.calltypes
        self._uses = uses_of(state.func_ir)
        for block in state.func_ir.blocks.values():
            self._fuse(block)
        return True

    def _fuse(self, block):
        self._block = EqualValues(block, self._typemap, self._rule_of)
        absorbed = set()
        for statement in reversed(block.body):
            if id(statement) in absorbed:
                continue
            root, name, to = self._root(statement)
            if root is None:
                continue
            moves = root is not statement and isinstance(statement, ir.Assign)
            self._place, self._movable = self._block.position[id(statement if moves else root)], {}
            if moves and not self._can_move(root, to):
                continue
            taken, leaves, count = [], {}, [0]
            tree = self._tree(root.value, to, taken, leaves, count)
            operands = tuple(variable for variable, _ in leaves.values())
            expression = ir.Expr(OPERATION, root.value.loc, tree=tree, operands=operands, ty=to)
            if moves:
                statement.value = expression
                taken.append(root)
            else:
                root.value = expression
                self._retype(statement, name, to)
            absorbed.update(map(id, taken))
        block.body = [s for s in block.body if id(s) not in absorbed]

    def _retype(self, statement, name, to):
        """Change the type of a variable that has been written as a statement, and of the assignment to an array that takes it."""
        del self._typemap[name]
        self._typemap[name] = to
        signature = self._calltypes.get(statement)
        if isinstance(statement, (ir.SetItem, ir.StaticSetItem)) and signature is not None:
            del self._calltypes[statement]
            self._calltypes[statement] = signature.replace(args=(*signature.args[:2], to))

    # --- roots --------------------------------------------------------------------------------------------------------

    def _root(self, statement):
        """The assignment whose expression is written at a statement, its variable, and the type that is written."""
        if isinstance(statement, ir.Assign):
            target = self._typemap.get(statement.target.name)
            if isinstance(target, (Active, Dual)) and self._rule_of(statement.value):
                # A variable that is declared in another precision takes the rounded result, not that of rounded operands.
                declared = self._calltypes[statement.value].return_type.base != target.base
                return (None,) * 3 if declared else (statement, statement.target.name, target)
            written = self._written_by(statement.value)
            if written is not None and isinstance(target, (Active, Dual)):
                return self._single(written), statement.target.name, target
        elif isinstance(statement, (ir.SetItem, ir.StaticSetItem)):
            value = self._typemap.get(statement.value.name)
            if isinstance(value, Form):
                return self._single(statement.value), statement.value.name, Active(value.base)
        return None, None, None

    def _written_by(self, value):
        if isinstance(value, ir.Expr) and value.op == "call" and value.args:
            function = self._typemap.get(value.func.name)
            if isinstance(function, types.Function) and function.typing_key in (reused, argument):
                return value.args[0]
        return None

    def _single(self, variable):
        """The assignment of a variable in this block by an operation that nothing else uses; None otherwise."""
        found = self._block.assigned.get(variable.name)
        if found is None or self._uses.get(variable.name) != 1 or not self._rule_of(found.value):
            return None
        return found if isinstance(self._typemap[variable.name], (Form, Dual)) else None

    def _rule_of(self, value):
        """The rule and operands of an expression; None if it has no rule."""
        if not isinstance(value, ir.Expr):
            return None
        if value.op == "binop":
            function, operands = value.fn, (value.lhs, value.rhs)
        elif value.op == "unary":
            function, operands = value.fn, (value.value,)
        elif value.op == "call" and not value.kws and value.vararg is None:
            known = self._typemap.get(value.func.name)
            function, operands = getattr(known, "typing_key", None), tuple(value.args)
        else:
            return None
        try:
            rule = RULES.get(function) or IN_PLACE_RULES.get(function)
        except TypeError:  # the key is not hashable
            return None
        kinds = [self._typemap.get(x.name) for x in operands]
        if rule is None or not rule.joins_expressions or len(operands) != rule.operation.arity:
            return None
        if not any(isinstance(k, Differential) for k in kinds):
            return None
        if any(isinstance(k, (types.Array, types.Optional)) for k in kinds):  # what may be None is unpacked by Numba's own cast
            return None
        return rule, operands

    # --- trees --------------------------------------------------------------------------------------------------------

    def _inner(self, variable, to):
        """The assignment of a variable that can be evaluated at the root instead; None otherwise."""
        name = variable.name
        if name not in self._movable:
            found, kind = self._single(variable), self._typemap[name]
            fits = found is not None and self._block.position[id(found)] < self._place
            fits = fits and kind.depth == to.depth and kind.base == to.base and self._can_move(found, to)
            self._movable[name] = found if fits else None
        return self._movable[name]

    def _can_move(self, statement, to):
        """Whether the operands of an operation still have their values at the root: loops assign to their variables."""
        read = self._block.position[id(statement)]
        _, operands = self._rule_of(statement.value)
        return all(self._inner(v, to) is not None or self._block.keeps(v, read, self._place) for v in operands)

    def _tree(self, value, to, taken, leaves, count):
        """The tree ``(rule, operands)``, in which an operand is a tree or the number of a leaf."""
        rule, operands = self._rule_of(value)
        count[0] += 1
        parts = []
        for variable in operands:
            inner = self._inner(variable, to) if count[0] < MOST_NODES else None
            kind = self._typemap[variable.name]
            if inner is not None:
                taken.append(inner)
                parts.append(self._tree(inner.value, to, taken, leaves, count))
            else:
                key = self._block.key(variable, self._place), kind
                parts.append(leaves.setdefault(key, (variable, len(leaves)))[1])
        return rule, tuple(parts)


def lower_statement(lowerer, expression):
    """Generate the code of a fused expression."""
    leaves = [Leaf(lowerer.typeof(v.name), lowerer.loadvar(v.name)) for v in expression.operands]
    return write_tree(lowerer.context, lowerer.builder, built(expression.tree, leaves), expression.ty)


def built(tree, leaves):
    """The `TreeNode` objects of a tree whose operands are trees or the positions of leaves."""
    rule, parts = tree
    return TreeNode(rule, [leaves[p] if isinstance(p, int) else built(p, leaves) for p in parts])


def size_of(tree):
    """The number of operations in a tree."""
    return 1 + sum(size_of(p) for p in tree[1] if not isinstance(p, int))
