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
import itertools
import operator
import pathlib

from llvmlite.ir import Constant, IntType
from numba.core import cgutils, ir, types
from numba.core.analysis import dead_branch_prune, rewrite_semantic_constants
from numba.core.callconv import RETCODE_OK
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase
from numba.core.ir_utils import build_definitions
from numba.core.lowering import Lower
from numba.core.ssa import reconstruct_ssa
from numba.core.targetconfig import ConfigStack
from numba.core.typed_passes import BaseNativeLowering, IRLegalization, NoPythonBackend, NopythonTypeInference, PreLowerStripPhis
from numba.core.untyped_passes import FixupArgs, GenericRewrites, RewriteDynamicRaises, TranslateByteCode

WORD = IntType(64)
PLAIN = (types.Integer, types.Float, types.Boolean)  # types of numbers, literal ones too: they own no memory
INSTRUCTIONS = {
    operator.add: "add", operator.sub: "sub", operator.mul: "mul", operator.and_: "and_", operator.or_: "or_",
    operator.xor: "xor", operator.lshift: "shl", operator.rshift: "ashr",
    operator.iadd: "add", operator.isub: "sub", operator.imul: "mul", operator.iand: "and_", operator.ior: "or_",
    operator.ixor: "xor", operator.ilshift: "shl", operator.irshift: "ashr",
}
COMPARISONS = {operator.lt: "<", operator.le: "<=", operator.gt: ">", operator.ge: ">=", operator.eq: "==", operator.ne: "!="}


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
    """The context for functions with these flags, in words."""
    return RememberingContext(context)


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

    def lower(self):
        super().lower()
        ends = [block.terminator for block in self.function.blocks]
        codes = [getattr(end.operands[0], "constant", None) for end in ends if end.opname == "ret"]
        if set(codes) == {RETCODE_OK.constant} and not isinstance(self.fndesc.restype, types.Optional):
            self.library.quiet = self.fndesc

    def _lower_call_normal(self, fnty, expr, signature):
        if expr.target is not None or signature.recvr:
            return super()._lower_call_normal(fnty, expr, signature)
        args = self.fold_call_args(fnty, signature, expr.args, expr.vararg, expr.kws)
        if signature.args == (types.boolean,) and getattr(fnty, "typing_key", None) is bool:  # the test of every branch
            return args[0]
        meaning = self.context.get_function(fnty, signature)
        libraries = getattr(meaning, "libs", ())
        if len(libraries) == 1 and getattr(libraries[0], "quiet", None):
            return self._call_quiet(libraries[0], args)
        return meaning(self.builder, args, self.loc)

    def _call_quiet(self, library, args):
        """Call a function that never raises: no status to look at, none to hand on."""
        context, builder, called = self.context, self.builder, library.quiet
        function = context.declare_function(builder.module, called)
        result, status = function.args[:2]
        place = cgutils.alloca_once(builder, result.type.pointee)
        values = context.call_conv._get_arg_packer(called.argtypes).as_arguments(builder, args)
        builder.call(function, [place, Constant(status.type, None), *values])
        context.add_linking_libs([library])
        return context.get_returned_value(builder, called.restype, builder.load(place))

    def lower_expr(self, resty, expr):
        if expr.op == "getiter" and resty == types.range_iter64_type:
            made = self.func_ir.get_definition(expr.value)
            if getattr(made, "op", None) == "call" and len(made.args) < 3:
                return self._by_ones(self.loadvar(expr.value.name))
        return super().lower_expr(resty, expr)

    def _by_ones(self, numbers):
        """The iterator of a range without a step: Numba's divides by the step, and raises where it is zero."""
        builder, zero, one = self.builder, Constant(WORD, 0), Constant(WORD, 1)
        start, stop = builder.extract_value(numbers, 0), builder.extract_value(numbers, 1)
        iterator = cgutils.create_struct_proxy(types.range_iter64_type)(self.context, builder)
        iterator.iter, iterator.count = cgutils.alloca_once(builder, WORD), cgutils.alloca_once(builder, WORD)
        iterator.stop, iterator.step = stop, one
        left = builder.sub(stop, start)
        builder.store(start, iterator.iter)
        builder.store(builder.select(builder.icmp_signed(">", left, zero), left, zero), iterator.count)
        return iterator._getvalue()

    def lower_binop(self, resty, expr, op):
        kinds = [types.unliteral(self.typeof(variable.name)) for variable in (expr.lhs, expr.rhs)]
        if kinds == [types.int64, types.int64] and (op in INSTRUCTIONS or op in COMPARISONS):
            values = self.loadvar(expr.lhs.name), self.loadvar(expr.rhs.name)
            if op in COMPARISONS:
                return self.context.cast(self.builder, self.builder.icmp_signed(COMPARISONS[op], *values), types.boolean, resty)
            return self.context.cast(self.builder, getattr(self.builder, INSTRUCTIONS[op])(*values), types.int64, resty)
        return super().lower_binop(resty, expr, op)


class NativeLowering(BaseNativeLowering):
    """Numba's pass of this name."""

    lowering_class = WordLowering


# Numba's passes, for what there is: most functions of the engine have words only, and Numba computes the lifetimes of
# variables again after every pass, makes statements of them and gives up references there.


def prune_dead_branches(state):
    rewrite_semantic_constants(state.func_ir, state.args)
    dead_branch_prune(state.func_ir, state.args)


def rewrite(state):
    """Constants in indices and in what is raised."""
    if any(map(_is_rewritten, _statements(state.func_ir))):
        _rewrite_constants(state)
        _rewrite_raises(state)


def _statements(function):
    return itertools.chain.from_iterable(block.body for block in function.blocks.values())


def _is_rewritten(statement):
    if isinstance(statement, ir.Assign):
        return isinstance(statement.value, ir.Expr) and statement.value.op == "getitem"
    return isinstance(statement, (ir.SetItem, ir.Raise))


def assign_once(state):
    state.func_ir = reconstruct_ssa(state.func_ir)
    state.func_ir._definitions = build_definitions(state.func_ir.blocks)


def strip_phis(state):
    state.func_ir = _strip_phis(state.func_ir)
    state.func_ir._definitions = build_definitions(state.func_ir.blocks)


def end_lifetimes(state):
    models = state.targetctx.data_model_manager
    if any(models[each].contains_nrt_meminfo() for each in set(state.typemap.values())):
        _legalize(state)


_rewrite_constants, _rewrite_raises = GenericRewrites().run_pass, RewriteDynamicRaises().run_pass
_strip_phis, _legalize = PreLowerStripPhis()._strip_phi_nodes, IRLegalization().run_pass

PASSES = (
    TranslateByteCode().run_pass, FixupArgs().run_pass, prune_dead_branches, rewrite, assign_once,
    NopythonTypeInference().run_pass, strip_phis, end_lifetimes, NativeLowering().run_pass, NoPythonBackend().run_pass,
)


@functools.cache
def stamp():
    """Hash of this module: what it compiles to is part of how functions are known on disk."""
    return hashlib.sha256(pathlib.Path(__file__).read_bytes()).hexdigest()


class Library(JITCodeLibrary):
    """The code of a function and of those it calls: optimised once, as a whole, when all of it is there.

    Numba optimises twice, to remove reference counts in between.
    """

    quiet = None  # the descriptor of the function, if it never raises

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

    def _optimize_functions(self, ll_module):
        super()._optimize_functions(ll_module)
        passes, builder = self._codegen._function_pass_manager()
        for function in ll_module.functions:
            if not function.is_declaration:
                passes.run(function, builder)

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

    def __init__(self, typingctx, targetctx, library, args, return_type, flags, locals):
        if ConfigStack.top_or_none() is None:  # not for a function that is being compiled
            typingctx.refresh()
            targetctx.refresh()
        typing, target = remembering(typingctx, flags.summary()), RefreshedContext(targetctx)
        super().__init__(typing, target, library, args, return_type, flags, locals)
        self.state.targetctx.get_abi_sizeof = _no_size

    def compile_extra(self, func):
        with uncollected():
            return super().compile_extra(func)

    def _compile_core(self):
        state = self.state
        with ConfigStack().enter(state.flags.copy()):
            state.library = self.library(state.targetctx.codegen(), state.func_id.func_qualname)
            state.flags.no_cpython_wrapper = not self.from_python
            state.flags.no_cfunc_wrapper = not self.by_address
            for each in PASSES:
                each(state)
            return state.cr


def _no_size(kind):
    """Sizes of variables are for debuggers, and cost Numba a module of LLVM each."""
    return 0


class CalledFromPython(Pipeline):
    """A function with a wrapper for Python."""

    from_python = True


class CalledByAddress(Pipeline):
    """A function with a C interface."""

    by_address = True


class CalledByCompiled(Pipeline):
    """A function that becomes part of its callers."""

    library = LinkedLibrary
