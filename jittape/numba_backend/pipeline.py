"""The library's own compiler: Numba's, cut down to what the library's own functions need.

A first gradient compiles more than a hundred small functions.  For each of them Numba runs two dozen passes (closures, array
expressions, unrolled tuples, lifetimes of variables), optimises the function with all that it calls, makes machine code and a C
wrapper of it, and then links its unoptimised code into the callers, where all of this happens again.

Here a function goes through the ten passes in ``PASSES``.  What becomes of its code depends on who calls it: a helper is
simplified by itself and kept as LLVM code for its callers (`HelperLibrary`); a function that Python or an address calls is linked
with its helpers, optimised once and made machine code (`CodeLibrary`).  With ``type_inference`` and ``llvm_codegen`` a first
gradient takes 5 s of processor time in place of 13, and the machine code is as fast.

It overrides parts of Numba that are not promised to stay: ``CompilerBase._compile_core``, methods of ``JITCodeLibrary`` and the
names of passes.  ``numba_pipeline`` has the same names without any of it, and ``compiler_choice`` takes that one for versions of
Numba that were not tested.
"""

import itertools

from llvmlite.binding import parse_bitcode
from llvmlite.binding.newpassmanagers import NewPassManager
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
from .llvm_codegen import GenerateCode, owns_memory

# --- passes: functions of the compiler's state, in the order of `PASSES` ----------------------------------------------
#
# After each of its passes Numba computes the lifetimes of all variables again.  Nothing here needs them before the end, and then
# only for functions whose variables own memory.


def prune_dead_branches(state):
    """Drop branches on constants, such as the options in the closure of a kernel."""
    rewrite_semantic_constants(state.func_ir, state.args)
    dead_branch_prune(state.func_ir, state.args)


def rewrite(state):
    """Make constants of constant indices, and prepare the values that a `raise` takes along."""
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
    """Give every assignment a variable of its own (static single assignment)."""
    state.func_ir = reconstruct_ssa(state.func_ir)
    state.func_ir._definitions = build_definitions(state.func_ir.blocks)


def strip_phis(state):
    """Make assignments of what merges variables where branches meet."""
    state.func_ir = _strip_phis(state.func_ir)
    state.func_ir._definitions = build_definitions(state.func_ir.blocks)


def end_lifetimes(state):
    """Say where variables end, for the code that gives up the references they hold; most functions hold none."""
    models = state.targetctx.data_model_manager
    if any(owns_memory(models, each) for each in set(state.typemap.values())):
        _legalize(state)


_rewrite_constants, _rewrite_raises = GenericRewrites().run_pass, RewriteDynamicRaises().run_pass
_strip_phis, _legalize = PreLowerStripPhis()._strip_phi_nodes, IRLegalization().run_pass

PASSES = (
    TranslateByteCode().run_pass,
    FixupArgs().run_pass,
    prune_dead_branches,
    rewrite,
    assign_once,
    infer_types,
    strip_phis,
    end_lifetimes,
    GenerateCode().run_pass,
    NoPythonBackend().run_pass,
)


# --- the code of a function and of those it calls ------------------------------------------------------------------------


def run_passes(passes, builder, code):
    """Run LLVM's passes over a module or a function, once, and free them.

    The destructor that llvmlite gives to the list of passes is hidden by one that does nothing: each list of Numba's defaults
    left 25 kB behind, and a gradient made a hundred of them.
    """
    try:
        passes.run(code, builder)
    finally:
        NewPassManager._dispose(passes)
        passes.detach()


def simplify(codegen, ll_module):
    """Simplify the functions of a module one by one, for callers. Numba does so with its declarations, too."""
    ll_module.data_layout = codegen._data_layout
    for function in ll_module.functions:
        if not function.is_declaration:
            run_passes(*codegen._function_pass_manager(), function)


class CodeLibrary(JITCodeLibrary):
    """The code of a function with that of its helpers: optimised once, as a whole, when all of it is there.

    Numba optimises every function before it is linked, and the whole twice, to remove reference counts in between.
    """

    infallible = None  # Numba's descriptor of the function, if it cannot raise
    takes_objects = False  # whether its C interface takes objects of Python

    def __init__(self, codegen, name):
        super().__init__(codegen, name)
        self.enable_object_caching()

    def function_lowered(self, function):
        """Called with the LLVM function that the library is made for, before its code is optimised."""

    def _optimize_functions(self, ll_module):
        ll_module.data_layout = self._codegen._data_layout

    def _optimize_final_module(self):
        run_passes(*self._codegen._module_pass_manager(), self._final_module)


class EntryLibrary(CodeLibrary):
    """The code of an entry point, whose C interface is that of a function of Python."""

    takes_objects = True


LINKED = "jittape_linked"  # the kind of what lies on disk of a `LinkedLibrary`, beside Numba's "object" and "bitcode"


class LinkedLibrary(CodeLibrary):
    """Code that is only ever linked into callers: no machine code is made of it alone.

    Numba asks a finished library for the address of its wrapper, and writes its constants into a global of the machine code.
    There is neither.
    """

    def _optimize_final_module(self):
        """Left to the callers, which optimise all the levels of functions in them at once."""

    def _finalize_final_module(self):
        """Any number of callers link this code: every definition in it may be repeated.

        Not only the function's own: a `raise` with values of run time brings helpers along, depending on the version of
        Python, and two modules that hold one of them could not be linked.
        """
        self._finalized = True
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage.name == "external":
                function.linkage = "linkonce_odr"

    def _get_module_for_linking(self):
        self._ensure_finalized()
        return self._final_module

    def serialize_using_object_code(self):
        return self.name, LINKED, self._final_module.as_bitcode()

    def get_pointer_to_function(self, name):
        return 0

    @property
    def codegen(self):
        return self

    def set_env(self, name, env):
        pass


def library_from_disk(codegen, state):
    """The library that was made bytes: ``(name, kind, data)``.

    Numba's own are loaded as machine code, whoever calls them; that takes twice as long as LLVM's code alone.
    """
    name, kind, data = state
    if kind != LINKED:
        return codegen.unserialize_library(state)
    library = LinkedLibrary(codegen, name)
    library._final_module, library._finalized = parse_bitcode(data), True
    return library


class HelperLibrary(LinkedLibrary):
    """The code of a helper, simplified by itself so that its callers have less to do."""

    def function_lowered(self, function):
        self._symbol = function.name

    def _optimize_functions(self, ll_module):
        super()._optimize_functions(ll_module)
        run_passes(*self._codegen._function_pass_manager(), ll_module.get_function(self._symbol))


class LinkingLibrary(JITCodeLibrary):
    """The code of a function with that of those it calls, which is optimised twice, as Numba's is.

    The first passes inline what is called, so that references which a caller takes and a function drops are removed; the second
    ones optimise what is left.
    """

    def __init__(self, codegen, name):
        super().__init__(codegen, name)
        self.enable_object_caching()

    def _optimize_functions(self, ll_module):
        simplify(self._codegen, ll_module)

    def _optimize_final_module(self):
        codegen = self._codegen
        cheap = {"loop_vectorize": codegen._loopvect, "opt": codegen._opt_level, "slp_vectorize": False, "cost": "cheap"}
        run_passes(*codegen._module_pass_manager(**cheap), self._final_module)
        run_passes(*codegen._module_pass_manager(), self._final_module)


class Pipeline(CompilerBase):
    """How a function is compiled; the classes below say what for.

    Numba compiles a helper again for every caller with other flags, and which wrappers a function has is among the flags.  So all
    functions are declared without wrappers, and get theirs in `_compile_core`, where the functions that they call do not see it.

    Attributes
    ----------
    library : type
        What becomes of the code.
    from_python, by_address : bool
        Whether there is Numba's wrapper for Python, and whether there is a C interface.
    """

    library, from_python, by_address = CodeLibrary, False, False

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


def link_into(state):
    """Make machine code of a function that such functions are linked into.

    Parameters
    ----------
    state : StateDict
        Of the compiler of that function, before its first pass.
    """
    state.library = LinkingLibrary(state.targetctx.codegen(), state.func_id.func_qualname)


def function_of(found, name):
    """The function of Python that calls a compiled entry point (see `c_functions`).

    Parameters
    ----------
    found : CompileResult
        Numba's account of the compiled function.
    name : str
    """
    return c_function(name, found.library.get_pointer_to_function(found.fndesc.llvm_cfunc_wrapper_name), found.library)
