"""Shapes, as PyTorch prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, SupportsIndex


class Size(tuple[int, ...]):
    """Shape of a tensor: a tuple of ints, printed as PyTorch prints its ``torch.Size``."""

    __slots__ = ()

    def numel(self) -> int:
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

    def __repr__(self) -> str:
        return f"Size({list(self)})"

    def __add__(self, other: Iterable[int]) -> Size:  # type: ignore[override]
        return Size(tuple(self) + tuple(other))

    @overload
    def __getitem__(self, key: SupportsIndex) -> int: ...

    @overload
    def __getitem__(self, key: slice) -> Size: ...

    def __getitem__(self, key: Any) -> Any:
        found = tuple.__getitem__(self, key)
        return Size(found) if isinstance(key, slice) else found
