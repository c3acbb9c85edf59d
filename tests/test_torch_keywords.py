"""Every keyword that PyTorch documents is taken and means the same, or is refused with a reason.

`torch_signatures.json` holds what PyTorch documents; `tools/torch_signatures.py` writes it.
"""

import inspect
import json
import pathlib
import warnings

import numpy as np
import pytest

import jittape as jt

SIGNATURES = json.loads((pathlib.Path(__file__).parent / "torch_signatures.json").read_text())
ROOMS = {
    "torch": jt,
    "torch.Tensor": jt.Tensor,
    "torch.linalg": jt.linalg,
    "torch.special": jt.special,
    "torch.nn.functional": jt.nn.functional,
}
REFUSED = {  # keyword -> why it is an error; "name.keyword" for one function
    "out_dtype": "products of another precision are PyTorch's on GPUs",
    "pickle_module": "files of tensors contain no pickles",
    "pickle_protocol": "files of tensors contain no pickles",
    "mmap": "arrays in a file are checked when it is read",
    "view.dtype": "bytes cannot be read as another dtype: derivatives would have no meaning",
    "matrix_rank.hermitian": "triangles of a matrix are not told apart",
    "pinv.hermitian": "triangles of a matrix are not told apart",
    "scatter_.reduce": "scatter_reduce says which",
    "randint.size": "by position, as the last one",
}
OTHERS = {"compile": "another function with this name", "vmap": "JAX's keywords: in_axes"}


def keywords_of(function):
    """The keywords that a function takes, and whether there may be more."""
    parameters = inspect.signature(function).parameters.values()
    own = {p.name for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD, p.POSITIONAL_ONLY)}
    return own | set(getattr(function, "other_names", ())), any(p.kind is p.VAR_KEYWORD for p in parameters)


def documented():
    for room, functions in SIGNATURES.items():
        for name, keywords in functions.items():
            if name not in OTHERS:
                for keyword in keywords:
                    yield room, name, keyword


def is_refused(name, keyword):
    return keyword in REFUSED or f"{name}.{keyword}" in REFUSED


def test_every_keyword_is_taken_or_refused_for_a_reason():
    missing, n = [], 0
    for room, name, keyword in documented():
        taken, any_other = keywords_of(getattr(ROOMS[room], name))
        n += 1
        if not (keyword in taken or any_other or is_refused(name, keyword)):
            missing.append((room, name, keyword))
    assert not missing and n > 700


def test_what_is_refused_is_named():
    for room, name, keyword in documented():
        if is_refused(name, keyword) and keyword != "size":
            with pytest.raises(TypeError, match=f"{keyword}|argument"):
                getattr(ROOMS[room], name)(*[jt.ones(2, 2)] * 2, **{keyword: 1})


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: jt.zeros(2, layout="sparse_coo"), "layout='sparse_coo', expected strided"),
        (lambda: jt.zeros(2, device="cuda"), "cuda"),
        (lambda: jt.zeros(2, pin_memory=True), "pin_memory=True, expected False"),
        (lambda: jt.ones(2).clone(memory_format="channels_last"), "memory_format='channels_last'"),
        (lambda: jt.ones(2).to(jt.float32, memory_format="channels_last"), "memory_format"),
        (lambda: jt.gather(jt.ones(2), 0, jt.tensor([0]), sparse_grad=True), "sparse_grad=True"),
        (lambda: jt.rand(2, generator=3), "numpy.random.Generator"),
        (lambda: jt.nn.functional.embedding(jt.tensor([0]), jt.ones(2, 2), max_norm=1.0), "max_norm=1.0"),
        (lambda: jt.sin(jt.ones(2), out=jt.ones(3)), r"out= of shape \[3\], expected \[2\]"),
        (lambda: jt.sin(jt.ones(2), out=np.ones(2)), "got ndarray as out=, expected a Tensor"),
        (lambda: jt.sort(jt.ones(2), out=jt.ones(2)), "expected a tuple of 2 Tensors"),
        (lambda: jt.sum(jt.ones(2), dim=0, axis=0), "dim= and axis=|axis= and dim="),
        (lambda: jt.roll(jt.ones(2), shifts=1, dims=0, dim=0), "expected one of them"),
        (lambda: jt.arange(end=3, stop=3), "'stop'"),
    ],
)
def test_values_that_are_not_supported_are_refused(call, words):
    with pytest.raises((TypeError, RuntimeError, NotImplementedError), match=words):
        call()


# --- against PyTorch --------------------------------------------------------------------------------------------------------

M = np.array([[2.0, 0.25, 0.5], [0.25, 1.5, 0.75], [0.5, 0.75, 1.25]])
V = np.array([0.5, 0.25, 0.75])
CANDIDATES = [  # positional arguments: the first that PyTorch takes
    (M,),
    (M, M),
    (M, 1),
    (M, V),
    (V, V),
    (M, 0, np.array([0, 2])),
    (M, 0, np.array([[0, 2, 1]])),
    (M, np.array([0, 2])),
    (np.array([0, 2]), M),
    (M, np.array([0, 2, 1])),
    (M, 0, 1),
    (M, 0, 1, 2),
    (M, M, M),
    (M, M > 0.5, 2.0),
    (M > 0.5, M, M),
    (M, M > 0.5),
    (M, (9,)),
    (M, (1, 0)),
    (M, 0, np.array([0, 2]), M[:2]),
    (M, 0, np.array([[0, 2, 1]]), M[:1]),
    (M[None], M[None]),
    (2, 3),
    (3,),
    (0, 1, 3),
    ((2, 3), 1.5),
    ([M, M],),
    (M, np.array([[0, 2, 1]]), 0),
    ([[1.0, 2.0]],),
    (M, V > 0.0, M[:1] > 0),
]
FORMS = {"where": (M > 0.5, M, M)}  # PyTorch's other form, of one argument, is nonzero
VALUES = {  # keyword -> values: the first that PyTorch takes
    "input": [M],
    "other": [M, 0.5],
    "dim": [0, (0,), 1],
    "dims": [(0,), (1, 0), 0],
    "keepdim": [True],
    "dtype": ["float32"],
    "alpha": [2.0],
    "beta": [0.5],
    "value": [0.5],
    "rounding_mode": ["floor"],
    "min": [0.4],
    "max": [1.0],
    "correction": [0],
    "unbiased": [False],
    "descending": [True],
    "stable": [True],
    "largest": [False],
    "sorted": [True],
    "reduction": ["sum"],
    "weight": [V, M],
    "inplace": [True],
    "size_average": [False],
    "reduce": [False],
    "diagonal": [1],
    "decimals": [1],
    "upper": [True],
    "left": [False],
    "n": [2],
    "p": [1.0, 0.0],
    "ord": [1],
    "requires_grad": [True],
    "device": ["cpu"],
    "as_tuple": [True],
    "shifts": [1],
    "padding_idx": [0],
    "label_smoothing": [0.1],
    "ignore_index": [1],
    "log_target": [True],
    "log_input": [False],
    "full": [True],
    "negative_slope": [0.2],
    "threshold": [0.6],
    "lambd": [0.6],
    "approximate": ["tanh"],
    "min_val": [0.4],
    "max_val": [1.0],
    "prepend": [M[:1]],
    "append": [M[:1]],
    "base": [2.0],
    "steps": [4],
    "offset": [1],
    "dim0": [1],
    "dim1": [0],
    "dim2": [0],
    "pos_weight": [V],
    "force": [True],
    "equal_nan": [True],
    "rtol": [0.5],
    "atol": [0.5],
    "eps": [0.1],
    "margin": [0.3],
    "swap": [True],
    "delta": [0.3],
}


def of(library, value, dtype=None):
    """A value of the tables in a library's terms."""
    if isinstance(value, np.ndarray):
        return library.tensor(value.copy())
    if isinstance(value, list):
        return [of(library, v) for v in value]
    return value


def called(library, room, name, args, keywords):
    function = library
    for part in [*room.split(".")[1:], name]:
        function = getattr(function, part)
    keywords = {k: getattr(library, v) if k == "dtype" else of(library, v) for k, v in keywords.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*[of(library, a) for a in args], **keywords)


def arrays(value):
    if isinstance(value, (tuple, list)):
        return [a for v in value for a in arrays(v)]
    return [value.detach().numpy() if hasattr(value, "detach") else np.asarray(value)]


def trials(torch, room, name, keywords):
    """Calls that PyTorch takes, with one keyword each, and what it answers."""
    for args in [FORMS[name]] if name in FORMS else CANDIDATES:
        try:
            called(torch, room, name, args, {})
        except Exception:
            continue
        break
    else:
        return
    shown = ["self", *keywords] if room == "torch.Tensor" and keywords[:1] != ["self"] else keywords
    for keyword in keywords:
        place = shown.index(keyword)
        if place < len(args):  # this argument, and those behind it, by name
            choices = [(args[:place], dict(zip(shown[place:], args[place:])))]
        elif keyword == "out":
            choices = [(args, {"out": None})]
        else:
            choices = [(args, {keyword: value}) for value in VALUES.get(keyword, ())]
        for positional, named in choices:
            try:
                if named == {"out": None}:
                    expected = called(torch, room, name, args, {})
                else:
                    expected = called(torch, room, name, positional, named)
            except Exception:
                continue
            yield positional, named, expected
            break


RANDOM = {
    "rand",
    "randn",
    "randint",
    "randperm",
    "rand_like",
    "randn_like",
    "normal",
    "normal_",
    "uniform_",
    "dropout",
    "empty",
} | set(
    """
    dropout1d dropout2d dropout3d alpha_dropout feature_alpha_dropout new_empty gumbel_softmax rrelu bernoulli bernoulli_
    exponential_ random_ multinomial
    """.split()
)
WITHOUT_VALUES = (
    RANDOM
    | {"empty_like", "load", "save", "data_ptr", "backward", "register_hook", "type", "is_tensor", "manual_seed"}
    | {"adaptive_avg_pool2d", "adaptive_avg_pool3d"}  # PyTorch does not count the axes where one window is asked for
    | {name for name in SIGNATURES["torch.special"] if "_polynomial_" in name}  # degrees with fractions are refused
    | set(OTHERS)
)


@pytest.mark.parametrize("room", SIGNATURES)
def test_keywords_mean_what_they_mean_in_pytorch(room):
    torch = pytest.importorskip("torch")
    n = 0
    before = jt.get_default_dtype()
    for name, keywords in SIGNATURES[room].items():
        if name in WITHOUT_VALUES or name.startswith(("set_", "get_")):
            continue
        for args, named, expected in trials(torch, room, name, keywords):
            if any(is_refused(name, k) for k in named):
                continue
            where = (room, name, args, named)
            if named == {"out": None}:
                ours = called(jt, room, name, args, {})
                target = tuple(jt.zeros_like(v) for v in ours) if isinstance(ours, tuple) else jt.zeros_like(ours)
                found = called(jt, room, name, args, {"out": target})
                assert all(f is t for f, t in zip(found, target)) if isinstance(ours, tuple) else found is target, where
            else:
                found = called(jt, room, name, args, named)
            for a, b in zip(arrays(found), arrays(expected), strict=True):
                assert a.shape == b.shape, where
                np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-7, err_msg=str(where))
            n += 1
    assert n > {"torch": 250, "torch.Tensor": 80, "torch.linalg": 6, "torch.special": 6, "torch.nn.functional": 60}[room]
    assert jt.get_default_dtype() == before


def test_out_is_recorded():
    x, out = jt.tensor([1.0, 2.0], requires_grad=True), jt.zeros(2)
    jt.mul(x, x, out=out).sum().backward()
    assert x.grad.tolist() == [2.0, 4.0]
    values, places = jt.zeros(2), jt.zeros(2, dtype=jt.int64)
    found = jt.sort(x, descending=True, out=(values, places))
    assert found.values is values and places.tolist() == [1, 0]
    assert np.sum(x, out=jt.zeros(())).item() == 3.0


def test_in_place_activations_write_to_their_argument():
    F = jt.nn.functional
    for f in (F.relu, F.leaky_relu, F.elu, F.silu, F.hardtanh, F.relu6, F.selu, F.mish, F.hardswish, F.hardsigmoid, F.celu):
        x = jt.tensor([-1.0, 2.0], requires_grad=True)
        y, expected = x * 1.0, f(x)
        assert f(y, inplace=True) is y and y.tolist() == expected.tolist()
        y.sum().backward()
        (gradient,) = jt.autograd.grad(expected.sum(), x)
        assert x.grad.tolist() == gradient.tolist()


def test_random_numbers_come_from_the_generator_that_was_given():
    for draw in (
        lambda g: jt.rand(3, generator=g),
        lambda g: jt.randn((2, 2), generator=g),
        lambda g: jt.randint(0, 9, (5,), generator=g),
        lambda g: jt.randperm(5, generator=g),
        lambda g: jt.randn_like(jt.ones(3), generator=g),
        lambda g: jt.normal(0.0, 1.0, (3,), generator=g),
        lambda g: jt.zeros(3).normal_(generator=g),
        lambda g: jt.zeros(3).uniform_(generator=g),
    ):
        assert draw(np.random.default_rng(3)).tolist() == draw(np.random.default_rng(3)).tolist()
