"""The functions of ``scipy.linalg`` that have derivatives.

Of plain arrays they are SciPy's own.

Decompositions are those of `numpy.linalg` on Tensors and Arrays; triangular and banded systems, functions of matrices and matrix
equations are operations of their own.
"""

import numpy as np
import scipy.linalg as _theirs

from ..ops.banded_systems import solve_banded_values as _solve_banded_values
from ..ops.matrix_equations import FUNCTIONS_OF_MATRICES as _FUNCTIONS_OF_MATRICES
from ..ops.matrix_equations import lu_in_place_values as _lu_values
from ..ops.matrix_equations import solve_sylvester_values as _solve_sylvester_values
from ..ops.matrix_equations import solve_triangular_values as _solve_triangular_values
from ..ops.matrix_functions import calling_lapack as _calling_lapack
from ..ops.moved_elements import MovedElements as _MovedElements, plain as _plain
from ..ops.riccati_equations import solve_continuous_are_values as _solve_continuous_are_values
from ..ops.riccati_equations import solve_discrete_are_values as _solve_discrete_are_values
from ..ops.riccati_equations import solve_discrete_lyapunov as _discrete_lyapunov
from .following import followers_of as _followers_of, ready as _ready

_TRANSPOSED = {0: False, 1: True, 2: True, "N": False, "T": True, "C": True}


_followed = _followers_of(_theirs)


def _with_columns(solve, b):
    """What a function of matrices of right-hand sides makes of a vector or a matrix."""
    return solve(b) if b.ndim > 1 else solve(b[:, None])[:, 0]


def _check(fits, name, a, b):
    if not fits:
        raise ValueError(f"scipy.linalg.{name}: got shapes {tuple(a.shape)} and {tuple(b.shape)}, expected ones that fit")


# --- systems ----------------------------------------------------------------------------------------------------------------


@_followed
def solve_triangular(a, b, trans=0, lower=False, unit_diagonal=False, overwrite_b=False, check_finite=True):
    a, b = _ready(a, b)
    _check(
        a.ndim >= 2 and a.shape[-1] == a.shape[-2] and b.shape[-2 if b.ndim > 1 else -1] == a.shape[-1], "solve_triangular", a, b
    )
    a = np.conjugate(a) if trans in (2, "C") else a
    flags = bool(lower), _TRANSPOSED[trans], bool(unit_diagonal)
    return _with_columns(lambda columns: _solve_triangular_values.apply(a, columns, *flags), b)


@_followed
def solve(a, b, lower=False, overwrite_a=False, overwrite_b=False, check_finite=True, assume_a=None, transposed=False):
    a, b = _ready(a, b)
    if assume_a in ("sym", "her", "pos", "positive definite", "symmetric", "hermitian"):
        beside = np.swapaxes(np.tril(a, -1) if lower else np.triu(a, 1), -1, -2)
        is_symmetric = assume_a in ("sym", "symmetric")
        a = (np.tril(a) if lower else np.triu(a)) + (beside if is_symmetric else np.conjugate(beside))
    return np.linalg.solve(np.swapaxes(a, -1, -2) if transposed else a, b)


@_followed
def solve_banded(l_and_u, ab, b, overwrite_ab=False, overwrite_b=False, check_finite=True):
    ab, b = _ready(ab, b)
    lower, upper = (int(n) for n in l_and_u)
    _check(ab.shape == (lower + upper + 1, b.shape[0]), "solve_banded", ab, b)
    return _with_columns(lambda columns: _solve_banded_values.apply(ab, columns, lower, upper), b)


@_followed
def solveh_banded(ab, b, overwrite_ab=False, overwrite_b=False, lower=False, check_finite=True):
    ab, b = _ready(ab, b)
    width, n = ab.shape[0] - 1, ab.shape[1]
    stored = ab[::-1] if lower else ab  # of the diagonals from the farthest to the middle
    mirrored = []
    for k in range(width - 1, -1, -1):
        distance = width - k
        row = stored[k, : n - distance] if lower else stored[k, distance:]
        mirrored.append(np.concatenate([row if lower else np.conjugate(row), np.zeros(distance, ab.dtype)]))
    if lower:
        above = [np.concatenate([np.zeros(width - k, ab.dtype), np.conjugate(stored[k, : n - width + k])]) for k in range(width)]
        whole = np.stack([*above, stored[width], *mirrored])
    else:
        whole = np.concatenate([stored, np.stack(mirrored)]) if mirrored else stored
    return _with_columns(lambda columns: _solve_banded_values.apply(whole, columns, width, width), b)


@_followed
def cholesky(a, lower=False, overwrite_a=False, check_finite=True):
    return np.linalg.cholesky(a) if lower else np.swapaxes(np.linalg.cholesky(np.swapaxes(a, -1, -2)), -1, -2)


@_followed
def cho_factor(a, lower=False, overwrite_a=False, check_finite=True):
    return cholesky(a, lower), lower


@_followed
def cho_solve(c_and_lower, b, overwrite_b=False, check_finite=True):
    c, lower = c_and_lower
    first = solve_triangular(c, b, trans=0 if lower else 2, lower=lower)
    return solve_triangular(c, first, trans=2 if lower else 0, lower=lower)


def _order_of_rows(pivots):
    order = np.arange(len(pivots))
    for k, other in enumerate(pivots):
        order[[k, other]] = order[[other, k]]
    return order


@_followed
def lu_factor(a, overwrite_a=False, check_finite=True):
    (a,) = _ready(a)
    pivots = _calling_lapack(_theirs.lu_factor, "scipy.linalg.lu_factor", _plain(a))[1]
    return _lu_values.apply(a[_order_of_rows(pivots)]), pivots


@_followed
def lu_solve(lu_and_piv, b, trans=0, overwrite_b=False, check_finite=True):
    factors, pivots = lu_and_piv
    factors, b = _ready(factors, b)
    order = _order_of_rows(pivots)
    factors = np.conjugate(factors) if trans in (2, "C") else factors
    if not _TRANSPOSED[trans]:
        return solve_triangular(factors, solve_triangular(factors, b[order], lower=True, unit_diagonal=True))
    first = solve_triangular(factors, b, trans=1)
    return solve_triangular(factors, first, trans=1, lower=True, unit_diagonal=True)[np.argsort(order)]


@_followed
def solve_toeplitz(c_or_cr, b, check_finite=True):
    return np.linalg.solve(toeplitz(*(c_or_cr if isinstance(c_or_cr, tuple) else (c_or_cr,))), b)


@_followed
def solve_circulant(c, b, singular="raise", tol=None, caxis=-1, baxis=0, outaxis=0):
    c, b = _ready(c, b)
    if singular != "raise" or c.ndim != 1:
        raise TypeError(
            f"scipy.linalg.solve_circulant: got singular={singular!r} and c of shape {tuple(c.shape)}, expected 'raise' and a "
            "vector with values that are differentiated"
        )
    b = np.moveaxis(b, baxis, 0)
    x = np.linalg.solve(circulant(c), np.reshape(b, (b.shape[0], -1)))
    return np.moveaxis(np.reshape(x, tuple(b.shape)), 0, outaxis)


@_followed
def lstsq(a, b, cond=None, overwrite_a=False, overwrite_b=False, check_finite=True, lapack_driver=None):
    a, b = _ready(a, b)
    return tuple(np.linalg.lstsq(a, b, rcond=np.finfo(a.dtype).eps if cond is None else cond))


@_followed
def solve_sylvester(a, b, q):
    return _solve_sylvester_values.apply(*_ready(a, b, q))


@_followed
def solve_continuous_lyapunov(a, q):
    return solve_sylvester(a, np.conjugate(np.transpose(a)), q)


@_followed
def solve_discrete_lyapunov(a, q, method=None):
    return _discrete_lyapunov(*_ready(a, q))


def _riccati(name, operation):
    def function(a, b, q, r, e=None, s=None, balanced=True):
        if e is not None or s is not None:
            raise TypeError(f"scipy.linalg.{name}: got e= or s=, expected neither of them with values that are differentiated")
        return operation.apply(_ready(a, b, q, r))

    function.__name__ = name
    return _followed(function)


solve_continuous_are = _riccati("solve_continuous_are", _solve_continuous_are_values)
solve_discrete_are = _riccati("solve_discrete_are", _solve_discrete_are_values)


# --- decompositions ---------------------------------------------------------------------------------------------------------


def _adjoint(a):
    return np.conjugate(np.swapaxes(a, -1, -2))


@_followed
def eigh(a, b=None, *, lower=True, eigvals_only=False, overwrite_a=False, overwrite_b=False, type=1, check_finite=True):
    triangle = "L" if lower else "U"
    if b is None:
        return np.linalg.eigvalsh(a, triangle) if eigvals_only else tuple(np.linalg.eigh(a, triangle))
    if type != 1:
        raise TypeError(f"scipy.linalg.eigh: got type={type}, expected 1 with values that are differentiated")
    a, b = _ready(a, b)
    factor = cholesky(b if lower else _adjoint(b), lower=True)
    whole = np.tril(a) + _adjoint(np.tril(a, -1)) if lower else np.triu(a) + _adjoint(np.triu(a, 1))
    reduced = solve_triangular(factor, _adjoint(solve_triangular(factor, whole, lower=True)), lower=True)
    if eigvals_only:
        return np.linalg.eigvalsh(reduced)
    values, vectors = np.linalg.eigh(reduced)
    return values, solve_triangular(factor, vectors, trans=2, lower=True)


@_followed
def eigvalsh(a, b=None, *, lower=True, overwrite_a=False, overwrite_b=False, type=1, check_finite=True):
    return eigh(a, b, lower=lower, eigvals_only=True, type=type)


@_followed
def svd(a, full_matrices=True, compute_uv=True, overwrite_a=False, check_finite=True, lapack_driver="gesdd"):
    found = np.linalg.svd(a, full_matrices, compute_uv)
    return tuple(found) if compute_uv else found


@_followed
def svdvals(a, overwrite_a=False, check_finite=True):
    return np.linalg.svd(a, compute_uv=False)


@_followed
def qr(a, overwrite_a=False, lwork=None, mode="full", pivoting=False, check_finite=True):
    if pivoting or mode not in ("economic", "r", "full"):
        raise TypeError(
            f"scipy.linalg.qr: got mode={mode!r} and pivoting={pivoting}, expected 'economic', 'r' or 'full', and False, with "
            "values that are differentiated"
        )
    if mode != "r":
        return tuple(np.linalg.qr(a, "reduced" if mode == "economic" else "complete"))
    triangle = np.linalg.qr(a, "r")
    rows = a.shape[-2] - triangle.shape[-2]  # SciPy's has the zeros below
    return (np.concatenate([triangle, np.zeros((rows, a.shape[-1]), a.dtype)]) if rows else triangle,)


@_followed
def pinv(a, *, atol=None, rtol=None, return_rank=False, check_finite=True):
    values = np.linalg.svd(_plain(a), compute_uv=False)
    largest = values.max(initial=0.0)
    rtol = (max(a.shape) * np.finfo(values.dtype).eps if atol is None else 0.0) if rtol is None else rtol
    cutoff = (0.0 if atol is None else atol) + rtol * largest
    inverse = np.linalg.pinv(a, cutoff / largest if largest else rtol)
    return (inverse, int((values > cutoff).sum())) if return_rank else inverse


@_followed
def inv(a, overwrite_a=False, check_finite=True):
    return np.linalg.inv(a)


@_followed
def det(a, overwrite_a=False, check_finite=True):
    return np.linalg.det(a)


@_followed
def norm(a, ord=None, axis=None, keepdims=False, check_finite=True):
    return np.linalg.norm(a, ord, axis, keepdims)


@_followed
def polar(a, side="right"):
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    unitary = np.matmul(u, vh)
    if side == "right":
        return unitary, np.matmul(np.conjugate(np.transpose(vh)) * s, vh)
    return unitary, np.matmul(u * s, np.conjugate(np.transpose(u)))


# --- functions of matrices, and matrices of given elements -------------------------------------------------------------------


def _function_of_a_matrix(name):
    operation = _FUNCTIONS_OF_MATRICES[name]

    def function(A, **options):
        return operation.apply(*_ready(A))

    function.__name__ = name
    return _followed(function)


expm, logm, sqrtm, sinm, cosm, tanm, sinhm, coshm, tanhm = map(_function_of_a_matrix, _FUNCTIONS_OF_MATRICES)


def _moving(name, operands):
    """One of SciPy's functions whose results are made of elements of their operands."""
    moved = _MovedElements(getattr(_theirs, name), operands)

    def function(*args, **kwargs):
        return moved(*[a for a in args if a is not None], **{k: v for k, v in kwargs.items() if v is not None})

    function.__name__ = name
    return _followed(function)


_of_column_and_row, hankel, circulant, block_diag = (
    _moving(name, operands)
    for name, operands in (("toeplitz", "c r"), ("hankel", "c r"), ("circulant", "c"), ("block_diag", "arrs"))
)


@_followed
def toeplitz(c, r=None):
    return _of_column_and_row(c, np.conjugate(c) if r is None else r)


__all__ = []
__all__ += [name for name in dir(_theirs) if name in globals() and callable(globals()[name])]


def __dir__():
    return __all__


def __getattr__(name):
    """What is not listed is SciPy's own."""
    return getattr(_theirs, name)
