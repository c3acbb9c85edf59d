"""Loops over arrays, and loops that read or write all elements of one, which stand for what NumPy does."""

from numba import types

from .array_views import is_array
from .program_parts import Loop


class IterationReading:
    """The part of a `TreeReader` that reads what loops go over."""

    def over(self, array):
        """A loop over the first axis of an array, which hands out elements or views."""
        array = self.gone_over(array)
        loop = self.counting(self.lengths(array)[0])
        loop.over = array
        return loop

    def gone_over(self, array):
        """An array in memory that a loop goes over."""
        array = self.formed(array)
        if array.array.owner is not None:  # the variable may name another array in the loop
            array = self.copied(array, types.Array(array.array.element, array.ndim, "C"))
        # The variable may name another part in the loop: the places of the one that the loop goes over are kept apart from it.
        return self.kept_view(f"{len(self.program.types)}.{self.prefix}over", array, True)

    def together(self, key, given):
        """``zip`` of arrays, or ``enumerate`` of one: a loop that hands out tuples."""
        found = [self.looked_up(variable.name) for variable in given.take_all()]
        arrays = found[:1] if key is enumerate else found
        if not arrays or not all(map(is_array, arrays)):
            self.refuse(f"{key.__name__} of something else than arrays")
        members = [self.gone_over(array) for array in arrays]
        first, *others = (self.lengths(array)[0] for array in members)
        for other in others:
            first = self.smaller(first, other)
        loop = self.counting(first)
        if key is enumerate:
            start = given.take("start")
            found += [self.number(start.name) if start else self.integer(0)]
            members.insert(0, self.kept(found[1]))
        loop.over = tuple(members)
        return loop

    def counting(self, length):
        zero, one = self.constant_value(0, types.int64), self.constant_value(1, types.int64)
        return Loop(zero, self.kept(length), one, True)

    def handed_out(self, loop):
        """What a loop hands out in an iteration."""
        counter = self.block().value("counter", loop, (), types.int64, loop.counts_up)
        if loop.over is None:
            return counter
        number = self.hide(counter)
        return tuple(self.member(m, number) for m in loop.over) if type(loop.over) is tuple else self.item(loop.over, (number,))

    def member(self, what, number):
        """A member of a tuple that a loop hands out: an element or a view, or a number that counts on from another."""
        if is_array(what):
            found = self.item(what, (number,))
            return found if is_array(found) else self.kept(found)
        start = self.as_integer(self.again(what))
        return self.kept(self.sum_of(self.again(number), start, never_negative=start.never_negative))

    def every(self, lengths, write):
        """Read a nest of loops over all indices of an array of some lengths, with one statement in it."""
        before, members = (self.parts, self.loops_around), []
        for length in [self.kept(length) for length in lengths]:
            loop = self.counting(self.again(length))
            self.parts.append(loop)
            self.inner(loop.body, is_loop=True)
            members.append(self.hide(self.block().value("counter", loop, (), types.int64, True)))
        write(tuple(members))
        self.parts, self.loops_around = before
