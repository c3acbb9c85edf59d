"""Functions of NumPy that the operation table follows, as functions from one vector of numbers to another.

Compiled code lays all that a call is given at run time into one vector of float64 numbers, and gets all results in one vector.
So derivatives of every order have one form: the pullback takes that vector and the adjoints of the results, the pushforward the
vector and its tangent, and both can be differentiated again.  Which one is asked for is an integer: its bits from the lowest are
the outermost derivative and those inside it, 0 for a pullback, 1 for a pushforward, and then comes a 1.
"""

import functools
import importlib
import json
import math

import numpy as np

from ...autograd import functional
from ...dtypes import as_dtype, complex_of, float64, real_of
from ...ops.complex_parts import view_as_complex, view_as_real
from ...ops.copies_and_joins import convert
from ...ops.shape_functions import reshape
from ...ops.split_and_stack import cat
from ...tensors.array import array_for
from ...tensors.tensor import Tensor, wrap

VALUE, PULLBACK, PUSHFORWARD = 1, 0, 1

# What a description says of an argument: it lies in the vector, with or without derivatives; it is known to the compiler.
NUMBER, ARRAY, PASSIVE_NUMBER, PASSIVE_ARRAY, TUPLE, CONSTANT, DTYPE = "number array passive constants tuple is dtype".split()


@functools.lru_cache(1000)
def described(text):
    """What compiled code has written down: the function, its positional and named arguments, and of its results how many axes
    they have and whether they are complex."""
    module, name, positional, named, axes = json.loads(text)
    return getattr(importlib.import_module(module), name), positional, named, axes


class _VectorReader:
    """Arguments read from a vector, one after the other."""

    def __init__(self, x, lengths):
        self._x, self._numbers = x, x._value()
        self._lengths, self._at = iter(lengths), 0

    def _next(self, axes):
        shape = tuple([next(self._lengths) for _ in range(axes)])
        here = slice(self._at, self._at + math.prod(shape))
        self._at = here.stop
        return here, shape

    def argument(self, about):
        kind, what = about[:2]
        if kind == CONSTANT:
            return what
        if kind == DTYPE:
            return np.dtype(what)
        if kind == TUPLE:
            return tuple([self.argument(each) for each in what])
        here, shape = self._next(about[2])
        dtype = np.dtype(what)
        if dtype.kind == "c":
            return self._complex(kind in (PASSIVE_NUMBER, PASSIVE_ARRAY), here, shape, dtype)
        if kind == PASSIVE_NUMBER:
            return dtype.type(self._numbers[here.start]).item()
        if kind == PASSIVE_ARRAY:
            return self._numbers[here].astype(dtype).reshape(shape)
        return array_for(convert(reshape(self._x[here], shape), as_dtype(what)))

    def _complex(self, is_passive, here, shape, dtype):
        """Complex numbers, from their parts along a last axis."""
        pairs = wrap(self._numbers[here]) if is_passive else self._x[here]
        found = view_as_complex(convert(reshape(pairs, shape), real_of(dtype)))
        if not is_passive:
            return array_for(found)
        return found.numpy() if len(shape) > 1 else found.item()


def _flat(results):
    """All results as Tensors."""
    if isinstance(results, (tuple, list)):
        return [y for result in results for y in _flat(result)]
    return [results if isinstance(results, Tensor) else wrap(np.asarray(results))]


def _pairs(y):
    return view_as_real(y if y.is_complex() else convert(y, complex_of(y.dtype)))


class CalledFunction:
    """A function with the arguments of one call.

    Parameters
    ----------
    text : str
        The description of the call.
    lengths : sequence of int
        Lengths of the axes of all arrays among the arguments.
    inputs, results : int, optional
        How many numbers the function takes and gives.
    """

    def __init__(self, text, lengths, inputs=0, results=0):
        self._function, self._positional, self._named, self._axes = described(text)
        self._lengths, self._counts = lengths, (inputs, results)

    def checked(self, x):
        """The results on a vector of all arguments, if they are what the compiler expects."""
        results = self._flat_results(x)
        axes, expected = [y.ndim for y in results], [n for n, _ in self._axes]
        name = f"{self._function.__module__}.{self._function.__name__}"
        if axes != expected:
            raise NotImplementedError(
                f"{name} in differentiated compiled code: got results of {axes} axes, expected {expected}, as Numba has it"
            )
        if any(y.is_complex() and not is_complex for y, (_, is_complex) in zip(results, self._axes)):
            raise ValueError(f"{name} in differentiated compiled code: got complex results, expected real ones, as Numba has it")
        return self._in_pairs(results)

    def _in_pairs(self, results):
        """Results that Numba has as complex numbers, as their parts along a last axis."""
        return [_pairs(y) if is_complex else y for y, (_, is_complex) in zip(results, self._axes)]

    def _on(self, x):
        return self._in_pairs(self._flat_results(x))

    def _flat_results(self, x):
        pieces = _VectorReader(x, self._lengths)
        args = [pieces.argument(about) for about in self._positional]
        return _flat(self._function(*args, **{name: pieces.argument(about) for name, about in self._named.items()}))

    def _value(self, x):
        vectors = [reshape(y if y.dtype is float64 else convert(y, float64), (-1,)) for y in self._on(x)]
        return vectors[0] if len(vectors) == 1 else cat(vectors)

    def counts_of(self, word):
        """How many numbers a derivative takes and gives."""
        if word == VALUE:
            return self._counts
        taken, given = self.counts_of(word >> 1)
        return (2 * taken, given) if word & 1 == PUSHFORWARD else (taken + given, taken)

    def apply(self, word, x):
        """The function or a derivative of it on a vector, recorded if that requires a gradient."""
        if word == VALUE:
            return self._value(x)
        inner, (n, _) = functools.partial(self.apply, word >> 1), self.counts_of(word >> 1)
        product = functional.jvp if word & 1 == PUSHFORWARD else functional.vjp
        return product(inner, x[:n], x[n:], create_graph=x.requires_grad)[1]
