"""Sources of random numbers: generators with seeds, the library's own, and whether it may be drawn from."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
import secrets
from typing import TYPE_CHECKING

import numpy as np

from ..devices import Device
from ..numba_backend.forks import wait_before_fork
from ..tensors.tensor import Tensor, wrap

if TYPE_CHECKING:
    from typing_extensions import Self


class Generator:
    """A source of random numbers with a seed of its own.

    Parameters
    ----------
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.

    Attributes
    ----------
    device : Device
        Always "cpu".

    Examples
    --------
    >>> import jittape as jt
    >>> one, other = jt.Generator().manual_seed(3), jt.Generator().manual_seed(3)
    >>> jt.equal(jt.rand(4, generator=one), jt.rand(4, generator=other))
    True
    """

    def __init__(self, device: str = "cpu") -> None:
        if str(device).partition(":")[0] != "cpu":
            raise RuntimeError(f"got device {device!r}, expected 'cpu': jittape computes on the CPU")
        self.device = Device("cpu")
        self.manual_seed(67280421310721)  # PyTorch's

    def manual_seed(self, seed: int) -> Self:
        """Start anew from a seed.

        Parameters
        ----------
        seed : int
            The seed; a negative one counts from 2**64 down. The numbers differ from PyTorch's.

        Returns
        -------
        Generator
            This generator.
        """
        self._seed = int(seed)
        self.source = np.random.default_rng(self._seed % 2**64)
        return self

    def seed(self) -> int:
        """Start anew from a seed that the machine makes up.

        Returns
        -------
        int
            The seed.
        """
        self.manual_seed(secrets.randbits(63))
        return self._seed

    def initial_seed(self) -> int:
        """Return the seed that the generator started from.

        Returns
        -------
        int
            The seed.
        """
        return self._seed

    def get_state(self) -> Tensor:
        """Return the state.

        Returns
        -------
        Tensor of uint8
            What `set_state` takes.
        """
        state = self.source.bit_generator.state
        words = [state["state"]["state"], state["state"]["inc"]]
        text = b"".join([w.to_bytes(16, "little") for w in words] + [self._seed.to_bytes(16, "little", signed=True)])
        rest = bytes([state["has_uint32"]]) + state["uinteger"].to_bytes(4, "little")
        return wrap(np.frombuffer(text + rest, np.uint8).copy())

    def set_state(self, new_state: Tensor) -> None:
        """Go on from a state.

        Parameters
        ----------
        new_state : Tensor of uint8
            From `get_state`.

        Raises
        ------
        RuntimeError
            If it is not such a state.
        """
        if not isinstance(new_state, Tensor) or new_state.dtype != np.uint8 or tuple(new_state.shape) != (53,):
            raise RuntimeError("expected a torch.ByteTensor: RNG state must be what get_state() returned")
        text = bytes(new_state._value())
        words = [int.from_bytes(text[k : k + 16], "little") for k in (0, 16)]
        self._seed = int.from_bytes(text[32:48], "little", signed=True)
        self.source.bit_generator.state = {
            "bit_generator": "PCG64",
            "state": {"state": words[0], "inc": words[1]},
            "has_uint32": text[48],
            "uinteger": int.from_bytes(text[49:], "little"),
        }

    def clone_state(self) -> Generator:
        """Return another generator that goes on from the same state.

        Returns
        -------
        Generator
            Independent of this one.
        """
        other = Generator()
        other.set_state(self.get_state())
        return other

    def __repr__(self) -> str:
        return f"<Generator, seed {self._seed}>"


default_generator = Generator()
default_generator.seed()
_refused = ContextVar("jittape_draws_refused", default=False)
wait_before_fork(lambda: default_generator.source.bit_generator.lock)


def generator():
    """The NumPy generator that the library draws from."""
    if _refused.get():
        raise RuntimeError(
            "vmap: called random operation while in randomness error mode. Please either use the 'same' or 'different' "
            "randomness flags on vmap or perform the randomness operation out of vmap"
        )
    return default_generator.source


GENERATOR = (
    "generator",
    "Generator or numpy.random.Generator, optional",
    "Where numbers are drawn from; by default what `manual_seed` seeds.",
)


def drawn_from(given):
    """The NumPy generator that was given as ``generator=``, or the library's."""
    if given is None:
        return generator()
    if isinstance(given, Generator):
        return given.source
    if not isinstance(given, np.random.Generator):
        raise TypeError(
            f"got {type(given).__name__} as generator=, expected a jittape.Generator, or a numpy.random.Generator: "
            "jt.Generator().manual_seed(seed)"
        )
    return given


@contextmanager
def without_draws():
    """Refuse random numbers of the library's own generator; yields what is done before every example: nothing."""
    before = _refused.set(True)
    try:
        yield lambda: None
    finally:
        _refused.reset(before)


@contextmanager
def same_draws():
    """Yields a function that puts the library's generator back to where it is now."""
    bits = default_generator.source.bit_generator
    start = bits.state

    def again():
        bits.state = start

    yield again
