"""How many calls of compiled functions of public packages are differentiated unchanged, and rightly.

    python benchmarks/public_functions.py [words of a name] [--results FILE] [--seconds 60] [--list] [--again]

Every call of the table (`public_calls.py`) is differentiated by `jt.value_and_grad`, or by `jt.jacrev` where it returns more than
one number, and compared with differences of five points. Packages that are not installed are left out and named. A call ends in
one of

* right; wrong; nan, where the local rules cannot know the answer (an infinite partial meets a zero); refused, with the first line
  of the message;
* late: it took longer than ``--seconds``, compilation included;
* unclear: the differences of two steps do not agree, or are zero everywhere, so that nothing is known;
* broken: the function does not run as the table calls it, so that the table is out of date.

The share is that of the calls that are right, wrong, nan, refused or late. ``--results`` keeps what is known, a line a call; a
run that was stopped goes on from there, and ``--again`` tries once more what was not right.
"""

import argparse
import contextlib
import importlib
import json
import pathlib
import signal
import time
from collections import Counter, defaultdict

import numpy as np
from public_calls import ARGUMENTS, CALLS, NO_DERIVATIVE

import jittape as jt

COUNTED = "right", "wrong", "nan", "refused", "late"
PRECISIONS = (1e-3, 2.5e-3, 1e-5), (1e-2, 2e-2, 2e-3)  # two relative steps, and how far the answers may differ; for float32, too


class Late(BaseException):
    """The time of a call is up. Not an Exception: code that is interrupted must not handle it."""


class Call:
    """One line of the table: a function, by its path, and its arguments.

    An argument is a number, a word in quotes, a name of `ARGUMENTS`, or ``@module.function``; ``!`` behind it says that it is not
    differentiated.
    """

    def __init__(self, module, name, words):
        self.module, self.name = module, name
        self.package = module.partition(".")[0]
        self.key = f"{module}.{name}({', '.join(words)})"
        self.words = words

    def function(self):
        """The compiled function, which is left as its package made it."""
        return getattr(importlib.import_module(self.module), self.name)

    def arguments(self):
        """Fresh arguments, and the positions of those that are differentiated."""
        made = [_argument(word.rstrip("!")) for word in self.words]
        numbers = [k for k, a in enumerate(made) if _floating(a) and not self.words[k].endswith("!")]
        return made, tuple(numbers)


def _argument(word):
    if word.startswith("@"):
        module, _, name = word[1:].rpartition(".")
        return getattr(importlib.import_module(module), name)
    if word[0] in "'0123456789-" or word in ("True", "False", "None"):
        return {"True": True, "False": False, "None": None}[word] if word[0] in "TFN" else _literal(word)
    return ARGUMENTS[word]()


def _literal(word):
    return word.strip("'") if word[0] == "'" else float(word) if set(word) & set(".e") else int(word)


def _floating(value):
    return isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f")


def calls_of_table():
    """All calls, in the order of the table."""
    for module, lines in CALLS.items():
        for line in filter(None, map(str.strip, lines.splitlines())):
            names, _, words = line.partition(":")
            for name in names.split():
                yield Call(module, name, words.split())


def _leaves(value):
    """The numbers and arrays of a result, in order; a list of numbers is an array, as in what jittape answers."""
    return [leaf for v in value for leaf in _leaves(v)] if isinstance(value, tuple) else [np.asarray(value)]


def _values(function, args):
    """All numbers of a result, in one vector."""
    copies = [a.copy() if isinstance(a, np.ndarray) else a for a in args]
    leaves = [np.ravel(leaf) for leaf in _leaves(function(*copies))]
    return np.concatenate([leaf if leaf.dtype.kind == "c" else leaf.astype(float) for leaf in leaves])


def _moved(args, k, place, by):
    """The arguments with one of their numbers moved."""
    if isinstance(args[k], float):
        return [a + by if i == k else a for i, a in enumerate(args)]
    x = args[k].copy()
    x.flat[place] += by
    return [x if i == k else a for i, a in enumerate(args)]


def _difference(function, args, k, place, relative):
    """The derivative by one number, of five points."""
    size = abs(float(np.ravel(args[k])[place]))
    h = relative * max(size, 0.1)
    near, far = ([_values(function, _moved(args, k, place, s * by)) for s in (1, -1)] for by in (h, 2 * h))
    return (8 * (near[0] - near[1]) - (far[0] - far[1])) / (12 * h)


def differences(function, args, numbers, relative):
    """The Jacobian by differences: a column a number."""
    places = [(k, p) for k in numbers for p in range(np.size(args[k]))]
    return np.stack([_difference(function, args, k, p, relative) for k, p in places], axis=-1)


def derivatives(function, args, numbers):
    """The Jacobian by jittape, laid out like that of `differences`."""
    value = function(*[a.copy() if isinstance(a, np.ndarray) else a for a in args])
    if isinstance(value, float):
        _, gradient = jt.value_and_grad(function, argnums=numbers)(*args)
        return np.concatenate([np.ravel(g) for g in gradient])[None]
    jacobian = jt.jacrev(function, argnums=numbers)(*args)
    outputs = _leaves(value)
    blocks = iter(_leaves(jacobian))
    return np.concatenate(
        [np.concatenate([np.reshape(next(blocks), (y.size, -1)) for _ in numbers], axis=1) for y in outputs], axis=0
    )


def _close(x, y, tolerance):
    """Whether two Jacobians agree, where the second is finite: differences of an output that is nan or infinite say nothing."""
    if x.shape != y.shape:
        return False
    known = np.isfinite(y)
    x, y = x[known], y[known]
    return np.allclose(x, y, rtol=tolerance, atol=tolerance * max(1e-6, float(np.max(np.abs(y), initial=0.0))))


@contextlib.contextmanager
def limited(seconds):
    """Raise `Late` when the time is up."""

    def stop(signum, frame):
        raise Late

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def outcome(call):
    """The name of the outcome, and what is to be said of it."""
    try:
        function, (args, numbers) = call.function(), call.arguments()
        fine, coarse = (differences(function, args, numbers, step) for step in PRECISIONS[0][:2])
    except Exception as problem:  # whatever a package raises
        return "broken", _first_line(problem)
    if not np.any(np.nan_to_num(fine)):
        return "unclear", "the differences are zero"
    try:
        found = derivatives(function, args, numbers)
    except Exception as problem:  # an exception of any kind is a refusal, and is shown
        return "refused", _first_line(problem)
    for *steps, tolerance in PRECISIONS:
        if steps[0] != PRECISIONS[0][0]:
            fine, coarse = (differences(function, args, numbers, step) for step in steps)
        if _close(found, fine, tolerance) or _close(found, coarse, tolerance):
            return "right", ""
        if _close(fine, coarse, tolerance):
            unknown = np.isnan(found) & np.isfinite(fine) if found.shape == fine.shape else False
            agree = np.any(unknown) and _close(found, np.where(unknown, np.nan, fine), tolerance)
            return "nan" if agree else "wrong", _contrast(found, fine)
    return "unclear", "the differences of two steps do not agree"


def _contrast(found, expected):
    """The numbers that differ most."""
    if found.shape != expected.shape:
        return f"got shape {found.shape}, expected {expected.shape}"
    apart = np.abs(np.nan_to_num(found, nan=np.inf) - np.where(np.isfinite(expected), expected, found))
    worst = np.unravel_index(np.nanargmax(apart), found.shape)
    return f"got {found[worst]}, expected {expected[worst]}"


def _first_line(problem):
    return f"{type(problem).__name__}: {(str(problem).strip() or '?').splitlines()[0]}"


def not_installed(packages):
    """The packages that cannot be imported, with a reason."""
    missing = {}
    for package in packages:
        try:
            importlib.import_module(package)
        except Exception as problem:  # a package that is there may fail in many ways
            missing[package] = _first_line(problem)
    return missing


def measure(calls, known, results, seconds):
    """Fill `known` with the outcomes of calls, and write each to the file of results."""
    for call in calls:
        begun = time.perf_counter()
        try:
            with limited(seconds):
                name, said = outcome(call)
        except Late:
            name, said = "late", f"more than {seconds} s"
        known[call.key] = {"call": call.key, "outcome": name, "said": said, "seconds": round(time.perf_counter() - begun, 1)}
        print(f"{name:8} {call.key}  {said}", flush=True)
        if results:
            with results.open("a") as file:
                file.write(json.dumps(known[call.key]) + "\n")


def report(calls, known, in_full):
    """Print a line a package, and the share of all."""
    by_package = defaultdict(Counter)
    for call in calls:
        by_package[call.package][known[call.key]["outcome"]] += 1
    names = (*COUNTED, "unclear", "broken")
    print(f"\n{'package':24}" + "".join(f"{name:>9}" for name in names))
    for package, counts in [*by_package.items(), ("all", sum(by_package.values(), Counter()))]:
        print(f"{package:24}" + "".join(f"{counts[name]:9}" for name in names))
    total = sum(counts[name] for name in COUNTED)
    print(f"right: {counts['right']} of {total}, {100 * counts['right'] / max(total, 1):.1f} %")
    for reason, count in Counter(known[c.key]["said"] for c in calls if known[c.key]["outcome"] in COUNTED[1:]).most_common():
        print(f"{count:4}  {reason}")
    if in_full:
        for name, reason in NO_DERIVATIVE.items():
            print(f"no derivative: {name}: {reason}")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("words", nargs="*")
    options.add_argument("--results", type=pathlib.Path)
    options.add_argument("--seconds", type=int, default=60)
    options.add_argument("--list", action="store_true")
    options.add_argument("--again", action="store_true")
    options = options.parse_args()
    calls = [c for c in calls_of_table() if all(word in c.key for word in options.words)]
    missing = not_installed(dict.fromkeys(c.package for c in calls))
    for package, reason in missing.items():
        print(f"not installed: {package} ({reason})")
    calls = [c for c in calls if c.package not in missing]
    known = {}
    if options.results and options.results.exists():
        known = {entry["call"]: entry for entry in map(json.loads, options.results.read_text().splitlines())}
    done = {key for key, entry in known.items() if entry["outcome"] == "right" or not options.again}
    measure([c for c in calls if c.key not in done], known, options.results, options.seconds)
    report(calls, known, options.list)


if __name__ == "__main__":
    main()
