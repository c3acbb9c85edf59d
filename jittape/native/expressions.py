"""Whole-array expressions of differential numbers: one loop, one statement an element.

Numba's compiler finds trees of array operators (`arrayexpr`).  Its own code for them knows only its own numbers;
here the tree is evaluated on the elements, so ``u - 0.1*(f[1:] - f[:-1])`` is one form an element.
"""

from numba.core import ir, types
from numba.core.compiler_machinery import FunctionPass, register_pass

from .arrays import element_type, is_array, map_elements
from .numbers import call_typed

OPERATION = "jittape_arrayexpr"


@register_pass(mutates_CFG=False, analysis_only=False)
class ClaimArrayExpressions(FunctionPass):
    """Take over the array expressions whose result has derivatives."""

    _name = "jittape_array_expressions"

    def __init__(self):
        FunctionPass.__init__(self)

    def run_pass(self, state):
        state.targetctx.special_ops[OPERATION] = lower_expression
        for block in state.func_ir.blocks.values():
            for assign in block.find_insts(ir.Assign):
                value = assign.value
                if isinstance(value, ir.Expr) and value.op == "arrayexpr" and _has_derivatives(state.typemap, value):
                    value.op = OPERATION
        return False


def _has_derivatives(typemap, expression):
    return is_array(expression.ty) or any(is_array(typemap[v.name]) for v in expression.list_vars())


def lower_expression(lowerer, expression):
    """Loops over the elements of an array expression."""
    context, builder = lowerer.context, lowerer.builder
    names = sorted({v.name for v in expression.list_vars()})
    kinds = [lowerer.typeof(name) for name in names]
    signature = expression.ty(*kinds)

    def element(elements, values):
        known = {name: (element_type(ty), value) for name, ty, value in zip(names, elements, values)}
        ty, value = evaluate(context, builder, expression.expr, known)
        return context.cast(builder, value, ty, expression.ty.dtype)

    return map_elements(context, builder, signature, [lowerer.loadvar(name) for name in names], element)


def evaluate(context, builder, tree, known):
    """Type and value of a tree ``(operator, operands)`` of variables and constants."""
    if isinstance(tree, ir.Var):
        return known[tree.name]
    if isinstance(tree, ir.Const):
        ty = context.typing_context.resolve_value_type(tree.value)
        return ty, context.get_constant(types.unliteral(ty), tree.value)
    function, operands = tree
    kinds, values = zip(*[evaluate(context, builder, operand, known) for operand in operands])
    kinds = [k if isinstance(k, types.IntegerLiteral) else types.unliteral(k) for k in kinds]
    return call_typed(context, builder, function, kinds, values)
