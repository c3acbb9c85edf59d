"""Evals and intermediary of our own: ``python -m benchmarks.gradbench.intermediary [eval ...] [--small] [--all-ways]``.

It starts the tool, sends it the messages that GradBench's evals send, with inputs made here, holds every answer against
`validation`, and prints milliseconds, the least of the runs. With ``--log FILE`` the session is written as GradBench writes it.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from .tool_session import answer_to, ways_of
from .validation import EVALS

ROOT = Path(__file__).parent.parent.parent


class Session:
    """A tool in a process of its own, and what was said."""

    def __init__(self, command):
        paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        self.tool = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": paths}
        )
        self.start, self.lines, self.number = time.perf_counter_ns(), [], 0

    def _note(self, **what):
        self.lines.append({"elapsed": {"nanoseconds": time.perf_counter_ns() - self.start}, **what})

    def say(self, **message):
        """Send a message, and return the response."""
        message = {"id": self.number, **message}
        self.number += 1
        self._note(message=message)
        self.tool.stdin.write(json.dumps(message) + "\n")
        self.tool.stdin.flush()
        line = self.tool.stdout.readline()
        if not line:
            raise RuntimeError(f"the tool ended with {self.tool.wait()} at {message['kind']!r}")
        response = json.loads(line)
        self._note(response=response)
        if response["id"] != message["id"]:
            raise RuntimeError(f"got the response {response['id']}, expected {message['id']}")
        return response

    def close(self):
        """Let the tool end."""
        self.tool.stdin.close()
        if self.tool.wait(60):
            raise RuntimeError(f"the tool ended with {self.tool.returncode}")


def run_eval(session, name, is_small, runs):
    """Rows of (function, milliseconds, error or None) of one eval."""
    inputs, check = EVALS[name]
    session.say(kind="start", eval=name)
    defined = session.say(kind="define", module=name)
    if not defined["success"]:
        return [(name, None, defined.get("error"))]
    rows = []
    for function, given in inputs(np.random.default_rng(1), is_small):
        sent = {**given, **runs} if isinstance(given, dict) else given
        response = session.say(kind="evaluate", module=name, function=function, input=sent)
        error = response.get("error") if not response["success"] else error_of(check, function, given, response["output"])
        verdict = {"valid": error is None} if error is None else {"valid": False, "error": error}
        session.say(kind="analysis", of=response["id"], **verdict)
        times = [t["nanoseconds"] for t in response.get("timings", ())]
        rows.append((f"{name} {function} {sizes(given)}", min(times) / 1e6 if times else None, error))
    return rows


def error_of(check, function, given, output):
    """What is wrong with an output, None if nothing is."""
    try:
        check(function, given, output)
    except AssertionError as error:
        return " ".join(str(error).split())
    return None


def sizes(given):
    """An input in a few words."""
    if not isinstance(given, dict):
        return str(given)
    return " ".join(f"{key}={list(np.shape(v)) if np.ndim(v) else v}" for key, v in given.items())


def all_ways(name, is_small, runs):
    """Rows of all ways of an eval, in this process."""
    inputs, check = EVALS[name]
    for function, given in inputs(np.random.default_rng(1), is_small):
        for way, prepare in ways_of(name, function).items():
            output, times = answer_to(prepare, {**given, **runs} if isinstance(given, dict) else given)
            yield f"{name} {function} {sizes(given)}, {way}", min(times) / 1e6, error_of(check, function, given, output)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("evals", nargs="*", metavar="eval", help=f"by default all: {', '.join(EVALS)}")
    parser.add_argument("--small", action="store_true", help="inputs that take no time")
    parser.add_argument("--all-ways", action="store_true", help="time all ways, in this process")
    parser.add_argument("--log", help="file for the session")
    parser.add_argument("--tool", default=f"{sys.executable} -m benchmarks.gradbench", help="the command that is run")
    options = parser.parse_args()
    runs = {"min_runs": 2, "min_seconds": 0.0} if options.small else {"min_runs": 3, "min_seconds": 0.5}
    wrong, session = 0, None if options.all_ways else Session(options.tool.split())
    for name in options.evals or EVALS:
        rows = all_ways(name, options.small, runs) if options.all_ways else run_eval(session, name, options.small, runs)
        for words, milliseconds, error in rows:
            wrong += error is not None
            figure = "" if milliseconds is None else f"{milliseconds:.4f}"
            print(f"{figure:>12}  {words}" + ("" if error is None else f"  WRONG: {error}"))
    if session is not None:
        session.close()
        if options.log:
            Path(options.log).write_text("".join(json.dumps(line) + "\n" for line in session.lines))
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
