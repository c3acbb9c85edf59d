"""Numba's error messages, reduced to one sentence and one line of the user's program."""

import inspect
import linecache
import pathlib
import re

import numba
import numpy as np
from numba import types

from ..compat import signatures_of
from ..compilation.definitions import Definition, classes_in
from ...errors import DTypeError
from ...numba_backend.kept_with_functions import kept_with
from .numba_causes import LISTED, cause

LIBRARIES = pathlib.Path(__file__).parents[2], pathlib.Path(inspect.getfile(numba)).parent  # no place of a user's program
COMPILER = str(LIBRARIES[1] / "core")  # where exceptions come from that compiling raises, and running does not
PLACE = re.compile(r'File "([^"]+)", line (\d+)|\bat (\S+) \((\d+)\)')
METHODS = "methods"  # by which a class keeps what its methods meant


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


def refuse_methods_defined_anew(caller, args):
    """Raise if a method of an object among the arguments means something else than when the first derivative met its class.

    Numba keeps the types that code for a class was made of, whatever its methods call later.
    """
    for class_type in classes_in(args):
        kept = kept_with(class_type)
        if METHODS not in kept:
            kept[METHODS] = Definition.of_class(class_type)
        met = kept[METHODS]
        if not met.holds() and not (now := Definition.of_class(class_type)).means_the_same(met):
            name = class_type.class_name
            raise NativeError(
                f"{caller}: a method of the jitclass {name} uses {met.first_difference(now)!r}, which was defined anew since "
                f"derivatives met the class: expected what it was. Define {name} anew, too, and make the object of that class"
            )


def is_of_compiler(problem):
    """Whether an exception was raised while Numba compiled something, and not by the user's program as it ran."""
    frame = problem.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename.startswith(COMPILER):
            return True
        frame = frame.tb_next
    return False


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
    problem : Exception
        What Numba raised.

    Returns
    -------
    NativeError
        With Numba's exception as its attribute ``numba``.
    """
    own = _own_problem(function, args)
    text = _account(problem if own is None else own)
    code = inspect.unwrap(getattr(function, "py_func", function)).__code__
    path, number = _place(text) or (code.co_filename, code.co_firstlineno)
    reason = _unknown(args) or _of_containers(args, problem) or cause(text)
    what = "cannot be differentiated" if own is None else "does not compile by itself, without derivatives,"
    lines = [f"{name}: {function.__name__} {what} for {_described(args)}: {reason}"]
    while linecache.getline(path, number).lstrip().startswith("@"):
        number += 1
    if number > 0 and linecache.getline(path, number):
        lines += [f'  File "{path}", line {number}', f"    {linecache.getline(path, number).strip()}"]
    lines.append(
        "What works inside is listed in jt.native's documentation. Numba's own account is this exception's `numba` attribute."
    )
    error = NativeError("\n".join(lines))
    error.numba = problem if own is None else own
    return error


def _account(problem):
    return f"Unsupported dtype {problem}" if type(problem) is NotImplementedError else str(problem)


def _own_problem(function, args):
    """What Numba raises when it compiles the function itself, without derivatives; None if it does."""
    while not hasattr(function, "py_func"):
        if not hasattr(function, "function"):
            return None
        function = function.function
    signature = inspect.signature(function.py_func)
    try:
        full = signature.bind(*args)
    except TypeError:  # the wrong number of arguments, which is said elsewhere
        return None
    full.apply_defaults()
    if signatures_of(function):
        return None
    try:
        function.compile(tuple([_type_of(signature.parameters[n], value) for n, value in full.arguments.items()]))
    except Exception as own:  # whatever the compiler raises is the reason
        return own
    return None


def _type_of(parameter, value):
    """Numba's type of what a parameter is given: of ``*arguments`` a tuple that other tuples do not match."""
    if parameter.kind is parameter.VAR_POSITIONAL:
        return types.StarArgTuple(tuple(map(numba.typeof, value)))
    return numba.typeof(value)


def _of_containers(args, problem):
    """A sentence about Python's lists and sets, which Numba's compiler lets take other elements until it fails; "" otherwise."""
    if isinstance(problem, AssertionError) and any(isinstance(a, (list, set)) for a in args):
        return LISTED.format("floats")
    return ""


def _described(value):
    if isinstance(value, (tuple, list)):
        return f"({', '.join(map(_described, value))})"
    if not getattr(value, "ndim", 0):
        return type(value).__name__
    return f"{'record' if value.dtype.names else value.dtype} array of shape {value.shape}"


def _unknown(args):
    """A sentence about the first argument that Numba has no type for; "" if there is none."""
    for k, value in enumerate(args):
        try:
            numba.typeof(value)
        except ValueError:
            return f"argument {k} is a {type(value).__name__}, which compiled functions do not take"
    return ""


def _place(text):
    """The line of the user's program that Numba names first, as absolute path and number."""
    for named, line, lowered, at in PLACE.findall(text):
        path, number = (named, line) if named else (lowered, at)
        for found in (pathlib.Path(path), pathlib.Path.cwd() / path):
            found = found.resolve()
            if found.is_file() and not any(map(found.is_relative_to, LIBRARIES)):
                return str(found), int(number)
    return None
