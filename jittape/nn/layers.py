"""Layers with parameters, and those that only change the shape."""

from __future__ import annotations

import math
import numbers
from typing import TYPE_CHECKING

from . import functional as F
from . import init
from ..errors import ShapeError
from ..ops.linear_layer import linear_values
from ..ops.arguments import as_tensor_argument
from ..ops.creation import empty, ones, randn, zeros
from ..ops.shape_functions import flatten, reshape
from .module import Module
from .parameter import Parameter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ..tensors.tensor import Tensor
    from ..typing import DTypeLike, TensorLike


class Linear(Module):
    """``x @ weight.T + bias``.

    Parameters
    ----------
    in_features, out_features : int
        Lengths of the last axis, before and after.
    bias : bool
    dtype : dtype, optional
        The default dtype if not given.

    Raises
    ------
    ShapeError
        Naming the layer and both shapes, when the last axis of the input has another length.

    Examples
    --------
    >>> import jittape as jt
    >>> layer = jt.nn.Linear(3, 2)
    >>> layer(jt.ones(4, 3)).shape
    Size([4, 2])
    """

    def __init__(
        self, in_features: int, out_features: int, bias: bool = True, device: str | None = None, dtype: DTypeLike | None = None,
    ) -> None:
        super().__init__()
        for name, n in (("in_features", in_features), ("out_features", out_features)):
            if not isinstance(n, numbers.Integral) or n < 0:
                raise TypeError(f"Linear: got {name}={n!r}, expected a number of features")
        self.in_features, self.out_features = in_features, out_features
        self.weight = Parameter(empty(out_features, in_features, device=device, dtype=dtype))
        self.bias = Parameter(empty(out_features, dtype=dtype)) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """First values: uniform within 1 / sqrt(in_features), as PyTorch's."""
        bound = 1.0 / math.sqrt(self.in_features) if self.in_features else 0.0
        init.uniform_(self.weight, -bound, bound)
        if self.bias is not None:
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input: TensorLike) -> Tensor:
        """The products and the bias; any number of axes before the last."""
        own = self.__dict__
        bias = own["bias"]
        if bias is not None:
            found = linear_values.quick((input, own["weight"], bias), ())
            if found is not None:
                return found
        input = as_tensor_argument(input, "Linear")
        shape = input.shape
        if not shape or shape[-1] != own["in_features"]:
            raise ShapeError(
                f"mat1 and mat2 shapes cannot be multiplied: {self!r} got an input of shape {list(shape)} and has a weight of "
                f"shape {list(self.weight.shape)}, expected an input of shape [..., {self.in_features}]"
            )
        return F.linear(input, own["weight"], bias)

    def extra_repr(self) -> str:
        """The options."""
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


class Identity(Module):
    """What comes in; arguments are ignored."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()

    def forward(self, input: Any) -> Any:
        """The input itself."""
        return input


class Flatten(Module):
    """Axes from one to another as a single one; by default all but the first."""

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        super().__init__()
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, input: TensorLike) -> Tensor:
        """The elements in fewer axes."""
        return flatten(input, self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        """The options."""
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Unflatten(Module):
    """One axis as several."""

    def __init__(self, dim: int, unflattened_size: Sequence[int]) -> None:
        super().__init__()
        self.dim, self.unflattened_size = dim, tuple(unflattened_size)

    def forward(self, input: TensorLike) -> Tensor:
        """The elements in more axes."""
        shape = list(input.shape)
        k = self.dim % len(shape)
        return reshape(input, (*shape[:k], *self.unflattened_size, *shape[k + 1 :]))

    def extra_repr(self) -> str:
        """The options."""
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"


class Dropout(Module):
    """Elements set to 0 with probability `p` in training, the others divided by 1 - p."""

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        if not 0.0 <= p <= 1.0:
            raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
        self.p, self.inplace = p, inplace

    def forward(self, input: TensorLike) -> Tensor:
        """What is left."""
        return F.dropout(input, self.p, self.training)

    def extra_repr(self) -> str:
        """The options."""
        return f"p={self.p}, inplace={self.inplace}"


class LayerNorm(Module):
    """Values over the last axes with mean 0 and variance 1, then scaled and shifted by parameters."""

    def __init__(
        self, normalized_shape: int | Sequence[int], eps: float = 1e-5, elementwise_affine: bool = True, bias: bool = True,
        dtype: DTypeLike | None = None,
    ) -> None:
        super().__init__()
        shape = (normalized_shape,) if isinstance(normalized_shape, numbers.Integral) else tuple(normalized_shape)
        self.normalized_shape, self.eps, self.elementwise_affine = shape, eps, elementwise_affine
        self.weight = Parameter(ones(shape, dtype=dtype)) if elementwise_affine else None
        self.bias = Parameter(zeros(shape, dtype=dtype)) if elementwise_affine and bias else None

    def forward(self, input: TensorLike) -> Tensor:
        """The normalised values."""
        return F.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        """The options."""
        own, bias = self.elementwise_affine, self.bias is not None
        return f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={own}, bias={bias}"


class Embedding(Module):
    """A vector for every number from 0 up to `num_embeddings`."""

    def __init__(self, num_embeddings: int, embedding_dim: int, dtype: DTypeLike | None = None) -> None:
        super().__init__()
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        self.weight = Parameter(randn(num_embeddings, embedding_dim, dtype=dtype))

    def forward(self, input: TensorLike) -> Tensor:
        """The vectors, along a new last axis."""
        return F.embedding(input, self.weight)

    def extra_repr(self) -> str:
        """The options."""
        return f"{self.num_embeddings}, {self.embedding_dim}"


