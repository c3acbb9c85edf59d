"""Micros of a region: its steps for one block, with operands gathered into blocks and totals taken out of them."""

from ...dtypes import DTYPES
from .program_code import (
    ADVANCING,
    APPLY,
    CHUNK,
    FILL_BLOCK,
    FINISH_TOTAL,
    FIXED,
    GATHER_BLOCK,
    LOCAL,
    MICRO,
    M_OUT,
    SCATTER_BLOCK,
    TOTAL_BLOCK,
)
from .move_geometry import coalesced
from ...mathfun.bits import to_bits
from ...memory.typed_values import ACCUMULATOR
from ...ops.arithmetic import mul
from .schedule import VALUE, Kernel, Place, is_direct

LONGEST_BLOCK, SHORTEST_BLOCK = 1024, 256
CACHE = 160 << 10  # bytes of block memory that a region may use: half of a small second-level cache


class BlockDraft:
    """Local memory of one block, from the first micro that uses it to the last."""

    __slots__ = ("first", "last", "number")

    def __init__(self, first):
        self.first = self.last = first
        self.number = -1


class Micros:
    """The micros of a region.

    Attributes
    ----------
    rows : list of lists of words
        The code.
    n_blocks : int
        How many of them run for every block; the others finish the totals.
    parallel : bool
        Whether no two blocks write to the same place.
    """

    def __init__(self, schedule, region, local_slots, clears):
        self.schedule, self.region, self.n, self.dtype = schedule, region, region.n, region.dtype
        self.local_slots, self.clears = local_slots, set(clears)
        self.item = DTYPES[region.dtype].itemsize
        self.drafts, self.totals = [], []  # drafts: (kind, kernel, [operand], layout, shape)
        self.blocks, self._loaded = [], {}
        self.parallel = True
        self._joint = self._shared_work()  # what it is known by -> block of partials, None until there
        for step in region.steps:
            self._draft(step)
        self._check_parallel()
        self._choose_block()
        self.rows = [self._encode(*draft) for draft in self.drafts]
        self.n_blocks = len(self.rows)
        self._end_totals()

    # --- drafting -------------------------------------------------------------------------------------

    def _shared_work(self):
        """Steps whose value and partial are both computed here and cost less together; without a block for the partial yet."""
        values, found = set(), {}
        for step in self.region.steps:
            if step.kernel is None or not step.kernel.operation.joint:
                continue
            if step.kernel.k == VALUE:
                values.add(_work(step))
            elif _work(step) in values:
                found[_work(step)] = None
        return found

    def _draft(self, step):
        if step.kernel is None:
            self._add_up(self._source(step.xs[0], step.shape), step)
            return
        work, is_value = _work(step), step.kernel.k == VALUE  # two rows may share one value: a view, or one without gradients
        partials = self._joint.get(work)
        if partials is not None and not is_value:
            times = Kernel(mul.operation, 0, step.kernel.dtype)
            self._apply(step, times.address, [self._source(step.seed, step.shape), None, None, partials, None])
            return
        operands = [None if p is None else self._source(p, step.shape) for p in (step.seed, step.y, *step.xs)]
        address = step.kernel.address
        if work in self._joint and partials is None:
            operands[1] = self._joint[work] = self._new_block()
            address = step.kernel.joint_address
        self._apply(step, address, operands)

    def _apply(self, step, address, operands):
        """Call a kernel, by the address of the variant that adds or of the one that does not, and choose where its results go."""
        if is_direct(step.out, self.n):
            first = step.out.slot in self.clears
            self.clears.discard(step.out.slot)
            self._add(APPLY, address(step.adds and not first), [self._whole(step.out), *operands])
            return
        part = self._new_block()
        self._add(APPLY, address(False), [part, *operands])
        self._add_up(part, step)

    def _add_up(self, x, step):
        """Add what a step has computed to its target."""
        if step.out.size == 1:
            self._total(x, step.out, step.adds, step.divisor)
        else:
            self.parallel = False
            self._add(SCATTER_BLOCK, 0, [x, None, None, step.out], step.out.layout, step.shape)

    def _add(self, kind, kernel, operands, layout=0, shape=0):
        for b in operands:
            if isinstance(b, BlockDraft):
                b.last = len(self.drafts)
        self.drafts.append((kind, kernel, operands, layout, shape))

    def _new_block(self):
        block = BlockDraft(len(self.drafts))
        self.blocks.append(block)
        return block

    def _whole(self, place):
        """A place with as many elements as the region: used as it lies, or a block of local memory."""
        if place.slot not in self.local_slots:
            return place
        if place.slot not in self._loaded:
            self._loaded[place.slot] = self._new_block()
        return self._loaded[place.slot]

    def _source(self, place, shape):
        """What a kernel reads: memory as it lies, or gathered into a block."""
        if is_direct(place, self.n):
            return self._whole(place)
        key = (place, shape)
        if key not in self._loaded:
            block = self._loaded[key] = self._new_block()
            if place.size == 1:
                self._add(FILL_BLOCK, 0, [block, None, None, place])
                block.first, block.number = -1, -2  # filled once for the region, so it cannot be shared
            else:
                self._add(GATHER_BLOCK, 0, [block, None, None, place], place.layout, shape)
        return self._loaded[key]

    def _total(self, x, out, adds, divisor):
        self._add(TOTAL_BLOCK, 0, [("total", len(self.totals)), None, None, x])
        self.totals.append((out, adds, divisor))

    def _check_parallel(self):
        """Determine whether blocks are independent: every slot is written at one place only, block by block."""
        for places in self.region.written_at.values():
            if len(places) > 1:
                self.parallel = False

    # --- local memory ---------------------------------------------------------------------------------

    def _choose_block(self):
        busy = []  # (last use, number)
        count = 0
        for block in sorted(self.blocks, key=_first):
            kept = block.number == -2
            free = [k for k, (last, _) in enumerate(busy) if last < block.first] if not kept else []
            if free:
                block.number = busy[free[0]][1]
                busy[free[0]] = (block.last, block.number)
            else:
                block.number, count = count, count + 1
                busy.append((len(self.drafts) if kept else block.last, block.number))
        self.block = LONGEST_BLOCK
        while self.block > SHORTEST_BLOCK and count * self.block * self.item > CACHE:
            self.block //= 2
        self.local_bytes = count * self.block * self.item
        self.chunks = -(-self.n // (CHUNK * self.block))
        self.accumulators = [self.schedule.slot(ACCUMULATOR * self.chunks, self.dtype) for _ in self.totals]
        for slot in self.accumulators:
            self.region.written_at[slot] = {(slot, 0)}

    # --- encoding -------------------------------------------------------------------------------------

    def _encode(self, kind, kernel, operands, layout, shape):
        row = [kind, kernel] + [0] * (MICRO - 2)
        modes = 0
        operands = [*operands, *[None] * (6 - len(operands))]
        for k, operand in enumerate(operands, 2):
            operand = operands[0] if operand is None and kind == APPLY else operand
            mode, row[k] = self._operand(operand, kind, k)
            modes |= mode << 2 * k
        row[8] = modes
        if kind in (GATHER_BLOCK, SCATTER_BLOCK):
            row[9], row[3] = coalesced(layout, shape)
        return row

    def _operand(self, operand, kind, k):
        if operand is None:
            return FIXED, 0
        if isinstance(operand, BlockDraft):
            return LOCAL, operand.number * self.block * self.item
        if isinstance(operand, tuple) and not isinstance(operand, Place):
            return FIXED, Place(self.accumulators[operand[1]], 0, 0)
        whole = kind in (APPLY, TOTAL_BLOCK) or (kind == SCATTER_BLOCK and k == M_OUT)
        return (ADVANCING if whole else FIXED), operand

    def _end_totals(self):
        for slot, (out, adds, divisor) in zip(self.accumulators, self.totals):
            row = [FINISH_TOTAL, 0, out, int(adds), 0, Place(slot, 0, 0)] + [0] * (MICRO - 6)
            row[9], row[10] = self.dtype, to_bits(divisor)
            self.rows.append(row)


def _work(step):
    return step.kernel.operation, step.xs[0], step.shape


def _first(block):
    return block.first
