"""Memory over time: what is not reachable is forgotten, whether or not it was ever swept.

    python benchmarks/memory.py [--graphs 40000]

Three programs, each in this process, each printing resident memory as it goes.  The exit status is 1 if
one of them grows over its second half by more than the program itself keeps.
"""

import argparse
import resource
import sys

import numpy as np

import jittape as jt

MEGABYTE = 1 << 20
ALLOWED = 8  # megabytes over the second half, beyond what the program keeps


def resident():
    """Megabytes of resident memory now."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize() / MEGABYTE
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE  # not Linux: the peak, in bytes on macOS


def small_graphs(steps):
    """Graphs of a few operations, every third never swept; all losses are kept in a list."""
    w = jt.tensor(np.ones(10), requires_grad=True)
    kept = []
    for k in range(steps):
        loss = (jt.sin(w) * w + float(k)).sum()
        if k % 3:
            loss.backward()
        kept.append(loss.detach() if k % 3 == 0 else loss)
        yield
    w.grad = None


def unswept_graphs(steps):
    """A loop that records and never sweeps, each value replaced by the next."""
    w = jt.tensor(np.ones(10), requires_grad=True)
    for _ in range(steps):
        loss = (jt.exp(-w * w) + w).sum()
        yield
    assert loss.requires_grad


def kept_unswept_losses(steps):
    """Losses that are kept with their graphs: nothing may be forgotten, growth is the program's own."""
    w = jt.tensor(np.ones(10), requires_grad=True)
    kept = []
    for _ in range(steps // 10):
        kept.append((jt.sin(w) * w).sum())
        yield


def training(steps):
    """Gradient descent on a small network, with arrays large enough to have memory of their own."""
    rng = np.random.default_rng(0)
    inputs, targets = jt.tensor(rng.standard_normal((256, 64))), jt.tensor(rng.standard_normal((256, 1)))
    w1, w2 = (jt.tensor(0.1 * rng.standard_normal(s), requires_grad=True) for s in ((64, 128), (128, 1)))
    for _ in range(max(steps // 40, 10)):
        loss = ((jt.tanh(inputs @ w1) @ w2 - targets) ** 2).mean()
        loss.backward()
        with jt.no_grad():
            for w in (w1, w2):
                w -= 0.05 * w.grad
                w.grad = None
        yield


PROGRAMS = {  # program -> whether it must level off
    small_graphs: True,
    unswept_graphs: True,
    kept_unswept_losses: False,
    training: True,
}


def watch(program, steps):
    """Resident memory at ten moments of a program."""
    total = {training: max(steps // 40, 10), kept_unswept_losses: steps // 10}.get(program, steps)
    moments, measured = {max(1, total * k // 10) for k in range(1, 11)}, []
    for k, _ in enumerate(program(steps), 1):
        if k in moments:
            measured.append(resident())
    return measured


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--graphs", type=int, default=40_000)
    steps, grew = parser.parse_args().graphs, []
    print(f"resident megabytes at tenths of each program; at the start {resident():.0f}")
    for program, levels_off in PROGRAMS.items():
        measured = watch(program, steps)
        print(f"  {program.__name__:20s}", " ".join(f"{m:7.1f}" for m in measured), flush=True)
        if levels_off and measured[-1] - measured[len(measured) // 2 - 1] > ALLOWED:
            grew.append(program.__name__)
    print("level off:", "no: " + ", ".join(grew) if grew else "yes")
    return 1 if grew else 0


if __name__ == "__main__":
    sys.exit(main())
