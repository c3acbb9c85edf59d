"""Which compiler compiles the library: its own, or Numba's as it stands, and what follows from that."""

import os
import pathlib
import re
import subprocess
import sys

import pytest
import smoke

import jittape
from jittape.numba_backend.compiler_choice import JIT, NEWEST_TESTED, OLDEST_TESTED, OWN, STOCK, choose, series

TESTS = pathlib.Path(__file__).parent
ROOT = TESTS.parent

compiled_only = pytest.mark.skipif(not JIT, reason="nothing is compiled under NUMBA_DISABLE_JIT")


def run(*arguments, **variables):
    """Run Python with these variables in its environment; None removes one."""
    environment = os.environ | {"PYTHONPATH": str(pathlib.Path(jittape.__file__).parents[1]), "JITTAPE_COMPILER": ""} | variables
    environment = {name: value for name, value in environment.items() if value is not None}
    return subprocess.run([sys.executable, *arguments], env=environment, cwd=TESTS, text=True, capture_output=True, timeout=600)


# --- the choice ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "version, expected", [("0.68.1", (0, 68)), ("0.68.0rc1", (0, 68)), ("0.70.0dev0+12.gab3", (0, 70)), ("1.0", (1, 0))]
)
def test_the_series_of_a_version(version, expected):
    assert series(version) == expected


@pytest.mark.parametrize("installed", [OLDEST_TESTED, "0.65.1", NEWEST_TESTED, NEWEST_TESTED + ".post9", "0.68.7"])
def test_a_tested_numba_is_compiled_with_by_the_pipeline_of_the_library(installed):
    assert choose(installed, None) == choose(installed, "") == (OWN, "")


@pytest.mark.parametrize("installed", ["0.69.0rc1", "0.69.0", "0.100.0", "1.0.0"])
def test_a_newer_numba_compiles_by_itself_and_one_line_says_so(installed):
    compiler, warning = choose(installed, None)
    assert compiler == STOCK and installed in warning and NEWEST_TESTED in warning and "\n" not in warning
    assert choose(installed, OWN) == (OWN, "") and choose(installed, STOCK) == (STOCK, "")


def test_a_compiler_that_does_not_exist():
    with pytest.raises(ValueError, match="JITTAPE_COMPILER='llvm': expected 'jittape' or 'numba'"):
        choose(NEWEST_TESTED, "llvm")


@pytest.mark.skipif(not (ROOT / ".ci").exists(), reason="the tests of an installed package: no project files here")
def test_the_tested_range_is_the_same_everywhere():
    project = (ROOT / "pyproject.toml").read_text()
    assert f'tested-numba = {{ oldest = "{OLDEST_TESTED}", newest = "{NEWEST_TESTED}" }}' in project
    assert re.search(r'"numba>=([\d.]+)"', project)[1] == ".".join(map(str, series(OLDEST_TESTED)))
    assert f"numba=={OLDEST_TESTED};" in (ROOT / ".ci" / "oldest.txt").read_text()


# --- a process with another Numba ---------------------------------------------------------------------------------------

PRETENDED = """
import sys, numba
numba.__version__ = "0.99.1"
import jittape
from jittape.numba_backend.decorators import compiled
print(compiled(lambda x: x * x)(3.0), "jittape.numba_backend.pipeline" in sys.modules)
"""


@pytest.mark.sampled
@compiled_only
@pytest.mark.parametrize(
    "variables, lines, own",
    [
        ({}, 1, False),
        ({"JITTAPE_QUIET": "1"}, 0, False),
        ({"JITTAPE_COMPILER": "numba"}, 0, False),
        ({"JITTAPE_COMPILER": "jittape"}, 0, True),
    ],
    ids=["by itself", "quietly", "asked for", "insisted"],
)
def test_a_process_with_a_newer_numba(variables, lines, own):
    """The private parts that the own pipeline needs may be gone there: its modules are not even imported."""
    done = run("-W", "error", "-c", PRETENDED, **{"JITTAPE_QUIET": None} | variables)
    said = [line for line in done.stderr.splitlines() if "first use here" not in line]
    assert (done.returncode, done.stdout.split()) == (0, ["9.0", str(own)]), done.stderr
    assert len(said) == lines and all("0.99.1 is newer" in line for line in said)


# --- code of both -------------------------------------------------------------------------------------------------------

SQUARE = """
from jittape.numba_backend.decorators import compiled
print(compiled(lambda x: x * x)(3.0))
"""


@pytest.mark.sampled(0)
@compiled_only
def test_machine_code_of_both_compilers_lies_side_by_side(tmp_path):
    """Neither loads what the other has compiled, and both find their own again."""
    counts = []
    for compiler in (OWN, STOCK, OWN, STOCK):
        done = run("-c", SQUARE, JITTAPE_COMPILER=compiler, NUMBA_CACHE_DIR=str(tmp_path))
        assert done.stdout.strip() == "9.0", done.stderr
        counts.append(len(list((tmp_path / "jittape").iterdir())))
    assert counts == [1, 2, 2, 2]


@compiled_only
@pytest.mark.sampled(0)
def test_numba_as_it_stands_compiles_what_the_tests_of_the_compiler_compile():
    done = run("-m", "pytest", "test_compiler.py", JITTAPE_COMPILER=STOCK)
    assert done.returncode == 0, done.stdout
    assert re.search(r"\d\d passed, 1 skipped", done.stdout)


@compiled_only
@pytest.mark.sampled(0)
@pytest.mark.parametrize("front_end", [each.__name__ for each in smoke.FRONT_ENDS])
def test_every_front_end_works_with_numba_as_it_stands(front_end):
    done = run("-W", "error", "-c", f"import smoke; smoke.{front_end}()", JITTAPE_COMPILER=STOCK)
    assert done.returncode == 0, done.stderr
