"""Misuse and corner cases: the exceptions PyTorch raises, and that a failing call changes nothing.

Tests with the `torch` fixture run with jittape and, where installed, with PyTorch itself.
"""

import copy
import pickle
import warnings

import numpy as np
import pytest
from conftest import assert_close, refused, text

import jittape as jt

SECOND_TIME = "Trying to backward through the graph a second time"
NO_GRAPH = "element 0 of tensors does not require grad and does not have a grad_fn"
CHANGED = "one of the variables needed for gradient computation has been modified by an inplace operation"
LEAF_IN_PLACE = "a leaf Variable that requires grad is being used in an in-place operation."
VIEW_IN_PLACE = "a view of a leaf Variable that requires grad is being used in an in-place operation."


def leaf(torch, values=(1.0, 2.0)):
    return torch.tensor(list(values) if isinstance(values, tuple) else values, requires_grad=True)


# --- the life of a graph --------------------------------------------------------------------------------------


def test_e01_a_second_backward_is_refused(torch):
    x = leaf(torch)
    y = (x * x).sum()
    y.backward()
    with refused(RuntimeError, SECOND_TIME, x):
        y.backward()


def test_e02_a_graph_that_saved_nothing_is_freed_too():
    x = leaf(jt)
    y = (x + 1).sum()
    y.backward()
    with refused(jt.errors.GraphFreedError, SECOND_TIME, x):
        y.backward()


def test_e03_a_partly_freed_graph_is_refused(torch):
    x = leaf(torch)
    shared = x.exp()
    first, second = (shared * 2).sum(), (shared * shared).sum()
    first.backward()
    with refused(RuntimeError, SECOND_TIME, x):
        second.backward()


def test_e64_results_of_a_freed_graph_can_be_used_but_not_differentiated(torch):
    x = leaf(torch)
    y = x.exp()
    y.sum().backward()
    assert y.requires_grad and y.grad_fn is not None and not y.is_leaf
    z = (y * 2).sum()
    assert z.requires_grad
    with refused(RuntimeError, SECOND_TIME, x):
        z.backward()


def test_e70_create_graph_keeps_the_graph_for_one_more_sweep(torch):
    x = torch.tensor(2.0, requires_grad=True)
    y = x**3
    (g,) = torch.autograd.grad(y, x, create_graph=True)
    y.backward()
    assert text(x.grad) == "tensor(12.)"


# --- cotangents -----------------------------------------------------------------------------------------------


def test_e04_several_elements_need_a_gradient(torch):
    x = leaf(torch)
    y = x * 2
    with refused(RuntimeError, "grad can be implicitly created only for scalar outputs", x):
        y.backward()
    y.backward(torch.ones(2))
    assert text(x.grad) == "tensor([2., 2.])"


def test_e05_one_element_counts_as_a_scalar(torch):
    x = leaf(torch, [[1.0]])
    (x * 2).backward()
    assert text(x.grad) == "tensor([[2.]])"


@pytest.mark.parametrize("shape", [(2,), (), (1,), (1, 3), (3, 1)])
def test_e06_e07_a_gradient_of_another_shape_is_refused_even_if_it_broadcasts(torch, shape):
    x = leaf(torch, (1.0, 2.0, 3.0))
    y = x * 2
    with refused(RuntimeError, "Mismatch in shape: grad_output[0] has a shape of ", x):
        y.backward(torch.ones(shape))
    y.backward(torch.ones(3))


@pytest.mark.parametrize("dtype", ["float32", "int64"])
def test_e08_e09_a_gradient_of_another_dtype_is_cast(torch, dtype):
    x = leaf(torch, (1.0, 2.0, 3.0))
    (x * 2).backward(torch.ones(3, dtype=getattr(torch, dtype)))
    assert text(x.grad) == "tensor([2., 2., 2.])" and x.grad.dtype == torch.float64


@pytest.mark.parametrize("gradient", [[1.0, 1.0], (1.0, 1.0), np.ones(2), np.ones(2, np.float32), np.ones(2, int)])
def test_e10_anything_array_like_of_the_right_shape_is_a_gradient(gradient):
    x = leaf(jt)
    (x * 2).backward(gradient)
    assert x.grad.tolist() == [2.0, 2.0]


@pytest.mark.parametrize("gradient", ["ones", object(), {"a": 1}])
def test_e10_what_is_not_array_like_is_refused(gradient):
    x = leaf(jt)
    y = x * 2
    with refused(TypeError, "", x):
        y.backward(gradient)


def test_e11_an_unused_input_is_refused(torch):
    x, unused = torch.tensor(1.0, requires_grad=True), leaf(torch)
    y = x * 2
    words = "The differentiated Tensor at index 1 appears to not have been used in the graph. "
    with refused(RuntimeError, words if torch is jt else "", x, unused):
        torch.autograd.grad(y, (x, unused), retain_graph=True)


def test_e12_an_unused_input_answers_none_or_zeros(torch):
    x, unused = torch.tensor(1.0, requires_grad=True), leaf(torch)
    y = x * 2
    assert text(torch.autograd.grad(y, (x, unused), retain_graph=True, allow_unused=True)) == "(tensor(2.), None)"
    assert text(torch.autograd.grad(y, (x, unused), materialize_grads=True)) == "(tensor(2.), tensor([0., 0.]))"


def test_e13_an_input_that_does_not_require_grad_is_refused(torch):
    x, c = torch.tensor(1.0, requires_grad=True), torch.tensor(2.0)
    y = x * c
    with refused(RuntimeError, "One of the differentiated Tensors does not require grad", x):
        torch.autograd.grad(y, (x, c))


def test_e14_e15_grad_checks_its_cotangents(torch):
    x = leaf(torch)
    y = x * 2
    with refused(RuntimeError, "grad can be implicitly created only for scalar outputs", x):
        torch.autograd.grad(y, x)
    with refused(RuntimeError, "Mismatch in shape: grad_output[0] has a shape of ", x):
        torch.autograd.grad(y, x, torch.ones(3))


def test_e16_empty_inputs_are_refused(torch):
    x = torch.tensor(1.0, requires_grad=True)
    y = x * 2
    with refused((RuntimeError, ValueError), "", x):
        torch.autograd.grad(y, [])
    with refused(RuntimeError, "`inputs` argument to `backward()` cannot be empty.", x):
        y.backward(inputs=[])


def test_e34_e35_e67_what_needs_no_gradient_cannot_start_a_sweep(torch):
    x = leaf(torch)
    with torch.no_grad():
        unrecorded = (x * x).sum()
    for root in (torch.tensor(1.0), unrecorded):
        with refused(RuntimeError, NO_GRAPH, x):
            root.backward()
        with refused(RuntimeError, NO_GRAPH, x):
            torch.autograd.grad(root, x)


def test_e55_several_roots_add_up(torch):
    x = leaf(torch)
    roots = [(x * x).sum(), x**3]
    torch.autograd.backward(roots, [None, torch.tensor([1.0, 2.0])])
    assert text(x.grad) == "tensor([ 5., 28.])"
    roots = [(x * x).sum(), x**3]
    answer = torch.autograd.grad(roots, x, [torch.tensor(1.0), torch.tensor([1.0, 2.0])])
    assert text(answer) == "(tensor([ 5., 28.]),)"
    roots = [(x * x).sum(), (x**3).sum()]
    with refused(RuntimeError, "got 2 tensors and 1 gradients", x):
        torch.autograd.backward(roots, [torch.tensor(1.0)])


def test_e56_backward_for_listed_inputs_only(torch):
    x, y = torch.tensor(2.0, requires_grad=True), torch.tensor(3.0, requires_grad=True)
    z = x * x
    w = z * y
    w.backward(inputs=[y], retain_graph=True)
    assert x.grad is None and text(y.grad) == "tensor(4.)"
    w.backward(inputs=[z])
    assert text(z.grad) == "tensor(3.)" and x.grad is None and text(y.grad) == "tensor(4.)"


def test_e74_repeated_inputs_and_outputs(torch):
    x = torch.tensor(3.0, requires_grad=True)
    y = x * x
    assert text(torch.autograd.grad(y, (x, x), retain_graph=True)) == "(tensor(6.), tensor(6.))"
    assert text(torch.autograd.grad((y, y), x, retain_graph=True)) == "(tensor(12.),)"
    assert text(torch.autograd.grad(y, (y, x))) == "(tensor(1.), tensor(6.))"


# --- flags ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [1, [1, 2], [True, False]])
def test_e17_e18_e19_only_floating_tensors_can_require_grad(torch, data):
    with refused(RuntimeError, "Only Tensors of floating point and complex dtype can require gradients"):
        torch.tensor(data, requires_grad=True)
    x = torch.tensor(data)
    with refused(RuntimeError, "only Tensors of floating point", x):
        x.requires_grad_()
    with refused(RuntimeError, "only Tensors of floating point", x):
        x.requires_grad = True


def test_e41_e42_only_leaves_change_their_flag(torch):
    x = leaf(torch)
    y = x * 2
    words = "you can only change requires_grad flags of leaf variables."
    with refused(RuntimeError, words + " If you want to use a computed variable in a subgraph", x):
        y.requires_grad = False
    with refused(RuntimeError, words + " If you want to use a computed variable in a subgraph", x):
        y.requires_grad_(False)
    assert y.requires_grad_(True) is y and y.requires_grad and not y.is_leaf
    if torch is jt:
        with refused(RuntimeError, words, x):
            y.requires_grad = True


def test_e43_retain_grad_of_a_leaf_does_nothing_and_of_a_constant_is_refused(torch):
    x = leaf(torch)
    assert x.retain_grad() is None and not x.retains_grad
    with refused(RuntimeError, "can't retain_grad on Tensor that has requires_grad=False"):
        torch.ones(2).retain_grad()


def test_e44_a_view_cannot_be_detached_in_place(torch):
    x = leaf(torch)
    y = x * 2
    view = y[:1]
    with refused(RuntimeError, "Can't detach views in-place. Use detach() instead.", x):
        view.detach_()


def test_e29_e30_grad_of_a_result_warns_and_of_a_constant_does_not(torch):
    x = leaf(torch)
    with pytest.warns(UserWarning, match="The .grad attribute of a Tensor that is not a leaf Tensor is being accessed"):
        assert (x * 2).grad is None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert torch.ones(2).grad is None and x.grad is None


@pytest.mark.parametrize(
    "value, error, words",
    [
        (lambda torch: torch.ones(3), RuntimeError, "attempting to assign a gradient of size '[3]' to a tensor of size '[2]'"),
        (lambda torch: torch.ones(2, dtype=torch.float32), RuntimeError, "attempting to assign a gradient with dtype '"),
        (lambda torch: torch.ones(2, dtype=torch.int64), RuntimeError, "attempting to assign a gradient with dtype '"),
        (lambda torch: 1.0, TypeError, "assigned grad expected to be a Tensor or None but got grad of type float"),
    ],
)
def test_e45_a_grad_that_does_not_fit_is_refused(torch, value, error, words):
    x = leaf(torch)
    with refused(error, words, x):
        x.grad = value(torch)


def test_e46_tensor_of_a_tensor_warns_and_detaches(torch):
    x = leaf(torch)
    with pytest.warns(UserWarning, match="To copy construct from a tensor, it is recommended to use"):
        y = torch.tensor(x)
    assert text(y) == "tensor([1., 2.])" and not y.requires_grad


def test_e65_results_of_integers_and_comparisons_carry_no_gradient(torch):
    x = leaf(torch, (3.7, 1.2))
    plain = [x.argmax(), x > 2, x == x, x.long(), x.int(), torch.zeros_like(x), x.detach(), torch.isnan(x), x.bool()]
    assert [t.requires_grad for t in plain] == [False] * len(plain)
    assert text(x.floor()) == "tensor([3., 1.], grad_fn=<FloorBackward0>)"
    assert text(x.sign()) == "tensor([1., 1.], grad_fn=<SignBackward0>)"
    (x.floor() + x.sign() + x.round() + x.trunc() + x.ceil()).sum().backward()
    assert text(x.grad) == "tensor([0., 0.])"


def test_e68_retained_gradients_accumulate(torch):
    x = leaf(torch)
    y = x * x
    s = y.sum()
    y.retain_grad()
    y.retain_grad()
    s.backward(retain_graph=True)
    assert text(y.grad) == "tensor([1., 1.])"
    s.backward()
    assert text(y.grad) == "tensor([2., 2.])" and text(x.grad) == "tensor([4., 8.])"


def test_e69_backward_works_under_no_grad(torch):
    x = leaf(torch)
    y = (x * x).sum()
    with torch.no_grad():
        y.backward()
    assert text(x.grad) == "tensor([2., 4.])" and not x.grad.requires_grad


def test_e71_backward_adds_into_the_same_grad(torch):
    x = leaf(torch)
    (x * x).sum().backward()
    held = x.grad
    (x * x).sum().backward()
    assert held is x.grad and text(held) == "tensor([4., 8.])"


@pytest.mark.parametrize("make", [lambda x: x, lambda x: x.reshape(2), lambda x: x + 0, lambda x: x[:]])
def test_e71_backward_never_adds_into_the_weights(make):
    """PyTorch does so where every node hands its gradient on unchanged."""
    x, weights = leaf(jt), jt.ones(2)
    make(x).backward(weights)
    make(x).backward(weights)
    assert text(x.grad) == "tensor([2., 2.])" and text(weights) == "tensor([1., 1.])"
    (g,) = jt.autograd.grad(make(x), x, weights)
    g.zero_()
    assert text(weights) == "tensor([1., 1.])"


def test_e77_views_made_under_no_grad_do_not_require_grad():
    x = leaf(jt)
    with jt.no_grad():
        views = [x[0], x[:1], x.reshape(1, 2), x.view(2, 1), x * 1]
    assert [v.requires_grad for v in views] == [False] * 5
    assert [v.grad_fn for v in views] == [None] * 5


def test_e78_old_names(torch):
    with pytest.warns(UserWarning, match="volatile was removed and now has no effect"):
        v = torch.autograd.Variable(torch.ones(2), volatile=True)
    assert not v.requires_grad
    assert torch.FloatTensor(2, 3).shape == (2, 3)
    assert isinstance(v, torch.Tensor) and isinstance(v, torch.autograd.Variable)
    assert not isinstance(1.0, torch.autograd.Variable) and torch.LongTensor([1, 2]).dtype == torch.int64
    with pytest.raises(TypeError):
        torch.autograd.Variable([1.0, 2.0])
    x = torch.tensor(2.0, requires_grad=True)
    with refused(TypeError, "", x):
        (x * x).backward(grad_variables=torch.tensor(1.0))


# --- writing in place -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x.add_(1),
        lambda x: x.__iadd__(1),
        lambda x: x.zero_(),
        lambda x: x.exp_(),
        lambda x: x.fill_(2.0),
        lambda x: x.copy_(x * 2),
    ],
)
def test_e20_a_leaf_that_requires_grad_is_not_written_to(torch, change):
    x = leaf(torch)
    with refused(RuntimeError, LEAF_IN_PLACE, x):
        change(x)


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x.__setitem__(0, 5.0),
        lambda x: x.__setitem__(slice(0, 1), 5.0),
        lambda x: x[:1].mul_(2),
        lambda x: x[0].zero_(),
        lambda x: x.view(2, 1).add_(1),
        lambda x: x[:1].__setitem__(0, 1.0),
    ],
)
def test_e21_e22_nor_is_a_view_of_it(torch, change):
    x = leaf(torch)
    with refused(RuntimeError, VIEW_IN_PLACE, x):
        change(x)


@pytest.mark.parametrize(
    "assign",
    [
        lambda x: x.__setitem__([0, 1], 5.0),
        lambda x: x.__setitem__(x.detach() > 1, 5.0),
        lambda x: x.__setitem__(np.array([1]), 5.0),
    ],
)
def test_e21_a_leaf_is_not_assigned_to_by_arrays_either(torch, assign):
    x = leaf(torch)
    with refused(RuntimeError, "a ", x):
        assign(x)


def test_e52_a_leaf_may_be_written_to_under_no_grad(torch):
    x, source = leaf(torch, (1.0, 3.0)), leaf(torch, (10.0, 20.0))
    with torch.no_grad():
        x[0] = source[0]
    assert text(x) == "tensor([10.,  3.], requires_grad=True)" and x.is_leaf
    (x * x).sum().backward()
    assert text(x.grad) == "tensor([20.,  6.])" and source.grad is None


def test_e23_a_recorded_write_to_a_saved_result_is_undone_for_the_sweep():
    x = leaf(jt, (0.5, 1.0))
    y = x.exp()
    z = y * y
    y.add_(1.0)
    (z + 3 * y).sum().backward()
    assert_close(x.grad, 2 * np.exp([1.0, 2.0]) + 3 * np.exp([0.5, 1.0]))


def test_e24_a_recorded_write_to_an_operand_of_mul_gives_the_right_gradient():
    x = leaf(jt)
    y = x * 1
    z = y * y
    y[0] = 10.0
    (z.sum() + (y * y).sum()).backward()
    assert x.grad.tolist() == [2.0, 8.0]


ALIASING = {
    "a view and its base": (lambda x, y: (v := y[:2], w := v * v, y.mul_(2), (w.sum() + y.sum()))[-1], [4.0, 6.0, 2.0]),
    "one element from another": (
        lambda x, y: (y.__setitem__(0, y[1] * y[1]), y.__setitem__(1, y[0] * 3), (y * y).sum())[-1],
        [0.0, 320.0, 6.0],
    ),
    "with itself": (lambda x, y: (y.__iadd__(y), y.__imul__(y), y.sum())[-1], [8.0, 16.0, 24.0]),
    "overlapping slices": (lambda x, y: (y[1:].__iadd__(y[:-1]), y.sum())[-1], [2.0, 2.0, 1.0]),
}


@pytest.mark.parametrize("case", ALIASING)
def test_e24_writes_of_memory_onto_itself_have_the_right_gradient(case):
    program, expected = ALIASING[case]
    x = leaf(jt, (1.0, 2.0, 3.0))
    program(x, x.clone()).backward()
    assert x.grad.tolist() == expected


def test_e25_a_write_to_what_the_sweep_does_not_need_is_fine(torch):
    x = leaf(torch)
    y = x * 2
    z = y + 1
    y.mul_(10)
    (z + y).sum().backward()
    assert text(x.grad) == "tensor([22., 22.])"


def test_e26_a_write_to_a_constant_operand_is_refused(torch):
    x, c = leaf(torch), torch.tensor([3.0, 4.0])
    y = (x * c).sum()
    c[0] = 10.0
    with refused(RuntimeError, CHANGED, x):
        y.backward()


UNSEEN_CHANGES = {
    "data": lambda t: t.data.mul_(2),
    "data_fill": lambda t: t.data.fill_(7.0),
    "data_element": lambda t: t.data.__setitem__(0, 7.0),
    "detach": lambda t: t.detach().mul_(2),
    "detach_element": lambda t: t.detach().__setitem__(0, 7.0),
    "detach_numpy": lambda t: t.detach().numpy().__setitem__(0, 7.0),
    "view_of_detached": lambda t: t.detach()[1:].zero_(),
    "no_grad": lambda t: _without_recording(lambda: t.mul_(2)),
    "no_grad_element": lambda t: _without_recording(lambda: t.__setitem__(0, 7.0)),
    "no_grad_view": lambda t: _without_recording(lambda: t[1:].mul_(3)),
    "no_grad_mask": lambda t: _without_recording(lambda: t.__setitem__([1], 7.0)),
}


def _without_recording(change):
    with jt.no_grad():
        change()


NEEDS_THE_VALUE = {
    "leaf_squared": lambda: (x := leaf(jt), x, x * x),
    "operand_of_mul": lambda: (x := leaf(jt), y := x * 1.5, y * y),
    "result_of_exp": lambda: (x := leaf(jt), y := x.exp(), y * 1.0),
    "operand_of_sin": lambda: (x := leaf(jt), y := x + 1, y.sin()),
    "operand_of_dot": lambda: (x := leaf(jt), y := x + 1, y @ y),
    "operand_of_prod": lambda: (x := leaf(jt), y := x + 1, y.prod()),
    "softmax": lambda: (x := leaf(jt), y := (x + 1).softmax(0), y * 1.0),
    "viewed": lambda: (x := leaf(jt), y := x + 1, y.reshape(1, 2).exp() * y[None]),
}


@pytest.mark.parametrize("change", UNSEEN_CHANGES, ids=str)
@pytest.mark.parametrize("program", NEEDS_THE_VALUE, ids=str)
def test_e27_e28_a_change_that_the_tape_cannot_see_raises_the_version_error(program, change):
    x, changed, y = NEEDS_THE_VALUE[program]()
    UNSEEN_CHANGES[change](changed)
    with refused(jt.errors.VersionError, CHANGED, x):
        y.sum().backward()
    with refused(jt.errors.VersionError, CHANGED, x):
        jt.autograd.grad(y.sum(), x, create_graph=True)
    assert x.grad is None


@pytest.mark.parametrize("change", UNSEEN_CHANGES, ids=str)
def test_e27_such_a_change_is_fine_where_no_old_value_is_needed(change):
    x = leaf(jt)
    y = x * 2
    z = y + 1
    UNSEEN_CHANGES[change](y)
    z.sum().backward()
    assert x.grad.tolist() == [2.0, 2.0]


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a.__setitem__(0, 9.0),
        lambda a: a.__imul__(-1),
        lambda a: a.sort(),
        lambda a: a.__setitem__(slice(None), a[::-1].copy()),
    ],
)
@pytest.mark.parametrize("share", [jt.from_numpy, jt.as_tensor, lambda a: a], ids=["from_numpy", "as_tensor", "operand"])
def test_e28_changing_an_array_that_is_an_operand_raises(share, change):
    """An array that is given as it is has to be too large to be copied."""
    x, array = leaf(jt, np.ones(5000)), np.linspace(5.0, 1.0, 5000)
    y = x * share(array)
    change(array)
    with refused(jt.errors.VersionError, CHANGED, x):
        y.sum().backward()


def test_e28_an_operand_is_what_it_was_when_it_was_used():
    x, array = leaf(jt, (1.0, 2.0)), np.array([5.0, 4.0])
    y = x * array
    array[0] = 9.0
    y = y + x * array
    array[:] = 0.0
    assert jt.autograd.grad(y.sum(), x)[0].tolist() == [14.0, 8.0]


def test_e28_an_array_that_changes_before_it_is_used_again_is_read_again():
    x, array = leaf(jt), np.array([5.0, 4.0])
    t = jt.from_numpy(array)
    first = jt.autograd.grad((x * t).sum(), x)[0]
    array[0] = 6.0
    second = jt.autograd.grad((x * t).sum(), x)[0]
    assert first.tolist() == [5.0, 4.0] and second.tolist() == [6.0, 4.0]


def test_e28_the_memory_of_a_leaf_may_be_shared_with_an_array():
    array = np.array([1.0, 2.0])
    x = jt.from_numpy(array).requires_grad_()
    y = (x * x).sum()
    array[0] = 5.0
    with refused(jt.errors.VersionError, CHANGED):
        y.backward()
    (x * x).sum().backward()
    assert x.grad.tolist() == [10.0, 4.0]


@pytest.mark.parametrize("seed", range(40))
def test_random_programs_with_recorded_writes_have_the_gradient_of_the_same_program_without(seed):
    """In place against out of place: the same assignments, once as writes and once with ``where``."""
    gradients, values = [], []
    for in_place in (True, False):
        rng = np.random.default_rng(seed)
        x = jt.tensor(rng.standard_normal(5), requires_grad=True)
        u, total = x * 1.0, 0.0
        for _ in range(8):
            kind, k = rng.integers(4), int(rng.integers(4))
            total = total + (u * u).sum() + u[k].sin()
            if kind == 0:
                new, mask = u * 0.5 + x, np.ones(5, bool)
            elif kind == 1:
                new, mask = u.exp() * 0.1, np.arange(5) == k
            elif kind == 2:
                new, mask = u.flip(0), np.arange(5) > k
            else:
                new, mask = u * 0 + 1.0, np.arange(5) < k
            if not in_place:
                u = jt.where(mask, new, u)
            elif kind == 0:
                u.copy_(new)
            elif kind == 1:
                u[k] = new[k]
            elif kind == 2:
                u[k + 1 :] = new[k + 1 :]
            else:
                u[mask] = 1.0
        y = total + (u * x).sum()
        (first,) = jt.autograd.grad(y, x, create_graph=True)
        (second,) = jt.autograd.grad((first * first).sum(), x)
        values.append(y.item())
        gradients.append((first.tolist(), second.tolist()))
    assert_close(values[0], values[1])
    assert_close(gradients[0], gradients[1], rtol=1e-8)


def test_e49_e50_e51_an_in_place_operation_must_fit(torch):
    a = torch.ones(2)
    with refused(RuntimeError, "output with shape [2] doesn't match the broadcast shape [3, 2]", a):
        a += torch.ones(3, 2)
    with refused(RuntimeError, "result type ", torch.ones(2)):
        torch.tensor([1, 2]).add_(1.5)
    b = torch.zeros(3)
    with refused(
        RuntimeError,
        "The expanded size of the tensor (2) must match the existing size (3) at non-singleton "
        "dimension 0.  Target sizes: [2].  Tensor sizes: [3]",
        b,
    ):
        b[:2] = torch.ones(3)


def test_e72_writing_to_a_view_changes_the_base_with_its_gradient(torch):
    x = leaf(torch, (1.0, 2.0, 3.0))
    base = x * 1
    view = base[:2]
    view.mul_(2)
    assert base.tolist() == [2.0, 4.0, 3.0] and base.grad_fn.name().rpartition("::")[2] == "CopySlices"
    assert view.tolist() == [2.0, 4.0] and view.requires_grad
    (view.sum() + (base * torch.tensor([0.0, 1.5, 1.0])).sum()).backward()
    assert text(x.grad) == "tensor([2., 5., 1.])"


def test_e72_all_views_see_a_write_and_its_gradient(torch):
    x = torch.tensor(3.0, requires_grad=True)
    base = torch.zeros(2, 2)
    row, column, flat = base[0], base[:, 1], base.view(4)
    row[1] = x * x
    assert [t.tolist() for t in (row, column, flat)] == [[0.0, 9.0], [9.0, 0.0], [0.0, 9.0, 0.0, 0.0]]
    assert [t.requires_grad for t in (base, row, column, flat)] == [True] * 4
    (base.sum() + 2 * row.sum() + 3 * column.sum() + 4 * flat.sum()).backward()
    assert x.grad.item() == 60.0


def test_e73_in_place_arithmetic_rebases_and_counts_versions(torch):
    x = leaf(torch)
    y = x * 2
    before = y._version
    y += 1
    assert y.grad_fn.name() == "AddBackward0"
    y -= 3
    y **= 2
    assert y.grad_fn.name() == "PowBackward0" and y._version - before == 3
    assert text(y) == "tensor([0., 4.], grad_fn=<PowBackward0>)"
    (y * torch.tensor([1.0, 1.0])).sum().backward()
    assert text(x.grad) == "tensor([0., 8.])"
    constant = torch.ones(2)
    constant *= x
    assert constant.requires_grad and not constant.is_leaf


# --- numbers out of tensors -----------------------------------------------------------------------------------


def test_e31_e32_e33_numpy_memory_of_what_requires_grad_is_refused(torch):
    x = leaf(torch)
    words = "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead."
    for t in (x, x * 2):
        with refused(RuntimeError, words, x):
            t.numpy()
        with refused(RuntimeError, words, x):
            np.asarray(t)
    array = x.detach().numpy()
    array[0] = 9.0
    assert x[0].item() == 9.0


def test_e39_e40_several_elements_are_not_one_number(torch):
    x = torch.tensor([1.0, 2.0])
    with refused(RuntimeError, "a Tensor with 2 elements cannot be converted to Scalar", x):
        x.item()
    for convert in (float, int, complex):
        with refused(ValueError, "only one element tensors can be converted to Python scalars", x):
            convert(x)
    with refused(RuntimeError, "Boolean value of Tensor with more than one value is ambiguous", x):
        bool(x)
    assert len(x) == 2 and [v.item() for v in x] == [1.0, 2.0]
    with refused(TypeError, "len() of a 0-d tensor"):
        len(torch.tensor(1.0))
    with refused(TypeError, "iteration over a 0-d tensor"):
        list(torch.tensor(1.0))
    with refused(TypeError, "only integer tensors of a single element can be converted to an index"):
        [1, 2][torch.tensor(1.0)]
    assert [10, 20][torch.tensor(1)] == 20
    assert (float(torch.tensor([[2.5]])), int(torch.tensor(2.5)), bool(torch.tensor(0.0))) == (2.5, 2, False)


# --- shapes and indices ---------------------------------------------------------------------------------------

RUNTIME_SHAPES = {
    "add": (
        lambda t: t.ones(2, 3) + t.ones(2, 4),
        "The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1",
    ),
    "mm": (lambda t: t.ones(2, 3) @ t.ones(2, 3), "mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)"),
    "mv": (lambda t: t.ones(2, 3) @ t.ones(2), "size mismatch, got input (2), mat (2x3), vec (2)"),
    "dot": (lambda t: t.ones(2) @ t.ones(3), "inconsistent tensor size, expected tensor [2] and src [3] to have the same number"),
    "mm_vector": (lambda t: t.mm(t.ones(2), t.ones(2, 2)), "self must be a matrix"),
    "dot_matrix": (lambda t: t.dot(t.ones(2, 2), t.ones(2)), "1D tensors expected, but got 2D and 1D tensors"),
    "matmul_0d": (
        lambda t: t.matmul(t.tensor(1.0), t.ones(2)),
        "both arguments to matmul need to be at least 1D, but they are 0D and 1D",
    ),
    "reshape": (lambda t: t.ones(2, 3).reshape(4), "shape '[4]' is invalid for input of size 6"),
    "infer": (lambda t: t.ones(2, 3).reshape(-1, -1), "only one dimension can be inferred"),
    "view": (lambda t: t.ones(2, 3).t().view(6), "view size is not compatible with input tensor's size and stride"),
    "expand": (
        lambda t: t.ones(2, 3).expand(3, 3),
        "The expanded size of the tensor (3) must match the existing size (2) at non-singleton "
        "dimension 0.  Target sizes: [3, 3].  Tensor sizes: [2, 3]",
    ),
    "cat": (
        lambda t: t.cat([t.ones(2, 3), t.ones(2, 2)]),
        "Sizes of tensors must match except in dimension 0. Expected size 3 but got size 2 for tensor number 1 in the list.",
    ),
    "stack": (
        lambda t: t.stack([t.ones(2), t.ones(3)]),
        "stack expects each tensor to be equal size, but got [2] at entry 0 and [3] at entry 1",
    ),
    "permute": (lambda t: t.ones(2, 3).permute(0, 0), "permute(): duplicate dims are not allowed."),
    "negative": (lambda t: t.zeros(-1), ""),
    "mean": (
        lambda t: t.tensor([1, 2]).mean(),
        "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype.",
    ),
}


@pytest.mark.parametrize("case", RUNTIME_SHAPES)
def test_e36_e37_e38_e47_e53_shapes_that_do_not_fit_are_refused(torch, case):
    call, words = RUNTIME_SHAPES[case]
    with refused(RuntimeError, words):
        call(torch)


INDEX_ERRORS = {
    "sum": (lambda t: t.ones(2, 3).sum(2), "Dimension out of range (expected to be in range of [-2, 1], but got 2)"),
    "unsqueeze": (lambda t: t.ones(2, 3).unsqueeze(4), "Dimension out of range (expected to be in range of [-3, 2], but got 4)"),
    "squeeze": (lambda t: t.ones(2, 3).squeeze(2), "Dimension out of range (expected to be in range of [-2, 1], but got 2)"),
    "first": (lambda t: t.ones(2, 3)[2], "index 2 is out of bounds for dimension 0 with size 2"),
    "second": (lambda t: t.ones(2, 3)[0, 3], "index 3 is out of bounds for dimension 1 with size 3"),
    "too_many": (lambda t: t.ones(2, 3)[0, 0, 0], "too many indices for tensor of dimension 2"),
    "array": (lambda t: t.ones(2, 3)[t.tensor([0, 5])], "index 5 is out of bounds for dimension 0 with size 2"),
    "float": (lambda t: t.ones(2, 3)[1.0], "only integers, slices ("),
    "mask": (
        lambda t: t.ones(2, 3)[t.tensor([True, False, True])],
        "The shape of the mask [3] at index 0 does not match the shape of the indexed tensor [2, 3] at index 0",
    ),
    "scalar": (lambda t: t.tensor(1.0)[0], "invalid index of a 0-dim tensor."),
}


@pytest.mark.parametrize("case", INDEX_ERRORS)
def test_e47_e48_indices_that_do_not_fit_are_refused(torch, case):
    call, words = INDEX_ERRORS[case]
    with refused(IndexError, words):
        call(torch)


@pytest.mark.parametrize("key", [2, (0, 3), (0, 0, 0), 1.5])
def test_e48_assigning_by_an_index_that_does_not_fit_changes_nothing(torch, key):
    x = leaf(torch, [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    y = x * 1
    with refused(IndexError, "", x):
        y[key] = 0.0
    y.sum().backward()
    assert x.grad.tolist() == [[1.0] * 3] * 2


def test_e47_cat_needs_tensors(torch):
    with refused(ValueError, "torch.cat(): expected a non-empty list of Tensors" if torch is not jt else ""):
        torch.cat([])


def test_e48_negative_steps_are_allowed_and_differentiated():
    x = leaf(jt, (1.0, 2.0, 3.0))
    (x[::-1] * np.array([1.0, 10.0, 100.0])).sum().backward()
    assert x.grad.tolist() == [100.0, 10.0, 1.0]


TYPE_ERRORS = {
    "string": (lambda t: t.sin("x"), TypeError),
    "list": (lambda t: t.sin([1.0]), TypeError),
    "keyword": (lambda t: t.sum(t.ones(2), dimension=0), TypeError),
    "no_data": (lambda t: t.tensor(), TypeError),
    "text": (lambda t: t.tensor("abc"), TypeError),
    "ragged": (lambda t: t.tensor([[1.0], [1.0, 2.0]]), ValueError),
    "size": (lambda t: t.zeros("3"), TypeError),
    "cat": (lambda t: t.cat(t.ones(2)), TypeError),
    "matmul": (lambda t: t.matmul(t.ones(2), 3), (TypeError, RuntimeError)),
    "add_text": (lambda t: t.ones(2) + "a", TypeError),
    "none": (lambda t: t.ones(2) * None, TypeError),
}


@pytest.mark.parametrize("case", TYPE_ERRORS)
def test_e63_e76_arguments_of_the_wrong_type_are_refused(torch, case):
    call, error = TYPE_ERRORS[case]
    with refused(error, ""):
        call(torch)


def test_e63_numbers_on_the_left(torch):
    x = torch.tensor([2.0, 4.0])
    found = [2 - x, 4 / x, 2**x, 5 % x, x // 2, 7 // x, -x, +x, abs(-x), x % 3, 1 + x, 3 * x]
    expected = [[0, -2], [2, 1], [4, 16], [1, 1], [1, 2], [3, 1], [-2, -4], [2, 4], [2, 4], [2, 1], [3, 5], [6, 12]]
    assert [t.tolist() for t in found] == expected


def test_e57_a_constant_has_no_gradient_to_hook(torch):
    with refused(RuntimeError, "cannot register a hook on a tensor that doesn't require gradient"):
        torch.ones(2).register_hook(print)


def test_e60_copies(torch):
    x = leaf(torch)
    copied = copy.deepcopy(x)
    assert text(copied) == "tensor([1., 2.], requires_grad=True)" and copied is not x and copied.is_leaf
    copied.data.zero_()
    assert x.tolist() == [1.0, 2.0]
    assert text(pickle.loads(pickle.dumps(x))) == "tensor([1., 2.], requires_grad=True)"
    with refused(RuntimeError, "Only Tensors created explicitly by the user", x):
        copy.deepcopy(x * 2)


def test_e61_comparison_hash_and_iteration(torch):
    x, y = torch.tensor([1.0, 2.0]), torch.tensor([1.0, 3.0])
    assert text(x == y) == "tensor([ True, False])" and (x == y).dtype == torch.bool
    assert hash(x) == hash(x) and len({x, y, x}) == 2 and [v.item() for v in x] == [1.0, 2.0]
    assert 1.0 in x and 5.0 not in x and bool((x == x).all())


def test_e75_empty_and_0d_shapes(torch):
    empty = torch.zeros(0, 3, requires_grad=True)
    assert empty.shape == (0, 3) and empty.sum().item() == 0.0 and empty.prod().item() == 1.0
    with refused(RuntimeError, "max(): Expected reduction dim to be specified for input.numel() == 0."):
        empty.max()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert np.isnan(empty.mean(0).tolist()).all()
    (empty * 2).sum().backward()
    assert empty.grad.shape == (0, 3)
    scalar, matrix = torch.tensor(2.0, requires_grad=True), torch.ones(2, 2, requires_grad=True)
    (scalar * matrix).sum().backward()
    assert text(scalar.grad) == "tensor(4.)" and text(matrix.grad) == "tensor([[2., 2.],\n        [2., 2.]])"


# --- dtypes ---------------------------------------------------------------------------------------------------

DTYPES = ["float64", "float32", "int64", "int32", "int16", "uint8", "bool"]


@pytest.mark.parametrize("other_shape", [(2,), ()])
@pytest.mark.parametrize("default", ["float64", "float32"])
def test_e54_dtypes_meet_as_in_pytorch(default, other_shape):
    torch = pytest.importorskip("torch")
    before = jt.get_default_dtype(), torch.get_default_dtype()
    try:
        for library in (jt, torch):
            library.set_default_dtype(getattr(library, default))
        for first in DTYPES:
            for second in [*DTYPES, 2, 2.5, True]:
                for name in ("add", "mul", "div", "lt", *(["pow", "floor_divide"] if first != "bool" else [])):
                    found = []
                    for library in (jt, torch):
                        a = library.ones(2, dtype=getattr(library, first))
                        b = library.ones(other_shape, dtype=getattr(library, second)) if isinstance(second, str) else second
                        value = getattr(library, name)(a, b)
                        found.append(str(value.dtype).replace("torch.", ""))
                    assert found[0] == found[1], (name, first, second, found)
    finally:
        jt.set_default_dtype(before[0])
        torch.set_default_dtype(before[1])


def test_e53_functions_of_integers(torch):
    n = torch.tensor([1, 2, 3])
    assert_close(torch.sin(n), np.sin([1.0, 2.0, 3.0]))
    found = [torch.sin(n), n.sum(), n / 2, n // 2, n**2, n.prod(), n.cumsum(0), n.abs(), n.float(), n.max()]
    names = ["float64", "int64", "float64", "int64", "int64", "int64", "int64", "int64", "float32", "int64"]
    assert [str(t.dtype).replace("torch.", "") for t in found] == names
    assert (n // 2).tolist() == [0, 1, 1] and (n**2).tolist() == [1, 4, 9] and n.sum().item() == 6


def test_a_gradient_has_the_dtype_of_its_leaf(torch):
    x = torch.tensor([1.0, 2.0], dtype=torch.float32, requires_grad=True)
    y = torch.tensor([3.0, 4.0], requires_grad=True)
    z = x * y
    assert z.dtype == torch.float64
    z.sum().backward()
    assert x.grad.dtype == torch.float32 and y.grad.dtype == torch.float64


# --- ties and kinks -------------------------------------------------------------------------------------------

INF = float("inf")
KINKS = {
    "abs(0)": (lambda t, x: x.abs(), [0.0]),
    "relu(0)": (lambda t, x: x.relu(), [0.0]),
    "max tie": (lambda t, x: x.max(), [1.0, 3.0, 3.0]),
    "amax tie": (lambda t, x: x.amax(), [1.0, 3.0, 3.0]),
    "amax dim tie": (lambda t, x: x.amax(1), [[1.0, 3.0, 3.0]]),
    "max dim tie": (lambda t, x: x.max(1).values, [[1.0, 3.0, 3.0]]),
    "min tie": (lambda t, x: x.min(), [1.0, 1.0, 3.0]),
    "amin tie": (lambda t, x: x.amin(), [1.0, 1.0, 3.0]),
    "min dim tie": (lambda t, x: x.min(1)[0], [[1.0, 1.0, 3.0]]),
    "maximum tie": (lambda t, x, y: t.maximum(x, y), [2.0], [2.0]),
    "minimum tie": (lambda t, x, y: t.minimum(x, y), [2.0], [2.0]),
    "clamp at min": (lambda t, x: x.clamp(min=1.0), [1.0]),
    "clamp at both": (lambda t, x: x.clamp(0.0, 1.0), [0.0, 1.0, 2.0, -1.0]),
    "clamp tensor min": (lambda t, x, y: t.clamp(x, min=y), [1.0, 2.0, 3.0], [1.0, 3.0, 2.0]),
    "clamp tensor max": (lambda t, x, y: t.clamp(x, max=y), [1.0, 2.0, 3.0], [1.0, 3.0, 2.0]),
    "clamp tensors": (lambda t, x, y: t.clamp(x, y, y + 1), [1.0, 2.0, 3.0, 0.0], [1.0, 1.0, 1.0, 1.0]),
    "sign": (lambda t, x: x.sign(), [0.0, 1.0]),
    "sqrt(0)": (lambda t, x: x.sqrt(), [0.0]),
    "norm(0)": (lambda t, x: x.norm(), [0.0, 0.0]),
    "norm(0) of order 1": (lambda t, x: x.norm(1), [0.0, 2.0]),
    "norm(0) of order inf": (lambda t, x: x.norm(INF), [2.0, 2.0, -2.0, 1.0]),
    "pow 0**0": (lambda t, x, y: x**y, [0.0], [0.0]),
    "pow 0**2": (lambda t, x, y: x**y, [0.0], [2.0]),
    "pow 0**-1": (lambda t, x, y: x**y, [0.0], [-1.0]),
    "pow negative base": (lambda t, x, y: x**y, [-2.0], [3.0]),
    "pow x**0": (lambda t, x: x**0, [0.0, 2.0]),
    "pow x**1 at 0": (lambda t, x: x**1.0, [0.0, 2.0]),
    "pow 0**y": (lambda t, x: 0.0**x, [0.0, 2.0]),
    "square at 0": (lambda t, x: x**2, [0.0]),
    "prod one zero": (lambda t, x: x.prod(), [0.0, 2.0, 3.0]),
    "prod two zeros": (lambda t, x: x.prod(), [0.0, 2.0, 0.0]),
    "prod dim zeros": (lambda t, x: x.prod(1), [[0.0, 2.0, 3.0], [0.0, 0.0, 1.0], [1.0, 2.0, 3.0]]),
    "cumprod zero": (lambda t, x: x.cumprod(0), [2.0, 0.0, 4.0]),
    "cumprod two zeros": (lambda t, x: x.cumprod(0), [2.0, 0.0, 4.0, 0.0, 3.0]),
    "where nan branch": (lambda t, x: t.where(x > 0, x.sqrt(), x * 0), [-1.0, 1.0]),
    "where inf branch": (lambda t, x: t.where(x > 0, 1 / x, x), [0.0, 1.0]),
    "atan2(0, 0)": (lambda t, x, y: t.atan2(x, y), [0.0], [0.0]),
    "floor": (lambda t, x: x.floor(), [1.5]),
    "round": (lambda t, x: x.round(), [1.5]),
    "fmod": (lambda t, x, y: t.fmod(x, y), [7.0], [3.0]),
    "fmod negative": (lambda t, x, y: t.fmod(x, y), [-7.0], [3.0]),
    "remainder": (lambda t, x, y: t.remainder(x, y), [-7.0], [3.0]),
    "median tie": (lambda t, x: x.median(), [3.0, 1.0, 2.0, 2.0]),
    "median dim": (lambda t, x: x.median(1).values, [[3.0, 1.0, 2.0, 4.0]]),
    "std": (lambda t, x: x.std(), [1.0, 2.0, 4.0]),
    "std const": (lambda t, x: x.std(), [2.0, 2.0]),
    "var": (lambda t, x: x.var(), [1.0, 2.0, 4.0]),
    "var biased": (lambda t, x: x.var(correction=0), [1.0, 2.0, 4.0]),
    "sort": (lambda t, x: (x.sort().values * t.tensor([1.0, 2.0, 3.0], dtype=t.float64)).sum(), [3.0, 1.0, 2.0]),
    "sort tie": (lambda t, x: (x.sort(stable=True).values * t.tensor([1.0, 2.0, 3.0], dtype=t.float64)).sum(), [1.0, 1.0, 0.0]),
    "topk": (lambda t, x: x.topk(2).values, [3.0, 1.0, 2.0]),
    "logsumexp -inf": (lambda t, x: x.logsumexp(0), [-INF, 1.0]),
    "logsumexp inf": (lambda t, x: x.logsumexp(0), [INF, 1.0]),
    "softmax large": (lambda t, x: x.softmax(0), [1000.0, 0.0]),
    "log_softmax large": (lambda t, x: x.log_softmax(0), [1000.0, 0.0]),
    "logaddexp": (lambda t, x, y: t.logaddexp(x, y), [1.0, 1000.0], [1.0, -1000.0]),
    "xlogy 0": (lambda t, x, y: t.xlogy(x, y), [0.0], [2.0]),
    "xlogy 0 0": (lambda t, x, y: t.xlogy(x, y), [0.0], [0.0]),
    "hypot 0": (lambda t, x, y: t.hypot(x, y), [0.0], [0.0]),
    "index repeat": (lambda t, x: x[t.tensor([0, 0, 1])], [1.0, 2.0]),
    "log(0)": (lambda t, x: x.log(), [0.0]),
    "reciprocal(0)": (lambda t, x: 1 / x, [0.0]),
    "rsqrt(0)": (lambda t, x: x.rsqrt(), [0.0]),
    "asin(1)": (lambda t, x: x.asin(), [1.0]),
    "tanh large": (lambda t, x: x.tanh(), [1000.0, -1000.0]),
    "sigmoid large": (lambda t, x: x.sigmoid(), [1000.0, -1000.0]),
    "masked_fill": (lambda t, x: x.masked_fill(x > 1, 0.0), [1.0, 2.0]),
}


# PyTorch answers nan where a branch that was not taken has an infinite partial (see `test_structural_zeros`), and at (0, 0) nan
# for the subgradient of hypot, which is that of norm here, and 0 for the limit of log(y), which is xlogy's derivative.
DEVIATIONS = {"where nan branch", "where inf branch", "hypot 0", "xlogy 0 0"}


@pytest.mark.parametrize("case", [case for case in KINKS if case not in DEVIATIONS])
def test_e62_derivatives_at_kinks_and_ties_are_pytorchs(case):
    torch = pytest.importorskip("torch")
    function, *points = KINKS[case]
    found = []
    for library in (jt, torch):
        inputs = [library.tensor(p, dtype=library.float64, requires_grad=True) for p in points]
        y = function(library, *inputs)
        parts = library.autograd.grad(y.sum(), inputs, allow_unused=True)
        found.append([y.tolist()] + [None if g is None else g.tolist() for g in parts])
    np.testing.assert_allclose(_flat(found[0]), _flat(found[1]), rtol=1e-12)


def _flat(values):
    return np.concatenate([np.zeros(1) if v is None else np.ravel(v) for v in values])


TIES = {
    "abs(0)": [[0.0]],
    "max tie": [[0.0, 0.5, 0.5]],
    "max dim tie": [[[0.0, 1.0, 0.0]]],
    "maximum tie": [[0.5], [0.5]],
    "clamp at both": [[1.0, 1.0, 0.0, 0.0]],
    "sqrt(0)": [[INF]],
    "norm(0)": [[0.0, 0.0]],
    "prod one zero": [[6.0, 0.0, 0.0]],
    "where nan branch": [[0.0, 0.5]],
    "where inf branch": [[1.0, -1.0]],
    "median tie": [[0.0, 0.0, 0.5, 0.5]],
    "std const": [[0.0, 0.0]],
    "index repeat": [[2.0, 1.0]],
    "hypot 0": [[0.0], [0.0]],
    "xlogy 0 0": [[-INF], [0.0]],
    "pow 0**0": [[0.0], [0.0]],
    "cumprod zero": [[1.0, 10.0, 0.0]],
    "xlogy 0": [[np.log(2)], [0.0]],
}


@pytest.mark.parametrize("case", TIES)
def test_e62_the_conventions_hold_without_pytorch_to_compare_to(case):
    function, *points = KINKS[case]
    inputs = [jt.tensor(p, requires_grad=True) for p in points]
    parts = jt.autograd.grad(function(jt, *inputs).sum(), inputs)
    for part, expected in zip(parts, TIES[case]):
        np.testing.assert_allclose(part.tolist(), expected, rtol=1e-14)


# --- NumPy ----------------------------------------------------------------------------------------------------

A = np.array([[2.0, 3.0], [4.0, 7.0]])
NUMPY_CALLS = {
    "scalar * t": lambda np, x: np.float64(2.0) * x,
    "t * scalar": lambda np, x: x * np.float64(2.0),
    "t * array": lambda np, x: x * A,
    "array * t": lambda np, x: A * x,
    "array - t": lambda np, x: A - x,
    "array / t": lambda np, x: A / x,
    "array ** t": lambda np, x: A**x,
    "array @ t": lambda np, x: A @ x,
    "t @ array": lambda np, x: x @ A,
    "t + float32 scalar": lambda np, x: x + np.float32(2.0),
    "int scalar": lambda np, x: np.int64(3) * x,
    "0-d array": lambda np, x: np.array(3.0) * x,
    "sin": lambda np, x: np.sin(x),
    "exp": lambda np, x: np.exp(x),
    "sqrt": lambda np, x: np.sqrt(x),
    "square": lambda np, x: np.square(x),
    "power": lambda np, x: np.power(x, 3),
    "maximum": lambda np, x: np.maximum(x, A),
    "multiply": lambda np, x: np.multiply(A, x),
    "hypot": lambda np, x: np.hypot(x, A),
    "arctan2": lambda np, x: np.arctan2(A, x),
    "clip": lambda np, x: np.clip(x, 0.5, 2.0),
    "sum": lambda np, x: np.sum(x),
    "sum axis": lambda np, x: np.sum(x, axis=0),
    "sum keepdims": lambda np, x: np.sum(x, axis=1, keepdims=True),
    "mean": lambda np, x: np.mean(x, axis=0),
    "prod": lambda np, x: np.prod(x, axis=1),
    "std": lambda np, x: np.std(x),
    "var": lambda np, x: np.var(x, axis=0),
    "max": lambda np, x: np.max(x, axis=1),
    "min": lambda np, x: np.min(x),
    "cumsum": lambda np, x: np.cumsum(x, axis=1),
    "cumsum flat": lambda np, x: np.cumsum(x),
    "dot": lambda np, x: np.dot(A, x),
    "matmul": lambda np, x: np.matmul(x, A),
    "concatenate": lambda np, x: np.concatenate([x, A, x]),
    "stack": lambda np, x: np.stack([x, A], axis=1),
    "vstack": lambda np, x: np.vstack([x, x]),
    "hstack": lambda np, x: np.hstack([x, x]),
    "where": lambda np, x: np.where(A > 3, x, A),
    "reshape": lambda np, x: np.reshape(x, (4,)),
    "transpose": lambda np, x: np.transpose(x),
    "ravel": lambda np, x: np.ravel(x),
    "expand_dims": lambda np, x: np.expand_dims(x, 0),
    "squeeze": lambda np, x: np.squeeze(x[None]),
    "flip": lambda np, x: np.flip(x, 0),
    "roll": lambda np, x: np.roll(x, 1),
    "tile": lambda np, x: np.tile(x, 2),
    "repeat": lambda np, x: np.repeat(x, 2, axis=1),
    "broadcast_to": lambda np, x: np.broadcast_to(x, (3, 2, 2)),
    "sort": lambda np, x: np.sort(x, axis=0),
    "diag": lambda np, x: np.diag(x),
    "trace": lambda np, x: np.trace(x),
    "outer": lambda np, x: np.outer(x[0], x[1]),
    "norm": lambda np, x: np.linalg.norm(x),
    "add.reduce": lambda np, x: np.add.reduce(x),
    "multiply.outer": lambda np, x: np.multiply.outer(x, x[0]),
    "swapaxes": lambda np, x: np.swapaxes(x, 0, 1),
    "moveaxis": lambda np, x: np.moveaxis(x, 0, 1),
    "negative": lambda np, x: np.negative(x),
    "absolute": lambda np, x: np.abs(x),
    "split": lambda np, x: np.split(x, 2)[1],
    "copy": lambda np, x: np.copy(x),
}


@pytest.mark.parametrize("case", NUMPY_CALLS)
def test_e66_numpy_meets_tensors(case):
    """The value is NumPy's own, and the gradient that of finite differences: the result is a differentiable Tensor."""
    call = NUMPY_CALLS[case]
    point = np.array([[0.7, 1.3], [1.9, 0.4]])
    x = jt.tensor(point, requires_grad=True)
    y, plain = call(np, x), call(np, jt.tensor(point))
    assert type(y) is jt.Tensor and y.requires_grad and not y.is_leaf
    assert type(plain) is jt.Tensor and not plain.requires_grad
    expected = call(np, point)
    assert tuple(y.shape) == np.shape(expected)
    assert_close(y, expected, rtol=1e-13)
    assert_close(plain, expected, rtol=1e-13)
    assert jt.autograd.gradcheck(lambda x: call(np, x), (x,), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("call, name", [(lambda x: np.i0(x), "i0"), (lambda x: np.sort_complex(x), "sort_complex")])
def test_e66_a_numpy_function_without_a_rule_says_so(call, name):
    x = leaf(jt)
    with refused(TypeError, "numpy", x) as caught:
        call(x)
    assert name in str(caught.value)


def test_e66_adding_a_tensor_to_an_array_in_place_is_refused():
    x, array = leaf(jt), np.ones(2)
    with refused(TypeError, "", x):
        array += x
    assert array.tolist() == [1.0, 1.0]
    array += jt.tensor([1.0, 2.0])
    assert array.tolist() == [2.0, 3.0]


def test_e66_results_are_never_object_arrays():
    x = leaf(jt)
    for y in (A[0] * x, np.add(A[0], x), A[0] + x[0], [1.0, 2.0] * np.ones(2) * x):
        assert type(y) is jt.Tensor
    with pytest.raises((TypeError, RuntimeError, ValueError)):
        np.array([x, x], dtype=float)


def test_what_complex_numbers_do_not_have_is_refused_clearly():
    x = leaf(jt)
    z = x * 1j
    for call in (jt.floor, jt.median, jt.amax, lambda z: jt.maximum(z, 1j), jt.lgamma, lambda z: jt.atan2(z, 1.0)):
        with refused(RuntimeError, "", x) as caught:
            call(z)
        assert "not defined for complex numbers: got complex128, expected a real dtype" in str(caught.value)
    with refused(RuntimeError, "grad can be implicitly created only for real scalar outputs but got complex128", x):
        z[0].backward()
    with refused(RuntimeError, "grad_output[0] is complex", x):
        x.backward(np.array([1j, 2.0]))
    with refused(RuntimeError, "result type ComplexDouble can't be cast to the desired output type Double", x):
        x.clone()[0] = z[0]


@pytest.mark.parametrize("index", [9, 100, -10])
def test_flat_positions_out_of_range_are_refused(index):
    """They would be read from memory of others."""
    for x in (jt.ones((3, 3)), jt.ones((3, 3), requires_grad=True)):
        for take in (jt.take_along_dim, jt.take, lambda x, i: np.take_along_axis(x, i.numpy(), None)):
            with pytest.raises(IndexError, match="out of bounds"):
                take(x, jt.tensor([index]))
