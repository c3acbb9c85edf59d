"""`numpy.pad` on Tensors: modes that copy elements by their positions, modes that compute with them axis by axis."""

import numpy as np

from ..tensors.tensor import Tensor, wrap
from .array_protocols import as_result
from .memory_order import laid_out
from .moved_elements import ElementPositions, plain
from .numpy_shapes import as_numpy

COPYING = frozenset("constant edge reflect symmetric wrap empty".split())
COMPUTING = {"maximum": np.max, "minimum": np.min, "mean": np.mean}


@as_numpy(np.pad)
def pad(array, pad_width, mode="constant", **kwargs):
    """The elements with others around them, as `numpy.pad`."""
    if mode in COPYING and kwargs.get("reflect_type", "even") == "even":
        return _padded_by_copies(array, pad_width, mode, **kwargs)
    if mode not in COMPUTING and mode != "linear_ramp":
        what = f"mode={mode!r}" if "reflect_type" not in kwargs else f"reflect_type={kwargs['reflect_type']!r}"
        raise TypeError(
            f"numpy.pad: got {what}, expected one of {sorted(COPYING | COMPUTING.keys() | {'linear_ramp'})}, with "
            "reflect_type='even': write others with np.concatenate"
        )
    x = array if isinstance(array, Tensor) else wrap(np.asarray(array))
    np.pad(np.empty(tuple(x.shape), np.int8), pad_width, mode, **{k: 0 if k == "end_values" else v for k, v in kwargs.items()})
    ends = kwargs.get("end_values", 0) if mode == "linear_ramp" else kwargs.get("stat_length")
    widths, ends = _pairs(plain(pad_width), x.ndim), _pairs(ends, x.ndim)
    add = _ramps if mode == "linear_ramp" else _statistics
    for axis, (width, end) in enumerate(zip(widths, ends)):
        before, after = add(x, axis, width, end, COMPUTING.get(mode))
        x = as_result(np.concatenate([before, x, after], axis), ())
    return laid_out(x, "A", (array,))


def _padded_by_copies(array, pad_width, mode, **kwargs):
    if mode == "empty":
        mode = "constant"  # what NumPy leaves there is no position
    elements = ElementPositions()
    positions, dtype = elements.positions(array), elements.operands[0].dtype
    if "constant_values" in kwargs:
        kwargs["constant_values"] = elements.positions(kwargs["constant_values"])
    return elements.gather(np.pad(positions, plain(pad_width), mode, **kwargs), dtype)


def _pairs(value, axes):
    """What stands before and after each axis, from a value for all, a pair for all, or pairs; a dictionary names axes."""
    if value is None:
        return [(None, None)] * axes
    if isinstance(value, dict):
        every = [(0, 0)] * axes
        for axis, pair in value.items():
            every[axis] = tuple(np.broadcast_to(pair, 2).tolist())
        return every
    if isinstance(value, Tensor) or any(isinstance(v, Tensor) for v in np.ravel(np.asarray(value, object))):
        raise TypeError("numpy.pad: got end_values that are differentiated, expected numbers: use np.linspace and np.concatenate")
    return np.broadcast_to(value, (axes, 2)).tolist()


def _along(axis, part):
    return (slice(None),) * axis + (part,)


def _statistics(x, axis, width, lengths, statistic):
    """The maximum, minimum or mean of some elements next to each end, as often as the width asks."""
    n = x.shape[axis]
    lengths = [n if k is None else min(k, n) for k in lengths]
    parts = slice(0, lengths[0]), slice(n - lengths[1], n)
    edges = [statistic(x[_along(axis, part)], axis=axis, keepdims=True) for part in parts]
    return [np.repeat(edge, k, axis) for edge, k in zip(edges, width)]


def _ramps(x, axis, width, ends, _):
    """Steps from the end values to the elements at the edges."""
    made = []
    for edge, k, end, turned in zip((slice(0, 1), slice(-1, None)), width, ends, (False, True)):
        steps = (np.arange(k) / max(k, 1)).astype(x.dtype).reshape((-1,) + (1,) * (x.ndim - 1 - axis))
        ramp = end + (x[_along(axis, edge)] - end) * steps
        made.append(np.flip(ramp, axis) if turned else ramp)
    return made
