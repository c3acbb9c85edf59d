"""Where a profile looks: methods that are replaced by timed ones while a profile is on, so that nobody else pays."""

import functools
from threading import get_ident

from ..autograd.recorded_reverse import RecordedSweep
from ..autograd.reverse_driver import Sweep
from ..autograd.tangent_driver import TangentSweep
from ..native.derivatives.transform_backend import NativeTransform
from ..numba_backend.forks import process_lock
from ..optim.lbfgs import LBFGS
from ..optim.optimizer import Optimizer
from ..programs.batches.vmap import VmapFunction
from ..programs.calls.buffers import BufferedCall
from ..programs.calls.compiled import CompiledFunction
from ..programs.calls.instance import Instance
from .program_steps import run_by_steps, step_names

_lock, _clocks, _originals = process_lock(), {}, []


def open_stations(clock):
    """Time the work of this thread on a clock; replace the methods if it is the first one."""
    with _lock:
        if not _clocks:
            for owner, method, timed in STATIONS:
                _originals.append((owner, method, owner.__dict__[method]))
                setattr(owner, method, _of_this_thread(owner.__dict__[method], timed))
        _clocks.setdefault(clock.thread, []).append(clock)


def close_stations(clock):
    """Take a clock away, and put the methods back with the last one."""
    with _lock:
        clocks = _clocks.get(clock.thread, [])
        if clock in clocks:
            clocks.remove(clock)
        if not clocks:
            _clocks.pop(clock.thread, None)
        while not _clocks and _originals:
            owner, method, function = _originals.pop()
            setattr(owner, method, function)


def _of_this_thread(method, timed):
    @functools.wraps(method)
    def replacement(self, *args, **kwargs):
        clocks = _clocks.get(get_ident())
        return method(self, *args, **kwargs) if not clocks else timed(clocks[-1], method, self, *args, **kwargs)

    return replacement


def _sweep_rows(clock, run, sweep, watch=None):
    if watch is not None:
        return run(sweep, watch)
    clock.begin_row()
    return run(sweep, clock.end_swept_row)


def _run_program(clock, run, instance):
    names = clock.steps.get(id(instance.program))
    if names is None:
        clock.programs.append(instance.program)  # its number stays its own
        names = clock.steps[id(instance.program)] = step_names(instance)
    return run_by_steps(clock, names, instance)


def _run_buffered(clock, call, buffered):
    """A buffered call, which has found its instance's method before."""
    before = buffered._run
    try:
        buffered._run = buffered._run_and_copy if buffered._copies else buffered._instance.run
        return call(buffered)
    finally:
        buffered._run = before


def _named(phase, name):
    def timed(clock, method, self, *args, **kwargs):
        return clock.call(phase, name(self), method, self, *args, **kwargs)

    return timed


def _function_name(value):
    return getattr(getattr(value, "function", value), "__name__", type(value).__name__)


def _traced_name(self):
    return f"trace {_function_name(self)}"


def _vmap_name(self):
    return f"vmap {_function_name(self)}"


def _native_name(self):
    return f"{self.name} {_function_name(self)}"


def _step_name(self):
    return f"{type(self).__name__}.step"


def _tangents_name(self):
    return "tangent sweep"


def _recorded_name(self):
    return "recorded sweep"


STATIONS = (
    (Sweep, "run", _sweep_rows),
    (TangentSweep, "run", _named("forward", _tangents_name)),
    (RecordedSweep, "run", _named("reverse", _recorded_name)),
    (Instance, "run", _run_program),
    (BufferedCall, "__call__", _run_buffered),
    (CompiledFunction, "_trace", _named("other", _traced_name)),
    (VmapFunction, "_batched", _named("both", _vmap_name)),
    (NativeTransform, "_computed", _named("both", _native_name)),
    (Optimizer, "step", _named("other", _step_name)),
    (LBFGS, "step", _named("other", _step_name)),
)
