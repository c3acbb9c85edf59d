"""A generator and a discriminator that learn from each other: digits out of noise."""

# %% Question
# Which images look like the 1797 handwritten digits of scikit-learn, 8 x 8 pixels each?  A discriminator of convolutions tells
# digits from images that a generator of transposed convolutions makes of noise; each is trained against the other.

import argparse
import sys
from pathlib import Path

import numpy as np

import jittape as jt
from jittape import nn, optim

try:
    from sklearn.datasets import load_digits
except ImportError:
    sys.exit("This example reads its data from scikit-learn, which is not installed: pip install -e '.[examples]'")

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--figure", default=Path(__file__).with_name("generate_digits.png"), help="where to draw the digits")
parser.add_argument("--short", action="store_true", help="a few steps only, no figure")
options = parser.parse_args()

jt.manual_seed(0)
jt.set_default_dtype(jt.float32)
images = jt.tensor(load_digits().images[:, None] / 8.0 - 1.0, dtype=jt.float32)  # from -1 to 1
NOISE = 16


def weights_init(module):
    """The first weights of the article that introduced such networks: normal, with deviation 0.02 (here 0.05: it is small)."""
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, 0.0, 0.05)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)


first = [nn.ConvTranspose2d(NOISE, 32, 2, bias=False), nn.BatchNorm2d(32), nn.ReLU()]
second = [nn.ConvTranspose2d(32, 16, 4, 2, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
generator = nn.Sequential(*first, *second, nn.ConvTranspose2d(16, 1, 4, 2, 1), nn.Tanh()).apply(weights_init)
down = [nn.Conv2d(1, 16, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(16, 32, 4, 2, 1), nn.LeakyReLU(0.2)]
discriminator = nn.Sequential(*down, nn.Conv2d(32, 1, 2), nn.Flatten(0)).apply(weights_init)
criterion, fixed = nn.BCEWithLogitsLoss(), jt.randn(32, NOISE, 1, 1)
steps_of = {net: optim.Adam(net.parameters(), lr=2e-3, betas=(0.5, 0.999)) for net in (generator, discriminator)}

# %% Training
loader = jt.utils.data.DataLoader(jt.utils.data.TensorDataset(images), batch_size=64, shuffle=True, drop_last=True)
for epoch in range(1 if options.short else 40):
    for (real,) in loader:
        noise = jt.randn(len(real), NOISE, 1, 1)
        fake = generator(noise)
        steps_of[discriminator].zero_grad()
        told = discriminator(real), discriminator(fake.detach())
        loss = criterion(told[0], jt.ones_like(told[0])) + criterion(told[1], jt.zeros_like(told[1]))
        loss.backward()
        steps_of[discriminator].step()
        steps_of[generator].zero_grad()
        told = discriminator(fake)
        fooled = criterion(told, jt.ones_like(told))
        fooled.backward()
        steps_of[generator].step()
    print(f"epoch {epoch}: loss of the discriminator {loss.item():.3f}, of the generator {fooled.item():.3f}")

# %% What the generator makes
with jt.no_grad():
    made = generator.eval()(fixed).numpy()
nearest = np.sqrt(((made[:, None] - images.numpy()[None]) ** 2).mean((2, 3, 4)).min(1))
print(f"pixels from {made.min():.2f} to {made.max():.2f}, distance to the nearest digit {nearest.mean():.3f}")
if not options.short:
    import matplotlib.pyplot as plt

    sheet = np.concatenate([np.concatenate(list(made[8 * k : 8 * k + 8, 0]), 1) for k in range(4)])
    plt.imsave(options.figure, np.kron(sheet, np.ones((8, 8))), cmap="gray")
    print(f"drawn to {options.figure}")
