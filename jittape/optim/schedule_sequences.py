"""Schedules made of other schedules."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from .schedules import LRScheduler

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .optimizer import Optimizer


def _check(name, schedulers, optimizer):
    if not schedulers:
        raise ValueError(f"{name} expects at least one scheduler to be chained, but got no scheduler.")
    for k, schedule in enumerate(schedulers):
        if not isinstance(schedule, LRScheduler):
            raise ValueError(
                f"{name} does not support {type(schedule).__name__}, got one at index {k}, expected schedules whose `step` takes "
                "no arguments: step that one on its own"
            )
        if getattr(schedule, "optimizer", None) is not optimizer:
            raise ValueError(
                f"{name} expects all schedulers to belong to the same optimizer, but got scheduler "
                f"{type(schedule).__name__} at index {k} with another one"
            )


class _Made(LRScheduler):
    """What schedules of schedules share: their state is that of the parts."""

    def _schedules(self):
        return [self, *[one for schedule in self._schedulers for one in schedule._schedules()]]

    def state_dict(self) -> dict[str, Any]:
        state = {k: v for k, v in vars(self).items() if k not in ("optimizer", "schedulers", "_schedulers")}
        return {**state, "_schedulers": [schedule.state_dict() for schedule in self._schedulers]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        self._wholly(self._load, dict(state_dict))

    def _load(self, state):
        for schedule, part in zip(self._schedulers, state.pop("_schedulers")):
            schedule.load_state_dict(part)
        vars(self).update(state)


class SequentialLR(_Made):
    """Schedules that follow each other at given epochs.

    Parameters
    ----------
    optimizer : Optimizer
        Its parameter groups get the new learning rates.
    schedulers : sequence of LRScheduler
        The schedules, all of this optimiser.
    milestones : sequence of int
        Epochs at which the next one takes over.
    last_epoch : int, optional
        -1 to start.

    Raises
    ------
    ValueError
        If the schedules are of other optimisers, or there are not as many epochs as changes.
    """

    def __init__(
        self, optimizer: Optimizer, schedulers: Sequence[LRScheduler], milestones: Sequence[int], last_epoch: int = -1
    ) -> None:
        schedulers = list(schedulers)
        _check("SequentialLR", schedulers, optimizer)
        if len(milestones) != len(schedulers) - 1:
            raise ValueError(
                "Sequential Schedulers expects number of schedulers provided to be one more than the number of milestone points, "
                f"but got number of schedulers {len(schedulers)} and the number of milestones to be equal to {len(milestones)}"
            )
        self.optimizer, self._schedulers, self._milestones = optimizer, schedulers, list(milestones)
        self._wholly(self._start, last_epoch + 1)

    def _start(self, epoch):
        self.last_epoch = epoch
        for group in self.optimizer.param_groups:
            group["lr"] = group["initial_lr"]
        for schedule in self._schedulers:
            schedule.last_epoch -= 1
        self._schedulers[0]._next()
        self._last_lr = self._schedulers[0].get_last_lr()

    def step(self) -> None:
        """Go to the next epoch and set the learning rates."""
        self._wholly(self._next)

    def _next(self):
        self.last_epoch += 1
        k = bisect_right(self._milestones, self.last_epoch)
        schedule = self._schedulers[k]
        if k > 0 and self._milestones[k - 1] == self.last_epoch:
            schedule.begin()
        else:
            schedule.step()
        self._last_lr = schedule.get_last_lr()


class ChainedScheduler(_Made):
    """Schedules that all go on together.

    Parameters
    ----------
    schedulers : sequence of LRScheduler
        The schedules.
    optimizer : Optimizer, optional
        Whose they are; that of the first by default.

    Raises
    ------
    ValueError
        If there are none, or they are of several optimisers.
    """

    def __init__(self, schedulers: Sequence[LRScheduler], optimizer: Optimizer | None = None) -> None:
        schedulers = list(schedulers)
        self.optimizer = optimizer or (schedulers[0].optimizer if schedulers else None)
        _check("ChainedScheduler", schedulers, self.optimizer)
        self._schedulers = schedulers
        self._last_lr = [group["lr"] for group in self.optimizer.param_groups]

    def step(self) -> None:
        """Go to the next epoch and set the learning rates."""
        self._wholly(self._next)

    def _next(self):
        for schedule in self._schedulers:
            schedule.step()
        self._last_lr = [group["lr"] for group in self.optimizer.param_groups]
