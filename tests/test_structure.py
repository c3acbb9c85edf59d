"""The shape of the code: imports point one way, the engine knows no operation, one declaration is enough."""

import ast
import builtins
import functools
import inspect
import pathlib

import numpy as np
import pytest

import jittape as jt
from jittape.kernels.kernel_signatures import FORWARD
from jittape.kernels.loops import _alive
from jittape.ops.declare_elementwise import elementwise
from jittape.ops.operation_names import BY_NUMPY, METHODS, PUBLIC, withdraw
from jittape.ops.operation_table import BY_NAME

PACKAGE = pathlib.Path(jt.__file__).parent
PATHS = sorted(PACKAGE.rglob("*.py"))

# The rooms from the ground up: a module imports from its own room and from floors below it.
FLOORS = (
    ("errors", "numba_backend", "version", "native/compat"),
    ("devices", "dtypes", "mathfun", "memory"),
    ("kernels", "native/compilation"),
    ("tape", "native/tape_memory"),
    ("sweeps", "tensors"),
    ("ops", "typing"),
    ("autograd", "fft", "linalg", "programs/lowering", "native/numbers", "numpy", "random", "scipy", "special"),
    ("nn", "printing", "native/statement_tape"),
    ("files", "native/statements", "optim"),
    ("native/containers", "native/loops"),
    ("native/array_functions", "native/derivatives"),
    ("native",),
    ("transforms",),
    ("programs", "programs/tracing", "sparse", "ode"),
    ("programs/calls",),
    ("programs/batches", "programs/persistence"),
    ("func", "parity", "pictures", "precompilation", "profiling", "utils", "utils/data"),
    ("notebooks",),
    ("",),
    ("__main__",),
)
FLOOR = {room: k for k, rooms in enumerate(FLOORS) for room in rooms}
ENGINE = ("kernels", "tape", "sweeps")
PYTHON_SIDE = ("tape.tape", "tape.storage")  # objects of Python, with methods of NumPy's names

LONGEST_MODULE, LONGEST_FUNCTION = 400, 80


def name_of(path):
    """Name of a module inside the package, "" for the package itself."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(p) for p in PATHS}


@functools.cache
def modules():
    """Syntax trees of the package's files."""
    return {p: ast.parse(p.read_text()) for p in PATHS}


def executed(tree):
    """The nodes of a module but for what only checkers of types read."""
    queue = [tree]
    while queue:
        node = queue.pop()
        if not (isinstance(node, ast.If) and getattr(node.test, "id", None) == "TYPE_CHECKING"):
            yield node
            queue.extend(ast.iter_child_nodes(node))


def imports(path, tree, everywhere=True):
    """Modules of the package that a module imports, inside its functions too if `everywhere`."""
    own = name_of(path).split(".") if name_of(path) else []
    if path.name != "__init__.py":
        own = own[:-1]
    for node in executed(tree) if everywhere else tree.body:
        if isinstance(node, ast.Import):
            assert not any(a.name.partition(".")[0] == "jittape" for a in node.names), f"{path}: write a relative import"
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        base = own[: len(own) - node.level + 1] + (node.module.split(".") if node.module else [])
        for alias in node.names:
            inner = ".".join([*base, alias.name])
            yield inner if inner in NAMES else ".".join(base)


@functools.cache
def graph():
    """The modules that each module imports."""
    return {name_of(p): set(imports(p, tree)) - {name_of(p)} for p, tree in modules().items()}


def cycles(arrows):
    """Groups of modules that reach each other."""
    reached = {}
    for start in arrows:
        seen, queue = set(), list(arrows[start])
        while queue:
            name = queue.pop()
            if name not in seen:
                seen.add(name)
                queue.extend(arrows[name])
        reached[start] = seen
    return {tuple(sorted(n for n in reached[a] if a in reached[n])) for a in arrows if a in reached[a]}


def room(name):
    """The folder of a module, or the module itself where it stands at the top or has a floor of its own."""
    if name.replace(".", "/") in FLOOR:
        return name.replace(".", "/")
    path = PACKAGE.joinpath(*name.split("."))
    if path.is_dir():
        return name.replace(".", "/")
    return "/".join(name.split(".")[:-1]) or name


def cycles_of_rooms():
    arrows = {}
    for name, others in graph().items():
        arrows.setdefault(room(name), set()).update(room(other) for other in others if room(other) != room(name))
    return cycles(arrows)


def test_the_graph_is_found():
    assert "tensors.tensor" in graph()["ops.operation_table"] and "tape.append" in graph()["tape.record"] and len(graph()) > 30
    assert cycles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == {("a", "b", "c")}


def test_imports_have_no_cycles():
    assert not cycles(graph())
    assert not cycles_of_rooms()


def test_every_room_has_a_floor():
    assert {room(name) for name in NAMES} == set(FLOOR)


def test_imports_point_down():
    arrows = [(name, other) for name, others in graph().items() for other in others]
    assert not [f"{name} imports {other}" for name, other in arrows if FLOOR[room(other)] > FLOOR[room(name)]]


def test_the_page_of_the_architecture_names_the_folders_as_they_are(monkeypatch):
    monkeypatch.syspath_prepend(str(PACKAGE.parent / "docs"))
    import folders

    assert folders.PAGE.read_text() == folders.page(FLOORS), "run `python docs/folders.py`"


def test_file_names_are_unique():
    """A file is known by its name; PyTorch has `functional` twice, SciPy its own `fft`, `linalg` and `special`, as we have."""
    names = [p.stem for p in PATHS if p.stem != "__init__"]
    assert {n for n in names if names.count(n) > 1} <= {"functional", "fft", "linalg", "special"}
    folders = [p.parent.name for p in PATHS if p.stem == "__init__"]
    assert len(folders) == len(set(folders))


def test_mathfun_knows_no_tape():
    inside = [n for n in NAMES if n.startswith("mathfun")]
    assert inside and all(other.partition(".")[0] in ("mathfun", "numba_backend") for n in inside for other in graph()[n])


def node_name(node):
    return getattr(node, "id", getattr(node, "attr", ""))


def words_of(tree):
    """Identifiers and strings of a module, calls of Python's own functions and of methods of arrays left out."""
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif id(node) not in called or not hasattr(builtins if isinstance(node, ast.Name) else np.ndarray, node_name(node)):
            yield from filter(None, (getattr(node, part, None) for part in ("id", "attr", "name", "arg", "asname")))


def operations_in(tree, names):
    """Words of a module that are the name of an operation, or made of one that engines knew once."""
    for word in words_of(tree):
        parts = word.lower().split("_") if word.isidentifier() else ()
        if word in names or {"sum", "sums", "mean", "means"} & set(parts):
            yield word


def test_the_engine_knows_no_operation():
    """No name of an operation occurs in it: adding one recompiles nothing.

    Programs build adjoints with products and copies, but what a fold needs is said by its declaration (`Total`).
    """
    names = {name for name in BY_NAME if len(name) > 2} - {"to", "take", "sum", "round", "abs", "min", "max", "where"}
    found = []
    for path, tree in modules().items():
        module = name_of(path)
        in_engine = module.partition(".")[0] in ENGINE and module not in PYTHON_SIDE
        if in_engine or module.startswith("programs"):
            found += [f"{module}: {word}" for word in operations_in(tree, names if in_engine else ())]
    assert len(names) > 60 and not found


def test_operations_in_the_engine_are_found():
    text = "from ..ops.sums import sum_values\nif kind == SUM_BLOCK: finish(MEAN, 'matmul', sum([1]))"
    assert set(operations_in(ast.parse(text), {"matmul"})) == {"sum_values", "SUM_BLOCK", "MEAN", "matmul"}


def functions():
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield path, node


def length_of_docstrings(tree):
    """Lines that are no code: a docstring may be as long as it needs."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    first = [n.body[0] for n in ast.walk(tree) if isinstance(n, documented) and ast.get_docstring(n) is not None]
    return sum(n.end_lineno - n.lineno + 1 for n in first)


def test_no_module_is_too_long():
    lengths = {name_of(p): len(p.read_text().splitlines()) - length_of_docstrings(tree) for p, tree in modules().items()}
    assert not {n: k for n, k in lengths.items() if k > LONGEST_MODULE}


def test_no_function_is_too_long():
    found = {}
    for path, node in functions():
        length = node.end_lineno - node.lineno + 1 - length_of_docstrings(node)
        if length > LONGEST_FUNCTION:
            found[f"{name_of(path)}.{node.name}"] = length
    assert not found


def test_no_line_is_too_long():
    assert not [f"{p.name}:{k}" for p in PATHS for k, line in enumerate(p.read_text().splitlines(), 1) if len(line) > 130]


NAMESPACES = [
    jt,
    jt.autograd,
    jt.autograd.forward_ad,
    jt.autograd.graph,
    jt.func,
    jt.utils.data,
    jt.nn,
    jt.nn.functional,
    jt.nn.grad,
    jt.nn.init,
    jt.nn.utils,
    jt.optim,
    jt.optim.lr_scheduler,
    jt.optim.swa_utils,
    jt.random,
    jt.fft,
    jt.linalg,
    jt.special,
]


@pytest.mark.parametrize("namespace", NAMESPACES, ids=lambda m: m.__name__)
def test_public_functions_have_docstrings(namespace):
    public = {n: v for n, v in vars(namespace).items() if not n.startswith("_") and (inspect.isroutine(v) or inspect.isclass(v))}
    assert len(public) > 4
    assert not [n for n, v in public.items() if not (getattr(v, "__doc__", None) or "").strip()]


def test_modules_have_docstrings():
    assert not [p.name for p, tree in modules().items() if p.name != "version.py" and not ast.get_docstring(tree)]


# --- one declaration -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def softsign():
    def reference(x):
        return x / (1.0 + np.abs(x))

    @elementwise(numpy=reference)
    def softsign_test(x):
        """x / (1 + |x|)."""
        return x / (1.0 + abs(x))

    @softsign_test.partials
    def softsign_test_partials(x, result):
        return (1.0 / jt.square(1.0 + jt.abs(x)),)

    yield softsign_test
    withdraw(softsign_test)


def test_one_declaration_gives_a_function(softsign):
    x = jt.tensor([-1.0, 0.5, 3.0])
    assert softsign(x).tolist() == [-0.5, 0.5 / 1.5, 0.75]
    assert softsign(2.0).item() == 2.0 / 3.0 and softsign(np.array([1.0])).tolist() == [0.5]
    assert softsign.__doc__.startswith("x / (1 + |x|).\n\nParameters\n") and softsign.__name__ == "softsign_test"


def test_one_declaration_gives_kernels(softsign):
    softsign(jt.tensor([1.0]))
    names = [k.dispatcher.__name__ for k in _alive]
    assert f"jittape_softsign_test_float64_{FORWARD}" in names


def test_one_declaration_gives_a_way_from_numpy(softsign):
    assert BY_NUMPY[softsign.operation.ufunc] is softsign


def test_one_declaration_gives_gradients_of_every_order(softsign):
    x = jt.tensor([-1.3, 0.4, 2.0], requires_grad=True)
    assert jt.autograd.gradcheck(softsign, (x,))
    assert jt.autograd.gradgradcheck(softsign, (x,))
    (g,) = jt.autograd.grad(softsign(x * x).sum(), x, create_graph=True)
    (h,) = jt.autograd.grad(g.sum(), x)
    v = np.array([-1.3, 0.4, 2.0])
    np.testing.assert_allclose(h.numpy(), 2 / (1 + v**2) ** 2 - 8 * v**2 / (1 + v**2) ** 3, rtol=1e-12)


def test_one_declaration_gives_single_precision_scalars_and_broadcasting(softsign):
    x = jt.tensor(1.0, dtype=jt.float32, requires_grad=True)
    y = softsign(x)
    y.backward()
    assert y.dtype == jt.float32 and x.grad.item() == 0.25
    z = jt.tensor([[1.0], [3.0]], requires_grad=True)
    softsign(z.expand(2, 3)).sum().backward()
    assert z.grad.tolist() == [[0.75], [3 / 16]]


def test_one_declaration_names_the_row(softsign):
    with jt.Tape() as tape:
        x = jt.tensor([1.0], requires_grad=True)
        y = softsign(x)
    assert "softsign_test" in repr(y.grad_fn).lower().replace("softsigntest", "softsign_test")
    assert "softsign_test" in str(tape)


def test_names_of_classes_are_unique():
    """A name says which class is meant, wherever it is read."""
    names = [node.name.lstrip("_") for tree in modules().values() for node in tree.body if isinstance(node, ast.ClassDef)]
    assert not {n for n in names if names.count(n) > 1}


# Where the name of an operation stands as text outside the file of its declaration, and why.
NAMED_ELSEWHERE = {
    "fft": "PyTorch's namespace: a list of names",
    "linalg": "PyTorch's namespace: a list of names",
    "nn.functional": "PyTorch's namespace: a list of names",
    "ops.indexed_writes": "PyTorch's words for what is done with values that come together",
    "ops.torch_compositions": "PyTorch's word for a straight line between neighbours",
    "mathfun": "functions of floats, which know no operations, by their usual names",
    "ops.operation_names": "what Python calls operators",
    "ops.partial_programs": "what Python calls operators",
    "ops.declare_elementwise": "what Python calls operators; `where` is declared with what stands there",
    "native.statements.in_place_operators": "what Python calls operators",
    "ops.declare_structured": "`permute` is declared with what stands there",
    "ops.memory_order": "`clone`, `permute` and `reshape` are declared with what stands there",
    "ops.declare_reduction": "`permute`, `reshape` and `sum` are declared with what stands there",
    "ops.declare_view": "`clone` is declared with what stands there",
    "ops.operation_table": "`to` and `where` are declared with what stands there",
    "ops.view_rules": "`embed` and `sum` are declared with the views that stand there; words of keys",
    "ops.copies_and_joins": "`where` is declared with what stands there",
    "ops.padded_regions": "words of keys",
    "ops.array_protocols": "NumPy's keywords",
    "ops.numpy_padding": "ways to pad",
    "ops.numpy_statistics": "NumPy's keywords, and ways to choose a quantile",
    "ops.numpy_products": "names of numpy.linalg",
    "ops.numpy_creation": "NumPy's functions that make arrays",
    "ops.numpy_shapes": "what NumPy does with numbers that choose nothing",
    "ops.numpy_protocols": "NumPy's keywords, and what it calls the ways of a ufunc",
    "ops.foreign_calls": "names of Python's math, in messages to those who call it with Tensors",
    "ops.arithmetic": "PyTorch's names of ways to round a quotient",
    "mathfun.trigonometric": "functions of floats",
    "native.array_functions.number_classes": "attributes of NumPy's numbers",
    "native.array_functions.complex_arrays": "attributes of complex numbers",
    "native.numbers.complex_numbers": "the fields of a complex number",
    "ops.fourier_transforms": "of an exponent",
    "ops.numpy_transforms": "kinds of transforms",
    "ops.dependencies": "what Python calls operators",
    "ops.complex_parts": "PyTorch's parameters of `polar`",
    "ops.scipy_of_complex": "SciPy's functions of complex numbers",
    "native.derivatives.written_arguments": "NumPy's functions and methods of arrays, by whether they write",
    "native.tape_memory.arenas": "what LLVM calls an atomic operation",
}
# Words that mean something else in English, in Python or in PyTorch, too.
ORDINARY = set(
    "T all any bool cpu cuda device equal float full gradient int layout log long max mean min nbytes negative norm".split()
    + "is_inference is_shared mode seed slice square sum take tensor to type var view".split()
)


ROOMS = ("ops", "native", "programs", "sweeps", "kernels", "tape", "tensors", "transforms", "linalg", "mathfun", "nn.functional")


def identifiers_in_text_of(tree):
    """Identifiers that stand as text in a module: constants that are words, and nothing else."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = node.value.split()
            if all(map(str.isidentifier, words)):
                yield from words


def names_declared_in(tree):
    """What a module may declare: its functions, and the words of their decorators."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node.name.removesuffix("_values").removesuffix("_view")


def test_the_name_of_an_operation_stands_in_one_file():
    """As text: another file that uses an operation imports it."""
    names = (set(PUBLIC) | {name for name in METHODS if not name.startswith("_")} | set(BY_NAME)) - ORDINARY
    homes, found = {}, {}
    for path, tree in modules().items():
        module = name_of(path)
        if not module.startswith(ROOMS):
            continue
        for name in names.intersection(identifiers_in_text_of(tree)):
            found.setdefault(name, set()).add(module)
        for name in names.intersection(names_declared_in(tree)) if module.startswith("ops") else ():
            homes.setdefault(name, set()).add(module)
    strange = {
        name: elsewhere
        for name, modules in found.items()
        if (elsewhere := modules - homes.get(name, set()) - set(NAMED_ELSEWHERE)) and (name in homes or len(elsewhere) > 1)
    }
    assert len(homes) > 150 and not strange
