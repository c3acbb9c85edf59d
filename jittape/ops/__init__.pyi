# Written by tools/make_stubs.py from the declarations. Change these, then run it again.

"""The operations: ways to declare them, the declarations, and the functions and methods made of them.

A module declares its operations with all their names; what is exported follows from the declarations.
"""

from collections.abc import Sequence
from numpy.typing import NDArray
from typing import Any, Literal, SupportsIndex, TypeGuard, overload
from ..ops.matrix_functions import SignLogabsdet
from ..ops.reductions import ValuesIndices
from ..tensors.tensor import Tensor
from ..typing import Axes, DTypeLike, Data, Number, ShapeLike, TensorLike

__all__ = [
    "BoolTensor", "DoubleTensor", "FloatTensor", "LongTensor", "abs", "absolute", "acos", "acosh", "add", "addcdiv",
    "addcmul", "addmm", "all", "allclose", "amax", "amin", "any", "arange", "arccos", "arccosh", "arcsin", "arcsinh",
    "arctan", "arctan2", "arctanh", "argmax", "argmin", "argsort", "as_tensor", "asin", "asinh", "atan", "atan2",
    "atanh", "bmm", "broadcast_tensors", "broadcast_to", "cat", "ceil", "cholesky", "chunk", "clamp", "clamp_max",
    "clamp_min", "clip", "clone", "concat", "concatenate", "cos", "cosh", "count_nonzero", "cumprod", "cumsum", "det",
    "diag", "diagonal", "diff", "div", "divide", "dot", "einsum", "empty", "empty_like", "eq", "equal", "erf", "erfc",
    "exp", "exp2", "expm1", "eye", "flatten", "flip", "floor", "floor_divide", "fmod", "from_numpy", "full",
    "full_like", "gather", "ge", "gt", "hstack", "hypot", "index_add", "index_select", "inner", "inverse",
    "is_floating_point", "is_tensor", "isclose", "isfinite", "isinf", "isnan", "kron", "le", "lerp", "linspace", "log",
    "log10", "log1p", "log2", "log_softmax", "logaddexp", "logdet", "logical_and", "logical_not", "logical_or",
    "logical_xor", "logit", "logspace", "logsumexp", "lt", "manual_seed", "masked_fill", "masked_select", "matmul",
    "matrix_power", "max", "maximum", "mean", "median", "meshgrid", "min", "minimum", "mm", "movedim", "mul",
    "multiply", "mv", "narrow", "ne", "neg", "negative", "nonzero", "norm", "normal", "numel", "ones", "ones_like",
    "outer", "permute", "positive", "pow", "prod", "rand", "rand_like", "randint", "randn", "randn_like", "randperm",
    "ravel", "reciprocal", "relu", "remainder", "reshape", "roll", "round", "rsqrt", "scatter", "scatter_add", "select",
    "sigmoid", "sign", "sin", "sinh", "slogdet", "softmax", "sort", "split", "sqrt", "square", "squeeze", "stack",
    "std", "sub", "subtract", "sum", "swapaxes", "t", "take", "take_along_dim", "tan", "tanh", "tensor", "tensordot",
    "tile", "topk", "trace", "transpose", "trapezoid", "tril", "triu", "true_divide", "trunc", "unbind", "unsqueeze",
    "var", "vstack", "where", "xlogy", "zeros", "zeros_like",
]

def BoolTensor(*data: Data | SupportsIndex) -> Tensor:
    """A bool tensor of a list, or of sizes."""

def DoubleTensor(*data: Data | SupportsIndex) -> Tensor:
    """A float64 tensor of a list, or of sizes."""

def FloatTensor(*data: Data | SupportsIndex) -> Tensor:
    """A float32 tensor of a list, or of sizes."""

def LongTensor(*data: Data | SupportsIndex) -> Tensor:
    """An int64 tensor of a list, or of sizes."""

def abs(input: TensorLike) -> Tensor:
    """The absolute value; its derivative at 0 is 0."""

def absolute(input: TensorLike) -> Tensor:
    """The absolute value; its derivative at 0 is 0."""

def acos(input: TensorLike) -> Tensor:
    """The inverse cosine, in radians."""

def acosh(input: TensorLike) -> Tensor:
    """The inverse hyperbolic cosine."""

def add(input: TensorLike, other: TensorLike, *, alpha: Number = 1) -> Tensor:
    """The sum ``input + alpha * other``."""

def addcdiv(input: TensorLike, tensor1: TensorLike, tensor2: TensorLike, *, value: Number = 1) -> Tensor:
    """input + value tensor1 / tensor2."""

def addcmul(input: TensorLike, tensor1: TensorLike, tensor2: TensorLike, *, value: Number = 1) -> Tensor:
    """input + value tensor1 tensor2."""

def addmm(input: TensorLike, mat1: TensorLike, mat2: TensorLike, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
    """beta input + alpha mat1 @ mat2."""

@overload
def all(input: TensorLike, dim: Axes | None = None, keepdim: bool = False) -> Tensor:
    """Whether all elements, or all along axes, are true."""
@overload
def all(a: TensorLike, axis: Axes | None = None, keepdims: bool = False) -> Tensor:
    ...

def allclose(
    input: TensorLike,
    other: TensorLike,
    rtol: float = 1e-05,
    atol: float = 1e-08,
    equal_nan: bool = False,
) -> bool:
    """Whether all elements are close; a bool."""

@overload
def amax(input: TensorLike, dim: Axes | None = None, keepdim: bool = False, *, out: None = None) -> Tensor:
    """The largest element over axes; equal ones share the gradient."""
@overload
def amax(a: TensorLike, axis: Axes | None = None, keepdims: bool = False, *, out: None = None) -> Tensor:
    ...

@overload
def amin(input: TensorLike, dim: Axes | None = None, keepdim: bool = False, *, out: None = None) -> Tensor:
    """The smallest element over axes; equal ones share the gradient."""
@overload
def amin(a: TensorLike, axis: Axes | None = None, keepdims: bool = False, *, out: None = None) -> Tensor:
    ...

@overload
def any(input: TensorLike, dim: Axes | None = None, keepdim: bool = False) -> Tensor:
    """Whether an element, or one along axes, is true."""
@overload
def any(a: TensorLike, axis: Axes | None = None, keepdims: bool = False) -> Tensor:
    ...

@overload
def arange(
    end: Number | Tensor,
    *,
    dtype: DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Numbers from a start (0) up to, without, an end, by a step (1)."""
@overload
def arange(
    start: Number | Tensor,
    end: Number | Tensor,
    step: Number | Tensor = 1,
    *,
    dtype: DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    ...

def arccos(input: TensorLike) -> Tensor:
    """The inverse cosine, in radians."""

def arccosh(input: TensorLike) -> Tensor:
    """The inverse hyperbolic cosine."""

def arcsin(input: TensorLike) -> Tensor:
    """The inverse sine, in radians."""

def arcsinh(input: TensorLike) -> Tensor:
    """The inverse hyperbolic sine."""

def arctan(input: TensorLike) -> Tensor:
    """The inverse tangent, in radians."""

def arctan2(input: TensorLike, other: TensorLike) -> Tensor:
    """The angle of the point (x, y), in radians; both derivatives are 0 at the origin."""

def arctanh(input: TensorLike) -> Tensor:
    """The inverse hyperbolic tangent."""

@overload
def argmax(input: TensorLike, dim: SupportsIndex | None = None, keepdim: bool = False) -> Tensor:
    """The flat index of the largest element, or its index along an axis."""
@overload
def argmax(a: TensorLike, axis: SupportsIndex | None = None, keepdims: bool = False) -> Tensor:
    ...

@overload
def argmin(input: TensorLike, dim: SupportsIndex | None = None, keepdim: bool = False) -> Tensor:
    """The flat index of the smallest element, or its index along an axis."""
@overload
def argmin(a: TensorLike, axis: SupportsIndex | None = None, keepdims: bool = False) -> Tensor:
    ...

@overload
def argsort(input: TensorLike, dim: SupportsIndex = -1, descending: bool = False, stable: bool = False) -> Tensor:
    """The indices that put an axis in order; equal elements keep theirs."""
@overload
def argsort(a: TensorLike, axis: SupportsIndex = -1, descending: bool = False, stable: bool = False) -> Tensor:
    ...

def as_tensor(data: Data, dtype: DTypeLike | None = None, device: str | None = None) -> Tensor:
    """A tensor of the data, sharing memory with an array where possible."""

def asin(input: TensorLike) -> Tensor:
    """The inverse sine, in radians."""

def asinh(input: TensorLike) -> Tensor:
    """The inverse hyperbolic sine."""

def atan(input: TensorLike) -> Tensor:
    """The inverse tangent, in radians."""

def atan2(input: TensorLike, other: TensorLike) -> Tensor:
    """The angle of the point (x, y), in radians; both derivatives are 0 at the origin."""

def atanh(input: TensorLike) -> Tensor:
    """The inverse hyperbolic tangent."""

def bmm(input: TensorLike, mat2: TensorLike) -> Tensor:
    """The products of two batches of matrices."""

def broadcast_tensors(*tensors: TensorLike) -> tuple[Tensor, ...]:
    """Tensors expanded to their common shape."""

def broadcast_to(input: TensorLike, shape: ShapeLike) -> Tensor:
    """As `expand`, with the shape as one argument."""

@overload
def cat(tensors: Sequence[TensorLike], dim: SupportsIndex = 0) -> Tensor:
    """Tensors joined along an axis that they have."""
@overload
def cat(tensors: Sequence[TensorLike], axis: SupportsIndex = 0) -> Tensor:
    ...

def ceil(input: TensorLike) -> Tensor:
    """The smallest integer not below; its derivative is 0."""

def cholesky(A: TensorLike) -> Tensor:
    """The lower triangle L with L @ L.T = A, for a symmetric positive definite matrix; its lower triangle is read."""

@overload
def chunk(input: TensorLike, chunks: SupportsIndex, dim: SupportsIndex = 0) -> tuple[Tensor, ...]:
    """At most a number of pieces of equal length along an axis."""
@overload
def chunk(a: TensorLike, chunks: SupportsIndex, axis: SupportsIndex = 0) -> tuple[Tensor, ...]:
    ...

def clamp(input: TensorLike, min: TensorLike | None = None, max: TensorLike | None = None) -> Tensor:
    """`input` moved between bounds, either of which may be None; the derivative at a bound is 1."""

def clamp_max(input: TensorLike, max: TensorLike | None) -> Tensor:
    """`input`, at most `max`; the derivative at the bound is 1."""

def clamp_min(input: TensorLike, min: TensorLike | None) -> Tensor:
    """`input`, at least `min`; the derivative at the bound is 1."""

def clip(
    a: TensorLike,
    a_min: TensorLike | None = None,
    a_max: TensorLike | None = None,
    *,
    min: TensorLike | None = None,
    max: TensorLike | None = None,
) -> Tensor:
    """As `clamp`, with NumPy's names too."""

def clone(input: TensorLike) -> Tensor:
    """A copy with memory of its own; gradients flow through it."""

@overload
def concat(tensors: Sequence[TensorLike], dim: SupportsIndex = 0) -> Tensor:
    """Tensors joined along an axis that they have."""
@overload
def concat(tensors: Sequence[TensorLike], axis: SupportsIndex = 0) -> Tensor:
    ...

@overload
def concatenate(tensors: Sequence[TensorLike], dim: SupportsIndex = 0) -> Tensor:
    """Tensors joined along an axis that they have."""
@overload
def concatenate(tensors: Sequence[TensorLike], axis: SupportsIndex = 0) -> Tensor:
    ...

def cos(input: TensorLike) -> Tensor:
    """The cosine; radians."""

def cosh(input: TensorLike) -> Tensor:
    """The hyperbolic cosine."""

def count_nonzero(input: TensorLike, dim: Axes | None = None) -> Tensor:
    """How many elements, or how many along axes, are not zero."""

@overload
def cumprod(input: TensorLike, dim: SupportsIndex | None = None, *, dtype: DTypeLike | None = None) -> Tensor:
    """Running products along an axis; the gradient is exact where elements are zero."""
@overload
def cumprod(a: TensorLike, axis: SupportsIndex | None = None, *, dtype: DTypeLike | None = None) -> Tensor:
    ...

@overload
def cumsum(input: TensorLike, dim: SupportsIndex | None = None, *, dtype: DTypeLike | None = None) -> Tensor:
    """Running sums along an axis (NumPy: of all elements if no axis is given)."""
@overload
def cumsum(a: TensorLike, axis: SupportsIndex | None = None, *, dtype: DTypeLike | None = None) -> Tensor:
    ...

def det(A: TensorLike) -> Tensor:
    """The determinant of a square matrix, or of each of a batch."""

def diag(input: TensorLike, diagonal: SupportsIndex = 0, k: SupportsIndex | None = None) -> Tensor:
    """The diagonal of a matrix, or a matrix with a vector on its diagonal."""

def diagonal(
    input: TensorLike,
    offset: SupportsIndex = 0,
    dim1: SupportsIndex = 0,
    dim2: SupportsIndex = 1,
    axis1: SupportsIndex | None = None,
    axis2: SupportsIndex | None = None,
) -> Tensor:
    """A diagonal of two axes, as the last axis."""

@overload
def diff(
    input: TensorLike,
    n: SupportsIndex = 1,
    dim: SupportsIndex = -1,
    prepend: TensorLike | None = None,
    append: TensorLike | None = None,
) -> Tensor:
    """Differences of neighbours along an axis, `n` times."""
@overload
def diff(
    a: TensorLike,
    n: SupportsIndex = 1,
    axis: SupportsIndex = -1,
    prepend: TensorLike | None = None,
    append: TensorLike | None = None,
) -> Tensor:
    ...

def div(input: TensorLike, other: TensorLike, *, rounding_mode: str | None = None) -> Tensor:
    """The quotient, as it is or rounded: rounding_mode None, "floor" or "trunc"."""

def divide(input: TensorLike, other: TensorLike, *, rounding_mode: str | None = None) -> Tensor:
    """The quotient, as it is or rounded: rounding_mode None, "floor" or "trunc"."""

def dot(input: TensorLike, other: TensorLike) -> Tensor:
    """The inner product of two vectors."""

def einsum(equation: str, *operands: TensorLike) -> Tensor:
    """Products of elements, summed over the letters that the result does not have.

    Parameters
    ----------
    equation : str
        Letters for the axes of each operand, separated by commas, and after ``->`` those of the result.
    operands : Tensors or arrays

    Examples
    --------
    >>> import jittape as jt
    >>> jt.einsum("ij,j->i", jt.tensor([[1.0, 2.0], [3.0, 4.0]]), jt.tensor([1.0, 1.0]))
    tensor([3., 7.])
    """

def empty(
    *size: ShapeLike,
    dtype: DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
    out: None = None,
) -> Tensor:
    """A tensor whose values are not meant to be read (they are zeros)."""

def empty_like(
    input: TensorLike,
    *,
    dtype: DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """As `zeros_like`."""

def eq(input: TensorLike, other: TensorLike) -> Tensor:
    """Whether elements are equal."""

def equal(input: TensorLike, other: TensorLike) -> bool:
    """Whether two tensors have the same shape and elements; a bool."""

def erf(input: TensorLike) -> Tensor:
    """The error function, 2 / sqrt(pi) times the integral of exp(-t**2) from 0 to x."""

def erfc(input: TensorLike) -> Tensor:
    """1 - erf(x), without its rounding errors where erf is near 1."""

def exp(input: TensorLike) -> Tensor:
    """The exponential."""

def exp2(input: TensorLike) -> Tensor:
    """Two to a power."""

def expm1(input: TensorLike) -> Tensor:
    """exp(x) - 1, exact near 0."""

def eye(
    n: SupportsIndex,
    m: SupportsIndex | None = None,
    *,
    dtype: DTypeLike | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """A matrix with ones on the diagonal."""

def flatten(input: TensorLike, start_dim: SupportsIndex = 0, end_dim: SupportsIndex = -1) -> Tensor:
    """Some axes, by default all, joined into one."""

def flip(input: TensorLike, *dim: ShapeLike, **kwargs: Any) -> Tensor:
    """The order along axes reversed."""

def floor(input: TensorLike) -> Tensor:
    """The largest integer not above; its derivative is 0."""

def floor_divide(input: TensorLike, other: TensorLike) -> Tensor:
    """The quotient rounded down."""

def fmod(input: TensorLike, other: TensorLike) -> Tensor:
    """The remainder with the sign of `x`."""

def from_numpy(array: NDArray[Any]) -> Tensor:
    """A tensor on the memory of an array: writing to one changes the other."""

def full(
    size: ShapeLike,
    fill_value: Number,
    *,
    dtype: DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor filled with one value."""

def full_like(
    input: TensorLike,
    fill_value: Number,
    *,
    dtype: DTypeLike | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """One value in the shape and dtype of a tensor."""

@overload
def gather(input: TensorLike, dim: SupportsIndex, index: TensorLike) -> Tensor:
    """Elements along an axis, by an index of the shape of the result."""
@overload
def gather(a: TensorLike, axis: SupportsIndex, index: TensorLike) -> Tensor:
    ...

def ge(input: TensorLike, other: TensorLike) -> Tensor:
    """Whether elements of the first are not smaller."""

def gt(input: TensorLike, other: TensorLike) -> Tensor:
    """Whether elements of the first are larger."""

def hstack(tensors: Sequence[TensorLike]) -> Tensor:
    """Tensors joined along the second axis, vectors along the first."""

def hypot(input: TensorLike, other: TensorLike) -> Tensor:
    """The length of (x, y)."""

def index_add(
    input: TensorLike,
    dim: SupportsIndex,
    index: TensorLike,
    source: TensorLike,
    alpha: Number = 1,
) -> Tensor:
    """Slices of `source` added to the slices of an axis that an index names."""

def index_select(input: TensorLike, dim: SupportsIndex, index: TensorLike) -> Tensor:
    """Slices along an axis, by a vector of indices."""

def inner(input: TensorLike, other: TensorLike) -> Tensor:
    """Products summed over the last axes of both."""

def inverse(A: TensorLike) -> Tensor:
    """The inverse of a square matrix, or of each of a batch."""

def is_floating_point(input: TensorLike) -> bool:
    """Whether the dtype is a floating one."""

def is_tensor(value: object) -> TypeGuard[Tensor]:
    """Whether a value is a Tensor."""

def isclose(
    input: TensorLike,
    other: TensorLike,
    rtol: float = 1e-05,
    atol: float = 1e-08,
    equal_nan: bool = False,
) -> Tensor:
    """Whether elements are close: ``|input - other| <= atol + rtol * |other|``."""

def isfinite(input: TensorLike) -> Tensor:
    """Whether elements are neither infinite nor nan."""

def isinf(input: TensorLike) -> Tensor:
    """Whether elements are infinite."""

def isnan(input: TensorLike) -> Tensor:
    """Whether elements are not a number."""

def kron(input: TensorLike, other: TensorLike) -> Tensor:
    """Every element of one times the whole of the other."""

def le(input: TensorLike, other: TensorLike) -> Tensor:
    """Whether elements of the first are not larger."""

def lerp(input: TensorLike, end: TensorLike, weight: TensorLike) -> Tensor:
    """input + weight (end - input)."""

def linspace(
    start: TensorLike,
    end: TensorLike,
    steps: SupportsIndex,
    *,
    dtype: DTypeLike | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Numbers at equal distances, both ends included."""

def log(input: TensorLike) -> Tensor:
    """The natural logarithm."""

def log10(input: TensorLike) -> Tensor:
    """The logarithm to base 10."""

def log1p(input: TensorLike) -> Tensor:
    """log(1 + x), exact near 0."""

def log2(input: TensorLike) -> Tensor:
    """The logarithm to base 2."""

@overload
def log_softmax(input: TensorLike, dim: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
    """x - logsumexp(x) along an axis."""
@overload
def log_softmax(a: TensorLike, axis: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
    ...

def logaddexp(input: TensorLike, other: TensorLike) -> Tensor:
    """log(exp(x) + exp(y)) without overflow."""

def logdet(A: TensorLike) -> Tensor:
    """The logarithm of the determinant; nan if that is negative."""

def logical_and(input: TensorLike, other: TensorLike) -> Tensor:
    """Whether both are true."""

def logical_not(input: TensorLike) -> Tensor:
    """Whether elements are false."""

def logical_or(input: TensorLike, other: TensorLike) -> Tensor:
    """Whether one is true."""

def logical_xor(input: TensorLike, other: TensorLike) -> Tensor:
    """Whether exactly one is true."""

def logit(input: TensorLike, eps: Number | None = None) -> Tensor:
    """The logarithm of the odds x / (1 - x); with `eps`, `x` is first moved between eps and 1 - eps."""

def logspace(
    start: TensorLike,
    end: TensorLike,
    steps: SupportsIndex,
    base: Number = 10.0,
    *,
    dtype: DTypeLike | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Powers of a base, the exponents at equal distances."""

@overload
def logsumexp(input: TensorLike, dim: Axes | None = None, keepdim: bool = False) -> Tensor:
    """log(sum(exp(x))) over axes, without overflow."""
@overload
def logsumexp(a: TensorLike, axis: Axes | None = None, keepdims: bool = False) -> Tensor:
    ...

def lt(input: TensorLike, other: TensorLike) -> Tensor:
    """Whether elements of the first are smaller."""

def manual_seed(seed: int) -> None:
    """Start the random numbers of the library anew; the stream is not PyTorch's."""

def masked_fill(input: TensorLike, mask: TensorLike, value: TensorLike) -> Tensor:
    """The values, with another one where a mask is true."""

def masked_select(input: TensorLike, mask: TensorLike) -> Tensor:
    """The elements where a mask is true, as a vector."""

def matmul(input: TensorLike, other: TensorLike) -> Tensor:
    """The matrix product, with NumPy's rules for vectors and batches."""

def matrix_power(A: TensorLike, n: SupportsIndex) -> Tensor:
    """A square matrix multiplied with itself; negative powers are those of the inverse."""

@overload
def max(input: TensorLike, dim: Tensor | NDArray[Any]) -> Tensor:  # type: ignore[overload-overlap]
    """The largest element; along an axis, with its index; of two tensors, elementwise.

    Over everything, equal elements share the gradient; along an axis, the one that the index names has it.
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

def maximum(input: TensorLike, other: TensorLike) -> Tensor:
    """The larger of two numbers, nan if one is; at a tie each gets half of the gradient."""

@overload
def mean(
    input: TensorLike,
    dim: Axes | None = None,
    keepdim: bool = False,
    *,
    dtype: DTypeLike | None = None,
    out: None = None,
) -> Tensor:
    """The mean of all elements, or over axes; nan of nothing."""
@overload
def mean(
    a: TensorLike,
    axis: Axes | None = None,
    keepdims: bool = False,
    *,
    dtype: DTypeLike | None = None,
    out: None = None,
) -> Tensor:
    ...

@overload
def median(input: TensorLike, dim: None = None, keepdim: bool = False) -> Tensor:
    """The median, of two middle elements the lower; along an axis, with its index."""
@overload
def median(input: TensorLike, dim: SupportsIndex, keepdim: bool = False) -> ValuesIndices:
    ...
@overload
def median(input: TensorLike, *, axis: SupportsIndex, keepdims: bool = False) -> ValuesIndices:
    ...

def meshgrid(*tensors: TensorLike, indexing: str = 'ij') -> tuple[Tensor, ...]:
    """Grids of coordinates from vectors."""

@overload
def min(input: TensorLike, dim: Tensor | NDArray[Any]) -> Tensor:  # type: ignore[overload-overlap]
    """The smallest element; along an axis, with its index; of two tensors, elementwise."""
@overload
def min(input: TensorLike, dim: None = None, keepdim: bool = False) -> Tensor:
    ...
@overload
def min(input: TensorLike, dim: SupportsIndex, keepdim: bool = False) -> ValuesIndices:
    ...
@overload
def min(input: TensorLike, *, axis: SupportsIndex, keepdims: bool = False) -> ValuesIndices:
    ...

def minimum(input: TensorLike, other: TensorLike) -> Tensor:
    """The smaller of two numbers, nan if one is; at a tie each gets half of the gradient."""

def mm(input: TensorLike, mat2: TensorLike) -> Tensor:
    """The product of two matrices."""

def movedim(input: TensorLike, source: Axes, destination: Axes) -> Tensor:
    """Axes moved to other places."""

def mul(input: TensorLike, other: TensorLike) -> Tensor:
    """The product of two numbers."""

def multiply(input: TensorLike, other: TensorLike) -> Tensor:
    """The product of two numbers."""

def mv(input: TensorLike, vec: TensorLike) -> Tensor:
    """The product of a matrix and a vector."""

def narrow(input: TensorLike, dim: SupportsIndex, start: SupportsIndex, length: SupportsIndex) -> Tensor:
    """A piece of an axis."""

def ne(input: TensorLike, other: TensorLike) -> Tensor:
    """Whether elements differ."""

def neg(input: TensorLike) -> Tensor:
    """The number with its sign changed."""

def negative(input: TensorLike) -> Tensor:
    """The number with its sign changed."""

@overload
def nonzero(input: TensorLike, as_tuple: Literal[False] = False) -> Tensor:
    """The indices of the elements that are not zero: a row an element, or with `as_tuple` a vector an axis."""
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
) -> Tensor:
    """The p-norm of all elements, or over axes; its gradient at 0 is 0.

    ``p`` is a number, ``math.inf``, ``-math.inf`` or "fro".
    """
@overload
def norm(
    a: TensorLike,
    p: Number | str = 2,
    axis: Axes | None = None,
    keepdims: bool = False,
    ord: Number | None = None,
) -> Tensor:
    ...

def normal(mean: TensorLike = 0.0, std: TensorLike = 1.0, size: ShapeLike | None = None) -> Tensor:
    """Normal random numbers of a mean and deviation."""

def numel(input: TensorLike) -> int:
    """The number of elements."""

def ones(
    *size: ShapeLike,
    dtype: DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
    out: None = None,
) -> Tensor:
    """A tensor of ones."""

def ones_like(
    input: TensorLike,
    *,
    dtype: DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Ones of the shape and dtype of a tensor."""

def outer(input: TensorLike, vec2: TensorLike) -> Tensor:
    """The matrix of all products of elements of two vectors."""

def permute(input: TensorLike, *dims: ShapeLike) -> Tensor:
    """The axes in another order."""

def positive(input: TensorLike) -> Tensor:
    """The tensor itself."""

def pow(input: TensorLike, exponent: TensorLike) -> Tensor:
    """`input` to the power `exponent`; small whole exponents are products."""

@overload
def prod(
    input: TensorLike,
    dim: Axes | None = None,
    keepdim: bool = False,
    *,
    dtype: DTypeLike | None = None,
) -> Tensor:
    """The product of all elements, or over axes; its gradient is exact where elements are zero."""
@overload
def prod(a: TensorLike, axis: Axes | None = None, keepdims: bool = False, *, dtype: DTypeLike | None = None) -> Tensor:
    ...

def rand(
    *size: ShapeLike,
    dtype: DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
    generator: None = None,
) -> Tensor:
    """Uniform random numbers in [0, 1)."""

def rand_like(input: TensorLike, *, requires_grad: bool = False) -> Tensor:
    """Uniform random numbers in [0, 1) in the shape and dtype of a tensor."""

def randint(
    low: TensorLike,
    high: SupportsIndex | None = None,
    size: ShapeLike | None = None,
    *,
    dtype: DTypeLike | None = None,
) -> Tensor:
    """Random integers from `low` (0) up to, without, `high`."""

def randn(
    *size: ShapeLike,
    dtype: DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
    generator: None = None,
) -> Tensor:
    """Normal random numbers, mean 0 and deviation 1."""

def randn_like(input: TensorLike, *, requires_grad: bool = False) -> Tensor:
    """Normal random numbers in the shape and dtype of a tensor."""

def randperm(n: SupportsIndex) -> Tensor:
    """The integers from 0 to n - 1 in random order."""

def ravel(input: TensorLike) -> Tensor:
    """All axes joined into one."""

def reciprocal(input: TensorLike) -> Tensor:
    """One over the number."""

def relu(input: TensorLike) -> Tensor:
    """The positive part; its derivative at 0 is 0."""

def remainder(input: TensorLike, other: TensorLike) -> Tensor:
    """The remainder with the sign of `y`."""

def reshape(input: TensorLike, *shape: ShapeLike) -> Tensor:
    """The elements in another shape, as a view where possible."""

@overload
def roll(input: TensorLike, shifts: Axes, dim: Axes | None = None) -> Tensor:
    """Elements moved along axes, those pushed out coming in at the other end."""
@overload
def roll(a: TensorLike, shifts: Axes, axis: Axes | None = None) -> Tensor:
    ...

def round(input: TensorLike, *, decimals: SupportsIndex = 0) -> Tensor:
    """The nearest integer (ties to even), or number of decimals."""

def rsqrt(input: TensorLike) -> Tensor:
    """One over the square root."""

def scatter(input: TensorLike, dim: SupportsIndex, index: TensorLike, src: TensorLike) -> Tensor:
    """`input`, with elements put where an index names places along an axis; of those for one place the last counts."""

def scatter_add(input: TensorLike, dim: SupportsIndex, index: TensorLike, src: TensorLike) -> Tensor:
    """`input`, with elements of `src` added where an index of the same shape names places along an axis."""

def select(input: TensorLike, dim: SupportsIndex, index: SupportsIndex) -> Tensor:
    """One slice of an axis."""

def sigmoid(input: TensorLike) -> Tensor:
    """1 / (1 + exp(-x)), the logistic function."""

def sign(input: TensorLike) -> Tensor:
    """-1, 0 or 1; its derivative is 0 everywhere."""

def sin(input: TensorLike) -> Tensor:
    """The sine; radians."""

def sinh(input: TensorLike) -> Tensor:
    """The hyperbolic sine."""

def slogdet(A: TensorLike) -> SignLogabsdet:
    """Sign and logarithm of the size of the determinant: it neither over- nor underflows."""

@overload
def softmax(input: TensorLike, dim: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
    """exp(x) divided by its sum along an axis."""
@overload
def softmax(a: TensorLike, axis: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
    ...

@overload
def sort(input: TensorLike, dim: SupportsIndex = -1, descending: bool = False, stable: bool = False) -> ValuesIndices:
    """The elements in order along an axis, with the indices they had."""
@overload
def sort(a: TensorLike, axis: SupportsIndex = -1, descending: bool = False, stable: bool = False) -> ValuesIndices:
    ...

@overload
def split(
    tensor: TensorLike,
    split_size_or_sections: SupportsIndex | Sequence[SupportsIndex],
    dim: SupportsIndex = 0,
) -> tuple[Tensor, ...]:
    """Pieces along an axis: of a length (the last may be shorter), or of given lengths."""
@overload
def split(
    tensor: TensorLike,
    split_size_or_sections: SupportsIndex | Sequence[SupportsIndex],
    axis: SupportsIndex = 0,
) -> tuple[Tensor, ...]:
    ...

def sqrt(input: TensorLike) -> Tensor:
    """The square root; its derivative at 0 is inf."""

def square(input: TensorLike) -> Tensor:
    """The square."""

@overload
def squeeze(input: TensorLike, dim: Axes | None = None) -> Tensor:
    """Axes of length one taken out: all, or those named that have it."""
@overload
def squeeze(a: TensorLike, axis: Axes | None = None) -> Tensor:
    ...

@overload
def stack(tensors: Sequence[TensorLike], dim: SupportsIndex = 0) -> Tensor:
    """Tensors of one shape joined along a new axis."""
@overload
def stack(tensors: Sequence[TensorLike], axis: SupportsIndex = 0) -> Tensor:
    ...

@overload
def std(
    input: TensorLike,
    dim: Axes | None = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float = 1,
) -> Tensor:
    """The standard deviation; its gradient is 0 where the elements are equal."""
@overload
def std(
    a: TensorLike,
    axis: Axes | None = None,
    unbiased: bool | None = None,
    keepdims: bool = False,
    *,
    ddof: float = 1,
) -> Tensor:
    ...

def sub(input: TensorLike, other: TensorLike, *, alpha: Number = 1) -> Tensor:
    """The difference ``input - alpha * other``."""

def subtract(input: TensorLike, other: TensorLike, *, alpha: Number = 1) -> Tensor:
    """The difference ``input - alpha * other``."""

@overload
def sum(
    input: TensorLike,
    dim: Axes | None = None,
    keepdim: bool = False,
    *,
    dtype: DTypeLike | None = None,
    out: None = None,
) -> Tensor:
    """The sum of all elements, or over axes.  Integers and bools are summed as int64."""
@overload
def sum(
    a: TensorLike,
    axis: Axes | None = None,
    keepdims: bool = False,
    *,
    dtype: DTypeLike | None = None,
    out: None = None,
) -> Tensor:
    ...

def swapaxes(input: TensorLike, dim0: SupportsIndex, dim1: SupportsIndex) -> Tensor:
    """Two axes exchanged."""

def t(input: TensorLike) -> Tensor:
    """The transpose of a matrix; vectors and scalars as they are."""

def take(
    input: TensorLike,
    index: TensorLike,
    axis: SupportsIndex | None = None,
    dim: SupportsIndex | None = None,
) -> Tensor:
    """Elements at flat positions (PyTorch), or slices along an axis (NumPy)."""

def take_along_dim(
    input: TensorLike,
    indices: TensorLike,
    dim: SupportsIndex | None = None,
    axis: SupportsIndex | None = None,
) -> Tensor:
    """Elements along an axis, by an index that is broadcast against the other axes."""

def tan(input: TensorLike) -> Tensor:
    """The tangent; radians."""

def tanh(input: TensorLike) -> Tensor:
    """The hyperbolic tangent."""

def tensor(
    data: Data,
    *,
    dtype: DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor with a copy of numbers, nested sequences or an array.

    Parameters
    ----------
    data : number, nested sequence or array
    dtype : dtype, optional
        By default that of an array; of Python floats the default dtype (float64), of integers int64.
    device : optional
        Accepted for PyTorch's sake; anything but the CPU is refused.
    requires_grad : bool
        Make it a leaf whose gradient is wanted.

    Raises
    ------
    DTypeError
        `requires_grad` for integers or bools, or complex numbers.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.tensor([1.0, 2.0], requires_grad=True)
    tensor([1., 2.], requires_grad=True)
    """

def tensordot(a: TensorLike, b: TensorLike, dims: Axes | Sequence[Sequence[int]] = 2) -> Tensor:
    """Products summed over axes: the last `dims` of `a` with the first of `b`, or two lists of axes."""

def tile(input: TensorLike, dims: Axes) -> Tensor:
    """Copies side by side, as NumPy's ``tile``."""

@overload
def topk(
    input: TensorLike,
    k: SupportsIndex,
    dim: SupportsIndex = -1,
    largest: bool = True,
    sorted: bool = True,
) -> ValuesIndices:
    """The k largest (or smallest) elements of an axis, with their indices."""
@overload
def topk(
    a: TensorLike,
    k: SupportsIndex,
    axis: SupportsIndex = -1,
    largest: bool = True,
    sorted: bool = True,
) -> ValuesIndices:
    ...

def trace(input: TensorLike) -> Tensor:
    """The sum of the diagonal of a matrix."""

def transpose(input: TensorLike, dim0: SupportsIndex, dim1: SupportsIndex) -> Tensor:
    """Two axes exchanged."""

@overload
def trapezoid(y: TensorLike, x: TensorLike | None = None, *, dx: Number = 1.0, dim: SupportsIndex = -1) -> Tensor:
    """The integral along an axis by the trapezoidal rule, at places `x` or at distances `dx`."""
@overload
def trapezoid(y: TensorLike, x: TensorLike | None = None, *, dx: Number = 1.0, axis: SupportsIndex = -1) -> Tensor:
    ...

def tril(input: TensorLike, diagonal: SupportsIndex = 0, k: SupportsIndex | None = None) -> Tensor:
    """The lower triangle of a matrix, or of each of a batch; zeros above a diagonal."""

def triu(input: TensorLike, diagonal: SupportsIndex = 0, k: SupportsIndex | None = None) -> Tensor:
    """The upper triangle of a matrix, or of each of a batch; zeros below a diagonal."""

def true_divide(input: TensorLike, other: TensorLike, *, rounding_mode: str | None = None) -> Tensor:
    """The quotient, as it is or rounded: rounding_mode None, "floor" or "trunc"."""

def trunc(input: TensorLike) -> Tensor:
    """The integer towards zero; its derivative is 0."""

@overload
def unbind(input: TensorLike, dim: SupportsIndex = 0) -> tuple[Tensor, ...]:
    """The slices along an axis, as a tuple."""
@overload
def unbind(a: TensorLike, axis: SupportsIndex = 0) -> tuple[Tensor, ...]:
    ...

@overload
def unsqueeze(input: TensorLike, dim: Axes) -> Tensor:
    """An axis of length one put in."""
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
) -> Tensor:
    """The variance; `correction` (NumPy: ddof) is taken from the number of elements, 1 by default."""
@overload
def var(
    a: TensorLike,
    axis: Axes | None = None,
    unbiased: bool | None = None,
    keepdims: bool = False,
    *,
    ddof: float = 1,
) -> Tensor:
    ...

def vstack(tensors: Sequence[TensorLike]) -> Tensor:
    """Tensors joined along the first axis, vectors as rows."""

def where(condition: TensorLike, input: TensorLike, other: TensorLike) -> Tensor:
    """Elements of `x` where the condition is not zero, of `y` elsewhere."""

def xlogy(input: TensorLike, other: TensorLike) -> Tensor:
    """x * log(y), and 0 where x is 0 and y is not nan."""

def zeros(
    *size: ShapeLike,
    dtype: DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
    out: None = None,
) -> Tensor:
    """A tensor of zeros."""

def zeros_like(
    input: TensorLike,
    *,
    dtype: DTypeLike | None = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Zeros of the shape and dtype of a tensor."""
