"""Hooks on nodes: they see what a row of the tape hands on to its operands, and may change it."""

import weakref

import numpy as np

from ..errors import ShapeError
from ..sweeps.workspace import LANE
from ..tensors.tensor import Tensor, extras_of, standing_for, wrap
from .conjugate_gradients import conjugated


def stand_ins(tape):
    """Tensors in the place of results that are gone and have hooks, for the time of a sweep."""
    made = []
    for row, entries in tape.hooked.items():
        for k, (ref, hooks) in enumerate(entries):
            if hooks and ref() is None:
                tensor = standing_for(tape, row)
                tape.adopt(tensor)
                extras_of(tensor).hooks = hooks
                entries[k] = weakref.ref(tensor), hooks
                made.append(tensor)
    if made:
        tape.observed[:] = [*[r for r in tape.observed if r() is not None], *map(weakref.ref, made)]
    return made


def hooks_of_node(tape, row):
    """The hooks of a row's node, in the order in which they were registered."""
    entry = tape.attended.get(row)
    return () if entry is None else tuple(entry.hooks.values())


def shown_to_node(sweep, row, n_operands, parts, y_bar):
    """What the hooks of a node make of triples (place of an operand, its part of the adjoint, where that flows).

    They are called once, though a sweep may be made twice.
    """
    hooks = hooks_of_node(sweep.tape, row)
    if not hooks:
        return parts
    parts, key = list(parts), (id(sweep.tape), row, int(sweep.workspace.words[LANE]), "node")
    given = [None] * n_operands
    for k, part, _ in parts:
        given[k] = part if isinstance(part, Tensor) or part is None else wrap(np.array(part))
    answered = sweep.answered if sweep.answered is not None else {}
    if key not in answered:
        answered[key] = sweep._in_the_present(_answers, hooks, given, y_bar)
    flows = {k: flow for k, _, flow in parts}
    pairs = enumerate(zip(answered[key], given))
    return [(k, g, flows.get(k) if g is before else None) for k, (g, before) in pairs if g is not None]


def _answers(hooks, given, y_bar):
    """The gradients of operands after all hooks."""
    for hook in hooks:
        answer = hook(tuple([None if g is None else conjugated(g) for g in given]), (conjugated(y_bar),))
        if answer is not None:
            given = _checked(answer, given)
    return given


def _checked(answer, given):
    answer = tuple(answer) if isinstance(answer, (tuple, list)) else (answer,)
    if len(answer) != len(given):
        raise RuntimeError(
            f"a hook of a node has returned an incorrect number of values (got {len(answer)}, but expected {len(given)})"
        )
    found = []
    for new, old in zip(answer, given):
        if new is not None and not isinstance(new, Tensor):
            raise TypeError(f"a hook of a node returned {type(new).__name__} as a gradient, expected a Tensor or None")
        if new is not None and old is not None and tuple(new.shape) != tuple(old.shape):
            raise ShapeError(f"hook of a node has changed the size of value: got {list(new.shape)}, expected {list(old.shape)}")
        found.append(None if new is None or old is None else conjugated(new))
    return found
