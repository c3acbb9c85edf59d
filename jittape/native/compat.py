"""What the derivatives of compiled functions use of Numba's and llvmlite's private parts, by name.

``jittape.native`` adds number types, passes over typed code and generated code to Numba.  Only a part of what that needs is
in ``numba.types`` and ``numba.extending``, which Numba documents and keeps.  Everything else is imported here and nowhere else
in ``native``, so when a release of Numba moves or changes a name, this page is where to look, and the comments say which
derivatives depend on it.  ``tests/test_numba_imports.py`` holds the rule.
"""

# ruff: noqa: F401  (names for the other modules)

# Building code: llvmlite's model of LLVM's language, and the address of a symbol that generated code refers to.
from llvmlite import ir as llvm_ir
from llvmlite.binding import add_symbol

# Building code: Numba's helpers.  They write a few instructions each: a slot on the stack, a branch that is rarely taken, a loop
# over the elements of an array, the fields of a tuple or of a structure that a data model describes.
from numba.core.cgutils import (
    alloca_once,
    alloca_once_value,
    create_struct_proxy,
    gep_inbounds,
    if_unlikely,
    loop_nest,
    memset,
    raw_memcpy,
    unpack_tuple,
)

# Arrays of differential numbers are Numba's arrays: their memory, their header, whether two of them overlap, and the broadcasting
# iteration of ufuncs.  The two functions with an underscore are how Numba itself compiles a whole-array expression.
from numba.np.arrayobj import extents_may_overlap, get_array_memory_extents, intrin_alloc, populate_array
from numba.np.npyimpl import _build_array as build_array
from numba.np.npyimpl import _prepare_argument as prepare_argument

# Calls: defaults of a user's function, results that may be None, references that a result takes along, and the error model under
# which the arithmetic of the library divides by zero.
from numba.core.callconv import NumpyErrorModel
from numba.core.imputils import fix_returning_optional, impl_ret_borrowed

# Settings of the process, such as NUMBA_BOUNDSCHECK.
from numba.core import config

# Calls that Numba's passes look for by the function (``numba.literal_unroll`` is another).
from numba import literally

# Constants of a user's function that are assigned to a variable of a differential type.
from numba.core.imputils import lower_constant
from numba.core.typing import fold_arguments

# Types: how a call is typed, and which conversions between differential numbers lose nothing.
from numba.core.typeconv import Conversion
from numba.core.typing import signature
from numba.core.typing.templates import make_callable_template

# Tuples of numbers that differ in what is differentiated: Numba's representation, and its code for tuples of equal members.
from numba.core.datamodel.models import OpaqueModel, TupleModel
from numba.core.utils import pysignature
from numba.cpython.tupleobj import getitem_unituple as item_of_tuple
from numba.cpython.tupleobj import getiter_unituple as iterator_of_tuple

# The overloads that Numba knows of a function, which are asked what they run on floats.
from numba.core.registry import cpu_target
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer, infer_getattr, infer_global
from numba.core.typing.templates import _OverloadFunctionTemplate as OverloadTemplate

# Errors that explain a user's mistake (raised while a derivative is typed), and their base class, which is caught.
from numba.core.errors import LoweringError, NumbaError, TypingError

# Passes: the library's own passes over the copy of a function, the passes of Numba that they follow or replace, the generator of
# code that one of them extends, and the nodes of the code they read and write.
from numba.core import ir as numba_ir
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import FunctionPass, register_pass
from numba.core.ir_utils import mk_unique_var
from numba.core.lowering import Lower
from numba.core.typed_passes import NativeLowering, NopythonRewrites, PreLowerStripPhis
from numba.core.untyped_passes import LiteralPropagationSubPipelinePass as LiteralPropagation
from numba.core.untyped_passes import ReconstructSSA

# Typed code of a function without machine code: what adjoints are compiled from (`loops`). Its blocks and loops, its exceptions,
# and the address of an element of an array.
from numba.core.analysis import compute_cfg_from_blocks
from numba.core.cgutils import get_item_pointer2
from numba.core.compiler import Flags, compile_extra
from numba.core.typed_passes import NopythonTypeInference

# Functions of users' that NumPy calls element by element, or along the last axes.
from numba.np.ufunc.dufunc import DUFunc

# How percentiles and medians pick elements, which may be equal ones.
from numba.np.arraymath import _select as select_one
from numba.np.arraymath import _select_two as select_two

# C callbacks (``@cfunc``), which compiled functions may call by name.
from numba.core.ccallback import CFunc
from numba.np.ufunc.gufunc import GUFunc

# The type of a value of Python's as bytes, twenty times as fast as the type itself.
from numba._dispatcher import compute_fingerprint

# Compiled functions: their class, the lock that one thread holds while it compiles, and whether they are kept on disk.
from numba.core.caching import NullCache
from numba.core.compiler_lock import global_compiler_lock
from numba.core.dispatcher import Dispatcher


def typing_context():
    """What Numba knows of the types of functions, with all that was registered until now."""
    cpu_target.typing_context.refresh()
    return cpu_target.typing_context


def answers_first(template):
    """Let a template be asked before those that Numba has of the same key, which would answer, too; decorates it."""
    context = cpu_target.typing_context
    context._functions[template.key].insert(0, template(context))
    return template


def flags_of(dispatcher):
    """The options of a compiled function as they hold when Python calls it, whatever is being compiled now."""
    flags = Flags()
    flags.nrt, flags.fastmath, flags.error_model, flags.forceinline = True, False, "python", False  # else those of the caller
    dispatcher.targetdescr.options.parse_as_flags(flags, dispatcher.targetoptions)
    return flags


def is_kept_on_disk(dispatcher):
    """Whether a compiled function was declared with ``cache=True``."""
    return not isinstance(dispatcher._cache, NullCache)


def values_compiled_in(dispatcher):
    """The values of globals and captured variables that the machine code of a function was made with, by name.

    Those of the signature compiled last.  Empty for a function that is not compiled yet, or whose machine code comes from a
    cache on disk: Numba keeps no intermediate code there, and the cache was made from the file as it stands.  A function that is
    declared with signatures is compiled before its own name is bound; there that name stands for the function.
    """
    found = {}
    for result in list(dispatcher.overloads.values())[-1:]:
        blocks = getattr(result.type_annotation, "blocks", None) or {}
        for block in blocks.values():
            for statement in block.find_insts(numba_ir.Assign):
                if isinstance(statement.value, (numba_ir.Global, numba_ir.FreeVar)):
                    value = statement.value.value
                    found[statement.value.name] = dispatcher if value is numba_ir.UNDEFINED else value
    return found


def compile_what_types_choose(dispatcher, choose):
    """Let the types of the arguments choose the function of Python that a dispatcher compiles: ``choose(types)`` returns it."""

    def implementation(args, kwargs):
        return choose(args)

    dispatcher._compiler._get_implementation = implementation


def options_of_callback(callback):
    """The options that a C callback was declared with."""
    return {**callback._compiler.targetoptions, "locals": callback._compiler.locals}


def overload_templates(function):
    """What Numba keeps of the overloads of a function; nothing if it knows the function in other ways too."""
    try:
        known = typing_context().resolve_value_type(function)
    except (NumbaError, TypeError, ValueError):  # Numba does not know it
        return []
    templates = getattr(known, "templates", ())
    return list(templates) if all(issubclass(t, OverloadTemplate) for t in templates) else []


def values_compiled_into_overloads(templates):
    """As `values_compiled_in`, for the functions that overloads have picked: Numba keeps those for every caller."""
    found = {}
    for template in templates:
        for picked, _ in list(template._impl_cache.values()):
            if isinstance(picked, Dispatcher):
                found.update(values_compiled_in(picked))
    return found


def dispatcher_in(value):
    """What compiles a function behind ``@njit``, ``@vectorize`` or ``@guvectorize``; None for anything else."""
    return value if isinstance(value, Dispatcher) else value._dispatcher if isinstance(value, (DUFunc, GUFunc)) else None


def ufunc_of(function, ufunc):
    """Other Python code behind ``@vectorize`` or ``@guvectorize``, compiled for the types of a function that is there already."""
    state, inner = ufunc._reduce_states(), ufunc._dispatcher
    if isinstance(ufunc, GUFunc):
        return GUFunc._rebuild(**{**state, "py_func": function})
    return DUFunc._rebuild(**{**state, "dispatcher": type(inner)(function, inner.locals, inner.targetoptions)})


def pipeline_class_of(dispatcher):
    """The class that compiles a function: how copies of users' functions are told from functions of users."""
    return dispatcher._compiler.pipeline_class


def signatures_of(dispatcher):
    """The signatures that a function was declared with, which it is not compiled for others than; none where it has none."""
    return () if dispatcher._can_compile else tuple(dispatcher.nopython_signatures)


def locals_of(dispatcher):
    """The types that a function declares for its variables, by name: ``njit(locals={"s": float32})``."""
    return dispatcher.locals


def without_source(found):
    """A compiled function without its typed code, which refers to the function of Python and so to what that has captured.

    Numba keeps the compiled functions of a dispatcher until the dispatcher is gone, and a table of those for the whole process.
    A dispatcher that its own function reaches, by way of what is kept with a user's function, would never go.

    Parameters
    ----------
    found : CompileResult

    Returns
    -------
    CompileResult
    """
    return found._replace(type_annotation="")  # as of a function from disk


def fill_environments(found):
    """Fill the environments of all functions that were linked into a compiled one.

    An environment is a global of the machine code that holds the constants of one function; an exception takes its values from
    there.  Numba fills the one of the function itself, and those of functions that have machine code of their own.

    Parameters
    ----------
    found : CompileResult
        What Numba knows of the compiled function.
    """
    for environment in found._find_referenced_environments():
        found.codegen.set_env(environment.env_name, environment)
