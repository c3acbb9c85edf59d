"""Columns, tables and labelled arrays as operands: an operation keeps the derivative, or its error names ``to_numpy``."""

import operator

import numpy as np
import pytest

import jittape as jt

X = np.array([1.0, 2.0, 3.0])


class Column:
    """What pandas, polars and xarray have in common."""

    def __init__(self, values):
        self.values = values

    def to_numpy(self):
        return np.array(self.values)


def _of(library):
    """A column of a library with the values 0.5, 1.5, 2.5."""
    values = [0.5, 1.5, 2.5]
    if library == "column":
        return Column(values)
    module = pytest.importorskip(library)
    return module.DataArray(values) if library == "xarray" else module.Series(values)


PROGRAMS = {
    **{f.__name__: lambda x, other, f=f: f(x, other) for f in (operator.add, operator.sub, operator.mul, operator.truediv)},
    "pow": lambda x, other: x**other,
    "matmul": lambda x, other: x @ other,
    "dot": lambda x, other: np.dot(x, other),
    "atan2": lambda x, other: jt.atan2(x, other),
    "mean of products": lambda x, other: np.mean(np.multiply(x, other)),
}


@pytest.mark.parametrize("library", ["column", "pandas", "polars", "xarray"])
def test_an_operation_keeps_the_derivative(library):
    other = _of(library)
    for name, program in PROGRAMS.items():
        for make in (lambda f: jt.grad(f)(X), lambda f: _of_tensors(f)):
            found = make(lambda x, p=program: np.sum(p(x, other)))
            expected = make(lambda x, p=program: np.sum(p(x, other.to_numpy())))
            np.testing.assert_array_equal(found, expected, err_msg=name)


def _of_tensors(f):
    x = jt.tensor(X, requires_grad=True)
    f(x).backward()
    return x.grad.numpy()


def test_an_operation_of_the_library_says_what_to_write():
    """The column comes first, so its library converts the other operand to an array."""
    column = _of("pandas")
    for program in (lambda x: column * x, lambda x: np.add(column, x)):
        with pytest.raises(RuntimeError, match=r"an operation of pandas: got .* Write column\.to_numpy\(\)"):
            jt.grad(lambda x, p=program: np.sum(p(x)))(X)


def test_what_is_no_operand_stays_none():
    for other in ("text", None, object(), {1: 2}):
        with pytest.raises(TypeError):
            jt.tensor(X) * other
