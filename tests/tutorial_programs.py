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


# --- first steps, leaves, gradients that are looked at ---------------------------------------------------------------


def first_steps(torch, random):
    """A layer and its loss, tracking switched off, graphs that are swept again, gradients that add up."""
    x, y, w, b = random(5), torch.zeros(3), random(5, 3).requires_grad_(), random(3).requires_grad_()
    z = torch.matmul(x, w) + b
    loss = torch.nn.functional.binary_cross_entropy_with_logits(z, y)
    yield type(z.grad_fn).__name__, type(loss.grad_fn).__name__
    loss.backward()
    yield w.grad, b.grad, loss
    with torch.no_grad():
        yield (x @ w + b).requires_grad, (x @ w + b).detach()
    yield z.detach().requires_grad, torch.is_grad_enabled()
    start = torch.eye(4, 5).requires_grad_()
    out = (start + 1).pow(2).t()
    for _ in range(2):
        out.backward(torch.ones_like(out), retain_graph=True)
        yield start.grad.clone()
    start.grad.zero_()
    out.backward(torch.ones_like(out))
    yield start.grad
    v = random(3).requires_grad_()
    u = v * 2
    while u.detach().norm() < 100:  # another graph with every call
        u = u * 2
    u.backward(torch.tensor([0.1, 1.0, 0.01]))
    yield v.grad, u
    p, q = random(2).requires_grad_(), random(2).requires_grad_()
    (3 * p**3 - q**2).backward(gradient=torch.ones(2))
    yield torch.equal(9 * p**2, p.grad), torch.equal(-2 * q, q.grad)


def convolutional(torch, random):
    """A small convolutional network: a step, frozen layers, and one that is put in the place of its last."""

    class Small(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.second = torch.nn.Conv2d(1, 3, 3), torch.nn.Conv2d(3, 4, 3)
            self.last = torch.nn.Linear(16, 2)

        def forward(self, x):
            x = torch.nn.functional.max_pool2d(torch.relu(self.first(x)), 2)
            x = torch.nn.functional.max_pool2d(torch.relu(self.second(x)), (2, 2))
            return self.last(torch.flatten(x, 1))

    net = Small()
    with torch.no_grad():
        for p in net.parameters():
            p.copy_(random(*p.shape) * 0.3)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    x, target = random(2, 1, 14, 14), random(2, 2)
    for _ in range(3):
        optimizer.zero_grad()
        loss = torch.nn.MSELoss()(net(x), target)
        loss.backward()
        optimizer.step()
        yield loss, net.first.bias.grad
    for p in net.parameters():
        p.requires_grad = False
    net.last = torch.nn.Linear(16, 3)
    with torch.no_grad():
        net.last.weight.copy_(random(3, 16))
        net.last.bias.zero_()
    net(x).sum().backward()
    yield [p.grad is None or not p.requires_grad for p in net.parameters()], net.last.weight.grad


def leaves(torch, random):
    """Which tensors are leaves, and whose gradients are kept."""
    x = random(3)
    w = random(3).requires_grad_()
    y = w * x
    z = y.mean()
    y.retain_grad()
    yield [t.is_leaf for t in (x, w, y, z)], [t.requires_grad for t in (x, w, y, z)]
    z.backward()
    yield x.grad is None, w.grad, y.grad, z.grad is None, y.retains_grad, z.retains_grad
    yield (w + 1).detach().is_leaf, w.clone().is_leaf, torch.nn.Parameter(x).is_leaf
    w.grad = None
    with torch.no_grad():
        w -= 0.1
    yield w.is_leaf, w


def gradients_of_layers(torch, random):
    """How large gradients are in a deep network, with normalisation and without: hooks of modules, tensors and nodes."""

    def sizes(norms):
        layers = []
        for _ in range(4):
            layers += [torch.nn.Linear(5, 5), *([torch.nn.BatchNorm1d(5)] if norms else []), torch.nn.Sigmoid()]
        net, kept, nodes = torch.nn.Sequential(*layers), [], []
        with torch.no_grad():
            for p in net.parameters():
                p.copy_(random(*p.shape))

        def keep(module, args, output):
            if output.requires_grad and isinstance(module, torch.nn.Linear):
                output.register_hook(lambda g: kept.append(g.abs().mean()))

        def backward_hook(module, inputs, outputs):
            nodes.append(outputs[0].abs().mean())

        for module in net:
            module.register_forward_hook(keep)
        net[0].register_full_backward_hook(backward_hook)
        loss = torch.nn.functional.mse_loss(net(random(6, 5)), random(6, 5))
        loss.backward()
        return kept, nodes, [p.grad.norm() for p in net.parameters()]

    yield sizes(False)
    yield sizes(True)
    a = random(3).requires_grad_()
    y, seen = a * 2, []
    z = y.exp()
    z.grad_fn.register_prehook(lambda outputs: seen.append(outputs[0]))
    z.grad_fn.register_hook(lambda inputs, outputs: seen.extend((inputs[0], outputs[0])))
    handle = y.grad_fn.register_hook(lambda inputs, outputs: (inputs[0] * 10, None))
    y.grad_fn.next_functions[0][0].register_hook(lambda inputs, outputs: seen.append(outputs[0]))
    z.sum().backward(retain_graph=True)
    yield a.grad, seen
    handle.remove()
    yield torch.autograd.grad(z.sum(), a, create_graph=True), len(seen)
    nodes, names = [z.grad_fn], []
    while nodes:
        node = nodes.pop()
        names.append(node.name().rpartition("::")[2])
        nodes += [n for n, _ in node.next_functions if n is not None]
    yield names


def double_backward(torch, random):
    """Rules that keep inputs, results or what lies between, differentiated twice."""
    Function = torch.autograd.Function

    class OfInput(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x**2

        @staticmethod
        def backward(ctx, y_bar):
            (x,) = ctx.saved_tensors
            return y_bar * 2 * x

    class OfResult(Function):
        @staticmethod
        def forward(ctx, x):
            result = torch.exp(x)
            ctx.save_for_backward(result)
            return result

        @staticmethod
        def backward(ctx, y_bar):
            (result,) = ctx.saved_tensors
            return result * y_bar

    class HyperbolicSine(Function):
        @staticmethod
        def forward(ctx, x):
            up, down = torch.exp(x), torch.exp(-x)
            ctx.save_for_backward(up, down)
            return (up - down) / 2, up, down

        @staticmethod
        def backward(ctx, y_bar, up_bar, down_bar):
            up, down = ctx.saved_tensors
            return y_bar * (up + down) / 2 + up_bar * up - down_bar * down

    class CubeBackward(Function):
        @staticmethod
        def forward(ctx, y_bar, x):
            ctx.save_for_backward(x, y_bar)
            return y_bar * 3 * x**2

        @staticmethod
        def backward(ctx, part_bar):
            x, y_bar = ctx.saved_tensors
            return part_bar * 3 * x**2, part_bar * 6 * y_bar * x

    class Cubed(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x**3

        @staticmethod
        def backward(ctx, y_bar):
            return CubeBackward.apply(y_bar, ctx.saved_tensors[0])

    x = random(3).requires_grad_()
    for f in (OfInput.apply, OfResult.apply, lambda x: HyperbolicSine.apply(x)[0], Cubed.apply):
        yield torch.autograd.gradcheck(f, (x,)), torch.autograd.gradgradcheck(f, (x,))
        (g,) = torch.autograd.grad(f(x).sum(), x, create_graph=True)
        yield g, torch.autograd.grad(g.sum(), x)


def functions_in_batches(torch, random):
    """Functions with rules of their own under the transforms: rules for batches that are made, and that are written."""
    func = torch.func

    class Made(torch.autograd.Function):
        generate_vmap_rule = True

        @staticmethod
        def forward(x):
            return x**3, 3 * x**2

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.mark_non_differentiable(output[1])
            ctx.save_for_backward(output[1])
            ctx.save_for_forward(output[1])

        @staticmethod
        def backward(ctx, y_bar, _):
            return y_bar * ctx.saved_tensors[0]

        @staticmethod
        def jvp(ctx, x_dot):
            return x_dot * ctx.saved_tensors[0], None

    class Written(torch.autograd.Function):
        @staticmethod
        def forward(x, y):
            return torch.tensor(x.detach().numpy() * y.detach().numpy())

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(*inputs)

        @staticmethod
        def backward(ctx, z_bar):
            x, y = ctx.saved_tensors
            return z_bar * y, z_bar * x

        @staticmethod
        def vmap(info, in_dims, x, y):
            x, y = (v.unsqueeze(0) if d is None else v.movedim(d, 0) for v, d in zip((x, y), in_dims))
            return Written.apply(x, y), 0

    def cube(x):
        return Made.apply(x)[0]

    x, y = random(4, 3), random(3)
    yield func.vmap(cube)(x), func.vmap(cube, in_dims=1)(x), func.grad(lambda x: cube(x).sum())(y)
    yield func.vmap(func.grad(lambda x: cube(x).sum()))(x), func.jacrev(cube)(y), func.jacfwd(cube)(y)
    yield func.jvp(cube, (y,), (random(3),)), func.vjp(cube, y)[1](random(3))
    yield func.vmap(Written.apply, in_dims=(0, None))(x, y)


def tangents_alone(torch, random):
    """Forward mode with tracking for the other mode switched off: a model's directional derivative by its parameters."""
    forward_ad, (model,) = torch.autograd.forward_ad, networks(torch, random, 1)
    x, params = random(4, 3), {k: p.detach() for k, p in model.named_parameters()}
    with torch.no_grad(), forward_ad.dual_level():
        duals = {k: forward_ad.make_dual(p, random(*p.shape)) for k, p in params.items()}
        value = forward_ad.unpack_dual(torch.func.functional_call(model, duals, x))
        yield tuple(value)
    yield torch.is_grad_enabled(), torch.func.functional_call(model, params, x)
    with forward_ad.dual_level(), torch.no_grad():
        yield tuple(forward_ad.unpack_dual(forward_ad.make_dual(x, x).sin().sum(0)))
    yield torch.is_grad_enabled()
