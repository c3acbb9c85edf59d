# Written by tools/make_stubs.py from the declarations. Change these, then run it again.

"""`Tensor`: a value, and the row of a tape that it stands for.

A Tensor is either *kept by Python* (``_array`` is its memory: constants and leaves) or *kept by a tape* (a row: results that
require gradients), or both, once the memory of a result has been looked at. Operators, methods and autograd functions are
attached by the modules that define them.
"""

import builtins
import numpy as np
from collections.abc import Callable, Iterator, Sequence
from numpy.typing import NDArray
from typing import Any, Literal, SupportsIndex, overload
from ..autograd.grad_fn import Node
from ..autograd.hooks import RemovableHandle
from ..ops.matrix_functions import SignLogabsdet
from ..ops.reductions import ValuesIndices
from ..tensors.size import Size
from ..typing import Axes, DTypeLike, Data, Index, Number, ShapeLike, TensorLike

class Tensor:
    """An n-dimensional array whose history can be differentiated.

    Make one with `jittape.tensor`. Operations on Tensors that require gradients are recorded, and ``backward`` fills the
    ``.grad`` of the leaves.

    Parameters
    ----------
    *data : sequence or int
        Nested sequences of numbers, or the lengths of the axes of a tensor of zeros. Use `jittape.tensor` instead; this is
        PyTorch's older constructor.

    Attributes
    ----------
    shape : Size
        Lengths of the axes.
    dtype : dtype
        Of the elements, as in NumPy.
    requires_grad : bool
        Whether gradients flow through this tensor.
    grad : Tensor or None
        Accumulated gradient of a leaf.
    grad_fn : Node or None
        The operation that made this tensor.
    is_leaf : bool
        Whether no recorded operation made this tensor.

    Examples
    --------
    >>> import jittape as jt
    >>> x = jt.tensor([1.0, 2.0], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> x.grad
    tensor([2., 4.])
    """

    __array_priority__: builtins.int

    @property
    def T(self) -> Tensor:
        """The axes in reverse order."""

    @property
    def _version(self) -> builtins.int:
        """Number of writes to the memory so far."""

    @property
    def data(self) -> Tensor:
        """Tensor on the same memory that is not part of the graph, as from `detach`; assignable."""
    @data.setter
    def data(self, value: Tensor) -> None: ...

    @property
    def device(self) -> str:
        """Always "cpu"."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """Dtype of the elements."""

    @property
    def grad(self) -> Tensor | None:
        """Accumulated gradient of a leaf, or of a result with `retain_grad`; None if there is none."""
    @grad.setter
    def grad(self, value: Tensor | None) -> None: ...
    @grad.deleter
    def grad(self) -> None: ...

    @property
    def grad_fn(self) -> Node | None:
        """Node of the operation that made this tensor; None for leaves and constants."""

    @property
    def is_leaf(self) -> builtins.bool:
        """Whether no recorded operation made this tensor."""

    @property
    def itemsize(self) -> builtins.int:
        """Bytes of an element."""

    @property
    def mT(self) -> Tensor:
        """The last two axes exchanged."""

    @property
    def ndim(self) -> builtins.int:
        """Number of axes."""

    @property
    def requires_grad(self) -> builtins.bool:
        """Whether gradients flow through this tensor; assignable for leaves."""
    @requires_grad.setter
    def requires_grad(self, value: builtins.bool) -> None: ...

    @property
    def retains_grad(self) -> builtins.bool:
        """Whether the gradient of this result is kept, see `retain_grad`."""

    @property
    def shape(self) -> Size:
        """Lengths of the axes, a `Size`."""

    def __abs__(self) -> Tensor:
        """The absolute value; its derivative at 0 is 0."""

    def __add__(self, other: TensorLike) -> Tensor:
        ...

    def __and__(self, other: TensorLike) -> Tensor:
        ...

    def __array__(self, dtype: DTypeLike | None = None, copy: builtins.bool | None = None) -> NDArray[np.generic]:
        """Convert a Tensor to an array where NumPy asks for one.

        Parameters
        ----------
        dtype : dtype, optional
            Of the array; that of the tensor if not given.
        copy : bool, optional
            Copy even if the dtype is right; otherwise memory is shared.

        Returns
        -------
        ndarray
            The values.

        Raises
        ------
        RuntimeError
            If the tensor requires grad.
        """

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        """NumPy's protocol for all other functions."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        """NumPy's protocol for ufuncs."""

    def __bool__(self) -> builtins.bool:
        ...

    def __complex__(self) -> complex:
        """Convert a Tensor of one element to a complex number: ``complex(x)``.

        Returns
        -------
        complex
            The value.
        """

    def __contains__(self, item: object) -> builtins.bool:
        ...

    def __deepcopy__(self, memo: Any) -> Tensor:
        ...

    def __eq__(self, other: object) -> Tensor:  # type: ignore[override]
        ...

    def __float__(self) -> builtins.float:
        """Convert a Tensor of one element to a float: ``float(x)``.

        Returns
        -------
        float
            The value.
        """

    def __floordiv__(self, other: TensorLike) -> Tensor:
        ...

    def __format__(self, spec: str) -> str:
        ...

    def __ge__(self, other: TensorLike) -> Tensor:  # type: ignore[misc]
        ...

    def __getitem__(self, key: Index) -> Tensor:
        """Elements by index: integers and slices make views, arrays and masks make copies, as in NumPy."""

    def __gt__(self, other: TensorLike) -> Tensor:  # type: ignore[misc]
        ...

    def __iadd__(self, other: TensorLike) -> Tensor:
        ...

    def __imul__(self, other: TensorLike) -> Tensor:
        ...

    def __index__(self) -> builtins.int:
        ...

    def __init__(self, *data: Data | SupportsIndex) -> None:
        ...

    def __int__(self) -> builtins.int:
        ...

    def __invert__(self) -> Tensor:
        """The bits turned over; of bools, the opposite."""

    def __ipow__(self, other: TensorLike) -> Tensor:
        ...

    def __isub__(self, other: TensorLike) -> Tensor:
        ...

    def __iter__(self) -> Iterator[Tensor]:
        ...

    def __itruediv__(self, other: TensorLike) -> Tensor:
        ...

    def __le__(self, other: TensorLike) -> Tensor:  # type: ignore[misc]
        ...

    def __len__(self) -> builtins.int:
        ...

    def __lt__(self, other: TensorLike) -> Tensor:  # type: ignore[misc]
        ...

    def __matmul__(self, other: TensorLike) -> Tensor:
        ...

    def __mod__(self, other: TensorLike) -> Tensor:
        ...

    def __mul__(self, other: TensorLike) -> Tensor:
        ...

    def __ne__(self, other: object) -> Tensor:  # type: ignore[override]
        ...

    def __neg__(self) -> Tensor:
        """The number with its sign changed."""

    def __or__(self, other: TensorLike) -> Tensor:
        ...

    def __pos__(self) -> Tensor:
        """The tensor itself."""

    def __pow__(self, other: TensorLike) -> Tensor:
        ...

    def __radd__(self, other: TensorLike) -> Tensor:
        ...

    def __rand__(self, other: TensorLike) -> Tensor:
        ...

    def __repr__(self) -> str:
        """``repr`` of a Tensor."""

    def __rfloordiv__(self, other: TensorLike) -> Tensor:
        ...

    def __rmatmul__(self, other: TensorLike) -> Tensor:
        ...

    def __rmod__(self, other: TensorLike) -> Tensor:
        ...

    def __rmul__(self, other: TensorLike) -> Tensor:
        ...

    def __ror__(self, other: TensorLike) -> Tensor:
        ...

    def __rpow__(self, other: TensorLike) -> Tensor:
        ...

    def __rsub__(self, other: TensorLike) -> Tensor:
        ...

    def __rtruediv__(self, other: TensorLike) -> Tensor:
        ...

    def __rxor__(self, other: TensorLike) -> Tensor:
        ...

    def __setitem__(self, key: Index, value: object) -> None:
        """Assign to elements by index.  Recorded: what is overwritten is kept for the sweep."""

    def __str__(self) -> str:
        """``repr`` of a Tensor."""

    def __sub__(self, other: TensorLike) -> Tensor:
        ...

    def __truediv__(self, other: TensorLike) -> Tensor:
        ...

    def __xor__(self, other: TensorLike) -> Tensor:
        ...

    def abs(self) -> Tensor:
        """The absolute value; its derivative at 0 is 0."""

    def abs_(self) -> Tensor:
        """`abs`, in place."""

    def absolute(self) -> Tensor:
        """The absolute value; its derivative at 0 is 0."""

    def acos(self) -> Tensor:
        """The inverse cosine, in radians."""

    def acosh(self) -> Tensor:
        """The inverse hyperbolic cosine."""

    def add(self, other: TensorLike, *, alpha: Number = 1) -> Tensor:
        """The sum ``input + alpha * other``."""

    def add_(self, other: TensorLike, *, alpha: Number = 1) -> Tensor:
        """`add`, in place."""

    def addcdiv(self, tensor1: TensorLike, tensor2: TensorLike, *, value: Number = 1) -> Tensor:
        """input + value tensor1 / tensor2."""

    def addcmul(self, tensor1: TensorLike, tensor2: TensorLike, *, value: Number = 1) -> Tensor:
        """input + value tensor1 tensor2."""

    def addmm(self, mat1: TensorLike, mat2: TensorLike, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """beta input + alpha mat1 @ mat2."""

    @overload
    def all(self, dim: Axes | None = None, keepdim: builtins.bool = False) -> Tensor:
        """Whether all elements, or all along axes, are true."""
    @overload
    def all(self, axis: Axes | None = None, keepdims: builtins.bool = False) -> Tensor:
        ...

    def allclose(
        self,
        other: TensorLike,
        rtol: builtins.float = 1e-05,
        atol: builtins.float = 1e-08,
        equal_nan: builtins.bool = False,
    ) -> builtins.bool:
        """Whether all elements are close; a bool."""

    @overload
    def amax(self, dim: Axes | None = None, keepdim: builtins.bool = False, *, out: None = None) -> Tensor:
        """The largest element over axes; equal ones share the gradient."""
    @overload
    def amax(self, axis: Axes | None = None, keepdims: builtins.bool = False, *, out: None = None) -> Tensor:
        ...

    @overload
    def amin(self, dim: Axes | None = None, keepdim: builtins.bool = False, *, out: None = None) -> Tensor:
        """The smallest element over axes; equal ones share the gradient."""
    @overload
    def amin(self, axis: Axes | None = None, keepdims: builtins.bool = False, *, out: None = None) -> Tensor:
        ...

    @overload
    def any(self, dim: Axes | None = None, keepdim: builtins.bool = False) -> Tensor:
        """Whether an element, or one along axes, is true."""
    @overload
    def any(self, axis: Axes | None = None, keepdims: builtins.bool = False) -> Tensor:
        ...

    def arccos(self) -> Tensor:
        """The inverse cosine, in radians."""

    def arccosh(self) -> Tensor:
        """The inverse hyperbolic cosine."""

    def arcsin(self) -> Tensor:
        """The inverse sine, in radians."""

    def arcsinh(self) -> Tensor:
        """The inverse hyperbolic sine."""

    def arctan(self) -> Tensor:
        """The inverse tangent, in radians."""

    def arctan2(self, other: TensorLike) -> Tensor:
        """The angle of the point (x, y), in radians; both derivatives are 0 at the origin."""

    def arctanh(self) -> Tensor:
        """The inverse hyperbolic tangent."""

    @overload
    def argmax(self, dim: SupportsIndex | None = None, keepdim: builtins.bool = False) -> Tensor:
        """The flat index of the largest element, or its index along an axis."""
    @overload
    def argmax(self, axis: SupportsIndex | None = None, keepdims: builtins.bool = False) -> Tensor:
        ...

    @overload
    def argmin(self, dim: SupportsIndex | None = None, keepdim: builtins.bool = False) -> Tensor:
        """The flat index of the smallest element, or its index along an axis."""
    @overload
    def argmin(self, axis: SupportsIndex | None = None, keepdims: builtins.bool = False) -> Tensor:
        ...

    @overload
    def argsort(
        self,
        dim: SupportsIndex = -1,
        descending: builtins.bool = False,
        stable: builtins.bool = False,
    ) -> Tensor:
        """The indices that put an axis in order; equal elements keep theirs."""
    @overload
    def argsort(
        self,
        axis: SupportsIndex = -1,
        descending: builtins.bool = False,
        stable: builtins.bool = False,
    ) -> Tensor:
        ...

    def asin(self) -> Tensor:
        """The inverse sine, in radians."""

    def asinh(self) -> Tensor:
        """The inverse hyperbolic sine."""

    def atan(self) -> Tensor:
        """The inverse tangent, in radians."""

    def atan2(self, other: TensorLike) -> Tensor:
        """The angle of the point (x, y), in radians; both derivatives are 0 at the origin."""

    def atanh(self) -> Tensor:
        """The inverse hyperbolic tangent."""

    def backward(
        self,
        gradient: TensorLike | None = None,
        retain_graph: builtins.bool | None = None,
        create_graph: builtins.bool = False,
        inputs: Tensor | Sequence[Tensor] | None = None,
    ) -> None:
        """Add the gradient of this tensor to the ``.grad`` of the leaves that it depends on; see `jittape.autograd.backward`.

        Parameters
        ----------
        gradient : array_like, optional
            Cotangent, of the shape of this tensor; may be left out for one element.
        retain_graph : bool, optional
            Keep the rows of the tape for another sweep; by default the value of `create_graph`.
        create_graph : bool, optional
            Record the sweep, so that the gradients can be differentiated.
        inputs : Tensor or sequence of Tensors, optional
            Only these get a ``.grad``.
        """

    def bmm(self, mat2: TensorLike) -> Tensor:
        """The products of two batches of matrices."""

    def bool(self) -> Tensor:
        """The tensor in bool."""

    def broadcast_to(self, shape: ShapeLike) -> Tensor:
        """As `expand`, with the shape as one argument."""

    def ceil(self) -> Tensor:
        """The smallest integer not below; its derivative is 0."""

    def ceil_(self) -> Tensor:
        """`ceil`, in place."""

    def cholesky(self) -> Tensor:
        """The lower triangle L with L @ L.T = A, for a symmetric positive definite matrix; its lower triangle is read."""

    @overload
    def chunk(self, chunks: SupportsIndex, dim: SupportsIndex = 0) -> tuple[Tensor, ...]:
        """At most a number of pieces of equal length along an axis."""
    @overload
    def chunk(self, chunks: SupportsIndex, axis: SupportsIndex = 0) -> tuple[Tensor, ...]:
        ...

    def clamp(self, min: TensorLike | None = None, max: TensorLike | None = None) -> Tensor:
        """`input` moved between bounds, either of which may be None; the derivative at a bound is 1."""

    def clamp_(self, min: TensorLike | None = None, max: TensorLike | None = None) -> Tensor:
        """`clamp`, in place."""

    def clamp_max(self, max: TensorLike | None) -> Tensor:
        """`input`, at most `max`; the derivative at the bound is 1."""

    def clamp_min(self, min: TensorLike | None) -> Tensor:
        """`input`, at least `min`; the derivative at the bound is 1."""

    def clip(
        self,
        a_min: TensorLike | None = None,
        a_max: TensorLike | None = None,
        *,
        min: TensorLike | None = None,
        max: TensorLike | None = None,
    ) -> Tensor:
        """As `clamp`, with NumPy's names too."""

    def clone(self) -> Tensor:
        """A copy with memory of its own; gradients flow through it."""

    def contiguous(self) -> Tensor:
        """The values in row-major order: the Tensor itself if they are."""

    def copy_(self, source: Data, non_blocking: builtins.bool = False) -> Tensor:
        """Take over the values of another tensor, broadcast and converted, in place."""

    def cos(self) -> Tensor:
        """The cosine; radians."""

    def cos_(self) -> Tensor:
        """`cos`, in place."""

    def cosh(self) -> Tensor:
        """The hyperbolic cosine."""

    def count_nonzero(self, dim: Axes | None = None) -> Tensor:
        """How many elements, or how many along axes, are not zero."""

    def cpu(self) -> Tensor:
        """The tensor itself: all are in the memory of the CPU."""

    @overload
    def cumprod(self, dim: SupportsIndex | None = None, *, dtype: DTypeLike | None = None) -> Tensor:
        """Running products along an axis; the gradient is exact where elements are zero."""
    @overload
    def cumprod(self, axis: SupportsIndex | None = None, *, dtype: DTypeLike | None = None) -> Tensor:
        ...

    @overload
    def cumsum(self, dim: SupportsIndex | None = None, *, dtype: DTypeLike | None = None) -> Tensor:
        """Running sums along an axis (NumPy: of all elements if no axis is given)."""
    @overload
    def cumsum(self, axis: SupportsIndex | None = None, *, dtype: DTypeLike | None = None) -> Tensor:
        ...

    def data_ptr(self) -> builtins.int:
        """Address of the first element."""

    def det(self) -> Tensor:
        """The determinant of a square matrix, or of each of a batch."""

    def detach(self) -> Tensor:
        """Return a tensor on the same memory that is not part of the graph.

        Returns
        -------
        Tensor
            A constant. Writing to either changes both; gradients do not flow through it.
        """

    def detach_(self) -> Tensor:
        """Take this tensor itself out of the graph, in place."""

    def diag(self, diagonal: SupportsIndex = 0, k: SupportsIndex | None = None) -> Tensor:
        """The diagonal of a matrix, or a matrix with a vector on its diagonal."""

    def diagonal(
        self,
        offset: SupportsIndex = 0,
        dim1: SupportsIndex = 0,
        dim2: SupportsIndex = 1,
        axis1: SupportsIndex | None = None,
        axis2: SupportsIndex | None = None,
    ) -> Tensor:
        """A diagonal of two axes, as the last axis."""

    @overload
    def diff(
        self,
        n: SupportsIndex = 1,
        dim: SupportsIndex = -1,
        prepend: TensorLike | None = None,
        append: TensorLike | None = None,
    ) -> Tensor:
        """Differences of neighbours along an axis, `n` times."""
    @overload
    def diff(
        self,
        n: SupportsIndex = 1,
        axis: SupportsIndex = -1,
        prepend: TensorLike | None = None,
        append: TensorLike | None = None,
    ) -> Tensor:
        ...

    def dim(self) -> builtins.int:
        """Return the number of axes.

        Returns
        -------
        int
            As ``ndim``.
        """

    def div(self, other: TensorLike, *, rounding_mode: str | None = None) -> Tensor:
        """The quotient, as it is or rounded: rounding_mode None, "floor" or "trunc"."""

    def div_(self, other: TensorLike, *, rounding_mode: str | None = None) -> Tensor:
        """`div`, in place."""

    def divide(self, other: TensorLike, *, rounding_mode: str | None = None) -> Tensor:
        """The quotient, as it is or rounded: rounding_mode None, "floor" or "trunc"."""

    def dot(self, other: TensorLike) -> Tensor:
        """The inner product of two vectors."""

    def double(self) -> Tensor:
        """The tensor in float64."""

    def element_size(self) -> builtins.int:
        """Bytes of an element."""

    def eq(self, other: TensorLike) -> Tensor:
        """Whether elements are equal."""

    def equal(self, other: TensorLike) -> builtins.bool:
        """Whether two tensors have the same shape and elements; a bool."""

    def erf(self) -> Tensor:
        """The error function, 2 / sqrt(pi) times the integral of exp(-t**2) from 0 to x."""

    def erfc(self) -> Tensor:
        """1 - erf(x), without its rounding errors where erf is near 1."""

    def exp(self) -> Tensor:
        """The exponential."""

    def exp2(self) -> Tensor:
        """Two to a power."""

    def exp_(self) -> Tensor:
        """`exp`, in place."""

    def expand(self, *shape: ShapeLike) -> Tensor:
        """Axes of length one repeated without a copy; -1 keeps a length."""

    def expand_as(self, other: Tensor) -> Tensor:
        """Axes of length one repeated to the shape of another tensor."""

    def expm1(self) -> Tensor:
        """exp(x) - 1, exact near 0."""

    def fill_(self, value: Data) -> Tensor:
        """Fill with one value, in place."""

    def flatten(self, start_dim: SupportsIndex = 0, end_dim: SupportsIndex = -1) -> Tensor:
        """Some axes, by default all, joined into one."""

    def flip(self, *dim: ShapeLike, **kwargs: Any) -> Tensor:
        """The order along axes reversed."""

    def float(self) -> Tensor:
        """The tensor in float32."""

    def floor(self) -> Tensor:
        """The largest integer not above; its derivative is 0."""

    def floor_(self) -> Tensor:
        """`floor`, in place."""

    def floor_divide(self, other: TensorLike) -> Tensor:
        """The quotient rounded down."""

    def fmod(self, other: TensorLike) -> Tensor:
        """The remainder with the sign of `x`."""

    @overload
    def gather(self, dim: SupportsIndex, index: TensorLike) -> Tensor:
        """Elements along an axis, by an index of the shape of the result."""
    @overload
    def gather(self, axis: SupportsIndex, index: TensorLike) -> Tensor:
        ...

    def ge(self, other: TensorLike) -> Tensor:
        """Whether elements of the first are not smaller."""

    def gt(self, other: TensorLike) -> Tensor:
        """Whether elements of the first are larger."""

    def hypot(self, other: TensorLike) -> Tensor:
        """The length of (x, y)."""

    def index_add(self, dim: SupportsIndex, index: TensorLike, source: TensorLike, alpha: Number = 1) -> Tensor:
        """Slices of `source` added to the slices of an axis that an index names."""

    def index_select(self, dim: SupportsIndex, index: TensorLike) -> Tensor:
        """Slices along an axis, by a vector of indices."""

    def inner(self, other: TensorLike) -> Tensor:
        """Products summed over the last axes of both."""

    def int(self) -> Tensor:
        """The tensor in int32."""

    def inverse(self) -> Tensor:
        """The inverse of a square matrix, or of each of a batch."""

    def is_contiguous(self) -> builtins.bool:
        """Whether the elements lie in row-major order."""

    def is_floating_point(self) -> builtins.bool:
        """Whether the dtype is a floating one."""

    def isclose(
        self,
        other: TensorLike,
        rtol: builtins.float = 1e-05,
        atol: builtins.float = 1e-08,
        equal_nan: builtins.bool = False,
    ) -> Tensor:
        """Whether elements are close: ``|input - other| <= atol + rtol * |other|``."""

    def isfinite(self) -> Tensor:
        """Whether elements are neither infinite nor nan."""

    def isinf(self) -> Tensor:
        """Whether elements are infinite."""

    def isnan(self) -> Tensor:
        """Whether elements are not a number."""

    def item(self) -> Any:
        """Return the value of a tensor of one element as a Python number.

        Returns
        -------
        float, int or bool
            The value; it is not differentiated.

        Raises
        ------
        RuntimeError
            If the tensor does not have one element.
        """

    def kron(self, other: TensorLike) -> Tensor:
        """Every element of one times the whole of the other."""

    def le(self, other: TensorLike) -> Tensor:
        """Whether elements of the first are not larger."""

    def lerp(self, end: TensorLike, weight: TensorLike) -> Tensor:
        """input + weight (end - input)."""

    def log(self) -> Tensor:
        """The natural logarithm."""

    def log10(self) -> Tensor:
        """The logarithm to base 10."""

    def log1p(self) -> Tensor:
        """log(1 + x), exact near 0."""

    def log2(self) -> Tensor:
        """The logarithm to base 2."""

    def log_(self) -> Tensor:
        """`log`, in place."""

    @overload
    def log_softmax(self, dim: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
        """x - logsumexp(x) along an axis."""
    @overload
    def log_softmax(self, axis: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
        ...

    def logaddexp(self, other: TensorLike) -> Tensor:
        """log(exp(x) + exp(y)) without overflow."""

    def logdet(self) -> Tensor:
        """The logarithm of the determinant; nan if that is negative."""

    def logical_and(self, other: TensorLike) -> Tensor:
        """Whether both are true."""

    def logical_not(self) -> Tensor:
        """Whether elements are false."""

    def logical_or(self, other: TensorLike) -> Tensor:
        """Whether one is true."""

    def logit(self, eps: Number | None = None) -> Tensor:
        """The logarithm of the odds x / (1 - x); with `eps`, `x` is first moved between eps and 1 - eps."""

    @overload
    def logsumexp(self, dim: Axes | None = None, keepdim: builtins.bool = False) -> Tensor:
        """log(sum(exp(x))) over axes, without overflow."""
    @overload
    def logsumexp(self, axis: Axes | None = None, keepdims: builtins.bool = False) -> Tensor:
        ...

    def long(self) -> Tensor:
        """The tensor in int64."""

    def lt(self, other: TensorLike) -> Tensor:
        """Whether elements of the first are smaller."""

    def masked_fill(self, mask: TensorLike, value: TensorLike) -> Tensor:
        """The values, with another one where a mask is true."""

    def masked_fill_(self, mask: TensorLike, value: TensorLike) -> Tensor:
        """`masked_fill`, in place."""

    def masked_select(self, mask: TensorLike) -> Tensor:
        """The elements where a mask is true, as a vector."""

    def matmul(self, other: TensorLike) -> Tensor:
        """The matrix product, with NumPy's rules for vectors and batches."""

    def matrix_power(self, n: SupportsIndex) -> Tensor:
        """A square matrix multiplied with itself; negative powers are those of the inverse."""

    @overload
    def max(self, dim: Tensor | NDArray[Any]) -> Tensor:  # type: ignore[overload-overlap]
        """The largest element; along an axis, with its index; of two tensors, elementwise.

        Over everything, equal elements share the gradient; along an axis, the one that the index names has it.
        """
    @overload
    def max(self, dim: None = None, keepdim: builtins.bool = False) -> Tensor:
        ...
    @overload
    def max(self, dim: SupportsIndex, keepdim: builtins.bool = False) -> ValuesIndices:
        ...
    @overload
    def max(self, *, axis: SupportsIndex, keepdims: builtins.bool = False) -> ValuesIndices:
        ...

    def maximum(self, other: TensorLike) -> Tensor:
        """The larger of two numbers, nan if one is; at a tie each gets half of the gradient."""

    @overload
    def mean(
        self,
        dim: Axes | None = None,
        keepdim: builtins.bool = False,
        *,
        dtype: DTypeLike | None = None,
        out: None = None,
    ) -> Tensor:
        """The mean of all elements, or over axes; nan of nothing."""
    @overload
    def mean(
        self,
        axis: Axes | None = None,
        keepdims: builtins.bool = False,
        *,
        dtype: DTypeLike | None = None,
        out: None = None,
    ) -> Tensor:
        ...

    @overload
    def median(self, dim: None = None, keepdim: builtins.bool = False) -> Tensor:
        """The median, of two middle elements the lower; along an axis, with its index."""
    @overload
    def median(self, dim: SupportsIndex, keepdim: builtins.bool = False) -> ValuesIndices:
        ...
    @overload
    def median(self, *, axis: SupportsIndex, keepdims: builtins.bool = False) -> ValuesIndices:
        ...

    @overload
    def min(self, dim: Tensor | NDArray[Any]) -> Tensor:  # type: ignore[overload-overlap]
        """The smallest element; along an axis, with its index; of two tensors, elementwise."""
    @overload
    def min(self, dim: None = None, keepdim: builtins.bool = False) -> Tensor:
        ...
    @overload
    def min(self, dim: SupportsIndex, keepdim: builtins.bool = False) -> ValuesIndices:
        ...
    @overload
    def min(self, *, axis: SupportsIndex, keepdims: builtins.bool = False) -> ValuesIndices:
        ...

    def minimum(self, other: TensorLike) -> Tensor:
        """The smaller of two numbers, nan if one is; at a tie each gets half of the gradient."""

    def mm(self, mat2: TensorLike) -> Tensor:
        """The product of two matrices."""

    def movedim(self, source: Axes, destination: Axes) -> Tensor:
        """Axes moved to other places."""

    def mul(self, other: TensorLike) -> Tensor:
        """The product of two numbers."""

    def mul_(self, other: TensorLike) -> Tensor:
        """`mul`, in place."""

    def multiply(self, other: TensorLike) -> Tensor:
        """The product of two numbers."""

    def mv(self, vec: TensorLike) -> Tensor:
        """The product of a matrix and a vector."""

    def narrow(self, dim: SupportsIndex, start: SupportsIndex, length: SupportsIndex) -> Tensor:
        """A piece of an axis."""

    def ndimension(self) -> builtins.int:
        """Return the number of axes.

        Returns
        -------
        int
            As ``ndim``.
        """

    def ne(self, other: TensorLike) -> Tensor:
        """Whether elements differ."""

    def neg(self) -> Tensor:
        """The number with its sign changed."""

    def neg_(self) -> Tensor:
        """`neg`, in place."""

    def negative(self) -> Tensor:
        """The number with its sign changed."""

    def nelement(self) -> builtins.int:
        """Return the number of elements.

        Returns
        -------
        int
            The product of the lengths of the axes.
        """

    def new_ones(self, *size: ShapeLike, dtype: DTypeLike | None = None, **options: Any) -> Tensor:
        """Ones of a shape in the dtype of this tensor."""

    def new_tensor(self, data: Data, *, dtype: DTypeLike | None = None, **options: Any) -> Tensor:
        """A tensor of the data in the dtype of this one."""

    def new_zeros(self, *size: ShapeLike, dtype: DTypeLike | None = None, **options: Any) -> Tensor:
        """Zeros of a shape in the dtype of this tensor."""

    @overload
    def nonzero(self, as_tuple: Literal[False] = False) -> Tensor:
        """The indices of the elements that are not zero: a row an element, or with `as_tuple` a vector an axis."""
    @overload
    def nonzero(self, as_tuple: Literal[True]) -> tuple[Tensor, ...]:
        ...

    @overload
    def norm(
        self,
        p: Number | str = 2,
        dim: Axes | None = None,
        keepdim: builtins.bool = False,
        ord: Number | None = None,
    ) -> Tensor:
        """The p-norm of all elements, or over axes; its gradient at 0 is 0.

        ``p`` is a number, ``math.inf``, ``-math.inf`` or "fro".
        """
    @overload
    def norm(
        self,
        p: Number | str = 2,
        axis: Axes | None = None,
        keepdims: builtins.bool = False,
        ord: Number | None = None,
    ) -> Tensor:
        ...

    def normal_(self, mean: Number = 0.0, std: Number = 1.0) -> Tensor:
        """Normal random numbers, in place."""

    def numel(self) -> builtins.int:
        """Return the number of elements.

        Returns
        -------
        int
            The product of the lengths of the axes.
        """

    def numpy(self) -> NDArray[Any]:
        """Return the memory of the tensor as an array; writing to one changes the other.

        Returns
        -------
        ndarray
            Without a copy.

        Raises
        ------
        RuntimeError
            If the tensor requires grad; use ``detach().numpy()``.
        """

    def outer(self, vec2: TensorLike) -> Tensor:
        """The matrix of all products of elements of two vectors."""

    def permute(self, *dims: ShapeLike) -> Tensor:
        """The axes in another order."""

    def positive(self) -> Tensor:
        """The tensor itself."""

    def pow(self, exponent: TensorLike) -> Tensor:
        """`input` to the power `exponent`; small whole exponents are products."""

    def pow_(self, exponent: TensorLike) -> Tensor:
        """`pow`, in place."""

    @overload
    def prod(
        self,
        dim: Axes | None = None,
        keepdim: builtins.bool = False,
        *,
        dtype: DTypeLike | None = None,
    ) -> Tensor:
        """The product of all elements, or over axes; its gradient is exact where elements are zero."""
    @overload
    def prod(
        self,
        axis: Axes | None = None,
        keepdims: builtins.bool = False,
        *,
        dtype: DTypeLike | None = None,
    ) -> Tensor:
        ...

    def ravel(self) -> Tensor:
        """All axes joined into one."""

    def reciprocal(self) -> Tensor:
        """One over the number."""

    def reciprocal_(self) -> Tensor:
        """`reciprocal`, in place."""

    def register_hook(self, hook: Callable[[Tensor], Tensor | None]) -> RemovableHandle:
        """Call a function with the gradient of this tensor in every sweep.

        Parameters
        ----------
        hook : callable
            Takes the gradient as a Tensor. If it returns a Tensor, that replaces the gradient.

        Returns
        -------
        RemovableHandle
            Its ``remove()`` removes the hook.

        Raises
        ------
        RuntimeError
            If the tensor does not require grad.

        Examples
        --------
        >>> import jittape as jt
        >>> x = jt.tensor(1.0, requires_grad=True)
        >>> handle = x.register_hook(lambda gradient: 10 * gradient)
        >>> (2 * x).backward()
        >>> x.grad
        tensor(20.)
        """

    def relu(self) -> Tensor:
        """The positive part; its derivative at 0 is 0."""

    def relu_(self) -> Tensor:
        """`relu`, in place."""

    def remainder(self, other: TensorLike) -> Tensor:
        """The remainder with the sign of `y`."""

    def repeat(self, *sizes: ShapeLike) -> Tensor:
        """Copies side by side, a number along each axis."""

    def requires_grad_(self, requires_grad: builtins.bool = True) -> Tensor:
        """Switch the recording of operations on this leaf on or off, in place.

        Parameters
        ----------
        requires_grad : bool, optional
            Whether gradients are wanted.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def reshape(self, *shape: ShapeLike) -> Tensor:
        """The elements in another shape, as a view where possible."""

    def reshape_as(self, other: Tensor) -> Tensor:
        """The elements in the shape of another tensor, as a view where possible."""

    def retain_grad(self) -> None:
        """Keep the gradient of this result in ``.grad`` at the next sweeps."""

    @overload
    def roll(self, shifts: Axes, dim: Axes | None = None) -> Tensor:
        """Elements moved along axes, those pushed out coming in at the other end."""
    @overload
    def roll(self, shifts: Axes, axis: Axes | None = None) -> Tensor:
        ...

    def round(self, *, decimals: SupportsIndex = 0) -> Tensor:
        """The nearest integer (ties to even), or number of decimals."""

    def round_(self, *, decimals: SupportsIndex = 0) -> Tensor:
        """`round`, in place."""

    def rsqrt(self) -> Tensor:
        """One over the square root."""

    def scatter(self, dim: SupportsIndex, index: TensorLike, src: TensorLike) -> Tensor:
        """`input`, with elements put where an index names places along an axis; of those for one place the last counts."""

    def scatter_add(self, dim: SupportsIndex, index: TensorLike, src: TensorLike) -> Tensor:
        """`input`, with elements of `src` added where an index of the same shape names places along an axis."""

    def select(self, dim: SupportsIndex, index: SupportsIndex) -> Tensor:
        """One slice of an axis."""

    def sigmoid(self) -> Tensor:
        """1 / (1 + exp(-x)), the logistic function."""

    def sigmoid_(self) -> Tensor:
        """`sigmoid`, in place."""

    def sign(self) -> Tensor:
        """-1, 0 or 1; its derivative is 0 everywhere."""

    def sin(self) -> Tensor:
        """The sine; radians."""

    def sin_(self) -> Tensor:
        """`sin`, in place."""

    def sinh(self) -> Tensor:
        """The hyperbolic sine."""

    @overload
    def size(self, dim: None = None) -> Size:
        """Return the shape, or the length of one axis.

        Parameters
        ----------
        dim : int, optional
            The axis.

        Returns
        -------
        Size or int
            All lengths, or that of the axis.
        """
    @overload
    def size(self, dim: SupportsIndex) -> builtins.int:
        ...

    def slogdet(self) -> SignLogabsdet:
        """Sign and logarithm of the size of the determinant: it neither over- nor underflows."""

    @overload
    def softmax(self, dim: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
        """exp(x) divided by its sum along an axis."""
    @overload
    def softmax(self, axis: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
        ...

    @overload
    def sort(
        self,
        dim: SupportsIndex = -1,
        descending: builtins.bool = False,
        stable: builtins.bool = False,
    ) -> ValuesIndices:
        """The elements in order along an axis, with the indices they had."""
    @overload
    def sort(
        self,
        axis: SupportsIndex = -1,
        descending: builtins.bool = False,
        stable: builtins.bool = False,
    ) -> ValuesIndices:
        ...

    @overload
    def split(
        self,
        split_size_or_sections: SupportsIndex | Sequence[SupportsIndex],
        dim: SupportsIndex = 0,
    ) -> tuple[Tensor, ...]:
        """Pieces along an axis: of a length (the last may be shorter), or of given lengths."""
    @overload
    def split(
        self,
        split_size_or_sections: SupportsIndex | Sequence[SupportsIndex],
        axis: SupportsIndex = 0,
    ) -> tuple[Tensor, ...]:
        ...

    def sqrt(self) -> Tensor:
        """The square root; its derivative at 0 is inf."""

    def sqrt_(self) -> Tensor:
        """`sqrt`, in place."""

    def square(self) -> Tensor:
        """The square."""

    def square_(self) -> Tensor:
        """`square`, in place."""

    @overload
    def squeeze(self, dim: Axes | None = None) -> Tensor:
        """Axes of length one taken out: all, or those named that have it."""
    @overload
    def squeeze(self, axis: Axes | None = None) -> Tensor:
        ...

    @overload
    def std(
        self,
        dim: Axes | None = None,
        unbiased: builtins.bool | None = None,
        keepdim: builtins.bool = False,
        *,
        correction: builtins.float = 1,
    ) -> Tensor:
        """The standard deviation; its gradient is 0 where the elements are equal."""
    @overload
    def std(
        self,
        axis: Axes | None = None,
        unbiased: builtins.bool | None = None,
        keepdims: builtins.bool = False,
        *,
        ddof: builtins.float = 1,
    ) -> Tensor:
        ...

    @overload
    def stride(self, dim: None = None) -> tuple[builtins.int, ...]:
        """Elements from one to the next along every axis, or along one."""
    @overload
    def stride(self, dim: SupportsIndex) -> builtins.int:
        ...

    def sub(self, other: TensorLike, *, alpha: Number = 1) -> Tensor:
        """The difference ``input - alpha * other``."""

    def sub_(self, other: TensorLike, *, alpha: Number = 1) -> Tensor:
        """`sub`, in place."""

    def subtract(self, other: TensorLike, *, alpha: Number = 1) -> Tensor:
        """The difference ``input - alpha * other``."""

    @overload
    def sum(
        self,
        dim: Axes | None = None,
        keepdim: builtins.bool = False,
        *,
        dtype: DTypeLike | None = None,
        out: None = None,
    ) -> Tensor:
        """The sum of all elements, or over axes.  Integers and bools are summed as int64."""
    @overload
    def sum(
        self,
        axis: Axes | None = None,
        keepdims: builtins.bool = False,
        *,
        dtype: DTypeLike | None = None,
        out: None = None,
    ) -> Tensor:
        ...

    def swapaxes(self, dim0: SupportsIndex, dim1: SupportsIndex) -> Tensor:
        """Two axes exchanged."""

    def t(self) -> Tensor:
        """The transpose of a matrix; vectors and scalars as they are."""

    def take(self, index: TensorLike, axis: SupportsIndex | None = None, dim: SupportsIndex | None = None) -> Tensor:
        """Elements at flat positions (PyTorch), or slices along an axis (NumPy)."""

    def take_along_dim(
        self,
        indices: TensorLike,
        dim: SupportsIndex | None = None,
        axis: SupportsIndex | None = None,
    ) -> Tensor:
        """Elements along an axis, by an index that is broadcast against the other axes."""

    def tan(self) -> Tensor:
        """The tangent; radians."""

    def tanh(self) -> Tensor:
        """The hyperbolic tangent."""

    def tanh_(self) -> Tensor:
        """`tanh`, in place."""

    def tile(self, dims: Axes) -> Tensor:
        """Copies side by side, as NumPy's ``tile``."""

    def to(
        self,
        *args: DTypeLike | Tensor | str,
        dtype: DTypeLike | None = None,
        device: str | None = None,
        copy: builtins.bool = False,
    ) -> Tensor:
        """The tensor in a dtype, given as a dtype, as another tensor, or with a device (the CPU)."""

    def tolist(self) -> Any:
        """Return the value as nested Python lists.

        Returns
        -------
        list, float, int or bool
            A number for a tensor without axes.
        """

    @overload
    def topk(
        self,
        k: SupportsIndex,
        dim: SupportsIndex = -1,
        largest: builtins.bool = True,
        sorted: builtins.bool = True,
    ) -> ValuesIndices:
        """The k largest (or smallest) elements of an axis, with their indices."""
    @overload
    def topk(
        self,
        k: SupportsIndex,
        axis: SupportsIndex = -1,
        largest: builtins.bool = True,
        sorted: builtins.bool = True,
    ) -> ValuesIndices:
        ...

    def trace(self) -> Tensor:
        """The sum of the diagonal of a matrix."""

    def transpose(self, dim0: SupportsIndex, dim1: SupportsIndex) -> Tensor:
        """Two axes exchanged."""

    def tril(self, diagonal: SupportsIndex = 0, k: SupportsIndex | None = None) -> Tensor:
        """The lower triangle of a matrix, or of each of a batch; zeros above a diagonal."""

    def triu(self, diagonal: SupportsIndex = 0, k: SupportsIndex | None = None) -> Tensor:
        """The upper triangle of a matrix, or of each of a batch; zeros below a diagonal."""

    def true_divide(self, other: TensorLike, *, rounding_mode: str | None = None) -> Tensor:
        """The quotient, as it is or rounded: rounding_mode None, "floor" or "trunc"."""

    def trunc(self) -> Tensor:
        """The integer towards zero; its derivative is 0."""

    @overload
    def type(self, dtype: None = None) -> str:
        """The name of the type, or the tensor in a dtype."""
    @overload
    def type(self, dtype: DTypeLike) -> Tensor:
        ...

    def type_as(self, other: Tensor) -> Tensor:
        """The tensor in the dtype of another."""

    @overload
    def unbind(self, dim: SupportsIndex = 0) -> tuple[Tensor, ...]:
        """The slices along an axis, as a tuple."""
    @overload
    def unbind(self, axis: SupportsIndex = 0) -> tuple[Tensor, ...]:
        ...

    def uniform_(self, low: Number = 0.0, high: Number = 1.0) -> Tensor:
        """Uniform random numbers, in place."""

    @overload
    def unsqueeze(self, dim: Axes) -> Tensor:
        """An axis of length one put in."""
    @overload
    def unsqueeze(self, axis: Axes) -> Tensor:
        ...

    @overload
    def var(
        self,
        dim: Axes | None = None,
        unbiased: builtins.bool | None = None,
        keepdim: builtins.bool = False,
        *,
        correction: builtins.float = 1,
    ) -> Tensor:
        """The variance; `correction` (NumPy: ddof) is taken from the number of elements, 1 by default."""
    @overload
    def var(
        self,
        axis: Axes | None = None,
        unbiased: builtins.bool | None = None,
        keepdims: builtins.bool = False,
        *,
        ddof: builtins.float = 1,
    ) -> Tensor:
        ...

    def view(self, *shape: ShapeLike) -> Tensor:
        """The elements in another shape, never copied; or, given a dtype, an error naming `to`."""

    def view_as(self, other: Tensor) -> Tensor:
        """The elements in the shape of another tensor, never copied."""

    def where(self, condition: TensorLike, other: TensorLike) -> Tensor:
        """The elements where a condition is true, of `other` elsewhere."""

    def xlogy(self, other: TensorLike) -> Tensor:
        """x * log(y), and 0 where x is 0 and y is not nan."""

    def zero_(self) -> Tensor:
        """Fill with zeros, in place."""

def __getattr__(name: str) -> Any: ...  # what only modules of the library import
