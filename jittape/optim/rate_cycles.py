"""Schedules that go up and down: one cycle, many, and cosines that start again."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .schedules import LRScheduler

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from .optimizer import Optimizer


def _each(name, value, n):
    """A number for each group."""
    if not isinstance(value, (list, tuple)):
        return [value] * n
    if len(value) != n:
        raise ValueError(f"{name} must have the same length as optimizer.param_groups: expected {n} values, got {len(value)}")
    return list(value)


def _cosine(start, end, part):
    return end + (start - end) / 2.0 * (math.cos(math.pi * part) + 1.0)


def _straight(start, end, part):
    return start + (end - start) * part


class OneCycleLR(LRScheduler):
    """Let the rates go up to a highest one and down again, and the momentum the other way, once, step by step.

    Parameters
    ----------
    optimizer : Optimizer
        Its parameter groups get the new learning rates.
    max_lr : float or sequence of float
        Highest rates.
    total_steps : int, optional
        Number of steps.
    epochs, steps_per_epoch : int, optional
        Two factors of it, in its place.
    pct_start : float, optional
        Fraction of the steps in which rates go up.
    anneal_strategy : {"cos", "linear"}, optional
        How rates change.
    cycle_momentum : bool, optional
        Whether the momentum changes, too.
    base_momentum, max_momentum : float or sequence of float, optional
        Lowest and highest momentum.
    div_factor, final_div_factor : float, optional
        The first rate is the highest over the first; the last rate is the first over the second.
    three_phase : bool, optional
        Go down to the first rate as fast as up, then to the last.
    last_epoch : int, optional
        -1 to start; see `LRScheduler`.

    Raises
    ------
    ValueError
        If options do not fit, or there have been more steps than that.

    References
    ----------
    Smith and Topin, "Super-convergence: very fast training of neural networks using large learning rates", 2017.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float | Sequence[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float | Sequence[float] = 0.85,
        max_momentum: float | Sequence[float] = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ) -> None:
        if total_steps is None and (epochs is None or steps_per_epoch is None):
            raise ValueError("You must define either total_steps OR (epochs AND steps_per_epoch)")
        self.total_steps = epochs * steps_per_epoch if total_steps is None else total_steps  # type: ignore[operator]
        if self.total_steps <= 0 or not isinstance(self.total_steps, int):
            raise ValueError(f"Expected positive integer total_steps, but got {self.total_steps}")
        if pct_start < 0 or pct_start > 1 or not isinstance(pct_start, float):
            raise ValueError(f"Expected float between 0 and 1 pct_start, but got {pct_start}")
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(f"anneal_strategy must be one of 'cos' or 'linear', instead got {anneal_strategy}")
        self.anneal_strategy, self.three_phase, self.cycle_momentum = anneal_strategy, three_phase, cycle_momentum
        up = float(pct_start * self.total_steps) - 1
        if three_phase:
            self._phases = [(up, 0, 1), (2 * up, 1, 0), (self.total_steps - 1, 0, 2)]
        else:
            self._phases = [(up, 0, 1), (self.total_steps - 1, 1, 2)]
        n = len(optimizer.param_groups)
        momenta = zip(_each("base_momentum", base_momentum, n), _each("max_momentum", max_momentum, n))
        for group, highest, (low, high) in zip(optimizer.param_groups, _each("max_lr", max_lr, n), momenta):
            if last_epoch == -1:
                first = highest / div_factor
                group.update(initial_lr=first, max_lr=highest, min_lr=first / final_div_factor)
                if cycle_momentum:
                    if "momentum" not in group and "betas" not in group:
                        raise ValueError("optimizer must support momentum or beta1 with `cycle_momentum` option enabled")
                    group.update(max_momentum=high, base_momentum=low)
                    _set_momentum(group, high)
        super().__init__(optimizer, last_epoch)

    def _check(self):
        if self.last_epoch > self.total_steps:
            raise ValueError(f"Tried to step {self.last_epoch} times. The specified number of total steps is {self.total_steps}")

    def rate(self, group: dict[str, Any], base: float) -> float:
        self._check()
        between = _cosine if self.anneal_strategy == "cos" else _straight
        rates = group["initial_lr"], group["max_lr"], group["min_lr"]
        start = 0.0
        for k, (end, first, last) in enumerate(self._phases):
            if self.last_epoch <= end or k == len(self._phases) - 1:
                part = (self.last_epoch - start) / (end - start)
                if self.cycle_momentum:
                    momenta = group["max_momentum"], group["base_momentum"], group["max_momentum"]
                    _set_momentum(group, between(momenta[first], momenta[last], part))
                return between(rates[first], rates[last], part)
            start = end
        return group["lr"]


def _set_momentum(group, value):
    if "betas" in group:
        group["betas"] = (value, *group["betas"][1:])
    else:
        group["momentum"] = value


class CyclicLR(LRScheduler):
    """Let the rates go up and down between two numbers, step by step.

    Parameters
    ----------
    optimizer : Optimizer
        Its parameter groups get the new learning rates.
    base_lr, max_lr : float or sequence of float
        Lowest and highest rates.
    step_size_up : int, optional
        Steps up.
    step_size_down : int, optional
        Steps down; as many as up by default.
    mode : {"triangular", "triangular2", "exp_range"}, optional
        Whether cycles are equal, halved each time, or shrink by `gamma` each step.
    gamma : float, optional
        The factor of "exp_range".
    scale_fn : callable, optional
        Another factor of the height, in the place of `mode`.
    scale_mode : {"cycle", "iterations"}, optional
        What `scale_fn` is a function of.
    cycle_momentum : bool, optional
        Whether the momentum goes the other way.
    base_momentum, max_momentum : float or sequence of float, optional
        Lowest and highest momentum.
    last_epoch : int, optional
        -1 to start; see `LRScheduler`.

    Raises
    ------
    ValueError
        If options do not fit.

    References
    ----------
    Smith, "Cyclical learning rates for training neural networks", WACV 2017.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        base_lr: float | Sequence[float],
        max_lr: float | Sequence[float],
        step_size_up: int = 2000,
        step_size_down: int | None = None,
        mode: str = "triangular",
        gamma: float = 1.0,
        scale_fn: Callable[[float], float] | None = None,
        scale_mode: str = "cycle",
        cycle_momentum: bool = True,
        base_momentum: float | Sequence[float] = 0.8,
        max_momentum: float | Sequence[float] = 0.9,
        last_epoch: int = -1,
    ) -> None:
        if mode not in ("triangular", "triangular2", "exp_range") and scale_fn is None:
            raise ValueError("mode is invalid and scale_fn is None")
        n, up = len(optimizer.param_groups), float(step_size_up)
        self.total_size = up + float(step_size_up if step_size_down is None else step_size_down)
        self.step_ratio, self.mode, self.gamma, self.scale_fn = up / self.total_size, mode, gamma, scale_fn
        self.scale_mode = scale_mode if scale_fn is not None else "iterations" if mode == "exp_range" else "cycle"
        self.cycle_momentum = cycle_momentum
        self.max_lrs, lowest = _each("max_lr", max_lr, n), _each("base_lr", base_lr, n)
        self.base_momentums, self.max_momentums = _each("base_momentum", base_momentum, n), _each("max_momentum", max_momentum, n)
        for group, rate, momentum in zip(optimizer.param_groups, lowest, self.max_momentums):
            if last_epoch == -1:
                group["lr"] = group["initial_lr"] = rate
            if cycle_momentum:
                if "momentum" not in group and "betas" not in group:
                    raise ValueError("optimizer must support momentum or beta1 with `cycle_momentum` option enabled")
                _set_momentum(group, momentum)
        super().__init__(optimizer, last_epoch)

    def _scale(self, x):
        if self.scale_fn is not None:
            return self.scale_fn(x)
        return {"triangular": 1.0, "triangular2": 1.0 / 2.0 ** (x - 1.0), "exp_range": self.gamma**x}[self.mode]

    def rate(self, group: dict[str, Any], base: float) -> float:
        k = next(k for k, g in enumerate(self.optimizer.param_groups) if g is group)
        cycle = math.floor(1 + self.last_epoch / self.total_size)
        place = 1.0 + self.last_epoch / self.total_size - cycle
        part = place / self.step_ratio if place <= self.step_ratio else (place - 1.0) / (self.step_ratio - 1.0)
        scale = self._scale(cycle if self.scale_mode == "cycle" else self.last_epoch)
        if self.cycle_momentum:
            low, high = self.base_momentums[k], self.max_momentums[k]
            _set_momentum(group, high - (high - low) * part * scale)
        return base + (self.max_lrs[k] - base) * part * scale


class CosineAnnealingWarmRestarts(LRScheduler):
    """Let the rates follow half a cosine down, and start again.

    Parameters
    ----------
    optimizer : Optimizer
        Its parameter groups get the new learning rates.
    T_0 : int
        Epochs until the first start.
    T_mult : int, optional
        Factor of that number at each start.
    eta_min : float, optional
        Lowest rate.
    last_epoch : int, optional
        -1 to start; see `LRScheduler`.

    Raises
    ------
    ValueError
        If `T_0` or `T_mult` is no positive int.

    References
    ----------
    Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017.
    """

    def __init__(self, optimizer: Optimizer, T_0: int, T_mult: int = 1, eta_min: float = 0.0, last_epoch: int = -1) -> None:
        if T_0 <= 0 or not isinstance(T_0, int):
            raise ValueError(f"Expected positive integer T_0, but got {T_0}")
        if T_mult < 1 or not isinstance(T_mult, int):
            raise ValueError(f"Expected integer T_mult >= 1, but got {T_mult}")
        self.T_0, self.T_i, self.T_mult, self.eta_min, self.T_cur = T_0, T_0, T_mult, eta_min, float(last_epoch)
        self._fraction = 0.0
        super().__init__(optimizer, last_epoch)

    def rate(self, group: dict[str, Any], base: float) -> float:
        self.T_cur, self.T_i = self._place(self.last_epoch + self._fraction)
        return self.eta_min + (base - self.eta_min) * (1.0 + math.cos(math.pi * self.T_cur / self.T_i)) / 2.0

    def _place(self, epoch):
        """Epochs since the last start, and from that to the next."""
        length = self.T_0
        while epoch >= length:
            epoch -= length
            length *= self.T_mult
        return epoch, length

    def step(self, epoch: float | None = None) -> None:
        """Go to the next epoch, or to a place in one, and set the learning rates.

        Parameters
        ----------
        epoch : float, optional
            The place: a number of epochs and a fraction.

        Raises
        ------
        ValueError
            If it is negative.
        """
        if epoch is not None and epoch < 0:
            raise ValueError(f"Expected non-negative epoch, but got {epoch}")
        self._wholly(self._go_to, epoch)

    def _go_to(self, epoch):
        if epoch is None:
            self._fraction = 0.0
            super().step()
        else:
            self.last_epoch, self._fraction = math.floor(epoch) - 1, epoch - math.floor(epoch)
            self._next()
