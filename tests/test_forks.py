"""Forks while other threads record, sweep, trace, compile and draw: the child computes, from a fresh state, and does not wait."""

import gc
import os
import random
import signal
import sys
import threading
import time

import numba
import numpy as np
import pytest

import jittape as jt
from jittape.numba_backend.forks import _locks, process_lock
from jittape.tape.tape import current
from sampling import some

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
LONGEST = 120  # seconds for a child


def leaf(values):
    return jt.tensor(values, requires_grad=True)


weights = leaf([1.0, 2.0, 3.0])


def weighted(x):
    return (jt.sin(x) * weights).sum()


program = jt.compile(weighted)


# --- what the threads do --------------------------------------------------------------------------------


def record():
    x = leaf(np.ones(3))
    y = x
    for _ in range(50):
        y = jt.sin(y) + x * weights
    y.sum().backward(inputs=[x])


def sweep():
    jt.hvp(lambda x: (x**3 * weights.detach()).sum(), np.ones(3), np.ones(3))


def accumulate():
    (weights * 0.0).sum().backward()


def trace():
    jt.compile(lambda x: weighted(x) * 2.0)(np.ones(3))


def replay():
    program(np.ones(3))
    jt.vmap(lambda x: x * x)(np.ones((64, 50)))


def draw():
    jt.randn(100_000)


def compile_function():
    k = random.random()
    jt.grad(numba.njit(lambda x: x * x * k))(2.0)


def pause_in_a_trace():
    def slow(x):
        time.sleep(0.05)
        return weighted(x)

    jt.compile(slow)(np.ones(3))


THREADS = [record, sweep, accumulate, trace, replay, draw, compile_function, pause_in_a_trace]


# --- what the child does --------------------------------------------------------------------------------


def work():
    assert gc.isenabled()
    for _ in range(2):
        x = leaf([1.0, 2.0, 3.0])
        (g,) = jt.autograd.grad(weighted(x), x)
        np.testing.assert_allclose(g.numpy(), np.cos([1.0, 2.0, 3.0]) * [1.0, 2.0, 3.0])
        weights.grad = None
        (weights * x).sum().backward()
        assert weights.grad.tolist() == [1.0, 2.0, 3.0]
        assert abs(program(np.ones(3)).detach().item() - 6.0 * np.sin(1.0)) < 1e-14
        assert abs(jt.compile(lambda x: weighted(x) * 3.0)(np.ones(3)).detach().item() - 18.0 * np.sin(1.0)) < 1e-14
        assert len(jt.randn(5)) == 5
        current().compact()
    assert abs(jt.grad(numba.njit(lambda x: x * x * 0.5))(3.0) - 3.0) < 1e-12
    threads = [threading.Thread(target=f) for f in (record, sweep)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(LONGEST)
        assert not t.is_alive()


def status_of_child(action):
    """What a forked process ends with: 0 if the action was done; a child that hangs is ended by an alarm."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(LONGEST)
            action()
            status = 0
        except BaseException as error:
            os.write(2, f"in the child: {type(error).__name__}: {error}\n".encode())
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.fixture
def busy():
    """A function that keeps a thread at an action until the end of the test; what threads raise fails the test."""
    stop, errors, threads = threading.Event(), [], []

    def repeat(action):
        try:
            while not stop.is_set():
                action()
                time.sleep(1e-3)  # a lock that is taken again at once is never given to who waits
        except BaseException as error:
            errors.append(error)

    def start(action):
        threads.append(threading.Thread(target=repeat, args=(action,), daemon=True))
        threads[-1].start()

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    yield start
    stop.set()
    sys.setswitchinterval(before)
    for t in threads:
        t.join(LONGEST)
        assert not t.is_alive(), "a thread of the parent hangs"
    if errors:
        raise errors[0]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("action", THREADS, ids=lambda f: f.__name__)
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning", "ignore:jt.compile.*random:RuntimeWarning")
def test_a_child_of_a_process_whose_other_thread_is_busy(busy, action):
    work()
    busy(action)
    for _ in some(range(5), 2):
        time.sleep(random.uniform(0.0, 0.05))
        assert status_of_child(work) == 0


@pytest.mark.sampled(0)
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_of_a_process_with_many_threads(busy):
    work()
    for action in (record, accumulate, trace):
        busy(action)
    for _ in some(range(10), 2):
        time.sleep(random.uniform(0.0, 0.05))
        assert status_of_child(work) == 0


def test_locks_of_other_threads_are_free_in_the_child_and_one_s_own_are_not():
    mine, theirs, held, done = process_lock(), process_lock(), threading.Event(), threading.Event()

    def hold():
        with theirs:
            held.set()
            done.wait(LONGEST)

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(LONGEST)

    def check():
        assert theirs.acquire(blocking=False)
        assert mine._is_owned()
        mine.release()

    with mine:
        assert status_of_child(check) == 0
    done.set()
    thread.join()
    assert not mine._is_owned() and theirs.acquire(blocking=False)


def test_every_lock_of_the_library_is_one_that_a_fork_frees():
    """The locks that modules and objects of the library have are known to `forks`."""
    missing = []
    for name, module in list(sys.modules.items()):
        if name.startswith("jittape."):
            for attribute, value in vars(module).items():
                if isinstance(value, (type(threading.Lock()), type(threading.RLock()))) and value not in _locks:
                    missing.append(f"{name}.{attribute}")
    assert not missing
    assert current().lock in _locks and program._lock in _locks
