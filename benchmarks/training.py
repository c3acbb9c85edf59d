"""Whole training steps (gradients cleared, forward, loss, backward, optimiser) of small networks, beside PyTorch eager.

    python benchmarks/training.py [words of a case's name] [--seconds 1.0] [--markdown]

Both libraries start from the same weights and take turns in one process; before anything is timed, the losses of
five steps must agree.  PyTorch runs as it comes (``foreach`` chosen by itself), on one thread.
"""

import importlib
import itertools
from dataclasses import dataclass

import peers  # first: it limits the threads
import numpy as np
from timing import Table, arguments, minima

TURN = 20e-3  # seconds a turn lasts: a training loop has the caches to itself, so a turn must be many steps
AGREEMENT = {"float64": 1e-10, "float32": 1e-5}


@dataclass(frozen=True)
class Case:
    """A network, a batch, a dtype and an optimiser."""

    sizes: tuple
    batch: int
    dtype: str
    optimizer: str

    def __str__(self):
        return f"{'-'.join(map(str, self.sizes))}, batch {self.batch}, {self.dtype}, {self.optimizer}"

    def weights(self):
        """First values of the parameters, the same for all."""
        rng = np.random.default_rng(0)
        for inputs, outputs in zip(self.sizes, self.sizes[1:]):
            yield rng.uniform(-1, 1, (outputs, inputs)) / inputs**0.5
            yield rng.uniform(-1, 1, outputs) / inputs**0.5

    def data(self):
        """A batch of inputs and labels."""
        rng = np.random.default_rng(1)
        inputs = rng.standard_normal((self.batch, self.sizes[0])).astype(self.dtype)
        return inputs, rng.integers(0, self.sizes[-1], self.batch)


CASES = [
    Case(*c) for c in itertools.product(((64, 32, 10), (64, 256, 256, 10)), (32, 256), ("float64", "float32"), ("Adam", "SGD"))
]


def step_of(name, case):
    """The training step of a library, as a function without arguments that returns the loss."""
    library = importlib.import_module(name)
    nn, dtype = library.nn, getattr(library, case.dtype)
    layers = []
    for inputs, outputs in zip(case.sizes, case.sizes[1:]):
        layers += [nn.Linear(inputs, outputs, dtype=dtype), nn.ReLU()]
    net, criterion = nn.Sequential(*layers[:-1]), nn.CrossEntropyLoss()
    for p, w in zip(net.parameters(), case.weights()):
        p.data.copy_(library.tensor(w, dtype=dtype))
    optimizer = getattr(library.optim, case.optimizer)(net.parameters(), lr=1e-3)
    inputs, labels = (library.tensor(v) for v in case.data())

    def step():
        optimizer.zero_grad()
        loss = criterion(net(inputs), labels)
        loss.backward()
        optimizer.step()
        return loss

    return step


def available():
    """Names of the libraries that can be imported."""
    return [name for name in ("jittape", "torch") if name in peers.available()]


def check(steps, case):
    """Raise unless the losses of five steps agree."""
    losses = np.array([[step().item() for _ in range(5)] for step in steps.values()])
    assert np.isfinite(losses).all() and (losses[:, -1] < losses[:, 0]).all()
    assert np.abs(losses - losses[0]).max() <= AGREEMENT[case.dtype], f"{case}: {losses}"


def prepared(case):
    """Name -> the step to be timed, the losses of the first ones checked."""
    steps = {name: step_of(name, case) for name in available()}
    check(steps, case)
    return steps


def main():
    options = arguments(__doc__, "cases", seconds=1.0).parse_args()
    print("microseconds a step, minimum\n")
    table = Table(["network", "jittape", "torch", "ratio"], [44, 8, 8, 6], options.markdown)
    for case in CASES:
        if all(word in str(case) for word in options.words):
            best = minima(prepared(case), options.seconds, TURN)
            ours, theirs = best["jittape"] * 1e6, best.get("torch", float("nan")) * 1e6
            table.row([str(case), f"{ours:.0f}", f"{theirs:.0f}", f"{theirs / ours:.2f}"])


if __name__ == "__main__":
    main()
