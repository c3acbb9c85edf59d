"""A recurrent network that learns to write, character by character."""

# %% Question
# Which character comes next?  A network of long short-term memories reads a text and guesses; then it writes one of its own.

import argparse

import jittape as jt
from jittape import nn, optim

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--short", action="store_true", help="a few steps only")
options = parser.parse_args()

TEXT = """the tape keeps every row it reads. a sweep reads every row of the tape. every row keeps the sweep. the sweep keeps
the tape, and the tape keeps every sweep. a row reads a row, and every row reads the tape. """.replace("\n", " ")
LETTERS = sorted(set(TEXT))
jt.manual_seed(0)
codes = jt.tensor([LETTERS.index(c) for c in TEXT * 4])


class Writer(nn.Module):
    """Letters as vectors, a recurrent layer, and scores of the next letter."""

    def __init__(self, letters, size=64):
        super().__init__()
        self.vectors, self.memory, self.scores = nn.Embedding(letters, 16), nn.LSTM(16, size), nn.Linear(size, letters)

    def forward(self, read, state=None):
        y, state = self.memory(self.vectors(read), state)
        return self.scores(y), state


model = Writer(len(LETTERS))
optimiser = optim.Adam(model.parameters(), lr=1e-2)
steps, batch, length = 30 if options.short else 300, 16, 48
schedule = optim.lr_scheduler.OneCycleLR(optimiser, 2e-2, total_steps=steps + 1, cycle_momentum=False)

# %% Training
for step in range(steps):
    starts = jt.randint(0, len(TEXT), (batch,)).tolist()
    pieces = jt.stack([codes[k : k + length + 1] for k in starts], 1)  # time first
    scores, _ = model(pieces[:-1])
    loss = nn.functional.cross_entropy(scores.reshape(-1, len(LETTERS)), pieces[1:].reshape(-1))
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    schedule.step()
    if step % (steps // 5) == 0 or step == steps - 1:
        print(f"step {step}: loss {loss.item():.3f}")

# %% Writing
written, state = "the ", None
with jt.no_grad():
    scores, state = model(jt.tensor([[LETTERS.index(c)] for c in written]))
    for _ in range(120):
        chance = (scores[-1, 0] / 0.5).softmax(0)
        letter = int(jt.multinomial(chance, 1))
        written += LETTERS[letter]
        scores, state = model(jt.tensor([[letter]]), state)
words = written.split()[:-1]
print(written)
print(f"{sum(w.strip('.,') in TEXT.replace('.', '').replace(',', '').split() for w in words)} of {len(words)} words are words")
