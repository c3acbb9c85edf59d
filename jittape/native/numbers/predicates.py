"""Operations without derivatives: comparisons, conversions, choices.

Comparisons, `int`, `round`, `math.floor` and `//` read the value, and their result is passive. `min`, `max` and `where` return
one operand as it is, with its derivatives and without a statement; of equal numbers the first.
"""

import builtins
import cmath
import itertools
import math
import operator

import numpy as np
from numba import types
from numba.extending import lower_builtin

from ..compat import AbstractTemplate, infer_global
from ...ops.choosing import where
from ...ops.operation_names import PUBLIC
from .complex_numbers import COMPLEX, is_any_number, is_complex, is_zero, join_complex, make_complex, part_of, parts_of
from .number_types import Differential, call_function, depth_of, is_number, join, stored, value_of
from .operation_rules import declare

COMPARISONS = (operator.lt, operator.le, operator.gt, operator.ge, np.less, np.less_equal, np.greater, np.greater_equal)
OF_ANY_NUMBERS = (operator.eq, operator.ne, np.equal, np.not_equal, np.logical_and, np.logical_or, np.logical_xor)
TESTS = (math.isnan, math.isinf, math.isfinite, np.signbit)
TESTS_OF_ANY_NUMBER = (np.isnan, np.isinf, np.isfinite, np.logical_not, cmath.isnan, cmath.isinf, cmath.isfinite)


def primal(context, builder, ty, number):
    """The plain number inside a differential one, and its type."""
    ty = types.unliteral(ty)
    if is_complex(ty):
        parts = [primal(context, builder, part_of(ty), x)[1] for x in parts_of(context, builder, ty, number)]
        return primal_type(ty), make_complex(context, builder, primal_type(ty), *parts)
    while depth_of(ty):
        ty, number = ty.base, value_of(context, builder, ty, number)
    return ty, number


def primal_type(ty):
    ty = types.unliteral(ty)
    if is_complex(ty):
        return COMPLEX[primal_type(part_of(ty))]
    while depth_of(ty):
        ty = ty.base
    return ty


def _ask(function, result=None):
    """Lowering that applies a function to plain values."""

    def lower(context, builder, signature, args):
        plain = [primal(context, builder, ty, a) for ty, a in zip(signature.args, args)]
        kinds, values = zip(*plain)
        return call_function(context, builder, function, kinds, values, signature.return_type)

    return lower


def _typed(result):
    return lambda typingctx, args: result


for _compare in (*COMPARISONS, *OF_ANY_NUMBERS):
    declare(_compare, 2, _typed(types.boolean), _ask(_compare), is_number if _compare in COMPARISONS else is_any_number)
for _test in (*TESTS, *TESTS_OF_ANY_NUMBER):
    declare(_test, 1, _typed(types.boolean), _ask(_test), is_number if _test in TESTS else is_any_number)
for _convert in (int, math.floor, math.ceil, math.trunc, round):
    declare(_convert, 1, _typed(types.int64), _ask(_convert))


def _plain_type(typingctx, args):
    return primal_type(args[0])


declare(round, 2, _plain_type, _ask(round))  # to a number of decimals


def _whole_quotient(typingctx, args):
    kinds = [primal_type(ty) for ty in args]
    return typingctx.resolve_function_type(operator.floordiv, kinds, {}).return_type


declare(operator.floordiv, 2, _whole_quotient, _ask(operator.floordiv))


def _truth(context, builder, signature, args):
    return builder.not_(is_zero(context, builder, types.unliteral(signature.args[0]), args[0]))


declare(bool, 1, _typed(types.boolean), _truth, is_any_number)
declare(operator.not_, 1, _typed(types.boolean), lambda c, b, s, a: b.not_(_truth(c, b, s, a)), is_any_number)


# --- the number itself --------------------------------------------------------------------------------------------


def _same(typingctx, args):
    return args[0]


def _itself(context, builder, signature, args):
    return args[0]


declare(float, 1, _same, _itself)
declare(operator.pos, 1, _same, _itself, is_any_number)


def _real_type(typingctx, args):
    return stored(part_of(args[0]))


def _real(context, builder, signature, args):
    ty = types.unliteral(signature.args[0])
    return (
        parts_of(context, builder, ty, args[0])[0]
        if is_complex(ty)
        else context.cast(builder, args[0], ty, signature.return_type)
    )


def _imag(context, builder, signature, args):
    return parts_of(context, builder, types.unliteral(signature.args[0]), args[0])[1]


def _conjugate(context, builder, signature, args):
    ty = signature.return_type
    if not is_complex(ty):
        return args[0]
    x, y = parts_of(context, builder, ty, args[0])
    minus_y = call_function(context, builder, operator.neg, (ty.part,), (y,), ty.part)
    return make_complex(context, builder, ty, x, minus_y)


declare(np.real, 1, _real_type, _real, is_any_number)
declare(np.imag, 1, _real_type, _imag, is_any_number)
declare(np.conjugate, 1, _same, _conjugate, is_any_number)


def _complex_type(typingctx, args):
    return None if any(map(is_complex, args)) and len(args) > 1 else join_complex(typingctx, *args)


def _complex(context, builder, signature, args):
    to = signature.return_type
    if len(args) == 1:
        return context.cast(builder, args[0], types.unliteral(signature.args[0]), to)
    return make_complex(
        context, builder, to, *[context.cast(builder, x, types.unliteral(ty), to.part) for ty, x in zip(signature.args, args)]
    )


for _count in (1, 2):
    declare(complex, _count, _complex_type, _complex, is_any_number)


# --- choices --------------------------------------------------------------------------------------------------------


def _joined(typingctx, args):
    if any(map(is_complex, args)):
        return join_complex(typingctx, *args)
    ty = types.unliteral(args[0])
    for other in args[1:]:
        ty = join(typingctx, ty, types.unliteral(other))
        if ty is None:
            return None
    return stored(ty)


def _choose(context, builder, condition, to, kinds, numbers):
    first, second = [context.cast(builder, x, types.unliteral(ty), to) for ty, x in zip(kinds, numbers)]
    return builder.select(condition, first, second)


def _compared(comparison):
    def lower(context, builder, signature, args):
        to, ty, number = signature.return_type, signature.args[0], args[0]
        for other, candidate in zip(signature.args[1:], args[1:]):
            (t0, v0), (t1, v1) = primal(context, builder, ty, number), primal(context, builder, other, candidate)
            better = call_function(context, builder, comparison, (t1, t0), (v1, v0), types.boolean)
            number = _choose(context, builder, better, to, (other, ty), (candidate, number))
            ty = to
        return number

    return lower


def _declare_extremum(function, comparison):
    class Template(AbstractTemplate):
        key = function
        prefer_literal = False

        def generic(self, args, kws):
            if kws or len(args) < 2 or not any(isinstance(a, Differential) for a in args) or not all(map(is_number, args)):
                return None
            result = _joined(self.context, args)
            return None if result is None else result(*args)

    infer_global(function, types.Function(Template))
    for first, second in itertools.product((Differential, types.Any), repeat=2):
        lower_builtin(function, first, second, types.VarArg(types.Any))(_compared(comparison))


EXTREMA = {builtins.max: operator.gt, builtins.min: operator.lt}
for _extremum, _comparison in EXTREMA.items():
    _declare_extremum(_extremum, _comparison)


def _where_type(typingctx, args):
    return _joined(typingctx, args[1:]) if any(depth_of(a) for a in args[1:]) else None


def _where(context, builder, signature, args):
    condition = primal(context, builder, signature.args[0], args[0])
    chosen = call_function(context, builder, bool, condition[:1], condition[1:], types.boolean)
    return _choose(context, builder, chosen, signature.return_type, signature.args[1:], args[1:])


for _function in (where, np.where, PUBLIC[where.__name__]):
    declare(_function, 3, _where_type, _where, is_any_number)
