"""Dispatch of transforms by the kind of function.

Every transform asks the registered backends first. A backend recognises its functions (such as those compiled by Numba) and
makes the transforms of them; a plain Python function has none and is recorded on the array tape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from numba.extending import typeof_impl

from ..numba_backend.decorators import is_jitted
from ..tensors.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_backends = []


def register_backend(recognises: Callable[[Any], bool], transform: Callable[..., Callable[..., Any]]) -> None:
    """Register a way to differentiate functions of another kind.

    Parameters
    ----------
    recognises : callable
        ``recognises(function)`` tells whether this backend differentiates it.
    transform : callable
        ``transform(name, function, **options)`` makes the transform called `name` ("grad", "value_and_grad", "vjp", "jvp",
        "jacobian", ...): what ``jt.<name>(function, **options)`` returns, or, for those that take their arguments at once
        ("vjp", "jvp", "linearize", "hvp"), a callable that takes them.

    Notes
    -----
    The backend that was registered last is asked first.
    """
    _backends.insert(0, (recognises, transform))


def foreign(name, function, **options):
    """The transform of a function that a backend recognises, None for a plain Python function."""
    for recognises, transform in _backends:
        if recognises(function):
            return transform(name, function, **options)
    if not callable(function):
        raise TypeError(f"jt.{name}: got {type(function).__name__}, expected a function as the first argument")
    return None


def _native(name, function, **options):
    from ..native import make  # on first use: it registers its numbers with Numba

    return make(name, function, **options)


def _is_native(function):
    return is_jitted(function) or getattr(type(function), "is_native", False)


register_backend(_is_native, _native)


@typeof_impl.register(Tensor)
def _typeof_tensor(value, context):
    raise TypeError(
        "a function compiled by Numba was called with a Tensor. jt.native.call(f, tensor) makes the call a row of the tape; "
        "f(tensor.detach().numpy()) computes without derivatives"
    )
