"""Arrays that a user's function makes, and loops that read or write all elements of one, which stand for what NumPy does."""

from typing import NamedTuple

import numpy as np
from numba import types

from .block_values import Value
from .program_parts import Allocation, ArrayMemory, Elements, Loop

FILLED = {np.zeros: 0, np.empty: None, np.ones: 1, np.zeros_like: 0, np.empty_like: None, np.ones_like: 1}
LIKE = (np.zeros_like, np.empty_like, np.ones_like, np.copy)
FULL = (np.full, np.full_like)


class Method(NamedTuple):
    """A method of an array."""

    name: str
    elements: Elements


class ArrayMaking:
    """The part of a `TreeReader` that reads calls that make arrays."""

    def makes_array(self, key):
        """Whether a function of NumPy makes an array that is read here."""
        return callable(key) and getattr(key, "__module__", "").startswith("numpy") and key in (*FILLED, *LIKE, *FULL)

    def making(self, key, expr):
        """Read a call that makes an array."""
        named = dict(expr.kws)
        first, *others = [*expr.args, *(named[k] for k in ("shape", "a") if k in named), *[None] * (not expr.args and not named)]
        found = self.looked_up(first.name) if first is not None else self.refuse("an array without a shape")
        if isinstance(found, Elements) != (key in LIKE or key is np.full_like):
            self.refuse(f"the first argument of {key.__name__}")
        lengths = self.lengths(found) if isinstance(found, Elements) else found if type(found) is tuple else (found,)
        ty = self.code.signatures[expr].return_type
        if key is np.copy:
            return self.copied(found, ty)
        if key in FULL:
            value = self.kept(self.number((others + [named.get("fill_value")])[0].name))
            return self.filled(ty, lengths, value)
        fill = FILLED[key]
        if not fill:
            return self.made(ty, lengths, fill is not None)
        return self.filled(ty, lengths, self.constant_value(fill, types.int64))

    def made(self, ty, lengths, is_zero):
        """An array with nothing but zeros, or whatever was there, in it."""
        if not isinstance(ty, types.Array) or ty.layout != "C" or not ty.ndim or not self.is_held(ty.dtype):
            self.refuse(f"an array of type {ty}")
        if self.loops_around:  # right, but on three numbers a step of Lorenz's equations took 3.5 times what the tape takes
            self.refuse("an array that is made in a loop")
        array = ArrayMemory(f"array {len(self.program.types)}", ty)
        kept = tuple(self.kept(length) if isinstance(length, Value) else length for length in lengths)
        self.parts.append(Allocation(array, kept, is_zero))
        return Elements(array)

    def is_held(self, element):
        """Whether arrays may have such elements."""
        return element == types.float64 or isinstance(element, (types.Integer, types.Boolean))

    def filled(self, ty, lengths, value):
        """An array of equal elements."""
        found = self.made(ty, lengths, False)
        self.every(found, lambda place: self.put(place, self.again(value)))
        return found

    def copied(self, source, ty):
        """A copy of an array or a row."""
        fixed = self.fixed(source)
        found = self.made(ty, self.lengths(source), False)

        def copy(place):
            self.put(place, self.element(Elements(fixed.array, (*fixed.indices, *place.indices))))

        self.every(found, copy)
        return found

    def fixed(self, elements):
        """A row whose indices lie in variables of its own."""
        return Elements(elements.array, tuple(self.kept(self.again(m)) for m in elements.indices))

    def over(self, elements):
        """A loop over the first axis of an array or a row, which hands out elements or rows."""
        fixed = self.fixed(elements)
        loop = self.counting(self.lengths(fixed)[0])
        loop.over = fixed
        return loop

    def counting(self, length):
        zero, one = self.constant_value(0, types.int64), self.constant_value(1, types.int64)
        return Loop(zero, self.kept(length), one, True)

    def handed_out(self, loop):
        """What a loop hands out in an iteration."""
        counter = self.block().value("counter", loop, (), types.int64, loop.counts_up)
        if loop.over is None:
            return counter
        return self.element(Elements(loop.over.array, (*loop.over.indices, self.hide(counter))))

    def every(self, elements, write):
        """Read a nest of loops over all elements of an array, with one statement in it."""
        before, indices = (self.parts, self.loops_around), []
        for length in self.lengths(elements):
            loop = self.counting(length)
            self.parts.append(loop)
            self.inner(loop.body, is_loop=True)
            indices.append(self.hide(self.block().value("counter", loop, (), types.int64, True)))
        write(Elements(elements.array, tuple(indices)))
        self.parts, self.loops_around = before
