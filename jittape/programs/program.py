"""A program: a listing made into code, for the values of a function or for its derivatives too."""

import numpy as np

from ..append import SMALL
from ..columns import DTYPES
from ..layouts import LAYOUTS, intern
from .adjoints import Adjoints
from .assembly import Assembly
from .lowering import Lowering
from .schedule import Place


class Program:
    """Code, memory plan, and the places of inputs and results.

    Parameters
    ----------
    listing : Listing
    wanted : tuple of int
        Numbers of the inputs whose gradients are results too, after the outputs of the listing.
    root : int
        Number of the output that is differentiated.
    seeded : bool
        The cotangent of that output is one more input, after those of the listing; else it is one.

    Attributes
    ----------
    inputs, results : lists of Place
    shapes : lists of (shape, dtype)
        Of the results.
    """

    def __init__(self, listing, wanted=(), root=0, seeded=False):
        self.listing, self.wanted, self.root, self.seeded = listing, tuple(wanted), root, seeded
        lowering = Lowering(listing)
        lowering.lower()
        self.inputs = [lowering.place(row) for row in listing.inputs]
        self.results = [lowering.place(row) for row in listing.outputs]
        if wanted:
            self._differentiate(lowering)
        self.guards = [(lowering.place(row), lowering.code(row), kind, expected) for row, kind, expected in listing.guards]
        self.dtypes = [self._dtype(lowering, p) for p in self.results]
        self.input_dtypes = [self._dtype(lowering, p) for p in self.inputs]
        self.external = self._external(lowering)
        pinned = [p.slot for p in (*self.inputs, *self.results, *(g[0] for g in self.guards))]
        self.assembly = Assembly(lowering, pinned, self.external)

    def _differentiate(self, lowering):
        listing = self.listing
        out, rows = listing.outputs[self.root], [listing.inputs[k] for k in self.wanted]
        shape = LAYOUTS[listing.layout[out]].shape
        if self.seeded:
            slot = lowering.schedule.slot(LAYOUTS[listing.layout[out]].size * lowering.item_size(out), lowering.code(out))
            seed = Place(slot, 0, intern(shape))
            self.inputs.append(seed)
        else:
            seed = lowering.constant(np.ones(shape, listing.dtype(out)))
        adjoints = Adjoints(lowering, rows, {out: seed})
        adjoints.lower()
        for row in rows:
            if adjoints.has_bar(row):
                self.results.append(adjoints.bar(row))
            else:
                self.results.append(lowering.constant(np.zeros(listing.shape(row), listing.dtype(row))))

    @staticmethod
    def _dtype(lowering, place):
        return DTYPES[lowering.schedule.slots[place.slot][1]]

    def _external(self, lowering):
        """Slots of large inputs and results: they lie in arrays of the caller, and are not copied."""
        in_runs = set()
        for run in lowering.runs:
            for k in range(3):
                in_runs.update(np.unique(lowering.run_operands(run, k)[0]).tolist())
        fixed = in_runs | {slot for slot, _ in lowering.constants}
        external, places = set(), [*self.inputs, *self.results]
        for p in places:
            nbytes = lowering.schedule.slots[p.slot][0]
            whole = p.contiguous and p.offset == 0 and p.size * self._dtype(lowering, p).itemsize == nbytes
            if nbytes > SMALL and whole and p.slot not in fixed and sum(q.slot == p.slot for q in places) == 1:
                external.add(p.slot)
        return external
