"""`Transform`, the base class of what transforms return."""

import functools

from ..files.pickling import PickledByFunction
from .function_run import Recording


class Transform(PickledByFunction):
    """A function made of another by a transform.

    Parameters
    ----------
    function : callable
        What is transformed.
    argnums : int or tuple of int, optional
        The positional arguments that are differentiated.
    has_aux : bool, optional
        Whether the function returns auxiliary data beside its value.
    holomorphic : bool, optional
        Whether the derivative is that of a holomorphic function, of complex numbers and with complex values.

    Attributes
    ----------
    function, __wrapped__ : callable
        What was transformed.
    argnums : int or tuple of int
        The positional arguments that are differentiated.
    has_aux : bool
        Whether the function returns auxiliary data beside its value.
    """

    name = "transform"

    def __init__(self, function, argnums=0, has_aux=False, holomorphic=False):
        functools.update_wrapper(self, function, updated=())
        self.function, self.argnums, self.has_aux, self.holomorphic = function, argnums, bool(has_aux), bool(holomorphic)
        self._single = not isinstance(argnums, (tuple, list))
        self._numbers = (argnums,) if self._single else tuple(argnums)
        for n in self._numbers:
            if not isinstance(n, int) or isinstance(n, bool):
                raise TypeError(f"jt.{self.name}: got argnums={argnums!r}, expected an int or a tuple of ints")
        if not self._numbers:
            raise ValueError(f"jt.{self.name}: got argnums=(), expected at least one argument to differentiate")

    def _made_of(self):
        return self.function, self.argnums, self.has_aux, self.holomorphic

    def __repr__(self):
        return f"<jt.{self.name} of {getattr(self.function, '__name__', self.function)!s}>"

    def _record(self, args, kwargs):
        numbers = self._numbers
        if numbers != (0,) or not args:
            numbers = self._checked(len(args))
        return Recording(self.name, self.function, args, kwargs, numbers)

    def _checked(self, n):
        """The numbers of the differentiated arguments, counted from the front; `n` is the number of positional arguments."""
        for k in self._numbers:
            if not -n <= k < n:
                raise TypeError(
                    f"jt.{self.name}: argnums={self.argnums!r}, but there are {n} positional arguments: differentiated arguments "
                    "cannot be passed by keyword"
                )
        found = tuple(k % n for k in self._numbers)
        if len(set(found)) < len(found):
            raise ValueError(f"jt.{self.name}: argnums={self.argnums!r} names an argument twice")
        return found

    def _by_argument(self, trees):
        """The answers as one tree for an int in argnums, as a tuple of them for a tuple."""
        return trees[0] if self._single else tuple(trees)
