"""The examples run to their end."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def run(script, *arguments, **environment):
    """Standard output of a script of examples/."""
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / script), *arguments], capture_output=True, text=True, timeout=600,
        env={**os.environ, "PYTHONPATH": paths, **environment},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_how_it_works():
    printed = run("how_it_works.py")
    assert "gradient by hand" in printed and "write_into" in printed


@pytest.mark.skipif(importlib.util.find_spec("sklearn") is None, reason="scikit-learn is not installed: its data are missing")
def test_quickstart():
    printed = run("quickstart.py", "--short")
    before, after = (float(line.split()[2]) for line in printed.splitlines() if line.startswith("loss"))
    assert after < before
    assert "largest difference" in printed


def test_quickstart_says_what_is_missing(tmp_path):
    (tmp_path / "sklearn.py").write_text("raise ImportError('no scikit-learn here')\n")
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "quickstart.py")], capture_output=True, text=True, timeout=600,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
    )
    assert done.returncode == 1
    assert "pip install -e '.[examples]'" in done.stderr


def test_scipy_users():
    printed = run("scipy_users.py")
    errors = [float(line.split("error")[1].split()[0]) for line in printed.splitlines() if line.startswith("  jittape")]
    assert len(errors) == 4 and max(errors) < 1e-4
    assert printed.endswith("check_grads: right\n")
