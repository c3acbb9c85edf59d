"""Training steps by every library: the losses are checked, then the step is timed.

``python -m pytest benchmarks`` times; with ``--benchmark-disable`` each runs once, untimed.
"""

import pytest
from training import CASES, available, check, step_of


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("name", available())
def test_training_step(benchmark, name, case):
    check({n: step_of(n, case) for n in available()}, case)
    benchmark.group = str(case)
    benchmark(step_of(name, case))
