"""What checkers of types are told is true: stubs, annotations, and programs of users that a checker reads and Python runs."""

import ast
import importlib
import inspect
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from test_public_names import NAMESPACES

import jittape as jt
from jittape.ops.arguments import SPELLINGS

pytestmark = pytest.mark.sampled(4, of="module")
PACKAGE = Path(jt.__file__).parent
TESTS = Path(__file__).parent
PROGRAMS = sorted(p for p in (TESTS / "typing").glob("*.py") if p.stem not in ("expect", "refused"))
STUBS = {
    "jittape.ops": "ops/__init__.pyi",
    "jittape.special": "special.pyi",
    "jittape.linalg": "linalg.pyi",
    "jittape.nn.functional": "nn/functional.pyi",
}
GENERATOR = TESTS.parent / "tools" / "make_stubs.py"

# Errors in README and examples: NumPy's stubs say that its functions answer arrays and numbers, and the tour shows internals.
OVERLOOKED = re.compile(r'"(floating|ndarray)\[.*" has no attribute "(backward|detach)"|"Tensor" has no attribute "_row"')


# --- stubs ------------------------------------------------------------------------------------------------------------


@pytest.mark.sampled
@pytest.mark.skipif(not GENERATOR.exists(), reason="the generator of stubs is in the repository, not in an installation")
def test_stubs_are_not_stale():
    run = subprocess.run([sys.executable, GENERATOR, "--check"], capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stdout + run.stderr


def definitions(path, cls=None):
    """Name -> its forms in a stub, or in one class of it."""
    body, found = ast.parse((PACKAGE / path).read_text()).body, {}
    if cls is not None:
        (body,) = [n.body for n in body if isinstance(n, ast.ClassDef) and n.name == cls]
    for node in body:
        if isinstance(node, ast.FunctionDef) and not any(isinstance(d, ast.Attribute) for d in node.decorator_list):
            found.setdefault(node.name, []).append(node)
    return found


def parameters(node):
    """Names of parameters, and the defaults of those that have one, as a stub has them."""
    a, defaults = node.args, {}
    places = [*a.posonlyargs, *a.args]
    for p, d in [*zip(places[len(places) - len(a.defaults) :], a.defaults), *zip(a.kwonlyargs, a.kw_defaults)]:
        if d is not None:
            defaults[p.arg] = ast.unparse(d)
    return [p.arg for p in (*places, *filter(None, [a.vararg]), *a.kwonlyargs, *filter(None, [a.kwarg]))], defaults


def disagreement(name, function, forms, method=False):
    """What a stub says of a function that is not so, or None."""
    real = list(inspect.signature(function).parameters.values())[method:]
    names = [p.name for p in real]
    defaults = {p.name: repr(p.default) for p in real if p.default is not p.empty}
    takes_any = any(p.kind is p.VAR_KEYWORD for p in real)
    for k, form in enumerate(forms):
        stub_names, stub_defaults = parameters(form)
        stub_names = stub_names[method:]
        if len(forms) == 1 and (stub_names != names or stub_defaults != defaults):
            return f"{name}: {stub_names} {stub_defaults}, really {names} {defaults}"
        unknown = [n for n in stub_names if n not in names and SPELLINGS.get(n) not in names]
        if unknown and not takes_any:
            return f"{name}, form {k}: {unknown} is no parameter"


@pytest.mark.parametrize("module", STUBS)
def test_functions_take_what_their_stubs_say(module):
    found, stub = importlib.import_module(module), definitions(STUBS[module])
    assert set(stub) == set(found.__all__) and len(stub) > 4
    assert not [d for n, forms in stub.items() if (d := disagreement(n, getattr(found, n), forms))]


def test_methods_take_what_their_stubs_say():
    stub = definitions("tensors/tensor.pyi", "Tensor")
    members = {n: v for n, v in vars(jt.Tensor).items() if inspect.isfunction(v) and (n[0] != "_" or n.startswith("__"))}
    assert set(members) - set(stub) <= {"__reduce_ex__"} and set(stub) <= set(dir(jt.Tensor))
    for name, method in members.items():
        assert name not in stub or disagreement(name, method, stub[name], method=True) is None


@pytest.mark.parametrize("path, cls", [*[(p, None) for p in STUBS.values()], ("tensors/tensor.pyi", "Tensor")])
def test_editors_are_shown_docstrings(path, cls):
    bare = [n for n, forms in definitions(path, cls).items() if not n.startswith("__") and not ast.get_docstring(forms[0])]
    assert not bare


def test_a_wrong_stub_is_found():
    (right,) = ast.parse("def f(x, *, y=1): ...").body
    (wrong,) = ast.parse("def f(x, *, z=1): ...").body

    def f(x, *, y=1):
        pass

    assert disagreement("f", f, [right]) is None
    assert disagreement("f", f, [wrong]) and disagreement("f", f, [wrong, right])


def untyped(name, value):
    """Parameters and results without a type, of a function, or of what is public in a class."""
    if inspect.isclass(value) and value.__module__.startswith("jittape"):
        for own, member in vars(value).items():
            member = getattr(member, "fget", None) or getattr(member, "__func__", member)
            if inspect.isfunction(member) and (not own.startswith("_") or own == "__call__"):
                yield from untyped(f"{name}.{own}", member)
    elif inspect.isfunction(value) and getattr(inspect.unwrap(value), "__module__", "scipy").startswith(
        "jittape"
    ):  # others have another's parameters
        signature = inspect.signature(value)
        for p in list(signature.parameters.values())["." in name :]:
            if p.annotation is p.empty:
                yield f"{name}({p.name})"
        if signature.return_annotation is signature.empty:
            yield f"{name} -> ?"


HAVE_STUBS = {"jittape.tensors.tensor", "jittape.nn.activations", "jittape.nn.loss_modules"}
EXTENDED = {  # what the library calls of a rule
    "evaluate",
    "pull_back",
    "push_forward",
    "check_complete",
    "forward",
    "backward",
    "setup_context",
    "vjp",
    "jvp",
    "vmap",
}


@pytest.mark.parametrize("namespace", [n for n in NAMESPACES if n not in (*STUBS, "jittape.typing")])
def test_what_has_no_stub_has_annotations(namespace):
    module = importlib.import_module(namespace)
    public = {n: getattr(module, n) for n in module.__all__}
    public = {n: v for n, v in public.items() if getattr(v, "__module__", "") not in HAVE_STUBS}
    missing = [u for n, v in public.items() for u in untyped(n, v)]
    assert not [u for u in missing if re.split(r"[( ]", u.rpartition(".")[2])[0] not in EXTENDED]


def test_the_package_says_that_it_has_types():
    assert (PACKAGE / "py.typed").exists() and (PACKAGE / "__init__.pyi").exists()


# --- programs -----------------------------------------------------------------------------------------------------------


def checked(config, paths, tmp_path):
    """What mypy says of files, its lines about errors."""
    pytest.importorskip("mypy", reason="mypy is not installed")
    environment = {**os.environ, "MYPYPATH": str(TESTS / "typing")}
    if "site-packages" not in str(PACKAGE):
        environment["MYPYPATH"] += os.pathsep + str(PACKAGE.parent)
    command = [sys.executable, "-m", "mypy", "--config-file", str(config), "--cache-dir", str(tmp_path / "cache")]
    run = subprocess.run([*command, *map(str, paths)], capture_output=True, text=True, timeout=600, env=environment, cwd=tmp_path)
    assert run.returncode in (0, 1), run.stdout + run.stderr
    return [line for line in run.stdout.splitlines() if ": error:" in line]


def test_a_checker_accepts_programs_and_refuses_wrong_ones(tmp_path):
    """In `refused.py` every line has to be an error: mypy reports a comment that overlooks none."""
    paths = sorted((TESTS / "typing").glob("*.py"))
    assert len(paths) > 7
    assert not checked(TESTS / "typing" / "mypy.ini", paths, tmp_path)


def test_a_checker_finds_a_wrong_program(tmp_path):
    lines = ("import jittape as jt", "x: float = jt.sin(jt.tensor(1.0))", "jt.sin(1.0).nothing", "jt.nothing", "")
    (tmp_path / "wrong.py").write_text("\n".join(lines))
    assert len(checked(TESTS / "typing" / "mypy.ini", [tmp_path / "wrong.py"], tmp_path)) == 3


@pytest.mark.skipif(not GENERATOR.exists(), reason="README and examples are in the repository, not in an installation")
def test_a_checker_accepts_the_readme_and_the_examples(tmp_path):
    pages = [TESTS.parent / "README.md", TESTS.parent / "docs" / "tour.md"]
    readme = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    paths = sorted((TESTS.parent / "examples").glob("*.py"))
    for k, source in enumerate(re.findall(r"^```python\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)):
        paths.append(tmp_path / f"README_{k}.py")
        paths[-1].write_text(source, encoding="utf-8")
    config = tmp_path / "mypy.ini"
    config.write_text("[mypy]\nignore_missing_imports = True\n[mypy-jittape.*]\nfollow_imports = silent\n")
    errors = [e for e in checked(config, paths, tmp_path) if not OVERLOOKED.search(e)]
    assert len(paths) > 10 and not errors


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda p: p.stem)
def test_python_runs_the_programs_and_finds_the_types(path, monkeypatch):
    monkeypatch.syspath_prepend(str(TESTS / "typing"))
    before = jt.get_num_threads()
    try:
        runpy.run_path(str(path))
    finally:
        jt.set_num_threads(before)


def test_types_of_values_are_compared(monkeypatch):
    monkeypatch.syspath_prepend(str(TESTS / "typing"))
    is_of = runpy.run_path(str(TESTS / "typing" / "expect.py"))["is_of"]
    assert is_of(1, int) and is_of((1, 2), tuple[int, ...]) and is_of(None, int | None) and is_of(jt.tensor(1.0), jt.Tensor)
    assert not is_of(1, str) and not is_of((1, "2"), tuple[int, ...]) and not is_of(1.0, int | None)
    assert is_of((1, "2"), tuple[int, str]) and not is_of((1, 2), tuple[int, str]) and not is_of([1], list[str])
