"""NumPy's functions on Arrays: lists as operands, ``out=``, and the keywords that all of NumPy's reductions share."""

from __future__ import annotations

import functools
import inspect
import itertools
from typing import TYPE_CHECKING

import numpy as np

from ..dtypes import as_dtype, float64, is_differentiable
from ..tensors.array import Array, as_array
from ..tensors.tensor import Tensor, wrap
from .arithmetic import sqrt
from .assignment import write
from .choosing import where as where_
from .complex_parts import conj, real
from .copies_and_joins import convert, scatter_add
from .foreign_calls import name_of
from .indexing import grid_of
from .memory_order import laid_out
from .numpy_numbers import SCANS, as_numpys
from .numpy_protocols import array_function, array_ufunc, no_rule, rule_of
from .operation_names import BY_NUMPY
from .reductions import norm
from .shape_functions import expand, unsqueeze
from .split_and_stack import stack
from .ufunc_methods import accumulated, applied_at, reduced, reduced_between

if TYPE_CHECKING:
    from typing import Any

MISSING = np._NoValue
OPERANDS = frozenset("a b x y x1 x2 v A m M arr array ary p condition a_min a_max min max values".split())
PLAIN = frozenset((Array, Tensor, np.ndarray, float, int))
SEQUENCES = frozenset(("arrays", "tup"))  # of operands


def as_operands(values):
    """Values with lists as arrays: of numbers as NumPy makes them, of Arrays stacked."""
    return [_of_list(v) if isinstance(v, (list, tuple)) else v for v in values]


def _operand(name, value):
    if not isinstance(value, (list, tuple)):
        return value
    return as_operands(value) if name in SEQUENCES else _of_list(value) if name in OPERANDS else value


def _of_list(values):
    if not holds_tensors(values):
        return np.asarray(values)
    return stack([_of_list(v) if isinstance(v, (list, tuple)) else _constant(v) for v in values])


def _constant(value):
    return value if isinstance(value, Tensor) else wrap(np.asarray(value, float64))


def holds_tensors(values):
    """Whether a Tensor or Array is among some values, or in a list among them."""
    return any(isinstance(v, Tensor) or isinstance(v, (list, tuple)) and holds_tensors(v) for v in values)


def as_result(value, given):
    """What an operation of arguments answered, as Arrays; arguments themselves stay what they are."""
    if type(value) is Tensor and all(value is not g for g in given):
        return as_array(value)
    if isinstance(value, (tuple, list)):
        return _like(value, [as_result(v, given) for v in value])
    return value


def _like(value, parts):
    """A tuple or list of the kind of another one, which may have names."""
    return value._make(parts) if hasattr(value, "_make") else type(value)(parts)


@functools.cache
def _names(function):
    """NumPy's names of the arguments that may be given by position."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:  # those of C, before NumPy 2.4
        return {np.concatenate: ("arrays",), np.where: ("condition", "x", "y"), np.dot: ("a", "b")}.get(function, ())
    return tuple(p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD))


def _by_position(names, given):
    """Take those of the named arguments that can be given by position out of a dictionary, in their order."""
    return [given.pop(name) for name in itertools.takewhile(given.__contains__, names)]


_REDUCED_BY = frozenset(("a", "axis", "dtype", "out", "keepdims", "initial", "where", "ddof", "correction", "mean"))


def call(function, *args, **kwargs):
    """One of NumPy's functions on Arrays, with NumPy's arguments."""
    kwargs = {k: v for k, v in kwargs.items() if v is not MISSING}
    if function in REDUCTIONS:
        unknown = sorted(kwargs.keys() - _REDUCED_BY)
        if unknown:
            raise TypeError(f"{name_of(function)}() got an unexpected keyword argument {unknown[0]!r}")
        given = {k: v for k, v in zip(_names(function), args) if v is not MISSING}
        return _reduced(REDUCTIONS[function], **given, **kwargs)
    ours = BY_NUMPY.get(function)
    if ours is None:
        raise no_rule(function)
    names = _names(function)
    given = dict([*zip(names, args), *kwargs.items()])
    if not getattr(ours, "reads_lists", False):
        given = {k: _operand(k, v) for k, v in given.items()}
    out = given.pop("out", None)
    if function in CONVERTED_FIRST and "dtype" in given:
        given[names[0]] = in_dtype(given[names[0]], given.pop("dtype"), given.get("casting", CONVERTED_FIRST[function]))
    args = [*_by_position(names, given), *args[len(names) :]]
    if function in SCANS and np.ndim(args[0]) == 0:
        args[0] = np.reshape(args[0], 1)
    value = as_numpys(function, as_result(ours(*args, **given), args), args)
    return value if out is None else _stored(value, out, name_of(function))


CONVERTED_FIRST = {np.trace: "unsafe", **dict.fromkeys((np.concatenate, np.stack, np.hstack, np.vstack), "same_kind")}


def in_dtype(operand, dtype, casting):
    """An operand, or a list of them, in the dtype that was asked for."""
    if dtype is None:
        return operand
    if isinstance(operand, (list, tuple)):
        return [in_dtype(x, dtype, casting) for x in operand]
    x, dtype = _constant(operand), as_dtype(dtype)
    if not np.can_cast(x.dtype, dtype, casting):
        raise TypeError(f"Cannot cast array data from {x.dtype!r} to {dtype!r} according to the rule {casting!r}")
    return x if x.dtype == dtype else convert(x, dtype)


def must_be_a_tensor(target, name, to="write to"):
    """Raise if what a function changes is no Tensor: plain memory keeps no derivatives."""
    if not isinstance(target, Tensor):
        raise TypeError(
            f"{name}: got an ndarray to {to}, expected an Array of this function: the result depends on what is differentiated "
            "and cannot be stored in plain memory; make it from an argument (np.zeros_like(x))"
        )


def _stored(value, out, name):
    """A value written into ``out``."""
    if not isinstance(out, Tensor):
        raise TypeError(
            f"{name}: got an ndarray as out=, expected an Array of this function: the result depends on what is differentiated "
            "and cannot be stored in plain memory. Leave out= away, or make the target from an argument (np.empty_like(x))"
        )
    if tuple(value.shape) != tuple(out.shape):
        raise ValueError(f"{name}: got out= of shape {tuple(out.shape)}, expected {tuple(value.shape)}")
    return write(out, value)


# --- reductions -----------------------------------------------------------------------------------------------------


def _count(x, where, how):
    """How many elements count, in the dtype of the array."""
    return sum_of(where_(where, np.ones(tuple(x.shape), x.dtype), 0.0), **how)


def _masked_mean(x, where, **how):
    return sum_of(where_(where, x, 0.0), **how) / _count(x, where, how)


def _masked_spread(function, x, where, mean, ddof, **how):
    """The variance or deviation of the elements that count, about a mean that may be given."""
    middle = _masked_mean(x, where, axis=how["axis"], keepdims=True) if mean is MISSING else mean
    away, count = where_(where, x - middle, 0.0), real(_count(x, where, how)) - ddof
    if function is np.std:
        return norm(away, 2, how["axis"], how["keepdims"]) / sqrt(count)
    return sum_of(real(away * conj(away)), **how) / count


def sum_of(x, axis, keepdims):
    """The sum over axes, with NumPy's arguments."""
    return BY_NUMPY[np.sum](x, axis=axis, keepdims=keepdims)


def _reduced(
    kind, a, axis=None, dtype=None, out=None, keepdims=False, initial=MISSING, where=True, ddof=0, correction=MISSING, mean=None
):
    function, neutral, join = kind
    x, how = _of_list(a) if isinstance(a, (list, tuple)) else a, {"axis": axis, "keepdims": bool(keepdims)}
    if dtype is not None and function in (np.any, np.all):
        raise TypeError(f"np.{function.__name__}: got dtype={dtype!r}, expected none: the result is one of bools")
    if dtype is not None:
        x = convert(x, as_dtype(dtype))
    elif function in AVERAGES and not is_differentiable(x.dtype):
        x = convert(x, float64)
    spread, mean = function in (np.var, np.std), MISSING if mean is None else mean
    if spread:
        ddof = ddof if correction is MISSING else correction
    if where is not True and not isinstance(where, Tensor):
        where = np.asarray(where, bool)
    if axis == ():  # every element is reduced by itself, along an axis of length 1
        where, mean = (v if v is True or v is MISSING else _with_axis(v, x) for v in (where, mean))
        x, how = unsqueeze(x, -1), {"axis": -1, "keepdims": False}
    if spread and (where is not True or mean is not MISSING):
        value = _masked_spread(function, x, where, mean, ddof, **how)
    elif where is True:
        value = BY_NUMPY[function](x, **how, **({"ddof": ddof} if spread else {}))
    elif function is np.mean:
        value = _masked_mean(x, where, **how)
    else:
        value = BY_NUMPY[function](where_(where, x, _neutral(function, neutral, initial)), **how)
    if initial is not MISSING:
        value = join(value, initial)
    value = as_result(value, (a,))
    return value if out is None else _stored(value, out, name_of(function))


def _with_axis(v, x):
    """A mask or mean of the elements of an operand with one more axis, the last."""
    return np.expand_dims(np.broadcast_to(v, tuple(x.shape)), -1)


def _neutral(function, neutral, initial):
    if neutral is None and initial is MISSING:
        raise ValueError(f"np.{function.__name__} with where= has no identity: pass initial=")
    return initial if neutral is None else neutral


def _maximum(x, y):
    return BY_NUMPY[np.maximum](x, y)


def _minimum(x, y):
    return BY_NUMPY[np.minimum](x, y)


def _add(x, y):
    return x + y


def _multiply(x, y):
    return x * y


def _either(x, y):
    return BY_NUMPY[np.logical_or](x, y)


def _both(x, y):
    return BY_NUMPY[np.logical_and](x, y)


AVERAGES = (np.mean, np.var, np.std)
REDUCTIONS = {  # NumPy's function -> itself, what an element that does not count is replaced by, how `initial` comes in
    np.sum: (np.sum, 0, _add),
    np.prod: (np.prod, 1, _multiply),
    np.mean: (np.mean, None, None),
    np.var: (np.var, None, None),
    np.std: (np.std, None, None),
    np.max: (np.max, None, _maximum),
    np.amax: (np.max, None, _maximum),
    np.min: (np.min, None, _minimum),
    np.amin: (np.min, None, _minimum),
    np.any: (np.any, 0, _either),
    np.all: (np.all, 1, _both),
}
BY_REDUCE = {
    np.add: np.sum,
    np.multiply: np.prod,
    np.maximum: np.max,
    np.minimum: np.min,
    np.logical_and: np.all,
    np.logical_or: np.any,
}
BY_ACCUMULATE = {np.add: np.cumsum, np.multiply: np.cumprod}


# --- NumPy's protocols ------------------------------------------------------------------------------------------------


def _ufunc_of_arrays(self, ufunc, method, *inputs, **kwargs):
    """NumPy's protocol for ufuncs."""
    if not kwargs and method == "__call__" and type(inputs[-1]) in PLAIN and type(inputs[0]) in PLAIN:  # the usual case
        function = BY_NUMPY.get(ufunc)
        value = None if function is None else function(*inputs)
        if type(value) is Array:
            return value
    if kwargs.get("out") is not None:
        kwargs["out"] = kwargs["out"][0]
    if method == "reduce" and ufunc in BY_REDUCE:
        return call(BY_REDUCE[ufunc], *inputs, **{"axis": 0, **kwargs} if len(inputs) == 1 else kwargs)
    if method == "accumulate" and ufunc in BY_ACCUMULATE:
        return call(BY_ACCUMULATE[ufunc], inputs[0], **{"axis": inputs[1] if len(inputs) > 1 else 0, **kwargs})
    if method == "at":
        return _applied_at(ufunc, *inputs)
    inputs = as_operands(inputs)
    if method in METHODS and rule_of(ufunc) is not None:
        return _by_method(ufunc, METHODS[method], *inputs, **kwargs)
    if method == "outer" and rule_of(ufunc) is not None:
        a, b = (x if isinstance(x, Tensor) else np.asarray(x) for x in inputs)
        inputs, method = (a.reshape(tuple(a.shape) + (1,) * b.ndim), b), "__call__"
    function = rule_of(ufunc)
    if method != "__call__" or function is None:
        raise no_rule(ufunc, "" if method == "__call__" else f".{method}")
    along = {k: kwargs.pop(k) for k in ("axis", "keepdims") if k in kwargs} if ufunc.signature else {}
    if not kwargs:
        return as_result(function(*inputs, **along), inputs)
    if ufunc.nout > 1:
        raise TypeError(f"{name_of(ufunc)}: got {sorted(kwargs)}, expected no keywords; its results are those of two functions")
    out, mask, dtype = (kwargs.pop(k, d) for k, d in (("out", None), ("where", True), ("dtype", None)))
    expected, order = _dtype_of_result(ufunc, inputs, out, dtype, kwargs), kwargs.get("order")
    if dtype is not None and expected.kind != "b":
        inputs = [convert(x, as_dtype(dtype)) if isinstance(x, Tensor) else np.asarray(x, dtype) for x in inputs]
    value = as_result(laid_out(function(*inputs, **along), order, inputs), inputs)
    if mask is not True:
        mask = mask if isinstance(mask, Tensor) else np.asarray(mask, bool)
        if out is None:
            raise TypeError(f"{name_of(ufunc)}: got where= without out=, expected both: other elements are undefined")
        value = where_(mask, value, out)
    return value if out is None else _stored(expand(value, tuple(out.shape)), out, name_of(ufunc))


METHODS = {"reduce": reduced, "accumulate": accumulated, "reduceat": reduced_between}


def _by_method(ufunc, method, array, *args, out=None, **kwargs):
    value = method(ufunc, array, *args, **{k: v for k, v in kwargs.items() if v is not MISSING})
    return value if out is None else _stored(value, out, name_of(ufunc))


def _applied_at(ufunc, target, indices, *others):
    """``ufunc.at``: of positions that occur several times, each counts."""
    must_be_a_tensor(target, f"{name_of(ufunc)}.at")
    if ufunc not in (np.add, np.subtract):
        return applied_at(ufunc, target, indices, *as_operands(others))
    (values,) = as_operands(others)
    positions = grid_of(tuple(target.shape))[indices]
    added = scatter_add(expand(_constant(values), positions.shape), positions, tuple(target.shape))
    write(target, BY_NUMPY[ufunc](target, added))


def _dtype_of_result(ufunc, inputs, out, dtype, others):
    """What NumPy's ufunc makes of arrays without elements: the dtype of its result, or its error about dtypes and casting."""
    empty = (0,) if ufunc.signature is None else (0, 0)
    blanks = [np.empty(empty, x.dtype) if isinstance(x, (Tensor, np.ndarray)) else x for x in inputs]
    target = None if out is None else np.empty(empty, out.dtype)
    return np.asarray(ufunc(*blanks, out=target, dtype=dtype, **others)).dtype


def _function_of_arrays(self, function, types, args, kwargs):
    """NumPy's protocol for all other functions."""
    if not kwargs and len(args) == 1 and type(args[0]) is Array and is_differentiable(args[0].dtype):  # the usual case
        ours = BY_NUMPY.get(function)
        value = None if ours is None else ours(args[0])
        if type(value) is Array:
            return value
    return call(function, *args, **kwargs)


def _as_tensors(value, given):
    """What `call` answered, as Tensors: nothing of it is an Array if no argument was one."""
    if type(value) is Array and all(value is not g for g in given):
        value.__class__ = Tensor
    if isinstance(value, (tuple, list)):
        return _like(value, [_as_tensors(v, given) for v in value])
    return value


def _ufunc_of_tensors(self: Tensor, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
    """NumPy's protocol for ufuncs on Tensors: methods and masks as on Arrays."""
    function = rule_of(ufunc) if method == "__call__" and not kwargs else None
    if function is not None:  # the usual case
        value = function(*inputs)
    else:
        way = array_ufunc if method in ("__call__", "outer") and "where" not in kwargs else _ufunc_of_arrays
        value = way(self, ufunc, method, *inputs, **kwargs)
    return value if type(value) is Tensor else _as_tensors(value, inputs)


def _function_of_tensors(self: Tensor, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
    """NumPy's protocol on Tensors: our function of that name; with keywords and lists as on Arrays."""
    if kwargs or any([type(a) is list for a in args]):
        value = call(function, *args, **kwargs)
    else:
        value = array_function(self, function, types, args, kwargs)
    return value if type(value) is Tensor else _as_tensors(value, args)


Array.__array_ufunc__, Array.__array_function__ = _ufunc_of_arrays, _function_of_arrays
Tensor.__array_ufunc__, Tensor.__array_function__ = _ufunc_of_tensors, _function_of_tensors
