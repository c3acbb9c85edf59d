"""Loading machine code runs no finalizers: one that loads code itself would make LLVM abort."""

import gc
import sys
import threading

import numpy as np
import pytest
from interruptions import interrupted, moments_of
from numba import int64

from jittape.memory import pool
from jittape.tape import compaction
from jittape.tape.tape import Tape
from jittape.numba_backend.entry_points import entry
from jittape.numba_backend.decorators import JIT, compile_for, compiled_on_disk
from jittape.numba_backend.compiler_choice import BY_ADDRESS
from jittape.numba_backend.collector_pause import uncollected


def doubled(x):
    return 2 * x


def test_the_collector_rests_while_llvm_loads_code():
    assert JIT
    compile_for(compiled_on_disk(doubled, BY_ADDRESS), int64(int64))
    again, collected = compiled_on_disk(doubled, BY_ADDRESS), []

    def note(phase, info):
        frame = sys._getframe()
        while frame is not None:
            if frame.f_code.co_name == "finalize_object":
                collected.append(phase)
            frame = frame.f_back

    threshold = gc.get_threshold()
    gc.callbacks.append(note)
    gc.set_threshold(1)
    try:
        compile_for(again, int64(int64))
    finally:
        gc.set_threshold(*threshold)
        gc.callbacks.remove(note)
    assert again.stats.cache_hits, "the function was to be loaded"
    assert not collected
    assert gc.isenabled()


def test_pauses_of_many_threads_end():
    """Whatever the order of their steps, the collector is on when the last has ended; one that was off stays off."""

    def pause_often():
        for _ in range(5000):
            with uncollected():
                pass

    def pause_in_threads():
        threads = [threading.Thread(target=pause_often) for _ in range(4)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        pause_in_threads()
        assert gc.isenabled()
        gc.disable()
        pause_in_threads()
        assert not gc.isenabled()
    finally:
        gc.enable()
        sys.setswitchinterval(before)


def pausing():
    with uncollected():
        return sum(range(10))


def test_an_interrupted_pause_ends():
    """The collector is on again, whatever the moment."""
    moments = moments_of(pausing)
    assert moments > 5
    for at in range(moments):
        assert interrupted(pausing, at) and gc.isenabled(), at


@pytest.mark.parametrize(
    "module, name, make",
    [(pool, "release_block", lambda: pool.Buffer.acquire(4, np.float64)), (compaction, "release_everything", Tape)],
)
def test_what_a_finalizer_calls_is_ready_before_there_is_anything_to_finalize(module, name, make, monkeypatch):
    fresh = entry(getattr(module, name).py_func)
    monkeypatch.setattr(module, name, fresh)
    assert fresh.func == fresh._compile
    kept = make()
    assert fresh.func != fresh._compile
    del kept
