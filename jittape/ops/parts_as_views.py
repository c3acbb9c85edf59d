"""Parts of complex numbers as views of them: what a part is made of, and what it is put together to again."""

from ..tape.recording_state import recording
from ..tape.storage import Storage
from ..tensors.array import Array, as_array, is_number
from ..tensors.linked_copies import Link, linked
from ..tensors.tensor import is_leaf_that_requires_grad, wrap
from .operation_table import keeper_of


class Part:
    """A part of numbers that NumPy and PyTorch have as a view of another dtype.

    ``copy`` records it, ``view`` is NumPy's way to it (None where the memory has no such view), and ``rejoined`` gives numbers
    with a changed part.
    """

    __slots__ = ("copy", "view", "rejoined")

    def __init__(self, copy, view, rejoined):
        self.copy, self.view, self.rejoined = copy, view, rejoined

    def of(self, x):
        """The part of a Tensor, which follows it; that of a number is one."""
        state = recording()
        records = state is None or state.recorder is not None
        part = self.copy(x) if records and (x._array is None or is_leaf_that_requires_grad(x)) else self.taken(x)
        return part if type(x) is Array and is_number(x) else linked(part, Link(x, self, records))

    def taken(self, x):
        """The part as it is now: of constants a view of their memory."""
        if keeper_of((x,)) is not None:
            return self.copy(x)
        array = x._pinned()
        view = self.view(array)
        if view is None or x._storage is None:
            return self.copy(x)
        found = wrap(view, Storage(x._storage.memory, view))
        return as_array(found) if type(x) is Array else found
