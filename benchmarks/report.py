"""Tables and figures of what `run.py` has measured: ``python benchmarks/report.py [FILE]``, by default the latest results.

It writes the tables of `docs/performance.md`, the list of losses of `benchmarks/LOSSES.md` (both between marks) and the figure of
README, from the file alone; ``--check`` only says whether they are those of the file. A row is lost where another tool is faster.
"""

import argparse
import json
import math
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
LATEST = ROOT / "benchmarks" / "results" / "latest.json"
PERFORMANCE, LOSSES, FIGURE = ROOT / "docs" / "performance.md", ROOT / "benchmarks" / "LOSSES.md", ROOT / "docs" / "growth.svg"
START, END = "<!-- by benchmarks/report.py -->", "<!-- end -->"
TITLES = {
    "eager": "Value and gradient, recorded at every call",
    "unrecorded": "Operations that nothing records",
    "gradbench": "GradBench's evals, by the ways of writing them",
}
OURS = "jittape"
GROWTH = "elementwise chain, "


def by_row(rows, suite):
    """Name of a row -> tool -> what was found."""
    found = {}
    for row in rows:
        if row["suite"] == suite:
            found.setdefault(row["row"], {})[row["tool"]] = row
    return found


def microseconds(seconds):
    """Three digits, and all before the point."""
    value = seconds * 1e6
    return f"{value:.{max(0, 2 - math.floor(math.log10(value)))}f}"


def cell(found, ours):
    """A time, and how many times that of ours it is; half the distance of the quartiles in percent where that is large."""
    text = microseconds(found["least"])
    if ours is not None and found is not ours:
        text += f" ({found['least'] / ours['least']:.2f}x)"
    low, high = found["quartiles"]
    spread = 50.0 * (high - low) / found["median"]
    return text + (f" ±{spread:.0f} %" if spread >= 5.0 else "")


def table(rows, suite):
    """The Markdown table of a suite."""
    found = by_row(rows, suite)
    tools = list(dict.fromkeys(tool for of_row in found.values() for tool in of_row))
    if suite == "gradbench":  # another way for every eval
        lines = ["| eval | microseconds |", "|---|---|"]
        for name, ways in found.items():
            lines.append(f"| {name} | {', '.join(f'{way} {cell(w, None)}' for way, w in ways.items())} |")
        return lines
    lines = ["| | " + " | ".join(tools) + " |", "|---|" + "---:|" * len(tools)]
    for name, of_row in found.items():
        cells = [cell(of_row[tool], of_row.get(OURS)) if tool in of_row else "" for tool in tools]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def lost(rows):
    """(suite, row, ours, name of the fastest other, its time) of rows that another tool wins; primals are no tools."""
    found = []
    for suite in TITLES:
        for name, of_row in by_row(rows, suite).items():
            others = {tool: r["least"] for tool, r in of_row.items() if tool not in (OURS, "numpy primal")}
            if OURS in of_row and others:
                best = min(others, key=others.get)
                if others[best] < of_row[OURS]["least"]:
                    found.append((suite, name, of_row[OURS]["least"], best, others[best]))
    return found


def words_about(about, rows):
    """What the figures depend on, in a paragraph."""
    versions = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    machine, losses = about["machine"], lost(rows)
    compared = len({(r["suite"], r["row"]) for r in rows if r["tool"] not in (OURS, "numpy primal")} - gradbench_rows(rows))
    return [
        "Microseconds of the processor, the least of all turns; in brackets the ratio to jittape; ± where half the distance of "
        f"the quartiles is 5 % or more. Commit {about['commit']}, {about['date'][:10]}, one core of {machine['processor']} (load "
        f"{machine['load'][0]:.0f} on {machine['cores']} cores), Python {about['python']}, {versions}.",
        f"Of {compared} rows another tool is faster in {len(losses)}; `benchmarks/LOSSES.md` has them with reasons.",
    ]


def gradbench_rows(rows):
    return {(r["suite"], r["row"]) for r in rows if r["suite"] == "gradbench"}


def section(found):
    """The part of `docs/performance.md`."""
    lines = ["", *words_about(found["about"], found["rows"])]
    for suite, title in TITLES.items():
        if by_row(found["rows"], suite):
            lines += ["", f"## {title}", "", *table(found["rows"], suite)]
    return "\n".join(lines) + "\n"


def list_of_losses(found):
    """The part of `benchmarks/LOSSES.md`."""
    lines = ["", "| row | jittape | fastest other | ratio |", "|---|---:|---:|---:|"]
    for _, name, ours, tool, theirs in sorted(lost(found["rows"]), key=lambda x: x[4] / x[2]):
        lines.append(f"| {name} | {microseconds(ours)} | {tool} {microseconds(theirs)} | {ours / theirs:.2f} |")
    return "\n".join(lines) + "\n"


def between_marks(text, part):
    """The text with another part between the marks."""
    head, _, rest = text.partition(START)
    return head + START + "\n" + part + "\n" + END + rest.partition(END)[2]


# --- the figure -----------------------------------------------------------------------------------------------

WIDTH, HEIGHT, LEFT, BOTTOM, RIGHT, TOP = 640, 360, 70, 46, 120, 30
COLOURS = "#1668b8", "#d1495b", "#66a182", "#8a6fb0", "#8d8d8d"


def figure(rows):
    """Time over size, both in logarithms: an SVG."""
    lines = {}
    for name, of_row in by_row(rows, "eager").items():
        if name.startswith(GROWTH):
            for tool, found in of_row.items():
                lines.setdefault(tool, []).append((float(name.removeprefix(GROWTH)), found["least"] * 1e6))
    points = [p for line in lines.values() for p in line]
    ranges = [(min(v), max(v)) for v in zip(*points)]
    x_of = scale(*ranges[0], LEFT, WIDTH - RIGHT)
    y_of = scale(*ranges[1], HEIGHT - BOTTOM, TOP)
    parts = [f'<text x="{LEFT}" y="18">sum(tanh(sin(x) exp(-x²) + x/(1+x²))), value and gradient, microseconds</text>']
    for axis, (low, high) in enumerate(ranges):
        for power in range(math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9) + 1):
            parts += tick(axis, power, x_of, y_of)
    for (tool, line), colour in zip(lines.items(), COLOURS):
        path = " ".join(f"{x_of(x):.1f},{y_of(y):.1f}" for x, y in line)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        x, y = line[-1]
        parts.append(f'<text x="{x_of(x) + 6:.1f}" y="{y_of(y) + 4:.1f}" fill="{colour}">{tool}</text>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" font-size="12">'
    return "\n".join([head, f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>', *parts, "</svg>"]) + "\n"


def scale(low, high, start, end):
    """From numbers to places, by logarithms."""
    return lambda v: start + (end - start) * math.log(v / low) / math.log(high / low)


def tick(axis, power, x_of, y_of):
    """A line of the grid and its number."""
    value, base = 10.0**power, HEIGHT - BOTTOM
    if axis == 0:
        x, y, shape = x_of(value), base + 16, f'x1="{x_of(value):.1f}" x2="{x_of(value):.1f}" y1="{TOP}" y2="{base}"'
    else:
        x, y, shape = (
            LEFT - 22,
            y_of(value) + 4,
            f'x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y_of(value):.1f}" y2="{y_of(value):.1f}"',
        )
    return [f'<line {shape} stroke="#dddddd"/>', f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{value:g}</text>']


def documents(found):
    """Path -> text of what is made of the figures."""
    return {
        PERFORMANCE: between_marks(PERFORMANCE.read_text(encoding="utf-8"), section(found)),
        LOSSES: between_marks(LOSSES.read_text(encoding="utf-8"), list_of_losses(found)),
        FIGURE: figure(found["rows"]),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", nargs="?", default=str(LATEST))
    parser.add_argument("--check", action="store_true", help="write nothing, and exit with 1 if something would change")
    options = parser.parse_args()
    stale = []
    for path, text in documents(json.loads(Path(options.file).read_text(encoding="utf-8"))).items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path.name)
            if not options.check:
                path.write_text(text, encoding="utf-8")
    print(", ".join(stale) or "nothing has changed")
    return int(options.check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
