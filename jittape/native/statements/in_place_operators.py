"""Operations that write to an array which is there: ``x += y`` and the like, and NumPy's functions with an array for results."""

import operator

import numpy as np
from numba import types
from numba.extending import lower_builtin

from ..compat import AbstractTemplate, TypingError, infer_global
from ..numbers.array_types import DifferentialArray, is_differential
from ..compilation.compile_cached import only_compiled
from .array_expressions import elementwise
from ..numbers.operation_rules import RULES


def in_place(operator_in_place, immutable):
    """What copies call for ``x += y``: Numba's own rule for arrays fails on element types that it does not know.

    An array of differential numbers is written element by element; everything else works as before.
    """

    @only_compiled
    def function(x, z):
        """``x`` after the operation."""

    class Template(AbstractTemplate):
        key = function

        def generic(self, args, kws):
            if (
                isinstance(args[0], types.Array)
                and not isinstance(args[0], DifferentialArray)
                and any(map(is_differential, args))
            ):
                return None  # a plain array has no room for derivatives, and must not be replaced by a new one
            if isinstance(args[0], DifferentialArray):
                result = self.context.resolve_function_type(immutable, args, {})
                fits = result is not None and getattr(result.return_type, "ndim", 0) == args[0].ndim
                return args[0](*args) if fits else None
            if not any(map(is_differential, args)):
                try:
                    return self.context.resolve_function_type(operator_in_place, args, {})
                except TypingError:
                    pass
            return self.context.resolve_function_type(immutable, args, {})

    @lower_builtin(function, types.Any, types.Any)
    def lower(context, builder, signature, args):
        if not isinstance(signature.args[0], DifferentialArray):
            plain = not any(map(is_differential, signature.args))
            return context.get_function(operator_in_place if plain else immutable, signature)(builder, args)
        return elementwise(context, builder, signature, args, (immutable, [0, 1]), args[0])

    function.__name__ = function.__qualname__ = operator_in_place.__name__
    infer_global(function, types.Function(Template))
    return function


IN_PLACE = {
    getattr(operator, "i" + name): in_place(getattr(operator, "i" + name), getattr(operator, name))
    for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow")
}
IN_PLACE_RULES = {  # what copies call for ``x += y`` -> Rule; `//` has no derivative
    function: RULES[getattr(operator, name.__name__[1:])]
    for name, function in IN_PLACE.items()
    if getattr(operator, name.__name__[1:]) in RULES
}


# --- NumPy's functions with an array for results --------------------------------------------------------------------


def into_array(function, arity):
    """Declare what ``function(x, ..., out)`` writes to an array of differential numbers, which is the result."""

    class Template(AbstractTemplate):
        key = function

        def generic(self, args, kws):
            if kws or len(args) != arity + 1 or not isinstance(args[-1], DifferentialArray):
                return None
            result = self.context.resolve_function_type(function, args[:-1], {})
            fits = result is not None and getattr(result.return_type, "ndim", 0) <= args[-1].ndim
            return args[-1](*args) if fits else None

    def lower(context, builder, signature, args):
        operands = signature.return_type(*signature.args[:-1])
        return elementwise(context, builder, operands, args[:-1], (function, list(range(arity))), args[-1])

    infer_global(function, types.Function(Template))
    lower_builtin(function, *[types.Any] * arity, DifferentialArray)(lower)


for _function, _rule in RULES.items():
    if isinstance(_function, np.ufunc):
        into_array(_function, _rule.operation.arity)
