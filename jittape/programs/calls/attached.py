"""Compiled calls as rows of the eager tape, for arguments that require gradients."""

import numpy as np

from ...autograd.function import Function
from ...autograd.backward_and_grad import grad
from ...errors import VersionError
from ...tape.tape import current
from ...tensors.tensor import Tensor, wrap
from ...transforms.pytrees import flatten
from ..tracing.signature import describe, rebuild
from ..tracing.environment_snapshot import contents_of


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
            return (None, *call.recorded(ctx.operands, bars))
        return (None, *call.pull_back(ctx.operands, bars))


def _contents_of_arrays(operands):
    """The contents of what NumPy can write to unnoticed, and the sweep reads again."""
    return [contents_of(x) for x in operands if isinstance(x, np.ndarray)]


class _AttachedCall:
    """One compiled call: what forward and backward need of it."""

    def __init__(self, compiled, variant, leaves, results):
        self.compiled, self.variant, self.leaves, self.results = compiled, variant, leaves, results

    def wanted(self, operands):
        return tuple(k for k, t in enumerate(operands) if isinstance(t, Tensor) and t.requires_grad)

    def pull_back(self, operands, bars):
        wanted, roots = self.wanted(operands), tuple(range(len(bars)))
        values = [t._value() if isinstance(t, Tensor) else t for t in operands]
        replay = self.variant.replay(wanted, roots, True)
        results = replay(values + [b._value() for b in bars], True)  # the guards held for these values at the call
        if results is None:
            raise RuntimeError(
                "jt.compile: a value that the function looks at (an if, float(), an index) differs in the sweep from that in the "
                "call: an array or Tensor was written to in between. Sweep before changing it, or pass a copy"
            )
        found = dict(zip(wanted, results[len(self.results) :]))
        return [wrap(found[k]) if k in found else None for k in range(len(operands))]

    def recorded(self, operands, bars):
        """Cotangents by running the function again, eagerly, so that the sweep can be differentiated."""
        variant = self.variant
        if not variant.suits() or [describe(leaf) for leaf in self.leaves] != variant.descriptions:
            raise VersionError(
                "jt.compile: an argument, or what the function reads from its closure, globals or objects, has changed between a "
                "call and a sweep with create_graph=True, which runs the function again: sweep before changing it, or pass it as "
                "an argument"
            )
        leaves = list(self.leaves)
        for k, t in zip(variant.places, operands):
            leaves[k] = t
        outputs = run_eagerly(variant, leaves)
        inputs = [operands[k] for k in self.wanted(operands)]
        pairs = [(y, b) for y, b in zip(outputs, bars) if y.requires_grad]
        found = grad([y for y, _ in pairs], inputs, [b for _, b in pairs], create_graph=True, allow_unused=True)
        answers = dict(zip(self.wanted(operands), found))
        return [answers.get(k) for k in range(len(operands))]


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
    results = variant.replay()(variant.values(leaves), is_new)
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
