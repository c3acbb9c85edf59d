"""Networks of the size that people run on a processor, beside PyTorch's eager mode: a forward pass and a sweep, on one thread.

    python benchmarks/networks.py              all of them
    python benchmarks/networks.py lstm         those with that word in their name

The answers of both are compared before they are timed. Times are minima of processor time; calls of the two take turns.
"""

import argparse
import time

import numpy as np

import jittape as jt


def lenet(library):
    nn = library.nn
    first = [nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()]
    return nn.Sequential(*first, nn.Linear(256, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


def perceptron(library, *sizes):
    layers = []
    for n, m in zip(sizes, sizes[1:]):
        layers += [library.nn.Linear(n, m), library.nn.Tanh()]
    return library.nn.Sequential(*layers[:-1])


NETWORKS = {  # name: (network, shape of its input)
    "convolution 1 x 28 x 28 to 6, 5 x 5": (lambda library: library.nn.Conv2d(1, 6, 5), (32, 1, 28, 28)),
    "convolution 6 x 12 x 12 to 16, 5 x 5": (lambda library: library.nn.Conv2d(6, 16, 5), (32, 6, 12, 12)),
    "lenet": (lenet, (32, 1, 28, 28)),
    "perceptron 64-64-32-10": (lambda library: perceptron(library, 64, 64, 32, 10), (64, 64)),
    "perceptron 784-128-10": (lambda library: perceptron(library, 784, 128, 10), (64, 784)),
    "lstm 64, 100 steps, 1 sequence": (lambda library: library.nn.LSTM(64, 64), (100, 1, 64)),
    "lstm 64, 100 steps, 64 sequences": (lambda library: library.nn.LSTM(64, 64), (100, 64, 64)),
    "gru 64, 100 steps, 16 sequences": (lambda library: library.nn.GRU(64, 64), (100, 16, 64)),
}


def value_of(y):
    return (y[0] if isinstance(y, tuple) else y).sum()


def calls_of(torch, name, dtype):
    """A call of each library, after their gradients were found to be equal."""
    make, shape = NETWORKS[name]
    theirs, ours = make(torch).to(getattr(torch, dtype)), make(jt).to(getattr(jt, dtype))
    ours.load_state_dict(jt.state_from_torch(theirs.state_dict()))
    x = np.random.default_rng(0).standard_normal(shape).astype(dtype)
    inputs = {torch: torch.from_numpy(x), jt: jt.from_numpy(x)}

    def call(library, model):
        model.zero_grad()
        value_of(model(inputs[library])).backward()

    call(torch, theirs)
    call(jt, ours)
    tolerance = 1e-9 if dtype == "float64" else 2e-2
    for a, b in zip(ours.parameters(), theirs.parameters()):
        np.testing.assert_allclose(a.grad.numpy(), b.grad.numpy(), rtol=tolerance, atol=tolerance * abs(b.grad).max().item())
    return [lambda: call(torch, theirs), lambda: call(jt, ours)]


def minima(calls, seconds):
    """The shortest times of calls that take turns, in seconds of processor time: others may use the machine meanwhile."""
    best, end = [np.inf] * len(calls), time.perf_counter() + seconds
    while time.perf_counter() < end:
        for k, call in enumerate(calls):
            start = time.process_time()
            call()
            best[k] = min(best[k], time.process_time() - start)
    return best


if __name__ == "__main__":
    import torch

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", help="parts of names")
    parser.add_argument("--seconds", type=float, default=1.0, help="how long each is timed")
    options = parser.parse_args()
    torch.set_num_threads(1)
    print(f"{'ms, forward and backward':40s} {'dtype':8s} {'PyTorch':>9s} {'jittape':>9s} {'ratio':>6s}")
    for name in NETWORKS:
        if all(word in name for word in options.words):
            for dtype in ("float64", "float32"):
                theirs, ours = minima(calls_of(torch, name, dtype), options.seconds)
                print(f"{name:40s} {dtype:8s} {1e3 * theirs:9.3f} {1e3 * ours:9.3f} {theirs / ours:6.2f}", flush=True)
