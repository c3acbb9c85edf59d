"""The forms in which Einstein's sums are written, as a letter for every axis of every operand and of the result."""

import numpy as np

from ..errors import ShapeError

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"  # in the order in which NumPy and PyTorch sort them


class Equation:
    """What was written: subscripts of the operands and of the result, which are letters, numbers or ``...``.

    Parameters
    ----------
    text : str
        As the user wrote it, for messages.
    terms : list of list
        Subscripts of each operand.
    out : list, optional
        Subscripts of the result; None if it is implicit.
    """

    def __init__(self, text, terms, out):
        self.text, self.terms, self.out = text, terms, out

    def letters(self, shapes):
        """Letters of the operands and of the result, without dots, and a function from letters to what the user wrote."""
        if len(self.terms) != len(shapes):
            raise ShapeError(f"einsum(): got {len(shapes)} operands for the {len(self.terms)} terms of {self.text!r}")
        dots = max(map(self._axes_of_dots, self.terms, shapes), default=0)
        full = [self._spread(term, n - len(_plain(term))) for term, n in zip(self.terms, map(len, shapes))]
        out = self._implicit(full, dots) if self.out is None else self._spread(self.out, dots if ... in self.out else 0)
        self._check_result(full, out)
        names = dict(zip(dict.fromkeys(s for term in full for s in term), LETTERS))
        shown = {letter: subscript for subscript, letter in names.items()}
        if len(shown) < len({s for term in full for s in term}):
            raise ShapeError(f"einsum(): got more than {len(LETTERS)} different axes in {self.text!r}")

        def written(letter):
            subscript = shown[letter]
            return "'...'" if isinstance(subscript, tuple) else repr(subscript)

        return ["".join(names[s] for s in term) for term in full], "".join(names[s] for s in out), written

    def _axes_of_dots(self, term, shape):
        """How many axes ``...`` stands for in an operand."""
        n = len(shape) - len(_plain(term))
        if n < 0 or (n and ... not in term):
            raise ShapeError(
                f"einsum(): got an operand of {len(shape)} axes, shape {list(shape)}, for the term {self._written(term)}"
            )
        return n

    def _written(self, term):
        if any(isinstance(s, int) for s in term):
            return str(["..." if s is ... else s for s in term])
        return repr("".join("..." if s is ... else s for s in term))

    def _spread(self, term, n):
        """Subscripts with those of ``...`` in its place: numbers from the last axis."""
        k = term.index(...) if ... in term else len(term)
        return [*term[:k], *((..., axis) for axis in range(n - 1, -1, -1)), *term[k + 1 :]]

    def _implicit(self, full, dots):
        every = [s for term in full for s in term]
        once = sorted(s for s in dict.fromkeys(every) if not isinstance(s, tuple) and every.count(s) == 1)
        return [*((..., axis) for axis in range(dots - 1, -1, -1)), *once]

    def _check_result(self, full, out):
        every = {s for term in full for s in term}
        strange = [s for s in out if not isinstance(s, tuple) and (s not in every or out.count(s) > 1)]
        if strange:
            raise self.strange(strange[0])

    def strange(self, subscript):
        """The error of a subscript that is not allowed."""
        return ShapeError(
            f"einsum(): got {subscript!r} in {self.text!r}, expected letters, in the result each of them once and only those of "
            "operands"
        )


def _plain(term):
    return [s for s in term if s is not ...]


def equation_of_text(text):
    """An equation such as ``"ij,jk->ik"``."""
    left, arrow, right = text.replace(" ", "").partition("->")
    found = Equation(text, [], None)
    found.terms = [_subscripts(term, found) for term in left.split(",")]
    found.out = _subscripts(right, found) if arrow else None
    return found


def _subscripts(term, equation):
    before, dots, after = term.partition("...")
    for subscript in before + after:
        if subscript not in LETTERS:
            raise equation.strange(subscript)
    return [*before, *([...] if dots else []), *after]


def equation_of_sublists(args):
    """An equation and operands from ``einsum(A, [0, 1], B, [1, 2], [0, 2])``."""
    operands, lists = list(args[: len(args) // 2 * 2 : 2]), [*args[1::2], *(args[-1:] if len(args) % 2 else ())]
    text = ", ".join(str(found) for found in lists).replace("Ellipsis", "...")
    if not operands:
        raise TypeError(
            f"einsum(): got {type(args[0]).__name__} as the only argument, expected text such as 'ij,jk->ik' and operands, or "
            "operands that alternate with lists of axes"
        )
    terms = [_numbered(found, text) for found in lists]
    return Equation(text, terms[: len(operands)], terms[len(operands)] if len(args) % 2 else None), operands


def _numbered(subscripts, text):
    found = list(subscripts) if isinstance(subscripts, (list, tuple)) else None
    if found is None or not all(s is ... or (isinstance(s, (int, np.integer)) and not isinstance(s, bool)) for s in found):
        raise TypeError(
            f"einsum(): got Tensor as the equation and {type(subscripts).__name__} as its axes, expected text such as "
            "'ij,jk->ik' first, or a list of integers and ... after each operand"
        )
    for s in found:
        if s is not ... and not 0 <= s < len(LETTERS):
            raise ValueError(f"einsum(): got axis {s} in {text}, expected 0 to {len(LETTERS) - 1}")
    if found.count(...) > 1:
        raise ShapeError(f"einsum(): got ... twice in {subscripts!r}, expected it once")
    return [s if s is ... else int(s) for s in found]
