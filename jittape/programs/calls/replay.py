"""A replay: the program of a trace, called with new inputs."""

import numpy as np

from ...autograd.found_nan import FoundNan
from ...memory.pool import Buffer
from ...memory.words import address_of
from ...memory.layouts import LAYOUTS
from .instance import Instance
from .program import Program
from ..tracing.trace import EXACT


class Replay:
    """The program of a trace, and its instances that are free.

    Parameters
    ----------
    listing : Listing
        What is computed.
    wanted : tuple of int
        Numbers of the inputs whose gradients are results, too.
    roots, seeded
        As in `Program`.
    threads
        As in `Instance`.
    checked
        As in `Program`.
    """

    def __init__(self, listing, wanted=(), roots=(0,), seeded=False, threads=None, checked=False):
        self.threads = threads
        self.program = Program(listing, wanted, roots, seeded, checked)
        self._free = []
        self.is_small = not self.program.guards and not self.program.external
        self.shapes = [LAYOUTS[p.layout].shape for p in self.program.results]

    def take(self):
        """An instance that is not in use: threads may call at the same time."""
        try:
            return self._free.pop()
        except IndexError:
            return Instance(self.program, self.threads)

    def give(self, instance):
        self._free.append(instance)

    def __call__(self, values, holds_surely=False):
        """Results for the values of the inputs, fresh arrays; None if a guard has failed.

        An error that a user's rule raises is passed on where the guards hold, which half a run may not show: a caller that
        knows says so.

        Raises
        ------
        FoundNan
            A derivative is nan that might be a number: it has to be computed with care.
        """
        instance = self.take()
        try:
            return self._call(instance, values, holds_surely)
        finally:
            self._free.append(instance)

    def quickly(self, values, finish):
        """``finish(results)`` on the memory of an instance, for small programs (`is_small`)."""
        instance = self.take()
        try:
            inputs = instance.inputs
            if len(inputs) == 1:
                inputs[0][...] = values[0]
            else:
                for view, value in zip(inputs, values):
                    view[...] = value
            if instance.run():
                raise FoundNan
            return finish(instance.results)
        finally:
            self._free.append(instance)

    def _call(self, instance, values, holds_surely):
        kept = None
        for view, value, place in zip(instance.inputs, values, self.program.inputs):
            if view is not None:
                view[...] = value
            else:
                value = np.ascontiguousarray(value)
                kept = (value, kept)
                instance.bind(place.slot, address_of(value))
        results = instance.results
        if instance.program.external:
            results = self._with_external(instance)
        try:
            found_nan = instance.run()
        except Exception:
            if not (holds_surely or holds(instance.guards)):  # a guard has failed: errors on this path are irrelevant
                return None
            raise
        if instance.guards and not holds(instance.guards):
            return None
        if found_nan:
            raise FoundNan([take(r) for take, r in zip(instance.takers, results)])
        return [take(r) for take, r in zip(instance.takers, results)]

    def _with_external(self, instance):
        results = []
        for r, place, dtype, shape in zip(instance.results, self.program.results, self.program.dtypes, self.shapes):
            if r is None:
                r = Buffer.acquire(place.size, dtype).reshape(shape)
                instance.bind(place.slot, address_of(r))
            results.append(r)
        return results


def holds(guards):
    """Whether all guards hold: Python would see the same values as in the trace."""
    for view, kind, expected in guards:
        if kind == EXACT:
            if view.tobytes() != expected:
                return False
        elif (view.item() != 0) is not expected:
            return False
    return True
