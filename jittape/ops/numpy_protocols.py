"""NumPy's functions on Tensors: ``np.sin(t)``, ``np.sum(t, axis=0)``, ``array * t``."""

import numpy as np

from ..tensors.tensor import Tensor, wrap
from . import tensor_methods, reductions, cumulative, shape_functions, sums
from .indexing import grid_of
from .copies_and_joins import clone, convert, gather_flat
from .shape_functions import permute, split
from .operation_table import BY_NUMPY


def _name(function):
    module = getattr(function, "__module__", None) or "numpy"
    return f"{module}.{function.__name__}" if not isinstance(function, np.ufunc) else f"numpy.{function.__name__}"


def _no_rule(function, how):
    return TypeError(
        f"{how} has no rule for Tensors: got a jittape Tensor, expected a function of the operation table. Use "
        "x.detach().numpy() where no gradient is needed, write it with the functions of jittape, or declare a rule of your "
        "own with jittape.autograd.Function."
    )


def array_ufunc(self, ufunc, method, *inputs, **kwargs):
    """NumPy's protocol for ufuncs."""
    function = BY_NUMPY.get(ufunc)
    if function is not None and not kwargs and method == "__call__":
        return function(*inputs)
    out = kwargs.pop("out", None)
    if method in ("reduce", "accumulate") and (ufunc, method) in _REDUCTIONS:
        x, *rest = inputs
        axis = kwargs.pop("axis", rest[0] if rest else 0)
        return _REDUCTIONS[ufunc, method](x, axis, **{k: v for k, v in kwargs.items() if k == "keepdims"})
    if method == "outer" and function is not None:
        a, b = (x if isinstance(x, Tensor) else wrap(np.asarray(x)) for x in inputs)
        return function(shape_functions.reshape(a, tuple(a.shape) + (1,) * b.ndim), b)
    if method != "__call__" or function is None:
        raise _no_rule(ufunc, f"{_name(ufunc)}" + ("" if method == "__call__" else f".{method}"))
    where = kwargs.pop("where", True)
    dtype = kwargs.pop("dtype", None)
    kwargs = {k: v for k, v in kwargs.items() if k not in ("casting", "order", "subok")}
    if where is not True or kwargs:
        raise TypeError(f"{_name(ufunc)}: where= and {sorted(kwargs)} are not supported on Tensors; use jt.where")
    value = function(*inputs)
    if dtype is not None:
        value = convert(value, dtype)
    if out is None:
        return value
    (target,) = out
    if isinstance(target, Tensor):
        return tensor_methods.write(target, value)
    if value.requires_grad:
        raise TypeError(
            f"{_name(ufunc)}: the result requires grad and cannot be stored in an array: got an ndarray as out= (or on the left "
            "of +=), expected a Tensor; make it one with jt.tensor"
        )
    target[...] = value._value()
    return target


def array_function(self, function, types, args, kwargs):
    """NumPy's protocol for all other functions."""
    ours = BY_NUMPY.get(function)
    if ours is None:
        raise _no_rule(function, _name(function))
    if kwargs:
        kwargs = {k: v for k, v in kwargs.items() if v is not np._NoValue}
    if len(args) > 1:
        args = [a for a in args if a is not np._NoValue]
    return ours(*args, **kwargs)


_REDUCTIONS = {
    (np.add, "reduce"): sums.sum, (np.multiply, "reduce"): reductions.prod, (np.maximum, "reduce"): reductions.amax,
    (np.minimum, "reduce"): reductions.amin, (np.add, "accumulate"): cumulative.cumsum,
    (np.multiply, "accumulate"): cumulative.cumprod,
}


def _transpose(a, axes=None):
    return permute(a, *(range(a.ndim - 1, -1, -1) if axes is None else axes))


def _reshape(a, shape_=None, order="C", *, newshape=None, copy=None, **kwargs):
    target = kwargs.get("shape", shape_ if shape_ is not None else newshape)
    if order != "C":
        raise TypeError(f"np.reshape: got order={order!r}, expected 'C'")
    return shape_functions.reshape(a, tuple(target) if isinstance(target, (tuple, list)) else (target,))


def _pieces(ary, indices_or_sections, axis=0):
    n = ary.shape[axis]
    if isinstance(indices_or_sections, (int, np.integer)):
        k = int(indices_or_sections)
        lengths = [n // k + (1 if j < n % k else 0) for j in range(k)]
    else:
        ends = [0, *[slice(None, e).indices(n)[1] for e in indices_or_sections], n]
        lengths = [max(b - a, 0) for a, b in zip(ends, ends[1:])]
    return list(split(ary, lengths, axis))


def _split(ary, indices_or_sections, axis=0):
    if isinstance(indices_or_sections, (int, np.integer)) and ary.shape[axis] % indices_or_sections:
        raise ValueError("array split does not result in an equal division")
    return _pieces(ary, indices_or_sections, axis)


def _rearranged(function):
    def ours(a, *args, **kwargs):
        return gather_flat(a, function(grid_of(tuple(a.shape)), *args, **kwargs))

    return ours


def _around(a, decimals=0, out=None):
    return tensor_methods.round(a, decimals=decimals)


def _norm(x, ord=None, axis=None, keepdims=False):
    if x.ndim > 2 and axis is None and ord is not None or (isinstance(axis, (tuple, list)) and ord is not None):
        raise TypeError("np.linalg.norm: matrix norms have no rule yet: got ord with two axes, expected a vector norm")
    if x.ndim == 2 and axis is None and ord not in (None, "fro"):
        raise TypeError("np.linalg.norm: matrix norms other than Frobenius have no rule yet")
    return reductions.norm(x, 2 if ord is None else ord, axis, keepdims)


def _trace(a, offset=0, axis1=0, axis2=1):
    return sums.sum(shape_functions.diagonal(a, offset, axis1, axis2), -1)


def _expand_dims(a, axis):
    return shape_functions.unsqueeze(a, axis)


def _concatenate(arrays, axis=0, **kwargs):
    if axis is None:
        return shape_functions.cat([shape_functions.ravel(a) for a in arrays], 0)
    return shape_functions.cat(arrays, axis)


BY_NUMPY.update({
    np.transpose: _transpose, np.reshape: _reshape, np.split: _split, np.array_split: _pieces, np.around: _around,
    np.round: _around, np.linalg.norm: _norm, np.clip: tensor_methods.clip, np.expand_dims: _expand_dims,
    np.trace: _trace,
    np.fliplr: _rearranged(np.fliplr), np.flipud: _rearranged(np.flipud), np.rot90: _rearranged(np.rot90),
    np.repeat: _rearranged(np.repeat), np.floor_divide: tensor_methods.floor_divide,
    np.shape: lambda a: tuple(a.shape), np.ndim: lambda a: a.ndim, np.real: lambda a: a,
    np.copy: lambda a, order="K", subok=False: clone(a),
    np.zeros_like: lambda a, dtype=None, **kw: _like(np.zeros, a, dtype),
    np.ones_like: lambda a, dtype=None, **kw: _like(np.ones, a, dtype),
    np.empty_like: lambda a, dtype=None, **kw: _like(np.zeros, a, dtype),
    np.full_like: lambda a, fill_value, dtype=None, **kw: wrap(np.full(tuple(a.shape), fill_value, dtype or a.dtype)),
    np.concatenate: _concatenate,
    np.array_equal: lambda a, b, equal_nan=False: bool(np.array_equal(_raw(a), _raw(b), equal_nan)),
})


def _raw(value):
    return value._value() if isinstance(value, Tensor) else value


def _like(fill, a, dtype):
    return wrap(fill(tuple(a.shape), dtype or a.dtype))


Tensor.__array_ufunc__ = array_ufunc
Tensor.__array_function__ = array_function
