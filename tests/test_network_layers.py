"""Layers of networks against PyTorch: values, first and second derivatives of functions, trajectories of modules."""

import importlib
import warnings

import numpy as np
import pytest

import jittape
from jittape import nn
from layer_cases import FUNCTIONS, LAYERS

F = nn.functional


@pytest.fixture(scope="module")
def torch():
    torch = pytest.importorskip("torch", reason="layers are compared with PyTorch's, which is not installed here")

    importlib.import_module("torch.nn.utils.parametrize")
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield torch
    torch.set_default_dtype(before)


def tensors_of(value):
    if isinstance(value, (tuple, list)):
        return [t for v in value for t in tensors_of(v)]
    return [] if value is None else [value]


def loss_of(torch, value):
    """The sum of squares of all results, with weights."""
    return sum([((y * weights(torch, y)) ** 2).sum() for y in tensors_of(value) if y.dtype == torch.float64])


def weights(torch, y):
    return torch.tensor(np.cos(np.arange(y.numel())).reshape(tuple(y.shape)))


ONCE = {"scaled_dot_product_attention", "pdist", "ctc_loss", "embedding_bag", "multilabel_margin_loss"}  # PyTorch has no second


def derivatives(torch, name, arguments, options):
    """Values of a function, and first and second derivatives, by arguments that are arrays of floats."""
    options = {"_random_samples" if k == "samples" else k: torch.tensor(v) if k == "samples" else v for k, v in options.items()}
    given = [torch.tensor(a, requires_grad=a.dtype == float) if isinstance(a, np.ndarray) else a for a in arguments]
    leaves = [x for x in given if isinstance(x, torch.Tensor) and x.requires_grad]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if name == "ctc_loss":  # PyTorch's derivative is that by logits
            given[0] = given[0].log_softmax(-1)
        value = getattr(torch.nn.functional, name)(*given, **options)
    second = name not in ONCE and not (name == "grid_sample" and (given[0].ndim == 5 or options["mode"] != "bilinear"))
    first = torch.autograd.grad(loss_of(torch, value), leaves, create_graph=second, materialize_grads=True)
    found = [*tensors_of(value), *first]
    if second:
        found += torch.autograd.grad(sum([(g * g).sum() for g in first]), leaves)
    return [t.detach().numpy() for t in found]


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("name", "shapes", "options"), FUNCTIONS, ids=lambda v: v if isinstance(v, str) else "")
def test_function(torch, name, shapes, options):
    rng = np.random.default_rng(0)
    arguments = [rng.standard_normal(s) if isinstance(s, tuple) else s for s in shapes]
    found, expected = (derivatives(library, name, arguments, options) for library in (jittape, torch))
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-10)


def trained(torch, make, shapes, call=None, state=None):
    """Losses, parameters, buffers and gradients of inputs after some steps; and the first state."""
    rng, module = np.random.default_rng(0), make(torch)
    if state is not None:
        module.load_state_dict({k: torch.tensor(v) for k, v in state.items()})
    first = {k: v.detach().numpy().copy() for k, v in module.state_dict().items()}
    inputs = [torch.tensor(rng.standard_normal(s), requires_grad=True) for s in shapes]
    parameters, losses = list(module.parameters()), []
    optimiser = torch.optim.SGD(parameters, lr=1e-3, momentum=0.5) if parameters else None
    for _ in range(3):
        for x in [*inputs, *parameters]:
            x.grad = None
        loss = loss_of(torch, module(*inputs) if call is None else call(torch, module, *inputs))
        loss.backward()
        losses.append(loss.item())
        if optimiser is not None:
            optimiser.step()
    arrays = [t.detach().numpy() for t in [*parameters, *module.buffers(), *[x.grad for x in inputs]]]
    return [np.array(losses), *arrays], first


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", LAYERS)
def test_trajectory(torch, name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected, first = trained(torch, *LAYERS[name])
        found, same = trained(jittape, *LAYERS[name], state=first)
    assert list(first) == list(same)
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-11)


def test_nan_stays_in_its_window():
    x = jittape.zeros(1, 1, 4, 4)
    x[0, 0, 0, 0] = float("nan")
    for function in (F.max_pool2d, F.avg_pool2d):
        found = function(x, 2)
        assert found.isnan().tolist() == [[[[True, False], [False, False]]]]
    assert F.interpolate(x, scale_factor=2).isnan().sum() == 4
    assert F.conv2d(x, jittape.ones(1, 1, 2, 2)).isnan().sum() == 1


@pytest.mark.sampled(0)
def test_single_precision():
    layer = nn.Sequential(nn.Conv2d(2, 3, 2), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(3 * 4, 2)).float()
    x = jittape.randn(2, 2, 5, 5, dtype=jittape.float32, requires_grad=True)
    y = layer(x)
    y.sum().backward()
    assert y.dtype == jittape.float32 == x.grad.dtype


def test_hooks_of_modules():
    called, layer, x = [], nn.Linear(2, 2), jittape.ones(3, 2, requires_grad=True)
    layer.register_forward_pre_hook(lambda module, args: (args[0] * 2,))
    layer.register_forward_hook(lambda module, args, kwargs, output: output + 1, with_kwargs=True)
    layer.register_full_backward_hook(lambda module, given, reached: called.append((given, reached)))
    with layer.register_full_backward_pre_hook(lambda module, reached: (reached[0] * 3,)):
        y = layer(x)
        y.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), 6 * np.ones((3, 1)) * layer.weight.detach().numpy().sum(0))
    ((given, reached),) = called
    assert [g.shape for g in given] == [(3, 2)] and reached[0].tolist() == [[3.0, 3.0]] * 3
    layer(jittape.ones(3, 2)).sum().backward()
    assert called[1][0] == (None,) and called[1][1][0].tolist() == [[1.0, 1.0]] * 3
    failed = nn.Linear(2, 2)
    failed.register_forward_hook(lambda module, args, output: called.append(output), always_call=True)
    with pytest.raises(RuntimeError):
        failed(jittape.ones(3))
    assert called[-1] is None
    with pytest.raises(TypeError, match="expected a function"):
        layer.register_forward_hook(3)


def test_parts_of_modules():
    model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    assert model.get_parameter("0.weight") is model[0].weight and model.get_buffer("1.running_mean").tolist() == [0.0, 0.0]
    with pytest.raises(AttributeError, match="is not an nn.Parameter"):
        model.get_parameter("1.running_mean")
    with pytest.raises(AttributeError, match="is not a buffer"):
        model.get_buffer("0.weight")
    both = nn.ParameterDict({"a": jittape.ones(2)})
    both["b"] = nn.Parameter(jittape.zeros(1))
    assert list(both.keys()) == ["a", "b"] and "a" in both and len(list(both.parameters())) == 2
    with pytest.raises(KeyError):
        both["c"]
    layer = nn.utils.weight_norm(nn.Linear(3, 2))
    before = layer.weight.tolist()
    nn.utils.remove_weight_norm(layer)
    np.testing.assert_allclose(layer.weight.tolist(), before)
    assert sorted(dict(layer.named_parameters())) == ["bias", "weight"]
    found = nn.utils.parametrizations.weight_norm(nn.Linear(3, 2))
    nn.utils.parametrize.remove_parametrizations(found, "weight")
    assert type(found) is nn.Linear and not nn.utils.parametrize.is_parametrized(found)


def test_fills():
    windows = nn.init.dirac_(jittape.empty(3, 2, 3))
    assert F.conv1d(jittape.ones(1, 2, 5), windows, padding=1)[0, :2].tolist() == [[1.0] * 5] * 2
    assert (nn.init.sparse_(jittape.empty(10, 4), 0.3) == 0).sum(0).tolist() == [3, 3, 3, 3]
    drawn = nn.init.trunc_normal_(jittape.empty(2000), 0.5, 2.0, -1.0, 1.0)
    assert drawn.min() >= -1.0 and drawn.max() <= 1.0 and abs(drawn.mean().item() - 0.04) < 0.1
    same = [nn.init.normal_(jittape.empty(3), generator=jittape.Generator().manual_seed(1)).tolist() for _ in range(2)]
    assert same[0] == same[1]


ONES = jittape.ones
REFUSED = [
    (
        lambda: F.conv2d(ONES(3, 3), ONES(1, 1, 2, 2)),
        "Expected 3D .unbatched. or 4D .batched. input to conv2d, but got input of size",
    ),
    (
        lambda: F.conv2d(ONES(1, 2, 5, 5), ONES(4, 3, 2, 2)),
        "Given groups=1, weight of size .4, 3, 2, 2., expected input.1, 2, 5, 5. to",
    ),
    (
        lambda: F.conv2d(ONES(1, 1, 2, 2), ONES(1, 1, 3, 3)),
        "Calculated padded input size per channel: .2 x 2.. Kernel size: .3 x 3.",
    ),
    (lambda: F.conv2d(ONES(1, 1, 4, 4), ONES(1, 1, 3, 3), stride=0), "non-positive stride is not supported"),
    (lambda: F.conv2d(ONES(1, 1, 4, 4), ONES(1, 1, 3, 3), ONES(2)), "expected bias to be 1-dimensional with 1 elements"),
    (lambda: F.conv2d(ONES(1, 1, 4, 4), ONES(1, 1, 3, 3), stride=2, padding="same"), "not supported for strided convolutions"),
    (
        lambda: F.conv_transpose2d(ONES(1, 1, 4, 4), ONES(1, 1, 3, 3), output_padding=1),
        "output padding must be smaller than either",
    ),
    (lambda: F.max_pool2d(ONES(1, 1, 4, 4), 3, padding=2), "pad should be at most half of effective kernel size"),
    (lambda: F.max_pool2d(ONES(1, 1, 1, 1), 3), "Output size is too small"),
    (lambda: F.batch_norm(ONES(1, 3), None, None, training=True), "Expected more than 1 value per channel when training"),
    (lambda: F.batch_norm(ONES(2, 3), None, None), "Expected running_mean and running_var to be defined"),
    (lambda: F.group_norm(ONES(1, 3), 2), "to be divisible by num_groups"),
    (lambda: F.interpolate(ONES(1, 1, 3)), "either size or scale_factor should be defined"),
    (lambda: F.interpolate(ONES(1, 1, 3), 2, mode="bilinear"), "Got 3D input, but bilinear mode needs 4D input"),
    (
        lambda: F.interpolate(ONES(1, 1, 3), 2, align_corners=True),
        "align_corners option can only be set with the interpolating modes",
    ),
    (lambda: F.pad(ONES(2, 2), (1,)), "Padding length must be divisible by 2"),
    (lambda: F.pad(ONES(2, 2), (2, 0), mode="reflect"), "Padding size should be less than the corresponding input dimension"),
    (lambda: F.bilinear(ONES(2, 3), ONES(2, 2), ONES(1, 2, 2)), "input and weight sizes do not match"),
    (
        lambda: F.scaled_dot_product_attention(*[ONES(2, 2)] * 3, attn_mask=ONES(2, 2), is_causal=True),
        "should not be set when is_causal",
    ),
    (lambda: nn.Conv2d(3, 4, 3, groups=2), "in_channels must be divisible by groups"),
    (lambda: nn.Conv2d(3, 4, 3, padding_mode="x"), "padding_mode must be one of"),
    (lambda: nn.BatchNorm2d(3)(ONES(2, 3)), "expected 4D input .got 2D input."),
    (lambda: nn.GroupNorm(2, 3), "must be divisible by num_groups"),
    (lambda: nn.LSTM(3, 4)(ONES(2, 2)), "input.size.-1. must be equal to input_size. Expected 3, got 2"),
    (lambda: nn.LSTM(3, 4)(ONES(2, 1, 3), (ONES(1, 1, 3), ONES(1, 1, 4))), "Expected hidden.0. size"),
    (lambda: nn.LSTM(3, 4, num_layers=0), "num_layers must be greater than zero"),
    (lambda: nn.RNN(3, 4, nonlinearity="x"), "Unknown nonlinearity"),
    (lambda: nn.GRUCell(3, 4)(ONES(2, 2)), "input has inconsistent input_size: got 2 expected 3"),
    (lambda: nn.MultiheadAttention(3, 2), "embed_dim must be divisible by num_heads"),
    (lambda: nn.Embedding(3, 2, padding_idx=5), "Padding_idx must be within num_embeddings"),
    (lambda: nn.Bilinear(0, 1, 1), "in1_features must be > 0"),
    (lambda: nn.utils.parametrize.register_parametrization(nn.Linear(2, 2), "x", nn.Identity()), "does not have a parameter"),
    (
        lambda: nn.utils.parametrize.register_parametrization(nn.Linear(2, 2), "weight", nn.Flatten(0)),
        "may not change the shape or dtype",
    ),
]


@pytest.mark.parametrize(("call", "message"), REFUSED, ids=lambda v: v if isinstance(v, str) else "")
def test_refused(call, message):
    with pytest.raises((RuntimeError, ValueError, AssertionError, NotImplementedError), match=message):
        call()


def test_orthogonal_weights(torch):
    """What a weight was it is again, where it was orthogonal; and it stays orthogonal in training."""
    rng = np.random.default_rng(1)
    for rows, columns in ((4, 4), (5, 3), (3, 5)):
        q = np.linalg.qr(rng.standard_normal((max(rows, columns), min(rows, columns))))[0]
        q = q if rows >= columns else q.T
        for kind in (None, "matrix_exp", "cayley", "householder"):
            for base in (True, False):
                layers = []
                for library in (jittape, torch):
                    layer = library.nn.Linear(columns, rows).double()
                    layer.weight.data.copy_(library.tensor(q))
                    how = {"orthogonal_map": kind, "use_trivialization": base}
                    if not base and (kind in ("matrix_exp", "cayley") or kind is None and rows == columns):
                        library.nn.utils.parametrizations.orthogonal(layer, **how)
                        with pytest.raises(NotImplementedError, match="It is not possible to assign to the matrix exponential"):
                            layer.weight = library.tensor(q)
                        continue
                    library.nn.utils.parametrizations.orthogonal(layer, **how)
                    layers.append(layer)
                for layer in layers:
                    np.testing.assert_allclose(layer.weight.detach().numpy(), q, atol=1e-12)
                for layer in layers[:1]:
                    optimiser = jittape.optim.SGD(layer.parameters(), lr=0.1)
                    for _ in range(3):
                        optimiser.zero_grad()
                        (layer.weight * jittape.tensor(rng.standard_normal((rows, columns)))).sum().backward()
                        optimiser.step()
                    w = layer.weight.detach().numpy()
                    product = w @ w.T if rows <= columns else w.T @ w
                    np.testing.assert_allclose(product, np.eye(len(product)), atol=1e-12)
                    assert np.abs(w - q).max() > 1e-3
    with pytest.raises(ValueError, match="Expected a matrix or batch of matrices"):
        nn.utils.parametrizations.orthogonal(nn.Linear(2, 2), "bias")
    with pytest.raises(ValueError, match="has no parameter or buffer with name 'w'"):
        nn.utils.parametrizations.orthogonal(nn.Linear(2, 2), "w")
    with pytest.raises(ValueError, match="orthogonal_map has to be one of"):
        nn.utils.parametrizations.orthogonal(nn.Linear(2, 2), orthogonal_map="qr")


CONVOLUTIONS = [
    ("conv1d", (2, 4, 9), (6, 2, 3), {"stride": 2, "padding": 1, "groups": 2}),
    ("conv2d", (2, 3, 7, 6), (4, 3, 3, 2), {"stride": (2, 1), "dilation": (1, 2)}),
    ("conv3d", (1, 2, 4, 5, 3), (3, 2, 2, 2, 2), {"padding": 1, "stride": 2}),
]


@pytest.mark.parametrize(("name", "x", "w", "options"), CONVOLUTIONS, ids=lambda v: v if isinstance(v, str) else "")
def test_gradients_of_convolutions(torch, name, x, w, options):
    """Values and derivatives as PyTorch's."""
    rng, found = np.random.default_rng(0), {}
    arrays = rng.standard_normal(x), rng.standard_normal(w)
    out = rng.standard_normal(tuple(getattr(torch.nn.functional, name)(*map(torch.tensor, arrays), **options).shape))
    for library in (jittape, torch):
        x_, w_, y_bar = (library.tensor(a, requires_grad=True) for a in (*arrays, out))
        grad = library.nn.grad
        both = [getattr(grad, name + "_input")(x, w_, y_bar, **options), getattr(grad, name + "_weight")(x_, w, y_bar, **options)]
        second = library.autograd.grad(sum([(g**2).sum() for g in both]), [x_, w_, y_bar])
        found[library] = [t.detach().numpy() for t in (*both, *second)]
    for ours, theirs in zip(*found.values(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10)
    plain = getattr(nn.grad, name + "_input")(x, arrays[1], out, **options)
    assert not plain.requires_grad


def hooked_states(torch):
    """What hooks of state dicts see and change, in either library."""
    seen, model = [], torch.nn.Sequential(torch.nn.Linear(2, 2, bias=False), torch.nn.BatchNorm1d(2))
    outer = torch.nn.ModuleDict({"net": model})
    model.register_state_dict_pre_hook(lambda module, prefix, keep: seen.append(("pre", prefix, keep)))
    model.register_state_dict_post_hook(lambda module, state, prefix, about: seen.append(("post", prefix, sorted(state))))
    model[0].register_state_dict_post_hook(
        lambda module, state, prefix, about: state.update({prefix + "renamed": state.pop(prefix + "weight")})
    )

    def rename(module, state, prefix, about, strict, missing, unexpected, errors):
        seen.append(("load", prefix, strict, sorted(state), missing, unexpected, errors))
        state[prefix + "weight"] = state.pop(prefix + "renamed")

    handle = model[0].register_load_state_dict_pre_hook(rename)
    state = outer.state_dict()
    given = dict(state)
    found = outer.load_state_dict(given)
    assert list(given) == list(state)
    seen.append((list(found.missing_keys), list(found.unexpected_keys), sorted(state)))
    handle.remove()
    with pytest.raises(RuntimeError, match="Missing key"):
        outer.load_state_dict(state)
    return seen


def test_hooks_of_states(torch):
    assert hooked_states(jittape) == hooked_states(torch)


def test_errors_that_hooks_report():
    model = nn.Linear(2, 2)
    before = model.weight.tolist()
    model.register_load_state_dict_pre_hook(
        lambda m, state, prefix, about, strict, missing, extra, errors: errors.append("too old")
    )
    with pytest.raises(RuntimeError, match="too old"):
        model.load_state_dict({k: v + 1 for k, v in model.state_dict().items()})
    assert model.weight.tolist() == before


def averaged(torch, kind):
    """Averages of parameters and rates along a training."""
    rng = np.random.default_rng(3)
    x, y = torch.tensor(rng.standard_normal((8, 3))), torch.tensor(rng.standard_normal((8, 2)))
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 2)).double()
    for p in model.parameters():
        p.data.copy_(torch.tensor(np.cos(np.arange(p.numel())).reshape(tuple(p.shape))))
    utils = torch.optim.swa_utils
    how = {
        "mean": {},
        "decay": {"multi_avg_fn": utils.get_ema_multi_avg_fn(0.9), "use_buffers": True},
        "each": {"avg_fn": utils.get_ema_avg_fn(0.7)},
        "means": {"multi_avg_fn": utils.get_swa_multi_avg_fn()},
    }[kind]
    mean = utils.AveragedModel(model, **how)
    optimiser = torch.optim.SGD([{"params": model[0].parameters()}, {"params": model[2].parameters(), "lr": 0.2}], lr=0.1)
    rates = utils.SWALR(optimiser, [0.05, 0.01], anneal_epochs=3, anneal_strategy="cos" if kind == "mean" else "linear")
    found = []
    for _ in range(5):
        optimiser.zero_grad()
        ((model(x) - y) ** 2).mean().backward()
        optimiser.step()
        mean.update_parameters(model)
        rates.step()
        found += [np.array(rates.get_last_lr()), *[p.detach().numpy().copy() for p in mean.parameters()]]
    utils.update_bn([x[:4], (x[4:], y)], mean)
    found += [b.numpy().astype(float) for b in mean.buffers()]
    return [*found, mean(x).detach().numpy()], list(mean.state_dict())


@pytest.mark.sampled(1)
@pytest.mark.parametrize("kind", ["mean", "decay", "each", "means"])
def test_averages_of_parameters(torch, kind):
    (found, names), (expected, same) = averaged(jittape, kind), averaged(torch, kind)
    assert sorted(names) == sorted(same)
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)
    with pytest.raises(ValueError, match="Only one of avg_fn and multi_avg_fn should be provided"):
        jittape.optim.swa_utils.AveragedModel(nn.Linear(1, 1), avg_fn=max, multi_avg_fn=max)
    with pytest.raises(ValueError, match="Invalid decay value 2"):
        jittape.optim.swa_utils.get_ema_avg_fn(2)


def test_random_numbers_that_are_drawn_aside(torch):
    for library in (jittape, torch):
        library.manual_seed(1)
        expected = library.rand(3).tolist()
        library.manual_seed(1)
        with library.random.fork_rng():
            assert library.rand(3).tolist() == expected
        assert library.rand(3).tolist() == expected
        with library.random.fork_rng(enabled=False):
            library.rand(3)
        assert library.rand(3).tolist() != expected and library.random.initial_seed() == 1
