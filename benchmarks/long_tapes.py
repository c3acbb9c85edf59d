"""Nanoseconds a row, and bytes, of tapes of more and more rows: ``python benchmarks/long_tapes.py [--most 1e7]``.

A chain of scalar operations in a Python loop, and its sweep. A tape whose cost grows with its length would show here; the
derivative of the chain is known.
"""

import argparse
import resource
import time

import peers  # noqa: F401 - first: it limits the threads

import jittape as jt


def chain(n):
    """Seconds of recording and of sweeping n rows."""
    x = jt.tensor(1.0, requires_grad=True)
    y, start = x, time.perf_counter()
    for _ in range(n):
        y = y * 0.9999999
    middle = time.perf_counter()
    y.backward()
    end = time.perf_counter()
    expected = 0.9999999**n
    assert abs(x.grad.item() - expected) < 1e-9 * expected
    return middle - start, end - middle


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--most", type=float, default=1e7, help="rows of the longest tape")
    options = parser.parse_args()
    chain(1000)
    n = 10_000
    print("      rows  record   sweep  (ns a row)  bytes a row")
    while n <= options.most:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        forward, backward = chain(n)
        taken = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 / n
        print(f"{n:10d} {forward / n * 1e9:7.0f} {backward / n * 1e9:7.0f} {taken:25.0f}", flush=True)
        n *= 10


if __name__ == "__main__":
    main()
