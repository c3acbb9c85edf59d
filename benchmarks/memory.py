"""Memory over time: what is not reachable is forgotten, whether or not it was ever swept.

    python benchmarks/memory.py [--graphs 40000]

Each program runs in this process and prints resident memory as it goes.  The exit status is 1 if one of
them grows over its second half by more than what it keeps on purpose.
"""

import argparse
import resource
import sys

import numpy as np

import jittape as jt

MEGABYTE = 1 << 20
SLACK = 8  # megabytes by which memory may vary over the second half of a program
A_TENSOR = 2048  # bytes that a scalar Tensor may cost when it is kept; its graph here would cost 30 times that


def resident():
    """Megabytes of resident memory now."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize() / MEGABYTE
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE  # not Linux: the peak, in bytes on macOS


def small_graphs(steps):
    """Graphs that are swept, or never are; every loss is kept in a list, the unswept ones detached."""
    w = jt.tensor(np.ones(1000), requires_grad=True)
    kept = []
    for k in range(steps):
        loss = (jt.sin(w) * w + float(k)).sum()
        if k % 3:
            loss.backward()
            kept.append(loss)
        else:
            kept.append(loss.detach())
        yield
    assert len(kept) == steps


def unswept_graphs(steps):
    """A loop that records and never sweeps, each value replaced by the next."""
    w = jt.tensor(np.ones(1000), requires_grad=True)
    for _ in range(steps):
        loss = (jt.exp(-w * w) + w).sum()
        yield
    assert loss.requires_grad


def kept_graphs(steps):
    """Losses kept unswept: their graphs can still be asked for, so nothing may be forgotten."""
    w = jt.tensor(np.ones(1000), requires_grad=True)
    kept = []
    for _ in range(steps):
        kept.append((jt.sin(w) * w).sum())
        yield
    sum(kept).backward()
    assert np.allclose(w.grad.numpy(), steps * (np.cos(1.0) + np.sin(1.0)))


def training(steps):
    """Gradient descent on a small network, with arrays large enough to have memory of their own."""
    rng = np.random.default_rng(0)
    inputs, targets = jt.tensor(rng.standard_normal((256, 64))), jt.tensor(rng.standard_normal((256, 1)))
    w1, w2 = (jt.tensor(0.1 * rng.standard_normal(s), requires_grad=True) for s in ((64, 128), (128, 1)))
    for _ in range(steps):
        loss = ((jt.tanh(inputs @ w1) @ w2 - targets) ** 2).mean()
        loss.backward()
        with jt.no_grad():
            for w in (w1, w2):
                w -= 0.05 * w.grad
                w.grad = None
        yield


PROGRAMS = {  # program -> (its share of the steps, bytes a step that it keeps on purpose; None: whole graphs)
    small_graphs: (1.0, A_TENSOR),
    unswept_graphs: (1.0, 0),
    training: (0.025, 0),
    kept_graphs: (0.05, None),
}


def watch(program, steps):
    """Resident memory at ten moments of a program."""
    moments, measured = {max(1, steps * k // 10) for k in range(1, 11)}, []
    for k, _ in enumerate(program(steps), 1):
        if k in moments:
            measured.append(resident())
    return measured


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--graphs", type=int, default=40_000)
    graphs, grew = parser.parse_args().graphs, []
    print(f"resident megabytes at tenths of each program; at the start {resident():.0f}")
    for program, (share, kept) in PROGRAMS.items():
        steps = max(int(share * graphs), 10)
        measured = watch(program, steps)
        print(f"  {program.__name__:16s} {steps:6d} steps", " ".join(f"{m:7.1f}" for m in measured), flush=True)
        if kept is not None and measured[-1] - measured[len(measured) // 2 - 1] > SLACK + kept * steps / 2 / MEGABYTE:
            grew.append(program.__name__)
    print("grows: " + ", ".join(grew) if grew else "levels off: yes")
    return 1 if grew else 0


if __name__ == "__main__":
    sys.exit(main())
