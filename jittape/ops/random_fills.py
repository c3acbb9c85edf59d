"""Filling tensors with random numbers, in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..tensors.tensor import Tensor
from .assignment import write
from .operation_names import method
from .random_generators import drawn_from

if TYPE_CHECKING:
    from ..typing import Number, TensorLike
    from .random_generators import Generator


@method()
def bernoulli_(self: Tensor, p: TensorLike = 0.5, *, generator: Generator | None = None) -> Tensor:
    """Fill with ones, with given probabilities, and zeros elsewhere, in place.

    Parameters
    ----------
    p : float or Tensor, optional
        The probabilities.
    generator : Generator, optional
        Where numbers are drawn from; by default what `manual_seed` seeds.

    Returns
    -------
    Tensor
        The tensor itself.
    """
    p = p._value() if isinstance(p, Tensor) else p
    return write(self, np.asarray(drawn_from(generator).random(tuple(self.shape)) < p, self.dtype))


@method(keywords="lambd=rate")
def exponential_(self: Tensor, rate: Number = 1.0, *, generator: Generator | None = None) -> Tensor:
    """Fill with exponential random numbers, in place.

    Parameters
    ----------
    rate : float, optional
        One over the mean.
    generator : Generator, optional
        Where numbers are drawn from; by default what `manual_seed` seeds.

    Returns
    -------
    Tensor
        The tensor itself.
    """
    return write(self, np.asarray(drawn_from(generator).exponential(1.0 / rate, tuple(self.shape)), self.dtype))


@method(keywords="from=low to=high")
def random_(self: Tensor, low: int = 0, high: int | None = None, *, generator: Generator | None = None) -> Tensor:
    """Fill with random integers, in place.

    Parameters
    ----------
    low : int, optional
        The smallest; one more than the largest if there is one number only.
    high : int, optional
        One more than the largest.
    generator : Generator, optional
        Where numbers are drawn from; by default what `manual_seed` seeds.

    Returns
    -------
    Tensor
        The tensor itself.
    """
    if high is None:
        low, high = (0, low) if low else (0, 2**53 if self.dtype.kind == "f" else np.iinfo(self.dtype).max)
    return write(self, np.asarray(drawn_from(generator).integers(low, high, tuple(self.shape)), self.dtype))
