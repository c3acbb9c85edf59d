"""Elements, rows and shapes of arrays in a user's function, and the tuples of indices that say which."""

from numba import types

from ..compat import NumbaError, cpu_target
from .array_making import Method
from .block_values import Block, Value, is_real
from .program_parts import Elements


class ElementReading:
    """The part of a `TreeReader` that reads what belongs to arrays and tuples."""

    def members(self, index):
        """The variables of an index, one an axis."""
        found = self.looked_up(index.name)
        kept = found if type(found) is tuple else (self.kept(self.number(index.name)),)
        for member in kept:
            ty = self.program.types[member] if isinstance(member, str) else getattr(member, "type", None)
            if not isinstance(ty, types.Integer):
                self.refuse("an index that is no integer")
        return kept

    def place(self, name, index):
        """The array and the indices of an element or a row."""
        found = self.looked_up(name)
        if not isinstance(found, Elements):
            self.refuse(f"an item of `{name}` of type {self.type_of(name)}")
        members = (*found.indices, *self.members(index))
        if len(members) > found.array.ndim:
            self.refuse("more indices than axes")
        return Elements(found.array, members)

    def indices(self, place):
        """The indices of an element as values of the block that goes on; a new one where the last may have stored there."""
        found = tuple(self.again(m) for m in place.indices)
        if self.block().conflicts(place.array, found):
            self.parts.append(Block())
            found = tuple(self.again(m) for m in place.indices)
        return found

    def element(self, place):
        """An element as a value, or a row as what it is."""
        if len(place.indices) < place.array.ndim:
            return place
        indices = self.indices(place)  # may begin another block
        return self.block().load(place.array, indices)

    def store(self, target, index, value):
        place = self.place(target, index)
        if len(place.indices) < place.array.ndim:
            self.refuse("an assignment to a row")
        self.put(place, self.number(value))

    def put(self, place, value):
        """Store an element."""
        if value.type != place.array.element:
            if is_real(value.type) and not place.array.is_real:  # the tape knows whether a derivative would be lost
                self.refuse("a float that is stored in an array of integers")
            value = self.block().value("cast", str(place.array.element), (value,), place.array.element)
        self.program.written.add(place.array)
        self.block().store(place.array, tuple(self.again(m) for m in place.indices), value)

    def read_getitem(self, expr):
        return self.element(self.place(expr.value.name, expr.index))

    def read_static_getitem(self, expr):
        found = self.looked_up(expr.value.name)
        if type(found) is tuple:
            if not isinstance(expr.index, int):
                self.refuse("a part of a tuple")
            member = found[expr.index]
            return self.again(member) if isinstance(member, str) else member
        return self.element(self.place(expr.value.name, expr.index_var))

    def read_build_tuple(self, expr):
        found = [self.looked_up(item.name) for item in expr.items]
        return tuple(self.kept(f) if isinstance(f, Value) else f for f in found)

    def read_exhaust_iter(self, expr):
        found = self.looked_up(expr.value.name)
        return found if type(found) is tuple else self.refuse("unpacking of something else than a tuple")

    def read_cast(self, expr):
        return self.looked_up(expr.value.name)

    def read_getattr(self, expr):
        found = self.looked_up(expr.value.name)
        if isinstance(found, Elements):
            lengths = self.lengths(found)
            if expr.attr == "shape":
                return lengths
            if expr.attr == "ndim":
                return self.constant_value(len(lengths), types.int64)
            return Method("copy", found) if expr.attr == "copy" else self.refuse(f".{expr.attr} of an array")
        if isinstance(found, types.Module) and isinstance(getattr(found.pymod, expr.attr, None), float):
            return self.constant_value(getattr(found.pymod, expr.attr), types.float64)
        try:
            return cpu_target.typing_context.resolve_getattr(found, expr.attr) or self.refuse(f".{expr.attr}")
        except (NumbaError, AttributeError):
            return self.refuse(f".{expr.attr}")

    def lengths(self, elements):
        """The shape of an array or a row."""
        axes = range(len(elements.indices), elements.array.ndim)
        return tuple(self.block().value("length", (elements.array, k), (), types.int64, True) for k in axes)
