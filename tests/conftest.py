"""Fixtures: the same program run with jittape and, where it is installed, with PyTorch."""

import re
import warnings
from contextlib import contextmanager

import numpy as np
import pytest

import jittape
from jittape.columns import FLAGS
from jittape.tape import current


@pytest.fixture(params=["jittape", "torch"])
def torch(request):
    """jittape under PyTorch's name, then PyTorch itself in float64: what a test asserts must hold for both."""
    library = pytest.importorskip(request.param)
    before = library.get_default_dtype()
    library.set_default_dtype(library.float64)
    if hasattr(library, "set_warn_always"):
        library.set_warn_always(True)  # PyTorch gives some warnings only once a process
    yield library
    library.set_default_dtype(before)


def text(value):
    """``repr`` without what names the library or a dtype that PyTorch would call the default."""
    return re.sub(r"(, dtype=(torch\.)?float32)|torch\.", "", repr(value))


def numbers(value):
    """The value of a Tensor as an array."""
    return np.asarray(value.detach().numpy() if hasattr(value, "detach") else value)


def assert_close(actual, expected, rtol=1e-9):
    """Compare values, of Tensors of either library or of arrays."""
    np.testing.assert_allclose(numbers(actual), numbers(expected), rtol=rtol, atol=1e-12)


def _state(tensors):
    tape = current().tape
    clean = all(not w.marks.any() and not w.bars.any() for w in tape.workspaces)
    gradients = [None if t.grad is None else (id(t.grad), t.grad.tolist()) for t in tensors]
    values = [(t.tolist(), t.requires_grad, t.is_leaf) for t in tensors]
    return gradients, values, jittape.is_grad_enabled(), tape[FLAGS].tolist(), tape.sweeping, clean, current()


@contextmanager
def refused(error, words, *tensors):
    """Expect an exception that begins with `words` and leaves gradients, values, tape and grad mode as they were."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before = _state(tensors)
    with pytest.raises(error) as caught:
        yield caught
    assert str(caught.value).startswith(words), f"{str(caught.value)!r} does not start with {words!r}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        after = _state(tensors)
    n = len(before[3])
    assert after[3][:n] == before[3], "the failing call changed rows of the tape"
    assert (*after[:3], *after[4:]) == (*before[:3], *before[4:])
