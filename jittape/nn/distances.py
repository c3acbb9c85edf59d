"""Distances of vectors, and cosines of the angles between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..ops.arguments import as_tensor_argument
from ..ops.choosing import maximum
from ..ops.reductions import norm
from ..ops.sums import sum

if TYPE_CHECKING:
    from typing import SupportsIndex

    from ..tensors.tensor import Tensor
    from ..typing import TensorLike


def pairwise_distance(x1: TensorLike, x2: TensorLike, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Tensor:
    """Norm of the differences of vectors.

    Parameters
    ----------
    x1, x2 : Tensor or ndarray, shape (..., n)
        Vectors.
    p : float, optional
        Order of the norm.
    eps : float, optional
        Added to the differences.
    keepdim : bool, optional
        Keep the last axis, with length 1.

    Returns
    -------
    Tensor, shape (...)
        The distances.
    """
    difference = as_tensor_argument(x1, "pairwise_distance", "x1") - as_tensor_argument(x2, "pairwise_distance", "x2") + eps
    return norm(difference, p, -1, keepdim)


def pdist(input: TensorLike, p: float = 2.0) -> Tensor:
    """Distances of all pairs of the rows of a matrix.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, m)
        Vectors.
    p : float, optional
        Order of the norm.

    Returns
    -------
    Tensor, shape (n * (n - 1) / 2,)
        The distances, pairs in order of their first and second.
    """
    x = as_tensor_argument(input, "pdist")
    first, second = np.triu_indices(x.shape[0], 1)
    return norm(x[first] - x[second], p, -1)


def cosine_similarity(x1: TensorLike, x2: TensorLike, dim: SupportsIndex = 1, eps: float = 1e-8) -> Tensor:
    """Cosine of the angle between vectors along an axis.

    Parameters
    ----------
    x1, x2 : Tensor or ndarray
        Vectors, of shapes that broadcast.
    dim : int, optional
        Axis of the vectors.
    eps : float, optional
        Smallest norm that is divided by.

    Returns
    -------
    Tensor
        Of the broadcast shape without axis `dim`.
    """
    lengths = [maximum(norm(x, 2, dim, keepdim=True), eps) for x in (x1, x2)]
    return sum((x1 / lengths[0]) * (x2 / lengths[1]), dim)
