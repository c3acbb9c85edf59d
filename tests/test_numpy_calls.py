"""Every keyword of every function of NumPy that is supported: NumPy's value, dtype, shape and derivative, or an error."""

import itertools
import operator
import warnings

import numpy as np
import pytest
from numpy_calls import MATRIX, VECTOR, X, Out, calls_of, described, operands_of
from numpy_meaning import assert_means_the_same, leaves
from sampling import some

import jittape as jt
from jittape.ops.operation_names import BY_NUMPY
from jittape.tensors.array import is_number

NUMPYS = [f for f in BY_NUMPY if not isinstance(f, tuple) and (not isinstance(f, np.ufunc) or getattr(np, f.__name__, None) is f)]
NUMPYS = [f for f in NUMPYS if getattr(f, "__module__", None) != "numpy.fft"]  # of complex numbers: test_fourier_transforms
FUNCTIONS = {f"{getattr(f, '__module__', None) or 'numpy'}.{f.__name__}": f for f in NUMPYS}
REFUSED = (  # what is refused, and why
    *[(name, lambda args, kwargs: kwargs, "two results in one call") for name in ("divmod", "modf", "frexp")],
    ("einsum", lambda args, kwargs: any(isinstance(a, list) for a in args), "a list is a list of axes"),
    ("", lambda args, kwargs: "where" in kwargs and kwargs["where"] is not True, "memory that was not written has any value"),
)
SYMMETRIC = {"cholesky", "eigh", "eigvalsh"}  # one triangle is read, and the derivative is that of a symmetric matrix


def is_refused(function, args, kwargs):
    may_be_masked = not isinstance(function, np.ufunc) or Out in map(_kind, kwargs.values())
    return any(
        name in ("", function.__name__) and applies(args, kwargs) and not (name == "" and may_be_masked)
        for name, applies, _ in REFUSED
    )


def _kind(value):
    return Out if value is Out else type(value)


def called(function, args, kwargs, target=None, partner=np.asarray):
    """A call as a program of what is differentiated."""

    def put(value, x):
        if isinstance(value, str) and value == "x":
            return x
        if value is Out:
            return target(x)
        if isinstance(value, list) and any(isinstance(v, (str, list, np.ndarray)) for v in value):
            return [put(v, x) for v in value]
        return partner(value) if isinstance(value, np.ndarray) and value.dtype.kind == "f" else value

    def program(x):
        found = function(*[put(a, x) for a in args], **{k: put(v, x) for k, v in kwargs.items()})
        return np.zeros_like(found) if function is np.empty_like else found

    return program


def targets(function, args, kwargs, x):
    """Makers of what ``out=`` is: on plain arrays, and on Arrays."""
    kept = {k: v for k, v in kwargs.items() if v is not Out and k != "where"}
    try:
        model = np.asarray(called(function, args, kept)(x.copy()))
    except (TypeError, ValueError):  # neither with out=
        model = x

    def plain(x):
        return np.full(model.shape, 7.0).astype(model.dtype)

    def array(x):
        return (np.full(model.shape, 7.0) + 0.0 * x.sum()).astype(model.dtype)

    return plain, array


def check(function, args, kwargs, x, partner=np.asarray, note=""):
    plain, array = targets(function, args, kwargs, x) if Out in map(_kind, kwargs.values()) else (None, None)
    program, on_plain = (called(function, args, kwargs, t, partner) for t in (array, plain))
    note = described(function, args, kwargs) + note
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if is_refused(function, args, kwargs):
            assert_refused(program, x, on_plain)
        else:
            symmetric = function.__name__ in SYMMETRIC
            assert_means_the_same(program, x, on_plain, note, (lambda g: g + np.swapaxes(g, -1, -2)) if symmetric else None)


def assert_refused(program, x, on_plain):
    """An error says what is expected; where NumPy takes no such call, the error may be NumPy's."""
    with pytest.raises(TypeError) as caught:
        jt.vjp(program, x)
    if "expected" not in str(caught.value):
        with pytest.raises(TypeError):
            on_plain(x)


def argument_of(function):
    x = MATRIX.get(function.__name__, X)
    return x[0] if function.__name__ in VECTOR else x


@pytest.mark.sampled(50)
@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_keyword(name):
    function = FUNCTIONS[name]
    for args, kwargs in some(list(calls_of(function)), 6):
        check(function, args, kwargs, argument_of(function))


@pytest.mark.sampled(150)
@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_lists_in_the_place_of_arrays(name):
    function = FUNCTIONS[name]
    for args, kwargs in some(list(calls_of(function))[:9], 2):
        check(function, args, kwargs, argument_of(function), lambda v: v.tolist() if isinstance(v, np.ndarray) else v)


def _whole(values):
    return np.ceil(np.abs(values))


PARTNERS = {
    "int64": lambda v: _whole(v).astype(np.int64),
    "int32": lambda v: _whole(v).astype(np.int32),
    "uint8": lambda v: _whole(v).astype(np.uint8),
    "float32": lambda v: v.astype(np.float32),
    "float16": lambda v: v.astype(np.float16),
    "list": lambda v: v.tolist(),
    "whole list": lambda v: _whole(v).astype(int).tolist(),
    "float": lambda v: 2.0,
    "int": lambda v: 2,
    "np.float32": lambda v: np.float32(2),
    "np.float64": lambda v: np.float64(2),
    "np.int64": lambda v: np.int64(2),
    "np.int16": lambda v: np.int16(3),
    "bools": lambda v: v > 0,
    "bool": lambda v: True,
    "0-d": lambda v: np.array(1.5),
    "0-d float32": lambda v: np.array(1.5, np.float32),
}
ARGUMENTS = {
    "float64": lambda x: x,
    "float32": lambda x: x.astype(np.float32),
    "vector": lambda x: x[0],
    "batch": lambda x: np.stack([x, x * 0.9]),
    "empty": lambda x: x[:0],
    "transposed": lambda x: x.T,
    "single number": lambda x: np.float32(x[0, 0]),
}
LENIENT = {
    ("sort", "single number"),
    ("swapaxes", "single number"),
    ("solve", "float16"),
    ("lstsq", "float16"),
}  # NumPy raises where we answer
LENIENT |= {("polydiv", "single number")}  # np.ones(1) * quotient of a number
LENIENT |= {("array_repr", "single number"), ("array_str", "single number")}  # NumPy's numbers are no arrays
LENIENT |= {("tensorinv", "single number"), ("tensorsolve", "float16")}
LENIENT |= {("polydiv", "single number")}  # np.ones(1) * quotient of a number
LENIENT |= {("svd", "empty")}  # vectors that complete a basis have no derivative


def _has_a_partner(args):
    return any(isinstance(a, np.ndarray) and a.dtype.kind == "f" or isinstance(a, list) and len(a) > 1 for a in args)


@pytest.mark.sampled(150)
@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_dtype_and_shape(name):
    """Promotion is NumPy's, for arrays, numbers and lists on either side."""
    function = FUNCTIONS[name]
    args = operands_of(function)
    partners = {"as it is": np.asarray, **(PARTNERS if _has_a_partner(args) else {})}
    for (kind, make), (other, partner) in some(list(itertools.product(ARGUMENTS.items(), partners.items())), 6):
        if {(function.__name__, kind), (function.__name__, other)} & LENIENT or function is np.einsum and "list" in other:
            continue
        check(function, args, {}, make(MATRIX.get(function.__name__, X)), partner, f" of {kind} and {other}")


OPERATORS = "add sub mul truediv floordiv mod pow matmul lt le eq ne gt ge and_ or_".split()
IN_PLACE = "iadd isub imul itruediv ifloordiv imod ipow".split()
OPERANDS = {
    **{name: make(np.array([1.5, 2.0, 0.5])) for name, make in PARTNERS.items()},
    **dict(zero=0, one=1, minus_two=-2, half=0.5, wrong=np.ones(4), column=np.ones((2, 1)), large=np.ones((4, 2, 3))),
}


@pytest.mark.parametrize("word", OPERATORS)
def test_operators(word):
    f, positive = getattr(operator, word), np.abs(X) + 0.037
    for (kind, make), (other, value) in some(list(itertools.product(ARGUMENTS.items(), OPERANDS.items())), 12):
        if "list" in other and kind == "single number":  # np.float64 * list is an error about sequences
            continue
        for program in (lambda x, v=value: f(x, v), lambda x, v=value: f(v, x)):
            with np.errstate(all="ignore"):
                assert_means_the_same(program, make(positive), note=f"{word} of {kind} and {other}")


@pytest.mark.parametrize("word", IN_PLACE)
def test_in_place_operators(word):
    """An array that two names stand for is changed; a number is not."""
    f, positive = getattr(operator, word), np.abs(X) + 0.037
    for (kind, make), (other, value) in some(list(itertools.product(ARGUMENTS.items(), OPERANDS.items())), 12):
        if "list" in other and kind == "single number":
            continue

        def program(x, v=value):
            x = 1.0 * x
            kept = x
            return f(x, v), kept

        with np.errstate(all="ignore"):
            assert_means_the_same(program, make(positive), note=f"{word} of {kind} and {other}")


def test_every_function_has_a_call():
    assert len(FUNCTIONS) > 100
    for function in FUNCTIONS.values():
        assert leaves(list(calls_of(function)))


# --- methods of ufuncs ---------------------------------------------------------------------------------------------------------


def _at(ufunc, *others):
    def program(x):
        y = 1.0 * x
        ufunc.at(y, [1, 0, 1], *others)
        return y

    return program


UFUNC_METHODS = {
    **{
        f"{ufunc.__name__}.{way}": lambda x, f=getattr(ufunc, way), args=args: f(x, *args)
        for ufunc in (np.subtract, np.divide, np.logaddexp, np.hypot, np.fmax, np.fmin, np.add, np.multiply)
        for way, args in (("reduce", (1,)), ("accumulate", ()), ("reduceat", ([0, 2, 1], 1)))
    },
    "reduce over all axes": lambda x: np.logaddexp.reduce(x, axis=None),
    "reduce over two axes": lambda x: np.logaddexp.reduce(x, axis=(0, 1), keepdims=True),
    "reduce with initial": lambda x: np.hypot.reduce(x, axis=0, initial=0.5),
    "reduce of nothing": lambda x: np.add.reduce(x[:, :0], axis=1) + x[:, 0],
    "reduce in float32": lambda x: np.divide.reduce(x, dtype=np.float32),
    "reduce without identity": lambda x: np.subtract.reduce(x[:0]),
    "accumulate of an axis that is not there": lambda x: np.hypot.accumulate(x, 5),
    "multiply.at": _at(np.multiply, 1.5),
    "divide.at": _at(np.divide, np.array([[2.0, 3.0, 4.0]])),
    "maximum.at": _at(np.maximum, np.array([[0.4], [0.1], [0.8]])),
    "subtract.at": _at(np.subtract, np.array([[0.4], [0.1], [0.8]])),
    "negative.at": _at(np.negative),
    "at with a value that is differentiated": lambda x: _at(np.multiply, x[0])(x),
    "outer": lambda x: np.arctan2.outer(x[0], [1.0, 2.0]),
}


@pytest.mark.sampled(15)
@pytest.mark.parametrize("name", UFUNC_METHODS)
def test_methods_of_ufuncs(name):
    program, x = UFUNC_METHODS[name], np.array([[0.7, 1.3, 0.4], [1.9, 0.3, 2.2]])
    assert_means_the_same(program, x, note=name)
    try:
        expected = program(x)
    except Exception:
        return
    found = program(jt.tensor(x, dtype=jt.float64, requires_grad=True))
    assert type(found) is jt.Tensor and found.requires_grad
    np.testing.assert_allclose(found.detach().numpy(), expected, rtol=1e-6 if expected.dtype == np.float32 else 1e-12)


def test_tensors_take_numpys_keywords():
    """With keywords NumPy's functions mean on Tensors what they mean on Arrays, and answer with Tensors."""
    for name in some(sorted(FUNCTIONS), 20):
        function = FUNCTIONS[name]
        x = argument_of(function)
        for args, kwargs in some(list(calls_of(function)), 3):
            if Out in map(_kind, kwargs.values()) or is_refused(function, args, kwargs):
                continue
            program = called(function, args, kwargs)
            try:
                expected = leaves(jt.vjp(lambda x, f=program: f(x), x)[0]) and leaves(program(x.copy()))
            except Exception:
                continue
            found = leaves(program(jt.tensor(x, dtype=jt.float64)))
            assert not any(type(f) is jt.Array for f in found), name
            assert [np.shape(f) for f in found] == [np.shape(f) for f in expected], described(function, args, kwargs)


# --- functions that are made of others, in every mode -------------------------------------------------------------------------

# NumPy refuses the first call of these in the table, whose operands fit the functions of the same names in `numpy`.
NARROWER = {"numpy.linalg.outer", "numpy.linalg.tensordot"}
MADE_OF_OTHERS = sorted(n for n, f in FUNCTIONS.items() if getattr(BY_NUMPY[f], "reads_lists", False) and n not in NARROWER)


def number_of(function):
    """A number that depends on what a function gives, not linearly."""
    program = called(function, operands_of(function), {})

    def number(x):
        y = 1.0 * x
        found = [y, *leaves(program(y))]  # some write into their argument
        return sum([np.sum(f * f * np.cos(np.arange(f.numel())).reshape(f.shape)) for f in found if isinstance(f, jt.Tensor)])

    return number


@pytest.mark.sampled(15)
@pytest.mark.parametrize("name", MADE_OF_OTHERS)
def test_every_mode(name):
    function = FUNCTIONS[name]
    number, x = number_of(function), argument_of(function)
    gradient, direction = jt.grad(number)(x), np.cos(x)
    ways = {
        "forward": jt.jacfwd(number)(x),
        "compiled": jt.compile(jt.grad(number))(x),
        "vmapped": jt.vmap(jt.grad(number))(np.stack([0.9 * x, x]))[1],
        "of Tensors": jt.autograd.grad(number(t := jt.tensor(x, dtype=jt.float64, requires_grad=True)), t)[0].numpy(),
    }
    for way, found in ways.items():
        np.testing.assert_allclose(found, gradient, rtol=1e-12, atol=1e-12, err_msg=f"{name} {way}")
    step = 1e-6 * direction
    second = (jt.grad(number)(x + step) - jt.grad(number)(x - step)) / 2e-6
    np.testing.assert_allclose(jt.hvp(number, x, direction), second, rtol=1e-5, atol=1e-6, err_msg=name)


def without_axes(wanted, found):
    """Pairs of results without axes, NumPy's and ours."""
    if isinstance(wanted, (list, tuple)) and isinstance(found, (list, tuple)):
        for w, f in zip(wanted, found):
            yield from without_axes(w, f)
    elif isinstance(found, jt.Tensor) and not found.ndim:
        yield wanted, found


@pytest.mark.sampled(25)
@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("x", ["number", "matrix"])
def test_results_are_arrays_or_numbers_where_numpys_are(name, x):
    """Which of the two decides whether ``y += 1`` writes into memory; results are Arrays, also those of constants."""
    function = FUNCTIONS[name]
    x = np.float64(0.7) if x == "number" else MATRIX.get(function.__name__, X)
    for args, kwargs in some(list(calls_of(function)), 6):
        if Out in map(_kind, kwargs.values()) or is_refused(function, args, kwargs) or name in KINDS_DIFFER:
            continue
        program = called(function, args, kwargs)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                wanted = program(x.copy())
        except (TypeError, ValueError, IndexError, RuntimeError):
            continue
        for constant in (False, True):
            for w, f in without_axes(wanted, _result_inside(program, x, constant)):
                assert type(f) is jt.Array and is_number(f) == (not isinstance(w, np.ndarray)), described(function, args, kwargs)


def _result_inside(program, x, constant):
    """What a call gives inside a transform, of what is differentiated or of a constant."""
    found = []

    def function(y):
        c = np.full_like(y, 0.0)
        c[...] = x
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                found.append(program((c if np.ndim(x) else c[()]) if constant else y * 1.0))
            except (TypeError, ValueError, IndexError):  # of numbers along an axis: NumPy takes them for arrays there
                assert not np.ndim(x)
        return y.sum()

    jt.grad(function)(x)
    return found[0] if found else None


KINDS_DIFFER = {  # of numbers: what is the number itself here is an array in NumPy, or depends on keywords
    *(f"numpy.{prefix}{name}" for prefix in ("", "nan") for name in ("median", "quantile", "percentile")),
    "numpy.pad",
    "numpy.polyint",
    "numpy.real_if_close",
    "numpy.modf",
    "numpy.frexp",
}
