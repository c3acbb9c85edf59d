"""PyTorch's autograd words: hooks, roots and inputs, higher derivatives, modes, user-defined operations, tapes and threads."""

import copy
import gc
import pickle
import threading
import warnings
import weakref

import numpy as np
import pytest
from conftest import assert_close, refused, text

import jittape as jt
from jittape.tape.tape import current


def leaf(torch, values=(1.0, 2.0)):
    return torch.tensor(list(values) if isinstance(values, tuple) else values, requires_grad=True)


# --- hooks ----------------------------------------------------------------------------------------------------


def test_a_hook_of_a_result_sees_its_complete_gradient_and_may_replace_it(torch):
    x, seen = leaf(torch), []
    y = x * 2
    y.register_hook(lambda g: seen.append(g.tolist()))
    y.register_hook(lambda g: g * 10)
    (y * y + y).sum().backward()
    assert seen == [[5.0, 9.0]]
    assert x.grad.tolist() == [100.0, 180.0]


def test_hooks_run_in_order_each_with_what_the_one_before_returned(torch):
    x, seen = leaf(torch), []
    y = x * 1
    for scale in (2.0, 3.0):
        y.register_hook(lambda g, scale=scale: seen.append(g[0].item()) or g * scale)
    y.sum().backward()
    assert seen == [1.0, 2.0] and x.grad.tolist() == [6.0, 6.0]


def test_a_hook_of_a_leaf_changes_what_is_accumulated_and_what_grad_answers(torch):
    x = leaf(torch)
    x.register_hook(lambda g: g * 10)
    (x * x).sum().backward()
    assert x.grad.tolist() == [20.0, 40.0]
    (g,) = torch.autograd.grad((x * x + x).sum(), x)
    assert g.tolist() == [30.0, 50.0]


def test_a_hook_of_a_leaf_runs_once_a_sweep_with_the_sum(torch):
    x, seen = leaf(torch), []
    x.register_hook(lambda g: seen.append(g.tolist()))
    y = x * 3
    (y + x * x + x).sum().backward()
    assert seen == [[6.0, 8.0]]


def test_a_removed_hook_is_not_called(torch):
    x, seen = leaf(torch), []
    y = x * 1
    handles = [t.register_hook(lambda g: seen.append(1)) for t in (x, y)]
    for h in handles:
        h.remove()
        h.remove()
    with y.register_hook(lambda g: seen.append(2)):
        pass
    y.sum().backward()
    assert seen == []


def test_a_hook_of_a_view_sees_only_what_flows_through_the_view(torch):
    x, seen = leaf(torch, (1.0, 2.0, 3.0)), []
    y = x * 1
    view = y[:2]
    view.register_hook(lambda g: seen.append(g.tolist()) or g * 100)
    (view.sum() + (y * y).sum()).backward()
    assert seen == [[1.0, 1.0]]
    assert x.grad.tolist() == [102.0, 104.0, 6.0]


def test_retained_views_and_bases_keep_their_own_gradients(torch):
    x = leaf(torch, [[1.0, 2.0], [3.0, 4.0]])
    y = x * 1
    row, turned = y[0], y.t()
    for t in (y, row, turned):
        t.retain_grad()
    (row.sum() * 2 + (turned * turned).sum()).backward()
    assert row.grad.tolist() == [2.0, 2.0]
    assert turned.grad.tolist() == [[2.0, 6.0], [4.0, 8.0]]
    assert y.grad.tolist() == [[4.0, 6.0], [6.0, 8.0]] == x.grad.tolist()


@pytest.mark.parametrize("retained_first", [True, False])
def test_a_retained_gradient_is_that_after_the_hooks(torch, retained_first):
    x = leaf(torch)
    y = x * 1
    if retained_first:
        y.retain_grad()
    y.register_hook(lambda g: g * 3)
    if not retained_first:
        y.retain_grad()
    y.sum().backward()
    assert y.grad.tolist() == [3.0, 3.0] == x.grad.tolist()


def test_hooks_of_results_take_part_in_recorded_sweeps(torch):
    x = torch.tensor(2.0, requires_grad=True)
    y = x * x
    y.register_hook(lambda g: g * x)
    (g,) = torch.autograd.grad(y * 1, x, create_graph=True)
    assert g.item() == 8.0
    assert torch.autograd.grad(g, x)[0].item() == 8.0


def test_a_hook_may_sweep_itself(torch):
    x, inner = torch.tensor(3.0, requires_grad=True), []

    def hook(g):
        with torch.enable_grad():
            u = torch.tensor(2.0, requires_grad=True)
            inner.append(torch.autograd.grad(u**3, u)[0].item())
            inner.append(torch.autograd.grad(x * x * u, x)[0].item())

    y = x * x
    y.register_hook(hook)
    (y * 2).backward()
    assert inner == [12.0, 12.0] and x.grad.item() == 12.0


@pytest.mark.parametrize("answer, error", [(lambda torch: 2.0, TypeError), (lambda torch: torch.ones(3), RuntimeError)])
def test_a_hook_that_answers_no_gradient_is_refused(torch, answer, error):
    x = leaf(torch)
    for hooked in (x, x * 1):
        handle = hooked.register_hook(lambda g: answer(torch))
        with refused(error, "", x):
            (hooked * hooked).sum().backward()
        handle.remove()


def test_a_gradient_that_a_hook_keeps_is_not_changed_later(torch):
    x, seen = leaf(torch), []
    y = x * 1
    for t in (x, y):
        t.register_hook(lambda g: seen.append(g))
    y.retain_grad()
    z = (y * y).sum()
    for _ in range(2):
        z.backward(retain_graph=True)
    assert [g.tolist() for g in seen] == [[2.0, 4.0]] * 4


def test_an_exception_in_a_hook_leaves_everything_as_it_was():
    x = leaf(jt)
    y = x * 2

    def hook(g):
        raise KeyError("mine")

    handle = y.register_hook(hook)
    z = (y * y).sum()
    with refused(KeyError, "'mine'", x):
        z.backward()
    with refused(KeyError, "'mine'", x):
        jt.autograd.grad(z, x, create_graph=True)
    handle.remove()
    z.backward()
    assert x.grad.tolist() == [8.0, 16.0]


def test_an_exception_in_the_hook_of_a_leaf_accumulates_nothing():
    a, b = leaf(jt), leaf(jt)

    def hook(g):
        raise KeyError("mine")

    b.register_hook(hook)
    with refused(KeyError, "'mine'", a, b):
        (a * b).sum().backward()


# --- inputs, roots and cotangents --------------------------------------------------------------------------


def test_backward_for_inputs_that_are_results_views_and_leaves(torch):
    x, other = leaf(torch), leaf(torch)
    y = x * 3
    view = y[:1]
    ((view * 2).sum() + (y * other).sum()).backward(inputs=[y, view, other])
    assert x.grad is None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert view.grad.tolist() == [2.0] and y.grad.tolist() == [3.0, 2.0] and other.grad.tolist() == [3.0, 6.0]


def test_backward_for_an_input_that_is_a_constant_is_refused(torch):
    x, c = leaf(torch), torch.ones(2)
    with refused(RuntimeError, "can't retain_grad on Tensor that has requires_grad=False", x):
        (x * c).sum().backward(inputs=[c])


def test_grad_with_respect_to_results_stops_there_only_for_them(torch):
    x = torch.tensor(2.0, requires_grad=True)
    y = x * x
    z = y * y * x
    answers = torch.autograd.grad(z, (z, y, x))
    assert [g.item() for g in answers] == [1.0, 16.0, 80.0]


def test_roots_that_depend_on_each_other(torch):
    x = torch.tensor(3.0, requires_grad=True)
    y = x * x
    z = y * 2
    torch.autograd.backward([y, z])
    assert x.grad.item() == 18.0
    x.grad = None
    y = x * x
    torch.autograd.backward([y, y * 2, x], [torch.tensor(v) for v in (1.0, 10.0, 100.0)])
    assert x.grad.item() == 6.0 + 120.0 + 100.0


@pytest.mark.parametrize("create_graph", [False, True])
def test_batched_cotangents_answer_with_a_first_axis(torch, create_graph):
    x = leaf(torch, (1.0, 2.0, 3.0))
    y = x**2
    (jacobian,) = torch.autograd.grad(y, x, torch.eye(3), is_grads_batched=True, create_graph=create_graph)
    assert jacobian.tolist() == np.diag([2.0, 4.0, 6.0]).tolist()
    assert jacobian.requires_grad is create_graph


def test_batched_cotangents_with_unused_inputs(torch):
    x, unused = leaf(torch), leaf(torch, (1.0, 2.0, 3.0))
    y = x * 2
    answers = torch.autograd.grad(y, (x, unused), torch.eye(2), is_grads_batched=True, allow_unused=True, retain_graph=True)
    assert answers[1] is None and answers[0].tolist() == [[2.0, 0.0], [0.0, 2.0]]
    answers = torch.autograd.grad(y, (x, unused), torch.eye(2), is_grads_batched=True, materialize_grads=True)
    assert answers[1].shape[-1] == 3 and not answers[1].any()


def test_materialised_zeros_have_shape_and_dtype_of_the_input(torch):
    x, unused = torch.tensor(2.0, requires_grad=True), torch.ones(2, 3, dtype=torch.float32, requires_grad=True)
    g = torch.autograd.grad(x * x, unused, materialize_grads=True)[0]
    assert g.shape == (2, 3) and g.dtype == torch.float32 and not g.any()


def test_an_input_cut_off_by_detach_is_unused(torch):
    x = torch.tensor(2.0, requires_grad=True)
    y = torch.tensor(3.0, requires_grad=True)
    z = x.detach() * y
    assert torch.autograd.grad(z, (x, y), allow_unused=True)[0] is None


# --- higher derivatives ---------------------------------------------------------------------------------------

FUNCTIONS = {
    "cube": lambda torch, x: x**3,
    "sin exp": lambda torch, x: torch.sin(x) * torch.exp(x / 2),
    "tanh": lambda torch, x: x.tanh(),
    "division": lambda torch, x: 1 / (1 + x * x),
    "sqrt": lambda torch, x: torch.sqrt(1 + x * x),
    "log": lambda torch, x: torch.log(x + 2),
    "sigmoid": lambda torch, x: torch.sigmoid(x) * x,
    "power": lambda torch, x: (x + 2) ** 2.5,
    "where": lambda torch, x: torch.where(x > 1, x**3, x**2),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_derivatives_to_third_order_are_pytorchs(name):
    torch = pytest.importorskip("torch")
    found = []
    for library in (jt, torch):
        x = library.tensor([0.3, 1.2, -0.7], dtype=library.float64, requires_grad=True)
        y, orders = FUNCTIONS[name](library, x), []
        for order in range(3):
            (y,) = library.autograd.grad(y.sum(), x, create_graph=order < 2)
            orders.append(y.tolist())
        found.append(orders)
    assert_close(found[0], found[1], rtol=1e-12)


def test_a_hessian_vector_product_of_a_function_of_matrices(torch):
    a = torch.tensor(np.arange(6.0).reshape(2, 3) / 5, requires_grad=True)
    v = torch.tensor(np.linspace(-1, 1, 6).reshape(2, 3))

    def gradient(a):
        m = (a @ a.t()).exp()
        return torch.autograd.grad(m.sum() + (m[0] * a.sum(1)).prod(), a, create_graph=True)[0]

    (product,) = torch.autograd.grad((gradient(a) * v).sum(), a)
    step = 1e-5
    with torch.enable_grad():
        high = gradient((a.detach() + step * v).requires_grad_())
        low = gradient((a.detach() - step * v).requires_grad_())
    assert_close(product, (high - low).detach().numpy() / (2 * step), rtol=1e-6)


def test_backward_with_create_graph_leaves_a_differentiable_grad(torch):
    x = torch.tensor(2.0, requires_grad=True)
    with pytest.warns(UserWarning, match="create_graph=True"):
        (x**3).backward(create_graph=True)
    first = x.grad
    x.grad = None
    first.backward()
    assert x.grad.item() == 12.0
    x.grad = None


def test_a_gradient_penalty(torch):
    w = leaf(torch, (0.5, -1.0))
    x = leaf(torch, (1.0, 2.0))
    (g,) = torch.autograd.grad((w * x * x).sum(), x, create_graph=True)
    ((g.norm() - 1) ** 2).backward()
    expected = np.array([1.0, -4.0])
    norm = np.linalg.norm(expected)
    assert_close(w.grad, 2 * (norm - 1) * expected / norm * [2.0, 4.0])


def test_the_cotangent_of_a_recorded_sweep_gets_gradients(torch):
    x, v = leaf(torch), leaf(torch, (3.0, 5.0))
    (g,) = torch.autograd.grad(x**3, x, v, create_graph=True)
    assert text(torch.autograd.grad(g.sum(), v)[0]) == "tensor([ 3., 12.])"


# --- recording on and off -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["no_grad", "inference_mode"])
def test_modes_as_blocks_and_decorators_of_functions_methods_and_generators(torch, name):
    mode = getattr(torch, name)
    x = torch.tensor(2.0, requires_grad=True)

    @mode()
    def function():
        return x * 2

    class Model:
        @mode()
        def method(self, factor):
            return x * factor

    @mode()
    def generator():
        y = x * 2
        received = yield y
        yield x * received

    with mode():
        assert not (x * 2).requires_grad
    assert not function().requires_grad and not Model().method(3.0).requires_grad
    steps = generator()
    assert not next(steps).requires_grad
    assert torch.is_grad_enabled() and (x * 2).requires_grad
    assert not steps.send(5.0).requires_grad
    steps.close()
    assert torch.is_grad_enabled()


def test_a_decorator_without_parentheses(torch):
    x = torch.tensor(2.0, requires_grad=True)

    @torch.no_grad
    def function(factor):
        """What it does."""
        return x * factor

    class Model:
        @torch.no_grad
        def method(self, factor):
            return x * factor

    assert not function(2.0).requires_grad and not Model().method(2.0).requires_grad
    assert function.__name__ == "function" and function.__doc__ == "What it does."


def test_modes_nest_and_exceptions_restore_them(torch):
    x = torch.tensor(2.0, requires_grad=True)
    with torch.no_grad():
        with torch.enable_grad():
            y = x * 2
            with torch.set_grad_enabled(False):
                assert not (x * 2).requires_grad
            assert torch.is_grad_enabled()
        assert not torch.is_grad_enabled()
    assert y.requires_grad
    with pytest.raises(KeyError):
        with torch.no_grad():
            raise KeyError
    assert torch.is_grad_enabled()

    @torch.enable_grad()
    def recorded():
        return x * 2

    with torch.no_grad():
        assert recorded().requires_grad

    @torch.set_grad_enabled(False)
    def unrecorded():
        return x * 2

    assert torch.is_grad_enabled() and not unrecorded().requires_grad and torch.is_grad_enabled()
    with torch.inference_mode(False):
        assert torch.is_grad_enabled()


def test_one_mode_object_may_be_entered_again(torch):
    mode = torch.no_grad()
    with mode:
        assert not torch.is_grad_enabled()
    with mode:
        assert not torch.is_grad_enabled()
    assert torch.is_grad_enabled()


def test_an_exception_thrown_into_a_decorated_generator_reaches_it(torch):
    @torch.no_grad()
    def generator():
        try:
            yield 1
        except KeyError:
            yield torch.is_grad_enabled()

    steps = generator()
    next(steps)
    assert steps.throw(KeyError) is False
    assert torch.is_grad_enabled()


# --- anomaly detection ----------------------------------------------------------------------------------------


def test_anomaly_detection_names_the_line_of_the_user():
    x = jt.tensor([0.0, 1.0], requires_grad=True)
    with jt.autograd.detect_anomaly():
        y = (x * 1.0).sqrt()  # the culprit
        z = (y * 0.0).sum()
        with refused(jt.errors.AnomalyError, "Function 'SqrtBackward0' returned nan values in its 0th output", x) as caught:
            z.backward()
    assert "# the culprit" in str(caught.value) and __file__ in str(caught.value)
    assert not jt.autograd.is_anomaly_enabled()
    assert np.isnan(jt.autograd.grad(((x * 1.0).sqrt() * 0.0).sum(), x)[0].tolist()[0])


def test_anomaly_detection_is_quiet_about_finite_gradients(torch):
    x = leaf(torch)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with torch.autograd.detect_anomaly():
            y = x * 2
            y[0] = 3.0
            (y.exp() * x).sum().backward()
    assert_close(x.grad, [np.exp(3.0), np.exp(4.0) * 5])


def test_anomaly_detection_begins_with_the_first_row():
    """An empty tape is false to Python."""
    with jt.Tape(), jt.autograd.detect_anomaly():
        assert jt.autograd.is_anomaly_enabled()
        x = jt.tensor(0.0, requires_grad=True)
        with pytest.raises(jt.errors.AnomalyError, match="SqrtBackward0"):
            (x.sqrt() * 0.0).backward()


def test_anomaly_detection_can_be_switched():
    jt.autograd.set_detect_anomaly(True)
    assert jt.autograd.is_anomaly_enabled()
    jt.autograd.set_detect_anomaly(False)
    assert not jt.autograd.is_anomaly_enabled()
    with jt.autograd.set_detect_anomaly(True):
        with jt.no_grad():
            pass
        assert jt.autograd.is_anomaly_enabled()
    assert not jt.autograd.is_anomaly_enabled()


def test_anomaly_detection_finds_nan_in_recorded_sweeps():
    x = jt.tensor(0.0, requires_grad=True)
    with jt.autograd.detect_anomaly():
        y = x.sqrt() * 0.0
        with pytest.raises(jt.errors.AnomalyError, match="SqrtBackward0"):
            jt.autograd.grad(y, x, create_graph=True)


# --- operations of the user's own ----------------------------------------------------------------------------


def square_of(torch):
    class Square(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx, y_bar):
            (x,) = ctx.saved_tensors
            return 2 * x * y_bar

    return Square


def test_e58_a_function_has_its_name_and_its_derivative(torch):
    x = leaf(torch)
    y = square_of(torch).apply(x)
    assert text(y) == "tensor([1., 4.], grad_fn=<SquareBackward>)" and y.grad_fn.name() == "SquareBackward"
    y.sum().backward()
    assert text(x.grad) == "tensor([2., 4.])"


def test_e58_a_function_can_be_differentiated_twice(torch):
    x = torch.tensor(3.0, requires_grad=True)
    y = square_of(torch).apply(square_of(torch).apply(x))
    (first,) = torch.autograd.grad(y, x, create_graph=True)
    (second,) = torch.autograd.grad(first, x, create_graph=True)
    (third,) = torch.autograd.grad(second, x)
    assert (first.item(), second.item(), third.item()) == (108.0, 108.0, 72.0)


def test_a_function_is_not_recorded_where_nothing_needs_gradients(torch):
    assert not square_of(torch).apply(torch.ones(2)).requires_grad
    with torch.no_grad():
        assert not square_of(torch).apply(leaf(torch)).requires_grad


def several_of(torch):
    class Several(torch.autograd.Function):
        calls = []

        @staticmethod
        def forward(ctx, x, scale, y):
            ctx.save_for_backward(x, y)
            ctx.scale = scale
            return x * y * scale, x + y

        @staticmethod
        def backward(ctx, product_bar, sum_bar):
            x, y = ctx.saved_tensors
            Several.calls.append((product_bar.tolist(), sum_bar.tolist(), ctx.needs_input_grad))
            return product_bar * y * ctx.scale + sum_bar, None, product_bar * x * ctx.scale + sum_bar

    return Several


def test_a_function_with_several_outputs_and_an_argument_without_gradient(torch):
    several = several_of(torch)
    x, y = leaf(torch), leaf(torch, (3.0, 4.0))
    product, total = several.apply(x, 10.0, y)
    (product.sum() + 2 * total.sum()).backward()
    assert x.grad.tolist() == [32.0, 42.0] and y.grad.tolist() == [12.0, 22.0]


def test_a_function_of_several_outputs_calls_its_backward_once(torch):
    several = several_of(torch)
    x, y = leaf(torch), leaf(torch, (3.0, 4.0))
    product, total = several.apply(x, 10.0, y)
    (product * total).sum().backward()
    assert len(several.calls) == 1
    assert_close(x.grad, 10 * (2 * np.array([1.0, 2.0]) * [3.0, 4.0] + np.array([3.0, 4.0]) ** 2))


def test_hooks_on_each_output_change_what_backward_gets(torch):
    several = several_of(torch)
    x, y = leaf(torch), leaf(torch, (3.0, 4.0))
    product, total = several.apply(x, 1.0, y)
    product.register_hook(lambda g: g * 10)
    total.register_hook(lambda g: g * 100)
    (product.sum() + total.sum()).backward()
    assert several.calls == [([10.0, 10.0], [100.0, 100.0], (True, False, True))]
    assert x.grad.tolist() == [130.0, 140.0]


def test_a_function_of_several_outputs_can_be_differentiated_twice(torch):
    x, y = leaf(torch), leaf(torch, (3.0, 4.0))
    found = []
    for program in (several_of(torch).apply, lambda x, scale, y: (x * y * scale, x + y)):
        product, total = program(x, 2.0, y)
        first = torch.autograd.grad((product**2 * total).sum(), (x, y), create_graph=True)
        second = torch.autograd.grad((first[0] * first[1]).sum(), (x, y))
        found.append([g.tolist() for g in (*first, *second)])
    assert_close(found[0], found[1])


def test_an_output_alone_after_the_other_is_gone(torch):
    several = several_of(torch)
    x, y = leaf(torch), leaf(torch, (3.0, 4.0))
    total = several.apply(x, 1.0, y)[1]
    for _ in range(3000):
        leaf(torch) * 2
    total.sum().backward()
    assert several.calls == [([0.0, 0.0], [1.0, 1.0], (True, False, True))] and x.grad.tolist() == [1.0, 1.0]


def test_unused_outputs_bring_zeros(torch):
    several = several_of(torch)
    x, y = leaf(torch), torch.ones(2)
    several.apply(x, 1.0, y)[0].sum().backward()
    assert several.calls == [([1.0, 1.0], [0.0, 0.0], (True, False, False))]


def test_outputs_marked_as_not_differentiable_require_no_gradient(torch):
    class SortWithIndices(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            values, indices = x.sort()
            ctx.mark_non_differentiable(indices)
            ctx.indices = indices
            return values, indices

        @staticmethod
        def backward(ctx, values_bar, indices_bar):
            return values_bar[ctx.indices.argsort()]

    x = leaf(torch, (3.0, 1.0, 2.0))
    values, indices = SortWithIndices.apply(x)
    assert values.requires_grad and not indices.requires_grad and indices.tolist() == [1, 2, 0]
    (values * torch.tensor([1.0, 10.0, 100.0])).sum().backward()
    assert x.grad.tolist() == [100.0, 1.0, 10.0]


def test_setup_context_is_called_apart_from_forward(torch):
    class Cube(torch.autograd.Function):
        @staticmethod
        def forward(x):
            return x**3

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(*inputs)

        @staticmethod
        def backward(ctx, y_bar):
            return 3 * ctx.saved_tensors[0] ** 2 * y_bar

    x = torch.tensor(2.0, requires_grad=True)
    Cube.apply(x).backward()
    assert x.grad.item() == 12.0


def test_changing_a_saved_tensor_raises(torch):
    x = leaf(torch)
    y = x * 1
    z = square_of(torch).apply(y)
    with torch.no_grad():
        y.mul_(2)
    with refused(RuntimeError, "one of the variables needed for gradient computation has been modified", x):
        z.sum().backward()


def test_a_function_that_answers_the_wrong_number_or_shape_of_gradients_is_refused(torch):
    def broken(answer):
        class Broken(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x, y):
                return x * y

            @staticmethod
            def backward(ctx, bar):
                return answer

        return Broken

    x, y = leaf(torch), leaf(torch)
    with refused(RuntimeError, "function BrokenBackward returned an incorrect number of gradients (expected 2, got 1)", x, y):
        broken(torch.ones(2)).apply(x, y).sum().backward()
    with refused(RuntimeError, "Function BrokenBackward returned an invalid gradient at index 1 - got [3]", x, y):
        broken((torch.ones(2), torch.ones(3))).apply(x, y).sum().backward()


def test_an_exception_in_a_users_backward_leaves_everything_as_it_was():
    class Broken(jt.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, bar):
            raise KeyError("mine")

    x = leaf(jt)
    y = Broken.apply(x * 1).sum()
    with refused(KeyError, "'mine'", x):
        y.backward()


def test_a_function_that_gives_its_argument_back(torch):
    class Reverse(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x.view_as(x)

        @staticmethod
        def backward(ctx, bar):
            return -bar

    x = leaf(torch)
    (Reverse.apply(x) * x).sum().backward()
    assert x.grad.tolist() == [0.0, 0.0]


# --- checking derivatives ------------------------------------------------------------------------------------


def scaled_rule(factor):
    class Exp(jt.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            y = x.exp()
            ctx.save_for_backward(y)
            return y

        @staticmethod
        def backward(ctx, bar):
            return bar * ctx.saved_tensors[0] * factor

    return Exp.apply


def test_gradcheck_finds_a_rule_that_is_wrong_by_a_thousandth():
    x = leaf(jt, (0.3, -1.2, 2.0))
    assert jt.autograd.gradcheck(scaled_rule(1.0), (x,), rtol=1e-7, atol=1e-9)
    for factor in (1.001, 0.999):
        assert not jt.autograd.gradcheck(scaled_rule(factor), (x,), rtol=1e-4, atol=1e-9, raise_exception=False)
        with pytest.raises(jt.autograd.GradcheckError, match="Jacobian mismatch for output 0 with respect to input 0"):
            jt.autograd.gradcheck(scaled_rule(factor), (x,), rtol=1e-4, atol=1e-9)


def test_gradcheck_finds_it_with_its_default_tolerances():
    x = leaf(jt, (0.3, -1.2, 2.0))
    assert not jt.autograd.gradcheck(scaled_rule(1.0011), (x,), raise_exception=False)


def test_gradgradcheck_finds_a_second_derivative_that_is_wrong():
    class Cube(jt.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x**3

        @staticmethod
        def backward(ctx, bar):
            (x,) = ctx.saved_tensors
            return 3 * x.detach() * x * bar  # right to first order only

    x = leaf(jt)
    assert jt.autograd.gradcheck(Cube.apply, (x,))
    assert not jt.autograd.gradgradcheck(Cube.apply, (x,), raise_exception=False)
    assert jt.autograd.gradgradcheck(lambda x: x**3 * jt.sin(x), (x,))


def test_gradcheck_refuses_what_it_cannot_check():
    with pytest.raises(ValueError, match="at least one input tensor to require gradient"):
        jt.autograd.gradcheck(jt.sin, (jt.ones(2),))
    with pytest.raises(ValueError, match="float64"):
        jt.autograd.gradcheck(jt.sin, (jt.ones(2, dtype=jt.float32, requires_grad=True),))


# --- grad_fn --------------------------------------------------------------------------------------------------

NAMES = {
    "add": lambda x: x + 1,
    "sub": lambda x: x - 1,
    "mul": lambda x: x * x,
    "div": lambda x: x / 2,
    "neg": lambda x: -x,
    "pow": lambda x: x**2,
    "sqrt": lambda x: x.sqrt(),
    "sin": lambda x: x.sin(),
    "sum": lambda x: x.sum(),
    "mean": lambda x: x.mean(),
    "index": lambda x: x[[0, 1]],
    "slice": lambda x: x[:1],
    "select": lambda x: x[0],
    "clone": lambda x: x.clone(),
    "relu": lambda x: x.relu(),
    "sigmoid": lambda x: x.sigmoid(),
    "view": lambda x: x.view(2, 1),
    "unsqueeze": lambda x: x.unsqueeze(0),
    "exp": lambda x: x.exp(),
    "abs": lambda x: x.abs(),
    "cumsum": lambda x: x.cumsum(0),
    "prod": lambda x: x.prod(),
    "expand": lambda x: x.expand(3, 2),
    "cube": lambda x: x**3,
    "pow float": lambda x: x**2.5,
}


@pytest.mark.parametrize("case", NAMES)
def test_nodes_have_pytorchs_names(case):
    torch = pytest.importorskip("torch")
    ours, theirs = (NAMES[case](leaf(library)).grad_fn.name() for library in (jt, torch))
    assert ours == theirs


def test_next_functions_lead_to_the_leaves(torch):
    x, c = leaf(torch), torch.ones(2)
    y = (x * c).sin()
    ((product, _),) = y.grad_fn.next_functions
    assert product.name() == "MulBackward0"
    (to_x, _), (to_c, _) = product.next_functions
    assert to_x.name().endswith("AccumulateGrad") and to_x.variable is x and to_c is None
    assert to_x.next_functions == ()


def test_nodes_of_one_result_are_equal(torch):
    x = leaf(torch)
    y = x * 2
    assert y.grad_fn == y.grad_fn and hash(y.grad_fn) == hash(y.grad_fn)
    assert y.grad_fn != (x * 2).grad_fn
    assert isinstance(y.grad_fn, torch.autograd.graph.Node if torch is not jt else jt.autograd.Node)


# --- Variable, copies ----------------------------------------------------------------------------------------


def test_variable_of_a_result_is_a_leaf_on_its_memory(torch):
    x = leaf(torch)
    y = x * 2
    v = torch.autograd.Variable(y.detach(), requires_grad=True)
    assert v.is_leaf and v.requires_grad and v.tolist() == [2.0, 4.0]
    (v * v).sum().backward()
    assert text(v.grad) == "tensor([4., 8.])" and x.grad is None


def test_copies_keep_flag_and_gradient_but_share_no_memory(torch):
    x = leaf(torch)
    (x * x).sum().backward()
    pair = copy.deepcopy([x, x])
    assert pair[0] is pair[1]
    assert pair[0].grad.tolist() == [2.0, 4.0] and pair[0].grad is not x.grad
    pair[0].grad.zero_()
    assert x.grad.tolist() == [2.0, 4.0]
    (pair[0] * 3).sum().backward()
    assert pair[0].grad.tolist() == [3.0, 3.0]


@pytest.mark.parametrize("dtype", ["float64", "float32", "int64", "bool"])
def test_pickles_keep_dtype_shape_and_flag(torch, dtype):
    x = torch.ones((2, 3), dtype=getattr(torch, dtype))
    back = pickle.loads(pickle.dumps(x))
    assert back.tolist() == x.tolist() and back.dtype == x.dtype and back.shape == x.shape and not back.requires_grad
    y = pickle.loads(pickle.dumps(leaf(torch)))
    assert y.requires_grad and y.is_leaf
    (y * 2).sum().backward()
    assert y.grad.tolist() == [2.0, 2.0]


# --- lifetimes ------------------------------------------------------------------------------------------------


def test_a_leaf_is_not_kept_alive_by_what_was_computed_from_it_once_that_is_gone(torch):
    x = leaf(torch)
    y = (x * x).sum()
    y.backward()
    del y
    ref = weakref.ref(x)
    del x
    for _ in range(6000):
        (leaf(torch) * 2).sum()
    gc.collect()
    assert ref() is None


def test_an_old_graph_survives_many_newer_ones(torch):
    x = torch.tensor(3.0, requires_grad=True)
    old = x * x * x
    other = torch.tensor(1.0, requires_grad=True)
    for _ in range(3000):
        (other * other + other).backward()
    for _ in range(3000):
        other * other + other
    old.backward()
    assert x.grad.item() == 27.0 and other.grad.item() == 9000.0


def test_interleaved_graphs_do_not_see_each_other(torch):
    a, b = torch.tensor(2.0, requires_grad=True), torch.tensor(5.0, requires_grad=True)
    u, v = a * a, b * b
    p, q = u * a, v * b
    p.backward()
    assert b.grad is None and a.grad.item() == 12.0
    q.backward()
    assert b.grad.item() == 75.0 and a.grad.item() == 12.0


# --- several tapes and threads --------------------------------------------------------------------------------


def test_operands_of_an_outer_tape_get_gradients_through_an_inner_one():
    x, w = leaf(jt), leaf(jt, (3.0, 4.0))
    outer = x * x
    with jt.Tape() as tape:
        inner = outer * w + x
        z = (inner * inner).sum()
    assert len(tape) > 0
    z.backward()
    y = np.array([1.0, 4.0]) * [3.0, 4.0] + [1.0, 2.0]
    assert_close(x.grad, 2 * y * (2 * np.array([1.0, 2.0]) * [3.0, 4.0] + 1))
    assert_close(w.grad, 2 * y * [1.0, 4.0])


def test_results_of_an_inner_tape_go_on_outside():
    x = leaf(jt)
    with jt.Tape():
        inner = x.exp()
    y = inner * x
    with jt.Tape():
        z = (y * inner).sum()
    (g,) = jt.autograd.grad(z, x, create_graph=True)
    v = np.array([1.0, 2.0])
    assert_close(g, np.exp(2 * v) * (1 + 2 * v))
    assert_close(jt.autograd.grad(g.sum(), x)[0], np.exp(2 * v) * (4 + 4 * v))


def test_grad_with_respect_to_a_result_of_another_tape():
    x = leaf(jt)
    y = x * 3
    with jt.Tape():
        z = (y * y).sum()
    gy, gx = jt.autograd.grad(z, (y, x))
    assert gy.tolist() == [6.0, 12.0] and gx.tolist() == [18.0, 36.0]


def test_hooks_on_results_of_another_tape_are_called():
    x, seen = leaf(jt), []
    y = x * 3
    y.register_hook(lambda g: seen.append(g.tolist()) or g * 2)
    with jt.Tape():
        z = (y * y).sum()
    z.backward()
    assert seen == [[6.0, 12.0]] and x.grad.tolist() == [36.0, 72.0]


def test_a_change_to_a_result_of_another_tape_is_noticed():
    x = leaf(jt)
    y = x * 3
    with jt.Tape():
        z = (y * y).sum()
        with jt.no_grad():
            y.mul_(2)
    with refused(jt.errors.VersionError, "one of the variables needed for gradient computation", x):
        z.backward()


def test_a_private_tape_is_left_as_it_was_found():
    before = current()
    with pytest.raises(KeyError):
        with jt.Tape():
            raise KeyError
    assert current() is before


def in_thread(function):
    found = []

    def run():
        try:
            found.append(function())
        except BaseException as error:
            found.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if isinstance(found[0], BaseException):
        raise found[0]
    return found[0]


def test_a_graph_of_one_thread_is_swept_and_extended_in_another(torch):
    x = leaf(torch)
    y = x * x
    z = in_thread(lambda: (y * 3).sum())
    in_thread(z.backward)
    assert x.grad.tolist() == [6.0, 12.0]


def test_the_grad_mode_belongs_to_the_thread(torch):
    with torch.no_grad():
        assert in_thread(torch.is_grad_enabled)
    in_thread(lambda: torch.set_grad_enabled(False))
    assert torch.is_grad_enabled()


def test_threads_with_graphs_of_their_own_do_not_meet(torch):
    results = {}

    def work(k):
        x = torch.tensor(np.linspace(0, 1, 5) + k, requires_grad=True)
        for _ in range(50):
            y = x
            for _ in range(5):
                y = (y * 1.1).sin() + x
            (y * y).sum().backward()
        results[k] = x.grad.tolist()

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    parallel = dict(results)
    for k in range(4):
        work(k)
    assert parallel == results


def test_threads_that_sweep_over_one_graph_agree():
    x = leaf(jt, tuple(np.linspace(0.1, 1.0, 64)))
    y = x
    for _ in range(20):
        y = y.sin() * x + y
    z = y.sum()
    (expected,) = jt.autograd.grad(z, x, retain_graph=True)
    answers = []

    def work():
        for _ in range(20):
            answers.append(jt.autograd.grad(z, x, retain_graph=True)[0].tolist())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(answers) == 80 and all(a == expected.tolist() for a in answers)
