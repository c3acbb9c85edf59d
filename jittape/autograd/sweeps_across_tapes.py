"""Sweeps over every tape that is reached: plain ones, and careful ones where these find what is not a number.

A plain sweep multiplies as the machine does. If it comes out with a nan, a structural zero may have met an infinite partial: the
rows are still there, and are swept once more with what flows beside every adjoint (`careful_sweeps`).
"""

from functools import partial

import numpy as np

from .careful_sweeps import CarefulSweep, CarefulTangents, with_flow
from .dependence import rooted
from .lane_sweeps import LaneSweep, LaneTangents
from .found_nan import FoundNan, has_nan
from .reverse_driver import Sweep
from .tangent_driver import TangentSweep


def sweep_all(roots, wanted, free, watch=None, kind=None, lanes=None, zeros_flow=False):
    """Reverse sweeps from Tensors over every tape they reach.

    Parameters
    ----------
    roots : list of (Tensor, array)
    wanted : dict of id -> Tensor, or None for every leaf
    free : bool
        Free the rows that were swept.
    watch : callable, optional
        Called with the sweep and every row that has been.
    kind : class, optional
        A sweep whose cotangents and gradients are Tensors.
    lanes : int, optional
        How many cotangents lie along the first axis of arrays; by default they have no such axis.
    zeros_flow : bool, optional
        Whether zeros of the cotangents are numeric, because they come from another sweep.

    Returns
    -------
    list of (Tensor, array)
        Gradients found; a Tensor may occur more than once, its gradients add up.
    """
    if kind is not None:
        return _swept(roots, wanted, free, watch, kind)
    answered = {}  # hooks that were called with gradients that are right: they are not called again
    if watch is None:
        plain = Sweep if lanes is None else partial(LaneSweep, lanes=lanes)
        try:
            return _swept(roots, wanted, free, None, partial(plain, answered=answered))
        except FoundNan:
            pass
    return sweep_carefully(roots, wanted, free, watch, lanes, zeros_flow, answered)


def sweep_carefully(roots, wanted, free, watch=None, lanes=None, zeros_flow=False, answered=None):
    """`sweep_all` with structural zeros told from numeric ones; twice the memory, and two to four times the work."""
    kind = partial(CarefulSweep, lanes=lanes, answered={} if answered is None else answered)
    zeros_flow = zeros_flow or _in_a_rule(t for t, _ in roots)
    return _swept([(t, with_flow(array, lanes, zeros_flow)) for t, array in roots], wanted, free, watch, kind)


def pulled_back_with_flow(roots, cotangents, flows, wanted):
    """Gradients for adjoints of another careful sweep, which knows where they flow; so does the answer.

    Parameters
    ----------
    roots : list of Tensors
    cotangents : list of arrays
    flows : list of arrays of bools
        None for everywhere.
    wanted : dict of id -> Tensor

    Returns
    -------
    dict of id -> (array, array of bools)
        Gradients, and where they flow.
    """
    seeds = [np.stack([g, np.ones(g.shape, bool) if f is None else f]).astype(g.dtype) for g, f in zip(cotangents, flows)]
    totals = {}
    for t, both in _swept(list(zip(roots, seeds)), wanted, True, None, partial(CarefulSweep, keeps_flow=True)):
        totals[id(t)] = totals[id(t)] + both if id(t) in totals else both
    return {key: (both[0], both[1] != 0) for key, both in totals.items()}


def _in_a_rule(tensors):
    """Whether a sweep of their tapes is under way: it has called a rule of the user's, whose seeds are adjoints."""
    return any(t._tape is not None and t._tape.sweeping for t in tensors)


def _swept(roots, wanted, free, watch, kind):
    found, sweeps, queue, done = [], [], list(roots), False
    try:
        while queue:
            tape = queue[0][0]._tape
            with tape.lock:  # another thread may be renumbering
                here = [(t._row, array) for t, array in queue if t._tape is tape]
                sweeps.append(kind(tape, here, wanted))
            queue = [(t, array) for t, array in queue if t._tape is not tape]
            sweep = sweeps[-1]
            sweep.prepare()
            sweep.run(watch)
            found += sweep.found
            queue += sweep.beyond
        done = True
    finally:
        try:
            _close(sweeps, free and done)
        except BaseException:  # an interrupt
            _close(sweeps, free and done)
            raise
    return found


def _close(sweeps, free):
    for sweep in sweeps:
        sweep.close(free)


def tangent_of(outputs, inputs, tangents, lanes=None, zeros_flow=False):
    """Directional derivatives of Tensors by tangent sweeps over the tapes they lie on.

    Parameters
    ----------
    outputs, inputs : lists of Tensors
        Results, and the leaves they depend on.
    tangents : list of arrays
        The direction, an array an input.
    lanes : int, optional
        How many directions lie along the first axis of arrays; by default they have no such axis.
    zeros_flow : bool, optional
        Whether zeros of the tangents are numeric, because they come from another sweep.

    Returns
    -------
    list of arrays
        Zeros for an output that does not depend on the inputs.
    """
    plain = TangentSweep if lanes is None else partial(LaneTangents, lanes=lanes)
    found = _pushed(outputs, inputs, tangents, plain, () if lanes is None else (lanes,))
    if not any(map(has_nan, found)):
        return found
    lead = 2 if lanes is None else 2 * lanes
    zeros_flow = zeros_flow or _in_a_rule(outputs)
    seeds = [with_flow(x_dot, lanes, zeros_flow) for x_dot in tangents]
    found = _pushed(outputs, inputs, seeds, partial(CarefulTangents, lanes=lanes), (lead,))
    return [y_dot[0, ...] if lanes is None else y_dot[:lanes] for y_dot in found]


def _pushed(outputs, inputs, tangents, kind, lead):
    moves = list(zip(inputs, tangents))
    answers, tapes = [None] * len(outputs), {}
    for k, y in enumerate(outputs):
        if y.requires_grad and rooted(y):
            tapes.setdefault(id(y._tape), (y._tape, []))[1].append(k)
        else:
            found = [x_dot for t, x_dot in moves if t is y]
            answers[k] = np.array(found[0], y.dtype) if found else np.zeros((*lead, *y.shape), y.dtype)
    for tape, places in tapes.values():
        with tape.lock:
            sweep = kind(tape, [(outputs[k]._row, None) for k in places], None)
        try:
            sweep.prepare(moves, lambda others, known: _pushed(others, *zip(*known), kind, lead))
            sweep.run()
            for k, (row, _) in zip(places, sweep.roots):
                answers[k] = sweep.tangent(row)
        finally:
            try:
                sweep.close(False)
            except BaseException:  # an interrupt
                sweep.close(False)
                raise
    return answers
