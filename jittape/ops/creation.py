"""Making tensors."""

from __future__ import annotations

import builtins
import warnings
from typing import TYPE_CHECKING

import numpy as np

from ..dtypes import as_dtype, bool_, complex_of, is_complex, float32, float64, get_default_dtype, int32, int64, is_differentiable
from ..errors import DTypeError, ShapeError
from ..memory.layouts import MAX_NDIM
from ..tensors.size import Size
from ..tensors.tensor import Tensor, one_number, set_requires_grad, wrap
from .arguments import as_shape
from .choosing import where
from .copies_and_joins import convert
from .keywords import OPTIONS, accepting
from .declared_docstrings import CREATION, SIZE, docstring
from .memory_order import model_of
from .operation_names import public
from .shape_functions import expand, reshape, transpose

if TYPE_CHECKING:
    from typing import Any, SupportsIndex

    from numpy.typing import NDArray

    from ..typing import DTypeLike, Data, Number, ShapeLike, TensorLike


def leaf_of(array, requires_grad):
    """A tensor on an array, a leaf if its gradient is wanted."""
    tensor = wrap(array)
    if requires_grad:
        if not is_differentiable(array.dtype):
            raise DTypeError(
                "Only Tensors of floating point and complex dtype can require gradients: got "
                f"{array.dtype}; write 3.0 for 3, or pass dtype=jt.float64"
            )
        set_requires_grad(tensor, True)
    return tensor


def _nested(data):
    """Nested sequences, some of whose elements may be Tensors, as an array."""
    if isinstance(data, Tensor):
        data._leave_graph()
        return data._value()
    if isinstance(data, (list, tuple)):
        parts = [_nested(d) for d in data]
        lengths = {np.shape(p) for p in parts}
        if len(lengths) > 1:
            depth = len(min(lengths, key=len))
            first, second = [np.shape(p) for p in parts][:2]
            raise ValueError(
                f"expected sequence of length {first[0] if first else 1} at dim {max(depth, 1)} (got "
                f"{second[0] if second else 'a number'}): the nested lists have different lengths"
            )
        return np.array(parts) if parts else np.zeros(0, get_default_dtype())
    return np.asarray(data)


def _number(value):
    """A number that may be given as a Tensor."""
    if not isinstance(value, Tensor):
        return value
    value._leave_graph()
    return one_number(value)


def _as_array(data, dtype):
    if data is None:
        raise TypeError("tensor(): argument 'data' must be numbers, sequences or arrays, not None")
    if isinstance(data, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{type(data).__name__}': expected numbers, nested sequences or an array")
    array = data._value() if isinstance(data, Tensor) else _nested(data)
    check_array(data)
    check_array(array)
    if array.dtype.kind in "OUS":
        raise TypeError(f"new(): invalid data type '{type(data).__name__}': expected numbers, nested sequences or an array")
    if dtype is None:
        dtype = as_dtype(array.dtype)
        if is_differentiable(dtype) and not isinstance(data, (np.ndarray, np.generic, Tensor)):
            dtype = complex_of(_float_of(data)) if is_complex(dtype) else _float_of(data)
    return array, as_dtype(dtype)


def check_array(array):
    """Raise if an array has a mask, which a tensor would lose, or more axes than tensors have."""
    if isinstance(array, np.ma.MaskedArray):
        raise TypeError(
            "got MaskedArray, expected an array: its mask would be lost. Pass array.filled(value), or np.asarray(array)"
        )
    if isinstance(array, np.ndarray) and array.ndim > MAX_NDIM:
        raise ShapeError(f"got an array of {array.ndim} dimensions, expected at most {MAX_NDIM}")


def _float_of(data):
    """The dtype of nested sequences: that of Tensors or arrays in them, else the default."""
    while isinstance(data, (list, tuple)) and data:
        data = data[0]
    return (
        data.dtype
        if isinstance(data, (Tensor, np.ndarray, np.generic)) and is_differentiable(data.dtype)
        else get_default_dtype()
    )


@public(method=False)
@accepting("pin_memory")
def tensor(data: Data, *, dtype: DTypeLike | None = None, device: str | None = None, requires_grad: bool = False) -> Tensor:
    """Make a tensor with a copy of the data.

    Parameters
    ----------
    data : number, nested sequence, ndarray or Tensor
        The values.
    dtype : dtype, optional
        By default that of an array; for Python floats the default dtype (float64), for integers int64.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.

    Returns
    -------
    Tensor
        A leaf.

    Raises
    ------
    DTypeError
        For `requires_grad` with integers or bools.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.tensor([1.0, 2.0], requires_grad=True)
    tensor([1., 2.], requires_grad=True)
    """
    check_device(device)
    if isinstance(data, Tensor):
        data._leave_quietly("jt.tensor")
        warnings.warn(
            "To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone() or "
            "sourceTensor.detach().clone().requires_grad_(True), rather than tensor(sourceTensor).",
            UserWarning,
            stacklevel=2,
        )
    array, dtype = _as_array(data, dtype)
    return leaf_of(np.array(array, dtype, order="C"), requires_grad)


def check_device(device):
    """Raise a RuntimeError unless the device is the CPU or None."""
    if device is not None and str(device).partition(":")[0] != "cpu":
        raise RuntimeError(f"got device {device!r}, expected 'cpu': jittape computes on the CPU")


@public(method=False)
def as_tensor(data: Data, dtype: DTypeLike | None = None, device: str | None = None) -> Tensor:
    """Make a tensor of the data that shares memory with an array where possible.

    Parameters
    ----------
    data : number, nested sequence, ndarray or Tensor
        The values; a Tensor is returned as it is.
    dtype : dtype, optional
        Of the result.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor
        A constant; `data` itself if it is a Tensor of that dtype.
    """
    check_device(device)
    if isinstance(data, Tensor):
        return data if dtype is None else convert(data, dtype)
    if isinstance(data, np.ndarray):
        target = as_dtype(data.dtype if dtype is None else dtype)
        if data.dtype == target and data.flags.writeable:
            return from_numpy(data)
    array, dtype = _as_array(data, dtype)
    return wrap(np.array(array, dtype, order="C"))


@public(method=False, keywords="ndarray=array")
def from_numpy(array: NDArray[Any]) -> Tensor:
    """Make a tensor on the memory of an array; writing to one changes the other.

    Parameters
    ----------
    array : ndarray
        The memory.

    Returns
    -------
    Tensor
        A constant.

    Raises
    ------
    TypeError
        If it is not an array, or has a dtype that tensors cannot have.
    """
    if not isinstance(array, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {type(array).__name__})")
    check_array(array)
    if as_dtype(array.dtype) != array.dtype:
        raise TypeError(f"can't convert np.ndarray of type {array.dtype} without a copy; use jt.tensor")
    result = wrap(array.view(np.ndarray))  # `array.shape = ...` does not change the Tensor
    result._storage.share(array)
    return result


@public(method=False)
def from_dlpack(ext_tensor: Any, *, device: object = None, copy: bool | None = None) -> Tensor:
    """Make a tensor on the memory of an array of another library; writing to one changes the other.

    Parameters
    ----------
    ext_tensor : object with `__dlpack__`
        An array in the memory of the CPU.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    copy : bool, optional
        Copy the memory, rather than sharing it.

    Returns
    -------
    Tensor
        A constant.

    Raises
    ------
    TypeError
        If it has no `__dlpack__`.
    BufferError
        If the other library cannot export it, such as a Tensor that requires gradients.

    Examples
    --------
    >>> import jittape as jt
    >>> import numpy as np
    >>> jt.from_dlpack(np.array([1.0, 2.0]))
    tensor([1., 2.])
    """
    if not hasattr(ext_tensor, "__dlpack__"):
        raise TypeError(f"from_dlpack: got a {type(ext_tensor).__name__}, expected an array with __dlpack__; use jt.tensor")
    check_device(device)
    found = from_numpy(np.from_dlpack(ext_tensor))
    return found.clone() if copy else found


class _MeaningTensor(type):
    """Of a class whose instances are Tensors."""

    def __instancecheck__(cls, value):
        return isinstance(value, Tensor)


class Variable(metaclass=_MeaningTensor):
    """A leaf or constant on the memory of a Tensor: PyTorch's old name for it. Every Tensor is an instance.

    Parameters
    ----------
    data : Tensor
        The memory.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.
    volatile : bool, optional
        Without effect, with a warning, as in PyTorch.

    Raises
    ------
    TypeError
        If `data` is not a Tensor.
    """

    def __new__(cls, data: Tensor, requires_grad: bool = False, volatile: None = None) -> Tensor:  # type: ignore[misc]
        if volatile is not None:
            message = "volatile was removed and now has no effect. Use `with torch.no_grad():` instead."
            warnings.warn(message, UserWarning, stacklevel=2)
        if not isinstance(data, Tensor):
            raise TypeError(f"Variable data has to be a tensor, but got {type(data).__name__}")
        alias = data.detach()
        if requires_grad:
            alias.requires_grad_()
        return alias


def _filled(name, fill, doc):
    @accepting("layout", "pin_memory", "memory_format")
    def function(*size, dtype=None, device=None, requires_grad=False):
        check_device(device)
        if not size:
            raise TypeError(f"{name}() missing the size: expected integers or a tuple of them")
        if isinstance(size[0], str):
            raise TypeError(f"{name}(): argument 'size' must be tuple of ints, not str")
        shape = checked_shape(as_shape(size))
        return leaf_of(fill(shape, get_default_dtype() if dtype is None else as_dtype(dtype)), requires_grad)

    wrong = [("TypeError", "If there is no size, or it is not made of integers.")]
    about = docstring(doc, [SIZE, *CREATION, *options_of("layout pin_memory memory_format")], ("Tensor", "Of that shape."), wrong)
    return public(method=False, keywords="size=*size", out="one")(named(function, name, about))


def options_of(names):
    """What docstrings say about options that have one value here."""
    return [(n, *OPTIONS[n][:2]) for n in names.split()]


def named(function, name, doc):
    """Give a function its public name."""
    function.__name__ = function.__qualname__ = name
    function.__doc__, function.__module__ = doc, "jittape"
    return function


def checked_shape(shape):
    """Raise for negative lengths."""
    for n in shape:
        if n < 0:
            raise RuntimeError(f"Trying to create tensor with negative dimension {n}: {list(shape)}")
    return shape


zeros = _filled("zeros", np.zeros, "Make a tensor of zeros.")
ones = _filled("ones", np.ones, "Make a tensor of ones.")
empty = _filled("empty", np.zeros, "Make a tensor whose values are to be written first (they are zeros).")


@public(method=False, out="one")
@accepting("layout", "pin_memory")
def full(
    size: ShapeLike, fill_value: Number, *, dtype: DTypeLike | None = None, device: str | None = None, requires_grad: bool = False
) -> Tensor:
    """Make a tensor filled with one value.

    Parameters
    ----------
    size : int or sequence of int
        Lengths of the axes.
    fill_value : float, int or bool
        The value.
    dtype : dtype, optional
        By default that of the value.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.

    Returns
    -------
    Tensor
        Of that shape.
    """
    check_device(device)
    array, found = _as_array(_number(fill_value), dtype)
    return leaf_of(
        np.full(checked_shape(as_shape((size,) if not isinstance(size, int) else (size,))), array, found), requires_grad
    )


def _numpy_like(fill):
    def ours(a, dtype=None, order="K", subok=True, shape=None, *, device=None):
        return leaf_of(fill(model_of(a), a.dtype if dtype is None else as_dtype(dtype), order, shape=shape), False)

    return ours


def _like(name, fill, numpy, doc):
    @accepting("layout", "pin_memory", "memory_format")
    def function(input, *, dtype=None, device=None, requires_grad=False):
        check_device(device)
        model = model_of(input) if isinstance(input, Tensor) else np.asarray(input)
        return leaf_of(fill(model, model.dtype if dtype is None else as_dtype(dtype)), requires_grad)

    given = [("input", "Tensor or ndarray", "Gives shape and dtype."), *CREATION, *options_of("layout pin_memory memory_format")]
    about = docstring(doc, given, ("Tensor", "Of that shape."))
    return public(method=False, numpy={numpy: _numpy_like(fill)})(named(function, name, about))


zeros_like = _like("zeros_like", np.zeros_like, np.zeros_like, "Make a tensor of zeros in the shape and dtype of another.")
ones_like = _like("ones_like", np.ones_like, np.ones_like, "Make a tensor of ones in the shape and dtype of another.")
empty_like = _like(
    "empty_like",
    np.zeros_like,
    np.empty_like,
    "Make a tensor in the shape and dtype of another, whose values are to be written first (they are zeros).",
)


def _numpy_full_like(a, fill_value, dtype=None, order="K", subok=True, shape=None, *, device=None):
    dtype = a.dtype if dtype is None else as_dtype(dtype)
    made = np.empty_like(model_of(a), dtype, order, shape=shape)
    if isinstance(fill_value, Tensor):
        return where(np.ones_like(made, bool), convert(fill_value, dtype), made)
    made[...] = fill_value
    return leaf_of(made, False)


@public(method=False, numpy={np.full_like: _numpy_full_like})
@accepting("layout", "device", "memory_format", "pin_memory")
def full_like(input: TensorLike, fill_value: Number, *, dtype: DTypeLike | None = None, requires_grad: bool = False) -> Tensor:
    """Make a tensor of the shape and dtype of another, filled with one value.

    Parameters
    ----------
    input : Tensor or ndarray
        Gives shape and dtype.
    fill_value : float, int or bool
        The value.
    dtype : dtype, optional
        Another dtype.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    model = model_of(input) if isinstance(input, Tensor) else np.asarray(input)
    dtype = model.dtype if dtype is None else as_dtype(dtype)
    return leaf_of(np.full_like(model, _number(fill_value), dtype), requires_grad)


@public(method=False, out="one")
@accepting("layout", "device", "pin_memory")
def eye(
    n: SupportsIndex, m: SupportsIndex | None = None, *, dtype: DTypeLike | None = None, requires_grad: bool = False
) -> Tensor:
    """Make a matrix with ones on the diagonal and zeros elsewhere.

    Parameters
    ----------
    n : int
        Number of rows.
    m : int, optional
        Number of columns; by default `n`.
    dtype : dtype, optional
        Of the result; the default dtype if not given.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.

    Returns
    -------
    Tensor, shape (n, m)
        The matrix.
    """
    return leaf_of(np.eye(n, m, dtype=get_default_dtype() if dtype is None else as_dtype(dtype)), requires_grad)


@public(method=False, out="one")
@accepting("layout", "pin_memory")
def arange(*args, start=0, end=None, step=1, dtype=None, device=None, requires_grad=False):
    """Make a vector of numbers at equal steps: ``arange(end)``, ``arange(start, end)`` or ``arange(start, end, step)``.

    Parameters
    ----------
    *args : float or int
        The end, which is not included; before it the start (0), after it the step (1).
    start, end, step : float or int, optional
        The same by name.
    dtype : dtype, optional
        By default int64 if all numbers are integers, else the default dtype.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.

    Returns
    -------
    Tensor
        The vector.
    """
    check_device(device)
    if len(args) == 1 and end is None:
        (end,) = args
    elif len(args) == 1:
        (start,) = args
    elif args:
        start, end, *rest = args
        step = rest[0] if rest else step
    values = [_number(v) for v in (start, end, step)]
    if dtype is None:
        dtype = int64 if builtins.all(isinstance(v, (int, np.integer)) for v in values) else get_default_dtype()
    return leaf_of(np.arange(*values, dtype=as_dtype(dtype)), requires_grad)


@public(method=False, out="one")
@accepting("layout", "device", "pin_memory")
def linspace(
    start: TensorLike, end: TensorLike, steps: SupportsIndex, *, dtype: DTypeLike | None = None, requires_grad: bool = False
) -> Tensor:
    """Make a vector of numbers at equal distances, both ends included.

    Parameters
    ----------
    start, end : float
        The ends.
    steps : int
        Number of elements.
    dtype : dtype, optional
        Of the result; the default dtype if not given.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.

    Returns
    -------
    Tensor, shape (steps,)
        The vector.
    """
    dtype = get_default_dtype() if dtype is None else as_dtype(dtype)
    return leaf_of(np.linspace(_number(start), _number(end), steps, dtype=dtype), requires_grad)


@public(method=False, out="one")
@accepting("layout", "device", "pin_memory")
def logspace(
    start: TensorLike,
    end: TensorLike,
    steps: SupportsIndex,
    base: Number = 10.0,
    *,
    dtype: DTypeLike | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Make a vector of powers of a base, with exponents at equal distances.

    Parameters
    ----------
    start, end : float
        First and last exponent.
    steps : int
        Number of elements.
    base : float, optional
        The base.
    dtype : dtype, optional
        Of the result; the default dtype if not given.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.

    Returns
    -------
    Tensor, shape (steps,)
        The vector.
    """
    dtype = get_default_dtype() if dtype is None else as_dtype(dtype)
    return leaf_of(np.logspace(_number(start), _number(end), steps, base=_number(base), dtype=dtype), requires_grad)


def _of_data_or_sizes(data, dtype):
    if len(data) == 1 and not isinstance(data[0], (int, np.integer, Size)):
        return wrap(np.array(_as_array(data[0], dtype)[0], dtype))
    return wrap(np.zeros(checked_shape(as_shape(data)), dtype))


class TypeOfTensors(type):
    """The type of `FloatTensor` and the like: called, they make tensors; their instances are the Tensors of their dtype."""

    def __call__(cls, *data):
        return _of_data_or_sizes(data, cls.dtype)

    def __instancecheck__(cls, value):
        return isinstance(value, Tensor) and value.dtype == cls.dtype


def _typed(name, dtype, doc):
    made = TypeOfTensors(name, (), {"dtype": dtype})
    values = ("*data", "sequence or int", "Nested sequences of numbers, or lengths of the axes of a tensor of zeros.")
    return public(method=False)(named(made, name, docstring(doc, [values], ("Tensor", "A constant."))))


FloatTensor = _typed("FloatTensor", float32, "Make a float32 tensor, as `Tensor` does.")
DoubleTensor = _typed("DoubleTensor", float64, "Make a float64 tensor, as `Tensor` does.")
LongTensor = _typed("LongTensor", int64, "Make an int64 tensor, as `Tensor` does.")
IntTensor = _typed("IntTensor", int32, "Make an int32 tensor, as `Tensor` does.")
BoolTensor = _typed("BoolTensor", bool_, "Make a bool tensor, as `Tensor` does.")


def _become(self, data):
    """``jt.Tensor(data)`` and ``jt.Tensor(*sizes)``: data, or zeros, in the default dtype, as PyTorch's."""
    if len(data) == 1 and isinstance(data[0], Tensor) and data[0].requires_grad:
        raise TypeError(
            "Tensor: got a Tensor that requires gradients, whose copy would lose them: use it as it is, or "
            "x.detach().clone() for a copy outside the graph"
        )
    if len(data) == 1 and (data[0] is None or isinstance(data[0], (bool, float))):
        raise TypeError(f"new(): data must be a sequence (got {type(data[0]).__name__}): jt.tensor takes numbers, too")
    made = _of_data_or_sizes(data or ([],), get_default_dtype())
    self._tape, self._row, self._extras = None, -1, None
    self._array, self._storage = made._array, made._storage


Tensor._become = _become


@public(method=False)
def meshgrid(*tensors: TensorLike, indexing: str = "ij") -> tuple[Tensor, ...]:
    """Make grids of coordinates from vectors.

    Parameters
    ----------
    *tensors : Tensor or ndarray
        Coordinates along each axis.
    indexing : {"ij", "xy"}, optional
        With "xy" the first two axes are exchanged.

    Returns
    -------
    tuple of Tensors
        A grid for each vector, of the shape of all lengths.
    """
    if len(tensors) == 1 and isinstance(tensors[0], (list, tuple)):
        tensors = tensors[0]
    if indexing == "xy" and len(tensors) > 1:
        return tuple(transpose(g, 0, 1) for g in meshgrid(*tensors))
    shape = tuple(x.numel() for x in tensors)
    return tuple(expand(reshape(x, (1,) * k + (-1,) + (1,) * (len(shape) - k - 1)), shape) for k, x in enumerate(tensors))
