"""Compiled calls as rows of the eager tape, for arguments that require gradients."""

import numpy as np

from ...autograd.function import Function
from ...autograd.gradient_requests import gradients_of
from ...autograd.recorded_reverse import Flowing
from ...autograd.found_nan import FoundNan
from ...autograd.sweeps_across_tapes import pulled_back_with_flow
from ...errors import VersionError
from ...tape.tape import Tape, current
from ...tensors.tensor import Tensor, wrap
from ...transforms.pytrees import flatten
from ..tracing.signature import describe, rebuild
from ..tracing.environment_snapshot import contents_of
from .recorded_listing import can_be_recorded, record_listing


class _CompiledCall(Function):
    """The operation of such a row: forward runs the program of the values, backward that of the gradients."""

    reads_the_past = True

    @staticmethod
    def forward(ctx, call, *operands):
        """The outputs that have derivatives, then the others."""
        ctx.call, ctx.operands = call, operands
        ctx.save_for_backward(*[t for t in operands if isinstance(t, Tensor)])
        ctx.contents = _contents_of_arrays(operands)
        return tuple(wrap(r) for r in call.results)

    @staticmethod
    def backward(ctx, *bars):
        """Cotangents of the operands; where they have to be recorded, from the function itself."""
        call, _ = ctx.call, ctx.saved_tensors  # raises if one was changed
        if _contents_of_arrays(ctx.operands) != ctx.contents:
            raise VersionError(
                "one of the variables needed for gradient computation has been modified by an inplace operation: a NumPy array "
                "that was an argument of a compiled function has other contents than at the call. Hint: pass a copy, x.copy()"
            )
        if current().enabled:
            return (None, *call.recorded(ctx.operands, bars, ctx.flows))
        if ctx.flows is None:
            return (None, *call.pull_back(ctx.operands, bars))
        answers, reached = call.pull_back_with_care(ctx.operands, bars, ctx.flows)
        ctx.reached = [None, *reached]
        return (None, *answers)


def _contents_of_arrays(operands):
    """The contents of what NumPy can write to unnoticed, and the sweep reads again."""
    return [contents_of(x) for x in operands if isinstance(x, np.ndarray)]


class _AttachedCall:
    """One compiled call: what forward and backward need of it."""

    def __init__(self, compiled, variant, leaves, results):
        self.compiled, self.variant, self.leaves, self.results = compiled, variant, leaves, results

    def wanted(self, operands):
        return tuple(k for k, t in enumerate(operands) if isinstance(t, Tensor) and t.requires_grad)

    def pull_back(self, operands, bars, takes_nan=False):
        wanted, roots = self.wanted(operands), tuple(range(len(bars)))
        values = [t._value() if isinstance(t, Tensor) else t for t in operands]
        replay = self.variant.replay(wanted, roots, True)
        try:
            results = replay(values + [b._value() for b in bars], True)  # the guards held for these values at the call
        except FoundNan as found:
            if not takes_nan:
                raise
            (results,) = found.args
        if results is None:
            raise RuntimeError(
                "jt.compile: a value that the function looks at (an if, float(), an index) differs in the sweep from that in the "
                "call: an array or Tensor was written to in between. Sweep before changing it, or pass a copy"
            )
        found = dict(zip(wanted, results[len(self.results) :]))
        return [wrap(found[k]) if k in found else None for k in range(len(operands))]

    def _can_run_again(self, operands):
        """Whether a run of the function on copies of its arguments shows all that is wanted: not from a file, nor with results of
        an outer program that it has captured."""
        captured = [operands[k] for k in self.wanted(operands) if k >= len(self.variant.places)]
        return self.variant.traced.can_run_again and all(t.is_leaf for t in captured)

    def pull_back_with_care(self, operands, bars, flows):
        """Cotangents in a sweep that tells structural zeros from others, and where they flow: eagerly, on copies."""
        runs = self._can_run_again(operands)
        if runs:
            self._refuse_changes()
        elif not can_be_recorded(self.variant.traced.listing):
            return self.pull_back(operands, bars, True), [None] * len(operands)
        with Tape():  # one of its own: the tape that is being swept cannot forget
            variables = {k: self._variable(operands, k, runs) for k in self.wanted(operands)}
            outputs = self._run_eagerly({**dict(enumerate(operands)), **variables}, runs)
            rows = [(y, b._value(), flow_of(flows, j, y)) for j, (y, b) in enumerate(zip(outputs, bars)) if y._tape is not None]
            found = pulled_back_with_flow(*zip(*rows), {id(v): v for v in variables.values()}) if rows else {}
        pairs = [found.get(id(variables[k])) if k in variables else None for k in range(len(operands))]
        return [None if p is None else wrap(p[0]) for p in pairs], [None if p is None else p[1] for p in pairs]

    def _variable(self, operands, k, runs):
        """A copy of an operand; a function that runs finds itself what it has captured."""
        if runs and k >= len(self.variant.places):
            return operands[k]
        return operands[k].detach().clone().requires_grad_()

    def _run_eagerly(self, operands, runs):
        """The outputs of the program, computed by the function itself, or by the rows of its listing."""
        if runs:
            return run_eagerly(self.variant, self._leaves_with(operands))
        given = [operands[k] for k in range(len(operands))]
        outputs = record_listing(self.variant.traced.listing, [x if isinstance(x, Tensor) else wrap(np.array(x)) for x in given])
        return [outputs[output.number] for output in self.variant.traced.outputs if output.number is not None]

    def _refuse_changes(self):
        variant = self.variant
        if not variant.suits() or [describe(leaf) for leaf in self.leaves] != variant.descriptions:
            raise VersionError(
                "jt.compile: an argument, or what the function reads from its closure, globals or objects, has changed between a "
                "call and a sweep with create_graph=True, which runs the function again: sweep before changing it, or pass it as "
                "an argument"
            )

    def _leaves_with(self, operands):
        """The leaves of the arguments, with some operands in their places."""
        leaves = list(self.leaves)
        for k, place in enumerate(self.variant.places):
            leaves[place] = operands[k]
        return leaves

    def recorded(self, operands, bars, flows):
        """Cotangents by running the function again, eagerly, so that the sweep can be differentiated."""
        runs = self.variant.traced.can_run_again
        if runs:
            self._refuse_changes()
        elif not can_be_recorded(self.variant.traced.listing):
            raise RuntimeError(
                "jt.compile: got a program from a file that writes under no_grad, expected one with its Python function, which a "
                "second derivative would run again: compile the function here"
            )
        outputs = self._run_eagerly(operands, runs)
        inputs = {id(operands[k]): operands[k] for k in self.wanted(operands)}
        pairs = [(y, b if flows is None else Flowing(b, flow_of(flows, j, y))) for j, (y, b) in enumerate(zip(outputs, bars))]
        pairs = [(y, b) for y, b in pairs if y.requires_grad]
        found = gradients_of([y for y, _ in pairs], [b for _, b in pairs], inputs, False, True)
        return [found[id(t)][1] if id(t) in inputs and id(t) in found else None for t in operands]


def flow_of(flows, j, y):
    """Where the cotangent of output j flows: nowhere if it has none."""
    return flows[j] if j in flows else np.zeros(tuple(y.shape), bool)


def run_eagerly(variant, leaves):
    """The outputs of the program, computed by the function itself."""
    args, kwargs = rebuild(variant.structure, leaves)
    outputs = flatten(variant.compiled.traced_function(*args, **kwargs))[0]
    return [y for y, output in zip(outputs, variant.traced.outputs) if output.number is not None]


def attach(compiled, variant, leaves, args, kwargs, is_new=False):
    """Make a call that is a row. Returns the answer in a tuple of one, None if a guard has failed."""
    if compiled.transform is not None:  # higher derivatives: the transform records its sweep
        return (compiled.transform(*args, **kwargs),)
    operands = variant.operands(leaves)
    if any(isinstance(operands[k], Tensor) and operands[k].requires_grad for k in variant.traced.converted):
        return (compiled.plainly(args, kwargs),)
    try:
        results = variant.replay()(variant.values(leaves), is_new)
    except FoundNan:  # in a sweep inside the function
        return (compiled.with_care(args, kwargs),)
    if results is None:
        return None
    call = _AttachedCall(compiled, variant, leaves, results)
    tensors = _CompiledCall.apply(call, *operands)
    answer = []
    for output in variant.traced.outputs:
        if output.number is None:
            answer.append(variant.forms.constant(output))
            continue
        result = variant.forms.handle(tensors[output.number])
        if output.is_mask:
            answer.append(result != 0)
        else:
            answer.append(result if output.differs else result.detach())
    return (variant.traced.build(answer),)
