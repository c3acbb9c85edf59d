"""Write the table of folders in ARCHITECTURE.md from the docstrings of the folders themselves.

Run it from the root of the repository: ``python docs/folders.py``.
"""

import ast
import pathlib
import re

ROOT = pathlib.Path(__file__).parents[1]
PAGE, PACKAGE = ROOT / "ARCHITECTURE.md", ROOT / "jittape"
START, END = "by `python docs/folders.py`; a test compares -->\n", "<!-- end -->"
PUBLIC = ("errors", "autograd", "fft", "func", "linalg", "nn", "optim", "native", "numpy", "scipy", "utils")


def subject(path):
    """What a folder or a module says of itself: the first paragraph of its docstring, in one line."""
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    paragraph = (ast.get_docstring(ast.parse(source.read_text())) or "").split("\n\n")[0]
    return re.sub("`+", "`", " ".join(paragraph.split())).rstrip(".")


def table(floors):
    """The table, for the floors of `tests/test_structure.py`: names of folders, from the ground up."""
    rows = ["| folder | subject |", "|---|---|"]
    for rooms in floors:
        for room in sorted(rooms):
            if room:
                name = f"`{room}`" if room.split("/")[0] not in PUBLIC or "/" in room else f"**`{room}`**"
                rows.append(f"| {name} | {subject(PACKAGE / room)} |")
    return "\n".join(rows) + "\n"


def page(floors):
    """ARCHITECTURE.md with the table as it should be."""
    text = PAGE.read_text()
    before, rest = text.split(START)
    return before + START + table(floors) + END + rest.split(END, 1)[1]


def floors():
    """The floors that `tests/test_structure.py` declares, read without running it."""
    tree = ast.parse((ROOT / "tests" / "test_structure.py").read_text())
    (value,) = [n.value for n in tree.body if isinstance(n, ast.Assign) and getattr(n.targets[0], "id", "") == "FLOORS"]
    return ast.literal_eval(value)


if __name__ == "__main__":
    PAGE.write_text(page(floors()))
