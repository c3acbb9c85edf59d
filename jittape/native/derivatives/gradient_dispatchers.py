"""Gradients of compiled functions: dispatchers that are called from Python and from inside other compiled code."""

from numba import types

from ..compilation.compile_cached import derivative, derivative_by_types, inside, internal
from .forward_mode import pushed, tangent_gradient
from ..loops.loop_gradients import structured_number, structured_outputs, structured_products
from ..loops.typed_code import Unstructured
from ..numbers.number_types import is_number
from .gradients_in_threads import GradientInThreads
from .outputs import HOLOMORPHIC_PARTS, PARTS
from .reverse_mode import (
    adjoint_gradient,
    adjoint_hessian,
    adjoint_product,
    adjoint_pullback,
    on_arenas,
    swept_gradient,
    swept_pullback,
)

MOST_TANGENTS = 8  # inputs up to which tangents are cheaper than a tape, if they are numbers
TANGENTS, ADJOINT, TAPE = "tangents", "adjoint", "tape"


def way_of(function, kinds, argnums, has_aux=False, program_of=structured_number):
    """How a derivative is computed for arguments of these types, with `program_of` by an adjoint: the way, and why."""
    if len(argnums) <= MOST_TANGENTS and all(k < len(kinds) and is_number(kinds[k]) for k in argnums):
        return TANGENTS, f"it is differentiated with respect to {len(argnums)} numbers"
    try:
        program = program_of(function, kinds, argnums, has_aux)
    except Unstructured as problem:
        return TAPE, str(problem)
    return ADJOINT, "all of it is structured" + ", and threads share a `prange` where it is long" * bool(program.shared)


def gradients(function, argnums, single, with_value, has_aux, keep, is_complete=True, holomorphic=False):
    """The dispatcher of a gradient.

    A function of few numbers is run once with a tangent for each: on the Lorenz equations with 6 inputs that takes 4.5 times the
    function, and no memory, where recording and sweeping take 7 times.

    Parameters
    ----------
    function : Dispatcher
        What is differentiated.
    argnums : tuple of int
        The differentiated arguments.
    single : bool
        Return the gradient with respect to the first of `argnums`, not a tuple.
    with_value : bool
        Return ``(value, gradient)``.
    has_aux : bool
        The function returns ``(value, auxiliary data)``.
    keep : bool
        Keep the machine code on disk.
    is_complete : bool
        It computes every gradient. Otherwise one that takes the tape though the function is structured raises `UnusualGradient`:
        compiling the tape as well takes three times as long as the adjoint alone, and few calls need it.
    holomorphic : bool
        The function is holomorphic, and its complex derivative is asked for.
    """
    value_in, answer = (HOLOMORPHIC_PARTS if holomorphic else PARTS)[has_aux], _answers[single, with_value, has_aux]
    recorded = internal(swept_gradient(function, argnums, value_in, answer))
    swept = on_arenas(recorded)
    tangent = tangent_gradient(function, argnums, value_in, answer)
    adjoint = adjoint_gradient(function, argnums, has_aux, answer, recorded if is_complete else None)
    ways = {TANGENTS: tangent, ADJOINT: adjoint, TAPE: swept}

    def gradient(*args):
        return swept(*args), tangent(*args), adjoint(*args)

    def cheapest(kinds):
        return ways[way_of(function, kinds, argnums, has_aux)[0]]

    dispatcher = derivative_by_types(gradient, cheapest, keep, of=function)
    dispatcher.in_threads = GradientInThreads(function, argnums, has_aux, answer, keep)
    return dispatcher


def pullbacks(function, argnums, has_aux, keep, is_complete=True):
    """The dispatcher ``(*primals, cotangent) -> cotangents of the primals``; every zero of the given one is structural.

    Parameters
    ----------
    function, argnums, has_aux, keep, is_complete
        As for `gradients`.
    """
    recorded = swept_pullback(function, argnums, has_aux)
    swept, adjoint = on_arenas(recorded), adjoint_pullback(function, argnums, has_aux, recorded if is_complete else None)

    def pullback(*args):
        return swept(*args), adjoint(*args)

    def cheapest(kinds):
        try:
            structured_outputs(function, kinds[:-1], kinds[-1], argnums, has_aux)
        except Unstructured:
            return swept
        return adjoint

    return derivative_by_types(pullback, cheapest, keep, of=None)


def hessian_products(function, gradient, k, keep, is_complete=True):
    """The dispatcher ``(*primals, direction) -> (gradient, Hessian times direction)``, with respect to one argument.

    Parameters
    ----------
    function : Dispatcher
        What is differentiated.
    gradient : Dispatcher
        Its gradient, to be differentiated with dual numbers where the adjoint is not.
    k : int
        The differentiated argument.
    keep, is_complete
        As for `gradients`.
    """
    of_gradient = pushed(gradient, (k,))
    dual = internal(of_gradient)

    def by_dual_numbers(header, args):
        return dual(*args)

    adjoint = adjoint_product(function, (k,), internal(by_dual_numbers) if is_complete else None)

    def product(*args):
        return of_gradient(*args), adjoint(*args)

    def cheapest(kinds):
        if way_of(function, kinds[:-1], (k,))[0] == ADJOINT:
            try:
                structured_products(function, kinds[:-1], kinds[-1:], (k,))
            except Unstructured:
                return of_gradient
            return adjoint
        return of_gradient

    return derivative_by_types(product, cheapest, keep, of=None)


def hessian_by_adjoint(function, k, keep):
    """The dispatcher ``(*args) -> Hessian``, with respect to one array, of a function for which `has_adjoint_hessian` holds."""
    return derivative(adjoint_hessian(function, k), keep)


def has_adjoint_hessian(function, kinds, k):
    """Whether the Hessian with respect to an argument comes from the adjoint, for arguments of these types."""
    if way_of(function, kinds, (k,))[0] != ADJOINT or not isinstance(kinds[k], types.Array):
        return False
    try:
        structured_products(function, kinds, (kinds[k],), (k,))
    except Unstructured:
        return False
    return True


def _gradient(result, gradients):
    return gradients[0]


def _gradient_aux(result, gradients):
    return gradients[0], result[1]


def _gradients(result, gradients):
    return gradients


def _gradients_aux(result, gradients):
    return gradients, result[1]


def _value_gradient(result, gradients):
    return result, gradients[0]


def _value_gradients(result, gradients):
    return result, gradients


_answers = {  # single, with value, with auxiliary data
    (True, False, False): inside(_gradient),
    (True, False, True): inside(_gradient_aux),
    (False, False, False): inside(_gradients),
    (False, False, True): inside(_gradients_aux),
    (True, True, False): inside(_value_gradient),
    (True, True, True): inside(_value_gradient),
    (False, True, False): inside(_value_gradients),
    (False, True, True): inside(_value_gradients),
}
