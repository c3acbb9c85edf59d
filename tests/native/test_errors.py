"""What goes wrong says so: function, line and construct; and leaves no tape taken and no memory lost."""

import math

import numpy as np
import pytest
from numba import njit, types
from numba.extending import intrinsic

import jittape as jt
from jittape import native
from jittape.errors import ShapeError, TapeMemoryError
from jittape.native.derivatives.error_messages import NativeError
from jittape.native.tape_memory.arenas import ARENAS, FIRST_ARENA, TABLE
from jittape.native.compilation.compile_cached import derivative
from jittape.native.derivatives.reverse_mode import adjoint_pullback, on_arenas, swept_pullback

pytestmark = pytest.mark.sampled(5, of="module")

X = np.array([0.7, -1.2, 0.4])


def taken():
    """Tapes that somebody records on."""
    return int(np.count_nonzero(TABLE[FIRST_ARENA : FIRST_ARENA + 2 * ARENAS : 2]))


@pytest.fixture(autouse=True)
def no_tape_is_left_taken():
    limit = native.tape_limit()
    yield
    native.set_tape_limit(limit)
    assert taken() == 0


@njit
def square_sum(x):
    total = 0.0
    for v in x:
        total += v * v
    return total


def works():
    np.testing.assert_array_equal(jt.grad(square_sum)(X), 2 * X)


def refused(words, function, *args, transform=jt.grad, line=None, error=NativeError, **options):
    """Expect an error that has some words, the name of the function and the line of the program."""
    with pytest.raises(error) as caught:
        transform(function, **options)(*args)
    text = str(caught.value)
    for word in (words,) if isinstance(words, str) else words:
        assert word in text, text
    assert function.__name__ in text
    if line is not None:
        assert line in text and __file__ in text, text
    if error is NativeError:
        assert len(text.splitlines()) < 8 and "Active" not in text.replace("Numba's own", ""), text
    assert taken() == 0
    works()
    return text


# --- programs that cannot be differentiated -----------------------------------------------------------------------------


@njit
def stores_into_a_plain_array(x, work):
    work[0] = x[0] * x[1]
    return work[0]


def test_active_number_in_a_plain_array():
    """The array argument is data, which takes what is stored there with its derivative."""
    np.testing.assert_allclose(jt.grad(stores_into_a_plain_array)(X, np.zeros(3)), [X[1], X[0], 0.0])
    gradient = jt.grad(stores_into_a_plain_array, argnums=(0, 1))(X, np.zeros(3))
    np.testing.assert_allclose(gradient[0], [X[1], X[0], 0.0])


@njit
def writes_slices_of_a_plain_array(x, work):
    work[:] = x
    return work[0]


@njit
def adds_to_a_plain_array(x, work):
    work += x
    return work[0]


def test_active_arrays_in_plain_arrays():
    for function in (writes_slices_of_a_plain_array, adds_to_a_plain_array):
        np.testing.assert_array_equal(jt.grad(function)(X, np.zeros(3)), [1.0, 0.0, 0.0])


@intrinsic
def halved(typingctx, x):
    def generate(context, builder, signature, args):
        return builder.fmul(args[0], context.get_constant(types.float64, 0.5))

    return (types.float64(types.float64), generate) if isinstance(x, types.Float) else None


@njit
def unknown_function(x):
    return halved(x[0]) * x[1]


def test_functions_without_a_rule():
    for transform in (jt.grad, jt.jacfwd):
        refused("`halved` is not known", unknown_function, X, line="halved(x[0])", transform=transform)


@njit
def largest_root(x):
    return np.max(np.roots(x))


def test_roots_that_are_complex():
    """Numba has real results, and raises in their place."""
    np.testing.assert_allclose(jt.grad(largest_root)(np.array([1.0, -3.0, 2.0])), [-4.0, -2.0, -1.0], rtol=1e-12)
    with pytest.raises(ValueError, match="eigvals in differentiated compiled code: got complex results, expected real ones"):
        jt.grad(largest_root)(np.array([1.0, 2.0, 3.0]))


@njit
def does_not_compile(x):
    return x[0] + undefined_name  # noqa: F821


@njit
def mixes_types(x):
    y = "text" if x[0] > 0 else x[1]
    return y


def test_functions_that_do_not_compile_by_themselves():
    refused("undefined_name", does_not_compile, X, line="def does_not_compile(x):")
    refused((), mixes_types, X)
    for transform in (jt.vjp, jt.linearize):  # they call the function itself, too
        with pytest.raises(NativeError, match="does not compile by itself"):
            transform(mixes_types, X)
        with pytest.raises(jt.errors.DTypeError, match="order of bytes"):
            transform(array_result, X.astype(">f8"))


@njit
def array_result(x):
    return x * 2.0


@njit
def tuple_result(x):
    return x[0], x[1]


@njit
def no_result(x):
    x[0] = 1.0


@njit
def complex_result(x):
    return complex(1.0, 2.0)


def test_gradients_of_what_is_no_number():
    refused(("array", "jt.jacobian"), array_result, X)
    refused("jt.jacobian", tuple_result, X)
    refused("expected one number", no_result, X)
    refused("holomorphic=True", complex_result, X)
    refused("expected one number", array_result, X, transform=jt.value_and_grad)


@njit
def of_anything(x, n):
    return 1.0


def test_arguments_that_cannot_be_differentiated():
    refused(("argument 1", "int64", "argnums"), of_anything, X, 3, argnums=1)
    refused(("argument 0", "int64"), of_anything, np.arange(3), 1)
    refused(("argument 1", "str"), of_anything, X, "text", argnums=(0, 1))
    refused("argument 0", of_anything, np.zeros(3, bool), 1)


def test_objects_are_refused():
    with pytest.raises(TypeError, match="of_anything"):
        jt.grad(of_anything)(object(), 3)
    with pytest.raises(TypeError, match="of_anything"):
        jt.grad(of_anything)(X, [object()])
    with pytest.raises(TypeError, match="of_anything"):
        jt.grad(of_anything)(X, {"a": 1})
    works()


def test_wrong_argnums():
    for argnums in (2, -3, "x", 1.0, None, True, (0, 5)):
        with pytest.raises(TypeError, match="argnums.*of_anything"):
            jt.grad(of_anything, argnums=argnums)
    for argnums in ((), (0, 0), (0, -2)):
        with pytest.raises(ValueError, match="argnums"):
            jt.grad(of_anything, argnums=argnums)


@njit
def with_default(x, a=2.0):
    return np.sum(x) * a


def test_wrong_numbers_of_arguments():
    for args, kwargs in (((), {}), ((X, 1.0, 2.0), {}), ((X,), {"b": 1.0}), ((X,), {"x": X})):
        with pytest.raises(TypeError, match="argument"):
            jt.grad(with_default)(*args, **kwargs)
        with pytest.raises(TypeError, match="argument"):
            jt.value_and_grad(with_default, argnums=(0, 1))(*args, **kwargs)
    with pytest.raises(TypeError):
        jt.grad(square_sum)()
    works()


def test_a_default_can_be_differentiated():
    np.testing.assert_allclose(jt.grad(with_default, argnums=1)(X), np.sum(X))


def test_cotangents_and_tangents_of_other_forms():
    value, pullback = jt.vjp(array_result, X)
    for wrong in (np.ones(2), np.ones((3, 1)), 1.0, (np.ones(3),)):
        with pytest.raises((TypeError, ShapeError), match="vjp"):
            pullback(wrong)
    np.testing.assert_array_equal(pullback(np.ones(3))[0], 2 * np.ones(3))
    for wrong in ((np.ones(2),), (1.0,), (np.ones(3), 1.0), ()):
        with pytest.raises((TypeError, ShapeError), match="jvp"):
            jt.jvp(array_result, (X,), wrong)


@njit
def pair_of_arrays(x):
    return x * x, x[:2] * 3.0


@njit
def product_of_first_two(x):
    return x[0] * x[1]


@njit
def overwrites(x):
    x[0] = 3.0
    return x.sum()


SWEPT = swept_pullback(pair_of_arrays, (0,))


@pytest.mark.parametrize(
    "made", [on_arenas(SWEPT), adjoint_pullback(pair_of_arrays, (0,), False, SWEPT)], ids=["tape", "adjoint"]
)
def test_a_refused_cotangent_leaves_no_adjoints_behind(made):
    """The first part has been seeded when the second turns out to have another shape."""
    pull = derivative(made, False)  # what compiled code calls: Python looks at the shapes before
    with pytest.raises(ValueError, match="cotangent"):
        pull(X, (np.full(3, 1e6), np.ones(3)))
    np.testing.assert_array_equal(pull(X, (np.ones(3), np.zeros(2)))[0], 2 * X)
    works()


def test_a_hessian_that_is_not_diagonal_has_no_diagonal_alone():
    with pytest.raises(ValueError, match="whose Hessian is not diagonal, expected one that is; use jt.hessian"):
        jt.hessian_diag(product_of_first_two)(X)


def test_a_compiled_function_that_writes_to_a_tensor_is_refused():
    with pytest.raises(NativeError, match="was called with Tensors, and wrote to argument 0, a Tensor"):
        jt.grad(lambda x: overwrites(x))(X)


# --- exceptions of the program ------------------------------------------------------------------------------------------


@njit
def checks(x, limit):
    total = 0.0
    for v in x:
        total += v * v
        if total > limit:
            raise ValueError("total is too large")
    if limit > 100.0:
        raise ArithmeticError("limit is too large")
    return total


@njit
def calls_checks(x, limit):
    work = np.zeros(3)
    work[:] = x * 2.0
    return checks(work, limit) + 1.0


@njit
def gradient_inside(x, limit):
    total = 0.0
    for k in range(3):
        total += np.sum(checks_gradient(x * (k + 1.0), limit))
    return total


checks_gradient = jt.grad(checks)


@pytest.mark.parametrize("transform", [jt.grad, jt.jacfwd, jt.jacrev, jt.value_and_grad], ids=lambda t: t.__name__)
def test_exceptions_of_the_program_are_passed_on(transform):
    derivative = transform(calls_checks)
    for _ in range(ARENAS + 10):  # each would take one tape away for good
        with pytest.raises(ValueError, match="total is too large"):
            derivative(X, 1.0)
    with pytest.raises(ArithmeticError, match="limit is too large"):
        derivative(X, 200.0)
    derivative(X, 50.0)
    works()


def test_exceptions_of_a_gradient_inside_a_program():
    for _ in range(3):
        with pytest.raises(ValueError, match="total is too large"):
            gradient_inside(X, 4.0)
        assert taken() == 0
        with pytest.raises(ValueError, match="total is too large"):
            jt.grad(gradient_inside)(X, 4.0)
        assert taken() == 0
    works()


@njit
def out_of_bounds(x, k):
    return np.sum(x.reshape(k)) * x[0]


def test_errors_of_numpy_are_passed_on():
    for _ in range(3):
        with pytest.raises(ValueError):
            jt.grad(out_of_bounds)(X, 5)
    np.testing.assert_allclose(jt.grad(out_of_bounds)(X, 3)[1], X[0])


# --- memory -------------------------------------------------------------------------------------------------------------


ONE = np.ones(1)


@njit
def long_loop(x, n):
    y = x[0]
    for k in range(n):
        y = y * 0.999 + math.sin(y) * 1e-3
    return y


def test_tape_limit():
    """Too long a tape raises, takes nothing away, and can be had after the limit is raised."""
    native.free_memory()
    gradient = jt.grad(long_loop)
    expected = gradient(ONE, 10)
    gradient(ONE, 1000)
    before = native.tape_stats()
    native.set_tape_limit(before.bytes + 2_000_000)
    for _ in range(20):  # a refused chunk is given back: the bytes would add up
        with pytest.raises(TapeMemoryError) as caught:
            gradient(ONE, 1_000_000)
        assert taken() == 0
    assert f"the limit is {before.bytes + 2_000_000:,}" in str(caught.value)
    assert gradient(ONE, 10) == expected
    native.free_memory()
    assert native.tape_stats().bytes <= before.bytes
    native.set_tape_limit(0)
    assert np.isfinite(gradient(ONE, 1_000_000)[0])
    assert native.tape_stats().bytes > 4_000_000
    assert native.free_memory() > 4_000_000
    assert native.tape_stats().bytes <= before.bytes
    assert gradient(ONE, 10) == expected


def test_no_memory_for_a_first_tape():
    """A tape whose very first chunk is refused is nobody's afterwards."""
    native.free_memory()
    second = jt.jacrev(jt.grad(long_loop))  # cells of another size: a tape of its own
    native.set_tape_limit(1)
    for _ in range(ARENAS + 5):
        with pytest.raises(TapeMemoryError):
            second(ONE, 3)
    assert taken() == 0
    native.set_tape_limit(0)
    assert np.isfinite(second(ONE, 3)[0, 0])
    works()


def test_derivatives_that_cannot_be_differentiated_again():
    refused("expected one number", jt.grad(with_default), X, transform=jt.grad)
    with pytest.raises(NativeError, match="with_default"):
        jt.jvp(jt.grad(with_default), ("text",), (1.0,))


def test_wrong_limits():
    for wrong in (-1, 1.5, "all", None):
        with pytest.raises(ValueError, match="set_tape_limit: got"):
            native.set_tape_limit(wrong)


def test_long_tapes_are_right():
    """Across the chunks of a tape, whose sizes double."""
    n = 200_000
    x, slope = 1.0, 1.0
    for _ in range(n):
        slope *= 0.999 + math.cos(x) * 1e-3
        x = x * 0.999 + math.sin(x) * 1e-3
    value, gradient = jt.value_and_grad(long_loop)(ONE, n)
    assert abs(value - x) <= 1e-12 * abs(x) and abs(gradient[0] - slope) <= 1e-9 * abs(slope)
    assert abs(jt.grad(long_loop)(ONE, 3) - jt.jacfwd(long_loop)(ONE, 3)) < 1e-15


def test_functions_of_arguments_in_a_star_that_do_not_compile_by_themselves():
    @njit
    def with_rest(x, *rest):
        for number in rest:
            x = x * number
        return x

    refused(("with_rest does not compile by itself", "Invalid use of getiter"), with_rest, 1.0, line="for number in rest")


@njit
def product_of_appended(x):
    found = [x[0]]
    for k in range(1, len(x)):
        found.append(x[k] * found[-1])
    return found[-1]


def test_statistics():
    numbers = np.ones(6)
    assert native.explain(product_of_appended, numbers).way == "tape"
    jt.grad(product_of_appended)(numbers)
    stats = native.tape_stats()
    assert stats.tapes >= 1 and stats.statements >= 3 and stats.pairs >= 3 and stats.bytes > 0
    assert stats.limit == native.tape_limit()


def test_reprs_name_transform_and_function():
    assert repr(jt.grad(square_sum)) == "<jt.grad of compiled square_sum>"
    assert jt.grad(square_sum) is jt.grad(square_sum)
    assert jt.grad(square_sum).__name__ == "square_sum"
