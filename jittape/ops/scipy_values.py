"""Operations whose values are SciPy's: a declaration states the partials, the value is a call of the C function in SciPy.

The modules that declare such operations are imported when they are asked for, by ``jittape.scipy`` or by the first function of
``scipy.special`` that meets a Tensor: SciPy takes a third of a second to import.
"""

import functools
import math
import re

import numpy as np
import scipy.special
from numba.extending import get_cython_function_address
from scipy.special import cython_special

from ..numba_backend.c_symbols import FLOAT, INTEGER, bind, caller_of
from ..numba_backend.decorators import JIT
from .declare_elementwise import elementwise
from .domains import REAL
from .elementwise_functions import overload_on_floats
from .operation_names import BY_NUMPY

LIBRARY = "scipy.special"
FUNCTIONS = {}  # name -> function, for ``jittape.scipy.special``
UNKNOWN = math.nan  # the partial by an operand that has no derivative, or whose derivative is not known

# What Cython calls parameters of the kinds that `caller_of` takes.
_WRITTEN = dict(pair.split("=") for pair in "double=d, long=n, Py_ssize_t=n, int __pyx_skip_dispatch=0, double *=*".split(", "))


def _kinds_of(capsule):
    """The parameters of a C function from the name of its capsule, a letter each; "" for other types."""
    written = re.search(r'"(double|void) \((.*)\)"', repr(capsule))
    words = written[2].split(", ") if written else ["other"]
    kinds = [_WRITTEN.get(word, "p" if word.endswith("*__pyx_optional_args") else "") for word in words]
    return "".join(kinds) if all(kinds) else ""


def c_name(name, expected):
    """The name in SciPy's C interface of the function of these kinds of operands, and all kinds; None if there is none.

    The functions of several types have a name for each, which are numbered in another order in every version.
    """
    for each, capsule in cython_special.__pyx_capi__.items():
        if re.sub(r"^__pyx_fuse_[\d_]*", "", each) == name:
            kinds = _kinds_of(capsule)
            if kinds.rstrip("0p") == expected:
                return each, kinds
    return None


def _in_python(name, kinds, output):
    """SciPy's function of arrays, with orders that are floats: what `caller_of` makes, where nothing is compiled."""
    theirs = getattr(scipy.special, name)

    def call(*xs):
        value = theirs(*[np.asarray(x, np.int64) if kind == INTEGER else x for x, kind in zip(xs, kinds)])
        return value if output is None else value[output]

    return call


def c_function_of(name, kinds, output=None):
    """The function of floats, for compiled code, that calls a function of SciPy; None if this SciPy does not have it."""
    found = c_name(name, kinds)
    if found is None:
        return None
    symbol = bind(f"scipy_{name}", get_cython_function_address("scipy.special.cython_special", found[0]))
    return caller_of(symbol, found[1], output) if JIT else _in_python(name, kinds, output)


def _body(call, kinds):
    """The body of an operation that calls a C function; of an order that is no integer the value is nan."""

    def of_one(x):
        return call(x)

    def of_two(x, z):
        return call(x, z)

    def of_three(x, z, w):
        return call(x, z, w)

    def of_order(n, x):
        return call(n, x) if n == np.floor(n) and abs(n) < 2.0**31 else math.nan

    return of_order if kinds.startswith(INTEGER) else (of_one, of_two, of_three)[kinds.count(FLOAT) - 1]


def of_scipy(*domain, kinds="", output=None, theirs="", without="", body=None, oracle=None):
    """Declare an operation with the values of a function of ``scipy.special``: decorates the function of its partials.

    The function has the name, the parameters and the docstring of SciPy's, and the result as its last parameter.

    Parameters
    ----------
    domain : Domain
        One for all operands, or one an operand.
    kinds : str, optional
        Of the C function's parameters (see `caller_of`), by default as many doubles as the operation has operands.
    output : int, optional
        Which of the values, where the C function has several.
    theirs : str, optional
        SciPy's name, where it is another one.
    without : str, optional
        Operands by which no derivative is known.
    body : function of floats, optional
        Computes the value, where SciPy's C interface does not have the function.
    oracle : function of arrays, optional
        What tests compare values with, where no ufunc has that value alone.

    Returns
    -------
    decorator
        Of the partials; it returns the public function, or None if this SciPy does not have it.
    """

    def declare(partials):
        names = partials.__code__.co_varnames[: partials.__code__.co_argcount - 1]
        name, own = partials.__name__, theirs or partials.__name__
        found = body
        if body is None:
            expected = kinds or FLOAT * len(names)
            call = c_function_of(own, expected, output)
            found = None if call is None else _body(call, expected)
        if found is None:
            return None
        found.__name__, found.__doc__ = f"scipy_{name}", partials.__doc__
        ufunc = getattr(scipy.special, name, None)
        function = elementwise(
            parameters=" ".join(names),
            public=False,
            numpy=ufunc if isinstance(ufunc, np.ufunc) else (),
            domain=(domain if len(domain) == len(names) else domain * len(names)) if domain else (REAL,) * len(names),
            oracle=oracle or (_in_python(own, kinds or FLOAT * len(names), output) if hasattr(scipy.special, own) else None),
            without_partial=tuple(k for k, each in enumerate(names) if each in without.split()),
            library=LIBRARY,
        )(found)
        function.partials(partials)
        function.__name__ = function.__qualname__ = name
        function.__module__ = "jittape.scipy.special"
        if isinstance(ufunc, np.ufunc):
            overload_on_floats(ufunc, found)
        if hasattr(scipy.special, name):
            FUNCTIONS[name] = function
        return function

    return declare


def also(function, *names):
    """Let functions of ``scipy.special``, by default that of the same name, be one that is declared already."""
    for name in names or (function.__name__,):
        theirs = getattr(scipy.special, name, None)
        if theirs is None:
            continue
        FUNCTIONS[name] = function
        if isinstance(theirs, np.ufunc) and theirs not in BY_NUMPY:
            BY_NUMPY[theirs] = function
            if hasattr(function, "scalar_body"):
                overload_on_floats(theirs, function.scalar_body)


def composed(function=None, *, numpy=True):
    """Declare a function of ``scipy.special`` that is a line of others: decorates it."""
    if function is None:
        return functools.partial(composed, numpy=numpy)
    function.__module__ = "jittape.scipy.special"
    also(function, function.__name__)
    return function
