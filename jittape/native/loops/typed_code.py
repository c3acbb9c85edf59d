"""The code of a user's function as Numba types it for plain numbers: where the passes of this folder begin.

Numba's passes run up to type inference, without the one that gives a variable a new name for every assignment: a variable of the
user's then is one variable, which loops carry and branches set, and only it has to be saved. Where Numba would type its
assignments differently, a reader of this code refuses (`tree_reading`), so that the function means what it means to its caller.
"""

from typing import NamedTuple

from numba import types

from ..compat import (
    CompilerBase,
    DefaultPassBuilder,
    FunctionPass,
    LiteralPropagation,
    NopythonTypeInference,
    NumbaError,
    ReconstructSSA,
    compile_extra,
    cpu_target,
    flags_of,
    locals_of,
    register_pass,
    signatures_of,
)


class Unstructured(Exception):
    """A function that the passes do not take, with the construct and its line: the statement tape differentiates it."""

    def __init__(self, construct, line=None):
        super().__init__(construct if line is None else f"line {line}: {construct}")


class TypedCode(NamedTuple):
    """The code of one function for some types of arguments.

    Attributes
    ----------
    blocks : dict of int to Block
        Numba's code, by label.
    types : dict of str to Type
        Of variables.
    signatures : dict
        Of the operations and calls in the code.
    defaults : tuple
        Values of the last parameters.
    returns : Type
        Of what the function returns.
    """

    blocks: dict
    types: dict
    signatures: dict
    defaults: tuple
    returns: object


@register_pass(mutates_CFG=False, analysis_only=True)
class KeepTypedCode(FunctionPass):
    """Hand out the typed code, instead of generating machine code from it."""

    _name = "jittape_keep_typed_code"

    def __init__(self):
        FunctionPass.__init__(self)

    def run_pass(self, state):
        defaults = state.func_id.func.__defaults__ or ()
        state.cr = TypedCode(state.func_ir.blocks, state.typemap, state.calltypes, defaults, state.return_type)
        return False


class TypingOnly(CompilerBase):
    """Numba's passes up to type inference."""

    without = ()

    def define_pipelines(self):
        pipeline = DefaultPassBuilder.define_untyped_pipeline(self.state)
        pipeline.passes = [entry for entry in pipeline.passes if entry[0] not in self.without]
        pipeline.add_pass(NopythonTypeInference, "types")
        pipeline.add_pass(KeepTypedCode, "the end")
        pipeline.finalize()
        return [pipeline]


class OneTypeAVariable(TypingOnly):
    """The same without new names for variables that are assigned again."""

    without = ReconstructSSA, LiteralPropagation


def unconverted_code(dispatcher, argument_types):
    """The code of a function for some types of arguments, which it takes as they are.

    Raises
    ------
    Unstructured
        If Numba cannot type it with these passes, or converts arguments or results to types that the function is declared with.
    """
    found, declared = typed_code(dispatcher, argument_types), signatures_of(dispatcher)
    given = (*argument_types, found.returns)
    if declared and not any(all(map(_is_taken_as_it_is, given, (*own.args, own.return_type))) for own in declared):
        raise Unstructured(f"{dispatcher.py_func.__name__} is declared with a signature of other types")
    return found


def _is_taken_as_it_is(ty, declared):
    """Whether a value is not converted to a type that is declared; arrays are not, whatever their layouts are."""
    both = isinstance(ty, types.Array) and isinstance(declared, types.Array)
    return (ty.dtype, ty.ndim) == (declared.dtype, declared.ndim) if both else types.unliteral(ty) == declared


def typed_code(dispatcher, argument_types, passes=OneTypeAVariable):
    """The code of a function for some types of arguments.

    Raises
    ------
    Unstructured
        If Numba cannot type it with these passes.
    """
    contexts = cpu_target.typing_context, cpu_target.target_context
    try:
        return compile_extra(
            *contexts,
            dispatcher.py_func,
            argument_types,
            None,
            flags_of(dispatcher),
            locals_of(dispatcher),
            pipeline_class=passes,
        )
    except (NumbaError, NotImplementedError) as problem:
        raise Unstructured(f"variables that have no type of their own: {' '.join(str(problem).split())[:200]}") from None
