"""All problems by all tools in one process, interleaved; prints minima and ratios.

    python benchmarks/compare.py [words of a problem's name] [--seconds 1.0] [--markdown]

The tools take turns within a problem, so that a slow minute of the machine hits all of them; the minimum
over the turns is what a call costs when nothing else runs.  Answers are checked before anything is timed.
"""

import argparse
import time

from peers import available
from problems import PROBLEMS

BATCH = 300e-6  # seconds a turn lasts at least: short calls are repeated within a turn


def repetitions(call, seconds=BATCH):
    """Calls a turn, from the duration of one."""
    call()
    start = time.perf_counter()
    call()
    return max(1, int(seconds / (time.perf_counter() - start)))


def turn(call, n):
    """Seconds a call, over n calls."""
    start = time.perf_counter()
    for _ in range(n):
        call()
    return (time.perf_counter() - start) / n


def minima(problem, tools, seconds):
    """Name -> least seconds a call, the tools taking turns."""
    calls = {name: peer.prepare(problem) for name, peer in tools.items() if peer.runs(problem)}
    for name, call in calls.items():
        problem.check(*tools[name].answer(*call()))
    counts = {name: repetitions(call) for name, call in calls.items()}
    best = dict.fromkeys(calls, float("inf"))
    end, turns = time.perf_counter() + seconds * len(calls), 0
    while turns < 5 or time.perf_counter() < end:
        for name, call in calls.items():
            best[name] = min(best[name], turn(call, counts[name]))
        turns += 1
    return best


def row_of_text(problem, best, names):
    """Cells: the name, jittape's time, then each other tool's with its ratio."""
    ours = best.get("jittape")
    cells = [problem.name, f"{ours * 1e6:.1f}" if ours else ""]
    for name in names:
        t = best.get(name)
        cells.append("" if t is None else f"{t * 1e6:.1f} ({t / ours:.2f}x)" if ours else f"{t * 1e6:.1f}")
    return cells


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("words", nargs="*", help="only problems whose name contains all of these")
    parser.add_argument("--seconds", type=float, default=1.0, help="time a problem and tool")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    options = parser.parse_args()
    tools = available()
    others = [name for name in tools if name != "jittape"]
    print("microseconds a call, minimum; in brackets the ratio to jittape (above 1: jittape is faster)\n")
    header = ["problem", "jittape", *others]
    widths = [36, 12, *(22 for _ in others)]
    _print(header, widths, options.markdown)
    if options.markdown:
        print("|" + "|".join(["---"] + ["---:"] * (len(header) - 1)) + "|")
    for problem in PROBLEMS.values():
        if all(word in problem.name for word in options.words):
            _print(row_of_text(problem, minima(problem, tools, options.seconds), others), widths, options.markdown)


def _print(cells, widths, markdown):
    if markdown:
        print("| " + " | ".join(cells) + " |", flush=True)
    else:
        print("  ".join(c.ljust(w) if k == 0 else c.rjust(w) for k, (c, w) in enumerate(zip(cells, widths))).rstrip(), flush=True)


if __name__ == "__main__":
    main()
