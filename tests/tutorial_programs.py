"""What PyTorch's tutorials on differentiation are about, told again: programs that run with either library.

Each takes the library and a function that makes a tensor of random numbers, and yields what the libraries have to agree on.
"""

import functools


def jacobians_and_hessians(torch, random):
    """Jacobians, Hessians and products with vectors, as transforms of functions."""
    func, weight, bias, x = torch.func, random(4, 3), random(4), random(3)

    def predict(weight, bias, x):
        return torch.nn.functional.linear(x, weight, bias).tanh()

    of_x = functools.partial(predict, weight, bias)
    _, pull_back = func.vjp(of_x, x)
    yield func.vmap(pull_back)(torch.eye(4))
    yield func.jacrev(of_x)(x), func.jacfwd(of_x)(x), func.jacrev(predict, argnums=(0, 1))(weight, bias, x)
    yield func.hessian(predict, argnums=2)(weight, bias, x), func.jacfwd(func.jacrev(of_x))(x)
    yield func.vmap(func.jacrev(predict, argnums=2), in_dims=(None, None, 0))(weight, bias, random(5, 3))

    def total(x):
        return of_x(x).sum()

    yield func.jvp(func.grad(total), (x,), (random(3),))
    yield func.vjp(func.grad(total), x)[1](random(3))
    yield func.linearize(of_x, x)[1](random(3))
    y = random(3).requires_grad_()
    yield torch.autograd.grad(func.grad(lambda v: (v**3).sum())(y).sum(), y)


def batches(torch, random):
    """Batch axes of arguments and results, and random numbers."""
    vmap, x = torch.func.vmap, random(5, 3)
    yield vmap(lambda d, y: d["a"] @ y, in_dims=({"a": 1}, 0))({"a": random(3, 5)}, random(5, 3))
    yield vmap(lambda v: (v, v.sum()), out_dims=(1, 0))(x)
    yield vmap(lambda v: v * 2, in_dims=1, out_dims=-1)(x), vmap(lambda v: v * 2, chunk_size=2)(x)
    for randomness in ("same", "different"):
        drawn = vmap(lambda v: v * 0 + torch.rand(1), randomness=randomness)(x)
        yield len(set(drawn[:, 0].tolist()))
    y = random(3).requires_grad_()
    yield torch.autograd.grad(vmap(lambda v: v * v)(y).sum(), y)


def networks(torch, random, n):
    """Networks of two layers with a buffer, and random weights."""

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.second = torch.nn.Linear(3, 4), torch.nn.Linear(4, 2)
            self.register_buffer("scale", torch.full((1,), 2.0))

        def forward(self, x):
            return self.second(torch.relu(self.first(x))) * self.scale

    models = [Net() for _ in range(n)]
    with torch.no_grad():
        for model in models:
            for p in model.parameters():
                p.copy_(random(*p.shape))
    return models


def gradients_of_examples(torch, random):
    """A gradient for every example: the loss of one, differentiated and batched."""
    func, model = torch.func, networks(torch, random, 1)[0]
    params = {k: v.detach() for k, v in model.named_parameters()}
    buffers = {k: v.detach() for k, v in model.named_buffers()}

    def loss(params, buffers, x, target):
        found = func.functional_call(model, (params, buffers), (x.unsqueeze(0),))
        return torch.nn.functional.cross_entropy(found, target.unsqueeze(0))

    x, targets = random(5, 3), torch.tensor([0, 1, 1, 0, 1])
    yield func.vmap(func.grad(loss), in_dims=(None, None, 0, 0))(params, buffers, x, targets)
    yield func.grad_and_value(loss)(params, buffers, x[0], targets[0])
    yield func.functional_call(model, {}, x), model.first.weight


def ensembles(torch, random):
    """Several models of one kind, called as one."""
    func, models, x = torch.func, networks(torch, random, 3), random(5, 3)
    params, buffers = func.stack_module_state(models)
    yield [p.is_leaf and p.requires_grad for p in params.values()], params, buffers

    def call(params, buffers, x):
        return func.functional_call(models[0], (params, buffers), (x,))

    yield func.vmap(call)(params, buffers, random(3, 5, 3))
    yield func.vmap(call, in_dims=(0, 0, None))(params, buffers, x), torch.stack([m(x) for m in models])


def tangent_kernels(torch, random):
    """The neural tangent kernel, by Jacobians and by products."""
    func, model = torch.func, networks(torch, random, 1)[0]
    params, x = {k: v.detach() for k, v in model.named_parameters()}, random(4, 3)

    def call(params, x):
        return func.functional_call(model, params, (x.unsqueeze(0),)).squeeze(0)

    one, other = (func.vmap(func.jacrev(call), (None, 0))(params, part) for part in (x, x[:2]))
    pairs = [(a.flatten(2), other[name].flatten(2)) for name, a in one.items()]
    yield torch.stack([torch.einsum("Naf,Mbf->NMab", a, b) for a, b in pairs]).sum(0)

    def kernel(x, y):
        _, pull_back = func.vjp(lambda p: call(p, x), params)
        return func.vmap(lambda v: func.jvp(lambda p: call(p, y), (params,), pull_back(v))[1])(torch.eye(2))

    yield func.vmap(func.vmap(kernel, (None, 0)), (0, None))(x, x[:2])


# --- forward mode, custom functions, graphs ------------------------------------------------------------------------


class Recorder(list):
    """What a program has called."""

    def note(self, word):
        def hook(*values):
            self.append(word)
            return values[0]

        return hook


def functions_of_ones_own(torch):
    """Functions with rules of their own."""
    Function = torch.autograd.Function

    class Exponential(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.result = torch.exp(x)
            ctx.save_for_backward(ctx.result)
            return ctx.result

        @staticmethod
        def jvp(ctx, x_dot):
            y_dot = x_dot * ctx.result
            del ctx.result
            return y_dot

        @staticmethod
        def backward(ctx, y_bar):
            (y,) = ctx.saved_tensors
            return y_bar * y

    class ProductAndSum(Function):
        @staticmethod
        def forward(x, y, factor):
            return x * y * factor, x + y

        @staticmethod
        def setup_context(ctx, inputs, output):
            x, y, ctx.factor = inputs
            ctx.save_for_backward(x, y)
            ctx.save_for_forward(x, y)

        @staticmethod
        def jvp(ctx, x_dot, y_dot, _):
            x, y = ctx.saved_tensors
            return (x_dot * y + x * y_dot) * ctx.factor, x_dot + y_dot

        @staticmethod
        def vjp(ctx, p_bar, s_bar):
            x, y = ctx.saved_tensors
            return p_bar * y * ctx.factor + s_bar, p_bar * x * ctx.factor + s_bar, None

    class Doubled(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.mark_dirty(x)
            x.mul_(2)
            return x

        @staticmethod
        @torch.autograd.function.once_differentiable
        def backward(ctx, y_bar):
            return y_bar * 2

    class Cube(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x**3, x**2

        @staticmethod
        def backward(ctx, cube_bar, square_bar):
            (x,) = ctx.saved_tensors
            return cube_bar * 3 * x**2 + square_bar * 2 * x

    return Exponential, ProductAndSum, Doubled, Cube


def custom_functions(torch, random):
    """Reverse and forward rules, results in place, double backward."""
    exponential, product_and_sum, doubled, cube = (f.apply for f in functions_of_ones_own(torch))
    a, b = random(3).requires_grad_(), random(3).requires_grad_()
    yield torch.autograd.gradcheck(exponential, (a,), check_forward_ad=True, check_batched_grad=True)
    yield torch.autograd.gradcheck(exponential, (a,), check_forward_ad=True, check_backward_ad=False, check_undefined_grad=False)
    yield torch.autograd.gradgradcheck(cube, (a,), check_undefined_grad=False)
    with torch.autograd.forward_ad.dual_level():
        x = torch.autograd.forward_ad.make_dual(random(3), random(3))
        yield [tuple(torch.autograd.forward_ad.unpack_dual(y)) for y in product_and_sum(x, random(3), 3.0)]
    yield torch.autograd.grad([y.sum() for y in product_and_sum(a, b, 3.0)], (a, b))
    z = a * 1
    w = doubled(z)
    yield w is z, z.requires_grad, z.is_leaf, z, torch.autograd.grad((w * w).sum(), a, create_graph=True)
    y = exponential(a)
    yield y.grad_fn.name(), y.grad_fn.saved_tensors
    (g,) = torch.autograd.grad(sum(y.sum() for y in cube(a)), a, create_graph=True)
    yield g, torch.autograd.grad(g.sum(), a)


def forward_mode(torch, random):
    """Dual tensors: through operations, networks and attributes; reverse mode over them."""
    forward_ad, x, x_dot = torch.autograd.forward_ad, random(3), random(3)
    with forward_ad.dual_level():
        dual = forward_ad.make_dual(x, x_dot)
        yield [tuple(forward_ad.unpack_dual(y)) for y in (dual, (dual * dual).exp().sum(), x)]
        copy = torch.zeros(3)
        copy.copy_(dual)
        yield tuple(forward_ad.unpack_dual(copy * 2))
    yield forward_ad.unpack_dual(x)[1]
    (model,) = networks(torch, random, 1)
    tangents = {name: random(*p.shape) for name, p in model.named_parameters()}
    with forward_ad.dual_level():
        duals = {name: forward_ad.make_dual(p, tangents[name]) for name, p in model.named_parameters()}
        y = forward_ad.unpack_dual(torch.func.functional_call(model, duals, x))
        yield y.primal, y.tangent
        found = torch.autograd.grad(y.tangent.sum(), list(model.parameters()), allow_unused=True)
        yield [torch.zeros_like(p) if g is None else g for g, p in zip(found, model.parameters())]
        layer = model.first
        for name, p in list(layer.named_parameters()):
            delattr(layer, name)
            setattr(layer, name, forward_ad.make_dual(p, torch.ones_like(p)))
        yield forward_ad.unpack_dual(model(x)).tangent


def saved_values(torch, random):
    """What derivatives have saved, and hooks on it."""
    graph, a, b = torch.autograd.graph, random(3).requires_grad_(), random(3).requires_grad_()
    yield torch.equal(a.pow(2).grad_fn._saved_self, a), torch.equal((a * b).grad_fn._saved_other, b)
    y = a.exp()
    yield torch.equal(y.grad_fn._saved_result, y), y.grad_fn._saved_result is y
    called = Recorder()

    def pack(t):
        called.append("pack")
        return (t.detach() * 2).tolist()

    def unpack(numbers):
        called.append("unpack")
        return torch.tensor(numbers)

    with graph.saved_tensors_hooks(pack, unpack):
        y = (a * b).sum() + a.exp().sum() + torch.dot(a, b) + a.sum()
    yield torch.autograd.grad(y, (a, b)), list(called)
    called.clear()
    with graph.saved_tensors_hooks(pack, unpack):
        y = functions_of_ones_own(torch)[0].apply(a).sum() + (a * 2).sum()
    yield torch.autograd.grad(y, a, create_graph=True), list(called)
    with graph.save_on_cpu():
        y = (a * a).sum()
    yield torch.autograd.grad(y, a)


def edges_and_hooks(torch, random):
    """Edges of graphs, and hooks on gradients."""
    graph, a, b = torch.autograd.graph, random(3).requires_grad_(), random(3).requires_grad_()
    y = a * 2
    edge = graph.get_gradient_edge(y)
    yield type(edge.node).__name__, edge.output_nr, torch.autograd.grad((y * y).sum(), edge, retain_graph=True)
    yield torch.autograd.grad(edge, a, torch.ones(3), retain_graph=True)
    yield torch.autograd.grad((y * y).sum(), graph.get_gradient_edge(a))
    found, c = [], a * 2
    with graph.register_multi_grad_hook([a, b, c], lambda gs: found.extend(torch.zeros(()) if g is None else g for g in gs)):
        (c * b).sum().backward()
    c = a * 2
    with graph.register_multi_grad_hook([a, c], found.append, mode="any"):
        (c * b).sum().backward()
    yield found
    handle, a.grad = a.register_post_accumulate_grad_hook(lambda p: found.append(p.grad.clone())), None
    (a * a).sum().backward()
    handle.remove()
    (a * a).sum().backward()
    yield len(found), found[-1]
    y = a * a
    y.grad_fn.register_prehook(lambda gs: (gs[0] * 2,))
    yield torch.autograd.grad(y.sum(), a)
    with torch.inference_mode():
        yield torch.is_inference_mode_enabled(), (a * 2).requires_grad
    yield torch.is_inference_mode_enabled()


def recomputation(torch, random):
    """Values that are computed again in place of being kept, random ones among them."""
    checkpoint, x = torch.utils.checkpoint, random(5).requires_grad_()
    yield torch.autograd.grad(checkpoint.checkpoint(lambda x: x.sin().exp(), x, use_reentrant=False).sum(), x)
    (model,) = networks(torch, random, 1)
    y = checkpoint.checkpoint_sequential(
        torch.nn.Sequential(model.first, torch.nn.Tanh(), model.second), 2, random(4, 3), use_reentrant=False
    )
    y.sum().backward()
    yield [p.grad for p in model.parameters()]
    y = checkpoint.checkpoint(lambda x: torch.rand(5) * x, x, use_reentrant=False)
    (g,) = torch.autograd.grad(y.sum(), x)
    yield torch.allclose(g * x, y)
