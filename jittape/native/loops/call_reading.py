"""Calls in a user's function: operations of the table, conversions, ranges, arrays that are made, and functions of the user's."""

import math
import numpy as np
from numba import types

from ..compat import cpu_target
from ..numbers.operation_rules import RULES
from ..numbers.predicates import EXTREMA
from .applied_functions import Applied
from .array_views import Elements, Method, is_array
from .block_values import Value, is_real
from .program_parts import Loop
from .reduction_reading import REDUCTIONS
from .typed_code import typed_code

CONVERSIONS = (bool, int, float, round, math.floor, math.ceil, math.isnan, math.isinf, math.isfinite, np.isnan, np.isfinite)
MOST_CALLS = 12  # of functions in functions


class CallReading:
    """The part of a `TreeReader` that reads calls."""

    def read_call(self, expr):
        function = self.looked_up(expr.func.name)
        if expr.vararg is not None:
            self.refuse("a call with *arguments")
        if isinstance(function, Method):
            return self.method(function.name, function.of, expr, expr.args)
        if isinstance(function, types.Dispatcher):
            return self.called(function.dispatcher, expr)
        key = getattr(function, "typing_key", None)
        if key is range:
            return self.range(expr)
        if key is slice:
            return self.slice(expr)
        if key is len and len(expr.args) == 1 and not expr.kws:
            return self.length_of(self.looked_up(expr.args[0].name))
        if key in EXTREMA and len(expr.args) > 1 and not expr.kws:
            return self.extremum(EXTREMA[key], expr)
        if key is np.array and len(expr.args) == 1 and not expr.kws:
            return self.of_list(self.looked_up(expr.args[0].name), self.code.signatures[expr].return_type)
        if self.makes_array(key):
            return self.making(key, expr)
        if key in REDUCTIONS and expr.args and is_array(self.looked_up(expr.args[0].name)):
            return self.reduced(key, self.looked_up(expr.args[0].name), expr, expr.args[1:])
        return self.arithmetic(function, key, expr)

    def length_of(self, found):
        if type(found) is tuple:
            return self.integer(len(found))
        return self.lengths(found)[0] if is_array(found) else self.refuse("the length of something else than an array")

    def method(self, name, array, expr, others):
        """A method of an array."""
        key = getattr(np, name, None)
        if key in REDUCTIONS:
            return self.reduced(key, array, expr, others)
        if name == "fill" and len(others) == 1 and isinstance(array, Elements):
            self.note_change(array.array)
            self.assign_elements(array, self.number(others[0].name))
            return types.none
        if name != "copy" or others:
            self.refuse(f".{name} of an array")
        return self.copied(array, self.code.signatures[expr].return_type)

    def extremum(self, comparison, expr):
        """The largest or smallest of several numbers: choices between two."""
        to = types.unliteral(self.code.signatures[expr].return_type)
        first, *others = (self.number(a.name) for a in expr.args)
        function = cpu_target.typing_context.resolve_value_type(comparison)
        for other in others:
            a, b = (v if v.type == to else self.block().value("cast", str(to), (v,), to) for v in (first, other))
            signature = function.get_call_type(cpu_target.typing_context, (to, to), {})
            better = self.operation(Applied.of(comparison, signature), (b, a))
            first = self.block().value("choice", None, (better, b, a), to)
        return first

    def arithmetic(self, function, key, expr):
        """A call on numbers: an operation of the table, or a conversion."""
        is_class = isinstance(function, types.NumberClass)
        try:
            known = key in RULES or key in CONVERSIONS
        except TypeError:
            known = False
        signature = self.code.signatures[expr]
        if key is np.where and len(expr.args) == 3 and not expr.kws:
            return self.where([self.looked_up(a.name) for a in expr.args], types.unliteral(signature.return_type))
        if expr.kws or not (known or is_class):
            self.refuse(f"a call of {getattr(key, '__name__', function)}")
        operands = [self.looked_up(a.name) for a in expr.args]
        if isinstance(signature.return_type, types.Array):
            return self.of_arrays(key, operands, signature.return_type.dtype)
        operands = tuple(self.number(a.name) for a in expr.args)
        converts = key is float or not known
        if converts and len(operands) == 1 and is_real(operands[0].type) and is_real(signature.return_type):
            return operands[0]
        return self.operation(Applied.of(function, signature), operands)

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
            condition, *chosen = (reader.element_of(o, members) for o in operands)
            if condition.type != types.boolean:
                reader.refuse("np.where of numbers")
            chosen = [v if v.type == dtype else reader.block().value("cast", str(dtype), (v,), dtype) for v in chosen]
            return reader.block().value("choice", None, (condition, *chosen), dtype)

        return self.lazy(lengths, element, dtype, operands)

    def range(self, expr):
        """A range that a loop goes over; its bounds are kept."""
        signature = self.code.signatures[expr]
        if expr.kws or any(types.unliteral(t) != types.int64 for t in signature.args):
            self.refuse("a range of other integers than int64")
        given = [self.number(a.name) for a in expr.args]
        zero, one = self.constant_value(0, types.int64), self.constant_value(1, types.int64)
        start, stop, step = [zero, *given, one] if len(given) == 1 else [*given, one][:3]
        counts_up = step.kind == "constant" and (
            start.never_negative if step.what > 0 else stop.kind == "constant" and stop.what >= -1
        )
        return Loop(*[self.kept(v) for v in (start, stop, step)], counts_up)

    def called(self, dispatcher, expr):
        """A function of the user's, read in the place of its call."""
        depth, reader = 0, self
        while reader is not None:
            depth, reader = depth + 1, reader.outer
        options = [{k: v for k, v in d.targetoptions.items() if k not in UNRELATED} for d in (dispatcher, self.dispatcher)]
        if depth > MOST_CALLS or options[0] != options[1]:
            self.refuse(f"a call of {dispatcher.py_func.__name__}: recursive, or compiled with other options")
        parameters = dispatcher.py_func.__code__.co_varnames[: dispatcher.py_func.__code__.co_argcount]
        named = dict(zip(parameters, expr.args)) | dict(expr.kws)
        values = dispatcher.py_func.__defaults__ or ()
        defaults = dict(zip(parameters[len(parameters) - len(values) :], values))
        if len(expr.args) > len(parameters) or not named.keys() <= set(parameters) <= named.keys() | defaults.keys():
            self.refuse(f"a call of {dispatcher.py_func.__name__} with these arguments")
        if not all(isinstance(defaults[p], (bool, int, float)) for p in parameters if p not in named):
            self.refuse(f"a call of {dispatcher.py_func.__name__} with defaults")
        known = [self.looked_up(named[p].name) if p in named else self.constant(defaults[p], None) for p in parameters]
        given = self.in_memory(known)
        kinds = tuple(types.unliteral(self.type_of(named[p].name) if p in named else v.type) for p, v in zip(parameters, known))
        if (dispatcher, kinds) not in self.program.codes:
            self.program.codes[dispatcher, kinds] = typed_code(dispatcher, kinds)
        code = self.program.codes[dispatcher, kinds]
        reader = type(self)(self.program, dispatcher, code, given, f"{len(self.program.types)}:{self.prefix}", self)
        reader.read()
        reader.give_up()
        found = reader.known.get(self.program.result)
        if found is not None:
            return found
        result = reader.prefix + self.program.result
        return self.block().entry(result, self.program.types[result])


UNRELATED = ("nopython", "nogil", "cache", "inline", "no_cpython_wrapper", "no_cfunc_wrapper", "parallel", "pipeline_class")
