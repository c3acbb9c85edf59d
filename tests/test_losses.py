"""Activations and losses against PyTorch: values, gradients, second derivatives, dtypes; and what they refuse."""

import math
import warnings

import numpy as np
import pytest
from conftest import refused

import jittape as jt
import jittape.nn.functional as F

RNG = np.random.default_rng(5)
A, B = RNG.standard_normal((4, 3)) * 2.0, RNG.standard_normal((4, 3))
P, Q = RNG.uniform(0.02, 0.98, (4, 3)), RNG.uniform(0.02, 0.98, (4, 3))
LABELS = np.array([2, 0, 1, 1])
WEIGHTS = np.array([0.5, 2.0, 1.5])

ACTIVATIONS = [
    ("relu", {}),
    ("relu6", {}),
    ("sigmoid", {}),
    ("tanh", {}),
    ("softplus", {}),
    ("softplus", {"beta": 2.0, "threshold": 1.0}),
    ("leaky_relu", {}),
    ("leaky_relu", {"negative_slope": 0.3}),
    ("elu", {}),
    ("elu", {"alpha": 0.7}),
    ("celu", {"alpha": 2.0}),
    ("selu", {}),
    ("gelu", {}),
    ("gelu", {"approximate": "tanh"}),
    ("silu", {}),
    ("mish", {}),
    ("logsigmoid", {}),
    ("softsign", {}),
    ("hardtanh", {}),
    ("hardtanh", {"min_val": -0.3, "max_val": 1.2}),
    ("hardsigmoid", {}),
    ("hardswish", {}),
    ("tanhshrink", {}),
    ("softshrink", {}),
    ("softshrink", {"lambd": 0.2}),
    ("threshold", {"threshold": 0.2, "value": -3.0}),
    ("softmax", {"dim": 1}),
    ("softmax", {"dim": 0}),
    ("log_softmax", {"dim": 1}),
    ("log_softmax", {"dim": -2}),
    ("softmin", {"dim": 1}),
    ("normalize", {}),
    ("normalize", {"p": 1.0, "dim": 0}),
    ("pad", {"pad": (1, 2)}),
    ("pad", {"pad": (0, 1, 2, 0), "value": 1.5}),
    ("layer_norm", {"normalized_shape": (3,)}),
    ("layer_norm", {"normalized_shape": (4, 3)}),
]

BOTH, PAIR, REDUCTIONS = [A, B], [P, Q], ("mean", "sum", "none")
LOSSES = [
    *[(name, {"reduction": r}, BOTH) for name in ("mse_loss", "l1_loss", "huber_loss", "smooth_l1_loss") for r in REDUCTIONS],
    ("huber_loss", {"delta": 0.4}, BOTH),
    ("smooth_l1_loss", {"beta": 0.4}, BOTH),
    ("smooth_l1_loss", {"beta": 0.0}, BOTH),
    *[("binary_cross_entropy_with_logits", {"reduction": r}, [A, Q]) for r in REDUCTIONS],
    ("binary_cross_entropy_with_logits", {"weight": WEIGHTS}, [A, Q]),
    ("binary_cross_entropy_with_logits", {"pos_weight": WEIGHTS, "weight": WEIGHTS}, [A, Q]),
    *[("binary_cross_entropy", {"reduction": r}, PAIR) for r in REDUCTIONS],
    ("binary_cross_entropy", {"weight": WEIGHTS}, PAIR),
    *[("kl_div", {"reduction": r}, [np.log(P), Q]) for r in (*REDUCTIONS, "batchmean")],
    ("kl_div", {"log_target": True, "reduction": "sum"}, [np.log(P), np.log(Q)]),
    ("poisson_nll_loss", {}, [A, np.abs(B)]),
    ("poisson_nll_loss", {"log_input": False, "reduction": "sum"}, [P, np.abs(B)]),
    ("cosine_similarity", {}, BOTH),
    ("cosine_similarity", {"dim": 0}, BOTH),
]


def both_run(name, arrays, options, second=True, dtype=np.float64, leaves=None):
    """Value, gradients, and gradients of a sum of squared gradients, by both libraries."""
    torch = pytest.importorskip("torch")
    answers = []
    for library, functional in ((jt, F), (torch, torch.nn.functional)):
        inputs = [library.tensor(a.astype(dtype), requires_grad=leaves is None or k in leaves) for k, a in enumerate(arrays)]
        given = {
            k: library.tensor(v.astype(dtype)) if isinstance(v, np.ndarray) and v.dtype.kind == "f" else v
            for k, v in options.items()
        }
        given = {k: library.tensor(v) if isinstance(v, np.ndarray) else v for k, v in given.items()}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            y = getattr(functional, name)(*inputs, **given)
        active = [x for x in inputs if x.requires_grad]
        weights = np.linspace(0.5, 1.5, int(np.prod(tuple(y.shape)))).reshape(tuple(y.shape)).astype(dtype)
        first = library.autograd.grad(y, active, library.tensor(weights), create_graph=second, allow_unused=True)
        found = [y, *first]
        if second:
            square = sum((g * g).sum() for g in first if g is not None)
            if square.requires_grad:
                found += library.autograd.grad(square, active, allow_unused=True)
        answers.append([None if v is None else v.detach().clone().numpy() for v in found])
    return answers


def compare(answers, rtol=1e-9, atol=1e-12):
    ours, theirs = answers
    for k, (a, b) in enumerate(zip(ours, theirs)):
        if a is None or b is None:
            assert k and not np.any(a) and not np.any(b)
            continue
        assert a.shape == b.shape and a.dtype == b.dtype
        np.testing.assert_allclose(a, b, rtol=rtol, atol=atol, err_msg=f"answer {k}")
    assert len(ours) >= 2


def named(cases):
    return [f"{k}-{case[0]}" for k, case in enumerate(cases)]


@pytest.mark.parametrize("name, options", ACTIVATIONS, ids=named(ACTIVATIONS))
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_activations(name, options, dtype):
    tolerances = (1e-8, 1e-9) if dtype is np.float64 else (2e-4, 2e-5)  # softplus: PyTorch's is 2e-9 off near its threshold
    if name.startswith("hards"):  # a sixth in single precision there, and no second derivative
        compare(both_run(name, [A], options, False, dtype), 1e-6, 1e-7)
        return
    compare(both_run(name, [A], options, dtype=dtype), *tolerances)


@pytest.mark.parametrize("name, options, arrays", LOSSES, ids=named(LOSSES))
def test_losses(name, options, arrays):
    compare(both_run(name, arrays, options, second=name != "kl_div"))


@pytest.mark.parametrize("name, options, arrays", LOSSES, ids=named(LOSSES))
def test_losses_in_single_precision(name, options, arrays):
    compare(both_run(name, arrays, options, second=False, dtype=np.float32), 5e-5, 1e-5)


OPTIONS = [
    {},
    {"weight": WEIGHTS},
    {"ignore_index": 1},
    {"label_smoothing": 0.2},
    {"weight": WEIGHTS, "label_smoothing": 0.3},
    {"ignore_index": 0, "label_smoothing": 0.1},
    {"weight": WEIGHTS, "ignore_index": 2},
]


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_cross_entropy(options, reduction):
    compare(both_run("cross_entropy", [A], {"target": LABELS, "reduction": reduction, **options}))
    if "label_smoothing" not in options:
        compare(both_run("nll_loss", [np.log(P)], {"target": LABELS, "reduction": reduction, **options}, second=False))


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("shape", [(3,), (2, 3, 4), (2, 3, 2, 2)], ids=str)
def test_cross_entropy_of_any_number_of_axes(shape, reduction):
    logits = RNG.standard_normal(shape)
    labels = RNG.integers(0, 3, shape[:1] + shape[2:] if len(shape) > 1 else ())
    compare(both_run("cross_entropy", [logits], {"target": np.asarray(labels), "reduction": reduction}))
    compare(both_run("nll_loss", [logits], {"target": np.asarray(labels), "reduction": reduction}, second=False))


@pytest.mark.parametrize(
    "options", [{}, {"weight": WEIGHTS}, {"label_smoothing": 0.2}, {"reduction": "sum"}, {"reduction": "none"}], ids=str
)
def test_cross_entropy_with_probabilities(options):
    compare(both_run("cross_entropy", [A, P / P.sum(1, keepdims=True)], options))


def test_gaussian_nll():
    torch = pytest.importorskip("torch")
    for full in (False, True):
        answers = []
        for library, functional in ((jt, F), (torch, torch.nn.functional)):
            x, t, v = (library.tensor(a, requires_grad=True) for a in (A, B, P - 0.02))
            y = functional.gaussian_nll_loss(x, t, v, full=full, eps=0.1)
            answers.append([y.item(), *[g.numpy() for g in library.autograd.grad(y, (x, t, v))]])
        for a, b in zip(*answers):
            np.testing.assert_allclose(a, b, rtol=1e-10)


def test_prelu_and_glu():
    compare(both_run("prelu", [A, np.array([0.3])], {}))
    compare(both_run("prelu", [A, np.array([0.3, 0.1, -0.2])], {}))
    compare(both_run("glu", [RNG.standard_normal((3, 4))], {"dim": 1}))
    with refused(jt.errors.ShapeError, "prelu: got a weight of shape [2] for an input of shape [4, 3], expected one slope or 3"):
        F.prelu(jt.tensor(A), jt.ones(2))


MODULES = [
    ("ReLU", ()),
    ("ReLU6", ()),
    ("Sigmoid", ()),
    ("Tanh", ()),
    ("SELU", ()),
    ("SiLU", ()),
    ("Mish", ()),
    ("LogSigmoid", ()),
    ("Softsign", ()),
    ("Hardsigmoid", ()),
    ("Hardswish", ()),
    ("Tanhshrink", ()),
    ("Softplus", (2.0, 5.0)),
    ("LeakyReLU", (0.2,)),
    ("ELU", (0.5,)),
    ("CELU", (0.5,)),
    ("GELU", ()),
    ("Hardtanh", (-0.5, 0.5)),
    ("Softshrink", (0.3,)),
    ("Threshold", (0.1, 2.0)),
    ("Softmax", (1,)),
    ("LogSoftmax", (0,)),
    ("Softmin", (1,)),
    ("PReLU", ()),
]


@pytest.mark.parametrize("name, arguments", MODULES, ids=[name for name, _ in MODULES])
def test_modules_of_activations(name, arguments):
    torch = pytest.importorskip("torch")
    ours, theirs = getattr(jt.nn, name)(*arguments), getattr(torch.nn, name)(*arguments).double()
    found, expected = ours(jt.tensor(A)).detach().numpy(), theirs(torch.tensor(A)).detach().numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-9)
    if not arguments:
        assert repr(ours) == repr(theirs)


LOSS_MODULES = [
    ("MSELoss", {}),
    ("L1Loss", {"reduction": "sum"}),
    ("HuberLoss", {"delta": 0.5}),
    ("SmoothL1Loss", {"beta": 0.5}),
    ("BCEWithLogitsLoss", {"pos_weight": WEIGHTS}),
    ("BCELoss", {"weight": WEIGHTS}),
    ("KLDivLoss", {"reduction": "batchmean"}),
    ("PoissonNLLLoss", {"full": True}),
    ("CrossEntropyLoss", {"weight": WEIGHTS, "ignore_index": 0}),
    ("NLLLoss", {}),
]


@pytest.mark.parametrize("name, options", LOSS_MODULES, ids=[name for name, _ in LOSS_MODULES])
def test_modules_of_losses(name, options):
    torch = pytest.importorskip("torch")
    answers = []
    for library in (jt, torch):
        given = {k: library.tensor(v) if isinstance(v, np.ndarray) else v for k, v in options.items()}
        loss = getattr(library.nn, name)(**given)
        target = LABELS if name in ("CrossEntropyLoss", "NLLLoss") else Q
        answers.append(loss(library.tensor(P), library.tensor(target)).item())
    assert abs(answers[0] - answers[1]) < 1e-12


# --- numbers at the edge ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("z", [-1000.0, -40.0, 0.0, 40.0, 1000.0])
@pytest.mark.parametrize("y", [0.0, 1.0])
def test_logits_never_overflow(z, y):
    x = jt.tensor(z, requires_grad=True)
    loss = F.binary_cross_entropy_with_logits(x, jt.tensor(y))
    loss.backward()
    wrong = -z if y else z
    assert loss.item() == pytest.approx(wrong if wrong > 30 else math.log1p(math.exp(wrong)), rel=1e-12)
    assert x.grad.item() == pytest.approx((1 / (1 + math.exp(-z)) if z > -700 else 0.0) - y, abs=1e-12)


def test_large_logits_of_classes():
    x = jt.tensor([[1000.0, 0.0], [0.0, -1000.0]], requires_grad=True)
    loss = F.cross_entropy(x, np.array([1, 0]), reduction="sum")
    loss.backward()
    assert loss.item() == 1000.0
    assert x.grad.tolist() == [[1.0, -1.0], [0.0, 0.0]]


def test_certain_and_wrong_probabilities(torch):
    p = torch.tensor([0.0, 1.0, 0.5], requires_grad=True)
    loss = torch.nn.functional.binary_cross_entropy(p, torch.tensor([1.0, 0.0, 1.0]), reduction="sum")
    loss.backward()
    assert abs(loss.item() - 200 - math.log(2)) < 1e-12
    np.testing.assert_allclose(p.grad.tolist(), [-1e12, 1e12, -2.0])


def test_labels_of_what_is_ignored_everywhere(torch):
    x = torch.tensor([[1.0, 2.0]], requires_grad=True)
    assert math.isnan(torch.nn.functional.cross_entropy(x, torch.tensor([-100])).item())
    loss = torch.nn.functional.cross_entropy(x, torch.tensor([-100]), reduction="sum")
    loss.backward()
    assert loss.item() == 0.0 and x.grad.tolist() == [[0.0, 0.0]]


def test_an_ignored_row_may_be_infinite():
    x = jt.tensor([[np.inf, 1.0], [1.0, 2.0]], requires_grad=True)
    F.cross_entropy(x, np.array([-100, 0])).backward()
    assert x.grad.tolist()[0] == [0.0, 0.0]


def test_labels_are_read_when_the_loss_is_made():
    """The caller's array may change before the sweep."""
    x, labels = jt.tensor([[1.0, 2.0]], requires_grad=True), np.array([0])
    loss = F.cross_entropy(x, labels)
    labels[0] = 1
    loss.backward()
    assert x.grad.tolist()[0][0] < 0


def test_an_empty_batch(torch):
    x = torch.tensor(np.zeros((0, 3)), requires_grad=True)
    assert math.isnan(torch.nn.functional.cross_entropy(x, torch.tensor(np.zeros(0, np.int64))).item())
    assert math.isnan(torch.nn.functional.mse_loss(x, x.detach()).item())


# --- what is refused --------------------------------------------------------------------------------------------------


def test_sizes_that_differ():
    x = jt.tensor(A, requires_grad=True)
    with pytest.warns(UserWarning, match=r"Using a target size \(Size\(\[3\]\)\) that is different to the input size"):
        assert F.mse_loss(x, jt.ones(3)).shape == ()
    with refused(ValueError, "Target size (Size([3])) must be the same as input size (Size([4, 3]))", x):
        F.binary_cross_entropy_with_logits(x, jt.ones(3))
    with refused(ValueError, "Using a target size (Size([3])) that is different to the input size (Size([4, 3]))", x):
        F.binary_cross_entropy(x, jt.ones(3))
    with refused(ValueError, "Expected input batch_size (4) to match target batch_size (3)", x):
        F.cross_entropy(x, np.array([0, 1, 2]))
    with refused(jt.errors.ShapeError, "got labels of shape [4, 1], expected [4]", x):
        F.cross_entropy(x, LABELS[:, None])
    with refused(jt.errors.ShapeError, "weight tensor should be defined either for all 3 classes or no classes", x):
        F.cross_entropy(x, LABELS, jt.ones(2))


def test_values_that_cannot_be():
    x = jt.tensor(A, requires_grad=True)
    with refused(IndexError, "Target 3 is out of bounds: got it as label number 1, expected classes 0 to 2", x):
        F.cross_entropy(x, np.array([0, 3, 0, 0]))
    with refused(IndexError, "Target -1 is out of bounds", x):
        F.nll_loss(x, np.array([0, -1, 0, 0]))
    with refused(TypeError, "expected labels of integers", x):
        F.cross_entropy(x, LABELS + 0.5)
    with refused(RuntimeError, "all elements of input should be between 0 and 1: got -", x):
        F.binary_cross_entropy(x, jt.tensor(Q))
    with refused(ValueError, "'average' is not a valid value for reduction: expected one of 'mean', 'sum', 'none'", x):
        F.mse_loss(x, x.detach(), reduction="average")
    with refused(ValueError, "'average' is not a valid value for reduction"):
        jt.nn.CrossEntropyLoss(reduction="average")
    with refused(TypeError, "MSELoss got an unexpected keyword argument 'beta'"):
        jt.nn.MSELoss(beta=1.0)
    with refused(RuntimeError, "huber_loss does not support non-positive values for delta: got 0", x):
        F.huber_loss(x, x.detach(), delta=0)
    with refused(TypeError, "mse_loss(): argument 'target' (position 1) must be Tensor, not list", x):
        F.mse_loss(x, [1.0])
