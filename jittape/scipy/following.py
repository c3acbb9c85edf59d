"""Functions that follow derivatives under SciPy's names: of Tensors and Arrays they are ours, of everything else SciPy's."""

import functools

from ..ops.array_protocols import holds_tensors


def in_place_of(theirs):
    """Decorate a function of Tensors and Arrays: it gets the name, the parameters and the summary of one of SciPy's."""

    def declare(function):
        @functools.wraps(theirs)
        def call(*args, **kwargs):
            return (function if holds_tensors((*args, *kwargs.values())) else theirs)(*args, **kwargs)

        call.__module__ = function.__module__
        summary = (theirs.__doc__ or "").strip().partition("\n\n")[0]
        call.__doc__ = f"{summary}\n\nSciPy's function, which follows derivatives of Tensors and Arrays here."
        return call

    return declare
