"""Small words for devices and dtypes, and weights that go to PyTorch and back."""

import json

import numpy as np
import pytest

import jittape as jt


def networks(library):
    nn = library.nn
    return nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(8, 3))


@pytest.fixture
def torch():
    return pytest.importorskip("torch", reason="weights are exchanged with PyTorch, which is not installed here")


def test_weights_of_a_torch_module(torch, tmp_path):
    theirs, ours = networks(torch).eval(), networks(jt).float().eval()
    ours.load_state_dict(jt.state_from_torch(theirs.state_dict()))
    x = np.random.default_rng(0).standard_normal((2, 1, 4, 4)).astype(np.float32)
    expected = theirs(torch.from_numpy(x)).detach().numpy()
    np.testing.assert_allclose(ours(jt.from_numpy(x)).detach().numpy(), expected, rtol=1e-5, atol=1e-6)
    again = networks(torch)
    again.load_state_dict({name: torch.from_dlpack(t) for name, t in ours.state_dict().items()})
    assert all(torch.equal(a, b) for a, b in zip(again.state_dict().values(), theirs.state_dict().values()))


def test_files_of_weights(tmp_path):
    path, model = tmp_path / "weights.safetensors", networks(jt).float()
    jt.save_safetensors(model.state_dict(), path, {"made by": "jittape"})
    other = networks(jt).float()
    assert str(other.load_state_dict(jt.load_safetensors(path))) == "<All keys matched successfully>"
    for name, t in model.state_dict().items():
        assert other.state_dict()[name].tolist() == t.tolist() and other.state_dict()[name].dtype == t.dtype
    header = json.dumps({"a": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}}).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header + np.array([0x3FC0, 0xC000], "<u2").tobytes())
    assert jt.load_safetensors(path)["a"].tolist() == [1.5, -2.0]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"12345678",
        (3).to_bytes(8, "little") + b"[1]",
        *[
            len(text).to_bytes(8, "little") + text + b"1234"
            for about in (
                {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]},
                {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
                {"dtype": "X", "shape": [1], "data_offsets": [0, 4]},
                {"dtype": "F32", "shape": [-1], "data_offsets": [0, -4]},
                {"dtype": "F32", "shape": [1]},
            )
            for text in [json.dumps({"a": about}).encode()]
        ],
    ],
)
def test_damaged_files(content, tmp_path):
    path = tmp_path / "damaged"
    path.write_bytes(content)
    with pytest.raises(jt.errors.FileError, match="no safetensors file, or is damaged"):
        jt.load_safetensors(path)


def test_values_that_files_do_not_have(tmp_path):
    with pytest.raises(TypeError, match="got complex128 for 'a'"):
        jt.save_safetensors({"a": jt.zeros(1, dtype=jt.complex128)}, tmp_path / "x")


def test_words_for_devices():
    cpu = jt.device("cuda" if jt.cuda.is_available() else "cpu")
    x = jt.ones(3, device=cpu)
    assert repr(x.device) == "device(type='cpu')" and x.device == "cpu" == str(jt.device("cpu")) and x.to(cpu) is x
    assert str(jt.device("cpu", 0)) == "cpu:0" and not x.is_cuda and x.is_cpu and x.nbytes == 24 and x.output_nr == 0
    model = jt.nn.Linear(2, 2).to(cpu)
    assert model(jt.ones(1, 2)).device == cpu and not jt.backends.mps.is_available() and jt.accelerator.device_count() == 0
    for call in (lambda: jt.device("cuda"), lambda: x.to("cuda")):
        with pytest.raises(RuntimeError, match="jittape computes on the CPU"):
            call()
    with pytest.raises(AssertionError, match="not compiled with CUDA enabled"):
        x.cuda()


@pytest.mark.parametrize("name", ["float16", "half", "bfloat16"])
def test_dtypes_that_there_are_not(name):
    for call in (
        jt.ones(2).to,
        lambda dtype: jt.ones(2, dtype=dtype),
        jt.set_default_dtype,
        lambda d: jt.nn.Linear(1, 1, dtype=d),
    ):
        with pytest.raises(TypeError, match=r"float16, expected|dtype"):
            call(getattr(jt, name))


def test_draws():
    jt.manual_seed(0)
    assert jt.bernoulli(jt.tensor([0.0, 1.0])).tolist() == [0.0, 1.0] and jt.ones(2).bernoulli_(0.0).tolist() == [0.0, 0.0]
    assert set(jt.multinomial(jt.tensor([[0.0, 1.0], [1.0, 0.0]]), 3, replacement=True)[:, 0].tolist()) == {0, 1}
    assert sorted(jt.tensor([1.0, 2.0, 3.0]).multinomial(3).tolist()) == [0, 1, 2]
    assert abs(jt.empty(4000).exponential_(2.0).mean().item() - 0.5) < 0.05 and set(jt.empty(50).random_(1, 3).tolist()) == {
        1.0,
        2.0,
    }
    for weights, samples, message in (
        ([1.0, -1.0], 1, "contains either"),
        ([0.0, 0.0], 1, "sum of probabilities"),
        ([1.0, 0.0], 2, "not enough"),
    ):
        with pytest.raises(RuntimeError, match=message):
            jt.multinomial(jt.tensor(weights), samples)
    with pytest.raises(RuntimeError, match="Expected p_in >= 0"):
        jt.bernoulli(jt.tensor([2.0]))
