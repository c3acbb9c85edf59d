"""Types of the variables of the library's own functions: Numba's type inference, which remembers what it has found out.

Numba propagates types through the assignments of a function until nothing changes.  Before each function it looks for new
declarations of types and functions in all modules, and it resolves each call twice, when types are propagated and when they are
settled; for functions of words that was half of the time.  Here declarations are looked for once for a function and all its
helpers, and what a call means is kept for the process, by function, types of arguments and flags of the caller.

Types of literal integers are types of their own to Numba; operators on them mean the same as on other integers.
"""

import functools
import operator

from numba.core import types
from numba.core.errors import NumbaError, NumbaWarning, WarningsFixer
from numba.core.typeinfer import ConstraintNetwork, TypeInferer

PLAIN = (types.Integer, types.Float, types.Boolean)  # types of numbers, literal ones too: they own no memory


class RefreshedContext:
    """A typing or target context of Numba's that does not look for new declarations: it has just done so."""

    def __init__(self, context):
        self._context = context

    def __getattr__(self, name):
        return getattr(self._context, name)

    def refresh(self):
        pass


class RememberingContext(RefreshedContext):
    """A typing context of Numba's that keeps the signatures of calls, for callers with the same flags."""

    def __init__(self, context):
        super().__init__(context)
        self._known = {}

    def resolve_function_type(self, function, args, kws):
        if kws:
            return self._context.resolve_function_type(function, args, kws)
        key = function, _without_values(args) if _is_operator(function) else args
        if key not in self._known:
            self._known[key] = self._context.resolve_function_type(function, args, kws)
        return self._known[key]


def _is_operator(function):
    return isinstance(function, types.Function) and getattr(function.typing_key, "__module__", "") == operator.add.__module__


def _without_values(args):
    return tuple(map(types.unliteral, args)) if all(isinstance(a, PLAIN) for a in args) else args


@functools.cache
def remembering(context, flags):
    """The typing context for callers with these flags, which are given as text."""
    return RememberingContext(context)


class Constraints(ConstraintNetwork):
    """Numba's constraints without a filter of warnings around each; after an error Numba's own way tells what is wrong."""

    def propagate(self, typeinfer):
        try:
            for constraint in self.constraints:
                constraint(typeinfer)
        except NumbaError:
            return super().propagate(typeinfer)
        return []


class Inference(TypeInferer):
    """Numba's type inference with these constraints."""

    def __init__(self, *args):
        super().__init__(*args)
        self.constraints = Constraints()


def infer_types(state):
    """The pass of Numba's that finds types, for the state of a compiler."""
    function = state.func_ir
    inference = Inference(state.typingctx, function, WarningsFixer(NumbaWarning))
    with state.typingctx.callstack.register(state.targetctx.target, inference, function.func_id, state.args):
        for k, (name, kind) in enumerate(zip(function.arg_names, state.args, strict=True)):
            inference.seed_argument(name, k, kind)
        if state.return_type is not None:
            inference.seed_return(state.return_type)
        inference.build_constraint()
        inference.propagate()
        state.typemap, state.return_type, state.calltypes = inference.unify()
