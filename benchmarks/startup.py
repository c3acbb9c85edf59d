"""Whole processes: how long until the first gradient, with a warm and with an empty cache of machine code.

    python benchmarks/startup.py [--rounds 5]

Warm figures are minima over the rounds, the programs taking turns; the cold ones are single runs with a
fresh NUMBA_CACHE_DIR.  Processor time stands beside wall time: it says more on a machine with other work.
"""

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
import time

IMPORT = "import {0}"
GRADIENT = """
import {0} as m
x = m.tensor([1.0, 2.0], requires_grad=True)
(m.sin(x) * x).sum().backward()
assert x.grad is not None
"""
AUTOGRAD_GRADIENT = """
import autograd, autograd.numpy as np
autograd.grad(lambda x: np.sum(np.sin(x) * x))(np.array([1.0, 2.0]))
"""
# what a small fit meets: broadcasting, a product, reductions, indexing, a write in place, a second derivative
WIDER = """
import numpy as np
import jittape as jt
w = jt.tensor(np.ones(3), requires_grad=True)
features, labels = np.ones((5, 3)), np.ones(5)
loss = jt.log1p(jt.exp(-labels * (features @ w))).mean() + (w * w).sum()
loss.backward()
u = jt.zeros(5)
u[1:-1] = w
(u[1:] * u[:-1]).sum().backward()
(g,) = jt.autograd.grad((w**3).sum(), w, create_graph=True)
g.sum().backward()
"""
PROGRAMS = {
    "python alone": "pass",
    "import numpy": "import numpy",
    "import numba": "import numba",
    "import jittape": IMPORT.format("jittape"),
    "jittape: first gradient": GRADIENT.format("jittape"),
    "jittape: a small fit": WIDER,
    "import torch": IMPORT.format("torch"),
    "torch: first gradient": GRADIENT.format("torch"),
    "autograd: first gradient": AUTOGRAD_GRADIENT,
}
COLD = ("jittape: first gradient", "jittape: a small fit")


def seconds(program, **environment):
    """Wall and processor time of a process."""
    start, before = time.perf_counter(), processor_time()
    subprocess.run([sys.executable, "-c", program], check=True, env={**os.environ, "JITTAPE_QUIET": "1", **environment})
    return time.perf_counter() - start, processor_time() - before


def processor_time():
    """Of all children so far."""
    times = os.times()
    return times.children_user + times.children_system


def can_run(name):
    """Whether the library that a program imports is there."""
    return all(word not in name or importlib.util.find_spec(word) for word in ("torch", "autograd", "jittape"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    programs = {name: program for name, program in PROGRAMS.items() if can_run(name)}
    for program in programs.values():
        seconds(program)
    best = dict.fromkeys(programs, (float("inf"), float("inf")))
    for _ in range(rounds):
        for name, program in programs.items():
            best[name] = tuple(map(min, best[name], seconds(program)))
    print(f"{f'seconds a process, minimum of {rounds}':42s}   wall    cpu")
    for name, (wall, cpu) in best.items():
        print(f"  {name:40s} {wall:6.2f} {cpu:6.2f}")
    print("with an empty cache of machine code")
    for name in COLD:
        with tempfile.TemporaryDirectory() as directory:
            wall, cpu = seconds(PROGRAMS[name], NUMBA_CACHE_DIR=directory)
            print(f"  {name:40s} {wall:6.2f} {cpu:6.2f}", flush=True)


if __name__ == "__main__":
    main()
