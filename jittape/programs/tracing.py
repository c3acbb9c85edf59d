"""One run of a function on a trace: what it did, and what it returned."""

import random
import threading

import numpy as np

from ..binding import row_of
from ..ops.creation import generator
from ..tape import recording, state
from ..tensor import Tensor
from ..transforms.trees import flatten, unflatten
from .listing import from_trace
from .signature import Static, is_traced, rebuild, value_of
from .surroundings import Surroundings
from .errors import TraceError
from .trace import Trace


_one_at_a_time = threading.RLock()


class Traced:
    """A traced run.

    Attributes
    ----------
    listing : Listing
    surroundings : Surroundings
    structure : Structure
        Of what the function returned.
    outputs : list of (number, None) or (None, value)
        Its leaves: outputs of the listing, by number, and constants.
    """

    def __init__(self, function, leaves, structure, descriptions):
        objects = [x.value if isinstance(x, Static) else x for x, d in zip(leaves, descriptions) if not is_traced(d)]
        self.surroundings = Surroundings(function, [x for x in objects if not isinstance(x, (np.ndarray, Tensor))])
        self.trace = trace = Trace()
        given = [_given(trace, leaf, d) for leaf, d in zip(leaves, descriptions)]
        before, drawn = recording(), _random_states(self.surroundings)
        captured = []
        _one_at_a_time.acquire()  # captured Tensors are the trace's meanwhile
        try:
            for t in self.surroundings.tensors:
                captured.append(trace.capture(t))
            state.set(trace)
            args, kwargs = rebuild(structure, given)
            self.value = function(*args, **kwargs)
            rows = self._outputs()
        finally:
            state.set(before)
            for tensor, was in captured:
                trace.release(tensor, was)
            _let_go(trace)
            _one_at_a_time.release()
        if _random_states(self.surroundings) != drawn:
            raise TraceError(
                "a traced function draws random numbers: every replay would use the same ones. Draw outside and pass them as "
                "an argument"
            )
        self.listing = from_trace(trace, rows)
        del self.trace, self.value

    def _outputs(self):
        """Rows of what the function returned."""
        leaves, self.structure = flatten(self.value)
        self.outputs, rows = [], []
        for leaf in leaves:
            if isinstance(leaf, Tensor) and (self.trace.keeps((leaf,)) or leaf.requires_grad):
                self.outputs.append((len(rows), None, leaf.dtype.kind == "b", leaf.requires_grad))
                rows.append(row_of(self.trace, leaf))
            else:
                self.outputs.append((None, _constant(leaf), False, False))
        return rows

    def build(self, values):
        """What the function returned, with other leaves."""
        return unflatten(self.structure, values)


def _constant(leaf):
    if isinstance(leaf, Tensor):
        return np.array(leaf._value())
    return leaf.copy() if isinstance(leaf, np.ndarray) else leaf


def _given(trace, leaf, description):
    """What the function gets for an argument."""
    if is_traced(description):
        return trace.argument(np.asarray(value_of(leaf)))
    if isinstance(leaf, Static):
        return leaf
    return leaf.copy() if isinstance(leaf, np.ndarray) else leaf


def _random_states(surroundings):
    found = [repr(generator().bit_generator.state), random.getstate(), repr(np.random.get_state())]
    for g in surroundings.generators:
        found.append(repr(g.bit_generator.state if isinstance(g, np.random.Generator) else g.get_state()))
    return found


def _let_go(trace):
    """Tensors from outside that the trace has met belong to no tape again."""
    for ref in trace.handles:
        t = ref()
        if t is not None and t._tape is trace and t._array is not None:
            t._tape, t._row = None, -1
