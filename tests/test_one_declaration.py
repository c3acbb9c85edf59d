"""An operation declared here, and nowhere else, is available everywhere; names are entered all or none."""

import inspect
import math
import operator

import numpy as np
import pytest
import test_compiled_operations
import test_operations
import test_special_points
from numba import njit

import jittape as jt
import jittape.native
from jittape.errors import DuplicateNameError
from jittape.ops.arguments import as_tensor_argument, axes_of, spellings
from jittape.ops.choosing import where
from jittape.ops.declare_elementwise import elementwise
from jittape.ops.declare_reduction import reduction
from jittape.ops.declare_structured import structured
from jittape.ops.domains import Domain, folds_of
from jittape.ops.operation_names import BY_NUMPY, BY_PYTHON, METHODS, PUBLIC, NumpyCall, public, withdraw
from jittape.ops.operation_table import BY_NAME
from jittape.ops.reductions import amax, amin

# --- an elementwise operation, a reduction and a structured operation -----------------------------------------------


def declare_i0():
    @elementwise(numpy=np.i0, in_place=True, domain=Domain(0.2, 2.5), special_points=[((0.0,), 1.0, (0.0,), (0.5,))])
    def i0(x):
        """The modified Bessel function of order 0."""
        total, term = 1.0, 1.0
        for k in range(1, 25):
            term *= 0.25 * x * x / (k * k)
            total += term
        return total

    @i0.partials
    def i0_partials(x, result):
        total, term = 0.5 * x, 0.5 * x
        for k in range(1, 25):
            term = term * (0.25 * x * x / (k * (k + 1.0)))
            total = total + term
        return (total,)

    return i0


def declare_ptp():
    @reduction()
    def ptp_values(x, axis):
        """The largest element minus the smallest."""
        return x.max(axis, keepdims=True) - x.min(axis, keepdims=True)

    @ptp_values.partials
    def ptp_partial(x, y, axis):
        return where(x == amax(x, axis, keepdim=True), 1.0, 0.0) - where(x == amin(x, axis, keepdim=True), 1.0, 0.0)

    @public(operation=ptp_values, numpy={np.ptp: "input=a dim=axis =out keepdim=keepdims"})
    @spellings
    def ptp(input, dim=None, keepdim=False):
        """The largest element minus the smallest, over axes."""
        x = as_tensor_argument(input, "ptp")
        return ptp_values.apply(x, axes_of(dim, x.ndim), keepdim)

    return ptp


def declare_vander():
    @structured()
    def vander_values(x):
        """The powers of the elements of a vector, a row an element."""
        return np.vander(x)

    @vander_values.pullback_of(0)
    def vander_pullback(y_bar, y, x):
        n = x.shape[0]
        powers = np.arange(n - 1, -1, -1.0)
        below = jt.cat([y[:, 1:], jt.zeros(n, 1)], 1)  # of every power the next lower one
        return (y_bar * below * powers).sum(1)

    @vander_values.pushforward_of(0)
    def vander_pushforward(x_dot, y, x):
        n = x.shape[0]
        powers = np.arange(n - 1, -1, -1.0)
        return jt.unsqueeze(x_dot, 1) * jt.cat([y[:, 1:], jt.zeros(n, 1)], 1) * powers

    @vander_values.exampled
    def vander_examples():
        yield [(3,)], ()

    @public(operation=vander_values, numpy={np.vander: "input=x"})
    def vander(input):
        """The powers of the elements of a vector, a row an element, the highest first."""
        return vander_values.apply(as_tensor_argument(input, "vander"))

    return vander


DECLARATIONS = {"i0": declare_i0, "ptp": declare_ptp, "vander": declare_vander}
X = np.array([0.4, 1.3, 0.7, 2.1])
WEIGHTS = np.linspace(0.5, 1.5, 16)


@pytest.fixture(scope="module", params=DECLARATIONS)
def declared(request):
    """A declared function, and NumPy's of the same meaning."""
    theirs = getattr(np, request.param)
    ours = BY_NUMPY.pop(theirs, None)  # one that is made of others
    public_one = PUBLIC.get(request.param)
    if public_one is not None:
        withdraw(public_one)
    function = DECLARATIONS[request.param]()
    yield function, theirs
    withdraw(function)
    if public_one is not None:
        public(in_place=True)(public_one)
    if ours is not None:
        BY_NUMPY[theirs] = ours


def scalar_of(function):
    """A function of a vector whose value is a number, with second derivatives."""

    def scalar(x):
        y = np.ravel(function(x * x))
        return (y * y * WEIGHTS[: len(y)]).sum()

    return scalar


def slopes(f, x, h=1e-5):
    """Differences in every direction."""
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))])


def test_it_is_a_function_a_method_and_a_function_of_numpy(declared):
    function, theirs = declared
    x = jt.tensor(X, requires_grad=True)
    for y in (function(x), function(input=x), getattr(x, function.__name__)(), theirs(x)):
        assert y.requires_grad
        np.testing.assert_allclose(y.detach().numpy(), theirs(X), rtol=1e-14)
    np.testing.assert_allclose(function(X).numpy(), theirs(X), rtol=1e-14)
    assert PUBLIC[function.__name__] is function and "input" in inspect.signature(function).parameters


def test_it_has_an_in_place_method(declared):
    function, theirs = declared
    x = jt.tensor(X)
    if function.__name__ == "i0":
        assert x.i0_() is x
        np.testing.assert_allclose(x.numpy(), theirs(X), rtol=1e-14)
    else:
        assert not hasattr(x, f"{function.__name__}_")


def test_it_has_gradients_of_every_order(declared):
    _, theirs = declared
    f = scalar_of(theirs)
    np.testing.assert_allclose(jt.grad(f)(X), slopes(f, X), rtol=1e-7, atol=1e-7)
    np.testing.assert_allclose(jt.hessian(f)(X), slopes(jt.grad(f), X), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(jt.jvp(f, (X,), (np.ones(4),))[1], slopes(f, X).sum(), rtol=1e-7)


def test_programs_have_it(declared):
    _, theirs = declared
    f = scalar_of(theirs)
    compiled = jt.compile(jt.value_and_grad(f))
    for x in (X, X + 0.1):
        value, gradient = compiled(x)
        np.testing.assert_allclose(value, f(x), rtol=1e-13)
        np.testing.assert_allclose(gradient, jt.grad(f)(x), rtol=1e-12)


def test_batches_have_it(declared):
    _, theirs = declared
    f = scalar_of(theirs)
    batch = np.stack([X, X[::-1] + 0.3])
    np.testing.assert_allclose(jt.vmap(f)(batch), [f(x) for x in batch], rtol=1e-13)
    np.testing.assert_allclose(jt.vmap(jt.grad(f))(batch), [jt.grad(f)(x) for x in batch], rtol=1e-12)


@njit
def sum_of_i0(x):
    total = 0.0
    for k in range(len(x)):
        total += np.i0(x[k] * x[k]) * (k + 1.0)
    return total


@njit
def of_ptp(x):
    return np.ptp(x * x) ** 2 + x[0]


@njit
def of_vander(x):
    y = np.vander(x * x)
    return (y * y).sum() + y[0, 1]


@pytest.mark.sampled(0)
def test_compiled_functions_have_it(declared):
    function = {"i0": sum_of_i0, "ptp": of_ptp, "vander": of_vander}[declared[0].__name__]
    value, gradient = jt.value_and_grad(function)(X)
    plain = function.py_func  # Numba has no np.i0
    np.testing.assert_allclose(value, plain(X), rtol=1e-14)
    np.testing.assert_allclose(gradient, slopes(plain, X), rtol=1e-6)
    np.testing.assert_allclose(jt.jvp(function, (X,), (np.ones(4),))[1], slopes(plain, X).sum(), rtol=1e-6)


def test_the_loops_over_the_table_take_it(declared):
    function, _ = declared
    operation, rng = function.operation, np.random.default_rng(3)
    assert BY_NAME[operation.name] is operation
    if function.__name__ == "i0":
        for check in (
            test_operations.test_values_are_those_of_numpy,
            test_operations.test_partials,
            test_operations.test_second_derivatives,
            test_operations.test_operands_in_any_memory_order,
            test_operations.test_float32_stays_float32,
        ):
            check(operation, rng)
        test_special_points.test_values_and_first_derivatives(operation)
        test_special_points.test_second_derivatives(operation)
        test_compiled_operations.test_blocks(operation)
        return
    examples = folds_of() if function.__name__ == "ptp" else operation.examples()
    for shapes, statics in list(examples)[:3]:
        test_operations.check_derivatives(
            lambda x, statics=statics: operation.apply(x, *statics), test_operations.operands_of(operation, shapes, rng), rng
        )


# --- names are entered all or none -----------------------------------------------------------------------------------


def tables():
    return [dict(t) for t in (PUBLIC, METHODS, BY_NUMPY, BY_PYTHON, BY_NAME)], set(vars(jt.Tensor))


def reference(x):
    return x


@pytest.mark.parametrize(
    "name, names, taken",
    [
        ("sin", {}, "sin"),
        ("fresh", {"aliases": "cosine cos"}, "cos"),
        ("fresh", {"numpy": (reference, np.sin)}, "sin"),
        ("fresh", {"operator": operator.neg}, "neg"),
        ("fresh", {"python": math.sin}, "sin"),
        ("grad", {}, "grad"),
        ("fresh", {"aliases": "fresh"}, "fresh"),
        ("fresh", {"in_place": True, "aliases": "fresh_"}, "fresh_"),
    ],
)
def test_a_name_that_is_taken_raises_and_nothing_is_entered(name, names, taken):
    def body(x):
        return x

    body.__name__ = name
    before = tables()
    with pytest.raises(DuplicateNameError, match=taken):
        elementwise(**names)(body)
    with pytest.raises(DuplicateNameError, match=taken):
        public(**names)(body)
    assert tables() == before


def test_a_row_that_is_taken_raises():
    def cumsum_values(x, axis):
        return x

    before = tables()
    with pytest.raises(DuplicateNameError, match="cumsum"):
        structured()(cumsum_values)
    assert tables() == before


def test_what_is_withdrawn_may_be_declared_again():
    def identity(x):
        """The number itself."""
        return x

    before = tables()
    for _ in range(2):
        withdraw(elementwise(numpy=reference, aliases="itself", in_place=True)(identity))
    assert tables() == before


# --- both faces ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PUBLIC)
def test_signatures_are_those_of_the_functions(name):
    """Every public function can be called with the keywords that its signature shows."""
    parameters = inspect.signature(PUBLIC[name]).parameters
    assert name == "cdist" or not {"third", "x1", "x2"} & set(parameters)  # PyTorch's names there
    function = PUBLIC[name]
    operation = getattr(function, "operation", None)
    if operation is None or getattr(operation, "function", None) is not function or not hasattr(operation, "oracle"):
        return
    keywords = [name for name in parameters if name not in ("out", "inplace", "memory_format")]
    assert len(keywords) == operation.arity
    xs = test_operations.sample(operation, np.random.default_rng(0), (3,))
    np.testing.assert_array_equal(function(**dict(zip(keywords, xs))).numpy(), function(*xs).numpy())


def test_parameters_have_the_names_of_pytorch():
    expected = {
        "where": ["condition", "input", "other", "out"],
        "clamp": ["input", "min", "max", "out"],
        "add": ["input", "other", "alpha", "out"],
        "pow": ["input", "exponent", "out"],
        "div": ["input", "other", "rounding_mode", "out"],
        "atan2": ["input", "other", "out"],
        "exp": ["input", "out"],
        "sum": ["input", "dim", "keepdim", "dtype", "out"],
        "cat": ["tensors", "dim", "out"],
        "lerp": ["input", "end", "weight", "out"],
    }
    assert {name: list(inspect.signature(getattr(jt, name)).parameters) for name in expected} == expected
    x = jt.tensor([1.0, -2.0])
    assert jt.where(condition=x > 0, input=x, other=0.0).tolist() == [1.0, 0.0]
    assert jt.clamp(input=x, max=0.0).tolist() == [0.0, -2.0] and jt.add(input=x, other=x, alpha=2).tolist() == [3.0, -6.0]
    with pytest.raises(TypeError, match="both or none"):
        jt.where(x > 0, x)


CALLS = [call for call in BY_NUMPY.values() if isinstance(call, NumpyCall)]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.theirs.__name__)
def test_numpy_functions_are_called_by_the_names_and_the_order_of_numpy(call):
    try:
        theirs = list(inspect.signature(call.theirs).parameters)
    except ValueError:  # NumPy's own C functions have none in some versions
        return
    ours = inspect.signature(call.function).parameters
    assert [name for name in call.names if name] == theirs[: len(call.names)], call.theirs
    assert set(filter(None, call.names.values())) <= set(ours), call.theirs


def test_keywords_of_numpy_reach_the_function():
    x = jt.tensor([[3.0, 1.0], [2.0, 5.0]], requires_grad=True)
    a = x.detach().numpy()
    for f in (
        lambda x: np.sum(a=x, axis=1, keepdims=True),
        lambda x: np.sum(x, 0, None, None, True),
        lambda x: np.roll(x, shift=1, axis=0),
        lambda x: np.moveaxis(x, source=0, destination=1),
        lambda x: np.take_along_axis(x, indices=np.array([[1], [0]]), axis=1),
        lambda x: np.concatenate((x, x), axis=1),
        lambda x: np.var(x, axis=0, ddof=1),
        lambda x: np.diff(x, n=1, axis=0),
        lambda x: np.tile(x, reps=(1, 2)),
        lambda x: np.tril(x, k=-1),
        lambda x: np.tensordot(x, x, axes=1),
        lambda x: np.clip(x, a_min=1.5, a_max=3.0),
        lambda x: np.sum(x, initial=2.0),
        lambda x: np.max(x, axis=0, where=np.array([[True], [False]]), initial=0.5),
        lambda x: np.add.reduce(x, axis=1, initial=2.0),
        lambda x: np.subtract.reduce(x),
    ):
        np.testing.assert_allclose(f(x).detach().numpy(), f(a))
