"""A program: the code of a listing, for the values of a function alone or for its derivatives, too."""

import numpy as np

from ...tape.append import SMALL
from ...dtypes import DTYPES
from ...memory.layouts import LAYOUTS, intern
from ..lowering.adjoint_lowering import AdjointLowering
from ..lowering.assembly import Assembly
from ..lowering.forward_lowering import Lowering
from ..lowering.nan_checks import add_checks, has_structural_zeros
from ..lowering.schedule import Place
from ..tracing.trace import EXACT


class Program:
    """Code, memory plan, and the places of inputs and results.

    Parameters
    ----------
    listing : Listing
        What is computed.
    wanted : tuple of int
        Numbers of the inputs whose gradients are results, too, after the outputs of the listing.
    roots : tuple of int
        Numbers of the outputs that are differentiated.
    seeded : bool
        Whether their cotangents are inputs, too, after those of the listing; else they are one.
    checked : bool
        Whether a run says if a derivative has come out as nan that might be a number.

    Attributes
    ----------
    inputs, results : lists of Place
        Where they lie.
    shapes : lists of (shape, dtype)
        Of the results.
    """

    def __init__(self, listing, wanted=(), roots=(0,), seeded=False, checked=False):
        self.listing, self.wanted, self.roots, self.seeded = listing, tuple(wanted), tuple(roots), seeded
        lowering = Lowering(listing)
        lowering.sources()
        self.inputs = [lowering.place(row) for row in listing.inputs]
        self._load(lowering)
        lowering.lower()
        self.results = [lowering.place(row) for row in listing.outputs]
        if wanted:
            self._differentiate(lowering)
        if checked and (seeded or has_structural_zeros(listing)):
            derivatives = [lowering.place(row) for row in listing.derivatives]
            add_checks(lowering, [*derivatives, *self.results[len(listing.outputs) :]])
        self.guards = [
            (lowering.place(row), lowering.code(row), kind, expected.tobytes() if kind == EXACT else expected)
            for row, kind, expected in listing.guards
        ]
        self._store(lowering)
        self.dtypes = [self._dtype(lowering, p) for p in self.results]
        self.input_dtypes = [self._dtype(lowering, p) for p in self.inputs]
        self.external = self._external(lowering)
        pinned = [p.slot for p in (*self.inputs, *self.results, *(g[0] for g in self.guards))]
        self.assembly = Assembly(lowering, pinned, self.external)

    def _load(self, lowering):
        """Add what is done before the rows; nothing here."""

    def _store(self, lowering):
        """Add what is done after the rows; nothing here."""

    def _differentiate(self, lowering):
        listing = self.listing
        rows = [listing.inputs[k] for k in self.wanted]
        seeds = [(listing.outputs[k], self._seed(lowering, listing.outputs[k])) for k in self.roots]
        adjoints = AdjointLowering(lowering, rows, seeds)
        adjoints.lower()
        for row in rows:
            if adjoints.has_bar(row):
                self.results.append(adjoints.bar(row))
            else:
                self.results.append(lowering.constant(np.zeros(listing.shape(row), listing.dtype(row))))

    def _seed(self, lowering, out):
        """The place of the cotangent of an output."""
        layout = LAYOUTS[self.listing.layout[out]]
        if not self.seeded:
            return lowering.constant(np.ones(layout.shape, self.listing.dtype(out)))
        slot = lowering.schedule.slot(layout.size * lowering.item_size(out), lowering.code(out))
        self.inputs.append(Place(slot, 0, intern(layout.shape)))
        return self.inputs[-1]

    @staticmethod
    def _dtype(lowering, place):
        return DTYPES[lowering.schedule.slots[place.slot][1]]

    def _external(self, lowering):
        """Slots of large inputs and results: they lie in arrays of the caller and are not copied."""
        in_runs = set()
        for run in lowering.runs:
            for k in range(3):
                in_runs.update(np.unique(lowering.run_operands(run, k)[0]).tolist())
        fixed = in_runs | {slot for slot, _ in lowering.constants} | {guard[0].slot for guard in self.guards}
        external, places = set(), [*self.inputs, *self.results]
        for p in places:
            nbytes = lowering.schedule.slots[p.slot][0]
            whole = p.contiguous and p.offset == 0 and p.size * self._dtype(lowering, p).itemsize == nbytes
            if nbytes > SMALL and whole and p.slot not in fixed and sum(q.slot == p.slot for q in places) == 1:
                external.add(p.slot)
        return external
