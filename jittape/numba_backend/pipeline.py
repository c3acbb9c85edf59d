"""Numba's compiler, cut down to what this library's own functions need.

A first gradient compiles more than a hundred small functions, and most of the time went into what nobody uses:
machine code and a C wrapper of every helper beside its copies in the callers, a pass manager for every function of
every module, passes for closures, array expressions and unrolled tuples, and Python's garbage collector.  Without
them it takes two thirds of the time, and the code is as fast.  What types and code cost is the subject of ``inference``
and ``lowering``.
"""

import itertools

from numba.core import ir
from numba.core.analysis import dead_branch_prune, rewrite_semantic_constants
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase
from numba.core.ir_utils import build_definitions
from numba.core.ssa import reconstruct_ssa
from numba.core.targetconfig import ConfigStack
from numba.core.typed_passes import IRLegalization, NoPythonBackend, PreLowerStripPhis
from numba.core.untyped_passes import FixupArgs, GenericRewrites, RewriteDynamicRaises, TranslateByteCode

from .c_functions import c_function
from .collector_pause import uncollected
from .type_inference import RefreshedContext, infer_types, remembering
from .llvm_codegen import NativeLowering, owns_memory

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
    if any(owns_memory(models, each) for each in set(state.typemap.values())):
        _legalize(state)


_rewrite_constants, _rewrite_raises = GenericRewrites().run_pass, RewriteDynamicRaises().run_pass
_strip_phis, _legalize = PreLowerStripPhis()._strip_phi_nodes, IRLegalization().run_pass

PASSES = (
    TranslateByteCode().run_pass, FixupArgs().run_pass, prune_dead_branches, rewrite, assign_once,
    infer_types, strip_phis, end_lifetimes, NativeLowering().run_pass, NoPythonBackend().run_pass,
)


class Library(JITCodeLibrary):
    """The code of a function and of those it calls: optimised once, as a whole, when all of it is there.

    Numba optimises twice, to remove reference counts in between.
    """

    quiet = None  # the descriptor of the function, if it never raises
    takes_objects = False  # whether its C interface takes objects of Python

    def __init__(self, codegen, name):
        super().__init__(codegen, name)
        self.enable_object_caching()

    def adopt(self, function):
        """Told of the function that the library is made for, before its code is."""

    def _optimize_functions(self, ll_module):
        ll_module.data_layout = self._codegen._data_layout

    def _optimize_final_module(self):
        passes, builder = self._codegen._module_pass_manager()
        passes.run(self._final_module, builder)


class EntryLibrary(Library):
    """The code of an entry point."""

    takes_objects = True


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


class HelperLibrary(LinkedLibrary):
    """The code of one function, which is a part of whatever it is linked into."""

    def adopt(self, function):
        self._symbol = function.name

    def _optimize_functions(self, ll_module):
        ll_module.data_layout = self._codegen._data_layout
        passes, builder = self._codegen._function_pass_manager()
        passes.run(ll_module.get_function(self._symbol), builder)

    def _finalize_final_module(self):
        """Any number of callers link this code: every definition in it may be repeated.

        Not only the function's own: a `raise` with values of run time brings helpers along, depending on the version of
        Python, and two modules that hold one of them could not be linked.
        """
        super()._finalize_final_module()
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage.name == "external":
                function.linkage = "linkonce_odr"

    def _get_module_for_linking(self):
        self._ensure_finalized()
        return self._final_module


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


class CalledFromPython(Pipeline):
    """A function with Numba's wrapper for Python."""

    from_python = True


class CalledAsEntry(Pipeline):
    """A function with a C interface that takes objects of Python: an entry point."""

    library, by_address = EntryLibrary, True


class CalledByAddress(Pipeline):
    """A function with a C interface."""

    by_address = True


class CalledByCompiled(Pipeline):
    """A function that becomes part of its callers."""

    library = HelperLibrary


# What decorators give to Numba (see `compiler_choice`).  Wrappers are options too, and a helper would be compiled again for
# callers with other options: functions are declared without wrappers, and the pipelines above make those that are needed.
_DECLARED = {"no_cpython_wrapper": True}
FROM_PYTHON = {"pipeline_class": CalledFromPython, **_DECLARED}
ENTRY = {"pipeline_class": CalledAsEntry, **_DECLARED}
BY_ADDRESS = {"pipeline_class": CalledByAddress, **_DECLARED}
IN_CALLERS = {"pipeline_class": CalledByCompiled}
WITHOUT_WRAPPER = {"pipeline_class": Pipeline, "no_cfunc_wrapper": True, **_DECLARED}

PARTS = "pipeline", "type_inference", "llvm_codegen", "pointers"  # files that decide what code looks like


def link_only(state):
    """Let no machine code be made of a function that is only ever linked into callers.

    Parameters
    ----------
    state : StateDict
        Of the compiler of that function, before its first pass.
    """
    state.library = LinkedLibrary(state.targetctx.codegen(), state.func_id.func_qualname)


def function_of(found, name):
    """The function of Python that calls a compiled entry point (see `c_functions`).

    Parameters
    ----------
    found : CompileResult
        Numba's account of the compiled function.
    name : str
    """
    return c_function(name, found.library.get_pointer_to_function(found.fndesc.llvm_cfunc_wrapper_name), found.library)
