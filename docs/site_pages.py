"""Pages of the documentation site that are made: of the declarations, of docstrings, of examples, and of the repository's pages.

`docs/conf.py` calls it; ``python docs/site_pages.py FOLDER`` writes the pages alone.
"""

import ast
import inspect
import os
import re
import shutil
import sys
import textwrap
from pathlib import Path

import numpy as np

import jittape as jt
from jittape.kernels.kernel_table import OPERATIONS
from jittape.ops import operation_names
from jittape.ops.declare_elementwise import Elementwise
from jittape.ops.declare_reduction import Reduction
from jittape.ops.declare_structured import Structured
from jittape.ops.declare_view import View
from jittape.ops.domains import domains_of

ROOT = Path(__file__).parent.parent
REPOSITORY_PAGES = {
    "readme": "README.md",
    "architecture": "ARCHITECTURE.md",
    "contributing": "CONTRIBUTING.md",
    "changelog": "CHANGELOG.md",
}
NAMESPACES = ("jittape", "jittape.autograd", "jittape.func", "jittape.nn", "jittape.optim", "jittape.native", "jittape.linalg",
              "jittape.fft", "jittape.special", "jittape.errors", "jittape.utils.data")  # fmt: skip
ORPHAN = "---\norphan: true\n---"  # in no table of contents, which every page would have to show
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)(#[^)]*)?\)")


def write_pages(folder):
    """Write all pages into a folder, which is emptied; files that stay the same keep their dates."""
    pages = {**repository_pages(), **operation_pages(), **api_pages(), **gallery_pages()}
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.rglob("*.md")):
        if str(path.relative_to(folder)) not in pages:
            path.unlink()
    for name, text in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    plots = folder / "operations" / "plots"
    plots.mkdir(exist_ok=True)
    for operation in plotted_operations():
        target = plots / f"{operation.name}.svg"
        if not target.exists():
            plot(operation, target)
    figures = folder / "gallery" / "figures"
    figures.mkdir(exist_ok=True)
    for figure in (ROOT / "examples").glob("*.png"):
        shutil.copy(figure, figures)


# --- pages of the repository ----------------------------------------------------------------------------------------------


def repository_pages():
    """Pages that stand elsewhere in the repository, with their links as seen from the site."""
    where = {ROOT / source: f"{name}.md" for name, source in REPOSITORY_PAGES.items()}
    where |= {
        path: f"../{path.relative_to(ROOT / 'docs')}" for path in (ROOT / "docs").rglob("*.md") if "generated" not in path.parts
    }

    def moved(match):
        target = (ROOT / match[1]).resolve()
        if target.suffix == ".svg":
            return f"](../{target.relative_to(ROOT / 'docs')})"
        return (
            f"]({where[target]}{match[2] or ''})"
            if target in where
            else f"](https://github.com/jittape/jittape/blob/main/{match[1]})"
        )

    return {
        f"{name}.md": LINK.sub(moved, (ROOT / source).read_text(encoding="utf-8")) for name, source in REPOSITORY_PAGES.items()
    }


# --- operations -----------------------------------------------------------------------------------------------------------


def operation_pages():
    """A page an operation, and their index."""
    declared = [o for o in OPERATIONS if (o.__doc__ or "").strip()]
    names = {id(o): names_of(o) for o in declared}
    pages = {f"operations/{o.name}.md": operation_page(o, names[id(o)]) for o in declared}
    rows = [f"| [{o.name}]({o.name}.md) | {_summary(o)} | {_kind(o)} |" for o in sorted(declared, key=lambda o: o.name)]
    pages["operations/index.md"] = (
        "# Operations\n\nWhat the tape is made of: one declaration each, of which these pages are made. Functions without a row "
        "of their own are compositions of these.\n\n| operation | what it is | kind |\n|---|---|---|\n" + "\n".join(rows) + "\n"
    )
    return pages


def names_of(operation):
    """All names that a declaration has entered, by where they are."""
    function = getattr(operation, "function", None)
    found = {"jittape": [], "methods": [], "NumPy and SciPy": [], "Python": []}
    tables = {
        id(operation_names.PUBLIC): "jittape",
        id(operation_names.METHODS): "methods",
        id(operation_names.BY_NUMPY): "NumPy and SciPy",
        id(operation_names.BY_PYTHON): "Python",
    }
    for table, key in operation_names._entered.get(function, ()):
        if id(table) in tables:
            found[tables[id(table)]].append(_written(key, table is operation_names.PUBLIC, table is operation_names.METHODS))
    return {place: names for place, names in found.items() if names}


def _written(key, is_public, is_method):
    if isinstance(key, str):
        return f"jt.{key}" if is_public else f"x.{key}" if is_method else key
    if isinstance(key, tuple):
        return ".".join(_written(part, False, False) for part in key)
    module = getattr(key, "__module__", None) or ("numpy" if isinstance(key, np.ufunc) else "")
    name = getattr(key, "__name__", str(key))
    return f"{module.lstrip('_')}.{name}" if module else name


def _summary(operation):
    return " ".join(operation.__doc__.split("\n\n")[0].split()).replace("|", "\\|")


def _kind(operation):
    kinds = {Elementwise: "elementwise", View: "view", Reduction: "reduction", Structured: "whole arrays"}
    return next((name for kind, name in kinds.items() if isinstance(operation, kind)), "the tape's own")


def operation_page(operation, names):
    """Formula, derivative, domain, special points, names, and the plot of one operation."""
    parts = [ORPHAN, f"# {operation.name}", operation.__doc__.split("\n\n")[0].strip()]
    if operation in plotted_operations():
        parts.append(f"![value and derivative](plots/{operation.name}.svg)")
    parts += [f"**{place}**: " + ", ".join(f"`{name}`" for name in found) for place, found in names.items()]
    parts += ["## Value", _source(operation.body)] if hasattr(operation, "body") else []
    rules = _rules(operation)
    if rules:
        parts += ["## Derivative", *rules]
    parts += _facts(operation)
    return "\n\n".join(parts) + "\n"


def _rules(operation):
    if isinstance(operation, Elementwise):
        return [] if operation.partials is None else [_source(operation.partials)]
    rules = getattr(operation, "pullbacks", None) or {}
    if getattr(operation, "linear", False):
        return [
            "It is linear: its tangent is the operation itself, on the tangent of the operand.",
            *map(_source, rules.values()),
        ]
    return [_source(rule) for rule in dict.fromkeys(rules.values())]


def _source(function):
    try:
        lines = textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError):
        return "(no source)"
    return f"```python\n{lines.rstrip()}\n```"


def _facts(operation):
    if not isinstance(operation, Elementwise):
        return []
    domains = [f"{name} from {d.low} to {d.high}" for name, d in zip("xyz", domains_of(operation)) if not d.values]
    parts = ["## Where", "Tests compare values and derivatives with differences for " + ", ".join(domains) + "."]
    if operation.library:
        parts.append(f"Values are those of {operation.library}.")
    if operation.special_points:
        rows = [f"| {' | '.join(str(v).replace('|', '') for v in point)} |" for point in map(_cells, operation.special_points)]
        parts += [
            "Special points:",
            "| operands | value | partials | second derivatives |\n|---|---|---|---|\n" + "\n".join(rows),
        ]
    return parts


def _cells(point):
    return (*[", ".join(map(str, np.atleast_1d(part).tolist())) for part in point], "", "", "")[:4]


def plotted_operations():
    """Elementwise operations of one operand."""
    found = [o for o in OPERATIONS if type(o) is Elementwise and o.arity == 1 and o.partials is not None]
    return [o for o in found if not (domains_of(o)[0].is_complex or domains_of(o)[0].values)]


def plot(operation, target):
    """Value and derivative on the declared domain."""
    import matplotlib.pyplot as plt

    (domain,) = domains_of(operation)
    x = np.linspace(domain.low, domain.high, 401)
    t = jt.tensor(x, requires_grad=True)
    y = operation.apply(t)
    y.sum().backward()
    figure, axes = plt.subplots(figsize=(5.0, 2.6), layout="constrained")
    axes.plot(x, y.detach().numpy(), label=operation.name)
    axes.plot(x, t.grad.numpy(), "--", label="derivative")
    axes.set_ylim(*np.clip(axes.get_ylim(), -12.0, 12.0))
    axes.legend(frameon=False)
    axes.grid(alpha=0.3)
    figure.savefig(target, metadata={"Date": None})
    plt.close(figure)


# --- docstrings -----------------------------------------------------------------------------------------------------------


def api_pages():
    """A page a public namespace, of the docstrings."""
    seen = {}
    pages = {f"api/{name}.md": api_page(name, seen) for name in NAMESPACES}
    toc = "\n".join(NAMESPACES)
    pages["api/index.md"] = f"# Namespaces\n\n```{{toctree}}\n:maxdepth: 1\n\n{toc}\n```\n"
    return pages


def api_page(namespace, seen):
    """Everything in a namespace that has a docstring of its own; what other pages have described is named only."""
    module = sys.modules.get(namespace) or __import__(namespace, fromlist=["_"])
    parts = [f"# {namespace}", (module.__doc__ or "").strip()]
    for name in sorted(set(getattr(module, "__all__", ()))):
        value = getattr(module, name)
        if not (inspect.isclass(value) or inspect.isfunction(value)):
            continue
        if id(value) in seen:
            parts.append(f"`{namespace}.{name}` is `{seen[id(value)]}`.")
            continue
        seen[id(value)] = f"{namespace}.{name}"
        if inspect.isclass(value):
            parts.append(
                _directive("autoclass", f"{namespace}.{name}", ":members:" if value.__module__.startswith("jittape") else "")
            )
        else:
            parts.append(_directive("autofunction", f"{namespace}.{name}", ""))
    return "\n\n".join(parts) + "\n"


def _directive(kind, name, options):
    return f"```{{eval-rst}}\n.. {kind}:: {name}\n" + (f"   {options}\n" if options else "") + "```"


# --- the gallery ----------------------------------------------------------------------------------------------------------


def gallery_pages():
    """A page an example: its text and its code, as the file has them one after the other."""
    examples = sorted((ROOT / "examples").glob("*.py"))
    pages = {f"gallery/{path.stem}.md": gallery_page(path) for path in examples}
    summaries = [f"* [{path.stem.replace('_', ' ')}]({path.stem}.md): {_docstring(path)}" for path in examples]
    toc = "\n".join(path.stem for path in examples)
    pages["gallery/index.md"] = (
        "# Gallery\n\nPrograms of `examples/`, which the tests run.\n\n"
        + "\n".join(summaries)
        + f"\n\n```{{toctree}}\n:hidden:\n\n{toc}\n```\n"
    )
    return pages


def _docstring(path):
    return " ".join((ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or path.stem).split("\n\n")[0].split())


def gallery_page(path):
    """Sections that start with ``# %% Title``; the comment after a title is text."""
    text = path.read_text(encoding="utf-8")
    body = text.split('"""', 2)[2].strip("\n") if text.startswith('"""') else text
    parts = [f"# {path.stem.replace('_', ' ').capitalize()}", _docstring(path)]
    if (path.with_suffix(".png")).exists():
        parts.append(f"![what it draws](figures/{path.stem}.png)")
    for k, section in enumerate(re.split(r"^# %% ?", body, flags=re.MULTILINE)):
        title, _, rest = section.partition("\n") if k else ("", "", section)
        lines = rest.split("\n")
        prose = []
        while lines and lines[0].startswith("#"):
            prose.append(lines.pop(0).lstrip("# "))
        parts += [f"## {title}"] if title else []
        parts += [" ".join(prose)] if prose else []
        code = "\n".join(lines).strip("\n")
        parts += [f"```python\n{code}\n```"] if code else []
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    os.environ.setdefault("MPLBACKEND", "agg")
    write_pages(Path(sys.argv[1]))
