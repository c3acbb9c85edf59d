"""Compiled functions on differential numbers, with machine code kept on disk.

What such code computes depends on how this package writes statements, which no fingerprint of a user's
bytecode can see: the sources of the library are part of the key.
"""

import functools
import hashlib
import pathlib
import time

import numba
from numba.extending import overload, register_jitable

from ..compat import CompilerBase, DefaultPassBuilder, compile_what_types_choose, fill_environments, without_source
from ...numba_backend.collector_pause import uncollected
from ...numba_backend.compiler_choice import link_into, link_only
from ...numba_backend.decorators import OPTIONS
from ...numba_backend.disk_cache import DiskCache, suggest
from ...numba_backend.fingerprint import fingerprint


def without_wrappers(flags):
    """Let no interface for Python or C be made of the function that is being compiled.

    Numba knows what an overload runs by the types of its arguments and by all options that its caller was declared with. So this
    is no option of a declaration: a copy would not find what Numba has compiled for the user's function, which may be seconds of
    work (`np.linalg.solve`: 1.6).
    """
    flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True


class LinkedOnly(CompilerBase):
    """Numba's passes, for functions that are only ever linked into callers: no machine code is made of them alone."""

    def compile_extra(self, func):
        with uncollected():
            return without_source(super().compile_extra(func))

    def define_pipelines(self):
        without_wrappers(self.state.flags)
        if not self.needs_an_address():
            link_only(self.state)
        pipeline = DefaultPassBuilder.define_nopython_pipeline(self.state)
        self.extend(pipeline)
        pipeline.finalize()
        return [pipeline]

    def needs_an_address(self):
        """Whether machine code is made of the function alone, after all."""
        return False

    def extend(self, pipeline):
        """Add passes."""


class Linking(CompilerBase):
    """Numba's passes, for functions that such functions are linked into."""

    def compile_extra(self, func):
        found = super().compile_extra(func)
        fill_environments(found)
        return without_source(found)

    def define_pipelines(self):
        link_into(self.state)
        pipeline = DefaultPassBuilder.define_nopython_pipeline(self.state)
        pipeline.finalize()
        return [pipeline]


class Forgotten(Linking):
    """The same for functions whose machine code is not kept: once a process it is said how it would be."""

    def compile_extra(self, func):
        start = time.perf_counter()
        found = super().compile_extra(func)
        if time.perf_counter() - start > LONG and not _suggested:
            _suggested.append(True)
            suggest(
                f"a derivative took {time.perf_counter() - start:.0f} s to compile, and so it will in the next process; with "
                "@njit(cache=True) on the function its machine code is kept, and used as long as nothing changes"
            )
        return found


LONG, _suggested = 2.0, []
LINKED = {"pipeline_class": LinkedOnly}


def means(function, **options):
    """`overload` for functions of the library: their meanings are linked into callers."""
    return overload(function, jit_options=LINKED, **options)


def inside(function):
    """Decorate a function that only compiled code calls: it becomes part of its callers."""
    return register_jitable(**LINKED)(function)


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
    means(function)(meaning)
    return function


@functools.cache
def source_stamp():
    """Hash of the sources of the library."""
    digest = hashlib.sha256()
    root = pathlib.Path(__file__).parents[2]
    for path in sorted(root.rglob("*.py")):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


AFTER_LOADING = []  # functions to call when code from disk is loaded


class StampedCache(DiskCache):
    """A disk cache that forgets when any file of the library changes."""

    def __init__(self, function, options):
        super().__init__(function, repr(sorted(options.items())))

    @functools.cached_property
    def _fingerprint(self):
        return fingerprint(self._function, *self._extra, source_stamp())

    def load_overload(self, sig, target_context):
        target_context.refresh()  # users' code may call whatever Numba provides
        found = super().load_overload(sig, target_context)
        if found is not None:
            for follow in AFTER_LOADING:
                follow()
        return found


def compiled(function, *, keep=True, stamp="", **options):
    """A function of the library, compiled for any numbers; its machine code is kept on disk if `keep`.

    Functions that one `def` makes have a stamp each, which becomes part of their name. The name of machine code is that of the
    function and a number that counts the functions of a process, so two from disk may have one name, and where both are linked
    into a third, LLVM takes one of them for the other.
    """
    options = {**OPTIONS, **options}
    if stamp:
        function.__name__ = function.__qualname__ = f"{function.__name__}_{hashlib.sha256(stamp.encode()).hexdigest()[:12]}"
    dispatcher = numba.njit(function, **options)
    if keep:
        dispatcher._cache = StampedCache(function, {**{k: str(v) for k, v in options.items()}, "stamp": stamp})
    return dispatcher


def compiled_inside(function, stamp=""):
    """A function of the library that only compiled code calls, kept on disk."""
    return compiled(function, stamp=stamp, **LINKED)


def internal(function, inline="never", **options):
    """A function that only compiled code calls."""
    return numba.njit(function, inline=inline, **{**LINKED, **OPTIONS, **options})


def derivative(function, keep, of=None):
    """A derivative that Python calls; its attribute `nested` is the one that compiled code on other numbers calls.

    Parameters
    ----------
    function : function
    keep : bool
        Keep the machine code on disk.
    of : Dispatcher, optional
        The function of the same arguments that it is the derivative of.
    """
    dispatcher = compiled(function, keep=keep, nogil=True, pipeline_class=Linking if keep else Forgotten)
    dispatcher.nested = internal(function)
    dispatcher.derivative_of = dispatcher.nested.derivative_of = of
    return dispatcher


def derivative_by_types(function, choose, keep, of):
    """A derivative of which the types of the arguments choose the code.

    Parameters
    ----------
    function : function
        It has the signature ``(*args)``, and reaches all functions that may be chosen, for the key of the code on disk.
    choose : callable
        ``choose(types)`` returns the function of Python that is compiled for arguments of these types.
    keep : bool
        Keep the machine code on disk.
    of : Dispatcher
        The function that it is the derivative of.
    """

    def chosen(args):
        return choose(args[0].types)

    dispatcher = derivative(function, keep, of)
    compile_what_types_choose(dispatcher, chosen)
    compile_what_types_choose(dispatcher.nested, chosen)
    return dispatcher
