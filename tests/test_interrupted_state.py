"""Ctrl-C at every moment of what changes several parameters, gradients, options or files: all of it has happened, or nothing.

PyTorch promises nothing here. A step that has moved half of the parameters could be neither repeated nor gone on from, so
an interrupted step is one that was made or one that can be made again.
"""

import functools

import numpy as np
import pytest

import jittape as jt
from interruptions import interrupted, moments_of
from jittape import nn, optim
from sampling import some


def numbers_in(value):
    """A copy of a structure, of lists and numbers only."""
    if isinstance(value, jt.Tensor):
        return value.detach().tolist()
    if isinstance(value, dict):
        return {key: numbers_in(v) for key, v in value.items()}
    return [numbers_in(v) for v in value] if isinstance(value, (list, tuple)) else value


class Fit:
    """Three parameters in two groups, one of them a matrix in Fortran's order, with gradients and an optimiser."""

    def __init__(self, make, warm):
        self.p = jt.tensor([1.0, -2.0], requires_grad=True)
        self.q = jt.from_numpy(np.asfortranarray([[1.0, 2.0, 3.0], [-1.0, 4.0, 0.5]])).requires_grad_()
        self.r = jt.tensor(0.5, requires_grad=True)
        self.parameters = [self.p, self.q, self.r]
        self.optimizer = make([{"params": [self.p, self.q]}, {"params": [self.r], "lr": 0.25}])
        self.loss()
        for _ in range(warm):
            self.act()
        self.before = (self.q * self.q).sum() * self.r * self.p.sum()

    def loss(self):
        value = (self.p.exp()).sum() + (self.q * self.q).sum() * self.r + self.r**4
        for t in self.parameters:
            t.grad = None
        value.backward()
        return value

    def act(self):
        self.optimizer.step()

    def state(self):
        return numbers_in([self.parameters, [group["lr"] for group in self.optimizer.param_groups], self.optimizer.steps])

    def check(self, has_changed):
        """A graph from before the step is refused after it, and right before it."""
        if has_changed:
            with pytest.raises(RuntimeError, match="modified by an inplace operation"):
                jt.autograd.grad(self.before, self.parameters, retain_graph=True)
        else:
            jt.autograd.grad(self.before, self.parameters, retain_graph=True)


def all_or_nothing(make):
    """Interrupt at every moment; what is repeated then, or follows, comes to the same as without an interrupt."""
    for _ in range(3):  # twice to compile
        thing = make()
        states = [thing.state()]
        moments = moments_of(thing.act)
        states.append(thing.state())
        thing.act()
        states.append(thing.state())
    assert moments and states[0] != states[1]
    for at in some(range(moments + 1), 10):
        thing = make()
        came = interrupted(thing.act, at)
        found = thing.state()
        assert found in states[:2], f"at {at} of {moments}: {found}, expected one of {states[:2]}"
        assert came or found == states[1]
        thing.check(found == states[1])
        thing.act()
        assert thing.state() == states[states.index(found) + 1], f"at {at} of {moments}, then once more"


OPTIMIZERS = [
    functools.partial(optim.SGD, lr=0.1),
    functools.partial(optim.SGD, lr=0.1, momentum=0.9, nesterov=True),
    functools.partial(optim.Adam, lr=0.1, amsgrad=True),
    functools.partial(optim.AdamW, lr=0.1),
    functools.partial(optim.Adamax, lr=0.1),
    functools.partial(optim.NAdam, lr=0.1),
    functools.partial(optim.RMSprop, lr=0.1, momentum=0.5, centered=True),
    functools.partial(optim.Adagrad, lr=0.1),
    functools.partial(optim.Adadelta, lr=0.1),
    functools.partial(optim.Rprop, lr=0.1),
    functools.partial(optim.ASGD, lr=0.1),
    functools.partial(optim.RAdam, lr=0.1),
]


@pytest.mark.parametrize("warm", [0, 1])
@pytest.mark.parametrize("make", OPTIMIZERS, ids=lambda m: m.func.__name__)
def test_a_step(make, warm):
    all_or_nothing(functools.partial(Fit, make, warm))


class Search(Fit):
    """A fit by LBFGS, which moves all parameters many times in one step."""

    def __init__(self, line_search):
        options = {"max_iter": 2, "line_search_fn": line_search, "lr": 0.1}
        super().__init__(lambda groups: optim.LBFGS([p for group in groups for p in group["params"]], **options), 0)

    def act(self):
        self.optimizer.step(self.loss)

    def state(self):
        memory = {k: v for k, v in self.optimizer._memory().items() if k not in ("d", "prev_flat_grad", "prev_loss")}
        return [super().state(), numbers_in(memory)]

    def check(self, has_changed):
        """The step of a line search that was tried and taken back has changed the parameters, too."""
        if has_changed:
            super().check(has_changed)


@pytest.mark.parametrize("line_search", [None, "strong_wolfe"])
def test_a_step_of_many_iterations(line_search):
    all_or_nothing(functools.partial(Search, line_search))


class Scheduled(Fit):
    """A schedule of the rates of two groups."""

    def __init__(self, make):
        super().__init__(functools.partial(optim.SGD, lr=0.5), 0)
        self.optimizer.step()
        self.schedule = make(self.optimizer)

    def act(self):
        """Go to the next epoch; without an improvement, where that counts."""
        self.schedule.step(*([3.0] if isinstance(self.schedule, optim.lr_scheduler.ReduceLROnPlateau) else []))

    def state(self):
        return [super().state(), numbers_in(self.schedule.state_dict())]

    def check(self, has_changed):
        """Rates only."""


rates = optim.lr_scheduler


def one_after_the_other(optimizer):
    parts = [rates.ConstantLR(optimizer, factor=0.125, total_iters=1), rates.ExponentialLR(optimizer, gamma=0.5)]
    return rates.SequentialLR(optimizer, parts, milestones=[1])


def together(optimizer):
    return rates.ChainedScheduler([rates.ConstantLR(optimizer, factor=0.125), rates.ExponentialLR(optimizer, gamma=0.5)])


SCHEDULES = {
    rates.ChainedScheduler: together,
    rates.ConstantLR: rates.ConstantLR,
    rates.CosineAnnealingLR: functools.partial(rates.CosineAnnealingLR, T_max=5),
    rates.CosineAnnealingWarmRestarts: functools.partial(rates.CosineAnnealingWarmRestarts, T_0=2),
    rates.CyclicLR: functools.partial(rates.CyclicLR, base_lr=0.125, max_lr=1.0, step_size_up=3, cycle_momentum=False),
    rates.ExponentialLR: functools.partial(rates.ExponentialLR, gamma=0.5),
    rates.LambdaLR: functools.partial(rates.LambdaLR, lr_lambda=lambda epoch: 0.5**epoch),
    rates.LinearLR: rates.LinearLR,
    rates.MultiplicativeLR: functools.partial(rates.MultiplicativeLR, lr_lambda=lambda epoch: 0.5),
    rates.MultiStepLR: functools.partial(rates.MultiStepLR, milestones=[1]),
    rates.OneCycleLR: functools.partial(rates.OneCycleLR, max_lr=1.0, total_steps=8, cycle_momentum=False),
    rates.PolynomialLR: rates.PolynomialLR,
    rates.ReduceLROnPlateau: functools.partial(rates.ReduceLROnPlateau, patience=0),
    rates.SequentialLR: one_after_the_other,
    rates.StepLR: functools.partial(rates.StepLR, step_size=1),
}


def test_every_optimizer_and_schedule_is_interrupted():
    classes = {v for v in vars(optim).values() if isinstance(v, type)} - {optim.Optimizer, optim.LBFGS}
    assert {make.func for make in OPTIMIZERS} == classes
    assert SCHEDULES.keys() == {v for v in vars(rates).values() if isinstance(v, type)} - {rates.LRScheduler}


@pytest.mark.sampled(6)
@pytest.mark.parametrize("make", SCHEDULES.values(), ids=[kind.__name__ for kind in SCHEDULES])
def test_a_step_of_a_schedule(make):
    all_or_nothing(functools.partial(Scheduled, make))


class Changed(Fit):
    """A module with parameters of two precisions and a buffer, and gradients; a function of it that changes all of them."""

    def __init__(self, change):
        self.module, self.change = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1)), change
        self.module.register_buffer("count", jt.tensor(3.0))
        self.parameters = [*self.module.parameters()]
        for k, p in enumerate(self.parameters):
            p.data = jt.full(p.shape, 1.0 + k)
        self.optimizer = optim.SGD(self.parameters, lr=0.5)
        self.module(jt.tensor([[1.0, 2.0]])).sum().backward()
        self.before = (self.parameters[0] * self.parameters[0]).sum() + (self.parameters[2] * self.parameters[2]).sum()

    def act(self):
        self.change(self.module)

    def state(self):
        modules = [module.training for module in self.module.modules()]
        gradients = [numbers_in(p.grad) for p in self.parameters]
        return [numbers_in(self.module.state_dict()), [str(p.dtype) for p in self.parameters], gradients, modules]

    def check(self, has_changed):
        """What was recorded before is refused or right; which of them is not the same for all changes."""
        try:
            gradient = jt.autograd.grad(self.before, self.parameters[0])[0]
        except RuntimeError:
            assert has_changed
        else:
            np.testing.assert_array_equal(gradient.numpy(), 2.0)


def load(module):
    module.load_state_dict({k: v + 1.0 for k, v in module.state_dict().items()})


def to_double(module):
    module.to(jt.float64 if module[0].weight.dtype == jt.float32 else jt.float32)


def clip_norms(module):
    nn.utils.clip_grad_norm_(
        module.parameters(), 0.5 * float(nn.utils.parameters_to_vector(p.grad for p in module.parameters()).norm())
    )


def clip_values(module):
    nn.utils.clip_grad_value_(module.parameters(), 0.5 * max(float(p.grad.abs().max()) for p in module.parameters()))


def from_vector(module):
    nn.utils.vector_to_parameters(nn.utils.parameters_to_vector(module.parameters()).detach() * 2.0, module.parameters())


def change_mode(module):
    module.train(not module.training)


@pytest.mark.parametrize("change", [load, to_double, clip_norms, clip_values, from_vector, change_mode], ids=lambda f: f.__name__)
def test_a_change_of_a_module(change):
    all_or_nothing(functools.partial(Changed, change))


class Loaded(Fit):
    """An optimiser that goes to a state of another, and back."""

    def __init__(self):
        super().__init__(functools.partial(optim.Adam, lr=0.5), 0)
        self.optimizer.step()
        other = Fit(functools.partial(optim.Adam, lr=0.125), 1)
        self.states = [other.optimizer.state_dict(), self.optimizer.state_dict(), other.optimizer.state_dict()]

    def act(self):
        """Load what is not there."""
        there = numbers_in(self.optimizer.state_dict())
        self.optimizer.load_state_dict(next(s for s in self.states if numbers_in(s) != there))

    def state(self):
        return numbers_in(self.optimizer.state_dict())

    def check(self, has_changed):
        """Options and state only."""


def test_loading_the_state_of_an_optimizer():
    all_or_nothing(Loaded)


class Written(Fit):
    """Writes that no tape records, which a graph from before them must notice."""

    def __init__(self, write):
        self.x = jt.tensor([1.0, 2.0, 3.0], requires_grad=True)
        self.parameters, self.write = [self.x], write
        self.before = (self.x * self.x).sum()

    def act(self):
        with jt.no_grad():
            self.write(self.x)

    def state(self):
        return self.x.tolist()


def add_one(x):
    x.add_(1.0)


def copy_array(x):
    x.copy_(jt.tensor(x.detach().numpy() + np.ones(3), dtype=jt.float64))


def by_index(x):
    x[[0, 2]] = x[[2, 0]] + 1.0


def by_slice(x):
    x[1:] = x[:2] + 2.0


@pytest.mark.parametrize("write", [add_one, copy_array, by_index, by_slice], ids=lambda f: f.__name__)
def test_a_write_that_is_not_recorded(write):
    all_or_nothing(functools.partial(Written, write))
