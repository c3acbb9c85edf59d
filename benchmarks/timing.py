"""How calls are timed: in one process, taking turns, and the least counts; and tables of the results.

Taking turns, a slow minute of the machine hits all tools; the minimum over the turns is what a call costs when
nothing else runs.
"""

import argparse
import time

BATCH = 300e-6  # seconds a turn lasts at least: short calls are repeated within a turn
TURNS = 5  # at least


def turn(call, n, clock=time.perf_counter):
    """Seconds a call, over n calls."""
    start = clock()
    for _ in range(n):
        call()
    return (clock() - start) / n


def repetitions(call, batch=BATCH):
    """Calls a turn, from the duration of one that is not the first."""
    call()
    return max(1, int(batch / turn(call, 1)))


def samples(calls, seconds, batch=BATCH, clock=time.perf_counter):
    """Name -> seconds a call in every turn, of name -> call; `seconds` for each on average, by the clock on the wall."""
    counts = {name: repetitions(call, batch) for name, call in calls.items()}
    taken = {name: [] for name in calls}
    end, turns = time.perf_counter() + seconds * len(calls), 0
    while turns < TURNS or time.perf_counter() < end:
        for name, call in calls.items():
            taken[name].append(turn(call, counts[name], clock))
        turns += 1
    return taken


def minima(calls, seconds, batch=BATCH):
    """Name -> least seconds a call, of name -> call; `seconds` for each on average."""
    return {name: min(times) for name, times in samples(calls, seconds, batch).items()}


def arguments(description, words="problems", seconds=1.0):
    """The command line that tables have in common: which rows, how long, as text or Markdown."""
    parser = argparse.ArgumentParser(description=description.partition("\n")[0])
    parser.add_argument("words", nargs="*", help=f"only {words} whose name contains all of these")
    parser.add_argument("--seconds", type=float, default=seconds, help="time a row and tool")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    return parser


def ratio(best, name, ours="jittape"):
    """A cell: microseconds, and in brackets how many times that is the time of ours."""
    if name not in best:
        return ""
    time_of = best[name]
    return f"{time_of * 1e6:.1f}" if name == ours or ours not in best else f"{time_of * 1e6:.1f} ({time_of / best[ours]:.2f}x)"


class Table:
    """Prints rows of cells as they come, in columns or as Markdown."""

    def __init__(self, header, widths, markdown):
        self.widths, self.markdown = widths, markdown
        self.row(header)
        if markdown:
            print("|" + "|".join(["---"] + ["---:"] * (len(header) - 1)) + "|")

    def row(self, cells):
        """Print one."""
        if self.markdown:
            print("| " + " | ".join(cells) + " |", flush=True)
        else:
            texts = [c.rjust(w) if k else c.ljust(w) for k, (c, w) in enumerate(zip(cells, self.widths))]
            print("  ".join(texts).rstrip(), flush=True)
