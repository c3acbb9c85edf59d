"""Programs that cannot be differentiated, or do not compile at all: what the messages say, and what they do not."""

import re

import numpy as np
import pytest
from numba import njit, objmode, typed, types
from numba.experimental import jitclass
from numpy.lib.stride_tricks import as_strided

import jittape as jt

X = np.array([1.5, 2.0, 3.0])
PROGRAMS = []
MADE = set()
INTERNAL = re.compile(
    r"Active|Form\(|Dual\(|<function|<iv|0x[0-9a-f]{4}|No implementation|\^\s*$|>>>|compute\(|lowering|#[0-9a-f]{6}"
)


def program(*args, words="", transform=jt.grad):
    """A function to be refused for some arguments (by default an array), with a message that has some words.

    Arguments that Numba compiles something for are functions of this module that make them: what no test of this run needs is
    not compiled.
    """

    def noted(function):
        PROGRAMS.append(pytest.param(function, args or (X,), words, transform, id=function.__name__))
        return function

    return noted


@jitclass([("k", types.float64), ("a", types.float64[:])])
class Spring:
    def __init__(self, k, a):
        self.k, self.a = k, a

    def stretch(self, v):
        self.k = self.k * v


def made(function):
    """Have an argument made by the test that takes it."""
    MADE.add(function)
    return function


@made
def spring():
    return Spring(2.0, np.array([1.0, 3.0]))


@made
def typed_list():
    return typed.List([1.0, 2.0])


@made
def typed_dict():
    d = typed.Dict.empty(types.unicode_type, types.float64)
    d["a"] = 2.0
    return d


REC = np.dtype([("m", np.float64), ("n", np.int64), ("p", np.float64, (3,))])
R = np.zeros(2, REC)
AL = np.zeros(2, np.dtype([("m", np.float64), ("n", np.int64)], align=True))


@program(words="put into an array of int64, which cannot hold its derivative: store int.x.")
@njit
def stored_among_integers(x):
    counts = np.zeros(2, np.int64)
    counts[0] = x[0]
    return counts[0] * x[1]


@program(words="`k` is declared as uint32, and a differentiated number is assigned to it")
@njit(locals={"k": types.uint32})
def declared_as_an_integer(x):
    k = x[0]
    return k * x[1]


@program(words="a dict has keys with derivatives, by which equal numbers are not found")
@njit
def dict_of_differentiated_keys(x):
    kept = dict()
    kept[x[0]] = x[1]
    kept[1.5] = x[2]
    return kept[x[0]] * len(kept)


@program(words="is a key of a dict whose keys are plain floats: put in and look up jt.stop_gradient")
@njit
def looked_up_in_a_dict(x):
    kept = {1.5: 2.0}
    return kept[x[0]] * x[1] if x[0] in kept else x[2]


@program(words="is sought in a set or typed list of plain floats")
@njit
def sought_in_a_set(x):
    return x[1] if x[0] in {1.5, 2.0} else x[2]


@program(words="is sought in a set or typed list of plain floats")
@njit
def sought_in_a_typed_list(x):
    return x[1] if x[0] in typed.List([1.5, 2.0]) else x[2]


@program(words="`normal` draws a random number with a differentiated parameter")
@njit
def draws_around_a_number(x):
    return np.random.normal(x[0], 1.0) * x[1]


@program(X, spring, words="the field `k`")
@njit
def writes_field(x, s):
    s.k = x[0]
    return s.k


@program(X, spring, words="the field `k`")
@njit
def writes_field_by_method(x, s):
    s.stretch(x[0])
    return s.k


@program(X, spring)
@njit
def writes_array_field(x, s):
    s.a[0] = x[0]
    return s.a[0]


@program(X, R, words="the field `m`")
@njit
def writes_record(x, r):
    r[0].m = x[0]
    return r[0].m


@program(X, R, words="the field `m`")
@njit
def writes_record_item(x, r):
    r[0]["m"] = x[0]
    return r[0].m


@program(X, R, words="with_outputs")
@njit
def writes_record_array(x, r):
    r[0].p[1] = x[0]
    return r[0].p[1]


@program(X, AL)
@njit
def writes_column(x, r):
    r["m"][0] = x[0]
    return r[0].m


@program(X, AL)
@njit
def writes_whole_column(x, r):
    r["m"][:] = x[:2]
    return r[0].m


@program(X, typed_list, words="typed list or dict")
@njit
def writes_typed_list(x, kept):
    kept[0] = x[0]
    return kept[0]


@program(X, typed_list, words="typed list or dict")
@njit
def appends_typed_list(x, kept):
    kept.append(x[0] * 2.0)
    return kept[2]


@program(X, typed_dict, words="typed list or dict")
@njit
def writes_typed_dict(x, d):
    d["c"] = x[0] * x[1]
    return d["c"]


@program(X, [1.0, 2.0], words="a list of floats that was passed in")
@njit
def appends_list_arg(x, kept):
    kept.append(x[0] * x[1])
    return kept[2]


@program(X, [1.0, 2.0])
@njit
def writes_list_arg(x, kept):
    kept[0] = x[0] * x[1]
    return kept[0]


@program(X, {1.0, 2.0})
@njit
def adds_to_set_arg(x, s):
    s.add(x[0])
    return x[0]


@program(X, (np.zeros(3),), words="with_outputs")
@njit
def writes_in_tuple(x, w):
    w[0][0] = x[0] * x[1]
    return w[0][0]


@program(X, (np.zeros(3),), words="cannot share memory")
@njit
def merges_with_one_in_a_tuple(x, w):
    y = w[0]
    if x[0] > 1.0:
        y = x * 2.0
    return y[0]


@program(X, np.zeros(3))
@njit
def copyto_work(x, w):
    np.copyto(w, x)
    return w[0]


G = np.zeros(3)


@program(words="cannot be written to")
@njit
def writes_global(x):
    G[0] = x[0]
    return G[0]


@program()
@njit
def int_array(x):
    w = np.zeros(3, np.int64)
    w[0] = x[0]
    return w[0] * x[1]


@program(words="with objmode")
@njit
def objmode_float(x):
    with objmode(z="float64"):
        z = x[0] * 2.0
    return z


@program(words="with objmode")
@njit
def objmode_array(x):
    with objmode(z="float64[:]"):
        z = np.sort(x)
    return z[0]


@program()
@njit
def fft_like(x):
    return np.abs(np.fft.fft(x)).sum()


@program()
@njit
def returns_array(x):
    return x * 2.0


@program()
@njit
def returns_tuple(x):
    return x[0], x[1]


@program(words="with_outputs")
@njit
def returns_none(x):
    x[0] = 2.0


@program()
@njit
def returns_str(x):
    return "a"


@program(words="1-dimensional array of differentiated float64")
@njit
def returns_list(x):
    return [x[0], x[1]]


@program()
@njit
def returns_dict(x):
    return {0: x[0]}


@program()
@njit
def returns_maybe(x):
    if x[0] > 1.0:
        return x[0]


@njit
def gen(x):
    for v in x:
        yield v * 1.0


@program(words="a generator")
@njit
def returns_gen(x):
    return gen(x)


@program(transform=jt.jacobian)
@njit
def jac_str(x):
    return "a", x[0]


@program(transform=jt.jacobian, words="with_outputs")
@njit
def jac_none(x):
    x[0] = 2.0


@program(transform=jt.jacobian)
@njit
def jac_object(x):
    return Spring(x[0], x)


@program("abc")
@njit
def of_string(s):
    return 1.0


@program(3)
@njit
def of_int(n):
    return n * 2.0


@program(np.arange(3))
@njit
def of_ints(n):
    return n[0] * 2.0


@program([1.0, 2.0])
@njit
def of_list(kept):
    return kept[0] * kept[1]


@program(typed_list)
@njit
def of_typed_list(kept):
    return kept[0] * kept[1]


@program(spring, words="the type Spring")
@njit
def of_object(s):
    return s.k * 2.0


@program(R, words="array of record")
@njit
def of_records(r):
    return r[0].m * 2.0


@program({"a": 1.0})
@njit
def of_pydict(d):
    return d["a"]


@program(None)
@njit
def of_none(d):
    return 1.0


@program((1.0, "a"))
@njit
def of_mixed_tuple(t):
    return t[0]


@program(np.array([1.0], dtype=object))
@njit
def of_object_array(x):
    return x[0]


@program(X, lambda v: v * v)
@njit
def of_lambda(x, f):
    return f(x[0])


def pyhelper(v):
    return v * v


@program(words="Untyped global name 'pyhelper'")
@njit
def calls_python(x):
    return pyhelper(x[0])


@program()
@njit
def unknown_name(x):
    return x[0] * undefined_thing  # noqa: F821


@program()
@njit
def unknown_attr(x):
    return x.foo


@program()
@njit
def unknown_method(x):
    return x.tolist()[0]


@program(words="missing a required argument: 'b'")
@njit
def wrong_call(x):
    return helper2(x[0])


@njit
def helper2(a, b):
    return a * b


@program()
@njit
def wrong_kw(x):
    return helper2(x[0], c=x[1])


@program()
@njit
def bad_axis(x):
    return np.sum(x.reshape(3, 1), axis="a")


@program(words="by one way")
@njit
def mixes(x):
    y = "t" if x[0] > 0 else x[1]
    return y


@program(words="`add` is not known for \\(None, float64\\)")
@njit
def none_arith(x):
    y = None
    return y + x[0]


@program()
@njit
def str_arith(x):
    return "a" * x[0]


@program()
@njit
def index_float(x):
    return x[x[0]]


@program()
@njit
def range_float(x):
    s = 0.0
    for i in range(x[0]):
        s += i
    return s


@program(words="construct is not supported")
@njit
def with_block(x):
    with open("f") as f:  # noqa: F841
        pass
    return x[0]


@program()
@njit
def nested_def_ret(x):
    def g(v):
        return v * x[0]

    return g


@program(words="`and_`")
@njit
def bitwise(x):
    return x[0] & 3


@program(words="use np.lib.stride_tricks.sliding_window_view")
@njit
def steps_by_bytes(x):
    return as_strided(x, (2, 2), (8, 8))[1, 1]


@program(words="use np.lib.stride_tricks.sliding_window_view", transform=jt.jacfwd)
@njit
def steps_by_bytes_of_made_array(x):
    work = np.zeros(4)
    work[0] = x[0]
    return np.lib.stride_tricks.as_strided(work, shape=(2,), strides=(16,))[0]


@program(words="use np.lib.stride_tricks.sliding_window_view")
@njit
def steps_by_its_own_bytes(x):
    return as_strided(x, (2, 2), (x.strides[0], x.strides[0]))[1, 1]


@program(words="`view`")
@njit
def views_as(x):
    return x.view(np.int64)[0] * 1.0


@program()
@njit
def typed_list_hetero(x):
    kept = typed.List()
    kept.append(x[0])
    kept.append(x)
    return kept[0]


@program(words="runaway recursion")
@njit
def recursion_no_base(x):
    return recursion_no_base(x) + 1.0


@program()
@njit
def empty_list(x):
    kept = []  # noqa: F841
    return x[0]


@program()
@njit
def print_format(x):
    s = f"{x[0]:.3f}"
    return x[0] * len(s)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("function, args, words, transform", PROGRAMS)
def test_message(function, args, words, transform):
    with pytest.raises(jt.native.NativeError) as caught:
        transform(function)(*[a() if callable(a) and a in MADE else a for a in args])
    text = str(caught.value)
    first, place, line, last = text.split("\n")
    assert first.startswith(f"jt.{transform.__name__}: {function.__name__} ") and re.search(words, first), text
    assert not INTERNAL.search(first), text
    assert __file__ in place and line.strip(), text
    assert last.startswith("What works inside") and caught.value.numba is not None


@njit
def raises_value(x):
    if x[0] > 1.0:
        raise ValueError("too large", x[0])
    return x[0]


@njit
def writes_in_object_mode(x):
    y = np.zeros(3)
    with objmode():
        y[:] = x
    return y[0]


def test_exceptions_of_the_program_are_its_own():
    with pytest.raises(ValueError) as caught:
        jt.grad(raises_value)(X)
    assert caught.value.args == ("too large", 1.5)
    with pytest.raises(ValueError, match="read-only"):
        jt.grad(writes_in_object_mode)(X)
