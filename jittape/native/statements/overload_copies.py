"""Functions that Numba knows by an overload, on differential numbers: copies of what the overload runs.

``np.percentile`` in compiled code is a Python function that Numba's overload picks by the types of the arguments, and
``register_jitable`` is an overload that always picks the function itself.  Most overloads ask for arrays of floats and would
refuse differential ones, and what they run calls functions of NumPy that make arrays of floats.  So the overload is asked
with the types that the arguments have without derivatives, and what it picks is copied like a function of the user's.
"""

import inspect

from numba import literal_unroll, types
from numba.extending import overload

from ..compat import literally, overload_templates
from ..compilation.compile_cached import only_compiled
from ..numbers.array_types import DifferentialArray, array_of
from ..numbers.number_types import Differentiated
from ..numbers.predicates import primal_type


def without_derivatives(ty, layout=None):
    """The type that a value has in the user's own function; with another layout of arrays that have derivatives, if given."""
    if isinstance(ty, Differentiated):
        return primal_type(ty)
    if isinstance(ty, DifferentialArray):
        return array_of(primal_type(ty.dtype), ty.ndim, layout or ty.layout)
    if isinstance(ty, types.BaseTuple):
        members = tuple(without_derivatives(member, layout) for member in ty.types)
        return types.BaseTuple.from_types(members, getattr(ty, "instance_class", None))
    if isinstance(ty, types.List):
        return types.List(without_derivatives(ty.dtype, layout), ty.reflected)
    return ty


MARKS = literal_unroll, literally  # calls that Numba's own passes look for, by the function


def overloaded_copy(function, copied, options):
    """What copies of users' functions see in the place of a function that Numba knows only by overloads.

    Parameters
    ----------
    function : object
        A value that a user's function calls by name.
    copied : function of a function
        Copies what an overload runs.
    options : dict
        How copies are compiled.

    Returns
    -------
    object
        A function of compiled code, with an overload for each one of `function`; `function` itself if Numba knows it in
        other ways too, or if this library has overloads of it, which are complete; one that is copied as a user's is has an
        attribute `is_users`.
    """
    templates = [] if function in MARKS else overload_templates(function)
    found = [template._overload_func for template in templates]
    library = __package__.partition(".")[0] + "."
    if not found or any(pick.__module__.startswith(library) and not hasattr(pick, "is_users") for pick in found):
        return function

    @only_compiled
    def stand_in(*args):
        """What Numba's overloads run."""

    stand_in.__name__ = stand_in.__qualname__ = getattr(function, "__name__", "function")
    for pick in found:
        overload(stand_in, jit_options=options, strict=False)(_picker(pick, copied))
    return stand_in


def _picker(pick, copied):
    """An overload that runs a copy of what another picks for numbers without derivatives."""

    def picked(*args, **kwargs):
        found = pick(*map(without_derivatives, args), **{name: without_derivatives(ty) for name, ty in kwargs.items()})
        return None if found is None else copied(found)

    picked.__signature__ = inspect.signature(pick)
    return picked
