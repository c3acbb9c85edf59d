"""The code of an adjoint in pieces, between which threads share one loop (`shared_loops`).

The iterations are cut into parts whose boundaries depend on sizes alone. Every part is run, and reversed, as the loop is in an
adjoint in one piece; its sums begin at 0, and so do the adjoints of what several parts read. Sums and adjoints of parts are added
up in their order. So the result does not depend on which thread has made which part.

What one piece leaves to another, the variables of the code that is emitted, is kept in rows of words: one for where the loop
begins, one for each part, and one for where the loop is reversed. They lie on the value stack of the call, as do the adjoints
that parts have for themselves; what parts save lies on stacks of their threads.
"""

from contextlib import contextmanager

from numba import types

from ..compat import alloca_once_value, llvm_ir as ir, loop_nest, memset
from ..tape_memory.arenas import WORD
from .program_emission import Emission
from .program_parts import Allocation, walk
from .result_emission import gradient_types
from .saved_memory import AdjointPlace, ArrayPlace, words
from .shared_loops import MOST_PARTS, number_of_parts

BYTE, DONE = ir.IntType(8).as_pointer(), ir.Constant(ir.IntType(1), 1)


class PieceEmission(Emission):
    """The code of one piece.

    Parameters
    ----------
    numbers : list of LLVM values
        The address of the rows; how many parts there are; the first that this piece makes, and the one after the last; the
        address of the adjoints that parts have for themselves.
    """

    def __init__(self, context, builder, program, given, stack, seeds, numbers):
        super().__init__(context, builder, program, given, stack, seeds)
        self.shared = program.shared
        self.rows, self.n, self.first, self.last, self.own_adjoints = numbers
        self.held, self.variables, self.addresses = {}, [], {}

    def emit_piece(self, name):
        """Returns what the piece hands out, and whether it has come to its end."""
        return self.zeros_where_left(piece_types(name, self.seeds, self.program), getattr(self, f"_{name}"))

    def _prepare(self, begins=False):
        frame, builder, program = self.frame, self.builder, self.program
        self.begins = begins
        for array in {part.array: None for part, _ in walk(program.parts) if isinstance(part, Allocation)}:
            self.held[array] = super()._held(array)
            for slot in self.held[array]:
                builder.store(words(0), slot)
        scalars = [k for k in program.argnums if program.parameters[k][2] is None]
        frame.parameter_bars = {k: [alloca_once_value(builder, number) for number in frame.no_bar] for k in scalars}
        held = [slot for slots in self.held.values() for slot in slots]
        bars = [slot for slots in (*frame.bars.values(), *frame.parameter_bars.values()) for slot in slots]
        self.own = [self.stack.top, self.stack.segment, self.stack.end]  # variables of the thread
        self.variables = [*self.own, *frame.slots.values(), *bars, *held]
        arrays = [array for _, _, array in program.parameters if array is not None]
        kept = [(array, what) for array in arrays for what in ("copy", "shadow")]
        self.addresses = {one: k for k, one in enumerate(kept, len(self.variables))}
        self.width = len(self.variables) + len(kept)
        if begins:
            self.rows = self.stack.elements(words((MOST_PARTS + 2) * self.width), clear=False)
        self._arguments()

    # --- the pieces -----------------------------------------------------------------------------------------------------------

    def _begin(self):
        """All before the loop. Hands out where the rows are, how many parts there are, and where their own adjoints lie."""
        self._prepare(begins=True)
        self._forward(self.shared.before)
        n, own = number_of_parts(self.frame, self.shared)
        adjoints = self.stack.elements(self.builder.mul(n, own), clear=False)
        self._keep(words(0))
        return self.rows, n, adjoints, DONE

    def _run_parts(self):
        """Run some parts."""
        self._prepare()
        with self._parts(upwards=True) as (part, row):
            self._take(words(0), self.variables[len(self.own) :])
            for name in self.shared.sums:
                slot = self.frame.slots[name]
                self.builder.store(ir.Constant(slot.type.pointee, None), slot)
            self._make_own_arrays()
            with self._restricted(part):
                self._forward_loop(self.shared.loop)
            self._keep(row)
        return (DONE,)

    def _turn(self):
        """Add up the sums, run what follows the loop, and reverse that. Hands out what the function returns."""
        self._prepare()
        self._take(words(0))
        for name in self.shared.sums:
            self._add_parts(self.frame.slots[name])
        self._forward(self.shared.after)
        self.seeds.place_of = self._place
        value = self.seeds.values(self.frame)
        self.seeds.seed(self.frame)
        with self.frame.without_exceptions():
            self._reverse(self.shared.after)
        self._keep(self._last_row())
        return *value, DONE

    def _reverse_parts(self):
        """Reverse some parts."""
        frame = self.frame
        self._prepare()
        sums = [slot for name in self.shared.sums for slot in frame.bars.get(name, ())]
        with self._parts(upwards=False) as (part, row):
            self._take(row)
            for slots in (*frame.bars.values(), *frame.parameter_bars.values()):
                frame.set_bar(slots, frame.no_bar)
            self._take(self._last_row(), sums)
            self._give_own_adjoints(part)
            with self._restricted(part), frame.without_exceptions():
                self._reverse_loop(self.shared.loop)
            for size in reversed(self._sizes_of_own()):
                self.stack.release(size)
            self._keep(row)
        return (DONE,)

    def _end(self):
        """Add up the adjoints of the parts, reverse what comes before the loop, and hand out gradients."""
        frame, inside = self.frame, self.shared.variables
        self._prepare()
        self._take(self._last_row())
        self._take(words(0), [frame.slots[name] for name in inside])
        for name, slots in frame.bars.items():
            if name not in inside:
                self._add_parts(*slots)
            elif name not in self.shared.sums:
                frame.set_bar(slots, frame.no_bar)
        for slots in frame.parameter_bars.values():
            self._add_parts(*slots)
        self._add_own_adjoints()
        with frame.without_exceptions():
            self._reverse(self.shared.before)
        return *[self._gradient(k, 0, {}) for k in self.program.argnums], self._is_usual()

    # --- rows -------------------------------------------------------------------------------------------------------------------

    def _cell(self, row, k, kind):
        """Where the k-th word of a row lies, for a value of LLVM's type."""
        place = self.builder.add(self.builder.mul(row, words(self.width)), words(k))
        address = self.builder.add(self.rows, self.builder.mul(place, words(8)))
        return self.builder.inttoptr(address, kind.as_pointer())

    def _last_row(self):
        return self.builder.add(self.n, words(1))

    def _keep(self, row):
        for k, pointer in enumerate(self.variables):
            self.builder.store(self.builder.load(pointer), self._cell(row, k, pointer.type.pointee))

    def _take(self, row, pointers=None):
        for pointer in self.variables if pointers is None else pointers:
            cell = self._cell(row, self.variables.index(pointer), pointer.type.pointee)
            self.builder.store(self.builder.load(cell), pointer)

    def _add_parts(self, pointer):
        """Add to a variable what it is at the end of each part, in their order."""
        builder, kind, k = self.builder, pointer.type.pointee, self.variables.index(pointer)
        with self._counted(words(0), self.n) as part:
            found = builder.load(self._cell(builder.add(part, words(1)), k, kind))
            add = builder.add if isinstance(kind, ir.IntType) else builder.fadd
            builder.store(add(builder.load(pointer), found), pointer)

    # --- parts ------------------------------------------------------------------------------------------------------------------

    @contextmanager
    def _counted(self, first, last, upwards=True):
        """Code for every number from `first` to before `last`, or the other way round."""
        builder = self.builder
        slot = alloca_once_value(builder, words(0))
        builder.store(first if upwards else builder.sub(last, words(1)), slot)
        sign, limit, step = ("<", last, 1) if upwards else (">=", first, -1)
        with self.frame.while_holds(lambda number: builder.icmp_signed(sign, number, limit), slot):
            yield builder.load(slot)
            builder.store(builder.add(builder.load(slot), words(step)), slot)

    @contextmanager
    def _parts(self, upwards):
        """Code for the parts that the piece makes, and their rows."""
        with self._counted(self.first, self.last, upwards) as part:
            yield part, self.builder.add(part, words(1))

    @contextmanager
    def _restricted(self, part):
        """Code in which the loop makes the iterations of one part."""
        builder, loop, count = self.builder, self.shared.loop, self.frame.count(self.shared.loop)
        low, high = (builder.sdiv(builder.mul(number, count), self.n) for number in (part, builder.add(part, words(1))))
        self.frame.ranges[loop] = low, builder.sub(high, low)
        yield
        del self.frame.ranges[loop]

    # --- arrays -----------------------------------------------------------------------------------------------------------------

    def _is_gradient(self, array):
        return False  # all adjoints lie on the stack until the end

    def _held(self, array):
        return self.held[array]

    def _copied(self, array, place):
        return self._kept_array(
            array, "copy", array.element, place.lengths, lambda: super(PieceEmission, self)._copied(array, place)
        )

    def _shadow(self, array):
        lengths = self.frame.places[array].lengths

        def make():
            return super(PieceEmission, self)._shadow(array).parts[0]

        return AdjointPlace([self._kept_array(array, "shadow", types.float64, lengths, make)])

    def _kept_array(self, array, what, element, lengths, make):
        """An array on the stack of the call, which the first piece makes."""
        cell = self._cell(words(0), self.addresses[array, what], WORD)
        if self.begins:
            made = make()
            self.builder.store(self.builder.ptrtoint(made.data, WORD), cell)
            return made
        place = ArrayPlace(self.context, element, None, lengths, self._access(array, "array" if what == "copy" else what))
        place.data = self.builder.inttoptr(self.builder.load(cell), place.kind.as_pointer())
        return place

    def _sizes_of_own(self):
        """How many words the arrays have that iterations make, and their adjoints."""
        sizes = [(self.frame.places[array].size(self.builder), array in self.frame.shadows) for array in self.shared.own]
        return [size for size, is_active in sizes for _ in range(1 + is_active)]

    def _make_own_arrays(self):
        slots = [s for array in self.shared.own for s in (self.held[array][:1] + self.held[array][1 + array.ndim :])]
        for size, slot in zip(self._sizes_of_own(), slots, strict=True):
            self.builder.store(self.stack.elements(size, clear=True), slot)

    def _own_adjoints(self, part):
        """The adjoints that a part has for itself: arrays, and where each of them lies."""
        builder, offset = self.builder, words(0)
        sizes = [self.frame.places[array].size(builder) for array in self.shared.private]
        total = words(0)
        for size in sizes:
            total = builder.add(total, size)
        first = builder.mul(part, total)
        for array, size in zip(self.shared.private, sizes):
            place = ArrayPlace(self.context, types.float64, None, self.frame.places[array].lengths, self._access(array, "shadow"))
            address = builder.add(self.own_adjoints, builder.mul(builder.add(first, offset), words(8)))
            place.data = builder.inttoptr(address, place.kind.as_pointer())
            offset = builder.add(offset, size)
            yield array, place, size

    def _give_own_adjoints(self, part):
        """Let the adjoints of a part be its own, and zero."""
        for array, place, size in self._own_adjoints(part):
            self.frame.shadows[array] = AdjointPlace([place])
            memset(self.builder, self.builder.bitcast(place.data, BYTE), self.builder.mul(size, words(8)), 0)

    def _add_own_adjoints(self):
        """Add the adjoints of the parts to those of the function, in their order, and give their memory back."""
        builder, total = self.builder, words(0)
        with self._counted(words(0), self.n) as part:
            for array, place, _ in self._own_adjoints(part):
                shadow = self.frame.shadows[array].parts[0]
                with loop_nest(builder, shadow.lengths, intp=WORD) as indices:
                    found = builder.fadd(shadow.load(builder, indices), place.load(builder, indices))
                    shadow.store(builder, indices, found)
        for array in self.shared.private:
            total = builder.add(total, self.frame.places[array].size(builder))
        self.stack.release(builder.mul(self.n, total))


def piece_types(name, seeds, program):
    """The types of what a piece hands out."""
    if name == "begin":
        return [types.int64] * 3
    if name == "turn":
        return seeds.handed_out(program)[:1]
    return gradient_types(program) if name == "end" else []
