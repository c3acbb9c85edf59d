"""Calls in a user's function: operations of the table, conversions, ranges, arrays that are made, and functions of the user's."""

import math
from typing import NamedTuple

import numpy as np
from numba import types

from ..compat import cpu_target
from ..numbers.operation_rules import RULES
from ..numbers.predicates import EXTREMA
from .array_making import Method
from .block_values import is_real
from .program_parts import Elements, Loop
from .typed_code import typed_code

CONVERSIONS = (bool, int, float, round, math.floor, math.ceil, math.isnan, math.isinf, math.isfinite, np.isnan, np.isfinite)
MOST_CALLS = 12  # of functions in functions


class Applied(NamedTuple):
    """A function that is applied to numbers.

    Attributes
    ----------
    function : Type or callable
        What Numba's code calls.
    signature : Signature
        With which types.
    rule : DifferentialRule or None
        Of the operation of the table that it is.
    static : int or None
        The second operand, where Numba has a code of its own for that number.
    """

    function: object
    signature: object
    rule: object
    static: object

    @classmethod
    def of(cls, function, signature, static=None):
        """The function with the rule of its operation, if its result may have derivatives."""
        key = function.typing_key if isinstance(function, types.Function) else function
        rule = RULES.get(key) if is_real(signature.return_type) else None
        if rule is not None:
            kinds = [types.literal(static) if k and isinstance(static, int) else t for k, t in enumerate(signature.args)]
            rule = rule.for_types(kinds)
            arity = rule.operation.arity
            if arity > len(signature.args) or arity < len(signature.args) and not isinstance(static, int):
                rule = None
        return cls(function, signature, rule, static)


class CallReading:
    """The part of a `TreeReader` that reads calls."""

    def read_call(self, expr):
        function = self.looked_up(expr.func.name)
        if expr.vararg is not None:
            self.refuse("a call with *arguments")
        if isinstance(function, Method) and not expr.args:
            return self.copied(function.elements, self.code.signatures[expr].return_type)
        if isinstance(function, types.Dispatcher):
            return self.called(function.dispatcher, expr)
        key = getattr(function, "typing_key", None)
        if key is range:
            return self.range(expr)
        if key is len and len(expr.args) == 1 and not expr.kws:
            found = self.looked_up(expr.args[0].name)
            if type(found) is tuple:
                self.refuse("the length of a tuple")
            return (
                self.lengths(found)[0]
                if isinstance(found, Elements)
                else self.refuse("the length of something else than an array")
            )
        if key in EXTREMA and len(expr.args) > 1 and not expr.kws:
            return self.extremum(EXTREMA[key], expr)
        if self.makes_array(key):
            return self.making(key, expr)
        return self.arithmetic(function, key, expr)

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
        if expr.kws or not (known or is_class):
            self.refuse(f"a call of {getattr(key, '__name__', function)}")
        operands = tuple(self.number(a.name) for a in expr.args)
        signature = self.code.signatures[expr]
        converts = key is float or not known
        if converts and len(operands) == 1 and is_real(operands[0].type) and is_real(signature.return_type):
            return operands[0]
        return self.operation(Applied.of(function, signature), operands)

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
        if len(named) != len(parameters) or set(named) != set(parameters):
            self.refuse(f"a call of {dispatcher.py_func.__name__} with defaults")
        given = [self.looked_up(named[p].name) for p in parameters]
        kinds = tuple(types.unliteral(self.type_of(named[p].name)) for p in parameters)
        code = typed_code(dispatcher, kinds)
        reader = type(self)(self.program, dispatcher, code, given, f"{len(self.program.types)}:{self.prefix}", self)
        reader.read()
        found = reader.known.get(self.program.result)
        if found is not None:
            return found
        result = reader.prefix + self.program.result
        return self.block().entry(result, self.program.types[result])


UNRELATED = ("nopython", "nogil", "cache", "inline", "no_cpython_wrapper", "no_cfunc_wrapper", "parallel", "pipeline_class")
