"""Where forms become statements: a pass over the code of a copy, before its types are known."""

import numpy as np
from numba import types
from numba.extending import lower_builtin

from ..compat import (
    AbstractTemplate,
    Dispatcher,
    FunctionPass,
    impl_ret_borrowed,
    infer_global,
    mk_unique_var,
    numba_ir as ir,
    register_pass,
)
from ..compilation.compile_cached import only_compiled
from ..numbers.array_types import array_of
from ..numbers.complex_numbers import recorded_number
from ..numbers.number_parts import converted_array
from ..numbers.number_types import Active, Form, as_active, call_function, constant
from ..numbers.strides_in_bytes import strides_without_derivatives
from .declared_signatures import conversion_of_result
from .in_place_operators import IN_PLACE
from .made_containers import MadeContainers, constant_of
from .value_conversions import converts

# --- functions that the pass calls ------------------------------------------------------------------------------------


@only_compiled
def reused(number):
    """Stand for a number that is used more than once."""


@infer_global(reused)
class _Reused(AbstractTemplate):
    def generic(self, args, kws):
        (number,) = args
        return (Active(number.base) if isinstance(number, Form) and number.pairs > 2 else number)(number)


@lower_builtin(reused, types.Any)
def _lower_written(context, builder, signature, args):
    number = signature.args[0]
    if signature.return_type != number:
        return as_active(context, builder, number, args[0])
    return impl_ret_borrowed(context, builder, number, args[0])


@only_compiled
def type_of_keys(declared):
    """Stand for the declared type of the keys of a dict, which have no derivatives."""


@infer_global(type_of_keys)
class _TypeOfKeys(AbstractTemplate):
    def generic(self, args, kws):
        (declared,) = args
        return (types.NumberClass(declared.dtype) if isinstance(declared, types.NumberClass) else declared)(declared)


@lower_builtin(type_of_keys, types.Any)
def _lower_type_of_keys(context, builder, signature, args):
    return context.get_dummy_value()


@only_compiled
def argument(number):
    """Stand for the argument of a call: a number that has been written as a statement."""


@infer_global(argument)
class _Argument(AbstractTemplate):
    prefer_literal = True  # literals stay literals for functions that need them at compile time

    def generic(self, args, kws):
        (number,) = args
        return (Active(number.base) if isinstance(number, Form) else number)(number)


lower_builtin(argument, types.Any)(_lower_written)


def returned_for(kind):
    """What recursive functions return through: every float as a number that records.

    Where functions call each other, Numba types a call by the results that it has seen so far, and does not look again. If it
    saw a form or a float there and the result becomes another number in the end, the machine code reads memory that was never
    written.
    """

    def settled(ty):
        ty = types.unliteral(ty)
        if isinstance(ty, types.BaseTuple):
            return types.BaseTuple.from_types([settled(t) for t in ty.types], getattr(ty, "instance_class", None))
        return recorded_number(kind, ty) or (Active(ty.base) if isinstance(ty, Form) else ty)

    @converts(settled)
    @only_compiled
    def returned(result):
        """A result as a settled number."""

    return returned


def recorded_for(kind):
    """What turns an array of plain floats into one of numbers of a kind, which have no derivatives, and leaves other values."""

    def recording(ty):
        element = recorded_number(kind, ty.dtype) if type(ty) is types.Array else None
        return ty if element is None else array_of(element, ty.ndim)

    def code(context, builder, ty, value, to):
        zero = constant(context, builder, to.dtype, 0.0)
        return call_function(context, builder, converted_array, (ty, to.dtype), (value, zero), to)

    @converts(recording, code)
    @only_compiled
    def recorded(value):
        """An array of numbers that record."""

    return recorded


# --- the pass -----------------------------------------------------------------------------------------------------------

COMPUTING = ("binop", "inplace_binop", "unary", "call")  # kinds of expressions that make forms


def is_recursive(function):
    """Whether a copy calls itself, in however many steps."""
    return function.returned() is not None


def uses_of(func_ir):
    """How often each variable is read."""
    uses = {}
    for block in func_ir.blocks.values():
        for statement in block.body:
            target = statement.target.name if isinstance(statement, ir.Assign) else None
            for variable in statement.list_vars():
                if variable.name != target:
                    uses[variable.name] = uses.get(variable.name, 0) + 1
    return uses


@register_pass(mutates_CFG=False, analysis_only=False)
class WriteStatements(FunctionPass):
    """Compiler pass that writes each variable that is used more than once, and each argument, as one statement.

    A form that is used twice would bring its pairs twice.
    """

    _name = "jittape_write_statements"

    def __init__(self):
        FunctionPass.__init__(self)

    def run_pass(self, state):
        self._ir = state.func_ir
        uses, self._made = uses_of(self._ir), MadeContainers(self._ir)
        function = state.func_id.func
        self._is_users = not (function.__module__ or "").startswith("numba.")
        self._copied, self._settled, self._recorded = function.copied, function.settled, function.recorded  # set by `Copies`
        through = list(filter(None, (conversion_of_result(function, state.args), function.returned())))
        for block in self._ir.blocks.values():
            body = []
            for statement in block.body:
                if isinstance(statement, ir.Assign):
                    is_named = not statement.target.is_temp or getattr(statement.value, "op", None) == "cast"  # of a result
                    takes_numbers = self._recorded is not None and is_named and self._is_new(statement.value)
                    self._rewrite(body, block.scope, statement, uses)
                    if takes_numbers:
                        made = self._new(body, block.scope, statement.loc, "made", statement.value)
                        statement.value = self._called(body, block.scope, statement.loc, self._recorded, (made,))
                elif isinstance(statement, (ir.SetItem, ir.StaticSetItem)):
                    self._rewrite_item(body, block.scope, statement)
                for conversion in through if isinstance(statement, ir.Return) else ():
                    call = self._called(body, block.scope, statement.loc, conversion, (statement.value,))
                    statement.value = self._new(body, block.scope, statement.loc, "returned", call)
                body.append(statement)
            block.body = body
        return True

    def _rewrite(self, body, scope, statement, uses):
        value, loc, count = statement.value, statement.loc, uses.get(statement.target.name, 0)
        if isinstance(value, ir.Var) and count > 1 and self._is_named_now(value, statement.target):  # a, b = b, a + b
            statement.value = self._called(body, scope, loc, reused, (value,))
        if isinstance(value, ir.Expr) and value.op in ("build_tuple", "build_list", "build_set"):
            value.items = self._elements(body, scope, loc, value.items, value.op == "build_list" and self._made.records(value))
        if isinstance(value, ir.Expr) and value.op == "build_map":
            keys = self._elements(body, scope, loc, [key for key, _ in value.items], False)
            value.items = list(zip(keys, self._elements(body, scope, loc, [held for _, held in value.items], True)))
        if self._asks_for_strides(value):
            statement.value = self._called(body, scope, loc, strides_without_derivatives, (value.value,))
        if not isinstance(value, ir.Expr) or value.op not in COMPUTING:
            return
        if value.op == "inplace_binop" and value.fn in IN_PLACE:
            value = statement.value = self._called(body, scope, loc, IN_PLACE[value.fn], (value.lhs, value.rhs))
        elif value.op == "call" and (copied := self._copied_by(value)) is not None:
            value = statement.value = self._called(body, scope, loc, self._copied, (copied,))
        elif value.op == "call" and self._made.declares_dict(value):
            value.args = [*[self._type_of_keys(body, scope, loc, a) for a in value.args[:1]], *value.args[1:]]
            value.kws = [(n, self._type_of_keys(body, scope, loc, a) if n == "key_type" else a) for n, a in value.kws]
        elif value.op == "call" and self._takes_numbers(value.func):
            value.args = [self._written(body, scope, loc, a) for a in value.args]
            value.kws = [(name, self._written(body, scope, loc, a)) for name, a in value.kws]
        elif value.op == "call" and (receiver := self._made.receiver(value)) is not None:
            first, recorded = int(self._made.takes_key(value)), self._made.holds(receiver)
            keys = self._elements(body, scope, loc, value.args[:first], False)
            value.args = [*keys, *self._elements(body, scope, loc, value.args[first:], recorded)]
        if count > 1 and not self._made.makes(value):
            form = self._new(body, scope, loc, "form", value)
            statement.value = self._called(body, scope, loc, reused, (form,))

    def _rewrite_item(self, body, scope, statement):
        """Write what is stored in a container that a function makes. Arrays cast what is stored in them."""
        if self._made.holds(statement.target):
            (statement.value,) = self._elements(body, scope, statement.loc, (statement.value,), True)
            if isinstance(statement, ir.SetItem):
                (statement.index,) = self._elements(body, scope, statement.loc, (statement.index,), False)

    def _elements(self, body, scope, loc, variables, recorded):
        """What goes into a container: forms as statements, and floats as numbers with derivatives too if `recorded`."""
        if recorded:
            return [
                self._new(body, scope, loc, "element", self._called(body, scope, loc, self._settled, (v,))) for v in variables
            ]
        return [self._written(body, scope, loc, v) if self._is_computed(v) else v for v in variables]

    def _type_of_keys(self, body, scope, loc, variable):
        return self._new(body, scope, loc, "keys", self._called(body, scope, loc, type_of_keys, (variable,)))

    def _written(self, body, scope, loc, variable):
        return self._new(body, scope, loc, "argument", self._called(body, scope, loc, argument, (variable,)))

    def _is_computed(self, variable):
        """Whether a variable may be a form; constants must stay visible to Numba's own passes."""
        for _ in range(len(self._ir._definitions)):
            found = self._ir._definitions.get(variable.name, ())
            if len(found) != 1 or not isinstance(found[0], ir.Var):
                break
            variable = found[0]
        if self._is_made(variable):
            return False
        return len(found) != 1 or isinstance(found[0], ir.Expr) and found[0].op in ("phi", *COMPUTING)

    def _is_new(self, value):
        """Whether a value is computed, so that it shares no memory with others."""
        if isinstance(value, ir.Var):
            roots = self._made.roots(value) if value.is_temp else ()
            return bool(roots) and all(map(self._is_new, roots))
        if isinstance(value, ir.Expr) and value.op == "cast":
            return self._is_new(value.value)
        if not isinstance(value, ir.Expr) or value.op != "call":
            return isinstance(value, ir.Expr) and value.op in ("binop", "unary")
        return isinstance(constant_of(self._ir, value.func), np.ufunc)

    def _is_named_now(self, value, target):
        """Whether a variable of the user's gets the value of an expression, and not of one that makes a container."""
        return value.is_temp and not target.is_temp and not self._is_made(value)

    def _is_made(self, variable):
        """Whether a variable is a container whose type is not known yet: Numba follows its names only."""
        return any(map(self._made.makes, self._made.roots(variable)))

    def _copied_by(self, call):
        """The `x` of ``x.copy()``, None otherwise: a copy may take differentiated numbers where `x` may not."""
        found = self._ir._definitions.get(call.func.name, ())
        if len(found) != 1 or not isinstance(found[0], ir.Expr) or found[0].op != "getattr" or found[0].attr != "copy":
            return None
        return found[0].value if not call.args and not call.kws else None

    def _asks_for_strides(self, value):
        """Whether an expression is an attribute `strides` that a user reads, not Numba, and of no module or other constant."""
        if not self._is_users or not isinstance(value, ir.Expr) or value.op != "getattr" or value.attr != "strides":
            return False
        return constant_of(self._ir, value.value) is None

    def _takes_numbers(self, variable):
        """Whether a function, or what stands for one, runs code of the user's, which would bring the pairs of a form again."""
        function = constant_of(self._ir, variable)
        return isinstance(function, Dispatcher) or getattr(function, "takes_numbers", False)

    def _called(self, body, scope, loc, function, args):
        name = self._new(body, scope, loc, function.__name__, ir.Global(function.__name__, function, loc))
        return ir.Expr.call(name, args, (), loc)

    def _new(self, body, scope, loc, name, value):
        variable = ir.Var(scope, mk_unique_var(f"${name}"), loc)
        scope.define(variable.name, loc) if variable.name not in scope.localvars else None
        self._ir._definitions[variable.name].append(value)
        body.append(ir.Assign(value, variable, loc))
        return variable
