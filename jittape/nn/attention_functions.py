"""Attention as a function."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..ops.arguments import as_tensor_argument
from ..ops.choosing import where
from ..ops.products import matmul
from ..ops.random_generators import generator
from ..ops.shape_functions import transpose
from ..ops.softmax import softmax
from ..tensors.tensor import wrap

if TYPE_CHECKING:
    from ..tensors.tensor import Tensor
    from ..typing import TensorLike


def attention_weights(query, key, mask, scale):
    """Softmax of products of queries and keys; a mask of bools says which take part, one of numbers is added."""
    scores = matmul(query * scale, transpose(key, -2, -1))
    if mask is not None:
        mask = as_tensor_argument(mask, "attention", "attn_mask")
        scores = where(mask, scores, -math.inf) if mask.dtype == np.bool_ else scores + mask
    return softmax(scores, -1)


def dropped(weights, p):
    """Weights of which a fraction is set to 0, as by dropout."""
    if not p:
        return weights
    kept = generator().random(tuple(weights.shape)) >= p
    return weights * wrap((kept / (1.0 - p)).astype(weights.dtype))


def scaled_dot_product_attention(
    query: TensorLike,
    key: TensorLike,
    value: TensorLike,
    attn_mask: TensorLike | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """Means of values, weighted by the softmax of products of queries and keys.

    Parameters
    ----------
    query : Tensor or ndarray, shape (..., targets, n)
        Queries.
    key : Tensor or ndarray, shape (..., sources, n)
        Keys.
    value : Tensor or ndarray, shape (..., sources, m)
        Values.
    attn_mask : Tensor or ndarray, shape (..., targets, sources), optional
        Bools that say which sources take part, or numbers that are added to the products.
    dropout_p : float, optional
        Probability with which a weight is set to 0.
    is_causal : bool, optional
        Let each target see the sources up to its own place only.
    scale : float, optional
        Factor of the products, ``1 / sqrt(n)`` by default.
    enable_gqa : bool, optional
        Only False: groups of queries with keys in common are not implemented.

    Returns
    -------
    Tensor, shape (..., targets, m)
        The means.

    Raises
    ------
    RuntimeError
        If there are a mask and `is_causal`.
    NotImplementedError
        If `enable_gqa` is set.

    References
    ----------
    Vaswani et al., "Attention is all you need", NeurIPS 2017.
    """
    if enable_gqa:
        raise NotImplementedError("scaled_dot_product_attention: got enable_gqa=True, expected False: repeat keys and values")
    q, k, v = (as_tensor_argument(x, "attention", n) for x, n in ((query, "query"), (key, "key"), (value, "value")))
    if is_causal:
        if attn_mask is not None:
            raise RuntimeError("_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True")
        attn_mask = wrap(np.tri(q.shape[-2], k.shape[-2], dtype=bool))
    weights = attention_weights(q, k, attn_mask, 1.0 / math.sqrt(q.shape[-1]) if scale is None else scale)
    return matmul(dropped(weights, dropout_p), v)
