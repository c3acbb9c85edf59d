"""PyTorch's functions that are SciPy's: what declares them is imported by the first call, as SciPy takes long."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ShapeError
from ..memory.layouts import broadcast_shapes
from .arguments import as_tensor_argument
from .complex_parts import conj
from .copies_and_joins import convert
from .operation_names import public
from .shape_functions import expand

if TYPE_CHECKING:
    from ..tensors.tensor import Tensor
    from ..typing import TensorLike


def of_scipy_special(name, *operands):
    """A function of ``scipy.special`` of Tensors."""
    return import_module(".scipy_functions", __package__).FUNCTIONS[name](*operands)


@public(in_place=True, out="one")
def erfinv(input: TensorLike) -> Tensor:
    """The inverse of the error function.

    Parameters
    ----------
    input : Tensor or ndarray
        Values from -1 to 1.

    Returns
    -------
    Tensor
        Of the same shape.
    """
    return of_scipy_special("erfinv", as_tensor_argument(input, "erfinv"))


@public(in_place=True, out="one")
def i0(input: TensorLike) -> Tensor:
    """The modified Bessel function of the first kind, of order 0.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        Of the same shape.
    """
    return of_scipy_special("i0", as_tensor_argument(input, "i0"))


@public(in_place=True, out="one")
def igamma(input: TensorLike, other: TensorLike) -> Tensor:
    """The regularised lower incomplete gamma function.

    Parameters
    ----------
    input : Tensor or ndarray
        The parameter.
    other : Tensor or ndarray
        The argument; the two are broadcast.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """
    return of_scipy_special("gammainc", as_tensor_argument(input, "igamma"), as_tensor_argument(other, "igamma", "other"))


@public(in_place=True, out="one")
def igammac(input: TensorLike, other: TensorLike) -> Tensor:
    """The regularised upper incomplete gamma function.

    Parameters
    ----------
    input : Tensor or ndarray
        The parameter.
    other : Tensor or ndarray
        The argument; the two are broadcast.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """
    return of_scipy_special("gammaincc", as_tensor_argument(input, "igammac"), as_tensor_argument(other, "igammac", "other"))


@public(in_place=True, out="one")
def mvlgamma(input: TensorLike, p: int) -> Tensor:
    """The logarithm of the multivariate gamma function.

    Parameters
    ----------
    input : Tensor or ndarray
        Values above ``(p - 1) / 2``.
    p : int
        The dimension.

    Returns
    -------
    Tensor
        Of the same shape.

    Raises
    ------
    RuntimeError
        If `p` is below 1.
    """
    x = as_tensor_argument(input, "mvlgamma")
    if p < 1:
        raise RuntimeError(f"mvlgamma(): got p={p}, expected a dimension of at least 1")
    steps = np.arange(p, dtype=x.dtype if x.dtype.kind == "f" else None) * -0.5
    constant = 0.25 * p * (p - 1) * float(np.log(np.pi))
    return of_scipy_special("gammaln", x.unsqueeze(-1) + steps).sum(-1) + constant


@public(out="one")
def matrix_exp(input: TensorLike) -> Tensor:
    """Exponentials of square matrices.

    Parameters
    ----------
    input : Tensor or ndarray
        A matrix.

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
    function = import_module(".matrix_equations", __package__).matrix_exponential.apply
    return function(as_tensor_argument(input, "matrix_exp"))


@public(out="one", keywords="input2=L")
def cholesky_solve(input: TensorLike, L: TensorLike, upper: bool = False) -> Tensor:
    """Solve ``A @ X = input`` by the Cholesky factor of A.

    Parameters
    ----------
    input : Tensor or ndarray
        A matrix of right-hand sides.
    L : Tensor or ndarray
        The factor, ``A = L @ L.mH``.
    upper : bool, optional
        The factor is ``L.mH``, above the diagonal.

    Returns
    -------
    Tensor
        The solution.

    Raises
    ------
    ShapeError
        If there is no matrix of right-hand sides.
    """
    b, factor = as_tensor_argument(input, "cholesky_solve"), as_tensor_argument(L, "cholesky_solve", "L")
    if b.ndim < 2:
        raise ShapeError(f"cholesky_solve: got right-hand sides of shape {tuple(b.shape)}, expected a matrix: use unsqueeze(-1)")
    factor = factor.mH if upper else factor
    dtype, batch = np.result_type(b.dtype, factor.dtype), broadcast_shapes(tuple(b.shape[:-2]), tuple(factor.shape[:-2]))
    b, factor = (expand(convert(x, dtype), (*batch, *x.shape[-2:])) for x in (b, factor))
    solve = import_module(".matrix_equations", __package__).solve_triangular_values.apply
    return solve(conj(factor), solve(factor, b, True, False, False), True, True, False)
