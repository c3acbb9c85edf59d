"""Operators and methods of Tensor, attached from the functions."""

import builtins
import weakref

import numpy as np

from ..tape.schema import FLAGS, VIEW
from ..dtypes import as_dtype, bool_, float32, float64, int32, int64
from ..errors import LeafError, ShapeError
from ..tape.record import record_unary
from ..tape.tape import recording
from ..tensors.tensor import Tensor, extras_of, result, wrap
from . import (
    softmax, comparison, creation, arithmetic, products, copies_and_joins, reductions, cumulative, gather_sort,
    shape_functions, special_functions, sums, transcendental,
)
from .creation import check_device, generator
from .indexing import getitem
from .assignment import setitem, write
from .declare_elementwise import binary_operator, reflected_operator
from .operation_table import BY_NAME, as_operand, common_dtype, is_operand

# --- functions with PyTorch's options -------------------------------------------------------------------------


def _with_alpha(function):
    def wrapped(input, other, *, alpha=1):
        return function(input, other if alpha == 1 else as_operand(other) * alpha)

    wrapped.__name__ = wrapped.__qualname__ = function.__name__
    wrapped.__doc__, wrapped.__module__ = function.__doc__, "jittape"
    wrapped.operation = function.operation
    return wrapped


def pow(input, exponent):
    """`input` to the power `exponent`; small whole exponents are products."""
    if isinstance(exponent, (int, float, np.integer, np.floating)) and isinstance(input, Tensor):
        special = _POWERS.get(float(exponent))
        if special is not None and (input.dtype.kind == "f"):
            return special(input)
    return transcendental.pow(input, exponent)


_POWERS = {
    2.0: arithmetic.square, 3.0: arithmetic.cube, 4.0: arithmetic.fourth_power, 0.5: arithmetic.sqrt,
    1.5: arithmetic.three_halves, -1.0: arithmetic.reciprocal, -2.0: arithmetic.inverse_square,
}


def round(input, *, decimals=0):
    """The nearest integer (ties to even), or number of decimals."""
    if decimals == 0:
        return arithmetic.rint(input)
    scale = 10.0**decimals
    return arithmetic.rint(input * scale) / scale


def clamp(input, min=None, max=None):
    """`input` moved between bounds, either of which may be None; the derivative at a bound is 1."""
    if min is None and max is None:
        raise RuntimeError("clamp: At least one of 'min' or 'max' must not be None")
    if isinstance(input, Tensor) and input.dtype.kind != "f" and not isinstance(min, float) and not isinstance(max, float):
        raw = [v._value() if isinstance(v, Tensor) else v for v in (min, max)]
        return wrap(np.clip(input._value(), *raw))
    if max is None:
        return arithmetic.clamp_low(input, min)
    if min is None:
        return arithmetic.clamp_high(input, max)
    return arithmetic.clamp_between(input, min, max)


def clip(a, a_min=None, a_max=None, *, min=None, max=None):
    """As `clamp`, with NumPy's names too."""
    return clamp(a, min if a_min is None else a_min, max if a_max is None else a_max)


def div(input, other, *, rounding_mode=None):
    """The quotient, as it is or rounded: rounding_mode None, "floor" or "trunc"."""
    if rounding_mode is None:
        return arithmetic.div(input, other)
    if rounding_mode not in ("floor", "trunc"):
        raise RuntimeError(f"div expected rounding_mode to be one of None, 'trunc', or 'floor' but found {rounding_mode!r}")
    if all(_kind(v) != "f" for v in (input, other)):
        operands = [as_operand(input), as_operand(other, "other")]
        a, b = (np.asarray(v._value() if isinstance(v, Tensor) else v, common_dtype(operands)) for v in operands)
        quotient = np.floor_divide(a, b)
        if rounding_mode == "trunc":
            quotient = quotient + ((quotient * b != a) & ((a < 0) != (b < 0)))
        return wrap(np.asarray(quotient))
    quotient = arithmetic.div(input, other)
    return arithmetic.floor(quotient) if rounding_mode == "floor" else arithmetic.trunc(quotient)


def _kind(value):
    return value.dtype.kind if isinstance(value, (Tensor, np.ndarray, np.generic)) else np.asarray(value).dtype.kind


def floor_divide(input, other):
    """The quotient rounded down."""
    return div(input, other, rounding_mode="floor")


add, sub = _with_alpha(arithmetic.add), _with_alpha(arithmetic.sub)

# --- operators --------------------------------------------------------------------------------------------------


def _power(self, other):
    kind = type(other)
    if kind is int or kind is float:
        tape, special = recording(), _POWERS.get(other)
        if special is not None and tape is not None and self._tape is tape:
            row = record_unary(tape.header, special.operation.code, self._row)
            if row >= 0:
                return result(tape, row)
    return pow(self, other) if is_operand(other) else NotImplemented


def _floor_div(self, other):
    return floor_divide(self, other) if is_operand(other) else NotImplemented


def _compare(function):
    def method(self, other):
        return function(self, other) if is_operand(other) else NotImplemented

    return method


def _swapped(function):
    def method(self, other):
        return function(other, self) if is_operand(other) else NotImplemented

    return method


def _product(self, other):
    return products.matmul(self, other) if isinstance(other, (Tensor, np.ndarray)) else NotImplemented


def _in_place(operator):
    """``x op= other``: the value computed, then written into the memory of x."""

    def method(self, other):
        value = operator(self, other)
        return value if value is NotImplemented else _write_back(self, value)

    return method


def _write_back(self, value):
    if value._layout.shape != self._layout.shape:
        raise ShapeError(f"output with shape {list(self.shape)} doesn't match the broadcast shape {list(value.shape)}")
    return write(self, value)


def _attach_operators():
    for name in ("add", "sub", "mul"):
        operation = BY_NAME[name]
        setattr(Tensor, f"__{name}__", binary_operator(operation))
        setattr(Tensor, f"__r{name}__", reflected_operator(operation))
        setattr(Tensor, f"__i{name}__", _in_place(getattr(Tensor, f"__{name}__")))
    Tensor.__truediv__, Tensor.__rtruediv__ = binary_operator(BY_NAME["div"]), reflected_operator(BY_NAME["div"])
    Tensor.__itruediv__ = _in_place(Tensor.__truediv__)
    Tensor.__mod__, Tensor.__rmod__ = binary_operator(BY_NAME["remainder"]), reflected_operator(BY_NAME["remainder"])
    Tensor.__pow__, Tensor.__rpow__ = _power, _swapped(pow)
    Tensor.__ipow__ = _in_place(_power)
    Tensor.__floordiv__, Tensor.__rfloordiv__ = _floor_div, _swapped(floor_divide)
    Tensor.__matmul__, Tensor.__rmatmul__ = _product, _swapped(products.matmul)
    Tensor.__neg__, Tensor.__abs__ = arithmetic.neg, arithmetic.abs
    Tensor.__pos__ = lambda self: self
    Tensor.__invert__ = comparison.bitwise_not
    for name in ("eq", "ne", "lt", "le", "gt", "ge"):
        setattr(Tensor, f"__{name}__", _compare(getattr(comparison, name)))
    for name in ("and", "or", "xor"):
        function = getattr(comparison, f"bitwise_{name}")
        setattr(Tensor, f"__{name}__", _compare(function))
        setattr(Tensor, f"__r{name}__", _swapped(function))
    Tensor.__getitem__, Tensor.__setitem__ = getitem, setitem


# --- methods ----------------------------------------------------------------------------------------------------


def _iterate(self):
    if not self.ndim:
        raise TypeError("iteration over a 0-d tensor")
    return iter(shape_functions.unbind(self, 0))


def _contains(self, item):
    return builtins.bool((self == item)._value().any())


def to(self, *args, dtype=None, device=None, copy=False):
    """The tensor in a dtype, given as a dtype, as another tensor, or with a device (the CPU)."""
    for a in args:
        if isinstance(a, Tensor):
            dtype = a.dtype
        elif isinstance(a, str) and a.partition(":")[0] in ("cpu", "cuda", "mps"):
            device = a
        elif not isinstance(a, bool):
            dtype = as_dtype(a)
    check_device(device)
    converted = self if dtype is None else copies_and_joins.convert(self, dtype)
    return copies_and_joins.clone(self) if copy and converted is self else converted


def _convert_to(dtype, name):
    def method(self):
        return copies_and_joins.convert(self, dtype)

    method.__name__, method.__doc__ = name, f"The tensor in {dtype}."
    return method


def type_(self, dtype=None):
    """The name of the type, or the tensor in a dtype."""
    if dtype is not None:
        return copies_and_joins.convert(self, dtype)
    names = {"float64": "Double", "float32": "Float", "int64": "Long", "int32": "Int", "bool": "Bool", "uint8": "Byte"}
    return f"jittape.{names.get(str(self.dtype), str(self.dtype))}Tensor"


def retain_grad(self):
    """Keep the gradient of this result in ``.grad`` at the next sweeps."""
    if not self.requires_grad:
        raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
    if self.is_leaf:
        return
    extras = extras_of(self)
    if not extras.retains:
        extras.retains = True
        self._tape.observed[:] = [r for r in self._tape.observed if r() is not None and r() is not self]
        self._tape.observed.append(weakref.ref(self))


def detach_(self):
    """Take this tensor itself out of the graph, in place."""
    if self.requires_grad and self._tape is not None and self._tape.columns[FLAGS][self._row] & VIEW:
        raise RuntimeError(
            "Can't detach views in-place. Use detach() instead. If you are using DistributedDataParallel (DDP) for training, "
            "and gradient_as_bucket_view is set as True, gradients are views of DDP buckets, and hence detach_() cannot be "
            "called on these gradients."
        )
    alias = self.detach()
    self._array, self._storage = alias._array, alias._storage
    self._tape, self._row, self._extras = None, -1, None
    return self


def _writes(name, compute, doc):
    def method(self, *args, **kwargs):
        return write(self, compute(self, *args, **kwargs))

    method.__name__, method.__doc__ = name, doc
    return method


def copy_(self, source, non_blocking=False):
    """Take over the values of another tensor, broadcast and converted, in place."""
    return write(self, as_operand(source) if not isinstance(source, (list, tuple)) else np.asarray(source))


def _random_values(draw):
    return lambda self, *args: np.asarray(draw(generator(), tuple(self.shape), *args), self.dtype)


def _attach_methods():
    modules = (
        comparison, arithmetic, transcendental, special_functions, gather_sort, products, sums, reductions, softmax, cumulative,
        copies_and_joins, shape_functions,
    )
    for name in METHODS.split():
        for module in modules:
            if hasattr(module, name):
                setattr(Tensor, name, getattr(module, name))
                break
        else:
            raise AttributeError(f"no function for the method {name}")
    for name in "add sub pow round clamp clip div floor_divide to retain_grad detach_ copy_".split():
        setattr(Tensor, name, globals()[name])
    for name, method in ALIASES.items():
        setattr(Tensor, name, method)
    for name in "add sub mul div pow clamp".split():
        setattr(Tensor, f"{name}_", _in_place_method(name, getattr(Tensor, name)))
    for name in "neg exp sqrt relu sigmoid tanh abs reciprocal square floor ceil round log sin cos masked_fill".split():
        setattr(Tensor, f"{name}_", _in_place_method(name, getattr(Tensor, name)))
    Tensor.zero_ = _writes("zero_", lambda self: np.zeros((), self.dtype), "Fill with zeros, in place.")
    Tensor.fill_ = _writes("fill_", lambda self, value: value, "Fill with one value, in place.")
    Tensor.normal_ = _writes(
        "normal_", _random_values(lambda g, size, mean=0.0, std=1.0: g.normal(mean, std, size)),
        "Normal random numbers, in place.",
    )
    Tensor.uniform_ = _writes(
        "uniform_", _random_values(lambda g, size, low=0.0, high=1.0: g.uniform(low, high, size)),
        "Uniform random numbers, in place.",
    )
    Tensor.__iter__, Tensor.__contains__ = _iterate, _contains


def _in_place_method(name, function):
    def method(self, *args, **kwargs):
        return _write_back(self, function(self, *args, **kwargs))

    method.__name__, method.__doc__ = f"{name}_", f"`{name}`, in place."
    return method


METHODS = """
    abs acos acosh asin asinh atan atan2 atanh ceil cos cosh erf erfc exp exp2 expm1 floor fmod hypot log log10 log1p log2
    logaddexp maximum minimum mul neg reciprocal relu remainder rsqrt sigmoid sign sin sinh sqrt square tan tanh trunc xlogy
    sum mean prod amax amin max min median var std logsumexp norm cumsum cumprod softmax log_softmax
    matmul mm mv bmm dot outer trace
    reshape flatten ravel transpose t permute unsqueeze squeeze expand broadcast_to split chunk unbind narrow select flip roll
    tril triu diag diagonal clone contiguous repeat tile movedim
    gather take_along_dim index_select take masked_fill masked_select sort argsort topk index_add
    eq ne lt le gt ge isnan isfinite isinf isclose allclose equal all any argmax argmin logical_and logical_or logical_not
    count_nonzero nonzero is_floating_point
"""

ALIASES = {
    "view": shape_functions.view_,
    "view_as": lambda self, other: shape_functions.view_(self, tuple(other.shape)),
    "reshape_as": lambda self, other: shape_functions.reshape(self, tuple(other.shape)),
    "expand_as": lambda self, other: shape_functions.expand(self, tuple(other.shape)),
    "swapaxes": shape_functions.transpose, "nelement": Tensor.numel, "ndimension": Tensor.dim,
    "multiply": arithmetic.mul, "subtract": sub, "true_divide": div, "divide": div, "negative": arithmetic.neg,
    "absolute": arithmetic.abs, "arcsin": transcendental.asin, "arccos": transcendental.acos, "arctan": transcendental.atan,
    "T": property(shape_functions._reversed_axes), "mT": property(shape_functions._matrix_transpose),
    "float": _convert_to(float32, "float"), "double": _convert_to(float64, "double"), "long": _convert_to(int64, "long"),
    "int": _convert_to(int32, "int"), "bool": _convert_to(bool_, "bool"), "type": type_,
    "type_as": lambda self, other: copies_and_joins.convert(self, other.dtype),
    "where": lambda self, condition, other: arithmetic.where(condition, self, other),
    "cpu": lambda self: self, "device": property(lambda self: "cpu"),
    "retains_grad": property(lambda self: self._extras is not None and self._extras.retains),
    "is_contiguous": lambda self: shape_functions.contiguous(self) is self,
    "stride": lambda self, dim=None: _stride(self, dim),
    "element_size": lambda self: self.itemsize,
    "data_ptr": lambda self: self._pinned().__array_interface__["data"][0],
    "new_zeros": lambda self, *size, **kw: creation.zeros(*size, dtype=kw.pop("dtype", self.dtype), **kw),
    "new_ones": lambda self, *size, **kw: creation.ones(*size, dtype=kw.pop("dtype", self.dtype), **kw),
    "new_tensor": lambda self, data, **kw: creation.tensor(data, dtype=kw.pop("dtype", self.dtype), **kw),
}


def _stride(self, dim):
    layout = self._layout
    strides = tuple(s // self.itemsize for s in layout.strides) if isinstance(layout, np.ndarray) else layout.strides
    return strides if dim is None else strides[dim]


# --- copies -----------------------------------------------------------------------------------------------------


def _deepcopy(self, memo):
    if not self.is_leaf:
        raise RuntimeError(
            "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment. If you "
            "were attempting to deepcopy a result, take x.detach().clone()."
        )
    copied = wrap(np.array(self._value(), order="C"))
    copied.requires_grad = self.requires_grad
    if self._extras is not None and self._extras.grad is not None:
        copied.grad = _deepcopy(self._extras.grad, memo)
    memo[id(self)] = copied
    return copied


def _rebuild(array, requires_grad):
    tensor = wrap(array)
    tensor.requires_grad = requires_grad
    return tensor


def _reduce(self, protocol):
    if not self.is_leaf:
        raise LeafError("a result cannot be pickled with its graph: got a non-leaf Tensor; pickle x.detach()")
    return _rebuild, (np.array(self._value(), order="C"), self.requires_grad)


Tensor.__deepcopy__, Tensor.__reduce_ex__ = _deepcopy, _reduce
_attach_operators()
_attach_methods()
