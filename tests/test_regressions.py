"""Programs that once gave a wrong number, each in its smallest form."""

import numpy as np
import pytest
from conftest import refused

import jittape as jt
from jittape.tensor import result


@pytest.mark.parametrize("rule", [jt.relu, lambda a: jt.where(a > 0, a, 0.0), lambda a: jt.maximum(a, a * 0.5), jt.abs])
def test_recorded_adjoints_of_float32_stay_float32(rule):
    """A mask is float64 by itself; kernels read all operands in the dtype of the first."""
    values = np.random.default_rng(0).standard_normal((60, 60))
    gradients = []
    for dtype in (jt.float32, jt.float64):
        a = jt.tensor(values, dtype=dtype, requires_grad=True)
        v = rule(a @ a)
        (g,) = jt.autograd.grad((v * v).sum(), a, create_graph=True)
        assert g.dtype == dtype
        gradients.append(g.detach().numpy())
    np.testing.assert_allclose(gradients[0], gradients[1], rtol=1e-3, atol=1e-2)


@pytest.mark.parametrize("shape", [(), (5,), (5000,)])
def test_a_write_freed_by_another_sweep_is_not_taken_for_undone(shape):
    x, w = jt.full(shape, 2.0, requires_grad=True), jt.full(shape, 7.0, requires_grad=True)
    a = x * 3.0
    y = (a * a).sum()
    a[...] = w * 1.0
    jt.autograd.grad((a * 2.0).sum(), w)
    with pytest.raises(RuntimeError):
        y.backward()
    assert x.grad is None


@pytest.mark.parametrize("create_graph", [False, True])
def test_hooks_see_and_keep_the_present(create_graph):
    """The sweep has undone later writes when it calls a hook: the hook must not notice."""
    x = jt.tensor(np.arange(1.0, 7.0), requires_grad=True)
    a, y, seen = x * 2.0, jt.sin(x), []
    a[:3] = x[3:] * 10.0

    def hook(g):
        seen.append(a.detach().numpy().copy())
        with jt.no_grad():
            a[0] = 7.0

    y.register_hook(hook)
    jt.autograd.grad((y * y).sum(), x, create_graph=create_graph)
    np.testing.assert_array_equal(seen[0], [40.0, 50.0, 60.0, 8.0, 10.0, 12.0])
    np.testing.assert_array_equal(a.detach().numpy(), [7.0, 50.0, 60.0, 8.0, 10.0, 12.0])


def test_a_sweep_inside_a_hook_leaves_the_values_as_they_are():
    x = jt.tensor(np.arange(1.0, 7.0), requires_grad=True)
    a, y, inner = x * 2.0, jt.sin(x), []
    a[:3] = x[3:] * 10.0
    total = (a * 3.0).sum()
    y.register_hook(lambda g: inner.append(jt.autograd.grad(total, x)[0]))
    (y * y).sum().backward()
    np.testing.assert_array_equal(a.detach().numpy(), [40.0, 50.0, 60.0, 8.0, 10.0, 12.0])
    np.testing.assert_allclose(inner[0].numpy(), [0.0, 0.0, 0.0, 36.0, 36.0, 36.0])


def test_the_class_is_a_constructor(torch):
    x = torch.Tensor([[1, 2], [3, 4]])
    assert x.dtype == torch.get_default_dtype() and x.tolist() == [[1.0, 2.0], [3.0, 4.0]] and not x.requires_grad
    assert type(x) is torch.Tensor and torch.Tensor([]).shape == (0,) and torch.Tensor().numel() == 0
    y = torch.Tensor([2.0]).requires_grad_()
    (y * y).sum().backward()
    assert y.grad.tolist() == [4.0]


def test_the_class_refuses_what_is_no_data():
    with refused(TypeError, "Tensor: got the size 3, expected data; write jt.empty(3) or jt.tensor(3)"):
        jt.Tensor(3)
    with refused(TypeError, "new(): invalid data type 'str'"):
        jt.Tensor("abc")


def test_leaves_on_reversed_memory_are_read_again_after_a_change():
    """The tape has a copy of such memory, which was taken for the memory itself."""
    x = jt.from_numpy(np.arange(3.0)[::-1]).requires_grad_()
    (x * x).sum().backward()
    assert x.grad.tolist() == [4.0, 2.0, 0.0]
    with jt.no_grad():
        x.add_(1.0)
    x.grad = None
    y = (x * x).sum()
    y.backward()
    assert y.item() == 14.0 and x.grad.tolist() == [6.0, 4.0, 2.0]
    optimizer = jt.optim.SGD([x], lr=0.25)
    optimizer.step()
    assert x.tolist() == [1.5, 1.0, 0.5]
    optimizer.zero_grad()
    (x * x).sum().backward()
    assert x.grad.tolist() == [3.0, 2.0, 1.0]


def test_recorded_writes_into_reversed_memory_are_refused():
    """It ended the process."""
    u, w = jt.from_numpy(np.arange(3.0)[::-1]), jt.tensor(7.0, requires_grad=True)
    with refused(RuntimeError, "a recorded write into memory with negative or odd strides", w):
        u[0] = w
    assert u.tolist() == [2.0, 1.0, 0.0]
    v = u.clone()
    v[0] = w
    (v * v).sum().backward()
    assert w.grad.item() == 14.0


def test_a_parameter_before_and_after_a_change_in_one_sweep():
    x = jt.tensor([1.0, 2.0], requires_grad=True)
    before = (x * 2.0).sum()
    with jt.no_grad():
        x.add_(1.0)
    (before + (x * 3.0).sum()).backward()
    assert x.grad.tolist() == [5.0, 5.0]


@pytest.mark.parametrize(
    "function",
    [
        lambda w, a: w @ a, lambda w, a: jt.nn.functional.linear(a, w), lambda w, a: jt.nn.functional.linear(a, w, jt.zeros(2)),
        lambda w, a: jt.nn.functional.mse_loss(w, a), lambda w, a: jt.nn.functional.binary_cross_entropy_with_logits(w, a),
        lambda w, a: jt.einsum("ij,jk->ik", w, a), lambda w, a: jt.linalg.solve(w + np.eye(2), a), lambda w, a: w * a,
    ],
)
def test_arrays_that_are_changed_before_the_sweep_are_noticed(function):
    """Functions that made Tensors of their arguments did not know that NumPy could write to them."""
    w, a = jt.tensor([[1.0, 2.0], [0.5, 1.0]], requires_grad=True), np.full((2, 2), 0.5)
    loss = function(w, a).sum()
    loss.backward(retain_graph=True)
    expected = w.grad.tolist()
    w.grad = None
    a[0, 0] = 3.0
    try:
        loss.backward()
    except RuntimeError as error:
        assert "has been modified by an inplace operation" in str(error)
    else:  # the sweep does not read the array
        assert w.grad.tolist() == expected


def test_a_constant_that_a_rule_has_looked_at_keeps_its_version():
    """Its memory got a second counter, and the first was freed: the next sweep found another version, or none."""
    A, x = np.arange(9.0).reshape(3, 3), np.array([1.0, 2.0, 3.0])
    f = lambda x: np.sum((A @ x) ** 3)
    np.testing.assert_allclose(jt.jacfwd(jt.grad(f))(x), jt.hessian(f)(x), rtol=1e-12)
    t = jt.tensor(x, requires_grad=True)
    (g,) = jt.autograd.grad(np.sum((A @ t) ** 3), t, create_graph=True)
    A[0, 0] = 5.0
    with pytest.raises(RuntimeError, match="modified"):
        g.sum().backward()


def test_memory_of_python_keeps_its_version_when_it_is_shown():
    """An array behind a row got a new version counter, and sweeps took it for changed."""
    matrix, x = np.eye(2) * 3.0, jt.tensor([1.0, 2.0], requires_grad=True)
    with jt.Tape() as tape:
        y = (matrix @ x).sum()
        (row,) = [r for r in range(len(tape)) if tape.layout(r).shape == (2, 2)]
        assert result(tape, row).detach().tolist() == matrix.tolist()
        y.backward()
    assert x.grad.tolist() == [3.0, 3.0]


@pytest.mark.parametrize("write", [lambda x: x.mul_(0.5), lambda x: x.view(-1).mul_(0.5), lambda x: x.__setitem__(0, 7.0)])
@pytest.mark.parametrize("as_tensor", [False, True])
def test_a_variable_of_a_transform_that_is_written_to_under_no_grad(write, as_tensor):
    """It has a row for before the write and one for after: jt.grad forgot the first, and a write through a view failed."""

    def f(x):
        y = (x * 3).sum()
        with jt.no_grad():
            write(x)
        return y + (x * 2).sum()

    def argument():
        return jt.tensor(np.ones(3)) if as_tensor else np.ones(3)

    for found in (jt.grad(f)(argument()), jt.value_and_grad(f)(argument())[1], jt.jacobian(f)(argument())):
        assert np.array_equal(np.asarray(found), [5.0, 5.0, 5.0])
    assert not np.any(np.asarray(jt.hessian(f)(argument())))
