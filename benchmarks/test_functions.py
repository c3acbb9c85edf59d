"""Every transform of every task by every tool: the answer is checked, then the call is timed."""

import pytest
from transforms import available, tasks

TOOLS = available()
PAIRS = [(task, name) for task in tasks() for name in TOOLS if len(task.x) < 10_000]


@pytest.mark.parametrize("task, tool", PAIRS, ids=[f"{t.name}-{t.what}-{name}" for t, name in PAIRS])
def test_transforms(benchmark, task, tool):
    call = TOOLS[tool](task)
    task.check(call())
    benchmark.group = f"{task.name}: {task.what}"
    benchmark(call)
