"""Programs over lanes: chunks of examples are loaded side by side, run, and stored in the caller's arrays."""

import copy

import numpy as np

from ...kernels.gather_scatter import GATHER
from ...dtypes import DTYPES
from ...memory.layouts import LAYOUTS, contiguous_strides, intern
from ...memory.words import address_of
from ...tape.row_kinds import NARY_ROW, STRUCTURED_ROW, kind_of
from ..calls.careful_listing import CarefulProgram, careful_listing
from ..calls.instance import Instance
from .lane_listing import LaneListing, NoLanes
from ..lowering.machine import run_lanes
from ..lowering.nan_checks import has_structural_zeros
from ..calls.program import Program
from ..calls.replay import holds
from ..lowering.schedule import Place
from ...kernels.threads import get_num_threads, ranges, share
from ..tracing.trace import EXACT, TRUTH

WORKING_SET = 1536 << 10  # bytes of all values of a chunk; they share memory, and about a quarter of it is in use at a time
MOST_LANES, FEWEST_LANES = 1024, 16


class LanesProgram(Program):
    """The program of a batched listing; inputs and results lie in arrays with the examples along the first axis.

    Attributes
    ----------
    sources, targets : lists of (number, slot, bytes of an example)
        Inputs that differ between examples, and results: the slots to which their arrays are bound.
    """

    def __init__(self, listing, batched, n, wanted, roots):
        self.lanes_of = LaneListing(listing, batched, n)
        self.batched, self.n = batched, n
        self.sources, self.targets, self.shared, self.free = [], [], [], []
        super().__init__(self.lanes_of.new, wanted, roots)
        self.runs_alone = not self.guards and not self.assembly.steps and not self._shares_memory()

    def _shares_memory(self):
        """Whether kernels without lanes are called: products of matrices pass sizes to BLAS in memory that threads share."""
        listing, lanes = self.listing, self.lanes_of.lanes
        kinds = kind_of(listing.flags)
        rows = np.flatnonzero((kinds == STRUCTURED_ROW) | (kinds == NARY_ROW)).tolist()
        return any(not lanes[r] for r in rows)

    def _load(self, lowering):
        for k, (place, is_batched) in enumerate(zip(self.inputs, self.batched)):
            if is_batched:
                slot = self._transpose(lowering, place, True)
                self.sources.append((k, *slot))

    def _store(self, lowering):
        lanes, rows = self.lanes_of.lanes, self.listing.outputs
        for k, place in enumerate(self.results):
            if k >= len(rows) or lanes[rows[k]]:
                self.targets.append((k, *self._transpose(lowering, place, False)))
            else:
                self.shared.append(k)

    def _transpose(self, lowering, place, loads):
        """Add a move between lanes and examples. Returns the slot of the examples, and the bytes of one."""
        dtype, layout = lowering.schedule.slots[place.slot][1], LAYOUTS[place.layout]
        item, shape = DTYPES[dtype].itemsize, layout.shape[:-1]
        size = int(np.prod(shape))
        slot = lowering.schedule.slot(size * self.n * item, dtype)
        if loads:
            there = Place(slot, 0, intern(layout.shape, (*contiguous_strides(shape), max(size, 1))))
            lowering.shift(GATHER, dtype, place, there, place.layout)
        else:
            turned = intern((self.n, *shape), (layout.strides[-1], *layout.strides[:-1]))
            there = Place(slot, 0, intern((self.n, *shape)))
            lowering.shift(GATHER, dtype, there, Place(place.slot, place.offset, turned), turned)
        return slot, size * item

    def _external(self, lowering):
        return {slot for _, slot, _ in (*self.sources, *self.targets)}


class Batch:
    """A listing for one example, run over many.

    Parameters
    ----------
    listing : Listing
        For one example.
    batched : tuple of bool
        Which inputs differ between examples.
    wanted, roots
        As in `Program`.
    chunk : int, optional
        Number of examples side by side; by default as many as fit the cache.

    Attributes
    ----------
    outputs, results : int
        How many outputs the listing has, and how many results gradients make of them.
    """

    def __init__(self, listing, batched, wanted, roots, chunk=None, threads=None):
        self.watched = [row for row in listing.derivatives if row not in listing.outputs] if has_structural_zeros(listing) else []
        self.listing, self.threads, self.results = (
            _with_outputs(listing, self.watched),
            threads,
            len(listing.outputs) + len(wanted),
        )
        self.outputs, self._plain_listing = len(listing.outputs), listing
        self._alone, self._careful = CarefulProgram(listing, wanted, roots, 1), None
        self.about = (tuple(b or k in wanted for k, b in enumerate(batched)), wanted, roots)
        self.given = batched
        nbytes = max(int((listing.sizes * 8)[listing.owner == np.arange(len(listing))].sum()), 8)
        fits = min(max(WORKING_SET // nbytes // FEWEST_LANES * FEWEST_LANES, FEWEST_LANES), MOST_LANES)
        self.lanes = fits if chunk is None else chunk
        self._programs = {}

    def _program(self, n):
        if n not in self._programs:
            batched, wanted, roots = self.about
            self._programs[n] = LanesProgram(self.listing, batched, n, wanted, roots)
        return self._programs[n]

    def __call__(self, values, n, out):
        """All examples: arrays of results, and those of other derivatives inside, the examples along the first axis.

        `values` are the inputs, with the examples along the first axis where they differ; `out` gives arrays for results, or
        None. The answer is None if a guard has failed.
        """
        out = [*out[: self.outputs], *[None] * len(self.watched), *out[self.outputs :]]
        lanes = min(self.lanes, n)
        whole, rest = divmod(n, lanes)
        program = self._program(lanes)
        values = [self._spread(v, k, n) for k, v in enumerate(values)]
        out = [self._target(program, k, n, given) for k, given in enumerate(out)]
        if not self._run(program, values, out, 0, whole):
            return None
        if rest and not self._run(
            self._program(rest), [self._tail(k, v, n - rest) for k, v in enumerate(values)], [o[n - rest :] for o in out], 0, 1
        ):
            return None
        first = self.outputs + len(self.watched)
        return out[: self.outputs] + out[first:], out[self.outputs : first]

    def with_care(self, values, examples):
        """Results for some of the examples, by sweeps that tell structural zeros from numeric ones."""
        here = [np.asarray(v)[examples] if b else v for v, b in zip(values, self.given)]
        found = self._careful_lanes(here, len(examples)) if len(examples) > 1 else None
        if found is None:
            answers = [self._alone([v[j] if b else v for v, b in zip(here, self.given)]) for j in range(len(examples))]
            found = [np.stack(column) for column in zip(*answers)]
        return found

    def _careful_lanes(self, values, n):
        """All of these examples side by side; None if they cannot be."""
        whole = max(1 << (n - 1).bit_length(), FEWEST_LANES)  # few different numbers of examples: each is a program
        padded = [np.resize(v, (whole, *v.shape[1:])) if b else v for v, b in zip(values, self.given)]
        try:
            if self._careful is None:
                first = [v[0] if b else v for v, b in zip(values, self.given)]
                _, wanted, roots = self.about
                listing = careful_listing(self._plain_listing, wanted, roots, first)
                self._careful = Batch(listing, self.given, (), (), 1 << (self.lanes.bit_length() - 1), self.threads)
            found = self._careful(padded, whole, [None] * self._careful.results)
        except NoLanes:
            return None
        return None if found is None else [a[:n] for a in found[0]]

    def _tail(self, k, value, start):
        return value[start:] if self.about[0][k] else value

    def _spread(self, value, k, n):
        """An input in contiguous order; one that is the same for all but is differentiated is repeated."""
        if self.about[0][k] and not self.given[k]:
            value = np.broadcast_to(value, (n, *np.shape(value)))
        return np.ascontiguousarray(value)

    @staticmethod
    def _target(program, k, n, given):
        place, dtype = program.results[k], program.dtypes[k]
        shape = LAYOUTS[place.layout].shape
        shape = (n, *(shape if k in program.shared else shape[:-1]))
        if given is None:
            return np.empty(shape, dtype)
        if given.shape != shape or given.dtype != dtype or not given.flags.c_contiguous:
            raise ValueError(
                f"vmap: got an array of shape {list(given.shape)} and dtype {given.dtype} for a result, expected a contiguous "
                f"one of shape {list(shape)} and dtype {dtype}"
            )
        return given

    # --- running --------------------------------------------------------------------------------------

    def _run(self, program, values, out, first, chunks):
        """Run some chunks, shared by threads where the machine needs no help from Python."""
        alone = program.runs_alone
        parts = ranges(chunks, (self.threads or get_num_threads()) if alone else 1)
        instances = [self._take(program, values) for _ in parts]
        try:
            if alone:
                run_lanes(instances[0].header, 0, 0, 0)  # compiles, in this thread
                share(parts, lambda k, part: self._run_part(program, instances[k], values, out, part))
            elif not all(self._run_checked(program, instances[0], values, out, c) for c in range(chunks)):
                return False
            for k in program.shared:
                out[k][...] = instances[0].results[k]
            return True
        finally:
            program.free += instances

    @staticmethod
    def _take(program, values):
        """An instance, with the inputs that are the same for all examples."""
        try:
            instance = program.free.pop()
        except IndexError:
            instance = Instance(program, 1)
            instance.keep_to_itself()
        for view, value, is_batched in zip(instance.inputs, values, program.batched):
            if not is_batched:
                view[...] = value
        return instance

    def _bind(self, program, instance, values, out, chunk):
        """Bind the arrays of an instance to the start of a chunk."""
        for _, slot, _ in (*program.sources, *program.targets):
            instance.base.pop(slot, None)
        for k, slot, nbytes in program.sources:
            instance.bind(slot, address_of(values[k]) + chunk * program.n * nbytes)
        for k, slot, nbytes in program.targets:
            instance.bind(slot, address_of(out[k]) + chunk * program.n * nbytes)

    def _run_part(self, program, instance, values, out, part):
        self._bind(program, instance, values, out, part[0])
        steps = [(slot, program.n * nbytes) for _, slot, nbytes in (*program.sources, *program.targets)]
        advances = instance.advances(steps)
        done = run_lanes(instance.header, address_of(advances), len(advances), part[1] - part[0])
        assert done, "an item of Python's in a program that has none"

    def _run_checked(self, program, instance, values, out, chunk):
        self._bind(program, instance, values, out, chunk)
        instance.run()
        return holds_for_all(instance.guards)


def _with_outputs(listing, rows):
    """A listing with further outputs."""
    if not rows:
        return listing
    other = copy.copy(listing)
    other.outputs = [*listing.outputs, *rows]
    return other


def holds_for_all(guards):
    """Whether all guards hold in every lane."""
    for view, kind, expected in guards:
        if kind == EXACT and len(expected) != view.nbytes:
            if any(lane.tobytes() != expected for lane in np.moveaxis(view, -1, 0)):
                return False
        elif kind == TRUTH and view.size > 1:
            if not ((view != 0) == expected).all():
                return False
        elif not holds([(view, kind, expected)]):
            return False
    return True
