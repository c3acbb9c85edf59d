"""Functions that are not Python's: who differentiates them.

Every transform asks here first.  A backend recognises its functions and makes the transforms of them; a
plain Python function has none and is recorded on the array tape.
"""

from numba.core.dispatcher import Dispatcher

_backends = []


def register_backend(recognises, transform):
    """Let functions of another kind be transformed in a way of their own.

    Parameters
    ----------
    recognises : callable
        ``recognises(function)``: whether this backend differentiates it.
    transform : callable
        ``transform(name, function, **options)`` makes the transform called `name` ("grad", "value_and_grad",
        "vjp", "jvp", "jacobian", ...): what ``jt.<name>(function, **options)`` answers, or for those that take
        their arguments at once ("vjp", "jvp", "linearize", "hvp") a callable that takes them.

    Notes
    -----
    The backend that was registered last is asked first.
    """
    _backends.insert(0, (recognises, transform))


def foreign(name, function, **options):
    """The transform of a function that is not Python's, None for one that is."""
    for recognises, transform in _backends:
        if recognises(function):
            return transform(name, function, **options)
    if not callable(function):
        raise TypeError(f"jt.{name}: got {type(function).__name__}, expected a function as the first argument")
    return None


def _refuse(name, function, **options):
    raise NotImplementedError(
        f"jt.{name}: {getattr(function, '__name__', function)!r} is compiled by Numba and no backend for such functions is "
        "there: pass the Python function, that is function.py_func, written with NumPy's or jittape's functions"
    )


register_backend(lambda function: isinstance(function, Dispatcher), _refuse)
