"""The reverse pass of one block: what it overwrote restored, its values computed again, and its adjoints moved."""

from numba import types

from .block_values import Store
from .tangent_emission import BlockTangents
from .value_emission import Values


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
        self.tangents = BlockTangents(self.values)

    def emit(self):
        self._restore()
        for item in self.block.order:
            if id(item) in self.block.again:
                self.values.of(item)
                self.tangents.of(item)
        skipped = {id(s.added[1]) for s in self.block.stores if s.added}
        for name, value in self.block.final.items():
            if name in self.frame.bars:
                self.give(value, self.frame.bar_in(self.frame.bars[name]))
        for item in reversed(self.block.order):
            if isinstance(item, Store):
                self._store(item)
            elif id(item) in self.block.reached and id(item) in self.bars and id(item) not in skipped:
                self._value(item)
        for name in self.block.final.keys() & self.frame.bars.keys():
            bar = self.entry_bars.get(name, self.frame.no_bar)
            self.frame.set_bar(self.frame.bars[name], bar)

    def _restore(self):
        """Put back what the block has overwritten: variables, then elements from last to first. Take up what it has kept."""
        frame, block = self.frame, self.block
        for k, value in enumerate(block.results, len(block.saved)):
            self.values.known[id(value)] = frame.saved(self.address(k), value.type)
        for k, name in enumerate(block.saved):
            frame.builder.store(frame.saved(self.address(k), frame.program.types[name]), frame.slots[name])
        self.tangents.restore(self.address)
        k = block.words
        for store in reversed(block.stores):
            if store.is_saved:
                k -= 1 + store.saves_place
                value = frame.saved(self.address(k), store.array.element)
                place = frame.places[store.array]
                if store.saves_place:
                    kind = frame.context.get_data_type(store.array.element).as_pointer()
                    pointer = frame.builder.inttoptr(frame.saved(self.address(k + 1), types.int64), kind)
                else:
                    pointer = place.pointer(frame.builder, self.values.indices(store.array, store.indices))
                place.store_at(frame.builder, pointer, value)
                self.tangents.restore_element(store, self.address, pointer)

    def give(self, value, bar):
        """Add to the adjoint of a value."""
        if not self.tangents.is_active(value):
            return
        if value.kind == "parameter":  # the same in all blocks
            self.frame.add_to_bar(self.frame.parameter_bars[value.what], bar)
            return
        known = self.bars.get(id(value))
        self.bars[id(value)] = bar if known is None else self.frame.sum_of(known, bar)

    def _store(self, store):
        shadow = self.frame.shadows.get(store.array)
        if shadow is None:
            return
        pointers = shadow.pointers(self.frame.builder, self.values.indices(store.array, store.indices))
        self.give(store.value, shadow.load_at(self.frame.builder, pointers))
        if not store.added:
            shadow.store_at(self.frame.builder, pointers, self.frame.no_bar)

    def _value(self, value):
        """Move the adjoint of a value to what it is made of."""
        builder, bar = self.frame.builder, self.bars[id(value)]
        if id(value) in self.later.given:
            self.later.put(value, bar)
        elif value.kind == "load":
            shadow = self.frame.shadows[value.what]
            self.frame.add_to(shadow, shadow.pointers(builder, self.values.indices(value.what, value.operands)), bar)
        elif value.kind == "operation":
            self._operation(value, bar)
        elif value.kind == "cast":  # to another precision
            self.give(value.operands[0], bar)
        elif value.kind == "choice":
            condition, (_, *chosen), nothing = self.values.of(value.operands[0]), value.operands, self.frame.no_bar
            for operand, ways in zip(chosen, ((bar, nothing), (nothing, bar))):
                self.give(operand, tuple(builder.select(condition, *numbers) for numbers in zip(*ways, strict=True)))
        elif value.kind == "entry" and value.what in self.block.final:
            self.entry_bars[value.what] = bar
        else:
            self.frame.add_to_bar(self.frame.bars[value.what], bar)

    def _operation(self, value, bar):
        operands = value.operands[: value.what.rule.operation.arity]
        wanted = [self.tangents.is_active(v) for v in operands]
        for operand, is_wanted, (partial, dot) in zip(operands, wanted, self.tangents.partials(value, wanted), strict=True):
            if is_wanted:
                self.give(operand, bar if partial is None else self.frame.moved(bar, partial, dot))
