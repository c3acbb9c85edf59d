"""Random programs of Tensors that PyTorch runs: operations, views, writes in place, blocks without gradients, on all shapes.

A program is a list of statements in which ``m`` is PyTorch or jittape. Statements that PyTorch refuses are left out.
"""

import random

import numpy as np

SHAPES = [(), (1,), (3,), (2, 3), (3, 1), (0,), (2, 2, 3)]
PLACES = ("0", "-1", "...", ":1", "1:", "None")
METHODS = "clone() detach() sum() reshape(-1) unsqueeze(0) squeeze() contiguous() flatten() mean() abs() view(-1)".split()
IN_PLACE = "add_(0.5) mul_({b}) zero_() fill_(0.3) copy_({b}) exp_() neg_() tanh_() clamp_(-0.4,0.4)".split()
NEW = (  # expressions of two variables
    "m.zeros({s})",
    "m.ones({s})",
    "m.tensor(0.5)",
    "m.sin({a} * 0.3)",
    "m.tanh({a})",
    "{a} + {b}",
    "{a} - {b}",
    "{a} * {b}",
    "{a}[{place}]",
    "{a}.{method}",
    "m.zeros_like({a})",
    "m.ones_like({a})",
    "m.where({a} > 0, {a}, {b})",
    "m.stack([{a}.sum(), {b}.sum()])",
    "m.cat([{a}.reshape(-1), {b}.reshape(-1)])",
)
CHANGES = (
    "{a} {op}= {value}",
    "{a}[{place}] = {value}",
    "{a}[{place}] {op}= {value}",
    "{a}.{in_place}",
    "with m.no_grad(): {a} {op}= {value}",
)


class TensorProgram:
    """A program of a seed.

    Parameters
    ----------
    seed : int
    torch : module
        What decides which statements there are.

    Attributes
    ----------
    statements : list of str
    """

    def __init__(self, seed, torch):
        self._choose, draw = random.Random(seed), np.random.default_rng(seed)
        self._data = [0.7 * draw.normal(size=self._choose.choice(SHAPES)) for _ in range(2)]
        self._names, self.statements = self._leaves(torch), []
        self._variables = 2
        for _ in range(self._choose.randint(6, 14)):
            self._add(self._choose.choice((NEW, CHANGES)))

    def _leaves(self, m):
        found = {f"v{k}": m.tensor(a.tolist(), dtype=m.float64, requires_grad=True) for k, a in enumerate(self._data)}
        return {"m": m, **found}

    def _add(self, forms):
        choose = self._choose
        a, b = (f"v{choose.randrange(self._variables)}" for _ in range(2))
        text = choose.choice(forms).format(
            a=a,
            b=b,
            s=choose.choice(SHAPES),
            op=choose.choice("+-*"),
            place=choose.choice(PLACES),
            method=choose.choice(METHODS),
            in_place=choose.choice(IN_PLACE).format(b=b),
            value=choose.choice((b, "0.5", f"{b}.sum()", f"{b}.mean()")),
        )
        text = text if forms is CHANGES else f"v{self._variables} = {text}"
        try:
            exec(text, self._names)
        except (RuntimeError, IndexError):
            return
        self.statements.append(text)
        self._variables += forms is NEW

    def run(self, m):
        """The Tensors after the program, and what ``backward`` of a number that depends on all of them raises."""
        names = self._leaves(m)
        for text in self.statements:
            exec(text, names)
        tensors = [names[f"v{k}"] for k in range(self._variables)]
        loss = sum((0.3 + 0.1 * k) * (t * t).sum() for k, t in enumerate(tensors))
        try:
            loss.backward()
        except RuntimeError as error:
            return tensors, error
        return tensors, None

    def __str__(self):
        return "\n".join(self.statements)
