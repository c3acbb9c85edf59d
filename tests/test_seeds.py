"""Programs from introductions to torch.autograd, word for word: what they say must hold here too.

Each test runs with jittape and, where installed, with PyTorch.  Names start with the row of the table of behaviours
that the project keeps.
"""

import re
import warnings

import numpy as np
import pytest
from conftest import assert_close, refused, text

SECOND_TIME = "Trying to backward through the graph a second time"
NO_GRAPH = "element 0 of tensors does not require grad and does not have a grad_fn"


def scalar_chain(torch):
    x = torch.tensor(3.0, requires_grad=True)
    y = x * x
    return x, y, 2 * y


# --- one scalar ---------------------------------------------------------------------------------------------


def test_s0_01_a_python_float_makes_a_floating_0d_tensor(torch):
    x, y = torch.tensor(3.0), torch.tensor(3, dtype=torch.float)
    assert text(x) == text(y) == "tensor(3.)"
    assert x.dtype == torch.float64 and y.dtype == torch.float32 == torch.float
    assert x.shape == () and x.item() == 3.0 and isinstance(x.item(), float)


def test_s0_02_requires_grad_is_off_by_default(torch):
    assert torch.tensor(3.0).requires_grad is False


def test_s0_03_requires_grad_is_a_keyword_at_creation(torch):
    x = torch.tensor(3.0, requires_grad=True)
    assert x.requires_grad is True
    assert text(x) == "tensor(3., requires_grad=True)"


def test_s0_04_the_flag_can_be_switched_in_place(torch):
    x = torch.tensor(3.0)
    assert x.requires_grad_(True) is x and x.requires_grad
    assert x.requires_grad_(False).requires_grad is False
    assert x.requires_grad_().requires_grad
    x.requires_grad = False
    assert not x.requires_grad


def test_s0_05_grad_of_twice_the_square_is_4x(torch):
    x, _, z = scalar_chain(torch)
    assert text(torch.autograd.grad(z, x)[0]) == "tensor(12.)"


def test_s0_06_grad_answers_a_tuple_with_one_entry_an_input(torch):
    x, _, z = scalar_chain(torch)
    answer = torch.autograd.grad(z, x)
    assert type(answer) is tuple and len(answer) == 1
    assert text(answer) == "(tensor(12.),)"


def test_s0_07_backward_returns_none_and_fills_the_grad_of_the_leaf(torch):
    x = torch.tensor(3, dtype=torch.float, requires_grad=True)
    z = 2 * (x * x)
    assert x.grad is None
    assert z.backward() is None
    assert text(x.grad) == "tensor(12.)"


def test_s0_08_backward_adds_to_grad_and_backward_of_a_leaf_adds_one(torch):
    x, _, z = scalar_chain(torch)
    z.backward()
    assert text(x.grad) == "tensor(12.)"
    m = x
    m.backward()
    assert text(x.grad) == "tensor(13.)"


def test_s0_09_zeroing_the_data_of_grad_is_seen_through_grad(torch):
    x, _, z = scalar_chain(torch)
    z.backward()
    x.grad.data.zero_()
    assert text(x.grad) == "tensor(0.)"
    x.backward()
    assert text(x.grad) == "tensor(1.)"


def test_s0_10_grad_does_not_touch_the_accumulated_gradient(torch):
    x, _, z = scalar_chain(torch)
    assert text(torch.autograd.grad(z, x)[0]) == "tensor(12.)"
    assert text(torch.autograd.grad(x, x)[0]) == "tensor(1.)"
    assert x.grad is None


def test_s0_11_grad_of_a_result_is_none_and_warns(torch):
    _, y, z = scalar_chain(torch)
    z.backward()
    with pytest.warns(UserWarning, match="The .grad attribute of a Tensor that is not a leaf Tensor is being accessed"):
        assert y.grad is None


def test_s0_12_retain_grad_keeps_the_gradient_of_a_result(torch):
    x, y, z = scalar_chain(torch)
    assert y.retain_grad() is None
    z.backward()
    assert text(y.grad) == "tensor(2.)" and text(x.grad) == "tensor(12.)"
    assert y.retains_grad and not x.retains_grad


def test_s0_13_grad_with_respect_to_a_result(torch):
    _, y, z = scalar_chain(torch)
    assert text(torch.autograd.grad(z, y)[0]) == "tensor(2.)"


def test_s0_14_what_the_user_makes_is_a_leaf_and_results_that_need_gradients_are_not(torch):
    x, y, z = scalar_chain(torch)
    c = torch.tensor(1.0)
    assert (x.is_leaf, y.is_leaf, z.is_leaf) == (True, False, False)
    assert c.is_leaf and (c * 2).is_leaf and y.detach().is_leaf


def test_s0_16_a_second_backward_is_refused(torch):
    x, _, z = scalar_chain(torch)
    z.backward()
    with refused(RuntimeError, SECOND_TIME):
        z.backward()
    assert text(x.grad) == "tensor(12.)"


def test_s0_17_grad_frees_the_graph_as_well(torch):
    x, _, z = scalar_chain(torch)
    assert text(torch.autograd.grad(z, x)) == "(tensor(12.),)"
    with refused(RuntimeError, SECOND_TIME):
        torch.autograd.grad(z, x)
    with refused(RuntimeError, SECOND_TIME):
        z.backward()
    assert x.grad is None


def test_s0_18_retain_graph_allows_repeated_sweeps(torch):
    x, _, z = scalar_chain(torch)
    z.backward(retain_graph=True)
    z.backward()
    assert text(x.grad) == "tensor(24.)"
    x, _, z = scalar_chain(torch)
    first = torch.autograd.grad(z, x, retain_graph=True)
    assert text(first) == text(torch.autograd.grad(z, x)) == "(tensor(12.),)"


def test_s0_19_grad_fn_names_the_operation_and_its_edges(torch):
    x, y, z = scalar_chain(torch)
    assert x.grad_fn is None
    assert y.grad_fn.name() == z.grad_fn.name() == type(z.grad_fn).__name__ == "MulBackward0"
    assert [n.name() for n, _ in z.grad_fn.next_functions if n is not None] == ["MulBackward0"]
    leaves = y.grad_fn.next_functions
    assert [n.name().rpartition("::")[2] for n, _ in leaves] == ["AccumulateGrad", "AccumulateGrad"]
    assert leaves[0][0].variable is x
    assert all(k == 0 for _, k in leaves)


def test_s0_20_grad_only_for_the_listed_inputs_backward_for_all_leaves(torch):
    def program():
        a, b = torch.tensor(2.0, requires_grad=True), torch.tensor(3.0, requires_grad=True)
        c = torch.tensor(5.0)
        return a, b, c, a * b**3 + a * a * c * 0

    a, b, c, z = program()
    assert text(torch.autograd.grad(z, a)) == "(tensor(27.),)"
    assert a.grad is None and b.grad is None
    a, b, c, z = program()
    assert text(torch.autograd.grad(z, (a, b))) == "(tensor(27.), tensor(54.))"
    a, b, c, z = program()
    z.backward()
    assert (text(a.grad), text(b.grad), c.grad) == ("tensor(27.)", "tensor(54.)", None)


@pytest.mark.parametrize("n, slope", list(enumerate([1.0, 4.0, 5.0, 16.0, 17.0])))
def test_s0_21_the_graph_is_made_by_running_the_program(torch, n, slope):
    x = torch.tensor(2.0, requires_grad=True)
    y = x
    for k in range(n):
        y = y * x if k % 2 == 0 else y + x
    y.backward()
    assert x.grad.item() == slope


# --- flags and vectors ----------------------------------------------------------------------------------------


def test_s1_01_a_loss_of_constants_has_nothing_to_differentiate(torch):
    loss = torch.mean(torch.autograd.Variable(torch.FloatTensor([1, 2, 3]), requires_grad=False))
    assert loss.requires_grad is False
    with refused(RuntimeError, NO_GRAPH):
        loss.backward()


def test_s1_02_variable_is_a_new_object_on_the_same_memory(torch):
    values = torch.FloatTensor([1, 2, 3])
    v = torch.autograd.Variable(values, requires_grad=True)
    assert not values.requires_grad and v.requires_grad and v is not values
    assert text(v) == "tensor([1., 2., 3.], requires_grad=True)"
    torch.mean(v).backward()
    assert text(v.grad) == "tensor([0.3333, 0.3333, 0.3333])"
    values[0] = 7.0
    assert v[0].item() == 7.0


def test_s1_05_gradients_accumulate_over_batches(torch):
    w = torch.tensor([0.0, 0.0], requires_grad=True)
    seen = []
    for batch in ([2.0, 4.0], [2.0, 4.0], [2.0, 4.0]):
        (w * torch.tensor(batch)).sum().backward()
        seen.append(text(w.grad))
    assert seen == ["tensor([2., 4.])", "tensor([4., 8.])", "tensor([ 6., 12.])"]


def test_s1_07_mean_of_three_squares(torch):
    from_torch = torch.autograd.Variable
    a = from_torch(torch.FloatTensor([2, 3]), requires_grad=True)
    b = a + 3
    c = b * b * 3
    out = c.mean()
    out.backward()
    assert text(a.data) == "tensor([2., 3.])"
    assert out.item() == 91.5
    assert text(a.grad) == "tensor([15., 18.])"


def test_s1_08_the_first_sweep_keeps_the_second_frees_the_third_is_refused(torch):
    a = torch.tensor([1.0, 1.5], requires_grad=True)
    out = (a * a).sum()
    out.backward(retain_graph=True)
    out.backward()
    assert text(a.grad) == "tensor([4., 6.])"
    with refused(RuntimeError, SECOND_TIME):
        out.backward()
    assert text(a.grad) == "tensor([4., 6.])"


def test_s1_09_two_losses_over_one_shared_graph_add_up(torch):
    w = torch.tensor([[1.0, -1.0], [2.0, 0.5]], requires_grad=True)
    h = torch.tensor([[1.0, 2.0]]) @ w
    first, second = (h * h).sum(), (3 * h).sum()
    first.backward(retain_graph=True)
    assert text(w.grad) == "tensor([[10.,  0.],\n        [20.,  0.]])"
    second.backward()
    assert text(w.grad) == "tensor([[13.,  3.],\n        [26.,  6.]])"


def test_s1_10_the_removed_keyword_is_refused(torch):
    x, _, z = scalar_chain(torch)
    with refused(TypeError, "Tensor.backward() got an unexpected keyword argument 'retain_variables'"):
        z.backward(retain_variables=True)


def test_s1_11_detach_shares_memory_and_detach_in_place_cuts(torch):
    a = torch.tensor([1.0, 2.0], requires_grad=True)
    b = a * 2
    d = b.detach()
    assert (d.requires_grad, d.grad_fn, d.is_leaf) == (False, None, True)
    d[0] = 100.0
    assert b.tolist() == [100.0, 4.0]
    assert b.requires_grad
    c = a * 3
    assert c.detach_() is c
    assert (c.requires_grad, c.grad_fn, c.is_leaf) == (False, None, True)


def test_s1_12_create_graph_gives_derivatives_of_derivatives(torch):
    x = torch.tensor(2.0, requires_grad=True)
    (first,) = torch.autograd.grad(x**3, x, create_graph=True)
    assert first.item() == 12.0 and first.requires_grad and first.grad_fn is not None
    (second,) = torch.autograd.grad(first, x, create_graph=True)
    (third,) = torch.autograd.grad(second, x)
    assert (second.item(), third.item()) == (12.0, 6.0)
    with pytest.warns(UserWarning, match=re.escape("Using backward() with create_graph=True will create a reference cycle")):
        (x**3).backward(create_graph=True)
    assert x.grad.requires_grad and x.grad.item() == 12.0
    x.grad = None


def test_s1_13_only_a_scalar_starts_backward_by_itself(torch):
    a = torch.tensor([1.0, 2.0], requires_grad=True)
    with refused(RuntimeError, "grad can be implicitly created only for scalar outputs"):
        (a * 2).backward()
    assert a.grad is None


def test_s1_15_assigning_elements_turns_a_constant_into_a_result(torch):
    m = torch.autograd.Variable(torch.FloatTensor([[2, 3]]), requires_grad=True)
    n = torch.autograd.Variable(torch.zeros(1, 2))
    assert (n.requires_grad, n.is_leaf) == (False, True)
    n[0, 0] = m[0, 0] ** 2
    n[0, 1] = m[0, 1] ** 3
    assert (n.requires_grad, n.is_leaf) == (True, False)
    assert n.grad_fn.name().rpartition("::")[2] == "CopySlices"
    assert text(n) == "tensor([[ 4., 27.]], grad_fn=<CopySlices>)"
    n.backward(torch.tensor([[1.0, 1.0]]), retain_graph=True)
    assert text(m.grad) == "tensor([[ 4., 27.]])"


def test_s1_16_a_jacobian_by_unit_weights(torch):
    m = torch.autograd.Variable(torch.FloatTensor([[2, 3]]), requires_grad=True)
    j, k = torch.zeros(2, 2), torch.autograd.Variable(torch.zeros(1, 2))
    k[0, 0] = m[0, 0] ** 2 + 3 * m[0, 1]
    k[0, 1] = m[0, 1] ** 2 + 2 * m[0, 0]
    k.backward(torch.tensor([[1.0, 0.0]]), retain_graph=True)
    j[:, 0] = m.grad.data
    m.grad.data.zero_()
    k.backward(torch.tensor([[0.0, 1.0]]))
    j[:, 1] = m.grad.data
    assert text(j) == "tensor([[4., 2.],\n        [3., 6.]])"


def test_s1_20_a_frozen_leaf_gets_no_gradient_and_can_be_thawed(torch):
    a, b = torch.tensor(2.0, requires_grad=True), torch.tensor(3.0, requires_grad=True)
    b.requires_grad = False
    (a * b).backward()
    assert a.grad.item() == 3.0 and b.grad is None
    b.requires_grad = True
    (a * b).backward()
    assert a.grad.item() == 6.0 and b.grad.item() == 2.0


# --- graphs -----------------------------------------------------------------------------------------------------


def linear_layer(torch):
    x, w = torch.ones(5), torch.tensor(np.linspace(-1, 1, 15).reshape(5, 3), requires_grad=True)
    b = torch.tensor([0.1, 0.2, 0.3], requires_grad=True)
    return x, w, b, torch.matmul(x, w) + b


def test_s2_01_a_linear_layer_with_a_logistic_loss(torch):
    x, w, b, z = linear_layer(torch)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(z, torch.zeros(3))
    assert abs(loss.item() - np.log1p(np.exp(z.detach().numpy())).mean()) < 1e-14
    loss.backward()
    expected = 1 / (1 + np.exp(-z.detach().numpy())) / 3
    assert z.shape == (3,) and w.grad.shape == (5, 3) and b.grad.shape == (3,)
    assert_close(b.grad, expected)
    assert_close(w.grad, np.outer(np.ones(5), expected))


def test_s2_02_flags_set_after_the_forward_pass_do_not_act_backwards(torch):
    w = torch.ones(3)
    loss = (w * 2).sum()
    w.requires_grad_(True)
    assert (loss.requires_grad, loss.grad_fn) == (False, None)
    with refused(RuntimeError, NO_GRAPH):
        loss.backward()


def test_s2_03_grad_fn_prints_its_name_and_address(torch):
    *_, z = linear_layer(torch)
    assert re.fullmatch(r"<AddBackward0 object at 0x[0-9a-f]+>", repr(z.grad_fn))


def test_s2_04_only_leaves_that_require_grad_have_a_gradient(torch):
    x, w, b, z = linear_layer(torch)
    z.sum().backward()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert x.grad is None
        assert w.grad.shape == (5, 3)
    with pytest.warns(UserWarning, match="The .grad attribute"):
        assert z.grad is None


def test_s2_05_three_retained_sweeps_add_up(torch):
    w = torch.ones(3, requires_grad=True)
    loss = (w * w).sum()
    for _ in range(3):
        loss.backward(retain_graph=True)
    assert text(w.grad) == "tensor([6., 6., 6.])"


def test_s2_06_no_grad_switches_recording_off(torch):
    x, w, b, z = linear_layer(torch)
    assert z.requires_grad
    with torch.no_grad():
        z = torch.matmul(x, w) + b
        assert not z.requires_grad and not torch.is_grad_enabled()
        with torch.enable_grad():
            assert (w * 1).requires_grad
        assert not (w * 1).requires_grad
        assert torch.ones(2, requires_grad=True).requires_grad
    assert torch.is_grad_enabled()

    @torch.no_grad()
    def evaluate():
        return torch.matmul(x, w) + b

    assert not evaluate().requires_grad
    with torch.set_grad_enabled(False):
        assert not (w * 1).requires_grad
    torch.set_grad_enabled(False)
    assert not (w * 1).requires_grad
    torch.set_grad_enabled(True)
    assert (w * 1).requires_grad


def test_s2_07_a_detached_value_is_a_constant(torch):
    w = torch.ones(3, requires_grad=True)
    c = (w * 2).detach()
    assert not c.requires_grad
    (c * (2 * w)).sum().backward()
    assert text(w.grad) == "tensor([4., 4., 4.])"


def test_s2_08_a_frozen_operand_gets_no_gradient(torch):
    a, frozen = torch.ones(2, requires_grad=True), torch.ones(2)
    (a * frozen).sum().backward()
    assert text(a.grad) == "tensor([1., 1.])" and frozen.grad is None


def test_s2_09_shared_nodes_are_complete_before_they_are_handed_on(torch):
    a, b = torch.tensor([2.0, 3.0], requires_grad=True), torch.tensor([6.0, 4.0], requires_grad=True)
    q = 3 * a**3 - b**2
    assert q.grad_fn.name() == "SubBackward0"
    q.backward(gradient=torch.tensor([1.0, 1.0]))
    assert text(a.grad) == "tensor([36., 81.])" and text(b.grad) == "tensor([-12.,  -8.])"
    a = torch.tensor([1.0, 2.0], requires_grad=True)
    s = a * a
    (s * s * 2 + s * 4).sum().backward()
    assert text(a.grad) == "tensor([16., 80.])"


def test_s2_10_grad_is_assignable_and_added_to(torch):
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    x.grad = torch.tensor([10.0, 10.0])
    (x * x).sum().backward()
    assert text(x.grad) == "tensor([12., 14.])"
    x.grad = None
    (x * x).sum().backward()
    assert text(x.grad) == "tensor([2., 4.])" and not x.grad.requires_grad


def test_s2_11_values_are_there_at_once_and_recorded_only_where_needed(torch):
    a, b = torch.tensor([1.0, 2.0], requires_grad=True), torch.tensor([3.0, 4.0])
    c, d = a * b, b * b
    assert c.tolist() == [3.0, 8.0] and c.grad_fn.name() == "MulBackward0"
    assert d.tolist() == [9.0, 16.0] and d.grad_fn is None


def test_s3_01_random_leaves_are_reproducible_and_lie_in_the_unit_interval(torch):
    torch.manual_seed(0)
    first = torch.rand(2, 3, requires_grad=True)
    torch.manual_seed(0)
    again = torch.rand(2, 3)
    assert first.shape == (2, 3) and first.requires_grad and first.is_leaf
    assert first.tolist() == again.tolist()
    values = first.detach().numpy()
    assert (values >= 0).all() and (values < 1).all() and np.unique(values).size == 6


def test_s3_02_backward_on_a_leaf_gives_it_the_weights(torch):
    t = torch.tensor([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]], requires_grad=True)
    r = t * 2
    assert text(r) == "tensor([[0.2000, 0.4000, 0.6000],\n        [0.8000, 1.0000, 1.2000]], grad_fn=<MulBackward0>)"
    t.backward(torch.ones_like(t))
    assert text(t.grad) == "tensor([[1., 1., 1.],\n        [1., 1., 1.]])"
    r.retain_grad()
    r.backward(torch.ones_like(r))
    assert text(r.grad) == "tensor([[1., 1., 1.],\n        [1., 1., 1.]])"
    assert text(t.grad) == "tensor([[3., 3., 3.],\n        [3., 3., 3.]])"


def test_s3_03_gradient_descent_in_place_under_no_grad(torch):
    x = torch.tensor([4.0, -3.0], requires_grad=True)
    target = torch.tensor([1.0, 2.0])
    for _ in range(200):
        ((x - target) ** 2).sum().backward()
        with torch.no_grad():
            x -= 0.1 * x.grad
        x.grad = None
    assert [f"{v:.5f}" for v in x.tolist()] == ["1.00000", "2.00000"]
    assert x.requires_grad and x.is_leaf


@pytest.mark.parametrize(
    "make, expected",
    [
        (lambda torch, x: x, "tensor([[1., 2.]], requires_grad=True)"),
        (lambda torch, x: x * 2, "tensor([[2., 4.]], grad_fn=<MulBackward0>)"),
        (lambda torch, x: x.sum(), "tensor(3., grad_fn=<SumBackward0>)"),
        (lambda torch, x: x + 1, "tensor([[2., 3.]], grad_fn=<AddBackward0>)"),
        (lambda torch, x: x.mean(), "tensor(1.5000, grad_fn=<MeanBackward0>)"),
        (lambda torch, x: x[0][0], "tensor(1., grad_fn=<SelectBackward0>)"),
        (lambda torch, x: x[0, 0], "tensor(1., grad_fn=<SelectBackward0>)"),
        (lambda torch, x: x.exp(), "tensor([[2.7183, 7.3891]], grad_fn=<ExpBackward0>)"),
        (lambda torch, x: x.mm(x.t()), "tensor([[5.]], grad_fn=<MmBackward0>)"),
    ],
)
def test_s3_04_a_tensor_prints_how_it_came_about(torch, make, expected):
    assert text(make(torch, torch.tensor([[1.0, 2.0]], requires_grad=True))) == expected


def test_s3_05_weights_multiply(torch):
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    r = x * 2
    ones = torch.ones_like(r)
    assert not ones.requires_grad and ones.shape == r.shape
    r.backward(torch.tensor([1.0, 0.2, 0.03]))
    assert text(x.grad) == "tensor([2.0000, 0.4000, 0.0600])"


@pytest.mark.parametrize(
    "values",
    [
        [1.0, 2.5],
        [1e10, 1.0, 0.5],
        [100000.0, 1.0],
        [1.5, float("nan")],
        [float("inf"), 1.0],
        [1e-7],
        [0.0, 0.0],
        [-1.0, 2.0],
        [0.0, -1e-5],
        [1.0, 1999.0],
        [123456.789],
        [[1.0, 22.0], [333.0, 4.0]],
        [[[1.0]], [[2.0]]],
        [],
        [[], []],
        1e10,
        0.1,
        list(range(2000)),
        [True, False],
        [1, 22],
        3,
        [float(k) for k in range(40)],
        [[0.25 * k for k in range(12)] for _ in range(30)],
        [float(k) for k in range(1200)],
    ],
    ids=lambda v: str(v)[:30],
)
def test_numbers_print_as_in_pytorch(values):
    torch = pytest.importorskip("torch")
    import jittape

    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        assert text(jittape.tensor(values)) == text(torch.tensor(values))
    finally:
        torch.set_default_dtype(before)
