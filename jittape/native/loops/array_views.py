"""What variables stand for that are no numbers: views of arrays, slices, methods, and arrays that are still to be computed."""

from typing import NamedTuple

from .program_parts import ArrayMemory


class Axis(NamedTuple):
    """An axis of a view: element k lies at ``start + k * step`` of an axis of the array.

    Attributes
    ----------
    number : int
        Its position among the axes of the view.
    start, length : Value or str, optional
        Values that are the same at all times, or names of variables; None for all of the array's axis.
    """

    number: int
    start: object = None
    step: int = 1
    length: object = None


class Elements(NamedTuple):
    """A view of an array, or an element of it.

    Attributes
    ----------
    axes : tuple
        One for each axis of the array: an `Axis`, or an index (a value that is the same at all times, or the name of a variable).
    ndim : int
        How many axes the view has. One that no axis of the array is has length 1.
    """

    array: ArrayMemory
    axes: tuple
    ndim: int


def whole(array):
    """All of an array."""
    return Elements(array, tuple(Axis(k) for k in range(array.ndim)), array.ndim)


class LazyArray(NamedTuple):
    """An array that is computed where it is used, element by element.

    Attributes
    ----------
    lengths : tuple
        Values that are the same at all times, or names of variables.
    element : function
        Of the reader that asks (the one of a function that was called may have gone on elsewhere) and of the indices, which are
        like lengths: the element, as a value of that reader's block.
    dtype : Type
        Of the elements.
    views : tuple of Elements
        What it reads.
    moments : tuple of int
        How often the arrays that it reads had been written to when it was made.
    """

    lengths: tuple
    element: object
    dtype: object
    views: tuple
    moments: tuple

    @property
    def ndim(self):
        return len(self.lengths)


class Slice(NamedTuple):
    """A slice: integers (values that are the same at all times, or names) or None."""

    start: object
    stop: object
    step: object


class Listed(NamedTuple):
    """A list that nothing but the call that gets it knows: numbers as the members of tuples, or such lists."""

    members: tuple


class Method(NamedTuple):
    """A method of an array."""

    name: str
    of: object


def is_array(what):
    """Whether something is an array, computed or not."""
    return isinstance(what, (Elements, LazyArray))
