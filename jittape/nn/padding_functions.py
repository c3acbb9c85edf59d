"""Padding as a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..ops.arguments import as_tensor_argument
from ..ops.indexing import getitem
from ..ops.numpy_padding import pad as pad_by_numpy
from ..ops.padded_regions import embed
from ..ops.view_rules import freeze
from ..tensors.tensor import wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..tensors.tensor import Tensor
    from ..typing import TensorLike

_COPIES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}  # PyTorch's name of a mode and NumPy's


def pad(input: TensorLike, pad: Sequence[int], mode: str = "constant", value: float = 0.0) -> Tensor:
    """Surround values with a constant, or with elements of their own.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    pad : sequence of int
        Numbers of elements to add, in pairs (before, after): the first pair belongs to the last axis, the second to the one
        before it, and so on. Axes without a pair are left alone. Negative numbers cut elements off.
    mode : {"constant", "reflect", "replicate", "circular"}, optional
        How elements are filled in: mirrored at the outermost one, that one repeated, or from the other end.
    value : float, optional
        Value of the new elements.

    Returns
    -------
    Tensor
        The padded values.

    Raises
    ------
    NotImplementedError
        If `mode` is something else.
    RuntimeError
        If `pad` has an odd length, has more pairs than there are axes, or does not fit the lengths.
    """
    x, counts = as_tensor_argument(input, "pad"), [int(n) for n in pad]
    if mode != "constant" and mode not in _COPIES:
        raise NotImplementedError(f"Unrecognised padding mode {mode}: expected 'constant', {', '.join(map(repr, _COPIES))}")
    if len(counts) % 2:
        raise RuntimeError(f"Padding length must be divisible by 2: got {tuple(counts)}")
    if len(counts) > 2 * x.ndim:
        raise RuntimeError(
            "Padding length should be less than or equal to two times the input dimension but got padding length "
            f"{len(counts)} and "
            f"input of dimension {x.ndim}"
        )
    pairs = [(0, 0)] * (x.ndim - len(counts) // 2) + [(counts[k], counts[k + 1]) for k in range(len(counts) - 2, -1, -2)]
    if min(counts, default=0) < 0:
        if any(n + min(a, 0) + min(b, 0) < 0 for n, (a, b) in zip(x.shape, pairs)):
            raise RuntimeError(
                f"pad: got {tuple(counts)} for an input of size {list(x.shape)}, which cuts off more than there is"
            )
        x = getitem(x, tuple([slice(max(-a, 0), n - max(-b, 0)) for n, (a, b) in zip(x.shape, pairs)]))
        pairs = [(max(a, 0), max(b, 0)) for a, b in pairs]
    return _with_copies(x, pairs, mode) if mode != "constant" else _with_constant(x, pairs, value)


def _with_constant(x, pairs, value):
    shape = tuple(n + a + b for n, (a, b) in zip(x.shape, pairs))
    key = tuple(slice(a, a + n) for n, (a, _) in zip(x.shape, pairs))
    y = embed(x, shape, freeze(key))
    if not value:
        return y
    around = np.full(shape, float(value), y.dtype)
    around[key] = 0.0
    return y + wrap(around)


def _with_copies(x, pairs, mode):
    longest = {"reflect": -1, "replicate": None, "circular": 0}[mode]
    for k, (n, pair) in enumerate(zip(x.shape, pairs)):
        if max(pair) and (n == 0 or longest is not None and max(pair) > n + longest):
            raise RuntimeError(
                f"Padding size should be less than the corresponding input dimension, but got: padding {pair} at "
                f"dimension {k} of "
                f"input {list(x.shape)}"
            )
    return pad_by_numpy(x, pairs, _COPIES[mode])
