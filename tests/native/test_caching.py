"""Machine code of derivatives on disk: kept where the user's function is, found by the next process, never stale."""

import os
import subprocess
import sys
import textwrap

import pytest
from numba import njit

import jittape as jt
from jittape.native.compilation import compile_cached

pytestmark = pytest.mark.sampled(0.5, of="module")

PROGRAM = """
import sys, time
import numpy as np
from numba import njit
from numba.core import event

import jittape as jt
from helper import helper

SCALE = {scale}

@njit(cache={cache})
def model(x, n=2):
    total = 0.0
    for k in range(n):
        for v in x:
            total += helper(v) * SCALE{more}
    return total

# Looking something up in the cache is also called a compilation; one that ran Numba's passes is not.
passes = []

class Listener(event.Listener):
    def on_start(self, occurred):
        passes.append(occurred.data["name"])

    def on_end(self, occurred):
        pass

event.register("numba:run_pass", Listener())
x = np.array([0.5, -1.0, 2.0])
print("gradient", *jt.grad(model)(x))
print("second", *(jt.hvp(model, x, np.ones(3)) if {second} else ()))
print("row", *(jt.jvp(lambda x: model(x) * 2.0, (x,), (x,)) if {row} else ()), *(jt.grad(lambda x: model(x))(x) if {row} else ()))
print("passes", sum("native_lowering" in name for name in passes))
"""

HELPER = """
from numba import njit

@njit(cache=True)
def helper(v):
    return {body}
"""


class Project:
    """A user's program in a folder, run in fresh processes with a cache of their own."""

    def __init__(self, folder):
        self.folder = folder
        self.write()

    def write(self, scale=1.5, more="", body="v * v", cache=True, second=False, row=False):
        text = PROGRAM.format(scale=scale, more=more, cache=cache, second=second, row=row)
        (self.folder / "program.py").write_text(textwrap.dedent(text))
        (self.folder / "helper.py").write_text(textwrap.dedent(HELPER.format(body=body)))

    def run(self):
        """The gradient, the second derivative, and how many functions were compiled."""
        environment = {**os.environ, "NUMBA_CACHE_DIR": str(self.folder / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "program.py"], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr[-2000:]
        answers = {line.split()[0]: [float(v) for v in line.split()[1:]] for line in done.stdout.splitlines()}
        return answers["gradient"], answers["second"], int(answers["passes"][0])


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


def test_the_second_process_compiles_nothing(project):
    gradient, _, compiled = project.run()
    assert gradient == [3.0, -6.0, 12.0] and compiled > 0
    again, _, compiled = project.run()
    assert again == gradient and compiled == 0


def test_edits_are_seen(project):
    """Of the function, of a constant that it uses, of a helper in another file."""
    assert project.run()[0] == [3.0, -6.0, 12.0]
    project.write(scale=2.0)
    assert project.run()[0] == [4.0, -8.0, 16.0]
    project.write(scale=2.0, body="v * v * 0.5")
    assert project.run()[0] == [2.0, -4.0, 8.0]
    project.write(scale=2.0, body="v * v * 0.5", more=" + v")
    assert project.run()[0] == [4.0, -2.0, 10.0]


def test_nothing_is_kept_of_functions_that_are_not(project):
    project.write(cache=False)
    gradient, _, compiled = project.run()
    assert gradient == [3.0, -6.0, 12.0]
    again, _, compiled_again = project.run()
    assert again == gradient and compiled_again > 0


def test_second_derivatives_are_kept(project):
    project.write(second=True)
    _, second, compiled = project.run()
    assert second == [6.0, 6.0, 6.0] and compiled > 0
    _, again, compiled = project.run()
    assert again == second and compiled == 0


@pytest.mark.sampled(0)
def test_derivatives_of_calls_in_python_functions_are_kept(project):
    project.write(row=True)
    gradient, _, compiled = project.run()
    assert compiled > 0
    assert project.run() == (gradient, [], 0)


def test_what_is_not_kept_is_said_once(monkeypatch, capsys):
    monkeypatch.setattr(compile_cached, "LONG", 0.0)
    monkeypatch.setattr(compile_cached, "_suggested", [])
    monkeypatch.delenv("JITTAPE_QUIET", raising=False)
    for _ in range(2):
        assert jt.grad(njit(lambda x: x * x))(3.0) == 6.0
    assert capsys.readouterr().err.count("with @njit(cache=True) on the function") == 1
