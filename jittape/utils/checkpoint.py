"""PyTorch's functions for values that are computed again in place of being kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..ops.random_generators import default_generator
from ..transforms.checkpointing import Checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

__all__ = ["checkpoint", "checkpoint_sequential"]


def __dir__():
    return __all__


def checkpoint(
    function: Callable[..., Any],
    *args: Any,
    use_reentrant: bool | None = None,
    context_fn: Callable[[], Any] | None = None,
    determinism_check: str = "default",
    debug: bool = False,
    early_stop: bool = True,
    preserve_rng_state: bool = True,
    **kwargs: Any,
) -> Any:
    """Call a function whose intermediate values are computed again when a sweep needs them.

    Parameters
    ----------
    function : callable
        A function or module; it must compute the same when it is called again.
    *args
        Its arguments.
    use_reentrant : bool, optional
        Without effect: there is one way, which does all that both of PyTorch's do.
    context_fn : callable, optional
        Not supported; only None.
    determinism_check : str, optional
        Without effect.
    debug, early_stop : bool, optional
        Without effect.
    preserve_rng_state : bool, optional
        Draw the same random numbers when it is called again.
    **kwargs
        Its keyword arguments.

    Returns
    -------
    object
        What the function returned.

    Raises
    ------
    ValueError
        If `context_fn` is given.

    Examples
    --------
    >>> import jittape as jt
    >>> x = jt.tensor([0.5], requires_grad=True)
    >>> jt.utils.checkpoint.checkpoint(lambda x: x.sin().exp(), x, use_reentrant=False).backward()
    >>> x.grad
    tensor([1.4174])
    """
    if context_fn is not None:
        raise ValueError("checkpoint: got a context_fn, expected None: recomputation runs in the context of the sweep")
    return Checkpoint(_SameDraws(function) if preserve_rng_state else function)(*args, **kwargs)


class _SameDraws:
    """A function that draws the same random numbers in every call but the first as it has in that."""

    def __init__(self, function):
        self.function, self.start = function, None

    def __call__(self, *args, **kwargs):
        bits = default_generator.source.bit_generator
        if self.start is None:
            self.start = bits.state
            return self.function(*args, **kwargs)
        now = bits.state
        try:
            bits.state = self.start
            return self.function(*args, **kwargs)
        finally:
            bits.state = now


def checkpoint_sequential(functions: Any, segments: int, input: Any, use_reentrant: bool | None = None, **kwargs: Any) -> Any:
    """Call a chain of functions, cut into segments of which each is checkpointed.

    Parameters
    ----------
    functions : Sequential or sequence of callables
        The chain.
    segments : int
        Number of segments; the last one is not checkpointed.
    input : Tensor
        What the first function takes.
    use_reentrant : bool, optional
        Without effect.
    **kwargs
        Options of `checkpoint`.

    Returns
    -------
    object
        What the last function returned.
    """
    chain = list(functions)
    size = max(len(chain) // segments, 1)
    for start in range(0, size * (segments - 1), size):
        input = checkpoint(_Chain(chain[start : start + size]), input, **kwargs)
    return _Chain(chain[size * (segments - 1) :])(input)


class _Chain:
    """Functions that are called one after the other."""

    def __init__(self, functions: Sequence[Callable[..., Any]]) -> None:
        self.functions = functions

    def __call__(self, value: Any) -> Any:
        for function in self.functions:
            value = function(value)
        return value
