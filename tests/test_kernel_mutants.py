"""The checks notice a derivative that is wrong by 0.1 %: in a partial, a pullback, a kernel of the reverse sweep."""

import math

import numpy as np
import pytest
from derivative_checks import WrongDerivative, check_derivatives, check_second_derivatives, dot, leaf, slope

import jittape as jt
from jittape.autograd.sweeps_across_tapes import tangent_of
from jittape.kernels.loops import clear_if
from jittape.ops.declare_elementwise import elementwise
from jittape.ops.declare_structured import structured
from jittape.ops.operation_table import BY_NAME

OFF = 1.001


@elementwise(public=False)
def sine_copy(x):
    """sin, its partial right: what the checks must accept."""
    return math.sin(x)


@sine_copy.partials
def sine_copy_partials(x, result):
    return (jt.cos(x),)


@elementwise(public=False)
def sine_mutant(x):
    """sin, its partial wrong."""
    return math.sin(x)


@sine_mutant.partials
def sine_mutant_partials(x, result):
    return (jt.cos(x) * 1.001,)


@elementwise(public=False)
def product_mutant(x, y):
    """x * y, one of two partials wrong."""
    return x * y


@product_mutant.partials
def product_mutant_partials(x, y, result):
    return y, x * 1.001


@elementwise(public=False)
def quotient_mutant(x, y):
    """x / y, its second partial wrong in a term that is small."""
    return x / y


@quotient_mutant.partials
def quotient_mutant_partials(x, y, result):
    return 1.0 / y, -result / y * 0.999


@elementwise(public=False)
def choice_mutant(x, low, high):
    """A function of three numbers, the partial by the last one wrong."""
    return x * low + x * high * high


@choice_mutant.partials
def choice_mutant_partials(x, low, high, result):
    return low + high * high, x, 2.002 * x * high


@structured(linear=True)
def doubled_mutant_values(x):
    """2 x, its pullback wrong."""
    return 2.0 * x


@doubled_mutant_values.pullback_of(0)
def doubled_mutant_pullback(y_bar, y, x):
    return y_bar * (2.0 * OFF)


@structured()
def tangent_mutant_values(x):
    """x**2, its pullback right and its pushforward wrong."""
    return x * x


@tangent_mutant_values.pullback_of(0)
def tangent_mutant_pullback(y_bar, y, x):
    return 2.0 * x * y_bar


@tangent_mutant_values.pushforward_of(0)
def tangent_mutant_pushforward(x_dot, y, x):
    return 2.0 * OFF * x * x_dot


@structured()
def curved_mutant_values(x):
    """x**3, its first derivative right and its second one wrong: the pullback hides part of x from the record."""
    return x * x * x


@curved_mutant_values.pullback_of(0)
def curved_mutant_pullback(y_bar, y, x):
    held = x.detach()
    return y_bar * (3.0 * x * x + 0.003 * (x * x - held * held))


@curved_mutant_values.pushforward_of(0)
def curved_mutant_pushforward(x_dot, y, x):
    return curved_mutant_pullback(x_dot, y, x)


for _name in [name for name in BY_NAME if name.endswith("_mutant") or name == "sine_copy"]:
    del BY_NAME[_name]  # tests that loop over the table are about the library's own operations

X, Y, Z = np.array([0.4, -0.7, 1.1]), np.array([0.8, 1.3, -0.6]), np.array([0.5, 0.9, 1.2])
WRONG_PARTIALS = [(sine_mutant, [X]), (product_mutant, [X, Y]), (quotient_mutant, [X, Y]), (choice_mutant, [X, Y, Z])]
WRONG = WRONG_PARTIALS + [(doubled_mutant_values.apply, [X])]


def over(mutants):
    return pytest.mark.parametrize("function, arrays", mutants, ids=lambda v: getattr(v, "__name__", ""))


def test_a_right_copy_is_accepted():
    check_derivatives(sine_copy, [X], np.random.default_rng(0))
    check_second_derivatives(sine_copy, [X], np.random.default_rng(0))
    assert jt.autograd.gradcheck(sine_copy, [leaf(X)])
    assert jt.autograd.gradgradcheck(sine_copy, [leaf(X)])


@over(WRONG)
def test_gradcheck_notices(function, arrays):
    inputs = [leaf(a) for a in arrays]
    assert not jt.autograd.gradcheck(function, inputs, raise_exception=False)
    with pytest.raises(RuntimeError, match="Jacobian mismatch"):
        jt.autograd.gradcheck(function, inputs)


@over(WRONG_PARTIALS)
def test_finite_differences_notice(function, arrays):
    with pytest.raises(WrongDerivative, match="finite differences"):
        check_derivatives(function, arrays, np.random.default_rng(1))


@over(WRONG_PARTIALS)
def test_finite_differences_notice_one_operation_in_a_program(function, arrays):
    def program(*xs):
        return jt.tanh(function(*xs) * 0.5 + xs[0]).sum() + xs[0].exp().mean()

    with pytest.raises(WrongDerivative, match="finite differences"):
        check_derivatives(program, arrays, np.random.default_rng(1))


@over([(doubled_mutant_values.apply, [X]), (tangent_mutant_values.apply, [X])])
def test_the_dot_product_of_tangents_and_adjoints_notices(function, arrays):
    """A pullback and a pushforward that do not belong together; a partial serves both, so there it cannot."""
    with pytest.raises(WrongDerivative, match="x_bar . x_dot and y_bar . y_dot"):
        check_derivatives(function, arrays, np.random.default_rng(1))


def test_a_wrong_pushforward_is_not_seen_in_reverse():
    assert jt.autograd.gradcheck(tangent_mutant_values.apply, [leaf(X)])
    x, x_dot = leaf(X), np.ones(3)
    (y_dot,) = tangent_of([tangent_mutant_values.apply(x)], [x], [x_dot])
    np.testing.assert_allclose(y_dot, OFF * slope(lambda t: t * t, [X], [x_dot])[0], rtol=1e-9)


def test_second_derivatives_are_judged_on_their_own():
    check_derivatives(lambda x: curved_mutant_values.apply(x), [X], np.random.default_rng(1))
    with pytest.raises(WrongDerivative, match="finite differences"):
        check_second_derivatives(lambda x: curved_mutant_values.apply(x), [X], np.random.default_rng(1))
    assert not jt.autograd.gradgradcheck(curved_mutant_values.apply, [leaf(X)], raise_exception=False)


def test_a_wrong_kernel_differs_from_its_rule():
    """A compiled reverse kernel that is off is caught by the recorded sweep, which uses the rule."""

    @structured(linear=True)
    def tripled_mutant_values(x):
        return 3.0 * x

    BY_NAME.pop("tripled_mutant")

    @tripled_mutant_values.pullback_of(0)
    def tripled_mutant_pullback(y_bar, y, x):
        return y_bar * 3.0

    @tripled_mutant_values.planned
    def plan(layouts):
        return layouts[0].shape, (math.prod(layouts[0].shape), 0, 0, 0, 0, 0)

    @tripled_mutant_values.kernel_of("forward")
    def forward(at):
        def tripled_forward(params, out, x0):
            x, o = at(x0, 3), at(out, 3)
            for k in range(3):
                o[k] = 3.0 * x[k]

        return tripled_forward

    @tripled_mutant_values.kernel_of("reverse")
    def reverse(at):
        def tripled_reverse(params, x_bar, y_bar, y, x0, fresh):
            o, s = at(x_bar, 3), at(y_bar, 3)
            clear_if(fresh, o, 0, 3)
            for k in range(3):
                o[k] += 3.003 * s[k]

        return tripled_reverse

    with pytest.raises(WrongDerivative, match="recorded and compiled sweep"):
        check_derivatives(tripled_mutant_values.apply, [X], np.random.default_rng(1))


def test_the_helpers_compare_what_they_say():
    assert dot([X, Y], [Y, X]) == pytest.approx(2 * float(X @ Y))
    np.testing.assert_allclose(slope(jt.sin, [X], [np.ones(3)])[0], np.cos(X), rtol=1e-10)
