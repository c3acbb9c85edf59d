"""The examples run to their end."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.sampled(1, of="module")
ROOT = Path(__file__).parent.parent


def run(script, *arguments, **environment):
    """Standard output of a script of examples/."""
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / script), *arguments],
        capture_output=True,
        text=True,
        timeout=600,
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


@pytest.mark.skipif(importlib.util.find_spec("sklearn") is None, reason="scikit-learn is not installed: its data are missing")
def test_train_digits():
    printed = run("train_digits.py", "--short")
    accuracy = next(float(line.split()[1].rstrip("%")) for line in printed.splitlines() if line.startswith("accuracy"))
    assert accuracy > 95.0
    assert "difference to a difference quotient" in printed


def test_compiled_simulation():
    printed = run("compiled_simulation.py", "--short")
    found = {line.split()[0]: float(line.split()[-1]) for line in printed.splitlines() if line.startswith("  ")}
    for name, published in {"birth": 0.55, "hunting": 0.028, "death": 0.80, "feeding": 0.024}.items():  # B. Carpenter, 2018
        assert abs(found[name] / published - 1) < 0.05


@pytest.mark.parametrize("script", ["quickstart.py", "train_digits.py"])
def test_examples_say_what_is_missing(script, tmp_path):
    (tmp_path / "sklearn.py").write_text("raise ImportError('no scikit-learn here')\n")
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / script)],
        capture_output=True,
        text=True,
        timeout=600,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
    )
    assert done.returncode == 1
    assert "pip install -e '.[examples]'" in done.stderr


def test_scipy_users():
    printed = run("scipy_users.py")
    errors = [float(line.split("error")[1].split()[0]) for line in printed.splitlines() if line.startswith("  jittape")]
    assert len(errors) == 4 and max(errors) < 1e-4
    assert printed.endswith("check_grads: right\n")


def test_fit_dynamics():
    printed = run("fit_dynamics.py")
    assert "cost 1.009331" in printed and "40 of 42 counts" in printed


def test_phase_retrieval():
    assert "misfit" in run("phase_retrieval.py")


@pytest.mark.parametrize("script", ["bundle_adjustment.py", "heat_inversion.py", "optimal_control.py", "tune_penalties.py"])
def test_examples_of_engineering(script):
    """They assert themselves what they have found."""
    assert run(script)


def test_burgers_equation():
    assert "largest error" in run("burgers_equation.py")


def test_quantum_control():
    assert "fidelity 0.0030 before, 1.000000 after" in run("quantum_control.py")


def test_generate_digits():
    if importlib.util.find_spec("sklearn") is None:
        pytest.skip("scikit-learn is not installed: its data are missing")
    assert "distance to the nearest digit" in run("generate_digits.py", "--short")


def test_character_lstm():
    losses = [float(line.split()[-1]) for line in run("character_lstm.py", "--short").splitlines() if line.startswith("step")]
    assert losses[-1] < 0.5 * losses[0]


def test_gradients_of_examples():
    assert float(run("gradients_of_examples.py", "--short").splitlines()[0].split()[-1]) < 1e-12


def test_neural_ode():
    assert float(run("neural_ode.py", "--short").split()[-1]) < 0.3


def test_distributed_gradient():
    """The same bits in one process, by workers, and with a worker killed: the example exits with 1 otherwise."""
    assert run("distributed_gradient.py", "--engine", "processes").count("the same bits") == 2
