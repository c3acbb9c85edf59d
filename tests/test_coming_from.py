"""Both sides of every row of the tables for users of other libraries have the same value."""

import functools
import importlib
import re
from pathlib import Path

import numpy as np
import pytest
import scipy.special

import jittape as jt
from jittape.transforms.pytrees import flatten

PAGE = (Path(__file__).parent.parent / "docs" / "coming_from.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(.+)` \| `(.+)` \|$", re.MULTILINE)
SECTIONS = {part.partition("\n")[0].lower().replace("pytorch", "torch"): ROW.findall(part) for part in PAGE.split("\n## ")[1:]}
X, V, A = np.array([0.5, 1.5, 2.5]), np.array([1.0, -2.0, 0.5]), np.arange(6.0).reshape(2, 3) + 1.0
A[0, 0] = 7.0


def functions(xp, a):
    """The functions of the page, with a library's own sine and product."""
    return {"f": lambda x: (xp.sin(x) * x).sum(), "g": lambda x: a @ xp.cos(x)}


def ours():
    return {**functions(np, A), "jt": jt, "np": np, "scipy": scipy, "functools": functools, "x": X, "v": V, "A": A}


def names_of_torch(torch):
    import torch.utils.checkpoint

    x, v, a = (torch.tensor(array) for array in (X, V, A))
    return {**functions(torch, a), "torch": torch, "x": x, "v": v, "A": a}


def names_of_jax(jax):
    import jax.flatten_util
    import jax.scipy.special

    jax.config.update("jax_enable_x64", True)
    x, v, a = (jax.numpy.asarray(array) for array in (X, V, A))
    return {**functions(jax.numpy, a), "jax": jax, "jnp": jax.numpy, "x": x, "v": v, "A": a}


def names_of_autograd(autograd):
    import autograd.numpy as anp

    return {**functions(anp, A), "autograd": autograd, "anp": anp, "x": X, "v": V, "A": A}


NAMES = {"torch": names_of_torch, "jax": names_of_jax, "autograd": names_of_autograd}


def numbers(value):
    """The leaves of a result as arrays; a tuple of one is what is in it."""
    return [np.asarray(leaf.detach() if hasattr(leaf, "detach") else leaf) for leaf in flatten(value)[0] if leaf is not None]


def test_every_row_is_read():
    assert set(SECTIONS) == set(NAMES) and sum(map(len, SECTIONS.values())) == PAGE.count("\n| `") > 40


@pytest.mark.parametrize("library", NAMES)
def test_ours_runs(library):
    for _, expression in SECTIONS[library]:
        for value in numbers(eval(expression, ours())):
            assert np.isfinite(value).all(), expression


@pytest.mark.parametrize("library", NAMES)
def test_both_sides_have_the_same_value(library):
    module = pytest.importorskip(library, reason=f"{library} is not installed")
    names = NAMES[library](importlib.import_module(module.__name__))
    for theirs, expression in SECTIONS[library]:
        expected, found = numbers(eval(theirs, names)), numbers(eval(expression, ours()))
        assert len(expected) == len(found), (theirs, expression)
        for a, b in zip(expected, found):
            np.testing.assert_allclose(b, a, rtol=1e-10, err_msg=f"{theirs}: {expression}")
