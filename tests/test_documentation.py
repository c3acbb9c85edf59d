"""Docstrings of the public library: numpydoc's rules, and sections that say what the code does."""

import ast
import inspect
import textwrap

import pytest

import jittape as jt
import jittape.native

numpydoc = pytest.importorskip("numpydoc", reason="numpydoc is a dependency of the tests, and not installed here")
from numpydoc.docscrape import NumpyDocString
from numpydoc.validate import get_doc_object, validate

NAMESPACES = [
    jt,
    jt.autograd,
    jt.autograd.forward_ad,
    jt.autograd.functional,
    jt.autograd.graph,
    jt.errors,
    jt.fft,
    jt.func,
    jt.linalg,
    jt.native,
    jt.nn,
    jt.nn.functional,
    jt.nn.grad,
    jt.nn.init,
    jt.nn.utils,
    jt.optim,
    jt.optim.lr_scheduler,
    jt.optim.swa_utils,
    jt.random,
    jt.special,
    jt.utils.data,
]

# Checks of numpydoc that are not ours.
IGNORED = {
    "GL01": "the summary starts on the line of the quotes, as everywhere in the library",
    "GL02": "a docstring of one line ends on that line",
    "SS05": "takes any first word that ends in s, such as Loss, for a verb in the third person",
    "ES01": "a summary is enough where it says everything",
    "SA01": "no See Also sections: names stand in the text",
    "EX01": "an example for each kind of function, not for each of a hundred activations and layers",
}


def is_ours(value):
    module = getattr(value, "__module__", None) or ""
    return module.partition(".")[0] == "jittape"


def methods_of(cls):
    """(name, function) of the public methods that a class defines or inherits from classes of ours."""
    for name in dir(cls):
        member = inspect.getattr_static(cls, name)
        function = getattr(member, "__func__", member)
        if not name.startswith("_") and inspect.isfunction(function) and is_ours(function):
            yield name, function


def documented(namespace):
    """(path, object, class) of the public functions, classes and methods of a namespace, each object once."""
    seen = set()
    for name in namespace.__all__:
        value = getattr(namespace, name)
        if not callable(value) or not is_ours(value):
            continue
        found = [(name, value, None)]
        if inspect.isclass(value):
            found += [(f"{name}.{inner}", function, value) for inner, function in methods_of(value)]
        for path, each, cls in found:
            if id(each) not in seen:
                seen.add(id(each))
                yield f"{namespace.__name__}.{path}", each, cls


def docstring_of(value, cls):
    """The docstring, of an overriding method without one that of the method it overrides."""
    if value.__doc__ is None and cls is not None:
        inherited = [vars(c)[value.__name__].__doc__ for c in cls.__mro__ if value.__name__ in vars(c)]
        return next((inspect.cleandoc(d) for d in inherited if d), "")
    return inspect.cleandoc(value.__doc__ or "")


def parameters(value):
    """Names of the parameters, as they are documented."""
    stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    found = [stars.get(p.kind, "") + p.name for p in inspect.signature(value).parameters.values()]
    return found[1:] if found and found[0] in ("self", "cls") else found


class Outcomes(ast.NodeVisitor):
    """Whether a function returns or yields something, and the exceptions it raises itself."""

    def __init__(self, function):
        self.returns, self.yields, self.raises = False, False, set()
        source = textwrap.dedent(inspect.getsource(function))
        for statement in next(n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef)).body:
            self.visit(statement)

    def visit_FunctionDef(self, node):
        """What functions within return is not returned."""

    visit_Lambda = visit_ClassDef = visit_FunctionDef

    def visit_Return(self, node):
        self.returns |= node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None)

    def visit_Yield(self, node):
        self.yields = True

    visit_YieldFrom = visit_Yield

    def visit_Raise(self, node):
        name = getattr(node.exc.func if isinstance(node.exc, ast.Call) else node.exc, "id", None)
        if name is not None and name[0].isupper() and name != "NotImplementedError":  # that one marks abstract methods
            self.raises.add(name)


def complaints(value, cls=None):
    """What is wrong with the docstring of a function, class or method."""
    text = docstring_of(value, cls)
    found = validate(get_doc_object(value, doc=text, config={"show_class_members": False}))["errors"]
    found = [f"{code} {message}" for code, message in found if code not in IGNORED and not (code == "GL08" and text)]
    says = NumpyDocString(text)
    if inspect.isclass(value) and (issubclass(value, BaseException) or not is_ours(value.__init__)):
        return [complaint for complaint in found if not complaint.startswith("PR01")]  # nobody calls the constructor
    names, expected = [n.strip() for entry in says["Parameters"] for n in entry.name.split(",")], parameters(value)
    if (names or len(expected) > 1) and names != expected:
        found.append(f"documents the parameters {names}, has {expected}")
    if inspect.isfunction(inspect.unwrap(value)):
        does = Outcomes(inspect.unwrap(value))
        if bool(says["Yields"]) != does.yields:
            found.append("Yields section that is missing or wrong")
        if does.returns and not does.yields and not says["Returns"]:
            found.append("no Returns section")
        missing = does.raises - {name.strip() for entry in says["Raises"] for name in entry.type.split(",")}
        if missing:
            found.append(f"raises {sorted(missing)} and does not say so")
    return found


@pytest.mark.parametrize("namespace", NAMESPACES, ids=lambda n: n.__name__)
def test_docstrings(namespace):
    everything = list(documented(namespace))
    assert len(everything) > 3
    found = {path: complaints(value, cls) for path, value, cls in everything}
    assert not [f"{path}: {each}" for path, several in found.items() for each in several]


def test_complaints_are_made():
    def undocumented(x, y):
        """Add two numbers."""
        if x is None:
            raise ValueError
        return x + y

    def unclear(x):
        """add

        Parameters
        ----------
        y : int
            An int.
        """
        yield x

    found = " ".join(complaints(undocumented))
    assert "documents the parameters [], has ['x', 'y']" in found and "no Returns" in found and "ValueError" in found
    found = " ".join(complaints(unclear))
    assert "SS02" in found and "PR02" in found and "Yields" in found
