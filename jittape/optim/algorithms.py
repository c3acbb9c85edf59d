"""The optimisers whose step is an update rule (see `update_rules`): their options, with PyTorch's names, checks and defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import update_rules
from .optimizer import Optimizer
from .option_checks import check_at_least, pair_of, refuse_differentiable, sign_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from ..tensors.tensor import Tensor


class SGD(Optimizer):
    """Stochastic gradient descent, optionally with momentum.

    With the gradient g and the momentum buffer b, a step does ``b = momentum * b + (1 - dampening) * g`` and
    ``x = x - lr * b``.

    Parameters
    ----------
    params : iterable of Tensors or of dicts
        Leaves to update; dicts are groups with options of their own.
    lr : float, optional
        Learning rate.
    momentum : float, optional
        Factor of the buffer; 0 keeps no buffer.
    dampening : float, optional
        One minus the factor of the gradient in the buffer.
    weight_decay : float, optional
        This times the parameter is added to its gradient.
    nesterov : bool, optional
        Use ``g + momentum * b`` in place of ``b``; requires a momentum and no dampening.
    maximize : bool, optional
        Go up the gradient in place of down.
    foreach, fused : bool, optional
        Ways in which PyTorch can do the step; accepted for compatibility, without effect. A step is one compiled call here.
    capturable : bool, optional
        Accepted for compatibility with PyTorch, without effect.
    differentiable : bool, optional
        Only False: steps are not recorded.

    Raises
    ------
    ValueError
        If an option is out of range.

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
        self,
        params: Iterable[Tensor | dict[str, Any]],
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
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
                "momentum": momentum,
                "dampening": dampening,
                "weight_decay": weight_decay,
                "nesterov": nesterov,
                "maximize": maximize,
            },
        )

    def check(self, group: dict[str, Any]) -> None:
        for name in ("lr", "momentum", "weight_decay"):
            check_at_least(group, name)
        if group["nesterov"] and (group["momentum"] <= 0 or group["dampening"] != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")

    def state_names(self, group: dict[str, Any]) -> Sequence[str]:
        return ("momentum_buffer",) if group["momentum"] else ()

    def hyper(self, group: dict[str, Any]) -> Sequence[float]:
        g = group
        return float(g["lr"]), g["momentum"], g["dampening"], g["weight_decay"], float(g["nesterov"]), sign_of(g)


class RMSprop(Optimizer):
    """RMSprop: the gradient divided by the root of the decaying mean of its squares.

    Parameters
    ----------
    params : iterable of Tensors or of dicts
        Leaves to update; dicts are groups with options of their own.
    lr : float, optional
        Learning rate.
    alpha : float, optional
        Decay factor of the mean.
    eps : float, optional
        Added to the root.
    weight_decay : float, optional
        This times the parameter is added to its gradient.
    momentum : float, optional
        Factor of a momentum buffer; 0 keeps none.
    centered : bool, optional
        Subtract the square of the mean gradient under the root, which divides by the standard deviation.
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
    Hinton, "Neural networks for machine learning", lecture 6, 2012; `centered`: Graves, "Generating sequences with
    recurrent neural networks", arXiv:1308.0850 (2013).
    """

    rule = update_rules.rmsprop

    def __init__(
        self,
        params: Iterable[Tensor | dict[str, Any]],
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
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
                "alpha": alpha,
                "eps": eps,
                "weight_decay": weight_decay,
                "momentum": momentum,
                "centered": centered,
                "maximize": maximize,
            },
        )

    def check(self, group: dict[str, Any]) -> None:
        for name in ("lr", "eps", "momentum", "weight_decay", "alpha"):
            check_at_least(group, name)

    def state_names(self, group: dict[str, Any]) -> Sequence[str]:
        momentum = ("momentum_buffer",) if group["momentum"] else ()
        return ("square_avg", *momentum, *(("grad_avg",) if group["centered"] else ()))

    def hyper(self, group: dict[str, Any]) -> Sequence[float]:
        g = group
        return float(g["lr"]), g["alpha"], g["eps"], g["weight_decay"], g["momentum"], float(g["centered"]), sign_of(g)


class Adagrad(Optimizer):
    """Adagrad: the gradient divided by the root of the sum of all its squares so far.

    Parameters
    ----------
    params : iterable of Tensors or of dicts
        Leaves to update; dicts are groups with options of their own.
    lr : float, optional
        Learning rate.
    lr_decay : float, optional
        The learning rate of step k is ``lr / (1 + (k - 1) * lr_decay)``.
    weight_decay : float, optional
        This times the parameter is added to its gradient.
    initial_accumulator_value : float, optional
        What the sum of squares starts from.
    eps : float, optional
        Added to the root.
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
    Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization", JMLR 12,
    2011.
    """

    rule = update_rules.adagrad

    def __init__(
        self,
        params: Iterable[Tensor | dict[str, Any]],
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
        *,
        maximize: bool = False,
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
                "lr_decay": lr_decay,
                "weight_decay": weight_decay,
                "initial_accumulator_value": initial_accumulator_value,
                "eps": eps,
                "maximize": maximize,
            },
        )

    def check(self, group: dict[str, Any]) -> None:
        for name in ("lr", "lr_decay", "weight_decay", "initial_accumulator_value", "eps"):
            check_at_least(group, name)

    def first_value(self, name: str, group: dict[str, Any]) -> float:
        return group["initial_accumulator_value"] if name == "sum" else 0.0

    def hyper(self, group: dict[str, Any]) -> Sequence[float]:
        g = group
        return float(g["lr"]), g["lr_decay"], g["eps"], g["weight_decay"], sign_of(g)


class Adadelta(Optimizer):
    """Adadelta: the gradient times the ratio of the root mean squares of recent steps and of recent gradients.

    Parameters
    ----------
    params : iterable of Tensors or of dicts
        Leaves to update; dicts are groups with options of their own.
    lr : float, optional
        Factor of the step.
    rho : float, optional
        Decay factor of both mean squares, between 0 and 1.
    eps : float, optional
        Added under both roots.
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
    Zeiler, "ADADELTA: an adaptive learning rate method", arXiv:1212.5701 (2012).
    """

    rule = update_rules.adadelta

    def __init__(
        self,
        params: Iterable[Tensor | dict[str, Any]],
        lr: float = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        refuse_differentiable(differentiable)
        super().__init__(params, {"lr": lr, "rho": rho, "eps": eps, "weight_decay": weight_decay, "maximize": maximize})

    def check(self, group: dict[str, Any]) -> None:
        for name in ("lr", "eps", "weight_decay"):
            check_at_least(group, name)
        if not 0.0 <= group["rho"] <= 1.0:
            raise ValueError(f"Invalid rho value: {group['rho']}")

    def hyper(self, group: dict[str, Any]) -> Sequence[float]:
        g = group
        return float(g["lr"]), g["rho"], g["eps"], g["weight_decay"], sign_of(g)


class Rprop(Optimizer):
    """Rprop: steps that depend on the sign of the gradient only; longer while it stays the same, shorter when it changes.

    Parameters
    ----------
    params : iterable of Tensors or of dicts
        Leaves to update; dicts are groups with options of their own.
    lr : float, optional
        First step length.
    etas : tuple of (float, float), optional
        Factors by which a step becomes shorter, and longer.
    step_sizes : tuple of (float, float), optional
        Shortest and longest step.
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
    Riedmiller and Braun, "A direct adaptive method for faster backpropagation learning: the RPROP algorithm", ICNN 1993.
    """

    rule = update_rules.rprop

    def __init__(
        self,
        params: Iterable[Tensor | dict[str, Any]],
        lr: float = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50.0),
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        refuse_differentiable(differentiable)
        super().__init__(
            params,
            {"lr": lr, "etas": pair_of("etas", etas), "step_sizes": pair_of("step_sizes", step_sizes), "maximize": maximize},
        )

    def check(self, group: dict[str, Any]) -> None:
        check_at_least(group, "lr")
        shorter, longer = group["etas"]
        if not 0.0 < shorter < 1.0 < longer:
            raise ValueError(f"Invalid eta values: {shorter}, {longer}")

    def first_value(self, name: str, group: dict[str, Any]) -> float:
        return group["lr"] if name == "step_size" else 0.0

    def hyper(self, group: dict[str, Any]) -> Sequence[float]:
        return *group["etas"], *group["step_sizes"], sign_of(group)


class ASGD(Optimizer):
    """Averaged stochastic gradient descent.

    The rate of step k is ``lr / (1 + lambd * lr * k)**alpha``. From step `t0` on the state "ax" holds the average of the
    parameter.

    Parameters
    ----------
    params : iterable of Tensors or of dicts
        Leaves to update; dicts are groups with options of their own.
    lr : float, optional
        First learning rate.
    lambd : float, optional
        Decay of the rate, and of the parameter.
    alpha : float, optional
        Exponent of the rate.
    t0 : float, optional
        Step at which averaging starts.
    weight_decay : float, optional
        This times the parameter is added to its gradient.
    foreach : bool, optional
        Accepted for compatibility with PyTorch, without effect.
    maximize : bool, optional
        Go up the gradient in place of down.
    capturable : bool, optional
        Accepted for compatibility with PyTorch, without effect.
    differentiable : bool, optional
        Only False: steps are not recorded.

    References
    ----------
    Polyak and Juditsky, "Acceleration of stochastic approximation by averaging", SIAM J. Control Optim. 30, 1992.
    """

    rule = update_rules.asgd

    def __init__(
        self,
        params: Iterable[Tensor | dict[str, Any]],
        lr: float = 1e-2,
        lambd: float = 1e-4,
        alpha: float = 0.75,
        t0: float = 1e6,
        weight_decay: float = 0.0,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        refuse_differentiable(differentiable)
        super().__init__(
            params, {"lr": lr, "lambd": lambd, "alpha": alpha, "t0": t0, "weight_decay": weight_decay, "maximize": maximize}
        )

    def check(self, group: dict[str, Any]) -> None:
        for name in ("lr", "weight_decay"):
            check_at_least(group, name)

    def first_value(self, name: str, group: dict[str, Any]) -> float:
        return {"eta": float(group["lr"]), "mu": 1.0}.get(name, 0.0)

    def hyper(self, group: dict[str, Any]) -> Sequence[float]:
        g = group
        return float(g["lr"]), g["lambd"], g["alpha"], g["t0"], g["weight_decay"], sign_of(g)
