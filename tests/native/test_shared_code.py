"""Code that all derivatives share is compiled when something needs it, and not before."""

import re

import numpy as np
import pytest
from numba import njit

import jittape as jt
from jittape.native.compilation.compile_cached import AFTER_LOADING
from jittape.native.compilation.shared_code import Shared, shared, shared_when_called
from jittape.native.statement_tape import statement_sweep  # noqa: F401  (declares the sweep)


@pytest.fixture
def own_places(monkeypatch):
    """Declarations of a test, which end with it."""
    monkeypatch.setattr(Shared, "declared", list(Shared.declared))
    first = len(Shared.declared)
    yield
    for own in Shared.declared[first:]:
        Shared.table[own._place] = 0


@njit
def product(x):
    return x[0] * x[1]


def writer(entry):
    return entry + 1


def pullback(entry):
    return entry - 1


def is_compiled(function):
    return Shared.table[function.shared._place] != 0


def test_what_follows_is_compiled_with_what_it_follows(own_places):
    writes = shared_when_called(writer)
    pulls = shared(pullback, following=writes)
    assert not pulls.shared.always and not is_compiled(writes) and not is_compiled(pulls)
    writes.shared.compile()
    assert is_compiled(writes) and is_compiled(pulls)


def name_of(shared):
    """The name of a function, without what tells those of a factory apart."""
    return re.sub("_[0-9a-f]{16}$", "", shared._dispatcher.py_func.__name__)


def test_programs_of_numbers_and_loops_compile_no_pullbacks_of_entries():
    on_demand = {name_of(own) for own in Shared.declared if not own.always}
    assert {"open_elements", "add_operand", "add_product", "add_call", "elements", "product", "called"} <= on_demand
    followers = {name_of(f) for own in Shared.declared for f in own.followers}
    assert followers == {"elements", "product", "called"}


def test_what_another_process_has_put_on_disk_is_loaded_with_its_callers(own_places, monkeypatch):
    """Code from disk may call what was not there when this process loaded what is shared."""
    monkeypatch.setattr(Shared, "is_kept", lambda own: own._dispatcher.py_func is writer)
    jt.grad(product)(np.ones(2))
    writes, pulls = shared_when_called(writer), shared_when_called(pullback)
    for follow in AFTER_LOADING:
        follow()
    assert is_compiled(writes) and not is_compiled(pulls)
