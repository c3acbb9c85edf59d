"""Names that are defined anew, as in a notebook: value and gradient come from the same function."""

import types

import numpy as np
import pytest
from numba import cfunc, float64, guvectorize, njit, vectorize
from numba.experimental import jitclass
from numba.extending import overload, register_jitable

import jittape as jt

pytestmark = pytest.mark.sampled(3, of="module")

helper = scale = table = module = None


@pytest.fixture(autouse=True)
def definitions():
    global helper, scale, table, module
    helper, scale, table = times(2.0), 2.0, np.array([1.0, 2.0])
    module = types.ModuleType("helpers_of_a_user")
    module.scale = 2.0


def times(factor):
    @njit
    def helper(x):
        return factor * x

    return helper


def functions():
    """Functions whose value at 3.0 is 9 c, for what the names stand for: a helper, a number, an array, a number of a module.

    The last two read them through what overloads run.
    """

    @njit
    def calls(x):
        return helper(x) * x

    @njit
    def reads_a_number(x):
        return scale * x * x

    @njit
    def reads_an_array(x):
        return table[1] * x * x

    @njit
    def reads_a_module(x):
        return module.scale * x * x

    @njit
    def calls_what_calls(x):
        return calls(x) + 0.0

    @njit
    def calls_itself(n, x):
        return scale * x if n == 1 else x * calls_itself(n - 1, x)

    @njit
    def through_itself(x):
        return calls_itself(2, x)

    @register_jitable
    def scaled(x):
        return scale * helper(x) / helper(1.0)

    def known_by_an_overload(x):
        return scaled(x)

    @overload(known_by_an_overload)
    def picks(x):
        def run(x):
            return scale * x

        return run

    @njit
    def calls_a_jitable_function(x):
        return scaled(x) * x

    @njit
    def calls_an_overload(x):
        return known_by_an_overload(x) * x

    @vectorize
    def by_element(x):
        return scale * helper(x) / helper(1.0)

    @njit
    def calls_a_ufunc(x):
        return by_element(x) * x

    @guvectorize("(n)->(n)")
    def by_row(x, out):
        for k in range(len(x)):
            out[k] = helper(x[k])

    @njit
    def calls_a_ufunc_of_rows(x):
        given, out = np.full(2, x), np.zeros(2)
        by_row(given, out)
        return out[1] * x

    @jitclass([("x", float64)])
    class Point:
        def __init__(self, x):
            self.x = x

        def scaled(self):
            return helper(self.x)

    @njit
    def calls_a_method(x):
        return Point(x).scaled() * x

    by_name = calls, reads_a_number, reads_an_array, reads_a_module, calls_what_calls, through_itself
    return *by_name, calls_a_jitable_function, calls_an_overload, calls_a_ufunc, calls_a_ufunc_of_rows, calls_a_method


def redefine(factor):
    global helper, scale, table
    helper, scale, table, module.scale = times(factor), factor, np.array([0.0, factor]), factor


NAMES = ["calls", "reads_a_number", "reads_an_array", "reads_a_module", "calls_what_calls", "through_itself"]
NAMES += ["calls_a_jitable_function", "calls_an_overload", "calls_a_ufunc", "calls_a_ufunc_of_rows", "calls_a_method"]
each = pytest.mark.parametrize("k", range(len(NAMES)), ids=NAMES)


def assert_is(function, factor):
    """The function is ``factor * x**2``, by all that can be asked of it."""
    assert jt.grad(function)(3.0) == 6.0 * factor
    assert jt.value_and_grad(function)(3.0) == (9.0 * factor, 6.0 * factor)
    assert jt.jvp(function, (3.0,), (1.0,)) == (9.0 * factor, 6.0 * factor)
    value, pull = jt.vjp(function, 3.0)
    assert (value, pull(1.0)) == (9.0 * factor, (6.0 * factor,))
    assert function(3.0) == 9.0 * factor


@each
def test_a_name_defined_anew_before_the_value_was_asked_for(k):
    function = functions()[k]
    gradient = jt.grad(function)
    assert gradient(3.0) == 12.0
    redefine(5.0)
    assert gradient(3.0) == 30.0
    assert_is(function, 5.0)


@each
def test_numba_keeps_what_it_compiled_and_so_does_the_gradient(k):
    function = functions()[k]
    assert function(3.0) == 18.0
    redefine(5.0)
    assert_is(function, 2.0)
    redefine(7.0)
    assert_is(function, 2.0)


@each
def test_defined_anew_again_and_again(k):
    function = functions()[k]
    for factor in (3.0, 4.0, 5.0):
        redefine(factor)
        assert jt.grad(function)(3.0) == 6.0 * factor
    assert_is(function, 5.0)


def test_a_callback_is_what_it_was_when_it_was_defined():
    """Numba compiles it then, whatever its names stand for when a function that calls it is compiled."""
    factor = 1.0

    @cfunc("float64(float64)")
    def callback(x):
        return factor * helper(x) * table[1] / 2.0 * module.scale / 2.0

    @njit
    def calls_back(x):
        return callback(x) * x

    redefine(5.0)
    factor = 3.0
    assert_is(calls_back, 2.0)


def test_an_object_whose_methods_call_what_was_defined_anew():
    @jitclass([("y", float64)])
    class Scale:
        def __init__(self, y):
            self.y = y

        def of(self, x):
            return helper(x) * self.y

    @njit
    def asks(x, scale):
        return scale.of(x)

    gradient, own = jt.grad(asks), Scale(1.5)
    assert gradient(3.0, own) == gradient(3.0, own) == 3.0
    redefine(5.0)
    with pytest.raises(jt.native.NativeError, match="Scale uses 'helper', which was defined anew"):
        gradient(3.0, own)


def test_second_derivatives_follow():
    function = functions()[0]
    hessian, product = jt.hessian(function), jt.jacobian(jt.grad(function))
    assert hessian(3.0) == product(3.0) == 4.0
    redefine(5.0)
    assert hessian(3.0) == product(3.0) == 10.0


def test_a_captured_variable_that_changes():
    factor = 2.0

    @njit
    def inner(x):
        return factor * x * x

    assert jt.grad(inner)(1.0) == 4.0
    factor = 5.0
    assert (jt.grad(inner)(1.0), inner(1.0)) == (10.0, 5.0)


def test_a_checkpointed_loop_is_one_function():
    """Running the loop compiles the step: it stays as it was, and so does the derivative."""

    @njit
    def step(state, k, rate):
        return state + helper(rate)

    loop = jt.native.checkpointed(step, 4)
    assert jt.vjp(loop, 1.0, 1.0)[1](1.0) == (1.0, 8.0)
    redefine(5.0)
    value, pull = jt.vjp(loop, 1.0, 1.0)
    assert (value, loop(1.0, 1.0), pull(1.0)) == (9.0, 9.0, (1.0, 8.0))


def test_a_row_of_the_tape_follows():
    function = functions()[0]
    x = jt.tensor(3.0, requires_grad=True)
    jt.native.call(function, x).backward()
    redefine(5.0)
    jt.native.call(functions()[0], x).backward()
    assert x.grad.item() == 12.0 + 30.0


# --- contents of arrays: Numba keeps those that it has compiled in ------------------------------------------------------------


def of_arrays():
    """Functions, and the array that each reads: a global one, a captured one, and one of a module; the last by a call."""
    captured = np.array([1.0, 2.0])
    module.array = np.array([1.0, 2.0])

    @njit
    def of_a_global(x):
        return table[1] * x * x

    @njit
    def of_a_captured(x):
        return captured[1] * x * x

    @njit
    def of_a_module(x):
        return module.array[1] * x * x

    @njit
    def of_what_it_calls(x):
        return of_a_captured(x)

    return [(of_a_global, table), (of_a_captured, captured), (of_a_module, module.array), (of_what_it_calls, captured)]


@pytest.mark.parametrize("k", range(4), ids=["global", "captured", "module", "called"])
@pytest.mark.parametrize("first", ["value", "gradient", "both"])
def test_writes_into_arrays_that_a_function_reads(k, first):
    """Value and gradient are those of the array as it was when Numba compiled the function."""
    function, array = of_arrays()[k]
    if first != "gradient":
        function(3.0)
    if first != "value":
        assert jt.grad(function)(3.0) == 12.0
    array[1] = 5.0
    assert_is(function, function(3.0) / 9.0)
    array[1] = 7.0
    module.scale = 11.0
    assert_is(function, function(3.0) / 9.0)
    assert function(3.0) == (45.0 if first == "gradient" else 18.0)
