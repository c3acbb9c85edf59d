"""Numba's error messages, reduced to one sentence and one line of the user's program."""

import inspect
import linecache
import pathlib
import re

import numba
import numpy as np

from ...errors import DTypeError
from ..numbers.number_types import OF_FORMS

LIBRARIES = pathlib.Path(__file__).parents[2], pathlib.Path(inspect.getfile(numba)).parent  # no place of a user's program
PLACE = re.compile(r'File "([^"]+)", line (\d+)')
CALLED = re.compile(r">>> ([^\s(]+)\((.*)\)")
NAMES = (
    (r"(?:Active|Form|Dual)\(([\w ]+)(?:, \d+)?\)", r"differentiated \1"),
    (r"(?:differentiated )+", "differentiated "),
    (r"Literal\[\w+\]\((.*?)\)", r"\1"),
    (r"'\$[^']*', defined", "a value, defined"),
)
STORED = re.compile(r"(?:setitem|i[a-z]+)\((?:array|Array)\((\w+), .*(?:Active|Form|Dual)\(")
LOST = (
    "a differentiated number is stored in an array of {}, where its derivative would be lost. If the array is an argument, "
    "add it to argnums; if it is made inside, make it with np.zeros, np.empty or the like"
)
LISTED = re.compile(r"setitem\((?:reflected )?list\((\w+)\).*(?:Active|Form|Dual)\(")
LOST_IN_LIST = (
    "a differentiated number is stored in a list of {}, where its derivative would be lost. Make an array, with np.zeros or the "
    "like, or append to a list that starts with a differentiated number"
)
TYPED = "numba.typed.List and Dict take no differentiated numbers; a list in brackets, as [x, y], and append do"
OPTIONAL = "a number that may be None cannot be differentiated: return a flag beside the number, or nan in place of None"
OURS = ("run", "compute", "call_inner", "lift", "collect", "argument", "reused", "returned")
CAUSES = (
    re.compile(r"argument \d+ has the type .*"),
    re.compile(r"the (?:gradient|Jacobian) (?:of a function|by argument) .*"),
    re.compile(r"has_aux=True, but .*"),
    re.compile(r"(?:vjp|jvp): .*"),
    re.compile(r"missing a required argument: .*|too many positional arguments"),
    re.compile(r"Unknown attribute .*"),
    re.compile(r"Cannot unify .*"),
    re.compile(r"No conversion from .*"),
    re.compile(r"Cannot store .*|can't unbox .*|cannot (?:assign|determine) .*", re.I),
    re.compile(r"Untyped global name .*|name '.*' is not defined"),
    re.compile(r"Unsupported .*|.* unsupported.*|Use of unsupported .*"),
)


class NativeError(TypeError):
    """A compiled function that cannot be differentiated as it is written."""


def refuse_swapped(caller, args):
    """Raise if an array has its bytes in another order than this machine: Numba takes it for one of this order."""
    for a in args:
        if isinstance(a, np.ndarray) and not a.dtype.isnative:
            raise DTypeError(
                f"{caller}: got an array of dtype {a.dtype.str!r}, expected this machine's order of bytes: pass "
                f"x.astype({a.dtype.name!r})"
            )
        if isinstance(a, (tuple, list)):
            refuse_swapped(caller, a)


def explained(name, function, args, problem):
    """Make the exception that is raised in the place of Numba's.

    Parameters
    ----------
    name : str
        Of the transform.
    function : callable
        What is differentiated.
    args : tuple
        What it was called with.
    problem : NumbaError or NotImplementedError
        What Numba raised.

    Returns
    -------
    NativeError
        With Numba's exception as its attribute ``numba``.
    """
    text = f"Unsupported dtype {problem}" if isinstance(problem, NotImplementedError) else str(problem)
    code = inspect.unwrap(getattr(function, "py_func", function)).__code__
    place = _place(text) or (code.co_filename, code.co_firstlineno)
    lines = [f"{name}: {function.__name__} cannot be differentiated for {_described(args)}: {_unknown(args) or _cause(text)}"]
    path, number = place
    while linecache.getline(path, number).lstrip().startswith("@"):
        number += 1
    if number > 0 and linecache.getline(path, number):
        lines += [f'  File "{path}", line {number}', f"    {linecache.getline(path, number).strip()}"]
    lines.append(
        "The function has to compile by itself first; what works inside is listed in jt.native's documentation. Numba's "
        "own account is this exception's `numba` attribute."
    )
    error = NativeError("\n".join(lines))
    error.numba = problem
    return error


def _described(value):
    if isinstance(value, (tuple, list)):
        return f"({', '.join(map(_described, value))})"
    return f"{value.dtype} array of shape {value.shape}" if getattr(value, "ndim", 0) else type(value).__name__


def _unknown(args):
    """A sentence about the first argument that Numba has no type for; "" if there is none."""
    for k, value in enumerate(args):
        try:
            numba.typeof(value)
        except ValueError:
            return f"argument {k} is a {type(value).__name__}, which compiled functions do not take"
    return ""


def _cause(text):
    if "OptionalType(" in text or "Optional(" in text:
        return OPTIONAL
    for pattern in CAUSES[:5]:
        found = pattern.search(text)
        if found:
            return _readable(found.group())
    if "Undecided type" in text or OF_FORMS in text:
        return TYPED
    calls = [(called, kinds) for called, kinds in CALLED.findall(text) if called not in OURS]
    if calls:
        called, kinds = calls[-1]
        for pattern, said in ((STORED, LOST), (LISTED, LOST_IN_LIST)):
            plain = pattern.match(f"{called}({kinds}")
            if plain:
                return said.format(plain.group(1))
        return f"`{called}` is not known for ({_readable(kinds)})"
    for pattern in CAUSES[5:]:
        found = pattern.search(text)
        if found:
            return _readable(found.group())
    return _readable(next(filter(_says_something, text.splitlines()), text))


def _says_something(line):
    """Whether a line of Numba's account is a sentence of it, and not the frame that it stands in or a line of code."""
    line = line.strip()
    return bool(line.strip("^~ ")) and not line.startswith(
        ("Failed in ", "During:", "File ", "raised from", "<source", "-", ">>>")
    )


def _readable(text):
    for pattern, name in NAMES:
        while (shorter := re.sub(pattern, name, text)) != text:
            text = shorter
    return text.strip()


def _place(text):
    """The line of the user's program that Numba names first, as absolute path and number."""
    for path, number in PLACE.findall(text):
        for found in (pathlib.Path(path), pathlib.Path.cwd() / path):
            found = found.resolve()
            if found.is_file() and not any(map(found.is_relative_to, LIBRARIES)):
                return str(found), int(number)
    return None
