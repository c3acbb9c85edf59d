"""A run without ``--exhaustive`` meets each operation wherever all tests meet it, in any number of processes."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sampling import CHOICE

from jittape.ops.operation_table import BY_NAME

TESTS = Path(__file__).parent
PROGRAM = """
import pytest
from sampling import some

@pytest.mark.sampled(2, each="operation")
@pytest.mark.parametrize("size", range(10))
@pytest.mark.parametrize("operation", ["add", "mul"])
def test_operations(operation, size): pass

@pytest.mark.sampled
@pytest.mark.parametrize("case", range(10))
def test_cases(case): pass

@pytest.mark.sampled(3, most=6)
@pytest.mark.parametrize("case", range(10))
def test_table(case): pass

@pytest.mark.parametrize("seed", some(range(100), 3))
def test_programs(seed): pass
"""

MODULE = """
import pytest

pytestmark = pytest.mark.sampled(1, of="module")

def test_one(): pass
def test_two(): pass

@pytest.mark.parametrize("case", range(10))
def test_cases(case): pass

@pytest.mark.sampled(2)
@pytest.mark.parametrize("case", range(10))
def test_more_cases(case): pass
"""


pytestmark = pytest.mark.sampled(1, of="module")


def run(folder, *arguments):
    """The lines that a run of pytest prints."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "COV_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-o", "addopts=", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        text=True,
        capture_output=True,
        timeout=300,
        env={**own, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def collected(folder, *arguments):
    """The tests that a run would make, in their order."""
    return [line for line in run(folder, "--collect-only", "-q", *arguments) if "::" in line]


@pytest.fixture
def folder(tmp_path):
    """A folder of tests that is sampled as ours are."""
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = .\n")
    (tmp_path / "conftest.py").write_text("from processes import *\nfrom sampling import *\n")
    (tmp_path / "test_program.py").write_text(PROGRAM)
    (tmp_path / "test_module.py").write_text(MODULE)
    return tmp_path


def test_a_sample_has_as_many_cases_as_are_asked_for(folder):
    found = collected(folder, "--seed", "3")
    counts = {
        "[add-": 2,
        "[mul-": 2,
        "program.py::test_cases": 1,
        "test_table": 3,
        "test_programs": 3,
        "test_module.py": 3,
        "test_more_cases": 2,
    }
    assert {name: sum(name in test for test in found) for name in counts} == counts
    assert found == collected(folder, "--seed", "3")
    assert any(collected(folder, "--seed", str(seed)) != found for seed in (4, 5))


def test_a_part_of_the_runs(monkeypatch):
    """Less than one case: one in some runs, by the seed, and all in exhaustive runs."""
    counts = []
    for seed in range(100):
        monkeypatch.setattr(CHOICE, "exhaustive", False)
        monkeypatch.setattr(CHOICE, "seed", seed)
        counts.append(len(CHOICE.of(range(10), 0.3, "a test")))
    assert set(counts) == {0, 1} and 15 < sum(counts) < 45
    monkeypatch.setattr(CHOICE, "exhaustive", True)
    assert len(CHOICE.of(range(10), 0.3, "a test")) == 10


def test_all_tests_and_tests_by_name(folder):
    assert len(collected(folder, "--exhaustive")) == 20 + 10 + 6 + 100 + 2 + 10 + 10
    assert len(collected(folder, "test_program.py::test_operations")) == 20


def test_all_processes_make_the_same_choice(folder):
    """Those of a run of everything, which uses all processors; a process starts no others."""
    pytest.importorskip("xdist")
    lines = run(folder, "-v", "--seed", "3")
    workers = {word for line in lines for word in re.findall(r"^\[(gw\d+)\]", line)}
    assert len(workers) <= os.cpu_count() and f"{os.cpu_count()} workers" in "\n".join(lines)
    made = {line.split()[-1] for line in lines if line.startswith("[gw")}
    assert made == {test.rpartition("/")[2] for test in collected(folder, "--seed", "3")}
    for options in ([], ["-n", "0"]):
        assert f"{len(made)} passed" in "\n".join(run(folder, *options))


def cases_met(tests):
    """Pairs of a test function and an operation in the name of one of its cases."""
    for test in tests:
        function, _, case = test.partition("[")
        yield from ((function, name) for name in re.split(r"\W+", case) if name in BY_NAME)


# A case of these is compiled for seconds, and test_operations meets in compiled code what they meet; or it is a function of NumPy
# that is made of operations and has the name of none of them.
SECOND_WAYS = {
    "test_branch_cuts.py",
    "test_complex_linalg.py",
    "test_complex_numbers.py",
    "test_complex_numpy_calls.py",
    "test_complex_operations.py",
    "test_complex_special_functions.py",
    "test_complex_special_values.py",
    "test_fourier_transforms.py",
    "test_scipy_arrays.py",
    "test_scipy_linalg.py",
    "test_scipy_special.py",
    "test_scipy_stats.py",
    "test_native_kernels.py",
    "test_table_calls.py",
    "test_torch_names.py",
    "test_numba_functions.py",
    "test_network_layers.py",
    "test_numpy_calls.py",
    "test_numpy_namespace.py",
    "test_shared_arguments.py",
    "test_sparse.py",
}


def test_every_operation_is_met_wherever_all_tests_meet_it():
    """In each test function, which stand for modes: values, derivatives, single precision, compiled and native code."""
    sampled = [path for path in TESTS.rglob("test_*.py") if re.search(r"mark\.sampled|import some", path.read_text())]
    files = [str(path) for path in sampled if path.name not in SECOND_WAYS]
    everything, sample = (collected(TESTS.parent, *files, *options) for options in (["--exhaustive"], []))
    assert set(cases_met(sample)) == set(cases_met(everything))
    assert len(sample) < len(everything) - 500
    assert len({function for function, _ in cases_met(sample)}) > 15 and len({name for _, name in cases_met(sample)}) > 80
