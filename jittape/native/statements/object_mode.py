"""Refuse blocks ``with objmode()`` that compute floats from differentiated numbers: Python gets values, and no derivatives."""

from numba import types

from ..compat import FunctionPass, TypingError, register_pass
from ..numbers.number_types import Differential

LOST = (
    "`with objmode` computes floats from differentiated numbers, whose derivatives end there. Compute them outside the "
    "block; what a block may return are integers, strings, and floats of values without derivatives (jt.stop_gradient)"
)


def members(ty):
    """A type, and those of everything that a value of it holds."""
    yield ty
    held = [*getattr(ty, "types", ()), *(ty.struct.values() if isinstance(ty, types.ClassInstanceType) else ())]
    held += [getattr(ty, name) for name in ("dtype", "item_type", "key_type", "value_type", "type") if hasattr(ty, name)]
    for member in held:
        if isinstance(member, types.Type) and member is not ty and not isinstance(member, types.UnionType):
            yield from members(member)


def holds(ty, kinds):
    """Whether a value of a type holds numbers of some kinds."""
    return any(isinstance(member, kinds) for member in members(ty))


@register_pass(mutates_CFG=False, analysis_only=True)
class RefuseObjectMode(FunctionPass):
    """Compiler pass that looks at the types of what goes into such blocks, and of what comes out."""

    _name = "jittape_refuse_object_mode"

    def __init__(self):
        FunctionPass.__init__(self)

    def run_pass(self, state):
        for block in state.func_ir.blocks.values():
            for call in block.find_exprs("call"):
                if isinstance(state.typemap[call.func.name], types.ObjModeDispatcher):
                    _check(state, call)
        return False


def _check(state, call):
    given = any(holds(state.typemap[variable.name], Differential) for variable in call.args)
    if given and holds(state.calltypes[call].return_type, (types.Float, types.Complex)):
        raise TypingError(LOST, loc=call.loc)
