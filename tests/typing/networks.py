"""Training: modules, losses, optimisers, schedules, files."""

from __future__ import annotations

import io

import jittape as jt
from expect import assert_type
from jittape import Tensor, nn, optim


class Regression(nn.Module):
    shift: Tensor  # a buffer: it is registered by name

    def __init__(self, width: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(1, width)
        self.scale = nn.Parameter(jt.tensor(1.0))
        self.out = nn.Linear(width, 1, bias=False)
        self.register_buffer("shift", jt.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        return self.out(jt.tanh(self.hidden(x))) * self.scale + self.shift


jt.manual_seed(0)
net = Regression(8)
x = jt.linspace(-1.0, 1.0, 16).reshape(16, 1)
target = jt.sin(3.0 * x)
optimizer = optim.Adam(net.parameters(), lr=0.02, betas=(0.9, 0.99))
schedule = optim.lr_scheduler.StepLR(optimizer, step_size=10, gamma=0.5)
criterion = nn.MSELoss(reduction="mean")
for _ in range(3):
    loss = criterion(net(x), target)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    optimizer.step()
    schedule.step()
assert_type(schedule.get_last_lr(), list[float])
assert_type(net.train(), Regression)
assert_type(net.eval().double(), Regression)
assert_type([name for name, _ in net.named_parameters()], list[str])
assert_type(net.scale, nn.Parameter)
assert_type(net.hidden.bias, nn.Parameter | None)
assert_type(nn.functional.mse_loss(net.forward(x), target, reduction="sum"), Tensor)
assert_type(nn.functional.relu(x), Tensor)
assert_type(nn.functional.dropout(x, p=0.1, training=False), Tensor)
assert_type(nn.CrossEntropyLoss(label_smoothing=0.1), nn.CrossEntropyLoss)
assert_type(nn.Softplus(beta=2.0).forward(x), Tensor)
assert_type(nn.init.xavier_uniform_(net.hidden.weight), Tensor)
stack = nn.Sequential(nn.Linear(1, 4), nn.ReLU(), nn.Softmax(dim=-1)).append(nn.Identity())
assert_type(stack, nn.Sequential)
assert_type(len(stack), int)

# groups of parameters, an optimiser that calls the loss itself
groups = optim.SGD([{"params": net.hidden.parameters(), "lr": 0.1}, {"params": [net.scale]}], lr=0.01, momentum=0.9)
groups.param_groups[0]["lr"] = 0.05
second = optim.LBFGS(net.parameters(), max_iter=2, line_search_fn="strong_wolfe")


def closure() -> Tensor:
    second.zero_grad()
    loss = nn.functional.mse_loss(net.forward(x), target)
    loss.backward()
    return loss


second.step(closure)

# files
file = io.BytesIO()
jt.save(net.state_dict(), file)
file.seek(0)
missing = net.load_state_dict(jt.load(file)).missing_keys
assert_type(net.state_dict(), dict[str, Tensor])
