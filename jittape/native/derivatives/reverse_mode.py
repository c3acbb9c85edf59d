"""Reverse mode of compiled functions, itself compiled: record, sweep, collect, rewind.

A call takes an arena, runs the copy of the function on active arguments, sweeps, and returns the arena, also when the function
raises.
"""

import numpy as np
from numba import types
from numba.extending import intrinsic

from ..compat import if_unlikely, llvm_ir as ir
from ..numbers.cells import bytes_of_cell, cell_size
from ..compilation.compile_cached import derivative, inside, internal
from ..loops.result_emission import MovingUnits
from ..loops.loop_gradients import adjoint_by, columns_by, options_of, products_by, pullback_by
from .calls_of_copies import run
from .inputs import inputs_for, kind_of, kind_of_arguments
from ..numbers.number_types import compile_for
from .private_arguments import private_arguments
from .reached_results import note_result
from .outputs import PARTS, below, must_be_a_number, seed_all, seed_one, settled
from ..tape_memory.arenas import WORD, abandon_arena, acquire_arena, adjoints_of, release_arena
from ..numbers.number_parts import node_of
from ..compilation.shared_code import require_current
from ..statement_tape.statement_sweep import sweep


@intrinsic
def on_an_arena(typingctx, record_and_sweep, args):
    """Call ``record_and_sweep(header, args)`` on an arena taken for the call, which is returned also if that raises.

    The function is an argument, not a constant of an intrinsic of its own: Numba keeps those for ever.
    """
    called = record_and_sweep.get_call_type(typingctx, (types.int64, args), {})

    def codegen(context, builder, signature, given):
        function, ty = signature.args
        require_current(context, builder)
        cell = ir.Constant(WORD, bytes_of_cell(context, kind_of(context.typing_context, ty.types)))
        header = acquire_arena.emit(context, builder, (cell,))
        found = compile_for(function.dispatcher, (types.int64, ty))
        context.add_linking_libs([found.library])
        status, result = context.call_internal_no_propagate(builder, found.fndesc, found.signature, (header, given[1]))
        with if_unlikely(builder, status.is_error):
            abandon_arena.emit(context, builder, (header,))
            context.call_conv.return_status_propagate(builder, status)
        release_arena.emit(context, builder, (header,))
        return result

    return called.return_type(record_and_sweep, args), codegen


def on_arenas(record_and_sweep):
    """The function ``(*args) -> result`` that calls a compiled function ``record_and_sweep(header, args)``."""

    def swept(*args):
        return on_an_arena(record_and_sweep, args)

    return swept


def swept_gradient(function, argnums, value_in, answer):
    """``(header, args) -> answer``: the gradient from a recorded run."""
    (lift, collect), private = inputs_for(argnums), private_arguments(argnums)

    def record_and_sweep(header, args):
        kind = kind_of_arguments(args)
        result = run(function, lift(private(function, args), header, kind), kind)
        y = settled(value_in(result))
        must_be_a_number(y)
        note_result(y, kind)
        adjoints = adjoints_of(header, cell_size(kind))
        seed_one(adjoints, node_of(y, kind), kind)
        sweep(header, adjoints, kind)
        return answer(below(result, kind), collect(args, adjoints, kind))

    return record_and_sweep


class UnusualGradient(Exception):
    """A gradient that the tape has to compute: it is not finite, or zero throughout."""


def adjoint_gradient(function, argnums, has_aux, answer, swept=None):
    """``(*args) -> answer``: the gradient from the adjoint of the function's own statements.

    One that is not finite, or zero throughout, is `swept`: the tape tells structural from numeric zeros, and notes results that
    no derivative reaches. Without `swept` it raises `UnusualGradient`, and the tape is compiled only if that happens; and
    `InThreads` where threads compute the gradient.
    """
    run, answer = adjoint_by(argnums, has_aux, swept is None), inside(answer)
    checked = private_arguments(argnums, copies=False)

    def forward_and_back(header, args):
        value, gradients, is_usual = run(function, header, checked(function, args))
        return answer(value, gradients), is_usual

    return usual_or_swept(function, forward_and_back, swept)


def usual_or_swept(function, forward_and_back, swept):
    """``(*args) -> answer`` by ``forward_and_back(header, args)``, which says whether it is usual; see `adjoint_gradient`."""
    own = internal(forward_and_back, **options_of(function))

    def usual(*args):
        found, is_usual = on_an_arena(own, args)
        if not is_usual:
            raise UnusualGradient
        return found

    def any_of_them(*args):
        found, is_usual = on_an_arena(own, args)
        return found if is_usual else on_an_arena(swept, args)

    return usual if swept is None else any_of_them


def swept_pullback(function, argnums, has_aux=False, exact=False):
    """``(header, (*primals, cotangent)) -> cotangents of the primals``, from a recorded run."""
    (lift, collect), private = inputs_for(argnums, exact), private_arguments(argnums)
    value_in = PARTS[has_aux]

    def record_and_sweep(header, args):
        primals, cotangent = args[:-1], args[-1]
        kind = kind_of_arguments(args)
        y = settled(value_in(run(function, lift(private(function, primals), header, kind), kind)))
        adjoints = adjoints_of(header, cell_size(kind))
        seed_all(y, cotangent, adjoints, exact, kind)
        sweep(header, adjoints, kind)
        return collect(primals, adjoints, kind)

    return internal(record_and_sweep)


def adjoint_pullback(function, argnums, has_aux, swept=None):
    """``(*primals, cotangent) -> cotangents of the primals`` by the adjoint; what is not finite as `adjoint_gradient`."""
    run, checked = pullback_by(argnums, has_aux), private_arguments(argnums, copies=False)

    def forward_and_back(header, args):
        return run(function, header, checked(function, args[:-1]), args[-1])

    return usual_or_swept(function, forward_and_back, swept)


def adjoint_product(function, argnums, swept=None):
    """``(*primals, *directions) -> (gradient, its tangent)`` for one of `argnums`; what is not finite as `adjoint_gradient`."""
    run, checked, last = products_by(argnums), private_arguments(argnums, copies=False), -len(argnums)

    def forward_and_back(header, args):
        return run(function, header, checked(function, args[:last]), args[last:])

    return usual_or_swept(function, forward_and_back, swept)


def adjoint_hessian(function, k):
    """``(*args) -> Hessian`` with respect to an argument that is an array; raises `UnusualGradient` if it is not finite."""
    run, checked = columns_by((k,)), private_arguments((k,), copies=False)

    def forward_and_back(header, args):
        return run(function, header, checked(function, args[:-1]), args[-1])

    own, width = internal(forward_and_back, **options_of(function)), MovingUnits.directions

    def hessian(*args):
        size = args[k].size
        matrix = np.empty((size, size))
        for first in range(0, size, width):
            (_, columns), is_usual = on_an_arena(own, (*args, first))
            if not is_usual:
                raise UnusualGradient
            numbers = columns.reshape(size, width)
            for i in range(size):
                for j in range(min(width, size - first)):
                    matrix[i, first + j] = numbers[i, j]
        return matrix.reshape(args[k].shape + args[k].shape)

    return hessian


def exact_pullback(function, argnums, keep):
    """The dispatcher ``(*primals, cotangent) -> cotangents of the primals`` where a structural zero of a cotangent is -0.0.

    So are those of the answer: what stands between two pullbacks has to be exact.
    """
    return derivative(on_arenas(swept_pullback(function, argnums, exact=True)), keep)
