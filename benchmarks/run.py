"""Measure suites and write what was found, with all that it depends on: ``python benchmarks/run.py FILE [suite ...]``.

The tools take turns on one core, to which the process is bound; the answers have been checked. Times are those of the processor,
which leave out what other processes take from a shared machine. The file has for every row and tool the least time, the median
and the quartiles of the turns, and beside the rows the machine, versions and commit. ``report.py`` makes tables and figures of
such files, ``compare_commits.py`` compares two commits.
"""

import argparse
import datetime
import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

import peers  # first: it limits the threads
import numpy as np
from compare import prepared
from constants import rows as constants
from problems import PROBLEMS
from timing import samples

ROOT = Path(__file__).parent.parent
PACKAGES = "jittape", "numpy", "scipy", "numba", "llvmlite", "torch", "autograd", "xad"


def eager(only):
    """Value and gradient, recorded at every call."""
    tools = {name: peer for name, peer in peers.available().items() if only in (None, name)}
    for problem in PROBLEMS.values():
        yield problem.name, prepared(problem, tools)


def unrecorded(only):
    """Operations that nothing records."""
    for name, calls in constants():
        yield name, {tool: call for tool, call in calls.items() if only in (None, tool)}


def gradbench(only):
    """GradBench's evals, all ways of computing them."""
    sys.path.insert(0, str(ROOT))
    from benchmarks.gradbench.intermediary import error_of, sizes
    from benchmarks.gradbench.tool_session import plain, ways_of
    from benchmarks.gradbench.validation import EVALS

    for name, (inputs, check) in EVALS.items():
        for function, given in inputs(np.random.default_rng(1), False):
            calls = {way: prepare(given) for way, prepare in ways_of(name, function).items()}
            for way, call in calls.items():
                error = error_of(check, function, given, plain(call()))
                assert error is None, (name, function, way, error)
            yield f"{name} {function} {sizes(given)}", calls


SUITES = {"eager": eager, "unrecorded": unrecorded, "gradbench": gradbench}


def about():
    """What figures depend on."""
    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    git = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True)
    return {
        "commit": git.stdout.strip() or None,
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "machine": {
            "processor": processor(), "cores": os.cpu_count(), "system": platform.platform(), "load": list(os.getloadavg()),
        },
        "python": platform.python_version(),
        "versions": versions,
    }  # fmt: skip


def processor():
    """The processor's name."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def measured(suite, seconds, words, only):
    """The rows of a suite."""
    for name, calls in SUITES[suite](only):
        if not calls or not all(word in name for word in words):
            continue
        for tool, times in samples(calls, seconds, clock=time.process_time).items():
            low, middle, high = statistics.quantiles(times, n=4)
            found = {"least": min(times), "median": middle, "quartiles": [low, high], "turns": len(times)}
            yield {"suite": suite, "row": name, "tool": tool, **found}


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", help="where the figures are written")
    parser.add_argument("suites", nargs="*", default=[*SUITES], help=f"by default all: {', '.join(SUITES)}")
    parser.add_argument("--seconds", type=float, default=0.3, help="time a row and tool")
    parser.add_argument("--core", type=int, help="the core to be bound to; by default the last one")
    parser.add_argument("--words", nargs="*", default=[], help="only rows whose name contains all of these")
    parser.add_argument("--tool", help="measure this one only")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0)) if options.core is None else options.core})
    found = {"about": about(), "rows": []}
    for suite in options.suites:
        for row in measured(suite, options.seconds, options.words, options.tool):
            found["rows"].append(row)
            print(f"{row['least'] * 1e6:12.2f} us  {row['row']}, {row['tool']}", flush=True)
            Path(options.file).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")  # what there is, if it ends here


if __name__ == "__main__":
    main()
