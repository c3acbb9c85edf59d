"""Functions that write to an argument whose memory they see a second time: as another argument, or from outside.

Under a transform a function writes to a copy of its argument, so what it sees of the same memory elsewhere would not change as it
does without the transform. Only functions that have written to an argument are looked at.
"""

import functools
import types
from itertools import islice

import numpy as np

from ..errors import SharedMemoryError
from ..numba_backend.fingerprint import globals_in, is_covered
from ..tape.tape import Tape
from ..tensors.tensor import Tensor
from .pytrees import flatten

MOST = 10_000  # objects that are looked at


def memory_of(leaf):
    """The array of a leaf of arguments; of a Tensor its present memory, without a look at the value, which a trace would note."""
    if isinstance(leaf, Tensor):
        return Tape.look(leaf._tape, leaf._row) if leaf._array is None else leaf._array
    return leaf


def arrays_in(trees):
    """The arrays among the leaves of arguments, and the memory of Tensors."""
    return [memory_of(leaf) for leaf in flatten(trees)[0] if isinstance(leaf, (np.ndarray, Tensor))]


def _sees(thing):
    """What is reached from an object that a function can see."""
    if isinstance(thing, types.FunctionType):
        if is_covered(thing.__module__ or ""):
            return
        yield from thing.__defaults__ or ()
        for cell in thing.__closure__ or ():
            try:
                yield cell.cell_contents
            except ValueError:  # not bound yet
                continue
        yield from (thing.__globals__[name] for name in globals_in(thing.__code__) if name in thing.__globals__)
    elif isinstance(thing, types.MethodType):
        yield from (thing.__func__, thing.__self__)
    elif isinstance(thing, functools.partial):
        yield from (thing.func, *thing.args, *thing.keywords.values())
    elif isinstance(thing, (list, tuple, set, frozenset)):
        yield from thing
    elif isinstance(thing, dict):
        yield from thing.values()
    elif not isinstance(thing, (types.ModuleType, type)):
        yield from getattr(thing, "__dict__", {}).values()
        yield getattr(thing, "function", None)  # of a transform


def _objects_seen(function):
    queue, seen = [function], set()
    while queue:
        thing = queue.pop()
        if id(thing) not in seen:
            seen.add(id(thing))
            yield thing
            if not isinstance(thing, (np.ndarray, Tensor)):
                queue += _sees(thing)


def arrays_seen_by(function):
    """Arrays that a function can see in closures, globals, defaults, and attributes and members of what it sees there."""
    for thing in islice(_objects_seen(function), MOST):
        if isinstance(thing, np.ndarray):
            yield thing


def refuse_shared(name, function, written, given):
    """Raise if arrays that a function writes to share memory with others.

    Parameters
    ----------
    name : str
        Of the transform.
    function : callable
        What was run.
    written : list
        The arguments that it has written to: arrays, Tensors and numbers.
    given : list of ndarray
        All its arguments, these among them, once each.

    Raises
    ------
    SharedMemoryError
    """
    for x in arrays_in(written):
        if sum(np.shares_memory(x, z) for z in given) > (x.size > 0):
            raise _error(name, "another argument")
        if any(np.shares_memory(x, z) for z in arrays_seen_by(function)):
            raise _error(name, "an array that it sees from outside")


def _error(name, other):
    return SharedMemoryError(
        f"jt.{name}: the function writes to an argument that shares memory with {other}. It gets a copy of the argument, so the "
        "other array would not change with it: pass x.copy(), or let the function take the array once"
    )


def may_share(x, z):
    """Whether two arrays may share memory: a test that takes no time for those that own theirs."""
    return x is z or (x.base is not None or z.base is not None) and np.may_share_memory(x, z)


class SharedData:
    """Arrays that are not differentiated, on the memory of arguments that are: the function must not write to them.

    Parameters
    ----------
    name : str
        Of the transform.
    variables, data : list of ndarray
        Arguments.
    """

    def __init__(self, name, variables, data):
        self._name = name
        self._kept = [(z, z.copy()) for z in data if any(may_share(x, z) and np.shares_memory(x, z) for x in variables)]

    def refuse_writes(self):
        """Raise if one has changed."""
        for array, before in self._kept:
            if array.tobytes() != before.tobytes():
                array[...] = before
                raise _error(self._name, "another argument")


def shared_data(name, models, args, kwargs, numbers):
    """The `SharedData` of a call: arrays among its arguments, beside those with some numbers; None if they share no memory."""
    data = [a for k, a in enumerate(args) if type(a) is np.ndarray and k not in numbers]
    data += [a for a in kwargs.values() if type(a) is np.ndarray]
    variables = [m for m in models if type(m) is np.ndarray]
    return SharedData(name, variables, data) if any([may_share(x, z) for z in data for x in variables]) else None
