"""One trace of a compiled function: the calls that it fits, its programs, and its answers."""

import functools
import numpy as np

from ...autograd.found_nan import FoundNan
from ...numba_backend.forks import process_lock
from ...tape.tape import current
from ...tensors.array import Array
from ...tensors.tensor import Tensor
from ...transforms.shared_arguments import arrays_in, refuse_shared
from ..tracing.signature import is_traced, rebuild, value_of
from .argument_match import never, quick_match
from .careful_listing import CarefulProgram
from .captured_tensors import CapturedTensors
from .compiled_gradients import GradientPlan
from .recorded_listing import can_be_recorded
from .replay import Replay
from .result_forms import ResultForms, first_of


def _copy_of(leaf):
    """An argument of the same kind, with memory of its own and without history."""
    if isinstance(leaf, Tensor):
        return leaf.detach().clone()
    return leaf.copy() if isinstance(leaf, np.ndarray) else leaf


class Variant:
    """One trace for one signature, and the programs made of it.

    Attributes
    ----------
    places : list of int
        The leaves of the arguments that are inputs of the program.
    statics : list
        The others; None in the places of inputs.
    tensors : bool
        Whether a Tensor is among the arguments.
    captured : CapturedTensors
        Inputs from the function's environment.
    forms : ResultForms
        How answers are made of results.
    plan : GradientPlan or None
        Of a compiled transform.
    fits : bool
        Whether a compiled transform can be answered by a program; if not, it is called as it is.
    matches, still_suits : callable
        Two quick tests of a call: of its arguments, and of the environment.
    why : str
        Why the trace was made.
    number : int
        Which trace of the function it is; 0 for one that was made elsewhere.
    example : list or None
        Leaves of the first call, where a file needs another trace of the function (see `has_a_careful_trace`).
    """

    why, number = "a file, or for plain arrays", 0

    def __init__(self, compiled, traced, leaves, structure, descriptions, args, default_dtype):
        self.compiled, self.traced, self.structure, self.descriptions = compiled, traced, structure, descriptions
        self.default_dtype = default_dtype
        self.statics = [None if is_traced(d) else leaf for leaf, d in zip(leaves, descriptions)]
        self.places = [k for k, d in enumerate(descriptions) if is_traced(d)]
        self.tensors = any(d[1] in (Tensor, Array) for d in descriptions)
        self.captured = CapturedTensors(traced.environment)
        self.forms = ResultForms(traced, self.tensors, Tensor if any(d[1] is Tensor for d in descriptions) else Array)
        self.plan = None if compiled.transform is None else GradientPlan(compiled.transform, self, args)
        self.fits = self.plan is None or self.plan.fits
        plain = self.fits and not self.tensors and not traced.written
        self.matches = quick_match(leaves, descriptions, args, default_dtype) if plain else never
        self.suits, self.still_suits = self.captured.unchanged, self.captured.unchanged_without_graph
        self._only_arguments = not (self.tensors or self.captured.tensors) and self.places == list(range(len(leaves)))
        self._replays, self._lock, self._main, self._careful = {}, process_lock(), None, None
        self._answer = self.forms.answer if self.plan is None else self.plan.answer
        self._quick_answer = self._find_quick_answer()
        self.example = [_copy_of(leaf) for leaf in leaves] if self.has_a_careful_trace and traced.can_run_again else None

    def _find_quick_answer(self):
        """A function that makes the answer from the memory of a program; None if that has to be copied first."""
        if self.plan is not None:
            return self.plan.quick()
        return first_of if self.forms.is_one_array else None

    def needs_graph(self, leaves):
        """Whether an input requires gradients while gradients are recorded."""
        if not self.tensors and not self.captured.tensors:
            return False
        if not current().enabled:
            return False
        arguments = [leaves[k] for k in self.places]
        return any([t.requires_grad for t in [*arguments, *self._captured_and_read] if isinstance(t, Tensor)])

    @functools.cached_property
    def _captured_and_read(self):
        """The captured Tensors that results depend on: parameters in whose place the function has put others are none of them."""
        read, n = self.traced.listing.inputs_that_are_read(), len(self.places)
        return [t for k, t in enumerate(self.captured.tensors) if n + k in read]

    def operands(self, leaves):
        """The inputs of the program: traced arguments, then captured Tensors."""
        return [leaves[k] for k in self.places] + self.captured.tensors

    def values(self, leaves):
        """The operands as numbers and arrays."""
        return [value_of(v) for v in self.operands(leaves)]

    def replay(self, wanted=(), roots=(0,), seeded=False):
        """The program for the values, or for gradients, too; made when it is first asked for."""
        key = (wanted, roots, seeded)
        found = self._replays.get(key)
        if found is None:
            with self._lock:
                found = self._replays[key] = self._replays.get(key) or self._made(*key)
        return found

    def _made(self, wanted, roots, seeded):
        return Replay(self.traced.listing, wanted, roots, seeded, self.compiled.threads, not self.compiled.is_careful)

    def main(self):
        """The program of the usual call."""
        if self._main is None:
            self._main = self.replay() if self.plan is None else self.replay(self.plan.wanted, self.plan.roots)
        return self._main

    def refuse_shared(self, leaves):
        """Raise if arguments that the function writes to share memory with what else it sees."""
        written = [leaves[self.places[k]] for k in self.traced.written]
        if written:
            refuse_shared("compile", self.compiled.function, written, arrays_in(leaves))

    def call(self, leaves, is_new=False):
        """The answer in a tuple of one; None if a guard has failed."""
        replay, values = self._main or self.main(), leaves if self._only_arguments else self.values(leaves)
        try:
            if self._quick_answer is not None and replay.is_small:
                return (replay.quickly(values, self._quick_answer),)
            results = replay(values, is_new)
        except FoundNan:
            return (self.answer_with_care(leaves, values),)
        return None if results is None else (self._answer(results),)

    def answer_with_care(self, leaves, values):
        """The answer by sweeps that tell structural zeros from others: of the listing, or of the function if it sweeps itself."""
        if self.repeats_the_function:
            args, kwargs = rebuild(self.structure, leaves)
            return self.compiled.with_care(args, kwargs)
        return self._answer(self.careful()(values))

    @property
    def repeats_the_function(self):
        """Whether only another run of the function tells structural zeros from others."""
        listing = self.traced.listing
        return self.plan is None or bool(listing.derivatives) or not can_be_recorded(listing)

    @property
    def has_a_careful_trace(self):
        """Whether a run of the function that tells structural zeros from others may be asked for."""
        return not self.compiled.is_careful and (
            bool(self.traced.listing.derivatives) or self.plan is not None and self.repeats_the_function
        )

    def careful(self):
        """The program of the usual call that tells structural zeros from others."""
        with self._lock:
            if self._careful is None:
                self._careful = CarefulProgram(self.traced.listing, self.plan.wanted, self.plan.roots, self.compiled.threads)
        return self._careful

    def fits_values(self, leaves):
        """Whether the guards hold."""
        try:
            return self.main()(self.values(leaves)) is not None
        except FoundNan:
            return True

    def result_arrays(self, results):
        """What the function returned, or a pair with its gradient, with the arrays of the results themselves."""
        return self.forms.arrays(results) if self.plan is None else self.plan.arrays(results)
