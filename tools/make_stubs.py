"""Write the stubs of what declarations make at run time: functions, methods, operators.

Checkers and editors read source text, and no text has a ``def sin``: the operation table makes it. This program imports
the library and writes what it finds there, names, parameters, defaults and docstrings, as ``.pyi`` files.

Types are taken from the annotations of a function; where it has none, from the tables in ``stub_types.py``. A parameter
that has a type in neither place is an error that says what to add.

    python tools/make_stubs.py            write the stubs
    python tools/make_stubs.py --check    only say which are stale, and exit with 1 if one is
"""

import ast
import builtins
import difflib
import importlib
import inspect
import re
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from jittape import nn  # noqa: E402
from stub_types import HOMES, IGNORED, MEMBERS, forms_of, numpy_names, type_of_member, type_of_parameter, unused  # noqa: E402

STUBS = {  # module -> what its stub has: the names that it exports (None), some classes, or those derived from a class
    "jittape.tensors.tensor": ("Tensor",),
    "jittape.ops": None,
    "jittape.fft": None,
    "jittape.linalg": None,
    "jittape.special": None,
    "jittape.nn.functional": None,
    "jittape.nn.activations": nn.Module,
    "jittape.nn.function_layers": nn.Module,
    "jittape.nn.lazy_layers": nn.Module,
    "jittape.nn.loss_modules": nn.Module,
}
HEADER = "# Written by tools/make_stubs.py from the declarations. Change these, then run it again."
WIDTH = 120
UNTYPED = {"__slots__", "__weakref__", "__module__", "__doc__", "__reduce_ex__", "__dict__"}
STARS = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}


class Stub:
    """The lines of one stub, and the names that its annotations use."""

    def __init__(self, module):
        self.module = module
        self.lines = []
        self.used = set()  # identifiers in annotations
        self.hidden = set()  # types that methods of the class being written hide, such as `float`

    # --- types ------------------------------------------------------------------------------------------------

    def type(self, annotation):
        """An annotation as the stub writes it."""
        text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
        text = re.sub(rf"(?<![\w.])({'|'.join(self.hidden)})\b", r"builtins.\1", text) if self.hidden else text
        self.used.update(re.findall(r"(?<![\w.\"'])[A-Za-z_]\w*", text))
        return text

    def parameters(self, function, name, method):
        """The parameters of a function as written, with the bare ``*`` and ``/`` where they belong."""
        found, previous = ["self"] * method, None
        for p in list(inspect.signature(function).parameters.values())[method:]:
            if previous == p.POSITIONAL_ONLY != p.kind:
                found.append("/")
            if p.kind == p.KEYWORD_ONLY and previous not in (p.KEYWORD_ONLY, p.VAR_POSITIONAL):
                found.append("*")
            star, previous = STARS.get(p.kind, ""), p.kind
            own = p.annotation if p.annotation is not p.empty else type_of_parameter(name, function, star + p.name)
            found.append(f"{star}{p.name}: {self.type(own)}" + default_of(p))
        return [*found, "/"] if previous == inspect.Parameter.POSITIONAL_ONLY else found

    def result(self, function):
        """The type of what a function returns: a Tensor where it does not say."""
        own = inspect.signature(function).return_annotation
        return self.type("Tensor" if own is inspect.Signature.empty else own)

    def forms(self, function, name, method):
        """The ways in which a function is called: pairs of its parameters and what it returns."""
        known = forms_of(name, function)
        if known:
            for parameters, result in known:
                written = [self.type(p) if p not in "*/" else p for p in parameters]
                yield ["self", *written[1:]] if method else written, self.type(result)
            return
        parameters, result = self.parameters(function, name, method), self.result(function)
        yield parameters, result
        theirs = numpy_names(function)
        if theirs.keys() & {"dim", "keepdim", "correction"}:
            yield [re.sub(r"^\w+", lambda m: theirs.get(m[0], m[0]), p) for p in parameters], result

    # --- writing ------------------------------------------------------------------------------------------------

    def function(self, name, function, method=False):
        """Write a ``def``, or overloads."""
        indent = "    " * method
        forms = list(self.forms(function, name, method))
        for k, (parameters, result) in enumerate(forms):
            ignored = f"  # type: ignore[{IGNORED[name]}]" if name in IGNORED and k == 0 else ""
            if len(forms) > 1:
                self.used.add("overload")
                self.lines.append(f"{indent}@overload")
            self.head(indent, name, parameters, result, ignored)
            self.lines += docstring(function, indent + "    ") if k == 0 else [f"{indent}    ..."]
        self.lines.append("")

    def head(self, indent, name, parameters, result, ignored):
        """Write the line of a ``def``, or several where it is long."""
        line = f"{indent}def {name}({', '.join(parameters)}) -> {result}:"
        if len(line) <= WIDTH:
            self.lines.append(line + ignored)
        else:
            given = [f"{indent}    {p}," for p in parameters]
            self.lines += [f"{indent}def {name}({ignored}", *given, f"{indent}) -> {result}:"]

    def property(self, name, prop):
        """Write a property, with its setter and deleter if it has them."""
        own = inspect.signature(prop.fget).return_annotation
        own = self.type(type_of_member(name) if own is inspect.Signature.empty else own)
        self.lines += ["    @property", f"    def {name}(self) -> {own}:", *docstring(prop.fget, "        ")]
        if prop.fset is not None:
            self.lines += [f"    @{name}.setter", f"    def {name}(self, value: {own}) -> None: ..."]
        if prop.fdel is not None:
            self.lines += [f"    @{name}.deleter", f"    def {name}(self) -> None: ..."]
        self.lines.append("")

    def cls(self, cls):
        """Write a class: properties and constants, protocols, methods."""
        members = {n: v for n, v in vars(cls).items() if n not in UNTYPED and (n[0] != "_" or n.startswith("__") or n in MEMBERS)}
        bases = [self.type(b.__name__) for b in cls.__bases__ if b is not object]
        self.lines += [f"class {cls.__name__}" + f"({', '.join(bases)})" * bool(bases) + ":", *docstring(cls, "    "), ""]
        self.hidden = {n for n in members if isinstance(getattr(builtins, n, None), type)}
        for name in sorted(members, key=lambda n: (inspect.isfunction(members[n]), not n.startswith("__"), n)):
            value = members[name]
            if isinstance(value, property):
                self.property(name, value)
            elif inspect.isfunction(value):
                self.function(name, value, method=True)
            elif name in MEMBERS:
                self.lines += [f"    {name}: {self.type(type_of_member(name))}", ""]
        if issubclass(cls, nn.Module) and "forward" in members:
            self.lines += ["    __call__ = forward", ""]
        self.hidden = set()

    def text(self, doc, defined):
        """The whole stub."""
        body = "\n".join(self.lines).rstrip() + "\n"
        return "\n".join([HEADER, "", *doc, "", *self.imports(defined), "", body])

    def imports(self, defined):
        """The lines that import what annotations use."""
        homes = {}
        for name in sorted(self.used - defined):
            if name in HOMES:
                homes.setdefault(HOMES[name], []).append(name)
        yield from (f"import {m}" for m in ("builtins",) if m in self.used)
        yield from ("import numpy as np" for m in ("np",) if m in self.used)
        for home in sorted(homes, key=lambda h: (h.startswith("jittape"), h)):
            yield f"from {relative_to(self.module, home)} import {', '.join(homes[home])}"


def default_of(parameter):
    """A default as written, or an ellipsis where it has no short form."""
    value = parameter.default
    if value is parameter.empty:
        return ""
    return f" = {value!r}" if value is None or type(value) in (bool, int, float, str, tuple) else " = ..."


def docstring(documented, indent):
    """The lines of a docstring, or of a body without one."""
    own = documented.__doc__
    if not own or own == object.__init__.__doc__:
        return [f"{indent}..."]
    text = inspect.cleandoc(own)
    lines = ('r"""' if "\\" in text else '"""') + text + ("\n" if "\n" in text else "") + '"""'
    return [indent + line if line else "" for line in lines.splitlines()]


def is_package(module):
    return (ROOT / Path(*module.split(".")) / "__init__.py").exists()


def relative_to(module, home):
    """The name of a module of ours as another one imports it."""
    if home.partition(".")[0] != "jittape":
        return home
    depth = module.count(".") + is_package(module)
    return "." * depth + home.removeprefix("jittape").removeprefix(".")


def path_of(module):
    base = ROOT / Path(*module.split("."))
    return base / "__init__.pyi" if is_package(module) else base.with_suffix(".pyi")


def stub_of(module, classes=None):
    """The text of a stub."""
    found, stub = importlib.import_module(module), Stub(module)
    if inspect.isclass(classes):
        classes = [n for n, v in vars(found).items() if inspect.isclass(v) and issubclass(v, classes) and v.__module__ == module]
    if classes is None:
        names = sorted(found.__all__)
        stub.lines += [*listed(names), ""]
        for name in names:
            stub.function(name, getattr(found, name))
        return stub.text(docstring(found, ""), set(names))
    for name in classes:
        stub.cls(getattr(found, name))
    stub.lines.append(f"def __getattr__(name: str) -> {stub.type('Any')}: ...  # what only modules of the library import")
    return stub.text(docstring(found, ""), set(classes))


def stub_of_library():
    """The stub of the library itself: its imports, and its names, which Python computes, written out."""
    library, source = importlib.import_module("jittape"), ROOT / "jittape" / "__init__.py"
    lines, shown = [HEADER, "", *docstring(library, ""), ""], {*dir(library), "*"}
    for node in ast.walk(ast.parse(source.read_text())):
        for a in node.names if isinstance(node, ast.ImportFrom) else ():
            name = a.asname or a.name
            if name in shown:
                home = "." * node.level + (node.module or "")
                lines.append(f"from {home} import {a.name}" + f" as {name}" * (name != "*"))
    return "\n".join([*lines, "", *listed(sorted(library.__all__)), ""])


def listed(names):
    """The lines of ``__all__``."""
    text = ", ".join(f'"{n}"' for n in names) + ","
    return ["__all__ = [", *textwrap.wrap(text, WIDTH, initial_indent="    ", subsequent_indent="    "), "]"]


def main(check):
    stale = False
    stubs = {path_of("jittape"): stub_of_library(), **{path_of(m): stub_of(m, c) for m, c in STUBS.items()}}
    for path, text in stubs.items():
        before = path.read_text() if path.exists() else ""
        if before == text:
            continue
        stale, shown = True, path.relative_to(ROOT)
        if check:
            print(f"{shown} is stale: run python tools/make_stubs.py")
            print("\n".join(list(difflib.unified_diff(before.splitlines(), text.splitlines(), lineterm="", n=1))[:20]))
        else:
            path.write_text(text)
            print(f"wrote {shown}")
    if unused():
        raise LookupError(f"no stub needs {', '.join(unused())} in tools/stub_types.py: take these out")
    return int(check and stale)


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
