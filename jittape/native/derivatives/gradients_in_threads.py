"""Gradients of which threads share a loop: the pieces of an adjoint (`loops.shared_emission`), called from Python one by one."""

import functools

import numpy as np

from ...kernels.threads import get_num_threads, ranges, share
from ..compilation import shared_code
from ..compilation.compile_cached import Forgotten, Linking, compiled
from ..loops.loop_gradients import options_of, piece_by
from ..tape_memory.arenas import acquire_arena, release_arena
from .private_arguments import private_arguments

CELL = 8  # bytes of a partial, in the arenas whose stacks are used


@compiled
def _take_arenas(headers):
    for k in range(len(headers)):
        headers[k] = acquire_arena(CELL)


@compiled
def _give_arenas(headers):
    for k in range(len(headers)):
        if headers[k] != 0:
            release_arena(headers[k])
            headers[k] = 0


class Arenas:
    """The arenas of one call: the first for what comes before and after the loop, and one for each thread."""

    def __init__(self, n):
        self.headers = np.zeros(n, np.int64)
        _take_arenas(self.headers)

    def give_back(self):
        """Return them."""
        _give_arenas(self.headers)

    __del__ = give_back  # an interrupt comes wherever it likes


class GradientInThreads:
    """A gradient that threads compute, called with a tuple of arguments.

    Parameters
    ----------
    function : Dispatcher
        What is differentiated.
    argnums, has_aux, keep
        As for `gradients`.
    answer : function
        Makes the answer of what the function returns and the gradients.
    """

    def __init__(self, function, argnums, has_aux, answer, keep):
        self._made_of, self._answer, self._keep = (function, argnums, has_aux), answer, keep

    @functools.cached_property
    def _pieces(self):
        shared_code.load()
        return [_piece(name, *self._made_of, self._keep) for name in ("begin", "run_parts", "turn", "reverse_parts", "end")]

    def __call__(self, args):
        """The gradient; None where it is unusual, or a part has raised an exception: then one thread finds out about it."""
        arenas = []
        try:
            found = self._computed(args, arenas)
        except Exception:
            return None
        finally:
            for one in arenas:
                one.give_back()
        return found and self._answer(*found)

    def _computed(self, args, arenas):
        """What the function returns, and the gradients; None where they are unusual."""
        begin, run, turn, reverse, end = self._pieces
        arenas.append(Arenas(1))
        header = int(arenas[0].headers[0])
        rows, n, adjoints, goes_on = begin(header, 0, 0, 0, 0, 0, *args)
        if not goes_on:
            return None
        parts = ranges(n, get_num_threads())
        arenas.append(Arenas(len(parts)))
        found = [True] * len(parts)

        def shared(piece):
            def work(k, part):
                (found[k],) = piece(int(arenas[1].headers[k]), rows, n, *part, adjoints, *args)

            share(parts, work)
            return all(found)

        if not shared(run):
            return None
        value, goes_on = turn(header, rows, n, 0, 0, adjoints, *args)
        if not goes_on or not shared(reverse):
            return None
        *gradients, is_usual = end(header, rows, n, 0, 0, adjoints, *args)
        return (value, tuple(gradients)) if is_usual else None


def _piece(name, function, argnums, has_aux, keep):
    """A piece as Python calls it: ``(header, rows, n, first, last, adjoints, *args)``."""
    run, checked = piece_by(name, argnums, has_aux), private_arguments(argnums, copies=False)

    def piece(header, rows, n, first, last, adjoints, *args):
        return run(function, header, (rows, n, first, last, adjoints), checked(function, args))

    pipeline = Linking if keep else Forgotten
    stamp = f"{name} {argnums} {has_aux}"
    return compiled(piece, keep=keep, stamp=stamp, nogil=True, pipeline_class=pipeline, **options_of(function))
