"""Samplers: the order in which the examples of a data set come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from ...ops.random_generators import drawn_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence, Sized
    from typing import Any

    from ...ops.random_generators import Generator

S = TypeVar("S", covariant=True)


class Sampler(Generic[S]):
    """Base class of samplers: define ``__iter__``, which gives numbers of examples.

    Parameters
    ----------
    data_source : Dataset, optional
        Without effect.
    """

    def __init__(self, data_source: Any = None) -> None:
        pass

    def __iter__(self) -> Iterator[S]:
        raise NotImplementedError("Subclasses of Sampler should implement __iter__.")


class SequentialSampler(Sampler[int]):
    """All examples in their order.

    Parameters
    ----------
    data_source : Dataset
        What is sampled.
    """

    def __init__(self, data_source: Sized) -> None:
        self.data_source = data_source

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self.data_source)))

    def __len__(self) -> int:
        return len(self.data_source)


class RandomSampler(Sampler[int]):
    """Examples in random order.

    Parameters
    ----------
    data_source : Dataset
        What is sampled.
    replacement : bool, optional
        Whether an example may come several times.
    num_samples : int, optional
        How many; all by default.
    generator : Generator, optional
        Where numbers are drawn from.

    Raises
    ------
    ValueError
        If the number is not positive.
    """

    def __init__(
        self, data_source: Sized, replacement: bool = False, num_samples: int | None = None, generator: Generator | None = None
    ) -> None:
        self.data_source, self.replacement, self.generator = data_source, replacement, generator
        self.num_samples = len(data_source) if num_samples is None else num_samples
        if not isinstance(self.num_samples, int) or self.num_samples <= 0:
            raise ValueError(f"num_samples should be a positive integer value, but got num_samples={self.num_samples}")

    def __iter__(self) -> Iterator[int]:
        rng, n, left = drawn_from(self.generator), len(self.data_source), self.num_samples
        if self.replacement:
            yield from rng.integers(0, n, left).tolist()
            return
        while left > 0:
            order = rng.permutation(n).tolist()[:left]
            left -= len(order)
            yield from order

    def __len__(self) -> int:
        return self.num_samples


class SubsetRandomSampler(Sampler[int]):
    """Some examples in random order.

    Parameters
    ----------
    indices : sequence of int
        Which.
    generator : Generator, optional
        Where numbers are drawn from.
    """

    def __init__(self, indices: Sequence[int], generator: Generator | None = None) -> None:
        self.indices, self.generator = indices, generator

    def __iter__(self) -> Iterator[int]:
        for k in drawn_from(self.generator).permutation(len(self.indices)).tolist():
            yield self.indices[k]

    def __len__(self) -> int:
        return len(self.indices)


class WeightedRandomSampler(Sampler[int]):
    """Examples with given probabilities.

    Parameters
    ----------
    weights : sequence of float
        Probabilities, up to a factor.
    num_samples : int
        How many are drawn.
    replacement : bool, optional
        Whether an example may come several times.
    generator : Generator, optional
        Where numbers are drawn from.

    Raises
    ------
    ValueError
        If the number is not positive.
    """

    def __init__(
        self, weights: Sequence[float], num_samples: int, replacement: bool = True, generator: Generator | None = None
    ) -> None:
        if not isinstance(num_samples, int) or isinstance(num_samples, bool) or num_samples <= 0:
            raise ValueError(f"num_samples should be a positive integer value, but got num_samples={num_samples}")
        self.weights = np.array([float(w) for w in weights])
        self.num_samples, self.replacement, self.generator = num_samples, replacement, generator

    def __iter__(self) -> Iterator[int]:
        p = self.weights / self.weights.sum()
        return iter(drawn_from(self.generator).choice(len(p), self.num_samples, self.replacement, p).tolist())

    def __len__(self) -> int:
        return self.num_samples


class BatchSampler(Sampler["list[int]"]):
    """Batches of what a sampler gives.

    Parameters
    ----------
    sampler : iterable of int
        The sampler.
    batch_size : int
        Examples of a batch.
    drop_last : bool
        Whether a last batch with fewer is left out.

    Raises
    ------
    ValueError
        If the size is not positive, or `drop_last` no bool.
    """

    def __init__(self, sampler: Iterable[int], batch_size: int, drop_last: bool) -> None:
        if not isinstance(batch_size, int) or isinstance(batch_size, bool) or batch_size <= 0:
            raise ValueError(f"batch_size should be a positive integer value, but got batch_size={batch_size}")
        if not isinstance(drop_last, bool):
            raise ValueError(f"drop_last should be a boolean value, but got drop_last={drop_last}")
        self.sampler, self.batch_size, self.drop_last = sampler, batch_size, drop_last

    def __iter__(self) -> Iterator[list[int]]:
        batch: list[int] = []
        for k in self.sampler:
            batch.append(k)
            if len(batch) == self.batch_size:
                yield batch
                batch = []
        if batch and not self.drop_last:
            yield batch

    def __len__(self) -> int:
        n = len(self.sampler)  # type: ignore[arg-type]
        return n // self.batch_size if self.drop_last else -(-n // self.batch_size)
