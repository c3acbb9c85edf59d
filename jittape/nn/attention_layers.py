"""Layers of attention, and of bilinear maps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from . import functional as F
from . import init
from ..ops.choosing import where
from ..ops.creation import empty, zeros
from ..ops.products import matmul
from ..ops.shape_functions import broadcast_to, reshape, transpose
from ..ops.split_and_stack import chunk
from ..ops.sums import mean
from .attention_functions import attention_weights, dropped
from .layers import Linear
from .module import Module
from .parameter import Parameter

if TYPE_CHECKING:
    from ..tensors.tensor import Tensor
    from ..typing import DTypeLike


class MultiheadAttention(Module):
    """Layer of attention with several heads; see `functional.scaled_dot_product_attention`.

    Parameters
    ----------
    embed_dim : int
        Length of queries and results.
    num_heads : int
        Number of heads, which divides `embed_dim`.
    dropout : float, optional
        Probability with which a weight is set to 0, in training.
    bias : bool, optional
        Whether the projections have biases.
    add_bias_kv, add_zero_attn : bool, optional
        Only False.
    kdim, vdim : int, optional
        Lengths of keys and values; `embed_dim` by default.
    batch_first : bool, optional
        Whether the axis of examples comes before that of places.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of the parameters; the default dtype if not given.

    Raises
    ------
    ValueError
        If the numbers are not positive.
    AssertionError
        If the number of heads does not divide the length.
    NotImplementedError
        If `add_bias_kv` or `add_zero_attn` is set.
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        add_bias_kv: bool = False,
        add_zero_attn: bool = False,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        super().__init__()
        if embed_dim <= 0 or num_heads <= 0:
            raise ValueError(
                f"embed_dim and num_heads must be greater than 0, got embed_dim={embed_dim} and num_heads={num_heads} instead"
            )
        if embed_dim % num_heads:
            raise AssertionError("embed_dim must be divisible by num_heads")
        if add_bias_kv or add_zero_attn:
            raise NotImplementedError(
                "MultiheadAttention: got add_bias_kv or add_zero_attn, expected False: append to keys and values"
            )
        self.embed_dim, self.num_heads, self.dropout, self.batch_first = embed_dim, num_heads, dropout, batch_first
        self.head_dim, self.kdim, self.vdim = embed_dim // num_heads, kdim or embed_dim, vdim or embed_dim
        self._joined = self.kdim == embed_dim == self.vdim
        options = {"device": device, "dtype": dtype}
        if self._joined:
            self.in_proj_weight = Parameter(empty(3 * embed_dim, embed_dim, **options))
            self.q_proj_weight = self.k_proj_weight = self.v_proj_weight = None
        else:
            self.q_proj_weight = Parameter(empty(embed_dim, embed_dim, **options))
            self.k_proj_weight = Parameter(empty(embed_dim, self.kdim, **options))
            self.v_proj_weight = Parameter(empty(embed_dim, self.vdim, **options))
            self.in_proj_weight = None
        self.in_proj_bias = Parameter(zeros(3 * embed_dim, **options)) if bias else None
        self.out_proj = Linear(embed_dim, embed_dim, bias=bias, **options)
        for weight in (self.in_proj_weight, self.q_proj_weight, self.k_proj_weight, self.v_proj_weight):
            if weight is not None:
                init.xavier_uniform_(weight)
        if bias:
            init.zeros_(self.out_proj.bias)

    def forward(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        key_padding_mask: Tensor | None = None,
        need_weights: bool = True,
        attn_mask: Tensor | None = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Tensor, Tensor | None]:
        """Apply the layer.

        Parameters
        ----------
        query : Tensor, shape (targets, n, embed_dim)
            Queries; without the axis of examples for one.
        key : Tensor, shape (sources, n, kdim)
            Keys.
        value : Tensor, shape (sources, n, vdim)
            Values.
        key_padding_mask : Tensor, shape (n, sources), optional
            Bools that are True, or numbers that are added to products, for sources that do not count.
        need_weights : bool, optional
            Also return the weights.
        attn_mask : Tensor, shape (targets, sources) or (n * num_heads, targets, sources), optional
            The same by targets.
        average_attn_weights : bool, optional
            Return the mean of the weights over the heads.
        is_causal : bool, optional
            A hint that the mask is causal; the mask has to be given.

        Returns
        -------
        tuple of (Tensor, Tensor or None)
            The results, of the shape of `query`, and the weights.

        Raises
        ------
        RuntimeError
            If `is_causal` is set and there is no mask.
        """
        if is_causal and attn_mask is None:
            raise RuntimeError("Need attn_mask if specifying the is_causal hint.")
        alone = query.ndim == 2
        parts = [x.unsqueeze(0) if alone else x if self.batch_first else transpose(x, 0, 1) for x in (query, key, value)]
        weights = chunk(self.in_proj_weight, 3) if self._joined else (self.q_proj_weight, self.k_proj_weight, self.v_proj_weight)
        biases = (None,) * 3 if self.in_proj_bias is None else chunk(self.in_proj_bias, 3)
        q, k, v = (self._heads(F.linear(x, w, b)) for x, w, b in zip(parts, weights, biases))
        mask = self._mask(q, k, key_padding_mask, attn_mask, alone)
        found = attention_weights(q, k, mask, 1.0 / math.sqrt(self.head_dim))
        found = dropped(found, self.dropout) if self.training else found
        n, _, targets, _ = q.shape
        y = self.out_proj(reshape(transpose(matmul(found, v), 1, 2), (n, targets, self.embed_dim)))
        y = y.squeeze(0) if alone else y if self.batch_first else transpose(y, 0, 1)
        if not need_weights:
            return y, None
        found = mean(found, 1) if average_attn_weights else found
        return y, found.squeeze(0) if alone else found

    def _heads(self, x):
        """Values (examples, places, length) as (examples, heads, places, length of a head)."""
        return transpose(reshape(x, (*x.shape[:2], self.num_heads, self.head_dim)), 1, 2)

    def _mask(self, q, k, padding, mask, alone):
        """What is added to the products, for both masks together; None if there are none."""
        shape, found = (q.shape[0], self.num_heads, q.shape[2], k.shape[2]), None
        if mask is not None:
            found = _added(mask, q.dtype)
            found = reshape(found, shape) if found.ndim == 3 else broadcast_to(found, shape)
        if padding is not None:
            padding = _added(padding.unsqueeze(0) if alone else padding, q.dtype)
            padding = padding.unsqueeze(1).unsqueeze(1)
            found = padding if found is None else found + padding
        return found


def _added(mask, dtype):
    """A mask as numbers that are added."""
    if mask.dtype.kind != "b":
        return mask
    return where(mask, -math.inf, zeros((), dtype=dtype))


class Bilinear(Module):
    """Layer of bilinear maps of two vectors; see `functional.bilinear`.

    Parameters
    ----------
    in1_features, in2_features : int
        Lengths of the two vectors.
    out_features : int
        Number of maps.
    bias : bool, optional
        Whether there is a bias.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of the parameters; the default dtype if not given.

    Raises
    ------
    ValueError
        If `in1_features` is not positive.
    """

    def __init__(
        self,
        in1_features: int,
        in2_features: int,
        out_features: int,
        bias: bool = True,
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        super().__init__()
        if in1_features <= 0:
            raise ValueError(f"in1_features must be > 0, but got {in1_features}")
        self.in1_features, self.in2_features, self.out_features = in1_features, in2_features, out_features
        self.weight = Parameter(empty(out_features, in1_features, in2_features, device=device, dtype=dtype))
        self.bias = Parameter(empty(out_features, dtype=dtype)) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw weight and bias anew: uniform in ``1 / sqrt(in1_features)`` to both sides of 0."""
        bound = 1.0 / math.sqrt(self.in1_features)
        init.uniform_(self.weight, -bound, bound)
        if self.bias is not None:
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input1: Tensor, input2: Tensor) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input1 : Tensor, shape (..., in1_features)
            First vectors.
        input2 : Tensor, shape (..., in2_features)
            Second vectors.

        Returns
        -------
        Tensor, shape (..., out_features)
            The products.
        """
        return F.bilinear(input1, input2, self.weight, self.bias)

    def extra_repr(self) -> str:
        sizes = f"in1_features={self.in1_features}, in2_features={self.in2_features}, out_features={self.out_features}"
        return f"{sizes}, bias={self.bias is not None}"
