"""Numba's compiler, cut down to what this library's own functions need.

A first gradient compiles more than a hundred small functions, and most of the time went into what nobody uses:
machine code and a C wrapper of every helper beside its copies in the callers, a pass manager for every function of
every module, passes for closures, array expressions and unrolled tuples, and Python's garbage collector.  Without
them it takes two thirds of the time, and the code is as fast.

Of what was left a fifth went into arithmetic on words: a search for what ``+`` means at every occurrence, twice for the
types and three times for the code, and reference counts of numbers.  Here operators are looked up once and integers are
single instructions.
"""

import contextlib
import functools
import gc
import hashlib
import operator
import pathlib

from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase
from numba.core.compiler_machinery import PassManager, register_pass
from numba.core.lowering import Lower
from numba.core.typed_passes import (
    AnnotateTypes, BaseNativeLowering, IRLegalization, NoPythonBackend, NopythonTypeInference, PreLowerStripPhis,
)
from numba.core.untyped_passes import (
    DeadBranchPrune, FixupArgs, GenericRewrites, IRProcessing, ReconstructSSA, RewriteDynamicRaises, RewriteSemanticConstants,
    TranslateByteCode,
)

PLAIN = (types.Integer, types.Float, types.Boolean)  # types of numbers, literal ones too: they own no memory
INSTRUCTIONS = {
    operator.add: "add", operator.sub: "sub", operator.mul: "mul", operator.and_: "and_", operator.or_: "or_",
    operator.xor: "xor", operator.lshift: "shl", operator.rshift: "ashr",
    operator.iadd: "add", operator.isub: "sub", operator.imul: "mul", operator.iand: "and_", operator.ior: "or_",
    operator.ixor: "xor", operator.ilshift: "shl", operator.irshift: "ashr",
}
COMPARISONS = {operator.lt: "<", operator.le: "<=", operator.gt: ">", operator.ge: ">=", operator.eq: "==", operator.ne: "!="}


class RememberingContext:
    """Numba's typing context, which remembers what operators mean for numbers."""

    def __init__(self, context):
        self._context, self._known = context, {}

    def __getattr__(self, name):
        return getattr(self._context, name)

    def resolve_function_type(self, function, args, kws):
        if not _is_operator(function) or not all(isinstance(a, PLAIN) for a in args):
            return self._context.resolve_function_type(function, args, kws)
        key = function, tuple(map(types.unliteral, args))
        if key not in self._known:
            self._known[key] = self._context.resolve_function_type(function, args, kws)
        return self._known[key]


def _is_operator(function):
    return isinstance(function, types.Function) and getattr(function.typing_key, "__module__", "") == operator.add.__module__


remembering = functools.cache(RememberingContext)


class WordLowering(Lower):
    """Numba's code generator, with short ways for numbers."""

    def incref(self, typ, val):
        if not isinstance(typ, PLAIN):
            super().incref(typ, val)

    def decref(self, typ, val):
        if not isinstance(typ, PLAIN):
            super().decref(typ, val)

    def delvar(self, name):
        if not isinstance(self.typeof(name), PLAIN):
            super().delvar(name)
        elif name not in self._blk_local_varmap:
            self._singly_assigned_vars.discard(name)

    def lower_binop(self, resty, expr, op):
        kinds = [types.unliteral(self.typeof(variable.name)) for variable in (expr.lhs, expr.rhs)]
        if kinds == [types.int64, types.int64] and (op in INSTRUCTIONS or op in COMPARISONS):
            values = self.loadvar(expr.lhs.name), self.loadvar(expr.rhs.name)
            if op in COMPARISONS:
                return self.context.cast(self.builder, self.builder.icmp_signed(COMPARISONS[op], *values), types.boolean, resty)
            return self.context.cast(self.builder, getattr(self.builder, INSTRUCTIONS[op])(*values), types.int64, resty)
        return super().lower_binop(resty, expr, op)


@register_pass(mutates_CFG=True, analysis_only=False)
class NativeLowering(BaseNativeLowering):
    """Numba's pass of this name."""

    _name = "native_lowering"
    lowering_class = WordLowering


PASSES = (
    TranslateByteCode, FixupArgs, IRProcessing, RewriteSemanticConstants, DeadBranchPrune, GenericRewrites,
    RewriteDynamicRaises, ReconstructSSA, NopythonTypeInference, PreLowerStripPhis, IRLegalization, AnnotateTypes,
    NativeLowering, NoPythonBackend,
)


@functools.cache
def stamp():
    """Hash of this module: what it compiles to is part of how functions are known on disk."""
    return hashlib.sha256(pathlib.Path(__file__).read_bytes()).hexdigest()


class Library(JITCodeLibrary):
    """The code of a function and of those it calls: optimised once, as a whole, when all of it is there.

    Numba optimises twice, to remove reference counts in between.
    """

    def __init__(self, codegen, name):
        super().__init__(codegen, name)
        self.enable_object_caching()

    def _optimize_functions(self, ll_module):
        ll_module.data_layout = self._codegen._data_layout

    def _optimize_final_module(self):
        passes, builder = self._codegen._module_pass_manager()
        passes.run(self._final_module, builder)


class LinkedLibrary(Library):
    """Code that is only ever linked into callers: no machine code is made of it alone."""

    _optimize_functions = JITCodeLibrary._optimize_functions

    def _optimize_final_module(self):
        """Callers do, once for all the levels of functions in them."""

    def _finalize_final_module(self):
        self._finalized = True

    # Numba asks for the addresses of a wrapper for Python and of a cell for constants: there is neither.

    def get_pointer_to_function(self, name):
        return 0

    @property
    def codegen(self):
        return self

    def set_env(self, name, env):
        pass


@contextlib.contextmanager
def uncollected():
    """Without the garbage collector: it would visit what Numba and LLVM's bindings hold again and again, and free little."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


class Pipeline(CompilerBase):
    """How a function is compiled, by who calls it.

    Numba compiles a helper again for callers with other flags.  Wrappers are flags, so all functions are declared
    without any, and get theirs here, where those that they call do not see it.
    """

    library, from_python, by_address = Library, False, False

    def compile_extra(self, func):
        with uncollected():
            return super().compile_extra(func)

    def define_pipelines(self):
        state = self.state
        state.typingctx = remembering(state.typingctx)
        state.library = self.library(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_cpython_wrapper = not self.from_python
        state.flags.no_cfunc_wrapper = not self.by_address
        passes = PassManager("engine")
        for each in PASSES:
            passes.add_pass(each, each.__name__)
        passes.finalize()
        return [passes]


class CalledFromPython(Pipeline):
    """A function with a wrapper for Python."""

    from_python = True


class CalledByAddress(Pipeline):
    """A function with a C interface."""

    by_address = True


class CalledByCompiled(Pipeline):
    """A function that becomes part of its callers."""

    library = LinkedLibrary
