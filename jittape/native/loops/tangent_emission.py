"""Code for tangents beside the values of a block, along one direction or several: what derivatives of adjoints are made of.

A value that depends on what is differentiated has tangents, the sum of its partials times the tangents of its operands, and so
has its adjoint: in the reverse pass partials are computed with dual numbers. That zeros may hide what is not finite is not asked
here; where an answer is not finite, it is computed in another way.
"""

from numba import types

from ..compat import llvm_ir as ir
from ...kernels.kernel_table import USES_RESULT
from ..numbers.number_types import Dual, make_dual, tangents_of, value_of, vector_of
from ..tape_memory.arenas import WORD
from .saved_values import is_active
from .saved_memory import words
from .value_emission import LANE, NUMBER, SUMS


class BlockTangents:
    """The tangents of the values of one block, each computed once; without directions, of none.

    Parameters
    ----------
    values : Values
        The values themselves.
    """

    def __init__(self, values):
        self.values, self.frame, self.block, self.known, self.active = values, values.frame, values.block, {}, {}
        self.base = Dual(types.float64, self.frame.directions, is_plain=True)

    def is_active(self, value):
        """Whether a value depends on what is differentiated."""
        found = self.active.get(id(value))
        if found is None:
            found = self.active[id(value)] = is_active(self.frame.program, value)
        return found

    def of(self, value):
        """The tangents of a value; None if it has none."""
        if not self.frame.directions or not self.is_active(value):
            return None
        found = self.known.get(id(value))
        if found is None:
            found = self.known[id(value)] = getattr(self, value.kind)(value)
        return found

    def in_full(self, value):
        """The tangents of a value, zeros if it has none."""
        found = self.of(value)
        return self.frame.no_dot if found is None else found

    def parameter(self, value):
        return self.frame.given_dots[value.what]

    def entry(self, value):
        return self.frame.builder.load(self.frame.dots[value.what])

    def cast(self, value):
        return self.of(value.operands[0])

    def choice(self, value):
        condition, *chosen = value.operands
        return self.frame.builder.select(self.values.of(condition), *map(self.in_full, chosen))

    def load(self, value):
        return self.frame.tangents[value.what].load(self.frame.builder, self.values.indices(value.what, value.operands))

    def operation(self, value):
        builder, total = self.frame.builder, None
        operands = value.operands[: value.what.rule.operation.arity]
        for operand, (partial, _) in zip(operands, self._partials(value, [self.is_active(v) for v in operands], False)):
            if not self.is_active(operand):
                continue
            dot = self.of(operand)
            if partial is not None:
                dot = builder.fmul(self.frame.in_all_lanes(partial, self.frame.dot), dot, flags=SUMS)
            total = dot if total is None else builder.fadd(total, dot, flags=SUMS)
        return total

    # --- partials -----------------------------------------------------------------------------------------------------------

    def partials(self, value, wanted):
        """Pairs of the partials by operands that are wanted and their tangents; None stands for 1, and for none."""
        return self._partials(value, wanted, self.frame.directions > 0)

    def _partials(self, value, wanted, have_tangents):
        operation = value.what.rule.operation
        operands = value.operands[: operation.arity]
        moves = [w and not operation.unit >> k & 1 for k, w in enumerate(wanted)]
        found = [(None, None)] * len(operands)
        for is_moving in (False, True):
            chosen = [
                m and (have_tangents and self._is_moving(value, uses)) == is_moving for m, uses in zip(moves, operation.uses)
            ]
            if any(chosen):
                own = self._at(value, operands, chosen, is_moving)
                found = [new if c else old for c, new, old in zip(chosen, own, found)]
        return found

    def _is_moving(self, value, uses):
        """Whether a partial is computed of something that has tangents."""
        return uses & USES_RESULT != 0 or any(uses >> k & 1 and self.is_active(v) for k, v in enumerate(value.operands))

    def _at(self, value, operands, chosen, is_moving):
        frame, rule, mask = self.frame, value.what.rule, 0
        for uses, is_chosen in zip(rule.operation.uses, chosen):
            mask |= uses if is_chosen else 0
        base = self.base if is_moving else types.float64
        kinds = [base if mask >> k & 1 and self.is_active(v) else types.float64 for k, v in enumerate(operands)]
        given = [self._as(ty, v if mask >> k & 1 else None) for k, (ty, v) in enumerate(zip(kinds, operands, strict=True))]
        result = self._as(base, value if mask & USES_RESULT else None)
        found = rule.partials_at(frame.context, frame.builder, base, given, result, chosen, kinds)
        return [self._parts(p.value) if is_moving and p else (p and p.value, None) for p in found]

    def _as(self, base, value):
        """A value as a float or a dual number; zero in the place of None."""
        context, builder, number = self.frame.context, self.frame.builder, ir.Constant(NUMBER, 0.0)
        if value is not None:
            number = context.cast(builder, self.values.of(value), value.type, types.float64)
        if base == types.float64:
            return number
        dot = self.frame.no_dot if value is None else self.in_full(value)
        return make_dual(context, builder, base, number, self._lanes(dot), words(0))

    def _parts(self, number):
        """The number and the tangents of a dual number."""
        context, builder = self.frame.context, self.frame.builder
        dots = tangents_of(context, builder, self.base, number)
        return value_of(context, builder, self.base, number), dots[0] if len(dots) == 1 else vector_of(builder, dots)

    def _lanes(self, dot):
        if self.frame.directions == 1:
            return [dot]
        return [self.frame.builder.extract_element(dot, ir.Constant(LANE, k)) for k in range(self.frame.directions)]

    # --- what is kept ---------------------------------------------------------------------------------------------------------

    def save_variable(self, name, address):
        """Save the tangents of a variable that the block sets."""
        if name in self.frame.dots:
            self._save(name, address, self.frame.builder.load(self.frame.dots[name]))

    def save_value(self, value, address):
        """Save the tangents of a value."""
        if self.of(value) is not None:
            self._save(id(value), address, self.of(value))

    def save_element(self, store, address, indices):
        """Save the tangents of an element."""
        place = self.frame.tangents.get(store.array)
        if place is not None:
            self._save(id(store), address, place.load(self.frame.builder, indices))

    def store(self, store, indices):
        """Set the tangents of an element."""
        place = self.frame.tangents.get(store.array)
        if place is not None:
            place.store(self.frame.builder, indices, self.in_full(store.value))

    def restore(self, address):
        """Put back the tangents of variables, and take up those of values."""
        for name in self.block.saved:
            if name in self.frame.dots:
                self.frame.builder.store(self._saved(name, address), self.frame.dots[name])
        for value in self.block.results:
            if self.frame.directions and self.is_active(value):
                self.known[id(value)] = self._saved(id(value), address)

    def restore_element(self, store, address, pointer):
        """Put back the tangents of an element, from the address of the element itself."""
        place, own, builder = self.frame.tangents.get(store.array), self.frame.places[store.array], self.frame.builder
        if place is None:
            return
        first = builder.ptrtoint(own.data, WORD)
        number = builder.sdiv(builder.sub(builder.ptrtoint(pointer, WORD), first), words(own.size_of_element()), flags=["exact"])
        place.store_at(builder, builder.gep(place.data, [number]), self._saved(id(store), address))

    def _save(self, key, address, dot):
        for k, number in zip(self._places(key), self._lanes(dot), strict=True):
            self.frame.save(address(k), number)

    def _saved(self, key, address):
        dots = [self.frame.saved(address(k), types.float64) for k in self._places(key)]
        return dots[0] if len(dots) == 1 else vector_of(self.frame.builder, dots)

    def _places(self, key):
        first = self.block.words + self.block.tangents[key] * self.frame.directions
        return range(first, first + self.frame.directions)
