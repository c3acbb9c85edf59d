"""Ctrl-C at every moment of a call at which Python handles signals: numbers are right afterwards, and nothing stays under way."""

import functools
import gc
import io

import numpy as np
import pytest

import jittape as jt
from jittape.tape.tape import current
from interruptions import interrupted, moments_of
from sampling import CHOICE

# What other tests have left in the process may keep a trace from being made: that is said in a warning, and is not tested here.
pytestmark = pytest.mark.filterwarnings("ignore:jt.compile:RuntimeWarning")


class Graph:
    """A graph with writes, views and two leaves on a tape of its own."""

    def __init__(self):
        self.x = jt.tensor([1.0, 2.0], requires_grad=True)
        self.w = jt.tensor([3.0, 5.0], requires_grad=True)
        self.y = self.x * self.w
        self.before = self.y.sin()
        self.y[0] = self.x[1] * 7.0
        self.y *= 2.0
        self.z = (self.y * self.w).sum()  # 14 x1 w0 + 2 x1 w1 w1

    def check(self, tape):
        assert self.y.tolist() == [28.0, 20.0] and self.z.item() == 184.0
        np.testing.assert_array_equal(self.before.detach().numpy(), np.sin([3.0, 10.0]))
        assert [g.tolist() for g in jt.autograd.grad(self.z, (self.x, self.w), retain_graph=True)] == GRADIENTS
        v = (self.x * self.x).sum() + self.z
        assert jt.autograd.grad(v, self.x, retain_graph=True)[0].tolist() == [2.0, 96.0]
        assert tape.sweeping == tape.held == 0 and current() is tape and jt.is_grad_enabled() and gc.isenabled()


GRADIENTS = [[0.0, 92.0], [28.0, 40.0]]


GIVEN = ([None, None], [[0.0, 0.0], [0.0, 0.0]], GRADIENTS)


class Doubled(jt.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2.0

    @staticmethod
    def backward(ctx, y_bar):
        with jt.enable_grad():
            return (jt.tensor([1.0, 1.0], requires_grad=True) * 2.0).detach() * y_bar


def backward(graph):
    graph.z.backward(retain_graph=True)


def backward_again(graph):
    graph.z.backward(retain_graph=True)


def hooked(graph):
    graph.y.register_hook(lambda g: g * 1.0)
    graph.y.retain_grad()
    jt.autograd.grad(graph.z, graph.x, retain_graph=True)


def recorded(graph):
    (g,) = jt.autograd.grad(graph.z, graph.x, create_graph=True)
    jt.autograd.grad(g.sum(), graph.w, retain_graph=True)


def batched(graph):
    jt.autograd.grad(graph.y, graph.x, jt.tensor(np.eye(2, dtype=np.float32)), is_grads_batched=True, retain_graph=True)


def through_a_function(graph):
    jt.autograd.grad((Doubled.apply(graph.y) * graph.w).sum(), graph.x, retain_graph=True)


def without_recording(graph):
    with jt.no_grad():
        (graph.x * graph.w).sum()


def writes(graph):
    y = graph.x * 3.0
    y[0] = graph.w[1]
    y += graph.x
    y.sum().backward()


def transforms(graph):
    def f(x):
        y = x * 2.0
        y[0] = x[1]
        return (y * y).sum()

    jt.grad(f)(np.ones(2))
    jt.hvp(f, np.ones(2), np.ones(2))
    jt.jvp(f, (np.ones(2),), (np.ones(2),))


def checkpoints(graph):
    jt.autograd.grad(jt.checkpoint(lambda x: jt.sin(x) * graph.w.detach())(graph.x).sum(), graph.x)


def traces(graph):
    jt.compile(lambda x: (x * graph.w).sum())(np.ones(2))


def jacobians(graph):
    x = np.array([1.0, 2.0])
    for made in (jt.jacrev(np.square)(x), jt.jacfwd(np.square)(x), jt.hessian(lambda x: (x**3).sum() / 3.0)(x)):
        np.testing.assert_allclose(made, np.diag(2.0 * x), rtol=1e-15)


def linearized(graph):
    x = np.array([1.0, 2.0])
    pushed, pulled = jt.linearize(np.square, x)[1], jt.vjp(np.square, x)[1]
    assert pushed(x).tolist() == pulled(x)[0].tolist() == [2.0, 8.0]


def batches(graph):
    assert jt.vmap(jt.grad(lambda x: (x * x).sum()))(np.eye(2)).tolist() == [[2.0, 0.0], [0.0, 2.0]]


def replays(graph):
    for n in (2, 3, 2):  # the gradient of the first, and of a new shape
        x = jt.tensor(np.ones(n), requires_grad=True)
        compiled_cubes(x).backward()
        assert x.grad.tolist() == [3.0] * n


def files(graph):
    file = io.BytesIO()
    compiled_cubes(np.ones(2))
    jt.save(compiled_cubes, file)
    file.seek(0)
    assert jt.load(file)(np.ones(2)) == 2.0


compiled_cubes = jt.compile(lambda x: (x**3).sum())
OF_GRAPHS = [backward, backward_again, hooked, recorded, batched, through_a_function, writes]
ACTIONS = [*OF_GRAPHS, transforms, checkpoints, traces, jacobians, linearized, batches, replays, files]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda f: f.__name__)
def test_an_interrupt_at_every_moment(action):
    for _ in range(3):  # once to compile, once to see that it is compiled, once to count
        with jt.Tape():
            moments = moments_of(functools.partial(action, Graph()))
    assert moments > 50
    for at in CHOICE.of(range(moments), 40, action.__name__, most=400):
        with jt.Tape() as tape:
            graph = Graph()
            if action is backward_again:
                graph.x.grad, graph.w.grad = jt.tensor([0.0, 0.0]), jt.tensor([0.0, 0.0])
            interrupted(lambda: action(graph), at)
            given = [t.grad if t.grad is None else t.grad.tolist() for t in (graph.x, graph.w)]
            assert action is writes or given in GIVEN, f"some gradients only: {given}"
            graph.x.grad = graph.w.grad = None
            graph.check(tape)
            tape.compact()
            graph.check(tape)
            action(Graph())
