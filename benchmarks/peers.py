"""The tools that are compared: one table, name -> adapter.  A tool that cannot be imported is left out.

An adapter makes of a problem a function without arguments, the thing to be timed: it computes what the
problem's mode says and returns ``(value, gradients)``, either of them None where it is not computed.  Conversion
of the inputs is done before, conversion of the answer after (`answer`): neither is timed.
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import importlib
from types import SimpleNamespace

import numpy as np


def _numpy_logsumexp(x):
    peak = np.max(x)
    return peak + np.log(np.sum(np.exp(x - peak)))


NUMPY_OPS = SimpleNamespace(
    sin=np.sin,
    exp=np.exp,
    tanh=np.tanh,
    log1p=np.log1p,
    sum=np.sum,
    mean=np.mean,
    max=np.max,
    var=np.var,
    matmul=np.matmul,
    logsumexp=_numpy_logsumexp,
)


class Peer:
    """An adapter.  Subclasses say how to make inputs, record and differentiate."""

    gradients = True

    def runs(self, problem):
        """Whether the tool can do the problem."""
        return True

    def prepare(self, problem):
        """The function to be timed."""
        raise NotImplementedError

    def answer(self, value, gradients):
        """Value and gradients as NumPy's."""
        value = None if value is None else float(value)
        return value, None if gradients is None else [np.asarray(g) for g in gradients]


class NumPy(Peer):
    """The primal alone: what the function costs without derivatives."""

    gradients = False

    def runs(self, problem):
        return problem.mode != "reverse"

    def prepare(self, problem):
        function, arguments = problem.function, problem.inputs + problem.constants
        return lambda: (function(NUMPY_OPS, *arguments), None)


class TensorLibrary(Peer):
    """PyTorch's words: leaves, ``backward``, ``.grad``."""

    def __init__(self, ops, leaf, constant):
        self.ops, self.leaf, self.constant = ops, leaf, constant

    def prepare(self, problem):
        function, ops = problem.function, self.ops
        leaves = [self.leaf(x) for x in problem.inputs]
        arguments = leaves + [self.constant(c) for c in problem.constants]
        recorded = function(ops, *arguments) if problem.mode == "reverse" else None

        def forward():
            return function(ops, *arguments), None

        def reverse():
            for leaf in leaves:
                leaf.grad = None
            recorded.backward(retain_graph=True)
            return None, [leaf.grad for leaf in leaves]

        def value_and_gradient():
            for leaf in leaves:
                leaf.grad = None
            y = function(ops, *arguments)
            y.backward()
            return y, [leaf.grad for leaf in leaves]

        return {"forward": forward, "reverse": reverse}.get(problem.mode, value_and_gradient)

    def answer(self, value, gradients):
        value = None if value is None else value.item()
        return value, None if gradients is None else [g.numpy() for g in gradients]


def jittape_peer():
    jt = importlib.import_module("jittape")
    ops = SimpleNamespace(
        sin=jt.sin,
        exp=jt.exp,
        tanh=jt.tanh,
        log1p=jt.log1p,
        sum=jt.sum,
        mean=jt.mean,
        max=jt.max,
        matmul=jt.matmul,
        logsumexp=lambda x: jt.logsumexp(x, 0),
        var=lambda x: jt.var(x, correction=0),
    )
    return TensorLibrary(ops, lambda x: jt.tensor(x, dtype=jt.float64, requires_grad=True), jt.tensor)


def torch_peer():
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    ops = SimpleNamespace(
        sin=torch.sin,
        exp=torch.exp,
        tanh=torch.tanh,
        log1p=torch.log1p,
        sum=torch.sum,
        mean=torch.mean,
        max=torch.max,
        matmul=torch.matmul,
        logsumexp=lambda x: torch.logsumexp(x, 0),
        var=lambda x: torch.var(x, correction=0),
    )
    return TensorLibrary(ops, lambda x: torch.tensor(x, dtype=torch.float64, requires_grad=True), torch.tensor)


class Autograd(Peer):
    """HIPS/autograd."""

    def __init__(self):
        self.make_vjp = importlib.import_module("autograd.core").make_vjp
        anp = importlib.import_module("autograd.numpy")
        special = importlib.import_module("autograd.scipy.special")
        names = ("sin", "exp", "tanh", "log1p", "sum", "mean", "max", "var", "matmul")
        self.ops = SimpleNamespace(logsumexp=special.logsumexp, **{name: getattr(anp, name) for name in names})

    def runs(self, problem):
        return problem.mode != "forward"

    def prepare(self, problem):
        make_vjp, single = self.make_vjp, len(problem.inputs) == 1
        inputs = problem.inputs[0] if single else problem.inputs

        def function(x):
            return problem.function(self.ops, *((x,) if single else x), *problem.constants)

        def value_and_gradient():
            pull_back, y = make_vjp(function, inputs)
            gradients = pull_back(1.0)
            return y, (gradients,) if single else gradients

        if problem.mode != "reverse":
            return value_and_gradient
        recorded = make_vjp(function, inputs)[0]
        return lambda: (None, (recorded(1.0),) if single else recorded(1.0))


class Xad(Peer):
    """XAD's Python bindings: a C++ tape of scalars."""

    def __init__(self):
        self.adjoints, math = importlib.import_module("xad.adj_1st"), importlib.import_module("xad.math")
        self.ops = SimpleNamespace(sin=math.sin)

    def runs(self, problem):
        return problem.scalar and problem.mode != "forward"

    def prepare(self, problem):
        Real, Tape, function, ops = self.adjoints.Real, self.adjoints.Tape, problem.function, self.ops
        if problem.mode == "reverse":
            return self._reverse(problem)

        def value_and_gradient():
            inputs = [Real(x) for x in problem.inputs]
            with Tape() as tape:
                for x in inputs:
                    tape.registerInput(x)
                tape.newRecording()
                y = function(ops, *inputs)
                tape.registerOutput(y)
                y.derivative = 1.0
                tape.computeAdjoints()
                return y.value, [x.derivative for x in inputs]

        return value_and_gradient

    def _reverse(self, problem):
        tape, inputs = self.adjoints.Tape(), [self.adjoints.Real(x) for x in problem.inputs]
        tape.activate()
        for x in inputs:
            tape.registerInput(x)
        tape.newRecording()
        y = problem.function(self.ops, *inputs)
        tape.registerOutput(y)
        tape.deactivate()

        def reverse():
            tape.activate()
            tape.clearDerivatives()
            y.derivative = 1.0
            tape.computeAdjoints()
            gradients = [x.derivative for x in inputs]
            tape.deactivate()
            return None, gradients

        return reverse


_MAKERS = {"jittape": jittape_peer, "torch": torch_peer, "autograd": Autograd, "xad": Xad, "numpy primal": NumPy}


def available():
    """Name -> adapter of the tools that can be imported."""
    found = {}
    for name, make in _MAKERS.items():
        try:
            found[name] = make()
        except ImportError:
            continue
    return found
