"""A profile as text and as HTML."""

from html import escape
from pathlib import Path

from ..printing.html_tables import html_table

MOST_ROWS = 15
HEAD = ("phase", "calls", "time", "share", "per call", "bytes")
LEFT = ("operation", "line", "phase", "mostly")


def summed(work, key):
    """Work with the same key as one, under the names of what took longest."""
    groups = {}
    for w in work:
        groups.setdefault(key(w), []).append(w)
    return [_sum(same) for same in groups.values()]


def _sum(same):
    longest = max(same, key=lambda w: w.seconds)
    calls, seconds, nbytes = (sum(column) for column in zip(*(w[5:] for w in same)))
    return longest._replace(calls=calls, seconds=seconds, nbytes=nbytes)


def duration(seconds):
    """A time with its unit."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.0f} ns"


def size_of(nbytes):
    """A number of bytes with its unit."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if nbytes >= size:
            return f"{nbytes / size:.3g} {unit}"
    return f"{nbytes} B" if nbytes else ""


def place_of(work):
    """Where work was called, shortly."""
    return f"{Path(work.file).name}:{work.line} {work.function}" if work.line else ""


def _cells(work, whole):
    share = f"{100.0 * work.seconds / whole:.1f}%"
    return (work.phase, str(work.calls), duration(work.seconds), share, duration(work.seconds / work.calls), size_of(work.nbytes))


def _tables(profile):
    """Title, head and rows of cells of each table."""
    whole = max(profile.seconds, 1e-12)
    operations, lines = profile.by_operation(), profile.by_line()
    yield "by operation", ("operation", *HEAD), [(w.operation, *_cells(w, whole)) for w in operations]
    yield "by line", ("line", *HEAD, "mostly"), [(place_of(w), *_cells(w, whole), w.operation) for w in lines if w.line]


def summary_of(profile):
    """One line: the whole, and what is in no row."""
    known = sum(w.seconds for w in profile.work)
    rest = max(0.0, profile.seconds - known - profile.overhead)
    parts = [
        f"{duration(profile.seconds)} in all",
        f"{duration(known)} in the rows below",
        f"{duration(rest)} everything else",
        f"{duration(profile.overhead)} this profile",
    ]
    return ", ".join([*parts, f"tape at most {size_of(profile.peak_bytes)}"] if profile.peak_bytes else parts)


def text_of(profile, most=MOST_ROWS):
    """The tables as text."""
    lines = [summary_of(profile)]
    for title, head, rows in _tables(profile):
        cells = [head, *rows[:most]]
        widths = [max(map(len, column)) for column in zip(*cells)]
        lines += ["", f"{title}:"]
        lines += ["  ".join(_aligned(c, w, head[k]) for k, (c, w) in enumerate(zip(row, widths))).rstrip() for row in cells]
        lines += [f"... and {len(rows) - most} more"] if len(rows) > most else []
    return "\n".join(lines)


def _aligned(cell, width, head):
    return cell.ljust(width) if head in LEFT else cell.rjust(width)


def html_of(profile, most=MOST_ROWS):
    """The tables as HTML."""
    parts = [f"<p>{escape(summary_of(profile))}</p>"]
    for title, head, rows in _tables(profile):
        parts.append(html_table(title, head, rows[:most], set(head) - set(LEFT)))
        parts += [f"<p>... and {len(rows) - most} more</p>"] if len(rows) > most else []
    return "\n".join(parts)
