"""Compiled functions on differential numbers, with machine code kept on disk.

What such code computes depends on how this package writes statements, which no fingerprint of a user's
bytecode can see: the sources of the library are part of the key.
"""

import functools
import hashlib
import pathlib

import numba
from numba.extending import overload

from ..jit import OPTIONS, DiskCache


# For functions that only compiled code calls: Numba cannot convert their arguments from Python.
INTERNAL = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def only_compiled(function):
    """A name that compiled code calls; what it does there is told to Numba."""

    @functools.wraps(function)
    def refuse(*args, **kwargs):
        raise NotImplementedError("only compiled code calls this")

    return refuse


def overloaded(meaning, name=None):
    """A name whose meaning in compiled code is that of one overload; also a decorator."""
    function = only_compiled(meaning)
    if name:
        function.__name__ = function.__qualname__ = name
    overload(function)(meaning)
    return function


@functools.cache
def source_stamp():
    """Hash of the sources of the library."""
    digest = hashlib.sha256()
    root = pathlib.Path(__file__).parent.parent
    for path in sorted(root.rglob("*.py")):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


class StampedCache(DiskCache):
    """A disk cache that forgets when the library changes."""

    def __init__(self, function, options):
        super().__init__(function, repr(sorted(options.items())))

    def _path(self, sig, codegen):
        if self._stamp is None:
            self._extra = (*self._extra, source_stamp())
        return super()._path(sig, codegen)


def compiled(function, *, keep=True, stamp="", **options):
    """A function of the library, compiled for any numbers; its machine code is kept on disk if `keep`."""
    options = {**OPTIONS, **options}
    dispatcher = numba.njit(function, **options)
    if keep:
        dispatcher._cache = StampedCache(function, {**{k: str(v) for k, v in options.items()}, "stamp": stamp})
    return dispatcher


def compiled_inside(function, stamp=""):
    """A function of the library that only compiled code calls, kept on disk."""
    return compiled(function, stamp=stamp, **INTERNAL)


def internal(function, inline="never"):
    """A function that only compiled code calls."""
    return numba.njit(function, inline=inline, **OPTIONS, **INTERNAL)


def derivative(function, keep):
    """A derivative that Python calls; its attribute `nested` is the one that compiled code on other numbers calls."""
    dispatcher = compiled(function, keep=keep, nogil=True)
    dispatcher.nested = internal(function)
    return dispatcher


def public(function, keep):
    """The derivative that calls a function of a tuple with its arguments.

    The function is copied into it: every function that Numba compiles on the way optimises and emits again all that it
    reaches, a second of ten.
    """
    inner = internal(function, inline="always")

    def derived(*args):
        return inner(args)

    derived.__name__ = derived.__qualname__ = function.__name__
    return derivative(derived, keep)
