"""Parts of complex numbers, as they follow what is written to their numbers: which copies are of which memory.

PyTorch and NumPy have the real part as a view of another dtype. A storage of a tape has one dtype, so a part that is recorded is
a copy; a *link* tells of what. A write to the copy becomes one to the numbers, and after a write to the numbers the copies that
are still held stand for new rows (`jittape.ops.assignment`). Parts of constants are views of their memory; they need the link
when something that requires gradients is written.
"""

from weakref import ref

from .tensor import extras_of

MANY = 64  # links of one memory, from when on those that are gone are looked for


class Link:
    """What a copy is of: views, one after the other, of a part of the numbers of `base`."""

    __slots__ = ("base", "part", "views", "records")
    exist = False  # programs without complex numbers ask no more than this

    def __init__(self, base, part, records, views=()):
        self.base, self.part, self.records, self.views = base, part, records, views  # `records`: made where gradients flow

    def viewed(self, operation, statics):
        """The link of a view of the copy."""
        return Link(self.base, self.part, self.records, (*self.views, (operation, statics)))

    def on(self, base):
        """The same part of other numbers."""
        return self.within(self.part.of(base))

    def within(self, part):
        """The views of the link, of a part."""
        for operation, statics in self.views:
            part = operation.apply(part, *statics)
        return part

    def is_same(self, other):
        """Whether another link is to the same elements."""
        return self.base is other.base and self.part is other.part and self.views == other.views

    def is_direct(self, tensor):
        """Whether a Tensor with this link is a view of the memory, which every write reaches."""
        storage, own = self.base._storage, tensor._storage
        return storage is not None and own is not None and own.memory is storage.memory


def link_of(tensor):
    """The link of a Tensor, None if it is no part of another."""
    return None if tensor._extras is None else tensor._extras.link


def linked(tensor, link):
    """Note what a new Tensor is a part of. Returns the Tensor."""
    extras_of(tensor).link = link
    base, tape = link.base, link.base._tape
    if base._array is None and Link.exist:  # the usual case, in half of the time
        number = tape.storage_ids[base._row]
        if number in tape.links:
            found = tape.links[number]
            if len(found) < MANY:
                found.append(ref(tensor))
                return tensor
    enter(tensor)
    return tensor


def enter(tensor):
    """Let writes to what a Tensor is a part of find it."""
    Link.exist = True
    found = _links_of(tensor._extras.link.base)
    if len(found) >= MANY and len(found) & (len(found) - 1) == 0:
        found[:] = [r for r in found if r() is not None]
    found.append(ref(tensor))


def _links_of(tensor, makes=True):
    """The list of links to the memory of a Tensor: it is kept with what all aliases share, once that is known."""
    storage, tape = tensor._storage, tensor._tape
    if storage is not None:
        memory = storage.memory
    else:
        memory = tape.cells.get(tape.storage_ids[tensor._row])
    if memory is None:
        number = tape.storage_ids[tensor._row]
        return tape.links.setdefault(number, []) if makes else tape.links.get(number, ())
    if memory.links is None and makes:
        memory.links = []
    return () if memory.links is None else memory.links


def linked_to(tensor):
    """The Tensors that are still held and parts of the memory of a Tensor."""
    return [t for r in _links_of(tensor, False) if (t := r()) is not None and link_of(t) is not None]


def taken_links(tensor):
    """As `linked_to`; the memory forgets them, because its handles are about to stand for another one."""
    found = linked_to(tensor)
    if found:
        _links_of(tensor).clear()
    return found
