# Written by tools/make_stubs.py from the declarations. Change these, then run it again.

"""The operations: ways to declare them, the declarations, and the functions and methods made of them.

A module declares its operations with all their names; what is exported follows from the declarations.
"""

import builtins
import numpy as np
from collections.abc import Sequence
from numpy.typing import NDArray
from typing import Any, Literal, SupportsIndex, TypeGuard, overload
from ..ops.matrix_functions import SignLogabsdet
from ..ops.random_generators import Generator
from ..ops.reductions import ValuesIndices
from ..tensors.tensor import Tensor
from ..typing import Axes, DTypeLike, Data, Number, ShapeLike, TensorLike

__all__ = [
    "BoolTensor", "DoubleTensor", "FloatTensor", "IntTensor", "LongTensor", "abs", "absolute", "acos", "acosh", "add",
    "addbmm", "addcdiv", "addcmul", "addmm", "addmv", "addr", "all", "allclose", "amax", "amin", "aminmax", "angle",
    "any", "arange", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctan2", "arctanh", "argmax", "argmin",
    "argsort", "argwhere", "as_tensor", "asin", "asinh", "atan", "atan2", "atanh", "atleast_1d", "atleast_2d",
    "atleast_3d", "baddbmm", "bartlett_window", "bernoulli", "bincount", "blackman_window", "block_diag", "bmm",
    "broadcast_tensors", "broadcast_to", "bucketize", "cartesian_prod", "cat", "cbrt", "cdist", "ceil", "chain_matmul",
    "cholesky", "cholesky_solve", "chunk", "clamp", "clamp_max", "clamp_min", "clip", "clone", "column_stack",
    "combinations", "complex", "concat", "concatenate", "conj", "conj_physical", "copysign", "corrcoef", "cos", "cosh",
    "count_nonzero", "cov", "cross", "cummax", "cummin", "cumprod", "cumsum", "cumulative_trapezoid", "deg2rad", "det",
    "diag", "diag_embed", "diagflat", "diagonal", "diagonal_scatter", "diff", "digamma", "dist", "div", "divide", "dot",
    "dsplit", "dstack", "einsum", "empty", "empty_like", "eq", "equal", "erf", "erfc", "erfinv", "exp", "exp2", "expm1",
    "eye", "fix", "flatten", "flip", "fliplr", "flipud", "float_power", "floor", "floor_divide", "fmax", "fmin", "fmod",
    "frac", "frexp", "from_dlpack", "from_numpy", "full", "full_like", "gamma", "gather", "ge", "get_rng_state",
    "gradient", "greater", "greater_equal", "gt", "hamming_window", "hann_window", "heaviside", "histc", "hsplit",
    "hstack", "hypot", "i0", "igamma", "igammac", "imag", "index_add", "index_copy", "index_fill", "index_put",
    "index_select", "initial_seed", "inner", "inverse", "is_complex", "is_floating_point", "is_tensor", "isclose",
    "isfinite", "isin", "isinf", "isnan", "isneginf", "isposinf", "isreal", "kaiser_window", "kron", "kthvalue",
    "ldexp", "le", "lerp", "less", "less_equal", "lgamma", "linspace", "log", "log10", "log1p", "log2", "log_softmax",
    "logaddexp", "logaddexp2", "logcumsumexp", "logdet", "logical_and", "logical_not", "logical_or", "logical_xor",
    "logit", "logspace", "logsumexp", "lt", "manual_seed", "masked_fill", "masked_scatter", "masked_select", "matmul",
    "matrix_exp", "matrix_power", "max", "maximum", "mean", "median", "meshgrid", "min", "minimum", "mm", "mode",
    "moveaxis", "movedim", "msort", "mul", "multinomial", "multiply", "mv", "mvlgamma", "nan_to_num", "nanmean",
    "nanquantile", "nansum", "narrow", "ne", "neg", "negative", "nextafter", "nonzero", "norm", "normal", "not_equal",
    "numel", "ones", "ones_like", "outer", "permute", "polar", "polygamma", "positive", "pow", "prod", "put",
    "quantile", "rad2deg", "rand", "rand_like", "randint", "randn", "randn_like", "randperm", "ravel", "real",
    "reciprocal", "relu", "remainder", "renorm", "repeat_interleave", "reshape", "resolve_conj", "result_type", "roll",
    "rot90", "round", "rsqrt", "scalar_tensor", "scatter", "scatter_add", "scatter_reduce", "searchsorted", "seed",
    "select", "select_scatter", "set_rng_state", "sgn", "sigmoid", "sign", "signbit", "sin", "sinc", "sinh",
    "slice_scatter", "slogdet", "softmax", "sort", "spacing", "split", "sqrt", "square", "squeeze", "stack", "std",
    "std_mean", "sub", "subtract", "sum", "swapaxes", "swapdims", "t", "take", "take_along_dim", "tan", "tanh",
    "tensor", "tensor_split", "tensordot", "tile", "topk", "trace", "transpose", "trapezoid", "trapz", "tril",
    "tril_indices", "triu", "triu_indices", "true_divide", "trunc", "unbind", "unflatten", "unique",
    "unique_consecutive", "unsqueeze", "var", "var_mean", "vdot", "view_as_complex", "view_as_real", "vsplit", "vstack",
    "where", "xlogy", "zeros", "zeros_like",
]

def BoolTensor(*data: Data | SupportsIndex) -> Tensor:
    """Make a bool tensor, as `Tensor` does.

    Parameters
    ----------
    *data : sequence or int
        Nested sequences of numbers, or lengths of the axes of a tensor of zeros.

    Returns
    -------
    Tensor
        A constant.
    """

def DoubleTensor(*data: Data | SupportsIndex) -> Tensor:
    """Make a float64 tensor, as `Tensor` does.

    Parameters
    ----------
    *data : sequence or int
        Nested sequences of numbers, or lengths of the axes of a tensor of zeros.

    Returns
    -------
    Tensor
        A constant.
    """

def FloatTensor(*data: Data | SupportsIndex) -> Tensor:
    """Make a float32 tensor, as `Tensor` does.

    Parameters
    ----------
    *data : sequence or int
        Nested sequences of numbers, or lengths of the axes of a tensor of zeros.

    Returns
    -------
    Tensor
        A constant.
    """

def IntTensor(*data: Data | SupportsIndex) -> Tensor:
    """Make an int32 tensor, as `Tensor` does.

    Parameters
    ----------
    *data : sequence or int
        Nested sequences of numbers, or lengths of the axes of a tensor of zeros.

    Returns
    -------
    Tensor
        A constant.
    """

def LongTensor(*data: Data | SupportsIndex) -> Tensor:
    """Make an int64 tensor, as `Tensor` does.

    Parameters
    ----------
    *data : sequence or int
        Nested sequences of numbers, or lengths of the axes of a tensor of zeros.

    Returns
    -------
    Tensor
        A constant.
    """

def abs(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The absolute value; its derivative at 0 is 0.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def absolute(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The absolute value; its derivative at 0 is 0.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def acos(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The inverse cosine, in radians.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def acosh(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The inverse hyperbolic cosine.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def add(input: TensorLike, other: TensorLike, *, alpha: Number = 1, out: Tensor | None = None) -> Tensor:
    """The sum ``input + alpha * other``.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    other : Tensor, ndarray or float
        Values of a shape that broadcasts.
    alpha : float, optional
        Factor of `other`.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def addbmm(
    input: TensorLike,
    batch1: TensorLike,
    batch2: TensorLike,
    *,
    beta: Number = 1,
    alpha: Number = 1,
    out: Tensor | None = None,
) -> Tensor:
    """The product of matrices of two batches, summed, added to a tensor.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    batch1, batch2 : Tensor or ndarray
        The operands of the product.
    beta : float, optional
        Factor of `input`.
    alpha : float, optional
        Factor of the product.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        The sum; `input` is not read where `beta` is 0.
    """

def addcdiv(
    input: TensorLike,
    tensor1: TensorLike,
    tensor2: TensorLike,
    *,
    value: Number = 1,
    out: Tensor | None = None,
) -> Tensor:
    """A multiple of a quotient added: ``input + value * tensor1 / tensor2``.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    tensor1, tensor2 : Tensor or ndarray
        Dividend and divisor.
    value : float, optional
        Factor of the quotient.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def addcmul(
    input: TensorLike,
    tensor1: TensorLike,
    tensor2: TensorLike,
    *,
    value: Number = 1,
    out: Tensor | None = None,
) -> Tensor:
    """A multiple of a product added: ``input + value * tensor1 * tensor2``.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    tensor1, tensor2 : Tensor or ndarray
        Factors.
    value : float, optional
        Factor of the product.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def addmm(
    input: TensorLike,
    mat1: TensorLike,
    mat2: TensorLike,
    *,
    beta: Number = 1,
    alpha: Number = 1,
    out: Tensor | None = None,
) -> Tensor:
    """A matrix product added: ``beta * input + alpha * mat1 @ mat2``.

    Parameters
    ----------
    input : Tensor or ndarray
        What is added to; broadcast.
    mat1, mat2 : Tensor or ndarray
        Matrices.
    beta, alpha : float, optional
        Factors.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Matrix.
    """

def addmv(
    input: TensorLike,
    mat: TensorLike,
    vec: TensorLike,
    *,
    beta: Number = 1,
    alpha: Number = 1,
    out: Tensor | None = None,
) -> Tensor:
    """The product of a matrix and a vector, added to a tensor.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    mat, vec : Tensor or ndarray
        The operands of the product.
    beta : float, optional
        Factor of `input`.
    alpha : float, optional
        Factor of the product.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        The sum; `input` is not read where `beta` is 0.
    """

def addr(
    input: TensorLike,
    vec1: TensorLike,
    vec2: TensorLike,
    *,
    beta: Number = 1,
    alpha: Number = 1,
    out: Tensor | None = None,
) -> Tensor:
    """The product of two vectors, as a matrix, added to a tensor.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    vec1, vec2 : Tensor or ndarray
        The operands of the product.
    beta : float, optional
        Factor of `input`.
    alpha : float, optional
        Factor of the product.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        The sum; `input` is not read where `beta` is 0.
    """

@overload
def all(input: TensorLike, dim: Axes | None = None, keepdim: bool = False, *, out: Tensor | None = None) -> Tensor:
    """Whether all elements are true, or all along axes.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        Axes that are reduced; by default all.
    keepdim : bool, optional
        Keep reduced axes, with length one.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor of bool
        Without the reduced axes.
    """
@overload
def all(a: TensorLike, axis: Axes | None = None, keepdims: bool = False, *, out: Tensor | None = None) -> Tensor:
    ...

def allclose(
    input: TensorLike,
    other: TensorLike,
    rtol: float = 1e-05,
    atol: float = 1e-08,
    equal_nan: bool = False,
) -> bool:
    """Whether all elements are close: ``|input - other| <= atol + rtol * |other|``.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    other : Tensor, ndarray or float
        Values of a shape that broadcasts.
    rtol, atol : float, optional
        Relative and absolute tolerance.
    equal_nan : bool, optional
        Whether nan is close to nan.

    Returns
    -------
    bool
        Whether all are.
    """

@overload
def amax(input: TensorLike, dim: Axes | None = None, keepdim: bool = False, *, out: Tensor | None = None) -> Tensor:
    """Largest elements over axes; equal ones share the gradient.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        Axes that are reduced; by default all.
    keepdim : bool, optional
        Keep reduced axes, with length one.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Without the reduced axes.

    Raises
    ------
    RuntimeError, IndexError
        If there is nothing to reduce.
    """
@overload
def amax(a: TensorLike, axis: Axes | None = None, keepdims: bool = False, *, out: Tensor | None = None) -> Tensor:
    ...

@overload
def amin(input: TensorLike, dim: Axes | None = None, keepdim: bool = False, *, out: Tensor | None = None) -> Tensor:
    """Smallest elements over axes; equal ones share the gradient.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        Axes that are reduced; by default all.
    keepdim : bool, optional
        Keep reduced axes, with length one.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Without the reduced axes.

    Raises
    ------
    RuntimeError, IndexError
        If there is nothing to reduce.
    """
@overload
def amin(a: TensorLike, axis: Axes | None = None, keepdims: bool = False, *, out: Tensor | None = None) -> Tensor:
    ...

def aminmax(
    input: TensorLike,
    *,
    dim: Axes | None = None,
    keepdim: bool = False,
    out: tuple[Tensor, ...] | None = None,
) -> tuple[Tensor, Tensor]:
    """The smallest and the largest elements.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis; all elements if not given.
    keepdim : bool, optional
        Keep the axis, with length one.
    out : tuple of Tensor, optional
        Where the results are written, of their shapes; they are returned.

    Returns
    -------
    tuple of Tensor
        The smallest, and the largest.
    """

def angle(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The angle of numbers in the complex plane, in radians, from -pi to pi; of real numbers 0 or pi.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Real, of the same precision.
    """

@overload
def any(input: TensorLike, dim: Axes | None = None, keepdim: bool = False, *, out: Tensor | None = None) -> Tensor:
    """Whether any element is true, or any along axes.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        Axes that are reduced; by default all.
    keepdim : bool, optional
        Keep reduced axes, with length one.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor of bool
        Without the reduced axes.
    """
@overload
def any(a: TensorLike, axis: Axes | None = None, keepdims: bool = False, *, out: Tensor | None = None) -> Tensor:
    ...

@overload
def arange(
    end: Number | Tensor,
    *,
    dtype: DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
    layout: object = None,
    pin_memory: object = None,
    out: Tensor | None = None,
) -> Tensor:
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
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        The vector.
    """
@overload
def arange(
    start: Number | Tensor,
    end: Number | Tensor,
    step: Number | Tensor = 1,
    *,
    dtype: DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
    layout: object = None,
    pin_memory: object = None,
    out: Tensor | None = None,
) -> Tensor:
    ...

def arccos(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The inverse cosine, in radians.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def arccosh(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The inverse hyperbolic cosine.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def arcsin(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The inverse sine, in radians.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def arcsinh(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The inverse hyperbolic sine.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def arctan(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The inverse tangent, in radians.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def arctan2(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The angle of the point (x, y), in radians; both derivatives are 0 at the origin.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def arctanh(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The inverse hyperbolic tangent.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

@overload
def argmax(input: TensorLike, dim: SupportsIndex | None = None, keepdim: bool = False) -> Tensor:
    """Position of the largest element.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis; by default positions in the flat order of all elements.
    keepdim : bool, optional
        Keep reduced axes, with length one.

    Returns
    -------
    Tensor of int64
        Positions; of equal elements the first.

    Raises
    ------
    IndexError
        If there are no elements.
    """
@overload
def argmax(a: TensorLike, axis: SupportsIndex | None = None, keepdims: bool = False) -> Tensor:
    ...

@overload
def argmin(input: TensorLike, dim: SupportsIndex | None = None, keepdim: bool = False) -> Tensor:
    """Position of the smallest element.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis; by default positions in the flat order of all elements.
    keepdim : bool, optional
        Keep reduced axes, with length one.

    Returns
    -------
    Tensor of int64
        Positions; of equal elements the first.

    Raises
    ------
    IndexError
        If there are no elements.
    """
@overload
def argmin(a: TensorLike, axis: SupportsIndex | None = None, keepdims: bool = False) -> Tensor:
    ...

@overload
def argsort(input: TensorLike, dim: SupportsIndex = -1, descending: bool = False, stable: bool = False) -> Tensor:
    """Positions that put the elements along an axis in order.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis.
    descending : bool, optional
        Largest first.
    stable : bool, optional
        Accepted for compatibility with PyTorch: equal elements keep their order in any case.

    Returns
    -------
    Tensor of int64
        Of the shape of `input`.
    """
@overload
def argsort(a: TensorLike, axis: SupportsIndex = -1, descending: bool = False, stable: bool = False) -> Tensor:
    ...

def argwhere(input: TensorLike) -> Tensor:
    """Where elements are not zero: an index in each row.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        As many columns as `input` has axes.
    """

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

def asin(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The inverse sine, in radians.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def asinh(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The inverse hyperbolic sine.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def atan(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The inverse tangent, in radians.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def atan2(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The angle of the point (x, y), in radians; both derivatives are 0 at the origin.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def atanh(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The inverse hyperbolic tangent.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def atleast_1d(*tensors: TensorLike | Sequence[TensorLike]) -> Tensor | tuple[Tensor, ...]:
    """Tensors with at least one axis.

    Parameters
    ----------
    *tensors : Tensor or ndarray
        Values of any shape, or one sequence of them.

    Returns
    -------
    Tensor or tuple of Tensor
        One for one Tensor.
    """

def atleast_2d(*tensors: TensorLike | Sequence[TensorLike]) -> Tensor | tuple[Tensor, ...]:
    """Tensors with at least two axes; a vector becomes a row.

    Parameters
    ----------
    *tensors : Tensor or ndarray
        Values of any shape, or one sequence of them.

    Returns
    -------
    Tensor or tuple of Tensor
        One for one Tensor.
    """

def atleast_3d(*tensors: TensorLike | Sequence[TensorLike]) -> Tensor | tuple[Tensor, ...]:
    """Tensors with at least three axes; a vector becomes a row in the middle one, a matrix gets one at the end.

    Parameters
    ----------
    *tensors : Tensor or ndarray
        Values of any shape, or one sequence of them.

    Returns
    -------
    Tensor or tuple of Tensor
        One for one Tensor.
    """

def baddbmm(
    input: TensorLike,
    batch1: TensorLike,
    batch2: TensorLike,
    *,
    beta: Number = 1,
    alpha: Number = 1,
    out: Tensor | None = None,
) -> Tensor:
    """The product of matrices of two batches, added to a tensor.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    batch1, batch2 : Tensor or ndarray
        The operands of the product.
    beta : float, optional
        Factor of `input`.
    alpha : float, optional
        Factor of the product.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        The sum; `input` is not read where `beta` is 0.
    """

def bartlett_window(
    window_length: int,
    periodic: bool = True,
    *,
    dtype: DTypeLike | None = None,
    requires_grad: bool = False,
    layout: object = None,
    device: object = None,
    pin_memory: object = None,
) -> Tensor:
    """Bartlett's window, a triangle.

    Parameters
    ----------
    window_length : int
        How many numbers.
    periodic : bool, optional
        The number behind the last one is the first, as Fourier transforms want it; else it is even.
    dtype : dtype, optional
        Of the result; the default dtype if not given.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor, shape (window_length,)
        The window.

    Raises
    ------
    RuntimeError
        If the length is negative.
    """

def bernoulli(
    input: TensorLike,
    p: float | None = None,
    *,
    generator: Generator | np.random.Generator | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Draw ones, with given probabilities, and zeros.

    Parameters
    ----------
    input : Tensor or ndarray
        Probabilities; or of the shape that is wanted, if `p` is given.
    p : float, optional
        One probability for all.
    generator : Generator or numpy.random.Generator, optional
        Where numbers are drawn from; by default what `manual_seed` seeds.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape and dtype of `input`; its derivative is 0.

    Raises
    ------
    RuntimeError
        If a probability is not between 0 and 1.
    """

def bincount(input: TensorLike, weights: TensorLike | None = None, minlength: int = 0) -> Tensor:
    """How often numbers are there, or the sums of their weights.

    Parameters
    ----------
    input : Tensor or ndarray of int
        Numbers that are not negative.
    weights : Tensor or ndarray, optional
        A weight for each.
    minlength : int, optional
        The least length of the result.

    Returns
    -------
    Tensor
        A count, or sum, for each number.

    Raises
    ------
    RuntimeError
        If `input` has negative numbers, or several axes.
    """

def blackman_window(
    window_length: int,
    periodic: bool = True,
    *,
    dtype: DTypeLike | None = None,
    requires_grad: bool = False,
    layout: object = None,
    device: object = None,
    pin_memory: object = None,
) -> Tensor:
    """Blackman's window of three cosines.

    Parameters
    ----------
    window_length : int
        How many numbers.
    periodic : bool, optional
        The number behind the last one is the first, as Fourier transforms want it; else it is even.
    dtype : dtype, optional
        Of the result; the default dtype if not given.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor, shape (window_length,)
        The window.

    Raises
    ------
    RuntimeError
        If the length is negative.
    """

def block_diag(*tensors: TensorLike) -> Tensor:
    """Matrices along the diagonal of a matrix of zeros.

    Parameters
    ----------
    *tensors : Tensor
        Of at most two axes.

    Returns
    -------
    Tensor
        A matrix.
    """

def bmm(input: TensorLike, mat2: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Products of the matrices of two batches.

    Parameters
    ----------
    input : Tensor or ndarray, shape (b, n, k)
        Left factors.
    mat2 : Tensor or ndarray, shape (b, k, m)
        Right factors.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor, shape (b, n, m)
        The products.

    Raises
    ------
    ShapeError
        If the shapes do not fit.
    """

def broadcast_tensors(*tensors: TensorLike) -> tuple[Tensor, ...]:
    """Tensors expanded to their common shape.

    Parameters
    ----------
    *tensors : Tensor or ndarray
        Of shapes that broadcast.

    Returns
    -------
    tuple of Tensors
        Views.
    """

def broadcast_to(input: TensorLike, shape: ShapeLike) -> Tensor:
    """Axes of length one repeated, without a copy; the shape is one argument.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    shape : int or sequence of int
        Lengths of the axes, new ones first; -1 keeps a length.

    Returns
    -------
    Tensor
        A view.
    """

def bucketize(
    input: TensorLike,
    boundaries: TensorLike,
    *,
    out_int32: bool = False,
    right: bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """Between which boundaries values lie.

    Parameters
    ----------
    input : Tensor, ndarray or number
        Values of any shape.
    boundaries : Tensor or ndarray
        A vector in order of size.
    out_int32 : bool, optional
        Numbers of intervals as int32.
    right : bool, optional
        Whether a value that is a boundary lies behind it.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of int64, of the shape of `input`.

    Raises
    ------
    ShapeError
        If `boundaries` is no vector.
    """

def cartesian_prod(*tensors: TensorLike) -> Tensor:
    """All combinations of elements, one of each vector.

    Parameters
    ----------
    *tensors : Tensor
        Vectors.

    Returns
    -------
    Tensor
        A combination in each row; a vector of one vector.
    """

@overload
def cat(tensors: Sequence[TensorLike], dim: SupportsIndex = 0, *, out: Tensor | None = None) -> Tensor:
    """Tensors joined along an axis that they have.

    Parameters
    ----------
    tensors : sequence of Tensor or ndarray
        Of one shape but for that axis.
    dim : int, optional
        The axis.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        The joined tensors.

    Raises
    ------
    RuntimeError
        If they have no axes.
    ShapeError
        If the other axes differ.
    """
@overload
def cat(tensors: Sequence[TensorLike], axis: SupportsIndex = 0, *, out: Tensor | None = None) -> Tensor:
    ...

def cbrt(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The cube root, of negative numbers too; its derivative at 0 is inf.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def cdist(x1: TensorLike, x2: TensorLike, p: float = 2.0, compute_mode: str | None = None) -> Tensor:
    """Distances of all vectors of one batch to all of another.

    Parameters
    ----------
    x1 : Tensor or ndarray, shape (..., n, m)
        Vectors.
    x2 : Tensor or ndarray, shape (..., k, m)
        Others.
    p : float, optional
        Order of the norm.
    compute_mode : str, optional
        Without effect; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor, shape (..., n, k)
        The distances.

    Raises
    ------
    ShapeError
        If vectors have different lengths.
    """

def ceil(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The smallest integer not below; its derivative is 0.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def chain_matmul(*matrices: TensorLike, out: Tensor | None = None) -> Tensor:
    """The product of several matrices.

    Parameters
    ----------
    *matrices : Tensor
        Matrices that fit each other.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        A matrix.
    """

def cholesky(A: TensorLike, upper: bool = False, *, out: Tensor | None = None) -> Tensor:
    """Cholesky factor of a symmetric positive definite matrix: the lower triangle L with ``L @ L.T = A``.

    Parameters
    ----------
    A : Tensor or ndarray, shape (..., n, n)
        Square matrix, or a batch of them.
    upper : bool, optional
        Return the upper triangle U with ``U.T @ U = A``, of the upper triangle of `A`.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `A`; its lower triangle is read.

    Raises
    ------
    SingularError
        If the matrix is not positive definite.
    ShapeError
        If the matrix is not square.

    References
    ----------
    Murray, "Differentiation of the Cholesky decomposition", arXiv:1602.07527 (2016).
    """

def cholesky_solve(input: TensorLike, L: TensorLike, upper: bool = False, *, out: Tensor | None = None) -> Tensor:
    """Solve ``A @ X = input`` by the Cholesky factor of A.

    Parameters
    ----------
    input : Tensor or ndarray
        A matrix of right-hand sides.
    L : Tensor or ndarray
        The factor, ``A = L @ L.mH``.
    upper : bool, optional
        The factor is ``L.mH``, above the diagonal.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        The solution.

    Raises
    ------
    ShapeError
        If there is no matrix of right-hand sides.
    """

@overload
def chunk(input: TensorLike, chunks: SupportsIndex, dim: SupportsIndex = 0) -> tuple[Tensor, ...]:
    """Consecutive ranges of an axis, at most a given number of them.

    Parameters
    ----------
    input : Tensor
        Values of any shape.
    chunks : int
        Number of ranges.
    dim : int, optional
        The axis.

    Returns
    -------
    tuple of Tensors
        Views, of equal length but for the last.
    """
@overload
def chunk(a: TensorLike, chunks: SupportsIndex, axis: SupportsIndex = 0) -> tuple[Tensor, ...]:
    ...

def clamp(
    input: TensorLike,
    min: TensorLike | None = None,
    max: TensorLike | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Values clipped to an interval; the derivative at a bound is 1.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    min, max : Tensor or float, optional
        Bounds, at least one of them; where `min` is larger, `max` wins.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.

    Raises
    ------
    RuntimeError
        If both bounds are missing.
    """

def clamp_max(input: TensorLike, max: TensorLike | None, *, out: Tensor | None = None) -> Tensor:
    """Values bounded from above; the derivative at the bound is 1.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    max : Tensor or float
        The bound.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def clamp_min(input: TensorLike, min: TensorLike | None, *, out: Tensor | None = None) -> Tensor:
    """Values bounded from below; the derivative at the bound is 1.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    min : Tensor or float
        The bound.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def clip(
    a: TensorLike,
    a_min: TensorLike | None = None,
    a_max: TensorLike | None = None,
    *,
    min: TensorLike | None = None,
    max: TensorLike | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Values clipped to an interval, with NumPy's names; see `clamp`.

    Parameters
    ----------
    a : Tensor, ndarray or float
        Values.
    a_min, a_max : Tensor or float, optional
        Bounds.
    min, max : Tensor or float, optional
        Other names of the bounds.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def clone(input: TensorLike, *, memory_format: object = None) -> Tensor:
    """A copy with memory of its own, in the same order; gradients flow through it.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    memory_format : object, optional
        Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def column_stack(tensors: Sequence[TensorLike], *, out: Tensor | None = None) -> Tensor:
    """Vectors as the columns of a matrix, beside those of matrices.

    Parameters
    ----------
    tensors : sequence of Tensor
        Of one or two axes.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        A matrix.
    """

def combinations(input: TensorLike, r: int = 2, with_replacement: bool = False) -> Tensor:
    """All combinations of some elements of a vector.

    Parameters
    ----------
    input : Tensor or ndarray
        A vector.
    r : int, optional
        How many elements.
    with_replacement : bool, optional
        Whether an element may be taken again.

    Returns
    -------
    Tensor
        A combination in each row.
    """

def complex(real: TensorLike, imag: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Complex numbers from their real and imaginary parts.

    Parameters
    ----------
    real : Tensor, ndarray or float
        Real parts.
    imag : Tensor, ndarray or float
        Imaginary parts, of a shape that broadcasts.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Complex, of the broadcast shape.

    Raises
    ------
    DTypeError
        If a part is complex itself.

    Examples
    --------
    >>> import jittape as jt
    >>> x = jt.tensor(2.0, requires_grad=True)
    >>> jt.abs(jt.complex(x, x * 0.5) ** 2).backward()
    >>> x.grad
    tensor(5.)
    """

@overload
def concat(tensors: Sequence[TensorLike], dim: SupportsIndex = 0, *, out: Tensor | None = None) -> Tensor:
    """Tensors joined along an axis that they have.

    Parameters
    ----------
    tensors : sequence of Tensor or ndarray
        Of one shape but for that axis.
    dim : int, optional
        The axis.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        The joined tensors.

    Raises
    ------
    RuntimeError
        If they have no axes.
    ShapeError
        If the other axes differ.
    """
@overload
def concat(tensors: Sequence[TensorLike], axis: SupportsIndex = 0, *, out: Tensor | None = None) -> Tensor:
    ...

@overload
def concatenate(tensors: Sequence[TensorLike], dim: SupportsIndex = 0, *, out: Tensor | None = None) -> Tensor:
    """Tensors joined along an axis that they have.

    Parameters
    ----------
    tensors : sequence of Tensor or ndarray
        Of one shape but for that axis.
    dim : int, optional
        The axis.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        The joined tensors.

    Raises
    ------
    RuntimeError
        If they have no axes.
    ShapeError
        If the other axes differ.
    """
@overload
def concatenate(tensors: Sequence[TensorLike], axis: SupportsIndex = 0, *, out: Tensor | None = None) -> Tensor:
    ...

def conj(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The conjugate; real numbers are returned as they are.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the same shape and dtype.
    """

def conj_physical(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The conjugate; real numbers are returned as they are.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the same shape and dtype.
    """

def copysign(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The size of `x` with the sign of `y`; its derivative at 0 is 0.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def corrcoef(input: TensorLike) -> Tensor:
    """Correlations of variables, which are the rows.

    Parameters
    ----------
    input : Tensor or ndarray
        Variables in rows, observations in columns; or one variable.

    Returns
    -------
    Tensor
        A square matrix, or a number.
    """

def cos(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The cosine; radians.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def cosh(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The hyperbolic cosine.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def count_nonzero(input: TensorLike, dim: Axes | None = None) -> Tensor:
    """Number of elements that are not zero, in all or along axes.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        Axes that are reduced; by default all.

    Returns
    -------
    Tensor of int64
        Without the reduced axes.
    """

def cov(
    input: TensorLike,
    *,
    correction: int = 1,
    fweights: TensorLike | None = None,
    aweights: TensorLike | None = None,
) -> Tensor:
    """Covariances of variables, which are the rows.

    Parameters
    ----------
    input : Tensor or ndarray
        Variables in rows, observations in columns; or one variable.
    correction : int, optional
        What is taken from the number of observations.
    fweights, aweights : Tensor or ndarray, optional
        How often observations count, and how much.

    Returns
    -------
    Tensor
        A square matrix, or a number.
    """

def cross(
    input: TensorLike,
    other: TensorLike,
    dim: SupportsIndex | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Vector products of vectors of three elements.

    Parameters
    ----------
    input, other : Tensor or ndarray
        Vectors along one axis; they are broadcast.
    dim : int, optional
        The axis; the first that has length 3 if not given.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.

    Raises
    ------
    RuntimeError
        If no axis has length 3, or that one has not.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.cross(jt.tensor([1.0, 0.0, 0.0]), jt.tensor([0.0, 1.0, 0.0]))
    tensor([0., 0., 1.])
    """

def cummax(input: TensorLike, dim: SupportsIndex, *, out: tuple[Tensor, ...] | None = None) -> ValuesIndices:
    """The largest element so far along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int
        The axis.
    out : tuple of Tensor, optional
        Where the results are written, of their shapes; they are returned.

    Returns
    -------
    ValuesIndices
        The elements, and where they are; of equal ones the last, which gets the derivative.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.cummax(jt.tensor([1.0, 3.0, 2.0]), 0).values
    tensor([1., 3., 3.])
    """

def cummin(input: TensorLike, dim: SupportsIndex, *, out: tuple[Tensor, ...] | None = None) -> ValuesIndices:
    """The smallest element so far along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int
        The axis.
    out : tuple of Tensor, optional
        Where the results are written, of their shapes; they are returned.

    Returns
    -------
    ValuesIndices
        The elements, and where they are; of equal ones the last, which gets the derivative.
    """

@overload
def cumprod(
    input: TensorLike,
    dim: SupportsIndex | None = None,
    *,
    dtype: DTypeLike | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Running products along an axis; derivatives are exact where elements are zero.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis; by default the elements are taken as a vector.
    dtype : dtype, optional
        Of the result.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`, or a vector.

    Notes
    -----
    Where elements are zero, the derivative takes O(n**2) work and memory along the axis.
    """
@overload
def cumprod(
    a: TensorLike,
    axis: SupportsIndex | None = None,
    *,
    dtype: DTypeLike | None = None,
    out: Tensor | None = None,
) -> Tensor:
    ...

@overload
def cumsum(
    input: TensorLike,
    dim: SupportsIndex | None = None,
    *,
    dtype: DTypeLike | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Running sums along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis; by default the elements are taken as a vector.
    dtype : dtype, optional
        Of the result.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`, or a vector.
    """
@overload
def cumsum(
    a: TensorLike,
    axis: SupportsIndex | None = None,
    *,
    dtype: DTypeLike | None = None,
    out: Tensor | None = None,
) -> Tensor:
    ...

def cumulative_trapezoid(
    y: TensorLike,
    x: TensorLike | None = None,
    *,
    dx: Number = 1.0,
    dim: SupportsIndex = -1,
) -> Tensor:
    """Integrals up to each place after the first, by the trapezoidal rule.

    Parameters
    ----------
    y : Tensor or ndarray
        Values.
    x : Tensor or ndarray, optional
        Their places.
    dx : float, optional
        The distance of neighbours where there are no places.
    dim : int, optional
        The axis.

    Returns
    -------
    Tensor
        One shorter along the axis.
    """

def deg2rad(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """An angle in radians, given in degrees.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def det(A: TensorLike) -> Tensor:
    """Determinant of a square matrix.

    Parameters
    ----------
    A : Tensor or ndarray, shape (..., n, n)
        Square matrix, or a batch of them.

    Returns
    -------
    Tensor, shape (...)
        The determinant.

    Raises
    ------
    ShapeError
        If the matrix is not square.

    Notes
    -----
    The derivative at a singular matrix is computed from minors.
    """

def diag(
    input: TensorLike,
    diagonal: SupportsIndex = 0,
    k: SupportsIndex | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Diagonal of a matrix, or matrix with a given diagonal.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, m) or (n,)
        Matrix, or the diagonal.
    diagonal : int, optional
        Which diagonal: above the main one if positive.
    k : int, optional
        NumPy's name of `diagonal`.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Vector, or matrix.

    Raises
    ------
    RuntimeError
        If there are not one or two axes.
    """

def diag_embed(input: TensorLike, offset: int = 0, dim1: SupportsIndex = -2, dim2: SupportsIndex = -1) -> Tensor:
    """Matrices of zeros with the elements of the last axis on a diagonal.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    offset : int, optional
        Which diagonal.
    dim1, dim2 : int, optional
        The axes of the matrices.

    Returns
    -------
    Tensor
        With one axis more than `input`.
    """

def diagflat(input: TensorLike, offset: int = 0) -> Tensor:
    """A matrix of zeros with all elements on a diagonal.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    offset : int, optional
        Which diagonal.

    Returns
    -------
    Tensor
        A square matrix.
    """

def diagonal(
    input: TensorLike,
    offset: SupportsIndex = 0,
    dim1: SupportsIndex = 0,
    dim2: SupportsIndex = 1,
    axis1: SupportsIndex | None = None,
    axis2: SupportsIndex | None = None,
) -> Tensor:
    """Diagonal of two axes, as the last axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    offset : int, optional
        Which diagonal: above the main one if positive.
    dim1, dim2 : int, optional
        The axes.
    axis1, axis2 : int, optional
        NumPy's names of the axes.

    Returns
    -------
    Tensor
        A view.
    """

def diagonal_scatter(
    input: TensorLike,
    src: TensorLike,
    offset: int = 0,
    dim1: SupportsIndex = 0,
    dim2: SupportsIndex = 1,
) -> Tensor:
    """The diagonal of two axes replaced by other values.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    src : Tensor or ndarray
        The other values.
    offset : int, optional
        Which diagonal.
    dim1, dim2 : int, optional
        The axes.

    Returns
    -------
    Tensor
        A new tensor, of the shape of `input`.

    Raises
    ------
    ShapeError
        If `src` has another shape than the diagonal.
    """

@overload
def diff(
    input: TensorLike,
    n: SupportsIndex = 1,
    dim: SupportsIndex = -1,
    prepend: TensorLike | None = None,
    append: TensorLike | None = None,
) -> Tensor:
    """Differences of neighbours along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    n : int, optional
        How often differences are taken.
    dim : int, optional
        The axis.
    prepend, append : Tensor or ndarray, optional
        Joined to the values before.

    Returns
    -------
    Tensor
        Shorter by `n` along the axis.

    Raises
    ------
    RuntimeError
        If there is no axis, or `n` is negative.
    """
@overload
def diff(
    a: TensorLike,
    n: SupportsIndex = 1,
    axis: SupportsIndex = -1,
    prepend: TensorLike | None = None,
    append: TensorLike | None = None,
) -> Tensor:
    ...

def digamma(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The derivative of the logarithm of the gamma function; nan at the negative integers.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def dist(input: TensorLike, other: TensorLike, p: float = 2.0) -> Tensor:
    """The norm of a difference.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    other : Tensor or ndarray
        Other values.
    p : float, optional
        Order of the norm.

    Returns
    -------
    Tensor
        A number.
    """

def div(input: TensorLike, other: TensorLike, *, rounding_mode: str | None = None, out: Tensor | None = None) -> Tensor:
    """The quotient ``input / other``, optionally rounded.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    other : Tensor, ndarray or float
        Values of a shape that broadcasts.
    rounding_mode : {None, "floor", "trunc"}, optional
        Round down, towards zero, or not at all. Rounded quotients of integers are integers.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.

    Raises
    ------
    RuntimeError
        If `rounding_mode` is something else.
    """

def divide(
    input: TensorLike,
    other: TensorLike,
    *,
    rounding_mode: str | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The quotient ``input / other``, optionally rounded.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    other : Tensor, ndarray or float
        Values of a shape that broadcasts.
    rounding_mode : {None, "floor", "trunc"}, optional
        Round down, towards zero, or not at all. Rounded quotients of integers are integers.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.

    Raises
    ------
    RuntimeError
        If `rounding_mode` is something else.
    """

def dot(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Inner product of two vectors.

    Parameters
    ----------
    input, other : Tensor or ndarray, shape (n,)
        The vectors.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor, shape ()
        The product.

    Raises
    ------
    ShapeError
        If they are not vectors of one length.
    """

def dsplit(input: TensorLike, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """Parts along the third axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    indices_or_sections : int or sequence of int
        How many parts of one length, or where they begin.

    Returns
    -------
    tuple of Tensor
        The parts, as views.

    Raises
    ------
    RuntimeError
        If the parts would not be of one length.
    """

def dstack(tensors: Sequence[TensorLike], *, out: Tensor | None = None) -> Tensor:
    """Tensors joined along the third axis.

    Parameters
    ----------
    tensors : sequence of Tensor
        Of two axes or more; others get axes as `numpy.dstack` gives them.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of three axes or more.
    """

def einsum(equation: str | TensorLike, *operands: TensorLike | Sequence[Any]) -> Tensor:
    """Products of elements, summed over the letters that the result does not have (Einstein summation).

    Parameters
    ----------
    equation : str
        Letters for the axes of each operand, separated by commas, and after ``->`` those of the result; "..." for any axes.
        Without ``->`` the result has the letters that occur once, in alphabetical order.
    *operands : Tensor or ndarray
        The factors; axes of length one are broadcast. In place of an equation, each factor may be followed by a list of numbers
        for its axes, and the last by one for the result.

    Returns
    -------
    Tensor
        With an axis for each letter of the result; of one operand of which nothing is summed, a view.

    Raises
    ------
    TypeError
        If there is neither an equation nor lists.
    ShapeError
        If axes of one letter have different lengths.

    Examples
    --------
    >>> import jittape as jt
    >>> A, x = jt.tensor([[1.0, 2.0], [3.0, 4.0]]), jt.tensor([1.0, 1.0])
    >>> jt.einsum("ij,j->i", A, x)
    tensor([3., 7.])
    >>> jt.einsum(A, [0, 1], x, [1], [0])
    tensor([3., 7.])
    """

def empty(
    *size: ShapeLike,
    dtype: DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
    layout: object = None,
    pin_memory: object = None,
    memory_format: object = None,
    out: Tensor | None = None,
) -> Tensor:
    """Make a tensor whose values are to be written first (they are zeros).

    Parameters
    ----------
    *size : int or sequence of int
        Lengths of the axes.
    dtype : dtype, optional
        The default dtype if not given.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.
    memory_format : object, optional
        Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of that shape.

    Raises
    ------
    TypeError
        If there is no size, or it is not made of integers.
    """

def empty_like(
    input: TensorLike,
    *,
    dtype: DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
    layout: object = None,
    pin_memory: object = None,
    memory_format: object = None,
) -> Tensor:
    """Make a tensor in the shape and dtype of another, whose values are to be written first (they are zeros).

    Parameters
    ----------
    input : Tensor or ndarray
        Gives shape and dtype.
    dtype : dtype, optional
        The default dtype if not given.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.
    memory_format : object, optional
        Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor
        Of that shape.
    """

def eq(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Whether elements are equal.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor of bool
        Of the broadcast shape.
    """

def equal(input: TensorLike, other: TensorLike) -> bool:
    """Whether two tensors have the same shape and the same elements.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    other : Tensor, ndarray or float
        Values of a shape that broadcasts.

    Returns
    -------
    bool
        Whether they do.
    """

def erf(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The error function, 2 / sqrt(pi) times the integral of exp(-t**2) from 0 to x.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def erfc(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """``1 - erf(x)``, without its rounding errors where erf is near 1.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def erfinv(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the error function.

    Parameters
    ----------
    input : Tensor or ndarray
        Values from -1 to 1.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the same shape.
    """

def exp(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The exponential.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def exp2(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Two to a power.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def expm1(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """``exp(x) - 1``, exact near 0.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def eye(
    n: SupportsIndex,
    m: SupportsIndex | None = None,
    *,
    dtype: DTypeLike | None = None,
    requires_grad: bool = False,
    layout: object = None,
    device: object = None,
    pin_memory: object = None,
    out: Tensor | None = None,
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
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor, shape (n, m)
        The matrix.
    """

def fix(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The integer towards zero; its derivative is 0.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def flatten(input: TensorLike, start_dim: SupportsIndex = 0, end_dim: SupportsIndex = -1) -> Tensor:
    """Consecutive axes joined into one.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    start_dim, end_dim : int, optional
        First and last of these; by default all.

    Returns
    -------
    Tensor
        A view, if possible; the Tensor itself if it is one axis.

    Raises
    ------
    RuntimeError
        If the last comes before the first.
    """

def flip(input: TensorLike, *dims: ShapeLike) -> Tensor:
    """The order along axes reversed.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    *dims : int or tuple of int
        The axes; by default all.

    Returns
    -------
    Tensor
        A copy, of the shape of `input`.
    """

def fliplr(input: TensorLike) -> Tensor:
    """The elements of the second axis in the opposite order.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def flipud(input: TensorLike) -> Tensor:
    """The elements of the first axis in the opposite order.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def float_power(input: TensorLike, exponent: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Powers in double precision.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    exponent : Tensor, ndarray or float
        The exponents.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        In float64.
    """

def floor(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The largest integer not above; its derivative is 0.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def floor_divide(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The quotient rounded down, as Python has it: of 1.0 and 0.1 it is 9, for 0.1 is a little more than a tenth.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def fmax(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The larger of two numbers, the other one if one is nan; at a tie each gets half of the gradient.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def fmin(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The smaller of two numbers, the other one if one is nan; at a tie each gets half of the gradient.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def fmod(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The remainder with the sign of `x`.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def frac(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """What is left of numbers without their integral parts, with their signs.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def frexp(input: TensorLike, *, out: tuple[Tensor, ...] | None = None) -> tuple[Tensor, Tensor]:
    """Mantissa and exponent of ``x = mantissa * 2**exponent`` with 0.5 <= abs(mantissa) < 1.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : tuple of Tensor, optional
        Where the results are written, of their shapes; they are returned.

    Returns
    -------
    tuple of (Tensor, Tensor)
        The mantissa, whose derivative is ``2**-exponent``, and the exponent, of integers, which has none.
    """

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

def full(
    size: ShapeLike,
    fill_value: Number,
    *,
    dtype: DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
    layout: object = None,
    pin_memory: object = None,
    out: Tensor | None = None,
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
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of that shape.
    """

def full_like(
    input: TensorLike,
    fill_value: Number,
    *,
    dtype: DTypeLike | None = None,
    requires_grad: bool = False,
    layout: object = None,
    device: object = None,
    memory_format: object = None,
    pin_memory: object = None,
) -> Tensor:
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
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    memory_format : object, optional
        Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def gamma(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The gamma function; nan at the negative integers.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

@overload
def gather(
    input: TensorLike,
    dim: SupportsIndex,
    index: TensorLike,
    *,
    sparse_grad: object = None,
    out: Tensor | None = None,
) -> Tensor:
    """Elements at indexed positions along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int
        The axis.
    index : Tensor or ndarray of int
        Positions along the axis, with as many axes as `input`.
    sparse_grad : bool, optional
        Only False: gradients are dense.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `index`.

    Raises
    ------
    RuntimeError
        If the numbers of axes differ, or an index is out of range.
    """
@overload
def gather(
    a: TensorLike,
    axis: SupportsIndex,
    index: TensorLike,
    *,
    sparse_grad: object = None,
    out: Tensor | None = None,
) -> Tensor:
    ...

def ge(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Whether elements of the first are not smaller.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor of bool
        Of the broadcast shape.
    """

def get_rng_state() -> Tensor:
    """Return the state of the random numbers of the library.

    Returns
    -------
    Tensor of uint8
        What `set_rng_state` takes.
    """

def gradient(
    input: TensorLike,
    *,
    spacing: Number | TensorLike | Sequence[Number | TensorLike] = 1.0,
    dim: int | Sequence[int] | None = None,
    edge_order: int = 1,
) -> list[Tensor]:
    """Slopes of the values of a function on a grid, by differences of neighbours.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    spacing : float, Tensor, or sequence of these, optional
        Distances of neighbours, or their coordinates: one for all axes, or one an axis.
    dim : int or sequence of int, optional
        The axes; all if not given.
    edge_order : {1, 2}, optional
        Order of the differences at the ends.

    Returns
    -------
    list of Tensor
        Slopes along each axis.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.gradient(jt.tensor([1.0, 4.0, 9.0]))
    [tensor([3., 4., 5.])]
    """

def greater(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Whether elements of the first are larger.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor of bool
        Of the broadcast shape.
    """

def greater_equal(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Whether elements of the first are not smaller.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor of bool
        Of the broadcast shape.
    """

def gt(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Whether elements of the first are larger.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor of bool
        Of the broadcast shape.
    """

def hamming_window(
    window_length: int,
    periodic: bool = True,
    alpha: float = 0.54,
    beta: float = 0.46,
    *,
    dtype: DTypeLike | None = None,
    requires_grad: bool = False,
    layout: object = None,
    device: object = None,
    pin_memory: object = None,
) -> Tensor:
    """Hamming's window, ``alpha - beta * cos(...)``.

    Parameters
    ----------
    window_length : int
        How many numbers.
    periodic : bool, optional
        The number behind the last one is the first, as Fourier transforms want it; else it is even.
    alpha, beta : float, optional
        The two weights.
    dtype : dtype, optional
        Of the result; the default dtype if not given.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor, shape (window_length,)
        The window.
    """

def hann_window(
    window_length: int,
    periodic: bool = True,
    *,
    dtype: DTypeLike | None = None,
    requires_grad: bool = False,
    layout: object = None,
    device: object = None,
    pin_memory: object = None,
) -> Tensor:
    """Hann's window, a raised cosine.

    Parameters
    ----------
    window_length : int
        How many numbers.
    periodic : bool, optional
        The number behind the last one is the first, as Fourier transforms want it; else it is even.
    dtype : dtype, optional
        Of the result; the default dtype if not given.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor, shape (window_length,)
        The window.

    Raises
    ------
    RuntimeError
        If the length is negative.
    """

def heaviside(input: TensorLike, values: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """0 below zero, 1 above, `values` at zero; its derivative by `input` is 0 everywhere.

    Parameters
    ----------
    input, values : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def histc(
    input: TensorLike,
    bins: int = 100,
    min: float = 0.0,
    max: float = 0.0,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """How many elements fall between edges at equal distances.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    bins : int, optional
        How many intervals.
    min, max : float, optional
        Ends of the first and the last; those of the elements if both are the same.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        The counts, in the dtype of `input`.
    """

def hsplit(input: TensorLike, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """Parts along the second axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    indices_or_sections : int or sequence of int
        How many parts of one length, or where they begin.

    Returns
    -------
    tuple of Tensor
        The parts, as views.

    Raises
    ------
    RuntimeError
        If the parts would not be of one length.
    """

def hstack(tensors: Sequence[TensorLike], *, out: Tensor | None = None) -> Tensor:
    """Tensors joined along the second axis, vectors along the first.

    Parameters
    ----------
    tensors : sequence of Tensor or ndarray
        Of one shape but for that axis.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        The joined tensors.
    """

def hypot(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The length of (x, y); both derivatives are 0 at the origin.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def i0(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind, of order 0.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the same shape.
    """

def igamma(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The regularised lower incomplete gamma function.

    Parameters
    ----------
    input : Tensor or ndarray
        The parameter.
    other : Tensor or ndarray
        The argument; the two are broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def igammac(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The regularised upper incomplete gamma function.

    Parameters
    ----------
    input : Tensor or ndarray
        The parameter.
    other : Tensor or ndarray
        The argument; the two are broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def imag(input: TensorLike) -> Tensor:
    """The imaginary part.

    Parameters
    ----------
    input : Tensor or ndarray
        Complex values of any shape.

    Returns
    -------
    Tensor
        Real, of the same precision: a view, into which one may write.

    Raises
    ------
    DTypeError
        If the numbers are real.
    """

def index_add(
    input: TensorLike,
    dim: SupportsIndex,
    index: TensorLike,
    source: TensorLike,
    alpha: Number = 1,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Slices added at indexed positions along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int
        The axis.
    index : Tensor or ndarray of int
        The position of each slice.
    source : Tensor or ndarray
        Slices along the same axis.
    alpha : float, optional
        Factor of the slices.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        A new tensor, of the shape of `input`.
    """

def index_copy(
    input: TensorLike,
    dim: SupportsIndex,
    index: TensorLike,
    source: TensorLike,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Slices at indexed positions along an axis replaced by others.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int
        The axis.
    index : Tensor or ndarray of int
        Positions along the axis.
    source : Tensor or ndarray
        Slices along the same axis.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        A new tensor, of the shape of `input`.
    """

def index_fill(input: TensorLike, dim: SupportsIndex, index: TensorLike, value: TensorLike) -> Tensor:
    """Slices at indexed positions along an axis replaced by a number.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int
        The axis.
    index : Tensor or ndarray of int
        Positions along the axis.
    value : float or Tensor of one element
        The number.

    Returns
    -------
    Tensor
        A new tensor, of the shape of `input`.
    """

def index_put(input: TensorLike, indices: Sequence[TensorLike], values: TensorLike, accumulate: bool = False) -> Tensor:
    """Elements that are indexed by tensors replaced by others.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    indices : tuple of Tensor
        What stands between the brackets of an index.
    values : Tensor or ndarray
        Values that broadcast to what is indexed.
    accumulate : bool, optional
        Add the values; those for one element add up.

    Returns
    -------
    Tensor
        A new tensor, of the shape of `input`.
    """

def index_select(input: TensorLike, dim: SupportsIndex, index: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Slices along an axis, by a vector of indices.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int
        The axis.
    index : Tensor or ndarray of int
        The slices.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        With as many slices as `index` has elements.

    Raises
    ------
    IndexError
        If `index` is not a vector, or an index is out of range.
    """

def initial_seed() -> int:
    """Return the seed of the random numbers of the library.

    Returns
    -------
    int
        The seed.
    """

def inner(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Inner products over the last axes of both.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    other : Tensor or ndarray
        The other factor.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        With the other axes of both.
    """

def inverse(A: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Inverse of a square matrix.

    Parameters
    ----------
    A : Tensor or ndarray, shape (..., n, n)
        Square matrix, or a batch of them.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `A`.

    Raises
    ------
    SingularError
        If there is no inverse.
    ShapeError
        If the matrix is not square.

    Notes
    -----
    Work is O(n**3), by LAPACK.
    """

def is_complex(input: Tensor) -> builtins.bool:
    """Whether the dtype is one of complex numbers.

    Parameters
    ----------
    input : Tensor
        Any tensor.

    Returns
    -------
    bool
        Of the dtype, not of the values.
    """

def is_floating_point(input: TensorLike) -> bool:
    """Whether the dtype of a tensor is a floating-point one.

    Parameters
    ----------
    input : Tensor
        Anything with a dtype.

    Returns
    -------
    bool
        Whether it is.
    """

def is_tensor(value: object) -> TypeGuard[Tensor]:
    """Whether a value is a Tensor.

    Parameters
    ----------
    value : object
        Anything.

    Returns
    -------
    bool
        Whether it is.
    """

def isclose(
    input: TensorLike,
    other: TensorLike,
    rtol: float = 1e-05,
    atol: float = 1e-08,
    equal_nan: bool = False,
) -> Tensor:
    """Whether elements are close: ``|input - other| <= atol + rtol * |other|``.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    other : Tensor, ndarray or float
        Values of a shape that broadcasts.
    rtol, atol : float, optional
        Relative and absolute tolerance.
    equal_nan : bool, optional
        Whether nan is close to nan.

    Returns
    -------
    Tensor of bool
        Of the broadcast shape.
    """

def isfinite(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Whether elements are neither infinite nor nan.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor of bool
        Of the shape of `input`.
    """

def isin(
    elements: TensorLike,
    test_elements: TensorLike,
    *,
    assume_unique: bool = False,
    invert: bool = False,
) -> Tensor:
    """Which elements are among others.

    Parameters
    ----------
    elements : Tensor, ndarray or number
        The elements.
    test_elements : Tensor, ndarray or number
        The others.
    assume_unique : bool, optional
        Whether all of each are different.
    invert : bool, optional
        Which are not.

    Returns
    -------
    Tensor
        Of bool, of the shape of `elements`.
    """

def isinf(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Whether elements are infinite.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor of bool
        Of the shape of `input`.
    """

def isnan(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Whether elements are not a number.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor of bool
        Of the shape of `input`.
    """

def isneginf(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Which elements are minus infinity.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of bool, of the shape of `input`.
    """

def isposinf(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Which elements are plus infinity.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of bool, of the shape of `input`.
    """

def isreal(input: TensorLike) -> Tensor:
    """Which elements are real.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        Of bool, of the shape of `input`.
    """

def kaiser_window(
    window_length: int,
    periodic: bool = True,
    beta: float = 12.0,
    *,
    dtype: DTypeLike | None = None,
    requires_grad: bool = False,
    layout: object = None,
    device: object = None,
    pin_memory: object = None,
) -> Tensor:
    """Kaiser's window.

    Parameters
    ----------
    window_length : int
        How many numbers.
    periodic : bool, optional
        The number behind the last one is the first, as Fourier transforms want it; else it is even.
    beta : float, optional
        How narrow it is.
    dtype : dtype, optional
        Of the result; the default dtype if not given.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor, shape (window_length,)
        The window.
    """

def kron(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Kronecker product: every element of the one times the whole of the other.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    other : Tensor or ndarray
        The other factor.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Every axis as long as the product of the two lengths.
    """

def kthvalue(
    input: TensorLike,
    k: int,
    dim: SupportsIndex = -1,
    keepdim: bool = False,
    *,
    out: tuple[Tensor, ...] | None = None,
) -> ValuesIndices:
    """The k-th smallest element along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    k : int
        Which: 1 for the smallest.
    dim : int, optional
        The axis.
    keepdim : bool, optional
        Keep the axis, with length one.
    out : tuple of Tensor, optional
        Where the results are written, of their shapes; they are returned.

    Returns
    -------
    ValuesIndices
        The elements, and their places.

    Raises
    ------
    RuntimeError
        If there are fewer elements.
    """

def ldexp(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """``x * 2**n``, exact for an `n` that is an integer.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def le(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Whether elements of the first are not larger.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor of bool
        Of the broadcast shape.
    """

def lerp(input: TensorLike, end: TensorLike, weight: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Linear interpolation: ``input + weight * (end - input)``.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    end : Tensor, ndarray or float
        Values at weight 1.
    weight : Tensor, ndarray or float
        Weights.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def less(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Whether elements of the first are smaller.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor of bool
        Of the broadcast shape.
    """

def less_equal(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Whether elements of the first are not larger.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor of bool
        Of the broadcast shape.
    """

def lgamma(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of the absolute value of the gamma function; inf at 0 and the negative integers.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def linspace(
    start: TensorLike,
    end: TensorLike,
    steps: SupportsIndex,
    *,
    dtype: DTypeLike | None = None,
    requires_grad: bool = False,
    layout: object = None,
    device: object = None,
    pin_memory: object = None,
    out: Tensor | None = None,
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
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor, shape (steps,)
        The vector.
    """

def log(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The natural logarithm.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def log10(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The logarithm to base 10.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def log1p(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """``log(1 + x)``, exact near 0.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def log2(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The logarithm to base 2.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

@overload
def log_softmax(input: TensorLike, dim: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
    """Logarithm of `softmax`: ``x - logsumexp(x)`` along an axis, without overflow.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis.
    dtype : dtype, optional
        Of the result.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
@overload
def log_softmax(a: TensorLike, axis: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
    ...

def logaddexp(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """``log(exp(x) + exp(y))`` without overflow.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def logaddexp2(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """``log2(2**x + 2**y)`` without overflow.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def logcumsumexp(input: TensorLike, dim: SupportsIndex, *, out: Tensor | None = None) -> Tensor:
    """Logarithms of cumulative sums of exponentials, which do not overflow.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int
        The axis.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def logdet(A: TensorLike) -> Tensor:
    """Logarithm of the determinant; nan if that is negative.

    Parameters
    ----------
    A : Tensor or ndarray, shape (..., n, n)
        Square matrix, or a batch of them.

    Returns
    -------
    Tensor, shape (...)
        The logarithm.

    Raises
    ------
    ShapeError
        If the matrix is not square.
    """

def logical_and(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Whether both are true.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor of bool
        Of the broadcast shape.
    """

def logical_not(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Whether elements are false.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor of bool
        Of the shape of `input`.
    """

def logical_or(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Whether one is true.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor of bool
        Of the broadcast shape.
    """

def logical_xor(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Whether exactly one is true.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor of bool
        Of the broadcast shape.
    """

def logit(input: TensorLike, eps: Number | None = None, *, out: Tensor | None = None) -> Tensor:
    """Logarithm of the odds: ``log(x / (1 - x))``.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    eps : float, optional
        Clip the values to [eps, 1 - eps] first.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def logspace(
    start: TensorLike,
    end: TensorLike,
    steps: SupportsIndex,
    base: Number = 10.0,
    *,
    dtype: DTypeLike | None = None,
    requires_grad: bool = False,
    layout: object = None,
    device: object = None,
    pin_memory: object = None,
    out: Tensor | None = None,
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
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor, shape (steps,)
        The vector.
    """

@overload
def logsumexp(
    input: TensorLike,
    dim: Axes | None = None,
    keepdim: bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Logarithm of the sum of exponentials, without overflow.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        Axes that are reduced; by default all.
    keepdim : bool, optional
        Keep reduced axes, with length one.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Without the reduced axes.
    """
@overload
def logsumexp(a: TensorLike, axis: Axes | None = None, keepdims: bool = False, *, out: Tensor | None = None) -> Tensor:
    ...

def lt(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Whether elements of the first are smaller.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor of bool
        Of the broadcast shape.
    """

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

def masked_fill(input: TensorLike, mask: TensorLike, value: TensorLike) -> Tensor:
    """Values with another one where a mask is true.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    mask : Tensor or ndarray of bool
        Of a shape that broadcasts.
    value : float or Tensor of one element
        The other value.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def masked_scatter(input: TensorLike, mask: TensorLike, source: TensorLike) -> Tensor:
    """Elements where a mask holds replaced by those of another tensor, in order.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    mask : Tensor or ndarray of bool
        Of a shape that broadcasts to that of `input`.
    source : Tensor or ndarray
        At least as many elements as are replaced.

    Returns
    -------
    Tensor
        A new tensor, of the shape of `input`.

    Raises
    ------
    RuntimeError
        If there are fewer elements than places.
    """

def masked_select(input: TensorLike, mask: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Elements where a mask is true, as a vector.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    mask : Tensor or ndarray of bool
        Of a shape that broadcasts.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor, shape (n,)
        The elements.
    """

def matmul(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Matrix product, with NumPy's rules for vectors and batches.

    Parameters
    ----------
    input : Tensor or ndarray, shape (..., n, k) or (k,)
        Left factor.
    other : Tensor or ndarray, shape (..., k, m) or (k,)
        Right factor; batches broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor, shape (..., n, m)
        The product; a vector has no axis in it.

    Raises
    ------
    ShapeError
        If the inner lengths differ, or a factor has no axis.
    """

def matrix_exp(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Exponentials of square matrices.

    Parameters
    ----------
    input : Tensor or ndarray
        A matrix.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        The sum of all ``input**k / k!``.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.matrix_exp(jt.tensor([[0.0, 1.0], [0.0, 0.0]]))
    tensor([[1., 1.],
            [0., 1.]])
    """

def matrix_power(A: TensorLike, n: SupportsIndex, *, out: Tensor | None = None) -> Tensor:
    """Power of a square matrix.

    Parameters
    ----------
    A : Tensor or ndarray, shape (..., n, n)
        Square matrix, or a batch of them.
    n : int
        The exponent; negative ones take the inverse.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `A`.

    Raises
    ------
    ShapeError
        If the matrix is not square.
    """

@overload
def max(input: TensorLike, dim: Tensor | NDArray[Any]) -> Tensor:  # type: ignore[overload-overlap]
    """Largest element of all; along an axis with its position; of two tensors elementwise.

    Of all, equal elements share the gradient; along an axis, the element at the returned position has it.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or Tensor, optional
        The axis; by default all elements are compared. With a Tensor, elements of both are compared.
    keepdim : bool, optional
        Keep reduced axes, with length one.
    other : Tensor or ndarray, optional
        What is compared elementwise, in the place of an axis.
    out : Tensor or tuple of Tensor, optional
        Where the result is written; it is returned.

    Returns
    -------
    Tensor or tuple of (Tensor, Tensor of int64)
        The elements; along an axis, ``values`` and ``indices``.
    """
@overload
def max(input: TensorLike, dim: None = None, keepdim: bool = False) -> Tensor:
    ...
@overload
def max(input: TensorLike, dim: SupportsIndex, keepdim: bool = False) -> ValuesIndices:
    ...
@overload
def max(input: TensorLike, *, axis: SupportsIndex, keepdims: bool = False) -> ValuesIndices:
    ...

def maximum(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The larger of two numbers, nan if one is; at a tie each gets half of the gradient.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

@overload
def mean(
    input: TensorLike,
    dim: Axes | None = None,
    keepdim: bool = False,
    *,
    dtype: DTypeLike | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Mean of all elements, or over axes; nan if there are none.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        Axes that are reduced; by default all.
    keepdim : bool, optional
        Keep reduced axes, with length one.
    dtype : dtype, optional
        Of the result.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Without the reduced axes.

    Raises
    ------
    DTypeError
        For integers, without `dtype`.
    """
@overload
def mean(
    a: TensorLike,
    axis: Axes | None = None,
    keepdims: bool = False,
    *,
    dtype: DTypeLike | None = None,
    out: Tensor | None = None,
) -> Tensor:
    ...

@overload
def median(input: TensorLike, dim: None = None, keepdim: bool = False) -> Tensor:
    """Median of all elements; along an axis with its position. Of two middle elements, the lower one.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis; by default all elements.
    keepdim : bool, optional
        Keep reduced axes, with length one.
    out : Tensor or tuple of Tensor, optional
        Where the result is written; it is returned.

    Returns
    -------
    Tensor or tuple of (Tensor, Tensor of int64)
        The median; along an axis, ``values`` and ``indices``.
    """
@overload
def median(input: TensorLike, dim: SupportsIndex, keepdim: bool = False) -> ValuesIndices:
    ...
@overload
def median(input: TensorLike, *, axis: SupportsIndex, keepdims: bool = False) -> ValuesIndices:
    ...

def meshgrid(*tensors: TensorLike, indexing: str = 'ij') -> tuple[Tensor, ...]:
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

@overload
def min(input: TensorLike, dim: Tensor | NDArray[Any]) -> Tensor:  # type: ignore[overload-overlap]
    """Smallest element of all; along an axis with its position; of two tensors elementwise.

    Of all, equal elements share the gradient; along an axis, the element at the returned position has it.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or Tensor, optional
        The axis; by default all elements are compared. With a Tensor, elements of both are compared.
    keepdim : bool, optional
        Keep reduced axes, with length one.
    other : Tensor or ndarray, optional
        What is compared elementwise, in the place of an axis.
    out : Tensor or tuple of Tensor, optional
        Where the result is written; it is returned.

    Returns
    -------
    Tensor or tuple of (Tensor, Tensor of int64)
        The elements; along an axis, ``values`` and ``indices``.
    """
@overload
def min(input: TensorLike, dim: None = None, keepdim: bool = False) -> Tensor:
    ...
@overload
def min(input: TensorLike, dim: SupportsIndex, keepdim: bool = False) -> ValuesIndices:
    ...
@overload
def min(input: TensorLike, *, axis: SupportsIndex, keepdims: bool = False) -> ValuesIndices:
    ...

def minimum(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The smaller of two numbers, nan if one is; at a tie each gets half of the gradient.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def mm(input: TensorLike, mat2: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Product of two matrices.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, k)
        Left factor.
    mat2 : Tensor or ndarray, shape (k, m)
        Right factor.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor, shape (n, m)
        The product.

    Raises
    ------
    ShapeError
        If they are not matrices, or the inner lengths differ.
    """

def mode(
    input: TensorLike,
    dim: SupportsIndex = -1,
    keepdim: bool = False,
    *,
    out: tuple[Tensor, ...] | None = None,
) -> ValuesIndices:
    """The element that is there most often along an axis; the smallest of several.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis.
    keepdim : bool, optional
        Keep the axis, with length one.
    out : tuple of Tensor, optional
        Where the results are written, of their shapes; they are returned.

    Returns
    -------
    ValuesIndices
        The elements, and their places.
    """

def moveaxis(input: TensorLike, source: Axes, destination: Axes) -> Tensor:
    """Axes moved to other positions.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    source, destination : int or sequence of int
        Positions before and after.

    Returns
    -------
    Tensor
        A view.
    """

def movedim(input: TensorLike, source: Axes, destination: Axes) -> Tensor:
    """Axes moved to other positions.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    source, destination : int or sequence of int
        Positions before and after.

    Returns
    -------
    Tensor
        A view.
    """

def msort(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The elements along the first axis in order of size.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def mul(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The product of two numbers.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def multinomial(
    input: TensorLike,
    num_samples: int,
    replacement: bool = False,
    *,
    generator: Generator | np.random.Generator | None = None,
    out: Tensor | None = None,
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
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor of int64
        The numbers.

    Raises
    ------
    RuntimeError
        If weights are negative or all 0, or there are fewer categories than are drawn.
    """

def multiply(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The product of two numbers.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def mv(input: TensorLike, vec: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Product of a matrix and a vector.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, k)
        The matrix.
    vec : Tensor or ndarray, shape (k,)
        The vector.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor, shape (n,)
        The product.

    Raises
    ------
    ShapeError
        If the shapes do not fit.
    """

def mvlgamma(input: TensorLike, p: int, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of the multivariate gamma function.

    Parameters
    ----------
    input : Tensor or ndarray
        Values above ``(p - 1) / 2``.
    p : int
        The dimension.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the same shape.

    Raises
    ------
    RuntimeError
        If `p` is below 1.
    """

def nan_to_num(
    input: TensorLike,
    nan: Number | None = None,
    posinf: Number | None = None,
    neginf: Number | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Numbers in the place of those that are none; where they stand no derivative arrives.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    nan : float, optional
        In the place of nan, by default 0.
    posinf, neginf : float, optional
        In the place of infinities, by default the largest and the smallest number of the dtype.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def nanmean(
    input: TensorLike,
    dim: Axes | None = None,
    keepdim: bool = False,
    *,
    dtype: DTypeLike | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The mean of the elements that are no nans.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        The axes; all if not given.
    keepdim : bool, optional
        Keep the axes, with length one.
    dtype : dtype, optional
        Convert the values first.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        A nan where all are nans.
    """

def nanquantile(
    input: TensorLike,
    q: TensorLike,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: str = 'linear',
    out: Tensor | None = None,
) -> Tensor:
    """Quantiles of the elements that are no nans.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    q : float or Tensor
        Probabilities from 0 to 1; several give results along a first axis.
    dim : int, optional
        The axis; all elements if not given.
    keepdim : bool, optional
        Keep the axis, with length one.
    interpolation : {"linear", "lower", "higher", "midpoint", "nearest"}, optional
        What lies between neighbours.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the dtype of `input`.
    """

def nansum(
    input: TensorLike,
    dim: Axes | None = None,
    keepdim: bool = False,
    *,
    dtype: DTypeLike | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The sum of the elements that are no nans.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        The axes; all if not given.
    keepdim : bool, optional
        Keep the axes, with length one.
    dtype : dtype, optional
        Convert the values first.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        0 where all are nans.
    """

def narrow(input: TensorLike, dim: SupportsIndex, start: SupportsIndex, length: SupportsIndex) -> Tensor:
    """A range of an axis.

    Parameters
    ----------
    input : Tensor
        Values of any shape.
    dim : int
        The axis.
    start : int
        First element; negative ones count from the end.
    length : int
        Number of elements.

    Returns
    -------
    Tensor
        A view.

    Raises
    ------
    RuntimeError
        If the range is not inside the axis.
    """

def ne(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Whether elements differ.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor of bool
        Of the broadcast shape.
    """

def neg(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The number with its sign changed.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def negative(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The number with its sign changed.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def nextafter(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The number next to `x` in the direction of `y`, which moves as `x` does.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

@overload
def nonzero(input: TensorLike, as_tuple: Literal[False] = False) -> Tensor:
    """Indices of the elements that are not zero.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    as_tuple : bool, optional
        Return a vector for each axis, as NumPy does.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor of int64 or tuple of them
        A matrix with a row for each element; or vectors.
    """
@overload
def nonzero(input: TensorLike, as_tuple: Literal[True]) -> tuple[Tensor, ...]:
    ...

@overload
def norm(
    input: TensorLike,
    p: Number | str = 2,
    dim: Axes | None = None,
    keepdim: bool = False,
    ord: Number | None = None,
    *,
    dtype: DTypeLike | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Vector norm of all elements, or over axes; its derivative at 0 is 0.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    p : float or "fro", optional
        Order of the norm; ``math.inf`` and ``-math.inf`` for the largest and smallest absolute value.
    dim : int or tuple of int, optional
        Axes that are reduced; by default all.
    keepdim : bool, optional
        Keep reduced axes, with length one.
    ord : float, optional
        NumPy's name of `p`.
    dtype : dtype, optional
        To which `input` is converted first.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Without the reduced axes.

    Raises
    ------
    ValueError
        If the order is another string.
    """
@overload
def norm(
    a: TensorLike,
    p: Number | str = 2,
    axis: Axes | None = None,
    keepdims: bool = False,
    ord: Number | None = None,
    *,
    dtype: DTypeLike | None = None,
    out: Tensor | None = None,
) -> Tensor:
    ...

def normal(
    mean: TensorLike = 0.0,
    std: TensorLike = 1.0,
    size: ShapeLike | None = None,
    *,
    dtype: DTypeLike | None = None,
    generator: Generator | np.random.Generator | None = None,
    requires_grad: bool = False,
    layout: object = None,
    device: object = None,
    pin_memory: object = None,
    out: Tensor | None = None,
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
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        A constant.
    """

def not_equal(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Whether elements differ.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor of bool
        Of the broadcast shape.
    """

def numel(input: TensorLike) -> int:
    """Number of elements.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    int
        The product of the lengths of the axes.
    """

def ones(
    *size: ShapeLike,
    dtype: DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
    layout: object = None,
    pin_memory: object = None,
    memory_format: object = None,
    out: Tensor | None = None,
) -> Tensor:
    """Make a tensor of ones.

    Parameters
    ----------
    *size : int or sequence of int
        Lengths of the axes.
    dtype : dtype, optional
        The default dtype if not given.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.
    memory_format : object, optional
        Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of that shape.

    Raises
    ------
    TypeError
        If there is no size, or it is not made of integers.
    """

def ones_like(
    input: TensorLike,
    *,
    dtype: DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
    layout: object = None,
    pin_memory: object = None,
    memory_format: object = None,
) -> Tensor:
    """Make a tensor of ones in the shape and dtype of another.

    Parameters
    ----------
    input : Tensor or ndarray
        Gives shape and dtype.
    dtype : dtype, optional
        The default dtype if not given.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.
    memory_format : object, optional
        Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor
        Of that shape.
    """

def outer(input: TensorLike, vec2: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Matrix of all products of elements of two vectors.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n,)
        Gives the rows.
    vec2 : Tensor or ndarray, shape (m,)
        Gives the columns.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor, shape (n, m)
        The matrix.

    Raises
    ------
    ShapeError
        If they are not vectors.
    """

def permute(input: TensorLike, *dims: ShapeLike) -> Tensor:
    """The axes in another order.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    *dims : int or sequence of int
        The axes, in their new order.

    Returns
    -------
    Tensor
        A view.

    Raises
    ------
    ShapeError
        If the axes are not all named once.
    """

def polar(abs: TensorLike, angle: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Complex numbers from absolute values and angles, ``abs * exp(1j * angle)``.

    Parameters
    ----------
    abs : Tensor, ndarray or float
        Absolute values.
    angle : Tensor, ndarray or float
        Angles in radians, of a shape that broadcasts.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Complex, of the broadcast shape.

    Raises
    ------
    DTypeError
        If an operand is complex itself.
    """

def polygamma(n: TensorLike, input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The derivative of order `n` of `digamma`; of an `n` that is an integer, by which it has no derivative: that is nan.

    Parameters
    ----------
    n, input : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def positive(input: TensorLike) -> Tensor:
    """The tensor itself: ``+x``.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        `input` itself.

    Raises
    ------
    RuntimeError
        If the dtype is bool.
    """

def pow(input: TensorLike, exponent: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The power ``input ** exponent``.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    exponent : Tensor, ndarray or float
        Exponents, of a shape that broadcasts.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.

    Notes
    -----
    The derivative with respect to the base is 0 where the exponent is 0. Small whole and half
    exponents are products and roots, which cost a hundredth of the general power.
    """

@overload
def prod(
    input: TensorLike,
    dim: Axes | None = None,
    keepdim: bool = False,
    *,
    dtype: DTypeLike | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Product of all elements, or over axes; derivatives are exact where elements are zero.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        Axes that are reduced; by default all.
    keepdim : bool, optional
        Keep reduced axes, with length one.
    dtype : dtype, optional
        Of the result.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Without the reduced axes.
    """
@overload
def prod(
    a: TensorLike,
    axis: Axes | None = None,
    keepdims: bool = False,
    *,
    dtype: DTypeLike | None = None,
    out: Tensor | None = None,
) -> Tensor:
    ...

def put(input: TensorLike, index: TensorLike, source: TensorLike, accumulate: bool = False) -> Tensor:
    """Elements at positions in the order of all elements replaced by others.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    index : Tensor or ndarray of int
        Positions of elements, as if there were one axis.
    source : Tensor or ndarray
        As many values.
    accumulate : bool, optional
        Add the values; those for one element add up.

    Returns
    -------
    Tensor
        A new tensor, of the shape of `input`.
    """

def quantile(
    input: TensorLike,
    q: TensorLike,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: str = 'linear',
    out: Tensor | None = None,
) -> Tensor:
    """Quantiles: between neighbours in order of size, as PyTorch and NumPy place them.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    q : float or Tensor
        Probabilities from 0 to 1; several give results along a first axis.
    dim : int, optional
        The axis; all elements if not given.
    keepdim : bool, optional
        Keep the axis, with length one.
    interpolation : {"linear", "lower", "higher", "midpoint", "nearest"}, optional
        What lies between neighbours.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the dtype of `input`.
    """

def rad2deg(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """An angle in degrees, given in radians.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def rand(
    *size: ShapeLike,
    dtype: DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
    generator: Generator | np.random.Generator | None = None,
    layout: object = None,
    pin_memory: object = None,
    out: Tensor | None = None,
) -> Tensor:
    """Make a tensor of uniform random numbers in [0, 1).

    Parameters
    ----------
    *size : int or sequence of int
        Lengths of the axes.
    dtype : dtype, optional
        The default dtype if not given.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.
    generator : Generator or numpy.random.Generator, optional
        Where numbers are drawn from; by default what `manual_seed` seeds.
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of that shape.
    """

def rand_like(
    input: TensorLike,
    *,
    dtype: DTypeLike | None = None,
    requires_grad: bool = False,
    generator: Generator | np.random.Generator | None = None,
    layout: object = None,
    device: object = None,
    memory_format: object = None,
    pin_memory: object = None,
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
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    memory_format : object, optional
        Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def randint(
    low: TensorLike,
    high: SupportsIndex | None = None,
    size: ShapeLike | None = None,
    *,
    dtype: DTypeLike | None = None,
    generator: Generator | np.random.Generator | None = None,
    requires_grad: bool = False,
    layout: object = None,
    device: object = None,
    pin_memory: object = None,
    out: Tensor | None = None,
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
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        The integers.

    Raises
    ------
    TypeError
        If `size` is not a tuple.
    """

def randn(
    *size: ShapeLike,
    dtype: DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
    generator: Generator | np.random.Generator | None = None,
    layout: object = None,
    pin_memory: object = None,
    out: Tensor | None = None,
) -> Tensor:
    """Make a tensor of standard normal random numbers.

    Parameters
    ----------
    *size : int or sequence of int
        Lengths of the axes.
    dtype : dtype, optional
        The default dtype if not given.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.
    generator : Generator or numpy.random.Generator, optional
        Where numbers are drawn from; by default what `manual_seed` seeds.
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of that shape.
    """

def randn_like(
    input: TensorLike,
    *,
    dtype: DTypeLike | None = None,
    requires_grad: bool = False,
    generator: Generator | np.random.Generator | None = None,
    layout: object = None,
    device: object = None,
    memory_format: object = None,
    pin_memory: object = None,
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
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    memory_format : object, optional
        Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def randperm(
    n: SupportsIndex,
    *,
    dtype: DTypeLike | None = None,
    generator: Generator | np.random.Generator | None = None,
    requires_grad: bool = False,
    layout: object = None,
    device: object = None,
    pin_memory: object = None,
    out: Tensor | None = None,
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
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor of int64, shape (n,)
        The integers from 0 to n - 1.
    """

def ravel(input: TensorLike) -> Tensor:
    """All axes joined into one.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        A view, if possible.
    """

def real(input: TensorLike) -> Tensor:
    """The real part; real numbers are returned as they are.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        Real, of the same precision: a view, into which one may write.
    """

def reciprocal(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """One over the number.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def relu(input: TensorLike, inplace: bool = False, *, out: Tensor | None = None) -> Tensor:
    """The positive part; its derivative at 0 is 0.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    inplace : bool, optional
        Write the result into the memory of `input`.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def remainder(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The remainder with the sign of `y`.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def renorm(input: TensorLike, p: float, dim: SupportsIndex, maxnorm: float, *, out: Tensor | None = None) -> Tensor:
    """Slices along an axis scaled so that their norms are at most a number.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    p : float
        Order of the norm.
    dim : int
        The axis.
    maxnorm : float
        The largest norm.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def repeat_interleave(
    input: TensorLike,
    repeats: int | TensorLike,
    dim: SupportsIndex | None = None,
    *,
    output_size: int | None = None,
) -> Tensor:
    """Elements repeated one by one along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    repeats : int or Tensor of int
        How often: all, or each.
    dim : int, optional
        The axis; by default the elements as one.
    output_size : int, optional
        Without effect; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor
        The repeated elements.
    """

def reshape(input: TensorLike, *shape: ShapeLike) -> Tensor:
    """The elements in another shape, as a view where possible.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    *shape : int or sequence of int
        Lengths of the axes; one may be -1.

    Returns
    -------
    Tensor
        Of the new shape.

    Raises
    ------
    ShapeError
        If the numbers of elements differ.
    """

def resolve_conj(input: TensorLike) -> Tensor:
    """The tensor itself: conjugates are computed at once here, where PyTorch may keep a mark.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        `input` itself.
    """

def result_type(tensor1: TensorLike, tensor2: TensorLike) -> np.dtype:
    """Return the dtype that an operation on two tensors or numbers has as its result.

    Parameters
    ----------
    tensor1, tensor2 : Tensor, ndarray or number
        The operands. Numbers and tensors without axes decide only where their kind is higher.

    Returns
    -------
    dtype
        The dtype.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.result_type(jt.tensor([1, 2]), 1.0)
    dtype('float64')
    """

def roll(input: TensorLike, shifts: Axes, dims: Axes | None = None) -> Tensor:
    """Elements shifted along axes, with those that leave at one end coming in at the other.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    shifts : int or sequence of int
        By how many positions.
    dims : int or sequence of int, optional
        The axes; by default the flat order of all elements.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    RuntimeError
        If shifts and axes do not correspond.
    """

def rot90(input: TensorLike, k: int = 1, dims: Sequence[int] = (0, 1)) -> Tensor:
    """Quarter turns in the plane of two axes.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of two axes or more.
    k : int, optional
        How many turns, from the first axis to the second.
    dims : sequence of two int, optional
        The axes.

    Returns
    -------
    Tensor
        The turned elements.
    """

def round(input: TensorLike, *, decimals: SupportsIndex = 0, out: Tensor | None = None) -> Tensor:
    """Values rounded to the nearest integer (ties to even), or to a number of decimals; the derivative is 0.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    decimals : int, optional
        Number of digits after the point.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def rsqrt(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """One over the square root.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def scalar_tensor(
    s: Number,
    *,
    dtype: DTypeLike | None = None,
    requires_grad: bool = False,
    layout: object = None,
    device: object = None,
    pin_memory: object = None,
) -> Tensor:
    """A tensor of one number, without axes.

    Parameters
    ----------
    s : float
        The number.
    dtype : dtype, optional
        Of the result; the default dtype if not given.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor, shape ()
        The number.
    """

def scatter(input: TensorLike, dim: SupportsIndex, index: TensorLike, src: TensorLike) -> Tensor:
    """Values put at indexed positions along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int
        The axis.
    index : Tensor or ndarray of int
        Positions along the axis; with as many axes as `input`, none longer except this one.
    src : Tensor, ndarray or float
        What is put there; at least of the shape of `index`.

    Returns
    -------
    Tensor
        A new tensor, of the shape of `input`.

    Raises
    ------
    ShapeError
        If shapes do not fit.
    RuntimeError
        If an index is out of range.

    Notes
    -----
    Where `index` names a position several times, the last value counts.
    """

def scatter_add(input: TensorLike, dim: SupportsIndex, index: TensorLike, src: TensorLike) -> Tensor:
    """Values added at indexed positions along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int
        The axis.
    index : Tensor or ndarray of int
        Positions along the axis; with as many axes as `input`, none longer except this one.
    src : Tensor, ndarray or float
        What is added; at least of the shape of `index`.

    Returns
    -------
    Tensor
        A new tensor, of the shape of `input`.

    Raises
    ------
    ShapeError
        If shapes do not fit.
    RuntimeError
        If an index is out of range.

    Notes
    -----
    Where `index` names a position several times, all values count.
    """

def scatter_reduce(
    input: TensorLike,
    dim: SupportsIndex,
    index: TensorLike,
    src: TensorLike,
    reduce: str,
    *,
    include_self: bool = True,
) -> Tensor:
    """Values that come together at indexed positions along an axis, reduced.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int
        The axis.
    index : Tensor or ndarray of int
        Positions along the axis; with as many axes as `input`.
    src : Tensor or ndarray
        The values; at least of the shape of `index`.
    reduce : {"sum", "prod", "mean", "amax", "amin"}
        How.
    include_self : bool, optional
        Whether the element of `input` is one of the values.

    Returns
    -------
    Tensor
        A new tensor, of the shape of `input`.

    Raises
    ------
    RuntimeError
        If `reduce` is another word, or an index is out of range.
    """

def searchsorted(
    sorted_sequence: TensorLike,
    input: TensorLike,
    *,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
    sorter: TensorLike | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Places at which values would be put into sequences in order.

    Parameters
    ----------
    sorted_sequence : Tensor or ndarray
        In order of size along the last axis.
    input : Tensor, ndarray or number
        The values: of any shape for one sequence, otherwise with a row for each sequence.
    out_int32 : bool, optional
        Places as int32.
    right : bool, optional
        Behind elements that are equal, not before them.
    side : {"left", "right"}, optional
        The same in NumPy's words.
    sorter : Tensor or ndarray of int, optional
        Positions that put the sequences in order.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of int64, of the shape of `input`.

    Raises
    ------
    RuntimeError
        If `side` is neither, or the opposite of `right`.
    ShapeError
        If the leading axes of several sequences are not those of `input`.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.searchsorted(jt.tensor([1.0, 3.0, 5.0]), jt.tensor([3.0, 4.0]))
    tensor([1, 2])
    """

def seed() -> int:
    """Seed the random numbers of the library with a number that the machine makes up.

    Returns
    -------
    int
        The seed.
    """

def select(input: TensorLike, dim: SupportsIndex, index: SupportsIndex) -> Tensor:
    """One slice of an axis.

    Parameters
    ----------
    input : Tensor
        Values of any shape.
    dim : int
        The axis.
    index : int
        The slice; negative ones count from the end.

    Returns
    -------
    Tensor
        A view, without the axis.

    Raises
    ------
    IndexError
        If there is no such slice.
    """

def select_scatter(input: TensorLike, src: TensorLike, dim: SupportsIndex, index: SupportsIndex) -> Tensor:
    """One slice along an axis replaced by another.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    src : Tensor or ndarray
        The other slice.
    dim : int
        The axis.
    index : int
        The number of the slice.

    Returns
    -------
    Tensor
        A new tensor, of the shape of `input`.
    """

def set_rng_state(new_state: Tensor) -> None:
    """Have the random numbers of the library go on from a state.

    Parameters
    ----------
    new_state : Tensor of uint8
        From `get_rng_state`.
    """

def sgn(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The number over its absolute value, 0 at 0: of real numbers the sign.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the same shape and dtype.
    """

def sigmoid(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """``1 / (1 + exp(-x))``, the logistic function.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def sign(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """-1, 0 or 1; its derivative is 0 everywhere.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def signbit(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """Which elements are negative, or minus zero.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of bool, of the shape of `input`.
    """

def sin(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The sine; radians.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def sinc(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The sine of pi x over pi x, and 1 at 0.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def sinh(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The hyperbolic sine.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def slice_scatter(
    input: TensorLike,
    src: TensorLike,
    dim: SupportsIndex = 0,
    start: int | None = None,
    end: int | None = None,
    step: int = 1,
) -> Tensor:
    """A range along an axis replaced by other values.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    src : Tensor or ndarray
        The other values.
    dim : int, optional
        The axis.
    start, end : int, optional
        Where the range begins and ends.
    step : int, optional
        Its step.

    Returns
    -------
    Tensor
        A new tensor, of the shape of `input`.
    """

def slogdet(A: TensorLike) -> SignLogabsdet:
    """Sign of the determinant and logarithm of its absolute value, which neither overflow nor underflow.

    Parameters
    ----------
    A : Tensor or ndarray, shape (..., n, n)
        Square matrix, or a batch of them.

    Returns
    -------
    tuple of (Tensor, Tensor), shape (...)
        ``sign`` and ``logabsdet``.

    Raises
    ------
    ShapeError
        If the matrix is not square.
    """

@overload
def softmax(input: TensorLike, dim: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
    """Exponentials divided by their sum along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis.
    dtype : dtype, optional
        Of the result.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
@overload
def softmax(a: TensorLike, axis: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
    ...

@overload
def sort(
    input: TensorLike,
    dim: SupportsIndex = -1,
    descending: bool = False,
    stable: bool = False,
    *,
    out: tuple[Tensor, ...] | None = None,
) -> ValuesIndices:
    """Elements in order along an axis, with their positions before.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis.
    descending : bool, optional
        Largest first.
    stable : bool, optional
        Accepted for compatibility with PyTorch: equal elements keep their order in any case.
    out : tuple of Tensor, optional
        Where the results are written, of their shapes; they are returned.

    Returns
    -------
    tuple of (Tensor, Tensor of int64)
        ``values`` and ``indices``.
    """
@overload
def sort(
    a: TensorLike,
    axis: SupportsIndex = -1,
    descending: bool = False,
    stable: bool = False,
    *,
    out: tuple[Tensor, ...] | None = None,
) -> ValuesIndices:
    ...

def spacing(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The distance to the next number away from zero, a power of two; its derivative is 0.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

@overload
def split(
    tensor: TensorLike,
    split_size_or_sections: SupportsIndex | Sequence[SupportsIndex],
    dim: SupportsIndex = 0,
) -> tuple[Tensor, ...]:
    """Consecutive ranges of an axis.

    Parameters
    ----------
    tensor : Tensor or ndarray
        Values of any shape.
    split_size_or_sections : int or sequence of int
        Length of all but the last, or the length of each.
    dim : int, optional
        The axis.

    Returns
    -------
    tuple of Tensors
        Views.

    Raises
    ------
    RuntimeError
        If a length is negative, or the lengths do not add up.
    """
@overload
def split(
    tensor: TensorLike,
    split_size_or_sections: SupportsIndex | Sequence[SupportsIndex],
    axis: SupportsIndex = 0,
) -> tuple[Tensor, ...]:
    ...

def sqrt(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The square root; its derivative at 0 is inf.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def square(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The square.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

@overload
def squeeze(input: TensorLike, dim: Axes | None = None) -> Tensor:
    """Axes of length one removed.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        Only these, if they have length one; by default all.

    Returns
    -------
    Tensor
        A view.
    """
@overload
def squeeze(a: TensorLike, axis: Axes | None = None) -> Tensor:
    ...

@overload
def stack(tensors: Sequence[TensorLike], dim: SupportsIndex = 0, *, out: Tensor | None = None) -> Tensor:
    """Tensors of one shape joined along a new axis.

    Parameters
    ----------
    tensors : sequence of Tensor or ndarray
        Of one shape.
    dim : int, optional
        Position of the new axis.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        The joined tensors.

    Raises
    ------
    ShapeError
        If the shapes differ.
    """
@overload
def stack(tensors: Sequence[TensorLike], axis: SupportsIndex = 0, *, out: Tensor | None = None) -> Tensor:
    ...

@overload
def std(
    input: TensorLike,
    dim: Axes | None = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float = 1,
    out: Tensor | None = None,
) -> Tensor:
    """Standard deviation of all elements, or over axes; its derivative is 0 where the elements are equal.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        Axes that are reduced; by default all.
    unbiased : bool, optional
        True for a correction of 1, False for 0.
    keepdim : bool, optional
        Keep reduced axes, with length one.
    correction : int, optional
        Subtracted from the number of elements; NumPy's ``ddof``.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Without the reduced axes.

    Raises
    ------
    DTypeError
        If the dtype is not a floating-point one.
    """
@overload
def std(
    a: TensorLike,
    axis: Axes | None = None,
    unbiased: bool | None = None,
    keepdims: bool = False,
    *,
    ddof: float = 1,
    out: Tensor | None = None,
) -> Tensor:
    ...

def std_mean(
    input: TensorLike,
    dim: Axes | None = None,
    *,
    correction: Number = 1,
    keepdim: bool = False,
    out: tuple[Tensor, ...] | None = None,
) -> tuple[Tensor, Tensor]:
    """Standard deviation and mean.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        The axes; all if not given.
    correction : float, optional
        What is taken from the number of elements.
    keepdim : bool, optional
        Keep the axes, with length one.
    out : tuple of Tensor, optional
        Where the results are written, of their shapes; they are returned.

    Returns
    -------
    tuple of Tensor
        The standard deviation, and the mean.
    """

def sub(input: TensorLike, other: TensorLike, *, alpha: Number = 1, out: Tensor | None = None) -> Tensor:
    """The difference ``input - alpha * other``.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    other : Tensor, ndarray or float
        Values of a shape that broadcasts.
    alpha : float, optional
        Factor of `other`.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def subtract(input: TensorLike, other: TensorLike, *, alpha: Number = 1, out: Tensor | None = None) -> Tensor:
    """The difference ``input - alpha * other``.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    other : Tensor, ndarray or float
        Values of a shape that broadcasts.
    alpha : float, optional
        Factor of `other`.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

@overload
def sum(
    input: TensorLike,
    dim: Axes | None = None,
    keepdim: bool = False,
    *,
    dtype: DTypeLike | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Sum of all elements, or over axes. Integers and bools are summed as int64.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        Axes that are reduced; by default all.
    keepdim : bool, optional
        Keep reduced axes, with length one.
    dtype : dtype, optional
        Of the result.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Without the reduced axes.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.sum(jt.tensor([[1.0, 2.0], [3.0, 4.0]]), dim=0)
    tensor([4., 6.])
    """
@overload
def sum(
    a: TensorLike,
    axis: Axes | None = None,
    keepdims: bool = False,
    *,
    dtype: DTypeLike | None = None,
    out: Tensor | None = None,
) -> Tensor:
    ...

def swapaxes(input: TensorLike, dim0: SupportsIndex, dim1: SupportsIndex) -> Tensor:
    """Two axes exchanged.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim0, dim1 : int
        The axes.

    Returns
    -------
    Tensor
        A view.
    """

def swapdims(input: TensorLike, dim0: SupportsIndex, dim1: SupportsIndex) -> Tensor:
    """Two axes exchanged.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim0, dim1 : int
        The axes.

    Returns
    -------
    Tensor
        A view.
    """

def t(input: TensorLike) -> Tensor:
    """Transpose of a matrix; vectors and numbers as they are.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        A view.

    Raises
    ------
    ShapeError
        If there are more than two axes.
    """

def take(
    input: TensorLike,
    index: TensorLike,
    axis: SupportsIndex | None = None,
    dim: SupportsIndex | None = None,
) -> Tensor:
    """Elements at flat positions, or slices along an axis as in NumPy.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    index : Tensor or ndarray of int
        Positions.
    axis, dim : int, optional
        The axis; by default positions count in the flat order of all elements.

    Returns
    -------
    Tensor
        Of the shape of `index`, in the place of the axis.
    """

def take_along_dim(
    input: TensorLike,
    indices: TensorLike,
    dim: SupportsIndex | None = None,
    axis: SupportsIndex | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Elements at indexed positions along an axis; the index is broadcast against the other axes.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    indices : Tensor or ndarray of int
        Positions.
    dim, axis : int, optional
        The axis; by default positions count in the flat order of all elements.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def tan(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The tangent; radians.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def tanh(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The hyperbolic tangent.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def tensor(
    data: Data,
    *,
    dtype: DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
    pin_memory: object = None,
) -> Tensor:
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
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.

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

def tensor_split(
    input: TensorLike,
    indices_or_sections: int | Sequence[int],
    dim: SupportsIndex = 0,
) -> tuple[Tensor, ...]:
    """Parts along an axis, of which the first may be longer by one; or parts between positions.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    indices_or_sections : int or sequence of int
        How many parts, or where they begin.
    dim : int, optional
        The axis.

    Returns
    -------
    tuple of Tensor
        The parts, as views.
    """

def tensordot(
    a: TensorLike,
    b: TensorLike,
    dims: Axes | Sequence[Sequence[int]] = 2,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Products summed over several axes.

    Parameters
    ----------
    a, b : Tensor or ndarray
        Factors.
    dims : int or pair of sequences of int, optional
        How many axes: the last of `a`, the first of `b`; or the axes of each.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        With the other axes of `a`, then those of `b`.

    Raises
    ------
    ShapeError
        If the lengths of the axes differ.
    """

def tile(input: TensorLike, dims: Axes) -> Tensor:
    """Copies side by side, as NumPy's ``tile``.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dims : int or sequence of int
        Number of copies along the last axes, or new ones.

    Returns
    -------
    Tensor
        A copy.
    """

@overload
def topk(
    input: TensorLike,
    k: SupportsIndex,
    dim: SupportsIndex = -1,
    largest: bool = True,
    sorted: bool = True,
    *,
    out: tuple[Tensor, ...] | None = None,
) -> ValuesIndices:
    """Largest or smallest elements of an axis, with their positions.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    k : int
        Number of elements.
    dim : int, optional
        The axis.
    largest : bool, optional
        False for the smallest ones.
    sorted : bool, optional
        Accepted for compatibility with PyTorch: elements are in order in any case.
    out : tuple of Tensor, optional
        Where the results are written, of their shapes; they are returned.

    Returns
    -------
    tuple of (Tensor, Tensor of int64)
        ``values`` and ``indices``.
    """
@overload
def topk(
    a: TensorLike,
    k: SupportsIndex,
    axis: SupportsIndex = -1,
    largest: bool = True,
    sorted: bool = True,
    *,
    out: tuple[Tensor, ...] | None = None,
) -> ValuesIndices:
    ...

def trace(input: TensorLike) -> Tensor:
    """Sum of the diagonal of a matrix.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, m)
        The matrix.

    Returns
    -------
    Tensor, shape ()
        The sum.

    Raises
    ------
    ShapeError
        If it is not a matrix.
    """

def transpose(input: TensorLike, dim0: SupportsIndex, dim1: SupportsIndex) -> Tensor:
    """Two axes exchanged.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim0, dim1 : int
        The axes.

    Returns
    -------
    Tensor
        A view.
    """

@overload
def trapezoid(y: TensorLike, x: TensorLike | None = None, *, dx: Number = 1.0, dim: SupportsIndex = -1) -> Tensor:
    """Integral along an axis by the trapezoidal rule.

    Parameters
    ----------
    y : Tensor or ndarray
        Values of the integrand.
    x : Tensor or ndarray, optional
        Where they are taken: a vector, or the shape of `y`.
    dx : float, optional
        Distance between them, without `x`.
    dim : int, optional
        The axis.

    Returns
    -------
    Tensor
        Without the axis.
    """
@overload
def trapezoid(y: TensorLike, x: TensorLike | None = None, *, dx: Number = 1.0, axis: SupportsIndex = -1) -> Tensor:
    ...

@overload
def trapz(y: TensorLike, x: TensorLike | None = None, *, dx: Number = 1.0, dim: SupportsIndex = -1) -> Tensor:
    """Integral along an axis by the trapezoidal rule.

    Parameters
    ----------
    y : Tensor or ndarray
        Values of the integrand.
    x : Tensor or ndarray, optional
        Where they are taken: a vector, or the shape of `y`.
    dx : float, optional
        Distance between them, without `x`.
    dim : int, optional
        The axis.

    Returns
    -------
    Tensor
        Without the axis.
    """
@overload
def trapz(y: TensorLike, x: TensorLike | None = None, *, dx: Number = 1.0, axis: SupportsIndex = -1) -> Tensor:
    ...

def tril(
    input: TensorLike,
    diagonal: SupportsIndex = 0,
    k: SupportsIndex | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Lower triangle of a matrix, with zeros above a diagonal.

    Parameters
    ----------
    input : Tensor or ndarray, shape (..., n, m)
        Matrix, or a batch of them.
    diagonal : int, optional
        Which diagonal: above the main one if positive.
    k : int, optional
        NumPy's name of `diagonal`.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def tril_indices(
    row: int,
    col: int,
    offset: int = 0,
    *,
    dtype: DTypeLike | None = None,
    device: object = None,
    layout: object = None,
) -> Tensor:
    """Rows and columns of the elements of a matrix on a diagonal and below it.

    Parameters
    ----------
    row, col : int
        Lengths of the axes.
    offset : int, optional
        Which diagonal.
    dtype : dtype, optional
        Of the result; int64 by default.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor
        The rows, and the columns.
    """

def triu(
    input: TensorLike,
    diagonal: SupportsIndex = 0,
    k: SupportsIndex | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Upper triangle of a matrix, with zeros below a diagonal.

    Parameters
    ----------
    input : Tensor or ndarray, shape (..., n, m)
        Matrix, or a batch of them.
    diagonal : int, optional
        Which diagonal: above the main one if positive.
    k : int, optional
        NumPy's name of `diagonal`.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

def triu_indices(
    row: int,
    col: int,
    offset: int = 0,
    *,
    dtype: DTypeLike | None = None,
    device: object = None,
    layout: object = None,
) -> Tensor:
    """Rows and columns of the elements of a matrix on a diagonal and above it.

    Parameters
    ----------
    row, col : int
        Lengths of the axes.
    offset : int, optional
        Which diagonal.
    dtype : dtype, optional
        Of the result; int64 by default.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor
        The rows, and the columns.
    """

def true_divide(
    input: TensorLike,
    other: TensorLike,
    *,
    rounding_mode: str | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The quotient ``input / other``, optionally rounded.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    other : Tensor, ndarray or float
        Values of a shape that broadcasts.
    rounding_mode : {None, "floor", "trunc"}, optional
        Round down, towards zero, or not at all. Rounded quotients of integers are integers.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.

    Raises
    ------
    RuntimeError
        If `rounding_mode` is something else.
    """

def trunc(input: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The integer towards zero; its derivative is 0.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values of any shape.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """

@overload
def unbind(input: TensorLike, dim: SupportsIndex = 0) -> tuple[Tensor, ...]:
    """All slices along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis.

    Returns
    -------
    tuple of Tensors
        Views, without the axis.
    """
@overload
def unbind(a: TensorLike, axis: SupportsIndex = 0) -> tuple[Tensor, ...]:
    ...

def unflatten(input: TensorLike, dim: SupportsIndex, sizes: Sequence[int]) -> Tensor:
    """One axis as several.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int
        The axis.
    sizes : sequence of int
        Lengths of the new axes; one may be -1.

    Returns
    -------
    Tensor
        A view where possible.
    """

def unique(
    input: TensorLike,
    sorted: bool = True,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: SupportsIndex | None = None,
) -> Tensor | tuple[Tensor, ...]:
    """The different elements, in order of size.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    sorted : bool, optional
        Without effect: they are.
    return_inverse : bool, optional
        Also say which one each element is.
    return_counts : bool, optional
        Also count them.
    dim : int, optional
        Compare slices along this axis.

    Returns
    -------
    Tensor or tuple of Tensor
        The elements, and what else was asked for.
    """

def unique_consecutive(
    input: TensorLike,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: SupportsIndex | None = None,
) -> Tensor | tuple[Tensor, ...]:
    """Elements without those that are equal to the one before.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    return_inverse : bool, optional
        Also say which one each element is.
    return_counts : bool, optional
        Also count them.
    dim : int, optional
        Compare slices along this axis; the elements as one by default.

    Returns
    -------
    Tensor or tuple of Tensor
        The elements, and what else was asked for.
    """

@overload
def unsqueeze(input: TensorLike, dim: Axes) -> Tensor:
    """An axis of length one inserted.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int
        Position of the axis in the result.

    Returns
    -------
    Tensor
        A view.
    """
@overload
def unsqueeze(a: TensorLike, axis: Axes) -> Tensor:
    ...

@overload
def var(
    input: TensorLike,
    dim: Axes | None = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float = 1,
    out: Tensor | None = None,
) -> Tensor:
    """Variance of all elements, or over axes.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        Axes that are reduced; by default all.
    unbiased : bool, optional
        True for a correction of 1, False for 0.
    keepdim : bool, optional
        Keep reduced axes, with length one.
    correction : int, optional
        Subtracted from the number of elements; NumPy's ``ddof``.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Without the reduced axes.

    Raises
    ------
    DTypeError
        If the dtype is not a floating-point one.
    """
@overload
def var(
    a: TensorLike,
    axis: Axes | None = None,
    unbiased: bool | None = None,
    keepdims: bool = False,
    *,
    ddof: float = 1,
    out: Tensor | None = None,
) -> Tensor:
    ...

def var_mean(
    input: TensorLike,
    dim: Axes | None = None,
    *,
    correction: Number = 1,
    keepdim: bool = False,
    out: tuple[Tensor, ...] | None = None,
) -> tuple[Tensor, Tensor]:
    """Variance and mean.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        The axes; all if not given.
    correction : float, optional
        What is taken from the number of elements.
    keepdim : bool, optional
        Keep the axes, with length one.
    out : tuple of Tensor, optional
        Where the results are written, of their shapes; they are returned.

    Returns
    -------
    tuple of Tensor
        The variance, and the mean.
    """

def vdot(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """The product of two vectors, the first of which is conjugated.

    Parameters
    ----------
    input, other : Tensor or ndarray
        Vectors of one length.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        A number.
    """

def view_as_complex(input: TensorLike) -> Tensor:
    """Complex numbers from real and imaginary parts along a last axis of length two.

    Parameters
    ----------
    input : Tensor or ndarray
        Real values, whose last axis has length two.

    Returns
    -------
    Tensor
        Complex, without the last axis: a view, into which one may write.

    Raises
    ------
    RuntimeError
        If the last axis has another length.
    """

def view_as_real(input: TensorLike) -> Tensor:
    """Real and imaginary parts along a last axis of length two.

    Parameters
    ----------
    input : Tensor or ndarray
        Complex values of any shape.

    Returns
    -------
    Tensor
        Real, of one more axis: a view, into which one may write.

    Raises
    ------
    DTypeError
        If the numbers are real.
    """

def vsplit(input: TensorLike, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """Parts along the first axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    indices_or_sections : int or sequence of int
        How many parts of one length, or where they begin.

    Returns
    -------
    tuple of Tensor
        The parts, as views.

    Raises
    ------
    RuntimeError
        If the parts would not be of one length.
    """

def vstack(tensors: Sequence[TensorLike], *, out: Tensor | None = None) -> Tensor:
    """Tensors joined along the first axis, vectors as rows.

    Parameters
    ----------
    tensors : sequence of Tensor or ndarray
        Of one shape but for that axis.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        The joined tensors.
    """

def where(
    condition: TensorLike,
    input: TensorLike | None = None,
    other: TensorLike | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Elements of `input` where the condition is not zero, of `other` elsewhere; of a condition alone, these places.

    Parameters
    ----------
    condition : Tensor, ndarray or float
        Chooses where it is not zero.
    input : Tensor, ndarray or float, optional
        Values of a shape that broadcasts.
    other : Tensor, ndarray or float, optional
        Values of a shape that broadcasts; given where `input` is.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor or tuple of Tensor
        Of the broadcast shape; or for each axis the positions of the elements of the condition that are not zero.

    Raises
    ------
    TypeError
        If one of `input` and `other` is missing.
    """

def xlogy(input: TensorLike, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
    """``x * log(y)``, and 0 where x is 0 and y is not nan.

    Parameters
    ----------
    input, other : Tensor, ndarray or float
        Values, of shapes that broadcast.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """

def zeros(
    *size: ShapeLike,
    dtype: DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
    layout: object = None,
    pin_memory: object = None,
    memory_format: object = None,
    out: Tensor | None = None,
) -> Tensor:
    """Make a tensor of zeros.

    Parameters
    ----------
    *size : int or sequence of int
        Lengths of the axes.
    dtype : dtype, optional
        The default dtype if not given.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.
    memory_format : object, optional
        Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor
        Of that shape.

    Raises
    ------
    TypeError
        If there is no size, or it is not made of integers.
    """

def zeros_like(
    input: TensorLike,
    *,
    dtype: DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
    layout: object = None,
    pin_memory: object = None,
    memory_format: object = None,
) -> Tensor:
    """Make a tensor of zeros in the shape and dtype of another.

    Parameters
    ----------
    input : Tensor or ndarray
        Gives shape and dtype.
    dtype : dtype, optional
        The default dtype if not given.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    requires_grad : bool, optional
        Make a leaf whose gradient is wanted.
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.
    pin_memory : bool, optional
        Only False; accepted for compatibility with PyTorch.
    memory_format : object, optional
        Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor
        Of that shape.
    """
