"""NumPy's functions on Arrays: lists as operands, ``out=``, and the keywords that all of NumPy's reductions share."""

import functools
import inspect

import numpy as np

from ..dtypes import as_dtype, float64
from ..tensors.array import Array, as_array
from ..tensors.tensor import Tensor, wrap
from .arithmetic import sqrt
from .assignment import write
from .choosing import where as where_
from .copies_and_joins import clone, convert
from .foreign_calls import name_of
from .numpy_protocols import array_ufunc, no_rule
from .operation_names import BY_NUMPY
from .shape_functions import expand
from .split_and_stack import stack

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
    if not _holds_tensors(values):
        return np.asarray(values)
    return as_array(stack([_of_list(v) if isinstance(v, (list, tuple)) else _constant(v) for v in values]))


def _constant(value):
    return value if isinstance(value, Tensor) else wrap(np.asarray(value, float64))


def _holds_tensors(values):
    return any(isinstance(v, Tensor) or isinstance(v, (list, tuple)) and _holds_tensors(v) for v in values)


def as_result(value, given):
    """What an operation of arguments answered, as Arrays; arguments themselves stay what they are."""
    if type(value) is Tensor and all(value is not g for g in given):
        return as_array(value)
    if type(value) in (tuple, list):
        return type(value)(as_result(v, given) for v in value)
    return value


@functools.cache
def _names(function):
    try:
        return tuple(inspect.signature(function).parameters)
    except ValueError:  # those of C, before NumPy 2.4
        return {np.concatenate: ("arrays",), np.where: ("condition", "x", "y"), np.dot: ("a", "b")}.get(function, ())


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
    out, names = kwargs.pop("out", None), _names(function)
    args = [*map(_operand, names, args), *args[len(names) :]]
    if kwargs:
        kwargs = {k: _operand(k, v) for k, v in kwargs.items()}
    value = as_result(ours(*args, **kwargs), args)
    return value if out is None else _stored(value, out, name_of(function))


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


def _masked_mean(x, where, **how):
    return sum_of(where_(where, x, 0.0), **how) / sum_of(where_(where, np.ones(tuple(x.shape)), 0.0), **how)


def _masked_var(x, where, ddof, **how):
    middle = _masked_mean(x, where, axis=how["axis"], keepdims=True)
    count = sum_of(where_(where, np.ones(tuple(x.shape)), 0.0), **how)
    return sum_of(where_(where, (x - middle) * (x - middle), 0.0), **how) / (count - ddof)


def sum_of(x, axis, keepdims):
    """The sum over axes, with NumPy's arguments."""
    return BY_NUMPY[np.sum](x, axis=axis, keepdims=keepdims)


def _reduced(
    kind, a, axis=None, dtype=None, out=None, keepdims=False, initial=MISSING, where=True, ddof=0, correction=MISSING, mean=None
):
    function, neutral, join = kind
    x, how = _of_list(a) if isinstance(a, (list, tuple)) else a, {"axis": axis, "keepdims": bool(keepdims)}
    if dtype is not None:
        x = convert(x, as_dtype(dtype))
    elif function in AVERAGES and x.dtype.kind != "f":
        x = convert(x, float64)
    spread = function in (np.var, np.std)
    if spread:
        how["ddof"] = ddof if correction is MISSING else correction
    if axis == ():
        value = _over_nothing(function, x, where)
    elif where is True:
        value = BY_NUMPY[function](x, **how)
    elif function is np.mean:
        value = _masked_mean(x, where, **how)
    elif spread:
        value = _masked_var(x, where, how.pop("ddof"), **how)
        value = sqrt(value) if function is np.std else value
    else:
        value = BY_NUMPY[function](where_(where, x, _neutral(function, neutral, initial)), **how)
    if initial is not MISSING:
        value = join(value, initial)
    value = as_result(value, (a,))
    return value if out is None else _stored(value, out, name_of(function))


def _neutral(function, neutral, initial):
    if neutral is None and initial is MISSING:
        raise ValueError(f"np.{function.__name__} with where= has no identity: pass initial=")
    return initial if neutral is None else neutral


def _over_nothing(function, x, where):
    """``axis=()``: every element is reduced by itself."""
    if where is not True:
        raise TypeError(f"np.{function.__name__}: got axis=() and where=, expected one of them")
    if function in (np.any, np.all):
        return x != 0
    return x * 0.0 if function in (np.var, np.std) else clone(x)


def _maximum(x, y):
    return BY_NUMPY[np.maximum](x, y)


def _minimum(x, y):
    return BY_NUMPY[np.minimum](x, y)


def _add(x, y):
    return x + y


def _multiply(x, y):
    return x * y


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
    np.any: (np.any, 0, None),
    np.all: (np.all, 1, None),
}
BY_REDUCE = {
    np.add: np.sum,
    np.multiply: np.prod,
    np.maximum: np.max,
    np.minimum: np.min,
    np.logical_and: np.all,
    np.logical_or: np.any,
}


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
    inputs = as_operands(inputs)
    if method != "__call__":
        return as_result(array_ufunc(self, ufunc, method, *inputs, **kwargs), inputs)
    function = BY_NUMPY.get(ufunc)
    if function is None:
        raise no_rule(ufunc)
    if not kwargs:
        return as_result(function(*inputs), inputs)
    out, mask, dtype = (kwargs.pop(k, d) for k, d in (("out", None), ("where", True), ("dtype", None)))
    if dtype is not None:
        inputs = [convert(x, as_dtype(dtype)) if isinstance(x, Tensor) else np.asarray(x, dtype) for x in inputs]
    value = as_result(function(*inputs), inputs)
    if mask is not True:
        if out is None:
            raise TypeError(f"{name_of(ufunc)}: got where= without out=, expected both: other elements are undefined")
        value = where_(mask, value, out)
    return value if out is None else _stored(expand(value, tuple(out.shape)), out, name_of(ufunc))


def _function_of_arrays(self, function, types, args, kwargs):
    """NumPy's protocol for all other functions."""
    if not kwargs and len(args) == 1 and type(args[0]) is Array and args[0].dtype.kind == "f":  # the usual case
        ours = BY_NUMPY.get(function)
        value = None if ours is None else ours(args[0])
        if type(value) is Array:
            return value
    return call(function, *args, **kwargs)


Array.__array_ufunc__, Array.__array_function__ = _ufunc_of_arrays, _function_of_arrays
