"""Einstein's sums: all forms, by a generator, against NumPy and PyTorch."""

import numpy as np
import pytest
from conftest import refused
from sampling import some

import jittape as jt

LETTERS = "abcXYZ"
SIZES = {"a": 2, "b": 3, "c": 1, "X": 3, "Y": 2, "Z": 4}


class Case:
    """A random equation with operands that fit."""

    def __init__(self, seed):
        rng = np.random.default_rng(seed)
        dots = tuple(rng.integers(1, 4, rng.integers(0, 3)).tolist())
        self.terms, self.arrays, spread = [], [], False
        for _ in range(rng.integers(1, 4)):
            letters = rng.choice(list(LETTERS), rng.integers(0, 4)).tolist()
            shape = [SIZES[c] if letters.count(c) > 1 or rng.random() < 0.85 else 1 for c in letters]
            place = rng.integers(0, len(letters) + 1) if rng.random() < 0.4 else None
            if place is not None:
                kept = dots[rng.integers(0, len(dots) + 1) :]
                shape[place:place] = [n if rng.random() < 0.8 else 1 for n in kept]
                letters[place:place] = [...]
                spread = True
            self.terms.append(letters)
            self.arrays.append(np.asarray(rng.uniform(0.5, 2.0, shape)))
        self.out = None
        if rng.random() < 0.7:
            found = sorted({c for term in self.terms for c in term if c is not ...})
            self.out = rng.permutation(found)[: rng.integers(0, len(found) + 1)].tolist()
            if spread:
                self.out.insert(rng.integers(0, len(self.out) + 1), ...)
        self.space = " " if rng.random() < 0.3 else ""

    @property
    def text(self):
        written = ["".join("..." if c is ... else c for c in term) for term in [*self.terms, self.out or ()]]
        left = f"{self.space},".join(written[:-1])
        return left if self.out is None else f"{left}{self.space}->{self.space}{written[-1]}"

    def sublists(self, arrays):
        """The same with lists of numbers, which are in the order of the letters."""
        numbers = {c: k for k, c in enumerate(sorted(LETTERS))}
        lists = [[c if c is ... else numbers[c] for c in term] for term in self.terms]
        pairs = [part for pair in zip(arrays, lists) for part in pair]
        return pairs if self.out is None else [*pairs, [c if c is ... else numbers[c] for c in self.out]]


@pytest.mark.parametrize("first", range(0, 600, 100))
@pytest.mark.sampled(3)
def test_values_are_numpys_and_pytorchs(first):
    try:
        import torch
    except ImportError:
        torch = None
    for seed in some(range(first, first + 100), 60):
        case = Case(seed)
        expected = np.einsum(case.text, *case.arrays)
        tensors = [jt.tensor(a) for a in case.arrays]
        for found in (
            jt.einsum(case.text, *tensors),
            jt.einsum(*case.sublists(tensors)),
            np.einsum(case.text, *tensors, optimize=True),
            np.einsum(*case.sublists(tensors)),
        ):
            assert tuple(found.shape) == expected.shape, case.text
            np.testing.assert_allclose(found.numpy(), expected, rtol=1e-12, err_msg=case.text)
        if torch is not None:
            theirs = torch.einsum(case.text, *map(torch.from_numpy, case.arrays)).numpy()
            np.testing.assert_allclose(theirs, expected, rtol=1e-12)


@pytest.mark.parametrize("first", range(0, 200, 50))
@pytest.mark.sampled(2)
def test_derivatives_are_those_of_complex_steps(first):
    for seed in some(range(first, first + 50), 15):
        case, rng = Case(seed), np.random.default_rng(seed)
        weights = rng.uniform(0.5, 1.5, np.einsum(case.text, *case.arrays).shape)
        k = rng.integers(len(case.arrays))

        def program(x):
            arrays = [x if j == k else a for j, a in enumerate(case.arrays)]
            return (np.einsum(case.text, *arrays) * weights).sum() + (np.einsum(*case.sublists(arrays)) * weights).sum()

        gradient, step = jt.grad(program)(case.arrays[k]), 1e-20
        for place in np.ndindex(case.arrays[k].shape):
            x = case.arrays[k].astype(complex)
            x[place] += 1j * step
            np.testing.assert_allclose(np.asarray(gradient)[place], program(x).imag / step, rtol=1e-10, err_msg=case.text)


def test_keywords():
    A, B = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4)
    target = jt.zeros(2, 4)
    assert np.einsum("ij,jk", jt.tensor(A), B, out=target, optimize="greedy") is target
    np.testing.assert_array_equal(target.numpy(), A @ B)
    assert np.einsum("ij,jk", jt.tensor(A), B, dtype=np.float32).dtype == np.float32

    def program(x):
        out = np.zeros_like(x @ B)
        np.einsum("ij,jk->ik", x, B, out=out, optimize=["einsum_path", (0, 1)])
        return out.sum() + np.einsum("ij,j", x, [1, 2, 3]).sum() + np.einsum(",->", x[0, 0], 2.0)

    expected = B.sum(1) + [1, 2, 3]
    np.testing.assert_allclose(jt.grad(program)(A), [expected + [2, 0, 0], expected])


ones = jt.ones


@pytest.mark.parametrize(
    "args, error, words",
    [
        (
            ("...i,...i", ones(2, 3), ones(4, 3)),
            jt.errors.ShapeError,
            "the axes '...' of '...i,...i' have different lengths: got 2 and 4",
        ),
        (("ii->i", ones(1, 3)), jt.errors.ShapeError, "the axes 'i' of 'ii->i' have different lengths: got 1 and 3"),
        (("pq,qr", ones(2, 3), ones(2, 3)), jt.errors.ShapeError, "the axes 'q' of 'pq,qr' have different lengths: got 3 and 2"),
        (("i.j", ones(2, 3)), jt.errors.ShapeError, "got '.' in 'i.j'"),
        (("...i...", ones(2, 3)), jt.errors.ShapeError, "got '.' in '...i...'"),
        (("ij->i->j", ones(2, 3)), jt.errors.ShapeError, "got '-'"),
        (("ij", ones(2, 3), ones(3)), jt.errors.ShapeError, "got 2 operands for the 1 terms of 'ij'"),
        (
            (ones(2, 3), [0, 1], ones(4), [1]),
            jt.errors.ShapeError,
            "the axes 1 of '[0, 1], [1]' have different lengths: got 3 and 4",
        ),
        ((ones(2, 3), [0, 1], [2]), jt.errors.ShapeError, "got 2 in '[0, 1], [2]'"),
        ((ones(2, 3), [0]), jt.errors.ShapeError, "got an operand of 2 axes, shape [2, 3], for the term [0]"),
        ((ones(2, 3), [0, 60]), ValueError, "got axis 60"),
        ((ones(2, 3), ["i", "j"]), TypeError, "or a list of integers and ..."),
        ((ones(2, 3), ones(3)), TypeError, "or a list of integers and ..."),
        ((ones(2, 3),), TypeError, "expected text such as 'ij,jk->ik'"),
    ],
)
def test_errors_speak_of_what_was_written(args, error, words):
    with refused(error, "einsum(): ") as caught:
        jt.einsum(*args)
    assert words in str(caught.value)
