"""Layers: those with parameters, dropout, and those that change only the shape."""

from __future__ import annotations

import math
import numbers
from typing import TYPE_CHECKING

from . import functional as F
from . import init
from ..errors import ShapeError
from ..ops.linear_layer import linear_values
from ..ops.arguments import as_tensor_argument
from ..ops.creation import empty, ones, zeros
from ..ops.random_tensors import randn
from ..ops.shape_functions import flatten, reshape
from .module import Module
from .parameter import Parameter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ..tensors.tensor import Tensor
    from ..typing import DTypeLike, TensorLike


class Linear(Module):
    """Affine map of the last axis: ``x @ weight.T + bias``.

    Parameters
    ----------
    in_features, out_features : int
        Lengths of the last axis before and after.
    bias : bool, optional
        Whether there is a bias.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of the parameters; the default dtype if not given.

    Attributes
    ----------
    weight : Parameter, shape (out_features, in_features)
        The matrix.
    bias : Parameter, shape (out_features,), or None
        The shift.

    Raises
    ------
    TypeError
        If a number of features is not a non-negative integer.

    Examples
    --------
    >>> import jittape as jt
    >>> layer = jt.nn.Linear(3, 2)
    >>> layer(jt.ones(4, 3)).shape
    Size([4, 2])
    """

    def __init__(
        self, in_features: int, out_features: int, bias: bool = True, device: str | None = None, dtype: DTypeLike | None = None
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
        """Draw weight and bias anew: uniform in ``1 / sqrt(in_features)`` to both sides of 0, as in PyTorch."""
        bound = 1.0 / math.sqrt(self.in_features) if self.in_features else 0.0
        init.uniform_(self.weight, -bound, bound)
        if self.bias is not None:
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor, shape (..., in_features)
            Any number of axes before the last.

        Returns
        -------
        Tensor, shape (..., out_features)
            The products and the bias, one row of the tape.

        Raises
        ------
        ShapeError
            If the last axis does not have length `in_features`; the message names the layer and both shapes.
        """
        own = self.__dict__
        weight, bias = own.get("weight"), own.get("bias")
        if weight is not None and bias is not None:
            found = linear_values.quick((input, weight, bias), ())
            if found is not None:
                return found
        input = as_tensor_argument(input, "Linear")
        shape = input.shape
        if not shape or shape[-1] != own["in_features"]:
            raise ShapeError(
                f"mat1 and mat2 shapes cannot be multiplied: {self!r} got an input of shape {list(shape)} and has a weight of "
                f"shape {list(self.weight.shape)}, expected an input of shape [..., {self.in_features}]"
            )
        return F.linear(input, self.weight, self.bias)  # a parametrised one is no attribute of the instance

    if TYPE_CHECKING:
        __call__ = forward

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


class Identity(Module):
    """Layer that returns its input.

    Parameters
    ----------
    *args, **kwargs
        Ignored, so that it can stand in for any other layer.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()

    def forward(self, input: Any) -> Any:
        """Return the input.

        Parameters
        ----------
        input : object
            Anything.

        Returns
        -------
        object
            `input` itself.
        """
        return input

    if TYPE_CHECKING:
        __call__ = forward


class Flatten(Module):
    """Layer that joins consecutive axes into one.

    Parameters
    ----------
    start_dim, end_dim : int, optional
        First and last axis that are joined; by default all but the first axis of the input.
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        super().__init__()
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, input: TensorLike) -> Tensor:
        """Join the axes.

        Parameters
        ----------
        input : Tensor
            Values of any shape.

        Returns
        -------
        Tensor
            The same elements with fewer axes.
        """
        return flatten(input, self.start_dim, self.end_dim)

    if TYPE_CHECKING:
        __call__ = forward

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Unflatten(Module):
    """Layer that splits one axis into several.

    Parameters
    ----------
    dim : int
        Axis that is split.
    unflattened_size : sequence of int
        Lengths of the new axes; one may be -1.
    """

    def __init__(self, dim: int, unflattened_size: Sequence[int]) -> None:
        super().__init__()
        self.dim, self.unflattened_size = dim, tuple(unflattened_size)

    def forward(self, input: TensorLike) -> Tensor:
        """Split the axis.

        Parameters
        ----------
        input : Tensor
            Values of any shape.

        Returns
        -------
        Tensor
            The same elements with more axes.
        """
        shape = list(input.shape)
        k = self.dim % len(shape)
        return reshape(input, (*shape[:k], *self.unflattened_size, *shape[k + 1 :]))

    if TYPE_CHECKING:
        __call__ = forward

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"


class Dropout(Module):
    """Layer that sets elements to 0 with probability `p` while training, and divides the others by ``1 - p``.

    Parameters
    ----------
    p : float, optional
        Probability between 0 and 1.
    inplace : bool, optional
        Accepted for compatibility with PyTorch; the result is a new tensor in any case.

    Raises
    ------
    ValueError
        If `p` is not between 0 and 1.
    """

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        if not 0.0 <= p <= 1.0:
            raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
        self.p, self.inplace = p, inplace

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input`; `input` itself in evaluation mode.
        """
        return F.dropout(input, self.p, self.training)

    if TYPE_CHECKING:
        __call__ = forward

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """
        return f"p={self.p}, inplace={self.inplace}"


class LayerNorm(Module):
    """Layer that normalises over the last axes to mean 0 and variance 1, then scales and shifts; see `functional.layer_norm`.

    Parameters
    ----------
    normalized_shape : int or sequence of int
        Lengths of the axes over which is normalised.
    eps : float, optional
        Added to the variance.
    elementwise_affine : bool, optional
        Whether there are a scale and a shift.
    bias : bool, optional
        Whether there is a shift, if there is a scale.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of the parameters; the default dtype if not given.
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        super().__init__()
        shape = (normalized_shape,) if isinstance(normalized_shape, numbers.Integral) else tuple(normalized_shape)
        self.normalized_shape, self.eps, self.elementwise_affine = shape, eps, elementwise_affine
        self.weight = Parameter(ones(shape, device=device, dtype=dtype)) if elementwise_affine else None
        self.bias = Parameter(zeros(shape, dtype=dtype)) if elementwise_affine and bias else None

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values; the last axes are those of `normalized_shape`.

        Returns
        -------
        Tensor
            Of the shape of `input`.
        """
        return F.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    if TYPE_CHECKING:
        __call__ = forward

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """
        own, bias = self.elementwise_affine, self.bias is not None
        return f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={own}, bias={bias}"


class Embedding(Module):
    """Table of trainable vectors that are looked up by number.

    Parameters
    ----------
    num_embeddings : int
        Number of vectors.
    embedding_dim : int
        Length of each vector.
    padding_idx : int, optional
        The number whose vector is zeros and gets no gradient.
    max_norm : float, optional
        Longest norm, to which longer vectors are scaled when they are looked up.
    norm_type : float, optional
        Order of that norm.
    scale_grad_by_freq, sparse : bool, optional
        As of `functional.embedding`.
    _weight : Tensor, optional
        The vectors.
    _freeze : bool, optional
        Whether these are not trained.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of the vectors; the default dtype if not given.

    Attributes
    ----------
    weight : Parameter, shape (num_embeddings, embedding_dim)
        The vectors, at first standard normal random numbers.

    Raises
    ------
    AssertionError
        If there is no vector of the number `padding_idx`.
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
        _weight: Tensor | None = None,
        _freeze: bool = False,
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        super().__init__()
        if padding_idx is not None and not -num_embeddings <= padding_idx < num_embeddings:
            raise AssertionError("Padding_idx must be within num_embeddings")
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        self.padding_idx = padding_idx if padding_idx is None else padding_idx % num_embeddings
        self.max_norm, self.norm_type = max_norm, norm_type
        self.scale_grad_by_freq, self.sparse = scale_grad_by_freq, sparse
        drawn = randn(num_embeddings, embedding_dim, device=device, dtype=dtype) if _weight is None else _weight
        self.weight = Parameter(drawn, not _freeze)
        if _weight is None and self.padding_idx is not None:
            self.weight.data[self.padding_idx] = 0.0

    @classmethod
    def from_pretrained(cls, embeddings: Tensor, freeze: bool = True, padding_idx: int | None = None) -> Embedding:
        """Make a table of given vectors.

        Parameters
        ----------
        embeddings : Tensor, shape (num_embeddings, embedding_dim)
            The vectors; their memory is shared.
        freeze : bool, optional
            Whether they stay as they are.
        padding_idx : int, optional
            The number whose vector gets no gradient.

        Returns
        -------
        Embedding
            The table.
        """
        return cls(*embeddings.shape, padding_idx, _weight=embeddings, _freeze=freeze)

    def forward(self, input: TensorLike) -> Tensor:
        """Look up vectors.

        Parameters
        ----------
        input : Tensor or ndarray of int
            Numbers from 0 up to `num_embeddings`, of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input` and a last axis of length `embedding_dim`.
        """
        options = (self.padding_idx, self.max_norm, self.norm_type, self.scale_grad_by_freq, self.sparse)
        return F.embedding(input, self.weight, *options)

    if TYPE_CHECKING:
        __call__ = forward

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """
        padding = "" if self.padding_idx is None else f", padding_idx={self.padding_idx}"
        return f"{self.num_embeddings}, {self.embedding_dim}{padding}"
