"""Activations, layers and losses as functions.

The loss functions are defined in `loss_functions` and exported from here as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..errors import ShapeError
from ..ops.linear_layer import linear
from ..ops.arguments import as_tensor_argument, one_axis
from ..ops.keywords import stored
from ..ops.softmax import log_softmax, softmax
from ..ops.arithmetic import abs as _abs, sign
from ..ops.choosing import maximum, where
from ..ops.indexing import getitem
from ..ops.reductions import norm, var
from ..ops.einsum import einsum
from ..ops.shape_functions import reshape
from ..ops.split_and_stack import split
from ..ops.special_functions import elu as _elu, gelu as _gelu, gelu_tanh, hardtanh as _hardtanh, leaky_relu as _leaky_relu
from ..ops.special_functions import logsigmoid, mish, selu, silu, softplus as _softplus, softsign
from ..ops.sums import mean
from ..ops.transcendental import relu, sigmoid, tanh
from ..tensors.tensor import Tensor, wrap
from .attention_functions import scaled_dot_product_attention
from .convolution_functions import conv1d, conv2d, conv_transpose1d, conv_transpose2d
from .normalization_functions import batch_norm, group_norm, instance_norm, rms_norm
from .older_keywords import with_inplace
from .padding_functions import pad
from .pooling_functions import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    avg_pool1d,
    avg_pool2d,
    interpolate,
    max_pool1d,
    max_pool2d,
    upsample,
)
from .alignment_losses import ctc_loss
from .distances import cosine_similarity, pairwise_distance, pdist
from .embedding_bags import embedding_bag
from .grid_functions import affine_grid, grid_sample
from .margin_losses import cosine_embedding_loss, hinge_embedding_loss, margin_ranking_loss, multi_margin_loss
from .margin_losses import multilabel_margin_loss, triplet_margin_with_distance_loss
from .margin_losses import multilabel_soft_margin_loss, soft_margin_loss, triplet_margin_loss
from .adaptive_and_norm_pooling import adaptive_max_pool1d, adaptive_max_pool2d, adaptive_max_pool3d, local_response_norm
from .adaptive_and_norm_pooling import lp_pool1d, lp_pool2d, lp_pool3d
from .random_functions import (
    alpha_dropout,
    dropout,
    dropout1d,
    dropout2d,
    dropout3d,
    feature_alpha_dropout,
    gumbel_softmax,
    rrelu,
)
from .shuffles import channel_shuffle, pixel_shuffle, pixel_unshuffle
from .volume_functions import adaptive_avg_pool3d, avg_pool3d, conv3d, conv_transpose3d, max_pool3d
from .fractional_pooling import fractional_max_pool2d, fractional_max_pool3d
from .window_functions import fold, max_unpool1d, max_unpool2d, max_unpool3d, unfold
from .loss_functions import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    gaussian_nll_loss,
    huber_loss,
    kl_div,
    l1_loss,
    mse_loss,
    nll_loss,
    poisson_nll_loss,
    smooth_l1_loss,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import SupportsIndex

    from ..typing import DTypeLike, TensorLike

__all__ = [
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "adaptive_avg_pool3d",
    "adaptive_max_pool1d",
    "adaptive_max_pool2d",
    "adaptive_max_pool3d",
    "affine_grid",
    "alpha_dropout",
    "avg_pool1d",
    "avg_pool2d",
    "avg_pool3d",
    "batch_norm",
    "bilinear",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "celu",
    "channel_shuffle",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
    "cosine_embedding_loss",
    "cosine_similarity",
    "cross_entropy",
    "ctc_loss",
    "dropout",
    "dropout1d",
    "dropout2d",
    "dropout3d",
    "elu",
    "embedding",
    "embedding_bag",
    "feature_alpha_dropout",
    "fold",
    "fractional_max_pool2d",
    "fractional_max_pool3d",
    "gaussian_nll_loss",
    "gelu",
    "glu",
    "grid_sample",
    "group_norm",
    "gumbel_softmax",
    "hardshrink",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "hinge_embedding_loss",
    "huber_loss",
    "instance_norm",
    "interpolate",
    "kl_div",
    "l1_loss",
    "layer_norm",
    "leaky_relu",
    "linear",
    "local_response_norm",
    "log_softmax",
    "logsigmoid",
    "lp_pool1d",
    "lp_pool2d",
    "lp_pool3d",
    "margin_ranking_loss",
    "max_pool1d",
    "max_pool2d",
    "max_pool3d",
    "max_unpool1d",
    "max_unpool2d",
    "max_unpool3d",
    "mish",
    "mse_loss",
    "multi_margin_loss",
    "multilabel_margin_loss",
    "multilabel_soft_margin_loss",
    "nll_loss",
    "normalize",
    "one_hot",
    "pad",
    "pairwise_distance",
    "pdist",
    "pixel_shuffle",
    "pixel_unshuffle",
    "poisson_nll_loss",
    "prelu",
    "relu",
    "relu6",
    "rms_norm",
    "rrelu",
    "scaled_dot_product_attention",
    "selu",
    "sigmoid",
    "silu",
    "smooth_l1_loss",
    "soft_margin_loss",
    "softmax",
    "softmin",
    "softplus",
    "softshrink",
    "softsign",
    "tanh",
    "tanhshrink",
    "threshold",
    "triplet_margin_loss",
    "triplet_margin_with_distance_loss",
    "unfold",
    "upsample",
]


def __dir__():
    return __all__


# --- activations ------------------------------------------------------------------------------------------------


def softplus(input: TensorLike, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    """Smooth approximation of the rectifier: ``log(1 + exp(beta * x)) / beta``.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    beta : float, optional
        Sharpness; the larger, the closer to `relu`.
    threshold : float, optional
        Where ``beta * x`` is larger, the result is ``x`` itself, as in PyTorch. With the default `beta` and
        `threshold` the exact formula is used everywhere, in a form that does not overflow.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    if beta == 1.0 and threshold == 20.0:
        return _softplus(input)
    scaled = input * beta
    return where(scaled > threshold, input, _softplus(scaled) / beta)


@with_inplace
def leaky_relu(input: TensorLike, negative_slope: float = 0.01) -> Tensor:
    """Leaky rectifier: ``x`` where it is positive, ``negative_slope * x`` elsewhere.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    negative_slope : float, optional
        Slope for negative values.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    return _leaky_relu(input, float(negative_slope))


def prelu(input: TensorLike, weight: TensorLike) -> Tensor:
    """Leaky rectifier with trainable slopes: ``x`` where it is positive, ``weight * x`` elsewhere.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape; channels are axis 1.
    weight : Tensor or ndarray
        Slopes: one for all values, or one for each channel, with shape (channels,).

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    ShapeError
        If the number of slopes is neither one nor the number of channels.
    """
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


@with_inplace
def elu(input: TensorLike, alpha: float = 1.0) -> Tensor:
    """Exponential linear unit: ``x`` where it is positive, ``alpha * (exp(x) - 1)`` elsewhere.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    alpha : float, optional
        Minus the limit for large negative values.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    References
    ----------
    Clevert, Unterthiner and Hochreiter, "Fast and accurate deep network learning by exponential linear units",
    ICLR 2016.
    """
    return _elu(input, float(alpha))


@with_inplace
def celu(input: TensorLike, alpha: float = 1.0) -> Tensor:
    """Continuously differentiable exponential linear unit.

    The value is ``x`` where it is positive and ``alpha * (exp(x / alpha) - 1)`` elsewhere; unlike that of `elu`, its
    derivative is continuous at 0 for every `alpha`.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    alpha : float, optional
        Minus the limit for large negative values; not 0.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    RuntimeError
        If `alpha` is 0.

    References
    ----------
    Barron, "Continuously differentiable exponential linear units", arXiv:1704.07483 (2017).
    """
    if alpha == 0:
        raise RuntimeError("celu: got alpha=0, expected another number: alpha divides x")
    return _elu(input / alpha, 1.0) * alpha


def gelu(input: TensorLike, approximate: str = "none") -> Tensor:
    """Gaussian error linear unit: ``x`` times the standard normal distribution function of ``x``.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    approximate : {"none", "tanh"}, optional
        "tanh" replaces the distribution function with ``(1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3))) / 2``.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    RuntimeError
        If `approximate` is something else.

    References
    ----------
    Hendrycks and Gimpel, "Gaussian error linear units (GELUs)", arXiv:1606.08415 (2016).
    """
    if approximate not in ("none", "tanh"):
        raise RuntimeError(f"approximate argument must be either none or tanh: got {approximate!r}")
    return _gelu(input) if approximate == "none" else gelu_tanh(input)


@with_inplace
def hardtanh(input: TensorLike, min_val: float = -1.0, max_val: float = 1.0) -> Tensor:
    """Clip values to an interval; the derivative at its ends is 0.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    min_val, max_val : float, optional
        Ends of the interval.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    ValueError
        If `min_val` is larger than `max_val`.
    """
    if min_val > max_val:
        raise ValueError(f"min_val cannot be greater than max_val: got {min_val} and {max_val}")
    return _hardtanh(input, float(min_val), float(max_val))


@with_inplace
def relu6(input: TensorLike) -> Tensor:
    """Clip values to the interval from 0 to 6; the derivative at its ends is 0.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    return _hardtanh(input, 0.0, 6.0)


@with_inplace
def hardsigmoid(input: TensorLike) -> Tensor:
    """Piecewise linear approximation of the sigmoid: ``x / 6 + 1 / 2``, clipped to the interval from 0 to 1.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    return _hardtanh(input / 6.0 + 0.5, 0.0, 1.0)


@with_inplace
def hardswish(input: TensorLike) -> Tensor:
    """Piecewise approximation of `silu`: ``x * hardsigmoid(x)``.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    return input * hardsigmoid(input)


def tanhshrink(input: TensorLike) -> Tensor:
    """Difference of a value and its hyperbolic tangent: ``x - tanh(x)``.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    return input - tanh(input)


def softshrink(input: TensorLike, lambd: float = 0.5) -> Tensor:
    """Move values towards 0 by `lambd`; those whose absolute value is at most `lambd` become 0.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    lambd : float, optional
        Distance; not negative.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    RuntimeError
        If `lambd` is negative.
    """
    if lambd < 0:
        raise RuntimeError(f"lambda must be greater or equal to 0, but found to be {lambd}.")
    return where(_abs(input) > lambd, input - sign(input) * lambd, 0.0 * input)


@with_inplace
def threshold(input: TensorLike, threshold: float, value: float) -> Tensor:
    """Replace every value that is not above a threshold.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    threshold : float
        Values above it are kept.
    value : float
        Replaces the others.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    return where(input <= threshold, float(value), input)


def glu(input: TensorLike, dim: SupportsIndex = -1) -> Tensor:
    """Gated linear unit: the first half of an axis times the sigmoid of the second half.

    Parameters
    ----------
    input : Tensor or ndarray
        Values; the length of axis `dim` is even.
    dim : int, optional
        Axis that is halved.

    Returns
    -------
    Tensor
        Of half the length along axis `dim`.

    Raises
    ------
    RuntimeError
        If the length of the axis is odd.

    References
    ----------
    Dauphin et al., "Language modeling with gated convolutional networks", ICML 2017.
    """
    x = as_tensor_argument(input, "glu")
    axis = one_axis(dim, x.ndim)
    if x.shape[axis] % 2:
        raise RuntimeError(f"Halving dimension must be even, but dimension {axis} is size {x.shape[axis]}")
    first, second = split(x, x.shape[axis] // 2, axis)
    return first * sigmoid(second)


def softmin(input: TensorLike, dim: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
    """Softmax of the negated values: the smallest value gets the largest weight.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        Axis along which the results sum to 1.
    dtype : dtype, optional
        To which `input` is converted first.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    return softmax(-input, dim, dtype=dtype)


# --- layers -------------------------------------------------------------------------------------------------------


def hardshrink(input: TensorLike, lambd: float = 0.5) -> Tensor:
    """Set values between ``-lambd`` and ``lambd`` to 0.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    lambd : float, optional
        Half the length of the interval.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    x = as_tensor_argument(input, "hardshrink")
    return where(_abs(x) <= lambd, 0.0, x)


def bilinear(input1: TensorLike, input2: TensorLike, weight: TensorLike, bias: TensorLike | None = None) -> Tensor:
    """Bilinear map of two vectors: ``x1 @ weight[k] @ x2 + bias[k]`` for every k.

    Parameters
    ----------
    input1 : Tensor or ndarray, shape (..., n)
        First vectors.
    input2 : Tensor or ndarray, shape (..., m)
        Second vectors.
    weight : Tensor or ndarray, shape (features, n, m)
        The maps.
    bias : Tensor or ndarray, shape (features,), optional
        Added to every result.

    Returns
    -------
    Tensor, shape (..., features)
        The products.

    Raises
    ------
    ShapeError
        If the shapes do not fit.
    """
    x, y, w = (as_tensor_argument(v, "bilinear", n) for v, n in ((input1, "input1"), (input2, "input2"), (weight, "weight")))
    if w.ndim != 3 or tuple(x.shape[:-1]) != tuple(y.shape[:-1]) or (x.shape[-1], y.shape[-1]) != tuple(w.shape[1:]):
        raise ShapeError(
            f"bilinear(): input and weight sizes do not match: got inputs of sizes {list(x.shape)} and {list(y.shape)} "
            "and a weight "
            f"of size {list(w.shape)}, expected [..., n], [..., m] and [features, n, m]"
        )
    found = einsum("...i,kij,...j->...k", x, w, y)
    return found if bias is None else found + bias


def layer_norm(
    input: TensorLike,
    normalized_shape: Sequence[int],
    weight: TensorLike | None = None,
    bias: TensorLike | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Normalise values over the last axes to mean 0 and variance 1, then scale and shift them.

    The result is ``(x - mean) / sqrt(var + eps) * weight + bias``, with the variance of the population (no correction).

    Parameters
    ----------
    input : Tensor or ndarray
        Values of shape (..., *normalized_shape).
    normalized_shape : sequence of int
        Lengths of the axes over which is normalised.
    weight : Tensor, optional
        Scale of shape `normalized_shape`.
    bias : Tensor, optional
        Shift of shape `normalized_shape`.
    eps : float, optional
        Added to the variance.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    ShapeError
        If the last axes of `input` do not have the shape `normalized_shape`.

    References
    ----------
    Ba, Kiros and Hinton, "Layer normalization", arXiv:1607.06450 (2016).
    """
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


def embedding(
    input: TensorLike,
    weight: TensorLike,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """Look up rows of a matrix by their numbers.

    Parameters
    ----------
    input : Tensor or ndarray of int
        Row numbers, of any shape.
    weight : Tensor
        Matrix of shape (rows, columns).
    padding_idx : int, optional
        A row that no gradient flows to.
    max_norm, norm_type : float, optional
        Only None and 2: rows are not scaled.
    scale_grad_by_freq, sparse : bool, optional
        Only False: gradients are sums, in dense arrays.

    Returns
    -------
    Tensor
        Of the shape of `input` and a last axis of length columns. The derivative with respect to `weight` adds up where a
        row is looked up more than once.

    Raises
    ------
    NotImplementedError
        If an option has another value than those that are listed.
    IndexError
        If there is no such row.
    """
    for name, value in (("max_norm", max_norm), ("scale_grad_by_freq", scale_grad_by_freq), ("sparse", sparse)):
        if value:
            raise NotImplementedError(
                f"embedding(): got {name}={value!r}, expected its default: it is not supported; scale the weight"
            )
    try:
        rows = getitem(as_tensor_argument(weight, "embedding", "weight"), input)
    except IndexError as error:
        raise IndexError(f"index out of range in self: {error}") from None
    if padding_idx is None:
        return rows
    is_padding = np.asarray(input._value() if isinstance(input, Tensor) else input) == padding_idx % len(weight)
    return where(is_padding[..., None], rows.detach(), rows)


def one_hot(tensor: TensorLike, num_classes: int = -1) -> Tensor:
    """Turn class numbers into vectors that are 1 at the class and 0 elsewhere.

    Parameters
    ----------
    tensor : Tensor or ndarray of int
        Class numbers, of any shape.
    num_classes : int, optional
        Length of the vectors; -1 takes one more than the largest number.

    Returns
    -------
    Tensor of int64
        Of the shape of `tensor` and a last axis of length `num_classes`.

    Raises
    ------
    RuntimeError
        If a number is negative or not smaller than `num_classes`, or the dtype is not an integer type.
    """
    classes = np.asarray(as_tensor_argument(tensor, "one_hot")._value())
    if classes.dtype.kind not in "iu":
        raise RuntimeError(f"one_hot is only applicable to index tensors of integers: got {classes.dtype}")
    n = int(classes.max()) + 1 if num_classes == -1 else num_classes
    if classes.size and (classes.min() < 0 or classes.max() >= n):
        raise RuntimeError(f"Class values must be non-negative and smaller than num_classes: got {int(classes.max())} of {n}")
    return wrap((classes[..., None] == np.arange(n)).astype(np.int64))


def normalize(
    input: TensorLike, p: float = 2.0, dim: SupportsIndex = 1, eps: float = 1e-12, *, out: Tensor | None = None
) -> Tensor:
    """Divide vectors along an axis by their norm.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    p : float, optional
        Order of the norm.
    dim : int, optional
        Axis of the vectors.
    eps : float, optional
        Smallest divisor.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    size = norm(input, p, dim, keepdim=True)
    value = input / maximum(size, eps)
    return value if out is None else stored(value, out, "normalize")
