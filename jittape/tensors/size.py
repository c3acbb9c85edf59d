"""Shapes, as PyTorch prints them."""


class Size(tuple):
    """Shape of a tensor: a tuple of ints, printed as PyTorch prints its ``torch.Size``."""

    __slots__ = ()

    def numel(self):
        """Return the product of the lengths.

        Returns
        -------
        int
            The number of elements of a tensor of this shape.
        """
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
