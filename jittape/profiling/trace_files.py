"""A profile in the formats of other tools: Chrome's trace events, and speedscope's samples."""

import json
import os
from pathlib import Path


def write_chrome_trace(clock, path):
    """Complete events ("X"), in microseconds."""
    events = [{"ph": "M", "pid": os.getpid(), "tid": clock.thread, "name": "thread_name", "args": {"name": "profiled thread"}}]
    for work, begin, end in clock.events:
        file, line, function = work.lines.place
        event = {"ph": "X", "pid": os.getpid(), "tid": clock.thread, "name": work.name, "cat": work.phase}
        event["ts"], event["dur"] = 1e-3 * (begin - clock.began), 1e-3 * (end - begin)
        event["args"] = {"phase": work.phase, "line": f"{file}:{line}", "function": function}
        events.append(event)
    Path(path).write_text(json.dumps({"traceEvents": events, "displayTimeUnit": "ns"}), encoding="utf-8")


def write_speedscope(clock, path):
    """A stack of the user's functions for all work, weighted by its own time."""
    frames, numbers, samples, weights = [], {}, [], []

    def number(name, file=None, line=None):
        key = (name, file, line)
        if key not in numbers:
            numbers[key] = len(frames)
            frames.append({"name": name, **({"file": file, "line": line} if file else {})})
        return numbers[key]

    for work, _, ns, _ in clock.totals.values():
        stack = [number(f"{code.co_name} line {line}", code.co_filename, line) for code, line in reversed(work.lines.frames)]
        samples.append([*stack, number(f"{work.phase}: {work.name}")])
        weights.append(max(int(ns), 0))
    profile = {"type": "sampled", "name": "jittape", "unit": "nanoseconds", "startValue": 0, "endValue": sum(weights)}
    profile |= {"samples": samples, "weights": weights}
    schema = "https://www.speedscope.app/file-format-schema.json"
    text = json.dumps({"$schema": schema, "shared": {"frames": frames}, "profiles": [profile], "exporter": "jittape"})
    Path(path).write_text(text, encoding="utf-8")
