"""Lists of numbers whose length is known: arrays of which only elements are read and set, and that a loop may go over.

Whatever else there is of lists (another length, slices, sums of two) is left to the tape, as is an index that is outside.
"""

import operator
from typing import NamedTuple

from numba import types

from .array_views import Elements, Listed
from .block_values import Value

MOST_NUMBERS = 64


class NumberList(NamedTuple):
    """A list of numbers, in the memory of an array."""

    memory: Elements


class ListReading:
    """The part of a `TreeReader` that reads lists."""

    def list_of(self, name, found):
        """The list of a display or a tuple for the variable of this name; nothing else may have that list."""
        ty, numbers = types.unliteral(getattr(self.type_of(name), "dtype", types.none)), found
        if isinstance(found, Listed):
            numbers = found.members
        if not numbers or not self.is_held(ty):
            self.refuse("a list of something else than numbers")
        if not all(isinstance(member, (str, Value)) for member in numbers):
            self.refuse("a list of something else than numbers")
        array = self.made(types.Array(ty, 1, "C"), (self.integer(len(numbers)),), False)
        for k, member in enumerate(numbers):
            self.put(self.at(array, (self.integer(k),)), self.again(member))
        return NumberList(array)

    def repeated(self, found, times):
        """``[0.0] * 3``."""
        if times.kind != "constant" or not 0 < times.what * len(found.members) <= MOST_NUMBERS:
            self.refuse("a list of a length that is not known")
        return Listed(found.members * times.what)

    def place_in(self, found, index):
        """An element of a list; one that there is not is left to the tape, which raises what Python does."""
        number = self.number(index.name)
        if not isinstance(number.type, types.Integer):
            self.refuse("a part of a list")
        place, (length,) = self.kept(self.as_integer(number)), self.lengths(found.memory)
        if number.kind != "constant" or not -length.what <= number.what < length.what:
            for comparison, bound in ((operator.lt, length.what), (operator.ge, -length.what)):
                self.guard(self.of_integers(comparison, self.again(place), self.integer(bound)))
        return self.at(found.memory, (place,))

    def list_item(self, found, index):
        """An element of a list as a value."""
        place = self.place_in(found, index)
        indices = self.indices(place)
        return self.block().load(place.array, indices)

    def set_list_item(self, found, index, value):
        place = self.place_in(found, index)
        self.note_change(place.array)
        self.put(place, self.number(value))
