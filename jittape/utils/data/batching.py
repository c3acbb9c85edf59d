"""Batches of examples: the loader, and how examples are put together."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from ...ops.creation import as_tensor, tensor
from ...ops.split_and_stack import stack
from ...tensors.tensor import Tensor
from .datasets import IterableDataset
from .samplers import BatchSampler, RandomSampler, SequentialSampler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from ...ops.random_generators import Generator


def default_convert(data: Any) -> Any:
    """Turn arrays into Tensors, in whatever they lie.

    Parameters
    ----------
    data : object
        An array, or a tree of arrays and anything else.

    Returns
    -------
    object
        The same with Tensors.
    """
    if isinstance(data, (np.ndarray, np.generic)):
        return as_tensor(np.asarray(data)) if np.asarray(data).dtype.kind in "biufc" else data
    if isinstance(data, dict):
        return {k: default_convert(v) for k, v in data.items()}
    if isinstance(data, tuple):
        parts = [default_convert(v) for v in data]
        return type(data)(*parts) if hasattr(data, "_fields") else tuple(parts)
    return [default_convert(v) for v in data] if isinstance(data, list) else data


def default_collate(batch: Any) -> Any:
    """Put examples together: Tensors, arrays and numbers along a new first axis, containers part by part.

    Parameters
    ----------
    batch : sequence
        Examples of one form.

    Returns
    -------
    object
        Of the form of an example.

    Raises
    ------
    RuntimeError
        If examples have different numbers of parts.
    TypeError
        If they are something else.
    """
    first = batch[0]
    if isinstance(first, Tensor):
        return stack(list(batch))
    if isinstance(first, (np.ndarray, np.generic)) and np.asarray(first).dtype.kind in "biufc":
        return as_tensor(np.stack([np.asarray(v) for v in batch]))
    if isinstance(first, (bool, int, float)):
        return tensor(list(batch), dtype=np.float64) if isinstance(first, float) else tensor(list(batch))
    if isinstance(first, (str, bytes)):
        return list(batch)
    if isinstance(first, dict):
        return {k: default_collate([v[k] for v in batch]) for k in first}
    if isinstance(first, (tuple, list)):
        if any(len(v) != len(first) for v in batch):
            raise RuntimeError("each element in list of batch should be of equal size")
        parts = [default_collate(list(column)) for column in zip(*batch)]
        return type(first)(*parts) if hasattr(first, "_fields") else parts
    raise TypeError(f"default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found {type(first)}")


class DataLoader:
    """Batches of a data set.

    Parameters
    ----------
    dataset : Dataset or IterableDataset
        The examples.
    batch_size : int, optional
        Examples of a batch; None for single examples.
    shuffle : bool, optional
        Whether they come in random order, another one each time.
    sampler : iterable of int, optional
        The order, in the place of `shuffle`.
    batch_sampler : iterable of list of int, optional
        The batches, in the place of `batch_size`, `shuffle`, `sampler` and `drop_last`.
    num_workers : int, optional
        Threads that read examples ahead; 0 reads them when they are asked for.
    collate_fn : callable, optional
        Puts the examples of a batch together; `default_collate` by default.
    pin_memory : bool, optional
        Without effect.
    drop_last : bool, optional
        Whether a last batch with fewer examples is left out.
    timeout : float, optional
        Without effect.
    worker_init_fn : callable, optional
        Called with the number of each worker before it begins.
    multiprocessing_context : object, optional
        Without effect.
    generator : Generator, optional
        Where the random order is drawn from.
    prefetch_factor : int, optional
        Batches that are read ahead by each worker, 2 by default.
    persistent_workers : bool, optional
        Without effect.
    pin_memory_device : str, optional
        Without effect.
    in_order : bool, optional
        Without effect: batches come in order.

    Raises
    ------
    ValueError
        If options exclude each other.

    Examples
    --------
    >>> import jittape as jt
    >>> data = jt.utils.data.TensorDataset(jt.arange(5.0))
    >>> [x for (x,) in jt.utils.data.DataLoader(data, batch_size=2)]
    [tensor([0., 1.]), tensor([2., 3.]), tensor([4.])]
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int | None = 1,
        shuffle: bool | None = None,
        sampler: Iterable[int] | None = None,
        batch_sampler: Iterable[list[int]] | None = None,
        num_workers: int = 0,
        collate_fn: Callable[[Any], Any] | None = None,
        pin_memory: bool = False,
        drop_last: bool = False,
        timeout: float = 0,
        worker_init_fn: Callable[[int], Any] | None = None,
        multiprocessing_context: Any = None,
        generator: Generator | None = None,
        *,
        prefetch_factor: int | None = None,
        persistent_workers: bool = False,
        pin_memory_device: str = "",
        in_order: bool = True,
    ) -> None:
        if num_workers < 0:
            raise ValueError("num_workers option should be non-negative; use num_workers=0 to disable multiprocessing.")
        if prefetch_factor is not None and num_workers == 0:
            raise ValueError("prefetch_factor option could only be specified in multiprocessing: let num_workers > 0")
        self.dataset, self.batch_size, self.drop_last, self.num_workers = dataset, batch_size, drop_last, num_workers
        self.worker_init_fn, self.generator, self.prefetch_factor = worker_init_fn, generator, prefetch_factor
        is_iterable = isinstance(dataset, IterableDataset)
        self._check(is_iterable, shuffle, sampler, batch_sampler)
        if batch_sampler is not None:
            self.batch_size, self.drop_last = None, False
        elif not is_iterable:
            if sampler is None:
                sampler = RandomSampler(dataset, generator=generator) if shuffle and len(dataset) else SequentialSampler(dataset)
            if batch_size is not None:
                batch_sampler = BatchSampler(sampler, batch_size, drop_last)
        self.sampler, self.batch_sampler = sampler, batch_sampler
        batched = batch_size is not None or batch_sampler is not None
        self.collate_fn = collate_fn or (default_collate if batched else default_convert)

    def _check(self, is_iterable, shuffle, sampler, batch_sampler):
        """Raise for options that exclude each other."""
        if is_iterable and shuffle:
            raise ValueError(f"DataLoader with IterableDataset: expected unspecified shuffle option, but got shuffle={shuffle}")
        if sampler is not None and shuffle:
            raise ValueError("sampler option is mutually exclusive with shuffle")
        if batch_sampler is not None and (self.batch_size != 1 or shuffle or sampler is not None or self.drop_last):
            raise ValueError("batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last")
        if self.batch_size is None and self.drop_last:
            raise ValueError("batch_size=None option disables auto-batching and is mutually exclusive with drop_last")

    def __len__(self) -> int:
        if self.batch_sampler is not None:
            return len(self.batch_sampler)  # type: ignore[arg-type]
        n = len(self.dataset)
        if self.sampler is not None:
            return len(self.sampler)  # type: ignore[arg-type]
        return n if self.batch_size is None else n // self.batch_size if self.drop_last else -(-n // self.batch_size)

    def __iter__(self) -> Iterator[Any]:
        if isinstance(self.dataset, IterableDataset):
            return self._iterated()
        if self.batch_sampler is None:
            return self._read(self._example, self.sampler)
        return self._read(self._batch, self.batch_sampler)

    def _iterated(self):
        examples = iter(self.dataset)
        if self.batch_size is None:
            yield from map(self.collate_fn, examples)
            return
        while batch := list(itertools.islice(examples, self.batch_size)):
            if len(batch) == self.batch_size or not self.drop_last:
                yield self.collate_fn(batch)

    def _example(self, index):
        return self.collate_fn(self.dataset[index])

    def _batch(self, indices):
        found = getattr(self.dataset, "__getitems__", None)
        return self.collate_fn([self.dataset[k] for k in indices] if found is None else found(indices))

    def _read(self, read, order):
        """What `read` makes of the members of an order, by threads ahead of the caller if there are workers."""
        if not self.num_workers:
            yield from map(read, order)
            return
        from concurrent.futures import ThreadPoolExecutor  # takes as long to load as all of this folder

        numbers = itertools.count()
        start = None if self.worker_init_fn is None else lambda: self.worker_init_fn(next(numbers))
        ahead, order = self.num_workers * (self.prefetch_factor or 2), iter(order)
        with ThreadPoolExecutor(self.num_workers, "jittape-data", start) as pool:
            waiting = [pool.submit(read, member) for member in itertools.islice(order, ahead)]
            while waiting:
                found = waiting.pop(0).result()
                waiting += [pool.submit(read, member) for member in itertools.islice(order, 1)]
                yield found
