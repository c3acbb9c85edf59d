"""Exits: nothing that Python, NumPy or a user can do with a differentiated value makes a constant of it in silence.

Every method, attribute and operator of both faces is tried with arguments of many kinds. What it answers keeps the derivative,
or it raises, or its name stands in a list below with the reason.
"""

import copy
import ctypes
import io
import json
import math
import operator
import pickle
import re
import warnings

import numpy as np
import pytest

import jittape as jt

POINT = np.array([[0.83, 0.2, 0.31], [0.2, 0.74, 0.22], [0.31, 0.22, 0.71]])  # symmetric: cholesky reads one half
STEP = 1e-6

NO_NUMBERS = "it is about the object, not about its numbers"
CONSTANT = "its result is a constant by its meaning"
EXPLICIT = "it is PyTorch's way to ask for a constant"
DRAWN = "draws, whose derivatives are zero almost everywhere"
TEXT = "text is for people to read; PyTorch and NumPy make it of differentiated values, too"
REASONS = {
    "__class__": NO_NUMBERS,
    "__delattr__": NO_NUMBERS,
    "__dir__": NO_NUMBERS,
    "__doc__": NO_NUMBERS,
    "__format__": TEXT,
    "__getattribute__": NO_NUMBERS,
    "__init__": "it makes another tensor of the object",
    "__init_subclass__": NO_NUMBERS,
    "__module__": NO_NUMBERS,
    "__new__": NO_NUMBERS,
    "__repr__": TEXT,
    "__setattr__": NO_NUMBERS,
    "__slots__": NO_NUMBERS,
    "__str__": TEXT,
    "__subclasshook__": NO_NUMBERS,
    "backward": "it answers None",
    "bernoulli": DRAWN,
    "bernoulli_": CONSTANT,
    "data_ptr": "an address; what reads there does so outside Python's reach",
    "detach": EXPLICIT,
    "detach_": EXPLICIT,
    "device": NO_NUMBERS,
    "data": EXPLICIT,
    "exponential_": CONSTANT,
    "fill": CONSTANT,
    "fill_": CONSTANT,
    "grad": "the gradient of a leaf",
    "grad_fn": "the node of the graph",
    "imag": "zero: the value is real",
    "layout": NO_NUMBERS,
    "histc": "it counts",
    "new_empty": CONSTANT,
    "new_full": CONSTANT,
    "new_ones": CONSTANT,
    "new_tensor": "a tensor of the argument, not of the object",
    "new_zeros": CONSTANT,
    "normal_": CONSTANT,
    "random_": CONSTANT,
    "register_hook": "a handle",
    "register_post_accumulate_grad_hook": "a handle",
    "requires_grad_": EXPLICIT,
    "slogdet": "of its pair, the sign is a constant",
    "type": "the name of a dtype",
    "uniform_": CONSTANT,
    "zero_": CONSTANT,
}
PYTORCHS_LAW = {  # in an eager program of Tensors these answer as in PyTorch, `float` with PyTorch's warning
    "__array__": "raises",
    "__complex__": "warns",
    "__deepcopy__": "raises for results",
    "__float__": "warns",
    "__reduce__": "raises for results",
    "__reduce_ex__": "raises for results",
    "item": "silent in PyTorch",
    "tolist": "silent in PyTorch",
}


def arguments(face):
    """Arguments that are tried with everything."""
    other, square = np.array([[1.5, 0.5, 2.0]]), np.eye(3) + 0.1
    places, spread = np.array([0, 2]), np.array([[0, 1, 2]])
    if face is jt.Tensor:
        other, square, places, spread = map(jt.tensor, (other, square, places, spread))
    return [
        (),
        (2.0,),
        (1,),
        (0, 1),
        (other,),
        (square,),
        (places,),
        (0, spread),
        (0, places),
        (0, spread, other),
        ((3, 3),),
        ((9,),),
        (square > 0.5,),
        (square > 0.5, 2.0),
        (square > 0.5, square),
        (square, 0.5),
        (square, square),
        (0, 1, 2),
        ("float64",),
        ({},),
        ((0, 0),),
        ((0, 0), 5.0),
        ([1, 2, 1], 0),
        (square, "sum"),
    ]


def found_in(value):
    """The numbers in a result: (Tensors that are followed, what is not)."""
    if isinstance(value, jt.Tensor):
        followed = value.requires_grad
        return ([value], []) if followed else ([], [value] if value.dtype.kind == "f" else [])
    if isinstance(value, (float, np.floating)):
        return [], [value]
    if isinstance(value, np.ndarray):
        return [], [value] if value.dtype.kind in "fO" else []
    if isinstance(value, (str, bytes, memoryview)):
        return [], [value]
    if isinstance(value, (list, tuple, map, type(iter(())))) and not isinstance(value, jt.Size):
        parts = [found_in(v) for v in value]
        return sum((p[0] for p in parts), []), sum((p[1] for p in parts), [])
    return [], []


def weighted(tensors):
    tensors = [jt.real(t) if t.dtype.kind == "c" else t for t in tensors]
    return sum((t * np.cos(np.arange(t.numel())).reshape(tuple(t.shape))).sum() for t in tensors)


def trial(name, args):
    """A program that does one thing with a result of its argument, and what that gave."""
    told = {}

    def program(x):
        y = x * 1.07
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                value = getattr(y, name)
                value = value(*args) if callable(value) and not isinstance(value, jt.Tensor) else value
        except Exception as error:
            told["error"] = error
            return x.sum()
        followed, lost = found_in(value)
        told["lost"] = [] if value is NotImplemented else lost
        told["single"] = any(t.dtype in (np.float32, np.complex64) for t in followed)
        return weighted(followed) + 0.0 * x.sum() if followed else 0.0 * x.sum()

    return program, told


def start(face, x):
    return x if face is jt.Array else jt.tensor(x)


def names(face):
    return [n for n in sorted(set(dir(face))) if n not in REASONS and not (n[0] == "_" and n[:2] != "__")]


def keeps_the_derivative(face, name, args):
    """Whether anything was answered; fails if that loses the derivative."""
    program, told = trial(name, args)
    direction = POINT[::-1, ::-1] + POINT[:1] * POINT[:1].T
    _, tangent = jt.jvp(program, (start(face, POINT),), (start(face, direction),))
    if "error" in told:
        return False
    assert not told["lost"], f"{face.__name__}.{name}{args} gives constants: {told['lost']}"
    ends = [float(jt.jvp(program, (start(face, POINT + h * direction),), (start(face, direction),))[0]) for h in (-STEP, STEP)]
    if told["single"] or not np.isfinite(ends).all():
        return True
    assert float(tangent) == pytest.approx((ends[1] - ends[0]) / (2 * STEP), rel=1e-5, abs=1e-6), (face.__name__, name, args)
    return True


@pytest.mark.sampled
@pytest.mark.parametrize("face", [jt.Array, jt.Tensor])
def test_everything_keeps_the_derivative_or_raises(face):
    answered = 0
    for name in names(face):
        answered += sum(keeps_the_derivative(face, name, args) for args in arguments(face))
    assert answered > 300


def test_an_eager_program_follows_pytorchs_law():
    for name in names(jt.Tensor):
        for args in arguments(jt.Tensor):
            if name not in PYTORCHS_LAW:
                program, told = trial(name, args)
                program(jt.tensor(POINT, requires_grad=True))
                assert not told.get("lost"), (name, args)
    x = jt.tensor(1.5, requires_grad=True)
    with pytest.warns(UserWarning, match="requires_grad=True to a scalar"):
        assert float(x) == 1.5
    assert x.item() == x.tolist() == 1.5 and pickle.loads(pickle.dumps(x)).requires_grad
    for leave in (np.asarray, copy.deepcopy, pickle.dumps):
        with pytest.raises(RuntimeError):
            leave(x * 2.0)


def test_the_lists_name_what_there_is():
    assert set(REASONS) | set(PYTORCHS_LAW) <= set(dir(jt.Tensor)) | set(dir(jt.Array)) | {"__slots__"}


# --- what Python, NumPy and C do by themselves ------------------------------------------------------------------------------

RAISE = {  # exit -> words of the error, which say what to write
    "float": (float, "derivative would be lost"),
    "complex": (complex, "derivative would be lost"),
    "%": (lambda x: operator.mod("%.3f", x), "detach"),
    "math.sin": (math.sin, "math.sin: .*np.sin"),
    "math.isnan": (math.isnan, "np.isnan"),
    "np.array": (np.array, "np.stack|detach"),
    "np.asarray": (np.asarray, "detach"),
    "np.array of a list": (lambda x: np.array([x, 1.0]), "np.stack"),
    "np.float64": (np.float64, "numpy.float64.*detach"),
    "np.fromiter": (lambda x: np.fromiter([x], float), "setting an array element|np.stack"),
    "np.full": (lambda x: np.full(2, x), r"numpy.full.*np.ones\(shape\)"),
    "np.from_dlpack": (np.from_dlpack, "detach"),
    "memoryview": (memoryview, "bytes-like"),
    "np.frombuffer": (np.frombuffer, "bytes-like"),
    "an element of an array": (lambda x: np.zeros(3).__setitem__(0, x), "setting an array element|detach"),
    "a range": (range, "index"),
    "operator.index": (operator.index, "index"),
    "pickle": (pickle.dumps, "detach"),
    "pickle of a list": (lambda x: pickle.dumps([x]), "detach"),
    "jt.save": (lambda x: jt.save(x, io.BytesIO()), "save"),
    "np.save": (lambda x: np.save(io.BytesIO(), x), "numpy.save"),
    "json": (lambda x: json.dumps([x]), "JSON"),
    "ctypes": (ctypes.c_double, "c_double"),
    "jt.tensor": (jt.tensor, "jt.tensor"),
    "jt.tensor of a list": (lambda x: jt.tensor([x, x]), "jt.stack|np.stack"),
    "jt.full": (lambda x: jt.full((2,), x), "jt.full"),
    "jt.from_numpy": (jt.from_numpy, "ndarray"),
    "__array_interface__": (lambda x: x.__array_interface__, "__array_interface__"),
    "__getstate__": (lambda x: x.__getstate__(), "getstate|attribute"),
}
FOLLOWED = {
    "copy.copy": copy.copy,
    "copy.deepcopy": copy.deepcopy,
    "copy.deepcopy of a dict": lambda x: copy.deepcopy({"x": [x]})["x"][0],
    "copy.replace": lambda x: copy.copy([x])[0],
    "divmod": lambda x: divmod(x, 0.4)[1],
    "sum": lambda x: sum([x, x]),
    "abs": abs,
    "max": lambda x: max(x, 0.0),
    "pow": lambda x: pow(x, 3),
}
PIECEWISE_CONSTANT = [
    int,
    round,
    math.floor,
    math.ceil,
    math.trunc,
    bool,
    lambda x: x > 1.0,
    lambda x: x in [1.0],
    lambda x: x == x,
]
OUTER = {
    "grad": jt.grad,
    "jvp": lambda f: lambda x: jt.jvp(f, (x,), (x * 0.0 + 1.0,))[1],
    "compile(grad)": lambda f: jt.compile(jt.grad(f)),
    "grad(compile)": lambda f: jt.grad(jt.compile(f)),
    "vmap(grad)": lambda f: lambda x: jt.vmap(jt.grad(f))(np.array([x, x]))[0],
    "grad(grad)": lambda f: lambda x: jt.grad(lambda x: jt.grad(f)(x))(x),
}


@pytest.mark.parametrize("outer", OUTER)
@pytest.mark.parametrize("exit", RAISE)
def test_exits_raise(exit, outer):
    leave, words = RAISE[exit]
    faces = [np.float64(1.5)] if outer == "vmap(grad)" else [1.5, jt.tensor(1.5)]
    for x in faces:
        with pytest.raises(Exception) as caught:
            OUTER[outer](lambda x: (leave(x * 1.5), x * x)[1])(x)
        assert outer != "grad" or x is not faces[0] or re.search(f"(?s){words}", str(caught.value)), caught.value


@pytest.mark.parametrize("outer", OUTER)
@pytest.mark.parametrize("how", FOLLOWED)
def test_copies_are_recorded(how, outer):
    x = 1.5
    plain = OUTER[outer](FOLLOWED[how])
    by_hand = {"divmod": lambda x: x - 0.4 * 3, "sum": lambda x: 2 * x, "pow": lambda x: x * x * x}.get(how, lambda x: x * 1.0)
    assert float(plain(x)) == pytest.approx(float(OUTER[outer](by_hand)(x)))


@pytest.mark.parametrize("how", [copy.copy, copy.deepcopy])
def test_copies_of_tensors_in_a_transform_are_recorded(how):
    x = jt.tensor([1.0, 2.0])
    assert jt.grad(lambda x: (how(x) * how(x * 1.0)).sum())(x).tolist() == [2.0, 4.0]
    eager = jt.tensor([1.0, 2.0], requires_grad=True)
    copy.copy(eager * 2.0).sum().backward()
    assert eager.grad.tolist() == [2.0, 2.0]
    alias = copy.copy(eager)
    assert alias.is_leaf and alias.requires_grad and alias.data_ptr() == eager.data_ptr()
    assert type(copy.copy(jt.nn.Parameter(eager))) is jt.nn.Parameter


def test_what_is_piecewise_constant_has_the_derivative_zero():
    for how in PIECEWISE_CONSTANT:
        kinds = []
        assert jt.grad(lambda x: (kinds.append(how(x)), x * float(bool(kinds[-1])))[1])(1.5) == float(bool(how(1.5)))
        assert kinds[0] == how(1.5) and (type(kinds[0]) is type(how(1.5)) or isinstance(kinds[0], jt.Array))


def test_text_is_pytorchs():
    x = jt.tensor(1.25, requires_grad=True)
    assert f"{x:.1f}" == "1.2" and f"{x}" == "1.25" and f"{x * 1.0!r}" == "tensor(1.2500, grad_fn=<MulBackward0>)"
    with pytest.raises(TypeError, match="unsupported format string"):
        format(jt.ones(3), ".2f")


def test_the_identity_of_a_tensor_is_its_hash():
    x = jt.tensor([1.0])
    assert hash(x) == id(x) and {x: 1}[x] == 1
    jt.grad(lambda y: (y * float(hash(y) == id(y))).sum())(jt.ones(2))


def test_constants_are_exchanged_by_dlpack():
    x = jt.tensor([1.0, 2.0])
    assert np.from_dlpack(x).tolist() == [1.0, 2.0] and x.__dlpack_device__() == (1, 0)
    with pytest.raises(BufferError, match="detach"):
        np.from_dlpack(x.requires_grad_())
