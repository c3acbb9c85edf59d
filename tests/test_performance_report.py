"""What the documents say of performance is made of measured figures: by `benchmarks/report.py`, from a file."""

import importlib.util
import json
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


def module_of(name):
    if not (BENCHMARKS / f"{name}.py").exists():
        pytest.skip("the benchmarks are not here")
    specification = importlib.util.spec_from_file_location(name, BENCHMARKS / f"{name}.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def found(**least):
    """Rows of one suite: of a row and tools by microseconds."""
    rows = []
    for row, tools in least.items():
        for tool, t in tools.items():
            what = {"least": t * 1e-6, "median": t * 1e-6, "quartiles": [0.9 * t * 1e-6, 1.2 * t * 1e-6], "turns": 5}
            rows.append({"suite": "eager", "row": row, "tool": tool, **what})
    return rows


def test_documents_are_those_of_the_latest_results():
    report = module_of("report")
    made = report.documents(json.loads(report.LATEST.read_text(encoding="utf-8")))
    for path, text in made.items():
        assert path.read_text(encoding="utf-8") == text, f"python benchmarks/report.py writes {path.name}"


def test_losses_are_shown_like_wins():
    report = module_of("report")
    rows = found(won={"jittape": 1.0, "torch": 2.0}, lost={"jittape": 3.0, "torch": 2.0, "xad": 1.5, "numpy primal": 0.5})
    assert [(name, tool) for _, name, _, tool, _ in report.lost(rows)] == [("lost", "xad")]
    lines = report.table(rows, "eager")
    assert lines[2] == "| won | 1.00 ±15 % | 2.00 (2.00x) ±15 % |  |  |"
    assert "3.00" in lines[3] and "1.50 (0.50x)" in lines[3]
    assert [report.microseconds(t) for t in (1.234e-9, 1.5e-6, 12.34e-6, 123.4e-6, 0.1)] == [
        "0.00123", "1.50", "12.3", "123", "100000",
    ]  # fmt: skip


def test_commits_are_compared_by_their_least_times(tmp_path):
    compare = module_of("compare_commits")
    files = []
    for k, rows in enumerate([found(a={"jittape": 2.0}, b={"jittape": 2.0}), found(a={"jittape": 1.0}, b={"jittape": 3.0})]):
        files.append(tmp_path / f"{k}.json")
        files[-1].write_text(json.dumps({"about": {}, "rows": rows}))
    before, after = compare.least(files), compare.least(files[:1])
    assert before == {("eager", "a"): 1e-6, ("eager", "b"): 2e-6}
    lines, is_slower = compare.compared(before, after)
    assert is_slower and "slower" in lines[0] and "slower" not in lines[1]
    assert not compare.compared(after, before)[1]
