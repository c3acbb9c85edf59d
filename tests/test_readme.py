"""The Python blocks of the README and of the pages of the documentation run, and print what is shown below them."""

import contextlib
import importlib.util
import io
import re
from pathlib import Path

import pytest

from jittape.numba_backend.decorators import JIT

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs" / "tutorials").glob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```\n+^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = {
    f"{page.stem}-{k}": example for page in PAGES for k, example in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")))
}


def test_every_block_shows_its_output():
    assert sum(page.read_text(encoding="utf-8").count("```python") for page in PAGES) == len(EXAMPLES) > 0


def printed_by(source, name):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, name, "exec"), {"__name__": "page"})
    return [line.rstrip() for line in printed.getvalue().splitlines()]


@pytest.mark.parametrize("name", EXAMPLES)
def test_block_prints_what_is_shown(name):
    source, shown = EXAMPLES[name]
    if not JIT and ("from numba" in source or "nan" in shown):
        pytest.skip("without Numba, functions are ordinary ones and a division by zero raises")
    if not JIT and name.startswith("sampling"):
        pytest.skip("without Numba, thousands of steps take minutes")
    assert printed_by(source, name) == [line.rstrip() for line in shown.splitlines()]


def test_the_tutorial_is_pytorch_s():
    """Its blocks print the same with ``import torch``; the Chinese page has the same blocks."""
    pytest.importorskip("torch", reason="PyTorch is not installed")
    tutorial = {name: example for name, example in EXAMPLES.items() if name.startswith("autograd_tutorial-")}
    assert [EXAMPLES[name.replace("tutorial", "tutorial.zh")] for name in tutorial] == list(tutorial.values())
    for name, (source, shown) in tutorial.items():
        with_torch = source.replace("import jittape as jt", "import torch as jt")
        assert printed_by(with_torch, name) == [line.rstrip() for line in shown.splitlines()], name


def test_figures_are_drawn_by_the_library():
    specification = importlib.util.spec_from_file_location("figures", ROOT / "docs" / "figures.py")
    figures = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(figures)
    for name, figure in figures.FIGURES.items():
        assert (ROOT / "docs" / name).read_text(encoding="utf-8") == figure().svg, f"python docs/figures.py writes {name}"


def test_two_set_up_commands():
    commands = [line.strip() for line in README.read_text(encoding="utf-8").splitlines() if line.startswith("    pip ")]
    assert len(commands) == 2
    assert commands[0].endswith("&& python examples/quickstart.py") and commands[1].endswith("&& python -m pytest")
