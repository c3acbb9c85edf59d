"""Code that computes the values of a block, by Numba's own code for each operation, and code for loops and branches."""

import functools
from contextlib import contextmanager

from numba import types

from ..compat import NumpyErrorModel, alloca_once, llvm_ir as ir
from .memory_scopes import SAVED, MemoryScopes
from .saved_memory import from_word, to_word, words

NUMBER, LANE = ir.DoubleType(), ir.IntType(32)
SUMS = ("reassoc", "nsz", "contract")  # of sums that have no order which a user could have meant


def side_by_side(count):
    """LLVM's type of so many numbers."""
    return ir.VectorType(NUMBER, count) if count > 1 else NUMBER


class Frame:
    """What the code of one adjoint is made with.

    Attributes
    ----------
    places, shadows : dict of ArrayMemory to ArrayPlace
        Where arrays lie, and their adjoints.
    slots, bars : dict of str to LLVM value
        Memory for the variables that cross from one part to another, and for their adjoints.
    counts, counters : dict of Loop to LLVM value
        Memory for the number of the iteration, and for the number that the loop hands out.
    ranges : dict of Loop to (LLVM value, LLVM value)
        Of a loop of which only some iterations are made: the number of the first, and how many there are.
    tangents : dict of ArrayMemory to ArrayPlace
        Where the tangents of arrays lie.
    dots : dict of str to LLVM value
        Memory for the tangents of the variables that cross.
    given_dots : dict of int to LLVM value
        The tangents of arguments that are numbers.
    lanes : int
        How many adjoints each value has, side by side: of so many outputs.
    directions : int
        How many tangents each value has, and its adjoint: along so many directions. An adjoint is a tuple of LLVM values, the
        number and its tangents, if it has some.
    """

    def __init__(self, context, builder, program, given, stack, lanes, directions=0):
        self.context, self.builder, self.program, self.given, self.stack = context, builder, program, given, stack
        self.lanes, self.directions, self.dot = lanes, directions, side_by_side(directions)
        self.bar_kinds = [side_by_side(lanes), self.dot][: 1 + bool(directions)]
        self.no_bar, self.no_dot = tuple(ir.Constant(kind, None) for kind in self.bar_kinds), ir.Constant(self.dot, None)
        self.places, self.shadows, self.tangents, self.counts, self.counters = {}, {}, {}, {}, {}
        self.ranges = {}
        self.scopes = MemoryScopes(builder)
        self.slots = {n: self._slot(context.get_value_type(program.types[n]), n) for n in sorted(program.crossing)}
        active = sorted(name for name in program.crossing if name in program.active)
        self.bars = {name: [self._slot(kind, f"{name}_bar") for kind in self.bar_kinds] for name in active}
        self.dots = {name: self._slot(self.dot, f"{name}_dot") for name in active if directions}
        self.given_dots = {}

    def _slot(self, kind, name):
        slot = alloca_once(self.builder, kind, name=f"v {name}")
        self.builder.store(ir.Constant(kind, None), slot)
        return slot

    def in_all_lanes(self, number, kind):
        """A number, as often as a type has numbers side by side."""
        if kind == NUMBER:
            return number
        first = self.builder.insert_element(ir.Constant(kind, ir.Undefined), number, ir.Constant(LANE, 0))
        return self.builder.shuffle_vector(first, first, ir.Constant(ir.VectorType(LANE, kind.count), [0] * kind.count))

    # --- adjoints -----------------------------------------------------------------------------------------------------------

    def bar_in(self, slots):
        """The adjoint in memory of its own."""
        return tuple(map(self.builder.load, slots))

    def set_bar(self, slots, bar):
        """Store an adjoint."""
        for slot, number in zip(slots, bar, strict=True):
            self.builder.store(number, slot)

    def sum_of(self, bar, other):
        """The sum of two adjoints."""
        return tuple(self.builder.fadd(*numbers, flags=SUMS) for numbers in zip(bar, other, strict=True))

    def add_to_bar(self, slots, bar):
        """Add to an adjoint in memory of its own."""
        self.set_bar(slots, self.sum_of(self.bar_in(slots), bar))

    def add_to(self, shadow, pointers, bar):
        """Add to an element of a shadow."""
        shadow.store_at(self.builder, pointers, self.sum_of(shadow.load_at(self.builder, pointers), bar))

    def steady_bar(self, number):
        """A given number as an adjoint."""
        return number, *self.no_bar[1:]

    def moved(self, bar, partial, partial_dot=None):
        """A partial times an adjoint; a partial may have tangents, which are those of the product then, too."""
        builder = self.builder
        products = [builder.fmul(b, self.in_all_lanes(partial, kind), flags=SUMS) for b, kind in zip(bar, self.bar_kinds)]
        if partial_dot is not None:
            more = builder.fmul(self.in_all_lanes(bar[0], self.dot), partial_dot, flags=SUMS)
            products[1] = builder.fadd(products[1], more, flags=SUMS)
        return tuple(products)

    def kept(self, value):
        """What a value that is steady, or the name of a variable, is now."""
        if isinstance(value, str):
            return self.builder.load(self.slots[value])
        return Values(self, None).of(value)

    def access(self, scope):
        """A function that gives contexts for accesses to one memory."""
        return functools.partial(self.scopes.access, scope)

    def save(self, pointer, value):
        with self.scopes.access(SAVED):
            self.builder.store(to_word(self.builder, value), pointer)

    def saved(self, pointer, ty):
        with self.scopes.access(SAVED):
            found = self.builder.load(pointer)
        return from_word(self.context, self.builder, found, ty)

    @contextmanager
    def without_exceptions(self):
        """Divide as NumPy does: what raises has raised before."""
        before, self.context.error_model = self.context.error_model, NumpyErrorModel(self.context)
        try:
            yield
        finally:
            self.context.error_model = before

    @contextmanager
    def upwards(self, loop, count):
        """Code of a loop's iterations, of which there are so many, or, if `count` is None, as many as it makes."""
        builder, slot = self.builder, self._number_of(loop)
        builder.store(words(0), slot)
        with self.while_holds(lambda number: self._is_before(number, count), slot) as end:
            yield builder.load(slot)
            builder.store(builder.add(builder.load(slot), words(1), flags=["nsw"]), slot)
            if loop.left is not None:
                goes_on = builder.append_basic_block("goes_on")
                builder.cbranch(builder.icmp_signed("==", builder.load(self.slots[loop.left]), words(0)), goes_on, end)
                builder.position_at_end(goes_on)

    @contextmanager
    def downwards(self, loop, high, low):
        """Code of a loop's iterations from the one before `high` down to `low`."""
        builder, slot = self.builder, self._number_of(loop)
        builder.store(builder.sub(high, words(1)), slot)
        with self.while_holds(lambda number: builder.icmp_signed(">=", number, low), slot):
            yield builder.load(slot)
            builder.store(builder.add(builder.load(slot), words(-1), flags=["nsw"]), slot)

    @contextmanager
    def while_holds(self, condition, slot):
        """Code that is run again while something holds of the number in a slot. Hands out the block after it."""
        builder = self.builder
        head, body, end = (builder.append_basic_block(name) for name in ("head", "body", "end"))
        builder.branch(head)
        builder.position_at_end(head)
        builder.cbranch(condition(builder.load(slot)), body, end)
        builder.position_at_end(body)
        yield end
        builder.branch(head)
        builder.position_at_end(end)

    def _is_before(self, number, count):
        return ir.Constant(ir.IntType(1), 1) if count is None else self.builder.icmp_signed("<", number, count)

    def _number_of(self, loop):
        """Memory for the number of a loop's iteration."""
        if loop not in self.counts:
            self.counts[loop] = alloca_once(self.builder, ir.IntType(64))
            self.counters[loop] = alloca_once(self.builder, ir.IntType(64))
        return self.counts[loop]

    def count(self, loop):
        """How many iterations a loop makes."""
        if loop in self.ranges:
            return self.ranges[loop][1]
        builder = self.builder
        start, stop, step = (self.kept(bound) for bound in (loop.start, loop.stop, loop.step))
        span = builder.sub(stop, start)
        if isinstance(step, ir.Constant):
            up = step.constant > 0
            return self._count(span if up else builder.neg(span), words(abs(step.constant)))
        up = builder.icmp_signed(">", step, words(0))
        length = builder.select(up, step, builder.neg(step))
        return self._count(builder.select(up, span, builder.neg(span)), length)

    def _count(self, span, step):
        builder = self.builder
        if not (isinstance(step, ir.Constant) and step.constant == 1):
            span = builder.sdiv(builder.add(span, builder.sub(step, words(1))), step)
        return builder.select(builder.icmp_signed(">", span, words(0)), span, words(0))

    def hand_out(self, loop, number):
        """Set what a loop hands out in one of its iterations."""
        if loop.step is None:
            return
        start, step = self.kept(loop.start), self.kept(loop.step)
        if loop in self.ranges:
            number = self.builder.add(self.ranges[loop][0], number, flags=["nsw"])
        handed = self.builder.add(start, self.builder.mul(number, step, flags=["nsw"]), flags=["nsw"])
        self.builder.store(handed, self.counters[loop])


class Values:
    """The values of one block, in one place of the code: each computed once, where it is first asked for.

    Parameters
    ----------
    checked : bool
        Indices are tested if the user's function is compiled so.
    """

    def __init__(self, frame, block, checked=False):
        self.frame, self.block, self.checked, self.known = frame, block, checked, {}

    def of(self, value):
        found = self.known.get(id(value))
        if found is None:
            found = self.known[id(value)] = getattr(self, value.kind)(value)
        return found

    def constant(self, value):
        return ir.Constant(self.frame.context.get_value_type(value.type), value.what)

    def length(self, value):
        array, axis = value.what
        return self.frame.places[array].lengths[axis]

    def parameter(self, value):
        return self.frame.given[value.what]

    def entry(self, value):
        return self.frame.builder.load(self.frame.slots[value.what])

    def counter(self, value):
        return self.frame.builder.load(self.frame.counters[value.what])

    def cast(self, value):
        (operand,) = value.operands
        return self.frame.context.cast(self.frame.builder, self.of(operand), operand.type, value.type)

    def choice(self, value):
        return self.frame.builder.select(*map(self.of, value.operands))

    def load(self, value):
        place = self.frame.places[value.what]
        return place.load(self.frame.builder, self.indices(value.what, value.operands), self.is_tested())

    def is_tested(self):
        return self.checked and self.frame.context.enable_boundscheck

    def indices(self, array, operands):
        """Indices that count from the front, as words."""
        builder, found = self.frame.builder, []
        for operand, length in zip(operands, self.frame.places[array].lengths):
            index = self.frame.context.cast(builder, self.of(operand), operand.type, types.intp)
            if not operand.never_negative:
                negative = builder.icmp_signed("<", index, words(0))
                index = builder.select(negative, builder.add(index, length), index)
            found.append(index)
        return found

    def operation(self, value):
        context, builder, applied = self.frame.context, self.frame.builder, value.what
        function, signature = applied.function, applied.signature
        if not isinstance(function, types.Type):
            function = context.typing_context.resolve_value_type(function)
            function.get_call_type(context.typing_context, signature.args, {})  # so that it knows the code for these types
        given = [self.of(v) for v in value.operands]
        if applied.in_any_order:
            return builder.fadd(*given, flags=SUMS)
        context_call = context.get_function(function, signature)
        casts = [context.cast(builder, g, v.type, t) for g, v, t in zip(given, value.operands, signature.args, strict=True)]
        context.add_linking_libs(getattr(context_call, "libs", ()))
        found = context_call(builder, casts)
        return context.cast(builder, found, signature.return_type, value.type)
