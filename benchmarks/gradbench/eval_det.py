"""A determinant by expansion along the first row, recursively.

Without `cache=True`: a process crashes that loads a function which calls itself from the cache of Numba 0.68.
"""

import numpy as np
from numba import njit

import jittape as jt


@njit
def minor(A, ell, row, used):
    """The determinant of the rows from `row` on, and of the columns that are not used."""
    if row == ell:
        return 1.0
    total, sign = 0.0, 1.0
    for column in range(ell):
        if not used >> column & 1:
            total += sign * A[row * ell + column] * minor(A, ell, row + 1, used | 1 << column)
            sign = -sign
    return total


@njit
def determinant(A, ell):
    return minor(A, ell, 0, 0)


def of(function):
    def prepare(given):
        A, ell = np.array(given["A"]), given["ell"]
        return lambda: function(A, ell)

    return prepare


FUNCTIONS = {"primal": {"recursion": of(determinant)}, "gradient": {"recursion": of(jt.grad(determinant))}}
