"""The reverse pass of one block: what it overwrote restored, its values computed again, and its adjoints moved."""

from numba import types

from ..compat import llvm_ir as ir
from ...kernels.kernel_table import USES_RESULT
from .block_values import Store
from .saved_values import is_active
from .value_emission import NUMBER, SUMS, Values


class BlockReverse:
    """The reverse of one block.

    Parameters
    ----------
    address : function of int
        Where the k-th word that the block saved lies.
    later : DeferredAdditions
        What takes the adjoints of some loads.
    """

    def __init__(self, frame, block, address, later):
        self.frame, self.block, self.address, self.later = frame, block, address, later
        self.values, self.bars, self.entry_bars = Values(frame, block), {}, {}
        self.active = {}

    def emit(self):
        self._restore()
        for item in self.block.order:
            if id(item) in self.block.again:
                self.values.of(item)
        skipped = {id(s.added[1]) for s in self.block.stores if s.added}
        for name, value in self.block.final.items():
            if name in self.frame.bars:
                self.give(value, self.frame.builder.load(self.frame.bars[name]))
        for item in reversed(self.block.order):
            if isinstance(item, Store):
                self._store(item)
            elif id(item) in self.block.reached and id(item) in self.bars and id(item) not in skipped:
                self._value(item)
        for name in self.block.final.keys() & self.frame.bars.keys():
            bar = self.entry_bars.get(name, self.frame.no_bar)
            self.frame.builder.store(bar, self.frame.bars[name])

    def _restore(self):
        """Put back what the block has overwritten: variables, then elements from last to first. Take up what it has kept."""
        frame, block = self.frame, self.block
        for k, value in enumerate(block.results, len(block.saved)):
            self.values.known[id(value)] = frame.saved(self.address(k), value.type)
        for k, name in enumerate(block.saved):
            frame.builder.store(frame.saved(self.address(k), frame.program.types[name]), frame.slots[name])
        k = block.words
        for store in reversed(block.stores):
            if store.is_saved:
                k -= 1 + store.saves_place
                value = frame.saved(self.address(k), store.array.element)
                place = frame.places[store.array]
                if store.saves_place:
                    kind = frame.context.get_data_type(store.array.element).as_pointer()
                    pointer = frame.builder.inttoptr(frame.saved(self.address(k + 1), types.int64), kind)
                    place.store_at(frame.builder, pointer, value)
                else:
                    place.store(frame.builder, self.values.indices(store.array, store.indices), value)

    def is_active(self, value):
        found = self.active.get(id(value))
        if found is None:
            found = self.active[id(value)] = is_active(self.frame.program, value)
        return found

    def give(self, value, bar):
        """Add to the adjoint of a value."""
        if not self.is_active(value):
            return
        if value.kind == "parameter":  # the same in all blocks
            self._add(self.frame.parameter_bars[value.what], bar)
            return
        known = self.bars.get(id(value))
        self.bars[id(value)] = bar if known is None else self.frame.builder.fadd(known, bar, flags=SUMS)

    def _store(self, store):
        shadow = self.frame.shadows.get(store.array)
        if shadow is None:
            return
        pointer = shadow.pointer(self.frame.builder, self.values.indices(store.array, store.indices))
        self.give(store.value, shadow.load_at(self.frame.builder, pointer))
        if not store.added:
            shadow.store_at(self.frame.builder, pointer, self.frame.no_bar)

    def _value(self, value):
        """Move the adjoint of a value to what it is made of."""
        builder, bar = self.frame.builder, self.bars[id(value)]
        if id(value) in self.later.given:
            self.later.put(value, bar)
        elif value.kind == "load":
            shadow = self.frame.shadows[value.what]
            self.frame.add_to(shadow, shadow.pointer(builder, self.values.indices(value.what, value.operands)), bar)
        elif value.kind == "operation":
            self._operation(value, bar)
        elif value.kind == "cast":  # to another precision
            self.give(value.operands[0], bar)
        elif value.kind == "choice":
            condition, (_, *chosen), nothing = self.values.of(value.operands[0]), value.operands, self.frame.no_bar
            for operand, ways in zip(chosen, ((bar, nothing), (nothing, bar))):
                self.give(operand, builder.select(condition, *ways))
        elif value.kind == "entry" and value.what in self.block.final:
            self.entry_bars[value.what] = bar
        else:
            self._add(self.frame.bars[value.what], bar)

    def _add(self, pointer, bar):
        builder = self.frame.builder
        builder.store(builder.fadd(builder.load(pointer), bar, flags=SUMS), pointer)

    def _operation(self, value, bar):
        rule, builder = value.what.rule, self.frame.builder
        operation, operands = rule.operation, value.operands[: rule.operation.arity]
        wanted = [self.is_active(v) for v in operands]
        moves = [w and not operation.unit >> k & 1 for k, w in enumerate(wanted)]
        partials = self._partials(value, rule, operands, moves) if any(moves) else [None] * len(operands)
        for operand, is_wanted, moved, partial in zip(operands, wanted, moves, partials):
            if is_wanted:
                self.give(operand, builder.fmul(bar, self.frame.in_all_lanes(partial.value), flags=SUMS) if moved else bar)

    def _as_double(self, value):
        return self.frame.context.cast(self.frame.builder, self.values.of(value), value.type, types.float64)

    def _partials(self, value, rule, operands, moves):
        mask = 0
        for uses, moved in zip(rule.operation.uses, moves):
            mask |= uses if moved else 0
        frame, nothing = self.frame, ir.Constant(NUMBER, 0.0)
        given = [self._as_double(v) if mask >> k & 1 else nothing for k, v in enumerate(operands)]
        result = self._as_double(value) if mask & USES_RESULT else nothing
        return rule.partials_at(frame.context, frame.builder, types.float64, given, result, moves)
