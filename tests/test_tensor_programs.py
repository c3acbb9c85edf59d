"""Random programs of Tensors: values, gradients, leaves and errors are PyTorch's."""

import numpy as np
import pytest
from sampling import some
from tensor_programs import TensorProgram

import jittape as jt

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
pytestmark = pytest.mark.filterwarnings("ignore:Mean of empty slice", "ignore:invalid value")
MODIFIED = "modified by an inplace operation"


@pytest.fixture(autouse=True)
def doubles():
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


def check(program):
    """Where PyTorch refuses a sweep because of a write, jittape may have kept what was overwritten."""
    theirs, refused = program.run(torch)
    ours, error = program.run(jt)
    for t, j in zip(theirs, ours):
        np.testing.assert_allclose(j.detach().numpy(), t.detach().numpy(), rtol=1e-12, atol=1e-14)
        assert (j.requires_grad, j.is_leaf) == (t.requires_grad, t.is_leaf)
    if error is not None:
        assert MODIFIED in str(error) or type(refused) is type(error) or isinstance(error, RuntimeError) and refused is not None
        return
    if refused is not None:
        assert MODIFIED in str(refused)
        return
    for t, j in zip(theirs[:2], ours[:2]):
        assert (j.grad is None) == (t.grad is None)
        if t.grad is not None:
            np.testing.assert_allclose(j.grad.numpy(), t.grad.numpy(), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("block", range(10))
def test_random_programs(block):
    for seed in some(range(200 * block, 200 * block + 200), 20):
        program = TensorProgram(seed, torch)
        try:
            check(program)
        except Exception as problem:
            raise AssertionError(f"seed {seed}:\n{program}") from problem


def test_a_program_writes_and_views():
    """Programs of all kinds are among them."""
    texts = "\n".join(str(TensorProgram(seed, torch)) for seed in range(200))
    for part in ("no_grad", "*=", "] = ", "detach", "m.tensor(0.5)", "m.zeros(())", "cat"):
        assert part in texts
