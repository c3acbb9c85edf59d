"""The base class of layers that take one tensor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .module import Module

if TYPE_CHECKING:
    from ..tensors.tensor import Tensor
    from ..typing import TensorLike


class Layer(Module):
    """Base class of layers that take one tensor and return one."""

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """
        return super().forward(input)

    if TYPE_CHECKING:
        __call__ = forward
