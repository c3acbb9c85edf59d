"""Shapes, as PyTorch prints them."""


class Size(tuple):
    """A shape: a tuple of ints that prints and counts as PyTorch's ``torch.Size``."""

    __slots__ = ()

    def numel(self):
        """The product of the lengths."""
        product = 1
        for n in self:
            product *= n
        return product

    def __repr__(self):
        return f"Size({list(self)})"

    def __add__(self, other):
        return Size(tuple(self) + tuple(other))

    def __getitem__(self, key):
        found = tuple.__getitem__(self, key)
        return Size(found) if isinstance(key, slice) else found
