"""The code of an adjoint: the function itself, which saves as it goes, then the same parts from last to first."""

from numba import types

from ..compat import alloca_once, alloca_once_value, if_unlikely, llvm_ir as ir, loop_nest
from ..numbers.array_types import allocate, array_of
from ..tape_memory.arenas import WORD
from .adjoint_emission import BlockReverse
from .block_values import Store
from .deferred_additions import DeferredAdditions
from .memory_scopes import GIVEN
from .row_emission import RowEmission
from .saved_memory import AdjointPlace, ArrayPlace, HeldPlace, words
from .shared_loops import InThreads, number_of_parts
from .tangent_emission import BlockTangents
from .value_emission import LANE, NUMBER, SUMS, Frame, Values


class Emission:
    """The code of one adjoint.

    Parameters
    ----------
    given : list of LLVM values
        The arguments of the function.
    seeds : OneSeed, GivenSeeds or UnitSeeds
        The cotangents of the outputs.
    leaves_to_threads : bool, optional
        Raise `InThreads` where threads should share a loop.
    """

    def __init__(self, context, builder, program, given, stack, seeds, leaves_to_threads=False):
        self.seeds = seeds
        self.context, self.builder, self.program, self.given, self.stack = context, builder, program, given, stack
        self.frame = Frame(context, builder, program, given, stack, seeds.lanes, seeds.directions)
        self.memories = {array: "exchanged" for part in program.exchanges() for array in (part.first, part.second)}
        self.later = DeferredAdditions(self.frame)
        self.leaves = leaves_to_threads and program.shared is not None
        self.flat = None  # the flat loop around the parts that are emitted: its region and how many iterations it makes

    def emit(self):
        """Returns what the function returns, if it is asked for, the gradients, and whether these are usual.

        Where a guard does not hold, all of them are zero. Of several lanes there is one gradient, a matrix.
        """
        return self.zeros_where_left(self.seeds.handed_out(self.program), self._value_and_gradients)

    def zeros_where_left(self, kinds, code):
        """What code hands out: values of some types, and a boolean; zeros where a guard has left it."""
        kinds = [self.context.get_value_type(ty) for ty in kinds]
        found = [alloca_once_value(self.builder, ir.Constant(kind, None)) for kind in (*kinds, ir.IntType(1))]
        self.end = self.builder.append_basic_block("end")
        for number, slot in zip(code(), found):
            self.builder.store(number, slot)
        self.builder.branch(self.end)
        self.builder.position_at_end(self.end)
        self.frame.scopes.tell()
        return [self.builder.load(slot) for slot in found]

    def _value_and_gradients(self):
        self.seeds.place_of = self._place
        self._arguments()
        self._forward(self.program.parts)
        value = self.seeds.values(self.frame)
        if self.frame.lanes > 1:
            return *value, *RowEmission(self.frame, self.seeds, self._reverse_all).emit()
        gradients = self._seed()
        self._reverse_all()
        sides = range(len(self.frame.bar_kinds))
        found = [self._gradient(k, part, gradients) for part in sides for k in self.program.argnums]
        return *value, *found, self._is_usual()

    def _reverse_all(self):
        with self.frame.without_exceptions():
            self._reverse(self.program.parts)

    # --- arguments and gradients ------------------------------------------------------------------------------------------

    def _arguments(self):
        for array in self.program.fixed:
            ty = types.Array(array.element, array.ndim, array.layout, readonly=True)
            self.frame.places[array] = self._place(ty, self.context.get_constant_generic(self.builder, ty, array.value))
        for k, (_, ty, array) in enumerate(self.program.parameters):
            if array is None:
                continue
            place = self._place(ty, self.given[k])
            self.frame.places[array] = self._copied(array, place) if array in self.program.written else place
            if array in self.program.active and (k not in self.program.argnums or not self._is_gradient(array)):
                self.frame.shadows[array] = self._shadow(array)
        if self.frame.directions:
            self._argument_tangents()

    def _place(self, ty, value):
        """Where an array of Numba's lies."""
        x = self.context.make_array(ty)(self.context, self.builder, value)
        lengths = [self.builder.extract_value(x.shape, n) for n in range(ty.ndim)]
        strides = [self.builder.extract_value(x.strides, n) for n in range(ty.ndim)]
        access = self.frame.access(GIVEN)
        return ArrayPlace(self.context, ty.dtype, x.data, lengths, access, None if ty.layout == "C" else strides)

    def _copied(self, array, place):
        """An array of the caller's that the function writes to, as a private copy."""
        return self._filled(self.stack.array(array.element, place.lengths, False, self._access(array)), place)

    def _filled(self, copy, place):
        with loop_nest(self.builder, place.lengths, intp=ir.IntType(64)) as indices:
            copy.store(self.builder, indices, place.load(self.builder, indices))
        return copy

    def _argument_tangents(self):
        """The tangents of the arguments: those that are given, those of arguments that the function writes to in copies."""
        for k, (_, _, array) in enumerate(self.program.parameters):
            if array is None and k in self.program.argnums:
                self.frame.given_dots[k] = self.seeds.dot_of(self.frame, k)
            elif array in self.program.active:
                place, access = self.seeds.tangents_of(self.frame, k), self._access(array, "tangents")
                if array in self.program.written:
                    lengths = self.frame.places[array].lengths
                    copy = self.stack.array(types.float64, lengths, place is None, access, self.frame.directions)
                    place = copy if place is None else self._filled(copy, place)
                self.frame.tangents[array] = place

    def _shadow(self, array):
        lengths = self.frame.places[array].lengths
        return AdjointPlace([self.stack.array(types.float64, lengths, True, *side) for side in self._sides(array)])

    def _sides(self, array):
        """Of the arrays of its adjoints: the access, and how many numbers each element is."""
        counts = self.frame.lanes, self.frame.directions
        return [(self._access(array, what), count) for what, count in zip(("shadow", "shadow_dot"), counts) if count]

    def _access(self, array, what="array"):
        """For accesses to an array or its shadow: arrays that are exchanged are one memory, for all that LLVM should know."""
        return self.frame.access((self.memories.get(array, array), what))

    def _seed(self):
        """Memory for gradients, and the adjoints of the outputs. No code after this raises."""
        self.seeds.expect_shapes(self.frame)
        gradients, self.frame.parameter_bars = {}, {}
        for k in self.program.argnums:
            _, ty, array = self.program.parameters[k]
            if array is None:
                self.frame.parameter_bars[k] = [alloca_once_value(self.builder, number) for number in self.frame.no_bar]
                continue
            if not self._is_gradient(array):
                continue
            gradients[k], parts, lengths = [], [], self.frame.places[array].lengths
            for access, count in self._sides(array):
                to, axes = array_of(types.float64, ty.ndim + (count > 1)), [words(count)] * (count > 1)
                gradients[k].append(allocate(self.context, self.builder, to, [*lengths, *axes]))
                data = self.context.make_array(to)(self.context, self.builder, gradients[k][-1]).data
                parts.append(ArrayPlace(self.context, types.float64, data, lengths, access, lanes=count))
                parts[-1].data = self.builder.bitcast(data, parts[-1].kind.as_pointer())
            self.frame.shadows[array] = AdjointPlace(parts)
        self.seeds.seed(self.frame)
        return gradients

    def _gradient(self, k, part, gradients):
        """The gradient with respect to an argument, in its precision, or the tangents of that."""
        _, ty, array = self.program.parameters[k]
        if array is None:
            return self.context.cast(self.builder, self.builder.load(self.frame.parameter_bars[k][part]), types.float64, ty)
        if k in gradients:
            return gradients[k][part]
        to, shadow = array_of(array.element, array.ndim), self.frame.shadows[array].parts[part]
        found = allocate(self.context, self.builder, to, shadow.lengths, clear=False)
        place = self._place(to, found)
        with loop_nest(self.builder, shadow.lengths, intp=ir.IntType(64)) as indices:
            number = self.context.cast(self.builder, shadow.load(self.builder, indices), types.float64, array.element)
            place.store(self.builder, indices, number)
        return found

    def _is_gradient(self, array):
        """Whether the adjoint of a differentiated argument is the gradient that is handed out: one in double precision."""
        return self.frame.lanes == 1 and array.element == types.float64

    def _is_usual(self):
        builder, total = self.builder, alloca_once_value(self.builder, ir.Constant(NUMBER, 0.0))
        absolute = builder.module.declare_intrinsic("llvm.fabs", [NUMBER])

        def add(numbers):
            count = getattr(numbers.type, "count", 0)
            for number in [builder.extract_element(numbers, ir.Constant(LANE, k)) for k in range(count)] or [numbers]:
                builder.store(builder.fadd(builder.load(total), builder.call(absolute, [number]), flags=SUMS), total)

        for k in self.program.argnums:
            array = self.program.parameters[k][2]
            if array is None:
                for bar in self.frame.bar_in(self.frame.parameter_bars[k]):
                    add(bar)
                continue
            for place in self.frame.shadows[array].parts:
                with loop_nest(builder, place.lengths, intp=ir.IntType(64)) as indices:
                    add(place.load(builder, indices))
        sum_of_all = builder.load(total)
        is_finite = builder.fcmp_ordered("<", sum_of_all, ir.Constant(NUMBER, float("inf")))
        if not self.seeds.zero_is_unusual:
            return is_finite
        return builder.and_(is_finite, builder.fcmp_ordered(">", sum_of_all, ir.Constant(NUMBER, 0.0)))

    # --- forward ----------------------------------------------------------------------------------------------------------

    def _forward(self, parts):
        for part in parts:
            if self.builder.block.is_terminated:
                return
            getattr(self, f"_forward_{type(part).__name__.lower()}")(part)

    def _addresses(self, block, take):
        """A function of k: where the k-th word that a block saves lies."""
        if self.flat is not None:
            region, count, number = self.flat

            def address(k):
                place = self.builder.add(self.builder.mul(count, words(self._words(*block.first) + k)), number)
                return self.builder.gep(region, [place])

            return address
        count = self._words(block.words, len(block.tangents))
        region = self._pointer(take(words(count))) if count else None
        return lambda k: self.builder.gep(region, [words(k)])

    def _pointer(self, address):
        return self.builder.inttoptr(address, WORD.as_pointer())

    def _region(self, loop, count, take):
        """Memory for what the iterations of a flat loop save: an address of words, because LLVM follows no integers."""
        slots = self._words(*loop.slots)
        return self._pointer(take(self.builder.mul(count, words(slots)))) if loop.is_flat and slots else None

    def _words(self, count, tangents):
        """How many words so many words and tangents take."""
        return count + tangents * self.frame.directions

    def _forward_block(self, block):
        frame, values = self.frame, Values(self.frame, block, checked=True)
        address, tangents = self._addresses(block, self.stack.reserve), BlockTangents(values)
        for k, name in enumerate(block.saved):
            frame.save(address(k), self.builder.load(frame.slots[name]))
            tangents.save_variable(name, address)
        k = len(block.saved) + len(block.results)
        for item in block.order:
            if isinstance(item, Store):
                k = self._forward_store(item, values, tangents, address, k)
            else:
                values.of(item)
                tangents.of(item)
        for n, value in enumerate(block.results, len(block.saved)):
            frame.save(address(n), values.of(value))
            tangents.save_value(value, address)
        for name, value, dot in [(name, values.of(value), tangents.in_full(value)) for name, value in block.final.items()]:
            self.builder.store(value, frame.slots[name])
            if name in frame.dots:
                self.builder.store(dot, frame.dots[name])

    def _forward_store(self, store, values, tangents, address, k):
        place, indices = self.frame.places[store.array], values.indices(store.array, store.indices)
        pointer = place.pointer(self.builder, indices, values.is_tested())
        if store.is_saved:
            self.frame.save(address(k), place.load_at(self.builder, pointer))
            tangents.save_element(store, address, indices)
            if store.saves_place:
                self.frame.save(address(k + 1), self.builder.ptrtoint(pointer, ir.IntType(64)))
            k += 1 + store.saves_place
        place.store_at(self.builder, pointer, values.of(store.value))
        tangents.store(store, indices)
        return k

    def _forward_loop(self, loop):
        count = None
        if loop.step is not None:
            self._refuse_step(loop)
            count = self.frame.count(loop)
            self._leave_to_threads(loop)
        outer = self.flat
        region = self._region(loop, count, self.stack.reserve)
        with self.frame.upwards(loop, count) as number:
            self.flat = (region, count, number) if loop.is_flat else None
            self.frame.hand_out(loop, number)
            self._forward(loop.body)
        self.flat = outer
        if loop.left is not None:
            self.frame.save(self._pointer(self.stack.reserve(words(1))), self.builder.load(self.frame.counts[loop]))

    def _leave_to_threads(self, loop):
        if self.leaves and loop is self.program.shared.loop:
            n, _ = number_of_parts(self.frame, self.program.shared)
            with if_unlikely(self.builder, self.builder.icmp_signed(">", n, words(1))):
                self.context.call_conv.return_user_exc(self.builder, InThreads, ())

    def _refuse_step(self, loop):
        step = self.frame.kept(loop.step)
        if not isinstance(step, ir.Constant):
            with if_unlikely(self.builder, self.builder.icmp_signed("==", step, words(0))):
                self.context.call_conv.return_user_exc(self.builder, ValueError, ("range() arg 3 must not be zero",))

    def _forward_branch(self, branch):
        self._both(branch, self._forward)

    def _both(self, branch, emit):
        condition = self.frame.kept(branch.condition)
        condition = self.context.cast(self.builder, condition, self.program.types[branch.condition], types.boolean)
        with self.builder.if_else(condition) as (then, otherwise):
            with then:
                emit(branch.ways[0])
            with otherwise:
                emit(branch.ways[1])

    def _forward_allocation(self, part):
        lengths = [self.frame.kept(length) for length in part.lengths]
        for k, length in enumerate(lengths):
            is_negative = self.builder.icmp_signed("<", length, words(0))
            if part.is_early:
                lengths[k] = self.builder.select(is_negative, words(0), length)
                continue
            with if_unlikely(self.builder, is_negative):
                self.context.call_conv.return_user_exc(self.builder, ValueError, ("negative dimensions not allowed",))
        for length, slot in zip(lengths, self._held(part.array)[1:]):
            self.builder.store(length, slot)
        for number, place in enumerate(self._memory_of(part.array)):
            count = self.builder.mul(place.size(self.builder), words(place.lanes))
            self.builder.store(self.stack.elements(count, part.is_filled or number > 0), place.held[0])

    def _held(self, array):
        """Memory for where an array lies, its lengths, and where its tangents and its adjoint lie, if it has some."""
        is_active, frame = array in self.program.active, self.frame
        lengths, addresses = [alloca_once(self.builder, ir.IntType(64)) for _ in range(array.ndim)], []

        def place(element, access, count):
            addresses.append(alloca_once(self.builder, ir.IntType(64)))
            return HeldPlace(self.context, self.builder, element, [addresses[-1], *lengths], access, count)

        frame.places[array] = place(array.element, self._access(array), 1)
        if is_active and frame.directions:
            frame.tangents[array] = place(types.float64, self._access(array, "tangents"), frame.directions)
        if is_active:
            frame.shadows[array] = AdjointPlace([place(types.float64, *side) for side in self._sides(array)])
        return [addresses[0], *lengths, *addresses[1:]]

    def _memory_of(self, array):
        """Where an array lies, and its tangents and adjoints."""
        tangents, shadow = self.frame.tangents.get(array), self.frame.shadows.get(array)
        return [self.frame.places[array], *([tangents] if tangents else []), *(shadow.parts if shadow else [])]

    def _forward_exchange(self, part):
        for first, second in zip(self._memory_of(part.first), self._memory_of(part.second), strict=True):
            slots = first.held[0], second.held[0]
            for address, slot in zip([self.builder.load(slot) for slot in slots], reversed(slots)):
                self.builder.store(address, slot)

    def _forward_exit(self, part):
        self.context.call_conv.return_user_exc(self.builder, part.exception, part.arguments or (), part.location)

    def _forward_guard(self, part):
        holds = self.context.cast(self.builder, self.frame.kept(part.condition), types.boolean, types.boolean)
        with if_unlikely(self.builder, self.builder.not_(holds)):
            self.builder.branch(self.end)

    # --- reverse ----------------------------------------------------------------------------------------------------------

    def _reverse(self, parts):
        for part in reversed(parts):
            getattr(self, f"_reverse_{type(part).__name__.lower()}")(part)

    def _reverse_block(self, block):
        BlockReverse(self.frame, block, self._addresses(block, self.stack.release), self.later).emit()

    def _reverse_loop(self, loop):
        if loop.left is None:
            count = self.frame.count(loop)
        else:
            count = self.frame.saved(self._pointer(self.stack.release(words(1))), types.int64)
        outer = self.flat
        region = self._region(loop, count, self.stack.release)

        def reverse_iteration(number):
            self.flat = (region, count, number) if loop.is_flat else None
            self.frame.hand_out(loop, number)
            for name, value in loop.variables.items():
                self.builder.store(Values(self.frame, None).of(value), self.frame.slots[name])
            self._reverse(loop.body)

        if loop.deferred:
            self.later.reverse(loop, count, reverse_iteration)
        else:
            with self.frame.downwards(loop, count, words(0)) as number:
                reverse_iteration(number)
        self.flat = outer

    def _reverse_branch(self, branch):
        self._both(branch, self._reverse)

    def _reverse_allocation(self, part):
        for place in reversed(self._memory_of(part.array)):
            self.stack.release(self.builder.mul(place.size(self.builder), words(place.lanes)))

    def _reverse_exchange(self, part):
        self._forward_exchange(part)

    def _reverse_guard(self, part):
        """What a guard has let through is reversed without it."""

    def _reverse_exit(self, part):
        """Code that raised is never reversed."""
