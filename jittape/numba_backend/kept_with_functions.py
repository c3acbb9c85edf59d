"""What is made of a function and kept by it, among its attributes.

It lasts as long as the function does: a table of the module would hold the function, what was made of it and its machine code
for the life of the process, and a weak table as well, because what is made of a function refers to the function.
"""

import functools
import weakref

_NAME = "_jittape"


class Kept(dict):
    """What is kept by one function: left out of copies of its attributes and of pickles.

    Parameters
    ----------
    owner : Dispatcher or function
    """

    def __init__(self, owner):
        self.owner = weakref.ref(owner)

    def __reduce__(self):
        return dict, ()


def kept_with(function):
    """The dict of what is kept by a function.

    `functools.wraps` gives the attributes of one function to another, and Numba those of a function to its dispatcher, so the
    dict knows whose it is.

    Parameters
    ----------
    function : Dispatcher or function

    Returns
    -------
    Kept
    """
    found = vars(function).get(_NAME)
    if type(found) is not Kept or found.owner() is not function:
        found = vars(function)[_NAME] = Kept(function)
    return found


def kept_by_function(make):
    """Decorate ``make(function, *options)``: what it makes is made once, and kept by the function.

    Parameters
    ----------
    make : callable

    Returns
    -------
    callable
    """

    @functools.wraps(make)
    def kept_or_made(function, *options):
        known, key = kept_with(function), (make, *options)
        if key not in known:
            known[key] = make(function, *options)
        return known[key]

    return kept_or_made
