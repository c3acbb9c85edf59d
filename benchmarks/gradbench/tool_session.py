"""A session of the tool: modules by name, timed runs, answers."""

import importlib
import json
import time

import numpy as np


def ways_of(module, function):
    """Name -> way of computing a function of an eval, the natural one first. A way is ``prepare(input)``, see `answer_to`."""
    return importlib.import_module(f"{__package__}.eval_{module}").FUNCTIONS[function]


def answer_to(prepare, given):
    """The output of a function on an input, and the nanoseconds of every run.

    Parameters
    ----------
    prepare : callable
        Makes of the input what is timed, a function without arguments. Its first call, in which code is compiled, is not.
    given : dict or number
        As the eval sends it, perhaps with `min_runs` and `min_seconds`.
    """
    runs, seconds = (given.get("min_runs", 1), given.get("min_seconds", 0.0)) if isinstance(given, dict) else (1, 0.0)
    call = prepare(given)
    call()
    times = []
    while len(times) < runs or sum(times) < seconds * 1e9:
        start = time.perf_counter_ns()
        output = call()
        times.append(time.perf_counter_ns() - start)
    return plain(output), times


def plain(value):
    """A value for JSON."""
    if isinstance(value, dict):
        return {key: plain(x) for key, x in value.items()}
    return np.asarray(value).tolist()


def respond(message):
    """The response to a message."""
    kind, known = message["kind"], {"id": message["id"]}
    if kind == "start":
        return {**known, "tool": "jittape"}
    if kind == "define":
        try:
            importlib.import_module(f"{__package__}.eval_{message['module']}")
        except ImportError:
            return {**known, "success": False, "error": f"no module {message['module']!r}"}
        return {**known, "success": True}
    if kind != "evaluate":
        return known
    try:
        way = next(iter(ways_of(message["module"], message["function"]).values()))
        output, times = answer_to(way, message["input"])
    except Exception as error:
        return {**known, "success": False, "error": f"{type(error).__name__}: {error}"}
    return {**known, "success": True, "output": output, "timings": [{"name": "evaluate", "nanoseconds": t} for t in times]}


def serve(messages, responses):
    """Answer every line, at once."""
    for line in messages:
        if line.strip():
            print(json.dumps(respond(json.loads(line))), file=responses, flush=True)
