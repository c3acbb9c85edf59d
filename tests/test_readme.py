"""The README's Python blocks run, and print what is shown below them."""

import contextlib
import io
import re
from pathlib import Path

import pytest

from jittape.numba_backend.decorators import JIT

README = Path(__file__).parent.parent / "README.md"
BLOCK = re.compile(r"^```python\n(.*?)^```\n+^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = BLOCK.findall(README.read_text(encoding="utf-8"))


def test_every_block_shows_its_output():
    text = README.read_text(encoding="utf-8")
    assert text.count("```python") == len(EXAMPLES) > 0


@pytest.mark.parametrize("source, shown", EXAMPLES, ids=[str(k) for k in range(len(EXAMPLES))])
def test_block_prints_what_is_shown(source, shown):
    if not JIT and "from numba" in source:
        pytest.skip("compiled functions are ordinary ones when Numba is switched off")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, "README.md", "exec"), {"__name__": "readme"})
    lines = [line.rstrip() for line in printed.getvalue().splitlines()]
    assert lines == [line.rstrip() for line in shown.splitlines()]


def test_two_set_up_commands():
    commands = [line.strip() for line in README.read_text(encoding="utf-8").splitlines() if line.startswith("    pip ")]
    assert len(commands) == 2
    assert commands[0].endswith("&& python examples/quickstart.py") and commands[1].endswith("&& python -m pytest")
