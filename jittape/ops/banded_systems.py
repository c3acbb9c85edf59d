"""Systems of banded matrices, by SciPy's LAPACK: diagonals as rows, ``ab[upper + i - j, j] = a[i, j]``."""

import numpy as np
import scipy.linalg

from ..tensors.tensor import wrap
from .choosing import where
from .declare_structured import structured
from .matrix_functions import calling_lapack
from .shape_functions import unsqueeze
from .shape_rules import expect
from .sums import sum


@structured(arity=2, linear_in=(1,), holomorphic=True, grad_name="SolveBandedBackward0")
def solve_banded_values(ab, b, lower, upper):
    """The x of a x = b."""

    def solved(ab, b):
        return scipy.linalg.solve_banded((lower, upper), ab, b, check_finite=False)

    return calling_lapack(solved, "scipy.linalg.solve_banded", ab, b)


@solve_banded_values.shaped
def solve_banded_shape(shapes, lower, upper):
    ab, b = shapes
    expect(type(lower) is int and type(upper) is int and min(lower, upper) >= 0, "two numbers of diagonals")
    expect(len(ab) == len(b) == 2 and ab == (lower + upper + 1, b[0]), "diagonals and right-hand sides that fit")
    return b


def _places(n, lower, upper):
    """The row in the matrix of every stored element, its column, and whether it is one of the matrix."""
    columns = np.broadcast_to(np.arange(n), (lower + upper + 1, n))
    rows = columns + np.arange(-upper, lower + 1)[:, None]
    return np.clip(rows, 0, n - 1), columns, (rows >= 0) & (rows < n)


def _transposed(ab, lower, upper):
    """The transposed matrix, whose lower diagonals are the upper ones of this one."""
    rows, columns, inside = _places(ab.shape[1], upper, lower)
    stored = np.clip(upper + columns - rows, 0, lower + upper)
    return where(wrap(inside), ab[stored, rows], wrap(np.zeros((), ab.dtype)))


@solve_banded_values.pullback_of(1)
def solve_banded_pullback_b(y_bar, y, ab, b, lower, upper):
    return solve_banded_values.apply(_transposed(ab, lower, upper), y_bar, upper, lower)


@solve_banded_values.pullback_of(0)
def solve_banded_pullback_ab(y_bar, y, ab, b, lower, upper):
    b_bar = solve_banded_pullback_b(y_bar, y, ab, b, lower, upper)
    rows, columns, inside = _places(ab.shape[1], lower, upper)
    return where(wrap(inside), -sum(b_bar[rows] * y[columns], -1), wrap(np.zeros((), ab.dtype)))


@solve_banded_values.pushforward_of(0)
def solve_banded_pushforward_ab(ab_dot, y, ab, b, lower, upper):
    n, diagonals = ab.shape[1], np.arange(lower + upper + 1)[:, None]
    columns = np.arange(n) + upper - diagonals
    inside, columns = (columns >= 0) & (columns < n), np.clip(columns, 0, n - 1)
    stored = where(wrap(inside), ab_dot[np.broadcast_to(diagonals, columns.shape), columns], wrap(np.zeros((), ab.dtype)))
    return -solve_banded_values.apply(ab, sum(unsqueeze(stored, -1) * y[columns], 0), lower, upper)
