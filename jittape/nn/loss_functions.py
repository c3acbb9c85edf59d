"""Loss functions: they check arguments and choose the operation; the formulas are in ``ops.losses``."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING

import numpy as np

from ..dtypes import int64, is_differentiable
from ..errors import ShapeError
from ..ops import loss_formulas
from ..ops.arguments import as_tensor_argument
from ..ops.cross_entropy import Labels, check_labels, cross_entropy_values
from ..ops.softmax import log_softmax
from ..ops.choosing import clamp, where
from ..ops.gather_sort import gather
from ..ops.shape_functions import movedim, reshape, unsqueeze
from ..ops.special_functions import logsigmoid
from ..ops.sums import mean, sum
from ..ops.transcendental import exp, log, xlogy
from ..tensors.tensor import Tensor

from .older_keywords import with_older_reduction

if TYPE_CHECKING:
    from ..typing import TensorLike

REDUCTIONS = ("mean", "sum", "none")


def check_reduction(reduction, known=REDUCTIONS):
    """Raise a ValueError unless `reduction` is one of the `known` names."""
    if reduction not in known:
        raise ValueError(f"{reduction!r} is not a valid value for reduction: expected one of {', '.join(map(repr, known))}")


def reduced(values, reduction):
    check_reduction(reduction)
    return values if reduction == "none" else (mean if reduction == "mean" else sum)(values)


def _compared(each, fold, input, target, reduction, *constants):
    """Apply an elementwise loss: as one row that also sums or averages, or as `each` alone for ``reduction="none"``."""
    if reduction == "mean" or reduction == "sum":
        found = fold.quick((input, target), (reduction == "mean", *constants))
        if found is not None:
            return found
    check_reduction(reduction)
    x, y = as_tensor_argument(input, each.__name__), as_tensor_argument(target, each.__name__, "target")
    if tuple(x.shape) != tuple(y.shape):
        warnings.warn(
            f"Using a target size ({y.shape!r}) that is different to the input size ({x.shape!r}). This will likely lead to "
            "incorrect results due to broadcasting. Please ensure they have the same size.",
            UserWarning,
            stacklevel=3,
        )
    return each.operation.apply(x, y, *constants) if reduction == "none" else fold(x, y, reduction == "mean", *constants)


@with_older_reduction
def mse_loss(input: TensorLike, target: TensorLike, reduction: str = "mean", weight: TensorLike | None = None) -> Tensor:
    """Squared difference.

    Parameters
    ----------
    input, target : Tensor or ndarray
        Predictions and what they should be, of one shape. Shapes that only broadcast are warned of.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are.
    weight : Tensor, optional
        Multiplies the values before the reduction; broadcast.

    Returns
    -------
    Tensor
        A number; of the shape of `input` for ``reduction="none"``.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.nn.functional.mse_loss(jt.tensor([1.0, 3.0]), jt.tensor([0.0, 0.0]))
    tensor(5.)
    """
    if weight is not None:
        return reduced(_compared(loss_formulas.mse_loss, None, input, target, "none") * weight, reduction)
    return _compared(loss_formulas.mse_loss, loss_formulas.mse_folded, input, target, reduction)


@with_older_reduction
def l1_loss(input: TensorLike, target: TensorLike, reduction: str = "mean", weight: TensorLike | None = None) -> Tensor:
    """Absolute difference; its derivative where the difference is 0 is 0.

    Parameters
    ----------
    input, target : Tensor or ndarray
        Predictions and what they should be, of one shape. Shapes that only broadcast are warned of.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are.
    weight : Tensor, optional
        Multiplies the values before the reduction; broadcast.

    Returns
    -------
    Tensor
        A number; of the shape of `input` for ``reduction="none"``.
    """
    if weight is not None:
        return reduced(_compared(loss_formulas.l1_loss, None, input, target, "none") * weight, reduction)
    return _compared(loss_formulas.l1_loss, loss_formulas.l1_folded, input, target, reduction)


def huber_loss(
    input: TensorLike, target: TensorLike, reduction: str = "mean", delta: float = 1.0, weight: TensorLike | None = None
) -> Tensor:
    """Half the squared difference where it is at most `delta`, and linear beyond.

    With the difference d the value is ``d**2 / 2`` for ``|d| <= delta`` and ``delta * (|d| - delta / 2)`` elsewhere
    (Huber, "Robust estimation of a location parameter", 1964).

    Parameters
    ----------
    input, target : Tensor or ndarray
        Predictions and what they should be, of one shape. Shapes that only broadcast are warned of.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are.
    delta : float, optional
        Difference from which on the loss is linear; positive.
    weight : Tensor, optional
        Multiplies the values before the reduction; broadcast.

    Returns
    -------
    Tensor
        A number; of the shape of `input` for ``reduction="none"``.

    Raises
    ------
    RuntimeError
        If `delta` is not positive.
    """
    if delta <= 0:
        raise RuntimeError(f"huber_loss does not support non-positive values for delta: got {delta}")
    if weight is not None:
        values = _compared(loss_formulas.huber_loss, None, input, target, "none", float(delta))
        return reduced(values * weight, reduction)
    return _compared(loss_formulas.huber_loss, loss_formulas.huber_folded, input, target, reduction, float(delta))


@with_older_reduction
def smooth_l1_loss(input: TensorLike, target: TensorLike, reduction: str = "mean", beta: float = 1.0) -> Tensor:
    """Absolute difference, rounded to a parabola near 0: `huber_loss` divided by its parameter.

    Parameters
    ----------
    input, target : Tensor or ndarray
        Predictions and what they should be, of one shape. Shapes that only broadcast are warned of.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are.
    beta : float, optional
        Difference from which on the loss is linear; 0 gives `l1_loss`.

    Returns
    -------
    Tensor
        A number; of the shape of `input` for ``reduction="none"``.

    Raises
    ------
    RuntimeError
        If `beta` is negative.
    """
    if beta < 0:
        raise RuntimeError(f"smooth_l1_loss does not support negative values for beta: got {beta}")
    if beta == 0:
        return l1_loss(input, target, reduction)
    value = huber_loss(input, target, reduction, beta)
    return value if beta == 1.0 else value / beta


# --- outcomes ---------------------------------------------------------------------------------------------------


def _same_size(input, target, error):
    x, y = as_tensor_argument(input, "loss"), as_tensor_argument(target, "loss", "target")
    if tuple(x.shape) != tuple(y.shape):
        raise error(f"Target size ({y.shape!r}) must be the same as input size ({x.shape!r})")
    return x, y


@with_older_reduction
def binary_cross_entropy_with_logits(
    input: TensorLike,
    target: TensorLike,
    weight: TensorLike | None = None,
    reduction: str = "mean",
    pos_weight: TensorLike | None = None,
) -> Tensor:
    """Negative log-likelihood of outcomes that are 0 or 1, from logits.

    A logit is the logarithm of the odds of the outcome 1. The formula is evaluated in a form that does not overflow.

    Parameters
    ----------
    input : Tensor or ndarray
        Logits, of any shape.
    target : Tensor or ndarray
        Outcomes, or probabilities of the outcome 1, of the shape of `input`.
    weight : Tensor, optional
        Multiplies the values before the reduction; broadcast.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are.
    pos_weight : Tensor, optional
        Multiplies the share of the outcome 1; broadcast.

    Returns
    -------
    Tensor
        A number; of the shape of `input` for ``reduction="none"``.

    Raises
    ------
    ValueError
        If the shapes of `input` and `target` differ.
    """
    if weight is None and pos_weight is None and (reduction == "mean" or reduction == "sum"):
        found = loss_formulas.bce_with_logits_folded.quick((input, target), (reduction == "mean",))
        if found is not None:
            return found
    z, y = _same_size(input, target, ValueError)
    if weight is None and pos_weight is None:
        return _compared(loss_formulas.bce_with_logits, loss_formulas.bce_with_logits_folded, z, y, reduction)
    if pos_weight is None:
        values = loss_formulas.bce_with_logits.operation.apply(z, y)
    else:
        values = (1.0 - y) * z - (1.0 + (pos_weight - 1.0) * y) * logsigmoid(z)
    return reduced(values if weight is None else values * weight, reduction)


@with_older_reduction
def binary_cross_entropy(
    input: TensorLike, target: TensorLike, weight: TensorLike | None = None, reduction: str = "mean"
) -> Tensor:
    """Negative log-likelihood of outcomes that are 0 or 1, from probabilities.

    Logarithms are bounded from below by -100, as in PyTorch, so that a probability of 0 gives a finite loss.

    Parameters
    ----------
    input : Tensor or ndarray
        Probabilities of the outcome 1, of any shape.
    target : Tensor or ndarray
        Outcomes, or probabilities of the outcome 1, of the shape of `input`.
    weight : Tensor, optional
        Multiplies the values before the reduction; broadcast.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are.

    Returns
    -------
    Tensor
        A number; of the shape of `input` for ``reduction="none"``.

    Raises
    ------
    ValueError
        If the shapes of `input` and `target` differ.
    RuntimeError
        If an element of `input` is not between 0 and 1.
    """
    p, y = as_tensor_argument(input, "binary_cross_entropy"), as_tensor_argument(target, "binary_cross_entropy", "target")
    if tuple(p.shape) != tuple(y.shape):
        raise ValueError(
            f"Using a target size ({y.shape!r}) that is different to the input size ({p.shape!r}) is deprecated. Please ensure "
            "they have the same size."
        )
    values = p._value()
    if values.size and (values.min() < 0.0 or values.max() > 1.0):
        raise RuntimeError(
            f"all elements of input should be between 0 and 1: got {values.min()} to {values.max()}; for logits use "
            "binary_cross_entropy_with_logits"
        )
    if weight is None:
        return _compared(loss_formulas.bce, loss_formulas.bce_folded, p, y, reduction)
    return reduced(loss_formulas.bce.operation.apply(p, y) * weight, reduction)


# --- classes ----------------------------------------------------------------------------------------------------


@with_older_reduction
def cross_entropy(
    input: TensorLike,
    target: TensorLike,
    weight: TensorLike | None = None,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """Negative log-likelihood of classes, from logits.

    Equal to `nll_loss` of `log_softmax`, as one row of the tape wherever labels are integers.

    Parameters
    ----------
    input : Tensor or ndarray, shape (classes,), (n, classes) or (n, classes, ...)
        Logits.
    target : Tensor or ndarray, shape (), (n,) or (n, ...)
        Class numbers; or a floating-point Tensor of probabilities of the shape of `input`.
    weight : Tensor, shape (classes,), optional
        Weights of the classes; the mean is weighted, too.
    ignore_index : int, optional
        A class number that does not count.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all examples are averaged, summed, or returned as they are.
    label_smoothing : float, optional
        Share of the probability, between 0 and 1, that is spread evenly over all classes.

    Returns
    -------
    Tensor
        A number; of the shape of the labels for ``reduction="none"``.

    Raises
    ------
    ShapeError
        If `input` has no axis of classes, or shapes do not fit.
    ValueError
        If the number of labels is not the number of examples.
    IndexError
        If a label is not a class.
    RuntimeError
        If `label_smoothing` is not between 0 and 1.
    """
    if weight is None and not label_smoothing and reduction in ("mean", "sum") and isinstance(input, Tensor):
        found = _plain_cross_entropy(input, target, ignore_index, reduction)
        if found is not None:
            return found
    check_reduction(reduction)
    x = as_tensor_argument(input, "cross_entropy")
    if x.ndim == 0:
        raise ShapeError(f"cross_entropy: got logits of shape {list(x.shape)}, expected an axis of classes")
    if not 0.0 <= label_smoothing <= 1.0:
        raise RuntimeError(f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing}")
    if isinstance(target, Tensor) and is_differentiable(target.dtype):
        return _of_probabilities(x, target, weight, reduction, label_smoothing)
    labels = _labels_of(x, target)
    weights = None if weight is None else as_tensor_argument(weight, "cross_entropy", "weight")
    axis = 1 if x.ndim > 1 else 0
    ignoring = check_labels(labels, x.shape[axis], ignore_index)
    in_parts = label_smoothing or reduction == "none" or not labels.size or not is_differentiable(x.dtype)
    if in_parts or (weights is not None and weights.requires_grad):
        return _smoothed(log_softmax(x, axis), labels, weights, ignore_index, reduction, label_smoothing)
    rows = x if x.ndim == 2 else _rows_of_classes(x)
    labels = labels.reshape(-1)
    if weights is None and not ignoring:
        return cross_entropy_values.apply(rows, Labels(labels, 1.0 / labels.size if reduction == "mean" else 1.0))
    return cross_entropy_values.apply(rows, _weighted(labels, _class_weights(weights, x.shape[axis]), ignore_index, reduction))


def _plain_cross_entropy(x, target, ignore_index, reduction):
    """The loss of a matrix of logits with one integer label a row, none of them ignored; None for any other arguments.

    This is the step of every training loop, so it skips the general checks.
    """
    labels, shape = target._value() if isinstance(target, Tensor) else target, x._layout.shape
    if type(labels) is not np.ndarray or labels.dtype != int64 or len(shape) != 2 or labels.shape != shape[:1]:
        return None
    n, classes = shape
    if not n or not is_differentiable(x.dtype):
        return None
    counted = Labels(labels, 1.0 / n if reduction == "mean" else 1.0)
    return cross_entropy_values.apply(x, counted) if counted.all_count(classes, ignore_index) else None


def _rows_of_classes(x):
    return unsqueeze(x, 0) if x.ndim == 1 else reshape(movedim(x, 1, -1), (-1, x.shape[1]))


def _labels_of(x, target):
    """Integer labels as an array of the shape that fits the logits `x`."""
    values = np.asarray(target._value() if isinstance(target, Tensor) else target)
    if values.dtype.kind not in "iu":
        raise TypeError(f"expected labels of integers, or a Tensor of probabilities of the logits' shape: got {values.dtype}")
    expected = tuple(x.shape[:1] + x.shape[2:]) if x.ndim > 1 else ()
    if values.shape != expected:
        if values.ndim and expected and values.shape[0] != expected[0]:
            raise ValueError(
                f"Expected input batch_size ({expected[0]}) to match target batch_size ({values.shape[0]}): got logits of shape "
                f"{list(x.shape)} and labels of shape {list(values.shape)}"
            )
        raise ShapeError(
            f"got labels of shape {list(values.shape)}, expected {list(expected)} for logits of shape {list(x.shape)}"
        )
    return np.asarray(values, np.int64, order="C")


def _class_weights(weights, classes):
    if weights is not None and tuple(weights.shape) != (classes,):
        raise ShapeError(
            f"weight tensor should be defined either for all {classes} classes or no classes but got weight tensor of shape: "
            f"{list(weights.shape)}"
        )
    return weights


def _weighted(labels, weights, ignore_index, reduction):
    ignored = labels == ignore_index
    labels = np.where(ignored, 0, labels)
    each = np.where(ignored, 0.0, 1.0 if weights is None else weights._value()[labels])
    if reduction == "mean":
        total = each.sum()
        each = each / total if total else np.full_like(each, math.nan)
    return Labels(labels, each)


@with_older_reduction
def nll_loss(
    input: TensorLike, target: TensorLike, weight: TensorLike | None = None, ignore_index: int = -100, reduction: str = "mean"
) -> Tensor:
    """Negative log-likelihood of classes, from log-probabilities; `cross_entropy` takes logits.

    Parameters
    ----------
    input : Tensor or ndarray, shape (classes,), (n, classes) or (n, classes, ...)
        Log-probabilities.
    target : Tensor or ndarray of int, shape (), (n,) or (n, ...)
        Class numbers.
    weight : Tensor, shape (classes,), optional
        Weights of the classes; the mean is weighted, too.
    ignore_index : int, optional
        A class number that does not count.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all examples are averaged, summed, or returned as they are.

    Returns
    -------
    Tensor
        A number; of the shape of the labels for ``reduction="none"``.

    Raises
    ------
    ShapeError
        If `input` has no axis of classes, or shapes do not fit.
    """
    check_reduction(reduction)
    x = as_tensor_argument(input, "nll_loss")
    if x.ndim == 0:
        raise ShapeError(f"nll_loss: got log-probabilities of shape {list(x.shape)}, expected an axis of classes")
    weights = None if weight is None else as_tensor_argument(weight, "nll_loss", "weight")
    labels = _labels_of(x, target)
    check_labels(labels, x.shape[1 if x.ndim > 1 else 0], ignore_index)
    return _smoothed(x, labels, weights, ignore_index, reduction, 0.0)


def _smoothed(logs, labels, weights, ignore_index, reduction, smoothing):
    """The loss from log-probabilities and one label an example, optionally with smoothed labels."""
    axis = 1 if logs.ndim > 1 else 0
    ignored = labels == ignore_index
    safe = np.where(ignored, 0, labels)
    each = np.where(ignored, 0.0, 1.0).astype(logs.dtype)
    if _class_weights(weights, logs.shape[axis]) is not None:
        each = weights[safe] * each
    picked = gather(logs, axis, np.expand_dims(safe, axis))
    values = where(ignored, 0.0, -reshape(picked, tuple(labels.shape)) * each)
    if smoothing:
        spread = reshape(weights, (-1,) + (1,) * (logs.ndim - 2)) * logs if weights is not None else logs
        everywhere = where(ignored, 0.0, -sum(spread, axis))
        values = values * (1.0 - smoothing) + everywhere * (smoothing / logs.shape[axis])
    if reduction == "none":
        return values
    return sum(values) if reduction == "sum" else sum(values) / each.sum()


def _of_probabilities(x, target, weight, reduction, smoothing):
    if tuple(x.shape) != tuple(target.shape):
        raise ShapeError(
            f"got probabilities of shape {list(target.shape)} for logits of shape {list(x.shape)}, expected one shape; labels "
            "are integers"
        )
    axis = 1 if x.ndim > 1 else 0
    classes = x.shape[axis]
    if smoothing:
        target = target * (1.0 - smoothing) + smoothing / classes
    products = log_softmax(x, axis) * target
    if weight is not None:
        products = products * reshape(as_tensor_argument(weight, "cross_entropy", "weight"), (-1,) + (1,) * max(x.ndim - 2, 0))
    values = -sum(products, axis)
    if reduction == "none":
        return values
    return sum(values) / max(x.numel() // max(classes, 1), 1) if reduction == "mean" else sum(values)


# --- distributions ------------------------------------------------------------------------------------------------


@with_older_reduction
def kl_div(input: TensorLike, target: TensorLike, reduction: str = "mean", log_target: bool = False) -> Tensor:
    """Kullback-Leibler divergence from log-probabilities: ``target * (log(target) - input)``.

    Parameters
    ----------
    input : Tensor or ndarray
        Log-probabilities of the model.
    target : Tensor or ndarray
        Probabilities of the data, of the shape of `input`.
    reduction : {"mean", "sum", "none", "batchmean"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are; "batchmean" divides the sum
        by the length of the first axis, which is the divergence per example.
    log_target : bool, optional
        Whether `target` holds logarithms, too.

    Returns
    -------
    Tensor
        A number; of the shape of `input` for ``reduction="none"``.
    """
    check_reduction(reduction, (*REDUCTIONS, "batchmean"))
    if log_target:
        values = exp(target) * (target - input)
    else:
        values = xlogy(target, target) - target * input
    if reduction == "batchmean":
        return sum(values) / values.shape[0] if values.ndim else sum(values)
    return reduced(values, reduction)


@with_older_reduction
def poisson_nll_loss(
    input: TensorLike, target: TensorLike, log_input: bool = True, full: bool = False, eps: float = 1e-8, reduction: str = "mean"
) -> Tensor:
    """Negative log-likelihood of counts under Poisson distributions, without its constant term.

    Parameters
    ----------
    input : Tensor or ndarray
        Logarithms of the rates, or the rates themselves.
    target : Tensor or ndarray
        Counts.
    log_input : bool, optional
        Whether `input` holds logarithms.
    full : bool, optional
        Add Stirling's approximation of the logarithm of the factorial, for counts above 1.
    eps : float, optional
        Added to rates before their logarithm is taken.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are.

    Returns
    -------
    Tensor
        A number; of the broadcast shape for ``reduction="none"``.
    """
    values = exp(input) - target * input if log_input else input - target * log(input + eps)
    if full:
        above = where(target > 1, target, 1.0)
        values = values + where(target > 1, above * log(above) - above + 0.5 * log(2.0 * math.pi * above), 0.0)
    return reduced(values, reduction)


def gaussian_nll_loss(
    input: TensorLike, target: TensorLike, var: TensorLike, full: bool = False, eps: float = 1e-6, reduction: str = "mean"
) -> Tensor:
    """Negative log-likelihood of values under normal distributions.

    Parameters
    ----------
    input : Tensor or ndarray
        Means.
    target : Tensor or ndarray
        Observed values.
    var : Tensor or ndarray
        Variances, not negative.
    full : bool, optional
        Add the constant ``log(2 * pi) / 2``.
    eps : float, optional
        Smallest variance: smaller ones are replaced; the derivative with respect to `var` is taken at `eps` then.
    reduction : {"mean", "sum", "none"}, optional
        Whether the values of all elements are averaged, summed, or returned as they are.

    Returns
    -------
    Tensor
        A number; of the broadcast shape for ``reduction="none"``.

    Raises
    ------
    ValueError
        If a variance is negative.
    """
    variance = as_tensor_argument(var, "gaussian_nll_loss", "var")
    if variance.numel() and variance._value().min() < 0:
        raise ValueError(f"var has negative entry/entries: got {variance._value().min()}, expected variances")
    held = clamp(variance, min=eps).detach() + (variance - variance.detach())  # the derivative passes a variance that is held
    values = 0.5 * (log(held) + (input - target) ** 2 / held)
    return reduced(values + 0.5 * math.log(2.0 * math.pi) if full else values, reduction)
