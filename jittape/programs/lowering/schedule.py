"""The schedule: the steps of a program, in levels.

Steps are added in a valid order; the schedule moves each to the earliest level at which what it reads is computed. Even
levels hold *items*, done one after the other; odd levels hold *regions*, elementwise steps on the same number of elements that
are done together, block by block. The reverse sweep of a sum needs its cotangent and not its value, so forward and reverse
steps can be in one region, and what only they exchange stays in the cache.
"""

from typing import NamedTuple

from ...memory.layouts import LAYOUTS
from .program_code import REGION


class Place(NamedTuple):
    """Where values lie: an offset in bytes from the start of a slot, and a layout."""

    slot: int
    offset: int
    layout: int

    @property
    def size(self):
        return LAYOUTS[self.layout].size

    @property
    def contiguous(self):
        return LAYOUTS[self.layout].contiguous


class Item:
    """One step done in order: words of code, some of which are places."""

    __slots__ = ("level", "kind", "words", "reads", "writes", "accumulates", "payload", "clears")

    def __init__(self, kind, words, reads, writes, accumulates=False, payload=None, clears=None):
        self.kind, self.words, self.reads, self.writes = kind, words, reads, writes
        self.accumulates, self.payload = accumulates, payload
        self.clears = clears  # index of the word that tells the kernel to overwrite its target
        self.level = 0


VALUE = -1


class Kernel(NamedTuple):
    """A kernel of an elementwise operation: of its value, or of the partial with respect to operand k.

    A partial has two variants, one that adds and one that does not; which of them is used is decided later.
    """

    operation: object
    k: int
    dtype: object

    def address(self, adds=False):
        if self.k == VALUE:
            return self.operation.compile_forward(self.dtype)
        return self.operation.partial_address(self.k, self.dtype, adds)

    def joint_address(self, adds=False):
        """The address of the kernel of values and partials."""
        return self.operation.joint_address(self.dtype)


class Step(NamedTuple):
    """An elementwise step: a kernel, where it writes, its seed, and the result and operands that it reads.

    Places that it does not read are None. With `adds` it adds to `out`, else it defines it. A step without a kernel sums its
    first operand: the elements for which the layout of `out`, broadcast, gives the same place, divided by `divisor`.
    """

    kernel: Kernel | None
    out: Place
    seed: Place
    y: Place
    xs: tuple
    shape: int
    adds: bool
    divisor: float = 1.0

    def reads(self):
        return [p for p in (self.seed, self.y, *self.xs) if p is not None]


class Region:
    """Elementwise steps on the same number of elements of one dtype."""

    kind = REGION

    def __init__(self, level, n, dtype):
        self.level, self.n, self.dtype = level, n, dtype
        self.steps = []
        self.read_at, self.written_at = {}, {}  # slot -> places


def is_direct(place, n):
    """Whether a block of a place is a contiguous block of memory."""
    return place.contiguous and place.size == n


class Schedule:
    """Slots, items and regions of a program that is being built."""

    def __init__(self):
        self.slots = []  # (bytes, dtype)
        self.written, self.read = [], []  # slot -> levels of its last writers and readers
        self.writers, self.readers = [], []  # slot -> the one region that writes or reads it at that level, else None
        self.items, self.regions = [], []
        self._by_size = {}

    def slot(self, nbytes, dtype):
        """Add a slot. Returns its number."""
        self.slots.append((nbytes, dtype))
        self.written.append(-1)
        self.read.append(-1)
        self.writers.append(None)
        self.readers.append(None)
        return len(self.slots) - 1

    def add(self, item):
        """Add an item to the first even level at which what it reads is computed."""
        level = max(0, 0, *[self.written[s] for s in item.reads], *[self.read[s] for s in item.writes])
        item.level = level + (level & 1)
        self.items.append(item)
        for s in item.reads:
            _note(self.read, self.readers, s, item.level, None)
        for s in item.writes:
            _note(self.written, self.writers, s, item.level, None)
        return item

    def fuse(self, step, n, dtype):
        """Add an elementwise step to the first region that it can join, or to a new one."""
        regions = self._by_size.setdefault((n, dtype), [])
        for region in regions:
            if self._joins(step, region):
                break
        else:
            level = max(0, self.read[step.out.slot], *[self.written[p.slot] for p in step.reads()])
            region = Region(level + 1 if level % 2 == 0 else level + 2, n, dtype)
            regions.append(region)
            regions.sort(key=_level)
            self.regions.append(region)
        region.steps.append(step)
        for p in step.reads():
            _note(self.read, self.readers, p.slot, region.level, region)
            region.read_at.setdefault(p.slot, set()).add(p[:2] if is_direct(p, n) else p)
        region.written_at.setdefault(step.out.slot, set()).add(step.out[:2] if is_direct(step.out, n) else step.out)
        _note(self.written, self.writers, step.out.slot, region.level, region)

    def _joins(self, step, region):
        """Whether a step can join a region: what it reads is there, and it interferes with no other region of the level."""
        n = region.n
        for p in step.reads():
            level = self.written[p.slot]
            if level > region.level:
                return False
            if level == region.level:
                alone = self.writers[p.slot] is region and region.written_at.get(p.slot) == {p[:2]}
                if not (alone and is_direct(p, n)):
                    return False
        level = self.read[step.out.slot]
        if level > region.level or (level == region.level and self.readers[step.out.slot] is not region):
            return False
        here = region.read_at.get(step.out.slot)
        return not here or (is_direct(step.out, n) and here == {step.out[:2]})


def _note(levels, who, slot, level, region):
    """Record that a slot is used at a level, by a region or by an item (None)."""
    if level > levels[slot]:
        levels[slot], who[slot] = level, region
    elif level == levels[slot] and who[slot] is not region:
        who[slot] = None


def _level(region):
    return region.level
