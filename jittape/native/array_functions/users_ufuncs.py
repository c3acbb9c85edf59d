"""Calls of functions behind ``@vectorize``, ``@guvectorize`` and ``@cfunc`` in compiled code: of a copy, in loops."""

import re

import numba
from numba import types
from numba.extending import intrinsic, lower_builtin, overload

from ..compat import (
    AbstractTemplate,
    CFunc,
    DUFunc,
    GUFunc,
    infer_global,
    llvm_ir as ir,
    options_of_callback,
    signature,
    unpack_tuple,
)
from ...numba_backend.kept_with_functions import kept_by_function
from ..compilation.compile_cached import only_compiled, overloaded
from ..compilation.definitions import callback_as_compiled
from ..numbers.array_types import array_result, element_type
from ..numbers.number_types import call_typed, is_number, stored
from ..statements.array_expressions import elementwise
from ..statements.function_copies import substitute_instances
from ..tape_memory.arenas import WORD


@kept_by_function
def _dispatcher_of(function):
    """What compiles a function that NumPy calls: divisions by zero do what they do in loops of NumPy.

    It is the same one each time, because a function may use its own name.
    """
    return numba.njit(error_model="numpy")(function)


def _copied(function, copies):
    return copies.of(_dispatcher_of(function))


def _named(function, name):
    function.takes_numbers = True
    function.__name__ = function.__qualname__ = name
    return only_compiled(function)


@substitute_instances(CFunc)
def callback_in_copy(callback, copies):
    """What a copy sees in the place of a C callback."""
    options = {name: value for name, value in options_of_callback(callback).items() if name != "nopython"}
    return copies.of(numba.njit(callback_as_compiled(callback), **options))


# --- element by element -------------------------------------------------------------------------------------------------------


@substitute_instances(DUFunc)
def vectorized_in_copy(ufunc, copies):
    """What a copy sees in the place of a function behind ``@vectorize``."""
    copy = _copied(ufunc.py_func if hasattr(ufunc, "py_func") else ufunc._dispatcher.py_func, copies)

    def stand_in(*args):
        """The function, element by element."""

    stand_in = _named(stand_in, ufunc.__name__)
    takes_floats = [bool(ufunc.types) and all(loop[k] in "fd" for loop in ufunc.types) for k in range(ufunc.nin)]

    class Template(AbstractTemplate):
        key = stand_in

        def generic(self, args, kws):
            given, kinds = args[: ufunc.nin], [stored(types.unliteral(element_type(ty))) for ty in args]
            if kws or len(given) < ufunc.nin or len(args) > ufunc.nin + 1 or not all(map(is_number, kinds)):
                return None
            operands = [
                types.float64 if wanted and isinstance(ty, types.Integer) else ty for ty, wanted in zip(kinds, takes_floats)
            ]
            result = types.Dispatcher(copy).get_call_type(self.context, operands, {}).return_type
            if len(args) > len(given):
                return signature(args[-1], *args)
            if any(isinstance(ty, types.Array) for ty in given):
                return signature(array_result(stored(types.unliteral(result)), given), *_as_arrays(given, operands))
            return signature(result, *operands)

    @lower_builtin(stand_in, types.VarArg(types.Any))
    def lower(context, builder, sig, args):
        count, out = ufunc.nin, args[ufunc.nin :]
        if not isinstance(sig.return_type, types.Array):
            return call_typed(context, builder, copy, sig.args, args)[1]
        called = sig.replace(args=sig.args[:count])
        return elementwise(context, builder, called, args[:count], (copy, tuple(range(count))), *out)

    infer_global(stand_in, types.Function(Template))
    return stand_in


def _as_arrays(given, elements):
    """The types of operands: numbers are converted, arrays are taken as they are."""
    return [ty if isinstance(ty, types.Array) else element for ty, element in zip(given, elements)]


# --- by the last axes ---------------------------------------------------------------------------------------------------------


@overloaded
def row(x, k):
    """One step of a loop over the first axis; an axis of length 1 is repeated."""
    return lambda x, k: x[k if x.shape[0] > 1 else 0]


@overloaded
def row_in_array(x, k):
    """A number of a vector, as an array that can be written to."""
    return lambda x, k: x[k : k + 1]


class _Axes:
    """The axes of operands of a function behind ``@guvectorize``: those that it takes, and those that it is repeated along."""

    def __init__(self, ufunc):
        builder = ufunc.gufunc_builder
        declared = next(iter(builder._sigs), None)
        self.inner = [part.count(",") + 1 if part.strip() else 0 for part in re.findall(r"\(([^)]*)\)", builder.signature)]
        self._in_arrays = [
            k >= ufunc.nin or (declared is not None and isinstance(declared.args[k], types.Array)) for k in range(len(self.inner))
        ]

    def outer(self, kinds):
        """How many axes of every operand the function is repeated along."""
        return [getattr(ty, "ndim", 0) - own for ty, own in zip(kinds, self.inner)]

    def steps(self, kinds):
        """What takes the operand of one step, for every operand; None for operands that are the same in every step."""
        outer = self.outer(kinds)
        single = [own == 0 and arrays and max(outer) == 1 for own, arrays in zip(self.inner, self._in_arrays)]
        return [None if n < max(outer) else row_in_array if one else row for n, one in zip(outer, single)]


@substitute_instances(GUFunc)
def generalized_in_copy(ufunc, copies):
    """What a copy sees in the place of a function behind ``@guvectorize``."""
    copy, axes = _copied(ufunc.gufunc_builder.py_func, copies), _Axes(ufunc)

    def stand_in(*args):
        """The function, along the last axes of the arguments."""

    stand_in = _named(stand_in, ufunc.__name__)

    @intrinsic
    def length(typingctx, args):
        def codegen(context, builder, sig, given):
            result = ir.Constant(WORD, 1)
            for step, ty, value in zip(axes.steps(args.types), args.types, unpack_tuple(builder, given[0])):
                if step is not None:
                    n = unpack_tuple(builder, context.make_array(ty)(context, builder, value).shape)[0]
                    result = builder.select(builder.icmp_signed("==", result, ir.Constant(WORD, 1)), n, result)
            return result

        return types.int64(args), codegen

    @intrinsic
    def taken(typingctx, args, k):
        steps = axes.steps(args.types)
        called = [typingctx.resolve_value_type(step) if step else None for step in steps]
        kinds = [f.get_call_type(typingctx, (ty, types.int64), {}).return_type if f else ty for f, ty in zip(called, args.types)]

        def codegen(context, builder, sig, given):
            parts = []
            for step, ty, value in zip(steps, args.types, unpack_tuple(builder, given[0])):
                if step is None:
                    context.nrt.incref(builder, ty, value)
                parts.append(call_typed(context, builder, step, (ty, types.int64), (value, given[1]))[1] if step else value)
            return context.make_tuple(builder, sig.return_type, parts)

        return types.Tuple(kinds)(args, types.int64), codegen

    @overload(stand_in)
    def on_arguments(*args):
        if len(args) != len(axes.inner):
            return None
        outer = max(axes.outer(args))
        if outer <= 0:
            return lambda *args: copy(*args)
        inside = copy if outer == 1 else stand_in

        def loop(*args):
            for k in range(length(args)):
                inside(*taken(args, k))

        return loop

    return stand_in
