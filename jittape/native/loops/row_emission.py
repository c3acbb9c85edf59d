"""Code for the rows of a Jacobian: one run of the function, whose reverse is run once for every few outputs, side by side.

The reverse of a program undoes what the program has done. So what the variables and arrays are where the program ends is kept
apart, and put back before the next run. What was saved stays where it lies.
"""

from numba import types

from ..compat import alloca_once_value, llvm_ir as ir, loop_nest, memset, raw_memcpy
from ..numbers.array_types import allocate, array_of
from .result_reading import leaves
from .saved_memory import words
from .value_emission import LANE, NUMBER

BYTE = ir.IntType(8).as_pointer()


class RowEmission:
    """The code of all rows.

    Parameters
    ----------
    reverse : function
        Emits the reverse of the program.
    """

    def __init__(self, frame, seeds, reverse):
        self.frame, self.builder, self.seeds, self.reverse = frame, frame.builder, seeds, reverse

    def emit(self):
        """The matrix, with the arguments in their order, and whether it is finite."""
        frame, builder = self.frame, self.builder
        own = sorted(frame.program.argnums)
        arrays, (nothing,) = [frame.program.parameters[k][2] for k in own], frame.no_bar
        frame.parameter_bars = {k: [alloca_once_value(builder, nothing)] for k, array in zip(own, arrays) if array is None}
        places = [frame.shadows[array].parts[0] if array else None for array in arrays]
        columns, rows = self._count(places), self._count([frame.places.get(leaf) for leaf in leaves(self.seeds.outputs)])
        to = array_of(types.float64, 2)
        put_back = self._kept()
        matrix = allocate(frame.context, builder, to, [rows, columns], clear=False)
        data, total = frame.context.make_array(to)(frame.context, builder, matrix).data, alloca_once_value(builder, nothing)
        first = alloca_once_value(builder, words(0))
        with frame.while_holds(lambda number: builder.icmp_signed("<", number, rows), first):
            put_back()
            self.seeds.first = builder.load(first)
            self.seeds.seed(frame)
            self.reverse()
            self._write(own, places, data, rows, columns, total)
            builder.store(builder.add(self.seeds.first, words(frame.lanes)), first)
        return matrix, self._is_finite(total)

    def _count(self, places):
        """How many numbers are in arrays; None stands for one number."""
        count = words(0)
        for place in places:
            count = self.builder.add(count, place.size(self.builder) if place else words(1))
        return count

    def _kept(self):
        """Keep what the variables and arrays are. Returns a function that emits code to put that back, with adjoints of zero."""
        builder, frame, stack = self.builder, self.frame, self.frame.stack
        arrays = [place for array, place in frame.places.items() if array.parameter is None and array.value is None]
        arrays += [frame.places[array] for array in frame.program.written if array.parameter is not None]
        slots = [*frame.slots.values(), *(slot for place in arrays for slot in getattr(place, "held", ()))]
        shadows = [shadow.parts[0] for shadow in frame.shadows.values()]
        slots += [shadow.held[0] for shadow in shadows if hasattr(shadow, "held")]
        slots += [stack.top, stack.segment, stack.end]
        values = [alloca_once_value(builder, builder.load(slot)) for slot in slots]
        regions = [alloca_once_value(builder, stack.reserve(place.size(builder))) for place in arrays]
        for place, region in zip(arrays, regions):
            self._copy(region, place, lambda own, kept: (kept, own))

        def put_back():
            for slot, value in zip(slots, values):
                builder.store(builder.load(value), slot)
            for place, region in zip(arrays, regions):
                self._copy(region, place, lambda own, kept: (own, kept))
            for bars in (*frame.bars.values(), *frame.parameter_bars.values()):
                frame.set_bar(bars, frame.no_bar)
            for shadow in shadows:
                memset(builder, builder.bitcast(shadow.data, BYTE), self._bytes(shadow, frame.lanes), 0)

        return put_back

    def _bytes(self, place, lanes=1):
        return self.builder.mul(place.size(self.builder), words(8 * lanes))

    def _copy(self, region, place, order):
        """Copy the elements of an array to memory of their own or back: arrays have a word for each of their elements."""
        builder = self.builder
        own, kept = builder.bitcast(place.data, BYTE), builder.inttoptr(builder.load(region), BYTE)
        raw_memcpy(builder, *order(own, kept), self._bytes(place), words(1), align=8)

    def _write(self, numbers, places, data, rows, columns, total):
        """Write the adjoints of the arguments into the matrix, a row for each lane."""
        builder, frame = self.builder, self.frame
        column = alloca_once_value(builder, words(0))

        def put(bars):
            at = builder.load(column)
            for lane in range(frame.lanes):
                row = builder.add(self.seeds.first, words(lane))
                with builder.if_then(builder.icmp_signed("<", row, rows)):
                    place = builder.gep(data, [builder.add(at, builder.mul(row, columns))])
                    builder.store(builder.extract_element(bars, ir.Constant(LANE, lane)), place)
            builder.store(builder.add(at, words(1)), column)
            builder.store(builder.fadd(builder.load(total), builder.fmul(bars, frame.no_bar[0])), total)

        for k, place in zip(numbers, places):
            if place is None:
                put(*frame.bar_in(frame.parameter_bars[k]))
                continue
            with loop_nest(builder, place.lengths, intp=ir.IntType(64)) as indices:
                put(place.load(builder, indices))

    def _is_finite(self, total):
        """Whether the sum of all adjoints times 0 is 0."""
        builder, found = self.builder, ir.Constant(NUMBER, 0.0)
        for lane in range(self.frame.lanes):
            found = builder.fadd(found, builder.extract_element(builder.load(total), ir.Constant(LANE, lane)))
        return builder.fcmp_ordered("==", found, ir.Constant(NUMBER, 0.0))
