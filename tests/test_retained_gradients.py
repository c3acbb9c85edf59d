"""Which ``.grad`` a sweep fills: programs give what is written here, with PyTorch as well, where that is installed."""

import warnings

import pytest

import jittape

try:
    import torch
except ImportError:
    torch = None

LIBRARIES = [pytest.param(jittape, id="jittape")]
LIBRARIES.append(pytest.param(torch, id="torch", marks=pytest.mark.skipif(torch is None, reason="PyTorch is not installed")))


class Program:
    """A leaf x, another leaf w, a result y = x*x that retains its gradient, and a function of it."""

    def __init__(self, library):
        self.grad = library.autograd.grad
        self.x, self.w = (library.tensor([1.0, 2.0], requires_grad=True) for _ in range(2))
        self.y = self.x * self.x
        self.y.retain_grad()

    def z(self):
        return (self.y * 3.0).sum()


def path(p):
    return p.grad(p.z(), p.x)


def twice(p):
    z = p.z()
    p.grad(z, p.x, retain_graph=True)
    first = p.y.grad
    assert first.tolist() == [3.0, 3.0]
    p.grad(z, p.x)
    assert p.y.grad is not first


def itself(p):
    return p.grad(p.z(), p.y)


def with_itself(p):
    return p.grad(p.z(), [p.x, p.y])


def off_the_path(p):
    return p.grad(p.z() + (p.w * 2.0).sum(), p.w)


def beyond(p):
    u = p.y * 2.0
    return p.grad(u.sum(), u)


def after_hooks(p):
    p.y.register_hook(lambda g: g * 10.0)
    p.y.register_hook(lambda g: g + 1.0)
    return p.grad(p.z(), p.x)


def itself_after_hooks(p):
    p.y.register_hook(lambda g: g * 10.0)
    return p.grad(p.z(), p.y)


def a_leaf_on_the_path(p):
    return p.grad((p.y * p.w).sum(), p.x)


def two_roots(p):
    return p.grad([p.y.sum(), (p.y * 2.0).sum()], p.x)


def an_unused_input(p):
    return p.grad(p.z(), [p.x, p.w], allow_unused=True)


def written_in_place(p):
    p.y *= 2.0
    return p.grad(p.z(), p.x)


def recorded(p):
    (g,) = p.grad((p.y * p.y).sum(), p.x, create_graph=True)
    assert p.y.grad.requires_grad
    (h,) = p.grad(p.y.grad.sum(), p.x)
    assert h.tolist() == [4.0, 8.0]
    return (g,)


def recorded_twice(p):
    z = p.z()
    p.grad(z, p.x, create_graph=True)
    p.grad(z, p.x, create_graph=True)


def backward_to_a_leaf(p):
    (p.y * p.w).sum().backward(inputs=[p.x])


def backward_to_itself(p):
    p.z().backward(inputs=[p.y])


def backward_to_a_result_then_grad(p):
    u = p.y * 2.0
    z = u.sum()
    z.backward(inputs=[u], retain_graph=True)
    assert u.retains_grad and u.grad.tolist() == [1.0, 1.0] and p.y.grad is None
    p.grad(z, p.x)
    assert u.grad.tolist() == [2.0, 2.0]


# What p.y.grad, p.x.grad and p.w.grad hold afterwards.
EXPECTED = {
    path: ([3.0, 3.0], None, None),
    twice: ([6.0, 6.0], None, None),
    itself: ([3.0, 3.0], None, None),
    with_itself: ([3.0, 3.0], None, None),
    off_the_path: (None, None, None),
    beyond: (None, None, None),
    after_hooks: ([31.0, 31.0], None, None),
    itself_after_hooks: ([30.0, 30.0], None, None),
    a_leaf_on_the_path: ([1.0, 2.0], None, None),
    two_roots: ([3.0, 3.0], None, None),
    an_unused_input: ([3.0, 3.0], None, None),
    written_in_place: ([3.0, 3.0], None, None),
    recorded: ([4.0, 10.0], None, None),
    recorded_twice: ([6.0, 6.0], None, None),
    backward_to_a_leaf: ([1.0, 2.0], [2.0, 8.0], None),
    backward_to_itself: ([3.0, 3.0], None, None),
    backward_to_a_result_then_grad: ([2.0, 2.0], None, None),
}


@pytest.mark.parametrize("action", EXPECTED, ids=lambda f: f.__name__)
@pytest.mark.parametrize("library", LIBRARIES)
def test_what_is_filled(library, action):
    p = Program(library)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        action(p)
        found = [None if t.grad is None else t.grad.tolist() for t in (p.y, p.x, p.w)]
    assert found == list(EXPECTED[action])


def test_a_gradient_that_is_returned_is_not_the_one_that_is_retained():
    p = Program(jittape)
    (g,) = itself(p)
    g.mul_(100.0)
    assert p.y.grad.tolist() == [3.0, 3.0]


def test_a_call_that_fails_fills_nothing():
    p = Program(jittape)
    with pytest.raises(RuntimeError, match="not have been used"):
        p.grad(p.z(), [p.x, p.w])
    assert p.y.grad is None
