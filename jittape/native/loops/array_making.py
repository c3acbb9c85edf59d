"""Arrays that a user's function makes.

An array that is made in a loop is one memory, made where the function begins: when a loop makes it again, nothing of the user's
can hold the one before, because a variable stands for one array at all times. So nothing is allocated in loops, and what the next
iteration overwrites is saved only if the reverse pass needs it.
"""

import operator

import numpy as np
from numba import types

from .array_views import Listed, is_array, whole
from .block_values import Value, alike, is_real, slice_of
from .program_parts import Allocation, ArrayMemory, Guard

FILLED = {np.zeros: 0, np.empty: None, np.ones: 1, np.zeros_like: 0, np.empty_like: None, np.ones_like: 1}
LIKE = (np.zeros_like, np.empty_like, np.ones_like, np.copy)
FULL = (np.full, np.full_like)


class ArrayMaking:
    """The part of a `TreeReader` that reads calls that make arrays."""

    def makes_array(self, key):
        """Whether a function of NumPy makes an array that is read here."""
        return callable(key) and getattr(key, "__module__", "").startswith("numpy") and key in (*FILLED, *LIKE, *FULL)

    def making(self, key, given, ty):
        """Read a call that makes an array; its type has the dtype that is asked for."""
        first = given.take("shape", "a", "arr") or self.refuse("an array without a shape")
        value = given.take("fill_value") if key in FULL else None
        if key is not np.copy:
            given.take("dtype")
        found = self.looked_up(first.name)
        if is_array(found) != (key in LIKE or key is np.full_like):
            self.refuse(f"the first argument of {key.__name__}")
        lengths = self.lengths(found) if is_array(found) else found if type(found) is tuple else (found,)
        if key is np.copy:
            return self.copied(found, ty)
        if key in FULL:
            return self.filled(ty, lengths, self.kept(self.number(value.name)))
        fill = FILLED[key]
        if not fill:
            return self.made(ty, lengths, fill is not None)
        return self.filled(ty, lengths, self.constant_value(fill, types.int64))

    def made(self, ty, lengths, is_zero, is_early=False):
        """An array with nothing but zeros, or whatever was there, in it."""
        if not isinstance(ty, types.Array) or ty.layout != "C" or not ty.ndim or not self.is_held(ty.dtype):
            self.refuse(f"an array of type {ty}")
        array = ArrayMemory(f"array {len(self.program.types)}", ty)
        array.lengths = tuple(self.kept(length) if isinstance(length, Value) else length for length in lengths)
        if not self.loops_around and not is_early:
            self.parts.append(Allocation(array, array.lengths, is_zero))
            return whole(array)
        if not all(is_known_early(length) for length in array.lengths):
            self.refuse("an array that is made in a loop, or named again, of a length that changes")
        array.made_in = None if is_early else self.program.parts[-1]
        self.program.early.append(Allocation(array, array.lengths, False, is_early=True))
        for length in map(self.again, array.lengths):
            if not length.never_negative:
                self.guard(self.of_integers(operator.ge, length, self.integer(0)))
        if is_zero:
            zero = self.kept(self.constant_value(0, types.int64))
            self.every(self.lengths(whole(array)), lambda members: self.put(self.at(whole(array), members), self.again(zero)))
        return whole(array)

    def of_list(self, found, ty):
        """An array of the numbers in a list or a tuple, or of such lists."""
        if is_array(found):
            return self.copied(found, ty)
        elements, lengths = self.listed(found)
        array = self.made(ty, map(self.integer, lengths), False)
        for members, value in elements:
            self.put(self.at(array, tuple(map(self.integer, members))), self.again(value))
        return array

    def listed(self, found):
        """The numbers in a list, with their indices, and the lengths that it has."""
        if isinstance(found, (str, Value)):
            return [((), found)], ()
        members = found.members if isinstance(found, Listed) else found if type(found) is tuple else ()
        inner = [self.listed(member) for member in members]
        if len({lengths for _, lengths in inner}) != 1:
            self.refuse("an array of something else than numbers in lists")
        elements = [((k, *at), value) for k, (numbers, _) in enumerate(inner) for at, value in numbers]
        return elements, (len(inner), *inner[0][1])

    def guard(self, condition):
        """Leave what follows to the tape if a condition does not hold."""
        if condition.kind == "constant" and condition.what:
            return
        kept = self.kept(condition)
        if not is_known_early(kept):
            self.parts.append(Guard(kept))
        elif not any(isinstance(part, Guard) and alike(part.condition, kept) for part in self.program.early):
            self.program.early.append(Guard(kept))

    def is_held(self, element):
        """Whether arrays may have such elements."""
        return is_real(element) or isinstance(element, (types.Integer, types.Boolean))

    def filled(self, ty, lengths, value):
        """An array of equal elements."""
        found = self.made(ty, lengths, False)
        self.every(self.lengths(found), lambda members: self.put(self.at(found, members), self.again(value)))
        return found

    def copied(self, source, ty):
        """A copy of an array."""
        found = self.made(ty, self.lengths(source), False)
        self.every(self.lengths(found), lambda members: self.put(self.at(found, members), self.item(source, members)))
        return found


def is_known_early(kept):
    """Whether something is known where the function begins."""
    if isinstance(kept, str):
        return False
    made_of = slice_of([kept]).values()
    return kept.steady and all(
        v.what[0].parameter is not None or v.what[0].value is not None for v in made_of if v.kind == "length"
    )
