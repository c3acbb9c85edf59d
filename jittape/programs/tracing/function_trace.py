"""One traced run of a function: its listing, and the form of what it returned."""

import gc
import random
import threading
from functools import partial
from threading import get_ident
from typing import NamedTuple

import numpy as np

from ...numba_backend.forks import after_fork_in_child
from ...tape.commit import commit, prepared
from ...tensors.row_binding import row_of
from ...ops.random_generators import default_generator
from ...tape.recording_state import recording, state
from ...tensors.array import Array
from ...tensors.tensor import Tensor, wrap
from ...transforms.custom_rules import RuleCall
from ...transforms.pytrees import flatten, unflatten
from ..lowering.listing import from_trace
from .value_inspection import is_unchanging
from .signature import Static, is_traced, more_than_fields, rebuild, value_of
from .environment_snapshot import EnvironmentSnapshot, contents_of
from ...errors import TraceError
from .trace import KEPT_OUTSIDE, BeyondTheTrace, Trace, one_at_a_time
from .environment_audit import EnvironmentAudit


_under_way = {}  # id of a trace -> its thread, and the changes that give the Tensors it has captured back what they were
MOST_RUNS = 4  # traces of a function that runs code which the walk has not met


class Output(NamedTuple):
    """One leaf of what a traced function returned."""

    number: int | None  # which output of the listing it is, None for a constant
    constant: object = None
    is_mask: bool = False  # a bool, which the program computes as a number
    differs: bool = False  # whether it has derivatives


class Traced:
    """A traced run of a function.

    Attributes
    ----------
    listing : Listing or None
        None if no replay can be right; the function was not run then.
    environment : EnvironmentSnapshot
        What the function could see.
    structure : Structure
        Of what the function returned.
    outputs : list of Output
        Its leaves.
    converted : frozenset of int
        Inputs of the listing, by number, whose derivatives it lacks because a value that depends on them was converted to a
        float.
    written : list of int
        Inputs of the listing, by number, that the function writes to.
    guard_lines : list of str
        Where the function looked at values that a replay has to find again; the guards of the listing are in this order.
    records_flow : bool
        Whether sweeps inside the function told structural zeros from others.
    """

    can_run_again = True  # the function is there
    written = guard_lines = ()

    def __init__(self, function, leaves, structure, descriptions, records, records_flow=False):
        self.records_flow = records_flow
        objects = [x.value if isinstance(x, Static) else x for x, d in zip(leaves, descriptions) if not is_traced(d)]
        objects, ran = [x for x in objects if not isinstance(x, (np.ndarray, Tensor))], []
        for _ in range(MOST_RUNS):
            self.listing = None
            self.environment, audit = EnvironmentSnapshot(function, objects, ran), EnvironmentAudit()
            if self.environment.opaque is not None:
                break
            drawn = _random_states(self.environment)
            self._trace(function, leaves, structure, descriptions, records, audit)
            unknown = audit.functions_unknown_to(self.environment.known)
            is_random = _random_states(self.environment) != drawn
            if audit.draws or is_random and _is_alone():
                raise TraceError(
                    "a traced function draws random numbers: every replay would use the same ones. Draw outside and pass them as "
                    "an argument"
                )
            if not (unknown or is_random) or self.environment.opaque is not None:
                break
            ran += unknown  # their environment was not recorded before they ran: trace again with them as roots
        else:
            self.environment.opaque = (
                f"{unknown[0].__name__}, which is another function at every call,"
                if unknown
                else ("random numbers, which it or another thread draws,")
            )
            self.listing = None
        self.environment.forget()

    def _trace(self, function, leaves, structure, descriptions, records, audit):
        environment, trace = self.environment, Trace(self.records_flow)
        given = [_given(trace, leaf, d) for leaf, d in zip(leaves, descriptions)]
        restoring = [partial(state.set, recording()), partial(_under_way.pop, id(trace), None), *audit.restoring]
        restore = prepared(restoring)
        with one_at_a_time:  # captured Tensors belong to the trace until it is done
            try:
                _under_way[id(trace)] = get_ident(), restoring
                for t in environment.tensors:
                    trace.capture(t, restoring)
                state.set(trace if records or not environment.sees_mode else trace.paused())
                arguments = Arguments(structure, given)
                with audit:
                    value = function(*arguments.args, **arguments.kwargs)
                if trace.given_up is not None:
                    raise BeyondTheTrace(trace.given_up)
                rows = self._outputs(trace, value)
                arguments.refuse_changes()
                self.listing = from_trace(trace, rows)
                self.guard_lines = trace.guard_lines
                self.converted = frozenset([k for k, row in enumerate(trace.inputs) if row in trace.converted])
                self.written = [k for k, row in enumerate(trace.inputs) if row in trace.written]
            except BeyondTheTrace as reason:
                environment.opaque = str(reason)
                return
            except Exception:
                if trace.given_up is None:
                    raise
                environment.opaque = trace.given_up
                return
            finally:
                restore()
                met = _let_go(trace, given)
        del value, arguments, given
        trace.leaves.clear()  # of transforms inside
        trace.statics.clear()  # of custom rules
        _refuse_escapes(trace, _tensors_in(list(self.listing.statics.values())))
        changed = environment.changed()
        if changed is not None:
            environment.opaque = f"{changed}, which the function itself changes,"
        elif trace.foreign or any(ref() is not None for ref in met):
            environment.opaque = "a Tensor from outside that cannot be found again"
            if any(t.requires_grad for t, *_ in trace.foreign.values()):
                self.listing = None  # its graph is not on the trace: not even one replay is right

    def _outputs(self, trace, value):
        """The rows of what the function returned."""
        leaves, self.structure = flatten(value)
        self.outputs, rows = [], []
        for leaf in leaves:
            if isinstance(leaf, Tensor) and (trace.keeps((leaf,)) or leaf.requires_grad):
                self.outputs.append(Output(len(rows), None, leaf.dtype.kind == "b", leaf.requires_grad))
                rows.append(row_of(trace, leaf))
            else:
                self.outputs.append(Output(None, self._constant(leaf)))
        return rows

    def _constant(self, leaf):
        if isinstance(leaf, Tensor):
            return np.array(leaf._value())
        if isinstance(leaf, np.ndarray):
            return leaf.copy()
        if not (self.environment.has_met(leaf) or is_unchanging(leaf)):
            raise TraceError(
                f"a traced function returns an object of type {type(leaf).__name__} that it has made: every replay would return "
                "the same one. Return Tensors and numbers, in tuples, lists, dicts or dataclasses"
            )
        return leaf

    def build(self, values):
        """What the function returned, with other values for its leaves."""
        return unflatten(self.structure, values)


def _given(trace, leaf, description):
    """What the function is passed for an argument."""
    if is_traced(description):
        return trace.argument(np.asarray(value_of(leaf)), type(leaf) if type(leaf) is Tensor else Array)
    if isinstance(leaf, Static):
        return leaf
    if isinstance(leaf, Tensor):
        return wrap(np.array(leaf._value()))
    return leaf.copy() if isinstance(leaf, np.ndarray) else leaf


class Arguments:
    """Copies of the arguments that a function is called with, by which writes to them are noticed.

    The caller's containers and arrays stay as they are.
    """

    def __init__(self, structure, given):
        self.args, self.kwargs = rebuild(structure, given)
        self._leaves, self._structure = flatten((self.args, self.kwargs))
        self._contents = [contents_of(x._value() if isinstance(x, Tensor) else x) if _is_constant(x) else 0 for x in self._leaves]

    def refuse_changes(self):
        """Raise if the function has changed its arguments, which a replay would not do."""
        leaves, structure = flatten((self.args, self.kwargs))
        same = structure == self._structure and len(leaves) == len(self._leaves)
        same = same and all(a is b for a, b in zip(leaves, self._leaves)) and not more_than_fields((self.args, self.kwargs))
        if not same or any(
            _is_constant(x) and contents_of(x._value() if isinstance(x, Tensor) else x) != c
            for x, c in zip(leaves, self._contents)
        ):
            raise TraceError(
                "a compiled function changes an argument (a list, a dictionary, an array of integers, attributes): a replay "
                "would not. Change a copy, or return the new value"
            )


def _is_constant(leaf):
    """Whether the contents of a leaf are part of the signature."""
    return isinstance(leaf, np.ndarray) and not leaf.dtype.hasobject or isinstance(leaf, Tensor) and leaf.dtype.kind not in "fc"


def _tensors_in(statics):
    """The ids of Tensors that calls of custom rules hold; these belong to the program."""
    found, queue, seen = set(), [statics], set()
    while queue:
        for thing in gc.get_referents(queue.pop()):
            if isinstance(thing, Tensor):
                found.add(id(thing))
            elif isinstance(thing, (list, tuple, dict, RuleCall)) and id(thing) not in seen:
                seen.add(id(thing))
                queue.append(thing)
    return found


def _refuse_escapes(trace, own):
    """Raise if values of the trace are referred to from outside, where they would show the values of the traced run for ever."""
    if _escaped(trace, own):
        gc.collect()
        if _escaped(trace, own):
            raise TraceError(KEPT_OUTSIDE)


def _escaped(trace, own):
    alive = [t for ref in trace.handles if (t := ref()) is not None and t._tape is trace]
    return len(trace.storages) > 0 or any(id(t) not in own for t in alive)


def _end_traces_of_other_threads():
    """Give Tensors back that the traces of threads have captured which this process does not have."""
    for thread, restoring in list(_under_way.values())[::-1]:
        if thread != get_ident():
            commit(restoring[1:])


after_fork_in_child(_end_traces_of_other_threads)


def _is_alone():
    """Whether no other thread can draw random numbers meanwhile: those of the library do not."""
    return all(t is threading.current_thread() or t.name.startswith("jittape") for t in threading.enumerate())


def _random_states(environment):
    found = [repr(default_generator.source.bit_generator.state), random.getstate(), repr(np.random.get_state())]
    for g in environment.generators:
        found.append(repr(g.bit_generator.state if isinstance(g, np.random.Generator) else g.get_state()))
    return found


def _let_go(trace, given):
    """Unbind the Tensors, on memory of Python's, that the trace has met. Returns weak references to them."""
    met, own = [], {id(x) for x in given}
    for ref in trace.handles:
        t = ref()
        if t is not None and t._tape is trace and t._array is not None and t._followed() is None:
            t._tape, t._row = None, -1
            if id(t) not in own:
                met.append(ref)
    return met
