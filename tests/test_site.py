"""The pages of the documentation site that are made: every operation, namespace and example has one, and links lead somewhere."""

import importlib
import re
import sys
from pathlib import Path


import pytest

import jittape as jt
from jittape.kernels.kernel_table import OPERATIONS

DOCS = Path(__file__).parent.parent / "docs"
CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


@pytest.fixture(scope="module")
def made():
    """The module that makes pages."""
    sys.path.insert(0, str(DOCS))
    try:
        return importlib.import_module("site_pages")
    finally:
        sys.path.remove(str(DOCS))


def test_every_operation_has_a_page(made):
    pages = made.operation_pages()
    index = pages["operations/index.md"]
    own = [o for o in OPERATIONS if getattr(getattr(o, "body", None), "__module__", "jittape").startswith("jittape")]  # no test's
    assert {o.name for o in own if not o.__doc__} == {"source", "user_function"}  # what the tape does by itself
    for operation in (o for o in OPERATIONS if o.__doc__):
        assert f"| [{operation.name}]({operation.name}.md) |" in index
        page = pages[f"operations/{operation.name}.md"]
        assert operation.__doc__.split("\n\n")[0].strip() in page and "(no source)" not in page
    sine = pages["operations/sin.md"]
    for text in ("`jt.sin`", "`x.sin_`", "`numpy.sin`", "`math.sin`", "plots/sin.svg", "## Derivative", "cos(x)", "-2.5 to 2.5"):
        assert text in sine, text
    assert "-3.28" in pages["operations/sinc.md"] and "linear" in pages["operations/cumsum.md"]


def test_plots_show_value_and_derivative(made, tmp_path):
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    operations = made.plotted_operations()
    assert {"sin", "sinc", "relu", "erf"} <= {o.name for o in operations} and len(operations) > 50
    made.plot(jt.sin.operation, tmp_path / "sin.svg")
    assert "<svg" in (tmp_path / "sin.svg").read_text(encoding="utf-8")


def test_every_public_name_is_on_a_page(made):
    pages = made.api_pages()
    assert "jittape.grad\n" in pages["api/jittape.md"] and "autoclass:: jittape.optim.Adam" in pages["api/jittape.optim.md"]
    for namespace in made.NAMESPACES:
        module, page = importlib.import_module(namespace), pages[f"api/{namespace}.md"]
        for name in module.__all__:
            value = getattr(module, name)
            if isinstance(value, type) or type(value) is type(made.plot):
                assert f"{namespace}.{name}" in page


def test_examples_are_told_in_full(made):
    """Title, text and code of the file; nothing of the code is lost."""
    pages = made.gallery_pages()
    for path in (DOCS.parent / "examples").glob("*.py"):
        page = pages[f"gallery/{path.stem}.md"]
        code = "\n".join(re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))
        written = path.read_text(encoding="utf-8").split('"""', 2)[2]
        assert {line.strip() for line in written.splitlines() if line.strip() and not line.startswith("#")} <= {
            line.strip() for line in code.splitlines()
        }, path.name


def test_links(made):
    """Of made pages and of written ones: to pages that there are, or to the repository."""
    generated = {DOCS / "generated" / name for name in (*made.repository_pages(), *made.operation_pages(), *made.api_pages())}
    generated |= {DOCS / "generated" / name for name in made.gallery_pages()}
    written = [path for path in DOCS.rglob("*.md") if not {"generated", "_build"} & set(path.relative_to(DOCS).parts)]
    texts = {path: path.read_text(encoding="utf-8") for path in written}
    texts |= {DOCS / "generated" / name: text for name, text in made.repository_pages().items()}
    for path, text in texts.items():
        for target in LINK.findall(CODE.sub("", text)):
            place = (path.parent / target).resolve()
            assert place in generated or place.exists(), f"{path.name}: {target}"


def test_pages_that_are_left_over_are_removed(made, tmp_path, monkeypatch):
    monkeypatch.setattr(made, "operation_pages", dict)
    monkeypatch.setattr(made, "api_pages", dict)
    monkeypatch.setattr(made, "plotted_operations", list)
    (tmp_path / "operations").mkdir()
    (tmp_path / "operations" / "gone.md").write_text("# gone")
    made.write_pages(tmp_path)
    assert not (tmp_path / "operations" / "gone.md").exists() and (tmp_path / "readme.md").exists()
    assert all(path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.md"))
