"""The optimisers whose step is an update rule: their options and what they are called in PyTorch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import update_rules
from .optimizer import Optimizer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from ..tensors.tensor import Tensor


def _sign(group):
    return -1.0 if group["maximize"] else 1.0


def check_at_least(group, what, least=0.0):
    """Raise if an option is no number, smaller than allowed, or nan."""
    if isinstance(group[what], str) or not hasattr(group[what], "__float__"):
        raise TypeError(f"got {what}={group[what]!r}, expected a number")
    if not group[what] >= least:
        names = {"lr": "learning rate", "eps": "epsilon value"}
        raise ValueError(f"Invalid {names.get(what, what + ' value')}: {group[what]}")


def _pair(name, value):
    try:
        first, second = value
    except TypeError:
        raise TypeError(f"got {name}={value!r}, expected a pair of numbers") from None
    return first, second


def _check_betas(group):
    for k, beta in enumerate(group["betas"]):
        if not 0.0 <= beta < 1.0:
            raise ValueError(f"Invalid beta parameter at index {k}: {beta}")


class SGD(Optimizer):
    """Gradient descent with momentum.

    ``foreach`` and ``fused`` of this and the other optimisers name ways of PyTorch to do what one compiled call does
    here: they are accepted and change nothing.

    Parameters
    ----------
    params : iterable of Tensors or of dicts
    lr : float
    momentum, dampening : float
        The buffer becomes momentum times itself plus 1 - dampening times the gradient.
    weight_decay : float
        Times the parameter is added to the gradient.
    nesterov : bool
        Look ahead along the buffer; wants momentum and no dampening.
    maximize : bool

    Examples
    --------
    >>> import jittape as jt
    >>> x = jt.tensor([1.0, -2.0], requires_grad=True)
    >>> optimizer = jt.optim.SGD([x], lr=0.25)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x
    tensor([ 0.5000, -1.0000], requires_grad=True)
    """

    rule = update_rules.sgd
    step_if_not_given = 1.0  # PyTorch's state has a buffer only

    def __init__(
        self, params: Iterable[Tensor] | Iterable[dict[str, Any]], lr: float = 1e-3, momentum: float = 0.0,
        dampening: float = 0.0, weight_decay: float = 0.0, nesterov: bool = False, *, maximize: bool = False,
        foreach: bool | None = None, fused: bool | None = None,
    ) -> None:
        super().__init__(params, {
            "lr": lr, "momentum": momentum, "dampening": dampening, "weight_decay": weight_decay, "nesterov": nesterov,
            "maximize": maximize,
        })

    def check(self, group):
        for name in ("lr", "momentum", "weight_decay"):
            check_at_least(group, name)
        if group["nesterov"] and (group["momentum"] <= 0 or group["dampening"] != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")

    def state_names(self, group):
        return ("momentum_buffer",) if group["momentum"] else ()

    def hyper(self, group):
        g = group
        return float(g["lr"]), g["momentum"], g["dampening"], g["weight_decay"], float(g["nesterov"]), _sign(g)


class Adam(Optimizer):
    """Adam: steps by the decaying mean of gradients over the root of that of their squares.

    Parameters
    ----------
    params : iterable of Tensors or of dicts
    lr : float
    betas : pair of float
        By what the means decay.
    eps : float
        Added to the root.
    weight_decay : float
        Times the parameter is added to the gradient.
    amsgrad : bool
        Divide by the largest root so far.
    maximize : bool
    decoupled_weight_decay : bool
        Shrink the parameter in place of adding to the gradient, as `AdamW`.
    """

    rule = update_rules.adam

    def __init__(
        self, params: Iterable[Tensor] | Iterable[dict[str, Any]], lr: float = 1e-3, betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8, weight_decay: float = 0.0, amsgrad: bool = False, *, maximize: bool = False,
        decoupled_weight_decay: bool = False, foreach: bool | None = None, fused: bool | None = None,
    ) -> None:
        super().__init__(params, {
            "lr": lr, "betas": _pair("betas", betas), "eps": eps, "weight_decay": weight_decay, "amsgrad": amsgrad,
            "maximize": maximize, "decoupled_weight_decay": decoupled_weight_decay,
        })

    def check(self, group):
        for name in ("lr", "eps", "weight_decay"):
            check_at_least(group, name)
        _check_betas(group)

    def state_names(self, group):
        return self.rule.arrays if group["amsgrad"] else self.rule.arrays[:2]

    def hyper(self, group):
        g = group
        decoupled, amsgrad = float(g["decoupled_weight_decay"]), float(g["amsgrad"])
        return float(g["lr"]), *g["betas"], g["eps"], g["weight_decay"], decoupled, amsgrad, _sign(g)


class AdamW(Adam):
    """`Adam` with decoupled weight decay: the parameter shrinks by lr times `weight_decay`."""

    def __init__(
        self, params: Iterable[Tensor] | Iterable[dict[str, Any]], lr: float = 1e-3, betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8, weight_decay: float = 1e-2, amsgrad: bool = False, *, maximize: bool = False,
        foreach: bool | None = None, fused: bool | None = None,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize, decoupled_weight_decay=True)


class Adamax(Optimizer):
    """`Adam` with the largest of decaying gradients in place of the root mean square."""

    rule = update_rules.adamax

    def __init__(
        self, params: Iterable[Tensor] | Iterable[dict[str, Any]], lr: float = 2e-3, betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8, weight_decay: float = 0.0, *, maximize: bool = False, foreach: bool | None = None,
    ) -> None:
        super().__init__(params, {
            "lr": lr, "betas": _pair("betas", betas), "eps": eps, "weight_decay": weight_decay, "maximize": maximize,
        })

    check = Adam.check

    def hyper(self, group):
        g = group
        return float(g["lr"]), *g["betas"], g["eps"], g["weight_decay"], _sign(g)


class NAdam(Optimizer):
    """`Adam` with Nesterov's momentum."""

    rule = update_rules.nadam

    def __init__(
        self, params: Iterable[Tensor] | Iterable[dict[str, Any]], lr: float = 2e-3, betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8, weight_decay: float = 0.0, momentum_decay: float = 4e-3, decoupled_weight_decay: bool = False, *,
        maximize: bool = False, foreach: bool | None = None,
    ) -> None:
        super().__init__(params, {
            "lr": lr, "betas": _pair("betas", betas), "eps": eps, "weight_decay": weight_decay, "momentum_decay": momentum_decay,
            "decoupled_weight_decay": decoupled_weight_decay, "maximize": maximize,
        })

    def check(self, group):
        Adam.check(self, group)
        check_at_least(group, "momentum_decay")

    def first_value(self, name, group):
        return 1.0 if name == "mu_product" else 0.0

    def hyper(self, group):
        g, decoupled = group, float(group["decoupled_weight_decay"])
        return float(g["lr"]), *g["betas"], g["eps"], g["weight_decay"], g["momentum_decay"], decoupled, _sign(g)


class RMSprop(Optimizer):
    """Steps by the gradient over the root of the decaying mean of its squares.

    Parameters
    ----------
    params : iterable of Tensors or of dicts
    lr : float
    alpha : float
        By what the mean decays.
    eps : float
        Added to the root.
    weight_decay, momentum : float
    centered : bool
        Subtract the square of the mean gradient: divide by the deviation.
    maximize : bool
    """

    rule = update_rules.rmsprop

    def __init__(
        self, params: Iterable[Tensor] | Iterable[dict[str, Any]], lr: float = 1e-2, alpha: float = 0.99, eps: float = 1e-8,
        weight_decay: float = 0.0, momentum: float = 0.0, centered: bool = False, *, maximize: bool = False,
        foreach: bool | None = None,
    ) -> None:
        super().__init__(params, {
            "lr": lr, "alpha": alpha, "eps": eps, "weight_decay": weight_decay, "momentum": momentum, "centered": centered,
            "maximize": maximize,
        })

    def check(self, group):
        for name in ("lr", "eps", "momentum", "weight_decay", "alpha"):
            check_at_least(group, name)

    def state_names(self, group):
        momentum = ("momentum_buffer",) if group["momentum"] else ()
        return ("square_avg", *momentum, *(("grad_avg",) if group["centered"] else ()))

    def hyper(self, group):
        g = group
        return float(g["lr"]), g["alpha"], g["eps"], g["weight_decay"], g["momentum"], float(g["centered"]), _sign(g)


class Adagrad(Optimizer):
    """Steps by the gradient over the root of the sum of all its squares."""

    rule = update_rules.adagrad

    def __init__(
        self, params: Iterable[Tensor] | Iterable[dict[str, Any]], lr: float = 1e-2, lr_decay: float = 0.0,
        weight_decay: float = 0.0, initial_accumulator_value: float = 0.0, eps: float = 1e-10, *, maximize: bool = False,
        foreach: bool | None = None, fused: bool | None = None,
    ) -> None:
        super().__init__(params, {
            "lr": lr, "lr_decay": lr_decay, "weight_decay": weight_decay, "initial_accumulator_value": initial_accumulator_value,
            "eps": eps, "maximize": maximize,
        })

    def check(self, group):
        for name in ("lr", "lr_decay", "weight_decay", "initial_accumulator_value", "eps"):
            check_at_least(group, name)

    def first_value(self, name, group):
        return group["initial_accumulator_value"] if name == "sum" else 0.0

    def hyper(self, group):
        g = group
        return float(g["lr"]), g["lr_decay"], g["eps"], g["weight_decay"], _sign(g)


class Adadelta(Optimizer):
    """Steps by the gradient over the root mean square of gradients, times that of the steps."""

    rule = update_rules.adadelta

    def __init__(
        self, params: Iterable[Tensor] | Iterable[dict[str, Any]], lr: float = 1.0, rho: float = 0.9, eps: float = 1e-6,
        weight_decay: float = 0.0, *, maximize: bool = False, foreach: bool | None = None,
    ) -> None:
        super().__init__(params, {"lr": lr, "rho": rho, "eps": eps, "weight_decay": weight_decay, "maximize": maximize})

    def check(self, group):
        for name in ("lr", "eps", "weight_decay"):
            check_at_least(group, name)
        if not 0.0 <= group["rho"] <= 1.0:
            raise ValueError(f"Invalid rho value: {group['rho']}")

    def hyper(self, group):
        g = group
        return float(g["lr"]), g["rho"], g["eps"], g["weight_decay"], _sign(g)


class Rprop(Optimizer):
    """Steps by the sign of the gradient: longer while it stays the same, shorter when it changes."""

    rule = update_rules.rprop

    def __init__(
        self, params: Iterable[Tensor] | Iterable[dict[str, Any]], lr: float = 1e-2, etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50.0), *, maximize: bool = False, foreach: bool | None = None,
    ) -> None:
        super().__init__(params, {
            "lr": lr, "etas": _pair("etas", etas), "step_sizes": _pair("step_sizes", step_sizes), "maximize": maximize,
        })

    def check(self, group):
        check_at_least(group, "lr")
        shorter, longer = group["etas"]
        if not 0.0 < shorter < 1.0 < longer:
            raise ValueError(f"Invalid eta values: {shorter}, {longer}")

    def first_value(self, name, group):
        return group["lr"] if name == "step_size" else 0.0

    def hyper(self, group):
        return *group["etas"], *group["step_sizes"], _sign(group)


class ASGD(Optimizer):
    """Gradient descent with a decaying rate, and the average of the parameters (state "ax") from step `t0` on."""

    rule = update_rules.asgd

    def __init__(
        self, params: Iterable[Tensor] | Iterable[dict[str, Any]], lr: float = 1e-2, lambd: float = 1e-4, alpha: float = 0.75,
        t0: float = 1e6, weight_decay: float = 0.0, foreach: bool | None = None, *, maximize: bool = False,
    ) -> None:
        super().__init__(params, {
            "lr": lr, "lambd": lambd, "alpha": alpha, "t0": t0, "weight_decay": weight_decay, "maximize": maximize,
        })

    def check(self, group):
        for name in ("lr", "weight_decay"):
            check_at_least(group, name)

    def first_value(self, name, group):
        return {"eta": float(group["lr"]), "mu": 1.0}.get(name, 0.0)

    def hyper(self, group):
        g = group
        return float(g["lr"]), g["lambd"], g["alpha"], g["t0"], g["weight_decay"], _sign(g)
