"""PyTorch's namespace of the state of random numbers."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from .ops.random_tensors import get_rng_state, initial_seed, manual_seed, seed, set_rng_state

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

__all__ = ["fork_rng", "get_rng_state", "initial_seed", "manual_seed", "seed", "set_rng_state"]


def __dir__():
    return __all__


@contextmanager
def fork_rng(devices: Any = None, enabled: bool = True, device_type: str = "cuda") -> Iterator[None]:
    """Context manager after which random numbers go on as if nothing had been drawn in it.

    Parameters
    ----------
    devices : sequence, optional
        Accepted for compatibility with PyTorch: there is only the CPU.
    enabled : bool, optional
        With False it does nothing.
    device_type : str, optional
        Accepted for compatibility with PyTorch.

    Yields
    ------
    None
        Nothing.

    Examples
    --------
    >>> import jittape as jt
    >>> _ = jt.manual_seed(0)
    >>> with jt.random.fork_rng():
    ...     inside = jt.rand(3)
    >>> jt.equal(inside, jt.rand(3))
    True
    """
    if not enabled:
        yield
        return
    state = get_rng_state()
    try:
        yield
    finally:
        set_rng_state(state)
