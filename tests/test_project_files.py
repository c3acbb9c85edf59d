"""What several files of the project say alike: the version, and the Pythons and libraries that are promised."""

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import jittape

ROOT = Path(__file__).parent.parent
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROMISED = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', PYPROJECT)
BOUNDS = {r.name: r for r in map(Requirement, re.findall(r'"((?:numba|numpy|scipy)[<>=][^"]*)"', PYPROJECT))}
PINS = [Requirement(line) for line in (ROOT / ".ci" / "oldest.txt").read_text().splitlines() if line and not line.startswith("#")]


def test_the_citation_has_the_version():
    (cited,) = re.findall(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    assert cited == jittape.__version__


def pinned(python):
    """The oldest releases for a Python: library and version."""
    pins = [pin for pin in PINS if pin.marker is None or pin.marker.evaluate({"python_version": python})]
    assert sorted(pin.name for pin in pins) == sorted(BOUNDS), f"Python {python} has not one pin a library"
    return {pin.name: str(pin.specifier).removeprefix("==") for pin in pins}


@pytest.mark.parametrize("python", PROMISED)
def test_the_oldest_libraries_are_allowed(python):
    for name, version in pinned(python).items():
        assert BOUNDS[name].specifier.contains(version), f"{name} {version} is outside of the range in pyproject.toml"


def test_the_oldest_python_is_tried_with_the_lower_bounds():
    (first,) = re.findall(r'requires-python = ">=(3\.\d+)"', PYPROJECT)
    assert PROMISED[0] == first
    for name, version in pinned(first).items():
        (bound,) = (s.version for s in BOUNDS[name].specifier if s.operator == ">=")
        assert version.split(".")[:2] == bound.split(".")[:2], f"{name}: the bound is {bound}, the oldest that is tried {version}"
