"""``check_grads``: it accepts what is right, finds 0.1 % too much, and says where."""

import numpy as np
import pytest

import jittape as jt

X = np.array([0.5, -1.0, 2.0])


class Scaled(jt.autograd.Function):
    """x squared, with a derivative that is wrong by a factor."""

    factor = 1.001

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, bar):
        (x,) = ctx.saved_tensors
        return Scaled.factor * 2.0 * x * bar


def squared(x):
    return Scaled.apply(x if isinstance(x, jt.Tensor) else jt.tensor(x))


def test_right_derivatives_of_trees_pass_at_every_order():
    f = lambda d, t: {"a": np.sin(d["w"]) * t, "b": np.sum(d["w"] ** 2)}
    for order in (1, 2, 3):
        assert jt.check_grads(f, ({"w": X}, 2.0), order=order)
    assert jt.check_grads(np.exp, 0.5) and jt.check_grads(np.sum, np.zeros((2, 0)))
    assert jt.check_grads(jt.grad(lambda x: np.sum(x**4)), X)


def test_a_wrong_derivative_is_found_and_named():
    with pytest.raises(jt.autograd.GradcheckError) as caught:
        jt.check_grads(lambda x: squared(x) + 0.0, X, order=1, modes=("rev",))
    words = str(caught.value)
    assert words.startswith("rev: output 0 by argument [0]: entry [2, 2] is 4.004")  # the worst one
    assert "by finite differences (allowed difference" in words and "; 3 of 9 entries differ" in words


def test_it_is_deterministic():
    def message():
        with pytest.raises(jt.autograd.GradcheckError) as caught:
            jt.check_grads(squared, X, order=2, modes=("rev",))
        return str(caught.value)

    assert message() == message()


def test_a_wrong_second_derivative_is_found(monkeypatch):
    monkeypatch.setattr(Scaled, "factor", 1.0)
    assert jt.check_grads(lambda x: np.sum(squared(x)), X, order=2, modes=("rev",))

    f = lambda x: np.sum(
        jt.where(jt.as_tensor(x) > 0.0, x * x, x.detach() * x * 2.0 - x.detach() ** 2) if isinstance(x, jt.Tensor) else x * x
    )
    assert jt.check_grads(f, X, order=1)
    with pytest.raises(jt.autograd.GradcheckError, match=r"of "):
        jt.check_grads(f, X, order=2)


def test_a_nan_is_not_right():
    with pytest.raises(jt.autograd.GradcheckError, match="nan"):
        jt.check_grads(lambda x: np.sum(jt.sqrt(x * 0.0) + x if isinstance(x, jt.Tensor) else x), X, order=1, modes=("rev",))


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: jt.check_grads(np.sin, X, modes="fwd"), r"modes='fwd', expected a sequence of 'fwd' and 'rev'"),
        (lambda: jt.check_grads(np.sin, X, modes=("forward",)), r"got modes=\('forward',\)"),
        (lambda: jt.check_grads(np.sin, X, order=0), "order=0, expected a whole number"),
        (lambda: jt.check_grads(np.sin, X.astype(np.float32)), r"argument \[0\] has dtype float32, expected float64"),
    ],
)
def test_misuse(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_what_is_no_float_is_handed_on():
    """Integers, bools and text are constants, and so are arguments that are not asked for."""

    def f(x, k, names, other):
        return np.sum(x[k] ** 3) * (2.0 if names["twice"] else 1.0) + other.sum()

    rest = (np.array([0, 1]), {"twice": True, "name": "f"}, X.astype(np.float32))
    assert jt.check_grads(f, (X, *rest), argnums=0) and jt.check_grads(f, (X, *rest), argnums=(-4,))
    with pytest.raises(ValueError, match=r"argument \[3\] has dtype float32"):
        jt.check_grads(f, (X, *rest))
    wrong = jt.custom_vjp(lambda x: x**2)
    wrong.defvjp(lambda x: (x**2, x), lambda x, y_bar: (2.002 * x * y_bar,))
    g = lambda k, x: np.sum(wrong(x) * k)
    with pytest.raises(jt.autograd.GradcheckError, match=r"by argument \[1\]"):
        jt.check_grads(g, (2, X), order=1, modes=("rev",))
    for call, words in [
        (lambda: jt.check_grads(g, (2, X), argnums=0), "no argument with floating-point numbers"),
        (lambda: jt.check_grads(g, (2, X), argnums=2), "argnums=2, expected numbers of the 2 arguments"),
        (lambda: jt.check_grads(g, 2), "no argument"),
    ]:
        with pytest.raises(ValueError, match=words):
            call()
