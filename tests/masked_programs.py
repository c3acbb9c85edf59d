"""Programs with structural zeros, with numeric ones, and with both: what their derivatives are in every mode.

A *structural* zero is where nothing flows: the branch that `where` does not take, the loser of `maximum`, an element that nobody
reads, a zero of a seed. It hides whatever it meets. A *numeric* zero is a partial, tangent or cotangent that happens to be 0;
where it meets an infinite partial, local rules cannot tell the derivative, and the answer is nan.

The functions are plain NumPy code, for arrays that record and for Numba.
"""

from typing import NamedTuple

import numpy as np

nan, inf = np.nan, np.inf


class Program(NamedTuple):
    """A function at a point, and its derivatives there.

    Attributes
    ----------
    function : callable
        Of one number, or of one vector.
    x : float or tuple of float
        Where.
    first, second : float or nested tuples
        Derivative (for vectors: gradient, or Jacobian) and second derivative (Hessian); None: not stated.
    native : bool
        Whether Numba compiles the function.
    """

    function: object
    x: object
    first: object
    second: object = None
    native: bool = True

    @property
    def name(self):
        return self.function.__name__


# --- masked: functions of a number --------------------------------------------------------------------------------


def branch_of_where(x):
    return np.where(x >= 0, x, np.sqrt(-x))


def square_beside_root(x):
    return np.where(x > 0, np.sqrt(x), x * x)


def series_of_expm1(x):
    return np.where(np.abs(x) < 1e-8, 1 + x / 2, np.expm1(x) / x)


def sinc_by_where(x):
    return np.where(x != 0, np.sin(x) / x, 1.0)


def entropy_by_where(x):
    return np.where(x > 0, x * np.log(x), 3.0 * x)


def overflowing_branch(x):
    return np.where(x < 100, np.exp(x), x * x)


def root_of_maximum(x):
    return np.sqrt(np.maximum(x, 0.0))


def arccos_of_clipped(x):
    return np.arccos(np.minimum(np.maximum(x, -1.0), 1.0))


def losing_root(x):
    return np.minimum(np.sqrt(x), -1.0 + x)


def losing_inverse(x):
    return np.minimum(1.0 / np.abs(x), 2.0 + 3.0 * x)


def floor_of_root(x):
    return np.floor(np.sqrt(x)) + 2.0 * x


def sign_of_root(x):
    return np.sign(np.sqrt(x)) + x * x


def wave_of_masked_root(x):
    return np.sin(3.0 * np.where(x > 0, np.sqrt(x), x))


def product_with_masked_logarithm(x):
    return (x + 2.0) * np.exp(np.where(x > 0, np.log(x), 2.0 * x))


def masked_twice(x):
    return np.where(x < 1, np.where(x > 0, np.sqrt(np.sqrt(x)), 2.0 * x), 1.0 / x)


def masked_infinite_curvature(x):
    return np.where(x > 0, np.sqrt(x) * x, x * x)  # the derivative of the branch not taken is finite, its own is not


def masked_and_plain(x):
    return np.where(x > 0, np.sqrt(x), 0.0) + np.sqrt(x + 1.0)


MASKED = [
    Program(branch_of_where, 1.0, 1.0, 0.0),
    Program(branch_of_where, -4.0, -0.25, -1 / 32),
    Program(square_beside_root, 0.0, 0.0, 2.0),
    Program(square_beside_root, -3.0, -6.0, 2.0),
    Program(series_of_expm1, 0.0, 0.5, 0.0),
    Program(sinc_by_where, 0.0, 0.0, 0.0),
    Program(entropy_by_where, 0.0, 3.0, 0.0),
    Program(entropy_by_where, -1.0, 3.0, 0.0),
    Program(overflowing_branch, 1000.0, 2000.0, 2.0),
    Program(root_of_maximum, -1.0, 0.0, 0.0),
    Program(arccos_of_clipped, 10.0, 0.0, 0.0),
    Program(losing_root, 0.0, 1.0, 0.0),
    Program(losing_inverse, 0.0, 3.0, 0.0),
    Program(floor_of_root, 0.0, 2.0, 0.0),
    Program(sign_of_root, 0.0, 0.0, 2.0),
    Program(wave_of_masked_root, 0.0, 3.0, 0.0),
    Program(wave_of_masked_root, -1.0, 3.0 * np.cos(3.0), 9.0 * np.sin(3.0)),
    Program(product_with_masked_logarithm, 0.0, 5.0, 12.0),
    Program(masked_twice, 0.0, 2.0, 0.0),
    Program(masked_twice, 2.0, -0.25, 0.25),
    Program(masked_infinite_curvature, 0.0, 0.0, 2.0),
    Program(masked_and_plain, 0.0, 0.5, -0.25),
]

# --- masked: functions of a vector ----------------------------------------------------------------------------------


def masked_assignment(x):
    z = np.sqrt(x)
    z[x <= 0] = 0.0
    return np.sum(z)


def slice_assignment(x):
    z = np.sqrt(x)
    z[:1] = 7.0
    return np.sum(z * z)


def element_not_read(x):
    return np.sqrt(x)[1]


def largest_of_roots(x):
    return np.max(np.sqrt(x))


def sum_of_masked_roots(x):
    return np.sum(np.where(x > 0, np.sqrt(x), 0.0))


def norm_of_masked_roots(x):
    z = np.where(x > 0, np.sqrt(x), 0.0)
    return np.sqrt(np.sum(z * z) + 1.0)


def product_of_masked_logarithms(x):
    return np.prod(np.where(x > 0, np.log(x), 2.0))


def last_of_reversed_sums(x):
    return np.cumsum(np.sqrt(x)[::-1])[0]


def weighted_masked_roots(x):
    return np.dot(np.where(x > 0, np.sqrt(x), x), np.array([3.0, 8.0]))


def roots(x):
    return np.sqrt(x)


def masked_roots(x):
    return np.where(x > 0, np.sqrt(x), x)


MASKED_VECTORS = [
    Program(masked_assignment, (-1.0, 4.0), (0.0, 0.25), ((0.0, 0.0), (0.0, -1 / 32))),
    Program(slice_assignment, (0.0, 4.0), (0.0, 1.0), ((0.0, 0.0), (0.0, 0.0))),
    Program(element_not_read, (0.0, 4.0), (0.0, 0.25), ((0.0, 0.0), (0.0, -1 / 32))),
    Program(largest_of_roots, (0.0, 4.0), (0.0, 0.25), ((0.0, 0.0), (0.0, -1 / 32))),
    Program(sum_of_masked_roots, (0.0, 4.0), (0.0, 0.25), ((0.0, 0.0), (0.0, -1 / 32))),
    Program(norm_of_masked_roots, (0.0, 3.0), (0.0, 0.25), ((0.0, 0.0), (0.0, -1 / 32))),
    Program(product_of_masked_logarithms, (0.0, 2.0), (0.0, 1.0), ((0.0, 0.0), (0.0, -0.5))),
    Program(last_of_reversed_sums, (0.0, 4.0), (0.0, 0.25), ((0.0, 0.0), (0.0, -1 / 32))),
    Program(weighted_masked_roots, (0.0, 4.0), (3.0, 2.0), ((0.0, 0.0), (0.0, -0.25))),
    Program(roots, (0.0, 4.0), ((inf, 0.0), (0.0, 0.25))),
    Program(masked_roots, (0.0, 4.0), ((1.0, 0.0), (0.0, 0.25))),
]

# --- indeterminate ----------------------------------------------------------------------------------------------------


def root_squared(x):
    return np.sqrt(x) ** 2


def root_of_square(x):
    return np.sqrt(x * x)


def exponential_of_logarithm(x):
    return np.exp(np.log(x))


def logarithm_of_exponential(x):
    return np.log(np.exp(x))


def overflowing_sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def root_times_zero(x):
    return np.sqrt(x) * 0.0


def root_squared_in_the_branch(x):
    return np.where(x >= 0, np.sqrt(x) ** 2, x)


def larger_root_squared(x):
    return np.maximum(np.sqrt(x) ** 2, x - 1.0)


INDETERMINATE = [
    Program(root_squared, 0.0, nan, nan),
    Program(root_of_square, 0.0, nan, nan),
    Program(exponential_of_logarithm, 0.0, nan, nan),
    Program(logarithm_of_exponential, 1000.0, nan, nan),
    Program(overflowing_sigmoid, -800.0, nan, nan),
    Program(root_times_zero, 0.0, nan, nan),
    Program(root_squared_in_the_branch, 0.0, nan, nan),
    Program(larger_root_squared, 0.0, nan, nan),
]


def roots_squared(x):
    return np.sqrt(x) ** 2


def sum_of_roots_squared(x):
    return np.sum(np.sqrt(x) ** 2)


INDETERMINATE_VECTORS = [
    Program(sum_of_roots_squared, (0.0, 4.0), (nan, 1.0), ((nan, 0.0), (0.0, 0.0))),
    Program(roots_squared, (0.0, 4.0), ((nan, 0.0), (0.0, 1.0))),
]

# --- infinite, as it should be ------------------------------------------------------------------------------------------


def root(x):
    return np.sqrt(x)


def chosen_root(x):
    return np.where(x >= 0, np.sqrt(x), x)


INFINITE = [Program(root, 0.0, inf), Program(chosen_root, 0.0, inf)]
NUMBERS = MASKED + INDETERMINATE + INFINITE
VECTORS = MASKED_VECTORS + INDETERMINATE_VECTORS
