"""What Python's standard library does with differentiated numbers: the derivative is kept, or an error says what to write."""

import bisect
import cmath
import decimal
import fractions
import functools
import heapq
import itertools
import math
import operator
import statistics

import numpy as np
import pytest
from numpy_meaning import assert_means_the_same

import jittape as jt

X = np.array([1.3, 2.1, 3.4])
A = np.arange(9.0).reshape(3, 3)

FOLLOWED = {
    "abs": lambda x: abs(x[0]) * x[1],
    "accumulate": lambda x: list(itertools.accumulate(x, operator.mul))[-1],
    "bisect": lambda x: bisect.bisect([1, 2, 3], x[1]) * x[0],
    "bisect among them": lambda x: bisect.bisect(x, 2.5) * x[0],
    "combinations": lambda x: sum(a * b for a, b in itertools.combinations(x, 2)),
    "divmod": lambda x: divmod(x[2], x[0])[1],
    "format": lambda x: float(f"{x[0]:.2f}") * x[0] + float(f"{x[1]:.1f}") * x[1],
    "Fraction": lambda x: fractions.Fraction(1, 3) * x[0] + (x * fractions.Fraction(3, 2)).sum(),
    "heapq": lambda x: heapq.nlargest(2, x)[1] * heapq.heappop(list(x)),
    "insort": lambda x: (lambda found: bisect.insort(found, x[0] * 2) or found[1])(list(x[1:])),
    "int": lambda x: int(x[0]) * x[1],
    "is_integer": lambda x: x[0] if x[0].is_integer() else x[1],
    "itemgetter": lambda x: sum(operator.itemgetter(0, 2)(x)),
    "math.floor": lambda x: math.floor(x[0]) * math.ceil(x[1]) * math.trunc(x[2]) * x[0],
    "math.prod": lambda x: math.prod(x),
    "max": lambda x: max(x) * min(x[0], x[1]) + max(x, key=lambda v: -v),
    "median": lambda x: statistics.median(x) + statistics.median_low(x) + sum(statistics.quantiles(x)),
    "operator": lambda x: operator.add(x[0], operator.iadd(x[1], x[2])) * operator.matmul(x, x),
    "pow": lambda x: pow(x[0], 2) * pow(2, x[1]),
    "reduce": lambda x: functools.reduce(operator.mul, x),
    "reversed": lambda x: list(reversed(x))[0] * 2,
    "round": lambda x: round(x[0]) * x[1] + round(1.234 * x[2], 1) * x[0],
    "sorted": lambda x: sorted(x, reverse=True)[0] * 2,
    "sum": lambda x: sum(x, x[0]) + sum([x[1]] * 3),
    "zip, map, filter": lambda x: sum(map(operator.mul, x, filter(lambda v: v > 0, x))),
}
REFUSED = {  # -> what the error says
    "cmath": (lambda x: cmath.sqrt(x[0]), "NumPy's function of that name"),
    "complex": (lambda x: complex(x[0]), "use NumPy's functions"),
    "Decimal": (lambda x: x[0] * decimal.Decimal(2), "float\\(value\\)"),
    "dot of an array": (lambda x: A.dot(x), "np.dot\\(a, x\\) or a @ x"),
    "float": (lambda x: float(x[0]), "use NumPy's functions"),
    "fmean": (lambda x: statistics.fmean(x), "fmean: .* np.mean"),
    "linear_regression": (lambda x: statistics.linear_regression(x, x).slope, "linear_regression: .* np.sum"),
    "math.dist": (lambda x: math.dist(x, x), "np.linalg.norm"),
    "math.fsum": (lambda x: math.fsum(x), "np.sum"),
    "math.hypot": (lambda x: math.hypot(x[0], x[1]), "np.hypot"),
    "math.pow": (lambda x: math.pow(x[0], 2), r"x\*\*y"),
    "math.sin": (lambda x: math.sin(x[0]), "np.sin"),
    "mean": (lambda x: statistics.mean(x), "statistics.mean: .* np.mean"),
    "mean of a list": (lambda x: statistics.mean([x[0], x[1]]), "statistics.mean: .* np.mean"),
    "NormalDist": (lambda x: statistics.NormalDist(x[0], x[1]).pdf(x[2]), "NormalDist: .* scipy.special.erf"),
    "NormalDist at": (lambda x: statistics.NormalDist().cdf(x[2]), "NormalDist.cdf: .* scipy.special.erf"),
    "stdev": (lambda x: statistics.stdev(x), "ddof=1"),
    "variance": (lambda x: statistics.pvariance(x), "np.var"),
}


@pytest.mark.parametrize("name", FOLLOWED)
def test_numbers_are_followed(name):
    assert_means_the_same(FOLLOWED[name], X)


@pytest.mark.parametrize("name", REFUSED)
def test_an_error_says_what_to_write(name):
    program, words = REFUSED[name]
    program(X.copy()) if name != "Decimal" else None
    with pytest.raises((TypeError, RuntimeError), match=words):
        jt.grad(program)(X)


def test_lists_as_operands_of_einsum():
    for program in (
        lambda x: np.einsum([1.0, 2.0, 3.0], [0], x, [0]),
        lambda x: np.einsum("ij,j", [[1.0, 2, 3], [4, 5, 6]], x),
        lambda x: np.einsum(x, [0], [[1.0, 2], [3, 4], [5, 6]], [0, 1], [1]),
        lambda x: np.einsum(A, [Ellipsis, 0], x, [0]),
    ):
        assert_means_the_same(program, X)


def test_places_where_a_condition_holds():
    assert_means_the_same(lambda x: x[np.where(x > 1.5)] * 2, X)
    assert jt.grad(lambda x: (x[jt.where(x > 1.5)] ** 2).sum())(X).tolist() == [0.0, 4.2, 6.8]
    t = jt.tensor([[0.0, 1.0], [2.0, 0.0]])
    assert [k.tolist() for k in jt.where(t > 0)] == [[0, 1], [1, 0]]
    with pytest.raises(TypeError, match="input alone, expected both or none"):
        jt.where(t > 0, t)


def test_tensors_by_their_type():
    x = jt.tensor([1.0], dtype=jt.float64)
    assert isinstance(x, jt.DoubleTensor) and not isinstance(x, jt.FloatTensor) and not isinstance(1.0, jt.DoubleTensor)
    assert (
        isinstance(x.long(), jt.LongTensor) and isinstance(x.float(), (int, jt.FloatTensor)) and isinstance(x > 0, jt.BoolTensor)
    )
    assert isinstance(jt.IntTensor(2, 3), jt.IntTensor) and jt.FloatTensor([1, 2]).dtype == jt.float32


def test_arrays_without_elements():
    for x in (np.zeros(0), np.zeros((0, 3))):
        for transform in (jt.hessian, jt.grad, jt.jacobian, jt.jacfwd):
            answer = transform(lambda x: (x * x).sum())(x)
            assert answer.shape == (2 * x.shape if transform is jt.hessian else x.shape)
        assert jt.jacfwd(lambda x: x * x)(x).shape == jt.jacobian(lambda x: x * x)(x).shape == 2 * x.shape
    first, second = jt.hessian(lambda x, y: x.sum() + (y**2).sum(), argnums=(0, 1))(np.zeros(0), np.ones(2))
    assert [a.shape for a in (*first, *second)] == [(0, 0), (0, 2), (2, 0), (2, 2)] and second[1].tolist() == [[2, 0], [0, 2]]


def test_a_written_constant_is_detached():
    x, c = jt.tensor([2.0, 1.0], requires_grad=True), jt.zeros(2)
    c += x
    assert c.detach_() is c and not c.requires_grad
    (c * x).sum().backward()
    assert x.grad.tolist() == [2.0, 1.0]
    c = jt.zeros(2)
    c[0] = x[0]
    with pytest.raises(RuntimeError, match="detach views"):
        c[:1].detach_()
