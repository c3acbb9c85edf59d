"""Transforms of compiled functions that take their arguments at once: products of Jacobians and Hessians with vectors.

Arguments by keyword are data, as are those by position that have no derivative (integers, masks, text, functions).
"""

import functools

import numpy as np
from numpy import ndarray

from ...errors import DTypeError, ShapeError
from .forward_mode import pushforward
from .gradient_dispatchers import hessian_products, pullbacks
from .error_messages import explained, is_of_compiler, refuse_swapped
from .call_arguments import bound, kept, positions_of
from .private_arguments import owned
from .transform_backend import TRANSFORMS, NativeGradient, NativeTransform, dispatcher_of, is_kept, make


def _run_of(name, function, derivative_of):
    """``(numbers, count, directions) -> derivative`` with respect to the arguments of these numbers, of `count` of them.

    It is called with the arguments and, after them, as many directions: members of two tuples would be looked at by slower code.
    """

    @functools.cache
    def run(numbers, count, directions):
        def build(now):
            return derivative_of(now, numbers)

        return NativeTransform(name, function, build, positions=(count + directions,) * 2, directions=directions)

    return run


def _pullback_of(name, function, has_aux):
    """``(numbers, count, 1) -> pullback``, as `_run_of`."""

    @functools.cache
    def run(numbers, count, directions):
        def pullback_of(now, is_complete):
            return pullbacks(now, numbers, has_aux, is_kept(function), is_complete)

        return NativeGradient(name, function, pullback_of, positions=(count + directions,) * 2, directions=directions)

    return run


def _jvp(name, function, has_aux=False):
    run = _run_of(name, function, lambda now, numbers: pushforward(now, numbers, has_aux, is_kept(function)))

    def jvp(primals, tangents, **data):
        if not data and type(primals) is type(tangents) is tuple and _are_plain(primals, tangents):
            count = len(primals)
            return run(_all_of(count), count, count)(*primals, *tangents)
        for what, given in (("primals", primals), ("tangents", tangents)):
            if not isinstance(given, (tuple, list)):
                got = type(given).__name__
                raise TypeError(f"jt.{name}: got {got} for {what}, expected a tuple with one entry an argument: (x,)")
        if len(tangents) != len(primals):
            raise TypeError(f"jt.{name}: got {len(tangents)} tangents for {len(primals)} primals, expected one a primal")
        numbers = tuple([k for k, tangent in enumerate(tangents) if tangent is not None]) or tuple(range(len(primals)))
        primals, moves = tuple(primals), tuple([tangents[k] for k in numbers])
        _refuse_data(name, numbers, primals)
        for k, tangent in zip(numbers, moves):
            _check_direction(name, "tangent", tangent, primals[k])
        given = bound(name, function, primals, data) if data else primals
        return run(numbers, len(given), len(moves))(*given, *moves)

    return jvp


def _linearize(name, function):
    def linearize(*primals, **data):
        jvp, numbers = make("jvp", function), _with_derivatives(primals)
        _refuse_data(name, numbers, primals)
        given = bound(name, function, primals, data) if data else primals
        value, own = _value_of(name, function, given), kept(given)

        def pushed(*tangents):
            if len(tangents) != len(primals):
                raise TypeError(f"jt.{name}: got {len(tangents)} tangents, expected {len(primals)}, one a primal")
            for k, tangent in enumerate(tangents):
                if tangent is not None and k not in numbers:
                    raise TypeError(f"jt.{name}: got a tangent for primal {k}, which is data: expected None")
            if all(tangent is None for tangent in tangents):
                tangents = [_nothing(x) if k in numbers else None for k, x in enumerate(own)]
            return jvp(own, (*tangents, *[None] * (len(own) - len(tangents))))[1]

        return value, pushed

    return linearize


def _vjp(name, function, has_aux=False):
    run = _pullback_of(name, function, has_aux)

    def vjp(*primals, **data):
        if not primals:
            raise TypeError("jt.vjp: got no primals, expected the arguments of the function after it: jt.vjp(f, x)")
        given, numbers = primals, _all_of(len(primals))
        if data or not _are_floats(primals):
            numbers = _with_derivatives(primals)
            _refuse_data(name, numbers, primals)
            given = bound(name, function, primals, data) if data else primals
        value, own = _value_of(name, function, given), kept(given)
        product, is_all = run(numbers, len(given), 1), len(numbers) == len(primals)
        if has_aux and not (isinstance(value, tuple) and len(value) == 2):
            got = type(value).__name__
            raise TypeError(f"jt.{name}: has_aux=True, but the function returned {got}, expected (value, auxiliary data)")

        def pull(cotangent):
            _check_direction(name, "cotangent", cotangent, value[0] if has_aux else value)
            bars = product(*own, cotangent)
            if is_all:
                return bars
            answers = [None] * len(primals)
            for k, bar in zip(numbers, bars, strict=True):
                answers[k] = bar
            return tuple(answers)

        return (value[0], pull, value[1]) if has_aux else (value, pull)

    return vjp


def _hvp(name, function):
    fewest, most = positions_of(function, 0)

    @functools.cache
    def run(count):
        def product_of(now, is_complete):
            return hessian_products(now, make("grad", now).dispatcher, 0, is_kept(function), is_complete)

        return NativeGradient(name, function, product_of, positions=(count + 1,) * 2, directions=1)

    def hvp(x, v, *args, **kwargs):
        if not _are_plain((x,), (v,)):
            _refuse_data(name, (0,), (x,))
            _check_direction(name, "direction", v, x)
        primals = (x, *args)
        if kwargs or not fewest <= len(primals) <= most:  # `bound` takes longer than a short function's product
            primals = bound(name, function, primals, kwargs)
        return run(len(primals))(*primals, v)[1]

    return hvp


def _hessian_diag(name, function, argnums=0):
    """The Hessian times ones, where a second product, times other numbers, does not show that it is not diagonal."""
    if argnums != 0:
        raise TypeError(f"jt.{name}: got argnums={argnums!r} for a function compiled by Numba, expected 0")
    product = _hvp(name, function)

    def hessian_diag(x, *data, **named):
        x = np.asarray(x, dtype=np.result_type(x, np.float32))
        others = np.cos(np.arange(1.0, x.size + 1.0)).reshape(x.shape).astype(x.dtype)
        found, second = (np.asarray(product(x[()], v[()], *data, **named)) for v in (np.ones_like(x), others))
        tolerance = np.sqrt(np.finfo(x.dtype).eps) * (np.abs(second) + np.abs(found) + 1e-3 * np.abs(second).max(initial=0.0))
        if np.any(np.abs(second - found * others) > tolerance):
            raise ValueError(f"jt.{name}: got a function whose Hessian is not diagonal, expected one that is; use jt.hessian")
        return found[()]

    return hessian_diag


def _checkpoint(name, function):
    """The function itself: a call of it with Tensors is one row, which keeps the arguments, and whose rules run it again."""
    return function


TRANSFORMS.update(
    {"jvp": _jvp, "linearize": _linearize, "vjp": _vjp, "hvp": _hvp, "hessian_diag": _hessian_diag, "checkpoint": _checkpoint}
)


def _value_of(name, function, args):
    """The value of a function, run beside its derivative."""
    if not _are_floats(args):
        refuse_swapped(f"jt.{name}", args)
        args = owned(dispatcher_of(function), args)
    try:
        return function(*args)
    except Exception as problem:
        if is_of_compiler(problem):
            raise explained(f"jt.{name}", function, args, problem) from None
        raise


# --- arguments ----------------------------------------------------------------------------------------------------------


@functools.cache
def _all_of(count):
    return tuple(range(count))


def _are_plain(primals, directions):
    """Whether all primals are floats or arrays of floats, and their directions the same, of equal shapes: the usual call."""
    if len(primals) != len(directions):
        return False
    for x, direction in zip(primals, directions):
        kind = type(x)
        if kind is not type(direction):
            return False
        if kind is not float and not (kind is ndarray and x.dtype.kind == "f" and x.shape == direction.shape):
            return False
    return bool(primals)


def _are_floats(primals):
    """Whether all primals are floats: nothing that a function could write to."""
    for x in primals:
        if type(x) is not float:
            return False
    return True


def _with_derivatives(primals):
    """The numbers of the arguments that have floats in them; all if there are none."""
    return tuple(k for k, x in enumerate(primals) if _has_floats(x)) or tuple(range(len(primals)))


def _has_floats(x):
    if isinstance(x, (tuple, list)):
        return any(map(_has_floats, x))
    return isinstance(x, (float, complex, np.inexact)) or isinstance(x, np.ndarray) and x.dtype.kind not in "iubSUV"


def _has_integers(x):
    kind = type(x)
    if kind is float or kind is np.ndarray and x.dtype.kind == "f":
        return False
    if isinstance(x, (tuple, list)):
        return any(map(_has_integers, x))
    return isinstance(x, (int, np.integer, np.bool_)) or isinstance(x, np.ndarray) and x.dtype.kind in "iub"


def _refuse_data(name, numbers, primals):
    """Raise for an argument that is to be differentiated and is an integer, or has one in it."""
    for k in numbers:
        if _has_integers(primals[k]):
            got = f"an array of {primals[k].dtype}" if isinstance(primals[k], np.ndarray) else repr(primals[k])
            raise DTypeError(
                f"jt.{name}: got {got} as argument {k}, expected floating-point numbers: derivatives with respect to integers "
                "are not defined. Write 3.0 for 3, or convert with .astype(float); pass a constant by keyword"
            )


def _check_direction(name, what, given, model):
    """Raise if a tangent or cotangent does not have the form of what it belongs to."""
    if isinstance(model, tuple):
        if not isinstance(given, tuple) or len(given) != len(model):
            raise TypeError(f"jt.{name}: got a {what} of type {type(given).__name__}, expected a tuple of {len(model)}")
        for pair in zip(given, model):
            _check_direction(name, what, *pair)
    elif getattr(given, "shape", ()) != getattr(model, "shape", ()):  # np.shape takes a microsecond for a float
        got, expected = np.shape(given), np.shape(model)
        raise ShapeError(f"jt.{name}: got a {what} of shape {got}, expected {expected}")


def _nothing(x):
    """A tangent of zeros."""
    return tuple(map(_nothing, x)) if isinstance(x, tuple) else np.zeros_like(x)[()]
