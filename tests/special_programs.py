"""Small random programs for special points: expressions of a vector, as NumPy code or as compiled functions."""

import numpy as np

SPECIAL = [0.0, -0.0, 1.0, -1.0, 2.0, -0.5, 3.0, np.inf, -np.inf, np.nan]  # small numbers come twice as often

UNARY = {
    "sqrt": lambda a: np.sqrt(a),
    "exp": lambda a: np.exp(a),
    "log": lambda a: np.log(a),
    "tanh": lambda a: np.tanh(a),
    "abs": lambda a: np.abs(a),
    "square": lambda a: a * a,
    "inverse": lambda a: 1.0 / a,
    "negative": lambda a: -a,
    "arctan": lambda a: np.arctan(a),
    "log1p": lambda a: np.log1p(a),
    "expm1": lambda a: np.expm1(a),
    "arcsin": lambda a: np.arcsin(a),
    "arctanh": lambda a: np.arctanh(a),
    "cube": lambda a: a**3,
    "root": lambda a: np.sqrt(np.abs(a)),  # not a**0.5: of -inf that is nan in NumPy's arrays, and inf in Numba's
    "line": lambda a: 2.0 * a - 1.0,
    "positive": lambda a: np.maximum(a, 0.0),
    "masked": lambda a: np.where(a > 0.0, a, 0.0),
    "sine": lambda a: np.sin(a),
}
BINARY = {
    "sum": lambda a, b: a + b,
    "difference": lambda a, b: a - b,
    "product": lambda a, b: a * b,
    "quotient": lambda a, b: a / b,
    "maximum": lambda a, b: np.maximum(a, b),
    "minimum": lambda a, b: np.minimum(a, b),
    "choice": lambda a, b: np.where(a > b, a, b * b),
    "hypot": lambda a, b: np.hypot(a, b),
    "arctan2": lambda a, b: np.arctan2(a, b),
    "logaddexp": lambda a, b: np.logaddexp(a, b),
    "guarded": lambda a, b: np.where(b != 0.0, a / b, b),
}
FOLDS = {
    "sum": lambda a: np.sum(a),
    "largest": lambda a: np.max(a),
    "product": lambda a: np.prod(a),
    "first": lambda a: a[0],
    "mean": lambda a: np.mean(a * a),
    "norm": lambda a: np.sqrt(np.sum(a * a)),
}


def identity(x):
    return x


def of_one(wrap, outer, inner):
    outer = wrap(outer)

    def function(x):
        return outer(inner(x))

    return wrap(function)


def of_two(wrap, outer, left, right):
    outer = wrap(outer)

    def function(x):
        return outer(left(x), right(x))

    return wrap(function)


class SpecialProgram:
    """A random expression; `text` says which, ``built(wrap)`` makes a function of it, compiled if `wrap` compiles."""

    def __init__(self, seed, depth=3):
        self.random = np.random.default_rng(seed)
        fold = self._choice(FOLDS)
        self.tree = ("fold", fold, self._tree(depth))
        self.text = _text(self.tree)

    def _choice(self, table):
        return list(table)[self.random.integers(len(table))]

    def _tree(self, depth):
        if depth == 0:
            return ("x",)
        if self.random.random() < 0.6:
            return ("one", self._choice(UNARY), self._tree(depth - 1))
        return ("two", self._choice(BINARY), self._tree(depth - 1), self._tree(int(self.random.integers(depth))))

    def points(self, count, n=2):
        return [self.random.choice(SPECIAL, n) for _ in range(count)]

    def built(self, wrap):
        return _built(self.tree, wrap)


def _text(tree):
    return "x" if tree[0] == "x" else f"{tree[1]}({', '.join(map(_text, tree[2:]))})"


def _built(tree, wrap):
    if tree[0] == "x":
        return wrap(identity)
    operands = [_built(part, wrap) for part in tree[2:]]
    table = {"fold": FOLDS, "one": UNARY, "two": BINARY}[tree[0]]
    return (of_two if tree[0] == "two" else of_one)(wrap, table[tree[1]], *operands)
