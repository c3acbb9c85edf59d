"""Data sets: what is indexed by number, or iterated over."""

from __future__ import annotations

import bisect
import itertools
import math
from typing import TYPE_CHECKING, Generic, TypeVar

from ...ops.random_tensors import randperm
from ...tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from ...ops.random_generators import Generator

T = TypeVar("T")


class Dataset(Generic[T]):
    """Base class of data sets that are indexed: define ``__getitem__``, and ``__len__`` for those that are shuffled."""

    def __getitem__(self, index: Any) -> Any:
        raise NotImplementedError("Subclasses of Dataset should implement __getitem__.")

    def __add__(self, other: Dataset[Any]) -> ConcatDataset:
        return ConcatDataset([self, other])


class IterableDataset(Dataset[T]):
    """Base class of data sets that are iterated over: define ``__iter__``."""

    def __iter__(self) -> Iterator[T]:
        raise NotImplementedError("Subclasses of IterableDataset should implement __iter__.")


class TensorDataset(Dataset):
    """Tensors whose first axis counts the examples.

    Parameters
    ----------
    *tensors : Tensor
        Of one length along their first axis.

    Raises
    ------
    AssertionError
        If the lengths differ.

    Examples
    --------
    >>> import jittape as jt
    >>> data = jt.utils.data.TensorDataset(jt.arange(3.0), jt.tensor([0, 1, 0]))
    >>> data[1]
    (tensor(1.), tensor(1))
    """

    def __init__(self, *tensors: Tensor) -> None:
        if any(len(t) != len(tensors[0]) for t in tensors):
            raise AssertionError(f"Size mismatch between tensors: got {[len(t) for t in tensors]} examples")
        self.tensors = tensors

    def __getitem__(self, index: Any) -> tuple[Tensor, ...]:
        return tuple([t[index] for t in self.tensors])

    def __len__(self) -> int:
        return len(self.tensors[0])


class StackDataset(Dataset):
    """Several data sets side by side.

    Parameters
    ----------
    *args : Dataset
        Of one length; examples are tuples.
    **kwargs : Dataset
        By name, in the place of the others; examples are dictionaries.

    Raises
    ------
    ValueError
        If there are none, or their lengths differ.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.datasets: Any = args or kwargs
        found = list(args or kwargs.values())
        if not found or args and kwargs:
            raise ValueError("At least one dataset should be passed, either as positional or as keyword arguments")
        if len({len(d) for d in found}) > 1:
            raise ValueError("Size mismatch between datasets")
        self._length = len(found[0])

    def __getitem__(self, index: int) -> Any:
        if isinstance(self.datasets, dict):
            return {name: d[index] for name, d in self.datasets.items()}
        return tuple([d[index] for d in self.datasets])

    def __len__(self) -> int:
        return self._length


class ConcatDataset(Dataset):
    """Several data sets one after the other.

    Parameters
    ----------
    datasets : iterable of Dataset
        At least one.

    Raises
    ------
    AssertionError
        If there are none.
    """

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets = list(datasets)
        if not self.datasets:
            raise AssertionError("datasets should not be an empty iterable")
        self.cumulative_sizes = list(itertools.accumulate(len(d) for d in self.datasets))

    def __len__(self) -> int:
        return self.cumulative_sizes[-1]

    def __getitem__(self, index: int) -> Any:
        if not -len(self) <= index < len(self):
            raise IndexError(f"got index {index} of a data set of {len(self)} examples")
        index %= len(self)
        k = bisect.bisect_right(self.cumulative_sizes, index)
        return self.datasets[k][index - (self.cumulative_sizes[k - 1] if k else 0)]


class ChainDataset(IterableDataset):
    """Several iterable data sets one after the other.

    Parameters
    ----------
    datasets : iterable of IterableDataset
        Those that are iterated over.
    """

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets = datasets

    def __iter__(self) -> Iterator[Any]:
        return itertools.chain.from_iterable(self.datasets)

    def __len__(self) -> int:
        return sum(len(d) for d in self.datasets)


class Subset(Dataset):
    """Some examples of a data set.

    Parameters
    ----------
    dataset : Dataset
        The whole.
    indices : sequence of int
        Which.
    """

    def __init__(self, dataset: Any, indices: Sequence[int]) -> None:
        self.dataset, self.indices = dataset, indices

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, list):
            return self.dataset[[self.indices[k] for k in index]]
        return self.dataset[self.indices[index]]

    def __len__(self) -> int:
        return len(self.indices)


def random_split(dataset: Any, lengths: Sequence[float], generator: Generator | None = None) -> list[Subset]:
    """Divide a data set into parts at random.

    Parameters
    ----------
    dataset : Dataset
        The whole.
    lengths : sequence of int or float
        Numbers of examples, or fractions that add up to 1; what is left over goes to the first parts.
    generator : Generator, optional
        Where numbers are drawn from; by default what `jittape.manual_seed` seeds.

    Returns
    -------
    list of Subset
        The parts.

    Raises
    ------
    ValueError
        If the lengths do not add up to that of the data set.
    """
    n, counts = len(dataset), list(lengths)
    if math.isclose(sum(counts), 1.0) and sum(counts) <= 1.0 + 1e-9 and any(not float(c).is_integer() for c in counts):
        counts = [math.floor(n * c) for c in counts]
        for k in range(n - sum(counts)):
            counts[k % len(counts)] += 1
    if sum(counts) != n:
        raise ValueError("Sum of input lengths does not equal the length of the input dataset!")
    order, ends = randperm(n, generator=generator).tolist(), itertools.accumulate(counts)
    return [Subset(dataset, order[int(end - count) : int(end)]) for end, count in zip(ends, counts)]
