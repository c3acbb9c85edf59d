"""The same function on other numbers: a copy of a user's compiled function that can record.

The user's bytecode is used as it is.  What it sees in its globals is replaced: NumPy by functions that
make active arrays, jitted functions by copies of themselves.  One pass over Numba's intermediate
representation is added, which decides where forms become statements.
"""

import functools
import types as python_types

import numba
from numba.core import ir, types
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import FunctionPass, register_pass
from numba.core.dispatcher import Dispatcher
from numba.core.imputils import impl_ret_borrowed
from numba.core.ir_utils import mk_unique_var
from numba.core.typed_passes import NopythonRewrites, NopythonTypeInference
from numba.core.typing.templates import AbstractTemplate, infer_global
from numba.core.untyped_passes import ReconstructSSA
from numba.extending import lower_builtin

from .compilation import INTERNAL
from .expressions import ClaimArrayExpressions
from .fusion import FuseExpressions
from .numbers import Active, Form, as_active, rebase
from .rules import IN_PLACE

# --- where forms become statements --------------------------------------------------------------------------------

def reused(number):
    """A number that is used more than once."""
    raise NotImplementedError("only compiled code calls this")


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


def argument(number):
    """What a function is called with: a number that has been written."""
    raise NotImplementedError("only compiled code calls this")


@infer_global(argument)
class _Argument(AbstractTemplate):
    prefer_literal = True  # a number that has to be known when a function is compiled stays known

    def generic(self, args, kws):
        (number,) = args
        return (Active(number.base) if isinstance(number, Form) else number)(number)


lower_builtin(argument, types.Any)(_lower_written)


def returned_for(kind):
    """What recursive functions return: every float as a number that records.

    Where functions call each other, Numba types a call by the results that it has seen so far and never looks again.
    A form or a float there, and another number in the end, is machine code that reads what nobody wrote.
    """

    def returned(result):
        raise NotImplementedError("only compiled code calls this")

    def settled(ty):
        ty = types.unliteral(ty)
        if isinstance(ty, types.BaseTuple):
            return types.Tuple([settled(t) for t in ty.types])
        if isinstance(ty, types.Float):
            return kind if kind.depth > 1 else rebase(kind, ty)
        return Active(ty.base) if isinstance(ty, Form) else ty

    class Template(AbstractTemplate):
        key = returned

        def generic(self, args, kws):
            return settled(args[0])(*args)

    @lower_builtin(returned, types.Any)
    def lower(context, builder, signature, args):
        if signature.return_type == signature.args[0]:
            return impl_ret_borrowed(context, builder, signature.return_type, args[0])
        return context.cast(builder, args[0], signature.args[0], signature.return_type)

    infer_global(returned, types.Function(Template))
    return returned


COMPUTING = ("binop", "inplace_binop", "unary", "call")  # kinds of expressions that make forms


@register_pass(mutates_CFG=False, analysis_only=False)
class WriteStatements(FunctionPass):
    """Write a variable that is used more than once as one statement, and every argument of a function.

    A form that is used twice would bring its pairs twice.
    """

    _name = "jittape_write_statements"

    def __init__(self):
        FunctionPass.__init__(self)

    def run_pass(self, state):
        self._ir = state.func_ir
        uses = self._uses()
        returned = state.func_id.func.__dict__["returned"]()
        for block in self._ir.blocks.values():
            body = []
            for statement in block.body:
                if isinstance(statement, ir.Assign):
                    self._rewrite(body, block.scope, statement, uses)
                if returned is not None and isinstance(statement, ir.Return):
                    call = self._called(body, block.scope, statement.loc, returned, (statement.value,))
                    statement.value = self._new(body, block.scope, statement.loc, "returned", call)
                body.append(statement)
            block.body = body
        return True

    def _uses(self):
        uses = {}
        for block in self._ir.blocks.values():
            for statement in block.body:
                target = statement.target.name if isinstance(statement, ir.Assign) else None
                for variable in statement.list_vars():
                    if variable.name != target:
                        uses[variable.name] = uses.get(variable.name, 0) + 1
        return uses

    def _rewrite(self, body, scope, statement, uses):
        value, loc, count = statement.value, statement.loc, uses.get(statement.target.name, 0)
        if isinstance(value, ir.Var) and value.is_temp and not statement.target.is_temp and count > 1:  # a, b = b, a + b
            statement.value = self._called(body, scope, loc, reused, (value,))
        if isinstance(value, ir.Expr) and value.op == "build_tuple":
            value.items = [self._written(body, scope, loc, a) if self._is_computed(a) else a for a in value.items]
        if not isinstance(value, ir.Expr) or value.op not in COMPUTING:
            return
        if value.op == "inplace_binop" and value.fn in IN_PLACE:
            value = statement.value = self._called(body, scope, loc, IN_PLACE[value.fn], (value.lhs, value.rhs))
        elif value.op == "call" and self._is_function(value.func):
            value.args = [self._written(body, scope, loc, a) for a in value.args]
            value.kws = [(name, self._written(body, scope, loc, a)) for name, a in value.kws]
        if count > 1:
            form = self._new(body, scope, loc, "form", value)
            statement.value = self._called(body, scope, loc, reused, (form,))

    def _written(self, body, scope, loc, variable):
        return self._new(body, scope, loc, "argument", self._called(body, scope, loc, argument, (variable,)))

    def _is_computed(self, variable):
        """Whether a variable may be a form: constants must stay in sight of Numba's own passes."""
        for _ in range(len(self._ir._definitions)):
            found = self._ir._definitions.get(variable.name, ())
            if len(found) != 1 or not isinstance(found[0], ir.Var):
                break
            variable = found[0]
        return len(found) != 1 or isinstance(found[0], ir.Expr) and found[0].op in ("phi", *COMPUTING)

    def _is_function(self, variable):
        try:
            value = self._ir.infer_constant(variable)
        except Exception:
            return False
        return isinstance(value, Dispatcher)

    def _called(self, body, scope, loc, function, args):
        name = self._new(body, scope, loc, function.__name__, ir.Global(function.__name__, function, loc))
        return ir.Expr.call(name, args, (), loc)

    def _new(self, body, scope, loc, name, value):
        variable = ir.Var(scope, mk_unique_var(f"${name}"), loc)
        scope.define(variable.name, loc) if variable.name not in scope.localvars else None
        self._ir._definitions[variable.name].append(value)
        body.append(ir.Assign(value, variable, loc))
        return variable


FuseExpressions.writers = (reused, argument)


class RecordingCompiler(CompilerBase):
    """Numba's pipeline with that pass, and with our code for array expressions."""

    def define_pipelines(self):
        pipeline = DefaultPassBuilder.define_nopython_pipeline(self.state)
        pipeline.add_pass_after(WriteStatements, ReconstructSSA)
        pipeline.add_pass_after(FuseExpressions, NopythonTypeInference)
        pipeline.add_pass_after(ClaimArrayExpressions, NopythonRewrites)
        pipeline.finalize()
        return [pipeline]


# --- copies -------------------------------------------------------------------------------------------------------

SUBSTITUTES = {}  # id of a NumPy function -> (the function, kind -> what a copy sees in its place)


def substitute(*functions):
    """Declare what copies see in the place of functions of NumPy: decorates a function of the kind of numbers."""

    def declare(make):
        make = functools.cache(make)
        for function in functions:
            SUBSTITUTES[id(function)] = function, make
        return make

    return declare


class Copies:
    """Copies of functions for one kind of numbers: what `np.zeros` makes in them.

    Parameters
    ----------
    kind : Active or Dual
    """

    def __init__(self, kind):
        self.kind = kind
        self._memo = {}
        self._called = {}  # id of a function -> ids of those that it calls
        self._returned = returned_for(kind)

    def seen(self, value, names, caller):
        """What a copy sees in the place of a global or a captured variable; of modules, what has one of the names."""
        known = SUBSTITUTES.get(id(value))
        if known is not None and known[0] is value:
            return known[1](self.kind)
        own_type = getattr(type(value), "_numba_type_", None) and value._numba_type_
        if isinstance(own_type, types.Dispatcher):  # a derivative
            value = own_type.dispatcher
        if isinstance(value, Dispatcher):
            self._called[caller].add(id(value))
            return self.of(value)
        if isinstance(value, python_types.ModuleType):
            return self._module(value, names, caller)
        if isinstance(value, tuple):
            seen = tuple(self.seen(v, names, caller) for v in value)
            return value if all(a is b for a, b in zip(seen, value)) else seen
        return value

    def _module(self, module, names, caller):
        """A module with copies of its functions, or the module itself if there are none among the names."""
        found = {name: self.seen(vars(module)[name], names, caller) for name in names if name in vars(module)}
        if all(value is vars(module)[name] for name, value in found.items()):
            return module
        copy = python_types.ModuleType(f"jittape.{module.__name__}")  # Numba rewrites `numpy.array` of lists by its name
        vars(copy).update(found)
        return copy

    def of(self, dispatcher):
        """The copy of a function, compiled when it is called."""
        if dispatcher._compiler.pipeline_class is RecordingCompiler:
            return dispatcher
        if hasattr(dispatcher, "nested"):  # a derivative runs on any numbers as it is
            return dispatcher.nested
        found = self._memo.get(id(dispatcher))
        return self._new(dispatcher) if found is None else found[1]

    def _new(self, dispatcher):
        function = dispatcher.py_func
        cells = tuple(python_types.CellType() for _ in function.__closure__ or ())
        copy = python_types.FunctionType(
            function.__code__, dict(function.__globals__), function.__name__, function.__defaults__, cells
        )
        copy.__kwdefaults__ = function.__kwdefaults__
        copy.__module__, copy.__qualname__ = function.__module__, function.__qualname__
        options = {k: v for k, v in dispatcher.targetoptions.items() if k not in ("nopython", "parallel")}
        result = numba.njit(copy, pipeline_class=RecordingCompiler, **{**options, **INTERNAL})
        self._called[id(dispatcher)] = set()
        copy.returned = functools.partial(self._returned_by, id(dispatcher))
        self._memo[id(dispatcher)] = dispatcher, result  # before what it sees: it may see itself
        names = set(_names(function.__code__))
        for own, cell in zip(cells, function.__closure__ or ()):
            own.cell_contents = self.seen(cell.cell_contents, names, id(dispatcher))
        for name in names & copy.__globals__.keys():
            copy.__globals__[name] = self.seen(copy.__globals__[name], names, id(dispatcher))
        return result

    def _returned_by(self, function):
        """What a function that calls itself, in however many steps, returns through; None for others."""
        reached, queue = set(), list(self._called[function])
        while queue:
            called = queue.pop()
            if called not in reached:
                reached.add(called)
                queue.extend(self._called.get(called, ()))
        return self._returned if function in reached else None


def _names(code):
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, python_types.CodeType):
            yield from _names(constant)


copies_for = functools.cache(Copies)
