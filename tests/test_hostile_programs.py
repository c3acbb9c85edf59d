"""jt.compile against functions whose environment changes: a replay is what the function itself would compute, or there is none.

Every case makes a function and changes; it is made twice, and run compiled and as it is, side by side.
"""

import array
import collections
import contextlib
import contextvars
import dataclasses
import enum
import functools
import importlib
import io
import itertools
import math
import os
import queue
import random
import secrets
import sys
import threading
import time
import types
import warnings
import weakref

import numpy as np
import pytest

import jittape as jt
from jittape.errors import TraceError
from jittape.programs.tracing.environment_audit import EnvironmentAudit

pytestmark = [pytest.mark.filterwarnings("ignore:jt.compile:RuntimeWarning"), pytest.mark.usefixtures("alone")]
CASES, REFUSED = {}, {}
G, H = 2.0, [1.0]
Empty = type("Empty", (), {"k": 1.0})


def case(make):
    CASES[make.__name__] = make
    return make


def refused(function):
    REFUSED[function.__name__] = function
    return function


def set_global(name, value):
    def change():
        globals()[name] = value

    return change


def results(make, transform):
    """What the function answers before and after every change, each time twice."""
    global G, Empty
    G, H[:], Empty = 2.0, [1.0], type("Empty", (), {"k": 1.0})
    function, *changes = make()
    try:
        subject, answers = transform(function), []
        for change in (lambda: None, *changes):
            change()
            for x in (1.5, -0.5):
                answers.append(float(subject(x)))
        return answers
    finally:
        for name in ("NOT_YET", "max"):
            globals().pop(name, None)


# --- functions ----------------------------------------------------------------------------------------------------


def changed_attribute(thing, **values):
    return [functools.partial(setattr, thing, k, v) for k, v in values.items()]


@case
def defaults_by_name():
    def inner(x, *, k=2.0):
        return x * k

    return lambda x: inner(x), *changed_attribute(inner, __kwdefaults__={"k": 5.0}), lambda: inner.__kwdefaults__.update(k=6.0)


@case
def defaults_where_there_were_none():
    def inner(x, k):
        return x * k

    def f(x):
        try:
            return inner(x)
        except TypeError:
            return x * 0

    return f, *changed_attribute(inner, __defaults__=(5.0,))


@case
def other_code():
    def inner(x):
        return x * 2

    return inner, *changed_attribute(inner, __code__=(lambda x: x * 3).__code__)


@case
def attributes_of_functions():
    def inner(x):
        return x * getattr(inner, "k", 1.0)

    return lambda x: inner(x), *changed_attribute(inner, k=4.0)


@case
def variables_that_get_a_value_later():
    def make():
        def f(x):
            try:
                return x * k
            except NameError:
                return x

        def change():
            nonlocal k
            k = 5.0

        if False:
            k = 1.0
        return f, change

    return make()


@case
def decorated():
    def decorator(f):
        @functools.wraps(f)
        def wrapped(*args):
            return f(*args) * G

        return wrapped

    inner = decorator(lambda x: x)
    return lambda x: inner(x), set_global("G", 3.0)


@case
def partials():
    p = functools.partial(lambda x, s: x * s, s=2.0)
    change = functools.partial(p.keywords.update, s=5.0)
    return lambda x: p(x), change, lambda: p.__setstate__((lambda x, s: x + s, (), {"s": 6.0}, {}))


@case
def memoised():
    @functools.lru_cache
    def k():
        return G

    def change():
        set_global("G", 3.0)()
        k.cache_clear()

    return lambda x: x * k(), change


@case
def dispatched():
    @functools.singledispatch
    def k(x):
        return 1.0

    @k.register
    def _(x: int):
        return G

    return lambda x: x * k(3), set_global("G", 3.0)


@case
def contexts():
    @contextlib.contextmanager
    def scale():
        yield G

    def f(x):
        with scale() as k:
            return x * k

    return f, set_global("G", 3.0)


@case
def functions_in_a_table():
    table = {"f": lambda x: x * 2}
    return lambda x: table["f"](x), functools.partial(table.update, f=lambda x: x * 3)


@case
def vectorised():
    v = np.vectorize(lambda a: a * G)
    return lambda x: x * float(v(1.0)), set_global("G", 3.0)


@case
def functions_found_by_a_name_that_is_computed():
    tools = types.SimpleNamespace(scale=lambda x: x * G * H[0])
    return lambda x: getattr(tools, "sc" + "ale")(x), set_global("G", 3.0), functools.partial(H.__setitem__, 0, 5.0)


@case
def functions_without_a_name():
    holder = weakref.WeakValueDictionary()
    keeps = [lambda x: x * G]
    holder["f"] = keeps[0]
    return lambda x, keep=keeps: holder["f"](x), set_global("G", 3.0)


# --- globals and modules ------------------------------------------------------------------------------------------


@case
def globals_by_name():
    return lambda x: x * globals()["G"], set_global("G", 3.0)


@case
def globals_of_a_function():
    def k():
        pass

    return lambda x: x * k.__globals__["G"], set_global("G", 3.0)


@case
def evaluated():
    return lambda x: x * eval("G"), set_global("G", 3.0)


@case
def executed():
    def f(x):
        names = {}
        exec("k = H[0] * G", globals(), names)
        return x * names["k"]

    return f, set_global("G", 3.0)


@case
def frames():
    return lambda x: x * sys._getframe().f_globals["G"], set_global("G", 3.0)


@case
def globals_that_come_later():
    def f(x):
        try:
            return x * NOT_YET
        except NameError:
            return x

    return f, set_global("NOT_YET", 7.0)


@case
def builtins_that_are_hidden():
    return lambda x: x * max(1.0, 2.0), set_global("max", lambda a, b: 10.0)


@case
def globals_that_are_only_written():
    def f(x):
        global WRITTEN
        WRITTEN = 3.0
        return x

    globals()["WRITTEN"] = 0.0
    g = lambda x: f(x) * globals_now()
    return g, set_global("WRITTEN", 5.0)


def globals_now():
    return WRITTEN


def module(name, **values):
    made = sys.modules[name] = types.ModuleType(name)
    vars(made).update(values)
    return made


@case
def imported_inside():
    m = module("hostile_one", alpha=2.0, w=jt.tensor(3.0))

    def f(x):
        import hostile_one

        return x * hostile_one.alpha * hostile_one.w

    return f, *changed_attribute(m, alpha=3.0), lambda: m.w.fill_(7.0)


@case
def imported_names():
    m = module("hostile_two", alpha=2.0)

    def f(x):
        from hostile_two import alpha

        return x * alpha

    return f, *changed_attribute(m, alpha=3.0), lambda: module("hostile_two", alpha=11.0)


@case
def modules_in_the_table():
    m = module("hostile_three", alpha=2.0)
    return lambda x: x * sys.modules["hostile_three"].alpha, *changed_attribute(m, alpha=3.0)


@case
def modules_by_name():
    m = module("hostile_four", alpha=2.0)
    return lambda x: x * importlib.import_module("hostile_four").alpha, *changed_attribute(m, alpha=3.0)


@case
def modules_as_attributes():
    m = module("hostile_five", alpha=2.0)
    box = types.SimpleNamespace(m=m)
    return lambda x: x * box.m.alpha, *changed_attribute(m, alpha=3.0)


@case
def environment():
    os.environ["HOSTILE"] = "2.0"
    return lambda x: x * float(os.environ["HOSTILE"]), functools.partial(os.environ.__setitem__, "HOSTILE", "3.0")


# --- classes and objects ------------------------------------------------------------------------------------------


class Inner:
    def __init__(self):
        self.k = G * H[0]


@case
def constructors():
    return lambda x: x * Inner().k, set_global("G", 3.0), functools.partial(H.__setitem__, 0, 5.0)


@dataclasses.dataclass
class After:
    a: float = 1.0

    def __post_init__(self):
        self.k = G


@case
def after_constructors():
    return lambda x: x * After().k, set_global("G", 3.0)


class Meta(type):
    def __call__(cls):
        return G


class WithMeta(metaclass=Meta):
    pass


@case
def metaclasses():
    return lambda x: x * WithMeta(), set_global("G", 3.0)


class Shown:
    def __format__(self, how):
        return str(G)


@case
def formatted():
    shown = Shown()
    return lambda x: x * float(f"{shown}"), set_global("G", 3.0)


def caught(read):
    def f(x):
        try:
            return x * read()
        except AttributeError:
            return x

    return f


@case
def attributes_that_come_later():
    s = Empty()
    return caught(lambda: s.scale), *changed_attribute(s, scale=5.0)


@case
def attributes_that_are_asked_for():
    s = Empty()
    return lambda x: x * s.scale if hasattr(s, "scale") else x, *changed_attribute(s, scale=5.0)


@case
def attributes_of_classes_that_come_later():
    return caught(lambda: Empty.beta), *changed_attribute(Empty, beta=4.0)


@case
def attributes_that_hide_those_of_the_class():
    s = Empty()
    return lambda x: x * s.k, *changed_attribute(Empty, k=4.0), *changed_attribute(s, k=6.0)


@case
def slots():
    class S:
        __slots__ = ("k", "__q")

        def __init__(self):
            self.__q = 1.0

        def get(self):
            return self.__q

        def set(self, value):
            self.__q = value

    s = S()
    return caught(lambda: s.k * s.get()), *changed_attribute(s, k=3.0), lambda: s.set(4.0)


@case
def other_classes():
    class A:
        k = 2.0

    class B:
        k = 3.0

    class C(A):
        pass

    s, c = A(), C()
    return lambda x: x * s.k * c.k, *changed_attribute(s, __class__=B), *changed_attribute(C, __bases__=(B,))


@case
def properties_and_descriptors():
    class D:
        def __get__(self, thing, kind):
            return G

    class S:
        d = D()

        @property
        def p(self):
            return G

        @functools.cached_property
        def c(self):
            return G

    s = S()
    return lambda x: x * s.d + x * s.p + x * S().c, set_global("G", 3.0)


@case
def objects_that_answer_themselves():
    class S:
        def __getattribute__(self, name):
            return G if name == "k" else object.__getattribute__(self, name)

        def __call__(self, x):
            return x * self.k

    return S(), set_global("G", 3.0)


@case
def methods_that_nothing_names():
    class S:
        def __init__(self):
            self.values = [2.0]

        def __getitem__(self, k):
            return self.values[k]

        def __iter__(self):
            return iter(self.values)

    s = S()
    return lambda x: x * sum(s) * s[0], functools.partial(s.values.__setitem__, 0, 3.0), *changed_attribute(s, values=[4.0])


@case
def members_of_enums():
    class E(enum.Enum):
        a = 2.0

    return lambda x: x * E.a.value, lambda: None


# --- containers ---------------------------------------------------------------------------------------------------


@case
def orders_and_keys():
    d, o = {"a": 2.0, "b": 3.0}, collections.OrderedDict(a=5.0, b=7.0)
    return (
        lambda x: x * next(v for v in d.values()) * list(o.values())[0] * (d["a"] if "a" in d else 10.0),
        lambda: d.update(a=d.pop("a")),
        lambda: o.move_to_end("a"),
        lambda: d.update(c=d.pop("a")),
    )


@case
def dictionaries_that_make_values():
    class D(dict):
        def __missing__(self, key):
            return G

    made, empty = D(), collections.defaultdict(lambda: G)
    return lambda x: x * made["q"] * empty.copy()["q"], set_global("G", 3.0)


@case
def containers_with_attributes():
    class L(list):
        pass

    class D(dict):
        pass

    ls, ds = L([1.0]), D(a=1.0)
    ls.k = ds.k = 2.0
    return lambda x: x * ls.k * ds.k, *changed_attribute(ls, k=3.0), *changed_attribute(ds, k=5.0)


@case
def containers_of_the_library():
    user, inner = collections.UserDict(k=2.0), {"k": 2.0}
    chained = collections.ChainMap(inner)
    return lambda x: x * user["k"] * chained["k"], lambda: user.update(k=3.0), lambda: inner.update(k=5.0)


@case
def buffers():
    numbers, memory = array.array("d", [1.0]), bytearray(8)
    view = memoryview(memory).cast("d")
    view[0] = 2.0
    return lambda x: x * numbers[0] * view[0], lambda: numbers.__setitem__(0, 3.0), lambda: view.__setitem__(0, 5.0)


@case
def arrays_of_every_kind():
    a, v, o = np.ones(4), np.ones(4), np.array([1.0, [2.0]], dtype=object)
    part, masked, record = v[::2], np.ma.array([1.0, 2.0], mask=[0, 0]), np.ones(1, [("k", float)])
    return (
        lambda x: x * a.sum() * part.sum() * o[0] * o[1][0] * float(masked.sum()) * float(record["k"][0]),
        lambda: a.__setitem__(0, 3.0),
        lambda: v.__setitem__(2, 5.0),
        lambda: o[1].__setitem__(0, 7.0),
        lambda: o.__setitem__(0, 2.0),
        lambda: masked.mask.__setitem__(0, True),
        lambda: record.__setitem__("k", 5.0),
    )


@case
def polynomials():
    p = np.poly1d([1.0, 2.0])
    return lambda x: x * p(3.0), lambda: p.coeffs.__setitem__(0, 5.0)


@case
def references():
    s = Empty()
    s.v = 2.0
    r = weakref.ref(s)
    return lambda x, keep=(s,): x * r().v, *changed_attribute(s, v=3.0)


@case
def variables_of_contexts_and_threads():
    v, local = contextvars.ContextVar("v", default=2.0), threading.local()
    local.k = 2.0
    return lambda x: x * v.get() * local.k, lambda: v.set(3.0), *changed_attribute(local, k=5.0)


# --- Tensors ------------------------------------------------------------------------------------------------------


@case
def tensors_in_a_list():
    ts = [jt.tensor(1.0)]
    return (
        lambda x: sum(x * t for t in ts),
        lambda: ts.append(jt.tensor(2.0)),
        lambda: ts.__setitem__(0, jt.tensor(5.0)),
        lambda: ts[0].fill_(7.0),
    )


@case
def tensors_by_the_name_of_a_global():
    globals()["W"] = jt.tensor(2.0)
    return lambda x: x * globals()["W"], lambda: globals()["W"].fill_(5.0)


@case
def gradients_of_what_is_around():
    w = jt.tensor(2.0, requires_grad=True)
    (w * 3).backward()

    def change():
        (w * w).backward()

    def forget():
        w.grad = None

    def f(x):
        return x * (w.grad if w.grad is not None else 1.0) + x * (0.0 if w.grad is None else w.grad.item())

    return f, change, forget


@case
def requirements():
    w = jt.tensor(1.0)
    return lambda x: (x * w.detach()) * (2.0 if w.requires_grad else 3.0), lambda: w.requires_grad_()


@case
def modes():
    mode = [jt.enable_grad()]

    def f(x):
        return x * (2.0 if jt.is_grad_enabled() else 3.0)

    def change():
        mode[0] = jt.no_grad()

    def outer(x):
        with mode[0]:
            return outer.inner(x)

    outer.inner = f
    return outer, change


def test_the_mode_and_the_default_dtype_of_a_call():
    compiled = jt.compile(lambda x: x * (2.0 if jt.is_grad_enabled() else 3.0))
    with jt.no_grad():
        assert compiled(1.0) == 3.0
    assert compiled(1.0) == 2.0
    with jt.no_grad():
        assert compiled(1.0) == 3.0
    compiled = jt.compile(lambda x: x.sum() * jt.zeros(2).itemsize)
    assert compiled(np.ones(2)) == 16.0
    try:
        jt.set_default_dtype(jt.float32)
        assert compiled(np.ones(2)) == 8.0
    finally:
        jt.set_default_dtype(jt.float64)
    looks = jt.compile(lambda x: x.detach() * (2.0 if x.requires_grad else 3.0))
    assert [float(looks(jt.tensor(1.0, requires_grad=needs))) for needs in (False, True, False)] == [3.0, 2.0, 3.0]


# --- what is handed out once, or counted --------------------------------------------------------------------------


@case
def iterators():
    numbers = itertools.count(1)
    return lambda x: x * next(numbers), lambda: None


@case
def generators():
    def count():
        k = 0
        while True:
            k += 1
            yield k

    numbers = count()
    return lambda x: x * next(numbers), lambda: None


@case
def queues_and_streams():
    q, stream = queue.Queue(), io.StringIO("1 2 3 4 5 6 7 8")
    for k in range(8):
        q.put(float(k))
    return lambda x: x * q.get() * float(stream.read(2)), lambda: None


@case
def counters():
    n, box, seen, counts, ints = 0, Empty(), [], np.zeros(1), jt.tensor([0])
    box.n = 0

    def f(x, acc=[]):
        nonlocal n
        n += 1
        box.n += 1
        seen.append(1)
        acc.append(1)
        counts[0] += 1
        ints[0] += 1
        return x * n * box.n * len(seen) * len(acc) * float(counts[0]) * int(ints[0])

    def fresh(x, f=types.FunctionType(f.__code__, f.__globals__, "f", ([],), f.__closure__)):
        return f(x)

    return fresh, lambda: None


@case
def lazily_made():
    box = Empty()

    def f(x):
        if not hasattr(box, "made"):
            box.made = 3.0
        return x * box.made

    return f, lambda: delattr(box, "made"), *changed_attribute(box, made=4.0)


@pytest.mark.parametrize("name", CASES)
def test_a_replay_is_what_the_function_would_compute(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        assert results(CASES[name], jt.compile) == results(CASES[name], lambda f: lambda x: f(jt.tensor(x)))


def test_clocks_are_read_at_every_call():
    for f in (lambda x: x * time.perf_counter(), lambda x: x * time.time_ns()):
        compiled = jt.compile(f)
        with pytest.warns(RuntimeWarning, match=r"uses time\."):
            first = compiled(1.0)
        assert compiled(1.0) > first


# --- what is refused ----------------------------------------------------------------------------------------------


@refused
def numbers_without_a_seed(x):
    return x * np.random.default_rng().normal()


@refused
def numbers_of_the_system(x):
    return x * secrets.randbelow(1000)


@refused
def numbers_of_a_new_generator(x):
    return x * random.Random().random()


@refused
def dropout(x, layer=jt.nn.Dropout(0.5)):
    return layer(x)


@refused
def a_generator_as_result(x):
    return (x * k for k in range(3))


@refused
def an_object_as_result(x):
    made = Empty()
    made.v = x
    return made


@refused
def a_set_as_result(x):
    return x, {1, 2}


KEPT = []


@refused
def kept_in_a_list(x):
    KEPT.append(x * 2)
    return x


@refused
def kept_in_an_attribute(x):
    kept_in_an_attribute.last = x * 2
    return x


@refused
def seen_by_numpy_before_a_write(x):
    a = x.clone()
    b = a.detach().numpy()
    a[()] = 5.0
    return x * b


@refused
def seen_by_numpy_of_fresh_memory(x):
    a = jt.zeros(2)
    a[0] = x
    b = np.asarray(a.detach())
    a[1] = 3.0
    return x * b[1]


@refused
def two_histories_of_one_memory(x):
    a = x * jt.ones(2)
    a.detach()[0] = x
    return a.sum()


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_replay_could_not_do_is_refused(name):
    with pytest.raises(TraceError):
        jt.compile(REFUSED[name])(1.0)
    KEPT.clear()


def test_arrays_of_traced_memory_cannot_be_written_to():
    def f(x):
        a = x.clone()
        a.detach().numpy()[0] = 5.0
        return x * a[0]

    with pytest.raises(ValueError, match="read-only"):
        jt.compile(f)(np.ones(3))


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(a=1.0),
        lambda d: d["list"].append(1.0),
        lambda d: d["ints"].__setitem__(0, 7),
        lambda d: d["tensor"].__setitem__(0, 7),
        lambda d: d.update(list=[5.0]),
        lambda d: d.pop("ints"),
    ],
)
def test_arguments_that_are_changed_are_refused_and_stay_as_they_were(change):
    def f(x, d):
        change(d)
        return x

    d = {"list": [1.0], "ints": np.array([1, 2]), "tensor": jt.tensor([1, 2])}
    with pytest.raises(TraceError, match="changes an argument"):
        jt.compile(f)(1.0, d)
    assert d["list"] == [1.0] and d["ints"].tolist() == d["tensor"].tolist() == [1, 2] and len(d) == 3


def test_an_iterator_as_argument_is_used_up():
    compiled, numbers = jt.compile(lambda x, it: x * sum(it)), iter([1.0, 2.0])
    assert compiled(1.0, numbers) == 3.0 and compiled(1.0, numbers) == 0.0


# --- writes that gradients pass by --------------------------------------------------------------------------------


def overwritten(x):
    a = x * 2
    with jt.no_grad():
        a[0] = x[1] * 3
    return (a * a).sum()


def multiplied(x):
    a = x * 2
    with jt.no_grad():
        a.mul_(x)
    return (a * x).sum()


def of_fresh_memory(x):
    a = jt.zeros(3)
    with jt.no_grad():
        a[0] = x[1] * 3
    return (a * x).sum()


def between_writes(x):
    a = x * 1.0
    a[0] = x[1]
    with jt.no_grad():
        a[1:] = x[:-1] * 5
    a[2] = x[0] * 2
    view = a[1:]
    with jt.no_grad():
        a += 1
    return (a * a).sum() + (view * x[1:]).sum()


def through_a_view_that_was_cut_off(x):
    a = x * 1.0
    b = a.detach()
    a[0] = x[1] * 2
    return (a * b).sum() + (b[1:] * x[1:]).sum()


def of_a_constant_through_detach(x):
    a = x * x
    a.detach()[0] = 4.0
    return (a * x).sum()


@pytest.mark.parametrize(
    "f", [overwritten, multiplied, of_fresh_memory, between_writes, through_a_view_that_was_cut_off, of_a_constant_through_detach]
)
def test_writes_under_no_grad(f):
    for make in (jt.grad, jt.hessian, lambda f: lambda x: f(jt.tensor(x)).item()):
        eager = make(f)
        compiled = jt.compile(f if isinstance(eager, types.FunctionType) else eager)
        for x in (np.array([1.0, 2.0, 3.0]), np.array([-0.5, 4.0, 0.1])):
            np.testing.assert_allclose(compiled(x), eager(x), rtol=1e-12)
        assert compiled.traces == 1


# --- conversions that would lose a derivative -----------------------------------------------------------------------

POINT = np.array([1.0, 2.0])


def fills_an_array(x):
    a = np.zeros(2)
    a[0], a[1] = x[0] * 2, 1.0
    return (a * x).sum()


def fills_a_tensor(x):
    a = jt.zeros(2)
    a[0] = x[1] * 2
    return float(a[0]) * x.sum()


CONVERTS = {
    "math": lambda x: math.sin(x[0]) * x[1],
    "float": lambda x: float(x[0]) * x.sum(),
    "complex": lambda x: complex(x[0]).real * x.sum(),
    "branches": lambda x: x.sum() * 2 if float(x[0]) > 0 else x.sum(),
    "an element of an array": fills_an_array,
    "an array": lambda x: (np.array([x[0], x[1]]) * x).sum(),
    "after a write": fills_a_tensor,
    "a list of Tensors": lambda x: (jt.tensor([x[0], x[1]]) * x).sum(),
    "a filled Tensor": lambda x: (jt.full((2,), x[0]) * x).sum(),
    "a range": lambda x: (jt.linspace(0.0, x[1], 2) * x).sum(),
}
OUTER = {
    "compile(grad)": lambda f: jt.compile(jt.grad(f)),
    "compile(value_and_grad)": lambda f: jt.compile(jt.value_and_grad(f)),
    "compile(hessian)": lambda f: jt.compile(jt.hessian(f)),
    "compile(jacobian)": lambda f: jt.compile(jt.jacobian(f)),
    "compile(jacfwd)": lambda f: jt.compile(jt.jacfwd(f)),
    "compile(of grad)": lambda f: jt.compile(lambda x: jt.grad(f)(x)),
    "compile(of grad of a result)": lambda f: jt.compile(lambda x: jt.grad(f)(x * 2.0)),
    "compile(of grad of a constant)": lambda f: jt.compile(lambda x: jt.grad(f)(np.ones(2)) * x),
    "compile(of jvp)": lambda f: jt.compile(lambda x: jt.jvp(f, (x,), (x,))[1]),
    "compile(of vjp)": lambda f: jt.compile(lambda x: jt.vjp(f, x)[1](1.0)[0]),
    "compile(of linearize)": lambda f: jt.compile(lambda x: jt.linearize(f, x)[1](x)),
    "compile(of hvp)": lambda f: jt.compile(lambda x: jt.hvp(f, x, x)),
    "compile(grad(compile))": lambda f: jt.compile(jt.grad(jt.compile(f))),
    "compile(grad(checkpoint))": lambda f: jt.compile(jt.grad(jt.checkpoint(f))),
    "grad(compile)": lambda f: jt.grad(jt.compile(f)),
    "grad(compile) of a result": lambda f: lambda x: jt.grad(jt.compile(f))(jt.tensor(x, requires_grad=True) * 2.0),
    "hessian(compile)": lambda f: jt.hessian(jt.compile(f)),
    "jacobian(compile)": lambda f: jt.jacobian(jt.compile(f)),
    "jvp(compile)": lambda f: lambda x: jt.jvp(jt.compile(f), (x,), (x,)),
    "vjp(compile)": lambda f: lambda x: jt.vjp(jt.compile(f), x)[1](1.0),
    "grad(compile(checkpoint))": lambda f: jt.grad(jt.compile(jt.checkpoint(f))),
    "grad(checkpoint(compile))": lambda f: jt.grad(jt.checkpoint(jt.compile(f))),
    "grad of what compile captures": lambda f: jt.grad(lambda x: jt.compile(lambda k: f(x) * k)(2.0)),
    "vmap(grad)": lambda f: lambda x: jt.vmap(jt.grad(f))(np.stack([x, x])),
    "compile(vmap(grad))": lambda f: lambda x: jt.compile(jt.vmap(jt.grad(f)))(np.stack([x, x])),
    "grad(vmap)": lambda f: lambda x: jt.grad(lambda xs: jt.vmap(f)(xs).sum())(np.stack([x, x])),
    "buffer": lambda f: jt.compile(jt.value_and_grad(f)).buffer,
}


@pytest.mark.parametrize("outer", OUTER)
@pytest.mark.parametrize("how", CONVERTS)
def test_a_conversion_that_would_lose_a_derivative_raises(how, outer):
    """Every combination, cold and after a call for the value: none answers."""
    function = CONVERTS[how]
    if outer.startswith("grad(compile)"):
        function = jt.compile(function)
        if how != "an array":
            function(POINT)
    transformed = OUTER[outer](function)
    for _ in range(2):
        with pytest.raises((TypeError, ValueError, RuntimeError)) as caught:
            transformed(POINT)
        if how not in ("an element of an array", "an array"):  # NumPy speaks there
            assert "its derivative would be lost" in str(caught.value)


@pytest.mark.parametrize("how", [how for how in CONVERTS if how != "an array"])
def test_values_of_functions_that_convert(how):
    f, compiled = CONVERTS[how], jt.compile(CONVERTS[how])
    for x in (POINT, POINT + 1.0, POINT, POINT - 3.0):
        assert compiled(x) == f(jt.tensor(x)).item()
    np.testing.assert_array_equal(jt.vmap(f)(np.stack([POINT, POINT + 1.0])), [f(jt.tensor(POINT)).item(), compiled(POINT + 1.0)])
    made = jt.tensor(POINT, requires_grad=True)
    with jt.no_grad():
        assert compiled(made).item() == f(made).item() == f(jt.tensor(POINT)).item()


@pytest.mark.parametrize("is_captured", [False, True])
def test_leaves_of_functions_that_convert_get_the_warning_of_an_eager_program(is_captured):
    """As PyTorch: ``backward`` through a float warns, and takes it for a constant."""
    x, found = jt.tensor(3.0, requires_grad=True), []
    f = (lambda k: x * float(x) * k) if is_captured else (lambda x: x * float(x) * 2.0)
    for subject in (f, jt.compile(f)):
        for _ in range(2):
            x.grad = None
            with pytest.warns(UserWarning, match="Converting a tensor"):
                y = subject(2.0 if is_captured else x)
            y.backward()
            found.append((y.item(), x.grad.item()))
    assert found == [(18.0, 6.0)] * 4


def test_words_of_pytorch_in_a_trace_warn_as_they_do_outside():
    def f(x):
        return x * math.sin(x)

    def words(x):
        y = x * 1.0
        return jt.autograd.grad(f(y), y)[0]

    x, v = jt.tensor(1.0), jt.tensor(1.0)
    functional = jt.autograd.functional
    for inside in (
        words,
        lambda x: functional.jacobian(f, x),
        lambda x: functional.jvp(f, x, v)[1],
        lambda x: functional.vjp(f, x)[1],
    ):
        with pytest.warns(UserWarning, match="Converting a tensor"):
            assert jt.compile(inside)(x).item() == math.sin(1.0)


def test_values_of_a_trace_cannot_become_leaves():
    w = jt.tensor(2.0)
    makes = lambda x: x.detach().requires_grad_(), lambda x: (x * 1.0).detach().requires_grad_(), lambda x: w.requires_grad_()
    for make in makes:
        with pytest.raises(TraceError, match="requires_grad_"):
            jt.compile(lambda x: jt.autograd.grad(jt.sin(make(x)), make(x))[0])(1.0)
    assert not w.requires_grad and w.item() == 2.0


def cut(x):
    return x * x * float(x.detach())


def paused(x):
    with jt.no_grad():
        k = float(x) + math.sin(x)
    return x * x * k


def branching(x):
    if x > 0 and bool(x - 1.0) and x.item() < 9.0 and int(x) < 9:
        return x * x * x
    return x * [1.0, 2.0, 3.0][int(x * 0)]


@pytest.mark.parametrize("f", [cut, paused, branching])
def test_conversions_that_lose_nothing(f):
    for x in (3.0, 4.0, 3.0, -2.0):
        expected = jt.grad(f)(x)
        for transform in (
            jt.compile(jt.grad(f)),
            jt.compile(lambda x: jt.grad(f)(x)),
            jt.grad(jt.compile(f)),
            lambda x: jt.vmap(jt.grad(f))(np.array([x]))[0],
            jt.compile(jt.jacobian(f)),
            lambda x: jt.compile(jt.value_and_grad(f)).buffer(x).grad,
        ):
            assert transform(x) == expected
        assert jt.compile(jt.hessian(f))(x) == jt.hessian(f)(x)


def test_only_what_the_converted_value_depends_on_is_refused():
    compiled = jt.compile(lambda x, t: x * x * float(t * 2.0))
    assert jt.grad(compiled)(3.0, 2.0) == jt.compile(jt.grad(compiled))(3.0, 2.0) == 24.0
    assert jt.compile(lambda x, t: jt.grad(lambda u: u * u * float(t))(x))(3.0, 2.0) == 12.0
    for transformed in (jt.grad(compiled, 1), jt.compile(jt.grad(compiled, (0, 1)))):
        with pytest.raises(TypeError, match="would be lost"):
            transformed(3.0, 2.0)
    inner = jt.compile(lambda x, t: jt.grad(lambda u: u * u * float(t))(x))
    with pytest.raises(TypeError, match="would be lost"):
        jt.grad(inner, 1)(3.0, 2.0)
    assert jt.grad(inner)(3.0, 2.0) == 4.0


def with_a_reverse_rule():
    rule = jt.custom_vjp(lambda x: jt.sin(x))
    rule.defvjp(lambda x: (rule(x), float(x)), lambda x, y_bar: (y_bar * math.cos(x),))
    return rule


def with_a_rule_that_converts():
    rule = jt.custom_vjp(lambda x: math.sin(x))
    rule.defvjp(lambda x: (math.sin(x), x), lambda x, y_bar: (y_bar * math.cos(x),))
    return rule


def with_a_forward_rule():
    rule = jt.custom_jvp(lambda x: jt.sin(x))
    rule.defjvp(lambda primals, tangents: (rule(*primals), tangents[0] * math.cos(primals[0])))
    return rule


@pytest.mark.parametrize("make", [with_a_reverse_rule, with_a_rule_that_converts, with_a_forward_rule])
def test_rules_may_convert_what_only_first_derivatives_need(make):
    rule = make()
    for first in (
        jt.grad(rule),
        jt.compile(jt.grad(rule)),
        jt.grad(jt.compile(rule)),
        jt.compile(lambda x: jt.grad(rule)(x)),
        jt.compile(lambda x: jt.jvp(rule, (x,), (1.0,))[1]),
        jt.compile(lambda x: jt.vjp(rule, x)[1](1.0)[0]),
    ):
        for x in (0.5, 1.5):
            assert first(x) == pytest.approx(math.cos(x), rel=1e-14)
    for second in (
        jt.grad(jt.grad(rule)),
        jt.compile(jt.grad(jt.grad(rule))),
        jt.grad(jt.compile(jt.grad(rule))),
        jt.hessian(jt.compile(rule)),
        jt.compile(jt.hessian(rule)),
        jt.grad(jt.compile(lambda x: jt.grad(rule)(x))),
    ):
        with pytest.raises(TypeError, match="would be lost"):
            second(0.5)


def test_a_saved_program_knows_what_it_converts():
    compiled, file = jt.compile(lambda x, t: x * float(t)), io.BytesIO()
    for args in ((3.0, 2.0), (jt.tensor(3.0), 2.0), (3.0, jt.tensor(2.0))):
        assert float(compiled(*args)) == 6.0
    jt.save(compiled, file)
    file.seek(0)
    loaded = jt.load(file)
    assert loaded(3.0, 2.0) == 6.0 and jt.grad(loaded)(3.0, 2.0) == 2.0
    with pytest.raises(TraceError, match="to a float are not there"):
        jt.grad(loaded, 1)(3.0, 2.0)


def test_a_tensor_that_asks_for_gradients_after_the_trace():
    w = jt.tensor(2.0)
    compiled = jt.compile(lambda x: (x, w * w))
    x = jt.tensor(1.0)
    assert not compiled(x)[1].requires_grad
    w.requires_grad_()
    compiled(x)[1].backward()
    assert w.grad.item() == 4.0 and compiled.traces == 2
    compiled(x)
    assert compiled.traces == 2


def test_derivatives_by_what_a_function_without_program_captures():
    def squared(w):
        return jt.compile(lambda x: x * w * w * (time.time() > 0))(2.0)

    assert jt.grad(squared)(3.0) == 12.0


def test_a_buffer_sees_the_mode_of_its_call():
    f = lambda x: x * (2.0 if jt.is_grad_enabled() else 3.0)
    call = jt.compile(f).buffer(1.0)
    for _ in range(2):
        call()
        assert call.value == 2.0
        with jt.no_grad():
            call()
            assert call.value == 3.0
    gradient = jt.compile(jt.value_and_grad(f)).buffer(1.0)
    with jt.no_grad():  # transforms record for themselves
        gradient()
        assert (gradient.value, gradient.grad) == (2.0, 2.0)


# --- code that imports run ------------------------------------------------------------------------------------------

LAZY = """
def decorate(f):
    return f

class Settings:
    scale = 2.0

@decorate
def scaled(x):
    return x * Settings.scale
"""


def test_what_an_import_runs_does_not_belong_to_the_function(tmp_path, monkeypatch):
    """The first call imports a module, whose functions and class bodies run once: the second call is a replay."""
    (tmp_path / "lazily_imported.py").write_text(LAZY)
    monkeypatch.syspath_prepend(str(tmp_path))

    class Late:
        """Imports on first use, as libraries do; no name in the function tells of it."""

        def __call__(self, x):
            return importlib.import_module("lazily_" + "imported").scaled(x)

    audit, late = EnvironmentAudit(), Late()
    try:
        with audit:
            late(1.0)
        ran = {code.co_name for code, _ in audit._ran}
    finally:
        sys.modules.pop("lazily_imported", None)
    assert "scaled" in ran and not {"decorate", "Settings"} & ran


def test_a_function_called_while_a_module_is_imported_is_audited(tmp_path, monkeypatch):
    """The import that is under way when the function is called has begun outside of it."""
    (tmp_path / "calls_while_imported.py").write_text(
        "import sys\n"
        "from jittape.programs.tracing.environment_audit import EnvironmentAudit\n"
        "def hidden(x):\n    return x + 1.0\n"
        "audit = EnvironmentAudit()\n"
        "with audit:\n    globals()['hid' + 'den'](1.0)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    try:
        module = importlib.import_module("calls_while_imported")
        assert "hidden" in {code.co_name for code, _ in module.audit._ran}
    finally:
        sys.modules.pop("calls_while_imported", None)
