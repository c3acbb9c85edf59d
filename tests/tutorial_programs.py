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
