"""Losses that ask for a distance between what belongs together and what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..ops.arguments import as_tensor_argument
from ..ops.creation import arange
from ..ops.choosing import clamp, minimum, where
from ..ops.gather_sort import gather
from ..ops.shape_functions import unsqueeze
from ..ops.special_functions import logsigmoid
from ..ops.sums import mean, sum
from ..ops.arithmetic import sqrt
from ..tensors.tensor import wrap
from .distances import pairwise_distance
from .loss_functions import reduced
from .older_keywords import with_older_reduction

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..tensors.tensor import Tensor
    from ..typing import TensorLike


def _tensors(name, *values):
    return [as_tensor_argument(v, name) for v in values]


@with_older_reduction
def margin_ranking_loss(
    input1: TensorLike, input2: TensorLike, target: TensorLike, margin: float = 0.0, reduction: str = "mean"
) -> Tensor:
    """How far pairs of numbers are from being in the right order.

    Parameters
    ----------
    input1, input2 : Tensor or ndarray
        The numbers.
    target : Tensor or ndarray
        1 where the first should be larger, -1 where the second should.
    margin : float, optional
        How much larger it should be.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.

    Returns
    -------
    Tensor
        A number, or the values of all examples for ``reduction="none"``.
    """
    x, y, t = _tensors("margin_ranking_loss", input1, input2, target)
    return reduced(clamp(margin - t * (x - y), 0.0), reduction)


@with_older_reduction
def hinge_embedding_loss(input: TensorLike, target: TensorLike, margin: float = 1.0, reduction: str = "mean") -> Tensor:
    """Distances that should be small, and how far others are from a margin.

    Parameters
    ----------
    input : Tensor or ndarray
        The distances.
    target : Tensor or ndarray
        1 where a distance should be small, -1 where it should be large.
    margin : float, optional
        How large.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.

    Returns
    -------
    Tensor
        A number, or the values of all examples for ``reduction="none"``.
    """
    x, t = _tensors("hinge_embedding_loss", input, target)
    return reduced(where(t != 1, clamp(margin - x, 0.0), 0.0) + where(t != -1, x, 0.0), reduction)


@with_older_reduction
def cosine_embedding_loss(
    input1: TensorLike, input2: TensorLike, target: TensorLike, margin: float = 0.0, reduction: str = "mean"
) -> Tensor:
    """How far the cosines of angles between vectors are from 1, or above a margin.

    Parameters
    ----------
    input1, input2 : Tensor or ndarray, shape (..., n)
        The vectors.
    target : Tensor or ndarray
        1 where vectors should be alike, -1 where they should not.
    margin : float, optional
        The largest cosine that is allowed.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.

    Returns
    -------
    Tensor
        A number, or the values of all examples for ``reduction="none"``.
    """
    x, y, t = _tensors("cosine_embedding_loss", input1, input2, target)
    cosine = sum(x * y, -1) / sqrt((sum(x * x, -1) + 1e-12) * (sum(y * y, -1) + 1e-12))
    return reduced(where(t == 1, 1.0 - cosine, 0.0) + where(t == -1, clamp(cosine - margin, 0.0), 0.0), reduction)


@with_older_reduction
def triplet_margin_loss(
    anchor: TensorLike,
    positive: TensorLike,
    negative: TensorLike,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
    reduction: str = "mean",
) -> Tensor:
    """How much closer vectors are to those of the same kind than to others, less than a margin.

    Parameters
    ----------
    anchor, positive, negative : Tensor or ndarray, shape (..., n)
        Vectors, others of the same kind, and others of another.
    margin : float, optional
        How much closer they should be.
    p : float, optional
        Order of the norm.
    eps : float, optional
        Added to the differences.
    swap : bool, optional
        Whether the distance of the others to each other counts, where it is the smaller one.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.

    Returns
    -------
    Tensor
        A number, or the values of all examples for ``reduction="none"``.
    """
    a, x, y = _tensors("triplet_margin_loss", anchor, positive, negative)
    near, far = pairwise_distance(a, x, p, eps), pairwise_distance(a, y, p, eps)
    far = minimum(far, pairwise_distance(x, y, p, eps)) if swap else far
    return reduced(clamp(margin + near - far, 0.0), reduction)


@with_older_reduction
def soft_margin_loss(input: TensorLike, target: TensorLike, reduction: str = "mean") -> Tensor:
    """The logistic loss ``log(1 + exp(-target * input))``.

    Parameters
    ----------
    input : Tensor or ndarray
        Predictions.
    target : Tensor or ndarray
        1 or -1.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.

    Returns
    -------
    Tensor
        A number, or the values of all examples for ``reduction="none"``.
    """
    x, t = _tensors("soft_margin_loss", input, target)
    return reduced(-logsigmoid(t * x), reduction)


@with_older_reduction
def multilabel_soft_margin_loss(
    input: TensorLike, target: TensorLike, weight: TensorLike | None = None, reduction: str = "mean"
) -> Tensor:
    """The binary cross entropy of logits, averaged over classes.

    Parameters
    ----------
    input : Tensor or ndarray, shape (..., classes)
        Logits.
    target : Tensor or ndarray, shape (..., classes)
        0 or 1.
    weight : Tensor or ndarray, shape (classes,), optional
        Weights of the classes.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.

    Returns
    -------
    Tensor
        A number, or the values of all examples for ``reduction="none"``.
    """
    x, t = _tensors("multilabel_soft_margin_loss", input, target)
    found = -(t * logsigmoid(x) + (1 - t) * logsigmoid(-x))
    return reduced(mean(found if weight is None else found * weight, -1), reduction)


@with_older_reduction
def multi_margin_loss(
    input: TensorLike,
    target: TensorLike,
    p: int = 1,
    margin: float = 1.0,
    weight: TensorLike | None = None,
    reduction: str = "mean",
) -> Tensor:
    """How far the numbers of other classes are above that of the right one less a margin.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, classes)
        A number for each class.
    target : Tensor or ndarray, shape (n,), of int
        The classes.
    p : int, optional
        The power, 1 or 2.
    margin : float, optional
        The margin.
    weight : Tensor or ndarray, shape (classes,), optional
        Weights of the classes.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.

    Returns
    -------
    Tensor
        A number, or the values of all examples for ``reduction="none"``.

    Raises
    ------
    ValueError
        If the power is another one.
    """
    if p not in (1, 2):
        raise ValueError(f"multi_margin_loss: only p == 1 and p == 2 supported, got {p}")
    x, t = _tensors("multi_margin_loss", input, target)
    right = gather(x, 1, unsqueeze(t, 1))
    short = clamp(margin - right + x, 0.0)
    found = (short if p == 1 else short * short) - margin**p * _is_class(t, x)
    if weight is not None:
        found = found * unsqueeze(as_tensor_argument(weight, "multi_margin_loss")[t], 1)
    return reduced(mean(found, 1), reduction)


def _is_class(t, x):
    return (unsqueeze(t, 1) == arange(x.shape[1])).to(x.dtype)


def triplet_margin_with_distance_loss(
    anchor: TensorLike,
    positive: TensorLike,
    negative: TensorLike,
    *,
    distance_function: Callable[[Tensor, Tensor], Tensor] | None = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Tensor:
    """Distances to what is alike and what is not, by a function of the user's, which should differ by a margin.

    Parameters
    ----------
    anchor, positive, negative : Tensor or ndarray
        Examples, others of the same kind, and others of another kind.
    distance_function : callable, optional
        The distances of two batches; those of `pairwise_distance` by default.
    margin : float, optional
        How much the distances should differ.
    swap : bool, optional
        Take the distance of `positive` and `negative` where that is smaller.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.

    Returns
    -------
    Tensor
        A number, or the values of all examples for ``reduction="none"``.

    Raises
    ------
    ValueError
        If the margin is not positive.
    """
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    a, p, n = _tensors("triplet_margin_with_distance_loss", anchor, positive, negative)
    distance = pairwise_distance if distance_function is None else distance_function
    near, far = distance(a, p), distance(a, n)
    return reduced(clamp(margin + near - (minimum(far, distance(p, n)) if swap else far), 0.0), reduction)


@with_older_reduction
def multilabel_margin_loss(input: TensorLike, target: TensorLike, reduction: str = "mean") -> Tensor:
    """How far the scores of classes that an example has are from being larger than those of others by one.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, classes) or (classes,)
        Scores.
    target : Tensor or ndarray of int, of the shape of `input`
        Numbers of classes, up to the first that is negative.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.

    Returns
    -------
    Tensor
        A number, or the values of all examples for ``reduction="none"``.

    Raises
    ------
    RuntimeError
        If the shapes differ.
    """
    x, labels = _tensors("multilabel_margin_loss", input, target)
    if tuple(x.shape) != tuple(labels.shape) or x.ndim not in (1, 2):
        raise RuntimeError(f"inconsistent target size: {list(labels.shape)} for input of size: {list(x.shape)}")
    alone = x.ndim == 1
    x, labels = (unsqueeze(v, 0) if alone else v for v in (x, labels))
    numbers = labels.detach()._value()
    counts = np.cumprod(numbers >= 0, 1).astype(bool)
    has = np.zeros(numbers.shape, bool)
    np.put_along_axis(has, np.where(counts, numbers, numbers[:, :1]), counts.any(1, keepdims=True), 1)
    own = gather(x, 1, wrap(np.where(counts, numbers, 0)))
    gaps = clamp(1.0 - (unsqueeze(own, 2) - unsqueeze(x, 1)), 0.0)
    asked = counts[:, :, None] & ~has[:, None, :]
    found = sum(where(wrap(asked), gaps, 0.0), (1, 2)) / x.shape[1]
    return reduced(found[0] if alone else found, reduction)
