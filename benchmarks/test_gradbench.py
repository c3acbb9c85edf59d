"""GradBench's evals by the tool, in a process of its own, and by all ways: small inputs, every answer checked."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("option", [[], ["--all-ways"]], ids=["tool", "all ways"])
def test_evals(option):
    command = [sys.executable, "-m", "benchmarks.gradbench.intermediary", "--small", *option]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0 and "WRONG" not in done.stdout, done.stdout + done.stderr
    assert len(done.stdout.splitlines()) >= 26


def test_a_wrong_answer_is_found(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    from benchmarks.gradbench.intermediary import error_of
    from benchmarks.gradbench.tool_session import answer_to, ways_of
    from benchmarks.gradbench.validation import EVALS

    for name, (inputs, check) in EVALS.items():
        for function, given in inputs(np.random.default_rng(1), True):
            output, _ = answer_to(next(iter(ways_of(name, function).values())), given)
            assert error_of(check, function, given, output) is None
            wrong = (
                {k: np.multiply(v, 1.001) for k, v in output.items()} if isinstance(output, dict) else np.multiply(output, 1.001)
            )
            assert error_of(check, function, given, wrong) is not None, (name, function)
