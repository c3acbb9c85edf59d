"""The operations of the table on active and dual numbers: one rule for all of them.

An operation computes its value on the base of its operands, and its partials with the bodies that the array tape uses, too. An
active result is a form: every pair of an operand times the partial for that operand. A dual result has the tangents of its
operands, each times its partial. On bases that are themselves differential the same bodies run on those, which is how
derivatives nest. Where an operation selects, its zero partials are structural, and where its partial is the number 0, nothing
ever flows (see `partial_products`).
"""

import functools
import itertools
import operator
from functools import cached_property

from numba import types
from numba.extending import lower_builtin

from ..compat import AbstractTemplate, infer_global, llvm_ir as ir, unpack_tuple
from ...ops.choosing import where
from ...ops.declare_elementwise import Elementwise
from ...ops.operation_names import BY_NUMPY, BY_PYTHON, follow_declarations
from ...ops.operation_table import unknown_partial
from ...ops.powers import POWERS, pow
from .array_types import DifferentialArray, array_result, element_type, is_differential, map_elements, only_element
from ..compilation.compile_cached import compiled_inside
from ..tape_memory.arenas import WORD
from .chain_rule import kept_pairs, on_base, outermost, with_derivatives
from .complex_numbers import is_any_number, is_complex, is_zero, join_complex
from .complex_rules import CMATH, OF_PARTS, lower_complex, takes_complex, type_of_parts
from .partial_products import Partial, primal_float
from .nested_operations import call_separately, is_deep, separate
from .number_types import (
    Differentiated,
    Dual,
    Form,
    call,
    call_function,
    common_base,
    compile_for,
    depends_of,
    depth_of,
    is_number,
    pairs_of,
    rebase,
    stored,
)

SMALL_POWERS = (2, 3)
PASSIVE = {operator.floordiv}  # names of operations that `predicates` declares: they answer a plain number, which may be an index


def names_of(operation):
    """All functions by which compiled code may call an operation."""
    names = [f for f, function in (BY_NUMPY | BY_PYTHON).items() if getattr(function, "operation", None) is operation]
    return [f for f in (*names, operation.function) if f not in PASSIVE]


# --- types ------------------------------------------------------------------------------------------------------


def result_type(typingctx, argument_types):
    """The type of an operation on numbers of which at least one has derivatives; None if they cannot be combined."""
    if any(map(is_complex, argument_types)):
        return join_complex(typingctx, *argument_types)
    outer = outermost(argument_types)
    base = outer.base
    for ty in argument_types:
        if depth_of(ty) == outer.depth:
            if isinstance(ty, Dual) != isinstance(outer, Dual) or getattr(ty, "width", 0) != getattr(outer, "width", 0):
                return None
            ty = ty.base
        base = common_base(typingctx, base, ty)
        if base is None:
            return None
    if isinstance(outer, Dual):
        return rebase(outer, base)
    return Form(base, sum(kept_pairs(argument_types, outer.depth)))


# --- code -------------------------------------------------------------------------------------------------------


class DifferentialRule:
    """How an elementwise operation acts on differential numbers."""

    def __init__(self, operation):
        self.operation = operation

    @property
    def joins_expressions(self):
        """Whether it may be a part of an expression that becomes one statement; otherwise what flows to it is looked at first."""
        return not self.operation.without_partial

    @cached_property
    def takes_long(self):
        """Whether it is a function in software: one of our own, or one of several numbers. Roots are instructions."""
        names = self.operation.body.__code__.co_names
        return "mathfun" in names or bool(names) and self.operation.arity > 1

    @cached_property
    def body(self):
        return compiled_inside(self.operation.body)

    @cached_property
    def partials(self):
        return compiled_inside(self.operation.partials)

    def for_types(self, kinds):
        """The rule for operands of these types: another operation's, where one of them is a number known from its type."""
        return self

    def value(self, context, builder, base, values):
        if depth_of(base):
            return call_function(context, builder, self.operation.function, (base,) * len(values), values, base)
        signature = [base] * len(values)
        value = call(context, builder, self.body, signature, values)
        return context.cast(builder, value, compile_for(self.body, signature).signature.return_type, base)

    def partials_at(self, context, builder, base, values, result, needed, kinds=None):
        """The partials for the operands that need one, None for others; operands may have types of their own beside the base."""
        signature, generate = [*(kinds or [base] * len(values)), base], call_separately if is_deep(base) else call
        several = generate(context, builder, self.partials, signature, [*values, result])
        kinds = compile_for(self.partials, signature).signature.return_type
        partials = unpack_tuple(builder, several, len(kinds))
        return [
            self._partial(context, builder, base, k, context.cast(builder, p, types.unliteral(fr), base)) if need else None
            for k, (p, fr, need) in enumerate(zip(partials, kinds, needed, strict=True))
        ]

    def _partial(self, context, builder, base, operand, value):
        """The partial for an operand, with the condition under which something flows to it."""
        if not self.operation.selects_at(operand):
            return Partial(value)
        number = primal_float(context, builder, base, value)
        return Partial(value, builder.fcmp_unordered("!=", number, ir.Constant(number.type, 0.0)))

    def linearised(self, context, builder, base, kinds, values, needed):
        """The value at numbers of the base, and the partials with respect to the operands that need one."""
        result = self.value(context, builder, base, values)
        return result, self.partials_at(context, builder, base, values, result, needed)

    @cached_property
    def called(self):
        """The operation as a function that is called, for deeply nested derivatives."""
        return separate(self, result_type)

    def lower(self, context, builder, signature, args):
        """Generate the code of the operation for any types that it takes."""
        if any(map(is_complex, signature.args)):
            return lower_complex(context, builder, self.operation, signature, args)
        if not is_deep(signature.return_type):
            return self.written_out(context, builder, signature, args)
        kinds = [types.unliteral(ty) for ty in signature.args]
        return call_separately(context, builder, self.called, kinds, args)

    def written_out(self, context, builder, signature, args):
        """The code of the operation, at the place where it is called."""
        kinds = [types.unliteral(ty) for ty in signature.args]
        to, depth = signature.return_type, outermost(kinds).depth
        for k in self.operation.without_partial:
            if depth_of(kinds[k]) == depth:
                self._must_be_constant(context, builder, k, kinds[k], args[k])
        values = [on_base(context, builder, ty, a, depth, to.base) for ty, a in zip(kinds, args)]
        needed = [depth_of(ty) == depth for ty in kinds]
        result, partials = self.linearised(context, builder, to.base, signature.args, values, needed)
        return with_derivatives(context, builder, to, result, [x for x in zip(kinds, args, partials) if x[2] is not None])

    def _must_be_constant(self, context, builder, k, ty, number):
        """Raise if something flows to an operand by which no derivative is known."""
        if isinstance(ty, Dual):
            flows = depends_of(context, builder, ty, number)
        else:
            nodes = [node for node, _ in pairs_of(context, builder, ty, number)]
            flows = functools.reduce(builder.or_, nodes, ir.Constant(WORD, 0))
        with builder.if_then(builder.icmp_unsigned("!=", flows, ir.Constant(flows.type, 0)), likely=False):
            context.call_conv.return_user_exc(builder, NotImplementedError, (unknown_partial(self.operation, k),))


# --- telling Numba ------------------------------------------------------------------------------------------------


def declare(function, arity, typer, lowering, numbers=is_number):
    """Define a function of compiled code for numbers with derivatives and arrays of them.

    Parameters
    ----------
    typer : function of (typing context, argument types)
        Returns the type of the result, or None.
    lowering : function
        As Numba's `lower_builtin` takes it.
    numbers : function of a type
        Whether the function takes numbers of the type.
    """

    class Template(AbstractTemplate):
        key = function
        prefer_literal = True

        def generic(self, args, kws):
            if kws or len(args) != arity or not any(map(is_differential, args)):
                return None
            elements = [element_type(a) for a in args]
            if not all(map(numbers, elements)):
                return None
            result = typer(self.context, elements)
            if result is None:
                return None
            if any(isinstance(a, types.Array) for a in args):
                result = array_result(stored(result), args)
            return result(*args)

    def lower(context, builder, signature, args):
        if not any(isinstance(a, types.Array) for a in signature.args):
            return lowering(context, builder, signature, args)

        def element(kinds, values, place):
            result = typer(context.typing_context, kinds)
            value = lowering(context, builder, result(*kinds), values)
            return context.cast(builder, value, result, element_type(signature.return_type))

        if not isinstance(signature.return_type, types.Array):
            kinds = list(map(element_type, signature.args))
            return element(kinds, [only_element(context, builder, *x) for x in zip(signature.args, args)], None)
        return map_elements(context, builder, signature, args, element)

    Template.__name__ = Template.__qualname__ = f"Differential_{getattr(function, '__name__', function)}"
    infer_global(function, types.Function(Template))
    for kinds in itertools.product((Differentiated, DifferentialArray, types.Array, types.Any), repeat=arity):
        if not set(kinds) <= {types.Array, types.Any}:  # arrays by themselves too: Numba's code for two arrays is as near
            lower_builtin(function, *kinds)(lower)


class Division(DifferentialRule):
    """Python's division: division by zero raises, unless the function is compiled with ``error_model="numpy"``."""

    def __init__(self, operation, complaint):
        super().__init__(operation)
        self._complaint = complaint

    @cached_property
    def called(self):
        """The division without a test, which is that of the caller's error model."""
        return DifferentialRule(self.operation).called

    def lower(self, context, builder, signature, args):
        """Generate the code of the operation for any types that it takes."""
        if is_deep(signature.return_type) or any(map(is_complex, signature.args)):
            self._test(context, builder, signature.args[1], args[1])
        return super().lower(context, builder, signature, args)

    def linearised(self, context, builder, base, kinds, values, needed):
        self._test(context, builder, base, values[1])
        return super().linearised(context, builder, base, kinds, values, needed)

    def _test(self, context, builder, ty, divisor):
        with builder.if_then(is_zero(context, builder, types.unliteral(ty), divisor), likely=False):
            context.error_model.fp_zero_division(builder, (self._complaint,))


DIVISIONS = {operator.truediv: "division by zero", operator.mod: "modulo by zero"}
RULES = {}  # what compiled code may call -> DifferentialRule


def declare_operation(operation):
    """Register a rule under all its names."""
    own = Power(operation) if operation is pow.operation else DifferentialRule(operation)

    def typer(typingctx, args):
        kinds = [types.unliteral(a) for a in args]
        of_parts = OF_PARTS.get(operation) if any(map(is_complex, kinds)) else None
        return result_type(typingctx, kinds) if of_parts is None else type_of_parts(typingctx, of_parts, kinds)

    for function in names_of(operation):
        rule = Division(operation, DIVISIONS[function]) if function in DIVISIONS else own
        RULES[function] = rule
        of_reals = getattr(function, "__module__", "") == "math" or not takes_complex(operation)
        declare(function, operation.arity, typer, rule.lower, is_number if of_reals else is_any_number)
        if function in CMATH and takes_complex(operation):
            declare_complex_function(CMATH[function], operation)


def declare_complex_function(function, operation):
    """Register a function of `cmath`, which takes real numbers for complex ones."""

    def typer(typingctx, args):
        return join_complex(typingctx, *args)

    def lower(context, builder, signature, args):
        to = signature.return_type
        args = [context.cast(builder, a, types.unliteral(ty), to) for ty, a in zip(signature.args, args)]
        return lower_complex(context, builder, operation, to(*[to] * len(args)), args)

    declare(function, operation.arity, typer, lower, is_any_number)


class Power(DifferentialRule):
    """Powers; small integer ones are products, as `pow` takes a hundred times as long."""

    def __init__(self, operation):
        super().__init__(operation)
        self._small = {n: DifferentialRule(POWERS[n].operation) for n in SMALL_POWERS}

    def for_types(self, kinds):
        return self._small.get(kinds[1].literal_value, self) if isinstance(kinds[1], types.IntegerLiteral) else self

    def linearised(self, context, builder, base, kinds, values, needed):
        found = self.for_types(kinds)
        if found is self:
            return super().linearised(context, builder, base, kinds, values, needed)
        result, partials = found.linearised(context, builder, base, kinds[:1], values[:1], needed[:1])
        return result, [*partials, None]

    def lower(self, context, builder, signature, args):
        """Generate the code of the operation for any types that it takes."""
        found = self.for_types(signature.args)
        is_written = is_deep(signature.return_type) or any(map(is_complex, signature.args))
        if found is self or not is_written:
            return super().lower(context, builder, signature, args)
        return found.lower(context, builder, signature.return_type(signature.args[0]), args[:1])


def _declare_function(function):
    """Declare the elementwise operation of a function, but for `where`, which chooses a number as it is (see `predicates`)."""
    operation = getattr(function, "operation", None)
    if isinstance(operation, Elementwise) and operation.function is function and function is not where:
        declare_operation(operation)


follow_declarations(_declare_function)
