"""Derivatives of a listing by sweeps that tell structural zeros from numeric ones: as rows of another listing, and at once.

A program multiplies as the machine does. Where a derivative comes out as nan, the gradient of its listing is recorded with
what flows beside every adjoint (`autograd.recorded_reverse`): a program, too, in which masks are computed anew in every replay.
"""

import numpy as np

from ...autograd.gradient_requests import gradients_of
from ...numba_backend.forks import process_lock
from ...ops.operation_table import raw
from ...tape.recording_state import recording, state
from ...tape.tape import Tape
from ...tensors.row_binding import row_of
from ...tensors.tensor import Tensor, wrap
from ..lowering.listing import from_trace
from ..tracing.trace import Trace
from .recorded_listing import record_listing
from .replay import Replay


def careful_listing(listing, wanted, roots, values):
    """The listing of the outputs and of gradients, with structural zeros told from others.

    Parameters
    ----------
    listing : Listing
        Of the values alone; it can be recorded.
    wanted, roots : tuples of int
        As in `Program`.
    values : list of arrays
        Of the inputs, and of the cotangents of the roots where these are inputs, too: what is recorded is computed with them.

    Returns
    -------
    Listing
        With the cotangents as further inputs, and the gradients as further outputs.
    """
    before, trace = recording(), Trace(records_flow=True)
    try:
        state.set(trace)
        given = [trace.argument(np.asarray(v)) for v in values]
        answers = _outputs_and_gradients(listing, given, wanted, roots)
        return from_trace(trace, [row_of(trace, t) for t in answers])
    finally:
        state.set(before)
        trace.leaves.clear()


class CarefulProgram:
    """Outputs and gradients of a listing where a plain program finds nan: eagerly once, then by a program of their own.

    Parameters
    ----------
    listing, wanted, roots
        As in `careful_listing`.
    threads
        As in `Instance`.
    """

    def __init__(self, listing, wanted, roots, threads=None):
        self.about, self.threads = (listing, wanted, roots), threads
        self._calls, self._replay, self._lock = 0, None, process_lock()

    def __call__(self, values):
        """Arrays of the outputs and gradients."""
        self._calls += 1
        if self._calls == 1:  # recording a program takes longer than one answer, and one may be all that is asked for
            return careful_answer(*self.about, values)
        with self._lock:
            if self._replay is None:
                self._replay = Replay(careful_listing(*self.about, values), threads=self.threads)
        results = self._replay(values)
        return careful_answer(*self.about, values) if results is None else results  # None: a rule has looked at a value


def careful_answer(listing, wanted, roots, values):
    """Arrays of the outputs and gradients, by an eager run of the listing on a tape of its own."""
    with Tape():
        given = [wrap(np.array(v)) for v in values]
        for k in wanted:
            given[k].requires_grad_()
        return [raw(t) for t in _outputs_and_gradients(listing, given, wanted, roots)]


def _outputs_and_gradients(listing, given, wanted, roots):
    n = len(listing.inputs)
    outputs = record_listing(listing, given[:n])
    cotangents = given[n:] or [np.ones(tuple(outputs[k].shape), outputs[k].dtype) for k in roots]
    pairs = [(outputs[k], g) for k, g in zip(roots, cotangents) if isinstance(outputs[k], Tensor) and outputs[k].requires_grad]
    inputs = {id(given[k]): given[k] for k in wanted}
    found = gradients_of([y for y, _ in pairs], [g for _, g in pairs], inputs, True, False) if pairs else {}
    return outputs + [_gradient(found, given[k]) for k in wanted]


def _gradient(found, variable):
    return found[id(variable)][1] if id(variable) in found else np.zeros(tuple(variable.shape), variable.dtype)
