"""Learning rate schedules: how the rates of an optimiser change from epoch to epoch.

Most schedules compute the rate of an epoch from that of the last one, by a factor. Several of them on one optimiser
therefore compose.
"""

from __future__ import annotations

import math
import warnings
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from ..tape.commit import assignments, commit, prepared
from .optimizer import Optimizer
from .state_checks import checked_attributes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from ..typing import TensorLike


def set_rates(groups, rates):
    """The changes that set the learning rates of parameter groups."""
    return [partial(group.__setitem__, "lr", rate) for group, rate in zip(groups, rates)]


class LRScheduler:
    """Base class of the schedules; subclasses define `rate`.

    Parameters
    ----------
    optimizer : Optimizer
        Its parameter groups get the new learning rates.
    last_epoch : int, optional
        -1 to start. Another number resumes after that epoch; the groups then need an "initial_lr".

    Raises
    ------
    TypeError
        If `optimizer` is not an Optimizer.
    KeyError
        If a resumed group has no "initial_lr".
    """

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        if not isinstance(optimizer, Optimizer):
            raise TypeError(f"{type(optimizer).__name__} is not an Optimizer")
        self.optimizer, self.last_epoch = optimizer, last_epoch
        for k, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", float(group["lr"]))
            elif "initial_lr" not in group:
                raise KeyError(f"param 'initial_lr' is not specified in param_groups[{k}] when resuming an optimizer")
        self.base_lrs = [group["initial_lr"] for group in optimizer.param_groups]
        self._advance()

    def rate(self, group: dict[str, Any], base: float) -> float:
        """Compute the learning rate of a group at epoch ``last_epoch``; defined by subclasses.

        Parameters
        ----------
        group : dict
            A parameter group; ``group["lr"]`` is the rate of the epoch before.
        base : float
            The first learning rate of the group.

        Returns
        -------
        float
            The new learning rate.
        """
        raise NotImplementedError

    def _schedules(self):
        """All schedules whose state a step changes."""
        return [self]

    def _wholly(self, change, *args):
        """Make a change of rates and states; if it cannot be finished, they are put back."""
        held = [*self.optimizer.param_groups, *map(vars, self._schedules())]
        undone = prepared([partial(fields.update, dict(fields)) for fields in held])
        try:
            change(*args)
        except BaseException:
            undone()
            raise

    def _advance(self):
        self._wholly(self._next)

    def _next(self):
        self.last_epoch += 1
        groups = self.optimizer.param_groups
        rates = [self.rate(group, base) for group, base in zip(groups, self.base_lrs)]
        rates += [group["lr"] for group in groups[len(rates) :]]  # of groups that were added later
        for group, rate in zip(groups, rates):
            group["lr"] = rate
        self._last_lr = rates

    def step(self) -> None:
        """Go to the next epoch and set the learning rates.

        Call it after ``optimizer.step()``; the other order is warned of, as it skips the first rate.
        """
        if self.last_epoch == 0 and self.optimizer.steps == 0:
            warnings.warn(
                "Detected call of `lr_scheduler.step()` before `optimizer.step()`: expected the opposite order; as it is, the "
                "first value of the learning rate schedule is skipped.",
                UserWarning,
                stacklevel=2,
            )
        self._advance()

    def begin(self) -> None:
        """Set the learning rates of the first epoch, for a schedule that takes over from another one."""
        self._wholly(self._begin)

    def _begin(self):
        for group, base in zip(self.optimizer.param_groups, self.base_lrs):
            group["lr"] = base
        self.last_epoch = -1
        self._next()

    def get_last_lr(self) -> list[float]:
        """Return the current learning rates.

        Returns
        -------
        list of float
            One for each parameter group.
        """
        return self._last_lr

    def state_dict(self) -> dict[str, Any]:
        """Return what `load_state_dict` takes.

        Returns
        -------
        dict
            All attributes but the optimiser and functions.
        """
        return {k: v for k, v in vars(self).items() if k != "optimizer" and not callable(v)}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore attributes.

        Parameters
        ----------
        state_dict : dict
            As `state_dict` returns it.

        Raises
        ------
        ValueError
            If there are other names, or values of another form. Nothing has been changed then.
        """
        vars(self).update(checked_attributes(self.state_dict(), state_dict))


class StepLR(LRScheduler):
    """Multiply the rates by `gamma` every `step_size` epochs.

    Parameters
    ----------
    optimizer : Optimizer
        Its parameter groups get the new learning rates.
    step_size : int
        Number of epochs between changes.
    gamma : float, optional
        The factor.
    last_epoch : int, optional
        -1 to start; see `LRScheduler`.
    """

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1) -> None:
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer, last_epoch)

    def rate(self, group: dict[str, Any], base: float) -> float:
        if self.last_epoch == 0 or self.last_epoch % self.step_size:
            return group["lr"]
        return group["lr"] * self.gamma


class MultiStepLR(LRScheduler):
    """Multiply the rates by `gamma` at given epochs.

    Parameters
    ----------
    optimizer : Optimizer
        Its parameter groups get the new learning rates.
    milestones : sequence of int
        Epochs at which the rate changes.
    gamma : float, optional
        The factor.
    last_epoch : int, optional
        -1 to start; see `LRScheduler`.
    """

    def __init__(self, optimizer: Optimizer, milestones: Sequence[int], gamma: float = 0.1, last_epoch: int = -1) -> None:
        self.milestones, self.gamma = Counter(milestones), gamma
        super().__init__(optimizer, last_epoch)

    def rate(self, group: dict[str, Any], base: float) -> float:
        return group["lr"] * self.gamma ** self.milestones[self.last_epoch]

    def state_dict(self) -> dict[str, Any]:
        """Return what `load_state_dict` takes.

        Returns
        -------
        dict
            All attributes but the optimiser; milestones as a sorted list.
        """
        return {**super().state_dict(), "milestones": sorted(self.milestones.elements())}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore attributes.

        Parameters
        ----------
        state_dict : dict
            As `state_dict` returns it.

        Raises
        ------
        ValueError
            If there are other names, or values of another form. Nothing has been changed then.
        """
        super().load_state_dict(state_dict)
        self.milestones = Counter(self.milestones)


class ExponentialLR(LRScheduler):
    """Multiply the rates by `gamma` every epoch.

    Parameters
    ----------
    optimizer : Optimizer
        Its parameter groups get the new learning rates.
    gamma : float
        The factor.
    last_epoch : int, optional
        -1 to start; see `LRScheduler`.
    """

    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1) -> None:
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def rate(self, group: dict[str, Any], base: float) -> float:
        return group["lr"] if self.last_epoch == 0 else group["lr"] * self.gamma


class CosineAnnealingLR(LRScheduler):
    """Let the rates follow half a cosine from the first rate to `eta_min` in `T_max` epochs, and back.

    Parameters
    ----------
    optimizer : Optimizer
        Its parameter groups get the new learning rates.
    T_max : int
        Number of epochs from the highest to the lowest rate.
    eta_min : float, optional
        Lowest rate.
    last_epoch : int, optional
        -1 to start; see `LRScheduler`.

    References
    ----------
    Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017.
    """

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0, last_epoch: int = -1) -> None:
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer, last_epoch)

    def rate(self, group: dict[str, Any], base: float) -> float:
        now, before = self._height(self.last_epoch), self._height(self.last_epoch - 1)
        if self.last_epoch == 0:
            return group["lr"]
        if (self.last_epoch - 1 - self.T_max) % (2 * self.T_max) == 0:  # from the lowest point there is no ratio
            return group["lr"] + (base - self.eta_min) * (1 - math.cos(math.pi / self.T_max)) / 2
        return now / before * (group["lr"] - self.eta_min) + self.eta_min

    def _height(self, epoch):
        return 1 + math.cos(math.pi * epoch / self.T_max)


class LambdaLR(LRScheduler):
    """Multiply the first rates by a function of the epoch.

    Parameters
    ----------
    optimizer : Optimizer
        Its parameter groups get the new learning rates.
    lr_lambda : callable or sequence of callables
        Factor as a function of the epoch, for all groups or one for each.
    last_epoch : int, optional
        -1 to start; see `LRScheduler`.

    Raises
    ------
    ValueError
        If the number of functions is not that of the parameter groups.
    """

    def __init__(
        self, optimizer: Optimizer, lr_lambda: Callable[[int], float] | Sequence[Callable[[int], float]], last_epoch: int = -1
    ) -> None:
        n = len(optimizer.param_groups)
        self.lr_lambdas = list(lr_lambda) if isinstance(lr_lambda, (list, tuple)) else [lr_lambda] * n
        if len(self.lr_lambdas) != n:
            raise ValueError(f"Expected {n} lr_lambdas, but got {len(self.lr_lambdas)}")
        super().__init__(optimizer, last_epoch)

    def rate(self, group: dict[str, Any], base: float) -> float:
        """Compute the learning rate of a group.

        Parameters
        ----------
        group : dict
            A parameter group of the optimiser.
        base : float
            The first learning rate of the group.

        Returns
        -------
        float
            The new learning rate.

        Raises
        ------
        ValueError
            If the group was added after the schedule was made.
        """
        for own, function in zip(self.optimizer.param_groups, self.lr_lambdas):
            if own is group:
                return base * function(self.last_epoch)
        raise ValueError("the optimizer has a parameter group that it did not have when the schedule was made")

    def state_dict(self) -> dict[str, Any]:
        """Return what `load_state_dict` takes.

        Returns
        -------
        dict
            All attributes but the optimiser and the functions.
        """
        return {k: v for k, v in super().state_dict().items() if k != "lr_lambdas"}


class ReduceLROnPlateau:
    """Multiply the rates by `factor` when a measure has not improved for more than `patience` epochs.

    Parameters
    ----------
    optimizer : Optimizer
        Its parameter groups get the new learning rates.
    mode : {"min", "max"}, optional
        Whether smaller or larger measures are better.
    factor : float, optional
        The factor; smaller than 1.
    patience : int, optional
        Number of epochs without improvement that are accepted.
    threshold : float, optional
        Smallest change of the best measure that counts as an improvement.
    threshold_mode : {"rel", "abs"}, optional
        Whether `threshold` is relative to the best measure.
    cooldown : int, optional
        Number of epochs after a change in which nothing is counted.
    min_lr : float or sequence of float, optional
        Lowest rates.
    eps : float, optional
        Changes that are not larger are not made.

    Raises
    ------
    TypeError
        If `optimizer` is not an Optimizer.
    ValueError
        If another argument is out of range.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float | Sequence[float] = 0.0,
        eps: float = 1e-8,
    ) -> None:
        if factor >= 1.0:
            raise ValueError("Factor should be < 1.0.")
        if not isinstance(optimizer, Optimizer):
            raise TypeError(f"{type(optimizer).__name__} is not an Optimizer")
        if mode not in ("min", "max"):
            raise ValueError(f"mode {mode} is unknown!")
        if threshold_mode not in ("rel", "abs"):
            raise ValueError(f"threshold mode {threshold_mode} is unknown!")
        n = len(optimizer.param_groups)
        self.min_lrs = list(min_lr) if isinstance(min_lr, (list, tuple)) else [min_lr] * n
        if len(self.min_lrs) != n:
            raise ValueError(f"expected {n} min_lrs, got {len(self.min_lrs)}")
        self.optimizer, self.mode, self.factor, self.patience, self.eps = optimizer, mode, factor, patience, eps
        self.threshold, self.threshold_mode, self.cooldown = threshold, threshold_mode, cooldown
        self.best = math.inf if mode == "min" else -math.inf
        self.num_bad_epochs = self.cooldown_counter = self.last_epoch = 0
        self._last_lr = [group["lr"] for group in optimizer.param_groups]

    def step(self, metrics: TensorLike) -> None:
        """Go to the next epoch.

        Parameters
        ----------
        metrics : float or Tensor of one element
            The measure of this epoch.
        """
        value = float(metrics)
        groups, best, bad, cooldown = self.optimizer.param_groups, self.best, self.num_bad_epochs + 1, self.cooldown_counter
        rates = [group["lr"] for group in groups]
        if self._is_better(value):
            best, bad = value, 0
        if cooldown > 0:
            cooldown, bad = cooldown - 1, 0
        if bad > self.patience:
            rates[: len(self.min_lrs)] = [self._reduced(rate, least) for rate, least in zip(rates, self.min_lrs)]
            cooldown, bad = self.cooldown, 0
        counts = assignments(self, last_epoch=self.last_epoch + 1, num_bad_epochs=bad, cooldown_counter=cooldown)
        commit([*set_rates(groups, rates), *counts, *assignments(self, best=best, _last_lr=rates)])

    def _reduced(self, rate, least):
        reduced = max(float(rate) * self.factor, least)
        return reduced if float(rate) - reduced > self.eps else rate

    def _is_better(self, value):
        sign = 1.0 if self.mode == "min" else -1.0
        if self.threshold_mode == "rel":
            return sign * value < sign * self.best * (1.0 - sign * self.threshold)
        return sign * value < sign * self.best - self.threshold

    get_last_lr, state_dict, load_state_dict = LRScheduler.get_last_lr, LRScheduler.state_dict, LRScheduler.load_state_dict


class ConstantLR(LRScheduler):
    """Multiply the rates by `factor` for the first epochs.

    Parameters
    ----------
    optimizer : Optimizer
        Its parameter groups get the new learning rates.
    factor : float, optional
        The factor.
    total_iters : int, optional
        Number of epochs.
    last_epoch : int, optional
        -1 to start; see `LRScheduler`.

    Raises
    ------
    ValueError
        If the factor is not between 0 and 1.
    """

    def __init__(self, optimizer: Optimizer, factor: float = 1.0 / 3, total_iters: int = 5, last_epoch: int = -1) -> None:
        if factor > 1.0 or factor < 0:
            raise ValueError("Constant multiplicative factor expected to be between 0 and 1.")
        self.factor, self.total_iters = factor, total_iters
        super().__init__(optimizer, last_epoch)

    def rate(self, group: dict[str, Any], base: float) -> float:
        if self.last_epoch == 0:
            return group["lr"] * self.factor
        return group["lr"] if self.last_epoch != self.total_iters else group["lr"] * (1.0 / self.factor)


class LinearLR(LRScheduler):
    """Let a factor of the rates go from one number to another in equal steps.

    Parameters
    ----------
    optimizer : Optimizer
        Its parameter groups get the new learning rates.
    start_factor, end_factor : float, optional
        The numbers.
    total_iters : int, optional
        Number of epochs.
    last_epoch : int, optional
        -1 to start; see `LRScheduler`.

    Raises
    ------
    ValueError
        If a factor is not between 0 and 1, or the first is 0.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        start_factor: float = 1.0 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        if start_factor > 1.0 or start_factor <= 0:
            raise ValueError("Starting multiplicative factor expected to be greater than 0 and less or equal to 1.")
        if end_factor > 1.0 or end_factor < 0:
            raise ValueError("Ending multiplicative factor expected to be between 0 and 1.")
        self.start_factor, self.end_factor, self.total_iters = start_factor, end_factor, total_iters
        super().__init__(optimizer, last_epoch)

    def rate(self, group: dict[str, Any], base: float) -> float:
        if self.last_epoch == 0:
            return group["lr"] * self.start_factor
        if self.last_epoch > self.total_iters:
            return group["lr"]
        step = self.end_factor - self.start_factor
        return group["lr"] * (1.0 + step / (self.total_iters * self.start_factor + (self.last_epoch - 1) * step))


class PolynomialLR(LRScheduler):
    """Let the rates go to 0 as a power of the epochs that are left.

    Parameters
    ----------
    optimizer : Optimizer
        Its parameter groups get the new learning rates.
    total_iters : int, optional
        Number of epochs.
    power : float, optional
        The power.
    last_epoch : int, optional
        -1 to start; see `LRScheduler`.
    """

    def __init__(self, optimizer: Optimizer, total_iters: int = 5, power: float = 1.0, last_epoch: int = -1) -> None:
        self.total_iters, self.power = total_iters, power
        super().__init__(optimizer, last_epoch)

    def rate(self, group: dict[str, Any], base: float) -> float:
        if self.last_epoch == 0 or self.last_epoch > self.total_iters:
            return group["lr"]
        now, before = (1.0 - k / self.total_iters for k in (self.last_epoch, self.last_epoch - 1))
        return group["lr"] * (now / before) ** self.power


class MultiplicativeLR(LRScheduler):
    """Multiply the rates by what a function of the epoch returns, every epoch.

    Parameters
    ----------
    optimizer : Optimizer
        Its parameter groups get the new learning rates.
    lr_lambda : callable or sequence of callables
        Of the epoch; one for all groups or one for each.
    last_epoch : int, optional
        -1 to start; see `LRScheduler`.

    Raises
    ------
    ValueError
        If the number of functions is not that of the groups.
    """

    def __init__(
        self, optimizer: Optimizer, lr_lambda: Callable[[int], float] | Sequence[Callable[[int], float]], last_epoch: int = -1
    ) -> None:
        n = len(optimizer.param_groups)
        self.lr_lambdas = list(lr_lambda) if isinstance(lr_lambda, (list, tuple)) else [lr_lambda] * n
        if len(self.lr_lambdas) != n:
            raise ValueError(f"Expected {n} lr_lambdas, but got {len(self.lr_lambdas)}")
        super().__init__(optimizer, last_epoch)

    def rate(self, group: dict[str, Any], base: float) -> float:
        if self.last_epoch == 0:
            return group["lr"]
        k = next(k for k, g in enumerate(self.optimizer.param_groups) if g is group)
        return group["lr"] * self.lr_lambdas[k](self.last_epoch)

    def state_dict(self) -> dict[str, Any]:
        return {k: v for k, v in super().state_dict().items() if k != "lr_lambdas"}
