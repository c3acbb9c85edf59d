"""Learning rate schedules against PyTorch's: rates and momenta, step by step."""

import warnings

import numpy as np
import pytest

import jittape

SCHEDULES = {
    "constant": lambda s, o: s.ConstantLR(o, 0.5, 4),
    "linear": lambda s, o: s.LinearLR(o, 0.25, 0.75, 6),
    "polynomial": lambda s, o: s.PolynomialLR(o, 8, 2.0),
    "multiplicative": lambda s, o: s.MultiplicativeLR(o, lambda epoch: 0.9 if epoch % 2 else 1.05),
    "one cycle": lambda s, o: s.OneCycleLR(o, 0.5, total_steps=25),
    "one straight cycle": lambda s, o: s.OneCycleLR(o, [0.5, 0.1], epochs=5, steps_per_epoch=5, anneal_strategy="linear"),
    "three phases": lambda s, o: s.OneCycleLR(o, 0.5, total_steps=25, three_phase=True, pct_start=0.4, cycle_momentum=False),
    "cycles": lambda s, o: s.CyclicLR(o, 0.01, 0.1, 4, 3),
    "halved cycles": lambda s, o: s.CyclicLR(o, 0.01, [0.1, 0.2], 4, mode="triangular2"),
    "shrinking cycles": lambda s, o: s.CyclicLR(o, 0.01, 0.1, 4, mode="exp_range", gamma=0.9, cycle_momentum=False),
    "restarts": lambda s, o: s.CosineAnnealingWarmRestarts(o, 3, 2, 0.001),
    "sequence": lambda s, o: s.SequentialLR(o, [s.LinearLR(o, 0.1, 1.0, 5), s.ExponentialLR(o, 0.9), s.StepLR(o, 2)], [5, 12]),
    "chain": lambda s, o: s.ChainedScheduler([s.ConstantLR(o, 0.1, 3), s.ExponentialLR(o, 0.9)], o),
}


def rates_of(torch, name):
    optim, found = torch.optim, []
    groups = [{"params": [torch.ones(2, requires_grad=True)]}, {"params": [torch.ones(1, requires_grad=True)], "lr": 0.3}]
    optimiser = optim.SGD(groups, lr=0.2, momentum=0.9)
    schedule = SCHEDULES[name](optim.lr_scheduler, optimiser)
    for _ in range(24):
        found.append([(group["lr"], group["momentum"]) for group in optimiser.param_groups])
        assert list(schedule.get_last_lr()) == [rate for rate, _ in found[-1]]
        optimiser.step()
        schedule.step()
    return np.array(found, float), schedule


@pytest.mark.parametrize("name", SCHEDULES)
def test_rates(name):
    torch = pytest.importorskip("torch", reason="schedules are compared with PyTorch's, which is not installed here")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected, _ = rates_of(torch, name)
    found, schedule = rates_of(jittape, name)
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    schedule.load_state_dict(schedule.state_dict())


def test_places_between_epochs():
    optimiser = jittape.optim.SGD([jittape.ones(1, requires_grad=True)], lr=1.0)
    schedule = jittape.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimiser, 4)
    schedule.step(5.0)
    at_one = optimiser.param_groups[0]["lr"]
    schedule.step(2.0)
    assert optimiser.param_groups[0]["lr"] == pytest.approx(0.5) and at_one == pytest.approx((1 + np.cos(np.pi / 4)) / 2)


SGD = jittape.optim.SGD([jittape.ones(1, requires_grad=True)], lr=1.0)
OF = jittape.optim.lr_scheduler
REFUSED = [
    (lambda: OF.ConstantLR(SGD, 2.0), "Constant multiplicative factor expected to be between 0 and 1"),
    (lambda: OF.LinearLR(SGD, 0.0), "Starting multiplicative factor expected to be greater than 0"),
    (lambda: OF.OneCycleLR(SGD, 1.0), "You must define either total_steps OR"),
    (lambda: OF.OneCycleLR(SGD, 1.0, 10, pct_start=2.0), "Expected float between 0 and 1 pct_start"),
    (lambda: OF.OneCycleLR(SGD, 1.0, 10, anneal_strategy="x"), "anneal_strategy must be one of"),
    (lambda: OF.OneCycleLR(SGD, [1.0, 2.0], 10), "must have the same length as optimizer.param_groups"),
    (lambda: OF.CyclicLR(SGD, 0.1, 1.0, mode="x"), "mode is invalid and scale_fn is None"),
    (lambda: OF.CosineAnnealingWarmRestarts(SGD, 0), "Expected positive integer T_0"),
    (lambda: OF.SequentialLR(SGD, [OF.StepLR(SGD, 1)], [1]), "expects number of schedulers provided to be one more"),
    (lambda: OF.ChainedScheduler([]), "expects at least one scheduler to be chained"),
]


@pytest.mark.parametrize(("call", "message"), REFUSED, ids=lambda v: v if isinstance(v, str) else "")
def test_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_steps_are_not_recorded():
    with pytest.raises(NotImplementedError, match="differentiable=True"):
        jittape.optim.Adam([jittape.ones(1, requires_grad=True)], differentiable=True)
