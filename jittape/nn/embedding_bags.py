"""Sums, means and maxima of the vectors of several numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..ops.arguments import as_tensor_argument
from ..ops.creation import zeros
from ..ops.random_tensors import randn
from ..ops.split_and_stack import stack
from ..tensors.tensor import Tensor
from .module import Module
from .parameter import Parameter

if TYPE_CHECKING:
    from ..typing import DTypeLike, TensorLike


def _bags(numbers, offsets, includes_last):
    """The numbers, one after the other, and where bags begin and end."""
    numbers = np.asarray(numbers._value() if isinstance(numbers, Tensor) else numbers)
    if numbers.ndim == 2:
        if offsets is not None:
            raise ValueError("if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length")
        ends = np.arange(len(numbers) + 1) * numbers.shape[1]
        return numbers.reshape(-1), ends[:-1], ends[1:]
    if numbers.ndim != 1:
        raise ValueError(f"input has to be 1D or 2D Tensor, but got Tensor of dimension {numbers.ndim}")
    if offsets is None:
        raise ValueError("offsets has to be a 1D Tensor but got None")
    starts = np.asarray(offsets._value() if isinstance(offsets, Tensor) else offsets)
    if starts.ndim != 1 or not len(starts) or starts[0] != 0 or starts[-1] > len(numbers) or np.any(np.diff(starts) < 0):
        raise ValueError(f"offsets has to be a 1D Tensor that begins with 0 and rises to at most {len(numbers)}")
    return (numbers, starts[:-1], starts[1:]) if includes_last else (numbers, starts, np.append(starts[1:], len(numbers)))


def embedding_bag(
    input: TensorLike,
    weight: TensorLike,
    offsets: TensorLike | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
    sparse: bool = False,
    per_sample_weights: TensorLike | None = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Tensor:
    """Sums, means or maxima of the vectors of bags of numbers.

    Parameters
    ----------
    input : Tensor or ndarray of int
        The numbers: a bag in each row, or all bags one after the other.
    weight : Tensor or ndarray, shape (numbers, n)
        The vectors.
    offsets : Tensor or ndarray of int, optional
        Where bags begin, for bags one after the other.
    max_norm : float, optional
        Only None: vectors are not changed.
    norm_type : float, optional
        Without effect where `max_norm` is None.
    scale_grad_by_freq : bool, optional
        Only False.
    mode : {"mean", "sum", "max"}, optional
        What is made of the vectors of a bag; zeros of an empty one.
    sparse : bool, optional
        Without effect: gradients are dense.
    per_sample_weights : Tensor or ndarray, optional
        Factors of the vectors, for sums.
    include_last_offset : bool, optional
        Whether the last offset is the end of the last bag.
    padding_idx : int, optional
        A number that is left out of all bags.

    Returns
    -------
    Tensor, shape (bags, n)
        A vector for each bag.

    Raises
    ------
    ValueError
        If `mode` is not known, or numbers and offsets do not fit each other.
    IndexError
        If there is no vector of a number.
    NotImplementedError
        For weights of anything but sums, `max_norm` and `scale_grad_by_freq`.
    """
    if mode not in ("mean", "sum", "max"):
        raise ValueError(f"mode has to be one of sum or mean or max: got {mode!r}")
    if max_norm is not None or scale_grad_by_freq:
        raise NotImplementedError(
            f"embedding_bag: got max_norm={max_norm}, scale_grad_by_freq={scale_grad_by_freq}, expected None and False"
        )
    if per_sample_weights is not None and mode != "sum":
        raise NotImplementedError(
            "embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for mode='sum' "
            f"(got mode='{mode}')"
        )
    table = as_tensor_argument(weight, "embedding_bag", "weight")
    numbers, starts, ends = _bags(input, offsets, include_last_offset)
    if numbers.size and not (0 <= numbers.min() and numbers.max() < table.shape[0]):
        raise IndexError(
            f"embedding_bag: got numbers from {numbers.min()} to {numbers.max()}, expected 0 to {table.shape[0] - 1}"
        )
    factors = None if per_sample_weights is None else as_tensor_argument(per_sample_weights, "embedding_bag").reshape(-1)
    if factors is not None and factors.shape[0] != len(numbers):
        raise ValueError(f"embedding_bag: got {factors.shape[0]} weights for {len(numbers)} numbers, expected one for each")
    left_out = None if padding_idx is None else padding_idx % table.shape[0]
    found = []
    for a, b in zip(starts.tolist(), ends.tolist()):
        kept = np.flatnonzero(numbers[a:b] != left_out) + a if left_out is not None else np.arange(a, b)
        if not len(kept):
            found.append(zeros(table.shape[1], dtype=table.dtype))
            continue
        rows = table[numbers[kept]]
        rows = rows if factors is None else rows * factors[kept].reshape(-1, 1)
        found.append(rows.max(0)[0] if mode == "max" else rows.mean(0) if mode == "mean" else rows.sum(0))
    return stack(found) if found else zeros(0, table.shape[1], dtype=table.dtype)


class EmbeddingBag(Module):
    """Table of vectors, of which sums, means or maxima over bags of numbers are taken.

    Parameters
    ----------
    num_embeddings, embedding_dim : int
        How many vectors, and their length.
    max_norm : float, optional
        Only None.
    norm_type : float, optional
        Without effect where `max_norm` is None.
    scale_grad_by_freq : bool, optional
        Only False.
    mode : {"mean", "sum", "max"}, optional
        What is made of the vectors of a bag.
    sparse : bool, optional
        Without effect: gradients are dense.
    _weight : Tensor, optional
        The vectors.
    include_last_offset : bool, optional
        Whether the last offset is the end of the last bag.
    padding_idx : int, optional
        A number that is left out of all bags.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of the vectors; the default dtype if not given.
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        mode: str = "mean",
        sparse: bool = False,
        _weight: Tensor | None = None,
        include_last_offset: bool = False,
        padding_idx: int | None = None,
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        super().__init__()
        self.num_embeddings, self.embedding_dim, self.mode = num_embeddings, embedding_dim, mode
        self.max_norm, self.norm_type, self.scale_grad_by_freq, self.sparse = max_norm, norm_type, scale_grad_by_freq, sparse
        self.include_last_offset = include_last_offset
        self.padding_idx = None if padding_idx is None else padding_idx % num_embeddings
        self.weight = Parameter(randn(num_embeddings, embedding_dim, device=device, dtype=dtype) if _weight is None else _weight)
        if _weight is None and self.padding_idx is not None:
            self.weight.data[self.padding_idx] = 0.0

    def forward(
        self, input: TensorLike, offsets: TensorLike | None = None, per_sample_weights: TensorLike | None = None
    ) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor of int
            The numbers: a bag in each row, or all bags one after the other.
        offsets : Tensor of int, optional
            Where bags begin, for bags one after the other.
        per_sample_weights : Tensor, optional
            Factors of the vectors, for sums.

        Returns
        -------
        Tensor, shape (bags, embedding_dim)
            A vector for each bag.
        """
        options = (self.max_norm, self.norm_type, self.scale_grad_by_freq, self.mode, self.sparse)
        return embedding_bag(
            input, self.weight, offsets, *options, per_sample_weights, self.include_last_offset, self.padding_idx
        )

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their values.
        """
        return f"{self.num_embeddings}, {self.embedding_dim}, mode={self.mode!r}"
