"""Activations, layers and losses as functions; the losses are in `loss_functions`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..errors import ShapeError
from ..ops.linear_layer import linear
from ..ops.arguments import as_tensor_argument, one_axis
from ..ops.softmax import log_softmax, softmax
from ..ops.creation import generator
from ..ops.arithmetic import abs as _abs, maximum, sign, where
from ..ops.indexing import getitem
from ..ops.padded_regions import embed
from ..ops.reductions import norm, var
from ..ops.shape_functions import reshape, split
from ..ops.special_functions import elu as _elu, gelu as _gelu, gelu_tanh, hardtanh as _hardtanh, leaky_relu as _leaky_relu
from ..ops.special_functions import logsigmoid, mish, selu, silu, softplus as _softplus, softsign
from ..ops.sums import mean, sum as _sum
from ..ops.transcendental import relu, sigmoid, tanh
from ..ops.view_rules import freeze
from ..tensors.tensor import wrap
from .loss_functions import (
    binary_cross_entropy, binary_cross_entropy_with_logits, cross_entropy, gaussian_nll_loss, huber_loss, kl_div, l1_loss,
    mse_loss, nll_loss, poisson_nll_loss, smooth_l1_loss,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import SupportsIndex

    from ..tensors.tensor import Tensor
    from ..typing import TensorLike

__all__ = [
    "binary_cross_entropy", "binary_cross_entropy_with_logits", "celu", "cosine_similarity", "cross_entropy", "dropout", "elu",
    "embedding", "gaussian_nll_loss", "gelu", "glu", "hardsigmoid", "hardswish", "hardtanh", "huber_loss", "kl_div", "l1_loss",
    "layer_norm", "leaky_relu", "linear", "log_softmax", "logsigmoid", "mish", "mse_loss", "nll_loss", "normalize", "one_hot",
    "pad", "poisson_nll_loss", "prelu", "relu", "relu6", "selu", "sigmoid", "silu", "smooth_l1_loss", "softmax", "softmin",
    "softplus", "softshrink", "softsign", "tanh", "tanhshrink", "threshold",
]


def __dir__():
    return __all__


# --- activations ------------------------------------------------------------------------------------------------


def softplus(input: TensorLike, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    """log(1 + exp(beta x)) / beta; `x` itself where beta x is above the threshold.

    With the default arguments it is the exact function everywhere: it needs no threshold.
    """
    if beta == 1.0 and threshold == 20.0:
        return _softplus(input)
    scaled = input * beta
    return where(scaled > threshold, input, _softplus(scaled) / beta)


def leaky_relu(input: TensorLike, negative_slope: float = 0.01) -> Tensor:
    """`x` where it is positive, `negative_slope` times `x` elsewhere."""
    return _leaky_relu(input, float(negative_slope))


def prelu(input: TensorLike, weight: TensorLike) -> Tensor:
    """`leaky_relu` with slopes that are trained: one, or one a channel (axis 1)."""
    x, w = as_tensor_argument(input, "prelu"), as_tensor_argument(weight, "prelu", "weight")
    if w.numel() != 1:
        channels = x.shape[1] if x.ndim > 1 else 1
        if w.ndim != 1 or w.numel() != channels:
            raise ShapeError(
                f"prelu: got a weight of shape {list(w.shape)} for an input of shape {list(x.shape)}, expected one slope or "
                f"{channels}, the channels (axis 1) of the input"
            )
        w = reshape(w, (1, -1) + (1,) * (x.ndim - 2))
    return _leaky_relu(x, w)


def elu(input: TensorLike, alpha: float = 1.0) -> Tensor:
    """`x` where it is positive, alpha (exp(x) - 1) elsewhere."""
    return _elu(input, float(alpha))


def celu(input: TensorLike, alpha: float = 1.0) -> Tensor:
    """`x` where it is positive, alpha (exp(x / alpha) - 1) elsewhere: smooth at 0 for any alpha."""
    if alpha == 0:
        raise RuntimeError("celu: got alpha=0, expected another number: alpha divides x")
    return _elu(input / alpha, 1.0) * alpha


def gelu(input: TensorLike, approximate: str = "none") -> Tensor:
    """`x` times the probability that a normal number is less than x; "tanh" approximates that."""
    if approximate not in ("none", "tanh"):
        raise RuntimeError(f"approximate argument must be either none or tanh: got {approximate!r}")
    return _gelu(input) if approximate == "none" else gelu_tanh(input)


def hardtanh(input: TensorLike, min_val: float = -1.0, max_val: float = 1.0) -> Tensor:
    """`x` moved between bounds; the derivative at a bound is 0."""
    if min_val > max_val:
        raise ValueError(f"min_val cannot be greater than max_val: got {min_val} and {max_val}")
    return _hardtanh(input, float(min_val), float(max_val))


def relu6(input: TensorLike) -> Tensor:
    """`x` moved between 0 and 6."""
    return _hardtanh(input, 0.0, 6.0)


def hardsigmoid(input: TensorLike) -> Tensor:
    """A line from 0 at -3 to 1 at 3."""
    return _hardtanh(input / 6.0 + 0.5, 0.0, 1.0)


def hardswish(input: TensorLike) -> Tensor:
    """x times `hardsigmoid` of x."""
    return input * hardsigmoid(input)


def tanhshrink(input: TensorLike) -> Tensor:
    """x - tanh(x)."""
    return input - tanh(input)


def softshrink(input: TensorLike, lambd: float = 0.5) -> Tensor:
    """`x` moved towards 0 by `lambd`; 0 for smaller ones."""
    if lambd < 0:
        raise RuntimeError(f"lambda must be greater or equal to 0, but found to be {lambd}.")
    return where(_abs(input) > lambd, input - sign(input) * lambd, 0.0 * input)


def threshold(input: TensorLike, threshold: float, value: float) -> Tensor:
    """`x` where it is above a threshold, a value elsewhere."""
    return where(input > threshold, input, float(value))


def glu(input: TensorLike, dim: SupportsIndex = -1) -> Tensor:
    """The first half along an axis times the sigmoid of the second."""
    x = as_tensor_argument(input, "glu")
    axis = one_axis(dim, x.ndim)
    if x.shape[axis] % 2:
        raise RuntimeError(f"Halving dimension must be even, but dimension {axis} is size {x.shape[axis]}")
    first, second = split(x, x.shape[axis] // 2, axis)
    return first * sigmoid(second)


def softmin(input: TensorLike, dim: SupportsIndex = -1) -> Tensor:
    """`softmax` of -x."""
    return softmax(-input, dim)


# --- layers -------------------------------------------------------------------------------------------------------


def dropout(input: TensorLike, p: float = 0.5, training: bool = True) -> Tensor:
    """Elements set to 0 with probability `p`, the others divided by 1 - p; the identity when not training."""
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
    x = as_tensor_argument(input, "dropout")
    if not training or p == 0.0:
        return x
    kept = generator().random(tuple(x.shape)) >= p
    return x * wrap((kept / (1.0 - p) if p < 1.0 else np.zeros(kept.shape)).astype(x.dtype))


def layer_norm(
    input: TensorLike, normalized_shape: Sequence[int], weight: TensorLike | None = None, bias: TensorLike | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Values over the last axes with mean 0 and variance 1, then scaled and shifted."""
    x, shape = as_tensor_argument(input, "layer_norm"), tuple(normalized_shape)
    if not shape or tuple(x.shape[x.ndim - len(shape) :]) != shape:
        raise ShapeError(
            f"Given normalized_shape={list(shape)}, expected input with shape [*, {', '.join(map(str, shape))}], but got input "
            f"of size {list(x.shape)}"
        )
    axes = tuple(range(x.ndim - len(shape), x.ndim))
    y = (x - mean(x, axes, keepdim=True)) / (var(x, axes, correction=0, keepdim=True) + eps) ** 0.5
    y = y if weight is None else y * weight
    return y if bias is None else y + bias


def embedding(input: TensorLike, weight: TensorLike) -> Tensor:
    """Rows of a matrix by their numbers."""
    return getitem(as_tensor_argument(weight, "embedding", "weight"), input)


def one_hot(tensor: TensorLike, num_classes: int = -1) -> Tensor:
    """A 1 at the class of each element, along a new last axis."""
    classes = np.asarray(as_tensor_argument(tensor, "one_hot")._value())
    if classes.dtype.kind not in "iu":
        raise RuntimeError(f"one_hot is only applicable to index tensors of integers: got {classes.dtype}")
    n = int(classes.max()) + 1 if num_classes == -1 else num_classes
    if classes.size and (classes.min() < 0 or classes.max() >= n):
        raise RuntimeError(f"Class values must be non-negative and smaller than num_classes: got {int(classes.max())} of {n}")
    return wrap((classes[..., None] == np.arange(n)).astype(np.int64))


def pad(input: TensorLike, pad: Sequence[int], mode: str = "constant", value: float = 0.0) -> Tensor:
    """Elements put around: `pad` counts them before and after the last axis, then the one before it, and so on."""
    x, counts = as_tensor_argument(input, "pad"), list(pad)
    if mode != "constant":
        raise NotImplementedError(f"pad: got mode={mode!r}, expected 'constant'")
    if len(counts) % 2 or len(counts) > 2 * x.ndim or min(counts, default=0) < 0:
        raise RuntimeError(f"pad: got {tuple(pad)} for {x.ndim} axes, expected a pair of counts an axis, none of them negative")
    pairs = [(0, 0)] * (x.ndim - len(counts) // 2) + [(counts[k], counts[k + 1]) for k in range(len(counts) - 2, -1, -2)]
    shape = tuple(n + a + b for n, (a, b) in zip(x.shape, pairs))
    key = tuple(slice(a, a + n) for n, (a, _) in zip(x.shape, pairs))
    y = embed(x, shape, freeze(key))
    if not value:
        return y
    around = np.full(shape, float(value), y.dtype)
    around[key] = 0.0
    return y + wrap(around)


def normalize(input: TensorLike, p: float = 2.0, dim: SupportsIndex = 1, eps: float = 1e-12) -> Tensor:
    """Vectors along an axis divided by their norm, or by `eps` if that is larger."""
    size = norm(input, p, dim, keepdim=True)
    return input / maximum(size, eps)


def cosine_similarity(x1: TensorLike, x2: TensorLike, dim: SupportsIndex = 1, eps: float = 1e-8) -> Tensor:
    """The cosine of the angle between vectors along an axis."""
    lengths = [maximum(norm(x, 2, dim, keepdim=True), eps) for x in (x1, x2)]
    return _sum((x1 / lengths[0]) * (x2 / lengths[1]), dim)


