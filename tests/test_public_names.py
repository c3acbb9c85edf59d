"""The names that the library shows: to completion, to ``from jittape import *``, to checkers."""

import importlib
import inspect
import rlcompleter
import subprocess
import sys
import types

import pytest

import jittape as jt

NAMESPACES = (
    "jittape.autograd",
    "jittape.autograd.forward_ad",
    "jittape.autograd.functional",
    "jittape.autograd.graph",
    "jittape.errors",
    "jittape.fft",
    "jittape.func",
    "jittape.linalg",
    "jittape.native",
    "jittape.nn",
    "jittape.nn.functional",
    "jittape.nn.grad",
    "jittape.nn.init",
    "jittape.nn.utils",
    "jittape.ops",
    "jittape.optim",
    "jittape.optim.lr_scheduler",
    "jittape.optim.swa_utils",
    "jittape.random",
    "jittape.numpy",
    "jittape.scipy.integrate",
    "jittape.scipy.interpolate",
    "jittape.scipy.fft",
    "jittape.scipy.linalg",
    "jittape.scipy.ndimage",
    "jittape.scipy.signal",
    "jittape.scipy.special",
    "jittape.scipy.stats",
    "jittape.special",
    "jittape.typing",
    "jittape.utils",
    "jittape.utils.checkpoint",
    "jittape.utils.data",
)
PUBLIC_MODULES = set("autograd errors fft func linalg native nn numpy optim random scipy special typing utils".split())


def test_the_library_shows_what_it_lists():
    assert sorted(dir(jt)) == sorted({*jt.__all__, "__version__"})
    assert len(jt.__all__) == len(set(jt.__all__))


def test_only_public_modules_are_shown():
    assert {n for n in dir(jt) if isinstance(getattr(jt, n), types.ModuleType)} == PUBLIC_MODULES


def test_every_operation_is_shown():
    assert set(jt.ops.__all__) <= set(dir(jt)) and {"sin", "matmul", "where", "cumsum"} <= set(dir(jt))


def test_completion_shows_public_names_only():
    completer, found = rlcompleter.Completer({"jt": jt}), set()
    while (text := completer.complete("jt.", len(found))) is not None:
        found.add(text.removeprefix("jt.").rstrip("()"))
    assert {"sin", "grad", "nn", "Tensor"} <= found
    assert not found & {"tape", "tensors", "ops", "kernels", "memory", "numba_backend", "sweeps", "TYPE_CHECKING"}


@pytest.mark.parametrize("name", NAMESPACES)
def test_a_namespace_shows_what_it_lists(name):
    module = importlib.import_module(name)
    assert sorted(dir(module)) == sorted(module.__all__) and len(set(module.__all__)) == len(module.__all__)
    assert all(hasattr(module, n) for n in module.__all__)


@pytest.mark.parametrize("name", NAMESPACES)
def test_a_namespace_lists_all_that_it_defines(name):
    """A function or class without an underscore that is written in a public module is public."""
    module = importlib.import_module(name)
    own = {n for n, v in vars(module).items() if (inspect.isfunction(v) or inspect.isclass(v)) and v.__module__ == name}
    assert {n for n in own if not n.startswith("_")} <= set(module.__all__)


def test_what_is_loaded_when_asked_for_is_there():
    assert jt.native.tape_limit and jt.typing.TensorLike
    with pytest.raises(AttributeError, match="no attribute 'binding'"):
        jt.binding


def test_importing_the_package_loads_no_more_of_scipy_than_it_needs():
    """Parts of SciPy take longer to load than all of the package: they come with the names that need them."""
    script = "import jittape, sys; print(*[name for name in sys.modules if name.count('.') == 1 and name.startswith('scipy.')])"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert not {"scipy.integrate", "scipy.linalg", "scipy.optimize", "scipy.sparse", "scipy.special", "scipy.stats"} & set(loaded)
    assert set(jt._LOADED_WHEN_ASKED_FOR) <= set(jt.__all__)
    assert jt.sparsity is jt.sparse.sparsity and jt.odeint is jt.ode.odeint
