"""Which arguments the partials of an operation read."""

import functools


class Dependency:
    """Stand-in for a number by which is found out which arguments an expression reads."""

    def __init__(self, mask):
        self.mask = mask

    def _interpret(self, operation, args):
        return Dependency(functools.reduce(int.__or__, [a.mask for a in args if isinstance(a, Dependency)], 0))

    def _combine(self, *others):
        return self._interpret(None, (self, *others))

    __neg__ = __abs__ = __invert__ = _combine
    __hash__ = None


for _name in "add radd sub rsub mul rmul truediv rtruediv pow rpow eq ne lt le gt ge and or rand ror".split():
    setattr(Dependency, f"__{_name}__", Dependency._combine)
