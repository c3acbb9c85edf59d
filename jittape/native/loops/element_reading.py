"""Views of arrays in a user's function: elements, rows, slices, transposed arrays, shapes, and the indices that say which."""

from numba import types

from ..compat import NumbaError, cpu_target
from .array_views import Axis, Elements, LazyArray, Listed, Method, Slice, is_array
from .block_values import Block, Value, alike, is_real
from .list_reading import NumberList

ALL = Slice(None, None, None)


class ElementReading:
    """The part of a `TreeReader` that reads what belongs to arrays and tuples."""

    # --- indices ----------------------------------------------------------------------------------------------------------

    def members(self, index):
        """The members of an index."""
        found = self.looked_up(index.name)
        kept = found if type(found) is tuple else (self.kept(found) if isinstance(found, Value) else found,)
        for member in kept:
            ty = self.program.types[member] if isinstance(member, str) else getattr(member, "type", member)
            if not isinstance(ty, (types.Integer, Slice, types.NoneType, types.EllipsisType)):
                self.refuse("an index that is no integer or slice")
        return kept

    def expanded(self, members, ndim):
        """The members of an index, one for each axis and each new one."""
        there = sum(not isinstance(m, (types.NoneType, types.EllipsisType)) for m in members)
        missing = [ALL] * (ndim - there)
        if there > ndim:
            self.refuse("more indices than axes")
        for k, member in enumerate(members):
            if isinstance(member, types.EllipsisType):
                return [*members[:k], *missing, *members[k + 1 :]]
        return [*members, *missing]

    def at(self, view, members):
        """A view of a view, or an element of it."""
        places = {axis.number: k for k, axis in enumerate(view.axes) if isinstance(axis, Axis)}
        axes, number, position = list(view.axes), 0, 0
        for member in self.expanded(members, view.ndim):
            if not isinstance(member, types.NoneType):
                k, position = places.get(position), position + 1
                if k is not None:
                    axes[k] = self.on_axis(view, k, member, number)
                elif isinstance(member, Slice) and member != ALL:
                    self.refuse("a slice of a new axis")
            number += isinstance(member, (types.NoneType, Slice))
        return Elements(view.array, tuple(axes), number)

    def on_axis(self, view, k, member, number):
        """An axis of a view at a member of an index: again an axis, with a number of its own, or an index."""
        axis = view.axes[k]
        if member == ALL:
            return axis._replace(number=number)
        if isinstance(member, Slice):
            return self.sliced(view, k, member, number)
        if axis.start is None:
            return member
        index = self.from_front(self.as_integer(self.again(member)), self.again(axis.length), is_inside=True)
        return self.kept(self.sum_of(self.again(axis.start), self.times(index, axis.step), never_negative=True))

    def sliced(self, view, k, member, number):
        """A slice of an axis of a view."""
        if self.tests_indices:
            self.refuse("a slice, where indices are tested")
        start, stop, step = (m if m is None else self.as_integer(self.again(m)) for m in member)
        if step is not None and step.kind != "constant" or step is not None and not step.what:
            self.refuse("a slice whose step is not a constant")
        step, axis = 1 if step is None else step.what, view.axes[k]
        n = self.length(view.array, k, axis)
        if step > 0:
            low = self.integer(0) if start is None else self.at_least(self.from_front(start, n), 0)
            high = n if stop is None else self.smaller(self.from_front(stop, n), n)
            span = self.less(high, low)
        else:
            if any(m is not None and m.kind != "constant" for m in (start, stop)):
                self.refuse("a slice backwards between places that are no constants")
            low = self.plus(n, -1) if start is None else self.smaller(self.from_front(start, n), self.plus(n, -1))
            high = self.integer(-1) if stop is None else self.at_least(self.from_front(stop, n), -1)
            span = self.less(low, high)
        count = span if abs(step) == 1 else self.divided(self.plus(span, abs(step) - 1), abs(step))
        length = self.at_least(count, 0)
        if axis.start is not None:
            low = self.sum_of(self.again(axis.start), self.times(low, axis.step), never_negative=True)
        return Axis(number, self.kept(low), axis.step * step, self.kept(length))

    # --- lengths ----------------------------------------------------------------------------------------------------------

    def length(self, array, k, axis):
        """The length of an axis of a view, which is axis `k` of the array."""
        if axis.length is not None:
            return self.again(axis.length)
        made = array.lengths[k] if array.lengths else None
        if isinstance(made, Value):
            return self.block().imported(made)
        return self.block().value("length", (array, k), (), types.int64, True)

    def lengths(self, array):
        """The shape of an array or a view."""
        if isinstance(array, LazyArray):
            return tuple(self.again(length) for length in array.lengths)
        found = {axis.number: self.length(array.array, k, axis) for k, axis in enumerate(array.axes) if isinstance(axis, Axis)}
        return tuple(found[k] if k in found else self.integer(1) for k in range(array.ndim))

    def kept_lengths(self, array):
        return tuple(self.kept(length) for length in self.lengths(array))

    # --- elements ---------------------------------------------------------------------------------------------------------

    def indices(self, place):
        """The indices of an element as values of the block that goes on; a new one where the last may have stored there."""
        found = tuple(self.again(m) for m in place.axes)
        if self.block().conflicts(place.array, found):
            self.parts.append(Block())
            found = tuple(self.again(m) for m in place.axes)
        return found

    def item(self, array, members):
        """An element of an array as a value, or a view as what it is."""
        if isinstance(array, LazyArray):
            if len(members) != array.ndim or any(isinstance(m, (Slice, types.Type)) for m in members):
                array = self.formed(array)
            else:
                return self.element_of(array, [self.from_front_kept(m, n) for m, n in zip(members, array.lengths)])
        place = self.at(array, members)
        if place.ndim:
            return place
        indices = self.indices(place)  # may begin another block
        return self.block().load(place.array, indices)

    def from_front_kept(self, member, length):
        return self.kept(self.from_front(self.as_integer(self.again(member)), self.again(length), is_inside=True))

    def put(self, place, value):
        """Store an element."""
        if value.type != place.array.element:
            if is_real(value.type) and not place.array.is_real:  # the tape knows whether a derivative would be lost
                self.refuse("a float that is stored in an array of integers")
            value = self.block().value("cast", str(place.array.element), (value,), place.array.element)
        self.program.written.add(place.array)
        self.program.stores[place.array] = self.program.stores.get(place.array, 0) + 1
        self.block().store(place.array, tuple(self.again(m) for m in place.axes), value)

    def array_of(self, name):
        found = self.looked_up(name)
        return found if is_array(found) else self.refuse(f"an item of `{name}` of type {self.type_of(name)}")

    def store(self, target, index, value):
        """Set an element or a view."""
        found, mask = self.looked_up(target), self.looked_up(index.name)
        if isinstance(found, NumberList):
            self.set_list_item(found, index, value)
            return
        view = self.view_of(target)
        if self.is_mask(mask):
            self.note_change(view.array)
            self.set_masked(view, mask, self.looked_up(value))
            return
        before, place = self.taken.get(index.name, (None, None))
        if not alike(before, view):  # else it is ``x[k] += y``, and the index is computed once
            place = self.at(view, self.members(index))
        self.note_change(view.array)
        if place.ndim:
            self.assign_elements(place, self.looked_up(value))
        else:
            self.put(place, self.number(value))

    def view_of(self, name):
        found = self.array_of(name)
        return found if isinstance(found, Elements) else self.refuse("an item that is set of an expression")

    def read_getitem(self, expr):
        found = self.looked_up(expr.value.name)
        if isinstance(found, NumberList):
            return self.list_item(found, expr.index)
        return self.taken_item(self.array_of(expr.value.name), expr.index)

    def taken_item(self, array, index):
        """An element or a view that the user's function takes."""
        positions = self.looked_up(index.name)
        if self.is_mask(positions):
            return self.masked(array, positions)
        if is_array(positions):
            return self.gathered(array, positions)
        found = self.item(array, self.members(index))
        if index.name.startswith("$") and isinstance(found, Elements):
            self.taken[index.name] = array, found
        return found

    def gathered(self, array, positions):
        """``array[positions]`` of a vector of integers: a new array."""
        array, positions = self.formed(array), self.formed(positions)
        if positions.ndim != 1 or not isinstance(positions.array.element, types.Integer):
            self.refuse("an index that is no integer, slice or vector of integers")

        def element(reader, members):
            return reader.item(array, (reader.kept(reader.item(positions, members[:1])), *members[1:]))

        lengths = (*self.lengths(positions), *self.lengths(array)[1:])
        found = self.lazy(lengths, element, array.array.element, [array, positions])
        return self.copied(found, types.Array(found.dtype, found.ndim, "C"))  # as NumPy does: it reads in another order

    def read_static_getitem(self, expr):
        found = self.looked_up(expr.value.name)
        if type(found) is tuple:
            if not isinstance(expr.index, int):
                self.refuse("a part of a tuple")
            member = found[expr.index]
            return self.again(member) if isinstance(member, (str, Value)) else member
        if isinstance(found, NumberList):
            return self.list_item(found, expr.index_var)
        return self.taken_item(self.array_of(expr.value.name), expr.index_var)

    def slice(self, given):
        """A slice of the user's."""
        given = [self.looked_up(a.name) for a in given.take_all()]
        kept = [self.kept(g) if isinstance(g, Value) else None if isinstance(g, types.NoneType) else g for g in given]
        if not all(m is None or isinstance(m, (str, Value)) for m in kept):
            self.refuse("a slice")
        return Slice(*([None, *kept, None] if len(kept) == 1 else [*kept, None])[:3])

    def read_build_list(self, expr):
        return Listed(self.read_build_tuple(expr))

    def read_build_tuple(self, expr):
        return tuple(self.in_memory([self.looked_up(item.name) for item in expr.items]))

    def read_exhaust_iter(self, expr):
        found = self.looked_up(expr.value.name)
        return found if type(found) is tuple else self.refuse("unpacking of something else than a tuple")

    def read_cast(self, expr):
        return self.looked_up(expr.value.name)

    # --- attributes -------------------------------------------------------------------------------------------------------

    def read_getattr(self, expr):
        found = self.looked_up(expr.value.name)
        if is_array(found):
            return self.attribute(found, expr.attr, self.type_of(expr.value.name))
        if isinstance(found, types.Module) and isinstance(getattr(found.pymod, expr.attr, None), float):
            return self.constant_value(getattr(found.pymod, expr.attr), types.float64)
        try:
            return cpu_target.typing_context.resolve_getattr(found, expr.attr) or self.refuse(f".{expr.attr}")
        except (NumbaError, AttributeError):
            return self.refuse(f".{expr.attr}")

    def attribute(self, array, name, ty):
        """An attribute of an array."""
        if name == "shape":
            return self.kept_lengths(array)
        if name == "ndim":
            return self.integer(array.ndim)
        if name == "size":
            return self.size(array)
        if name == "T":
            array = self.formed(array)
            last = array.ndim - 1
            turned = (axis._replace(number=last - axis.number) if isinstance(axis, Axis) else axis for axis in array.axes)
            return array._replace(axes=tuple(turned))
        is_method = isinstance(cpu_target.typing_context.resolve_getattr(ty, name), types.BoundFunction)
        return Method(name, array) if is_method else self.refuse(f".{name} of an array")

    def size(self, array):
        """How many elements an array has."""
        first, *others = self.lengths(array)
        for length in others:
            first = self.product_of(first, length)
        return first
