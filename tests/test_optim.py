"""Optimisers and schedules: trajectories against PyTorch, state, groups, and what they refuse."""

import contextlib
import copy
import itertools
import math
import warnings

import numpy as np
import pytest
from conftest import assert_close, numbers, refused
from sampling import some

import jittape as jt

SHAPES = ((4, 3), (4,), (2, 4), ())

CASES = [
    ("SGD", {"lr": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.3}),
    ("SGD", {"lr": 0.05, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    ("SGD", {"lr": 1e-4, "maximize": True}),
    *[("Adam", {"lr": 0.05, "amsgrad": a}) for a in (False, True)],
    *[("Adam", {"lr": 0.05, "weight_decay": 0.1, "betas": (0.8, 0.95), "eps": 1e-4, "amsgrad": a}) for a in (False, True)],
    ("Adam", {"lr": 0.01, "maximize": True}),
    ("Adam", {"lr": 0.05, "decoupled_weight_decay": True, "weight_decay": 0.1}),
    ("AdamW", {}),
    ("AdamW", {"lr": 0.05, "weight_decay": 0.2, "amsgrad": True}),
    ("AdamW", {"lr": 0.01, "maximize": True}),
    *[
        ("RMSprop", {"lr": 0.01, "momentum": m, "centered": c, "weight_decay": w})
        for m, c, w in itertools.product((0, 0.9), (False, True), (0.0, 0.01))
    ],
    ("RMSprop", {"lr": 1e-3, "alpha": 0.9, "eps": 1e-3, "maximize": True}),
    ("Adagrad", {"lr": 0.1}),
    ("Adagrad", {"lr": 0.01, "maximize": True}),
    ("Adagrad", {"lr": 0.1, "lr_decay": 0.05, "initial_accumulator_value": 0.1, "weight_decay": 0.1, "eps": 1e-6}),
    ("Adadelta", {}),
    ("Adadelta", {"rho": 0.8, "weight_decay": 0.1, "lr": 0.5}),
    ("Adadelta", {"maximize": True, "lr": 0.01}),
    ("Adamax", {}),
    ("Adamax", {"weight_decay": 0.1, "lr": 0.05}),
    ("Adamax", {"maximize": True}),
    ("NAdam", {}),
    ("NAdam", {"lr": 0.05, "weight_decay": 0.1, "momentum_decay": 0.01}),
    ("NAdam", {"lr": 0.05, "weight_decay": 0.1, "decoupled_weight_decay": True}),
    ("NAdam", {"maximize": True}),
    ("RAdam", {}),
    ("RAdam", {"lr": 0.05, "weight_decay": 0.1, "betas": (0.5, 0.6)}),
    ("RAdam", {"lr": 0.05, "weight_decay": 0.1, "decoupled_weight_decay": True}),
    ("RAdam", {"maximize": True}),
    ("Rprop", {}),
    ("Rprop", {"etas": (0.4, 1.3), "step_sizes": (1e-4, 1.0)}),
    # Short steps: far from the origin PyTorch rounds the derivative of tanh to 0, and this one goes by its sign.
    ("Rprop", {"lr": 1e-4, "maximize": True, "step_sizes": (1e-6, 0.02)}),
    ("ASGD", {"lr": 0.1}),
    ("ASGD", {"lr": 0.1, "t0": 10, "lambd": 0.01, "weight_decay": 0.1, "alpha": 0.5}),
]


@pytest.fixture
def pytorch():
    """PyTorch with float64 for the numbers that its optimisers keep."""
    library = pytest.importorskip("torch")
    before = library.get_default_dtype()
    library.set_default_dtype(library.float64)
    yield library
    library.set_default_dtype(before)


def leaves(library, dtype="float64", shapes=SHAPES):
    rng = np.random.default_rng(0)
    return [library.tensor(rng.standard_normal(s), dtype=getattr(library, dtype), requires_grad=True) for s in shapes]


def loss_of(library, parameters):
    """The loss of a small network, as a function without arguments."""
    rng, dtype = np.random.default_rng(1), parameters[0].dtype
    x, y = (library.tensor(rng.standard_normal(s), dtype=dtype) for s in ((6, 3), (6, 2)))

    def loss():
        hidden = library.tanh(x @ parameters[0].T + parameters[1])
        return ((hidden @ parameters[2].T * parameters[3] - y) ** 2).mean()

    return loss


def trajectory(library, name, options, steps, dtype="float64", between=None):
    """The parameters after every step, as rows of a matrix."""
    parameters = leaves(library, dtype)
    loss = loss_of(library, parameters)
    optimizer = getattr(library.optim, name)(parameters, **options)
    rows = []
    for k in range(steps):
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()
        if between is not None:
            optimizer = between(k, optimizer, parameters)
        rows.append(np.concatenate([numbers(p).reshape(-1) for p in parameters]))
    return np.array(rows)


@pytest.mark.parametrize("name, options", CASES, ids=[f"{k}-{name}" for k, (name, _) in enumerate(CASES)])
def test_a_hundred_steps_are_those_of_torch(pytorch, name, options):
    ours, theirs = trajectory(jt, name, options, 100), trajectory(pytorch, name, {**options, "foreach": False}, 100)
    assert np.isfinite(ours).all() and np.abs(ours[0] - ours[-1]).max() > 1e-3
    assert np.abs(ours - theirs).max() < 1e-10
    single = trajectory(jt, name, options, 10, "float32")
    assert np.abs(single - trajectory(pytorch, name, {**options, "foreach": False}, 10, "float32")).max() < 5e-5


def test_every_rule_has_a_trajectory():
    tested = {name for name, _ in CASES} | {"LBFGS", "Optimizer"}
    assert {n for n in vars(jt.optim) if isinstance(getattr(jt.optim, n), type)} == tested


def test_the_numbers_of_s1_17():
    """What PyTorch 2.13 printed for an Adam step of a generator."""
    x = jt.tensor([1.0, -2.0], requires_grad=True)
    optimizer = jt.optim.Adam([x], lr=0.1, betas=(0.5, 0.999), weight_decay=0.00005)
    found = []
    for _ in range(3):
        optimizer.zero_grad()
        (x * x).sum().backward()
        optimizer.step()
        found.append([f"{v:.6f}" for v in x.tolist()])
    assert found == [["0.900000", "-1.900000"], ["0.801888", "-1.800886"], ["0.706971", "-1.703216"]]
    assert x.is_leaf and x.requires_grad and x.grad_fn is None


# --- LBFGS ------------------------------------------------------------------------------------------------------------


def logistic(library):
    """A strictly convex loss: there trajectories do not drift apart by rounding."""
    rng = np.random.default_rng(4)
    features, labels = rng.standard_normal((40, 5)), np.sign(rng.standard_normal(40))
    x, y = library.tensor(features), library.tensor(labels)
    w, b = library.tensor(rng.standard_normal(5), requires_grad=True), library.tensor(0.0 * labels[0], requires_grad=True)
    softplus = library.nn.functional.softplus
    return [w, b], lambda: softplus(-y * (x @ w + b)).mean() + 0.05 * (w * w).sum() + 0.05 * b * b


LBFGS_CASES = [
    {},
    {"lr": 0.3},
    {"lr": 0.5, "history_size": 3, "max_iter": 4},
    {"max_iter": 1, "lr": 0.7},
    {"max_eval": 3},
    {"line_search_fn": "strong_wolfe"},
    {"line_search_fn": "strong_wolfe", "max_iter": 2, "history_size": 2},
    {"line_search_fn": "strong_wolfe", "lr": 20.0, "max_iter": 3},
    {"line_search_fn": "strong_wolfe", "lr": 1e-3, "max_iter": 2},
    {"tolerance_grad": 0.1},
    {"tolerance_change": 0.1},
]


@pytest.mark.parametrize("options", LBFGS_CASES, ids=str)
def test_lbfgs_goes_where_torch_goes(pytorch, options):
    found = []
    for library in (jt, pytorch):
        parameters, loss = logistic(library)
        optimizer = library.optim.LBFGS(parameters, **options)
        calls, rows = [], []

        def closure():
            calls.append(1)
            optimizer.zero_grad()
            value = loss()
            value.backward()
            return value

        for _ in range(100):
            before = optimizer.step(closure)
            rows.append([before.item(), *parameters[0].tolist(), parameters[1].item(), float(len(calls))])
        found.append(np.array(rows))
    assert np.abs(found[0] - found[1]).max() < 1e-10


def test_lbfgs_carries_on():
    def run(restart):
        parameters, loss = logistic(jt)
        optimizer, found = jt.optim.LBFGS(parameters, max_iter=2, lr=0.5), []

        def closure():
            optimizer.zero_grad()
            value = loss()
            value.backward()
            return value

        for k in range(6):
            if k == 3 and restart:
                state = copy.deepcopy(optimizer.state_dict())
                optimizer = jt.optim.LBFGS(parameters)
                optimizer.load_state_dict(state)
            found.append(optimizer.step(closure).item())
        return found

    assert run(True) == run(False)


def test_lbfgs_refuses():
    parameters, _ = logistic(jt)
    with refused(ValueError, "LBFGS doesn't support per-parameter options"):
        jt.optim.LBFGS([{"params": parameters[:1]}, {"params": parameters[1:]}])
    with refused(ValueError, "only 'strong_wolfe' is supported"):
        jt.optim.LBFGS(parameters, line_search_fn="armijo")
    with refused(TypeError, "LBFGS.step() missing 1 required positional argument: 'closure'"):
        jt.optim.LBFGS(parameters).step()


def test_a_line_search_that_is_interrupted_leaves_the_parameters():
    (w, b), loss = logistic(jt)
    before, calls = w.tolist(), []

    def closure():
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        optimizer.zero_grad()
        value = loss()
        value.backward()
        return value

    optimizer = jt.optim.LBFGS([w, b], lr=100.0, line_search_fn="strong_wolfe")
    with pytest.raises(KeyboardInterrupt):
        optimizer.step(closure)
    assert w.tolist() == before


# --- groups and state -------------------------------------------------------------------------------------------------


def test_groups_have_options_of_their_own(torch):
    a, b, c = (torch.tensor([1.0], requires_grad=True) for _ in range(3))
    optimizer = torch.optim.SGD([{"params": [a]}, {"params": [b], "lr": 0.5}], lr=0.1)
    optimizer.add_param_group({"params": c, "lr": 0.25})
    assert [g["lr"] for g in optimizer.param_groups] == [0.1, 0.5, 0.25]
    (a + b + c).sum().backward()
    optimizer.step()
    assert_close([a.item(), b.item(), c.item()], [0.9, 0.5, 0.75])
    optimizer.param_groups[0]["lr"] = 1.0
    optimizer.step()
    assert_close(a, [-0.1])


def test_parameters_without_a_gradient_stay(torch):
    a, b = torch.tensor([1.0], requires_grad=True), torch.tensor([2.0], requires_grad=True)
    optimizer = torch.optim.Adam([a, b], lr=0.1)
    (a * a).sum().backward()
    optimizer.step()
    assert b.item() == 2.0 and a.item() != 1.0
    (b * b).sum().backward()
    optimizer.step()
    assert abs(b.item() - 1.9) < 1e-8


def test_a_closure_computes_the_loss(torch):
    x = torch.tensor([3.0], requires_grad=True)
    optimizer = torch.optim.SGD([x], lr=0.1)

    def closure():
        optimizer.zero_grad()
        loss = (x * x).sum()
        loss.backward()
        return loss

    with torch.no_grad():
        loss = optimizer.step(closure)
    assert loss.item() == 9.0
    assert_close(x, [2.4])


HOSTILE = [
    math.nan,
    math.inf,
    -1.0,
    True,
    None,
    "x",
    1 + 2j,
    [],
    {},
    [1.0],
    (0.5,),
    {"a": 1},
    jt.ones(3),
    np.ones(7),
    object,
    2**70,
]


def hostile_copies(tree, path=()):
    """The state dict with something else in one place, for each place and each of `HOSTILE`."""
    children = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, child in list(children):
        for value in HOSTILE:
            yield (*path, key), value
        yield from hostile_copies(child, (*path, key))


def with_hostile(state, path, value):
    copied = copy.deepcopy(state)
    place = copied
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return copied


OPTIMIZERS = ["SGD", "Adam", "AdamW", "Adamax", "NAdam", "RAdam", "RMSprop", "Adagrad", "Adadelta", "Rprop", "ASGD", "LBFGS"]


@pytest.mark.filterwarnings("ignore:overflow|invalid value:RuntimeWarning")  # numbers of the right form may be large
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_hostile_state_dicts_are_refused_or_harmless(name):
    """Refused with a ValueError that has changed nothing, or steps go on; and state is always a copy."""

    def made():
        x, y = jt.tensor([1.0, 2.0], requires_grad=True), jt.tensor([[3.0]], requires_grad=True)
        optimizer = getattr(jt.optim, name)([x, y], lr=0.01, **({"momentum": 0.9} if name == "SGD" else {}))

        def closure():
            optimizer.zero_grad()
            loss = (x * x).sum() + (y * y).sum()
            loss.backward()
            return loss

        return optimizer, closure

    optimizer, closure = made()
    optimizer.step(closure)
    state, refusals, taken = optimizer.state_dict(), 0, 0
    for path, value in some(hostile_copies(state), 150):
        again, again_closure = made()
        again.step(again_closure)
        before = repr(again.state_dict())
        try:
            again.load_state_dict(with_hostile(state, path, value))
        except ValueError:
            refusals += 1
            assert repr(again.state_dict()) == before, path
        else:
            taken += 1
            again.step(again_closure)
    assert refusals > taken


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda s: s["state"][0].update(step=math.nan), "'step' is nan"),
        (lambda s: s["state"][0].update(step=-1.0), "'step' is -1.0"),
        (lambda s: s["state"][0].update(exp_avg="x"), "'exp_avg' is a str"),
        (lambda s: s["state"].update({0: 3}), "got int as the state"),
        (lambda s: s["param_groups"][0].update(lr="0.1"), "got lr='0.1'"),
        (lambda s: s["param_groups"][0].update(betas=(0.9,)), "got betas=(0.9,)"),
        (lambda s: s["param_groups"][0].update(amsgrad=1), "got amsgrad=1"),
        (lambda s: s["param_groups"][0].update(params=[0.0]), "expected another int"),
        (lambda s: s["param_groups"][0].pop("params"), "each a dict with a list 'params'"),
        (lambda s: s.update(param_groups=3), "expected a list of parameter groups"),
    ],
)
def test_state_dicts_of_another_form_say_what_is_wrong(change, words):
    x = jt.tensor([1.0, 2.0], requires_grad=True)
    optimizer = jt.optim.Adam([x])
    x.sum().backward()
    optimizer.step()
    state = copy.deepcopy(optimizer.state_dict())
    change(state)
    with refused(ValueError, "loaded state dict does not fit: ", x) as caught:
        optimizer.load_state_dict(state)
    assert words in str(caught.value)


SCHEDULE_ARGUMENTS = {
    "StepLR": (2,),
    "MultiStepLR": ([1, 3],),
    "ExponentialLR": (0.5,),
    "CosineAnnealingLR": (4,),
    "LambdaLR": (lambda epoch: 0.5,),
    "ReduceLROnPlateau": (),
}


@pytest.mark.parametrize("name", SCHEDULE_ARGUMENTS)
def test_hostile_state_of_schedules_is_refused_or_harmless(name):
    """No name of a method or of the optimiser is taken, and what is taken has the form of what was there."""

    def made():
        optimizer = jt.optim.SGD([jt.ones(1, requires_grad=True)], lr=0.1)
        optimizer.steps = 1
        return getattr(jt.optim.lr_scheduler, name)(optimizer, *SCHEDULE_ARGUMENTS[name])

    def move(schedule):
        schedule.step(1.0) if name == "ReduceLROnPlateau" else schedule.step()

    schedule = made()
    move(schedule)
    state, refusals, taken = schedule.state_dict(), 0, 0
    extra = [((name,), value) for name in ("optimizer", "step", "rate", "__class__", "other") for value in HOSTILE]
    for path, value in [*hostile_copies(state), *extra]:
        again = made()
        before = repr(again.state_dict())
        try:
            again.load_state_dict(with_hostile(state, path, value))
        except ValueError:
            refusals += 1
            assert repr(again.state_dict()) == before, path
        else:
            taken += 1
            with contextlib.suppress(ZeroDivisionError, OverflowError):
                move(again)
    assert refusals > taken
    again = made()
    again.load_state_dict(state)
    assert repr(again.state_dict()) == repr(state)


@pytest.mark.parametrize("name", ["SGD", "Adam", "RMSprop", "NAdam", "ASGD", "Rprop"])
def test_state_dicts_carry_on(name):
    options = {"momentum": 0.9} if name == "SGD" else {}
    plain = trajectory(jt, name, {"lr": 0.01, **options}, 20)

    def restart(k, optimizer, parameters):
        if k != 9:
            return optimizer
        again = getattr(jt.optim, name)(parameters, lr=0.5)
        again.load_state_dict(copy.deepcopy(optimizer.state_dict()))
        assert again.param_groups[0]["lr"] == 0.01
        return again

    np.testing.assert_array_equal(trajectory(jt, name, {"lr": 0.01, **options}, 20, between=restart), plain)


def test_the_form_of_a_state_dict(torch):
    a, b = torch.tensor([1.0, 2.0], requires_grad=True), torch.tensor(3.0, requires_grad=True)
    optimizer = torch.optim.Adam([{"params": [a]}, {"params": [b], "lr": 0.5}], lr=0.1)
    (a.sum() * b).backward()
    optimizer.step()
    state = optimizer.state_dict()
    assert list(state) == ["state", "param_groups"]
    assert [g["params"] for g in state["param_groups"]] == [[0], [1]] and state["param_groups"][1]["lr"] == 0.5
    assert {"step", "exp_avg", "exp_avg_sq"} <= set(state["state"][0]) and state["state"][0]["step"].item() == 1.0
    assert_close(state["state"][0]["exp_avg"], [0.3, 0.3])


def test_a_state_dict_that_does_not_fit_changes_nothing():
    x = jt.tensor([1.0, 2.0], requires_grad=True)
    y = jt.tensor([1.0], requires_grad=True)
    optimizer, other = jt.optim.Adam([x]), jt.optim.Adam([x, y])
    x.sum().backward()
    optimizer.step()
    before = repr(optimizer.state_dict())
    with refused(ValueError, "loaded state dict contains a parameter group that doesn't match the size of optimizer's group", x):
        optimizer.load_state_dict(other.state_dict())
    with refused(ValueError, "loaded state dict has a different number of parameter groups", x):
        optimizer.load_state_dict({"state": {}, "param_groups": []})
    with refused(ValueError, "load_state_dict: expected a dict with the keys 'state' and 'param_groups'", x):
        optimizer.load_state_dict({})
    wrong = copy.deepcopy(optimizer.state_dict())
    wrong["state"][0]["exp_avg"] = jt.ones(3)
    with refused(ValueError, "loaded state dict does not fit: 'exp_avg' has shape [3], its parameter [2]", x):
        optimizer.load_state_dict(wrong)
    assert repr(optimizer.state_dict()) == before


def test_state_that_is_replaced_is_used():
    """The table of addresses must follow what the user puts in its place."""
    x = jt.tensor([1.0, 2.0], requires_grad=True)
    optimizer = jt.optim.SGD([x], lr=1.0, momentum=1.0)
    x.grad = jt.tensor([1.0, 1.0])
    optimizer.step()
    optimizer.state[x]["momentum_buffer"] = jt.tensor([10.0, 20.0])
    optimizer.step()
    assert x.tolist() == [-11.0, -20.0]
    optimizer.state[x]["momentum_buffer"].data = jt.tensor([0.0, 0.0])
    optimizer.step()
    assert x.tolist() == [-12.0, -21.0]


def test_state_of_another_form_is_fitted_or_refused():
    """Kernels write to it by address."""
    x = jt.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    x.grad = jt.ones(2, 2)
    optimizer = jt.optim.SGD([x], lr=1.0, momentum=1.0)
    optimizer.step()
    optimizer.state[x]["momentum_buffer"] = jt.tensor([[1, 2], [3, 4]]).T
    optimizer.step()
    assert x.tolist() == [[-2.0, -3.0], [-1.0, -2.0]]
    optimizer.state[x]["momentum_buffer"] = jt.ones(3)
    with refused(ValueError, "the state 'momentum_buffer' of a parameter has shape [3], expected [2, 2]", x):
        optimizer.step()


def test_state_that_a_graph_needs():
    x = jt.tensor([1.0, 2.0], requires_grad=True)
    optimizer = jt.optim.SGD([x], lr=1.0, momentum=0.5)
    x.grad = jt.ones(2)
    optimizer.step()
    y = (jt.tensor([1.0, 1.0], requires_grad=True) * optimizer.state[x]["momentum_buffer"]).sum()
    optimizer.step()
    with refused(RuntimeError, "one of the variables needed for gradient computation has been modified by an inplace operation"):
        y.backward()


def test_state_without_a_count():
    """A buffer alone, as PyTorch's SGD keeps it, goes on; where steps count, a state without them is refused."""
    x = jt.tensor([1.0, 2.0], requires_grad=True)
    x.grad = jt.tensor([1.0, 1.0])
    sgd = jt.optim.SGD([x], lr=1.0, momentum=1.0)
    sgd.state[x]["momentum_buffer"] = jt.tensor([10.0, 20.0])
    sgd.step()
    assert x.tolist() == [-10.0, -19.0]
    adam = jt.optim.Adam([x])
    adam.state[x]["exp_avg"] = jt.ones(2)
    with refused(ValueError, "the state of a parameter has ['exp_avg'] and no 'step'", x):
        adam.step()
    assert list(adam.state[x]) == ["exp_avg"]


def test_options_that_ask_for_more_state_later():
    x = jt.tensor([1.0], requires_grad=True)
    x.grad = jt.tensor([1.0])
    optimizer = jt.optim.SGD([x], lr=0.5)
    optimizer.step()
    optimizer.param_groups[0]["momentum"] = 0.5
    optimizer.step()
    optimizer.step()
    assert x.tolist() == [1.0 - 0.5 - 0.5 - 0.75]
    adam = jt.optim.Adam([x])
    adam.step()
    adam.param_groups[0]["amsgrad"] = True
    adam.step()
    assert "max_exp_avg_sq" in adam.state[x] and math.isfinite(x.item())


# --- memory -----------------------------------------------------------------------------------------------------------


def test_a_step_is_a_write_that_sweeps_notice(torch):
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    optimizer = torch.optim.SGD([x], lr=0.1)
    loss = (x * x * x).sum()
    loss.backward(retain_graph=True)
    optimizer.step()
    with pytest.raises(RuntimeError, match="has been modified by an inplace operation"):
        loss.backward()
    assert x._version > 0


def test_parameters_whose_memory_is_replaced_or_shared(torch):
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    seen = x.detach().numpy()
    optimizer = torch.optim.SGD([x], lr=1.0)
    x.grad = torch.tensor([1.0, 1.0])
    optimizer.step()
    assert seen.tolist() == [0.0, 1.0]
    x.data = torch.tensor([5.0, 5.0])
    optimizer.step()
    assert x.tolist() == [4.0, 4.0] and seen.tolist() == [0.0, 1.0]
    (x * x).sum().backward()
    assert x.grad.tolist() == [9.0, 9.0]


def test_parameters_that_do_not_lie_in_one_piece(torch):
    base = torch.tensor(np.arange(6.0).reshape(2, 3))
    x = base.T.detach().requires_grad_()
    other = torch.tensor(np.arange(12.0))[::2].detach().requires_grad_()
    optimizer = torch.optim.Adam([x, other], lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        ((x * x).sum() + (other * other).sum()).backward()
        optimizer.step()
    assert_close(x[0, 1], [2.7], rtol=1e-2)
    assert_close(base.T, x)


def test_gradients_of_any_memory_order(torch):
    x = torch.tensor(np.ones((2, 3)), requires_grad=True)
    x.grad = torch.tensor(np.arange(6.0).reshape(3, 2)).T
    torch.optim.SGD([x], lr=1.0).step()
    assert_close(x, 1.0 - np.arange(6.0).reshape(3, 2).T)


def test_recorded_gradients(torch):
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (x**3).sum().backward(create_graph=True)
    optimizer = torch.optim.SGD([x], lr=0.1)
    optimizer.step()
    assert_close(x, [0.7, 0.8])
    optimizer.zero_grad(set_to_none=False)
    assert x.grad.tolist() == [0.0, 0.0] and not x.grad.requires_grad


def test_a_parameter_without_elements(torch):
    x = torch.tensor(np.zeros((0, 3)), requires_grad=True)
    y = torch.tensor([1.0], requires_grad=True)
    (x.sum() + y.sum()).backward()
    torch.optim.Adam([x, y], lr=0.1).step()
    assert_close(y, [0.9], rtol=1e-6)


def test_thousands_of_steps_end_at_the_solution():
    """On the way the tape forgets and renumbers its rows many times."""
    rng = np.random.default_rng(3)
    features, targets = rng.standard_normal((30, 4)), rng.standard_normal((30, 2))
    layer = jt.nn.Linear(4, 2)
    optimizer = jt.optim.SGD(layer.parameters(), lr=0.2, momentum=0.5)
    for _ in range(4000):
        optimizer.zero_grad()
        jt.nn.functional.mse_loss(layer(jt.tensor(features)), jt.tensor(targets)).backward()
        optimizer.step()
    expected = np.linalg.lstsq(np.column_stack([features, np.ones(30)]), targets, rcond=None)[0]
    assert_close(np.column_stack([numbers(layer.weight), numbers(layer.bias)]).T, expected, rtol=1e-10)


def test_training_does_not_grow():
    """Every step makes new rows of the parameters; the tape forgets the old ones."""
    net = jt.nn.Sequential(jt.nn.Linear(4, 8), jt.nn.ReLU(), jt.nn.Linear(8, 1))
    optimizer, x = jt.optim.Adam(net.parameters()), jt.ones(16, 4)
    longest = 0
    for _ in range(3000):
        optimizer.zero_grad()
        loss = (net(x) ** 2).mean()
        loss.backward()
        optimizer.step()
        longest = max(longest, len(loss._tape))
    assert longest < 20_000 and len(loss._tape.leaves) < 5_000


# --- schedules --------------------------------------------------------------------------------------------------------

SCHEDULES = [
    ("StepLR", {"step_size": 3}),
    ("StepLR", {"step_size": 4, "gamma": 0.5}),
    ("MultiStepLR", {"milestones": [2, 5, 5, 9]}),
    ("ExponentialLR", {"gamma": 0.9}),
    ("CosineAnnealingLR", {"T_max": 5}),
    ("CosineAnnealingLR", {"T_max": 7, "eta_min": 0.01}),
    ("LambdaLR", {"lr_lambda": lambda epoch: 0.95**epoch}),
    ("LambdaLR", {"lr_lambda": [lambda k: 1 / (k + 1), lambda k: 1.0]}),
]


def two_groups(library):
    x, y = library.tensor([1.0], requires_grad=True), library.tensor([1.0], requires_grad=True)
    return library.optim.SGD([{"params": [x]}, {"params": [y], "lr": 0.3}], lr=0.1)


@pytest.mark.parametrize("name, options", SCHEDULES, ids=[f"{k}-{name}" for k, (name, _) in enumerate(SCHEDULES)])
def test_schedules(name, options):
    torch = pytest.importorskip("torch")
    found = []
    for library in (jt, torch):
        optimizer = two_groups(library)
        schedule = getattr(library.optim.lr_scheduler, name)(optimizer, **options)
        other = library.optim.lr_scheduler.ExponentialLR(optimizer, 0.99) if name != "LambdaLR" else None
        rates = []
        for _ in range(25):
            optimizer.step()
            rates.append([g["lr"] for g in optimizer.param_groups])
            schedule.step()
            assert schedule.get_last_lr() == [g["lr"] for g in optimizer.param_groups]
            if other is not None:
                other.step()
        found.append(np.array(rates))
    np.testing.assert_allclose(*found, rtol=1e-12)


@pytest.mark.parametrize(
    "options",
    [
        {"patience": 2},
        {"patience": 0, "factor": 0.5, "cooldown": 2},
        {"mode": "max", "patience": 1, "threshold": 0.1},
        {"threshold_mode": "abs", "threshold": 0.3, "patience": 1},
        {"min_lr": [0.05, 0.2], "patience": 0},
        {"mode": "max", "threshold_mode": "abs", "patience": 1},
        {"eps": 0.05, "patience": 0},
    ],
    ids=str,
)
def test_reduce_on_plateau(options):
    torch = pytest.importorskip("torch")
    measures = np.abs(np.sin(np.arange(40.0))) + 1 / (1 + np.arange(40.0))
    found = []
    for library in (jt, torch):
        optimizer = two_groups(library)
        schedule = library.optim.lr_scheduler.ReduceLROnPlateau(optimizer, **options)
        rates = []
        for value in measures:
            schedule.step(library.tensor(value))
            rates.append([g["lr"] for g in optimizer.param_groups])
        found.append(np.array(rates))
    np.testing.assert_allclose(*found, rtol=1e-12)


@pytest.mark.parametrize("name, options", SCHEDULES[:6], ids=[f"{k}-{name}" for k, (name, _) in enumerate(SCHEDULES[:6])])
def test_schedules_carry_on(name, options):
    def rates(restart):
        optimizer = two_groups(jt)
        schedule = getattr(jt.optim.lr_scheduler, name)(optimizer, **options)
        found = []
        for k in range(12):
            optimizer.step()
            schedule.step()
            if restart and k == 5:
                state = copy.deepcopy((optimizer.state_dict(), schedule.state_dict()))
                optimizer = two_groups(jt)
                schedule = getattr(jt.optim.lr_scheduler, name)(optimizer, **options)
                optimizer.load_state_dict(state[0])
                schedule.load_state_dict(state[1])
            found.append(schedule.get_last_lr())
        return found

    assert rates(True) == rates(False)


def test_a_schedule_before_the_optimizer_warns(torch):
    schedule = torch.optim.lr_scheduler.StepLR(two_groups(torch), 2)
    with pytest.warns(UserWarning, match="Detected call of `lr_scheduler.step\\(\\)` before `optimizer.step\\(\\)`"):
        schedule.step()


def test_schedules_refuse():
    optimizer = two_groups(jt)
    with refused(TypeError, "int is not an Optimizer"):
        jt.optim.lr_scheduler.StepLR(3, 2)
    with refused(KeyError, "\"param 'initial_lr' is not specified in param_groups[0] when resuming an optimizer\""):
        jt.optim.lr_scheduler.StepLR(optimizer, 2, last_epoch=4)
    with refused(ValueError, "Expected 2 lr_lambdas, but got 1"):
        jt.optim.lr_scheduler.LambdaLR(optimizer, [math.sqrt])
    with refused(ValueError, "Factor should be < 1.0."):
        jt.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=1.0)


# --- what is refused --------------------------------------------------------------------------------------------------


def test_parameter_lists(torch):
    x = torch.tensor([1.0], requires_grad=True)
    with pytest.raises(ValueError, match="optimizer got an empty parameter list"):
        torch.optim.SGD([], lr=0.1)
    with pytest.raises(TypeError, match="params argument given to the optimizer should be an iterable of Tensors or dicts"):
        torch.optim.SGD(x, lr=0.1)
    with pytest.raises(TypeError, match="optimizer can only optimize Tensors, but one of the params is"):
        torch.optim.SGD([x, 3.0], lr=0.1)
    with pytest.raises(ValueError, match="can't optimize a non-leaf Tensor"):
        torch.optim.SGD([x * 2], lr=0.1)
    with pytest.raises(ValueError, match="some parameters appear (in )?more than on"):
        torch.optim.SGD([{"params": [x]}, {"params": [x]}], lr=0.1)
    with pytest.raises(TypeError, match="ordered collections"):
        torch.optim.SGD([{"params": {x}}], lr=0.1)


def test_a_tensor_twice():
    x, y = (jt.tensor([1.0, 2.0], requires_grad=True) for _ in range(2))
    for params in ([x, y, x], [{"params": [x]}, {"params": [y, x]}]):
        with refused(ValueError, "some parameters appear more than once: got the Tensor of shape [2] again", x, y):
            jt.optim.SGD(params, lr=0.1)
    optimizer = jt.optim.SGD([x], lr=0.1)
    with refused(ValueError, "some parameters appear more than once", x):
        optimizer.add_param_group({"params": [x]})
    assert len(optimizer.param_groups) == 1


@pytest.mark.parametrize(
    "name, options, words",
    [
        ("SGD", {"lr": -1.0}, "Invalid learning rate: -1.0"),
        ("SGD", {"lr": 0.1, "momentum": -0.5}, "Invalid momentum value: -0.5"),
        ("SGD", {"lr": 0.1, "nesterov": True}, "Nesterov momentum requires a momentum and zero dampening"),
        ("Adam", {"betas": (1.0, 0.9)}, "Invalid beta parameter at index 0: 1.0"),
        ("Adam", {"eps": -1.0}, "Invalid epsilon value: -1.0"),
        ("AdamW", {"weight_decay": -1.0}, "Invalid weight_decay value: -1.0"),
        ("Rprop", {"etas": (2.0, 3.0)}, "Invalid eta values: 2.0, 3.0"),
        ("Adadelta", {"rho": 2.0}, "Invalid rho value: 2.0"),
        ("Adam", {"lr": float("nan")}, "Invalid learning rate: nan"),
    ],
)
def test_options_out_of_range(name, options, words):
    x = jt.tensor([1.0], requires_grad=True)
    with refused(ValueError, words, x):
        getattr(jt.optim, name)([x], **options)


def test_unknown_options_of_a_group():
    x = jt.tensor([1.0], requires_grad=True)
    with refused(ValueError, "got an unknown option 'rate' of a parameter group, expected lr, momentum", x):
        jt.optim.SGD([{"params": [x], "rate": 3.0}])
    with refused(ValueError, "can't optimize a Tensor of int64", x):
        jt.optim.SGD([jt.tensor([1, 2])])


def test_repr(torch):
    x = torch.tensor([1.0], requires_grad=True)
    assert repr(torch.optim.SGD([x], lr=0.5)).startswith("SGD (\nParameter Group 0\n    dampening: 0")
