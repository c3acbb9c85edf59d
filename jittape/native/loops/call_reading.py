"""Calls in a user's function: operations of the table, conversions, ranges, arrays that are made, and functions of the user's."""

import math
import numpy as np
from numba import prange, types

from ...autograd.stop_gradient import stop_gradient
from ..compat import cpu_target
from ..numbers.operation_rules import RULES
from ..numbers.predicates import EXTREMA
from .applied_functions import Applied
from .array_views import Elements, Method, is_array
from .block_values import Value, is_real
from .extreme_reading import EXTREMES
from .list_reading import NumberList
from .read_arguments import CallArguments
from .program_parts import Loop
from .reduction_reading import REDUCTIONS
from .shaping_reading import FLATTEN, SHAPING

CONVERSIONS = (bool, int, float, round, math.floor, math.ceil, math.isnan, math.isinf, math.isfinite, np.isnan, np.isfinite)
READ_ON_ARRAYS = (*REDUCTIONS, *EXTREMES)


class CallReading:
    """The part of a `TreeReader` that reads calls."""

    def read_call(self, expr):
        function, given = self.looked_up(expr.func.name), CallArguments(expr)
        found = self.called_with(function, given, self.code.signatures[expr])
        if given.unread():
            name = getattr(function, "typing_key", getattr(function, "name", function))
            self.refuse(f"a call of {getattr(name, '__name__', name)} with {given.unread()}")
        return found

    def called_with(self, function, given, signature):
        """What a call of a function with some `CallArguments` is."""
        if isinstance(function, Method):
            return self.method(function.name, function.of, given, signature)
        if isinstance(function, types.Dispatcher):
            return self.called(function.dispatcher, given)
        key = getattr(function, "typing_key", None)
        if key is range or key is prange:
            return self.range(given, signature, key is prange)
        if key is slice:
            return self.slice(given)
        if key in (enumerate, zip):
            return self.together(key, given)
        if key is len:
            return self.length_of(self.looked_up(given.take().name))
        if key in EXTREMA and len(given.positional) > 1:
            return self.extremum(EXTREMA[key], given, signature)
        if key is np.array:
            return self.of_list(self.looked_up(given.take("object").name), signature.return_type)
        if self.makes_array(key):
            return self.making(key, given, signature.return_type)
        if key in READ_ON_ARRAYS and given.positional and is_array(self.looked_up(given.positional[0].name)):
            return self.of_array(key, self.looked_up(given.take().name), given, signature)
        if is_hashable(key) and key in SHAPING and given.positional:
            return self.shaping(key, self.looked_up(given.take().name), given, signature.return_type)
        return self.arithmetic(function, key, given, signature)

    def length_of(self, found):
        if type(found) is tuple:
            return self.integer(len(found))
        found = found.memory if isinstance(found, NumberList) else found
        return self.lengths(found)[0] if is_array(found) else self.refuse("the length of something else than an array")

    def method(self, name, array, given, signature):
        """A method of an array."""
        key = getattr(np, name, None)
        if key in READ_ON_ARRAYS:
            return self.of_array(key, array, given, signature)
        if key in SHAPING:
            return self.shaping(key, array, given, signature.return_type)
        if name == FLATTEN:
            return self.flattened(array)
        if name == "fill" and given.positional and isinstance(array, Elements):
            self.note_change(array.array)
            self.assign_elements(array, self.number(given.take().name))
            return types.none
        if name != "copy":
            self.refuse(f".{name} of an array")
        return self.copied(array, signature.return_type)

    def of_array(self, key, array, given, signature):
        """A function of one array, or a method."""
        if key in EXTREMES:
            return self.extreme(key, array)
        return self.reduced(key, array, given, signature)

    def extremum(self, comparison, given, signature):
        """The largest or smallest of several numbers: choices between two."""
        to = types.unliteral(signature.return_type)
        first, *others = (self.number(a.name) for a in given.take_all())
        function = cpu_target.typing_context.resolve_value_type(comparison)
        for other in others:
            a, b = (v if v.type == to else self.block().value("cast", str(to), (v,), to) for v in (first, other))
            signature = function.get_call_type(cpu_target.typing_context, (to, to), {})
            better = self.operation(Applied.of(comparison, signature), (b, a))
            first = self.block().value("choice", None, (better, b, a), to)
        return first

    def arithmetic(self, function, key, given, signature):
        """A call on numbers: an operation of the table, or a conversion."""
        is_class = isinstance(function, types.NumberClass)
        known = is_hashable(key) and (key in RULES or key in CONVERSIONS or key is stop_gradient)
        is_choice = key is np.where and len(given.positional) == 3
        if not (known or is_class or is_choice):
            self.refuse(f"a call of {getattr(key, '__name__', function)}")
        variables = given.take_all()
        operands = [self.looked_up(a.name) for a in variables]
        if is_choice:
            return self.where(operands, types.unliteral(signature.return_type))
        if isinstance(signature.return_type, types.Array):
            return self.of_arrays(key, operands, signature.return_type.dtype)
        operands = tuple(self.number(a.name) for a in variables)
        converts = key is float or not known
        if converts and len(operands) == 1 and is_real(operands[0].type) and is_real(signature.return_type):
            return self.as_real(operands[0], signature.return_type)
        return self.operation(Applied.of(function, signature, operands), operands)

    def as_real(self, value, ty):
        """A number in another precision."""
        return value if value.type == ty else self.block().value("cast", str(ty), (value,), ty)

    def of_arrays(self, key, operands, dtype):
        """A function of elements; the operand that follows those it computes with is where it writes."""
        taken = key.nin if isinstance(key, np.ufunc) else RULES[key].operation.arity if key in RULES else 1
        if len(operands) == taken:
            return self.elementwise(key, operands, dtype)
        if len(operands) != taken + 1 or not isinstance(key, np.ufunc) or not isinstance(operands[-1], Elements):
            self.refuse(f"a call of {key.__name__} with these arguments")
        place = operands.pop()
        self.note_change(place.array)
        self.write_without_copy(place, self.elementwise(key, operands, place.array.element))
        return place

    def where(self, operands, result):
        """`np.where` of three operands."""
        if not isinstance(result, types.Array):
            self.refuse("np.where of numbers")
        operands, dtype = [self.kept(o) if isinstance(o, Value) else o for o in operands], result.dtype
        lengths = self.common_lengths([o for o in operands if is_array(o)])

        def element(reader, members):
            condition, *chosen = reader.elements_of(operands, members)
            if condition.type != types.boolean:
                reader.refuse("np.where of numbers")
            chosen = [v if v.type == dtype else reader.block().value("cast", str(dtype), (v,), dtype) for v in chosen]
            return reader.block().value("choice", None, (condition, *chosen), dtype)

        return self.lazy(lengths, element, dtype, operands)

    def range(self, given, signature, in_any_order):
        """A range that a loop goes over; its bounds are kept."""
        if any(types.unliteral(t) != types.int64 for t in signature.args):
            self.refuse("a range of other integers than int64")
        given = [self.number(a.name) for a in given.take_all()]
        zero, one = self.constant_value(0, types.int64), self.constant_value(1, types.int64)
        start, stop, step = [zero, *given, one] if len(given) == 1 else [*given, one][:3]
        counts_up = step.kind == "constant" and (
            start.never_negative if step.what > 0 else stop.kind == "constant" and stop.what >= -1
        )
        loop = Loop(*[self.kept(v) for v in (start, stop, step)], counts_up)
        loop.in_any_order = in_any_order
        return loop


def is_hashable(key):
    """Whether a function may be a key of a table."""
    try:
        hash(key)
    except TypeError:
        return False
    return True
