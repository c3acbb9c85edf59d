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
from ..devices import Device
from ..ops.matrix_functions import SignLogabsdet
from ..ops.random_generators import Generator
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
    def H(self) -> Tensor:
        """The conjugate of the transposed matrix."""

    @property
    def T(self) -> Tensor:
        """The axes in reverse order: a view."""

    @property
    def _version(self) -> builtins.int:
        """Number of writes to the memory so far."""

    @property
    def data(self) -> Tensor:
        """Tensor on the same memory that is not part of the graph, as from `detach`; assignable."""
    @data.setter
    def data(self, value: Tensor) -> None: ...

    @property
    def device(self) -> Device:
        """The device of the tensor: always the CPU."""

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
    def imag(self) -> Tensor:
        """The imaginary part of complex numbers."""
    @imag.setter
    def imag(self, value: Tensor) -> None: ...

    @property
    def is_cpu(self) -> builtins.bool:
        """Whether the tensor is in the memory of the CPU: True."""

    @property
    def is_cuda(self) -> builtins.bool:
        """Whether the tensor is on a graphics card: False."""

    @property
    def is_leaf(self) -> builtins.bool:
        """Whether no recorded operation made this tensor."""

    @property
    def is_meta(self) -> builtins.bool:
        """Whether it has no memory."""

    @property
    def is_quantized(self) -> builtins.bool:
        """Whether its numbers are quantised."""

    @property
    def is_sparse(self) -> builtins.bool:
        """Whether the tensor is sparse: False."""

    @property
    def itemsize(self) -> builtins.int:
        """Bytes of an element."""

    @property
    def layout(self) -> str:
        """How elements lie in memory: always by strides."""

    @property
    def mH(self) -> Tensor:
        """The conjugates of the matrices of the last two axes, transposed."""

    @property
    def mT(self) -> Tensor:
        """The last two axes exchanged: a view."""

    @property
    def nbytes(self) -> builtins.int:
        """Bytes of all elements."""

    @property
    def ndim(self) -> builtins.int:
        """Number of axes."""

    @property
    def output_nr(self) -> builtins.int:
        """The number of this result among those of its operation: always 0, for each result has a node of its own."""

    @property
    def real(self) -> Tensor:
        """The real part; a real tensor itself."""
    @real.setter
    def real(self, value: Tensor) -> None: ...

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

    def __abs__(self, *, out: Tensor | None = None) -> Tensor:
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
        """NumPy's protocol on Tensors: our function of that name; with keywords and lists as on Arrays."""

    def __array_namespace__(self, *, api_version: str | None = None) -> Any:
        """The namespace of functions of the array API standard, `jittape.numpy`."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        """NumPy's protocol for ufuncs on Tensors: methods and masks as on Arrays."""

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

    def __copy__(self) -> Tensor:
        """For `copy.copy`: of a leaf another leaf on its memory, as in PyTorch; of a result a recorded view."""

    def __deepcopy__(self, memo: Any) -> Tensor:
        ...

    def __dlpack__(self, **options: Any) -> Any:
        ...

    def __dlpack_device__(self) -> tuple[builtins.int, builtins.int]:
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
        """Elements by index: integers and slices make views, arrays and masks make copies, as in NumPy.

        Negative steps make views of Arrays and copies of Tensors: PyTorch's strides are never negative.
        """

    def __getstate__(self) -> Any:
        ...

    def __gt__(self, other: TensorLike) -> Tensor:  # type: ignore[misc]
        ...

    def __hash__(self) -> builtins.int:
        ...

    def __iadd__(self, other: TensorLike) -> Tensor:
        ...

    def __ifloordiv__(self, other: TensorLike) -> Tensor:
        ...

    def __imod__(self, other: TensorLike) -> Tensor:
        ...

    def __imul__(self, other: TensorLike) -> Tensor:
        ...

    def __index__(self) -> builtins.int:
        ...

    def __init__(self, *data: Data | SupportsIndex) -> None:
        ...

    def __int__(self) -> builtins.int:
        ...

    def __invert__(self, *, out: Tensor | None = None) -> Tensor:
        """The bits turned over; of bools, the opposite.

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

    def __neg__(self, *, out: Tensor | None = None) -> Tensor:
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

    def __or__(self, other: TensorLike) -> Tensor:
        ...

    def __pos__(self) -> Tensor:
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

    def __pow__(self, other: TensorLike) -> Tensor:
        ...

    def __radd__(self, other: TensorLike) -> Tensor:
        ...

    def __rand__(self, other: TensorLike) -> Tensor:
        ...

    def __reduce__(self, protocol: Any = 2) -> Any:
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
        """Assign to elements by index; a recorded assignment keeps what it overwrites for the sweep."""

    def __str__(self) -> str:
        """``repr`` of a Tensor."""

    def __sub__(self, other: TensorLike) -> Tensor:
        ...

    def __truediv__(self, other: TensorLike) -> Tensor:
        ...

    def __xor__(self, other: TensorLike) -> Tensor:
        ...

    def abs(self, *, out: Tensor | None = None) -> Tensor:
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

    def abs_(self) -> Tensor:
        """As `abs`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def absolute(self, *, out: Tensor | None = None) -> Tensor:
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

    def absolute_(self) -> Tensor:
        """As `absolute`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def acos(self, *, out: Tensor | None = None) -> Tensor:
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

    def acos_(self) -> Tensor:
        """As `acos`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def acosh(self, *, out: Tensor | None = None) -> Tensor:
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

    def acosh_(self) -> Tensor:
        """As `acosh`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def add(self, other: TensorLike, *, alpha: Number = 1, out: Tensor | None = None) -> Tensor:
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

    def add_(self, other: TensorLike, *, alpha: Number = 1) -> Tensor:
        """As `add`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values.
        other : Tensor, ndarray or float
            Values of a shape that broadcasts.
        alpha : float, optional
            Factor of `other`.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def addbmm(
        self,
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

    def addbmm_(self, batch1: TensorLike, batch2: TensorLike, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """As `addbmm`, in place: the result is written into the memory of this tensor.

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

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def addcdiv(
        self,
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

    def addcdiv_(self, tensor1: TensorLike, tensor2: TensorLike, *, value: Number = 1) -> Tensor:
        """As `addcdiv`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values.
        tensor1, tensor2 : Tensor or ndarray
            Dividend and divisor.
        value : float, optional
            Factor of the quotient.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def addcmul(
        self,
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

    def addcmul_(self, tensor1: TensorLike, tensor2: TensorLike, *, value: Number = 1) -> Tensor:
        """As `addcmul`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values.
        tensor1, tensor2 : Tensor or ndarray
            Factors.
        value : float, optional
            Factor of the product.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def addmm(
        self,
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

    def addmm_(self, mat1: TensorLike, mat2: TensorLike, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """As `addmm`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor or ndarray
            What is added to; broadcast.
        mat1, mat2 : Tensor or ndarray
            Matrices.
        beta, alpha : float, optional
            Factors.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def addmv(
        self,
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

    def addmv_(self, mat: TensorLike, vec: TensorLike, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """As `addmv`, in place: the result is written into the memory of this tensor.

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

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def addr(
        self,
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

    def addr_(self, vec1: TensorLike, vec2: TensorLike, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """As `addr`, in place: the result is written into the memory of this tensor.

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

        Returns
        -------
        Tensor
            The tensor itself.
        """

    @overload
    def all(self, dim: Axes | None = None, keepdim: builtins.bool = False, *, out: Tensor | None = None) -> Tensor:
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
    def all(self, axis: Axes | None = None, keepdims: builtins.bool = False, *, out: Tensor | None = None) -> Tensor:
        ...

    def allclose(
        self,
        other: TensorLike,
        rtol: builtins.float = 1e-05,
        atol: builtins.float = 1e-08,
        equal_nan: builtins.bool = False,
    ) -> builtins.bool:
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
    def amax(self, dim: Axes | None = None, keepdim: builtins.bool = False, *, out: Tensor | None = None) -> Tensor:
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
    def amax(self, axis: Axes | None = None, keepdims: builtins.bool = False, *, out: Tensor | None = None) -> Tensor:
        ...

    @overload
    def amin(self, dim: Axes | None = None, keepdim: builtins.bool = False, *, out: Tensor | None = None) -> Tensor:
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
    def amin(self, axis: Axes | None = None, keepdims: builtins.bool = False, *, out: Tensor | None = None) -> Tensor:
        ...

    def aminmax(
        self,
        *,
        dim: Axes | None = None,
        keepdim: builtins.bool = False,
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

    def angle(self, *, out: Tensor | None = None) -> Tensor:
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
    def any(self, dim: Axes | None = None, keepdim: builtins.bool = False, *, out: Tensor | None = None) -> Tensor:
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
    def any(self, axis: Axes | None = None, keepdims: builtins.bool = False, *, out: Tensor | None = None) -> Tensor:
        ...

    def arccos(self, *, out: Tensor | None = None) -> Tensor:
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

    def arccos_(self) -> Tensor:
        """As `arccos`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def arccosh(self, *, out: Tensor | None = None) -> Tensor:
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

    def arccosh_(self) -> Tensor:
        """As `arccosh`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def arcsin(self, *, out: Tensor | None = None) -> Tensor:
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

    def arcsin_(self) -> Tensor:
        """As `arcsin`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def arcsinh(self, *, out: Tensor | None = None) -> Tensor:
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

    def arcsinh_(self) -> Tensor:
        """As `arcsinh`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def arctan(self, *, out: Tensor | None = None) -> Tensor:
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

    def arctan2(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def arctan2_(self, other: TensorLike) -> Tensor:
        """As `arctan2`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input, other : Tensor, ndarray or float
            Values, of shapes that broadcast.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def arctan_(self) -> Tensor:
        """As `arctan`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def arctanh(self, *, out: Tensor | None = None) -> Tensor:
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

    def arctanh_(self) -> Tensor:
        """As `arctanh`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    @overload
    def argmax(self, dim: SupportsIndex | None = None, keepdim: builtins.bool = False) -> Tensor:
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
    def argmax(self, axis: SupportsIndex | None = None, keepdims: builtins.bool = False) -> Tensor:
        ...

    @overload
    def argmin(self, dim: SupportsIndex | None = None, keepdim: builtins.bool = False) -> Tensor:
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
    def argmin(self, axis: SupportsIndex | None = None, keepdims: builtins.bool = False) -> Tensor:
        ...

    @overload
    def argsort(
        self,
        dim: SupportsIndex = -1,
        descending: builtins.bool = False,
        stable: builtins.bool = False,
    ) -> Tensor:
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
    def argsort(
        self,
        axis: SupportsIndex = -1,
        descending: builtins.bool = False,
        stable: builtins.bool = False,
    ) -> Tensor:
        ...

    def argwhere(self) -> Tensor:
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

    def asin(self, *, out: Tensor | None = None) -> Tensor:
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

    def asin_(self) -> Tensor:
        """As `asin`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def asinh(self, *, out: Tensor | None = None) -> Tensor:
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

    def asinh_(self) -> Tensor:
        """As `asinh`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def atan(self, *, out: Tensor | None = None) -> Tensor:
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

    def atan2(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def atan2_(self, other: TensorLike) -> Tensor:
        """As `atan2`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input, other : Tensor, ndarray or float
            Values, of shapes that broadcast.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def atan_(self) -> Tensor:
        """As `atan`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def atanh(self, *, out: Tensor | None = None) -> Tensor:
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

    def atanh_(self) -> Tensor:
        """As `atanh`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

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

    def baddbmm(
        self,
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

    def baddbmm_(self, batch1: TensorLike, batch2: TensorLike, *, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """As `baddbmm`, in place: the result is written into the memory of this tensor.

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

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def bernoulli(
        self,
        p: builtins.float | None = None,
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

    def bernoulli_(self, p: TensorLike = 0.5, *, generator: Generator | None = None) -> Tensor:
        """Fill with ones, with given probabilities, and zeros elsewhere, in place.

        Parameters
        ----------
        p : float or Tensor, optional
            The probabilities.
        generator : Generator, optional
            Where numbers are drawn from; by default what `manual_seed` seeds.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def bfloat16(self, memory_format: object = None) -> Tensor:
        """Refused: nothing is computed in bfloat16 here.

        Parameters
        ----------
        memory_format : object, optional
            Without effect.

        Returns
        -------
        Tensor
            Nothing.

            Raises
            ------
            TypeError
                Always.
        """

    def bincount(self, weights: TensorLike | None = None, minlength: builtins.int = 0) -> Tensor:
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

    def bmm(self, mat2: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def bool(self, memory_format: object = None) -> Tensor:
        """The tensor in bool.

        Parameters
        ----------
        memory_format : object, optional
            Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.

        Returns
        -------
        Tensor
            The tensor itself if it has that dtype.
        """

    def broadcast_to(self, shape: ShapeLike) -> Tensor:
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

    def byte(self, memory_format: object = None) -> Tensor:
        """The tensor in uint8.

        Parameters
        ----------
        memory_format : object, optional
            Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.

        Returns
        -------
        Tensor
            The tensor itself if it has that dtype.
        """

    def cdouble(self, *, memory_format: object = None) -> Tensor:
        """The tensor in complex128.

        Parameters
        ----------
        memory_format : object, optional
            Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.

        Returns
        -------
        Tensor
            The tensor itself if it has that dtype.
        """

    def ceil(self, *, out: Tensor | None = None) -> Tensor:
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

    def ceil_(self) -> Tensor:
        """As `ceil`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def cfloat(self, *, memory_format: object = None) -> Tensor:
        """The tensor in complex64.

        Parameters
        ----------
        memory_format : object, optional
            Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.

        Returns
        -------
        Tensor
            The tensor itself if it has that dtype.
        """

    def char(self, memory_format: object = None) -> Tensor:
        """The tensor in int8.

        Parameters
        ----------
        memory_format : object, optional
            Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.

        Returns
        -------
        Tensor
            The tensor itself if it has that dtype.
        """

    def cholesky(self, upper: builtins.bool = False, *, out: Tensor | None = None) -> Tensor:
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

    def cholesky_solve(self, L: TensorLike, upper: builtins.bool = False, *, out: Tensor | None = None) -> Tensor:
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
    def chunk(self, chunks: SupportsIndex, dim: SupportsIndex = 0) -> tuple[Tensor, ...]:
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
    def chunk(self, chunks: SupportsIndex, axis: SupportsIndex = 0) -> tuple[Tensor, ...]:
        ...

    def clamp(
        self,
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

    def clamp_(self, min: TensorLike | None = None, max: TensorLike | None = None) -> Tensor:
        """As `clamp`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values.
        min, max : Tensor or float, optional
            Bounds, at least one of them; where `min` is larger, `max` wins.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def clamp_max(self, max: TensorLike | None, *, out: Tensor | None = None) -> Tensor:
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

    def clamp_max_(self, max: TensorLike | None) -> Tensor:
        """As `clamp_max`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values.
        max : Tensor or float
            The bound.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def clamp_min(self, min: TensorLike | None, *, out: Tensor | None = None) -> Tensor:
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

    def clamp_min_(self, min: TensorLike | None) -> Tensor:
        """As `clamp_min`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values.
        min : Tensor or float
            The bound.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def clip(
        self,
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

    def clip_(
        self,
        a_min: TensorLike | None = None,
        a_max: TensorLike | None = None,
        *,
        min: TensorLike | None = None,
        max: TensorLike | None = None,
    ) -> Tensor:
        """As `clip`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        a : Tensor, ndarray or float
            Values.
        a_min, a_max : Tensor or float, optional
            Bounds.
        min, max : Tensor or float, optional
            Other names of the bounds.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def clone(self, *, memory_format: object = None) -> Tensor:
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

    def conj(self, *, out: Tensor | None = None) -> Tensor:
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

    def conj_physical(self, *, out: Tensor | None = None) -> Tensor:
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

    def contiguous(self, *, memory_format: object = None) -> Tensor:
        """The tensor with its elements in row-major order in memory.

        Parameters
        ----------
        memory_format : object, optional
            Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.

        Returns
        -------
        Tensor
            The tensor itself if they are, else a copy.
        """

    def copy_(self, source: Data, non_blocking: builtins.bool = False) -> Tensor:
        """Copy the values of another tensor, broadcast and converted, in place.

        Parameters
        ----------
        source : Tensor, ndarray, sequence or float
            The values.
        non_blocking : bool, optional
            Without effect; accepted for compatibility with PyTorch.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def copysign(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def copysign_(self, other: TensorLike) -> Tensor:
        """As `copysign`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input, other : Tensor, ndarray or float
            Values, of shapes that broadcast.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def corrcoef(self) -> Tensor:
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

    def cos(self, *, out: Tensor | None = None) -> Tensor:
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

    def cos_(self) -> Tensor:
        """As `cos`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def cosh(self, *, out: Tensor | None = None) -> Tensor:
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

    def cosh_(self) -> Tensor:
        """As `cosh`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def count_nonzero(self, dim: Axes | None = None) -> Tensor:
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
        self,
        *,
        correction: builtins.int = 1,
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

    def cpu(self, *, memory_format: object = None) -> Tensor:
        """The tensor itself, as all are in the memory of the CPU.

        Parameters
        ----------
        memory_format : object, optional
            Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def cross(self, other: TensorLike, dim: SupportsIndex | None = None, *, out: Tensor | None = None) -> Tensor:
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

    def cuda(self, device: object = None, non_blocking: builtins.bool = False, memory_format: object = None) -> Tensor:
        """Raise, for there is no graphics card.

        Parameters
        ----------
        device, non_blocking, memory_format : object, optional
            Without effect.

        Returns
        -------
        Tensor
            Nothing.

        Raises
        ------
        AssertionError
            Always.
        """

    def cummax(self, dim: SupportsIndex, *, out: tuple[Tensor, ...] | None = None) -> ValuesIndices:
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

    def cummin(self, dim: SupportsIndex, *, out: tuple[Tensor, ...] | None = None) -> ValuesIndices:
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
        self,
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
        self,
        axis: SupportsIndex | None = None,
        *,
        dtype: DTypeLike | None = None,
        out: Tensor | None = None,
    ) -> Tensor:
        ...

    @overload
    def cumprod_(self, dim: SupportsIndex | None = None, *, dtype: DTypeLike | None = None) -> Tensor:
        """As `cumprod`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor or ndarray
            Values of any shape.
        dim : int, optional
            The axis; by default the elements are taken as a vector.
        dtype : dtype, optional
            Of the result.

        Returns
        -------
        Tensor
            The tensor itself.
        """
    @overload
    def cumprod_(self, axis: SupportsIndex | None = None, *, dtype: DTypeLike | None = None) -> Tensor:
        ...

    @overload
    def cumsum(
        self,
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
        self,
        axis: SupportsIndex | None = None,
        *,
        dtype: DTypeLike | None = None,
        out: Tensor | None = None,
    ) -> Tensor:
        ...

    @overload
    def cumsum_(self, dim: SupportsIndex | None = None, *, dtype: DTypeLike | None = None) -> Tensor:
        """As `cumsum`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor or ndarray
            Values of any shape.
        dim : int, optional
            The axis; by default the elements are taken as a vector.
        dtype : dtype, optional
            Of the result.

        Returns
        -------
        Tensor
            The tensor itself.
        """
    @overload
    def cumsum_(self, axis: SupportsIndex | None = None, *, dtype: DTypeLike | None = None) -> Tensor:
        ...

    def data_ptr(self) -> builtins.int:
        """Address of the first element in memory.

        Returns
        -------
        int
            The address.
        """

    def deg2rad(self, *, out: Tensor | None = None) -> Tensor:
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

    def deg2rad_(self) -> Tensor:
        """As `deg2rad`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def det(self) -> Tensor:
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

    def detach(self) -> Tensor:
        """Return a tensor on the same memory that is not part of the graph.

        Returns
        -------
        Tensor
            A constant. Writing to either changes both; gradients do not flow through it.
        """

    def detach_(self) -> Tensor:
        """Remove this tensor from the graph, in place.

        Returns
        -------
        Tensor
            The tensor itself.

        Raises
        ------
        RuntimeError
            If it is a view.
        """

    def diag(self, diagonal: SupportsIndex = 0, k: SupportsIndex | None = None, *, out: Tensor | None = None) -> Tensor:
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

    def diag_embed(self, offset: builtins.int = 0, dim1: SupportsIndex = -2, dim2: SupportsIndex = -1) -> Tensor:
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

    def diagflat(self, offset: builtins.int = 0) -> Tensor:
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
        self,
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
        self,
        src: TensorLike,
        offset: builtins.int = 0,
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
        self,
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
        self,
        n: SupportsIndex = 1,
        axis: SupportsIndex = -1,
        prepend: TensorLike | None = None,
        append: TensorLike | None = None,
    ) -> Tensor:
        ...

    def digamma(self, *, out: Tensor | None = None) -> Tensor:
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

    def digamma_(self) -> Tensor:
        """As `digamma`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def dim(self) -> builtins.int:
        """Return the number of axes.

        Returns
        -------
        int
            As ``ndim``.
        """

    def dist(self, other: TensorLike, p: builtins.float = 2.0) -> Tensor:
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

    def div(self, other: TensorLike, *, rounding_mode: str | None = None, out: Tensor | None = None) -> Tensor:
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

    def div_(self, other: TensorLike, *, rounding_mode: str | None = None) -> Tensor:
        """As `div`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values.
        other : Tensor, ndarray or float
            Values of a shape that broadcasts.
        rounding_mode : {None, "floor", "trunc"}, optional
            Round down, towards zero, or not at all. Rounded quotients of integers are integers.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def divide(self, other: TensorLike, *, rounding_mode: str | None = None, out: Tensor | None = None) -> Tensor:
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

    def divide_(self, other: TensorLike, *, rounding_mode: str | None = None) -> Tensor:
        """As `divide`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values.
        other : Tensor, ndarray or float
            Values of a shape that broadcasts.
        rounding_mode : {None, "floor", "trunc"}, optional
            Round down, towards zero, or not at all. Rounded quotients of integers are integers.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def dot(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def double(self, memory_format: object = None) -> Tensor:
        """The tensor in float64.

        Parameters
        ----------
        memory_format : object, optional
            Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.

        Returns
        -------
        Tensor
            The tensor itself if it has that dtype.
        """

    def dsplit(self, indices_or_sections: builtins.int | Sequence[builtins.int]) -> tuple[Tensor, ...]:
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

    def element_size(self) -> builtins.int:
        """Bytes of an element.

        Returns
        -------
        int
            As ``itemsize``.
        """

    def eq(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def equal(self, other: TensorLike) -> builtins.bool:
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

    def erf(self, *, out: Tensor | None = None) -> Tensor:
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

    def erf_(self) -> Tensor:
        """As `erf`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def erfc(self, *, out: Tensor | None = None) -> Tensor:
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

    def erfc_(self) -> Tensor:
        """As `erfc`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def erfinv(self, *, out: Tensor | None = None) -> Tensor:
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

    def erfinv_(self) -> Tensor:
        """As `erfinv`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor or ndarray
            Values from -1 to 1.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def exp(self, *, out: Tensor | None = None) -> Tensor:
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

    def exp2(self, *, out: Tensor | None = None) -> Tensor:
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

    def exp2_(self) -> Tensor:
        """As `exp2`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def exp_(self) -> Tensor:
        """As `exp`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def expand(self, *shape: ShapeLike) -> Tensor:
        """Axes of length one repeated, without a copy.

        Parameters
        ----------
        input : Tensor or ndarray
            Values of any shape.
        *shape : int or sequence of int
            Lengths of the axes, new ones first; -1 keeps a length.

        Returns
        -------
        Tensor
            A view.

        Raises
        ------
        ShapeError
            If an axis of another length would have to change.
        """

    def expand_as(self, other: Tensor) -> Tensor:
        """Axes of length one repeated to the shape of another tensor, without a copy.

        Parameters
        ----------
        other : Tensor
            The other tensor.

        Returns
        -------
        Tensor
            A view.
        """

    def expm1(self, *, out: Tensor | None = None) -> Tensor:
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

    def expm1_(self) -> Tensor:
        """As `expm1`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def exponential_(self, rate: Number = 1.0, *, generator: Generator | None = None) -> Tensor:
        """Fill with exponential random numbers, in place.

        Parameters
        ----------
        rate : float, optional
            One over the mean.
        generator : Generator, optional
            Where numbers are drawn from; by default what `manual_seed` seeds.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def fill_(self, value: Data) -> Tensor:
        """Fill with one value, in place.

        Parameters
        ----------
        value : float or Tensor of one element
            The value.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def fill_diagonal_(self, fill_value: Number, wrap: builtins.bool = False) -> Tensor:
        """Write one number to the diagonal of a matrix, in place.

        Parameters
        ----------
        fill_value : float
            The number.
        wrap : bool, optional
            Begin another diagonal one row below the end of one, in a tall matrix.

        Returns
        -------
        Tensor
            The tensor itself.

        Raises
        ------
        RuntimeError
            If there are fewer than two axes, or several of different lengths.
        """

    def fix(self, *, out: Tensor | None = None) -> Tensor:
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

    def fix_(self) -> Tensor:
        """As `fix`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def flatten(self, start_dim: SupportsIndex = 0, end_dim: SupportsIndex = -1) -> Tensor:
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

    def flip(self, *dims: ShapeLike) -> Tensor:
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

    def fliplr(self) -> Tensor:
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

    def flipud(self) -> Tensor:
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

    def float(self, memory_format: object = None) -> Tensor:
        """The tensor in float32.

        Parameters
        ----------
        memory_format : object, optional
            Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.

        Returns
        -------
        Tensor
            The tensor itself if it has that dtype.
        """

    def float_power(self, exponent: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def float_power_(self, exponent: TensorLike) -> Tensor:
        """As `float_power`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor or ndarray
            Values of any shape.
        exponent : Tensor, ndarray or float
            The exponents.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def floor(self, *, out: Tensor | None = None) -> Tensor:
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

    def floor_(self) -> Tensor:
        """As `floor`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def floor_divide(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def floor_divide_(self, other: TensorLike) -> Tensor:
        """As `floor_divide`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input, other : Tensor, ndarray or float
            Values, of shapes that broadcast.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def fmax(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def fmin(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def fmod(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def fmod_(self, other: TensorLike) -> Tensor:
        """As `fmod`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input, other : Tensor, ndarray or float
            Values, of shapes that broadcast.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def frac(self, *, out: Tensor | None = None) -> Tensor:
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

    def frac_(self) -> Tensor:
        """As `frac`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor or ndarray
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    @overload
    def gather(
        self,
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
        self,
        axis: SupportsIndex,
        index: TensorLike,
        *,
        sparse_grad: object = None,
        out: Tensor | None = None,
    ) -> Tensor:
        ...

    def ge(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def get_device(self) -> builtins.int:
        """The number of the device, which is -1 for the CPU.

        Returns
        -------
        int
            -1.
        """

    def greater(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def greater_equal(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def gt(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def half(self, memory_format: object = None) -> Tensor:
        """Refused: nothing is computed in half here.

        Parameters
        ----------
        memory_format : object, optional
            Without effect.

        Returns
        -------
        Tensor
            Nothing.

            Raises
            ------
            TypeError
                Always.
        """

    def heaviside(self, values: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def heaviside_(self, values: TensorLike) -> Tensor:
        """As `heaviside`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input, values : Tensor, ndarray or float
            Values, of shapes that broadcast.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def histc(
        self,
        bins: builtins.int = 100,
        min: builtins.float = 0.0,
        max: builtins.float = 0.0,
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

    def hsplit(self, indices_or_sections: builtins.int | Sequence[builtins.int]) -> tuple[Tensor, ...]:
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

    def hypot(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def hypot_(self, other: TensorLike) -> Tensor:
        """As `hypot`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input, other : Tensor, ndarray or float
            Values, of shapes that broadcast.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def i0(self, *, out: Tensor | None = None) -> Tensor:
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

    def i0_(self) -> Tensor:
        """As `i0`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor or ndarray
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def igamma(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def igamma_(self, other: TensorLike) -> Tensor:
        """As `igamma`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor or ndarray
            The parameter.
        other : Tensor or ndarray
            The argument; the two are broadcast.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def igammac(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def igammac_(self, other: TensorLike) -> Tensor:
        """As `igammac`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor or ndarray
            The parameter.
        other : Tensor or ndarray
            The argument; the two are broadcast.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def index_add(
        self,
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

    def index_add_(self, dim: SupportsIndex, index: TensorLike, source: TensorLike, alpha: Number = 1) -> Tensor:
        """As `index_add`, in place: the result is written into the memory of this tensor.

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

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def index_copy(
        self,
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

    def index_copy_(self, dim: SupportsIndex, index: TensorLike, source: TensorLike) -> Tensor:
        """As `index_copy`, in place: the result is written into the memory of this tensor.

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

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def index_fill(self, dim: SupportsIndex, index: TensorLike, value: TensorLike) -> Tensor:
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

    def index_fill_(self, dim: SupportsIndex, index: TensorLike, value: TensorLike) -> Tensor:
        """As `index_fill`, in place: the result is written into the memory of this tensor.

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
            The tensor itself.
        """

    def index_put(self, indices: Sequence[TensorLike], values: TensorLike, accumulate: builtins.bool = False) -> Tensor:
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

    def index_put_(
        self,
        indices: Sequence[TensorLike],
        values: TensorLike,
        accumulate: builtins.bool = False,
    ) -> Tensor:
        """As `index_put`, in place: the result is written into the memory of this tensor.

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
            The tensor itself.
        """

    def index_select(self, dim: SupportsIndex, index: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def inner(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def int(self, memory_format: object = None) -> Tensor:
        """The tensor in int32.

        Parameters
        ----------
        memory_format : object, optional
            Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.

        Returns
        -------
        Tensor
            The tensor itself if it has that dtype.
        """

    def inverse(self, *, out: Tensor | None = None) -> Tensor:
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

    def is_complex(self) -> builtins.bool:
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

    def is_conj(self) -> builtins.bool:
        """Whether it stands for the conjugate of what lies in memory.

        Returns
        -------
        bool
            False.
        """

    def is_contiguous(self, *, memory_format: object = None) -> builtins.bool:
        """Whether the elements lie in row-major order in memory.

        Parameters
        ----------
        memory_format : object, optional
            Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.

        Returns
        -------
        bool
            Whether they do.
        """

    def is_floating_point(self) -> builtins.bool:
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

    def is_inference(self) -> builtins.bool:
        """Whether it may not be recorded: no, what is made under `inference_mode` are ordinary tensors.

        Returns
        -------
        bool
            False.
        """

    def is_neg(self) -> builtins.bool:
        """Whether it stands for the negative of what lies in memory.

        Returns
        -------
        bool
            False.
        """

    def is_nonzero(self) -> builtins.bool:
        """Whether its one element is not zero.

        Returns
        -------
        bool
            The truth of the element.

        Raises
        ------
        RuntimeError
            If there are several elements, or none.
        """

    def is_pinned(self) -> builtins.bool:
        """Whether it lies in memory that a GPU reads.

        Returns
        -------
        bool
            False.
        """

    def is_same_size(self, other: Tensor) -> builtins.bool:
        """Whether another tensor has the same shape.

        Parameters
        ----------
        other : Tensor
            The other tensor.

        Returns
        -------
        bool
            Whether the lengths of all axes are equal.
        """

    def is_shared(self) -> builtins.bool:
        """Whether it lies in memory that processes share.

        Returns
        -------
        bool
            False.
        """

    def is_signed(self) -> builtins.bool:
        """Whether its dtype has negative numbers.

        Returns
        -------
        bool
            False for bool and uint8.
        """

    def isclose(
        self,
        other: TensorLike,
        rtol: builtins.float = 1e-05,
        atol: builtins.float = 1e-08,
        equal_nan: builtins.bool = False,
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

    def isfinite(self, *, out: Tensor | None = None) -> Tensor:
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

    def isinf(self, *, out: Tensor | None = None) -> Tensor:
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

    def isnan(self, *, out: Tensor | None = None) -> Tensor:
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

    def isneginf(self, *, out: Tensor | None = None) -> Tensor:
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

    def isposinf(self, *, out: Tensor | None = None) -> Tensor:
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

    def isreal(self) -> Tensor:
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
        TypeError
            In a transform that differentiates it; there, ``x.detach().item()`` is the number.
        """

    def kron(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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
        self,
        k: builtins.int,
        dim: SupportsIndex = -1,
        keepdim: builtins.bool = False,
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

    def ldexp(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def ldexp_(self, other: TensorLike) -> Tensor:
        """As `ldexp`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input, other : Tensor, ndarray or float
            Values, of shapes that broadcast.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def le(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def lerp(self, end: TensorLike, weight: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def lerp_(self, end: TensorLike, weight: TensorLike) -> Tensor:
        """As `lerp`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values.
        end : Tensor, ndarray or float
            Values at weight 1.
        weight : Tensor, ndarray or float
            Weights.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def less(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def less_equal(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def lgamma(self, *, out: Tensor | None = None) -> Tensor:
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

    def lgamma_(self) -> Tensor:
        """As `lgamma`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def log(self, *, out: Tensor | None = None) -> Tensor:
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

    def log10(self, *, out: Tensor | None = None) -> Tensor:
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

    def log10_(self) -> Tensor:
        """As `log10`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def log1p(self, *, out: Tensor | None = None) -> Tensor:
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

    def log1p_(self) -> Tensor:
        """As `log1p`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def log2(self, *, out: Tensor | None = None) -> Tensor:
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

    def log2_(self) -> Tensor:
        """As `log2`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def log_(self) -> Tensor:
        """As `log`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    @overload
    def log_softmax(self, dim: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
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
    def log_softmax(self, axis: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
        ...

    def logaddexp(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def logaddexp2(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def logcumsumexp(self, dim: SupportsIndex, *, out: Tensor | None = None) -> Tensor:
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

    def logdet(self) -> Tensor:
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

    def logical_and(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def logical_not(self, *, out: Tensor | None = None) -> Tensor:
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

    def logical_or(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def logit(self, eps: Number | None = None, *, out: Tensor | None = None) -> Tensor:
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

    def logit_(self, eps: Number | None = None) -> Tensor:
        """As `logit`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor or ndarray
            Values of any shape.
        eps : float, optional
            Clip the values to [eps, 1 - eps] first.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    @overload
    def logsumexp(
        self,
        dim: Axes | None = None,
        keepdim: builtins.bool = False,
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
    def logsumexp(
        self,
        axis: Axes | None = None,
        keepdims: builtins.bool = False,
        *,
        out: Tensor | None = None,
    ) -> Tensor:
        ...

    def long(self, memory_format: object = None) -> Tensor:
        """The tensor in int64.

        Parameters
        ----------
        memory_format : object, optional
            Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.

        Returns
        -------
        Tensor
            The tensor itself if it has that dtype.
        """

    def lt(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def masked_fill(self, mask: TensorLike, value: TensorLike) -> Tensor:
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

    def masked_fill_(self, mask: TensorLike, value: TensorLike) -> Tensor:
        """As `masked_fill`, in place: the result is written into the memory of this tensor.

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
            The tensor itself.
        """

    def masked_scatter(self, mask: TensorLike, source: TensorLike) -> Tensor:
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

    def masked_scatter_(self, mask: TensorLike, source: TensorLike) -> Tensor:
        """As `masked_scatter`, in place: the result is written into the memory of this tensor.

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
            The tensor itself.
        """

    def masked_select(self, mask: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def matmul(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def matrix_exp(self, *, out: Tensor | None = None) -> Tensor:
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

    def matrix_power(self, n: SupportsIndex, *, out: Tensor | None = None) -> Tensor:
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
    def max(self, dim: Tensor | NDArray[Any]) -> Tensor:  # type: ignore[overload-overlap]
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
    def max(self, dim: None = None, keepdim: builtins.bool = False) -> Tensor:
        ...
    @overload
    def max(self, dim: SupportsIndex, keepdim: builtins.bool = False) -> ValuesIndices:
        ...
    @overload
    def max(self, *, axis: SupportsIndex, keepdims: builtins.bool = False) -> ValuesIndices:
        ...

    def maximum(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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
        self,
        dim: Axes | None = None,
        keepdim: builtins.bool = False,
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
        self,
        axis: Axes | None = None,
        keepdims: builtins.bool = False,
        *,
        dtype: DTypeLike | None = None,
        out: Tensor | None = None,
    ) -> Tensor:
        ...

    @overload
    def median(self, dim: None = None, keepdim: builtins.bool = False) -> Tensor:
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
    def median(self, dim: SupportsIndex, keepdim: builtins.bool = False) -> ValuesIndices:
        ...
    @overload
    def median(self, *, axis: SupportsIndex, keepdims: builtins.bool = False) -> ValuesIndices:
        ...

    @overload
    def min(self, dim: Tensor | NDArray[Any]) -> Tensor:  # type: ignore[overload-overlap]
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
    def min(self, dim: None = None, keepdim: builtins.bool = False) -> Tensor:
        ...
    @overload
    def min(self, dim: SupportsIndex, keepdim: builtins.bool = False) -> ValuesIndices:
        ...
    @overload
    def min(self, *, axis: SupportsIndex, keepdims: builtins.bool = False) -> ValuesIndices:
        ...

    def minimum(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def mm(self, mat2: TensorLike, *, out: Tensor | None = None) -> Tensor:
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
        self,
        dim: SupportsIndex = -1,
        keepdim: builtins.bool = False,
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

    def moveaxis(self, source: Axes, destination: Axes) -> Tensor:
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

    def movedim(self, source: Axes, destination: Axes) -> Tensor:
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

    def msort(self, *, out: Tensor | None = None) -> Tensor:
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

    def mul(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def mul_(self, other: TensorLike) -> Tensor:
        """As `mul`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input, other : Tensor, ndarray or float
            Values, of shapes that broadcast.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def multinomial(
        self,
        num_samples: builtins.int,
        replacement: builtins.bool = False,
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

    def multiply(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def multiply_(self, other: TensorLike) -> Tensor:
        """As `multiply`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input, other : Tensor, ndarray or float
            Values, of shapes that broadcast.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def mv(self, vec: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def mvlgamma(self, p: builtins.int, *, out: Tensor | None = None) -> Tensor:
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

    def mvlgamma_(self, p: builtins.int) -> Tensor:
        """As `mvlgamma`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor or ndarray
            Values above ``(p - 1) / 2``.
        p : int
            The dimension.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def nan_to_num(
        self,
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

    def nan_to_num_(
        self,
        nan: Number | None = None,
        posinf: Number | None = None,
        neginf: Number | None = None,
    ) -> Tensor:
        """As `nan_to_num`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor or ndarray
            Values of any shape.
        nan : float, optional
            In the place of nan, by default 0.
        posinf, neginf : float, optional
            In the place of infinities, by default the largest and the smallest number of the dtype.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def nanmean(
        self,
        dim: Axes | None = None,
        keepdim: builtins.bool = False,
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
        self,
        q: TensorLike,
        dim: builtins.int | None = None,
        keepdim: builtins.bool = False,
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
        self,
        dim: Axes | None = None,
        keepdim: builtins.bool = False,
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

    def narrow(self, dim: SupportsIndex, start: SupportsIndex, length: SupportsIndex) -> Tensor:
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

    def ndimension(self) -> builtins.int:
        """Return the number of axes.

        Returns
        -------
        int
            As ``ndim``.
        """

    def ne(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def neg(self, *, out: Tensor | None = None) -> Tensor:
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

    def neg_(self) -> Tensor:
        """As `neg`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def negative(self, *, out: Tensor | None = None) -> Tensor:
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

    def negative_(self) -> Tensor:
        """As `negative`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def nelement(self) -> builtins.int:
        """Return the number of elements.

        Returns
        -------
        int
            The product of the lengths of the axes.
        """

    def new_empty(self, *size: ShapeLike, dtype: DTypeLike | None = None, **options: Any) -> Tensor:
        """Make a tensor in the dtype of this one, whose elements are not set.

        Parameters
        ----------
        *size : int or sequence of int
            Lengths of the axes.
        dtype : dtype, optional
            By default that of this tensor.
        **options
            Of `jittape.empty`.

        Returns
        -------
        Tensor
            The new tensor.
        """

    def new_full(
        self,
        size: ShapeLike,
        fill_value: Number,
        *,
        dtype: DTypeLike | None = None,
        **options: Any,
    ) -> Tensor:
        """Make a tensor of one number in the dtype of this one.

        Parameters
        ----------
        size : int or sequence of int
            Lengths of the axes.
        fill_value : float
            The number.
        dtype : dtype, optional
            By default that of this tensor.
        **options
            Of `jittape.full`.

        Returns
        -------
        Tensor
            The new tensor.
        """

    def new_ones(self, *size: ShapeLike, dtype: DTypeLike | None = None, **options: Any) -> Tensor:
        """Make a tensor of ones in the dtype of this one.

        Parameters
        ----------
        *size : int or sequence of int
            Lengths of the axes.
        dtype : dtype, optional
            By default that of this tensor.
        **options
            Of `jittape.ones`.

        Returns
        -------
        Tensor
            The new tensor.
        """

    def new_tensor(self, data: Data, *, dtype: DTypeLike | None = None, **options: Any) -> Tensor:
        """Make a tensor of the data in the dtype of this one.

        Parameters
        ----------
        data : number, nested sequence or ndarray
            The values.
        dtype : dtype, optional
            By default that of this tensor.
        **options
            Of `jittape.tensor`.

        Returns
        -------
        Tensor
            The new tensor.
        """

    def new_zeros(self, *size: ShapeLike, dtype: DTypeLike | None = None, **options: Any) -> Tensor:
        """Make a tensor of zeros in the dtype of this one.

        Parameters
        ----------
        *size : int or sequence of int
            Lengths of the axes.
        dtype : dtype, optional
            By default that of this tensor.
        **options
            Of `jittape.zeros`.

        Returns
        -------
        Tensor
            The new tensor.
        """

    def nextafter(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def nextafter_(self, other: TensorLike) -> Tensor:
        """As `nextafter`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input, other : Tensor, ndarray or float
            Values, of shapes that broadcast.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    @overload
    def nonzero(self, as_tuple: Literal[False] = False) -> Tensor:
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
    def nonzero(self, as_tuple: Literal[True]) -> tuple[Tensor, ...]:
        ...

    @overload
    def norm(
        self,
        p: Number | str = 2,
        dim: Axes | None = None,
        keepdim: builtins.bool = False,
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
        self,
        p: Number | str = 2,
        axis: Axes | None = None,
        keepdims: builtins.bool = False,
        ord: Number | None = None,
        *,
        dtype: DTypeLike | None = None,
        out: Tensor | None = None,
    ) -> Tensor:
        ...

    def normal_(self, mean: Number = 0.0, std: Number = 1.0, *, generator: np.random.Generator | None = None) -> Tensor:
        """Fill with normal random numbers, in place.

        Parameters
        ----------
        mean, std : float, optional
            Mean and standard deviation.
        generator : numpy.random.Generator, optional
            Where numbers are drawn from; by default what `manual_seed` seeds.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def not_equal(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def numel(self) -> builtins.int:
        """Return the number of elements.

        Returns
        -------
        int
            The product of the lengths of the axes.
        """

    def numpy(self, *, force: builtins.bool = False) -> NDArray[Any]:
        """Return the memory of the tensor as an array; writing to one changes the other.

        Parameters
        ----------
        force : bool, optional
            Take the values of a tensor that requires grad: ``detach().numpy()``.

        Returns
        -------
        ndarray
            Without a copy.

        Raises
        ------
        RuntimeError
            If the tensor requires grad; use ``detach().numpy()``.
        """

    def outer(self, vec2: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def permute(self, *dims: ShapeLike) -> Tensor:
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

    def polygamma(self, n: TensorLike) -> Tensor:
        """The derivative of order `n` of `digamma`.

        Parameters
        ----------
        n : int
            The order.

        Returns
        -------
        Tensor
            Of the shape of this tensor.
        """

    def polygamma_(self, n: TensorLike) -> Tensor:
        """As `polygamma`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        n : int
            The order.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def positive(self) -> Tensor:
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

    def pow(self, exponent: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def pow_(self, exponent: TensorLike) -> Tensor:
        """As `pow`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values.
        exponent : Tensor, ndarray or float
            Exponents, of a shape that broadcasts.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    @overload
    def prod(
        self,
        dim: Axes | None = None,
        keepdim: builtins.bool = False,
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
        self,
        axis: Axes | None = None,
        keepdims: builtins.bool = False,
        *,
        dtype: DTypeLike | None = None,
        out: Tensor | None = None,
    ) -> Tensor:
        ...

    def put(self, index: TensorLike, source: TensorLike, accumulate: builtins.bool = False) -> Tensor:
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

    def put_(self, index: TensorLike, source: TensorLike, accumulate: builtins.bool = False) -> Tensor:
        """As `put`, in place: the result is written into the memory of this tensor.

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
            The tensor itself.
        """

    def quantile(
        self,
        q: TensorLike,
        dim: builtins.int | None = None,
        keepdim: builtins.bool = False,
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

    def rad2deg(self, *, out: Tensor | None = None) -> Tensor:
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

    def rad2deg_(self) -> Tensor:
        """As `rad2deg`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def random_(
        self,
        low: builtins.int = 0,
        high: builtins.int | None = None,
        *,
        generator: Generator | None = None,
    ) -> Tensor:
        """Fill with random integers, in place.

        Parameters
        ----------
        low : int, optional
            The smallest; one more than the largest if there is one number only.
        high : int, optional
            One more than the largest.
        generator : Generator, optional
            Where numbers are drawn from; by default what `manual_seed` seeds.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def ravel(self) -> Tensor:
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

    def reciprocal(self, *, out: Tensor | None = None) -> Tensor:
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

    def reciprocal_(self) -> Tensor:
        """As `reciprocal`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

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

    def register_post_accumulate_grad_hook(self, hook: Callable[[Tensor], None]) -> RemovableHandle:
        """Call a function with this leaf after every sweep that has added to its ``.grad``.

        Parameters
        ----------
        hook : callable
            Takes the leaf, whose ``.grad`` it may read and drop.

        Returns
        -------
        RemovableHandle
            Its ``remove()`` removes the hook.

        Raises
        ------
        RuntimeError
            If the tensor does not require grad, or is a result.
        """

    def relu(self, inplace: builtins.bool = False, *, out: Tensor | None = None) -> Tensor:
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

    def relu_(self) -> Tensor:
        """As `relu`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def remainder(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def remainder_(self, other: TensorLike) -> Tensor:
        """As `remainder`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input, other : Tensor, ndarray or float
            Values, of shapes that broadcast.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def renorm(
        self,
        p: builtins.float,
        dim: SupportsIndex,
        maxnorm: builtins.float,
        *,
        out: Tensor | None = None,
    ) -> Tensor:
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

    def renorm_(self, p: builtins.float, dim: SupportsIndex, maxnorm: builtins.float) -> Tensor:
        """As `renorm`, in place: the result is written into the memory of this tensor.

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

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def repeat(self, *sizes: ShapeLike) -> Tensor:
        """Copies side by side along every axis.

        Parameters
        ----------
        *sizes : int or sequence of int
            Number of copies along each axis, new ones first.

        Returns
        -------
        Tensor
            A copy.
        """

    def repeat_interleave(
        self,
        repeats: builtins.int | TensorLike,
        dim: SupportsIndex | None = None,
        *,
        output_size: builtins.int | None = None,
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

    def reshape_as(self, other: Tensor) -> Tensor:
        """The elements in the shape of another tensor, as a view where possible.

        Parameters
        ----------
        other : Tensor
            The other tensor.

        Returns
        -------
        Tensor
            Of the shape of `other`.
        """

    def resolve_conj(self) -> Tensor:
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

    def retain_grad(self) -> None:
        """Keep the gradient of this result in ``.grad`` in the next sweeps.

        Raises
        ------
        RuntimeError
            If the tensor does not require grad.
        """

    def roll(self, shifts: Axes, dims: Axes | None = None) -> Tensor:
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

    def rot90(self, k: builtins.int = 1, dims: Sequence[builtins.int] = (0, 1)) -> Tensor:
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

    def round(self, *, decimals: SupportsIndex = 0, out: Tensor | None = None) -> Tensor:
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

    def round_(self, *, decimals: SupportsIndex = 0) -> Tensor:
        """As `round`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values.
        decimals : int, optional
            Number of digits after the point.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def rsqrt(self, *, out: Tensor | None = None) -> Tensor:
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

    def rsqrt_(self) -> Tensor:
        """As `rsqrt`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def scatter(self, dim: SupportsIndex, index: TensorLike, src: TensorLike) -> Tensor:
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

    def scatter_(self, dim: SupportsIndex, index: TensorLike, src: TensorLike) -> Tensor:
        """As `scatter`, in place: the result is written into the memory of this tensor.

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
            The tensor itself.
        """

    def scatter_add(self, dim: SupportsIndex, index: TensorLike, src: TensorLike) -> Tensor:
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

    def scatter_add_(self, dim: SupportsIndex, index: TensorLike, src: TensorLike) -> Tensor:
        """As `scatter_add`, in place: the result is written into the memory of this tensor.

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
            The tensor itself.
        """

    def scatter_reduce(
        self,
        dim: SupportsIndex,
        index: TensorLike,
        src: TensorLike,
        reduce: str,
        *,
        include_self: builtins.bool = True,
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

    def scatter_reduce_(
        self,
        dim: SupportsIndex,
        index: TensorLike,
        src: TensorLike,
        reduce: str,
        *,
        include_self: builtins.bool = True,
    ) -> Tensor:
        """As `scatter_reduce`, in place: the result is written into the memory of this tensor.

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
            The tensor itself.
        """

    def select(self, dim: SupportsIndex, index: SupportsIndex) -> Tensor:
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

    def select_scatter(self, src: TensorLike, dim: SupportsIndex, index: SupportsIndex) -> Tensor:
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

    def sgn(self, *, out: Tensor | None = None) -> Tensor:
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

    def sgn_(self) -> Tensor:
        """As `sgn`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor or ndarray
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def short(self, memory_format: object = None) -> Tensor:
        """The tensor in int16.

        Parameters
        ----------
        memory_format : object, optional
            Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.

        Returns
        -------
        Tensor
            The tensor itself if it has that dtype.
        """

    def sigmoid(self, *, out: Tensor | None = None) -> Tensor:
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

    def sigmoid_(self) -> Tensor:
        """As `sigmoid`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def sign(self, *, out: Tensor | None = None) -> Tensor:
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

    def sign_(self) -> Tensor:
        """As `sign`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def signbit(self, *, out: Tensor | None = None) -> Tensor:
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

    def sin(self, *, out: Tensor | None = None) -> Tensor:
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

    def sin_(self) -> Tensor:
        """As `sin`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def sinc(self, *, out: Tensor | None = None) -> Tensor:
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

    def sinc_(self) -> Tensor:
        """As `sinc`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def sinh(self, *, out: Tensor | None = None) -> Tensor:
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

    def sinh_(self) -> Tensor:
        """As `sinh`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

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

    def slice_scatter(
        self,
        src: TensorLike,
        dim: SupportsIndex = 0,
        start: builtins.int | None = None,
        end: builtins.int | None = None,
        step: builtins.int = 1,
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

    def slogdet(self) -> SignLogabsdet:
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
    def softmax(self, dim: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
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
    def softmax(self, axis: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
        ...

    @overload
    def sort(
        self,
        dim: SupportsIndex = -1,
        descending: builtins.bool = False,
        stable: builtins.bool = False,
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
        self,
        axis: SupportsIndex = -1,
        descending: builtins.bool = False,
        stable: builtins.bool = False,
        *,
        out: tuple[Tensor, ...] | None = None,
    ) -> ValuesIndices:
        ...

    @overload
    def split(
        self,
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
        self,
        split_size_or_sections: SupportsIndex | Sequence[SupportsIndex],
        axis: SupportsIndex = 0,
    ) -> tuple[Tensor, ...]:
        ...

    def sqrt(self, *, out: Tensor | None = None) -> Tensor:
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

    def sqrt_(self) -> Tensor:
        """As `sqrt`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def square(self, *, out: Tensor | None = None) -> Tensor:
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

    def square_(self) -> Tensor:
        """As `square`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    @overload
    def squeeze(self, dim: Axes | None = None) -> Tensor:
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
        self,
        axis: Axes | None = None,
        unbiased: builtins.bool | None = None,
        keepdims: builtins.bool = False,
        *,
        ddof: builtins.float = 1,
        out: Tensor | None = None,
    ) -> Tensor:
        ...

    @overload
    def stride(self, dim: None = None) -> tuple[builtins.int, ...]:
        """Steps in memory, in elements, along every axis or along one.

        Parameters
        ----------
        dim : int, optional
            The axis.

        Returns
        -------
        tuple of int, or int
            The steps.
        """
    @overload
    def stride(self, dim: SupportsIndex) -> builtins.int:
        ...

    def sub(self, other: TensorLike, *, alpha: Number = 1, out: Tensor | None = None) -> Tensor:
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

    def sub_(self, other: TensorLike, *, alpha: Number = 1) -> Tensor:
        """As `sub`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values.
        other : Tensor, ndarray or float
            Values of a shape that broadcasts.
        alpha : float, optional
            Factor of `other`.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def subtract(self, other: TensorLike, *, alpha: Number = 1, out: Tensor | None = None) -> Tensor:
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

    def subtract_(self, other: TensorLike, *, alpha: Number = 1) -> Tensor:
        """As `subtract`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values.
        other : Tensor, ndarray or float
            Values of a shape that broadcasts.
        alpha : float, optional
            Factor of `other`.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    @overload
    def sum(
        self,
        dim: Axes | None = None,
        keepdim: builtins.bool = False,
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
        self,
        axis: Axes | None = None,
        keepdims: builtins.bool = False,
        *,
        dtype: DTypeLike | None = None,
        out: Tensor | None = None,
    ) -> Tensor:
        ...

    def sum_to_size(self, *size: ShapeLike) -> Tensor:
        """The sum over the axes along which a shape was broadcast.

        Parameters
        ----------
        *size : int or sequence of int
            The shape before.

        Returns
        -------
        Tensor
            Of that shape.
        """

    def swapaxes(self, dim0: SupportsIndex, dim1: SupportsIndex) -> Tensor:
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

    def swapdims(self, dim0: SupportsIndex, dim1: SupportsIndex) -> Tensor:
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

    def t(self) -> Tensor:
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

    def take(self, index: TensorLike, axis: SupportsIndex | None = None, dim: SupportsIndex | None = None) -> Tensor:
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
        self,
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

    def tan(self, *, out: Tensor | None = None) -> Tensor:
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

    def tan_(self) -> Tensor:
        """As `tan`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def tanh(self, *, out: Tensor | None = None) -> Tensor:
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

    def tanh_(self) -> Tensor:
        """As `tanh`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def tensor_split(
        self,
        indices_or_sections: builtins.int | Sequence[builtins.int],
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

    def tile(self, dims: Axes) -> Tensor:
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

    def to(
        self,
        *args: DTypeLike | Tensor | str,
        dtype: DTypeLike | None = None,
        device: str | None = None,
        copy: builtins.bool = False,
        other: Tensor | None = None,
        non_blocking: object = None,
        memory_format: object = None,
    ) -> Tensor:
        """The tensor in another dtype.

        Parameters
        ----------
        *args : dtype, Tensor or str
            A dtype, a tensor whose dtype is taken, or a device.
        dtype : dtype, optional
            Of the result.
        device : str, optional
            Only "cpu"; accepted for compatibility with PyTorch.
        copy : bool, optional
            Copy even if the dtype is the same.
        other : Tensor, optional
            A tensor whose dtype is taken.
        non_blocking : bool, optional
            Without effect; accepted for compatibility with PyTorch.
        memory_format : object, optional
            Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.

        Returns
        -------
        Tensor
            The tensor itself if nothing changes.
        """

    def tolist(self) -> Any:
        """Return the value as nested Python lists.

        Returns
        -------
        list, float, int or bool
            A number for a tensor without axes.

        Raises
        ------
        TypeError
            In a transform that differentiates it; there, ``x.detach().tolist()`` are the numbers.
        """

    @overload
    def topk(
        self,
        k: SupportsIndex,
        dim: SupportsIndex = -1,
        largest: builtins.bool = True,
        sorted: builtins.bool = True,
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
        self,
        k: SupportsIndex,
        axis: SupportsIndex = -1,
        largest: builtins.bool = True,
        sorted: builtins.bool = True,
        *,
        out: tuple[Tensor, ...] | None = None,
    ) -> ValuesIndices:
        ...

    def trace(self) -> Tensor:
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

    def transpose(self, dim0: SupportsIndex, dim1: SupportsIndex) -> Tensor:
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

    def tril(self, diagonal: SupportsIndex = 0, k: SupportsIndex | None = None, *, out: Tensor | None = None) -> Tensor:
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

    def tril_(self, diagonal: SupportsIndex = 0, k: SupportsIndex | None = None) -> Tensor:
        """As `tril`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor or ndarray, shape (..., n, m)
            Matrix, or a batch of them.
        diagonal : int, optional
            Which diagonal: above the main one if positive.
        k : int, optional
            NumPy's name of `diagonal`.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def triu(self, diagonal: SupportsIndex = 0, k: SupportsIndex | None = None, *, out: Tensor | None = None) -> Tensor:
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

    def triu_(self, diagonal: SupportsIndex = 0, k: SupportsIndex | None = None) -> Tensor:
        """As `triu`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor or ndarray, shape (..., n, m)
            Matrix, or a batch of them.
        diagonal : int, optional
            Which diagonal: above the main one if positive.
        k : int, optional
            NumPy's name of `diagonal`.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def true_divide(self, other: TensorLike, *, rounding_mode: str | None = None, out: Tensor | None = None) -> Tensor:
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

    def true_divide_(self, other: TensorLike, *, rounding_mode: str | None = None) -> Tensor:
        """As `true_divide`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values.
        other : Tensor, ndarray or float
            Values of a shape that broadcasts.
        rounding_mode : {None, "floor", "trunc"}, optional
            Round down, towards zero, or not at all. Rounded quotients of integers are integers.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def trunc(self, *, out: Tensor | None = None) -> Tensor:
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

    def trunc_(self) -> Tensor:
        """As `trunc`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    @overload
    def type(self, dtype: None = None) -> str:
        """The name of the tensor's type, or the tensor in another dtype.

        Parameters
        ----------
        dtype : dtype, optional
            The other dtype.
        non_blocking : bool, optional
            Without effect; accepted for compatibility with PyTorch.

        Returns
        -------
        str or Tensor
            Such as "jittape.DoubleTensor".
        """
    @overload
    def type(self, dtype: DTypeLike) -> Tensor:
        ...

    def type_as(self, other: Tensor) -> Tensor:
        """The tensor in the dtype of another.

        Parameters
        ----------
        other : Tensor
            The other tensor.

        Returns
        -------
        Tensor
            Of the dtype of `other`.
        """

    @overload
    def unbind(self, dim: SupportsIndex = 0) -> tuple[Tensor, ...]:
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
    def unbind(self, axis: SupportsIndex = 0) -> tuple[Tensor, ...]:
        ...

    def unflatten(self, dim: SupportsIndex, sizes: Sequence[builtins.int]) -> Tensor:
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

    def unfold(self, dimension: SupportsIndex, size: builtins.int, step: builtins.int) -> Tensor:
        """Windows along an axis, which overlap where they are longer than their step.

        Parameters
        ----------
        dimension : int
            The axis, which is then that of the windows.
        size : int
            Length of a window.
        step : int
            From window to window.

        Returns
        -------
        Tensor
            With the elements of a window along a last axis; a copy.

        Raises
        ------
        RuntimeError
            If a window is longer than the axis.
        """

    def uniform_(
        self,
        low: Number = 0.0,
        high: Number = 1.0,
        *,
        generator: np.random.Generator | None = None,
    ) -> Tensor:
        """Fill with uniform random numbers, in place.

        Parameters
        ----------
        low, high : float, optional
            Ends of the interval.
        generator : numpy.random.Generator, optional
            Where numbers are drawn from; by default what `manual_seed` seeds.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def unique(
        self,
        sorted: builtins.bool = True,
        return_inverse: builtins.bool = False,
        return_counts: builtins.bool = False,
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
        self,
        return_inverse: builtins.bool = False,
        return_counts: builtins.bool = False,
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
    def unsqueeze(self, dim: Axes) -> Tensor:
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
        self,
        axis: Axes | None = None,
        unbiased: builtins.bool | None = None,
        keepdims: builtins.bool = False,
        *,
        ddof: builtins.float = 1,
        out: Tensor | None = None,
    ) -> Tensor:
        ...

    def vdot(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def view(self, *shape: ShapeLike) -> Tensor:
        """The elements in another shape, without a copy.

        Parameters
        ----------
        *shape : int or sequence of int
            Lengths of the axes; one may be -1.

        Returns
        -------
        Tensor
            A view.

        Raises
        ------
        ShapeError
            If that needs a copy, or the numbers of elements differ.
        """

    def view_as(self, other: Tensor) -> Tensor:
        """The elements in the shape of another tensor, without a copy.

        Parameters
        ----------
        other : Tensor
            The other tensor.

        Returns
        -------
        Tensor
            A view.
        """

    def vsplit(self, indices_or_sections: builtins.int | Sequence[builtins.int]) -> tuple[Tensor, ...]:
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

    def where(self, condition: TensorLike, other: TensorLike) -> Tensor:
        """The elements of this tensor where a condition is true, those of another elsewhere.

        Parameters
        ----------
        condition : Tensor or ndarray
            Chooses where it is not zero.
        other : Tensor, ndarray or float
            Values of a shape that broadcasts.

        Returns
        -------
        Tensor
            Of the broadcast shape.
        """

    def xlogy(self, other: TensorLike, *, out: Tensor | None = None) -> Tensor:
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

    def xlogy_(self, other: TensorLike) -> Tensor:
        """As `xlogy`, in place: the result is written into the memory of this tensor.

        Parameters
        ----------
        input, other : Tensor, ndarray or float
            Values, of shapes that broadcast.

        Returns
        -------
        Tensor
            The tensor itself.
        """

    def zero_(self) -> Tensor:
        """Fill with zeros, in place.

        Returns
        -------
        Tensor
            The tensor itself.
        """

def __getattr__(name: str) -> Any: ...  # what only modules of the library import
