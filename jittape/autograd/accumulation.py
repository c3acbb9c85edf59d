"""Gradients that are added to ``.grad``."""

from functools import partial

import numpy as np

from ..numba_backend.forks import process_lock
from ..tape.commit import commit
from ..tape.tape import current
from ..tensors.tensor import Tensor, extras_of, wrap
from .conjugate_gradients import conjugated

_adding = process_lock()  # threads may share a leaf


def accumulate(totals, create_graph=False):
    """Add gradients, of pairs (Tensor, adjoint) by id, to ``.grad``: to all of them or, if an interrupt comes, to none.

    An existing ``.grad`` of a leaf is added to in place, so that other references to it see the sum.
    """
    tape = current().tape
    if tape.derivatives_are_rows:
        for tensor, _ in totals.values():
            tape.refuse_gradient(tensor)
        create_graph = True
    with _adding:
        changes, observed = [], []
        for tensor, adjoint in totals.values():
            gradient, extras = conjugated(adjoint), tensor._extras or extras_of(tensor)
            before = extras.grad
            if extras.after:
                observed.append(tensor)
            if create_graph:
                total = gradient if before is None else before + gradient
            else:
                array = gradient._value() if isinstance(gradient, Tensor) else gradient
                if before is None:
                    total = wrap(array)
                elif before.requires_grad or not extras.requires_grad:
                    total = wrap(np.asarray(before._value() + array))
                else:
                    target = before._pinned()
                    changes += [partial(np.add, target, array, target), before._storage.memory.next_version()]
                    continue
            changes.append(partial(setattr, extras, "grad", total))
        commit(changes)
    for tensor in observed:
        for hook in list(tensor._extras.after.values()):
            hook(tensor)


def fill_retained(totals, create_graph):
    """Add gradients to the ``.grad`` of those results that retain theirs, where a sweep returns the others."""
    retained = {}
    for key, (tensor, gradient) in totals.items():
        extras = tensor._extras
        if extras is not None and extras.retains and not extras.requires_grad:
            retained[key] = tensor, gradient if isinstance(gradient, Tensor) else gradient.copy()
    if retained:
        accumulate(retained, create_graph)
