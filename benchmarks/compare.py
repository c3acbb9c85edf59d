"""All problems by all tools in one process, interleaved; prints minima and ratios.

    python benchmarks/compare.py [words of a problem's name] [--seconds 1.0] [--markdown]

The tools take turns within a problem (``timing.py``).  Answers are checked before anything is timed.
"""

from peers import available  # first: it limits the threads
from problems import PROBLEMS
from timing import Table, arguments, minima, ratio


def prepared(problem, tools):
    """Name -> the call to be timed, its answer checked."""
    calls = {name: peer.prepare(problem) for name, peer in tools.items() if peer.runs(problem)}
    for name, call in calls.items():
        problem.check(*tools[name].answer(*call()))
    return calls


def main():
    options = arguments(__doc__).parse_args()
    tools = available()
    others = [name for name in tools if name != "jittape"]
    print("microseconds a call, minimum; in brackets the ratio to jittape (above 1: jittape is faster)\n")
    table = Table(["problem", "jittape", *others], [36, 12, *(22 for _ in others)], options.markdown)
    for problem in PROBLEMS.values():
        if all(word in problem.name for word in options.words):
            best = minima(prepared(problem, tools), options.seconds)
            table.row([problem.name, *(ratio(best, name) for name in ("jittape", *others))])


if __name__ == "__main__":
    main()
