"""`checkpoint`: a function whose intermediate values are computed again in place of being kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..autograd.dependence import captured_leaves
from ..autograd.recorded_tangents import recorded_tangents_of
from ..autograd.recorded_reverse import Flowing
from ..autograd.sweeps_across_tapes import pulled_back_with_flow, sweep_all, tangent_of
from ..autograd.gradient_requests import gradients_of
from ..ops.copies_and_joins import clone
from ..tape.tape import Tape, current
from ..tape.recording_state import recording
from ..tensors.extras import Extent
from ..tensors.tensor import Tensor, wrap
from .backends import foreign
from .custom_rules import CALL, RuleCall, CustomRule
from .pytrees import flatten, map_leaves
from .shared_arguments import memory_of
from .inputs_and_outputs import leaf

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Checkpoint(CustomRule):
    """``jt.checkpoint(f)``: the function, which leaves one row on the tape however many operations it does."""

    def __call__(self, *args, **kwargs):
        """Call the function.

        Parameters
        ----------
        *args, **kwargs
            Its arguments.

        Returns
        -------
        object
            What the function returned.
        """
        recorder = current().recorder
        if recorder is None:
            return self.function(*args, **kwargs)
        call = RuleCall(self, (args, kwargs))
        data = [x for x in call.leaves if isinstance(x, np.ndarray)]
        before = [np.array(memory_of(x)) for x in (*call.operands, *data)]
        value, captured = recorder.steadily(self._run_and_look, call)
        if captured is not None and not any(x.requires_grad for x in (*call.operands, *captured)):
            return value
        call.refuse_writes([*call.operands, *data], before)
        if captured is None:  # results of before are used, not handed in: their derivatives would come twice
            return self.function(*args, **kwargs)
        operands = call.operands + captured
        call.captured, call.value = captured, map_leaves(lambda y: y.detach() if isinstance(y, Tensor) else y, value)
        return call.split(CALL.apply(operands, call))

    def _run_and_look(self, tape, call):
        """The function's value, and what `captured_leaves` finds of the rows that it has recorded."""
        start = len(tape)
        value = self._run(call, [x.detach() for x in call.operands])
        return value, captured_leaves([y for y in flatten(value)[0] if isinstance(y, Tensor)], tape, start)

    def _run(self, call, tensors):
        args, kwargs = call.arguments(tensors)
        return self.function(*args, **kwargs)

    def evaluate(self, call, tensors):
        """The value; the first time, the one that `__call__` has computed."""
        value, call.value = call.value, None
        if value is None:
            value = map_leaves(lambda y: y.detach() if isinstance(y, Tensor) else y, self._run(call, tensors))
        return value

    def pull_back(self, call, active, y_bar, operands):
        """Cotangents of the operands, by place: runs the function again, recorded, and sweeps over that."""
        n, y_bars = len(call.places), flatten(call.split(y_bar))[0]
        if recording().recorder is not None:
            variables = self._clones(call, operands)
            pairs = self._paired(self._run(call, variables), y_bars)
            totals = gradients_of(*zip(*pairs), {id(v): v for v in variables}, False, True) if pairs else {}
            return {k: totals[id(v)][1] for k, v in enumerate(variables) if id(v) in totals}
        with Tape():  # one of its own: the tape that is being swept cannot forget
            variables = self._variables(operands[:n]) + call.captured
            pairs = self._paired(self._run(call, variables[:n]), y_bars)
            wanted, sums = {id(v): v for v in variables}, {}
            roots = [(y, g._value()) for y, g in pairs if y._tape is not None]
            for t, g in sweep_all(roots, wanted, True, zeros_flow=True) if roots else ():
                sums[id(t)] = sums[id(t)] + g if id(t) in sums else g
        return {k: wrap(np.asarray(sums[id(v)])) for k, v in enumerate(variables) if id(v) in sums}

    def pull_back_with_flow(self, call, y_bar, flow, operands):
        """`pull_back`, for a cotangent with structural zeros: pairs of cotangents and where they flow."""
        n, y_bars = len(call.places), flatten(call.split(y_bar))[0]
        is_open = np.ones(tuple(y_bar.shape), y_bar.dtype) if flow is None else flow.astype(y_bar.dtype)
        seeds = [Flowing(g, f._value() != 0) for g, f in zip(y_bars, flatten(call.split(wrap(is_open)))[0])]
        if recording().recorder is not None:
            variables = self._clones(call, operands)
            pairs = self._paired(self._run(call, variables), seeds)
            totals = gradients_of(*zip(*pairs), {id(v): v for v in variables}, False, True) if pairs else {}
            return {k: (totals[id(v)][1], None) for k, v in enumerate(variables) if id(v) in totals}
        with Tape():  # one of its own: the tape that is being swept cannot forget
            variables = self._variables(operands[:n]) + call.captured
            pairs = self._paired(self._run(call, variables[:n]), seeds)
            rows = [(y, g.seed._value(), g.flow) for y, g in pairs if y._tape is not None]
            found = pulled_back_with_flow(*zip(*rows), {id(v): v for v in variables}) if rows else {}
        return {k: (wrap(found[id(v)][0]), found[id(v)][1]) for k, v in enumerate(variables) if id(v) in found}

    def push_forward(self, call, x_dots, operands):
        """The tangent of the joined outputs: runs the function again and sweeps tangents over that."""
        n = len(call.places)
        if recording().recorder is not None:
            variables = self._clones(call, operands)
            outputs = self._outputs(self._run(call, variables))
            moving = [(variables[k], x_dot) for k, x_dot in x_dots.items()]
            found = recorded_tangents_of(outputs, *zip(*moving))
        else:
            with Tape():  # one of its own: the tape that is being swept cannot forget
                variables = self._variables(operands[:n]) + call.captured
                outputs = self._outputs(self._run(call, variables[:n]))
                moving = [(variables[k], x_dot._value()) for k, x_dot in x_dots.items()]
                found = [wrap(y_dot) for y_dot in tangent_of(outputs, *zip(*moving), zeros_flow=True)]
        return call.join([y * 0.0 if y_dot is None else y_dot for y, y_dot in zip(outputs, found)])

    def _clones(self, call, operands):
        """Copies of the operands, each with a row of its own, so that one's derivative does not pass through another."""
        if call.captured:
            raise NotImplementedError(
                f"{self}: higher derivatives of a checkpointed function that uses Tensors from outside are not supported: pass "
                "them as arguments"
            )
        return [clone(x) for x in operands]

    def _variables(self, operands):
        extent = Extent()
        extent.open = 1  # for as long as they live: transforms that the function calls keep the graph
        return [leaf(x._value(), extent) for x in operands]

    def _outputs(self, value):
        return [y if isinstance(y, Tensor) else wrap(np.asarray(y)) for y in flatten(value)[0]]

    def _paired(self, value, y_bars):
        return [(y, g) for y, g in zip(self._outputs(value), y_bars) if y.requires_grad]


def checkpoint(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function that keeps nothing but its arguments for its derivatives.

    Parameters
    ----------
    function : callable
        Takes Tensors and anything else; returns Tensors of one floating dtype, or a tree of them. It must compute the same
        when it is called again.

    Returns
    -------
    Checkpoint
        Called like the function. A sweep runs the function again and records that run, whose rows it frees at once: memory
        for one call at a time, at the cost of another forward run.

    Notes
    -----
    Tensors that the function closes over may be leaves (parameters). Where it closes over results, it is recorded as if it were
    not checkpointed, which gives the right derivatives and saves no memory.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> def decay(x):
    ...     for _ in range(100):
    ...         x = x - 0.01 * x
    ...     return x
    >>> x = np.ones(3)
    >>> bool(np.all(jt.vjp(jt.checkpoint(decay), x)[1](x)[0] == jt.vjp(decay, x)[1](x)[0]))
    True
    """
    return foreign("checkpoint", function) or Checkpoint(function)
