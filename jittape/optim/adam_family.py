"""Adam and what was made of it: options, with PyTorch's names, checks and defaults (see `update_rules`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import update_rules
from .optimizer import Optimizer
from .option_checks import check_at_least, check_betas, pair_of, refuse_differentiable, sign_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from ..tensors.tensor import Tensor


class Adam(Optimizer):
    """Adam: steps along the decaying mean of gradients, divided by the root of the decaying mean of their squares.

    Parameters
    ----------
    params : iterable of Tensors or of dicts
        Leaves to update; dicts are groups with options of their own.
    lr : float, optional
        Learning rate.
    betas : tuple of (float, float), optional
        Decay factors of the two means, in [0, 1).
    eps : float, optional
        Added to the root.
    weight_decay : float, optional
        This times the parameter is added to its gradient.
    amsgrad : bool, optional
        Divide by the largest root so far.
    maximize : bool, optional
        Go up the gradient in place of down.
    decoupled_weight_decay : bool, optional
        Shrink the parameter in place of adding to its gradient, as `AdamW` does.
    foreach, fused : bool, optional
        Ways in which PyTorch can do the step; accepted for compatibility, without effect.
    capturable : bool, optional
        Accepted for compatibility with PyTorch, without effect.
    differentiable : bool, optional
        Only False: steps are not recorded.

    Raises
    ------
    ValueError
        If an option is out of range.

    References
    ----------
    Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015. `amsgrad`: Reddi, Kale and Kumar, "On the
    convergence of Adam and beyond", ICLR 2018.
    """

    rule = update_rules.adam

    def __init__(
        self,
        params: Iterable[Tensor | dict[str, Any]],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        decoupled_weight_decay: bool = False,
        foreach: bool | None = None,
        fused: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        refuse_differentiable(differentiable)
        super().__init__(
            params,
            {
                "lr": lr,
                "betas": pair_of("betas", betas),
                "eps": eps,
                "weight_decay": weight_decay,
                "amsgrad": amsgrad,
                "maximize": maximize,
                "decoupled_weight_decay": decoupled_weight_decay,
            },
        )

    def check(self, group: dict[str, Any]) -> None:
        for name in ("lr", "eps", "weight_decay"):
            check_at_least(group, name)
        check_betas(group)

    def state_names(self, group: dict[str, Any]) -> Sequence[str]:
        return self.rule.arrays if group["amsgrad"] else self.rule.arrays[:2]

    def hyper(self, group: dict[str, Any]) -> Sequence[float]:
        g = group
        decoupled, amsgrad = float(g["decoupled_weight_decay"]), float(g["amsgrad"])
        return float(g["lr"]), *g["betas"], g["eps"], g["weight_decay"], decoupled, amsgrad, sign_of(g)


class AdamW(Adam):
    """Adam with decoupled weight decay: every step shrinks the parameter by ``lr * weight_decay`` times itself.

    Parameters
    ----------
    params : iterable of Tensors or of dicts
        Leaves to update; dicts are groups with options of their own.
    lr : float, optional
        Learning rate.
    betas : tuple of (float, float), optional
        Decay factors of the two means, in [0, 1).
    eps : float, optional
        Added to the root.
    weight_decay : float, optional
        Rate of shrinking, relative to `lr`.
    amsgrad : bool, optional
        Divide by the largest root so far.
    maximize : bool, optional
        Go up the gradient in place of down.
    foreach, fused : bool, optional
        Ways in which PyTorch can do the step; accepted for compatibility, without effect.
    capturable : bool, optional
        Accepted for compatibility with PyTorch, without effect.
    differentiable : bool, optional
        Only False: steps are not recorded.

    References
    ----------
    Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019.
    """

    def __init__(
        self,
        params: Iterable[Tensor | dict[str, Any]],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        fused: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        refuse_differentiable(differentiable)
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize, decoupled_weight_decay=True)


class Adamax(Optimizer):
    """Adamax: `Adam` with a decaying maximum of absolute gradients in place of the root mean square.

    Parameters
    ----------
    params : iterable of Tensors or of dicts
        Leaves to update; dicts are groups with options of their own.
    lr : float, optional
        Learning rate.
    betas : tuple of (float, float), optional
        Decay factors of the mean and of the maximum, in [0, 1).
    eps : float, optional
        Smallest maximum that is divided by.
    weight_decay : float, optional
        This times the parameter is added to its gradient.
    maximize : bool, optional
        Go up the gradient in place of down.
    foreach : bool, optional
        Accepted for compatibility with PyTorch, without effect.
    capturable : bool, optional
        Accepted for compatibility with PyTorch, without effect.
    differentiable : bool, optional
        Only False: steps are not recorded.

    References
    ----------
    Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015.
    """

    rule = update_rules.adamax

    def __init__(
        self,
        params: Iterable[Tensor | dict[str, Any]],
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        refuse_differentiable(differentiable)
        super().__init__(
            params, {"lr": lr, "betas": pair_of("betas", betas), "eps": eps, "weight_decay": weight_decay, "maximize": maximize}
        )

    check = Adam.check

    def hyper(self, group: dict[str, Any]) -> Sequence[float]:
        g = group
        return float(g["lr"]), *g["betas"], g["eps"], g["weight_decay"], sign_of(g)


class NAdam(Optimizer):
    """NAdam: `Adam` with Nesterov's momentum.

    Parameters
    ----------
    params : iterable of Tensors or of dicts
        Leaves to update; dicts are groups with options of their own.
    lr : float, optional
        Learning rate.
    betas : tuple of (float, float), optional
        Decay factors of the two means, in [0, 1).
    eps : float, optional
        Added to the root.
    weight_decay : float, optional
        This times the parameter is added to its gradient.
    momentum_decay : float, optional
        How fast the momentum approaches its limit.
    decoupled_weight_decay : bool, optional
        Shrink the parameter in place of adding to its gradient, as `AdamW` does.
    maximize : bool, optional
        Go up the gradient in place of down.
    foreach : bool, optional
        Accepted for compatibility with PyTorch, without effect.
    capturable : bool, optional
        Accepted for compatibility with PyTorch, without effect.
    differentiable : bool, optional
        Only False: steps are not recorded.

    References
    ----------
    Dozat, "Incorporating Nesterov momentum into Adam", ICLR workshop 2016.
    """

    rule = update_rules.nadam

    def __init__(
        self,
        params: Iterable[Tensor | dict[str, Any]],
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        refuse_differentiable(differentiable)
        super().__init__(
            params,
            {
                "lr": lr,
                "betas": pair_of("betas", betas),
                "eps": eps,
                "weight_decay": weight_decay,
                "momentum_decay": momentum_decay,
                "decoupled_weight_decay": decoupled_weight_decay,
                "maximize": maximize,
            },
        )

    def check(self, group: dict[str, Any]) -> None:
        Adam.check(self, group)
        check_at_least(group, "momentum_decay")

    def first_value(self, name: str, group: dict[str, Any]) -> float:
        return 1.0 if name == "mu_product" else 0.0

    def hyper(self, group: dict[str, Any]) -> Sequence[float]:
        g, decoupled = group, float(group["decoupled_weight_decay"])
        return float(g["lr"]), *g["betas"], g["eps"], g["weight_decay"], g["momentum_decay"], decoupled, sign_of(g)


class RAdam(Optimizer):
    """RAdam: `Adam` whose steps are rectified while few squares have been seen.

    Parameters
    ----------
    params : iterable of Tensors or of dicts
        Leaves to update; dicts are groups with options of their own.
    lr : float, optional
        Learning rate.
    betas : tuple of (float, float), optional
        Decay factors of the two means, in [0, 1).
    eps : float, optional
        Added to the root.
    weight_decay : float, optional
        This times the parameter is added to its gradient.
    decoupled_weight_decay : bool, optional
        Shrink the parameter in place of adding to its gradient, as `AdamW` does.
    maximize : bool, optional
        Go up the gradient in place of down.
    foreach : bool, optional
        Accepted for compatibility with PyTorch, without effect.
    capturable : bool, optional
        Accepted for compatibility with PyTorch, without effect.
    differentiable : bool, optional
        Only False: steps are not recorded.

    References
    ----------
    Liu et al., "On the variance of the adaptive learning rate and beyond", ICLR 2020.
    """

    rule = update_rules.radam

    def __init__(
        self,
        params: Iterable[Tensor | dict[str, Any]],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        decoupled_weight_decay: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        refuse_differentiable(differentiable)
        super().__init__(
            params,
            {
                "lr": lr,
                "betas": pair_of("betas", betas),
                "eps": eps,
                "weight_decay": weight_decay,
                "decoupled_weight_decay": decoupled_weight_decay,
                "maximize": maximize,
            },
        )

    def check(self, group: dict[str, Any]) -> None:
        Adam.check(self, group)

    def hyper(self, group: dict[str, Any]) -> Sequence[float]:
        g, decoupled = group, float(group["decoupled_weight_decay"])
        return float(g["lr"]), *g["betas"], g["eps"], g["weight_decay"], decoupled, sign_of(g)
