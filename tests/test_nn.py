"""Modules: the same program with jittape and, where installed, with PyTorch."""

import copy
import pickle
import warnings

import numpy as np
import pytest
from conftest import assert_close, numbers, refused, text

import jittape as jt


def fill(net):
    """The same values in both libraries."""
    for k, p in enumerate(net.parameters()):
        values = 0.1 + 0.07 * ((7 * (k + np.arange(p.numel()))) % 11 - 5.0)
        p.data.copy_(p.data.new_tensor(values.reshape(tuple(p.shape))))
    return net


def net_of(torch):
    nn = torch.nn
    return fill(nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)))


# --- rows of the table of behaviours ------------------------------------------------------------------------------


def test_s0_15_parameters_are_leaves(torch):
    layer = torch.nn.Linear(3, 2)
    found = [(name, p.is_leaf, p.requires_grad, tuple(p.shape)) for name, p in layer.named_parameters()]
    assert found == [("weight", True, True, (2, 3)), ("bias", True, True, (2,))]


def test_s1_03_parameters_require_grad_and_so_does_the_result(torch):
    net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU(), torch.nn.Linear(3, 1))
    assert [p.requires_grad for p in net.parameters()] == [True] * 4
    assert [name for name, _ in net.named_parameters()] == ["0.weight", "0.bias", "2.weight", "2.bias"]
    x = torch.ones(2, 2)
    y = net(x)
    assert (x.requires_grad, y.requires_grad, tuple(y.shape)) == (False, True, (2, 1))


def test_s1_04_losses_and_activations_have_no_parameters(torch):
    loss, activation = torch.nn.MSELoss(), torch.nn.ReLU()
    assert not list(loss.parameters()) and not list(activation.parameters())
    x = torch.tensor([1.0, -1.0])
    assert not activation(x).requires_grad and not loss(x, torch.zeros(2)).requires_grad
    x.requires_grad_()
    assert activation(x).requires_grad and loss(x, torch.zeros(2)).requires_grad


def test_s1_06_zero_grad_of_module_and_optimizer(torch):
    net = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for zero in (net, optimizer):
        net(torch.ones(1, 2)).sum().backward()
        assert net.weight.grad is not None
        zero.zero_grad()
        assert [p.grad for p in net.parameters()] == [None, None]
    for zero in (net, optimizer):
        net(torch.ones(1, 2)).sum().backward()
        zero.zero_grad(set_to_none=False)
        assert [p.grad.tolist() for p in net.parameters()] == [[[0.0, 0.0]], [0.0]]
    net(torch.ones(1, 2)).sum().backward()
    assert [p.grad.tolist() for p in net.parameters()] == [[[1.0, 1.0]], [1.0]]


def test_s1_09_two_losses_over_one_network(torch):
    net = net_of(torch)
    x = torch.tensor([[0.5, -1.0, 2.0]])
    y = net(x)
    first, second = y.sum(), (y * y).sum()
    first.backward(retain_graph=True)
    one = [numbers(p.grad).copy() for p in net.parameters()]
    second.backward()
    both = [numbers(p.grad).copy() for p in net.parameters()]
    net.zero_grad()
    y = net(x)
    (y * y).sum().backward()
    for a, b, p in zip(one, both, net.parameters()):
        assert_close(b, a + numbers(p.grad))


def test_s1_14_reductions(torch):
    x, y = torch.tensor([[1.0, 2.0], [3.0, 5.0]]), torch.zeros(2, 2)
    found = [(loss(reduction=r)(x, y).tolist()) for r in ("mean", "sum", "none") for loss in (torch.nn.MSELoss, torch.nn.L1Loss)]
    assert found == [9.75, 2.75, 39.0, 11.0, [[1.0, 4.0], [9.0, 25.0]], [[1.0, 2.0], [3.0, 5.0]]]


def test_s1_18_apply_visits_children_first_and_data_may_be_written(torch):
    net = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Linear(2, 1))
    seen = []

    def initialise(module):
        seen.append(type(module).__name__)
        if type(module).__name__ == "Linear":
            module.weight.data.fill_(0.5)
            module.bias.data.zero_()

    assert net.apply(initialise) is net
    assert seen == ["Linear", "Linear", "Sequential"]
    assert [p.tolist() for p in net.parameters()] == [[[0.5, 0.5], [0.5, 0.5]], [0.0, 0.0], [[0.5, 0.5]], [0.0]]


def test_s1_19_state_that_does_not_match(torch):
    net = torch.nn.Sequential(torch.nn.Linear(2, 1))
    state = {"0.weight": torch.tensor([[5.0, 6.0]]), "extra": torch.ones(1)}
    found = net.load_state_dict(state, strict=False)
    assert (found.missing_keys, found.unexpected_keys) == (["0.bias"], ["extra"])
    assert net[0].weight.tolist() == [[5.0, 6.0]]
    with pytest.raises(RuntimeError) as caught:
        net.load_state_dict(state)
    assert str(caught.value) == (
        'Error(s) in loading state_dict for Sequential:\n\tMissing key(s) in state_dict: "0.bias". \n\t'
        'Unexpected key(s) in state_dict: "extra". '
    )


def test_s1_20_freezing(torch):
    net = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Linear(2, 1))
    for p in net[1].parameters():
        p.requires_grad = False
    assert [p.requires_grad for p in net.parameters()] == [True, True, False, False]
    net(torch.ones(1, 2)).sum().backward()
    assert [p.grad is None for p in net.parameters()] == [False, False, True, True]
    net.requires_grad_(False)
    assert not any(p.requires_grad for p in net.parameters())
    net.requires_grad_()
    net.zero_grad()
    net(torch.ones(1, 2)).sum().backward()
    assert all(p.grad is not None for p in net.parameters())


def test_s1_21_the_training_step(torch):
    x = torch.linspace(-1.0, 1.0, 20).reshape(20, 1)
    labels = 2.0 * x + 1.0
    net = torch.nn.Linear(1, 1)
    criterion, optimizer = torch.nn.MSELoss(), torch.optim.SGD(net.parameters(), lr=0.3)
    for _ in range(300):
        outputs = net(x)
        loss = criterion(outputs, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert abs(net.weight.item() - 2) < 1e-4 and abs(net.bias.item() - 1) < 1e-4 and loss.item() < 1e-8


def test_s2_03_the_node_of_a_loss(torch):
    z = torch.tensor([0.5, -1.0], requires_grad=True)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(z + 1.0, torch.zeros(2))
    assert "<BinaryCrossEntropyWithLogitsBackward0 object at 0x" in repr(loss.grad_fn)


# --- attributes -----------------------------------------------------------------------------------------------------


def modules_of(torch):
    nn = torch.nn

    class Inner(nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = nn.Parameter(torch.tensor([2.0]))
            self.register_buffer("seen", torch.zeros(1))
            self.register_buffer("scratch", torch.zeros(1), persistent=False)
            self.constant = torch.ones(1)

        def forward(self, x):
            return self.scale * x

    class Outer(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = Inner()
            self.again = self.first
            self.layers = nn.ModuleList([nn.Linear(1, 1), nn.Identity()])
            self.shift = nn.Parameter(torch.zeros(1), requires_grad=False)
            self.missing = None

        def forward(self, x):
            for layer in self.layers:
                x = layer(x)
            return self.first(x) + self.shift

    return Outer()


def test_what_is_found_among_the_attributes(torch):
    net = modules_of(torch)
    assert [n for n, _ in net.named_parameters()] == ["shift", "first.scale", "layers.0.weight", "layers.0.bias"]
    assert [n for n, _ in net.named_parameters(recurse=False)] == ["shift"]
    assert [n for n, _ in net.named_parameters(prefix="net")][0] == "net.shift"
    assert [n for n, _ in net.named_buffers()] == ["first.seen", "first.scratch"]
    assert [n for n, _ in net.named_children()] == ["first", "layers"]
    assert [n for n, _ in net.named_modules()] == ["", "first", "layers", "layers.0", "layers.1"]
    assert list(net.state_dict()) == [
        "shift",
        "first.scale",
        "first.seen",
        "again.scale",
        "again.seen",
        "layers.0.weight",
        "layers.0.bias",
    ]
    assert len(list(net.children())) == 2 and len(list(net.modules())) == 5 and len(list(net.buffers())) == 2
    assert net.get_submodule("layers.0") is net.layers[0]


def test_modes_and_conversion(torch):
    net = modules_of(torch)
    assert net.training and net.eval() is net and not net.layers[0].training
    assert net.train() is net and net.first.training
    net.float()
    assert {p.dtype for p in net.parameters()} == {torch.float32} and net.first.seen.dtype == torch.float32
    assert net.double().first.scale.dtype == torch.float64
    assert net.to(torch.float32).layers[0].weight.dtype == torch.float32
    assert net.layers[0].weight.is_leaf and net.layers[0].weight.requires_grad and not net.shift.requires_grad


def test_state_dict_shares_memory_and_copies_back(torch):
    net, other = net_of(torch), net_of(torch)
    state = net.state_dict()
    assert not state["0.weight"].requires_grad
    state["0.bias"][0] = 9.0
    assert net[0].bias[0].item() == 9.0
    assert repr(other.load_state_dict(state)) == "<All keys matched successfully>"
    assert other[0].bias.tolist() == net[0].bias.tolist()
    net[0].bias.data.zero_()
    assert other[0].bias[0].item() == 9.0


def test_a_shape_that_does_not_fit_is_named(torch):
    net = torch.nn.Linear(2, 2)
    with pytest.raises(RuntimeError) as caught:
        net.load_state_dict({"weight": torch.ones(2, 3), "bias": torch.ones(2)})
    message = str(caught.value).replace("torch.", "")
    assert message.startswith("Error(s) in loading state_dict for Linear:\n\tsize mismatch for weight: copying a param with")
    assert "Size([2, 3]) from checkpoint, the shape in current model is Size([2, 2])." in message


def test_a_state_that_does_not_fit_changes_nothing():
    net = jt.nn.Linear(2, 2)
    before = [p.tolist() for p in net.parameters()]
    for state in ({"weight": jt.ones(2, 3), "bias": jt.ones(2)}, {"bias": jt.ones(2)}, {"weight": 3.0, "bias": jt.ones(2)}):
        with refused(RuntimeError, "Error(s) in loading state_dict for Linear", *net.parameters()):
            net.load_state_dict(state)
        assert [p.tolist() for p in net.parameters()] == before
    with refused(TypeError, "Expected state_dict to be dict-like, got list."):
        net.load_state_dict([1])


def test_what_may_not_be_assigned(torch):
    net = modules_of(torch)
    with pytest.raises(TypeError, match="cannot assign .* as parameter 'shift'"):
        net.shift = torch.ones(1)
    with pytest.raises(TypeError, match="cannot assign .* as buffer 'seen'"):
        net.first.seen = 3.0
    net.first.seen = torch.ones(1)
    assert [n for n, _ in net.named_buffers()] == ["first.seen", "first.scratch"]
    with pytest.raises(TypeError, match="cannot assign .* as child module 'first'"):
        net.first = 3
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = net.nothing
    with pytest.raises(TypeError, match="not a Module subclass"):
        net.add_module("x", 3)
    with pytest.raises(KeyError):
        net.register_buffer("a.b", torch.ones(1))
    with pytest.raises(KeyError):
        net.register_parameter("", None)
    with pytest.raises(NotImplementedError, match="forward"):
        torch.nn.Module()(1)
    net.shift = None
    del net.first
    assert [n for n, _ in net.named_parameters()] == ["again.scale", "layers.0.weight", "layers.0.bias"]


def test_repr(torch):
    nn = torch.nn
    net = nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.ReLU(), nn.Flatten()), nn.LeakyReLU(0.2))
    assert repr(net) == (
        "Sequential(\n  (0): Linear(in_features=2, out_features=3, bias=True)\n  (1): Sequential(\n    (0): ReLU()\n    "
        "(1): Flatten(start_dim=1, end_dim=-1)\n  )\n  (2): LeakyReLU(negative_slope=0.2)\n)"
    )
    assert repr(nn.MSELoss()) == "MSELoss()"
    assert text(nn.Parameter(torch.tensor([1.0, 2.0]))) == "Parameter containing:\ntensor([1., 2.], requires_grad=True)"


def test_containers(torch):
    nn = torch.nn
    net = nn.Sequential(nn.Linear(2, 2), nn.Tanh())
    net.append(nn.Linear(2, 1))
    assert len(net) == 3 and isinstance(net[-1], nn.Linear) and [type(m).__name__ for m in net[:2]] == ["Linear", "Tanh"]
    assert isinstance(net[:2], nn.Sequential)
    del net[1]
    assert list(net.state_dict()) == ["0.weight", "0.bias", "1.weight", "1.bias"]
    net[1] = nn.Identity()
    assert type(net[1]).__name__ == "Identity"
    names = nn.ModuleDict({"a": nn.Linear(1, 1), "b": nn.Tanh()})
    assert list(names) == ["a", "b"] and "a" in names and len(names) == 2 and len(list(names.parameters())) == 2
    listed = nn.ModuleList([nn.Linear(1, 1)])
    listed.extend([nn.Tanh()])
    listed.insert(0, nn.ReLU())
    assert [type(m).__name__ for m in listed] == ["ReLU", "Linear", "Tanh"]
    values = nn.ParameterList([nn.Parameter(torch.ones(2)), torch.zeros(1)])
    assert len(values) == 2 and [n for n, _ in values.named_parameters()] == ["0", "1"] and values[1].requires_grad
    with pytest.raises(IndexError):
        net[5]
    with pytest.raises(TypeError, match="not a Module subclass"):
        net.append(3)


def test_named_steps(torch):
    from collections import OrderedDict

    net = torch.nn.Sequential(OrderedDict([("lift", torch.nn.Linear(2, 2)), ("bend", torch.nn.Tanh())]))
    assert [n for n, _ in net.named_parameters()] == ["lift.weight", "lift.bias"] and net.lift is net[0]


def test_copies(torch):
    net = net_of(torch)
    net(torch.ones(1, 3)).sum().backward()
    copied = copy.deepcopy(net)
    assert type(copied[0].weight) is torch.nn.Parameter and copied[0].weight.tolist() == net[0].weight.tolist()
    assert copied[0].weight.grad is None and copied[0].weight.requires_grad
    copied[0].weight.data.zero_()
    assert numbers(net[0].weight).any()
    assert_close(pickle.loads(pickle.dumps(net))(torch.ones(1, 3)), net(torch.ones(1, 3)))


def test_a_parameter_in_operators(torch):
    p = torch.nn.Parameter(torch.tensor([1.0, 2.0]))
    x = torch.tensor([3.0, 4.0], requires_grad=True)
    y = (x * p + p * x + p + 2.0 * p - x / p + p @ x + torch.exp(p)).sum()
    y.backward()
    assert_close(x.grad, 2 * numbers(p) - 1 / numbers(p) + 2 * numbers(p))
    assert_close(p.grad, 2 * numbers(x) + 3 + numbers(x) / numbers(p) ** 2 + 2 * numbers(x) + np.exp(numbers(p)))


def test_parameter_of_what_is_no_tensor():
    with refused(TypeError, "Parameter: got list, expected a Tensor"):
        jt.nn.Parameter([1.0])
    shared = jt.tensor([1.0, 2.0])
    p = jt.nn.Parameter(shared)
    shared[0] = 5.0
    assert p.tolist() == [5.0, 2.0]
    assert not jt.nn.Parameter(jt.tensor([1, 2]), requires_grad=False).requires_grad
    with refused(jt.errors.DTypeError, "only Tensors of floating point dtype can require gradients"):
        jt.nn.Parameter(jt.tensor([1, 2]))


# --- layers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(3,), (5, 3), (2, 4, 3), (0, 3)], ids=str)
@pytest.mark.parametrize("bias", [True, False])
def test_linear(torch, shape, bias):
    layer = fill(torch.nn.Linear(3, 2, bias=bias))
    size = int(np.prod(shape))
    values = (np.arange(size) * 0.3 - 0.7).reshape(shape)
    x = torch.tensor(values.tolist() if size else np.zeros(shape), requires_grad=True)
    y = layer(x)
    w = numbers(layer.weight)
    assert_close(y, values @ w.T + (numbers(layer.bias) if bias else 0.0))
    y.sum().backward()
    assert_close(x.grad, np.broadcast_to(w.sum(0), shape))
    assert_close(layer.weight.grad, np.broadcast_to(values.reshape(-1, 3).sum(0), (2, 3)))


def test_first_values_are_in_range():
    jt.manual_seed(3)
    layer = jt.nn.Linear(100, 50)
    for p in layer.parameters():
        assert p.shape[0] == 50 and 0.05 < np.abs(numbers(p)).max() <= 0.1
    other = jt.nn.Linear(100, 50)
    assert other.weight.tolist() != layer.weight.tolist()
    jt.manual_seed(3)
    assert jt.nn.Linear(100, 50).weight.tolist() == layer.weight.tolist()
    assert jt.nn.Linear(2, 2, dtype=jt.float32).weight.dtype == jt.float32


def test_a_shape_that_does_not_fit_names_the_layer_and_both_shapes():
    layer = jt.nn.Linear(3, 2)
    for x in (jt.ones(4, 2), jt.tensor(1.0), np.ones((1, 4))):
        with refused(jt.errors.ShapeError, "mat1 and mat2 shapes cannot be multiplied", *layer.parameters()) as caught:
            layer(x)
        message = str(caught.value)
        assert "Linear(in_features=3, out_features=2, bias=True)" in message
        assert str(list(np.shape(numbers(x)))) in message and "[2, 3]" in message
    with refused(TypeError, "Linear: got in_features='3', expected a number of features"):
        jt.nn.Linear("3", 2)


def test_shapes_and_identity(torch):
    nn = torch.nn
    x = torch.tensor(np.arange(24.0).reshape(2, 3, 4))
    assert nn.Identity(3, four=4)(x) is x
    assert tuple(nn.Flatten()(x).shape) == (2, 12) and tuple(nn.Flatten(0, 1)(x).shape) == (6, 4)
    assert tuple(nn.Unflatten(2, (2, 2))(x).shape) == (2, 3, 2, 2)


def test_dropout():
    layer, x = jt.nn.Dropout(0.25), jt.ones(4000)
    y = numbers(layer(x))
    assert set(np.unique(y)) == {0.0, 1 / 0.75} and 0.2 < np.mean(y == 0) < 0.3
    assert layer.eval()(x) is x
    assert numbers(jt.nn.Dropout(1.0)(x)).max() == 0.0
    with refused(ValueError, "dropout probability has to be between 0 and 1, but got 2"):
        jt.nn.Dropout(2)


def test_layer_norm_and_embedding(torch):
    nn = torch.nn
    norm = nn.LayerNorm(4)
    x = torch.tensor((np.arange(8.0) ** 1.5).reshape(2, 4), requires_grad=True)
    y = norm(x)
    v = numbers(x)
    assert_close(y, (v - v.mean(1, keepdims=True)) / np.sqrt(v.var(1, keepdims=True) + 1e-5))
    (y * y * y).sum().backward()
    assert norm.weight.grad is not None and x.grad is not None
    table = nn.Embedding(5, 2)
    e = table(torch.tensor([[0, 4], [4, 1]]))
    assert tuple(e.shape) == (2, 2, 2) and e[0, 1].tolist() == table.weight[4].tolist()
    e.sum().backward()
    assert table.weight.grad.tolist() == [[1.0, 1.0], [1.0, 1.0], [0.0, 0.0], [0.0, 0.0], [2.0, 2.0]]


# --- first values -----------------------------------------------------------------------------------------------------


def test_init_fills_in_place_and_is_not_recorded(torch):
    init, w = torch.nn.init, torch.nn.Parameter(torch.zeros(3, 3))
    for fill_, expected in (
        (lambda: init.constant_(w, 0.3), np.full((3, 3), 0.3)),
        (lambda: init.ones_(w), np.ones((3, 3))),
        (lambda: init.zeros_(w), np.zeros((3, 3))),
        (lambda: init.eye_(w), np.eye(3)),
    ):
        assert fill_() is w and w.is_leaf
        assert_close(w, expected)
    init.orthogonal_(w, gain=2.0)
    assert_close(numbers(w) @ numbers(w).T, 4 * np.eye(3))


@pytest.mark.parametrize(
    "name, options, deviation",
    [
        ("uniform_", {"a": -1.0, "b": 3.0}, 4 / 12**0.5),
        ("normal_", {"mean": 1.0, "std": 0.5}, 0.5),
        ("xavier_uniform_", {}, (2 / 500) ** 0.5),
        ("xavier_normal_", {"gain": 2.0}, 2 * (2 / 500) ** 0.5),
        ("kaiming_uniform_", {"a": 5**0.5}, (1 / 3 / 300) ** 0.5),
        ("kaiming_normal_", {"nonlinearity": "relu"}, (2 / 300) ** 0.5),
        ("kaiming_normal_", {"mode": "fan_out", "nonlinearity": "tanh"}, 5 / 3 / 200**0.5),
    ],
)
def test_deviation_of_random_values(torch, name, options, deviation):
    w = torch.zeros(200, 300)
    assert getattr(torch.nn.init, name)(w, **options) is w
    assert abs(numbers(w).std() / deviation - 1) < 0.02


def test_init_refuses(torch):
    with pytest.raises(ValueError, match="fewer than 2 dimensions"):
        torch.nn.init.xavier_uniform_(torch.zeros(3))
    with pytest.raises(ValueError, match="Unsupported nonlinearity"):
        torch.nn.init.kaiming_normal_(torch.zeros(3, 3), nonlinearity="softhat")
    assert torch.nn.init.calculate_gain("leaky_relu", 0.2) == (2 / 1.04) ** 0.5


# --- all parameters together ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("p", [2.0, 1.0, 3.0, float("inf")])
@pytest.mark.parametrize("max_norm", [0.5, 100.0])
def test_clip_grad_norm(torch, p, max_norm):
    net = net_of(torch)
    (net(torch.ones(2, 3)) ** 2).sum().backward()
    before = np.concatenate([numbers(q.grad).reshape(-1) for q in net.parameters()]).copy()
    expected = np.linalg.norm(before, p)
    total = torch.nn.utils.clip_grad_norm_(net.parameters(), max_norm, norm_type=p)
    assert_close(total, expected)
    after = np.concatenate([numbers(q.grad).reshape(-1) for q in net.parameters()])
    assert_close(after, before * min(1.0, max_norm / (expected + 1e-6)))


def test_clip_grad_norm_of_nan(torch):
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    x.grad = torch.tensor([float("nan"), 1.0])
    with pytest.raises(RuntimeError, match="The total norm of order 2.0 for gradients from `parameters` is non-finite"):
        torch.nn.utils.clip_grad_norm_([x], 1.0, error_if_nonfinite=True)
    assert numbers(x.grad)[1] == 1.0
    torch.nn.utils.clip_grad_norm_(x, 1.0)
    assert np.isnan(numbers(x.grad)).all()


def test_clip_grad_value_and_vectors(torch):
    net = net_of(torch)
    (net(torch.ones(2, 3)) ** 2).sum().backward()
    torch.nn.utils.clip_grad_value_(net.parameters(), 0.1)
    assert max(np.abs(numbers(p.grad)).max() for p in net.parameters()) == 0.1
    vector = torch.nn.utils.parameters_to_vector(net.parameters())
    assert tuple(vector.shape) == (26,) and vector.requires_grad
    torch.nn.utils.vector_to_parameters(vector.detach() * 2.0, net.parameters())
    assert_close(torch.nn.utils.parameters_to_vector(net.parameters()), 2 * numbers(vector))
    assert all(p.is_leaf for p in net.parameters())


def test_vectors_that_do_not_fit():
    net = jt.nn.Linear(2, 1)
    with refused(ValueError, "vector_to_parameters: got a vector of shape [4], the parameters have 3 elements"):
        jt.nn.utils.vector_to_parameters(jt.ones(4), net.parameters())
    with refused(ValueError, "parameters_to_vector: got no parameters"):
        jt.nn.utils.parameters_to_vector(net.parameters() for _ in ())


def test_nan_losses_flow(torch):
    net = net_of(torch)
    loss = torch.nn.MSELoss()(net(torch.tensor([[float("nan"), 1.0, 1.0]])), torch.zeros(1, 2))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loss.backward()
        optimizer.step()
    assert np.isnan(loss.item()) and np.isnan(numbers(net[0].weight)).any()


def test_a_state_that_fits_in_part_changes_nothing():
    net = jt.nn.Module()
    net.weight = jt.nn.Parameter(jt.zeros(2))
    net.register_buffer("count", jt.tensor(3))
    with pytest.raises(RuntimeError, match="can't be cast"):
        net.load_state_dict({"weight": jt.ones(2), "count": jt.tensor(0.5)})
    assert net.weight.tolist() == [0.0, 0.0] and net.count.item() == 3


IN_PLACE = "ReLU ReLU6 ELU SELU CELU LeakyReLU SiLU Mish Hardtanh Hardsigmoid Hardswish Threshold Dropout".split()


@pytest.mark.parametrize("name", IN_PLACE)
def test_modules_write_in_place(name):
    given = (0.1, 0.0) if name == "Threshold" else ()
    module, other = (getattr(jt.nn, name)(*given, inplace=inplace).eval() for inplace in (True, False))
    x = jt.tensor([-1.0, 0.5, 2.0, 7.0], requires_grad=True)
    y = x * 1.0
    assert module(y) is y and "inplace=True" in repr(module)
    expected = other(x * 1.0)
    assert y.tolist() == expected.tolist()
    gradients = [jt.autograd.grad((value * value).sum(), x)[0].tolist() for value in (y, expected)]
    assert gradients[0] == gradients[1]
    if name != "Dropout":
        with pytest.raises(jt.errors.LeafError):
            module(x)


def test_other_modules_have_no_inplace():
    for name in ("Sigmoid", "Tanh", "GELU", "Softplus"):
        with pytest.raises(TypeError, match="inplace"):
            getattr(jt.nn, name)(inplace=True)


def test_promotion_of_dtypes():
    """As PyTorch's functions of these names."""
    dtypes = [jt.bool, jt.uint8, jt.int8, jt.int64, jt.float32, jt.float64, jt.complex64]
    assert [jt.promote_types(jt.float32, d) for d in dtypes] == [jt.float32] * 5 + [jt.float64, jt.complex64]
    assert jt.promote_types(jt.uint8, jt.int8) == jt.int16
    assert jt.result_type(jt.tensor([1, 2]), 1.0) == jt.float64 and jt.result_type(jt.ones(2, dtype=jt.float32), 1) == jt.float32
    assert [jt.can_cast(jt.float32, d) for d in dtypes] == [False] * 4 + [True] * 3
    assert not jt.can_cast(jt.int8, jt.uint8) and jt.can_cast(jt.uint8, jt.int8)
    assert jt.finfo(jt.float32).eps == np.finfo(np.float32).eps and jt.iinfo(jt.int32).max == 2**31 - 1


def test_losses_with_margins():
    """Values by hand; keywords and derivatives are compared with PyTorch in test_torch_keywords and test_network_layers."""
    x, y, sign = jt.tensor([1.0, 2.0]), jt.tensor([3.0, 1.0]), jt.tensor([1.0, -1.0])
    assert jt.nn.MarginRankingLoss(margin=0.5, reduction="none")(x, y, sign).tolist() == [2.5, 1.5]
    assert jt.nn.HingeEmbeddingLoss(1.5)(x, sign).item() == 0.5
    a = jt.tensor([[0.0, 0.0]], requires_grad=True)
    loss = jt.nn.TripletMarginLoss(margin=6.0, eps=0.0)(a, jt.tensor([[3.0, 4.0]]), jt.tensor([[0.0, 2.0]]))
    loss.backward()
    np.testing.assert_allclose([loss.item(), *a.grad[0].tolist()], [9.0, -0.6, 0.2])
    with pytest.raises(ValueError, match="reduction"):
        jt.nn.SoftMarginLoss(reduction="average")


def test_a_rule_with_too_many_gradients():
    class Doubled(jt.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, y_bar):
            return y_bar * 2, y_bar

    x = jt.ones(2, requires_grad=True)
    with pytest.raises(RuntimeError, match=r"incorrect number of gradients \(expected 1, got 2\)"):
        Doubled.apply(x).sum().backward()
    assert x.grad is None


def test_draws_have_derivative_zero():
    p = jt.full((3,), 0.5, requires_grad=True)
    jt.bernoulli(p).sum().backward()
    assert p.grad.tolist() == [0.0, 0.0, 0.0]
