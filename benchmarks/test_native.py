"""The problems of `native.py`: answers are checked by the collection, times by pytest-benchmark."""

import native
import pytest


@pytest.mark.parametrize("name", native.problems())
def test_value_and_gradient(benchmark, name):
    problem = native.problems()[name]
    args = tuple(50 if isinstance(a, int) else a for a in problem.args)
    gradient = problem.value_and_grad()
    native.check(problem.function, args, problem.argnums, gradient(*args)[1])
    benchmark(lambda: gradient(*args))
