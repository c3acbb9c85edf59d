"""Pickles of functions that are made of functions."""

import sys
import weakref
from types import FunctionType

from ..numba_backend.decorators import Dispatcher
from ..numba_backend.forks import process_lock

MOST = 64  # objects that this process keeps for pickles that bring the same function
_PLAIN = (int, str, type(None))
_finders = weakref.WeakKeyDictionary()
_made, _lock = {}, process_lock()  # what pickles have brought, the last used last: attributes of functions are seen by traces


def global_name(thing):
    """The name under which pickle finds a thing in its module, None if another thing or nothing stands there.

    A decorated function stands there itself, in the place of the function that it was made of.
    """
    name = getattr(thing, "__qualname__", None)
    return name if name and _named(getattr(thing, "__module__", None), name) is thing else None


def _named(module, name):
    """What stands under a name in a module, None if nothing does."""
    found = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


class PickledByFunction:
    """Objects that are pickled as what they were made of: a function, which pickle has to know how to handle, and options.

    What was traced or compiled stays behind, and comes back at the first use. A process has one of each function, kind and
    options: what it traces for the first task is there for those that come after.
    """

    def __reduce__(self):
        name = global_name(self)
        if name is None:
            return _found_or_made, (type(self), self._made_of())
        return self._finder, ()

    @property
    def _finder(self):
        """A function that returns the object which stands under this one's name, or makes it.

        Pickle finds it by its name, as an attribute of the object. What pickles functions of `__main__` by value, as cloudpickle
        does, sends it whole, and with it what the object is made of.
        """
        found = _finders.get(self)
        if found is None:
            _finders[self] = found = _finder_of(type(self), self._made_of(), self.__module__, self.__qualname__)
        return found

    @classmethod
    def _made_again(cls, *parts):
        """The object again, of what `_made_of` has returned."""
        return cls(*parts)


def is_named(function):
    """Whether pickle finds a function by its name, or the function that it was made of."""
    while isinstance(function, PickledByFunction) and global_name(function) is None:
        function = getattr(function, "function", None)
    return global_name(function) is not None


def _finder_of(cls, parts, module, name):
    def find():
        found = _named(module, name)
        return found if type(found) is cls and found._made_of()[0] is parts[0] else _found_or_made(cls, parts)

    find.__module__, find.__qualname__ = module, f"{name}._finder"
    return find


def _found_or_made(cls, parts):
    """The object of these parts: the one that has come to this process before, if it is made of the very same function."""
    function, *options = parts
    if not (isinstance(function, (FunctionType, Dispatcher, PickledByFunction)) and _is_plain(options)):
        return cls._made_again(*parts)
    key = cls, id(function), repr(options)  # the object keeps the function; repr: 0 and False are other options
    with _lock:
        found = _made.pop(key, None)
        if found is None:
            found = cls._made_again(*parts)
        _made[key] = found
        if len(_made) > MOST:
            del _made[next(iter(_made))]
    return found


def _is_plain(options):
    return all(_is_plain(x) if isinstance(x, (tuple, list)) else isinstance(x, _PLAIN) for x in options)
