"""Snapshot of the environment of a function: what it can see beside its arguments, as it was when it was traced.

A trace is valid only while the environment is unchanged. Captured Tensors of floats become inputs of the program and are read
at every call; everything else is recorded here and compared before every replay. What cannot be compared is named (`opaque`),
and its function is called as it is every time.
"""

from operator import is_

import numpy as np

from ...autograd.grad_mode import is_grad_enabled
from ...memory.words import address_of
from ...kernels.services import HASH, ensure
from ...tape.versions import hash_now
from .environment_walk import EnvironmentWalk
from .value_inspection import MISSING, PLAIN, contents_of_cell, form_of


class EnvironmentSnapshot:
    """What a function can reach, also through arguments that are objects, and whether it is unchanged.

    Attributes
    ----------
    tensors : list of Tensors
        Of floating dtypes: inputs of the program.
    generators : list of numpy.random generators
        Those in reach: a function that draws from them cannot be replayed.
    opaque : str or None
        Why no replay can be right.
    sees_mode : bool
        Whether some code asks if gradients are recorded.
    unchanged : callable
        Whether everything is as it was.
    known : set of (id of code, id of globals)
        The code that was walked over.
    """

    def __init__(self, function, arguments=(), ran=()):
        roots, names, known = [function, *arguments, *ran], set(), -1
        while len(names) > known:  # until no more methods are named in methods
            known = len(names)
            found = EnvironmentWalk(roots, names)
        if not found.is_dynamic:
            found = EnvironmentWalk(roots, names, frozenset(names))
        self.tensors, self.generators, self.opaque, self.known = found.tensors, found.generators, found.opaque, found.known
        self._functions, self._cells, self._entries = found.functions, found.cells, found.entries
        self.sees_mode = found.sees_mode
        if found.sees_mode:
            found.answers.append((is_grad_enabled, is_grad_enabled()))
        self._attributes, self._lists, self._dicts = found.attributes, found.lists, found.dicts
        self._keys, self._collections, self._answers = found.keys, found.collections, found.answers
        self._arrays = [(a, _address(a), contents_of(a), form_of(a)) for a in found.arrays]
        self._rest = any((self._lists, self._dicts, self._collections, self._answers, self._arrays))
        self._met = found.met
        self.unchanged = self._check_of_one() or self._unchanged

    def has_met(self, value):
        """Whether a value was in reach before the function ran."""
        return id(value) in self._met

    def forget(self):
        """Keep what is compared, and drop references to everything else."""
        self._met = {}

    def _check_of_one(self):
        """A faster `unchanged` for one function that sees globals only, in half the time; None for others."""
        if self._rest or self._cells or self._attributes or self._keys or len(self._functions) != 1 or self.opaque is not None:
            return None
        ((f, code, defaults, by_name, attributes),) = self._functions
        spaces = {id(mapping): mapping.get for mapping, _, _ in self._entries}
        if len(spaces) > 1:
            return None
        get = next(iter(spaces.values()), None)
        entries, slowly = [(key, value) for _, key, value in self._entries], self._unchanged

        def unchanged():
            if f.__code__ is not code or attributes or f.__defaults__ is not defaults or f.__kwdefaults__ is not by_name:
                return False
            for key, value in entries:
                if get(key, MISSING) is not value:
                    return slowly()
            return True

        return unchanged

    def _unchanged(self):
        """Whether everything is as it was."""
        for f, code, defaults, by_name, none in self._functions:  # takes a tenth of the time of `changed`, which names the change
            if f.__code__ is not code or none or f.__defaults__ is not defaults or f.__kwdefaults__ is not by_name:
                return False
        for mapping, key, value in self._entries:
            if mapping.get(key, MISSING) is not value:
                return self.changed() is None
        try:
            for cell, _, value in self._cells:
                if cell.cell_contents is not value:
                    return self.changed() is None
        except ValueError:  # a variable without a value
            return self.changed() is None
        for thing, name, value in self._attributes:
            if getattr(thing, name, MISSING) is not value:
                return self.changed() is None
        for held, keys in self._keys:
            if list(held) != keys:
                return False
        return not self._rest and self.opaque is None or self.changed() is None

    def changed(self):
        """The name of what has changed; None if nothing has."""
        if self.opaque is not None:
            return self.opaque
        for f, code, defaults, by_name, none in self._functions:
            if f.__code__ is not code or none or f.__defaults__ is not defaults or f.__kwdefaults__ is not by_name:
                return f.__name__
        return self._changed_name() or self._changed_container() or self._changed_array()

    def _changed_name(self):
        for cell, name, value in self._cells:
            if not _is_as_before(contents_of_cell(cell), value):
                return name
        for mapping, key, value in self._entries:
            if not _is_as_before(mapping.get(key, MISSING), value):
                return str(key)
        for thing, name, value in self._attributes:
            if not _is_as_before(getattr(thing, name, MISSING), value):
                return name
        for ask, value in self._answers:
            if not _is_as_before(ask(), value):
                return type(ask).__name__
        return None

    def _changed_container(self):
        for held, items in self._lists:
            if not _are_as_before(held, items):
                return type(held).__name__
        for held, keys, values in self._dicts:
            if not (_are_as_before(held, keys) and _are_as_before(held.values(), values)):
                return type(held).__name__
        for held, keys in self._keys:
            if list(held) != keys:
                return "the names of attributes"
        for held, read, items in self._collections:
            if not _are_as_before(read(held), items):
                return type(held).__name__
        return None

    def _changed_array(self):
        for array, address, contents, form in self._arrays:
            if form_of(array) != form:  # compared first: memory of another form may be at another address
                return f"an array of shape {form[0]}"
            now = hash_now(address, array.nbytes) if address else contents_of(array)
            if now != contents:
                return f"an array of shape {array.shape}"
        return None


def _is_as_before(now, before):
    return now is before or _is_same_value(now, before)


def _are_as_before(now, before):
    """Whether a collection has the items that it had, in the same order."""
    if len(now) == len(before) and all(map(is_, now, before)):
        return True
    now = list(now)
    return len(now) == len(before) and all(map(_is_as_before, now, before))


def _is_same_value(a, b):
    return type(a) is type(b) and isinstance(a, PLAIN) and repr(a) == repr(b)  # repr tells 0.0 from -0.0, and takes nan for nan


def _address(array):
    """The address of an array that can be compared without a copy, else 0."""
    return address_of(array) if array.flags.c_contiguous and not array.dtype.hasobject else 0


def contents_of(array):
    """A hash of the contents of an array."""
    ensure(HASH)
    array = np.ascontiguousarray(array)
    return hash_now(address_of(array), array.nbytes)
