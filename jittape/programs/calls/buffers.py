"""Calls of programs without allocation, on arrays that stay where they are."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import numpy as np

from ...autograd.found_nan import FoundNan
from ...memory.layouts import LAYOUTS
from ...memory.words import address_of
from ...tape.recording_state import recording
from ...transforms.pytrees import flatten, unflatten
from .replay import holds
from ..tracing.signature import rebuild, value_of

if TYPE_CHECKING:
    from typing import Any


class BufferedCall:
    """A compiled function with arrays of its own for arguments and results.

    Fill the arrays of the arguments, which are attributes with the arguments' names (and are in ``inputs``, in order), call,
    and read ``value`` and, of a gradient, ``grad``. These are always the same arrays, so references to them may be kept.

    Attributes
    ----------
    inputs : list of ndarray
        Arrays of the arguments.
    value : ndarray or tree of ndarray
        The result.
    grad : ndarray or tree of ndarray
        The gradient, of a program that computes one.
    """

    def __init__(self, compiled, args, kwargs):
        self._compiled = compiled
        self._variant, self._leaves = compiled.variant_for(args, kwargs)
        replay, self._plan = self._variant.main(), self._variant.plan
        self._instance = replay.take()
        values = [np.array(value_of(v)) for v in self._variant.operands(self._leaves)]
        self.inputs = self._arrays(replay.program.inputs, replay.program.input_dtypes, self._instance.inputs)
        results = self._arrays(replay.program.results, replay.program.dtypes, self._instance.results)
        self._copies = []  # (array of the caller, where the program has it)
        self._results = self._apart(results, replay.program)
        for array, value in zip(self.inputs, values):
            array[...] = value
        self._captured = list(zip(self.inputs[len(self._variant.places) :], self._variant.captured.tensors))
        self._simple = not (self._instance.guards or self._captured)
        self._unchanged = self._variant.traced.environment.unchanged
        self._name_inputs(args, kwargs)
        self._publish()
        self._run = self._run_and_copy if self._copies else self._instance.run
        self()

    def _arrays(self, places, dtypes, views):
        arrays = []
        for place, dtype, view in zip(places, dtypes, views):
            if view is None:
                view = np.zeros(LAYOUTS[place.layout].shape, dtype)
                self._instance.bind(place.slot, address_of(view))
            arrays.append(view)
        return arrays

    def _apart(self, results, program):
        """Results that can be written to: one that is an argument, a constant or another result gets an array of its own."""
        fixed = {slot for slot, _ in program.assembly.lowering.constants}
        arrays = []
        for result, place in zip(results, program.results):
            shared = any(np.may_share_memory(result, other) for other in self.inputs + arrays)
            if shared or place.slot in fixed or not result.flags.c_contiguous:
                self._copies.append((result.copy(), result))
                result = self._copies[-1][0]
            arrays.append(result)
        return arrays

    def _name_inputs(self, args, kwargs):
        try:
            names = list(inspect.signature(self._compiled.function).bind(*args, **kwargs).arguments)
        except (TypeError, ValueError):
            return
        flat = flatten(args)[0]
        if len(flat) == len(args) and not kwargs and len(self._variant.places) == len(args):
            for name, array in zip(names, self.inputs):
                setattr(self, name, array)

    def _publish(self):
        """Set the results as trees of the arrays. What one trace found constant may vary in another one."""
        leaves, self._structure = flatten(self._variant.result_arrays(self._results))
        self._leaves_out = [leaf if any(leaf is r for r in self._results) else self._constant(leaf) for leaf in leaves]
        tree = unflatten(self._structure, self._leaves_out)
        if self._plan is None:
            self.value = tree
        else:
            self.value, self.grad = tree

    def _constant(self, leaf):
        """A result that depends on no input; a floating-point number gets an array of its own."""
        if isinstance(leaf, (float, np.ndarray, np.generic)):
            self._copies.append((np.array(leaf), np.array(leaf)))
            return self._copies[-1][0]
        return leaf

    def _fill(self, variant, answers):
        """Write the results of another trace into the arrays of this one."""
        leaves, structure = flatten(variant.result_arrays(answers))
        if structure != self._structure or not all(_fits(o, n) for o, n in zip(self._leaves_out, leaves)):
            raise RuntimeError(
                "a buffered call got results of other shapes, dtypes or constants than those of the buffer: these arguments take "
                "another path through the function (an if on a value). Make a new buffer for them"
            )
        for old, new in zip(self._leaves_out, leaves):
            if isinstance(old, np.ndarray):
                old[...] = new

    def __call__(self) -> Any:
        state = recording()
        if state is not None and state.watching and state.needs_rows:
            # A program has no lines: this raises where the function's values are not finite.
            args, kwargs = self._arguments()
            self._compiled.plainly(args, kwargs)
        if self._simple and self._unchanged():
            if self._run():
                self._fill_with_care(self._variant)
        else:
            self._run_checked()

    def _run_and_copy(self):
        found_nan = self._instance.run()
        for own, result in self._copies:
            own[...] = result
        return found_nan

    def _run_checked(self):
        for array, tensor in self._captured:
            array[...] = tensor._value()
        if self._variant.suits():
            found_nan = self._run()
            if holds(self._instance.guards):
                if found_nan:
                    self._fill_with_care(self._variant)
                return
        # another trace is needed; its results are written into the same arrays
        args, kwargs = self._arguments()
        variant, leaves = self._compiled.variant_for(args, kwargs)
        try:
            self._fill(variant, variant.main()(variant.values(leaves)))
        except FoundNan as found:
            self._fill(variant, *found.args)
            self._fill_with_care(variant)

    def _arguments(self):
        return rebuild(self._variant.structure, self._present_leaves())

    def _present_leaves(self):
        leaves = list(self._leaves)
        for k, array in zip(self._variant.places, self.inputs):
            leaves[k] = array.item() if isinstance(leaves[k], float) else array.copy()
        return leaves

    def _fill_with_care(self, variant):
        """Write the derivatives that sweeps find which tell structural zeros from others."""
        leaves = self._present_leaves()
        answer = variant.answer_with_care(leaves, variant.values(leaves))
        target, answer = (self.value, answer) if self._plan is None else (self.grad, self._plan.gradient_of(answer))
        for old, new in zip(flatten(target)[0], flatten(answer)[0], strict=True):
            if isinstance(old, np.ndarray):
                old[...] = value_of(new)


def _fits(old, new):
    """Whether the arrays of one result can hold that of another trace."""
    if not isinstance(old, np.ndarray):
        return type(old) is type(new) and repr(old) == repr(new)
    new = np.asarray(new)
    return new.shape == old.shape and new.dtype == old.dtype
