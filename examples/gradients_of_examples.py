"""A gradient for every example: which examples a network learns most from, and training that no single one may dominate."""

# %% Question
# A gradient of a batch hides the examples it is made of.  Here each example has its own: a function of one example is
# differentiated, then batched.  Their norms find labels that are wrong, and clipping them keeps such examples from deciding.

import argparse

import numpy as np

import jittape as jt
from jittape import nn
from jittape.func import functional_call, grad, vmap

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--short", action="store_true", help="a few steps only")
options = parser.parse_args()

rng = np.random.default_rng(0)
jt.manual_seed(0)
points = rng.standard_normal((80, 2))
labels = np.sign(points[:, 0] * points[:, 1])  # two opposite quarters against the two others
wrong = rng.permutation(len(points))[:6]
labels[wrong] *= -1
x, y = jt.tensor(points), jt.tensor(labels)

model = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 1))
params = {name: p.detach() for name, p in model.named_parameters()}


def loss(params, x, y):
    """The loss of one example."""
    return nn.functional.softplus(-y * functional_call(model, params, (x,)).squeeze())


gradients = vmap(grad(loss), in_dims=(None, 0, 0))


def norms_of(found):
    """The norm of each example's gradient."""
    return sum([(g.reshape(len(g), -1) ** 2).sum(1) for g in found.values()]) ** 0.5


# %% Training with clipped gradients
for _ in range(20 if options.short else 300):
    found = gradients(params, x, y)
    factors = jt.clamp(0.3 / norms_of(found), max=1.0)
    for name, g in found.items():
        params[name] = (params[name] - (g * factors.reshape(-1, *[1] * (g.ndim - 1))).mean(0)).detach()

# %% What the norms say
check = grad(lambda p: sum([loss(p, x[k], y[k]) for k in range(len(x))]) / len(x))(params)
mean = {name: g.mean(0) for name, g in gradients(params, x, y).items()}
difference = max([(check[n] - mean[n]).detach().abs().max().item() for n in mean])
print(f"largest difference from the gradient of the batch: {difference:.1e}")
largest = norms_of(gradients(params, x, y)).detach().argsort(descending=True)[: len(wrong)].tolist()
print(f"of the {len(wrong)} largest gradients {len(set(largest) & set(wrong.tolist()))} belong to wrong labels")
