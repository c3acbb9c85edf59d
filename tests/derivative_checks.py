"""Independent checks of derivatives: finite differences, tangents, recorded sweeps, second derivatives."""

import numpy as np

import jittape as jt
from jittape.autograd.recorded_tangents import recorded_tangents_of
from jittape.autograd.sweeps_across_tapes import tangent_of

STEP = 1e-3  # Richardson leaves an error of STEP**4, rounding one of 1e-16 / STEP


class WrongDerivative(AssertionError):
    """Two ways to the same derivative disagree."""


def leaf(array):
    return jt.tensor(np.asarray(array), requires_grad=True)


def floats_of(function, inputs):
    """The floating-point outputs of a function."""
    value = function(*inputs)
    values = value if isinstance(value, (tuple, list)) else (value,)
    return [y for y in values if isinstance(y, jt.Tensor) and y.dtype.kind == "f"]


def results_of(function, inputs):
    """The outputs that carry gradients; an output that is an input becomes a row of its own."""
    return [y * 1.0 if y.is_leaf else y for y in floats_of(function, inputs) if y.requires_grad]


def values_of(function, arrays):
    return [y.detach().numpy().copy() for y in floats_of(function, [leaf(a) for a in arrays])]


def dot(xs, ys):
    return float(sum(np.vdot(x, y) for x, y in zip(xs, ys)))


def agree(what, a, b, scale, rtol):
    if not abs(a - b) <= rtol * scale:
        raise WrongDerivative(f"{what}: got {a!r} and {b!r}, expected equality to {rtol:g} of {scale:g}")


def all_agree(what, xs, ys, rtol):
    for k, (x, y) in enumerate(zip(xs, ys)):
        scale = max(1.0, np.abs(y).max(initial=0.0))
        if x.shape != y.shape or not np.abs(x - y).max(initial=0.0) <= rtol * scale:
            raise WrongDerivative(f"{what}, input {k}: got\n{x!r} and\n{y!r}")


def slope(function, arrays, direction):
    """Derivative of every output along a direction, by extrapolated central differences."""

    def difference(h):
        ahead = values_of(function, [a + h * d for a, d in zip(arrays, direction)])
        behind = values_of(function, [a - h * d for a, d in zip(arrays, direction)])
        return [(p - m) / (2 * h) for p, m in zip(ahead, behind)]

    return [(4 * near - far) / 3 for near, far in zip(difference(STEP), difference(2 * STEP))]


def check_derivatives(function, arrays, rng, rtol=1e-6):
    """Reverse, tangent, recorded and finite-difference derivatives of a function of arrays agree."""
    inputs = [leaf(a) for a in arrays]
    x_dot = [rng.uniform(-1, 1, np.shape(a)) for a in arrays]
    slopes = slope(function, arrays, x_dot)
    varies = [y.requires_grad for y in floats_of(function, inputs)]
    for y_dot, v in zip(slopes, varies):
        if not v:
            all_agree("finite differences of what needs no gradient", [y_dot], [np.zeros_like(y_dot)], rtol)
    outputs = results_of(function, inputs)
    if not outputs:
        return
    y_bar = [rng.uniform(-1, 1, tuple(y.shape)) for y in outputs]
    options = {"retain_graph": True, "materialize_grads": True}
    x_bar = [g.numpy().copy() for g in jt.autograd.grad(outputs, inputs, y_bar, **options)]
    recorded = [g.detach().numpy() for g in jt.autograd.grad(outputs, inputs, y_bar, create_graph=True, materialize_grads=True)]
    all_agree("recorded and compiled sweep", recorded, x_bar, 1e-11)
    y_dot = tangent_of(outputs, inputs, x_dot)
    all_agree("recorded and compiled tangents", recorded_tangents(outputs, inputs, x_dot), y_dot, 1e-11)
    scale = 1.0 + sum(np.abs(a * b).sum() for a, b in zip([*x_bar, *y_bar], [*x_dot, *y_dot]))
    agree("x_bar . x_dot and y_bar . y_dot", dot(x_bar, x_dot), dot(y_bar, y_dot), scale, 1e-11)
    numeric = [d for d, v in zip(slopes, varies) if v]
    all_agree("tangent and finite differences", y_dot, numeric, rtol)
    agree("x_bar . x_dot and finite differences", dot(x_bar, x_dot), dot(y_bar, numeric), scale, rtol)


def recorded_tangents(outputs, inputs, x_dot):
    """The tangents by the rules that higher derivatives record, as arrays."""
    found = recorded_tangents_of(outputs, inputs, [jt.tensor(d) for d in x_dot])
    return [np.zeros(y.shape, y.dtype) if y_dot is None else y_dot.detach().numpy() for y, y_dot in zip(outputs, found)]


def gradient_of(function):
    """The gradient as a function of the inputs and the cotangents, itself differentiable."""

    def gradient(*arguments):
        inputs = arguments[: gradient.n_inputs]
        outputs = results_of(function, inputs)
        cotangents = arguments[gradient.n_inputs :]
        return jt.autograd.grad(outputs, inputs, cotangents, create_graph=True, materialize_grads=True)

    return gradient


def check_second_derivatives(function, arrays, rng, rtol=1e-6):
    """The derivative of the gradient is right, by every way there is to it."""
    outputs = results_of(function, [leaf(a) for a in arrays])
    if not outputs:
        return
    gradient = gradient_of(function)
    gradient.n_inputs = len(arrays)
    cotangents = [rng.uniform(-1, 1, tuple(y.shape)) for y in outputs]
    check_derivatives(gradient, [*arrays, *cotangents], rng, rtol)


# --- operands in every memory order ----------------------------------------------------------------------------


def strided(function):
    """The same function, its operands first cut out of twice as large ones."""
    return lambda *xs: function(*[x[..., 0] for x in xs])


def with_gaps(array):
    return np.stack([array, array + 1.0], -1)


def transposed(function):
    """The same function, its operands turned around first."""
    return lambda *xs: function(*[x.permute(*range(x.ndim - 1, -1, -1)) if x.ndim else x for x in xs])


def expanded(function, shapes):
    """The same function, its operands spread from one element an axis."""
    return lambda *xs: function(*[x.expand(shape) for x, shape in zip(xs, shapes)])
