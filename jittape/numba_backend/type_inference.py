"""Types of what the library's own functions do: Numba's inference, which remembers.

Numba looks for new declarations before every function, and asks twice what each call means: half of the time of a function
of words went into that.
"""

import functools
import operator

from numba.core import types
from numba.core.errors import NumbaError, NumbaWarning, WarningsFixer
from numba.core.typeinfer import ConstraintNetwork, TypeInferer

PLAIN = (types.Integer, types.Float, types.Boolean)  # types of numbers, literal ones too: they own no memory


class RefreshedContext:
    """One of Numba's contexts, which need not look for new declarations: it has just done so."""

    def __init__(self, context):
        self._context = context

    def __getattr__(self, name):
        return getattr(self._context, name)

    def refresh(self):
        pass


class RememberingContext(RefreshedContext):
    """Numba's typing context, which remembers what calls mean to functions with the same flags."""

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
    """The typing context for functions with these flags, in words."""
    return RememberingContext(context)


class Constraints(ConstraintNetwork):
    """Numba's, which puts a filter of warnings around each of them, where there is an error."""

    def propagate(self, typeinfer):
        try:
            for constraint in self.constraints:
                constraint(typeinfer)
        except NumbaError:
            return super().propagate(typeinfer)
        return []


class Inference(TypeInferer):
    """Numba's, with these constraints."""

    def __init__(self, *args):
        super().__init__(*args)
        self.constraints = Constraints()


def infer_types(state):
    """Numba's pass of this name."""
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
