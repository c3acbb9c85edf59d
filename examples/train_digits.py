"""Train a small network on handwritten digits, with mini-batches and Adam."""

# %% Question
# Which digit is on an 8 x 8 image?  1797 of them ship with scikit-learn.  We train on four fifths of them and
# count how many of the others the network reads right.

import argparse
import sys
import time
from pathlib import Path

import numpy as np

import jittape as jt
from jittape import nn, optim

try:
    from sklearn.datasets import load_digits
except ImportError:
    sys.exit("This example reads its data from scikit-learn, which is not installed: pip install -e '.[examples]'")

try:
    from tqdm import tqdm
except ImportError:  # a progress bar is nice to have

    def tqdm(iterable, **options):
        return iterable


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--epochs", type=int, default=60)
parser.add_argument("--figure", default=Path(__file__).with_name("train_digits.png"), help="where to draw the loss")
parser.add_argument("--short", action="store_true", help="a few epochs only, no figure")
options = parser.parse_args()
epochs = 15 if options.short else options.epochs

data = load_digits()
images, labels = data.data / 16.0, data.target
jt.manual_seed(0)
order = np.random.default_rng(0).permutation(len(images))
held_out, used = order[: len(images) // 5], order[len(images) // 5 :]
print(f"{len(used)} images to train on, {len(held_out)} held out")

# %% Model
# PyTorch's words.  A network computes logits, the cross entropy turns them into a loss.

BATCH = 32
net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(net.parameters(), lr=3e-3, weight_decay=1e-4)
schedule = optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=epochs)
print(net)

# %% Training
# A step is a forward pass that records, one compiled sweep, and one compiled call that moves all parameters.


def evaluate(rows):
    """Mean loss and share of images that are read right."""
    with jt.no_grad():
        logits = net(jt.from_numpy(images[rows]))
        loss = criterion(logits, labels[rows]).item()
    return loss, float(np.mean(logits.numpy().argmax(1) == labels[rows]))


rng = np.random.default_rng(1)
history, steps, start = [], 0, time.perf_counter()
for _ in tqdm(range(epochs), desc="epochs", file=sys.stderr):
    shuffled = rng.permutation(used)
    for k in range(0, len(shuffled), BATCH):
        rows = shuffled[k : k + BATCH]
        loss = criterion(net(jt.from_numpy(images[rows])), labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        steps += 1
    schedule.step()
    history.append((*evaluate(used), *evaluate(held_out)))
seconds = time.perf_counter() - start

print(f"loss         {history[0][0]:.4f} after the first epoch, {history[-1][0]:.4f} after the last")
print(f"accuracy     {history[-1][3]:.1%} of the images held out")
print(f"{steps} steps in {seconds:.1f} s: {1e6 * seconds / steps:.0f} us a step, batches and evaluation included")

# %% Check
# The gradient of the loss by one weight, against a difference quotient.

optimizer.zero_grad()
rows = held_out[:50]
criterion(net(jt.from_numpy(images[rows])), labels[rows]).backward()
weight, step = net[0].weight, 1e-5
values = []
for sign in (1.0, -1.0):
    with jt.no_grad():
        weight[3, 20] += sign * step
        values.append(criterion(net(jt.from_numpy(images[rows])), labels[rows]).item())
        weight[3, 20] -= sign * step
error = abs(weight.grad[3, 20].item() - (values[0] - values[1]) / (2 * step))
print(f"difference to a difference quotient: {error:.1e}")
assert error < 1e-8

# %% Figure

if options.short:
    sys.exit()
try:
    import matplotlib
except ImportError:
    sys.exit("matplotlib is not installed: no figure")

matplotlib.use("Agg")
import matplotlib.pyplot as plt

train_loss, _, test_loss, accuracy = np.array(history).T
figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.8), layout="constrained")
left.semilogy(train_loss, color="C0", label="training")
left.semilogy(test_loss, color="C3", label="held out")
left.set(xlabel="epoch", title="Cross entropy")
left.legend(frameon=False)
right.plot(100 * accuracy, color="C3")
right.set(xlabel="epoch", title="Held-out images read right, %")
for axes in (left, right):
    axes.spines[["top", "right"]].set_visible(False)
figure.savefig(options.figure, dpi=130)
print(f"figure: {options.figure}")
