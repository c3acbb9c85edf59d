"""Misuse and corner cases: the exceptions PyTorch raises, and that a failing call changes nothing.

Tests with the `torch` fixture run with jittape and, where installed, with PyTorch itself.
"""

import copy
import pickle
import warnings

import numpy as np
import pytest

import jittape as jt
from conftest import assert_close, refused, text

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
    with refused(RuntimeError, "The differentiated Tensor at index 1 appears to not have been used in the graph. "
                               "Set allow_unused=True if this is the desired behavior.", x, unused) if torch is jt else \
            pytest.raises(RuntimeError):
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
    with refused(RuntimeError, "only Tensors of floating point dtype can require gradients", x):
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


@pytest.mark.parametrize("value, error, words", [
    (lambda torch: torch.ones(3), RuntimeError, "attempting to assign a gradient of size '[3]' to a tensor of size '[2]'"),
    (lambda torch: torch.ones(2, dtype=torch.float32), RuntimeError, "attempting to assign a gradient with dtype '"),
    (lambda torch: torch.ones(2, dtype=torch.int64), RuntimeError, "attempting to assign a gradient with dtype '"),
    (lambda torch: 1.0, TypeError, "assigned grad expected to be a Tensor or None but got grad of type float"),
])
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


def test_e71_backward_adds_into_the_same_grad_and_never_into_the_weights(torch):
    x = leaf(torch)
    (x * x).sum().backward()
    held = x.grad
    (x * x).sum().backward()
    assert held is x.grad and text(held) == "tensor([4., 8.])"
    for make in (lambda x: x, lambda x: x.reshape(2), lambda x: x + 0):
        x, weights = leaf(torch), torch.ones(2)
        make(x).backward(weights)
        make(x).backward(weights)
        assert text(x.grad) == "tensor([2., 2.])" and text(weights) == "tensor([1., 1.])"


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
    assert isinstance(v, torch.Tensor)
    with pytest.raises(TypeError):
        torch.autograd.Variable([1.0, 2.0])
    x = torch.tensor(2.0, requires_grad=True)
    with refused(TypeError, "", x):
        (x * x).backward(grad_variables=torch.tensor(1.0))
