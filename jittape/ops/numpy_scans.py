"""NumPy's sequences of numbers: those between two ends that may be differentiated, and sums and products along an axis."""

import numpy as np

from ..dtypes import as_dtype
from .array_protocols import call, in_dtype
from .moved_elements import plain
from .numpy_products import if_there
from .numpy_shapes import as_numpy
from .numpy_statistics import operand


@as_numpy(np.linspace)
def _linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0, *, device=None):
    model = np.linspace(plain(start), plain(stop), num, endpoint, axis=axis)  # also NumPy's errors
    start, stop = (in_dtype(operand(x), model.dtype, "unsafe") for x in (start, stop))
    gaps = num - 1 if endpoint else num
    span = stop - start
    places = np.reshape(np.arange(num, dtype=model.dtype), (-1,) + (1,) * np.ndim(span))
    step = span / gaps if gaps > 0 else np.nan * span
    value = places * step + start if gaps > 0 else places * span + start
    if endpoint and num > 1:
        value = np.concatenate([value[:-1], np.expand_dims(np.broadcast_to(stop, np.shape(span)), 0)])
    value = _converted(np.moveaxis(value, 0, axis), dtype)
    return (value, step) if retstep else value


def _converted(value, dtype):
    if dtype is None or as_dtype(dtype) == value.dtype:
        return value
    return in_dtype(np.floor(value) if np.issubdtype(dtype, np.integer) else value, dtype, "unsafe")


@as_numpy(np.logspace)
def _logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    dtype = np.logspace(plain(start), plain(stop), 1, base=plain(base), dtype=dtype).dtype
    base = operand(base)
    if np.ndim(base):
        rank = np.broadcast(plain(operand(start)), plain(operand(stop)), plain(base)).ndim
        start, stop = (np.reshape(operand(x), (1,) * (rank - np.ndim(x)) + tuple(np.shape(x))) for x in (start, stop))
        base = np.expand_dims(base, axis)
    return _converted(np.power(base, np.linspace(start, stop, num, endpoint, axis=axis)), dtype)


@as_numpy(np.geomspace)
def _geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    model = np.geomspace(plain(start), plain(stop), num, endpoint, axis=axis)  # also NumPy's errors
    start, stop = (in_dtype(operand(x), model.dtype, "unsafe") for x in (start, stop))
    sign = np.sign(plain(start))
    if (np.sign(plain(stop)) != sign).any():
        raise TypeError("numpy.geomspace: got ends of different signs, expected one sign: complex numbers are not differentiated")
    ends = [np.log10(x * sign) for x in (start, stop)]
    value = np.moveaxis(np.power(10.0, np.linspace(*ends, num, endpoint)), 0, -1)
    shape = np.shape(value)[:-1]
    first, last = (np.expand_dims(np.broadcast_to(x * sign, shape), -1) for x in (start, stop))
    if num > 1 and endpoint:
        value = np.concatenate([first, value[..., 1:-1], last], -1)
    elif num > 0:
        value = np.concatenate([first, value[..., 1:]], -1)
    value = value * (sign if np.ndim(sign) == 0 else np.expand_dims(np.broadcast_to(sign, shape), -1))
    return _converted(np.moveaxis(value, -1, axis), model.dtype if dtype is None else dtype)


def _cumulative(scan, neutral):
    def cumulative(x, /, *, axis=None, dtype=None, out=None, include_initial=False):
        x = np.atleast_1d(operand(x))
        if axis is None:
            if x.ndim > 1:
                raise ValueError("For arrays which have more than one dimension ``axis`` argument is required.")
            axis = 0
        value = scan(x, axis=axis, dtype=dtype)
        if include_initial:
            shape = tuple(1 if k == axis % x.ndim else n for k, n in enumerate(x.shape))
            value = np.concatenate([np.full(shape, neutral, value.dtype), value], axis)
        return value if out is None else call(np.positive, value, out=out)

    return cumulative


for _name, _scan, _neutral in (("cumulative_sum", np.cumsum, 0), ("cumulative_prod", np.cumprod, 1)):
    for _theirs in if_there(np, _name):
        as_numpy(_theirs)(_cumulative(_scan, _neutral))


def _unstack(x, /, *, axis=0):
    if not np.ndim(x):
        raise ValueError("Input array must be at least 1-d.")
    return tuple(np.moveaxis(x, axis, 0))


for _theirs in if_there(np, "unstack"):
    as_numpy(_theirs)(_unstack)
