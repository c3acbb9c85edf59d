"""Functions that follow derivatives under SciPy's names: of Tensors and Arrays they are ours, of everything else SciPy's."""

import functools

from ..ops.array_protocols import holds_tensors


def in_place_of(theirs):
    """Decorate a function of Tensors and Arrays: it gets the name, the parameters and the docstring of one of SciPy's."""

    def declare(function):
        @functools.wraps(theirs)
        def call(*args, **kwargs):
            return (function if holds_tensors((*args, *kwargs.values())) else theirs)(*args, **kwargs)

        call.__module__ = function.__module__
        return call

    return declare
