"""The loss of sequences that are not aligned with their labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..ops.arguments import as_tensor_argument
from ..ops.choosing import where
from ..ops.creation import full
from ..ops.gather_sort import gather
from ..ops.reductions import logsumexp
from ..ops.split_and_stack import cat, stack
from ..tensors.tensor import Tensor, wrap
from .loss_functions import check_reduction
from .module import Module

if TYPE_CHECKING:
    from ..typing import TensorLike


def _whole_numbers(values):
    return np.asarray(values._value() if isinstance(values, Tensor) else values, np.int64)


def _labels(targets, lengths, blank):
    """Labels with blanks around them, a row for each example, all of the length of the longest."""
    rows = targets if targets.ndim == 2 else np.split(targets, np.cumsum(lengths)[:-1])
    found = np.full((len(lengths), 2 * int(lengths.max(initial=0)) + 1), blank)
    for row, labels, n in zip(found, rows, lengths):
        row[1 : 2 * n : 2] = labels[:n]
    return found


def _check(x, targets, times, lengths, blank):
    """Raise unless shapes and lengths fit each other."""
    n, classes = x.shape[1], x.shape[2]
    if len(times) != n or len(lengths) != n:
        got = f"got {len(times)} and {len(lengths)}, expected {n}"
        raise RuntimeError(f"input_lengths and target_lengths must be of size batch_size: {got}")
    if not 0 <= blank < classes:
        raise RuntimeError(f"blank must be in label range: got {blank}, expected 0 to {classes - 1}")
    if np.any(times > x.shape[0]) or np.any(times < 0):
        raise RuntimeError(f"Expected input_lengths to have value at most {x.shape[0]}, but got value {int(times.max())}")
    room = targets.shape[1] if targets.ndim == 2 else len(targets)
    if np.any(lengths < 0) or (lengths.max(initial=0) > room if targets.ndim == 2 else lengths.sum() != room):
        raise RuntimeError(f"ctc_loss: got target_lengths {lengths.tolist()} for targets of shape {list(targets.shape)}")
    if targets.size and not (0 <= targets.min() and targets.max() < classes):
        raise RuntimeError(f"ctc_loss: got targets from {targets.min()} to {targets.max()}, expected 0 to {classes - 1}")


_NEVER = -1e30  # the logarithm of a probability of zero that numbers can be added to


def ctc_loss(
    log_probs: TensorLike,
    targets: TensorLike,
    input_lengths: TensorLike,
    target_lengths: TensorLike,
    blank: int = 0,
    reduction: str = "mean",
    zero_infinity: bool = False,
) -> Tensor:
    """Negative log-likelihood of labels, over all ways to align them with a longer sequence.

    Parameters
    ----------
    log_probs : Tensor or ndarray, shape (times, n, classes) or (times, classes)
        Logarithms of probabilities of classes, at each time.
    targets : Tensor or ndarray of int, shape (n, labels) or (sum of target_lengths,)
        Labels, which are not `blank`.
    input_lengths, target_lengths : Tensor, ndarray or sequence of int
        Lengths of the sequences, and of their labels.
    blank : int, optional
        The class that stands for no label.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values, divided by the numbers of labels, are averaged; or the values summed, or returned as they are.
    zero_infinity : bool, optional
        0 in the place of infinite values, of labels that cannot be aligned.

    Returns
    -------
    Tensor
        A number, or the values of all examples for ``reduction="none"``.

    Raises
    ------
    RuntimeError
        If shapes or lengths do not fit each other.

    References
    ----------
    Graves et al., "Connectionist temporal classification", ICML 2006.
    """
    check_reduction(reduction)
    x, labels = as_tensor_argument(log_probs, "ctc_loss", "log_probs"), _whole_numbers(targets)
    alone = x.ndim == 2
    if alone:
        x, labels = x.unsqueeze(1), labels.reshape(1, -1)
    if x.ndim != 3 or labels.ndim not in (1, 2):
        raise RuntimeError(f"ctc_loss: got log_probs of shape {list(x.shape)} and targets of shape {list(labels.shape)}")
    times, lengths = (_whole_numbers(v).reshape(-1) for v in (input_lengths, target_lengths))
    _check(x, labels, times, lengths, blank)
    found = _values(x, _labels(labels, lengths, blank), times, lengths, blank)
    if zero_infinity:
        found = where(wrap(np.isinf(found.detach()._value())), 0.0, found)
    if reduction == "mean":
        return (found / wrap(np.maximum(lengths, 1).astype(x.dtype))).mean()
    return found.sum() if reduction == "sum" else found[0] if alone else found


def _values(x, labels, times, lengths, blank):
    """The values of all examples: sums over alignments, from time to time."""
    n, width = labels.shape
    each = gather(x, 2, wrap(np.broadcast_to(labels, (x.shape[0], n, width)).copy()))
    skips = np.zeros((n, width), bool)  # from the label before the last blank, if that is another one
    skips[:, 2:] = (labels[:, 2:] != blank) & (labels[:, 2:] != labels[:, :-2])
    never = full((n, 2), _NEVER, dtype=x.dtype)
    skips, state = wrap(skips), None
    for t in range(int(times.max(initial=0))):
        if state is None:
            new = cat([each[0][:, :2], full((n, max(width - 2, 0)), _NEVER, dtype=x.dtype)], 1)
        else:
            behind = cat([never[:, :1], state[:, : width - 1]], 1)
            over = where(skips, cat([never, state], 1)[:, :width], _NEVER)
            new = logsumexp(stack([state, behind, over]), 0) + each[t]
        going_on = wrap((t < times)[:, None])
        state = new if state is None else where(going_on, new, state)
    if state is None:
        state = full((n, width), _NEVER, dtype=x.dtype)
    last = gather(state, 1, wrap((2 * lengths)[:, None]))
    before = where(wrap((lengths > 0)[:, None]), gather(state, 1, wrap(np.maximum(2 * lengths - 1, 0)[:, None])), _NEVER)
    total = logsumexp(cat([last, before], 1), 1)
    start = wrap((times > 0) | (lengths == 0))
    total = where(wrap(times > 0), total, where(start, 0.0, _NEVER))
    return -where(total > _NEVER / 2, total, -np.inf)


class CTCLoss(Module):
    """Negative log-likelihood of labels, over all ways to align them with a longer sequence; see `functional.ctc_loss`.

    Parameters
    ----------
    blank : int, optional
        The class that stands for no label.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values, divided by the numbers of labels, are averaged; or the values summed, or returned as they are.
    zero_infinity : bool, optional
        0 in the place of infinite values, of labels that cannot be aligned.
    """

    def __init__(self, blank: int = 0, reduction: str = "mean", zero_infinity: bool = False) -> None:
        super().__init__()
        check_reduction(reduction)
        self.blank, self.reduction, self.zero_infinity = blank, reduction, zero_infinity

    def forward(
        self, log_probs: TensorLike, targets: TensorLike, input_lengths: TensorLike, target_lengths: TensorLike
    ) -> Tensor:
        """Compute the loss.

        Parameters
        ----------
        log_probs : Tensor, shape (times, n, classes) or (times, classes)
            Logarithms of probabilities of classes.
        targets : Tensor of int, shape (n, labels) or (sum of target_lengths,)
            Labels.
        input_lengths, target_lengths : Tensor of int
            Lengths of the sequences, and of their labels.

        Returns
        -------
        Tensor
            A number, or the values of all examples for ``reduction="none"``.
        """
        return ctc_loss(log_probs, targets, input_lengths, target_lengths, self.blank, self.reduction, self.zero_infinity)
