"""Compiled transforms: how ``jt.compile(jt.value_and_grad(f))`` uses the program of f."""

import numpy as np

from ...tensors.tensor import Tensor, wrap
from ...transforms.grad_vjp import ValueAndGradient
from ...transforms.pytrees import ONE_LEAF, flatten, unflatten
from ...transforms.inputs_and_outputs import like
from ..tracing.signature import is_traced
from .result_forms import number_of


class GradientPlan:
    """Which inputs are differentiated, and how results of the program become the answer of the transform."""

    def __init__(self, transform, variant, args):
        self.transform, self.variant = transform, variant
        self.wanted, self.roots, self.models, self.structures = (), (), [], []
        self.fits = all(-len(args) <= k < len(args) for k in transform._numbers)
        if self.fits:
            self._choose_inputs(args)
        if self.fits:
            self._choose_root()
        self._bare = all(s is ONE_LEAF for s in self.structures) and not transform.has_aux

    def _choose_inputs(self, args):
        ends = np.cumsum([0] + [len(flatten(arg)[0]) for arg in args]).tolist()
        wanted = []
        for number in self.transform._checked(len(args)):
            leaves, structure = flatten(args[number])
            self.models += [_model(leaf) for leaf in leaves]
            self.structures.append(structure)
            wanted += range(ends[number], ends[number + 1])
        self.fits = all(is_traced(self.variant.descriptions[k]) for k in wanted)
        if self.fits:
            self.wanted = tuple(self.variant.places.index(k) for k in wanted)
            self.fits = self.variant.traced.converted.isdisjoint(self.wanted)

    def _choose_root(self):
        """The output that is differentiated, if the function returns one number."""
        traced = self.variant.traced
        outputs, structure = traced.outputs, traced.structure
        if self.transform.has_aux:
            whole = traced.build(range(len(outputs)))
            self.fits &= isinstance(whole, tuple) and len(whole) == 2 and isinstance(whole[0], int)
        else:
            self.fits &= len(outputs) == 1 and structure.type == "leaf"
        if not self.fits:
            return
        output, listing = outputs[0], traced.listing
        if output.number is None:
            constant = output.constant
            self.fits = isinstance(constant, float) or getattr(constant, "size", 0) == 1 and constant.dtype.kind == "f"
            self.roots = ()
        else:
            shape = listing.shape(listing.outputs[output.number])
            self.fits &= int(np.prod(shape)) == 1 and not output.is_mask
            self.roots = (output.number,)

    def quick(self):
        """A function that makes answers without containers from the memory of the results; None for other answers."""
        if not (self.fits and self._bare and self.variant.forms.is_one_array) or self._value_has_axes():
            return None
        if self.transform._single and isinstance(self.models[0], np.ndarray):
            return _value_and_gradient if isinstance(self.transform, ValueAndGradient) else _gradient
        return self._answer_of_memory

    def _value_has_axes(self):
        """Whether the value is an array of one element, not a number."""
        listing = self.variant.traced.listing
        return listing.shape(listing.outputs[0]) != ()

    def _answer_of_memory(self, results):
        leaves = [r.copy() if r.ndim else like(r[()], m) for r, m in zip(results[1:], self.models)]
        gradient = self.transform._by_argument(leaves)
        return (number_of(results[0]), gradient) if isinstance(self.transform, ValueAndGradient) else gradient

    def answer(self, results):
        """What the transform would have returned."""
        n = len(self.variant.traced.listing.outputs)
        value = self.variant.forms.answer(results)
        return self.assemble(value, [like(g, m) for g, m in zip(results[n:], self.models)])

    def assemble(self, value, leaves):
        """The answer, from the value and the gradients of all variables."""
        gradient = self.transform._by_argument(leaves if self._bare else self._trees(leaves))
        if isinstance(self.transform, ValueAndGradient):
            return value, gradient
        return (gradient, value[1]) if self.transform.has_aux else gradient

    def arrays(self, results):
        """Value and gradient as trees of the arrays of the results themselves."""
        n = len(self.variant.traced.listing.outputs)
        return self.variant.forms.arrays(results), self.transform._by_argument(self._trees(results[n:]))

    def gradient_of(self, answer):
        """The gradient in what the transform has returned."""
        if isinstance(self.transform, ValueAndGradient):
            return answer[1]
        return answer[0] if self.transform.has_aux else answer

    def _trees(self, leaves):
        leaves = iter(leaves)
        return [unflatten(s, [next(leaves) for _ in range(_count(s))]) for s in self.structures]


def _value_and_gradient(results):
    return number_of(results[0]), results[1].copy()


def _gradient(results):
    return results[1].copy()


def _count(structure):
    return 1 if structure.type == "leaf" else sum(_count(c) for c in structure.children)


def _model(leaf):
    """A value of the form of a leaf, which does not keep its memory."""
    if isinstance(leaf, Tensor):
        return leaf.detach() if leaf.numel() < 16 else wrap(np.empty(0))
    return np.empty(0) if isinstance(leaf, np.ndarray) else leaf
