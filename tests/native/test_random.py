"""Random programs: the tape, tangents, the array tape and differences agree.

Every program is text written from a seed: statements on scalars and arrays, loops, branches, views, overwriting,
helper functions.  It is compiled by Numba and also run by Python, on numbers and on Tensors.
"""

import random

import numpy as np
import pytest
from numba import njit

import jittape as jt

from .differences import assert_same, slopes

SEEDS = (0, 1, 10, 19, 34, 37)  # together they have every construct
LENGTH = 12  # statements, inner ones counted


@njit
def smooth(a, b):
    return np.tanh(a * 0.7 + b) + 0.1 * a


@njit
def overwrite(u, a):
    for i in range(1, len(u)):
        u[i] = u[i - 1] * 0.4 + np.sin(u[i] + a)
    return u[len(u) - 1] * a


class Program:
    """Text of a random program ``program(x, a, n)``; x an array of 4, a number, an integer.

    Values stay of the order of one: products and powers are of bounded functions.
    """

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.scalars, self.integers, self.left = ["a", "s", "zero", "acc"], ["n"], LENGTH
        self.lines = [
            "def program(x, a, n):",
            "    s = x[0] * a",
            "    zero = 0.0",
            "    acc = 0",
            "    u = np.zeros(4)",
            "    v = np.copy(x)",
            "    w = np.zeros((2, 4))",
            "    row = w[1]",
        ]
        self.block("    ", 0)
        self.lines.append(f"    return s + zero * 0.3 + acc + np.sum(u * v) + np.sum(w[0] * row) + {self.number(0)}")

    def text(self):
        return "\n".join(self.lines)

    def index(self):
        if len(self.integers) > 1 and self.random.random() < 0.6:
            return f"({self.random.choice(self.integers[1:])} + {self.random.randrange(4)}) % 4"
        return str(self.random.randrange(4))

    def element(self):
        array = self.random.choice(["x", "u", "v", "v", "row"])
        if self.random.random() < 0.15:
            return f"w[{self.random.randrange(2)}, {self.index()}]"
        return f"{array}[{self.index()}]"

    def number(self, depth):
        """An expression."""
        r = self.random.random()
        if depth > 2 or r < 0.2:
            return self.random.choice([*self.scalars, self.element(), self.element(), f"{self.random.uniform(-1, 1):.3f}"])
        one, two = self.number(depth + 1), self.number(depth + 1)
        return self.random.choice(
            [
                f"({one} + {two})",
                f"({one} - 0.5 * {two})",
                f"np.sin({one}) * {two}",
                f"np.tanh({one} * {two})",
                f"np.cos({one} + {two})",
                f"smooth({one}, {two})",
                f"np.exp(-({one}) ** 2)",
                f"np.tanh({one}) ** 3",
                f"{one} / (1.5 + np.sin({two}))",
                f"np.sqrt(1.0 + ({one}) ** 2)",
                f"(-{one})",
                f"np.arctan2({one}, 2.5 + np.cos({two}))",
            ]
        )

    def bounded(self):
        return f"np.tanh({self.number(0)})"

    def block(self, indent, depth):
        """Statements; a block has one at least."""
        first = True
        while self.left > 0 and (first or depth == 0 or self.random.random() < 0.7):
            first = False
            self.left -= 1
            self.statement(indent, depth)
        if first:
            self.lines.append(f"{indent}s = s * 0.5 + {self.bounded()}")

    def statement(self, indent, depth):
        kinds = [self.assign, self.assign, self.store, self.store, self.arrays]
        if depth < 3:
            kinds += [self.loop, self.branch, self.while_loop]
        self.random.choice(kinds)(indent, depth)

    def assign(self, indent, depth):
        name = self.random.choice(self.scalars[1:])
        self.lines.append(
            indent
            + self.random.choice(
                [
                    f"{name} = {self.bounded()}",
                    f"{name} = {name} * 0.6 + {self.bounded()}",
                    f"{name} += 0.3 * {self.bounded()}",
                    f"s, {name} = {self.bounded()}, s * 0.9",
                    f"{name} = max({self.bounded()}, min(0.4, {self.element()}))",
                    f"{name} = {self.bounded()} if {self.condition()} else {self.element()}",
                ]
            )
        )

    def store(self, indent, depth):
        target = self.random.choice(["u", "v", "row"])
        self.lines.append(
            indent
            + self.random.choice(
                [
                    f"{target}[{self.index()}] = {self.bounded()}",
                    f"{target}[{self.index()}] += {self.bounded()} * 0.5",
                    f"w[0, {self.index()}] = {self.bounded()}",
                    f"{target}[{self.index()}] *= np.cos({self.number(1)})",
                    f"x[{self.index()}] = {self.element()} * 0.5 + {self.bounded()}",
                ]
            )
        )

    def arrays(self, indent, depth):
        self.lines.append(
            indent
            + self.random.choice(
                [
                    f"u[1:] = v[:-1] * 0.5 + np.sin(x[1:]) * {self.bounded()}",
                    "u, v = v, u",
                    f"v = np.tanh(u + v * {self.bounded()})",
                    "w[0, ::2] = u[2:] * 0.3",
                    "row += 0.1 * np.cos(u)",
                    f"u[:] = {self.bounded()}",
                    "v -= 0.25 * x * row",
                    f"s = s * 0.5 + np.tanh(np.dot(u, v) + {self.element()})",
                    "acc = np.tanh(acc + np.sum(w[:, 1:3]))",
                    f"zero = zero * 0.5 + 0.2 * overwrite({self.random.choice(['u', 'row', 'v'])}, {self.bounded()})",
                    "row = w[0] if s > 0.1 else w[1]",
                ]
            )
        )

    def condition(self):
        return self.random.choice(
            [
                f"{self.number(1)} > 0.137",
                f"{self.element()} < {self.random.choice(self.scalars)} - 0.211",
                f"n % {self.random.randrange(2, 4)} == 0",
            ]
        )

    def loop(self, indent, depth):
        name = f"i{len(self.integers)}"
        self.integers.append(name)
        self.lines.append(f"{indent}for {name} in range({self.random.choice(['3', '4', 'n', 'n - 2'])}):")
        self.block(indent + "    ", depth + 1)
        if self.random.random() < 0.3:
            self.lines += [f"{indent}    if {self.condition()}:", f"{indent}        {self.random.choice(['break', 'continue'])}"]
            self.lines.append(f"{indent}    s = s * 0.9 + 0.1 * a")
        self.integers.pop()

    def while_loop(self, indent, depth):
        count = f"k{len(self.integers)}"
        self.integers.append(count)
        self.lines += [f"{indent}{count} = 0", f"{indent}while {count} < 3 and s < 2.0 + {self.element()}:"]
        self.lines.append(f"{indent}    {count} += 1")
        self.block(indent + "    ", depth + 1)
        self.integers.pop()

    def branch(self, indent, depth):
        self.lines.append(f"{indent}if {self.condition()}:")
        self.block(indent + "    ", depth + 1)
        if self.random.random() < 0.7:
            self.lines.append(f"{indent}else:")
            self.block(indent + "    ", depth + 1)


def made(seed):
    text = Program(seed).text()
    namespace = {"np": np, "smooth": smooth, "overwrite": overwrite}
    exec(text, namespace)
    return text, namespace["program"]


def eager_gradient(function, x, a, n):
    """The same text on Tensors: helpers as Python functions, arrays made as Tensors."""

    class Numpy:
        """NumPy, whose arrays record what is stored in them, from the start: what was not recorded must not change."""

        active = 0.0

        def __getattr__(self, name):
            return getattr(np, name)

        def zeros(self, shape):
            return jt.zeros(*(shape if isinstance(shape, tuple) else (shape,))) + self.active

    numpy = Numpy()
    module = {"np": numpy, "smooth": None, "overwrite": None, "max": max, "min": min}
    for helper in (smooth, overwrite):
        module[helper.__name__] = type(function)(helper.py_func.__code__, module)
    run = type(function)(function.__code__, module)

    def on_tensors(x, a):
        numpy.active = a * 0.0
        return run(x.clone(), a, n)

    return jt.grad(on_tensors, argnums=(0, 1))(x, a)


@pytest.mark.sampled
@pytest.mark.parametrize("seed", SEEDS)
def test_random_program(seed):
    text, function = made(seed)
    compiled = njit(function)
    rng = np.random.default_rng(seed)
    x, a, n = rng.uniform(-1, 1, 4), rng.uniform(0.3, 0.9), 3 + seed % 3
    value, gradient = jt.value_and_grad(compiled, argnums=(0, 1))(x.copy(), a, n)
    try:
        assert abs(value - function(x.copy(), a, n)) < 1e-12, "value"
        assert_same(jt.jacfwd(compiled, argnums=(0, 1))(x.copy(), a, n), gradient, 1e-11, "tangents")
        numeric = [slopes(compiled, (x, a, n), (0, 1), step=h) for h in (1e-4, 3e-5)]
        trusted = np.abs(numeric[0] - numeric[1]).max() < 1e-6 * max(1.0, np.abs(numeric[0]).max())
        assert trusted, "differences: a branch is too close"
        assert_same(gradient, numeric[0], 2e-6, "gradient")
        assert_same(eager_gradient(function, x, a, n), gradient, 1e-9, "array tape")
    except AssertionError as problem:
        raise AssertionError(f"{problem}\nseed {seed}:\n{text}") from None


def test_the_programs_cover_the_language():
    texts = [made(seed)[0] for seed in SEEDS]
    for construct in (
        "for ",
        "while ",
        "if ",
        "else:",
        "break",
        "continue",
        "u, v = v, u",
        "overwrite(",
        "x[",
        "row = w[0] if",
        "max(",
        "np.dot",
        "+=",
        "*=",
    ):
        assert sum(construct in text for text in texts) >= 1, construct
    assert min(text.count("\n") for text in texts) > 15
