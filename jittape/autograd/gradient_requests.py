"""Gradients of Tensors with respect to others, however a sweep is done: for `backward`, `grad` and the transforms."""

import numpy as np

from ..tape.tape import current
from ..tensors.tensor import Tensor
from .anomaly import watcher
from .dependence import rooted
from .recorded_reverse import Flowing, RecordedSweep
from .hook_answers import answer_of, end_sweep, run_hooks
from .sweeps_across_tapes import sweep_all


def gradients_of(roots, cotangents, wanted, free, create_graph):
    """Sweep from `roots` with `cotangents` to the `wanted` Tensors (None: all leaves).

    Returns a dict of id -> (Tensor, gradient), after the hooks of leaves.
    """
    if current().tape.derivatives_are_rows:
        free, create_graph = False, True
    found, graph_roots = [], []
    for root, g in zip(roots, cotangents):
        if rooted(root):
            graph_roots.append((root, g))
        elif wanted is None or id(root) in wanted:
            g = g.seed if isinstance(g, Flowing) else g
            found.append((root, g if isinstance(g, Tensor) else np.array(g, root.dtype)))
    if graph_roots:
        found += sweep_all(graph_roots, wanted, free, watcher(), RecordedSweep if create_graph else None)
    totals = totals_of(found)
    if current().tape.derivatives_are_rows:
        current().tape.note_derivatives([g for _, g in totals.values()])
    return totals


def totals_of(found):
    """Sum the gradients found for each Tensor, and call the hooks of leaves."""
    totals = {}
    for tensor, gradient in found:
        if id(tensor) in totals:
            gradient = totals[id(tensor)][1] + gradient
            gradient = gradient if isinstance(gradient, Tensor) else np.asarray(gradient)  # 0-d arrays add up to a scalar
        totals[id(tensor)] = (tensor, gradient)
    for key, (tensor, gradient) in totals.items():
        extras = tensor._extras
        if extras is not None and extras.requires_grad and extras.hooks:
            totals[key] = (tensor, _hooked(tensor, gradient))
    end_sweep()
    return totals


def _hooked(tensor, gradient):
    if not isinstance(gradient, Tensor):
        return run_hooks(tensor, gradient)
    for hook in list(tensor._extras.hooks.values()):
        answer = answer_of(hook, gradient, tensor)
        gradient = gradient if answer is None else answer
    return gradient
