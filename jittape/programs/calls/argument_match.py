"""Quick tests of plain arguments: whether a call has the signature of the call before."""

import numpy as np

from ...dtypes import DEFAULT
from ..tracing.signature import is_traced


def quick_match(leaves, descriptions, args, default_dtype):
    """A function that tells whether a tuple of arguments has this signature.

    The test is meant for the usual calls, with arrays and numbers, and may say no where a full comparison of signatures would
    say yes.

    Parameters
    ----------
    leaves, descriptions : lists
        The leaves of the arguments of the traced call, and what the signature contains of them.
    args : tuple
        The positional arguments of the traced call.
    default_dtype : dtype
        The default dtype at the traced call: results of a function depend on it.

    Returns
    -------
    callable
        ``match(args)``.
    """
    wanted = _plain(leaves, descriptions, args)
    if wanted is None:
        return never
    if len(wanted) == 1 and wanted[0][0] is np.ndarray:
        return _match_of_one_array(*wanted[0][1:], default_dtype)
    return _match_of_all(wanted, default_dtype)


def never(args):
    """The test for signatures that have no quick one: always False."""
    return False


def _plain(leaves, descriptions, args):
    """(type, shape or value, dtype) of every argument, None if there are containers or other objects among them.

    The dtype is None where the value itself is part of the signature.
    """
    if len(leaves) != len(args) or any(a is not b for a, b in zip(leaves, args)):
        return None
    plain = []
    for leaf, description in zip(leaves, descriptions):
        if is_traced(description):
            plain.append((type(leaf), description[2], description[3]))
        elif type(leaf) in (int, str, bool, type(None)):
            plain.append((type(leaf), leaf, None))
        else:
            return None
    return plain


def _match_of_one_array(shape, dtype, default_dtype):
    def match(args):
        if len(args) != 1 or default_dtype is not DEFAULT[0]:
            return False
        a = args[0]
        return type(a) is np.ndarray and a.dtype is dtype and a.shape == shape

    return match


def _match_of_all(wanted, default_dtype):
    def match(args):
        if len(args) != len(wanted) or default_dtype is not DEFAULT[0]:
            return False
        for a, (kind, shape, dtype) in zip(args, wanted):
            if type(a) is not kind:
                return False
            if kind is np.ndarray:
                if a.shape != shape or a.dtype is not dtype:
                    return False
            elif dtype is None and a != shape:
                return False
        return True

    return match
