"""Moves between layouts with as few axes as possible: the cost of a move grows with the number of its innermost runs."""

import functools

from ...memory.layouts import LAYOUTS, intern


@functools.lru_cache(1 << 16)
def coalesced(layout, shape):
    """A layout broadcast to another shape, and that shape, with neighbouring axes joined where memory allows it.

    The flat order of elements is kept.
    """
    own, lengths = LAYOUTS[layout], LAYOUTS[shape].shape
    lead = len(lengths) - len(own.shape)
    axes = []
    for k, n in enumerate(lengths):
        step = own.strides[k - lead] if k >= lead and own.shape[k - lead] != 1 else 0
        if n == 1:
            continue
        if axes and axes[-1][1] == step * n:
            axes[-1] = (axes[-1][0] * n, step)
        else:
            axes.append((n, step))
    shape = tuple(n for n, _ in axes)
    return intern(shape, tuple(step for _, step in axes)), intern(shape)
