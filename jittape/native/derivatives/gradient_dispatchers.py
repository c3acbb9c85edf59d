"""Gradients of compiled functions: dispatchers that are called from Python and from inside other compiled code."""

from ..compilation.compile_cached import inside, means, public
from .forward_mode import tangent_gradient
from ..numbers.number_types import is_number
from .outputs import PARTS
from .reverse_mode import swept_gradient

MOST_TANGENTS = 8  # inputs up to which tangents are cheaper than a tape, if they are numbers


def gradients(function, argnums, single, with_value, has_aux, keep):
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
    """
    value_in, answer = inside(PARTS[has_aux]), inside(_answers[single, with_value, has_aux])
    swept = swept_gradient(function, argnums, value_in, answer)
    tangent = tangent_gradient(function, argnums, value_in, answer)

    def compute(args):
        return swept(args), tangent(args)  # never run; makes the functions part of the key of the machine code

    @means(compute, inline="always")
    def on_arguments(args):
        few = len(argnums) <= MOST_TANGENTS and all(k < len(args) and is_number(args.types[k]) for k in argnums)
        return tangent if few else swept

    def gradient(args):
        return compute(args)

    return public(gradient, keep)


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
    (True, False, False): _gradient,
    (True, False, True): _gradient_aux,
    (False, False, False): _gradients,
    (False, False, True): _gradients_aux,
    (True, True, False): _value_gradient,
    (True, True, True): _value_gradient,
    (False, True, False): _value_gradients,
    (False, True, True): _value_gradients,
}
