"""Gradients and tangents of whole batches of directions, for Jacobians: sweeps that carry many of them."""

import numpy as np

from ..errors import GraphFreedError
from .anomaly import watcher
from .dependence import rooted, rows_under
from .gradient_requests import gradients_of
from .sweeps_across_tapes import sweep_all, tangent_of

WIDEST = 64  # lanes; more were no faster
ELEMENTS = 1 << 16  # limit for the widest value, all lanes together: half a megabyte stays in the second-level cache


def width(n, tensors):
    """The number of lanes for one sweep, when n adjoints or tangents are asked for."""
    widest = max([t.numel() for t in tensors], default=1)
    return max(1, min(n, WIDEST, ELEMENTS // max(widest, 1)))


def gradients_of_batch(roots, cotangents, wanted, free):
    """Gradients for many cotangents of each root.

    Parameters
    ----------
    roots : list of Tensors
    cotangents : list of arrays
        One a root, the batch along a first axis.
    wanted : dict of id -> Tensor
        What is differentiated.
    free : bool
        Free the rows after the last sweep.

    Returns
    -------
    dict of id -> array
        With the batch along the first axis; a Tensor that the roots do not depend on is missing.
    """
    n = len(cotangents[0])
    carried = width(n, [*roots, *wanted.values()]) if _can_share(roots, wanted) else 1
    parts, starts = [], range(0, n, carried)
    for start in starts:
        chosen = [g[start : start + carried] for g in cotangents]
        last = free and start == starts[-1]
        if carried == 1:
            found = gradients_of(roots, [g[0] for g in chosen], wanted, last, False)
            parts.append({key: np.asarray(g)[None] for key, (_, g) in found.items()})
        else:
            parts.append(_shared_sweep(roots, chosen, wanted, last))
    return parts[0] if len(parts) == 1 else _side_by_side(parts, [min(carried, n - start) for start in starts])


def _side_by_side(parts, heights):
    """Gradients of several sweeps as one batch; one that has found nothing for a Tensor has found zeros."""
    known = {key: g for part in parts for key, g in part.items()}

    def of(part, key, height):
        return part[key] if key in part else np.zeros((height, *known[key].shape[1:]), known[key].dtype)

    return {key: np.concatenate([of(part, key, n) for part, n in zip(parts, heights)]) for key in known}


def _can_share(roots, wanted):
    """Whether no adjoint of the sweep has to be looked at by itself: no hooks, no gradients of results."""
    if watcher() is not None or any(not t.is_leaf or t._extras.hooks for t in wanted.values()):
        return False
    by_tape = {}
    for root in roots:
        if rooted(root):
            by_tape.setdefault(id(root._tape), []).append(root)
    return not any(is_observed(on_tape[0]._tape, on_tape) for on_tape in by_tape.values())


def is_observed(tape, roots, nodes=()):
    """Whether a result that Tensors of a tape depend on has hooks, or retains its gradient, or is one of some rows."""
    rows = set(nodes) | {row for row, entries in tape.hooked.items() if any(hooks for _, hooks in entries)}
    rows.update(t._row for t in (ref() for ref in tape.observed) if t is not None and t._tape is tape)
    if not rows:
        return False
    try:
        return not rows.isdisjoint(rows_under(tape, roots))
    except GraphFreedError:  # the sweep of one at a time says so
        return True


def _shared_sweep(roots, cotangents, wanted, free):
    lanes = len(cotangents[0])
    found, graph_roots = [], []
    for root, g in zip(roots, cotangents):
        if rooted(root):
            graph_roots.append((root, g))
        elif id(root) in wanted:
            found.append((root, np.array(g, root.dtype)))
    if graph_roots:
        found += sweep_all(graph_roots, wanted, free, lanes=lanes)
    totals = {}
    for t, g in found:
        totals[id(t)] = totals[id(t)] + g if id(t) in totals else g
    return totals


def tangents_of_batch(outputs, inputs, tangents):
    """Directional derivatives of Tensors for many directions, along a first axis; see `tangents.tangent_of`."""
    n = len(tangents[0])
    carried, parts = width(n, [*outputs, *inputs]), []
    for start in range(0, n, carried):
        chosen = [x_dot[start : start + carried] for x_dot in tangents]
        parts.append(tangent_of(outputs, inputs, chosen, len(chosen[0])))
    return [part[0] if len(part) == 1 else np.concatenate(part) for part in zip(*parts)]
