"""Threads and tasks: each has its own tape and its own recording state."""

import asyncio
import contextvars
import sys
import threading

import numpy as np
import pytest

import jittape as jt
from jittape.tape.tape import current

ROUNDS = 60


@pytest.fixture(autouse=True)
def frequent_switches():
    """Let threads take turns every few bytecodes: races show that way, not once a month."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def together(*functions):
    """Run functions in threads that start at once; what one raises is raised here."""
    barrier, errors = threading.Barrier(len(functions)), []

    def run(function):
        barrier.wait()
        try:
            function()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(f,)) for f in functions]
    for t in threads:
        t.start()
    for t in threads:
        t.join(timeout=120)
        assert not t.is_alive(), "a thread hangs"
    if errors:
        raise errors[0]


def leaf(values):
    return jt.tensor(values, requires_grad=True)


def chain(x, n=30):
    y = x
    for k in range(n):
        y = jt.sin(y) + x * float(k) if k % 3 else y * 0.5
    return y.sum()


def expected_gradient(values):
    x = leaf(values)
    return jt.autograd.grad(chain(x), x)[0].tolist()


def test_threads_have_tapes_of_their_own():
    tapes = []
    together(*[lambda: tapes.append(current()) for _ in range(4)])
    assert len({id(t) for t in tapes} | {id(current())}) == 5


def test_graphs_of_their_own():
    inputs = [[0.1 * k, 1.0 - k, 2.0] for k in range(4)]
    expected = [expected_gradient(v) for v in inputs]

    def work(k):
        for _ in range(ROUNDS):
            x = leaf(inputs[k])
            chain(x).backward()
            assert x.grad.tolist() == expected[k]

    together(*[lambda k=k: work(k) for k in range(4)])


def test_a_shared_leaf():
    """Whoever records on it first binds it to a tape; to the others it comes in from there."""
    for _ in range(ROUNDS):
        w, parts = leaf([1.0, 2.0, 3.0]), {}

        def work(k):
            x = leaf([float(k), 0.5, -1.0])
            loss = (w * x * w).sum()
            parts[k] = [g.tolist() for g in jt.autograd.grad(loss, (w, x))]

        together(*[lambda k=k: work(k) for k in range(4)])
        for k in range(4):
            assert parts[k] == [[2.0 * 1.0 * k, 2.0 * 2.0 * 0.5, -6.0], [1.0, 4.0, 9.0]]
        total = (w * 1.0).sum()
        total.backward()
        assert w.grad.tolist() == [1.0] * 3


def test_shared_parameters_with_long_chains():
    """Long enough that each tape forgets rows several times while the others use the same leaves."""
    w = leaf([0.3, -0.2])
    expected = expected_gradient([0.3, -0.2])

    def work():
        for _ in range(150):
            (g,) = jt.autograd.grad(chain(w), w)
            assert g.tolist() == expected

    together(work, work, work)


def test_sweeping_what_another_thread_recorded():
    results, inputs = [], [leaf([0.5 * k, 1.0]) for k in range(40)]
    together(lambda: results.extend(chain(x) for x in inputs))
    expected = [expected_gradient(x.tolist()) for x in inputs]
    for x, y, g in zip(inputs, results, expected):
        y.backward()
        assert x.grad.tolist() == g


def test_going_on_from_what_another_thread_recorded():
    results, x = [], leaf([0.5, 1.0])
    together(lambda: results.append(jt.exp(x)))
    for _ in range(3):
        (g,) = jt.autograd.grad((results[0] * x * 2.0).sum(), x, retain_graph=True)
        np.testing.assert_allclose(g.numpy(), 2.0 * np.exp([0.5, 1.0]) * np.array([1.5, 2.0]), rtol=1e-14)


def test_one_thread_sweeps_while_the_other_goes_on_recording():
    """Rows keep their numbers under a sweep, and a sweep finds its roots under compactions."""
    queue, done = [], threading.Event()
    start = leaf([1.0, 2.0])

    def record():
        try:
            for k in range(400):
                x = leaf([float(k), 1.0])
                queue.append((x, (jt.square(x) * start).sum()))
                for _ in range(30):
                    jt.square(x)
        finally:
            done.set()

    def sweep():
        seen = 0
        while not done.is_set() or queue:
            if queue:
                x, y = queue.pop(0)
                (g,) = jt.autograd.grad(y, x)
                assert g.tolist() == [2.0 * x.tolist()[0], 4.0]
                seen += 1
        assert seen == 400

    together(record, sweep)


def test_private_tapes():
    expected = expected_gradient([0.2, 0.4])

    def work():
        home = current()
        for _ in range(ROUNDS):
            with jt.Tape() as tape:
                x = leaf([0.2, 0.4])
                y = chain(x)
                assert current() is tape and len(tape) > 30
            assert current() is home
            y.backward()
            assert x.grad.tolist() == expected

    together(work, work, work)


def test_no_grad_in_one_thread_does_not_reach_another():
    inside, outside, answers = threading.Event(), threading.Event(), {}
    x = leaf(1.0)

    def paused():
        with jt.no_grad():
            inside.set()
            assert outside.wait(60)
            answers["paused"] = (x * 2.0).requires_grad, jt.is_grad_enabled()
        answers["after"] = (x * 2.0).requires_grad

    def recording():
        assert inside.wait(60)
        answers["recording"] = (x * 3.0).requires_grad, jt.is_grad_enabled()
        outside.set()

    together(paused, recording)
    assert answers == {"paused": (False, False), "after": True, "recording": (True, True)}
    assert jt.is_grad_enabled()


def test_a_thread_that_starts_under_no_grad_records():
    """As in PyTorch: the state belongs to the thread."""
    answers = []
    with jt.no_grad():
        together(lambda: answers.append(jt.is_grad_enabled()))
    assert answers == [True]


def test_tasks_have_their_own_no_grad():
    x = leaf(1.0)

    async def task(paused, log):
        for _ in range(5):
            if paused:
                with jt.no_grad():
                    await asyncio.sleep(0)
                    log.append((x * 2.0).requires_grad)
            else:
                await asyncio.sleep(0)
                log.append((x * 2.0).requires_grad)
            await asyncio.sleep(0)

    async def main():
        logs = [[], [], []]
        with jt.no_grad():
            third = asyncio.create_task(task(False, logs[2]))
        await asyncio.gather(task(True, logs[0]), task(False, logs[1]), third)
        return logs

    logs = asyncio.run(main())
    assert logs == [[False] * 5, [True] * 5, [False] * 5]
    assert jt.is_grad_enabled()


def test_tasks_record_side_by_side():
    expected = expected_gradient([0.2, 0.4])

    async def task():
        x = leaf([0.2, 0.4])
        y = x
        for k in range(30):
            y = jt.sin(y) + x * float(k) if k % 3 else y * 0.5
            await asyncio.sleep(0)
        y.sum().backward()
        return x.grad.tolist()

    async def main():
        return await asyncio.gather(*[task() for _ in range(20)])

    assert asyncio.run(main()) == [expected] * 20


def test_a_private_tape_in_interleaved_tasks():
    async def task(n):
        with jt.Tape() as tape:
            x = leaf(float(n))
            y = x
            for _ in range(n):
                y = y * 2.0
                await asyncio.sleep(0)
            assert current() is tape and len(tape) == n + 1
        y.backward()
        return x.grad.item()

    async def main():
        return await asyncio.gather(*[task(n) for n in range(1, 8)])

    assert asyncio.run(main()) == [2.0**n for n in range(1, 8)]


def test_a_copied_context_sees_the_mode_of_its_origin():
    with jt.no_grad():
        context = contextvars.copy_context()
    assert jt.is_grad_enabled() and not context.run(jt.is_grad_enabled)


def test_interleaved_generators_and_hooks_from_other_threads():
    """A hook may sweep in another thread and wait for it."""
    seen = []

    def hook(g):
        def inner():
            other = leaf([2.0, 3.0])
            chain(other).backward()
            seen.append(other.grad.tolist())

        together(inner)

    expected = expected_gradient([2.0, 3.0])
    x = leaf([1.0, 2.0])
    y = x * 2.0
    y.register_hook(hook)
    y.sum().backward()
    assert seen == [expected] and x.grad.tolist() == [2.0, 2.0]


def test_accumulating_into_one_leaf_from_several_threads_loses_nothing():
    w = leaf(np.zeros(4))

    def work():
        for _ in range(50):
            (w * 1.0).sum().backward()

    together(work, work)
    assert w.grad.tolist() == [100.0] * 4


def test_a_copied_context_records_on_the_tape_of_its_own_thread():
    """asyncio.to_thread copies the context, recording state included: two threads must not share a tape by it."""
    x = jt.tensor(2.0, requires_grad=True)
    y = x * x

    def work():
        (g,) = jt.autograd.grad(y * (x * 3.0), x, retain_graph=True)
        return current(), g.item()

    async def main():
        return [await asyncio.to_thread(work) for _ in range(2)]

    for tape, gradient in asyncio.run(main()):
        assert tape is not current() and gradient == 36.0
    with jt.no_grad():
        assert not asyncio.run(asyncio.to_thread(lambda: (x * 2).requires_grad))


def test_a_parameter_that_another_thread_traces_with():
    """A trace takes Tensors from outside for inputs; to other threads they stay what they are."""
    w, stop = leaf([1.0, 2.0]), threading.Event()

    def trace():
        try:
            for k in range(6):
                program = jt.compile(lambda x, k=k: (x * w * float(k)).sum())
                assert program(np.ones(2)).detach().item() == 3.0 * k
        finally:
            stop.set()

    def use():
        while not stop.is_set():
            x = leaf([3.0, 4.0])
            found = jt.autograd.grad((w * x * w).sum(), (w, x))
            assert [g.tolist() for g in found] == [[6.0, 16.0], [1.0, 4.0]]
            assert w.tolist() == [1.0, 2.0] and w.detach().numpy()[1] == 2.0 and w.requires_grad and w.is_leaf

    together(trace, use, use)
    assert w._storage.tape is None
