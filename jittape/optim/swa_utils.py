"""PyTorch's namespace of averages of parameters over the steps of an optimiser."""

from __future__ import annotations

import copy
import math
from typing import TYPE_CHECKING

from ..autograd.grad_mode import no_grad
from ..nn.module import Module
from ..ops.creation import tensor
from .schedules import LRScheduler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from ..tensors.tensor import Tensor
    from .optimizer import Optimizer

__all__ = [
    "AveragedModel",
    "SWALR",
    "get_ema_avg_fn",
    "get_ema_multi_avg_fn",
    "get_swa_avg_fn",
    "get_swa_multi_avg_fn",
    "update_bn",
]


def __dir__():
    return __all__


def _check_decay(decay):
    if not 0.0 <= decay <= 1.0:
        raise ValueError(f"Invalid decay value {decay} provided. Please provide a value in [0,1] range.")


def get_ema_avg_fn(decay: float = 0.999) -> Callable[[Tensor, Tensor, Tensor], Tensor]:
    """Make the function of exponential moving averages, for `AveragedModel`.

    Parameters
    ----------
    decay : float, optional
        What is left of the average, between 0 and 1.

    Returns
    -------
    callable
        ``average(averaged, current, n)``.

    Raises
    ------
    ValueError
        If `decay` is not between 0 and 1.
    """
    _check_decay(decay)

    def average(averaged, current, n):
        return decay * averaged + (1.0 - decay) * current

    return average


def get_swa_avg_fn() -> Callable[[Tensor, Tensor, Tensor], Tensor]:
    """Make the function of means, for `AveragedModel`.

    Returns
    -------
    callable
        ``average(averaged, current, n)``, where `n` values have been averaged.
    """

    def average(averaged, current, n):
        return averaged + (current - averaged) / (n + 1)

    return average


def _of_many(average):
    def averages(averaged, current, n):
        for mean, value in zip(averaged, current):
            if mean.dtype.kind in "fc":
                mean.copy_(average(mean, value, n))
            else:
                mean.copy_(value)

    return averages


def get_ema_multi_avg_fn(decay: float = 0.999) -> Callable[[list[Tensor], list[Tensor], Tensor], None]:
    """Make the function that updates exponential moving averages of many tensors, in place, for `AveragedModel`.

    Parameters
    ----------
    decay : float, optional
        What is left of the average, between 0 and 1.

    Returns
    -------
    callable
        ``averages(averaged, current, n)``, of lists.

    Raises
    ------
    ValueError
        If `decay` is not between 0 and 1.
    """
    return _of_many(get_ema_avg_fn(decay))


def get_swa_multi_avg_fn() -> Callable[[list[Tensor], list[Tensor], Tensor], None]:
    """Make the function that updates means of many tensors, in place, for `AveragedModel`.

    Returns
    -------
    callable
        ``averages(averaged, current, n)``, of lists.
    """
    return _of_many(get_swa_avg_fn())


class AveragedModel(Module):
    """A copy of a module whose parameters are averages over those of the module.

    Parameters
    ----------
    model : Module
        What is copied.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    avg_fn : callable, optional
        ``avg_fn(averaged, current, n)`` returns the new average of one parameter; by default the mean.
    multi_avg_fn : callable, optional
        ``multi_avg_fn(averaged, current, n)`` updates lists of parameters in place.
    use_buffers : bool, optional
        Whether buffers are averaged, too; otherwise they are copied.

    Attributes
    ----------
    module : Module
        The copy.
    n_averaged : Tensor
        How often it was updated.

    References
    ----------
    Izmailov et al., "Averaging weights leads to wider optima and better generalization", 2018.

    Examples
    --------
    >>> import jittape as jt
    >>> model = jt.nn.Linear(1, 1, bias=False)
    >>> averaged = jt.optim.swa_utils.AveragedModel(model)
    >>> for value in (1.0, 2.0, 6.0):
    ...     _ = jt.nn.init.constant_(model.weight, value)
    ...     averaged.update_parameters(model)
    >>> averaged.module.weight.item()
    3.0
    """

    def __init__(
        self,
        model: Module,
        device: Any = None,
        avg_fn: Callable[[Tensor, Tensor, Tensor], Tensor] | None = None,
        multi_avg_fn: Callable[[list[Tensor], list[Tensor], Tensor], None] | None = None,
        use_buffers: bool = False,
    ) -> None:
        super().__init__()
        if avg_fn is not None and multi_avg_fn is not None:
            raise ValueError("Only one of avg_fn and multi_avg_fn should be provided")
        self.module = copy.deepcopy(model)
        if device is not None:
            self.module.to(device)
        self.register_buffer("n_averaged", tensor(0))
        self.avg_fn, self.multi_avg_fn, self.use_buffers = avg_fn, multi_avg_fn, use_buffers

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Call the copy.

        Parameters
        ----------
        *args, **kwargs
            What it takes.

        Returns
        -------
        object
            What it returns.
        """
        return self.module(*args, **kwargs)

    def update_parameters(self, model: Module) -> None:
        """Take the parameters of a module into the averages.

        Parameters
        ----------
        model : Module
            With parameters of the same shapes.
        """
        averages = self.multi_avg_fn or _of_many(self.avg_fn or get_swa_avg_fn())
        ours, theirs = list(self.module.parameters()), [p.detach() for p in model.parameters()]
        buffers = list(self.module.buffers()), list(model.buffers())
        with no_grad():
            if self.use_buffers:
                ours, theirs, buffers = ours + buffers[0], theirs + buffers[1], ([], [])
            if self.n_averaged.item() == 0:
                for mean, value in zip(ours, theirs):
                    mean.copy_(value)
            else:
                averages([p.detach() for p in ours], theirs, self.n_averaged)
            for mean, value in zip(*buffers):
                mean.copy_(value)
            self.n_averaged += 1


def update_bn(loader: Iterable[Any], model: Module, device: Any = None) -> None:
    """Compute the running statistics of batch norms anew, as means over batches.

    Parameters
    ----------
    loader : iterable
        Batches, or tuples and lists whose first part is one.
    model : Module
        Called with each of them, in training mode; its mode is afterwards what it was.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    """
    norms = [m for m in model.modules() if hasattr(m, "running_mean") and hasattr(m, "num_batches_tracked")]
    if not norms:
        return
    was_training, momenta = model.training, [m.momentum for m in norms]
    try:
        model.train()
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None
        for batch in loader:
            batch = batch[0] if isinstance(batch, (list, tuple)) else batch
            model(batch if device is None else batch.to(device))
    finally:
        for norm, momentum in zip(norms, momenta):
            norm.momentum = momentum
        model.train(was_training)


class SWALR(LRScheduler):
    """Let the rates go to a constant one within some epochs.

    Parameters
    ----------
    optimizer : Optimizer
        Its parameter groups get the new learning rates.
    swa_lr : float or sequence of float
        The constant rate, for all groups or for each.
    anneal_epochs : int, optional
        How many epochs it takes.
    anneal_strategy : {"cos", "linear"}, optional
        How rates change.
    last_epoch : int, optional
        -1 to start; see `LRScheduler`.

    Raises
    ------
    ValueError
        If options do not fit.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        swa_lr: float | list[float] | tuple[float, ...],
        anneal_epochs: int = 10,
        anneal_strategy: str = "cos",
        last_epoch: int = -1,
    ) -> None:
        groups = optimizer.param_groups
        rates = list(swa_lr) if isinstance(swa_lr, (list, tuple)) else [swa_lr] * len(groups)
        if len(rates) != len(groups):
            raise ValueError(f"swa_lr: expected {len(groups)} values, one for each group, got {len(rates)}")
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(f"anneal_strategy must be one of 'cos' or 'linear', instead got {anneal_strategy}")
        if not isinstance(anneal_epochs, int) or anneal_epochs < 0:
            raise ValueError(f"anneal_epochs must be equal or greater than 0, got {anneal_epochs}")
        for group, rate in zip(groups, rates):
            group["swa_lr"] = rate
        self.anneal_epochs, self.anneal_strategy = anneal_epochs, anneal_strategy
        super().__init__(optimizer, last_epoch)

    def _part(self, epoch):
        part = max(0.0, min(1.0, epoch / max(1, self.anneal_epochs)))
        return 0.5 * (1.0 - math.cos(math.pi * part)) if self.anneal_strategy == "cos" else part

    def rate(self, group: dict[str, Any], base: float) -> float:
        step = max(1, self.last_epoch) if self.anneal_epochs == 0 else self.last_epoch
        before, now, constant = self._part(step - 1), self._part(step), group["swa_lr"]
        start = constant if before == 1.0 else (group["lr"] - before * constant) / (1.0 - before)
        return constant * now + start * (1.0 - now)
