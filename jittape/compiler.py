"""Numba's compiler, cut down to what this library's own functions need.

A first gradient compiles more than a hundred small functions, and most of the time went into what nobody uses:
machine code and a C wrapper of every helper beside its copies in the callers, a pass manager for every function of
every module, passes for closures, array expressions and unrolled tuples, and Python's garbage collector.  Without
them it takes two thirds of the time, and the code is as fast.
"""

import contextlib
import gc

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase
from numba.core.compiler_machinery import PassManager
from numba.core.typed_passes import (
    AnnotateTypes, IRLegalization, NativeLowering, NoPythonBackend, NopythonTypeInference, PreLowerStripPhis,
)
from numba.core.untyped_passes import (
    DeadBranchPrune, FixupArgs, GenericRewrites, IRProcessing, ReconstructSSA, RewriteDynamicRaises, RewriteSemanticConstants,
    TranslateByteCode,
)

PASSES = (
    TranslateByteCode, FixupArgs, IRProcessing, RewriteSemanticConstants, DeadBranchPrune, GenericRewrites,
    RewriteDynamicRaises, ReconstructSSA, NopythonTypeInference, PreLowerStripPhis, IRLegalization, AnnotateTypes,
    NativeLowering, NoPythonBackend,
)


class Library(JITCodeLibrary):
    """The code of a function and of those it calls: optimised once, as a whole, when all of it is there."""

    def __init__(self, codegen, name):
        super().__init__(codegen, name)
        self.enable_object_caching()

    def _optimize_functions(self, ll_module):
        ll_module.data_layout = self._codegen._data_layout


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
