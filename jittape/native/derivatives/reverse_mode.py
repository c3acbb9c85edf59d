"""Reverse mode of compiled functions, itself compiled: record, sweep, collect, rewind.

A call takes an arena, runs the copy of the function on active arguments, sweeps, and returns the arena, also when the function
raises.
"""

from numba import types
from numba.extending import intrinsic

from ..compat import if_unlikely
from ..numbers.cells import cell_size
from ..compilation.compile_cached import inside, internal, public
from .inputs import inputs_for, kind_of_arguments, runner
from ..numbers.number_types import compile_for
from .reached_results import note_result
from .outputs import PARTS, below, must_be_a_number, seed_all, seed_one, settled
from ..tape_memory.arenas import abandon_arena, acquire_arena, adjoints_of, release_arena
from ..numbers.number_parts import node_of
from ..compilation.shared_code import OUTDATED, is_current
from ..statement_tape.statement_sweep import sweep


def guarded(inner):
    """An intrinsic that calls ``inner(header, args)`` and returns the arena if that raises."""

    @intrinsic
    def call_inner(typingctx, header, args):
        called = types.Dispatcher(inner).get_call_type(typingctx, (header, args), {})

        def codegen(context, builder, signature, args):
            found = compile_for(inner, called.args)
            context.add_linking_libs([found.library])
            status, result = context.call_internal_no_propagate(builder, found.fndesc, called, args)
            with if_unlikely(builder, status.is_error):
                abandon_arena.emit(context, builder, args[:1])
                context.call_conv.return_status_propagate(builder, status)
            return result

        return called.return_type(header, args), codegen

    return call_inner


def on_an_arena(record_and_sweep):
    """``args -> result``: calls ``record_and_sweep(header, args)`` on an arena taken for the call."""
    inside = guarded(internal(record_and_sweep))

    def swept(args):
        if not is_current():
            raise RuntimeError(OUTDATED)
        header = acquire_arena(cell_size(kind_of_arguments(args)))
        result = inside(header, args)
        release_arena(header)
        return result

    return swept


def swept_gradient(function, argnums, value_in, answer):
    """``args -> answer``: the gradient from a recorded run."""
    lift, collect = inputs_for(argnums)
    run = runner(function)

    def record_and_sweep(header, args):
        kind = kind_of_arguments(args)
        result = run(lift(args, header, kind), kind)
        y = settled(value_in(result))
        must_be_a_number(y)
        note_result(y, kind)
        adjoints = adjoints_of(header, cell_size(kind))
        seed_one(adjoints, node_of(y, kind), kind)
        sweep(header, adjoints, kind)
        return answer(below(result, kind), collect(args, adjoints, kind))

    return on_an_arena(record_and_sweep)


def pullback(function, argnums, keep, has_aux=False, exact=False):
    """The dispatcher ``(primals, cotangent) -> cotangents of the primals``.

    With `exact` a structural zero of a cotangent is -0.0, and so are those of the answer; otherwise every zero of the given one
    is structural. What stands between two pullbacks has to be exact.
    """
    lift, collect = inputs_for(argnums, exact)
    run, value_in = runner(function), inside(PARTS[has_aux])

    def record_and_sweep(header, args):
        primals, cotangent = args
        kind = kind_of_arguments(args)
        y = settled(value_in(run(lift(primals, header, kind), kind)))
        adjoints = adjoints_of(header, cell_size(kind))
        seed_all(y, cotangent, adjoints, exact, kind)
        sweep(header, adjoints, kind)
        return collect(primals, adjoints, kind)

    return public(on_an_arena(record_and_sweep), keep)
