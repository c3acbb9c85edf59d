"""Every problem by every tool: the answer is checked, then the call is timed.

``python -m pytest benchmarks`` times; with ``--benchmark-disable`` each runs once, untimed.
"""

import pytest
from peers import available
from problems import PROBLEMS

PEERS = available()
PAIRS = [(p, name) for p in PROBLEMS.values() for name, peer in PEERS.items() if peer.runs(p)]


@pytest.mark.parametrize("problem, peer", PAIRS, ids=[f"{p.name}-{name}" for p, name in PAIRS])
def test_value_and_gradient(benchmark, problem, peer):
    call = PEERS[peer].prepare(problem)
    problem.check(*PEERS[peer].answer(*call()))
    benchmark.group = problem.name
    benchmark(call)
