# Written by tools/make_stubs.py from the declarations. Change these, then run it again.

"""Losses as modules: each holds the options of a function in `loss_functions`."""

from collections.abc import Callable
from typing import Any
from ..nn.module import Module
from ..tensors.tensor import Tensor
from ..typing import TensorLike

class _Loss(Module):
    """A loss function; `options` names its keywords beside the reduction, with their defaults.

    ``names`` are all of them, in the order in which the function takes them.
    """

    def __init__(self, *weight: Tensor | None, **given: Any) -> None:
        ...

    def forward(self, input: TensorLike, target: TensorLike) -> Tensor:
        """Compute the loss.

        Parameters
        ----------
        input : Tensor
            Predictions, as the loss function takes them.
        target : Tensor
            What they should be.

        Returns
        -------
        Tensor
            A number, or the values of all elements for ``reduction="none"``.
        """

    __call__ = forward

class MSELoss(_Loss):
    """Squared difference.

    Parameters
    ----------
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are.
    """

    def __init__(self, *, reduction: str = 'mean') -> None:
        ...

class L1Loss(_Loss):
    """Absolute difference; its derivative where the difference is 0 is 0.

    Parameters
    ----------
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are.
    """

    def __init__(self, *, reduction: str = 'mean') -> None:
        ...

class HuberLoss(_Loss):
    """Half the squared difference where it is at most `delta`, and linear beyond.

    With the difference d the value is ``d**2 / 2`` for ``|d| <= delta`` and ``delta * (|d| - delta / 2)`` elsewhere
    (Huber, "Robust estimation of a location parameter", 1964).

    Parameters
    ----------
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are.
    delta : float, optional
        Difference from which on the loss is linear; positive.
    """

    def __init__(self, *, reduction: str = 'mean', delta: float = 1.0) -> None:
        ...

class SmoothL1Loss(_Loss):
    """Absolute difference, rounded to a parabola near 0: `huber_loss` divided by its parameter.

    Parameters
    ----------
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are.
    beta : float, optional
        Difference from which on the loss is linear; 0 gives `l1_loss`.
    """

    def __init__(self, *, reduction: str = 'mean', beta: float = 1.0) -> None:
        ...

class BCELoss(_Loss):
    """Negative log-likelihood of outcomes that are 0 or 1, from probabilities.

    Logarithms are bounded from below by -100, as in PyTorch, so that a probability of 0 gives a finite loss.

    Parameters
    ----------
    weight : Tensor, optional
        Multiplies the values before the reduction; broadcast.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are.
    """

    def __init__(self, weight: Tensor | None = None, *, reduction: str = 'mean') -> None:
        ...

class BCEWithLogitsLoss(_Loss):
    """Negative log-likelihood of outcomes that are 0 or 1, from logits.

    A logit is the logarithm of the odds of the outcome 1. The formula is evaluated in a form that does not overflow.

    Parameters
    ----------
    weight : Tensor, optional
        Multiplies the values before the reduction; broadcast.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are.
    pos_weight : Tensor, optional
        Multiplies the share of the outcome 1; broadcast.
    """

    def __init__(
        self,
        weight: Tensor | None = None,
        *,
        reduction: str = 'mean',
        pos_weight: Tensor | None = None,
    ) -> None:
        ...

class NLLLoss(_Loss):
    """Negative log-likelihood of classes, from log-probabilities; `cross_entropy` takes logits.

    Parameters
    ----------
    weight : Tensor, shape (classes,), optional
        Weights of the classes; the mean is weighted, too.
    ignore_index : int, optional
        A class number that does not count.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all examples are averaged, summed, or returned as they are.
    """

    def __init__(self, weight: Tensor | None = None, *, ignore_index: int = -100, reduction: str = 'mean') -> None:
        ...

class CrossEntropyLoss(_Loss):
    """Negative log-likelihood of classes, from logits.

    Equal to `nll_loss` of `log_softmax`, as one row of the tape wherever labels are integers.

    Parameters
    ----------
    weight : Tensor, shape (classes,), optional
        Weights of the classes; the mean is weighted, too.
    ignore_index : int, optional
        A class number that does not count.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all examples are averaged, summed, or returned as they are.
    label_smoothing : float, optional
        Share of the probability, between 0 and 1, that is spread evenly over all classes.
    """

    def __init__(
        self,
        weight: Tensor | None = None,
        *,
        ignore_index: int = -100,
        reduction: str = 'mean',
        label_smoothing: float = 0.0,
    ) -> None:
        ...

class KLDivLoss(_Loss):
    """Kullback-Leibler divergence from log-probabilities: ``target * (log(target) - input)``.

    Parameters
    ----------
    reduction : {"mean", "sum", "none", "batchmean"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are; "batchmean" divides the sum
        by the length of the first axis, which is the divergence per example.
    log_target : bool, optional
        Whether `target` holds logarithms, too.
    """

    def __init__(self, *, reduction: str = 'mean', log_target: bool = False) -> None:
        ...

class PoissonNLLLoss(_Loss):
    """Negative log-likelihood of counts under Poisson distributions, without its constant term.

    Parameters
    ----------
    log_input : bool, optional
        Whether `input` holds logarithms.
    full : bool, optional
        Add Stirling's approximation of the logarithm of the factorial, for counts above 1.
    eps : float, optional
        Added to rates before their logarithm is taken.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are.
    """

    def __init__(
        self,
        *,
        log_input: bool = True,
        full: bool = False,
        eps: float = 1e-08,
        reduction: str = 'mean',
    ) -> None:
        ...

class GaussianNLLLoss(Module):
    """Negative log-likelihood of values under normal distributions, as a module.

    Parameters
    ----------
    full : bool, optional
        Add the constant ``log(2 * pi) / 2``.
    eps : float, optional
        Smallest variance.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are.
    """

    def __init__(self, *, full: bool = False, eps: float = 1e-06, reduction: str = 'mean') -> None:
        ...

    def forward(self, input: TensorLike, target: TensorLike, var: TensorLike) -> Tensor:
        """Compute the loss.

        Parameters
        ----------
        input : Tensor
            Means.
        target : Tensor
            Observed values.
        var : Tensor
            Variances.

        Returns
        -------
        Tensor
            A number, or the values of all elements for ``reduction="none"``.
        """

    __call__ = forward

class MarginRankingLoss(Module):
    """How far pairs of numbers are from being in the right order.

    Parameters
    ----------
    margin : float, optional
        How much larger it should be.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.
    size_average, reduce : bool, optional
        Older words of PyTorch's for `reduction`: mean or sum, and whether at all.
    """

    def __init__(
        self,
        margin: float = 0.0,
        reduction: str = 'mean',
        *,
        size_average: bool | None = None,
        reduce: bool | None = None,
    ) -> None:
        ...

    def forward(self, *inputs: TensorLike) -> Tensor:
        """Compute the loss.

        Parameters
        ----------
        *inputs : Tensor
            What the loss function takes before its options.

        Returns
        -------
        Tensor
            A number, or the values of all examples for ``reduction="none"``.
        """

    __call__ = forward

class HingeEmbeddingLoss(Module):
    """Distances that should be small, and how far others are from a margin.

    Parameters
    ----------
    margin : float, optional
        How large.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.
    size_average, reduce : bool, optional
        Older words of PyTorch's for `reduction`: mean or sum, and whether at all.
    """

    def __init__(
        self,
        margin: float = 1.0,
        reduction: str = 'mean',
        *,
        size_average: bool | None = None,
        reduce: bool | None = None,
    ) -> None:
        ...

    def forward(self, *inputs: TensorLike) -> Tensor:
        """Compute the loss.

        Parameters
        ----------
        *inputs : Tensor
            What the loss function takes before its options.

        Returns
        -------
        Tensor
            A number, or the values of all examples for ``reduction="none"``.
        """

    __call__ = forward

class CosineEmbeddingLoss(Module):
    """How far the cosines of angles between vectors are from 1, or above a margin.

    Parameters
    ----------
    margin : float, optional
        The largest cosine that is allowed.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.
    size_average, reduce : bool, optional
        Older words of PyTorch's for `reduction`: mean or sum, and whether at all.
    """

    def __init__(
        self,
        margin: float = 0.0,
        reduction: str = 'mean',
        *,
        size_average: bool | None = None,
        reduce: bool | None = None,
    ) -> None:
        ...

    def forward(self, *inputs: TensorLike) -> Tensor:
        """Compute the loss.

        Parameters
        ----------
        *inputs : Tensor
            What the loss function takes before its options.

        Returns
        -------
        Tensor
            A number, or the values of all examples for ``reduction="none"``.
        """

    __call__ = forward

class TripletMarginLoss(Module):
    """How much closer vectors are to those of the same kind than to others, less than a margin.

    Parameters
    ----------
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
    size_average, reduce : bool, optional
        Older words of PyTorch's for `reduction`: mean or sum, and whether at all.
    """

    def __init__(
        self,
        margin: float = 1.0,
        p: float = 2.0,
        eps: float = 1e-06,
        swap: bool = False,
        reduction: str = 'mean',
        *,
        size_average: bool | None = None,
        reduce: bool | None = None,
    ) -> None:
        ...

    def forward(self, *inputs: TensorLike) -> Tensor:
        """Compute the loss.

        Parameters
        ----------
        *inputs : Tensor
            What the loss function takes before its options.

        Returns
        -------
        Tensor
            A number, or the values of all examples for ``reduction="none"``.
        """

    __call__ = forward

class SoftMarginLoss(Module):
    """The logistic loss ``log(1 + exp(-target * input))``.

    Parameters
    ----------
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.
    size_average, reduce : bool, optional
        Older words of PyTorch's for `reduction`: mean or sum, and whether at all.
    """

    def __init__(
        self,
        reduction: str = 'mean',
        *,
        size_average: bool | None = None,
        reduce: bool | None = None,
    ) -> None:
        ...

    def forward(self, *inputs: TensorLike) -> Tensor:
        """Compute the loss.

        Parameters
        ----------
        *inputs : Tensor
            What the loss function takes before its options.

        Returns
        -------
        Tensor
            A number, or the values of all examples for ``reduction="none"``.
        """

    __call__ = forward

class MultiLabelSoftMarginLoss(Module):
    """The binary cross entropy of logits, averaged over classes.

    Parameters
    ----------
    weight : Tensor or ndarray, shape (classes,), optional
        Weights of the classes.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.
    size_average, reduce : bool, optional
        Older words of PyTorch's for `reduction`: mean or sum, and whether at all.
    """

    def __init__(
        self,
        weight: TensorLike | None = None,
        reduction: str = 'mean',
        *,
        size_average: bool | None = None,
        reduce: bool | None = None,
    ) -> None:
        ...

    def forward(self, *inputs: TensorLike) -> Tensor:
        """Compute the loss.

        Parameters
        ----------
        *inputs : Tensor
            What the loss function takes before its options.

        Returns
        -------
        Tensor
            A number, or the values of all examples for ``reduction="none"``.
        """

    __call__ = forward

class MultiMarginLoss(Module):
    """How far the numbers of other classes are above that of the right one less a margin.

    Parameters
    ----------
    p : int, optional
        The power, 1 or 2.
    margin : float, optional
        The margin.
    weight : Tensor or ndarray, shape (classes,), optional
        Weights of the classes.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.
    size_average, reduce : bool, optional
        Older words of PyTorch's for `reduction`: mean or sum, and whether at all.
    """

    def __init__(
        self,
        p: int = 1,
        margin: float = 1.0,
        weight: TensorLike | None = None,
        reduction: str = 'mean',
        *,
        size_average: bool | None = None,
        reduce: bool | None = None,
    ) -> None:
        ...

    def forward(self, *inputs: TensorLike) -> Tensor:
        """Compute the loss.

        Parameters
        ----------
        *inputs : Tensor
            What the loss function takes before its options.

        Returns
        -------
        Tensor
            A number, or the values of all examples for ``reduction="none"``.
        """

    __call__ = forward

class MultiLabelMarginLoss(Module):
    """How far the scores of classes that an example has are from being larger than those of others by one.

    Parameters
    ----------
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.
    size_average, reduce : bool, optional
        Older words of PyTorch's for `reduction`: mean or sum, and whether at all.
    """

    def __init__(
        self,
        reduction: str = 'mean',
        *,
        size_average: bool | None = None,
        reduce: bool | None = None,
    ) -> None:
        ...

    def forward(self, *inputs: TensorLike) -> Tensor:
        """Compute the loss.

        Parameters
        ----------
        *inputs : Tensor
            What the loss function takes before its options.

        Returns
        -------
        Tensor
            A number, or the values of all examples for ``reduction="none"``.
        """

    __call__ = forward

class TripletMarginWithDistanceLoss(Module):
    """Distances to what is alike and what is not, by a function of the user's, which should differ by a margin.

    Parameters
    ----------
    distance_function : callable, optional
        The distances of two batches; those of `pairwise_distance` by default.
    margin : float, optional
        How much the distances should differ.
    swap : bool, optional
        Take the distance of `positive` and `negative` where that is smaller.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values are averaged, summed, or returned as they are.
    """

    def __init__(
        self,
        *,
        distance_function: Callable[[Tensor, Tensor], Tensor] | None = None,
        margin: float = 1.0,
        swap: bool = False,
        reduction: str = 'mean',
    ) -> None:
        ...

    def forward(self, *inputs: TensorLike) -> Tensor:
        """Compute the loss.

        Parameters
        ----------
        *inputs : Tensor
            What the loss function takes before its options.

        Returns
        -------
        Tensor
            A number, or the values of all examples for ``reduction="none"``.
        """

    __call__ = forward

def __getattr__(name: str) -> Any: ...  # what only modules of the library import
