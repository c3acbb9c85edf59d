"""Two commits beside each other: ``python benchmarks/compare_commits.py BEFORE [AFTER] [--suites eager ...] [--words ...]``.

Each is checked out in a folder of its own, with a cache of its own, and this checkout's `run.py` measures both by turns; AFTER is
the working tree unless it is given. The least time over the rounds counts. Rows that differ by more than 5 % are marked, and the
exit status is 1 if one is slower.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
NOTABLE = 1.05


def least(files):
    """(suite, row) -> least seconds, of several files of `run.py`."""
    found = {}
    for file in files:
        for row in json.loads(Path(file).read_text())["rows"]:
            key = row["suite"], row["row"]
            found[key] = min(found.get(key, float("inf")), row["least"])
    return found


def compared(before, after):
    """Lines of a table, and whether a row is slower."""
    lines, is_slower = [], False
    for key in before:
        if key in after:
            times = after[key] / before[key]
            mark = "slower" if times > NOTABLE else "faster" if times < 1.0 / NOTABLE else ""
            is_slower |= mark == "slower"
            lines.append(f"{before[key] * 1e6:12.2f} {after[key] * 1e6:12.2f} {times:7.3f} {mark:6}  {key[1]}")
    return lines, is_slower


def measure(tree, cache, file, options):
    """One round of one commit, in a process of its own."""
    environment = os.environ | {"PYTHONPATH": str(tree), "NUMBA_CACHE_DIR": str(cache), "JITTAPE_QUIET": "1"}
    command = [sys.executable, str(ROOT / "benchmarks" / "run.py"), str(file), *options.suites, "--tool", "jittape"]
    command += ["--seconds", str(options.seconds), *(["--words", *options.words] if options.words else [])]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("before")
    parser.add_argument("after", nargs="?")
    parser.add_argument("--suites", nargs="*", default=["eager", "unrecorded"])
    parser.add_argument("--words", nargs="*", default=[], help="only rows whose name contains all of these")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.1, help="time a row")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="jittape-commits-") as folder:
        trees, files = {}, {"before": [], "after": []}
        try:
            for name in files:
                commit = getattr(options, name)
                trees[name] = ROOT if commit is None else Path(folder, name)
                if commit is not None:
                    subprocess.run(["git", "worktree", "add", "-q", "--detach", str(trees[name]), commit], cwd=ROOT, check=True)
            for k in range(options.rounds):
                for name in files if k % 2 == 0 else reversed(files):
                    files[name].append(Path(folder, f"{name}{k}.json"))
                    measure(trees[name], Path(folder, f"cache-{name}"), files[name][-1], options)
        finally:
            for tree in trees.values():
                if tree != ROOT:
                    subprocess.run(["git", "worktree", "remove", "--force", str(tree)], cwd=ROOT, check=False)
        lines, is_slower = compared(least(files["before"]), least(files["after"]))
    print("microseconds: before, after, ratio")
    print("\n".join(lines))
    return int(is_slower)


if __name__ == "__main__":
    sys.exit(main())
