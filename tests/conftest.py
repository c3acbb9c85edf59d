"""Fixtures: the same program run with jittape and, where it is installed, with PyTorch."""

import ctypes
import gc
import os
import re
import shutil
import tempfile
import warnings
from contextlib import contextmanager

# Before Numba is imported: runs side by side must not share a cache, nor may one change the user's.
PRIVATE_CACHE = None
if "NUMBA_CACHE_DIR" not in os.environ:
    PRIVATE_CACHE = os.environ["NUMBA_CACHE_DIR"] = tempfile.mkdtemp(prefix="jittape-tests-")
os.environ.setdefault("JITTAPE_QUIET", "1")

import numpy as np
import pytest
from processes import *  # noqa: F403 hooks
from sampling import *  # noqa: F403 hooks

import jittape
from jittape.programs.tracing import function_trace
from jittape.tape.schema import FLAGS, IN_POOL, S_ADDRESS, S_KIND
from jittape.memory.pool import CLASS, LARGEST, NEXT, PREFIX, SMALLEST, _heads
from jittape.tape.tape import current


collect_ignore = ["typing"]  # programs that tests/test_types.py checks and runs


def pytest_unconfigure():
    """Remove the cache of this run."""
    if PRIVATE_CACHE is not None:
        shutil.rmtree(PRIVATE_CACHE, ignore_errors=True)


def free_blocks():
    """Addresses of the free blocks of the pool, by walking its lists, and the bytes in them."""
    blocks, total = [], 0
    for c in range(SMALLEST, LARGEST + 1):
        block = int(_heads[1 + c])
        while block:
            assert block % PREFIX == 0 and _word(block, CLASS) == c, "a free list of the pool is broken"
            blocks.append(block)
            total += 1 << c
            block = _word(block, NEXT)
    return blocks, total


def _word(address, k):
    return ctypes.c_int64.from_address(address + 8 * k).value


@pytest.fixture(autouse=True, scope="module")
def older_objects_are_not_searched():
    """The collector leaves alone what earlier files made: Numba keeps what it compiles, a search of which takes seconds."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def nothing_is_left_behind():
    """After every test: the recording state is what it was, no sweep is under way, and the pool is whole."""
    before = current()
    yield
    after = current()
    assert after is before, f"the test left {after!r} recording in place of {before!r}"
    tape = before.tape
    assert tape.sweeping == 0 and tape.held == 0, "the test left a sweep under way"
    blocks, total = free_blocks()
    assert len(set(blocks)) == len(blocks), "a block of the pool was released twice"
    assert total == _heads[0], "the pool has lost count of its free bytes"
    used = set(tape[S_ADDRESS][tape[S_KIND] == IN_POOL].tolist())
    assert not used & set(blocks), "a block is free and in use"


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


@pytest.fixture
def alone(monkeypatch):
    """No other thread draws random numbers: runners of tests have threads, of which a trace cannot know that."""
    monkeypatch.setattr(function_trace, "_is_alone", lambda: True)


@contextmanager
def refused(error, words, *tensors):
    """Expect an exception that begins with `words` and leaves gradients, values, tape and grad mode as they were."""
    current().tape.compact()  # now, so that it does not happen in between
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
