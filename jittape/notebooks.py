"""What notebooks show of tapes, compiled functions, modules and optimisers."""

from __future__ import annotations

from html import escape

from .nn.module import Module
from .optim.optimizer import Optimizer
from .printing.html_tables import html_table
from .programs.calls.compiled import CompiledFunction
from .tape.tape import Tape


def _tape_svg(self: Tape) -> str:
    """Return the rows of the tape as a picture, with what is repeated drawn once.

    Returns
    -------
    str
        SVG.
    """
    from .pictures import show

    return show(self).svg


def _tape_dot(self: Tape) -> str:
    """Return the rows of the tape in the language of Graphviz, with what is repeated drawn once.

    Returns
    -------
    str
        A digraph.
    """
    from .pictures import show

    return show(self).dot


def _module_html(self):
    rows, total = [], 0
    for name, p in self.named_parameters():
        total += p.numel()
        rows.append((name, list(p.shape), p.dtype, f"{p.numel():,}", "yes" if p.requires_grad else "frozen"))
    text = f"<pre>{escape(repr(self))}</pre>"
    if not rows:
        return text
    head = ("parameter", "shape", "dtype", "numbers", "trained")
    caption = f"{type(self).__name__}: {total:,} numbers in {len(rows)} parameters"
    return text + "\n" + html_table(caption, head, rows, ("numbers",))


def _optimizer_html(self):
    groups = self.param_groups
    names = [*dict.fromkeys(key for group in groups for key in group if key != "params")]
    numbers = [sum(p.numel() for p in group["params"]) for group in groups]
    rows = [(name, *(group.get(name, "") for group in groups)) for name in ("parameters", *names)]
    rows[0] = ("parameters", *(f"{len(group['params'])} of {n:,} numbers" for group, n in zip(groups, numbers)))
    return html_table(type(self).__name__, ("", *(f"group {k}" for k in range(len(groups)))), rows)


def _program_html(self):
    return f"<pre>{escape(str(self.report()))}</pre>"


Tape.to_svg, Tape._repr_svg_, Tape.to_dot = _tape_svg, _tape_svg, _tape_dot
Module._repr_html_, Optimizer._repr_html_, CompiledFunction._repr_html_ = _module_html, _optimizer_html, _program_html
