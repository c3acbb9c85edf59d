"""What ``x.flags`` of an Array tells and sets: how its elements lie in memory, and whether they may be written to."""

from ..tensors.array import is_number, is_read_only
from ..tensors.tensor import extras_of
from .memory_order import flags_of

_OWNER, _WRITEABLE = ("owndata", "OWNDATA", "O"), ("writeable", "WRITEABLE", "W")
_IF_WRITEABLE = ("behaved", "BEHAVED", "B", "carray", "CARRAY", "CA", "farray", "FARRAY", "FA")


class Flags:
    """How the elements of an Array lie in memory, and whether they may be written to: by name or by index."""

    __slots__ = ("_array",)

    def __init__(self, array):
        object.__setattr__(self, "_array", array)

    def _told(self, name, found):
        """What is told of a flag, of which the memory has another one."""
        if name in _OWNER:
            raise AttributeError("x.flags.owndata: an Array does not tell whose memory it views; use x.copy() for one of its own")
        if name not in _WRITEABLE + _IF_WRITEABLE:
            return found
        return found and not (is_number(self._array) or is_read_only(self._array))

    def __getattr__(self, name):
        return self._told(name, getattr(flags_of(self._array), name))

    def __getitem__(self, name):
        return self._told(name, flags_of(self._array)[name])

    def __setattr__(self, name, value):
        if name not in _WRITEABLE:
            raise AttributeError(f"x.flags.{name}: got {value!r} for a flag of memory, expected `writeable`, which can be set")
        if is_number(self._array) and value:
            raise ValueError("x.flags.writeable: got True for a number, which cannot be written to, expected an array")
        extras_of(self._array).read_only = not value

    __setitem__ = __setattr__

    def __repr__(self):
        names = "C_CONTIGUOUS F_CONTIGUOUS WRITEABLE ALIGNED WRITEBACKIFCOPY".split()
        return "\n".join(f"  {name} : {self[name]}" for name in names)


def setflags(self, write=None, align=None, uic=None):
    """Allow or refuse writes, as ``x.flags.writeable`` does; the other flags are of memory, and stay."""
    if write is not None:
        self.flags.writeable = write
