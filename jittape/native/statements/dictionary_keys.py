"""Refuse dicts whose keys are differentiated numbers.

A dict compares keys byte by byte, and equal numbers with other nodes or tangents are other bytes: what was put in under a number
would not be found under an equal one.
"""

from numba import types

from ..compat import FunctionPass, TypingError, register_pass
from ..numbers.number_types import Differentiated
from .object_mode import holds

KEYS = (
    "a dict has keys with derivatives, by which equal numbers are not found. Keys are compared and have no derivatives: put in "
    "and look up jt.stop_gradient(x)"
)


@register_pass(mutates_CFG=False, analysis_only=True)
class RefuseKeys(FunctionPass):
    """Compiler pass that looks at the types of all dicts of a function."""

    _name = "jittape_refuse_keys"

    def __init__(self):
        FunctionPass.__init__(self)

    def run_pass(self, state):
        if any(map(_has_such_keys, state.typemap.values())):
            for block in state.func_ir.blocks.values():
                for statement in block.body:
                    if any(_has_such_keys(state.typemap.get(v.name)) for v in statement.list_vars()):
                        raise TypingError(KEYS, loc=statement.loc)
        return False


def _has_such_keys(ty):
    return isinstance(ty, types.DictType) and holds(ty.key_type, Differentiated)
