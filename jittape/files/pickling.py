"""Pickles of functions that are made of functions."""

import sys


def global_name(thing):
    """The name under which pickle finds a thing in its module, None if another thing or nothing stands there.

    A decorated function stands there itself, in the place of the function that it was made of.
    """
    name = getattr(thing, "__qualname__", None)
    found = sys.modules.get(getattr(thing, "__module__", None))
    for part in (name or "").split("."):
        found = getattr(found, part, None)
    return name if found is thing else None


class PickledByFunction:
    """Objects that are pickled as what they were made of: a function, which pickle has to know how to handle, and options.

    What was traced or compiled stays behind, and comes back at the first use.
    """

    def __reduce__(self):
        name = global_name(self)
        return name if name is not None else (type(self)._made_again, self._made_of())

    @classmethod
    def _made_again(cls, *parts):
        """The object again, of what `_made_of` has returned."""
        return cls(*parts)
