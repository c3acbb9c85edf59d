"""Making tensors of random numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..dtypes import as_dtype, get_default_dtype, int64
from ..tensors.tensor import Tensor
from .arguments import as_shape
from .creation import checked_shape, leaf_of, named, options_of
from .creation import check_device
from .declared_docstrings import CREATION, SIZE, docstring
from .keywords import accepting
from .operation_names import public
from .random_generators import GENERATOR, Generator, default_generator, drawn_from

if TYPE_CHECKING:
    from typing import SupportsIndex

    from ..typing import DTypeLike, ShapeLike, TensorLike


@public(method=False)
def manual_seed(seed: int) -> Generator:
    """Seed the random numbers of the library.

    Parameters
    ----------
    seed : int
        The seed. The numbers differ from PyTorch's.

    Returns
    -------
    Generator
        The library's own.
    """
    return default_generator.manual_seed(seed)


@public(method=False)
def seed() -> int:
    """Seed the random numbers of the library with a number that the machine makes up.

    Returns
    -------
    int
        The seed.
    """
    return default_generator.seed()


@public(method=False)
def initial_seed() -> int:
    """Return the seed of the random numbers of the library.

    Returns
    -------
    int
        The seed.
    """
    return default_generator.initial_seed()


@public(out="one")
def bernoulli(input: TensorLike, p: float | None = None, *, generator: Generator | np.random.Generator | None = None) -> Tensor:
    """Draw ones, with given probabilities, and zeros.

    Parameters
    ----------
    input : Tensor or ndarray
        Probabilities; or of the shape that is wanted, if `p` is given.
    p : float, optional
        One probability for all.
    generator : Generator or numpy.random.Generator, optional
        Where numbers are drawn from; by default what `manual_seed` seeds.

    Returns
    -------
    Tensor
        Of the shape and dtype of `input`; its derivative is 0.

    Raises
    ------
    RuntimeError
        If a probability is not between 0 and 1.
    """
    x = np.asarray(input._value() if isinstance(input, Tensor) else input)
    chances = x if p is None else np.full(x.shape, float(p))
    if not np.all((chances >= 0) & (chances <= 1)):
        raise RuntimeError(
            f"Expected p_in >= 0 && p_in <= 1 to be true, but got probabilities from {chances.min()} to {chances.max()}"
        )
    drawn = leaf_of((drawn_from(generator).random(x.shape) < chances).astype(x.dtype), False)
    return drawn + input * 0.0 if getattr(input, "requires_grad", False) else drawn


@public(out="one")
def multinomial(
    input: TensorLike, num_samples: int, replacement: bool = False, *, generator: Generator | np.random.Generator | None = None
) -> Tensor:
    """Draw numbers of categories, with given weights.

    Parameters
    ----------
    input : Tensor or ndarray, shape (categories,) or (n, categories)
        Weights, which need not add up to 1.
    num_samples : int
        How many are drawn, of each row.
    replacement : bool, optional
        Whether a category may come several times.
    generator : Generator or numpy.random.Generator, optional
        Where numbers are drawn from; by default what `manual_seed` seeds.

    Returns
    -------
    Tensor of int64
        The numbers.

    Raises
    ------
    RuntimeError
        If weights are negative or all 0, or there are fewer categories than are drawn.
    """
    x = np.asarray(input._value() if isinstance(input, Tensor) else input, np.float64)
    if x.ndim not in (1, 2):
        raise RuntimeError(f"prob_dist must be 1 or 2 dim: got shape {list(x.shape)}")
    if not np.all(np.isfinite(x) & (x >= 0)):
        raise RuntimeError("probability tensor contains either `inf`, `nan` or element < 0")
    rows = x.reshape(-1, x.shape[-1])
    if np.any(rows.sum(1) <= 0):
        raise RuntimeError("invalid multinomial distribution (sum of probabilities <= 0)")
    if not replacement and num_samples > x.shape[-1]:
        raise RuntimeError(
            f"cannot sample n_sample > prob_dist.size(-1) samples without replacement: got {num_samples} and {x.shape[-1]}"
        )
    if not replacement and np.any((rows > 0).sum(1) < num_samples):
        raise RuntimeError(
            "invalid multinomial distribution (with replacement=False, not enough non-negative category to sample)"
        )
    rng = drawn_from(generator)
    found = [rng.choice(x.shape[-1], num_samples, replacement, row / row.sum()) for row in rows]
    return leaf_of(np.array(found, np.int64).reshape(*x.shape[:-1], num_samples), False)


@public(method=False)
def get_rng_state() -> Tensor:
    """Return the state of the random numbers of the library.

    Returns
    -------
    Tensor of uint8
        What `set_rng_state` takes.
    """
    return default_generator.get_state()


@public(method=False)
def set_rng_state(new_state: Tensor) -> None:
    """Have the random numbers of the library go on from a state.

    Parameters
    ----------
    new_state : Tensor of uint8
        From `get_rng_state`.
    """
    default_generator.set_state(new_state)


def _random(name, draw, doc):
    @accepting("layout", "pin_memory")
    def function(*size, dtype=None, device=None, requires_grad=False, generator=None):
        check_device(device)
        shape = checked_shape(as_shape(size)) if size else ()
        values = draw(drawn_from(generator), shape)
        return leaf_of(np.asarray(values, get_default_dtype() if dtype is None else as_dtype(dtype)), requires_grad)

    about = docstring(doc, [SIZE, *CREATION, GENERATOR, *options_of("layout pin_memory")], ("Tensor", "Of that shape."))
    return public(method=False, keywords="size=*size", out="one")(named(function, name, about))


rand = _random("rand", lambda g, shape: g.random(shape), "Make a tensor of uniform random numbers in [0, 1).")
randn = _random("randn", lambda g, shape: g.standard_normal(shape), "Make a tensor of standard normal random numbers.")


@public(method=False, out="one")
@accepting("layout", "device", "pin_memory")
def randint(
    low: TensorLike,
    high: SupportsIndex | None = None,
    size: ShapeLike | None = None,
    *,
    dtype: DTypeLike | None = None,
    generator: Generator | np.random.Generator | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Make a tensor of random integers.

    ``randint(high, size)`` starts at 0.

    Parameters
    ----------
    low : int
        The smallest; 0 if `size` takes the place of `high`.
    high : int, optional
        One more than the largest.
    size : tuple of int
        Lengths of the axes; the last positional argument.
    dtype : dtype, optional
        By default int64.
    generator : Generator or numpy.random.Generator, optional
        Where numbers are drawn from; by default what `manual_seed` seeds.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.

    Returns
    -------
    Tensor
        The integers.

    Raises
    ------
    TypeError
        If `size` is not a tuple.
    """
    if size is None:
        low, high, size = 0, low, high
    if not isinstance(size, (tuple, list)):
        raise TypeError(f"randint(): argument 'size' must be tuple of ints, not {type(size).__name__}")
    values = drawn_from(generator).integers(low, high, tuple(size))
    return leaf_of(values.astype(int64 if dtype is None else as_dtype(dtype)), requires_grad)


@public(method=False, out="one")
@accepting("layout", "device", "pin_memory")
def randperm(
    n: SupportsIndex,
    *,
    dtype: DTypeLike | None = None,
    generator: Generator | np.random.Generator | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Make a random permutation.

    Parameters
    ----------
    n : int
        Number of elements.
    dtype : dtype, optional
        By default int64.
    generator : Generator or numpy.random.Generator, optional
        Where numbers are drawn from; by default what `manual_seed` seeds.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.

    Returns
    -------
    Tensor of int64, shape (n,)
        The integers from 0 to n - 1.
    """
    return leaf_of(drawn_from(generator).permutation(n).astype(int64 if dtype is None else as_dtype(dtype)), requires_grad)


@public(method=False)
@accepting("layout", "device", "memory_format", "pin_memory")
def rand_like(
    input: TensorLike,
    *,
    dtype: DTypeLike | None = None,
    requires_grad: bool = False,
    generator: Generator | np.random.Generator | None = None,
) -> Tensor:
    """Make a tensor of the shape and dtype of another, with uniform random numbers in [0, 1).

    Parameters
    ----------
    input : Tensor
        Gives shape and dtype.
    dtype : dtype, optional
        Another dtype.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.
    generator : Generator or numpy.random.Generator, optional
        Where numbers are drawn from; by default what `manual_seed` seeds.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    dtype = input.dtype if dtype is None else dtype
    return rand(tuple(input.shape), dtype=dtype, requires_grad=requires_grad, generator=generator)


@public(method=False)
@accepting("layout", "device", "memory_format", "pin_memory")
def randn_like(
    input: TensorLike,
    *,
    dtype: DTypeLike | None = None,
    requires_grad: bool = False,
    generator: Generator | np.random.Generator | None = None,
) -> Tensor:
    """Make a tensor of the shape and dtype of another, with standard normal random numbers.

    Parameters
    ----------
    input : Tensor
        Gives shape and dtype.
    dtype : dtype, optional
        Another dtype.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.
    generator : Generator or numpy.random.Generator, optional
        Where numbers are drawn from; by default what `manual_seed` seeds.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    dtype = input.dtype if dtype is None else dtype
    return randn(tuple(input.shape), dtype=dtype, requires_grad=requires_grad, generator=generator)


@public(method=False, out="one")
@accepting("layout", "device", "pin_memory")
def normal(
    mean: TensorLike = 0.0,
    std: TensorLike = 1.0,
    size: ShapeLike | None = None,
    *,
    dtype: DTypeLike | None = None,
    generator: Generator | np.random.Generator | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Make a tensor of normal random numbers.

    Parameters
    ----------
    mean, std : float, Tensor or ndarray, optional
        Mean and standard deviation; broadcast.
    size : tuple of int, optional
        Lengths of the axes; by default the broadcast shape.
    dtype : dtype, optional
        The default dtype if not given.
    generator : Generator or numpy.random.Generator, optional
        Where numbers are drawn from; by default what `manual_seed` seeds.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.

    Returns
    -------
    Tensor
        A constant.
    """
    raw = [v._value() if isinstance(v, Tensor) else v for v in (mean, std)]
    values = drawn_from(generator).normal(*raw, size=size)
    return leaf_of(np.asarray(values, get_default_dtype() if dtype is None else as_dtype(dtype)), requires_grad)
