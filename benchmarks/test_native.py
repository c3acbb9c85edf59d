"""The problems of `native.py`: answers are checked by the collection, times by pytest-benchmark."""

import native
import pytest

import jittape as jt


@pytest.mark.parametrize("name", native.problems())
def test_value_and_gradient(benchmark, name):
    function, args, argnums = native.problems()[name]
    args = tuple(50 if isinstance(a, int) else a for a in args)
    gradient = jt.value_and_grad(function, argnums=argnums)
    native.check(function, args, argnums, gradient(*args)[1])
    benchmark(lambda: gradient(*args))
