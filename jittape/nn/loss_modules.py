"""Losses as modules: each holds the options of a function in `loss_functions`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspect import Parameter, Signature, signature

from . import functional as F
from .loss_functions import REDUCTIONS, check_reduction
from .made_of_functions import part_of_docstring, signature_of
from .module import Module

if TYPE_CHECKING:
    from typing import Any

    from ..tensors.tensor import Tensor
    from ..typing import TensorLike


class _Loss(Module):
    """A loss function; `options` names its keywords beside the reduction, with their defaults.

    ``names`` are all of them, in the order in which the function takes them.
    """

    function, options, names, reductions = None, {}, (), REDUCTIONS

    def __init__(self, *weight: Tensor | None, **given: Any) -> None:
        super().__init__()
        if weight and (len(weight) > 1 or "weight" not in self.options):
            raise TypeError(f"{type(self).__name__}: got {len(weight)} options without a name; write reduction='mean' and so on")
        given.update(zip(("weight",), weight))
        self.reduction = given.pop("reduction", "mean")
        check_reduction(self.reduction, self.reductions)
        unknown = [k for k in given if k not in self.options]
        if unknown:
            expected = ", ".join([*self.options, "reduction"])
            raise TypeError(f"{type(self).__name__} got an unexpected keyword argument {unknown[0]!r}: expected {expected}")
        for name, default in self.options.items():
            value = given.get(name, default)
            if name in ("weight", "pos_weight"):
                self.register_buffer(name, value)
            else:
                setattr(self, name, value)

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
        own = vars(self)
        return self.function(input, target, *[own[name] for name in self.names])


def _loss(name, function, reductions=REDUCTIONS, **options):
    names = list(signature(function).parameters)[2 : 3 + len(options)]
    members = {"function": staticmethod(function), "options": options, "names": names, "reductions": reductions}

    def __init__(self, *weight, **given):
        _Loss.__init__(self, *weight, **given)

    defaults = {**options, "reduction": "mean"}
    __init__.__signature__ = signature_of({name: defaults[name] for name in names}, ("weight",))
    documented = part_of_docstring(function, {*options, "reduction"}, ("Notes", "References"))
    return type(name, (_Loss,), {**members, "__init__": __init__, "__doc__": documented, "__module__": __name__})


MSELoss = _loss("MSELoss", F.mse_loss)
L1Loss = _loss("L1Loss", F.l1_loss)
HuberLoss = _loss("HuberLoss", F.huber_loss, delta=1.0)
SmoothL1Loss = _loss("SmoothL1Loss", F.smooth_l1_loss, beta=1.0)
BCELoss = _loss("BCELoss", F.binary_cross_entropy, weight=None)
BCEWithLogitsLoss = _loss("BCEWithLogitsLoss", F.binary_cross_entropy_with_logits, weight=None, pos_weight=None)
NLLLoss = _loss("NLLLoss", F.nll_loss, weight=None, ignore_index=-100)
CrossEntropyLoss = _loss("CrossEntropyLoss", F.cross_entropy, weight=None, ignore_index=-100, label_smoothing=0.0)
KLDivLoss = _loss("KLDivLoss", F.kl_div, (*REDUCTIONS, "batchmean"), log_target=False)
PoissonNLLLoss = _loss("PoissonNLLLoss", F.poisson_nll_loss, log_input=True, full=False, eps=1e-8)


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

    def __init__(self, *, full: bool = False, eps: float = 1e-6, reduction: str = "mean") -> None:
        super().__init__()
        check_reduction(reduction)
        self.full, self.eps, self.reduction = full, eps, reduction

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
        return F.gaussian_nll_loss(input, target, var, full=self.full, eps=self.eps, reduction=self.reduction)


def _margin_loss(name, function, inputs):
    """The class of a loss of several inputs, whose options are the other parameters of a function."""
    parameters = [*signature(function).parameters.values()]
    options = {p.name: p.default for p in parameters[inputs:]}
    own = Signature([Parameter("self", Parameter.POSITIONAL_OR_KEYWORD), *parameters[inputs:]], return_annotation=None)

    def __init__(self, *args, **kwargs):
        Module.__init__(self)
        bound = own.bind(self, *args, **kwargs)
        bound.apply_defaults()
        check_reduction(bound.arguments["reduction"])
        for option, value in [*bound.arguments.items()][1:]:
            if option == "weight":
                self.register_buffer(option, value)
            else:
                setattr(self, option, value)

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
        return function(*inputs, **{option: vars(self)[option] for option in options})

    __init__.__signature__ = own
    documented = part_of_docstring(function, options, ())
    return type(name, (Module,), {"__init__": __init__, "forward": forward, "__doc__": documented, "__module__": __name__})


MarginRankingLoss = _margin_loss("MarginRankingLoss", F.margin_ranking_loss, 3)
HingeEmbeddingLoss = _margin_loss("HingeEmbeddingLoss", F.hinge_embedding_loss, 2)
CosineEmbeddingLoss = _margin_loss("CosineEmbeddingLoss", F.cosine_embedding_loss, 3)
TripletMarginLoss = _margin_loss("TripletMarginLoss", F.triplet_margin_loss, 3)
SoftMarginLoss = _margin_loss("SoftMarginLoss", F.soft_margin_loss, 2)
MultiLabelSoftMarginLoss = _margin_loss("MultiLabelSoftMarginLoss", F.multilabel_soft_margin_loss, 2)
MultiMarginLoss = _margin_loss("MultiMarginLoss", F.multi_margin_loss, 2)
MultiLabelMarginLoss = _margin_loss("MultiLabelMarginLoss", F.multilabel_margin_loss, 2)
TripletMarginWithDistanceLoss = _margin_loss("TripletMarginWithDistanceLoss", F.triplet_margin_with_distance_loss, 3)
