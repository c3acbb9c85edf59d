"""The arguments that a derivative runs a function on: what the function writes to is a copy, which nobody else has.

Differentiated arguments are copied anyway, because they become other numbers. So two arguments that are one array for the
function itself would be two for its derivative. That is asked here, for every derivative, where it matters: of arrays that the
function may write to. Sharing the copies, too, would give the value of the function but no partial derivatives: with respect to
one of two arguments that are the same memory there are none.
"""

import functools

import numba
import numpy as np
from numba import types
from numba.extending import intrinsic

from ...errors import SharedMemoryError
from ...numba_backend.kept_with_functions import kept_with
from ..compat import TypingError, compute_fingerprint, llvm_ir as ir
from ..compilation.compile_cached import overloaded
from ..numbers.number_types import call_function
from .call_arguments import kept
from .held_arrays import arrays_held, held_memory_meets, holds_arrays, holds_in_containers
from .inputs import split_tuple, with_lifted
from .shared_memory import described, described_constant, share_memory
from .written_arguments import NOTHING, reads_arrays_where_they_lie, underlying, writes_of

REMEDY = (
    ". A derivative runs the function on copies of its arguments, which share nothing. Pass copies, or differentiate a function "
    "that gets the array once and calls {name} with it in both places"
)


@overloaded
def duplicate(x):
    """A copy of an array, of the same layout."""
    return (lambda x: x.T.copy().T) if x.layout == "F" else lambda x: x.copy()


def _duplicated(context, builder, ty, value):
    if isinstance(ty, types.BaseTuple):
        parts = [_duplicated(context, builder, t, v) for t, v in split_tuple(builder, ty, value)]
        return context.make_tuple(builder, ty, parts)
    if isinstance(ty, types.Array) and ty.mutable and ty.aligned:
        return call_function(context, builder, duplicate, (ty,), (value,), ty)
    context.nrt.incref(builder, ty, value)
    return value


def _arrays(builder, ty, value):
    """Types and values of the arrays in an argument."""
    if isinstance(ty, types.BaseTuple):
        return [array for t, v in split_tuple(builder, ty, value) for array in _arrays(builder, t, v)]
    return [(ty, value)] if isinstance(ty, types.Array) else []


class _Sharing:
    """Code that raises if an argument which a function may write to shares memory with another one, or with a constant."""

    def __init__(self, context, builder, function, ty, args, found, argnums):
        self.context, self.builder, self.function = context, builder, function
        parts = list(split_tuple(builder, ty, args))
        arrays = [(k, a) for k, (t, v) in enumerate(parts) for a in _arrays(builder, t, v)]
        places = [(k, described(context, builder, *a)) for k, a in arrays]
        for n, (k, x) in enumerate(places):
            for m, (j, z) in enumerate(places):
                if k in found.arguments and (m > n or m < n and j not in found.arguments):
                    self._refuse(x, z, k, f"argument {j}")
            if k in found.arguments:
                for array in found.constants:
                    self._refuse(x, described_constant(builder, array), k, "a global array that the function reads")
        for k, array in arrays:
            for j, (held, value) in enumerate(parts):
                is_seen = k in found.arguments or k in argnums and j in found.arguments
                if is_seen and not isinstance(held, types.Array) and holds_in_containers(held):
                    meets = held_memory_meets(context, builder, held, value, *array)
                    self._raise_if(meets, k if k in found.arguments else j, f"argument {j if k in found.arguments else k}")

    def _refuse(self, x, z, k, other):
        shared = share_memory.emit(self.context, self.builder, (x, z))
        self._raise_if(self.builder.trunc(shared, ir.IntType(1)), k, other)

    def _raise_if(self, bit, k, other):
        message = _message(self.function, k, other)
        with self.builder.if_then(bit, likely=False):
            self.context.call_conv.return_user_exc(self.builder, SharedMemoryError, (message,))


def _count(ty):
    """How many arrays are in an argument; a list of them, or what else holds some, counts as one."""
    return sum(map(_count, ty.types)) if isinstance(ty, types.BaseTuple) else isinstance(ty, types.Array) or holds_arrays(ty)


@functools.cache
def private_arguments(argnums, copies=True):
    """An intrinsic ``(function, args) -> args``: those that are not differentiated and may be written to are copies.

    With `copies` false they are only checked.
    """

    @intrinsic
    def private(typingctx, function, args):
        _refuse_orders(function.dispatcher, args.types, argnums)

        def codegen(context, builder, signature, given):
            ty, found = signature.args[1], _written(signature.args[0].dispatcher, signature.args[1].types, argnums)
            if found is not None:
                _Sharing(context, builder, signature.args[0].dispatcher, ty, given[1], found, argnums)
            passive = found.arguments - set(argnums) if found is not None and copies else ()

            def copied(k, own, value):
                return _duplicated(context, builder, own, value)

            return with_lifted(context, builder, ty, given[1], ty, passive, copied)

        return args(function, args), codegen

    return private


def refuse_sharing(function, args):
    """Raise if arguments that a function may write to share memory with others. Returns the numbers of those it may write to.

    Raises
    ------
    SharedMemoryError
    """
    found = [(k, array) for k, value in enumerate(args) for array in arrays_held(value)]
    try:
        written = _written_by_call(function, args) if found else NOTHING
    except ValueError:  # the call says what compiled functions do not take
        return frozenset()
    for n, (k, x) in enumerate(found):
        others = [(f"argument {j}", z) for m, (j, z) in enumerate(found) if m != n]
        others += [("a global array that the function reads", z) for z in written.constants]
        for other, z in others if k in written.arguments else ():
            if np.shares_memory(x, z):
                raise SharedMemoryError(_message(function, k, other))
    return written.arguments


def _written_by_call(function, args):
    """What a function writes to that is called from Python."""
    known = kept_with(function).setdefault(refuse_sharing, {})
    try:
        key = tuple(map(compute_fingerprint, args))
    except NotImplementedError:  # functions among them
        return writes_of(function, tuple(map(numba.typeof, args)))
    if key not in known:
        known[key] = writes_of(function, tuple(map(numba.typeof, args)))
    return known[key]


def owned(function, args):
    """The arguments to run a function on from Python beside its derivative: arrays that it may write to are copies."""
    written = refuse_sharing(function, args)
    return tuple([kept(value) if k in written else value for k, value in enumerate(args)])


def _message(function, k, other):
    name = underlying(function).__name__
    return f"{name} may write to argument {k}, which shares memory with {other}" + REMEDY.format(name=name)


def _refuse_orders(function, kinds, argnums):
    """Raise, when a derivative is compiled, for arguments in another order than their copies, if the function asks for it."""
    for k in argnums:
        if k < len(kinds) and _is_in_other_order(kinds[k]) and writes_of(function, kinds).reads_order:
            raise TypingError(
                f"argument {k} of {underlying(function).__name__} is not contiguous in C order, and the function reads flags or "
                "strides of arrays, which would be those of a copy in C order: pass np.ascontiguousarray(x)"
            )


def _is_in_other_order(ty):
    if isinstance(ty, types.BaseTuple):
        return any(map(_is_in_other_order, ty.types))
    return isinstance(ty, types.Array) and ty.layout != "C"


def _written(function, kinds, argnums):
    """What a function may write to; None if there is nothing that could be shared or has to be copied."""
    arrays = sum(map(_count, kinds))
    if arrays == 0:
        return None
    is_alone = arrays == 1 and any(_count(kinds[k]) for k in argnums if k < len(kinds))
    return None if is_alone and not reads_arrays_where_they_lie(function) else writes_of(function, kinds)
