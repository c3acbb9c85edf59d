"""The array API standard on `jittape.numpy`: every function with its parameters by position and keyword, on an Array.

`array_api_signatures.txt` is what the standard says (`tools/array_api_signatures.py`), `array_api_conforming.txt` the names that
conform, to which names may be added.
"""

import ast
import pathlib

import numpy as np
import pytest

import jittape as jt
import jittape.numpy

HERE = pathlib.Path(__file__).parent
SIGNATURES = dict(line.partition("(")[::2] for line in (HERE / "array_api_signatures.txt").read_text().splitlines())
CONFORMING = (HERE / "array_api_conforming.txt").read_text().split()
X = np.array([[4.0, 0.5, 0.3], [0.5, 3.0, 0.2], [0.3, 0.2, 0.7]])
GIVEN = dict(shape=(3, 3), axis=0, source=0, destination=1, axes=(1, 0), repeats=2, shift=1, repetitions=(2, 1), n=2, num=4)
GIVEN |= dict(fill_value=1.5, dtype=np.float32, to=np.float64, from_=np.float32, kind="real floating", type=np.float32)
GIVEN |= dict(
    start=0.0, stop=3.0, n_rows=3, shapes=[(3, 1), (1, 3)], indices=np.array([0, 1]), obj=[[1.0, 2.0]], min=0.0, max=1.0
)
OF_INTEGERS, OF_VECTORS = "bitwise", ("searchsorted", "linalg.outer")
NOT_FOLLOWED = ("asarray", "from_dlpack", "empty")  # what has no values that NumPy's can be compared with


def operand(name, parameter, x):
    """What stands for an operand: of integers, of vectors, or one of the namespace's numbers."""
    if name.startswith(OF_INTEGERS):
        return np.arange(1, 4)
    if name in OF_VECTORS:
        return np.sort(x[0]) if name == "searchsorted" and parameter == "x1" else x[0]
    if name == "take_along_axis" and parameter == "indices":
        return np.argsort(X, -1)
    if name == "squeeze":
        return x[None]
    if parameter == "condition":
        return x > 0.4
    return [x, 2 * x] if parameter == "arrays" else x


def calls(name):
    """The call in full, of a namespace and an array; keyword parameters have their defaults."""
    parameters = ast.parse(f"def f({SIGNATURES[name]}: pass").body[0].args

    def value(parameter, x):
        if name == "iinfo":
            return np.int64
        if parameter in GIVEN and not (name == "take_along_axis" and parameter == "indices"):
            return GIVEN[parameter]
        return operand(name, parameter, x)

    keywords = {p.arg: ast.literal_eval(d) for p, d in zip(parameters.kwonlyargs, parameters.kw_defaults)}
    if name.startswith("cumulative"):
        keywords["axis"] = 1  # without it, a vector
    positional = parameters.posonlyargs + parameters.args
    defaults = dict(zip([p.arg for p in positional[::-1]], map(ast.literal_eval, parameters.defaults[::-1])))

    def call(namespace, x):
        plain = namespace is np  # where NumPy has another default for None
        for part in name.split("."):
            namespace = getattr(namespace, part)
        if parameters.vararg:
            given = GIVEN.get(parameters.vararg.arg, [x, x[:, :1]] if "mesh" not in name else [x[0], x[1]])
        else:
            given = [defaults[p.arg] if p.arg in defaults and name != "clip" else value(p.arg, x) for p in positional]
        return namespace(*given, **{k: v for k, v in keywords.items() if v is not None or not plain})

    return call


def arrays_in(found):
    """The results of a call as plain arrays."""
    if isinstance(found, (tuple, list)):
        return [a for f in found for a in arrays_in(f)]
    return [found.detach().numpy() if isinstance(found, jt.Tensor) else found]


def conforms(name):
    """Whether the namespace of an Array takes the standard's call, and answers as NumPy does."""
    call, seen = calls(name), []

    def total(x):
        seen[:] = arrays_in(call(x.__array_namespace__(), x))
        return 0.0 * np.sum(x)

    try:
        with np.errstate(all="ignore"):
            jt.grad(total)(X)
        if name.startswith(NOT_FOLLOWED):
            return True
        with np.errstate(all="ignore"):
            expected = arrays_in(call(np, X))
    except Exception:  # whatever a function raises that is not there, or has other parameters
        return False
    return all(_same(f, e) for f, e in zip(seen, expected, strict=False)) and len(seen) == len(expected)


def _same(found, expected):
    if isinstance(expected, (np.ndarray, np.generic)):
        return np.shape(found) == np.shape(expected) and np.allclose(found, expected, equal_nan=True)
    return type(found) is type(expected)


@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.3.0", reason="names of the standard came with NumPy 2.3")
def test_what_is_written_down_conforms_to_the_standard():
    found = [name for name in SIGNATURES if conforms(name)]
    assert len(CONFORMING) >= 167 and not set(CONFORMING) - set(found)


def test_both_faces_have_the_namespace():
    seen = []
    jt.grad(lambda x: (seen.append(x.__array_namespace__()), x.sum())[1])(X)
    assert seen == [jittape.numpy] and jt.tensor(X).__array_namespace__(api_version="2024.12") is jittape.numpy


def test_memory_is_exchanged_both_ways_unless_a_derivative_would_be_lost():
    x = jt.tensor(X)
    np.testing.assert_array_equal(np.from_dlpack(x), X)
    assert x.__dlpack_device__() == X.__dlpack_device__()
    np.testing.assert_array_equal(jt.from_dlpack(X).numpy(), X)
    with pytest.raises(BufferError, match="detach"):
        np.from_dlpack(jt.tensor(X, requires_grad=True))
    with pytest.raises(BufferError, match="detach"):
        jt.grad(lambda x: np.sum(np.from_dlpack(x)))(X)
