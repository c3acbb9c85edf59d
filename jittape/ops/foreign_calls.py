"""Names for what a user called: the function of NumPy, SciPy or Python that met a Tensor, and what to write in its place.

A library function that has no rule meets a Tensor somewhere inside. The error is raised there, so the frames between the user's
code and ours tell which function was called.
"""

import ast
import importlib
import linecache
import sys
import types

import numpy as np

_OURS = __name__.partition(".")[0]
_LIBRARIES = frozenset(("numpy", "scipy")) | sys.stdlib_module_names
_TABLES = frozenset(("pandas", "polars", "xarray"))  # their operators convert what they meet to arrays
_OF_TABLES = "an operation of "

_OR = "or import jittape.numpy as np, which has it"
_NUMPY = {
    "full": f"Write np.ones(shape) * x, {_OR}",
    "r_": f"Write np.concatenate, with np.atleast_1d for numbers, {_OR}",
    "c_": f"Write np.column_stack, {_OR}",
    "array": f"Join values with np.stack in place of np.array; a value alone is an array already; {_OR}",
    "asarray": f"Leave it out for one value; join several with np.stack, {_OR}",
    "float64": "Leave it out: the value is a number already; x.astype converts",
    "float32": "Write x.astype(np.float32)",
    "fromiter": f"Write np.stack(list(...)), {_OR}",
    "vectorize": f"Apply the function to the whole array, or use jt.vmap, {_OR}",
    "matrix": "Use arrays of two axes, and @ for products",
    "asmatrix": "Use arrays of two axes, and @ for products",
    "nditer": "Iterate over x.ravel(), or over np.ndindex(x.shape)",
    "ndenumerate": "Iterate over np.ndindex(x.shape)",
}
_LISTS = f"Of a list make an array first: np.stack(list), {_OR} as np.array; otherwise write it with functions that have a rule"
_TAKING_LISTS = "sum mean std var prod max min amax amin median dot inner sort cumsum diff append exp log sin cos"
_NUMPY |= dict.fromkeys(_TAKING_LISTS.split(), _LISTS)
_NUMPY_MODULES = {  # of functions that take arrays apart by themselves
    "numpy.lib.stride_tricks": "Write np.lib.stride_tricks.sliding_window_view, or index with arrays",
    "numpy.ma": "Write np.where, or index with the mask: x[~mask].mean()",
    "numpy.polynomial": "Write np.polyval(c[::-1], x), or add up the terms, such as np.cos(k * np.arccos(x)) of Chebyshev",
    "numpy.testing": "Test x.detach().numpy()",
    "scipy.sparse": "Write jittape.scipy.sparse.csr_array(a) @ x, and jittape.scipy.sparse.linalg.spsolve",
}
_MATH = {"fsum": "np.sum", "gamma": "jt.gamma", "lgamma": "jt.lgamma", "dist": "np.linalg.norm(np.subtract(x, y))"}
_STANDARD = {  # functions and classes of the standard library -> what to write in their place
    "math.pow": "x**y",
    "statistics.mean": "np.mean",
    "statistics.fmean": "np.mean, or np.sum(weights * x) / np.sum(weights)",
    "statistics.stdev": "np.std with ddof=1",
    "statistics.pstdev": "np.std",
    "statistics.variance": "np.var with ddof=1",
    "statistics.pvariance": "np.var",
    "statistics.geometric_mean": "np.exp(np.mean(np.log(x)))",
    "statistics.harmonic_mean": "1 / np.mean(1 / x)",
    "statistics.covariance": "np.sum((x - x.mean()) * (y - y.mean())) / (len(x) - 1)",
    "statistics.correlation": "dx, dy = x - x.mean(), y - y.mean(); np.dot(dx, dy) / np.sqrt(np.dot(dx, dx) * np.dot(dy, dy))",
    "statistics.linear_regression": "np.sum((x - x.mean()) * y) / np.sum((x - x.mean()) ** 2) for the slope",
    "statistics.NormalDist": "the density and the error function: np.exp(-((x - mean) / s)**2 / 2), scipy.special.erf",
    "fractions.Fraction": "numerator / denominator, two numbers",
    "decimal.Decimal": "a number: decimals have no derivatives",
    "array.array": "np.stack(list(...))",
    "random.Random.choices": "rng.choice(n, p=...) with weights that are detached",
}
_SCIPY = {
    "scipy.integrate.odeint": "Write jt.odeint",
    "scipy.integrate.solve_ivp": "Write jt.solve_ivp",
    "scipy.interpolate.interp1d": "Write np.interp, or a class of jittape.scipy.interpolate",
    "scipy.optimize": "Make it a function of what is differentiated with jt.implicit_minimum, jt.implicit_root or jt.fixed_point",
}
RULE = "Write it with functions that have a rule, or give it a rule of its own with jt.custom_vjp"


def ufunc_name(ufunc):
    """The name of a ufunc with its module, which NumPy does not tell."""
    for module, shown in (("numpy", "numpy"), ("scipy.special", "scipy.special")):
        if getattr(sys.modules.get(module), ufunc.__name__, None) is ufunc:
            return f"{shown}.{ufunc.__name__}"
    return ufunc.__name__


def name_of(function):
    """The name of one of NumPy's or SciPy's functions, with the module where users find it."""
    if isinstance(function, np.ufunc):
        return ufunc_name(function)
    return f"{_public(getattr(function, '__module__', None) or 'numpy')}.{function.__name__}"


def called_function():
    """The function that the user called, such as "scipy.stats.norm.logpdf"; "" if it cannot be told."""
    frame = sys._getframe(1)
    while frame is not None and _root(frame) == _OURS:
        frame = frame.f_back
    library = []
    while frame is not None and _root(frame) in _LIBRARIES:
        library.append(frame)
        frame = frame.f_back
    if frame is not None and _root(frame) in _TABLES:
        return _OF_TABLES + _root(frame)
    found = next(filter(None, map(_public_name, reversed(library))), "")  # decorators of a library have frames, too
    if not found and frame is not None:
        found = _written_call(frame)
    return found or (_name_in_full(library[-1]) if library else "")


def instead_of(called):
    """What to write in the place of a function, "" if there is nothing better than what always helps."""
    if called.startswith(_OF_TABLES):
        return "Write column.to_numpy() in the place of a column or a table"
    module, _, name = called.rpartition(".")
    name = name.removesuffix("[]")
    if module == "numpy":
        return _NUMPY.get(name, RULE)
    if module in ("numpy.linalg", "numpy.fft"):
        return _LISTS
    for part, instead in _NUMPY_MODULES.items():
        if called.startswith(f"{part}."):
            return instead
    for standard in (called, module):  # a method of a class: what is said of the class
        if standard in _STANDARD:
            return f"Write {_STANDARD[standard]}"
    if module == "math":
        return f"Write {_MATH.get(name, f'np.{name}')}" if name in _MATH or hasattr(np, name) else RULE
    if module == "cmath":
        return "Write NumPy's function of that name"
    if module == "statistics":
        return "Write it with NumPy's functions"
    if called.endswith(".dot") and not module.startswith(("numpy", "jt")):
        return "Write np.dot(a, x) or a @ x: methods of plain arrays take plain arrays only"
    if module.partition(".")[0] == "scipy":
        return _scipy_way(called)
    return RULE if module.partition(".")[0] == "numpy" else ""


def _scipy_way(called):
    """For a function of SciPy's: where the same function with derivatives is, if it is."""
    _, room, *names = called.split(".")
    for known in (called, f"scipy.{room}"):
        if known in _SCIPY:
            return f"{_SCIPY[known]}, or give it a rule of its own with jt.custom_vjp"
    try:
        found = importlib.import_module(f"{_OURS}.scipy.{room}")  # only an error imports it
        for name in names:
            found = getattr(found, name)
    except (ImportError, AttributeError):
        return RULE
    listed = names[0] in getattr(importlib.import_module(f"{_OURS}.scipy.{room}"), "__all__", ())
    if not listed or not isinstance(found, np.ufunc) and (getattr(found, "__module__", None) or "").startswith("scipy."):
        return RULE  # SciPy's own, which is passed on
    return f"Import {_OURS}.scipy.{room} in place of scipy.{room}: its {'.'.join(names)} has derivatives"


def _root(frame):
    return frame.f_globals.get("__name__", "").partition(".")[0]


def _public(module):
    """A module without its private parts: "scipy.stats" for "scipy.stats._distn_infrastructure"."""
    parts = module.split(".")
    private = [k for k, part in enumerate(parts) if part.startswith("_")]
    shown = parts[: private[0]] if private else parts
    return ".".join(shown) or module


def _public_name(frame):
    """The name by which users find the function of a library that is being run; None if they do not."""
    function, owner = frame.f_code.co_name, frame.f_locals.get("self")
    parts = _public(frame.f_globals["__name__"]).split(".")
    for k in range(len(parts)):  # the outermost module that has it: NumPy 1 keeps functions in modules without underscore
        module = ".".join(parts[: k + 1])
        names = vars(sys.modules.get(module, np))
        if owner is None:
            if callable(names.get(function)) and names[function] is frame.f_globals.get(function, names[function]):
                return f"{module}.{function}"
            continue
        called = {"__getitem__": "[]", "__call__": "", "__init__": ""}.get(function, f".{function}")
        whose = [k for k, v in names.items() if v is owner or v is type(owner)]
        if whose:
            return f"{module}.{whose[0]}{called}"
    return None


def _name_in_full(frame):
    """The name of a function that stands in no public module."""
    owner = frame.f_locals.get("self")
    inside = "" if owner is None else f"{type(owner).__name__}."
    return f"{_public(frame.f_globals['__name__'])}.{inside}{frame.f_code.co_name}"


def _written_call(frame):
    """The function that is called where a frame stands, if the source is at hand: one of C has no frame of its own."""
    positions = getattr(frame.f_code, "co_positions", None)  # from Python 3.11 on
    if positions is None:
        return ""
    start, stop, first, last = list(positions())[frame.f_lasti // 2]
    line = linecache.getline(frame.f_code.co_filename, start or 0)
    if start != stop or not line or first is None:
        return ""
    try:
        node = ast.parse(line.encode()[first:last].decode().strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return ""
    return _name_of_callee(node.func, frame) if isinstance(node, ast.Call) else ""


def _name_of_callee(node, frame):
    """The name of a function in the module where it is found; what the user wrote if that is not clear."""
    found = _value_of(node, frame)
    if not callable(found) or not hasattr(found, "__name__"):
        return ast.unparse(node)
    if (getattr(found, "__module__", None) or "").partition(".")[0] == _OURS:
        return f"jt.{found.__name__}"
    return found.__name__ if getattr(found, "__module__", None) in ("builtins", None) else name_of(found)


def _value_of(node, frame):
    """What a name, or an attribute of a module, means in a frame; None for other expressions, which are not evaluated."""
    if isinstance(node, ast.Name):
        for scope in (frame.f_locals, frame.f_globals, frame.f_builtins):
            if node.id in scope:
                return scope[node.id]
    if isinstance(node, ast.Attribute):
        owner = _value_of(node.value, frame)
        return getattr(owner, node.attr, None) if isinstance(owner, types.ModuleType) else None
    return None
