"""Mixed work for a long time: ``python benchmarks/soak.py [--minutes 10] [--seed 0]``.

Recorded work, programs, native derivatives, threads, interrupts, forks, errors and lack of memory follow each other at random.
Every answer is compared with the first one, bit for bit. The run fails if one differs, if a process dies, if memory grows after
the first quarter, or if a thread is left behind. It prints what it has done, and the memory over time.
"""

import argparse
import collections
import gc
import os
import random
import resource
import signal
import sys
import threading
import time
import traceback

import numpy as np
from numba import njit

import jittape as jt

MAY_GROW = 24e6  # bytes after the first quarter: pools of NumPy and malloc, and a page here and there
LIMIT = 300e6  # bytes that a child may take beside what it has, in work that lacks memory
RNG = np.random.default_rng(0)
X, W, LARGE = RNG.standard_normal((16, 8)), RNG.standard_normal((8, 4)), RNG.standard_normal(200_000)


class Wrong(Exception):
    """A failure of the library."""


# --- work whose answers are known -----------------------------------------------------------------------------


def recorded():
    w = jt.tensor(W, requires_grad=True)
    y = jt.softmax(jt.tanh(jt.tensor(X) @ w), 1)
    ((y * y).sum() + jt.logsumexp(w, 0).sum()).backward()
    return w.grad.numpy()


def recorded_second():
    return jt.hessian(lambda x: (jt.sin(x) * x[0]).sum())(X[0])


def recorded_large():
    x = jt.tensor(LARGE, requires_grad=True)
    y = jt.exp(-x * x) + x
    y[::2] = y[1::2] * 2.0
    return jt.autograd.grad(y.sum(), x)[0].numpy()[::997]


def unrecorded():
    x = jt.tensor(X)
    return (jt.exp(x) + x / 2.0 - x.sum(0)).numpy()


def trained():
    jt.manual_seed(0)
    layer = jt.nn.Linear(8, 4)
    optimiser = jt.optim.Adam(layer.parameters(), lr=0.01)
    for _ in range(3):
        optimiser.zero_grad()
        (layer(jt.tensor(X)) ** 2).mean().backward()
        optimiser.step()
    return layer.weight.detach().numpy()


@jt.compile
@jt.value_and_grad
def program(x):
    return (jt.sin(x) * x).sum() + jt.amax(x)


def programs():
    return np.concatenate([program(LARGE[:n])[1][:3] for n in (10, 1000, 200_000)])


def new_program():
    return jt.compile(jt.grad(lambda x: (x**3).sum()))(X)


batched = jt.vmap(jt.grad(lambda x: (jt.tanh(x) * x).sum()))


def batches():
    return batched(X)


@njit
def path(x, n):
    total = 0.0
    for k in range(n):
        total = np.sin(total + x[k % x.size]) * x[0]
    return total


native_gradient, native_hessian = jt.grad(path), jt.hessian(path)


def native():
    return native_gradient(X[0], 500)


def native_second():
    return native_hessian(X[0], 50)


def sparse():
    return jt.sparse_jacobian(lambda x: x[1:] * x[:-1])(X[0]).data


WORK = [
    recorded, recorded_second, recorded_large, unrecorded, trained, programs, new_program, batches, native, native_second, sparse,
]  # fmt: skip
EXPECTED = {}


def check(function):
    """Run some work and compare its answer."""
    answer = np.asarray(function()).tobytes()
    if EXPECTED.setdefault(function, answer) != answer:
        raise Wrong(f"{function.__name__}: another answer than before")


# --- what happens to it ---------------------------------------------------------------------------------------


def plainly(choice):
    check(choice(WORK))


def in_threads(choice):
    chosen, errors = [choice(WORK) for _ in range(3)], []
    chosen = [f for f in chosen if f is not trained]  # threads share the generator of random numbers

    def run(function):
        try:
            check(function)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(f,)) for f in chosen]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if errors:
        raise errors[0]


def interrupted(choice):
    """Ctrl-C at some moment; the work after that is right."""
    function = choice(WORK)

    def interrupt(number, frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, choice([1e-4, 3e-4, 1e-3, 3e-3]))
        for _ in range(20):
            function()
    except KeyboardInterrupt:
        pass
    finally:
        while True:
            try:
                signal.setitimer(signal.ITIMER_REAL, 0)
                break
            except KeyboardInterrupt:
                pass
        signal.signal(signal.SIGALRM, before)
    check(function)


def in_child(work):
    """Fork, work in the child, and look at how it ended."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        code = 1
        try:
            signal.alarm(120)
            work()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if status:
        raise Wrong(f"a child ended with status {status}")


def forked(choice):
    chosen = [choice(WORK) for _ in range(2)]
    in_child(lambda: [check(f) for f in chosen])


def without_memory(choice):
    """A child records until there is no memory, and computes after that."""

    def work():
        taken = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (int(taken + LIMIT), -1))
        kept = []
        try:
            while True:
                x = jt.tensor(np.ones(choice([1000, 1_000_000])), requires_grad=True)
                kept.append((jt.exp(x) * x, x * 2.0))
        except MemoryError:
            pass
        del kept, x
        gc.collect()
        for function in (recorded, native, unrecorded):
            check(function)

    in_child(work)


def with_errors(choice):
    """Calls that raise leave everything as it was."""
    x = jt.tensor(X, requires_grad=True)
    calls = [
        lambda: x @ jt.tensor(np.ones((3, 3))),
        lambda: x + jt.tensor(np.ones(5)),
        lambda: x.backward(),
        lambda: x.reshape(7, 7),
        lambda: x.add_(1.0),
        lambda: jt.grad(lambda z: z)(X),
        lambda: jt.compile(lambda z: z.no_such_thing)(X),
        lambda: native_gradient("text", 3),
        lambda: x[100],
    ]
    try:
        choice(calls)()
    except (MemoryError, SystemError):
        raise
    except Exception:
        pass
    else:
        raise Wrong("a call that is wrong was taken")
    check(choice(WORK))


EVENTS = {
    "plain": (plainly, 40), "threads": (in_threads, 10), "interrupts": (interrupted, 15), "forks": (forked, 3),
    "out of memory": (without_memory, 1), "errors": (with_errors, 15),
}  # fmt: skip


# --- the run --------------------------------------------------------------------------------------------------


def resident():
    """Bytes of memory of this process, after a collection."""
    gc.collect()
    return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize()


def soak(seconds, seed):
    """Work for so long. Returns counts of what was done, and pairs of times and bytes."""
    rng, counts, memory = random.Random(seed), collections.Counter(), []
    for function in WORK:
        check(function)
    threads, start = threading.active_count(), time.monotonic()
    names, weights = list(EVENTS), [weight for _, weight in EVENTS.values()]
    while (now := time.monotonic() - start) < seconds:
        if now >= len(memory) * seconds / 40:
            memory.append((now, resident()))
        name = rng.choices(names, weights)[0]
        EVENTS[name][0](rng.choice)
        counts[name] += 1
    memory.append((now, resident()))
    left = [t.name for t in threading.enumerate() if not t.name.startswith("jittape")]
    if len(left) > threads:
        raise Wrong(f"threads were left: {left}")
    return counts, memory


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    counts, memory = soak(60.0 * options.minutes, options.seed)
    early = max(b for t, b in memory if t <= 15.0 * options.minutes)
    late = min(b for t, b in memory if t >= 45.0 * options.minutes)
    print(", ".join(f"{name}: {n}" for name, n in counts.items()))
    print("MB: " + " ".join(f"{b / 1e6:.1f}" for _, b in memory))
    print(f"first quarter at most {early / 1e6:.1f} MB, last quarter at least {late / 1e6:.1f} MB")
    if late > early + MAY_GROW:
        sys.exit("memory has grown")


if __name__ == "__main__":
    main()
