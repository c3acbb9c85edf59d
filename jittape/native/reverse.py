"""Gradients of compiled functions, themselves compiled: record, sweep, collect, rewind.

What is made here are dispatchers, so they can be called from Python and from inside other compiled code.  A call
takes an arena, runs the copy of the function on active arguments, sweeps, and gives the arena back, also when the
function raises.
"""

from numba.core import cgutils
from numba import types
from numba.extending import intrinsic, register_jitable

from .cells import cell_size, sweep
from .compilation import derivative, internal
from .inputs import inputs_for, kind_of_arguments, runner
from .numbers import call, compile_for
from .outputs import below, scalar_node, seed_all, seed_one, settled
from .statements import abandon_arena, acquire_arena, adjoints_of, release_arena


def guarded(inner):
    """An intrinsic that calls ``inner(header, args)`` and gives the arena back if it raises."""

    @intrinsic
    def call_inner(typingctx, header, args):
        called = types.Dispatcher(inner).get_call_type(typingctx, (header, args), {})

        def codegen(context, builder, signature, args):
            found = compile_for(inner, called.args)
            context.add_linking_libs([found.library])
            status, result = context.call_internal_no_propagate(builder, found.fndesc, called, args)
            with cgutils.if_unlikely(builder, status.is_error):
                call(context, builder, abandon_arena, (types.int64,), (args[0],))
                context.call_conv.return_status_propagate(builder, status)
            return result

        return called.return_type(header, args), codegen

    return call_inner


def on_an_arena(record_and_sweep, keep):
    inside = guarded(internal(record_and_sweep))

    def gradient(*args):
        header = acquire_arena(cell_size(kind_of_arguments(args)))
        result = inside(header, args)
        release_arena(header)
        return result

    return derivative(gradient, keep)


def gradients(function, argnums, single, with_value, has_aux, keep):
    """The dispatcher of a gradient.

    Parameters
    ----------
    function : Dispatcher
    argnums : tuple of int
    single : bool
        Answer the gradient by the first of `argnums`, not a tuple.
    with_value : bool
        Answer ``(value, gradient)``.
    has_aux : bool
        The function returns ``(value, auxiliary data)``.
    keep : bool
        Keep the machine code on disk.
    """
    lift, collect = inputs_for(argnums)
    run = runner(function)
    value_in, answer = register_jitable(_parts[has_aux]), register_jitable(_answers[single, with_value, has_aux])

    def record_and_sweep(header, args):
        kind = kind_of_arguments(args)
        result = run(lift(args, header, kind), kind)
        node = scalar_node(value_in(result), kind)
        adjoints = adjoints_of(header, cell_size(kind))
        seed_one(adjoints, node, kind)
        sweep(header, adjoints, kind)
        return answer(below(result, kind), collect(args, adjoints, kind))

    return on_an_arena(record_and_sweep, keep)


def _value(result):
    return result


def _first(result):
    return result[0]


_parts = {False: _value, True: _first}


def _gradient(result, gradients):
    return gradients[0]


def _gradient_aux(result, gradients):
    return gradients[0], result[1]


def _gradients(result, gradients):
    return gradients


def _gradients_aux(result, gradients):
    return gradients, result[1]


def _value_gradient(result, gradients):
    return result, gradients[0]


def _value_gradients(result, gradients):
    return result, gradients


_answers = {  # single, with value, with auxiliary data
    (True, False, False): _gradient, (True, False, True): _gradient_aux,
    (False, False, False): _gradients, (False, False, True): _gradients_aux,
    (True, True, False): _value_gradient, (True, True, True): _value_gradient,
    (False, True, False): _value_gradients, (False, True, True): _value_gradients,
}


def pullback(function, argnums, keep):
    """The dispatcher ``(primals, cotangent) -> cotangents of the primals``."""
    lift, collect = inputs_for(argnums)
    run = runner(function)

    def record_and_sweep(header, args):
        primals, cotangent = args
        kind = kind_of_arguments(args)
        y = settled(run(lift(primals, header, kind), kind))
        adjoints = adjoints_of(header, cell_size(kind))
        seed_all(y, cotangent, adjoints, kind)
        sweep(header, adjoints, kind)
        return collect(primals, adjoints, kind)

    return on_an_arena(record_and_sweep, keep)
